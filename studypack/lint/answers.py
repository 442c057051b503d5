"""Rules about what is on the back of a card."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from html.parser import HTMLParser

from studypack.diagnostics import Diagnostic
from studypack.lint.reading import Reading, length, shortened, shows, tokens, words
from studypack.lint.tongues import TONGUES, Tongue
from studypack.model import BasicNote, ClozeNote, Kind, Note

LONGEST = 80
"""The longest answer, in words: what is read in twenty seconds (238 words a minute, Brysbaert 2019)."""

BARE = 15
"""A yes or no with more words than this explains itself."""

MOST_ITEMS = 7
"""The longest list that one card asks for; longer ones are seldom recalled whole (Miller 1956: seven, more or less)."""

_FIRST = re.compile(r"\s*[.,;:!–—、，。،؛।]|\s+-\s")

_AT_LENGTH = 12
"""What says more than so many words says something, wherever it also points."""

_WITH_LINK = 6
"""The longest answer that is no more than a link."""


def too_long(reading: Reading) -> Iterator[Diagnostic]:
    """SP601: an answer that is no longer one thing to remember."""
    for note in reading.basic:
        count = length(words(note.back))
        if count > LONGEST:
            message = (
                f"the answer of this {note.kind} is too long for one card: {count} words, where {LONGEST} are plenty"
            )
            yield reading.finding("SP601", reading.place(note), message, _HOW_TO_SPLIT[note.kind])


_TO_QUESTIONS = "ask for its parts: a question of its own for each, or terms (`- **Term** — text`)"
_HOW_TO_SPLIT = {
    Kind.QUESTION: _TO_QUESTIONS,
    Kind.TERM: "keep the meaning to a sentence or two; ask for the rest in questions of its own",
    Kind.TAKEAWAY: "keep what is to be taken away; move the rest into the text above it",
    Kind.CONCEPT: "put headings that ask into the text, make terms of it, or ==mark the words== that matter",
}


def yes_or_no(reading: Reading) -> Iterator[Diagnostic]:
    """SP602: a question that can be answered by guessing."""
    for note in reading.basic:
        answer = words(note.back)
        if note.kind is not Kind.QUESTION or length(answer) > BARE or shows(note.back) or reading.names_sides(note):
            continue
        if _is_guessed(tokens(note.asks), answer, reading.tongue):
            message = f"the answer is yes or no: {shortened(answer)!r}; half of all guesses are right"
            yield reading.finding("SP602", reading.place(note), message, "ask why, how, when or what follows from it")


def _is_guessed(asked: Sequence[str], answer: str, tongue: Tongue) -> bool:
    """Whether an answer starts with yes or no, or is nothing more: “It is.”, “Not really.”, “Grundsätzlich ja.”."""
    first = _FIRST.split(answer, maxsplit=1)[0].strip().casefold()
    if not tongue.asking.isdisjoint(asked[:2]):  # “What does *nein* mean?”, “On which side …?” “Right.”
        return False
    if first in tongue.yes_no:
        return True
    said = tokens(answer)
    return first in tongue.verdict or (
        (len(said) > 1 or not tongue.hedges.isdisjoint(said))
        and all(word in tongue.little | tongue.hedges | tongue.yes_no for word in said)
    )


def many_items(reading: Reading) -> Iterator[Diagnostic]:
    """SP604: a list that must be recalled whole."""
    for note in reading.basic:
        count = max(_Lists.longest(note.back), _in_a_row(note.back) if note.kind is Kind.QUESTION else 0)
        if count > MOST_ITEMS and note.kind in (Kind.QUESTION, Kind.CONCEPT):
            message = f"this card asks for a list of {count} items at once; more than {MOST_ITEMS} are seldom recalled"
            hint = "make terms of the items (`- **Item** — text`), ==mark== one word in each, or group them"
            yield reading.finding("SP604", reading.place(note), message, hint)


def _in_a_row(markup: str) -> int:
    """How many items an answer has that is nothing but a list in a sentence: `I, V, X, L, C, D and M`."""
    text = words(markup).rstrip(" .")
    items = [] if shows(markup) or "</li>" in markup or re.search(r"[.!?:](?=\s)", text) else _COMMA.split(text)
    return len(items) if all(0 < length(item) <= _SHORT for item in items) else 0


_COMMA = re.compile(r"\s*[,;،、，]\s*")
_SHORT = 3


class _Lists(HTMLParser):
    """Counts the items of each list in a piece of HTML; lists inside an item count for themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[int] = []
        self.most = 0

    @classmethod
    def longest(cls, markup: str) -> int:
        """How many items the longest list has."""
        reader = cls()
        reader.feed(markup)
        return reader.most

    def handle_starttag(self, tag: str, attrs: object) -> None:
        """A list opens, or an item of it."""
        if tag in ("ul", "ol"):
            self.open.append(0)
        elif tag == "li" and self.open:
            self.open[-1] += 1
            self.most = max(self.most, self.open[-1])

    def handle_endtag(self, tag: str) -> None:
        """A list ends."""
        if tag in ("ul", "ol") and self.open:
            self.open.pop()


def repeats_the_question(reading: Reading) -> Iterator[Diagnostic]:
    """SP606: an answer that says only what was asked."""
    for note in reading.basic:
        if shows(note.back) or reading.names_sides(note):
            continue
        asked, answered = set(reading.content(note.asks)), set(reading.content(words(note.back)))
        # An answer that picks one thing out of the question (“which of A and B …?”) has only a part of its words.
        if answered and _is_in(answered, asked) and len(answered) * 2 > len(asked):
            message = f"the answer only repeats what is asked: {shortened(words(note.back))!r}"
            yield reading.finding("SP606", reading.place(note), message, "say what the question does not say yet")


def _is_in(answered: AbstractSet[str], asked: AbstractSet[str]) -> bool:
    """Whether all words of an answer were asked, one at least as it is: “a load *balancer* *balances* load”."""
    if answered.isdisjoint(asked):  # `analysis` and `analyses` are no repetition
        return False
    stems = {_stem(word) for word in asked}
    return all(word in asked or _stem(word) in stems for word in answered)


_ENDING = re.compile(r"(?<=[a-z]{4})(?:ers?|ors?|ing|ed|e?s|e)$")


def _stem(word: str) -> str:
    """An English word without its ending; others have to be the same letter by letter."""
    return _ENDING.sub("", word)


def says_nothing(reading: Reading) -> Iterator[Diagnostic]:
    """SP607: “see above”, “TODO” and the like: on a card there is no above."""
    for note in reading.notes:
        for side in _answers(note):
            answer = words(side)
            if not shows(side) and _is_nothing(answer, side, note.kind, reading):
                place = (
                    reading.place(note)
                    if isinstance(note, BasicNote)
                    else reading.locate(_literally(answer), note.span)
                )
                message = f"{shortened(answer)!r} is no answer: a card stands alone"
                hint = "write the answer here, or mark the part {: .no-cards }"
                yield reading.finding("SP607", place, message, hint)


def _literally(answer: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=[|\s]){re.escape(answer)}")


def _answers(note: Note) -> tuple[str, ...]:
    match note:
        case BasicNote():
            return (note.back,)
        case ClozeNote(kind=Kind.COMPARISON):
            return tuple(gap.html for gap in note.gaps)
        case ClozeNote():
            return ()


_ONLY_DOTS = re.compile(r"(?:\.{2,}|…|\?+|_+|-+|[–—]+)$")
_LEFT_TO_DO = re.compile(r"\W*(?:TODO|FIXME|TBD|TBC|TBA|XXX)\b|\W*lorem ipsum\b")
_SENSIBLE = {
    Kind.COMPARISON: frozenset({("to", "do"), ("n", "a"), ("same",), ("ditto",), ("idem",), ("likewise",)}),
    Kind.TERM: frozenset({("to", "do"), ("same",), ("likewise",)}),
}
"""What is an answer after all: the rest of a row says what it is the same as; a word may mean “to do”."""


def _is_nothing(answer: str, markup: str, kind: Kind, reading: Reading) -> bool:
    said, tongue = tokens(answer), reading.tongue
    if len(said) > _AT_LENGTH:
        return False
    if _ONLY_DOTS.match(answer) or _LEFT_TO_DO.match(answer):
        return True
    phrase = tuple(word.lower() for word in said if word != "/")
    if phrase in tongue.unwritten:
        # `todo` is everything in Spanish
        return phrase not in _SENSIBLE.get(kind, ()) and not (len(phrase) == 1 and phrase[0] in tongue.small)
    return _is_elsewhere(said, "<a " in markup, reading)


def _is_elsewhere(said: Sequence[str], links: bool, reading: Reading) -> bool:
    """Whether an answer only says where the answer is: “See above.”, “As explained in section 3.”, “See Osmosis”."""
    tongue = reading.tongue
    if any(_only_points(said, other) for other in (tongue, *TONGUES.values())):
        return True
    telling = [word for word in said if word not in tongue.little]
    if not telling or telling[0] not in tongue.see:
        return False
    if telling[-1] in tongue.place or (links and len(said) <= _WITH_LINK):
        return True
    return tuple(said[said.index(telling[0]) + 1 :]) in reading.titles


def _only_points(said: Sequence[str], tongue: Tongue) -> bool:
    known = tongue.see | tongue.place | tongue.little
    return (
        not tongue.see.isdisjoint(said)
        and not tongue.place.isdisjoint(said)
        and all(word in known or word.isdigit() for word in said)
    )
