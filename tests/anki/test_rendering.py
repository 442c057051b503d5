"""What Anki shows: the faces of each kind of card, and text that looks like Anki's own syntax."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from anki.collection import Collection
from anki.models import NotetypeId
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studypack.model import Html, Kind, KnownNote
from studypack.writers import deck
from studypack.writers.cards import syntax
from tests.anki.collection import cards_of, collection, import_package
from tests.anki.notes import PICTURE, SOUND, basic, build, cloze, every_kind, gap, literal, visible

NASTY = (
    "{{c1::x}}",
    "}} and {{",
    "{{c9::{{c8::deep}}}}",
    "a::b::c",
    "std::vector<std::pair<int, {{T}}>>",
    "{{Front}} {{FrontSide}} {{#Reversed}}x{{/Reversed}}",
    "{{cloze:Text}} {{type:Text}} {{hint:Text}}",
    "{",
    "}",
    "}}}",
    "{{{",
    ":",
    "::",
    "[sound:x.mp3] [[sound:x.mp3]]",
    "[latex]x[/latex] [$]x[/$] [$$]x[/$$] [LaTeX]",
    "[[type:Front]] [anki:tts lang=en_US]x[/anki:tts] [anki:play:q:0]",
    "\\(x\\) \\[y\\] \\",
    "<!-- no comment --> <b>no tag</b> &amp; &#123;",
    "{{c1::\\({{a}}\\)::hint}}",
)
RELEASES = {1795392000: "59c3bce72969cb53"}
"""For each release of templates and style: its time, and the hash of the files."""


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """A collection with a note of each kind and one for each nasty text, on both types."""
    folder = tmp_path_factory.mktemp("anki")
    with collection(folder) as opened:
        import_package(opened, build(*every_kind(), *nasty_notes()), folder)
        yield opened


def nasty_notes() -> Iterator[KnownNote]:
    """Each nasty text as a front and back, as what a gap hides, and as what stands around it."""
    for index, text in enumerate(NASTY):
        inline = literal(text).removeprefix("<p>").removesuffix("</p>")
        yield basic(f"basic{index}", literal(text), literal(text), extra=Html(literal(text)), reversed=True)
        yield cloze(f"inside{index}", ["<p>The ", gap(inline), " end</p>"], (2,))
        yield cloze(f"around{index}", [f"<p>{inline}", gap("hidden"), f"{inline}</p>"], (1,))


def faces(shelf: Collection, guid: str, place: int = 0) -> tuple[str, str]:
    """Question and answer of a note's card, as HTML before its sounds are made buttons."""
    output = cards_of(shelf, guid)[place].render_output()
    return output.question_text, output.answer_text


@pytest.mark.parametrize("index", range(len(NASTY)), ids=NASTY)
def test_text_that_looks_like_syntax_is_shown_letter_by_letter(shelf: Collection, index: int) -> None:
    """On a basic card, in a gap and around one, question and answer show exactly what the author wrote."""
    text = NASTY[index]
    for place in (0, 1):
        question, answer = map(visible, faces(shelf, f"basic{index}", place))
        assert question.count(text) >= 1
        assert answer.count(text) >= 3
    question, answer = map(visible, faces(shelf, f"inside{index}"))
    assert "The [...] end" in question
    assert f"The {text} end" in answer
    question, answer = map(visible, faces(shelf, f"around{index}"))
    assert f"{text}[...]{text}" in question
    assert f"{text}hidden{text}" in answer
    assert len(cards_of(shelf, f"inside{index}")) == len(cards_of(shelf, f"around{index}")) == 1


@pytest.mark.parametrize("index", range(len(NASTY)), ids=NASTY)
def test_text_that_looks_like_syntax_does_nothing(shelf: Collection, index: int) -> None:
    """It plays no sound, makes no picture of LaTeX, no input field, and no formula."""
    for guid in (f"basic{index}", f"inside{index}", f"around{index}"):
        card = cards_of(shelf, guid)[0]
        output = card.render_output()
        assert not [*output.question_av_tags, *output.answer_av_tags]
        for face in (output.question_text, output.answer_text):
            assert "[[type:" not in face
            assert "[anki:" not in face
            assert 'class="latex"' not in face
            # MathJax reads the text between tags, references resolved.
            assert not re.search(r"\\[(\[]", "|".join(map(visible, re.findall(r">[^<]*", face))))


@given(
    before=st.text("{}c1:x\\([])<&", max_size=12),
    hidden=st.text("{}c1:x\\([])<&", min_size=1, max_size=12),
    after=st.text("{}c1:x\\([])<&", max_size=12),
)
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_makes_or_breaks_a_cloze(shelf: Collection, before: str, hidden: str, after: str) -> None:
    """Whatever stands in and around a gap, there is one card; it asks for the gap and answers with it."""
    parts = [literal(text).removeprefix("<p>").removesuffix("</p>") for text in (before, hidden, after)]
    kind = shelf.models.get(NotetypeId(deck.CLOZE_ID))
    assert kind is not None
    note = shelf.new_note(kind)
    note["Text"] = syntax.field(Html(parts[0])) + syntax.gap(1, Html(parts[1])) + syntax.field(Html(parts[2]))
    assert list(note.cloze_numbers_in_fields()) == [1]
    output = note.ephemeral_card(0).render_output()
    assert visible(output.question_text).strip() == f"{before}[...]{after}".strip()
    assert visible(output.answer_text).strip() == f"{before}{hidden}{after}".strip()


@pytest.mark.parametrize("formula", [r"\frac{a}{{b}}", r"x^{2^{n}}", r"\text{{c1::x}}", r"A::B \to {{C}}"])
@pytest.mark.parametrize("tag", ["span", "div", 'span class="math display"'])
def test_a_formula_keeps_its_meaning(shelf: Collection, formula: str, tag: str) -> None:
    """In a formula, braces and colons are parted by a blank, which TeX ignores; nothing else in it changes."""
    opening = tag if "class" in tag else f'{tag} class="math"'
    html = Html(rf"<{opening}>\({formula}\)</{tag.split(maxsplit=1)[0]}>")
    kind = shelf.models.get(NotetypeId(deck.CLOZE_ID))
    assert kind is not None
    note = shelf.new_note(kind)
    note["Text"] = syntax.field(html) + syntax.gap(3, html)
    assert list(note.cloze_numbers_in_fields()) == [3]
    answer = note.ephemeral_card(2).render_output().answer_text
    formulas = re.findall(r"\\\((.*?)\\\)", visible(answer))
    assert [found.replace(" ", "") for found in formulas] == [formula.replace(" ", "")] * 2


def test_code_in_colours_keeps_its_text(shelf: Collection) -> None:
    """Highlighted code with braces that stand in tags of their own comes out of a gap as it went in."""
    code = (
        '<div class="highlight"><pre><code><span class="p">{{</span><span class="n">a</span><span class="p">}}</span>'
    )
    code += ' <span class="o">::</span>\\(<span class="n">x</span>\\)</code></pre></div>'
    kind = shelf.models.get(NotetypeId(deck.CLOZE_ID))
    assert kind is not None
    note = shelf.new_note(kind)
    note["Text"] = syntax.gap(1, Html(code))
    answer = note.ephemeral_card(0).render_output().answer_text
    assert visible(answer).strip() == r"{{a}} ::\(x\)"
    assert answer.count('class="n"') == 2


def test_attributes_are_guarded_too(shelf: Collection) -> None:
    """Braces, colons and commands in a link or an alternative text neither break the gap nor the link."""
    html = Html('<a href="https://example.org/a::b?{{x}}" title="[sound:x.mp3]">here</a>')
    kind = shelf.models.get(NotetypeId(deck.CLOZE_ID))
    assert kind is not None
    note = shelf.new_note(kind)
    note["Text"] = syntax.gap(1, html)
    output = note.ephemeral_card(0).render_output()
    assert not output.answer_av_tags
    assert 'href="https://example.org/a&#58;:b?&#123;{x&#125;}"' in output.answer_text


def test_a_sound_plays(shelf: Collection) -> None:
    """`<audio>` becomes a sound of Anki's, on the side where it stands."""
    output = cards_of(shelf, "g-concept")[0].render_output()
    assert not output.question_av_tags
    assert [getattr(tag, "filename", None) for tag in output.answer_av_tags] == [SOUND.name]
    assert "<audio" not in output.answer_text


def test_front_and_back_stand_on_their_sides(shelf: Collection) -> None:
    """The question shows place, level and front; the answer adds, below a rule, back, notes and link."""
    question, answer = faces(shelf, "g-question")
    assert re.sub(r"\s+", " ", visible(question)).strip() == "Clouds › Compute › Scalingadvanced How?"
    assert "Thus." not in question
    assert "href" not in question
    assert 'data-level="advanced"' in question
    below = answer[answer.index('<hr id="answer">') :]
    assert re.sub(r"\s+", " ", visible(below)).strip() == "Thus. Only then. Open in the guide"
    assert "How?" in answer[: answer.index('<hr id="answer">')]
    assert 'href="https://example.org/clouds?a=1&amp;b=2#compute"' in below


def test_nothing_stands_where_there_is_nothing(shelf: Collection) -> None:
    """A note without level, extra and link shows no empty badge, box or link."""
    _, answer = faces(shelf, "g-takeaway")
    body = answer[answer.index("</style>") :] if "</style>" in answer else answer
    assert not re.search(r'class="level"|class="extra"|<footer|href', body)


def test_the_backward_card_asks_for_the_term(shelf: Collection) -> None:
    """It shows the meaning, picture and all, and then the term."""
    question, answer = faces(shelf, "g-term", 1)
    assert PICTURE.name in question
    assert "Disk</div>" not in question
    assert 'class="sp question backward" data-kind="term"' in question
    assert '<div class="term">Disk</div>' in answer[answer.index('<hr id="answer">') :]


def test_a_comparison_asks_one_cell_and_hides_the_others(shelf: Collection) -> None:
    """The asked cell is the only `.cloze`; the others are `.cloze-inactive`, which the question's style takes away."""
    question, answer = faces(shelf, "g-comparison", 0)
    assert re.search(r'Dynamo</div><div class="value"><span class="cloze"[^>]*>\[\.\.\.\]</span>', question)
    assert question.count('class="cloze-inactive"') == 2
    assert 'class="sp question" data-kind="comparison"' in question
    assert 'class="sp answer" data-kind="comparison"' in answer
    assert re.search(r'<span class="cloze"[^>]*>eventual</span>', answer)
    style = (resources.files("studypack.writers") / "cards" / "cards.css").read_text(encoding="utf-8")
    assert ".question .compare .cloze-inactive { display: none; }" in style


def test_a_cloze_leaves_the_other_gaps_readable(shelf: Collection) -> None:
    """In a sentence only the asked words are hidden."""
    question, answer = faces(shelf, "g-cloze", 1)
    assert "The cell has a [...]." in visible(question)
    assert "The cell has a wall." in visible(answer)


def test_every_kind_says_what_it_asks() -> None:
    """The style has a label for each kind of note that there is, and for the backward card."""
    style = (resources.files("studypack.writers") / "cards" / "cards.css").read_text(encoding="utf-8")
    labels = dict(re.findall(r'\.sp(\S+) \.front::before \{ content: "([^"]+)"', style))
    assert set(labels) == {*(f'[data-kind="{kind}"]' for kind in Kind), ".backward"}
    assert len(set(labels.values())) == 7


def test_templates_and_style_ask_for_nothing_from_outside() -> None:
    """No script, no request, no font; and the style stays small, for it travels in every package."""
    files = sorted(Path(str(resources.files("studypack.writers") / "cards")).glob("*.*"))
    text = "".join(file.read_text(encoding="utf-8") for file in files if file.suffix in {".html", ".css"})
    assert not re.search(r"<script|\bon\w+=|url\(|@import|@font-face|https?:|<link|<iframe", text)
    assert next(file for file in files if file.name == "cards.css").stat().st_size < 12_000


def test_a_change_of_the_look_has_a_later_release_time() -> None:
    """Anki ignores new templates under an old time: who changes them sets `CSS_RELEASED` and adds a line above."""
    files = sorted(Path(str(resources.files("studypack.writers") / "cards")).glob("*.*"))
    looks = [file for file in files if file.suffix in {".html", ".css"}]
    digest = hashlib.sha256(b"".join(file.read_bytes().replace(b"\r\n", b"\n") for file in looks)).hexdigest()[:16]
    assert max(RELEASES) == deck.CSS_RELEASED
    assert RELEASES[deck.CSS_RELEASED] == digest
