"""The tables of the matrix: which belong, which are about the same aspects and become one, how a large one is cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from studypack.model import Block, Callout, Definitions, Guide, Listing, Quote, Row, Section, Table, Term, Text
from studypack.span import Span
from studypack.writers.paper.contents import printed

T = TypeVar("T")

INKS = 6
"""The number of colours that topics take in turn: `.ink-0` and on in base.css."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Columns that come from one table of the guide: the heading it stands under, its topic and colour, its place."""

    heading: str
    topic: str
    ink: int
    span: Span
    columns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What is printed as one table: its stub (the first column), then the subjects of each group.

    `part` of `parts` where a table was cut, else 0.
    """

    table: Table
    groups: tuple[Group, ...]
    part: int = 0
    parts: int = 0

    @property
    def heading(self) -> str:
        """What to call it."""
        return self.groups[0].heading


def comparisons(guide: Guide) -> Iterator[Comparison]:
    """The tables of the matrix in reading order, wherever they stand."""
    title = guide.title.plain or guide.name
    yield from _under(guide.intro, title, title, 0)
    for number, topic in enumerate(printed(guide.topics)):
        yield from _in_section(topic, topic.heading.plain, number % INKS)


def belongs(table: Table) -> bool:
    """Whether a table belongs into the matrix: `.matrix` and `.no-matrix` overrule its shape."""
    if "no-matrix" in table.classes or "no-print" in table.classes or not table.rows:
        return False
    return "matrix" in table.classes or table.compares


def needed(guide: Guide) -> Guide:
    """The guide without what the matrix has no use for, so that a change of that changes nothing here."""
    return replace(
        guide,
        deck="",
        cards={},
        intro=_with_tables(guide.intro),
        topics=tuple(_tables_of(topic) for topic in guide.topics),
    )


def _tables_of(section: Section) -> Section:
    below = tuple(_tables_of(child) for child in section.sections)
    return replace(section, blocks=_with_tables(section.blocks), sections=below)


def _with_tables(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(block for block in blocks if any(_under((block,), "", "", 0)))


def _in_section(section: Section, topic: str, ink: int) -> Iterator[Comparison]:
    yield from _under(section.blocks, topic, section.heading.plain, ink)
    for child in printed(section.sections):
        yield from _in_section(child, topic, ink)


def _under(blocks: Sequence[Block | Term], topic: str, heading: str, ink: int) -> Iterator[Comparison]:
    for block in printed(blocks):
        match block:
            case Table():
                if belongs(block):
                    columns = max(len(block.header) - 1, 1)
                    group = Group(heading=heading, topic=topic, ink=ink, span=block.span, columns=columns)
                    yield Comparison(table=block, groups=(group,))
            case Section():
                yield from _in_section(block, topic, ink)
            case Listing():
                for item in block.items:
                    yield from _under(item.blocks, topic, heading, ink)
            case Definitions():
                yield from _under(block.terms, topic, heading, ink)
            case Term():
                yield from _under(block.meaning, topic, heading, ink)
            case Callout() | Quote():
                yield from _under(block.blocks, topic, heading, ink)


# --- joining -----------------------------------------------------------------------------------------------------


def families(found: Sequence[Comparison]) -> tuple[tuple[int, ...], ...]:
    """The places of tables that are about the same aspects: the same first cells in any order, under the same head.

    Case and white space do not count. An empty head agrees with any. No table is in two families.
    """
    heads: list[str] = []
    aspects: list[frozenset[str]] = []
    members: list[list[int]] = []
    for place, comparison in enumerate(found):
        names = [_name(row.cells[0]) for row in comparison.table.rows]
        if len(comparison.table.header) < 2 or len(set(names)) < len(names) or "" in names:
            continue
        head = _name(comparison.table.header[0])
        for number, known in enumerate(aspects):
            if known == set(names) and (not head or not heads[number] or head == heads[number]):
                members[number].append(place)
                heads[number] = heads[number] or head
                break
        else:
            heads.append(head)
            aspects.append(frozenset(names))
            members.append([place])
    return tuple(tuple(places) for places in members if len(places) > 1)


def join(found: Sequence[Comparison], family: Iterable[int]) -> tuple[Comparison, ...]:
    """The tables with those of a family become one, at the place of its first.

    A table that brings no new subject stays as it is.
    """
    first, *others = sorted(family)
    made, joined = found[first], {first}
    for place in others:
        if (wider := _beside(made, found[place])) is not None:
            made = wider
            joined.add(place)
    kept = ((made if place == first else comparison) for place, comparison in enumerate(found))
    return tuple(comparison for place, comparison in enumerate(kept) if place == first or place not in joined)


def _beside(left: Comparison, right: Comparison) -> Comparison | None:
    """Both as one table, in the order of the left one's rows; None when the right one brings nothing new."""
    rows = {_name(row.cells[0]): row for row in right.table.rows}
    lines = [(row, rows[_name(row.cells[0])]) for row in left.table.rows]
    shown = {_subject(left.table, number) for number in range(1, len(left.table.header))}
    order = [row for _, row in lines]
    new = [
        number
        for number in range(1, len(right.table.header))
        if not right.table.header[number].plain
        or _subject(replace(right.table, rows=tuple(order)), number) not in shown
    ]
    if not new:
        return None
    stub, other = left.table.header[0], right.table.header[0]
    table = replace(
        left.table,
        header=(stub if _name(stub) else other, *left.table.header[1:], *_pick(right.table.header, new)),
        rows=tuple(replace(a, cells=(*a.cells, *_pick(b.cells, new))) for a, b in lines),
        align=(*left.table.align, *_pick(right.table.align, new)),
    )
    return replace(left, table=table, groups=_merged((*left.groups, replace(right.groups[0], columns=len(new)))))


def _merged(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Neighbours under the same heading are one group."""
    *before, last, new = groups
    if (last.heading, last.topic) == (new.heading, new.topic):
        return (*before, replace(last, columns=last.columns + new.columns))
    return tuple(groups)


def _subject(table: Table, column: int) -> tuple[str, ...]:
    """A subject with all that is said of it, row by row."""
    return (_name(table.header[column]), *(row.cells[column].html for row in table.rows))


def _pick(things: Sequence[T], places: Iterable[int]) -> tuple[T, ...]:
    return tuple(things[place] for place in places)


def _name(cell: Text) -> str:
    """What a cell is known by: its text without case; a picture's HTML where it has no text."""
    return " ".join(cell.plain.casefold().split()) or cell.html.strip()


# --- cutting -----------------------------------------------------------------------------------------------------


def cut_rows(comparison: Comparison, most: int) -> Iterator[Comparison]:
    """The table in parts of about equal length, none longer than `most` rows."""
    rows = comparison.table.rows
    yield from _parts(comparison, [replace(comparison.table, rows=tuple(part)) for part in _shares(rows, most)])


def cut_subjects(comparison: Comparison, most: int) -> Iterator[Comparison]:
    """The table in parts that each have the first column and about equally many subjects, at most so many."""
    owners = [group for group in comparison.groups for _ in range(group.columns)]
    shares = _shares(range(1, len(comparison.table.header)), most)
    if len(shares) < 2:
        yield comparison
        return
    parts = [_with_columns(comparison.table, (0, *columns)) for columns in shares]
    for part, columns in zip(_parts(comparison, parts), shares, strict=True):
        mine = [owners[column - 1] for column in columns]
        yield replace(part, groups=tuple(replace(group, columns=mine.count(group)) for group in dict.fromkeys(mine)))


def _with_columns(table: Table, columns: Sequence[int]) -> Table:
    rows = tuple(Row(cells=_pick(row.cells, columns), span=row.span) for row in table.rows)
    return replace(table, header=_pick(table.header, columns), rows=rows, align=_pick(table.align, columns))


def _parts(comparison: Comparison, tables: Sequence[Table]) -> Iterator[Comparison]:
    if len(tables) < 2:
        yield comparison
        return
    for number, table in enumerate(tables, start=1):
        yield replace(comparison, table=table, part=number, parts=len(tables))


def _shares(things: Sequence[T], most: int) -> list[Sequence[T]]:
    """Things in runs of about equal length."""
    runs = max(-(-len(things) // most), 1)
    size = -(-len(things) // runs)
    return [things[start : start + size] for start in range(0, len(things), max(size, 1))]
