"""What parsing finds wrong, gathered while it goes."""

from __future__ import annotations

from dataclasses import dataclass, field

from studypack.diagnostics import Diagnostic
from studypack.source import Source
from studypack.span import Span


@dataclass(slots=True)
class Findings:
    """The diagnostics of one guide; knows how to find the exact place of a text within a block."""

    source: Source
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def add(self, code: str, span: Span, message: str, hint: str = "") -> None:
        """Notes a finding, once."""
        found = Diagnostic(code=code, path=self.source.path, span=span, message=message, hint=hint)
        if found not in self.diagnostics[-20:]:
            self.diagnostics.append(found)

    def locate(self, text: str, within: Span) -> Span:
        """Where a text first stands within a block; the block itself if its spelling differs there."""
        for number in range(within.line, within.end_line + 1):
            row = self.source.lines[number - 1]
            start = row.find(text, within.column - 1 if number == within.line else 0)
            if text and start >= 0:
                return Span(number, start + 1, number, start + len(text) + 1)
        return within
