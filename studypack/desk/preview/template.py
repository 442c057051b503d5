"""Anki's language of templates, as far as studypack's own templates speak it: fields in, the sides of a card out.

What comes out is what Anki's library gives, letter by letter (its `rslib/src/template.rs` and `cloze.rs`); a test
compares them. So there is no escaping here: fields are HTML already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import NamedTuple
from unicodedata import normalize

_SECTION = re.compile(r"\{\{#(\w+)\}\}(.*?)\{\{/\1\}\}", re.DOTALL)
_FIELD = re.compile(r"\{\{(cloze:)?(\w+)\}\}")
_EMPTY = re.compile(r"(?:[ \t\n\r\f\v]|</?(?:br|div) ?/?>)*", re.IGNORECASE)
_CLOZE = re.compile(r"\{\{c(\d+)::(.*?)\}\}", re.DOTALL)
_SOUND = re.compile(r"\[sound:(.+?)\]")
_FORMULA = re.compile(r"(\\[(\[])(.*?)(\\[\])])", re.DOTALL)
_TAG = re.compile(r"<!--.*?-->|<.*?>", re.DOTALL)


class Sides(NamedTuple):
    """The two sides of a card as HTML, and the names of the sound files that each plays.

    A sound stands as `[anki:play:q:0]`: its side (`q`, `a`), and which of that side's sounds it is.
    """

    question: str
    answer: str
    question_sounds: tuple[str, ...] = ()
    answer_sounds: tuple[str, ...] = ()


def render(question: str, answer: str, fields: Mapping[str, str], place: int) -> Sides:
    """The sides that two templates make of a note's fields; `place` is the card's among them, or its cloze, from 0."""
    fields = {name: normalize("NFC", text) for name, text in fields.items()}  # as Anki keeps what it imports
    asked, asked_sounds = _with_sounds(_filled(question, fields, place, asks=True), "q")
    told, told_sounds = _with_sounds(_filled(answer, {**fields, "FrontSide": asked}, place, asks=False), "a")
    return Sides(question=asked, answer=told, question_sounds=asked_sounds, answer_sounds=told_sounds)


def _filled(template: str, fields: Mapping[str, str], place: int, *, asks: bool) -> str:
    def section(found: re.Match[str]) -> str:
        return "" if _EMPTY.fullmatch(fields[found[1]]) else _SECTION.sub(section, found[2])

    def field(found: re.Match[str]) -> str:
        text = fields[found[2]]
        return _cloze(text, place + 1, asks) if found[1] else text

    return _FIELD.sub(field, _SECTION.sub(section, template))


def _cloze(text: str, number: int, asks: bool) -> str:
    """The text with the cloze of that number hidden or shown, and the others marked as not asked for."""

    def gap(found: re.Match[str]) -> str:
        own, hidden = int(found[1]), found[2]
        if own != number:
            return f'<span class="cloze-inactive" data-ordinal="{own}">{hidden}</span>'
        if asks:
            return f'<span class="cloze" data-cloze="{_attribute(hidden)}" data-ordinal="{own}">[...]</span>'
        return f'<span class="cloze" data-ordinal="{own}">{hidden}</span>'

    return _FORMULA.sub(_without_tags, _CLOZE.sub(gap, text))


def _without_tags(formula: re.Match[str]) -> str:
    """A formula of a cloze's text, as Anki hands it to MathJax: a tag in it would end it."""
    return f"{formula[1]}{_TAG.sub('', formula[2])}{formula[3]}"


def _attribute(html: str) -> str:
    """Text in an attribute, as Anki's library `htmlescape` writes it: of Latin-1, letters and digits of ASCII stay."""
    return "".join(map(_character, html))


_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}


def _character(character: str) -> str:
    if ord(character) > 0xFF or (character.isascii() and character.isalnum()):
        return character
    return _NAMED.get(character) or f"&#x{ord(character):02X};"


def _with_sounds(html: str, side: str) -> tuple[str, tuple[str, ...]]:
    """Each `[sound:…]` as the place to play it, and the names of their files."""
    names: list[str] = []

    def sound(found: re.Match[str]) -> str:
        names.append(unescape(found[1]))
        return f"[anki:play:{side}:{len(names) - 1}]"

    return _SOUND.sub(sound, html), tuple(names)


def replace_sounds(html: str, button: Callable[[str, int], str]) -> str:
    """The HTML with what `button` gives for each sound, by side and number."""
    return re.sub(r"\[anki:play:([qa]):(\d+)\]", lambda found: button(found[1], int(found[2])), html)
