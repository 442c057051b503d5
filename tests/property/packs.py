"""A guide taken all the way from its bytes to a package, and what is in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import assert_never

from studypack import identity, notes, parse, source
from studypack.diagnostics import Diagnostic
from studypack.model import (
    BasicNote,
    Block,
    Callout,
    ClozeNote,
    Definitions,
    Guide,
    Html,
    Item,
    KnownNote,
    Listing,
    Note,
    Prose,
    Quote,
    Row,
    Section,
    Table,
    Term,
)
from studypack.render import blocks_html
from studypack.source import Source
from studypack.span import Span
from studypack.writers import deck

PATH = Path("guide.md")
TODAY = "2026-11-23"
NOW = 1_790_000_000

Node = Block | Item | Row | Term
"""Whatever of a guide has a place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """Everything that a guide became; no guide, no notes and no package where the guide has errors."""

    source: Source | None
    guide: Guide | None
    notes: tuple[Note, ...]
    known: tuple[KnownNote, ...]
    package: bytes
    diagnostics: tuple[Diagnostic, ...]


def pack(data: bytes | str) -> Pack:
    """The way from a file's bytes to a package, as the pipeline goes it."""
    data = data.encode("utf-8") if isinstance(data, str) else data
    text, found = source.from_bytes(data, PATH)
    guide, more = parse.guide(text) if text else (None, ())
    made, last = notes.make(guide) if guide else ((), ())
    known = identity.decide(guide.name, made, None, NOW, TODAY).known if guide else ()
    package = (
        deck.write(known, guide=guide.name, deck=guide.deck, description=guide.description or "") if guide else b""
    )
    return Pack(source=text, guide=guide, notes=made, known=known, package=package, diagnostics=(*found, *more, *last))


# --- the parts of a guide ----------------------------------------------------------------------------------------


def siblings(guide: Guide) -> Iterator[tuple[Node, ...]]:
    """Every row of nodes that stand side by side in a guide, outer ones first."""
    for row in (guide.intro, guide.topics, *(note.blocks for note in guide.footnotes)):
        yield from _rows(row)


def _rows(row: tuple[Node, ...]) -> Iterator[tuple[Node, ...]]:
    yield row
    for node in row:
        for below in _below(node):
            yield from _rows(below)


def _below(node: Node) -> Iterator[tuple[Node, ...]]:
    match node:
        case Listing():
            yield node.items
        case Definitions():
            yield node.terms
        case Table():
            yield node.rows
        case Item(term=term):
            yield node.blocks
            if term:
                yield (term,)
        case Callout() | Quote():
            yield node.blocks
        case Section():
            yield (*node.blocks, *node.sections)
        case Term():
            yield node.meaning
        case Prose() | Row():
            pass
        case _:
            assert_never(node)


def own_text(node: Node) -> str:
    """The words of a node that its place must cover: of a section or term what names it, of the rest all."""
    match node:
        case Section():
            return node.heading.plain
        case Term():
            return node.name.plain
        case Row():
            return " ".join(cell.plain for cell in node.cells)
        case Item():
            return _words(blocks_html(node.blocks))
        case _:
            return _words(blocks_html((node,)))


def _words(html: Html) -> str:
    return unescape(re.sub(r"<[^>]*>", " ", html))


def inside(span: Span, lines: tuple[str, ...]) -> bool:
    """Whether a span lies in a file of these lines and does not run backwards."""
    return (
        1 <= span.line <= span.end_line <= len(lines)
        and 1 <= span.column <= len(lines[span.line - 1]) + 1
        and 1 <= span.end_column <= len(lines[span.end_line - 1]) + 1
        and (span.line, span.column) <= (span.end_line, span.end_column)
    )


# --- the parts of a note -----------------------------------------------------------------------------------------


def faces(note: Note) -> Iterator[Html]:
    """Every piece of HTML that must stand by itself: a card shows it whole, or hides it whole."""
    match note:
        case BasicNote():
            yield from (note.front, note.back)
        case ClozeNote():
            yield Html("".join(piece if isinstance(piece, str) else piece.html for piece in note.pieces))
            yield from (gap.html for gap in note.gaps)
        case _:
            assert_never(note)
    yield from (note.extra, note.place.breadcrumb)


class Markup(HTMLParser):
    """Reads HTML and notes what is wrong with it: a tag without its partner, or one that has no business on a card."""

    _VOID = frozenset("br hr img wbr col source".split())
    _ALLOWED = frozenset(
        "a abbr audio b bdi bdo blockquote br caption center cite code col colgroup dd del details dfn div dl dt em "
        "figcaption figure h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small source span strike "
        "strong sub summary sup table tbody td tfoot th thead time tr tt u ul var video wbr".split()
    )
    _PLAIN = frozenset(
        "class dir lang title alt width height start align scope colspan rowspan value datetime data-footnote "
        "id".split()
    )

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.faults += [f"<{tag}> is not closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag opens."""
        if tag not in self._ALLOWED:
            self.faults.append(f"<{tag}>")
        self.faults += [f"<{tag} {name}={value!r}>" for name, value in attrs if not _harmless(name, value or "")]
        if tag not in self._VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """A tag closes."""
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_comment(self, data: str) -> None:
        """A comment, which no card needs."""
        self.faults.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        """A declaration, which no card needs."""
        self.faults.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        """A processing instruction, which no card needs."""
        self.faults.append(f"<?{data}>")


def _harmless(name: str, value: str) -> bool:
    if name == "href":
        return bool(re.match(r"https?:|mailto:|#", value, re.I))
    if name == "src":
        return bool(re.fullmatch(r"[a-z0-9-]+\.[a-z0-9]+", value))
    if name == "style":
        return bool(re.fullmatch(r"text-align:(left|right|center)", value))
    return name in Markup._PLAIN
