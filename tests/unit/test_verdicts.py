"""Cells that say yes, no or partly, and the legend."""

from __future__ import annotations

import pytest

from studypack.writers.paper.verdicts import Verdict, judge, legend, show


@pytest.mark.parametrize(
    ("text", "lang", "verdict", "word"),
    [
        ("Yes", "en", "yes", "Yes"),
        ("yes!", "en", "yes", "yes"),
        ("Yes, since v2", "en", "yes", "Yes"),
        ("No (planned)", "en", "no", "No"),
        ("No – but soon", "en", "no", "No"),
        ("Partial: reads only", "en", "partly", "Partial"),
        ("~", "en", "partly", "~"),
        ("✅", "en", "yes", ""),
        ("❌ single writer", "en", "no", ""),
        ("⚠️ with care", "en", "partly", ""),
        ("Ja", "de", "yes", "Ja"),
        ("teilweise", "de-AT", "partly", "teilweise"),
        ("Oui, depuis 2020", "fr", "yes", "Oui"),
        ("En partie", "fr", "partly", "En partie"),
        ("sí", "es", "yes", "sí"),
        ("não", "pt-BR", "no", "não"),
        ("nee", "nl", "no", "nee"),
        ("nej", "sv", "no", "nej"),
        ("nei", "no", "no", "nei"),
        ("tak", "pl", "yes", "tak"),
        ("Нет (пока)", "ru", "no", "Нет"),
        ("はい（一部）", "ja", "yes", "はい"),
        ("○", "ja", "yes", "○"),
        ("△", "ja", "partly", "△"),
        ("不支持", "zh", "no", "不支持"),
        ("نعم، منذ سنة", "ar", "yes", "نعم"),
        ("לא", "he", "no", "לא"),
        ("Yes", "de", "yes", "Yes"),
    ],
)
def test_a_cell_that_only_judges(text: str, lang: str, verdict: str, word: str) -> None:
    """A word or a mark, alone or before a note that is set off, in the guide's language or in English."""
    judged = judge(text, lang)
    assert judged is not None
    assert (judged.verdict, judged.word) == (verdict, word)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("", "en"),
        ("No limit", "en"),
        ("No. 5", "en"),
        ("Yes/No", "en"),
        ("Non-bloquant", "fr"),
        ("~1 second", "en"),
        ("Ja", "en"),
        ("Si", "en"),
        ("✅ read, ❌ write", "en"),
        ("Noon", "en"),
        ("○", "en"),
    ],
)
def test_a_cell_that_says_more(text: str, lang: str) -> None:
    """What only begins like a verdict, says two, or is a word of another language, is left as it is."""
    assert judge(text, lang) is None


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("Yes, now", '<b class="verdict">Yes</b>, now'),
        ("<strong>Yes</strong>, now", '<strong><b class="verdict">Yes</b></strong>, now'),
        ("<em>x</em>Yes", "<em>x</em>Yes"),
    ],
)
def test_the_word_is_marked_and_the_note_is_not(html: str, shown: str) -> None:
    """Only the word that judges gets an element of its own."""
    judged = judge("Yes, now", "en")
    assert judged is not None
    assert show(html, judged) == shown


def test_no_is_not_bold() -> None:
    """Weight tells yes from no where there is no colour."""
    judged = judge("No", "en")
    assert judged is not None
    assert judged.verdict is Verdict.NO
    assert show("No", judged) == '<span class="verdict">No</span>'


def test_a_legend_has_what_is_used() -> None:
    """Verdicts first, marks of one meaning together, other marks by their own word, in English only."""
    cells = ["✓ a", "🎯 b", "✅", "care ⚠️ here", "○", "plain"]
    assert [word for _, word in legend(cells, "en")] == ["yes", "target", "warning"]
    assert legend(cells, "en")[0][0].count("<img") == 2
    assert [(str(signs)[-1], word) for signs, word in legend(cells, "ja")] == [("○", "はい")]
    assert legend(["Yes", "No"], "en") == ()
    assert legend(cells, "tlh") == ()
