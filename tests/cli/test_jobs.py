"""Guides made side by side: the same as one by one, whatever happens to one of them."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path

import pytest

from studypack import crew, pipeline
from studypack.crew import Crew
from studypack.pack import Order, Output, Pack, Wishes
from tests.cli.edits import add, built, clear, left, write
from tests.cli.project import BROKEN, GUIDE, PLAIN, Project
from tests.cli.trouble import Running, trouble, until

TIME = {"SOURCE_DATE_EPOCH": "1700000000"}
DECK = ("build", "--only", "deck")

pytestmark = pytest.mark.skipif(os.name == "nt", reason="ends processes by signals")


@pytest.mark.slow
def test_side_by_side_all_is_as_one_by_one(project: Project) -> None:
    """Bytes, standard output, standard error and exit code, also of a second build; good and bad guides mixed."""
    write(project.folder / "more")
    shutil.copytree(project.folder / "more" / "source", project.guide.parent, dirs_exist_ok=True)
    add(project, "broken", text=BROKEN)
    project.guide.with_name("latin.md").write_bytes(b"# T\xe9\n")
    runs = []
    for jobs in ("1", "3"):
        clear(project)
        first = project.run("build", "-j", jobs, env=TIME)
        files = built(project)
        again = project.run("build", "-j", jobs, env=TIME)
        assert built(project) == files
        runs.append((files, first.returncode, first.stdout, first.stderr, again.stdout))
        assert (again.returncode, again.stderr) == (first.returncode, first.stderr)
    assert runs[0] == runs[1]
    files, code, out, _, out_again = runs[0]
    assert (code, len(files)) == (1, 7), "two guides, one of them without a matrix, and their locks"
    assert out_again.count("up to date") == 2
    assert out.index("coffee.md") < out.index("tea.md")


def test_what_is_done_first_waits_for_its_turn(project: Project) -> None:
    """The order is that of the guides."""
    add(project, "a-after-z", "z")
    wrong = trouble(project.folder / "trouble")
    done = project.run(*DECK, "-j2", env=TIME | wrong)
    assert done.returncode == 0, done.stderr
    files = built(project)
    clear(project)
    alone = project.run(*DECK, "-j1", env=TIME)
    assert (done.stdout, done.stderr) == (alone.stdout, alone.stderr)
    assert built(project) == files


def test_one_guide_that_fails_stops_no_other(project: Project) -> None:
    """Errors, a slip of ours, one that cannot even be told, a process that is killed: each is said of its guide."""
    add(project, "a", "c", "e", "g", "z")
    add(project, "b-bug", "d-killed", "f-odd")
    add(project, "h", text=BROKEN)
    done = project.run(*DECK, "-j2", env=TIME | trouble(project.folder / "trouble"))
    assert done.returncode == 2
    assert set(project.outputs()) == {f"{name}.apkg" for name in "aceg"} | {"tea.apkg", "z.apkg"}
    told = done.stderr.replace("\\", "/")
    places = [
        told.index(f"error: source/{sentence}")
        for sentence in (
            "b-bug.md: studypack failed; that is a fault of its own.",
            "d-killed.md: the process that makes it crashed (SIGKILL)",
            "f-odd.md: studypack failed; that is a fault of its own.",
        )
    ]
    assert places == sorted(places)
    assert "RuntimeError: a slip of ours" in told
    assert "OddError: a slip of ours" in told
    assert "error SP103" in told


def test_alone_a_slip_of_ours_stops_no_other(project: Project) -> None:
    """With one process as with many."""
    add(project, "a-bug", "b")
    done = project.run(*DECK, "-j1", env=TIME | trouble(project.folder / "trouble"))
    assert done.returncode == 2
    assert "RuntimeError: a slip of ours" in done.stderr
    assert set(project.outputs()) == {"b.apkg", "tea.apkg"}


def test_the_way_is_paved_for_so_many_orders_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many guides there are, only some of them are held in memory at a time."""
    open_orders, most = 0, 0

    class Coming(Future[Pack]):
        def result(self, timeout: float | None = None) -> Pack:
            nonlocal open_orders
            open_orders -= 1
            return super().result(timeout)

    def submit(order: Order) -> Future[Pack]:
        nonlocal open_orders, most
        open_orders += 1
        most = max(most, open_orders)
        coming = Coming()
        coming.set_result(Pack(name=Path(order.path).stem))
        return coming

    @contextmanager
    def hired(*_: object) -> Iterator[Crew]:
        yield Crew(submit=submit, ahead=crew.AHEAD * 2)

    monkeypatch.setattr(crew, "hired", hired)
    guides = tuple(tmp_path / f"{number}.md" for number in range(100))
    for guide in guides:
        guide.write_text(PLAIN, encoding="utf-8")
    config = pipeline.Config(
        guides=guides, out=tmp_path / "build", wishes=Wishes(only=frozenset({Output.DECK})), jobs=2
    )
    assert [report.path for report in pipeline.build(config)] == [str(guide) for guide in guides]
    assert (most, open_orders) == (crew.AHEAD * 2 + 1, 0)


# --- stopped -----------------------------------------------------------------------------------------------------


def to_all(running: Running, number: int) -> None:
    """As the terminal does on Ctrl-C."""
    os.killpg(running.process.pid, number)


def to_one(running: Running, number: int) -> None:
    """As a supervisor does."""
    running.process.send_signal(number)


def twice(running: Running, number: int) -> None:
    """As the impatient do."""
    to_all(running, number)
    to_all(running, number)


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("send", [to_all, to_one, twice])
def test_a_build_of_many_that_is_stopped_leaves_nothing_behind(
    project: Project, number: int, code: int, send: Callable[[Running, int], None]
) -> None:
    """In the middle of two guides: what was done before stays whole, and nothing else is left; no process, no file."""
    add(project, "a", "b", "c-stuck", "d-stuck", "e")
    wrong = project.folder / "trouble"
    with Running(project, *DECK, "-j2", **TIME, **trouble(wrong)) as running:
        running.until(lambda: (wrong / "d-stuck.begun").exists() and "b.lock" in built(project))
        assert len(running.alive()) == 3
        send(running, number)
        out, errors = running.process.communicate(timeout=60)
        # What comes when Python has ended its work finds no handler any more.
        assert running.process.returncode in (code, -number if send is twice else code), errors
        assert errors == ("error: interrupted; what is not listed above is as it was\n" if code == 130 else "")
        assert "a.apkg" in out
        assert set(built(project)) == {"a.apkg", "a.lock", "b.apkg", "b.lock"}
        until(running.gone)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_who_lays_out_ends_with_the_rest(project: Project, number: int) -> None:
    """Makers of guides have printers of their own: those end too, in the middle of a page, even unasked."""
    project.guide.unlink()
    add(project, "a", "b", text=GUIDE + "".join(f"\n### What is {n}?\n\n{'Long. ' * 300}\n" for n in range(300)))
    before = left(project.folder)
    with Running(project, "build", "--only", "cheatsheet", "-j2") as running:
        running.until(lambda: len(running.alive()) == 5 and len([*running.temporary.glob("*/*/*")]) >= 2)
        to_one(running, number)
        running.process.communicate(timeout=60)
        until(lambda: not running.alive())
        assert left(project.folder) == before
        assert number == signal.SIGKILL or running.gone()


def test_one_process_makes_what_one_job_is_for(project: Project) -> None:
    """More jobs than guides make no idle processes: with a guide alone there is only the one that began."""
    add(project, "b-stuck")
    wrong = project.folder / "trouble"
    with Running(project, *DECK, "source/b-stuck.md", "-j8", **trouble(wrong)) as running:
        running.until(lambda: (wrong / "b-stuck.begun").exists() and (wrong / "b-stuck.begun").read_text())
        assert (wrong / "b-stuck.begun").read_text() == str(running.process.pid)
        to_all(running, signal.SIGINT)
        _, errors = running.process.communicate(timeout=60)
    assert errors == "error: interrupted; what is not listed above is as it was\n"
    assert running.process.returncode == 130


def test_the_cache_may_be_named_from_where_one_stands(project: Project) -> None:
    """It is one for all processes."""
    add(project, "b")
    runs = [project.run(*DECK, "-j2", env={"STUDYPACK_CACHE_DIR": "kept"}) for _ in range(2)]
    assert [(done.returncode, done.stderr, done.stdout.count("up to date")) for done in runs] == [
        (0, "", 0),
        (0, "", 2),
    ]
    assert [file.suffix for file in (project.folder / "kept").iterdir()] == [".sqlite"]
