"""`studypack build`: guides in, packs out; what is printed of each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studypack.cli.run import BUILD, CLEAN, GUIDE_ERRORS, USAGE, Outcome, go_on, guides_of, places_of, settled, told

if TYPE_CHECKING:
    from studypack.identity import Change
    from studypack.pipeline import Config
    from studypack.report import Report
    from studypack.settings import Settings

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
@click.option("-o", "--out", type=click.Path(path_type=Path), help=f"Put the outputs there.  [default: {BUILD}]")
@click.option(
    "--duplex",
    type=click.Choice(FLIPS),
    help="The edge about which your printer turns a sheet of cards, so that each answer lies behind its question. "
    f"To print on one side only and paste, either will do.  [default: {FLIPS[0]}]",
)
@click.option("-q", "--quiet/--no-quiet", default=None, help="Print nothing but errors and warnings.")
@click.option("-v", "--verbose/--no-verbose", default=None, help="Say of each note what became of it.")
@click.option(
    "--sheets", type=click.IntRange(1, 99), help="Fit the cheat sheet onto so many sheets, printed on both sides."
)
@click.option(
    "--matrix-fit", type=click.Choice(MATRIX_FITS), help="What becomes of a matrix that needs type under 6 pt."
)
@click.option("-w", "--watch", is_flag=True, help="Build again whatever you save, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--frozen", is_flag=True, help="Fail if a lock would change (for continuous integration).")
@click.option("--refresh-all", is_flag=True, help="Give every note a new time; repairs a learner's stale import.")
@click.option("-j", "--jobs", type=click.IntRange(1, 999), help="So many processes at a time.  [default: all cores]")
@click.option("--on", metavar="ADDRESS", help="Work on a cluster of Dask's instead: dask://HOST:PORT.")
@click.option("--cache/--no-cache", default=None, help="Whether to remember what was made.  [default: cache]")
def build(
    guides: tuple[Path, ...],
    only: tuple[str, ...],
    out: Path | None,
    *,
    duplex: str | None,
    quiet: bool | None,
    verbose: bool | None,
    sheets: int | None,
    matrix_fit: str | None,
    watch: bool,
    as_json: bool,
    frozen: bool,
    refresh_all: bool,
    jobs: int | None,
    on: str | None,
    cache: bool | None,
) -> None:
    """Build the outputs of each GUIDE (a Markdown file, or a folder of them; by default, the folder source/).

    What is up to date is not made again. Options may be set for good, in the table [tool.studypack] of pyproject.toml
    or in studypack.toml.

    Exit code: 0 all well, warnings included; 1 a guide has errors, and what they concern is left as it was last built;
    2 wrong usage, or something that studypack needs is missing.
    """
    from studypack.settings import Settings

    with told() as outcome:
        given = Settings(
            guides=guides or None,
            only=only or None,
            out=out,
            duplex=duplex,
            quiet=quiet,
            verbose=verbose,
            sheets=sheets,
            matrix_fit=matrix_fit,
            jobs=jobs,
            on=on,
            cache=cache,
        )
        wanted = given.over(settled())
        if watch and refresh_all:
            raise click.UsageError(
                "--refresh-all makes every note newer, so not at each save: build once without --watch."
            )
        if watch and wanted.on:
            raise click.UsageError("--watch works on this machine alone; leave out --on.")
        config = _config(given, settled(), frozen=frozen, refresh=refresh_all, watch=watch)
        if watch:
            from studypack.cli import watching

            watching.run(
                config, places_of(guides), quiet=bool(wanted.quiet), verbose=bool(wanted.verbose), as_json=as_json
            )
        elif as_json:
            _build_for_programs(config, outcome)
        else:
            _build(config, outcome, quiet=bool(wanted.quiet), verbose=bool(wanted.verbose))


def _config(given: Settings, usual: Settings, *, frozen: bool, refresh: bool, watch: bool) -> Config:
    """What is given and what is usual, as the pipeline takes it.

    Who watches finds the guides itself, for they come and go.
    """
    from studypack import cache, pipeline
    from studypack.pack import USUAL, Output, Wishes

    wanted = given.over(usual)
    wishes = Wishes(
        only=frozenset(map(Output, wanted.only or ())) or USUAL,
        now=pipeline.build_time(os.environ),
        frozen=frozen,
        refresh=refresh,
        sheets=given.sheets,
        matrix_fit=given.matrix_fit,
        usual_sheets=usual.sheets,
        usual_matrix_fit=usual.matrix_fit,
        duplex=wanted.duplex or FLIPS[0],
    )
    return pipeline.Config(
        guides=() if watch else guides_of(wanted.guides or ()),
        out=wanted.out or BUILD,
        wishes=wishes,
        jobs=wanted.jobs or pipeline.cores(),
        on=wanted.on,
        cache=None if wanted.cache is False else cache.default_folder(os.environ),
    )


def _build(config: Config, outcome: Outcome, *, quiet: bool, verbose: bool) -> None:
    from studypack import pipeline
    from studypack.terminal import Progress

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


def _build_for_programs(config: Config, outcome: Outcome) -> None:
    """One document, of the guides that are done also where something ends the build before its time."""
    from studypack import pipeline
    from studypack.cli import objects
    from studypack.terminal import say

    done: list[dict[str, Any]] = []
    try:
        for report in pipeline.build(config, announce=lambda _path, _plan: go_on()):
            done.append(objects.of_report(report))
            outcome.worst(_code(report))
    finally:
        say(objects.written({"guides": done}))


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
