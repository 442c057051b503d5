"""Work in a process of its own: results and errors come back, and what goes wrong there ends only there."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

import pytest

from studypack import child, model
from studypack.child import Children, LimitError, Limits
from studypack.diagnostics import StudypackError

ROOT = Path(__file__).parents[2]
ROOMY = Limits(seconds=60, memory=2**31)


@pytest.fixture
def children() -> Iterator[Children]:
    """One child."""
    with Children(1, ROOMY) as made:
        yield made


def double(view: MappingProxyType[str, int]) -> tuple[int, dict[str, int]]:
    """Where it ran, and every value twice."""
    return os.getpid(), {key: 2 * value for key, value in view.items()}


def prints() -> str:
    """Prints, as some libraries do when they are imported."""
    print("noise", flush=True)  # noqa: T201
    os.write(1, b"more noise")
    return "quiet"


def complain() -> None:
    """Raises what the surroundings are blamed with."""
    raise StudypackError("no ink")


def take(size: int) -> int:
    """Takes so much memory."""
    return len(bytearray(size))


def crash() -> None:
    """Reads where nothing is."""
    ctypes.string_at(0)


def pid() -> int:
    """Where it ran."""
    return os.getpid()


def test_results_come_back_from_another_process(children: Children) -> None:
    """Arguments and results travel, read-only views too; one process does one thing after another."""
    first = children.submit(double, model._view({"a": 1})).result()
    second = children.submit(double, model._view({"b": 2})).result()
    assert (first[1], second[1]) == ({"a": 2}, {"b": 4})
    assert os.getpid() != first[0] == second[0]


def test_what_a_library_prints_garbles_nothing(children: Children) -> None:
    """Standard output of the child leads nowhere."""
    assert children.submit(prints).result() == "quiet"


def test_errors_come_back_as_they_are(children: Children) -> None:
    """What the work raises is raised here, with its traceback; the child goes on."""
    with pytest.raises(StudypackError, match="no ink") as caught:
        children.submit(complain).result()
    assert "in complain" in caught.value.__notes__[0]
    assert children.submit(prints).result() == "quiet"


def test_a_crash_ends_only_the_child(children: Children) -> None:
    """A segmentation fault is told, and the next work gets a new child."""
    with pytest.raises(LimitError, match="SIGSEGV"):
        children.submit(crash).result()
    assert children.submit(prints).result() == "quiet"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits memory")
def test_memory_has_a_limit(children: Children) -> None:
    """Who needs more is told so."""
    with pytest.raises(LimitError, match=r"more than 2\.0 GB of memory"):
        children.submit(take, 2**32).result()
    assert children.submit(take, 2**20).result() == 2**20


def test_time_has_a_limit(children: Children) -> None:
    """What takes too long is stopped."""
    children.limit(Limits(seconds=0.5, memory=2**31))
    began = time.monotonic()
    with pytest.raises(LimitError, match=r"more than 0\.5 seconds"):
        children.submit(time.sleep, 60).result()
    assert time.monotonic() - began < 30


def leave() -> str:
    """Leaves a temporary file behind."""
    handle, name = tempfile.mkstemp()
    os.close(handle)
    return name


def test_temporary_files_go_with_the_children() -> None:
    """Also where a child was killed before it could clean up."""
    with Children(1, ROOMY) as made:
        left = Path(made.submit(leave).result())
        assert left.exists()
    assert not left.parent.exists()


def test_no_child_outlives_its_use() -> None:
    """Closing ends a child in the middle of its work."""
    with Children(1, ROOMY) as made:
        number = made.submit(pid).result()
        made.submit(time.sleep, 60)
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)


def test_a_child_that_starts_while_others_are_ended_ends_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody knew of it yet, so it falls to the thread that started it; its work is not waited for."""
    begun: list[child._Child] = []

    def start(folder: str) -> child._Child:
        begun.append(START(folder))
        made._closed = True
        return begun[-1]

    monkeypatch.setattr(child, "_Child", start)
    with Children(1) as made, pytest.raises(LimitError, match="the program is ending"):
        made.submit(time.sleep, 600).result()
    assert begun[0]._process.poll() is not None


START = child._Child


class OddError(Exception):
    """It cannot be unpickled, for it is made of more than its text."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(f"{one} {other}")


def odd() -> None:
    """Raises what cannot travel."""
    raise OddError("no", "paper")


def test_an_exception_that_cannot_travel_is_told_all_the_same(children: Children) -> None:
    """By its text, and with its traceback."""
    with pytest.raises(RuntimeError, match="OddError: no paper") as caught:
        children.submit(odd).result()
    assert "in odd" in caught.value.__notes__[0]
    assert children.submit(prints).result() == "quiet"


class Unknown:
    """What a child cannot read."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return __import__, ("no_such_module_anywhere",)


def test_work_that_a_child_cannot_read_is_not_waited_for(children: Children) -> None:
    """It ends the child rather than all patience."""
    with pytest.raises(LimitError, match="crashed"):
        children.submit(str, Unknown()).result()
    assert children.submit(prints).result() == "quiet"


@pytest.mark.skipif(sys.platform == "win32", reason="asks for a process by its number")
def test_a_child_ends_when_its_parent_is_killed() -> None:
    """Though nobody told it to, and though it is busy."""
    code = """
import os, sys, time
from studypack.child import Children, Limits
children = Children(1, Limits(seconds=60, memory=2**31))
print(children.submit(os.getpid).result(), flush=True)
children.submit(time.sleep, 60)
time.sleep(0.5)
os.kill(os.getpid(), 9)
"""
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    number = int(run.stdout)
    for _ in range(100):
        if not _runs(number):
            return
        time.sleep(0.1)
    pytest.fail("the child goes on")


def _runs(number: int) -> bool:
    """Whether a process runs; one that waits to be buried does not."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{number}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] != "Z"
