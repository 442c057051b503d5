"""Rules about pictures, tables and levels."""

from __future__ import annotations

import difflib
import html
import re
from collections import Counter
from collections.abc import Iterator

from studypack.diagnostics import Diagnostic
from studypack.lint.reading import Reading, blocks_of, length, shortened
from studypack.model import Callout, Definitions, Prose, Section, Table
from studypack.span import START, Span

SENTENCE = 12
"""From so many words on, a cell is a sentence: an aspect in a word or two is what a table compares."""

LEVELS = ("beginner", "intermediate", "advanced")
"""The levels that have colours; one of them may well be used once."""

_PICTURE = re.compile(r"<img\b[^>]*>")
_ALT = re.compile(r'\salt="([^"]*)"')
_WITHOUT = re.compile(r"!\[\s*\](?:\([^)]*\)|\[[^\]]*\])?|<img\b(?![^>]*\balt=[\"']\s*[^\"'\s])[^>]*>", re.I)
_LEVEL = re.compile(r"""\blevel\s*[=:]\s*("[^"]*"|'[^']*'|[^\s}]+)""")


def picture_without_text(reading: Reading) -> Iterator[Diagnostic]:
    """SP608: a picture of which nothing is said to those who do not see it."""
    seen: Counter[tuple[Span, str]] = Counter()
    for span, markup in _inline(reading):
        for picture in _PICTURE.findall(markup):
            alt = html.unescape(found[1]).strip() if (found := _ALT.search(picture)) else ""
            if alt and not _is_no_description(alt):
                continue
            place = reading.locate(_with(alt) if alt else _WITHOUT, span, seen[span, alt])
            seen[span, alt] += 1
            message = f"this alternative text says nothing: {alt!r}" if alt else "a picture without alternative text"
            yield reading.finding("SP608", place, message, _DESCRIBE)


def _is_no_description(alt: str) -> bool:
    """Whether a text says only that there is a picture, or in which file."""
    return bool(_FILE_NAME.fullmatch(alt)) or alt.rstrip(" .:0123456789").casefold() in _PICTURE_WORDS


def _with(alt: str) -> re.Pattern[str]:
    return re.compile(rf"!\[\s*{re.escape(alt)}\s*\](?:\([^)]*\)|\[[^\]]*\])?|<img\b[^>]*{re.escape(alt)}[^>]*>", re.I)


_FILE_NAME = re.compile(r"\S+\.(?:png|jpe?g|gif|svg|webp|avif)|(?:img|dsc|image)[-_ ]?\d+", re.I)
_PICTURE_WORDS = frozenset(
    "image|picture|photo|figure|fig|img|screenshot|alt|alt text|untitled|bild|grafik|abbildung|abb|foto|capture"
    "|imagen|imagem|immagine|afbeelding|obraz|obrazek|zdjęcie|rysunek|рисунок|картинка|resim|görsel|चित्र".split("|")
)

_DESCRIBE = "say in the brackets what it shows: ![A titration curve](curve.png)"


def _inline(reading: Reading) -> Iterator[tuple[Span, str]]:
    """All HTML of a guide, each piece with its place, none twice."""
    for block in blocks_of(reading.guide):
        match block:
            case Prose():
                yield block.span, block.html
            case Section() if not block.disclosure:
                yield Span(block.span.line, block.span.column, block.span.line, 10**6), block.heading.html
            case Table():
                for row in block.rows:
                    yield row.span, " ".join(cell.html for cell in row.cells)
            case Definitions():
                for term in block.terms:
                    yield term.span, term.name.html
            case Callout():
                yield block.span, block.title.html
            case _:
                pass


def sentences_in_cells(reading: Reading) -> Iterator[Diagnostic]:
    """SP610: a comparison whose cells have to be read rather than looked up."""
    for block in blocks_of(reading.guide):
        if not isinstance(block, Table) or not block.compares:
            continue
        cells = [cell.plain for row in block.rows for cell in row.cells[1:] if cell.plain]
        long = [cell for cell in cells if length(cell) >= SENTENCE]
        if len(long) * 2 > len(cells):
            message = (
                f"{len(long)} of {len(cells)} cells of this table are sentences, such as {shortened(long[0], 40)!r}"
            )
            hint = "keep a few words in each cell; say the rest in terms or questions"
            yield reading.finding("SP610", block.span, message, hint)


def lonely_level(reading: Reading) -> Iterator[Diagnostic]:
    """SP611: a level that one place has alone, where it is nearly another or the others share theirs."""
    places = list(_levels(reading))
    count = Counter(level.casefold() for level, _ in places)
    count.update((topic.level or "").casefold() for topic in reading.guide.topics)
    shared = [name for name, times in count.items() if name and times > 2]
    for level, span in places:
        name = level.casefold()
        if name in LEVELS or name in shared:
            continue
        near = difflib.get_close_matches(name, sorted({*count, *LEVELS} - {name, ""}), n=1, cutoff=0.75)
        if near or shared:
            hint = f"did you mean `{near[0]}`?" if near else f"others are {', '.join(sorted(shared))}"
            yield reading.finding("SP611", span, f"nothing else has the level {level!r}", hint)


def _levels(reading: Reading) -> Iterator[tuple[str, Span]]:
    """The levels that the author gives, each with its place."""
    guide = reading.guide
    if guide.level:
        front = Span(1, 1, max(1, reading.source.body - 1), 1)
        yield guide.level, reading.locate(_LEVEL, front) if reading.source.body > 1 else START
    yield from _below(reading, guide.topics, guide.level)


def _below(reading: Reading, sections: tuple[Section, ...], above: str | None) -> Iterator[tuple[str, Span]]:
    for section in sections:
        if section.level and section.level != above:
            line = section.span.line
            yield section.level, reading.locate(_LEVEL, Span(line, 1, min(line + 1, len(reading.source.lines)), 1))
        inside = tuple(block for block in section.blocks if isinstance(block, Section))
        yield from _below(reading, (*inside, *section.sections), section.level)
