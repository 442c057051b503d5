"""The memory of who each card is, as an author meets it on the command line."""

from __future__ import annotations

import json
import re

from tests.cli.project import Project

DECK = ("build", "--only", "deck")


def lock_of(project: Project) -> str:
    """The text of the guide's lock."""
    return project.guide.with_suffix(".lock").read_text(encoding="utf-8")


def guids(project: Project) -> dict[str, str]:
    """The guid of each live note of the lock, by what it asks."""
    rows = [json.loads(line) for line in lock_of(project).splitlines()]
    return {row["asks"]: row["guid"] for row in rows if "guid" in row and "retired" not in row}


def edit(project: Project, old: str, new: str) -> None:
    """Replaces a text of the guide."""
    text = project.guide.read_text(encoding="utf-8")
    assert old in text
    project.guide.write_text(text.replace(old, new), encoding="utf-8")


def test_a_build_prints_the_plan(project: Project) -> None:
    """What became of the notes since the last build is said in a line; each of them with `-v`."""
    project.run(*DECK)
    edit(project, "Why does tea turn bitter?", "What makes tea bitter?")
    edit(project, "- **Black** — fully oxidised\n", "- **White** — hardly touched by anyone\n")
    done = project.run(*DECK, "-v")
    assert done.stdout.splitlines()[1] == "  1 new, 1 reworded, 1 retired, 3 unchanged"
    assert "Why does tea turn bitter? → What makes tea bitter?" in done.stdout


def test_diff_writes_nothing(project: Project) -> None:
    """`diff` shows the same plan, as text or JSON, and changes neither lock nor outputs."""
    project.run(*DECK)
    before, outputs = lock_of(project), project.outputs()
    edit(project, "Too hot, or too long ✅.", "Too hot, too long.")
    done = project.run("diff")
    assert done.stdout.splitlines()[0].endswith("1 edited, 4 unchanged")
    (plan,) = json.loads(project.run("diff", "--json").stdout).values()
    assert [row["after"] for row in plan if row["fate"] == "edited"] == ["Why does tea turn bitter?"]
    assert (lock_of(project), project.outputs()) == (before, outputs)


def test_a_renamed_column_is_told(project: Project) -> None:
    """The plan says which columns it takes for renamed ones, for a learner's reviews of their cells go with them."""
    project.run(*DECK)
    edit(project, "| Aspect | Green | Black |", "| Aspect | Green tea | Black tea |")
    assert "; Green → Green tea; Black → Black tea; " in project.run("diff").stdout
    (plan,) = json.loads(project.run("diff", "--json").stdout).values()
    assert {"Green": "Green tea", "Black": "Black tea"} in [row["labels"] for row in plan]


def test_diff_of_a_guide_with_errors(project: Project) -> None:
    """A guide with errors has no plan; they are printed, and the exit code says so."""
    edit(project, "deck: Kitchen::Tea", "deck: [Kitchen")
    done = project.run("diff")
    assert done.returncode == 1
    assert "SP103" in done.stderr


def test_frozen_forbids_a_change_of_the_lock(project: Project) -> None:
    """`--frozen` fails before the first build and after an edit, writes nothing, and passes when all is committed."""
    done = project.run(*DECK, "--frozen")
    assert done.returncode == 1
    assert "SP405" in done.stderr
    assert not project.guide.with_suffix(".lock").exists()
    project.run(*DECK)
    assert project.run(*DECK, "--frozen").returncode == 0
    edit(project, "Too hot, or too long ✅.", "Too hot.")
    before, outputs = lock_of(project), project.outputs()
    assert project.run(*DECK, "--frozen").returncode == 1
    assert (lock_of(project), project.outputs()) == (before, outputs)


def test_retired_notes_can_be_found_in_anki(project: Project) -> None:
    """`retired` lists what left the guide, and a search for Anki's Browser."""
    project.run(*DECK)
    guid = guids(project)["Green"]
    assert "No note has left" in project.run("retired", "source/tea.md").stdout
    edit(project, "- **Green** — not oxidised\n", "")
    project.run(*DECK)
    done = project.run("retired", "source/tea.md")
    assert "term: Green" in done.stdout
    assert f'"SPID:re:^tea/({guid})$"' in done.stdout


def test_notes_of_one_question_are_told_apart(project: Project) -> None:
    """Where others ask the same, the plan, `retired` and `different` name the headings, and the guid to use."""
    edit(project, "## Brewing\n", "## Matcha\n\n- **Green** — ground to powder\n\n## Brewing\n")
    project.run(*DECK)
    edit(project, "- **Green** — not oxidised\n", "- **White** — hardly touched by anyone\n")
    gone = next(row for row in map(json.loads, lock_of(project).splitlines()) if row.get("says") == "not oxidised")
    assert f"retired  term: kinds › Green  ({gone['guid']})" in project.run("diff").stdout
    project.run(*DECK)
    assert f"term: kinds › Green  ({gone['guid']})" in project.run("retired", "source/tea.md").stdout
    several = project.run("different", "source/tea.md", "Green").stderr
    assert f"{gone['guid']}  term: kinds › Green" in several
    assert "term: matcha › Green" in several


def test_a_renamed_topic_keeps_its_deck_until_told(project: Project) -> None:
    """A topic whose heading changes stays in its deck; `deck --renames` says so, `--adopt` remembers the new name."""
    project.run(*DECK)
    edit(project, "## Brewing", "## Making tea")
    project.run(*DECK)
    assert (
        "Kitchen::Tea::Brewing\n  is now called Kitchen::Tea::Making tea"
        in project.run("deck", "source/tea.md", "--renames").stdout
    )
    assert '"Making tea"]' not in lock_of(project)
    project.run("deck", "source/tea.md", "--adopt")
    assert '"Brewing"]' not in lock_of(project)
    assert "is now called" not in project.run("deck", "source/tea.md").stdout


def test_a_wrong_guess_is_undone(project: Project) -> None:
    """`different` gives a note a guid of its own, and the next build keeps it."""
    project.run(*DECK)
    born = guids(project)["Why does tea turn bitter?"]
    edit(project, "Why does tea turn bitter?", "What makes tea bitter?")
    assert project.run("different", "source/tea.md", "What makes tea bitter?").returncode == 0
    project.run(*DECK)
    assert guids(project)["What makes tea bitter?"] != born
    assert "question: Why does tea turn bitter?" in project.run("retired", "source/tea.md").stdout


def test_a_missed_rewording_is_mended(project: Project) -> None:
    """`same` gives a note the guid of the one that it was, before or after the build that missed it."""
    project.run(*DECK)
    born = guids(project)["Why does tea turn bitter?"]
    edit(project, "### Why does tea turn bitter?\n\nToo hot, or too long ✅.", "### Astringency?\n\nTannins.")
    project.run(*DECK)
    assert guids(project)["Astringency?"] != born
    assert project.run("same", "source/tea.md", born[:6], "Astringency?").returncode == 0
    assert project.run(*DECK).returncode == 0
    assert guids(project)["Astringency?"] == born
    assert re.search(r"5 unchanged|4 unchanged", project.run("diff").stdout)


def test_what_may_be_a_rewording_is_asked(project: Project) -> None:
    """A build names the note that left beside the new one that may be it, with the guids that `same` takes."""
    edit(project, "Too hot, or too long ✅.", "Heat.")
    project.run(*DECK)
    born = guids(project)["Why does tea turn bitter?"]
    edit(project, "Why does tea turn bitter?", "Why is tea bitter?")
    lines = project.run(*DECK).stdout.splitlines()
    now = guids(project)["Why is tea bitter?"]
    asked = f"    new  question: Why is tea bitter?  (perhaps “Why does tea turn bitter?” reworded, {born}; {now})"
    assert lines[1:3] == ["  1 new, 1 retired, 4 unchanged", asked]
    assert "studypack same GUIDE OLD NEW" in lines[3]
    assert project.run("same", "source/tea.md", born, now).returncode == 0
    project.run(*DECK)
    assert guids(project)["Why is tea bitter?"] == born


def test_what_an_author_says_of_one_note_leaves_the_others_to_be_told(project: Project) -> None:
    """`same` and `different` write down what they were told: other edits stay in the plan, and an old name is kept."""
    edit(project, "Too hot, or too long ✅.", "Heat.")
    project.run(*DECK)
    edit(project, "Why does tea turn bitter?", "Why is tea bitter?")
    edit(project, "- **Green** — not oxidised", "- **Green tea** — not oxidised")
    edit(project, "- **Black** — fully oxidised", "- **Black** — oxidised")
    assert project.run("same", "source/tea.md", "Why does tea turn bitter?", "Why is tea bitter?").returncode == 0
    assert project.run("different", "source/tea.md", "Green tea").returncode == 0
    diff = project.run("diff").stdout
    assert "1 retired" not in diff.splitlines()[0]
    assert "edited  term: Black" in diff
    project.run(*DECK)
    assert "  term: Green  (" in project.run("retired", "source/tea.md").stdout
    gone = project.run("different", "source/tea.md", "Green")
    assert (gone.returncode, "is no note of the guide any more" in gone.stderr) == (2, True)


def test_a_name_that_fits_no_note_is_a_usage_error(project: Project) -> None:
    """`same` and `different` name what they did not find."""
    project.run(*DECK)
    done = project.run("different", "source/tea.md", "Nothing of the kind")
    assert done.returncode == 2
    assert "Nothing of the kind" in done.stderr


def test_a_damaged_lock_leaves_the_deck_alone(project: Project) -> None:
    """A lock with a merge conflict, or torn, is an error that says what to do; deck and lock stay as they are."""
    project.run(*DECK)
    outputs = project.outputs()
    text = lock_of(project)
    edit(project, "Too hot", "Far too hot")
    for damage, said in (("<<<<<<< ours\n", "merge conflict"), ("{torn\n", "damaged")):
        project.guide.with_suffix(".lock").write_text(text + damage, encoding="utf-8")
        done = project.run(*DECK)
        assert done.returncode == 2
        assert said in done.stderr
        assert project.outputs() == outputs
        assert lock_of(project) == text + damage


def test_a_renamed_top_deck_is_adopted(project: Project) -> None:
    """Where every note stands in a topic, the deck above the topics follows its new name all the same."""
    project.run("build", "--only", "deck")
    text = project.guide.read_text(encoding="utf-8")
    project.guide.write_text(text.replace("deck: Kitchen::Tea", "deck: Drinks::Tea"), encoding="utf-8")
    assert project.run("deck", "source/tea.md", "--adopt").returncode == 0
    lines = project.guide.with_suffix(".lock").read_text(encoding="utf-8").splitlines()
    homes = [row["deck"] for row in map(json.loads, lines) if "deck" in row]
    assert homes
    assert {tuple(home[:2]) for home in homes} == {("Drinks", "Tea")}
    assert "Kitchen" not in project.run("deck", "source/tea.md").stdout
