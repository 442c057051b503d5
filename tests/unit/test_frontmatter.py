"""Front matter: what each key means, and what an author is told when it is wrong."""

from __future__ import annotations

import pytest

from studypack.diagnostics import Diagnostic
from studypack.frontmatter import Settings, read_settings
from studypack.span import Span
from tests.unit.reading import guide_of, source_of, told


def settings_of(yaml: str) -> Settings:
    """The settings of front matter that nothing is wrong with."""
    settings, found = read_settings(source_of(f"---\n{yaml}\n---\n# T\n"))
    assert found == ()
    return settings


def found_in(yaml: str) -> Diagnostic:
    """The only thing wrong with front matter."""
    _, (found,) = read_settings(source_of(f"---\n{yaml}\n---\n# T\n"))
    return found


# --- meanings and defaults ---


def test_a_guide_without_front_matter_has_the_defaults() -> None:
    """Language en, paper A4, no tags, level, url or switches; deck and title from the H1."""
    guide = guide_of("# Rocks\n\ntext\n")
    assert (guide.title.plain, guide.deck, guide.lang, guide.paper) == ("Rocks", "Rocks", "en", "A4")
    assert (guide.subtitle, guide.description, guide.author, guide.level, guide.url) == (None, None, None, None, None)
    assert (guide.tags, dict(guide.cards)) == ((), {})


def test_texts_are_taken_as_written() -> None:
    """Title, subtitle, description and author go into the guide."""
    guide = guide_of("---\ntitle: A & B\nsubtitle: s\ndescription: d\nauthor: Ä. Ö.\n---\n# A & B\n\nx\n")
    assert (guide.title.plain, guide.subtitle, guide.description, guide.author) == ("A & B", "s", "d", "Ä. Ö.")
    assert guide.title.html == "A &amp; B"


@pytest.mark.parametrize(
    "authors", ["[A. B., C. D.]", "\n  - A. B.\n  - name: C. D.\n    affiliation: E", "A. B., C. D."]
)
def test_several_authors(authors: str) -> None:
    """A list, also of maps with a name, as Pandoc and Quarto have them."""
    assert settings_of(f"author: {authors}").author == "A. B., C. D."


@pytest.mark.parametrize("author", ["&a [*a]", "&a {name: *a}", "[[A]]", "{given: A}", "&a [{name: *a}]"])
def test_authors_of_another_form_are_told(author: str) -> None:
    """Also a list that holds itself, which YAML can say."""
    assert found_in(f"author: {author}").code == "SP105"


TOML = """+++
title = "Tea: a guide"
author = ["A", "B"]
tags = ["drink", "hot"]
sheets = 2
ignore = [
  "SP603",
]
[cards]
concept = false
terms = "reversed"
+++
# T
"""


def test_toml_between_plus_signs() -> None:
    """Hugo's front matter says the same as YAML would, and is not part of the text."""
    settings, found = read_settings(source_of(TOML))
    assert found == ()
    assert (settings.title, settings.author, settings.tags) == ("Tea: a guide", "A, B", ("drink", "hot"))
    assert (settings.sheets, settings.ignore) == (2, ("SP603",))
    assert dict(settings.cards) == {"concept": "off", "term": "reversed"}
    assert guide_of(TOML + "\nx\n").intro[0].span.line == 15


@pytest.mark.parametrize(
    ("toml", "place", "code"),
    [
        ("draft = true", (2, 1), "SP104"),
        ('title = "a"\npaper = "A44"', (3, 9), "SP105"),
        ("title = x", (2, 9), "SP103"),
        ("title: x", (2, 6), "SP103"),
        ("[cards]\nriddles = false", (3, 1), "SP104"),
    ],
)
def test_what_is_wrong_in_toml_is_told_with_its_place(toml: str, place: tuple[int, int], code: str) -> None:
    """Keys, values and syntax, counted in the file."""
    _, (found,) = read_settings(source_of(f"+++\n{toml}\n+++\n# T\n"))
    assert ((found.span.line, found.span.column), found.code) == (place, code)


def test_the_title_of_the_front_matter_wins() -> None:
    """A `title` goes before the H1, and the deck follows it."""
    guide = guide_of("---\ntitle: Front\n---\n# Head\n\nx\n")
    assert (guide.title.plain, guide.deck) == ("Front", "Front")


def test_without_a_title_the_file_names_the_guide() -> None:
    """No single H1 and no `title`: the file's name."""
    assert guide_of("text\n").title.plain == "guide"
    assert guide_of("# A\n\nx\n\n# B\n\ny\n").title.plain == "guide"


def test_a_deck_nests_by_two_colons() -> None:
    """`deck` goes before the title, and `::` nests."""
    guide = guide_of("---\ndeck: School::Geology\n---\n# Rocks\n\nx\n")
    assert (guide.deck, guide.title.plain) == ("School::Geology", "Rocks")


def test_colons_of_a_title_do_not_nest() -> None:
    """A deck named by the title is one deck."""
    assert "::" not in guide_of("# std::vector\n\nx\n").deck


@pytest.mark.parametrize(
    ("yaml", "margins"),
    [
        ("margins: 12", (12.0, 12.0, 12.0, 12.0)),
        ("margins: 1cm 15mm", (10.0, 15.0, 10.0, 15.0)),
        ("margins: [10mm, 0.5in, 12]", (10.0, 12.7, 12.0, 12.7)),
        ("margins: 5mm 6mm 7mm 8mm", (5.0, 6.0, 7.0, 8.0)),
    ],
)
def test_margins_are_lengths_in_the_order_of_css(yaml: str, margins: tuple[float, ...]) -> None:
    """One to four of them; a bare number is millimetres."""
    assert settings_of(yaml).margins == pytest.approx(margins)


@pytest.mark.parametrize(
    ("yaml", "said"),
    [
        ("margins: 1mm", "not between 4 and 60 mm"),
        ("margins: wide", "one to four lengths"),
        ("margins: 9mm 9mm 9mm 9mm 9mm", "one to four lengths"),
        ("sheets: none", "not a whole number from 1 to 99"),
        ("sheets: 0", "not a whole number from 1 to 99"),
        ("columns: 7", "not a whole number from 1 to 6"),
        ("matrix-fit: a5", "none of a3, split, tiny"),
        ("theme: neon", "is no theme"),
    ],
)
def test_paper_s_settings_say_what_they_take(yaml: str, said: str) -> None:
    """SP105, with what would be right."""
    found = found_in(yaml)
    assert found.code == "SP105"
    assert said in found.message


def test_paper_s_settings_are_understood() -> None:
    """Sheets, columns, what becomes of a small matrix, themes by name and by file."""
    settings = settings_of("sheets: 2\ncolumns: 3\nmatrix-fit: A3\ntheme: [Sepia, mine.css]")
    assert (settings.sheets, settings.columns, settings.matrix_fit) == (2, 3, "a3")
    assert [name for name, _ in settings.theme] == ["sepia", "mine.css"]


@pytest.mark.parametrize(("yaml", "lang"), [("en", "en"), ("pt-BR", "pt-BR"), ("zh-Hant-TW", "zh-Hant-TW")])
def test_lang_is_a_language_tag(yaml: str, lang: str) -> None:
    """BCP 47 tags with script and region."""
    assert settings_of(f"lang: {yaml}").lang == lang


def test_yaml_s_own_words_stay_words() -> None:
    """`no` is Norwegian, 2024 a title, `on` a deck: values are as spelled."""
    settings = settings_of("lang: no\ntitle: 2024\ndeck: on\nlevel: 3\nauthor: 1.10")
    assert (settings.lang, settings.title, settings.deck, settings.level, settings.author) == (
        "no", "2024", "on", "3", "1.10",
    )  # fmt: skip


@pytest.mark.parametrize("yaml", ["tags: [a, b]", "tags:\n  - a\n  - b", "tags: a b", "tags: a, b", "tags: 'a,b'"])
def test_tags_are_a_list_or_words(yaml: str) -> None:
    """A YAML list, or words parted by blanks or commas."""
    assert settings_of(yaml).tags == ("a", "b")


def test_a_tag_may_nest_and_be_a_number() -> None:
    """`::` in a tag nests; a number is a tag."""
    assert settings_of("tags: ['exam::2024', 7]").tags == ("exam::2024", "7")


@pytest.mark.parametrize(
    ("written", "paper"),
    [
        ("A4", "A4"),
        ("a4", "A4"),
        ("A4 landscape", "A4 landscape"),
        ("letter Landscape", "Letter landscape"),
        ("A3", "A3"),
        ("Letter", "Letter"),
    ],
)
def test_paper_is_a_size_and_may_be_turned(written: str, paper: str) -> None:
    """The sizes of the guide format, whatever their case."""
    assert settings_of(f"paper: {written}").paper == paper


@pytest.mark.parametrize("value", ["https://example.org/rocks", "http://localhost:8000/a?b=c"])
def test_url_is_a_web_address(value: str) -> None:
    """Where the guide is published."""
    assert settings_of(f"url: {value}").url == value


@pytest.mark.parametrize("kind", ["question", "comparison", "term", "takeaway", "cloze", "concept"])
@pytest.mark.parametrize(("switch", "value"), [("on", "on"), ("off", "off"), ("true", "on"), ("no", "off")])
def test_cards_switches_each_kind(kind: str, switch: str, value: str) -> None:
    """Every kind can be switched, named in the singular or plural."""
    assert dict(settings_of(f"cards: {{{kind}: {switch}}}").cards) == {kind: value}
    assert dict(settings_of(f"cards:\n  {kind}s: {switch}").cards) == {kind: value}


def test_terms_can_be_reversed() -> None:
    """`terms: reversed` asks both ways."""
    assert dict(settings_of("cards: {terms: reversed}").cards) == {"term": "reversed"}


@pytest.mark.parametrize("yaml", ["title:", "title: ''", "title: ~", "lang:\nurl:\npaper:\ndeck:\ntags:"])
def test_a_key_without_a_value_says_nothing(yaml: str) -> None:
    """An empty value is the default."""
    assert settings_of(yaml) == Settings()


@pytest.mark.parametrize(
    "yaml",
    [
        pytest.param(
            "cards:",
        ),
        "cards: {}",
    ],
)
def test_cards_without_kinds_says_nothing(yaml: str) -> None:
    """A template's empty `cards:` switches nothing, as any other empty key."""
    assert dict(settings_of(yaml).cards) == {}


def test_a_text_of_several_lines_is_one_line() -> None:
    """YAML's folded texts become one line."""
    assert settings_of("description: >\n  one\n  two").description == "one two"


def test_comments_and_blank_lines_say_nothing() -> None:
    """YAML comments are no keys."""
    assert settings_of("# a comment\n\ntitle: A # another\n") == Settings(title="A")


def test_only_comments_are_no_mistake() -> None:
    """Front matter with nothing but a comment is empty."""
    assert settings_of("# nothing yet") == Settings()


# --- what is wrong ---


@pytest.mark.parametrize(
    ("key", "near"),
    [("titel", "title"), ("Title", "title"), ("tag", "tags"), ("language", "lang"), ("desription", "description")],
)
def test_an_unknown_key_names_the_nearest_known_one(key: str, near: str) -> None:
    """A warning at the key, with the key that was meant."""
    found = found_in(f"lang: en\n{key}: x")
    assert (found.code, found.span) == ("SP104", Span(3, 1, 3, 1 + len(key)))
    assert f"`{near}`" in found.hint


def test_an_unknown_key_far_from_all_lists_them() -> None:
    """Where nothing is near, the known keys are named."""
    assert "subtitle" in found_in("zzzz: 1").hint


def test_an_unknown_key_stops_nothing() -> None:
    """The rest of the front matter holds."""
    guide = guide_of("---\nlayout: post\ntitle: A\n---\nx\n")
    assert guide.title.plain == "A"


@pytest.mark.parametrize(
    ("yaml", "line"),
    [("title: A: B", 2), ("lang: en\ntitle: [a", 3), ("lang: en\ntitle: 'a", 3), ("a: 1\n b: 2", 3), ("x: @y", 2)],
)
def test_what_is_not_yaml_is_an_error_at_its_line(yaml: str, line: int) -> None:
    """Front matter that YAML cannot read."""
    found = found_in(yaml)
    assert found.code == "SP103"
    assert line <= found.span.line <= line + 1  # where YAML notices that a quote is open


@pytest.mark.parametrize("yaml", ["- a\n- b", "just text", "'quoted'"])
def test_front_matter_is_a_map(yaml: str) -> None:
    """A list or a text is no front matter."""
    found = found_in(yaml)
    assert (found.code, found.span.line) == ("SP103", 2)


@pytest.mark.parametrize(
    ("yaml", "column"),
    [
        ("title: [a, b]", 8),
        ("title: {a: b}", 8),
        ("tags: {a: b}", 7),
        ("tags: [[a]]", 8),
        ("lang: '12'", 7),
        ("lang: english language", 7),
        ("url: example.org", 6),
        ("url: ftp://example.org", 6),
        ("paper: A9", 8),
        ("paper: A4 sideways", 8),
        ("paper: landscape", 8),
        ("cards: off", 8),
        ("cards: [terms]", 8),
        ("cards: {terms: both}", 16),
        ("cards: {questions: reversed}", 20),
        ("cards: {terms: [on]}", 16),
    ],
)
def test_a_value_of_another_kind_is_an_error_at_the_value(yaml: str, column: int) -> None:
    """A value that its key cannot take is told at its own line and column."""
    found = found_in(f"author: me\n{yaml}")
    assert (found.code, found.span.line, found.span.column) == ("SP105", 3, column)
    assert found.hint


@pytest.mark.parametrize("value", ["'::'", "'A::'", "'A:: ::B'"])
def test_a_deck_with_an_empty_part_is_an_error(value: str) -> None:
    """Every part between `::` needs a name."""
    found = found_in(f"deck: {value}")
    assert (found.code, found.span.line, found.span.column) == ("SP107", 2, 7)


def test_an_unknown_card_kind_names_the_nearest() -> None:
    """A misspelled kind is a warning at its place."""
    found = found_in("cards:\n  conceps: off")
    assert (found.code, found.span.line, found.span.column) == ("SP104", 3, 3)
    assert "`concept`" in found.hint


def test_all_mistakes_are_told_at_once() -> None:
    """Mistakes are collected, not thrown one at a time."""
    text = "---\ntitel: A\nlang: '1'\npaper: B9\n---\n# A\n\nx\n"
    assert [(each.code, each.span.line) for each in told(text)] == [("SP104", 2), ("SP105", 3), ("SP105", 4)]


def test_places_hold_for_windows_files_with_a_mark() -> None:
    """CRLF and a byte order mark shift no line or column."""
    (found,) = told(b"\xef\xbb\xbf---\r\nlang: en\r\ntitel: A\r\n---\r\n# A\r\n\r\nx\r\n")
    assert found.span == Span(3, 1, 3, 6)


def test_a_key_given_twice_is_told() -> None:
    """A second value for a key is no silent winner."""
    assert [(each.code, each.span.line) for each in told("---\ntitle: A\ntitle: B\n---\nx\n")] != []


@pytest.mark.parametrize("yaml", ["a: !!python/object/apply:os.system [ls]", "title: !!binary x", "a: &a [*a]"])
def test_yaml_s_dangerous_parts_do_nothing(yaml: str) -> None:
    """No tag or alias runs or loops; the guide is read or an error told."""
    assert all(each.code in ("SP103", "SP104", "SP105") for each in told(f"---\n{yaml}\n---\n# T\n\nx\n"))


def test_signs_that_end_a_line_in_yaml_only() -> None:
    """YAML ends a line at U+0085 and U+2028, an editor does not: what is said after one lies where editors show it."""
    _, (found,) = read_settings(source_of("---\ntitle: \x85\nauthor: \u2028\ntitle: a\n---\n\n# A\n"))
    assert (found.code, found.span.line, found.span.column) == ("SP109", 4, 1)
