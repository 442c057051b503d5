"""The command `studypack`: reads the arguments, has the work done, prints what became of it, sets the exit code.

Nothing heavy is imported before a command runs: `--help` and the shell's completion must answer at once.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import click

from studypack import __version__

if TYPE_CHECKING:
    from studypack.diagnostics import Diagnostic
    from studypack.pipeline import Made, Report

CLEAN, GUIDE_ERRORS, USAGE = 0, 1, 2
"""Exit codes: all well (warnings are), errors in a guide, wrong usage or an environment that lacks something."""

INTERRUPTED = 128 + signal.SIGINT
"""The exit code after Ctrl-C, as shells have it."""

OUTPUTS = ("deck", "cheatsheet", "matrix")
"""The values of `pipeline.Output`, written out so that `--help` need not import it."""

SOURCE, BUILD = Path("source"), Path("build")
"""Where guides are looked for and outputs put, below the current folder, unless an argument says otherwise."""


def main() -> None:
    """Run the command that the program's arguments name, and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A console of another encoding (cp1252 on Windows) shows `?` for ✅ rather than ending in a traceback.
            stream.reconfigure(errors="replace")
    # Ended from outside, clean up as on Ctrl-C: no draft of an output stays behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    studypack(prog_name="studypack")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def studypack() -> None:
    """Turn a Markdown guide into an Anki deck, a printable cheat sheet and a one-page comparison matrix."""


@studypack.command(short_help="Build the outputs of guides.")
@click.argument("guides", nargs=-1, metavar="[GUIDE]...", type=click.Path(path_type=Path))
@click.option("--only", multiple=True, type=click.Choice(OUTPUTS), help="Make only this output; may be repeated.")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), default=BUILD, show_default=True, help="Put the outputs there."
)
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors and warnings.")
def build(guides: tuple[Path, ...], only: tuple[str, ...], out: Path, *, quiet: bool) -> None:
    """Build the outputs of each GUIDE (a Markdown file, or a folder of them; by default, the folder source/).

    Exit code: 0 all well, warnings included; 1 a guide has errors, and its last good outputs are left as they are;
    2 wrong usage, or something that studypack needs is missing.
    """
    from studypack import pipeline
    from studypack.diagnostics import StudypackError

    try:
        config = pipeline.Config(
            guides=_guides(guides or (SOURCE,)),
            out=out,
            only=frozenset(map(pipeline.Output, only)) or frozenset(pipeline.Output),
            now=pipeline.build_time(os.environ),
        )
        code = CLEAN
        with _Progress(len(config.guides), len(pipeline.steps(config))) as progress:
            for report in pipeline.build(config, progress.step):
                progress.end_of_guide()
                _print(report, quiet=quiet)
                code = max(code, _code(report))
    except StudypackError as error:
        _complain(str(error))
        code = USAGE
    except KeyboardInterrupt:
        # Click would say "Aborted!" and exit with 1, which here means an error in a guide.
        _complain("interrupted; what is not listed above is as it was")
        code = INTERRUPTED
    raise SystemExit(code)


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


def _print(report: Report, *, quiet: bool) -> None:
    """Diagnostics to standard error, what was made to standard output."""
    for diagnostic in report.diagnostics:
        _say(_coloured(diagnostic), err=True)
    for trouble in report.troubles:
        _complain(str(trouble))
    if not report.ok:
        errors = sum(diagnostic.severity == "error" for diagnostic in report.diagnostics)
        _say(f"{report.path}: {_many(errors, 'error')}, nothing built", err=True)
    elif not quiet:
        _say("\n".join(_summary(report)))


def _summary(report: Report) -> Iterator[str]:
    """The guide, its cards by kind, and a line a file: sizes and names stand below one another."""
    yield click.style(report.path, bold=True)
    total = sum(report.cards.values())
    if total:
        kinds = ", ".join(f"{count} {kind}" for kind, count in report.cards.items())
        yield f"  {_many(total, 'card')}: {kinds}"
    width = max((len(str(made.path)) for made in report.made), default=0)
    for made in report.made:
        yield f"  {made.path!s:<{width}}  {_size(made.size):>8}  {_extent(made, total)}"
    for path in report.removed:
        yield f"  {path} removed: the guide no longer has what it showed"


def _extent(made: Made, cards: int) -> str:
    return _many(cards, "card") if made.pages is None else _many(made.pages, "page")


def _many(count: int, noun: str) -> str:
    """`1 card`, `2 cards`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _size(count: int) -> str:
    """A number of bytes for people, in steps of 1000 as file managers count."""
    size = float(count)
    for unit in ("B", "kB", "MB"):
        if size < 999.5:  # what would round to 1000
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def _coloured(diagnostic: Diagnostic) -> str:
    colour = {"error": "red", "warning": "yellow"}[diagnostic.severity]
    word = f" {diagnostic.severity} {diagnostic.code}:"
    return diagnostic.text().replace(word, click.style(word, fg=colour, bold=True), 1)


def _complain(message: str) -> None:
    _say(f"{click.style('error:', fg='red', bold=True)} {message}", err=True)


def _say(text: str, *, err: bool = False) -> None:
    """Print; in colour only on a terminal (click sees to that), and not where NO_COLOR is set (no-color.org)."""
    click.echo(text, err=err, color=False if os.environ.get("NO_COLOR") else None)


class _Progress:
    """A bar on the terminal while work takes longer than a second; nothing at all in a pipe or a file.

    It counts `steps` for each of the `guides`. Rich draws it, and is imported only when that second is over.
    """

    PATIENCE = 1.0
    """Seconds without a bar: what is done by then needs none."""

    def __init__(self, guides: int, steps: int) -> None:
        self._steps = steps
        self._total = guides * steps
        self._guides_done = 0
        self._done = -1
        self._name = ""
        self._bar: Any = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(self.PATIENCE, self._show)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        if sys.stderr.isatty():
            self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._hide()

    def step(self, name: str) -> None:
        """A step begins; the one before it is done."""
        with self._lock:
            self._done += 1
            self._name = name
            self._draw()

    def end_of_guide(self) -> None:
        """A guide is done, also where errors spared it some steps; the line is free for what is printed of it."""
        with self._lock:
            self._guides_done += 1
            self._done = self._guides_done * self._steps - 1
            self._hide()

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with self._lock:
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._bar.add_task("", total=self._total)
            self._draw()

    def _draw(self) -> None:
        if self._bar is not None:
            self._bar.update(0, description=self._name, completed=max(self._done, 0))
            self._bar.start()

    def _hide(self) -> None:
        if self._bar is not None:
            self._bar.stop()
