"""Edits of what cards say, where they stand, and which there are."""

from __future__ import annotations

import re

from tests.anki.bread import (
    BREAD,
    CLOZE,
    DARK,
    DOUGH,
    LIGHT,
    NEW_ASKED,
    NEW_QUESTION,
    OVEN,
    RISE,
    SALT,
    SHAPING,
    TIP,
    TOOLS_OF_DOUGH,
    WET,
    all_of,
    back,
    cut,
    edit,
    item,
    move,
    put,
    row,
    swap,
    turn,
)

SWEET = "### At what temperature is a sweet loaf done?\n\nAt 92 °C in the middle.\n\n"

WORDING = (
    edit("typo", "A letter of an answer changes.", turn("carbon dioxide", "carbon dioxyde")),
    edit(
        "question lightly",
        "A question gets another word.",
        turn("Why does dough rise?", "Why does a dough rise?"),
        becomes={"Why does dough rise?": "Why does a dough rise?"},
    ),
    edit(
        "question heavily",
        "A question is asked in other words, its answer stays.",
        turn("Why does dough rise?", "What makes a loaf grow before it is baked?"),
        becomes={"Why does dough rise?": "What makes a loaf grow before it is baked?"},
    ),
    edit(
        "question heavily, short answer",
        "A question with an answer of two words is asked in other words.",
        turn("How wet is a ciabatta dough?", "What is the hydration of ciabatta?"),
        becomes={"How wet is a ciabatta dough?": "What is the hydration of ciabatta?"},
        fails="an answer of two words is no proof that a question in other words is the same; taken for new",
    ),
    edit(
        "question and answer",
        "A question and its answer are both worded anew.",
        put(
            ("Why does dough rise?", "Why does bread dough rise at all?"),
            (
                "Yeast eats sugar and gives off carbon dioxide, which the gluten holds.",
                "Yeast turns sugar into carbon dioxide, and the gluten holds the gas.",
            ),
        ),
        becomes={"Why does dough rise?": "Why does bread dough rise at all?"},
    ),
    edit("answer anew", "An answer is written anew.", turn("Eighty per cent.", "Very: four parts water, five flour.")),
    edit("term", "A term is renamed.", turn("**Biga**", "**Pre-ferment**"), becomes={"Biga": "Pre-ferment"}),
    edit(
        "definition",
        "A definition is written anew.",
        turn("a stiff Italian starter, made the day before", "flour, half its weight in water, a pinch of yeast"),
    ),
    edit(
        "term and definition",
        "A term is renamed and its definition polished.",
        put(("**Biga**", "**Pre-ferment**"), ("starter, made the day before", "starter that is made a day ahead")),
        becomes={"Biga": "Pre-ferment"},
        fails="a renamed term with a polished definition is taken for a new one",
    ),
    edit(
        "term of a table",
        "The first cell of a table of two columns is renamed.",
        turn("| Type 550 |", "| Bread flour |"),
        becomes={"Type 550": "Bread flour"},
    ),
    edit(
        "takeaway",
        "A takeaway gets another title.",
        turn("Weigh everything", "Use scales, not cups"),
        becomes={"Weigh everything": "Use scales, not cups"},
    ),
    edit("takeaway's text", "A takeaway's text changes.", turn("differs by a third", "differs by up to a third")),
    edit(
        "concept",
        "What is left under a heading is worded anew.",
        turn("Shape twice, with a rest in between.", "Preshape, let it rest under a cloth, then shape."),
    ),
    edit("intro", "The introduction changes.", turn("and patience.", "and a great deal of patience.")),
    edit(
        "case and stops",
        "Capitals, closing marks and numbers change in what is asked.",
        put(("### Why does dough rise?", "### 1. Why Does Dough Rise ?"), ("**Biga**", "**biga**:")),
        becomes={"Why does dough rise?": "Why Does Dough Rise ?", "Biga": "biga"},
    ),
    edit(
        "emphasis",
        "Words are made bold, code or links.",
        put(
            ("Yeast eats", "**Yeast** eats"),
            ("stone, from below", "`stone`, from below"),
            ("Type 405", "[Type 405](https://example.org/405)"),
        ),
    ),
)

PLACES = (
    edit(
        "cards reordered",
        "Questions and terms change their order.",
        move(RISE, "### Tools\n\nA scale"),
        move(item("Crumb"), item("Autolyse")),
    ),
    edit("section renamed", "A section with cards below it is renamed.", turn("### Handling", "### Working by hand")),
    edit("topic renamed", "A topic is renamed.", turn("## Shaping", "## Forming"), becomes={"Shaping": "Forming"}),
    edit(
        "topic renamed, cards too",
        "A topic is renamed, and one of its cards is reworded.",
        put(("## Shaping", "## Forming"), ("Which side goes up in the basket?", "Which side faces up in the basket?")),
        becomes={"Shaping": "Forming", "Which side goes up in the basket?": "Which side faces up in the basket?"},
    ),
    edit(
        "topics swap names",
        "Two topics swap their headings.",
        swap("## Flour", "## Shaping"),
        becomes={"Shaping": "Flour"},
    ),
    edit(
        "title",
        "The guide gets another title.",
        turn("title: Baking Bread", "title: Bread at Home"),
        becomes={"Baking Bread": "Bread at Home"},
    ),
    edit("deck", "The guide gets a deck of another name.", turn("tags:", "deck: Kitchen::Loaves\ntags:")),
    edit(
        "deck changed",
        "The name of the guide's deck changes.",
        turn("Kitchen::Bread", "Kitchen::Loaves"),
        base=turn("tags:", "deck: Kitchen::Bread\ntags:")(BREAD),
    ),
    edit("tags", "The guide's tags change.", turn("[bread]", "[baking, home]")),
    edit(
        "level",
        "The level of a topic changes, another gets one.",
        put(("level=advanced", "level=beginner"), ("## Dough", "## Dough {: level=intermediate }")),
    ),
    edit("link", "The guide is published elsewhere.", turn("example.org/bread", "example.org/loaves")),
    edit("question moved", "A question moves to another topic.", move(SALT, LIGHT)),
    edit(
        "question moved and reworded",
        "A question moves to another topic and is reworded on the way.",
        all_of(move(SALT, LIGHT), turn("Why is salt weighed apart?", "Why is the salt weighed on its own?")),
        becomes={"Why is salt weighed apart?": "Why is the salt weighed on its own?"},
    ),
    edit("term moved", "A term moves to the list of another topic.", move(item("Crumb"), item("Boule"))),
    edit("takeaway moved", "A takeaway moves to another topic.", move(TIP, "### Handling")),
    edit("sentence moved", "A sentence with marks moves to another topic.", move(CLOZE, "### Handling")),
    edit(
        "topic split",
        "A topic is parted in two.",
        turn("### Why does dough rise?", "## Science\n\n### Why does dough rise?"),
    ),
    edit("topics merged", "A topic becomes part of the one before it.", cut("## Shaping\n\n"), gone=("Shaping",)),
    edit(
        "topic becomes a section",
        "A topic becomes a section of the one before it.",
        turn(SHAPING, re.sub(r"(?m)^##", "###", SHAPING)),
    ),
    edit("topics reordered", "Topics change their order.", move(SHAPING, DOUGH), move(OVEN, "")),
    edit(
        "topic deleted",
        "A topic is deleted.",
        cut(SHAPING),
        gone=("Shaping", "Boule", "Batard", "Which side goes up in the basket?"),
    ),
    edit("topic deleted and back", "A topic is deleted and comes back.", cut(SHAPING), back()),
    edit(
        "topic's case",
        "A heading changes in capitals alone.",
        turn("## Shaping", "## SHAPING"),
        becomes={"Shaping": "SHAPING"},
    ),
    edit(
        "topic of a twin renamed",
        "A topic is renamed that has a section of the same heading as another has.",
        turn("## Oven {", "## Baking {"),
    ),
    edit(
        "topics of twins merged",
        "Two sections of one heading come to stand in one topic.",
        cut("## Oven {: level=advanced }\n\n"),
    ),
    edit(
        "topics of twins change places",
        "Two topics that both have a section of one heading change places.",
        move(OVEN, "## Dough"),
    ),
    edit(
        "heading's depth",
        "A section moves up a level, and another down.",
        put(("#### Which side", "### Which side"), ("### What does steam do?", "#### What does steam do?")),
    ),
    edit(
        "topic renamed thrice",
        "A topic is renamed in each of three builds, cards along with it.",
        put(("## Shaping", "## Forming"), ("**Boule**", "**Round loaf**")),
        put(("## Forming", "## Rolling and folding"), ("**Round loaf**", "**Ball**")),
        put(("## Rolling and folding", "## Hands"), ("### Handling", "### How")),
        becomes={"Shaping": "Hands", "Boule": "Ball"},
    ),
    edit(
        "topic first",
        "A new topic comes first.",
        turn("## Dough", "## Starter\n\n" + NEW_QUESTION + "## Dough"),
        fresh=(NEW_ASKED,),
    ),
)

CARDS = (
    edit(
        "first",
        "A card is inserted before all others.",
        turn("- **Autolyse**", "- **Levain** — a French starter\n- **Autolyse**"),
        fresh=("Levain",),
    ),
    edit("middle", "A card is inserted between others.", turn(WET, NEW_QUESTION + WET), fresh=(NEW_ASKED,)),
    edit("last", "A card is added behind all others.", lambda text: f"{text}\n#{NEW_QUESTION}", fresh=(NEW_ASKED,)),
    edit(
        "many in one place",
        "More cards are inserted in one place than there is room for.",
        turn(WET, "".join(f"### Is {n} a number of loaves?\n\nYes, {n} is.\n\n" for n in range(120)) + WET),
        fresh=tuple(f"Is {n} a number of loaves?" for n in range(120)),
    ),
    edit(
        "one by one",
        "Cards are inserted in one place build by build, until there is no room left.",
        *(turn(WET, f"### Is {n} a number of loaves?\n\nYes, {n} is.\n\n{WET}") for n in range(8)),
        fresh=tuple(f"Is {n} a number of loaves?" for n in range(8)),
    ),
    edit(
        "deleted",
        "Cards are deleted.",
        cut(WET, item("Biga"), TIP, row("Steam")),
        gone=(
            "How wet is a ciabatta dough?",
            "Biga",
            "Weigh everything",
            "Steam / Deck oven",
            "Steam / Dutch oven",
            "Steam / Home oven",
        ),
    ),
    edit(
        "deleted and back", "Cards are deleted and come back.", cut(WET, item("Biga"), TIP, row("Steam"), CLOZE), back()
    ),
    edit(
        "deleted and back elsewhere",
        "A card is deleted and comes back in another topic.",
        cut(SALT),
        turn(LIGHT, SALT + LIGHT),
    ),
    edit(
        "deleted and back reworded",
        "A card is deleted and comes back with a better answer.",
        cut(WET),
        lambda _: turn("Eighty per cent.", "Eighty per cent of the flour's weight.")(BREAD),
    ),
    edit(
        "deleted, a stranger came",
        "A card is deleted, and another that asks something else comes in its place.",
        turn(RISE, "### Why does dough tear?\n\nBecause it was not left to rest long enough.\n\n"),
        gone=("Why does dough rise?",),
        fresh=("Why does dough tear?",),
    ),
    edit(
        "term deleted, a stranger came",
        "A term is deleted, and another comes in its place.",
        turn(item("Biga"), "- **Levain** — a French sourdough, fed twice a day\n"),
        gone=("Biga",),
        fresh=("Levain",),
    ),
    edit(
        "answers swapped",
        "Two answers that stood under the wrong questions are swapped.",
        swap(
            "It slows the yeast down where the two touch, so it goes in last.",
            "Yeast eats sugar and gives off carbon dioxide, which the gluten holds.",
        ),
    ),
    edit(
        "questions swapped",
        "Two questions that stood over the wrong answers are swapped.",
        swap("Why does dough rise?", "Why is salt weighed apart?"),
    ),
    edit("terms swapped", "Two terms with the wrong definitions are swapped.", swap("**Biga**", "**Crumb**")),
    edit(
        "near twin edited",
        "Of two questions that differ in a word, one gets another answer.",
        turn("At 98 °C", "At 99 °C"),
    ),
    edit(
        "near twin reworded",
        "Of two questions that differ in a word, one is reworded.",
        turn("At what temperature is a dark loaf done?", "At what temperature is a dark rye loaf done?"),
        becomes={"At what temperature is a dark loaf done?": "At what temperature is a dark rye loaf done?"},
    ),
    edit(
        "near twins reworded",
        "Two questions that differ in a word are both reworded.",
        all_of(
            turn("At what temperature is a light loaf done?", "When is a light loaf done?"),
            turn("At what temperature is a dark loaf done?", "When is a dark loaf done?"),
        ),
        becomes={
            "At what temperature is a light loaf done?": "When is a light loaf done?",
            "At what temperature is a dark loaf done?": "When is a dark loaf done?",
        },
    ),
    edit("near twins swapped", "Two questions that differ in a word change places.", swap(LIGHT, DARK)),
    edit(
        "near twin deleted",
        "Of two questions that differ in a word, the first is deleted.",
        cut(LIGHT),
        gone=("At what temperature is a light loaf done?",),
    ),
    edit(
        "near twin replaced",
        "A question is deleted; in a later build comes one that differs from it in a word.",
        cut(LIGHT),
        turn(DARK, SWEET + DARK),
        gone=("At what temperature is a light loaf done?",),
        fresh=("At what temperature is a sweet loaf done?",),
    ),
    edit(
        "term replaced later",
        "A term is deleted; in a later build comes another of its kind.",
        cut(item("Boule")),
        turn(item("Batard"), "- **Couronne** — a loaf like a ring, tightened on the bench\n" + item("Batard")),
        gone=("Boule",),
        fresh=("Couronne",),
    ),
    edit(
        "near twin added",
        "A third question comes between two that differ in a word.",
        turn(DARK, SWEET + DARK),
        fresh=("At what temperature is a sweet loaf done?",),
    ),
    edit(
        "twin edited",
        "Of two sections with one heading, one gets another text.",
        turn("scraper of soft plastic", "scraper of steel"),
        becomes={TOOLS_OF_DOUGH: "Tools → A scale, a bowl and a scraper of steel."},
    ),
    edit(
        "twin added",
        "A section of the same heading comes before one in the same topic.",
        turn("### Tools\n\nA scale", "### Tools\n\nTwo hands.\n\n### Tools\n\nA scale"),
        fresh=("Tools → Two hands.",),
    ),
    edit(
        "twin added and edited",
        "A section of the same heading comes before one that is edited.",
        turn("### Tools\n\nA scale", "### Tools\n\nTwo hands.\n\n### Tools\n\nA good scale"),
        fresh=("Tools → Two hands.",),
        becomes={TOOLS_OF_DOUGH: "Tools → A good scale, a bowl and a scraper of soft plastic."},
    ),
    edit(
        "twin deleted",
        "Of two sections with one heading, one is deleted.",
        cut("### Tools\n\nA scale, a bowl and a scraper of soft plastic.\n\n"),
        gone=(TOOLS_OF_DOUGH,),
    ),
    edit(
        "twins, the first deleted",
        "Of two sections with one heading in one topic, the first is deleted.",
        cut("### Tools\n\nTwo hands.\n\n"),
        base=turn(WET, "### Tools\n\nTwo hands.\n\n" + WET)(BREAD),
        gone=("Tools → Two hands.",),
    ),
)
