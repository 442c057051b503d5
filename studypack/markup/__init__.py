"""Markdown in; an element tree that knows its lines, and clean HTML, out.

The only room that imports Python-Markdown and nh3. A guide goes through Python-Markdown once.
"""

from __future__ import annotations

from studypack.markup.attributes import BROKEN_LIST
from studypack.markup.blocks import Finding
from studypack.markup.tree import Tree, code_html, math_html, picture_html, plain_of, read_markup, text_html

__all__ = [
    "BROKEN_LIST",
    "Finding",
    "Tree",
    "code_html",
    "math_html",
    "picture_html",
    "plain_of",
    "read_markup",
    "text_html",
]
