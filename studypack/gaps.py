"""The cloze numbers of a note: each gap keeps its own for ever, whatever is added, removed, renamed or reordered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from rapidfuzz import fuzz

ALIKE = 60
"""How alike two texts must be, in per cent of letters, to be the same mark or cell reworded."""


def number_gaps(
    labels: Sequence[str], before: Mapping[str, int], renamed: Mapping[str, str] | None
) -> Mapping[str, int]:
    """A number for each label, those of vanished labels included, for a number is never used twice.

    `before` holds what was given so far. `renamed` maps new labels to old ones, for a comparison, whose table says so;
    None lets the labels speak for themselves: marks are reworded, or stand where another stood.
    """
    numbers = dict(before)
    fresh = [label for label in labels if label not in numbers]
    left = [label for label in before if label not in labels]
    pairs = _alike(fresh, left, labels, list(before)) if renamed is None else renamed
    for label in fresh:
        old = pairs.get(label)
        if old in left:
            left.remove(old)
            numbers[label] = numbers.pop(old)
    for label in fresh:
        if label not in numbers:
            numbers[label] = max(numbers.values(), default=0) + 1
    return MappingProxyType(numbers)


def renamed_labels(
    rows: Iterable[tuple[tuple[str, ...], str, str]],
) -> Mapping[tuple[str, ...], Mapping[str, str]]:
    """Which columns of which table were renamed: new label → old label, by section.

    `rows` are a section, and the cells of one row today and before, as lines `label: cell`. A new column is an old one
    renamed if at least half of their cells are alike.
    """
    votes: dict[tuple[str, ...], dict[tuple[str, str], list[bool]]] = defaultdict(lambda: defaultdict(list))
    for section, today, before in rows:
        now, then = _cells(today), _cells(before)
        for label in now.keys() - then.keys():
            for old in then.keys() - now.keys():
                votes[section][label, old].append(fuzz.ratio(now[label], then[old]) >= ALIKE)
    found: dict[tuple[str, ...], dict[str, str]] = {}
    for section, pairs in votes.items():
        names: dict[str, str] = {}
        ranked = sorted(pairs.items(), key=lambda row: (-sum(row[1]) / len(row[1]), -len(row[1]), row[0]))
        for (label, old), alike in ranked:
            if sum(alike) * 2 >= len(alike) and label not in names and old not in names.values():
                names[label] = old
        found[section] = names
    return found


def _cells(text: str) -> dict[str, str]:
    return {label: cell for line in text.split("\n") for label, colon, cell in [line.partition(": ")] if colon}


def _alike(fresh: Sequence[str], left: Sequence[str], labels: Sequence[str], before: Sequence[str]) -> dict[str, str]:
    """Marks that were reworded: alike, or alone in the same place among the others."""
    pairs: dict[str, str] = {}
    ranked = sorted((-fuzz.ratio(label, old), label, old) for label in fresh for old in left)
    for distance, label, old in ranked:
        if -distance >= ALIKE and label not in pairs and old not in pairs.values():
            pairs[label] = old
    rest = [label for label in fresh if label not in pairs]
    unused = [old for old in left if old not in pairs.values()]
    if len(labels) == len(before) and len(rest) == len(unused) == 1:
        pairs[rest[0]] = unused[0]
    return pairs
