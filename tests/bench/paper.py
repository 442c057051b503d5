"""What paper costs, against what WeasyPrint alone costs for the very same HTML and CSS, measured side by side.

    python -m tests.bench.paper                    all of it: about ten minutes
    python -m tests.bench.paper --rounds 5         medians of five rounds instead of three
    python -m tests.bench.paper --quick            few pages, one round: shows that it works, and no more

Each measurement is a process of its own, the two sides taking turns, so that what else the machine does hits both.
Prints a table in Markdown; a ratio is the median of ours over the median of theirs. Whole programs are measured by the
clock, what happens inside one by the processor's time, which other programs disturb less.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from types import ModuleType
from typing import Any

from studypack import parse
from studypack.model import Guide
from studypack.source import from_bytes
from studypack.writers import cheatsheet
from studypack.writers.matrix import choice as matrix
from studypack.writers.paper.page import THEME, Page
from tests.cli.project import SCRIPT

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "source" / "reinvent-2024.md"
BARE = str(Path(__file__).with_name("bare.py"))

TARGETS = {"cold": 1.6, "long": 1.05, "memory": 5.0, "layouts": 2.0}
"""What we want to stay below: times, times, MB a page, layouts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the table: what was measured, ours, theirs, what they make together, and the target or nothing."""

    what: str
    ours: str
    theirs: str
    result: str
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured: rounds, pages of the long guide, pages for the curve, tables of the matrix."""

    rounds: int
    pages: int
    curve: tuple[int, ...]
    tables: int


FULL = Plan(rounds=3, pages=100, curve=(10, 50, 100, 300), tables=12)
QUICK = Plan(rounds=1, pages=3, curve=(1, 2), tables=2)


# --- guides ------------------------------------------------------------------------------------------------------

_WORDS = (
    "bucket object queue stream shard replica latency region zone policy role key token lambda cluster node pod image "
    "cache index table column row query plan lock lease quorum leader log segment offset consumer producer topic event "
    "which stores reads writes keeps sends holds the a of in for with and by from under over at every each one two"
).split()


def long_guide(pages: int) -> str:
    """A guide of about so many pages, with every kind of block; the same for the same number."""
    chance = Random(pages)
    topics = "\n\n".join(_topic(chance, number) for number in range(-(-pages * 3 // 2)))
    return f"---\ntitle: A guide of about {pages} pages\nauthor: Nobody\n---\n\n{_prose(chance, 60)}\n\n{topics}\n"


def many_tables(count: int) -> str:
    """A guide of so many comparison tables, six rows by four columns."""
    chance = Random(count)
    parts = [f"## {_words(chance, 2).title()} {n}\n\n{_table(chance, 6, 4)}" for n in range(count)]
    return "---\ntitle: Many tables\n---\n\n" + "\n\n".join(parts) + "\n"


def _topic(chance: Random, number: int) -> str:
    """Two thirds of a page of two columns."""
    code = "\n".join(f"    {_words(chance, 1)} = {_words(chance, 1)}({chance.random():.4f})  # why" for _ in range(6))
    return "\n\n".join(
        (
            f"## {_words(chance, 3).title()} {number}",
            _prose(chance, 70),
            "\n".join(f"- **{_words(chance, 2).title()}** — {_prose(chance, 14)}" for _ in range(7)),
            f"### How it works\n\n{_prose(chance, 60)} See [the web](https://example.org/{number}).",
            "\n".join(
                f"{n}. {_prose(chance, 16)}\n    - {_prose(chance, 9)}\n    - {_prose(chance, 9)}" for n in (1, 2, 3)
            ),
            _table(chance, 6, 4),
            f"> [!TIP] {_words(chance, 3).title()}\n> {_prose(chance, 40)}",
            f"```python\ndef {_words(chance, 1)}(x):\n{code}\n```",
            f"> {_prose(chance, 30)}",
            "\n\n".join(f"### Why {_words(chance, 4)}?\n\n{_prose(chance, 55)}" for _ in range(3)),
            f"Term\n:   {_prose(chance, 25)}",
        )
    )


def _table(chance: Random, rows: int, columns: int) -> str:
    lines = [[_words(chance, 1).title() for _ in range(columns)], ["---"] * columns]
    lines += [[_words(chance, chance.choice((1, 2, 4))) for _ in range(columns)] for _ in range(rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _words(chance: Random, count: int) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(count))


def _prose(chance: Random, count: int) -> str:
    text = _words(chance, count).split()
    text[count // 2] = f"**{text[count // 2]}**"
    text[count // 3] = f"`{text[count // 3]}`"
    return " ".join(text).capitalize() + "."


def guide_of(text: str) -> Guide:
    """The guide that a text says."""
    source, _ = from_bytes(text.encode(), Path("bench.md"))
    guide = parse.guide(source)[0] if source else None
    assert guide
    return guide


# --- the very pages that the writers render ----------------------------------------------------------------------


class _Seen(Exception):
    """Ends a writer once it has said what it would render."""


def page_of(writer: ModuleType, guide: Guide) -> Page:
    """The first page that a writer has laid out for a guide: HTML, style sheet, pictures."""
    seen: list[Page] = []

    def instead(page: Page, *_: object, **__: object) -> Any:
        seen.append(page)
        raise _Seen

    with _watching(writer, lambda _real: instead):
        try:
            writer.write(guide)
        except _Seen:
            return seen[0]
    raise AssertionError("nothing was laid out")


@contextmanager
def _watching(writer: ModuleType, watch: Callable[[Any], Any]) -> Iterator[None]:
    """Puts something between a writer and the door to WeasyPrint."""
    doors = {name: getattr(writer, name) for name in ("render", "lay_out") if hasattr(writer, name)}
    for name, real in doors.items():
        setattr(writer, name, watch(real))
    try:
        yield
    finally:
        for name, real in doors.items():
            setattr(writer, name, real)


# --- what one process does ---------------------------------------------------------------------------------------


def _write_sheet(path: Path) -> dict[str, float]:
    """Our cheat sheet of a guide, everything loaded before."""
    guide = guide_of(path.read_text("utf-8"))
    cheatsheet.write(guide_of("## A\n\nx\n\n## B\n\ny\n"))
    begin = time.process_time()
    paper = cheatsheet.write(guide)
    return {"seconds": time.process_time() - begin, "pages": paper.pages, "bytes": len(paper.data)}


def _write_matrix(path: Path) -> dict[str, float]:
    """Our matrix of a guide, everything loaded before, its layouts counted."""
    guide, count = guide_of(path.read_text("utf-8")), 0
    matrix.write(guide_of(many_tables(1)))

    def counted(real: Any) -> Any:
        def lay_out(*arguments: Any) -> Any:
            nonlocal count
            count += 1
            return real(*arguments)

        return lay_out

    begin = time.process_time()
    with _watching(matrix, counted):
        paper = matrix.write(guide)
    assert paper
    return {"seconds": time.process_time() - begin, "pages": paper.pages, "layouts": count}


PARTS: dict[str, Callable[[Path], dict[str, float]]] = {
    "sheet": _write_sheet,
    "matrix": _write_matrix,
}
"""What a process of this module can do, by the name that `--part` gives it."""


def run(part: str, path: Path) -> dict[str, float]:
    """The figures of a part, from a process of its own: seconds, pages, and `memory`, the most that it had, in MB."""
    return _figures([sys.executable, "-m", "tests.bench.paper", "--part", part, str(path)])


def bare(part: str, path: Path) -> dict[str, float]:
    """The figures of WeasyPrint alone: seconds, pages."""
    return _figures([sys.executable, BARE, part, str(path)])


def _figures(command: Sequence[str]) -> dict[str, float]:
    done = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, encoding="utf-8", check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _environment() -> dict[str, str]:
    """The same fonts for both sides, and the same bytes."""
    fonts = str(THEME / "fonts" / "fonts.conf")
    return {**os.environ, "FONTCONFIG_FILE": fonts, "SOURCE_DATE_EPOCH": "1700000000"}


def memory() -> float:
    """The most memory that this process had so far, in MB.

    `ru_maxrss` would count what the process that started it had, too (getrusage(2) on Linux: kept across execve).
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text("ascii").partition("VmHWM:")[2].split()[0]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


# --- the table ---------------------------------------------------------------------------------------------------


def lines(plan: Plan, folder: Path) -> Iterator[Line]:
    """The lines of the table, as they are measured."""
    yield _from_cold(plan, folder)
    yield from _long(plan, folder)
    yield from _one_page(plan, folder)
    yield from _curve(plan, folder)


def _from_cold(plan: Plan, folder: Path) -> Line:
    """All three outputs of the example, by the installed command, against the sheet alone through WeasyPrint."""
    guide = folder / EXAMPLE.name
    guide.write_bytes(EXAMPLE.read_bytes())
    page = _pickled(page_of(cheatsheet, guide_of(guide.read_text("utf-8"))), folder)
    command = [str(SCRIPT), "build", str(guide), "-o", str(folder / "out"), "-q"]
    alone = [sys.executable, BARE, "cold", str(page)]
    ours, theirs = _in_turn(plan.rounds * 3, lambda: _seconds(command), lambda: _seconds(alone))
    return _ratio("the example, all outputs, from cold", ours, theirs, TARGETS["cold"])


def _long(plan: Plan, folder: Path) -> Iterator[Line]:
    text = long_guide(plan.pages)
    path = folder / "long.md"
    path.write_text(text, encoding="utf-8")
    page = _pickled(page_of(cheatsheet, guide_of(text)), folder)
    found = [(run("sheet", path), bare("write", page)) for _ in range(plan.rounds)]
    pages = int(found[0][0]["pages"])
    ours, theirs = ([one["seconds"] for one in side] for side in zip(*found, strict=True))
    yield _ratio(f"a cheat sheet of {pages} pages", ours, theirs, TARGETS["long"])
    short = "## A\n\nx\n\n## B\n\ny\n"
    (folder / "short.md").write_text(short, encoding="utf-8")
    bases = run("sheet", folder / "short.md"), bare("write", _pickled(page_of(cheatsheet, guide_of(short)), folder))
    mine, bares = (
        (median(one["memory"] for one in side) - base["memory"]) / max(1, pages - 1)
        for side, base in zip(zip(*found, strict=True), bases, strict=True)
    )
    yield Line(
        what="memory a page",
        ours=f"{mine:.2f} MB",
        theirs=f"{bares:.2f} MB",
        result=f"{mine / bares:.3f} ×",
        target=f"< {TARGETS['memory']:g} MB",
    )


def _one_page(plan: Plan, folder: Path) -> Iterator[Line]:
    text = many_tables(plan.tables)
    path = folder / "tables.md"
    path.write_text(text, encoding="utf-8")
    page = _pickled(page_of(matrix, guide_of(text)), folder)
    found: list[dict[str, float]] = []

    def ours() -> float:
        found.append(run("matrix", path))
        return found[-1]["seconds"]

    took = _in_turn(plan.rounds, ours, lambda: bare("layout", page)["seconds"])
    yield _ratio(f"a matrix of {plan.tables} tables, against one layout of it", *took)
    yield Line(
        what="its layouts",
        ours=f"{found[0]['layouts']:.0f}",
        theirs="1",
        result=f"{found[0]['layouts']:.0f}",
        target=f"≤ {TARGETS['layouts']:g}",
    )


def _curve(plan: Plan, folder: Path) -> Iterator[Line]:
    """What a page takes in longer and longer guides; the first line is what the others are compared with."""
    first = 0.0
    for count in plan.curve:
        path = folder / f"curve-{count}.md"
        path.write_text(long_guide(count), encoding="utf-8")
        found = run("sheet", path)
        each = found["seconds"] / found["pages"]
        first = first or each
        what = f"time a page, of {found['pages']:.0f}"
        yield Line(what=what, ours=f"{each:.3f} s", theirs=f"{first:.3f} s", result=f"{each / first:.2f} ×")


def _ratio(what: str, ours: Sequence[float], theirs: Sequence[float], target: float | None = None) -> Line:
    return Line(
        what=what,
        ours=f"{median(ours):.2f} s",
        theirs=f"{median(theirs):.2f} s",
        result=f"{median(ours) / median(theirs):.3f} ×",
        target=f"< {target:g}" if target else "",
    )


def _in_turn(rounds: int, one: Callable[[], float], other: Callable[[], float]) -> tuple[list[float], list[float]]:
    """Both by turns, so many times."""
    took = [(one(), other()) for _ in range(rounds)]
    return [a for a, _ in took], [b for _, b in took]


def _seconds(command: Sequence[str]) -> float:
    """What a program takes by the clock, from start to end."""
    begin = time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=_environment(), stdout=subprocess.DEVNULL, check=True)
    return time.perf_counter() - begin


def _pickled(page: Page, folder: Path) -> Path:
    with tempfile.NamedTemporaryFile(dir=folder, suffix=".page", delete=False) as file:
        pictures = {address: (picture.mime, picture.data) for address, picture in page.pictures.items()}
        file.write(pickle.dumps((page.html, page.css, pictures)))
    return Path(file.name)


def table(plan: Plan) -> Iterator[str]:
    """The table in Markdown, line by line as it is measured."""
    yield "| | ours | WeasyPrint, or the base | result | target |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    with tempfile.TemporaryDirectory() as folder:
        for line in lines(plan, Path(folder)):
            yield f"| {line.what} | {line.ours} | {line.theirs} | {line.result} | {line.target} |"


def main() -> None:
    """Reads the command line, prints the table; or does one part, in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=FULL.rounds)
    parser.add_argument("--part", nargs=2, metavar=("PART", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.part:
        part, path = arguments.part
        figures = PARTS[part](Path(path))
        sys.stdout.write(json.dumps({**figures, "memory": memory()}))
        return
    full = Plan(rounds=arguments.rounds, pages=FULL.pages, curve=FULL.curve, tables=FULL.tables)
    for line in table(QUICK if arguments.quick else full):
        sys.stdout.write(line + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
