"""Cards to print and cut apart, read back from the PDF: what stands in which cell of which sheet."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest
from PIL import Image
from pypdfium2 import PdfDocument, PdfPage

from studypack import notes as rules
from studypack import parse, printing, source
from studypack.cache import Cache
from studypack.diagnostics import StudypackError
from studypack.model import Callout, ClozeNote, Definitions, Footnote, Guide, Item, Note, Quote, Term
from studypack.writers.cards import __file__ as anki_cards
from studypack.writers.paper.page import Page, Paper
from studypack.writers.paper.pdf import Layout, lay_out
from studypack.writers.paper.sizes import MM, sheet
from studypack.writers.papercards import sheets as papercards
from studypack.writers.papercards import sides
from studypack.writers.papercards.duplex import Flip, grids, printable
from tests.pdf.conftest import read, unpacked
from tests.pdf.guides import CODE, bullets, guide, item, para, picture, raw, rich, section, svg, table, text

SAMPLES = Path(__file__).parents[1] / "guides"
SCALE = 3.0  # pixels a point, where a page is looked at

WORD = re.compile(r"[A-Za-z]{3,}")
TEX = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]")  # drawn, so no text

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in points from the top left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is printed in one cell: its text, white space folded, and the box round its letters."""

    text: str
    ink: Box

    @property
    def number(self) -> int:
        """The card's number."""
        return int(re.search(r"(\d+)/\d+", self.text)[1])  # type: ignore[index]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A page cut along the marks of its sheet: what stands in each cell, by column and row."""

    cells: dict[tuple[int, int], Found]
    size: tuple[float, float]
    cuts: tuple[list[float], list[float]]


def notes_of(made: Guide) -> tuple[Note, ...]:
    """The notes that are printed of a guide."""
    return rules.make(sides.without_unprinted(made))[0]


def printed(made: Guide, flip: Flip = Flip.LONG) -> Paper:
    """The cards of a guide that has some."""
    paper = papercards.write(made, notes_of(made), flip=flip)
    assert paper is not None
    return paper


def sample(name: str) -> Guide:
    """A guide of the samples."""
    text, _ = source.read(SAMPLES / name)
    assert text is not None
    made, _ = parse.guide(text)
    assert made is not None
    return made


def questions(*answers: str, **more: object) -> Guide:
    """A guide of questions, each with its answer in HTML."""
    asked = [section(f"Question number {n}?", raw(answer, n), at=n) for n, answer in enumerate(answers, 1)]
    return guide(section("Topic", depth=2, sections=asked), **more)  # type: ignore[arg-type]


# --- reading a sheet as scissors do ------------------------------------------------------------------------------


def letters(page: PdfPage) -> Iterator[tuple[str, Box]]:
    """Each letter of a page and its box."""
    height, found = page.get_height(), page.get_textpage()
    for n in range(found.count_chars()):
        left, bottom, right, top = found.get_charbox(n)
        yield found.get_text_range(n, 1), (left, height - top, right, height - bottom)


def marks(page: PdfPage) -> tuple[list[float], list[float]]:
    """Where the cut marks in the upper and the left margin say to cut: distances from the left and from the top."""
    seen = page.render(scale=SCALE, grayscale=True).to_pil()
    return _marked(seen), _marked(seen.transpose(Image.Transpose.TRANSPOSE))


def _marked(seen: Image.Image) -> list[float]:
    """The middles, in points, of the upright lines that begin nearest to the upper edge."""
    width, height = seen.size
    grey = seen.tobytes()
    starts: dict[int, int] = {}
    for x in range(width):
        column = grey[x::width]
        line = re.search(rb"[\x00-\xeb]{%d,}" % int(1.8 * MM * SCALE), column[: height // 2])
        if line:
            starts[x] = line.start()
    first = min(starts.values())
    runs: list[list[int]] = []
    for x in (x for x, start in starts.items() if start <= first + 3):
        if runs and x == runs[-1][-1] + 1:
            runs[-1].append(x)
        else:
            runs.append([x])
    return [(run[0] + run[-1] + 1) / 2 / SCALE for run in runs]


def cut(page: PdfPage, cuts: tuple[list[float], list[float]]) -> Leaf:
    """A page cut there. Fails where a letter lies on a cut, or outside all cells."""
    across, down = cuts
    cells: dict[tuple[int, int], tuple[list[str], list[Box]]] = {}
    for letter, box in letters(page):
        column, row = _between(box[0], box[2], across), _between(box[1], box[3], down)
        texts, boxes = cells.setdefault((column, row), ([], []))
        texts.append(letter)
        if letter.strip():
            boxes.append(box)
    found = {
        place: Found(
            text=" ".join("".join(texts).replace("\ufffe", "").replace("\x02", "").split()),
            ink=(
                min(b[0] for b in boxes),
                min(b[1] for b in boxes),
                max(b[2] for b in boxes),
                max(b[3] for b in boxes),
            ),
        )
        for place, (texts, boxes) in cells.items()
        if boxes
    }
    return Leaf(cells=found, size=page.get_size(), cuts=cuts)


def _between(low: float, high: float, cuts: list[float]) -> int:
    places = [n for n, (start, end) in enumerate(pairwise(cuts)) if start <= low <= high <= end]
    assert len(places) == 1, f"{low:.1f}–{high:.1f} lies on a cut: {cuts}"
    return places[0]


def sheets(paper: Paper, flip: Flip = Flip.LONG) -> list[tuple[Leaf, Leaf]]:
    """Each sheet as front and back, the back seen through the paper: in the places where its front is."""
    document = PdfDocument(paper.data)
    assert len(document) % 2 == 0
    return [
        (cut(document[n], marks(document[n])), _through(document[n + 1], marks(document[n]), flip))
        for n in range(0, len(document), 2)
    ]


def _through(page: PdfPage, cuts: tuple[list[float], list[float]], flip: Flip) -> Leaf:
    """The back page cut along the front's marks, its cells named as the front's, once the sheet was turned.

    The sheet turns about its long or its short edge; if that edge is upright, left and right change places.
    """
    width, height = page.get_size()
    upright_edge_is_long = height >= width
    mirrored = upright_edge_is_long == (flip is Flip.LONG)
    across, down = cuts
    back = (sorted(width - x for x in across), down) if mirrored else (across, sorted(height - y for y in down))
    leaf = cut(page, back)
    columns, rows = len(across) - 2, len(down) - 2
    cells = {
        (columns - column if mirrored else column, row if mirrored else rows - row): found
        for (column, row), found in leaf.cells.items()
    }
    return replace(leaf, cells=cells)


def sides_of(paper: Paper, flip: Flip = Flip.LONG) -> dict[int, tuple[Found, Found]]:
    """Front and back of each card, by number. Fails where the two do not lie on one another."""
    found: dict[int, tuple[Found, Found]] = {}
    for front, back in sheets(paper, flip):
        assert front.cells.keys() == back.cells.keys()
        for place, one in front.cells.items():
            other = back.cells[place]
            assert one.number == other.number
            assert one.number not in found
            found[one.number] = (one, other)
    return found


def squeezed(text: str) -> str:
    """Text without white space, for a line may break anywhere."""
    return re.sub(r"\s+", "", text)


# --- every card, once, back to back ------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", ["A4", "A4 landscape", "Letter", "A5", "A3"])
@pytest.mark.parametrize("flip", Flip)
def test_front_and_back_lie_on_one_another(paper: str, flip: Flip) -> None:
    """Turned about either edge, upright or lying, with unequal margins, each answer is behind its own question."""
    answers = [f"<p>Answer number {n}.</p>" for n in range(1, 12)]
    made = questions(*answers, paper=paper, margins=(6.0, 12.0, 15.0, 25.0))
    found = sides_of(printed(made, flip), flip)
    assert sorted(found) == list(range(1, 12))
    for number, (front, back) in found.items():
        assert f"Question number {number}?" in front.text
        assert f"Answer number {number}." in back.text


def test_the_other_flip_would_not_do() -> None:
    """The check above can fail: sheets made for the long edge do not match when turned about the short one."""
    made = questions(*(f"<p>Answer {n}.</p>" for n in range(1, 9)))
    with pytest.raises(AssertionError):
        sides_of(printed(made, Flip.LONG), Flip.SHORT)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "arabic-course.md",
        *(
            pytest.param(f"{name}.md", marks=pytest.mark.long)
            for name in ("chemistry", "python-interview", "readme-style")
        ),
    ],
)
def test_each_card_of_a_real_guide_is_there_once(name: str) -> None:
    """Every card Anki would make has a front and a back, with all of its text, in its own cell."""
    made = sample(name)
    found = notes_of(made)
    paper = printed(made)
    assert [each for each in paper.diagnostics if each.severity == "error"] == []
    cards = sides.cards(made, found)[0]
    assert len(cards) == sum(len(n.gaps) if isinstance(n, ClozeNote) else 1 + n.reversed for n in found)
    read_back = sides_of(paper)
    assert sorted(read_back) == [card.number for card in cards]
    unread = {word for media in made.media for word in WORD.findall(media.name)}
    for card in cards:
        for side, on_paper in zip((card.front, card.back), read_back[card.number], strict=True):
            words = {*WORD.findall(TEX.sub(" ", side.text))} - unread
            assert {word for word in words if word not in squeezed(on_paper.text)} == set()


def test_cards_keep_the_order_of_the_guide() -> None:
    """Cards of a size follow one another as in the guide; the larger ones come after all ordinary ones."""
    long = f"<p>{'Many words that go on. ' * 110}</p>"
    made = questions("<p>short</p>", long, "<p>short</p>", long, "<p>short</p>")
    first, *others = [sorted(f.number for f in front.cells.values()) for front, _ in sheets(printed(made))]
    assert first == [1, 3, 5]
    assert [number for numbers in others for number in numbers] == [2, 4]


def test_kept_out_of_the_deck_or_off_paper_is_not_there() -> None:
    """Neither `.no-cards` nor `.no-print` reaches the cards, whole sections or parts of an answer."""
    made = guide(
        section(
            "Topic",
            depth=2,
            sections=[
                section("What stays?", para("This stays."), para("SECRET one", classes=frozenset(["no-print"]))),
                section("What goes?", para("SECRET two"), classes=["no-cards"]),
                section("And what else goes?", para("SECRET three"), classes=["no-print"]),
            ],
        )
    )
    paper = printed(made)
    text = read(paper).text
    assert "This stays." in text
    assert "SECRET" not in text
    assert sorted(sides_of(paper)) == [1]


def test_parts_kept_off_paper_are_taken_out_wherever_they_stand() -> None:
    """Terms, entries of lists, blocks in boxes and in footnotes; an entry with nothing left goes, all else stays."""
    off = frozenset(["no-print"])
    secret = para("SECRET", classes=off)
    terms = tuple(
        Term(name=text(name), meaning=(para(f"{name} means."), secret), classes=classes)
        for name, classes in (("Kept", frozenset[str]()), ("SECRET", off))
    )
    entries = bullets(
        item("kept entry", secret), Item(blocks=(secret,)), Item(blocks=terms[1].meaning[:1], term=terms[1])
    )
    box = Callout(kind="tip", title=text("Kept box"), blocks=(para("kept in the box"), secret))
    made = guide(
        section("T", Definitions(terms=terms), entries, box, Quote(blocks=(para("kept quote"), secret)), depth=2),
        footnotes=(Footnote(name="a", number=1, blocks=(para("kept note"), secret)),),
    )
    thinned = sides.without_unprinted(made)
    assert "SECRET" not in repr(thinned)
    assert [
        word for word in ("Kept", "kept entry", "kept in", "kept quote", "kept note") if word not in repr(thinned)
    ] == []
    assert sides.without_unprinted(thinned) == thinned


def test_no_cards_make_no_paper() -> None:
    """A guide without notes gives no PDF."""
    assert papercards.write(guide(), (), flip=Flip.LONG) is None


# --- what a card says --------------------------------------------------------------------------------------------


def test_a_card_says_what_is_asked_where_and_how_hard() -> None:
    """Label, level, number and breadcrumb stand on the front; the number on the back too."""
    made = rich()
    found = sides_of(printed(made))
    count = len(found)
    (term,) = [pair for pair in found.values() if "Define" in pair[0].text.title() and "Latency" in pair[0].text]
    assert f"{term[0].number}/{count}" in term[0].text
    assert f"{term[0].number}/{count}" in term[1].text
    assert "beginner" in term[0].text.lower()
    assert "Clouds" in term[0].text
    assert "Storage & friends" in term[0].text
    assert "time until the first byte" in term[1].text


def test_labels_are_those_of_the_cards_in_anki() -> None:
    """Each kind is asked for in the words of Anki's style sheet."""
    rules_of_anki = Path(anki_cards).with_name("cards.css").read_text("utf-8")
    words = dict(re.findall(r'data-kind="(\w+)"\] \.front::before \{ content: "([^"]+)"', rules_of_anki))
    assert words == {kind.value: label for kind, label in sides.LABELS.items()}
    assert f'.backward .front::before {{ content: "{sides.BACKWARD}"' in rules_of_anki


def test_a_comparison_hides_the_other_cells_until_answered() -> None:
    """The question shows the row with a gap and no cell; the answer shows all cells."""
    made = guide(section("T", table("t", ["Aspect", "Tea", "Coffee"], [["Heat", "ninety", "hundred"]]), depth=2))
    found = sides_of(printed(made))
    assert len(found) == 2
    for front, back in found.values():
        assert "[…]" in front.text
        assert not re.search("ninety|hundred", front.text)
        assert {"Heat", "Tea", "Coffee"} <= set(front.text.split())
        assert {"ninety", "hundred"} <= set(back.text.split())


def test_a_cloze_hides_one_gap_at_a_time() -> None:
    """Of two marks, each card hides one and shows the other."""
    prose = replace(para("The <mark>first</mark> and the <mark>second</mark> gap."), marks=2)
    found = sides_of(printed(guide(section("T", prose, depth=2))))
    assert [re.findall("first|second", front.text) for front, _ in found.values()] == [["second"], ["first"]]
    assert all(re.findall("first|second", back.text) == ["first", "second"] for _, back in found.values())


def test_a_reversed_term_makes_a_second_card() -> None:
    """Meaning to term as well as term to meaning."""
    made = replace(rich(), cards={"term": "reversed"})
    texts = [(front.text, back.text) for front, back in sides_of(printed(made)).values()]
    assert any("time until the first byte" in front and "Latency" in back for front, back in texts)
    assert any("Latency" in front and "time until the first byte" in back for front, back in texts)


def test_a_footnote_stands_on_the_back_of_its_card_under_its_number() -> None:
    """The second footnote of a guide keeps its number 2, and no link leads nowhere."""
    made = questions('<p>See below.<sup class="footnote" data-footnote="b">b</sup></p>')
    made = replace(
        made,
        footnotes=tuple(
            Footnote(name=name, number=number, blocks=(para(f"Footnote {name}."),))
            for number, name in enumerate("ab", 1)
        ),
    )
    ((_, back),) = sides_of(printed(made)).values()
    assert "See below.2" in squeezed(back.text).replace("Seebelow", "See below")
    assert "2.Footnoteb." in squeezed(back.text)


def test_lists_in_an_answer_keep_their_numbers() -> None:
    """A list that starts at five starts at five."""
    ((_, back),) = sides_of(printed(questions('<ol start="5"><li>fifth</li><li>sixth</li></ol>'))).values()
    assert {"5.", "fifth", "6.", "sixth"} <= set(back.text.split())  # the numbers are drawn after the text


# --- what is large, and what is next to nothing ------------------------------------------------------------------


@pytest.mark.slow
def test_long_answers_get_larger_cards() -> None:
    """Ten to two thousand words: eight, four, two or one a sheet, nothing lost, never under 5 pt."""
    lengths = [10, 100, 300, 700, 1200, 2200]
    made = questions(*(f"<p>{' '.join(f'w{n}x{i}.' for i in range(length))}</p>" for n, length in enumerate(lengths)))
    paper = printed(made)
    assert paper.diagnostics == ()
    found = sides_of(paper)
    for n, length in enumerate(lengths):
        text = squeezed(found[n + 1][1].text)
        assert [i for i in range(length) if f"w{n}x{i}." not in text] == []
    counts = [len(front.cuts[0]) - 1 + len(front.cuts[1]) - 1 for front, _ in sheets(paper)]
    assert counts[0] == 2 + 4
    assert counts[-1] == 1 + 1


def test_what_no_sheet_takes_is_said_at_its_line() -> None:
    """A card longer than a whole sheet at 5 pt is an error with its place, and there is no PDF."""
    made = questions("<p>short</p>", f"<p>{'endless words ' * 6000}</p>", "<p>short</p>")
    paper = papercards.write(made, notes_of(made), flip=Flip.LONG)
    assert paper is not None
    assert (paper.data, paper.pages) == (b"", 0)
    assert [(each.code, each.span.line, each.severity) for each in paper.diagnostics] == [("SP504", 2, "error")]


def test_things_larger_than_a_card_are_made_to_fit() -> None:
    """Pictures, a line of code, a word, a table wider than a card; each stays in its own cell, text and all."""
    wide = "".join(f"<td>cell{n}</td>" for n in range(12))
    made = questions(
        '<p><img src="tall.png" alt="tall"> after it</p>',
        '<p><img src="wide.png" alt="wide" width="2000"> after it</p>',
        f'<div class="highlight"><pre><code>{"y" * 300}\n</code></pre></div><p>after it</p>',
        f"<p>{'x' * 400} after it</p>",
        f'<div class="table"><table><tbody><tr>{wide}</tr></tbody></table></div><p>after it</p>',
        CODE + "<p>after it</p>",
        media=(picture("tall.png", 40, 3000), picture("wide.png", 3000, 40)),
    )
    paper = printed(made)
    assert paper.diagnostics == ()
    found = sides_of(paper)
    assert all("after it" in found[number][1].text for number in range(1, 7))
    assert squeezed(found[3][1].text).count("y") == 300
    assert squeezed(found[4][1].text).count("x") >= 400
    assert all(f"cell{n}" in squeezed(found[5][1].text) for n in range(12))


def test_words_in_a_table_are_not_broken() -> None:
    """A table is set smaller, or on a larger card, rather than with its words in two; but not for the longest words."""
    words = ("Characteristic", "<code>INCOMPREHENSIBILITY</code>", "Responsibilities", "counterproductive")
    rows = ["".join(f"<td>{word}</td>" for word in words[:count]) for count in (3, 4)]
    rows.append(f"<td>{words[0]}</td><td>{'e3b0c442' * 12}</td>")
    made = questions(*(f'<div class="table"><table><tbody><tr>{row}</tr></tbody></table></div>' for row in rows))
    found = sides_of(printed(made))
    assert all(word in found[number][1].text for number in (1, 2) for word in map(sides.plain, words[: number + 2]))
    assert "Characteristic" in found[3][1].text
    assert "e3b0c442" * 12 in squeezed(found[3][1].text)


def test_pictures_stay_in_their_cell() -> None:
    """Nothing but white is printed along the cuts, however large the pictures on both sides of them."""
    made = questions(
        *('<p><img src="square.png" alt="square"></p>' for _ in range(8)), media=(picture("square.png", 3000, 3000),)
    )
    paper = printed(made)
    document = PdfDocument(paper.data)
    across, down = ([int(at * SCALE) for at in cuts] for cuts in marks(document[0]))
    for page in document:
        seen = page.render(scale=SCALE, grayscale=True).to_pil()
        strips = [seen.crop((x - 3, down[0], x + 4, down[-1])) for x in across]
        strips += [seen.crop((across[0], y - 3, across[-1], y + 4)) for y in down]
        assert [strip.getextrema() for strip in strips] == [(255, 255)] * len(strips)


def test_next_to_nothing_is_still_a_card() -> None:
    """One letter, a picture alone, a rule alone: cards like others."""
    made = questions("<p>x</p>", '<p><img src="dot.png" alt="dot"></p>', "<hr>", media=(picture("dot.png", 1, 1),))
    assert sorted(sides_of(printed(made))) == [1, 2, 3]


def test_short_text_is_large_and_long_text_smaller() -> None:
    """A short question stands in 14 pt and more; a short answer is larger than a long one, which has 7 pt."""
    made = questions("<p>Alone.</p>", f"<p>{'Alone. Many words that go on. ' * 22}</p>")
    document = PdfDocument(printed(made).data)
    asked = [box[3] - box[1] for letter, box in letters(document[0]) if letter == "Q"]
    middle = document[1].get_width() / 2
    tall = [(box[0] > middle, box[3] - box[1]) for letter, box in letters(document[1]) if letter == "A"]
    short, long = (max(height for right, height in tall if right is side) for side in (True, False))
    capital = 0.69  # the height of a capital of Plex, in em
    assert max(asked) >= 14 * capital
    assert short >= 12 * capital > long >= 7 * capital


# --- the sheet ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("paper", ["A4", "A4 landscape"])
def test_cut_marks_are_on_the_fronts_only_and_never_over_a_card(paper: str) -> None:
    """Marks stand where the cells meet, in the margins of odd pages; even pages have none."""
    made = questions(*(f"<p>Answer {n}.</p>" for n in range(10)), paper=paper)
    document = PdfDocument(printed(made).data)
    area = printable(sheet(paper), None)
    grid = grids(area)[0]
    for n in range(0, len(document), 2):
        across, down = marks(document[n])
        wanted = [area.left + i * area.width / grid.columns for i in range(grid.columns + 1)]
        assert across == pytest.approx(wanted, abs=0.5)
        assert down == pytest.approx([area.top + i * area.height / grid.rows for i in range(grid.rows + 1)], abs=0.5)
        back = document[n + 1].render(scale=SCALE, grayscale=True).to_pil()
        edge = int(8 * MM * SCALE)
        margin = [back.crop((0, 0, back.width, edge)), back.crop((0, 0, edge, back.height))]
        assert [strip.getextrema() for strip in margin] == [(255, 255)] * 2
        front = document[n].render(scale=SCALE, grayscale=True).to_pil()
        for x in (int(x * SCALE) for x in across):
            inside = front.crop((x - 3, int(area.top * SCALE), x + 4, int(area.bottom * SCALE)))
            assert inside.getextrema() == (255, 255)


def test_the_file_is_tagged_named_and_has_a_bookmark_a_topic() -> None:
    """PDF/UA-1, language, title; the outline has the guide and each topic once, cut marks and all else unnamed."""
    paper = printed(rich())
    assert PdfDocument(paper.data).is_tagged()
    inside = unpacked(paper.data)
    assert b'pdfuaid:part="1"' in inside
    found = read(paper)
    assert found.metadata["Title"] == "Clouds ☁ & disks"
    titles = [title for _, title, _ in found.bookmarks]
    assert titles[0] == "Clouds ☁ & disks"
    assert {"Storage & friends", "Compute", "Interview Questions"} <= set(titles)
    assert len(titles) == len(set(titles)) or titles.count("Clouds ☁ & disks") == 2


def test_the_same_cards_are_the_same_bytes() -> None:
    """Two runs do not differ in a byte; the other flip does."""
    made = rich()
    assert printed(made).data == printed(made).data
    assert printed(made).data != printed(made, Flip.SHORT).data


def test_missing_characters_and_broken_pictures_are_named() -> None:
    """They are told of cards as of the other papers."""
    made = questions("<p>linear B: 𐀀</p>", '<p><img src="evil.svg" alt="e"> text</p>', media=(svg("evil.svg", "<g>"),))
    paper = printed(made)
    assert [(each.code, each.span.line) for each in paper.diagnostics] == [("SP303", 2)]
    assert [each.character for each in paper.missing] == ["𐀀"]


def test_right_to_left_cards_start_at_the_right() -> None:
    """In an Arabic guide the first card stands at the upper right, its number at its left."""
    made = guide(
        section("الأول", depth=2, sections=[section(f"ما هو {n}؟", para("مرحبا"), at=n) for n in range(1, 4)]),
        lang="ar",
    )
    front, _ = sheets(printed(made))[0]
    assert {place: found.number for place, found in front.cells.items()} == {(1, 0): 1, (0, 0): 2, (1, 1): 3}


def test_sepia_is_sepia_to_the_edge() -> None:
    """The theme's ground covers fronts and backs, and its serif sets the text."""
    paper = printed(questions("<p>An answer.</p>", theme="sepia"))
    for page in PdfDocument(paper.data):
        assert page.render(scale=1).to_pil().convert("RGB").getpixel((3, 3)) == (251, 245, 232)
    assert any("Serif" in font for font in read(paper).fonts)


def test_what_fits_in_the_largest_type_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Short cards are laid out twice, to measure and to print; only a long one is set in small type in between."""
    laid_out: list[int] = []

    def counted(page: Page) -> Layout:
        laid_out.append(page.html.count('class="card '))
        return lay_out(page)

    monkeypatch.setattr(papercards, "lay_out", counted)
    printed(questions("<p>Yes.</p>", "<p>No.</p>"))
    assert laid_out == [4, 4]
    laid_out.clear()
    printed(questions("<p>Yes.</p>", f"<p>{'word ' * 150}</p>"))
    assert laid_out[:2] == [4, 2]


def test_what_cards_may_take_follows_from_what_is_on_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each cell of a short table is asked beside its whole row: the cards are many times as long as the guide."""
    cells = ["word " * 60] * 5
    made = guide(section("Topic", table("t", ["a", "b", "c", "d", "e"], [cells, cells]), depth=2))
    with printing.Printers(1) as printers:
        monkeypatch.setattr(printing, "TIME", 0.0)  # for an empty page
        printers.begin(500, made, Cache(None))
        paper = printers.cards(made, notes_of(made), Flip.LONG).wait()
        assert paper is not None
        assert paper.pages
        with pytest.raises(StudypackError, match="more than 1 seconds"):  # of the guide alone
            printers._children.submit(time.sleep, 60).result()
