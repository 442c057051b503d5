"""An author's own style sheet: read, and made harmless before it reaches a renderer.

Part of reading a guide. What is left out: everything that loads something, everything that takes a thing out
of its place on the page, and sizes that no page has. WeasyPrint has no guard of its own against `font-size: 1e7px`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from studypack.folder import FileFault, Folder
from studypack.span import Span

MAX_BYTES = 256 * 1024
"""The largest style sheet taken, in bytes."""

LARGEST = 2000.0
"""The largest number that a style sheet may hold, whatever its unit: A3 is 1,191 points high."""

_KEPT_RULES = frozenset(("media", "page", "supports"))
# What loads a file, runs something, or takes a thing out of the flow, where no page would break for it.
_REFUSED = frozenset(
    "anchor behavior bookmark-label bookmark-level columns column-count column-width content-visibility cursor float "
    "footnote-display hyphenate-character image-orientation link position running src string-set z-index".split()
)
_LOADING = frozenset(("url", "src", "image", "image-set", "cross-fade", "element", "attr", "target-counter"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stylesheet:
    """Harmless CSS, and what was left out of the author's: where, and what."""

    css: str
    left_out: tuple[tuple[Span, str], ...] = ()


def read_stylesheet(folder: Folder, reference: str) -> Stylesheet | FileFault:
    """The style sheet that a guide refers to, or why it cannot be used."""
    file = folder.file(reference)
    if isinstance(file, FileFault):
        return file
    if len(file.data) > MAX_BYTES:
        message = f"{reference} is larger than {MAX_BYTES // 1024} kB"
        return FileFault(code="SP304", message=message, hint="a style sheet of a few rules is enough")
    try:
        return harmless(file.data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return FileFault(code="SP303", message=f"{reference} is not UTF-8", hint="save it as UTF-8 in your editor")


def harmless(css: str) -> Stylesheet:
    """The style sheet without what has no business on paper."""
    import tinycss2

    left_out: list[tuple[Span, str]] = []
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    kept = "\n".join(_rules(rules, left_out))
    return Stylesheet(css=kept, left_out=tuple(left_out))


def _rules(rules: Iterable[Any], left_out: list[tuple[Span, str]]) -> Iterator[str]:
    for rule in rules:
        match rule.type:
            case "qualified-rule":
                body = "; ".join(_declarations(rule.content, left_out))
                selector = _text(rule.prelude)
                if body and not _loads(rule.prelude):
                    yield f"{selector} {{ {body} }}"
            case "at-rule" if rule.lower_at_keyword in _KEPT_RULES and rule.content is not None:
                yield from _at_rule(rule, left_out)
            case "at-rule":
                left_out.append((_at(rule), f"@{rule.at_keyword}"))
            case "error":
                left_out.append((_at(rule), _UNREADABLE))


def _at_rule(rule: Any, left_out: list[tuple[Span, str]]) -> Iterator[str]:
    """`@page` holds declarations and boxes of the margin; the others hold rules."""
    import tinycss2

    head = f"@{rule.lower_at_keyword} {_text(rule.prelude)}"
    if rule.lower_at_keyword != "page":
        inside = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        yield f"{head} {{ {' '.join(_rules(inside, left_out))} }}"
        return
    parts = list(_declarations(rule.content, left_out, page=True))
    yield f"{head} {{ {'; '.join(parts)} }}"


def _declarations(content: Any, left_out: list[tuple[Span, str]], page: bool = False) -> Iterator[str]:
    import tinycss2

    for part in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        match part.type:
            case "declaration":
                if (why := _refusal(part, page)) is None:
                    yield f"{part.name}:{_text(part.value)}{' !important' if part.important else ''}"
                else:
                    left_out.append((_at(part), why))
            case "at-rule" if page and part.content is not None and part.lower_at_keyword.startswith(_BOXES):
                yield f"@{part.lower_at_keyword} {{ {'; '.join(_declarations(part.content, left_out))} }}"
            case "error":
                left_out.append((_at(part), _UNREADABLE))
            case _:
                left_out.append((_at(part), _text([part]).partition("{")[0].strip()))


_BOXES = ("top", "bottom", "left", "right")
_UNREADABLE = "what stands here cannot be read as CSS"


def _refusal(declaration: Any, page: bool) -> str | None:
    """What is wrong with a declaration, or None. The sheet's size and margins are the front matter's."""
    name = declaration.lower_name
    shown = f"{declaration.name}: {_text(declaration.value).strip()}"
    if name in _REFUSED or name.startswith("-") or (page and name.startswith(("size", "margin"))):
        return shown
    return shown if _loads(declaration.value) else None


def _loads(tokens: Iterable[Any]) -> bool:
    """Whether values ask for something outside, or for a size that no page has."""
    for token in tokens:
        if token.type == "url" or (token.type == "function" and token.lower_name in _LOADING):
            return True
        if token.type in ("number", "percentage", "dimension") and not abs(token.value) <= LARGEST:
            return True
        inside = getattr(token, "arguments", None) or getattr(token, "content", None)
        if inside and _loads(inside):
            return True
    return False


def _text(tokens: Iterable[Any]) -> str:
    import tinycss2

    return str(tinycss2.serialize(list(tokens))).strip()


def _at(node: Any) -> Span:
    return Span(node.source_line, node.source_column, node.source_line, node.source_column + 1)
