"""A guide's blocks as HTML for paper. Knows every kind of block, and where in the guide each came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from itertools import groupby
from typing import assert_never

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from studypack.model import (
    Block,
    Callout,
    Definitions,
    Footnote,
    Guide,
    Item,
    Listing,
    Prose,
    Quote,
    Row,
    Section,
    Table,
    Term,
    Text,
)
from studypack.questions import asks_questions, is_question
from studypack.span import Span
from studypack.writers.paper.bidi import kept_together
from studypack.writers.paper.contents import all_html, fits_beside, is_rtl, is_short, plain, printed, sections
from studypack.writers.paper.inline import Inline
from studypack.writers.paper.page import OURS, THEME, Place
from studypack.writers.paper.verdicts import judge, show

_TASK = re.compile(r"\s*(?:<p>\s*)?(?:<input\b|[☐☑])")
_ID = re.compile(r"""\bid=["']([^"']+)["']""")


DEEPEST = 7
"""Blocks nested deeper than this are no longer indented."""


class Reach(StrEnum):
    """How far a piece of the flow reaches: one column, all columns, or a page of its own that lies the other way."""

    COLUMN = "column"
    WIDE = "wide"
    TURNED = "turned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a table is set.

    `shares` are the parts of its width that its columns take, in percent; `scale` is its type against the usual one.
    A `tall` table has a row that would fill most of a column of the page, so its rows may be broken.
    """

    shares: Sequence[float]
    tall: bool = False
    reach: Reach = Reach.COLUMN
    scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of the flow. A `heading` goes where that goes which it stands above."""

    html: Markup
    heading: bool = False
    reach: Reach = Reach.COLUMN


@dataclass(slots=True, kw_only=True)
class Blocks:
    """Makes HTML of blocks. `places` collects the id of each in reading order, to be found again on the paper.

    `shape` says how a table is set that may reach so far at most. `rtl` says that what is around runs from right to
    left. `deepest` is how deep blocks were nested so far.
    """

    inline: Inline
    shape: Callable[[Table, Reach], Shape] = lambda table, _: Shape(
        shares=[100 / len(table.header) for _ in table.header]
    )
    rtl: bool = False
    places: dict[str, Place] = field(default_factory=dict)
    deepest: int = 0
    _depth: int = 0
    _beside: bool = False
    _most: Reach = Reach.TURNED

    # --- the flow of a topic

    def topic(self, topic: Section) -> Iterator[Piece]:
        """A topic with all its sections, in reading order, as pieces that stand directly in the page's columns."""
        self._beside = fits_beside(topic)
        yield Piece(html=self._heading(topic, 2, question=False), heading=True)
        yield from self._inside(topic, 2, among_questions=False)

    def flow(self, blocks: Iterable[Block]) -> Iterator[Piece]:
        """Blocks as pieces; a table too wide for a column goes across, or on a page of its own."""
        for block in printed(blocks):
            reach = self.shape(block, self._most).reach if isinstance(block, Table) else Reach.COLUMN
            yield Piece(html=self.block(block), reach=reach)

    def _inside(self, section: Section, depth: int, *, among_questions: bool) -> Iterator[Piece]:
        yield from self.flow(section.blocks)
        questions = asks_questions(section, among_questions)
        asked = groupby(printed(section.sections), key=lambda child: is_question(child, questions, topmost=False))
        for are_questions, children in asked:
            if are_questions:
                yield from self._questions(tuple(children), depth + 1)
                continue
            for child in children:
                yield Piece(html=self._heading(child, depth + 1, question=False), heading=True)
                yield from self._inside(child, depth + 1, among_questions=questions)

    def _questions(self, asked: Sequence[Section], depth: int) -> Iterator[Piece]:
        """Questions in a row, set in the topic's way: beside their answers, or above them."""
        for number, section in enumerate(asked, start=1):
            ends = self._beside and number == len(asked)
            classes = ["beside"] * self._beside + ["ends"] * ends + ["together"] * is_short(section)
            direction = self._dir(section.heading.plain)
            with self._facing(direction):
                heading = self._heading(section, depth, question=True)
                with self._within(Reach.WIDE):
                    inside = tuple(self._inside(section, depth, among_questions=False))
                # A question goes across the page with a table of its answer.
                reach = Reach.WIDE if any(piece.reach is Reach.WIDE for piece in inside) else Reach.COLUMN
                answer = Markup("").join(piece.html for piece in inside)
                yield Piece(html=_macro("question", direction, heading, answer, " ".join(classes)), reach=reach)

    def _heading(self, section: Section, depth: int, question: bool) -> Markup:
        id = self._at(section.span, section.heading.plain, section.anchor)
        level = section.level if depth == 2 else None
        tag, heading = f"h{min(depth, 6)}", section.heading
        words = self._line(heading.html, heading.plain)
        return _macro("heading", tag, id, self._dir(heading.plain), words, section, level, question)

    # --- one block

    def all(self, blocks: Iterable[Block]) -> Markup:
        """Blocks one after the other, in one column."""
        self._depth += 1
        self.deepest = max(self.deepest, self._depth)
        with self._within(Reach.COLUMN):
            html = Markup("").join([self.block(block) for block in printed(blocks)])
        self._depth -= 1
        return html

    def block(self, block: Block) -> Markup:
        """One block, with its id on it."""
        match block:
            case Prose():
                return self._prose(block)
            case Listing():
                return self._listing(block)
            case Definitions():
                return Markup("").join(self._term(term) for term in printed(block.terms))
            case Table():
                return self._table(block)
            case Callout():
                return self._callout(block)
            case Quote():
                direction = self._dir(plain(block.blocks))
                with self._facing(direction):
                    return _macro("quote", self._at(block.span, ""), direction, self.all(block.blocks), self._flat)
            case Section():
                return self._inset(block)
            case _:
                assert_never(block)

    def footnote(self, note: Footnote) -> Markup:
        """A footnote with its number, where links to it lead."""
        text = note.blocks[0].plain if note.blocks and isinstance(note.blocks[0], Prose) else ""
        id = self._at(note.span, text, f"{OURS}note-{note.number}")
        direction = self._dir(text)
        with self._facing(direction):
            return _macro("footnote", id, direction, note.number, *self._run_in(note.blocks))

    def row(self, row: Row, table: Table) -> Markup:
        """A row of a table; its first cell names the row."""
        id = self._at(row.span, " | ".join(cell.plain for cell in row.cells))
        stub, *others = row.cells
        judged = [("", self._line(stub.html, stub.plain)), *map(self.answer, others)] if others else [self.answer(stub)]
        cells, verdicts = [html for _, html in judged], [kind for kind, _ in judged]
        directions = [self._dir(cell.plain) for cell in row.cells]
        return _macro("row", id, cells, directions, _sides(table), verdicts)

    def answer(self, cell: Text) -> tuple[str, Markup]:
        """A cell of a table that names no row: its verdict, `yes`, `no` or `partly`, if it gives one, and its HTML."""
        judged = judge(cell.plain, self.inline.lang)
        if judged is None:
            return "", self._line(cell.html, cell.plain)
        return judged.verdict, self._line(show(cell.html, judged), cell.plain)

    def head(self, table: Table) -> Markup:
        """The head of a table; nothing when all its cells are empty."""
        if not any(cell.plain.strip() or "<img" in cell.html for cell in table.header):
            return Markup("")
        id = self._at(table.span, " | ".join(cell.plain for cell in table.header))
        return _macro("head", id, *self._cells(table.header), _sides(table))

    def _cells(self, cells: Sequence[Text]) -> tuple[list[Markup], list[str]]:
        """Cells as HTML, and the direction of each that runs the other way."""
        return [self._line(cell.html, cell.plain) for cell in cells], [self._dir(cell.plain) for cell in cells]

    def _prose(self, prose: Prose) -> Markup:
        id = self._at(prose.span, prose.plain + _sources(prose.html))
        direction = self._dir(prose.plain)
        if prose.tight:
            return _macro("paragraph", id, direction, self._line(prose.html, prose.plain))
        return self._line(prose.html, prose.plain, id=id, direction=direction)

    def _listing(self, listing: Listing) -> Markup:
        # All markers stand on one side, so the list has a direction as a whole; each item's text has its own in it.
        direction = self._dir(plain([listing]))
        with self._facing(direction):
            items = Markup("").join(self._item(item) for item in listing.items)
            return _macro("listing", listing, direction, items, self._flat)

    def _item(self, item: Item) -> Markup:
        text = next((block.plain for block in item.blocks if isinstance(block, Prose)), "")
        lead, rest = Markup(""), item.blocks
        if rest and isinstance(rest[0], Prose) and rest[0].tight:
            lead, rest = self._line(rest[0].html, rest[0].plain), rest[1:]
        task = bool(item.blocks) and isinstance(item.blocks[0], Prose) and bool(_TASK.match(item.blocks[0].html))
        id, direction = self._at(item.span, text), self._dir(text)
        with self._facing(direction):
            return _macro("item", id, direction, task, lead, self.all(rest))

    def _term(self, term: Term) -> Markup:
        id = self._at(term.span, term.name.plain)
        direction = self._dir(f"{term.name.plain} {plain(term.meaning[:1])}")
        with self._facing(direction):
            return _macro("term", id, direction, self._text(term.name), *self._run_in(term.meaning))

    def _callout(self, callout: Callout) -> Markup:
        id, short = self._at(callout.span, callout.title.plain), is_short(callout)
        direction = self._dir(f"{callout.title.plain} {plain(callout.blocks)}")
        with self._facing(direction):
            title, body = self._text(callout.title), self.all(callout.blocks)
            return _macro("callout", id, direction, callout.kind, title, body, self._flat, short)

    def _run_in(self, blocks: Sequence[Block]) -> tuple[Markup, Markup]:
        """The first paragraph without its element, to follow what stands before it on the line; and the rest."""
        shown = list(printed(blocks))
        if shown and isinstance(shown[0], Prose) and (bare := _bare(shown[0])) is not None:
            return kept_together(self.inline(bare), self.rtl), self.all(shown[1:])
        return Markup(""), self.all(shown)

    def _table(self, table: Table) -> Markup:
        direction, shape = self._dir(plain([table])), self.shape(table, self._most)
        classes = " ".join(["contents"] * table.contents + ["tall"] * shape.tall)
        with self._facing(direction):
            head = self.head(table)
            rows = Markup("").join(self.row(row, table) for row in table.rows)
        return _macro("table", direction, head, rows, shape.shares, classes, shape.scale)

    def _inset(self, section: Section) -> Markup:
        """A heading among blocks (in a list item, a <details>): bold, not part of the outline."""
        id = self._at(section.span, section.heading.plain, section.anchor)
        direction = self._dir(section.heading.plain)
        with self._facing(direction):
            body = self.all(section.blocks)
            body += Markup("").join(self._inset(child) for child in printed(section.sections))
        asked = is_question(section, False, topmost=False)
        return _macro("inset", id, direction, self._text(section.heading), body, asked, self._flat)

    @property
    def _flat(self) -> bool:
        """Whether blocks are nested so deep that a further indent would leave no room for words."""
        return self._depth >= DEEPEST

    def _text(self, text: Text) -> Markup:
        """A text that stands in a line with what is around it."""
        return kept_together(self.inline(text.html), self.rtl)

    def _line(self, html: str, text: str, *, id: str = "", direction: str = "") -> Markup:
        """HTML that has a line, and so a direction, of its own; `text` is the same without markup."""
        return kept_together(self.inline(html, id=id, direction=direction), is_rtl(text, self.rtl))

    def _at(self, span: Span, text: str, id: str = "") -> str:
        id = id or f"{OURS}{len(self.places)}"
        self.places[id] = Place(span=span, text=text)
        return id

    def _dir(self, text: str) -> str:
        """The direction of a text that runs against what is around it; else an empty string."""
        rtl = is_rtl(text, self.rtl)
        return "" if rtl == self.rtl else "rtl" if rtl else "ltr"

    @contextmanager
    def _within(self, most: Reach) -> Iterator[None]:
        """Tables that are made meanwhile stand inside something that reaches no further."""
        around = self._most
        self._most = most
        try:
            yield
        finally:
            self._most = around

    @contextmanager
    def _facing(self, direction: str) -> Iterator[None]:
        """What is made meanwhile stands inside an element of that direction, if one is given."""
        around = self.rtl
        if direction:
            self.rtl = direction == "rtl"
        try:
            yield
        finally:
            self.rtl = around


# --- a guide's own way -------------------------------------------------------------------------------------------


def inline_for(guide: Guide) -> Inline:
    """The guide's own way to turn its HTML into HTML for paper."""
    anchors = {section.anchor for section in sections(guide)}
    authors = {id for html in all_html(guide) for id in _ID.findall(html)}
    return Inline(
        media={media.name: media for media in guide.media},
        anchors=frozenset(anchors | authors),
        footnotes={note.name: note.number for note in guide.footnotes},
        lang=guide.lang,
    )


def _bare(prose: Prose) -> str | None:
    """A paragraph's inside, if the block is one paragraph."""
    if prose.tight:
        return prose.html
    found = re.fullmatch(r"\s*<p>(.*)</p>\s*", prose.html, re.DOTALL)
    return found[1] if found and "<p" not in found[1] else None


def _sources(html: str) -> str:
    """The pictures that a block shows, so that one that cannot be drawn is found again."""
    return "".join(f" {name}" for name in re.findall(r"""<img\b[^>]*\bsrc=["']([^"']+)""", html))


def _sides(table: Table) -> list[str]:
    return [side if side in ("center", "right") else "" for side in table.align]


@cache
def templates() -> Environment:
    """The theme's templates. What is not Markup is escaped, what is not given is an error."""
    made = Environment(
        loader=FileSystemLoader(THEME), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters["running"] = running
    return made


def running(title: str, most: int = 52) -> str:
    """A title cut short enough to stand beside another in a running head, even of A5; a wide letter counts twice."""
    width = 0
    for at, letter in enumerate(title):
        width += 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if width > most:
            words = title[:at].rpartition(" ")[0]
            return (words if len(words) > at / 2 else title[: at - 1]).rstrip(" ,;:–—-") + "…"
    return title


def _macro(name: str, *values: object) -> Markup:
    """A macro of blocks.html with its values put in."""
    html: Markup = getattr(templates().get_template("blocks.html").module, name)(*values)
    return html
