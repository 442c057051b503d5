"""`studypack build`: guides in, packs out; what is printed of each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studypack.cli.run import BUILD, CLEAN, GUIDE_ERRORS, SOURCE, USAGE, go_on, guides_of, told

if TYPE_CHECKING:
    from studypack.identity import Change
    from studypack.report import Report

OUTPUTS = ("deck", "cheatsheet", "matrix", "cards")
"""The values of `pack.Output`, written out so that `--help` need not import it."""

MATRIX_FITS = ("a3", "split", "tiny")
"""The values of `frontmatter.MATRIX_FITS`, likewise."""
FLIPS = ("long", "short")
"""The values of `writers.duplex.Flip`, likewise."""


@click.command(short_help="Build the outputs of guides.")
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

    with told() as outcome:
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
            guides=guides_of(guides or (SOURCE,)),
            out=out,
            wishes=wishes,
            jobs=jobs or pipeline.cores(),
            on=on,
            cache=None if no_cache else cache.default_folder(os.environ),
        )
        with Progress(len(config.guides), len(pipeline.steps(config))) as progress:

            def announce(path: str, plan: tuple[Change, ...]) -> None:
                go_on()
                if not quiet:
                    progress.pause()
                    _announce(path, plan, verbose=verbose)

            for report in pipeline.build(config, progress.step, announce):
                progress.end_of_guide()
                _print(report, quiet=quiet)
                outcome.worst(_code(report))


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
        say(f"{report.path}: {many(errors, 'error')}, {left}" if errors else f"{report.path}: {left}", err=True)


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
