"""The page that says of each code what it means, why it matters and what to do: `studypack/codes.md`."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[1] / "codes.md"
"""Where the page is; it travels with the package."""

_HEADING = re.compile(r"^## (SP\d{3}): ", re.M)


def explanation(code: str) -> str | None:
    """What the page says of a code, as Markdown; None where there is no such code. `603` is SP603."""
    page = PAGE.read_text(encoding="utf-8")
    starts = [(found[1], found.start()) for found in _HEADING.finditer(page)]
    ends = [*(start for _, start in starts[1:]), len(page)]
    for (name, start), end in zip(starts, ends, strict=True):
        if name.removeprefix("SP") == code.strip().upper().removeprefix("SP"):
            return re.split(r"^# ", page[start:end], flags=re.M)[0].strip()
    return None
