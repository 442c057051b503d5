"""How a table can look: the widths it can take, and how high it then is, from measured words and before any layout.

A table, or several of one shape whose columns stand under one another, gets its *outline*. Lengths are in em of the
type, so an outline holds at any type size.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from studypack.writers.paper.measure import LINE, Words, count_lines, narrowest, widest

PAD_X, PAD_Y, RULE = 0.38, 0.2, 0.06
"""Padding of a cell, and the rule below it."""
CAPTION_SIZE, CAPTION_LINE, CAPTION_GAP = 1.06, 1.25, 0.25
"""A caption's type, its line height (of that type), and what stands between it and the table."""
GAP = 1.1
"""What stands between two tables."""

_FINE = 1200  # a column of more words than this is measured at a few widths only
_STEPS = 28
_BROKEN = 2  # lines: what a broken word in a caption counts for

_Steps = list[tuple[float, list[float]]]
"""From wide to narrow: widths of a column at which a cell takes one line more, and the height of each cell in lines."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A caption above the columns from `first` to `end` (exclusive); `inset` is the padding at both of its sides."""

    words: Words
    first: int
    end: int
    inset: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The words of a table: its rows, the head the first of them, all of as many cells; and its captions."""

    rows: tuple[tuple[Words, ...], ...]
    labels: tuple[Label, ...] = ()

    def height(self, columns: Sequence[float]) -> float:
        """The table's height with columns of these widths, captions included."""
        inner = [width - 2 * PAD_X for width in columns]
        lines = sum(max(count_lines(cell, width) for cell, width in zip(row, inner, strict=True)) for row in self.rows)
        return lines * LINE + _frame(self, columns)


def outline(rows: Sequence[Sequence[Words]], labels: Sequence[Label] = ()) -> Outline:
    """The outline of a table; its head is the first of `rows`, and all rows have as many cells."""
    return joint_outline([Measured(rows=tuple(map(tuple, rows)), labels=tuple(labels))])


def joint_outline(tables: Sequence[Measured], stub: float | None = None) -> Outline:
    """The outline of tables with as many columns each, one above the other, their columns under one another.

    `stub` fixes the width of the first column.
    """
    columns = [_steps(tables, number) for number in range(len(tables[0].rows[0]))]
    if stub is not None:
        columns[0] = [(stub - 2 * PAD_X, _lines(tables, 0, stub - 2 * PAD_X))]
    points: list[Point] = []
    for point in sorted(_shrunk(columns, tables), key=lambda point: (point.width, point.height)):
        if not points or point.height < points[-1].height - 1e-9:
            points.append(point)
    return Outline(tuple(points), tuple(point.width for point in points))


def stub_widths(tables: Sequence[Measured], most: int) -> list[float]:
    """The widths, at most so many, that are worth trying for a first column that all the tables share."""
    steps = _steps(tables, 0)
    places = {round(number * (len(steps) - 1) / max(most - 1, 1)) for number in range(most)}
    return [steps[place][0] + 2 * PAD_X for place in sorted(places)]


def longest_word(tables: Sequence[Measured], column: int) -> float:
    """The least width of a column in which no word is broken."""
    return max(narrowest(row[column]) for table in tables for row in table.rows) + 2 * PAD_X


def _steps(tables: Sequence[Measured], column: int) -> _Steps:
    cells = [row[column] for table in tables for row in table.rows]
    least, most = max(map(narrowest, cells)), max(map(widest, cells))
    steps: _Steps = []
    for width in _widths(cells, least, most):
        lines = [count_lines(cell, width) for cell in cells]
        if not steps or lines != steps[-1][1]:
            steps.append((width, lines))
        else:
            steps[-1] = (width, lines)
    return steps


def _lines(tables: Sequence[Measured], column: int, width: float) -> list[float]:
    return [count_lines(row[column], width) for table in tables for row in table.rows]


def _widths(cells: Sequence[Words], least: float, most: float) -> Iterable[float]:
    size = sum(len(line) for cell in cells for line in cell)
    steps = _STEPS if size > _FINE else 4 * _STEPS
    if most <= least * 1.001:
        return [most]
    ratio = (least / most) ** (1 / steps) if least else 0.5
    return [most, *(most * ratio**step for step in range(1, steps)), least]


def _shrunk(columns: Sequence[_Steps], tables: Sequence[Measured]) -> Iterator[Point]:
    """From the widest form on, always narrow the column that costs the least height for the width it gives."""
    at = [0] * len(columns)
    heights = [max(cells) for cells in zip(*(column[0][1] for column in columns), strict=True)]
    costs = [_cost(column, 0, heights) for column in columns]
    while True:
        widths = tuple(column[i][0] + 2 * PAD_X for column, i in zip(columns, at, strict=True))
        frames = sum(_frame(table, widths) for table in tables) + GAP * (len(tables) - 1)
        yield Point(sum(widths), sum(heights) * LINE + frames, widths)
        cost, number = min((cost, number) for number, cost in enumerate(costs))
        if cost == float("inf"):
            return
        at[number] += 1
        if cost:
            lines = columns[number][at[number]][1]
            heights = [max(height, line) for height, line in zip(heights, lines, strict=True)]
            costs = [_cost(column, i, heights) for column, i in zip(columns, at, strict=True)]
        else:
            costs[number] = _cost(columns[number], at[number], heights)


def _cost(column: _Steps, step: int, heights: Sequence[float]) -> float:
    """The lines that the table gains for each em that the column's next narrower width gives; infinite at the last."""
    if step + 1 == len(column):
        return float("inf")
    gained = sum(lines - height for lines, height in zip(column[step + 1][1], heights, strict=True) if lines > height)
    return gained / (column[step][0] - column[step + 1][0])


def _frame(table: Measured, columns: Sequence[float]) -> float:
    """What of a table's height is not lines of its cells: padding, rules, captions."""
    rows = len(table.rows) * (2 * PAD_Y + RULE) + RULE
    if not table.labels:
        return rows
    lines = max(
        _label_lines(label, (sum(columns[label.first : label.end]) - 2 * label.inset) / CAPTION_SIZE)
        for label in table.labels
    )
    return rows + lines * CAPTION_SIZE * CAPTION_LINE + CAPTION_GAP


def _label_lines(label: Label, width: float) -> float:
    """The lines of a caption; more than there are where a word is broken, so that this is avoided."""
    return count_lines(label.words, width) + (_BROKEN if narrowest(label.words) > width else 0)
