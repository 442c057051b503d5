"""An author's clean HTML made fit for paper: pictures by our addresses, marks drawn, formulas set, links safe.

A second fence as well: whatever tag, attribute or address is not known here does not reach the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser
from urllib.parse import unquote

from markupsafe import Markup

from studypack.media import Media
from studypack.writers.marks import icon, icons, with_icons
from studypack.writers.mathematics import formula
from studypack.writers.page import OURS, Picture

_KEPT = frozenset(
    "p div span a b strong i em u s del ins mark code pre kbd samp var sub sup small br hr ul ol li dl dt dd table "
    "thead tbody tfoot tr th td caption blockquote q cite abbr dfn time figure figcaption details summary ruby rt rp "
    "bdi bdo wbr".split()
)
_DROPPED_WHOLE = frozenset(
    "script style iframe object embed template svg math title textarea select noscript video audio canvas head".split()
)
_VOID = frozenset(("br", "hr", "wbr", "img", "input", "embed", "link", "meta", "source", "track", "col"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_OUTSIDE = re.compile(r"(?:https?://|mailto:|tel:)[^\s\x00-\x1f]+", re.IGNORECASE)
_MAX_SPAN = 100
_MAX_PIXELS = 4000
_EM_PER_PIXEL = 0.075  # a pixel of CSS is 0.75 pt


@dataclass(slots=True, kw_only=True)
class Inline:
    """Turns HTML of one guide into HTML for paper.

    `media` are its pictures by name, `anchors` the ids that links may point to, `footnotes` their numbers by name.
    `lang` is the guide's language. `pictures` collects every address that the results need. `box` is the room for a
    picture, width and height in em; without one the style sheet decides.
    """

    media: Mapping[str, Media]
    anchors: frozenset[str] = frozenset()
    footnotes: Mapping[str, int] = field(default_factory=dict)
    lang: str = "en"
    box: tuple[float, float] | None = None
    pictures: dict[str, Picture] = field(default_factory=lambda: dict(icons()))

    def __call__(self, html: str, *, id: str = "", direction: str = "") -> Markup:
        """The HTML for paper; `id` and the text direction go on its first element, or on a box around bare text."""
        first = "".join(f' {name}="{escape(value)}"' for name, value in (("id", id), ("dir", direction)) if value)
        rewriter = _Rewriter(self, first)
        rewriter.feed(html)
        rewriter.close()
        return rewriter.result()


class _Rewriter(HTMLParser):
    """Copies what is allowed. `_open` are the elements open in the result, `_skip` counts those left out whole."""

    def __init__(self, inline: Inline, first: str) -> None:
        super().__init__(convert_charrefs=True)
        self._inline, self._first = inline, first
        self._out: list[str] = []
        self._open: list[tuple[str, str]] = []  # tag as written, end tag as printed
        self._skip: list[str] = []
        self._formula: list[str] | None = None
        self._display = False
        self._tables: list[list[int]] = []  # cells in the first row of each open table, and in the row at hand

    def result(self) -> Markup:
        self._out += [end for _, end in reversed(self._open)]
        html = "".join(self._out)
        # Our own tags and escaped text only.
        return Markup(f"<div{self._first}>{html}</div>" if self._first else html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._skip and self._formula is None:
            self._begin(tag, {name: value or "" for name, value in attrs})
        elif tag not in _VOID:
            self._skip.append(tag)

    def _begin(self, tag: str, given: Mapping[str, str]) -> None:
        if tag == "audio":
            self._out.append(icon("sound", "sound"))
        if tag in _DROPPED_WHOLE and tag not in _VOID:
            self._skip.append(tag)
        elif tag in ("span", "div") and "math" in given.get("class", "").split():
            self._formula, self._display = [], tag == "div" or "display" in given["class"].split()
            self._start(tag, given)
        elif tag == "sup" and "data-footnote" in given:
            self._reference(given["data-footnote"])
        elif tag == "img":
            self._image(given)
        elif tag == "input":
            self._out.append(with_icons("☑" if "checked" in given else "☐"))
        elif tag in _HEADINGS:
            self._start("p", {"class": "heading"}, written=tag)
        elif tag in _KEPT:
            self._start(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if self._skip:
            if tag == self._skip[-1]:
                self._skip.pop()
            return
        if not any(written == tag for written, _ in self._open):
            return
        if self._formula is not None:
            self._typeset()
        while self._open:
            written, end = self._open.pop()
            self._fill_row(written)
            self._out.append(end)
            if written == tag:
                break

    def handle_data(self, data: str) -> None:
        if self._skip:
            return
        if self._formula is not None:
            self._formula.append(data)
            return
        if self._first and not self._out and not data.strip():
            return
        self._out.append(with_icons(data))

    def _start(self, tag: str, given: Mapping[str, str], written: str = "") -> None:
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in self._attributes(tag, given))
        if self._first and not self._out and tag not in _VOID:
            attributes, self._first = self._first + attributes, ""
        self._out.append(f"<{tag}{attributes}>")
        if tag not in _VOID:
            self._open.append((written or tag, f"</{tag}>"))
        if tag == "table":
            self._tables.append([0, 0])
        elif tag in ("td", "th") and self._tables:
            self._tables[-1][1] += _number(given.get("colspan", ""), _MAX_SPAN) or 1

    def _fill_row(self, tag: str) -> None:
        """Gives a row as many cells as the first has: PDF/UA wants rows of one length."""
        if tag == "tr" and self._tables:
            first, cells = self._tables[-1]
            self._out.append("<td></td>" * (first - cells))
            self._tables[-1] = [first or cells, 0]
        elif tag == "table" and self._tables:
            self._tables.pop()

    def _attributes(self, tag: str, given: Mapping[str, str]) -> list[tuple[str, str]]:
        kept = [(name, given[name]) for name in ("class", "lang", "dir", "start") if given.get(name)]
        if (author := given.get("id", "")) and not author.startswith(OURS) and not (self._first and not self._out):
            kept.append(("id", author))
        if tag == "a" and (target := self._target(given.get("href", ""))):
            kept.append(("href", target))
        if tag == "th":
            kept.append(("scope", "row" if given.get("scope") == "row" else "col"))
        if tag in ("td", "th"):
            kept += [(n, given[n]) for n in ("colspan", "rowspan") if _number(given.get(n, ""), _MAX_SPAN)]
            if (side := given.get("align") or _aligned(given.get("style", ""))) in ("center", "right"):
                kept.append(("style", f"text-align:{side}"))
        return kept

    def _target(self, href: str) -> str:
        """Where a link may lead: into the guide, or to the web. A relative one would become a path on this disk."""
        href = href.strip()
        if href.startswith("#"):
            return href if unquote(href[1:]) in self._inline.anchors else ""
        return href if _OUTSIDE.fullmatch(href) else ""

    def _reference(self, name: str) -> None:
        number = self._inline.footnotes.get(name)
        if number is not None:
            self._out.append(f'<sup class="footnote"><a href="#{OURS}note-{number}">{number}</a></sup>')
        self._skip.append("sup")

    def _image(self, given: Mapping[str, str]) -> None:
        media = self._inline.media.get(given.get("src", ""))
        word = given.get("alt", "").strip() or (media.reference.rpartition("/")[2] if media else "picture")
        if media is None or media.kind != "image":
            self._out.append(f'<span class="absent">[{escape(word)}]</span>')
            return
        address = f"media:{media.name}"
        self._inline.pictures[address] = Picture(mime=media.mime, data=media.data)
        width = _number(given.get("width", ""), _MAX_PIXELS)
        style = f' style="width:{width}px"' if width else ""
        if self._inline.box:
            style = _within(self._inline.box, width, media)
        self._out.append(f'<img class="picture" src="{escape(address)}" alt="{escape(word)}"{style}>')

    def _typeset(self) -> None:
        html, pictures = formula("".join(self._formula or ()), self._display)
        self._formula = None
        self._inline.pictures.update(pictures)
        self._out.append(html)


def _within(box: tuple[float, float], width: int, media: Media) -> str:
    """The size of a picture in em: as large as its pixels, or its author, say for type of 10 pt, within the box."""
    if not media.width or not media.height:
        return f' style="width:{box[0]:.2f}em;height:{box[1]:.2f}em"'
    wide = (width or media.width) * _EM_PER_PIXEL
    high = wide * media.height / media.width
    scale = min(1.0, box[0] / wide, box[1] / high)
    return f' style="width:{wide * scale:.2f}em;height:{high * scale:.2f}em"'


def _number(text: str, largest: int) -> int:
    """A whole number from an attribute, 0 if it is none or too large."""
    return int(text) if re.fullmatch(r"\d{1,4}", text) and int(text) <= largest else 0


def _aligned(style: str) -> str:
    found = re.search(r"text-align:\s*(left|center|right)", style)
    return found[1] if found else ""
