"""Which note of a guide is which note of its lock: the same question, however it was edited.

Sure signs first (a pinned id, the same text, the same question in the same place), then the best guesses among what is
left, over the whole guide at once. A guess needs a likeness above a threshold; below it a note is new. Where signs
contradict one another a note is new, too: to start anew costs a learner some reviews, to show another question under
an old one's reviews teaches wrongly.

The constants were tuned on made-up histories (`python -m tests.bench.replay --seeds 1-12 --revisions 80`). On others
(`--seeds 201-212 --revisions 100`, 402,198 card-revisions) 138 notes are lost, 0.34 in 1,000, and 5 guids go to another
question, 0.012 in 1,000: precision 0.99998, recall of edited notes 0.993. A guid of the question loses 3,253.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from studypack.headings import Section, renamed_headings
from studypack.likeness import Likeness, Words, words_of
from studypack.model import Kind

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

MANY, SORTS = 5, 3
"""How many questions must have changed in the same words, and how many answers there must be, to be rephrased."""

KEPT = 0.8
"""How many of the answers to the questions about a thing stay, at least in part, when it gets another name."""

TOLD_APART = 0.35
"""How alike the answers must be of notes that ask the same in the same place, where there are several."""

_CANDIDATES = 8
"""How many old notes are looked at closely for each new one: those that share its rarest words."""

_COMMON = 60
"""In how many unmatched notes a word may stand to lead to candidates; it keeps the search linear."""

_WIDEST_SLOT = 6
_ORDINAL = re.compile(r"#\d+$")
_LABEL = re.compile(r"^.*?: ", re.M)


Exchange = tuple[frozenset[str], frozenset[str]]
"""Words that a question lost, and those that it got instead."""


class Reason(StrEnum):
    """Why two are taken for the same note, from the surest to a guess."""

    PIN = "the same #id"
    TEXT = "the same text"
    KEY = "the same question in the same place"
    QUESTION = "the same question"
    ANSWER = "the same answer"
    LIKENESS = "alike"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What a note is recognised by.

    `key` is its kind, the headings above it and its question, normalised; `asks` and `says` its question and answer as
    plain text, a comparison's as lines `subject: cell`; `text` a hash of both in full.
    """

    kind: Kind
    key: tuple[str, ...]
    asks: str
    says: str
    text: str
    pin: str | None = None
    retired: bool = False

    @property
    def family(self) -> str:
        """Notes of different families are never the same: Anki refuses to turn one note type into another."""
        return self.kind.value if self.kind in (Kind.COMPARISON, Kind.CLOZE) else "basic"

    @property
    def base(self) -> tuple[str, ...]:
        """The key without the number that tells equal questions apart."""
        last = self.key[-1]
        return self.key[:-1] if last.startswith("#") and _ORDINAL.match(last) else self.key

    @property
    def section(self) -> Section:
        """The headings above it."""
        return self.base[1:-1]

    @property
    def told(self) -> str:
        """What tells it from others of its question: the answer, of a cloze the sentence."""
        return self.asks if self.kind is Kind.CLOZE else self.answer

    @property
    def answer(self) -> str:
        """What it says; of a comparison the cells without their subjects, which are another's cells' subjects too."""
        return _LABEL.sub("", self.says) if self.kind is Kind.COMPARISON else self.says


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A pair, by the places in the two lists; `likeness` is 0 to 1, and 1 for all but guesses."""

    new: int
    old: int
    reason: Reason
    likeness: float = 1.0


def match(new: Sequence[Trace], old: Sequence[Trace]) -> tuple[Match, ...]:
    """Pairs of new and old notes that are the same, each note in one pair at most, in the order of the new ones.

    Both lists are in guide order. Time grows with the notes that differ, not with the square of all.
    """
    matcher = _Matcher(new, old)
    matcher.exactly(lambda one: (one.family, one.pin) if one.pin else None, Reason.PIN)
    matcher.exactly(lambda one: (one.base, one.text), Reason.TEXT)
    matcher.exactly_told()
    matcher.exactly(lambda one: (one.family, one.base), Reason.KEY)
    matcher.exactly_moved()
    matcher.guess()
    return tuple(sorted(matcher.pairs, key=lambda pair: pair.new))


class _Matcher:
    """Two lists and what is still free in them."""

    def __init__(self, new: Sequence[Trace], old: Sequence[Trace]) -> None:
        self.new, self.old = new, old
        self.free_new = dict.fromkeys(range(len(new)))
        self.free_old = dict.fromkeys(range(len(old)))
        self.pairs: list[Match] = []
        self._replaced: set[Exchange] = set()
        self._rephrased: set[Exchange] = set()
        self._old_of: dict[int, int] = {}
        self._renamed: Mapping[Section, Section] = {}

    # --- sure signs ---

    def exactly(self, sign: Callable[[Trace], Hashable], reason: Reason) -> None:
        """Pairs what shares a sign. Where several share it, the most alike go together."""
        self._exactly(sign, sign, reason)

    def exactly_told(self) -> None:
        """Pairs what says the same wherever it stands, if that tells who it is: “State: solid” is many an element's."""
        common = {self.new[i].text for i in self.free_new} & {self.old[j].text for j in self.free_old}
        self.exactly(
            lambda one: (one.family, one.text) if one.text in common and self._tells(one) else None, Reason.TEXT
        )

    def _tells(self, one: Trace) -> bool:
        words = set(words_of(one.told))
        return one.base[-1] not in self._titles or _identifies(self._words.weigh(words), len(words))

    def exactly_moved(self) -> None:
        """Pairs what says or asks the same under a heading that was reworded."""
        if not (self.free_new and self.free_old):
            return
        self._renamed = renamed_headings(_below(self.new), _below(self.old), self._went)
        self._under_heirs(lambda one: one.text, Reason.TEXT)
        self._under_heirs(lambda one: one.base[-1], Reason.KEY)

    def _under_heirs(self, sign: Callable[[Trace], str], reason: Reason) -> None:
        self._exactly(
            lambda one: (one.family, one.section, sign(one)),
            lambda one: (one.family, self._today(one), sign(one)) if not one.retired else None,
            reason,
            self._titles,
        )

    @cached_property
    def _went(self) -> Mapping[Section, Counter[Section]]:
        """To which sections went the notes of each that only one of them can have; of those paired so far."""
        went: dict[Section, Counter[Section]] = defaultdict(Counter)
        for pair in self.pairs:
            new, old = self.new[pair.new], self.old[pair.old]
            if new.base[-1] not in self._titles:
                went[old.section][new.section] += 1
        return dict(went)

    @cached_property
    def _titles(self) -> frozenset[str]:
        """Questions that are asked more than once, such as “Key takeaway”: they need an answer to tell who they are."""
        counts = (Counter(one.base[-1] for one in notes if not one.retired) for notes in (self.new, self.old))
        return frozenset(title for count in counts for title, times in count.items() if times > 1)

    def _exactly(
        self,
        of_new: Callable[[Trace], Hashable],
        of_old: Callable[[Trace], Hashable],
        reason: Reason,
        titles: frozenset[str] = frozenset(),
    ) -> None:
        if not (self.free_new and self.free_old):
            return
        ours, theirs = _by_sign(self.new, self.free_new, of_new), _by_sign(self.old, self.free_old, of_old)
        for value, mine in ours.items():
            found = theirs.get(value, [])
            alive = [j for j in found if not self.old[j].retired] or found
            if not alive:
                continue
            title = self.new[mine[0]].base[-1] in titles
            if len(mine) == len(alive) == 1 and not title:
                self._pair(mine[0], alive[0], reason)
            else:
                least = 0.0 if len(mine) == len(alive) and not title else TOLD_APART
                self._pair_best([(i, j) for i in mine for j in alive], reason, least)

    def _pair_best(self, pairs: Iterable[tuple[int, int]], reason: Reason, least: float) -> None:
        scored = [(self._alike(self.new[i], self.old[j]), i, j) for i, j in pairs]
        for likeness, i, j in sorted(scored, key=lambda row: (-row[0], row[1], row[2])):
            if likeness >= least and i in self.free_new and j in self.free_old:
                self._pair(i, j, reason)

    def _alike(self, new: Trace, old: Trace) -> float:
        return 1.0 if new.says == old.says else self._words.compare(new.answer, old.answer).ratio

    def _pair(self, i: int, j: int, reason: Reason, likeness: float = 1.0) -> None:
        del self.free_new[i], self.free_old[j]
        self._old_of[i] = j
        self.pairs.append(Match(new=i, old=j, reason=reason, likeness=round(min(likeness, 1.0), 3)))

    def _today(self, old: Trace) -> Section:
        return self._renamed.get(old.section, old.section)

    @cached_property
    def _words(self) -> Words:
        new, old = ([(one.asks, one.answer) for one in notes] for notes in (self.new, self.old))
        return Words(new, old)

    @cached_property
    def _said(self) -> tuple[Counter[str], Counter[str]]:
        """How many notes say the same, today and before."""
        return Counter(one.says for one in self.new), Counter(one.says for one in self.old)

    # --- guesses ---

    def guess(self) -> None:
        """Pairs what is left by likeness, the likest first."""
        if not self.free_new or not self.free_old:
            return
        index, slots = self._indexed(), self._slots()
        pairs = [
            (i, j, self._words.compare(new.asks, old.asks), self._words.compare(new.answer, old.answer))
            for i in self.free_new
            for j in self._candidates(i, index, slots[i])
            if (new := self.new[i]).family == (old := self.old[j]).family
        ]
        self._weigh_exchanges(pairs)
        scored = [
            (self._likeness(self.new[i], self.old[j], asks, says, 1 / len(slots[i]) if j in slots[i] else 0.0), i, j)
            for i, j, asks, says in pairs
        ]
        for likeness, i, j in sorted(scored, key=lambda row: (-row[0], row[1], row[2])):
            if likeness >= SURE and i in self.free_new and j in self.free_old:
                self._pair(i, j, self._why(self.new[i], self.old[j]), likeness)

    def _why(self, new: Trace, old: Trace) -> Reason:
        if new.base[-1] == old.base[-1]:
            return Reason.QUESTION
        return Reason.ANSWER if new.says and new.says == old.says else Reason.LIKENESS

    def _weigh_exchanges(self, pairs: Iterable[tuple[int, int, Likeness, Likeness]]) -> None:
        """Finds the words that stand for another thing now, and those that only ask for the same in another way.

        Of another thing the questions are those of before, but not most of the answers. Where many questions changed in
        the same words and have their answers, of all sorts, it is another way to ask.
        """
        kept: dict[Exchange, dict[int, Likeness]] = defaultdict(dict)
        for i, j, asks, says in pairs:
            about = self._about(i, j, asks)
            if self.new[i].kind is not Kind.COMPARISON and about.gone and about.come and about.shared:
                best = kept[about.gone, about.come].get(i)
                if best is None or says.ratio > best.ratio:
                    kept[about.gone, about.come][i] = says
        for exchange, found in kept.items():
            answers = {self.new[i].asks: says.ratio for i, says in found.items()}
            if len(answers) > 1 and sum(ratio >= SAID_AGAIN for ratio in answers.values()) < KEPT * len(answers):
                self._replaced.add(exchange)
            told = {self.new[i].says for i, says in found.items() if says.ratio >= SAME_CELLS}
            same = sum(says.ratio >= SAME_CELLS for says in found.values())
            if len(told) >= SORTS and same >= MANY and same >= KEPT * len(found):
                self._rephrased.add(exchange)

    def _about(self, i: int, j: int, asks: Likeness) -> Likeness:
        """How alike two questions are; of sentences with marks, what stands around them."""
        new, old = self.new[i], self.old[j]
        return self._words.compare(_around(new), _around(old)) if new.kind is Kind.CLOZE else asks

    def _likeness(self, new: Trace, old: Trace, asks: Likeness, says: Likeness, slot: float) -> float:
        """How alike two notes are, about 0 to 1.

        Question and answer count by what they weigh, so that a short answer tells little and a long one much.
        """
        whole = asks.whole + says.whole
        same_section = new.section == self._today(old)
        if not (same_section or self._known_by(new, old, asks if new.kind is Kind.CLOZE else says)):
            return 0.0
        likeness = (asks.shared + says.shared) / whole if whole else 0.0
        likeness += (SECTION if same_section else 0.0 if slot else -ELSEWHERE) + SLOT * slot - RETIRED * old.retired
        if new.kind is Kind.CLOZE:
            return self._sentence(new, old, says, likeness)
        if new.kind is Kind.COMPARISON:
            return self._row(new, old, asks, says, likeness, same_section, slot)
        if (asks.gone, asks.come) in self._replaced:
            return 0.0
        telling = says.least >= TELLING and says.words > FEW_WORDS
        if telling and self._same_answer(new, old) and (slot or says.least >= TELLING_ALONE):
            return max(likeness, SAME_ANSWER + asks.ratio * (1 - SAME_ANSWER))
        if self._exchanged(asks):
            return likeness - EXCHANGED if telling else 0.0
        slipped = self._words.weigh(asks.slips) > TRACE and says.ratio < SAID_STILL
        changed = slipped or (self._words.weigh(asks.gone | asks.come) > TRACE and says.ratio < SAID_AGAIN)
        return 0.0 if changed else likeness

    def _known_by(self, new: Trace, old: Trace, told: Likeness) -> bool:
        """Whether a note under another heading may be the same: one that many have only if others went there too."""
        title = new.base[-1] in self._titles or old.base[-1] in self._titles
        return not title or _identifies(told.shared, told.words) or new.section in self._went.get(old.section, ())

    def _sentence(self, new: Trace, old: Trace, says: Likeness, likeness: float) -> float:
        """The likeness of sentences with marks: what stands around the marks asks, and the marks are the answers."""
        ours, theirs = set(new.says.split("\n")), set(old.says.split("\n"))
        around = self._words.compare(_around(new), _around(old))
        if (around.gone, around.come) in self._replaced:
            return 0.0
        if self._exchanged(around) and (around.ratio < AROUND or not ours & theirs):
            return 0.0
        if ours & theirs:
            return likeness
        if len(ours) == len(theirs) == 1:
            return max(likeness, SAME_ANSWER) if self._same_around(new, old) else likeness
        return 0.0 if self._exchanged(says) else likeness

    def _same_around(self, new: Trace, old: Trace) -> bool:
        """Whether but the answer changed of a sentence in its place, and no other note asks the same."""
        asked, (today, before) = _around(new), self._arounds
        same = asked == _around(old) and new.section == self._today(old)
        return same and today[asked] == before[asked] == 1

    def _row(
        self, new: Trace, old: Trace, asks: Likeness, says: Likeness, likeness: float, here: bool, slot: float
    ) -> float:
        """The likeness of rows of comparisons; one of another name, or of another table, needs cells that tell."""
        same_cells, here = says.ratio >= SAME_CELLS, here or _same_subjects(new, old)
        if asks.shared and here and (not self._exchanged(asks) or (same_cells and says.least >= TELLING)):
            return likeness
        alone = slot and here and says.least >= TELLING and self._same_answer(new, old)
        return likeness - OTHER_ROW if same_cells and (alone or says.least >= TELLING_ALONE) else 0.0

    @cached_property
    def _arounds(self) -> tuple[Counter[str], Counter[str]]:
        """How many sentences ask the same, today and before."""
        today, before = (
            Counter(_around(one) for one in notes if one.kind is Kind.CLOZE) for notes in (self.new, self.old)
        )
        return today, before

    def _same_answer(self, new: Trace, old: Trace) -> bool:
        """Whether both say the same, and no other note does."""
        today, before = self._said
        return new.says == old.says and today[new.says] == before[old.says] == 1

    def _exchanged(self, asks: Likeness) -> bool:
        """Whether the question is about another thing, unless that has another name now throughout the guide."""
        exchanged = min(self._words.weigh(asks.gone), self._words.weigh(asks.come)) > TRACE
        renamed = (asks.gone, asks.come) in self._rephrased or self._words.renamed(asks.gone, asks.come)
        return exchanged and not renamed

    def _candidates(self, i: int, index: Mapping[str, Sequence[int]], slot: Iterable[int]) -> list[int]:
        """The free old notes that share the rarest words with a new one, and those that stood in its place."""
        votes: dict[int, float] = defaultdict(float)
        for word in _set(self.new[i]):
            for j in index.get(word, ()):
                votes[j] += self._words.weight(word)
        likely = heapq.nlargest(_CANDIDATES, votes, key=lambda j: (votes[j], -j))
        return list(dict.fromkeys([*likely, *slot]))

    def _indexed(self) -> Mapping[str, Sequence[int]]:
        """The free old notes that hold each word; a word of very many notes tells nothing."""
        index: dict[str, list[int]] = defaultdict(list)
        for j in self.free_old:
            for word in _set(self.old[j]):
                index[word].append(j)
        return {word: found for word, found in index.items() if len(found) <= _COMMON}

    def _slots(self) -> dict[int, tuple[int, ...]]:
        """For each free new note the free old ones that stood between the same neighbours."""
        slots: dict[int, tuple[int, ...]] = {}
        before = -1
        pending: list[int] = []
        for i in range(len(self.new) + 1):
            after = self._old_of.get(i, len(self.old) if i == len(self.new) else None)
            if after is None:
                pending.append(i)
                continue
            between = range(before + 1, min(after, before + 2 + _WIDEST_SLOT)) if before < after else range(0)
            free = tuple(j for j in between if j in self.free_old)
            slots.update(dict.fromkeys(pending, free))
            before, pending = after, []
        return slots


def _identifies(weight: float, words: int) -> bool:
    """Whether what is said in both of two places tells who it is: much, or a sentence."""
    return weight >= TELLING_ALONE or (weight >= TELLING and words >= SENTENCE)


def _around(cloze: Trace) -> str:
    """A sentence without its marks."""
    text = cloze.asks
    for mark in sorted(cloze.says.split("\n"), key=len, reverse=True):
        text = text.replace(mark, " ", 1)
    return text


def _same_subjects(new: Trace, old: Trace) -> bool:
    """Whether most subjects of two rows are the same, as in one table."""
    ours, theirs = ({line.partition(": ")[0] for line in one.says.split("\n")} for one in (new, old))
    return 2 * len(ours & theirs) >= max(len(ours), len(theirs))


def _set(note: Trace) -> list[str]:
    """The different words of a note, in the order of the text, so that nothing hangs on the order of a set."""
    return list(dict.fromkeys([*words_of(note.asks), *words_of(note.answer)]))


def _below(notes: Iterable[Trace]) -> Mapping[Section, Sequence[str]]:
    """The texts below each heading, in guide order."""
    below: dict[Section, list[str]] = defaultdict(list)
    for one in notes:
        if not one.retired:
            below[one.section].append(one.text)
    return dict(below)


def _by_sign(
    notes: Sequence[Trace], free: Iterable[int], sign: Callable[[Trace], Hashable]
) -> dict[Hashable, list[int]]:
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for index in free:
        if (value := sign(notes[index])) is not None:
            groups[value].append(index)
    return groups
