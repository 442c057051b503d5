"""Rules about what is on the back of a card."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from studypack.diagnostics import Diagnostic
from studypack.lint.reading import Reading, content, length, shortened, shows, words
from studypack.model import BasicNote, ClozeNote, Kind, Note

LONGEST = 80
"""The longest answer, in words: what is read in twenty seconds (238 words a minute, Brysbaert 2019)."""

BARE = 15
"""A yes or no with more words than this explains itself."""

MOST_ITEMS = 7
"""The longest list that one card asks for; longer ones are seldom recalled whole (Miller 1956: seven, more or less)."""

_YES_NO = (
    "yes|no|nope|yep|true|false|correct|incorrect|right|wrong|ja|nein|jein|richtig|falsch|wahr|oui|non|vrai|faux|sí|si"
    "|verdadero|falso|cierto|sì|vero|sim|não|nao|verdadeiro|nee|waar|onwaar|nej|nei|kyllä|ei|tak|nie|prawda|fałsz|ano|ne"
    "|áno|igen|nem|da|nu|adevărat|evet|hayır|да|нет|верно|неверно"
    "|так|ні|не|ναι|όχι|σωστό|λάθος|có|không|ya|tidak|כן|לא|نعم|لا"
    "|はい|いいえ|是|否|对|错|네|예|아니요|아니오|हाँ|नहीं"
)
_STARTS_YES_NO = re.compile(rf"(?:{_YES_NO})(?=\s*$|\s*[.,;:!–—、，。،؛])", re.I)
_SIDES = re.compile(r"\b(?:or|oder|ou|o|oppure|of|eller|lub|czy|nebo|или|або|ή|hoặc|atau|veya)\b", re.I)

_ELSEWHERE = re.compile(
    r"\W*(?:"
    r"(?:please )?(?:see|as|same as|refer to|cf\.?|compare)\b.*\b(?:above|below|before|earlier|previous|section)"
    r"|see (?:the )?(?:docs|documentation|link|notes?)"
    r"|(?:wie )?(?:siehe |s\. )?(?:\w+ )?(?:oben|unten)|voir (?:\w+ |ci-)?(?:dessus|dessous|haut|bas)"
    r"|(?:ver|véase|vea|veja) (?:\w+ )?(?:arriba|abajo|acima|abaixo)|vedi (?:\w+ )?(?:sopra|sotto)"
    r"|zie (?:hier)?(?:boven|onder)|patrz (?:wyżej|niżej)|см\.? (?:выше|ниже)"
    r"|ditto|idem|same|likewise|to ?do|tbd|tbc|tba|fixme|xxx+|to be (?:written|done|added|continued)|coming soon|n/?a"
    r"|lorem ipsum.*"
    r")\W*$",
    re.I,
)
_ELSEWHERE_WORDS = 12
"""What says more than so many words says something, wherever it also points."""


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
        if note.kind is Kind.QUESTION and _STARTS_YES_NO.match(answer) and length(answer) <= BARE:
            if shows(note.back) or _SIDES.search(note.asks):
                continue
            message = f"the answer is yes or no: {shortened(answer)!r}; half of all guesses are right"
            yield reading.finding("SP602", reading.place(note), message, "ask why, how, when or what follows from it")


def many_items(reading: Reading) -> Iterator[Diagnostic]:
    """SP604: a list that must be recalled whole."""
    for note in reading.basic:
        count = _Lists.longest(note.back)
        if count > MOST_ITEMS and note.kind in (Kind.QUESTION, Kind.CONCEPT):
            message = f"this card asks for a list of {count} items at once; more than {MOST_ITEMS} are seldom recalled"
            hint = "make terms of the items (`- **Item** — text`), ==mark== one word in each, or group them"
            yield reading.finding("SP604", reading.place(note), message, hint)


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
        if shows(note.back) or _SIDES.search(note.asks):
            continue
        asked, answered = set(content(note.asks)), set(content(words(note.back)))
        # An answer that picks one thing out of the question (“which of A and B …?”) has only a part of its words.
        if answered and answered <= asked and len(answered) * 2 > len(asked):
            message = f"the answer only repeats what is asked: {shortened(words(note.back))!r}"
            yield reading.finding("SP606", reading.place(note), message, "say what the question does not say yet")


def says_nothing(reading: Reading) -> Iterator[Diagnostic]:
    """SP607: “see above”, “TODO” and the like: on a card there is no above."""
    for note in reading.notes:
        for side in _answers(note):
            answer = words(side)
            if not shows(side) and length(answer) <= _ELSEWHERE_WORDS and _is_nothing(answer, note.kind):
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


_IN_A_CELL = re.compile(r"\W*(?:n/?a|same|ditto|idem|likewise)\W*$", re.I)


def _is_nothing(answer: str, kind: Kind) -> bool:
    if kind is Kind.COMPARISON and _IN_A_CELL.match(answer):  # the rest of the row says what it is the same as
        return False
    return bool(_ELSEWHERE.match(answer) or _ONLY_DOTS.match(answer))
