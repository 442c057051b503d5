"""The cheat sheet: the whole guide, condensed, in reading order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from markupsafe import Markup

from studypack.model import Guide, Table, Text
from studypack.span import START
from studypack.writers.paper import fitting
from studypack.writers.paper.blocks import Blocks, Piece, Reach, Shape, inline_for, templates
from studypack.writers.paper.contents import is_rtl_language, printed
from studypack.writers.paper.fit import Outline, outline
from studypack.writers.paper.grid import FOOT, HEAD, USUAL, Grid, grid
from studypack.writers.paper.inline import Inline
from studypack.writers.paper.marks import with_icons
from studypack.writers.paper.measure import words
from studypack.writers.paper.page import Page, Paper, Place
from studypack.writers.paper.pdf import Layout, LayoutError, lay_out, write_layout
from studypack.writers.paper.sizes import MM
from studypack.writers.paper.style import Faces, css, faces

INKS = 6
"""Topics take turns with so many colours: `.ink-0` … in base.css."""

TABLE_TYPE = 0.9
"""The type of tables against that of text, as in sheet.css."""

# The columns of the last page are made equally high, unless that takes minutes: WeasyPrint 70 lays the page out again
# for every line of a cell that does not break, and for every level of lists in lists.
_LONG_CELL = 120
_DEEP = 10
_TALL = 30  # lines; half a column of A4
_ROOMY = 18  # em; code is broken anywhere, not only at blanks, in a column that is narrower
_PLAIN = """
.together, tr { break-inside: auto }
.beside, .beside > .asked, .beside > .answer { display: block; width: auto }
h2, h3, h4, h5, h6, thead, tbody tr { break-after: auto; break-before: auto }
pre { overflow-wrap: anywhere }
p { break-before: auto !important }
"""
# How far a table may be shrunk: to three quarters before it is turned, to three fifths when it is; then words break.
_SHRUNK, _SHRUNK_TURNED = 0.75, 0.6
_AROUND = 1.5  # em: what an answer, a box or a list item takes of the width of a table in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Consecutive pieces of one colour; the `last` one of a topic."""

    colour: str
    reach: Reach
    html: Markup
    last: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Runs that stand together: in the columns of a `flow`, `wide` across them, or `turned` on pages of their own."""

    place: str
    runs: tuple[Run, ...]


def write(guide: Guide) -> Paper:
    """The PDF of the whole guide, but for what is marked `.no-print`.

    At 8 pt, or at the largest size at which it fits on the guide's `sheets`.
    Raises StudypackError when the system libraries are missing.
    """
    if guide.sheets is None:
        return write_layout(laid_out(guide, USUAL), size=USUAL)
    return fitting.write(guide, guide.sheets, lambda size: laid_out(guide, size))


def laid_out(guide: Guide, size: float) -> Layout:
    """The pages, with text of `size` points; in the plainest way there is where WeasyPrint loses something."""
    try:
        layout = lay_out(page(guide, size))
    except LayoutError:
        return lay_out(page(guide, size, plain=True))
    if not layout.lost:
        return layout
    plain = lay_out(page(guide, size, plain=True))
    return plain if len(plain.lost) < len(layout.lost) else layout


def page(guide: Guide, size: float, *, plain: bool = False) -> Page:
    """All that the PDF is made of, with text of `size` points.

    A `plain` page asks as little of WeasyPrint as can be: one column, broken anywhere.
    """
    divided = grid(replace(guide, columns=1) if plain else guide)
    inline = inline_for(guide)
    tables = _Tables(inline, divided, size, faces(guide))
    rtl = is_rtl_language(guide.lang)
    blocks = Blocks(inline=inline, shape=tables.shape, rtl=rtl)
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
            stretches=list(_stretches(_runs(guide, blocks))) or [Stretch(place="flow", runs=())],
            footnotes=Markup("").join(map(blocks.footnote, guide.footnotes)),
            with_icons=with_icons,
        )
    )
    balanced = tables.most_words < _LONG_CELL and blocks.deepest < _DEEP and not plain
    return Page(
        html=html,
        css=css(guide, "sheet", _sizes(divided, size, balanced) + (_PLAIN if plain else "")),
        path=guide.path,
        pictures=inline.pictures,
        places=blocks.places,
        formulas=tuple(inline.undrawn),
        margin=min(divided.margins),
    )


def _runs(guide: Guide, blocks: Blocks) -> Iterator[Run]:
    yield from _joined(blocks.flow(guide.intro), "ink-0")
    for number, topic in enumerate(printed(guide.topics)):
        yield from _joined(blocks.topic(topic), f"ink-{number % INKS}")


def _joined(pieces: Iterator[Piece], colour: str) -> Iterator[Run]:
    """Runs of pieces that reach equally far; the last one ends the topic."""
    runs = [
        Run(colour=colour, reach=reach, html=Markup("").join(piece.html for piece, _ in group))
        for reach, group in groupby(_with_headings(tuple(pieces)), key=lambda pair: pair[1])
    ]
    yield from runs[:-1]
    yield from (replace(run, last=True) for run in runs[-1:])


def _with_headings(pieces: Sequence[Piece]) -> list[tuple[Piece, Reach]]:
    """Each piece and how far it reaches: a heading as far as what stands below it."""
    found: list[tuple[Piece, Reach]] = []
    below = Reach.COLUMN
    for piece in reversed(pieces):
        below = below if piece.heading else piece.reach
        found.append((piece, below))
    return found[::-1]


def _stretches(runs: Iterator[Run]) -> Iterator[Stretch]:
    # What is wide parts two flows. It does not span the columns of one, for WeasyPrint 70 loses the rest of a spanning
    # table where a page ends.
    for reach, group in groupby(runs, key=lambda run: run.reach):
        yield Stretch(place="flow" if reach is Reach.COLUMN else reach.value, runs=tuple(group))


def _sizes(divided: Grid, size: float, balanced: bool) -> str:
    """The grid as CSS. The first page has no running head, and turned pages lie the other way."""
    turned = divided.turned()
    first = f"@page :first {{ margin-top: {divided.margins[0]:.2f}pt }}"
    fill = "" if balanced else " column-fill: auto;"
    narrow = "pre { overflow-wrap: anywhere }" if divided.column < _ROOMY * size else ""
    return f"""
@page {{ size: {divided.paper.width:.2f}pt {divided.paper.height:.2f}pt; {_margins(divided)} }}
@page turned {{ size: {turned.paper.width:.2f}pt {turned.paper.height:.2f}pt; {_margins(turned)} }}
{first}
html {{ font-size: {size:.3f}pt }}
.flow {{ columns: {divided.columns}; column-gap: {divided.gap:.2f}pt;{fill} }}
{narrow}
"""


def _margins(divided: Grid) -> str:
    top, right, bottom, left = divided.margins
    return f"margin: {top + HEAD * MM:.2f}pt {right:.2f}pt {bottom + FOOT * MM:.2f}pt {left:.2f}pt"


class _Tables:
    """Measures each table once, and says how it is set.

    `most_words` is the length of the longest line of a cell so far.
    """

    def __init__(self, inline: Inline, divided: Grid, size: float, faces: Faces) -> None:
        unit = size * TABLE_TYPE
        self._inline = inline
        self._faces = faces
        self._column, self._full = divided.column / unit, divided.width / unit
        self._turned = divided.turned().width / unit
        self._outlines: dict[str, Outline] = {}
        self.most_words = 0

    def shape(self, table: Table, most: Reach) -> Shape:
        """In a column, across the page, across in smaller type, or turned: the first in which no word is broken.

        A table that may not reach so far is set in smaller type where it is, and room is left for what is around it.
        """
        found = self._outline(table)
        least = found.widths[0]
        around = 0.0 if most is Reach.TURNED else _AROUND
        column, full = self._column - around, self._full - around
        if most is Reach.COLUMN:
            return _shape(table, found, column, most, _scale(column / least, _SHRUNK))
        if least <= column and not self._much_lower_across(table, found):
            return _shape(table, found, column, Reach.COLUMN)
        if full / least >= _SHRUNK or most is Reach.WIDE:
            return _shape(table, found, full, Reach.WIDE, _scale(full / least, _SHRUNK))
        return _shape(table, found, self._turned, most, _scale(self._turned / least, _SHRUNK_TURNED))

    def _much_lower_across(self, table: Table, found: Outline) -> bool:
        """Whether a table of many columns would be more than twice as high in a column of the page."""
        return len(table.header) >= 5 and found.nearest(self._column).height > 2.4 * found.nearest(self._full).height

    def _outline(self, table: Table) -> Outline:
        if table.id not in self._outlines:
            head = [words(self._inline(cell.html), self._faces, bold=True) for cell in table.header]
            rows = [
                [words(self._inline(cell.html), self._faces, bold=not number) for number, cell in enumerate(row.cells)]
                for row in table.rows
            ]
            self._outlines[table.id] = outline([head, *rows])
            longest = max((len(line) for row in rows for cell in row for line in cell), default=0)
            self.most_words = max(self.most_words, longest)
        return self._outlines[table.id]


def _scale(room: float, least: float) -> float:
    """The type of a table that has so much of the room that its words need, but no smaller than the least."""
    return max(least, min(1.0, room))


def _shape(table: Table, found: Outline, width: float, reach: Reach, scale: float = 1.0) -> Shape:
    """A table set in a width (em of the usual table type), in type of that scale."""
    columns: Sequence[float] = found.nearest(width / scale).columns
    return Shape(
        shares=[100 * column / sum(columns) for column in columns],
        reach=reach,
        scale=scale,
        tall=any(
            _lines(cell, column) > _TALL for row in table.rows for cell, column in zip(row.cells, columns, strict=True)
        ),
    )


def _lines(cell: Text, width: float) -> float:
    """About how many lines a cell takes; a letter is nearly half an em wide."""
    return len(cell.plain) * 0.46 / width + cell.html.count("<br")
