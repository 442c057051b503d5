"""The matrix, read back from the PDF."""

from __future__ import annotations

import random
import re

import pytest

from studypack.model import Guide, Table
from studypack.writers import matrix
from studypack.writers.page import Page, Paper
from studypack.writers.pdf import Layout, lay_out
from tests.pdf.conftest import Printed, in_order, read
from tests.pdf.guides import guide, many_tables, para, section, table


def test_all_tables_are_on_one_page_in_order(page: Paper, page_read: Printed) -> None:
    """Every row and cell of every table, wherever it stands in the guide, is on the one page."""
    assert (page.pages, page.diagnostics, page_read.outside) == (1, (), 0)
    text = page_read.text
    assert all(f"cell {t}.{r}.{c}" in text for t in range(7) for r in range(6) for c in range(1, 4))
    assert (
        in_order(text, ["Many tables", "row 0.0", "row 1.0", "row 2.0", "row 3.0", "row 4.0", "row 5.0", "row 6.0"])
        == []
    )


def test_each_table_has_its_heading_and_a_bookmark(page_read: Printed) -> None:
    """A caption says section and topic; the outline leads to each table."""
    assert "Below · Second" in page_read.text
    assert [title for level, title, _ in page_read.bookmarks if level == 1] == [
        "First", "First", "First", "First", "Is a table an answer?", "Below", "Below",
    ]  # fmt: skip


def test_a_guide_without_comparisons_has_no_matrix() -> None:
    """Two columns are terms, not a comparison."""
    assert matrix.write(guide(section("Terms", table("t1", ["Term", "Meaning"], [["a", "b"]]), depth=2))) is None


@pytest.mark.parametrize(
    ("columns", "classes", "contents", "belongs"),
    [
        (3, (), False, True),
        (2, (), False, False),
        (2, ("comparison",), False, True),
        (2, ("matrix",), False, True),
        (3, ("no-matrix",), False, False),
        (3, ("no-print",), False, False),
        (3, ("matrix", "no-matrix"), False, False),
        (3, (), True, False),
    ],
)
def test_which_tables_belong(columns: int, classes: tuple[str, ...], contents: bool, belongs: bool) -> None:
    """Shape decides, `.comparison` and `.matrix` bring a table in, `.no-matrix` and `.no-print` keep it out."""
    made = table("t1", ["h"] * columns, [["c"] * columns], classes)
    made = Table(
        id=made.id, header=made.header, rows=made.rows, align=made.align, classes=made.classes, contents=contents
    )
    assert matrix.belongs(made) is belongs


def test_the_paper_can_be_fixed() -> None:
    """`A4` alone lets the matrix choose how the sheet lies; an orientation is followed."""
    tall = [[f"row {n}", "one", "two"] for n in range(40)]
    free = read(_written(guide(section("T", table("t1", ["a", "b", "c"], tall), depth=2))))
    fixed = read(_written(guide(section("T", table("t1", ["a", "b", "c"], tall), depth=2), paper="A4 landscape")))
    assert free.sizes[0][0] < free.sizes[0][1]
    assert fixed.sizes[0][0] > fixed.sizes[0][1]


def test_small_type_is_said_with_what_helps() -> None:
    """Below 6 pt, SP502 says the size and what would help."""
    paper = _written(many_tables(count=24, rows=8, columns=6))
    assert [d.code for d in paper.diagnostics] == ["SP502"]
    assert re.search(r"needs [345]\.\d pt", paper.diagnostics[0].message)
    assert "paper: A3" in paper.diagnostics[0].hint
    assert ".no-matrix" in paper.diagnostics[0].hint
    assert read(paper).outside == 0


def test_two_hundred_rows_lose_none() -> None:
    """A table longer than any page is cut into parts that stand side by side, each with its head."""
    rows = [[f"key{n}.", f"value{n}.", "yes"] for n in range(200)]
    paper = _written(guide(section("Long", table("t1", ["Unique head", "b", "c"], rows), depth=2)))
    printed = read(paper)
    assert in_order(printed.text, [f"key{n}." for n in range(200)]) == []
    assert printed.text.count("Unique head") > 1
    assert (paper.pages, printed.outside) == (1, 0)


def test_what_cannot_fit_is_refused_honestly() -> None:
    """When even 3 pt is too large there is no file, and SP502 points at the longest table."""
    rows = [[f"key{n}", *(["word " * 60] * 9)] for n in range(200)]
    guide_ = guide(
        section(
            "S", table("t1", ["a", "b", "c"], [["x", "y", "z"]], at=3), table("t2", ["h"] * 10, rows, at=20), depth=2
        )
    )
    paper = _written(guide_)
    assert (paper.data, paper.pages) == (b"", 0)
    assert [(d.code, d.span.line) for d in paper.diagnostics] == [("SP502", 20)]


def test_long_words_break_rather_than_overflow() -> None:
    """A word wider than the sheet is broken, and stays on it."""
    made = table("t1", ["a", "b", "c"], [["x" * 400, "short", "y" * 300], ["p", "q", "r"]])
    paper = _written(guide(section("S", made, depth=2)))
    printed = read(paper)
    assert len(re.findall("x", printed.text)) >= 400
    assert (paper.pages, printed.outside) == (1, 0)


@pytest.mark.parametrize("seed", range(6))
def test_random_tables_fit_by_the_second_layout(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is measured holds on paper: the largest type is found with two layouts at most."""
    layouts = 0

    def counted(page: Page) -> Layout:
        nonlocal layouts
        layouts += 1
        return lay_out(page)

    monkeypatch.setattr("studypack.writers.matrix.lay_out", counted)
    paper = _written(_random(seed))
    assert paper.pages == 1
    assert layouts <= 2
    assert read(paper).outside == 0


def _random(seed: int) -> Guide:
    chance = random.Random(seed)
    words = (
        "lag|store|key-value|read/write|<code>O(log n)</code>|✅|consistency|of|the|partition|<b>strong</b>|a".split(
            "|"
        )
    )
    tables = [
        table(
            f"t{number}",
            ["Aspect", *(f"Subject {n}" for n in range(columns))],
            [
                [f"row {row}", *(" ".join(chance.choices(words, k=chance.randint(1, 9))) for _ in range(columns))]
                for row in range(chance.randint(2, 14))
            ],
        )
        for number in range(chance.randint(1, 9))
        for columns in [chance.randint(2, 6)]
    ]
    return guide(*(section(f"Topic {n}", para("Text."), made, depth=2) for n, made in enumerate(tables)))


def _written(guide: Guide) -> Paper:
    paper = matrix.write(guide)
    assert paper is not None
    return paper
