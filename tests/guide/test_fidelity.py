"""The example guide says what its source said: no more, no less, in the same order, on cards and on paper too.

The source is a text export of the published page (`tests/data/`). It lost its markup and the eight question prompts,
and its dashes and check marks were read as windows-1253. Markup and prompts are therefore not compared; every word,
every table cell, every difficulty and the order are.
"""

from __future__ import annotations

import html
import re
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
import yaml
from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest
from pypdfium2 import PdfDocument

from studypack.model import Kind
from studypack.pack import USUAL, Output
from studypack.pipeline import Config, build
from studypack.report import Report

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "source" / "reinvent-2024.md").read_text("utf-8")
EXPORT = (ROOT / "tests" / "data" / "reinvent-2024-export.txt").read_text("utf-8")

FURNITURE = {
    "3Topics": "a counter of the web page, and its topics are counted by whoever shows them",
    "Answer Guide": "the label of the button that opened an answer",
}
"""What of the export is no content, and why."""

ICONS = dict.fromkeys(map(ord, "✅❌🎯\ufe0f"))
"""Marks that paper draws as pictures: their words are checked, their look is the paper tests' business."""


# --- reading the export ------------------------------------------------------------------------------------------


def repaired(text: str) -> str:
    """The text before its UTF-8 was read as windows-1253; characters that were spared stay."""
    return re.sub(r"[^\x00-\x7f]+", lambda found: _reread(found[0]), text)


def _reread(run: str) -> str:
    try:
        return b"".join(map(_byte, run)).decode("utf-8")
    except UnicodeError:
        return run


def _byte(character: str) -> bytes:
    """The byte that was shown as `character`: windows-1253 leaves some undefined, shown as in 1252, or as they are."""
    for codec in ("cp1253", "cp1252"):
        try:
            return character.encode(codec)
        except UnicodeEncodeError:
            continue
    return character.encode("latin-1")


def export_lines() -> Iterator[str]:
    """The export's content line by line: without bullets, numbers and furniture, difficulties in lower case."""
    for raw in repaired(EXPORT).splitlines():
        line = re.sub(r"^(\d+\.|•) ", "", raw.strip())
        if line and line not in FURNITURE:
            yield line.lower() if line in ("Intermediate", "Advanced") else line


# --- reading the guide -------------------------------------------------------------------------------------------


def guide_lines(prompts: bool = False) -> Iterator[str]:
    """The guide's content line by line, without its Markdown, in the form of `export_lines`."""
    _, front, body = GUIDE.split("---\n", 2)
    settings = yaml.safe_load(front)
    yield from (settings["deck"], settings["title"], settings["description"])
    for raw in body.splitlines():
        if level := re.search(r"level=(\w+)", raw):
            yield level[1]
        if (line := plain(raw)) and (prompts or not is_prompt(raw)):
            yield line


def is_prompt(raw: str) -> bool:
    """Whether a line of the guide is the heading of a question, which the export has lost."""
    return re.match(r"### \d+\. ", raw) is not None


def plain(raw: str) -> str:
    """A line of the guide without Markdown; a table row as its cells with a blank between."""
    if re.fullmatch(r"[| -]+", raw):
        return ""
    line = re.sub(r"^(?:#+ (?:\d+\. )?|- |> \[!\w+\] |> )", "", raw)
    line = re.sub(r" *\{:.*\}$", "", line)
    line = re.sub(r"\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`", lambda found: found[1] or found[2] or found[3], line)
    return " ".join(cells(line)) if line.startswith("|") else line


def cells(row: str) -> list[str]:
    """The cells of a table row."""
    return [cell.strip() for cell in row.strip().strip("|").split("|")]


def sentences(lines: Iterable[str]) -> list[str]:
    """Lines cut into the smallest things said: a term, a sentence, a heading."""
    return [part for line in lines for part in re.split(r"(?<=[.?:!])\s+|\s+—\s+", line) if part]


def prompts() -> list[str]:
    """The question headings of the guide."""
    return [plain(raw) for raw in GUIDE.splitlines() if is_prompt(raw)]


def tables() -> list[list[list[str]]]:
    """The tables of the guide: header and rows, each a list of cells."""
    found: list[list[list[str]]] = []
    previous = ""
    for raw in GUIDE.splitlines():
        if raw.startswith("|") and not re.fullmatch(r"[| -]+", raw):
            if not previous.startswith("|"):
                found.append([])
            found[-1].append(cells(raw.replace("`", "")))
        previous = raw
    return found


def said(content: Iterable[str]) -> list[str]:
    """Everything that must be found again: sentences of running text, and each table cell."""
    rows = {" ".join(row) for table in tables() for row in table}
    running = [line for line in content if line not in rows]
    return sentences(running) + [cell for table in tables() for row in table for cell in row]


# --- guide and export --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("β€”", "—"),
        ("βœ…", "✅"),
        ("β\x9c…", "✅"),
        ("❌ • 🎯", "❌ • 🎯"),
        ("β", "β"),
        ("a β€” b βœ… c", "a — b ✅ c"),
    ],
)
def test_the_export_is_repaired(broken: str, whole: str) -> None:
    """Misread characters come back, also those whose byte windows-1253 does not define; sound ones are left alone."""
    assert repaired(broken) == whole


def test_nothing_misread_is_left() -> None:
    """Neither the repaired export nor the guide holds a Greek letter or a euro sign, the traces of the misreading."""
    assert not re.search("[β€œ]", repaired(EXPORT) + GUIDE)


def test_every_sentence_of_the_export_is_in_the_guide() -> None:
    """Nothing was dropped or reworded: each sentence and each table row of the export stands in the guide."""
    guide = set(sentences(guide_lines()))
    assert [sentence for sentence in sentences(export_lines()) if sentence not in guide] == []


def test_every_sentence_of_the_guide_is_in_the_export() -> None:
    """Nothing was added: each sentence and each cell of the guide, but for the prompts, stands in the export."""
    export = "\n".join(export_lines())
    known = set(sentences(export_lines()))
    assert [sentence for sentence in sentences(guide_lines()) if sentence not in known] == []
    assert [cell for table in tables() for row in table for cell in row if cell not in export] == []


def test_order_is_kept() -> None:
    """Line for line, guide and export run alike: each difficulty stands by its topic, each cell in its row."""
    assert list(guide_lines()) == list(export_lines())


def test_prompts_are_the_only_addition() -> None:
    """Eight prompts, one an answer, were written anew; each asks a question and stands alone on a card."""
    assert len(prompts()) == EXPORT.count("Answer Guide") == 8
    assert len(list(guide_lines(prompts=True))) - len(list(guide_lines())) == 8
    assert all(prompt.endswith("?") and 30 < len(prompt) < 160 for prompt in prompts())


def test_the_markup_is_restored() -> None:
    """Topics, sections, terms, tables, callouts and their difficulties are all marked up again."""
    topics = re.findall(r"(?m)^## .*\{: #[\w-]+ level=(\w+) \}$", GUIDE)
    assert topics == ["intermediate", "advanced", "intermediate", "advanced"]
    assert len(re.findall(r"(?m)^- \*\*[^*]+\*\* — ", GUIDE)) == repaired(EXPORT).count("•") == 12
    assert [(len(table) - 1, len(table[0])) for table in tables()] == [(6, 3), (6, 4), (5, 3)]
    assert len(re.findall(r"(?m)^> \[!IMPORTANT\] 🎯 Key Takeaway\n> \*\*Interview tip:\*\* Say: \"", GUIDE)) == 3
    assert "### Preparation Strategy {: .concept }" in GUIDE


# --- the outputs -------------------------------------------------------------------------------------------------


def missing(wanted: Iterable[str], texts: Iterable[str]) -> list[str]:
    """The sentences that no text holds; only what `squeezed` ignores may differ."""
    pool = [squeezed(text) for text in texts]
    return [sentence for sentence in wanted if not any(squeezed(sentence) in text for text in pool)]


def squeezed(text: str) -> str:
    """A text without what a page may add or change: blanks, hyphens, bullets, capitals, marks drawn as pictures."""
    return re.sub(r"[\s\u00ad\u2010\ufffe•◦▪-]+", "", unicodedata.normalize("NFKC", text).casefold().translate(ICONS))


def without_tags(side: str) -> str:
    """The text of a card's side."""
    return html.unescape(re.sub(r"<[^>]+>", "", side))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The example guide, built."""
    out = tmp_path_factory.mktemp("build")
    guide = Path(shutil.copy(ROOT / "source" / "reinvent-2024.md", out))
    (built,) = build(Config(guides=(guide,), out=out))
    return built


@pytest.fixture(scope="module")
def collection(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """An Anki collection into which the deck was imported, by Anki itself."""
    anki = Collection(str(tmp_path_factory.mktemp("anki") / "collection.anki2"))
    options = ImportAnkiPackageOptions(with_scheduling=True)
    anki.import_anki_package(ImportAnkiPackageRequest(package_path=str(path_of(report, Output.DECK)), options=options))
    yield anki
    anki.close()


def path_of(report: Report, output: Output) -> Path:
    """Where an output was written."""
    return next(made.path for made in report.made if made.output is output)


def pages_of(report: Report, output: Output) -> str:
    """The text of a PDF, page after page, without page numbers and what runs on at the head of later pages."""
    with PdfDocument(path_of(report, output)) as document:
        first, *others = (page.get_textpage().get_text_range().splitlines() for page in document)
    running = {plain(raw) for raw in GUIDE.splitlines() if raw.startswith("## ")} | set(list(guide_lines())[:2])
    later = [line for page in others for line in page if line.strip() not in running]
    return "\n".join(line for line in first + later if not re.fullmatch(r"\d+ / \d+", line.strip()))


def test_the_guide_builds_without_a_word(report: Report) -> None:
    """The example is a model to authors: no error, no warning, three outputs."""
    assert (report.ok, report.diagnostics, report.troubles) == (True, (), ())
    assert {made.output for made in report.made} == USUAL


def test_notes_and_cards_are_counted(report: Report, collection: Collection) -> None:
    """The rules of the format give this guide these notes and cards, and Anki imports as many."""
    notes = {Kind.QUESTION: 8, Kind.COMPARISON: 17, Kind.TERM: 12, Kind.TAKEAWAY: 3, Kind.CONCEPT: 5}
    assert report.notes == notes
    assert report.cards == {**notes, Kind.COMPARISON: 40}
    imported = {kind: len(collection.find_notes(f"tag:kind::{kind}")) for kind in notes}
    assert imported == notes
    assert collection.note_count() == 45
    assert collection.card_count() == 68


def test_every_sentence_is_on_a_card(collection: Collection) -> None:
    """Each sentence, cell and prompt of the guide is on at least one card, as Anki renders it, or names its deck."""
    sides = [card.render_output() for card in map(collection.get_card, collection.find_cards(""))]
    texts = [without_tags(side) for output in sides for side in (output.question_text, output.answer_text)]
    decks = [str(deck[key]) for deck in collection.decks.all() for key in ("name", "desc")]
    assert missing(said(guide_lines(prompts=True)), [*texts, *decks]) == []


def test_every_sentence_is_on_paper(report: Report) -> None:
    """Each sentence, cell and prompt of the guide is on the cheat sheet."""
    wanted = [sentence for sentence in said(guide_lines(prompts=True)) if sentence not in ("intermediate", "advanced")]
    assert missing(wanted, [pages_of(report, Output.CHEATSHEET)]) == []


def test_difficulties_are_on_paper(report: Report) -> None:
    """The cheat sheet names the difficulty of each of the four topics."""
    text = pages_of(report, Output.CHEATSHEET).lower()
    assert min(text.count("intermediate"), text.count("advanced")) >= 2


def test_every_cell_is_in_the_matrix(report: Report) -> None:
    """Each cell of the three tables is on the matrix, which is a single page."""
    with PdfDocument(path_of(report, Output.MATRIX)) as document:
        assert len(document) == 1
    wanted = [cell for table in tables() for row in table for cell in row]
    assert missing(wanted, [pages_of(report, Output.MATRIX)]) == []
