"""Boxes that are broken where a column or page ends."""

from __future__ import annotations

import pytest

from studypack.writers.paper import pdf
from studypack.writers.paper.page import Page
from studypack.writers.paper.whereabouts import spots

CSS = """
@page { size: 200pt 100pt; margin: 0 }
html { font-size: 10pt; line-height: 1 }
body, p, ul { margin: 0 }
.seen { background: #eee; border-left: 2pt solid; padding-bottom: 3pt; box-decoration-break: clone }
.high { break-inside: avoid; height: 80pt }
"""
BOX = '<div id="box" class="seen">{}</div>'
GOES_ON = '<p>one</p><p>two</p><div class="high">three</div>'


@pytest.mark.parametrize(
    "inside",
    [GOES_ON, f"<div><div>{GOES_ON}</div></div>", f"<p>zero</p><div>{GOES_ON}</div>", f"<ul><li>{GOES_ON}</li></ul>"],
    ids=["plain", "nested", "after another", "list"],
)
def test_a_box_that_goes_on_ends_below_its_text(inside: str) -> None:
    """Its tint and its rule do not run down over what is left of the column, also where another box is inside it."""
    html = f'<html><body>{BOX.format(inside)}<p id="last">four</p></body></html>'
    found = spots(pdf.lay_out(Page(html=html, css=CSS, path="a.md")).document, ["box", "last"])
    first, second = found["box"]
    lines = inside.count("<p>")
    assert first.box[3] == pytest.approx(10 * lines + 3, abs=0.1)
    assert second.box[3] == pytest.approx(80 + 3, abs=0.1)
    assert found["last"][0].box[1] == pytest.approx(83, abs=0.1)


def test_what_stands_in_it_and_is_seen_too_ends_there_as_well() -> None:
    """A quotation in a box: both end below the text, each with its own blank beneath."""
    inner = f'<div id="inner" class="seen">{GOES_ON}</div>'
    found = spots(
        pdf.lay_out(Page(html=f"<html><body>{BOX.format(inner)}</body></html>", css=CSS, path="a.md")).document,
        ["box", "inner"],
    )
    assert found["inner"][0].box[3] == pytest.approx(23, abs=0.1)
    assert found["box"][0].box[3] == pytest.approx(26, abs=0.1)
