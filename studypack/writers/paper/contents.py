"""What is in a guide's blocks, as far as paper must know: what is printed, how much it is, which way it runs."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TypeVar

from studypack.model import Block, Callout, Definitions, Guide, Listing, Prose, Quote, Section, Table, Term
from studypack.questions import asks_questions, is_question

_RTL_LANGUAGES = frozenset(("ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"))
_WIDE = re.compile(r"<(?:pre|img|table)\b|class=\"math display|<div class=\"math")
_Classed = TypeVar("_Classed", bound=Block | Term)
_CLEAR = 2 / 3
TOGETHER = 500
"""A box or an answer of fewer letters than this, seven lines of a column, is not broken between columns."""

_CUE, _REPLY, _WHOLE = 19, 44, 66  # letters on a line: of a question beside its answer, of that answer, of a column


def printed(things: Iterable[_Classed]) -> Iterator[_Classed]:
    """Without what the author keeps off paper."""
    return (thing for thing in things if "no-print" not in thing.classes)


def fits_beside(topic: Section) -> bool:
    """Whether the answers of a topic can stand beside their questions without taking much more room than below them.

    All of a topic are set in one way. What is wide by nature (a table, code, a picture, a formula on a line of its
    own) needs the whole column, and so does a question among blocks, which has a place of its own.
    """
    asked = tuple(_asked(topic, among_questions=False))
    inside = [thing for section in asked for thing in walk((*section.blocks, *section.sections))]
    if any(isinstance(thing, Section) or _is_wide(thing) for thing in inside):
        return False
    among_blocks = walk(topic.blocks)
    if any(isinstance(thing, Section) and is_question(thing, False, topmost=False) for thing in among_blocks):
        return False
    sizes = [(len(section.heading.plain), letters(section) - len(section.heading.plain)) for section in asked]
    beside = sum(max(-(-cue // _CUE), -(-reply // _REPLY)) for cue, reply in sizes)
    below = sum(-(-cue // _WHOLE) - (-reply // _WHOLE) for cue, reply in sizes)
    return beside <= 1.25 * below


def _asked(section: Section, *, among_questions: bool) -> Iterator[Section]:
    """The questions of a section that are headings, wherever they stand below it."""
    questions = asks_questions(section, among_questions)
    for child in printed(section.sections):
        if is_question(child, questions, topmost=False):
            yield child
        else:
            yield from _asked(child, among_questions=questions)


def _is_wide(thing: Block | Term) -> bool:
    return isinstance(thing, Table) or (isinstance(thing, Prose) and bool(_WIDE.search(thing.html)))


def is_short(thing: Block | Term) -> bool:
    """Whether a thing is so low that the gap which it leaves where it is not broken does not look like one."""
    inside = list(walk((thing,)))
    return letters(thing) < TOGETHER and not any(map(_is_wide, inside))


def letters(thing: Block | Term) -> int:
    """How much text is in a block, code included, in letters."""
    return sum(len(text) for each in walk((thing,)) for text in _texts(each))


def is_rtl(text: str, default: bool = False) -> bool:
    """Whether a text runs from right to left: against `default` only if more than two letters in three say so.

    Unicode's own rule, the first letter, would turn round a Hebrew sentence that starts with “TCP”.
    """
    counts = Counter(unicodedata.bidirectional(character) for character in text)
    left, right = counts["L"], counts["R"] + counts["AL"]
    return default if max(left, right) <= _CLEAR * (left + right) else right > left


def is_rtl_language(lang: str) -> bool:
    """Whether a BCP 47 tag names a language written from right to left."""
    return lang.lower().partition("-")[0] in _RTL_LANGUAGES


def plain(blocks: Iterable[Block]) -> str:
    """The text of blocks and of all that stands in them, but for code."""
    return " ".join(text for thing in walk(blocks) if not _is_code(thing) for text in _texts(thing))


def sections(guide: Guide) -> Iterator[Section]:
    """Every printed section of a guide, topics included, wherever it stands."""
    for thing in walk((*guide.intro, *guide.topics)):
        if isinstance(thing, Section):
            yield thing


def walk(things: Iterable[Block | Section | Term]) -> Iterator[Block | Section | Term]:
    """Things and all that stands in them, in reading order, but for what is kept off paper."""
    for thing in printed(things):
        yield thing
        match thing:
            case Section():
                yield from walk((*thing.blocks, *thing.sections))
            case Listing():
                yield from walk(block for item in thing.items for block in item.blocks)
            case Definitions():
                yield from walk(thing.terms)
            case Term():
                yield from walk(thing.meaning)
            case Callout() | Quote():
                yield from walk(thing.blocks)


def _is_code(thing: Block | Section | Term) -> bool:
    return isinstance(thing, Prose) and ("<pre" in thing.html or 'class="diagram"' in thing.html)


def _texts(thing: Block | Section | Term) -> Iterator[str]:
    match thing:
        case Prose():
            yield thing.plain
        case Table():
            yield from (cell.plain for cells in (thing.header, *(row.cells for row in thing.rows)) for cell in cells)
        case Term():
            yield thing.name.plain
        case Callout():
            yield thing.title.plain
        case Section():
            yield thing.heading.plain


def all_html(guide: Guide) -> Iterator[str]:
    """The HTML of every printed block and cell."""
    notes = (block for note in guide.footnotes for block in note.blocks)
    for thing in walk((*guide.intro, *guide.topics, *notes)):
        match thing:
            case Prose():
                yield thing.html
            case Table():
                yield from (cell.html for row in thing.rows for cell in row.cells)
