"""How alike two texts are: by the words they share, each weighed by how rare it is in the guide.

“What is” says little and “hoisting” much. A word with a slip of the pen is nearly the same; a number never is.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

NEARLY = 0.9
"""What a word with a slip of the pen counts beside the word itself."""

_LONG_WORD = 5  # from so many letters on, one letter for another is a slip: “RAM” and “ROM” are two things
_ENDING = 3  # so many letters more, and it is another form of the word
_WORST, _FEW = 0.1, 50  # texts that share less, and are more than a few pairs of words, are not searched for slips

# Written without spaces between words: kana, Han, Hangul, Thai. Pairs of letters stand for words there.
_SPACELESS = "぀-ヿ㐀-鿿가-힯฀-๿"
_IS_SPACELESS = re.compile(f"[{_SPACELESS}]")
_WORD = re.compile(rf"[{_SPACELESS}]+|[^\W{_SPACELESS}]+")
_PLAIN_WORD = re.compile(r"\w+", re.A)

_SHORTENED = re.compile(r"(?<=\w)['’][a-z]{1,2}\b")  # “what's” is “what is”, and the little word tells nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What two texts have in common, in words as rare as words can be: a word of every note weighs next to nothing.

    `whole` is the mean weight of the two texts, `shared` that of what they share, `least` that of the lighter one, and
    `words` how many words the shorter one has.
    `gone` and `come` are the words that only the old and only the new one has, `slips` the new words that are nearly
    an old one.
    """

    shared: float
    whole: float
    least: float
    words: int
    gone: frozenset[str]
    come: frozenset[str]
    slips: frozenset[str] = frozenset()

    @property
    def ratio(self) -> float:
        """The part that is shared, 0 to 1."""
        return self.shared / self.whole if self.whole else 0.0


class Words:
    """The words of all texts of a guide, old and new."""

    def __init__(self, new: Sequence[Sequence[str]], old: Sequence[Sequence[str]]) -> None:
        """Takes the texts of each note, of today and of before."""
        self._weighed_texts: dict[str, tuple[frozenset[str], float]] = {}
        self._weights: dict[str, float] = {}
        self._notes = len(new) + len(old)
        self._in_new, self._in_old = _notes_with(new), _notes_with(old)

    def weight(self, word: str) -> float:
        """How much a word tells, 0 to 1: the square of the logarithm of its rarity (Spärck Jones 1972)."""
        if word not in self._weights:
            rarity = math.log1p(self._notes / max(1, self._in_new[word] + self._in_old[word])) / math.log1p(self._notes)
            self._weights[word] = rarity * rarity
        return self._weights[word]

    def weigh(self, words: Iterable[str]) -> float:
        """How much some words tell together; exact, for the order of a set is another on each run."""
        return math.fsum(map(self.weight, words))

    def compare(self, new: str, old: str) -> Likeness:
        """What two texts have in common."""
        (ours, our_weight), (theirs, their_weight) = self._weighed(new), self._weighed(old)
        whole = (our_weight + their_weight) / 2
        come, gone = ours - theirs, theirs - ours
        shared = our_weight - self.weigh(come)
        slips: Mapping[str, str] = {}
        if come and gone and (shared >= _WORST * whole or len(come) * len(gone) < _FEW):
            slips = {word: other for word, other in _slips(come, gone) if not self._both_in_use(word, other)}
            shared += NEARLY * (self.weigh(slips) + self.weigh(slips.values())) / 2
            come, gone = come.difference(slips), gone.difference(slips.values())
        least, words = min(our_weight, their_weight), min(len(ours), len(theirs))
        return Likeness(
            shared=shared, whole=whole, least=least, words=words, gone=gone, come=come, slips=frozenset(slips)
        )

    def _both_in_use(self, new: str, old: str) -> bool:
        """Whether the guide has two words, such as “sulfite” and “sulfate”, not one with a slip or another ending."""
        form = new.startswith(old) or old.startswith(new) or sorted(new) == sorted(old)  # “does” is often a “dose”
        return bool(self._in_old[new] and self._in_new[old]) and not form

    def renamed(self, gone: Iterable[str], come: Iterable[str]) -> bool:
        """Whether the guide dropped some words throughout, and has others instead that it never had before."""
        dropped = all(not self._in_new[word] and self._in_old[word] > 1 for word in gone)
        return dropped and all(not self._in_old[word] and self._in_new[word] > 1 for word in come)

    def _weighed(self, text: str) -> tuple[frozenset[str], float]:
        if text not in self._weighed_texts:
            words = frozenset(words_of(text))
            self._weighed_texts[text] = words, self.weigh(words)
        return self._weighed_texts[text]


def _slips(come: Iterable[str], gone: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The new words that are an old one with a slip of the pen, each with that one."""
    by_letter: dict[str, list[str]] = {}
    for word in sorted(gone):
        by_letter.setdefault(word[0], []).append(word)
    for word in sorted(come):
        left = by_letter.get(word[0], [])
        found = next((other for other in left if nearly(word, other)), None)
        if found is not None:
            left.remove(found)
            yield word, found


def _notes_with(notes: Iterable[Sequence[str]]) -> Counter[str]:
    return Counter(chain.from_iterable(set(chain.from_iterable(map(words_of, note))) for note in notes))


def words_of(text: str) -> list[str]:
    """The words of a text as they are compared, repeated ones too."""
    text = _SHORTENED.sub("", text.casefold())
    if text.isascii():
        return _PLAIN_WORD.findall(text)
    return list(chain.from_iterable(map(_pieces, _WORD.findall(text))))


def _pieces(word: str) -> Iterable[str]:
    if len(word) < 2 or not _IS_SPACELESS.match(word):
        return (word,)
    return [one + other for one, other in pairwise(word)]


def nearly(one: str, other: str) -> bool:
    """Whether one word is the other with a slip of the pen, or in another form; both start with the same letter."""
    from rapidfuzz.distance import OSA  # takes as long to import as a small guide to build; few builds compare

    short, long = sorted((one, other), key=len)
    if len(long) <= _ENDING or len(long) - len(short) > _ENDING or not (short.isalpha() and long.isalpha()):
        return False
    if len(short) >= _LONG_WORD:
        return long.startswith(short) or OSA.distance(short, long, score_cutoff=1) <= 1
    swapped = len(short) == len(long) and sorted(short) == sorted(long)
    missing = len(short) + 1 == len(long) and not long.startswith(short)
    return (swapped or missing) and OSA.distance(short, long, score_cutoff=1) <= 1
