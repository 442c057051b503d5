"""A deck as a script makes it that uses genanki as its README shows. `python -m tests.bench.plain GUIDE OUT`.

Each field goes through `markdown.markdown` of its own, with the one extension that these guides need. A note a piece:
one card each, no subdecks, no tags, nothing remembered between two runs.
"""

from __future__ import annotations

import sys
from pathlib import Path

import genanki
import markdown

from tests.bench.pieces import pieces


def deck(text: str) -> genanki.Deck:
    """The deck of a guide: a note for each piece of it."""
    model = genanki.Model(
        1607392319,
        "Plain",
        fields=[{"name": "Question"}, {"name": "Answer"}],
        templates=[{"name": "Card 1", "qfmt": "{{Question}}", "afmt": '{{FrontSide}}<hr id="answer">{{Answer}}'}],
    )
    made = genanki.Deck(2059400110, "Plain")
    for question, answer in pieces(text):
        made.add_note(genanki.Note(model=model, fields=[_html(question), _html(answer)]))
    return made


def _html(text: str) -> str:
    return markdown.markdown(text, extensions=["fenced_code"])


if __name__ == "__main__":
    genanki.Package(deck(Path(sys.argv[1]).read_text(encoding="utf-8"))).write_to_file(sys.argv[2])
