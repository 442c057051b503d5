"""The plan in words: what becomes of each note, why it is taken for the same one, and what Anki cannot do by itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from studypack.identity import Change, Fate
from studypack.lock import Entry, Lock
from studypack.matching import Reason
from studypack.trace import without_number

_ORDER = (Fate.NEW, Fate.BACK, Fate.REWORDED, Fate.MOVED, Fate.EDITED, Fate.RETIRED, Fate.UNCHANGED)
_SHORT = 60  # characters of a question that a line shows


def summary(plan: Iterable[Change]) -> str:
    """`3 new, 2 reworded, 1 moved, 1 retired, 41 unchanged`; nothing for an empty plan."""
    counts = Counter(change.fate for change in plan)
    return ", ".join(f"{counts[fate]} {fate}" for fate in _ORDER if counts[fate])


def guesses(plan: Iterable[Change]) -> tuple[Change, ...]:
    """The changes that rest on likeness alone, and those that may be another's; an author should look at them."""
    return tuple(change for change in plan if change.reason is Reason.LIKENESS or change.perhaps)


def lines(changes: Sequence[Change]) -> Iterator[str]:
    """A line a note: its fate, where it stands if others ask the same, its question before and now, why, how sure."""
    width = max((len(change.fate) for change in changes), default=0)
    for change in changes:
        yield f"{change.fate:<{width}}  {_questions(change)}{_why(change)}"


def _questions(change: Change) -> str:
    before, after = _shortened(change.before), _shortened(change.after)
    where = f"{change.kind}: " + "".join(f"{heading} › " for heading in change.under)
    if not before or not after or change.before == change.after:
        return f"{where}{after or before}"
    return f"{where}{before} → {after}"


def _why(change: Change) -> str:
    if change.perhaps:
        guid, asks = change.perhaps
        return f"  (perhaps “{_shortened(asks)}” reworded, {guid}; {change.guid})"
    if change.reason is None or change.fate is Fate.UNCHANGED:
        return f"  ({change.guid})"
    sure = f", {change.likeness:.0%} sure" if change.reason is Reason.LIKENESS else ""
    labels = "".join(f"; {_shortened(old)} → {_shortened(new)}" for old, new in change.labels)
    return f"  ({change.reason}{sure}{labels}; {change.guid})"


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"


def as_json(plan: Iterable[Change]) -> list[dict[str, object]]:
    """The plan for programs: a list of objects."""
    return [
        {
            "fate": change.fate.value,
            "guid": change.guid,
            "kind": change.kind.value,
            "before": change.before or None,
            "after": change.after or None,
            "reason": change.reason.value if change.reason else None,
            "likeness": change.likeness,
            "labels": dict(change.labels),
            "perhaps": change.perhaps[0] if change.perhaps else None,
            "line": change.span.line if change.after else None,
        }
        for change in plan
    ]


def names(entries: Sequence[Entry], lock: Lock) -> Iterator[str]:
    """What to call each note by: its kind and question, with the headings above it where others ask the same."""
    asked = Counter(entry.asks for entry in lock.entries)
    for entry in entries:
        under = without_number(entry.key)[1:-1] if asked[entry.asks] > 1 else ()
        yield f"{entry.kind}: {' › '.join((*under, entry.asks))}"


def retired(lock: Lock) -> tuple[Entry, ...]:
    """The notes that left the guide, the latest first."""
    gone = [entry for entry in lock.entries if entry.retired]
    return tuple(sorted(gone, key=lambda entry: (entry.retired or "", entry.guid), reverse=True))


def search(guide: str, entries: Iterable[Entry]) -> str:
    """What to paste into the search of Anki's Browser to find these notes, by their field SPID."""
    guids = "|".join(entry.guid for entry in entries)
    return f'"SPID:re:^{re.escape(guide)}/({guids})$"'
