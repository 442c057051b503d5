"""An order becomes a pack: each guide goes through Python-Markdown once, and the work grows with it in step."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import markdown
import pytest

from studypack import making
from studypack.pack import Order, Output, Pack, Wishes
from tests.bench.guides import guide

DECK = Wishes(only=frozenset({Output.DECK}), now=1_700_000_000)


def deck(cards: int) -> Pack:
    """The pack of a made-up guide."""
    return making.make(Order(path="g.md", text=guide(cards).encode(), wishes=DECK, root=Path()), None)


def calls(work: Callable[[], object]) -> int:
    """How many functions of Python are called: the same on every machine, whatever else it does."""
    count = Counter[str]()

    def see(_frame: FrameType, event: str, _argument: object) -> None:
        count[event] += 1

    sys.setprofile(see)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count["call"]


def test_a_guide_goes_through_python_markdown_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """One Python-Markdown is set up for a guide of hundreds of cards, and none of its one-shot conversions is used."""
    made: list[markdown.Markdown] = []
    begin = markdown.Markdown.__init__

    def count(self: markdown.Markdown, **settings: object) -> None:
        made.append(self)
        begin(self, **settings)  # type: ignore[arg-type]  # handed on as they are

    monkeypatch.setattr(markdown.Markdown, "__init__", count)
    monkeypatch.setattr(markdown.Markdown, "convert", lambda *_: pytest.fail("a conversion of its own"))
    assert sum(deck(400).cards.values()) >= 392
    assert len(made) == 1


def test_the_work_grows_in_step_with_the_cards() -> None:
    """Four times the cards are four times the calls, within a tenth: nothing is quadratic, from reading to the deck."""
    deck(100)  # what is imported and set up once
    few, many = (calls(lambda cards=cards: deck(cards)) for cards in (500, 2000))  # type: ignore[misc]
    assert 3.2 < many / few < 4.4
