"""`studypack push`: guides into the running Anki."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studypack.cli.run import BUILD, CLEAN, GUIDE_ERRORS, USAGE, Outcome, go_on, guides_of, told

if TYPE_CHECKING:
    from studypack import pipeline
    from studypack.cli.pushed import Done
    from studypack.desk.ankiconnect import Anki
    from studypack.desk.deleting import Deleted
    from studypack.desk.holdings import Held
    from studypack.identity import Change, Decision
    from studypack.lock import Lock
    from studypack.report import Report
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
    from studypack.cli.pushed import all_as_json
    from studypack.desk.ankiconnect import Anki
    from studypack.terminal import Progress, say

    with told() as outcome:
        paths = guides_of(guides)
        if delete_retired and not (yes or dry) and (as_json or not sys.stdin.isatty()):
            raise click.UsageError("--delete-retired asks before it deletes; in a script say --yes too.")
        anki = Anki(address=address, key=os.environ.get("ANKICONNECT_KEY") or None, dry=dry)
        anki.greet()
        done: dict[str, object] = {}
        synced = False
        try:
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
                for path, one in work.all(paths):
                    done[str(path)] = one.as_json()
            if sync:
                anki.change("sync")
                synced = not dry
                if not as_json:
                    say("Anki would sync." if dry else "Anki has synced.")
        finally:  # also where Anki fails amid the work, a program hears what was done
            if as_json:
                say(all_as_json(done, dry=dry, synced=synced))


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

    def all(self, paths: Sequence[Path]) -> Iterator[tuple[Path, Done]]:
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
            done = self._push(path, now, preview.decision, plan)
            self.anki.refresh()
            yield path, done
            self.progress.end_of_guide()

    def _reports(self, paths: Sequence[Path], now: int) -> Iterator[Report]:
        """The guides' decks are built, if they are stale; a report each."""
        from studypack import cache, pipeline
        from studypack.pack import Output, Wishes

        config = pipeline.Config(
            guides=tuple(paths),
            out=self.out,
            wishes=Wishes(only=frozenset({Output.DECK}), now=now),
            jobs=pipeline.cores(),
            cache=cache.default_folder(os.environ),
        )
        return pipeline.build(config)

    def _build(self, paths: Sequence[Path], now: int) -> Iterator[tuple[Path, tuple[Change, ...]]]:
        """The guides whose deck is built, or was up to date, with what the build did to their notes."""
        from studypack.terminal import coloured, complain, say

        for path, report in zip(paths, self._reports(paths, now), strict=True):
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

    def _push(self, path: Path, now: int, decision: Decision, plan: tuple[Change, ...]) -> Done:
        """Push one guide, tell of it, and set down what the lock has to say of decks from now on."""
        from studypack import pipeline
        from studypack.cli.pushed import Done, lines
        from studypack.desk import push as desk
        from studypack.pack import Output
        from studypack.terminal import say

        file = self.out / (path.stem + pipeline.ENDINGS[Output.DECK])
        pushed = desk.push(self.anki, decision, self._deck(decision, file), file)
        lock = pushed.lock or decision.lock
        if pushed.lock and not self.anki.dry:
            pipeline.write_lock(path, pushed.lock)
            list(self._reports([path], now))  # the deck is to speak of the decks that the lock speaks of
        asks = {str(entry.guid): entry.asks for entry in lock.entries}
        done = Done(plan=plan, pushed=pushed, asks=asks)
        self.progress.pause()
        if not self.quiet:
            say("\n".join(lines(str(path), done, dry=self.anki.dry, verbose=self.verbose)))
        if not pushed.ok:
            self.outcome.worst(USAGE)
        deleted = self._delete(lock, done) if self.deleting else None
        return Done(plan=plan, pushed=pushed, deleted=deleted, asks=asks)

    def _deck(self, decision: Decision, file: Path) -> bytes | None:
        """The package: the built one, or in a dry run what would be built."""
        if not decision.known:
            return None
        if not self.anki.dry:
            return file.read_bytes()
        from studypack.writers import deck

        return deck.write(decision.known, guide=decision.lock.guide, deck="::".join(decision.lock.topics[""]))

    def _delete(self, lock: Lock, done: Done) -> Deleted | None:
        """Delete what left the guide, if the person wants it."""
        from studypack.desk import deleting
        from studypack.terminal import many, say

        notes = deleting.deletable(self.anki, lock)
        if not notes or not self._agreed(notes, done):
            return None
        deleted = deleting.delete(self.anki, lock, notes, self.backups or _backups())
        if not self.quiet:
            verb = "would delete" if self.anki.dry else "deleted"
            say(f"  {verb} {many(len(deleted.notes), 'note')} that had left the guide")
            for path in deleted.backups:
                say(f"    saved before, with their reviews: {path}")
            for name in deleted.decks:
                say(f"  {verb} the empty deck {name}")
        return deleted

    def _agreed(self, notes: Sequence[Held], done: Done) -> bool:
        from studypack.cli.pushed import asked
        from studypack.terminal import many, say

        if self.yes or self.anki.dry:
            return True
        for held in notes:
            say(f"    {asked(done, held.guid)}", err=True)
        question = f"  Delete {many(len(notes), 'note')} with their reviews? A copy is saved first."
        return click.confirm(question, default=False, err=True)


def _backups() -> Path:
    from platformdirs import user_data_path

    return user_data_path("studypack", appauthor=False) / "backups"
