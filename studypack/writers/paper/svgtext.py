"""Text in SVG pictures set as whole words.

WeasyPrint 70 sets it letter by letter: Hebrew then runs backwards, Arabic letters do not join, the vowels of Indian
scripts stand beside their consonants, and no pair is kerned. Only a place or an angle for each letter needs that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping
from typing import Any

_EACH_LETTER = ("letter-spacing", "rotate", "textLength")
_PLACES = ("x", "y", "dx", "dy")


def set_whole_words(tags: MutableMapping[str, Any]) -> None:
    """Changes WeasyPrint's drawing functions for `<text>` and its kin, which it looks up by tag. Twice is once."""
    for tag in ("text", "tspan"):
        draw = tags[tag]
        tags[tag] = draw if isinstance(draw, _WholeWords) else _WholeWords(draw)


class _WholeWords:
    """Stands in for WeasyPrint's function, and is taken for it where it is looked for."""

    def __init__(self, draw: Any) -> None:
        self._draw = draw

    def __call__(self, svg: Any, node: Any, font_size: float) -> None:
        if node.text and not _is_by_letter(node):
            node._etree_node.text = _Word(node.text)  # noqa: SLF001  # what WeasyPrint itself sets
        self._draw(svg, node, font_size)

    def __eq__(self, other: object) -> bool:
        return other is self or other is self._draw

    def __hash__(self) -> int:
        return hash(self._draw)


class _Word(str):
    """A text whose letters are not to be parted."""

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        yield str(self)


def _is_by_letter(node: Any) -> bool:
    several = any(re.search(r"[\s,]", node.get(name, "").strip()) for name in _PLACES)
    return several or any(node.get(name) for name in _EACH_LETTER)
