"""What a PDF is made of, and what comes out: values that need no library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from studypack.diagnostics import Diagnostic
from studypack.span import Span

THEME = Path(__file__).parents[1] / "theme"
"""Templates, style sheets, icons and fonts."""

OURS = "sp:"
"""Every id that we give a block starts so; no author's id may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The bytes of a picture and their MIME type. `own` marks one that we drew ourselves."""

    mime: str
    data: bytes
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in the guide a printed thing comes from, and its text."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """All that one PDF is made of.

    `pictures` are the only addresses that load. `places` are the ids that must be found on the paper, `margin` points
    from its edge. `formulas` are printed as TeX. `path` names the guide in diagnostics.
    """

    html: str
    css: str
    path: str
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    formulas: tuple[str, ...] = ()
    margin: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """A character that no font could draw, and the first block that is known to hold it."""

    character: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A finished PDF: its bytes, its number of pages, what is to be said of it, and its type size in points.

    `missing` are characters printed as U+FFFD, `formulas` those printed as TeX, each once. Whoever has the
    guide's text says so, and where.
    """

    data: bytes
    pages: int
    diagnostics: tuple[Diagnostic, ...]
    size: float | None = None
    missing: tuple[Missing, ...] = ()
    formulas: tuple[str, ...] = ()
