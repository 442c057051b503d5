"""The whole output of `studypack check` on a deliberately bad guide."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from studypack.diagnostics import RULES

FOLDER = Path(__file__).with_name("check")
UPDATE = os.environ.get("STUDYPACK_UPDATE_GOLDEN") == "1"
"""Set to write the files anew; read the difference before it is committed."""


@pytest.mark.parametrize("style", ["text", "json", "github"])
def test_the_bad_guide(style: str) -> None:
    """Every finding with its place, its line, its hint, in each format, as kept in `check/`."""
    command = [sys.executable, "-m", "studypack", "check", "bad.md", "--format", style]
    done = subprocess.run(command, cwd=FOLDER, capture_output=True, env={**os.environ, "PYTHONUTF8": "1"})
    assert (done.returncode, done.stderr) == (0, b"")
    golden = FOLDER / f"bad.{style}.txt"
    if UPDATE:
        golden.write_bytes(done.stdout)
    assert done.stdout.decode().replace("\r\n", "\n") == golden.read_text(encoding="utf-8")


def test_the_bad_guide_breaks_every_rule_of_advice() -> None:
    """Each SP6xx is in the golden file."""
    text = (FOLDER / "bad.text.txt").read_text(encoding="utf-8")
    assert [code for code in RULES if code.startswith("SP6") and f"warning {code}:" not in text] == []


def test_the_bad_guide_repaired(tmp_path: Path) -> None:
    """`--fix` changes the mangled lines and no others."""
    shutil.copytree(FOLDER, tmp_path / "check")
    command = [sys.executable, "-m", "studypack", "check", "bad.md", "--fix"]
    done = subprocess.run(command, cwd=tmp_path / "check", capture_output=True, env={**os.environ, "PYTHONUTF8": "1"})
    assert done.stdout.decode().startswith("bad.md: 6 mangled places put right\n")
    before, after = (
        (folder / "bad.md").read_text(encoding="utf-8").split("\n") for folder in (FOLDER, tmp_path / "check")
    )
    assert [(one, other) for one, other in zip(before, after, strict=True) if one != other] == [
        (
            "Oxidation â€” the leavesâ€™ own enzymes turn them brown, Ã  la cafÃ© 🫖.",
            "Oxidation — the leaves’ own enzymes turn them brown, à la café 🫖.",
        ),
        ('echo "80 Â°C β€” not 100"', 'echo "80 °C — not 100"'),
    ]
