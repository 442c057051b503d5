"""Where words of the other direction are kept in one piece."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from studypack.writers.paper.bidi import kept_together

PIECES = st.sampled_from(
    ["a", "שלום", "عربي", " ", "12", ".", "<b>", "</b>", "<a>", "</a>", "<br>", "&amp;", "<i dir='ltr'>", "</i>"]
)


def together(html: str, rtl: bool) -> str:
    """The HTML that goes on paper."""
    return str(kept_together(Markup(html), rtl))  # noqa: S704  # made up here


@pytest.mark.parametrize(
    ("html", "rtl", "kept"),
    [
        ("one אחת <b>שתיים</b> שלוש.", False, 'one <span dir="rtl">אחת <b>שתיים</b> שלוש</span>.'),
        (
            "ראו <b>RFC</b> 793 there <i>too</i>, כן",
            True,
            'ראו <span dir="ltr"><b>RFC</b> 793 there <i>too</i></span>, כן',
        ),
        ("one <b>אחת</b> two", False, "one <b>אחת</b> two"),
        ("אחת שתיים <b>a</b> שלוש", False, "אחת שתיים <b>a</b> שלוש"),
        ("<p>x (אחת <b>שתיים</b>)</p>", False, '<p>x (<span dir="rtl">אחת <b>שתיים</b></span>)</p>'),
        ("אחת<br><b>שתיים</b>", False, "אחת<br><b>שתיים</b>"),
        ("&lt;אחת&gt; <b>שתיים</b>", False, '&lt;<span dir="rtl">אחת&gt; <b>שתיים</b></span>'),
        ("plain <b>text</b>", False, "plain <b>text</b>"),
    ],
)
def test_a_run_across_elements_gets_its_direction(html: str, rtl: bool, kept: str) -> None:
    """A run is what lies between its first and last word; punctuation at its ends belongs to the line."""
    assert together(html, rtl) == kept


@given(st.lists(PIECES).map("".join), st.booleans())
def test_nothing_is_lost_or_moved(html: str, rtl: bool) -> None:
    """Whatever the text, all of it stays, in its order; only our own elements come in, each closed again."""
    result = together(html, rtl)
    assert re.sub(r"<[^>]*>", "", result) == re.sub(r"<[^>]*>", "", html)
    assert result.count("<span dir=") == result.count("</span>")
