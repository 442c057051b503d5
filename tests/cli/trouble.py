"""Guides whose making goes wrong: a module that Python loads at its start makes them so, by their names."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

from tests.cli.project import SCRIPT, Project

MODULE = '''
import os, signal, time
from pathlib import Path
from studypack import making

PLACE = Path(os.environ["TROUBLE"])
MAKE = making.make

class OddError(Exception):
    """It cannot be unpickled."""
    def __init__(self, one, other):
        super().__init__(f"{one} {other}")

def make(order, *rest):
    name = Path(order.path).stem
    (PLACE / f"{name}.begun").write_text(str(os.getpid()))
    if "bug" in name:
        raise RuntimeError("a slip of ours")
    if "odd" in name:
        raise OddError("a slip", "of ours")
    if "killed" in name or ("once" in name and not (PLACE / name).exists()):
        (PLACE / name).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    while "stuck" in name and not (PLACE / "free").exists():
        time.sleep(0.01)
    while "after" in name and not (PLACE / f"{name.split('-')[-1]}.done").exists():
        time.sleep(0.01)
    pack = MAKE(order, *rest)
    if not pack.lacking:
        (PLACE / f"{name}.done").touch()
    return pack

making.make = make
'''


def trouble(folder: Path) -> dict[str, str]:
    """An environment in which some guides go wrong; files in the folder say how far each of them came.

    `…bug` raises an exception, `…odd` one that cannot travel, `…killed` ends its process, `…once` does so once,
    `…stuck` is not done before there is a file `free`, and `…after-x` is done after x.
    """
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(MODULE, encoding="utf-8")
    return {"PYTHONPATH": str(folder), "TROUBLE": str(folder)}


def until(condition: Callable[[], object], seconds: float = 100) -> None:
    """Wait for something that is sure to come, on a machine however slow."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.02)


class Running:
    """The command in a session of its own, its temporary files in a folder of their own."""

    def __init__(self, project: Project, *arguments: str, **environment: str) -> None:
        self.temporary = project.folder.with_name(f"{project.folder.name}-tmp")
        self.temporary.mkdir()
        self.process = subprocess.Popen(
            [str(SCRIPT), *arguments],
            cwd=project.folder,
            env={**project.environment, **environment, "TMPDIR": str(self.temporary)},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Whatever became of the test, nothing of it runs on."""
        for number in self.alive():
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        self.process.communicate()

    def until(self, condition: Callable[[], object]) -> None:
        """Wait until it has come so far."""
        until(lambda: condition() or self.process.poll() is not None)
        assert condition(), self.process.communicate()

    def alive(self) -> list[int]:
        """The processes of its session; those that wait to be buried do not count."""
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
            except OSError:  # gone
                continue
            if int(session) == self.process.pid and state != "Z":
                found.append(int(stat.parent.name))
        return found

    def gone(self) -> bool:
        """Whether neither a process nor a temporary file is left."""
        return not self.alive() and not any(self.temporary.iterdir())
