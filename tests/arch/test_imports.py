"""What is imported when: heavy libraries cost a person seconds, so only the output that needs one loads it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import click

from studypack.cli import COMMANDS
from studypack.cli.build import build
from studypack.pack import Output

LIGHT = {f"studypack{part}" for part in ("", ".cli", *(f".cli.{name}" for name in ("run", *COMMANDS.values())))}
"""What of studypack the help may load: the commands themselves."""

HEAVY = {
    *(
        "PIL",
        "anki",
        "distributed",
        "fontTools",
        "genanki",
        "jinja2",
        "markdown",
        "nh3",
        "pydyf",
        "pygments",
        "pymdownx",
    ),
    *("rapidfuzz", "rich", "tinycss2", "weasyprint", "yaml"),
}

TELL = """
import atexit, json, sys
atexit.register(lambda: print(json.dumps(sorted(sys.modules)), file=sys.stderr))
sys.argv = ["studypack", *sys.argv[1:]]
from studypack.cli import main
main()
"""


def loaded(folder: Path, *arguments: str) -> set[str]:
    """The modules that are loaded when the command, run with these arguments, ends well."""
    done = subprocess.run([sys.executable, "-c", TELL, *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr.splitlines()[-1]))


def bare() -> set[str]:
    """The modules that click brings by itself."""
    code = "import json, sys, click, signal, pathlib; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(json.loads(done.stdout))


def test_help_loads_click_and_nothing_else(tmp_path: Path) -> None:
    """`--help` answers at once: of studypack only the command itself is loaded, and no library but click."""
    for arguments in (["--help"], ["build", "--help"], ["--version"]):
        names = loaded(tmp_path, *arguments)
        assert {name for name in names if name.startswith("studypack")} <= LIGHT
        assert not {name.split(".")[0] for name in names} & HEAVY
        assert len(names - bare()) < 40


def test_a_deck_needs_no_paper(tmp_path: Path) -> None:
    """`--only deck` loads neither WeasyPrint nor Jinja nor rich, and no Pillow or rapidfuzz without need."""
    (tmp_path / "tea.md").write_text("# Tea\n\n## Kinds\n\n- **Green** — not oxidised\n", encoding="utf-8")
    names = loaded(tmp_path, "build", "tea.md", "--only", "deck")
    assert not {name.split(".")[0] for name in names} & {"PIL", "jinja2", "pydyf", "rapidfuzz", "rich", "weasyprint"}
    assert {"studypack.writers.cheatsheet", "studypack.writers.matrix", "studypack.writers.paper.pdf"}.isdisjoint(names)
    assert "genanki" in names


def test_paper_needs_no_deck(tmp_path: Path) -> None:
    """`--only cheatsheet` does not load genanki; WeasyPrint is loaded by the child that lays out, not here."""
    (tmp_path / "tea.md").write_text("# Tea\n\n## Kinds\n\n- **Green** — not oxidised\n", encoding="utf-8")
    names = loaded(tmp_path, "build", "tea.md", "--only", "cheatsheet")
    assert "genanki" not in names
    assert "studypack.child" in names
    assert "weasyprint" not in names


def test_checking_makes_nothing(tmp_path: Path) -> None:
    """`check` loads neither genanki nor WeasyPrint, nor what else only outputs need; `--explain` next to nothing."""
    (tmp_path / "tea.md").write_text("# Tea\n\n## Kinds\n\n- **Green** — not oxidised\n", encoding="utf-8")
    names = loaded(tmp_path, "check", "tea.md")
    unwanted = {"genanki", "weasyprint", "jinja2", "pydyf", "fontTools", "PIL", "rich", "rapidfuzz"}
    assert not {name.split(".")[0] for name in names} & unwanted
    assert not {name for name in names if name.startswith("studypack.writers")}
    explained = {name for name in loaded(tmp_path, "check", "--explain", "SP601") if name.startswith("studypack.")}
    assert not {name.split(".")[1] for name in explained} - {"cli", "desk", "terminal"}


def test_what_is_up_to_date_needs_next_to_nothing(tmp_path: Path) -> None:
    """Neither a library nor a room that reads, makes or prints; also where something has to be said again."""
    guide = "---\ntitel: Tea\ntheme: mine.css\n---\n\n# Tea\n\n## Kinds\n\n- **Green** — not ![oxidised](pot.svg)\n"
    (tmp_path / "tea.md").write_text(guide, encoding="utf-8")
    (tmp_path / "pot.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
    (tmp_path / "mine.css").write_text("h2 { color: red }\n", encoding="utf-8")
    made = loaded(tmp_path, "build", "tea.md", "--only", "deck", "--jobs", "2")
    assert {"genanki", "studypack.crew"} <= made
    for more in ((), ("--frozen",), ("--on", "dask://127.0.0.1:1")):
        names = loaded(tmp_path, "build", "tea.md", "--only", "deck", *more)
        assert not {name.split(".")[0] for name in names} & HEAVY
        assert {name for name in names if name.startswith("studypack.")} == UP_TO_DATE
        assert not names & {"asyncio", "multiprocessing", "concurrent.futures", "importlib.metadata", "urllib.request"}


UP_TO_DATE = {
    f"studypack.{room}"
    for room in (
        *"cache cli cli.build cli.run diagnostics disk fingerprint folder".split(),
        *"pack pipeline record report settings span terminal".split(),
    )
}
"""The rooms that find out that there is nothing to do, and say so."""


def test_guides_side_by_side_are_made_elsewhere(tmp_path: Path) -> None:
    """Where children make the decks, the process that waits for them loads no library of theirs."""
    for name in ("tea", "coffee"):
        (tmp_path / f"{name}.md").write_text("# Tea\n\n## Kinds\n\n- **Green** — not oxidised\n", encoding="utf-8")
    names = loaded(tmp_path, "build", "tea.md", "coffee.md", "--only", "deck", "--jobs", "2")
    assert {"studypack.crew", "studypack.child"} <= names
    assert not {name.split(".")[0] for name in names} & {"genanki", "jinja2", "weasyprint", "distributed"}


def test_the_command_offers_every_output() -> None:
    """The choices of `--only`, written out in cli to keep it light, are the pipeline's outputs."""
    only = next(option for option in build.params if option.name == "only")
    assert isinstance(only.type, click.Choice)
    assert list(only.type.choices) == list(Output)
