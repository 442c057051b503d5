"""The guide that is edited, and the words in which edits are written."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.anki.learner import NOTHING, Truth

BREAD = """\
---
title: Baking Bread
tags: [bread]
url: https://example.org/bread
---

Bread is flour, water, salt and patience.

## Dough

- **Autolyse** — flour and water rest before the salt goes in
- **Biga** — a stiff Italian starter, made the day before
- **Crumb** — the inside of a loaf and the pattern of its holes

> [!TIP] Weigh everything
> A cup of flour differs by a third from cook to cook.

The windowpane test shows that the ==gluten== is ready, the poke test that the ==proof== is done.

### Why does dough rise?

Yeast eats sugar and gives off carbon dioxide, which the gluten holds.

### How wet is a ciabatta dough?

Eighty per cent.

### Why is salt weighed apart?

It slows the yeast down where the two touch, so it goes in last.

### Tools

A scale, a bowl and a scraper of soft plastic.

## Oven {: level=advanced }

| Feature | Deck oven | Dutch oven | Home oven |
| --- | --- | --- | --- |
| Heat | stone, from below | iron, from all around | air, from above |
| Steam | built in | out of the dough itself | a tray of boiling water |
| Price | several thousand | | nothing extra |

### What does steam do?

It keeps the skin soft, so that the loaf can spring.

### What does a baked loaf look like?

![a loaf](loaf.svg)

Chestnut brown, and it sounds hollow.

### Tools

A peel, a blade and thick gloves.

## Flour

| Flour | Protein |
| --- | --- |
| Type 405 | nine per cent, for cakes and biscuits |
| Type 550 | eleven per cent, for rolls and white loaves |
| Type 1050 | twelve per cent, for dark bread with rye |

Ash
:   what is left of flour when it burns; types are named after it

### At what temperature is a light loaf done?

At 96 °C in the middle.

### At what temperature is a dark loaf done?

At 98 °C in the middle.

## Shaping

Shape twice, with a rest in between.

### Handling

- **Boule** — a round loaf, tightened on the bench
- **Batard** — an oval loaf, rolled up like a scroll

#### Which side goes up in the basket?

The seam, because the basket is turned over onto the peel.
"""
"""A guide with notes of every kind, twins and near twins among them."""

Change = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """An edit: the guide as it was, its next revisions, each built and imported, and the truth about its cards.

    `fails` says why studypack gets it wrong, or is empty.
    """

    name: str
    says: str
    steps: tuple[Change, ...]
    truth: Truth
    base: str = BREAD
    fails: str = ""


def put(*pairs: tuple[str, str]) -> Change:
    """Replaces each first text, which is there once, by the second."""

    def change(text: str) -> str:
        for old, new in pairs:
            assert text.count(old) == 1, (text.count(old), old)
            text = text.replace(old, new)
        return text

    return change


def turn(old: str, new: str) -> Change:
    """Replaces a text by another."""
    return put((old, new))


def cut(*parts: str) -> Change:
    """Deletes parts."""
    return put(*((part, "") for part in parts))


def move(part: str, before: str) -> Change:
    """Puts a part before another, or at the end."""
    return lambda text: cut(part)(text) + part if not before else turn(before, part + before)(cut(part)(text))


def swap(one: str, other: str) -> Change:
    """Puts each of two texts where the other is."""
    return put((one, "\0"), (other, one), ("\0", other))


def all_of(*changes: Change) -> Change:
    """Makes changes one after the other."""

    def change(text: str) -> str:
        for one in changes:
            text = one(text)
        return text

    return change


def back(text: str = BREAD) -> Change:
    """Puts back the guide as it was."""
    return lambda _: text


def section(heading: str, text: str = BREAD) -> str:
    """A heading and all below it, which is there once."""
    (found,) = re.findall(rf"(?ms)^{re.escape(heading)}.*?(?=^#{{1,{heading.count('#')}}} |\Z)", text)
    return str(found)


def edit(
    name: str,
    says: str,
    *steps: Change,
    becomes: Mapping[str, str] = NOTHING,
    gone: tuple[str, ...] = (),
    fresh: tuple[str, ...] = (),
    base: str = BREAD,
    fails: str = "",
) -> Edit:
    """An edit, written short."""
    truth = Truth(becomes=becomes, gone=frozenset(gone), fresh=frozenset(fresh))
    return Edit(name=name, says=says, steps=steps, truth=truth, base=base, fails=fails)


def row(name: str) -> str:
    """A row of a table."""
    (found,) = re.findall(rf"(?m)^\| {re.escape(name)} \|.*\n", BREAD)
    return str(found)


def item(name: str) -> str:
    """An item that explains a term."""
    (found,) = re.findall(rf"(?m)^- \*\*{re.escape(name)}\*\*.*\n", BREAD)
    return str(found)


def columns(text: str, order: list[int | tuple[str, ...]]) -> str:
    """A table with its columns in another order; texts stand for a new column, from head to last row."""
    made = []
    for number, line in enumerate(text.strip().splitlines()):
        cells = [cell.strip() for cell in line.strip().removeprefix("|").removesuffix("|").split("|")]
        taken = [
            cells[one] if isinstance(one, int) else "---" if number == 1 else one[max(0, number - 1)] for one in order
        ]
        made.append(f"| {' | '.join(taken)} |\n")
    return "".join(made)


RISE = section("### Why does dough rise?")
WET = section("### How wet is")
SALT = section("### Why is salt")
SALT_SAYS = "It slows the yeast down where the two touch, so it goes in last."
STEAM = section("### What does steam do?")
LIGHT, DARK = section("### At what temperature is a light"), section("### At what temperature is a dark")
DOUGH, OVEN, FLOUR, SHAPING = map(section, ("## Dough", "## Oven", "## Flour", "## Shaping"))
TIP = "> [!TIP] Weigh everything\n> A cup of flour differs by a third from cook to cook.\n\n"
CLOZE = next(line + "\n\n" for line in BREAD.splitlines() if "==" in line)
OVENS = "".join(line for line in OVEN.splitlines(keepends=True) if line.startswith("|"))
FLOURS = "".join(line for line in FLOUR.splitlines(keepends=True) if line.startswith("|"))
TERMS = item("Autolyse") + item("Biga") + item("Crumb")
TERMS_TABLE = "| Word | Meaning |\n| --- | --- |\n" + re.sub(r"- \*\*(.*?)\*\* — (.*)", r"| \1 | \2 |", TERMS)
FLOURS_LIST = re.sub(r"\| (.*?) \| (.*?) \|", r"- **\1** — \2", FLOURS.split("\n", 2)[2])

NEW_QUESTION = "### When is a starter ripe?\n\nWhen a spoonful of it floats on water.\n\n"
NEW_ASKED = "When is a starter ripe?"
WOOD = ("Wood oven", "embers, then the walls", "wet cloths in the doorway", "years of chopping")
WOOD_CELLS = ("Heat / Wood oven", "Steam / Wood oven", "Price / Wood oven")
DUTCH_CELLS = ("Heat / Dutch oven", "Steam / Dutch oven")
REVERSED = turn("tags: [bread]\n", "tags: [bread]\ncards:\n  terms: reversed\n")(BREAD)
TERM_NAMES = ("Autolyse", "Biga", "Crumb", "Type 405", "Type 550", "Type 1050", "Ash", "Boule", "Batard")
BACKWARD = tuple(f"{name} (backward)" for name in TERM_NAMES)
TOOLS_OF_DOUGH = "Tools → A scale, a bowl and a scraper of soft plastic."


def ovens(*order: int | tuple[str, ...]) -> Change:
    """Puts the table of ovens into another order of columns."""

    def change(text: str) -> str:
        table = "".join(line for line in text.splitlines(keepends=True) if line.count("|") > 4)
        return turn(table, columns(table, list(order)))(text)

    return change


def renamed(old: str, new: str) -> Mapping[str, str]:
    """What becomes of the cells of a column with another head."""
    aspects = ("Heat", "Steam") if old == "Dutch oven" else ("Heat", "Steam", "Price")
    return {f"{aspect} / {old}": f"{aspect} / {new}" for aspect in aspects}
