"""What the tests of PDFs share: reading a real PDF, and guides that are printed once for many tests."""

from __future__ import annotations

import ctypes
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw
import pytest

from studypack.writers import cheatsheet, matrix
from studypack.writers.paper.page import Paper
from tests.pdf.guides import many_tables, rich


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What is on the sheets of a PDF. Lengths in points."""

    texts: tuple[str, ...]
    sizes: tuple[tuple[float, float], ...]
    outside: int
    fonts: frozenset[str]
    bookmarks: tuple[tuple[int, str, int | None], ...]
    metadata: dict[str, str]

    @property
    def text(self) -> str:
        """All text, white space folded, words that were broken by a hyphen joined."""
        return " ".join(" ".join(self.texts).replace("\ufffe", "").replace("\x02", "").split())


def read(paper: Paper) -> Printed:
    """The PDF as a reader sees it."""
    document = pypdfium2.PdfDocument(paper.data)
    texts, sizes, outside = [], [], 0
    fonts: set[str] = set()
    for page in document:
        found = page.get_textpage()
        texts.append(found.get_text_bounded())
        sizes.append(page.get_size())
        outside += sum(_is_outside(found.get_charbox(n), page.get_size()) for n in range(found.count_chars()))
        fonts.update(_fonts(page))
    bookmarks = tuple(
        (mark.level, mark.get_title(), mark.get_dest().get_index() if mark.get_dest() else None)
        for mark in document.get_toc()
    )
    return Printed(
        texts=tuple(texts),
        sizes=tuple(sizes),
        outside=outside,
        fonts=frozenset(fonts),
        bookmarks=bookmarks,
        metadata=document.get_metadata_dict(),
    )


def unpacked(data: bytes) -> bytes:
    """The file with its compressed streams opened."""
    parts = [data]
    for match in re.finditer(rb"stream\r?\n", data):
        try:
            parts.append(zlib.decompressobj().decompress(data[match.end() :]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def in_order(text: str, pieces: list[str]) -> list[str]:
    """The pieces that are not in the text, or stand before the piece that should come first."""
    at, absent = 0, []
    for piece in pieces:
        found = text.find(piece, at)
        if found < 0:
            absent.append(piece)
        else:
            at = found + len(piece)
    return absent


def _is_outside(box: tuple[float, float, float, float], size: tuple[float, float]) -> bool:
    left, bottom, right, top = box
    return min(left, bottom) < -0.5 or right > size[0] + 0.5 or top > size[1] + 0.5


def _fonts(page: pypdfium2.PdfPage) -> Iterator[str]:
    for thing in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT], max_depth=4):
        font = pypdfium2.raw.FPDFTextObj_GetFont(thing.raw)
        length = pypdfium2.raw.FPDFFont_GetBaseFontName(font, None, 0)
        name = ctypes.create_string_buffer(length)
        pypdfium2.raw.FPDFFont_GetBaseFontName(font, name, length)
        embedded = pypdfium2.raw.FPDFFont_GetIsEmbedded(font) == 1
        yield name.value.decode() + ("" if embedded else " (not embedded)")


@pytest.fixture(scope="session")
def sheet() -> Paper:
    """The cheat sheet of the rich guide."""
    return cheatsheet.write(rich())


@pytest.fixture(scope="session")
def sheet_read(sheet: Paper) -> Printed:
    """The same, read."""
    return read(sheet)


@pytest.fixture(scope="session")
def page() -> Paper:
    """The matrix of the guide of many tables."""
    paper = matrix.write(many_tables())
    assert paper is not None
    return paper


@pytest.fixture(scope="session")
def page_read(page: Paper) -> Printed:
    """The same, read."""
    return read(page)
