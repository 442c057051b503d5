"""Scripts beyond Latin on paper: which fonts print them, what is said where none does, and which way text runs."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from studypack import parse, source
from studypack.model import Guide
from studypack.writers import cheatsheet, matrix
from studypack.writers.paper import fonts, measure
from studypack.writers.paper.blocks import Blocks
from studypack.writers.paper.contents import is_rtl
from studypack.writers.paper.inline import Inline
from studypack.writers.paper.page import Missing, Paper
from studypack.writers.paper.style import faces
from tests.pdf.conftest import read
from tests.pdf.guides import guide, line, para, section, table
from tests.unit.reading import guide_of

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "tests" / "guides"
CJK = fonts.EXTRAS[0]

PRINT = """
import hashlib, sys
from pathlib import Path
from studypack import parse, source
from studypack.writers import cheatsheet
from studypack.writers.paper import fonts
guide, _ = parse.guide(source.read(Path("tests/guides/japanese.md"))[0])
print(fonts.EXTRAS[0].folders[0], hashlib.sha256(cheatsheet.write(guide).data).hexdigest(), fonts.config())
"""


def sample(name: str) -> Guide:
    """A guide of tests/guides."""
    text, _ = source.read(GUIDES / f"{name}.md")
    assert text is not None
    found, _ = parse.guide(text)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def scripts() -> Paper:
    """The cheat sheet of a sentence in every script."""
    return cheatsheet.write(sample("scripts"))


@pytest.fixture
def without_cjk(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the extra is not installed: its packages cannot be imported, and fontconfig sees our folder only."""
    for package in CJK.packages:
        monkeypatch.setitem(sys.modules, package, None)
    cheatsheet.write(guide())  # WeasyPrint is imported, which sets the variable
    monkeypatch.setenv("FONTCONFIG_FILE", str(fonts.FOLDER / "fonts.conf"))
    assert CJK.folders == ()


def test_every_script_is_printed_in_two_weights(scripts: Paper) -> None:
    """No sentence has a box; each script comes from a font of its own, regular and bold, embedded."""
    assert (scripts.missing, scripts.diagnostics) == ((), ())
    used = {name.split("+")[-1] for name in read(scripts).fonts}
    assert not [name for name in used if "not embedded" in name]
    noto = {f"Noto-Sans-{name}" for name in fonts._NOTO.values()} | {"Noto-Sans-CJK-JP"}
    ours = {"Studypack-Sans", "Studypack-Sans-Bold", "Studypack-Sans-Italic", "Studypack-Sans-Bold-Italic"}
    assert not {*noto, *(f"{name}-Bold" for name in noto), *ours} - used


def test_sentences_can_be_read_back(scripts: Paper) -> None:
    """What is printed is also there as text, to search and to copy."""
    text = read(scripts).text
    for words in ("это курсивом", "ελληνικά", "հայերեն", "日本語で書いてあります", "한국어", "ተጽፏል", "ประโยคนี้"):
        assert words in text


def test_fonts_cover_what_they_say() -> None:
    """Every family has its two files, and both hold the letters of their script, and a space for between them."""
    letters = dict(zip(sorted(fonts.SCRIPTS - {"Latn"}), "سաআДहአგΩઆਅאខಆລആမଆආஅఆก", strict=True))
    for code, letter in letters.items():
        assert fonts.script(letter) == code
        for bold in (False, True):
            file, *_ = fonts.fallbacks(letter, bold=bold)
            assert {ord(letter), 0x20, 0xA0} <= measure._metrics(file).advances.keys(), file


def test_japanese_is_printed_from_the_extra() -> None:
    """The Japanese guide has no box in either PDF, bold text is bold, and the words can be read back."""
    sheet, grid = cheatsheet.write(sample("japanese")), matrix.write(sample("japanese"))
    assert grid is not None
    assert (sheet.missing, grid.missing, grid.pages) == ((), (), 1)
    for paper in (sheet, grid):
        names = {name.split("+")[-1] for name in read(paper).fonts}
        assert {"Noto-Sans-CJK-JP", "Noto-Sans-CJK-JP-Bold"} <= names
    text = read(sheet).text
    for words in ("五段動詞", "「は」と「が」はどう違いますか？", "你好，世界", "안녕하세요", "私(わたし)は学生です"):
        assert words in text


def test_chinese_gets_its_own_forms_of_characters() -> None:
    """One text in two languages: the same words, but 骨 and 直 are drawn otherwise in Chinese than in Japanese."""
    chinese, japanese = (cheatsheet.write(guide(section("骨直", depth=2), lang=lang)) for lang in ("zh-Hans", "ja"))
    assert read(chinese).text == read(japanese).text
    assert _picture(chinese) != _picture(japanese)


def _picture(paper: Paper) -> bytes:
    return bytes(PdfDocument(paper.data)[0].render(scale=2).buffer)


def test_where_fonts_are_installed_leaves_no_trace(tmp_path: Path) -> None:
    """The extra in another folder gives the same bytes, and the file that tells fontconfig of it is gone afterwards."""
    for folder in CJK.folders:
        shutil.copytree(folder, tmp_path / "elsewhere" / folder.name)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join((str(tmp_path / "elsewhere"), str(ROOT))),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(temporary),
    }
    run = subprocess.run(
        [sys.executable, "-c", PRINT], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120
    )
    assert run.stderr == ""
    place, digest, config = run.stdout.split()
    assert Path(place).is_relative_to(tmp_path)
    assert Path(config).parent == temporary
    assert not list(temporary.iterdir())
    paper = cheatsheet.write(sample("japanese"))
    assert digest == hashlib.sha256(paper.data).hexdigest()
    assert str(tmp_path).encode() not in paper.data


def test_characters_without_a_font_are_told_as_data(without_cjk: None) -> None:
    """A missing character comes once, with the first block that is known to hold it."""
    paper = cheatsheet.write(
        guide(section("Runes", para("fine", 7), para("漢 and 𐀀𐀀", 8), para("𐀀 again", 9), depth=2))
    )
    assert paper.diagnostics == ()
    assert paper.missing == (Missing(character="漢", span=line(8)), Missing(character="𐀀", span=line(8)))


def test_wide_letters_are_measured_as_wide() -> None:
    """Ideographs are one em, Hangul a little less, half-width forms a half; emoji and Cyrillic come from their font."""
    plain = faces(guide())

    def width(text: str) -> float:
        return measure.widest(measure.words(text, plain)) / 1.01

    assert width("漢字") == pytest.approx(2.0, abs=0.06)
    assert width("、。") == pytest.approx(2.0, abs=0.06)
    assert width("한국") == pytest.approx(1.84, abs=0.06)
    assert width("ｶﾅ") == pytest.approx(1.0, abs=0.06)
    assert width("слово") < 2.7  # in the condensed face, not in DejaVu's wide one


@pytest.mark.parametrize("file", ["NotoSansCJKjp-Regular.otf", "NotoSansCJKjp-Bold.otf"])
def test_the_measures_of_wide_letters_are_the_fonts_own(file: str) -> None:
    """What measuring takes for granted of the large fonts is so in the files."""
    (folder,) = (folder for folder in CJK.folders if (folder / file).is_file())
    widths = measure._metrics(str(folder / file)).advances
    assert {widths[ord(letter)] for letter in "漢字かなカナ、。「Ａ"} == {1.0}
    assert {widths[ord(letter)] for letter in "가한힣"} == {0.92}
    assert {widths[ord(letter)] for letter in "ｱｶﾅ"} == {0.5}


# --- directions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "around", "rtl"),
    [
        ("TCP מאשר כל חבילה", True, True),
        ("TCP מאשר כל חבילה", False, True),
        ("שלום — hello", False, False),
        ("An English sentence with שלום in it", True, False),
        ("12.5 %", True, True),
        ("12.5 %", False, False),
        ("", True, True),
    ],
)
def test_a_text_turns_round_only_when_it_is_clear(text: str, around: bool, rtl: bool) -> None:
    """Two letters in three decide; a word of the other script at the start does not."""
    assert is_rtl(text, around) is rtl


def test_a_list_has_all_its_markers_on_one_side() -> None:
    """A Hebrew list in an English guide turns as a whole; an English item in it only reads the other way."""
    blocks = Blocks(inline=Inline(media={}))
    html = str(
        blocks.block(guide_of("## A\n\n- פריט ראשון\n- English\n- פריט שלישי ארוך\n\n## B\n\nx").topics[0].blocks[0])
    )
    assert html.startswith('<ul class=" " dir="rtl">')
    assert '<p dir="ltr">English</p>' in html
    assert html.count("dir=") == 2


def test_boxes_and_cells_turn_with_their_text() -> None:
    """A quotation turns with its text; a cell of the other direction keeps its table's."""
    text = "## A\n\n> ציטוט בעברית\n\n| a | b |\n| --- | --- |\n| one thing | 12 בתים. |\n\n## B\n\nx"
    quote, rows = guide_of(text).topics[0].blocks
    blocks = Blocks(inline=Inline(media={}))
    assert 'dir="rtl"' in str(blocks.block(quote)).partition(">")[0]
    html = str(blocks.block(rows))
    assert 'dir="rtl">12 בתים.</td>' in html
    assert html.count("dir=") == 1


def test_hebrew_and_english_stand_on_their_sides() -> None:
    """In a Hebrew guide Hebrew ends at the right edge of its column; an English quotation starts at the left edge."""
    sheet = PdfDocument(cheatsheet.write(sample("hebrew")).data)[0]
    found, width = sheet.get_textpage(), sheet.get_width()
    text = found.get_text_range()
    english = found.get_charbox(text.index("An English quotation"))
    hebrew = [found.get_charbox(n) for n in range(found.count_chars()) if "א" <= text[n : n + 1] <= "ת"]
    assert english[0] < 45
    assert max(box[2] for box in hebrew) > width - 40


def test_inline_code_runs_from_left_to_right() -> None:
    """A command in a Hebrew paragraph keeps its order: the option's hyphen stays before it."""
    paper = cheatsheet.write(guide(section("קוד", para("הריצו <code>-c 3</code> עכשיו"), depth=2), lang="he"))
    found = PdfDocument(paper.data)[0].get_textpage()
    text = found.get_text_range()
    hyphen, letter, digit = (found.get_charbox(text.index(sign))[0] for sign in "-c3")
    assert hyphen < letter < digit


def test_the_matrix_tells_what_it_lacks() -> None:
    """A cell that no font can draw is told with its row."""
    grid = matrix.write(guide(section("T", table("t", ["", "a", "b"], [["r", "𐀀", "x"]], at=4), depth=2)))
    assert grid is not None
    assert grid.missing == (Missing(character="𐀀", span=line(6)),)
