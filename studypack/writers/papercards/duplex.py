"""Where cards stand on a sheet that is printed on both sides: equal cells, what lies behind them, where to cut.

Lengths are in points. A place is measured from the top left corner of its own page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import log

from studypack.writers.paper.sizes import MM, Sheet

MARGIN = 10.0
"""The margin, in mm, where the guide sets none: most printers leave 3 to 6 mm blank."""

NORMAL = (95 * MM, 69 * MM)
"""The size that an ordinary card comes closest to: eight on A4, a little larger than ISO A7."""

_MOST_COLUMNS, _MOST_ROWS = 6, 8
_AWAY, _LONGEST = 1.2 * MM, 5 * MM  # how far a cut mark stays off the cards, and how long it is at most
_EDGE = 0.4 * MM  # how near a cut mark comes to the paper's edge
_HAIRLINE = 0.3


class Flip(StrEnum):
    """The edge about which the printer turns the sheet: its long one, as a book's page turns, or its short one."""

    LONG = "long"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle on a page."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def inset(self, by: float) -> Rect:
        """The rectangle without a border of that width."""
        return Rect(self.left + by, self.top + by, self.width - 2 * by, self.height - 2 * by)

    def holds(self, left: float, top: float, right: float, bottom: float) -> bool:
        """Whether a box lies wholly inside."""
        return left >= self.left and top >= self.top and right <= self.right and bottom <= self.bottom


@dataclass(frozen=True, slots=True)
class Grid:
    """A sheet cut into so many equal cells."""

    columns: int
    rows: int

    @property
    def count(self) -> int:
        """The number of cells."""
        return self.columns * self.rows

    def cell(self, area: Rect) -> Rect:
        """The first cell of an area."""
        return Rect(area.left, area.top, area.width / self.columns, area.height / self.rows)

    def cells(self, area: Rect, rtl: bool = False) -> tuple[Rect, ...]:
        """All cells in reading order, from the right where the language runs so. They abut: one cut serves two."""
        first = self.cell(area)
        columns = range(self.columns)
        return tuple(
            Rect(area.left + column * first.width, area.top + row * first.height, first.width, first.height)
            for row in range(self.rows)
            for column in (reversed(columns) if rtl else columns)
        )


def printable(sheet: Sheet, margins: tuple[float, float, float, float] | None) -> Rect:
    """What the cards fill: the sheet without its margins, given in mm as top, right, bottom, left."""
    top, right, bottom, left = (length * MM for length in margins or (MARGIN,) * 4)
    return Rect(left, top, sheet.width - left - right, sheet.height - top - bottom)


def grids(area: Rect) -> tuple[Grid, ...]:
    """The ways to cut an area, from ordinary cards to a single one, each with larger cells than the one before."""
    normal = min(
        (Grid(columns, rows) for columns in range(1, _MOST_COLUMNS + 1) for rows in range(1, _MOST_ROWS + 1)),
        key=lambda grid: _unlike_normal(grid.cell(area)),
    )
    upright = area.height >= area.width
    larger = (Grid(2, 4), Grid(2, 2), Grid(1, 2)) if upright else (Grid(4, 2), Grid(2, 2), Grid(2, 1))
    chosen = [normal]
    for grid in (*larger, Grid(1, 1)):
        if grid.columns <= chosen[-1].columns and grid.rows <= chosen[-1].rows and grid != chosen[-1]:
            chosen.append(grid)
    return tuple(chosen)


def _unlike_normal(cell: Rect) -> float:
    """How far a cell is from an ordinary card, in size and in shape."""
    width, height = NORMAL
    return abs(log(cell.width * cell.height / (width * height))) + abs(log(cell.width / cell.height / (width / height)))


def behind(place: Rect, sheet: Sheet, flip: Flip) -> Rect:
    """The place on the back page that lies behind one on the front, once the printer has turned the sheet.

    The turn about an upright edge changes left and right, about a level one top and bottom. The edge meant is the
    paper's own, so for a sheet that lies on its side the long edge is the level one (PWG 5100.1, `sides`).
    """
    upright_edge = (flip is Flip.LONG) == (sheet.height >= sheet.width)
    if upright_edge:
        return Rect(sheet.width - place.right, place.top, place.width, place.height)
    return Rect(place.left, sheet.height - place.bottom, place.width, place.height)


def cut_marks(sheet: Sheet, area: Rect, grid: Grid) -> bytes:
    """An SVG of the whole sheet: a hairline in the margin at both ends of each cut, none over a card."""
    path = " ".join(_ends(sheet, area, grid))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{sheet.width:.2f}pt" height="{sheet.height:.2f}pt" '
        f'viewBox="0 0 {sheet.width:.2f} {sheet.height:.2f}">'
        f'<path d="{path}" fill="none" stroke="#000" stroke-width="{_HAIRLINE}"/></svg>'
    ).encode()


def _ends(sheet: Sheet, area: Rect, grid: Grid) -> Iterator[str]:
    cell = grid.cell(area)
    below, after = sheet.height - area.bottom, sheet.width - area.right
    for column in range(grid.columns + 1):
        x = area.left + column * cell.width
        yield f"M{x:.2f} {area.top - _AWAY:.2f}v{-_length(area.top):.2f}"
        yield f"M{x:.2f} {area.bottom + _AWAY:.2f}v{_length(below):.2f}"
    for row in range(grid.rows + 1):
        y = area.top + row * cell.height
        yield f"M{area.left - _AWAY:.2f} {y:.2f}h{-_length(area.left):.2f}"
        yield f"M{area.right + _AWAY:.2f} {y:.2f}h{_length(after):.2f}"


def _length(margin: float) -> float:
    return min(_LONGEST, margin - _AWAY - _EDGE)
