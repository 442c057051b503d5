"""The inline syntax of Markdown: Python-Markdown's own, and what GitHub adds to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from html import unescape
from html.entities import html5
from typing import Any, cast
from xml.etree.ElementTree import Element

import markdown
from markdown.inlinepatterns import ENTITY_RE, HTML_RE, HtmlInlineProcessor, InlineProcessor
from markdown.util import ETX, INLINE_PLACEHOLDER, STX, AtomicString, Registry, code_escape

from studypack.markup.attributes import InlineAttributes
from studypack.markup.clean import is_tag
from studypack.markup.signs import InlinePass
from studypack.markup.starts import COMMENT
from studypack.media import is_media

_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"

# A dollar opens a formula when no letter or digit stands before it and no blank after it, and closes one when no blank
# stands before it and no letter or digit after it: GitHub's rule, which leaves “$5 and $10” alone.
_DOLLARS = r"(?<![\\$\w])\$(?![\s$])((?:\\.|[^\\$])+?)(?<![\s\\])\$(?![\w$])"
_DOUBLE_DOLLARS = r"(?<![\\$])\$\$(?!\$)((?:\\.|[^\\$]|\$(?!\$))+?)\$\$(?!\$)"
_ROUND = r"\\\((?!\\\))([^\n]+?)\\\)"
# No blank inside the brackets: `[[ -f a ]]` is a test of the shell; no word before them: `x[[1]]` is R; and no name
# starts with a colon: `[[:alpha:]]` is a class of characters.
_WIKI_LINK = r"(?<![\w\[\\])(!?)\[\[(?![\s|:])([^\[\]\n]+)(?<!\s)\]\](?![\](\[])"
_EMBEDDED_SIZE = re.compile(r"(\d{1,4})(?:x\d{1,4})?$")
_DOLLARS_CODE = r"\$`([^`]+)`\$"


class _Math(InlineProcessor):
    """A formula, left to MathJax on cards and to the PDF's typesetter on paper."""

    def __init__(self, pattern: str, display: bool) -> None:
        super().__init__(pattern)
        self.display = display

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]
        return _math_element(m[1], self.display), m.start(0), m.end(0)


class _Footnote(InlineProcessor):
    """A reference to a footnote; one that is not defined stays text."""

    def __init__(self, pattern: str, names: dict[str, Element]) -> None:
        super().__init__(pattern)
        self.names = names

    def handleMatch(  # type: ignore[override]
        self, m: re.Match[str], data: str
    ) -> tuple[Element | None, int | None, int | None]:
        if m[1] not in self.names:
            return None, None, None
        reference = Element("sup", {"class": "footnote", "data-footnote": m[1]})
        reference.text = AtomicString(m[1])
        return reference, m.start(0), m.end(0)


class _WikiLink(InlineProcessor):
    """Obsidian's `[[note]]`, `[[note#heading|words]]` and `![[picture.png|300]]`: words, for notes do not travel.

    A picture or sound beside the guide is shown.
    """

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]
        target, _, words = (part.strip() for part in m[2].partition("|"))
        if m[1] and is_media(target):
            size = _EMBEDDED_SIZE.match(words)
            found = Element("img", {"src": target, "alt": "" if size else words})
            if size:
                found.set("width", size[1])
            return found, m.start(0), m.end(0)
        link = Element("span")
        link.text = words or " > ".join(part for part in target.split("#") if part and not part.startswith("^"))
        return link, m.start(0), m.end(0)


class _Comment(InlineProcessor):
    """Obsidian's `%% comments %%`, which only the author sees."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]
        return "", m.start(0), m.end(0)


class _Entity(InlineProcessor):
    """An entity that HTML knows stays one; anything else that looks like one is text."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]
        name = m[0][1:]
        known = name.startswith("#") or name in html5
        return (m[0] if known else f"&amp;{name}"), m.start(0), m.end(0)


class _Tag(HtmlInlineProcessor):
    """A raw tag. What only looks like one (`vector<int>`, `<path>`) is text: cleaning would take the words after it."""

    def handleMatch(self, m: re.Match[str], data: str) -> Any:  # type: ignore[override]
        if not _TAG.match(m[1]):  # `a <b and *c* > d`: Python-Markdown takes all up to a `>` for attributes
            return "&lt;", m.start(0), m.start(0) + 1
        name = _TAG_NAME.match(m[1])
        if name is None or m[1].startswith("</") or is_tag(name[1], data[m.end(0) :]):
            return super().handleMatch(m, data)
        return code_escape(self.backslash_unescape(self.unescape(m[1]))), m.start(0), m.end(0)


class _Brackets:
    """Knows which `[` of a text have a `]`.

    Python-Markdown looks for the partner of each anew, to the end of the text: 30 kB of `[` took it minutes.
    """

    def __init__(self) -> None:
        self.text = ""
        self.closed: set[int] = set()

    def guard(self, processor: Any) -> None:
        """Makes a pattern of Python-Markdown's pass over brackets that are never closed."""
        inner = processor.handleMatch

        def handle(m: re.Match[str], data: str) -> Any:
            return inner(m, data) if self.has_partner(data, m.end(0) - 1) else (None, None, None)

        processor.handleMatch = handle

    def has_partner(self, text: str, at: int) -> bool:
        """Whether the bracket at a place is closed, and its address too, if it has one."""
        # What stands before a bracket, a link that is done by now, is nothing to it.
        if text is not self.text and not self.text.endswith(text[at:]):
            self.text, self.closed = text, _closed(text)
        return len(text) - at in self.closed


def _closed(text: str) -> set[int]:
    """The brackets of a text that are closed, by how far they are from its end."""
    opened: list[int] = []
    closed: set[int] = set()
    last = text.rfind(")")
    for found in _BRACKET.finditer(text):
        if found[0] == "[":
            opened.append(found.start())
        elif opened:
            start = opened.pop()
            if not text.startswith("(", found.end()) or found.end() < last:
                closed.add(len(text) - start)
    return closed


class _Labels:
    """Spells the labels of references as their definitions do (GFM 6.6): code and escapes in them are placeholders."""

    def __init__(self, md: markdown.Markdown) -> None:
        self.md = md

    def guard(self, processor: Any) -> None:
        """Makes a pattern of Python-Markdown's compare labels as they are spelled."""
        inner = processor.evalId

        def evaluate(data: str, index: int, text: str) -> tuple[str | None, int, bool]:
            label, end, handled = inner(data, index, text)
            return label and _PLACEHOLDER.sub(self._spelled, label), end, handled

        processor.evalId = evaluate

    def _spelled(self, match: re.Match[str]) -> str:
        node = cast("InlinePass", self.md.treeprocessors["inline"]).stashed_nodes.get(match[1])
        if isinstance(node, Element) and node.tag == "code":
            return f"`{unescape(node.text or '').lower()}`"
        if isinstance(node, str) and (escaped := _ESCAPED.fullmatch(node)):
            return f"\\{chr(int(escaped[1]))}"
        return match[0]


_PLACEHOLDER = re.compile(INLINE_PLACEHOLDER % r"(\d+)")
_ESCAPED = re.compile(f"{STX}(\\d+){ETX}")
_BRACKET = re.compile(r"[\[\]]")
_TAG = re.compile(
    r"</?\w[\w:-]*+(?:(?:[\s/]++|(?<=[\"']))[\w:@.-]++(?:\s*+=\s*+(?:\"[^\"]*\"|'[^']*'|[^\s\"'>]++))?+)*+[\s/]*+>|<!--"
)
"""A tag as browsers read it: a name, and attributes that look like some."""
_TAG_NAME = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")


class _Address(InlineProcessor):
    """A pattern for bare addresses. pymdownx, whose it is, takes 20 ms to import: not before a text has its `sign`.

    By then links and code are placeholders, so that an address inside them is no sign.
    """

    def __init__(self, name: str, sign: str, md: markdown.Markdown) -> None:
        super().__init__(sign, md)
        self.name = name

    def getCompiledRegExp(self) -> Any:
        return self

    def finditer(self, text: str, start: int = 0) -> Iterator[re.Match[str]]:
        """The addresses in a text."""
        return self._pattern.getCompiledRegExp().finditer(text, start) if self.compiled_re.search(text) else iter(())

    def handleMatch(self, m: re.Match[str], data: str) -> Any:  # type: ignore[override]
        return self._pattern.handleMatch(m, data)

    @cached_property
    def _pattern(self) -> InlineProcessor:
        from studypack.markup.addresses import PATTERNS

        return PATTERNS[self.name](self.md)


class _AddressInText(_Address):
    """An address without any mark; in a link it is just its text."""

    ANCESTOR_EXCLUDES = ("a",)


def _math_element(tex: str, display: bool) -> Element:
    r"""A formula as the writers expect it: `<span class="math">\(…\)</span>`, or `\[…\]` when displayed."""
    element = Element("span", {"class": "math display" if display else "math"})
    tex = " ".join(tex.split())
    element.text = AtomicString(code_escape(rf"\[{tex}\]" if display else rf"\({tex}\)"))
    return element


def markdown_for(footnotes: dict[str, Element]) -> markdown.Markdown:
    """A Python-Markdown that knows the inline syntax only; blocks are parsed before it sees them."""
    md = markdown.Markdown(output_format="html")
    md.preprocessors = Registry()
    md.treeprocessors.deregister("prettify")
    md.treeprocessors.register(InlineAttributes(md), "attr_list", 8)
    md.ESCAPED_CHARS = list(_PUNCTUATION)
    for name in ("reference", "image_reference"):  # `[a] [b]` are two references on GitHub, not one
        vars(md.inlinePatterns[name])["RE_LINK"] = re.compile(r"\[([^\]]*)\]")
    md.inlinePatterns.register(_Entity(ENTITY_RE, md), "entity", 80)
    md.inlinePatterns.register(_Address("autolink", r"(?i)<(?:ht|f)tps?://", md), "autolink", 120)
    md.inlinePatterns.register(_AddressInText("magic-link", r"(?i)(?:ht|f)tps?://|www\.", md), "magic-link", 85)
    md.inlinePatterns.register(_AddressInText("magic-mail", r"(?i)[-+a-z\d_]@[-a-z\d_]", md), "magic-mail", 84.9)
    _add_strikethrough_and_marks(md)
    md.inlinePatterns.register(_Math(_DOLLARS_CODE, False), "math-code", 191)
    md.inlinePatterns.register(_Math(_DOUBLE_DOLLARS, True), "math-double", 187)
    md.inlinePatterns.register(_Math(_DOLLARS, False), "math-dollar", 186)
    md.inlinePatterns.register(_Math(_ROUND, False), "math-round", 185)
    md.inlinePatterns.register(_Tag(HTML_RE, md), "html", 90)
    brackets, labels = _Brackets(), _Labels(md)
    for name in ("reference", "link", "image_link", "image_reference", "short_reference", "short_image_ref"):
        brackets.guard(md.inlinePatterns[name])
    for name in ("reference", "image_reference", "short_reference", "short_image_ref"):
        labels.guard(md.inlinePatterns[name])
    if footnotes:
        md.inlinePatterns.register(_Footnote(r"\[\^([^\]\s]+)\]", footnotes), "footnote", 175)
    md.inlinePatterns.register(_WikiLink(_WIKI_LINK, md), "wiki-link", 145)
    md.inlinePatterns.register(_Comment(COMMENT, md), "comment", 182)
    md.treeprocessors.register(InlinePass(md), "inline", 20)
    return md


def _add_strikethrough_and_marks(md: Any) -> None:
    """`~~struck~~` and `==marked==`, by Python-Markdown's own machine for emphasis.

    Two signs count, and no more (GFM 6.5): a row of them is a line that somebody drew.
    """
    for sign, tag in (("~", "del"), ("=", "mark")):
        md.delimiters.add(sign, tag, double=True)
        boundary = rf"(?P<ambiguous>{_AFTER}§§{_BEFORE})|(?P<end>{_AFTER}§§(?!§))|(?P<start>(?<!§)§§{_BEFORE})"
        md.delimiters.delimiters[sign].boundary = re.compile(boundary.replace("§", sign))


_AFTER = r"(?<!^)(?<![\s§])"
_BEFORE = r"(?![\s§])(?!$)"
