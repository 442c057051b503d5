"""What all tests share: golden files, and how generated inputs are tried."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

GOLDEN = Path(__file__).parent / "golden"

# A slow machine is no failure. On a server a run must give the same verdict twice, so inputs are not drawn by chance.
settings.register_profile("here", deadline=None)
settings.register_profile("server", deadline=None, derandomize=True, database=None)
settings.load_profile("server" if os.environ.get("CI") else "here")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` writes golden files anew, to be read as a diff before they are committed."""
    parser.addoption("--update", action="store_true", help="write the golden files anew")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """A function `golden(name, text)`: the text must equal the file tests/golden/NAME."""

    def check(name: str, text: str) -> None:
        file = GOLDEN / name
        if request.config.getoption("--update"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8", newline="\n")
        assert file.exists(), f"there is no {file.name}: run pytest --update and read what it wrote"
        assert text == file.read_text(encoding="utf-8")

    return check
