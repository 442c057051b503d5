"""Characters that no font could draw, told once for all the PDFs of a guide: how many, of what script, where first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

from studypack.diagnostics import Diagnostic
from studypack.source import Source
from studypack.span import START, Span
from studypack.writers import fonts
from studypack.writers.page import Missing

NAMED = 20
"""So many symbols are told one by one, each with its place; the others together."""

_SHOWN = 8
_NO_SCRIPT = frozenset(("Zyyy", "Zinh", "Zzzz"))


def diagnose(source: Source, missing: Iterable[Missing]) -> Iterator[Diagnostic]:
    """A warning SP501 for each script, and for each symbol that belongs to none, at its first place in the guide.

    The same character from two PDFs counts once.
    """
    places: dict[str, Span] = {}
    for each in missing:
        place = _locate(source, each)
        places[each.character] = min(places.get(each.character, place), place)
    groups: dict[str, list[str]] = {}
    for character in sorted(places, key=lambda character: (places[character], character)):
        groups.setdefault(fonts.script(character), []).append(character)
    symbols = [character for code in groups if code in _NO_SCRIPT for character in groups[code]]
    parts = [("", [symbol]) for symbol in symbols[:NAMED]] + [("", symbols[NAMED:])]
    parts += [(code, characters) for code, characters in groups.items() if code not in _NO_SCRIPT]
    for code, characters in parts:
        if characters:
            yield _warning(source.path, places[characters[0]], code, characters)


def _locate(source: Source, missing: Missing) -> Span:
    """Where a character first stands as itself: in its block if that is known, else anywhere.

    Written as an entity it stands nowhere; then its block is the place.
    """
    span = missing.span or START
    within = source.lines if span == START else source.lines[: span.end_line]
    for number, line in enumerate(within, start=1):
        if number >= span.line:
            found = line.find(missing.character, span.column - 1 if number == span.line else 0)
            if found >= 0:
                return Span(number, found + 1, number, found + 2)
    return span


def _warning(path: str, span: Span, code: str, characters: list[str]) -> Diagnostic:
    extra = fonts.lacking(code)
    what = _shown(characters[0])
    if len(characters) > 1:
        of = f" of the {fonts.script_name(code)} script" if code else ""
        such = "".join(characters[:_SHOWN]) if code else " ".join(map(_shown, characters[:_SHOWN]))
        what = f"{len(characters)} characters{of}, such as {such}"
    boxes = "empty boxes are" if len(characters) > 1 else "an empty box is"
    return Diagnostic(
        code="SP501",
        path=path,
        span=span,
        message=f"no font of ours can draw {what}; {boxes} printed",
        hint=f"install the fonts for it: pip install 'studypack[{extra}]'" if extra else "write it in another way",
    )


def _shown(character: str) -> str:
    """A character with its number; what cannot be seen, or would join its neighbour, by its number alone."""
    number = f"U+{ord(character):04X}"
    seen = character.isprintable() and not unicodedata.category(character).startswith("M")
    return f"{character} ({number})" if seen else number
