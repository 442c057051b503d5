"""Settings of a project: `[tool.studypack]` of the nearest pyproject.toml, or studypack.toml."""

from __future__ import annotations

import inspect
import os
from dataclasses import fields, replace
from pathlib import Path

import click
import pytest

from studypack import frontmatter, making, settings
from studypack.cli.build import FLIPS, MATRIX_FITS, build
from studypack.diagnostics import StudypackError
from studypack.pack import Order, Wishes
from studypack.settings import Settings, nearest
from studypack.writers.papercards.duplex import Flip
from tests.cli.project import GUIDE, Project
from tests.unit.reading import guide_of

HEAD = "[tool.studypack]\n"


def test_the_command_follows_the_settings(project: Project) -> None:
    """Guides, outputs and the folder for them; paths are the file's, also from a folder below."""
    text = HEAD + 'guides = ["source", "more/coffee.md"]\nout = "packs"\nonly = "deck"\nquiet = true\n'
    (project.folder / "pyproject.toml").write_text(text, encoding="utf-8")
    (project.folder / "more").mkdir()
    (project.folder / "more" / "coffee.md").write_bytes(project.guide.read_bytes())
    done = project.run("build")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert set(project.outputs("packs")) == {"coffee.apkg", "tea.apkg"}
    below = Project(folder=project.folder / "more")
    done = below.run("build", "--no-quiet")
    assert "../source/tea.md" in done.stdout.replace("\\", "/")
    assert set(below.outputs("../packs")) == {"coffee.apkg", "tea.apkg"}


def test_the_command_line_overrules(project: Project) -> None:
    """Each option by itself; what it does not say stays set."""
    (project.folder / "studypack.toml").write_text('only = ["deck"]\nout = "packs"\nquiet = true\n', encoding="utf-8")
    done = project.run("build", "source/tea.md", "--out", "here", "--no-quiet")
    assert "here/tea.apkg" in done.stdout.replace("\\", "/")
    assert set(project.outputs("here")) == {"tea.apkg"}
    assert not (project.folder / "packs").exists()


@pytest.mark.parametrize(
    ("asked", "own", "usual", "sheets"),
    [(3, 2, 1, 3), (None, 2, 1, 2), (None, None, 1, 1), (None, None, None, None)],
)
def test_a_guide_knows_better_than_its_project(
    asked: int | None, own: int | None, usual: int | None, sheets: int | None
) -> None:
    """Of how many sheets it is printed on; the command line has the last word."""
    wishes = Wishes(sheets=asked, usual_sheets=usual)
    guide = replace(guide_of(GUIDE), sheets=own)
    maker = making._Maker(Order(path="tea.md", text=b"", wishes=wishes), None, lambda _step: None)
    assert maker._as_wished(guide).sheets == sheets


def test_other_commands_find_the_guides_too(project: Project) -> None:
    """`diff` takes the guides that are set."""
    project.guide.parent.rename(project.folder / "notes")
    (project.folder / "studypack.toml").write_text('guides = "notes"\n', encoding="utf-8")
    assert "notes/tea.md: 5 new" in project.run("diff").stdout.replace("\\", "/")


def test_what_cannot_be_understood_is_told_with_its_line(project: Project) -> None:
    """All of it at once, each with what to write; nothing is built."""
    text = '[project]\nname = "notes"\nout = 1\n\n[tool.studypack]\nsheets = "2"\nmatrix_fit = "a3"\nonly = ["dek"]\n'
    (project.folder / "pyproject.toml").write_text(text, encoding="utf-8")
    done = project.run("build")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "error: pyproject.toml:6: sheets: '2' will not do; write a whole number from 1 to 99, without quotes",
        "pyproject.toml:7: matrix_fit: there is no such setting; did you mean 'matrix-fit'?",
        "pyproject.toml:8: only: 'dek' will not do; write one of 'deck', 'cheatsheet', 'matrix', 'cards'",
    ]
    assert not project.outputs()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sheets = true", "whole number"),
        ("jobs = 0", "whole number"),
        ("cache = 'no'", "true or false"),
        ("out = ''", "a path"),
        ("guides = []", "the list is empty"),
        ("guides = [1]", "a path, or a list"),
        ("only = 'pdf'", "one of 'deck'"),
        ("duplex = 'top'", "one of 'long', 'short'"),
        ("on = 8786", "an address"),
        ("frozen = true", "say --frozen where you want it"),
        ("colour = 'red'", "there are guides, out"),
        ("[tool.studypack]\njobs = 2", "the keys stand at the top, without [tool.studypack]"),
        ("sheets = ", "this is not TOML"),
    ],
)
def test_wrong_settings(tmp_path: Path, text: str, told: str) -> None:
    """Values of another kind, keys that there are not, and what is no TOML."""
    (tmp_path / "studypack.toml").write_text(text, encoding="utf-8")
    with pytest.raises(StudypackError, match=r"studypack\.toml") as error:
        nearest(tmp_path)
    assert told in str(error.value)


@pytest.mark.parametrize(
    "table", ["[tool]\nstudypack = { jobs = 3 }", "tool.studypack.jobs = 3", '["tool"."studypack"]\njobs=3']
)
def test_toml_has_many_ways_to_write_a_table(tmp_path: Path, table: str) -> None:
    """Each is read."""
    (tmp_path / "pyproject.toml").write_text(table, encoding="utf-8")
    assert nearest(tmp_path) == Settings(jobs=3)


def test_the_nearest_file_counts(tmp_path: Path) -> None:
    """A pyproject.toml without a table of ours is passed over, also a broken one; studypack.toml comes first."""
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text(HEAD + "jobs = 1\n", encoding="utf-8")
    (inner / "pyproject.toml").write_text("[tool.ruff]\n'studypack'", encoding="utf-8")
    assert nearest(inner).jobs == 1
    (tmp_path / "studypack.toml").write_text("jobs = 2\n", encoding="utf-8")
    assert nearest(inner).jobs == 2
    (inner.parent / "pyproject.toml").write_text(HEAD, encoding="utf-8")
    assert nearest(inner) == Settings()


def test_settings_are_the_options_of_build() -> None:
    """Their names and their choices."""
    assert {field.name for field in fields(Settings)} <= set(inspect.signature(build.callback or build).parameters)
    assert settings.MATRIX_FITS == MATRIX_FITS == tuple(frontmatter.MATRIX_FITS)
    assert settings.FLIPS == FLIPS == tuple(Flip)
    assert all(isinstance(option, click.Parameter) for option in build.params)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root reads everything")
def test_settings_that_cannot_be_read_are_told(tmp_path: Path) -> None:
    """Rather than passed over."""
    (tmp_path / "studypack.toml").write_text("jobs = 1\n", encoding="utf-8")
    (tmp_path / "studypack.toml").chmod(0)
    with pytest.raises(StudypackError, match="cannot be read"):
        nearest(tmp_path)
