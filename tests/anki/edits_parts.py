"""Edits of tables and of marked words, whose notes have a card for each part."""

from __future__ import annotations

from tests.anki.bread import (
    BREAD,
    CLOZE,
    DUTCH_CELLS,
    OVENS,
    WOOD,
    WOOD_CELLS,
    all_of,
    back,
    cut,
    edit,
    move,
    ovens,
    put,
    renamed,
    row,
    swap,
    turn,
)

TABLES = (
    edit(
        "row renamed",
        "The first cell of a row is renamed.",
        turn("| Heat |", "| Where its heat comes from |"),
        becomes={
            f"Heat / {oven} oven": f"Where its heat comes from / {oven} oven" for oven in ("Deck", "Dutch", "Home")
        },
    ),
    edit(
        "row and cell",
        "A row is renamed and one of its cells edited.",
        put(("| Heat |", "| Where its heat comes from |"), ("air, from above", "hot air, blown around")),
        becomes={
            f"Heat / {oven} oven": f"Where its heat comes from / {oven} oven" for oven in ("Deck", "Dutch", "Home")
        },
    ),
    edit("row moved", "Rows change their order.", move(row("Price"), row("Heat"))),
    edit(
        "row added first",
        "A row is added first.",
        turn(row("Heat"), "| Size | a room | a pot | a cupboard |\n" + row("Heat")),
        fresh=("Size / Deck oven", "Size / Dutch oven", "Size / Home oven"),
    ),
    edit(
        "row added last",
        "A row is added last.",
        turn(row("Price"), row("Price") + "| Size | a room | a pot | a cupboard |\n"),
        fresh=("Size / Deck oven", "Size / Dutch oven", "Size / Home oven"),
    ),
    edit(
        "row deleted",
        "A row is deleted.",
        cut(row("Heat")),
        gone=("Heat / Deck oven", "Heat / Dutch oven", "Heat / Home oven"),
    ),
    edit(
        "row deleted and back",
        "A row is deleted and comes back last.",
        cut(row("Heat")),
        turn(row("Price"), row("Price") + row("Heat")),
    ),
    edit(
        "table parted",
        "A table is parted in two, each under a heading of its own.",
        turn(row("Steam"), "\n### Water\n\n" + "".join(OVENS.splitlines(keepends=True)[:2]) + row("Steam")),
    ),
    edit("corner renamed", "The head of the first column changes.", turn("| Feature |", "| Aspect |")),
    edit("column first", "A column is added before the others.", ovens(0, WOOD, 1, 2, 3), fresh=WOOD_CELLS),
    edit("column last", "A column is added behind the others.", ovens(0, 1, 2, 3, WOOD), fresh=WOOD_CELLS),
    edit("column removed", "A column is removed.", ovens(0, 1, 3), gone=DUTCH_CELLS),
    edit(
        "column removed and back",
        "A column is removed and comes back first.",
        ovens(0, 1, 3),
        lambda _: ovens(0, 2, 1, 3)(BREAD),
    ),
    edit(
        "column removed, another added",
        "A column makes way, and in the next build another one comes.",
        ovens(0, 1, 3),
        lambda _: ovens(0, 1, WOOD, 3)(BREAD),
        gone=DUTCH_CELLS,
        fresh=WOOD_CELLS,
    ),
    edit(
        "column replaced",
        "A column is replaced by one about something else.",
        ovens(0, 1, WOOD, 3),
        gone=DUTCH_CELLS,
        fresh=WOOD_CELLS,
    ),
    edit("columns reordered", "Columns change their order.", ovens(0, 3, 1, 2)),
    edit(
        "column renamed",
        "A column gets another head.",
        turn("Dutch oven", "Cast iron pot"),
        becomes=renamed("Dutch oven", "Cast iron pot"),
    ),
    edit(
        "column renamed and moved",
        "A column gets another head and comes first.",
        all_of(
            turn("Dutch oven", "Cast iron pot"),
            ovens(0, 2, 1, 3),
        ),
        becomes=renamed("Dutch oven", "Cast iron pot"),
    ),
    edit(
        "column renamed and edited",
        "A column gets another head and one cell another text.",
        put(("Dutch oven", "Cast iron pot"), ("iron, from all around", "from the iron that surrounds it")),
        becomes=renamed("Dutch oven", "Cast iron pot"),
        fails="half the cells of a renamed column changed with it; its cells are taken for new ones",
    ),
    edit(
        "columns and row renamed",
        "Two columns and a row get other heads.",
        put(("Dutch oven", "Cast iron pot"), ("Deck oven", "Baker's oven"), ("| Heat |", "| Warmth |")),
        becomes={
            **renamed("Dutch oven", "Cast iron pot"),
            **renamed("Deck oven", "Baker's oven"),
            "Heat / Deck oven": "Warmth / Baker's oven",
            "Heat / Dutch oven": "Warmth / Cast iron pot",
            "Heat / Home oven": "Warmth / Home oven",
        },
    ),
    edit("heads swapped", "Two heads that stood over the wrong columns are swapped.", swap("Deck oven", "Home oven")),
    edit(
        "cell moved",
        "What stood in the wrong column moves to the empty cell beside it.",
        turn("| several thousand | |", "| | several thousand |"),
        gone=("Price / Deck oven",),
        fresh=("Price / Dutch oven",),
    ),
    edit(
        "column added, row renamed",
        "A column is added and a row renamed.",
        all_of(ovens(0, WOOD, 1, 2, 3), turn("| Heat |", "| Warmth |")),
        becomes={f"Heat / {oven} oven": f"Warmth / {oven} oven" for oven in ("Deck", "Dutch", "Home")},
        fails="a row of another name with one more cell is taken for a new one",
        fresh=("Warmth / Wood oven", "Steam / Wood oven", "Price / Wood oven"),
    ),
    edit("cell edited", "A cell is written anew.", turn("a tray of boiling water", "ice cubes on a hot sheet")),
    edit(
        "cell filled",
        "An empty cell is filled.",
        turn("| several thousand | |", "| several thousand | about sixty |"),
        fresh=("Price / Dutch oven",),
    ),
    edit("cell emptied", "A cell is emptied.", turn("out of the dough itself", ""), gone=("Steam / Dutch oven",)),
    edit(
        "cell emptied and filled",
        "A cell is emptied, and filled again later.",
        turn("out of the dough itself", ""),
        back(),
    ),
    edit(
        "cell dashed",
        "A cell is filled with a dash.",
        turn("out of the dough itself", "—"),
        gone=("Steam / Dutch oven",),
    ),
    edit(
        "cells alike",
        "All cells of a row come to say the same.",
        put(("stone, from below", "electric"), ("iron, from all around", "electric"), ("air, from above", "electric")),
    ),
)

FUELS = """\
| Feature | Gas | Wood |
| --- | --- | --- |
| Price | by the month | a day with the axe |
| Smell | hardly any | of smoke and resin |
"""
TWO_TABLES = turn("### What does steam do?", FUELS + "\n### What does steam do?")(BREAD)
FUEL_CELLS = tuple(f"{aspect} / {fuel}" for aspect in ("Price", "Smell") for fuel in ("Gas", "Wood"))
OVEN_CELLS = {"Heat": "Deck Dutch Home", "Steam": "Deck Dutch Home", "Price": "Deck Home"}

TWINS = (
    edit(
        "second table",
        "A second table in the same section has a row of the same name.",
        back(TWO_TABLES),
        fresh=FUEL_CELLS,
    ),
    edit(
        "second table first",
        "Two tables with a row of the same name change places.",
        move(FUELS + "\n", "| Feature | Deck oven"),
        base=TWO_TABLES,
    ),
    edit(
        "first table deleted",
        "Of two tables with a row of the same name, the first is deleted.",
        cut(OVENS + "\n"),
        base=TWO_TABLES,
        gone=tuple(f"{aspect} / {oven} oven" for aspect, names in OVEN_CELLS.items() for oven in names.split()),
    ),
    edit(
        "second table's column",
        "A column of the second table is renamed, one of the first is new.",
        all_of(ovens(0, 1, 2, 3, WOOD), turn("| Gas |", "| Town gas |")),
        base=TWO_TABLES,
        fresh=WOOD_CELLS,
        becomes={"Price / Gas": "Price / Town gas", "Smell / Gas": "Smell / Town gas"},
    ),
    edit(
        "row gone from the first table",
        "The row that both tables have goes from the first, its cells change in the second.",
        all_of(cut("| Price | several thousand | | nothing extra |\n"), turn("by the month", "by the cubic metre")),
        base=TWO_TABLES,
        gone=("Price / Deck oven", "Price / Home oven"),
    ),
)

MARKS = (
    edit(
        "mark added last",
        "A further word of a sentence is marked.",
        turn("is done.\n\n", "is ==done==.\n\n"),
        fresh=("[done]",),
    ),
    edit(
        "mark added first",
        "A word before the marked ones is marked too.",
        turn("The windowpane test", "The ==windowpane== test"),
        fresh=("[windowpane]",),
    ),
    edit("mark removed", "A mark is taken away.", turn("==gluten==", "gluten"), gone=("[gluten]",)),
    edit("mark removed and back", "A mark is taken away and comes back.", turn("==gluten==", "gluten"), back()),
    edit(
        "mark changed for another",
        "A mark is taken away and another word marked.",
        put(("==gluten==", "gluten"), ("The windowpane", "The ==windowpane==")),
        gone=("[gluten]",),
        fresh=("[windowpane]",),
    ),
    edit(
        "marks reordered",
        "The halves of a sentence change places.",
        turn(
            CLOZE,
            "The poke test shows that the ==proof== is done, the windowpane test that the ==gluten== is ready.\n\n",
        ),
    ),
    edit(
        "mark widened",
        "A mark takes in another word.",
        turn("the ==gluten==", "the ==gluten net=="),
        becomes={"[gluten]": "[gluten net]"},
    ),
    edit(
        "mark translated",
        "The marked word is replaced by another for the same.",
        turn("==proof==", "==final rise=="),
        becomes={"[proof]": "[final rise]"},
    ),
    edit(
        "sentence reworded",
        "The sentence around the marks is worded anew.",
        turn(
            CLOZE,
            "You see in the windowpane test when the ==gluten== is ready, in the poke test when the ==proof== is.\n\n",
        ),
    ),
    edit(
        "sentence grows",
        "A sentence before the one with marks joins its paragraph.",
        turn("The windowpane test", "Two tests need no tools at all. The windowpane test"),
    ),
)
