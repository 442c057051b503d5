"""`--json`: what programs read, on every command that reports."""

from __future__ import annotations

import json
from typing import Any

from tests.cli.project import BROKEN, GUIDE, Project

DECK = ("build", "--only", "deck", "--json")


def document(project: Project, *arguments: str, code: int = 0) -> Any:
    """What a command says; nothing goes to standard error beside it."""
    done = project.run(*arguments)
    assert (done.returncode, done.stderr) == (code, "")
    return json.loads(done.stdout)


def test_a_build_is_one_document(project: Project) -> None:
    """Each guide with its outputs, cards and plan; the second time up to date, with the same outputs."""
    (first,) = document(project, *DECK)["guides"]
    made = project.outputs()["tea.apkg"]
    assert first["outputs"] == [
        {"output": "deck", "path": "build/tea.apkg", "bytes": len(made), "pages": None, "pt": None}
    ]
    assert first["cards"] == {"question": 1, "comparison": 4, "term": 2}
    assert {change["fate"] for change in first["plan"]} == {"new"}
    assert (first["ok"], first["up_to_date"], first["diagnostics"]) == (True, False, [])
    (second,) = document(project, *DECK)["guides"]
    assert second["up_to_date"]
    assert (second["outputs"], second["plan"]) == (first["outputs"], [])


def test_findings_come_with_their_places(project: Project) -> None:
    """Errors and warnings, in the document alone; the exit code is that of any build."""
    project.guide.write_text(BROKEN, encoding="utf-8")
    project.guide.with_name("coffee.md").write_text(GUIDE.replace("deck:", "dek:"), encoding="utf-8")
    good, bad = document(project, *DECK, code=1)["guides"]
    (warning,) = good["diagnostics"]
    assert (warning["code"], warning["severity"], warning["path"]) == ("SP104", "warning", "source/coffee.md")
    assert (warning["line"], warning["column"]) == (3, 1)
    assert warning["hint"]
    assert (good["ok"], bad["ok"], bad["outputs"]) == (True, False, [])
    assert bad["diagnostics"][0]["code"] == "SP103"


def test_what_ends_a_build_leaves_a_document(project: Project) -> None:
    """Standard error says what is wrong with the surroundings, as ever."""
    (project.folder / "build").write_text("a file, not a folder", encoding="utf-8")
    done = project.run(*DECK)
    assert done.returncode == 2
    assert "Cannot write into build" in done.stderr
    assert json.loads(done.stdout) == {"guides": []}


def test_notes_that_left(project: Project) -> None:
    """Each with its day, and the search that finds them."""
    empty = document(project, "retired", "source/tea.md", "--json")
    assert empty == {"path": "source/tea.md", "retired": [], "search": None}
    document(project, *DECK)
    project.guide.write_text(GUIDE.replace("- **Black** — fully oxidised\n", ""), encoding="utf-8")
    document(project, *DECK)
    found = document(project, "retired", "source/tea.md", "--json")
    (note,) = found["retired"]
    assert (note["kind"], note["asks"]) == ("term", "Black")
    assert note["retired"]
    assert note["guid"] in found["search"]


def test_decks(project: Project) -> None:
    """The decks of topics, as they were born and as they would be called."""
    document(project, *DECK)
    project.guide.write_text(GUIDE.replace("## Kinds", "## Sorts"), encoding="utf-8")
    row = {"born": "Kitchen::Tea::Kinds", "wanted": "Kitchen::Tea::Sorts"}
    shown = document(project, "deck", "source/tea.md", "--renames", "--json")
    assert shown == {"path": "source/tea.md", "decks": [row], "adopted": False}
    assert document(project, "deck", "source/tea.md", "--adopt", "--json")["adopted"]
    assert document(project, "deck", "source/tea.md", "--renames", "--json")["decks"] == []


def test_same_and_different(project: Project) -> None:
    """Who a note was, and who it is from now on."""
    document(project, *DECK)
    parted = document(project, "different", "source/tea.md", "Green", "--json")["different"]
    assert (parted["kind"], parted["asks"]) == ("term", "Green")
    document(project, *DECK)
    (old,) = document(project, "retired", "source/tea.md", "--json")["retired"]
    (new,) = (one for one in document(project, "diff", "-v", "--json")["source/tea.md"] if one["after"] == "Green")
    joined = document(project, "same", "source/tea.md", old["guid"], new["guid"], "--json")
    assert (joined["guid"], joined["was"]["guid"], joined["now"]["guid"]) == (old["guid"], old["guid"], new["guid"])
    retired = document(project, "retired", "source/tea.md", "--json")["retired"]
    assert old["guid"] not in {note["guid"] for note in retired}


def test_a_guide_with_errors_has_no_plan(project: Project) -> None:
    """The document says why."""
    project.guide.write_text(BROKEN, encoding="utf-8")
    found = document(project, "deck", "source/tea.md", "--json", code=1)
    assert found["diagnostics"][0]["code"] == "SP103"
