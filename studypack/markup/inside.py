"""The lines inside a block that holds others, freed of what makes them its own, and where they end."""

from __future__ import annotations

import re

from studypack.markup.lines import Line
from studypack.markup.starts import DETAILS, FENCE, MAX_LINES, Fences, is_lazy, is_marker

_MOST_TERMS = 4  # how many lines of terms a definition may have above it


def is_closed(lines: list[Line], index: int) -> bool:
    """Whether the `<aside>` that starts here ends not far from here; else it would take the rest of the guide in."""
    return any("</aside" in line.text.lower() for line in lines[index : index + MAX_LINES])


def until_closed(
    lines: list[Line], index: int, start: int, tags: re.Pattern[str] = DETAILS
) -> tuple[list[Line], Line | None, int]:
    """The lines inside `<details>` or other `tags`, what follows on the line of its end, and the index of that."""
    depth, end = 1, index
    content: list[Line] = []
    fence: str | None = None
    while end < len(lines):
        line = lines[end].cut(start) if end == index else lines[end]
        mark = FENCE.match(line.text.strip())
        if fence is None and mark:
            fence = mark[1] or mark[3]
        elif fence is not None and line.text.strip().startswith(fence):
            fence = None
        for tag in tags.finditer(line.text) if fence is None else ():
            depth += -1 if tag[1] else 1
            if depth == 0:
                content.append(Line(line.text[: tag.start()], line.number, line.shift))
                rest = line.cut(tag.end())
                return content, None if rest.blank else rest, end
        content.append(line)
        end += 1
    return content, None, end - 1


def quoted(lines: list[Line], index: int) -> tuple[list[Line], int]:
    """The lines of a quote, without their marks, and the index of the line after it."""
    inner: list[Line] = []
    fences, end = Fences(), index
    while end < len(lines):
        line = lines[end]
        bare, indent = line.text.lstrip(" "), line.indent
        if bare.startswith(">") and indent < 4:
            cut = line.cut(indent + 1)
            inner.append(cut.cut(1) if cut.text.startswith(" ") else cut)
        elif line.blank or not is_lazy(line, inner[-1], fences):
            break
        else:
            inner.append(line)
        fences.feed(inner[-1])
        end += 1
    return inner, end


def indented(
    lines: list[Line], index: int, opening: int, least: int, stop: re.Pattern[str] | None = None
) -> tuple[list[Line], int]:
    """The lines of a footnote or definition, which go on while they are indented or lazy; and the index after them.

    A line that matches `stop` starts the next one.
    """
    inner, fences, end = [lines[index].cut(opening)], Fences(), index + 1
    fences.feed(inner[0])
    while end < len(lines):
        line = lines[end]
        outside = not line.blank and line.indent < least
        if outside and (_comes(stop, lines, end) or not is_lazy(line, inner[-1], fences)):
            break
        inner.append(line.cut(min(4, line.indent)))
        fences.feed(inner[-1])
        end += 1
    return inner, end


def _comes(start: re.Pattern[str] | None, lines: list[Line], index: int) -> bool:
    """Whether one of the lines from here to the next blank one starts with a mark: a new term, with its definition."""
    if start is None:
        return False
    for line in lines[index : index + _MOST_TERMS]:
        if line.blank:
            return False
        if start.match(line.text.lstrip()):
            return True
    return False


def item_lines(lines: list[Line], index: int, end_of_marker: int, gap: int) -> tuple[list[Line], int]:
    """The lines of a list item, without its marker and indent, and the index of the line after it."""
    first = lines[index].cut(end_of_marker)
    item, fences = [first.cut(min(gap, len(first.text)))], Fences()
    width, end = end_of_marker + gap, index + 1
    fences.feed(item[0])
    while end < len(lines):
        line = lines[end]
        if line.blank:
            if end == index + 1 and item[0].blank:
                break
            item.append(line.cut(min(width, len(line.text))))
        elif line.indent >= width:
            item.append(line.cut(width))
        elif not is_marker(line) and is_lazy(line, item[-1], fences):
            item.append(line)
        else:
            break
        fences.feed(item[-1])
        end += 1
    while len(item) > 1 and item[-1].blank and end < len(lines) and not is_marker(lines[end]):
        item.pop()
    return item, end
