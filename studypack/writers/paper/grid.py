"""How a sheet is divided for a type size: margins, columns, and the room in each. Lengths in points."""

from __future__ import annotations

from dataclasses import dataclass

from studypack.model import Guide
from studypack.writers.paper.sizes import MM, Sheet, sheet

USUAL = 8.0
"""The type size where none is worked out: read at arm's length, about 75 characters in a column of half an A4 page."""

SMALLEST, LARGEST = 6.6, 12.0
"""The range in which a type size is worked out: smaller print is hard to read, a larger one hard to search."""

MARGINS = (10.0, 10.0, 6.5, 10.0)
"""What stays blank, in mm (top, right, bottom, left), where the guide says nothing."""

HEAD, FOOT = 4.0, 4.5
"""The room in mm for the running head and the page number, inside the margins."""

_GAP = 7 * MM
_NARROWEST = 78 * MM  # a column of less holds under 50 characters of 8 pt and tears tables apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A sheet with what stays blank around it (top, right, bottom, left), and its columns."""

    paper: Sheet
    margins: tuple[float, float, float, float]
    columns: int
    gap: float

    @property
    def width(self) -> float:
        """The room between the margins."""
        return self.paper.width - self.margins[1] - self.margins[3]

    @property
    def height(self) -> float:
        """The room between running head and page number."""
        return self.paper.height - self.margins[0] - self.margins[2] - (HEAD + FOOT) * MM

    @property
    def column(self) -> float:
        """The width of a column."""
        return (self.width - (self.columns - 1) * self.gap) / self.columns

    def turned(self) -> Grid:
        """The same sheet lying the other way, for what is too wide: the margins turn with it."""
        top, right, bottom, left = self.margins
        return Grid(paper=self.paper.turned(), margins=(left, top, right, bottom), columns=1, gap=self.gap)


def grid(guide: Guide) -> Grid:
    """The grid of a guide's cheat sheet; as many columns as fit without tearing tables apart, if it sets none."""
    paper = sheet(guide.paper)
    top, right, bottom, left = (length * MM for length in guide.margins or MARGINS)
    room = paper.width - right - left
    columns = guide.columns or max(1, int((room + _GAP) / (_NARROWEST + _GAP)))
    return Grid(paper=paper, margins=(top, right, bottom, left), columns=columns, gap=_GAP)
