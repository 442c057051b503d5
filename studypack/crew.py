"""Who makes the packs: this process, others on this machine, or a cluster's. All take orders in the same way."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from studypack import making
from studypack.child import Children
from studypack.diagnostics import StudypackError
from studypack.pack import Order, Pack

if TYPE_CHECKING:
    from studypack.printing import Printers

T = TypeVar("T")

AHEAD = 8
"""How many orders for each process are given out before the first one's pack is needed: it bounds the memory."""


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
        from studypack import cluster

        with cluster.workers(on) as (submit, size):
            yield Crew(submit=submit, ahead=AHEAD * size, far=True)
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
