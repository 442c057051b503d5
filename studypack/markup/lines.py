"""The lines of a guide as the block parser sees them: cut down inside containers, never losing their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element

from studypack.span import Span


class Line(NamedTuple):
    """A line, or what is left of it inside a list item or quote.

    `text[i]` stands in column `i + 1 + shift` of line `number` of the file, but for leading blanks that were a tab.
    """

    text: str
    number: int
    shift: int

    def cut(self, count: int) -> Line:
        """The line without its first characters."""
        text, shift = self.text[count:], self.shift + count
        return Line(*_expanded(text, self.number, shift)) if "\t" in text[:4] else Line(text, self.number, shift)

    @property
    def indent(self) -> int:
        """How many blanks lead the line."""
        return len(self.text) - len(self.text.lstrip(" "))

    @property
    def blank(self) -> bool:
        """Whether nothing is on the line."""
        return not self.text or self.text.isspace()


class Placed(Element):
    """A block of the tree; `span` is where it stands in the file. What is inline has no place of its own."""

    __slots__ = ("span",)
    span: Span


def span_of(lines: Sequence[Line]) -> Span:
    """From the first character of the first line to the last of the last; blank lines around do not count."""
    if lines[0].blank or lines[-1].blank:
        lines = [line for line in lines if not line.blank] or lines
    first, last = lines[0], lines[-1]
    column = first.shift + 1 + (0 if first.blank else first.indent)
    return Span(first.number, column, last.number, len(last.text.rstrip()) + last.shift + 1)


def as_lines(texts: Sequence[str], first: int) -> list[Line]:
    """Lines of a file, the first of which is number `first`."""
    return [
        Line(*_expanded(text, number, 0)) if "\t" in text else Line(text, number, 0)
        for number, text in enumerate(texts, start=first)
    ]


def joined(lines: Sequence[Line]) -> str:
    """The text of a paragraph: indents gone, hard line breaks in Markdown's own spelling, two blanks."""
    rows = [line.text.lstrip() for line in lines]
    for number, row in enumerate(rows[:-1]):
        bare = row.rstrip()
        backslashes = len(bare) - len(bare.rstrip("\\"))
        if backslashes % 2 and bare == row:
            rows[number] = f"{bare[:-1]}  "
        else:
            rows[number] = f"{bare}  " if row.endswith("  ") else bare
    rows[-1] = rows[-1].rstrip()
    return "\n".join(rows)


def dedented(lines: list[Line]) -> list[Line]:
    """Lines without the indent that all of them share, for authors who indent inside HTML."""
    common = min((line.indent for line in lines[1:] if not line.blank), default=0)
    return [line.cut(min(common, line.indent)) for line in lines]


def _expanded(text: str, number: int, shift: int) -> tuple[str, int, int]:
    """Leading tabs as blanks, to the next multiple of four columns."""
    bare = text.lstrip(" \t")
    width, count = 0, len(text) - len(bare)
    for char in text[:count]:
        width += 4 - (width + shift) % 4 if char == "\t" else 1
    return " " * width + bare, number, shift + count - width
