"""A build as a whole, where the command line cannot reach: what the surroundings do not allow."""

from __future__ import annotations

from pathlib import Path

import pytest

from studypack import pipeline, printing
from studypack.child import Limits
from tests.cli.project import GUIDE


def test_a_guide_beyond_all_measure_still_gets_its_deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What WeasyPrint cannot end is a clear error that names the guide and the PDF; the deck is built all the same."""
    monkeypatch.setattr(printing, "limits", lambda *_: Limits(seconds=0.05, memory=2**31))
    guide = tmp_path / "tea.md"
    guide.write_text(GUIDE, encoding="utf-8")
    (report,) = pipeline.build(pipeline.Config(guides=(guide,), out=tmp_path / "build"))
    assert [made.path.name for made in report.made] == ["tea.apkg"]
    assert [str(trouble).split(". ")[0] for trouble in report.troubles] == [
        f"{guide}: no cheatsheet: it took more than 0.05 seconds",
        f"{guide}: no matrix: it took more than 0.05 seconds",
    ]


def test_a_page_that_cannot_hold_what_it_should_takes_nothing_else_away(tmp_path: Path) -> None:
    """The author's style sheet hides a part: the cheat sheet is an error, its last good one stays, all else is made."""
    (tmp_path / "mine.css").write_text("li { display: none }", encoding="utf-8")
    guide, out = tmp_path / "tea.md", tmp_path / "build"
    guide.write_text(GUIDE, encoding="utf-8")
    list(pipeline.build(pipeline.Config(guides=(guide,), out=out)))
    before = (out / "tea-cheatsheet.pdf").read_bytes()
    guide.write_text(GUIDE.replace("title: Tea", "title: Tea\ntheme: mine.css"), encoding="utf-8")
    (report,) = pipeline.build(pipeline.Config(guides=(guide,), out=out))
    assert [made.path.name for made in report.made] == ["tea.apkg", "tea-matrix.pdf"]
    assert {found.code for found in report.diagnostics} == {"SP504"}
    assert not report.ok
    assert (out / "tea-cheatsheet.pdf").read_bytes() == before
