"""Formulas as drawings, where the optional library ziamath is installed; else as their TeX, legibly."""

from __future__ import annotations

import hashlib
import re
import warnings
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

from markupsafe import Markup

from studypack.writers.paper.page import Picture
from studypack.writers.paper.texparts import at_relations, at_signs

_SIZE = 10.0  # the type size drawn at, in the drawing's own units
_SCALE = 1.08  # against the text: the letters of STIX Two are smaller than Plex's of the same size
_COMMAND = re.compile(r"\s*\\[A-Za-z]+")
_MATRIX_BEGINS, _MATRIX_ENDS = (re.compile(rf"\\{word}\{{[pbBvV]matrix\}}") for word in ("begin", "end"))
_WIDE = 16.0  # em: up to this, which the columns of a page take, a formula is drawn in one piece
_DELIMITERS = re.compile(r"^\s*(?:\\\(|\\\[|\$\$?)\s*|\s*(?:\\\)|\\\]|\$\$?)\s*$")


_Drawing = tuple[bytes, float, float, float]
"""An SVG, its width, height and depth below the base line in em."""


def tex_of(source: str) -> str:
    """A formula's TeX without its delimiters."""
    return _DELIMITERS.sub("", source)


def is_installed() -> bool:
    """Whether formulas can be drawn here; else all are printed as their TeX."""
    return _ziamath() is not None


def formula(source: str, display: bool) -> tuple[Markup, dict[str, Picture]]:
    """A formula as HTML, and the drawings it shows; none where it cannot be drawn.

    `source` is TeX with or without its delimiters. One that is wide is drawn in several parts, so that it takes more
    lines in a narrow column, and not type that nobody can read.
    """
    tex = tex_of(source)
    drawing = _draw(tex, not display)
    if drawing is None:
        return Markup('<code class="tex">{}</code>').format(tex), {}
    parts = _parts(tex, not display) if drawing[1] > _WIDE else ()
    shown = [_image(*part) for part in parts or ((tex, drawing),)]
    pictures = {address: picture for _, made in shown for address, picture in made.items()}
    return Markup(" ").join(html for html, _ in shown), pictures


def _parts(tex: str, inline: bool) -> list[tuple[str, _Drawing]]:
    """A wide formula in parts, between which a line may end; nothing where one of them cannot be drawn alone."""
    made: list[tuple[str, _Drawing]] = []
    for part in at_relations(tex):
        drawing = _draw(part, inline)
        for piece in (part,) if drawing and drawing[1] <= _WIDE else at_signs(part):
            alone = _draw(piece, inline)
            if alone is None:
                return []
            made.append((piece, alone))
    return made


def _image(tex: str, drawing: _Drawing) -> tuple[Markup, dict[str, Picture]]:
    svg, width, height, drop = drawing
    address = f"math:{hashlib.sha256(svg).hexdigest()[:16]}"
    style = f"width:{width:.3f}em;height:{height:.3f}em;vertical-align:{drop:.3f}em"
    html = Markup('<img class="formula" src="{}" alt="{}" style="{}">').format(address, tex, style)
    return html, {address: Picture(mime="image/svg+xml", data=svg, own=True)}


@cache
def _ziamath() -> Any:
    try:
        # It finds its own font by a function that Python 3.11 calls deprecated.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            ziafont, ziamath = import_module("ziafont"), import_module("ziamath")
    except ImportError:
        return None
    # Plain paths: SVG <use> is drawn far slower.
    ziafont.config.svg2 = False
    return ziamath


@lru_cache(4_096)  # the preview lives for days, and a guide is edited meanwhile
def _draw(tex: str, inline: bool) -> _Drawing | None:
    """The formula in type of one em; None if it cannot be drawn."""
    ziamath = _ziamath()
    if ziamath is None or not tex:
        return None
    try:
        drawn = ziamath.Latex(_grouped(tex), size=_SIZE, inline=inline)
        return None if _is_garbled(drawn) else _measured(drawn.svg())
    # What an author writes between dollars can be anything, and the parsers raise errors of no common kind.
    except Exception:  # noqa: BLE001
        return None


def _grouped(tex: str) -> str:
    """Matrices in braces: latex2mathml 3 hangs a script behind one on its opening bracket, and nothing can be drawn."""
    return _MATRIX_ENDS.sub(r"\g<0>}", _MATRIX_BEGINS.sub(r"{\g<0>", tex))


def _is_garbled(drawn: Any) -> bool:
    """Whether it would draw the names of commands it does not know, or boxes for letters its font has not."""
    words = [text for element in drawn.mathml.iter() for text in (element.text or "", element.tail or "")]
    letters = {letter for word in words for letter in word if letter.isalnum()}
    return any(_COMMAND.match(word) for word in words) or not all(map(drawn.font.glyphindex, letters))


def _measured(svg: str) -> _Drawing:
    """A drawing with its width, height and depth in em; the base line is at 0 in its view box."""
    found = re.search(r'viewBox="([-\d.eE]+) ([-\d.eE]+) ([-\d.eE]+) ([-\d.eE]+)"', svg)
    if found is None:
        raise ValueError("a drawing without a view box")
    _, top, width, height = map(float, found.groups())
    unit = _SCALE / _SIZE
    return svg.encode(), width * unit, height * unit, -(top + height) * unit
