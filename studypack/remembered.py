"""Topics that did not change since an earlier build: their notes are remembered, so that only the others are read.

A topic is remembered by its lines. Whether its notes are still right is proved by reading the guide with those topics
blank: it must show the very same topics in the very same places, under the same settings. Where it does not, the whole
guide is read. A topic that hangs on what stands elsewhere in the guide is never remembered: one with footnotes, links
into the guide, definitions of links, one end of a box that may hold topics, diagrams, or anything to complain about.
Pictures and sounds are read anew.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, TypeGuard

from studypack import fingerprint
from studypack.cache import Cache
from studypack.diagnostics import Diagnostic
from studypack.folder import FileFault
from studypack.media import Media
from studypack.model import BasicNote, ClozeNote, Gap, Guide, Html, Kind, Note, Place, Section
from studypack.parse import Hidden
from studypack.source import Source
from studypack.span import Span

FEWEST = 5
"""A guide of fewer topics is read as quickly as it is remembered."""

_HEADING = re.compile(r"(#{1,6})[ \t]+\S")
_FENCE = re.compile(r"`{3,}|~{3,}")
_ORDINAL = re.compile(r"#\d+$")
_ELSEWHERE = re.compile(r"\[\^|\]:|\]\(\s*<?#|href\s*=|:::|</?aside", re.I)


@dataclass(frozen=True, slots=True)
class _Part:
    """Lines of a guide, counted from one, `end` exclusive: what looks like a topic. `name` is the digest of its text.

    `nests` says that something in it may be a heading inside a list or a quote.
    """

    first: int
    end: int
    name: str
    nests: bool


class Remembered:
    """The topics of one guide that the cache knows."""

    def __init__(self, source: Source, cache: Cache) -> None:
        self._source, self._cache = source, cache
        self._seen: dict[str, Media | FileFault] = {}
        parts = tuple(_parts(source)) if cache.open else ()
        self._parts = parts if len(parts) >= FEWEST else ()
        kept = cache.several("topic", [part.name for part in self._parts]) if self._parts else {}
        self._known = {part.first: (part, json.loads(kept[part.name])) for part in self._parts if part.name in kept}

    def __bool__(self) -> bool:
        return bool(self._known)

    @property
    def source(self) -> Source:
        """The guide with the remembered topics blank, but for their headings and the attributes of those."""
        lines = list(self._source.lines)
        for part, _ in self._known.values():
            start = part.first + _attributes(lines, part)
            lines[start : part.end - 1] = [""] * (part.end - 1 - start)
        return replace(self._source, lines=tuple(lines))

    @property
    def hidden(self) -> Mapping[int, tuple[Hidden, ...]]:
        """The headings inside the remembered topics, by the line of the topic."""
        return {
            first: tuple(
                Hidden(depth=depth, text=text, pinned=pinned, span=_span(span, part.first))
                for depth, text, pinned, span in kept["headings"]
            )
            for first, (part, kept) in self._known.items()
        }

    def notes(self, guide: Guide) -> tuple[Note, ...] | None:
        """The notes of the remembered topics; None where they do not belong into the `guide` that `source` shows."""
        settings = _settings(guide)
        topics = {topic.span.line: topic for topic in guide.topics}
        # Files are looked at last, for only a topic that is there asks for them.
        if not all(first in topics and self._stands(first, settings, topics[first]) for first in self._known):
            return None
        notes: list[Note] = []
        for part, kept in self._known.values():
            media = self._media(kept)
            if not _same(media):
                return None
            notes += _notes(kept, part.first, media)
        return tuple(notes)

    def _stands(self, first: int, settings: str, topic: Section) -> bool:
        """Whether a topic is remembered, and stands under the same settings as then."""
        return first in self._known and bool(self._known[first][1]["under"] == _under(settings, topic))

    def _media(self, kept: Mapping[str, Any]) -> Mapping[str, Media | FileFault]:
        """The files of a remembered topic, by the names that they had."""
        for reference in kept["media"].values():
            if reference not in self._seen:
                self._seen[reference] = self._source.media(reference)
        return {name: self._seen[reference] for name, reference in kept["media"].items()}

    def _has_files(self, first: int) -> bool:
        return _same(self._media(self._known[first][1]))

    def rest(self, guide: Guide) -> Guide:
        """The guide without the remembered topics."""
        return replace(guide, topics=tuple(topic for topic in guide.topics if topic.span.line not in self._known))

    def keep(self, guide: Guide, notes: Iterable[Note], found: Iterable[Diagnostic]) -> None:
        """Remember the topics that were read: of a guide, its notes, and what was found wrong in it."""
        starts = {topic.span.line: topic for topic in guide.topics}
        ends = dict(pairwise([*sorted(starts), len(self._source.lines) + 1]))
        # That two ask the same is found anew each time, whatever is remembered.
        faults = sorted(diagnostic.span.line for diagnostic in found if diagnostic.code != "SP401")
        settings = _settings(guide)
        fresh = [
            part
            for part in self._parts
            if ends.get(part.first) == part.end
            and not (self._stands(part.first, settings, starts[part.first]) and self._has_files(part.first))
            and not _between(part, faults)
            and not part.nests
            and not _ELSEWHERE.search(_text(self._source.lines, part.first, part.end))
        ]
        inside = _by_part(fresh, notes)
        kept = {
            part.name: _kept(settings, starts[part.first], part, inside[part.first])
            for part in fresh
            if all(one.reference in self._source.folder.asked for note in inside[part.first] for one in note.media)
        }
        self._cache.put_several("topic", kept)


def _attributes(lines: Sequence[str], part: _Part) -> int:
    """How many lines below a topic's heading hold attributes of it: one or none."""
    return int(part.first + 1 < part.end and lines[part.first].startswith("{"))


# --- topics as lines ---------------------------------------------------------------------------------------------


def _parts(source: Source) -> Iterator[_Part]:
    """What looks like the topics of a guide. It need not be right: what is wrong is never kept, or refused later."""
    starts, nested = _headings_in(source)
    depth = min((depth for depth, count in Counter(starts.values()).items() if count > 1), default=0)
    lines = [line for line, found in starts.items() if found <= depth]
    for first, end in pairwise([*lines, len(source.lines) + 1]):
        name = fingerprint.of_bytes(_text(source.lines, first, end).encode("utf-8", "surrogatepass"))
        part = _Part(first=first, end=end, name=name, nests=False)
        yield replace(part, nests=_between(part, nested))


def _between(part: _Part, lines: Sequence[int]) -> bool:
    """Whether one of these lines, which rise, is in a part."""
    return bisect_left(lines, part.first) < bisect_left(lines, part.end)


def _headings_in(source: Source) -> tuple[Mapping[int, int], Sequence[int]]:
    """The lines outside fences that look like headings, and their depths; and those that may be nested headings."""
    starts: dict[int, int] = {}
    nested: list[int] = []
    fence = ""
    for number, line in enumerate(source.lines[source.body - 1 :], start=source.body):
        sign = line[:1]
        if sign in _TICKS and (found := _FENCE.match(line)):
            fence = ("" if line.startswith(fence) else fence) if fence else found[0]
        elif fence or "#" not in line:
            continue
        elif sign == "#" and (heading := _HEADING.match(line)):
            starts[number] = len(heading[1])
        elif line.lstrip(_MARKS)[:1] == "#":
            nested.append(number)
    return starts, nested


_TICKS = frozenset("`~")
_MARKS = " \t>*+-.)0123456789"


def _text(lines: Sequence[str], first: int, end: int) -> str:
    return "\n".join(lines[first - 1 : end - 1])


def _by_part(parts: Sequence[_Part], notes: Iterable[Note]) -> Mapping[int, list[Note]]:
    """The notes that stand in each part, by its first line. The numbers of repeated questions are given later."""
    firsts = [part.first for part in parts]
    found: dict[int, list[Note]] = defaultdict(list)
    for note in notes:
        place = bisect_right(firsts, note.span.line) - 1
        if place >= 0 and note.span.line < parts[place].end:
            key = note.key[:-1] if _ORDINAL.match(note.key[-1]) else note.key
            found[parts[place].first].append(replace(note, key=key))
    return found


# --- what a topic's notes hang on --------------------------------------------------------------------------------


def _settings(guide: Guide) -> str:
    """What the notes of every topic hang on: settings of the guide, and its definitions of links, never hidden."""
    of_all = (guide.title, guide.deck, guide.tags, guide.url, guide.level, guide.cards)
    return fingerprint.of_value((of_all, guide.definitions))


def _under(settings: str, topic: Section) -> str:
    """What the notes of a topic hang on besides its lines: the settings, its heading, anchor, level and classes."""
    return fingerprint.of_value((settings, replace(topic, blocks=(), sections=())))


# --- topics as JSON ----------------------------------------------------------------------------------------------


def _kept(settings: str, topic: Section, part: _Part, notes: Sequence[Note]) -> bytes:
    """A topic to remember; places are counted from its first line."""
    places = {id(note.place): note.place for note in notes}  # the notes of a section share one
    numbers = {place: number for number, place in enumerate(places)}
    row = {
        "under": _under(settings, topic),
        "headings": [_heading_row(section, part.first) for section in _headings(topic)],
        "media": {one.name: one.reference for note in notes for one in note.media},
        "places": [_place_row(place) for place in places.values()],
        "notes": [_note_row(note, numbers[id(note.place)], part.first) for note in notes],
    }
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _headings(topic: Section) -> Iterator[Section]:
    """The headings below a topic, in the order of the guide."""
    for section in topic.sections:
        yield section
        yield from _headings(section)


def _heading_row(section: Section, first: int) -> list[object]:
    pinned = section.anchor if section.pinned else None
    return [section.depth, section.heading.plain, pinned, _span_row(section.span, first)]


def _place_row(place: Place) -> list[object]:
    return [place.deck, place.depth, place.topic, place.breadcrumb, place.link, place.level, place.tags]


def _note_row(note: Note, place: int, first: int) -> list[object]:
    media = [one.name for one in note.media]
    shared = [note.kind, note.key, note.asks, place, note.extra, note.pin, _span_row(note.span, first), media]
    if isinstance(note, BasicNote):
        return [*shared, note.front, note.back, note.reversed]
    return [*shared, [[one.label, one.html] if isinstance(one, Gap) else one for one in note.pieces]]


def _span_row(span: Span, first: int) -> list[int]:
    return [span.line - first, span.column, span.end_line - first, span.end_column]


def _span(row: Sequence[int], first: int) -> Span:
    return Span(row[0] + first, row[1], row[2] + first, row[3])


def _same(media: Mapping[str, Media | FileFault]) -> TypeGuard[Mapping[str, Media]]:
    """Whether files are what they were, which their names tell."""
    return all(isinstance(one, Media) and one.name == name for name, one in media.items())


def _notes(kept: Mapping[str, Any], first: int, media: Mapping[str, Media]) -> Iterator[Note]:
    """The notes of a topic that begins on a line."""
    places = [
        Place(
            deck=tuple(deck), depth=depth, topic=topic, breadcrumb=breadcrumb, link=link, level=level, tags=tuple(tags)
        )
        for deck, depth, topic, breadcrumb, link, level, tags in kept["places"]
    ]
    for kind, key, asks, place, extra, pin, span, shown, *rest in kept["notes"]:
        shared: dict[str, Any] = {
            "kind": _KINDS[kind],
            "key": tuple(key),
            "asks": asks,
            "place": places[place],
            "extra": extra,
            "pin": pin,
            "media": tuple(media[name] for name in shown),
            "span": _span(span, first),
        }
        if len(rest) == 1:
            pieces = (Html(one) if isinstance(one, str) else Gap(label=one[0], html=one[1]) for one in rest[0])
            yield ClozeNote(**shared, pieces=tuple(pieces))
        else:
            yield BasicNote(**shared, front=rest[0], back=rest[1], reversed=rest[2])


_KINDS: Mapping[str, Kind] = {kind.value: kind for kind in Kind}
