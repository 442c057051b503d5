"""Which tables to print, joined or cut, on which sheet, at which size: the best of what the solver finds.

Nothing is laid out here; each answer is a matter of arithmetic on measured words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from studypack.writers.matrix.arrange import Atlas, Placing, Room
from studypack.writers.matrix.comparisons import Comparison, cut_rows, cut_subjects, families, join
from studypack.writers.paper.fit import Measured, Outline, outline

LARGEST = 16.0
"""No larger type, in points, however few the tables."""

FLOOR = 3.0
"""Nothing is printed smaller than this, in points: it would be grey, not text."""

_JOINED = 0.95  # what joining tables may make of the type size at least
_SHARES = 6  # in so many shares a family is joined at most
_CUT_BELOW = 7.5  # pt; tables are only cut into parts when they would be smaller whole
_ROWS = (80, 60, 50, 40, 34, 28, 24, 20, 17, 14, 12, 10, 8)
_SUBJECTS = (20, 14, 12, 10, 8, 7, 6, 5, 4, 3)
_WORTH = 1.04  # cutting tables must gain this much

_HOPELESS = 2.0  # a cut table takes half of the room at best, for short columns need not be as wide as long ones

Rooms = Sequence[Room]
"""The ways to lay the paper that there are to choose from."""


@dataclass(frozen=True, slots=True)
class Solution:
    """What to print: the tables, and where they stand on each page. `size` is the type of all pages (pt)."""

    size: float
    comparisons: tuple[Comparison, ...]
    pages: tuple[Placing, ...]


class Solver:
    """Solves for one guide. It remembers the outlines it worked out."""

    def __init__(self, measured: Callable[[Comparison], Measured]) -> None:
        self._measured = measured
        self._outlines: dict[Comparison, Outline] = {}

    def one_page(self, found: tuple[Comparison, ...], rooms: Rooms) -> Solution | None:
        """The largest type at which all fit on one page; None when they do not at FLOOR.

        Tables about the same aspects are joined where that does not make the type clearly smaller, and long or wide
        ones are cut into parts where that makes it clearly larger.
        """
        best = self._joined(found, rooms, partial(self._whole, rooms=rooms))
        if (best is not None and best.size >= _CUT_BELOW) or self._is_hopeless(found, rooms):
            return best
        for parts in self._cuts(best.comparisons if best else found):
            better = self._whole(parts, rooms)
            if better is not None and (best is None or better.size >= _WORTH * best.size):
                best = better
        return best

    def pages(self, found: tuple[Comparison, ...], rooms: Rooms, least: float) -> Solution | None:
        """As few pages as allow type of `least` points, all at one size; None when a row is larger than a page."""
        return self._joined(found, rooms, partial(self._on_pages, rooms=rooms, least=least))

    def without(self, found: tuple[Comparison, ...], left_out: Comparison) -> tuple[Comparison, ...]:
        """The tables but for the ones that a comparison was made of."""
        places = {group.span for group in left_out.groups}
        return tuple(each for each in found if each.groups[0].span not in places)

    def area(self, table: Comparison) -> float:
        """The least room that a table takes, in em by em."""
        return min(point.width * point.height for point in self._outline(table).points)

    def _is_hopeless(self, found: tuple[Comparison, ...], rooms: Rooms) -> bool:
        """Whether the tables would cover the page at FLOOR so often that cutting them cannot help."""
        largest = max(room.width * room.height for room in rooms) / FLOOR**2
        return sum(map(self.area, found)) > _HOPELESS * largest

    # --- one page

    def _whole(self, tables: tuple[Comparison, ...], rooms: Rooms) -> Solution | None:
        atlas = Atlas([self._outline(table) for table in tables], rooms, FLOOR)
        placings = [placing for room in rooms if (placing := atlas.place(room, LARGEST)) is not None]
        best = max(placings, key=lambda placing: placing.size, default=None)
        return Solution(best.size, tables, (best,)) if best else None

    def _joined(
        self, found: tuple[Comparison, ...], rooms: Rooms, solve: Callable[[tuple[Comparison, ...]], Solution | None]
    ) -> Solution | None:
        """The solution with each family of tables joined, whole or in shares, where that does not cost too much."""
        best = apart = solve(found)
        for family in families(found):
            members = [found[place] for place in family]
            for shares in range(1, min(len(members) // 2, _SHARES) + 1):
                tables = best.comparisons if best else found
                tried = solve(_join_shares(tables, members, shares))
                if tried is not None and (apart is None or best is None or _as_good(tried, apart)):
                    best = tried
                    break
        return best

    def _cuts(self, tables: tuple[Comparison, ...]) -> Iterator[tuple[Comparison, ...]]:
        for cut, sizes in ((cut_rows, _ROWS), (cut_subjects, _SUBJECTS)):
            for most in sizes:
                parts = tuple(part for table in tables for part in (cut(table, most) if not table.part else (table,)))
                if len(parts) > len(tables):
                    yield parts

    # --- several pages

    def _on_pages(self, found: tuple[Comparison, ...], rooms: Rooms, least: float) -> Solution | None:
        tables = tuple(part for table in found for part in self._small_enough(table, rooms, least))
        atlas = Atlas([self._outline(table) for table in tables], rooms, least)
        best: Solution | None = None
        for room in rooms:
            pages = _shared_out(atlas, room, len(tables))
            if pages and (best is None or (-len(pages), _size(pages)) > (-len(best.pages), best.size)):
                best = Solution(_size(pages), tables, pages)
        return best

    def _small_enough(self, table: Comparison, rooms: Rooms, least: float) -> Sequence[Comparison]:
        """The table, or the fewest parts of it that each fit on a page."""
        ways: list[Sequence[Comparison]] = [(table,)]
        ways += sorted(self._cuts((table,)), key=len)
        return next((parts for parts in ways if all(self._fits(part, rooms, least) for part in parts)), (table,))

    def _fits(self, table: Comparison, rooms: Rooms, least: float) -> bool:
        points = self._outline(table).points
        return any(room.largest(p.width, p.height) >= least for room in rooms for p in points)

    def _outline(self, table: Comparison) -> Outline:
        if table not in self._outlines:
            measured = self._measured(table)
            self._outlines[table] = outline(measured.rows, measured.labels)
        return self._outlines[table]


def _join_shares(found: Sequence[Comparison], members: Sequence[Comparison], shares: int) -> tuple[Comparison, ...]:
    """The tables with members of a family joined, in so many shares of equal length."""
    tables, size = tuple(found), -(-len(members) // shares)
    for start in range(0, len(members), size):
        share = members[start : start + size]
        tables = join(tables, [place for place, table in enumerate(tables) if table in share])
    return tables


def _as_good(joined: Solution, apart: Solution) -> bool:
    return len(joined.pages) <= len(apart.pages) and joined.size >= _JOINED * apart.size


def _shared_out(atlas: Atlas, room: Room, count: int) -> tuple[Placing, ...] | None:
    """The tables on as few pages as hold them, the smallest type of any page as large as it can be."""
    ends: list[tuple[Placing, ...] | None] = [None] * (count + 1)
    ends[0] = ()
    for _ in range(count):
        following: list[tuple[Placing, ...] | None] = [None] * (count + 1)
        for first, before in enumerate(ends[:-1]):
            for end in range(first + 1, count + 1) if before is not None else ():
                placing = atlas.place(room, LARGEST, first, end)
                if placing is None:
                    break
                pages = (*(before or ()), placing)
                known = following[end]
                if known is None or _size(pages) > _size(known):
                    following[end] = pages
        ends = following
        if ends[count] is not None:
            return ends[count]
    return None


def _size(pages: Sequence[Placing]) -> float:
    return min((placing.size for placing in pages), default=0.0)
