"""Reading the inside of a paragraph: its bold opening, its lines, whether it is only links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element

_BLANK = r"(?:\s|&nbsp;|&#160;)"
_LONG_DASH = r"(?:[—–]|&[mn]dash;|&#821[12];)"
_DASH = re.compile(rf"{_BLANK}*(?:[:-]|{_LONG_DASH}+){_BLANK}+(?=\S)|{_BLANK}*(?:{_LONG_DASH}+|：){_BLANK}*(?=\S)")
_LONE_DASH = re.compile(r"\s*[—–:-]\s*$")
_WORD = re.compile(r"\w")
_LISTS = ("ul", "ol")
_LETTER = re.compile(r"[^\W\d_]")
COLON_AT_END = re.compile(r"\s*[:\N{FULLWIDTH COLON}]\s*$")
"""A colon that ends a term."""


class Opening(NamedTuple):
    """The bold start of a paragraph, and what follows it."""

    strong: Element
    rest: list[Element | str]


def first_line(parts: Sequence[Element | str]) -> int:
    """How many parts make up the first line of a paragraph; a hard break ends it too."""
    for number, part in enumerate(parts):
        if (isinstance(part, str) and part.endswith("\n")) or (isinstance(part, Element) and part.tag == "br"):
            return number + 1
    return len(parts)


def parts_of(element: Element) -> list[Element | str]:
    """Texts and elements inside an element, lines of text apart."""
    parts: list[Element | str] = []
    for part in contents_of(element):
        parts.extend(part.splitlines(keepends=True) if isinstance(part, str) else [part])
    return parts


def contents_of(element: Element) -> list[Element | str]:
    """Texts and elements inside an element."""
    parts: list[Element | str] = [element.text] if element.text else []
    for child in element:
        parts.append(child)
        if child.tail:
            parts.append(child.tail)
    return parts


def lines_of(element: Element) -> list[list[Element | str]]:
    """The texts and elements of each line of a paragraph, without hard breaks."""
    parts = parts_of(element)
    lines: list[list[Element | str]] = []
    while parts:
        end = first_line(parts)
        hard = isinstance(last := parts[end - 1], Element) and last.tag == "br"
        lines.append(parts[: end - 1] if hard else parts[:end])
        parts = parts[end:]
    return lines


def strong_opening(element: Element) -> Opening | None:
    """The bold words with which a paragraph starts, also inside a link."""
    if (element.text or "").strip() or not len(element):
        return None
    return opening_of(contents_of(element))


def opening_of(parts: Sequence[Element | str]) -> Opening | None:
    """The bold words with which a line starts, also inside a link."""
    if parts and isinstance(parts[0], str) and not parts[0].strip():
        parts = parts[1:]
    if not parts or isinstance(parts[0], str):
        return None
    first = strong = parts[0]
    if first.tag == "a" and len(first) == 1 and not (first.text or "").strip() and not (first[0].tail or "").strip():
        strong = first[0]
    return Opening(strong, list(parts[1:])) if strong.tag in ("strong", "b") else None


def after_separator(opening: Opening) -> list[Element | str] | None:
    """What follows the dash or colon after a bold opening; None if there is none."""
    inside_colon = bool(COLON_AT_END.search("".join(opening.strong.itertext())))
    if not opening.rest:
        return [] if inside_colon else None
    first, *others = opening.rest
    if isinstance(first, str) and (match := _separator(first, alone=bool(others))):
        return [first[match.end() :], *others]
    return list(opening.rest) if inside_colon else None


def _separator(text: str, alone: bool) -> re.Match[str] | None:
    """The dash or colon at the start of a text; one that stands `alone` before an element needs nothing after it."""
    return _DASH.match(text) or (_LONE_DASH.match(text) if alone else None)


def is_navigation(element: Element) -> bool:
    """Whether a paragraph is nothing but links into the same guide, such as “back to top”, and what parts them."""
    if not len(element) or not any(_is_inside(link) for link in element.iter("a")):
        return False
    return not _WORD.search("".join(_unlinked(element)))


def _is_inside(link: Element) -> bool:
    return link.tag == "a" and link.get("href", "").startswith("#")


def is_contents(element: Element) -> bool:
    """Whether a list or table is a table of contents: links into the same guide, and captions of their groups."""
    entries = [
        child
        for child in element.iter()
        if child.tag == "li" or (child.tag == "tr" and len(child) and child[0].tag != "th")
    ]
    if sum(_is_inside(link) for entry in entries for link in _own_links(entry)) < 2:
        return False
    return all(_is_caption(entry) for entry in entries if _LETTER.search("".join(_unlinked(entry))))


def _is_caption(entry: Element) -> bool:
    """Whether an item or row leads nowhere and stands above others: over a list of its own, or alone in its row."""
    if any(_is_inside(link) for link in _own_links(entry)):
        return False
    if entry.tag == "li":
        return any(child.tag in _LISTS for child in entry)
    return sum(bool("".join(cell.itertext()).strip()) for cell in entry) == 1


def _own_links(entry: Element) -> Iterator[Element]:
    """The links of an item or row, without those of lists inside it."""
    for child in entry:
        if child.tag not in _LISTS:
            yield from child.iter("a")


def _unlinked(element: Element) -> list[str]:
    """The texts of an element outside links into the same guide, and outside lists inside it."""
    texts: list[str] = [element.text or ""]
    for child in element:
        if not _is_inside(child) and child.tag not in _LISTS:
            texts.extend(_unlinked(child))
        texts.append(child.tail or "")
    return texts
