"""Ordinary Markdown reads as GitHub shows it."""

from __future__ import annotations

import html
import re
from pathlib import Path
from urllib.parse import unquote
from xml.etree.ElementTree import Element

import pytest

from studypack.markup import Tree, read_markup

CASES = Path(__file__).with_name("github.txt")

DIFFERENT = {
    "ragged rows: short ones filled, long ones cut": "nothing is cut; the row is reported",
    "a pipe in code splits cells unless escaped": "kept when only that gives the row its cells",
    "details without blank lines is raw HTML": "Markdown inside it is read all the same",
    "bold ending in punctuation before a letter": "what was meant is plain",
    "bold ending in CJK punctuation before a letter is GitHub's known blind spot": "what was meant is plain",
    "emphasis of both kinds": "Python-Markdown nests the two the other way round",
    "reference defined in a list item": "a definition shows nothing, so it parts nothing",
    "four stars": "Python-Markdown keeps both pairs",
    "mixed emphasis": "Python-Markdown pairs a star inside bold words otherwise",
    "link with a title": "Python-Markdown knows no titles in parentheses",
    "a destination with a space is no link": "Python-Markdown takes it for one",
    "image": "Python-Markdown keeps the signs of markup in alternative text",
    "no link within a link": "Python-Markdown takes the outer link",
}
"""Cases that read otherwise than on GitHub, and why that is accepted."""


def _cases() -> list[tuple[str, str, str]]:
    found = []
    for block in re.split(r"(?m)^=== ", CASES.read_text(encoding="utf-8"))[1:]:
        title, _, rest = block.replace("\N{RIGHTWARDS ARROW}", "\t").replace("\N{OPEN BOX}", " ").partition("\n")
        given, _, expected = rest.partition("=> html\n")
        found.append((title.strip(), given.removesuffix("\n"), expected.strip()))
    return found


def _as_html(tree: Tree, element: Element) -> str:
    """The tree in the spelling of GitHub's HTML."""
    tag = element.tag
    inside = "".join(_as_html(tree, child) for child in element)
    match tag:
        case "p":
            return tree.inline(element) if element.get("tight") else f"<p>{tree.inline(element)}</p>"
        case "pre":
            language = f' class="language-{element.get("lang")}"' if element.get("lang") else ""
            text = html.escape(element.text or "", quote=True)
            return f"<pre><code{language}>{text}\n</code></pre>" if text else f"<pre><code{language}></code></pre>"
        case "raw":
            return element.text or ""
        case "hr":
            return "<hr>"
        case "summary" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6":
            return f"<{tag}>{tree.inline(element)}</{tag}>"
        case "ol":
            start = f' start="{element.get("start")}"' if element.get("start") else ""
            return f"<ol{start}>{inside}</ol>"
        case "li":
            box = {"done": '<input type="checkbox" checked disabled> ', "open": '<input type="checkbox" disabled> '}
            return f"<li>{box.get(element.get('task', ''), '')}{inside}</li>"
        case "table":
            return _table(tree, element)
        case _:
            return f"<{tag}>{inside}</{tag}>"


def _table(tree: Tree, table: Element) -> str:
    align = table.get("align", "").split(",")
    head, *rows = list(table)

    def cells(row: Element, tag: str) -> str:
        return "".join(
            f"<{tag}{f' align={side}' if side else ''}>{tree.inline(cell)}</{tag}>"
            for cell, side in zip(row, align, strict=True)
        )

    body = "".join(f"<tr>{cells(row, 'td')}</tr>" for row in rows)
    return f"<table><thead><tr>{cells(head, 'th')}</tr></thead>{f'<tbody>{body}</tbody>' if body else ''}</table>"


def _normal(text: str) -> str:
    """HTML with what does not count taken out: blanks between tags, quotes in text, order of attributes."""
    text = re.sub(r"<!--.*?-->", "", text, flags=re.S)
    text = re.sub(r"(?<!<pre>)<code>[^<]*</code>", lambda m: m[0].replace("\n", " "), text)
    text = re.sub(r'(?<= href=")[^"]*', lambda m: unquote(m[0]), text)
    text = re.sub(r"\s*\n\s*", "\n", text)
    text = re.sub(r"(?<=>)\s+(?=<)|(?<=>)\n|\n(?=</?(?:li|ul|ol|p|pre|table|blockquote|h\d|div|t[rhd])\b)", "", text)
    text = re.sub(r' align="(\w+)"| style="text-align:\s*(\w+);?"', lambda m: f" align={m[1] or m[2]}", text)
    text = re.sub(r"<(\w+)((?:\s[^<>]*)?)/?>", lambda m: f"<{m[1]}{' '.join(['', *sorted(_attributes(m[2]))])}>", text)
    return html.unescape(text.replace("&quot;", '"').replace("&lt;", "‹").replace("&gt;", "›")).strip()


def _attributes(text: str) -> list[str]:
    found = re.findall(r'[\w-]+(?:="[^"]*"|=[^\s"]+)?', text)
    return [
        re.sub(r'^(checked|disabled)(?:="[^"]*")?$', r"\1", one)
        for one in found
        if not one.startswith(("rel=", 'class="task'))
    ]


@pytest.mark.parametrize(("title", "given", "expected"), _cases(), ids=[case[0] for case in _cases()])
def test_reads_as_on_github(title: str, given: str, expected: str) -> None:
    """A piece of Markdown gives the blocks and inline elements that GitHub gives."""
    tree = read_markup(given.split("\n"), 1)
    tree.resolve_with(lambda _attribute, address: address)
    found = "".join(_as_html(tree, child) for child in tree.root)
    assert (_normal(found) == _normal(expected)) is (title not in DIFFERENT)
