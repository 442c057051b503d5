"""The cheat sheet: the whole guide, condensed, in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from markupsafe import Markup

from studypack.model import Guide, Table
from studypack.span import START
from studypack.writers.blocks import Blocks, Piece, inline_for, is_rtl_language, printed, templates
from studypack.writers.fit import Outline, outline
from studypack.writers.inline import Inline
from studypack.writers.marks import with_icons
from studypack.writers.measure import words
from studypack.writers.page import Page, Paper, Place
from studypack.writers.pdf import render
from studypack.writers.sizes import MM, Sheet, sheet
from studypack.writers.style import Faces, css, faces

INKS = 6
"""Topics take turns with so many colours: `.ink-0` … in base.css."""

MARGIN = 10 * MM
"""Left and right margin, as in sheet.css."""

_GAP = 7 * MM  # between columns, as in sheet.css
_NARROWEST = 78 * MM  # a column of less holds under 50 characters of 8 pt and tears tables apart
_TABLE_TYPE = 7.2  # pt, as in sheet.css
# The columns of the last page are made equally high, unless that takes minutes: WeasyPrint 70 lays the page out again
# for every line of a cell that does not break, and for every level of lists in lists.
_LONG_CELL = 120
_DEEP = 10
_CLOSEST = 8 * MM  # nothing may stand nearer to the paper's edge


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Consecutive pieces of one colour."""

    colour: str
    wide: bool
    html: Markup


def write(guide: Guide) -> Paper:
    """The PDF of the whole guide, but for what is marked `.no-print`.

    Raises StudypackError when the system libraries are missing.
    """
    paper = sheet(guide.paper)
    inline = inline_for(guide)
    tables = _Tables(inline, paper, faces(guide))
    rtl = is_rtl_language(guide.lang)
    blocks = Blocks(inline=inline, columns=tables.columns, is_wide=tables.is_wide, rtl=rtl)
    title = guide.title.plain or guide.name
    blocks.places["title"] = Place(span=START, text=" ".join((title, guide.subtitle or "", guide.description or "")))
    html = (
        templates()
        .get_template("sheet.html")
        .render(
            guide=guide,
            title=title,
            heading=inline(guide.title.html) or with_icons(title),
            rtl=rtl,
            runs=list(_runs(guide, blocks)),
            footnotes=Markup("").join(map(blocks.footnote, guide.footnotes)),
            columns=count_columns(paper),
            with_icons=with_icons,
        )
    )
    page = Page(
        html=html,
        css=_css(guide, paper, balanced=tables.most_words < _LONG_CELL and blocks.deepest < _DEEP),
        path=guide.path,
        pictures=inline.pictures,
        places=blocks.places,
        margin=_CLOSEST,
    )
    return replace(render(page), formulas=tuple(inline.undrawn))


def count_columns(paper: Sheet) -> int:
    """As many columns as the paper holds without tearing tables apart: two on A4, three on A4 landscape."""
    return max(1, int((paper.width - 2 * MARGIN + _GAP) / (_NARROWEST + _GAP)))


def _runs(guide: Guide, blocks: Blocks) -> Iterator[Run]:
    yield from _joined(blocks.flow(guide.intro), "ink-0")
    for number, topic in enumerate(printed(guide.topics)):
        yield from _joined(blocks.topic(topic), f"ink-{number % INKS}")


def _joined(pieces: Iterator[Piece], colour: str) -> Iterator[Run]:
    for wide, group in groupby(pieces, key=lambda piece: piece.wide):
        yield Run(colour=colour, wide=wide, html=Markup("").join(piece.html for piece in group))


def _css(guide: Guide, paper: Sheet, balanced: bool) -> str:
    own = f"@page {{ size: {paper.width:.2f}pt {paper.height:.2f}pt }} body {{ columns: {count_columns(paper)} }}"
    if not balanced:
        own += " body { column-fill: auto }"
    return css(guide, "sheet", own)


class _Tables:
    """Measures each table once: the widths of its columns, and whether it needs the whole width of the page.

    `most_words` is the length of the longest line of a cell so far.
    """

    def __init__(self, inline: Inline, paper: Sheet, faces: Faces) -> None:
        columns = count_columns(paper)
        whole = paper.width - 2 * MARGIN
        self._inline = inline
        self._faces = faces
        self._full = whole / _TABLE_TYPE
        self._column = (whole - (columns - 1) * _GAP) / columns / _TABLE_TYPE
        self._known: dict[str, Outline] = {}
        self.most_words = 0

    def columns(self, table: Table) -> Sequence[float]:
        """The share of the width for each column, in percent."""
        point = self._outline(table).nearest(self._full if self.is_wide(table) else self._column)
        return [100 * column / sum(point.columns) for column in point.columns]

    def is_wide(self, table: Table) -> bool:
        """Whether a column of the page would break its words, or make it much higher than it need be."""
        found = self._outline(table)
        narrow = found.at_width(self._column)
        return narrow is None or (len(table.header) >= 5 and narrow.height > 2.4 * found.nearest(self._full).height)

    def _outline(self, table: Table) -> Outline:
        if table.id not in self._known:
            head = [words(self._inline(cell.html), self._faces, bold=True) for cell in table.header]
            rows = [
                [words(self._inline(cell.html), self._faces, bold=number == 0) for number, cell in enumerate(row.cells)]
                for row in table.rows
            ]
            self._known[table.id] = outline([head, *rows])
            longest = max((len(line) for row in rows for cell in row for line in cell), default=0)
            self.most_words = max(self.most_words, longest)
        return self._known[table.id]
