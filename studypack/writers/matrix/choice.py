"""The matrix: every comparison table of the guide on exactly one page, at the largest type that fits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from studypack.diagnostics import Diagnostic
from studypack.model import Guide
from studypack.writers.matrix.comparisons import Comparison, comparisons
from studypack.writers.matrix.compose import Composer, Composition
from studypack.writers.matrix.press import Press
from studypack.writers.matrix.solve import FLOOR, LARGEST, Solution, Solver
from studypack.writers.paper.page import Paper
from studypack.writers.paper.pdf import Layout, lay_out, write_layout
from studypack.writers.paper.sizes import Sheet, sheet

SMALLEST = 6.0
"""Below this type size, in points, the matrix is hard to read and SP502 says so."""

_TRIES = ((1.0, 1.0), (1.0, 0.98), (0.97, 0.97), (0.93, 0.95), (0.85, 0.9), (0.7, 0.8), (0.5, 0.7))
"""What is tried in turn, for a layout can come out larger than it was measured: the part of the size at which tables
are composed, and the part of that again at which they are printed, so that lines and columns have some ease."""

_LARGER = {"a3": "", "ledger": "", "letter": "Ledger", "legal": "Ledger"}
_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def write(guide: Guide) -> Paper | None:
    """The PDF, one page unless the guide chose otherwise; None when the guide has no comparison table.

    When the tables do not fit even at FLOOR, the paper has no data and no pages, and SP502 says so.
    Raises StudypackError when the system libraries are missing.
    """
    found = tuple(comparisons(guide))
    if not found:
        return None
    desk = _Desk(guide, found)
    answer = desk.choose()
    return (desk.print(answer) if answer else None) or Paper(b"", 0, (desk.impossible(),))


@dataclass(frozen=True, slots=True)
class _Answer:
    """What to print, and on which sheets: lying, and upright, or the only way that the guide allows."""

    solution: Solution
    sheets: tuple[Sheet, ...]


class _Desk:
    """Where it is decided how the matrix of one guide is printed, and what is said of it."""

    def __init__(self, guide: Guide, found: tuple[Comparison, ...]) -> None:
        self._guide, self._found = guide, found
        self._press = Press(guide, found)
        self._solver = Solver(self._press.measured)

    def choose(self) -> _Answer | None:
        """The answer that the guide's `matrix-fit` asks for; None where even the smallest type is too large."""
        answer = self._on_one(self._found, self._guide.paper)
        if answer is not None and answer.solution.size >= SMALLEST:
            return answer
        match self._guide.matrix_fit:
            case "a3":
                return self._on_one(self._found, self._larger) or answer if self._larger else answer
            case "split":
                return self._split or answer
        return answer

    def print(self, answer: _Answer) -> Paper | None:
        """The pages, each checked; None where no size makes what was measured true."""
        solution = answer.solution
        tables = [self._press.measured(comparison) for comparison in solution.comparisons]
        composer = Composer(tables)
        most = LARGEST if len(solution.pages) == 1 else solution.size
        plans = [composer.plan(placing, most, (SMALLEST, FLOOR)) for placing in solution.pages]
        whole = min(plan.size for plan in plans)
        for part, ease in _TRIES:
            size = max(part * whole, min(FLOOR, whole))
            pages = [composer.settle(plan, size) for plan in plans]
            pad = min(page.pad for page in pages)
            layout = self._lay_out(answer, [composer.settle(plan, size, pad) for plan in plans], ease)
            if layout.pages == len(pages) and not layout.lost:
                paper = write_layout(layout, size=ease * size)
                return replace(paper, diagnostics=(*paper.diagnostics, *self._too_small(answer, ease * size)))
        return None

    def impossible(self) -> Diagnostic:
        """That nothing can be printed, and what would help."""
        rows = sum(len(comparison.table.rows) for comparison in self._found)
        return self._said(
            f"even at {FLOOR:g} pt the matrix does not fit on one page: {len(self._found)} tables, {rows} rows",
            ("a3", "split"),
        )

    def _lay_out(self, answer: _Answer, pages: Sequence[Composition], ease: float) -> Layout:
        paper = answer.sheets[int(pages[0].room.turned)]
        return lay_out(self._press.page(answer.solution.comparisons, pages, paper, ease))

    # --- ways to print

    def _on_one(self, found: tuple[Comparison, ...], paper: str) -> _Answer | None:
        sheets = _sheets(paper)
        solution = self._solver.one_page(found, self._press.rooms(sheets))
        return _Answer(solution, sheets) if solution else None

    @cached_property
    def _split(self) -> _Answer | None:
        """As few pages as make the type large enough, or as large as it gets."""
        sheets = _sheets(self._guide.paper)
        rooms = self._press.rooms(sheets)
        for least in (SMALLEST, 4.5, FLOOR):
            if solution := self._solver.pages(self._found, rooms, least):
                return _Answer(solution, sheets)
        return None

    @property
    def _larger(self) -> str:
        """The larger paper that there is, lying as the guide's own; empty if there is none."""
        name, _, way = self._guide.paper.partition(" ")
        larger = _LARGER.get(name.casefold(), "A3")
        return f"{larger} {way}".strip() if larger else ""

    @cached_property
    def _greatest(self) -> Comparison:
        """The table of the guide that takes the most room."""
        return max(self._found, key=self._solver.area)

    # --- what is said

    def _too_small(self, answer: _Answer, size: float) -> Iterator[Diagnostic]:
        if size >= SMALLEST or self._guide.matrix_fit == "tiny":
            return
        pages = _count(len(answer.solution.pages))
        yield self._said(
            f"the matrix needs {_points(size)} type to fit on {pages}, and below {SMALLEST:g} pt it is hard to read",
            ("a3", "split", "tiny"),
        )

    def _said(self, what: str, choices: Sequence[str]) -> Diagnostic:
        """What is wrong, at the table that takes the most room; what would help, with figures; how to choose it."""
        ways = "; ".join(f"{name}: {_points(answer.solution.size)}" for name, answer in self._ways())
        left = [choice for choice in choices if choice != self._guide.matrix_fit and (choice != "a3" or self._larger)]
        return Diagnostic(
            code="SP502",
            path=self._guide.path,
            span=self._greatest.groups[0].span,
            message=f"{what}; ‘{self._greatest.heading}’ takes the most room{'. ' + ways if ways else ''}",
            hint=f"choose `--matrix-fit {'|'.join(left)}`, or set `matrix-fit:` in the front matter, "
            "or leave a table out with {: .no-matrix }",
        )

    def _ways(self) -> Iterator[tuple[str, _Answer]]:
        """What would make the type larger, without any layout."""
        chosen = self._guide.matrix_fit
        if chosen != "a3" and self._larger and (larger := self._on_one(self._found, self._larger)):
            yield self._larger.partition(" ")[0], larger
        if chosen != "split" and self._split and len(self._split.solution.pages) > 1:
            yield _count(len(self._split.solution.pages)), self._split
        if chosen == "split":
            return
        rest = self._solver.without(self._found, self._greatest)
        paper = self._larger if chosen == "a3" and self._larger else self._guide.paper
        if rest and (smaller := self._on_one(rest, paper)):
            yield f"without ‘{self._greatest.heading}’", smaller


def _sheets(name: str) -> tuple[Sheet, ...]:
    paper = sheet(name)
    return (paper,) if paper.oriented else (paper.turned(), paper)


def _count(pages: int) -> str:
    number = _NUMBERS[pages] if pages < len(_NUMBERS) else str(pages)
    return f"{number} page{'' if pages == 1 else 's'}"


def _points(size: float) -> str:
    """A size rounded down: what is said to be 6 pt is no less."""
    return f"{int(size * 10 + 1e-6) / 10:.1f} pt"
