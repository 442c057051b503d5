"""Markdown by chance: text that nobody would write, and guides that somebody might, whose every word is known."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from hypothesis import strategies as st

T = TypeVar("T")

WORD = re.compile(r"w\d{4}x")
"""A word of a made guide: each is used once, and none is part of another."""

PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
"""A picture that needs no file."""

# --- text that nobody would write --------------------------------------------------------------------------------

_SIGNS = "*_`~=#>-+|[](){}<>!?:.&\\$^\"'/%@;,1 \t\n"
_ODD = "\r\x00\x01\x02\x03\x0b\x0c\x1f\x7f\x85\xa0\u200b\u200f\u202e\u2028\ufeff\ufffe\U0001f3af\u0301"
_LETTERS = "abQAé\u0645\u05d0\u8a9e\u0661\uff1f\uff1a²ß\u0130"

_CONSTRUCTS = tuple(
    piece.replace("\\n", "\n").replace("\\t", "\t")
    for piece in re.split(
        r"\n|\|",
        r"""
# a|## a|### a?|## |#|#x|a\n===|a\n---|---|***|- a|* a|+ a|1. a|1) a|7. a|- [ ] a|- [x] a|- **a** — b|- **a:** b|-
- **a?** b|1. **a?** b|1. ### a?|1. a?\n   b|> a|> > a|>|> [!TIP] a\n> b|> [!note]- a|!!! tip "a"\n    b|!!! tip
??? a|a\n: b|a\nb\n\n: c|: b|```|```py\na = 1\n```|~~~\na\n~~~|```{ .py }|```{\t}|```math\na\n```|    a|\ta|$$
$$a$$|$$\na\n$$|\\[\na\n\\]|\\[a|$a$|$`a`$|$|[a](b)|[a](#a)|[a](http://b.c)|[a][b]|[b]: c|[b]:|[b]: <c> "d"|[a]
![a](b.png)|![a](b.mp3)|[^1]|[^1]: a|[^1]: # a|[^1]: - a|[TOC]|[a](javascript:b)|<http://a.b>|http://a.b/(c)|a@b.cd
www.a.bc|==a==|==a|==a **b== c**|~~a~~|~a~|**a**|*a*|***a***|**a|*|_|`a`|`|``|&amp;|&lt;script&gt;|&#2;|&#0;
&#xD800;|&nope;|&|\\|\\*|a\\|a  |Q: a?|A: b|Q: a?\nA: b|Q1. a|{: .no-cards }|{: .questions }|{: #a }
{: #b .x level=c }|{: |{#a}|{: a="b }|## a {: #a }|## #a|### #2|## a {: .comparison }|## a {: .terms .reversed }
# FAQ|## Questions|{{c1::a}}|{{a}}|\\(a\\)|[sound:a]|[latex]|wzxhzdk:0|klzzwxh:0000|<br>|<br/>|<b>a|</b>|<div>
</div>|<div>a</div>|<p>|<span class="math">a</span>|<details>|</details>|<summary>
<details><summary>a</summary>b</details>|<details open>\n<summary>a?</summary>\n\nb\n\n</details>|</summary>|<!--
-->|<!-- a -->|<![CDATA[|]]>|<?|?>|<!a|<pre>|</pre>|<mark>a</mark>|<mark>a ==b== c</mark>|<h2>a</h2>|<h3>|<a>
<a name="b">|<table><tr><td>a</table>|<ul><li>a|<kbd>a</kbd>|<a href="b">c</a>|<img>|<img src="a">
<audio src="b.mp3"></audio>
""".strip("\n"),
    )
)  # fmt: skip
_TABLES = (
    "|a|b|c|\n|-|-|-|\n|d|e|f|",
    "a|b\n-|-\nc|d",
    "|a|b|c|\n|:-|-:|:-:|\n|d|\n|e|f|g|h|\n||f|–|",
    "| a |\n|---|\n| b |",
    "|a|b|\n|-|-|\n|`c|d`|e\\|f|",
    "|a|a|a|\n|-|-|-|\n|b|c|c|\n|b|c|c|",
    "|[a](#a)|[b](#b)|\n|-|-|\n|[c](#c)|d|",
    "|\n|-|",
    "a | b",
)
HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    f'<img src="{PIXEL}" onload="a()" style="position:fixed">',
    '<a href="javascript:alert(1)">a</a>',
    '<a href=" &#106;avascript:alert(1)">a</a>',
    "[a](javascript:alert(1))",
    "[a](data:text/html;base64,PHNjcmlwdD4=)",
    "[a](file:///etc/passwd)",
    "<file:///etc/passwd>",
    "![a](file:///etc/passwd)",
    "![a](http://a.b/c.png)",
    "![a](//a.b/c.png)",
    "<iframe src=//a.b></iframe>",
    "<form action=//a.b><input name=a><button>b</button></form>",
    "<style>@import url(//a.b)</style>",
    '<link rel=stylesheet href="//a.b">',
    '<meta http-equiv=refresh content="0;url=//a.b">',
    "<base href=//a.b>",
    "<svg onload=a()><script>b()</script></svg>",
    "<math><mtext><style><img src=x onerror=a()></style></mtext></math>",
    "<object data=a></object><embed src=a>",
    '<div style="background:url(//a.b)" onclick="a()">c</div>',
    '<video><source src="http://a.b/c.mp4"></video>',
    '<p title="--><script>a()</script>">b</p>',
    "<noscript><p title=\"</noscript><img src=x onerror=a()>\"></noscript>",
    "<textarea><script>a()</script></textarea>",
    "<xmp><script>a()</script></xmp>",
    '**a**{: onclick="b()" style="c" }',
    f'![a]({PIXEL}){{: onerror="b()" }}',
    '[a](http://b.c){: target=_blank onclick=d }',
)  # fmt: skip
"""What must never reach a card as it stands."""

_JOINTS = ("", " ", "\n", "\n", "\n\n", "\n\n", "\r\n", "\r", "\t", "\n\t", "\n  ", "\n    ", "\n> ", "\n- ", "\n   ")
_VALUES = (
    *("a", '"a"', "2024", "no", "on", "off", "[a, b]", "[", "{a: b}", "{", "&a [*a]", "*a", "|", ">-", "- a", ": "),
    *("https://a.b", '"http://[a"', "A4", "letter landscape", "a::b", "::", '"\\x02"', '"\\0"', "!!python/object:a"),
    *('"\\u202e"', "\ufffe", "{terms: reversed}", "{concepts: off, terms: on}", "!!binary YQ==", "<b>&amp;", "\t", "~"),
)  # fmt: skip
_KEYS = ("title subtitle description author lang deck tags level url paper cards titel a".split(), ("? a", "<<", "- b"))

texts = st.text(
    st.one_of(
        *(st.sampled_from(signs) for signs in (_SIGNS, _SIGNS, _LETTERS, _ODD)),
        st.characters(codec="utf-8"),
    ),
    max_size=80,
)
"""Text of signs that mean something in Markdown, and some that mean something to those who wrote it."""

constructs = st.one_of(st.sampled_from(_CONSTRUCTS), st.sampled_from(_TABLES), st.sampled_from(HOSTILE), texts)
"""A piece of Markdown or HTML, whole or broken, harmless or not."""


@st.composite
def _containers(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    """Text inside quotes, items, `<details>` and the like; every line with the prefix, or but the first (lazy)."""
    first, rest, last = draw(
        st.sampled_from(
            (
                *(("> ", "> ", ""), ("> ", "", ""), ("- ", "  ", ""), ("- ", "", ""), ("1. ", "   ", "")),
                *(("2) ", "\t", ""), ("> [!TIP] a\n> ", "> ", ""), ('!!! tip "a"\n    ', "    ", "")),
                *(("[^1]: ", "    ", ""), ("    ", "    ", ""), ("a\n: ", "    ", "")),
                *(("<details>\n", "", "\n</details>"), ("<div>\n\n", "", "\n\n</div>"), ("```\n", "", "\n```")),
                *(("| a | b |\n|---|---|\n| ", "", " |"), ("<details><summary>a?</summary>\n\n", "  ", "")),
            )
        )
    )  # fmt: skip
    lines = draw(inner).split("\n")
    return first + f"\n{rest}".join(lines) + last


@st.composite
def _joined(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    pieces = draw(st.lists(inner, min_size=1, max_size=6))
    joints = draw(st.lists(st.sampled_from(_JOINTS), min_size=len(pieces), max_size=len(pieces)))
    return "".join(piece + joint for piece, joint in zip(pieces, joints, strict=True))


@st.composite
def fronts(draw: st.DrawFn) -> str:
    """Front matter of some known keys and any values, closed or not."""
    keys = draw(st.lists(st.sampled_from([*_KEYS[0], *_KEYS[1]]), max_size=4))
    rows = [f"{key}: {draw(st.one_of(st.sampled_from(_VALUES), texts))}" for key in keys]
    return "\n".join(["---", *rows, draw(st.sampled_from(("---", "---", "...", "")))]) + "\n"


wild = st.builds(
    lambda front, start, body: front + start + body,
    st.one_of(st.just(""), st.just(""), fronts()),
    st.sampled_from(("", "\n", "# T\n\n## A\n\n", "## A\n\nx\n\n## B\n\n", "## Questions\n\n", "\ufeff")),
    st.recursive(constructs, lambda inner: st.one_of(_joined(inner), _containers(inner)), max_leaves=12),
)
"""A file that may hold anything: blocks of every kind, whole and broken, nested in one another."""


# --- guides that somebody might write ----------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class Made:
    """A guide of known words.

    `start` precedes the topics; each topic is its heading with what stands under it, and its sections; `end` follows.
    A word of `body` belongs into one note, one of `shared` (headings, column heads, footnotes) into one or more, one
    of `apart` into none.
    """

    start: str = ""
    topics: list[tuple[str, list[str]]] = field(default_factory=list)
    end: str = ""
    body: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    apart: set[str] = field(default_factory=set)

    @property
    def text(self) -> str:
        """The guide as a file."""
        return "\n\n".join([self.start, *(part for head, below in self.topics for part in (head, *below)), self.end])


REF, NOTE = "[{}][]", "{}[^]"
_PREFIXES = ("", "", "", "é", "\u0645\u0631", "\u05d0", "\u8a9e", "Ж")


class _Pen:
    """Writes a guide and notes which word went where."""

    def __init__(self, draw: st.DrawFn, footnotes: bool) -> None:
        self.draw = draw
        self.footnotes = footnotes
        self.made = Made()
        self.into = self.made.body
        self.count = 0
        self.notes: list[str] = []
        self.references: list[str] = []

    def pick(self, *choices: str) -> str:
        """One of them."""
        return self.draw(st.sampled_from(choices))

    def some(self, least: int, most: int, write: Callable[[], T]) -> list[T]:
        """As many as chance wants."""
        return [write() for _ in range(self.draw(st.integers(least, most)))]

    def word(self, into: set[str] | None = None) -> str:
        """A fresh word."""
        self.count += 1
        word = f"w{self.count:04d}x"
        (self.into if into is None else into).add(word)
        return self.pick(*_PREFIXES) + word

    def shared(self) -> str:
        """A few words of a heading or the like."""
        into = self.made.apart if self.into is self.made.apart else self.made.shared
        return " ".join(self.some(1, 2, lambda: self.word(into)))

    def inline(self) -> str:
        """A few words, some of them in markup."""
        return " ".join(self.some(1, 3, self._decorated))

    def _decorated(self) -> str:
        form = self.pick(
            *("{}", "{}", "{}", "*{}*", "**{}**", "`{}`", "~~{}~~", "[{}](https://example.org/a_b)", "<kbd>{}</kbd>"),
            *("a<sub>{}</sub>", "${}$", "=={}==", "x &amp; {}", r"\*{}\*", "https://example.org/{}", "<https://a.org/{}>"),
            *(f"![{{}}]({PIXEL})", "***{}***", "[**{}**](https://example.org)", "“{}”", "<b>{}</b>"),
            *("AT&T {}", "a < {}", REF, NOTE),
        )  # fmt: skip
        if form == REF:
            word = self.word()
            self.references.append(f"[{word}-r]: https://example.org/")
            return f"[{word}][{word}-r]"
        if form == NOTE and self.footnotes:
            name = f"n{len(self.notes)}"
            self.notes.append(f"[^{name}]: {self.shared()}")
            return f"{self.word()}[^{name}]"
        return form.format(self.word())

    def block(self, depth: int = 0) -> str:
        """A block of any kind."""
        simple = (self._paragraph, self._fence, self._table, self._terms, self._definitions, self._html, self._code)
        nested = (self._list, self._list, self._quote, self._callout, self._details, self._question_item)
        return self.draw(st.sampled_from(simple if depth > 1 else (*simple, *nested)))(*([depth] if depth < 2 else [2]))

    def blocks(self, depth: int, least: int = 1, most: int = 2) -> str:
        """Blocks with blank lines between."""
        return "\n\n".join(self.some(least, most, lambda: self.block(depth)))

    def _paragraph(self, _depth: int) -> str:
        return self.pick("\n", "  \n", "\\\n", " ").join(self.some(1, 3, self.inline))

    def _fence(self, _depth: int) -> str:
        fence = self.pick("```", "~~~", "````")
        language = self.pick("", "python", "text", "c++", "{.bash}")
        return f"{fence}{language}\n{self.word()} = {self.word()}\n\n  {self.word()}\n{fence}"

    def _code(self, _depth: int) -> str:
        return f"Below:\n\n    {self.word()}\n    {self.word()}"

    def _table(self, _depth: int) -> str:
        columns = self.draw(st.integers(1, 4))
        left, right = self.pick("| ", ""), self.pick(" |", "")
        if columns == 1:
            left, right = "| ", " |"
        # The head of the first of two columns is on no card: what is asked for is the second.
        ignored: set[str] = set()
        first = self.word(ignored) if columns == 2 else self.shared()
        head = [first, *(self.shared() for _ in range(columns - 1))]
        rows = [self._row(columns, whole=True)]
        rows += self.some(0, 2, lambda: self._row(columns, whole=False))
        lines = [head, [self.pick("---", ":-:", "--:")] * columns, *rows]
        return "\n".join(left + " | ".join(cells) + right for cells in lines)

    def _row(self, columns: int, *, whole: bool) -> list[str]:
        """A row; one that is not whole may lack its aspect, as in merged cells, and some values."""
        if columns < 3:
            return self.some(columns, columns, self.inline)
        aspect = self.shared() if whole or self.pick("", "x") else ""
        middle = [self.inline() if whole else self.pick("", "–", "✓") for _ in range(columns - 2)]
        return [aspect, *middle, self.inline()]

    def _terms(self, _depth: int) -> str:
        form = self.pick("- **{}** — {}", "- **{}:** {}", "* **{}** - {}", "- **{}**: {}")
        return "\n".join(self.some(1, 3, lambda: form.format(self.word(), self.inline())))

    def _definitions(self, _depth: int) -> str:
        return "\n\n".join(self.some(1, 3, lambda: f"{self.word()}\n: {self.inline()}"))

    def _html(self, _depth: int) -> str:
        return f'<div align="center">\n{self.word()} <b>{self.word()}</b>\n</div>'

    def _list(self, depth: int) -> str:
        marker = self.pick("- ", "* ", "+ ", "1. ", "3) ", "-   ")
        gap = self.pick("\n", "\n\n")
        return gap.join(self.some(1, 3, lambda: _indented(marker, self._item(depth))))

    def _item(self, depth: int) -> str:
        start = self.pick("", "", "[ ] ", "[x] ") + f"{self.word()} {self.inline()}"
        return f"{start}\n\n{self.blocks(depth + 1, 1, 2)}" if self.pick("", "", "x") else start

    def _question_item(self, depth: int) -> str:
        return _indented("1. ", f"### {self.shared()}?\n\n{self.blocks(depth + 1)}")

    def _quote(self, depth: int) -> str:
        return _prefixed("> ", self.blocks(depth + 1))

    def _callout(self, depth: int) -> str:
        body = self.blocks(depth + 1, 1, 2)
        if self.pick("quote", "admonition") == "quote":
            return _prefixed("> ", f"[!TIP] {self.shared()}\n{body}")
        return f'!!! note "{self.shared()}"\n' + _prefixed("    ", body)

    def _details(self, depth: int) -> str:
        return f"<details>\n<summary>{self.shared()}</summary>\n\n{self.blocks(depth + 1)}\n\n</details>"

    # --- headings ---

    def start(self) -> str:
        """The title and what introduces the guide."""
        front = self.pick("", "---\ntags: [a, b]\nurl: https://example.org/g\n---\n")
        title = f"# {self.shared()}\n\n" if self.pick("", "x") else ""
        return f"{front}{title}{self.blocks(0)}"

    def topic(self) -> tuple[str, list[str]]:
        """A topic and its sections."""
        keep, self.into = self.into, self.made.apart if self.pick(*"aaaaaab") == "b" else self.into
        mark = " {: .no-cards }" if self.into is self.made.apart else self.pick("", "", " {: level=hard }")
        head = f"{self.shared()}{mark}"
        head = f"{head}\n---" if self.pick("", "", "x") else f"## {head}"
        part = f"{head}\n\n{self.blocks(0)}", self.some(0, 2, self.section)
        self.into = keep
        return part

    def section(self) -> str:
        """A section with its own sections; a question's answer starts with plain words."""
        asks = self.pick("", "", "?")
        head = f"### {self.pick('', '1. ') if asks else ''}{self.shared()}{asks}\n\n"
        below = f"\n\n#### {self.shared()}\n\n{self.blocks(0)}" if self.pick("", "x") else ""
        return f"{head}{f'{self.word()}{chr(10) * 2}' if asks else ''}{self.blocks(0)}{below}"


def _indented(marker: str, text: str) -> str:
    return marker + _prefixed(" " * len(marker), text).lstrip(" ")


def _prefixed(prefix: str, text: str) -> str:
    return "\n".join(prefix + line if line or prefix.strip() else line for line in text.split("\n"))


@st.composite
def guides(draw: st.DrawFn, footnotes: bool = True) -> Made:
    """A well-formed guide that uses every construct of the guide format, each word of it known."""
    pen = _Pen(draw, footnotes)
    pen.made.start = pen.start()
    pen.made.topics = [pen.topic() for _ in range(draw(st.integers(2, 3)))]
    pen.made.end = "\n\n".join([*pen.references, *pen.notes])
    return pen.made
