"""What of a guide must be on paper, in which order, and what of it is there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import assert_never

from pypdfium2 import PdfDocument

from studypack.model import Block, Callout, Definitions, Guide, Listing, Prose, Quote, Section, Table, Term
from studypack.writers.paper.contents import printed
from tests.property.strategies import WORD

Box = tuple[float, float, float, float]
"""Left, bottom, right, top, in points."""

_DRAWN = re.compile(r'<(span|div) class="math[^>]*>.*?</\1>|<[^>]*>', re.DOTALL)
"""What is no text on paper: formulas, which are drawn, and tags, with the alternative text of pictures in them."""

_NO_LETTER = re.compile(r"[\s\u200b\ufffe\uffff\x00-\x1f\u00ad-]")
_HEAD, _FOOT = 13.5 * 72 / 25.4, 10.5 * 72 / 25.4
"""Points from the edges that only the running head and the page's number reach into, as in sheet.css."""

_TOLERANCE = 0.5  # pt that a letter's box may stand over the paper's edge
_OVER = 0.5  # of a letter covered by another is no kerning any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """The text of a PDF letter by letter, in the order in which it is printed; no blanks, hyphens, running heads."""

    text: str
    boxes: tuple[Box, ...]
    pages: tuple[int, ...]
    sizes: tuple[tuple[float, float], ...]

    def missing(self, texts: Iterable[str]) -> list[str]:
        """The known words of texts that are not there, or not where they should be: behind those before."""
        at, lacking = 0, []
        for word in WORD.findall(" ".join(texts)):
            found = _pattern(word).search(self.text, at)
            lacking += [] if found else [word]
            at = found.end() if found else at
        return lacking

    def lacks(self, words: Iterable[str]) -> list[str]:
        """The words, of whatever letters, that are not there whole, though perhaps broken."""
        return [word for word in words if not _pattern(word).search(self.text)]

    def outside(self) -> str:
        """The letters that stand over the edge of their sheet."""
        return "".join(
            letter
            for letter, (left, bottom, right, top), page in zip(self.text, self.boxes, self.pages, strict=True)
            if min(left, bottom) < -_TOLERANCE
            or right > self.sizes[page][0] + _TOLERANCE
            or top > self.sizes[page][1] + _TOLERANCE
        )

    def covered(self) -> str:
        """The letters that others are printed over."""
        cells: dict[tuple[int, int, int], list[Box]] = {}
        found = ""
        for letter, box, page in zip(self.text, self.boxes, self.pages, strict=True):
            if not re.fullmatch("[a-z0-9]", letter):  # marks that are put on letters may lie over them
                continue
            place = page, int(box[0] // 20), int(box[1] // 20)
            near = (cells.get((page, place[1] + dx, place[2] + dy), ()) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
            if any(_share(box, other) > _OVER for group in near for other in group):
                found += letter
            cells.setdefault(place, []).append(box)
        return found


@cache
def _pattern(word: str) -> re.Pattern[str]:
    """A word wherever it was broken. The bullets and numbers of lists around it come between its lines in the file."""
    return re.compile(r"(?:•|\d\d?\.)*".join(map(re.escape, re.sub(_NO_LETTER, "", word))))


def letters(data: bytes) -> Letters:
    """The letters of a PDF."""
    text, boxes, pages, sizes = [], [], [], []
    document = PdfDocument(data)
    for number, page in enumerate(document):
        sizes.append(page.get_size())
        found = page.get_textpage()
        for index, letter in enumerate(_characters(found.get_text_range(), found.count_chars())):
            box = found.get_charbox(index)
            if not _NO_LETTER.match(letter) and not (len(document) > 1 and _in_margin(box, number, sizes[-1][1])):
                text.append(letter)
                boxes.append(box)
                pages.append(number)
    return Letters(text="".join(text), boxes=tuple(boxes), pages=tuple(pages), sizes=tuple(sizes))


def _in_margin(box: Box, page: int, height: float) -> bool:
    """Whether a letter belongs to the running head, which the first page has not, or to the page's number."""
    return box[3] < _FOOT or (page > 0 and box[1] > height - _HEAD)


def _characters(text: str, count: int) -> Sequence[str]:
    assert len(text) == count, "pdfium counts letters beyond the basic plane as one"
    return text


def _share(one: Box, other: Box) -> float:
    """How much of the smaller of two boxes lies in the other."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / max(min(_area(one), _area(other)), 1e-6)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


# --- what must be there ------------------------------------------------------------------------------------------


def texts_on_sheet(guide: Guide) -> list[str]:
    """The texts of a guide, in the order in which a cheat sheet shows them."""
    notes = (block for note in guide.footnotes for block in note.blocks)
    return [guide.title.plain, *map(_plain, _texts((*guide.intro, *guide.topics, *notes)))]


def texts_in_tables(tables: Iterable[Table]) -> list[str]:
    """The texts of the cells of tables, row by row."""
    return [_plain(html) for table in tables for html in _texts((table,))]


def _plain(html: str) -> str:
    return unescape(_DRAWN.sub("", html))


def _texts(things: Iterable[Block | Section | Term]) -> Iterator[str]:
    for thing in printed(things):
        match thing:
            case Prose():
                yield thing.html
            case Listing():
                yield from _texts(block for item in thing.items for block in item.blocks)
            case Definitions():
                yield from _texts(thing.terms)
            case Term():
                yield thing.name.html
                yield from _texts(thing.meaning)
            case Table():
                for cells in (thing.header, *(row.cells for row in thing.rows)):
                    yield from (cell.html for cell in cells)
            case Callout():
                yield thing.title.html
                yield from _texts(thing.blocks)
            case Quote():
                yield from _texts(thing.blocks)
            case Section():
                yield thing.heading.html
                yield from _texts((*thing.blocks, *thing.sections))
            case _:
                assert_never(thing)
