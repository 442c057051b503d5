"""Notes → the two sides of each card that a learner holds in the hand, as HTML for paper.

They say what Anki's cards say (`cards/*.html`): what is asked for, where in the guide, the level; on the back the
answer and the footnotes it needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from html import unescape
from typing import TypeVar, assert_never

from markupsafe import Markup

from studypack.model import (
    BasicNote,
    Block,
    Callout,
    ClozeNote,
    Definitions,
    Gap,
    Guide,
    Item,
    Kind,
    Listing,
    Note,
    Quote,
    Section,
    Term,
)
from studypack.span import Span
from studypack.writers.paper.blocks import inline_for
from studypack.writers.paper.contents import is_rtl, is_rtl_language, printed
from studypack.writers.paper.inline import Inline
from studypack.writers.paper.page import Picture

LABELS: Mapping[Kind, str] = {
    Kind.QUESTION: "Question",
    Kind.COMPARISON: "Compare",
    Kind.TERM: "Define",
    Kind.TAKEAWAY: "Recall",
    Kind.CLOZE: "Fill the gap",
    Kind.CONCEPT: "Explain",
}
"""What a card of each kind asks for, in the words of `cards/cards.css`."""

BACKWARD = "Which term?"
"""What the second card of a reversed note asks for."""

INKS = 6
"""Topics take turns with so many colours: `.ink-0` … in base.css."""

_GAP = '<span class="gap">[…]</span>'
_TAG = re.compile(r"<[^>]*>")
_LAID_OUT = re.compile(r"<(?:ul|ol|dl|table|pre|img|blockquote|details|figure|div class=\"(?:callout|highlight|math))")
_CODE = re.compile(r"<pre\b.*?</pre>", re.DOTALL)
_INDENT = 4
_LONG = 170  # letters: a text of more starts at the left, as in a book

_Any = TypeVar("_Any", bound=Block | Term)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """What one side of a card says. `text` is the same, plain, and names its pictures.

    `centred` is a short text that stands alone in the middle; `rtl` one that runs from right to left. `code` is the
    length of the longest line of code in it, in characters.
    """

    html: Markup
    text: str
    centred: bool
    rtl: bool
    code: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card: the `number`-th of its guide, question and answer.

    `ink` is the colour of its topic, as on the cheat sheet. `alike` means that both sides are the same text, one with
    a gap, and are set alike.
    """

    number: int
    kind: Kind
    label: str
    topic: str
    ink: int
    level: str
    path: Markup
    front: Side
    back: Side
    alike: bool
    span: Span


def cards(guide: Guide, notes: Sequence[Note]) -> tuple[tuple[Card, ...], Mapping[str, Picture]]:
    """The cards of the notes in the guide's order, numbered from one, and the pictures that they show."""
    inline = inline_for(guide)
    inline.linked = False  # a footnote stands on the back of its own card
    maker = _Maker(guide, inline)
    faces = [(note, *face) for note in notes for face in _faces(note)]
    made = tuple(maker.card(number, *face) for number, face in enumerate(faces, 1))
    return made, inline.pictures


def length(notes: Sequence[Note]) -> int:
    """How long all cards of the notes are together, both sides, in characters of HTML."""
    return sum(len(question) + len(answer) for note in notes for _, question, answer, _ in _faces(note))


def without_unprinted(guide: Guide) -> Guide:
    """The guide without what its author keeps off paper (`.no-print`), to make the notes of."""
    notes = tuple(replace(note, blocks=_printed(note.blocks)) for note in guide.footnotes)
    return replace(guide, intro=_printed(guide.intro), topics=_printed(guide.topics), footnotes=notes)


# --- faces -------------------------------------------------------------------------------------------------------

_Face = tuple[str, str, str, bool]
"""A card of a note: what it asks for; question and answer in the author's HTML; whether both are the same text."""


def _faces(note: Note) -> Iterator[_Face]:
    label = LABELS[note.kind]
    match note:
        case BasicNote():
            yield label, note.front, note.back + note.extra, False
            if note.reversed:
                yield BACKWARD, note.back, note.front + note.extra, False
        case ClozeNote():
            for number in range(len(note.gaps)):
                answer = _cloze(note, number, answered=True) + note.extra
                yield label, _cloze(note, number, answered=False), answer, True
        case _:
            assert_never(note)


def _cloze(note: ClozeNote, asked: int, *, answered: bool) -> str:
    """The text with one gap asked for. The other cells of a comparison are hidden with the question, as in Anki."""
    hidden = note.kind is Kind.COMPARISON and not answered
    html, count = "", -1
    for piece in note.pieces:
        if not isinstance(piece, Gap):
            html += piece
            continue
        count += 1
        if count != asked:
            html += "" if hidden else piece.html
            continue
        if note.kind is Kind.COMPARISON:  # the cell that a gap fills is the one opened last
            html = '<div class="cell asked'.join(html.rsplit('<div class="cell', 1))
        html += f'<span class="filled">{piece.html}</span>' if answered else _GAP
    return html


class _Maker:
    """Makes the cards of one guide."""

    def __init__(self, guide: Guide, inline: Inline) -> None:
        self._inline = inline
        self._rtl = is_rtl_language(guide.lang)
        self._title = guide.title.plain or guide.name
        self._inks = {topic.heading.plain: n % INKS for n, topic in reversed(list(enumerate(printed(guide.topics))))}

    def card(self, number: int, note: Note, label: str, front: str, back: str, alike: bool) -> Card:
        """The card of one face of a note."""
        below = note.place.deck[note.place.depth :]
        topic = below[-1] if below else self._title
        names = " ".join(media.name for media in note.media)
        return Card(
            number=number,
            kind=note.kind,
            label=label,
            topic=topic,
            ink=self._inks.get(topic, 0),
            level=note.place.level,
            path=self._inline(note.place.breadcrumb),
            front=self._side(front, names),
            back=self._side(back, names),
            alike=alike,
            span=note.span,
        )

    def _side(self, html: str, names: str) -> Side:
        text = plain(html)
        laid_out = bool(_LAID_OUT.search(html)) or 'class="compare"' in html
        return Side(
            html=self._inline(html),
            text=f"{text} {names}",
            centred=not text or (not laid_out and len(text) <= _LONG),
            rtl=is_rtl(text, self._rtl),
            code=_longest_line(html),
        )


def plain(html: str) -> str:
    """HTML without its tags, white space folded."""
    return " ".join(_unmarked(html, " ").split())


def _longest_line(html: str) -> int:
    """The length of the longest line of code, in characters; code in a list stands further in."""
    longest = max((len(line) for code in _CODE.findall(html) for line in _unmarked(code).split("\n")), default=0)
    return longest + _INDENT if longest and "<li" in html else longest


def _unmarked(html: str, instead: str = "") -> str:
    return unescape(_TAG.sub(instead, html))


# --- what stays off paper ----------------------------------------------------------------------------------------


def _printed(things: Sequence[_Any]) -> tuple[_Any, ...]:
    return tuple(map(_thinned, printed(things)))


def _thinned(thing: _Any) -> _Any:
    """A block, section or term without the parts of it that stay off paper."""
    match thing:
        case Section():
            return replace(thing, blocks=_printed(thing.blocks), sections=_printed(thing.sections))
        case Listing():
            return replace(thing, items=tuple(_items(thing.items)))
        case Definitions():
            return replace(thing, terms=_printed(thing.terms))
        case Term():
            return replace(thing, meaning=_printed(thing.meaning))
        case Callout() | Quote():
            return replace(thing, blocks=_printed(thing.blocks))
        case _:
            return thing


def _items(items: Sequence[Item]) -> Iterator[Item]:
    """Entries without such parts; one with nothing left goes."""
    for item in items:
        blocks = _printed(item.blocks)
        if blocks and not (item.term is not None and "no-print" in item.term.classes):
            yield replace(item, blocks=blocks, term=None if item.term is None else _thinned(item.term))
