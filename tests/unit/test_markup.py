"""Markdown's tree, and clean HTML out of it."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest

from studypack.markup import Tree, code_html, math_html, plain_of, read_markup, text_html
from studypack.markup.clean import clean, cleaner
from studypack.span import Span


def tree_of(text: str, first: int = 1) -> Tree:
    """The tree of a text whose addresses all lead somewhere."""
    tree = read_markup(text.split("\n"), first)
    tree.resolve_with(lambda _attribute, address: address)
    return tree


def tags(element: Element) -> list[str]:
    """The tags below an element, blocks only."""
    return [child.tag for child in element]


def inline(text: str) -> str:
    """The HTML of a text's first paragraph."""
    tree = tree_of(text)
    return tree.inline(tree.root[0])


# --- blocks that are not GitHub's, and attributes ---


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("text", "p"),
        ("## head", "h2"),
        ("```\nx\n```", "pre"),
        ("$$\nx\n$$", "math"),
        ("```math\nx\n```", "math"),
        ("- a", "ul"),
        ("1. a", "ol"),
        ("a\n: b", "dl"),
        ("a|b\n-|-\nc|d", "table"),
        ("> a", "blockquote"),
        ("> [!TIP]\n> a", "callout"),
        ("!!! tip\n    a", "callout"),
        ("<details><summary>a</summary>b</details>", "details"),
        ("<div>a</div>", "raw"),
        ("---", "hr"),
    ],
)
def test_every_construct_has_its_element(text: str, tag: str) -> None:
    """A block is known by its tag."""
    assert tags(tree_of(text).root) == [tag]


@pytest.mark.parametrize(
    "text",
    ["[TOC]", "* TOC\n{:toc}", "%% a %%", "%%\na\n\n- b\n%%", "[^1]: note", "[a]: https://example.org", "{: .x }\n\n"],
)
def test_some_lines_show_nothing(text: str) -> None:
    """A mark for a table of contents, definitions of footnotes and links are no blocks."""
    assert tags(tree_of(f"before\n\n{text}\n\nafter").root) == ["p", "p"]


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Ratio 3:1\nis : not", "p"),
        ("> [!TIP is no callout", "blockquote"),
        ("!!!", "p"),
        ("$$ is money", "p"),
        ("$5 | $6", "p"),
        (": lonely", "p"),
    ],
)
def test_what_only_looks_like_a_construct(text: str, tag: str) -> None:
    """Ordinary text stays a paragraph."""
    assert tags(tree_of(text).root) == [tag]


def test_a_stray_formula_does_not_eat_the_guide() -> None:
    """`$$` that nothing closes leaves the rest alone."""
    assert tags(tree_of("$$ and\n\n## head\n\n- item").root) == ["p", "h2", "ul"]


def test_footnotes_are_kept_apart() -> None:
    """Their blocks are in `footnotes`, under their names."""
    tree = tree_of("x[^a]\n\n[^a]: one\n\n    two\n\ny")
    assert tags(tree.root) == ["p", "p"]
    assert tags(tree.footnotes["a"]) == ["p", "p"]


@pytest.mark.parametrize("text", ["para", "- a\n- b", "a|b\n-|-\n1|2", "> q", "```\nx\n```", "a\n: b"])
def test_a_line_of_attributes_goes_to_the_block_above(text: str) -> None:
    """Id, classes and further attributes; none of it is shown."""
    tree = tree_of(f"{text}\n{{: #x .one .two level=hard }}\n\nafter")
    block = tree.root[0]
    assert (block.get("id"), block.get("class"), block.get("attr-level")) == ("x", "one two", "hard")
    assert len(tree.root) == 2


@pytest.mark.parametrize("text", ["{x}", "{1, 2}", "{{: .x }}", "{: .x"])
def test_other_braces_are_text(text: str) -> None:
    """A line in braces that is no attribute list is a paragraph."""
    tree = tree_of(f"above\n\n{text}\n")
    assert [tree.plain(block) for block in tree.root] == ["above", text]


# --- spans ---


def test_spans_count_in_the_file() -> None:
    """The first line of the Markdown may be any line of the file."""
    tree = tree_of("# a\n\n- b\n  c", first=7)
    assert [tree.span(block) for block in tree.root] == [Span(7, 1, 7, 4), Span(9, 1, 10, 4)]


@pytest.mark.parametrize(
    ("text", "columns"),
    [("-\tone", (3, 6)), ("- \tone", (4, 7)), (">\tone", (3, 6)), ("> - one", (5, 8)), ("1. > one", (6, 9))],
)
def test_columns_inside_containers(text: str, columns: tuple[int, int]) -> None:
    """The innermost paragraph starts where its first letter stands in the file, tabs being one column."""
    tree = tree_of(text)
    (paragraph,) = list(tree.root.iter("p"))
    span = tree.span(paragraph)
    assert (span.column, span.end_column) == columns


# --- inline ---

_NOTE = "<span>{}</span>, <span>{}</span>, <span>{}</span> and <span>Cell</span>"
_NO_NOTE = "<code>[[a]]</code> x[[1]] [[ -f a ]] [[1, 2], [3, 4]] [[a]]"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("==a== b", "<mark>a</mark> b"),
        ("~~a~~", "<del>a</del>"),
        ("+====+====+", "+====+====+"),
        ("a ===b=== c", "a ===b=== c"),
        ("b ~~~a~~~", "b ~~~a~~~"),
        ("H<sub>2</sub>O", "H<sub>2</sub>O"),
        ("<kbd>a</kbd>", "<kbd>a</kbd>"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("&copy; &nosuch;", "&copy; &amp;nosuch;"),
        ("$a_b$ c_d", '<span class="math">\\(a_b\\)</span> c_d'),
        ("a<!-- gone -->", "a"),
        ("a <b and *c* > d", "a &lt;b and <em>c</em> &gt; d"),
        ("<i.e.> <s.length>", "&lt;i.e.&gt; &lt;s.length&gt;"),
        ("<A or\n[b](https://b.cd)> c", '&lt;A or\n<a href="https://b.cd">b</a>&gt; c'),
        ("<i title='*a*' lang=en>b</i><br/>", '<i title="*a*" lang="en">b</i><br>'),
        ("[[Cell]], [[Cell|cells]], [[Cell#Wall]] and [[Cell#^id1]]", _NOTE.format("Cell", "cells", "Cell &gt; Wall")),
        ("![[Cell#Wall|*the* wall]]", "<span><em>the</em> wall</span>"),
        ("[[a]](https://b.cd)", '<a href="https://b.cd">[a]</a>'),
        ("`[[a]]` x[[1]] [[ -f a ]] [[1, 2], [3, 4]] \\[[a]]", _NO_NOTE),
        ("a %% gone %% b", "a  b"),
        ("100%% and 50%% of it, `%% a %%`", "100%% and 50%% of it, <code>%% a %%</code>"),
        ("a %%gone too%% %%隐藏%%.", "a  ."),
        ("print %% and 100%% sure, %%d%% %% x", "print %% and 100%% sure, %%d%% %% x"),
        ("echo %%PATH%% %%%% a %%%% b", "echo %%PATH%% %%%% a %%%% b"),
        ("%% one\ntwo\n%% three", "%% one\ntwo\n%% three"),
        ("a %% gone %% b\nc %% gone %% d", "a  b\nc  d"),
        ("[[:alpha:]]", "[[:alpha:]]"),
        ("text ^37066d", "text"),
        ("r ^2", "r ^2"),
        ("a ^1000", "a ^1000"),
    ],
)
def test_inline_syntax(text: str, html: str) -> None:
    """What the guide format adds to Markdown, and what it keeps of HTML."""
    assert inline(text).replace("©", "&copy;") == html


@pytest.mark.parametrize(
    ("text", "definition", "shown"),
    [
        ("[`A()`][`b.C()`]", "`B.c()`", "<code>A()</code>"),
        ("[`Vec<T>`][]", "`vec<T>`", "<code>Vec&lt;T&gt;</code>"),
        ("[the `Code`]", "the `code`", "the <code>Code</code>"),
        ("[a\\_b]", "a\\_b", "a_b"),
        ("[`f([a])`][`f()`]", "`f()`", "<code>f([a])</code>"),
    ],
)
def test_references_may_have_code_in_their_names(text: str, definition: str, shown: str) -> None:
    """A name is compared as it is spelled, but for capital letters (GFM 6.6)."""
    assert inline(f"{text}\n\n[{definition}]: https://a.bc") == f'<a href="https://a.bc">{shown}</a>'


@pytest.mark.parametrize("text", ["[`a`][]", "[`a`]", "[x][`a`]"])
def test_code_does_not_name_what_is_defined_without_it(text: str) -> None:
    """On GitHub these brackets are text."""
    assert "<a" not in inline(f"{text}\n\n[a]: https://a.bc")


def test_a_defined_footnote_is_a_reference() -> None:
    """It says which; one that is not defined is text."""
    html = inline("a[^x] b[^y]\n\n[^x]: note")
    assert '<sup class="footnote" data-footnote="x">' in html
    assert "b[^y]" in html


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("a *b* **c** `d`", "a b c d"),
        ("a\nb   c", "a b c"),
        ("&amp; &lt;", "& <"),
        ("[words](https://example.org)", "words"),
        pytest.param("a<br>c", "a c"),
        ("$x$", r"\(x\)"),
    ],
)
def test_plain_text(text: str, plain: str) -> None:
    """The words without markup, white space folded."""
    tree = tree_of(text)
    assert tree.plain(tree.root[0]) == plain


def test_some_parts_of_a_paragraph() -> None:
    """Inline content can be asked for piece by piece."""
    tree = tree_of("**a** b")
    paragraph = tree.root[0]
    assert tree.inline(paragraph, [paragraph[0], " & b"]) == "<strong>a</strong> &amp; b"


def test_addresses_are_resolved() -> None:
    """What an address becomes is asked once it is shown; None drops the link and keeps the words."""
    tree = read_markup(["[a](one) [b](two)"], 1)
    tree.resolve_with(lambda _attribute, address: "https://example.org/" if address == "one" else None)
    assert tree.inline(tree.root[0]) == '<a href="https://example.org/">a</a> <a>b</a>'


# --- clean ---


@pytest.mark.parametrize(
    ("html", "left"),
    [
        ("<b>a</b>", "<b>a</b>"),
        ("<script>alert(1)</script>a", "a"),
        ("<style>p{}</style>a", "a"),
        ('<p onclick="x" style="y" class="z" id="w">a</p>', "<p>a</p>"),
        ('<p dir="rtl" lang="ar" title="t">a</p>', '<p dir="rtl" lang="ar" title="t">a</p>'),
        ("<iframe src='https://example.org'></iframe>a", "a"),
        ("<form><input value=a>b</form>c", "bc"),
        ("<!-- a -->b", "b"),
        ("<unknown>a</unknown>", "a"),
        ("<b>a", "<b>a</b>"),
        ("a</b></div>", "a"),
        ('<td colspan="9999">a', "a"),
        (
            '<table><tr><td colspan="2" rowspan="99">a</td><td colspan="100" rowspan="0">b</td></tr></table>',
            '<table><tbody><tr><td colspan="2" rowspan="99">a</td><td>b</td></tr></tbody></table>',
        ),
        ("<p>what rowspan=3 means</p>", "<p>what rowspan=3 means</p>"),
    ],
)
def test_html_is_cleaned(html: str, left: str) -> None:
    """Only harmless elements and attributes are left, and tags balance."""
    assert clean(html, cleaner(lambda _attribute, address: address)) == left


@pytest.mark.parametrize("address", ["javascript:alert(1)", "vbscript:x", "JAVASCRIPT:x", "java\tscript:x"])
def test_running_addresses_never_come_through(address: str) -> None:
    """Not even where every address is allowed."""
    html = clean(f'<a href="{address}">a</a>', cleaner(lambda _attribute, address: address))
    assert "href" not in html


def test_without_a_resolver_nothing_is_addressed() -> None:
    """No address is known, so none is kept."""
    assert clean('<a href="https://example.org">a</a><img src="a.png" alt="b">', cleaner()) == "<a>a</a>"


@pytest.mark.parametrize(
    ("size", "kept"), [("40", True), ("9999", True), ("99999", False), ("100%", False), ("x", False)]
)
def test_sizes_of_pictures(size: str, kept: bool) -> None:
    """Width and height in pixels, none too large to be meant."""
    html = clean(f'<img src="a.png" width="{size}">', cleaner(lambda _attribute, address: address))
    assert (f'width="{size}"' in html) is kept


def test_harm_is_remembered() -> None:
    """What was taken out can be told to the author."""
    tree = tree_of("<p onclick='x'>a</p>")
    tree.raw(tree.root[0])
    assert [what.strip() for what in tree.harmful] == ["onclick="]


# --- pieces of HTML ---


def test_code_is_escaped_and_coloured() -> None:
    """Every letter of code is kept; an unknown language is plain."""
    assert code_html("a < b", "") == '<div class="highlight"><pre><code>a &lt; b</code></pre></div>'
    assert code_html("a < b", "nosuch") == code_html("a < b", "")
    assert plain_of(code_html("x = '<b>'", "python").replace("</span><span", "</span> <span")).startswith("x")


@pytest.mark.parametrize("code", ["x = 1\n\n\ny = 2", "  indented", "\ttab", "a\n\n", "é 日本 😀"])
@pytest.mark.parametrize("language", ["", "python", "bash", "json", "text"])
def test_code_keeps_its_blanks(code: str, language: str) -> None:
    """Blank lines, indents and tabs of code stay whether or not it is coloured."""
    html = code_html(code, language)
    shown = html.removeprefix('<div class="highlight"><pre><code>').removesuffix("</code></pre></div>")
    bare = "".join(part.rpartition(">")[2] for part in shown.split("<"))
    assert bare.rstrip("\n") == code.rstrip("\n")


def test_a_formula_is_escaped() -> None:
    """A displayed formula is one line, its signs escaped."""
    assert math_html("a < b \\\\\n& c") == r'<div class="math">\[a &lt; b \\ &amp; c\]</div>'


def test_text_is_escaped() -> None:
    """Plain text is shown as it stands."""
    assert text_html('a < b & "c"') == 'a &lt; b &amp; "c"'


def test_plain_of_html() -> None:
    """Tags part words, entities are read, white space is folded."""
    assert plain_of("<p>a&amp;b</p><p>c\n d</p>") == "a&b c d"
