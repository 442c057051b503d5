"""Where cards stand on a sheet: the flip, the cells, the cut marks, by arithmetic."""

from __future__ import annotations

import re

import pytest

from studypack.writers.paper.sizes import MM, PAPERS, Sheet, sheet
from studypack.writers.papercards.duplex import Flip, Grid, Rect, behind, cut_marks, grids, printable

MARGINS = (4.0, 25.0, 12.0, 60.0)
"""All different, and from the narrowest to the widest that a guide may set, in mm."""


def turned(x: float, y: float, paper: Sheet, flip: Flip) -> tuple[float, float]:
    """Where a point of the back page is seen from the front, through the paper, once the sheet was turned.

    A sheet turns about the edge that is named; that edge stays where it is, and what was next to the opposite edge on
    the back is next to the opposite edge on the front.
    """
    edges = {"upright": paper.height, "level": paper.width}
    edge = max(edges, key=lambda name: edges[name] * (1 if flip is Flip.LONG else -1))
    return (paper.width - x, y) if edge == "upright" else (x, paper.height - y)


@pytest.mark.parametrize("flip", Flip)
@pytest.mark.parametrize("name", PAPERS)
def test_what_is_behind_a_place_covers_it_when_the_sheet_is_turned(name: str, flip: Flip) -> None:
    """Corners of a place on the back, turned, are the corners of the place on the front; on every paper."""
    paper = sheet(name)
    for place in grids(printable(paper, MARGINS))[0].cells(printable(paper, MARGINS)):
        back = behind(place, paper, flip)
        corners = [turned(x, y, paper, flip) for x in (back.left, back.right) for y in (back.top, back.bottom)]
        assert min(corners) == pytest.approx((place.left, place.top))
        assert max(corners) == pytest.approx((place.right, place.bottom))
        assert (back.width, back.height) == (place.width, place.height)


@pytest.mark.parametrize("name", PAPERS)
@pytest.mark.parametrize("margins", [None, MARGINS])
def test_cells_fill_the_sheet_without_gaps(name: str, margins: tuple[float, float, float, float] | None) -> None:
    """Cells are equal, abut, and fill the printable part; each grid has larger cells than the one before."""
    area = printable(sheet(name), margins)
    found = grids(area)
    assert found[-1] == Grid(1, 1)
    for grid in found:
        cells = grid.cells(area)
        assert len({(round(cell.width, 6), round(cell.height, 6)) for cell in cells}) == 1
        assert sum(cell.width * cell.height for cell in cells) == pytest.approx(area.width * area.height)
        assert max(cell.right for cell in cells) == pytest.approx(area.right)
        assert max(cell.bottom for cell in cells) == pytest.approx(area.bottom)
    assert sorted((grid.count for grid in found), reverse=True) == [grid.count for grid in found]
    assert len(set(found)) == len(found)


def test_eight_ordinary_cards_stand_on_a4() -> None:
    """Two columns of four upright, nine lying; then four, two and one."""
    assert grids(printable(sheet("A4"), None)) == (Grid(2, 4), Grid(2, 2), Grid(1, 2), Grid(1, 1))
    assert grids(printable(sheet("A4 landscape"), None)) == (Grid(3, 3), Grid(2, 2), Grid(2, 1), Grid(1, 1))
    assert grids(printable(sheet("Letter"), None))[0] == Grid(2, 4)


def test_cards_of_a_language_from_right_to_left_begin_at_the_right() -> None:
    """The first card stands at the upper right, the second to its left."""
    area = Rect(10, 10, 100, 100)
    first, second, third, _ = Grid(2, 2).cells(area, rtl=True)
    assert (first.left, second.left, third.left) == (60, 10, 60)
    assert first.top == second.top < third.top


@pytest.mark.parametrize("margins", [None, (4.0, 4.0, 4.0, 4.0), MARGINS])
def test_cut_marks_stand_in_the_margins_only(margins: tuple[float, float, float, float] | None) -> None:
    """A mark at both ends of each cut, on the line of the cut, on the sheet, and outside the cards."""
    paper = sheet("A4")
    area, grid = printable(paper, margins), Grid(2, 4)
    marks = re.findall(r"M([\d.-]+) ([\d.-]+)([vh])([\d.-]+)", cut_marks(paper, area, grid).decode())
    assert len(marks) == 2 * (grid.columns + 1) + 2 * (grid.rows + 1)
    for x, y, way, length in ((float(x), float(y), way, float(length)) for x, y, way, length in marks):
        end = (x, y + length) if way == "v" else (x + length, y)
        for at in ((x, y), end):
            assert 0 <= at[0] <= paper.width
            assert 0 <= at[1] <= paper.height
            assert not (area.left - MM < at[0] < area.right + MM and area.top - MM < at[1] < area.bottom + MM)
        lines = [area.left + n * area.width / 2 for n in range(3)], [area.top + n * area.height / 4 for n in range(5)]
        cut = x if way == "v" else y
        assert min(abs(cut - line) for line in lines[way == "h"]) < 0.01
