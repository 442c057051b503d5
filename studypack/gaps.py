"""The cloze numbers of a note: each gap keeps its own for ever, whatever is added, removed, renamed or reordered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

ALIKE = 75
"""How alike two marks, cells or subjects must be, in per cent of letters, to be one reworded."""

MOST = 0.75
"""The part of a column's cells that must be alike for it to be the same under another name."""


def number_gaps(labels: Sequence[str], before: Mapping[str, int], renamed: Mapping[str, str]) -> Mapping[str, int]:
    """A number for each label, those of vanished labels included, for a number is never used twice.

    `before` holds what was given so far, `renamed` maps new labels to old ones.
    """
    numbers = dict(before)
    for label in labels:
        old = renamed.get(label)
        if label not in numbers and old in numbers and old not in labels:
            numbers[label] = numbers.pop(old)
    for label in labels:
        if label not in numbers:
            numbers[label] = max(numbers.values(), default=0) + 1
    return MappingProxyType(numbers)


def renamed_marks(today: Sequence[str], before: Sequence[str], text: str) -> Mapping[str, str]:
    """Which marks of a cloze were reworded: new label → old label.

    They are alike, or stand alone between the same marks as before; `text` is today's whole text, for a mark whose
    words still stand there unmarked was taken away, not reworded.
    """
    fresh = [label for label in today if label not in before]
    left = [label for label in before if label not in today]
    if not fresh or not left:
        return {}
    from rapidfuzz import fuzz  # takes as long to import as a small guide to build; few builds compare

    pairs: dict[str, str] = {}
    ranked = sorted((-fuzz.ratio(label, old), label, old) for label in fresh for old in left)
    for distance, label, old in ranked:
        if -distance >= ALIKE and label not in pairs and old not in pairs.values():
            pairs[label] = old
    known = {**{label: label for label in today if label in before}, **pairs}
    spaces, spaces_before = _spaces(today, known), _spaces(before, {old: old for old in known.values()})
    for space, found in spaces.items():
        old_found = spaces_before.get(space, [])
        if len(found) == len(old_found) == 1 and old_found[0] not in text.replace(found[0], ""):
            pairs[found[0]] = old_found[0]
    return pairs


def renamed_labels(
    rows: Iterable[tuple[tuple[str, ...], str, str]],
) -> Mapping[tuple[str, ...], Mapping[str, str]]:
    """Which columns of which table were renamed: new label → old label, by section.

    `rows` are a section, and the cells of one row today and before, as lines `label: cell`. A new column is an old one
    renamed if most of their cells are alike, and the names are, too, or a cell that says what no other cell said: “yes”
    and “no” stand in many columns. A name that the table has in another row, before and after, was not renamed.
    """
    tables = [(section, cells(today), cells(before)) for section, today, before in rows]
    heads: dict[tuple[str, ...], tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for section, now, then in tables:
        heads[section][0].update(now)
        heads[section][1].update(then)
    if all(today <= before or before <= today for today, before in heads.values()):
        return {}
    from rapidfuzz import fuzz

    said = Counter(cell for _, _, then in tables for cell in then.values())
    votes: dict[tuple[str, ...], dict[tuple[str, str], list[tuple[bool, bool]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for section, now, then in tables:
        for label in now.keys() - heads[section][1]:
            for old in then.keys() - heads[section][0]:
                alike = fuzz.ratio(now[label], then[old]) >= ALIKE
                votes[section][label, old].append((alike, alike and said[then[old]] == 1))
    return {section: _best(pairs) for section, pairs in votes.items()}


def cells(text: str) -> dict[str, str]:
    """The cells of a comparison by their subject, from lines `subject: cell`."""
    return {label: cell for line in text.split("\n") for label, colon, cell in [line.partition(": ")] if colon}


def _best(pairs: Mapping[tuple[str, str], Sequence[tuple[bool, bool]]]) -> Mapping[str, str]:
    """The pairs of names that most cells speak for, each name once."""
    from rapidfuzz import fuzz

    scored = [(sum(alike for alike, _ in found) / len(found), len(found), pair) for pair, found in pairs.items()]
    names: dict[str, str] = {}
    for part, _, (label, old) in sorted(scored, key=lambda row: (-row[0], -row[1], row[2])):
        same_name = fuzz.token_set_ratio(label.casefold(), old.casefold()) >= ALIKE
        told = same_name or any(telling for _, telling in pairs[label, old])
        if part >= MOST and told and label not in names and old not in names.values():
            names[label] = old
    return names


def _spaces(labels: Sequence[str], known: Mapping[str, str]) -> Mapping[tuple[str, str], list[str]]:
    """The unknown labels between two known ones each, by the names that those had before."""
    found: dict[tuple[str, str], list[str]] = {}
    waiting: list[str] = []
    before = ""
    for label in (*labels, ""):
        if label and label not in known:
            waiting.append(label)
            continue
        found[before, known.get(label, "")] = waiting
        before, waiting = known.get(label, ""), []
    return found
