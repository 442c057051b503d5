"""What a running Anki holds of one guide: its notes, found by their field SPID, and where their cards are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from studypack.desk.ankiconnect import Anki, batches
from studypack.model import Guid
from studypack.writers.cards import syntax
from studypack.writers.cards.names import deck_name

SPID = "SPID"
"""The field that says which note of which guide a note is: `guide/guid`."""

_SPECIAL = re.compile(r'[\\"*_:]')


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A note in Anki: its id, its fields by name, its tags, its cards in order.

    `time` is when it last changed there, seconds since 1970; None where AnkiConnect is too old to say.
    """

    id: int
    guid: Guid
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    cards: tuple[int, ...]
    time: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """What Anki holds of a guide, by guid. `copies` are notes that a learner made of those: theirs, never touched."""

    notes: Mapping[Guid, Held]
    copies: tuple[int, ...] = ()


def of(anki: Anki, guide: str) -> Holdings:
    """What Anki holds of the guide of this name, as its lock has it.

    The search may find more (it does not tell upper case from lower): only notes whose SPID begins with the name,
    letter by letter, count. Of two with the same SPID the one with the lower id is the guide's: packages give ids from
    before 2021, and a copy gets the time of its making.
    """
    start = _nfc(f"{syntax.text(guide)}/")
    ids = anki.ask("findNotes", query=f'"{SPID}:{escaped(start)}*"')
    notes: dict[Guid, Held] = {}
    copies: list[int] = []
    for some in batches(sorted(ids)):
        for row in anki.ask("notesInfo", notes=some):
            spid = _nfc(row["fields"][SPID]["value"]) if row and SPID in row["fields"] else ""
            if not spid.startswith(start):
                continue
            held = _held(row, Guid(spid.removeprefix(start)))
            if notes.setdefault(held.guid, held) is not held:
                copies.append(held.id)
    return Holdings(notes=notes, copies=tuple(copies))


def _held(row: Mapping[str, object], guid: Guid) -> Held:
    fields, tags, cards, time = row["fields"], row["tags"], row["cards"], row.get("mod")
    assert isinstance(fields, dict)
    assert isinstance(tags, list)
    assert isinstance(cards, list)
    return Held(
        id=int(str(row["noteId"])),
        guid=guid,
        fields={name: str(one["value"]) for name, one in fields.items()},
        tags=tuple(map(str, tags)),
        cards=tuple(map(int, cards)),
        time=time if isinstance(time, int) else None,
    )


def cards_in(anki: Anki, deck: tuple[str, ...], *, below: bool = False) -> frozenset[int]:
    """The cards whose home is this deck, also while a filtered deck has them; with `below`, its subdecks' cards too."""
    name = escaped(deck_name(deck))
    query = f'"deck:{name}"' if below else f'"deck:{name}" -"deck:{name}\\:\\:*"'
    return frozenset(anki.ask("findCards", query=query))


def suspended(anki: Anki, cards: Iterable[int]) -> frozenset[int]:
    """Those of the cards that are suspended."""
    found: set[int] = set()
    for some in batches(cards):
        found |= {card for card, is_so in zip(some, anki.ask("areSuspended", cards=some), strict=True) if is_so}
    return frozenset(found)


def escaped(text: str) -> str:
    """Text for Anki's search, in which `*`, `_` and others would mean something."""
    return _SPECIAL.sub(r"\\\g<0>", text)


def same_deck(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two paths are one deck for Anki, which does not tell upper case from lower."""
    return deck_key(one) == deck_key(other)


def deck_key(deck: tuple[str, ...]) -> str:
    """A deck's name as Anki compares it."""
    return deck_name(deck).casefold()


def same_text(one: str, other: str) -> bool:
    """Whether two texts are one for Anki, which composes what it stores."""
    return one == other or _nfc(one) == _nfc(other)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
