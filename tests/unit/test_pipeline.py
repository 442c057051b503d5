"""A build as a whole, where the command line cannot reach: what the surroundings do not allow."""

from __future__ import annotations

from pathlib import Path

import pytest

from studypack import pipeline
from studypack.child import Limits
from tests.cli.project import GUIDE


def test_a_guide_beyond_all_measure_still_gets_its_deck(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What WeasyPrint cannot end is a clear error that names the guide and the PDF; the deck is built all the same."""
    monkeypatch.setattr(pipeline, "_limits", lambda *_: Limits(seconds=0.05, memory=2**31))
    guide = tmp_path / "tea.md"
    guide.write_text(GUIDE, encoding="utf-8")
    (report,) = pipeline.build(pipeline.Config(guides=(guide,), out=tmp_path / "build"))
    assert [made.path.name for made in report.made] == ["tea.apkg"]
    assert [str(trouble).split(". ")[0] for trouble in report.troubles] == [
        f"{guide}: no cheatsheet: it took more than 0.05 seconds",
        f"{guide}: no matrix: it took more than 0.05 seconds",
    ]
