"""Which heading is which reworded: by what stands below them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from studypack.headings import renamed_headings
from studypack.trace import Section

Below = Mapping[Section, Sequence[str]]
Moves = Mapping[Section, Mapping[Section, int]]

SODIUM = ("symbol na", "number 11", "state solid", "class alkali metal")
IRON = ("symbol fe", "number 26", "state solid", "class transition metal")
NO_MOVES: Moves = {}


def renamed(
    today: Below,
    before: Below,
    went: Moves = NO_MOVES,
) -> Mapping[Section, Section]:
    """Old heading → new."""
    return renamed_headings(today, before, {section: Counter(found) for section, found in went.items()})


def test_a_heading_in_other_words_is_known_by_its_texts() -> None:
    """Also where one of four was edited along with it."""
    before: Below = {("sodium",): SODIUM, ("iron",): IRON}
    today: Below = {("natrium",): (*SODIUM[:3], "class soft metal"), ("iron",): IRON}
    assert renamed(today, before) == {("sodium",): ("natrium",)}


def test_a_thing_of_the_same_class_is_no_other_name() -> None:
    """Potassium in the place of sodium is as solid, and an alkali metal too."""
    today: Below = {("potassium",): ("symbol k", "number 19", *SODIUM[2:]), ("iron",): IRON}
    assert not renamed(today, {("sodium",): SODIUM, ("iron",): IRON})


def test_what_only_one_says_counts_most() -> None:
    """Rubidium has all of sodium but its name and its symbol; another metal has all of these, too."""
    before: Below = {
        ("sodium",): ("symbol na", *SODIUM[2:], "toxic no"),
        ("iron",): ("symbol fe", *SODIUM[2:], "toxic no"),
    }
    today: Below = {("rubidium",): ("symbol rb", *SODIUM[2:], "toxic no"), ("iron",): before["iron",]}
    assert not renamed(today, before)


def test_what_others_say_too_is_no_sign() -> None:
    """All of it stands below other headings as well."""
    before: Below = {("sodium",): ("metal yes", "gas no"), ("iron",): ("metal yes", "gas no")}
    today: Below = {("potassium",): ("metal yes", "gas no"), ("iron",): ("metal yes", "gas no")}
    assert not renamed(today, before)


def test_a_heading_with_words_more_or_elsewhere_is_the_same() -> None:
    """Half of its texts are enough, however common."""
    before: Below = {("sodium",): ("metal yes", "gas no"), ("iron",): ("metal yes", "gas no")}
    for heading in (("sodium (natrium)",), ("metals", "sodium")):
        today: Below = {heading: ("metal yes", "gas no"), ("iron",): ("metal yes", "gas no")}
        assert renamed(today, before) == {("sodium",): heading}


def test_a_section_goes_with_the_heading_above_it() -> None:
    """What is known of one section of a topic holds for another that is called as before."""
    before: Below = {("metals", "use"): ("wires",), ("metals", "price"): ("low",)}
    today: Below = {("elements", "use"): ("wires",), ("elements", "price"): ("much higher now",)}
    went: Moves = {("metals", "use"): {("elements", "use"): 1}}
    assert renamed(today, before, went)["metals", "price"] == ("elements", "price")


def test_what_was_there_before_is_no_heir() -> None:
    """A topic that became part of another was not renamed."""
    went: Moves = {("sodium",): {("iron",): 4}}
    assert not renamed({("iron",): (*IRON, *SODIUM)}, {("sodium",): SODIUM, ("iron",): IRON}, went)
