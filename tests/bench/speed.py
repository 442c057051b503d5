"""What building takes: against the least that its libraries take, plain genanki and other programs, side by side.

    python -m tests.bench.speed                        all of it but the peers: about a quarter of an hour
    python -m tests.bench.speed deck example           some sections: deck, example, folder, identity, peers
    python -m tests.bench.speed --peers ~/.cache/peers the peers too, installed there once, in environments of their own
    python -m tests.bench.speed --picture growth.svg   also draws how time grows with the cards
    python -m tests.bench.speed --rounds 5             medians of five rounds instead of three
    python -m tests.bench.speed --quick                a few cards, one round: shows that it works, and no more

How to read the table: each line sets what studypack took beside what something else took in the same minutes. A cell
gives seconds by the clock, seconds of the processor, and the most memory that one of its processes had; the columns
after it give these as ratios, ours over theirs, each of the medians. The last column is what we want, and whether it is
so. Each figure is a whole program, from its start to its end, in a process of its own; they take turns, so that what
else the machine does hits all. The clock counts in the targets. Where clock and processor differ much on one core,
something disturbed: then trust the processor's time, and measure again.

- **cold**: no cache, no lock, nothing built; the system has read the programs before.
- **nothing changed**: the same command again. **one card edited**: again, after a sentence changed in one answer.
- **floor** (`floor.py`): the text once through one Python-Markdown, rows into SQLite, a zip file; no program that
  uses these libraries does less. Above some 10,000 cards it is no floor: a text of that length, given to it whole,
  takes Python-Markdown time that grows with the square.
- **floor of a build again** (`again.py`): nothing is read but the lock, nothing found out; all rows come from what was
  kept, into SQLite, a zip file, and the lock is written. An edited build cannot come near it, for it has to find out
  what changed: what lies between this and the target is all the time there is for that.
- **plain genanki** (`plain.py`): a script as a user writes it, with as many notes as the guide has cards.
- **import click**: Python that starts, imports the library of the command line, and ends.
- **peers** (`peers.py`): given the same cards, each in its own form; one that fails is told with its last words.

The largest guide and what takes minutes are measured in one round, whatever `--rounds` says.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from tests.bench import contenders
from tests.bench.contenders import Cost, Project, in_turn
from tests.bench.guides import guide
from tests.bench.peers import PEERS, Entrant, environment, version
from tests.bench.pieces import pieces

EXAMPLE = contenders.ROOT / "source" / "reinvent-2024.md"
COLD, UNCHANGED, EDITED = "cold", "nothing changed", "one card edited"
FLOOR, PLAIN, CLICK, FLOOR_AGAIN = "floor", "plain genanki", "import click", "floor of a build again"
UNITS = {"time": "s", "CPU": "s CPU", "memory": "MB", "size": "MB"}
"""What a figure counts, as the table says it."""

TARGETS: Mapping[str, Mapping[str, float]] = {
    "floor": {"time": 1.25},
    "genanki": {"time": 0.9, "memory": 2.0},
    "unchanged": {"time": 2.5},
    "edited": {"time": 0.25},
    "growth": {"time": 10.5},
    "example": {"time": 2.0},
    "jobs": {"time": 0.6},
    "identity": {"time": 0.15},
    "size": {"size": 1.05},
}
"""The ratios that we want to stay below, at the plan's usual number of cards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of the table: what was measured, beside what, which ratios are wanted at most; or why there is nothing.

    `cards` is the number of cards where both are points of the picture, otherwise 0.
    """

    what: str
    ours: Cost
    against: str
    theirs: Cost
    wanted: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    failure: str = ""
    cards: int = 0

    def ratio(self, figure: str) -> float | None:
        """Ours over theirs; None where one of them has no such figure."""
        return self.ours[figure] / self.theirs[figure] if figure in self.ours and figure in self.theirs else None

    def row(self) -> str:
        """The line in Markdown."""
        what = f"{self.cards:,} cards, {self.what}" if self.cards else self.what
        main = "size" if "size" in self.ours else "time"
        ratios = (f"{_short(ratio)} ×" if (ratio := self.ratio(name)) else "" for name in (main, "CPU", "memory"))
        wanted = ", ".join(f"{name} {self._verdict(name)}" for name in self.wanted)
        cells = (what, _written(self.ours), self.against, self.failure or _written(self.theirs), *ratios, wanted)
        return f"| {' | '.join(cells)} |"

    def _verdict(self, figure: str) -> str:
        most, ratio = self.wanted[figure], self.ratio(figure)
        return f"≤ {most:g} {'✓' if ratio is not None and ratio <= most else '✗'}"


def _written(cost: Cost) -> str:
    return ", ".join(f"{_short(cost[name])} {unit}" for name, unit in UNITS.items() if name in cost)


def _short(number: float) -> str:
    """A number in three digits, or more where there are more before its point."""
    return f"{number:.0f}" if number >= 100 else f"{number:.3g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured.

    `sizes` are cards of guides, `usual` the one that targets are for, `largest` the one measured once. `guides` is how
    many a folder has, and `each` the fewest and the most cards of one.
    """

    rounds: int
    sizes: tuple[int, ...]
    usual: int
    largest: int
    guides: int
    each: tuple[int, int]
    peers: Path | None = None

    def rounds_at(self, cards: int) -> int:
        """How often guides of so many cards are measured."""
        return 1 if cards >= self.largest else self.rounds


FULL = Plan(rounds=3, sizes=(100, 1_000, 10_000), usual=10_000, largest=100_000, guides=200, each=(30, 60))
QUICK = Plan(rounds=1, sizes=(20,), usual=20, largest=40, guides=2, each=(6, 8))


# --- sections ----------------------------------------------------------------------------------------------------


def deck(plan: Plan, folder: Path) -> Iterator[Line]:
    """Decks of guides from small to large."""
    cold: dict[int, Cost] = {}
    for cards in (*plan.sizes, plan.largest):
        project, took = _measured(cards, plan, folder / f"deck-{cards}")
        cold[cards] = took[COLD]
        wanted = TARGETS if cards == plan.usual else {}
        line = partial(_line, took, cards)
        yield line(COLD, FLOOR, wanted.get("floor", {}))
        yield line(COLD, PLAIN, wanted.get("genanki", {}))
        yield line(EDITED, COLD, wanted.get("edited", {}))
        yield line(EDITED, FLOOR_AGAIN, {})
        yield line(UNCHANGED, CLICK, wanted.get("unchanged", {}))
        if cards == plan.usual:
            ours, theirs = contenders.sizes(project.deck)
            yield _plain_line(f"{cards:,} cards, {FLOOR_AGAIN}", took[FLOOR_AGAIN], COLD, took[COLD])
            yield _plain_line("the deck's file", ours, "zipped at level 9", theirs, "size")
    what, against = (f"{cards:,} cards, cold" for cards in (plan.largest, plan.usual))
    yield _plain_line(what, cold[plan.largest], against, cold[plan.usual], "growth")


def _measured(cards: int, plan: Plan, folder: Path) -> tuple[Project, dict[str, Cost]]:
    """Everything that is run on a guide of so many cards, in turn; the deck is checked to hold them."""
    folder.mkdir()
    text, path = guide(cards), folder / "guide.md"
    path.write_text(text, encoding="utf-8")
    project = Project(folder / "project", {"guide.md": text}, "--only", "deck")
    took = in_turn(
        plan.rounds_at(cards),
        {
            CLICK: contenders.click,
            COLD: project.cold,
            UNCHANGED: project.again,
            EDITED: project.edited,
            FLOOR_AGAIN: lambda: contenders.floor_again(project),
            FLOOR: lambda: contenders.floor(path, cards),
            PLAIN: lambda: contenders.plain(path),
        },
    )
    made = contenders.rows(project.deck, "cards")
    assert abs(made - cards) <= max(2, cards / 50), f"{made} cards of {cards}"
    return project, took


def example(plan: Plan, folder: Path) -> Iterator[Line]:
    """All outputs of the example."""
    project = Project(folder / "example", {EXAMPLE.name: EXAMPLE.read_text(encoding="utf-8")})
    runs = {CLICK: contenders.click, COLD: project.cold, UNCHANGED: project.again, EDITED: project.edited}
    took = in_turn(plan.rounds, runs)
    yield _plain_line(f"the example, all outputs, {EDITED}", took[EDITED], COLD, took[COLD])
    yield _plain_line(f"the example, all outputs, {UNCHANGED}", took[UNCHANGED], CLICK, took[CLICK], "example")


def folder(plan: Plan, folder: Path) -> Iterator[Line]:
    """All outputs of a folder of guides, by one process and by two; once, for it takes minutes."""
    least, most = plan.each
    texts = {
        f"guide-{number:03}.md": guide(least + (most - least) * number // plan.guides, seed=number)
        for number in range(plan.guides)
    }
    two, one = (Project(folder / f"jobs-{jobs}", texts, "--jobs", str(jobs)) for jobs in (2, 1))
    took = in_turn(1, {"two": two.cold, "one": one.cold, UNCHANGED: two.again, EDITED: two.edited})
    what = f"{plan.guides} guides, all outputs"
    yield _plain_line(f"{what}, cold, --jobs 2", took["two"], "--jobs 1", took["one"], "jobs")
    yield _plain_line(f"{what}, {EDITED}", took[EDITED], COLD, took["two"])
    yield _plain_line(f"{what}, {UNCHANGED}", took[UNCHANGED], COLD, took["two"])


def identity(plan: Plan, folder: Path) -> Iterator[Line]:
    """Telling who each note is, beside the build of which it is a part."""
    text, path = guide(plan.usual), folder / "identity.md"
    path.write_text(text, encoding="utf-8")
    project = Project(folder / "identity", {path.name: text}, "--only", "deck")
    took = in_turn(plan.rounds, {COLD: project.cold, "identity": lambda: contenders.recognise(path)})
    what = f"{plan.usual:,} cards, who they are, one edited"
    yield _plain_line(what, took["identity"], "the cold build", took[COLD], "identity")


def peers(plan: Plan, folder: Path) -> Iterator[Line]:
    """Other programs, as far as they come."""
    failures: dict[str, str] = {}
    for cards in plan.sizes if plan.peers else ():
        assert plan.peers
        text = guide(cards)
        project = Project(folder / f"peers-{cards}", {"guide.md": text}, "--only", "deck")
        entrants = {
            peer.name: Entrant(peer, plan.peers, folder / f"{peer.name}-{cards}", pieces(text))
            for peer in PEERS
            if peer.name not in failures
        }
        runs = {COLD: project.cold} | {name: entrant.run for name, entrant in entrants.items()}
        took = in_turn(1 if cards == plan.usual else plan.rounds, runs)
        failures |= {name: entrant.failure for name, entrant in entrants.items() if entrant.failure}
        for name in entrants:
            against = version(plan.peers, name)
            yield Line(
                what=COLD,
                ours=took[COLD],
                against=against,
                theirs=took[name],
                failure=failures.get(name, ""),
                cards=cards,
            )


SECTIONS: Mapping[str, Callable[[Plan, Path], Iterator[Line]]] = {
    "deck": deck,
    "example": example,
    "folder": folder,
    "identity": identity,
    "peers": peers,
}
"""What can be measured, by the name that the command line gives it."""


def _line(took: Mapping[str, Cost], cards: int, what: str, against: str, wanted: Mapping[str, float]) -> Line:
    return Line(what=what, ours=took[what], against=against, theirs=took[against], wanted=wanted, cards=cards)


def _plain_line(what: str, ours: Cost, against: str, theirs: Cost, target: str = "") -> Line:
    return Line(what=what, ours=ours, against=against, theirs=theirs, wanted=TARGETS.get(target, {}))


# --- table and picture -------------------------------------------------------------------------------------------


def lines(plan: Plan, sections: Sequence[str], place: Path) -> Iterator[Line]:
    """The lines of the table, as they are measured."""
    _warm_up(place)
    for name in sections or SECTIONS:
        part = place / name
        part.mkdir()
        yield from SECTIONS[name](plan, part)


def _warm_up(place: Path) -> None:
    """Every program once, so that none finds its modules compiled and in memory by the one before it."""
    part = place / "warm-up"
    part.mkdir()
    _measured(4, QUICK, part / "deck")


def curves(found: Sequence[Line]) -> dict[str, list[tuple[int, float]]]:
    """The seconds of each contender by cards, for the picture."""
    points: dict[str, dict[int, float]] = {}
    for line in found:
        sides = {f"studypack, {line.what}": line.ours, line.against: line.theirs}
        for name, cost in sides.items():
            if line.cards and "time" in cost and name not in {COLD, CLICK, FLOOR_AGAIN}:
                points.setdefault(name, {}).setdefault(line.cards, cost["time"])
    return {name: sorted(seconds.items()) for name, seconds in points.items()}


def draw(found: Sequence[Line], path: Path, programs: Path) -> None:
    """Writes the picture, by the Python of an environment that can draw."""
    program = programs / "python"
    script = Path(__file__).with_name("picture.py")
    subprocess.run([program, script, path], input=json.dumps(curves(found)), text=True, check=True)


HEAD = """\
| | studypack | against | theirs | ratio | CPU | memory | wanted |
| --- | --- | --- | --- | ---: | ---: | ---: | --- |
"""


def main() -> None:
    """Reads the command line, prints the table, draws the picture."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    # Python 3.11 looks for the empty list, too, among the choices.
    parser.add_argument("sections", nargs="*", choices=[*SECTIONS, []], metavar="SECTION")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--rounds", type=int, default=FULL.rounds)
    parser.add_argument("--peers", type=Path, metavar="FOLDER")
    parser.add_argument("--picture", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    plan = QUICK if arguments.quick else replace(FULL, rounds=arguments.rounds)
    found: list[Line] = []
    sys.stdout.write(HEAD)
    with tempfile.TemporaryDirectory() as place:
        # Made first, so that nothing is measured in vain.
        programs = environment(arguments.peers or Path(place), "matplotlib") if arguments.picture else None
        for line in lines(replace(plan, peers=arguments.peers), arguments.sections, Path(place)):
            found.append(line)
            sys.stdout.write(f"{line.row()}\n")
            sys.stdout.flush()
        if programs:
            draw(found, arguments.picture, programs)


if __name__ == "__main__":
    main()
