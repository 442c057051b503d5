"""What is run for the benchmark of speed, each as a whole program in a process of its own, and what that took."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from statistics import median

from tests.bench import again
from tests.bench.guides import edited
from tests.cli.project import SCRIPT

ROOT = Path(__file__).parents[2]

Cost = Mapping[str, float]
"""What something took: `time` and `CPU` in seconds, `memory` in MB; or `size` in MB, of a file."""


class FailedError(Exception):
    """A program that did not do its work. The message is the last thing that it said."""


# --- running -----------------------------------------------------------------------------------------------------


def cost(command: list[str], *, cwd: Path = ROOT, limit: float | None = None, **environment: str) -> Cost:
    """What a program takes, from start to end. Raises FailedError if it fails, or takes more than `limit` seconds."""
    watched = [sys.executable, "-I", "-S", str(Path(__file__).with_name("watch.py")), *command]
    with _started(watched, cwd, environment) as process:
        try:
            printed, complaints = process.communicate(timeout=limit)
        except subprocess.TimeoutExpired as error:
            raise FailedError(f"takes more than {limit:.0f} s") from error
    if process.returncode:
        raise FailedError(last_line(complaints) or f"exit code {process.returncode}")
    found: dict[str, float] = json.loads(printed)
    return found


@contextmanager
def _started(command: list[str], cwd: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """A program in a group of processes of its own; none of them is left when this ends, whichever way."""
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()


def last_line(complaints: str) -> str:
    """The last thing that a program said."""
    return next((line.strip() for line in reversed(complaints.splitlines()) if line.strip()), "")


def in_turn(rounds: int, contenders: Mapping[str, Callable[[], Cost]]) -> dict[str, Cost]:
    """What each took, in the middle of so many rounds; they take turns, so that what else runs here hits all."""
    took = [{name: run() for name, run in contenders.items()} for _ in range(rounds)]
    return {name: middle([one[name] for one in took]) for name in contenders}


def middle(costs: list[Cost]) -> Cost:
    """The median of each figure."""
    return {name: median(one[name] for one in costs) for name in costs[0]}


# --- studypack ---------------------------------------------------------------------------------------------------


class Project:
    """A folder of guides, and the installed command run on all of them.

    `options` are the command's, such as `--only deck`. Each project has a cache of its own.
    """

    def __init__(self, folder: Path, guides: Mapping[str, str], *options: str) -> None:
        self.folder, self._guides, self._options = folder, guides, options
        self._first = next(iter(guides))
        self._edits = itertools.count(1)

    @property
    def source(self) -> Path:
        """The folder of the guides, or the one guide that there is."""
        return self.folder / "source" / (self._first if len(self._guides) == 1 else "")

    @property
    def deck(self) -> Path:
        """The deck of the first guide."""
        return (self.folder / "build" / self._first).with_suffix(".apkg")

    def cold(self) -> Cost:
        """A first build: no cache, no lock, nothing built."""
        shutil.rmtree(self.folder, ignore_errors=True)
        (self.folder / "source").mkdir(parents=True)
        for name, text in self._guides.items():
            self._write(name, text)
        return self.again()

    def again(self) -> Cost:
        """A build of what is there."""
        command = [str(SCRIPT), "build", str(self.source), "-o", str(self.folder / "build"), "-q", *self._options]
        return cost(command, STUDYPACK_CACHE_DIR=str(self.folder / "cache"))

    def edited(self) -> Cost:
        """A build after a sentence of the first guide changed."""
        self._write(self._first, edited(self._guides[self._first], next(self._edits)))
        return self.again()

    def _write(self, name: str, text: str) -> None:
        (self.folder / "source" / name).write_text(text, encoding="utf-8")


# --- what stands beside it ---------------------------------------------------------------------------------------


def click() -> Cost:
    """Python that starts, imports the library of the command line, and ends."""
    return cost([sys.executable, "-c", "import click"])


def floor(guide: Path, cards: int) -> Cost:
    """The least that these libraries take for a guide of so many cards."""
    return cost([sys.executable, str(Path(__file__).with_name("floor.py")), str(guide), str(cards), _out(guide)])


def floor_again(project: Project) -> Cost:
    """The least that these libraries take to build again the deck that a project has built, all of it being known."""
    kept, out = (project.folder / name for name in ("kept.json", "least.apkg"))
    again.keep(project.deck, kept)
    script, lock = Path(again.__file__), project.source.with_suffix(".lock")
    took = cost([sys.executable, *map(str, (script, project.source, kept, lock, out))])
    assert rows(out, "cards") == rows(project.deck, "cards")
    return took


def plain(guide: Path) -> Cost:
    """A script that uses genanki as its README shows."""
    return cost([sys.executable, "-W", "ignore", "-m", "tests.bench.plain", str(guide), _out(guide)])


def recognise(guide: Path) -> Cost:
    """Telling who each note of a guide is, one of them edited, all of them in the lock: that alone."""
    command = [sys.executable, "-m", "tests.bench.recognise", str(guide)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _out(guide: Path) -> str:
    return str(guide.with_suffix(".out"))


# --- packages ----------------------------------------------------------------------------------------------------


def rows(package: Path, table: str) -> int:
    """How many rows a table of a package's collection has. Raises FailedError if there is no package."""
    if not package.exists():
        raise FailedError("makes no deck")
    with zipfile.ZipFile(package) as archive, closing(sqlite3.connect(":memory:")) as collection:
        collection.deserialize(archive.read("collection.anki2"))
        found: int = collection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608  # named by us
        return found


def sizes(package: Path) -> tuple[Cost, Cost]:
    """The size of a package, and what its contents take when zipped as tightly as zip can."""
    tight = package.with_suffix(".zip")
    with zipfile.ZipFile(package) as old, zipfile.ZipFile(tight, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return {"size": package.stat().st_size / 1e6}, {"size": tight.stat().st_size / 1e6}
