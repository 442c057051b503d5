"""The command `studypack`: reads the arguments, has the work done, prints what became of it, sets the exit code.

Nothing heavy is imported before a command runs: `--help` and the shell's completion must answer at once.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

import click

from studypack import __version__
from studypack.cli import run

COMMANDS: Mapping[str, str] = MappingProxyType(
    {
        "new": "new",
        "build": "build",
        "check": "check",
        "preview": "preview",
        "diff": "notes",
        "retired": "notes",
        "deck": "notes",
        "same": "notes",
        "different": "notes",
        "push": "push",
        "doctor": "doctor",
        "completion": "completion",
    }
)
"""The commands, and the module of this package that each is in; it is imported when the command is asked for."""


def main() -> None:
    """Run the command that the program's arguments name, and exit with its code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A console of another encoding (cp1252 on Windows) shows `?` for ✅ rather than ending in a traceback.
            stream.reconfigure(errors="replace")
    # Ended from outside, clean up as on Ctrl-C: no draft of an output stays behind.
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, run.end)
    if "_STUDYPACK_COMPLETE" in os.environ:
        import_module(f"{__name__}.completion")  # tells click which words are guides
    studypack(prog_name="studypack")


class _Commands(click.Group):
    """The commands, each imported when it is needed."""

    def list_commands(self, _context: click.Context) -> list[str]:
        """Their names, in the order in which an author needs them."""
        return list(COMMANDS)

    def resolve_command(
        self, context: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments name, and its own arguments; who names none is told what may be meant."""
        if args[0] not in COMMANDS:
            context.fail(f"There is no command {args[0]!r}.{_meant(args)}")
        return super().resolve_command(context, args)

    def invoke(self, context: click.Context) -> Any:
        """Run the command. Click would take a Ctrl-C while it is imported for an error in a guide: exit code 1."""
        with run.told():
            return super().invoke(context)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """The command of a name."""
        if name not in COMMANDS:
            return None
        found = getattr(import_module(f"{__name__}.{COMMANDS[name]}"), name)
        assert isinstance(found, click.Command)
        return found


def _meant(args: list[str]) -> str:
    """What is likely meant by arguments that begin with no command; nothing where nothing is like it."""
    from difflib import get_close_matches
    from shlex import join

    if args[0].lower().endswith(".md"):
        return f" To build a guide: studypack build {join(args)}"
    near = get_close_matches(args[0].lower(), COMMANDS, n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s")
def studypack() -> None:
    """Turn a Markdown guide into an Anki deck, a printable cheat sheet and a one-page comparison matrix."""
