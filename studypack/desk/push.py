"""A built deck into a running Anki: imported, read back, and what a package cannot do done after it.

Only notes whose field SPID is this guide's, and that its lock knows, are ever touched.

**Cards move** only from the deck that the lock says they were born in, to the deck of the topic that they stand in
today. A card anywhere else was put there by the learner, and stays. So the lock has to say where cards are: once they
are moved it adopts the new decks, and the deck is built again to match. If something fails in between, the lock still
says the old ones, and the next push moves the rest.

**Notes that left the guide** are suspended and tagged `studypack::retired`. The tag says that it was done: who takes
such a card up again is not overruled by the next push. Cards that the learner had suspended already are noted in a tag
too, so that they stay suspended when their note comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from studypack.desk import decks, holdings, moves, package
from studypack.desk.ankiconnect import Anki, AnkiError, RefusedError, batches
from studypack.desk.decks import Moved
from studypack.desk.holdings import Held, Holdings, same_text
from studypack.desk.package import Sent
from studypack.identity import Decision
from studypack.lock import Lock
from studypack.model import Guid

RETIRED = "studypack::retired"
"""The tag of notes that left the guide and were suspended for it."""

MARKS = ("marked", "leech")
"""The tags that Anki itself gives to notes: those that a learner marked, and those that were forgotten too often."""

WAS_SUSPENDED = "studypack::suspended-before::"
"""Begins a tag on such a note for each card that was suspended already, with the card's number among its cards."""


class Outcome(StrEnum):
    """What became of a note of the deck in Anki, as read back from there."""

    ADDED = "added"
    UPDATED = "updated"
    SAME = "unchanged"
    EDITED = "edited"
    STALE = "stale"
    CONFLICT = "conflict"
    MISSING = "missing"


FAILED = frozenset({Outcome.STALE, Outcome.CONFLICT, Outcome.MISSING})
"""What should not be: the note in Anki is not what the deck says, and the learner did not want it so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What a push did to a guide's notes in Anki, or in a dry run would do.

    `outcomes` are those of the notes in the deck. `moved` are cards that changed decks; `elsewhere` notes that would
    have, if the learner had not put cards of theirs into another deck, by its name. `gone` are old decks that were
    empty and deleted, `kept` those that something is still in. `retired` are notes suspended now, `back` such that were
    taken up again, `strangers` notes in Anki that carry the guide's name though its lock does not know them, `copies`
    how many notes a learner made of the guide's. `lock` is what the guide's lock should say of decks from now on, None
    if that is what it says.
    """

    outcomes: Mapping[Guid, Outcome] = field(default_factory=dict)
    moved: tuple[Moved, ...] = ()
    elsewhere: Mapping[Guid, str] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    retired: tuple[Guid, ...] = ()
    back: tuple[Guid, ...] = ()
    strangers: tuple[Guid, ...] = ()
    copies: int = 0
    lock: Lock | None = None

    @property
    def ok(self) -> bool:
        """Whether Anki now holds what the deck says, but for what the learner wanted otherwise."""
        return not FAILED & set(self.outcomes.values())


def push(anki: Anki, decision: Decision, deck: bytes | None, file: Path) -> Pushed:
    """Push a guide.

    `decision` is what its lock says after the build, `deck` the package of it, None if the guide has no notes; Anki
    reads it from `file`. In a dry run (`anki.dry`) the package need not stand there. Raises AnkiError.
    """
    sent = package.read(deck) if deck else {}
    before = holdings.of(anki, decision.lock.guide)
    back = _take_up(anki, [before.notes[guid] for guid in sent if guid in before.notes])
    if sent:
        names = anki.ask("deckNames") if before.notes else ()
        there = ((one, before.notes[guid]) for guid, one in sent.items() if guid in before.notes)
        _import(anki, file, [held for one, held in there if _of_another_sort(one, held)])
        if before.notes and not anki.dry:
            decks.sweep(anki, names)
    after = before if anki.dry or not sent else holdings.of(anki, decision.lock.guide)
    judged = {guid: foreseen(one, before.notes.get(guid)) for guid, one in sent.items()}
    if not anki.dry:
        judged = {guid: judge(one, before.notes.get(guid), after.notes.get(guid)) for guid, one in sent.items()}
    _untag(anki, [after.notes[held.guid] for held in back if held.guid in after.notes])
    _mark_again(anki, before, after)
    homes = moves.homes(decision)
    moved, elsewhere = decks.move(anki, homes, after)
    gone, kept = decks.leave(anki, homes, moved)
    retired = _retire(anki, decision.lock, after)
    known = {entry.guid for entry in decision.lock.entries}
    return Pushed(
        outcomes=judged,
        moved=moved,
        elsewhere=elsewhere,
        gone=gone,
        kept=kept,
        retired=tuple(held.guid for held in retired),
        back=tuple(held.guid for held in back),
        strangers=tuple(guid for guid in after.notes if guid not in known),
        copies=len(after.copies),
        lock=homes.lock if homes.lock != decision.lock else None,
    )


# --- what became of the notes ------------------------------------------------------------------------------------


def foreseen(sent: Sent, held: Held | None) -> Outcome:
    """What an import would make of a note: Anki takes the package's only if that is strictly newer."""
    if held is None:
        return Outcome.ADDED
    if _of_another_sort(sent, held):
        return Outcome.CONFLICT
    if _is_there(sent, held):
        return Outcome.SAME
    if held.time is None or held.time < sent.time:
        return Outcome.UPDATED
    return Outcome.EDITED if held.time > sent.time else Outcome.STALE


def judge(sent: Sent, before: Held | None, after: Held | None) -> Outcome:
    """What an import made of a note, by what was there before it and after it.

    Where Anki's note is still another, the times say why: newer than the deck's, then somebody edited it in Anki;
    older, and the import had to pass it over, then its note type is not the one that it was. Where AnkiConnect tells
    no times, an edit is what it most likely was.
    """
    if after is None:
        return Outcome.MISSING
    if _is_there(sent, after):
        if before is None:
            return Outcome.ADDED
        return Outcome.SAME if _is_there(sent, before) else Outcome.UPDATED
    if not sent.fields.keys() <= _named_as(sent, after).keys():
        return Outcome.CONFLICT
    if after.time is None or after.time > sent.time:
        return Outcome.EDITED
    return Outcome.CONFLICT if after.time < sent.time else Outcome.STALE


def _is_there(sent: Sent, held: Held) -> bool:
    """Whether Anki's note says what the deck's does; it may have more fields and tags, the learner's own."""
    fields = _named_as(sent, held)
    texts = (same_text(text, fields.get(name, "")) for name, text in sent.fields.items())
    tags = {tag.casefold() for tag in held.tags}
    return sent.fields.keys() <= fields.keys() and all(texts) and all(tag.casefold() in tags for tag in sent.tags)


def _named_as(sent: Sent, held: Held) -> Mapping[str, str]:
    """The texts of Anki's note by the names that the deck gives its fields.

    A learner may call a field otherwise: Anki then still knows it, and imports into it. It is told by its place, if
    none of the names that both notes have stands at another.
    """
    pairs = list(zip(sent.fields, held.fields, strict=False))
    moved = any(one != other and (one in held.fields or other in sent.fields) for one, other in pairs)
    if moved or len(pairs) < len(sent.fields):
        return held.fields
    return dict(zip((*sent.fields, *list(held.fields)[len(pairs) :]), held.fields.values(), strict=True))


def _of_another_sort(sent: Sent, held: Held) -> bool:
    """Whether a note is a cloze here and none in Anki, or the other way round."""
    return ("Text" in sent.fields) != ("Text" in _named_as(sent, held))


def _import(anki: Anki, file: Path, odd: Sequence[Held]) -> None:
    """Imports the package. Anki takes nothing of it if a note in it is a cloze and none there: those are the `odd`."""
    path = str(file.absolute())
    try:
        done = anki.change("importPackage", path=path)
    except RefusedError as refusal:
        if not odd:
            raise
        search = f"nid:{','.join(str(held.id) for held in odd)}"
        raise AnkiError(
            f"Anki refuses the whole deck ({refusal.reason}): {len(odd)} of its notes got a type of the other sort"
            f" there, cloze or not.\n  In Anki's Browser, search {search}; give them their type again, or delete them."
        ) from refusal
    if done is False:
        raise AnkiError(f"Anki did not import {path}. Open a profile in it, and see that it may read that file.")


def _mark_again(anki: Anki, before: Holdings, after: Holdings) -> None:
    """Gives notes back the marks that the import took with all their tags; they are the learner's, and Anki's."""
    pairs = ((one, before.notes[guid]) for guid, one in after.notes.items() if guid in before.notes)
    lost = _by_tag((mark, one.id) for one, was in pairs for mark in MARKS if _has(was, mark) and not _has(one, mark))
    for mark, notes in lost.items():
        for some in batches(notes):
            anki.change("addTags", notes=some, tags=mark)


# --- notes that left, and came back ------------------------------------------------------------------------------


def _take_up(anki: Anki, held: Sequence[Held]) -> list[Held]:
    """Unsuspends what an earlier push suspended and is in the guide again; returns those notes.

    Before the import, which may take their tags away; and they keep the tag till after it, for tagging makes a note
    newer than the one that is to replace it.
    """
    back = [one for one in held if _has(one, RETIRED)]
    cards = [card for one in back for number, card in enumerate(one.cards, 1) if not _was_suspended(one, number)]
    for some in batches(sorted(holdings.suspended(anki, cards))):
        anki.change("unsuspend", cards=some)
    return back


def _untag(anki: Anki, held: Iterable[Held]) -> None:
    for tag, notes in _by_tag((tag, one.id) for one in held for tag in one.tags if _ours(tag)).items():
        for some in batches(notes):
            anki.change("removeTags", notes=some, tags=tag)


def _retire(anki: Anki, lock: Lock, held: Holdings) -> list[Held]:
    """Suspends and tags what left the guide, if no push did so before; returns those notes."""
    gone = [held.notes[entry.guid] for entry in lock.entries if entry.retired and entry.guid in held.notes]
    fresh = [one for one in gone if not _has(one, RETIRED)]
    already = holdings.suspended(anki, [card for one in fresh for card in one.cards])
    for start in range(0, len(fresh), 200):
        some = fresh[start : start + 200]
        cards = [card for one in some for card in one.cards if card not in already]
        tags = _by_tag((tag, one.id) for one in some for tag in _retiring(one, already))
        # In one request: a note that is suspended and not tagged would pass for one that the learner suspended.
        actions: list[tuple[str, Mapping[str, object]]] = [("suspend", {"cards": cards})] if cards else []
        actions += [("addTags", {"notes": notes, "tags": tag}) for tag, notes in tags.items()]
        anki.change_all(actions)
    return fresh


def _retiring(held: Held, suspended: frozenset[int]) -> Iterator[str]:
    """The tags that a note gets when it retires."""
    yield RETIRED
    yield from (f"{WAS_SUSPENDED}{number}" for number, card in enumerate(held.cards, 1) if card in suspended)


def _was_suspended(held: Held, number: int) -> bool:
    return _has(held, f"{WAS_SUSPENDED}{number}")


def _has(held: Held, tag: str) -> bool:
    return tag in map(str.casefold, held.tags)


def _ours(tag: str) -> bool:
    return tag.casefold() == RETIRED or tag.casefold().startswith(WAS_SUSPENDED)


def _by_tag(pairs: Iterable[tuple[str, int]]) -> Mapping[str, list[int]]:
    found: dict[str, list[int]] = {}
    for tag, note in pairs:
        found.setdefault(tag, []).append(note)
    return found
