"""Replays the edit history of a guide, each revision built with the lock of the one before, and counts broken cards.

    python -m tests.bench.replay                          made-up histories, which know the truth
    python -m tests.bench.replay --seeds 100-120 --revisions 60 --kinds english,kana --show 20
    python -m tests.bench.replay DIR                      a folder of revisions of one guide, in order of their names
    python -m tests.bench.replay --git REPO PATH          the history of a file, renames included

Made-up histories give figures. LOST: a note has another guid than before. WRONG: a guid belongs to another note.
Both are counted when they happen; a rate is for 1,000 card-revisions. For comparison, the same for guids that are made
from the question's text, and from the headings, the kind and the question. Real histories, which know no truth, give
suspects: pairs to read.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz import fuzz, process

from studypack import notes as rules
from studypack import parse
from studypack.identity import decide, trace_of
from studypack.lock import Lock
from studypack.model import ClozeNote, Note
from studypack.source import from_bytes
from tests.bench.history import KINDS, history

ALIKE, UNLIKE = 85.0, 45.0
"""From what likeness on, in per cent of letters, a vanished and an appeared note are suspects, and below which one is
beyond recognition."""

Built = tuple[tuple[str, tuple[int, ...]], ...]
"""For each note its guid and the numbers of its gaps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A note of which the truth is known: who it is and who its gaps are; `edit` is what was done to it."""

    note: Note
    id: int
    gaps: tuple[int, ...]
    edit: str


@dataclass(slots=True, kw_only=True)
class Count:
    """What came of a history. `by_edit` counts notes that were there before: all, lost and wrong."""

    notes: int = 0
    cards: int = 0
    known: int = 0
    lost: int = 0
    wrong: int = 0
    lost_gaps: int = 0
    wrong_gaps: int = 0
    by_edit: dict[str, Counter[str]] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)

    def add(self, other: Count) -> None:
        """Adds another history's."""
        for name in ("notes", "cards", "known", "lost", "wrong", "lost_gaps", "wrong_gaps"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for edit, counter in other.by_edit.items():
            self.by_edit.setdefault(edit, Counter()).update(counter)
        self.shown += other.shown

    @property
    def recall(self) -> float:
        """The part of the edited notes that kept their guid."""
        edited = sum(counter["all"] for edit, counter in self.by_edit.items() if edit != "untouched")
        lost = sum(counter["lost"] for edit, counter in self.by_edit.items() if edit != "untouched")
        return 1 - lost / max(1, edited)

    @property
    def precision(self) -> float:
        """The part of the pairs that were made which are right."""
        made = self.known - self.lost + self.wrong
        return 1 - self.wrong / max(1, made)


def notes_of(text: str) -> tuple[Note, ...] | None:
    """The notes of a guide's text; None where it cannot be built."""
    source, _ = from_bytes(text.encode(), Path("guide.md"))
    guide = parse.guide(source)[0] if source else None
    return rules.make(guide)[0] if guide else None


def told(seed: int, revisions: int, kind: str) -> tuple[tuple[Told, ...], ...]:
    """A made-up history, read, with the truth of each note."""
    found = []
    for revision in history(seed, revisions, kind):
        made = []
        for note in notes_of(revision.text) or ():
            truth = revision.truth[note.span.line]
            labels = [gap.label for gap in note.gaps] if isinstance(note, ClozeNote) else []
            edit = revision.edits.get(truth.id, "untouched")
            made.append(Told(note=note, id=truth.id, gaps=tuple(truth.gaps[label] for label in labels), edit=edit))
        found.append(tuple(made))
    return tuple(found)


# --- ways to give guids ------------------------------------------------------------------------------------------


class Locked:
    """As studypack does, with a lock."""

    def __init__(self) -> None:
        self._lock: Lock | None = None
        self._time = 0

    def __call__(self, notes: Sequence[Note]) -> Built:
        """Gives guids to the notes of the next revision."""
        self._time += 1
        decision = decide("guide", notes, self._lock, self._time, "2026-11-23")
        self._lock = decision.lock
        return tuple((one.guid, one.numbers) for one in decision.known)


class ByText:
    """A guid made of the question's text, gaps numbered as they stand."""

    def __call__(self, notes: Sequence[Note]) -> Built:
        """Gives guids to the notes of the next revision."""
        return _hashed(notes, lambda note: note.asks)


class ByKey:
    """A guid made of the headings, the kind and the question, gaps numbered as they stand."""

    def __call__(self, notes: Sequence[Note]) -> Built:
        """Gives guids to the notes of the next revision."""
        return _hashed(notes, lambda note: "\n".join(note.key))


WAYS: Mapping[str, Callable[[], Callable[[Sequence[Note]], Built]]] = {
    "lock": Locked,
    "text": ByText,
    "headings+text": ByKey,
}


def _hashed(notes: Sequence[Note], key: Callable[[Note], str]) -> Built:
    seen: Counter[str] = Counter()
    built = []
    for note in notes:
        seen[key(note)] += 1
        gaps = len(note.gaps) if isinstance(note, ClozeNote) else 0
        built.append((f"{key(note)} {seen[key(note)]}", tuple(range(1, gaps + 1))))
    return tuple(built)


# --- made-up histories -------------------------------------------------------------------------------------------


def replayed(revisions: Iterable[Sequence[Told]], give: Callable[[Sequence[Note]], Built]) -> Count:
    """Counts what a way to give guids does to a history."""
    count = Count()
    owner: dict[str, Told] = {}
    guids: dict[int, str] = {}
    gap_owner: dict[tuple[str, int], int] = {}
    gap_number: dict[tuple[str, int], int] = {}
    for number, revision in enumerate(revisions):
        built = give([one.note for one in revision])
        for one, (guid, numbers) in zip(revision, built, strict=True):
            _judge(count, one, guid, owner, guids, number)
            if guids.get(one.id, guid) == guid and (guid not in owner or owner[guid].id == one.id):
                for gap, at in zip(one.gaps, numbers, strict=True):
                    count.wrong_gaps += gap_owner.get((guid, at), gap) != gap
                    count.lost_gaps += gap_number.get((guid, gap), at) != at
        for one, (guid, numbers) in zip(revision, built, strict=True):
            owner[guid], guids[one.id] = one, guid
            for gap, at in zip(one.gaps, numbers, strict=True):
                gap_owner[guid, at], gap_number[guid, gap] = gap, at
    return count


def _judge(
    count: Count, one: Told, guid: str, owner: Mapping[str, Told], guids: Mapping[int, str], number: int
) -> None:
    count.notes += 1
    count.cards += len(one.gaps) or 1
    edit = count.by_edit.setdefault(one.edit, Counter())
    if one.id in guids:
        count.known += 1
        edit["all"] += 1
    if guid in owner and owner[guid].id != one.id:
        count.wrong += 1
        edit["wrong"] += 1
        count.shown.append(f"WRONG {number} [{one.edit}]\n{_said(owner[guid].note)}\n{_said(one.note)}")
    elif guids.get(one.id, guid) != guid:
        count.lost += 1
        edit["lost"] += 1
        before = owner[guids[one.id]]
        count.shown.append(f"LOST {number} [{one.edit}]\n{_said(before.note)}\n{_said(one.note)}")


def _said(note: Note) -> str:
    trace = trace_of(note)
    return f"    {note.kind:<10} {' > '.join(trace.section)} | {note.asks} | {trace.says[:160]!r}"


def _report(counts: Mapping[str, Count]) -> Iterator[str]:
    heads = ("", "cards", "lost", "/1000", "wrong", "/1000", "recall", "precision", "lost gaps", "wrong gaps")
    yield "".join(f"{head:>14}" for head in heads)
    for name, count in counts.items():
        per = 1000 / max(1, count.cards)
        row = (
            name,
            str(count.cards),
            str(count.lost),
            f"{count.lost * per:.3f}",
            str(count.wrong),
            f"{count.wrong * per:.3f}",
            f"{count.recall:.4f}",
            f"{count.precision:.5f}",
            str(count.lost_gaps),
            str(count.wrong_gaps),
        )
        yield "".join(f"{cell:>14}" for cell in row)
    columns = ["notes", "lost", "wrong", *(f"lost by {name}" for name in list(counts)[1:])]
    yield f"\n{'edit':<24}" + "".join(f"{column:>24}" for column in columns)
    for edit in sorted({edit for count in counts.values() for edit in count.by_edit}):
        found = [count.by_edit.get(edit, Counter()) for count in counts.values()]
        cells = (found[0]["all"], found[0]["lost"], found[0]["wrong"], *(one["lost"] for one in found[1:]))
        yield f"{edit:<24}" + "".join(f"{cell:>24}" for cell in cells)


def _made_up(arguments: argparse.Namespace) -> Iterator[str]:
    first, _, last = arguments.seeds.partition("-")
    counts = {name: Count() for name in WAYS}
    for kind in arguments.kinds.split(","):
        for seed in range(int(first), int(last or first) + 1):
            revisions = told(seed, arguments.revisions, kind)
            for name, way in WAYS.items():
                counts[name].add(replayed(revisions, way()))
    yield from _report(counts)
    yield from sorted(counts["lock"].shown, reverse=True)[: arguments.show]


# --- real histories ----------------------------------------------------------------------------------------------


def from_folder(folder: Path) -> Iterator[tuple[str, str]]:
    """Names and texts of the revisions in a folder, by name."""
    for path in sorted(folder.iterdir()):
        if path.is_file():
            yield path.name, path.read_text(encoding="utf-8", errors="replace")


def from_git(repository: Path, path: str) -> Iterator[tuple[str, str]]:
    """Hashes and texts of the revisions of a file in a repository, from the oldest on."""
    log = _git(repository, "log", "--follow", "--name-only", "--format=%x00%h", "--", path)
    for entry in reversed(log.split("\0")[1:]):
        name, _, files = entry.strip().partition("\n")
        if file := files.strip():
            yield name, _git(repository, "show", f"{name}:{file}")


def _git(repository: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(repository), "-c", "core.quotepath=off", *arguments], capture_output=True, check=False
    )
    return done.stdout.decode("utf-8", "replace")


def _suspects(revisions: Iterable[tuple[str, str]], show: int) -> Iterator[str]:
    counts = {name: Counter[str]() for name in WAYS}
    ways = {name: way() for name, way in WAYS.items()}
    before: dict[str, Mapping[str, Note]] = {name: {} for name in WAYS}
    pairs: list[str] = []
    for title, text in revisions:
        notes = notes_of(text)
        if not notes:
            continue
        for name, way in ways.items():
            now = {guid: note for note, (guid, _) in zip(notes, way(notes), strict=True)}
            lost, wrong = _lost(before[name], now), _wrong(before[name], now)
            found = {"revisions": 1, "notes": len(notes), "lost": len(lost), "wrong": len(wrong)}
            counts[name].update(found)
            if name == "lock":
                pairs += [f"WRONG? {title}\n{_said(one)}\n{_said(other)}" for one, other in wrong]
                pairs += [f"LOST? {title}\n{_said(one)}\n{_said(other)}" for one, other in lost]
            before[name] = now
    yield f"{'':<14}{'revisions':>10}{'notes':>9}{'lost?':>7}{'wrong?':>7}"
    for name, count in counts.items():
        yield f"{name:<14}{count['revisions']:>10}{count['notes']:>9}{count['lost']:>7}{count['wrong']:>7}"
    yield from sorted(pairs, reverse=True)[:show]


def _lost(before: Mapping[str, Note], now: Mapping[str, Note]) -> list[tuple[Note, Note]]:
    """Pairs of a note that vanished and one that appeared, nearly the same."""
    gone = [note for guid, note in before.items() if guid not in now]
    here = [_whole(note) for note in gone]
    found = []
    for guid, note in now.items():
        if guid not in before and (
            best := process.extractOne(_whole(note), here, scorer=fuzz.ratio, score_cutoff=ALIKE)
        ):
            found.append((gone[best[2]], note))
    return found


def _wrong(before: Mapping[str, Note], now: Mapping[str, Note]) -> list[tuple[Note, Note]]:
    """Pairs of one guid whose question and answer both changed beyond recognition."""
    both = [(before[guid], note) for guid, note in now.items() if guid in before]
    traces = [(one, other, trace_of(one), trace_of(other)) for one, other in both]
    return [
        (one, other)
        for one, other, old, new in traces
        if fuzz.token_sort_ratio(old.asks, new.asks) < UNLIKE
        and fuzz.token_sort_ratio(old.says, new.says) < (UNLIKE if old.says or new.says else 101)
    ]


def _whole(note: Note) -> str:
    trace = trace_of(note)
    return f"{trace.asks}\n{trace.says}"


def main() -> None:
    """Reads the command line, prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--git", nargs=2, metavar=("REPO", "PATH"))
    parser.add_argument("--seeds", default="1-10", help="first-last")
    parser.add_argument("--revisions", type=int, default=60)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--show", type=int, default=0, help="how many broken notes to print")
    arguments = parser.parse_args()
    if arguments.git:
        lines = _suspects(from_git(Path(arguments.git[0]), arguments.git[1]), arguments.show)
    elif arguments.folder:
        lines = _suspects(from_folder(arguments.folder), arguments.show)
    else:
        lines = _made_up(arguments)
    sys.stdout.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    main()
