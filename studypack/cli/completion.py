"""`studypack completion`, and how click answers a shell that asks what a word may become.

The shells' scripts are our own: click's offer every file where only guides make sense, and fail on `--only=…` in bash.
"""

from __future__ import annotations

import os
from typing import Any

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
)

from studypack.cli.run import told

SHELLS = ("bash", "zsh", "fish")
"""The values of `desk.shells.SHELLS`, written out so that completing need not import it."""


class _Guide(click.Path):
    """A guide or a folder of guides; each shell looks for them in its own way."""

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem[str]]:
        return [CompletionItem(incomplete, type="guide")]


_TYPES: dict[str, click.ParamType[Any]] = {"guide": _Guide(), "guides": _Guide(), "out": click.Path(file_okay=False)}
"""How parameters of these names are completed, in every command."""


class _Completion(ShellComplete):
    """What all shells have in common."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        """What the incomplete word may become; of `--only=d`, the whole word, for that is what a shell replaces."""
        group = self.cli
        command = group.get_command(click.Context(group), args[0]) if args and isinstance(group, click.Group) else None
        for param in command.params if command else ():
            param.type = _TYPES.get(param.name or "", param.type)
        name, equals, _ = incomplete.partition("=")
        found = super().get_completions(args, incomplete)
        if not (equals and name.startswith("-")):
            return found
        return [CompletionItem(f"{name}={item.value}", item.type, item.help) for item in found]


class _Bash(_Completion, BashComplete):
    """Bash takes `--only=deck` for three words."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the one that is completed, and that."""
        args, incomplete = super().get_completion_args()
        return [word for word in args if word != "="], "" if incomplete == "=" else incomplete


class _Zsh(_Completion, ZshComplete):
    """As click does it."""


class _Fish(_Completion, FishComplete):
    """As click does it."""


for _shell in (_Bash, _Zsh, _Fish):
    add_completion_class(_shell)


@click.command(short_help="Let your shell complete commands, options and guides.")
@click.argument("shell", type=click.Choice(SHELLS), required=False)
@click.option("--install", is_flag=True, help="Install it for you, rather than print the script.")
def completion(shell: str | None, *, install: bool) -> None:
    """Let your shell complete commands, options, their values and guides, when you press Tab.

    `studypack completion --install` is all it takes. Without --install, the script for SHELL (by default, yours) is
    printed, for those who keep such things in order themselves.
    """
    from studypack.desk import shells
    from studypack.terminal import say

    with told():
        shell = shell or shells.shell_of(os.environ)
        if not install:
            say(shells.script(shell), nl=False)
            return
        changed = shells.install(shell, os.environ)
        for path in changed:
            say(f"wrote {click.style(str(path), bold=True)}")
        say(f"Open a new {shell} and press Tab after: studypack " if changed else "It is installed already.")
