"""Edits that turn one kind of note into another, and many edits at once."""

from __future__ import annotations

import re

from tests.anki.bread import (
    BACKWARD,
    BREAD,
    CLOZE,
    FLOURS,
    FLOURS_LIST,
    LIGHT,
    NEW_ASKED,
    NEW_QUESTION,
    REVERSED,
    RISE,
    SALT,
    SALT_SAYS,
    TERMS,
    TERMS_TABLE,
    TIP,
    WET,
    all_of,
    back,
    columns,
    cut,
    edit,
    item,
    move,
    ovens,
    put,
    renamed,
    section,
    turn,
)

KINDS = (
    edit("list to table", "A list of terms becomes a table.", turn(TERMS, TERMS_TABLE)),
    edit(
        "list to table and back", "A list of terms becomes a table, and a list again.", turn(TERMS, TERMS_TABLE), back()
    ),
    edit("table to list", "A table of two columns becomes a list.", turn(FLOURS, FLOURS_LIST)),
    edit(
        "list to definitions",
        "A list of terms becomes a definition list.",
        turn(TERMS, re.sub(r"- \*\*(.*?)\*\* — (.*)\n", r"\1\n:   \2\n\n", TERMS)),
    ),
    edit(
        "term to question",
        "A term becomes a question with the same answer.",
        all_of(
            cut(item("Biga")),
            turn(RISE, "### What is a biga?\n\nA stiff Italian starter, made the day before.\n\n" + RISE),
        ),
        becomes={"Biga": "What is a biga?"},
    ),
    edit(
        "term to heading",
        "A term becomes a heading that asks by its mark alone.",
        all_of(cut(item("Biga")), turn(RISE, "### Biga?\n\nA stiff Italian starter, made the day before.\n\n" + RISE)),
        becomes={"Biga": "Biga?"},
    ),
    edit(
        "question to term",
        "A question becomes a term with the same answer.",
        all_of(
            cut(SALT),
            turn(
                item("Autolyse"),
                "- **Salt weighed apart** — It slows the yeast down where the two touch, so it goes in last.\n"
                + item("Autolyse"),
            ),
        ),
        becomes={"Why is salt weighed apart?": "Salt weighed apart"},
    ),
    edit(
        "question to fold",
        "A question becomes one that unfolds.",
        turn(
            SALT,
            "<details>\n<summary>Why is salt weighed apart?</summary>\n\n"
            "It slows the yeast down where the two touch, so it goes in last.\n\n</details>\n\n",
        ),
    ),
    edit(
        "question to concept",
        "A heading loses its question mark.",
        turn("### Why is salt weighed apart?", "### Salt weighed apart"),
        becomes={"Why is salt weighed apart?": "Salt weighed apart"},
    ),
    edit(
        "takeaway to concept",
        "A takeaway becomes a section.",
        all_of(
            cut(TIP),
            turn(
                "### Why does dough",
                "### Weigh everything\n\nA cup of flour differs by a third from cook to cook.\n\n### Why does dough",
            ),
        ),
    ),
    edit(
        "term to sentence",
        "A term becomes a sentence with a mark: another note type, so another note.",
        turn(
            item("Biga") + item("Crumb"),
            item("Crumb") + "\nA ==biga== is a stiff Italian starter, made the day before.\n",
        ),
        gone=("Biga",),
        fresh=("[biga]",),
    ),
    edit(
        "sentence to term",
        "A sentence with marks becomes a term: another note type, so another note.",
        turn(CLOZE, "- **Gluten** — ready when the windowpane test shows it\n\n"),
        gone=("[gluten]", "[proof]"),
        fresh=("Gluten",),
    ),
    edit(
        "comparison to terms",
        "A comparison shrinks to two columns: another note type, so other notes.",
        ovens(0, 1),
        gone=(
            "Heat / Deck oven",
            "Heat / Dutch oven",
            "Heat / Home oven",
            "Steam / Deck oven",
            "Steam / Dutch oven",
            "Steam / Home oven",
            "Price / Deck oven",
            "Price / Home oven",
        ),
        fresh=("Heat", "Steam", "Price"),
    ),
    edit(
        "terms to comparison and back",
        "Two columns become three and two again: the old notes are there again.",
        turn(FLOURS, columns(FLOURS, [0, 1, ("Colour", "white", "cream", "grey")])),
        back(),
        fresh=tuple(f"Type {number} / {head}" for number in (405, 550, 1050) for head in ("Protein", "Colour")),
    ),
    edit("reversed on", "Terms are asked both ways.", back(REVERSED), fresh=BACKWARD),
    edit("reversed off", "Terms are asked one way again.", back(), base=REVERSED, gone=BACKWARD),
    edit(
        "reversed off and on",
        "Terms are asked one way, and both ways again.",
        back(),
        back(REVERSED),
        base=REVERSED,
    ),
    edit(
        "reversed and renamed",
        "A term that is asked both ways is renamed.",
        turn("**Biga**", "**Pre-ferment**"),
        base=REVERSED,
        becomes={"Biga": "Pre-ferment", "Biga (backward)": "Pre-ferment (backward)"},
    ),
    edit(
        "kind off and on",
        "Takeaways are switched off, and on again.",
        turn("tags:", "cards:\n  takeaways: off\ntags:"),
        back(),
    ),
    edit(
        "no cards and back",
        "A section is kept out of the deck, and taken in again.",
        turn("### Handling", "### Handling {: .no-cards }"),
        back(),
    ),
)

PINNED = turn("### Why is salt weighed apart?", "### Why is salt weighed apart? {: #salt }")(BREAD)
PINS = (
    edit("pin added", "A heading gets an `#id`.", back(PINNED)),
    edit(
        "pin added, then all reworded",
        "A heading gets an `#id`, and in the next build nothing else of its card stays.",
        back(PINNED),
        put(
            ("Why is salt weighed apart?", "When does the sodium go in?"),
            (SALT_SAYS, "At the end, or the fungi suffer."),
        ),
        becomes={"Why is salt weighed apart?": "When does the sodium go in?"},
    ),
    edit(
        "pinned and moved",
        "A card with an `#id` moves to another topic and is written anew.",
        all_of(
            move("### Why is salt weighed apart? {: #salt }\n\n" + SALT_SAYS + "\n\n", LIGHT),
            put(("Why is salt weighed apart?", "When does the sodium go in?"), (SALT_SAYS, "At the end.")),
        ),
        base=PINNED,
        becomes={"Why is salt weighed apart?": "When does the sodium go in?"},
    ),
    edit("pin removed", "A heading loses its `#id`.", back(BREAD), base=PINNED),
    edit("pin changed", "A heading gets another `#id`.", turn("#salt", "#sodium"), base=PINNED),
    edit(
        "topic pinned",
        "A topic gets an `#id`, then another heading.",
        turn("## Shaping", "## Shaping {: #shape }"),
        turn("## Shaping", "## Forming"),
        becomes={"Shaping": "Forming"},
    ),
)

MANY = (
    edit(
        "many at once",
        "Edits of every kind between two builds.",
        all_of(
            put(
                ("Why does dough rise?", "Why does a dough rise?"),
                ("carbon dioxide", "carbon dioxyde"),
                ("**Biga**", "**Pre-ferment**"),
                ("## Shaping", "## Forming"),
                ("[bread]", "[baking]"),
                ("| Heat |", "| Warmth |"),
                ("title: Baking", "title: Making"),
                ("At 98 °C", "At 99 °C"),
                ("Dutch oven", "Cast iron pot"),
                ("==gluten==", "==gluten net=="),
            ),
            move(SALT, LIGHT),
            cut(WET, item("Autolyse")),
            turn("### Tools\n\nA peel", NEW_QUESTION + "### Tools\n\nA peel"),
            move(section("### Handling"), "## Oven"),
        ),
        becomes={
            "Why does dough rise?": "Why does a dough rise?",
            "Biga": "Pre-ferment",
            "Shaping": "Forming",
            "Baking Bread": "Making Bread",
            **renamed("Dutch oven", "Cast iron pot"),
            "Heat / Deck oven": "Warmth / Deck oven",
            "Heat / Dutch oven": "Warmth / Cast iron pot",
            "Heat / Home oven": "Warmth / Home oven",
            "[gluten]": "[gluten net]",
        },
        gone=("How wet is a ciabatta dough?", "Autolyse"),
        fresh=(NEW_ASKED,),
    ),
    edit(
        "many one by one",
        "The same kinds of edit, each in a build of its own.",
        turn("Why does dough rise?", "What makes a dough rise?"),
        turn("What makes a dough rise?", "What makes a loaf grow?"),
        turn("Yeast eats sugar", "Tiny fungi eat sugar"),
        turn("## Dough\n", "## The dough\n"),
        turn("## The dough\n", "## A dough\n"),
        move(SALT, LIGHT),
        turn("Why is salt weighed apart?", "Why weigh salt apart?"),
        turn("Dutch oven", "Iron pot"),
        turn("Iron pot", "Cocotte"),
        turn("iron, from all around", "from all sides"),
        turn("==gluten==", "==gluten net=="),
        turn("==gluten net==", "==net of gluten=="),
        becomes={
            "Why does dough rise?": "What makes a loaf grow?",
            "Why is salt weighed apart?": "Why weigh salt apart?",
            **renamed("Dutch oven", "Cocotte"),
            "[gluten]": "[net of gluten]",
        },
    ),
)
