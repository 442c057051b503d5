"""Lines that are not broken where they need not be.

What stands before code, a link or bold words ends in a blank. WeasyPrint 70 counts that blank when it looks whether the
rest of such a text fits on the line. Where only the blank stands over, it breaks behind the first word, or inside it,
and leaves the line as good as empty.
"""

from __future__ import annotations

from typing import Any

_LETTERS = 4  # letters an em at most, as WeasyPrint has it: more than that cannot fit


def keep_whole(layout: Any) -> None:
    """Changes the function by which WeasyPrint's layout of lines breaks a text. Twice is once."""
    split = layout.split_first_line
    layout.split_first_line = split if isinstance(split, _KeptWhole) else _KeptWhole(split)


class _KeptWhole:
    """Stands in for WeasyPrint's function, which gives the place where the rest begins third, the width fourth."""

    def __init__(self, split: Any) -> None:
        self._split = split

    def __call__(
        self, text: str, style: Any, context: Any, max_width: float | None, *more: Any, **named: Any
    ) -> tuple[Any, ...]:
        made: tuple[Any, ...] = self._split(text, style, context, max_width, *more, **named)
        if made[2] is None or max_width is None or not _may_hang(text, style, max_width):
            return made
        bare = self._split(text.rstrip(" "), style, context, max_width, *more, **named)
        if bare[2] is None and bare[3] <= max_width:
            made = self._split(text, style, context, None, *more, **named)
        return made


def _may_hang(text: str, style: Any, max_width: float) -> bool:
    """Whether a text ends in a blank that may stand over, and is short enough to fit without it."""
    hangs = text.endswith(" ") and style["white_space"] in ("normal", "pre-line")
    return hangs and len(text) * style["font_size"] <= _LETTERS * max_width
