"""What could not be printed as it was meant, told once for all the PDFs of a guide: characters and formulas."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from studypack.diagnostics import Diagnostic
from studypack.source import Source
from studypack.span import START, Span
from studypack.writers.paper import fonts, mathematics
from studypack.writers.paper.page import Missing

NAMED = 20
"""So many symbols are told one by one, each with its place; the others together."""

_SHOWN = 8
_LONGEST = 80
_NO_SCRIPT = frozenset(("Zyyy", "Zinh", "Zzzz"))


def formulas(source: Source, undrawn: Iterable[str]) -> Iterator[Diagnostic]:
    """A warning SP508 for each formula that is printed as its TeX; a single one where no formula can be drawn."""
    places = {tex: _locate_formula(source, tex) for tex in undrawn}
    if not mathematics.is_installed():
        message = "formulas are printed as their TeX: what draws them is not installed"
        hint = "install it: pip install 'studypack[math]'"
        first = min(places.values(), default=START)
        yield Diagnostic(code="SP508", path=source.path, span=first, message=message, hint=hint)
        return
    for tex, span in places.items():
        short = " ".join(tex.split())
        short = short if len(short) <= _LONGEST else f"{short[:_LONGEST]}…"
        message = f"this formula cannot be drawn on paper, and is printed as its TeX: {short}"
        hint = "look for a command that is misspelt, or write it in simpler ones"
        yield Diagnostic(code="SP508", path=source.path, span=span, message=message, hint=hint)


def characters(source: Source, missing: Iterable[Missing]) -> Iterator[Diagnostic]:
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
    parts += [(code, group) for code, group in groups.items() if code not in _NO_SCRIPT]
    for code, found in parts:
        if found:
            yield _warning(source.path, places[found[0]], code, found)


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


def _locate_formula(source: Source, tex: str) -> Span:
    """Where a formula stands; over several lines it may be spaced otherwise, and quoted."""
    text = "\n".join(source.lines)
    pieces = (re.escape(piece).replace(r"\|", r"\\?\|") for piece in tex.split())
    found = re.search(r"[\s>]+".join(pieces), text)
    if found is None:
        return START
    start, end = ((text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)) for at in (found.start(), found.end()))
    return Span(*start, *end)


def _warning(path: str, span: Span, code: str, group: list[str]) -> Diagnostic:
    extra = fonts.lacking(code)
    what = _shown(group[0])
    if len(group) > 1:
        of = f" of the {fonts.script_name(code)} script" if code else ""
        such = "".join(group[:_SHOWN]) if code else " ".join(map(_shown, group[:_SHOWN]))
        what = f"{len(group)} characters{of}, such as {such}"
    return Diagnostic(
        code="SP501",
        path=path,
        span=span,
        message=f"no font of ours can draw {what}; � is printed instead",
        hint=f"install the fonts for it: pip install 'studypack[{extra}]'" if extra else "write it in another way",
    )


def _shown(character: str) -> str:
    """A character with its number; what cannot be seen, or would join its neighbour, by its number alone."""
    number = f"U+{ord(character):04X}"
    seen = character.isprintable() and not unicodedata.category(character).startswith("M")
    return f"{character} ({number})" if seen else number
