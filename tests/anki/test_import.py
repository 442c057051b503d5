"""Packages in a real collection: what a learner gets on the first import, and what a later one changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from anki.collection import Collection

from studypack.model import Html, Place
from studypack.writers import deck
from tests.anki.collection import cards_of, collection, import_package, new_cards, note_of, study
from tests.anki.notes import HERE, PICTURE, SOUND, TIME, basic, build, cloze, comparison, every_kind, gap


@pytest.fixture
def learner(tmp_path: Path) -> Iterator[Collection]:
    """A learner's new collection."""
    with collection(tmp_path) as opened:
        yield opened


def test_every_note_and_card_arrives(learner: Collection, tmp_path: Path) -> None:
    """All notes are new, none is lost or doubled, and Anki's own check finds nothing to repair."""
    log = import_package(learner, build(*every_kind()), tmp_path)
    assert (log.found_notes, len(log.new)) == (6, 6)
    assert not [*log.conflicting, *log.duplicate, *log.missing_deck, *log.missing_notetype, *log.empty_first_field]
    assert learner.card_count() == 5 + 3 + 2
    text, clean = learner.fix_integrity()
    assert clean, text
    assert text.strip() == "Database rebuilt and optimized."


def test_anki_would_make_the_same_cards_itself(learner: Collection, tmp_path: Path) -> None:
    """No card is empty, and saving a note makes no further one."""
    import_package(learner, build(*every_kind()), tmp_path)
    assert not learner.get_empty_cards().notes
    for note_id in learner.find_notes(""):
        learner.update_note(learner.get_note(note_id))
    assert learner.card_count() == 10
    assert [card.ord for card in cards_of(learner, "g-comparison")] == [0, 2, 6]


def test_the_fields_tell_where_a_note_belongs(learner: Collection, tmp_path: Path) -> None:
    """Each field holds what its name says, the spare ones nothing."""
    import_package(learner, build(*every_kind()), tmp_path)
    fields = dict(note_of(learner, "g-question").items())
    assert fields["Breadcrumb"] == "Clouds › Compute › <em>Scaling</em>"
    assert (fields["Kind"], fields["Level"], fields["Reversed"]) == ("question", "advanced", "")
    assert fields["Link"] == "https://example.org/clouds?a=1&amp;b=2#compute"
    assert "Only then." in fields["Extra"]
    assert (fields["Spare1"], fields["Spare2"], fields["SPID"]) == ("", "", "clouds/g-question")
    assert note_of(learner, "g-term")["Reversed"]


def test_the_spid_finds_a_note(learner: Collection, tmp_path: Path) -> None:
    """Guide and guid are searchable, which Anki's own guid is not."""
    import_package(learner, build(*every_kind()), tmp_path)
    assert list(learner.find_notes("SPID:clouds/g-term")) == [note_of(learner, "g-term").id]


def test_the_note_types_are_the_frozen_ones(learner: Collection, tmp_path: Path) -> None:
    """Names, ids, fields, templates and their ids never change: an old note would never be updated again."""
    import_package(learner, build(*every_kind()), tmp_path)
    types = {kind["name"]: kind for kind in learner.models.all() if kind["name"].startswith("studypack")}
    assert {name: kind["id"] for name, kind in types.items()} == {
        "studypack basic": 1795392000101,
        "studypack cloze": 1795392000102,
    }
    fields = {name: [(field["name"], field["id"]) for field in kind["flds"]] for name, kind in types.items()}
    names = "Front Back Breadcrumb Kind Level Link Reversed Extra Spare1 Spare2 SPID".split()
    assert fields["studypack basic"] == [(name, 4126300000100 + index) for index, name in enumerate(names)]
    names = "Text Breadcrumb Kind Level Link Extra Spare1 Spare2 SPID".split()
    assert fields["studypack cloze"] == [(name, 4126300000200 + index) for index, name in enumerate(names)]
    templates = {name: [(made["name"], made["id"]) for made in kind["tmpls"]] for name, kind in types.items()}
    assert templates["studypack basic"] == [("Forward", 4126300001100), ("Backward", 4126300001101)]
    assert templates["studypack cloze"] == [("Cloze", 4126300001200)]
    assert {kind["mod"] for kind in types.values()} == {deck.CSS_RELEASED}


def test_decks_nest_and_the_top_one_is_described(learner: Collection, tmp_path: Path) -> None:
    """Each topic is a deck below the guide's, and the description is text, not HTML."""
    package = deck.write(every_kind(), guide="clouds", deck="Clouds", description="What & <why>")
    import_package(learner, package, tmp_path)
    names = {found.name for found in learner.decks.all_names_and_ids()} - {"Default"}
    assert names == {"Clouds", "Clouds::Compute", "Clouds::Storage"}
    top = learner.decks.by_name("Clouds")
    assert top is not None
    assert top["desc"] == "What &amp; &lt;why&gt;"


def test_a_deck_name_nests_where_its_author_said_so_and_nowhere_else(learner: Collection, tmp_path: Path) -> None:
    """`::` in the name of the top deck nests; in a topic's heading it does not."""
    place = replace(HERE, deck=("School", "C++", 'std::vector ":"', ""))
    package = deck.write([basic(place=place)], guide="c", deck="School::C++")
    import_package(learner, package, tmp_path)
    (card,) = cards_of(learner, "g1")
    assert learner.decks.name(card.did).split("::") == ["School", "C++", "std\u2236\u2236vector ':'", "Untitled"]
    assert learner.fix_integrity()[1]


def test_decks_that_differ_in_case_only_are_one(learner: Collection, tmp_path: Path) -> None:
    """Anki compares deck names without regard to case; no card is left without a deck."""
    upper, lower = replace(HERE, deck=("Clouds", "DISKS")), replace(HERE, deck=("Clouds", "Disks"))
    import_package(learner, build(basic("a", place=upper), basic("b", place=lower, position=20)), tmp_path)
    decks = {learner.decks.name(cards_of(learner, guid)[0].did) for guid in "ab"}
    assert decks == {"Clouds::DISKS"}


def test_tags_are_legal_and_each_there_once(learner: Collection, tmp_path: Path) -> None:
    """Blanks would end a tag, also the wide ones; case does not make two of one."""
    tags = ("two words", "Cloud", "cloud", "wide\u3000blank", "::level::hard::", " ", '"quoted"')
    import_package(learner, build(basic(place=replace(HERE, tags=tags))), tmp_path)
    assert note_of(learner, "g1").tags == ["Cloud", "level::hard", "quoted", "two_words", "wide_blank"]


def test_new_cards_come_in_the_order_of_the_guide(learner: Collection, tmp_path: Path) -> None:
    """By position, and within a note by place, whatever the order in which the notes are written."""
    notes = [
        basic("last", position=40),
        comparison("row", {"A": "1", "B": "2", "C": "3"}, (3, 1, 2), position=20),
        basic("first", position=10, reversed=True),
        cloze("middle", [gap("x")], (2,), position=30),
    ]
    import_package(learner, build(*notes), tmp_path)
    wanted = [("first", 0), ("first", 1), ("row", 0), ("row", 1), ("row", 2), ("middle", 1), ("last", 0)]
    assert new_cards(learner) == wanted


def test_media_arrive_and_are_used(learner: Collection, tmp_path: Path) -> None:
    """Pictures and sounds land in the media folder; Anki misses none and finds none superfluous."""
    import_package(learner, build(*every_kind()), tmp_path)
    folder = Path(learner.media.dir())
    assert (folder / PICTURE.name).read_bytes() == PICTURE.data
    assert (folder / SOUND.name).read_bytes() == SOUND.data
    report = learner.media.check()
    assert (list(report.missing), list(report.unused)) == ([], [])


def test_two_guides_live_side_by_side(learner: Collection, tmp_path: Path) -> None:
    """A second guide, even with the same ids in the package, loses nothing of itself or of the first."""
    import_package(learner, build(*(basic(f"a{n}", position=n) for n in range(50))), tmp_path)
    other = Place(deck=("Trees",), breadcrumb=Html("Trees"))
    notes = [basic(f"b{n}", position=n, place=other) for n in range(50)]
    log = import_package(learner, deck.write(notes, guide="trees", deck="Trees"), tmp_path)
    assert len(log.new) == 50
    assert learner.note_count() == learner.card_count() == 100


def test_a_guide_without_notes_imports(learner: Collection, tmp_path: Path) -> None:
    """An empty package is a package."""
    log = import_package(learner, build(), tmp_path)
    assert log.found_notes == 0


def test_an_unchanged_package_changes_nothing(learner: Collection, tmp_path: Path) -> None:
    """Importing the same again updates no note, so a learner's own tags stay."""
    import_package(learner, build(*every_kind()), tmp_path)
    mine = note_of(learner, "g-term")
    mine.add_tag("hard-for-me")
    learner.update_note(mine)
    log = import_package(learner, build(*every_kind()), tmp_path)
    assert (len(log.new), len(log.updated)) == (0, 0)
    assert "hard-for-me" in note_of(learner, "g-term").tags
    assert learner.card_count() == 10


def test_a_changed_note_is_updated_and_keeps_its_reviews(learner: Collection, tmp_path: Path) -> None:
    """A newer time brings the new text to the old card; how well it is known stays, and other notes are left alone."""
    import_package(learner, build(basic("a"), basic("b", position=20)), tmp_path)
    (card,) = cards_of(learner, "a")
    study(learner, card)
    before = learner.get_card(card.id)
    assert before.reps == 2
    newer = basic("a", back="<p>Because.</p>", time=TIME + 1)
    log = import_package(learner, build(newer, basic("b", "<p>not newer</p>", position=20)), tmp_path)
    assert (len(log.new), len(log.updated)) == (0, 1)
    assert note_of(learner, "a")["Back"] == "<p>Because.</p>"
    assert note_of(learner, "b")["Front"] == '<div class="ask">Why?</div>'
    after = learner.get_card(card.id)
    assert (after.reps, after.due, after.ivl, after.queue) == (before.reps, before.due, before.ivl, before.queue)
    assert learner.db is not None
    assert learner.db.scalar("select count() from revlog where cid = ?", card.id) == 2


def test_a_new_column_keeps_the_history_of_the_others(learner: Collection, tmp_path: Path) -> None:
    """Cells keep their numbers, so a cell that is added in front is one new card, and the studied one stays studied."""
    import_package(learner, build(comparison("row", {"A": "1", "B": "2"}, (1, 2))), tmp_path)
    study(learner, cards_of(learner, "row")[1])
    row = comparison("row", {"New": "0", "B": "2", "A": "1"}, (3, 2, 1))
    import_package(learner, build(replace(row, time=TIME + 1)), tmp_path)
    assert [(card.ord, card.reps) for card in cards_of(learner, "row")] == [(0, 0), (1, 2), (2, 0)]


def test_a_second_direction_is_one_new_card(learner: Collection, tmp_path: Path) -> None:
    """Reversing a term adds the backward card to the note that is there."""
    import_package(learner, build(basic()), tmp_path)
    import_package(learner, build(basic(reversed=True, time=TIME + 1)), tmp_path)
    assert [card.ord for card in cards_of(learner, "g1")] == [0, 1]


def test_a_moved_note_keeps_the_learners_deck(learner: Collection, tmp_path: Path) -> None:
    """Anki never moves a card that is there; the package must not make it fail to update either."""
    import_package(learner, build(basic()), tmp_path)
    moved = basic("g1", "<p>Moved</p>", place=replace(HERE, deck=("Clouds", "Elsewhere")), time=TIME + 1)
    log = import_package(learner, build(moved), tmp_path)
    assert len(log.updated) == 1
    assert learner.decks.name(cards_of(learner, "g1")[0].did) == "Clouds::Storage"


def test_new_templates_reach_a_learner_when_their_time_grows(
    learner: Collection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later release time brings the new look to notes that are there; the same time brings nothing."""
    import_package(learner, build(basic()), tmp_path)
    kind = note_of(learner, "g1").note_type()
    assert kind is not None
    stale = json.loads(json.dumps(kind))
    stale["css"] = "/* old */"
    learner.models.update_dict(stale)
    assert learner.db is not None
    learner.db.execute("update notetypes set mtime_secs = ? where id = ?", deck.CSS_RELEASED, deck.BASIC_ID)
    import_package(learner, build(basic()), tmp_path)
    assert css(learner) == "/* old */"
    monkeypatch.setattr(deck, "CSS_RELEASED", deck.CSS_RELEASED + 1)
    import_package(learner, build(basic()), tmp_path)
    assert ".card" in css(learner)


def css(learner: Collection) -> str:
    """The style of the basic type in the collection."""
    learner.models._clear_cache()
    kind = learner.models.by_name("studypack basic")
    assert kind is not None
    return str(kind["css"])
