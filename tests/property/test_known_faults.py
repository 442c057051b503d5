"""Where a property once did not hold: the smallest guide for each fault, found by chance or by attack."""

from __future__ import annotations

import re

import pytest

from studypack.model import Prose
from studypack.places import normal
from tests.property.packs import Markup, faces, inside, own_text, pack, siblings


@pytest.mark.parametrize(
    "text",
    [
        "## A\n\nx[^1]\n\n[^1]: # b\n",
        "## A\n\n```{\t}\nx\n```\n",
        "## A\n\nx\n\n## A\n\ny\n\n### #2\n\nz\n",
        "## #x\n\na\n\n## B {: #x }\n\nb\n",
        '---\ntitle: "\\uD800"\n---\n\n## A\n\nx\n',
        f"---\ntags: {'[' * 1000}\n---\n\n## A\n\nx\n",
    ],
    ids=["heading in a footnote", "fence of no language", "double", "pin", "half a character", "deep YAML"],
)
def test_any_text_gives_a_package_or_a_diagnostic(text: str) -> None:
    """No exception, whatever the author wrote."""
    made = pack(text)
    assert made.package or made.diagnostics


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("vector<int> w0001x", "w0001x"),
        ("copy to <path> w0001x", "w0001x"),
        ("the <title> of w0001x", "w0001x"),
        ("| a | b |\n|---|---|\n| <form> w0001x | c |", "w0001x"),
    ],
)
def test_a_name_in_angle_brackets_takes_no_words_along(text: str, word: str) -> None:
    """What looks like a tag may go; the words after it stay, or the author is told that they went."""
    assert word in " ".join(html for note in pack(f"## A\n\n{text}\n").notes for html in faces(note))


def test_definitions_without_blank_lines() -> None:
    """Terms that stand right below one another's definitions are terms side by side."""
    made = pack("## A\n\n" + "".join(f"T{number}\n: d{number}\n" for number in range(8)))
    assert [note.key[-1] for note in made.notes] == [f"t{number}" for number in range(8)]


def test_two_formulas_on_a_line() -> None:
    """A line of two displayed formulas is not one formula with dollars in it."""
    (note,) = pack("## A\n\n$$x$$ and $$y$$\n").notes
    assert not [html for html in faces(note) if "$$" in html]


@pytest.mark.filterwarnings("error")
def test_an_address_that_is_none() -> None:
    """A guide's `url` that cannot be read is reported, not printed as a stray exception."""
    made = pack('---\nurl: "http://[a"\n---\n\n## A\n\n[x](y)\n')
    assert any(found.code == "SP105" for found in made.diagnostics)


def test_place_of_unfinished_yaml() -> None:
    """What is wrong at the end of the front matter is said of a place in the file."""
    made = pack("---\ntitle: [\n---\n\n## A\n\nx\n")
    assert made.source
    assert all(inside(found.span, made.source.lines) for found in made.diagnostics)


def test_a_mark_in_a_mark() -> None:
    """A gap inside another is one gap, and each piece of the note is whole HTML."""
    for note in pack("## A\n\n<mark>a ==b== c</mark> d\n").notes:
        assert not [fault for html in faces(note) for fault in Markup(html).faults]


@pytest.mark.parametrize("text", ["## A\n\n&#2;wzxhzdk:0&#3; <b>x</b>\n", '---\ntitle: "a\\x02"\n---\n\n## A\n\nx\n'])
def test_control_characters_by_their_number(text: str) -> None:
    """A control character does not reach a card by way of a reference or an escape either."""
    assert not [html for note in pack(text).notes for html in faces(note) if re.search(r"[\x00-\x08\x0b-\x1f]", html)]


def test_links_in_the_head_of_a_comparison() -> None:
    """Where the guide is not published, a link into it is plain words, also in a table's head and first column."""
    (note,) = pack("## A\n\n| x | [b](#a) | c |\n|---|---|---|\n| [d](#a) | e | f |\n").notes
    assert not [html for html in faces(note) if 'href="#' in html]


def test_a_footnote_does_not_change_who_a_card_is() -> None:
    """A footnote written above changes the number of those below, and no guid."""
    rest = "- **T[^b]** — x\n\n### Why[^b]?\n\ny\n\n==m== n[^b]\n\n[^a]: p\n\n[^b]: q\n"
    before = [known.guid for known in pack(f"## A\n\nz\n\n## B\n\n{rest}").known][1:]
    after = [known.guid for known in pack(f"## A\n\nz[^a]\n\n## B\n\n{rest}").known][1:]
    assert before == after


def test_place_of_a_section_in_a_list() -> None:
    """The place of a section covers what stands below its heading, in a list item as well as at the top."""
    made = pack("## A\n\n1. ### b?\n\n   c\n\n2. d?\n\n   e\n")
    assert made.source
    assert made.guide
    for row in siblings(made.guide):
        for node in row:
            inner = [block for block in getattr(node, "blocks", ()) if isinstance(block, Prose)]
            assert all(normal(own_text(block)) in normal(made.source.slice(node.span)) for block in inner)
