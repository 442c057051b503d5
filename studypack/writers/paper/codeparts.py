"""Where a line of code may end besides its blanks: behind punctuation, and in long names where a new word begins."""

from __future__ import annotations

import re
from dataclasses import dataclass

WHOLE, MOST = 24, 30
"""Letters without a blank that stay together as a rule, and at most: columns of code are wider."""

_LEAST, _CUT = 6, 12  # letters of a piece of a long name: at least, and where there are no words in it
_NOT_BEHIND = frozenset("_\"'`")
_TOKENS = re.compile(r"""\s+|["'`]?\w+|[^\w\s"'`]+|["'`]""")
_SUBWORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+_*|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class End:
    """How the code before ends: its last letter, and how many stand there since a line could end."""

    letter: str = ""
    run: int = 0


def parts(code: str, end: End) -> tuple[list[str], End]:
    """The code in parts between which a line may end, and how it ends; blanks end lines by themselves.

    The first part is empty where a line may end before it.
    """
    found, run, before = [""], end.run, end.letter
    for token in _TOKENS.findall(code):
        if _may_end(before, run, token):
            found.append("")
            run = 0
        first, *more = _pieces(token)
        found[-1] += first
        found += more
        run = 0 if token.isspace() else len(more[-1]) if more else run + len(first)
        before = token[-1]
    return found, End(before, run)


def _may_end(before: str, run: int, token: str) -> bool:
    """Whether a line may end before a name or signs: behind punctuation, where the two together are too long."""
    if token.isspace() or not run:
        return False
    behind = not (before.isalnum() or before in _NOT_BEHIND)
    named = token[-1].isalnum() or token[-1] == "_"
    return run + len(token) > (WHOLE if behind and named else MOST)


def _pieces(token: str) -> list[str]:
    """A name in pieces that begin with a word of it, where it is too long to stay whole."""
    if len(token) <= WHOLE or token.isspace():
        return [token]
    pieces = [""]
    for word in _SUBWORDS.findall(token):
        if len(pieces[-1]) >= (_LEAST if len(word) > 1 else _CUT):
            pieces.append("")
        pieces[-1] += word
    return [part for piece in pieces for part in _cut(piece)]


def _cut(piece: str) -> list[str]:
    return [piece[at : at + _CUT] for at in range(0, len(piece), _CUT)] if len(piece) > WHOLE else [piece]
