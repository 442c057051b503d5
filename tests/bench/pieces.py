"""A made-up guide cut into questions and answers in Markdown: as many as it has cards, for programs that know no more.

It is cut as a script does that was written for guides of this one form, with regular expressions, without our parser.
"""

from __future__ import annotations

import re

Piece = tuple[str, str]
"""A question and its answer, in Markdown."""

_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_HEADING = re.compile(r"^#{2,3} (.+)\n", re.MULTILINE)
_TERM = re.compile(r"- \*\*(.+?)\*\* — (.+)")
_TIP = re.compile(r"> \[!TIP\] (.+)\n> (.+)")
_MARK = re.compile(r"==(.+?)==")


def pieces(text: str) -> list[Piece]:
    """The questions and answers of a guide, in its order; what stands under no heading is left out."""
    _, *parts = _HEADING.split(_FRONT.sub("", text))
    return [piece for heading, body in zip(parts[::2], parts[1::2], strict=True) for piece in _section(heading, body)]


def _section(heading: str, body: str) -> list[Piece]:
    """What a section asks: its heading if that is a question, and otherwise each thing in it."""
    if heading.endswith("?"):
        return [(heading, body.strip())]
    return [piece for block in re.split(r"\n{2,}", body.strip()) for piece in _block(heading, block)]


def _block(heading: str, block: str) -> list[Piece]:
    if block.startswith("|"):
        return _cells(block)
    if block.startswith("- **"):
        return [(term, meaning) for term, meaning in _TERM.findall(block)]
    if tip := _TIP.match(block):
        return [(tip[1], tip[2])]
    if mark := _MARK.search(block):
        return [(_MARK.sub("[…]", block), mark[1])]
    return [(heading, block)]


def _cells(table: str) -> list[Piece]:
    """A question for each cell but the first of its row."""
    names, _, *rows = ([cell.strip() for cell in line.strip("| ").split("|")] for line in table.splitlines())
    return [(f"{row[0]}: {name}?", cell) for row in rows for name, cell in zip(names[1:], row[1:], strict=True)]
