"""What the extras bring, from a guide's file to the outputs: diagrams on cards and paper, fonts, formulas."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from pypdfium2 import PdfDocument

from studypack.pack import USUAL, Output
from studypack.pipeline import Config, build
from studypack.report import Report
from tests.pdf.conftest import unpacked

GUIDES = Path(__file__).parents[1] / "guides"


def built(text: str, folder: Path, name: str = "guide") -> Report:
    """All outputs of a guide, in a folder of its own."""
    path = folder / f"{name}.md"
    path.write_text(text, encoding="utf-8")
    (report,) = build(Config(guides=(path,), out=folder / "out"))
    return report


def sample(name: str, folder: Path) -> Report:
    """All outputs of a sample guide."""
    return built((GUIDES / f"{name}.md").read_text("utf-8"), folder, name)


def told(report: Report) -> list[str]:
    """What the author is told, from the line number on."""
    return [f"{each.span.line}:{each.span.column} {each.code}" for each in report.diagnostics]


@pytest.mark.parametrize("name", ["hebrew", "japanese", "networks", "scripts"])
def test_guides_beyond_latin_and_with_diagrams_print_in_silence(name: str, tmp_path: Path) -> None:
    """Deck, sheet and matrix are made, and nothing is to be said of them."""
    report = sample(name, tmp_path)
    assert [each.text() for each in report.diagnostics] == []
    assert [made.output for made in report.made] == [output for output in Output if output in USUAL]


def test_anki_has_the_drawings(tmp_path: Path) -> None:
    """The real Anki imports each diagram as an SVG file, and each card shows one of them and never its code."""
    report = sample("networks", tmp_path)
    anki = Collection(str(tmp_path / "collection.anki2"))
    try:
        request = ImportAnkiPackageRequest(
            package_path=str(report.made[0].path), options=ImportAnkiPackageOptions(with_scheduling=False)
        )
        anki.import_anki_package(request)
        cards = [anki.get_card(card).render_output().answer_text for card in anki.find_cards("")]
        shown = set(re.findall(r'<img class="diagram" src="([^"]+)"', "\n".join(cards)))
        folder = Path(anki.media.dir())
        assert len(shown) == 5
        assert shown == {file.name for file in folder.iterdir()}
        assert all(b"<svg" in (folder / name).read_bytes() for name in shown)
        assert "sequenceDiagram" not in re.sub(r'alt="[^"]*"', "", "\n".join(cards))
        assert not anki.media.check().missing
    finally:
        anki.close()


def test_diagrams_on_paper_can_be_searched(tmp_path: Path) -> None:
    """Their words are text in our fonts, and each has its source for who cannot see it."""
    report = sample("networks", tmp_path)
    with PdfDocument(report.made[1].path) as document:
        text = " ".join("".join(page.get_textpage().get_text_range() for page in document).split())
    for words in ("Checksum right?", "SYN, ACK", "Zürich", "10 ms", "graph { this -- stays -- code }"):
        assert words in text
    assert unpacked(report.made[1].path.read_bytes()).count(b"/Alt") >= 5


def test_a_picture_stays_as_long_as_its_text(tmp_path: Path) -> None:
    """Built again, a guide with diagrams changes no note; with another diagram, only the note that shows it."""
    text = (GUIDES / "networks.md").read_text("utf-8")
    built(text, tmp_path)
    again = built(text, tmp_path)
    assert {change.__class__.__name__ for change in again.plan if "unchanged" not in repr(change).lower()} == set()
    changed = built(text.replace("a -- b -- c", "a -- b -- e -- c"), tmp_path)
    assert len([change for change in changed.plan if "unchanged" not in repr(change).lower()]) == 1


def test_what_both_pdfs_lack_is_said_once_with_line_and_column(tmp_path: Path) -> None:
    """A character in a table, which sheet and matrix print, and a formula there: one warning each."""
    text = (
        "# G\n\n## A\n\nFirst 𐀀 here.\n\n| | a | b |\n| --- | --- | --- |\n"
        "| r | 𐀁𐀀 | $\\ce{H}$ |\n| s | 🜚 | &#x1f71b; |\n\n## B\n\ntext\n"
    )
    report = built(text, tmp_path)
    assert told(report) == ["5:7 SP501", "9:13 SP508", "10:1 SP501", "10:7 SP501"]
    messages = [each.message for each in report.diagnostics]
    assert messages[0].startswith("no font of ours can draw 2 characters of the Linear B script, such as 𐀀𐀁;")
    assert messages[2].startswith("no font of ours can draw 🜛 (U+1F71B);")
