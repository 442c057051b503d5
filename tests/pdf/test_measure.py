"""What is measured before a layout is what the layout then takes."""

from __future__ import annotations

import random
import re

import pytest

from studypack.model import Guide
from studypack.span import START
from studypack.writers.paper.fit import PAD_X, PAD_Y
from studypack.writers.paper.inline import Inline
from studypack.writers.paper.measure import LINE, Words, count_lines, narrowest, widest, words
from studypack.writers.paper.page import Page, Place
from studypack.writers.paper.pdf import lay_out
from studypack.writers.paper.style import css, faces
from tests.pdf.guides import guide

VOCABULARY = (
    "lag|key-value|read/write|<code>O(log n)</code>|✅|Yes,|<b>strong</b>|a|naïve|Größenordnung|https://example.org/a/b|"
    "قواعد|שלום|<sup>2</sup>|<kbd>Ctrl</kbd>|→|Donaudampfschifffahrtsgesellschaft|<code>some_long_name_in_code</code>|"
    'Привет|🦊|x—y|10–20|3.5%|C++|one<br>two|<span class="math">\\(\\frac{a}{b}\\)</span>'
).split("|")
TYPE = 10.0


@pytest.mark.parametrize("theme", ["plain", "sepia"])
@pytest.mark.parametrize("bold", [False, True])
def test_text_takes_the_height_that_was_measured(theme: str, bold: bool) -> None:
    """Of cells of any words, at their natural width and at narrower ones, next to none is higher than measured."""
    chance = random.Random(7)
    made, inline = guide(theme=theme), Inline(media={})
    texts = [str(inline(" ".join(chance.choices(VOCABULARY, k=chance.randint(1, 8))))) for _ in range(150)]
    cells = [
        (html, measured, max(narrowest(measured), share * widest(measured)))
        for html in texts
        for measured in [words(html, faces(made), bold)]
        for share in (1.0, chance.uniform(0.2, 0.9))
    ]
    higher = _real_heights(made, inline, cells, "th" if bold else "td")
    wrong = [
        html for (html, text, width), real in zip(cells, higher, strict=True) if real > _height(text, width) + 0.03
    ]
    assert len(cells) == 300
    assert len(wrong) <= 3, wrong


def _height(text: Words, width: float) -> float:
    return count_lines(text, width) * LINE


def _real_heights(made: Guide, inline: Inline, cells: list[tuple[str, Words, float]], tag: str) -> list[float]:
    """The height of each cell's content in em, as WeasyPrint lays it out in a table of that width."""
    body = "".join(
        f'<table class="grid" style="width:{(width + 2 * PAD_X) * TYPE:.2f}pt"><tbody><tr id="sp:{n}">'
        f"<{tag}{' scope=row' if tag == 'th' else ''}>{html}</{tag}></tr></tbody></table>"
        for n, (html, _, width) in enumerate(cells)
    )
    sizes = (
        f"@page {{ size: 2000pt 12000pt; margin: 0 }} html {{ font-size: {TYPE}pt; line-height: {LINE} }}"
        f"th, td {{ padding: {PAD_Y}em {PAD_X}em; border: 0 }}"
    )
    page = Page(
        html=f'<!doctype html><html lang="en"><body>{body}</body></html>',
        css=css(made, "matrix", sizes),
        path="x",
        pictures=inline.pictures,
        places={f"sp:{n}": Place(span=START, text="") for n in range(len(cells))},
    )
    document = lay_out(page).document
    boxes = {
        int(re.sub(r"\D", "", name)): box
        for sheet in document.pages
        for name, box in sheet.anchors.items()
        if "sp:" in name
    }
    return [(boxes[n][3] - boxes[n][1]) * 0.75 / TYPE - 2 * PAD_Y for n in range(len(cells))]
