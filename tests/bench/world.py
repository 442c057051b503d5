"""A made-up guide while it is being written: its topics, questions, terms and comparisons, each with an identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from random import Random

from tests.bench.words import Question, Words

_CALLOUTS = ("Key Takeaway", "Key Takeaway", "Key Takeaway", "Note", "Tip", "Remember")
_SECTIONS = ("Overview", "Key concepts", "Best practices", "Comparison", "Details", "Pitfalls")
_ROWS = "Latency Cost Scaling Consistency Durability Pricing Limits Origin Speed Size Security Backups Setup".split()


@dataclass(slots=True, kw_only=True)
class Item:
    """A question, a term, a callout or a cloze. `name` is a term's or a title, `parts` a cloze's."""

    kind: str
    id: int
    name: str = ""
    question: Question | None = None
    says: str = ""
    parts: tuple[str, ...] = ()
    marks: tuple[int, ...] = ()

    @property
    def about(self) -> tuple[str, ...]:
        """The terms that it is about."""
        return (self.question.a, self.question.b) if self.question else (self.name,) if self.name else ()

    @property
    def asks(self) -> str:
        """What it asks."""
        return self.question.text if self.question else self.name or "".join(self.parts)

    def add(self, word: str) -> None:
        """Makes it ask something else than another one."""
        if self.question:
            self.question = replace(self.question, text=f"{self.question.text.rstrip('?')} ({word})?")
        elif self.parts:
            self.parts = (f"{word}: {self.parts[0]}", *self.parts[1:])
        else:
            self.name = f"{self.name} {word}"


@dataclass(slots=True, kw_only=True)
class Line:
    """A row of a table; its cells by the identity of their column."""

    id: int
    name: str
    cells: dict[int, str]

    @property
    def asks(self) -> str:
        """What it asks."""
        return self.name

    def add(self, word: str) -> None:
        """Makes it ask something else than another one."""
        self.name = f"{self.name} {word}"


@dataclass(slots=True, kw_only=True)
class Grid:
    """A comparison; `columns` are names by identity."""

    columns: dict[int, str]
    rows: list[Line]


@dataclass(slots=True, kw_only=True)
class Part:
    """A topic, or a section of one."""

    id: int
    title: str
    prose: str = ""
    items: list[Item] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    terms_as_table: bool = False

    @property
    def asks(self) -> str:
        """What it asks."""
        return self.title

    def add(self, word: str) -> None:
        """Makes it ask something else than another one."""
        self.title = f"{self.title} {word}"


class World:
    """A guide that is being written: its words, its parts, and whose identity is the next."""

    def __init__(self, seed: int, kind: str) -> None:
        self.chance = Random(f"{seed} {kind}")
        self.words = Words(chance=self.chance, kind=kind)
        self._last = 0
        self.asked: dict[tuple[str, ...], int] = {}
        self.bin: list[tuple[Part, Item]] = []
        self.numbered = self.dashed = False
        self.ending = "."
        topics = self.chance.choice((3, 5, 8))
        self.topics = [self.topic() for _ in range(topics)]

    def id(self) -> int:
        """An identity that nobody has yet."""
        self._last += 1
        return self._last

    # --- new things ---

    def topic(self) -> Part:
        """A new topic."""
        made = self.part(self.words.term(), prose=self.chance.random() < 0.6)
        made.parts = [self.section() for _ in range(self.chance.choice((1, 2, 3)))]
        return made

    def section(self) -> Part:
        """A new section with something in it."""
        pick = self.chance
        made = self.part(pick.choice(_SECTIONS) if pick.random() < 0.5 else self.words.term(), pick.random() < 0.5)
        style = pick.choice(("questions", "terms", "grid", "mixed"))
        wanted = {"questions": ["question"] * 9, "terms": ["term"] * 7, "grid": ["callout"], "mixed": ["term"] * 3}
        kinds = [*wanted[style], *(["cloze", "question", "question", "callout"] if style == "mixed" else [])]
        made.items = [self.item(kind) for kind in kinds[: pick.randrange(1, len(kinds) + 1)]]
        if style == "grid":
            made.grids.append(self.grid())
        return made

    def part(self, title: str, prose: bool) -> Part:
        """A new heading."""
        text = self.words.text(self.chance.choice((1, 2, 4)), title) if prose else ""
        return Part(id=self.id(), title=title, prose=text, terms_as_table=self.chance.random() < 0.2)

    def item(self, kind: str) -> Item:
        """A new item."""
        words, pick = self.words, self.chance
        if kind == "question":
            question = words.question()
            return Item(kind=kind, id=self.id(), question=question, says=words.answer(question))
        if kind == "cloze":
            parts = words.cloze()
            return Item(kind=kind, id=self.id(), parts=parts, marks=tuple(self.id() for _ in parts[1::2]))
        name = words.term() if kind == "term" or pick.random() < 0.3 else pick.choice(_CALLOUTS)
        return Item(kind=kind, id=self.id(), name=name, says=words.text(pick.choice((1, 1, 2, 3)), name))

    def grid(self) -> Grid:
        """A new comparison."""
        pick = self.chance
        columns: dict[int, str] = {}
        while len(columns) < pick.choice((2, 2, 3, 4)):
            name = self.words.term()
            if name not in columns.values():
                columns[self.id()] = name
        names = [*pick.sample(_ROWS, pick.randrange(2, 7)), *(["Best for"] if pick.random() < 0.7 else [])]
        return Grid(columns=columns, rows=[self.line(columns, name) for name in names])

    def line(self, columns: Mapping[int, str], name: str) -> Line:
        """A new row."""
        return Line(id=self.id(), name=name, cells={column: self.cell() for column in columns})

    def cell(self) -> str:
        """What a cell says; some say nothing."""
        return self.words.cell() if self.chance.random() < 0.93 else self.chance.choice(("", "—"))

    # --- places ---

    def all_parts(self) -> list[Part]:
        """Topics and sections, in order."""
        return [part for topic in self.topics for part in (topic, *topic.parts)]

    def any_part(self) -> Part:
        """A section, somewhere."""
        found = [part for topic in self.topics for part in topic.parts]
        return self.chance.choice(found or self.all_parts())

    def any_item(self, *kinds: str) -> tuple[Part, Item] | None:
        """An item of one of these kinds, somewhere."""
        found = [(part, item) for part in self.all_parts() for item in part.items if item.kind in kinds or not kinds]
        return self.chance.choice(found) if found else None

    def any_grid(self) -> Grid | None:
        """A comparison, somewhere."""
        found = [grid for part in self.all_parts() for grid in part.grids if grid.rows]
        return self.chance.choice(found) if found else None
