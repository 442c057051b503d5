"""Where cards should be today: decks that are called otherwise, notes that stand in another topic. Anki never asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from studypack import identity
from studypack.desk.holdings import deck_key
from studypack.identity import Decision
from studypack.lock import Lock
from studypack.model import Guid

Deck = tuple[str, ...]
"""A deck as a path from the top."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A note whose cards should be in another deck than the one they were born in: the lock's, and today's."""

    guid: Guid
    born: Deck
    wanted: Deck


@dataclass(frozen=True, slots=True, kw_only=True)
class Homes:
    """What a guide wants of decks today.

    `due` are the notes to move. `renamed` maps decks that are called otherwise today, by name as Anki compares it, the
    old one to both paths. `lock` is what to remember once that is done.
    """

    due: tuple[Due, ...]
    renamed: Mapping[str, tuple[Deck, Deck]]
    lock: Lock


def homes(decision: Decision) -> Homes:
    """What the guide wants of decks, against what its lock says of them.

    A live note should be in the deck of the topic that it stands in today. A retired one goes along when its deck is
    renamed, or the old deck would never get empty.
    """
    renamed = _renamed(decision)
    wanted = {known.guid: known.note.place.deck for known in decision.known}
    homes_ = {entry.guid: wanted.get(entry.guid) or _today(entry.deck, renamed) for entry in decision.lock.entries}
    due = tuple(
        Due(guid=entry.guid, born=entry.deck, wanted=homes_[entry.guid])
        for entry in decision.lock.entries
        if deck_key(entry.deck) != deck_key(homes_[entry.guid])
    )
    return Homes(due=due, renamed=renamed, lock=_settled(decision, homes_, renamed))


def _renamed(decision: Decision) -> Mapping[str, tuple[Deck, Deck]]:
    """The decks that have another name today.

    A name that a topic of today bears is not free: what is in it stays there. Decks of topics that are gone go where
    the guide's top deck goes.
    """
    rows = _rows(decision)
    taken = {deck_key(wanted) for _, wanted in rows.values()}
    pairs = list(rows.values())
    if "" in rows:
        born, wanted = rows[""]
        decks = (*decision.lock.topics.values(), *(entry.deck for entry in decision.lock.entries))
        pairs += [(deck, (*wanted, *deck[len(born) :])) for deck in decks if deck[: len(born)] == born]
    found: dict[str, tuple[Deck, Deck]] = {}
    for born, wanted in pairs:
        if deck_key(born) != deck_key(wanted) and deck_key(born) not in taken:
            found.setdefault(deck_key(born), (born, wanted))
    return MappingProxyType(found)


def _rows(decision: Decision) -> Mapping[str, tuple[Deck, Deck]]:
    """By topic the deck that it was born with and today's; the guide's own too, though no note may stand in it."""
    rows = {row.topic: (row.born, row.wanted) for row in identity.topic_decks(decision)}
    if decision.known:
        place = decision.known[0].note.place
        rows.setdefault("", (decision.lock.topics[""], place.deck[: place.depth]))
    return rows


def _today(deck: Deck, renamed: Mapping[str, tuple[Deck, Deck]]) -> Deck:
    return renamed[deck_key(deck)][1] if deck_key(deck) in renamed else deck


def _settled(decision: Decision, homes_: Mapping[Guid, Deck], renamed: Mapping[str, tuple[Deck, Deck]]) -> Lock:
    """The lock after all of it: topics and notes are at home where they are wanted."""
    entries = tuple(replace(entry, deck=homes_[entry.guid]) for entry in decision.lock.entries)
    rows = _rows(decision)
    topics = {
        topic: rows[topic][1] if topic in rows else _today(deck, renamed)
        for topic, deck in decision.lock.topics.items()
    }
    return replace(decision.lock, topics=MappingProxyType(topics), entries=entries)
