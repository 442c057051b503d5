"""The structure of a guide: its title, its topics, their sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from xml.etree.ElementTree import Element

from studypack import markup
from studypack.diagnostics import Diagnostic, has_errors, in_order
from studypack.folder import FileFault
from studypack.frontmatter import Settings, read_settings
from studypack.markup import Tree
from studypack.model import NO_CLASSES, Block, Footnote, Guide, Section, Text
from studypack.parse.blocks import BlockReader, depth_of
from studypack.parse.findings import Findings
from studypack.parse.links import Anchors, Links
from studypack.source import Source
from studypack.span import START, Span

_FOOTNOTE = re.compile(r"\[\^[\w-]+\]")
_NAMED = re.compile(r"""<[a-z][^<>]{0,200}?\s(?:id|name)=["']?([^"'\s<>]+)""", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """A heading that is not in the source, though it is in the guide: its depth, text, own `#id` if any, and place."""

    depth: int
    text: str
    pinned: str | None
    span: Span


def read_guide(
    source: Source, hidden: Mapping[int, Sequence[Hidden]] = MappingProxyType({})
) -> tuple[Guide | None, tuple[Diagnostic, ...]]:
    """The guide in a source, or None if it has errors; and everything that is wrong with it.

    `hidden` are headings whose anchors are taken, by the line of the heading that they stand below.
    """
    settings, diagnostics = read_settings(source)
    findings = Findings(source, list(diagnostics))
    tree = markup.read_markup(source.lines[source.body - 1 :], source.body)
    for found in tree.findings:
        findings.add(found.code, found.span, found.message, found.hint)
    guide = _Structure(source, settings, tree, findings, hidden).guide()
    found_all = in_order(findings.diagnostics)
    return (None if has_errors(found_all) else guide), found_all


@dataclass(slots=True)
class _Part:
    """A heading and the blocks up to the next heading that is not below it."""

    heading: Element
    body: list[Element]


class _Structure:
    def __init__(
        self,
        source: Source,
        settings: Settings,
        tree: Tree,
        findings: Findings,
        hidden: Mapping[int, Sequence[Hidden]],
    ) -> None:
        self.source, self.settings, self.tree, self.findings = source, settings, tree, findings
        self.hidden = hidden
        self.anchors = Anchors(self._headings(), _NAMED.findall("\n".join(source.lines)))
        self.links = Links(source.media, self.anchors, settings.url, findings)
        tree.resolve_with(self.links.resolve)
        self.blocks = BlockReader(tree, self.links, findings)

    def guide(self) -> Guide:
        elements = [element for element in self.tree.root if not self._is_empty_heading(element)]
        if not elements:
            self.findings.add("SP106", START, "the guide is empty", "write a heading and some text")
        title, elements = self._title(elements)
        topmost = _topic_depth(elements)
        before, parts = _parts(elements, topmost)
        numbers = self._number_footnotes()
        settings = self.settings
        level = (title.get("attr-level") if title is not None else None) or settings.level
        heading = self.blocks.text(title) if title is not None else None
        shown = Text(html=markup.text_html(settings.title), plain=settings.title) if settings.title else heading
        shown = shown or Text(html=markup.text_html(self.source.name), plain=self.source.name)
        subtitle = settings.subtitle or (heading.plain if heading and heading.plain != shown.plain else None)
        classes = self.blocks.classes(title, NO_CLASSES) if title is not None else NO_CLASSES
        intro = self.blocks.blocks(before, classes)
        topics = tuple(self._topics(parts, classes, level))
        footnotes = self._footnotes(numbers)
        theme, css = self._theme()
        return Guide(
            name=self.source.name,
            path=self.source.path,
            title=shown,
            subtitle=subtitle,
            description=settings.description,
            author=settings.author,
            lang=settings.lang or "en",
            deck=settings.deck or shown.plain.replace("::", ":"),
            tags=settings.tags,
            url=settings.url,
            paper=settings.paper or "A4",
            sheets=settings.sheets,
            columns=settings.columns,
            margins=settings.margins,
            theme=theme,
            css=css,
            matrix_fit=settings.matrix_fit,
            cards=settings.cards,
            intro=intro,
            topics=topics,
            level=level,
            footnotes=footnotes,
            media=self.links.used(),
            definitions=self.tree.definitions,
        )

    def _theme(self) -> tuple[str, str]:
        """The built-in theme, and the author's own rules to go on top."""
        theme, css = "plain", ""
        for name, span in self.settings.theme:
            if not name.lower().endswith(".css"):
                theme = name
                continue
            sheet = self.source.stylesheet(name)
            if isinstance(sheet, FileFault):
                self.findings.add(sheet.code, span, sheet.message, sheet.hint)
                continue
            css = sheet.css
            for place, what in sheet.left_out:
                message = f"{name}, line {place.line}, column {place.column}: this is left out: {what}"
                self.findings.add("SP505", span, message, "see what a style sheet may hold")
        return theme, css

    def _title(self, elements: list[Element]) -> tuple[Element | None, list[Element]]:
        """The single leading H1, and the elements without it."""
        headings = [element for element in elements if depth_of(element)]
        if headings and headings[0].tag == "h1" and all(heading.tag != "h1" for heading in headings[1:]):
            return headings[0], [element for element in elements if element is not headings[0]]
        return None, elements

    def _is_empty_heading(self, element: Element) -> bool:
        if not depth_of(element) or self.tree.plain(element):
            return False
        self.findings.add("SP202", self.tree.span(element), "a heading without text", "give it a text or delete it")
        return True

    def _topics(self, parts: Iterable[_Part], classes: frozenset[str], level: str | None) -> Iterator[Section]:
        """The topics, each let go as elements once it is read: the two forms of a guide are large."""
        for part in parts:
            yield self._section(part, classes, level)
            for element in part.body:
                element.clear()

    def _section(self, part: _Part, above: frozenset[str], level: str | None) -> Section:
        heading, span = part.heading, self.tree.span(part.heading)
        classes = self.blocks.classes(heading, above)
        level = heading.get("attr-level") or level
        text = self.blocks.text(heading)
        before, parts = _parts(part.body)
        end = self.tree.span(part.body[-1]) if part.body else span
        return Section(
            heading=text,
            anchor=self.anchors.of(heading),
            depth=depth_of(heading),
            blocks=self._section_blocks(before, classes, text),
            sections=tuple(self._section(below, classes, level) for below in parts),
            pinned=heading.get("id") is not None,
            level=level,
            classes=classes,
            span=span.to(end),
        )

    def _section_blocks(self, elements: Sequence[Element], classes: frozenset[str], heading: Text) -> tuple[Block, ...]:
        """A section that is marked so, or whose heading is one letter of the alphabet, is a glossary."""
        glossary = "terms" in classes or (len(heading.plain) == 1 and heading.plain.isalpha())
        return self.blocks.blocks(elements, classes - {"question", "questions"}, glossary)

    def _headings(self) -> Iterator[tuple[Element, str]]:
        """Every heading with its text; two with the same id of the author's are an error."""
        pinned: dict[str, Span] = {}
        for element, text, span in self._all_headings():
            anchor = element.get("id")
            if anchor and anchor in pinned:
                message = f"two headings have the id #{anchor}; the other is on line {pinned[anchor].line}"
                self.findings.add("SP206", span, message, "an id tells who a card is: make it unique")
            if anchor:
                pinned[anchor] = span
            yield element, text

    def _all_headings(self) -> Iterator[tuple[Element, str, Span]]:
        """The headings of the guide in its order, the hidden ones too."""
        roots = (self.tree.root, *self.tree.footnotes.values())
        for element in (element for root in roots for element in root.iter()):
            if not depth_of(element):
                continue
            span = self.tree.span(element)
            yield element, self.tree.plain(element), span
            for below in self.hidden.get(span.line, ()):
                yield Element(f"h{below.depth}", {"id": below.pinned} if below.pinned else {}), below.text, below.span

    def _number_footnotes(self) -> dict[str, int]:
        """Numbers by first reference, written into the references; the unused follow."""
        numbers: dict[str, int] = {}
        marked = any("^" in line for line in self.source.lines)  # else there is no reference to look for
        for root in (self.tree.root, *self.tree.footnotes.values()):
            if marked:
                self._undefined_footnotes(root, self.tree.span(root))
            for element in root.iter("sup"):
                if name := element.get("data-footnote"):
                    element.text = str(numbers.setdefault(name, len(numbers) + 1))
        for name, element in self.tree.footnotes.items():
            if name not in numbers:
                message = f"nothing refers to the footnote [^{name}]"
                self.findings.add("SP208", self.tree.span(element), message, "refer to it, or delete it")
                numbers[name] = len(numbers) + 1
        return numbers

    def _undefined_footnotes(self, element: Element, span: Span) -> None:
        """Reports references that stayed text, for nothing defines them."""
        pending = [(element, span)]
        while pending:
            element, span = pending.pop()
            if element.tag in ("code", "pre", "math", "raw"):
                continue
            span = self.tree.span(element, span)
            for text in (element.text or "", *(child.tail or "" for child in element)):
                for found in _FOOTNOTE.finditer(text):
                    message = f"the footnote {found[0]} is not defined"
                    hint = f"write its text as {found[0]}: … in a paragraph of its own"
                    self.findings.add("SP208", self.findings.locate(found[0], span), message, hint)
            pending.extend((child, span) for child in reversed(element))

    def _footnotes(self, numbers: dict[str, int]) -> tuple[Footnote, ...]:
        notes = (
            Footnote(
                name=name,
                number=numbers[name],
                blocks=self.blocks.blocks(list(element), NO_CLASSES),
                span=self.tree.span(element),
            )
            for name, element in self.tree.footnotes.items()
        )
        return tuple(sorted(notes, key=lambda note: note.number))


def _topic_depth(elements: Sequence[Element]) -> int:
    """The shallowest heading level used at least twice; else the shallowest there is."""
    depths = [depth for element in elements if (depth := depth_of(element))]
    return min((depth for depth in set(depths) if depths.count(depth) > 1), default=min(depths, default=1))


def _parts(elements: Sequence[Element], topmost: int = 0) -> tuple[list[Element], list[_Part]]:
    """The blocks before the first heading, then each heading with what belongs to it.

    Headings as deep as `topmost` or less deep all stand side by side.
    """
    before: list[Element] = []
    parts: list[_Part] = []
    limit = 0
    for element in elements:
        depth = depth_of(element)
        if depth and (not parts or depth <= limit):
            parts.append(_Part(element, []))
            limit = max(depth, topmost)
        elif parts:
            parts[-1].body.append(element)
        else:
            before.append(element)
    return before, parts
