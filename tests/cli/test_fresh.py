"""Nothing is made twice, and nothing stale is left: whatever an author does between two builds."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from studypack import pipeline, printing
from studypack.cache import Cache
from studypack.diagnostics import Diagnostic
from studypack.model import Guide, Html, Text
from studypack.pack import Output, Wishes
from studypack.report import Report
from studypack.span import Span
from studypack.writers.paper.page import Paper
from tests.cli.edits import EDITS, Edit, change, left, restore, write
from tests.cli.project import BROKEN, GUIDE, SCRIPT, Project

DECK = frozenset({Output.DECK})


# --- what an author does, in this process ------------------------------------------------------------------------


def build(folder: Path, cache: Path | None, **wishes: object) -> dict[str, Report]:
    """A report for each guide in source/, built from within the folder; where a cache is, with it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        guides = pipeline.find_guides(Path("source"))
        wished = replace(Wishes(only=DECK, now=1_700_000_000), **wishes)  # type: ignore[arg-type]
        config = pipeline.Config(guides=guides, out=Path("build"), wishes=wished, cache=cache)
        return {Path(report.path).stem: report for report in pipeline.build(config)}


@pytest.mark.parametrize(("edit", "stale"), EDITS.values(), ids=EDITS)
def test_what_an_edit_concerns_is_made_and_nothing_else(tmp_path: Path, edit: Edit, stale: set[str]) -> None:
    """Every file is as if there were no cache, and so is what is said; what is up to date is left alone."""
    here, twin = tmp_path / "here", tmp_path / "twin"
    for folder, cache in ((here, tmp_path / "cache"), (twin, None)):
        write(folder)
        build(folder, cache)
        edit(folder)
    reports, others = build(here, tmp_path / "cache"), build(twin, None)
    assert left(here) == left(twin)
    assert {name for name, report in reports.items() if not report.fresh} == stale
    for name, report in reports.items():
        other = others[name]
        assert report.diagnostics == other.diagnostics
        assert (report.made, report.cards, report.notes) == (other.made, other.cards, other.notes)
        assert (report.ok, report.troubles, report.removed) == (other.ok, other.troubles, other.removed)


@pytest.mark.parametrize("seed", range(4))
def test_a_day_of_edits_leaves_what_a_day_without_a_cache_leaves(tmp_path: Path, seed: int) -> None:
    """One edit after the other, `--only`, the clock, `--frozen` and `--refresh-all` in turns, some undone as by git."""
    chance = random.Random(seed)
    here, twin, cache = tmp_path / "here", tmp_path / "twin", tmp_path / "cache"
    for folder in (here, twin):
        write(folder)
    saved = left(here)
    for moment in range(1_700_000_000, 1_700_000_025):
        name = chance.choice([*EDITS, "kept", "as it was kept"])
        if name == "kept":
            saved = left(here)
        for folder in (here, twin):
            if name == "as it was kept":
                restore(folder, saved)
            elif name in EDITS:
                EDITS[name][0](folder)
        wishes = {"now": moment, "frozen": chance.random() < 0.2, "refresh": chance.random() < 0.1}
        reports, others = build(here, cache, **wishes), build(twin, None, **wishes)
        assert left(here) == left(twin), name
        for guide, report in reports.items():
            assert report.diagnostics == others[guide].diagnostics, name
            assert report.ok == others[guide].ok, name


def test_refresh_all_is_never_up_to_date(tmp_path: Path) -> None:
    """Who asks for new times gets them, each time."""
    write(tmp_path)
    cache = tmp_path.with_name(f"{tmp_path.name}-cache")
    build(tmp_path, cache)
    before = left(tmp_path)
    reports = build(tmp_path, cache, refresh=True, now=1_700_000_001)
    assert not any(report.fresh for report in reports.values())
    assert left(tmp_path)["build/tea.apkg"] != before["build/tea.apkg"]


def test_what_is_said_of_a_pdf_is_said_of_the_guide_as_it_is_called_now(tmp_path: Path) -> None:
    """A PDF of which something is said is the same only under the same name, in the same places."""
    guide = Guide(name="tea", path="source/tea.md", title=Text(html=Html("Tea"), plain="Tea"), deck="Tea")
    said = Diagnostic(code="SP506", path=guide.path, span=Span(1, 1, 1, 1), message="too long")
    cache = Cache(tmp_path)
    printing._Known(cache, "cheatsheet", (guide, {})).keep(Paper(data=b"%PDF", pages=9, diagnostics=(said,)))
    printing._Known(cache, "matrix", (guide, {})).keep(Paper(data=b"%PDF", pages=1, diagnostics=()))
    moved = replace(guide, path="tea.md")
    again = printing._Known(cache, "cheatsheet", (guide, {})).paper()
    assert again == Paper(data=b"%PDF", pages=9, diagnostics=(said,))
    assert printing._Known(cache, "cheatsheet", (moved, {})).paper() is None
    assert printing._Known(cache, "matrix", (moved, {})).paper() == Paper(data=b"%PDF", pages=1, diagnostics=())


# --- the command -------------------------------------------------------------------------------------------------


def without_pango(project: Project) -> dict[str, str]:
    """An environment in which no page can be laid out."""
    unusable = project.folder / "lib" / "libpango-1.0.so.0"
    unusable.parent.mkdir(exist_ok=True)
    unusable.touch()
    return {"LD_LIBRARY_PATH": str(unusable.parent)}


@pytest.mark.skipif(sys.platform != "linux", reason="takes a library away by LD_LIBRARY_PATH")
def test_only_what_changed_is_laid_out(project: Project) -> None:
    """Where the library that lays out is gone, all comes that need not be laid out again; and only that."""
    write(project.folder / "more")
    guide = ("build", "more/source/tea.md")
    first = project.run(*guide)
    outputs, crippled = project.outputs(), without_pango(project)
    assert len(outputs) == 3

    again = project.run(*guide, env=crippled)
    assert (again.returncode, again.stderr) == (0, first.stderr)
    assert "SP104" in again.stderr
    name, state, *summary = again.stdout.splitlines()
    assert [name, state] == [first.stdout.splitlines()[0], "  up to date"]
    assert summary == first.stdout.splitlines()[2:]

    shutil.rmtree(project.folder / "build")
    again = project.run(*guide, env=crippled)
    assert (again.returncode, again.stderr) == (0, first.stderr)
    assert project.outputs() == outputs

    change("source/tea.md", "Too hot", "Much too hot")(project.folder / "more")
    again = project.run(*guide, env=crippled)
    assert again.returncode == 2
    assert again.stderr.count("error: PDFs need system libraries") == 1
    assert "tea-matrix.pdf" in again.stdout
    changed = project.outputs()
    assert {name for name in outputs if changed[name] != outputs[name]} == {"tea.apkg"}

    again = project.run(*guide, env=crippled)
    assert again.returncode == 2, "what could not be made is tried again"


def test_no_cache_remembers_nothing(project: Project) -> None:
    """Neither from before nor for later."""
    for _ in range(2):
        done = project.run("build", "--only", "deck", "--no-cache")
        assert (done.returncode, "up to date" in done.stdout) == (0, False)
    assert not project.cache.exists()


def test_from_another_folder_the_same_is_made(project: Project) -> None:
    """The same guide by another name, from elsewhere, into elsewhere, moved: each time as it is called then."""
    project.guide.write_text(GUIDE.replace("title:", "titel: x\ntitle:"), encoding="utf-8")
    time = {"SOURCE_DATE_EPOCH": "1700000000"}
    first = project.run("build", "--only", "deck", env=time)
    deck = project.outputs()
    inside = replace(project, folder=project.folder / "source")
    for run, arguments in [
        (inside, ("tea.md", "-o", "../build")),
        (inside, (str(project.guide), "-o", str(project.folder / "build"))),
        (project, ("source/tea.md", "-o", str(project.folder / "build"))),
    ]:
        done = run.run("build", "--only", "deck", *arguments, env={**time, "STUDYPACK_CACHE_DIR": str(project.cache)})
        assert done.returncode == 0
        assert done.stderr == first.stderr.replace(str(Path("source/tea.md")), arguments[0])
        assert str(Path(arguments[-1]) / "tea.apkg") in done.stdout
        assert "up to date" not in done.stdout
        assert project.outputs() == deck
    moved = replace(project, folder=project.folder.rename(project.folder.with_name("moved")))
    done = moved.run("build", "--only", "deck", env={**time, "STUDYPACK_CACHE_DIR": str(project.cache)})
    assert (done.returncode, done.stderr) == (0, first.stderr)
    assert moved.outputs() == deck


def test_what_was_deleted_here_is_not_up_to_date_because_it_is_there(project: Project) -> None:
    """Two folders with the same outputs: one name leads to this or that, by where one stands."""
    other = replace(project, folder=project.folder / "other")
    other.folder.mkdir()
    guide, cache = str(project.guide), {"STUDYPACK_CACHE_DIR": str(project.cache)}
    for place in (project, other):
        assert place.run("build", "--only", "deck", guide, env=cache).returncode == 0
    shutil.rmtree(project.folder / "build")
    done = other.run("build", "--only", "deck", guide, "-o", str(project.folder / "build"), env=cache)
    assert done.returncode == 0
    assert set(project.outputs()) == {"tea.apkg"}


def test_a_broken_guide_that_is_repaired_is_up_to_date(project: Project) -> None:
    """An error takes nothing of what was."""
    project.run("build", "--only", "deck")
    project.guide.write_text(BROKEN, encoding="utf-8")
    for _ in range(2):
        assert project.run("build", "--only", "deck").returncode == 1
    project.guide.write_text(GUIDE, encoding="utf-8")
    assert "up to date" in project.run("build", "--only", "deck").stdout


def test_a_frozen_build_of_what_is_up_to_date_is_well(project: Project) -> None:
    """And one whose lock is lost is not, whatever is remembered."""
    project.run("build", "--only", "deck")
    done = project.run("build", "--only", "deck", "--frozen")
    assert (done.returncode, "up to date" in done.stdout) == (0, True)
    project.guide.with_suffix(".lock").unlink()
    done = project.run("build", "--only", "deck", "--frozen")
    assert done.returncode == 1
    assert "SP405" in done.stderr


@pytest.mark.parametrize("wrong", ["a file", "/proc/none", "damaged", "too full"])
def test_whatever_is_wrong_with_the_cache_costs_time_only(project: Project, wrong: str) -> None:
    """The outputs are the same, and nothing is said."""
    limit: int | None = None
    match wrong:
        case "a file":
            project.cache.touch()
        case "damaged":
            Cache(project.cache).put(bytes(10**5), "x")
            (file,) = project.cache.iterdir()
            file.write_bytes(random.Random(1).randbytes(10**5))
        case "too full":
            Cache(project.cache).put(bytes(10**6), "x")
            limit = 10**6
    environment = {**project.environment, **({"STUDYPACK_CACHE_DIR": wrong} if wrong.startswith("/") else {})}
    for _ in range(2):
        done = subprocess.run(
            [str(SCRIPT), "build", "--only", "deck"],
            cwd=project.folder,
            env=environment,
            capture_output=True,
            text=True,
            preexec_fn=(lambda: _limit(limit)) if limit else None,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "tea.apkg" in done.stdout
    assert set(project.outputs()) == {"tea.apkg"}


def _limit(size: int) -> None:
    """No file may be larger."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.slow
def test_eight_builds_at_once_do_no_harm(project: Project) -> None:
    """Of the same guide, and of others; afterwards all is as after one build, and up to date."""
    for number in range(4):
        guide = project.guide.with_name(f"tea{number}.md")
        guide.write_text(GUIDE.replace("Kinds", f"Kinds {number}"), encoding="utf-8")
    everything = ("build", "--only", "deck", "-j1")
    some: list[tuple[str, ...]] = [everything, everything, everything, everything]
    some += [("build", f"source/tea{number}.md", *everything[1:]) for number in range(4)]
    time = {"SOURCE_DATE_EPOCH": "1700000000"}
    with ThreadPoolExecutor(len(some)) as threads:
        done = list(threads.map(lambda arguments: project.run(*arguments, env=time), some))
    assert [(run.returncode, run.stderr) for run in done] == [(0, "")] * len(some)
    together = left(project.folder)
    last = project.run(*everything, env=time)
    assert last.stdout.count("up to date") == 5
    for name in ("build", *(lock.name for lock in (project.folder / "source").glob("*.lock"))):
        place = project.folder / name
        shutil.rmtree(place) if place.is_dir() else (project.folder / "source" / name).unlink()
    project.run(*everything, "--no-cache", env=time)
    assert left(project.folder) == together
