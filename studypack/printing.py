"""The PDFs of a guide, laid out in processes of their own: side by side, and within limits."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import astuple, dataclass
from functools import cached_property
from typing import Self

from studypack import fingerprint
from studypack.cache import Cache
from studypack.child import Children, LimitError, Limits
from studypack.diagnostics import Diagnostic, StudypackError
from studypack.model import Guide, Note
from studypack.span import Span
from studypack.writers.paper.page import Missing, Paper
from studypack.writers.papercards.duplex import Flip

TIME, MEMORY = 120.0, 3 * 2**29
"""What laying out even an empty page may take: seconds by the clock, and bytes of address space."""

_TOO_MUCH = (
    "Look for a table, a list or a picture beyond all measure there; what else was asked for is made all the same."
)

_OTHERWISE = "Another paper, type size or number of columns may help; what else was asked for is made all the same."


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A PDF that is being laid out; `what` it is, the `path` of its guide, and what was `found` before it began.

    `keep` remembers it once it is there.
    """

    what: str
    path: str
    paper: Future[Paper | None]
    found: tuple[Diagnostic, ...] = ()
    keep: Callable[[Paper], None] | None = None

    def wait(self) -> Paper | None:
        """The PDF, or None where the guide has nothing for it.

        Raises StudypackError where it cannot be made here, or not within the limits.
        """
        from studypack.writers.paper.pdf import LayoutError

        try:
            paper = self.paper.result()
        except LimitError as error:
            raise StudypackError(f"{self.path}: no {self.what}: {error}. {_TOO_MUCH}") from error
        except LayoutError as error:
            raise StudypackError(f"{self.path}: no {self.what}: {error}. {_OTHERWISE}") from error
        if self.keep and paper and paper.data:
            self.keep(paper)
        return paper


class Printers:
    """Processes that lay out pages, `count` at a time; to be used in `with`.

    They begin by loading what they need, while the first guide is still being read.
    """

    def __init__(self, count: int) -> None:
        self._children = Children(count, limits(0, 0))
        self._count = count
        self._cache = Cache(None)
        self._characters = self._pixels = 0

    def __enter__(self) -> Self:
        from studypack.writers.paper import pdf

        for _ in range(self._count):
            self._children.submit(pdf.load)
        return self

    def __exit__(self, *_: object) -> None:
        self._children.close()

    def begin(self, characters: int, guide: Guide, cache: Cache) -> None:
        """From now on it is this guide's PDFs that are laid out: their limits follow from its length and pictures.

        What is in the cache is not laid out again.
        """
        self._characters = characters
        self._pixels = sum(media.pixels for media in guide.media)
        self._children.limit(limits(characters, self._pixels))
        self._cache = cache

    def cheatsheet(self, guide: Guide) -> Coming:
        """Its cheat sheet."""
        from studypack.writers import cheatsheet

        return self._coming("cheatsheet", guide, cheatsheet.write)

    def matrix(self, guide: Guide) -> Coming:
        """Its matrix."""
        from studypack.writers import matrix

        return self._coming("matrix", matrix.needed(guide), matrix.write)

    def cards(self, guide: Guide, notes: Sequence[Note], flip: Flip) -> Coming:
        """Its notes as cards to print, for a printer that turns sheets about that edge.

        What they may take follows from what is printed: a row of a table is on the cards of all its cells.
        """
        from studypack.writers.papercards import sheets, sides

        usual = limits(self._characters, self._pixels)
        self._children.limit(limits(self._characters + sides.length(notes), self._pixels))
        try:
            return self._coming("cards", guide, sheets.write, notes=tuple(notes), flip=flip)
        finally:
            self._children.limit(usual)

    def _coming(self, what: str, guide: Guide, write: Callable[..., Paper | None], **more: object) -> Coming:
        known = _Known(self._cache, what, (guide, more))
        paper: Future[Paper | None] = Future()
        if (found := known.paper()) is not None:
            paper.set_result(found)
        else:
            paper = self._children.submit(write, guide, **more)
        return Coming(what=what, path=guide.path, paper=paper, keep=known.keep if found is None else None)


class _Known:
    """Where a PDF is kept in the cache: under all that it is made of, but for the places in the guide and its path.

    Where something is said of it, those count too, for they are said with it.
    """

    def __init__(self, cache: Cache, what: str, made_of: object) -> None:
        self._cache = cache
        self._of = made_of
        self._name = (what, fingerprint.of_value(self._of)) if cache.open else ()

    def paper(self) -> Paper | None:
        """The PDF, if it was laid out before."""
        if not self._name or (kept := self._cache.get(*self._name)) is None:
            return None
        head, _, data = kept.partition(b"\n")
        said = json.loads(head)
        if said["places"] and said["places"] != self._places:
            return None
        return Paper(
            data=data,
            pages=said["pages"],
            size=said["size"],
            diagnostics=tuple(map(Diagnostic.from_json, said["diagnostics"])),
            missing=tuple(Missing(character=one, span=span and Span(*span)) for one, span in said["missing"]),
            formulas=tuple(said["formulas"]),
        )

    def keep(self, paper: Paper) -> None:
        """Remember it."""
        if not self._name:
            return
        head = {
            "places": self._places if paper.diagnostics or paper.missing else None,
            "pages": paper.pages,
            "size": paper.size,
            "diagnostics": [found.as_json() for found in paper.diagnostics],
            "missing": [(one.character, one.span and astuple(one.span)) for one in paper.missing],
            "formulas": paper.formulas,
        }
        self._cache.put(json.dumps(head).encode() + b"\n" + paper.data, *self._name)

    @cached_property
    def _places(self) -> str:
        return fingerprint.of_value(self._of, places=True)


def limits(characters: int, pixels: int) -> Limits:
    """What the PDFs of a guide may take, by its length and its pictures.

    A page holds about 5,000 characters and takes 0.3 seconds and 10 MB (tests/bench/paper.py, two cores of 2024); a
    picture 8 bytes a pixel. The limits are many times that: they are for what would never end.
    """
    return Limits(seconds=TIME + characters // 500, memory=MEMORY + characters * 8 * 1024 + pixels * 16)
