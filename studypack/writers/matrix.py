"""The matrix: every comparison table of the guide on exactly one page, at the largest type that fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from studypack.diagnostics import Diagnostic
from studypack.model import Block, Callout, Definitions, Guide, Listing, Quote, Row, Section, Table, Term
from studypack.span import START
from studypack.writers import marks, measure
from studypack.writers.blocks import Blocks, inline_for, is_rtl_language, printed, templates
from studypack.writers.fit import (
    CAPTION_GAP,
    CAPTION_LINE,
    CAPTION_SIZE,
    GAP,
    LINE,
    PAD_X,
    PAD_Y,
    RULE,
    Arrangement,
    Flow,
    Outline,
    Point,
    outline,
    solve,
)
from studypack.writers.page import Page, Paper, Place
from studypack.writers.pdf import Layout, lay_out, write_layout
from studypack.writers.sizes import MM, Sheet, sheet
from studypack.writers.style import css, faces

SMALLEST = 6.0
"""Below this type size, in points, the matrix is hard to read and SP502 says so."""

FLOOR = 3.0
"""Nothing is printed smaller than this, in points: it would be grey, not text."""

LARGEST = 12.0
"""No larger type, in points, however few the tables."""

_MARGIN = 8 * MM
_TOP = 16 + 3 * MM + 1  # pt: title, its padding and margin, its rule, as in matrix.css
_TITLE, _LEGEND = 13.0, 90.0  # pt: the title's type at most, and the room kept for the legend
_INKS = 6
_TRIES = 8
_STEP = 0.985  # the next size when a layout came out larger than measured
_SPLIT_BELOW = 7.5  # pt; tables are only cut into parts when they would be smaller whole
_PARTS = (60, 40, 28, 20, 14)
_WORTH = 1.06  # cutting tables must gain this much


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A table of the matrix, or some rows of one. `topic` and `heading` say where it stands; `ink` is its colour."""

    table: Table
    topic: str
    heading: str
    ink: int
    rows: tuple[Row, ...]
    part: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Printed:
    """A comparison as HTML. Widths in points."""

    id: str
    label: str
    caption: Markup
    colour: str
    head: Markup
    rows: Markup
    width: float
    columns: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shelf:
    """Columns that stand side by side, each with tables one above the other."""

    widths: tuple[float, ...]
    columns: tuple[tuple[_Printed, ...], ...]


def write(guide: Guide) -> Paper | None:
    """The one-page PDF, or None when the guide has no comparison table.

    When the tables do not fit even at FLOOR, the paper has no data and no pages, and SP504 says so.
    Raises StudypackError when the system libraries are missing.
    """
    found = tuple(comparisons(guide))
    if not found:
        return None
    press = _Press(guide)
    solution = press.solve(found)
    for _ in range(_TRIES):
        if solution is None:
            break
        layout = press.lay_out(*solution)
        if layout.pages == 1 and not layout.lost:
            paper = write_layout(layout)
            said = (*paper.diagnostics, *_too_small(guide, solution[1].size))
            return replace(paper, diagnostics=said, formulas=press.undrawn)
        solution = press.smaller(*solution)
    return _impossible(guide, found)


def comparisons(guide: Guide) -> Iterator[Comparison]:
    """The tables of the matrix in reading order, wherever they stand."""
    yield from _under(guide.intro, guide.title.plain or guide.name, guide.title.plain or guide.name, 0)
    for number, topic in enumerate(printed(guide.topics)):
        yield from _in_section(topic, topic.heading.plain, number % _INKS)


def belongs(table: Table) -> bool:
    """Whether a table belongs into the matrix: `.matrix` and `.no-matrix` overrule its shape."""
    if "no-matrix" in table.classes or "no-print" in table.classes or not table.rows:
        return False
    return "matrix" in table.classes or table.compares


def _in_section(section: Section, topic: str, ink: int) -> Iterator[Comparison]:
    yield from _under(section.blocks, topic, section.heading.plain, ink)
    for child in printed(section.sections):
        yield from _in_section(child, topic, ink)


def _under(blocks: Sequence[Block | Term], topic: str, heading: str, ink: int) -> Iterator[Comparison]:
    for block in printed(blocks):
        match block:
            case Table():
                if belongs(block):
                    yield Comparison(table=block, topic=topic, heading=heading, ink=ink, rows=block.rows)
            case Section():
                yield from _in_section(block, topic, ink)
            case Listing():
                for item in block.items:
                    yield from _under(item.blocks, topic, heading, ink)
            case Definitions():
                yield from _under(block.terms, topic, heading, ink)
            case Term():
                yield from _under(block.meaning, topic, heading, ink)
            case Callout() | Quote():
                yield from _under(block.blocks, topic, heading, ink)


# --- the press ---------------------------------------------------------------------------------------------------

_Solution = tuple[tuple[Comparison, ...], Arrangement]


class _Press:
    """Measures, places and prints the comparisons of one guide."""

    def __init__(self, guide: Guide) -> None:
        self._guide = guide
        self._inline = inline_for(guide)
        self._faces = faces(guide)
        self._rtl = is_rtl_language(guide.lang)
        self._rows: dict[int, list[measure.Words]] = {}
        paper = sheet(guide.paper)
        self._sheets = (paper,) if paper.oriented else (paper.turned(), paper)

    @property
    def undrawn(self) -> tuple[str, ...]:
        """The formulas that are printed as their TeX."""
        return tuple(self._inline.undrawn)

    def solve(self, found: tuple[Comparison, ...]) -> _Solution | None:
        """The best arrangement; long tables are cut into parts when that makes the type clearly larger."""
        best = self._solved(found, FLOOR)
        for rows in _PARTS:
            if best is not None and best[1].size >= _SPLIT_BELOW:
                break
            parts = tuple(part for comparison in found for part in _cut(comparison, rows))
            if len(parts) == len(found):
                continue
            better = self._solved(parts, best[1].size * _WORTH if best else FLOOR)
            best = better or best
        return best

    def smaller(self, comparisons: tuple[Comparison, ...], arrangement: Arrangement) -> _Solution | None:
        """The next smaller arrangement of the same tables."""
        size = arrangement.size * _STEP
        found = solve(self._outlines(comparisons), self._areas(), max(size - 0.03, FLOOR), size)
        return (comparisons, found) if found else None

    def lay_out(self, comparisons: tuple[Comparison, ...], arrangement: Arrangement) -> Layout:
        """The page, laid out by WeasyPrint."""
        blocks = Blocks(inline=self._inline, rtl=self._rtl)
        title = self._guide.title.plain or self._guide.name
        blocks.places["title"] = Place(span=START, text=title)
        shelves = self._shelves(comparisons, arrangement, blocks)
        html = (
            templates()
            .get_template("matrix.html")
            .render(
                guide=self._guide,
                title=title,
                heading=self._inline(self._guide.title.html) or marks.with_icons(title),
                rtl=self._rtl,
                legend=_legend(self._guide, comparisons),
                shelves=shelves,
            )
        )
        return lay_out(
            Page(
                html=html,
                css=_css(self._guide, self._paper(arrangement), arrangement.size, self._title_size(arrangement)),
                path=self._guide.path,
                pictures=self._inline.pictures,
                places=blocks.places,
                margin=_MARGIN,
            )
        )

    def _title_size(self, arrangement: Arrangement) -> float:
        """The title's type (pt): as large as fits on one line, beside the legend."""
        width = measure.widest(measure.words(self._inline(self._guide.title.html), self._faces, bold=True))
        return min(_TITLE, (self._areas()[int(arrangement.turned)][1] - _LEGEND) / max(width, 1.0))

    def _solved(self, comparisons: tuple[Comparison, ...], least: float) -> _Solution | None:
        found = solve(self._outlines(comparisons), self._areas(), least, LARGEST)
        return (comparisons, found) if found else None

    def _paper(self, arrangement: Arrangement) -> Sheet:
        return self._sheets[int(arrangement.turned)]

    def _areas(self) -> list[tuple[bool, float, float]]:
        return [
            (bool(number), paper.width - 2 * _MARGIN, paper.height - 2 * _MARGIN - _TOP)
            for number, paper in enumerate(self._sheets)
        ]

    def _outlines(self, comparisons: Sequence[Comparison]) -> list[Outline]:
        return [
            outline(
                [self._cells(comparison.table), *(self._row(row) for row in comparison.rows)],
                measure.words(self._caption(comparison), self._faces),
            )
            for comparison in comparisons
        ]

    def _cells(self, table: Table) -> list[measure.Words]:
        return [measure.words(self._inline(cell.html), self._faces, bold=True) for cell in table.header]

    def _row(self, row: Row) -> list[measure.Words]:
        if id(row) not in self._rows:
            self._rows[id(row)] = [
                measure.words(self._inline(cell.html), self._faces, bold=number == 0)
                for number, cell in enumerate(row.cells)
            ]
        return self._rows[id(row)]

    def _caption(self, comparison: Comparison) -> Markup:
        bold = Markup("<b>{}</b>").format(marks.with_icons(comparison.heading))
        if comparison.part:
            return bold + Markup(" ({})").format(comparison.part)
        if comparison.topic and comparison.topic != comparison.heading:
            return bold + Markup(" · {}").format(marks.with_icons(comparison.topic))
        return bold

    # --- one arrangement

    def _shelves(self, comparisons: Sequence[Comparison], arrangement: Arrangement, blocks: Blocks) -> list[_Shelf]:
        outlines = self._outlines(comparisons)
        whole = self._areas()[int(arrangement.turned)][1] / arrangement.size
        if arrangement.flow is Flow.COLUMNS:
            return [self._side_by_side(comparisons, outlines, arrangement, whole, blocks)]
        return [
            self._row_of_tables(
                comparisons[group.first : group.end],
                outlines[group.first : group.end],
                group.extent,
                arrangement.size,
                whole,
                blocks,
            )
            for group in arrangement.groups
        ]

    def _side_by_side(
        self,
        comparisons: Sequence[Comparison],
        outlines: Sequence[Outline],
        arrangement: Arrangement,
        whole: float,
        blocks: Blocks,
    ) -> _Shelf:
        groups = arrangement.groups
        spare = (whole - sum(group.extent for group in groups) - GAP * (len(groups) - 1)) / len(groups)
        columns = tuple(
            tuple(
                self._print(
                    comparisons[n],
                    outlines[n].nearest(group.extent + spare),
                    group.extent + spare,
                    arrangement.size,
                    blocks,
                )
                for n in range(group.first, group.end)
            )
            for group in groups
        )
        widths = tuple((group.extent + spare) * arrangement.size for group in groups)
        return _Shelf(widths=widths, columns=columns)

    def _row_of_tables(
        self,
        comparisons: Sequence[Comparison],
        outlines: Sequence[Outline],
        height: float,
        size: float,
        whole: float,
        blocks: Blocks,
    ) -> _Shelf:
        points = [found.at_height(height) or found.points[-1] for found in outlines]
        spare = (whole - sum(point.width for point in points) - GAP * (len(points) - 1)) / len(points)
        columns = tuple(
            (self._print(comparison, found.nearest(point.width + spare), point.width + spare, size, blocks),)
            for comparison, found, point in zip(comparisons, outlines, points, strict=True)
        )
        return _Shelf(widths=tuple((point.width + spare) * size for point in points), columns=columns)

    def _print(self, comparison: Comparison, point: Point, width: float, size: float, blocks: Blocks) -> _Printed:
        """A comparison in a form of its outline, stretched to a width (em)."""
        stretch = width / point.width
        table = comparison.table
        name = f"sp:table-{len(blocks.places)}"
        blocks.places[name] = Place(span=table.span, text=comparison.heading)
        return _Printed(
            id=name,
            label=comparison.heading,
            caption=self._caption(comparison),
            colour=f"ink-{comparison.ink}",
            head=blocks.head(table),
            rows=Markup("").join(blocks.row(row, table) for row in comparison.rows),
            width=width * size,
            columns=tuple(column * stretch * size for column in point.columns),
        )


def _cut(comparison: Comparison, most: int) -> Iterator[Comparison]:
    """The table in parts of about equal length, none longer than `most` rows."""
    parts = -(-len(comparison.rows) // most)
    if parts < 2:
        yield comparison
        return
    size = -(-len(comparison.rows) // parts)
    for number in range(parts):
        rows = comparison.rows[number * size : (number + 1) * size]
        if rows:
            yield replace(comparison, rows=rows, part=number + 1)


def _legend(guide: Guide, comparisons: Sequence[Comparison]) -> list[tuple[Markup, str]]:
    """What ✅ and ❌ mean, where both are used; in English guides only, for the words are English."""
    if not guide.lang.lower().startswith("en"):
        return []
    text = " ".join(cell.plain for found in comparisons for row in found.rows for cell in row.cells)
    words = {marks.MARKS[mark][1]: marks.MARKS[mark] for mark in marks.used(text)}
    return [(marks.icon(*words[word]), word) for word in ("yes", "no") if word in words]


def _css(guide: Guide, paper: Sheet, size: float, title: float) -> str:
    sizes = f"""
@page {{ size: {paper.width:.2f}pt {paper.height:.2f}pt; margin: {_MARGIN:.2f}pt }}
html {{ font-size: {size:.3f}pt; line-height: {LINE} }}
h1 {{ font-size: {title:.2f}pt }}
.shelf {{ column-gap: {GAP}em; margin-bottom: {GAP}em }}
.shelf:last-child, .shelf > div > .table:last-child {{ margin-bottom: 0 }}
.table {{ margin-bottom: {GAP}em }}
.caption {{ font-size: {CAPTION_SIZE}em; line-height: {CAPTION_LINE} }}
.caption {{ margin-bottom: {CAPTION_GAP / CAPTION_SIZE:.3f}em }}
th, td {{ padding: {PAD_Y}em {PAD_X}em }}
thead th {{ border-top: {RULE}em solid var(--ink) }}
"""
    return css(guide, "matrix", sizes)


# --- what is to be said ------------------------------------------------------------------------------------------


def _too_small(guide: Guide, size: float) -> Iterator[Diagnostic]:
    if size < SMALLEST:
        yield Diagnostic(
            code="SP502",
            path=guide.path,
            span=START,
            message=f"the matrix needs {size:.1f} pt type to fit on one page; below {SMALLEST:g} pt it is hard to read",
            hint=f"{_larger(guide.paper)}leave a table out with {{: .no-matrix }}",
        )


def _impossible(guide: Guide, found: Sequence[Comparison]) -> Paper:
    rows = sum(len(comparison.rows) for comparison in found)
    longest = max(found, key=_letters)
    diagnostic = Diagnostic(
        code="SP502",
        path=guide.path,
        span=longest.table.span,
        message=f"even at {FLOOR:g} pt the matrix does not fit on one page: {len(found)} tables, {rows} rows",
        hint=f"{_larger(guide.paper)}leave the longest table out with {{: .no-matrix }}",
    )
    return Paper(b"", 0, (diagnostic,))


def _letters(comparison: Comparison) -> int:
    return sum(len(cell.plain) for row in comparison.rows for cell in row.cells)


def _larger(paper: str) -> str:
    return "" if paper.startswith("A3") else "set `paper: A3` in the front matter, or "
