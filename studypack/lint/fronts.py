"""Rules about what is on the front of a card."""

from __future__ import annotations

import re
from collections.abc import Iterator

from studypack.diagnostics import Diagnostic
from studypack.lint.reading import STOPWORDS, Reading, content, shortened, shows, tokens, words
from studypack.model import BasicNote, Kind

_PRONOUN = re.compile(r"\b(?:it|its|this|that|these|those|they|them|their|he|she|his|her)\b", re.I)
_ANTECEDENT = re.compile(r"[`\d_]|\b[A-Z]{2,}\b")
_EMPTY_WORDS = frozenset(
    "work works working mean means used use uses useful important matter matters happen happens done do need needed"
    " print prints output called call differ different difference good bad better know many much long often example"
    " examples say".split()
)
"""Verbs and the like that tell nothing without a noun."""

_GENERIC = frozenset(
    "overview introduction intro basics summary example examples note notes usage details misc miscellaneous general"
    " background conclusion description definition remarks more other others purpose advantages disadvantages benefits"
    " drawbacks pros cons properties features types steps process causes symptoms treatment diagnosis history"
    " überblick einleitung einführung zusammenfassung beispiel beispiele allgemeines vorteile nachteile aperçu résumé"
    " exemple exemples resumen ejemplo ejemplos riepilogo esempi przykład przykłady podsumowanie обзор введение примеры"
    " пример".split()
)
"""Headings that stand in every guide, and tell nothing without what stands above them."""


def ambiguous(reading: Reading) -> Iterator[Diagnostic]:
    """SP603: a front that is a riddle without the section that it stands in."""
    for note in reading.basic:
        if note.kind not in (Kind.QUESTION, Kind.CONCEPT) or shows(note.front):
            continue
        if note.kind is Kind.QUESTION and (why := _unclear(note)):
            message = f"this question is not clear on its own: {why}"
            yield reading.finding(
                "SP603", reading.place(note), message, "name the thing in the question, as if it stood on a wall"
            )
        elif len(found := tokens(note.asks)) == 1 and found[0] in _GENERIC:
            message = f"{note.asks!r} says nothing on its own: the small path above it has to tell of what"
            hint = f"say of what, for example “{note.asks} of {_above(note)}”"
            yield reading.finding("SP603", reading.place(note), message, hint)


def _unclear(note: BasicNote) -> str:
    """Why a question needs its surroundings, or nothing."""
    telling = [token for token in content(note.asks) if token not in _EMPTY_WORDS]
    pronoun = _PRONOUN.search(note.asks)
    if pronoun and not telling and not _ANTECEDENT.search(note.asks) and "<code" not in note.front:
        return f"what is {pronoun[0].lower()!r}?"
    asked = tokens(note.asks)
    if len(asked) == 1 and asked[0].isalpha() and (asked[0] in STOPWORDS or asked[0] in _ASKING):
        return "it is one word long"
    return ""


_ASKING = frozenset(
    "warum wie wann wozu wieso weshalb was wer wo pourquoi comment quand qui où cómo cuándo quién dónde perché come"
    " quando chi dove waarom hoe wanneer dlaczego jak kiedy kto gdzie"
    " почему как когда зачем кто где γιατί πώς πότε 为什么 なぜ".split()
)


def _above(note: BasicNote) -> str:
    return words(note.place.breadcrumb).rpartition(" › ")[2] or "…"


def nearly_the_same(reading: Reading) -> Iterator[Diagnostic]:
    """SP605: two cards that a learner cannot tell apart by their fronts."""
    first: dict[tuple[str, ...], BasicNote] = {}
    for note in reading.basic:
        if shows(note.front) or (len(asked := tokens(note.asks)) == 1 and asked[0] in _GENERIC):  # that is SP603's
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
