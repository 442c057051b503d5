"""Who a note is, when it last changed, and where it stands among new cards."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable

from studypack.model import BasicNote, ClozeNote, Guid, KnownNote, Note

STEP = 100
"""The distance between the positions of two notes, so that later ones find room in between."""


def assign(guide: str, notes: Iterable[Note], now: int) -> tuple[KnownNote, ...]:
    """Gives each note its identity: a guid made from the guide's name and the note's key, the time `now` in seconds.

    Until a lock remembers more, a note whose key changes is a new note.
    """
    return tuple(
        KnownNote(
            note=note,
            guid=_guid(guide, note.pin, note.key),
            time=now,
            position=number * STEP,
            numbers=_numbers(note),
        )
        for number, note in enumerate(notes, start=1)
    )


def _guid(guide: str, pin: str | None, key: tuple[str, ...]) -> Guid:
    """80 bits of a hash over an unambiguous encoding, in letters that every file name and search can hold."""
    who = ["studypack", 1, guide, key[0], f"#{pin}"] if pin else ["studypack", 1, guide, *key]
    digest = hashlib.sha256(json.dumps(who, ensure_ascii=False).encode()).digest()
    return Guid(base64.b32encode(digest[:10]).decode("ascii").lower())


def _numbers(note: Note) -> tuple[int, ...]:
    match note:
        case BasicNote():
            return ()
        case ClozeNote():
            return tuple(range(1, len(note.gaps) + 1))
