"""A formula's TeX cut where a line may end, as TeX itself breaks formulas in running text.

That is before relations, wide blanks, plus and minus; never inside brackets, fractions, matrices, scripts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

_TOKENS = re.compile(r"\\(?:begin|end)\s*\{[^}]*\}|\\[A-Za-z]+|\\.|\s+|.", re.DOTALL)
_BLANKS = frozenset((r"\quad", r"\qquad"))
_RELATIONS = frozenset(
    "= < > \\le \\leq \\ge \\geq \\ne \\neq \\approx \\equiv \\sim \\simeq \\cong \\propto \\ll \\gg \\to \\gets "
    "\\rightarrow \\leftarrow \\leftrightarrow \\longrightarrow \\Rightarrow \\Leftarrow \\Leftrightarrow \\implies "
    "\\iff \\mapsto \\rightleftharpoons \\models \\vdash \\coloneqq".split()
)
_SIGNS = frozenset(("+", "-", "−", r"\pm", r"\mp"))
_OPEN = frozenset(("{", "(", "[", r"\{", r"\lbrace", r"\langle", r"\lfloor", r"\lceil", r"\left"))
_CLOSED = frozenset(("}", ")", "]", r"\}", r"\rbrace", r"\rangle", r"\rfloor", r"\rceil", r"\right"))
_NOT_CUT = frozenset(("&", r"\\", r"\over", r"\choose", r"\atop", r"\tag"))
_STRETCHED = frozenset((r"\left", r"\right"))  # the bracket after them belongs to them


def at_relations(tex: str) -> Sequence[str]:
    """The parts between its relations and wide blanks, which the parts begin with."""
    return _parts(tex, _RELATIONS | _BLANKS)


def at_signs(tex: str) -> Sequence[str]:
    """The parts between its plus and minus signs, but for one that is the sign of what follows."""
    return _parts(tex, _SIGNS)


def _parts(tex: str, places: frozenset[str]) -> Sequence[str]:
    tokens = _TOKENS.findall(tex)
    if _NOT_CUT & {*tokens}:
        return (tex,)
    cuts = [0, *_cuts(tokens, places), len(tokens)]
    return tuple("".join(tokens[start:end]) for start, end in pairwise(cuts))


def _cuts(tokens: Sequence[str], places: frozenset[str]) -> Iterator[int]:
    """The tokens before which a line may end: outside all brackets, and after something that can end it."""
    depth, before = 0, ""
    for at, token in enumerate(tokens):
        if token.isspace():
            continue
        if before not in _STRETCHED:
            depth += (token in _OPEN or token.startswith(r"\begin")) - (token in _CLOSED or token.startswith(r"\end"))
        if token in places and depth == 0 and _can_end(before):
            yield at
        before = token


def _can_end(token: str) -> bool:
    """Whether a line may end with it: not with a relation or a sign, whose other side is still to come."""
    return token not in ("", "^", "_", r"\not") and token not in _RELATIONS | _SIGNS | _BLANKS
