"""The pass over a guide's texts, which tries on each only those of Python-Markdown's patterns that can match it.

What the patterns are, in which order they come and what they make of a match is Python-Markdown's, and so are the
placeholders for what was made. Its own pass tries all twenty patterns on every text and walks the whole tree
three times.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from typing import cast
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import ETX, INLINE_PLACEHOLDER, INLINE_PLACEHOLDER_PREFIX, STX, AtomicString

_SIGN = re.compile(r"[`$\\\[<@&*_~=]|%%|  \n|://|[wW]{3}\.")

SIGNS: Mapping[str, tuple[str, ...]] = {
    "backtick": ("`",),
    "math-code": ("$",),
    "math-double": ("$",),
    "math-dollar": ("$",),
    "math-round": ("\\",),
    "escape": ("\\",),
    "footnote": ("[",),
    "reference": ("[",),
    "link": ("[",),
    "wiki-link": ("[",),
    "comment": ("%%",),
    "image_link": ("[",),
    "image_reference": ("[",),
    "short_reference": ("[",),
    "short_image_ref": ("[",),
    "autolink": ("<",),
    "automail": ("<",),
    "linebreak": ("  \n",),
    "html": ("<",),
    "magic-link": ("://", "www."),
    "magic-mail": ("@",),
    "entity": ("&",),
    "em_strong": ("*", "_", "~", "="),
}
"""What a text must hold for the pattern of a name to match it; that of a name which is not here may match any text."""

# A delimiter can cut a placeholder in two; Python-Markdown then takes what follows up to the next whole one with it.
_PREFIX = re.escape(INLINE_PLACEHOLDER_PREFIX)
_PLACEHOLDER = re.compile(rf"{_PREFIX}(?:(?=\d+{ETX})|.*?{_PREFIX})(\d+){ETX}", re.S)

Above = tuple[str, ...]
"""The tags of the elements around a text, outermost first: a link, for one, holds no further link."""


class InlinePass(Treeprocessor):
    """Reads the inline syntax of a tree of blocks, in place. `stashed_nodes` is where patterns look others' work up."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.stashed_nodes: dict[str, Element | str] = {}
        signs = {md.inlinePatterns[name]: signs for name, signs in SIGNS.items() if name in md.inlinePatterns}
        patterns = cast("list[InlineProcessor]", list(md.inlinePatterns))  # the older kind has no user left
        self._patterns = [(pattern, signs.get(pattern)) for pattern in patterns]
        self._chosen: dict[frozenset[str], list[tuple[int, InlineProcessor]]] = {}
        self._later = (("{", md.treeprocessors["attr_list"]), ("\\", md.treeprocessors["unescape"]))

    def run(self, root: Element) -> None:
        """Reads the texts of all blocks of a tree; an AtomicString is no Markdown."""
        for block in list(root.iter()):
            text = block.text
            if text and not isinstance(text, AtomicString):
                self._read(block, text)

    def _read(self, block: Element, text: str) -> None:
        self.stashed_nodes = {}
        above = (block.tag,)
        marked = self._marked(text, 0, above)
        if marked is text:
            return
        block.text, found = self._parts(marked)
        block.extend(found)
        self._read_again((element, above) for element in found)
        for sign, processor in self._later:
            if sign in text:
                processor.run(block)

    def _read_again(self, found: Iterable[tuple[Element, Above]]) -> None:
        """Reads what is inside the elements found: a text two levels deep in what a pattern made was not read yet.

        Others are read a second time there, which is Python-Markdown's way and shows in odd texts.
        """
        pending = deque(found)
        while pending:
            element, above = pending.popleft()
            above = (*above, element.tag)
            new: list[tuple[Element, list[Element]]] = []
            for child in element:  # grows while it is walked: what a tail holds is a child too
                inside = (*above, child.tag)
                if child.text and not isinstance(child.text, AtomicString):
                    child.text, inner = self._parts(self._marked(child.text, 0, inside))
                    pending.extend((one, inside) for one in inner)
                    new.append((child, inner))
                if child.tail:
                    self._split_tail(element, child, self._marked(child.tail, 0, above))
                if len(child):
                    pending.append((child, above))
            for child, inner in new:
                child[:0] = inner

    def _marked(self, text: str, first: int, above: Above) -> str:
        """A text with placeholders for what the patterns make of it, from pattern number `first` on."""
        if isinstance(text, AtomicString):
            return text
        for number, pattern in self._choose(text):
            if number >= first and not any(tag in above for tag in pattern.ANCESTOR_EXCLUDES):
                text = self._applied(pattern, number, text, above)
        return text

    def _choose(self, text: str) -> list[tuple[int, InlineProcessor]]:
        """The patterns that can match a text, and their numbers."""
        signs = frozenset(_SIGN.findall(text))
        if signs not in self._chosen:
            found = {sign.lower() for sign in signs}
            self._chosen[signs] = [
                (number, pattern)
                for number, (pattern, wanted) in enumerate(self._patterns)
                if wanted is None or not found.isdisjoint(wanted)
            ]
        return self._chosen[signs]

    def _applied(self, pattern: InlineProcessor, number: int, text: str, above: Above) -> str:
        """A text with placeholders for all that one pattern makes of it."""
        after = 0
        while found := _found(pattern, text, after):
            node, start, after = found
            if node is None:  # passed over
                continue
            if not isinstance(node, str) and not isinstance(node.text, AtomicString):
                self._mark_inside(node, number, above)
            name = f"{len(self.stashed_nodes):04d}"
            self.stashed_nodes[name] = node
            placeholder = INLINE_PLACEHOLDER % name
            text, after = f"{text[:start]}{placeholder}{text[after:]}", start + len(placeholder)
        return text

    def _mark_inside(self, node: Element, number: int, above: Above) -> None:
        for child in (node, *node):
            if child.text:
                child.text = self._marked(child.text, number + 1, (*above, child.tag))
            if child.tail:
                child.tail = self._marked(child.tail, number, above)

    # --- placeholders back to what they stand for ---

    def _parts(self, text: str) -> tuple[str | None, list[Element]]:
        """What a text with placeholders holds: the text before the first element, and the elements with their tails."""
        if STX not in text:
            return text, []
        before: str | None = None
        found: list[Element] = []
        for part in self._resolved(text):
            if not isinstance(part, str):
                self._resolve_inside(part)
                found.append(part)
            elif not found:
                before = before + part if before else part
            else:
                found[-1].tail = found[-1].tail + part if found[-1].tail else part
        return before, found

    def _resolved(self, text: str) -> Iterator[Element | str]:
        pieces = _PLACEHOLDER.split(text)
        for number, piece in enumerate(pieces):
            if number % 2:
                yield self.stashed_nodes[piece]
            elif piece:
                yield AtomicString(piece) if isinstance(text, AtomicString) and piece is pieces[-1] else piece

    def _resolve_inside(self, node: Element) -> None:
        children = list(node)
        for child in (node, *children):
            if child.tail and STX in child.tail:
                self._split_tail(node, child, child.tail)
            if child.text and STX in child.text:
                child.text, inner = self._parts(child.text)
                child[:0] = inner

    def _split_tail(self, parent: Element, child: Element, tail: str) -> None:
        child.tail, found = self._parts(tail)
        place = list(parent).index(child) + 1 if found else 0
        parent[place:place] = found


def _found(pattern: InlineProcessor, text: str, start: int) -> tuple[Element | str | None, int, int] | None:
    """The first that a pattern makes of a text from a place on, and where what it took starts and ends."""
    for match in pattern.getCompiledRegExp().finditer(text, start):
        node, begin, end = pattern.handleMatch(match, text)
        if begin is not None and end is not None:
            return node, begin, end
    return None
