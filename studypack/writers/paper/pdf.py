"""HTML and CSS to PDF: the one door to WeasyPrint, its fonts, and what a page may load.

WeasyPrint is imported when the first page is laid out, after its system libraries were found and fontconfig was told
to see our fonts only. Nothing outside is read, no date, path or user name gets in: same page, same bytes.
"""

from __future__ import annotations

import ctypes.util
import gc
import io
import logging
import os
import re
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from studypack.diagnostics import Diagnostic, StudypackError
from studypack.span import START
from studypack.writers.paper import boxends, fonts, linebreaks, native, whereabouts
from studypack.writers.paper.page import OURS, Missing, Page, Paper, Place
from studypack.writers.paper.svgtext import set_whole_words

VARIANT = "pdf/ua-1"
"""Tagged PDF by ISO 14289-1; checked with veraPDF. UA-2 cannot pass with WeasyPrint 70."""

_NOTDEF = ".notdef glyph rendered"
_BAD_PICTURE = "Failed to load image at 'media:"


class LayoutError(StudypackError):
    """WeasyPrint cannot lay out a page, for a reason that only it knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A page laid out, not yet written.

    `filled` counts pages like `pages`, the last one only as far down as it is printed. `lost` are the ids that are
    not, or not wholly, on the paper, or out of order.
    """

    page: Page
    document: Any
    pages: int
    filled: float
    lost: tuple[str, ...]
    log: tuple[str, ...]


def render(page: Page) -> Paper:
    """The PDF of a page, with SP303 for bad pictures, SP504 for what fell off.

    Raises StudypackError when the system libraries are missing.
    """
    return write_layout(lay_out(page))


def lay_out(page: Page) -> Layout:
    """The page broken into sheets: three quarters of the work, enough to know what fits.

    Raises StudypackError when the system libraries are missing, LayoutError where WeasyPrint fails.
    """
    weasyprint = _weasyprint()
    from studypack.writers.paper.fetch import Fetcher

    fetcher = Fetcher(page.pictures)
    with _quiet() as log:
        style = weasyprint.CSS(string=page.css, url_fetcher=fetcher)
        html = weasyprint.HTML(string=page.html, url_fetcher=fetcher)
        with _told():
            document = html.render(stylesheets=[style], pdf_variant=VARIANT)
        # Still with the collector off: a single pass over a laid-out document takes as long as a page.
        lost = whereabouts.lost(document, page)
    return Layout(
        page=page,
        document=document,
        pages=len(document.pages),
        filled=whereabouts.filled(document),
        lost=lost,
        log=tuple(log),
    )


def write_layout(layout: Layout, size: float | None = None) -> Paper:
    """The bytes of a layout, and everything that was found on the way; `size` is its type in points.

    A character that no font has is printed as U+FFFD: an empty box says nothing, and ISO 14289-1, 7.21.8 forbids it.
    """
    data, said = _written(layout)
    missing = tuple(_missing(layout.page, said))
    if missing:
        layout = lay_out(replace(layout.page, html=_replaced(layout.page.html, missing)))
        data, said = _written(layout)
    return Paper(data, layout.pages, _diagnose(layout, said), size=size, missing=missing, formulas=layout.page.formulas)


def _written(layout: Layout) -> tuple[bytes, tuple[str, ...]]:
    _forget_checks(layout.document)
    _one_area_a_link(layout.document)
    with _quiet() as log, _told():
        data = layout.document.write_pdf(pdf_variant=VARIANT, pdf_identifier=True, finisher=_repair_lists)
    return data, (*layout.log, *log)


@contextmanager
def _told() -> Iterator[None]:
    """Says that it was WeasyPrint that failed; assertions and indexes are what it usually stumbles over."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        raise LayoutError(f"WeasyPrint fails to lay it out ({type(error).__name__})") from error


def _replaced(html: str, missing: Iterable[Missing]) -> str:
    """HTML with U+FFFD for characters in its text; those in its head and attributes are never drawn."""
    table = dict.fromkeys((ord(each.character) for each in missing), "\N{REPLACEMENT CHARACTER}")
    head, body, rest = html.partition("<body")
    return head + body + re.sub(r">[^<]+", lambda text: text[0].translate(table), rest)


def load() -> None:
    """Import what laying out needs, so that the first page need not wait for it."""
    _weasyprint()


# --- importing WeasyPrint ----------------------------------------------------------------------------------------


@cache
def _weasyprint() -> Any:
    """The library, imported with our fonts and without a word on standard output."""
    native.require()
    os.environ["FONTCONFIG_FILE"] = str(fonts.config())
    with redirect_stdout(io.StringIO()), warnings.catch_warnings(), _no_searching():
        warnings.simplefilter("ignore", DeprecationWarning)
        import weasyprint
        from weasyprint.layout import block, inline
        from weasyprint.svg import TAGS
    boxends.keep_short(block)
    linebreaks.keep_whole(inline)
    set_whole_words(TAGS)
    return weasyprint


@contextmanager
def _no_searching() -> Iterator[None]:
    """On Linux, keep cffi from searching: it would start ldconfig and a compiler for each name (0.3 s and more)."""
    search = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = _find_nothing
    try:
        yield
    finally:
        ctypes.util.find_library = search


def _find_nothing(name: str) -> str | None:
    """Stands in for a search that is not wanted."""
    return None


class _Log(logging.Handler):
    """Collects what WeasyPrint has to say, in order, each thing once."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: dict[str, None] = {}

    def emit(self, record: logging.LogRecord) -> None:
        self.seen[record.getMessage()] = None


@contextmanager
def _quiet() -> Iterator[Mapping[str, None]]:
    """Collects the log instead of printing it, with the garbage collector off: layout is linear only then."""
    logger, handler = logging.getLogger("weasyprint"), _Log()
    before = logger.level, logger.propagate, gc.isenabled()
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    gc.disable()
    try:
        yield handler.seen
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before[0])
        logger.propagate = before[1]
        if before[2]:
            gc.enable()


# --- what is on the paper ----------------------------------------------------------------------------------------


def _forget_checks(document: Any) -> None:
    """Drops the ids that only served the check, so that they do not swell the file as link targets."""
    linked = {target for sheet in document.pages for kind, target, *_ in sheet.links if kind == "internal"}
    for sheet in document.pages:
        for name in [name for name in sheet.anchors if name.startswith(OURS) and name not in linked]:
            del sheet.anchors[name]


def _one_area_a_link(document: Any) -> None:
    """Joins what stands inside a link (a picture, bold words) with the link's own area.

    WeasyPrint 70 makes a link of each, and ISO 14289-1, 7.18.5 allows none in the tag of a picture.
    """
    for sheet in document.pages:
        joined: list[Any] = []
        for kind, target, area, box in sheet.links:
            if joined and box.element_tag != "a":
                *link, before, own = joined[-1]
                joined[-1] = (*link, _around(before, area), own)
            else:
                joined.append((kind, target, area, box))
        sheet.links = joined


def _around(one: Sequence[float], other: Sequence[float]) -> tuple[float, ...]:
    """The smallest rectangle around two, as left, top, right, bottom."""
    return (*map(min, one[:2], other[:2]), *map(max, one[2:], other[2:]))


def _repair_lists(_document: Any, pdf: Any) -> None:
    """Wraps what stands loose in a list item into its body: ISO 14289-1, 7.2 allows LI only Lbl and LBody."""
    import pydyf

    items: list[Any] = [o for o in pdf.objects if isinstance(o, dict) and o.get("S") == "/LI"]
    for item in items:
        loose = [kid for kid in item["K"] if _structure(pdf, kid).get("S") not in ("/Lbl", "/LBody")]
        if not loose:
            continue
        body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array(loose), "P": item.reference})
        if "Pg" in item:
            body["Pg"] = item["Pg"]
        pdf.add_object(body)
        for kid in loose:
            if "P" in (element := _structure(pdf, kid)):
                element["P"] = body.reference
        item["K"] = pydyf.Array([*(kid for kid in item["K"] if kid not in loose), body.reference])


def _structure(pdf: Any, kid: Any) -> dict[str, Any]:
    """The structure element that a kid of another refers to, or an empty one for plain content."""
    if isinstance(kid, (bytes, str)):
        target = pdf.objects[int(kid.split()[0])]
        if isinstance(target, dict):
            return target
    return {}


# --- what is to be said ------------------------------------------------------------------------------------------


def _diagnose(layout: Layout, log: tuple[str, ...]) -> tuple[Diagnostic, ...]:
    page = layout.page
    return (
        *(_fell_off(page, page.places[name]) for name in layout.lost),
        *(_bad_picture(page, entry) for entry in log if entry.startswith(_BAD_PICTURE)),
    )


def _fell_off(page: Page, place: Place) -> Diagnostic:
    return Diagnostic(
        code="SP504",
        path=page.path,
        span=place.span,
        message=f"this does not fit on the page: {_short(place.text)}",
        hint="make it shorter, choose a larger paper, or leave it out of the PDFs with {: .no-print }",
    )


def _missing(page: Page, log: tuple[str, ...]) -> Iterator[Missing]:
    points = [re.search(r"\(U\+([0-9A-F]+)\)$", entry) for entry in log if entry.startswith(_NOTDEF)]
    for character in dict.fromkeys(chr(int(point[1], 16)) for point in points if point):
        holding = [place.span for place in page.places.values() if character in place.text]
        yield Missing(character=character, span=min(holding, default=None))


def _bad_picture(page: Page, entry: str) -> Diagnostic:
    name = entry.removeprefix(_BAD_PICTURE).partition("'")[0]
    span = next((place.span for place in page.places.values() if name in place.text), START)
    message = f"the picture cannot be drawn on paper: {name}"
    return Diagnostic(code="SP303", path=page.path, span=span, message=message, hint="save it as PNG")


def _short(text: str, length: int = 60) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
