"""Rules about what is on the front of a card."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from studypack.diagnostics import Diagnostic
from studypack.lint.reading import Reading, shortened, shows, tokens, words
from studypack.lint.tongues import Tongue
from studypack.model import BasicNote, Kind

_NAMED = re.compile(r"<(?:code|em|strong|q|mark|kbd)\b|[“„«‚‘]|&quot;|(?<=\s)\"")
"""What is marked or quoted is named, whatever word it is: “When is *it* used?”."""

_ANTECEDENT = re.compile(r"[`\d_]|\b[A-Z]{2,}\b")


def ambiguous(reading: Reading) -> Iterator[Diagnostic]:
    """SP603: a front that is a riddle without the section that it stands in."""
    for note in reading.basic:
        if note.kind not in (Kind.QUESTION, Kind.CONCEPT) or shows(note.front):
            continue
        if note.kind is Kind.QUESTION and (why := _unclear(note, reading)):
            message = f"this question is not clear on its own: {why}"
            yield reading.finding(
                "SP603", reading.place(note), message, "name the thing in the question, as if it stood on a wall"
            )
        elif note.kind is Kind.CONCEPT and _is_general(note, reading):
            message = f"{note.asks!r} says nothing on its own: the small path above it has to tell of what"
            hint = f"say of what, for example “{note.asks} of {_above(note)}”"
            yield reading.finding("SP603", reading.place(note), message, hint)


def _unclear(note: BasicNote, reading: Reading) -> str:
    """Why a question needs its surroundings, or nothing."""
    tongue, asked = reading.tongue, [token.lower() for token in tokens(note.asks)]
    if _NAMED.search(note.front) or _ANTECEDENT.search(note.asks) or reading.names_sides(note):
        return ""
    left = [token for token in asked if token not in tongue.little and token not in tongue.vague]
    pointing = next((token for token in asked if token in tongue.pointing), None)
    if not left and asked:
        if len(asked) == 1:
            return "it is one word long"
        return f"what is {pointing!r}?" if pointing else "it names nothing"
    if len(left) == 1 and left[0].title() not in note.asks and (bare := _beside(left[0], asked, tongue)):
        return f"what is {bare!r}?"
    if all(token in tongue.parts for token in left) and _of_something(asked, tongue):
        return f"the {left[0]} of what?"
    return ""


_SHORT = 5
"""Of so many words, a question that points and has but one to tell it by leaves open what it is about."""


def _beside(word: str, asked: Sequence[str], tongue: Tongue) -> str:
    """The pronoun beside the one word that a short question has: “Who invented it?”, “What is its capital?”."""
    if len(asked) > _SHORT or tongue.asking.isdisjoint(asked[:2]):
        return ""
    near = [*pairwise(asked), *pairwise(reversed(asked))]
    return next((other for other, one in near if one == word and other in tongue.bare), "")


def _of_something(asked: Sequence[str], tongue: Tongue) -> bool:
    """Whether nouns such as `symptoms` are somebody's, not things of their own: *a* symptom, *what are* symptoms."""
    if len(asked) == 3 and asked[0] in tongue.define and asked[1] in tongue.small:
        return False
    return not any(one in tongue.one and noun in tongue.parts for one, noun in pairwise(asked))


def _is_general(note: BasicNote, reading: Reading) -> bool:
    """Whether a heading is one that every guide has: “Overview”, “Key points”, “Die wichtigsten Vorteile”."""
    asked, tongue = [token.lower() for token in tokens(note.asks)], reading.tongue
    parts = [token for token in asked if token in tongue.parts]
    return len(parts) == 1 and all(
        token in tongue.small or token in tongue.vague or token in tongue.parts for token in asked
    )


def _above(note: BasicNote) -> str:
    return words(note.place.breadcrumb).rpartition(" › ")[2] or "…"


def nearly_the_same(reading: Reading) -> Iterator[Diagnostic]:
    """SP605: two cards that a learner cannot tell apart by their fronts."""
    first: dict[tuple[str, ...], BasicNote] = {}
    for note in reading.basic:
        if shows(note.front) or _is_general(note, reading):  # that is SP603's
            continue
        gist = _gist(words(note.front))
        other = first.setdefault(gist, note)
        # What asks the very same in the same place is SP401's.
        if other is note or not gist or other.key == note.key[: len(other.key)]:
            continue
        same = "the same" if note.asks == other.asks else "nearly the same"
        message = (
            f"this {note.kind} asks {same} as the one on line {reading.place(other).line}: {shortened(other.asks)!r}"
        )
        yield reading.finding(
            "SP605", reading.place(note), message, "say in both what sets them apart, or make one card of them"
        )


_SYMMETRIC = re.compile(
    r"\b(?:between|differ|differs|difference|differences|compare|compared|vs|versus|common)\b", re.I
)
_LITTLE = frozenset("a an the is are was were do does did s of in on for to there please exactly actually".split())


def _gist(front: str) -> tuple[str, ...]:
    """What a front asks, without the words by which two wordings of one question differ."""
    found = tuple(_singular(token) for token in tokens(front) if token not in _LITTLE)
    return tuple(sorted(found)) if _SYMMETRIC.search(front) else found


def _singular(token: str) -> str:
    return token[:-1] if len(token) > 4 and token.endswith("s") and not token.endswith(("ss", "us", "is")) else token
