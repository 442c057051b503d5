"""A real Anki collection to import packages into, and to ask what a learner would see."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import anki.collection  # noqa: F401  # first of all, for Anki's modules import one another in a circle
from anki.cards import Card
from anki.collection import Collection, ImportAnkiPackageRequest, ImportLogWithChanges
from anki.decks import DeckConfigId, DeckId
from anki.notes import Note

GOOD = 2
"""The rating "Good", as Anki counts from zero."""


@contextmanager
def collection(folder: Path) -> Iterator[Collection]:
    """A new collection in this folder, closed at the end."""
    opened = Collection(str(folder / "collection.anki2"))
    try:
        yield opened
    finally:
        opened.close()


def import_package(collection: Collection, package: bytes, folder: Path) -> ImportLogWithChanges.Log:
    """Import a package with the choices that Anki's dialog starts with; what Anki says of it."""
    path = folder / "pack.apkg"
    path.write_bytes(package)
    options = collection._backend.get_import_anki_package_presets()
    request = ImportAnkiPackageRequest(package_path=str(path), options=options)
    log = collection.import_anki_package(request).log
    collection.models._clear_cache()
    return log


def note_of(collection: Collection, guid: str) -> Note:
    """The note with this guid."""
    assert collection.db is not None
    return collection.get_note(collection.db.scalar("select id from notes where guid = ?", guid))


def cards_of(collection: Collection, guid: str) -> list[Card]:
    """The cards of the note with this guid, in the order of templates or clozes."""
    return note_of(collection, guid).cards()


def new_cards(collection: Collection) -> list[tuple[str, int]]:
    """Guid and place of each new card, in the order in which a learner meets them who lets Anki sort by position."""
    config = collection.decks.get_config(DeckConfigId(1))
    assert config is not None
    config["new"]["perDay"] = 9999
    config["newSortOrder"] = 1
    collection.decks.update_config(config)
    found = []
    for name in collection.decks.all_names_and_ids():
        if "::" not in name.name:
            collection.decks.select(DeckId(name.id))
            scheduler: Any = collection.sched
            queue = scheduler.get_queued_cards(fetch_limit=9999).cards
            found += [collection.get_card(entry.card.id) for entry in queue]
    return [(card.note().guid, card.ord) for card in found]


def study(collection: Collection, card: Card) -> None:
    """Answer a new card "Good" twice, so that it leaves learning."""
    for _ in range(2):
        card = collection.get_card(card.id)
        card.start_timer()
        states: Any = collection._backend.get_scheduling_states(card.id)
        scheduler: Any = collection.sched
        scheduler.answer_card(scheduler.build_answer(card=card, states=states, rating=GOOD))
