"""The line of a guide that a finding is about, cut to the width there is, and where to underline it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from studypack.span import Span

_TAB = "    "
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """A line, and what of it is meant: `before` columns of a terminal precede it, and it is `wide` columns wide."""

    text: str
    before: int
    wide: int


def excerpt(lines: Sequence[str], span: Span, width: int) -> Excerpt | None:
    """The first line of a span, in `width` columns; None where there is no such line, or nothing on it."""
    if not 1 <= span.line <= len(lines) or not lines[span.line - 1].strip():
        return None
    line = lines[span.line - 1]
    start = min(span.column - 1, len(line))
    end = min(span.end_column - 1, len(line)) if span.end_line == span.line else len(line)
    before, marked, after = (_shown(part) for part in (line[:start], line[start:end], line[end:]))
    marked = _fitting(marked, max(width // 2, width - 20)) if columns(before + marked) > width else marked
    before = _ending(before, width - columns(marked) - min(10, columns(after)))
    after = _fitting(after, width - columns(before + marked))
    return Excerpt(
        text=(before + marked + after).rstrip(), before=columns(before), wide=max(1, columns(marked.rstrip()))
    )


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: two for the letters of East Asia, none for marks on letters."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _shown(text: str) -> str:
    """A text in which each character takes its columns: tabs as blanks, control characters as a replacement."""
    characters = (_TAB if character == "\t" else character for character in text)
    return "".join("\ufffd" if unicodedata.category(one[0]) in ("Cc", "Cs") else one for one in characters)


def _fitting(text: str, width: int) -> str:
    """The start of a text, in so many columns."""
    if columns(text) <= width:
        return text
    taken, room = 0, max(width - 1, 0)
    for number, character in enumerate(text):
        taken += _columns(character)
        if taken > room:
            return text[:number].rstrip() + _ELLIPSIS
    return text


def _ending(text: str, width: int) -> str:
    """The end of a text, in so many columns."""
    if columns(text) <= width:
        return text
    taken = 0
    for number in range(len(text) - 1, -1, -1):
        taken += _columns(text[number])
        if taken > max(width - 1, 0):
            return _ELLIPSIS + text[number + 1 :]
    return text
