"""The door to WeasyPrint: what may be loaded, what must not get in, what is said."""

from __future__ import annotations

import gc
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument
from pypdfium2 import raw as pdfium

from studypack import diagrams
from studypack.diagnostics import StudypackError
from studypack.media import Media
from studypack.span import START, Span
from studypack.writers import cheatsheet, matrix
from studypack.writers.paper import native
from studypack.writers.paper.blocks import Blocks
from studypack.writers.paper.fetch import Fetcher, RefusedError, is_unsafe_svg
from studypack.writers.paper.inline import Inline
from studypack.writers.paper.page import THEME, Page, Paper, Picture, Place
from studypack.writers.paper.pdf import Layout, LayoutError, lay_out, render
from tests.pdf.conftest import unpacked
from tests.pdf.guides import guide, many_tables, para, raw, rich, section, svg, table

ROOT = Path(__file__).parents[2]
HTML = '<html lang="en"><head><title>t</title></head><body><p id="sp:1">one</p>{}</body></html>'

AGAIN = """
import hashlib
from studypack.writers import cheatsheet, matrix
from tests.pdf.guides import many_tables, rich
for paper in (cheatsheet.write(rich()), matrix.write(many_tables())):
    print(hashlib.sha256(paper.data).hexdigest())
"""


def test_bytes_are_the_same_in_another_process_and_folder(sheet: Paper, page: Paper, tmp_path: Path) -> None:
    """Another folder, home, hash seed, locale and time zone: not a byte differs, and nothing is left behind."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "4711",
        "HOME": "/nonexistent",
        "TMPDIR": str(tmp_path),
        "LC_ALL": "C.UTF-8",
        "TZ": "Asia/Tokyo",
    }
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", AGAIN],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.stderr == ""
    assert run.stdout.split() == [hashlib.sha256(paper.data).hexdigest() for paper in (sheet, page)]
    assert list(tmp_path.iterdir()) == []


def test_our_style_sheets_give_no_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    """WeasyPrint understands every line of our CSS and HTML."""
    log: list[str] = []

    def laid(page: Page) -> Layout:
        layout = lay_out(page)
        log.extend(layout.log)
        return layout

    monkeypatch.setattr("studypack.writers.paper.pdf.lay_out", laid)
    monkeypatch.setattr("studypack.writers.matrix.choice.lay_out", laid)
    cheatsheet.write(rich())
    matrix.write(many_tables())
    assert log == []


def test_hostile_html_reaches_nothing_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No file and no address is opened, and no path, file link or script gets into the PDF."""
    secret = tmp_path / "secret.png"
    secret.write_bytes(b"TOPSECRET")
    asked: list[str] = []
    real = Fetcher.fetch

    def fetch(self: Fetcher, url: str, headers: object = None) -> object:
        asked.append(url)
        return real(self, url, headers)

    monkeypatch.setattr(Fetcher, "fetch", fetch)
    hostile = "".join(
        (
            f'<img src="{secret.as_uri()}" alt="a"><img src="http://127.0.0.1:9/x.png" alt="b">',
            '<a href="notes/private.md">r</a><a href="file:///etc/passwd">f</a>',
            f'<a rel="attachment" href="{secret.as_uri()}">x</a>',
            '<a href="javascript:alert(1)">j</a><a href="https://example.org/fine">fine</a><a href="#nowhere">n</a>',
            f'<link rel="attachment" href="{secret.as_uri()}"><link rel="stylesheet" href="http://127.0.0.1:9/a.css">',
            "<style>@import url(http://127.0.0.1:9/b.css); p { background: url(file:///etc/passwd) }</style>",
            '<base href="http://127.0.0.1:9/"><object data="file:///etc/passwd"></object><iframe src="file:///etc"></iframe>',
            '<p style="background:url(http://127.0.0.1:9/c.png);font-size:1e7px" onclick="x()">styled</p>',
            '<svg><image href="http://127.0.0.1:9/d.png"/></svg><video src="http://127.0.0.1:9/e.mp4">v</video>',
        )
    )
    paper = cheatsheet.write(guide(section("Bad", raw(f"<div>{hostile}</div>"), para("kept"), depth=2)))
    assert [url for url in asked if not url.startswith(("icon:", "media:"))] == []
    inside = unpacked(paper.data)
    for trace in (b"TOPSECRET", b"file:", b"127.0.0.1", b"private.md", b"javascript", b"/etc/", str(ROOT).encode()):
        assert trace not in inside
    assert b"https://example.org/fine" in inside


def test_links_inside_the_guide_lead_to_their_heading(sheet: Paper) -> None:
    """A link to a section, and a footnote's number, have a target in the file; our own marks do not swell it."""
    inside = unpacked(sheet.data)
    targets = set(re.findall(rb"\(([^()]*)\) ?\[\d+ 0 R", inside)) | set(re.findall(rb"/Dest ?\(([^()]*)\)", inside))
    assert {b"compute", b"sp:note-1"} <= targets
    assert not any(re.fullmatch(rb"sp:\d+", target) for target in targets)


def test_what_fell_off_is_an_error_at_its_place() -> None:
    """A block that is nowhere on the paper, or stands over its edge, gives SP504 where it was written."""
    places = {
        name: Place(span=Span(n, 1, n, 2), text=f"block {n}") for n, name in enumerate(("sp:1", "sp:2", "sp:3"), 1)
    }
    off = '<p id="sp:2" style="position:absolute;left:900mm">two</p>'
    paper = render(Page(html=HTML.format(off), css="@page { size: A4; margin: 1cm }", path="g.md", places=places))
    assert [(d.code, d.span.line) for d in paper.diagnostics] == [("SP504", 2), ("SP504", 3)]
    assert paper.diagnostics[0].text().startswith("g.md:2:1: error SP504: this does not fit on the page: block 2")


def test_the_garbage_collector_runs_again_afterwards() -> None:
    """Rendering switches it off, and on again, also when it fails."""
    assert gc.isenabled()
    render(Page(html=HTML.format(""), css="", path="g.md"))
    assert gc.isenabled()
    with pytest.raises(TypeError):
        render(Page(html=None, css=None, path="g.md"))  # type: ignore[arg-type]
    assert gc.isenabled()


def test_only_given_pictures_are_served() -> None:
    """The fetcher knows its own addresses; all else, and every unsafe SVG, is refused."""
    unsafe = Picture(mime="image/svg+xml", data=b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>")
    fetcher = Fetcher({"media:a": Picture(mime="image/png", data=b"png"), "media:b": unsafe})
    assert fetcher.fetch("media:a").read() == b"png"
    for url in ("media:b", "file:///etc/passwd", "http://127.0.0.1:9/", "data:text/plain,x", "media:c"):
        with pytest.raises(RefusedError):
            fetcher.fetch(url)


@pytest.mark.parametrize(
    ("data", "unsafe"),
    [
        (b"<svg><use href='#a'/></svg>", False),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>", True),
        ("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>".encode("utf-16"), True),
        (b"<!DOCTYPE svg PUBLIC 'x' 'y'><svg/>", False),
        (b"<svg><g user='1'/></svg>", False),
        (b"\x89PNG <use", False),
    ],
)
def test_unsafe_svg_is_told_by_what_it_holds(data: bytes, unsafe: bool) -> None:
    """Declarations make an SVG unsafe, in any encoding; a plain DOCTYPE does not."""
    assert is_unsafe_svg(data) is unsafe


def test_missing_libraries_are_named_before_the_import() -> None:
    """A library that is not there is named by the check, with what to install on each platform."""
    assert native.missing([("libno-such-thing.so.0", "nosuch")]) == ("libno-such-thing.so.0",)
    assert native.missing() == ()
    assert "apt install" in native.how_to_install("linux")
    assert "dnf install" in native.how_to_install("linux")
    assert "brew install" in native.how_to_install("darwin")
    assert "winget install" in native.how_to_install("win32")


def test_missing_libraries_are_an_error_that_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is ours, in one sentence, not a banner on standard output."""
    monkeypatch.setattr(native.missing, "__defaults__", ((("libno-such-thing.so.0",),),))
    with pytest.raises(StudypackError, match=r"libno-such-thing\.so\.0\. Install Pango"):
        native.require()


def test_importing_the_writers_does_not_import_the_library() -> None:
    """WeasyPrint is loaded when a page is laid out, not before; and it says nothing on standard output."""
    code = "import sys; from studypack.writers import cheatsheet, matrix; print('weasyprint' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (run.stdout.strip(), run.stderr) == ("False", "")


def test_fonts_travel_with_their_licences() -> None:
    """The fonts are ours to give away, and small enough to travel."""
    folder = THEME / "fonts"
    # Twenty-two scripts in two weights; what would be more belongs into an extra, as the 32 MB for CJK are.
    assert sum(file.stat().st_size for file in folder.iterdir()) < 7_000_000
    assert {file.name for file in folder.glob("*.txt")} == {"OFL-IBM-Plex.txt", "OFL-Noto.txt", "LICENSE-DejaVu.txt"}
    assert {file.name.split("-")[0] for file in folder.glob("*.ttf")} >= {
        "IBMPlexSansCondensed",
        "IBMPlexMono",
        "StudypackSans",
        "NotoSansKhmer",
        "DejaVuSans",
    }
    assert b"StudypackSans" in (folder / "OFL-IBM-Plex.txt").read_bytes()  # no modified font may be called Plex


def test_text_in_pictures_is_set_as_words() -> None:
    """Hebrew in an SVG runs from right to left; letters that have places of their own keep them."""
    body = '<g font-size="2"><text x="1" y="4">שלום</text><text x="1 3 5" y="8">abc</text></g>'
    media = svg("words.svg", body)
    paper = cheatsheet.write(guide(section("P", para('<img src="words.svg" alt="w">'), depth=2), media=(media,)))
    found = PdfDocument(paper.data)[0].get_textpage()
    boxes = {found.get_text_range(n, 1): found.get_charbox(n)[0] for n in range(found.count_chars())}
    assert boxes["ש"] > boxes["ל"] > boxes["ם"]
    assert boxes["b"] - boxes["a"] == pytest.approx(
        boxes["c"] - boxes["b"], abs=1.5
    )  # points; it is the ink that is read


def test_bold_words_in_a_diagram_stand_beside_the_others() -> None:
    """A line of a diagram that is partly bold reads from left to right, nothing on top of anything."""
    drawn = diagrams.draw("mermaid", 'flowchart LR\n a["`**bold** and *it*\nsecond`"] --> b')
    assert isinstance(drawn, Media)
    html = f'<img class="diagram" src="{drawn.name}" alt="d">'
    paper = cheatsheet.write(guide(section("P", para(html), depth=2), media=(drawn,)))
    text = PdfDocument(paper.data)[0].get_textpage().get_text_range()
    assert "bold and it" in " ".join(text.split())


def test_marks_become_drawings_with_words() -> None:
    """✅ and its kin are pictures with alternative text; control characters are gone."""
    html = Inline(media={})("<p>✅ ⚠️ now\u2029 \x07 &lt;b&gt;</p>", id="sp:1")
    assert html == (
        '<p id="sp:1"><img class="icon" src="icon:yes" alt="yes"> <img class="icon" src="icon:warning" alt="warning"> '
        "now   &lt;b&gt;</p>"
    )


def test_every_mark_has_its_drawing() -> None:
    """Each icon that a mark names is in the theme, and no drawing is unused; `wrap` marks code that goes on."""
    from studypack.writers.paper.marks import MARKS, icons

    assert {f"icon:{name}" for name, _ in MARKS.values()} | {"icon:wrap"} == set(icons())


def test_places_hold_one_id_a_thing() -> None:
    """Ids are unique, and none is the author's."""
    blocks = Blocks(inline=Inline(media={}))
    html = blocks.block(para('a <i id="sp:0">b</i> <i id="author">c</i>'))
    assert str(html) == '<p id="sp:0">a <i>b</i> <i id="author">c</i></p>'
    assert blocks.places["sp:0"].span != START or blocks.places["sp:0"].text == "a b c"


def test_a_cell_over_rows_becomes_cells_in_its_columns() -> None:
    """Each cell of a raw table keeps its column, whatever reaches over rows or columns; rows are equally long."""
    source = (
        '<table><thead><tr><th rowspan="2">Bed</th><th colspan="2">Year</th></tr>'
        "<tr><th>one</th><th>two</th></tr></thead>"
        '<tbody><tr><td rowspan="3">A</td><td>b</td><td>c</td></tr>'
        '<tr><td rowspan="9">d</td></tr><tr></tr></tbody></table>'
    )
    html = re.sub(r' (?:style|scope)="[^"]*"', "", Inline(media={})(source))
    rows = [re.findall(r"<t[dh]( colspan=\"2\")?>(\w*)<", row) for row in re.findall(r"<tr>.*?</tr>", html)]
    assert rows == [
        [("", "Bed"), (' colspan="2"', "Year")],
        [("", ""), ("", "one"), ("", "two")],
        [("", "A"), ("", "b"), ("", "c")],
        [("", ""), ("", "d"), ("", "")],
        [("", ""), ("", ""), ("", "")],
    ]


def test_what_stands_in_a_link_is_one_area_with_it() -> None:
    """A picture and bold words in a link make no links of their own, and the link's area covers them."""
    body = '<p>x <a href="https://example.org"><b>words</b> <img src="icon:yes" style="height:90px" alt="yes"></a></p>'
    icons = {"icon:yes": Picture(mime="image/svg+xml", data=(THEME / "icons" / "yes.svg").read_bytes(), own=True)}
    paper = render(Page(html=HTML.format(body), css="@page { size: A4 }", path="g.md", pictures=icons))
    sheet = PdfDocument(paper.data)[0]
    assert pdfium.FPDFPage_GetAnnotCount(sheet) == 1
    area = pdfium.FS_RECTF()
    assert pdfium.FPDFAnnot_GetRect(pdfium.FPDFPage_GetAnnot(sheet, 0), area)
    assert abs(area.top - area.bottom) > 60  # the picture is 67.5 pt high


def test_a_cell_has_its_own_direction() -> None:
    """A cell of the other direction says so, or its bold words and links would be printed from its end."""
    rows = table("t", ["a", "אב", "c"], [["<b>אב</b> x", "12", "d"]])
    html = str(Blocks(inline=Inline(media={}), rtl=True).block(rows))
    cells = re.findall(r'<t[hd]\b(?: (?:scope|class)="[^"]*")*(?: dir="(\w+)")?>(.*?)</t[hd]>', html)
    assert cells == [("ltr", "a"), ("", "אב"), ("ltr", "c"), ("", "<b>אב</b> x"), ("", "12"), ("ltr", "d")]


def test_left_to_right_words_keep_their_order_in_a_right_to_left_table() -> None:
    """Inline markup in an English cell of an Arabic guide is printed in the order in which it is read."""
    rows = table("t", ["الاسم", "المعنى", "مثال"], [["كتاب", "<b>one</b> two <code>three</code>", "ماء"]])
    paper = cheatsheet.write(guide(section("الأول", rows, depth=2), lang="ar"))
    found = PdfDocument(paper.data)[0].get_textpage()
    places = [found.search(word).get_next() for word in ("one", "two", "three")]
    edges = [found.get_charbox(place[0])[0] for place in places if place]
    assert edges == sorted(edges)
    assert len(edges) == 3


def test_what_weasyprint_stumbles_over_is_told() -> None:
    """Its own faults are one error that says whose they are, not a traceback for what an author wrote."""
    with pytest.raises(LayoutError, match=r"WeasyPrint fails to lay it out \(OverflowError\)"):
        render(Page(html=HTML.format("<p>a b</p>"), css="p { letter-spacing: 1e30px }", path="g.md"))
