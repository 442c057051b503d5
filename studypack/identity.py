"""Who a note is, when it last changed, and where it stands among new cards: notes + lock → known notes, lock, plan."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from json.encoder import encode_basestring
from types import MappingProxyType

from studypack.gaps import number_gaps, relabelled, renamed_labels, renamed_marks
from studypack.lock import MAX_TEXT, Entry, Lock, parted
from studypack.matching import Match, Reason, recognise
from studypack.model import BasicNote, ClozeNote, Gap, Guid, Kind, KnownNote, Note, Place
from studypack.positions import keep_positions
from studypack.span import START, Span
from studypack.trace import Trace, without_number

_NO_NUMBERS: Mapping[str, int] = MappingProxyType({})
_TAG = re.compile(r"<[^>]*>")


class Fate(StrEnum):
    """What becomes of a note from one build to the next."""

    NEW = "new"
    BACK = "back"
    REWORDED = "reworded"
    MOVED = "moved"
    EDITED = "edited"
    UNCHANGED = "unchanged"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A line of the plan: a note, what becomes of it, and why it is taken for the same one.

    `before` and `after` are what it asked and asks, `under` the headings above it where other notes ask the same;
    `likeness` is below 1 only for a guess; `labels` are the columns or marks that were taken for reworded ones. Of a
    new note, `perhaps` are the guid and the question of one that left and that it may be: only the author knows.
    """

    fate: Fate
    guid: Guid
    kind: Kind
    before: str = ""
    after: str = ""
    under: tuple[str, ...] = ()
    reason: Reason | None = None
    likeness: float = 1.0
    labels: tuple[tuple[str, str], ...] = ()
    perhaps: tuple[Guid, str] | None = None
    span: Span = START


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What identity gives: the notes as they go into the deck, the lock to write beside it, and the plan."""

    known: tuple[KnownNote, ...]
    lock: Lock
    plan: tuple[Change, ...]


def decide(
    guide: str, notes: Sequence[Note], lock: Lock | None, now: int, today: str, refresh: bool = False
) -> Decision:
    """Gives each note its identity.

    `now` is the time of this build, seconds since 1970; `today` its day (ISO 8601), for notes that retire. `refresh`
    gives every note a new time. Without a lock a note's guid comes from its key alone.
    """
    lock = lock or Lock(guide=guide)
    contents = [_content(note, ()) if isinstance(note, BasicNote) else None for note in notes]
    old = [_trace(entry) for entry in lock.entries]
    traces = _traces(notes, contents, lock, old)
    same, doubts = recognise(traces, old)
    pairs = {pair.new: pair for pair in same}
    entries = [lock.entries[pairs[i].old] if i in pairs else None for i in range(len(notes))]
    topics = _topic_decks(notes, entries, lock)
    positions = keep_positions([entry.position if entry and not entry.retired else None for entry in entries])
    numbers = _all_numbers(notes, traces, entries)
    taken = {entry.guid for entry in lock.entries}
    known: list[KnownNote] = []
    kept: list[Entry] = []
    for i, note in enumerate(notes):
        entry, labels = entries[i], numbers[i]
        guid = entry.guid if entry else _guid(lock.guide, note, taken)
        taken.add(guid)
        deck = entry.deck if entry else topics[_topic(note)]
        shown = tuple(labels[gap.label] for gap in note.gaps) if isinstance(note, ClozeNote) else ()
        content = contents[i] or _content(note, shown)
        time = _time(entry, content, now, refresh)
        known.append(KnownNote(note=note, guid=guid, time=time, position=positions[i], deck=deck, numbers=shown))
        kept.append(_entry(traces[i], known[-1], content, labels))
    matched = {pair.old for pair in pairs.values()}
    left = (entry for i, entry in enumerate(lock.entries) if i not in matched)
    gone = [entry if entry.retired else replace(entry, retired=today) for entry in left]
    perhaps = {pair.new: lock.entries[pair.old] for pair in doubts}
    plan = _plan(known, kept, entries, pairs, perhaps, gone, lock)
    return Decision(
        known=tuple(known),
        lock=Lock(guide=lock.guide, topics=MappingProxyType({**lock.topics, **topics}), entries=(*kept, *gone)),
        plan=plan,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicDeck:
    """A topic by its name in the lock, the deck it was born with, and the one its heading asks for today."""

    topic: str
    born: tuple[str, ...]
    wanted: tuple[str, ...]


def topic_decks(decision: Decision) -> tuple[TopicDeck, ...]:
    """The decks of today's topics, in guide order."""
    rows: dict[str, TopicDeck] = {}
    for one in decision.known:
        topic = _topic(one.note)
        wanted = one.note.place.deck if topic else one.note.place.deck[: one.note.place.depth]
        rows.setdefault(topic, TopicDeck(topic=topic, born=decision.lock.topics[topic], wanted=wanted))
    return tuple(rows.values())


def adopt_decks(decision: Decision) -> Lock:
    """The lock after a learner renamed the decks in Anki: topics and notes are at home where their headings say."""
    rows = topic_decks(decision)
    wanted = {row.topic: row.wanted for row in rows}
    moved = {row.born: row.wanted for row in rows}
    if decision.known and "" not in wanted:  # the top deck, also where no note stands outside a topic
        place = decision.known[0].note.place
        wanted[""] = place.deck[: place.depth]
        moved.setdefault(decision.lock.topics[""], wanted[""])
    entries = tuple(replace(entry, deck=moved.get(entry.deck, entry.deck)) for entry in decision.lock.entries)
    others = {topic: moved.get(deck, deck) for topic, deck in decision.lock.topics.items()}
    return replace(decision.lock, topics=MappingProxyType({**others, **wanted}), entries=entries)


def part(decision: Decision, before: Lock | None, guid: Guid, today: str) -> Lock:
    """The lock after the author said that a note is another than it was taken for; it gets a guid of its own."""
    note = next(one.note for one in decision.known if one.guid == guid)
    fresh = _guid(decision.lock.guide, note, {entry.guid for entry in decision.lock.entries})
    now = next(entry for entry in decision.lock.entries if entry.guid == guid)
    return parted(before or decision.lock, now, fresh, today)


def trace_of(note: Note) -> Trace:
    """What a note is recognised by."""
    if isinstance(note, BasicNote):
        says = plain(note.back)
    elif note.kind is Kind.COMPARISON:
        says = "\n".join(f"{gap.label}: {plain(gap.html)}" for gap in note.gaps)
    else:  # a cloze asks and says in one text; its marks are remembered as the answer
        says = "\n".join(gap.label for gap in note.gaps)
    return Trace(
        kind=note.kind,
        key=note.key,
        asks=note.asks[:MAX_TEXT],
        says=says[:MAX_TEXT],
        text=_hash(*_quoted(_family(note), note.asks.casefold(), says.casefold())),
        pin=note.pin,
    )


def plain(text: str) -> str:
    """The text of HTML, white space folded; pictures count by their names, which change with their content."""
    return " ".join(html.unescape(_TAG.sub(_picture if "src=" in text else " ", text)).split())


def _picture(match: re.Match[str]) -> str:
    source = re.search(r'\ssrc="([^"]*)"', match[0])
    return f" {source[1]} " if source else " "


def _family(note: Note) -> str:
    return "cloze" if isinstance(note, ClozeNote) else "basic"


def _traces(notes: Sequence[Note], contents: Sequence[str | None], lock: Lock, old: Sequence[Trace]) -> list[Trace]:
    """What each note is recognised by; of one that is as it was, by its key and content, what its entry says.

    `contents` are None for clozes, whose content hangs on the numbers that their entry gives them.
    """
    before = {entry.key: (entry, trace) for entry, trace in zip(lock.entries, old, strict=True) if not entry.retired}
    traces: list[Trace] = []
    for note, content in zip(notes, contents, strict=True):
        found = before.get(note.key)
        traces.append(found[1] if found and _as_it_was(note, content, found[0]) else trace_of(note))
    return traces


def _as_it_was(note: Note, content: str | None, entry: Entry) -> bool:
    """Whether the entry's trace is the note's: the content holds the answer; a question may have been cut short."""
    return entry.content == content and entry.asks == note.asks and len(note.asks) < MAX_TEXT and entry.pin == note.pin


def _trace(entry: Entry) -> Trace:
    return Trace(
        kind=entry.kind,
        key=entry.key,
        asks=entry.asks,
        says=entry.says,
        text=entry.text,
        pin=entry.pin,
        retired=entry.retired is not None,
    )


def _entry(trace: Trace, known: KnownNote, content: str, labels: Mapping[str, int]) -> Entry:
    return Entry(
        guid=known.guid,
        kind=trace.kind,
        key=trace.key,
        asks=trace.asks,
        says=trace.says,
        text=trace.text,
        content=content,
        time=known.time,
        position=known.position,
        deck=known.deck,
        pin=trace.pin,
        numbers=labels,
    )


def _guid(guide: str, note: Note, taken: set[Guid]) -> Guid:
    """80 bits of a hash over an unambiguous encoding, in letters that every file name and search can hold.

    A note may be born with a key that another had before it was reworded; then it gets the next guid.
    """
    who = (_family(note), f"#{note.pin}") if note.pin else note.key
    parts = (*_quoted("studypack"), "1", *_quoted(guide, *who))
    for count in range(len(taken) + 1):
        digest = _sha256(*parts, str(count)).digest() if count else _sha256(*parts).digest()
        guid = Guid(base64.b32encode(digest[:10]).decode("ascii").lower())
        if guid not in taken:
            return guid
    raise AssertionError("more guids taken than there are")


def _time(entry: Entry | None, content: str, now: int, refresh: bool) -> int:
    """Anki updates a note only if its time is strictly newer, and takes the learner's tags and edits then."""
    if entry is None:
        return now
    if entry.content == content and not refresh:
        return entry.time
    return max(now, entry.time + 1)


def _content(note: Note, numbers: tuple[int, ...]) -> str:
    """A hash of everything of a note that goes into the deck, so that any change of it counts as one."""
    shared = _shared_content(note.kind, note.extra, note.place)
    if isinstance(note, BasicNote):
        return _hash(shared, *_quoted(note.front, note.back, "reversed" if note.reversed else ""))
    pieces = iter(numbers)
    shown = (f"{next(pieces)}:{one.html}" if isinstance(one, Gap) else one for one in note.pieces)
    return _hash(shared, *_quoted(*shown))


@lru_cache(4096)
def _shared_content(kind: Kind, extra: str, place: Place) -> str:
    """What the content of all notes of a kind in one place begins with."""
    return ", ".join(_quoted(kind, extra, place.breadcrumb, place.link, place.level, *sorted(place.tags)))


def _hash(*parts: str) -> str:
    return _sha256(*parts).hexdigest()[:16]


def _sha256(*parts: str) -> hashlib._Hash:
    """A hash of parts that are JSON already, as of a list of them, which is unambiguous."""
    return hashlib.sha256(f"[{', '.join(parts)}]".encode())


def _quoted(*texts: str) -> Iterable[str]:
    """Each text as JSON, and as Unicode: what `json.dumps` does, without its setting out anew each time."""
    return map(encode_basestring, texts)


# --- decks -------------------------------------------------------------------------------------------------------


def _topic(note: Note) -> str:
    """A topic as the lock names it: its `#id` or heading, normalised; the guide itself is the empty one."""
    return note.place.topic


def _topic_decks(notes: Sequence[Note], entries: Sequence[Entry | None], lock: Lock) -> dict[str, tuple[str, ...]]:
    """The deck of each topic of today. A topic keeps the deck it was born with, also when its heading is reworded.

    A topic of another name is the same if most of its known notes stood in one that is gone.
    """
    wanted = {"": notes[0].place.deck[: notes[0].place.depth]} if notes else {}
    wanted |= {_topic(note): note.place.deck for note in notes if _topic(note)}
    votes: dict[tuple[str, str], int] = {}
    for note, entry in zip(notes, entries, strict=True):
        before = entry.key[1] if entry and len(entry.key) > 2 else None
        if before is not None and before in lock.topics and before not in wanted and _topic(note) not in lock.topics:
            votes[_topic(note), before] = votes.get((_topic(note), before), 0) + 1
    heirs: dict[str, str] = {}
    for (topic, before), _ in sorted(votes.items(), key=lambda row: (-row[1], row[0])):
        if topic and topic not in heirs and before not in heirs.values():
            heirs[topic] = before
    root = lock.topics.get("", wanted.get("", ()))
    found = {"": root} if wanted else {}
    for topic, deck in wanted.items():
        if topic:
            born = lock.topics.get(topic) or lock.topics.get(heirs.get(topic, ""))
            found[topic] = born if born and (topic in lock.topics or topic in heirs) else (*root, deck[-1])
    return found


# --- numbers and plan --------------------------------------------------------------------------------------------


def _all_numbers(
    notes: Sequence[Note], traces: Sequence[Trace], entries: Sequence[Entry | None]
) -> list[Mapping[str, int]]:
    """The cloze numbers of each note by label."""
    columns = renamed_labels(
        (trace.section, trace.says, entry.says)
        for note, trace, entry in zip(notes, traces, entries, strict=True)
        if entry and note.kind is Kind.COMPARISON
    )
    numbers: list[Mapping[str, int]] = []
    for note, trace, entry in zip(notes, traces, entries, strict=True):
        before = entry.numbers if entry else _NO_NUMBERS
        if isinstance(note, BasicNote):
            numbers.append(before)
            continue
        labels = [gap.label for gap in note.gaps]
        if entry and note.kind is Kind.CLOZE:
            renamed = renamed_marks(labels, entry.says.split("\n"), note.asks)
        else:
            renamed = columns.get(trace.section, {})
        numbers.append(number_gaps(labels, before, renamed))
    return numbers


def _plan(
    known: Sequence[KnownNote],
    kept: Sequence[Entry],
    entries: Sequence[Entry | None],
    pairs: Mapping[int, Match],
    perhaps: Mapping[int, Entry],
    gone: Sequence[Entry],
    lock: Lock,
) -> tuple[Change, ...]:
    changes: list[Change] = []
    asked = Counter(entry.asks for entry in (*kept, *gone))
    for i, (one, now) in enumerate(zip(known, kept, strict=True)):
        before, pair = entries[i], pairs.get(i)
        changes.append(
            Change(
                fate=_fate(before, now),
                guid=one.guid,
                kind=now.kind,
                before=before.asks if before else "",
                after=now.asks,
                under=without_number(now.key)[1:-1] if asked[now.asks] > 1 else (),
                reason=pair.reason if pair else None,
                likeness=pair.likeness if pair else 1.0,
                labels=relabelled(before.numbers, now.numbers) if before else (),
                perhaps=(perhaps[i].guid, perhaps[i].asks) if i in perhaps else None,
                span=one.note.span,
            )
        )
    retired = {entry.guid for entry in lock.entries if entry.retired}
    changes += [
        Change(
            fate=Fate.RETIRED,
            guid=entry.guid,
            kind=entry.kind,
            before=entry.asks,
            under=without_number(entry.key)[1:-1] if asked[entry.asks] > 1 else (),
        )
        for entry in gone
        if entry.guid not in retired
    ]
    return tuple(changes)


def _fate(before: Entry | None, now: Entry) -> Fate:
    if before is None:
        return Fate.NEW
    if before.retired:
        return Fate.BACK
    if before.asks != now.asks:
        return Fate.REWORDED
    if before.key[:-1] != now.key[:-1]:
        return Fate.MOVED
    return Fate.UNCHANGED if before.content == now.content else Fate.EDITED
