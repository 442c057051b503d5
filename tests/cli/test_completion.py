"""Completion, by the real shells as far as they are installed here: a person types, presses Tab, and reads."""

from __future__ import annotations

import json
import os
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from studypack.cli import COMMANDS
from studypack.cli.completion import SHELLS as NAMED
from studypack.desk.shells import SHELLS, shell_of
from studypack.diagnostics import StudypackError
from tests.cli.project import SCRIPT, Project

LIMIT = 60.0  # seconds that a shell may take on a busy machine

TYPED = [
    ("studypack ", ("build", "new", "doctor")),
    ("studypack bui", ("build",)),
    ("studypack build --matrix-f", ("--matrix-fit",)),
    ("studypack build --only ", ("deck", "cheatsheet", "matrix", "cards")),
    ("studypack build --only=ch", ("cheatsheet",)),
    ("studypack build --matrix-fit ti", ("tiny",)),
    ("studypack build ", ("source", "with blank.md")),
    ("studypack retired source/", ("tea.md",)),
    ("studypack diff source/t", ("tea.md",)),
    ("studypack build -o so", ("source",)),
]
"""What is typed before Tab, and what is then offered or filled in."""

NEVER = ("tea.lock", "notes.txt")
"""Files that are no guides."""


def environment(project: Project) -> dict[str, str]:
    """A person's environment with an empty home and this studypack on the path."""
    home = project.folder.with_name(f"{project.folder.name}-home")
    home.mkdir(exist_ok=True)
    path = f"{SCRIPT.parent}{os.pathsep}{os.environ['PATH']}"
    names = ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "ZDOTDIR", "LC_ALL")
    kept = {name: value for name, value in project.environment.items() if name not in names}
    return {**kept, "HOME": str(home), "PATH": path, "TERM": "dumb", "LANG": "C.UTF-8"}


@pytest.fixture
def files(project: Project) -> Project:
    """The project with guides and other files."""
    for name in ("source/tea.lock", "notes.txt", "with blank.md"):
        (project.folder / name).touch()
    return project


def install(project: Project, shell: str) -> str:
    """`studypack completion --install`, as who uses that shell types it; what it says."""
    done = project.run("completion", "--install", env={**environment(project), "SHELL": f"/usr/bin/{shell}"})
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_where_it_cannot_be_installed_that_is_told(project: Project) -> None:
    """The place is named; no option of this command would put it elsewhere."""
    (project.folder / "file").write_text("", encoding="utf-8")
    home = {**environment(project), "SHELL": "/bin/bash", "HOME": str(project.folder / "file")}
    done = project.run("completion", "--install", env={**home, "XDG_DATA_HOME": ""})
    assert done.returncode == 2
    assert done.stderr.startswith("error: Cannot write into ")
    assert " -o" not in done.stderr


def test_there_is_one_list_of_shells() -> None:
    """The command offers the shells that there are scripts for."""
    assert NAMED == SHELLS


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_can_be_printed(project: Project, shell: str) -> None:
    """Without --install the script comes to standard output and nothing is written; shells find no fault in it."""
    done = project.run("completion", shell, env=environment(project))
    assert "_STUDYPACK_COMPLETE" in done.stdout
    assert not list(Path(environment(project)["HOME"]).iterdir())
    if shutil.which(shell):
        read = subprocess.run([shell, "-n"], input=done.stdout, text=True, capture_output=True)
        assert (read.returncode, read.stderr) == (0, "")


@pytest.mark.parametrize("shell", SHELLS)
def test_installing_it_twice_changes_nothing_and_keeps_what_was_there(project: Project, shell: str) -> None:
    """A start file keeps its lines and gets one more, once, though it lacks a last newline and is a link."""
    home = Path(environment(project)["HOME"])
    kept = home / "dotfiles"
    kept.write_text("alias x=y", encoding="utf-8")
    start = home / f".{shell}rc"
    start.symlink_to(kept)
    assert "wrote" in install(project, shell)
    first = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert "already" in install(project, shell)
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == first
    assert start.is_symlink()
    assert kept.read_text("utf-8").splitlines()[0] == "alias x=y"
    assert len(kept.read_text("utf-8").splitlines()) == (1 if shell == "fish" else 2)


def test_an_unknown_shell_is_told(project: Project) -> None:
    """Who uses another shell is told which there are, and how to name one."""
    done = project.run("completion", "--install", env={**environment(project), "SHELL": "/bin/tcsh"})
    assert done.returncode == 2
    assert "tcsh, is none of bash, zsh, fish" in done.stderr
    with pytest.raises(StudypackError, match="not known"):
        shell_of({})


def test_a_start_file_that_cannot_be_written_is_told(project: Project) -> None:
    """The line is shown, for the person to put it where it belongs."""
    start = Path(environment(project)["HOME"]) / ".bashrc"
    start.mkdir()
    done = project.run("completion", "bash", "--install", env=environment(project))
    assert done.returncode == 2
    assert f"Cannot write {start}" in done.stderr
    assert "Add this line" in done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_completing_is_quick_and_knows_every_guide(command: str, tmp_path: Path) -> None:
    """For each command that takes guides, guides are offered, and no library but click is loaded for it."""
    code = "import json, sys, runpy, atexit\n"
    code += "atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))\n"
    code += "from studypack.cli import main; main()"
    asked = {"_STUDYPACK_COMPLETE": "zsh_complete", "COMP_WORDS": f"studypack {command} ", "COMP_CWORD": "2"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, **asked}, capture_output=True, text=True
    )
    loaded = {name.split(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}
    assert not loaded & {"PIL", "jinja2", "markdown", "nh3", "rapidfuzz", "rich", "watchfiles", "weasyprint", "yaml"}
    usage = subprocess.run([SCRIPT, command, "--help"], capture_output=True, text=True).stdout
    takes_guides = re.search(r"^Usage:.*\bGUIDE\b", usage, re.MULTILINE) is not None
    assert ("guide" in done.stdout.split()) == takes_guides


# --- the shells --------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
@pytest.mark.parametrize(("typed", "offered"), TYPED)
def test_fish_completes(files: Project, typed: str, offered: Sequence[str]) -> None:
    """Fish tells what it would offer."""
    install(files, "fish")
    done = subprocess.run(
        ["fish", "-c", f"complete -C '{typed}'"],
        cwd=files.folder,
        env=environment(files),
        capture_output=True,
        text=True,
        timeout=LIMIT,
    )
    found = [line.split("\t")[0] for line in done.stdout.splitlines()]
    assert done.stderr == ""
    assert all(any(word in each for each in found) for word in offered), found
    assert not any(word in each for word in NEVER for each in found)


@pytest.mark.skipif(os.name == "nt" or not shutil.which("bash"), reason="bash is not installed")
@pytest.mark.parametrize(("typed", "offered"), TYPED)
def test_bash_completes(files: Project, typed: str, offered: Sequence[str]) -> None:
    """Bash, on a terminal, shows what it offers after Tab was pressed twice, or fills it in."""
    install(files, "bash")
    with terminal(["bash", "-i"], files) as shell:
        shell.say("PS1='READ''Y> '; bind 'set enable-bracketed-paste off'; bind 'set completion-query-items 999'\n")
        shell.completes(typed, offered)


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
@pytest.mark.parametrize(("typed", "offered"), TYPED)
def test_zsh_completes(files: Project, typed: str, offered: Sequence[str]) -> None:
    """So does zsh, also where the person's own start file sets nothing up."""
    install(files, "zsh")
    with terminal(["zsh", "-i"], files) as shell:
        shell.say("PS1='READ''Y> '; RPS1=; LISTMAX=999; unsetopt zle_bracketed_paste prompt_sp\n")
        shell.completes(typed, offered)


class Shell:
    """A shell on a terminal of its own."""

    def __init__(self, terminal: int) -> None:
        self.terminal, self.seen = terminal, ""

    def say(self, text: str) -> None:
        """Type something."""
        os.write(self.terminal, text.encode())

    def completes(self, typed: str, offered: Sequence[str]) -> None:
        """Once there is a prompt: type, press Tab twice, and wait until all that is offered was seen."""
        self.wait(lambda: "READY> " in self.seen)  # typed otherwise, so that this is the prompt
        self.seen = ""
        self.say(f"{typed}\t\t")
        # What is typed comes back too: only what follows it was completed.
        self.wait(lambda: all(word.replace(" ", "") in self.answer(typed) for word in offered))
        assert not any(word in self.seen for word in NEVER)

    def answer(self, typed: str) -> str:
        """What was shown, the last word that was typed included where it was completed, without blanks and marks."""
        stem = typed.rpartition(" ")[0]
        plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|[\x07\x08\s\\]", "", self.seen)
        return plain.partition(re.sub(r"\s", "", stem))[2]

    def wait(self, condition: object) -> None:
        """Read what the shell shows until a condition holds."""
        assert callable(condition)
        end = time.monotonic() + LIMIT
        while not condition():
            ready, _, _ = select.select([self.terminal], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"not after {LIMIT} s; seen: {self.seen!r}"
            self.seen += os.read(self.terminal, 65536).decode("utf-8", "replace")


@contextmanager
def terminal(command: list[str], project: Project) -> Iterator[Shell]:
    """A shell of a person who sits in the project's folder."""
    import pty
    import termios

    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (50, 200))
    process = subprocess.Popen(
        command,
        cwd=project.folder,
        env=environment(project),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Shell(ours)
    finally:
        process.kill()
        process.wait()
        with suppress(OSError):
            os.close(ours)
