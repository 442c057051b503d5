"""The pass over a guide's texts: the same as Python-Markdown's own, whatever the text."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown.serializers import to_html_string
from markdown.treeprocessors import InlineProcessor

from studypack.markup import inline
from studypack.markup.inline import markdown_for
from studypack.markup.signs import SIGNS

PIECES = (
    *"ab*_`~=[]()<>!\\&$@:.^{}| \n",
    *("**", "__", "~~", "==", "***", "``", "  \n", "\\*", "\\\n", "![", "](", "[a](b)", "[a][n]", "[n]", "![a](b.png)"),
    *("[^1]", "[^2]", "[a](<b> 'c')", "<b>", "</b>", "<br>", "<int>", "<!-- a -->", "&amp;", "&nope;", "&#2;", "$a$"),
    *(
        "[[a]]",
        "[[a|b]]",
        "![[a.png|3]]",
        "%%a%%",
        " %% ",
        "$$a$$",
        "$`a`$",
        "\\(a\\)",
        "http://a.b/c",
        "<http://a.b>",
        "WWW.a.bc",
        "a@b.cd",
        "<a@b.cd>",
        "{: .c }",
        "{w=1}",
    ),
)
"""What inline syntax is made of, in order and out of it."""


def read(text: str, *, own: bool) -> str:
    """A paragraph with its inline syntax read, by our pass or by Python-Markdown's own."""
    md = markdown_for({"1": Element("footnote")})
    md.references["n"] = ("http://n.o", "title")
    if not own:
        md.treeprocessors.register(InlineProcessor(md), "inline", 20)
    root = Element("div")
    SubElement(root, "p").text = text
    for name in ("inline",) if own else ("inline", "attr_list", "unescape"):
        md.treeprocessors[name].run(root)
    return f"{to_html_string(root)} {md.htmlStash.rawHtmlBlocks}"


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@settings(max_examples=400, deadline=None)
def test_the_same_as_python_markdowns(text: str) -> None:
    """Patterns that are passed over would have matched nothing."""
    assert read(text, own=True) == read(text, own=False)


@pytest.mark.parametrize(
    "text",
    [
        "*a **b ~~c `d` e~~ f** g*",
        "[**a `b`** *c*](d) *e*{: .f } [g]{: #h }",
        "[a [b](c) ![d](e) http://f.g](h)",
        "***a** b `c`* ==d **e== f**",
        "`` a ` b `` \\` c ` d",
        "![*a*](b.png){width=50%} \\{a}",
    ],
)
def test_nested_as_python_markdown_nests(text: str) -> None:
    """What is inside what is the same."""
    assert read(text, own=True) == read(text, own=False)


def test_every_pattern_has_its_sign() -> None:
    """A pattern without one is tried on every text, which costs time and nothing else."""
    md = markdown_for({"1": Element("footnote")})
    assert {name for name in SIGNS if name in md.inlinePatterns} == set(SIGNS)
    assert len(md.inlinePatterns) == len(SIGNS)


def test_brackets_are_paired_once_a_pattern(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not once a link: a paragraph of twenty thousand took minutes."""
    paired: list[str] = []
    closed = inline._closed

    def pair(text: str) -> set[int]:
        paired.append(text)
        return closed(text)

    monkeypatch.setattr(inline, "_closed", pair)
    html = read("[a](b) " * 500, own=True)
    assert html.count("<a ") == 500
    assert len(paired) <= len(SIGNS)
