"""Which note is which: each sign, each veto, and each fault that replayed histories showed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

import pytest

from studypack.matching import Reason, match, recognise
from studypack.model import Kind
from studypack.trace import Trace

LONG = "It moves work that never changes out of the loop, so that it is done once only."
OTHER = "A table from names to values, kept by the compiler while it reads the program."


def note(asks: str, says: str = LONG, *, kind: Kind = Kind.QUESTION, at: str = "Loops", **more: object) -> Trace:
    """A note of a section."""
    retired, pin = bool(more.get("retired")), more.get("pin")
    return Trace(
        kind=kind,
        key=(kind, at.casefold(), asks.casefold().rstrip(" ?")),
        asks=asks,
        says=says,
        text=hashlib.sha256(f"{asks}\n{says}".encode()).hexdigest(),
        pin=pin if isinstance(pin, str) else None,
        retired=retired,
    )


def row(name: str, *cells: str, at: str = "Engines", subjects: str = "Steam Diesel") -> Trace:
    """A row of a comparison."""
    lines = (f"{subject}: {cell}" for subject, cell in zip(subjects.split(), cells, strict=True))
    return note(name, "\n".join(lines), kind=Kind.COMPARISON, at=at)


FILLER = [note(f"Why is {word} bad?", f"Because {word} hides what {word} does.", at="More") for word in "abcdefgh"]


def pairs(new: Sequence[Trace], old: Sequence[Trace]) -> dict[str, str]:
    """Who is who, by question; a guide has other notes besides."""
    now, before = [*new, *FILLER], [*old, *FILLER]
    return {now[one.new].asks: before[one.old].asks for one in match(now, before) if one.new < len(new)}


def test_a_pin_is_the_surest_sign() -> None:
    """Whatever else changed, the same `#id` is the same note."""
    found = match([note("New?", OTHER, pin="x")], [note("Old?", LONG, pin="x"), note("New?", OTHER)])
    assert [(one.new, one.old, one.reason) for one in found] == [(0, 0, Reason.PIN)]


def test_the_same_question_keeps_its_note_with_another_answer() -> None:
    """An answer rewritten from end to end is an edit."""
    assert pairs([note("What is hoisting?", OTHER)], [note("What is hoisting?")]) == {
        "What is hoisting?": "What is hoisting?"
    }


def test_a_moved_note_is_the_same() -> None:
    """The same text under another heading."""
    assert pairs([note("What is hoisting?", at="Speed")], [note("What is hoisting?")])


def test_a_question_asked_in_other_words_is_known_by_its_answer() -> None:
    """The very same answer in the same place, if it says something."""
    assert pairs([note("Can you explain hoisting?")], [note("What is hoisting?")])


@pytest.mark.parametrize("asks", ["What is hoistng?", "What's hoisting?", "Briefly, what is hoisting?"])
@pytest.mark.parametrize("says", ["Yes.", LONG.replace("moves", "takes")])
def test_a_light_edit_is_the_same(asks: str, says: str) -> None:
    """A slip, a shortened word or an added one."""
    assert pairs([note(asks, says)], [note("What is hoisting?", says)])


@pytest.mark.parametrize(
    ("asks", "says"),
    [
        ("Does Steam need a boiler?", "Yes."),
        ("How many wheels has Steam?", "4"),
        ("How does Steam differ from Wind?", "Not at all."),
    ],
)
def test_a_question_of_the_same_form_is_another(asks: str, says: str) -> None:
    """In the place of another, even with the same short answer, as nothing but the form speaks for it."""
    assert not pairs([note(asks.replace("Steam", "Diesel"), says)], [note(asks, says)])


@pytest.mark.parametrize(
    ("old", "new"), [("HTTP/1", "HTTP/2"), ("HTTP", "HTTPS"), ("RAM", "ROM"), ("import", "export")]
)
def test_a_letter_or_a_number_can_be_all_the_difference(old: str, new: str) -> None:
    """Names are not mistaken for slips of the pen."""
    assert not pairs([note(f"What is {new} for?", "Data.")], [note(f"What is {old} for?", "Data.")])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("sodium sulfite", "Na2SO3"), ("sodium sulfate", "Na2SO4")),
        (("Niger", "Niamey"), ("Nigeria", "Abuja")),
        (("alkanes", "Hydrocarbons with single bonds only"), ("alkenes", "Hydrocarbons with a double bond")),
    ],
)
def test_a_name_nearly_another_with_another_answer_is_another(old: tuple[str, str], new: tuple[str, str]) -> None:
    """What a slip could have made is no slip where the answer is wholly another; with the old answer it is."""
    before = [note(f"What is said of {old[0]}?", old[1])]
    assert not pairs([note(f"What is said of {new[0]}?", new[1])], before)
    assert pairs([note(f"What is said of {new[0]}?", old[1])], before)


def test_two_words_that_the_guide_has_are_no_slips_of_one_another() -> None:
    """Adduction comes in the place of abduction; both were there before, and both are there still."""
    both = [note("Who is the antagonist of abduction?", "It."), note("Who is the antagonist of adduction?", "He.")]
    new = note("What does adduction mean?", "A movement towards the midline of the body")
    assert "What does adduction mean?" not in pairs(
        [new, *both], [note("What does abduction mean?", "A movement from the midline of the body"), *both]
    )


def test_a_longer_question_with_another_answer_is_another() -> None:
    """Nothing stayed as it was; with the old answer it is the same, made clearer."""
    old = [note("How many wheels has Steam?", "4")]
    assert not pairs([note("How many driving wheels has Steam?", "6")], old)
    assert pairs([note("How many driving wheels has Steam?", "4")], old)


def test_words_that_many_notes_say_prove_nothing() -> None:
    """A question of common words, gone, does not lend its reviews to another."""
    old = [note(f"What is the cost of {word}?", "Low.") for word in ("steam", "wind", "coal")]
    new = [note(f"What is the cost of {word}?", "Low.") for word in ("wind", "coal", "gas")]
    assert pairs(new, old) == {one.asks: one.asks for one in new[:2]}


def test_answers_swapped_stay_with_their_questions() -> None:
    """Also where the heading was reworded at the same time."""
    old = [note("What is hoisting?", LONG), note("What is a symbol table?", OTHER), note("What is a heap?", "Memory.")]
    new = [
        note("What is hoisting?", OTHER, at="Fast loops"),
        note("What is a symbol table?", LONG, at="Fast loops"),
        note("What is a heap?", "Memory.", at="Fast loops"),
    ]
    assert pairs(new, old) == {one.asks: one.asks for one in old}


def test_a_title_under_a_reworded_heading_needs_its_answer() -> None:
    """“Key takeaway” stands in many sections; one that says something else there is another."""
    old = [
        note("Key takeaway", LONG),
        note("Key takeaway", "Mind the gap.", at="Trains"),
        note("What is lava?", "Hot."),
    ]
    new = [
        note("Key takeaway", OTHER, at="Fast loops"),
        note("Key takeaway", "Mind the gap.", at="Trains"),
        note("What is lava?", "Hot.", at="Fast loops"),
    ]
    assert [one.old for one in match(new, old) if one.new == 0] == []


ELEMENTS = {"Sodium": ("Na", "11", "solid", "alkali metal"), "Chlorine": ("Cl", "17", "gas", "halogen")}
POTASSIUM = ("K", "19", "solid", "alkali metal")
PARTS = ("Symbol", "Number", "State", "Class")


def element(name: str, says: Sequence[str]) -> list[Trace]:
    """The terms below the name of an element."""
    return [note(asks, answer, kind=Kind.TERM, at=name) for asks, answer in zip(PARTS, says, strict=True)]


@pytest.mark.parametrize("retired", [False, True])
def test_a_short_answer_under_another_heading_is_another(retired: bool) -> None:
    """Potassium in the place of sodium is as solid; its card does not get the reviews of sodium's."""
    chlorine = element("Chlorine", ELEMENTS["Chlorine"])
    sodium = [replace(one, retired=retired) for one in element("Sodium", ELEMENTS["Sodium"])]
    new = [*element("Potassium", POTASSIUM), *chlorine, *FILLER]
    found = {one.new: one.old for one in match(new, [*sodium, *chlorine, *FILLER])}
    assert not found.keys() & set(range(4))
    assert found.keys() >= set(range(4, len(new)))


def test_short_answers_under_a_reworded_heading_are_the_same() -> None:
    """All of sodium is called natrium now; all that it says stayed, or nearly all."""
    chlorine = element("Chlorine", ELEMENTS["Chlorine"])
    for says in (ELEMENTS["Sodium"], ("Na", "11", "a solid", "alkali metal")):
        new = [*element("Natrium", says), *chlorine, *FILLER]
        found = {one.new: one.old for one in match(new, [*element("Sodium", ELEMENTS["Sodium"]), *chlorine, *FILLER])}
        assert [found.get(place) for place in range(4)] == [0, 1, 2, 3]


def test_a_short_answer_goes_along_with_others() -> None:
    """Half of a lesson became another; a word that a third lesson has too went with the rest."""
    words = [note(word, word[::-1], kind=Kind.TERM, at="One") for word in ("tsuki", "yama", "kawa", "hi")]
    third = note("hi", "fire", kind=Kind.TERM, at="Three")
    new = [*words[:1], third, *(note(one.asks, one.says, kind=Kind.TERM, at="Two") for one in words[1:])]
    assert [one.old for one in match([*new, *FILLER], [*words, third, *FILLER])][:5] == [0, 4, 1, 2, 3]


def test_of_notes_with_one_title_each_finds_its_own() -> None:
    """Two takeaways of one section, in another order and one of them edited."""
    old = [note("Key takeaway", LONG), note("Key takeaway", OTHER)]
    new = [note("Key takeaway", OTHER.replace("names", "words")), note("Key takeaway", LONG)]
    assert [(one.new, one.old) for one in match(new, old)] == [(0, 1), (1, 0)]


def test_a_name_changed_throughout_the_guide_is_a_new_name_only() -> None:
    """A product renamed: the old name stands nowhere any more, the new one stood nowhere before."""
    old = [note("What is Entral?", "A directory."), note("Who runs Entral?", "The staff of Entral.")]
    new = [note("What is Zephyr?", "A directory."), note("Who runs Zephyr?", "The staff of Zephyr.")]
    assert len(pairs(new, old)) == 2
    assert not pairs([new[0], old[1]], old[:1])


REDIS = {
    "What is {}?": "A store of keys and values.",
    "How does {} persist?": "By snapshots and a log.",
    "Who maintains {}?": "One company, with help.",
    "Which licence has {}?": "BSD, three clauses.",
}


def test_another_thing_may_have_some_of_the_answers() -> None:
    """Memcached in the place of Redis has its licence; a new name for Redis would have left all answers."""
    old = [note(asks.format("Redis"), says) for asks, says in REDIS.items()]
    other = ["Many strings on machines.", "It does not, ever.", "Volunteers and Facebook.", "BSD, three clauses."]
    assert not pairs([note(asks.format("Memcached"), says) for asks, says in zip(REDIS, other, strict=True)], old)
    assert len(pairs([note(asks.format("Valkey"), says) for asks, says in REDIS.items()], old)) == len(REDIS)


def sentence(text: str) -> Trace:
    """A cloze, marked as in a guide."""
    return note(text.replace("==", ""), "\n".join(text.split("==")[1::2]), kind=Kind.CLOZE)


def test_a_sentence_with_other_marks_is_another() -> None:
    """The left half of the heart is not the right one; a corrected year is the same sentence."""
    right = sentence("It passes the ==tricuspid valve== into the ==right ventricle== of the heart.")
    assert not pairs([sentence("It passes the ==mitral valve== into the ==left ventricle== of the heart.")], [right])
    assert pairs([sentence("It passes the ==tricuspid valves== into the ==right ventricle== of the heart.")], [right])
    assert not pairs(
        [sentence("She ==habla== Spanish with her sister.")], [sentence("I ==hablo== Spanish with a sister.")]
    )
    assert pairs([sentence("It fell in ==1789== to the mob.")], [sentence("It fell in ==1798== to the mob.")])


def test_a_row_reworded_keeps_its_note() -> None:
    """By its cells, or by a part of its name."""
    assert pairs([row("Running costs", "low", "high")], [row("Costs", "low", "high")])
    told = ("Coal and water in great amounts", "Oil from a tank below the floor")
    assert pairs([row("Fuel", *told)], [row("What it burns", *told)])


def test_a_row_of_another_name_needs_the_very_same_cells() -> None:
    """A new row often copies a cell of its neighbour's."""
    same = "Coal and water in great amounts"
    assert not pairs([row("Water", same, "None at all, but for cooling")], [row("Fuel", same, "Oil from a tank")])


def test_a_sentence_whose_only_mark_is_corrected_is_the_same() -> None:
    """What stands around the mark asks; where two sentences ask the same, nobody can tell."""
    others = [sentence(f"The symbol of {name} is =={mark}==.") for name, mark in (("Iron", "Fe"), ("Gold", "Au"))]
    old, new = sentence("The symbol of Nobelium is ==Nb==."), sentence("The symbol of Nobelium is ==No==.")
    assert new.asks in pairs([*others, new], [*others, old])
    vague = [sentence("It is ==warm==."), sentence("It is ==cold==.")]
    assert not pairs([sentence("It is ==wet==."), vague[0]], vague).keys() - {vague[0].asks}


def test_a_sentence_about_another_thing_is_another() -> None:
    """Though the same word is marked, and many have it."""
    colours = {"Iron": "grey", "Lead": "grey", "Gold": "yellow", "Copper": "red"}
    old = [sentence(f"The colour of {name} is =={colour}==.") for name, colour in colours.items()]
    new = [sentence("The colour of Zinc is ==grey==."), *old[1:]]
    assert pairs(new, old).keys() == {one.asks for one in old[1:]}


def test_a_question_asked_in_another_way_throughout_is_the_same() -> None:
    """Short answers tell who each is, if they stayed and are of all sorts; not if all are the same."""
    says = {
        "Iron": "Grey.",
        "Lead": "Grey.",
        "Gold": "Yellow.",
        "Copper": "Red.",
        "Sulfur": "Yellow.",
        "Coal": "Black.",
    }
    old = [note(f"What is the colour of {name}?", colour) for name, colour in says.items()]
    new = [note(f"Which colour has {name}?", colour) for name, colour in says.items()]
    assert len(pairs(new, old)) == len(says)
    alike = [note(f"What is the colour of {name}?", "Grey.") for name in says]
    assert not pairs([note(f"Which colour has {name}?", "Grey.") for name in says], alike)


@pytest.mark.parametrize(
    ("before", "today"), [("Who painted {}?", "{} is by whom?"), ("When was {} painted?", "Year of {}?")]
)
def test_three_questions_asked_in_another_way_are_enough(before: str, today: str) -> None:
    """Of three answers, all of them kept; with one of them another, what the words ask for is another, too."""
    says = {"Primavera": "Sandro.", "Assumption": "Titian.", "Ginevra": "Leonardo."}
    old = [note(before.format(name), answer) for name, answer in says.items()]
    assert len(pairs([note(today.format(name), answer) for name, answer in says.items()], old)) == len(says)
    says["Ginevra"] = "Verrocchio."
    assert not pairs([note(today.format(name), answer) for name, answer in says.items()], old)


def test_a_title_that_got_longer_throughout_is_the_same() -> None:
    """“State” stands below each element, and is “State at 20 °C” now; that it is solid tells of none."""
    states = {"Sodium": "solid", "Iron": "solid", "Chlorine": "gas", "Neon": "gas", "Bromine": "liquid"}
    told = {name: (name[:2], name[::-1], state, f"{name}s") for name, state in states.items()}
    old = [part for name, says in told.items() for part in element(name, says)]
    new = [
        note("State at 20 °C", part.says, kind=Kind.TERM, at=name) if part.asks == "State" else part
        for name, says in told.items()
        for part in element(name, says)
    ]
    assert [one.old for one in match([*new, *FILLER], [*old, *FILLER])] == list(range(len(old) + len(FILLER)))


def test_a_table_brought_up_to_date_keeps_its_rows() -> None:
    """The heading has another version or year, and every cell is another; another thing's heading makes other rows."""
    old = [row("Pods", "110", "500", at="Limits in 1.29"), row("Nodes", "100", "5000", at="Limits in 1.29")]
    fees = [row("Pods", "110", "500", at="Limits 2019"), row("Nodes", "100", "5000", at="Limits 2019")]
    part = [row("Pods", "110", "500", at="Part 1"), row("Nodes", "100", "5000", at="Part 1")]
    for at, before, same in (
        ("Limits in 1.33", old, 2),
        ("Limits 2024", fees, 2),
        ("Limits elsewhere", old, 0),
        ("Part 2", part, 0),
    ):
        new = [row("Pods", "250", "1000", at=at), row("Nodes", "200", "15000", at=at)]
        assert len(pairs(new, before)) == same
    both = [row("Pods", "250", "1000", at="Limits in 1.33"), row("Nodes", "100", "5000", at="Limits in 1.29")]
    assert "Pods" not in pairs(both, old)


def test_a_sentence_reworded_whose_marks_got_longer_is_the_same() -> None:
    """No mark is to the letter what it was."""
    old = [sentence("The Directory ruled from ==1795== to ==1799==.")]
    assert pairs([sentence("The Directory ruled from ==November 1795== until ==November 1799==.")], old)
    assert not pairs([sentence("The Directory ruled from ==November 1804== until ==November 1815==.")], old)


def test_a_row_of_another_name_is_known_by_cells_that_no_other_has() -> None:
    """In its place; sodium is natrium now. What two rows say tells of neither."""
    iron, lead = row("Iron", "Fe, 26", "solid metal"), row("Lead", "Pb, 82", "solid metal")
    assert pairs(
        [iron, row("Natrium", "Na, 11", "solid metal"), lead], [iron, row("Sodium", "Na, 11", "solid metal"), lead]
    )
    common = [iron, row("Nickel", "Fe, 26", "solid metal"), lead]
    assert "Cobalt" not in pairs([iron, row("Cobalt", "Fe, 26", "solid metal"), lead], common)


def test_a_row_of_a_sibling_is_another() -> None:
    """Its name shares a word with the old one's, and its cells some; a name with words more is the same row's."""
    old = [row("Musculus peroneus longus", "Fibula, head", "plantar flexion, eversion")]
    assert not pairs([row("Musculus peroneus brevis", "Fibula, shaft", "plantar flexion, eversion")], old)
    assert pairs([row("Peroneus longus", "Fibula, shaft", "plantar flexion, eversion")], old)


def test_rows_of_common_cells_are_told_apart_by_name() -> None:
    """Yes and no stand in many rows."""
    assert not pairs([row("Quiet", "no", "yes")], [row("Clean", "no", "yes")])


def test_a_row_of_another_table_is_another() -> None:
    """Rows have the same names in many tables."""
    old = [row("Best for", "ships", "cars"), row("Cost", "low", "high")]
    new = [row("Cost", "low", "high"), row("Best for", "sheets", "notes", at="Paper", subjects="A3 A6")]
    assert "Best for" not in pairs(new, old)


def test_an_author_is_asked_about_what_is_nearly_sure() -> None:
    """In its place, with its answer; not where the answer is another, the place is, or the note had left before."""
    old = note("Who led the Committee of Public Safety?", "Maximilien.")

    def doubts(new: Trace, before: Trace) -> list[tuple[int, int]]:
        pairs, unsure = recognise([new, *FILLER], [before, *FILLER])
        assert 0 not in {one.new for one in pairs}
        return [(one.new, one.old) for one in unsure]

    headed = note("Who headed the Committee of Public Safety?", "Maximilien.")
    assert doubts(headed, old) == [(0, 0)]
    assert not doubts(headed, replace(old, retired=True))
    assert not doubts(note("Who opposed the Committee of Public Safety?", "Georges."), old)


def test_a_retired_note_comes_back() -> None:
    """With its old reviews; but one that is still there goes first."""
    gone, here = note("What is hoisting?", retired=True), note("What is hoisting?", at="Speed")
    assert pairs([note("What is hoisting?")], [gone])
    assert [one.old for one in match([note("What is hoisting?", at="Speed")], [gone, here])] == [1]


def test_kinds_of_note_types_are_never_mixed() -> None:
    """Anki refuses to turn a basic note into a cloze."""
    assert not match([note("Lava is hot.", "", kind=Kind.CLOZE)], [note("Lava is hot.", "")])


def test_text_without_spaces_is_compared_by_pairs_of_letters() -> None:
    """Japanese has no spaces between words."""
    old, says = "分散合意とは何ですか?", "多数の計算機が一つの値に同意する方法である。"
    assert pairs([note("では、分散合意とは何ですか?", says.replace("一つ", "同じ一つ"))], [note(old, says)])
    assert not pairs([note("細胞分裂とは何ですか?", "はい。")], [note(old, "はい。")])


def test_nobody_is_matched_twice() -> None:
    """A note copied and edited: one of the two is the old one, the other is new."""
    new = [note("What is hoisting?", LONG), note("What is loop hoisting?", LONG)]
    assert [(one.new, one.old) for one in match(new, [note("What is hoisting?", LONG)])] == [(0, 0)]


def test_the_order_of_the_guide_does_not_matter() -> None:
    """The same pairs, in whatever order topics stand."""
    old = [note("What is hoisting?"), note("What is a heap?", OTHER)]
    new = [note("What is a heap, then?", OTHER), note("What is loop hoisting?")]
    assert pairs(new, old) == pairs(new[::-1], old) == pairs(new, old[::-1])
