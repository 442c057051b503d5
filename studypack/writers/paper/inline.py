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
from studypack.writers.paper.codeparts import End, parts
from studypack.writers.paper.marks import icon, icons, with_icons
from studypack.writers.paper.mathematics import formula, tex_of
from studypack.writers.paper.page import OURS, Picture

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
_ADDRESS = re.compile(r"((?:https?://|www\.)\S+)", re.IGNORECASE)
_ENDLESS = re.compile(r"(\S{35,})")
_LINE, _LONG_LINE = '<span class="line">', '<span class="line long">'
_LONG = 24  # signs; a line of code of fewer is never broken, however narrow its place
_TOGETHER = 14  # lines; code of no more is not broken between columns
_ID = re.compile(r' id="[^"]*"')
_MAX_SPAN = 99
_MAX_PIXELS = 4000
_GOES_ON = "border-bottom:0"  # a cell that reaches into the row below
_DIAGRAM = 0.62  # its 16 px type as large as the text around it
_TALLEST = 355  # CSS pixels: the height of `.picture`
_MAX_ITEM = 9999
_JOINER = "\N{WORD JOINER}"  # between a full stop and the mark of a footnote a line may end otherwise
_EM_PER_PIXEL = 0.075  # a pixel of CSS is 0.75 pt


@dataclass(slots=True, kw_only=True)
class Inline:
    """Turns HTML of one guide into HTML for paper.

    `media` are its pictures by name, `anchors` the ids that links may point to, `footnotes` their numbers by name.
    `lang` is the guide's language; `linked` says whether a footnote's number leads to the footnote. `pictures` collects
    every address that the results need, `undrawn` the TeX of formulas that are printed as such. `box` is the room for a
    picture, width and height in em; without one the style sheet decides.
    """

    media: Mapping[str, Media]
    anchors: frozenset[str] = frozenset()
    footnotes: Mapping[str, int] = field(default_factory=dict)
    linked: bool = True
    lang: str = "en"
    box: tuple[float, float] | None = None
    pictures: dict[str, Picture] = field(default_factory=lambda: dict(icons()))
    undrawn: dict[str, None] = field(default_factory=dict)

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
        self._open: list[tuple[str, str, str]] = []  # tag as written, start and end tag as printed
        self._code: int | None = None  # so many elements were open when the lines of a <pre> began
        self._pre = 0  # where in the result that <pre> is
        self._line = 0  # where in the result the line at hand begins
        self._letters = 0  # how long it is
        self._end = End()  # how it ends so far
        self._skip: list[str] = []
        self._formula: list[str] | None = None
        self._display = False
        self._tables: list[_Grid] = []

    def result(self) -> Markup:
        while self._open:
            self._close()
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
        if not any(written == tag for written, *_ in self._open):
            return
        if self._formula is not None:
            self._typeset()
        if tag == "pre" and self._code is not None:
            self._end_code()
        while self._close() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._skip:
            return
        if self._formula is not None:
            self._formula.append(data)
            return
        if self._first and not self._out and not data.strip():
            return
        if self._code is not None:
            self._lines(data)
        else:
            self._words(data)

    def _words(self, text: str) -> None:
        """Running text; addresses in it, and what is too long for a column of a table, are marked."""
        marked, kind = (_ENDLESS, "endless") if self._tables else (_ADDRESS, "address")
        for number, part in enumerate(marked.split(text)):
            shown = with_icons(part)
            self._out.append(f'<span class="{kind}">{shown}</span>' if number % 2 else shown)

    def _lines(self, code: str) -> None:
        """Code, each of its lines an element of its own; what is open goes on in the next one."""
        for number, text in enumerate(code.split("\n")):
            if number:
                inside = self._open[self._code :]
                self._end_line()
                self._new_line(inside[1:])
            self._code_text(text)

    def _code_text(self, text: str) -> None:
        """A part of a line of code, which breaks at blanks, and within what has none for long."""
        found, self._end = parts(text, self._end)
        if not found[0] and len(found) > 1:
            # Between elements, not in one: there WeasyPrint 70 ends the line too late.
            before = next(at for at in range(len(self._out), 0, -1) if not self._out[at - 1].startswith("<span"))
            self._out.insert(before, "<wbr>")
            found = found[1:]
        self._out.append("<wbr>".join(map(with_icons, found)))
        self._letters += len(text)

    def _new_line(self, inside: list[tuple[str, str, str]]) -> None:
        """A line of code begins, with the elements that were open in the one before."""
        self._line, self._letters, self._end = len(self._out), 0, End()
        self._put("span", _LINE, "line")
        for written, start, end in inside:
            again = _ID.sub("", start)  # an id stands once
            self._out.append(again)
            self._open.append((written, again, end))

    def _end_line(self) -> None:
        """Closes what is open in a line of code, which may be so long that it is broken on paper."""
        while len(self._open) > (self._code or 0):
            self._out.append(self._open.pop()[2])
        if self._letters > _LONG:
            self._out[self._line] = _LONG_LINE

    def _end_code(self) -> None:
        """The end of a <pre>; the line break that ends its last line begins no further one."""
        self._end_line()
        if not self._letters:
            del self._out[self._line :]
        self._code = None
        inside = self._out[self._pre :]
        if inside.count(_LINE) + inside.count(_LONG_LINE) <= _TOGETHER and "class=" not in inside[0]:
            self._out[self._pre] = inside[0].replace("<pre", '<pre class="together"', 1)

    def _start(self, tag: str, given: Mapping[str, str], written: str = "") -> None:
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in self._attributes(tag, given))
        if self._first and not self._out and tag not in _VOID:
            attributes, self._first = self._first + attributes, ""
        if self._tables and tag in ("td", "th"):
            width, height = (_number(given.get(name, ""), _MAX_SPAN) or 1 for name in ("colspan", "rowspan"))
            self._out.append(self._tables[-1].begin_cell(width, height))
        self._put(tag, f"<{tag}{attributes}>", written or tag)
        if tag == "pre":
            self._code = len(self._open)
            self._pre = len(self._out) - 1
            self._new_line([])
        if tag == "table":
            self._tables.append(_Grid())
        elif self._tables and tag == "tr":
            self._tables[-1].begin_row()

    def _put(self, tag: str, start: str, written: str) -> None:
        self._out.append(start)
        if tag not in _VOID:
            self._open.append((written, start, f"</{tag}>"))

    def _close(self) -> str:
        """Ends the innermost element; its tag as written."""
        written, _, end = self._open.pop()
        if written == "pre":
            self._code = None
        self._end_cells(written)
        self._out.append(end)
        return written

    def _end_cells(self, tag: str) -> None:
        """Gives the rows of a table as many cells as the longest has: PDF/UA wants rows of one length."""
        if not self._tables:
            return
        if tag == "tr":
            self._out.append(self._tables[-1].end_row(len(self._out)))
        elif tag in ("thead", "tbody", "tfoot"):
            self._tables[-1].end_group()
        elif tag == "table":
            for at, cells in self._tables.pop().lacking():
                self._out[at] += cells

    def _attributes(self, tag: str, given: Mapping[str, str]) -> list[tuple[str, str]]:
        kept = [(name, given[name]) for name in ("class", "lang", "dir") if given.get(name)]
        # WeasyPrint 70 numbers lists by CSS alone, and adds one to what is set.
        if tag == "ol" and (start := _number(given.get("start", ""), _MAX_ITEM)):
            kept.append(("style", f"counter-reset:list-item {start - 1}"))
        elif tag == "li" and (value := _number(given.get("value", ""), _MAX_ITEM)):
            kept.append(("style", f"counter-set:list-item {value - 1}"))
        if (author := given.get("id", "")) and not author.startswith(OURS) and not (self._first and not self._out):
            kept.append(("id", author))
        if tag == "a" and (target := self._target(given.get("href", ""))):
            kept.append(("href", target))
        if tag == "th":
            kept.append(("scope", "row" if given.get("scope") == "row" else "col"))
        if tag in ("td", "th"):
            if _number(given.get("colspan", ""), _MAX_SPAN):
                kept.append(("colspan", given["colspan"]))
            side = given.get("align") or _aligned(given.get("style", ""))
            style = [f"text-align:{side}"] if side in ("center", "right") else []
            if _number(given.get("rowspan", ""), _MAX_SPAN) > 1:
                style.append(_GOES_ON)
            if style:
                kept.append(("style", ";".join(style)))
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
            text = f'<a href="#{OURS}note-{number}">{number}</a>' if self._inline.linked else str(number)
            self._out.append(f'<sup class="footnote">{_JOINER}{text}</sup>')
        self._skip.append("sup")

    def _image(self, given: Mapping[str, str]) -> None:
        media = self._inline.media.get(given.get("src", ""))
        word = given.get("alt", "").strip() or (media.reference.rpartition("/")[2] if media else "picture")
        if media is None or media.kind != "image":
            self._out.append(f'<span class="absent">[{escape(word)}]</span>')
            return
        address = f"media:{media.name}"
        self._inline.pictures[address] = Picture(mime=media.mime, data=media.data)
        width: float = _number(given.get("width", ""), _MAX_PIXELS)
        drawn = "diagram" in given.get("class", "").split()
        if drawn and media.width and media.height:
            width = round(media.width * min(_DIAGRAM, _TALLEST / media.height), 1)
        style = f' style="width:{width}px"' if width else ""
        if self._inline.box:
            style = _within(self._inline.box, width, media)
        kind = "picture diagram" if drawn else "picture"
        self._out.append(f'<img class="{kind}" src="{escape(address)}" alt="{escape(word)}"{style}>')

    def _typeset(self) -> None:
        source = "".join(self._formula or ())
        html, pictures = formula(source, self._display)
        if not pictures and (tex := tex_of(source)):
            self._inline.undrawn[tex] = None
        self._formula = None
        self._inline.pictures.update(pictures)
        self._out.append(html)


class _Grid:
    """Counts the cells of one table while it is copied, and says where empty ones are wanted.

    A cell over several rows becomes one with empty cells below: a table is cut between any two rows where a column of
    the page ends, and WeasyPrint 70 then tags the lower part with too few cells.
    """

    def __init__(self) -> None:
        self._below: dict[int, int] = {}  # for each column, the rows that a cell above still reaches into
        self._rows: list[tuple[int, int]] = []  # where each row ends in the output, and its columns
        self._at = 0

    def begin_row(self) -> None:
        """A row begins."""
        self._at = 0

    def begin_cell(self, width: int, height: int) -> str:
        """A cell begins that is so many columns wide and rows high; the empty cells before it."""
        before = self._reached()
        self._below.update(dict.fromkeys(range(self._at, self._at + width), height - 1))
        self._at += width
        return before

    def end_row(self, place: int) -> str:
        """A row ends at a place in the output; the empty cells before it."""
        before = self._reached()
        self._rows.append((place, self._at))
        return before

    def end_group(self) -> None:
        """A head, body or foot ends, and with it every cell in it."""
        self._below.clear()

    def lacking(self) -> list[tuple[int, str]]:
        """The empty cells that each row lacks, with the place where it ends."""
        most = max((width for _, width in self._rows), default=0)
        return [(place, "<td></td>" * (most - width)) for place, width in self._rows]

    def _reached(self) -> str:
        cells = ""
        while self._below.get(self._at, 0):
            self._below[self._at] -= 1
            cells += f'<td style="{_GOES_ON}"></td>' if self._below[self._at] else "<td></td>"
            self._at += 1
        return cells


def _within(box: tuple[float, float], width: float, media: Media) -> str:
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
