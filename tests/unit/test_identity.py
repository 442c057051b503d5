"""Who a note is: the same guid through every edit of the guide around it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from studypack.identity import decide
from studypack.model import ClozeNote, KnownNote, Note
from tests.unit.reading import NOWHERE, asked, notes_of


def assign(guide: str, notes: Sequence[Note], now: int) -> tuple[KnownNote, ...]:
    """The notes of a guide that was never built before."""
    return decide(guide, notes, None, now, "2026-11-23").known


BASE = """# T

Intro.

## Rocks

Text.

### What is lava?

Hot.

- item

## Stones

- **gneiss** — striped
- **slate** — flat

| | X | Y |
|---|---|---|
| speed | fast | slow |
| price | low | high |

> [!TIP] Mind
> the dust

The ==cell== wall.
"""


def guids(text: str, name: str = "guide") -> dict[str, str]:
    """What is asked, and who asks it."""
    known = assign(name, notes_of(text, NOWHERE.with_name(f"{name}.md")), 1)
    return {asked(each.note): each.guid for each in known}


def test_every_note_is_someone_else() -> None:
    """No two notes of a guide share a guid."""
    assert len(set(guids(BASE).values())) == len(guids(BASE)) == 9


def test_guids_are_plain_letters_and_digits() -> None:
    """A guid fits every search, file and field."""
    assert all(re.fullmatch(r"[a-z2-7]{16}", guid) for guid in guids(BASE).values())


def test_the_same_guide_gives_the_same_guids() -> None:
    """On every run and every machine: this one is written down, for learners have such in their collections."""
    assert guids(BASE)["gneiss"] == "jud6j5iiqvf24rdg"
    assert guids("# Other\n\n## Stones\n\n- **gneiss** — new\n\n## B\n")["gneiss"] == "jud6j5iiqvf24rdg"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Hot.", "Molten rock, very hot."),
        ("striped", "a *striped* rock"),
        ("| fast | slow |", "| faster | slower |"),
        ("the dust", "dust and noise"),
        ("Text.", "More text.\n\n- and a list"),
        ("Intro.", "Intro.\n\nMore."),
        ("\n- item\n", "\n"),
        ("- **slate** — flat\n", "- **slate** — flat\n- **chalk** — white\n"),
        ("- **gneiss** — striped\n- **slate** — flat\n", "- **slate** — flat\n- **gneiss** — striped\n"),
        ("| price |", "| size | 1 | 2 |\n| price |"),
        ("## Rocks\n", "## Sand\n\ngrains\n\n## Rocks\n"),
        ("### What is lava?\n", "### 1. What is lava?\n"),
        ("### What is lava?\n", "### What is **lava** ?\n"),
        ("- **gneiss** — striped", "- **Gneiss:** striped"),
        ("# T\n", "---\nauthor: me\ntags: [x]\nlevel: hard\n---\n# T\n"),
        ("## Rocks\n", "## Rocks {: level=hard .matrix }\n"),
    ],
)
def test_editing_one_part_keeps_all_others(old: str, new: str) -> None:
    """Rewording an answer, adding, removing or reordering other parts, or numbering changes nobody's guid."""
    assert old in BASE
    assert set(guids(BASE).values()) <= set(guids(BASE.replace(old, new)).values())


def test_moving_a_topic_keeps_its_notes() -> None:
    """Topics in another order are the same notes."""
    head, rocks, stones = re.split(r"(?m)^(?=## )", BASE)
    assert set(guids(f"{head}{stones}\n{rocks}").values()) == set(guids(BASE).values())


def test_retitling_a_topic_touches_no_other() -> None:
    """Only notes below the heading can change."""
    before, after = guids(BASE), guids(BASE.replace("## Rocks", "## Boulders"))
    assert {key for key in before if before[key] != after.get(key)} == {"Rocks", "What is lava?"}


def test_retitling_the_guide_keeps_its_topics() -> None:
    """The guide's name, not its title, tells guides apart."""
    before, after = guids(BASE), guids(BASE.replace("# T\n", "# Geology\n"))
    assert {key for key in before if before[key] != after.get(key)} == {"T"}


def test_guides_of_the_same_text_have_different_notes() -> None:
    """Two guides never share a note."""
    assert set(guids(BASE).values()).isdisjoint(guids(BASE, "copy").values())


def test_the_folder_of_a_guide_does_not_matter() -> None:
    """Moving the file elsewhere is not another guide."""
    here = assign("guide", notes_of(BASE, Path("/a/guide.md")), 1)
    there = assign("guide", notes_of(BASE, Path("/b/c/guide.md")), 1)
    assert [each.guid for each in here] == [each.guid for each in there]


def test_numbers_inside_a_heading_count() -> None:
    """“Step 1” and “Step 2” are two places, so that the same term below both is two notes, in any order."""
    one, two = "## Step 1: pack\n\n- **x** — one\n\n", "## Step 2: pack\n\n- **x** — two\n\n"
    before = {note.guid: note.note for note in assign("guide", notes_of(one + two), 1)}
    after = {note.guid: note.note for note in assign("guide", notes_of(two + one), 1)}
    assert {guid: note.key for guid, note in before.items()} == {guid: note.key for guid, note in after.items()}
    assert all(replace(after[guid], place=before[guid].place) == before[guid] for guid in before)


PINNED = "# T\n\n## A\n\n### {} {{: #lava }}\n\nHot.\n\n## B\n"


def test_a_pinned_question_may_be_reworded() -> None:
    """`#id` pins identity."""
    (first,) = guids(PINNED.format("What is lava?")).values()
    (second,) = guids(PINNED.format("Which rock is hot?")).values()
    assert first == second


def test_a_pinned_question_may_move() -> None:
    """Also to another topic."""
    (first,) = guids(PINNED.format("What is lava?")).values()
    (second,) = guids("# T\n\n## A\n\n## B\n\n### What is lava? {: #lava }\n\nHot.\n").values()
    assert first == second


def test_a_pinned_part_may_become_a_question() -> None:
    """Both are notes of the basic type, so nothing forbids it: adding `?` to a pinned heading loses no reviews."""
    (first,) = guids(PINNED.format("Lava")).values()
    (second,) = guids(PINNED.format("What is lava?")).values()
    assert first == second


def test_pins_differ_between_guides_and_from_one_another() -> None:
    """A pin is unique in its guide only."""
    (first,) = guids(PINNED.format("Why?")).values()
    (other,) = guids(PINNED.format("Why?"), "copy").values()
    (third,) = guids(PINNED.format("Why?").replace("#lava", "#ash")).values()
    assert len({first, other, third}) == 3


def test_a_pinned_topic_pins_its_own_note_only() -> None:
    """Terms below a pinned heading are not taken for it."""
    found = guids("# T\n\n## A {: #a }\n\ntext\n\n- **x** — y\n\n### Why?\n\nSo.\n\n## B\n")
    assert len(set(found.values())) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("## a b\n\n### c\n\n- **d** — x\n\n## z\n", "## a\n\n### b c\n\n- **d** — x\n\n## z\n"),
        ("## a\n\n### b\n\n- **c** — x\n\n## z\n", "## a\n\n- **b** — x\n\n## z\n"),
        ("## a\n\n- **b** — x\n\n## z\n", "## a\n\n### b?\n\nx\n\n## z\n"),
        ("## a\n\n- **b** — x\n\n## z\n", "## a\n\n> [!TIP] b\n> x\n\n## z\n"),
        ("## a\n\n- **b** — x\n\n## z\n", "## a\n\nb ==x==\n\n## z\n"),
    ],
)
def test_kind_and_path_tell_notes_apart(one: str, other: str) -> None:
    """The same words in another place, or as another kind, are another note; joined words do not collide."""
    assert set(guids(one).values()).isdisjoint(guids(other).values())


def test_case_blanks_and_closing_marks_do_not_count() -> None:
    """A key is normalised: a corrected capital or blank is not another note."""
    assert [note.key for note in notes_of("## A\n\n- **Big  Rock.** — x\n\n## B\n")] == [
        note.key for note in notes_of("## a\n\n- **big rock** — x\n\n## B\n")
    ]


def test_a_note_knows_its_time_and_place_in_line() -> None:
    """All get the time given; positions rise in steps with room in between."""
    known = assign("guide", notes_of(BASE), 1_700_000_000)
    assert {each.time for each in known} == {1_700_000_000}
    steps = [after.position - before.position for before, after in pairwise(known)]
    assert min(steps) >= 10


def test_gaps_are_numbered_from_one() -> None:
    """As many different numbers as a note has gaps; basic notes have none."""
    for each in assign("guide", notes_of(BASE), 1):
        gaps = len(each.note.gaps) if isinstance(each.note, ClozeNote) else 0
        assert each.numbers == tuple(range(1, gaps + 1))


def test_a_place_is_no_part_of_identity() -> None:
    """Another line in the file changes neither a note nor its guid."""
    before, after = notes_of(BASE), notes_of(f"\n\n\n{BASE}")
    assert before == after
    assert assign("guide", before, 1) == assign("guide", after, 1)
    assert [replace(note, span=after[0].span) for note in before] == list(before)


def test_what_the_lock_says_of_an_unchanged_note_is_what_reading_it_anew_would_say() -> None:
    """An entry that is taken over because the content is the same is the one that a note without it would get."""
    notes = notes_of(BASE)
    lock = decide("guide", notes, None, 1, "2026-11-23").lock
    unread = replace(lock, entries=tuple(replace(entry, content="") for entry in lock.entries))
    kept, anew = (decide("guide", notes, one, 9, "2026-11-24").lock for one in (lock, unread))
    assert kept == lock
    assert [replace(entry, time=1) for entry in anew.entries] == list(lock.entries)


def test_an_entry_of_another_answer_is_not_taken_over() -> None:
    """Of a note whose answer changed, the lock remembers the new one."""
    lock = decide("guide", notes_of(BASE), None, 1, "2026-11-23").lock
    edited = decide("guide", notes_of(BASE.replace("Hot.", "Molten.")), lock, 9, "2026-11-24").lock
    (before,), (after,) = ([one for one in each.entries if one.asks == "What is lava?"] for each in (lock, edited))
    assert (before.says, after.says) == ("Hot. item", "Molten. item")
    assert after.guid == before.guid
    assert after.text != before.text
