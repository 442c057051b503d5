"""Every edit of a guide's text: what an author writes, and what of it is still the same card."""

from __future__ import annotations

from tests.anki.bread import Edit
from tests.anki.edits_cards import CARDS, PLACES, WORDING
from tests.anki.edits_kinds import KINDS, MANY, PINS
from tests.anki.edits_parts import MARKS, TABLES, TWINS

EDITS = (*WORDING, *PLACES, *CARDS, *TABLES, *TWINS, *MARKS, *KINDS, *PINS, *MANY)


def named(name: str) -> Edit:
    """The edit of this name."""
    (found,) = [one for one in EDITS if one.name == name]
    return found
