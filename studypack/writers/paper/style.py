"""How a page looks: the built-in theme, the author's own rules on top, and the faces that text is measured with."""

from __future__ import annotations

from dataclasses import dataclass

from studypack.model import Guide
from studypack.writers.paper.page import THEME


@dataclass(frozen=True, slots=True, kw_only=True)
class Faces:
    """The font files, in the theme's folder, that print running text and bold text."""

    regular: str
    bold: str


_FACES = {
    "plain": Faces(regular="IBMPlexSansCondensed-Regular.ttf", bold="IBMPlexSansCondensed-Bold.ttf"),
    "sepia": Faces(regular="IBMPlexSerif-Regular.ttf", bold="IBMPlexSerif-Bold.ttf"),
}
"""The faces of each built-in theme; `NAME.css` in the theme's folder goes on top of `base.css`."""


def faces(guide: Guide) -> Faces:
    """What the guide's text is set in, as long as the author's own style sheet does not choose other fonts."""
    return _FACES[guide.theme]


def css(guide: Guide, kind: str, sizes: str) -> str:
    """The style sheet of a page: what all pages share, its own kind, sizes worked out, the theme, the author's rules.

    `kind` names the style sheet in the theme's folder, such as `sheet`.
    """
    theme = [] if guide.theme == "plain" else [guide.theme]
    shared, own, *themed = ((THEME / f"{name}.css").read_text("utf-8") for name in ("base", kind, *theme))
    return "\n".join((shared, own, sizes, *themed, guide.css))
