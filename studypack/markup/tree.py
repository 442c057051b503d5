"""A guide's element tree, its inline Markdown done, and the way from its elements to clean HTML and plain text."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

import markdown
import nh3
from markdown.serializers import to_html_string

from studypack.markup.blocks import BlockParser, Finding
from studypack.markup.clean import CONTROL, Resolve, clean, cleaner, harmful
from studypack.markup.inline import markdown_for
from studypack.markup.lines import Placed, as_lines
from studypack.model import Html
from studypack.span import START, Span

if TYPE_CHECKING:
    from pygments.formatters import HtmlFormatter
    from pygments.lexer import Lexer

_STASHED = re.compile("\x02wzxhzdk:(\\d+)\x03")
_BREAK = re.compile(r"<(?:br|wbr)\b", re.I)
_TAG = re.compile(r"<[^>]*>")
_NUMBER = re.compile(r"<sup [^>]*data-footnote[^>]*>[^<]*</sup>")
_UNLIKE_TEXT = frozenset({"br", "img", "sup"})
_ATTRIBUTE = re.compile(r"<\w+\s")


@dataclass(slots=True)
class Tree:
    """The elements of a guide and how to read them.

    `root` holds the blocks: p, h1–h6, pre, math, ul/ol/li, dl/dt/dd, table/tr/th/td, blockquote, callout (with its
    title), details (with its summary), raw, hr. `footnotes` hold blocks too. `findings` are what was wrong with the
    structure; `harmful` grows by what had to be taken out of raw HTML.
    """

    root: Element
    footnotes: dict[str, Element]
    findings: list[Finding]
    _md: markdown.Markdown
    harmful: list[str] = field(default_factory=list)
    _cleaner: nh3.Cleaner = field(default_factory=cleaner)
    _plain: dict[Element, str] = field(default_factory=dict)

    def resolve_with(self, resolve: Resolve) -> None:
        """From now on addresses are resolved as HTML is made."""
        self._cleaner = cleaner(resolve)

    @property
    def definitions(self) -> tuple[tuple[str, str, str], ...]:
        """The names that the guide gives to links, with their addresses and titles."""
        return tuple((name, href, title or "") for name, (href, title) in sorted(self._md.references.items()))

    def span(self, element: Element, around: Span = START) -> Span:
        """Where a block stands in the file; what is no block stands where the block `around` it does."""
        return element.span if isinstance(element, Placed) else around

    def inline(self, element: Element, parts: Sequence[Element | str] | None = None) -> Html:
        """The inline content of an element as HTML; or of some parts of it, texts among them."""
        if parts is None:
            return self._clean(_content(element))
        return self._clean("".join(_escaped(part) if isinstance(part, str) else _html(part) for part in parts))

    def plain(self, element: Element) -> str:
        """The text of an element, without markup, white space folded."""
        if (plain := self._plain.get(element)) is None:
            plain = self._plain[element] = " ".join(self.text(_text_of(element)).split())
        return plain

    def text(self, text: str) -> str:
        """A text of the tree as a person reads it: entities read, raw tags gone."""
        if "\x02" in text:
            text = _STASHED.sub(self._stash_text, text).replace("\x02amp\x03", "&")
        return CONTROL.sub("", entities.unescape(text)) if "&" in text else text

    def raw(self, element: Element) -> Html:
        """Raw HTML of the author's, made harmless."""
        return self._clean(element.text or "", raw=True)

    def _stash(self, match: re.Match[str]) -> str:
        blocks = self._md.htmlStash.rawHtmlBlocks
        return str(blocks[int(match[1])]) if int(match[1]) < len(blocks) else ""

    def _stash_text(self, match: re.Match[str]) -> str:
        html = self._stash(match)
        return " " if _BREAK.match(html) else _TAG.sub("", html)

    def _clean(self, html: str, raw: bool = False) -> Html:
        if "\x02" in html:
            html = html.replace("\x02amp\x03", "&")
            html, count = _STASHED.subn(self._stash, html)
            raw = raw or bool(count)
        if raw:
            self.harmful.extend(harmful(html))
        elif not _ATTRIBUTE.search(html):
            return Html(html)  # tags of Python-Markdown's own making, without an attribute: nothing to clean
        return clean(html, self._cleaner)


def read_markup(texts: Sequence[str], first: int) -> Tree:
    """The tree of a guide's Markdown; `texts` are its lines, the first of which is line `first` of the file."""
    parser = BlockParser()
    root = parser.parse(as_lines(texts, first))
    outcome = parser.outcome
    md = markdown_for(outcome.footnotes)
    md.references.update(outcome.references)  # type: ignore[arg-type]  # a title may be missing
    for element in (root, *outcome.footnotes.values()):
        md.treeprocessors["inline"].run(element)
    return Tree(root, outcome.footnotes, outcome.findings, md)


def code_html(code: str, language: str) -> Html:
    """Code, coloured where Pygments knows the language: `<div class="highlight"><pre><code>…`."""
    body = (_coloured(code, language) if language else None) or entities.escape(code, quote=False)
    return Html(f'<div class="highlight"><pre><code>{body}</code></pre></div>')


def _coloured(code: str, language: str) -> str | None:
    """Code in spans; None for an unknown language, which is plain code as on GitHub, or if a word would be lost."""
    from pygments import highlight

    if (lexer := _lexer(language)) is None:
        return None
    body = str(highlight(code, lexer(stripnl=False), _formatter())).rstrip("\n")
    return body if entities.unescape(_TAG.sub("", body)) == code.rstrip("\n") else None


@lru_cache(maxsize=64)
def _lexer(language: str) -> type[Lexer] | None:
    """What reads code of a language. Pygments looks through its list of six hundred for each; a lexer keeps state."""
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return type(get_lexer_by_name(language))
    except ClassNotFound:
        return None


@cache
def _formatter() -> HtmlFormatter[str]:
    """What writes code as HTML; each makes a style sheet, which no one here asks for, so there is one."""
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter(nowrap=True)


def math_html(tex: str) -> Html:
    """A displayed formula that stands alone."""
    return Html(rf'<div class="math">\[{entities.escape(" ".join(tex.split()), quote=False)}\]</div>')


def picture_html(name: str, alt: str) -> Html:
    """A picture of our own making that stands alone: a diagram."""
    return Html(f'<p><img class="diagram" src="{name}" alt="{entities.escape(alt)}"></p>')


def text_html(text: str) -> Html:
    """Plain text as HTML."""
    return Html(entities.escape(text, quote=False))


def plain_of(html: str) -> str:
    """The text of clean HTML, white space folded."""
    return " ".join(entities.unescape(_TAG.sub(" ", _NUMBER.sub("", html))).split())


def _text_of(element: Element) -> str:
    """The texts inside an element, joined; placeholders are still in them."""
    if not len(element) and element.tag not in _UNLIKE_TEXT:
        return element.text or ""
    if _UNLIKE_TEXT.isdisjoint(inside.tag for inside in element.iter()):
        return "".join(element.itertext())
    texts: list[str] = []
    pending: list[Element | str] = [element]  # a text nested too deep for Python's stack is still read
    while pending:
        part = pending.pop()
        if isinstance(part, str):
            texts.append(part)
        elif part.tag == "br":
            pending.append(" ")
        elif part.tag == "img":
            pending.append(part.get("alt", ""))
        elif not part.get("data-footnote"):  # its number is no word of the text
            pending.extend(reversed([part.text or "", *_with_tails(part)]))
    return "".join(texts)


def _with_tails(element: Element) -> Iterable[Element | str]:
    for child in element:
        yield child
        if child.tail:
            yield child.tail


def _content(element: Element) -> str:
    """What is inside an element, as HTML."""
    html = _escaped(element.text) if element.text else ""
    for child in element:
        html += _html(child)
        if child.tail:
            html += _escaped(child.tail)
    return html


def _html(element: Element) -> str:
    """One inline element without its tail; Python-Markdown writes those that are more than a tag around a text."""
    if not len(element) and not element.keys() and element.tag != "br":
        return f"<{element.tag}>{_escaped(element.text or '')}</{element.tag}>"
    tail, element.tail = element.tail, None
    try:
        return to_html_string(element)
    finally:
        element.tail = tail


_HOLDER = Element("i")


def _escaped(text: str) -> str:
    """Text as Python-Markdown escapes it: entities the author wrote stay entities."""
    if "&" not in text and "<" not in text and ">" not in text:
        return text
    _HOLDER.text = text
    return to_html_string(_HOLDER)[3:-4]
