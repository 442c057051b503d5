"""A project of its own for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.project import GUIDE, Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A folder with the small guide in source/."""
    made = Project(folder=tmp_path)
    made.guide.parent.mkdir()
    made.guide.write_text(GUIDE, encoding="utf-8")
    return made
