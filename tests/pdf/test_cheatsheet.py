"""The cheat sheet, read back from the PDF."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from pypdfium2 import PdfDocument

from studypack.model import Guide
from studypack.writers import cheatsheet
from studypack.writers.paper.blocks import running
from studypack.writers.paper.grid import grid
from studypack.writers.paper.inline import Inline
from studypack.writers.paper.page import Paper
from tests.pdf.conftest import Printed, in_order, read, unpacked
from tests.pdf.guides import bullets, guide, item, para, picture, raw, rich, section, svg, table

OURS = ("IBM-Plex", "Noto-", "DejaVu-")


def test_everything_is_there_in_order(sheet_read: Printed) -> None:
    """Each kind of block reaches the paper, in the guide's order."""
    pieces = [
        "Clouds", "disks", "All of it", "What to know of storage.", "Ada Byron", "An introduction before",
        "Storage & friends", "Beginner", "Blocks, files and objects", "Block — a disk", "Object — a key",
        "nested entry",
        "Latency — time until", "Throughput — bytes a second", "measured over minutes",
        "Aspect", "Shared", "one host", "everyone", "Price", "high", "low", "Encrypted", "Yes", "No",
        "How it works", "Key takeaway", "Boxed advice.", "Quoted wisdom.", "def twice", "return", "Deeper still",
        "At depth four.", "Compute", "Advanced", "A picture", "fifth", "sixth", "Interview Questions",
        "Why so?", "Because.", "More details", "Hidden until opened.", "What is a disk?", "A spinning answer.",
        "A note at the foot.",
    ]  # fmt: skip
    assert in_order(sheet_read.text, pieces) == []


def test_no_print_is_kept_off_paper(sheet_read: Printed) -> None:
    """Blocks and sections marked `.no-print`, and their headings, are not printed."""
    assert "SECRET" not in sheet_read.text
    assert "Unprinted" not in sheet_read.text
    assert all("Unprinted" not in title for _, title, _ in sheet_read.bookmarks)


def test_nothing_is_wrong_with_the_sample(sheet: Paper) -> None:
    """A sound guide gives no diagnostic."""
    assert sheet.diagnostics == ()


def test_only_our_fonts_are_used_and_embedded(sheet_read: Printed, page_read: Printed) -> None:
    """Every font is one of ours, and travels in the file."""
    fonts = {re.sub(r"^[A-Z]{6}\+", "", name) for name in sheet_read.fonts | page_read.fonts}
    assert fonts
    assert [name for name in fonts if not name.startswith(OURS) or "not embedded" in name] == []


def test_metadata_names_the_guide_but_no_date(sheet_read: Printed) -> None:
    """Title, author, subject and keywords are set; dates and paths are not."""
    known = {key: value for key, value in sheet_read.metadata.items() if value}
    assert known.pop("Producer").startswith("WeasyPrint")
    assert known == {
        "Title": "Clouds ☁ & disks",
        "Author": "Ada Byron",
        "Subject": "What to know of storage.",
        "Keywords": "cloud, storage",
        "Creator": "studypack",
    }


def test_bookmarks_follow_topics_and_sections(sheet_read: Printed) -> None:
    """The outline has the title, the topics below it, their sections below them, without badges."""
    assert [(level, title) for level, title, _ in sheet_read.bookmarks] == [
        (0, "Clouds ☁ & disks"),
        (1, "Storage & friends"),
        (2, "How it works"),
        (3, "Deeper still"),
        (1, "Compute"),
        (1, "Interview Questions"),
        (2, "What is a disk?"),
    ]
    assert all(page is not None for *_, page in sheet_read.bookmarks)


def test_the_file_is_tagged_and_knows_its_language(sheet: Paper) -> None:
    """The catalogue says tagged, PDF/UA-1 and the language."""
    document = PdfDocument(sheet.data)
    assert document.is_tagged()
    inside = unpacked(sheet.data)
    assert b'pdfuaid:part="1"' in inside
    assert b"/Lang (en)" in inside or b"/Lang(en)" in inside


def test_paper_sizes_are_followed() -> None:
    """`paper` in the front matter sets the sheet, with as many columns as it has room for."""
    printed = read(cheatsheet.write(_small(paper="A5 landscape")))
    assert [round(side) for side in printed.sizes[0]] == [595, 420]
    assert [grid(_small(paper=paper)).columns for paper in ("A5", "letter", "A4 Landscape")] == [1, 2, 3]


def test_a_table_too_wide_for_a_column_goes_across() -> None:
    """Twelve columns are printed whole, inside the sheet, with no word broken in two."""
    words = [f"Subject{n}" for n in range(11)]
    wide = table("t1", ["Aspect", *words], [[f"row{r}", *(f"cell{r}x{n}" for n in range(11))] for r in range(5)])
    paper = cheatsheet.write(guide(section("Wide", para("Before."), wide, para("After."), depth=2)))
    printed = read(paper)
    assert in_order(printed.text, ["Before.", *words, "row0", "cell0x0", "cell4x10", "After."]) == []
    assert (printed.outside, paper.diagnostics) == (0, ())


def test_a_long_table_repeats_its_head_and_loses_no_row() -> None:
    """Two hundred rows run over pages; each is there, and each column of the sheet starts with the head."""
    rows = [[f"key{n}.", "a value", "another value"] for n in range(200)]
    paper = cheatsheet.write(guide(section("Long", table("t1", ["Unique head", "b", "c"], rows), depth=2)))
    printed = read(paper)
    assert in_order(printed.text, [f"key{n}." for n in range(200)]) == []
    assert printed.text.count("Unique head") >= 3
    assert (printed.outside, paper.diagnostics) == (0, ())


def test_what_does_not_break_is_broken_or_shrunk() -> None:
    """A word of 400 letters, a line of code of 300 signs, a picture of 3000 pixels and a cell longer than a page."""
    paper = cheatsheet.write(
        guide(
            section(
                "Large things",
                para("x" * 400),
                raw(f'<div class="highlight"><pre><code>{"y" * 300}\n</code></pre></div>'),
                para('<img src="tall.png" alt="tall"><img src="wide.png" alt="wide">'),
                table("t1", ["a", "b", "c"], [["z" * 200, "word " * 2000, "end of row"], ["last", "row", "here"]]),
                depth=2,
            ),
            media=(picture("tall.png", 40, 3000), picture("wide.png", 3000, 40)),
        )
    )
    printed = read(paper)
    letters = re.sub(r"\s", "", printed.text)
    assert [letters.count(letter) >= count for letter, count in (("x", 400), ("y", 300), ("z", 200))] == [True] * 3
    assert len(re.findall(r"\bword\b", printed.text)) == 2000
    assert (printed.outside, paper.diagnostics) == (0, ())


def test_code_without_blanks_stays_on_the_paper() -> None:
    """A line of many coloured words and no blank is broken between two of them; nothing is put into the text."""
    words = '<span class="n">ab</span><span class="o">.</span>' * 150
    code = f'<div class="highlight"><pre><code>    <span class="n">data</span>{words}\n</code></pre></div>'
    printed = read(cheatsheet.write(guide(section("Code", raw(code), depth=2))))
    assert printed.outside == 0
    assert "data" + "ab." * 150 in re.sub(r"\s", "", printed.text)


def test_deep_lists_keep_their_words() -> None:
    """Twelve lists in one another stay readable and on the paper."""
    entry = item("innermost words")
    for depth in range(12, 0, -1):
        entry = item(f"level {depth}.", bullets(entry))
    paper = cheatsheet.write(guide(section("Deep", bullets(entry), depth=2)))
    printed = read(paper)
    assert in_order(printed.text, [*(f"level {depth}." for depth in range(1, 13)), "innermost words"]) == []
    assert (printed.outside, paper.diagnostics) == (0, ())


def test_an_empty_guide_is_one_page() -> None:
    """No title, no topic, no text: still a page, named after the file."""
    paper = cheatsheet.write(guide(title=""))
    assert (paper.pages, paper.diagnostics) == (1, ())
    assert "sample" in read(paper).text


def test_a_picture_that_cannot_be_drawn_is_named() -> None:
    """An SVG that is broken is left out, and SP303 names it with its place."""
    hostile = svg("evil.svg", "<g>")
    paper = cheatsheet.write(
        guide(section("Pictures", para('<img src="evil.svg" alt="e">', 5), depth=2), media=(hostile,))
    )
    assert [(d.code, d.span.line) for d in paper.diagnostics] == [("SP303", 5)]
    assert "evil.svg" in paper.diagnostics[0].message


def test_formulas_are_set_or_shown_as_tex() -> None:
    """A formula is drawn where ziamath is installed; one that it cannot read stays legible as TeX."""
    broken = r'<span class="math">\(\frac{a}{\)</span>'
    paper = cheatsheet.write(
        guide(section("Math", para(rf'So <span class="math">\(a^2\)</span> and {broken}.'), depth=2))
    )
    text = read(paper).text
    assert r"\frac{a}{" in text
    assert r"\(" not in text
    assert paper.formulas == (r"\frac{a}{",)
    assert paper.diagnostics == ()


@pytest.mark.parametrize("tex", [r"\ce{H2O}", r"x + \text{日本}", r"\left( x"])
def test_a_formula_is_never_drawn_half(tex: str) -> None:
    """A command that ziamath does not know, or letters that its font has not, are not drawn as if they were right."""
    inline = Inline(media={})
    assert (
        inline(rf'<span class="math">\({tex}\)</span>') == f'<span class="math"><code class="tex">{tex}</code></span>'
    )
    assert tuple(inline.undrawn) == (tex,)


def test_right_to_left_text_stands_right() -> None:
    """An Arabic guide starts at the right edge."""
    paper = cheatsheet.write(guide(section("الأول", para("مرحبا بالعالم"), depth=2), title="عنوان", lang="ar"))
    sheet = PdfDocument(paper.data)[0]
    found = sheet.get_textpage()
    assert max(found.get_charbox(n)[2] for n in range(found.count_chars())) > sheet.get_width() - 40
    assert paper.diagnostics == ()


def _small(**more: object) -> Guide:
    return guide(section("One", para("A paragraph."), depth=2), **more)  # type: ignore[arg-type]


def test_the_sample_has_every_kind_of_block() -> None:
    """The guide that most tests here use leaves no kind of block out."""
    text = repr(rich())
    kinds = ("Prose", "Listing", "Definitions", "Table", "Callout", "Quote", "Section", "Footnote", "Media")
    assert [kind for kind in kinds if f"{kind}(" not in text] == []


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Short", "Short"),
        (
            "A title of so many words that it cannot stand beside another one",
            "A title of so many words that it cannot stand…",
        ),
        ("x" * 60, "x" * 51 + "…"),
        ("漢" * 40, "漢" * 25 + "…"),
    ],
)
def test_running_heads_are_cut_to_stand_side_by_side(title: str, short: str) -> None:
    """At a word where that leaves most of it; wide letters count twice."""
    assert running(title) == short


def test_running_heads_do_not_meet() -> None:
    """The guide's title and the topic's stand apart on A5, however long both are."""
    words = "a heading of many long words " * 4
    topic = section(words, *[para("words to fill the page " * 60) for _ in range(12)], depth=2)
    paper = cheatsheet.write(guide(topic, title=words, paper="A5"))
    page = PdfDocument(paper.data)[1]
    found = page.get_textpage()
    top = max(found.get_charbox(n)[3] for n in range(found.count_chars()))
    boxes = sorted(found.get_charbox(n) for n in range(found.count_chars()) if found.get_charbox(n)[3] > top - 6)
    gaps = [after[0] - before[2] for before, after in pairwise(boxes)]
    assert max(gaps) > 8
    assert min(gaps) > -1
