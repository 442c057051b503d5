"""`studypack build --watch`: what an edit touches is built again, whatever editors and people do to the files."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from studypack.desk.edits import Edit, Edits, Scope
from tests.cli.project import BROKEN, GUIDE, Project
from tests.cli.trouble import Running, until

PICTURE = "<svg xmlns='http://www.w3.org/2000/svg' width='{}' height='9'/>"

pytestmark = pytest.mark.skipif(os.name == "nt", reason="ends processes by signals")


class Watching(Running):
    """The command at work, and what it said so far."""

    def __init__(self, project: Project, *arguments: str) -> None:
        super().__init__(project, "build", "--watch", "--json", *arguments)
        self.news: list[dict[str, Any]] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.news.append(json.loads(line))

    def next(self, **wanted: object) -> dict[str, Any]:
        """The next piece of news, once it is there; those before it are forgotten."""
        self.until(lambda: self.news)
        found = self.news.pop(0)
        assert {key: found.get(key) for key in wanted} == wanted, found
        return found

    def stop(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """End it; its exit code and what it complained of."""
        self.process.send_signal(number)
        code = self.process.wait(100)
        self._reader.join()
        assert self.process.stderr is not None
        return code, self.process.stderr.read()


@contextmanager
def watching(project: Project, *arguments: str) -> Iterator[Watching]:
    """The command, for decks alone unless said otherwise; it has to end well, and with nothing left to tell."""
    with Watching(project, *(arguments or ("--only", "deck"))) as work:
        yield work
        assert work.stop() == (0, "")
        assert work.news == []
        assert work.gone()


def renamed_over(guide: Path, text: str) -> None:
    """As most editors save: a file beside it takes its place."""
    draft = guide.with_name(f".{guide.name}.swp")
    draft.write_text(text, encoding="utf-8")
    draft.replace(guide)


def backed_up(guide: Path, text: str) -> None:
    """As vim saves by default: the old file becomes a backup, a new one is written, the backup goes."""
    backup = guide.with_name(f"{guide.name}~")
    guide.rename(backup)
    guide.write_text(text, encoding="utf-8")
    backup.unlink()


def written(guide: Path, text: str) -> None:
    """Into the same file, in pieces."""
    with guide.open("w", encoding="utf-8") as file:
        for line in text.splitlines(keepends=True):
            file.write(line)
            file.flush()


def test_each_way_of_saving(project: Project) -> None:
    """Over and over: one build a save, with the deck that an ordinary build would make; its own lock starts none."""
    with watching(project) as work:
        work.next(event="built", path="source/tea.md")
        for number in range(3):
            before = project.outputs()["tea.apkg"]
            renamed_over(project.guide, GUIDE.replace("not oxidised", f"oxidised {number} times"))
            found = work.next(event="built", edited=["guide"], ok=True)
            assert [change["fate"] for change in found["plan"]] == ["edited"]
            assert project.outputs()["tea.apkg"] != before


def test_saves_that_take_their_time(project: Project) -> None:
    """However a file is away for a moment, or half written, the last build is of the whole."""
    with watching(project) as work:
        work.next(event="built")
        for number, save in enumerate((backed_up, written, backed_up)):
            save(project.guide, GUIDE.replace("not oxidised", f"oxidised {number} times"))
            work.until(lambda: project.run("diff").stdout.strip() == "source/tea.md: 5 unchanged" and work.news)
            assert {news["event"] for news in work.news} == {"built"}
            work.news.clear()


def test_what_is_the_same_is_not_built(project: Project) -> None:
    """A file touched, or written anew as it was; other files; drafts; outputs in the guides' own folder."""
    with watching(project, "--only", "deck", "--out", "source") as work:
        work.next(event="built")
        project.guide.touch()
        project.guide.with_name("tea.apkg").touch()
        project.guide.with_name("list.txt").write_text("milk", encoding="utf-8")
        project.guide.with_name(".tea.md.swp").write_text("draft", encoding="utf-8")
        renamed_over(project.guide, GUIDE)
        renamed_over(project.guide, GUIDE.replace("Too hot", "Much too hot"))
        work.next(event="built", edited=["guide"])


def test_pictures_and_the_lock(project: Project) -> None:
    """A picture counts that comes, changes, and moves with its folder; and a lock that git takes away."""
    folder, away = project.guide.parent / "pictures", project.guide.parent / "away"
    project.guide.write_text(GUIDE + "\n![The pot](pictures/the%20pot.svg)\n", encoding="utf-8")
    with watching(project) as work:
        work.next(ok=False)
        away.mkdir()
        renamed_over(away / "the pot.svg", PICTURE.format(7))
        away.rename(folder)
        work.next(ok=True, edited=["pictures/the%20pot.svg"])
        renamed_over(folder / "the pot.svg", PICTURE.format(8))
        work.next(ok=True, edited=["pictures/the%20pot.svg"])
        folder.rename(away)
        work.next(ok=False, edited=["pictures/the%20pot.svg"])
        away.rename(folder)
        work.next(ok=True, edited=["pictures/the%20pot.svg"])
        project.guide.with_suffix(".lock").unlink()
        assert work.next(ok=True, edited=["lock"])["plan"]


def test_guides_come_and_go(project: Project) -> None:
    """New and mended ones are built, of deleted ones all stays, two of one name are refused; folders come back."""
    other, twin = project.guide.with_name("coffee.md"), project.folder / "more" / "Tea.md"
    twin.parent.mkdir()
    with watching(project, "source", "more", "--only", "deck") as work:
        work.next(path="source/tea.md")
        renamed_over(other, BROKEN)
        work.next(path="source/coffee.md", ok=False)
        renamed_over(other, GUIDE)
        work.next(path="source/coffee.md", ok=True)
        other.unlink()
        work.next(event="gone", path="source/coffee.md")
        assert set(project.outputs()) == {"coffee.apkg", "tea.apkg"}
        renamed_over(twin, GUIDE)
        assert "would write the same files" in work.next(event="trouble")["message"]
        twin.unlink()
        work.next(event="gone", path="more/Tea.md")
        project.guide.parent.rename(project.folder / "away")
        work.next(event="gone", path="source/tea.md")
        project.guide.parent.mkdir()
        renamed_over(project.guide, GUIDE)
        work.next(event="built", path="source/tea.md", ok=True)


def test_trouble_passes(project: Project) -> None:
    """A folder that cannot be written into is told, and the next edit tries again."""
    place = project.folder / "build"
    place.write_text("a file, not a folder", encoding="utf-8")
    with watching(project) as work:
        assert "Cannot write into build" in work.next(event="trouble")["message"]
        place.unlink()
        renamed_over(project.guide, GUIDE + "\nMore.\n")
        work.next(event="built", ok=True)


def test_a_guide_that_is_named_may_come_later(project: Project) -> None:
    """Its error is told, and it is waited for; its folder too."""
    guide = project.folder / "new" / "guide.md"
    with watching(project, "new/guide.md", "--only", "deck") as work:
        assert work.next(ok=False)["diagnostics"][0]["code"] == "SP101"
        guide.parent.mkdir()
        renamed_over(guide, GUIDE)
        work.next(path="new/guide.md", ok=True)


@pytest.mark.slow
def test_the_paper_follows_the_deck_and_is_never_stale(project: Project) -> None:
    """An edit amid the layout ends it: no PDF of what was. What is on the disk then is what a single build makes."""
    long = GUIDE + "".join(f"\n## Part {n}\n\n" + "Rinse the pot with water. " * 120 + "\n" for n in range(40))
    project.guide.write_text(long, encoding="utf-8")
    with watching(project, "source") as work:
        assert outputs(work.next(ok=True)) == ["deck"]
        for number in range(3):  # none of these comes to its paper
            renamed_over(project.guide, long + f"\n## More\n\nAn edit, number {number}.\n")
            assert outputs(work.next(ok=True)) == ["deck"]
            assert set(project.outputs()) == {"tea.apkg"}
        assert outputs(work.next(ok=True)) == ["cheatsheet", "matrix"]
        kept = project.outputs()
        renamed_over(project.guide, BROKEN)
        work.next(ok=False)
    assert project.outputs() == kept
    renamed_over(project.guide, long + "\n## More\n\nAn edit, number 2.\n")
    assert project.run("build", "--no-cache", "--out", "once").returncode == 0
    assert {name: data for name, data in project.outputs("once").items() if name.endswith(".pdf")} == {
        name: data for name, data in kept.items() if name.endswith(".pdf")
    }


@pytest.mark.slow
def test_an_edit_of_another_guide_leaves_the_paper_alone(project: Project) -> None:
    """Its deck is made at once, while the paper of the first is laid out."""
    long = GUIDE + "".join(f"\n## Part {n}\n\n" + "Rinse the pot with water. " * 120 + "\n" for n in range(40))
    project.guide.write_text(long, encoding="utf-8")
    with watching(project, "source") as work:
        work.next(path="source/tea.md")
        renamed_over(project.guide.with_name("coffee.md"), GUIDE)
        assert outputs(work.next(path="source/coffee.md")) == ["deck"]
        assert outputs(work.next(path="source/tea.md")) == ["cheatsheet", "matrix"]
        assert outputs(work.next(path="source/coffee.md")) == ["cheatsheet", "matrix"]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_it_ends_clean_amid_the_paper(project: Project, number: int, code: int) -> None:
    """No process, draft or temporary file is left; what is there is whole. Ctrl-C is how watching ends well."""
    project.guide.write_text(GUIDE + "\n" + "Rinse the pot with water. " * 20_000, encoding="utf-8")
    with Watching(project) as work:
        assert outputs(work.next(ok=True)) == ["deck"]
        assert work.stop(number) == (code, "")
        until(work.gone)
    assert set(project.outputs()) == {"tea.apkg"}
    assert {file.name for file in project.guide.parent.iterdir()} == {"tea.md", "tea.lock"}


def test_what_a_person_sees(project: Project) -> None:
    """A line a build, with the time and what changed; warnings in full, once; the end."""
    with Running(project, "build", "--watch", "--only", "deck") as work:
        assert work.process.stdout is not None
        lines = [work.process.stdout.readline() for _ in range(2)]
        renamed_over(project.guide, GUIDE.replace("deck:", "dek:").replace("too long ✅", "far too long"))
        lines.append(work.process.stdout.readline())
        work.process.send_signal(signal.SIGINT)
        out, err = work.process.communicate(timeout=100)
    assert work.process.returncode == 0
    first, new, edited, last = (line.rstrip().split("  ") for line in (*lines, *out.splitlines()))
    assert first == ["watching source; Ctrl-C to end"]
    assert new[1:3] == ["source/tea.md", "5 new"]
    assert edited[1:3] == ["source/tea.md", "1 edited"]
    assert edited[3].startswith("deck in ")
    assert last == ["stopped"]
    assert err.count("SP104") == 1


@pytest.mark.parametrize("more", [["--refresh-all"], ["--on", "dask://127.0.0.1:1"], []])
def test_wrong_usage(project: Project, more: list[str]) -> None:
    """What makes no sense with each save is refused, as is a folder that is not there."""
    project.guide.parent.rename(project.folder / "notes")
    done = project.run("build", "--watch", *more)
    assert done.returncode == 2
    assert "Error: " in done.stderr


def test_a_link_to_a_guide_is_followed(tmp_path: Path) -> None:
    """Edits of the file that it leads to count, wherever that is."""
    real, link = tmp_path / "far" / "tea.md", tmp_path / "near" / "tea.md"
    for path in (real, link):
        path.parent.mkdir()
    real.write_text(GUIDE, encoding="utf-8")
    link.symlink_to(real)
    with Edits(Scope.of([link])) as edits:
        real.write_text(BROKEN, encoding="utf-8")
        assert edits_of(edits) == [Edit(guide=link, text=True)]


def edits_of(edits: Edits) -> list[Edit]:
    """The next edits."""
    while not (found := edits.wait()):
        pass
    return list(found)


def outputs(news: dict[str, Any]) -> list[str]:
    """What was made."""
    return [one["output"] for one in news["outputs"]]
