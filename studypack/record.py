"""What the last build of a guide was made of, and what it left: whether another would find anything to do.

Knowing that takes no heavy library. Files are compared by what is in them, never by their times.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from studypack import fingerprint
from studypack.cache import Cache
from studypack.folder import File, FileFault, read_file
from studypack.pack import Output, Wishes


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A build that went well.

    `made_of` is the digest of the guide and its lock as the build left them, `files` those of what the guide refers
    to, by the reference. `left` are the digests of the files that it wrote, None for those that are not to be there.
    `said` is its report.
    """

    made_of: str
    files: Mapping[str, str]
    left: Mapping[str, str | None]
    said: Mapping[str, Any]


class Records:
    """The records of one build's guides. Builds that differ in what was asked for have records of their own."""

    def __init__(self, cache: Cache, out: Path, wishes: Wishes) -> None:
        self._cache, self._deck = cache, Output.DECK in wishes.only
        # As it is called, too: the report says the names of files, and they lead elsewhere from another folder.
        self._name = ("record", str(out), str(out.absolute()), *map(str, _wished(wishes)))

    def of(self, guide: Path) -> Record | None:
        """What is remembered of a guide."""
        found = self._cache.get(*self._name, str(guide), str(guide.absolute()))
        return Record(**json.loads(found)) if found else None

    def keep(self, guide: Path, record: Record) -> None:
        """Remember a build."""
        self._cache.put(json.dumps(asdict(record)).encode(), *self._name, str(guide), str(guide.absolute()))

    def made_of(self, text: bytes, lock: bytes | None) -> str:
        """The digest of a guide and its lock; only a deck has to do with the lock."""
        return fingerprint.of_bytes(text, lock or b"" if self._deck else b"")


def holds(record: Record, made_of: str, root: Path) -> bool:
    """Whether all is still as a build left it: the guide in the folder `root`, what it refers to, and the outputs."""
    return (
        record.made_of == made_of
        and all(digest(read_file(root, reference)) == found for reference, found in record.files.items())
        and left_by({Path(file): _bytes(Path(file)) for file in record.left}) == record.left
    )


def digest(found: File | FileFault) -> str:
    """What tells a file, or why there is none, from another."""
    return fingerprint.of_value(found)


def left_by(made: Mapping[Path, bytes | None]) -> dict[str, str | None]:
    """What a build leaves that made these files; None for one that is not to be there."""
    return {str(file): None if data is None else fingerprint.of_bytes(data) for file, data in made.items()}


def _bytes(file: Path) -> bytes | None:
    return file.read_bytes() if file.is_file() else None


def _wished(wishes: Wishes) -> Iterable[object]:
    """What decides on the outputs; when, and under which conditions, does not."""
    usual = (wishes.usual_sheets, wishes.usual_matrix_fit)
    return (sorted(wishes.only), wishes.sheets, wishes.matrix_fit, *usual, wishes.duplex)
