"""Attribute lists, `{: #id .class level=advanced }`, as Python-Markdown's attr_list defines them."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from markdown.extensions.attr_list import AttrListTreeprocessor, get_attrs_and_remainder

# attr_list also takes `{word}`; a heading such as “The set {1, 2}” would lose its set. A list must look like one.
_LIST = r"\{(?::[ ]*|(?=[ ]*[#.]))([^{}\n]*)\}"

ATTRIBUTE_LINE = re.compile(rf"{_LIST}[ \t]*$")
"""A line that holds nothing but an attribute list; it belongs to the block above."""

_LAST_LIST = re.compile(rf"{_LIST}[ \t]*(?:#+[ \t]*)?$")
_CLOSING_HASHES = re.compile(r"(?:^|[ \t])#+[ \t]*$")


_BLOCK_ID = re.compile(r"(?:^|\s+)\^(?=[\d-]*[A-Za-z])[A-Za-z0-9-]{4,}$")


def without_id(text: str) -> str:
    """A text without the id that Obsidian puts at the end of a block, ` ^37066d`; ` ^2` is a power."""
    return _BLOCK_ID.sub("", text) if "^" in text else text


def split_heading(text: str) -> tuple[str, str]:
    """A heading's text without its closing hashes, and its attribute list or nothing."""
    text = without_id(text)
    if match := _LAST_LIST.match(text, max(text.rfind("{"), 0)):
        return _CLOSING_HASHES.sub("", text[: match.start()].rstrip()).strip(), f"{{:{match[1]}}}"
    return _CLOSING_HASHES.sub("", text).strip(), ""


BROKEN_LIST = re.compile(r"\{:[^{}]*$|\{[#.][\w-]+$")
"""The start of an attribute list that does not end."""


def set_attributes(element: Element, text: str) -> None:
    """Puts the attributes of a list onto an element: id, classes (added to those it has), the rest by name."""
    match = ATTRIBUTE_LINE.match(text)
    assert match is not None
    for name, value in get_attrs_and_remainder(match[1])[0]:
        if value and value[0] in "\"'":
            element.set("attr-", value)  # a quote that is not closed: told to the author, taken for nothing
        elif name == ".":
            element.set("class", f"{element.get('class', '')} {value}".strip())
        else:
            element.set(f"attr-{name}" if name not in ("id", "class") else name, value or "")


class InlineAttributes(AttrListTreeprocessor):
    """attr_list for pictures, links and the like; the block parser has read those of blocks."""

    # `{width=50%}` without a colon is how Pandoc and Word spell the size of a picture.
    INLINE_RE = re.compile(r"^\{(?::[ ]*|(?=[ ]*[#.])|(?=[\w-]+=))([^{}\n]*)\}")  # type: ignore[misc]  # the stubs call it final; it is meant to be overridden
    BLOCK_RE = HEADER_RE = re.compile(r"(?!)")  # type: ignore[misc]
