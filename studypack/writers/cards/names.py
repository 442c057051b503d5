"""Names as Anki keeps them: of decks, whose `::` nests, and of tags, which a blank ends."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_NESTING = re.compile(r":{2,}|^:|:$")
_RATIO = "\u2236"


def deck_name(path: Iterable[str]) -> str:
    """A path as Anki names a deck, `A::B`. Never empty, and no element of it nests by itself.

    Blanks are folded, control characters go, `"` becomes `'`, colons that would nest become U+2236, which looks the
    same, and an element with nothing left is "Untitled".
    """
    return "::".join(map(_element, path)) or "Untitled"


def legal_tags(tags: Iterable[str]) -> list[str]:
    """Tags as Anki keeps them: blanks become `_`, quotes go, `::` nests; sorted, each once whatever its case."""
    legal = {tag.casefold(): tag for tag in sorted(map(_tag, tags), reverse=True) if tag}
    return sorted(legal.values())


@lru_cache(4096)
def _element(element: str) -> str:
    text = " ".join(_clean(element).replace('"', "'").split())
    return _NESTING.sub(lambda colons: _RATIO * len(colons.group()), text) or "Untitled"


@lru_cache(4096)
def _tag(tag: str) -> str:
    parts = ("_".join(part.split()) for part in _clean(tag).replace('"', "").split("::"))
    return "::".join(filter(None, parts))


def _clean(text: str) -> str:
    """Without control characters that are no blanks; composed, as Anki composes names."""
    return "".join(c for c in unicodedata.normalize("NFC", text) if c.isspace() or unicodedata.category(c) != "Cc")
