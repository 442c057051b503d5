"""The files beside a guide: read once, from this disk or from what came along."""

from __future__ import annotations

from pathlib import Path

import pytest

from studypack.folder import MAX_BYTES, File, FileFault, Folder, read_file, read_files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A folder with a picture in a folder."""
    made = tmp_path / "guides"
    (made / "pictures").mkdir(parents=True)
    (made / "pictures" / "pot.png").write_bytes(b"pot")
    (tmp_path / "secret.png").write_bytes(b"secret")
    return made


def test_a_file_is_read_once(root: Path) -> None:
    """What was asked for first holds for the whole guide, and is known afterwards."""
    folder = Folder(root)
    first = folder.file("pictures/pot.png")
    (root / "pictures" / "pot.png").write_bytes(b"another")
    assert folder.file("pictures/pot.png") == first == File(name="pot.png", data=b"pot")
    assert folder.asked == {"pictures/pot.png": first}
    assert folder.lacking == ()


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("pictures/cup.png", "SP301"),
        ("pictures", "SP301"),
        ("", "SP301"),
        ("a\0b", "SP301"),
        ("x" * 5000, "SP301"),
        ("../secret.png", "SP302"),
        ("pictures/../../secret.png", "SP302"),
        ("%2e%2e/secret.png", "SP302"),
        ("/etc/passwd", "SP302"),
    ],
)
def test_what_cannot_be_used_says_why(root: Path, reference: str, code: str) -> None:
    """Not there, no file, or none of the guide's: a reason, never an exception."""
    found = read_file(root, reference)
    assert isinstance(found, FileFault)
    assert found.code == code


def test_a_link_may_not_lead_out(root: Path) -> None:
    """What a link leads to counts; one that turns in a circle leads nowhere."""
    (root / "out.png").symlink_to(root.parent / "secret.png")
    (root / "in.png").symlink_to(root / "pictures" / "pot.png")
    (root / "loop.png").symlink_to(root / "loop.png")
    assert read_file(root, "in.png") == File(name="pot.png", data=b"pot")
    for name in ("out.png", "loop.png"):
        assert isinstance(read_file(root, name), FileFault)


@pytest.mark.parametrize("reference", ["pictures/pot.png?raw=1", "pictures/pot.png#left", "pictures/p%6ft.png"])
def test_references_are_read_as_addresses(root: Path, reference: str) -> None:
    """As GitHub does: without query and fragment, its escapes read; a file that is called just so comes first."""
    assert read_file(root, reference) == File(name="pot.png", data=b"pot")
    (root / reference).write_bytes(b"just so")
    assert read_file(root, reference) == File(name=Path(reference).name, data=b"just so")


def test_what_is_too_large_is_not_read(root: Path) -> None:
    """By its size on the disk."""
    with (root / "film.mp4").open("wb") as film:
        film.truncate(MAX_BYTES + 1)
    found = read_file(root, "film.mp4")
    assert isinstance(found, FileFault)
    assert found.code == "SP304"


def test_far_from_the_disk_only_what_came_along_is_there(root: Path) -> None:
    """Files and reasons alike; all else is lacking, whatever this machine has by that name."""
    references = ("pictures/pot.png", "cup.png", "../secret.png")
    folder = Folder(None, read_files(root, references))
    for reference in references:
        assert folder.file(reference) == read_file(root, reference)
    for reference in ("/etc/passwd", "new.png"):
        assert isinstance(folder.file(reference), FileFault)
    assert folder.lacking == ("/etc/passwd", "new.png")
