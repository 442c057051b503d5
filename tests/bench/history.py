"""Made-up edit histories of made-up guides, which know what every line really is.

`history(seed, revisions)` gives revision after revision of one guide. Each tells the line of every note with the
identity that its author has in mind: a question keeps it through any edit that a reader would call an edit, and a
question put in the place of another has one of its own, however alike the two are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.bench.edits import edit
from tests.bench.world import Grid, Item, Line, Part, World

KINDS = ("english", "invented", "kana")
"""The worlds to write about; see `tests.bench.words`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """Who the note on a line really is, and who its gaps are, by label."""

    id: int
    gaps: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A guide's text, the truth of its notes by line, and what was done to whom since the revision before."""

    text: str
    truth: Mapping[int, Truth]
    edits: Mapping[int, str]


def history(seed: int, revisions: int, kind: str = "english") -> Iterator[Revision]:
    """The revisions of one guide, the first as it was born.

    Most revisions hold one to three edits, some up to thirty, as commits of written guides do; one in forty sets the
    whole guide in another style besides.
    """
    world = World(seed, kind)
    edits: dict[int, str] = {}
    for _ in range(revisions):
        yield _rendered(world, edits)
        edits = edit(world)


class _Page:
    """Lines as they are written, and what stands on them."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.truth: dict[int, Truth] = {}

    def write(self, line: str, id: int | None = None, gaps: Mapping[str, int] | None = None) -> None:
        self.lines.append(line)
        if id is not None:
            self.truth[len(self.lines)] = Truth(id=id, gaps=gaps or {})


def _tell_apart(world: World, edits: dict[int, str]) -> None:
    """Renames what would ask the very words that another asks, or asked before, under the same headings.

    Nobody could tell whether the author meant the same question then, so there would be no truth.
    """
    for topic in world.topics:
        for part in (topic, *topic.parts):
            rows = [row for grid in part.grids for row in grid.rows]
            all_here: list[Item | Line | Part] = [part, *part.items, *rows]
            for one in all_here:
                while world.asked.setdefault((topic.title, part.title, one.asks.casefold()), one.id) != one.id:
                    one.add(world.words.noun())
                    edits[one.id] = "told apart"


def _rendered(world: World, edits: dict[int, str]) -> Revision:
    _tell_apart(world, edits)
    page = _Page()
    page.write("# The guide")
    for number, topic in enumerate(world.topics, start=1):
        _part(world, page, topic, 2, f"{number}. " if world.numbered else "")
        for section in topic.parts:
            _part(world, page, section, 3, "")
    return Revision(text="\n".join(page.lines) + "\n", truth=page.truth, edits=edits)


def _part(world: World, page: _Page, part: Part, depth: int, number: str) -> None:
    page.write("")
    page.write(f"{'#' * depth} {number}{part.title}")
    page.write("")
    if part.prose:
        page.write(_ended(world, part.prose), part.id)
        page.write("")
    _terms(world, page, part)
    for grid in part.grids:
        _grid(page, grid)
    for item in part.items:
        if item.kind == "cloze":
            _cloze(page, item)
        if item.kind == "callout":
            page.write(f"> [!TIP] {item.name}", item.id)
            page.write(f"> {_ended(world, item.says)}")
            page.write("")
    for count, item in enumerate((item for item in part.items if item.kind == "question"), start=1):
        assert item.question
        page.write(f"{'#' * (depth + 1)} {f'{count}. ' if world.numbered else ''}{item.question.text}", item.id)
        page.write("")
        page.write(_ended(world, item.says))
        page.write("")


def _terms(world: World, page: _Page, part: Part) -> None:
    terms = [item for item in part.items if item.kind == "term"]
    if terms and part.terms_as_table:
        page.write("| Term | Meaning |")
        page.write("| --- | --- |")
    for item in terms:
        says = _ended(world, item.says)
        dash = "-" if world.dashed else "—"
        page.write(f"| {item.name} | {says} |" if part.terms_as_table else f"- **{item.name}** {dash} {says}", item.id)
    page.write("")


def _grid(page: _Page, grid: Grid) -> None:
    page.write(f"| Aspect | {' | '.join(grid.columns.values())} |")
    page.write(f"| --- |{' --- |' * len(grid.columns)}")
    for row in grid.rows:
        cells = " | ".join(row.cells.get(column, "") for column in grid.columns)
        page.write(f"| {row.name} | {cells} |", row.id, {name: column for column, name in grid.columns.items()})
    page.write("")


def _cloze(page: _Page, item: Item) -> None:
    seen: dict[str, int] = {}
    gaps: dict[str, int] = {}
    for mark, text in zip(item.marks, item.parts[1::2], strict=True):
        seen[text] = seen.get(text, 0) + 1
        gaps[text if seen[text] == 1 else f"{text} ({seen[text]})"] = mark
    page.write("".join(f"=={part}==" if i % 2 else part for i, part in enumerate(item.parts)), item.id, gaps)
    page.write("")


def _ended(world: World, text: str) -> str:
    return text if world.ending == "." else f"{text.rstrip('.。')}{world.ending}"
