"""What takes a while: the two PDFs of a guide, and all that a check says of it, while its author goes on.

A newer order ends an older one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from studypack import crew, fingerprint, making, source
from studypack.desk import check
from studypack.diagnostics import Diagnostic, in_order
from studypack.pack import Order, Output, Pack, Product, Wishes
from studypack.pipeline import cores
from studypack.printing import Printers

OUTPUTS = (Output.CHEATSHEET, Output.MATRIX)
"""The PDFs that a preview shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """The PDFs as far as they are there, and what was found wrong or weak on the way.

    `made` lacks one where the guide has nothing for it, or errors. `coming` says that newer ones are being laid out.
    `troubles` say why there is none.
    """

    made: tuple[Product, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    troubles: tuple[str, ...] = ()
    coming: bool = True

    def pdf(self, name: str) -> bytes | None:
        """The PDF of that name, if there is one."""
        return next((one.data for one in self.made if one.output.value == name), None)

    def as_json(self) -> dict[str, Any]:
        """For the page, without the PDFs: each is named by what is in it."""
        papers = {
            one.output.value: {
                "version": fingerprint.of_bytes(one.data or b""),
                "size": len(one.data or b""),
                "pages": one.pages,
                "type": one.type,
            }
            for one in self.made
        }
        return {"coming": self.coming, "troubles": self.troubles, "papers": papers}


def lay_out(path: Path, cache: Path | None, printers: Printers) -> Sheets:
    """The PDFs of a guide as it is now. What goes wrong on the way is among the troubles."""
    text, faults = source.read_bytes(path)
    if text is None:
        return Sheets(diagnostics=faults, coming=False)
    order = Order(
        path=str(path),
        text=text,
        wishes=Wishes(only=frozenset(OUTPUTS)),
        root=path.parent.absolute(),
        cache=cache,
        printers=len(OUTPUTS),
    )
    pack = crew.pack_of(str(path), crew.done(lambda: making.make(order, printers)))
    return _sheets(pack, check.check_text(path, text).found)


def new_printers() -> Printers:
    """What lays out both PDFs; to be used in `with`."""
    return making.printers_for(min(len(OUTPUTS), cores()))


def _sheets(pack: Pack, found: Iterable[Diagnostic]) -> Sheets:
    made = tuple(product for product in pack.products if product.data is not None)
    return Sheets(made=made, diagnostics=in_order({*pack.diagnostics, *found}), troubles=pack.troubles, coming=False)


class Press:
    """Lays out the PDFs of one guide, the newest order only; to be used in `with`. `done` hears of what came of it."""

    def __init__(self, path: Path, cache: Path | None, done: Callable[[Sheets], None]) -> None:
        self._path, self._cache, self._done = path, cache, done
        self._news = threading.Condition()
        self._orders, self._busy, self._closed = 0, False, False
        self._printers: Printers | None = None
        self._thread = threading.Thread(target=self._work, name="press", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with self._news:
            self._closed = True
            self._news.notify()
        self._abandon()
        self._thread.join()

    def order(self) -> None:
        """Lay them out anew, from now on; what is being laid out is given up."""
        with self._news:
            self._orders += 1
            self._news.notify()
            busy = self._busy
        if busy:
            self._abandon()

    def _abandon(self) -> None:
        """End what lays out at once. What is idle is kept, for it has loaded all that it needs."""
        with self._news:
            printers, self._printers = self._printers, None
        if printers is not None:
            printers.__exit__()

    def _work(self) -> None:
        done = 0
        while True:
            with self._news:
                while not self._closed and self._orders == done:
                    self._news.wait()
                done, self._busy = self._orders, True
            printers = self._hired()
            if printers is None:
                return
            sheets = lay_out(self._path, self._cache, printers)
            with self._news:
                self._busy = False
                current = self._orders == done and not self._closed
            if current:
                self._done(sheets)

    def _hired(self) -> Printers | None:
        """What lays out; nothing where all is to end. It takes a while to begin, and nobody has to wait for that."""
        printers = self._printers or new_printers().__enter__()
        with self._news:
            if not self._closed:
                self._printers = printers
                return printers
        printers.__exit__()
        return None
