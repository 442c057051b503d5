"""A guide's blocks as HTML for paper. Knows every kind of block, and where in the guide each came from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeVar, assert_never

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
from studypack.writers.inline import Inline
from studypack.writers.page import OURS, THEME, Place
from studypack.writers.verdicts import judge, show

_RTL_LANGUAGES = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"))
_TASK = re.compile(r"\s*(?:<p>\s*)?(?:<input\b|[☐☑])")
_ID = re.compile(r"""\bid=["']([^"']+)["']""")

_Classed = TypeVar("_Classed", bound=Block | Term)

DEEPEST = 7
"""Blocks nested deeper than this are no longer indented."""

Columns = Callable[[Table], Sequence[float]]
"""The share of a table's width that each column takes, in percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of the flow. A `wide` one goes across all columns of the page."""

    html: Markup
    wide: bool = False


@dataclass(slots=True, kw_only=True)
class Blocks:
    """Makes HTML of blocks. `places` collects the id of each, to be found again on the paper.

    `deepest` is how deep blocks were nested so far.
    """

    inline: Inline
    columns: Columns
    is_wide: Callable[[Table], bool] = lambda _: False
    rtl: bool = False
    places: dict[str, Place] = field(default_factory=dict)
    deepest: int = 0
    _depth: int = 0

    # --- the flow of a topic

    def topic(self, topic: Section) -> Iterator[Piece]:
        """A topic with all its sections, in reading order, as pieces that stand directly in the page's columns."""
        yield Piece(html=self._heading(topic, 2, question=False))
        yield from self._inside(topic, 2, among_questions=False)

    def flow(self, blocks: Iterable[Block]) -> Iterator[Piece]:
        """Blocks as pieces; a table too wide for a column goes across."""
        for block in printed(blocks):
            yield Piece(html=self.block(block), wide=isinstance(block, Table) and self.is_wide(block))

    def _inside(self, section: Section, depth: int, *, among_questions: bool) -> Iterator[Piece]:
        yield from self.flow(section.blocks)
        questions = asks_questions(section, among_questions)
        for child in printed(section.sections):
            if is_question(child, questions, topmost=False):
                yield Piece(html=self._question(child, depth + 1))
            else:
                yield Piece(html=self._heading(child, depth + 1, question=False))
                yield from self._inside(child, depth + 1, among_questions=questions)

    def _question(self, section: Section, depth: int) -> Markup:
        answer = Markup("").join(piece.html for piece in self._inside(section, depth, among_questions=False))
        return _macro("question", self._heading(section, depth, question=True), answer)

    def _heading(self, section: Section, depth: int, question: bool) -> Markup:
        id = self._at(section.span, section.heading.plain, section.anchor)
        level = section.level if depth == 2 else None
        tag = f"h{min(depth, 6)}"
        return _macro(
            "heading", tag, id, self._dir(section.heading.plain), self._text(section.heading), section, level, question
        )

    # --- one block

    def all(self, blocks: Iterable[Block]) -> Markup:
        """Blocks one after the other, in one column."""
        self._depth += 1
        self.deepest = max(self.deepest, self._depth)
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
                id = self._at(block.span, block.title.plain)
                return _macro("callout", id, block.kind, self._text(block.title), self.all(block.blocks), self._flat)
            case Quote():
                return _macro("quote", self._at(block.span, ""), self.all(block.blocks), self._flat)
            case Section():
                return self._inset(block)
            case _:
                assert_never(block)

    def footnote(self, note: Footnote) -> Markup:
        """A footnote with its number, where links to it lead."""
        text = note.blocks[0].plain if note.blocks and isinstance(note.blocks[0], Prose) else ""
        id = self._at(note.span, text, f"{OURS}note-{note.number}")
        return _macro("footnote", id, note.number, *self._run_in(note.blocks))

    def row(self, row: Row, table: Table) -> Markup:
        """A row of a table; its first cell names the row."""
        id = self._at(row.span, " | ".join(cell.plain for cell in row.cells))
        stub, *others = row.cells
        judged = [("", self._text(stub)), *map(self.answer, others)] if others else [self.answer(stub)]
        return _macro("row", id, [html for _, html in judged], _sides(table), [kind for kind, _ in judged])

    def answer(self, cell: Text) -> tuple[str, Markup]:
        """A cell of a table that names no row: its verdict, `yes`, `no` or `partly`, if it gives one, and its HTML."""
        judged = judge(cell.plain, self.inline.lang)
        if judged is None:
            return "", self._text(cell)
        return judged.verdict, self.inline(show(cell.html, judged))

    def head(self, table: Table) -> Markup:
        """The head of a table; nothing when all its cells are empty."""
        if not any(cell.plain.strip() or "<img" in cell.html for cell in table.header):
            return Markup("")
        id = self._at(table.span, " | ".join(cell.plain for cell in table.header))
        return _macro("head", id, [self._text(cell) for cell in table.header], _sides(table))

    def _prose(self, prose: Prose) -> Markup:
        id = self._at(prose.span, prose.plain + _sources(prose.html))
        direction = self._dir(prose.plain)
        if prose.tight:
            return _macro("paragraph", id, direction, self.inline(prose.html))
        return self.inline(prose.html, id=id, direction=direction)

    def _listing(self, listing: Listing) -> Markup:
        items = Markup("").join(self._item(item) for item in listing.items)
        return _macro("listing", listing, items, self._flat)

    def _item(self, item: Item) -> Markup:
        text = next((block.plain for block in item.blocks if isinstance(block, Prose)), "")
        lead, rest = Markup(""), item.blocks
        if rest and isinstance(rest[0], Prose) and rest[0].tight:
            lead, rest = self.inline(rest[0].html), rest[1:]
        task = bool(item.blocks) and isinstance(item.blocks[0], Prose) and bool(_TASK.match(item.blocks[0].html))
        return _macro("item", self._at(item.span, text), self._dir(text), task, lead, self.all(rest))

    def _term(self, term: Term) -> Markup:
        id = self._at(term.span, term.name.plain)
        return _macro("term", id, self._dir(term.name.plain), self._text(term.name), *self._run_in(term.meaning))

    def _run_in(self, blocks: Sequence[Block]) -> tuple[Markup, Markup]:
        """The first paragraph without its element, to follow what stands before it on the line; and the rest."""
        shown = list(printed(blocks))
        if shown and isinstance(shown[0], Prose) and (bare := _bare(shown[0])) is not None:
            return self.inline(bare), self.all(shown[1:])
        return Markup(""), self.all(shown)

    def _table(self, table: Table) -> Markup:
        head = self.head(table)
        rows = Markup("").join(self.row(row, table) for row in table.rows)
        return _macro("table", head, rows, self.columns(table), "contents" if table.contents else "")

    def _inset(self, section: Section) -> Markup:
        """A heading among blocks (in a list item, a <details>): bold, not part of the outline."""
        id = self._at(section.span, section.heading.plain, section.anchor)
        below = Markup("").join(self._inset(child) for child in printed(section.sections))
        body = self.all(section.blocks) + below
        asked = is_question(section, False, topmost=False)
        return _macro("inset", id, self._text(section.heading), body, asked, self._flat)

    @property
    def _flat(self) -> bool:
        """Whether blocks are nested so deep that a further indent would leave no room for words."""
        return self._depth >= DEEPEST

    def _text(self, text: Text) -> Markup:
        return self.inline(text.html)

    def _at(self, span: Span, text: str, id: str = "") -> str:
        id = id or f"{OURS}{len(self.places)}"
        self.places[id] = Place(span=span, text=text)
        return id

    def _dir(self, text: str) -> str:
        rtl = is_rtl(text, self.rtl)
        return "" if rtl == self.rtl else "rtl" if rtl else "ltr"


# --- questions about the guide -----------------------------------------------------------------------------------


def printed(things: Iterable[_Classed]) -> Iterator[_Classed]:
    """Without what the author keeps off paper."""
    return (thing for thing in things if "no-print" not in thing.classes)


def is_rtl(text: str, default: bool = False) -> bool:
    """Whether a text runs from right to left, by its first letter that has a direction."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return default


def is_rtl_language(lang: str) -> bool:
    """Whether a BCP 47 tag names a language written from right to left."""
    return lang.lower().partition("-")[0] in _RTL_LANGUAGES


def inline_for(guide: Guide) -> Inline:
    """The guide's own way to turn its HTML into HTML for paper."""
    anchors = {section.anchor for section in sections(guide)}
    authors = {id for html in _all_html(guide) for id in _ID.findall(html)}
    return Inline(
        media={media.name: media for media in guide.media},
        anchors=frozenset(anchors | authors),
        footnotes={note.name: note.number for note in guide.footnotes},
        lang=guide.lang,
    )


def sections(guide: Guide) -> Iterator[Section]:
    """Every printed section of a guide, topics included, wherever it stands."""
    for thing in _walk((*guide.intro, *guide.topics)):
        if isinstance(thing, Section):
            yield thing


def _walk(things: Iterable[Block | Section | Term]) -> Iterator[Block | Section | Term]:
    for thing in printed(things):
        yield thing
        match thing:
            case Section():
                yield from _walk((*thing.blocks, *thing.sections))
            case Listing():
                yield from _walk(block for item in thing.items for block in item.blocks)
            case Definitions():
                yield from _walk(thing.terms)
            case Term():
                yield from _walk(thing.meaning)
            case Callout() | Quote():
                yield from _walk(thing.blocks)


def _all_html(guide: Guide) -> Iterator[str]:
    notes = (block for note in guide.footnotes for block in note.blocks)
    for thing in _walk((*guide.intro, *guide.topics, *notes)):
        match thing:
            case Prose():
                yield thing.html
            case Table():
                yield from (cell.html for row in thing.rows for cell in row.cells)


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
    return Environment(
        loader=FileSystemLoader(THEME), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _macro(name: str, *values: object) -> Markup:
    """A macro of blocks.html with its values put in."""
    html: Markup = getattr(templates().get_template("blocks.html").module, name)(*values)
    return html
