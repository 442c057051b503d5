"""The cloze numbers of a note: each gap keeps its own for ever, whatever is added, removed, renamed or reordered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from studypack.likeness import words_of

ALIKE = 75
"""How alike two marks, cells or subjects must be, in per cent of letters, to be one reworded."""

MOST = 0.75
"""The part of a column's cells that must be alike for it to be the same under another name."""

ROWS, SORTS = 5, 3
"""In how many rows, and with how many different cells, a column that stayed to the letter is known by them together."""


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


def relabelled(before: Mapping[str, int], now: Mapping[str, int]) -> tuple[tuple[str, str], ...]:
    """Which gaps have another label than they had: old and new, by number."""
    if before == now:
        return ()
    labels = {number: label for label, number in now.items()}
    found = ((label, labels.get(number, label)) for label, number in sorted(before.items(), key=lambda row: row[1]))
    return tuple((old, new) for old, new in found if old != new)


def renamed_marks(today: Sequence[str], before: Sequence[str], text: str) -> Mapping[str, str]:
    """Which marks of a cloze were reworded: new label → old label.

    They are alike, only longer or shorter, or stand alone between the same marks as before; `text` is today's whole
    text, for a mark whose words still stand there unmarked was taken away, not reworded.
    """
    fresh = [label for label in today if label not in before]
    left = [label for label in before if label not in today]
    if not fresh or not left:
        return {}
    from rapidfuzz import fuzz  # takes as long to import as a small guide to build; few builds compare

    pairs: dict[str, str] = {}
    ranked = sorted((-fuzz.ratio(label, old), label, old) for label in fresh for old in left)
    for distance, label, old in ranked:
        alike = -distance >= ALIKE or (_longer(label, old) and old not in text.replace(label, ""))
        if alike and label not in pairs and old not in pairs.values():
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
    renamed if most of their cells are alike, and the names are, too, or a cell that says what no other cell said, or
    many rows of several sorts are the same: “yes” and “no” stand in many columns. A name that the table has in another
    row, before and after, was not renamed.
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
    votes: dict[tuple[str, ...], dict[tuple[str, str], list[_Vote]]] = defaultdict(lambda: defaultdict(list))
    for section, now, then in tables:
        for label in now.keys() - heads[section][1]:
            for old in then.keys() - heads[section][0]:
                today, before = now[label], then[old]
                alike = fuzz.ratio(today, before) >= ALIKE or _longer(today, before)
                telling = alike and said[before] == 1 and said[today] <= 1  # “no” is all of “no limit” and much else
                same = before if today == before else None
                votes[section][label, old].append(_Vote(alike=alike, telling=telling, same=same))
    return {section: _best(pairs) for section, pairs in votes.items()}


def cells(text: str) -> dict[str, str]:
    """The cells of a comparison by their subject, from lines `subject: cell`."""
    return {label: cell for line in text.split("\n") for label, colon, cell in [line.partition(": ")] if colon}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Vote:
    """What a row says of two names of a column: whether its cells are alike, whether that tells, and what both say."""

    alike: bool
    telling: bool
    same: str | None


def _best(pairs: Mapping[tuple[str, str], Sequence[_Vote]]) -> Mapping[str, str]:
    """The pairs of names that most cells speak for, each name once."""
    from rapidfuzz import fuzz

    scored = [(sum(one.alike for one in found) / len(found), len(found), pair) for pair, found in pairs.items()]
    names: dict[str, str] = {}
    for part, _, (label, old) in sorted(scored, key=lambda row: (-row[0], -row[1], row[2])):
        same_name = fuzz.token_set_ratio(label.casefold(), old.casefold()) >= ALIKE
        told = same_name or any(one.telling for one in pairs[label, old]) or _stayed(pairs[label, old])
        if part >= MOST and told and label not in names and old not in names.values():
            names[label] = old
    return names


def _stayed(found: Sequence[_Vote]) -> bool:
    """Whether a column says in every row what it said, of so many sorts that this is no chance."""
    sorts = {one.same for one in found}
    return None not in sorts and len(found) >= ROWS and len(sorts) >= SORTS


def _longer(one: str, other: str) -> bool:
    """Whether one of two has all the words of the other."""
    ours, theirs = set(words_of(one)), set(words_of(other))
    return bool(ours and theirs) and (ours <= theirs or theirs <= ours)


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
