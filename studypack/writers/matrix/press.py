"""Comparisons measured, and printed where they were placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from studypack.model import Guide
from studypack.span import START
from studypack.writers.matrix.arrange import TITLE_LEAST, TITLE_MOST, TITLE_ROOM, Room, title_size
from studypack.writers.matrix.comparisons import Comparison, Group
from studypack.writers.matrix.compose import Composition, Pile
from studypack.writers.paper import marks, measure
from studypack.writers.paper.blocks import Blocks, inline_for, templates
from studypack.writers.paper.contents import is_rtl_language
from studypack.writers.paper.fit import (
    CAPTION_GAP,
    CAPTION_LINE,
    CAPTION_SIZE,
    PAD_X,
    PAD_Y,
    RULE,
    Label,
    Measured,
)
from studypack.writers.paper.page import OURS, Page, Place
from studypack.writers.paper.sizes import MM, Sheet
from studypack.writers.paper.style import css, faces
from studypack.writers.paper.verdicts import legend

MARGIN = 8.0
"""The margin on all sides, in mm, where the guide sets none."""

PICTURE = (6.0, 3.0)
"""The most room for a picture in a cell, width and height in em."""

_LEGEND, _LEGEND_LEAST, _SIGN = 0.5, 8.0, 1.1  # of the title's type; pt; em: what stands before each sign
_KEPT = 1.5  # pt: left free at the foot, for lengths are rounded
_NARROW = 9.0  # pt: a title that would need smaller type than this takes several lines
_NUMBER = 4.0  # em: room for the number of the page
_LINES = 1.2  # line height of title and legend
_BESIDE = 0.45  # a legend wider than this share of the page stands below the title


@dataclass(frozen=True, slots=True, kw_only=True)
class _Caption:
    """What stands above a table, or above a group of its columns."""

    id: str
    label: str
    text: Markup
    ink: int
    columns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Printed:
    """A comparison as HTML. Widths in points. `head` are its cells with their side and colour."""

    captions: tuple[_Caption, ...]
    id: str
    head: tuple[tuple[Markup, str, int], ...]
    rows: Markup
    columns: tuple[float, ...]


class Press:
    """Measures and prints the comparisons of one guide; `found` are all of them, for the legend."""

    def __init__(self, guide: Guide, found: Sequence[Comparison]) -> None:
        self._guide = guide
        cells = (cell.plain for comparison in found for row in comparison.table.rows for cell in row.cells[1:])
        self._legend = legend(cells, guide.lang)
        self._inline = inline_for(guide)
        self._inline.box = PICTURE
        self._faces = faces(guide)
        self._blocks = Blocks(inline=self._inline)
        self._margins = tuple(side * MM for side in guide.margins or (MARGIN,) * 4)
        self._title = measure.words(self._inline(guide.title.html), self._faces, bold=True)
        self._measured: dict[Comparison, Measured] = {}
        self._words: dict[tuple[str, bool], measure.Words] = {}

    def measured(self, comparison: Comparison) -> Measured:
        """The words of a table and of its captions."""
        if comparison not in self._measured:
            table = comparison.table
            head = tuple(self._width(self._inline(cell.html), bold=True) for cell in table.header)
            rows = (
                tuple(
                    self._width(self._blocks.answer(cell)[1] if n else self._inline(cell.html), bold=not n)
                    for n, cell in enumerate(row.cells)
                )
                for row in table.rows
            )
            self._measured[comparison] = Measured(rows=(head, *rows), labels=tuple(self._labels(comparison)))
        return self._measured[comparison]

    def rooms(self, papers: Sequence[Sheet]) -> list[Room]:
        """What each sheet of paper holds; every other one counts as turned."""
        return [self._room(paper, bool(n)) for n, paper in enumerate(papers)]

    def page(
        self, comparisons: Sequence[Comparison], pages: Sequence[Composition], paper: Sheet, ease: float = 1.0
    ) -> Page:
        """What to print, on one sheet or several, all of the same type size and room.

        `ease` is the part of the type size that is printed, in columns made for the whole of it.
        """
        first = pages[0]
        blocks = Blocks(inline=self._inline, rtl=is_rtl_language(self._guide.lang), places={})
        title = self._guide.title.plain or self._guide.name
        blocks.places["title"] = Place(span=START, text=title)
        html = (
            templates()
            .get_template("matrix.html")
            .render(
                guide=self._guide,
                title=title,
                heading=self._inline(self._guide.title.html) or marks.with_icons(title),
                rtl=blocks.rtl,
                legend=self._legend,
                beside=self._is_beside(first.room.width),
                size=first.size,
                pages=[
                    [
                        [(pile, self._pile(comparisons, pile, first.size, blocks)) for pile in shelf]
                        for shelf in page.shelves
                    ]
                    for page in pages
                ],
                gaps=[page.gap for page in pages],
            )
        )
        return Page(
            html=html,
            css=css(self._guide, "matrix", self._sizes(first, paper, ease)),
            path=self._guide.path,
            pictures=self._inline.pictures,
            places=blocks.places,
            formulas=tuple(self._inline.undrawn),
            margin=min(self._margins),
        )

    # --- measuring

    def _width(self, html: str, bold: bool = False) -> measure.Words:
        if (html, bold) not in self._words:
            self._words[html, bold] = measure.words(html, self._faces, bold)
        return self._words[html, bold]

    def _labels(self, comparison: Comparison) -> list[Label]:
        joined = len(comparison.groups) > 1
        labels, at = [], int(joined)
        for group in comparison.groups:
            end = at + group.columns if joined else len(comparison.table.header)
            words = self._width(_caption(comparison, group))
            labels.append(Label(words=words, first=at, end=end, inset=PAD_X if joined else 0.0))
            at = end
        return labels

    def _room(self, paper: Sheet, turned: bool) -> Room:
        top, right, bottom, left = self._margins
        width = paper.width - left - right
        beside = self._is_beside(width)
        lines = measure.count_lines(self._title, self._title_width(width) / _NARROW)
        extra = max(lines * _LINES * _NARROW - TITLE_LEAST, 0.0)
        if not beside:
            lines = int(self._legend_width() / width) + 1
            extra += lines * _LINES * _legend_size(TITLE_MOST)
        return Room(turned, width, paper.height - top - bottom - _KEPT, extra)

    def _title_width(self, width: float) -> float:
        """What is left of a width for the title, in points."""
        return width - (self._legend_width() if self._is_beside(width) else 0.0)

    def _title_size(self, room: Room, size: float) -> float:
        """The title's type (pt): as large as fits on one line."""
        fits = self._title_width(room.width) / max(measure.widest(self._title), 1e-3)
        return min(title_size(size), max(fits, _NARROW))

    def _legend_width(self) -> float:
        """The width of the legend at its largest, in points, with the number of the page."""
        texts = [self._width(Markup("{} {}").format(signs, word)) for signs, word in self._legend]
        return (sum(measure.widest(text) + 2 * _SIGN for text in texts) + _NUMBER) * _legend_size(TITLE_MOST)

    def _is_beside(self, width: float) -> bool:
        return self._legend_width() <= _BESIDE * width

    # --- printing

    def _pile(self, comparisons: Sequence[Comparison], pile: Pile, size: float, blocks: Blocks) -> list[_Printed]:
        return [
            self._print(comparisons[placed.table], tuple(width * size for width in placed.columns), blocks)
            for placed in pile.tables
        ]

    def _print(self, comparison: Comparison, columns: tuple[float, ...], blocks: Blocks) -> _Printed:
        table, groups = comparison.table, comparison.groups
        captions = []
        for group in groups:
            name = f"{OURS}table-{len(blocks.places)}"
            blocks.places[name] = Place(span=group.span, text=group.heading)
            captions.append(
                _Caption(
                    id=name,
                    label=group.heading,
                    text=_caption(comparison, group),
                    ink=group.ink,
                    columns=group.columns,
                )
            )
        name = f"{OURS}head-{len(blocks.places)}"
        if shown := any(cell.plain.strip() or "<img" in cell.html for cell in table.header):
            blocks.places[name] = Place(span=table.span, text=" | ".join(cell.plain for cell in table.header))
        inks = [groups[0].ink, *(group.ink for group in groups for _ in range(group.columns))]
        sides = [side if side in ("center", "right") else "" for side in table.align]
        head = zip((self._inline(cell.html) for cell in table.header), sides, inks, strict=False)
        return _Printed(
            captions=tuple(captions),
            id=name,
            head=tuple(head) if shown else (),
            rows=Markup("").join(blocks.row(row, table) for row in table.rows),
            columns=columns,
        )

    def _sizes(self, page: Composition, paper: Sheet, ease: float) -> str:
        """The sizes that were worked out, for the style sheet."""
        margins = " ".join(f"{side:.2f}pt" for side in self._margins)
        above = TITLE_ROOM * title_size(page.size) + page.room.extra
        return f"""
@page {{ size: {paper.width:.2f}pt {paper.height:.2f}pt; margin: {margins} }}
html {{ font-size: {ease * page.size:.3f}pt; line-height: {measure.LINE} }}
.top {{ height: {above:.2f}pt }}
.name {{ font-size: {self._title_size(page.room, page.size):.2f}pt; line-height: {_LINES} }}
.legend {{ font-size: {_legend_size(title_size(page.size)):.2f}pt; line-height: {_LINES} }}
.sign {{ margin-inline-start: {_SIGN}em }}
.caption, .group {{ font-size: {CAPTION_SIZE}em; line-height: {CAPTION_LINE} }}
.caption {{ margin-bottom: {CAPTION_GAP / CAPTION_SIZE:.3f}em }}
th, td {{ padding: {PAD_Y + page.pad:.3f}em {PAD_X}em }}
.groups > * {{ padding: 0 {PAD_X / CAPTION_SIZE:.3f}em {CAPTION_GAP / CAPTION_SIZE:.3f}em }}
.heads > * {{ border-top: {RULE}em solid }}
"""


def _legend_size(title: float) -> float:
    """The legend's type beside a title of that type, both in points."""
    return max(_LEGEND * title, _LEGEND_LEAST)


def _caption(comparison: Comparison, group: Group) -> Markup:
    """A heading, which part of the table it is, and the topic where it is another."""
    text = Markup("<b>{}</b>").format(marks.with_icons(group.heading))
    if comparison.part:
        text += f" {comparison.part}/{comparison.parts}"
    if group.topic and group.topic != group.heading:
        text += Markup(" · {}").format(marks.with_icons(group.topic))
    return text
