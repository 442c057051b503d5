"""Work done in a process of its own, within limits: what hangs, crashes or eats all memory there ends only there.

A child does one piece of work after another, so that what it imports is imported once. Work is a function of a module
and its arguments; both, and the result, are pickled, and travel through pipes between this program and its own child.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import struct
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, Any, ParamSpec, Self, TypeVar

from studypack.diagnostics import StudypackError

P = ParamSpec("P")
T = TypeVar("T")

_LENGTH = struct.Struct("!Q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that a piece of work may take: `seconds` by the clock, `memory` in bytes of address space.

    Memory is limited only where the system can do that (Linux).
    """

    seconds: float
    memory: int


class LimitError(StudypackError):
    """Work that ended without a result. The message says why: too long, too much memory, or a crash."""


class Children(Executor):
    """So many children, each started when first needed. Close them, or use `with`: none is left behind.

    An executor as `concurrent.futures` has them, but for what happens to work that is never done: see `submit`.

    Their temporary files are in a folder of their own, which goes with them: a child that is killed cannot clean up.
    """

    def __init__(self, count: int, limits: Limits | None = None) -> None:
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="child")
        self._own = threading.local()
        self._alive: set[_Child] = set()
        self._closed = False
        self._limits = limits
        self._folder = tempfile.TemporaryDirectory(prefix="studypack-", ignore_cleanup_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def submit(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The result to come of a function run in a child.

        It raises what the function raises, and LimitError where the child ended before it had a result.
        """
        return self._threads.submit(self._run, function, args, kwargs, self._limits)

    def limit(self, limits: Limits) -> None:
        """The limits of what is submitted from now on."""
        self._limits = limits

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End every child, after what was submitted is done, or at once if that is cancelled."""
        if not cancel_futures:
            self._threads.shutdown(wait)
        self.close()

    def close(self) -> None:
        """End every child at once; what is still waited for raises LimitError."""
        self._closed = True
        alive = tuple(self._alive)
        # All at once, before any is waited for: a second Ctrl-C then finds none left that would be waited for for ever.
        for child in alive:
            child.stop()
        for child in alive:
            child.kill()
        self._threads.shutdown(cancel_futures=True)
        self._folder.cleanup()

    def _run(self, function: Callable[..., T], args: object, kwargs: object, limits: Limits | None) -> T:
        child = self._child()
        try:
            result: T = child.run((function, args, kwargs), limits)
        except LimitError:
            # It is gone, or in a state that nobody knows.
            self._own.child = None
            self._alive.discard(child)
            child.kill()
            raise
        return result

    def _child(self) -> _Child:
        """The child of this thread, started if there is none."""
        child: _Child | None = getattr(self._own, "child", None)
        if child is None and not self._closed:
            child = self._own.child = _Child(self._folder.name)
            self._alive.add(child)
        if child is None or self._closed:
            # `close` may have looked for children before this one was known; then it falls to us to end it.
            if child is not None:
                child.kill()
            raise LimitError("the program is ending")
        return child


class _Child:
    """A process, and the ends of its pipes that are here."""

    def __init__(self, folder: str) -> None:
        # The same modules as here; not those that happen to lie in the user's folder (-P).
        code = f"import sys; sys.path[:] = {sys.path!r}; from studypack import child; child.serve()"
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), folder)},
        )

    def run(self, work: object, limits: Limits | None) -> Any:
        """The result of the work; raises what it raised."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        overdue = threading.Event()
        timer = threading.Timer(limits.seconds if limits else threading.TIMEOUT_MAX, self._overrun, (overdue,))
        timer.daemon = True
        timer.start()
        try:
            _send(self._process.stdin, (work, limits.memory if limits else None))
            failed, value = _receive(self._process.stdout)
        except (OSError, EOFError) as error:
            raise LimitError(self._obituary(overdue.is_set(), limits)) from error
        finally:
            timer.cancel()
        if failed and isinstance(value, MemoryError):
            raise LimitError(_too_much(limits))
        if failed:
            raise value
        return value

    def stop(self) -> None:
        """End it."""
        self._process.kill()

    def kill(self) -> None:
        """End it, and wait until it has ended."""
        self.stop()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not sent yet cannot be sent any more
                    pipe.close()

    def _overrun(self, overdue: threading.Event) -> None:
        overdue.set()
        self.stop()

    def _obituary(self, overdue: bool, limits: Limits | None) -> str:
        code = self._process.wait()
        if overdue and limits:
            return f"it took more than {limits.seconds:g} seconds"
        if code == _OUT_OF_MEMORY:
            return _too_much(limits)
        names = {number.value: number.name for number in signal.Signals}
        return f"the process that makes it crashed ({names.get(-code, f'exit code {code}')})"


_OUT_OF_MEMORY = 77
"""The exit code of a child that has no memory left to say so."""


def _too_much(limits: Limits | None) -> str:
    return f"it needed more than {limits.memory / 2**30:.1f} GB of memory" if limits else "no memory was left"


# --- the child's own end -----------------------------------------------------------------------------------------


def serve() -> None:
    """What a child does until its parent is gone: receive work, do it, send back what came of it."""
    # Ctrl-C reaches every process of a terminal; the parent decides what becomes of its children.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    results = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # A library that prints would garble the results.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    waiting: queue.Queue[Any] = queue.Queue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, waiting), daemon=True).start()
    while True:
        (function, args, kwargs), memory = waiting.get()
        _limit_memory(memory)
        try:
            answer = False, function(*args, **kwargs)
        except MemoryError:
            os._exit(_OUT_OF_MEMORY)
        except Exception as error:  # noqa: BLE001  # raised again, by the parent
            answer = True, _portable(error)
        _send(results, answer)


def _portable(error: Exception) -> Exception:
    """An exception as the parent can receive it, its traceback in a note; one that cannot travel goes as text."""
    told = "".join(traceback.format_exception(error))
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  # our own
    except Exception:  # noqa: BLE001  # whatever its class does there, its text is what counts
        error = RuntimeError(f"{type(error).__name__}: {error}")
    error.add_note(told)
    return error


def _listen(pipe: IO[bytes], waiting: queue.Queue[Any]) -> None:
    """Hands on what comes; when the parent is gone, ends the process in the middle of whatever it does."""
    try:
        while True:
            waiting.put(_receive(pipe))
    finally:  # also where it says what nobody here understands: the work would be waited for without end
        os._exit(0)


def _limit_memory(memory: int | None) -> None:
    if memory is not None and sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, resource.getrlimit(resource.RLIMIT_AS)[1]))


# --- the pipes ---------------------------------------------------------------------------------------------------


def _send(pipe: IO[bytes], value: object) -> None:
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    pipe.write(_LENGTH.pack(len(data)))
    pipe.write(data)
    pipe.flush()


def _receive(pipe: IO[bytes]) -> Any:
    (length,) = _LENGTH.unpack(_exactly(pipe, _LENGTH.size))
    return pickle.loads(_exactly(pipe, length))  # noqa: S301  # from our own child, or our own parent


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError("the other end is gone")
    return data
