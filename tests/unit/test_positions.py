"""Where notes stand among new cards."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studypack.positions import STEP, keep_positions

OLD = st.lists(st.none() | st.integers(1, 1_000), max_size=9)
"""Positions as the lock has them, for notes as the guide has them now; None for new notes."""


@pytest.mark.parametrize(
    ("old", "found"),
    [
        ((), []),
        ((None, None), [100, 200]),
        ((100, 200), [100, 200]),
        ((100, None, 200), [100, 150, 200]),
        ((None, 100), [50, 100]),
        ((100, None, None), [100, 200, 300]),
        ((200, 300, 100), [200, 300, 400]),  # moved behind two that stay
        ((7, None, 8), [100, 200, 300]),  # no room
    ],
)
def test_new_notes_land_between_old_ones(old: list[int | None], found: list[int]) -> None:
    """Old ones keep their positions where the order allows it, and where there is room."""
    assert keep_positions(old) == found


@given(OLD)
def test_positions_rise(old: list[int | None]) -> None:
    """So the order of new cards is the guide's."""
    found = keep_positions(old)
    assert len(found) == len(old)
    assert all(one < other for one, other in pairwise((0, *found)))


@given(OLD)
def test_as_many_as_can_keep_their_position(old: list[int | None]) -> None:
    """Unless all are numbered anew, for want of room."""
    found = keep_positions(old)
    kept = sum(before == now for before, now in zip(old, found, strict=True))
    anew = found == [STEP * number for number in range(1, len(old) + 1)]
    assert anew or kept >= _most_rising([position for position in old if position is not None])


def _most_rising(values: list[int]) -> int:
    """The length of the longest rising run, found by trying all."""
    sizes = range(len(values), 0, -1)
    runs = (size for size in sizes for run in combinations(values, size) if all(a < b for a, b in pairwise(run)))
    return next(runs, 0)
