"""What could not be printed, and where an author is told that it stands."""

from __future__ import annotations

import sys

import pytest

from studypack import unprintable
from studypack.span import START, Span
from studypack.writers.paper import fonts, mathematics
from studypack.writers.paper.page import Missing
from tests.unit.reading import source_of

TEXT = """---
title: 題
---

## One

A word 漢字 and 漢, and &#x5b57;.
Runes: 𐀀𐀁𐀀.

- 한국 🜚 and 🜛
"""


@pytest.fixture
def without_cjk(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the extra is not installed."""
    for package in fonts.EXTRAS[0].packages:
        monkeypatch.setitem(sys.modules, package, None)


def said(text: str, *missing: Missing) -> list[str]:
    """The diagnostics in a terminal's form."""
    return [each.text() for each in unprintable.characters(source_of(text), missing)]


def at(characters: str, span: Span | None = None) -> list[Missing]:
    """Missing characters, all in one block."""
    return [Missing(character=character, span=span) for character in characters]


def test_a_script_is_told_once_with_its_extra(without_cjk: None) -> None:
    """Line and column of the first character, how many there are, and what would print them; the same twice is once."""
    han, hangul = said(TEXT, *at("字漢", Span(7, 1, 8, 12)), *at("漢한국"))
    assert han == (
        "/nowhere/guide.md:7:8: warning SP501: no font of ours can draw 2 characters of the Han script, such as 漢字; "
        "� is printed instead\n  hint: install the fonts for it: pip install 'studypack[cjk]'"
    )
    assert hangul.startswith("/nowhere/guide.md:10:3: warning SP501: ")
    assert "2 characters of the Hangul script, such as 한국;" in hangul


def test_punctuation_belongs_to_the_script_it_is_used_with(without_cjk: None) -> None:
    """Ideographic full stops and full-width letters are not told one by one."""
    (told,) = said("漢、「」。Ａ", *at("、。「」Ａ漢"))
    assert "6 characters of the Han script" in told


def test_what_no_extra_brings_is_to_be_written_otherwise() -> None:
    """A script without a font at all, and one whose extra is installed already."""
    rare, linear = said(TEXT, *at("𐀀𐀁", Span(7, 1, 8, 12)), *at("題", START))
    assert linear.startswith("/nowhere/guide.md:8:8: warning SP501: ")
    assert "2 characters of the Linear B script, such as 𐀀𐀁; � is" in linear
    assert linear.endswith("hint: write it in another way")
    assert rare.startswith("/nowhere/guide.md:2:8: warning SP501: no font of ours can draw 題 (U+984C); � is")
    assert rare.endswith("hint: write it in another way")


def test_symbols_are_told_one_by_one() -> None:
    """Each symbol of no script has its own place; beyond twenty the rest are told together."""
    first, second = said(TEXT, *at("🜛🜚"))
    assert (":10:6: " in first, ":10:12: " in second) == (True, True)
    assert "🜚 (U+1F71A); � is printed instead" in first
    many = said("x", *at("".join(chr(0x1F700 + n) for n in range(30))))
    assert len(many) == unprintable.NAMED + 1
    assert "10 characters, such as" in many[-1]


def test_an_entity_is_told_at_its_block() -> None:
    """A character that the text does not hold as itself has the block's place."""
    (told,) = said("## A\n\nsee &#x10000;\n", *at("𐀀", Span(3, 1, 3, 14)))
    assert told.startswith("/nowhere/guide.md:3:1: ")


def test_what_cannot_be_seen_is_told_by_number() -> None:
    """No control character, and no mark without its letter, gets into a terminal."""
    told = said("x", *at("\u202e\U000e0001\U0001e8d0"))
    assert all("\u202e" not in each and "\U000e0001" not in each for each in told)
    assert any("U+202E; � is" in each for each in told)


@pytest.mark.parametrize(
    ("text", "tex", "span"),
    [
        ("a $\\ce{H}$ b", r"\ce{H}", Span(1, 4, 1, 10)),
        ("a\n\n> $$\n> \\bad{x}\n> = 1\n> $$", r"\bad{x} = 1", Span(4, 3, 5, 6)),
        ("| a $\\foo \\| x$ |", r"\foo | x", Span(1, 6, 1, 15)),
        ("nothing", r"\ce{H}", START),
    ],
)
def test_a_formula_is_told_where_it_stands(text: str, tex: str, span: Span) -> None:
    """In a line, over several lines of a quotation, in a table with its bars escaped."""
    (found,) = unprintable.formulas(source_of(text), [tex])
    assert (found.code, found.span) == ("SP508", span)
    assert found.message.endswith(tex)


def test_formulas_without_their_extra_are_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing draws formulas, one warning at the first of them says what to install."""
    monkeypatch.setitem(sys.modules, "ziafont", None)
    mathematics._ziamath.cache_clear()
    try:
        (found,) = unprintable.formulas(source_of("x\n\n$b$ and $a$"), ["a", "b"])
    finally:
        monkeypatch.undo()
        mathematics._ziamath.cache_clear()
    assert found.span == Span(3, 2, 3, 3)
    assert found.hint == "install it: pip install 'studypack[math]'"
