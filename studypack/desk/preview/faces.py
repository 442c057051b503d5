"""The two sides of a card as a browser shows them: as Anki renders it, sounds as buttons, formulas drawn."""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from html import escape, unescape
from importlib import resources
from typing import Any

from studypack.desk.preview.content import Card, Content
from studypack.desk.preview.template import render, replace_sounds
from studypack.writers import deck
from studypack.writers.paper import mathematics

_FORMULA = re.compile(r"(?P<tag><[^>]*>)|\\\((?P<inline>[^<]+?)\\\)|\\\[(?P<display>[^<]+?)\\\]")

_BUTTON = (
    '<button type="button" class="replay-button" data-play="{name}" aria-label="Play sound">'
    '<svg viewBox="0 0 64 64" aria-hidden="true"><circle cx="32" cy="32" r="29"/>'
    '<path d="M56.5 32.3 19 52.4l.3-40.8z"/></svg></button>'
)


def faces(content: Content, card: Card) -> dict[str, Any]:
    """Question and answer of a card, for JSON. A picture's address is its name in the package; so is a sound's."""
    template = deck.cards(card.known)[card.place]
    fields = deck.fields(card.known, content.name)
    sides = render(template.question, template.answer, fields, card.place)
    sounds = {"q": sides.question_sounds, "a": sides.answer_sounds}

    def button(side: str, number: int) -> str:
        name = escape(sounds[side][number])
        return _BUTTON.format(name=name)

    question, answer = (replace_sounds(_with_formulas(html), button) for html in (sides.question, sides.answer))
    return {"question": question, "answer": answer}


def style() -> str:
    """What a card looks like: what Anki's window brings, and the CSS of the note types on top."""
    window = (resources.files(__package__) / "anki.css").read_text(encoding="utf-8")
    return f"{window}\n{deck.style()}"


def sets_formulas() -> bool:
    """Whether formulas are shown set; else as their TeX, as no script from outside is asked for."""
    return mathematics.is_installed()


def _with_formulas(html: str) -> str:
    r"""The HTML with `\(…\)` and `\[…\]` drawn, which Anki leaves to MathJax."""
    return _FORMULA.sub(lambda found: found["tag"] or _drawn(found["inline"], found["display"]), html)


@lru_cache(maxsize=2048)  # a preview runs all day, while its formulas are edited
def _drawn(inline: str | None, display: str | None) -> str:
    markup, pictures = mathematics.formula(unescape(display or inline or ""), display is not None)
    html = str(markup)
    for address, picture in pictures.items():
        data = base64.b64encode(picture.data).decode()
        html = html.replace(address, f"data:{picture.mime};base64,{data}")
    return html
