"""Boxes that go on in the next column, ended below what stands in them.

CSS lets the first part of a broken box fill the column (css-break-3, box-splitting), and WeasyPrint 70 does so. Where
what comes next in the box may not be broken, its rule and its tint then run down over many blank lines.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

_SIDES = ("top", "bottom", "left", "right")


def keep_short(layout: Any) -> None:
    """Changes the function by which WeasyPrint's layout of blocks lays out what is in one. Twice is once."""
    fill = layout.block_container_layout
    if getattr(fill, "keeps_short", False):
        return

    @wraps(fill)
    def shortened(*given: Any, **named: Any) -> Any:
        made = fill(*given, **named)
        box, goes_on = made[:2]
        if box is not None and goes_on and _is_seen(box):
            box.height = min(box.height, max(0.0, _bottom(box.children) - box.content_box_y()))
        return made

    shortened.keeps_short = True  # type: ignore[attr-defined]
    layout.block_container_layout = shortened


def _is_seen(box: Any) -> bool:
    """Whether a box shows how high it is."""
    return box.style["background_color"].alpha > 0 or any(box.style[f"border_{side}_width"] for side in _SIDES)


def _bottom(children: Any) -> float:
    """How far down the last thing stands, in CSS pixels; what only holds others counts as far as they do.

    Not the markers of lists: those are set beside the flow, and later.
    """
    return max((_edge(child) for child in children if child.is_in_normal_flow()), default=0.0)


def _edge(box: Any) -> float:
    held = getattr(box, "children", ())
    if held and type(box).__name__ in ("BlockBox", "ListItemBox") and not _is_seen(box):
        return _bottom(held)
    return float(box.position_y + box.margin_height())
