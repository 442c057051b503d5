"""What `studypack build --watch` prints: a line for each thing that was built, and all that is to be said of it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_never

import click

from studypack import pipeline
from studypack.cli import objects
from studypack.cli.run import SOURCE, go_on, no_source
from studypack.desk import watch
from studypack.desk.edits import Scope
from studypack.desk.watch import Built, Gone, News, Trouble
from studypack.pack import Output
from studypack.terminal import coloured, complain, many, say

if TYPE_CHECKING:
    from studypack.identity import Change
    from studypack.pipeline import Config
    from studypack.report import Report


def run(config: Config, places: Sequence[Path], *, quiet: bool, verbose: bool, as_json: bool) -> None:
    """Watch the guides that the places name, and build them, until Ctrl-C: which is how watching ends well."""
    if places == (SOURCE,) and not SOURCE.is_dir():
        raise click.UsageError(no_source())
    printer = _Printer(quiet=quiet, verbose=verbose)
    if not (quiet or as_json):
        say(click.style(f"watching {', '.join(map(str, places))}; Ctrl-C to end", dim=True))
    try:
        watch.watch(
            config,
            Scope.of(places),
            clock=lambda: pipeline.build_time(os.environ),
            tell=_tell_programs if as_json else printer.tell,
            alive=go_on,
        )
    except KeyboardInterrupt:
        if not (quiet or as_json):
            say(click.style("stopped", dim=True))


# --- for people --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Printer:
    """Prints news; only errors and warnings if `quiet`, each note of a plan if `verbose`."""

    quiet: bool
    verbose: bool

    def tell(self, news: News) -> None:
        """Prints a piece of news; where Ctrl-C came amid the work, this ends it."""
        go_on()
        match news:
            case Built():
                self._built(news)
            case Gone() if not self.quiet:
                say(_line(str(news.guide), "is gone; what was made of it stays"))
                if news.locked:
                    lock = pipeline.lock_path(news.guide)
                    say(f"  {lock} stays too: rename it as you renamed the guide, if so, and cards keep their reviews")
            case Trouble():
                complain(news.message)
            case _:  # nothing wrong
                return

    def _built(self, news: Built) -> None:
        report = news.report
        for found in report.diagnostics:
            say(coloured(found), err=True)
        for trouble in report.troubles:
            complain(trouble)
        if not report.ok:
            errors = sum(found.severity == "error" for found in report.diagnostics)
            left = "what is not listed is as it was" if report.made else "all stays as it was last built"
            count = click.style(many(errors, "error"), fg="red") if errors else ""
            say(_line(_name(news), count, left), err=True)
        if not self.quiet and (report.ok or report.made):
            say("\n".join((_line(_name(news), *_result(news)), *_more(report, self.verbose))))


def _line(*columns: str) -> str:
    """`14:03:21  source/tea.md  1 edited  deck in 0.2 s`."""
    name, *rest = columns
    return "  ".join(
        [click.style(time.strftime("%H:%M:%S"), dim=True), click.style(name, bold=True), *filter(None, rest)]
    )


def _name(news: Built) -> str:
    """The guide, and what else was edited."""
    edit = news.edit
    files = () if edit is None else (*edit.files, *([pipeline.lock_path(edit.guide).name] if edit.lock else ()))
    return f"{news.report.path} ({', '.join(files)})" if files else news.report.path


def _result(news: Built) -> Iterator[str]:
    """What became of the notes, which outputs there are, and how long it took."""
    report = news.report
    made = ", ".join(_extent(one.output, one.pages, one.type) for one in report.made)
    if report.fresh:
        yield "up to date"
        return
    if any(one.output is Output.DECK for one in report.made):
        yield _plan(report.plan)
    yield click.style(f"{made or 'nothing to make'} in {_time(news.seconds)}", fg="green" if made else None)


def _extent(output: Output, pages: int | None, type_: float | None) -> str:
    extent = ", ".join((*([many(pages, "page")] if pages else ()), *([f"{type_:.1f} pt"] if type_ else ())))
    return f"{output.value} ({extent})" if extent else output.value


def _time(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _plan(changes: Sequence[Change]) -> str:
    from studypack import plan

    new = [change for change in changes if change.fate.value != "unchanged"]
    return plan.summary(new) if new else "no card changed"


def _more(report: Report, verbose: bool) -> Iterator[str]:
    """What of the plan is to be looked at, and outputs that the guide no longer has."""
    from studypack import plan

    guesses = plan.guesses(report.plan)
    new = [change for change in report.plan if change.fate.value != "unchanged"]
    yield from (f"  {line}" for line in plan.lines(new if verbose else guesses))
    if guesses:
        yield "  a wrong guess? studypack different GUIDE NOTE, studypack same GUIDE OLD NEW"
    for path in report.removed:
        yield f"  {path} removed: the guide no longer has what it showed"


# --- for programs ------------------------------------------------------------------------------------------------


def _tell_programs(news: News) -> None:
    """A line of JSON for each piece of news."""
    go_on()
    say(objects.written(_object(news), line=True))


def _object(news: News) -> dict[str, Any]:
    match news:
        case Built(report=report, edit=edit):
            parts = () if edit is None else (("guide", edit.text), ("lock", edit.lock))
            edited = [*(name for name, is_so in parts if is_so), *(edit.files if edit else ())]
            seconds = round(news.seconds, 3)
            return {"event": "built", "seconds": seconds, "edited": edited, **objects.of_report(report)}
        case Gone(guide=guide):
            return {"event": "gone", "path": str(guide)}
        case Trouble(message=message):
            return {"event": "trouble", "message": message}
        case _:
            assert_never(news)
