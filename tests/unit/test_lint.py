"""What `check` says of a guide beyond its mistakes: each rule, and how it is switched off."""

from __future__ import annotations

from pathlib import Path

import pytest

from studypack import lint, notes, parse
from studypack.diagnostics import RULES, Diagnostic
from studypack.frontmatter import read_settings
from studypack.span import Span
from tests.unit.reading import NOWHERE, source_of

HEAD = "# Tea\n\n## Kinds\n\n"
WORDS = "word " * 79


def advice(text: str, path: Path = NOWHERE) -> tuple[Diagnostic, ...]:
    """What is advised on a text, but for what the author switched off."""
    source = source_of(text, path)
    guide, _ = parse.guide(source)
    assert guide is not None
    found = (*lint.of_text(source), *lint.of_guide(source, guide, notes.make(guide)[0]))
    return lint.wanted(source, guide, found)


def codes(text: str) -> list[str]:
    """The advice as `CODE@line`."""
    return [f"{found.code}@{found.span.line}" for found in advice(text)]


def asked(question: str, answer: str) -> list[str]:
    """The codes of the advice on one question; it stands on line 5, its answer on line 7."""
    return codes(f"{HEAD}### {question}\n\n{answer}\n")


def spoken(lang: str, question: str, answer: str) -> list[str]:
    """The codes of the advice on one question in a language, without their lines."""
    text = f"---\nlang: {lang}\n---\n{HEAD}### {question}\n\n{answer}\n"
    return [found.code for found in advice(text)]


# --- answers ---


def test_an_answer_of_81_words_is_too_long() -> None:
    """Eighty are not; code and formulas do not count; Chinese counts half a word a character."""
    assert asked("What is tea made of?", f"{WORDS} last") == []
    assert asked("What is tea made of?", f"{WORDS} but one") == ["SP601@5"]
    assert asked("What is tea made of?", f"{WORDS} last $a b c$\n\n```\n{WORDS}\n```") == []
    assert asked("茶是什么？", "茶" * 160) == []
    assert asked("茶是什么？", "茶" * 161) == ["SP601@5"]


def test_a_long_concept_is_told_of_at_its_heading() -> None:
    """The heading is what the card asks."""
    assert codes(f"{HEAD}### Making tea\n\nText.\n\n{WORDS * 2}\n") == ["SP601@5"]


@pytest.mark.parametrize(
    "answer", ["Yes.", "No, never.", "True", "Ja, immer.", "Да.", "Sí, siempre", "はい。", "نعم، دائما"]
)
def test_yes_and_no_are_guessed(answer: str) -> None:
    """In the languages of guides; with a reason of more than fifteen words it is an answer."""
    assert asked("Is green tea oxidised?", answer) == ["SP602@5"]
    assert asked("Is green tea oxidised?", f"{answer} because {'so ' * 15}") == []


@pytest.mark.parametrize("answer", ["No node groups are needed.", "Not by itself.", "Nothing.", "Si is silicon."])
def test_what_only_starts_like_yes_or_no(answer: str) -> None:
    """`No` before a noun says no more than what is not there."""
    assert asked("What has to be set up?", answer) == []


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Is the speed of light constant?", "Yes."),
        ("Can bacteria form spores?", "Yes they can."),
        ("Are viruses alive?", "Not really."),
        ("Does Rust have a garbage collector?", "It does not."),
        ("Ist der Kaufvertrag formfrei?", "Grundsätzlich ja."),
        ("O Brasil é uma república?", "Sim"),
        ("Czy Ziemia jest okrągła?", "Tak"),
        ("क्या अनुबंध वैध है?", "नहीं।"),
    ],
)
def test_yes_and_no_in_other_words(question: str, answer: str) -> None:
    """An English `of` is no Dutch “or”, a Portuguese `o` no Spanish one, and `czy` stands between nothing here."""
    assert asked(question, answer) == ["SP602@5"]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Wann verjährt Mord?", "Nie."),
        ("Quanto dura o mandato?", "Ano e meio."),
        ("On which side is the liver?", "Right."),
        ("What does the Polish word *nie* mean?", "No."),
        ("What does `bool('')` return?", "`False`"),
    ],
)
def test_words_that_are_yes_or_no_elsewhere(question: str, answer: str) -> None:
    """In another language, or where another question is asked."""
    assert asked(question, answer) == []


def test_a_question_with_two_sides_is_no_yes_or_no_question() -> None:
    """True or false, right or wrong: the question names what can be answered."""
    assert asked("Right or wrong: tea is a fruit?", "Wrong.") == []


def test_more_than_seven_items_at_once() -> None:
    """Eight are; nested lists count for themselves; terms are cards of their own."""
    items = "".join(f"- item {number}\n" for number in range(7))
    assert asked("Which teas are there?", items) == []
    assert asked("Which teas are there?", f"{items}- one more") == ["SP604@5"]
    assert asked("Which teas are there?", f"{items}    - one more\n    - and one") == []
    terms = "".join(f"- **Tea {number}** — from garden {number}0\n" for number in range(9))
    assert codes(f"{HEAD}{terms}") == []


def test_many_items_in_a_sentence() -> None:
    """An answer that is nothing but a list is one without its bullets; a sentence with commas is none."""
    nerves = "Olfactory, optic, oculomotor, trochlear, trigeminal, abducens, facial"
    assert asked("Which cranial nerves are there?", f"{nerves}.") == []
    assert asked("Which cranial nerves are there?", f"{nerves}, vagus.") == ["SP604@5"]
    assert asked("Which cranial nerves are there?", f"Twelve. {nerves}, vagus, in this order of leaving.") == []


def test_words_of_scripts_whose_vowels_are_marks() -> None:
    """A vowel sign is no word of its own, nor is an accent that stands behind its letter."""
    assert asked("हिन्दी क्या है?", "शब्द " * 80) == []
    assert asked("हिन्दी क्या है?", "शब्द " * 81) == ["SP601@5"]
    assert asked("What is the dish?", "pure\u0301e " * 80) == []


def test_an_answer_in_the_words_of_the_question() -> None:
    """Nothing is left to recall; but picking one thing out of several is an answer."""
    assert asked("What is oolong tea?", "Oolong tea.") == ["SP606@5"]
    assert codes(f"{HEAD}- **Pot warmer** — warmer of a pot\n") == ["SP606@5"]
    assert asked("Is green or black tea oxidised?", "Black tea.") == []
    assert asked("Which of green, white and black tea is oxidised most?", "Black.") == []
    assert asked("What is oolong tea?", "Oolong:\n\n```\ntea\n```") == []
    assert asked("What does a load balancer do?", "It balances load.") == ["SP606@5"]
    assert asked("What is the purpose of the spleen?", "The purpose of the spleen.") == ["SP606@5"]
    assert asked("Was ist die Osmose?", "Die Osmose.") == asked("O que é a osmose?", "A osmose.") == ["SP606@5"]
    assert codes(f"{HEAD}- **trabajar** — trabajo\n- **to walk** — walked\n") == []


@pytest.mark.parametrize(
    "answer",
    ["See above.", "see the section above", "TODO", "tbd", "…", "???", "Siehe oben.", "Voir ci-dessus", "Ditto"],
)
def test_answers_that_say_nothing(answer: str) -> None:
    """A card stands alone, whatever is above it in the guide."""
    assert asked("What is oolong?", answer) == ["SP607@5"]


@pytest.mark.parametrize(
    ("lang", "answer"),
    [
        ("en", "See section 3."),
        ("en", "Explained in the next section."),
        ("en", "TODO: write this"),
        ("en", "See [the manual](https://example.org)."),
        ("de", "Wie oben beschrieben."),
        ("de", "s. o."),
        ("fr", "À compléter"),
        ("pl", "Do uzupełnienia"),
        ("ru", "См. главу 3"),
        ("hi", "ऊपर देखें"),
    ],
)
def test_answers_that_are_elsewhere_or_not_yet(lang: str, answer: str) -> None:
    """In other words and languages."""
    assert spoken(lang, "Oolong: 茶?", answer) == ["SP607"]


@pytest.mark.parametrize(
    "row", ["robić** — to do", "hasta luego** — see you later", "taki sam** — same", "R²** — explained variance"]
)
def test_words_that_only_look_like_no_answer(row: str) -> None:
    """What a word means in another language."""
    assert codes(f"{HEAD}- **{row}\n") == []


def test_another_term_is_no_answer() -> None:
    """`See` and the name of something that the guide has."""
    assert codes(f"{HEAD}- **Pot** — a jug for tea\n- **Teapot** — see Pot\n- **Adiós** — see you\n") == ["SP607@6"]
    assert codes(f"{HEAD}- **Pot** — a jug for tea\n- **Teapot** — see Kinds\n") == ["SP607@6"]


def test_everything_in_spanish_is_not_left_to_do() -> None:
    """`Todo` is everything; `TODO` is none the less."""
    assert spoken("es", "¿Qué pierde el cifrado?", "Todo.") == []
    assert spoken("es", "¿Qué pierde el cifrado?", "TODO") == ["SP607"]


def test_cells_that_say_nothing() -> None:
    """A cell is an answer too, at its own place; “same” and “n/a” are sensible ones."""
    table = "| aspect | green | black |\n| --- | --- | --- |\n"
    (found,) = advice(f"{HEAD}{table}| heat | 80 | TODO |\n| time | same | n/a |\n")
    assert (found.code, found.span.line, found.span.column) == ("SP607", 7, 15)


def test_a_longer_answer_may_point_elsewhere() -> None:
    """It says something before it does."""
    assert (
        asked(
            "What is oolong?", "Half oxidised leaves, rolled and fired; for the others see the section above, please."
        )
        == []
    )


# --- fronts ---


@pytest.mark.parametrize(
    "question", ["How does it work?", "What is this?", "Why?", "Why are they important?", "Warum?"]
)
def test_fronts_that_need_their_surroundings(question: str) -> None:
    """A pronoun without a noun, or a single word."""
    assert asked(question, "By diffusion through the leaf.") == ["SP603@5"]


@pytest.mark.parametrize(
    "question",
    ["How does it differ from coffee?", "What does `this` mean?", "When is its temperature measured?", "ATP?"],
)
def test_fronts_that_name_something(question: str) -> None:
    """With a noun, code or an abbreviation it is plain enough."""
    assert asked(question, "By diffusion through the leaf.") == []


@pytest.mark.parametrize(
    ("lang", "question"),
    [
        ("en", "Who invented it?"),
        ("en", "What is its capital?"),
        ("en", "What happens next?"),
        ("en", "What are the main symptoms?"),
        ("de", "Wie funktioniert das?"),
        ("fr", "Comment ça marche ?"),
        ("es", "¿Cómo funciona?"),
        ("pt-BR", "Para que serve?"),
        ("it", "Che cos’è?"),
        ("nl", "Hoe werkt het?"),
        ("pl", "Co to jest?"),
        ("ru", "Что это такое?"),
        ("tr", "Nasıl çalışır?"),
        ("hi", "यह कैसे काम करता है?"),
    ],
)
def test_fronts_that_name_nothing(lang: str, question: str) -> None:
    """Nothing but little words and verbs of no meaning; a part of something that is not said; one word beside `it`."""
    assert spoken(lang, question, "42 °C") == ["SP603"]


@pytest.mark.parametrize(
    ("lang", "question"),
    [
        ("en", "What is a symptom?"),
        ("en", "What are symptoms?"),
        ("de", "Was sind Symptome?"),
        ("en", "When do you use *should*?"),
        ("en", "What does “this” mean?"),
        ("en", "Should or would?"),
        ("en", "What is one mole?"),
        ("en", "How often should I restart it?"),
        ("fr", "Pourquoi la Terre tourne-t-elle ?"),
        ("es", "¿Cuándo se usa *ser*?"),
        ("pl", "Co to jest osmoza?"),
        ("ru", "Что такое осмос?"),
    ],
)
def test_fronts_that_say_what_they_ask(lang: str, question: str) -> None:
    """A noun, a word that is quoted, two to choose from."""
    assert spoken(lang, question, "42 °C") == []


def test_the_language_shows_where_it_is_not_said() -> None:
    """By its little words, in all fronts of the guide."""
    text = "### Was ist die Osmose?\n\nWasser wandert.\n\n### Wozu dient das?\n\nDruck.\n"
    assert codes(f"{HEAD}{text}") == ["SP603@9"]


def test_code_on_the_front_is_what_this_means() -> None:
    """What is shown with the question makes it plain."""
    shown = "```\nx\n```\n\n<details><summary>Answer</summary>\n\nThe letter.\n\n</details>"
    assert asked("What does this print?", shown) == []


def test_headings_that_every_guide_has() -> None:
    """An overview of what is not said."""
    assert codes(f"{HEAD}### Overview\n\nMany leaves.\n") == ["SP603@5"]
    assert codes(f"{HEAD}### Overview of oolongs\n\nMany leaves.\n") == []
    assert codes(f"{HEAD}### Die wichtigsten Vorteile\n\nBillig, schnell.\n") == ["SP603@5"]
    assert codes(f"{HEAD}### Causes and symptoms\n\nMany leaves.\n") == []


def test_two_fronts_that_are_nearly_the_same() -> None:
    """Other small words, another topic, the two sides the other way round; the first one is named."""
    text = f"{HEAD}### What is a teapot?\n\nA jug.\n\n## More\n\n### What's the teapot?\n\nA can.\n"
    (found,) = advice(text)
    assert (found.code, found.span.line) == ("SP605", 11)
    assert "line 5" in found.message
    sides = f"{HEAD}### How do tea and coffee differ?\n\nBy leaf.\n\n### How do coffee and tea differ?\n\nBy bean.\n"
    assert codes(sides) == ["SP605@9"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("What is TCP?", "What is UDP?"),
        ("What is C++?", "What is C#?"),
        ("What is vitamin A?", "What is vitamin B?"),
        ("How is an int made a str?", "How is a str made an int?"),
        ("What does `is` do?", "What does `==` do?"),
    ],
)
def test_fronts_that_differ(one: str, other: str) -> None:
    """In a name, a sign, a letter, or the order of things."""
    assert codes(f"{HEAD}### {one}\n\nFirst thing.\n\n### {other}\n\nSecond thing.\n") == []


def test_the_same_takeaway_under_two_topics() -> None:
    """Its topic is on its front."""
    box = "> [!TIP] Key takeaway\n> Drink it {}.\n\n"
    assert codes(f"# T\n\n## A\n\n{box.format('hot')}## B\n\n{box.format('cold')}") == []


# --- structure ---


def test_pictures_without_text() -> None:
    """Each at its own place, in a paragraph or a cell; one with text is fine."""
    picture = Path(__file__).parents[1] / "guides" / "guide.md"
    text = (
        f"{HEAD}![](outside.png) and ![a leaf](outside.png) and ![ ](outside.png)\n\n"
        "| a | b | c |\n| --- | --- | --- |\n| d | ![](outside.png) | e |\n"
    )
    places = [(found.code, found.span.line, found.span.column) for found in advice(text, picture)]
    assert places == [("SP608", 5, 1), ("SP608", 5, 49), ("SP608", 9, 7)]


def test_pictures_whose_text_says_nothing() -> None:
    """That it is a picture, or the name of its file; in an attribute of HTML too."""
    picture = Path(__file__).parents[1] / "guides" / "guide.md"
    text = f"{HEAD}![image](outside.png) ![a.png](outside.png) ![Image of a leaf](outside.png)\n\n"
    places = [(found.code, found.span.line, found.span.column) for found in advice(text, picture)]
    assert places == [("SP608", 5, 1), ("SP608", 5, 23)]
    html = f"{HEAD}Text <img src=outside.png alt='IMG_2034'> and <img src=outside.png alt='Figure 3'>\n"
    places = [(found.code, found.span.line, found.span.column) for found in advice(html, picture)]
    assert places == [("SP608", 5, 6), ("SP608", 5, 47)]


def test_cells_that_are_sentences() -> None:
    """More than half of them; a table of terms may have them."""
    long = "a sentence of twelve words that nobody can look up at a glance"
    head = "| aspect | green | black |\n| --- | --- | --- |\n"
    assert codes(f"{HEAD}{head}| heat | {long} | {long} |\n| time | short | {long} |\n") == ["SP610@5"]
    assert codes(f"{HEAD}{head}| heat | {long} | hot |\n| time | short | {long} |\n") == []
    assert codes(f"{HEAD}| tea | meaning |\n| --- | --- |\n| green | {long} |\n| black | {long} too |\n") == []


def levels(*names: str) -> str:
    """A guide of topics with these levels."""
    return "\n".join(f"## Topic {number} {{: level={name} }}\n\nText.\n" for number, name in enumerate(names))


def test_a_level_that_nothing_else_has() -> None:
    """A slip, with what was meant; a known one may be alone, and so may each of several."""
    (found,) = advice(levels("advanced", "advanced", "advnced"))
    assert (found.code, found.span.line, found.span.column, found.hint) == ("SP611", 9, 15, "did you mean `advanced`?")
    assert codes(levels("hard", "hard", "soft")) == ["SP611@9"]
    assert codes(levels("beginner", "advanced", "intermediate")) == []
    assert codes(levels("hard", "soft", "middling")) == []


# --- switching off ---

BAD = "### Is it so?\n\nNo.\n\n### Is that so?\n\nNo.\n"


def test_rules_are_switched_off_for_a_guide() -> None:
    """In the front matter, as a list or as words, in upper or lower case."""
    assert codes(HEAD + BAD) == ["SP602@5", "SP602@9", "SP603@5", "SP603@9"]
    assert codes(f"---\nignore: [SP602]\n---\n{HEAD}{BAD}") == ["SP603@8", "SP603@12"]
    assert codes(f"---\nignore: sp602, SP603\n---\n{HEAD}{BAD}") == []


def test_a_comment_above_a_heading_holds_for_its_section() -> None:
    """And for no other one; several codes, or none for all."""
    assert codes(f"{HEAD}<!-- studypack: ignore SP602 -->\n{BAD}") == ["SP602@10", "SP603@6", "SP603@10"]
    assert codes(f"{HEAD}<!-- studypack: ignore SP602, SP603 -->\n\n{BAD}") == ["SP602@11", "SP603@11"]
    assert codes(f"# Tea\n\n<!-- studypack: ignore -->\n## Kinds\n\n{BAD}") == []


def test_a_comment_behind_text_holds_for_its_line() -> None:
    """A heading, an item, a cell."""
    assert codes(f"{HEAD}{BAD.replace('?', '? <!-- studypack: ignore -->', 1)}") == ["SP602@9", "SP603@9"]
    assert codes(f"{HEAD}- **Pot** — pot <!-- studypack: ignore SP606 -->\n- **Cup** — cup\n") == ["SP606@6"]
    table = "| a | b | c |\n| --- | --- | --- |\n| d | TODO | e <!-- studypack: ignore SP607 --> |\n| f | TODO | g |\n"
    assert codes(HEAD + table) == ["SP607@8"]


def test_a_comment_above_a_block_holds_for_all_of_it() -> None:
    """A list with blank lines in it, code, a paragraph; what follows is judged again."""
    items = "- cafÃ©\n\n- cafÃ©\n\n"
    assert codes(f"{HEAD}<!-- studypack: ignore SP609 -->\n{items}Then cafÃ©.\n") == ["SP609@10"]
    code = "```\ncafÃ©\n\ncafÃ©\n```\n\n"
    assert codes(f"{HEAD}<!-- studypack: ignore SP609 -->\n{code}Then cafÃ©.\n") == ["SP609@12"]
    assert codes(f"{HEAD}<!-- studypack: ignore SP609 -->\nOne cafÃ©,\ntwo cafÃ©.\n\nThen cafÃ©.\n") == ["SP609@9"]


def test_a_comment_in_code_is_code() -> None:
    """It is shown, and switches nothing off."""
    assert codes(f"{HEAD}```\n<!-- studypack: ignore -->\n```\n\n{BAD}")[0] == "SP602@9"
    assert codes(f"{HEAD}{BAD.replace('so?', '`<!-- studypack: ignore -->`?', 1)}")[0] == "SP602@5"


def test_what_cannot_be_switched_off_is_told() -> None:
    """Codes that do not exist, and errors, each at its place."""
    _, found = read_settings(source_of("---\nignore: [SP601, SP301, SP999]\n---\n# T\n"))
    assert [(each.code, each.span.column) for each in found] == [("SP110", 17), ("SP110", 24)]
    faults = advice(f"{HEAD}Text. <!-- studypack: ignore SP102 SQ1 -->\n")
    assert [(each.code, each.span.line, each.span.column) for each in faults] == [("SP110", 5, 30), ("SP110", 5, 36)]


@pytest.mark.parametrize("comment", ["SP602, SP603 because I know", "sp602 SP603 -- they are meant so"])
def test_a_comment_may_give_a_reason(comment: str) -> None:
    """What follows the codes is for people; upper and lower case are the same."""
    assert codes(f"{HEAD}{BAD.replace('?', f'? <!-- Studypack: Ignore {comment} -->', 1)}") == ["SP602@9", "SP603@9"]


@pytest.mark.parametrize("comment", ["studypack: ignroe SP602", "studypack ignore SP602", "studypack: ignore-all"])
def test_a_comment_that_is_not_understood_is_told(comment: str) -> None:
    """It would switch nothing off, and nobody would know why; nor does one that goes on on the next line."""
    (found,) = advice(f"{HEAD}Text. <!-- {comment} -->\n")
    assert (found.code, found.span) == ("SP110", Span(5, 7, 5, 16 + len(comment)))
    assert codes(f"{HEAD}Text.\n\n<!-- studypack:\nignore SP602 -->\n") == ["SP110@7"]
    assert codes(f"{HEAD}Text.\n\n<!-- studypack is what makes the deck -->\n") == []


def test_errors_stay() -> None:
    """Even a comment without codes leaves errors."""
    source = source_of("<!-- studypack: ignore -->\nText.\n")
    error = Diagnostic(code="SP301", path="a.md", span=Span(2, 1, 2, 2), message="m")
    assert lint.wanted(source, None, [error]) == (error,)


# --- repair ---


def test_repair_changes_what_is_mangled_and_nothing_else() -> None:
    """Line ends of all kinds, code and front matter included; but for lines where it is switched off."""
    text = "---\ntitle: CafÃ©\n---\r\n## Aâ€”b\r`Â°`\n\n<!-- studypack: ignore SP609 -->\ncafÃ© « é »\n"
    assert lint.repaired(text, source_of(text)) == (
        text.replace("CafÃ©", "Café").replace("â€”", "—").replace("Â°", "°"),
        3,
    )


def test_every_rule_has_a_code_of_its_own() -> None:
    """Eleven codes, one of them for the text."""
    assert len(lint.RULES) + 1 == sum(code.startswith("SP6") for code in RULES)
