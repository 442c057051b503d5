"""Blocks put back together as the HTML of a card."""

from __future__ import annotations

import re

import pytest

from studypack.model import Footnote, Html, Prose
from studypack.render import blocks_html, footnotes_html, item_html
from tests.unit.reading import guide_of, items_of

TABLE = (
    '<div class="table"><table><thead><tr><th style="text-align:left">a</th><th style="text-align:right">b</th></tr>'
    '</thead><tbody><tr><td style="text-align:left">1</td><td style="text-align:right">2</td></tr></tbody>'
    "</table></div>"
)
"""A table with a left and a right column."""


def html_of(text: str) -> str:
    """A piece of Markdown as it stands on a card."""
    return blocks_html(guide_of(f"# T\n\n{text}\n\n## A\n\n## B\n").intro)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a *b*", "<p>a <em>b</em></p>"),
        ("a\n\nb", "<p>a</p><p>b</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("- a\n  - b", "<ul><li>a<ul><li>b</li></ul></li></ul>"),
        ("1. a\n2. b", "<ol><li>a</li><li>b</li></ol>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("- [x] a\n- [ ] b", "<ul><li>☑ a</li><li>☐ b</li></ul>"),
        ("> a", "<blockquote><p>a</p></blockquote>"),
        ("a\n: b", "<dl><dt>a</dt><dd>b</dd></dl>"),
        ("- **a** — b", "<ul><li><strong>a</strong> — b</li></ul>"),
        (
            "a|b\n:-|-:\n1|2",
            TABLE,
        ),
        ("> [!TIP] a\n> b", '<div class="callout tip"><p class="title">a</p><p>b</p></div>'),
        ("```\na\n```", '<div class="highlight"><pre><code>a</code></pre></div>'),
        ("$$x$$", r'<div class="math">\[x\]</div>'),
        ("<p>a <b>b</b></p>", "<p>a <b>b</b></p>"),
    ],
)
def test_each_block_has_its_html(text: str, html: str) -> None:
    """A card shows each construct as HTML does."""
    assert re.sub(r"<dd><p>(.*?)</p></dd>", r"<dd>\1</dd>", html_of(text)) == html


def test_sections_keep_their_headings() -> None:
    """Sections within an answer are headed, no larger than a card's own heading."""
    guide = guide_of("# T\n\n## A\n\nx\n\n### a\n\ny\n\n#### aa\n\nz\n\n## B\n")
    html = blocks_html((guide.topics[0],))
    assert html == "<h3>A</h3><p>x</p><h3>a</h3><p>y</p><h4>aa</h4><p>z</p>"


def test_an_item_s_inside() -> None:
    """A list item without its list."""
    (item,) = items_of(guide_of("- a\n  - b\n"))[:1]
    assert item_html(item) == "a<ul><li>b</li></ul>"


def test_footnotes_keep_their_numbers() -> None:
    """Footnotes 2 and 5 of a guide are 2 and 5 on a card."""
    notes = [
        Footnote(name=str(number), number=number, blocks=(Prose(html=Html("<p>a</p>"), plain="a"),))
        for number in (2, 5)
    ]
    assert footnotes_html(notes) == (
        '<ol class="footnotes"><li value="2"><p>a</p></li><li value="5"><p>a</p></li></ol>'
    )


def test_no_footnotes_are_nothing() -> None:
    """Not even an empty list."""
    assert footnotes_html(()) == ""


def test_the_kind_of_a_callout_is_escaped() -> None:
    """A kind is a word of the author's and goes into an attribute."""
    assert '"><' not in html_of("!!! a-b\n    c").replace('"><p', "")


@pytest.mark.parametrize(
    "text",
    ["- a\n\n  ```\n  b\n  ```", "1. a\n\n   | x | y |\n   |---|---|\n   | 1 | 2 |", "> - a\n>   > b", "a\n: - b"],
)
def test_tags_balance(text: str) -> None:
    """However blocks nest, every tag that opens is closed."""
    stack: list[str] = []
    for closing, tag in re.findall(r"<(/?)(\w+)[^>]*>", html_of(text)):
        if not closing:
            stack.append(tag)
        else:
            assert stack.pop() == tag
    assert stack == []
