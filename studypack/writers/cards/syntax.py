r"""Text that Anki would take for its own syntax, written so that a card shows it letter by letter.

Anki reads a field three times: as clozes (`{{c1::…}}`, with a hint after a second `::`), as commands in brackets
(`[sound:…]`, `[latex]`, `[[type:…]]`), and, on the screen, as MathJax (`\(…\)`, `\[…\]`). It looks at the bare text,
tags and attributes included; so each is broken by a character reference, or by a tag where that would be undone.
"""

from __future__ import annotations

import re
from html import escape, unescape

from studypack.model import Html

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Control characters that mean nothing in HTML; 0x1f is Anki's own separator between fields."""

_SIGN = re.compile(r"[{}\\\[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_TOKEN = re.compile(
    r"""
      (?P<audio><audio\b(?P<attributes>(?:[^<>"']|"[^"]*"|'[^']*')*+)>.*?</audio>)
    | (?P<math><(?:span|div)[ ]class="(?:[^"]*[ ])?math(?:[ ][^"]*)?"[^<>]*>[^<]*)
    | (?P<tag><[a-zA-Z/!](?:[^<>"']|"[^"]*"|'[^']*')*+>)
    | (?P<text>[^<]+|<)
    """,
    re.VERBOSE | re.DOTALL,
)
_SOURCE = re.compile(r"""\bsrc=(?:"([^"]*)"|'([^']*)')""")
_DOUBLE_BRACE = re.compile(r"\{(?=\{)|\}(?=\})")
_BRACED = re.compile(r"\{\{[^{}<]*\}\}|\{\{+|\}\}+")
_COMMAND = re.compile(r"\[(?=\[?(?:sound:|anki:|type:|/?latex\]|/?\${1,2}\]))", re.IGNORECASE)
_TEX_OPENING = re.compile(r"\\([(\[])")
_REFERENCES = {"{": "&#123;", "}": "&#125;", ":": "&#58;", "[": "&#91;"}


def field(html: Html) -> str:
    """The HTML as a field's text: it looks the same, Anki finds no syntax in it, and `<audio>` plays as `[sound:…]`."""
    return _closed(_rewritten(html, hint=False))


def gap(number: int, html: Html) -> str:
    """A cloze: `{{cN::…}}`. `::` in the text does not begin a hint, braces do not end it early."""
    return f"{{{{c{number}::{_closed(_rewritten(html, hint=True))}}}}}"


def text(plain: str) -> str:
    """Plain text as a field's text, fit for an attribute too."""
    return field(Html(escape(plain, quote=True)))


def _rewritten(html: str, *, hint: bool) -> str:
    """`hint`: whether `::` matters, as it does inside a cloze."""
    if not (_SIGN.search(html) or "::" in html or "<audio" in html):
        return html
    return _TOKEN.sub(lambda match: _token(match, hint), CONTROL.sub("", html))


def _token(match: re.Match[str], hint: bool) -> str:
    token = match.group()
    if match.lastgroup == "audio":
        return _sound(match["attributes"])
    if match.lastgroup == "math":
        # A blank, which TeX ignores, and no reference: Anki's editor undoes references when a learner edits the note.
        spaced = _DOUBLE_BRACE.sub(r"\g<0> ", token)
        return _bracketed(re.sub(":(?=:)", ": ", spaced) if hint else spaced)
    if match.lastgroup == "text":
        token = _BRACED.sub(r"<samp>\g<0></samp>", token)  # what it is, for whoever reads the page by its tags
    safe = _bracketed(_DOUBLE_BRACE.sub(_reference, token))
    if hint:
        safe = re.sub(":(?=:)", _reference, safe)
    # MathJax reads the text of the finished page, where a reference is a character again; a tag it does not cross.
    return _TEX_OPENING.sub(r"\\<span>\1</span>", safe) if match.lastgroup == "text" else safe


def _sound(attributes: str) -> str:
    source = _SOURCE.search(attributes)
    return f"[sound:{unescape(source[1] or source[2] or '')}]" if source else ""


def _bracketed(token: str) -> str:
    return _COMMAND.sub(_reference, token)


def _reference(match: re.Match[str]) -> str:
    return _REFERENCES[match.group()]


def _closed(html: str) -> str:
    """A brace at the very end would join the `{{` or `}}` of the cloze that follows or ends there."""
    return html[:-1] + _REFERENCES[html[-1]] if html.endswith(("{", "}")) else html
