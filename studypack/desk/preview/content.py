"""What a preview shows of a guide: its cards with their places, what is wrong, and the plan; read without writing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote

from studypack import making, notes, pipeline, plan, source
from studypack.cache import Cache
from studypack.diagnostics import RULES, Diagnostic, StudypackError, in_order
from studypack.folder import Folder
from studypack.identity import Change, Decision
from studypack.lock import Lock
from studypack.media import Media
from studypack.model import BasicNote, Guide, KnownNote
from studypack.writers import deck


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A card: its note, and its place among the note's cards. `id` names it for as long as the note lives."""

    id: str
    known: KnownNote
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A guide as it is now.

    `lines` are its lines as saved, `told` those that its diagnostics speak of. `name` is what its notes call it.
    `files` are those that it is made of, itself and its lock among them, there or not. `troubles` are what is wrong
    outside it, each a sentence. `stale` says that the guide cannot be read as it is now: cards, lines and plan are
    those of the last time that it could.
    """

    path: str
    title: str
    lang: str = "en"
    name: str = ""
    lines: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    cards: Mapping[str, Card] = field(default_factory=lambda: MappingProxyType({}))
    media: Mapping[str, Media] = field(default_factory=lambda: MappingProxyType({}))
    diagnostics: tuple[Diagnostic, ...] = ()
    changes: tuple[Change, ...] = ()
    lock: Lock | None = None
    troubles: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()
    stale: bool = False


def read(path: Path, now: int, cache: Path | None, last: Content | None = None) -> Content:
    """The guide in a file, as of a moment in seconds since 1970; `last` is what it was before.

    `cache` is the folder of the cache, from which the notes of topics come that did not change.
    """
    text, faults = source.read_bytes(path)
    folder = Folder(path.parent)
    if text is None:
        return _unread(path, folder, faults, last)
    reading = making.read(str(path), text, folder, deck=True, cache=Cache(cache), whole=False)
    if reading.guide is None or reading.source is None:
        return _unread(path, folder, reading.found, last, reading.source.lines if reading.source else ())
    made, found = notes.make(reading.rest(reading.guide), reading.known)
    if reading.remembered is not None:
        reading.remembered.keep(reading.guide, made, (*reading.found, *found))
    lock, troubles = _lock(path)
    decision = making.decide(reading.guide.name, made, lock, now)
    content = _content(path, reading.guide, decision)
    return replace(
        content,
        lines=reading.source.lines,
        told=reading.source.lines,
        diagnostics=in_order((*reading.found, *found)),
        troubles=troubles,
        files=_files(path, folder),
    )


def _content(path: Path, guide: Guide, decision: Decision) -> Content:
    known = decision.known
    cards = (Card(id=f"{one.guid}-{place}", known=one, place=place) for one in known for place in deck.cards(one))
    return Content(
        path=str(path),
        title=guide.title.plain,
        lang=guide.lang,
        name=decision.lock.guide,
        cards=MappingProxyType({card.id: card for card in cards}),
        media=MappingProxyType({medium.name: medium for one in known for medium in one.note.media}),
        changes=decision.plan,
        lock=decision.lock,
    )


def _unread(
    path: Path, folder: Folder, faults: Iterable[Diagnostic], last: Content | None, told: tuple[str, ...] = ()
) -> Content:
    """What there is to show of a guide that cannot be read: what it was, and what is wrong."""
    last = last or Content(path=str(path), title=path.stem)
    return replace(last, told=told, diagnostics=in_order(faults), troubles=(), files=_files(path, folder), stale=True)


def _lock(path: Path) -> tuple[Lock | None, tuple[str, ...]]:
    """The lock of a guide; without it, and why, where it cannot be read."""
    try:
        return pipeline.read_lock(path), ()
    except StudypackError as error:
        return None, (str(error),)


def _files(path: Path, folder: Folder) -> tuple[Path, ...]:
    """What the guide is made of. A reference may name its file as it is, or with `%20` in it."""
    named = (path.parent / name for asked in folder.asked for name in (asked, unquote(asked)) if "\0" not in asked)
    return tuple(dict.fromkeys((path, pipeline.lock_path(path), *named)))


# --- as JSON, for the page ---------------------------------------------------------------------------------------


def as_json(content: Content, more: Iterable[Diagnostic] = ()) -> dict[str, Any]:
    """The content for the page, but for the cards' faces; `more` was found on paper."""
    found = in_order({*content.diagnostics, *more})
    fates = {change.guid: change for change in content.changes}
    return {
        "path": content.path,
        "title": content.title,
        "lang": content.lang,
        "lines": content.lines,
        "told": content.told if content.stale else None,
        "stale": content.stale,
        "troubles": content.troubles,
        "diagnostics": [_diagnostic(one) for one in found],
        "cards": [_card(card, content, fates.get(card.known.guid)) for card in content.cards.values()],
        "plan": _plan(content),
    }


def _card(card: Card, content: Content, change: Change | None) -> dict[str, Any]:
    note = card.known.note
    return {
        "id": card.id,
        "kind": note.kind.value,
        "topic": " › ".join(note.place.deck[note.place.depth :]) or content.title,
        "level": note.place.level,
        "asks": note.asks,
        "part": _part(card),
        "line": note.span.line,
        "end": note.span.end_line,
        "fate": change.fate.value if change else "",
        "deck": " › ".join(card.known.deck),
        "tags": note.place.tags,
    }


def _part(card: Card) -> str:
    """What tells a card from the others of its note: the cell or the words that it asks for, or its direction."""
    note = card.known.note
    if isinstance(note, BasicNote):
        return "backwards" if card.place else ""
    gaps = zip(note.gaps, card.known.numbers, strict=True)
    return " … ".join(dict.fromkeys(unescape(gap.label) for gap, number in gaps if number == card.place + 1))


def _diagnostic(one: Diagnostic) -> dict[str, Any]:
    span = one.span
    return {
        "code": one.code,
        "severity": one.severity.value,
        "title": RULES[one.code].title,
        "message": one.message,
        "hint": one.hint,
        "line": span.line,
        "column": span.column,
        "end": span.end_line,
        "endColumn": span.end_column,
    }


def _plan(content: Content) -> dict[str, Any]:
    gone = plan.retired(content.lock) if content.lock else ()
    return {
        "summary": plan.summary(content.changes),
        "changes": plan.as_json(content.changes),
        "retired": [{"asks": one.asks or one.guid, "kind": one.kind.value, "day": one.retired} for one in gone],
        "search": plan.search(content.name, gone) if gone else "",
    }
