"""Which note of a guide is which note of its lock: the same question, however it was edited.

Sure signs first (a pinned id, the same text, the same question in the same place), then the best guesses among what is
left, over the whole guide at once. A guess needs a likeness above a threshold; below it a note is new. Where signs
contradict one another a note is new, too: to start anew costs a learner some reviews, to show another question under
an old one's reviews teaches wrongly.

The constants were tuned on made-up histories (`python -m tests.bench.replay --seeds 1-12 --revisions 80`). On others
(`--seeds 201-212 --revisions 100`, 402,198 card-revisions) 137 notes are lost, 0.34 in 1,000, and 5 guids go to another
question, 0.012 in 1,000: precision 0.99998, recall of edited notes 0.993. A guid of the question loses 3,253.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from studypack.guess import SURE, UNSURE, Guesses, identifies
from studypack.headings import renamed_headings
from studypack.likeness import Words, words_of
from studypack.trace import Section, Trace

TOLD_APART = 0.35
"""How alike the answers must be of notes that ask the same in the same place, where there are several."""

_CANDIDATES = 8
"""How many old notes are looked at closely for each new one: those that share its rarest words."""

_COMMON = 60
"""In how many unmatched notes a word may stand to lead to candidates; it keeps the search linear."""

_WIDEST_SLOT = 6


class Reason(StrEnum):
    """Why two are taken for the same note, from the surest to a guess."""

    PIN = "the same #id"
    TEXT = "the same text"
    KEY = "the same question in the same place"
    QUESTION = "the same question"
    ANSWER = "the same answer"
    LIKENESS = "alike"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A pair, by the places in the two lists; `likeness` is 0 to 1, and 1 for all but guesses."""

    new: int
    old: int
    reason: Reason
    likeness: float = 1.0


def match(new: Sequence[Trace], old: Sequence[Trace]) -> tuple[Match, ...]:
    """Pairs of new and old notes that are the same, each note in one pair at most, in the order of the new ones."""
    return recognise(new, old)[0]


def recognise(new: Sequence[Trace], old: Sequence[Trace]) -> tuple[tuple[Match, ...], tuple[Match, ...]]:
    """The pairs that are the same, and those of the rest that may be: an author is asked of them.

    Both lists are in guide order, and so are the pairs. Time grows with the notes that differ, not with the square of
    all.
    """
    matcher = _Matcher(new, old)
    matcher.exactly(lambda one: (one.family, one.pin) if one.pin else None, Reason.PIN)
    matcher.exactly(lambda one: (one.base, one.text), Reason.TEXT)
    matcher.exactly_told()
    matcher.exactly(lambda one: (one.family, one.base), Reason.KEY)
    matcher.exactly_moved()
    matcher.guess()
    return tuple(sorted(matcher.pairs, key=_place)), tuple(sorted(matcher.doubts, key=_place))


def _place(pair: Match) -> int:
    return pair.new


class _Matcher:
    """Two lists and what is still free in them."""

    def __init__(self, new: Sequence[Trace], old: Sequence[Trace]) -> None:
        self.new, self.old = new, old
        self.free_new = dict.fromkeys(range(len(new)))
        self.free_old = dict.fromkeys(range(len(old)))
        self.pairs: list[Match] = []
        self.doubts: list[Match] = []
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
        return one.base[-1] not in self._titles or identifies(self._words.weigh(words), len(words))

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

    # --- guesses ---

    def guess(self) -> None:
        """Pairs what is left by likeness, the likest first."""
        if not self.free_new or not self.free_old:
            return
        guesses = Guesses(self.new, self.old, self._words, self._titles, self._went)
        pairs = {(i, j): guesses.compare(self.new[i], self.old[j], here, slot) for i, j, here, slot in self._likely()}
        guesses.learn(tuple(pairs.values()))
        scored = [(guesses.likeness(pair), i, j) for (i, j), pair in pairs.items()]
        for likeness, i, j in sorted(scored, key=lambda row: (-row[0], row[1], row[2])):
            if likeness >= SURE and i in self.free_new and j in self.free_old:
                self._pair(i, j, self._why(self.new[i], self.old[j]), likeness)
        left = {(i, j): pair for (i, j), pair in pairs.items() if i in self.free_new and j in self.free_old}
        self._doubt([(guesses.doubt(pair), i, j) for (i, j), pair in left.items()])

    def _doubt(self, scored: Iterable[tuple[float, int, int]]) -> None:
        """Keeps the likest of what is not sure enough to be a guess, each note once."""
        asked: set[int] = set()
        found: set[int] = set()
        for likeness, i, j in sorted(scored, key=lambda row: (-row[0], row[1], row[2])):
            if likeness >= UNSURE and i not in asked and j not in found:
                asked.add(i)
                found.add(j)
                self.doubts.append(Match(new=i, old=j, reason=Reason.LIKENESS, likeness=round(likeness, 3)))

    def _why(self, new: Trace, old: Trace) -> Reason:
        if new.base[-1] == old.base[-1]:
            return Reason.QUESTION
        return Reason.ANSWER if new.says and new.says == old.says else Reason.LIKENESS

    def _likely(self) -> Iterator[tuple[int, int, bool, float]]:
        """The pairs to look at: new, old, whether under one heading, and how surely between the same neighbours."""
        index, slots = self._indexed(), self._slots()
        for i in self.free_new:
            for j in self._candidates(i, index, slots[i]):
                new, old = self.new[i], self.old[j]
                if new.family == old.family:
                    yield i, j, new.section == self._today(old), 1 / len(slots[i]) if j in slots[i] else 0.0

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
