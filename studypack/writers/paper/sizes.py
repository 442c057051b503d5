"""Sheets of paper by name, as a guide's front matter spells them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

MM = 72 / 25.4
"""A millimetre in points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet of paper in points. `oriented` when its name says which way it lies."""

    width: float
    height: float
    oriented: bool = False

    def turned(self) -> Sheet:
        """The same sheet, lying the other way."""
        return Sheet(width=self.height, height=self.width, oriented=self.oriented)


# ISO 216 and ANSI sizes, upright, in millimetres.
_UPRIGHT = {
    "A3": (297.0, 420.0),
    "A4": (210.0, 297.0),
    "A5": (148.0, 210.0),
    "B4": (250.0, 353.0),
    "B5": (176.0, 250.0),
    "Letter": (215.9, 279.4),
    "Legal": (215.9, 355.6),
    "Ledger": (279.4, 431.8),
}


def _papers() -> dict[str, Sheet]:
    papers: dict[str, Sheet] = {}
    for name, (width, height) in _UPRIGHT.items():
        short, long = width * MM, height * MM
        papers[name] = Sheet(width=short, height=long)
        papers[f"{name} portrait"] = Sheet(width=short, height=long, oriented=True)
        papers[f"{name} landscape"] = Sheet(width=long, height=short, oriented=True)
    return papers


PAPERS: Mapping[str, Sheet] = MappingProxyType(_papers())
"""Every sheet that a guide can ask for; the plain names stand upright."""


def sheet(name: str) -> Sheet:
    """The sheet of that name, whatever its case; A4 when there is none (the front matter was checked before)."""
    wanted = " ".join(name.split()).casefold()
    return next((paper for known, paper in PAPERS.items() if known.casefold() == wanted), PAPERS["A4"])
