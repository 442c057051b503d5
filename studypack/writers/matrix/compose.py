"""A page whose bands are known, made to look composed: columns under one another, spare room spread.

Columns of tables that stand one above the other are aligned where that costs next to no type size: all columns where
the tables have as many, else the first. Lengths are in em of the type, but where points (pt) are named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import ge

from studypack.writers.matrix.arrange import (
    Bands,
    Curve,
    Placing,
    Room,
    Stack,
    abreast,
    largest,
    lowest_at,
    narrowest_at,
    stacked,
)
from studypack.writers.paper.fit import GAP, PAD_X, Measured, Outline, Point, joint_outline, longest_word, stub_widths
from studypack.writers.paper.measure import widest

ALIGNED = 0.98
"""What aligned columns may make of the type size at least."""

_STUBS = 16  # widths of the first column that are tried
_PAD, _GAP = 0.24, 1.6  # what a cell's padding, above and below, and a gap between tables may grow by
_EVEN = (1.0, 0.8, 0.6, 0.4, 0.2, 0.0)


@dataclass(frozen=True, slots=True)
class Placed:
    """A table by its number, and the width of each of its columns."""

    table: int
    columns: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Pile:
    """Tables one above the other, `gap` apart, in a column so wide."""

    width: float
    tables: tuple[Placed, ...]
    gap: float


@dataclass(frozen=True, slots=True)
class Composition:
    """A page ready for print: type size (pt), room, what cells have as extra padding above and below.

    `shelves` are the bands, `gap` apart.
    """

    size: float
    room: Room
    pad: float
    gap: float
    shelves: tuple[tuple[Pile, ...], ...]


@dataclass(frozen=True, slots=True)
class _Unit:
    """Tables whose columns stand under one another, and their common outline; `stub` is a first column fixed."""

    tables: tuple[int, ...]
    outline: Outline
    stub: float | None


_Units = tuple[_Unit, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The bands of a page, stack by stack, with what is aligned; and the type size (pt) that it allows."""

    size: float
    room: Room
    bands: tuple[tuple[_Units, ...], ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    """How a stack is aligned: the width of its first column, and whether the other columns are aligned too."""

    stub: float | None = None
    whole: bool = False


@dataclass(slots=True)
class Composer:
    """Composes pages of some tables. It remembers the outlines it worked out."""

    tables: Sequence[Measured]
    _outlines: dict[tuple[tuple[int, ...], float | None], Outline] = field(default_factory=dict)

    def plan(self, placing: Placing, most: float, limits: Sequence[float] = ()) -> Plan:
        """The page with as much aligned as costs next to no type size.

        `most` is the largest type (pt); no page that reaches one of the `limits` (pt) is made smaller than that.
        """
        choices: dict[Stack, _Choice] = {stack: _Choice() for band in placing.bands for stack in band}
        size = self._plan(placing, choices, most).size
        least = max(ALIGNED * size, *(limit for limit in limits if limit <= size))
        for group in _groups(placing.bands):
            if sum(end - first for first, end in group if choices[first, end] == _Choice()) > 1:
                best = self._aligned(placing, choices, group, most, least)
                choices = best if best is not None else choices
        return self._plan(placing, choices, most)

    def _aligned(
        self, placing: Placing, choices: dict[Stack, _Choice], group: Sequence[Stack], most: float, least: float
    ) -> dict[Stack, _Choice] | None:
        """The choices with the stacks of a group aligned, as far as the type stays as large as `least` (pt)."""
        members = [self.tables[number] for first, end in group for number in range(first, end)]
        same = len({_columns(table) for table in members}) == 1 and len(group) == 1
        stubs = stub_widths([table for table in members if _columns(table) > 1] or members, _STUBS)
        for whole in (True, False):
            tried = [
                choices | dict.fromkeys(group, _Choice(stub, whole)) for stub in ([None] if whole and same else stubs)
            ]
            best = max(tried, key=lambda choice: self._plan(placing, choice, most).size)
            if self._plan(placing, best, most).size >= least:
                return best
        return None

    def _plan(self, placing: Placing, choices: dict[Stack, _Choice], most: float) -> Plan:
        bands = tuple(tuple(tuple(self._units(stack, choices[stack])) for stack in band) for band in placing.bands)
        curve = stacked([_band_curve(band) for band in bands])
        return Plan(largest(curve, placing.room, most), placing.room, bands)

    def _units(self, stack: Stack, choice: _Choice) -> Iterator[_Unit]:
        numbers = range(*stack)
        sorts: dict[int, list[int]] = {}
        for number in numbers:
            sorts.setdefault(_columns(self.tables[number]) if choice.whole else -number, []).append(number)
        for members in map(tuple, sorts.values()):
            stub = choice.stub if _columns(self.tables[members[0]]) > 1 else None
            if (members, stub) not in self._outlines:
                self._outlines[members, stub] = joint_outline([self.tables[number] for number in members], stub)
            yield _Unit(members, self._outlines[members, stub], stub)

    # --- settling

    def settle(self, plan: Plan, size: float, pad: float = _PAD) -> Composition:
        """The page at a type size (pt) that the plan allows, its spare room spread, `pad` the most for cells."""
        width, height = plan.room.width / size, plan.room.high(size)
        bands = [
            [(pile, self._placed(units, pile)) for units, pile in zip(band, piles, strict=True)]
            for band, piles in zip(plan.bands, _pile_widths(plan.bands, width), strict=True)
        ]
        pad = self._padding(bands, height, pad)
        tall = [[self._pile_height(tables, pad) for _, tables in band] for band in bands]
        spare = max(height - sum(map(max, tall)) - GAP * (len(tall) - 1), 0.0)
        gap = min(spare / (len(tall) - 1), _GAP) if len(tall) > 1 else 0.0
        shelves = tuple(
            tuple(
                Pile(wide, tables, GAP + _share(max(heights) + (spare if len(tall) == 1 else 0.0) - own, len(tables)))
                for (wide, tables), own in zip(band, heights, strict=True)
            )
            for band, heights in zip(bands, tall, strict=True)
        )
        return Composition(size, plan.room, pad, GAP + gap, shelves)

    def _placed(self, units: _Units, width: float) -> tuple[Placed, ...]:
        placed = (
            Placed(number, columns)
            for unit in units
            for columns in [self._spread(unit, unit.outline.nearest(width), width)]
            for number in unit.tables
        )
        return tuple(sorted(placed, key=lambda one: one.table))

    def _spread(self, unit: _Unit, point: Point, width: float) -> tuple[float, ...]:
        """The columns of a form stretched to a width, the subjects as even as they can be without growing higher."""
        stub, *subjects = point.columns
        if not subjects:
            return (width,)
        if unit.stub is None:
            natural = max(widest(row[0]) for number in unit.tables for row in self.tables[number].rows)
            stub = max(stub, min(stub * width / point.width, natural + 2 * PAD_X))
        rest = width - stub
        tables = [self.tables[number] for number in unit.tables]
        least = [longest_word(tables, column) for column in range(len(point.columns))]
        for even in _EVEN:
            share = rest / len(subjects)
            columns = (stub, *(even * share + (1 - even) * rest * own / sum(subjects) for own in subjects))
            height = sum(table.height(columns) for table in tables) + GAP * (len(tables) - 1)
            if height <= point.height + 1e-6 and all(map(ge, columns, least)):
                return columns
        return (stub, *(rest * own / sum(subjects) for own in subjects))

    def _pile_height(self, tables: Sequence[Placed], pad: float) -> float:
        rows = sum(len(self.tables[one.table].rows) for one in tables)
        heights = sum(self.tables[one.table].height(one.columns) for one in tables)
        return heights + 2 * pad * rows + GAP * (len(tables) - 1)

    def _padding(self, bands: Sequence[Sequence[tuple[float, Sequence[Placed]]]], height: float, most: float) -> float:
        """The most padding that cells can have besides, above and below, on a page so high."""

        def fits(pad: float) -> bool:
            tall = sum(max(self._pile_height(tables, pad) for _, tables in band) for band in bands)
            return tall + GAP * (len(bands) - 1) <= height

        steps = 24
        return next((most * step / steps for step in range(steps, 0, -1) if fits(most * step / steps)), 0.0)


def _groups(bands: Bands) -> Iterator[list[Stack]]:
    """Stacks whose left edges are one line, larger groups first: the first of every band; each stack by itself."""
    if len(bands) > 1:
        yield [band[0] for band in bands]
    for band in bands:
        yield from ([stack] for stack in band)


def _band_curve(band: Iterable[_Units]) -> Curve:
    return abreast([_stack_curve(units) for units in band])


def _stack_curve(units: _Units) -> Curve:
    return stacked([[(point.width, point.height, ((),)) for point in unit.outline.points] for unit in units])


def _pile_widths(bands: Sequence[Sequence[_Units]], width: float) -> list[list[float]]:
    """How wide each stack is on a page so wide: what it needs, and its share of the rest; edges aligned if possible."""
    needed = [_needed(band, width) for band in bands]
    same = [widths for widths in needed if len(widths) == max(map(len, needed))]
    common = [max(column) for column in zip(*same, strict=True)]
    if sum(common) + GAP * (len(common) - 1) <= width:
        needed = [common if len(widths) == len(common) else widths for widths in needed]
    return [
        [one + (width - sum(widths) - GAP * (len(widths) - 1)) / len(widths) for one in widths] for widths in needed
    ]


def _needed(band: Sequence[_Units], width: float) -> list[float]:
    """The widths that the stacks of a band need to be as low as it can be on a page so wide."""
    curve = _band_curve(band)
    low = lowest_at(curve, width) or curve[0]
    forms = [narrowest_at(_stack_curve(units), low[1]) for units in band]
    return [form[0] if form else 0.0 for form in forms]


def _share(spare: float, tables: int) -> float:
    return min(max(spare, 0.0) / (tables - 1), _GAP) if tables > 1 else 0.0


def _columns(table: Measured) -> int:
    return len(table.rows[0])
