"""What `studypack push` prints: of each guide what was done in Anki and what was left, in words and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from studypack.desk.deleting import Deleted
    from studypack.desk.push import Pushed
    from studypack.identity import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What became of one guide: what the build did to its notes, what the push did, and what was deleted."""

    plan: tuple[Change, ...]
    pushed: Pushed
    deleted: Deleted | None = None
    asks: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The same for programs."""
        from studypack import plan
        from studypack.writers.cards.names import deck_name

        one, deleted = self.pushed, self.deleted
        return {
            "ok": one.ok,
            "built": plan.as_json(change for change in self.plan if change.fate.value != "unchanged"),
            "notes": {guid: outcome.value for guid, outcome in one.outcomes.items()},
            "moved": [
                {"from": deck_name(moved.born), "to": deck_name(moved.wanted), "cards": list(moved.cards)}
                for moved in one.moved
            ],
            "elsewhere": dict(one.elsewhere),
            "decks_deleted": [*one.gone, *(deleted.decks if deleted else ())],
            "decks_kept": list(one.kept),
            "retired": list(one.retired),
            "back": list(one.back),
            "unknown": list(one.strangers),
            "copies": one.copies,
            "deleted": list(deleted.notes) if deleted else [],
            "backups": [str(path) for path in deleted.backups] if deleted else [],
        }


_SHORT = 60  # characters of a question that a line shows


def lines(path: str, done: Done, *, dry: bool, verbose: bool) -> Iterator[str]:
    """The guide, and a line for each thing that was done, or left."""
    from studypack import plan

    yield click.style(path, bold=True) + ("  (dry run: nothing is changed)" if dry else "")
    changed = [change for change in done.plan if change.fate.value != "unchanged"]
    if changed:
        yield f"  {'would build' if dry else 'built'}: {plan.summary(changed)}"
    yield from (f"  {line}" for line in _notes(done, dry, verbose))
    yield from (f"  {line}" for line in _decks(done, dry, verbose))
    yield from (f"  {line}" for line in _retired(done, dry, verbose))


def _notes(done: Done, dry: bool, verbose: bool) -> Iterator[str]:
    """The notes of the deck in Anki, in a line; and why some are not what the deck says."""
    from studypack.desk.push import Outcome
    from studypack.terminal import many

    one = done.pushed
    found = {outcome: [guid for guid, each in one.outcomes.items() if each is outcome] for outcome in Outcome}
    verb = {"added": "would add", "updated": "would update"} if dry else {"added": "added", "updated": "updated"}
    said = [f"{verb[kind.value]} {len(found[kind])}" for kind in (Outcome.ADDED, Outcome.UPDATED) if found[kind]]
    if found[Outcome.SAME]:
        same = len(found[Outcome.SAME])
        said.append(f"{'all' if same == len(one.outcomes) > 1 else same} as they were")
    if one.outcomes:
        yield f"{many(len(one.outcomes), 'note')}: {', '.join(said) or 'nothing done'}"
    else:
        yield "the guide has no notes"
    if verbose:
        for kind in (Outcome.ADDED, Outcome.UPDATED):
            yield from (f"  {verb[kind.value]}  {asked(done, guid)}" for guid in found[kind])
    for outcome, (what, hint) in _WHY.items():
        guids = found[Outcome(outcome)]
        if guids:
            failed = outcome != Outcome.EDITED
            yield click.style(f"{many(len(guids), 'note')} {what}", fg="yellow" if failed else None)
            yield f"  {hint}"
            yield from (f"  · {asked(done, guid)}" for guid in guids[: None if verbose else 5 if failed else 0])
            if not verbose and len(guids) > (5 if failed else 0):
                yield f"  · {'and more' if failed else 'which ones'}: -v"


_WHY: Mapping[str, tuple[str, str]] = {
    "edited": (
        "kept as edited in Anki",
        "To have the guide's text there, edit the note there too; `studypack build --refresh-all` overwrites all such.",
    ),
    "stale": (
        "not updated: Anki has another text of the same time",
        "Two builds at once, or a lock of another branch. `studypack build --refresh-all` gives every note a new time.",
    ),
    "conflict": (
        "not updated, though what the guide says is newer",
        "Their note type changed. Put its fields back as they were, or give them “studypack basic” or “cloze” again.",
    ),
    "missing": (
        "not in Anki after the import",
        "Their field SPID was changed in Anki, or they were given another note type; undo that, or delete them there.",
    ),
}
"""By outcome: what is said of such notes, and what to do."""


def _decks(done: Done, dry: bool, verbose: bool) -> Iterator[str]:
    from studypack.terminal import many
    from studypack.writers.cards.names import deck_name

    one = done.pushed
    for moved in one.moved:
        verb = "would move" if dry else "moved"
        yield f"{verb} {many(len(moved.cards), 'card')}: {deck_name(moved.born)} → {deck_name(moved.wanted)}"
    for name in one.gone:
        yield f"{'would delete' if dry else 'deleted'} the empty deck {name}"
    for name in one.kept:
        yield f"left the deck {name}: there are other cards or decks in it"
    if one.elsewhere:
        yield f"left {many(len(one.elsewhere), 'note')} in the deck that you had put them into" + _more(verbose)
        if verbose:
            yield from (f"  · {asked(done, guid)}  ({deck})" for guid, deck in one.elsewhere.items())


def _retired(done: Done, dry: bool, verbose: bool) -> Iterator[str]:
    from studypack.desk.push import RETIRED
    from studypack.terminal import many

    one = done.pushed
    if one.retired:
        verb = "would suspend" if dry else "suspended"
        yield f"{verb} {many(len(one.retired), 'note')} that left the guide, tagged {RETIRED}" + _more(verbose)
        if verbose:
            yield from (f"  · {asked(done, guid)}" for guid in one.retired)
    if one.back:
        yield f"{'would take' if dry else 'took'} up again {many(len(one.back), 'note')} that came back" + _more(
            verbose
        )
        if verbose:
            yield from (f"  · {asked(done, guid)}" for guid in one.back)
    if one.strangers:
        yield f"left {many(len(one.strangers), 'note')} of this guide that its lock does not know" + _more(verbose)
        if verbose:
            yield from (f"  · {guid}" for guid in one.strangers)
    if one.copies:
        yield f"left {many(one.copies, 'copy of a note' if one.copies == 1 else 'note')} that you copied in Anki"


def _more(verbose: bool) -> str:
    return "" if verbose else " (-v names them)"


def asked(done: Done, guid: str) -> str:
    """What a note asks, short."""
    text = " ".join(done.asks.get(guid, "").split()) or guid
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


def all_as_json(guides: Mapping[str, object], *, dry: bool, synced: bool) -> str:
    """All of a push for programs; `guides` are by the path that the user named."""
    return json.dumps({"dry_run": dry, "synced": synced, "guides": guides}, ensure_ascii=False, indent=2)
