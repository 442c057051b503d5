"""All tables on one sheet, at the largest type that fits: solved on their outlines, before any layout.

A page is *bands* one below the other; a band is *stacks* side by side; a stack is tables one above the other, all in
reading order. For each run of tables there is a curve of what it can look like: the least height for each width,
in em. Curves of longer runs are put together from those of shorter ones, so that the best page of all is found without
trying type sizes; each point of the page's curve gives one.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studypack.writers.paper.fit import GAP, Outline

Stack = tuple[int, int]
"""Tables from the first to the second number (exclusive), one above the other."""
Band = tuple[Stack, ...]
"""Stacks side by side."""
Bands = tuple[Band, ...]
"""What stands on a page, from top to bottom."""

Form = tuple[float, float, Bands]
"""A width that a run of tables can take, its height then, and how they stand."""
Curve = list[Form]
"""Forms from the narrowest and highest to the widest and lowest."""

TITLE, TITLE_LEAST, TITLE_MOST = 1.55, 14.0, 26.0
"""The title's type: so many times that of the tables, but at least and at most so many points."""
TITLE_ROOM = 1.75
"""The height that the title takes with the rule and the room below it, in its own type."""

_CALM = 0.975  # one stack looks calmer than several, and one band than several: worth so much of the type size
_POINTS, _FEWEST = 2400, 40  # points of all curves of one length together; of one curve


@dataclass(frozen=True, slots=True)
class Room:
    """A way to lay the paper: whether turned, and the width and height (pt) that the title and the tables may fill.

    `extra` is height (pt) that a long title or legend takes besides.
    """

    turned: bool
    width: float
    height: float
    extra: float = 0.0

    def high(self, size: float) -> float:
        """The height left for tables, in em of that type size (pt)."""
        return (self.height - self.extra - TITLE_ROOM * title_size(size)) / size

    def largest(self, width: float, height: float) -> float:
        """The largest type (pt) at which tables of that width and height (em) fit."""
        room = self.height - self.extra
        size = (room - TITLE_ROOM * TITLE_LEAST) / height
        if size * TITLE > TITLE_LEAST:
            size = room / (height + TITLE_ROOM * TITLE)
        if size * TITLE > TITLE_MOST:
            size = (room - TITLE_ROOM * TITLE_MOST) / height
        return min(size, self.width / width)


def title_size(size: float) -> float:
    """The title's type (pt) for tables of a type size (pt)."""
    return min(max(TITLE * size, TITLE_LEAST), TITLE_MOST)


@dataclass(frozen=True, slots=True)
class Placing:
    """How a run of tables is placed on a page: the type size (pt) that it allows, the room, and the bands."""

    size: float
    room: Room
    bands: Bands


class Atlas:
    """What every run of some tables can look like. `floor` is the smallest type (pt) of interest."""

    def __init__(self, outlines: Sequence[Outline], rooms: Sequence[Room], floor: float) -> None:
        self._count = len(outlines)
        self._floor = floor
        self._most = max(_POINTS // max(len(outlines), 1) // 4, _FEWEST)
        self._width = max(room.width for room in rooms) / floor
        self._height = max(room.height for room in rooms) / floor
        self._tables = [
            self._thin([(p.width, p.height, (((number, number + 1),),)) for p in outline.points])
            for number, outline in enumerate(outlines)
        ]
        self._stacks = self._all_stacks()
        self._bands = self._all_bands()
        self._pages: dict[int, list[Curve]] = {}

    def place(self, room: Room, most: float, first: int = 0, end: int | None = None) -> Placing | None:
        """The best page for a run of tables, at `most` points at most; None when it does not fit at the floor."""
        end = self._count if end is None else end
        curves = (self._stacks[first, end], self._bands[first, end], self._page(first)[end - first])
        found = [placing for curve in curves if (placing := _best(curve, room, most)) is not None]
        best = max((placing.size for placing in found), default=0.0)
        return next((placing for placing in found if placing.size >= max(_CALM * best, self._floor)), None)

    def _all_stacks(self) -> dict[Stack, Curve]:
        """Every run as one stack."""
        stacks: dict[Stack, Curve] = {}
        for first in range(self._count):
            for end in range(first + 1, self._count + 1):
                below = self._tables[end - 1]
                stack = self._thin(beneath(stacks[first, end - 1], below)) if end > first + 1 else below
                stacks[first, end] = [(width, height, (((first, end),),)) for width, height, _ in stack]
        return stacks

    def _all_bands(self) -> dict[Stack, Curve]:
        """Every run as one band: the stacks before, and a last stack, side by side."""
        bands: dict[Stack, Curve] = {}
        for end in range(1, self._count + 1):
            for first in range(end - 1, -1, -1):
                forms = list(self._stacks[first, end])
                for middle in range(first + 1, end):
                    forms += beside(bands[first, middle], self._stacks[middle, end])
                bands[first, end] = self._thin(forms)
        return bands

    def _page(self, first: int) -> list[Curve]:
        """The curves of all runs that begin there, by length, in any number of bands."""
        if first not in self._pages:
            curves: list[Curve] = [[]]
            for end in range(first + 1, self._count + 1):
                forms = list(self._bands[first, end])
                for middle in range(first + 1, end):
                    forms += beneath(curves[middle - first], self._bands[middle, end])
                curves.append(self._thin(forms))
            self._pages[first] = curves
        return self._pages[first]

    def _thin(self, forms: Iterable[Form]) -> Curve:
        """The best of the forms that can be on paper at all; not more than can be handled."""
        curve = _lowest(form for form in forms if form[0] <= self._width and form[1] <= self._height)
        if len(curve) <= self._most:
            return curve
        step = (len(curve) - 1) / (self._most - 1)
        return [curve[round(number * step)] for number in range(self._most)]


def beneath(upper: Curve, lower: Curve) -> Curve:
    """One below the other, at each width that either can take."""
    forms: Curve = []
    a = b = -1
    for width in sorted({form[0] for form in (*upper, *lower)}):
        while a + 1 < len(upper) and upper[a + 1][0] <= width:
            a += 1
        while b + 1 < len(lower) and lower[b + 1][0] <= width:
            b += 1
        if a >= 0 and b >= 0:
            forms.append((width, upper[a][1] + GAP + lower[b][1], upper[a][2] + lower[b][2]))
    return forms


def beside(left: Curve, right: Curve) -> Curve:
    """Side by side, at each height that either can take. Both are one band."""
    forms: Curve = []
    a, b = len(left), len(right)
    for height in sorted({form[1] for form in (*left, *right)}):
        while a and left[a - 1][1] <= height:
            a -= 1
        while b and right[b - 1][1] <= height:
            b -= 1
        if a < len(left) and b < len(right):
            forms.append((left[a][0] + GAP + right[b][0], height, ((*left[a][2][0], *right[b][2][0]),)))
    return forms[::-1]


def stacked(curves: Sequence[Curve]) -> Curve:
    """All of them, one below the other."""
    upper, *others = curves
    for curve in others:
        upper = beneath(upper, curve)
    return _lowest(upper)


def abreast(curves: Sequence[Curve]) -> Curve:
    """All of them, side by side."""
    left, *others = curves
    for curve in others:
        left = beside(left, curve)
    return _lowest(left)


def lowest_at(curve: Curve, width: float) -> Form | None:
    """The lowest form no wider than that."""
    place = bisect_right(curve, width + 1e-9, key=lambda form: form[0]) - 1
    return curve[place] if place >= 0 else None


def narrowest_at(curve: Curve, height: float) -> Form | None:
    """The narrowest form no higher than that."""
    return next((form for form in curve if form[1] <= height + 1e-9), None)


def largest(curve: Curve, room: Room, most: float) -> float:
    """The largest type (pt), `most` at most, at which a form of the curve fits; 0 when the curve is empty."""
    return max((min(room.largest(width, height), most) for width, height, _ in curve), default=0.0)


def _best(curve: Curve, room: Room, most: float) -> Placing | None:
    # Where many forms allow the largest type, the first one, the narrowest, would leave a sheet half empty.
    sizes = [(min(room.largest(width, height), most), number) for number, (width, height, _) in enumerate(curve)]
    if not sizes:
        return None
    size, number = max(sizes)
    return Placing(size, room, curve[number][2])


def _lowest(forms: Iterable[Form]) -> Curve:
    """The forms than which none is both narrower and lower."""
    curve: Curve = []
    for form in sorted(forms, key=lambda form: form[:2]):
        if not curve or form[1] < curve[-1][1] - 1e-9:
            curve.append(form)
    return curve
