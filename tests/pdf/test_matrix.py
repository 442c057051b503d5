"""The matrix, read back from the PDF."""

from __future__ import annotations

import ctypes
import random
import re
from typing import Any

import pypdfium2
import pytest

from studypack.model import Guide, Table
from studypack.writers import matrix
from studypack.writers.matrix.comparisons import belongs as is_comparison
from studypack.writers.paper.page import Page, Paper
from studypack.writers.paper.pdf import Layout, lay_out
from studypack.writers.paper.sizes import MM
from tests.pdf.conftest import Printed, in_order, read
from tests.pdf.guides import guide, many_tables, para, picture, section, table


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
    assert is_comparison(made) is belongs


def test_the_paper_can_be_fixed() -> None:
    """`A4` alone lets the matrix choose how the sheet lies; an orientation is followed."""
    tall = [[f"row {n}", "one", "two"] for n in range(40)]
    free = read(_written(guide(section("T", table("t1", ["a", "b", "c"], tall), depth=2))))
    fixed = read(_written(guide(section("T", table("t1", ["a", "b", "c"], tall), depth=2), paper="A4 landscape")))
    assert free.sizes[0][0] < free.sizes[0][1]
    assert fixed.sizes[0][0] > fixed.sizes[0][1]


# --- when it would be too small


def test_small_type_is_said_with_what_helps() -> None:
    """Below 6 pt, SP502 says the size, which table takes the most room, and what each choice would give."""
    paper = _written(_crowded())
    assert [(d.code, d.span.line) for d in paper.diagnostics] == [("SP502", 901)]
    message = paper.diagnostics[0].message
    assert re.search(r"needs [345]\.\d pt .* below 6 pt .* ‘Largest’ takes the most room\. ", message)
    assert re.search(r"A3: \d\.\d pt; two pages: \d\.\d pt; without ‘Largest’: \d\.\d pt$", message)
    assert all(
        word in paper.diagnostics[0].hint for word in ("`--matrix-fit a3|split|tiny`", "matrix-fit:", ".no-matrix")
    )
    assert read(paper).outside == 0
    assert type_size(paper, "key1.1 ") < 6


def test_what_is_said_of_a_choice_is_what_it_gives() -> None:
    """The sizes that SP502 promises for A3 and for two pages are the ones that are printed then."""
    message = _written(_crowded()).diagnostics[0].message
    promised = {name: float(size) for name, size in re.findall(r"(A3|two pages): (\d+\.\d) pt", message)}
    larger, split = _written(_crowded(matrix_fit="a3")), _written(_crowded(matrix_fit="split"))
    # Aligning columns may cost two per cent.
    assert type_size(larger, "key1.1 ") == pytest.approx(promised["A3"], rel=0.03)
    assert type_size(split, "key1.1 ") == pytest.approx(promised["two pages"], rel=0.03)


@pytest.mark.parametrize(
    ("paper", "size"), [("A4", (297, 420)), ("Letter", (279.4, 431.8)), ("A4 landscape", (420, 297))]
)
def test_a3_takes_the_larger_paper(paper: str, size: tuple[float, float]) -> None:
    """`matrix-fit: a3` prints on A3, or on Ledger where the guide is on Letter, lying as the guide says."""
    made = _written(_crowded(matrix_fit="a3", paper=paper))
    width, height = read(made).sizes[0]
    assert sorted((width, height)) == pytest.approx(sorted(side * MM for side in size), abs=1)
    assert (width > height) is (size[0] > size[1]) or paper.count(" ") == 0
    assert made.diagnostics == ()


def test_a_choice_changes_nothing_where_it_is_not_needed() -> None:
    """A matrix that is large enough stays on its one sheet, whatever the guide would allow."""
    plain = _written(many_tables())
    for choice in ("a3", "split", "tiny"):
        assert _written(many_tables(matrix_fit=choice)).data == plain.data


def test_split_takes_as_few_pages_as_can_be_read() -> None:
    """`matrix-fit: split` prints whole tables in order at one size of at least 6 pt, each page titled and numbered."""
    paper = _written(_crowded(matrix_fit="split"))
    printed = read(paper)
    assert (paper.pages, len(printed.sizes), paper.diagnostics) == (2, 2, ())
    assert len(set(printed.sizes)) == 1
    assert all("Crowded" in text and f"{n} / 2" in text for n, text in enumerate(printed.texts, start=1))
    assert in_order(printed.text, [f"key{t}.{r} " for t in range(9) for r in range(8)]) == []
    assert all(text.count(f"key{t}.") in (0, 8) for text in printed.texts for t in range(9))
    sizes = {round(type_size(paper, f"key{t}.1 "), 2) for t in range(9)}
    assert len(sizes) == 1
    assert min(sizes) >= 6


def test_tiny_is_silent() -> None:
    """Who chose small type is not told that it is small."""
    paper = _written(_crowded(matrix_fit="tiny"))
    assert (paper.pages, paper.diagnostics) == (1, ())
    assert 3 <= type_size(paper, "key1.1 ") < 6


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
    assert "even at 3 pt" in paper.diagnostics[0].message
    assert "without ‘S’: 16.0 pt" in paper.diagnostics[0].message
    assert "tiny" not in paper.diagnostics[0].hint


def test_long_words_break_rather_than_overflow() -> None:
    """A word wider than the sheet is broken, and stays on it."""
    made = table("t1", ["a", "b", "c"], [["x" * 400, "short", "y" * 300], ["p", "q", "r"]])
    paper = _written(guide(section("S", made, depth=2)))
    printed = read(paper)
    assert len(re.findall("x", printed.text)) >= 400
    assert (paper.pages, printed.outside) == (1, 0)


def test_margins_are_the_guide_s() -> None:
    """What is printed stays within the margins that the guide sets, each side its own."""
    paper = _written(many_tables(margins=(30.0, 10.0, 20.0, 40.0)))
    width, height = read(paper).sizes[0]
    lefts, bottoms, rights, tops = zip(*_boxes(paper), strict=True)
    assert (min(lefts) >= 40 * MM - 1, max(rights) <= width - 10 * MM + 1) == (True, True)
    assert (min(bottoms) >= 20 * MM - 1, max(tops) <= height - 30 * MM + 1) == (True, True)


# --- aligned columns


def test_tables_that_stand_one_above_the_other_are_aligned() -> None:
    """First columns are one line from table to table; all columns where there are as many."""
    made = [
        table("t1", ["Aspect", "One.1", "One.2"], [["stub1", "a", "b"], ["a longer stub", "some words here", "c"]]),
        table("t2", ["Feature", "Two.1", "Two.2", "Two.3"], [["stub2", "a", "b", "c"]]),
        table("t3", ["X", "Three.1", "Three.2"], [["stub3", "many words that are wide", "b"]]),
    ]
    paper = _written(guide(*(section(f"T{n}", one, depth=2) for n, one in enumerate(made))))
    lefts = {word: left(paper, word) for word in ("One.1", "One.2", "Two.1", "Two.2", "Three.1", "Three.2", "stub1")}
    assert lefts["One.1"] == pytest.approx(lefts["Two.1"], abs=1.5)
    assert lefts["One.1"] == pytest.approx(lefts["Three.1"], abs=1.5)
    assert lefts["One.2"] == pytest.approx(lefts["Three.2"], abs=1.5)
    assert lefts["One.2"] - lefts["Two.2"] > 10
    assert left(paper, "stub1") < lefts["One.1"]


def test_the_page_is_filled() -> None:
    """A matrix whose type could be no larger reaches down to the foot of the page."""
    paper = _written(many_tables())
    assert min(box[1] for box in _boxes(paper)) < 0.12 * read(paper).sizes[0][1]


# --- joined tables


def test_tables_about_the_same_aspects_become_one() -> None:
    """Aspects in another order, case and spacing are the same; each stands once, groups are named above their head."""
    paper = _written(_databases())
    text = read(paper).text
    assert text.count("Licence") == 1
    assert in_order(text, ["Engines", "Stores", "Aspect", "Postgres", "SQLite", "Mongo", "Redis"]) == []
    assert (
        in_order(text, ["Licence", "free", "public", "SSPL", "BSD", "Speed", "good", "better", "quick", "quickest"])
        == []
    )
    assert left(paper, "Stores") == pytest.approx(left(paper, "Mongo"), abs=2)
    assert [title for level, title, _ in read(paper).bookmarks if level == 1] == ["Engines", "Stores"]


def test_a_subject_that_both_tables_have_is_shown_once() -> None:
    """The same subject with the same cells is not repeated; with other cells it is."""
    same = [["speed", "good"], ["licence ", "free"]]
    other = [["speed", "middling"], ["licence", "free"]]
    assert (
        read(_written(_databases(["", "Postgres", "Redis"], [[*row, "x"] for row in same]))).text.count("Postgres") == 1
    )
    assert (
        read(_written(_databases(["", "Postgres", "Redis"], [[*row, "x"] for row in other]))).text.count("Postgres")
        == 2
    )


@pytest.mark.parametrize(
    ("head", "aspects"),
    [("Feature", ["Speed", "Licence"]), ("Aspect", ["Speed", "Price"]), ("Aspect", ["Speed", "Speed"])],
)
def test_tables_about_other_things_stay_apart(head: str, aspects: list[str]) -> None:
    """Another head of the first column, other aspects, or the same one twice: no join."""
    text = read(_written(_databases([head, "Mongo", "Redis"], [[aspect, "x", "y"] for aspect in aspects]))).text
    assert text.count("Speed") >= 2


def test_tables_are_not_joined_at_the_cost_of_small_type() -> None:
    """Tables that are wide already stay one above the other."""
    wide = [
        table(
            f"t{n}",
            ["Aspect", *(f"Subject {n}.{c}" for c in range(7))],
            [[f"aspect {r}", *("several words in here" for _ in range(7))] for r in range(3)],
        )
        for n in range(4)
    ]
    text = read(_written(guide(*(section(f"T{n}", one, depth=2) for n, one in enumerate(wide))))).text
    assert text.count("aspect 1") > 1


# --- marks


def test_the_legend_explains_the_marks_that_are_used() -> None:
    """A legend in the guide's language for the marks on the page; none for words, or where there are no marks."""
    rows = [["a", "✅", "⚠️ slow"], ["b", "Yes", "~"]]
    assert re.search(r"yes .*~ partly", _legend(rows, "en"))
    assert re.search(r"ja .*~ teilweise", _legend(rows, "de"))
    assert "nein" not in _legend(rows, "de")
    assert _legend([["a", "Yes", "No (planned)"]], "en") == ""
    assert _legend(rows, "tlh") == ""


def test_verdicts_differ_without_colour() -> None:
    """Yes is set in bold, no is not, and what follows as a note is plain."""
    paper = _written(
        guide(section("T", table("t", ["A", "B", "C"], [["x", "Yes, since v2", "No (planned)"]]), depth=2))
    )
    assert font(paper, "Yes,") != font(paper, "since")
    assert font(paper, "No (") == font(paper, "since")


# --- all kinds of tables


def test_from_right_to_left() -> None:
    """In an Arabic guide the title stands on the right, the legend on the left, and tables and columns follow it."""
    made = [
        table("t1", ["الجانب", "Alpha", "Beta"], [["سطر", "نعم", "✅"]]),
        table("t2", ["نوع", "Gamma", "Delta"], [["صف", "لا", "x"]]),
    ]
    wide = [Table(id=one.id, header=one.header, rows=one.rows * 12, align=one.align, span=one.span) for one in made]
    paper = _written(guide(*(section(f"T{n}", one, depth=2) for n, one in enumerate(wide)), lang="ar", title="Titel"))
    width = read(paper).sizes[0][0]
    assert left(paper, "Alpha") > left(paper, "Beta")
    assert left(paper, "Titel") > width / 2
    top = read(paper).sizes[0][1] - 8 * MM - 30
    assert min(box[0] for box in _boxes(paper) if box[1] > top) < width / 4
    assert (paper.pages, read(paper).outside) == (1, 0)


def test_extremes_stay_on_the_page() -> None:
    """One row, one column, forty subjects, empty cells, pictures, formulas, lists, keys and words without end."""
    made = [
        table("t1", ["Only"], [["alone"]], ["matrix"]),
        table(
            "t2",
            ["Aspect", *(f"S{n}" for n in range(40))],
            [[f"r{r}", *(f"c{r}.{n}" for n in range(40))] for r in range(3)],
        ),
        table("t3", ["a", "", ""], [["", "", ""], ["filled", "", "x" * 90]]),
        table(
            "t4",
            ["a", "b", "c"],
            [
                ["p", '<img src="blue.png" alt="blue">', '<span class="math">\\(\\frac{a}{b}\\)</span>'],
                ["q", "<ul><li>one</li><li>two</li></ul>", "<kbd>Ctrl</kbd>+<kbd>C</kbd>"],
                ["r", "word " * 150, "<code>" + "long_name_" * 12 + "</code>"],
            ],
        ),
    ]
    paper = _written(
        guide(*(section(f"T{n}", one, depth=2) for n, one in enumerate(made)), media=(picture("blue.png", 400, 300),))
    )
    printed = read(paper)
    assert (paper.pages, printed.outside, paper.diagnostics) == (1, 0, ())
    assert all(f"c{r}.{n}" in printed.text for r in range(3) for n in range(40))


def test_the_same_guide_gives_the_same_bytes() -> None:
    """Twice the same, joined and split alike."""
    for made in (_databases(), _crowded(matrix_fit="split")):
        assert _written(made).data == _written(made).data


@pytest.mark.parametrize("seed", [*range(4), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 10))])
def test_random_tables_fit_by_the_second_layout(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is measured holds on paper: twelve tables need two layouts at most, and no row is lost."""
    layouts = 0

    def counted(page: Page) -> Layout:
        nonlocal layouts
        layouts += 1
        return lay_out(page)

    monkeypatch.setattr("studypack.writers.matrix.choice.lay_out", counted)
    made = _random(seed)
    paper = _written(made)
    printed = read(paper)
    assert paper.pages == 1
    assert layouts <= 2
    assert printed.outside == 0
    assert set(re.findall(r"row[a-l]{2}", printed.text)) == {
        row.cells[0].plain
        for topic in made.topics
        for block in topic.blocks
        if isinstance(block, Table)
        for row in block.rows
    }


def _random(seed: int) -> Guide:
    """Twelve tables at most, of any shape, in any theme and language."""
    chance = random.Random(seed)
    words = (
        "lag|store|key-value|read/write|<code>O(log n)</code>|✅|❌|Yes, now|consistency|of|the|<b>strong</b>|"
        "partition|a|Größenordnung|<kbd>Ctrl</kbd>|Привет|قواعد|→|https://example.org/a/b|<code>some_long_name_in_code</code>|x<br>y"
    ).split("|")
    tables = [
        table(
            f"t{number}",
            ["Aspect", *(f"Subject {n}" for n in range(columns))],
            [
                [
                    f"row{'abcdefghijkl'[number]}{'abcdefghijkl'[row]}",
                    *(" ".join(chance.choices(words, k=chance.randint(0, 9))) for _ in range(columns)),
                ]
                for row in range(chance.randint(1, 12))
            ],
        )
        for number in range(12 if seed % 2 else chance.randint(1, 8))
        for columns in [chance.randint(2, 7)]
    ]
    return guide(
        *(section(f"Topic {n}", para("Text."), made, depth=2) for n, made in enumerate(tables)),
        theme=chance.choice(["plain", "sepia"]),
        lang=chance.choice(["en", "de", "ar"]),
    )


def _crowded(**more: Any) -> Guide:
    """Nine tables, too many for A4; the last one is the largest."""
    made = [
        table(
            f"t{t}",
            ["Aspect", *(f"Subject {t}.{c}" for c in range(4))],
            [
                [
                    f"key{t}.{r} x",
                    *("some words of no weight at all, and more of them" for _ in range(3)),
                    "words " * (30 if t == 8 else 14),
                ]
                for r in range(8)
            ],
            at=100 * (t + 1) + 1,
        )
        for t in range(9)
    ]
    names = [*(f"Part {t}" for t in range(8)), "Largest"]
    return guide(*(section(name, one, depth=2) for name, one in zip(names, made, strict=True)), title="Crowded", **more)


def _databases(header: list[str] | None = None, rows: list[list[str]] | None = None) -> Guide:
    """Two tables about the same aspects; the second one can be another."""
    first = table("t1", ["Aspect", "Postgres", "SQLite"], [["Licence", "free", "public"], ["Speed", "good", "better"]])
    second = table(
        "t2",
        header or ["aspect", "Mongo", "Redis"],
        rows or [["speed", "quick", "quickest"], ["LICENCE", "SSPL", "BSD"]],
    )
    return guide(section("Engines", first, depth=2), section("Stores", second, depth=2))


def _legend(rows: list[list[str]], lang: str) -> str:
    """What stands between the title and the first caption."""
    text = read(
        _written(guide(section("Topic", table("t", ["A", "B", "C"], rows), depth=2), title="Title", lang=lang))
    ).text
    return text.partition("Title")[2].partition("Topic")[0].strip()


def _at(paper: Paper, text: str) -> tuple[pypdfium2.PdfTextPage, int]:
    """The page that a text is on, and the number of its first character there."""
    for page in pypdfium2.PdfDocument(paper.data):
        found = page.get_textpage()
        if hit := found.search(text).get_next():
            return found, hit[0]
    raise AssertionError(f"not printed: {text}")


def left(paper: Paper, text: str) -> float:
    """Where a text begins, in points from the left edge."""
    page, place = _at(paper, text)
    return float(page.get_charbox(place)[0])


def type_size(paper: Paper, text: str) -> float:
    """The type size of a text in points."""
    page, place = _at(paper, text)
    # WeasyPrint draws in CSS pixels.
    return 0.75 * float(pypdfium2.raw.FPDFText_GetFontSize(page.raw, place))


def font(paper: Paper, text: str) -> str:
    """The name of the font that a text is set in."""
    page, place = _at(paper, text)
    name, flags = ctypes.create_string_buffer(200), ctypes.c_int()
    pypdfium2.raw.FPDFText_GetFontInfo(page.raw, place, name, 200, flags)
    return name.value.decode()


def _boxes(paper: Paper) -> list[tuple[float, float, float, float]]:
    """The left, bottom, right and top of every character that shows, in points from the lower left corner."""
    page = pypdfium2.PdfDocument(paper.data)[0].get_textpage()
    boxes = [page.get_charbox(n) for n in range(page.count_chars())]
    return [box for box in boxes if box[2] > box[0]]


def _written(guide: Guide) -> Paper:
    paper = matrix.write(guide)
    assert paper is not None
    return paper
