"""A cheat sheet fitted onto so many sheets, its grid, and what is wide, read back from the PDF."""

from __future__ import annotations

import re
from dataclasses import replace

import pypdfium2
import pytest

from studypack.model import Guide, Html, Section
from studypack.writers import cheatsheet
from studypack.writers.paper.grid import LARGEST, SMALLEST, grid
from studypack.writers.paper.page import Page, Paper
from studypack.writers.paper.pdf import Layout, lay_out
from tests.pdf.conftest import in_order, read
from tests.pdf.guides import guide, para, raw, section, table

WORDS = "A sentence of some words, which is neither long nor short, stands here to fill the paper. " * 5


def _long(paragraphs: int, **more: object) -> Guide:
    topics = [section(f"Topic {n}", *[para(f"p{n}. {WORDS}") for _ in range(10)], depth=2) for n in range(paragraphs)]
    return replace(guide(*topics), **more)  # type: ignore[arg-type]


def _boxes(paper: Paper, page: int = 0) -> list[tuple[str, float, float, float, float]]:
    """Each printed letter of a page with its box, in points from the lower left corner."""
    found = pypdfium2.PdfDocument(paper.data)[page].get_textpage()
    letters = ((found.get_text_range(n, 1), found.get_charbox(n)) for n in range(found.count_chars()))
    return [(letter, *box) for letter, box in letters if letter.strip()]


def test_the_usual_size_is_eight_points() -> None:
    """Nothing said, nothing fitted."""
    assert cheatsheet.write(_long(1)).size == 8.0


@pytest.mark.parametrize("sheets", [1, 2])
def test_a_guide_is_as_large_as_its_sheets_allow(sheets: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """It fills the sheets, front and back, at the size that is said; a little larger would not fit."""
    made: list[float] = []

    def counted(page: Page) -> Layout:
        layout = lay_out(page)
        made.append(layout.filled)
        return layout

    monkeypatch.setattr("studypack.writers.cheatsheet.lay_out", counted)
    guide = _long(3 * sheets, sheets=sheets)
    paper = cheatsheet.write(guide)
    assert paper.size is not None
    assert paper.pages == 2 * sheets
    assert SMALLEST <= paper.size < LARGEST
    assert lay_out(cheatsheet.page(guide, paper.size * 1.03)).pages > 2 * sheets
    assert paper.diagnostics == ()
    assert len(made) <= 7


def test_little_text_is_not_blown_up() -> None:
    """A few lines stay at a size made for reading."""
    paper = cheatsheet.write(guide(section("One", para("A paragraph."), depth=2), sheets=1))
    assert paper.size == pytest.approx(LARGEST, abs=0.2)


@pytest.mark.parametrize(("paragraphs", "pages"), [(20, 2), (21, 2), (24, 3)])
def test_a_few_lines_are_not_left_alone_on_a_page(paragraphs: int, pages: int) -> None:
    """Where the type can grow no further and the last page holds next to nothing, it gives way a little."""
    made = guide(section("One", *[para(f"p{n}. {WORDS}") for n in range(paragraphs)], depth=2), sheets=2)
    at_most = cheatsheet.laid_out(made, LARGEST)
    assert at_most.pages == (3 if paragraphs > 20 else 2)
    paper = cheatsheet.write(made)
    assert paper.pages == pages
    assert paper.size is not None
    assert paper.size == LARGEST if at_most.pages == pages else 0.9 * LARGEST < paper.size < LARGEST


def test_what_does_not_fit_is_said_with_what_it_needs() -> None:
    """At 6.6 pt on as many sheets as that takes, with a warning that names both ways out."""
    paper = cheatsheet.write(_long(30, sheets=1))
    (said,) = paper.diagnostics
    assert (said.code, paper.size) == ("SP506", SMALLEST)
    size = re.search(r"about (\d\.\d) pt", said.message)
    needed = re.search(r"takes (\d+) sheets", said.message)
    assert size is not None
    assert needed is not None
    assert float(size[1]) < SMALLEST
    assert int(needed[1]) == -(-paper.pages // 2) > 1
    assert f"sheets: {needed[1]}" in said.hint
    assert in_order(read(paper).text, [f"p{n}." for n in range(30)]) == []


def test_margins_stay_blank() -> None:
    """What the guide sets is blank on all pages, running heads and page numbers included."""
    paper = cheatsheet.write(_long(6, margins=(20.0, 30.0, 25.0, 15.0)))
    mm = 72 / 25.4
    for number, (width, height) in enumerate(read(paper).sizes):
        boxes = _boxes(paper, number)
        assert min(box[1] for box in boxes) >= 15 * mm - 1
        assert max(box[3] for box in boxes) <= width - 30 * mm + 1
        assert min(box[2] for box in boxes) >= 25 * mm - 1
        assert max(box[4] for box in boxes) <= height - 20 * mm + 1


def test_columns_can_be_set() -> None:
    """One, or three, instead of the two that A4 takes."""
    assert [grid(_long(1, columns=number)).columns for number in (1, 3)] == [1, 3]
    printed = [read(cheatsheet.write(_long(2, columns=number))) for number in (1, 3)]
    assert [in_order(each.text, ["p0.", "p1."]) for each in printed] == [[], []]
    assert [each.outside for each in printed] == [0, 0]


def test_code_that_goes_on_has_a_mark_and_keeps_its_words() -> None:
    """A long line breaks at blanks; words stay whole; the parts after the first stand further in."""
    line = "result = compute(first_argument, second_argument) or fallback(third_argument) or another_name_altogether()"
    code = f"<pre><code>{line}\nshort = 1\n</code></pre>"
    paper = cheatsheet.write(guide(section("Code", raw(code), depth=2)))
    text = read(paper).text
    assert in_order(text, [*line.split(), "short"]) == []
    starts: dict[int, float] = {}
    for _, left, bottom, _, _ in _boxes(paper)[4:]:
        starts.setdefault(round(bottom / 5), left)
    assert len({round(left) for left in starts.values()}) > 1


def test_lines_of_code_stay_lines() -> None:
    """Empty lines are kept, strings that span lines go on, and the last line break makes no line of its own."""
    code = '<pre><code><span class="s">"""one\n\nthree"""</span>\nfour\n</code></pre>'
    html = cheatsheet.page(guide(section("Code", raw(code), depth=2)), 8.0).html
    lines = re.findall(r'<span class="line">(.*?)(?=<span class="line">|</pre>)', html)
    assert [re.sub(r"<[^>]+>", "", line) for line in lines] == [
        "&#34;&#34;&#34;one",
        "",
        "three&#34;&#34;&#34;",
        "four",
    ]
    assert html.count('<span class="s">') == 3


def test_questions_stand_beside_their_answers_where_there_is_room() -> None:
    """The question left, its answer right at the same height: a hand covers one and not the other."""
    asked = [section(f"What is question number {n} about?", para("An answer of words. " * 6), depth=3) for n in "123"]
    paper = cheatsheet.write(guide(section("Questions", depth=2, sections=asked)))
    page = pypdfium2.PdfDocument(paper.data)[0].get_textpage()
    text = page.get_text_bounded()
    question, answer = (page.get_charbox(text.index(word)) for word in ("What", "An answer"))
    assert answer[0] > question[2]
    assert abs(answer[1] - question[1]) < 4


@pytest.mark.parametrize("inside", ["<pre><code>x = 1</code></pre>", '<p><img src="a.png" alt="a"></p>'])
def test_an_answer_that_is_wide_stands_below(inside: str) -> None:
    """Code and pictures have the whole column; then all answers of the topic stand below."""
    asked = [section("Why so?", para("Because."), depth=3), section("And how?", raw(inside), depth=3)]
    topic = section("Questions", depth=2, sections=asked)
    assert "beside" not in cheatsheet.page(guide(topic), 8.0).html


def _wide(columns: int) -> Section:
    words = [f"Subject{n}" for n in range(columns - 1)]
    rows = [[f"row{r}", *(f"cell{r}x{n}" for n in range(columns - 1))] for r in range(4)]
    return section(
        "Wide", depth=2, sections=[section("Heading above", table("t1", ["Aspect", *words], rows), para("After it."))]
    )


def test_a_heading_goes_where_its_table_goes() -> None:
    """Across all columns, and not into the one before."""
    html = cheatsheet.page(guide(_wide(10)), 8.0).html
    assert re.search(r'class="wide">\s*<div[^>]*>\s*<h2.*?<h3.*?<table', html, re.DOTALL)


@pytest.mark.parametrize(("columns", "pages", "scaled"), [(10, 1, False), (20, 1, True), (26, 3, True)])
def test_wide_tables_shrink_and_then_turn(columns: int, pages: int, scaled: bool) -> None:
    """Across the page, then in smaller type, then on a page that lies the other way; never a word broken or lost."""
    paper = cheatsheet.write(guide(_wide(columns)))
    printed = read(paper)
    assert (paper.pages, printed.outside, paper.diagnostics) == (pages, 0, ())
    assert ("font-size" in cheatsheet.page(guide(_wide(columns)), 8.0).html) is scaled
    assert (
        in_order(printed.text, ["Heading above", "row0", *(f"cell3x{n}" for n in range(columns - 1)), "After it."])
        == []
    )
    lying = [width > height for width, height in printed.sizes]
    assert lying == ([False, True, False] if pages == 3 else [False])


def test_what_is_out_of_order_is_lost() -> None:
    """The check on every build notices what a style sheet has moved before what it follows."""
    page = cheatsheet.page(guide(section("One", para("first"), para("second"), depth=2)), 8.0)
    moved = replace(page, css=page.css + "\np + p { position: absolute; top: 0 }")
    assert lay_out(page).lost == ()
    assert [page.places[name].text for name in lay_out(moved).lost] == ["second"]


def test_text_that_stands_out_of_its_block_is_lost() -> None:
    """Though the block itself is on the page."""
    page = cheatsheet.page(guide(section("One", para("word " * 60), depth=2)), 8.0)
    wide = replace(page, css=page.css + "\np { white-space: nowrap }")
    assert lay_out(wide).lost != ()


@pytest.mark.parametrize("theme", ["plain", "sepia"])
def test_every_theme_holds_everything(theme: str) -> None:
    """A theme changes looks only."""
    paper = cheatsheet.write(_long(3, theme=theme))
    assert in_order(read(paper).text, ["p0.", "p1.", "p2."]) == []
    assert ("Serif" in " ".join(read(paper).fonts)) is (theme == "sepia")
    assert paper.diagnostics == ()


def test_the_author_s_rules_go_on_top() -> None:
    """They change what the theme sets."""
    paper = cheatsheet.write(_long(1, css="h2 { font-family: 'IBM Plex Serif'; font-size: 20pt }"))
    assert any("Serif" in font for font in read(paper).fonts)


def test_a_formula_in_a_question_is_no_reason_to_lose_it() -> None:
    """What stands beside is on the paper like everything else."""
    asked = section("Why?", replace(para("x"), html=Html('<p><span class="math">\\(a^2\\)</span> so</p>')), depth=3)
    paper = cheatsheet.write(guide(section("Questions", depth=2, sections=[asked])))
    assert paper.diagnostics == ()


@pytest.mark.parametrize("size", [6.6, 8.0, 9.1, 12.0])
@pytest.mark.parametrize("columns", [1, 3, 4])
def test_tables_between_columns_lose_no_row(columns: int, size: float) -> None:
    """Tables that go across are whole where a page ends; WeasyPrint loses the rest of what spans columns there."""
    rows = [
        ["a key of some words", "a value of words, which are many", "another of them", "and more"] for _ in range(9)
    ]
    topics = [
        section(f"Topic {n}", para(WORDS), table(f"t{n}", ["Aspect", "One", "Two", "Three"], rows), depth=2)
        for n in range(6)
    ]
    page = cheatsheet.page(guide(*topics, columns=columns), size)
    assert lay_out(page).lost == ()
