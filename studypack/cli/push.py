"""`studypack push`: guides into the running Anki; what is printed of each."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studypack.cli.run import BUILD, CLEAN, GUIDE_ERRORS, SOURCE, USAGE, Outcome, go_on, guides_of, told

if TYPE_CHECKING:
    from studypack import pipeline
    from studypack.desk.ankiconnect import Anki
    from studypack.desk.holdings import Held
    from studypack.desk.push import Deleted, Pushed
    from studypack.identity import Change, Decision
    from studypack.lock import Lock
    from studypack.terminal import Progress

ADDRESS = "http://127.0.0.1:8765"
"""The value of `ankiconnect.ADDRESS`, written out so that `--help` need not import it."""


@click.command(short_help="Put guides into the running Anki.")
@click.argument("guides", nargs=-1, metavar="[GUIDE]...", type=click.Path(path_type=Path))
@click.option("--dry-run", "dry", is_flag=True, help="Say what would be done; change nothing, here or in Anki.")
@click.option("--sync", is_flag=True, help="Then have Anki sync.")
@click.option("--delete-retired", is_flag=True, help="Delete notes that left the guide; asks first, saves them first.")
@click.option("-y", "--yes", is_flag=True, help="Do not ask before deleting.")
@click.option(
    "--backups",
    type=click.Path(path_type=Path, file_okay=False),
    help="Save what is deleted there.  [default: backups in studypack's folder of yours]",
)
@click.option(
    "--anki",
    "address",
    metavar="URL",
    envvar="ANKICONNECT_URL",
    default=ADDRESS,
    show_default=True,
    help="Where AnkiConnect listens; also $ANKICONNECT_URL. An API key comes from $ANKICONNECT_KEY.",
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), default=BUILD, show_default=True, help="Where decks are built."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("-v", "--verbose", is_flag=True, help="Name each note.")
def push(
    guides: tuple[Path, ...],
    *,
    dry: bool,
    sync: bool,
    delete_retired: bool,
    yes: bool,
    backups: Path | None,
    address: str,
    out: Path,
    as_json: bool,
    verbose: bool,
) -> None:
    """Put each GUIDE (a Markdown file, or a folder of them; by default, the folder source/) into the running Anki.

    Builds the deck if it is stale, imports it, and reads it back. Then does what a package cannot: moves the cards of
    notes and topics that moved or are called otherwise, suspends notes that left the guide and tags them
    studypack::retired. Nothing else in Anki is touched. Needs Anki's add-on AnkiConnect (2055492159).

    Exit code: 0 all well; 1 a guide has errors, and was not pushed; 2 Anki cannot be reached, or did not take a note.
    """
    from studypack.desk.ankiconnect import Anki
    from studypack.terminal import Progress, say

    with told() as outcome:
        paths = guides_of(guides or (SOURCE,))
        if delete_retired and not (yes or dry) and (as_json or not sys.stdin.isatty()):
            raise click.UsageError("--delete-retired asks before it deletes; in a script say --yes too.")
        anki = Anki(address=address, key=os.environ.get("ANKICONNECT_KEY") or None, dry=dry)
        anki.greet()
        with Progress(len(paths), 1) as progress:
            work = _Work(
                anki=anki,
                out=out,
                outcome=outcome,
                progress=progress,
                quiet=as_json,
                verbose=verbose,
                deleting=delete_retired,
                yes=yes,
                backups=backups,
            )
            done = {str(path): one for path, one in work.all(paths)}
        if sync:
            anki.change("sync")
            if not as_json:
                say("Anki would sync." if dry else "Anki has synced.")
        if as_json:
            say(_json({path: one.as_json() for path, one in done.items()}, dry=dry, synced=sync and not dry))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """What became of one guide: what the build did to its notes, what the push did, and what was deleted."""

    plan: tuple[Change, ...]
    pushed: Pushed
    deleted: Deleted | None = None
    asks: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """One run of the command; `quiet` prints nothing but errors."""

    anki: Anki
    out: Path
    outcome: Outcome
    progress: Progress
    quiet: bool
    verbose: bool
    deleting: bool
    yes: bool
    backups: Path | None

    def all(self, paths: Sequence[Path]) -> Iterator[tuple[Path, _Done]]:
        """The guides that could be pushed, one after the other, what became of each printed at once."""
        from studypack import pipeline

        now = pipeline.build_time(os.environ)
        plans = {} if self.anki.dry else dict(self._build(paths, now))
        for path in paths:
            if not self.anki.dry and path not in plans:
                continue
            self.progress.step(path.name)
            preview = pipeline.preview(path, now)
            if not self._clean(preview) or preview.decision is None:
                continue
            plan = preview.decision.plan if self.anki.dry else plans[path]
            yield path, self._push(path, now, preview.decision, plan)
            self.progress.end_of_guide()

    def _build(self, paths: Sequence[Path], now: int) -> Iterator[tuple[Path, tuple[Change, ...]]]:
        """The guides whose deck is built, or was up to date, with what the build did to their notes."""
        from studypack import cache, pipeline
        from studypack.pack import Output, Wishes
        from studypack.terminal import coloured, complain, say

        config = pipeline.Config(
            guides=tuple(paths),
            out=self.out,
            wishes=Wishes(only=frozenset({Output.DECK}), now=now),
            jobs=pipeline.cores(),
            cache=cache.default_folder(os.environ),
        )
        for path, report in zip(paths, pipeline.build(config), strict=True):
            go_on()
            for diagnostic in report.diagnostics:
                say(coloured(diagnostic), err=True)
            for trouble in report.troubles:
                complain(trouble)
            self.outcome.worst(USAGE if report.troubles else CLEAN if report.ok else GUIDE_ERRORS)
            if report.ok and not report.troubles:
                yield path, report.plan
            else:
                say(f"{path}: not pushed", err=True)

    def _clean(self, preview: pipeline.Preview) -> bool:
        """Whether a guide has no errors; in a dry run, which builds nothing, they are told here."""
        from studypack.diagnostics import has_errors
        from studypack.terminal import coloured, say

        if self.anki.dry:
            for diagnostic in preview.diagnostics:
                say(coloured(diagnostic), err=True)
        if has_errors(preview.diagnostics):
            self.outcome.worst(GUIDE_ERRORS)
            return False
        return True

    def _push(self, path: Path, now: int, decision: Decision, plan: tuple[Change, ...]) -> _Done:
        """Push one guide, tell of it, and set down what the lock has to say of decks from now on."""
        from studypack import pipeline
        from studypack.desk import push as desk
        from studypack.pack import Output
        from studypack.terminal import say

        file = self.out / (path.stem + pipeline.ENDINGS[Output.DECK])
        pushed = desk.push(self.anki, decision, self._deck(decision, file), file)
        lock = pushed.lock or decision.lock
        if pushed.lock and not self.anki.dry:
            pipeline.write_lock(path, pushed.lock)
            list(self._build([path], now))  # the deck is to speak of the decks that the lock speaks of
        asks = {str(entry.guid): entry.asks for entry in lock.entries}
        done = _Done(plan=plan, pushed=pushed, asks=asks)
        self.progress.pause()
        if not self.quiet:
            say("\n".join(_lines(str(path), done, dry=self.anki.dry, verbose=self.verbose)))
        if not pushed.ok:
            self.outcome.worst(USAGE)
        deleted = self._delete(lock, done) if self.deleting else None
        return _Done(plan=plan, pushed=pushed, deleted=deleted, asks=asks)

    def _deck(self, decision: Decision, file: Path) -> bytes | None:
        """The package: the built one, or in a dry run what would be built."""
        if not decision.known:
            return None
        if not self.anki.dry:
            return file.read_bytes()
        from studypack.writers import deck

        return deck.write(decision.known, guide=decision.lock.guide, deck="::".join(decision.lock.topics[""]))

    def _delete(self, lock: Lock, done: _Done) -> Deleted | None:
        """Delete what left the guide, if the person wants it."""
        from studypack.desk import push as desk
        from studypack.terminal import many, say

        notes = desk.deletable(self.anki, lock)
        if not notes or not self._agreed(notes, done):
            return None
        deleted = desk.delete(self.anki, lock, notes, self.backups or _backups())
        if not self.quiet:
            verb = "would delete" if self.anki.dry else "deleted"
            say(f"  {verb} {many(len(deleted.notes), 'note')} that had left the guide")
            for path in deleted.backups:
                say(f"    saved before, with their reviews: {path}")
            for name in deleted.decks:
                say(f"  {verb} the empty deck {name}")
        return deleted

    def _agreed(self, notes: Sequence[Held], done: _Done) -> bool:
        from studypack.terminal import many, say

        if self.yes or self.anki.dry:
            return True
        for held in notes:
            say(f"    {_asked(done, held.guid)}", err=True)
        question = f"  Delete {many(len(notes), 'note')} with their reviews? A copy is saved first."
        return click.confirm(question, default=False, err=True)


def _backups() -> Path:
    from platformdirs import user_data_path

    return user_data_path("studypack", appauthor=False) / "backups"


# --- what a person reads -----------------------------------------------------------------------------------------

_SHORT = 60  # characters of a question that a line shows


def _lines(path: str, done: _Done, *, dry: bool, verbose: bool) -> Iterator[str]:
    """The guide, and a line for each thing that was done, or left."""
    from studypack import plan

    yield click.style(path, bold=True) + ("  (dry run: nothing is changed)" if dry else "")
    changed = [change for change in done.plan if change.fate.value != "unchanged"]
    if changed:
        yield f"  {'would build' if dry else 'built'}: {plan.summary(changed)}"
    yield from (f"  {line}" for line in _notes(done, dry, verbose))
    yield from (f"  {line}" for line in _decks(done, dry, verbose))
    yield from (f"  {line}" for line in _retired(done, dry, verbose))


def _notes(done: _Done, dry: bool, verbose: bool) -> Iterator[str]:
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
            yield from (f"  {verb[kind.value]}  {_asked(done, guid)}" for guid in found[kind])
    for outcome, (what, hint) in _WHY.items():
        guids = found[Outcome(outcome)]
        if guids:
            failed = outcome != Outcome.EDITED
            yield click.style(f"{many(len(guids), 'note')} {what}", fg="yellow" if failed else None)
            yield f"  {hint}"
            yield from (f"  · {_asked(done, guid)}" for guid in guids[: None if verbose else 5 if failed else 0])
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
        "not updated: their note type in Anki is not the one that they have here",
        "A field of “studypack basic” or “studypack cloze” was removed or renamed, or their type changed; undo that.",
    ),
    "missing": (
        "not in Anki after the import",
        "Their field SPID was changed in Anki, or they were given another note type; undo that, or delete them there.",
    ),
}
"""By outcome: what is said of such notes, and what to do."""


def _decks(done: _Done, dry: bool, verbose: bool) -> Iterator[str]:
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
            yield from (f"  · {_asked(done, guid)}  ({deck})" for guid, deck in one.elsewhere.items())


def _retired(done: _Done, dry: bool, verbose: bool) -> Iterator[str]:
    from studypack.desk.push import RETIRED
    from studypack.terminal import many

    one = done.pushed
    if one.retired:
        verb = "would suspend" if dry else "suspended"
        yield f"{verb} {many(len(one.retired), 'note')} that left the guide, tagged {RETIRED}" + _more(verbose)
        if verbose:
            yield from (f"  · {_asked(done, guid)}" for guid in one.retired)
    if one.back:
        yield f"{'would take' if dry else 'took'} up again {many(len(one.back), 'note')} that came back" + _more(
            verbose
        )
        if verbose:
            yield from (f"  · {_asked(done, guid)}" for guid in one.back)
    if one.strangers:
        yield f"left {many(len(one.strangers), 'note')} of this guide that its lock does not know" + _more(verbose)
        if verbose:
            yield from (f"  · {guid}" for guid in one.strangers)
    if one.copies:
        yield f"left {many(one.copies, 'copy of a note' if one.copies == 1 else 'note')} that you copied in Anki"


def _more(verbose: bool) -> str:
    return "" if verbose else " (-v names them)"


def _asked(done: _Done, guid: str) -> str:
    text = " ".join(done.asks.get(guid, "").split()) or guid
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


def _json(guides: Mapping[str, object], *, dry: bool, synced: bool) -> str:
    import json

    return json.dumps({"dry_run": dry, "synced": synced, "guides": guides}, ensure_ascii=False, indent=2)
