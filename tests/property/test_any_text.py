"""Whatever a file holds, it is read, parsed and packed without an exception, and nothing harmful comes out."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from studypack.model import ClozeNote
from tests.property.packs import Markup, faces, inside, pack, siblings
from tests.property.strategies import HOSTILE, fronts, texts, wild

_PLACEHOLDER = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|wzxhzdk|klzzwxh")
_SPELLED = re.compile(r"wzxhzdk|klzzwxh")


@given(st.one_of(st.binary(max_size=200), texts.map(lambda text: text.encode("utf-8")), texts.map(str.encode)))
@settings(max_examples=150)
def test_any_bytes(data: bytes) -> None:
    """Any bytes give a package or a diagnostic."""
    made = pack(data)
    assert made.package or made.diagnostics


@given(wild)
@settings(max_examples=300)
def test_any_markdown(text: str) -> None:
    """Any mixture of blocks gives a package or a diagnostic; no key and no guid is given twice; a cloze has a gap."""
    made = pack(text)
    assert made.package or made.diagnostics
    keys = [note.key for note in made.notes]
    assert len(set(keys)) == len(keys)
    assert len({known.guid for known in made.known}) == len(made.known)
    assert all(note.gaps for note in made.notes if isinstance(note, ClozeNote))


@given(fronts(), st.sampled_from(("", "# T\n\n## A\n\n[a](b)\n\n- **b** — c\n")))
@settings(max_examples=100)
def test_any_front_matter(front: str, body: str) -> None:
    """Any front matter gives a package or a diagnostic, which lies in the file."""
    made = pack(front + body)
    assert made.package or made.diagnostics
    assert made.source
    assert all(inside(found.span, made.source.lines) for found in made.diagnostics)


@given(wild)
@settings(max_examples=150)
def test_places(text: str) -> None:
    """Every block, item, row and term, every note and every diagnostic has a place in the file; siblings in order."""
    made = pack(text)
    assert made.source
    lines = made.source.lines
    for found in made.diagnostics:
        assert inside(found.span, lines), found
    for note in made.notes:
        assert inside(note.span, lines), note
    for row in siblings(made.guide) if made.guide else ():
        starts = [(node.span.line, node.span.column) for node in row]
        assert all(inside(node.span, lines) for node in row), row
        assert starts == sorted(starts), row


@given(st.one_of(wild, st.sampled_from(HOSTILE).map(lambda html: f"## A\n\n{html}\n\nb {html} ==c==\n")))
@settings(max_examples=150)
def test_harmless_and_whole(text: str) -> None:
    """All that a card shows is harmless, each tag has its partner, and no placeholder is left in it."""
    for note in pack(text).notes:
        for html in faces(note):
            assert not Markup(html).faults, html
            if not _SPELLED.search(text):
                assert not _PLACEHOLDER.search(html), html


@given(wild)
@settings(max_examples=60)
def test_twice_the_same(text: str) -> None:
    """The same file gives the same values and the same bytes."""
    once, again = pack(text), pack(text)
    assert once == again
    assert repr(once) == repr(again)
