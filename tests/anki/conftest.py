"""A learner who studied the usual guide, once for all tests, and copies of them to try edits on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.anki.bread import BREAD
from tests.anki.learner import FIRST_BUILD, Project, Studied, begin, copied, paint


@pytest.fixture(scope="session")
def studied(tmp_path_factory: pytest.TempPathFactory) -> Studied:
    """A project with this guide, built, and a learner in its folder `anki` who studied all of it; never written to."""
    made: dict[str, Project] = {}

    def project(text: str) -> Project:
        if text not in made:
            made[text] = Project(folder=tmp_path_factory.mktemp("studied"))
            made[text].write(text)
            paint(made[text], 5)
            begin(made[text].folder / "anki", made[text].build(FIRST_BUILD))
        return made[text]

    return project


@pytest.fixture
def project(studied: Studied, tmp_path: Path) -> Project:
    """The project of the usual guide with its learner, to be edited."""
    return copied(studied(BREAD), tmp_path)
