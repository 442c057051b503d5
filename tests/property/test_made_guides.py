"""Guides of known words: each word is found where it was put, and asked once."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TypeVar

from hypothesis import given, settings
from hypothesis import strategies as st

from studypack.diagnostics import has_errors
from studypack.model import Note
from tests.anki.collection import collection, import_package
from tests.property.packs import Pack, faces, own_text, pack, siblings
from tests.property.strategies import WORD, Made, guides

T = TypeVar("T")
_ENDS = st.sampled_from(("\n", "\n", "\r\n", "\r"))


def _pack(made: Made) -> Pack:
    packed = pack(made.text)
    assert not has_errors(packed.diagnostics), packed.diagnostics
    assert packed.guide
    return packed


def _asked(note: Note) -> set[str]:
    """The words of a note; where it stands (its breadcrumb) is not asked."""
    *shown, _breadcrumb = faces(note)
    return set(WORD.findall(" ".join(shown)))


def _words(notes: Iterator[Note]) -> set[str]:
    return set(WORD.findall(" ".join(chain.from_iterable(map(faces, notes)))))


def _shuffled(parts: list[T], chance: Random) -> list[T]:
    return chance.sample(parts, len(parts))


@given(guides())
@settings(max_examples=120)
def test_no_word_is_lost(made: Made) -> None:
    """Every word of a guide is on a card or in its breadcrumb, but for what the author keeps out of the deck."""
    packed = _pack(made)
    found = _words(iter(packed.notes))
    lost, leaked = (made.body | made.shared) - found, made.apart & found
    assert not lost
    assert not leaked


@given(guides())
@settings(max_examples=100)
def test_nothing_is_asked_twice(made: Made) -> None:
    """A word that is no heading, column head or footnote is in one note only."""
    asked = [_asked(note) & made.body for note in _pack(made).notes]
    for number, words in enumerate(asked):
        for other in asked[number + 1 :]:
            assert not words & other


@given(guides(), _ENDS)
@settings(max_examples=100)
def test_places_cover_their_text(made: Made, end: str) -> None:
    """The place of each block, item, row, term and section covers the words that it says."""
    packed = pack(made.text.replace("\n", end))
    assert packed.source
    assert packed.guide
    for node in chain.from_iterable(siblings(packed.guide)):
        said = set(WORD.findall(own_text(node)))
        assert said <= set(WORD.findall(packed.source.slice(node.span))), node


# Until the number of a footnote is no part of a key, see test_known_faults.py.
@given(guides(), st.randoms(use_true_random=False), _ENDS)
@settings(max_examples=60)
def test_order_is_no_identity(made: Made, chance: Random, end: str) -> None:
    """Topics and sections in another order, and other line ends, keep every guid."""
    before = {known.guid: known.note.key for known in _pack(made).known}
    made.topics = [(head, _shuffled(below, chance)) for head, below in _shuffled(made.topics, chance)]
    after = {known.guid: known.note.key for known in pack(made.text.replace("\n", end)).known}
    assert before == after


@given(st.lists(guides(), min_size=1, max_size=1))
@settings(max_examples=4)
def test_anki_takes_it(many: list[Made]) -> None:
    """Anki imports the package, every note and card of it, and finds nothing to repair."""
    packed = _pack(many[0])
    with TemporaryDirectory() as folder, collection(Path(folder)) as learner:
        log = import_package(learner, packed.package, Path(folder))
        assert len(log.new) == len(packed.notes)
        assert not learner.get_empty_cards().notes
        text, clean = learner.fix_integrity()
        assert clean, text
