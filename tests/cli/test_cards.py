"""Cards on paper, as asked for on the command line."""

from __future__ import annotations

from pypdfium2 import PdfDocument

from tests.cli.project import PLAIN, Project

CARDS = ("build", "--only", "cards")


def test_cards_are_made_only_when_asked_for(project: Project) -> None:
    """A plain build makes none; `--only cards` makes the PDF, and neither another output nor a lock."""
    project.run("build")
    assert "tea-cards.pdf" not in project.outputs()
    lock = project.guide.with_suffix(".lock")
    lock.unlink()
    done = project.run(*CARDS, "-o", "paper")
    assert (done.returncode, done.stderr) == (0, "")
    assert set(project.outputs("paper")) == {"tea-cards.pdf"}
    assert not lock.exists()
    assert "2 pages" in done.stdout


def test_printing_leaves_the_lock_as_it_is(project: Project) -> None:
    """Cards of an edited guide are printed from its text of now; the lock still knows the last deck."""
    project.run("build", "--only", "deck")
    lock = project.guide.with_suffix(".lock")
    before = lock.read_bytes()
    project.guide.write_text(project.guide.read_text("utf-8").replace("Too hot", "Far too hot"), encoding="utf-8")
    assert project.run(*CARDS).returncode == 0
    assert lock.read_bytes() == before


def test_cards_go_with_other_outputs(project: Project) -> None:
    """`--only` may be repeated, and what the notes have to say is said once."""
    project.guide.write_text(PLAIN + "\n### Why is there no answer?\n", encoding="utf-8")
    done = project.run(*CARDS, "--only", "deck")
    assert set(project.outputs()) == {"tea.apkg", "tea-cards.pdf"}
    assert done.stderr.count("SP402") == 1
    assert project.run(*CARDS).stderr.count("SP402") == 1


def test_the_edge_about_which_the_printer_turns_can_be_chosen(project: Project) -> None:
    """`--duplex short` puts backs elsewhere than `long`, which is the default; another word is wrong usage."""
    made = {}
    for name, options in {"": (), "long": ("--duplex", "long"), "short": ("--duplex", "short")}.items():
        assert project.run(*CARDS, *options).returncode == 0
        made[name] = project.outputs()["tea-cards.pdf"]
    assert made[""] == made["long"] != made["short"]
    assert len(PdfDocument(made["short"])) == 2
    assert project.run(*CARDS, "--duplex", "middle").returncode == 2
    assert "--duplex" in project.run("build", "--help").stdout


def test_a_guide_that_has_no_cards_any_more_loses_the_pdf(project: Project) -> None:
    """No cards is a warning, and the cards of an earlier build go."""
    project.run(*CARDS)
    project.guide.write_text("# Tea\n\n## Kinds {: .no-cards }\n\nGreen.\n", encoding="utf-8")
    done = project.run(*CARDS)
    assert done.returncode == 0
    assert "SP404" in done.stderr
    assert project.outputs() == {}
