"""`bootstrap.py`, as far as it can be tried without a fresh machine; continuous integration starts with it."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import bootstrap

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["bild"], 2), (["--help"], 0)])
def test_it_says_how_it_is_used(arguments: list[str], code: int) -> None:
    """Without a command it knows, it prints its manual and sets nothing up."""
    done = subprocess.run([sys.executable, "bootstrap.py", *arguments], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (code, "")
    assert "bootstrap.py build" in done.stdout
    assert "bootstrap.py test" in done.stdout


def test_an_old_python_can_read_it() -> None:
    """Its syntax is that of Python 3.7, so that an old one says what is missing instead of a syntax error."""
    ast.parse((ROOT / "bootstrap.py").read_text(encoding="utf-8"), feature_version=(3, 7))


def test_a_python_too_old_is_told_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The message names the version that is needed, and the exit code is 2."""
    monkeypatch.setattr(bootstrap, "OLDEST", (99, 1))
    with pytest.raises(SystemExit, match="2"):
        bootstrap.main(["build"])
    assert "studypack needs Python 99.1 or newer" in capsys.readouterr().err


def test_it_asks_for_the_python_that_the_project_asks_for() -> None:
    """`OLDEST` is the `requires-python` of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=" + ".".join(map(str, bootstrap.OLDEST))


def test_a_set_up_counts_until_what_it_was_made_from_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another lock, project file or folder asks for a new set-up; the same ones do not."""
    lock = tmp_path / "some.lock"
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "LOCKS", {"build": lock})
    seen = []
    for locked, project in (("a==1", "x"), ("a==2", "x"), ("a==2", "y"), ("a==2y", "")):
        lock.write_text(locked, encoding="utf-8")
        (tmp_path / "pyproject.toml").write_text(project, encoding="utf-8")
        seen.append(bootstrap.fingerprint("build"))
        assert bootstrap.fingerprint("build") == seen[-1]
    assert len(set(seen)) == len(seen)


def test_a_stamp_without_its_environment_counts_for_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stamp beside a missing or damaged environment, or one that cannot be read, leads to a new set-up."""
    monkeypatch.setattr(bootstrap, "VENV", tmp_path)
    monkeypatch.setattr(bootstrap, "STAMP", tmp_path / "stamp.json")
    bootstrap.STAMP.write_text('{"build": "x"}', encoding="utf-8")
    assert bootstrap.read_stamp() == {}
    interpreter = Path(bootstrap.python())
    interpreter.parent.mkdir()
    interpreter.touch()
    assert bootstrap.read_stamp() == {"build": "x"}
    bootstrap.STAMP.write_text("[", encoding="utf-8")
    assert bootstrap.read_stamp() == {}


def test_every_installer_that_is_looked_for_can_be_called() -> None:
    """For each there is a way to call it, and no way without a list of packages."""
    assert bootstrap.PAGE_PACKAGES.keys() == bootstrap.INSTALL.keys()


def test_java_is_missing_until_each_part_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program is looked for on the path, a file in its place; the packages of both are named."""
    archive = tmp_path / "some.jar"
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(bootstrap, "JAVA", {"javac": "a-jdk", str(archive): "a-library"})
    assert bootstrap.missing_java() == ("a-jdk", "a-library")
    archive.touch()
    assert bootstrap.missing_java() == ("a-jdk",)
    (tmp_path / "javac").touch(mode=0o755)
    assert bootstrap.missing_java() == ()


def test_java_that_cannot_be_had_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the packages are missing and there is no installer, that is said in a line, and the set-up goes on."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(bootstrap, "JAVA", {"javac": "a-jdk"})
    bootstrap.set_up_java()
    assert "not checked against PDF/UA: that needs a-jdk" in capsys.readouterr().out


def test_continuous_integration_runs_the_command_of_the_readme() -> None:
    """`.ci/run` calls `python3 bootstrap.py test` and nothing that a person would not."""
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    commands = [line for line in script.splitlines() if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["exec python3 bootstrap.py test </dev/null"]
    assert "python3 bootstrap.py test" in (ROOT / "README.md").read_text(encoding="utf-8")
