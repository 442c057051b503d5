"""`studypack new`: a guide to start from that builds as it is, and nothing of anybody's overwritten."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument

from studypack import __version__
from studypack.desk import new
from studypack.diagnostics import StudypackError
from studypack.frontmatter import _READERS as KEYS
from studypack.frontmatter import CARD_KINDS
from studypack.parse.blocks import CLASSES
from tests.anki.collection import collection, import_package
from tests.cli.project import GUIDE, Project


@pytest.fixture
def empty(tmp_path: Path) -> Project:
    """A folder with nothing in it."""
    return Project(folder=tmp_path)


def written(project: Project) -> set[str]:
    """All files below the project's folder."""
    return {path.relative_to(project.folder).as_posix() for path in project.folder.rglob("*") if path.is_file()}


# --- the guide ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_guide_builds_without_a_word_of_blame_and_anki_takes_it(empty: Project) -> None:
    """Every kind of card, both PDFs, no finding; the real Anki imports each note and misses no picture."""
    (empty.folder / "source").mkdir()
    made = empty.run("new", "Organic chemistry")
    assert (made.returncode, made.stderr) == (0, "")
    done = empty.run("build")
    assert (done.returncode, done.stderr) == (0, "")
    for kind in CARD_KINDS:
        assert re.search(rf"\d {kind}\b", done.stdout), kind
    outputs = empty.outputs()
    assert set(outputs) == {f"organic-chemistry{end}" for end in (".apkg", "-cheatsheet.pdf", "-matrix.pdf")}
    notes = int(re.findall(r"(\d+) new", done.stdout)[0])
    cards = int(re.findall(r"(\d+) cards:", done.stdout)[0])
    with collection(empty.folder) as anki:
        log = import_package(anki, outputs["organic-chemistry.apkg"], empty.folder)
        assert (len(log.new), len(log.conflicting)) == (notes, 0)
        assert anki.card_count() == cards
        assert not anki.media.check().missing
        decks = {deck.name for deck in anki.decks.all_names_and_ids()}
    assert {"Organic chemistry::Questions", "Organic chemistry::Comparisons"} <= decks
    with PdfDocument(outputs["organic-chemistry-cheatsheet.pdf"]) as sheet:
        assert len(sheet) == 1
        text = sheet[0].get_textpage().get_text_range()
    assert "Only on paper" in text
    assert "Only on cards" not in text


def test_without_the_extra_for_formulas_the_guide_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no formula can be drawn, the guide tells how to have them instead of being warned of."""
    with_formula = _text(new.start("Tea"))
    assert "\n$$\n" in with_formula
    monkeypatch.setattr(new, "find_spec", lambda _name: None)
    without = _text(new.start("Tea"))
    assert "$$" not in without
    assert "studypack[math]" in without


def test_the_guide_shows_every_construct() -> None:
    """Each key of the front matter, each class, each way to write a card and what a card may hold; and it is short."""
    text = _text(new.start("Tea"))
    assert [key for key in KEYS if not re.search(rf"^(# )?{key}:", text, re.MULTILINE)] == []
    assert [name for name in CLASSES if f".{name}" not in text] == []
    for construct in (
        *(
            "\n### What",
            "\n1. ### ",
            "<summary>",
            "\n- **",
            "\n:   ",
            "\n> [!TIP] ",
            "\n> [!IMPORTANT] ",
            '\n!!! tip "',
        ),
        *("==", "level=", "{: #", "```python", "![", "[^note]: ", "<kbd>", "- [x] ", "~~", "](#terms)", "<!-- "),
    ):
        assert construct in text, construct
    assert len(text.splitlines()) < 140


def _text(start: new.Start) -> str:
    return start.files[start.guide].decode()


# --- names -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "path", "title"),
    [
        ("Organic chemistry", "source/organic-chemistry.md", "Organic chemistry"),
        ("tea", "source/tea.md", "tea"),
        ("  C++: what's   new?  ", "source/c-whats-new.md", '"C++: what\'s new?"'),
        ("Chimie générale", "source/chimie-générale.md", "Chimie générale"),
        ("有機化学", "source/有機化学.md", "有機化学"),
        ("TCP/IP", "source/tcp-ip.md", '"TCP/IP"'),
        ('Say "{title}"', "source/say-title.md", '"Say \\"{title}\\""'),
        ("null", "source/null.md", '"null"'),
        ("2024", "source/2024.md", '"2024"'),
        ("notes/organic_chemistry.md", "notes/organic_chemistry.md", "Organic chemistry"),
        ("kept/organic-chemistry", "kept/organic-chemistry.md", "Organic chemistry"),
        ("./tea", "tea.md", "Tea"),
        ("My Tea.md", "My Tea.md", "My Tea"),
    ],
)
def test_a_name_is_a_path_or_a_title(empty: Project, name: str, path: str, title: str) -> None:
    """A title's guide goes into source/; a path is taken as it is; the front matter says the title."""
    for folder in ("source", "kept"):
        (empty.folder / folder).mkdir()
    done = empty.run("new", name)
    assert (done.returncode, done.stderr) == (0, "")
    guide = Path(path)
    assert written(empty) == {path, guide.with_name(new.PICTURE).as_posix()}
    assert f"\ntitle: {title}\n" in (empty.folder / path).read_text("utf-8")
    told = empty.run("diff", path, "--json")
    assert told.stderr == ""
    assert len(json.loads(told.stdout)[str(guide)]) > 20


def test_without_a_folder_source_the_guide_goes_here(empty: Project) -> None:
    """And --title names what a file's name cannot."""
    assert empty.run("new", "tcp.md", "--title", "TCP/IP: the rest").returncode == 0
    assert '\ntitle: "TCP/IP: the rest"\n' in (empty.folder / "tcp.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("collection", "Anki takes collection.apkg for a backup"),
        ("Backup 2024", "Anki takes backup-2024.apkg for a backup"),
        ("source/BACKUP-x.md", "Anki takes BACKUP-x.apkg for a backup"),
        ("README", "a build of the folder leaves such files out"),
        ("./.md", "a build of the folder leaves such files out"),
        ("aux.md", "not every system"),
        ("a:b.md", "not every system"),
        ("???", "gives no name for a file"),
        ("x" * 200 + ".md", "too long"),
        ("a\x07b", "characters that no text has"),
        (" ", "The name is empty"),
    ],
)
def test_names_that_would_do_harm_are_refused(empty: Project, name: str, why: str) -> None:
    """The reason is said, and nothing is written."""
    done = empty.run("new", name)
    assert done.returncode == 2
    assert why in done.stderr
    assert written(empty) == set()


@pytest.mark.parametrize("there", ["source/tea.md", "source/tea.lock", "source/Tea.md", "source/TEA.MD"])
def test_nothing_is_overwritten(empty: Project, there: str) -> None:
    """A guide, the lock of one that was there, or a name that differs in case only: all stay as they are."""
    (empty.folder / "source").mkdir()
    (empty.folder / there).write_text(GUIDE, encoding="utf-8")
    done = empty.run("new", "Tea", "--workflow")
    assert done.returncode == 2
    assert Path(there).name in done.stderr
    assert written(empty) == {there}
    assert (empty.folder / there).read_text("utf-8") == GUIDE


def test_a_picture_of_that_name_is_left(empty: Project) -> None:
    """A second guide in a folder shares the picture, which may have been changed."""
    (empty.folder / new.PICTURE).write_text("mine", encoding="utf-8")
    assert empty.run("new", "Tea").returncode == 0
    assert (empty.folder / new.PICTURE).read_text("utf-8") == "mine"


def test_where_nothing_can_be_written_that_is_said(empty: Project) -> None:
    """A file in the way of a folder, say; and what was written before goes again."""
    (empty.folder / "notes").write_text("", encoding="utf-8")
    done = empty.run("new", "notes/tea.md")
    assert done.returncode == 2
    assert "Cannot write notes" in done.stderr
    assert written(empty) == {"notes"}


def test_a_program_can_read_what_was_made(empty: Project) -> None:
    """--json tells the guide, its title and all files."""
    done = empty.run("new", "Organic chemistry", "--workflow", "--json")
    assert json.loads(done.stdout) == {
        "guide": "organic-chemistry.md",
        "title": "Organic chemistry",
        "files": ["organic-chemistry.md", new.PICTURE, str(new.WORKFLOW)],
    }


def test_without_a_name_it_says_how_it_is_used(empty: Project) -> None:
    """And a title without a file is no name."""
    assert "studypack new" in empty.run("new").stderr
    assert empty.run("new", "--workflow", "--title", "x").returncode == 2
    with pytest.raises(StudypackError, match="--title"):
        new.slug("—")


# --- the workflow ------------------------------------------------------------------------------------------------


def test_a_workflow_alone_needs_guides(empty: Project) -> None:
    """Where there is none it says how to start one."""
    done = empty.run("new", "--workflow")
    assert done.returncode == 2
    assert "There is no guide here" in done.stderr


def test_the_workflow_stands_at_the_top_of_the_repository(project: Project) -> None:
    """Started further down, it names the folder of the guides from there; it installs this version."""
    subprocess.run(["git", "init", "-q", str(project.folder)], check=True)
    inside = Project(folder=project.folder / "source")
    done = inside.run("new", "--workflow")
    assert (done.returncode, done.stderr) == (0, "")
    text = (project.folder / new.WORKFLOW).read_text("utf-8")
    assert "\n  GUIDES: source\n" in text
    assert f"studypack[cjk,diagrams,math]=={__version__}" in text
    again = project.run("new", "--workflow")
    assert again.returncode == 2
    assert "already there" in again.stderr


def test_the_workflow_is_for_the_guides_that_are_set(project: Project) -> None:
    """For the one folder that is; several are told, where no guides are at hand."""
    project.guide.parent.rename(project.folder / "notes")
    settings = project.folder / "studypack.toml"
    settings.write_text('guides = ["notes", "exam.md"]\n', encoding="utf-8")
    done = project.run("new", "--workflow")
    assert (done.returncode, "run this in one of them" in done.stderr) == (2, True)
    settings.write_text('guides = "notes"\n', encoding="utf-8")
    assert project.run("new", "--workflow").returncode == 0
    assert "\n  GUIDES: notes\n" in (project.folder / new.WORKFLOW).read_text("utf-8")


def test_the_workflow_follows_the_schema_of_github(project: Project) -> None:
    """GitHub's own schema for workflows, as check-jsonschema carries it, finds no fault, also with an odd folder."""
    pytest.importorskip("check_jsonschema", reason="check-jsonschema is not installed")
    odd = project.folder / "my: notes #1"
    odd.mkdir()
    assert project.run("new", "my: notes #1/tea.md", "--workflow").returncode == 0
    text = (project.folder / new.WORKFLOW).read_text("utf-8")
    assert '\n  GUIDES: "my: notes #1"\n' in text
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", new.WORKFLOW],
        cwd=project.folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
