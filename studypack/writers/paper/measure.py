"""How wide and high text is, before any layout: by the metrics of the fonts that will print it.

Lengths are in em. A text has lines as the author broke them; a line is a tuple of words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser

from studypack.writers.paper import fonts
from studypack.writers.paper.style import Faces

Word = tuple[float, float]
"""A stretch that need not break: its width, and that of the space after it (0 when the next may follow at once)."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text, line by line.

    `rise` is what each line is higher than one of the theme's own font, `extra` what pictures and formulas add to
    the text's height; both in lines.
    """

    lines: tuple[tuple[Word, ...], ...] = ()
    rise: float = 0.0
    extra: float = 0.0

    def __iter__(self) -> Iterator[tuple[Word, ...]]:
        """The lines."""
        return iter(self.lines)


ICON = 1.1
"""The width of a drawn mark in em, its margin included: `.icon` in base.css."""

MONO_SCALE = 0.9
"""The size of code in running text: `code` in base.css."""

LINE = 1.2
"""The height of a line of a table."""

INDENT = 1.2
"""What an entry of a list inside a cell is indented by: `li` in matrix.css."""

LONGEST = 16.0
"""A word wider than this, in em, may be broken anywhere: about 35 letters, which no column should be made for."""

_SLACK, _KERNED = 1.01, 0.05  # for kerning and rounding, of a width and in em; measured against real layouts
_KEY = 0.6  # em: what the frame of a key takes: `kbd` in base.css
_LETTER = 0.6  # em: a line may end so much too early where a word is broken
_PICTURE = 6.0
_BREAK_AFTER = re.compile(r"(?<=[-/–—\u200b])(?=[^\s\d])")
_BOLD = frozenset(("b", "strong", "th", "dt"))
_MONO = frozenset(("code", "kbd", "samp", "pre"))
_SMALL = frozenset(("sup", "sub", "small"))
_ENDS_LINE = frozenset(("br", "p", "div", "li", "tr", "pre"))


def words(html: str, faces: Faces, bold: bool = False) -> Words:
    """The words of a cell's HTML as it will be printed."""
    ruler = _Ruler(faces, bold)
    ruler.feed(html)
    ruler.close()
    return ruler.result()


def widest(text: Words) -> float:
    """The width of the longest line, unbroken."""
    return max((sum(width + space for width, space in line) for line in text), default=0.0) + _KERNED


def narrowest(text: Words) -> float:
    """The width of the longest word, as far as no column is made for longer ones."""
    return max((min(width, LONGEST) for line in text for width, _ in line), default=0.0) + _KERNED


def count_lines(text: Words, width: float) -> float:
    """The height in lines at a width, broken greedily as WeasyPrint does; at least one.

    A word wider than that is broken anywhere.
    """
    total = 0
    width -= _KERNED
    for line in text:
        total += 1
        at = before = 0.0
        for word, space in line:
            if at and at + before + word > width + 1e-9:
                total += 1
                at = word
            else:
                at += before + word
            if word - 1e-9 > width > 0:
                lines = word / max(width - _LETTER, _LETTER)
                total += int(lines)
                at = width * (lines % 1.0)
            before = space
    return max(total, 1) * (1.0 + text.rise) + text.extra


class _Ruler(HTMLParser):
    """Walks HTML and adds up widths."""

    def __init__(self, faces: Faces, bold: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._faces = faces
        self._bold = int(bold)
        self._mono = self._small = 0
        self._lines: list[list[Word]] = [[]]
        self._width = self._taller = self._extra = 0.0
        self._ascents = {_ascent(faces.regular)}

    def result(self) -> Words:
        self._end_line()
        rise = max(self._ascents) - min(self._ascents)
        return Words(tuple(map(tuple, self._lines[:-1])), rise / LINE, self._extra / LINE)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._switch(tag, 1)
        if tag == "br" or (tag == "span" and (dict(attrs).get("class") or "").startswith("line")):
            self._end_line()
        elif tag == "kbd":
            self._width += _KEY
        elif tag == "li":
            self._end_line()
            self._width += INDENT
        elif tag == "img":
            width, above, below = _image(dict(attrs))
            own = _ascent(self._faces.regular)
            self._width += width
            self._taller = max(self._taller, max(above - own, 0.0) + max(below - (LINE - own), 0.0))

    def handle_endtag(self, tag: str) -> None:
        self._switch(tag, -1)
        if tag in _ENDS_LINE:
            self._end_line()

    def handle_data(self, data: str) -> None:
        for piece in re.findall(r"\s+|\S+", data):
            if piece.isspace() and "\u00a0" not in piece:
                self._end_word(_advance(self._font, " ") * self._scale)
                continue
            for i, part in enumerate(_BREAK_AFTER.split(piece)):
                if i:
                    self._end_word(0.0)
                self._add(part)

    def _add(self, text: str) -> None:
        font, scale = self._font, self._scale
        for character in text:
            wide = unicodedata.east_asian_width(character) in "WF"
            if wide:
                self._end_word(0.0)
            face = _face(font, character)
            self._width += _advance(face, character) * scale
            if face not in (font, _MONO_FACE):
                self._ascents.add(_ascent(face))
            if wide:
                self._end_word(0.0)

    @property
    def _font(self) -> str:
        return _MONO_FACE if self._mono else self._faces.bold if self._bold else self._faces.regular

    @property
    def _scale(self) -> float:
        return _SLACK * (MONO_SCALE if self._mono else 1.0) * (0.75 if self._small else 1.0)

    def _switch(self, tag: str, step: int) -> None:
        self._bold += step * (tag in _BOLD)
        self._mono += step * (tag in _MONO)
        self._small += step * (tag in _SMALL)

    def _end_word(self, space: float) -> None:
        if self._width:
            self._lines[-1].append((self._width, space))
        elif space and self._lines[-1]:
            self._lines[-1][-1] = (self._lines[-1][-1][0], space)
        self._width = 0.0

    def _end_line(self) -> None:
        self._end_word(0.0)
        if self._lines[-1]:
            self._lines.append([])
        self._extra += self._taller
        self._taller = 0.0


def _image(attrs: dict[str, str | None]) -> tuple[float, float, float]:
    """The width of a drawing or picture, and its height above and below the base line, in em."""
    kind, style = attrs.get("class") or "", attrs.get("style") or ""
    if kind == "icon":
        return ICON, 0.0, 0.0
    found = re.search(r"width:([\d.]+)em;height:([\d.]+)em(?:;vertical-align:([-\d.]+)em)?", style)
    if found is None:
        return _PICTURE, 0.0, 0.0
    width, height, shift = float(found[1]), float(found[2]), float(found[3] or 0.0)
    return width, height + shift, -shift


_MONO_FACE = "IBMPlexMono-Regular.ttf"
_CJK = "cjk"  # stands for the fonts of the extra, which are large, and all their letters of one width: never opened
_HANGUL = 0.92  # em: a syllable in Noto Sans CJK; ideographs and kana are one em wide, half-width forms a half
_OTHERS = 0.65


@dataclass(frozen=True, slots=True)
class _Metrics:
    """A font in em: the advance width of each character, what it reaches above and below the base line."""

    advances: Mapping[int, float]
    above: float
    below: float


@cache
def _metrics(font: str) -> _Metrics:
    from fontTools.ttLib import TTFont

    if font == _CJK:
        return _Metrics({}, 1.16, 0.288)  # the `hhea` table of Noto Sans CJK
    with TTFont(fonts.FOLDER / font, lazy=True) as face:
        unit, widths, high = face["head"].unitsPerEm, face["hmtx"].metrics, face["hhea"]
        advances = {point: widths[glyph][0] / unit for point, glyph in face.getBestCmap().items()}
        return _Metrics(advances, high.ascent / unit, -high.descent / unit)


@cache
def _ascent(font: str) -> float:
    """What a line set in that font only has above its base line: half of the leading is there."""
    face = _metrics(font)
    return (LINE + face.above - face.below) / 2


@cache
def _face(font: str, character: str) -> str:
    """The font that prints a character."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf") or ord(character) in _metrics(font).advances:
        return font
    if unicodedata.east_asian_width(character) in "WFH" and not _is_emoji(character):
        return _CJK
    others = fonts.fallbacks(character, bold="-Bold" in font)
    return next((face for face in others if ord(character) in _metrics(face).advances), font)


@cache
def _advance(font: str, character: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    if font == _CJK:
        half = unicodedata.east_asian_width(character) == "H"
        return 0.5 if half else _HANGUL if "가" <= character <= "힣" else 1.0
    return _metrics(font).advances.get(ord(character), _OTHERS)


def _is_emoji(character: str) -> bool:
    return ord(character) in _metrics("NotoEmoji-Regular.ttf").advances
