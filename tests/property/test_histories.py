"""Years of edits in seconds: histories that know the truth, each revision built with the lock of the one before."""

from __future__ import annotations

import pytest

from tests.bench.history import KINDS
from tests.bench.replay import ByText, Count, Locked, replayed, told


@pytest.mark.parametrize("kind", KINDS)
def test_edited_notes_keep_their_reviews(kind: str) -> None:
    """No guid ever goes to another question, hardly one is lost, and far fewer than without a lock."""
    locked, by_text = Count(), Count()
    for seed in (301, 302):
        revisions = told(seed, 40, kind)
        locked.add(replayed(revisions, Locked()))
        by_text.add(replayed(revisions, ByText()))
    assert locked.cards > 3000
    assert locked.wrong == 0, locked.shown
    assert locked.recall > 0.975
    assert locked.lost * 1000 < locked.cards
    assert locked.lost * 10 < by_text.lost
    assert locked.wrong_gaps <= 1
