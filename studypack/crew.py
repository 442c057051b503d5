"""Who makes the packs: this process, others on this machine, or a cluster's. All stand behind one kind of executor.

A cluster is one of Dask's (distributed.dask.org): its client gives an executor as `concurrent.futures` has them, it
gives the work of a machine that is lost to another, and it starts under every batch system and cloud.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from studypack import fingerprint, making
from studypack.child import Children
from studypack.diagnostics import StudypackError
from studypack.pack import Order, Pack

if TYPE_CHECKING:
    from studypack.printing import Printers

T = TypeVar("T")

AHEAD = 8
"""How many orders for each process are given out before the first one's pack is needed: it bounds the memory."""

_SCHEMES = {"dask": "tcp", "tcp": "tcp", "tls": "tls"}  # for TLS, the keys are in Dask's own configuration
_PATIENCE = 20.0  # seconds within which a cluster must answer
_TRIES = 3  # how often a cluster gives an order to another worker when one is lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Makers of packs.

    `ahead` is how many orders should wait for them. `printers` is how many PDFs of an order each lays out at a time.
    `far` says that they cannot reach this machine's disk: then what a guide refers to must come along, and they must
    be of a certain `release`.
    """

    submit: Callable[[Order], Future[Pack]]
    ahead: int
    printers: int = 1
    release: str | None = None

    @property
    def far(self) -> bool:
        """Whether they are on other machines."""
        return self.release is not None


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
            yield _crew(children, count, printers=max(1, min(papers, jobs // count)))
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


def _crew(executor: Executor, size: int, printers: int = 1, release: str | None = None) -> Crew:
    return Crew(
        submit=lambda order: executor.submit(making.make_alone, order),
        ahead=AHEAD * size,
        printers=printers,
        release=release,
    )


def _here(printers: Printers | None, progress: Callable[[str], None]) -> Crew:
    """A crew of this process alone, which takes one order after the other."""
    return Crew(submit=lambda order: done(lambda: making.make(order, printers, progress)), ahead=0)


@contextmanager
def _cluster(address: str) -> Iterator[Crew]:
    """The workers of a cluster. Raises StudypackError where it cannot be reached."""
    scheme, _, place = address.partition("://")
    if scheme not in _SCHEMES or not place:
        raise StudypackError(f"{address} is no address of a cluster; write dask://HOST:PORT.")
    with _connected(f"{_SCHEMES[scheme]}://{place}") as client:
        size = sum(client.ncores().values())
        if not size:
            raise StudypackError(
                f"The cluster at {address} has no workers. Start some: dask worker {client.scheduler.address}"
            )
        executor = client.get_executor(pure=False, retries=_TRIES)
        yield _crew(executor, size, release=fingerprint.release())


@contextmanager
def _connected(place: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ImportError as error:
        raise StudypackError("Clusters need an extra: pip install 'studypack[cluster]'") from error
    try:
        client: Any = Client(place, timeout=_PATIENCE, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise StudypackError(f"No cluster answers at {place} ({error}). Start one: dask scheduler") from error
    with client:
        yield client
