"""Cards from deck to deck in a running Anki, and decks that nothing is left in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from studypack.desk import holdings
from studypack.desk.ankiconnect import Anki, batches
from studypack.desk.holdings import Holdings
from studypack.desk.moves import Deck, Due, Homes
from studypack.lock import Lock
from studypack.model import Guid
from studypack.writers.cards.names import deck_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Cards that went from a deck to another."""

    born: Deck
    wanted: Deck
    cards: tuple[int, ...]


def move(anki: Anki, homes: Homes, held: Holdings) -> tuple[tuple[Moved, ...], Mapping[Guid, str]]:
    """Moves cards from the deck that they were born in to where they belong; says which are in a third one."""
    due = [one for one in homes.due if one.guid in held.notes]
    names = {holdings.deck_key(deck): deck for one in due for deck in (one.born, one.wanted)}
    there = {key: holdings.cards_in(anki, deck) for key, deck in names.items()}
    journeys: dict[tuple[str, str], list[int]] = {}
    decks: dict[tuple[str, str], Due] = {}
    strayed: dict[Guid, list[int]] = {}
    for one in due:
        way = (holdings.deck_key(one.born), holdings.deck_key(one.wanted))
        cards = held.notes[one.guid].cards
        journeys.setdefault(way, []).extend(card for card in cards if card in there[way[0]])
        decks.setdefault(way, one)
        if third := [card for card in cards if card not in there[way[0]] | there[way[1]]]:
            strayed[one.guid] = third
    moved = tuple(
        Moved(born=decks[way].born, wanted=decks[way].wanted, cards=tuple(cards))
        for way, cards in journeys.items()
        if cards
    )
    _carry(anki, homes, moved)
    return moved, _whereabouts(anki, strayed)


def _carry(anki: Anki, homes: Homes, moved: Sequence[Moved]) -> None:
    """Each to its deck; a deck under a new name gets the old one's options, which a new deck would not have."""
    names = {name.casefold() for name in anki.ask("deckNames")} if moved else set()
    for one in moved:
        born, wanted = deck_name(one.born), deck_name(one.wanted)
        options = anki.ask("getDeckConfig", deck=born) if holdings.deck_key(one.born) in homes.renamed else None
        for some in batches(one.cards):
            anki.change("changeDeck", cards=some, deck=wanted)
        if wanted.casefold() not in names and isinstance(options, dict) and int(options["id"]) != 1:
            anki.change("setDeckConfigId", decks=[wanted], configId=int(options["id"]))


def _whereabouts(anki: Anki, strayed: Mapping[Guid, Sequence[int]]) -> Mapping[Guid, str]:
    """The deck that holds the first of each note's cards."""
    if not strayed:
        return {}
    decks = anki.ask("getDecks", cards=[cards[0] for cards in strayed.values()])
    names = {card: name for name, cards in decks.items() for card in cards}
    return {guid: names.get(cards[0], "") for guid, cards in strayed.items()}


def leave(anki: Anki, homes: Homes, moved: Sequence[Moved]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Deletes the decks that nothing is left in, the deepest first; returns them, and those that something is in."""
    old = {key: born for key, (born, _) in homes.renamed.items()}
    old |= {holdings.deck_key(one.born): one.born for one in moved}
    leaving = frozenset(card for one in moved for card in one.cards)
    return clear(anki, unneeded(old, homes.lock), leaving)


def sweep(anki: Anki, there: Iterable[str]) -> None:
    """Deletes the decks that an import made and left empty; `there` are those from before it.

    It makes every deck that the package names, also those that a learner calls otherwise and will see come back.
    """
    known = set(there)
    if made := [tuple(name.split("::")) for name in anki.ask("deckNames") if name not in known]:
        clear(anki, made)


def unneeded(decks: Mapping[str, Deck], lock: Lock) -> list[Deck]:
    """Those of the decks, which are by name as Anki compares it, that no note of the guide is at home in, or below."""
    homes = {entry.deck for entry in lock.entries if not entry.retired}
    needed = {holdings.deck_key(deck[:depth]) for deck in homes for depth in range(1, len(deck) + 1)}
    return [deck for key, deck in decks.items() if key not in needed]


def clear(
    anki: Anki, decks: Iterable[Deck], leaving: frozenset[int] = frozenset()
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Deletes those of the decks that hold neither a card nor a subdeck; returns them, and the rest.

    A card that a filtered deck has is still at home. `leaving` are cards that a dry run leaves there.
    """
    left = {name.casefold(): name for name in anki.ask("deckNames")}
    gone: list[str] = []
    kept: list[str] = []
    for deck in sorted(decks, key=lambda deck: (-len(deck), deck)):
        key = holdings.deck_key(deck)
        if key not in left:
            continue
        full = any(name.startswith(f"{key}::") for name in left) or bool(
            holdings.cards_in(anki, deck, below=True) - (leaving if anki.dry else frozenset())
        )
        (kept if full else gone).append(left[key])
        if not full:
            anki.change("deleteDecks", decks=[left[key]], cardsToo=True)  # Anki has no other way; there are none
            del left[key]
    return tuple(gone), tuple(kept)
