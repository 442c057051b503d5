"""What stands in a package (`.apkg`) that studypack built: each note as Anki will read it."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass

from studypack.model import Guid

_DATABASES = ("collection.anki21", "collection.anki2")
"""The collection in a package, the one that counts first: beside a newer one Anki puts an old one that says so."""

_SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A note in a package: its fields by name, its tags, and when it last changed, seconds since 1970."""

    guid: Guid
    fields: Mapping[str, str]
    tags: tuple[str, ...]
    time: int


def read(data: bytes) -> Mapping[Guid, Sent]:
    """The notes of a package that studypack built, by guid."""
    with closing(_opened(data)) as rows:
        (stored,) = rows.execute("SELECT models FROM col").fetchone()
        names = {int(key): [one["name"] for one in kind["flds"]] for key, kind in json.loads(stored).items()}
        found = (
            Sent(
                guid=Guid(guid),
                fields=dict(zip(names[kind], fields.split(_SEPARATOR), strict=True)),
                tags=tuple(tags.split()),
                time=time,
            )
            for guid, kind, time, tags, fields in rows.execute("SELECT guid, mid, mod, tags, flds FROM notes")
        )
        return {one.guid: one for one in found}


def note_ids(data: bytes) -> frozenset[int]:
    """The ids of the notes in a package that Anki exported in its older form, which every Anki reads."""
    with closing(_opened(data)) as rows:
        return frozenset(number for (number,) in rows.execute("SELECT id FROM notes"))


def _opened(data: bytes) -> sqlite3.Connection:
    """The collection of a package, in memory. Raises ValueError where there is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            name = next(name for name in _DATABASES if name in archive.namelist())
            database = archive.read(name)
    except (StopIteration, zipfile.BadZipFile) as error:
        raise ValueError("this is no package of Anki's") from error
    connection = sqlite3.connect(":memory:")
    connection.deserialize(database)
    return connection
