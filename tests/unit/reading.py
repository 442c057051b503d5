"""From a piece of Markdown to what the rooms make of it, in one call."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path
from typing import TypeVar

from studypack import notes as rules
from studypack import parse
from studypack.diagnostics import Diagnostic
from studypack.model import (
    BasicNote,
    Block,
    Callout,
    ClozeNote,
    Definitions,
    Gap,
    Guide,
    Item,
    Listing,
    Note,
    Quote,
    Section,
    Table,
    Term,
)
from studypack.source import Source, from_bytes

B = TypeVar("B", bound=Block)

NOWHERE = Path("/nowhere/guide.md")
"""Where guides stand that refer to no files."""


def source_of(text: str | bytes, path: Path = NOWHERE) -> Source:
    """A guide's text as read from the file at `path`."""
    source, _ = from_bytes(text if isinstance(text, bytes) else text.encode(), path)
    assert source is not None
    return source


def guide_of(text: str | bytes, path: Path = NOWHERE) -> Guide:
    """The guide that a text is."""
    guide, found = parse.guide(source_of(text, path))
    assert guide is not None, [each.text() for each in found]
    return guide


def told(text: str | bytes, path: Path = NOWHERE) -> tuple[Diagnostic, ...]:
    """All that an author is told about a text, by each room in turn."""
    source, found = from_bytes(text if isinstance(text, bytes) else text.encode(), path)
    if source is None:
        return found
    guide, more = parse.guide(source)
    return (*found, *more, *(rules.make(guide)[1] if guide else ()))


def places(text: str | bytes, path: Path = NOWHERE) -> list[str]:
    """What an author is told, as `CODE@line:column`."""
    return [f"{each.code}@{each.span.line}:{each.span.column}" for each in told(text, path)]


def notes_of(text: str | bytes, path: Path = NOWHERE) -> tuple[Note, ...]:
    """The notes that a text makes."""
    return rules.make(guide_of(text, path))[0]


def note_of(text: str | bytes, path: Path = NOWHERE) -> Note:
    """The only note that a text makes."""
    (note,) = notes_of(text, path)
    return note


def basic_of(text: str | bytes, path: Path = NOWHERE) -> BasicNote:
    """The only note that a text makes, which has a front and a back."""
    note = note_of(text, path)
    assert isinstance(note, BasicNote)
    return note


def cloze_of(text: str | bytes, path: Path = NOWHERE) -> ClozeNote:
    """The only note that a text makes, which has gaps."""
    note = note_of(text, path)
    assert isinstance(note, ClozeNote)
    return note


def words(html: str) -> str:
    """The text of HTML, a blank for each tag of a block, white space folded."""
    parted = re.sub(r"</?(?:p|div|li|ul|ol|dl|dt|dd|t[rdh]|table|thead|tbody|h\d|blockquote|br)\b[^>]*>", " ", html)
    return " ".join(unescape(re.sub(r"<[^>]*>", "", parted)).split())


def asked(note: Note) -> str:
    """What a note asks: the heading, term or title on its front; a cloze's text, gaps in brackets."""
    if isinstance(note, BasicNote):
        return words(note.front.partition("</div>")[0])
    return words("".join(f"[{piece.html}]" if isinstance(piece, Gap) else piece for piece in note.pieces))


def answer(note: Note) -> str:
    """The text on the back of a note; of one with gaps, what they hide."""
    if isinstance(note, BasicNote):
        return words(note.back)
    return ", ".join(words(gap.html) for gap in note.gaps)


def cards(text: str | bytes, path: Path = NOWHERE) -> list[tuple[str, str, str]]:
    """Kind, question and answer of each note."""
    return [(note.kind.value, asked(note), answer(note)) for note in notes_of(text, path)]


def kinds(text: str | bytes, path: Path = NOWHERE) -> list[str]:
    """The kinds of the notes, in order."""
    return [note.kind.value for note in notes_of(text, path)]


def whole(note: Note) -> str:
    """All HTML of a note."""
    if isinstance(note, BasicNote):
        return f"{note.front} {note.back} {note.extra}"
    return f"{''.join(piece.html if isinstance(piece, Gap) else piece for piece in note.pieces)} {note.extra}"


def blocks_of(guide: Guide) -> Iterator[Block]:
    """Every block of a guide in reading order, sections included."""
    yield from _walk(guide.intro)
    yield from _walk(guide.topics)
    for note in guide.footnotes:
        yield from _walk(note.blocks)


def first(guide: Guide, kind: type[B]) -> B:
    """The first block of a kind."""
    return next(block for block in blocks_of(guide) if isinstance(block, kind))


def items_of(guide: Guide) -> list[Item]:
    """Every list item of a guide."""
    return [item for block in blocks_of(guide) if isinstance(block, Listing) for item in block.items]


def terms_of(guide: Guide) -> list[Term]:
    """Every term of a guide, of lists and definition lists."""
    listed = [item.term for item in items_of(guide) if item.term]
    return listed + [term for block in blocks_of(guide) if isinstance(block, Definitions) for term in block.terms]


def tables_of(guide: Guide) -> list[Table]:
    """Every table of a guide."""
    return [block for block in blocks_of(guide) if isinstance(block, Table)]


def _walk(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        match block:
            case Section():
                yield from _walk((*block.blocks, *block.sections))
            case Listing():
                for item in block.items:
                    yield from _walk(item.blocks)
            case Definitions():
                for term in block.terms:
                    yield from _walk(term.meaning)
            case Callout() | Quote():
                yield from _walk(block.blocks)
            case _:
                pass
