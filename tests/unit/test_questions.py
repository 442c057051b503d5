"""When a heading asks, what it asks, and what of the part below it is the answer."""

from __future__ import annotations

import pytest

from studypack.model import BasicNote, Html, Prose, Section, Text
from studypack.questions import asks, asks_questions, is_question, prompt_of, split_answer
from tests.unit.reading import cards, guide_of, kinds, note_of, notes_of, places, told, whole, words


def section(heading: str, *classes: str, sections: tuple[Section, ...] = (), said: str = "text") -> Section:
    """A section with this heading and one paragraph, or none."""
    blocks = (Prose(html=Html(f"<p>{said}</p>"), plain=said),) if said else ()
    return Section(
        heading=Text(html=Html(heading), plain=heading),
        anchor="a",
        depth=3,
        blocks=blocks,
        sections=sections,
        classes=frozenset(classes),
    )


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("What is X?", True),
        ("What is “X?”", True),
        ("What is X? ", True),
        ("X 是什么？", True),
        ("ما هو X؟", True),
        ("Τι είναι;", False),  # an ASCII semicolon
        ("Why? Because", False),
        ("Why? 🤔", True),
        ("Why? ⭐️⭐️", True),
        ("Why?👩‍🔬", True),
        ("Because 🤔", False),
        ("🤔", False),
        ("?", True),
        ("", False),
        ("Topic", False),
    ],
)
def test_a_question_ends_in_its_mark(text: str, yes: bool) -> None:
    """The last character counts, in the scripts that have a mark of their own; quotes behind it do not."""
    assert asks(text) is yes


@pytest.mark.parametrize(
    ("heading", "prompt"),
    [
        ("1. What is X?", "What is X?"),
        ("12) What is X?", "What is X?"),
        ("(3) What is X?", "What is X?"),
        ("Q: What is X?", "What is X?"),
        ("Q1: What is X?", "What is X?"),
        ("Q1. What is X?", "What is X?"),
        ("q 7) What is X?", "What is X?"),
        ("Question 3: What is X?", "What is X?"),
        ("Question 3 – What is X?", "What is X?"),
        ("1.2. What is X?", "What is X?"),
        ("#4 What is X?", "What is X?"),
        ("What is X?", "What is X?"),
        ("3 ways to fail?", "3 ways to fail?"),
        ("2024 in numbers", "2024 in numbers"),
        ("3.5 mm or 6.3 mm?", "3.5 mm or 6.3 mm?"),
        ("Quality: what is it?", "Quality: what is it?"),
        ("Q", "Q"),
        ("1.", "1."),
        ("Step 1: pack", "Step 1: pack"),
        ("What changed in Python 3.12: the f-strings?", "What changed in Python 3.12: the f-strings?"),
        ("Storage FAQ: what is S3?", "Storage FAQ: what is S3?"),
        ("Is f(1) defined?", "Is f(1) defined?"),
    ],
)
def test_number_and_q_are_no_part_of_a_prompt(heading: str, prompt: str) -> None:
    """A number or “Q:” before a question goes, numbers that say something stay."""
    assert prompt_of(Text(html=Html(heading), plain=heading)) == Text(html=Html(prompt), plain=prompt)


@pytest.mark.parametrize(
    ("html", "plain", "prompt"),
    [
        ("<strong>Q:</strong> What <em>is</em> X?", "Q: What is X?", "What <em>is</em> X?"),
        ("<strong>Q: What is X?</strong>", "Q: What is X?", "What is X?"),
        ("<strong>1. What</strong> is X?", "1. What is X?", "<strong>What</strong> is X?"),
        ("1. What is <code>x</code>?", "1. What is x?", "What is <code>x</code>?"),
        ("<strong>a</strong> or <strong>b</strong>?", "a or b?", "<strong>a</strong> or <strong>b</strong>?"),
    ],
)
def test_a_prompt_keeps_its_markup(html: str, plain: str, prompt: str) -> None:
    """Tags stay balanced when the number goes; a bold around all of a prompt says nothing and goes."""
    assert prompt_of(Text(html=Html(html), plain=plain)).html == prompt


@pytest.mark.parametrize(
    ("title", "yes"),
    [
        ("Interview Questions", True),
        ("Common questions and pitfalls", True),
        ("Q&A", True),
        ("Q & A", True),
        ("FAQ", True),
        ("Storage FAQs", True),
        ("Frequently Asked Questions", True),
        ("Questions and Answers", True),
        ("Q and A", True),
        ("The question of scale", False),
        ("Questionable choices", False),
        ("Faqir", False),
        ("Answers", False),
    ],
)
def test_titles_that_promise_questions(title: str, yes: bool) -> None:
    """“… Questions …”, “Q&A” and “FAQ”, as words."""
    assert asks_questions(section(title), False) is yes


def test_a_class_promises_questions() -> None:
    """`.questions` does what such a title does."""
    assert asks_questions(section("Storage", "questions"), False)


@pytest.mark.parametrize(
    ("given", "among", "yes"),
    [
        (section("What is X?"), False, True),
        (section("X"), False, False),
        (section("X", "question"), False, True),
        (section("X"), True, True),
        (section("What is X?", "concept"), True, False),
        (section("Glossary", "terms"), True, False),
        (section("X", sections=(section("Why?"),)), True, False),
        (section("1. X", sections=(section("Detail"),)), True, True),
        (section("X", sections=(section("Detail"),)), True, True),
    ],
)
def test_what_is_a_question(given: Section, among: bool, yes: bool) -> None:
    """A mark, a class or standing directly among questions; `.concept` and groups of questions are none."""
    assert is_question(given, among, topmost=False) is yes


def test_without_a_folded_answer_all_is_answer() -> None:
    """Everything below a question answers it."""
    given = section("Why?", sections=(section("More"),))
    assert split_answer(given) == ((), (*given.blocks, *given.sections))


# --- in guides ---


def test_a_heading_with_a_question_mark_asks() -> None:
    """The heading is the front, everything below it the back: text, code, table and image included."""
    text = (
        "# T\n\n## A\n\n### 1. Which **one**?\n\nText.\n\n```\ncode\n```\n\n| a | b | c |\n|---|---|---|\n"
        "| x | y | z |\n\n- **term** — meaning\n\n> [!TIP] Mind\n> that\n\na ==mark==\n\n## B\n"
    )
    assert cards(text) == [
        ("question", "Which one?", "Text. code a b c x y z term — meaning Mind that a mark"),
    ]


def test_all_below_a_question_is_its_answer_also_deeper_sections() -> None:
    """Sections below a question belong to its answer, with their headings."""
    text = "# T\n\n## A\n\n### Why?\n\nFirst.\n\n#### Details\n\nSecond.\n\n##### Deeper\n\nThird.\n\n## B\n"
    assert cards(text) == [("question", "Why?", "First. Details Second. Deeper Third.")]


def test_a_question_below_a_question_is_asked_apart() -> None:
    """Nothing is asked twice: a question inside an answer is a card of its own only."""
    text = "# T\n\n## A\n\n### Why?\n\nFirst.\n\n#### How so?\n\nSecond.\n\n#### Details\n\nThird.\n\n## B\n"
    assert cards(text) == [("question", "Why?", "First. Details Third."), ("question", "How so?", "Second.")]


def test_a_marked_question() -> None:
    """`.question` asks without a question mark."""
    text = "# T\n\n## A\n\n### Name three rocks {: .question }\n\nA, b, c.\n\n### Other\n\nx\n\n## B\n"
    assert cards(text) == [("question", "Name three rocks", "A, b, c."), ("concept", "Other", "x")]


@pytest.mark.parametrize("heading", ["## FAQ", "## Interview Questions", "## Rocks {: .questions }", "## Q&A"])
def test_sections_directly_below_questions_ask(heading: str) -> None:
    """What stands directly in a part titled or marked as questions is asked; what is deeper answers."""
    text = f"# T\n\n{heading}\n\n### Explain lava\n\nHot.\n\n#### History\n\nOld.\n\n## B\n\n### Plain\n\nx\n"
    assert cards(text) == [("question", "Explain lava", "Hot. History Old."), ("concept", "Plain", "x")]


def test_a_section_titled_questions_asks_too() -> None:
    """Not only topics gather questions."""
    text = "# T\n\n## A\n\n### Practice Questions\n\n#### Explain lava\n\nHot.\n\n### Other\n\nx\n\n## B\n"
    assert cards(text) == [("question", "Explain lava", "Hot."), ("concept", "Other", "x")]


def test_questions_may_be_grouped() -> None:
    """A group such as “Easy” within questions asks nothing itself; what is in it does."""
    text = "# T\n\n## Questions\n\n### Easy\n\n#### What is lava?\n\nRock.\n\n#### 2. Explain ash\n\nDust.\n\n## B\n"
    assert cards(text) == [("question", "What is lava?", "Rock."), ("question", "Explain ash", "Dust.")]


def test_text_of_a_questions_part_is_its_concept() -> None:
    """What introduces the questions is not lost."""
    text = "# T\n\n## FAQ\n\nMostly asked.\n\n### Why lava?\n\nHot.\n\n## B\n"
    assert cards(text) == [("concept", "FAQ", "Mostly asked."), ("question", "Why lava?", "Hot.")]


def test_concept_keeps_a_question_mark_from_asking() -> None:
    """`.concept` on a heading among questions makes its text a concept."""
    text = "# T\n\n## FAQ\n\n### Preparation {: .concept }\n\nRead.\n\n## B\n"
    assert cards(text) == [("concept", "Preparation", "Read.")]


@pytest.mark.parametrize("marker", ["1.", "2)", "10."])
def test_a_heading_in_a_numbered_list_item_asks(marker: str) -> None:
    """Questions may be numbered by a list, headings inside its items."""
    indent = " " * (len(marker) + 1)
    text = f"# T\n\n## A\n\n{marker} ### What is lava?\n\n{indent}Rock.\n\n{indent}- hot\n\n## B\n"
    assert cards(text) == [("question", "What is lava?", "Rock. hot")]


def test_headings_in_items_below_questions_ask_without_a_mark() -> None:
    """A heading inside a list item stands directly in its part of the guide."""
    text = "# T\n\n## FAQ\n\n1. ### Explain lava\n\n   Rock.\n\n2. ### Explain ash\n\n   Dust.\n\n## B\n"
    assert cards(text) == [("question", "Explain lava", "Rock."), ("question", "Explain ash", "Dust.")]


@pytest.mark.parametrize("blank", ["", "\n"])
def test_details_ask_their_summary(blank: str) -> None:
    """`<details>` is a question, its summary the front."""
    text = (
        f"# T\n\n## A\n\n<details>\n<summary>Name *lava*</summary>\n{blank}**Hot** rock.\n\n- one\n</details>\n\n## B\n"
    )
    assert cards(text) == [("question", "Name lava", "Hot rock. one")]


def test_details_on_one_line() -> None:
    """Also where all of it stands on one line."""
    text = "# T\n\n## A\n\n<details><summary>Lava?</summary>Hot rock.</details>\n\nafter\n\n## B\n"
    assert cards(text) == [("question", "Lava?", "Hot rock."), ("concept", "A", "after")]


@pytest.mark.parametrize("summary", ["Answer", "Show answer", "Solution", "Click to see the answer", "**Answer**"])
def test_a_folded_answer_leaves_the_rest_to_the_question(summary: str) -> None:
    """Under a question, what stands before a folded answer, often code, is shown with the question."""
    text = (
        "# T\n\n## A\n\n### What does this print?\n\n```python\nprint(1)\n```\n\n"
        f"<details><summary>{summary}</summary>\n\nOne.\n\n</details>\n\n## B\n"
    )
    (note,) = notes_of(text)
    front, back = whole(note).split("One.")[0], whole(note)
    assert ("print" in front, note.kind.value) == (True, "question")
    assert back.count("One.") == 1
    assert cards(text) == [("question", "What does this print?", "One.")]


def test_a_section_with_a_folded_answer_asks() -> None:
    """An answer that unfolds makes its section a question without a mark."""
    text = "# T\n\n## A\n\n### Exercise 1\n\nAdd.\n\n<details><summary>Solution</summary>\n\n2\n\n</details>\n\n## B\n"
    assert cards(text) == [("question", "Exercise 1", "2")]
    assert "Add." in whole(note_of(text)).split("<p>2</p>", maxsplit=1)[0]


def test_a_topic_that_asks() -> None:
    """A topic may be a question; its own text answers it."""
    assert cards("# T\n\n## What is lava?\n\nRock.\n\n## What is ash?\n\nDust.\n") == [
        ("question", "What is lava?", "Rock."),
        ("question", "What is ash?", "Dust."),
    ]


def test_a_topic_that_asks_with_sections() -> None:
    """Nothing of a topic that asks is lost or asked twice, whatever sections it has."""
    text = "# T\n\n## What is lava?\n\nRock.\n\n### Kinds\n\n- **Aa** — rough\n\n### Why hot?\n\nDeep.\n\n## B\n"
    made = " ".join(whole(note) for note in notes_of(text))
    assert [made.count(said) for said in ("Rock.", "rough", "Deep.")] == [1, 1, 1]
    assert kinds(text)[0] == "question"


def test_cards_of_a_topic_that_asks_share_its_deck() -> None:
    """A topic is a subdeck for its own question too, when sections below it have cards there."""
    text = "# T\n\n## What is lava?\n\nRock.\n\n### Kinds\n\n- **Aa** — rough\n\n## B\n\nx\n"
    assert [note.place.deck for note in notes_of(text)[:2]] == [("T", "What is lava?")] * 2
    assert "topic::what-is-lava" in notes_of(text)[0].place.tags


def test_a_question_without_an_answer_makes_no_card() -> None:
    """The author is told, at the heading."""
    text = "# T\n\n## A\n\n### Why?\n\n### How?\n\nSo.\n\n## B\n"
    assert cards(text) == [("question", "How?", "So.")]
    assert places(text) == ["SP402@5:1"]


def test_a_chapter_that_asks_needs_no_answer_of_its_own() -> None:
    """A topic whose heading asks, with nothing but sections, is a title and no mistake."""
    text = "# T\n\n## Why study?\n\n### Money\n\nMuch.\n\n## B\n\nx\n"
    assert cards(text) == [("concept", "Money", "Much."), ("concept", "B", "x")]
    assert told(text) == ()


@pytest.mark.parametrize(
    "item",
    [
        "- **What is lava?** Rock.",
        "- **What is lava?**\n  Rock.",
        "- **What is lava?**\n\n  Rock.",
        "1. What is lava?\n   - Rock.",
        "- What is lava?\n\n  Rock.",
        "1. **What is lava?** — Rock.",
    ],
)
def test_list_items_that_ask(item: str) -> None:
    """A list item that is a question with its answer beside or below it."""
    (found,) = cards(f"# T\n\n## FAQ\n\n{item}\n\n## B\n")
    assert found[:2] == ("question", "What is lava?")
    assert found[2].endswith("Rock.")


def test_a_dash_after_a_bold_question_is_no_part_of_the_answer() -> None:
    """What parts question and answer is not answered."""
    (found,) = cards("# T\n\n## A\n\n- **What is lava?** — Rock.\n\n## B\n")
    assert found == ("question", "What is lava?", "Rock.")


@pytest.mark.parametrize(
    "pair",
    ["Q: What is lava?\nA: Rock.", "**Q:** What is lava?\n\n**A:** Rock.", "**Q: What is lava?**  \nA: Rock."],
)
def test_paragraphs_that_ask_and_answer(pair: str) -> None:
    """“Q:” and “A:” mark a question and its answer, and are no part of them."""
    assert cards(f"# T\n\n## A\n\n{pair}\n\n## B\n") == [("question", "What is lava?", "Rock.")]


def test_a_question_mark_before_a_footnote_counts() -> None:
    """A reference to a footnote behind the mark does not hide it."""
    text = "# T\n\n## A\n\n### What is lava?[^1]\n\nRock.\n\n## B\n\n[^1]: Or magma.\n"
    assert [kind for kind, *_ in cards(text)] == ["question"]


@pytest.mark.parametrize("choices", ["A. one\n\nB. two", "A) one  \nB) two"])
def test_choices_keep_their_letters(choices: str) -> None:
    """The first of several choices is no answer."""
    ((_, _, said),) = cards(f"# T\n\n## A\n\n### Which?\n\n{choices}\n\n## B\n")
    assert said.startswith("A")


@pytest.mark.parametrize("summary", ["<summary></summary>", "<summary> </summary>"])
def test_details_without_a_summary_ask_something(summary: str) -> None:
    """No card has an empty front."""
    assert all(front for _, front, _ in cards(f"# T\n\n## A\n\n<details>\n{summary}\n\nx\n</details>\n\n## B\n"))


def test_a_guide_of_questions_only() -> None:
    """A list of questions without topics is a guide."""
    guide = guide_of("# Java\n\n### What is a JVM?\n\nA machine.\n\n### What is a JAR?\n\nAn archive.\n")
    assert [topic.heading.plain for topic in guide.topics] == ["What is a JVM?", "What is a JAR?"]
    text = "# Java\n\n### What is a JVM?\n\nA machine.\n\n### What is a JAR?\n\nAn archive.\n"
    assert kinds(text) == ["question", "question"]


# --- where the answer starts ---


@pytest.mark.parametrize(
    "mark", ["**Answer:** ", "Answer: ", "**Answer:**\n\n", "*Ans:* ", "**Correct answer:** ", "#### Answer\n\n"]
)
def test_what_stands_before_a_said_answer_belongs_to_the_question(mark: str) -> None:
    """Code and choices are shown with the question; without them nobody could answer it."""
    note = note_of(f"# T\n\n## A\n\n### Which is even?\n\n- 1\n- 2\n\n{mark}two\n\n## B\n")
    assert isinstance(note, BasicNote)
    assert (words(note.front), words(note.back)) == ("Which is even? 1 2", "two")


@pytest.mark.parametrize(
    "answer", ["**Answer:** two", "#### Answer\n\ntwo", "<details><summary>Antwort</summary>two</details>"]
)
def test_what_holds_an_answer_is_a_question(answer: str) -> None:
    """“Question 1” does not ask, but what is below it does."""
    note = note_of(f"# T\n\n## A\n\n### Question 1\n\nWhich is even?\n\n{answer}\n\n## B\n")
    assert isinstance(note, BasicNote)
    assert (words(note.front), words(note.back)) == ("Question 1 Which is even?", "two")


@pytest.mark.parametrize("text", ["one\n\nAnswer: 1\n\ntwo\n\nAnswer: 2", "Mixed.\n\n#### Solutions\n\nAre clear."])
def test_what_holds_answers_or_solutions_is_no_question(text: str) -> None:
    """A list of exercises is not one question; a solution may be salt in water."""
    assert "question" not in kinds(f"# T\n\n## A\n\n### Water\n\n{text}\n\n## B\n")


def test_choices_below_a_bold_question_are_shown_with_it() -> None:
    """The answer may follow in the same paragraph."""
    for between in ("\n", "\n\n"):
        note = note_of(f"# T\n\n## A\n\n**1. Which is even?**\nA) 1\nB) 2{between}**Answer: B**\n\n## B\n")
        assert isinstance(note, BasicNote)
        assert (words(note.front), words(note.back)) == ("Which is even? A) 1 B) 2", "B")


def test_an_explanation_is_no_second_answer() -> None:
    """What stands before a heading “Explanation” is the answer already."""
    text = "# T\n\n## A\n\n### Is it even?\n\nYes.\n\n#### Explanation\n\nHalves are whole.\n\n## B\n"
    assert cards(text) == [("question", "Is it even?", "Yes. Explanation Halves are whole.")]


@pytest.mark.parametrize(
    "pair",
    [
        "Q: Why?\n\n```\ncode\n```\n\nA: Because.",
        "Q1) Why?\nBecause.",
        "Q. Why?\n\nBecause.",
        "Q5 :- Why?\nAns:- Because.",
        "Q：Why?\nA：Because.",  # as they are written in Chinese and Japanese
        "שאלה 1: Why?\nתשובה: Because.",
        "ש: Why?\nת: Because.",
        "س: Why?\nج: Because.",
        "问：Why?\n答：Because.",
        "Frage 2: Why?\nAntwort: Because.",
    ],
)
def test_pairs_of_question_and_answer(pair: str) -> None:
    """A label and a line that asks are enough; labels are known in several languages, and are not asked or answered."""
    assert cards(f"# T\n\n## A\n\n{pair}\n\n## B\n") == [("question", "Why?", "Because.")]


@pytest.mark.parametrize("text", ["Q: one of the letters.", "Q1 was good?\nYes.", "ת.ז. is a number.\nYes.", "Q: Why?"])
def test_what_is_no_pair(text: str) -> None:
    """A label without a question or an answer, and what only looks like a label, stay text."""
    assert kinds(f"# T\n\n## A\n\n{text}\n\n## B\n") == ["concept"]
