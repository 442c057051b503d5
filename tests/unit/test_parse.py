"""A guide's text as values: its structure, its blocks, and where each stands."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from studypack.media import Media
from studypack.model import Block, Callout, Definitions, Guide, Html, Listing, Prose, Quote, Section, Table, Text
from studypack.render import blocks_html
from studypack.source import Source
from tests.unit.reading import (
    answer,
    blocks_of,
    cards,
    first,
    guide_of,
    items_of,
    note_of,
    places,
    source_of,
    tables_of,
    terms_of,
    told,
)
from tests.unit.test_media import picture

TWO = "# T\n\n## A\n\n{}\n\n## B\n"
"""A guide of two topics, the first of which holds what a test is about."""


def topics(text: str) -> list[str]:
    """The headings of a guide's topics."""
    return [topic.heading.plain for topic in guide_of(text).topics]


def outline(sections: tuple[Section, ...]) -> dict[str, object]:
    """Headings and what is below them."""
    return {section.heading.plain: outline(section.sections) for section in sections}


# --- title and topics ---


@pytest.mark.parametrize(
    ("text", "title", "names"),
    [
        ("# T\n\n## A\n\n## B\n", "T", ["A", "B"]),
        ("## A\n\n## B\n", "guide", ["A", "B"]),
        ("# A\n\n# B\n", "guide", ["A", "B"]),
        ("# A\n\n## x\n\n## y\n\n# B\n\n## z\n", "guide", ["A", "B"]),
        ("# T\n\n### A\n\n### B\n", "T", ["A", "B"]),
        ("# T\n\n## A\n\n### x\n\n## B\n\n### y\n", "T", ["A", "B"]),
        ("### A\n\n#### x\n\n### B\n", "guide", ["A", "B"]),
        ("# T\n\n## A\n", "T", ["A"]),
        ("# T\n\n## A\n\n### x\n", "T", ["A"]),
        ("## A\n", "guide", ["A"]),
        ("# T\n", "T", []),
        ("text\n", "guide", []),
        ("Before.\n\n# T\n\n## A\n\n## B\n", "T", ["A", "B"]),
        ("T\n=\n\nA\n-\n\nB\n-\n", "T", ["A", "B"]),
        ("<h1 align=\"center\">T</h1>\n\n## A\n\n## B\n", "T", ["A", "B"]),
        ("# T\n\n###### A\n\n###### B\n", "T", ["A", "B"]),
    ],
)  # fmt: skip
def test_topics_are_the_shallowest_level_used_twice(text: str, title: str, names: list[str]) -> None:
    """Topics are the shallowest headings that a guide has two of below its title, the single leading H1."""
    assert (guide_of(text).title.plain, topics(text)) == (title, names)


def test_a_lone_shallower_heading_hides_no_topics() -> None:
    """Where a level is used once and the one below it twice, the one below it makes the topics."""
    assert topics("# T\n\n## Part\n\n### A\n\n### B\n")[-2:] == ["A", "B"]


def test_an_h1_further_down_is_no_title() -> None:
    """Only a leading H1 is a title."""
    guide = guide_of("## A\n\nx\n\n# B\n\ny\n")
    assert guide.title.plain == "guide"
    assert {section.heading.plain for section in blocks_of(guide) if isinstance(section, Section)} == {"A", "B"}


def test_headings_in_containers_are_no_topics() -> None:
    """A heading in a list item, quote or code does not count for the choice of topics."""
    text = "# T\n\n1. ## In item\n\n> ## In quote\n\n```\n## In code\n## In code\n```\n\n### A\n\n### B\n"
    assert topics(text) == ["A", "B"]


def test_text_before_the_first_topic_introduces_the_guide() -> None:
    """Blocks between title and first topic are the guide's own."""
    guide = guide_of("# T\n\nOne.\n\nTwo.\n\n## A\n\nx\n\n## B\n")
    assert [block.plain for block in guide.intro if isinstance(block, Prose)] == ["One.", "Two."]


def test_sections_nest() -> None:
    """Any deeper heading is a section of the one above it, also when levels are skipped."""
    text = "# T\n\n## A\n\n### a\n\n##### aa\n\n#### ab\n\n### b\n\n## B\n\n#### c\n"
    assert outline(guide_of(text).topics) == {"A": {"a": {"aa": {}, "ab": {}}, "b": {}}, "B": {"c": {}}}


def test_depth_is_the_heading_s_level() -> None:
    """A section knows how deep its heading is."""
    guide = guide_of("# T\n\n## A\n\n#### a\n\n## B\n")
    assert (guide.topics[0].depth, guide.topics[0].sections[0].depth) == (2, 4)


# --- anchors ---


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("Aurora DSQL", "aurora-dsql"),
        ("What's new?", "whats-new"),
        ("C++ & Rust", "c--rust"),
        ("`code` and **bold**", "code-and-bold"),
        ("Über uns", "über-uns"),
        ("日本語", "日本語"),
        ("मूल अधिकार", "मूल-अधिकार"),
        ("⚠️ Care", "-care"),
        ("snake_case", "snake_case"),
        ("1. First", "1-first"),
        ("🚀 Start", "-start"),
        ("[Link](https://example.org)", "link"),
        ("X {: #own }", "own"),
        ("X {#own}", "own"),
    ],
)
def test_anchors_are_github_s_or_the_author_s(heading: str, anchor: str) -> None:
    """An anchor is made as GitHub makes it, unless `#id` says otherwise."""
    topic = guide_of(f"# T\n\n## {heading}\n\n## B\n").topics[0]
    assert (topic.anchor, topic.pinned) == (anchor, anchor == "own")


def test_equal_headings_have_different_anchors() -> None:
    """A second heading of the same text gets `-1`, a third `-2`."""
    guide = guide_of("# T\n\n## A\n\n## A\n\n## A\n")
    assert [topic.anchor for topic in guide.topics] == ["a", "a-1", "a-2"]


def test_an_own_id_is_not_taken_by_another_heading() -> None:
    """A made anchor makes way for an author's, wherever that stands."""
    guide = guide_of("# T\n\n## Rocks\n\n## Stones {: #rocks }\n")
    assert [topic.anchor for topic in guide.topics] == ["rocks-1", "rocks"]


def test_the_same_id_twice_is_an_error() -> None:
    """Both places are named."""
    found = told("# T\n\n## A {: #x }\n\n## B {: #x }\n")
    assert [(each.code, each.span.line) for each in found] == [("SP206", 5)]
    assert "line 3" in found[0].message


# --- attributes ---


def test_an_inline_attribute_may_have_any_name() -> None:
    """Also one that is the parser's own word for a place."""
    prose = first(guide_of(TWO.format("a [b](https://c.de){: span=x } c^d")), Prose)
    assert prose.plain == "a b c^d"


@pytest.mark.parametrize("pair", ["*{}*", "**{}**", "**_{}_**"])
def test_marks_nested_deep_are_read(pair: str) -> None:
    """Deeper than Python calls nest: what an author wrote is never an exception."""
    opening, closing = pair.split("{}")
    text = f"{opening}a " * 700 + "x^2 " + f"b{closing} " * 700
    prose = first(guide_of(TWO.format(text)), Prose)
    assert prose.plain == "a " * 700 + "x^2 " + "b " * 699 + "b"


def test_attributes_are_no_part_of_a_heading() -> None:
    """What stands in braces adjusts and is not shown."""
    topic = guide_of("# T\n\n## Aurora DSQL {: #dsql .matrix level=advanced }\n\n## B\n").topics[0]
    assert (topic.heading.plain, topic.anchor, topic.level) == ("Aurora DSQL", "dsql", "advanced")
    assert topic.classes == {"matrix"}


@pytest.mark.parametrize("heading", ["The set {1, 2}", "f(x) = {x}", "${HOME}", "{}"])
def test_other_braces_stay(heading: str) -> None:
    """Braces that are no attribute list are text."""
    assert topics(f"# T\n\n## {heading}\n\n## B\n") == [heading, "B"]


def test_setext_headings_have_attributes() -> None:
    """Both kinds of heading take them."""
    topic = guide_of("T\n=\n\nA {: #x level=hard }\n---\n\nB\n---\n").topics[0]
    assert (topic.heading.plain, topic.anchor, topic.level) == ("A", "x", "hard")


def test_a_level_holds_below_until_another() -> None:
    """The guide's level holds for topics, a topic's for its sections, unless they have their own."""
    guide = guide_of(
        "---\nlevel: beginner\n---\n# T\n\n## A\n\n### a\n\n## B {: level=advanced }\n\n### b\n\n"
        '### c {: level="very hard" }\n\n#### d\n'
    )
    levels = {block.heading.plain: block.level for block in blocks_of(guide) if isinstance(block, Section)}
    assert levels == {
        "A": "beginner", "a": "beginner", "B": "advanced", "b": "advanced", "c": "very hard", "d": "very hard",
    }  # fmt: skip


def test_a_level_of_the_title_holds_for_the_guide() -> None:
    """An attribute on a heading holds for all below it, also the title's."""
    guide = guide_of("# T {: level=easy }\n\n## A\n\n## B {: level=hard }\n")
    assert [topic.level for topic in guide.topics] == ["easy", "hard"]


def test_a_level_holds_for_headings_in_list_items() -> None:
    """A question in a numbered list has the level of its topic."""
    guide = guide_of("# T\n\n## A {: level=hard }\n\n1. ### Why? {: level=easy }\n\n   So.\n\n## B\n")
    assert [block.level for block in blocks_of(guide) if isinstance(block, Section)][:2] == ["hard", "easy"]


@pytest.mark.parametrize("name", ["concept", "terms", "comparison", "reversed", "no-cards", "no-print", "no-matrix"])
def test_a_class_holds_for_all_below(name: str) -> None:
    """A class of a heading is in force for its blocks, its sections and their blocks."""
    guide = guide_of(f"# T\n\n## A {{: .{name} }}\n\ntext\n\n- item\n\n### a\n\n> quote\n\n## B\n\ntext\n")
    below, other = guide.topics
    assert all(name in block.classes for block in blocks_of(guide) if block.span.line <= 11)
    assert name in below.sections[0].classes
    assert name not in other.classes
    assert all(name not in block.classes for block in other.blocks)


@pytest.mark.parametrize("name", ["question", "questions"])
def test_what_asks_does_not_hold_below(name: str) -> None:
    """A question's sections are not questions for that."""
    guide = guide_of(f"# T\n\n## A {{: .{name} }}\n\n### a\n\nx\n\n## B\n")
    assert name in guide.topics[0].classes
    assert name not in guide.topics[0].sections[0].classes


def test_classes_of_the_title_hold_for_the_guide() -> None:
    """An attribute on the title's heading holds for all of it."""
    guide = guide_of("# T {: .reversed }\n\nintro\n\n## A\n\nx\n\n## B\n")
    assert all("reversed" in block.classes for block in blocks_of(guide))


@pytest.mark.parametrize(
    "block",
    [
        "| a | b |\n|---|---|\n| c | d |",
        "- a\n- b",
        "1. a\n2. b",
        "para\ngraph",
        "> quote",
        "```\ncode\n```",
        "Term\n: meaning",
        "> [!TIP] A\n> b",
        "$$\nx\n$$",
        "![a](data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=)",
    ],
)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_an_attribute_line_belongs_to_the_block_above(block: str, gap: str) -> None:
    """A line of attributes right below a block, or below a blank line, adjusts that block and only that."""
    guide = guide_of(TWO.format(f"before\n\n{block}{gap}{{: .no-print }}\n\nafter"))
    classes = [block.classes for block in guide.topics[0].blocks]
    assert classes == [frozenset(), {"no-print"}, frozenset()]


def test_an_attribute_line_in_a_list_item_belongs_to_the_item() -> None:
    """Attributes inside an item do not adjust the whole list."""
    guide = guide_of(TWO.format("- one\n- two\n  {: .no-print }\n- three"))
    assert "no-print" not in first(guide, Listing).classes
    assert ["no-print" in item.blocks[0].classes for item in items_of(guide)] == [False, True, False]


def test_an_id_of_a_table_is_kept() -> None:
    """`{: #x }` below a table names it; others are numbered."""
    text = "| a | b | c |\n|---|---|---|\n| d | e | f |"
    guide = guide_of(TWO.format(f"{text}\n{{: #mine }}\n\n{text}"))
    named, other = tables_of(guide)
    assert named.id == "mine"
    assert other.id not in ("", "mine")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("# T\n\n## A {: .conept }\n\n## B\n", "SP203@3:9"),
        pytest.param(
            "# T\n\n## A\n\n- x\n{: .big }\n\n## B\n",
            "SP203@6:4",
        ),
    ],
)
def test_an_unknown_class_is_a_warning_at_its_place(text: str, place: str) -> None:
    """A misspelled class is told with line and column, and the known ones are named."""
    found = [each for each in told(text) if each.code == "SP203"]
    assert [f"{each.code}@{each.span.line}:{each.span.column}" for each in found] == [place]
    assert ".no-cards" in found[0].hint


@pytest.mark.parametrize("heading", ["## A {: #x level=", '## A {: level="hard }', "## A {: difficulty=hard }"])
def test_an_attribute_list_that_cannot_be_read_is_told(heading: str) -> None:
    """A broken list, or an attribute that means nothing, is a warning on its line."""
    assert [place.partition(":")[0] for place in places(f"# T\n\n{heading}\n\nx\n\n## B\n")] == ["SP209@3"]


@pytest.mark.parametrize("block", ["- one\n- two {: .no-cards }", "Some text {: .no-cards }"])
def test_an_attribute_list_that_adjusts_nothing_is_told(block: str) -> None:
    """Attributes where none are read would be shown on a card; the author is told."""
    assert [place.partition("@")[0] for place in places(TWO.format(block))] == ["SP209"]


# --- blocks ---


@pytest.mark.parametrize(
    "item",
    [
        "**Term** — text",
        "**Term** – text",
        "**Term** - text",
        "**Term**: text",
        "**Term:** text",
        "**Term** : text",
        "**Term**— text",
        "**Term**—text",
        "__Term__ — text",
        "**Term：** text",
        "**Term** —\n  text",
        "**Term**\n  — text",
    ],
)
@pytest.mark.parametrize("bullet", ["-", "*", "+", "1.", "1)"])
def test_a_bold_opening_and_a_separator_make_a_term(item: str, bullet: str) -> None:
    """A list item is a term by any separator of the guide format, in any kind of list."""
    (term,) = terms_of(guide_of(TWO.format(f"{bullet} {item}")))
    (meaning,) = term.meaning
    assert isinstance(meaning, Prose)
    assert (term.name.plain, meaning.plain) == ("Term", "text")


@pytest.mark.parametrize(
    "item",
    [
        "Term — text",
        "**Term** text",
        "**Term**",
        "**Term** —",
        "**Term:**",
        "text **Term** — text",
        "**A**, **B** — text",
        "**Term** (x) — text",
        "*Term* — text",
        "`**Term** — text`",
        "**Term**-like text",
    ],
)
def test_what_is_no_term(item: str) -> None:
    """Without a bold opening, a separator right behind it, or a text, an item is plain."""
    assert terms_of(guide_of(TWO.format(f"- {item}"))) == []


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("**`list`** — text", "<code>list</code>"),
        ("**A & B** — text", "A &amp; B"),
        ("**H<sub>2</sub>O** — text", "H<sub>2</sub>O"),
        ("**$x^2$** — text", r'<span class="math">\(x^2\)</span>'),
        ("**Time: space** — text", "Time: space"),
    ],
)
def test_a_term_keeps_its_markup(item: str, name: str) -> None:
    """The name of a term is inline HTML without the bold."""
    (term,) = terms_of(guide_of(TWO.format(f"- {item}")))
    assert term.name.html == name


@pytest.mark.parametrize(
    "item", ["**Term** &mdash; text", "**Term** &ndash; text", "**Term**&nbsp;— text", "**Term**——text"]
)
def test_a_separator_may_be_an_entity(item: str) -> None:
    """`&mdash;` is a dash to whoever reads the guide."""
    assert [term.name.plain for term in terms_of(guide_of(TWO.format(f"- {item}")))] == ["Term"]


def test_a_term_s_meaning_is_all_that_follows_in_its_item() -> None:
    """Further paragraphs, code and lists of the item belong to the meaning."""
    (term, *_) = terms_of(guide_of(TWO.format("- **A** — one\n\n  two\n\n  ```\n  three\n  ```\n  - four\n- other")))
    assert [type(block) for block in term.meaning] == [Prose, Prose, Prose, Listing]


def test_a_task_can_be_a_term() -> None:
    """A box before a term does not hide it."""
    (term,) = terms_of(guide_of(TWO.format("- [x] **A** — b")))
    assert term.name.plain == "A"


def test_separators_inside_a_meaning_stay() -> None:
    """Only the first separator parts term and meaning."""
    (term,) = terms_of(guide_of(TWO.format("- **A** — b — c: d - e")))
    assert [block.plain for block in term.meaning if isinstance(block, Prose)] == ["b — c: d - e"]


def test_definition_lists() -> None:
    """A term, several terms of one meaning, several meanings of a term."""
    guide = guide_of(TWO.format("One\n: first\n\nTwo\nThree\n: second\n: third"))
    said = [
        (term.name.plain, [block.plain for block in term.meaning if isinstance(block, Prose)])
        for term in terms_of(guide)
    ]
    assert said == [("One", ["first"]), ("Two", ["second", "third"]), ("Three", ["second", "third"])]


def test_a_definition_below_a_blank_line() -> None:
    """Pandoc writes definition lists so; what stands below a paragraph of two lines is no definition."""
    terms = terms_of(guide_of(TWO.format("One\n\n:   first\n\nTwo\n\n:   second\n\n    more\n\n: third")))
    assert [
        (term.name.plain, [block.plain for block in term.meaning if isinstance(block, Prose)]) for term in terms
    ] == [
        ("One", ["first"]),
        ("Two", ["second", "more", "third"]),
    ]
    assert terms_of(guide_of(TWO.format("Some lines\nof prose.\n\n: a colon"))) == []


def test_a_definition_may_hold_blocks() -> None:
    """Lists, code and further paragraphs, indented."""
    (term,) = terms_of(
        guide_of(TWO.format("One\n:   first\n\n    - a\n    - b\n\n    ```\n    code\n    ```\n\nafter"))
    )
    assert [type(block) for block in term.meaning] == [Prose, Listing, Prose]


def test_a_table_keeps_header_rows_and_alignment() -> None:
    """A table's cells are inline HTML; its columns know their side."""
    (table,) = tables_of(guide_of(TWO.format("| a | **b** | c | d |\n|:--|:-:|--:|---|\n| 1 | 2 | `3` | |")))
    assert [cell.html for cell in table.header] == ["a", "<strong>b</strong>", "c", "d"]
    assert [[cell.html for cell in row.cells] for row in table.rows] == [["1", "2", "<code>3</code>", ""]]
    assert table.align == ("left", "center", "right", "")


@pytest.mark.parametrize(("row", "cells"), [("| 1 |", 1), ("| 1 | 2 | 3 | 4 |", 4)])
def test_a_ragged_row_is_told_and_nothing_is_lost(row: str, cells: int) -> None:
    """Too few or too many cells are a warning at the row; each row has as many cells as the head."""
    text = TWO.format(f"| a | b | c |\n|---|---|---|\n{row}")
    assert [(each.code, each.span.line) for each in told(text) if each.code == "SP204"] == [("SP204", 7)]
    (table,) = tables_of(guide_of(text))
    (only,) = table.rows
    assert len(only.cells) == 3
    assert all(str(number) in "".join(cell.plain for cell in only.cells) for number in range(1, cells + 1))


@pytest.mark.parametrize("cell", ["$|x|$", "`a|b` and $P(A|B)$"])
def test_a_bar_in_a_formula_is_kept_where_the_row_would_be_too_long(cell: str) -> None:
    """As in code: only so has the row as many cells as the head."""
    text = TWO.format(f"| a | b | c |\n|---|---|---|\n| 1 | {cell} | $3 |\n| 4 | $5 | $6 |")
    (table,) = tables_of(guide_of(text))
    assert ([len(row.cells) for row in table.rows], table.rows[0].cells[2].plain) == ([3, 3], "$3")
    assert told(text) == told(TWO.format("x"))


def test_an_embedded_picture_is_shown(tmp_path: Path) -> None:
    """Obsidian's `![[…]]`, with its width or a text in place of it."""
    (tmp_path / "cell.png").write_bytes(picture())
    text = TWO.format("![[cell.png|300]] ![[cell.png|A cell]]")
    (prose,) = (block for block in blocks_of(guide_of(text, tmp_path / "g.md")) if isinstance(block, Prose))
    assert re.findall(r'(?:alt|width)="([^"]*)"', prose.html) == ["", "300", "A cell"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("::: {.theorem #a}\n**b**\n:::", "<p><strong>b</strong></p>"),
        (":::: {.columns}\n::: {.column}\n**b**\n:::\n::::", "<p><strong>b</strong></p>"),
        ("<aside>\n**b**\n\n</aside>", "<blockquote><p><strong>b</strong></p></blockquote>"),
        ("<aside>**b**</aside>", "<blockquote><p><strong>b</strong></p></blockquote>"),
        ("<aside>\n\n**b**", "<p><strong>b</strong></p>"),
        ("::: tip\n**b**", "<p>::: tip\n<strong>b</strong></p>"),
    ],
)
def test_what_is_in_a_container_is_markdown(text: str, html: str) -> None:
    """Pandoc's groups hold what is in them, and so does Notion's `<aside>`; one that is not closed is text."""
    assert blocks_html(guide_of(TWO.format(text)).topics[0].blocks) == html


def test_a_comment_hides_no_heading() -> None:
    """A `%%` that is not closed before the next heading is text."""
    guide = guide_of("# T\n\n## A\n\n%% open\n\n## B\n\nshown %%\n\n## C %%\n")
    assert [topic.heading.plain for topic in guide.topics] == ["A", "B", "C %%"]


@pytest.mark.parametrize(
    "text", ["%% a %% shown\nmore\n\nb %% c %%", "%%%%\nshown\n%%%%", "%%\nshown 5 %% off\n%%", "%% shown\n\n5 %% c %%"]
)
def test_what_only_looks_like_a_long_comment_is_not_lost(text: str) -> None:
    """A comment over several lines holds no further `%%`, and more of these signs in a row are none."""
    assert "shown" in answer(note_of(TWO.format(text)))


@pytest.mark.parametrize("kind", ["details", "spoiler", "DETAILS"])
def test_a_container_may_fold_away(kind: str) -> None:
    """As VitePress and HackMD write it: the title is a question, or a part of its own."""
    assert cards(TWO.format(f"::: {kind} Why?\n**b**\n:::")) == [("question", "Why?", "b")]


def test_the_title_of_any_container_is_shown() -> None:
    """No word of a guide is lost, also where nobody knows what the container is."""
    assert answer(note_of(TWO.format("::: theorem *Pythagoras*\n\nb\n:::"))) == "Pythagoras b"


@pytest.mark.parametrize(
    ("text", "kind", "title"),
    [
        ("> [!TIP] Title\n> text", "tip", "Title"),
        ("> [!TIP]\n> text", "tip", "Tip"),
        ("> [!NOTE]\n>\n> text", "note", "Note"),
        ("> [!IMPORTANT] **Bold** title\n> text", "important", "Bold title"),
        ("> [!tip]- Folded\n> text", "tip", "Folded"),
        ('!!! tip "Title"\n    text', "tip", "Title"),
        ("!!! warning\n    text", "warning", "Warning"),
        ("??? note\n    text", "note", "Note"),
        ('???+ note "Title"\n    text', "note", "Title"),
        ('!!! danger highlight "Do not"\n\n    text', "danger", "Do not"),
        (":::tip Title\ntext\n:::", "tip", "Title"),
        (":::note\n\ntext\n\n:::", "note", "Note"),
        (":::info[A *title*]\ntext\n:::", "info", "A title"),
        ("::: {.callout-warning}\ntext\n:::", "warning", "Warning"),
    ],
)
def test_callouts_of_both_spellings(text: str, kind: str, title: str) -> None:
    """GitHub's and Python-Markdown's callouts, with a title or, without one, their kind's name."""
    callout = first(guide_of(TWO.format(text)), Callout)
    assert (callout.kind, callout.title.plain) == (kind, title)
    assert [block.plain for block in callout.blocks if isinstance(block, Prose)] == ["text"]


def test_a_quote_is_no_callout() -> None:
    """A quote that only mentions a mark stays a quote."""
    guide = guide_of(TWO.format("> Use [!TIP] for tips."))
    assert isinstance(guide.topics[0].blocks[0], Quote)


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("a ==b== c", 1),
        ("==a== and ==b c==", 2),
        ("==**a** b==", 1),
        ("a == b and c == d", 0),
        ("`==a==`", 0),
        (r"\==a==", 0),
        ("a==b", 0),
        ("====", 0),
    ],
)
def test_marks_are_counted(text: str, marks: int) -> None:
    """`==words==` marks; comparisons in text and in code do not."""
    assert first(guide_of(TWO.format(text)), Prose).marks == marks


@pytest.mark.parametrize(
    "links",
    [
        "- [A](#a)\n- [B](#b)",
        "1. [A](#a)\n   - [B](#b)",
        "* [A](#a)\n\n* [B](#b)",
        "| Part | |\n|---|---|\n| [A](#a) | [B](#b) |",
        "| No | Topic |\n|---|---|\n| 1 | [A](#a) |\n| 2 | [B](#b) |",
        "| No | Topic |\n|---|---|\n| | **First part** |\n| 1 | [A](#a) |\n| 2 | [B](#b) |",
        "- First part\n  - [A](#a)\n- **Second**\n\n  - [B](#b)",
    ],
)
def test_lists_and_tables_of_links_are_contents(links: str) -> None:
    """A list or table that only leads into the guide is a table of contents."""
    guide = guide_of(f"# T\n\n{links}\n\n## A\n\nx\n\n## B\n\ny\n")
    (block,) = guide.intro
    assert isinstance(block, Listing | Table)
    assert block.contents


@pytest.mark.parametrize("row", ["| 1 | 2 | 3 |", "| 7 | ✅ | ❌ |"])
def test_a_table_of_numbers_is_no_contents(row: str) -> None:
    """Subjects may link to their topics; the cells below are not links."""
    guide = guide_of(f"# T\n\n| | [A](#a) | [B](#b) |\n|---|---|---|\n{row}\n\n## A\n\n## B\n")
    assert not first(guide, Table).contents


@pytest.mark.parametrize(
    "links",
    [
        "- [A](#a) tells more\n- [B](#b)",
        "- [A](https://example.org)\n- [B](b.md)",
        "- x",
        "- x\n- [A](#a)\n- [B](#b)",
        "- [A](#a)\n  - [B](#b)\n  - x",
    ],
)
def test_other_lists_are_no_contents(links: str) -> None:
    """A list with words of its own, or links elsewhere, says something."""
    guide = guide_of(f"# T\n\n{links}\n\n## A\n\nx\n\n## B\n\ny\n")
    assert not first(guide, Listing).contents


# --- code, math, images ---


@pytest.mark.parametrize(
    "text",
    [
        "```python\nx = 1\n```",
        "```\nx = 1\n```",
        "~~~ python\nx = 1\n~~~",
        '```python title="a.py" hl_lines="1"\nx = 1\n```',
        "``` {.python}\nx = 1\n```",
        "```no-such-language\nx = 1\n```",
        "    x = 1",
        "\tx = 1",
        "````\nx = 1\n````",
    ],
)
def test_code_of_every_kind(text: str) -> None:
    """Fences with and without a language, and indented code, keep their text."""
    block = first(guide_of(TWO.format(text)), Prose)
    assert block.plain.strip() == "x = 1"
    assert block.html.startswith('<div class="highlight"><pre><code>')
    assert told(TWO.format(text)) == ()


def test_a_known_language_is_coloured() -> None:
    """Pygments colours code whose language it knows."""
    assert "<span class=" in first(guide_of(TWO.format("```python\ndef f(): pass\n```")), Prose).html
    assert "<span" not in first(guide_of(TWO.format("```\ndef f(): pass\n```")), Prose).html


def test_code_is_text() -> None:
    """Markup, marks, math and HTML in code are shown letter by letter."""
    block = first(guide_of(TWO.format("```\n==a== **b** $c$ <script>&amp;\n\n\n# no heading\n```")), Prose)
    assert block.marks == 0
    assert "==a== **b** $c$ &lt;script&gt;&amp;amp;\n\n\n# no heading" in block.html


def test_a_fence_that_is_not_closed_is_told_where_it_opens() -> None:
    """An error at the opening line."""
    assert places(TWO.format("```python\nx"))[0] == "SP201@5:1"


@pytest.mark.parametrize(
    ("text", "formula"),
    [
        ("area $x^2$ is", r'<span class="math">\(x^2\)</span>'),
        ("$a_1 * b_2 * c$", r'<span class="math">\(a_1 * b_2 * c\)</span>'),
        ("$a < b & c$", r'<span class="math">\(a &lt; b &amp; c\)</span>'),
        ("so $$x$$ is", r'<span class="math display">\[x\]</span>'),
        (r"$\{1\}$", r'<span class="math">\(\{1\}\)</span>'),
        ("($x$)", r'<span class="math">\(x\)</span>'),
    ],
)
def test_inline_formulas(text: str, formula: str) -> None:
    """Dollars around a formula; nothing inside it is Markdown."""
    assert formula in first(guide_of(TWO.format(text)), Prose).html


@pytest.mark.parametrize("text", ["$$\nx^2\n$$", "$$x^2$$", "```math\nx^2\n```", "\\[\nx^2\n\\]"])
def test_displayed_formulas(text: str) -> None:
    """A formula in a paragraph of its own is displayed."""
    html = first(guide_of(TWO.format(text)), Prose).html
    assert r"\[x^2\]" in html
    assert "math" in html


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5.",
        "From $5 to $10.",
        "US$5 and CA$10",
        "$5/month or $50/year",
        r"\$5 and 6\$",
        "`$x$` is code",
        "$ x $",
        "5$ or 6$",
        "${HOME} and ${PATH}",
    ],
)
def test_prices_are_no_formulas(text: str) -> None:
    """Amounts, shell variables and escaped dollars stay text."""
    assert "math" not in first(guide_of(TWO.format(text)), Prose).html


def test_images_travel_with_their_alt_text(tmp_path: Path) -> None:
    """A picture by relative path becomes media of the guide, named by its content, `alt` text kept."""
    (tmp_path / "img").mkdir()
    (tmp_path / "img" / "a.png").write_bytes(picture())
    guide = guide_of("# T\n\n![A *red* dot](img/a.png)\n\n![again](./img/a.png)\n", tmp_path / "guide.md")
    (media,) = guide.media
    assert isinstance(media, Media)
    block = first(guide, Prose)
    assert f'src="{media.name}"' in block.html
    assert "red" in block.html.partition('alt="')[2]


@pytest.mark.parametrize(
    "text", ["![x](a.mp3)", '<audio controls src="a.mp3"></audio>', '<audio><source src="a.mp3"></audio>']
)
def test_sounds_are_players(tmp_path: Path, text: str) -> None:
    """A sound becomes an `audio` element with its media."""
    (tmp_path / "a.mp3").write_bytes(b"sound")
    guide = guide_of(f"# T\n\n{text}\n", tmp_path / "guide.md")
    assert [media.kind for media in guide.media] == ["sound"]
    assert f'<audio src="{guide.media[0].name}"></audio>' in first(guide, Prose).html


def test_a_remote_image_is_left_out_and_told() -> None:
    """A picture on the web is a warning at its address; the guide is read all the same."""
    text = "# T\n\nbefore ![pixel](https://example.org/p.png) after\n"
    assert [place for place in places(text) if "SP305" in place] == ["SP305@3:17"]
    html = first(guide_of(text), Prose).html
    assert "example.org" not in html
    assert "before" in html


def test_a_missing_image_is_an_error_at_its_address() -> None:
    """Line and column of the path, within the paragraph."""
    assert places("# T\n\ntext\nand ![x](no.png)\n") == ["SP301@4:10"]


# --- links ---


def html_of(text: str) -> Html:
    """The HTML of the first paragraph."""
    return first(guide_of(text), Prose).html


def test_links_into_the_guide_lead_to_anchors() -> None:
    """Made anchors, the author's ids and other spellings of them."""
    text = "# T\n\n[a](#first-part) [b](#own) [c](#First-Part)\n\n## First Part\n\nx\n\n## B {: #own }\n"
    assert [part.partition('"')[0] for part in html_of(text).split('href="')[1:]] == [
        "#first-part", "#own", "#first-part",
    ]  # fmt: skip


def test_a_link_that_leads_nowhere_is_told() -> None:
    """A warning at the address; the words stay."""
    text = "# T\n\nsee [there](#nowhere) now\n"
    assert places(text) == ["SP205@3:13"]
    assert "there" in html_of(text)
    assert "href" not in html_of(text)


@pytest.mark.parametrize("address", ["https://example.org/a?b=c#d", "http://example.org", "mailto:a@example.org"])
def test_links_to_the_web_stay(address: str) -> None:
    """An address on the web is kept."""
    assert f'href="{address}"' in html_of(f"# T\n\n[x]({address})\n")


def test_relative_links_lead_to_where_the_guide_is_published() -> None:
    """With `url` a relative link is resolved against it; without, its words stay."""
    body = "# T\n\n[x](other.md#y)\n"
    assert 'href="https://example.org/docs/other.md#y"' in html_of(
        f"---\nurl: https://example.org/docs/guide\n---\n{body}"
    )
    assert "href" not in html_of(body)
    assert "x" in html_of(body)


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JaVaScript:alert(1)", "file:///etc/passwd", "data:text/html,x", "vbscript:x"]
)
def test_other_schemes_lead_nowhere(address: str) -> None:
    """Only the web and mail are linked; the words stay."""
    html = html_of(f"---\nurl: https://example.org/\n---\n# T\n\n[word]({address})\n")
    assert "href" not in html
    assert "word" in html


# --- footnotes ---


def test_footnotes_are_numbered_by_first_reference() -> None:
    """Whatever their names and the order of their definitions."""
    guide = guide_of("# T\n\none[^b] two[^a] three[^b]\n\n[^a]: A text.\n[^b]: B text.\n")
    assert [(note.number, note.name) for note in guide.footnotes] == [(1, "b"), (2, "a")]
    assert first(guide, Prose).html.count(">1</sup>") == 2


@pytest.mark.parametrize(
    ("text", "places_"),
    [
        ("# T\n\none[^a]\n", ["SP208@3:4"]),
        ("# T\n\none\n\n[^a]: unused\n", ["SP208@5:1"]),
        ("# T\n\n`[^a]`\n", []),
    ],
)
def test_footnotes_undefined_or_unused_are_told(text: str, places_: list[str]) -> None:
    """A warning at the reference, or at the definition."""
    assert places(text) == places_


# --- a guide as a whole ---


@pytest.mark.parametrize("text", ["", "\n\n", "---\ntitle: A\n---\n"])
def test_an_empty_guide_is_an_error(text: str) -> None:
    """Nothing but front matter or blank lines is no guide."""
    assert [each.code for each in told(text)] == ["SP106"]


def test_a_heading_without_text_is_told() -> None:
    """A warning on its line; what is below it stays."""
    text = "# T\n\n## A\n\n###\n\nkept\n\n## B\n"
    assert places(text) == ["SP202@5:1"]
    assert any(isinstance(block, Prose) and block.plain == "kept" for block in blocks_of(guide_of(text)))


def test_all_mistakes_are_told_in_their_order() -> None:
    """Findings of every room come at once, by their place in the file."""
    text = "---\ntitel: x\n---\n# T\n\n## A {: .conept }\n\n[a](#b-c) ![x](no.png)\n\n```\nopen\n"
    assert [place.partition("@")[0] for place in places(text)] == ["SP104", "SP203", "SP205", "SP301", "SP201"]
    assert [each.span for each in told(text)] == sorted(each.span for each in told(text))


def test_a_guide_is_a_value() -> None:
    """What was read cannot be changed by who uses it."""
    guide = guide_of("---\ncards: {terms: off}\n---\n# T\n\nx\n")
    with pytest.raises(FrozenInstanceError):
        guide.title = Text(html=Html("b"), plain="b")  # type: ignore[misc]
    with pytest.raises(TypeError):
        guide.cards["term"] = "on"  # type: ignore[index]


def test_moving_a_block_is_not_changing_it() -> None:
    """Two guides that differ in place only are equal."""
    assert guide_of("# T\n\ntext\n\n- a\n").intro == guide_of("# T\n\n\n\n\ntext\n\n\n- a\n").intro


def test_line_ends_and_mark_change_nothing() -> None:
    """The same guide with CRLF and byte order mark is the same guide."""
    text = "---\ntitle: A\n---\n## X\n\n- **a** — b\n  c\n\n```\nx\n\ny\n```\n\n## Y\n\na | b\n---|---\n1 | 2\n"
    assert guide_of(text) == guide_of(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())


# --- spans ---


def own_text(source: Source, block: Block) -> str:
    """The text that a block's span covers."""
    return source.slice(block.span)


SPANS = {
    Prose: ["para\ngraph *with* `code`", "```python\nx = 1\n\ny\n```", "$$\nx\n$$", "<div>raw <b>html</b></div>"],
    Listing: ["- one\n  more\n- two\n  - three", "1. one\n\n   para\n\n2. two", "*\ttab\n*\ttwo"],
    Table: ["| a | b |\n|---|---|\n| 1 | 2 |", "a | b\n--|--\n1 | 2\n3 | 4"],
    Quote: ["> one\n> two\nlazy"],
    Callout: ["> [!TIP] Title\n> text", '!!! tip "Title"\n    text\n\n    more'],
    Definitions: ["Term\n: meaning"],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in SPANS.items() for text in texts])
@pytest.mark.parametrize("head", ["# T\n\n", "---\ntitle: A\n---\n\n# T\n\n", "\N{ZERO WIDTH NO-BREAK SPACE}# T\n\n"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_block_s_span_covers_its_own_text(kind: type[Block], text: str, head: str, end: str) -> None:
    """Lines and columns are those of the file as saved: front matter, CRLF and byte order mark."""
    data = f"{head}before\n\n{text}\n\nafter\n".replace("\n", end).encode()
    source, guide = source_of(data), guide_of(data)
    block = guide.intro[1]
    assert isinstance(block, kind)
    assert own_text(source, block) == text


@pytest.mark.parametrize(
    "text", ["One\nTwo\n: first\n: second", "One\n: first\n\nTwo\n: second\n  third", "One\n:   first\n\n    more"]
)
def test_the_span_of_a_definition_list_covers_all_of_it(text: str) -> None:
    """From its first term to the end of its last definition."""
    source, guide = spans_of(f"# T\n\n{text}\n\nafter\n")
    assert source.slice(guide.intro[0].span) == text


def spans_of(text: str) -> tuple[Source, Guide]:
    """A text as lines, and as a guide."""
    return source_of(text), guide_of(text)


def test_spans_of_list_items_are_their_text() -> None:
    """An item's span starts behind its mark, at any depth and with tabs."""
    source, guide = spans_of("# T\n\n- one\n   - two\n\n     para\n10. three\n\t- four\n")
    texts = [source.slice(item.span) for item in items_of(guide)]
    assert texts == ["one\n   - two\n\n     para", "two\n\n     para", "three\n\t- four", "four"]


def test_spans_in_nested_containers() -> None:
    """A block in a list in a quote starts at its own first character."""
    source, guide = spans_of("# T\n\n> - > deep\n>   - x\n>\n>   ```\n>   code\n>   ```\n")
    prose = [source.slice(block.span) for block in blocks_of(guide) if isinstance(block, Prose)]
    assert prose[:2] == ["deep", "x"]
    assert prose[2].startswith("```")
    assert prose[2].endswith("```")


def test_spans_of_terms() -> None:
    """A term's span is its paragraph, or its line in a definition list."""
    source, guide = spans_of("# T\n\n- **A** — b\n  c\n\n  more\n\nTerm\n: meaning\n")
    assert [source.slice(term.span) for term in terms_of(guide)] == ["**A** — b\n  c", "Term"]


def test_spans_of_rows() -> None:
    """A row's span is its line."""
    source, guide = spans_of("# T\n\n| a | b |\n|---|---|\n| 1 | 2 |\n|  | 4 |\n")
    assert [source.slice(row.span) for row in tables_of(guide)[0].rows] == ["| 1 | 2 |", "|  | 4 |"]


def test_spans_of_rows_in_a_list_item() -> None:
    """Also where the table is indented."""
    source, guide = spans_of("# T\n\n- text\n\n  | a | b |\n  |---|---|\n  | 1 | 2 |\n")
    assert [source.slice(row.span) for row in tables_of(guide)[0].rows] == ["| 1 | 2 |"]


def test_spans_of_sections_reach_to_their_end() -> None:
    """A section's span goes from its heading to its last block, deeper sections included."""
    source, guide = spans_of("# T\n\n## A {: #x }\n\ntext\n\n### a\n\n- one\n- two\n\n## B\n\nlast\n")
    topic = guide.topics[0]
    assert source.slice(topic.span) == "## A {: #x }\n\ntext\n\n### a\n\n- one\n- two"
    assert source.slice(topic.sections[0].span) == "### a\n\n- one\n- two"


def test_spans_of_setext_headings() -> None:
    """A heading of two lines starts at its text."""
    source, guide = spans_of("T\n=\n\nA\n-\n\nB\n-\n")
    assert source.slice(guide.topics[0].span) == "A\n-"


def test_spans_of_footnotes() -> None:
    """A footnote's span is its definition, its blocks' spans their text."""
    source, guide = spans_of("# T\n\nx[^1]\n\n[^1]: One line\n    and two.\n\n    Para.\n\nafter\n")
    (note,) = guide.footnotes
    assert source.slice(note.span) == "[^1]: One line\n    and two.\n\n    Para."
    assert [source.slice(block.span) for block in note.blocks] == ["One line\n    and two.", "Para."]


def test_spans_of_details() -> None:
    """From the opening tag to the closing one."""
    text = "<details>\n<summary>A</summary>\n\nb\n\n</details>"
    source, guide = spans_of(f"# T\n\n{text}\n\nafter\n")
    assert source.slice(guide.intro[0].span) == text


def test_spans_count_characters() -> None:
    """Columns count code points, not bytes or UTF-16 units."""
    source, guide = spans_of("# T\n\n- 😀 — **ä**\n")
    assert source.slice(items_of(guide)[0].span) == "😀 — **ä**"
