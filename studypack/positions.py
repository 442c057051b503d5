"""The places of notes among new cards: an old note keeps its own, a new one lands between its neighbours."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

STEP = 100
"""The distance between the positions of two notes, so that later ones find room in between."""


def keep_positions(old: Sequence[int | None]) -> list[int]:
    """Positions that rise in guide order. Notes that kept their order keep them; others land in between.

    Where there is no room left all are numbered anew: cards that a learner has are not moved by it.
    """
    fixed = _longest_rising(old)
    found: list[int] = []
    before, i = 0, 0
    while i < len(old):
        if i in fixed:
            before = old[i] or 0
            found.append(before)
            i += 1
            continue
        end = next((j for j in range(i, len(old)) if j in fixed), len(old))
        room = ((old[end] or 0) - before) / (end - i + 1) if end < len(old) else STEP
        found += [before + int(room * step) for step in range(1, end - i + 1)]
        i = end
    rising = all(one < other for one, other in pairwise((0, *found)))
    return found if rising else [STEP * number for number in range(1, len(old) + 1)]


def _longest_rising(values: Sequence[int | None]) -> set[int]:
    """The places of a longest strictly rising run of values, None left out (patience sorting)."""
    tops: list[int] = []
    at: list[int] = []
    before: dict[int, int | None] = {}
    for i, value in enumerate(values):
        if value is None:
            continue
        slot = bisect_left(tops, value)
        tops[slot : slot + 1] = [value]
        at[slot : slot + 1] = [i]
        before[i] = at[slot - 1] if slot else None
    found: set[int] = set()
    last = at[-1] if at else None
    while last is not None:
        found.add(last)
        last = before[last]
    return found
