"""Completion in shells: the scripts, and where each shell wants its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from studypack import disk
from studypack.diagnostics import StudypackError

SHELLS = ("bash", "zsh", "fish")
"""The shells that there is a script for."""

_TEMPLATES = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a script goes, and the line that makes a shell read it: for a file that it reads when it starts.

    Fish finds scripts by itself; then there is neither.
    """

    script: Path
    start: Path | None = None
    line: str = ""


def script(shell: str) -> str:
    """The script that teaches a shell of SHELLS how to complete."""
    return (_TEMPLATES / f"completion.{shell}").read_text(encoding="utf-8")


def shell_of(environment: Mapping[str, str]) -> str:
    """The shell that a person uses. Raises StudypackError where it is none of SHELLS."""
    name = Path(environment.get("SHELL", "")).name
    if name not in SHELLS:
        known = ", ".join(SHELLS)
        said = f"Your shell, {name}, is none of {known}" if name else "It is not known which shell you use"
        raise StudypackError(f"{said}. Name one: studypack completion --install bash")
    return name


def place(shell: str, environment: Mapping[str, str]) -> Place:
    """Where the script of a shell goes for this user (specifications.freedesktop.org/basedir-spec)."""
    home = Path(environment.get("HOME") or Path.home())
    if shell == "fish":
        config = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
        return Place(script=config / "fish" / "completions" / "studypack.fish")
    file = Path(environment.get("XDG_DATA_HOME") or home / ".local/share") / "studypack" / f"completion.{shell}"
    folder = Path(environment.get("ZDOTDIR") or home) if shell == "zsh" else home
    quoted = "'" + str(file).replace("'", "'\\''") + "'"
    return Place(script=file, start=folder / f".{shell}rc", line=f"[ -r {quoted} ] && . {quoted}")


def install(shell: str, environment: Mapping[str, str]) -> tuple[Path, ...]:
    """Put the script into its place, and have the shell read it; the files that changed.

    A second time changes nothing. Raises StudypackError where a file cannot be written.
    """
    where = place(shell, environment)
    changed = []
    if not where.script.is_file() or where.script.read_text(encoding="utf-8", errors="replace") != script(shell):
        disk.make_folder(where.script.parent)
        disk.write_all({where.script: script(shell).encode()})
        changed.append(where.script)
    if where.start and disk.append_line(where.start, where.line):
        changed.append(where.start)
    return tuple(changed)
