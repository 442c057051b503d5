"""A cluster of Dask's (distributed.dask.org), which makes packs on other machines: the door to it.

Its client gives an executor as `concurrent.futures` has them, it gives the work of a machine that is lost to another,
and it starts under every batch system and cloud.
"""

from __future__ import annotations

import logging
import pickle
import re
import threading
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from studypack import fingerprint, making
from studypack.diagnostics import StudypackError
from studypack.folder import read_files
from studypack.pack import Order, Pack

_PATIENCE = 10.0  # seconds within which a cluster must answer
_GLANCE = 0.5  # seconds between two looks at whether it is still there
_SCHEMES = {"dask": "tcp", "tcp": "tcp", "tls": "tls"}  # for TLS, the keys are in Dask's own configuration
_ADDRESS = re.compile(r"(dask|tcp|tls)://((?:\[[0-9a-fA-F:]+\]|[^\s/:@]+):\d{1,5})")


@contextmanager
def workers(address: str) -> Iterator[tuple[Callable[[Order], Future[Pack]], int]]:
    """What gives an order to the workers of a cluster, and how many orders they take at a time.

    `address` is such as `dask://127.0.0.1:8786`. Raises StudypackError where no cluster can be reached there.
    """
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
        with _watched(client) as given:
            yield (
                lambda order: _Far(order, lambda data: executor.submit(pickle.loads, data), given).pack,
                sum(client.ncores().values()),
            )


@contextmanager
def _watched(client: Any) -> Iterator[set[_Far]]:
    """The orders that are under way; they fail when the scheduler is lost.

    Dask cancels what it knows of at that moment; what is given while it tries to connect again would wait for ever.
    """
    given: set[_Far] = set()
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(_GLANCE):
            if client.status != "running":
                for far in tuple(given):
                    far.fail(CancelledError())

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield given
    finally:
        ended.set()
        thread.join()


class _Far:
    """An order that is made on a cluster; `pack` is to come.

    It is given again with the files that its maker lacked, for only who reads a guide knows what it refers to. Other
    guides' packs need not wait for that.
    """

    def __init__(self, order: Order, submit: Callable[[bytes], Future[Pack]], given: set[_Far]) -> None:
        self.pack: Future[Pack] = Future()
        self._order, self._submit = order, submit
        given.add(self)
        self.pack.add_done_callback(lambda _: given.discard(self))
        self._give()

    def fail(self, error: Exception) -> None:
        """Say why there will be no pack, unless there is one, or it was said before."""
        with suppress(InvalidStateError):
            self.pack.set_exception(_explained(error))

    def _give(self) -> None:
        with self._failing():
            self._submit(pickle.dumps(_Work(self._order))).add_done_callback(self._take)

    def _take(self, coming: Future[Pack]) -> None:
        with self._failing():
            pack = coming.result()
            if not pack.lacking:
                with suppress(InvalidStateError):  # it came when all was given up
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
            self.fail(error)


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
