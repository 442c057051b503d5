"""Guides made on a cluster: the same as here, whatever becomes of its machines."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Self

import pytest

import studypack
from tests.cli.edits import add, built, clear, left, write
from tests.cli.project import BROKEN, PLAIN, SCRIPT, Project
from tests.cli.trouble import Running, trouble, until

DASK = SCRIPT.with_name("dask")
TIME = {"SOURCE_DATE_EPOCH": "1700000000"}
DECK = ("build", "--only", "deck")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="ends processes by signals, looks for them in /proc"),
    pytest.mark.skipif(not DASK.exists(), reason="needs the extra `cluster`"),
]


class Cluster:
    """A scheduler on this machine, on a free port, and what workers are started; all in a folder of its own."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self._processes: list[subprocess.Popen[bytes]] = []
        self._told = folder / "scheduler.json"
        (folder / "elsewhere").mkdir(parents=True)
        self.scheduler = self._start(
            ("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(self._told)),
            environment,
        )

    def __enter__(self) -> Self:
        until(self._told.exists)
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    @property
    def place(self) -> str:
        """Its address, without the kind of cluster."""
        return str(json.loads(self._told.read_text())["address"]).removeprefix("tcp://")

    @property
    def on(self) -> tuple[str, str]:
        """What to add to `studypack build`."""
        return "--on", f"dask://{self.place}"

    def work(self, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        """Workers, once they are there."""
        before = self._joined()
        process = self._start(("worker", f"tcp://{self.place}", "--nthreads", "1", *options), environment)
        count = int(options[options.index("--nworkers") + 1]) if "--nworkers" in options else 1
        until(lambda: self._joined() >= before + count)
        return process

    def _joined(self) -> int:
        return (self.folder / "log").read_text().count("Starting worker compute stream")

    def _start(self, arguments: tuple[str, ...], environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [str(DASK), *arguments, "--no-dashboard"],
                cwd=self.folder / "elsewhere",
                env={**os.environ, "TMPDIR": str(self.folder), **environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._processes.append(process)
        return process


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Two workers, in processes that are started again when they end."""
    folder = tmp_path_factory.mktemp("cluster")
    with Cluster(folder / "cluster") as made:
        made.work("--nworkers", "2", **trouble(folder / "trouble"))
        yield made


def wrong(cluster: Cluster) -> Path:
    """The folder that says how far guides came there."""
    return cluster.folder.parent / "trouble"


def test_far_away_all_is_as_here(project: Project, cluster: Cluster) -> None:
    """Bytes, standard output, standard error, exit code; with pictures, style sheets, much to send, and bad guides."""
    write(project.folder / "more")
    shutil.copytree(project.folder / "more" / "source", project.guide.parent, dirs_exist_ok=True)
    add(project, "broken", text=BROKEN)
    add(project, "lost", text=PLAIN + "\n![Nothing](not/there.png)\n")
    add(project, "song", text=PLAIN + "\n![A song](song.mp3)\n")
    project.guide.with_name("song.mp3").write_bytes(bytes(11 * 2**20))
    runs = []
    for where in (("-j1",), cluster.on):
        clear(project)
        first = project.run("build", *where, env=TIME)
        files = built(project)
        again = project.run("build", *where, env=TIME)
        assert (again.returncode, again.stderr) == (first.returncode, first.stderr)
        assert built(project) == files
        runs.append((files, first.returncode, first.stdout, first.stderr, again.stdout))
    assert runs[0] == runs[1]
    files, code, _, errors, out_again = runs[0]
    assert (code, len(files)) == (1, 10), "three guides, two without a matrix, and their locks"
    assert {"SP103", "SP104", "SP301"} <= {word.strip(":") for word in errors.split()}
    assert out_again.count("up to date") == 3


def test_who_waits_for_pictures_holds_up_no_other(project: Project, cluster: Cluster) -> None:
    """Pictures are sent when they are missed, at once, whosever turn it is."""
    project.guide.unlink()
    project.guide.with_name("pot.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    add(project, "a-after-b", "b", text=f"{PLAIN}\n![A pot](pot.svg)\n")
    done = project.run(*DECK, *cluster.on)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(project.outputs()) == {"a-after-b.apkg", "b.apkg"}


def test_a_worker_that_is_lost_loses_nothing(project: Project, cluster: Cluster) -> None:
    """Its work is given to another; nobody need know."""
    project.guide.unlink()
    add(project, "a", "b-once", "c", "d", "e")
    done = project.run(*DECK, *cluster.on, env=TIME)
    assert (done.returncode, done.stderr) == (0, "")
    assert (wrong(cluster) / "b-once").exists()
    files = built(project)
    clear(project)
    alone = project.run(*DECK, "-j1", env=TIME)
    assert alone.stdout == done.stdout
    assert built(project) == files


def test_one_guide_that_fails_far_away_stops_no_other(project: Project, cluster: Cluster) -> None:
    """A slip of ours is told with where it was; what ends every worker is given up."""
    add(project, "a", "b-bug")
    done = project.run(*DECK, *cluster.on)
    assert done.returncode == 2
    assert "b-bug.md: studypack failed; that is a fault of its own." in done.stderr
    assert "in make\n" in done.stderr
    assert "RuntimeError: a slip of ours" in done.stderr
    assert set(project.outputs()) == {"a.apkg", "tea.apkg"}
    for guide in project.guide.parent.glob("*.md"):
        guide.unlink()
    add(project, "c-killed")
    done = project.run(*DECK, *cluster.on)
    assert done.returncode == 2
    sentence = f"error: {Path('source/c-killed.md')}: the processes that make it crashed, one after the other\n"
    assert done.stderr.startswith(sentence)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_who_stops_waiting_leaves_nothing_half(project: Project, cluster: Cluster, number: int, code: int) -> None:
    """At once, though the cluster is in the middle of a guide."""
    project.guide.unlink()
    add(project, "a", "b-stuck")
    begun = wrong(cluster) / "b-stuck.begun"
    begun.unlink(missing_ok=True)
    with Running(project, *DECK, *cluster.on) as running:
        running.until(lambda: begun.exists() and "a.lock" in built(project))
        os.killpg(running.process.pid, number)
        _, errors = running.process.communicate(timeout=60)
        assert running.process.returncode == code
        assert errors == ("error: interrupted; what is not listed above is as it was\n" if code == 130 else "")
        until(lambda: not running.alive())
    (wrong(cluster) / "free").touch()
    until((wrong(cluster) / "b-stuck.done").exists)
    for left_over in ("free", "b-stuck.done"):
        (wrong(cluster) / left_over).unlink()
    assert set(built(project)) == {"a.apkg", "a.lock"}


# --- clusters that will not do -----------------------------------------------------------------------------------


@pytest.fixture
def aside(tmp_path: Path) -> Path:
    """A folder outside the project."""
    return tmp_path.with_name(f"{tmp_path.name}-aside")


def other_release(folder: Path) -> Path:
    """A folder with a studypack of another version."""
    ours = Path(studypack.__file__).parent
    shutil.copytree(ours, folder / "studypack", ignore=shutil.ignore_patterns("*.pyc", "theme"))
    init = folder / "studypack" / "__init__.py"
    init.write_text(init.read_text(encoding="utf-8").replace(studypack.__version__, "0.0.9"), encoding="utf-8")
    return folder


def long_ago(folder: Path) -> Path:
    """A folder with a studypack that knows nothing of clusters."""
    (folder / "studypack").mkdir(parents=True)
    (folder / "studypack" / "__init__.py").touch()
    return folder


def test_workers_of_another_release_are_told_for_each_guide(project: Project, aside: Path) -> None:
    """Whether they know their release, or cannot even read what they are asked; they go on for others."""
    add(project, "coffee")
    before = left(project.folder)
    old = {"PYTHONPATH": str(long_ago(aside / "old"))}
    with Cluster(aside / "cluster", **old) as cluster:
        worker = cluster.work("--no-nanny", PYTHONPATH=str(other_release(aside / "other")))
        done = project.run(*DECK, *cluster.on)
        assert done.returncode == 2
        for name in ("tea", "coffee"):
            assert f"error: {Path('source', name)}.md: a machine of the cluster has other versions" in done.stderr
        assert "there: studypack 0.0.9, python" in done.stderr
        assert worker.poll() is None
        worker.kill()
        cluster.work("--no-nanny", **old)
        done = project.run(*DECK, *cluster.on)
        assert done.returncode == 2
        assert done.stderr.count("a machine of the cluster has other versions") == 2
        assert "Traceback" not in done.stderr
        assert cluster.scheduler.poll() is None
    assert left(project.folder) == before


def test_a_cluster_that_ends_is_told(project: Project, aside: Path) -> None:
    """One without workers says how to start some; one whose scheduler is lost, for which guides it was too soon."""
    before = left(project.folder)
    with Cluster(aside / "cluster") as cluster:
        done = project.run(*DECK, *cluster.on)
        assert done.returncode == 2
        assert done.stderr.startswith(f"error: The cluster at dask://{cluster.place} has no workers. Start some: ")
        assert f"dask worker tcp://{cluster.place} " in done.stderr
        assert left(project.folder) == before
        place = aside / "trouble"
        cluster.work("--no-nanny", **trouble(place))
        add(project, "a", "b-stuck", "c")
        with Running(project, *DECK, *cluster.on) as running:
            running.until((place / "b-stuck.begun").exists)
            cluster.scheduler.kill()
            out, errors = running.process.communicate(timeout=100)
        assert running.process.returncode == 2
        assert f"{Path('source/b-stuck.md')}: the connection to the cluster was lost before it was made" in errors
        assert "Traceback" not in errors
        assert "b-stuck" not in out
        assert "b-stuck.apkg" not in project.outputs()


def test_where_no_cluster_answers_that_is_said(project: Project) -> None:
    """Nobody there, somebody who says nothing, somebody else: a sentence, and nothing is written."""
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        free = nobody.getsockname()[1]
    with socket.create_server(("127.0.0.1", 0)) as mute, ThreadPoolExecutor() as threads:
        ports = (free, mute.getsockname()[1])
        places = [f"127.0.0.1:{port}" for port in ports]
        runs = threads.map(lambda place: project.run(*DECK, "--on", f"dask://{place}"), places)
        for place, done in zip(places, runs, strict=True):
            assert (done.returncode, done.stdout) == (2, "")
            assert done.stderr.startswith(f"error: No cluster answers at tcp://{place} (")
            assert done.stderr.endswith("). Start one: dask scheduler\n")
    assert not project.outputs()


@pytest.mark.parametrize(
    "address", ["dask://", "dask://here", "dask://here:", "dask://here:port", "ssh://here:22", "8786"]
)
def test_what_is_no_address_is_told(project: Project, address: str) -> None:
    """At once, with the right form."""
    done = project.run(*DECK, "--on", address)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"error: {address} is no address of a cluster; write dask://HOST:PORT.\n"
    assert not project.outputs()
