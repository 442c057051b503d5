"""How wide text is, before any layout: by the advance widths of the fonts that will print it.

Widths are in em. A text is a tuple of lines as the author broke them; a line is a tuple of words.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from html.parser import HTMLParser

from studypack.writers import fonts
from studypack.writers.style import Faces

Word = tuple[float, float]
"""A stretch that never breaks: its width, and that of the space after it (0 when the next may follow at once)."""

Words = tuple[tuple[Word, ...], ...]
"""A text, line by line."""

ICON = 1.1
"""The width of a drawn mark in em, its margin included: `.icon` in base.css."""

MONO_SCALE = 0.9
"""The size of code in running text: `code` in base.css."""

LONGEST = 16.0
"""A word wider than this, in em, may be broken anywhere: about 35 letters, which no column should be made for."""

_SLACK = 1.01  # for kerning and rounding; measured against real layouts
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
    return max((sum(width + space for width, space in line) for line in text), default=0.0)


def narrowest(text: Words) -> float:
    """The width of the longest word."""
    return max((width for line in text for width, _ in line), default=0.0)


def count_lines(text: Words, width: float) -> int:
    """The number of lines at a width, broken greedily as WeasyPrint does; at least one."""
    total = 0
    for line in text:
        total += 1
        at = before = 0.0
        for word, space in line:
            if at and at + before + word > width + 1e-9:
                total += 1
                at = word
            else:
                at += before + word
            before = space
    return max(total, 1)


class _Ruler(HTMLParser):
    """Walks HTML and adds up widths."""

    def __init__(self, faces: Faces, bold: bool) -> None:
        super().__init__(convert_charrefs=True)
        self._faces = faces
        self._bold = int(bold)
        self._mono = self._small = 0
        self._lines: list[list[Word]] = [[]]
        self._width = 0.0

    def result(self) -> Words:
        self._end_word(0.0)
        return tuple(tuple(line) for line in self._lines if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._switch(tag, 1)
        if tag == "br":
            self._end_line()
        elif tag == "img":
            self._width += _image(dict(attrs))

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
            self._width += _advance(font, character) * scale
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
        while self._width > LONGEST:
            self._lines[-1].append((LONGEST, 0.0))
            self._width -= LONGEST
        if self._width:
            self._lines[-1].append((self._width, space))
        elif space and self._lines[-1]:
            self._lines[-1][-1] = (self._lines[-1][-1][0], space)
        self._width = 0.0

    def _end_line(self) -> None:
        self._end_word(0.0)
        if self._lines[-1]:
            self._lines.append([])


def _image(attrs: dict[str, str | None]) -> float:
    kind, style = attrs.get("class") or "", attrs.get("style") or ""
    if kind == "icon":
        return ICON
    found = re.search(r"width:([\d.]+)em", style)
    return float(found[1]) if found else _PICTURE


_MONO_FACE = "IBMPlexMono-Regular.ttf"
_HANGUL = 0.92  # em: a syllable in Noto Sans CJK; ideographs and kana are one em wide, half-width forms a half
_OTHERS = 0.65


@cache
def _advances(font: str) -> dict[int, float]:
    from fontTools.ttLib import TTFont

    with TTFont(fonts.FOLDER / font, lazy=True) as face:
        unit, widths = face["head"].unitsPerEm, face["hmtx"].metrics
        return {point: widths[glyph][0] / unit for point, glyph in face.getBestCmap().items()}


@cache
def _advance(font: str, character: str) -> float:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0.0
    if (width := _advances(font).get(ord(character))) is not None:
        return width
    # The fonts of the extra for these are large, and all their letters of one width: not worth opening.
    if (wide := unicodedata.east_asian_width(character)) in "WFH" and not _is_emoji(character):
        return 0.5 if wide == "H" else _HANGUL if "가" <= character <= "힣" else 1.0
    for face in fonts.fallbacks(character, bold="Bold" in font):
        if (width := _advances(face).get(ord(character))) is not None:
            return width
    return _OTHERS


def _is_emoji(character: str) -> bool:
    return ord(character) in _advances("NotoEmoji-Regular.ttf")
