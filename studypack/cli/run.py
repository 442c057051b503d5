"""How every command runs: its exit code, the signals that end it, the guides that its arguments name, what is told."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from studypack.settings import Settings

CLEAN, GUIDE_ERRORS, USAGE = 0, 1, 2
"""Exit codes: all well (warnings are), errors in a guide, wrong usage or an environment that lacks something."""

INTERRUPTED = 128 + signal.SIGINT
"""The exit code after Ctrl-C, as shells have it."""

SOURCE, BUILD = Path("source"), Path("build")
"""Where guides are looked for and outputs put, below the current folder, unless an argument says otherwise."""


_ended: list[tuple[int, float]] = []
"""The signals that asked this program to end, and when."""

_GRACE = 1.0  # seconds


def end(number: int, _frame: object) -> None:
    """Ends the program. Who presses Ctrl-C twice in a row means it once: the second would come amid the cleaning up."""
    now = time.monotonic()
    if not _ended or now - _ended[-1][1] > _GRACE:
        _ended.append((number, now))
        go_on()


def go_on() -> None:
    """Ends the program if it was asked to.

    Python drops an exception that is raised while a callback of its own runs (while a module is imported, say), so a
    signal's is raised again here before anything is written.
    """
    if _ended:
        number, _ = _ended[0]
        raise KeyboardInterrupt if number == signal.SIGINT else SystemExit(128 + number)


class Outcome:
    """The exit code so far."""

    def __init__(self) -> None:
        self.code = CLEAN

    def worst(self, code: int) -> None:
        """The worse of what it is and this one."""
        self.code = max(self.code, code)


@contextmanager
def told() -> Iterator[Outcome]:
    """Ends the program with the outcome's code; what is wrong with the surroundings is said in a sentence."""
    outcome = Outcome()
    try:
        yield outcome
    except (SystemExit, click.exceptions.Exit, click.ClickException):
        raise
    except KeyboardInterrupt:
        # Click would say "Aborted!" and exit with 1, which here means an error in a guide.
        outcome.code = INTERRUPTED
        _complain("interrupted; what is not listed above is as it was")
    except _trouble() as error:  # asked for only when something is wrong: a word of help shall load nothing
        outcome.code = USAGE
        _complain(str(error))
    raise SystemExit(outcome.code)


def _trouble() -> type[Exception]:
    from studypack.diagnostics import StudypackError

    return StudypackError


def _complain(message: str) -> None:
    """Says it, if there is room on standard error; the exit code says it in any case."""
    from studypack.terminal import complain

    with suppress(_trouble()):
        complain(message)


@cache
def settled() -> Settings:
    """What is set for the current folder. Raises StudypackError where a setting cannot be understood."""
    from studypack import settings

    return settings.nearest(Path())


def places_of(arguments: Iterable[Path]) -> tuple[Path, ...]:
    """The files and folders that the arguments name; where there are none, those that are set, or source/."""
    return tuple(arguments) or settled().guides or (SOURCE,)


def no_source() -> str:
    """What is said where no guide is named and there is no source/ to look for any."""
    command = click.get_current_context().command_path
    return f'There is no folder source/ here. Name a guide: {command} GUIDE.md, or start one: studypack new "Its title"'


def guides_of(arguments: Iterable[Path]) -> tuple[Path, ...]:
    """The guides that the arguments name, or the settings, or those in source/: each once, folders opened."""
    from studypack import pipeline

    found: dict[Path, None] = {}
    for path in places_of(arguments):
        if path == SOURCE and not path.is_dir():
            raise click.UsageError(no_source())
        inside = pipeline.find_guides(path) if path.is_dir() else (path,)
        if not inside:
            raise click.UsageError(
                f"There is no guide (*.md) in {path}."
                if os.access(path, os.R_OK)
                else f"The folder {path} cannot be read. Check its permissions."
            )
        found.update(dict.fromkeys(inside))
    return tuple(found)
