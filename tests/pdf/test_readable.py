"""What a reader of the paper would stumble over: marks that part from their words, words and boxes badly broken."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from pypdfium2 import PdfDocument
from pypdfium2 import raw as pdfium

from studypack.model import Block, Callout, Footnote, Quote
from studypack.writers import cheatsheet
from studypack.writers.paper.blocks import Blocks
from studypack.writers.paper.inline import Inline
from studypack.writers.paper.page import Paper
from tests.pdf.guides import bullets, guide, item, para, picture, section, table, text


def lines_of(paper: Paper) -> list[str]:
    """The lines of text on all pages, from top to bottom, column by column."""
    pages = (page.get_textpage().get_text_bounded() for page in PdfDocument(paper.data))
    return [line.strip() for text in pages for line in text.splitlines()]


def test_the_number_of_a_footnote_is_not_broken() -> None:
    """The tenth footnote and the hundredth have their numbers on one line, as the first has."""
    names = [f"n{number}" for number in range(1, 102)]
    marks = "".join(f'<sup data-footnote="{name}"></sup>' for name in names)
    notes = tuple(
        Footnote(name=name, number=number, blocks=(para(f"Note of {name}."),), span=para("").span)
        for number, name in enumerate(names, 1)
    )
    lines = lines_of(cheatsheet.write(guide(section("Topic", para("Text" + marks), depth=2), footnotes=notes)))
    assert {f"{number} Note of n{number}." for number in (9, 10, 99, 100, 101)} <= {*lines}


def test_the_mark_of_a_footnote_stays_with_its_word() -> None:
    """However long a line is, the next one does not begin with the mark of a footnote at its end."""
    note = Footnote(name="n", number=7, blocks=(para("The note."),), span=para("").span)
    text = "A line of text that is nearly full and ends"
    ends = [para(f"{text}{'i' * n}.<sup data-footnote='n'></sup>") for n in range(40)]
    lines = lines_of(cheatsheet.write(guide(section("Topic", *ends, depth=2), footnotes=(note,), columns=3)))
    assert "7" not in lines
    assert sum(line.endswith("7") for line in lines) == 40


def test_the_first_column_is_aligned_as_its_head() -> None:
    """A column of numbers at the left is flush right, cells and head, where the guide says so."""
    numbers = replace(table("t", ["Octal", "Letter", "Meaning"], [["4", "r", "read"]]), align=("right", "center", ""))
    html = Blocks(inline=Inline(media={})).block(numbers)
    assert '<th scope="col" class="right">Octal</th>' in html
    assert '<th scope="row" class="right">4</th>' in html


def test_a_wide_formula_takes_more_lines_not_smaller_type() -> None:
    """It is drawn in parts, each with its TeX, none of them wider than a column; a formula of usual width is one."""
    tex = " ".join(f"= a_{n} + b_{n} + c_{n} + d_{n} + e_{n}" for n in range(6)).removeprefix("= ")
    html = Inline(media={})(rf'<div class="math">\[{tex}\]</div><span class="math">\(a = b\)</span>')
    assert "".join(re.findall(r'alt="([^"]*)"', html)) == tex + "a = b"
    widths = [float(width) for width in re.findall(r"width:([\d.]+)em", html)]
    assert len(widths) > 2
    assert max(widths) < 16


def test_a_matrix_with_an_exponent_is_drawn() -> None:
    """The inverse of a matrix is a drawing, as the matrix is."""
    inline = Inline(media={})
    html = inline(r'<span class="math">\(\begin{pmatrix} a & b \\ c & d \end{pmatrix}^{-1}\)</span>')
    assert "<img" in html
    assert not inline.undrawn


@pytest.mark.parametrize("boxed", [True, False])
def test_a_picture_stays_with_the_words_of_its_box(boxed: bool) -> None:
    """A box or an answer is not left with a hole because the picture in it stands on the next page."""
    shown = (para("Words before it."), para('<img src="p.png" alt="A picture">'))
    box = Callout(kind="tip", title=text("Title"), blocks=shown, span=para("").span)
    answer = section("Is it an answer?", *shown, depth=3)
    for lines in range(20, 32, 2):
        filler = (para("Filler."),) * lines
        inside = section("Topic", *filler, box, depth=2), section("Topic", *filler, depth=2, sections=(answer,))
        topic = inside[0] if boxed else inside[1]
        made = guide(topic, paper="A5", media=(picture("p.png", 300, 400),))
        pages = list(PdfDocument(cheatsheet.write(made).data))
        with_words = [n for n, page in enumerate(pages) if "Words before it." in page.get_textpage().get_text_bounded()]
        with_picture = [n for n, page in enumerate(pages) if list(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE]))]
        assert with_words == with_picture


def test_an_address_gets_no_hyphen() -> None:
    """What a reader types as it stands is broken without a mark of its own; the words around it are hyphenated."""
    address = "https://example.org/characteristically/internationalisation/responsibilities/incomprehensibility.html"
    around = "Characteristically incomprehensible internationalisation responsibilities. " * 9
    made = guide(section("Topic", para(f'<a href="{address}">{address}</a>'), para(around), depth=2), columns=3)
    document = PdfDocument(cheatsheet.write(made).data)
    lines = document[0].get_textpage().get_text_bounded()
    assert address in "".join(lines.split())
    assert "\ufffe" in lines or "\x02" in lines


WIDE = table(
    "t",
    ["Isolation", "Dirty read", "Non-repeatable read", "Phantom", "Anomaly", "Implementation"],
    [
        ["UNCOMMITTED", "possible", "possible", "possible", "possible", "PostgreSQL"],
        ["SERIALIZABLE"] + ["impossible"] * 5,
    ],
)


@pytest.mark.parametrize(
    "block",
    [
        Callout(kind="tip", title=text("In a box"), blocks=(WIDE,), span=para("").span),
        Quote(blocks=(WIDE,), span=para("").span),
        bullets(item("In a list", WIDE)),
    ],
)
def test_a_table_inside_something_keeps_its_words(block: Block) -> None:
    """It cannot go across the page, so it is set in smaller type before its words are broken."""
    lines = lines_of(cheatsheet.write(guide(section("Topic", para("Before."), block, depth=2))))
    printed = " ".join(lines)
    assert all(word in printed for row in WIDE.rows for cell in row.cells for word in cell.plain.split())
    assert "repeatable" in printed


def test_a_question_goes_across_with_the_table_of_its_answer() -> None:
    """A table that is too wide for a column takes its question with it, and nothing of it is broken or small."""
    row = ["characteristic", "incomprehensible", "internationalised", "counterproductive", "representative"]
    wide = table("t", [f"{cell.title()}" for cell in row], [row])
    question = section("How do they compare?", para("The short answer."), wide, depth=3)
    made = guide(
        section("Topic", para("Before."), depth=2, sections=(question, section("And then?", para("No."), depth=3)))
    )
    html = cheatsheet.page(made, 8.0).html
    wide_part = html.partition('<div class="wide">')[2].partition('<div class="flow">')[0]
    assert "How do they compare?" in wide_part
    assert "And then?" not in wide_part
    lines = lines_of(cheatsheet.write(made))
    assert " ".join(row) in lines
    assert lines.index("How do they compare?") < lines.index("And then?")


def test_a_warning_is_told_from_a_tip_in_grey() -> None:
    """Where both have titles of their own, its rule is double: that needs no colour."""
    edges = {}
    for kind in ("tip", "warning"):
        box = Callout(kind=kind, title=text("Mix these"), blocks=(para("Text of it."),), span=para("").span)
        page = PdfDocument(cheatsheet.write(guide(section("Topic", box, depth=2))).data)[0]
        found = page.get_textpage()
        left, bottom, _, top = found.get_charbox(found.get_text_range().index("Text of it"))
        seen = page.render(scale=8, grayscale=True).to_pil()
        y = round((page.get_height() - (bottom + top) / 2) * 8)
        row = [seen.getpixel((x, y)) < 128 for x in range(round((left - 12) * 8), round(left * 8) - 2)]
        edges[kind] = sum(dark and not before for before, dark in pairwise([False, *row]))
    assert edges == {"tip": 1, "warning": 2}
