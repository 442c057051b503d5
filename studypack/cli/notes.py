"""The commands about who a guide's notes are: the plan, and what an author says of it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studypack.cli.run import GUIDE_ERRORS, Outcome, guides_of, told

if TYPE_CHECKING:
    from studypack.identity import Decision, TopicDeck
    from studypack.lock import Entry, Lock
    from studypack.pipeline import Preview


@click.command(short_help="Show what a build would do to the notes.")
@click.argument("guides", nargs=-1, metavar="[GUIDE]...", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("-v", "--verbose", is_flag=True, help="Show unchanged notes too.")
def diff(guides: tuple[Path, ...], *, as_json: bool, verbose: bool) -> None:
    """Show the plan of a build: which notes are new, reworded, moved, edited or retired, and why. Writes nothing."""
    import json

    from studypack import plan
    from studypack.terminal import say

    with told() as outcome:
        found: dict[str, object] = {}
        for path in guides_of(guides):
            decision, _ = _decision(path, outcome)
            if decision is None:
                continue
            found[str(path)] = plan.as_json(decision.plan)
            if not as_json:
                shown = [change for change in decision.plan if verbose or change.fate.value != "unchanged"]
                say(f"{click.style(str(path), bold=True)}: {plan.summary(decision.plan)}")
                for line in plan.lines(shown):
                    say(f"  {line}")
        if as_json:
            say(json.dumps(found, ensure_ascii=False, indent=2))


@click.command(short_help="List the notes that left a guide.")
@click.argument("guide", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def retired(guide: Path, *, as_json: bool) -> None:
    """List the notes that left GUIDE, and a search that finds them in Anki's Browser.

    A package cannot delete cards: paste the search there, look, and delete or suspend what you no longer want.
    """
    from studypack import pipeline, plan
    from studypack.cli import objects
    from studypack.terminal import say

    with told():
        lock = pipeline.read_lock(guide)
        if lock is None and not guide.exists():
            raise click.UsageError(f"There is no file {guide}.")
        gone = plan.retired(lock) if lock else ()
        search = plan.search(lock.guide, gone) if lock and gone else None
        if as_json:
            say(objects.written({"path": str(guide), "retired": [*map(objects.of_entry, gone)], "search": search}))
            return
        for entry, called in zip(gone, plan.names(gone, lock) if lock else (), strict=True):
            say(f"{entry.retired}  {called}  ({entry.guid})")
        if search:
            say(f"\nIn Anki's Browser: {search}")
        else:
            say("No note has left this guide.")


@click.command(short_help="Compare the names of topics and of their decks.")
@click.argument("guide", type=click.Path(path_type=Path))
@click.option("--renames", is_flag=True, help="Show topics whose heading no longer matches their deck.")
@click.option("--adopt", is_flag=True, help="Remember today's names, after you renamed the decks in Anki.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def deck(guide: Path, *, renames: bool, adopt: bool, as_json: bool) -> None:
    """Show where the cards of each topic of GUIDE are born.

    Anki finds decks by name and never moves cards on import, so a topic keeps the deck it was born with.
    """
    from studypack import identity, pipeline
    from studypack.cli import objects
    from studypack.terminal import say

    with told() as outcome:
        decision, _ = _decision(guide, outcome, as_json=as_json)
        if decision is None:
            return
        rows = [row for row in identity.topic_decks(decision) if row.born != row.wanted or not renames]
        if adopt:
            pipeline.write_lock(guide, identity.adopt_decks(decision))
        if as_json:
            decks = [{"born": "::".join(row.born), "wanted": "::".join(row.wanted)} for row in rows]
            say(objects.written({"path": str(guide), "decks": decks, "adopted": adopt}))
        else:
            for line in _decks(rows, adopted=adopt):
                say(line)


def _decks(rows: Sequence[TopicDeck], *, adopted: bool) -> Iterator[str]:
    for row in rows:
        name = "::".join(row.born)
        yield name if row.born == row.wanted else f"{name}\n  is now called {'::'.join(row.wanted)}"
    if adopted:
        yield "Remembered. New cards go to the decks as they are called now."
    elif not rows:
        yield "Every deck is called as its topic is."
    elif any(row.born != row.wanted for row in rows):
        yield "\nTo rename: in Anki's deck list, the gear beside the deck, Rename. Then: studypack deck GUIDE --adopt"


@click.command(short_help="Say that two notes are the same.")
@click.argument("guide", type=click.Path(path_type=Path))
@click.argument("old")
@click.argument("new")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def same(guide: Path, old: str, new: str, *, as_json: bool) -> None:
    """Say that the note NEW of GUIDE is the note OLD, reworded: it takes over its reviews.

    OLD and NEW are questions, or guids as `diff` shows them (the first letters are enough). Then build.
    """
    from studypack import lock, pipeline
    from studypack.cli import objects
    from studypack.terminal import say

    with told() as outcome:
        decision, preview = _decision(guide, outcome, as_json=as_json)
        if decision is not None:
            was = _entry(decision.lock, old)
            now = _entry(decision.lock, new)
            if was.guid == now.guid:
                raise click.UsageError("They are the same note already.")
            pipeline.write_lock(guide, lock.joined(preview.before or decision.lock, was, now))
            if as_json:
                told_of = {"was": objects.of_entry(was), "now": objects.of_entry(now)}
                say(objects.written({"path": str(guide), "guid": was.guid, **told_of}))
                return
            say(f"{now.asks or now.guid}\n  is now {was.asks or was.guid} ({was.guid}). Build to make it so.")


@click.command(short_help="Say that a note is another than it was.")
@click.argument("guide", type=click.Path(path_type=Path))
@click.argument("note")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def different(guide: Path, note: str, *, as_json: bool) -> None:
    """Say that NOTE of GUIDE is not the note it was taken for: it starts anew, the old one retires.

    NOTE is its question, or its guid as `diff` shows it (the first letters are enough). Then build.
    """
    from studypack import identity, pipeline
    from studypack.cli import objects
    from studypack.terminal import say

    with told() as outcome:
        decision, preview = _decision(guide, outcome, as_json=as_json)
        if decision is not None:
            entry = _entry(decision.lock, note)
            if entry.retired:
                raise click.UsageError(f"{note!r} is no note of the guide any more.")
            lock = identity.part(decision, preview.before, entry.guid, pipeline.today())
            pipeline.write_lock(guide, lock)
            if as_json:
                say(objects.written({"path": str(guide), "different": objects.of_entry(entry)}))
                return
            say(f"{entry.asks or entry.guid}\n  is a new note. Build to make it so.")


def _decision(path: Path, outcome: Outcome, *, as_json: bool = False) -> tuple[Decision | None, Preview]:
    """The plan for a guide; None where its errors, which are printed, leave none."""
    from studypack import pipeline
    from studypack.cli import objects
    from studypack.diagnostics import Severity
    from studypack.terminal import coloured, say

    preview = pipeline.preview(path, pipeline.build_time(os.environ))
    if preview.decision is None:
        errors = [found for found in preview.diagnostics if found.severity is Severity.ERROR]
        if as_json:
            say(objects.written({"path": str(path), "diagnostics": objects.of_diagnostics(errors)}))
        for diagnostic in errors if not as_json else ():
            say(coloured(diagnostic), err=True)
        outcome.worst(GUIDE_ERRORS)
    return preview.decision, preview


def _entry(lock: Lock, name: str) -> Entry:
    """The note of a lock that a guid's first letters or a question name."""
    from studypack import plan

    wanted = " ".join(name.casefold().split())
    found = [entry for entry in lock.entries if " ".join(entry.asks.casefold().split()) == wanted]
    found = found or [entry for entry in lock.entries if entry.guid.startswith(name)]
    if len(found) > 1:
        names = zip(found, plan.names(found, lock), strict=True)
        listed = "".join(f"\n  {entry.guid}  {called}" for entry, called in names)
        raise click.UsageError(f"{name!r} is the name of several notes; use a guid:{listed}")
    if not found:
        raise click.UsageError(f"No note is called {name!r}; `studypack diff -v` shows questions and guids.")
    return found[0]
