"""What a person sees: lines, colours, counts and a progress bar."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, Any, Self

import click

if TYPE_CHECKING:
    from studypack.diagnostics import Diagnostic


def many(count: int, noun: str) -> str:
    """`1 card`, `2 cards`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def size(count: int) -> str:
    """A number of bytes for people, in steps of 1000 as file managers count."""
    number = float(count)
    for unit in ("B", "kB", "MB"):
        if number < 999.5:  # what would round to 1000
            return f"{number:.0f} {unit}"
        number /= 1000
    return f"{number:.1f} GB"


def coloured(diagnostic: Diagnostic) -> str:
    """A diagnostic as text, its severity in colour."""
    colour = {"error": "red", "warning": "yellow"}[diagnostic.severity]
    word = f" {diagnostic.severity} {diagnostic.code}:"
    return diagnostic.text().replace(word, click.style(word, fg=colour, bold=True), 1)


def complain(message: str) -> None:
    """Say on standard error what is wrong."""
    say(f"{click.style('error:', fg='red', bold=True)} {message}", err=True)


def say(text: str, *, nl: bool = True, err: bool = False) -> None:
    """Print; in colour only on a terminal (click sees to that), and not where NO_COLOR is set (no-color.org).

    Raises StudypackError where there is no room for it; BrokenPipeError, which click knows, where nobody reads on.
    """
    try:
        click.echo(text, nl=nl, err=err, color=False if os.environ.get("NO_COLOR") else None)
    except BrokenPipeError:
        raise
    except OSError as error:
        from studypack.diagnostics import StudypackError  # what only says a word shall not load it

        raise StudypackError(f"Cannot write what there is to say: {error.strerror or error}.") from error


class Progress:
    """A bar on the terminal while work takes longer than a second; nothing at all in a pipe or a file.

    It fills by `steps` for each of the `guides`, and counts guides, or the steps of a single one. Rich draws it, and is
    imported only when that second is over.
    """

    PATIENCE = 1.0
    """Seconds without a bar: what is done by then needs none."""

    def __init__(self, guides: int, steps: int) -> None:
        self._guides = guides
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
        if sys.stderr is not None and sys.stderr.isatty():
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

    def pause(self) -> None:
        """The line is free for what is printed now; the next step draws the bar again."""
        with self._lock:
            self._hide()

    def _show(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[count]}"))
        with self._lock:
            self._bar = Bar(*columns, console=Console(stderr=True), transient=True)
            self._bar.add_task("", total=self._total, count="")
            self._draw()

    def _draw(self) -> None:
        if self._bar is not None:
            done = max(self._done, 0)
            count = f"{self._guides_done}/{self._guides}" if self._guides > 1 else f"{done}/{self._steps}"
            self._bar.update(0, description=self._name, completed=done, count=count)
            self._bar.start()

    def _hide(self) -> None:
        if self._bar is not None:
            self._bar.stop()
