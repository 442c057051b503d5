"""HTML from a guide made harmless: what is kept, what is dropped, and what was never meant as a tag."""

from __future__ import annotations

import re
from collections.abc import Callable

import nh3

from studypack.media import is_sound
from studypack.model import Html

Resolve = Callable[[str, str], str | None]
"""Says what an address in the guide becomes: `resolve("src" | "href", address)`; None drops it."""

TAGS = frozenset(
    "a abbr audio b bdi bdo blockquote br caption center cite code col colgroup dd del details dfn div dl dt em "
    "figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp small source span "
    "strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul var video wbr".split()
)
"""The elements that reach a card or a page."""

_DROPPED = frozenset(
    "address applet area article aside base big body button dialog fieldset font footer form frame frameset head "
    "header html input label legend link main map menu meta nav nobr noframes optgroup option param picture progress "
    "section select textarea title".split()
)  # HTML's other elements: their tags go, what they hold stays
_WITH_CONTENT = frozenset("script style iframe object embed template noscript svg math".split())
_ATTRIBUTES = {
    "*": {"dir", "lang", "title"},
    "a": {"href"},
    "audio": {"src"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "source": {"src"},
    "sup": {"data-footnote"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "video": {"src"},
}
_CLASSES = {"span": {"math", "display"}, "sup": {"footnote"}}
_ANY_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*+>")
_HARMFUL = re.compile(
    r"<(?:script|iframe|frame|object|embed|form|input|button|style|link|meta|base)(?=[\s>/])"
    r"|\son[a-z]+\s*=|javascript:|file:/",
    re.I,
)
_SOURCE_IN_MEDIA = re.compile(r"<(audio|video)([^>]*)>\s*<source src=\"([^\"]*)\">(.*?)</\1>", re.S)
_NO_SOURCE = re.compile(r"<source(?![^>]*\ssrc=)[^>]*>")
_NO_PICTURE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>|<(audio|video)(?![^>]*\ssrc=)[^>]*>\s*</\1>")
_IMAGE = re.compile(r'<img\b[^>]*?\ssrc="([^"]*)"[^>]*>')
_NO_LINK = re.compile(r"<a\b[^>]*>(\s*)</a>")
_HEADINGS = re.compile(r"<(/?)h[1-6]>")
_SIZE = re.compile(r"\d{1,4}$")
_SPAN = re.compile(r"[1-9]\d?$")  # more columns or rows are no mistake, but an attack
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Control characters, which no text has; a reference such as `&#2;` can still make one."""


def is_tag(name: str, after: str) -> bool:
    """Whether `<name …>` is meant as a tag: HTML knows it, and what would take its content along ends `after` it."""
    name = name.lower()
    return name in TAGS or name in _DROPPED or (name in _WITH_CONTENT and f"</{name}" in after.lower())


def harmful(html: str) -> list[str]:
    """What in raw HTML could act or ask for something outside, as the author spelled it."""
    return [found[0] for found in _HARMFUL.finditer(html)]


def cleaner(resolve: Resolve | None = None) -> nh3.Cleaner:
    """What `clean` works with. To make one takes nh3 six times as long as to clean a paragraph: make one a guide."""

    def attribute(tag: str, name: str, value: str) -> str | None:
        if name in ("href", "src"):
            return resolve(name, value) if resolve and tag in TAGS else None
        if name in ("width", "height"):
            return value if _SIZE.match(value) else None
        if name in ("colspan", "rowspan"):
            return value if _SPAN.match(value) else None
        return value

    return nh3.Cleaner(
        tags=set(TAGS),
        clean_content_tags=set(_WITH_CONTENT),
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        attribute_filter=attribute,
        url_schemes={"http", "https", "mailto", "file", "data", "ftp"},  # seen by `resolve`, which reports them
        link_rel=None,
        strip_comments=True,
    )


def clean(html: str, by: nh3.Cleaner) -> Html:
    """HTML made harmless: no script, handler, frame, form, style, or address that `resolve` did not know."""
    cleaned = by.clean(_known_tags(html))
    cleaned = _NO_SOURCE.sub("", _SOURCE_IN_MEDIA.sub(r'<audio src="\3"></audio>', cleaned))
    # A heading inside raw HTML is not part of the guide's structure; on paper it would break the heading levels.
    cleaned = _HEADINGS.sub(lambda match: "</b></p>" if match[1] else "<p><b>", cleaned)
    cleaned = _IMAGE.sub(lambda match: _sound(match[1]) if is_sound(match[1]) else match[0], cleaned)
    return Html(CONTROL.sub("", _NO_LINK.sub(r"\1", _NO_PICTURE.sub("", cleaned))))


def _known_tags(html: str) -> str:
    """HTML without unknown tags, what they hold kept; nh3 drops that too with some of them (`<path>`, `<title>`)."""
    if "<" not in html:
        return html
    lower = html.lower()

    def keep(match: re.Match[str]) -> str:
        name = match[1].lower()
        closed = name in _WITH_CONTENT and f"</{name}" in lower
        return match[0] if name in TAGS or closed else ""

    return _ANY_TAG.sub(keep, html)


def _sound(name: str) -> str:
    return f'<audio src="{name}"></audio>'
