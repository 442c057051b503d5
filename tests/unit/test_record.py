"""What a build was made of and left: whether another would find anything to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from studypack import record
from studypack.cache import Cache
from studypack.folder import read_files
from studypack.pack import Output, Wishes
from studypack.record import Record, Records

GUIDE, LOCK = b"# Tea\n", b"{}\n"


def made(folder: Path) -> Record:
    """The record of a build whose files all stand in the folder: a picture, a deck, and no matrix."""
    (folder / "pot.png").write_bytes(b"pot")
    (folder / "tea.apkg").write_bytes(b"deck")
    files = read_files(folder, ("pot.png", "cup.png"))
    return Record(
        made_of=records(folder).made_of(GUIDE, LOCK),
        files={reference: record.digest(found) for reference, found in files.items()},
        left=record.left_by({folder / "tea.apkg": b"deck", folder / "tea-matrix.pdf": None}),
        said={"path": "tea.md"},
    )


def records(folder: Path, **wishes: object) -> Records:
    """The records of builds that were asked for so."""
    return Records(Cache(folder / "cache"), Path("build"), replace(Wishes(), **wishes))  # type: ignore[arg-type]


def test_what_nothing_touched_holds(tmp_path: Path) -> None:
    """All as it was left; a file that was not there still is not."""
    assert record.holds(made(tmp_path), records(tmp_path).made_of(GUIDE, LOCK), tmp_path)


def into_folder(file: Path) -> None:
    """A folder where the file was."""
    file.unlink()
    file.mkdir()


CHANGES: dict[str, Callable[[Path], object]] = {
    "another picture": lambda folder: (folder / "pot.png").write_bytes(b"cup"),
    "no picture": lambda folder: (folder / "pot.png").unlink(),
    "a folder for a picture": lambda folder: into_folder(folder / "pot.png"),
    "a picture that was missing": lambda folder: (folder / "cup.png").write_bytes(b"cup"),
    "no deck": lambda folder: (folder / "tea.apkg").unlink(),
    "another deck": lambda folder: (folder / "tea.apkg").write_bytes(b"decK"),
    "a folder for a deck": lambda folder: into_folder(folder / "tea.apkg"),
    "a matrix that is not to be": lambda folder: (folder / "tea-matrix.pdf").write_bytes(b""),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_changed_is_noticed(tmp_path: Path, change: Callable[[Path], object]) -> None:
    """What the guide refers to, and what the build left."""
    known = made(tmp_path)
    change(tmp_path)
    assert not record.holds(known, records(tmp_path).made_of(GUIDE, LOCK), tmp_path)


def test_a_link_to_another_file_of_the_same_content_is_noticed(tmp_path: Path) -> None:
    """The name of a file is part of its name in the deck."""
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(b"same")
    (tmp_path / "pot.png").symlink_to("a.png")
    before = record.digest(read_files(tmp_path, ["pot.png"])["pot.png"])
    (tmp_path / "pot.png").unlink()
    (tmp_path / "pot.png").symlink_to("b.png")
    assert record.digest(read_files(tmp_path, ["pot.png"])["pot.png"]) != before


def test_guide_and_lock_count(tmp_path: Path) -> None:
    """A lock only where a deck is made; without one is as with an empty one."""
    deck, paper = records(tmp_path), records(tmp_path, only=frozenset({Output.MATRIX}))
    assert (
        len({deck.made_of(*pair) for pair in [(GUIDE, LOCK), (GUIDE, None), (LOCK, GUIDE), (GUIDE + LOCK, b"")]}) == 4
    )
    assert paper.made_of(GUIDE, LOCK) == paper.made_of(GUIDE, None)


def test_a_record_comes_back(tmp_path: Path) -> None:
    """As it was kept, for that guide alone."""
    known = made(tmp_path)
    records(tmp_path).keep(Path("tea.md"), known)
    assert records(tmp_path).of(Path("tea.md")) == known
    for other in ("coffee.md", "./../tea.md", str(Path("tea.md").absolute())):
        assert records(tmp_path).of(Path(other)) is None


@pytest.mark.parametrize(
    "wishes",
    [
        {"only": frozenset({Output.DECK})},
        {"only": frozenset(Output)},
        {"sheets": 1},
        {"matrix_fit": "a3"},
        {"duplex": "short"},
    ],
    ids=lambda wishes: next(iter(wishes)),
)
def test_who_asks_for_something_else_has_other_records(tmp_path: Path, wishes: dict[str, object]) -> None:
    """What decides on the outputs counts."""
    records(tmp_path).keep(Path("tea.md"), made(tmp_path))
    assert records(tmp_path, **wishes).of(Path("tea.md")) is None


def test_when_and_on_what_condition_does_not_count(tmp_path: Path) -> None:
    """The clock, `--frozen` and `--refresh-all` decide on no output that is up to date."""
    known = made(tmp_path)
    records(tmp_path).keep(Path("tea.md"), known)
    assert records(tmp_path, now=1, frozen=True, refresh=True).of(Path("tea.md")) == known


def test_a_folder_by_another_name_has_other_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The report names its files: from another folder the same names would lead elsewhere."""
    known, guide, cache = made(tmp_path), tmp_path / "tea.md", Cache(tmp_path / "cache")
    here, there = tmp_path / "here", tmp_path / "there"
    for folder in (here, there):
        folder.mkdir()
    monkeypatch.chdir(here)
    Records(cache, Path("build"), Wishes()).keep(guide, known)
    assert Records(cache, here / "build", Wishes()).of(guide) is None
    monkeypatch.chdir(there)
    for out in (Path("build"), here / "build", Path("../here/build")):
        assert Records(cache, out, Wishes()).of(guide) is None
