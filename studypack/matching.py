"""Which note of a guide is which note of its lock: the same question, however it was edited.

Sure signs first (a pinned id, the same text, the same key, the same question or answer), then the best guesses among
what is left, over the whole guide at once. A guess needs a likeness above a threshold; below it a note is new.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz

from studypack.model import Kind

SURE = 0.5
"""The least likeness of a guess."""

ASKS, SAYS, PLACE = 0.5, 0.5, 0.12
"""How much the question, the answer and the place count in a likeness."""

LONG_ANSWER = 24
"""How many characters an answer needs to be a sign by itself; “yes” and “three” are many questions' answers."""

_CANDIDATES = 12
"""How many old notes are looked at closely for each new one: those that share its rarest words."""

_COMMON = 60
"""In how many unmatched notes a word may stand to lead to candidates; it keeps the search linear."""

_WIDEST_SLOT = 6
_PAIRS_OF_WORDS = 900
_SAME_WORD = 80  # per cent of letters, for a typo or another ending

_WORD = re.compile(r"[぀-ヿ㐀-鿿가-힯฀-๿]|\w+")
_ORDINAL = re.compile(r"#\d+$")


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
    plain text; `text` a hash of both in full.
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
        return self.key[:-1] if _ORDINAL.match(self.key[-1]) else self.key

    @property
    def section(self) -> tuple[str, ...]:
        """The headings above it."""
        return self.base[1:-1]


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
    matcher.exactly(lambda one: (one.family, one.text), Reason.TEXT)
    matcher.exactly(lambda one: (one.family, one.base), Reason.KEY)
    matcher.exactly(_question, Reason.QUESTION, least=0.3)
    matcher.exactly(_answer, Reason.ANSWER, unique=True)
    matcher.guess()
    return tuple(sorted(matcher.pairs, key=lambda pair: pair.new))


def _question(one: Trace) -> Hashable:
    return (one.family, one.base[-1]) if one.kind is not Kind.CLOZE else None


def _answer(one: Trace) -> Hashable:
    return (one.family, one.says) if len(one.says) >= LONG_ANSWER else None


class _Matcher:
    """Two lists and what is still free in them."""

    def __init__(self, new: Sequence[Trace], old: Sequence[Trace]) -> None:
        self.new, self.old = new, old
        self.free_new = dict.fromkeys(range(len(new)))
        self.free_old = dict.fromkeys(range(len(old)))
        self.pairs: list[Match] = []
        self.of_new: dict[int, int] = {}
        self._slot_of: dict[int, tuple[int, ...]] = {}
        self._words: _Words | None = None

    def exactly(
        self,
        sign: Callable[[Trace], Hashable],
        reason: Reason,
        least: float | None = None,
        unique: bool = False,
    ) -> None:
        """Pairs what shares a sign. Where several share it, the most alike go together.

        `least` is the likeness that the answers need besides; `unique` takes only signs that one note on each side has.
        """
        groups: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
        for side, free, notes in ((0, self.free_new, self.new), (1, self.free_old, self.old)):
            for index in free:
                if (value := sign(notes[index])) is not None:
                    groups[value][side].append(index)
        for ours, theirs in groups.values():
            alive = [index for index in theirs if not self.old[index].retired] or theirs
            if not ours or not alive or (unique and (len(ours) > 1 or len(alive) > 1)):
                continue
            if len(ours) == len(alive) == 1 and least is None:
                self._pair(ours[0], alive[0], reason)
            else:
                self._pair_best(((i, j) for i in ours for j in alive), reason, least or 0.0)

    def guess(self) -> None:
        """Pairs what is left by likeness, the likest first."""
        if not self.free_new or not self.free_old:
            return
        index, slots = self._indexed(), self._slots()
        candidates = [(i, j) for i in self.free_new for j in self._candidates(i, index, slots[i])]
        self._slot_of = slots
        scored = [(self._likeness(i, j), i, j) for i, j in candidates]
        for likeness, i, j in sorted(scored, key=lambda row: (-row[0], row[1], row[2])):
            if likeness >= SURE and i in self.free_new and j in self.free_old:
                self._pair(i, j, Reason.LIKENESS, likeness)

    def _pair_best(self, pairs: Iterable[tuple[int, int]], reason: Reason, least: float) -> None:
        scored = [(self.words.alike(self.new[i].says, self.old[j].says), i, j) for i, j in pairs]
        for likeness, i, j in sorted(scored, key=lambda row: (-row[0], row[1], row[2])):
            if likeness >= least and i in self.free_new and j in self.free_old:
                self._pair(i, j, reason)

    def _pair(self, i: int, j: int, reason: Reason, likeness: float = 1.0) -> None:
        del self.free_new[i], self.free_old[j]
        self.of_new[i] = j
        self.pairs.append(Match(new=i, old=j, reason=reason, likeness=round(min(likeness, 1.0), 3)))

    @property
    def words(self) -> _Words:
        if self._words is None:
            self._words = _Words([*self.new, *self.old])
        return self._words

    # --- likeness ---

    def _likeness(self, i: int, j: int) -> float:
        """How alike two notes are, 0 to about 1.1: by question, answer and place; alike in one alone is not enough."""
        new, old = self.new[i], self.old[j]
        if new.family != old.family:
            return 0.0
        asks = self.words.alike(new.asks, old.asks)
        place = PLACE * ((new.section == old.section) + self._same_slot(i, j)) / 2
        if not new.says and not old.says:
            return asks * (ASKS + SAYS) + place - (0.2 if old.retired else 0.0)
        says = self.words.alike(new.says, old.says)
        if (asks < 0.3 and says < 0.6) or (says < 0.2 and asks < 0.8):
            return 0.0
        doubt = (0.2 if old.retired else 0.0) + (0.05 if new.kind is not old.kind else 0.0)
        return ASKS * asks + SAYS * says + place - doubt

    def _candidates(self, i: int, index: Mapping[str, Sequence[int]], slot: Sequence[int]) -> list[int]:
        """The free old notes that share the rarest words with a new one, and those that stood in its place."""
        votes: dict[int, float] = defaultdict(float)
        for word in self.words.of(self.new[i]):
            for j in index.get(word, ()):
                votes[j] += self.words.weight(word)
        likely = heapq.nlargest(_CANDIDATES, votes, key=lambda j: (votes[j], -j))
        return list(dict.fromkeys([*likely, *slot]))

    def _indexed(self) -> Mapping[str, Sequence[int]]:
        """The free old notes that hold each word; a word of very many notes tells nothing."""
        index: dict[str, list[int]] = defaultdict(list)
        for j in self.free_old:
            for word in self.words.of(self.old[j]):
                index[word].append(j)
        return {word: found for word, found in index.items() if len(found) <= _COMMON}

    def _slots(self) -> dict[int, tuple[int, ...]]:
        """For each free new note the free old ones that stood between the same neighbours."""
        slots: dict[int, tuple[int, ...]] = {}
        before, pending = -1, []  # type: tuple[int, list[int]]
        for i in range(len(self.new) + 1):
            after = self.of_new.get(i, len(self.old) if i == len(self.new) else None)
            if after is None:
                pending.append(i)
                continue
            between = range(before + 1, min(after, before + 2 + _WIDEST_SLOT)) if before < after else range(0)
            free = tuple(j for j in between if j in self.free_old)
            slots.update(dict.fromkeys(pending, free))
            before, pending = after, []
        return slots

    def _same_slot(self, i: int, j: int) -> float:
        slot = self._slot_of.get(i, ())
        return (1.0 if len(slot) == 1 else 0.5) if j in slot else 0.0


class _Words:
    """The words of all notes, weighed by how rare they are: “What is” says little, “hoisting” much."""

    def __init__(self, notes: Sequence[Trace]) -> None:
        self._of: dict[str, Counter[str]] = {}
        self._notes = len(notes)
        self._in = Counter(word for note in notes for word in self.of(note))

    def of(self, note: Trace) -> frozenset[str]:
        """The different words of a note."""
        return frozenset(self._counted(note.asks)) | frozenset(self._counted(note.says))

    def weight(self, word: str) -> float:
        """How much a word tells, the logarithm of its rarity (Spärck Jones 1972)."""
        return math.log(1 + self._notes / max(1, self._in[word]))

    def alike(self, one: str, other: str) -> float:
        """How alike two texts are, 0 to 1: the weight of the words they share; a word with a typo is nearly shared."""
        if one == other:
            return 1.0
        ours, theirs = self._counted(one), self._counted(other)
        whole = self._weight_of(ours) + self._weight_of(theirs)
        if not whole:
            return 0.0
        shared = ours & theirs
        return (2 * self._weight_of(shared) + self._nearly(ours - shared, theirs - shared)) / whole

    def _nearly(self, ours: Counter[str], theirs: Counter[str]) -> float:
        if not ours or not theirs or len(ours) * len(theirs) > _PAIRS_OF_WORDS:
            return 0.0
        left, total = dict.fromkeys(theirs), 0.0
        for word in ours:
            near = max(left, key=lambda other: fuzz.ratio(word, other), default=None)
            if near is not None and (ratio := fuzz.ratio(word, near)) >= _SAME_WORD:
                total += ratio / 100 * (self.weight(word) + self.weight(near))
                del left[near]
        return total

    def _weight_of(self, words: Counter[str]) -> float:
        return sum(self.weight(word) * count for word, count in words.items())

    def _counted(self, text: str) -> Counter[str]:
        if text not in self._of:
            self._of[text] = Counter(_WORD.findall(text.casefold()))
        return self._of[text]
