"""What it takes to tell who each note of a guide is. `python -m tests.bench.recognise GUIDE`.

The lock holds every note, and one answer was edited since. Prints JSON: `time`, seconds by the clock, and `CPU`.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from studypack import identity, lock, notes, parse
from studypack.model import Note
from studypack.source import from_bytes
from tests.bench.guides import edited


def notes_of(text: str) -> tuple[Note, ...]:
    """The notes of a guide's text."""
    source, _ = from_bytes(text.encode(), Path("bench.md"))
    guide = parse.guide(source)[0] if source else None
    assert guide
    return notes.make(guide)[0]


def main(path: str) -> None:
    """As the line at the top says."""
    text = Path(path).read_text(encoding="utf-8")
    first = identity.decide("bench", notes_of(text), None, 1_700_000_000, "2023-11-14").lock
    known, today = lock.load(lock.dump(first), "bench.lock"), notes_of(edited(text, 1))
    clock, processor = time.perf_counter(), time.process_time()
    plan = identity.decide("bench", today, known, 1_700_086_400, "2023-11-15").plan
    took = {"time": time.perf_counter() - clock, "CPU": time.process_time() - processor}
    assert [one.fate for one in plan if one.fate is not identity.Fate.UNCHANGED] == [identity.Fate.EDITED]
    sys.stdout.write(json.dumps(took))


if __name__ == "__main__":
    main(sys.argv[1])
