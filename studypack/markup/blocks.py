"""The block structure of Markdown as GitHub shows it, as an element tree whose elements know their place.

Takes the place of Python-Markdown's block parser, which indents lists by four columns only, wants blank lines where
GitHub does not, and forgets where a block stood. The rules are those of the GitHub Flavored Markdown specification
(0.29), chapters 4 and 5; definition lists, admonitions and footnotes are Python-Markdown's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from xml.etree.ElementTree import Element

from markdown.util import AtomicString

from studypack.markup.attributes import set_attributes, split_heading, without_id
from studypack.markup.inside import indented, is_closed, item_lines, quoted, until_closed
from studypack.markup.lines import Line, Placed, dedented, joined, span_of
from studypack.markup.starts import (
    ADMONITION,
    ASIDE,
    CALLOUT,
    CONTAINER,
    CONTAINER_KINDS,
    DEFINITION,
    DETAILS,
    FENCE,
    FOLDED_KINDS,
    FOOTNOTE,
    HEADING,
    HTML_HEADING,
    HTML_UNTIL,
    NUMBER,
    REFERENCE,
    REFERENCE_TITLE,
    SUMMARY,
    SUMMARY_END,
    TASK,
    Start,
    comment_end,
    container_end,
    formula_end,
    marker_of,
    split_row,
    start_of,
    starts_block,
    unmarked,
)
from studypack.span import Span

MAX_DEPTH = 40
"""How deep blocks may nest. WeasyPrint fails on lists nested past 75; nobody can read past ten."""


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

    references: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    footnotes: dict[str, Element] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


class BlockParser:
    """Builds the element tree of a guide. One instance a guide; `outcome` fills while it works."""

    def __init__(self) -> None:
        self.outcome = Outcome()
        self._blank: set[int] = set()
        self._leaves: Mapping[Start, Callable[[list[Line], int, Element], int]] = {
            Start.HEADING: self._heading,
            Start.RULE: self._rule,
            Start.FENCE: self._fence,
            Start.FORMULA: self._formula,
            Start.TABLE: self._table,
            Start.REFERENCE: self._reference,
            Start.CONTENTS: self._contents,
            Start.COMMENT: self._comment,
            Start.ATTRIBUTES: self._attributes,
        }
        self._containers: Mapping[Start, Callable[[list[Line], int, Element, int], int]] = {
            Start.QUOTE: self._quote,
            Start.LIST: self._list,
            Start.HTML: self._html,
            Start.FOOTNOTE: self._footnote,
            Start.ADMONITION: self._admonition,
            Start.CONTAINER: self._container,
        }

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
        index = 0
        paragraph: list[Line] = []
        while index < len(lines):
            line = lines[index]
            if line.blank:
                if not (paragraph and _is_term(paragraph, lines, index + 1)):
                    self._paragraph(paragraph, parent)
                self._blank.add(line.number)
                index += 1
            elif line.indent >= 4 and not paragraph:
                index = self._indented_code(lines, index, parent)
            elif line.indent >= 4 or (start := start_of(lines, index, bool(paragraph))) is None:
                paragraph.append(line)
                index += 1
            else:
                index = self._started(start, lines, index, paragraph, parent, depth)
        self._paragraph(paragraph, parent)

    def _started(
        self, start: Start, lines: list[Line], index: int, paragraph: list[Line], parent: Element, depth: int
    ) -> int:
        """Reads the block that starts at a line; gives the index of the line after it."""
        if start is Start.SETEXT:
            self._setext(paragraph, lines[index], parent)
            return index + 1
        if start is Start.DEFINITIONS:
            return self._definitions(lines, index, paragraph, parent, depth)
        self._paragraph(paragraph, parent)
        if start in self._leaves:
            return self._leaves[start](lines, index, parent)
        return self._containers[start](lines, index, parent, depth)

    def _find(self, code: str, line: Line, message: str, hint: str) -> None:
        column = line.indent + line.shift + 1
        span = Span(line.number, column, line.number, max(column + 1, len(line.text.rstrip()) + line.shift + 1))
        self.outcome.findings.append(Finding(code=code, span=span, message=message, hint=hint))

    # --- leaves ---

    def _paragraph(self, lines: list[Line], parent: Element) -> None:
        if lines and (text := without_id(joined(lines))):
            _element(parent, "p", lines).text = text
        lines.clear()

    def _too_deep(self, lines: list[Line], parent: Element) -> None:
        filled = [line for line in lines if not line.blank]
        if filled:
            self._find("SP207", filled[0], f"blocks nested more than {MAX_DEPTH} deep; shown flat from here", "")
            _element(parent, "p", filled).text = "\n".join(unmarked(line) for line in filled)

    def _indented_code(self, lines: list[Line], index: int, parent: Element) -> int:
        end = index
        while end < len(lines) and (lines[end].blank or lines[end].indent >= 4):
            end += 1
        block = lines[index:end]
        while block[-1].blank:
            block.pop()
        pre = _element(parent, "pre", block)
        pre.text = AtomicString("\n".join(line.cut(4).text if not line.blank else line.text[4:] for line in block))
        return end

    def _heading(self, lines: list[Line], index: int, parent: Element) -> int:
        match = HEADING.match(lines[index].text.strip())
        assert match is not None
        self._titled(parent, len(match[1]), match[2] or "", lines[index : index + 1])
        return index + 1

    def _setext(self, paragraph: list[Line], underline: Line, parent: Element) -> None:
        level = 1 if underline.text.lstrip()[0] == "=" else 2
        self._titled(parent, level, joined(paragraph), [*paragraph, underline])
        paragraph.clear()

    def _titled(self, parent: Element, level: int, text: str, lines: Sequence[Line]) -> None:
        heading = _element(parent, f"h{level}", lines)
        heading.text, attributes = split_heading(text)
        if attributes:
            set_attributes(heading, attributes)

    def _rule(self, lines: list[Line], index: int, parent: Element) -> int:
        _element(parent, "hr", lines[index : index + 1])
        return index + 1

    def _fence(self, lines: list[Line], index: int, parent: Element) -> int:
        opening = lines[index]
        match = FENCE.match(opening.text.strip())
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
        words = info.strip().strip("{}").split()
        language = words[0].lstrip(".") if words else ""
        if language == "math":
            _element(parent, "math", block).text = AtomicString(text.strip())
        else:
            _element(parent, "pre", block, lang=language).text = AtomicString(text)
        return end + 1

    def _formula(self, lines: list[Line], index: int, parent: Element) -> int:
        end = formula_end(lines, index)
        block = lines[index : end + 1]
        text = "\n".join(line.text.strip() for line in block).strip()
        _element(parent, "math", block).text = AtomicString(text[2:-2].strip())
        return end + 1

    def _contents(self, lines: list[Line], index: int, parent: Element) -> int:
        return index + 1

    def _comment(self, lines: list[Line], index: int, parent: Element) -> int:
        return comment_end(lines, index) + 1

    def _attributes(self, lines: list[Line], index: int, parent: Element) -> int:
        if len(parent):
            set_attributes(parent[-1], lines[index].text.strip())
            _widen(parent[-1], lines[index])
            if parent[-1].tag in ("ul", "ol") and parent[-1].get("attr-toc") is not None:
                parent.remove(parent[-1])  # `{:toc}`: kramdown puts the table of contents here
        else:
            _element(parent, "p", lines[index : index + 1]).text = lines[index].text.strip()
        return index + 1

    def _reference(self, lines: list[Line], index: int, parent: Element) -> int:
        text, used = lines[index].text.strip(), 1
        match = REFERENCE.match(text)
        if match is None and index + 1 < len(lines):  # the address may stand on the next line
            match, used = REFERENCE.match(f"{text} {lines[index + 1].text.strip()}"), 2
        if match is None:
            return self._lone(lines, index, parent)
        title = match[3]
        if title is None and index + used < len(lines) and (after := REFERENCE_TITLE.match(lines[index + used].text)):
            title, used = after[1], used + 1
        name = " ".join(match[1].lower().split())
        self.outcome.references.setdefault(name, (match[2].strip("<>"), title[1:-1] if title else None))
        return index + used

    def _lone(self, lines: list[Line], index: int, parent: Element) -> int:
        """A paragraph whose first line looked like something else."""
        end = index + 1
        while end < len(lines) and not lines[end].blank and not starts_block(lines[end].text.strip()):
            end += 1
        self._paragraph(lines[index:end], parent)
        return end

    # --- HTML ---

    def _html(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        if (match := DETAILS.match(lines[index].text.lstrip())) and not match[1]:
            return self._details(lines, index, parent, depth)
        if (match := ASIDE.match(lines[index].text.lstrip())) and not match[1] and is_closed(lines, index):
            return self._aside(lines, index, parent, depth)
        text = lines[index].text.lstrip()
        until = next((end for start, end in HTML_UNTIL if start.match(text)), None)
        end = index
        if until:
            while end < len(lines) and not until.search(lines[end].text, 4 if end == index else 0):
                end += 1
            if end == len(lines):
                self._find("SP211", lines[index], "raw HTML that is not closed hides the rest of the guide", "close it")
            end = min(end + 1, len(lines))
        else:
            while end < len(lines) and not lines[end].blank:
                end += 1
        block = lines[index:end]
        if heading := HTML_HEADING.match("\n".join(line.text.strip() for line in block)):
            self._titled(parent, int(heading[1]), " ".join(heading[2].split()), block)
            return end
        _element(parent, "raw", block).text = AtomicString("\n".join(line.text for line in block))
        return end

    def _details(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        """`<details>`, its summary and its content, which is Markdown whether or not a blank line parts them."""
        open_, after = DETAILS.search(lines[index].text), 0
        assert open_ is not None
        content, rest, end = until_closed(lines, index, open_.end())
        details = _element(parent, "details", lines[index : end + 1])
        after = next((i for i, line in enumerate(content) if not line.blank), 0)
        if content and (start := SUMMARY.match(content[after].text.lstrip())):
            content[after] = content[after].cut(content[after].indent + start.end())
            content = self._summary(content[after:], details)
        self._blocks(dedented(content), details, depth + 1)
        if rest is not None:
            lines[end] = rest
            return end
        return end + 1

    def _aside(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        """`<aside>`, which is how Notion exports a callout; what is in it is Markdown."""
        open_ = ASIDE.search(lines[index].text)
        assert open_ is not None
        content, rest, end = until_closed(lines, index, open_.end(), ASIDE)
        self._blocks(dedented(content), _element(parent, "blockquote", lines[index : end + 1]), depth + 1)
        if rest is not None:
            lines[end] = rest
            return end
        return end + 1

    def _summary(self, content: list[Line], details: Element) -> list[Line]:
        for number, line in enumerate(content):
            if closing := SUMMARY_END.search(line.text):
                head = [*content[:number], Line(line.text[: closing.start()], line.number, line.shift)]
                _element(details, "summary", head).text = joined(head)
                return [line.cut(closing.end()), *content[number + 1 :]]
        return content

    # --- containers ---

    def _quote(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        inner, end = quoted(lines, index)
        first = next((i for i, line in enumerate(inner) if not line.blank), None)
        callout = CALLOUT.match(inner[first].text.strip()) if first is not None else None
        if callout and first is not None:
            box = _element(parent, "callout", lines[index:end], kind=callout[1].lower())
            _element(box, "title", inner[first : first + 1]).text = callout[2].strip()
            self._blocks(inner[first + 1 :], box, depth + 1)
        else:
            self._blocks(inner, _element(parent, "blockquote", lines[index:end]), depth + 1)
        return end

    def _admonition(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        match = ADMONITION.match(lines[index].text.strip())
        assert match is not None
        end = index + 1
        while end < len(lines) and (lines[end].blank or lines[end].indent >= 4):
            end += 1
        box = _element(parent, "callout", lines[index:end], kind=match[1].lower())
        _element(box, "title", lines[index : index + 1]).text = match[2] or ""
        self._blocks([line.cut(min(4, line.indent)) for line in lines[index + 1 : end]], box, depth + 1)
        return end

    def _container(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        """`:::tip Title` down to its `:::`; `:::details Title` folds away, any other just shows what it holds."""
        match, end = CONTAINER.match(lines[index].text.strip()), container_end(lines, index)
        assert match is not None
        kind, title = (match[1] or match[2]).lower(), match[3] or match[4] or ""
        if kind in CONTAINER_KINDS:
            parent = _element(parent, "callout", lines[index : end + 1], kind=kind)
            _element(parent, "title", lines[index : index + 1]).text = title
        elif kind in FOLDED_KINDS:
            parent = _element(parent, "details", lines[index : end + 1])
            _element(parent, "summary", lines[index : index + 1]).text = title
        elif title:
            _element(parent, "p", lines[index : index + 1]).text = title
        self._blocks(lines[index + 1 : end], parent, depth + 1)
        return end + 1

    def _footnote(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        line = lines[index]
        match = FOOTNOTE.match(line.text.lstrip())
        assert match is not None
        inner, end = indented(lines, index, line.indent + match.end(), 4)
        note = Placed("footnote", {"name": match[1]})
        note.span = span_of(lines[index:end])
        self._blocks(inner, note, depth + 1)
        self.outcome.footnotes.setdefault(match[1], note)
        return end

    def _definitions(self, lines: list[Line], index: int, paragraph: list[Line], parent: Element, depth: int) -> int:
        """Terms (the lines of the paragraph above) and their definitions; joins the list just before it, if any."""
        last = parent[-1] if len(parent) else None
        if last is not None and last.tag == "dl" and paragraph:
            target = last
            _widen(target, lines[index])
        else:
            target = _element(parent, "dl", [*paragraph, lines[index]])
        for term in paragraph:
            _element(target, "dt", [term]).text = term.text.strip()
        paragraph.clear()
        while index < len(lines) and (match := DEFINITION.match(lines[index].text.lstrip(" "))):
            inner, end = indented(lines, index, lines[index].indent + match.end(), min(4, match.end()), DEFINITION)
            self._blocks(inner, _element(target, "dd", inner), depth + 1)
            _widen(target, next(line for line in reversed(inner) if not line.blank))
            index = end
        return index

    def _list(self, lines: list[Line], index: int, parent: Element, depth: int) -> int:
        first = lines[index].text.lstrip(" ")
        number = NUMBER.match(first)
        sign = number[2] if number else first[0]
        items, end = [], index  # type: tuple[list[list[Line]], int]
        while end < len(lines) and (marker := marker_of(lines[end], sign, bool(number))):
            item, end = item_lines(lines, end, *marker)
            items.append(item)
        block = lines[index:end]
        if number:
            target = _element(parent, "ol", block, **({"start": str(int(number[1]))} if int(number[1]) != 1 else {}))
        else:
            target = _element(parent, "ul", block)
        for item in items:
            self._item(item, target, depth)
        if not (self._parted(target) or any(self._parted(item) for item in target)):
            for paragraph in target.iterfind("li/p"):
                paragraph.set("tight", "1")
        return end

    def _parted(self, element: Element) -> bool:
        """Whether a blank line stands between two children of an element: what makes a list loose (GFM 5.3)."""
        spans = [child.span for child in element if isinstance(child, Placed)]
        between = (range(before.end_line + 1, after.line) for before, after in pairwise(spans))
        return any(number in self._blank for numbers in between for number in numbers)

    def _item(self, item: list[Line], target: Element, depth: int) -> None:
        element = _element(target, "li", item)
        if task := TASK.match(item[0].text):
            element.set("task", "done" if task[1] in "xX" else "open")
            item = [item[0].cut(task.end()), *item[1:]]
        self._blocks(item, element, depth + 1)

    def _table(self, lines: list[Line], index: int, parent: Element) -> int:
        end = index + 2
        while end < len(lines) and not lines[end].blank and not starts_block(lines[end].text.strip()):
            end += 1
        table = _element(parent, "table", lines[index:end])
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
        row = _element(table, "tr", [line])
        if tag == "td" and len(cells) != width:
            message = f"the row has {len(cells)} cells, the table's head {width}"
            self._find("SP204", line, message, r"add or remove a cell; write a bar inside a cell as \|")
        if len(cells) > width:  # GitHub drops what is over; here nothing is lost
            cells = [*cells[: width - 1], " | ".join(cells[width - 1 :])]
        for cell in [*cells, *[""] * (width - len(cells))]:
            _element(row, tag, [line]).text = cell


def _element(parent: Element, tag: str, lines: Sequence[Line], **attributes: str) -> Placed:
    """A new block at the end of another."""
    element = Placed(tag, attributes)
    element.span = span_of(lines)
    parent.append(element)
    return element


def _widen(element: Element, line: Line) -> None:
    """Makes a block reach to the end of a line below it."""
    if isinstance(element, Placed) and not line.blank:
        end = Span(line.number, 1, line.number, len(line.text.rstrip()) + line.shift + 1)
        element.span = element.span.to(end)


def _is_term(paragraph: Sequence[Line], lines: list[Line], index: int) -> bool:
    """Whether a paragraph is a term whose definition stands below a blank line, as Pandoc writes it."""
    if len(paragraph) > 1 or index == len(lines):
        return False
    return lines[index].text.startswith((":", " ")) and DEFINITION.match(lines[index].text.lstrip(" ")) is not None


def _alignment(cell: str) -> str:
    left, right = cell.startswith(":"), cell.endswith(":")
    return "center" if left and right else "right" if right else "left" if left else ""
