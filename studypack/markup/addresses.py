"""Addresses that stand bare in a text, as pymdownx finds them.

That takes urllib, http, email and ssl along, some 20 ms; `inline` comes here when a text may hold an address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import InlineProcessor
from markdown.util import STX, AtomicString
from pymdownx.magiclink import (
    RE_AUTOLINK,
    RE_LINK,
    RE_MAIL,
    MagiclinkAutoPattern,
    MagiclinkMailPattern,
    MagiclinkPattern,
)


class _BareLink(MagiclinkPattern):  # type: ignore[misc]  # pymdownx carries no types
    """A bare address; it ends where a tag or other markup, which is a placeholder by now, begins."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:
        end = data.find(STX, m.end(0))
        text = data[:end] if end >= 0 else data
        link, start, stop = super().handleMatch(m, text)
        if link is not None and text[stop : stop + 1] == ")" and link.text.count("(") > link.text.count(")"):
            # Older versions of pymdownx leave out a closing parenthesis that has its partner in the address.
            link.text, stop = AtomicString(f"{link.text})"), stop + 1
            link.set("href", f"{link.get('href')})")
        return link, start, stop


def _with_protocol(pattern: Any) -> InlineProcessor:
    pattern.config = {"hide_protocol": False}
    assert isinstance(pattern, InlineProcessor)
    return pattern


PATTERNS: Mapping[str, Callable[[Markdown], InlineProcessor]] = {
    "autolink": lambda md: _with_protocol(MagiclinkAutoPattern(RE_AUTOLINK, md)),
    "magic-link": lambda md: _with_protocol(_BareLink(RE_LINK, md)),
    "magic-mail": lambda md: MagiclinkMailPattern(RE_MAIL, md),
}
"""What makes each pattern, by the name that pymdownx gives it."""
