"""Words of the other direction kept in one piece where a line's markup would part them.

WeasyPrint 70 orders the letters of each stretch of text by Unicode's rules, but sets the stretches themselves, parted
by every <b> or <a>, in the direction of their paragraph: three Hebrew words in an English line, the middle one bold,
come out last word first. An element with a `dir` around them puts that right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

from markupsafe import Markup

_RTL = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_TOKENS = re.compile(r"<[^>]*>|[^<]+")
_CHARACTERS = re.compile(r"&#?\w+;|.", re.DOTALL)
_VOID = frozenset(("br", "hr", "img", "input", "wbr"))
_INLINE = frozenset("a abbr b bdi cite code del dfn em i ins kbd mark q s samp small span strong sub sup u var".split())


def kept_together(html: Markup, rtl: bool) -> Markup:
    """HTML for a paragraph of one direction, with a `dir` around what runs the other way across several elements."""
    if "<" not in html or not _RTL.search(html):
        return html
    root = _parse(html)
    return Markup("".join(_printed(root, rtl)))  # our own HTML, with our own elements added


@dataclass(slots=True)
class _Element:
    """An element with its tags as written, or a text, which has none."""

    start: str = ""
    end: str = ""
    text: str = ""
    children: list[_Element] = field(default_factory=list)

    @property
    def name(self) -> str:
        return re.match(r"<?([\w-]*)", self.start)[1]  # type: ignore[index]  # it matches anything

    @property
    def direction(self) -> str:
        """`L` or `R` if all its letters run so, `N` if there are none, `M` for both, or for what is no text."""
        if self.start and (self.name not in _INLINE or " dir=" in self.start):
            return "M"
        if not self.start:
            return _direction(self.text)
        found = {child.direction for child in self.children} - {"N"}
        return found.pop() if len(found) == 1 else "M" if found else "N"


def _parse(html: str) -> _Element:
    root = _Element()
    stack = [root]
    for token in _TOKENS.findall(html):
        if token.startswith("</"):
            if len(stack) > 1:
                stack.pop().end = token
        elif token.startswith("<"):
            element = _Element(start=token)
            stack[-1].children.append(element)
            if element.name not in _VOID:
                stack.append(element)
        else:
            stack[-1].children.extend(_stretches(token))
    return root


def _stretches(text: str) -> Iterator[_Element]:
    """A text, cut where its direction changes; what has none stands alone."""
    current, kind = "", ""
    for character in _CHARACTERS.findall(text):
        own = _direction(character)
        if current and own != kind:
            yield _Element(text=current)
            current = ""
        current, kind = current + character, own
    if current:
        yield _Element(text=current)


def _direction(text: str) -> str:
    found = {unicodedata.bidirectional(letter) for letter in unescape(text)}
    left, right = "L" in found, bool(found & {"R", "AL"})
    return "M" if left and right else "L" if left else "R" if right else "N"


def _printed(element: _Element, rtl: bool) -> Iterator[str]:
    yield element.start
    yield element.text
    children, against = element.children, "L" if rtl else "R"
    at = 0
    while at < len(children):
        end = _end_of_run(children, at, against)
        parted = end - at > 1 and any(child.start for child in children[at:end])
        if parted:
            yield '<span dir="ltr">' if rtl else '<span dir="rtl">'
        for child in children[at : max(end, at + 1)]:
            yield from _printed(child, rtl != parted)
        if parted:
            yield "</span>"
        at = max(end, at + 1)
    yield element.end


def _end_of_run(children: list[_Element], at: int, against: str) -> int:
    """Where the stretches that run against the line, and what stands between them, end; `at` if none begins there."""
    directions = [child.direction for child in children[at:]]
    if directions[0] != against:
        return at
    length = next((n for n, each in enumerate(directions) if each not in (against, "N")), len(directions))
    while directions[length - 1] == "N":
        length -= 1
    return at + length
