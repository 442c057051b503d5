"""What the addresses in a guide become: media that travel with the pack, links that work, or nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from urllib.parse import unquote, urljoin
from xml.etree.ElementTree import Element

from studypack.folder import FileFault
from studypack.media import Media
from studypack.parse.findings import Findings
from studypack.span import START, Span

_SCHEME = re.compile(r"(?:https?:|mailto:)", re.I)
_OTHER_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.I)
_VARIATION = "\ufe0e\ufe0f"  # they say how a sign looks, and nobody sees them in a link


class Anchors:
    """The anchors of a guide, unique, made as GitHub makes them: lower case, punctuation gone, blanks to hyphens.

    The headings' anchors are known before any link is read; `named` are those of the author's raw HTML.
    """

    def __init__(self, headings: Iterable[tuple[Element, str]], named: Iterable[str]) -> None:
        rows = list(headings)
        self.taken = {pinned for element, _ in rows if (pinned := element.get("id"))}
        self.named = set(named)
        self._counts: dict[str, int] = {}
        self._of = {element: element.get("id") or self.slug(text) for element, text in rows}

    def of(self, heading: Element) -> str:
        """The anchor of a heading."""
        return self._of[heading]

    def slug(self, text: str) -> str:
        """A new anchor for a text; repeated ones get `-1`, `-2` and so on."""
        base = "".join(filter(_in_slug, text.strip().lower())).replace(" ", "-") or "section"
        anchor, count = base, self._counts.get(base, 0)
        while anchor in self.taken:
            count += 1
            anchor = f"{base}-{count}"
        self._counts[base] = count
        self.taken.add(anchor)
        return anchor


def _in_slug(character: str) -> bool:
    """Whether GitHub keeps a character in an anchor, as it does the vowel signs of Hindi, which are no letters."""
    if character.isalnum() or character in "_- ":
        return True
    return unicodedata.category(character).startswith("M") and character not in _VARIATION


class Links:
    """Resolves the addresses of one guide and keeps the media it met. `at` is the block being read."""

    def __init__(
        self,
        read: Callable[[str], Media | FileFault],
        anchors: Anchors,
        url: str | None,
        findings: Findings,
    ) -> None:
        self.read = read
        self.anchors = anchors
        self.url = url
        self.findings = findings
        self.at: Span = START
        self.media: dict[str, Media | FileFault] = {}

    def resolve(self, attribute: str, address: str) -> str | None:
        """What an address becomes in the pack; None when it leads nowhere there."""
        return self._media(address) if attribute == "src" else self._link(address)

    def used(self) -> tuple[Media, ...]:
        """The media of the guide in the order in which they were first met, each once."""
        found = (media for media in self.media.values() if isinstance(media, Media))
        return tuple({media.name: media for media in found}.values())

    def _media(self, address: str) -> str | None:
        if address not in self.media:
            self.media[address] = self.read(address)
        media = self.media[address]
        if isinstance(media, Media):
            return media.name
        self.findings.add(media.code, self.findings.locate(address, self.at), media.message, media.hint)
        return None

    def _link(self, address: str) -> str | None:
        address = address.strip()
        if address.startswith("#"):
            return self._inside(address)
        if _SCHEME.match(address):
            return address
        if _OTHER_SCHEME.match(address) or not self.url:
            return None  # a file beside the guide is out of a learner's reach; the words of the link stay
        try:
            return urljoin(self.url, address)
        except ValueError:  # an address that is none, such as `//[a`
            return None

    def _inside(self, address: str) -> str | None:
        anchor = unquote(address[1:])
        for spelled in (anchor, anchor.lower()):
            if spelled in self.anchors.taken:
                return f"#{spelled}"
        if anchor and anchor not in self.anchors.named and anchor.lower() not in ("top", "readme"):
            span = self.findings.locate(address, self.at)
            self.findings.add("SP205", span, f"no heading has the anchor {address}", "correct the link or the heading")
        return None
