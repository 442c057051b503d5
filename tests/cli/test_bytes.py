"""The same guide gives the same bytes, wherever, whenever and after whatever else it is built."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.project import SCRIPT

ROOT = Path(__file__).parents[2]
GUIDES = (ROOT / "source" / "reinvent-2024.md", ROOT / "tests" / "guides" / "every-construct.md")
OTHER = ROOT / "tests" / "guides" / "arabic-course.md"


def _built(folder: Path, guides: tuple[Path, ...], **environment: str) -> dict[str, str]:
    """The fingerprints of all outputs and locks of copies of the guides, built by the command in a fresh folder."""
    source = folder / "source"
    for guide in guides:
        shutil.copytree(guide.parent, source, ignore=shutil.ignore_patterns("*.lock", "broken"), dirs_exist_ok=True)
    keep = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    run = subprocess.run(
        [str(SCRIPT), "build", *(str(source / guide.name) for guide in guides), "-o", str(folder / "out")],
        env={**keep, "SOURCE_DATE_EPOCH": "1700000000", "HOME": str(folder), **environment},
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    files = [*(folder / "out").iterdir(), *source.glob("*.lock")]
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.mark.slow
def test_bytes_are_the_same_everywhere(tmp_path: Path) -> None:
    """Deck, sheet, matrix and lock: another seed, zone, locale, home, folder, user, and other guides built before."""
    here, there = tmp_path / "here", tmp_path / "another place with ünïcode"
    one = _built(here, GUIDES, PYTHONHASHSEED="1", TZ="UTC", LC_ALL="C.UTF-8", USER="ada", TERM="dumb")
    other = _built(
        there,
        (OTHER, *reversed(GUIDES)),
        PYTHONHASHSEED="4711",
        TZ="Asia/Tokyo",
        LANG="tr_TR.UTF-8",
        USER="grace",
        HOME="/nonexistent",
        PYTHONUTF8="1",
    )
    assert len(one) == 4 * len(GUIDES)
    assert {name: other[name] for name in one} == one
