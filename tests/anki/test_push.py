"""`studypack push` into a real collection: what arrives, moves, retires, comes back, and what is left alone."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import anki.collection  # noqa: F401  # first of all, for Anki's modules import one another in a circle
import pytest
from anki.cards import Card
from anki.collection import Collection
from anki.decks import DeckId
from anki.notes import Note
from click.testing import CliRunner, Result

from studypack import pipeline
from studypack.cli import studypack
from studypack.desk.push import RETIRED
from studypack.lock import Entry, Lock
from tests.anki.collection import collection, study
from tests.anki.loopback import Loopback, running

FIRST = 1_795_000_000
"""When a guide is first built, seconds since 1970; each later edit is an hour after the one before."""

HOUR = 3600

TEA = """\
---
title: Tea
deck: Kitchen::Tea
---

## Kinds

- **Green** — not oxidised
- **Black** — fully oxidised

## Brewing

| Aspect | Green | Black |
| --- | --- | --- |
| Heat | 80 °C | 95 °C |
| Time | 2 min | 4 min |

### Why does tea turn bitter?

Too hot, or too long.
"""
"""Two terms, two rows of a comparison with two cards each, a question."""

WITHOUT_BLACK = TEA.replace("- **Black** — fully oxidised\n", "")
SORTS = TEA.replace("## Kinds", "## Sorts")


class Desk:
    """An author with a folder of guides, and a running Anki."""

    def __init__(self, folder: Path, anki: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.anki, self.collection = folder, anki, anki.collection
        self.monkeypatch = monkeypatch
        self.now = FIRST
        self.backups = folder / "saved"

    def write(self, text: str, name: str = "tea") -> Path:
        """Save a guide, an hour later."""
        path = self.folder / "source" / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        self.now += HOUR
        return path

    def push(self, *arguments: str | Path, code: int = 0, stdin: str = "") -> Result:
        """`studypack push`, of the guide `tea` unless another is named."""
        self.monkeypatch.setenv("SOURCE_DATE_EPOCH", str(self.now))
        self.anki.asked.clear()
        guides = [str(one) for one in arguments if isinstance(one, Path)] or [str(self.folder / "source" / "tea.md")]
        options = [one for one in arguments if isinstance(one, str)]
        where = ["--anki", self.anki.address, "-o", str(self.folder / "build"), "--backups", str(self.backups)]
        done = CliRunner().invoke(studypack, ["push", *guides, *where, *options], input=stdin)
        assert done.exit_code == code, done.output + repr(done.exception)
        return done

    def lock(self, name: str = "tea") -> Lock:
        """What a guide remembers."""
        lock = pipeline.read_lock(self.folder / "source" / f"{name}.md")
        assert lock is not None
        return lock

    def entry(self, asks: str, name: str = "tea") -> Entry:
        """The note that asks this, as the lock knows it."""
        (entry,) = [entry for entry in self.lock(name).entries if entry.asks == asks]
        return entry

    def note(self, asks: str, name: str = "tea") -> Note:
        """The note that asks this, in Anki."""
        (number,) = self.collection.find_notes(f"SPID:{name}/{self.entry(asks, name).guid}")
        return self.collection.get_note(number)

    def cards(self, asks: str, name: str = "tea") -> list[Card]:
        """The cards of the note that asks this."""
        return self.note(asks, name).cards()

    def decks_of(self, asks: str, name: str = "tea") -> set[str]:
        """The decks that the cards of a note are in."""
        return {self.collection.decks.name(card.did) for card in self.cards(asks, name)}

    def decks(self) -> set[str]:
        """All decks but the default one."""
        return {one.name for one in self.collection.decks.all_names_and_ids()} - {"Default"}

    def put(self, asks: str, deck: str) -> None:
        """The learner puts a note's cards into a deck."""
        number = self.collection.decks.id(deck)
        assert number is not None
        self.collection.set_deck([card.id for card in self.cards(asks)], number)

    def add_own(self, deck: str) -> Note:
        """The learner adds a note of theirs to a deck."""
        kind = self.collection.models.by_name("Basic")
        number = self.collection.decks.id(deck)
        assert kind is not None
        assert number is not None
        note = self.collection.new_note(kind)
        note["Front"], note["Back"] = "mine", "own"
        self.collection.add_note(note, number)
        return note

    def edit(self, asks: str, field: str, text: str, at: int) -> None:
        """The learner edits a field of a note at this time."""
        note = self.note(asks)
        note[field] = text
        self.collection.update_note(note)
        self.date(note, at)

    def date(self, note: Note, at: int) -> None:
        """As if a note had last changed at this time."""
        assert self.collection.db is not None
        self.collection.db.execute("update notes set mod = ? where id = ?", at, note.id)

    def state(self) -> object:
        """All that is in the collection, and all files of the author."""
        assert self.collection.db is not None
        tables = ("select * from notes", "select * from cards", "select * from decks", "select * from tags")
        rows = [self.collection.db.all(table) for table in tables]
        files = {path: path.read_bytes() for path in sorted(self.folder.rglob("*")) if path.is_file()}
        return rows, {path: data for path, data in files.items() if "anki" not in path.parts}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A folder, and a running Anki with nothing in it."""
    (tmp_path / "anki").mkdir()
    with running(tmp_path / "anki") as anki:
        yield Desk(tmp_path, anki, monkeypatch)


@pytest.fixture
def pushed(desk: Desk) -> Desk:
    """The same with the guide `tea` in it."""
    desk.write(TEA)
    desk.push()
    return desk


# --- what arrives ------------------------------------------------------------------------------------------------


def test_a_guide_is_built_imported_and_read_back(desk: Desk) -> None:
    """All notes are there, in their decks, and the build stands where builds do."""
    desk.write(TEA)
    done = desk.push()
    assert "5 notes: added 5\n" in done.output
    assert desk.collection.card_count() == 7
    assert desk.decks() == {"Kitchen", "Kitchen::Tea", "Kitchen::Tea::Kinds", "Kitchen::Tea::Brewing"}
    assert (desk.folder / "build" / "tea.apkg").exists()
    assert [path.name for path in (desk.folder / "build").iterdir()] == ["tea.apkg"]


def test_nothing_is_done_twice(pushed: Desk) -> None:
    """A second push imports again, for pictures and styles, and changes nothing else."""
    before = pushed.state()
    done = pushed.push()
    assert "all as they were" in done.output
    assert pushed.anki.changes() == ["importPackage"]
    assert pushed.state() == before


def test_an_edit_arrives(pushed: Desk) -> None:
    """What the guide says now is read back from Anki."""
    pushed.write(TEA.replace("not oxidised", "never oxidised"))
    done = pushed.push("-v")
    assert "updated 1, 4 as they were" in done.output
    assert "updated  Green" in done.output
    assert "never oxidised" in pushed.note("Green")["Back"]


def test_the_windows_of_anki_show_it(desk: Desk) -> None:
    """AnkiConnect redraws them before each change, so the last would not be seen: also not where notes are deleted."""
    desk.write(TEA)
    desk.push()
    assert desk.anki.shown == desk.anki.held()
    desk.write(WITHOUT_BLACK)
    desk.push("--delete-retired", "--yes")
    assert desk.anki.shown == desk.anki.held()


def test_true_from_anki_is_not_believed(pushed: Desk) -> None:
    """An import that does nothing and answers true is found out."""
    pushed.write(TEA.replace("not oxidised", "never oxidised") + "\n### Why rinse?\n\nIt is dusty.\n")
    pushed.anki.imports = False
    done = pushed.push(code=2)
    assert "1 note not updated, though what the guide says is newer" in done.output
    assert "1 note not in Anki after the import" in done.output
    assert "· Why rinse?" in done.output


def test_a_learners_edit_is_kept_while_it_is_the_newer_one(pushed: Desk) -> None:
    """It is said, not complained of; and when the guide is edited later, that is what counts."""
    pushed.edit("Green", "Back", "mine", pushed.now + 60)
    done = pushed.push()
    assert "1 note kept as edited in Anki" in done.output
    assert pushed.note("Green")["Back"] == "mine"
    pushed.write(TEA.replace("not oxidised", "never oxidised"))
    assert "updated 1" in pushed.push().output
    assert "never" in pushed.note("Green")["Back"]


def test_a_learners_own_tags_and_fields_are_no_difference(pushed: Desk) -> None:
    """They may add what they like."""
    note = pushed.note("Green")
    note.add_tag("hard")
    pushed.collection.update_note(note)
    kind = note.note_type()
    assert kind is not None
    pushed.collection.models.add_field(kind, pushed.collection.models.new_field("Mine"))
    pushed.collection.models.update_dict(kind)
    assert "all as they were" in pushed.push().output


def test_what_the_learner_marked_stays_marked(pushed: Desk) -> None:
    """An import takes all tags of a note that changed; its mark, and that it is a leech, are put back."""
    note = pushed.note("Green")
    note.tags += ["Marked", "leech", "mine"]
    pushed.collection.update_note(note)
    pushed.date(note, pushed.now)
    pushed.write(TEA.replace("not oxidised", "never oxidised"))
    assert "updated 1" in pushed.push().output
    found = {tag.casefold() for tag in pushed.note("Green").tags}
    assert {"marked", "leech"} <= found
    assert "mine" not in found
    pushed.push()
    assert pushed.anki.asked.count("addTags") == 0


def test_two_texts_of_one_time_are_told(pushed: Desk) -> None:
    """Anki does not take a note that is not newer; push says why, and what helps."""
    pushed.edit("Green", "Back", "another branch's", pushed.entry("Green").time)
    done = pushed.push(code=2)
    assert "1 note not updated: Anki has another text of the same time" in done.output
    assert "--refresh-all" in done.output


def test_a_note_of_a_type_that_the_learner_copied_is_a_conflict(pushed: Desk) -> None:
    """An older Anki passes over a note whose type is another, and answers true; a newer one mends it."""
    note = pushed.note("Green")
    old = note.note_type()
    assert old is not None
    models = pushed.collection.models
    copy = models.copy(old)
    same: dict[int, int | None] = {number: number for number in range(len(old["flds"]))}
    models.change(old, [note.id], copy, same, {0: 0, 1: 1})
    pushed.date(pushed.note("Green"), pushed.now)
    pushed.write(TEA.replace("not oxidised", "never oxidised"))
    pushed.anki.merges = False
    done = pushed.push(code=2)
    assert "1 note not updated, though what the guide says is newer" in done.output
    assert "· Green" in done.output
    assert "never" not in pushed.note("Green")["Back"]
    pushed.anki.merges = True
    assert "updated 1, 4 as they were" in pushed.push().output


def test_a_note_made_a_cloze_stops_the_import_and_is_named(pushed: Desk) -> None:
    """Anki refuses the whole package then; push says for which notes, in a dry run before it is done."""
    note, old = pushed.note("Green"), pushed.note("Green").note_type()
    cloze = pushed.collection.models.by_name("studypack cloze")
    assert old is not None
    assert cloze is not None
    spid = pushed.collection.models.field_names(cloze).index("SPID")
    pushed.collection.models.change(old, [note.id], cloze, {0: 0, 10: spid}, None)
    assert "1 note not updated" in pushed.push("--dry-run", code=2).output
    done = pushed.push(code=2)
    assert "Anki refuses the whole deck" in done.stderr
    assert f"nid:{note.id}" in done.stderr


def test_a_note_without_its_spid_is_missing(pushed: Desk) -> None:
    """A note that the learner gave a type without that field cannot be found."""
    note = pushed.note("Green")
    basic, old = pushed.collection.models.by_name("Basic"), note.note_type()
    assert basic is not None
    assert old is not None
    pushed.collection.models.change(old, [note.id], basic, {0: 0, 1: 1}, {0: 0})
    done = pushed.push("--json", code=2)
    (told,) = json.loads(done.stdout)["guides"].values()
    assert told["notes"][pushed.entry("Green").guid] == "missing"
    assert told["ok"] is False


def test_a_note_type_that_lost_a_field_is_mended(pushed: Desk) -> None:
    """AnkiConnect has Anki merge note types, which gives the field back; where nothing does, its lack is told."""
    note = pushed.note("Green")
    kind = note.note_type()
    assert kind is not None
    models = pushed.collection.models
    models.remove_field(kind, kind["flds"][models.field_names(kind).index("Extra")])
    models.update_dict(kind)
    for number in pushed.collection.find_notes(""):
        pushed.date(pushed.collection.get_note(number), FIRST)
    pushed.anki.imports = False
    done = pushed.push(code=2)
    assert "3 notes not updated, though what the guide says is newer" in done.output
    pushed.anki.imports = True
    pushed.write(TEA.replace("not oxidised", "never oxidised"))
    pushed.push()
    assert "Extra" in pushed.note("Green")


def test_an_own_field_in_an_older_anki_is_a_conflict_until_it_is_gone(pushed: Desk) -> None:
    """It then takes the guide's note type for another; the note has the right one already, so that is not the cure."""
    kind = pushed.note("Green").note_type()
    assert kind is not None
    models = pushed.collection.models
    models.add_field(kind, models.new_field("Mine"))
    models.update_dict(kind)
    pushed.date(pushed.note("Green"), pushed.now)
    pushed.anki.merges = False
    pushed.write(TEA.replace("not oxidised", "never oxidised"))
    assert "Put its fields back as they were" in pushed.push(code=2).output
    models.remove_field(kind, kind["flds"][-1])
    models.update_dict(kind)
    pushed.date(pushed.note("Green"), pushed.now - HOUR)
    assert "updated 1, 4 as they were" in pushed.push().output


def test_a_field_that_the_learner_calls_otherwise_is_still_that_field(pushed: Desk) -> None:
    """Anki imports into it; so it is no conflict, and a dry run knows."""
    for kind, name in (("studypack basic", "Back"), ("studypack cloze", "Text")):
        _rename_field(pushed.collection, kind, name, "Mine")
    pushed.write(TEA.replace("not oxidised", "never oxidised"))
    assert "would update 1, 4 as they were" in pushed.push("--dry-run").output
    assert "updated 1, 4 as they were" in pushed.push().output
    assert "never oxidised" in pushed.note("Green")["Mine"]
    assert "all as they were" in pushed.push().output


def _rename_field(opened: Collection, kind: str, name: str, wanted: str) -> None:
    stored = opened.models.by_name(kind)
    assert stored is not None
    (field,) = [one for one in stored["flds"] if one["name"] == name]
    opened.models.rename_field(stored, field, wanted)
    opened.models.update_dict(stored)


def test_an_old_ankiconnect_that_tells_no_times_will_do(pushed: Desk) -> None:
    """Then push cannot say who edited what; all else goes as ever."""
    pushed.anki.no_times = True
    assert "all as they were" in pushed.push().output
    pushed.write(TEA.replace("not oxidised", "never oxidised"))
    assert "updated 1" in pushed.push().output
    pushed.edit("Green", "Back", "mine", pushed.now + 60)
    assert "1 note kept as edited in Anki" in pushed.push().output


# --- what left, and came back ------------------------------------------------------------------------------------


def test_what_left_the_guide_is_suspended_and_tagged_once(pushed: Desk) -> None:
    """A learner who takes it up again is not overruled."""
    pushed.write(WITHOUT_BLACK)
    done = pushed.push("-v")
    assert f"suspended 1 note that left the guide, tagged {RETIRED}\n    · Black" in done.output
    assert RETIRED in pushed.note("Black").tags
    assert [card.queue for card in pushed.cards("Black")] == [-1]
    assert [card.queue for card in pushed.cards("Green")] == [0]
    pushed.collection.sched.unsuspend_cards([card.id for card in pushed.cards("Black")])
    assert "suspended" not in pushed.push().output
    assert [card.queue for card in pushed.cards("Black")] == [0]


@pytest.mark.parametrize("text", ["fully oxidised", "oxidised all through"], ids=["as it was", "reworded"])
def test_what_comes_back_is_taken_up_again(pushed: Desk, text: str) -> None:
    """Whether its text changed meanwhile or not: the cards are awake, the tags gone, the text is the guide's."""
    pushed.write(WITHOUT_BLACK)
    pushed.push()
    pushed.date(pushed.note("Black"), pushed.now)
    pushed.write(TEA.replace("fully oxidised", text))
    done = pushed.push()
    assert "took up again 1 note that came back" in done.output
    note = pushed.note("Black")
    assert [card.queue for card in note.cards()] == [0]
    assert not [tag for tag in note.tags if tag.startswith("studypack::")]
    assert text in note["Back"]
    assert "took up" not in pushed.push().output


def test_what_the_learner_had_suspended_stays_so(pushed: Desk) -> None:
    """Of a note with two cards, one suspended by the learner, only the other is taken up again."""
    first, second = pushed.cards("Heat")
    pushed.collection.sched.suspend_cards([first.id])
    pushed.write(TEA.replace("| Heat | 80 °C | 95 °C |\n", ""))
    pushed.push()
    assert [card.queue for card in pushed.cards("Heat")] == [-1, -1]
    pushed.write(TEA)
    pushed.push()
    assert {card.id: card.queue for card in pushed.cards("Heat")} == {first.id: -1, second.id: 0}
    assert not [tag for tag in pushed.note("Heat").tags if tag.startswith("studypack::")]


def test_a_suspended_card_that_never_left_stays_suspended(pushed: Desk) -> None:
    """Push takes up nothing that push did not lay down."""
    pushed.collection.sched.suspend_cards([card.id for card in pushed.cards("Green")])
    pushed.write(TEA.replace("not oxidised", "never oxidised"))
    pushed.push()
    assert [card.queue for card in pushed.cards("Green")] == [-1]


def test_a_guide_that_lost_all_its_notes(pushed: Desk) -> None:
    """There is no package any more; what was there retires."""
    pushed.write("# Tea\n")
    done = pushed.push()
    assert "the guide has no notes" in done.output
    assert "suspended 5 notes" in done.output
    assert pushed.anki.changes() == ["suspend", "addTags"]
    assert len(pushed.collection.find_cards("is:suspended")) == 7


# --- decks -------------------------------------------------------------------------------------------------------


def test_a_renamed_topic_takes_its_cards_along(pushed: Desk) -> None:
    """Its cards move, retired ones too, with the deck's options; the old deck goes; the lock and the deck know."""
    decks = pushed.collection.decks
    options = decks.add_config_returning_id("slow")
    old = decks.by_name("Kitchen::Tea::Kinds")
    assert old is not None
    decks.set_config_id_for_deck_dict(old, options)
    pushed.write(WITHOUT_BLACK)
    pushed.push()
    pushed.write(WITHOUT_BLACK.replace("## Kinds", "## Sorts"))
    done = pushed.push()
    assert "moved 2 cards: Kitchen::Tea::Kinds → Kitchen::Tea::Sorts" in done.output
    assert "deleted the empty deck Kitchen::Tea::Kinds" in done.output
    assert pushed.decks_of("Green") == pushed.decks_of("Black") == {"Kitchen::Tea::Sorts"}
    assert "Kitchen::Tea::Kinds" not in pushed.decks()
    new = decks.by_name("Kitchen::Tea::Sorts")
    assert new is not None
    assert decks.config_dict_for_deck_id(DeckId(new["id"]))["id"] == options
    assert pushed.entry("Green").deck == ("Kitchen", "Tea", "Sorts")
    before = pushed.state()
    assert "all as they were" in pushed.push().output
    assert pushed.state() == before


def test_a_renamed_guide_takes_all_its_decks_along(pushed: Desk) -> None:
    """Also those of topics that are gone, and the top one; a deck that others may use stays."""
    pushed.write(TEA.partition("## Brewing")[0])
    pushed.push()
    pushed.write(TEA.partition("## Brewing")[0].replace("Kitchen::Tea", "Kitchen::Drinks"))
    done = pushed.push()
    assert pushed.decks() == {"Kitchen", "Kitchen::Drinks", "Kitchen::Drinks::Kinds", "Kitchen::Drinks::Brewing"}
    assert done.output.count("deleted the empty deck") == 3
    assert pushed.lock().topics[""] == ("Kitchen", "Drinks")
    pushed.push()
    assert len(pushed.decks()) == 4


def test_a_note_that_moved_to_another_topic_changes_decks(pushed: Desk) -> None:
    """The deck that it leaves goes when it was the last in it."""
    moved = TEA.replace("- **Black** — fully oxidised\n", "").replace(
        "### Why", "- **Black** — fully oxidised\n\n### Why"
    )
    pushed.write(moved)
    assert "moved 1 card: Kitchen::Tea::Kinds → Kitchen::Tea::Brewing" in pushed.push().output
    assert pushed.decks_of("Black") == {"Kitchen::Tea::Brewing"}
    pushed.write(
        moved.replace("## Kinds\n\n- **Green** — not oxidised\n\n", "").replace(
            "### Why", "- **Green** — not oxidised\n\n### Why"
        )
    )
    assert "deleted the empty deck Kitchen::Tea::Kinds" in pushed.push().output
    assert pushed.decks_of("Green") == {"Kitchen::Tea::Brewing"}


def test_topics_that_change_names_with_each_other(desk: Desk) -> None:
    """Each card goes to its own, none ends where it began, no deck is lost."""
    pinned = TEA.replace("## Kinds", "## Kinds {: #k }").replace("## Brewing", "## Brewing {: #b }")
    desk.write(pinned)
    desk.push()
    desk.write(pinned.replace("## Kinds", "## X").replace("## Brewing", "## Kinds").replace("## X", "## Brewing"))
    desk.push()
    assert desk.decks_of("Green") == {"Kitchen::Tea::Brewing"}
    assert desk.decks_of("Heat") == {"Kitchen::Tea::Kinds"}
    assert desk.decks() == {"Kitchen", "Kitchen::Tea", "Kitchen::Tea::Kinds", "Kitchen::Tea::Brewing"}


def test_a_card_that_the_learner_moved_stays_where_it_is(pushed: Desk) -> None:
    """It is said which, once; the others go."""
    pushed.put("Black", "Hard ones")
    pushed.write(SORTS)
    done = pushed.push("-v")
    assert "left 1 note in the deck that you had put them into" in done.output
    assert "· Black  (Hard ones)" in done.output
    assert pushed.decks_of("Black") == {"Hard ones"}
    assert pushed.decks_of("Green") == {"Kitchen::Tea::Sorts"}
    assert "left" not in pushed.push().output


def test_decks_that_the_learner_calls_otherwise_do_not_come_back_empty(pushed: Desk) -> None:
    """An import makes all decks that a package names; those that it puts nothing into go again."""
    number = pushed.collection.decks.id_for_name("Kitchen")
    assert number is not None
    pushed.collection.decks.rename(number, "Drinks")
    pushed.collection.decks.id("Empty")
    before = pushed.decks()
    pushed.write(TEA.replace("not oxidised", "never oxidised"))
    pushed.push()
    assert pushed.decks() == before
    pushed.write(TEA + "\n### Why rinse?\n\nIt is dusty.\n")
    pushed.push()
    assert pushed.decks() == {*before, "Kitchen", "Kitchen::Tea", "Kitchen::Tea::Brewing"}


def test_a_learners_own_card_keeps_its_deck(pushed: Desk) -> None:
    """Whatever is not the guide's is not moved, and a deck with a card or a subdeck in it is not deleted."""
    own = pushed.add_own("Kitchen::Tea::Kinds")
    pushed.add_own("Kitchen::Tea::Brewing::Mine")
    pushed.write(SORTS.replace("## Brewing", "## Making"))
    done = pushed.push()
    assert "left the deck Kitchen::Tea::Kinds: there are other cards or decks in it" in done.output
    assert "left the deck Kitchen::Tea::Brewing" in done.output
    assert {pushed.collection.decks.name(card.did) for card in own.cards()} == {"Kitchen::Tea::Kinds"}
    assert pushed.decks_of("Green") == {"Kitchen::Tea::Sorts"}


def test_a_card_in_a_filtered_deck_has_its_home_elsewhere(pushed: Desk) -> None:
    """It goes to its new deck as Anki's own Change Deck would have it; its old home is not deleted under it."""
    scheduler = pushed.collection.sched
    filtered = scheduler.get_or_create_filtered_deck(DeckId(0))
    filtered.name = "Cram"
    del filtered.config.search_terms[1:]
    filtered.config.search_terms[0].search = '"deck:Kitchen::Tea::Kinds"'
    scheduler.add_or_update_filtered_deck(filtered)
    assert pushed.decks_of("Green") == {"Cram"}
    pushed.write(SORTS)
    assert "moved 2 cards" in pushed.push().output
    assert pushed.decks_of("Green") == pushed.decks_of("Black") == {"Kitchen::Tea::Sorts"}
    assert not [card for card in pushed.cards("Green") if card.odid]


def test_a_push_that_broke_off_is_taken_up_by_the_next(pushed: Desk) -> None:
    """Where Anki goes away amid the moving, the lock still says where the cards were."""
    pushed.write(SORTS.replace("## Brewing", "## Making"))
    pushed.anki.unknown = frozenset({"deleteDecks"})
    pushed.push(code=2)
    assert pushed.entry("Green").deck == ("Kitchen", "Tea", "Kinds")
    pushed.anki.unknown = frozenset()
    assert pushed.push().output.count("deleted the empty deck") == 2
    assert pushed.entry("Green").deck == ("Kitchen", "Tea", "Sorts")
    assert pushed.decks() == {"Kitchen", "Kitchen::Tea", "Kitchen::Tea::Sorts", "Kitchen::Tea::Making"}


# --- whose notes they are ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("other", ["tea-2", "tea*", "Te_", "t*", 'tea "x" & y', "té:a"])
def test_a_guide_of_a_similar_name_is_left_alone(desk: Desk, other: str) -> None:
    """Names that mean something in Anki's search, or that begin alike, are told apart; each way round."""
    desk.write(TEA)
    second = desk.write(TEA.replace("Kitchen::Tea", "Other"), other)
    desk.push(desk.folder / "source" / "tea.md", second)
    assert desk.collection.note_count() == 10
    desk.write("# Tea\n")
    assert "suspended 5 notes" in desk.push().output
    assert len(desk.collection.find_cards("is:suspended")) == 7
    assert "all as they were" in desk.push(second).output
    desk.write("# Tea\n", other)
    assert "suspended 5 notes" in desk.push(second).output
    assert len(desk.collection.find_cards("is:suspended")) == 14


def test_a_learners_copy_is_theirs(pushed: Desk) -> None:
    """A copy has the same SPID; it is neither taken for the note nor suspended with it."""
    note = pushed.note("Black")
    kind = note.note_type()
    assert kind is not None
    copy = pushed.collection.new_note(kind)
    copy.fields = list(note.fields)
    copy["Back"] = "my own words"
    pushed.collection.add_note(copy, note.cards()[0].did)
    done = pushed.push()
    assert "all as they were\n  left 1 copy of a note that you copied in Anki" in done.output
    pushed.write(WITHOUT_BLACK)
    pushed.push()
    assert pushed.collection.get_note(copy.id).tags == []
    assert [card.queue for card in copy.cards()] == [0]


def test_a_note_that_the_lock_does_not_know_is_left(pushed: Desk) -> None:
    """As after a lost lock: it is counted, and not taken for retired."""
    pushed.write(WITHOUT_BLACK)
    (pushed.folder / "source" / "tea.lock").unlink()
    done = pushed.push()
    assert "left 1 note of this guide that its lock does not know" in done.output
    assert not pushed.collection.find_cards("is:suspended")


# --- deleting ----------------------------------------------------------------------------------------------------


def test_retired_notes_are_deleted_after_they_were_saved(pushed: Desk) -> None:
    """What was saved can be imported again, with its reviews."""
    (card,) = pushed.cards("Black")
    study(pushed.collection, card)
    pushed.write(WITHOUT_BLACK)
    done = pushed.push("--delete-retired", "--yes")
    assert "deleted 1 note that had left the guide" in done.output
    assert pushed.collection.note_count() == 4
    (saved,) = pushed.backups.iterdir()
    assert saved.name.startswith("tea-before-deleting-")
    (pushed.folder / "other").mkdir()
    with collection(pushed.folder / "other") as opened:
        _restore(opened, saved)
        (number,) = opened.find_cards(f"SPID:tea/{pushed.entry('Black').guid}")
        assert opened.get_card(number).reps == 2
    assert "deleted" not in pushed.push("--delete-retired", "--yes").output.replace(str(pushed.folder), "")


def _restore(opened: Collection, package: Path) -> None:
    Loopback(opened, 0).do_importPackage(str(package))


def test_nothing_is_deleted_that_was_not_saved(pushed: Desk) -> None:
    """Where Anki saves nothing, push says so and stops."""
    pushed.write(WITHOUT_BLACK)
    pushed.anki.exports = False
    done = pushed.push("--delete-retired", "--yes", code=2)
    assert "Nothing was deleted: 1 of the notes" in done.stderr
    pushed.anki.exports = True
    pushed.backups.rmdir()
    pushed.backups.write_text("a file", encoding="utf-8")
    pushed.backups /= "below"
    done = pushed.push("--delete-retired", "--yes", code=2)
    assert "Name another: --backups" in done.stderr
    assert pushed.collection.note_count() == 5


def test_a_script_has_to_say_yes(pushed: Desk) -> None:
    """Where nobody can be asked, that is said before anything is done."""
    pushed.write(WITHOUT_BLACK)
    done = pushed.push("--delete-retired", code=2)
    assert "--yes" in done.stderr
    assert pushed.anki.asked == []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
@pytest.mark.parametrize(("answer", "left"), [("y", 4), ("n", 5), ("", 5)])
def test_a_person_is_asked(pushed: Desk, answer: str, left: int) -> None:
    """Which notes, with what is lost; the answer that comes of itself is no."""
    import pty
    import subprocess

    pushed.write(WITHOUT_BLACK)
    mine, theirs = pty.openpty()
    command = [sys.executable, "-m", "studypack", "push", "source/tea.md", "--anki", pushed.anki.address]
    os.write(mine, f"{answer}\n".encode())
    done = subprocess.run(
        [*command, "--delete-retired", "--backups", "saved"],
        cwd=pushed.folder,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(pushed.now)},
        stdin=theirs,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    for end in (mine, theirs):
        os.close(end)
    assert done.returncode == 0, done.stderr
    assert "Black" in done.stderr
    assert "Delete 1 note with their reviews?" in done.stderr
    assert pushed.collection.note_count() == left


# --- dry runs, sync, JSON ----------------------------------------------------------------------------------------


def test_a_dry_run_says_what_the_push_then_does_and_changes_nothing(pushed: Desk) -> None:
    """Everything at once: an edit, a new note, a retired one, one that comes back, a renamed topic, an own edit."""
    pushed.write(WITHOUT_BLACK)
    pushed.push()
    pushed.date(pushed.note("Black"), pushed.now)
    pushed.edit("Time", "Extra", "mine", pushed.now + 2 * HOUR)
    later = SORTS.replace("| Heat | 80 °C | 95 °C |\n", "").replace("or too long", "or much too long")
    pushed.write(later + "\n### Why rinse?\n\nIt is dusty.\n")
    before = pushed.state()
    dry = pushed.push("--dry-run", "-v", "--delete-retired", "--sync")
    assert pushed.anki.changes() == []
    assert pushed.state() == before
    wet = pushed.push("-v", "--delete-retired", "--yes", "--sync")
    saved = [line for line in wet.output.splitlines() if "saved before" not in line]
    told = dry.output.replace("  (dry run: nothing is changed)", "")
    for would, did in _DONE.items():
        told = told.replace(would, did)
    assert told.splitlines() == saved
    done = ("added 1", "updated 3", "moved 2 cards", "took up again 1", "suspended 1", "deleted 1", "kept as edited")
    assert [part for part in done if part not in wet.output] == []


_DONE = {
    "would build": "built",
    "would add": "added",
    "would update": "updated",
    "would move": "moved",
    "would delete": "deleted",
    "would suspend": "suspended",
    "would take": "took",
    "Anki would sync.": "Anki has synced.",
}
"""What a dry run says, and what is said when it was done."""


def test_a_dry_run_before_there_is_anything(desk: Desk) -> None:
    """No folder is made, no lock written."""
    desk.write(TEA)
    before = desk.state()
    done = desk.push("--dry-run")
    assert "would add 5" in done.output
    assert desk.state() == before
    assert not (desk.folder / "build").exists()


def test_the_json_tells_all(pushed: Desk) -> None:
    """One object for a program, nothing else on standard output."""
    pushed.put("Black", "Hard ones")
    pushed.write(SORTS.replace("| Heat | 80 °C | 95 °C |\n", ""))
    told = json.loads(pushed.push("--json", "--sync").stdout)
    assert (told["dry_run"], told["synced"]) == (False, True)
    (guide,) = told["guides"].values()
    assert guide["notes"][pushed.entry("Green").guid] in {"unchanged", "updated"}
    assert guide["elsewhere"] == {pushed.entry("Black").guid: "Hard ones"}
    assert guide["retired"] == [pushed.entry("Heat").guid]
    (moved,) = guide["moved"]
    assert (moved["from"], moved["to"]) == ("Kitchen::Tea::Kinds", "Kitchen::Tea::Sorts")
    assert guide["decks_deleted"] == ["Kitchen::Tea::Kinds"]
    assert pushed.anki.changes()[-1] == "sync"
    pushed.anki.logged_in = False
    failed = pushed.push("--json", "--sync", code=2)
    assert "not logged in to AnkiWeb" in failed.stderr
    told = json.loads(failed.stdout)
    assert (told["synced"], len(told["guides"])) == (False, 1)


def test_a_guide_with_errors_does_not_stop_the_others(desk: Desk) -> None:
    """It is told where, and not pushed."""
    broken = desk.write(TEA.replace("deck: Kitchen::Tea", "deck: [Kitchen"), "broken")
    good = desk.write(TEA)
    done = desk.push(broken, good, code=1)
    assert "broken.md:" in done.stderr
    assert "broken.md: not pushed" in done.stderr
    assert desk.collection.note_count() == 5
    dry = desk.push(broken, good, "--dry-run", code=1)
    assert "broken.md:" in dry.stderr


@pytest.mark.slow
def test_two_thousand_notes_take_no_more_requests_than_few(desk: Desk) -> None:
    """Requests go by hundreds of notes, never note by note."""
    terms = "\n".join(f"- **Term {number}** — meaning {number}" for number in range(2000))
    desk.write(f"# Big\n\n## All\n\n{terms}\n")
    assert "added 2000" in desk.push().output
    assert len(desk.anki.asked) < 20
    desk.write(f"# Big\n\n## Every\n\n{terms.replace('meaning 7', 'sense 7')}\n")
    done = desk.push()
    assert "moved 2000 cards" in done.output
    assert "updated 2000" in done.output
    assert len(desk.anki.asked) < 40
