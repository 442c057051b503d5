"""Guide → notes: what becomes a card.

A block belongs to the first rule that takes it, so nothing is asked twice; the order of the rules is that of `Kind`.
What no rule takes is left to the concept of its heading.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import assert_never

from studypack.diagnostics import Diagnostic, in_order
from studypack.media import Media
from studypack.model import (
    BasicNote,
    Block,
    Callout,
    ClozeNote,
    Definitions,
    Footnote,
    Gap,
    Guide,
    Html,
    Item,
    Kind,
    Listing,
    Note,
    Prose,
    Quote,
    Row,
    Section,
    Table,
    Term,
    Text,
)
from studypack.places import Places, Where, key_of
from studypack.questions import asks, is_question, prompt_of, split_answer
from studypack.render import blocks_html, footnotes_html, item_html
from studypack.span import Span

_MARK = re.compile(r"(</?mark>)")
_TAG = re.compile(r"<[^>]*>")
_SOURCE = re.compile(r'\ssrc="([^"]*)"')
_FOOTNOTE = re.compile(r'data-footnote="([^"]*)"')
_INSIDE_LINK = re.compile(r'<a href="#([^"]*)"([^>]*)>')
_SPELLED = re.compile(r"<(code|pre)\b.*?</\1>|\\\(.{0,999}?\\\)|\\\[.{0,999}?\\\]", re.S)
_ANKI_SYNTAX = re.compile(r"\{\{[^{}\n]+\}\}|\{\{c\d+::")
_DASHES = re.compile(r"[-–—]+$")  # “nothing here”: shown, never asked
_LEAD_IN = 60  # characters; a longer line that ends in a colon says something of its own


def make(guide: Guide, known: Sequence[Note] = ()) -> tuple[tuple[Note, ...], tuple[Diagnostic, ...]]:
    """The notes of a guide in its order, and what is weak about them; `known` are those of topics left out of it."""
    walk = _Walk(guide)
    walk.guide_()
    notes = sorted((*walk.notes, *known), key=lambda note: (note.span.line, note.span.column))
    notes = list(_told_apart(notes, walk))
    if not notes:
        walk.report("SP404", guide.topics[0].span if guide.topics else Span(1, 1, 1, 1), "the guide makes no cards")
    return tuple(notes), in_order(walk.diagnostics)


class _Walk:
    """Walks a guide once; each `take` makes the notes of a block and gives back what is left of it."""

    def __init__(self, guide: Guide) -> None:
        self.guide = guide
        self.notes: list[Note] = []
        self.diagnostics: list[Diagnostic] = []
        self.media = {media.name: media for media in guide.media}
        self.footnotes = {note.name: note for note in guide.footnotes}
        self.places = Places(guide)

    def guide_(self) -> None:
        where = Where()
        left = self._take_all(self.guide.intro, where)
        self._concept(self.guide.title, left, where, None)
        for topic in self.guide.topics:
            self._section(topic, where)

    def report(self, code: str, span: Span, message: str, hint: str = "") -> None:
        found = Diagnostic(code=code, path=self.guide.path, span=span, message=message, hint=hint)
        self.diagnostics.append(found)

    # --- sections ---

    def _section(self, section: Section, where: Where) -> None:
        if "no-cards" in section.classes:
            return
        if is_question(section, where.questions, topmost=where.topic is None):
            self._question(section, where)
            return
        inside = where.below(section)
        self._concept(section.heading, self._take_all(section.blocks, inside), where.within(section), section)
        for below in section.sections:
            self._section(below, inside)

    def _question(self, section: Section, where: Where) -> None:
        taken, asked_apart = split_questions(section, topmost=where.topic is None)
        shown, answer = (kept(blocks) for blocks in split_answer(taken))
        if not answer:
            self.report(
                "SP402",
                section.span,
                f"the question {section.heading.plain!r} has no answer; it makes no card",
                "write the answer below it, or mark the heading {: .no-cards }",
            )
        else:
            prompt = prompt_of(section.heading)
            front = Html(f'<div class="ask">{prompt.html}</div>{blocks_html(shown)}')
            place = where.within(section) if asked_apart else where
            self._basic(Kind.QUESTION, prompt.plain, front, blocks_html(answer), place, section.span, section)
        if asked_apart:
            inside = where.below(section)
            for below in asked_apart:
                self._section(below, inside)

    def _concept(self, heading: Text, left: tuple[Block, ...], where: Where, section: Section | None) -> None:
        """What no rule took, asked by its heading; nothing is asked for lines that only lead to what was taken."""
        if all(_leads_in(block) for block in left):
            return
        heading = prompt_of(heading)
        front = Html(f'<div class="ask">{heading.html}</div>')
        self._basic(Kind.CONCEPT, heading.plain, front, blocks_html(left), where, left[0].span, section)

    # --- blocks ---

    def _take_all(self, blocks: Iterable[Block], where: Where) -> tuple[Block, ...]:
        return tuple(left for block in blocks if (left := self._take(block, where)) is not None)

    def _take(self, block: Block, where: Where) -> Block | None:
        """Makes the notes of a block; gives back what is left of it for the concept."""
        if "no-cards" in block.classes:
            return None
        if "concept" in block.classes and not isinstance(block, Section):
            return block
        match block:
            case Section():
                self._section(block, where)
                return None
            case Table():
                return self._table(block, where)
            case Definitions():
                for term in block.terms:
                    self._term(term, where)
                return None
            case Callout():
                self._takeaway(block, where)
                return None
            case Listing():
                return self._listing(block, where)
            case Quote():
                left = self._take_all(block.blocks, where)
                return replace(block, blocks=left) if left else None
            case Prose():
                if not block.marks:
                    return block
                self._cloze(blocks_html((block,)), block.plain, where, block.span)
                return None
            case _:
                assert_never(block)

    def _listing(self, block: Listing, where: Where) -> Listing | None:
        if block.contents:
            return None
        items = tuple(left for item in block.items if (left := self._item(item, where)) is not None)
        return replace(block, items=items) if items else None

    def _item(self, item: Item, where: Where) -> Item | None:
        if item.term is not None and "no-cards" in item.term.classes:
            return None
        if item.term is not None:
            self._term(item.term, where)
            return None
        match item.blocks:
            case (Prose(marks=marks, plain=plain), *_) if marks:
                self._cloze(item_html(item), plain, where, item.span)
                return None
        left = self._take_all(item.blocks, where)
        return replace(item, blocks=left) if left else None

    def _table(self, table: Table, where: Where) -> Table | None:
        if table.contents:
            return None
        if table.compares:
            aspect = table.header[0]
            for row in table.rows:
                aspect = row.cells[0] if row.cells[0].html else aspect  # an empty one goes on from the row above
                self._comparison(table, row, aspect, where)
            return None
        if len(table.header) == 2 or "terms" in table.classes:
            unnamed, *named = _merged(table.rows)
            for rows in named:
                self._row_term(table, rows, where)
            return (
                replace(table, rows=tuple(unnamed)) if any(cell.html for row in unnamed for cell in row.cells) else None
            )
        return table

    # --- one note each ---

    def _comparison(self, table: Table, row: Row, aspect: Text, where: Where) -> None:
        corner = f' <span class="corner">{table.header[0].html}</span>' if table.header[0].html else ""
        pieces: list[Html | Gap] = [Html(f'<div class="compare"><div class="aspect">{aspect.html}{corner}</div>')]
        seen: dict[str, int] = {}
        for subject, cell in zip(table.header[1:], row.cells[1:], strict=True):
            if not cell.html:
                continue
            label = _once(subject.plain, seen)
            value = self._linked(cell.html)
            head = f'<div class="cell"><div class="subject">{subject.html}</div><div class="value">'
            asked = value if _DASHES.match(cell.html) else Gap(label=label, html=value)
            pieces += [Html(head), asked, Html("</div></div>")]
        if any(isinstance(piece, Gap) for piece in pieces):
            shown = [piece if isinstance(piece, Gap) else self._linked(piece) for piece in (*pieces, Html("</div>"))]
            self._gapped(Kind.COMPARISON, aspect.plain, shown, where, row.span)

    def _term(self, term: Term, where: Where) -> None:
        about = where.topic.heading if where.topic else self.guide.title
        front = Html(f'<div class="term">{term.name.html}</div><div class="about">{about.html}</div>')
        turned = "reversed" in term.classes
        self._basic(
            Kind.TERM, term.name.plain, front, blocks_html(kept(term.meaning)), where, term.span, reversed_=turned
        )

    def _row_term(self, table: Table, rows: Sequence[Row], where: Where) -> None:
        """Rows as a term: the first cell names, the others mean. The column's head says what is asked for."""
        row = rows[0]
        name = row.cells[0]
        filled = [
            (head, cell)
            for one in rows
            for head, cell in zip(table.header[1:], one.cells[1:], strict=True)
            if cell.html
        ]
        if len(table.header) == 2:
            back = Html("".join(f"<p>{cell.html}</p>" for _, cell in filled))
        else:
            back = Html(f"<dl>{''.join(f'<dt>{head.html}</dt><dd>{cell.html}</dd>' for head, cell in filled)}</dl>")
        sought = table.header[1].html if len(table.header) == 2 else ""
        about = f'<div class="about">{sought}</div>' if sought else ""
        corner = f' <span class="corner">{table.header[0].html}</span>' if table.header[0].html else ""
        front = Html(f'<div class="term">{name.html}{corner}</div>{about}')
        turned = "reversed" in table.classes
        self._basic(Kind.TERM, name.plain, front, back if filled else Html(""), where, row.span, reversed_=turned)

    def _takeaway(self, callout: Callout, where: Where) -> None:
        topic = where.topic.heading if where.topic else self.guide.title
        front = Html(f'<div class="ask">{callout.title.html}</div><div class="about">{topic.html}</div>')
        self._basic(Kind.TAKEAWAY, callout.title.plain, front, blocks_html(kept(callout.blocks)), where, callout.span)

    def _cloze(self, text: Html, plain: str, where: Where, span: Span) -> None:
        pieces: list[Html | Gap] = []
        seen: dict[str, int] = {}
        for marked, part in _marked(self._linked(text)):
            pieces.append(Gap(label=_once(_plain(part), seen), html=part) if marked else part)
        self._gapped(Kind.CLOZE, plain, pieces, where, span)

    # --- notes of both types ---

    def _basic(
        self,
        kind: Kind,
        asked: str,
        front: Html,
        back: Html,
        where: Where,
        span: Span,
        section: Section | None = None,
        reversed_: bool = False,
    ) -> None:
        setting = self.guide.cards.get(kind)
        if setting == "off":
            return
        if not back:
            hint = "write something, or mark it {: .no-cards }"
            self.report("SP402", span, f"the {kind} {asked!r} has no answer; it makes no card", hint)
            return
        front, back = self._linked(front), self._linked(back)
        self._check(f"{front} {back}", span)
        extra = self._footnotes(front + back)
        note = BasicNote(
            kind=kind,
            key=key_of(kind, where, asked),
            asks=asked,
            place=self.places.of(kind, where, section),
            front=front,
            back=back,
            extra=extra,
            reversed=reversed_ or (kind is Kind.TERM and setting == "reversed"),
            pin=section.anchor if section and section.pinned else None,
            media=self._shown(front + back + extra),
            span=span,
        )
        self.notes.append(note)

    def _gapped(self, kind: Kind, asked: str, pieces: list[Html | Gap], where: Where, span: Span) -> None:
        if self.guide.cards.get(kind) == "off":
            return
        whole = "".join(piece.html if isinstance(piece, Gap) else piece for piece in pieces)
        self._check(whole, span)
        extra = self._footnotes(whole)
        note = ClozeNote(
            kind=kind,
            key=key_of(kind, where, asked),
            asks=asked,
            place=self.places.of(kind, where, None),
            pieces=tuple(pieces),
            extra=extra,
            media=self._shown(whole + extra),
            span=span,
        )
        self.notes.append(note)

    def _shown(self, text: str) -> tuple[Media, ...]:
        """The pictures and sounds that a text shows."""
        if 'src="' not in text:
            return ()
        names = dict.fromkeys(html.unescape(name) for name in _SOURCE.findall(text))
        return tuple(self.media[name] for name in names if name in self.media)

    def _linked(self, text: Html) -> Html:
        """Links into the guide lead to where it is published, or are plain words on a card."""
        if "#" not in text:
            return text
        url = html.escape(self.guide.url or "")
        return Html(_INSIDE_LINK.sub(lambda link: f'<a href="{url}#{link[1]}"{link[2]}>' if url else "<a>", text))

    def _footnotes(self, text: str) -> Html:
        """The footnotes that a text refers to, and those that they refer to."""
        if "data-footnote" not in text:
            return Html("")
        found: dict[str, Footnote] = {}
        waiting = [text]
        while waiting:
            for name in map(html.unescape, _FOOTNOTE.findall(waiting.pop(0))):
                if name in self.footnotes and name not in found:
                    found[name] = self.footnotes[name]
                    waiting.append(blocks_html(found[name].blocks))
        return self._linked(footnotes_html(sorted(found.values(), key=lambda note: note.number)))

    def _check(self, text: str, span: Span) -> None:
        if "{" not in text:
            return
        if found := _ANKI_SYNTAX.search(_TAG.sub("\n", _SPELLED.sub("", text))):
            message = f"{html.unescape(found[0])} looks like Anki's own syntax; it is shown as it stands"
            self.report("SP403", span, message, "put it into `code` if it is meant so; mark a cloze as ==words==")


def split_questions(section: Section, topmost: bool) -> tuple[Section, tuple[Section, ...]]:
    """A question with what belongs to its answer, and the sections below it that are asked on their own.

    A question takes everything below it, but for further questions. A topic that asks keeps only its own blocks: its
    sections are a chapter, not an answer.
    """
    if "question" in section.classes:
        return section, ()
    apart = [below for below in section.sections if topmost or _holds_question(below)]
    folded = [block for block in section.blocks if isinstance(block, Section) and asks(block.heading.plain)]
    if not apart and not folded:
        return section, ()
    own = replace(
        section,
        blocks=tuple(block for block in section.blocks if block not in folded),
        sections=tuple(below for below in section.sections if below not in apart),
    )
    return own, (*folded, *apart)


def _leads_in(block: Block) -> bool:
    """Whether a block only leads to what comes next, such as “Here are the key terms:”."""
    if not isinstance(block, Prose) or not block.html.startswith("<p>") or len(block.plain) > _LEAD_IN:
        return False
    return block.plain.rstrip().endswith((":", "\N{FULLWIDTH COLON}"))


def _holds_question(section: Section) -> bool:
    return is_question(section, False, topmost=False) or any(_holds_question(below) for below in section.sections)


def kept(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Blocks without those that are kept out of the deck: marked so, tables of contents, links back to the top."""
    return tuple(
        block
        for block in blocks
        if "no-cards" not in block.classes and not (isinstance(block, Listing | Table) and block.contents)
    )


def _told_apart(notes: list[Note], walk: _Walk) -> Iterator[Note]:
    """Notes whose keys are all different; those that ask the same in the same place are reported."""
    seen: dict[tuple[str, ...], int] = {}
    first: dict[tuple[str, ...], Note] = {}
    for note in notes:
        count = seen[note.key] = seen.get(note.key, 0) + 1
        if count == 1:
            first[note.key] = note
            yield note
            continue
        if note.kind is not Kind.COMPARISON and note.asks == first[note.key].asks:
            message = f"this {note.kind} asks the same as the one on line {first[note.key].span.line}: {note.asks!r}"
            walk.report("SP401", note.span, message, "reword one of them, or delete it")
        yield replace(note, key=(*note.key, f"#{count}"))


def _once(label: str, seen: dict[str, int]) -> str:
    """A label, numbered where the same was seen before."""
    count = seen[label] = seen.get(label, 0) + 1
    return label if count == 1 else f"{label} ({count})"


def _marked(text: str) -> Iterator[tuple[bool, Html]]:
    """The stretches of a text, and whether each is marked; a mark inside a mark is part of it."""
    depth, held = 0, ""
    for part in _MARK.split(text):
        if part == "<mark>":
            if depth == 0 and held:
                yield False, Html(held)
                held = ""
            depth += 1
        elif part == "</mark>" and depth:
            depth -= 1
            if depth == 0:
                yield True, Html(held)
                held = ""
        else:
            held += part
    if held:
        yield depth > 0, Html(held)


def _merged(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows, each with those below it whose first cell is empty: they go on saying what it means.

    First come those, if any, that have none with a name above them.
    """
    group: list[Row] = []
    for row in rows:
        if row.cells[0].html:
            yield group
            group = []
        group.append(row)
    yield group


def _plain(text: str) -> str:
    return " ".join(html.unescape(_TAG.sub("", text)).split())
