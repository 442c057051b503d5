"""What was made before, kept by what it was made of: one file, of bounded size, that anybody may delete at any time.

It is a table of SQLite, which sees to it that two builds at once do no harm. Whatever is wrong with it (no room, no
right to write, damage, a lock that lasts) costs time only: then nothing is remembered.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

from studypack.fingerprint import edition, of_bytes

T = TypeVar("T")

MOST = 512 * 2**20
"""The largest size of the file, in bytes; past it, what was not used for longest is forgotten."""

LARGEST = 64 * 2**20
"""The largest thing that is kept, in bytes."""

FORM = 1
"""The version of the table's form. Another form has another file, so that old and new studypacks get along."""

_DAY = 24 * 3600
_PATIENCE = 5.0  # seconds to wait for another build that is writing
_CHECK = 16  # bytes of digest before each thing, for a disk that lost power may hold anything


def default_folder(environment: Mapping[str, str]) -> Path:
    """Where the cache is: `STUDYPACK_CACHE_DIR`, or the folder for caches of this user and system."""
    if named := environment.get("STUDYPACK_CACHE_DIR"):
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("studypack", appauthor=False)


class Cache:
    """Things by name. Names are of one edition: what another version made is never found."""

    def __init__(self, folder: Path | None) -> None:
        self._file = folder / f"cache-{FORM}.sqlite" if folder else None

    @property
    def open(self) -> bool:
        """Whether anything can be kept here at all."""
        return self._file is not None

    def get(self, *name: str) -> bytes | None:
        """What was kept under a name; None if nothing is."""
        key = _key(name)
        return (self._with_table(lambda table: _get(table, (key,))) or {}).get(key)

    def put(self, value: bytes, *name: str) -> None:
        """Keep a thing under a name."""
        if len(value) <= LARGEST:
            self._with_table(lambda table: _put(table, {_key(name): value}))

    def several(self, kind: str, names: Iterable[str]) -> Mapping[str, bytes]:
        """What was kept of a kind, by its name, as far as it was."""
        keys = {_key((kind, name)): name for name in names}
        found = self._with_table(lambda table: _get(table, keys))
        return {keys[key]: value for key, value in (found or {}).items()}

    def put_several(self, kind: str, values: Mapping[str, bytes]) -> None:
        """Keep things of a kind, by their names."""
        rows = {_key((kind, name)): value for name, value in values.items() if len(value) <= LARGEST}
        if rows:
            self._with_table(lambda table: _put(table, rows))

    def _with_table(self, action: Callable[[sqlite3.Connection], T]) -> T | None:
        """What comes of an action on the table; None where there can be no table. A damaged one is thrown away."""
        if self._file is None:
            return None
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._file, timeout=_PATIENCE)) as table, table:
                # A cache need not survive a power cut: what is damaged then is noticed, and made again.
                table.execute("PRAGMA synchronous = OFF")
                table.execute("CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, used INTEGER, value BLOB)")
                return action(table)
        except OSError:
            return None
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            self._after(error)
            return None

    def _after(self, error: Exception) -> None:
        """What an error asks for: a damaged table is thrown away, one that stays locked is not waited for again.

        One that is full or read-only stays as it is. Python cannot even read the message of some damaged ones.
        """
        assert self._file is not None
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code in _DAMAGED:
            with suppress(OSError):
                self._file.unlink()
        elif code == sqlite3.SQLITE_BUSY:
            self._file = None


_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}
"""Codes of SQLite (sqlite.org/rescode.html) for a file that is no table of ours; the last: its columns are others."""


def _get(table: sqlite3.Connection, keys: Iterable[str]) -> Mapping[str, bytes]:
    """The things with these keys, as far as they are there; they count as used today. Raises where one is damaged."""
    found: dict[str, bytes] = {}
    old: list[tuple[int, str]] = []
    now = int(time.time())
    for key in keys:
        for value, used in table.execute("SELECT CAST(value AS BLOB), used + 0 FROM kept WHERE key = ?", (key,)):
            if value is None or _check(key, value[_CHECK:]) != value[:_CHECK]:
                raise sqlite3.DatabaseError("what was kept is not what was put")
            found[key] = value[_CHECK:]
            if used is None or used < now - _DAY:
                old.append((now, key))
    if old:
        with suppress(sqlite3.OperationalError):  # what is read-only can be read
            table.executemany("UPDATE kept SET used = ? WHERE key = ?", old)
    return found


def _put(table: sqlite3.Connection, values: Mapping[str, bytes]) -> None:
    now = int(time.time())
    rows = ((key, now, _check(key, value) + value) for key, value in values.items())
    table.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)
    _prune(table)


def _check(key: str, value: bytes) -> bytes:
    """What stands before a thing: a damaged index leads to the thing of another key."""
    return sha256(key.encode() + value).digest()[:_CHECK]


def _key(name: tuple[str, ...]) -> str:
    return of_bytes(edition().encode(), *(part.encode("utf-8", "surrogatepass") for part in name))


def _prune(table: sqlite3.Connection) -> None:
    """Forget what was not used for longest, a quarter of all, where the file is too large."""
    pages, free, size = (table.execute(f"PRAGMA {what}").fetchone()[0] for what in _SIZES)
    if (pages - free) * size <= MOST:
        return
    left = MOST * 3 // 4
    for key, used in table.execute("SELECT key, length(value) FROM kept ORDER BY used DESC, rowid DESC").fetchall():
        left -= used
        if left < 0:
            table.execute("DELETE FROM kept WHERE key = ?", (key,))


_SIZES = ("page_count", "freelist_count", "page_size")
