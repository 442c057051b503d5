"""What becomes a card: the rules of the guide format, one after the other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from studypack.model import BasicNote, ClozeNote, Gap, Kind, Note
from tests.unit.reading import (
    answer,
    asked,
    basic_of,
    cards,
    cloze_of,
    kinds,
    note_of,
    notes_of,
    places,
    told,
    whole,
    words,
)
from tests.unit.test_media import BLUE, RED, picture

TWO = "# T\n\n## A\n\n{}\n\n## B\n"
"""A guide of two topics, the first of which holds what a test is about."""

WIDE = "| | X | Y |\n|---|---|---|\n| speed | fast | slow |"
NARROW = "| Word | Meaning |\n|---|---|\n| gneiss | a rock |"


def in_topic(block: str) -> list[tuple[str, str, str]]:
    """The cards of a block in a topic."""
    return cards(TWO.format(block))


def compared(note: Note) -> dict[str, str]:
    """A comparison's subjects and cells; what is asked stands in brackets."""
    assert isinstance(note, ClozeNote)
    html = "".join(f"[{piece.html}]" if isinstance(piece, Gap) else piece for piece in note.pieces)
    cells = re.findall(r'<div class="subject">(.*?)</div><div class="value">(.*?)</div>', html)
    return {words(subject): words(value) for subject, value in cells}


def aspect(note: Note) -> str:
    """What a comparison compares, without the head of the aspects' column."""
    found = re.search(r'<div class="aspect">(.*?)(?:<span|</div>)', whole(note))
    assert found is not None
    return words(found[1])


# --- comparison ---


def test_a_table_of_three_columns_compares() -> None:
    """One note a row, one gap a filled cell; the first column names the aspect, the others their subjects."""
    notes = notes_of(TWO.format("| | X | Y |\n|---|---|---|\n| speed | fast | slow |\n| price | low | high |"))
    assert [note.kind for note in notes] == [Kind.COMPARISON, Kind.COMPARISON]
    assert [aspect(note) for note in notes] == ["speed", "price"]
    assert [compared(note) for note in notes] == [{"X": "[fast]", "Y": "[slow]"}, {"X": "[low]", "Y": "[high]"}]


def test_a_comparison_names_its_subjects_for_the_lock() -> None:
    """Each gap knows its subject, so that columns can move."""
    assert [gap.label for gap in cloze_of(TWO.format(WIDE)).gaps] == ["X", "Y"]


def test_an_empty_cell_is_not_asked() -> None:
    """Only filled cells make cards, and an empty one is not shown."""
    note = note_of(TWO.format("| | X | Y | Z |\n|---|---|---|---|\n| speed | fast | | slow |"))
    assert compared(note) == {"X": "[fast]", "Z": "[slow]"}


@pytest.mark.parametrize("dash", ["-", "–", "—", "--"])
def test_a_cell_of_dashes_is_shown_but_not_asked(dash: str) -> None:
    """A dash says “nothing here”; nobody wants to be asked that."""
    note = note_of(TWO.format(f"| | X | Y |\n|---|---|---|\n| speed | fast | {dash} |"))
    assert compared(note) == {"X": "[fast]", "Y": dash}


@pytest.mark.parametrize("row", ["| speed | | |", "| speed | - | — |"])
def test_a_row_without_a_filled_cell_makes_no_note(row: str) -> None:
    """There is nothing to ask."""
    assert in_topic(f"{WIDE}\n{row.replace('speed', 'size')}") == in_topic(WIDE)


@pytest.mark.parametrize(
    "cell",
    [
        "no",
        "0",
        "✅",
        "❌",
        "n/a",
        "-1",
        "$x$",
        pytest.param("`-`"),
    ],
)
def test_a_cell_with_a_word_or_sign_is_asked(cell: str) -> None:
    """Marks and zeros are answers."""
    assert len(cloze_of(TWO.format(f"| | X | Y |\n|---|---|---|\n| speed | fast | {cell} |")).gaps) == 2


def test_subjects_of_the_same_name_stay_apart() -> None:
    """Two columns with one name have different labels, so that their cards are not mixed up."""
    labels = [gap.label for gap in cloze_of(TWO.format("| | X | X |\n|---|---|---|\n| speed | 1 | 2 |")).gaps]
    assert len(set(labels)) == 2


def test_an_empty_aspect_is_the_one_above() -> None:
    """As in merged cells, which Markdown cannot write."""
    notes = notes_of(TWO.format("| | X | Y |\n|---|---|---|\n| speed | 1 | 2 |\n| | 3 | 4 |"))
    assert [aspect(note) for note in notes] == ["speed", "speed"]


def test_rows_of_the_same_aspect_are_two_notes() -> None:
    """Equal aspects in one table are no mistake, and both are kept."""
    text = TWO.format("| | X | Y |\n|---|---|---|\n| speed | 1 | 2 |\n| speed | 3 | 4 |")
    assert len({note.key for note in notes_of(text)}) == 2
    assert told(text) == ()


def test_a_comparison_keeps_the_markup_of_its_cells() -> None:
    """Code, bold, math and line breaks of a cell are in its gap."""
    note = cloze_of(TWO.format("| | X | Y |\n|---|---|---|\n| speed | **a** `b` | $x$<br>c |"))
    assert [gap.html for gap in note.gaps] == [
        "<strong>a</strong> <code>b</code>",
        '<span class="math">\\(x\\)</span><br>c',
    ]


def test_two_columns_compare_when_marked() -> None:
    """`.comparison` makes any table one, marked itself or below a marked heading."""
    assert [kind for kind, *_ in in_topic(f"{NARROW}\n{{: .comparison }}")] == ["comparison"]
    assert kinds(f"# T\n\n## A {{: .comparison }}\n\n### a\n\n{NARROW}\n\n## B\n") == ["comparison"]


def test_a_table_of_one_column_is_no_comparison() -> None:
    """It is left to the concept."""
    assert in_topic("| X |\n|---|\n| a |\n| b |") == [("concept", "A", "X a b")]


# --- term ---


@pytest.mark.parametrize("separator", [" —", " –", " -", ":", " :"])
def test_a_list_item_with_a_term(separator: str) -> None:
    """The bold opening is asked, what follows the separator is the answer."""
    assert in_topic(f"- **gneiss**{separator} a *hard* rock") == [("term", "gneiss", "a hard rock")]


def test_a_colon_inside_the_bold_opening() -> None:
    """`**Term:** text` asks for the term without its colon."""
    assert in_topic("- **gneiss:** a rock") == [("term", "gneiss", "a rock")]


def test_each_term_is_a_note() -> None:
    """Terms of a list are asked one by one, plain items are left."""
    assert in_topic("- **a** — one\n- plain\n- **b** — two") == [
        ("concept", "A", "plain"),
        ("term", "a", "one"),
        ("term", "b", "two"),
    ]


def test_a_term_s_answer_is_all_of_its_item() -> None:
    """A list below a term belongs to it, terms in it included; nothing is asked twice."""
    assert in_topic("- **a** — one\n  - **b** — two\n  - c") == [("term", "a", "one b — two c")]


def test_a_term_of_nested_items_only() -> None:
    """`**Term:**` with its meaning in a list below."""
    assert in_topic("- **a:**\n  - one\n  - two") == [("term", "a", "one two")]


def test_terms_of_nested_lists_are_found() -> None:
    """A plain item above does not hide the terms below it."""
    assert in_topic("- plain\n  - **a** — one") == [("concept", "A", "plain"), ("term", "a", "one")]


@pytest.mark.parametrize("heading", ["B", "Words {: .terms }"])
def test_paragraphs_of_a_glossary(heading: str) -> None:
    """Below a letter, or where it is marked so, paragraphs are terms, a line or more each."""
    text = "**Beam** - the width of\na boat\n**Bight**: a loop\n\n**Boom:** a spar  \n**Bow** — front"
    assert cards(f"# T\n\n## {heading}\n\n{text}\n\n## Other\n\n") == [
        ("term", "Beam", "the width of a boat"),
        ("term", "Bight", "a loop"),
        ("term", "Boom", "a spar"),
        ("term", "Bow", "front"),
    ]


@pytest.mark.parametrize("text", ["First\n**Beam** - width", "**Beam** -", "**Beam** width", "> **Beam** - width"])
def test_other_paragraphs_of_a_glossary_stay(text: str) -> None:
    """Nothing before the first term is lost, and nothing becomes half a term."""
    assert [(kind, asked) for kind, asked, _ in cards(f"# T\n\n## B\n\n{text}\n\n## C\n")] == [("concept", "B")]


def test_a_definition_list() -> None:
    """Each term of it is a note; its definitions are the answer."""
    assert in_topic("gneiss\n: a rock\n\nlava\n: hot") == [
        ("term", "gneiss", "a rock"),
        ("term", "lava", "hot"),
    ]


def test_several_terms_of_one_definition() -> None:
    """Each of them is asked."""
    assert in_topic("lava\nmagma\n: hot") == [("term", "lava", "hot"), ("term", "magma", "hot")]


def test_several_definitions_of_one_term() -> None:
    """They are one answer, one after the other."""
    note = basic_of(TWO.format("lava\n: hot\n: liquid"))
    assert (asked(note), answer(note)) == ("lava", "hot liquid")
    assert "<dl>" not in note.back


def test_rows_of_a_two_column_table() -> None:
    """A row asks its first cell and answers its second."""
    assert in_topic(f"{NARROW}\n| lava | *hot* |") == [
        ("term", "gneiss Word", "a rock"),
        ("term", "lava Word", "hot"),
    ]


def test_a_row_tells_what_is_sought() -> None:
    """The head of the second column says what the answer is: “Meaning” of gneiss."""
    assert "Meaning" in basic_of(TWO.format(NARROW)).front


def test_a_row_without_its_second_cell_is_told() -> None:
    """A term without an answer makes no card; the author learns of it at the row."""
    assert places(TWO.format(f"{NARROW}\n| lava | |")) == ["SP402@8:1"]


def test_a_row_without_its_first_cell_is_not_lost() -> None:
    """A row that continues the one above, as in merged cells, is on a card, or the author is told."""
    text = TWO.format(f"{NARROW}\n| | of stripes |")
    assert "of stripes" in " ".join(whole(note) for note in notes_of(text)) or told(text)


@pytest.mark.parametrize("rows", ["| | *hot* |", "| ![](https://example.org/a.png) | hot |\n| | |"])
def test_rows_that_nothing_names_are_told_by_their_heading(rows: str) -> None:
    """Nobody can ask for a name that is not there, as that of a picture left out; what the row says is not lost."""
    table = NARROW.replace("|---|---|", f"|---|---|\n{rows}")
    assert in_topic(table) == [("concept", "A", "Word Meaning hot"), ("term", "gneiss Word", "a rock")]


def test_a_table_is_terms_when_marked() -> None:
    """`.terms` makes a wide table terms: the first cell asked, the others answer under their heads."""
    assert in_topic(f"{WIDE}\n{{: .terms }}") == [("term", "speed", "X fast Y slow")]


def test_a_term_is_asked_with_its_topic() -> None:
    """A word alone may mean much; the topic says what it is about."""
    assert "A" in words(basic_of(TWO.format("- **gneiss** — a rock")).front.partition("</div>")[2])


@pytest.mark.parametrize("block", ["- **a** — one", "a\n: one", "| x | y |\n|---|---|\n| a | one |"])
def test_terms_are_asked_one_way_unless_said_otherwise(block: str) -> None:
    """Both ways by `terms: reversed`, by `.reversed` on the block or on a heading above."""
    ways = (
        TWO.format(block),
        TWO.format(f"{block}\n{{: .reversed }}"),
        f"# T\n\n## A {{: .reversed }}\n\n### a\n\n{block}\n\n## B\n",
        f"---\ncards: {{terms: reversed}}\n---\n{TWO.format(block)}",
    )
    assert [basic_of(text).reversed for text in ways] == [False, True, True, True]


def test_only_terms_are_reversed() -> None:
    """`.reversed` above other kinds changes nothing."""
    notes = notes_of("# T\n\n## A {: .reversed }\n\nx\n\n> [!TIP] a\n> b\n\n### Why?\n\nSo.\n\n## B\n")
    assert [note.reversed for note in notes if isinstance(note, BasicNote)] == [False] * 3


# --- takeaway ---


@pytest.mark.parametrize(
    "text",
    [
        "> [!TIP] Title\n> text",
        "> [!IMPORTANT] Title\n>\n> text",
        '!!! tip "Title"\n    text',
        '??? note "Title"\n    text',
    ],
)
def test_a_callout_asks_its_title_and_topic(text: str) -> None:
    """Front: the title and the topic; back: its text."""
    note = basic_of(f"# T\n\n## Rocks\n\n### Deep\n\n{text}\n\n## B\n")
    assert (note.kind, asked(note), answer(note)) == (Kind.TAKEAWAY, "Title", "text")
    assert "Rocks" in words(note.front)


@pytest.mark.parametrize(("text", "title"), [("> [!NOTE]\n> text", "Note"), ("!!! warning\n    text", "Warning")])
def test_a_callout_without_a_title_asks_its_kind(text: str, title: str) -> None:
    """“Note” and the topic."""
    assert in_topic(text) == [("takeaway", title, "text")]


def test_a_callout_takes_what_is_in_it() -> None:
    """Terms, marks and tables inside a callout are its text, not asked again."""
    text = "> [!TIP] Title\n> ==mark==\n>\n> - **a** — b\n>\n> | p | q | r |\n> |---|---|---|\n> | s | t | u |"
    assert in_topic(text) == [("takeaway", "Title", "mark a — b p q r s t u")]


def test_a_callout_in_a_list_item() -> None:
    """A callout is one wherever it stands; the item's own text stays."""
    assert in_topic("- item\n\n  > [!TIP] Title\n  > text") == [("concept", "A", "item"), ("takeaway", "Title", "text")]


def test_a_callout_before_the_first_topic_belongs_to_the_guide() -> None:
    """Where there is no topic, the guide's title stands for it."""
    note = basic_of("# Geology\n\n> [!TIP] Title\n> text\n\n## A\n\n## B\n")
    assert "Geology" in words(note.front)


def test_a_callout_without_text_is_told() -> None:
    """A title alone has no answer."""
    assert places(TWO.format("text\n\n> [!TIP] Title")) == ["SP402@7:1"]


# --- cloze ---


def test_a_paragraph_with_marks() -> None:
    """Each mark is a gap; the text around it is shown."""
    note = cloze_of(TWO.format("The ==cell== has a ==wall==."))
    assert (note.kind, asked(note)) == (Kind.CLOZE, "The [cell] has a [wall].")
    assert [gap.label for gap in note.gaps] == ["cell", "wall"]
    assert "<mark>" not in whole(note)


@pytest.mark.parametrize("marker", ["- ", "1. ", "- [ ] ", "> "])
def test_a_list_item_or_quote_with_marks(marker: str) -> None:
    """Each marked item is a note of its own."""
    assert [found for found in in_topic(f"{marker}The ==cell==") if found[0] == "cloze"] == [
        ("cloze", asked(note_of(TWO.format(f"{marker}The ==cell=="))), "cell")
    ]


def test_items_with_and_without_marks() -> None:
    """Marked items leave the list, the others stay."""
    assert in_topic("- a ==b==\n- c\n- ==d== e") == [
        ("concept", "A", "c"),
        ("cloze", "a [b]", "b"),
        ("cloze", "[d] e", "d"),
    ]


def test_a_marked_item_keeps_what_is_below_it() -> None:
    """Lists below a marked item are part of its text; marks in them are gaps of the same note."""
    assert in_topic("- a ==b==\n  - c\n  - ==d==") == [("cloze", "a [b] c [d]", "b, d")]


def test_a_gap_keeps_its_markup() -> None:
    """Bold, code, math and links inside a mark."""
    note = cloze_of(TWO.format("So ==**a** `b` $c$== is."))
    assert [gap.html for gap in note.gaps] == [
        '<strong>a</strong> <code>b</code> <span class="math">\\(c\\)</span>',
    ]


def test_marks_inside_bold_words() -> None:
    """A mark may stand in other markup; the tags around it stay whole."""
    note = cloze_of(TWO.format("**all ==b== bold**"))
    assert "".join(piece.html if isinstance(piece, Gap) else piece for piece in note.pieces) == (
        "<p><strong>all b bold</strong></p>"
    )


def test_marks_in_code_ask_nothing() -> None:
    """`==` in code compares."""
    assert kinds(TWO.format("`a ==b== c`\n\n```\nx ==y== z\n```")) == ["concept"]


# --- concept ---


def test_what_is_left_is_a_concept() -> None:
    """Prose, plain lists, code and quotes under a heading, asked by it."""
    assert in_topic("Text.\n\n- one\n- two\n\n```\ncode\n```\n\n> quote") == [
        ("concept", "A", "Text. one two code quote"),
    ]


def test_each_heading_has_its_own_concept() -> None:
    """A section's text is not its topic's."""
    text = "# T\n\n## A\n\none\n\n### a\n\ntwo\n\n#### aa\n\nthree\n\n## B\n"
    assert cards(text) == [("concept", "A", "one"), ("concept", "a", "two"), ("concept", "aa", "three")]


def test_a_heading_with_nothing_left_has_no_concept() -> None:
    """Headings whose blocks were all taken, or that only part others, ask nothing and are no mistake."""
    text = "# T\n\n## A\n\n### a\n\n- **x** — y\n\n### b\n\n---\n\n<!-- note -->\n\n## B\n"
    assert cards(text) == [("term", "x", "y")]
    assert told(text) == ()


@pytest.mark.parametrize("block", [WIDE, NARROW, "- **a** — b", "> [!TIP] a\n> b", "a ==b==", "a\n: b"])
def test_concept_keeps_a_block_from_other_rules(block: str) -> None:
    """`.concept` on a block or on the heading leaves it to the concept."""
    assert [kind for kind, *_ in in_topic(f"{block}\n{{: .concept }}")] == ["concept"]
    assert kinds(f"# T\n\n## A {{: .concept }}\n\n{block}\n\n## B\n") == ["concept"]


def test_concept_keeps_a_question_mark_quiet() -> None:
    """A heading that ends in `?` and is marked `.concept` is one."""
    note = basic_of("# T\n\n## A\n\n### Why? {: .concept }\n\nSo.\n\n## B\n")
    assert note.kind is Kind.CONCEPT


def test_a_concept_shows_no_marks_or_attributes() -> None:
    """What adjusts a block is not shown."""
    assert in_topic("Text.\n{: .no-print }") == [("concept", "A", "Text.")]


@pytest.mark.parametrize("text", ["Here are the key terms:", "**Key terms:**", "术语："])
def test_a_line_that_only_leads_to_what_was_taken_asks_nothing(text: str) -> None:
    """It would be a card whose answer ends where it begins."""
    assert in_topic(f"{text}\n\n- **b** — two") == [("term", "b", "two")]


def test_a_line_that_leads_on_stays_with_what_it_leads_to() -> None:
    """Also where only part of that was taken; and one that says something of its own stays."""
    assert in_topic("Steps:\n\n1. go")[0] == ("concept", "A", "Steps: go")
    long = "A deadlock is a wait of each for another; it takes these conditions, all at once:"
    assert ("concept", "A", long) in in_topic(f"{long}\n\n- **b** — two")
    assert in_topic("```\nwhile True:\n```") == [("concept", "A", "while True:")]


def test_the_guide_s_introduction_is_asked_by_its_title() -> None:
    """Text before the first topic is on a card of the guide's own deck."""
    assert cards("# Geology\n\nOf rocks.\n\n## A\n\n## B\n") == [("concept", "Geology", "Of rocks.")]


def test_a_guide_without_headings() -> None:
    """Terms and clozes need no heading, and no word is lost."""
    text = "Some text.\n\n- **a** — b\n"
    assert sorted(kinds(text)) == ["concept", "term"]


# --- nothing twice, and the order of the rules ---


MIXED = """# T

## A

s01 lead.

- **s02** — s03
- s04 plain
  - **s05** — s06
  - s07 plain
- a ==s08== b
- **s09?** s10

s11
: s12

| s13 | s14 |
|---|---|
| s15 | s16 ==m== |

| s17 | s18 | s19 |
|---|---|---|
| s20 | s21 | s22 |

> [!TIP] s23
> s24
>
> - **s25** — s26

> s27 quote

### s28?

s29

- **s30** — s31

| s32 | s33 | s34 |
|---|---|---|
| s35 | s36 | s37 |

#### s38

s39

### s40

s41 ==s42==

<details><summary>s43</summary>

s44

</details>

```
s45
```

## B
"""


def test_nothing_is_asked_twice_and_nothing_is_lost() -> None:
    """Each sentence of a mixed part is on exactly one note (a table's head is on each of its rows)."""
    notes = notes_of(MIXED)
    found = {f"s{number:02}": sum(f"s{number:02}" in whole(note) for note in notes) for number in range(1, 46)}
    own = {
        name: count for name, count in found.items() if name != "s13"
    }  # a two-column table's first head asks nothing
    assert own == dict.fromkeys(own, 1)


def test_the_rules_take_what_is_theirs() -> None:
    """Each block of a mixed part belongs to the first rule that takes it."""
    found = {asked(note).split()[0].strip("?[]"): note.kind.value for note in notes_of(MIXED)}
    assert found == {
        "A": "concept", "s02": "term", "s05": "term", "a": "cloze", "s09": "question", "s11": "term", "s15": "term",
        "s20": "comparison", "s23": "takeaway", "s28": "question", "s41": "cloze", "s43": "question", "s40": "concept",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("block", "kind"),
    [
        ("### Why?\n\n| a | b | c |\n|---|---|---|\n| d | e | f |", "question"),
        ("### Why?\n\n- **a** — b", "question"),
        ("### Why?\n\n> [!TIP] a\n> b", "question"),
        ("### Why?\n\na ==b==", "question"),
        ("| a | b | c |\n|---|---|---|\n| **d** — x | ==e== | f |", "comparison"),
        ("- **a** — ==b==", "term"),
        ("a\n: ==b==", "term"),
        ("| a | b |\n|---|---|\n| c | ==d== |", "term"),
        ("> [!TIP] a\n> ==b==", "takeaway"),
        ("a ==b==", "cloze"),
    ],
)
def test_rules_are_tried_in_order(block: str, kind: str) -> None:
    """What two rules could take goes to the first: question, comparison, term, takeaway, cloze, concept."""
    assert [found for found, *_ in in_topic(block)] == [kind]


def test_a_mark_in_a_term_is_no_gap_on_its_card() -> None:
    """Marked words in an answer are shown, as marked words."""
    assert "<mark>b</mark>" in basic_of(TWO.format("- **a** — ==b==")).back


def test_kinds_stand_in_the_order_of_the_rules() -> None:
    """As the guide format lists them."""
    assert [kind.value for kind in Kind] == ["question", "comparison", "term", "takeaway", "cloze", "concept"]


def test_the_same_guide_gives_the_same_notes() -> None:
    """Keys, places, texts and order, on every run."""
    assert repr(notes_of(MIXED)) == repr(notes_of(MIXED))


def test_notes_come_in_the_guide_s_order() -> None:
    """Whatever their kinds, notes follow the text."""
    lines = [note.span.line for note in notes_of(MIXED)]
    assert lines == sorted(lines)


# --- what makes no cards ---


@pytest.mark.parametrize("kind", list(Kind))
def test_a_kind_that_is_off_makes_no_notes(kind: Kind) -> None:
    """`cards:` switches each kind; the others stay as they are."""
    text = f"---\ncards: {{{kind.value}: off}}\n---\n{MIXED}"
    assert cards(text) == [card for card in cards(MIXED) if card[0] != kind.value]


def test_a_kind_that_is_on_changes_nothing() -> None:
    """On is the default."""
    assert cards(f"---\ncards: {{terms: on, concepts: on}}\n---\n{MIXED}") == cards(MIXED)


@pytest.mark.parametrize(
    "text",
    [
        "# T\n\n## A {: .no-cards }\n\nx\n\n### a\n\n- **y** — z\n\n### Why?\n\nSo.\n\n## B\n\nkept\n",
        "# T\n\n## B\n\n### a {: .no-cards }\n\nx\n\n#### Why?\n\nSo.\n\n### b\n\nkept\n\n## C\n",
        "# T\n\n## B\n\n- **a** — x\n{: .no-cards }\n\nkept\n\n## C\n",
        f"# T\n\n## B\n\n{WIDE}\n{{: .no-cards }}\n\nkept\n\n## C\n",
        "# T\n\n## B\n\n> [!TIP] a\n> x\n{: .no-cards }\n\nkept\n\n## C\n",
        "# T\n\n## B\n\nx\n{: .no-cards }\n\nkept\n\n## C\n",
        "# T\n\n## B\n\n- kept\n- x\n  {: .no-cards }\n\n## C\n",
    ],
)
def test_no_cards_keeps_a_part_out(text: str) -> None:
    """A topic, a section, a block or an item marked `.no-cards`, and all below it, is on no card."""
    assert [(kind, said) for kind, _, said in cards(text)] == [("concept", "kept")]


def test_no_cards_on_a_term_s_item() -> None:
    """Attributes below a list item that is a term adjust the term."""
    assert in_topic("- **a** — x\n  {: .no-cards }\n- **b** — y") == [("term", "b", "y")]


def test_reversed_on_a_term_s_item() -> None:
    """A single term of a list may be asked both ways."""
    notes = notes_of(TWO.format("- **a** — x\n  {: .reversed }\n- **b** — y"))
    assert [note.reversed for note in notes if isinstance(note, BasicNote)] == [True, False]


@pytest.mark.parametrize(
    "block",
    [
        "x\n{: .no-cards }",
        "- x\n- y\n{: .no-cards }",
        "> [!TIP] x\n> y\n{: .no-cards }",
        "#### Sub {: .no-cards }\n\nx",
    ],
)
def test_no_cards_inside_an_answer(block: str) -> None:
    """A part of an answer may be kept out too."""
    assert in_topic(f"### Why?\n\nkept\n\n{block}") == [("question", "Why?", "kept")]


def test_no_cards_on_the_guide_is_told() -> None:
    """A guide that makes no cards at all is a warning."""
    assert [place.partition("@")[0] for place in places("# T {: .no-cards }\n\n## A\n\nx\n\n## B\n\ny\n")] == ["SP404"]


def test_no_print_changes_no_card() -> None:
    """`.no-print`, `.matrix` and `.no-matrix` are the paper's business."""
    plain = in_topic(f"{WIDE}\n\nx")
    for name in ("no-print", "matrix", "no-matrix"):
        assert in_topic(f"{WIDE}\n{{: .{name} }}\n\nx\n{{: .{name} }}") == plain


@pytest.mark.parametrize(
    "contents",
    [
        "- [A](#a)\n- [B](#b)",
        "1. [A](#a)\n   - [x](#b)\n2. [B](#b)",
        "| No | Topic |\n|---|---|\n| 1 | [A](#a) |\n| 2 | [B](#b) |",
        "| Go | to | part |\n|---|---|---|\n| [A](#a) | [B](#b) | [A](#a) |",
        "## Contents\n\n- [A](#a)\n- [B](#b)",
        "[TOC]",
        "[Back to top](#a)",
    ],
)
def test_tables_of_contents_make_no_cards(contents: str) -> None:
    """Lists, tables and lines of links into the same guide ask nothing, and are no mistake."""
    text = f"# T\n\n{contents}\n\n## A\n\nx\n\n## B\n\ny\n"
    assert cards(text) == [("concept", "A", "x"), ("concept", "B", "y")]
    assert told(text) == ()


def test_a_table_of_contents_is_not_in_an_answer() -> None:
    """Also below a question."""
    assert in_topic("### Why?\n\nSo.\n\n- [A](#a)\n- [B](#b)") == [("question", "Why?", "So.")]


# --- what travels with a card ---


def test_footnotes_travel_with_the_card_that_refers_to_them() -> None:
    """The text of a footnote is on the cards that refer to it, and on no other."""
    text = "# T\n\n## A\n\none[^a]\n\n- **b** — two\n- **c** — three[^z]\n\n## B\n\n[^a]: First.\n[^z]: Last.\n"
    assert {asked(note): words(note.extra) for note in notes_of(text)} == {"A": "First.", "b": "", "c": "Last."}


@pytest.mark.parametrize(
    "block",
    [
        "### Why?\n\nSo.[^1]",
        "### Why[^1] so?\n\nSo.",
        "| | X | Y |\n|---|---|---|\n| speed | fast[^1] | slow |",
        "- **gneiss**[^1] — a rock",
        "- **gneiss** — a rock[^1]",
        "> [!TIP] Title\n> text[^1]",
        "a ==b==[^1]",
        "a ==b[^1]==",
        "text[^1]",
    ],
)
def test_footnotes_of_every_kind_of_card(block: str) -> None:
    """Wherever on a card the reference stands."""
    assert "Or magma." in note_of(f"# T\n\n## A\n\n{block}\n\n## B\n\n[^1]: Or magma.\n").extra


def test_a_footnote_that_refers_to_another() -> None:
    """What is said in a footnote can be looked up too."""
    assert "Deep." in note_of("# T\n\n## A\n\none[^a]\n\n## B\n\n[^a]: See[^b].\n[^b]: Deep.\n").extra


def test_a_footnote_s_number_is_no_part_of_a_name() -> None:
    """A reference in a heading does not get into the deck's name, the breadcrumb and the tag."""
    place = note_of("# T\n\n## Rocks[^1]\n\n- **a** — b\n\n## B\n\n[^1]: Stones.\n").place
    assert (place.deck, place.breadcrumb) == (("T", "Rocks"), "T › Rocks")


def test_media_travel_with_their_card(tmp_path: Path) -> None:
    """Each note names the pictures on it, those of its footnotes included, and no others."""
    (tmp_path / "a.png").write_bytes(picture(RED))
    (tmp_path / "b.png").write_bytes(picture(BLUE))
    text = "# T\n\n## A\n\n- **x** — ![](a.png)\n- **y** — z[^1]\n- **w** — v\n\n## B\n\n[^1]: ![b](b.png)\n"
    notes = notes_of(text, tmp_path / "guide.md")
    assert [[media.reference for media in note.media] for note in notes] == [["a.png"], ["b.png"], []]


def test_media_in_questions_gaps_and_cells(tmp_path: Path) -> None:
    """A picture may be asked, hidden or compared."""
    (tmp_path / "a.png").write_bytes(picture())
    text = (
        "# T\n\n## A\n\n### What is ![this](a.png)?\n\nA dot.\n\n### b\n\nIt looks ==![so](a.png)==.\n\n"
        "| | X | Y |\n|---|---|---|\n| look | ![x](a.png) | no |\n\n## B\n"
    )
    assert [len(note.media) for note in notes_of(text, tmp_path / "guide.md")] == [1, 1, 1]


@pytest.mark.parametrize(
    ("url", "expected"),
    [("", "<a>Other</a>"), ("url: https://example.org/g\n", '<a href="https://example.org/g#b">Other</a>')],
)
@pytest.mark.parametrize(
    "block",
    [
        "see [Other](#b)",
        "- **x** — [Other](#b)",
        "- **[Other](#b)** — x",
        "==a== [Other](#b)",
        "| | X | Y |\n|---|---|---|\n| x | [Other](#b) | y |",
        "text[^1]\n\n[^1]: [Other](#b)",
        "### Why [Other](#b)?\n\nx",
    ],
)
def test_links_into_the_guide(block: str, url: str, expected: str) -> None:
    """With `url` they lead to where the guide is published; without, they are plain words, as a card has no anchors."""
    text = f"---\n{url}author: me\n---\n# T\n\n## A\n\n{block}\n\n## B\n"
    html = whole(note_of(text))
    assert "Other" in html
    assert 'href="#' not in html
    assert (expected in html) or (not url and "<a" not in html)


@pytest.mark.parametrize(
    "table",
    [
        "| | X | Y |\n|---|---|---|\n| [Other](#b) | x | y |",
        "| | X | [Other](#b) |\n|---|---|---|\n| x | y | z |",
        "| [Other](#b) | X | Y |\n|---|---|---|\n| x | y | z |",
    ],
)
def test_links_into_the_guide_in_the_heads_of_a_comparison(table: str) -> None:
    """What names an aspect or subject may be a link too."""
    assert 'href="#' not in whole(note_of(TWO.format(table)))


@pytest.mark.parametrize("address", ["https://example.org/a\\d", "https://example.org/\\1"])
def test_a_backslash_in_the_url_is_one(address: str) -> None:
    """The address is taken as it is, whatever its characters."""
    text = f"---\nurl: {address}\n---\n# T\n\n## A\n\nsee [x](#b)\n\n## B\n"
    assert f'href="{address}#b"' in whole(note_of(text))


# --- places ---


def test_each_topic_is_a_subdeck() -> None:
    """`Deck::Topic`; sections have no decks of their own; what stands before the topics is in the guide's."""
    text = "---\ndeck: School::Geology\n---\n# T\n\nx\n\n## A\n\ny\n\n### a\n\nz\n\n## B\n\nw\n"
    top = ("School", "Geology")
    assert [note.place.deck for note in notes_of(text)] == [top, (*top, "A"), (*top, "A"), (*top, "B")]


@pytest.mark.parametrize(
    ("block", "breadcrumb"),
    [
        ("- **x** — y", "T › A"),
        ("### a\n\n- **x** — y", "T › A › a"),
        ("### a\n\n#### aa\n\n| p | q | r |\n|---|---|---|\n| s | t | u |", "T › A › a › aa"),
        ("### a & <b>\n\n- **x** — y", "T › A › a &amp;"),
        ("### a\n\n#### Why?\n\nx", "T › A › a"),
    ],
)
def test_the_breadcrumb_is_the_path_of_headings(block: str, breadcrumb: str) -> None:
    """Guide › topic › section, as HTML; a heading that is itself asked is not given away twice."""
    assert note_of(TWO.format(block)).place.breadcrumb == breadcrumb


def test_the_link_leads_to_the_topic() -> None:
    """`url#topic-id`, the guide itself before the first topic, nothing without `url`."""
    text = "# T\n\nx\n\n## A b {: #own }\n\ny\n\n### a\n\nz\n\n## C d\n\nw\n"
    assert [note.place.link for note in notes_of(f"---\nurl: https://example.org/g\n---\n{text}")] == [
        "https://example.org/g", "https://example.org/g#own", "https://example.org/g#own", "https://example.org/g#c-d",
    ]  # fmt: skip
    assert {note.place.link for note in notes_of(text)} == {""}


def test_cards_carry_their_tags() -> None:
    """The guide's tags, `level::`, `topic::` and `kind::`."""
    text = "---\ntags: [geology, 'exam::2025']\nlevel: beginner\n---\n# T\n\n## Hard Rocks\n\n- **x** — y\n\n## B\n"
    assert set(note_of(text).place.tags) == {
        "geology", "exam::2025", "level::beginner", "topic::hard-rocks", "kind::term",
    }  # fmt: skip


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_tagged(kind: Kind) -> None:
    """`kind::…` on notes of every kind."""
    notes = [note for note in notes_of(MIXED) if note.kind is kind]
    assert notes
    assert all(f"kind::{kind.value}" in note.place.tags for note in notes)


def test_made_tags_hold_no_blanks() -> None:
    """A blank would end a tag in Anki."""
    text = '# T\n\n## Ünïcode & 日本 rocks! {: level="very  hard" }\n\n- **x** — y\n\n## B\n'
    tags = note_of(text).place.tags
    assert all(not re.search(r"\s", tag) for tag in tags)
    assert "level::very-hard" in tags


def test_a_level_is_the_nearest() -> None:
    """A section's own level goes before its topic's, that before the guide's."""
    text = (
        "---\nlevel: l0\n---\n# T\n\nx\n\n## A {: level=l1 }\n\n- **x** — y\n\n### a {: level=l2 }\n\n- **x** — y\n\n"
        "### Why? {: level=l3 }\n\nSo.\n\n### b\n\n- **x** — y\n\n## B\n"
    )
    assert [note.place.level for note in notes_of(text)] == ["l0", "l1", "l2", "l3", "l1"]


def test_without_a_level_there_is_no_tag() -> None:
    """No level, no `level::`."""
    place = note_of(TWO.format("x")).place
    assert (place.level, [tag for tag in place.tags if tag.startswith("level")]) == ("", [])


# --- harmless ---


DOT = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
)
"""A picture of one pixel, inside the text."""

HARMFUL = [
    "<script>alert(1)</script>",
    '<p onclick="alert(1)">kept</p>',
    "<style>.card{display:none}</style>",
    '<p style="position:fixed">kept</p>',
    '<iframe src="https://example.org"></iframe>',
    '<form action="https://example.org"><input name="a"></form>',
    '<a href="javascript:alert(1)">kept</a>',
    '<a href="JaVaScRiPt&colon;alert(1)">kept</a>',
    f'<img src="{DOT}" onerror="alert(1)" alt="kept">',
    '<object data="https://example.org/x"></object>',
    '<svg onload="alert(1)"><text>x</text></svg>',
    '<meta http-equiv="refresh" content="0">',
    '<img src="https://example.org/pixel.gif">',
    '<a href="file:///etc/passwd">kept</a>',
]
BAD = re.compile(
    r"<(?:script|style|iframe|form|input|object|svg|meta)|\son\w+=|\sstyle=|javascript|file:|src=\"http|alert", re.I
)


@pytest.mark.parametrize("raw", HARMFUL)
@pytest.mark.parametrize(
    "where", ["{}", "before {} after", "- **a** — {}", "| a | {} | c |\n|---|---|---|\n| x | {} | z |"]
)
def test_raw_html_is_made_harmless(raw: str, where: str) -> None:
    """Nothing that runs, calls out or takes the card over is left, in a block, a line or a cell; words stay."""
    text = f"# T\n\n## A\n\nfirst\n\n{where.replace('{}', raw)}\n\n## B\n"
    html = " ".join(whole(note) for note in notes_of(text))
    assert BAD.search(html) is None
    assert ("kept" in html) is ("kept" in raw)


@pytest.mark.parametrize(
    "raw",
    [
        "<kbd>Ctrl</kbd>",
        "H<sub>2</sub>O",
        "a<br>b",
        "<u>x</u>",
        "<ruby>漢<rt>kan</rt></ruby>",
        "<ins>x</ins>",
        "<s>x</s>",
    ],
)
def test_harmless_html_stays(raw: str) -> None:
    """Elements that only say how a word looks are kept, and nothing is told."""
    assert raw in whole(note_of(TWO.format(f"so {raw} is")))
    assert told(TWO.format(f"so {raw} is")) == ()


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        ("<script>alert(1)</script>", "SP210@5:1"),
        ('x <b onclick="y">z</b>', "SP210@5:6"),
        ("text\n<iframe src='https://example.org'></iframe>", "SP210@6:1"),
    ],
)
def test_what_was_made_harmless_is_told(raw: str, place: str) -> None:
    """A warning at the line and column of what had to go."""
    assert place in places(TWO.format(f"{raw}\n\nkept"))


@pytest.mark.parametrize(
    "text", ["`<script>`", "&lt;script&gt;", r"\<script>", "```\n<script>x</script>\n```", "a < b > c"]
)
def test_html_shown_as_text_is_no_harm(text: str) -> None:
    """Code and escaped tags are shown letter by letter, and nothing is told."""
    assert "&lt;" in whole(note_of(TWO.format(text)))
    assert told(TWO.format(text)) == ()


# --- what is weak ---


@pytest.mark.parametrize(
    "block",
    [
        "### Why?\n\nx\n\n### Why?\n\ny",
        "- **a** — x\n- **a** — y",
        "> [!TIP] a\n> x\n\n> [!TIP] a\n> y",
        "a\n: x\n\na\n: y",
    ],
)
def test_two_cards_that_ask_the_same_are_told(block: str) -> None:
    """A warning at the second, naming the line of the first; both are made."""
    text = TWO.format(block)
    (found,) = [each for each in told(text) if each.code == "SP401"]
    assert found.span.line > 5
    assert "line 5" in found.message
    assert len({note.key for note in notes_of(text)}) == 2


def test_the_same_question_in_another_place_is_no_mistake() -> None:
    """The breadcrumb tells them apart."""
    assert told("# T\n\n## A\n\n### Why?\n\nx\n\n## B\n\n### Why?\n\ny\n") == ()


@pytest.mark.parametrize("terms", [("Co", "CO"), ("sie", "Sie"), ("n", "N")])
def test_terms_that_differ_in_case_are_not_the_same(terms: tuple[str, str]) -> None:
    """Cobalt and carbon monoxide are two questions."""
    assert told(TWO.format(f"- **{terms[0]}** — one\n- **{terms[1]}** — two")) == ()


@pytest.mark.parametrize("heading", ["### Step {}: pack", "### Python 3.{}: news", "### Act {}. A street"])
def test_numbered_sections_are_not_the_same(heading: str) -> None:
    """The same term under two steps is no mistake."""
    term = "- **x** — y"
    assert told(TWO.format(f"{heading.format(1)}\n\n{term}\n\n{heading.format(2)}\n\n{term}")) == ()


@pytest.mark.parametrize(
    ("text", "weak"),
    [
        ("a {{c1::b}} c", True),
        ("{{Front}} here", True),
        ("`{{c1::b}}`", False),
        ("```\n{{x}}\n```", False),
        ("{x}", False),
    ],
)
def test_text_that_looks_like_anki_s_syntax_is_told(text: str, weak: bool) -> None:
    """A warning, as it is shown as it stands; not in code."""
    assert [each.code for each in told(TWO.format(text))] == ["SP403"] * weak


def test_a_guide_without_cards_is_told() -> None:
    """Headings only."""
    assert [each.code for each in told("# T\n\n## A\n\n## B\n")] == ["SP404"]


def test_notes_know_where_they_stand() -> None:
    """A note's span is that of what it was made of."""
    text = f"---\ntitle: T\n---\n\n## A\n\ntext\n\n- **x** — y\n\n{WIDE}\n\n### Why?\n\nSo.\n"
    assert [(note.kind.value, note.span.line, note.span.column) for note in notes_of(text)] == [
        ("concept", 7, 1), ("term", 9, 3), ("comparison", 13, 1), ("question", 15, 1),
    ]  # fmt: skip
