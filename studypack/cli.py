"""The command `studypack`: reads the arguments, has the work done, prints what became of it, sets the exit code.

Nothing heavy is imported before a command runs: `--help` and the shell's completion must answer at once.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studypack import __version__

if TYPE_CHECKING:
    from studypack.identity import Change, Decision
    from studypack.lock import Entry, Lock
    from studypack.pipeline import Preview
    from studypack.report import Report

CLEAN, GUIDE_ERRORS, USAGE = 0, 1, 2
"""Exit codes: all well (warnings are), errors in a guide, wrong usage or an environment that lacks something."""

INTERRUPTED = 128 + signal.SIGINT
"""The exit code after Ctrl-C, as shells have it."""

OUTPUTS = ("deck", "cheatsheet", "matrix", "cards")
"""The values of `pack.Output`, written out so that `--help` need not import it."""

MATRIX_FITS = ("a3", "split", "tiny")
"""The values of `frontmatter.MATRIX_FITS`, likewise."""
FLIPS = ("long", "short")
"""The values of `writers.duplex.Flip`, likewise."""

SOURCE, BUILD = Path("source"), Path("build")
"""Where guides are looked for and outputs put, below the current folder, unless an argument says otherwise."""


def main() -> None:
    """Run the command that the program's arguments name, and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A console of another encoding (cp1252 on Windows) shows `?` for ✅ rather than ending in a traceback.
            stream.reconfigure(errors="replace")
    # Ended from outside, clean up as on Ctrl-C: no draft of an output stays behind.
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)
    studypack(prog_name="studypack")


_ended: list[tuple[int, float]] = []
"""The signals that asked this program to end, and when."""

_GRACE = 1.0  # seconds


def _end(number: int, _frame: object) -> None:
    """Ends the program. Who presses Ctrl-C twice in a row means it once: the second would come amid the cleaning up."""
    now = time.monotonic()
    if not _ended or now - _ended[-1][1] > _GRACE:
        _ended.append((number, now))
        _go_on()


def _go_on() -> None:
    """Ends the program if it was asked to.

    Python drops an exception that is raised while a callback of its own runs (while a module is imported, say), so a
    signal's is raised again here before anything is written.
    """
    if _ended:
        number, _ = _ended[0]
        raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def studypack() -> None:
    """Turn a Markdown guide into an Anki deck, a printable cheat sheet and a one-page comparison matrix."""


@studypack.command(short_help="Build the outputs of guides.")
@click.argument("guides", nargs=-1, metavar="[GUIDE]...", type=click.Path(path_type=Path))
@click.option(
    "--only",
    multiple=True,
    type=click.Choice(OUTPUTS),
    help="Make only this output; may be repeated. Cards to print are made only when named.",
)
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), default=BUILD, show_default=True, help="Put the outputs there."
)
@click.option(
    "--duplex",
    type=click.Choice(FLIPS),
    default=FLIPS[0],
    show_default=True,
    help="The edge about which your printer turns a sheet of cards, so that each answer lies behind its question. "
    "To print on one side only and paste, either will do.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors and warnings.")
@click.option("-v", "--verbose", is_flag=True, help="Say of each note what became of it.")
@click.option(
    "--sheets", type=click.IntRange(1, 99), help="Fit the cheat sheet onto so many sheets, printed on both sides."
)
@click.option(
    "--matrix-fit", type=click.Choice(MATRIX_FITS), help="What becomes of a matrix that needs type under 6 pt."
)
@click.option("--frozen", is_flag=True, help="Fail if a lock would change (for continuous integration).")
@click.option("--refresh-all", is_flag=True, help="Give every note a new time; repairs a learner's stale import.")
@click.option("-j", "--jobs", type=click.IntRange(1, 999), help="So many processes at a time.  [default: all cores]")
@click.option("--on", metavar="ADDRESS", help="Work on a cluster of Dask's instead: dask://HOST:PORT.")
@click.option("--no-cache", is_flag=True, help="Make everything anew, and remember nothing.")
def build(
    guides: tuple[Path, ...],
    only: tuple[str, ...],
    out: Path,
    *,
    duplex: str,
    quiet: bool,
    verbose: bool,
    sheets: int | None,
    matrix_fit: str | None,
    frozen: bool,
    refresh_all: bool,
    jobs: int | None,
    on: str | None,
    no_cache: bool,
) -> None:
    """Build the outputs of each GUIDE (a Markdown file, or a folder of them; by default, the folder source/).

    What is up to date is not made again.

    Exit code: 0 all well, warnings included; 1 a guide has errors, and what they concern is left as it was last built;
    2 wrong usage, or something that studypack needs is missing.
    """
    from studypack import cache, pipeline
    from studypack.pack import USUAL, Output, Wishes
    from studypack.terminal import Progress

    with _told() as outcome:
        wishes = Wishes(
            only=frozenset(map(Output, only)) or USUAL,
            now=pipeline.build_time(os.environ),
            frozen=frozen,
            refresh=refresh_all,
            sheets=sheets,
            matrix_fit=matrix_fit,
            duplex=duplex,
        )
        config = pipeline.Config(
            guides=_guides(guides or (SOURCE,)),
            out=out,
            wishes=wishes,
            jobs=jobs or pipeline.cores(),
            on=on,
            cache=None if no_cache else cache.default_folder(os.environ),
        )
        with Progress(len(config.guides), len(pipeline.steps(config))) as progress:

            def announce(path: str, plan: tuple[Change, ...]) -> None:
                _go_on()
                if not quiet:
                    progress.pause()
                    _announce(path, plan, verbose=verbose)

            for report in pipeline.build(config, progress.step, announce):
                progress.end_of_guide()
                _print(report, quiet=quiet)
                outcome.worst(_code(report))


@studypack.command(short_help="Show what a build would do to the notes.")
@click.argument("guides", nargs=-1, metavar="[GUIDE]...", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("-v", "--verbose", is_flag=True, help="Show unchanged notes too.")
def diff(guides: tuple[Path, ...], *, as_json: bool, verbose: bool) -> None:
    """Show the plan of a build: which notes are new, reworded, moved, edited or retired, and why. Writes nothing."""
    import json

    from studypack import plan
    from studypack.terminal import say

    with _told() as outcome:
        found: dict[str, object] = {}
        for path in _guides(guides or (SOURCE,)):
            decision, _ = _decision(path, outcome)
            if decision is None:
                continue
            found[str(path)] = plan.as_json(decision.plan)
            if not as_json:
                shown = [change for change in decision.plan if verbose or change.fate.value != "unchanged"]
                say(f"{click.style(str(path), bold=True)}: {plan.summary(decision.plan)}")
                say("\n".join(f"  {line}" for line in plan.lines(shown)))
        if as_json:
            say(json.dumps(found, ensure_ascii=False, indent=2))


@studypack.command(short_help="List the notes that left a guide.")
@click.argument("guide", type=click.Path(path_type=Path))
def retired(guide: Path) -> None:
    """List the notes that left GUIDE, and a search that finds them in Anki's Browser.

    A package cannot delete cards: paste the search there, look, and delete or suspend what you no longer want.
    """
    from studypack import pipeline, plan
    from studypack.terminal import say

    with _told():
        lock = pipeline.read_lock(guide)
        gone = plan.retired(lock) if lock else ()
        for entry in gone:
            say(f"{entry.retired}  {entry.kind}: {entry.asks or entry.guid}")
        if lock and gone:
            say(f"\nIn Anki's Browser: {plan.search(lock.guide, gone)}")
        else:
            say("No note has left this guide.")


@studypack.command(short_help="Compare the names of topics and of their decks.")
@click.argument("guide", type=click.Path(path_type=Path))
@click.option("--renames", is_flag=True, help="Show topics whose heading no longer matches their deck.")
@click.option("--adopt", is_flag=True, help="Remember today's names, after you renamed the decks in Anki.")
def deck(guide: Path, *, renames: bool, adopt: bool) -> None:
    """Show where the cards of each topic of GUIDE are born.

    Anki finds decks by name and never moves cards on import, so a topic keeps the deck it was born with.
    """
    from studypack import identity, pipeline
    from studypack.terminal import say

    with _told() as outcome:
        decision, _ = _decision(guide, outcome)
        if decision is None:
            return
        rows = identity.topic_decks(decision)
        for row in rows:
            if row.born != row.wanted:
                say(f"{'::'.join(row.born)}\n  is now called {'::'.join(row.wanted)}")
            elif not renames:
                say("::".join(row.born))
        if adopt:
            pipeline.write_lock(guide, identity.adopt_decks(decision))
            say("Remembered. New cards go to the decks as they are called now.")
        elif any(row.born != row.wanted for row in rows):
            say(
                "\nTo rename: in Anki's deck list, the gear beside the deck, Rename. Then: studypack deck GUIDE --adopt"
            )


@studypack.command(short_help="Say that two notes are the same.")
@click.argument("guide", type=click.Path(path_type=Path))
@click.argument("old")
@click.argument("new")
def same(guide: Path, old: str, new: str) -> None:
    """Say that the note NEW of GUIDE is the note OLD, reworded: it takes over its reviews.

    OLD and NEW are questions, or guids as `diff` shows them (the first letters are enough). Then build.
    """
    from studypack import lock, pipeline
    from studypack.terminal import say

    with _told() as outcome:
        decision, _ = _decision(guide, outcome)
        if decision is not None:
            was = _entry(decision.lock, old)
            now = _entry(decision.lock, new)
            if was.guid == now.guid:
                raise click.UsageError("They are the same note already.")
            pipeline.write_lock(guide, lock.joined(decision.lock, was.guid, now.guid))
            say(f"{now.asks or now.guid}\n  is now {was.asks or was.guid} ({was.guid}). Build to make it so.")


@studypack.command(short_help="Say that a note is another than it was.")
@click.argument("guide", type=click.Path(path_type=Path))
@click.argument("note")
def different(guide: Path, note: str) -> None:
    """Say that NOTE of GUIDE is not the note it was taken for: it starts anew, the old one retires.

    NOTE is its question, or its guid as `diff` shows it (the first letters are enough). Then build.
    """
    from studypack import identity, pipeline
    from studypack.terminal import say

    with _told() as outcome:
        decision, preview = _decision(guide, outcome)
        if decision is not None:
            entry = _entry(decision.lock, note)
            lock = identity.part(decision, preview.before, entry.guid, pipeline.today())
            pipeline.write_lock(guide, lock)
            say(f"{entry.asks or entry.guid}\n  is a new note. Build to make it so.")


class _Outcome:
    """The exit code so far."""

    def __init__(self) -> None:
        self.code = CLEAN

    def worst(self, code: int) -> None:
        self.code = max(self.code, code)


@contextmanager
def _told() -> Iterator[_Outcome]:
    """Ends the program with the outcome's code; what is wrong with the surroundings is said in a sentence."""
    from studypack.diagnostics import StudypackError
    from studypack.terminal import complain

    outcome = _Outcome()
    try:
        yield outcome
    except StudypackError as error:
        complain(str(error))
        outcome.code = USAGE
    except KeyboardInterrupt:
        # Click would say "Aborted!" and exit with 1, which here means an error in a guide.
        complain("interrupted; what is not listed above is as it was")
        outcome.code = INTERRUPTED
    raise SystemExit(outcome.code)


def _decision(path: Path, outcome: _Outcome) -> tuple[Decision | None, Preview]:
    """The plan for a guide; None where its errors, which are printed, leave none."""
    from studypack import pipeline
    from studypack.diagnostics import Severity
    from studypack.terminal import coloured, say

    preview = pipeline.preview(path, pipeline.build_time(os.environ))
    if preview.decision is None:
        for diagnostic in preview.diagnostics:
            if diagnostic.severity is Severity.ERROR:
                say(coloured(diagnostic), err=True)
        outcome.worst(GUIDE_ERRORS)
    return preview.decision, preview


def _entry(lock: Lock, name: str) -> Entry:
    """The note of a lock that a guid's first letters or a question name."""
    wanted = " ".join(name.casefold().split())
    found = [entry for entry in lock.entries if " ".join(entry.asks.casefold().split()) == wanted]
    found = found or [entry for entry in lock.entries if entry.guid.startswith(name)]
    if len(found) > 1:
        listed = "".join(f"\n  {entry.guid}  {entry.kind}: {entry.asks}" for entry in found)
        raise click.UsageError(f"{name!r} is the name of several notes; use a guid:{listed}")
    if not found:
        raise click.UsageError(f"No note is called {name!r}; `studypack diff -v` shows questions and guids.")
    return found[0]


def _guides(arguments: Iterable[Path]) -> tuple[Path, ...]:
    """The guides that the arguments name, each once, folders opened."""
    from studypack import pipeline

    found: dict[Path, None] = {}
    for path in arguments:
        if path == SOURCE and not path.is_dir():
            raise click.UsageError("There is no folder source/ here. Name a guide: studypack build GUIDE.md")
        inside = pipeline.find_guides(path) if path.is_dir() else (path,)
        if not inside:
            raise click.UsageError(f"There is no guide (*.md) in {path}.")
        found.update(dict.fromkeys(inside))
    return tuple(found)


def _code(report: Report) -> int:
    if report.troubles:
        return USAGE
    return CLEAN if report.ok else GUIDE_ERRORS


# --- what a person reads -----------------------------------------------------------------------------------------


def _announce(path: str, changes: tuple[Change, ...], *, verbose: bool) -> None:
    """The guide, and what becomes of its notes, before anything is written."""
    from studypack.terminal import say

    say("\n".join([click.style(path, bold=True), *(f"  {line}" for line in _plan(changes, verbose))]))


def _print(report: Report, *, quiet: bool) -> None:
    """Diagnostics to standard error, what was made to standard output."""
    from studypack.terminal import coloured, complain, many, say

    for diagnostic in report.diagnostics:
        say(coloured(diagnostic), err=True)
    for trouble in report.troubles:
        complain(trouble)
    if report.fresh and not quiet:
        say(f"{click.style(report.path, bold=True)}\n  up to date")
    if report.made and not quiet:
        say("\n".join(_summary(report)))
    if not report.ok:
        errors = sum(diagnostic.severity == "error" for diagnostic in report.diagnostics)
        left = "what is not listed is as it was" if report.made else "nothing built"
        say(f"{report.path}: {many(errors, 'error')}, {left}", err=True)


def _summary(report: Report) -> Iterator[str]:
    """Cards by kind, and a line a file, names and sizes below one another."""
    from studypack.terminal import many, size

    total = sum(report.cards.values())
    if total:
        kinds = ", ".join(f"{count} {kind}" for kind, count in report.cards.items())
        yield f"  {many(total, 'card')}: {kinds}"
    width = max((len(str(made.path)) for made in report.made), default=0)
    for made in report.made:
        extent = many(total, "card") if made.pages is None else many(made.pages, "page")
        extent += f", {made.type:.1f} pt" if made.type is not None else ""
        yield f"  {made.path!s:<{width}}  {size(made.size):>8}  {extent}"
    for path in report.removed:
        yield f"  {path} removed: the guide no longer has what it showed"


def _plan(changes: tuple[Change, ...], verbose: bool) -> Iterator[str]:
    """The plan in a line; every note of it if wanted, guesses always."""
    if not changes:
        return
    from studypack import plan

    yield plan.summary(changes)
    guesses = plan.guesses(changes)
    yield from (f"  {line}" for line in plan.lines(changes if verbose else guesses))
    if guesses:
        yield "  a wrong guess? studypack different GUIDE NOTE, studypack same GUIDE OLD NEW"
