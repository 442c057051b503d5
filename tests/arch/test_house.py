"""The house itself: layers, docstrings, the README's map and commands, and what must not be in a tracked file."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "studypack"
MODULES = sorted(PACKAGE.rglob("*.py"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_imports_point_one_way_and_each_library_has_one_door() -> None:
    """The contracts in pyproject.toml hold."""
    lint = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([lint, "--no-logo"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_public_name_says_what_it_means(file: Path) -> None:
    """Modules, public classes and public functions have docstrings."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    silent = [name for name, node in _public(tree, file.stem) if not ast.get_docstring(node)]
    assert not silent


def _public(
    node: ast.Module | ast.ClassDef | ast.FunctionDef, name: str
) -> Iterator[tuple[str, ast.Module | ast.ClassDef | ast.FunctionDef]]:
    yield name, node
    for child in node.body if not isinstance(node, ast.FunctionDef) else ():
        if isinstance(child, ast.ClassDef | ast.FunctionDef) and not child.name.startswith("_"):
            yield from _public(child, f"{name}.{child.name}")


def test_the_map_in_the_readme_shows_the_rooms_that_exist() -> None:
    """The module map names each module and package of studypack/ once, and nothing else."""
    shown = re.findall(r"^\| `studypack/([\w/.]+)` \|", README, re.MULTILINE)
    rooms = {file.name for file in PACKAGE.glob("*.py") if not file.name.startswith("__")}
    rooms |= {f"{folder.name}/" for folder in PACKAGE.iterdir() if (folder / "__init__.py").exists()} - {"writers/"}
    writers = PACKAGE / "writers"
    rooms |= {f"writers/{file.name}" for file in writers.glob("*.py") if not file.name.startswith("__")}
    rooms |= {f"writers/{folder.name}/" for folder in writers.iterdir() if folder.is_dir() and folder.name[0] != "_"}
    assert sorted(shown) == sorted(rooms)


def test_commands_in_the_readme_are_real() -> None:
    """Each `studypack` and `bootstrap.py` command that the README shows is one that exists, with such options."""
    lines = re.findall(r"^\$? ?(.*(?:studypack|bootstrap\.py) .*)$", "\n".join(_fences(README)), re.MULTILINE)
    commands = [line for line in lines if re.match(r"(python3 bootstrap\.py|(\S*/)?studypack) ", line)]
    assert any("bootstrap.py build" in line for line in commands)
    assert any("bootstrap.py test" in line for line in commands)
    usage = _help("build")
    for line in commands:
        words = re.sub(r"\s+#.*", "", line).split()
        command = words[1 + ("bootstrap.py" in line)]
        assert command in {"build", "test"}, line
        options = [word for word in words if word.startswith("-")] if command == "build" else []
        assert all(option in usage for option in options), line


def _fences(text: str) -> list[str]:
    return re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def _help(command: str) -> str:
    done = subprocess.run([sys.executable, "-m", "studypack", command, "--help"], capture_output=True, text=True)
    return done.stdout


def test_every_library_that_is_imported_is_declared() -> None:
    """What studypack imports stands among its own dependencies, not only among those of its dependencies."""
    project = PROJECT["project"]
    extras = {name: packages for name, packages in project["optional-dependencies"].items() if name != "test"}
    declared = {*project["dependencies"], *(package for packages in extras.values() for package in packages)}
    names = {canonicalize_name(Requirement(text).name) for text in declared}
    imported = {name for file in MODULES for name in _imported(file)} - {"studypack", *sys.stdlib_module_names}
    packages = packages_distributions()
    assert imported
    assert not {name for name in imported if not names & set(map(canonicalize_name, packages.get(name, ())))}


def _imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module.split(".")[0]


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-test.lock"])
def test_the_locked_versions_are_versions_the_project_allows(name: str) -> None:
    """Each dependency has a locked version within its bounds, with a hash; no registry is named."""
    text = (ROOT / name).read_text(encoding="utf-8")
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["setup"]]
    if "test" in name:
        wanted += PROJECT["project"]["optional-dependencies"]["test"]
    locked: dict[str, set[str]] = {}
    for package, version in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.MULTILINE):
        locked.setdefault(canonicalize_name(package), set()).add(version)
    for requirement in map(Requirement, wanted):
        versions = locked.get(canonicalize_name(requirement.name), set())
        assert versions, requirement
        assert all(requirement.specifier.contains(version) for version in versions), requirement
    assert "://" not in text
    assert text.count("==") <= text.count("--hash=")


def test_builds_and_tests_run_with_the_same_versions() -> None:
    """What the tests' lock says of a package is what the lock for building says."""
    build, test = (
        set(re.findall(r"^([\w.-]+==[^\s\\;]+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("requirements.lock", "requirements-test.lock")
    )
    assert build < test


def test_no_file_names_a_place_of_one_machine() -> None:
    """No tracked text names somebody's home or temporary folder: it would be wrong everywhere else."""
    place = re.compile(rb"(?<![\w.)\]}-])/(?:home|root|Users|work|tmp)/\w")
    mine = Path(__file__).relative_to(ROOT)
    guilty = [str(file) for file in _tracked() if file != mine and place.search((ROOT / file).read_bytes())]
    assert not guilty


def _tracked() -> list[Path]:
    """The files of the project; outside a git checkout (an unpacked archive), the ones that are there."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
    names = done.stdout.decode().split("\0")[:-1] if done.returncode == 0 else []
    if not names:
        folders = ("studypack", "tests", "source", ".ci")
        names = [str(file.relative_to(ROOT)) for folder in folders for file in (ROOT / folder).rglob("*.*")]
    binary = {".apkg", ".otf", ".pdf", ".png", ".pyc", ".ttf", ".wav", ".mp3"}
    return [Path(name) for name in names if Path(name).suffix not in binary and (ROOT / name).is_file()]
