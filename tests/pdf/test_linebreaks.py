"""Where lines end, as they were laid out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from studypack.writers.paper import pdf
from studypack.writers.paper.page import Page

WIDTHS = range(60, 260, 2)  # pt

TEXTS = {
    "hyphenated": "Conditionals may appear within any dictionary in a *.gyp* file. There are two of them.",
    "after a break": "Of course all special processing of characters by the terminal is disabled, *including* echoing.",
    "soft hyphens": "Con\u00addi\u00adtionals may appear with\u00adin any *file* there is.",
    "short words": "It may be on or off or in or out of it, as it *may* be so.",
}


def lines(paragraphs: str) -> list[str]:
    """The lines of all paragraphs, in order."""
    css = "p { margin: 0; hyphens: auto; hyphenate-limit-chars: 7 3 3; overflow-wrap: anywhere; font-size: 8pt }"
    layout = pdf.lay_out(Page(html=f'<html lang="en"><body>{paragraphs}</body></html>', css=css, path="a.md"))
    return [line for sheet in layout.document.pages for line in _lines(sheet._page_box)]


def _lines(box: Any) -> Iterator[str]:
    if type(box).__name__ == "LineBox":
        yield _text(box)
    else:
        for child in getattr(box, "children", ()):
            yield from _lines(child)


def _text(box: Any) -> str:
    return getattr(box, "text", "") + "".join(map(_text, getattr(box, "children", ())))


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_marking_words_that_look_the_same_changes_no_line(text: str) -> None:
    """Where a text goes on in code or in a link, its lines are as full as they would be without."""
    bare, marked = text.replace("*", ""), text.replace("*", "<span>", 1).replace("*", "</span>")
    found = [lines("".join(f'<p style="width:{width}pt">{each}</p>' for width in WIDTHS)) for each in (bare, marked)]
    assert len(found[0]) > len(WIDTHS) * 1.5
    assert [line.rstrip() for line in found[1]] == [line.rstrip() for line in found[0]]
