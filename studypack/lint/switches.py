"""What an author switches off: in the front matter for a whole guide, by a comment for a line or a block.

`<!-- studypack: ignore SP601 SP604 -->` on a line of its own holds for the block below it: a paragraph, a list, a
table, code; before a heading, for all that belongs to that heading. Behind text it holds for what is found on that
line. Without codes it holds for every warning. Errors cannot be switched off, for no pack can be made of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from studypack.diagnostics import Diagnostic, Severity, why_not_ignored
from studypack.frontmatter import read_settings
from studypack.lint.reading import blocks_of
from studypack.model import Definitions, Guide, Listing, Section, Table
from studypack.source import Source
from studypack.span import Span

_COMMENT = re.compile(r"<!--\s*studypack\b((?:\s*:\s*ignore(?![\w-]))?)(.*?)(?:-->|$)", re.I)
_ALONE = re.compile(r"[\s>*+-]*<!--[^>]*-->\s*$")
_FENCE = re.compile(r"[\s>]*(`{3,}|~{3,})")
_WORD = re.compile(r"[^\s,;:]+")
_REASON = re.compile(r"\s(?:[^\W\d]{3,}|--|[–—])(?!\S)")  # “SP601 because …”
_MEANT = re.compile(r"\s*:|.*\bSP\d", re.I)  # others are notes of the author's
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


_NOT_UNDERSTOOD = (
    "this comment switches nothing off",
    "write it on one line: <!-- studypack: ignore SP601 -->",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Switch:
    """Codes that are off from a line to a line, both included; None for all of them."""

    codes: frozenset[str] | None
    first: int
    last: int


class Switches:
    """What is switched off in one guide."""

    def __init__(self, source: Source, guide: Guide | None) -> None:
        self.everywhere = frozenset(read_settings(source)[0].ignore if "ignore" in source.front else ())
        self.faults: tuple[Diagnostic, ...] = ()
        self._source = source
        self._switches = tuple(self._comments(guide))

    def silence(self, found: Diagnostic) -> bool:
        """Whether the author does not want to hear of a finding."""
        return found.severity is not Severity.ERROR and self.off(found.code, found.span.line)

    def off(self, code: str, line: int) -> bool:
        """Whether a rule is switched off on a line."""
        return code in self.everywhere or any(
            switch.first <= line <= switch.last and (switch.codes is None or code in switch.codes)
            for switch in self._switches
        )

    def _comments(self, guide: Guide | None) -> Iterator[_Switch]:
        if not any("studypack" in line.lower() for line in self._source.lines):
            return
        ends = _ends(guide) if guide else {}
        for number, line in _outside_code(self._source):
            for comment in _COMMENT.finditer(_CODE_SPAN.sub(lambda span: " " * len(span[0]), line)):
                if not (comment[1] and comment[0].endswith("-->")):
                    if _MEANT.match(comment[2]):
                        self._fault(number, comment.start(), comment.end(), *_NOT_UNDERSTOOD)
                    continue
                codes = self._codes(number, comment)
                last = self._reach(number, ends) if _ALONE.match(line) else number
                yield _Switch(codes=codes, first=number, last=last)

    def _codes(self, number: int, comment: re.Match[str]) -> frozenset[str] | None:
        """The codes that a comment names; what is no code that can be switched off is a fault."""
        named = list(_WORD.finditer(comment[2]))
        if named and any(sign.isdigit() for sign in named[0][0]) and (reason := _REASON.search(comment[2])):
            named = [word for word in named if word.end() <= reason.start()]
        for word in named:
            if fault := why_not_ignored(word[0]):
                start = comment.start(2) + word.start()
                self._fault(number, start, start + len(word[0]), *fault)
        return frozenset(word[0].upper() for word in named) if named else None

    def _fault(self, number: int, start: int, end: int, message: str, hint: str) -> None:
        span = Span(number, start + 1, number, end + 1)
        found = Diagnostic(code="SP110", path=self._source.path, span=span, message=message, hint=hint)
        self.faults = (*self.faults, found)

    def _reach(self, number: int, ends: Mapping[int, int]) -> int:
        """The last line of the block below a comment."""
        lines = self._source.lines
        below = number + 1
        while below <= len(lines) and (not lines[below - 1].strip() or _ALONE.match(lines[below - 1])):
            below += 1
        if below in ends:
            return ends[below]
        while below < len(lines) and lines[below].strip():
            below += 1
        return below


def _outside_code(source: Source) -> Iterator[tuple[int, str]]:
    """The lines of a guide's text, but for those of fences: what stands there is shown, not obeyed."""
    fence = ""
    for number, line in enumerate(source.lines[source.body - 1 :], start=source.body):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence:
            yield number, line


def _ends(guide: Guide) -> Mapping[int, int]:
    """The last line of what starts on a line; of several things, of the largest."""
    found: dict[int, int] = {}
    for span in _spans(guide):
        found[span.line] = max(found.get(span.line, 0), span.end_line)
    return found | dict(_chapters(tuple(_headings(guide.topics))))


def _headings(sections: Iterable[Section]) -> Iterator[Section]:
    for section in sections:
        yield section
        yield from _headings(section.sections)


def _chapters(headings: Sequence[Section]) -> Iterator[tuple[int, int]]:
    """Where each heading stands, and the last line before one as high; topics stand side by side, however deep."""
    for number, heading in enumerate(headings):
        rest = (other.span.line - 1 for other in headings[number + 1 :] if other.depth <= heading.depth)
        yield heading.span.line, next(rest, _END)


_END = 10**9


def _spans(guide: Guide) -> Iterable[Span]:
    for block in blocks_of(guide):
        yield block.span
        match block:
            case Listing():
                yield from (item.span for item in block.items)
            case Definitions():
                yield from (term.span for term in block.terms)
            case Table():
                yield from (row.span for row in block.rows)
            case _:
                pass
