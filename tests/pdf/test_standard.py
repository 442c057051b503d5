"""The PDFs of whole guides: by the standard, by what a reader finds in them, and by what must not be in them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument, PdfPage
from pypdfium2 import raw as pdfium

import bootstrap
from studypack import notes, parse, source
from studypack.model import Guide, Section
from studypack.writers import cheatsheet, matrix
from studypack.writers.paper.contents import all_html, printed, sections
from studypack.writers.paper.page import Paper
from studypack.writers.papercards import sheets
from studypack.writers.papercards.duplex import Flip
from tests.pdf import verapdf
from tests.pdf.conftest import read, unpacked
from tests.pdf.guides import guide as guide_of
from tests.pdf.guides import many_tables, para, rich, section, table

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "source" / "reinvent-2024.md"
EVERY = ROOT / "tests" / "guides" / "every-construct.md"


def guide_at(path: Path) -> Guide:
    """The guide in a file."""
    text, _ = source.read(path)
    assert text
    guide, _ = parse.guide(text)
    assert guide
    return guide


def papers(guide: Guide) -> Iterator[tuple[str, Paper]]:
    """The PDFs of a guide, with the names of their files."""
    yield f"{guide.name}-cheatsheet.pdf", cheatsheet.write(guide)
    if page := matrix.write(guide):
        yield f"{guide.name}-matrix.pdf", page


FEW = frozenset({"every-construct", "arabic-course", "chemistry"})
"""What between them they hold: all constructs, both directions, formulas, pictures, diagrams."""


def sample_guides() -> Iterator[Guide]:
    """Every sample guide here that can be built."""
    for path in sorted(EVERY.parent.glob("*.md")):
        if path.stem not in ("README", "empty"):
            yield guide_at(path)


def sound_guides() -> Iterator[Guide]:
    """Few guides that hold much."""
    yield guide_at(EXAMPLE)
    yield from (guide for guide in sample_guides() if guide.name in FEW)
    yield replace(rich(), name="rich")
    yield replace(many_tables(), name="many-tables")


def printed_cards(path: Path) -> Paper:
    """The cards of a guide, to print."""
    guide = guide_at(path)
    paper = sheets.write(guide, notes.make(guide)[0], flip=Flip.LONG)
    assert paper
    return paper


def otherwise() -> Iterator[tuple[str, Paper]]:
    """A theme, a fitted size, a table on a page that lies the other way, a matrix on several pages."""
    yield "sepia.pdf", cheatsheet.write(replace(guide_at(EVERY), theme="sepia", sheets=3, columns=3))
    head = ["Aspect", *(f"Subject{n}" for n in range(25))]
    wide = table("t1", head, [[f"row{row}", *(f"cell{row}x{n}" for n in range(25))] for row in range(3)])
    yield "turned.pdf", cheatsheet.write(guide_of(section("Wide", para("Before."), wide, para("After."), depth=2)))
    if page := matrix.write(replace(many_tables(24, 8, 6), matrix_fit="split")):
        yield "split.pdf", page


needs_java = pytest.mark.skipif(
    bool(bootstrap.missing_java()) and not os.environ.get("CI"),
    reason="python3 bootstrap.py test installs veraPDF's Java",
)


@pytest.mark.slow
@needs_java
def test_papers_are_accessible_by_the_standard(tmp_path: Path) -> None:
    """The engine of veraPDF finds nothing against PDF/UA-1 in the PDFs of a sound guide, however it is printed."""
    made = {name: paper for guide in sound_guides() for name, paper in papers(guide)}
    made |= {"cards.pdf": printed_cards(EXAMPLE)} | dict(otherwise())
    assert _against_the_standard(made, tmp_path) == {}


@pytest.mark.long
@needs_java
def test_the_papers_of_every_sample_are_accessible_by_the_standard(tmp_path: Path) -> None:
    """In whatever language and form; and the cards of the one that holds all constructs."""
    made = {name: paper for guide in sample_guides() for name, paper in papers(guide)}
    made["cards.pdf"] = printed_cards(EVERY)
    assert _against_the_standard(made, tmp_path) == {}


def _against_the_standard(made: Mapping[str, Paper], folder: Path) -> dict[str, tuple[str, ...]]:
    """What veraPDF's engine finds in PDFs, by their names."""
    for name, paper in made.items():
        (folder / name).write_bytes(paper.data)
    found = verapdf.broken(folder / name for name in made)
    assert found.keys() == made.keys()
    return {name: rules for name, rules in found.items() if rules}


# --- what a reader finds -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[EXAMPLE, EVERY], ids=["example", "every construct"])
def guide(request: pytest.FixtureRequest) -> Guide:
    """A guide as its author wrote it."""
    path: Path = request.param
    return guide_at(path)


@pytest.fixture(scope="module")
def made(guide: Guide) -> dict[str, Paper]:
    """Its PDFs."""
    return dict(papers(guide))


@pytest.fixture
def sheet(guide: Guide, made: dict[str, Paper]) -> Paper:
    """Its cheat sheet."""
    return made[f"{guide.name}-cheatsheet.pdf"]


def test_papers_have_nothing_to_report(made: dict[str, Paper]) -> None:
    """Nothing fell off, no character and no picture is missing, the matrix is on one page."""
    assert [finding.text() for paper in made.values() for finding in paper.diagnostics] == []
    assert [paper.pages for name, paper in made.items() if "matrix" in name] == [1]


def test_bookmarks_lead_to_their_headings(guide: Guide, sheet: Paper) -> None:
    """Every topic and section has its bookmark, in order, and where it leads stands the heading."""
    document = PdfDocument(sheet.data)
    marks = [(mark.get_title(), mark.get_dest()) for mark in document.get_toc()][1:]
    assert [title for title, _ in marks] == [section.heading.plain for section in _outline(guide)]
    for title, dest in marks:
        assert dest
        assert _letters(title) in _text_at(document[dest.get_index() or 0], dest.get_view()[1][1])


def _outline(guide: Guide) -> Iterator[Section]:
    """The topics and sections; those among blocks are no part of the outline."""

    def below(section: Section) -> Iterator[Section]:
        yield section
        for child in printed(section.sections):
            yield from below(child)

    for topic in printed(guide.topics):
        yield from below(topic)


def test_links_lead_to_their_headings(guide: Guide, sheet: Paper) -> None:
    """Each link into the guide leads to the place where the heading of that name stands."""
    document = PdfDocument(sheet.data)
    headings = {section.anchor: section.heading.plain for section in sections(guide)}
    found = [link for page in document for link in _inner_links(document, page)]
    for name, page, y in found:
        assert _letters(headings.get(name, "")) in _text_at(document[page], y), name
    assert {name for name, *_ in found if name in headings} == _linked(guide) & headings.keys()


def _linked(guide: Guide) -> set[str]:
    """The anchors that printed blocks link to."""
    return {name for html in all_html(guide) for name in re.findall(r'<a href="#([^"]+)"', html)}


def _inner_links(document: PdfDocument, page: PdfPage) -> Iterator[tuple[str, int, float]]:
    """The links of a page into the document: their name, and the page and height (pt) where they lead."""
    for number in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, number)
        dest = pdfium.FPDFLink_GetDest(document, pdfium.FPDFAnnot_GetLink(annotation))
        if dest:
            flags, place = [pdfium.FPDF_BOOL() for _ in range(3)], [pdfium.FS_FLOAT() for _ in range(3)]
            assert pdfium.FPDFDest_GetLocationInPage(dest, *flags, *place)
            yield _contents(annotation), pdfium.FPDFDest_GetDestPageIndex(document, dest), place[1].value


def _contents(annotation: pdfium.FPDF_ANNOTATION) -> str:
    buffer = (pdfium.FPDF_WCHAR * 500)()
    length = pdfium.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, 1000)
    return bytes(buffer)[: length - 2].decode("utf-16-le")


def _text_at(page: PdfPage, y: float) -> str:
    """The letters of the lines that begin at a height (pt) or soon below, in both columns."""
    return _letters(page.get_textpage().get_text_bounded(bottom=y - 90, top=y + 2))


def _letters(text: str) -> str:
    """Without white space and what line breaks put in."""
    return re.sub(r"[\s\ufffe\x02-]", "", text)


def test_files_say_what_they_are(guide: Guide, made: dict[str, Paper]) -> None:
    """Title, author and language of the guide are in every file, in the places where readers look."""
    for paper in made.values():
        known = read(paper).metadata
        assert (known["Title"], known["Author"]) == (guide.title.plain, guide.author or "")
        assert re.search(rb"/Lang ?\(%s\)" % guide.lang.encode(), unpacked(paper.data))


def test_pictures_keep_their_alternative_text(guide: Guide, sheet: Paper) -> None:
    """What the author says of a picture is in the file, for those who do not see it."""
    said = {alt for html in all_html(guide) for alt in re.findall(r'<img[^>]* alt="([^"]+)"', html)}
    inside = unpacked(sheet.data)
    assert {alt for alt in said if not re.search(rb"/Alt ?\(" + re.escape(alt).encode(), inside)} == set()


def test_files_say_nothing_of_where_and_when(made: dict[str, Paper]) -> None:
    """No date and no path of this machine gets into a file."""
    here = (str(ROOT), str(Path.home()), "file:", "/usr/", "/tmp/")
    for paper in made.values():
        inside = unpacked(paper.data)
        assert not re.search(rb"/(?:CreationDate|ModDate)|xmp:(?:Create|Modify|Metadata)Date", inside)
        assert [trace for trace in here if trace.encode() in inside] == []


def test_the_example_is_light(guide: Guide, sheet: Paper) -> None:
    """The cheat sheet of the example, fonts and all, is smaller than 150 kB."""
    assert guide.name != EXAMPLE.stem or len(sheet.data) < 150_000
