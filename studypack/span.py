"""Where a thing stands in a guide."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of a guide as saved on disk.

    Lines and columns count from one, columns in characters (code points); the end is exclusive. Front matter counts,
    so an editor jumps to the right place; a byte order mark does not, as editors do not show it.
    """

    line: int
    column: int
    end_line: int
    end_column: int

    def to(self, other: Span) -> Span:
        """The stretch from the start of this span to the end of the other."""
        return Span(self.line, self.column, other.end_line, other.end_column)


START = Span(1, 1, 1, 1)
"""The very start of a guide, for what is said of the guide as a whole."""
