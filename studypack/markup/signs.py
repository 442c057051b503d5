"""The pass over a guide's texts, which tries on each only those of Python-Markdown's patterns that can match it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import Pattern
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

_SIGN = re.compile(r"[`$\\\[<@&*_~=]|  \n|://|[wW]{3}\.")

# What a text must hold for the pattern of a name to match it; that of a name which is not here may match any text.
_SIGNS: Mapping[str, frozenset[str]] = {
    "backtick": frozenset("`"),
    "math-code": frozenset("$"),
    "math-double": frozenset("$"),
    "math-dollar": frozenset("$"),
    "math-round": frozenset("\\"),
    "escape": frozenset("\\"),
    "footnote": frozenset("["),
    "reference": frozenset("["),
    "link": frozenset("["),
    "image_link": frozenset("["),
    "image_reference": frozenset("["),
    "short_reference": frozenset("["),
    "short_image_ref": frozenset("["),
    "autolink": frozenset("<"),
    "automail": frozenset("<"),
    "linebreak": frozenset(["  \n"]),
    "html": frozenset("<"),
    "magic-link": frozenset(["://", "www."]),
    "magic-mail": frozenset("@"),
    "entity": frozenset("&"),
    "em_strong": frozenset("*_~="),
}


class InlinePass(InlineProcessor):
    """Python-Markdown's pass, text by text: most hold no sign of any pattern, the others those of one or two."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self._signs = {md.inlinePatterns[name]: signs for name, signs in _SIGNS.items() if name in md.inlinePatterns}
        self._patterns = list(md.inlinePatterns)
        self._chosen: dict[frozenset[str], list[Pattern]] = {}
        self._later = (("{", md.treeprocessors["attr_list"]), ("\\", md.treeprocessors["unescape"]))

    def run(self, tree: Element, ancestors: list[str] | None = None) -> Element:
        """Reads the texts of a tree of blocks, in place."""
        for element in list(tree.iter()):
            text = element.text
            if text and not isinstance(text, AtomicString):
                self.read(element, text)
        return tree

    def read(self, element: Element, text: str) -> None:
        """Reads the text of one block."""
        signs = frozenset(_SIGN.findall(text))
        if signs not in self._chosen:
            self._chosen[signs] = self._choose(signs)
        self.inlinePatterns = self._chosen[signs]  # type: ignore[assignment]  # a list will do
        if self.inlinePatterns:
            holder = Element("div")
            holder.append(element)
            super().run(holder)
            for sign, processor in self._later:
                if sign in text:
                    processor.run(element)

    def _choose(self, signs: frozenset[str]) -> list[Pattern]:
        found = {sign.lower() for sign in signs}
        return [pattern for pattern in self._patterns if not found.isdisjoint(self._signs.get(pattern, found))]
