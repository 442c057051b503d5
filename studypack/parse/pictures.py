"""Code that draws: the fences of a guide that become pictures."""

from __future__ import annotations

from studypack import diagrams, markup
from studypack.folder import FileFault
from studypack.model import Html
from studypack.parse.findings import Findings
from studypack.parse.links import Links
from studypack.span import Span


class Pictures:
    """Draws the diagrams of one guide, and says once what it needs for that."""

    def __init__(self, links: Links, findings: Findings) -> None:
        self.links, self.findings = links, findings
        self.lacking = False

    def of(self, code: str, language: str, span: Span) -> Html | None:
        """The picture that a fence draws; None if it is code to be read, or cannot be drawn."""
        if language.lower() not in diagrams.LANGUAGES or not code.strip():
            return None
        picture = diagrams.draw(language.lower(), code)
        if isinstance(picture, FileFault):
            if picture.code != "SP307" or not self.lacking:
                self.findings.add(picture.code, span, picture.message, picture.hint)
            self.lacking = self.lacking or picture.code == "SP307"
            return None
        self.links.media[picture.name] = picture
        return markup.picture_html(picture.name, diagrams.describe(code))
