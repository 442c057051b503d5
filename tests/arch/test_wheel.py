"""The wheel: what a person gets who installs studypack without its repository."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built offline from this checkout."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (file,) = out.glob("*.whl")
    return file


def test_the_wheel_holds_all_that_the_package_needs(wheel: Path) -> None:
    """Every file of studypack/ travels, fonts with their licences, templates and cards included; nothing else does."""
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    here = {file for file in (ROOT / "studypack").rglob("*") if file.is_file() and "__pycache__" not in file.parts}
    assert inside == {file.relative_to(ROOT).as_posix() for file in here}
    assert any(name.endswith((".ttf", ".otf")) for name in inside)
    assert any(name.startswith("studypack/writers/cards/") for name in inside)


def test_the_wheel_names_its_command_and_licence(wheel: Path) -> None:
    """An installer finds the command `studypack`, the MIT licence, and no library under the AGPL."""
    archive = zipfile.ZipFile(wheel)
    parts = {name.split(".dist-info/")[1]: name for name in archive.namelist() if ".dist-info/" in name}
    assert b"studypack = studypack.cli:main" in archive.read(parts["entry_points.txt"])
    assert "licenses/LICENSE" in parts
    metadata = archive.read(parts["METADATA"]).decode()
    required = [line for line in metadata.splitlines() if line.startswith("Requires-Dist: anki")]
    assert all('extra == "test"' in line or "extra == 'test'" in line for line in required)


@pytest.mark.slow
def test_the_wheel_works_without_the_repository(wheel: Path, tmp_path: Path) -> None:
    """Run from the wheel alone, the command builds a deck and both PDFs."""
    (tmp_path / "tea.md").write_text(
        "# Tea\n\n## Kinds\n\n| Aspect | Green | Black |\n| --- | --- | --- |\n| Heat | 80 °C | 95 °C |\n\n"
        "## Brewing\n\nPour water on it.\n",
        encoding="utf-8",
    )
    # Unpacked where it stands first on the path; -P keeps the working folder, and so the repository, off it.
    zipfile.ZipFile(wheel).extractall(tmp_path / "installed")
    code = f"import sys; sys.path.insert(0, {str(tmp_path / 'installed')!r}); from studypack.cli import main; main()"
    command = [sys.executable, "-P", "-c", code, "build", "tea.md"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    made = {file.name for file in (tmp_path / "build").iterdir()}
    assert made == {"tea.apkg", "tea-cheatsheet.pdf", "tea-matrix.pdf"}
