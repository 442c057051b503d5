"""Reading a guide from disk: text, lines as saved, where the front matter ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from studypack.source import MAX_GUIDE_BYTES, from_bytes, read
from studypack.span import START, Span
from tests.unit.reading import NOWHERE, source_of


def test_name_and_path_are_those_of_the_file(tmp_path: Path) -> None:
    """A guide is named by its file without `.md`, and its path is the one the user gave."""
    file = tmp_path / "rocks.v2.md"
    file.write_text("# Rocks\n", encoding="utf-8")
    source, found = read(file)
    assert source is not None
    assert (source.name, source.path, found) == ("rocks.v2", str(file), ())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_system_part_lines(end: str) -> None:
    """LF, CRLF and CR part lines and are no part of them."""
    assert source_of(f"# A{end}{end}text{end}").lines == ("# A", "", "text", "")


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85"])
def test_other_separators_part_no_lines(character: str) -> None:
    """Unicode's line separators part no lines, as in editors and in Markdown."""
    assert source_of(f"a{character}b").lines == (f"a{character}b",)


def test_byte_order_mark_is_no_text() -> None:
    """A byte order mark is accepted and shifts no column."""
    source = source_of(b"\xef\xbb\xbf# Title\n")
    assert source.lines[0] == "# Title"
    assert source.slice(Span(1, 3, 1, 8)) == "Title"


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("closing", ["---", "...", "---  "])
def test_front_matter_ends_at_its_fence(closing: str, end: str) -> None:
    """The YAML starts on line 2 and the Markdown after the closing fence, `---` or `...`."""
    source = source_of(end.join(["---", "title: A", "lang: de", closing, "# B"]))
    assert (source.front, source.body) == ("title: A\nlang: de", 5)


def test_front_matter_after_a_byte_order_mark() -> None:
    """A byte order mark before the front matter does not hide it."""
    assert source_of(b"\xef\xbb\xbf---\ntitle: A\n---\nx").front == "title: A"


@pytest.mark.parametrize("text", ["# A\n\n---\ntitle: B\n---\n", "\n---\ntitle: B\n---\n", "text", ""])
def test_front_matter_stands_on_the_first_line_only(text: str) -> None:
    """Dashes further down are a rule."""
    source = source_of(text)
    assert (source.front, source.body) == ("", 1)


def test_front_matter_may_be_empty() -> None:
    """Two fences with nothing between are front matter that says nothing."""
    source = source_of("---\n---\n# A\n")
    assert (source.front, source.body) == ("", 3)


def test_front_matter_that_is_not_closed() -> None:
    """Front matter without its closing fence is an error at line 1."""
    _, found = from_bytes(b"---\ntitle: A\n\n# B\n", NOWHERE)
    assert [(each.code, each.span.line) for each in found] == [("SP103", 1)]


def test_a_rule_on_the_first_line_is_no_front_matter() -> None:
    """A guide may start with a rule."""
    source, found = from_bytes(b"---\n\nSome text.\n", NOWHERE)
    assert source is not None
    assert (source.body, found) == (1, ())


@pytest.mark.parametrize("fence", ["---", "+++"])
@pytest.mark.parametrize("first", ["# What is it?", "- a list", "Some prose, no key."])
def test_rules_above_and_below_a_text_are_no_front_matter(fence: str, first: str) -> None:
    """A text between two rules is read, though it may hold a colon: below a fence stands a key, not a blank line."""
    source = source_of(f"{fence}\n\n{first}\n\nIt is: `x`.\n\n{fence}\n")
    assert (source.front, source.body) == ("", 1)


@pytest.mark.parametrize("blank", ["", "\n", "\n\n"])
def test_front_matter_may_start_with_blank_lines(blank: str) -> None:
    """What is a key below them is meant as one; and there may be nothing but them."""
    assert source_of(f"---\n{blank}title: A\n---\n").front == f"{blank}title: A"
    assert source_of(f"---\n{blank}---\n# A\n").body == 3 + len(blank)


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (Span(1, 1, 1, 3), "ab"),
        (Span(1, 2, 1, 2), ""),
        (Span(1, 3, 3, 2), "cd\n\nä"),
        (Span(3, 2, 3, 4), "ö😀"),
        (Span(9, 1, 9, 5), ""),
    ],
)
def test_slice_gives_the_text_of_a_span(span: Span, text: str) -> None:
    """Lines and columns count from one, in characters, the end exclusive."""
    assert source_of("abcd\n\näö😀").slice(span) == text


def test_spans_join() -> None:
    """From the start of one span to the end of another."""
    assert Span(2, 3, 2, 9).to(Span(5, 1, 6, 7)) == Span(2, 3, 6, 7)


def test_a_control_character_is_shown_and_told_at_its_place() -> None:
    """A control character becomes a replacement character; line and column are named, tabs are none."""
    source, found = from_bytes(b"a\tb\nxy\x07z\n", NOWHERE)
    assert source is not None
    assert source.lines[:2] == ("a\tb", "xy\N{REPLACEMENT CHARACTER}z")
    assert [(each.code, each.span) for each in found] == [("SP108", Span(2, 3, 2, 4))]
    assert "U+0007" in found[0].message


@pytest.mark.parametrize(
    ("data", "line", "column"),
    [
        (b"\xff", 1, 1),
        ("# Ä\r\nné".encode() + b"\xe9!", 2, 3),
        pytest.param(
            b"\xef\xbb\xbfab\xfe",
            1,
            3,
        ),
    ],
)
def test_other_encodings_are_an_error_at_the_byte(data: bytes, line: int, column: int) -> None:
    """A file that is not UTF-8 gives no guide, but the place of the first byte that cannot be read."""
    source, (found,) = from_bytes(data, NOWHERE)
    assert source is None
    assert (found.code, found.span.line, found.span.column) == ("SP102", line, column)
    assert "UTF-8" in found.hint


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"caf\xe9", "save it as UTF-8"),
        ("caf\u00e9".encode("utf-16"), "save it as UTF-8"),
        (b"PK\x03\x04\x00\xff", "a guide is Markdown text"),
    ],
)
def test_what_is_no_text_is_not_asked_to_be_saved_as_such(data: bytes, told: str) -> None:
    """A deck or a picture given for a guide; but UTF-16 is text, and an editor can save it anew."""
    _, (found,) = from_bytes(data, Path("tea.md"))
    assert told in (found.hint or "")


def test_a_missing_file_is_a_diagnostic(tmp_path: Path) -> None:
    """A file that is not there gives an error that names it, and no exception."""
    source, (found,) = read(tmp_path / "none.md")
    assert source is None
    assert (found.code, found.span, found.path) == ("SP101", START, str(tmp_path / "none.md"))


def test_a_folder_is_no_guide(tmp_path: Path) -> None:
    """A folder gives an error with a hint."""
    source, (found,) = read(tmp_path)
    assert source is None
    assert found.code == "SP101"
    assert found.hint


def test_a_file_too_large_is_not_read(tmp_path: Path) -> None:
    """A file beyond the limit is refused before it is read."""
    file = tmp_path / "large.md"
    with file.open("wb") as stream:
        stream.truncate(MAX_GUIDE_BYTES + 1)
    source, (found,) = read(file)
    assert source is None
    assert found.code == "SP101"
