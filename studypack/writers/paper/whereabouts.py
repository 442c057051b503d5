"""Where things came to stand on the paper: what proves, on every build, that nothing is lost, cut or out of order.

WeasyPrint loses silently: a page count proves nothing, for what overflows is drawn off the page, or not at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from studypack.writers.paper.page import Page

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, from the upper left corner of the page."""

_Corner = tuple[int, float, float]  # page, and the upper left corner of a thing on it, in CSS pixels

_LINE = 4.0  # CSS pixels; less than any line, and than any distance between columns
_ROUNDING = 1.5  # CSS pixels by which a box may stand over, for borders and rounding
_PIXEL = 0.75  # points


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where a thing stands: its page, from 0; its own box, and the box round all its content, which may stand over.

    Lengths in points.
    """

    page: int
    box: Box
    content: Box


def lost(document: Any, page: Page) -> tuple[str, ...]:
    """The ids of `page.places` that are nowhere, stand over the edge, or before what they should follow."""
    found: dict[str, _Corner] = {}
    amiss: set[str] = set()
    edge = page.margin / _PIXEL - _ROUNDING
    for number, sheet in enumerate(document.pages):
        room = (edge, edge, sheet.width - edge, sheet.height - edge)
        for name, box in sheet.anchors.items():
            found.setdefault(name, (number, box[0], box[1]))
            if not _inside(box, room):
                amiss.add(name)
        amiss.update(_overhanging(sheet, room))
    before: _Corner = (0, 0.0, 0.0)
    for name in page.places:
        corner = found.get(name)
        if corner is None or not _follows(before, corner):
            amiss.add(name)
        before = corner or before
    return tuple(name for name in page.places if name in amiss)


def filled(document: Any) -> float:
    """The pages that are printed, the last one as far down as something stands on it."""
    last = document.pages[-1]
    lowest = max((bottom for _, _, _, bottom in last.anchors.values()), default=0.0)
    return float(len(document.pages) - 1 + min(1.0, max(0.05, lowest / last.height)))


def spots(document: Any, names: Collection[str]) -> Mapping[str, tuple[Spot, ...]]:
    """Where the things with these ids came to stand, with all that is in them: one spot a page, none if lost."""
    found: dict[str, list[Spot]] = {name: [] for name in names}
    for number, sheet in enumerate(document.pages):
        for box in _content(sheet):
            _collect(box, number, found)
    return {name: tuple(places) for name, places in found.items()}


def _content(sheet: Any) -> Sequence[Any]:
    """The boxes of a page but for those in its margins; there is no public way to them."""
    from weasyprint.formatting_structure.boxes import MarginBox

    return [box for box in sheet._page_box.children if not isinstance(box, MarginBox)]  # noqa: SLF001


def _follows(one: _Corner, other: _Corner) -> bool:
    """Whether a reader who has read the one comes to the other: further down, or in another column, or overleaf."""
    return other[0] > one[0] or (other[0] == one[0] and (other[2] > one[2] - _LINE or abs(other[1] - one[1]) > _LINE))


def _inside(box: Box, room: Box) -> bool:
    return box[0] >= room[0] and box[1] >= room[1] and box[2] <= room[2] and box[3] <= room[3]


def _overhanging(sheet: Any, room: Box) -> Iterator[str]:
    """The ids of blocks out of which text or a picture stands over the edge, though they are on the page themselves."""
    content = _content(sheet)
    # Hardly ever is something outside, so its name is looked for only then.
    if not all(_inside(area, room) for area in _leaves(content)):
        yield from (name for area, name in _named(content, "") if name and not _inside(area, room))


def _leaves(content: Sequence[Any]) -> Iterator[Box]:
    """Where text and pictures stand: the boxes that hold no others."""
    waiting = list(content)
    while waiting:
        box = waiting.pop()
        if box.children:
            waiting += box.children
        elif getattr(box, "text", "drawn").strip():  # blanks at the end of a line may stand anywhere
            yield box.position_x, box.position_y, box.position_x + box.width, box.position_y + box.height


def _named(content: Sequence[Any], name: str) -> Iterator[tuple[Box, str]]:
    """The same, each with the id of the block that it stands in."""
    for box in content:
        inner = box.style["anchor"] or name
        if box.children:
            yield from _named(box.children, inner)
        else:
            yield from ((area, inner) for area in _leaves([box]))


def _collect(box: Any, page: int, found: Mapping[str, list[Spot]]) -> Box:
    """Notes the spots of a box and of those in it; gives back what they cover, in points.

    The public list of anchors has a thing's own box only, and a table or a picture that is wider stands over silently.
    """
    own = left, top, right, bottom = _edges(box)
    for child in box.children:
        inside = _collect(child, page, found)
        left, top = min(left, inside[0]), min(top, inside[1])
        right, bottom = max(right, inside[2]), max(bottom, inside[3])
    name = box.style["anchor"]
    if name in found:
        found[name].append(Spot(page=page, box=own, content=(left, top, right, bottom)))
    return left, top, right, bottom


def _edges(box: Any) -> Box:
    left, top, width, height = box.hit_area()
    return left * _PIXEL, top * _PIXEL, (left + width) * _PIXEL, (top + height) * _PIXEL
