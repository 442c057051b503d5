"""The PDFs of a guide, laid out in processes of their own: side by side, and within limits."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Self

from studypack.child import Children, LimitError, Limits
from studypack.diagnostics import Diagnostic, StudypackError
from studypack.model import Guide, Note
from studypack.source import Source
from studypack.writers.paper.page import Paper
from studypack.writers.papercards.duplex import Flip

TIME, MEMORY = 120.0, 3 * 2**29
"""What laying out even an empty page may take: seconds by the clock, and bytes of address space."""

_TOO_MUCH = (
    "Look for a table, a list or a picture beyond all measure there; what else was asked for is made all the same."
)

_OTHERWISE = "Another paper, type size or number of columns may help; what else was asked for is made all the same."


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """A PDF that is being laid out; `what` it is, the `path` of its guide, and what was `found` before it began."""

    what: str
    path: str
    paper: Future[Paper] | Future[Paper | None]
    found: tuple[Diagnostic, ...] = ()

    def wait(self) -> Paper | None:
        """The PDF, or None where the guide has nothing for it.

        Raises StudypackError where it cannot be made here, or not within the limits.
        """
        from studypack.writers.paper.pdf import LayoutError

        try:
            return self.paper.result()
        except LimitError as error:
            raise StudypackError(f"{self.path}: no {self.what}: {error}. {_TOO_MUCH}") from error
        except LayoutError as error:
            raise StudypackError(f"{self.path}: no {self.what}: {error}. {_OTHERWISE}") from error


class Printers:
    """Processes that lay out pages, for `papers` PDFs a guide; to be used in `with`.

    They begin by loading what they need, while the first guide is still being read.
    """

    def __init__(self, papers: int) -> None:
        self._children = Children(min(papers, os.cpu_count() or 1), limits(0, 0))
        self._papers = papers

    def __enter__(self) -> Self:
        from studypack.writers.paper import pdf

        for _ in range(self._papers):
            self._children.submit(pdf.load)
        return self

    def __exit__(self, *_: object) -> None:
        self._children.close()

    def begin(self, source: Source, guide: Guide) -> None:
        """From now on it is this guide's PDFs that are laid out: their limits follow from its size."""
        pixels = sum(media.pixels for media in guide.media)
        self._children.limit(limits(sum(map(len, source.lines)), pixels))

    def cheatsheet(self, guide: Guide) -> Coming:
        """Its cheat sheet."""
        from studypack.writers import cheatsheet

        return Coming(what="cheatsheet", path=guide.path, paper=self._children.submit(cheatsheet.write, guide))

    def matrix(self, guide: Guide) -> Coming:
        """Its matrix."""
        from studypack.writers import matrix

        return Coming(what="matrix", path=guide.path, paper=self._children.submit(matrix.write, guide))

    def cards(self, guide: Guide, notes: Sequence[Note], flip: Flip) -> Coming:
        """Its notes as cards to print, for a printer that turns sheets about that edge."""
        from studypack.writers.papercards import sheets

        paper = self._children.submit(sheets.write, guide, tuple(notes), flip=flip)
        return Coming(what="cards", path=guide.path, paper=paper)


def limits(characters: int, pixels: int) -> Limits:
    """What the PDFs of a guide may take, by its length and its pictures.

    A page holds about 5,000 characters and takes 0.3 seconds and 10 MB (tests/bench/paper.py, two cores of 2024); a
    picture 8 bytes a pixel. The limits are many times that: they are for what would never end.
    """
    return Limits(seconds=TIME + characters // 500, memory=MEMORY + characters * 8 * 1024 + pixels * 16)
