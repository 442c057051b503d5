"""Short names for values: equal for equal values, different for whatever makes another output."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from studypack import fingerprint
from studypack.folder import File, FileFault
from studypack.media import Media
from studypack.model import Guide, Html, Kind, Prose, Text
from studypack.span import Span

ROOT = Path(__file__).parents[2]
TITLE = Text(html=Html("Tea"), plain="Tea")
GUIDE = Guide(name="tea", path="source/tea.md", title=TITLE, deck="Tea")


def test_where_one_part_ends_counts() -> None:
    """Bytes, texts and rows are told apart by their borders, not by what they are joined to."""
    names = {fingerprint.of_bytes(*parts) for parts in [(b"ab", b"c"), (b"a", b"bc"), (b"abc",), (b"abc", b""), ()]}
    assert len(names) == 5
    values = [("ab", "c"), ("a", "bc"), ("abc",), (("a",), "bc"), ("a", ("bc",)), "abc", b"abc", ("abc", None), ()]
    assert len({fingerprint.of_value(value) for value in values}) == len(values)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, "1"),
        (1, 1.0),
        (1, True),
        (0, False),
        (None, "None"),
        ("n1:1", 1),
        ({"a": "b"}, ("a", "b")),
        (frozenset("ab"), ("a", "b")),
        (File(name="a", data=b""), File(name="b", data=b"")),
        (FileFault(code="SP301", message="a", hint=""), FileFault(code="SP301", message="b", hint="")),
    ],
)
def test_values_of_other_kinds_are_told_apart(one: object, other: object) -> None:
    """A number is no text, a row no set, a reason another than the next."""
    assert fingerprint.of_value(one) != fingerprint.of_value(other)


def test_equal_values_have_one_name() -> None:
    """Whether a mapping is a view or a list a tuple does not matter, nor in which order a set was filled."""
    assert fingerprint.of_value({"a": 1}) == fingerprint.of_value(MappingProxyType({"a": 1}))
    assert fingerprint.of_value([1, "x"]) == fingerprint.of_value((1, "x"))
    assert fingerprint.of_value(frozenset(["b", "a"])) == fingerprint.of_value(frozenset(["a", "b"]))
    assert fingerprint.of_value(Kind.TERM) == fingerprint.of_value("term")
    assert fingerprint.of_value("\udcff") != fingerprint.of_value("\udcfe"), "a name that is not UTF-8 is a name"


def test_each_part_of_a_guide_counts() -> None:
    """Another title, paper or picture is another guide."""
    picture = Media(name="pot-1.png", reference="pot.png", kind="image", mime="image/png", data=b"1")
    others = [
        replace(GUIDE, title=replace(TITLE, plain="Coffee")),
        replace(GUIDE, paper="A3"),
        replace(GUIDE, cards={"concept": "off"}),
        replace(GUIDE, media=(picture,)),
        replace(GUIDE, media=(replace(picture, data=b"2"),)),
    ]
    assert len({fingerprint.of_value(guide) for guide in (GUIDE, *others)}) == 1 + len(others)


def test_places_count_only_where_they_are_wanted() -> None:
    """Where a thing stands, and what its guide's file is called, count for what is said of it, not for its look."""
    text = Prose(html=Html("<p>Tea</p>"), plain="Tea")
    guide = replace(GUIDE, intro=(text,))
    moved = replace(guide, intro=(replace(text, span=Span(7, 1, 7, 4)),))
    elsewhere = replace(guide, path="tea.md")
    for other in (moved, elsewhere):
        assert fingerprint.of_value(guide) == fingerprint.of_value(other)
        assert fingerprint.of_value(guide, places=True) != fingerprint.of_value(other, places=True)


def test_what_is_no_value_is_refused() -> None:
    """A thing without a lasting content has no name: an object would be named by its place in memory."""
    with pytest.raises(TypeError, match="object is no value"):
        fingerprint.of_value((1, object()))


def test_every_process_gives_the_same_names() -> None:
    """The seed of Python's hashes has no part in it, nor the folder that a process runs in."""
    code = """
from studypack import fingerprint as f
print(f.of_value((frozenset("abcdef"), {"x": (1, 2.5, None)}, "é")), f.edition(), f.release())
"""
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            cwd=folder,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        ).stdout
        for seed, folder in [("1", ROOT), ("2", ROOT / "tests")]
    }
    assert len(told) == 1


def test_an_edition_is_of_the_files_that_make_packs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A touched template, a package more or less: another edition. What Python compiled is none of it."""
    room = tmp_path / "studypack"
    (room / "theme").mkdir(parents=True)
    (room / "fingerprint.py").touch()
    (room / "theme" / "cards.css").write_text("a", encoding="utf-8")
    monkeypatch.setattr(fingerprint, "__file__", str(room / "fingerprint.py"))
    monkeypatch.setattr(sys, "path", [str(tmp_path)])

    def edition() -> str:
        fingerprint.edition.cache_clear()
        return fingerprint.edition()

    try:
        first = edition()
        (room / "fingerprint.cpython-311.pyc").touch()
        assert edition() == first
        (room / "theme" / "cards.css").write_text("ab", encoding="utf-8")
        second = edition()
        (tmp_path / "genanki-0.14.dist-info").mkdir()
        assert len({first, second, edition()}) == 3
    finally:
        monkeypatch.undo()
        fingerprint.edition.cache_clear()


def test_a_release_names_all_that_makes_the_bytes() -> None:
    """What lays out, hyphenates, draws and zips, down to what libraries themselves require; no tool of the tests."""
    names = {part.split()[0] for part in fingerprint.release().split(", ")}
    assert {
        "studypack",
        "python",
        "sqlite",
        "zlib",
        "weasyprint",
        "pyphen",
        "tinyhtml5",
        "fonttools",
        "genanki",
    } <= names
    assert {"ziamath", "mermaid-render", "noto-cjk-sans-jp-regular"} <= names, "extras print, too"
    assert not {"pytest", "mypy", "anki", "distributed"} & names
