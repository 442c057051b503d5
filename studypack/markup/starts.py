"""What a line of Markdown starts: the marks of blocks, and when they count (GitHub Flavored Markdown 0.29)."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum

from studypack.markup.attributes import ATTRIBUTE_LINE
from studypack.markup.lines import Line

MAX_LINES = 200
"""How far the end of a formula or comment is looked for; a stray `$$` or `%%` must not cost the rest of the guide."""

# Containers and leaves, recognised by how a line starts (leading blanks removed).
HEADING = re.compile(r"(#{1,6})(?:[ \t]+(.*)|[ \t]*)$")
RULE = re.compile(r"(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
FENCE = re.compile(r"(`{3,})([^`]*)$|(~{3,})(.*)$")
_BULLET = re.compile(r"([-+*])(?=[ \t]|$)")
NUMBER = re.compile(r"(\d{1,9})([.)])(?=[ \t]|$)")
_DASHES = re.compile(r":?-+:?$")
_MOST_TICKS = 200  # a row of more is no table of code
REFERENCE = re.compile(
    r"\[((?:[^\[\]\\]|\\.)+)\]:[ \t]*(<[^<>]*>|[^\s<]\S*)(?:[ \t]+(\"[^\"]*\"|'[^']*'|\([^()]*\)))?[ \t]*$"
)
REFERENCE_TITLE = re.compile(r"[ \t]*(\"[^\"]*\"|'[^']*'|\([^()]*\))[ \t]*$")
FOOTNOTE = re.compile(r"\[\^([^\]\s]+)\]:[ \t]*")
DEFINITION = re.compile(r":[ \t]+(?=\S)")
ADMONITION = re.compile(r"(?:!!!|\?\?\?\+?)[ \t]+([\w-]+)(?:[ \t]+[\w-]+)*(?:[ \t]+\"(.*)\")?[ \t]*$")
CONTAINER = re.compile(
    r":{3,}[ \t]*(?:\{[^{}]*?\.(?:callout-)?([\w-]+)[^{}]*\}|([\w-]+))(?:\[(.*)\]|[ \t]+(.*?))?[ \t]*:*$"
)
"""`:::tip Title`, as Docusaurus, VitePress and HackMD have callouts, or `::: {.name}`, as Pandoc has groups."""
CONTAINER_KINDS = frozenset("note tip hint info important warning caution danger success question example".split())
"""The containers that are callouts."""
FOLDED_KINDS = frozenset(("details", "spoiler"))
"""The containers that VitePress and HackMD fold away, as `<details>` does."""
_CONTAINER_END = re.compile(r":{3,}$")
CALLOUT = re.compile(r"\[!(\w+)\][+-]?[ \t]*(.*)$")
COMMENT = r"(?<!\S)%%(?:(?=[ \t])(?:(?!%%)[^\n])+(?<=[ \t])|(?![\s%]|[!-$&-~]+%%)(?:(?!%%)[^\n])+(?<!\s))%%(?![\w%])"
"""A comment of Obsidian's, `%% … %%`: on one line, with a blank inside both signs or neither.

`%%` is also what prints a per cent sign, and `%%PATH%%` a variable of a batch file; what is text must not be lost.
"""
_COMMENT_LINE = re.compile(rf"{COMMENT}[ \t]*$")
_CONTENTS = re.compile(r"\[(?:TOC|toc|\[_TOC_\])\]$")
TASK = re.compile(r"\[([ xX])\][ \t]+(?=\S)")

_HTML_NAMES = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|"
    "fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|"
    "menuitem|nav|noframes|ol|optgroup|option|p|param|section|source|summary|table|tbody|td|tfoot|th|thead|title|tr|"
    "track|ul"
)
HTML_UNTIL = (  # GFM 4.6, start conditions 1 to 5: the block runs until its own end, across blank lines
    (
        re.compile(r"<(?:script|pre|style|textarea)(?=[\s>]|$)", re.I),
        re.compile(r"</(?:script|pre|style|textarea)>", re.I),
    ),
    (re.compile(r"<!--"), re.compile(r"-->")),
    (re.compile(r"<\?"), re.compile(r"\?>")),
    (re.compile(r"<!\[CDATA\["), re.compile(r"\]\]>")),
    (re.compile(r"<![A-Za-z]"), re.compile(r">")),
)
_HTML_BLOCK = re.compile(rf"</?(?:{_HTML_NAMES})(?=[\s/>]|$)", re.I)
_HTML_ALONE = re.compile(
    r"(?:<[A-Za-z][A-Za-z0-9-]*(?:\s+[A-Za-z_:][\w.:-]*(?:\s*=\s*(?:[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?)*\s*/?>"
    r"|</[A-Za-z][A-Za-z0-9-]*\s*>)[ \t]*$"
)
HTML_HEADING = re.compile(r"<h([1-6])\b[^>]*>(.*?)</h\1>$", re.I | re.S)
DETAILS = re.compile(r"<(/?)details\b[^>]*>", re.I)
ASIDE = re.compile(r"<(/?)aside\b[^>]*>", re.I)
SUMMARY = re.compile(r"<summary\b[^>]*>", re.I)
SUMMARY_END = re.compile(r"</summary\s*>", re.I)
_MATH = (("$$", "$$"), ("\\[", "\\]"))
_CONTAINER_PREFIX = re.compile(r"(?:(?:[-+*]|\d{1,9}[.)]|>)[ \t]+)+")
_CODE_OR_MATH = re.compile(r"(`+)(?!`)(.+?)(?<!`)\1(?!`)|(?<![\\$\w])\$(?![\s$])[^$]+?(?<![\s\\])\$(?![\w$])")
_BAR = re.compile(r"(?<!\\)\|")


class Start(StrEnum):
    """The kinds of block that a line can start."""

    HEADING = "heading"
    SETEXT = "setext"
    RULE = "rule"
    FENCE = "fence"
    FORMULA = "formula"
    QUOTE = "quote"
    LIST = "list"
    TABLE = "table"
    HTML = "html"
    DEFINITIONS = "definitions"
    FOOTNOTE = "footnote"
    REFERENCE = "reference"
    ADMONITION = "admonition"
    CONTAINER = "container"
    CONTENTS = "contents"
    COMMENT = "comment"
    ATTRIBUTES = "attributes"


def start_of(lines: list[Line], index: int, open_paragraph: bool) -> Start | None:
    """The kind of block that starts at a line; None for a line of a paragraph."""
    text = lines[index].text.lstrip(" ")
    if find := _STARTERS.get(text[0]):
        if start := find(text, open_paragraph):
            return start
    elif text[0].isdigit() and (number := NUMBER.match(text)) and _may_interrupt(text, number, open_paragraph):
        return Start.LIST
    if text.startswith(":::") and container_end(lines, index) > index:
        return Start.CONTAINER
    if text.startswith("%%") and not open_paragraph and comment_end(lines, index) >= 0:
        return Start.COMMENT
    if text.startswith(("$$", r"\[")) and formula_end(lines, index) >= 0:
        return Start.FORMULA
    if "|" in text and index + 1 < len(lines) and is_table(lines, index):
        return Start.TABLE
    return None


def _minus(text: str, open_paragraph: bool) -> Start | None:
    if open_paragraph and not text.rstrip().strip("-"):
        return Start.SETEXT
    return _bullet(text, open_paragraph)


def _bullet(text: str, open_paragraph: bool) -> Start | None:
    if RULE.match(text):
        return Start.RULE
    match = _BULLET.match(text)
    return Start.LIST if match and _may_interrupt(text, match, open_paragraph) else None


def _html_start(text: str, open_paragraph: bool) -> Start | None:
    if _HTML_BLOCK.match(text) or any(start.match(text) for start, _ in HTML_UNTIL):
        return Start.HTML
    return Start.HTML if not open_paragraph and _HTML_ALONE.match(text) else None


def _bracket(text: str, open_paragraph: bool) -> Start | None:
    if FOOTNOTE.match(text):
        return Start.FOOTNOTE
    if open_paragraph:
        return None
    if _CONTENTS.match(text.rstrip()):
        return Start.CONTENTS
    return Start.REFERENCE if re.match(r"\[(?:[^\[\]\\]|\\.)+\]:", text) else None


def _when(pattern: re.Pattern[str], start: Start) -> Callable[[str, bool], Start | None]:
    def find(text: str, _open_paragraph: bool) -> Start | None:
        return start if pattern.match(text.rstrip()) else None

    return find


_STARTERS: dict[str, Callable[[str, bool], Start | None]] = {
    "#": _when(HEADING, Start.HEADING),
    "`": _when(FENCE, Start.FENCE),
    "~": _when(FENCE, Start.FENCE),
    ">": lambda _text, _open: Start.QUOTE,
    "-": _minus,
    "+": _bullet,
    "*": _bullet,
    "_": _when(RULE, Start.RULE),
    "=": lambda text, open_paragraph: Start.SETEXT if open_paragraph and not text.rstrip().strip("=") else None,
    "<": _html_start,
    "[": _bracket,
    "!": _when(ADMONITION, Start.ADMONITION),
    "?": _when(ADMONITION, Start.ADMONITION),
    ":": lambda text, open_paragraph: Start.DEFINITIONS if open_paragraph and DEFINITION.match(text) else None,
    "{": _when(ATTRIBUTE_LINE, Start.ATTRIBUTES),
}


def _may_interrupt(text: str, marker: re.Match[str], open_paragraph: bool) -> bool:
    """Whether a list may start right below a paragraph: not with an empty item, nor with a number other than one."""
    if not open_paragraph:
        return True
    return bool(text[marker.end() :].strip()) and (not marker[1].isdigit() or int(marker[1]) == 1)


def starts_block(text: str) -> bool:
    """Whether a line, by itself, begins a block that ends a paragraph or table."""
    if not text:
        return False
    if find := _STARTERS.get(text[0]):
        return find(text, True) not in (None, Start.SETEXT, Start.DEFINITIONS)
    return bool((number := NUMBER.match(text)) and _may_interrupt(text, number, True))


class Fences:
    """Follows the lines of a container and knows whether a code fence is open."""

    def __init__(self) -> None:
        self.open: str | None = None

    def feed(self, line: Line) -> None:
        """Takes the next line in."""
        if "`" not in line.text and "~" not in line.text:
            return  # most lines: they neither open nor close a fence
        text = unmarked(line)
        if self.open is None:
            match = FENCE.match(text)
            self.open = (match[1] or match[3]) if match else None
        elif text.startswith(self.open) and not text.strip(self.open[0]):
            self.open = None


def is_lazy(line: Line, before: Line, fences: Fences) -> bool:
    """Whether a line that lacks its container's mark still continues the paragraph inside (GFM 5.1, laziness)."""
    text = line.text.strip()
    if before.blank or fences.open or starts_block(text) or not text.strip("=-"):
        return False
    last = _CONTAINER_PREFIX.sub("", before.text.lstrip(" "), count=1)
    closed = HEADING.match(last) or RULE.match(last) or last.startswith(("<", "|", "```", "~~~"))
    return bool(last.strip()) and not closed


def unmarked(line: Line) -> str:
    """The text of a line without the marks of list items and quotes before it."""
    return _CONTAINER_PREFIX.sub("", line.text.strip(), count=1)


def formula_end(lines: list[Line], index: int) -> int:
    """The index of the line that ends the formula starting here, or -1."""
    text = lines[index].text.strip()
    for opening, closing in _MATH:
        if text.startswith(opening):
            if len(text) >= 4 and text.endswith(closing) and closing not in text[2:-2]:
                return index
            if closing in text[2:]:
                return -1
            for end in range(index + 1, min(len(lines), index + MAX_LINES)):
                row = lines[end].text.strip()
                if not row and opening == r"\[":
                    return -1
                if row.endswith(closing):
                    return end
    return -1


def comment_end(lines: list[Line], index: int) -> int:
    """The index of the line that ends a comment of Obsidian's starting here, or -1. It holds no heading, nor `%%`."""
    first = lines[index].text.strip()
    if _COMMENT_LINE.match(first):
        return index
    if first.startswith("%%%") or "%%" in first[2:]:
        return -1
    for end in range(index + 1, min(len(lines), index + MAX_LINES)):
        text = lines[end].text.strip()
        if HEADING.match(text):
            return -1
        if "%%" in text:
            return end if text.find("%%") == len(text) - 2 else -1
    return -1


def container_end(lines: list[Line], index: int) -> int:
    """The index of the line `:::` that ends the container starting here, or -1."""
    depth = 0
    for end in range(index, min(len(lines), index + MAX_LINES)):
        text = lines[end].text.strip()
        if not text.startswith(":::"):
            continue
        depth += 1 if CONTAINER.match(text) else -1 if _CONTAINER_END.match(text) else 0
        if depth <= 0:
            return end if end > index else -1
    return -1


def marker_of(line: Line, sign: str, numbered: bool) -> tuple[int, int] | None:
    """The end of a list item's marker and the blanks after it, if the line starts an item of this list."""
    text = line.text.lstrip(" ")
    indent = len(line.text) - len(text)
    match = NUMBER.match(text) if numbered else _BULLET.match(text)
    if indent >= 4 or match is None or (match[2] if numbered else match[1]) != sign or RULE.match(text):
        return None
    after = line.cut(indent + match.end())
    return indent + match.end(), after.indent if 1 <= after.indent <= 4 and not after.blank else 1


def is_marker(line: Line) -> bool:
    """Whether a line starts with the mark of a list item."""
    text = line.text.lstrip(" ")
    return line.indent < 4 and bool(_BULLET.match(text) or NUMBER.match(text))


def is_table(lines: list[Line], index: int) -> bool:
    """Whether a table starts here: a row, and below it a row of dashes."""
    below = lines[index + 1].text.strip()
    if "-" not in below or below.strip("|:- \t") or lines[index + 1].indent >= 4:
        return False
    if not all(_DASHES.match(cell) for cell in split_row(below)):
        return False
    cells, dashes = len(split_row(lines[index].text)), len(split_row(below))
    return cells == dashes or ("|" in below and min(cells, dashes) >= 2)


def split_row(text: str, width: int = 0) -> list[str]:
    r"""The cells of a table row. A bar inside a cell is written `\|`, also in code (GFM 4.10).

    Bars within code and formulas part cells too, as on GitHub, unless only keeping them gives the `width` that is due.
    """
    cells = _split(text)
    if width and len(cells) > width and 0 < text.count("`") + text.count("$") < _MOST_TICKS:
        kept = _split(_CODE_OR_MATH.sub(lambda match: match[0].replace("|", "\\|"), text))
        if len(kept) == width:
            return kept
    return cells


def _split(text: str) -> list[str]:
    text = text.strip()
    text = text.removeprefix("|")
    if text.endswith("|") and not text.endswith("\\|"):
        text = text[:-1]
    return [cell.strip().replace("\\|", "|") for cell in _BAR.split(text)]
