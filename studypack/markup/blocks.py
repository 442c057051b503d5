"""The block structure of Markdown as GitHub shows it, as an element tree whose elements know their place.

Takes the place of Python-Markdown's block parser, which indents lists by four columns only, wants blank lines where
GitHub does not, and forgets where a block stood. The rules are those of the GitHub Flavored Markdown specification
(0.29), chapters 4 and 5; definition lists, admonitions and footnotes are Python-Markdown's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

from markdown.util import AtomicString

from studypack.markup.attributes import ATTRIBUTE_LINE, set_attributes, split_heading
from studypack.span import Span

MAX_DEPTH = 40
"""How deep blocks may nest. WeasyPrint fails on lists nested past 75; nobody can read past ten."""

MAX_FORMULA_LINES = 200
"""How far the end of a displayed formula is looked for; a stray `$$` must not cost the rest of the guide."""


class Line(NamedTuple):
    """A line, or what is left of it inside a list item or quote.

    `text[i]` stands in column `i + 1 + shift` of line `number` of the file, except within leading blanks that were a tab.
    """

    text: str
    number: int
    shift: int

    def cut(self, count: int) -> Line:
        """The line without its first characters."""
        text, shift = self.text[count:], self.shift + count
        return Line(*_expanded(text, self.number, shift)) if "\t" in text[:4] else Line(text, self.number, shift)

    @property
    def indent(self) -> int:
        """How many blanks lead the line."""
        return len(self.text) - len(self.text.lstrip(" "))

    @property
    def blank(self) -> bool:
        """Whether nothing is on the line."""
        return not self.text or self.text.isspace()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something wrong with the structure: a diagnostic's code, place, message and hint."""

    code: str
    span: Span
    message: str
    hint: str


@dataclass(slots=True)
class Outcome:
    """What parsing blocks gives besides the tree."""

    spans: list[Span] = field(default_factory=list)
    references: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    footnotes: dict[str, Element] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


# Containers and leaves, recognised by how a line starts (leading blanks removed).
_ATX = re.compile(r"(#{1,6})(?:[ \t]+(.*)|[ \t]*)$")
_RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_FENCE = re.compile(r"(`{3,})([^`]*)$|(~{3,})(.*)$")
_BULLET = re.compile(r"([-+*])(?=[ \t]|$)")
_NUMBER = re.compile(r"(\d{1,9})([.)])(?=[ \t]|$)")
_DELIMITER_ROW = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_REFERENCE = re.compile(
    r"\[((?:[^\[\]\\]|\\.)+)\]:[ \t]*(<[^<>]*>|[^\s<]\S*)(?:[ \t]+(\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t]*$"
)
_REFERENCE_TITLE = re.compile(r"[ \t]*(\"[^\"]*\"|'[^']*'|\([^()]*\))[ \t]*$")
_FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]:[ \t]*")
_DEFINITION = re.compile(r":[ \t]+(?=\S)")
_ADMONITION = re.compile(r"(?:!!!|\?\?\?\+?)[ \t]+([\w-]+)(?:[ \t]+[\w-]+)*(?:[ \t]+\"(.*)\")?[ \t]*$")
_CALLOUT = re.compile(r"\[!(\w+)\][+-]?[ \t]*(.*)$")
_CONTENTS = re.compile(r"\[(?:TOC|toc|\[_TOC_\])\]$")
_TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")

_HTML_NAMES = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|"
    "fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|"
    "menuitem|nav|noframes|ol|optgroup|option|p|param|section|source|summary|table|tbody|td|tfoot|th|thead|title|tr|"
    "track|ul"
)
_HTML_UNTIL = (  # GFM 4.6, start conditions 1 to 5: the block runs until its own end, across blank lines
    (re.compile(r"<(?:script|pre|style|textarea)(?=[\s>]|$)", re.I), re.compile(r"</(?:script|pre|style|textarea)>", re.I)),
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<\?"), re.compile(r"\?>")),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")),
    (re.compile(r"<![A-Za-z]"), re.compile(r">")),
)
_HTML_BLOCK = re.compile(rf"</?(?:{_HTML_NAMES})(?=[\s/>]|$)", re.I)
_HTML_ALONE = re.compile(
    r"(?:<[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?)*\s*/?>"
    r"|</[A-Za-z][A-Za-z0-9-]*\s*>)[ \t]*$"
)
_HTML_HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>$", re.I | re.S)
_DETAILS = re.compile(r"<(/?)details\b[^>]*>", re.I)
_SUMMARY = re.compile(r"<summary\b[^>]*>", re.I)
_SUMMARY_END = re.compile(r"</summary\s*>", re.I)
_MATH = (("$$", "$$"), ("\\[", "\\]"))
_CONTAINER_PREFIX = re.compile(r"(?:(?:[-+*]|\d{1,9}[.)]|>)[ \t]+)+")


def _expanded(text: str, number: int, shift: int) -> tuple[str, int, int]:
    """Leading tabs as blanks, to the next multiple of four columns."""
    width, index = 0, 0
    for index, char in enumerate(text):
        if char == "\t":
            width += 4 - (width + shift) % 4
        elif char == " ":
            width += 1
        else:
            break
    else:
        index = len(text)
    return " " * width + text[index:], number, shift + index - width


def as_lines(texts: Sequence[str], first: int) -> list[Line]:
    """Lines of a file, the first of which is number `first`."""
    return [
        Line(*_expanded(text, number, 0)) if "\t" in text else Line(text, number, 0)
        for number, text in enumerate(texts, start=first)
    ]


class BlockParser:
    """Builds the element tree of a guide. One instance a guide; `outcome` fills while it works."""

    def __init__(self) -> None:
        self.outcome = Outcome()
        self._blank: set[int] = set()

    def parse(self, lines: list[Line]) -> Element:
        """The tree: a `div` of blocks. Text in it is Markdown's inline syntax still."""
        root = Element("div")
        self._blank.update(line.number for line in lines if line.blank)
        self._blocks(lines, root, 0)
        return root

    # --- the walk ---

    def _blocks(self, lines: list[Line], parent: Element, depth: int) -> None:
        if depth > MAX_DEPTH:
            self._too_deep(lines, parent)
            return
        index, paragraph = 0, []  # type: tuple[int, list[Line]]
        while index < len(lines):
            line = lines[index]
            stripped = line.text.lstrip(" ")
            if not stripped or stripped.isspace():
                self._paragraph(paragraph, parent)
                self._blank.add(line.number)
                index += 1
                continue
            if len(line.text) - len(stripped) >= 4:
                if paragraph:
                    paragraph.append(line)
                    index += 1
                else:
                    index = self._indented_code(lines, index, parent)
                continue
            starter = self._starter(stripped, lines, index, bool(paragraph))
            if starter is None:
                paragraph.append(line)
                index += 1
                continue
            if starter == _Setext:
                self._setext(paragraph, line, parent)
                index += 1
                continue
            if starter == _Definitions:
                index = self._definitions(lines, index, paragraph, parent, depth)
                continue
            if starter == _Attributes and paragraph:
                self._paragraph(paragraph, parent)
                set_attributes(parent[-1], stripped)
                index += 1
                continue
            self._paragraph(paragraph, parent)
            index = getattr(self, starter)(lines, index, parent, depth)
        self._paragraph(paragraph, parent)

    def _starter(self, text: str, lines: list[Line], index: int, open_paragraph: bool) -> str | None:
        """The name of the method that takes the block starting at this line; None for a line of a paragraph."""
        if find := _STARTERS.get(text[0]):
            if name := find(text, open_paragraph):
                return name
        elif text[0].isdigit() and (number := _NUMBER.match(text)) and _may_interrupt(text, number, open_paragraph):
            return "_list"
        if text.startswith(("$$", r"\[")) and _math_end(lines, index) >= 0:
            return "_math"
        if "|" in text and index + 1 < len(lines) and _is_table(lines, index):
            return "_table"
        return None

    def _element(self, parent: Element, tag: str, lines: Sequence[Line], **attributes: str) -> Element:
        element = SubElement(parent, tag, attributes)
        self._mark(element, lines)
        return element

    def _mark(self, element: Element, lines: Sequence[Line]) -> None:
        """Notes the place of an element: from the first character of its first line to the last of its last."""
        rows = [line for line in lines if not line.blank] or list(lines)
        first, last = rows[0], rows[-1]
        element.set("span", str(len(self.outcome.spans)))
        start = first.indent if not first.blank else 0
        self.outcome.spans.append(
            Span(
                first.number,
                start + first.shift + 1,
                last.number,
                len(last.text.rstrip()) + last.shift + 1,
            )
        )

    def _find(self, code: str, line: Line, message: str, hint: str) -> None:
        column = line.indent + line.shift + 1
        span = Span(line.number, column, line.number, max(column + 1, len(line.text.rstrip()) + line.shift + 1))
        self.outcome.findings.append(Finding(code=code, span=span, message=message, hint=hint))

    # --- leaves ---

    def _paragraph(self, lines: list[Line], parent: Element) -> None:
        if lines and (text := _joined(lines)):
            self._element(parent, "p", lines).text = text
        lines.clear()

    def _too_deep(self, lines: list[Line], parent: Element) -> None:
        filled = [line for line in lines if not line.blank]
        if filled:
            self._find("SP207", filled[0], f"blocks nested more than {MAX_DEPTH} deep; shown flat from here", "")
            self._element(parent, "p", filled).text = "\n".join(line.text.strip() for line in filled)

    def _indented_code(self, lines: list[Line], index: int, parent: Element) -> int:
        end = index
        while end < len(lines) and (lines[end].blank or lines[end].indent >= 4):
            end += 1
        block = lines[index:end]
        while block[-1].blank:
            block.pop()
        pre = self._element(parent, "pre", block)
        pre.text = AtomicString("\n".join(line.cut(4).text if not line.blank else line.text[4:] for line in block))
        return end

    def _heading(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        match = _ATX.match(lines[index].text.strip())
        assert match is not None
        self._titled(parent, len(match[1]), match[2] or "", lines[index : index + 1])
        return index + 1

    def _setext(self, paragraph: list[Line], underline: Line, parent: Element) -> None:
        level = 1 if underline.text.lstrip()[0] == "=" else 2
        self._titled(parent, level, _joined(paragraph), [*paragraph, underline])
        paragraph.clear()

    def _titled(self, parent: Element, level: int, text: str, lines: Sequence[Line]) -> None:
        heading = self._element(parent, f"h{level}", lines)
        heading.text, attributes = split_heading(text)
        if attributes:
            set_attributes(heading, attributes)

    def _rule(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        self._element(parent, "hr", lines[index : index + 1])
        return index + 1

    def _fence(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        opening = lines[index]
        match = _FENCE.match(opening.text.strip())
        assert match is not None
        ticks, info = (match[1], match[2]) if match[1] else (match[3], match[4])
        closing = re.compile(rf" {{0,3}}{re.escape(ticks[0])}{{{len(ticks)},}}[ \t]*$")
        end = index + 1
        while end < len(lines) and not closing.match(lines[end].text):
            end += 1
        code = lines[index + 1 : end]
        if end == len(lines):
            self._find("SP201", opening, f"the code fence {ticks} is not closed", f"end the code with a line {ticks}")
        text = "\n".join(line.text[min(line.indent, opening.indent) :] for line in code)
        block = lines[index : end + 1]
        language = info.strip().strip("{}").split()[0].lstrip(".") if info.strip().strip("{} ") else ""
        if language == "math":
            self._element(parent, "math", block).text = AtomicString(text.strip())
        else:
            self._element(parent, "pre", block, lang=language).text = AtomicString(text)
        return end + 1

    def _math(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        end = _math_end(lines, index)
        block = lines[index : end + 1]
        text = "\n".join(line.text.strip() for line in block).strip()
        self._element(parent, "math", block).text = AtomicString(text[2:-2].strip())
        return end + 1

    def _contents(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        return index + 1

    def _attributes(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        if len(parent):
            set_attributes(parent[-1], lines[index].text.strip())
        else:
            self._element(parent, "p", lines[index : index + 1]).text = lines[index].text.strip()
        return index + 1

    def _reference(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        text, used = lines[index].text.strip(), 1
        match = _REFERENCE.match(text)
        if match is None and index + 1 < len(lines):  # the address may stand on the next line
            match, used = _REFERENCE.match(f"{text} {lines[index + 1].text.strip()}"), 2
        if match is None:
            return self._lone(lines, index, parent)
        title = match[3]
        if title is None and index + used < len(lines) and (after := _REFERENCE_TITLE.match(lines[index + used].text)):
            title, used = after[1], used + 1
        name = " ".join(match[1].lower().split())
        self.outcome.references.setdefault(name, (match[2].strip("<>"), title[1:-1] if title else None))
        return index + used

    def _lone(self, lines: list[Line], index: int, parent: Element) -> int:
        """A paragraph whose first line looked like something else."""
        end = index + 1
        while end < len(lines) and not lines[end].blank and not _starts_block(lines[end].text.strip()):
            end += 1
        self._paragraph(lines[index:end], parent)
        return end

    # --- HTML ---

    def _html(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        if (match := _DETAILS.match(lines[index].text.lstrip())) and not match[1]:
            return self._details(lines, index, parent, depth)
        text = lines[index].text.lstrip()
        until = next((end for start, end in _HTML_UNTIL if start.match(text)), None)
        end = index
        if until:
            while end + 1 < len(lines) and not until.search(lines[end].text, 4 if end == index else 0):
                end += 1
            end += 1
        else:
            while end < len(lines) and not lines[end].blank:
                end += 1
        block = lines[index:end]
        if heading := _HTML_HEADING.match("\n".join(line.text.strip() for line in block)):
            self._titled(parent, int(heading[1]), " ".join(heading[2].split()), block)
            return end
        self._element(parent, "raw", block).text = AtomicString("\n".join(line.text for line in block))
        return end

    def _details(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        """`<details>`, its summary and its content, which is Markdown whether or not a blank line parts them."""
        open_, after = _DETAILS.search(lines[index].text), 0
        assert open_ is not None
        content, rest, end = _until_closed(lines, index, open_.end())
        details = self._element(parent, "details", lines[index : end + 1])
        after = next((i for i, line in enumerate(content) if not line.blank), 0)
        if content and (start := _SUMMARY.match(content[after].text.lstrip())):
            content[after] = content[after].cut(content[after].indent + start.end())
            content = self._summary(content[after:], details)
        self._blocks(_dedented(content), details, depth + 1)
        if rest is not None:
            lines[end] = rest
            return end
        return end + 1

    def _summary(self, content: list[Line], details: Element) -> list[Line]:
        for number, line in enumerate(content):
            if closing := _SUMMARY_END.search(line.text):
                head = [*content[:number], Line(line.text[: closing.start()], line.number, line.shift)]
                self._element(details, "summary", head).text = _joined(head)
                return [line.cut(closing.end()), *content[number + 1 :]]
        return content

    # --- containers ---

    def _quote(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        inner: list[Line] = []
        end = index
        while end < len(lines):
            line = lines[end]
            stripped = line.text.lstrip(" ")
            if stripped.startswith(">") and line.indent < 4:
                cut = line.cut(line.indent + 1)
                inner.append(cut.cut(1) if cut.text.startswith(" ") else cut)
            elif line.blank or not _is_lazy(line, inner):
                break
            else:
                inner.append(line)
            end += 1
        first = next((i for i, line in enumerate(inner) if not line.blank), None)
        callout = _CALLOUT.match(inner[first].text.strip()) if first is not None else None
        if callout and first is not None:
            box = self._element(parent, "callout", lines[index:end], kind=callout[1].lower())
            self._element(box, "title", inner[first : first + 1]).text = callout[2].strip()
            self._blocks(inner[first + 1 :], box, depth + 1)
        else:
            self._blocks(inner, self._element(parent, "blockquote", lines[index:end]), depth + 1)
        return end

    def _admonition(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        match = _ADMONITION.match(lines[index].text.strip())
        assert match is not None
        end = index + 1
        while end < len(lines) and (lines[end].blank or lines[end].indent >= 4):
            end += 1
        box = self._element(parent, "callout", lines[index:end], kind=match[1].lower())
        self._element(box, "title", lines[index : index + 1]).text = match[2] or ""
        self._blocks([line.cut(min(4, line.indent)) for line in lines[index + 1 : end]], box, depth + 1)
        return end

    def _footnote(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        line = lines[index]
        match = _FOOTNOTE.match(line.text.lstrip())
        assert match is not None
        inner, end = [line.cut(line.indent + match.end())], index + 1
        while end < len(lines):
            line = lines[end]
            if not line.blank and line.indent < 4 and (inner[-1].blank or not _is_lazy(line, inner)):
                break
            inner.append(line.cut(min(4, line.indent)))
            end += 1
        note = Element("footnote", {"name": match[1]})
        self._mark(note, lines[index:end])
        self._blocks(inner, note, depth + 1)
        self.outcome.footnotes.setdefault(match[1], note)
        return end

    def _definitions(
        self, lines: list[Line], index: int, paragraph: list[Line], parent: Element, depth: int
    ) -> int:
        """Terms (the lines of the paragraph above) and their definitions; joins the list just before it, if any."""
        last = parent[-1] if len(parent) else None
        if last is not None and last.tag == "dl" and paragraph:
            target = last
            self._widen(target, lines[index])
        else:
            target = self._element(parent, "dl", [*paragraph, lines[index]])
        for term in paragraph:
            self._element(target, "dt", [term]).text = term.text.strip()
        paragraph.clear()
        while index < len(lines) and (match := _DEFINITION.match(lines[index].text.lstrip(" "))):
            line = lines[index]
            inner, end = [line.cut(line.indent + match.end())], index + 1
            while end < len(lines):
                line = lines[end]
                if not line.blank and line.indent < min(4, match.end()) and not _is_lazy(line, inner):
                    break
                if not line.blank and inner[-1].blank and line.indent < min(4, match.end()):
                    break
                inner.append(line.cut(min(4, line.indent)))
                end += 1
            self._blocks(inner, self._element(target, "dd", inner), depth + 1)
            self._widen(target, inner[-1])
            index = end
        return index

    def _widen(self, element: Element, line: Line) -> None:
        number = int(element.get("span", "0"))
        span = self.outcome.spans[number]
        if not line.blank:
            end = Span(line.number, 1, line.number, len(line.text.rstrip()) + line.shift + 1)
            self.outcome.spans[number] = span.to(end)

    def _list(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        first = lines[index].text.lstrip(" ")
        number = _NUMBER.match(first)
        sign = number[2] if number else first[0]
        items, end = [], index  # type: tuple[list[list[Line]], int]
        while end < len(lines) and (marker := _marker(lines[end], sign, bool(number))):
            item, end = _gather_item(lines, end, *marker)
            items.append(item)
        block = lines[index:end]
        if number:
            target = self._element(parent, "ol", block, **({"start": str(int(number[1]))} if int(number[1]) != 1 else {}))
        else:
            target = self._element(parent, "ul", block)
        for item in items:
            self._item(item, target, depth)
        if not (self._parted(target) or any(self._parted(item) for item in target)):
            for paragraph in target.iterfind("li/p"):
                paragraph.set("tight", "1")
        return end

    def _parted(self, element: Element) -> bool:
        """Whether a blank line stands between two children of an element: what makes a list loose (GFM 5.3)."""
        spans = [self.outcome.spans[int(child.get("span", "0"))] for child in element]
        between = (range(before.end_line + 1, after.line) for before, after in pairwise(spans))
        return any(number in self._blank for numbers in between for number in numbers)

    def _item(self, item: list[Line], target: Element, depth: int) -> None:
        element = self._element(target, "li", item)
        if task := _TASK.match(item[0].text):
            element.set("task", "done" if task[1] in "xX" else "open")
            item = [item[0].cut(task.end()), *item[1:]]
        self._blocks(item, element, depth + 1)

    def _table(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        end = index + 2
        while end < len(lines) and not lines[end].blank and not _starts_block(lines[end].text.strip()):
            end += 1
        table = self._element(parent, "table", lines[index:end])
        header, delimiter = split_row(lines[index].text), split_row(lines[index + 1].text)
        width = max(len(header), len(delimiter))
        table.set("align", ",".join(_alignment(cell) for cell in [*delimiter, *[""] * (width - len(delimiter))]))
        if len(header) != len(delimiter):
            message = f"the table's head has {len(header)} cells, the line below it {len(delimiter)}"
            self._find("SP204", lines[index + 1], message, "give both the same number of cells")
        self._row(table, "th", lines[index], header, width)
        for line in lines[index + 2 : end]:
            self._row(table, "td", line, split_row(line.text, width), width)
        return end

    def _row(self, table: Element, tag: str, line: Line, cells: list[str], width: int) -> None:
        row = self._element(table, "tr", [line])
        if tag == "td" and len(cells) != width:
            message = f"the row has {len(cells)} cells, the table's head {width}"
            self._find("SP204", line, message, r"add or remove a cell; write a bar inside a cell as \|")
        if len(cells) > width:  # GitHub drops what is over; here nothing is lost
            cells = [*cells[: width - 1], " | ".join(cells[width - 1 :])]
        for cell in [*cells, *[""] * (width - len(cells))]:
            self._element(row, tag, [line]).text = cell


_Setext, _Definitions, _Attributes = "_setext", "_definitions", "_attributes"


def _minus(text: str, open_paragraph: bool) -> str | None:
    if open_paragraph and not text.rstrip().strip("-"):
        return _Setext
    return _bullet(text, open_paragraph)


def _bullet(text: str, open_paragraph: bool) -> str | None:
    if _RULE.match(text):
        return "_rule"
    match = _BULLET.match(text)
    return "_list" if match and _may_interrupt(text, match, open_paragraph) else None


def _html_start(text: str, open_paragraph: bool) -> str | None:
    if _HTML_BLOCK.match(text) or any(start.match(text) for start, _ in _HTML_UNTIL):
        return "_html"
    return "_html" if not open_paragraph and _HTML_ALONE.match(text) else None


def _bracket(text: str, open_paragraph: bool) -> str | None:
    if _FOOTNOTE.match(text):
        return "_footnote"
    if open_paragraph:
        return None
    if _CONTENTS.match(text.rstrip()):
        return "_contents"
    return "_reference" if re.match(r"\[(?:[^\[\]\\]|\\.)+\]:", text) else None


def _when(pattern: re.Pattern[str], name: str) -> Callable[[str, bool], str | None]:
    def find(text: str, open_paragraph: bool) -> str | None:
        return name if pattern.match(text.rstrip()) else None

    return find


_STARTERS: dict[str, Callable[[str, bool], str | None]] = {
    "#": _when(_ATX, "_heading"),
    "`": _when(_FENCE, "_fence"),
    "~": _when(_FENCE, "_fence"),
    ">": lambda text, open_paragraph: "_quote",
    "-": _minus,
    "+": _bullet,
    "*": _bullet,
    "_": _when(_RULE, "_rule"),
    "=": lambda text, open_paragraph: _Setext if open_paragraph and not text.rstrip().strip("=") else None,
    "<": _html_start,
    "[": _bracket,
    "!": _when(_ADMONITION, "_admonition"),
    "?": _when(_ADMONITION, "_admonition"),
    ":": lambda text, open_paragraph: _Definitions if open_paragraph and _DEFINITION.match(text) else None,
    "{": _when(ATTRIBUTE_LINE, _Attributes),
}


def _may_interrupt(text: str, marker: re.Match[str], open_paragraph: bool) -> bool:
    """Whether a list may start right below a paragraph: not with an empty item, nor with a number other than one."""
    if not open_paragraph:
        return True
    return bool(text[marker.end() :].strip()) and (not marker[1].isdigit() or int(marker[1]) == 1)


def _starts_block(text: str) -> bool:
    """Whether a line, by itself, begins a block that ends a paragraph or table."""
    if not text:
        return False
    if find := _STARTERS.get(text[0]):
        name = find(text, True)
        return name is not None and name not in (_Setext, _Definitions)
    return bool((number := _NUMBER.match(text)) and _may_interrupt(text, number, True))


def _is_lazy(line: Line, inner: list[Line]) -> bool:
    """Whether a line that lacks its container's mark still continues the paragraph inside (GFM 5.1, laziness)."""
    text = line.text.strip()
    if not inner or inner[-1].blank or _starts_block(text) or not text.strip("=-"):
        return False
    if _in_fence(inner):
        return False
    last = _CONTAINER_PREFIX.sub("", inner[-1].text.lstrip(" "), count=1)
    if inner[-1].indent >= 4 and len(inner) == 1:
        return False
    return bool(last.strip()) and not (_ATX.match(last) or _RULE.match(last) or last.startswith(("<", "|", "```", "~~~")))


def _in_fence(lines: list[Line]) -> bool:
    """Whether a code fence is still open at the end of these lines."""
    open_: str | None = None
    for line in lines:
        text = _CONTAINER_PREFIX.sub("", line.text.strip(), count=1)
        if open_ is None and (match := _FENCE.match(text)):
            open_ = match[1] or match[3]
        elif open_ is not None and text.startswith(open_) and not text.strip(open_[0]):
            open_ = None
    return open_ is not None


def _joined(lines: Sequence[Line]) -> str:
    """The text of a paragraph: indents gone, hard line breaks in Markdown's own spelling, two blanks."""
    rows = [line.text.lstrip() for line in lines]
    for number, row in enumerate(rows[:-1]):
        bare = row.rstrip()
        backslashes = len(bare) - len(bare.rstrip("\\"))
        if backslashes % 2 and bare == row:
            rows[number] = f"{bare[:-1]}  "
        else:
            rows[number] = f"{bare}  " if row.endswith("  ") else bare
    rows[-1] = rows[-1].rstrip()
    return "\n".join(rows)


def _math_end(lines: list[Line], index: int) -> int:
    """The index of the line that ends the formula starting here, or -1."""
    text = lines[index].text.strip()
    for opening, closing in _MATH:
        if text.startswith(opening):
            if len(text) >= 4 and text.endswith(closing):
                return index
            for end in range(index + 1, min(len(lines), index + MAX_FORMULA_LINES)):
                row = lines[end].text.strip()
                if not row and opening == r"\[":
                    return -1
                if row.endswith(closing):
                    return end
    return -1


def _until_closed(lines: list[Line], index: int, start: int) -> tuple[list[Line], Line | None, int]:
    """The lines inside `<details>`, what follows its end on the same line, and the index of that line."""
    depth, end = 1, index
    content: list[Line] = []
    fence: str | None = None
    while end < len(lines):
        line = lines[end].cut(start) if end == index else lines[end]
        mark = _FENCE.match(line.text.strip())
        if fence is None and mark:
            fence = mark[1] or mark[3]
        elif fence is not None and line.text.strip().startswith(fence):
            fence = None
        for tag in _DETAILS.finditer(line.text) if fence is None else ():
            depth += -1 if tag[1] else 1
            if depth == 0:
                content.append(Line(line.text[: tag.start()], line.number, line.shift))
                rest = line.cut(tag.end())
                return content, None if rest.blank else rest, end
        content.append(line)
        end += 1
    return content, None, end - 1


def _dedented(lines: list[Line]) -> list[Line]:
    """Lines without the indent that all of them share, for authors who indent inside HTML."""
    common = min((line.indent for line in lines[1:] if not line.blank), default=0)
    return [line.cut(min(common, line.indent)) for line in lines]


def _marker(line: Line, sign: str, numbered: bool) -> tuple[int, int] | None:
    """The end of a list item's marker and the blanks after it, if the line starts an item of this list."""
    text = line.text.lstrip(" ")
    indent = len(line.text) - len(text)
    match = _NUMBER.match(text) if numbered else _BULLET.match(text)
    if indent >= 4 or match is None or (match[2] if numbered else match[1]) != sign or _RULE.match(text):
        return None
    after = line.cut(indent + match.end())
    return indent + match.end(), after.indent if 1 <= after.indent <= 4 and not after.blank else 1


def _gather_item(lines: list[Line], index: int, end_of_marker: int, gap: int) -> tuple[list[Line], int]:
    """The lines of a list item, without its marker and indent, and the index of the line after it."""
    first = lines[index].cut(end_of_marker)
    item = [first.cut(min(gap, len(first.text)))]
    width, end = end_of_marker + gap, index + 1
    while end < len(lines):
        line = lines[end]
        if line.blank:
            if end == index + 1 and item[0].blank:
                break
            item.append(line.cut(min(width, len(line.text))))
        elif line.indent >= width:
            item.append(line.cut(width))
        elif _is_lazy(line, item) and not _marker_at(line):
            item.append(line)
        else:
            break
        end += 1
    while len(item) > 1 and item[-1].blank and end < len(lines) and not _marker_at(lines[end]):
        item.pop()
    return item, end


def _marker_at(line: Line) -> bool:
    text = line.text.lstrip(" ")
    return line.indent < 4 and bool(_BULLET.match(text) or _NUMBER.match(text))


def _is_table(lines: list[Line], index: int) -> bool:
    """Whether a table starts here: a row, and below it a row of dashes."""
    below = lines[index + 1].text.strip()
    if "-" not in below or lines[index + 1].indent >= 4 or not _DELIMITER_ROW.match(below):
        return False
    cells, dashes = len(split_row(lines[index].text)), len(split_row(below))
    return cells == dashes or ("|" in below and min(cells, dashes) >= 2)


def split_row(text: str, width: int = 0) -> list[str]:
    r"""The cells of a table row. A bar inside a cell is written `\|`, also in code (GFM 4.10).

    Bars within code spans part cells too, as on GitHub, unless only keeping them gives the `width` that is due.
    """
    cells = _split(text, re.compile(r"(?<!\\)\|"))
    if width and len(cells) > width and "`" in text:
        kept = _split(re.sub(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)", lambda m: m[0].replace("|", "\\|"), text), re.compile(r"(?<!\\)\|"))
        if len(kept) == width:
            return kept
    return cells


def _split(text: str, bar: re.Pattern[str]) -> list[str]:
    text = text.strip()
    text = text.removeprefix("|")
    if text.endswith("|") and not text.endswith("\\|"):
        text = text[:-1]
    return [cell.strip().replace("\\|", "|") for cell in bar.split(text)]


def _alignment(cell: str) -> str:
    left, right = cell.startswith(":"), cell.endswith(":")
    return "center" if left and right else "right" if right else "left" if left else ""
