"""All tables on one sheet, at the largest type that fits: solved on measured words, before any layout.

Three steps. Each table gets its *outline*: the widths it can take, and how high it then is. For a type size, tables
are placed in reading order, as columns or as rows of tables side by side, each optimal by dynamic programming. The
type size is found by bisection. Lengths are in em of the type sought, but where points (pt) are named.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from studypack.writers.measure import Words, count_lines, narrowest, widest

LINE = 1.2
"""Height of a line of a table."""
PAD_X, PAD_Y, RULE = 0.38, 0.2, 0.06
"""Padding of a cell, and the rule below it."""
CAPTION_SIZE, CAPTION_LINE, CAPTION_GAP = 1.06, 1.25, 0.25
"""A caption's type, its line height (of that type), and what stands between it and the table."""
GAP = 1.1
"""What stands between two tables."""

_FINE = 1200  # a column of more words than this is measured at a few widths only
_STEPS = 28


@dataclass(frozen=True, slots=True)
class Point:
    """A width that a table can take, its height at that width, and the width of each column."""

    width: float
    height: float
    columns: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """What a table can look like: points from the narrowest and highest to the widest and lowest."""

    points: tuple[Point, ...]
    widths: tuple[float, ...]

    def at_width(self, width: float) -> Point | None:
        """The lowest form no wider than that."""
        place = bisect_right(self.widths, width + 1e-9) - 1
        return self.points[place] if place >= 0 else None

    def at_height(self, height: float) -> Point | None:
        """The narrowest form no higher than that."""
        place = bisect_left(self.points, -height - 1e-9, key=lambda point: -point.height)
        return self.points[place] if place < len(self.points) else None

    def nearest(self, width: float) -> Point:
        """The form for that width; the narrowest there is when it is narrower still."""
        return self.at_width(width) or self.points[0]


class Flow(StrEnum):
    """How tables follow one another: down columns, or along rows."""

    COLUMNS = "columns"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Group:
    """Tables `first` to `end` (exclusive) that share a column or a row of the page, and its width or height."""

    first: int
    end: int
    extent: float


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A way to place all tables. `size` is the type in points, `turned` a sheet lying the other way."""

    size: float
    flow: Flow
    turned: bool
    groups: tuple[Group, ...]


# --- outlines ----------------------------------------------------------------------------------------------------


def outline(rows: Sequence[Sequence[Words]], caption: Words = ()) -> Outline:
    """The outline of a table; its head is the first of `rows`, and all rows have as many cells."""
    columns = [_column([row[number] for row in rows]) for number in range(len(rows[0]))]
    points: list[Point] = []
    for point in sorted(_shrunk(columns, caption), key=lambda point: (point.width, point.height)):
        if not points or point.height < points[-1].height - 1e-9:
            points.append(point)
    return Outline(tuple(points), tuple(point.width for point in points))


def _column(cells: Sequence[Words]) -> list[tuple[float, list[int]]]:
    """From wide to narrow: widths of a column at which a cell takes one line more, and the lines of each cell."""
    least, most = max(map(narrowest, cells)), max(map(widest, cells))
    steps: list[tuple[float, list[int]]] = []
    for width in _widths(cells, least, most):
        lines = [count_lines(cell, width) for cell in cells]
        if not steps or lines != steps[-1][1]:
            steps.append((width, lines))
        else:
            steps[-1] = (width, lines)
    return steps


def _widths(cells: Sequence[Words], least: float, most: float) -> Iterable[float]:
    size = sum(len(line) for cell in cells for line in cell)
    steps = _STEPS if size > _FINE else 4 * _STEPS
    if most <= least * 1.001:
        return [most]
    ratio = (least / most) ** (1 / steps) if least else 0.5
    return [most, *(most * ratio**step for step in range(1, steps)), least]


def _shrunk(columns: Sequence[list[tuple[float, list[int]]]], caption: Words) -> Iterable[Point]:
    """From the widest form on, always narrow the column that costs the least height for the width it gives."""
    at = [0] * len(columns)
    rows = len(columns[0][0][1])
    while True:
        heights = [max(column[i][1][row] for column, i in zip(columns, at, strict=True)) for row in range(rows)]
        widths = tuple(column[i][0] + 2 * PAD_X for column, i in zip(columns, at, strict=True))
        width, total = sum(widths), sum(heights)
        yield Point(width, total * LINE + rows * (2 * PAD_Y + RULE) + RULE + _caption(caption, width), widths)
        costs = [
            (_growth(column, i, heights) / (column[i][0] - column[i + 1][0]), number)
            for number, (column, i) in enumerate(zip(columns, at, strict=True))
            if i + 1 < len(column)
        ]
        if not costs:
            return
        at[min(costs)[1]] += 1


def _growth(column: list[tuple[float, list[int]]], step: int, heights: Sequence[int]) -> float:
    """The lines that the table gains when a column takes its next narrower width."""
    return sum(lines - height for lines, height in zip(column[step + 1][1], heights, strict=True) if lines > height)


def _caption(caption: Words, width: float) -> float:
    if not caption:
        return 0.0
    return count_lines(caption, width / CAPTION_SIZE) * CAPTION_SIZE * CAPTION_LINE + CAPTION_GAP


# --- placing -----------------------------------------------------------------------------------------------------


def place(outlines: Sequence[Outline], flow: Flow, width: float, height: float) -> tuple[Group, ...] | None:
    """The groups that need the least of the page, or None when the tables do not fit."""
    down = flow is Flow.COLUMNS
    extent = _column_width if down else _row_height
    room, across = (height, width) if down else (width, height)
    best: list[float] = [0.0] + [float("inf")] * len(outlines)
    back: list[Group | None] = [None] * (len(outlines) + 1)
    for end in range(1, len(outlines) + 1):
        for first in range(end - 1, -1, -1):
            needed = extent(outlines[first:end], room)
            if needed is None:
                break
            total = best[first] + (GAP if first else 0.0) + needed
            if total < best[end]:
                best[end], back[end] = total, Group(first, end, needed)
    if best[-1] > across:
        return None
    return _trace(back)


def _trace(back: Sequence[Group | None]) -> tuple[Group, ...]:
    groups: list[Group] = []
    group = back[-1]
    while group is not None:
        groups.append(group)
        group = back[group.first]
    return tuple(reversed(groups))


def _column_width(tables: Sequence[Outline], height: float) -> float | None:
    """The least width at which the tables stand one above the other within a height."""
    room = height - GAP * (len(tables) - 1)
    widths = sorted({width for table in tables for width in table.widths})

    def fits(width: float) -> bool:
        points = [table.at_width(width) for table in tables]
        return all(points) and sum(point.height for point in points if point) <= room

    return _least(widths, fits)


def _row_height(tables: Sequence[Outline], width: float) -> float | None:
    """The least height at which the tables stand side by side within a width."""
    room = width - GAP * (len(tables) - 1)
    heights = sorted({point.height for table in tables for point in table.points})

    def fits(height: float) -> bool:
        points = [table.at_height(height) for table in tables]
        return all(points) and sum(point.width for point in points if point) <= room

    return _least(heights, fits)


def _least(values: Sequence[float], fits: Callable[[float], bool]) -> float | None:
    """The first of ascending values that fits, if any does."""
    if not fits(values[-1]):
        return None
    low, high = 0, len(values) - 1
    while low < high:
        middle = (low + high) // 2
        if fits(values[middle]):
            high = middle
        else:
            low = middle + 1
    return values[low]


# --- the type size -----------------------------------------------------------------------------------------------


def solve(
    outlines: Sequence[Outline], sheets: Sequence[tuple[bool, float, float]], least: float, most: float
) -> Arrangement | None:
    """The arrangement with the largest type, in points between `least` and `most`; None when even `least` is too large.

    `sheets` are the ways to lay the paper: whether turned, and the width and height (pt) that tables may fill.
    """
    best: Arrangement | None = None
    for turned, width, height in sheets:
        for flow in Flow:
            found = _largest(outlines, flow, (width, height), best.size + 0.05 if best else least, most)
            if found is not None:
                best = Arrangement(found[0], flow, turned, found[1])
    return best


def _largest(
    outlines: Sequence[Outline], flow: Flow, area: tuple[float, float], low: float, high: float
) -> tuple[float, tuple[Group, ...]] | None:
    @cache
    def at(size: float) -> tuple[Group, ...] | None:
        return place(outlines, flow, area[0] / size, area[1] / size)

    if low > high or at(low) is None:
        return None
    if at(high) is not None:
        low = high
    while high - low > 0.02:
        middle = (low + high) / 2
        if at(middle) is not None:
            low = middle
        else:
            high = middle
    groups = at(low)
    return (low, groups) if groups is not None else None
