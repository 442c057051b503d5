"""Elements → blocks: what each construct of a guide is, before any rule makes a card of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from xml.etree.ElementTree import Element

from studypack import markup
from studypack.markup import Tree
from studypack.model import (
    NO_CLASSES,
    Block,
    Callout,
    Definitions,
    Html,
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
from studypack.parse.findings import Findings
from studypack.parse.inline import (
    COLON_AT_END,
    Opening,
    after_separator,
    contents_of,
    first_line,
    is_contents,
    is_navigation,
    lines_of,
    opening_of,
    parts_of,
    strong_opening,
)
from studypack.parse.links import Links
from studypack.parse.pictures import Pictures
from studypack.questions import ANSWER_MARK, ANSWER_WORD, QUESTION_MARK, asks
from studypack.span import Span

_NO_SUMMARY = Text(html=Html("Details"), plain="Details")  # what browsers show

CLASSES = frozenset("question questions concept terms comparison reversed no-cards no-print matrix no-matrix".split())
"""The classes that adjust what a part of a guide becomes."""

_OWN_ONLY = frozenset({"question", "questions"})
_DEPTHS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_TO_TOP = re.compile(r"\W*(?:(?:back|return|go) )?to (?:the )?(?:top|contents|table of contents|toc)\W*$", re.I)
_LIST_AT_END = re.compile(r"\{:[^{}]*\}$")
_MARK_PARTS = 4  # “**Answer** 1:” is two, with what is around it four; a paragraph may have thousands
_HAS_CONTENT = re.compile(r"<(?:img|audio|video|hr)\b")


def depth_of(element: Element) -> int:
    """The depth of a heading, 1 to 6; 0 for anything else."""
    return _DEPTHS.get(element.tag, 0)


class BlockReader:
    """Reads the blocks of one guide."""

    def __init__(self, tree: Tree, links: Links, findings: Findings) -> None:
        self.tree, self.links, self.findings = tree, links, findings
        self.pictures = Pictures(links, findings)
        self.tables = 0

    def text(self, element: Element, parts: Sequence[Element | str] | None = None) -> Text:
        """The inline content of an element, or of some of its parts."""
        self.links.at = self.tree.span(element, self.links.at)
        html = Html(self.tree.inline(element, parts).strip())
        self._report_harmful()
        return Text(html=html, plain=self.tree.plain(element) if parts is None else markup.plain_of(html))

    def classes(self, element: Element, above: frozenset[str]) -> frozenset[str]:
        """The classes in force at an element: its own, and those from above that hold below."""
        own = self._own_classes(element, given) if (given := element.get("class")) else NO_CLASSES
        for name in element.keys():  # noqa: SIM118  # an element is no mapping
            if name.startswith("attr-") and name != "attr-level":
                self._bad_attribute(element, name.removeprefix("attr-"))
        if depth_of(element) and markup.BROKEN_LIST.search(self.tree.plain(element)):
            self._bad_attribute(element, "")
        below = above if _OWN_ONLY.isdisjoint(above) else above - _OWN_ONLY
        return below | own if own else below  # mostly the same set, so that it is kept once

    def _own_classes(self, element: Element, given: str) -> frozenset[str]:
        own = frozenset(given.split())
        for name in sorted(own - CLASSES):
            hint = f"known are {', '.join(f'.{known}' for known in sorted(CLASSES))}"
            span = self.findings.locate(f".{name}", self.tree.span(element))
            self.findings.add("SP203", span, f"unknown class .{name}", hint)
        return own & CLASSES

    def _bad_attribute(self, element: Element, name: str) -> None:
        span = self.findings.locate(name or "{", self.tree.span(element))
        message = f"unknown attribute {name!r}" if name else "the attribute list cannot be read"
        hint = "only `level=` is known" if name else "write it as {: #id .class level=advanced }"
        self.findings.add("SP209", span, message, hint)

    def blocks(self, elements: Sequence[Element], classes: frozenset[str], glossary: bool = False) -> tuple[Block, ...]:
        """Blocks in reading order; a heading among them starts a section that takes what follows.

        In a glossary, a paragraph may be a term.
        """
        found: list[Block] = []
        index = 0
        while index < len(elements):
            element = elements[index]
            if depth := depth_of(element):
                end = next(
                    (i for i in range(index + 1, len(elements)) if 0 < depth_of(elements[i]) <= depth), len(elements)
                )
                found.extend(self._heading(element, elements[index + 1 : end], classes))
            elif element.tag == "p" and (end := self._answer_end(elements, index)):
                found.append(self._asked(elements[index:end], classes))
            elif element.tag == "p" and (end := self._bold_answer_end(elements, index)):
                question = self._item_question(
                    element, elements[index + 1 : end], strong_opening(element), False, classes
                )
                found.extend([question] if question else [])
            elif glossary and element.tag == "p" and (terms := self._terms_in(element, classes)):
                end = index + 1
                found.append(Definitions(terms=terms, classes=classes, span=self.tree.span(element)))
            else:
                end = index + 1
                if (block := self._block(element, classes)) is not None:
                    found.append(block)
            index = end
        return tuple(found)

    # --- one kind of element each ---

    def _block(self, element: Element, above: frozenset[str]) -> Block | None:
        self.links.at = span = self.tree.span(element)
        classes = self.classes(element, above)
        match element.tag:
            case "p":
                return self._paragraph(element, classes)
            case "pre":
                code, language = element.text or "", element.get("lang", "")
                html = self.pictures.of(code, language, span) or markup.code_html(code, language)
                return Prose(html=html, plain=code, classes=classes, span=span) if code.strip() else None
            case "math":
                tex = element.text or ""
                return Prose(html=markup.math_html(tex), plain=tex, classes=classes, span=span) if tex else None
            case "raw":
                return self._raw(element, classes)
            case "ul" | "ol":
                return self._listing(element, classes)
            case "dl":
                return Definitions(terms=self._definitions(element, classes), classes=classes, span=span)
            case "table":
                return self._table(element, classes)
            case "blockquote":
                inner = self.blocks(list(element), classes)
                return Quote(blocks=inner, classes=classes, span=span) if inner else None
            case "callout":
                return self._callout(element, classes)
            case "details":
                return self._details(element, classes)
            case _:  # a rule parts what it stands between; it says nothing
                return None

    def _paragraph(self, element: Element, classes: frozenset[str]) -> Prose | None:
        text = self.text(element)
        if not _shows(text.html):
            return None
        tight = element.get("tight") is not None
        if _LIST_AT_END.search(text.plain):
            hint = "write it on a line of its own, below the block it is for"
            span = self.findings.locate("{:", self.tree.span(element))
            self.findings.add("SP209", span, "an attribute list at the end of a text adjusts nothing", hint)
        if not tight and (_TO_TOP.match(text.plain) or is_navigation(element)):
            classes |= {"no-cards"}
        return Prose(
            html=text.html if tight else Html(f"<p>{text.html}</p>"),
            plain=text.plain,
            marks=text.html.count("<mark>"),
            tight=tight,
            classes=classes,
            span=self.tree.span(element),
        )

    def _terms_in(self, element: Element, classes: frozenset[str]) -> tuple[Term, ...]:
        """The terms of a paragraph of a glossary, each on a line or more; none where a line before them says more."""
        span, lines = self.tree.span(element), lines_of(element)
        classes = self.classes(element, classes)
        groups: list[list[Element | str]] = []
        for line in lines:
            if (opening := opening_of(line)) and after_separator(opening) is not None:
                groups.append(line)
            elif groups:
                groups[-1] += line
        found = [self._named(element, opening_of(group)) for group in groups]
        terms = [(name, meaning) for name, meaning in filter(None, found) if meaning.html]
        if not terms or len(terms) < len(groups) or groups[0][0] is not lines[0][0]:
            return ()
        return tuple(
            Term(name=name, meaning=(_tight(meaning, span),), classes=classes, span=span) for name, meaning in terms
        )

    def _raw(self, element: Element, classes: frozenset[str]) -> Prose | None:
        html = self.tree.raw(element)
        self._report_harmful()
        plain = markup.plain_of(html)
        if not plain and not _HAS_CONTENT.search(html):
            return None
        if _TO_TOP.match(plain):
            classes |= {"no-cards"}
        return Prose(html=html, plain=plain, classes=classes, span=self.tree.span(element))

    def _listing(self, element: Element, classes: frozenset[str]) -> Listing | None:
        items = tuple(item for child in element if (item := self._item(child, element.tag == "ol", classes)).blocks)
        if not items:
            return None
        return Listing(
            items=items,
            ordered=element.tag == "ol",
            start=int(element.get("start", "1")),
            contents=is_contents(element),
            classes=classes,
            span=self.tree.span(element),
        )

    def _item(self, element: Element, numbered: bool, classes: frozenset[str]) -> Item:
        span = self.tree.span(element)
        children = list(element)
        first = children[0] if children else None
        if first is not None and first.tag == "p":
            opening = strong_opening(first)
            if question := self._item_question(first, children[1:], opening, numbered, classes):
                return Item(blocks=(question,), span=span)
            blocks = self.blocks(children, classes)
            if task := element.get("task"):
                blocks = _ticked(blocks, task == "done")
            return Item(blocks=blocks, term=self._item_term(first, blocks, opening, classes), span=span)
        return Item(blocks=self.blocks(children, classes), span=span)

    def _item_term(
        self, first: Element, blocks: tuple[Block, ...], opening: Opening | None, classes: frozenset[str]
    ) -> Term | None:
        """`**Term** — text`, `**Term:** text`; what follows in the item belongs to the meaning."""
        if opening is None or not blocks or not isinstance(blocks[0], Prose):
            return None
        named = self._named(first, opening)
        if named is None or not (named[1].html or blocks[1:]):
            return None
        name, meaning = named
        head = _tight(meaning, blocks[0].span)
        if not blocks[0].tight:
            head = Prose(html=Html(f"<p>{meaning.html}</p>"), plain=meaning.plain, marks=head.marks, span=head.span)
        classes = self.classes(first, classes)
        meant = (head, *blocks[1:]) if meaning.html else blocks[1:]
        return Term(name=name, meaning=meant, classes=classes, span=self.tree.span(first))

    def _named(self, first: Element, opening: Opening | None) -> tuple[Text, Text] | None:
        """A term and its meaning, which may be empty, where bold words and a separator open a line."""
        rest = after_separator(opening) if opening else None
        if opening is None or rest is None:
            return None
        name = self.text(first, contents_of(opening.strong))
        name = Text(html=Html(COLON_AT_END.sub("", name.html)), plain=COLON_AT_END.sub("", name.plain))
        return (name, self.text(first, rest)) if name.plain else None

    def _item_question(
        self,
        first: Element,
        others: Sequence[Element],
        opening: Opening | None,
        numbered: bool,
        classes: frozenset[str],
    ) -> Section | None:
        """A list item that asks: `**What is X?** text`, or a question with its answer below it or folded away."""
        if opening is not None and asks(self.tree.plain(opening.strong)):
            parted = after_separator(opening)
            prompt, rest = self.text(first, contents_of(opening.strong)), opening.rest if parted is None else parted
        else:
            parts = parts_of(first)
            line = first_line(parts)
            below = bool(others) and (numbered or others[0].tag == "p") and others[0].tag != "dl"
            if not (below or line < len(parts)) and not any(other.tag == "details" for other in others):
                return None
            if not asks(self._plain_parts(parts[:line])) and not any(other.tag == "details" for other in others):
                return None
            prompt, rest = self.text(first, parts[:line]), parts[line:]
        answer = self._answer(first, rest, others, classes)
        return self._question(prompt, answer, classes, (first, *others)) if answer else None

    def _answer(
        self, first: Element, rest: Sequence[Element | str], others: Sequence[Element], classes: frozenset[str]
    ) -> tuple[Block, ...]:
        """What follows a question in its paragraph, and below it; from “Answer:” on it is a paragraph of its own."""
        start = self._answer_part(rest, ANSWER_WORD)
        texts = [self.text(first, part) for part in (rest[:start], rest[start:]) if part]
        span = self.tree.span(first)
        shown = [text for text in texts if text.plain or _HAS_CONTENT.search(text.html)]
        opening = (Prose(html=Html(f"<p>{text.html}</p>"), plain=text.plain, span=span) for text in shown)
        return (*opening, *self.blocks(others, classes))

    def _question(
        self, heading: Text, answer: tuple[Block, ...], classes: frozenset[str], elements: Sequence[Element]
    ) -> Section:
        return Section(
            heading=heading,
            anchor=self.links.anchors.slug(heading.plain),
            depth=6,
            blocks=answer,
            classes=classes | {"question"},
            span=self.tree.span(elements[0]).to(self.tree.span(elements[-1])),
        )

    def _heading(self, element: Element, body: Sequence[Element], above: frozenset[str]) -> tuple[Block, ...]:
        """A heading inside a container."""
        text, classes = self.text(element), self.classes(element, above)
        if not text.plain:
            self.findings.add("SP202", self.tree.span(element), "a heading without text", "give it a text or delete it")
            return self.blocks(body, above)
        section = Section(
            heading=text,
            anchor=self.links.anchors.of(element),
            depth=depth_of(element),
            blocks=self.blocks(body, classes - _OWN_ONLY),
            pinned=element.get("id") is not None,
            level=element.get("attr-level"),
            classes=classes,
            span=self.tree.span(element).to(self.tree.span(body[-1])) if body else self.tree.span(element),
        )
        return (section,)

    def _details(self, element: Element, classes: frozenset[str]) -> Section | None:
        children = list(element)
        summary = children.pop(0) if children and children[0].tag == "summary" else None
        heading = self.text(summary) if summary is not None else _NO_SUMMARY
        heading = heading if heading.html else _NO_SUMMARY
        blocks = self.blocks(children, classes - _OWN_ONLY)
        if not blocks and summary is None:
            return None
        return Section(
            heading=heading,
            anchor=self.links.anchors.slug(heading.plain),
            depth=6,
            blocks=blocks,
            disclosure=True,
            classes=classes,
            span=self.tree.span(element),
        )

    def _callout(self, element: Element, classes: frozenset[str]) -> Callout:
        title, *inner = list(element)
        kind = element.get("kind", "note")
        text = self.text(title) if title.text or len(title) else Text(html=Html(kind.title()), plain=kind.title())
        blocks = self.blocks(inner, classes)
        return Callout(kind=kind, title=text, blocks=blocks, classes=classes, span=self.tree.span(element))

    def _definitions(self, element: Element, classes: frozenset[str]) -> tuple[Term, ...]:
        terms: list[Term] = []
        names: list[Element] = []
        meaning: list[Block] = []

        def finish() -> None:
            terms.extend(
                Term(name=self.text(name), meaning=tuple(meaning), classes=classes, span=self.tree.span(name))
                for name in names
            )
            names.clear()
            meaning.clear()

        for child in element:
            if child.tag == "dt":
                if meaning:
                    finish()
                names.append(child)
            else:
                meaning.extend(self.blocks(list(child), classes))
        finish()
        return tuple(terms)

    def _table(self, element: Element, classes: frozenset[str]) -> Table:
        head, *rows = list(element)
        self.tables += 1
        return Table(
            id=element.get("id") or f"table-{self.tables}",
            header=tuple(self.text(cell) for cell in head),
            rows=tuple(Row(cells=tuple(self.text(cell) for cell in row), span=self.tree.span(row)) for row in rows),
            align=tuple(element.get("align", "").split(",")),
            contents=is_contents(element),
            classes=classes,
            span=self.tree.span(element),
        )

    # --- “Q: … A: …” ---

    def _answer_end(self, elements: Sequence[Element], index: int) -> int:
        """Where the answer to a paragraph that starts with “Q:” ends; 0 if it is no such pair.

        What starts with “A:” is an answer; so is all else below a line that asks.
        """
        first = elements[index]
        if not QUESTION_MARK.match(self.tree.plain(first)):
            return 0
        end = index + 1
        while end < len(elements) and not self._parts_questions(elements[end]):
            end += 1
        parts = parts_of(first)
        asked = asks(self._plain_parts(parts[: first_line(parts)]))
        more = end > index + 1 or first_line(parts) < len(parts)
        below = any(ANSWER_MARK.match(self.tree.plain(element)) for element in elements[index + 1 : end])
        return end if (asked and more) or below or self._answer_part(parts) else 0

    def _parts_questions(self, element: Element) -> bool:
        """Whether the answer to a question ends before this element."""
        asks_anew = element.tag == "p" and QUESTION_MARK.match(self.tree.plain(element)) is not None
        return bool(depth_of(element)) or element.tag == "hr" or asks_anew

    def _bold_answer_end(self, elements: Sequence[Element], index: int) -> int:
        """Where the answer to a paragraph that is, or starts with, a bold question on its own line ends; or 0."""
        if not self._asks_in_bold(elements[index]):
            return 0
        end = index + 1
        while end < len(elements) and not (depth_of(elements[end]) or elements[end].tag == "hr"):
            if elements[end].tag == "p" and self._asks_in_bold(elements[end]):
                break
            end += 1
        alone = not strong_opening(elements[index]).rest  # type: ignore[union-attr]  # it was found just now
        return 0 if alone and end == index + 1 else end

    def _asks_in_bold(self, element: Element) -> bool:
        opening = strong_opening(element)
        if opening is None or not asks(self.tree.plain(opening.strong)):
            return False
        rest = opening.rest[0] if opening.rest else "\n"
        return rest.tag == "br" if isinstance(rest, Element) else rest.startswith("\n")

    def _asked(self, elements: Sequence[Element], classes: frozenset[str]) -> Section:
        first, *others = elements
        parts = parts_of(first)
        split = self._answer_part(parts)
        if not split:
            below = any(ANSWER_MARK.match(self.tree.plain(element)) for element in others)
            split = len(parts) if below else first_line(parts)
        prompt = self.text(first, parts[:split])
        return self._question(prompt, self._answer(first, parts[split:], others, classes), classes, elements)

    def _answer_part(self, parts: Sequence[Element | str], mark: re.Pattern[str] = ANSWER_MARK) -> int:
        """The part of a paragraph with which its answer starts: a line that begins with “A:”; 0 if there is none."""
        for number in range(1, len(parts)):
            before = parts[number - 1]
            fresh = (isinstance(before, str) and before.endswith("\n")) or (
                isinstance(before, Element) and before.tag == "br"
            )
            if fresh and mark.match(self._plain_parts(parts[number : number + _MARK_PARTS])):
                return number
        return 0

    def _plain_parts(self, parts: Sequence[Element | str]) -> str:
        texts = (part if isinstance(part, str) else "".join(part.itertext()) for part in parts)
        return self.tree.text("".join(texts)).strip()

    def _report_harmful(self) -> None:
        for what in self.tree.harmful:
            span = self.findings.locate(what.strip(), self.links.at)
            message = f"{what.strip()!r} in raw HTML was made harmless"
            self.findings.add("SP210", span, message, "write it in Markdown, or leave it out")
        self.tree.harmful.clear()


def _tight(text: Text, span: Span) -> Prose:
    """A text that is no paragraph of its own."""
    return Prose(html=text.html, plain=text.plain, marks=text.html.count("<mark>"), tight=True, span=span)


def _shows(html: str) -> bool:
    """Whether there is anything to see; HTML that starts with a letter needs no closer look."""
    if "<" not in html or html[0] not in "<&":
        return bool(html)
    return bool(markup.plain_of(html) or _HAS_CONTENT.search(html))


def _ticked(blocks: tuple[Block, ...], done: bool) -> tuple[Block, ...]:
    """The blocks of a task list's item, with its box."""
    match blocks:
        case (Prose(html=html, plain=plain) as first, *others):
            box = "☑" if done else "☐"
            start = "" if first.tight else "<p>"
            body = html.removeprefix(start)
            shown = replace(first, html=Html(f"{start}{box} {body}"), plain=f"{box} {plain}")
            return (shown, *others)
        case _:
            return blocks
