"""What authors do to a guide between two revisions, about as often as they do it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from tests.bench.world import Grid, Item, Line, Part, World

Edits = dict[int, str]
"""What was done to whom, by identity."""

HEAVY = frozenset({"question reworded", "answer rewritten", "renamed", "replaced", "row renamed", "row rewritten"})
"""Edits that leave little of a note; nobody gets two of them, or another besides, in one revision."""


def edit(world: World) -> Edits:
    """One revision's edits."""
    done: Edits = {}
    pick = world.chance
    count = pick.choice((1, 1, 1, 2, 2, 3, 4)) if pick.random() < 0.85 else pick.randrange(5, 31)
    if pick.random() < 0.025:
        _reflow(world, done)
    for _ in range(count):
        pick.choices(list(_EDITS), weights=list(_EDITS.values()))[0](world, done)
    return done


def _free(done: Edits, item: Item | Line | Part) -> bool:
    return done.get(item.id) is None


def _item_edit(*kinds: str) -> Callable[[Callable[[World, Item], str]], Callable[[World, Edits], None]]:
    """Makes an edit of one item an edit of a guide."""

    def outer(change: Callable[[World, Item], str]) -> Callable[[World, Edits], None]:
        def inner(world: World, done: Edits) -> None:
            found = world.any_item(*kinds)
            if found and _free(done, found[1]):
                identity = found[1].id
                done[identity] = change(world, found[1])
                done[found[1].id] = done[identity]

        return inner

    return outer


@_item_edit()
def _typo(world: World, item: Item) -> str:
    words = world.words
    if item.question and world.chance.random() < 0.4:
        item.question = words.lightly(item.question, typo=True)
        return "typo in question"
    if item.kind == "cloze":
        at = world.chance.randrange(len(item.parts))
        item.parts = (*item.parts[:at], words.typo(item.parts[at]), *item.parts[at + 1 :])
    else:
        item.says = words.typo(item.says)
    return "typo in answer"


@_item_edit()
def _light(world: World, item: Item) -> str:
    words, roll = world.words, world.chance.random()
    if item.kind == "cloze":
        at = world.chance.choice(range(0, len(item.parts), 2))
        text = words.light(item.parts[at].strip())
        item.parts = (*item.parts[:at], f"{' ' if at else ''}{text} ", *item.parts[at + 1 :])
        return "cloze edited"
    if item.question and roll < 0.6:
        item.question = words.lightly(item.question)
        if roll < 0.4:
            return "question lightly"
    item.says = words.light(item.says)
    return "both lightly" if item.question and roll < 0.6 else "answer lightly"


@_item_edit("question")
def _reworded(world: World, item: Item) -> str:
    assert item.question
    item.question = world.words.heavy(item.question)
    return "question reworded"


@_item_edit("question", "term", "callout")
def _rewritten(world: World, item: Item) -> str:
    item.says = world.words.rewritten(item.says, *item.about)
    return "answer rewritten"


@_item_edit("term", "callout")
def _renamed(world: World, item: Item) -> str:
    item.name = world.words.renamed(item.name)
    return "renamed"


@_item_edit("question")
def _replaced_by_sibling(world: World, item: Item) -> str:
    """The truth here: a new question, though it is of the same form, in the same place, and partly says the same."""
    assert item.question
    old, new = item.question, world.words.sibling(item.question)
    item.id = world.id()
    changed = (old.a, new.a) if old.a != new.a else (old.b, new.b)
    near = world.chance.random() < 0.4
    item.says = world.words.near(item.says, *changed) if near and len(item.says) < 30 else world.words.answer(new)
    item.question = new
    return "replaced"


@_item_edit()
def _replaced(world: World, item: Item) -> str:
    new = world.item(item.kind)
    while new.kind == "callout" and new.name == item.name:
        new.name = world.words.term()
    item.id, item.name, item.question, item.says, item.parts, item.marks = (
        new.id,
        new.name,
        new.question,
        new.says,
        new.parts,
        new.marks,
    )
    return "replaced"


@_item_edit("cloze")
def _marks(world: World, item: Item) -> str:
    """A mark reworded, taken away, added, or put elsewhere."""
    pick, parts, marks = world.chance, list(item.parts), list(item.marks)
    at = pick.randrange(len(marks))
    roll = pick.random()
    if roll < 0.4:
        parts[2 * at + 1] = (
            world.words.renamed(parts[2 * at + 1]) if roll < 0.2 else world.words.typo(parts[2 * at + 1])
        )
    elif roll < 0.6 and len(marks) > 1:
        parts[2 * at : 2 * at + 3] = ["".join(parts[2 * at : 2 * at + 3])]
        del marks[at]
    else:
        parts[2 * at + 2 : 2 * at + 3] = [" for ", world.words.noun(), parts[2 * at + 2]]
        marks.insert(at + 1, world.id())
    item.parts, item.marks = tuple(parts), tuple(marks)
    return "marks edited"


# --- where things stand ---


def _insert(world: World, done: Edits) -> None:
    part = world.any_part()
    kinds = [item.kind for item in part.items] or ["question"]
    item = world.item(world.chance.choice(kinds))
    part.items.insert(world.chance.choice((0, len(part.items), world.chance.randrange(len(part.items) + 1))), item)
    done[item.id] = "inserted"


def _near_duplicate(world: World, done: Edits) -> None:
    found = world.any_item("question")
    if not found or not _free(done, found[1]) or not found[1].question:
        return
    part, item = found
    question = world.words.sibling(found[1].question)
    says = world.words.light(item.says) if world.chance.random() < 0.5 else world.words.answer(question)
    twin = Item(kind="question", id=world.id(), question=question, says=says)
    part.items.insert(part.items.index(item) + 1, twin)
    done[twin.id] = "near-duplicate added"
    if world.chance.random() < 0.3:
        item.question = world.words.lightly(found[1].question)
        done[item.id] = "near-duplicate edited"


def _delete(world: World, done: Edits) -> None:
    found = world.any_item()
    if found and _free(done, found[1]) and sum(len(part.items) for part in world.all_parts()) > 15:
        found[0].items.remove(found[1])
        world.bin.append(found)


def _back(world: World, done: Edits) -> None:
    if not world.bin:
        return
    part, item = world.bin.pop(world.chance.randrange(len(world.bin)))
    if not _free(done, item) or any(item.id == one.id for where in world.all_parts() for one in where.items):
        return
    if part not in world.all_parts():
        part = world.any_part()
    if item.question and world.chance.random() < 0.3:
        item.question = world.words.lightly(item.question)
    part.items.insert(world.chance.randrange(len(part.items) + 1), item)
    done[item.id] = "back"


def _reorder(world: World, done: Edits) -> None:
    part = world.any_part()
    for item in part.items:
        done.setdefault(item.id, "reordered")
    world.chance.shuffle(part.items)


def _move(world: World, done: Edits) -> None:
    found, to = world.any_item(), world.any_part()
    if found and found[0] is not to:
        found[0].items.remove(found[1])
        to.items.append(found[1])
        done.setdefault(found[1].id, "moved")


def _retitle(world: World, done: Edits) -> None:
    part = world.chance.choice(world.all_parts())
    if _free(done, part):
        part.title = world.words.renamed(part.title)
        done[part.id] = "heading renamed"
        for one in (part, *part.parts):
            for item in one.items:
                done.setdefault(item.id, "section renamed")


def _prose(world: World, done: Edits) -> None:
    part = world.chance.choice(world.all_parts())
    if not _free(done, part):
        return
    roll = world.chance.random()
    if not part.prose:
        part.prose = world.words.text(2, part.title)
    elif roll < 0.6:
        part.prose = world.words.light(part.prose)
    else:
        part.prose = world.words.rewritten(part.prose, part.title)
    done[part.id] = "prose edited"


def _shape(world: World, done: Edits) -> None:
    """A topic split, merged with the next, added, or all put in another order."""
    roll, topics = world.chance.random(), world.topics
    at = world.chance.randrange(len(topics))
    if roll < 0.25 and len(topics[at].parts) > 1:
        new = world.part(world.words.term(), prose=False)
        new.parts, topics[at].parts = topics[at].parts[1:], topics[at].parts[:1]
        topics.insert(at + 1, new)
    elif roll < 0.5 and at + 1 < len(topics) > 2:
        gone = topics.pop(at + 1)
        topics[at].parts += gone.parts
        topics[at].items += gone.items
    elif roll < 0.65:
        topics.insert(at, world.topic())
    elif roll < 0.85:
        world.chance.shuffle(topics[at].parts)
    else:
        world.chance.shuffle(topics)
    done[-1] = "shape"


def _swap_answers(world: World, done: Edits) -> None:
    part = world.any_part()
    found = [item for item in part.items if item.kind in {"question", "term"} and _free(done, item)]
    if len(found) > 1:
        one, other = world.chance.sample(found, 2)
        one.says, other.says = other.says, one.says
        done[one.id] = done[other.id] = "answers swapped"


def _turn(world: World, done: Edits) -> None:
    """A list of terms becomes a table, or the other way round."""
    part = world.any_part()
    part.terms_as_table = not part.terms_as_table
    for item in part.items:
        if item.kind == "term":
            done.setdefault(item.id, "list or table")


def _reflow(world: World, done: Edits) -> None:
    """The whole guide in another style."""
    pick, words = world.chance, world.words
    world.numbered, world.dashed = pick.random() < 0.5, pick.random() < 0.5
    world.ending = pick.choice((".", "", ";"))
    much = pick.choice((0.0, 0.0, 0.3, 1.0))
    for part in world.all_parts():
        for item in part.items:
            if item.kind != "cloze" and pick.random() < much:
                item.says = words.light(item.says)
                if item.question and pick.random() < 0.5:
                    item.question = words.lightly(item.question)
            done[item.id] = "reflow"


# --- comparisons ---


def _row_edit(world: World, done: Edits) -> None:
    grid = world.any_grid()
    if not grid:
        return
    pick, row = world.chance, world.chance.choice(grid.rows)
    at, roll = grid.rows.index(row), pick.random()
    if not _free(done, row):
        return
    if roll < 0.15:
        row.name = world.words.renamed(row.name)
        done[row.id] = "row renamed"
    elif roll < 0.45:
        column = pick.choice(list(grid.columns))
        old = row.cells.get(column, "")
        row.cells[column] = pick.choice(
            (world.cell(), world.words.light(old) if old.strip("—") else world.cell(), "", old)
        )
        done[row.id] = "cell edited"
    elif roll < 0.5:
        row.cells = {column: world.cell() for column in grid.columns}
        done[row.id] = "row rewritten"
    elif roll < 0.6:
        pick.shuffle(grid.rows)
        done[row.id] = "rows reordered"
    elif roll < 0.8:
        grid.rows.insert(pick.randrange(len(grid.rows) + 1), _new_row(world, grid))
    elif roll < 0.9 and len(grid.rows) > 2:
        del grid.rows[at]
    else:
        grid.rows[at] = _new_row(world, grid)
        done[grid.rows[at].id] = "replaced"


def _new_row(world: World, grid: Grid) -> Line:
    name = world.words.term().capitalize()
    while name in [row.name for row in grid.rows]:
        name = world.words.term().capitalize()
    new = world.line(grid.columns, name)
    if world.chance.random() < 0.3:  # a row that says much of what another says
        new.cells = {
            column: text if world.chance.random() < 0.6 else world.cell() for column, text in grid.rows[0].cells.items()
        }
    return new


def _column_edit(world: World, done: Edits) -> None:
    grid = world.any_grid()
    if not grid or any(not _free(done, row) for row in grid.rows):
        return
    pick, roll = world.chance, world.chance.random()
    names = [*grid.columns]
    column = pick.choice(names)
    if roll < 0.3:
        what = "column renamed"
        grid.columns[column] = _column_name(world, grid, world.words.renamed(grid.columns[column]))
    elif roll < 0.55:
        what = "column added"
        names.insert(pick.randrange(len(names) + 1), _new_column(world, grid))
    elif roll < 0.7 and len(names) > 2:
        what = "column removed"
        names.remove(column)
    elif roll < 0.8:
        what = "column replaced"
        names[names.index(column)] = _new_column(world, grid)
    else:
        what = "columns reordered"
        pick.shuffle(names)
    grid.columns = {name: grid.columns[name] for name in names}
    for row in grid.rows:
        done[row.id] = what


def _column_name(world: World, grid: Grid, name: str) -> str:
    while name in grid.columns.values():
        name = world.words.term()
    return name


def _new_column(world: World, grid: Grid) -> int:
    new = world.id()
    grid.columns[new] = _column_name(world, grid, world.words.term())
    for row in grid.rows:
        row.cells[new] = world.cell()
    return new


def _bigger(world: World, done: Edits) -> None:
    """A section comes, or goes and takes its notes along."""
    topic = world.chance.choice(world.topics)
    if world.chance.random() < 0.6 or len(topic.parts) < 2:
        topic.parts.insert(world.chance.randrange(len(topic.parts) + 1), world.section())
        done[-1] = "section added"
    elif sum(len(part.items) for part in world.all_parts()) > 30:
        gone = topic.parts.pop(world.chance.randrange(len(topic.parts)))
        world.bin += [(gone, item) for item in gone.items]


def _rename_everywhere(world: World, done: Edits) -> None:
    """A thing gets another name, and the guide follows throughout; the truth: the same questions."""
    words = world.words
    found = world.any_item("question", "term")
    if not found or len(old := found[1].about[0]) < 5 or words.kind == "kana":
        return
    new = words.brand()
    name = re.compile(rf"(?<!\w){re.escape(old)}(?!\w)", re.I)
    for part in world.all_parts():
        part.title, part.prose = name.sub(new, part.title), name.sub(new, part.prose)
        for item in part.items:
            before = (item.asks, item.says)
            item.name, item.says = name.sub(new, item.name), name.sub(new, item.says)
            item.parts = tuple(name.sub(new, one) for one in item.parts)
            if item.question:
                a, b, text = (name.sub(new, one) for one in (item.question.a, item.question.b, item.question.text))
                item.question = replace(item.question, a=a, b=b, text=text)
            if (item.asks, item.says) != before:
                done[item.id] = "renamed everywhere"


_EDITS: dict[Callable[[World, Edits], None], float] = {
    _typo: 16,
    _light: 18,
    _reworded: 4,
    _rewritten: 6,
    _renamed: 4,
    _replaced_by_sibling: 3,
    _replaced: 3,
    _marks: 3,
    _insert: 9,
    _near_duplicate: 3,
    _delete: 7,
    _back: 2,
    _reorder: 2,
    _move: 3,
    _retitle: 3,
    _prose: 5,
    _shape: 1,
    _swap_answers: 1,
    _turn: 1,
    _row_edit: 12,
    _column_edit: 4,
    _bigger: 1.5,
    _rename_everywhere: 0.3,
}
