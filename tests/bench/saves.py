"""How long after a save the deck is there, and the paper: `python -m tests.bench.saves [CARDS …]`, the example first.

A guide is watched by the real command in a folder of its own, edited as an author edits it, and the clock is read when
the new file is in its place. Prints the middle of five edits, in seconds.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from pathlib import Path

from tests.bench import guides

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = Path(sysconfig.get_path("scripts")) / "studypack"
EDITS = 5


def main(sizes: list[int]) -> None:
    """As the line at the top says."""
    example = (ROOT / "source" / "reinvent-2024.md").read_text(encoding="utf-8")
    for name, text in (("example", example), *((f"{size} cards", guides.guide(size)) for size in sizes)):
        with tempfile.TemporaryDirectory() as folder:
            deck, paper = measured(Path(folder), text)
        sys.stdout.write(f"{name}: deck {deck:.2f} s, cheat sheet {paper:.2f} s\n")


def measured(folder: Path, text: str) -> tuple[float, float]:
    """The seconds from a save to the deck, and to the cheat sheet."""
    guide, deck, paper = folder / "guide.md", folder / "build" / "guide.apkg", folder / "build" / "guide-cheatsheet.pdf"
    guide.write_text(text, encoding="utf-8")
    environment = {**os.environ, "STUDYPACK_CACHE_DIR": str(folder / "cache")}
    command = [str(SCRIPT), "build", "guide.md", "--watch", "--quiet"]
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait(paper, 0)
        times = []
        for which in range(EDITS):
            before = stamp(deck), stamp(paper)
            guide.write_text(guides.edited(text, which), encoding="utf-8")
            saved = time.perf_counter()
            times.append((wait(deck, before[0]) - saved, wait(paper, before[1]) - saved))
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()
    decks, papers = zip(*times, strict=True)
    return statistics.median(decks), statistics.median(papers)


def stamp(file: Path) -> int:
    """What tells a file from the one that was there before; 0 where there is none."""
    return file.stat().st_ino if file.exists() else 0


def wait(file: Path, before: int) -> float:
    """The time at which another file is in its place."""
    while stamp(file) == before:
        time.sleep(0.002)
    return time.perf_counter()


if __name__ == "__main__":
    main(list(map(int, sys.argv[1:])) or [1_000])
