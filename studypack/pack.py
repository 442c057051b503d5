"""What is ordered of one guide, and the pack that comes of it: values that travel from process to process."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from studypack.diagnostics import Diagnostic
from studypack.folder import File, FileFault

if TYPE_CHECKING:  # what makes an output is imported only when one is made
    from studypack.identity import Change


class Output(StrEnum):
    """What can be made of a guide, in the order in which it is made."""

    DECK = "deck"
    CHEATSHEET = "cheatsheet"
    MATRIX = "matrix"
    CARDS = "cards"


USUAL = frozenset(Output) - {Output.CARDS}
"""What is made where nothing is asked for: cards on paper are for those who say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What a person asks for, of every guide alike.

    `only` is what to make. `now` is the time of the build, seconds since 1970; else the clock's. `frozen` forbids any
    change of a lock, `refresh` gives every note a new time. `sheets` and `matrix_fit` overrule what guides say of
    their paper, `usual_sheets` and `usual_matrix_fit` hold where those say nothing. `duplex` is the edge, `long` or
    `short`, about which a printer turns the sheets of the cards.
    """

    only: frozenset[Output] = USUAL
    now: int = field(default_factory=lambda: int(time.time()))
    frozen: bool = False
    refresh: bool = False
    sheets: int | None = None
    matrix_fit: str | None = None
    usual_sheets: int | None = None
    usual_matrix_fit: str | None = None
    duplex: str = "long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One guide to be made into a pack, with all that is needed for it, wherever that is done.

    `path` is the guide as the user named it, `text` what is in it, `lock` the text of its lock, if it has one;
    `lock_fault` says why that cannot be read. `root` is the guide's folder, None where the maker cannot reach it; then
    `files` of it came along. `cache` is the folder of the cache, `printers` how many PDFs are laid out at a time.
    """

    path: str
    text: bytes
    lock: str | None = None
    lock_fault: str | None = None
    wishes: Wishes
    root: Path | None = None
    files: Mapping[str, File | FileFault] = field(default_factory=dict)
    cache: Path | None = None
    printers: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """An output in memory; `data` is None where the guide has nothing to make it of. Pages and type if it is paper."""

    output: Output
    data: bytes | None
    pages: int | None = None
    type: float | None = None


def _none() -> Mapping[str, int]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """What came of an order.

    `name` is the guide's, without `.md`. `products` are what was made, `lock` the text of the lock to write beside the
    deck. `troubles` are outputs that the surroundings did not allow, each with what to do. `plan` says what became of
    each note; `notes` and `cards` count by kind what is in the deck. `asked` are the files that the guide refers to,
    each with the digest of what was found. `lacking` are files that did not come along: nothing was made, for it must
    be ordered again with them. `ok` is false where there are errors: then what they concern is not in `products`.
    """

    name: str
    diagnostics: tuple[Diagnostic, ...] = ()
    products: tuple[Product, ...] = ()
    lock: str | None = None
    troubles: tuple[str, ...] = ()
    plan: tuple[Change, ...] = ()
    notes: Mapping[str, int] = field(default_factory=_none)
    cards: Mapping[str, int] = field(default_factory=_none)
    asked: Mapping[str, str] = field(default_factory=dict)
    lacking: tuple[str, ...] = ()
    ok: bool = True
