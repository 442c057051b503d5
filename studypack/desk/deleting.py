"""Notes that left a guide, deleted from a running Anki once it has saved them."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from studypack.desk import decks, holdings, package
from studypack.desk.ankiconnect import Anki, AnkiError, batches
from studypack.desk.holdings import Held
from studypack.desk.moves import Deck
from studypack.lock import Lock
from studypack.model import Guid


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """Retired notes that were deleted, or would be; the packages that they were saved in; decks that went with them."""

    notes: tuple[Guid, ...] = ()
    backups: tuple[Path, ...] = ()
    decks: tuple[str, ...] = ()


def deletable(anki: Anki, lock: Lock) -> tuple[Held, ...]:
    """The notes in Anki that left the guide."""
    held = holdings.of(anki, lock.guide).notes
    return tuple(held[entry.guid] for entry in lock.entries if entry.retired and entry.guid in held)


def delete(anki: Anki, lock: Lock, notes: Sequence[Held], folder: Path) -> Deleted:
    """Deletes notes, once Anki has saved the decks that they are in, with their reviews, into this folder.

    Raises AnkiError where a note is in none of the packages that Anki saved; then nothing is deleted.
    """
    names = anki.ask("getDecks", cards=[card for held in notes for card in held.cards]) if notes else {}
    backups = _save(anki, lock.guide, _tops(names), {held.id for held in notes}, folder)
    for some in batches(held.id for held in notes):
        anki.change("deleteNotes", notes=some)
    cards = frozenset(card for held in notes for card in held.cards)
    gone, _ = decks.clear(anki, decks.unneeded(_homes(lock), lock) if notes else (), cards)
    return Deleted(notes=tuple(held.guid for held in notes), backups=backups, decks=gone)


def _homes(lock: Lock) -> Mapping[str, Deck]:
    """The decks of retired notes and the guide's top one, by name as Anki compares it."""
    homes = (*(entry.deck for entry in lock.entries if entry.retired), lock.topics.get("", ()))
    return {holdings.deck_key(deck): deck for deck in homes if deck}


def _tops(names: Iterable[str]) -> list[str]:
    """The decks without those that are below another of them: a deck is saved with its subdecks."""
    names = sorted(names)
    return [name for name in names if not any(name.startswith(f"{other}::") for other in names)]


def _save(anki: Anki, guide: str, names: Sequence[str], notes: set[int], folder: Path) -> tuple[Path, ...]:
    """Has Anki export the decks, and reads in the packages that the notes are there."""
    if anki.dry or not notes:
        return ()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise AnkiError(f"Nothing was deleted: {folder} cannot be made ({reason}). Name another: --backups.") from error
    stamp = time.strftime("%Y-%m-%d-%H%M%S")
    saved: dict[Path, frozenset[int]] = {}
    for number, name in enumerate(names, 1):
        # Not `backup-…`: Anki would take that for a whole collection, and replace the learner's by it.
        path = folder / f"{guide}-before-deleting-{stamp}-{number}.apkg"
        anki.change("exportPackage", deck=name, path=str(path.absolute()), includeSched=True)
        try:
            saved[path] = package.note_ids(path.read_bytes())
        except (OSError, ValueError):
            saved[path] = frozenset()
    if lost := notes - frozenset[int]().union(*saved.values()):
        raise AnkiError(
            f"Nothing was deleted: {len(lost)} of the notes are in no package that Anki saved into {folder}."
            " See that Anki may write there, and that this folder is on the same machine."
        )
    return tuple(saved)
