"""The sample guides of `tests/guides/`: what their authors are told, and what of them reaches the cards."""

from __future__ import annotations

import atexit
import html
import re
import shutil
import struct
import tempfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from pypdfium2 import PdfDocument

from studypack.diagnostics import RULES, Severity
from studypack.pack import Output, Wishes
from studypack.pipeline import Config, build
from studypack.report import Report

_PLACE = tempfile.TemporaryDirectory()
atexit.register(_PLACE.cleanup)
GUIDES = Path(shutil.copytree(Path(__file__).parents[1] / "guides", Path(_PLACE.name) / "guides"))
"""A copy of the sample guides, for a build writes a lock beside its guide."""
BROKEN = GUIDES / "broken"
DECK_ONLY = Wishes(only=frozenset({Output.DECK}))

Told = tuple[str, int | None, bool]
"""A finding expected: its code, its line if that matters, and whether it must come."""


def deck_of(path: Path, out: Path) -> Report:
    """The report on a guide of which only the deck was built."""
    (report,) = build(Config(guides=(path,), out=out, wishes=DECK_ONLY))
    return report


def expectations() -> Iterator[tuple[str, tuple[Told, ...]]]:
    """The lines of `broken/expected.txt`: a guide and what its author is told."""
    for line in (BROKEN / "expected.txt").read_text("utf-8").splitlines():
        if found := re.fullmatch(r"([\w-]+\.md):((?: SP\d{3}(?:@\d+)?\??)*)", line):
            yield found[1], tuple(map(_told, found[2].split()))


def _told(word: str) -> Told:
    code, _, line = word.rstrip("?").partition("@")
    return code, int(line) if line else None, not word.endswith("?")


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of broken guides; with the two pictures too large to be kept, one in pixels and one in bytes."""
    folder = tmp_path_factory.mktemp("guides") / "broken"
    folder.mkdir()
    for path in (*GUIDES.glob("*.png"), *BROKEN.rglob("*.*")):
        copy = folder.parent / path.relative_to(GUIDES)
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    (folder / "huge.png").write_bytes(png_that_claims(20_000, 20_000))
    with (folder / "huge.bmp").open("wb") as file:
        file.truncate(30 * 2**20)
    return folder


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG whose head names a size in pixels, with next to no data behind it (PNG specification, chapter 11)."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(width + 1))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def test_every_broken_guide_has_its_expectation() -> None:
    """No broken guide is forgotten, and no expectation is left behind."""
    assert sorted(name for name, _ in expectations()) == sorted(path.name for path in BROKEN.glob("*.md"))


@pytest.mark.parametrize(("name", "told"), list(expectations()))
def test_author_is_told(name: str, told: tuple[Told, ...], broken: Path, tmp_path: Path) -> None:
    """Each broken guide gets the diagnostics expected, at their lines, and no others; an error leaves no output."""
    report = deck_of(broken / name, tmp_path)
    found = Counter((diagnostic.code, diagnostic.span.line) for diagnostic in report.diagnostics)
    lacking = [f"{code}@{line}" for code, line, needed in told if needed and not _take(found, code, line)]
    for code, line, _ in told:  # more of what is expected is no surprise, at the same place
        while _take(found, code, line):
            pass
    text = "\n".join(diagnostic.text() for diagnostic in report.diagnostics)
    assert (lacking, list(found.elements())) == ([], []), text
    errors = any(diagnostic.severity is Severity.ERROR for diagnostic in report.diagnostics)
    assert report.ok is not errors
    assert not errors or not list(tmp_path.iterdir())


def _take(found: Counter[tuple[str, int]], code: str, line: int | None) -> bool:
    """Take one finding of that code, at that line if one is named, out of those found."""
    for key in list(+found):
        if key[0] == code and line in (None, key[1]):
            found[key] -= 1
            return True
    return False


def test_every_error_has_a_hint(broken: Path, tmp_path: Path) -> None:
    """Whoever is stopped is told what to do about it."""
    reports = build(Config(guides=tuple(broken / name for name, _ in expectations()), out=tmp_path, wishes=DECK_ONLY))
    errors = [each for report in reports for each in report.diagnostics if each.severity is Severity.ERROR]
    assert len({error.code for error in errors}) >= 10
    assert [error.text() for error in errors if not error.hint] == []


def test_half_a_picture_is_found_after_paper_was_made(broken: Path, tmp_path: Path) -> None:
    """WeasyPrint tells Pillow to take truncated pictures, for the whole process; they are found all the same."""
    guides = (GUIDES / "japanese.md", broken / "image-corrupt.md")
    only = Wishes(only=frozenset({Output.CHEATSHEET}))
    first, second = build(Config(guides=guides, out=tmp_path, wishes=only))
    assert first.ok
    assert 5 in {diagnostic.span.line for diagnostic in second.diagnostics if diagnostic.code == "SP303"}


@pytest.mark.parametrize(
    "name",
    [
        "chemistry",
        "arabic-course",
        "hebrew",
        "japanese",
        "networks",
        "python-interview",
        "faq-list",
        "scripts",
        "every-construct",
    ],
)
def test_good_guides_build_in_silence(name: str, tmp_path: Path) -> None:
    """Ordinary guides on other subjects build without a word."""
    report = deck_of(GUIDES / f"{name}.md", tmp_path)
    assert [diagnostic.text() for diagnostic in report.diagnostics] == []
    assert report.ok


def test_a_stranger_s_readme_builds(tmp_path: Path) -> None:
    """A README with byte order mark, CRLF and badges builds; its pictures from the web and a short row are named."""
    data = (GUIDES / "readme-style.md").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n") > 150
    report = deck_of(GUIDES / "readme-style.md", tmp_path)
    assert {diagnostic.code for diagnostic in report.diagnostics} == {"SP204", "SP305"}
    assert report.ok


def test_an_empty_file_is_an_error(tmp_path: Path) -> None:
    """A file of no bytes gives an error, and no output."""
    report = deck_of(GUIDES / "empty.md", tmp_path)
    assert [diagnostic.code for diagnostic in report.diagnostics] == ["SP106"]
    assert not report.ok
    assert not list(tmp_path.iterdir())


def words(text: str) -> Counter[str]:
    """The words of a text, digits included, and how often each comes."""
    return Counter(re.findall(r"\w+", text))


def shown(side: str) -> str:
    """The text of HTML, each tag a blank; but within code a colour may change in the middle of a word."""
    coloured = re.sub(r"<pre>.*?</pre>", lambda code: re.sub(r"</?span[^>]*>", "", code[0]), side, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", " ", coloured))


def written(name: str) -> Counter[str]:
    """The words of a guide that belong on cards.

    Not front matter, comments, attributes, addresses, tags, formulas, numbers of items, links into the guide, and the
    corners of tables (the head of the aspects' column).
    """
    text = re.sub(r"\A---\n.*?\n---\n", "", (GUIDES / f"{name}.md").read_text("utf-8-sig"), flags=re.DOTALL)
    hidden = (
        r"(?s:<!--.*?-->)",
        r"(?m)^\[[^\]^]+\]: .*$",
        r"(?m)^#.*\.no-print \}(?s:.*?)(?=^## |\Z)",
        r"\{: .*?\}",
        r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])",
        r"(?<=\])(?:\([^)\n]*\)|\[[^\]\n]*\])",
        r"(?m)^ *[*-] \[[^\]]*\]$|\[Install\].*|## Table of Contents|<p[^>]*>\(<a href=\"#.*",
        r"(?m)^[> ]*(?:```|~~~).*$",
        r"(?m)^\|?[^|\n]*(?=\|.*\n\|?[ :-]+\|[ :|-]*$)",
        r"\[!\w+\]|(?m:^!!! \w+)|\[TOC\]|\[[ xX]\] |\[\^\w+\]",
        r"</?[a-zA-Z][^>\n]*>|&\w+;",
        r"(?s:\$\$.*?\$\$)|\$[^$\s][^$\n]*?\$(?!\d)",
        r"(?m)^(?:#+ )?(?:\d+[.)]|(?:\*\*)?[QA]\d?[.:]) ?",
        r"(?m)^ *(?:\d+[.)]|[-*]) ",
    )
    for pattern in hidden:
        text = re.sub(pattern, " ", text)
    return words(html.unescape(text))


GOOD = ["chemistry", "arabic-course", "hebrew", "japanese", "python-interview", "readme-style", "faq-list", "scripts"]


@pytest.mark.parametrize("name", GOOD)
def test_no_word_is_lost_on_the_way_to_the_cards(name: str, tmp_path: Path) -> None:
    """Every word of a guide, code included, is on a card that Anki renders, as often as the guide has it."""
    report = deck_of(GUIDES / f"{name}.md", tmp_path / "out")
    sides = cards_of(report.made[0].path, tmp_path / "collection.anki2")
    found = words(shown("\n".join(sides)))
    assert written(name) - found == Counter()


HARMFUL = re.compile(
    r"<\s*/?\s*(script|style|iframe|frame|object|embed|form|input|button|base|meta|link|svg|math|template|marquee)\b"
    r"|<[^>]*\son\w+\s*="
    r"|<[^>]*\b(href|src|srcset|action|formaction|ping)\s*=\s*[\"']?\s*(javascript|vbscript|data|file|//)"
    r"|<(img|audio|video|source)[^>]*(https?:)?//"
    r"|<[^>]*(position|background)\s*:",
    re.IGNORECASE,
)
"""What may not be on a card of the hostile guide. Text that only looks so is escaped, and has no `<`."""


def test_the_hostile_guide_is_made_harmless(tmp_path: Path) -> None:
    """Nothing of the hostile guide runs or calls out on a card that Anki renders; its harmless texts are all there."""
    report = deck_of(GUIDES / "hostile.md", tmp_path / "out")
    assert report.ok
    assert {RULES[diagnostic.code].severity for diagnostic in report.diagnostics} == {Severity.WARNING}
    rendered = "\n".join(cards_of(report.made[0].path, tmp_path / "collection.anki2"))
    assert [found[0] for found in HARMFUL.finditer(rendered)] == []
    text = html.unescape(re.sub(r"<[^>]*>", "", rendered))
    assert [n for n in range(1, 16) if not re.search(rf"KEPT-{n}\b", text)] == []
    assert "open for ever" not in text
    assert "{{c1::not a cloze}}" in text


def test_the_hostile_guide_prints(tmp_path: Path) -> None:
    """The hostile guide is printed too, with its harmless texts, and nothing in the PDFs runs or opens a file."""
    only = Wishes(only=frozenset({Output.CHEATSHEET, Output.MATRIX}))
    (report,) = build(Config(guides=(GUIDES / "hostile.md",), out=tmp_path, wishes=only))
    assert report.ok, "\n".join(diagnostic.text() for diagnostic in report.diagnostics)
    sheet = tmp_path / "hostile-cheatsheet.pdf"
    with PdfDocument(sheet) as document:
        text = "".join(page.get_textpage().get_text_range() for page in document)
    assert [n for n in range(1, 16) if not re.search(rf"KEPT-\ufffe?{n}(?!\d)", text)] == []
    for output in report.made:
        assert not re.search(rb"/S */(JavaScript|Launch)|/JS\b|file:///|javascript:", output.path.read_bytes())


def cards_of(package: Path, collection: Path) -> list[str]:
    """Both sides of every card of a package, as Anki itself renders them, without the note types' own style."""
    anki = Collection(str(collection))
    try:
        options = ImportAnkiPackageOptions()
        anki.import_anki_package(ImportAnkiPackageRequest(package_path=str(package), options=options))
        outputs = [anki.get_card(cid).render_output() for cid in anki.find_cards("")]
        return [side for output in outputs for side in (output.question_text, output.answer_text)]
    finally:
        anki.close()
