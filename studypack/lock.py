"""The lock: what a guide remembers of its notes from build to build, as a value and as text.

One file beside each guide, `<guide>.lock`, committed with it. One line a note in guide order, so that it merges as the
guide does; each line is JSON. Never rebuilt silently: what cannot be read is an error that says what to do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from studypack.diagnostics import StudypackError
from studypack.model import Guid, Kind

VERSION = 1
"""The version of the lock's form that this code writes; it reads this one and those before."""

MAX_TEXT = 600
"""How much of a note's question and answer is remembered, in characters: enough to recognise it when reworded."""

_CONFLICT = re.compile(r"<{7}|={7}$|>{7}|\|{7}")
_DECODER = json.JSONDecoder()
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(", ", ": "))
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}$")


class LockError(StudypackError):
    """A lock that cannot be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is remembered of one note.

    `key` and `pin` are those of the last build; `asks` and `says` its question and answer as plain text, cut short;
    `text` a hash of both in full, `content` one of everything that was written to the deck. `time` is when that last
    changed (seconds since 1970), `position` its place among new cards, `deck` where its cards were born: Anki never
    moves them. `numbers` are the cloze numbers by label, those of vanished gaps included, for they are never reused.
    `retired` is the day (ISO 8601) on which the note left the guide.
    """

    guid: Guid
    kind: Kind
    key: tuple[str, ...]
    asks: str
    says: str
    text: str
    content: str
    time: int
    position: int
    deck: tuple[str, ...]
    pin: str | None = None
    numbers: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    retired: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The memory of one guide.

    `guide` is the name it was born with, which its notes carry even when the file is renamed. `topics` maps each
    topic, by its anchor, to the deck it was born with. `entries` are the notes in guide order, then the retired ones.
    """

    guide: str
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    entries: tuple[Entry, ...] = ()


def dump(lock: Lock) -> str:
    """The lock as text: a head, a line a topic, a line a note."""
    rows: list[Mapping[str, Any]] = [{"studypack": "lock", "version": VERSION, "guide": lock.guide}]
    rows += [{"topic": topic, "deck": deck} for topic, deck in lock.topics.items()]
    rows += [_row(entry) for entry in lock.entries]
    return "".join(f"{line}\n" for line in map(_ENCODER.encode, rows))


def load(text: str, path: str) -> Lock:
    """The lock in a text; `path` is for messages. Raises LockError."""
    rows = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    for number, line in rows:
        if line[0] in "<=>|" and _CONFLICT.match(line):
            raise LockError(
                f"{path}:{number}: the lock holds a merge conflict. Delete the lines of conflict marks and keep the"
                " lines of both sides; the next build puts them in order."
            )
    head, *others = (_parsed(number, line, path) for number, line in rows) if rows else ({},)
    guide = _checked_head(head, path)
    topics: dict[str, tuple[str, ...]] = {}
    entries: dict[Guid, Entry] = {}
    for (number, _), row in zip(rows[1:], others, strict=True):
        try:
            if "topic" in row:
                topics.setdefault(str(row["topic"]), _texts(row["deck"]))
            elif "guid" in row:
                entry = _entry(row)
                entries[entry.guid] = _newer(entries.get(entry.guid), entry)
            else:
                _expect(row.get("studypack") == "lock", "neither a topic nor a note")  # a merge may leave a second head
        except (KeyError, TypeError, ValueError) as error:
            raise LockError(f"{path}:{number}: the lock is damaged ({error}). {_RESTORE}") from error
    return Lock(guide=guide, topics=MappingProxyType(topics), entries=tuple(entries.values()))


def joined(lock: Lock, was: Entry, now: Entry) -> Lock:
    """The lock after the author said that the note `now` is the note `was`: it gets that one's guid and history.

    Nothing else of the lock changes, so that what else was edited since is still to be told. A guid that `now` had in
    the lock retires, for learners may have met it.
    """
    numbers, time = was.numbers, max(was.time, now.time)
    same = replace(now, guid=was.guid, content="", time=time, deck=was.deck, numbers=numbers)
    met = [_forgotten(entry, was.retired or _DAY_ZERO) for entry in lock.entries if entry.guid == now.guid]
    place, other = (now.guid, was.guid) if met else (was.guid, now.guid)
    others = replace(lock, entries=tuple(entry for entry in lock.entries if entry.guid != other))
    return replace(lock, entries=(*_with(others, same, place), *met))


def parted(lock: Lock, now: Entry, fresh: Guid, today: str) -> Lock:
    """The lock after the author said that the note `now` is another than it was: it starts anew as `fresh`.

    Nothing else of the lock changes. The old note retires, as it was if that is still known. `today` is a day (ISO
    8601).
    """
    was = next((entry for entry in lock.entries if entry.guid == now.guid), now)
    old = replace(was, retired=today) if was.text != now.text else _forgotten(now, today)
    return replace(lock, entries=(*_with(lock, replace(now, guid=fresh, content=""), now.guid), old))


def _with(lock: Lock, note: Entry, place: Guid) -> Iterable[Entry]:
    """The notes of a lock with one in the place of another; before all if that is none of them."""
    found = any(entry.guid == place for entry in lock.entries)
    return (*(() if found else (note,)), *(note if entry.guid == place else entry for entry in lock.entries))


def _forgotten(entry: Entry, day: str) -> Entry:
    """A retired note of which only the guid is remembered, so that nothing is ever taken for it."""
    return replace(entry, key=(entry.kind, f"#{entry.guid}"), asks="", says="", text="", pin=None, retired=day)


_NO_NUMBERS: Mapping[str, int] = MappingProxyType({})

_DAY_ZERO = "1970-01-01"

_RESTORE = (
    "Take it from your last commit (`git checkout -- FILE`), or delete it: notes that still have the question they were"
    " born with keep their reviews then, reworded ones start anew."
)


def _parsed(number: int, line: str, path: str) -> Mapping[str, Any]:
    try:
        row = _DECODER.decode(line)
    except ValueError as error:
        raise LockError(f"{path}:{number}: the lock is damaged (not JSON). {_RESTORE}") from error
    if not isinstance(row, dict):
        raise LockError(f"{path}:{number}: the lock is damaged (not an object). {_RESTORE}")
    return row


def _checked_head(head: Mapping[str, Any], path: str) -> str:
    version = head.get("version")
    if head.get("studypack") != "lock" or not isinstance(version, int) or not isinstance(head.get("guide"), str):
        raise LockError(f"{path}:1: this is not a lock of studypack's. {_RESTORE}")
    if version > VERSION:
        raise LockError(f"{path}:1: the lock was written by a newer studypack (version {version}). Upgrade studypack.")
    return str(head["guide"])


def _row(entry: Entry) -> Mapping[str, Any]:
    row: dict[str, Any] = {
        "guid": entry.guid,
        "kind": entry.kind.value,
        "key": entry.key,
        "asks": entry.asks,
        "says": entry.says,
        "text": entry.text,
        "content": entry.content,
        "time": entry.time,
        "position": entry.position,
        "deck": entry.deck,
    }
    if entry.pin:
        row["pin"] = entry.pin
    if entry.numbers:
        row["numbers"] = dict(entry.numbers)
    if entry.retired:
        row["retired"] = entry.retired
    return row


def _entry(row: Mapping[str, Any]) -> Entry:
    retired = row.get("retired")
    _expect(retired is None or bool(_DATE.match(str(retired))), f"{retired!r} is not a day")
    return Entry(
        guid=Guid(_text(row["guid"])),
        kind=Kind(row["kind"]),
        key=_texts(row["key"]),
        asks=_text(row["asks"]),
        says=_text(row["says"]),
        text=_text(row["text"]),
        content=_text(row["content"]),
        time=int(row["time"]),
        position=int(row["position"]),
        deck=_texts(row["deck"]),
        pin=_text(row["pin"]) if "pin" in row else None,
        numbers=MappingProxyType({_text(label): int(number) for label, number in row["numbers"].items()})
        if "numbers" in row
        else _NO_NUMBERS,
        retired=retired,
    )


def _newer(before: Entry | None, entry: Entry) -> Entry:
    """Of two lines for one note, which a merge leaves: a live one before a retired, then the one that changed last."""
    if before is None:
        return entry
    return max((before, entry), key=lambda one: (one.retired is None, one.time))


def _expect(holds: bool, message: str) -> None:
    if not holds:
        raise ValueError(message)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value


def _texts(value: Iterable[object]) -> tuple[str, ...]:
    if isinstance(value, str):
        raise TypeError(f"{value!r} is not a list")
    return tuple(map(_text, value))
