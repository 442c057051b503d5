"""Two people edit a guide on two branches, each builds and commits guide and lock; git merges both."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from studypack.diagnostics import StudypackError
from tests.anki.bread import BREAD, DARK, NEW_ASKED, NEW_QUESTION, cut, item, put, renamed, turn
from tests.anki.learner import DAY, FIRST_BUILD, Package, Project, Truth, first_of, learning

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

Change = Callable[[str], str]
RISE, RISES = "Why does dough rise?", "Why does a dough rise?"
BASKET, FACES = "Which side goes up in the basket?", "Which side faces up in the basket?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Branches:
    """What is done on each of two branches, and the truth about the cards of the merged guide."""

    name: str
    ours: Change
    theirs: Change
    truth: Truth


APART = (
    Branches(
        name="answers",
        ours=turn("carbon dioxide", "a gas"),
        theirs=turn("The seam, because", "The seam, for"),
        truth=Truth(),
    ),
    Branches(
        name="questions",
        ours=turn(RISE, RISES),
        theirs=turn(BASKET, FACES),
        truth=Truth(becomes={RISE: RISES, BASKET: FACES}),
    ),
    Branches(
        name="a card each",
        ours=turn("### How wet", NEW_QUESTION + "### How wet"),
        theirs=turn(DARK, "### Is it?\n\nYes.\n\n" + DARK),
        truth=Truth(fresh=frozenset({NEW_ASKED, "Is it?"})),
    ),
    Branches(
        name="a card gone, another edited",
        ours=cut(item("Biga")),
        theirs=turn("At 98 °C", "At 99 °C"),
        truth=Truth(gone=frozenset({"Biga"})),
    ),
    Branches(
        name="a topic renamed, another edited",
        ours=turn("## Flour", "## Grain"),
        theirs=turn("carbon dioxide", "a gas"),
        truth=Truth(),
    ),
    Branches(
        name="a column renamed, a term too",
        ours=turn("Dutch oven", "Cast iron pot"),
        theirs=turn("**Boule**", "**Round loaf**"),
        truth=Truth(becomes={**renamed("Dutch oven", "Cast iron pot"), "Boule": "Round loaf"}),
    ),
    Branches(
        name="tags, and nothing",
        ours=turn("[bread]", "[baking]"),
        theirs=lambda text: text + "\n<!-- nothing -->\n",
        truth=Truth(),
    ),
)
"""Edits that git merges in guide and lock alike."""

CLOSE = (
    Branches(
        name="neighbours",
        ours=turn("carbon dioxide", "a gas"),
        theirs=turn("Eighty per cent.", "Four fifths."),
        truth=Truth(),
    ),
    Branches(
        name="a card gone each",
        ours=cut(item("Biga")),
        theirs=cut(item("Batard")),
        truth=Truth(gone=frozenset({"Biga", "Batard"})),
    ),
    Branches(
        name="a topic each",
        ours=turn("## Dough", "## Starter\n\n" + NEW_QUESTION + "## Dough"),
        theirs=lambda text: text + "\n## Storing\n\n### Is it?\n\nYes.\n",
        truth=Truth(fresh=frozenset({NEW_ASKED, "Is it?"})),
    ),
    Branches(
        name="a card gone, its topic renamed",
        ours=cut(item("Batard")),
        theirs=turn("## Shaping", "## Forming"),
        truth=Truth(gone=frozenset({"Batard"}), becomes={"Shaping": "Forming"}),
    ),
)
"""Edits that git merges in the guide but not in the lock, whose lines are closer together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """A project under git, with nothing of the user's own settings."""

    project: Project

    def git(self, *words: str, clean: bool = True) -> str:
        """Run git; `clean` says whether it must succeed."""
        names = {f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
        names |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        ran = subprocess.run(
            ["git", *words],
            cwd=self.project.guide.parent,
            env={**os.environ, **names},
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        assert (ran.returncode == 0) is clean, ran.stdout + ran.stderr
        return ran.stdout

    def begin(self) -> None:
        """Commit guide and lock as they are."""
        self.git("init", "-q", "-b", "main")
        self.git("add", ".")
        self.git("commit", "-qm", "first")

    def branch(self, name: str, change: Change, now: int) -> Package:
        """Edit, build and commit on a new branch from the beginning; what was built there."""
        self.git("checkout", "-qb", name, "main")
        self.project.write(change(BREAD))
        package = self.project.build(now)
        self.git("commit", "-qam", name)
        return package

    def keep_both(self) -> None:
        """Do what the message about a conflict in the lock says: keep the lines of both sides."""
        lines = self.project.lock.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if line[:7] not in {"<" * 7, "=" * 7, ">" * 7}]
        self.project.lock.write_text("".join(kept), encoding="utf-8")


@pytest.fixture
def repository(project: Project) -> Repository:
    """The usual guide under git, with its learner."""
    made = Repository(project=project)
    made.begin()
    return made


def grow(repository: Repository, edit: Branches, *, clean: bool) -> tuple[Package, Package]:
    """Edit on two branches and merge the second into the first; what was built on each."""
    ours = repository.branch("ours", edit.ours, FIRST_BUILD + DAY)
    theirs = repository.branch("theirs", edit.theirs, FIRST_BUILD + DAY // 2)
    repository.git("checkout", "-q", "ours")
    repository.git("merge", "-q", "theirs", "-m", "merged", clean=clean)
    return ours, theirs


def check(repository: Repository, truth: Truth, *before: Package) -> None:
    """Build the merged guide and import it after what came before."""
    package = repository.project.build(FIRST_BUILD + 2 * DAY)
    with learning(repository.project.folder / "anki", first_of(repository.project)) as learner:
        for one in before:
            learner.overlook(one)
        learner.receive(package)
        learner.check(truth, package)


@pytest.mark.parametrize("seen", ["neither", "ours", "theirs", "both"])
@pytest.mark.parametrize("edit", APART, ids=lambda edit: edit.name)
def test_branches_that_merge_cleanly_keep_every_review(edit: Branches, seen: str, repository: Repository) -> None:
    """Both edits arrive, whichever branch a learner had a deck of before."""
    ours, theirs = grow(repository, edit, clean=True)
    assert repository.project.guide.read_text(encoding="utf-8") == edit.theirs(edit.ours(BREAD))
    check(repository, edit.truth, *{"neither": (), "ours": (ours,), "theirs": (theirs,), "both": (ours, theirs)}[seen])


@pytest.mark.parametrize("edit", CLOSE, ids=lambda edit: edit.name)
def test_a_conflicted_lock_stops_the_build_until_both_sides_are_kept(edit: Branches, repository: Repository) -> None:
    """The message says what to do; done so, both edits arrive and no review is lost."""
    ours, _ = grow(repository, edit, clean=False)
    project = repository.project
    assert repository.git("diff", "--name-only", "--diff-filter=U").split() == [project.lock.name]
    deck = project.package.read_bytes()
    with pytest.raises(StudypackError, match="keep the lines of both sides"):
        project.build()
    assert project.package.read_bytes() == deck
    repository.keep_both()
    check(repository, edit.truth, ours)


@pytest.mark.parametrize("edit", [*APART, *CLOSE], ids=lambda edit: edit.name)
def test_a_union_merge_of_locks_is_never_in_conflict(edit: Branches, repository: Repository) -> None:
    """`*.lock merge=union` in .gitattributes keeps both sides by itself."""
    (repository.project.guide.parent / ".gitattributes").write_text("*.lock merge=union\n", encoding="utf-8")
    repository.git("add", ".")
    repository.git("commit", "-qm", "attributes")
    ours, theirs = grow(repository, edit, clean=True)
    check(repository, edit.truth, ours, theirs)


def test_one_card_reworded_on_both_branches_stays_one_card(repository: Repository) -> None:
    """Guide and lock conflict; the author chooses a wording, both lines of the lock stay, and it is the same note."""
    edit = Branches(name="", ours=turn(RISE, RISES), theirs=turn(RISE, "Why does bread dough rise?"), truth=Truth())
    ours, theirs = grow(repository, edit, clean=False)
    repository.keep_both()
    repository.project.write(put((RISE, "Why does bread dough rise?"), ("Eighty per", "Some eighty per"))(BREAD))
    check(repository, Truth(becomes={RISE: "Why does bread dough rise?"}), theirs, ours)


def test_a_card_deleted_on_one_branch_and_edited_on_the_other_stays(repository: Repository) -> None:
    """The author keeps it: it was never gone for a learner."""
    edit = Branches(
        name="",
        ours=cut(item("Biga")),
        theirs=turn("a stiff Italian", "a very stiff Italian"),
        truth=Truth(),
    )
    ours, theirs = grow(repository, edit, clean=False)
    repository.keep_both()
    repository.project.write(edit.theirs(BREAD))
    check(repository, Truth(), ours, theirs)


def test_a_column_added_on_each_branch_moves_no_history(repository: Repository) -> None:
    """Two new columns got the same numbers on two branches; what was studied before keeps its own."""

    def column(name: str) -> Change:
        return lambda text: "".join(
            line.rstrip("\n") + f" {'---' if '---' in line else name} |\n" if line.count("|") >= 5 else line
            for line in text.splitlines(keepends=True)
        )

    edit = Branches(name="", ours=column("Pot"), theirs=column("Grill"), truth=Truth())
    grow(repository, edit, clean=False)
    repository.keep_both()
    repository.project.write(column("Grill")(column("Pot")(BREAD)))
    fresh = {f"{aspect} / {name}" for aspect in ("Heat", "Steam", "Price") for name in ("Pot", "Grill")}
    check(repository, Truth(fresh=frozenset(fresh)))
