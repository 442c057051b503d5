"""Who makes the packs: this process, others on this machine, or a cluster's. All stand behind one kind of executor.

A cluster is one of Dask's (distributed.dask.org): its client gives an executor as `concurrent.futures` has them, it
gives the work of a machine that is lost to another, and it starts under every batch system and cloud.
"""

from __future__ import annotations

import logging
import pickle
import re
import traceback
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from studypack import fingerprint, making
from studypack.child import Children
from studypack.diagnostics import StudypackError
from studypack.folder import read_files
from studypack.pack import Order, Pack

if TYPE_CHECKING:
    from studypack.printing import Printers

T = TypeVar("T")

AHEAD = 8
"""How many orders for each process are given out before the first one's pack is needed: it bounds the memory."""

_PATIENCE = 10.0  # seconds within which a cluster must answer
_SCHEMES = {"dask": "tcp", "tcp": "tcp", "tls": "tls"}  # for TLS, the keys are in Dask's own configuration
_ADDRESS = re.compile(r"(dask|tcp|tls)://((?:\[[0-9a-fA-F:]+\]|[^\s/:@]+):\d{1,5})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Makers of packs.

    `ahead` is how many orders should wait for them. `printers` is how many PDFs of an order each lays out at a time.
    `far` says that they cannot reach this machine's disk: then what a guide refers to must come along.
    """

    submit: Callable[[Order], Future[Pack]]
    ahead: int
    printers: int = 1
    far: bool = False


@contextmanager
def hired(orders: int, jobs: int, on: str | None, papers: int, progress: Callable[[str], None]) -> Iterator[Crew]:
    """A crew for so many orders, with `papers` PDFs each.

    `jobs` is how many processes may work at a time here, `on` the address of a cluster that works instead, such as
    `dask://127.0.0.1:8786`. `progress` hears of each step where this process itself does the work.
    Raises StudypackError where the cluster cannot be reached.
    """
    count = min(orders, jobs)
    if on is not None:
        with _cluster(on) as crew:
            yield crew
    elif count > 1:
        with Children(count) as children:
            yield Crew(
                submit=lambda order: children.submit(making.make_alone, order),
                ahead=AHEAD * count,
                printers=max(1, min(papers, jobs // count)),
            )
    elif papers:
        with making.printers_for(min(papers, jobs)) as printers:
            yield _here(printers, progress)
    else:
        yield _here(None, progress)


def pack_of(path: str, coming: Future[Pack]) -> Pack:
    """The pack of a guide, once it is there. What made it impossible is a trouble of that guide's alone."""
    try:
        return coming.result()
    except StudypackError as error:
        message = str(error) if str(error).startswith(path) else f"{path}: {error}"
    except Exception as error:  # noqa: BLE001  # told with its traceback, and the other guides are made all the same
        message = f"{path}: studypack failed; that is a fault of its own.\n{_told(error)}"
    return Pack(name="", troubles=(message,), ok=False)


def done(work: Callable[[], T]) -> Future[T]:
    """What comes of work that is done here, at once."""
    future: Future[T] = Future()
    try:
        future.set_result(work())
    except Exception as error:  # noqa: BLE001  # raised where the result is asked for
        future.set_exception(error)
    return future


def _told(error: BaseException) -> str:
    """An exception for whoever mends it; the traceback of another process is in its notes."""
    notes = getattr(error, "__notes__", None)
    return "\n".join(notes) if notes else "".join(traceback.format_exception(error))


def _here(printers: Printers | None, progress: Callable[[str], None]) -> Crew:
    """A crew of this process alone, which takes one order after the other."""
    return Crew(submit=lambda order: done(lambda: making.make(order, printers, progress)), ahead=0)


# --- a cluster ---------------------------------------------------------------------------------------------------


@contextmanager
def _cluster(address: str) -> Iterator[Crew]:
    """The workers of a cluster. Raises StudypackError where it cannot be reached."""
    found = _ADDRESS.fullmatch(address)
    if not found:
        raise StudypackError(f"{address} is no address of a cluster; write dask://HOST:PORT.")
    place = f"{_SCHEMES[found[1]]}://{found[2]}"
    with _connected(place) as client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)  # they may have been started with it, or be started anew
        except TimeoutError:
            start = f"dask worker {place} --nworkers -1 --nthreads 1"
            raise StudypackError(f"The cluster at {address} has no workers. Start some: {start}") from None
        executor = client.get_executor(pure=False)
        yield Crew(
            submit=lambda order: _Far(order, lambda data: executor.submit(pickle.loads, data)).pack,
            ahead=AHEAD * sum(client.ncores().values()),
            far=True,
        )


class _Far:
    """An order that is made on a cluster; `pack` is to come.

    It is given again with the files that its maker lacked, for only who reads a guide knows what it refers to. Other
    guides' packs need not wait for that.
    """

    def __init__(self, order: Order, submit: Callable[[bytes], Future[Pack]]) -> None:
        self.pack: Future[Pack] = Future()
        self._order, self._submit = order, submit
        self._give()

    def _give(self) -> None:
        with self._failing():
            self._submit(pickle.dumps(_Work(self._order))).add_done_callback(self._take)

    def _take(self, coming: Future[Pack]) -> None:
        with self._failing():
            pack = coming.result()
            if not pack.lacking:
                self.pack.set_result(pack)
                return
            lacking = read_files(Path(self._order.path).parent, pack.lacking)
            self._order = replace(self._order, files={**self._order.files, **lacking})
            self._give()

    @contextmanager
    def _failing(self) -> Iterator[None]:
        """What goes wrong is raised where the pack is asked for."""
        try:
            yield
        except Exception as error:  # noqa: BLE001  # raised again by the future
            self.pack.set_exception(_explained(error))


class _Work:
    """An order as bytes, which become its pack as they are unpickled.

    So a scheduler and workers of another release, or with none, get nothing that they cannot read: that would end them.
    """

    def __init__(self, order: Order) -> None:
        self._order = order

    def __reduce__(self) -> tuple[Callable[[str, bytes], Pack], tuple[str, bytes]]:
        return making.make_far, (fingerprint.release(), pickle.dumps(self._order))


def _explained(error: Exception) -> Exception:
    """What befell work on a cluster, as its user understands it."""
    if isinstance(error, CancelledError):
        return StudypackError("the connection to the cluster was lost before it was made")
    if type(error).__name__ == "KilledWorker":  # of distributed
        return StudypackError("the processes that make it crashed, one after the other")
    if isinstance(error, ImportError) or making.make_far.__name__ in str(error):
        return StudypackError(f"{making.OTHER_RELEASE}\n  there: {error}")
    return error


@contextmanager
def _connected(place: str) -> Iterator[Any]:
    """A client of a scheduler. Raises StudypackError where none answers."""
    import asyncio

    try:
        from distributed import Client
        from distributed.comm.core import connect
        from distributed.security import Security
    except ImportError as error:
        raise StudypackError("Clusters need an extra: pip install 'studypack[cluster]'") from error

    async def greet() -> None:
        keys = Security().get_connection_args("client")  # type: ignore[no-untyped-call]
        async with asyncio.timeout(_PATIENCE):
            comm = await connect(place, timeout=_PATIENCE, **keys)  # type: ignore[no-untyped-call]
            await comm.close()

    try:
        # A client that finds no scheduler takes a minute more to say so, and leaves a traceback.
        asyncio.run(greet())
        client: Any = Client(place, timeout=_PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except OSError as error:
        reason = str(error) or f"no answer within {_PATIENCE:.0f} seconds"
        raise StudypackError(f"No cluster answers at {place} ({reason}). Start one: dask scheduler") from error
    # Pictures travel with the guides that need them, and are meant to. What matters of what it logs, we say.
    logging.disable()
    try:
        with client, warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Sending large graph")
            yield client
    finally:
        logging.disable(logging.NOTSET)
