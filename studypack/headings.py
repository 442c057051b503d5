"""Which headings of a guide are those of before in other words: where most went of what stood below them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, takewhile

from studypack.likeness import words_of
from studypack.trace import Section

MOST, LEAST = 0.75, 2
"""The part of all texts that must be the same below two headings of other words, and how many at least."""

_COMMON = 60
"""In how many new sections a text may stand to lead to any; it keeps the search linear."""


def renamed_headings(
    today: Mapping[Section, Sequence[str]],
    before: Mapping[Section, Sequence[str]],
    went: Mapping[Section, Counter[Section]],
) -> Mapping[Section, Section]:
    """Which headings that are gone are which new ones: old → new.

    `today` and `before` hold the texts below each heading, `went` where notes went that are known for sure. Below a
    heading without any, all questions are those of other headings too, such as “State”, and most texts must be the
    same: an element in the place of another has some of them in common with it.
    """
    fresh: dict[str, list[Section]] = defaultdict(list)
    for section, texts in today.items():
        for text in texts if section not in before else ():
            fresh[text].append(section)
    said = Counter(chain.from_iterable(before.values()))
    parents = _parents(went)
    found: dict[Section, Section] = {}
    for section in dict.fromkeys([*went, *before]):
        if section in today:
            continue
        if section in went:
            heir = _most(went[section])
        elif (heir := _with_its_parent(section, parents)) not in today:
            heir = _heir(section, before[section], today, fresh, said)
        if heir is not None and heir not in before:
            found[section] = heir
    return found


def _most(went: Counter[Section]) -> Section | None:
    """Where more than half went."""
    heir, count = went.most_common(1)[0]
    return heir if 2 * count > went.total() else None


def _parents(went: Mapping[Section, Counter[Section]]) -> Mapping[Section, Counter[Section]]:
    """Where notes went whose own headings stayed as they were, below headings above that did not."""
    parents: dict[Section, Counter[Section]] = defaultdict(Counter)
    for section, found in went.items():
        for other, count in found.items():
            same = sum(
                1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(section[::-1], other[::-1], strict=False))
            )
            parents[section[: len(section) - same]][other[: len(other) - same]] += count
    return parents


def _with_its_parent(section: Section, parents: Mapping[Section, Counter[Section]]) -> Section | None:
    """The heading below a reworded one that is called as before."""
    for cut in range(len(section) - 1, 0, -1):
        if (found := parents.get(section[:cut])) and (heir := _most(found)) is not None:
            return heir + section[cut:]
    return None


def _heir(
    section: Section,
    texts: Sequence[str],
    today: Mapping[Section, Sequence[str]],
    fresh: Mapping[str, Sequence[Section]],
    said: Mapping[str, int],
) -> Section | None:
    """The new heading with the most of the texts below an old one, if they are enough, and most that no other has."""
    led = [fresh[text] for text in texts if len(fresh.get(text, ())) in range(1, _COMMON)]
    shared = Counter(chain.from_iterable(led))
    if not shared:
        return None
    heir = max(shared, key=lambda other: (section[-1:] == other[-1:], _alike(section, other), shared[other]))
    same = Counter(texts) & Counter(today[heir])
    part = same.total() / max(len(texts), len(today[heir]))
    own = [text in same for text in texts if said[text] == 1]
    told = same.total() >= LEAST and part >= MOST and 2 * sum(own) > len(own)
    return heir if told or (2 * part >= 1 and _alike(section, heir)) else None


def _alike(one: Section, other: Section) -> bool:
    """Whether two headings differ in nothing but words more, or in what stands above them."""
    ours, theirs = set(words_of(" ".join(one))), set(words_of(" ".join(other)))
    return one[-1:] == other[-1:] or ours <= theirs or theirs <= ours
