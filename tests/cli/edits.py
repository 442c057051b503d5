"""What an author does to a project between two builds."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.cli.project import BROKEN, GUIDE, PLAIN, Project

ONE, OTHER = (b"<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='9'/>" % width for width in (8, 9))
WITH_FILES = GUIDE.replace("title: Tea", "title: Tea\ntheme: mine.css\ntitel: Tee") + "\n![A pot](pictures/pot.svg)\n"
"""The small guide with a style sheet, a picture and a warning."""

Edit = Callable[[Path], None]
"""Something done to the project in a folder. Where there is nothing to do it to, it is not done."""


def write(folder: Path) -> None:
    """Two guides in source/, the files of one of them beside it."""
    source = folder / "source"
    (source / "pictures").mkdir(parents=True)
    (source / "tea.md").write_text(WITH_FILES, encoding="utf-8")
    (source / "coffee.md").write_text(PLAIN.replace("Tea", "Coffee"), encoding="utf-8")
    (source / "mine.css").write_text("h2 { color: red }\n", encoding="utf-8")
    (source / "pictures" / "pot.svg").write_bytes(ONE)


def left(folder: Path) -> dict[str, bytes]:
    """Every file of a project, hidden ones too."""
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def restore(folder: Path, files: Mapping[str, bytes]) -> None:
    """The project as it was when those were `left`."""
    shutil.rmtree(folder)
    for name, data in files.items():
        put(name, data)(folder)


def add(project: Project, *names: str, text: str = PLAIN) -> None:
    """Guides of these names."""
    for name in names:
        project.guide.with_name(f"{name}.md").write_text(text.replace("Tea", name.title()), encoding="utf-8")


def built(project: Project) -> dict[str, bytes]:
    """Outputs and locks."""
    locks = {lock.name: lock.read_bytes() for lock in project.guide.parent.glob("*.lock")}
    return {**project.outputs(), **locks}


def clear(project: Project) -> None:
    """As if nothing had ever been built."""
    for place in (project.folder / "build", project.cache):
        shutil.rmtree(place, ignore_errors=True)
    for lock in project.guide.parent.glob("*.lock"):
        lock.unlink()


def put(name: str, data: bytes) -> Edit:
    """A file written."""

    def edit(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)

    return edit


def turn(name: str, how: Callable[[bytes], bytes]) -> Edit:
    """A file's content made into another."""

    def edit(folder: Path) -> None:
        if (folder / name).exists():
            (folder / name).write_bytes(how((folder / name).read_bytes()))

    return edit


def change(name: str, old: str, new: str) -> Edit:
    """Words of a file replaced."""
    return turn(name, lambda data: data.replace(old.encode(), new.encode()))


def delete(pattern: str) -> Edit:
    """Files deleted."""

    def edit(folder: Path) -> None:
        for file in folder.glob(pattern):
            file.unlink()

    return edit


def move(old: str, new: str) -> Edit:
    """A file renamed."""

    def edit(folder: Path) -> None:
        if (folder / old).exists():
            (folder / old).replace(folder / new)

    return edit


def both(*edits: Edit) -> Edit:
    """One after the other."""

    def edit(folder: Path) -> None:
        for each in edits:
            each(folder)

    return edit


def touch(folder: Path) -> None:
    """Every file written again as it is."""
    for name, data in left(folder).items():
        (folder / name).write_bytes(data)


EDITS: Mapping[str, tuple[Edit, set[str]]] = {
    "nothing": (both(), set()),
    "files touched": (touch, set()),
    "a file beside the guides": (put("source/notes.txt", b"x"), set()),
    "another guide's output": (put("build/cocoa.apkg", b"x"), set()),
    "a word": (change("source/tea.md", "too long", "too short"), {"tea"}),
    "a space at the end": (change("source/tea.md", "too long", "too long "), {"tea"}),
    "a table lost": (change("source/tea.md", "| ", "- "), {"tea"}),
    "a style sheet edited": (change("source/mine.css", "red", "blue"), {"tea"}),
    "a style sheet lost": (delete("source/mine.css"), {"tea"}),
    "a picture edited": (put("source/pictures/pot.svg", OTHER), {"tea"}),
    "a picture lost": (move("source/pictures/pot.svg", "source/pictures/cup.svg"), {"tea"}),
    "a picture renamed": (
        both(
            move("source/pictures/pot.svg", "source/pictures/cup.svg"),
            change("source/tea.md", "pot.svg", "cup.svg"),
        ),
        {"tea"},
    ),
    "a deck deleted": (delete("build/tea.apkg"), {"tea"}),
    "a deck damaged": (turn("build/coffee.apkg", lambda data: data[:-1]), {"coffee"}),
    "a lock deleted": (delete("source/tea.lock"), {"tea"}),
    "all locks deleted": (delete("source/*.lock"), {"tea", "coffee"}),
    "a line of a lock lost": (turn("source/coffee.lock", lambda data: data[: data[:-1].rfind(b"\n") + 1]), {"coffee"}),
    "guides swapped": (
        both(
            move("source/tea.md", "source/x"),
            move("source/coffee.md", "source/tea.md"),
            move("source/x", "source/coffee.md"),
        ),
        {"tea", "coffee"},
    ),
    "the build thrown away": (delete("build/*"), {"tea", "coffee"}),
    "a guide broken": (put("source/coffee.md", BROKEN.encode()), {"coffee"}),
    "a guide that is not UTF-8": (put("source/coffee.md", b"# T\xe9\n"), {"coffee"}),
}
"""What is done, and which guides' decks are made anew for it."""
