"""The values that travel through the house: a guide, its blocks, and the notes made of it.

All are frozen. A span says where an author wrote a thing; it does not count in equality, for moving a card is
not changing it.
"""

from __future__ import annotations

import copyreg
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NewType

from studypack.media import Media
from studypack.span import START, Span

Html = NewType("Html", str)
"""Clean HTML: no script, handler, form, frame or outside request is left in it. Safe on a card and on paper."""

Guid = NewType("Guid", str)
"""Who a note is, for Anki, for ever."""

NO_CLASSES: frozenset[str] = frozenset()


def _view(values: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(values)


# Values travel between processes, and hold such read-only views, which pickle does not know.
copyreg.pickle(MappingProxyType, lambda view: (_view, (dict(view),)))


def _span(default: Span = START) -> Span:
    """A span field: kept, shown, never compared."""
    return field(default=default, compare=False, repr=False)


# --- what an author writes ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A run of inline content: a heading, a term, a table cell. `plain` is the same with white space folded."""

    html: Html
    plain: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prose:
    """A block without further structure: a paragraph, code, a picture, a formula, raw HTML.

    `html` is complete (`<p>…</p>`), but for a `tight` one, the text of a list item, which stands bare.
    `marks` counts its `<mark>` elements.
    """

    html: Html
    plain: str
    marks: int = 0
    tight: bool = False
    classes: frozenset[str] = NO_CLASSES
    span: Span = _span()


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A thing and what it means: `**Term** — text`, or an entry of a definition list."""

    name: Text
    meaning: tuple[Block, ...]
    classes: frozenset[str] = NO_CLASSES
    span: Span = _span()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An entry of a list, whole in `blocks`; `term` is set when it reads as term and meaning."""

    blocks: tuple[Block, ...]
    term: Term | None = None
    span: Span = _span()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A bulleted or numbered list. `contents` marks a table of contents: links into the same guide."""

    items: tuple[Item, ...]
    ordered: bool = False
    start: int = 1
    contents: bool = False
    classes: frozenset[str] = NO_CLASSES
    span: Span = _span()


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """A definition list."""

    terms: tuple[Term, ...]
    classes: frozenset[str] = NO_CLASSES
    span: Span = _span()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of a table, as many cells as the table's head."""

    cells: tuple[Text, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: the first column names the aspect, each further column a subject.

    `align` holds "", "left", "center" or "right" for each column. `id` is unique in the guide.
    `contents` marks a table of contents.
    """

    id: str
    header: tuple[Text, ...]
    rows: tuple[Row, ...]
    align: tuple[str, ...]
    contents: bool = False
    classes: frozenset[str] = NO_CLASSES
    span: Span = _span()

    @property
    def compares(self) -> bool:
        """Whether it is a comparison: three columns or more, or marked so; a table of contents never is."""
        if self.contents or "terms" in self.classes:
            return False
        return len(self.header) >= 3 or (len(self.header) == 2 and "comparison" in self.classes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout:
    """A boxed remark: `> [!TIP] Title` or `!!! tip "Title"`. `kind` is the word in lower case."""

    kind: str
    title: Text
    blocks: tuple[Block, ...]
    classes: frozenset[str] = NO_CLASSES
    span: Span = _span()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A block quotation."""

    blocks: tuple[Block, ...]
    classes: frozenset[str] = NO_CLASSES
    span: Span = _span()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading and what stands under it; a topic is a section of the guide's topmost kind.

    `anchor` is unique in the guide, made as GitHub makes it, or the author's own `#id` (then `pinned`).
    `level` is the difficulty in force here. `classes` are the attributes in force, its own and those from above.
    `depth` is the heading's level, 1 to 6. `disclosure` marks `<details>`, whose summary is the heading.
    A section can also stand among blocks: a heading inside a list item, a `<details>`.
    """

    heading: Text
    anchor: str
    depth: int
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    pinned: bool = False
    level: str | None = None
    disclosure: bool = False
    classes: frozenset[str] = NO_CLASSES
    span: Span = _span()


Block = Prose | Listing | Definitions | Table | Callout | Quote | Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Footnote:
    """What a footnote says. A reference is `<sup class="footnote" data-footnote="NAME">` in the HTML."""

    name: str
    number: int
    blocks: tuple[Block, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """One guide, read and understood.

    `name` is the file's name without `.md`; it names the outputs. `path` is the file as the user named it, for
    diagnostics only.

    For paper: `sheets` is how many sheets, printed on both sides, the cheat sheet may fill at most; `margins` are in
    mm (top, right, bottom, left); `theme` is a built-in theme and `css` the author's own rules on top, already
    harmless; `matrix_fit` is what may become of a matrix that would be too small (`a3`, `split`, `tiny`).

    `definitions` are the links that any topic may name: what they are called, their addresses and titles.
    """

    name: str
    path: str = field(default="", compare=False)
    title: Text
    subtitle: str | None = None
    description: str | None = None
    author: str | None = None
    lang: str = "en"
    deck: str
    tags: tuple[str, ...] = ()
    url: str | None = None
    paper: str = "A4"
    sheets: int | None = None
    columns: int | None = None
    margins: tuple[float, float, float, float] | None = None
    theme: str = "plain"
    css: str = ""
    matrix_fit: str | None = None
    cards: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    intro: tuple[Block, ...] = ()
    topics: tuple[Section, ...] = ()
    level: str | None = None
    footnotes: tuple[Footnote, ...] = ()
    media: tuple[Media, ...] = ()
    definitions: tuple[tuple[str, str, str], ...] = field(default=(), compare=False)


# --- what a learner studies --------------------------------------------------------------------------------------


class Kind(StrEnum):
    """The kinds of note, in the order in which their rules are tried."""

    QUESTION = "question"
    COMPARISON = "comparison"
    TERM = "term"
    TAKEAWAY = "takeaway"
    CLOZE = "cloze"
    CONCEPT = "concept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the guide a note belongs.

    `deck` is the deck's path from the top, the first `depth` parts of it the guide's own; `topic` what keys call the
    topic, empty above the first one; `breadcrumb` the place for people, guide › topic › section.
    """

    deck: tuple[str, ...]
    depth: int = 1
    topic: str = ""
    breadcrumb: Html
    link: str = ""
    level: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BasicNote:
    """A note of the basic type: front and back, and the other way round where `reversed`.

    `key` says who it is as long as no lock knows better: its kind, the headings above it, what it asks, normalised.
    `asks` is what it asks, as plain text.
    """

    kind: Kind
    key: tuple[str, ...]
    asks: str
    place: Place
    front: Html
    back: Html
    extra: Html = Html("")
    reversed: bool = False
    pin: str | None = None
    media: tuple[Media, ...] = ()
    span: Span = _span()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """What a cloze hides. `label` tells gaps of a note apart (a comparison's subject, a mark's text)."""

    label: str
    html: Html


@dataclass(frozen=True, slots=True, kw_only=True)
class ClozeNote:
    """A note of the cloze type: HTML with gaps in it, one card a gap. `key` and `asks` as for a basic note."""

    kind: Kind
    key: tuple[str, ...]
    asks: str
    place: Place
    pieces: tuple[Html | Gap, ...]
    extra: Html = Html("")
    pin: str | None = None
    media: tuple[Media, ...] = ()
    span: Span = _span()

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The gaps in reading order."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Gap))


Note = BasicNote | ClozeNote


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownNote:
    """A note that has its identity.

    `time` is when its content last changed (seconds since 1970); `position` its place among new cards; `deck` the
    path of the deck its cards were born in, for Anki never moves a card on import;
    `numbers` the cloze number of each gap, in the order of `ClozeNote.gaps` (empty for a basic note).
    """

    note: Note
    guid: Guid
    time: int
    position: int
    deck: tuple[str, ...]
    numbers: tuple[int, ...] = ()
