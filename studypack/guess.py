"""How likely a note is another one edited: by its question, its answer and its place, and by what became of others."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from studypack.likeness import Likeness, Words
from studypack.model import Kind
from studypack.trace import Section, Trace

SURE = 0.62
"""The least likeness of a guess."""

SECTION, SLOT = 0.03, 0.04
"""What it adds to a likeness to stand under the same heading, and between the same neighbours."""

ELSEWHERE, RETIRED, OTHER_ROW = 0.05, 0.1, 0.15
"""What it takes off to stand elsewhere, to have left the guide before, to be a row of wholly another name or
of another table: rows of many tables have the same names."""

SAME_CELLS = 0.97
"""How alike the cells of such a row must be."""

EXCHANGED = 0.3
"""What it takes off that the question lost words and got others instead, as a question about another thing does."""

UNSURE, MOSTLY = 0.4, 0.5
"""The least likeness of two notes of which the author is asked, and how alike their answers must be."""

SAME_ANSWER = 0.75
"""The least likeness of two notes with the very same answer, if it tells something."""

TELLING, FEW_WORDS = 1.5, 3
"""What an answer must weigh to be a sign, and how many words are too few: “yes”, “three” and “not at all” are many
questions' answers. A word that stands nowhere else weighs 1."""

TELLING_ALONE = 3.0
"""The same where the place does not speak for it, or the name of a row is wholly another: “✅ ❌ ✅” is many a row."""

SENTENCE = 5
"""From how many words on an answer to a question of many headings is more than a name, such as “alkali metal”."""

TRACE = 0.05
"""Up to which weight exchanged words do not count, such as “is” for “are”."""

SAID_AGAIN, SAID_STILL = 0.2, 0.4
"""How much of the answer must have stayed where the question gained or lost words that count, and where one of its
words is nearly another: “alkane” is no slip for “alkene”."""

AROUND = 0.5
"""How alike sentences must be around their marks if words there were exchanged."""

MANY, SORTS = 3, 3
"""How many questions must have changed in the same words, and how many answers there must be, to be rephrased."""

KEPT = 0.8
"""How many of the answers to the questions about a thing stay, at least in part, when it gets another name."""

_EDITION = re.compile(r"\b(?:\d+(?:\.\d+)+|\d{4})\b")  # versions and years; “Type 2” is another thing than “Type 1”

Exchange = tuple[frozenset[str], frozenset[str]]
"""Words that a question lost, and those that it got instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two notes side by side.

    `asks`, `says` and `about` are how alike their questions are, their answers, and what a sentence says around its
    marks. `here` is whether they stand under the same heading, as it is called today; `slot` how surely between the
    same neighbours, 0 to 1.
    """

    new: Trace
    old: Trace
    asks: Likeness
    says: Likeness
    about: Likeness
    here: bool
    slot: float

    @property
    def exchange(self) -> Exchange:
        """The words that the question lost and got."""
        return self.about.gone, self.about.come


class Guesses:
    """What is known of a guide as a whole, to judge two of its notes by."""

    def __init__(
        self,
        new: Sequence[Trace],
        old: Sequence[Trace],
        words: Words,
        titles: frozenset[str],
        went: Mapping[Section, Counter[Section]],
    ) -> None:
        """Takes all notes of today and of before, the questions that many have, and where notes went for sure."""
        self._words, self._titles, self._went = words, titles, went
        self._said = Counter(one.says for one in new), Counter(one.says for one in old)
        self._around = Counter(one.around for one in new), Counter(one.around for one in old)
        self._sections = frozenset(one.section for one in new), frozenset(one.section for one in old)
        self._replaced: set[Exchange] = set()
        self._rephrased: set[Exchange] = set()

    def compare(self, new: Trace, old: Trace, here: bool, slot: float) -> Pair:
        """Two notes side by side."""
        asks, says = self._words.compare(new.asks, old.asks), self._words.compare(new.answer, old.answer)
        about = self._words.compare(new.around, old.around) if new.kind is Kind.CLOZE else asks
        return Pair(new=new, old=old, asks=asks, says=says, about=about, here=here, slot=slot)

    def learn(self, pairs: Sequence[Pair]) -> None:
        """Finds the words that stand for another thing now, and those that only ask for the same in another way.

        Of another thing the questions are those of before, but not most of the answers. Where many questions changed in
        the same words and have their answers, of all sorts, it is another way to ask.
        """
        found: dict[Exchange, dict[tuple[str, ...], Pair]] = defaultdict(dict)
        for pair in pairs:
            if pair.new.kind is not Kind.COMPARISON and any(pair.exchange) and pair.about.shared:
                best = found[pair.exchange].get(pair.new.key)
                if best is None or pair.says.ratio > best.says.ratio:
                    found[pair.exchange][pair.new.key] = pair
        for exchange, best_pairs in found.items():
            if all(exchange) and _replaced(best_pairs.values()):
                self._replaced.add(exchange)
            elif _rephrased(best_pairs.values()):
                self._rephrased.add(exchange)

    def likeness(self, pair: Pair) -> float:
        """How alike two notes are, about 0 to 1.

        Question and answer count by what they weigh, so that a short answer tells little and a long one much.
        """
        if pair.exchange in self._replaced or not (pair.here or self._known_by(pair)):
            return 0.0
        whole = pair.asks.whole + pair.says.whole
        likeness = (pair.asks.shared + pair.says.shared) / whole if whole else 0.0
        place = SECTION if pair.here else 0.0 if pair.slot else -ELSEWHERE
        likeness += place + SLOT * pair.slot - RETIRED * pair.old.retired
        match pair.new.kind:
            case Kind.CLOZE:
                return self._of_sentences(pair, likeness)
            case Kind.COMPARISON:
                return self._of_rows(pair, likeness)
            case _:
                return self._of_questions(pair, likeness)

    def doubt(self, pair: Pair) -> float:
        """How alike two notes are that are not taken for the same, 0 to 1, if an author may see it otherwise.

        That is where most of the answer stayed, and no note of before has the reviews yet.
        """
        whole = pair.asks.whole + pair.says.whole
        told = pair.about if pair.new.kind is Kind.CLOZE else pair.says
        stayed = told.ratio >= MOSTLY and (pair.here or pair.slot) and not pair.old.retired
        return (pair.asks.shared + pair.says.shared) / whole if whole and stayed else 0.0

    def _of_questions(self, pair: Pair, likeness: float) -> float:
        asks, says = pair.asks, pair.says
        if pair.here and pair.exchange in self._rephrased and pair.new.says == pair.old.says:
            return max(likeness, SAME_ANSWER)
        telling = says.least >= TELLING and says.words > FEW_WORDS
        if telling and self._same_answer(pair) and (pair.slot or says.least >= TELLING_ALONE):
            return max(likeness, SAME_ANSWER + asks.ratio * (1 - SAME_ANSWER))
        if self._exchanged(asks):
            return likeness - EXCHANGED if telling else 0.0
        slipped = self._words.weigh(asks.slips) > TRACE and says.ratio < SAID_STILL
        changed = slipped or (self._words.weigh(asks.gone | asks.come) > TRACE and says.ratio < SAID_AGAIN)
        return 0.0 if changed else likeness

    def _of_sentences(self, pair: Pair, likeness: float) -> float:
        """What stands around the marks asks, and the marks are the answers."""
        ours, theirs = (set(one.says.split("\n")) for one in (pair.new, pair.old))
        kept = bool(ours & theirs) or _longer(pair.says)
        if self._exchanged(pair.about) and (pair.about.ratio < AROUND or not kept):
            return 0.0
        if kept:
            return likeness
        if len(ours) == len(theirs) == 1:
            return max(likeness, SAME_ANSWER) if self._only_corrected(pair) else likeness
        return 0.0 if self._exchanged(pair.says) else likeness

    def _of_rows(self, pair: Pair, likeness: float) -> float:
        """Rows of another name, or of another table, need cells that tell."""
        says, here = pair.says, pair.here or _same_subjects(pair.new, pair.old)
        same = says.ratio >= SAME_CELLS
        if self._next_edition(pair):
            return max(likeness, SAME_ANSWER)
        if pair.asks.shared and here and (not self._exchanged(pair.asks) or (same and says.least >= TELLING)):
            return likeness
        alone = pair.slot and here and says.least >= TELLING and self._same_answer(pair)
        return likeness - OTHER_ROW if same and (alone or says.least >= TELLING_ALONE) else 0.0

    def _next_edition(self, pair: Pair) -> bool:
        """Whether it is the row of a table brought up to date: below “Limits in 1.33”, where “Limits in 1.29” was."""
        new, old = pair.new, pair.old
        alone = new.base[-1] == old.base[-1] and new.base[-1] not in self._titles
        today, before = self._sections
        replaced = not old.retired and old.section not in today and new.section not in before
        return alone and replaced and _same_subjects(new, old) and _undated(new.section) == _undated(old.section)

    def _known_by(self, pair: Pair) -> bool:
        """Whether a note under another heading may be the same: one that many have only if others went there too."""
        title = pair.new.base[-1] in self._titles or pair.old.base[-1] in self._titles
        told = pair.asks if pair.new.kind is Kind.CLOZE else pair.says
        went = pair.new.section in self._went.get(pair.old.section, ())
        return not title or went or identifies(told.shared, told.words)

    def _same_answer(self, pair: Pair) -> bool:
        """Whether both say the same, and no other note does."""
        today, before = self._said
        return pair.new.says == pair.old.says and today[pair.new.says] == before[pair.old.says] == 1

    def _only_corrected(self, pair: Pair) -> bool:
        """Whether but the answer changed of a sentence in its place, and no other note asks the same."""
        asked, (today, before) = pair.new.around, self._around
        return pair.here and asked == pair.old.around and today[asked] == before[asked] == 1

    def _exchanged(self, asks: Likeness) -> bool:
        """Whether the question is about another thing, unless that has another name now throughout the guide."""
        exchanged = min(self._words.weigh(asks.gone), self._words.weigh(asks.come)) > TRACE
        renamed = (asks.gone, asks.come) in self._rephrased or self._words.renamed(asks.gone, asks.come)
        return exchanged and not renamed


def _replaced(pairs: Collection[Pair]) -> bool:
    """Whether too few of the questions about a thing have their answers still for it to be that thing."""
    kept = {pair.new.asks: pair.says.ratio >= SAID_AGAIN for pair in pairs}
    return len(kept) > 1 and sum(kept.values()) < KEPT * len(kept)


def _rephrased(pairs: Collection[Pair]) -> bool:
    """Whether many questions that changed in the same words have their answers still, and not all the same one."""
    same = [pair.new.says for pair in pairs if pair.says.ratio >= SAME_CELLS]
    return len(set(same)) >= SORTS and len(same) >= MANY and len(same) >= KEPT * len(pairs)


def identifies(weight: float, words: int) -> bool:
    """Whether what is said in both of two places tells who it is: much, or a sentence."""
    return weight >= TELLING_ALONE or (weight >= TELLING and words >= SENTENCE)


def _longer(says: Likeness) -> bool:
    """Whether one of two answers is the other with some words more."""
    return bool(says.shared) and not says.slips and not (says.gone and says.come)


def _undated(section: Section) -> Section:
    """Headings without the version or the year, which are another in a later edition."""
    return tuple(_EDITION.sub("#", heading) for heading in section)


def _same_subjects(new: Trace, old: Trace) -> bool:
    """Whether most subjects of two rows are the same, as in one table."""
    ours, theirs = ({line.partition(": ")[0] for line in one.says.split("\n")} for one in (new, old))
    return 2 * len(ours & theirs) >= max(len(ours), len(theirs))
