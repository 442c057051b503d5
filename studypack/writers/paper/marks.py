"""The common marks (✅ ❌ 🎯 ⚠ …) as small drawings: sharp at any size, coloured, told apart by shape in grey."""

from __future__ import annotations

import re
from functools import cache

from markupsafe import Markup, escape

from studypack.writers.paper.page import THEME, Picture

_ICONS = THEME / "icons"

# The drawing for each mark, and the word a screen reader says.
MARKS: dict[str, tuple[str, str]] = {
    "✅": ("yes", "yes"),
    "☑": ("done", "done"),
    "☐": ("todo", "to do"),
    "✔": ("check", "yes"),
    "✓": ("check", "yes"),
    "❌": ("no", "no"),
    "✖": ("no", "no"),
    "✗": ("no", "no"),
    "✘": ("no", "no"),
    "❎": ("no", "no"),
    "🚫": ("forbidden", "not allowed"),
    "⛔": ("forbidden", "not allowed"),
    "⚠": ("warning", "warning"),
    "🎯": ("target", "target"),
    "⭐": ("star", "star"),
    "🌟": ("star", "star"),
    "💡": ("bulb", "idea"),
    "📌": ("pin", "pin"),
    "📝": ("note", "note"),
    "🔑": ("key", "key"),
    "⚡": ("bolt", "lightning"),
    "🔥": ("flame", "fire"),
    "ℹ": ("info", "information"),
    "❗": ("important", "important"),
    "❓": ("question", "question"),
    "🟢": ("green", "green"),
    "🟡": ("yellow", "yellow"),
    "🔴": ("red", "red"),
    "🔵": ("blue", "blue"),
    "🔊": ("sound", "sound"),
}
"""Mark to drawing and word. Other emoji are set in Noto Emoji."""

_MARK = re.compile("(" + "|".join(MARKS) + ")\ufe0f?(?!\u200d)")


# WeasyPrint 70 stops with an assertion at the separators; the others mean nothing on paper.
_UNPRINTABLE = {
    **{code: None for code in range(0x20) if chr(code) not in "\t\n"},
    **dict.fromkeys(range(0x7F, 0xA0), None),
    **dict.fromkeys(map(ord, "\x0b\x0c\r\x1c\x1d\x1e\x85\u2028\u2029"), " "),
}


def split(text: str) -> list[str]:
    """The text in pieces; every second one is a mark of ours."""
    return _MARK.split(text)


def used(text: str) -> tuple[str, ...]:
    """The marks in a text, each once, in reading order."""
    return tuple(dict.fromkeys(_MARK.findall(text)))


def icon(name: str, word: str) -> Markup:
    """The drawing of that name, saying a word to those who cannot see it."""
    return Markup('<img class="icon" src="icon:{}" alt="{}">').format(name, word)


def with_icons(text: str) -> Markup:
    """Plain text as HTML, its marks drawn, without the characters that break a layout."""
    pieces = split(text.translate(_UNPRINTABLE))
    return Markup("").join(icon(*MARKS[piece]) if i % 2 else escape(piece) for i, piece in enumerate(pieces))


@cache
def icons() -> dict[str, Picture]:
    """Every drawing by its address."""
    return {
        f"icon:{file.stem}": Picture(mime="image/svg+xml", data=file.read_bytes(), own=True)
        for file in sorted(_ICONS.glob("*.svg"))
    }
