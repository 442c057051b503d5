"""Guides by chance on paper: nothing is lost, nothing stands over the edge, nothing is printed over something else.

`PAPER_EXAMPLES=500 python3 bootstrap.py test tests/property/test_paper.py` tries as many guides as that.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import replace

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from studypack.model import Guide
from studypack.writers import cheatsheet, matrix
from studypack.writers.matrix.comparisons import comparisons
from studypack.writers.paper.page import Paper
from tests.property.hard import Hard, hard
from tests.property.packs import pack
from tests.property.paper import letters, texts_in_tables, texts_on_sheet
from tests.property.strategies import WORD, Made, guides

EXAMPLES = int(os.environ.get("PAPER_EXAMPLES", "8"))
"""Guides for each property: a cheat sheet takes half a second."""

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff]")

trying = settings(max_examples=EXAMPLES, phases=(Phase.explicit, Phase.generate))
"""A guide that fails is shown as it is: to look for a smaller one would take minutes."""


def _guide(text: str) -> Guide:
    guide = pack(text).guide
    assert guide
    return guide


def _sound(paper: Paper, texts: list[str], long: Iterable[str] = (), *, in_order: bool = True) -> None:
    """What holds for every paper; where texts of both directions meet, words stand as they are seen, not as read."""
    found = letters(paper.data)
    assert [finding.text() for finding in paper.diagnostics if finding.code in ("SP303", "SP504")] == []
    assert (found.missing(texts) if in_order else found.lacks(WORD.findall(" ".join(texts)))) == []
    assert found.lacks(long) == []
    assert (found.outside(), found.covered()) == ("", "")


@given(guides(), st.booleans())
@trying
def test_a_cheat_sheet_loses_nothing(made: Made, both_ways: bool) -> None:
    """Every word that is written as text is on the cheat sheet, in the guide's order, on the sheet, readable."""
    guide = _guide(made.text if both_ways else _RIGHT_TO_LEFT.sub("", made.text))
    texts = texts_on_sheet(guide)
    drawn = set(WORD.findall(" ".join(re.findall(r"\$[^$\s]*\$|!\[\S*?\]", made.text))))
    assert (made.body | made.shared | made.apart) - drawn <= set(WORD.findall(" ".join(texts)))
    _sound(cheatsheet.write(guide), texts, in_order=not both_ways)


@given(st.one_of(guides(), hard()), st.floats(6.6, 12.0), st.integers(1, 4), st.sampled_from(("plain", "sepia")))
@trying
def test_no_size_and_no_grid_loses_anything(made: Made | Hard, size: float, columns: int, theme: str) -> None:
    """Whatever the type and the columns, every block is found on the paper, whole and in order."""
    guide = replace(_guide(made.text), columns=columns, theme=theme)
    assert cheatsheet.laid_out(guide, size).lost == ()


@given(guides())
@trying
def test_a_matrix_loses_nothing(made: Made) -> None:
    """Every row of every comparison is on the one page, in order, readable."""
    guide = _guide(_RIGHT_TO_LEFT.sub("", made.text))
    paper = matrix.write(guide)
    tables = [found.table for found in comparisons(guide)]
    assert bool(paper) is bool(tables)
    if paper:
        assert paper.pages == 1
        _sound(paper, texts_in_tables(tables))


@given(hard())
@trying
def test_what_is_too_large_is_broken_or_shrunk(made: Hard) -> None:
    """Endless words and lines of code, wide tables, huge pictures, deep lists: all of it is there, and on the sheet."""
    guide = _guide(made.text)
    _sound(cheatsheet.write(guide), texts_on_sheet(guide), sorted(made.long))


@given(hard(tables=True))
@trying
def test_a_matrix_of_large_tables_is_whole_or_none(made: Hard) -> None:
    """A matrix of wide and long tables is all there on one page, or the author is told that it cannot be."""
    guide = _guide(made.text)
    paper = matrix.write(guide)
    assert paper
    if not paper.data:
        assert [finding.message for finding in paper.diagnostics if "does not fit" in finding.message]
    else:
        assert paper.pages == 1
        # A table of too many subjects is cut between them, and its words then stand in another order.
        words = WORD.findall(" ".join(texts_in_tables(found.table for found in comparisons(guide))))
        _sound(paper, [], [*words, *sorted(made.long)])
