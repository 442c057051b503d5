"""The rule about the text itself: encoding that was mangled; and its repair."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from studypack.diagnostics import Diagnostic
from studypack.lint import mojibake
from studypack.lint.reading import shortened
from studypack.source import Source
from studypack.span import Span

_LINE = re.compile(r"(\r\n|\n|\r)")


def mangled_encoding(source: Source) -> Iterator[Diagnostic]:
    """SP609: UTF-8 that was read as windows-125x and saved again; one finding a line."""
    for number, line in enumerate(source.lines, start=1):
        if not (found := mojibake.mangled(line)):
            continue
        first, more = found[0], len(found) - 1
        message = f"mangled encoding: {line[first.start : first.end]!r} was {shortened(first.text)!r}"
        message += f", and {more} more on this line" if more else ""
        span = Span(number, first.start + 1, number, first.end + 1)
        hint = "studypack check --fix puts it right; look at the result"
        yield Diagnostic(code="SP609", path=source.path, span=span, message=message, hint=hint)


def repaired(text: str, wanted: Callable[[int], bool] = lambda _line: True) -> tuple[str, int]:
    """A guide's text with what is mangled put right on the lines wanted (from one), and in how many places."""
    parts, count = _LINE.split(text), 0
    for index in range(0, len(parts), 2):
        if wanted(index // 2 + 1) and (found := mojibake.mangled(parts[index])):
            count += len(found)
            parts[index] = mojibake.repaired(parts[index])
    return "".join(parts), count
