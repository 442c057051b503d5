"""Notes made by hand, of every kind, as the tests need them."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from html.parser import HTMLParser
from typing import Any

from studypack.media import Media
from studypack.model import BasicNote, ClozeNote, Gap, Guid, Html, Kind, KnownNote, Place
from studypack.writers import deck

TIME = 1_790_000_000
"""When the content of the hand-made notes last changed, seconds since 1970; not now, and not the release of the CSS."""

HERE = Place(deck=("Clouds", "Storage"), breadcrumb=Html("Clouds › Storage"), tags=("clouds", "kind::term"))
GUIDE = "clouds"
TOP = "Clouds"
PICTURE = Media(name="disk-1a2b.png", reference="disk.png", kind="image", mime="image/png", data=b"\x89PNG picture")
SOUND = Media(name="hum-3c4d.mp3", reference="hum.mp3", kind="sound", mime="audio/mpeg", data=b"ID3 sound")


def build(*notes: KnownNote) -> bytes:
    """The package of these notes, of the guide that the tests are about."""
    return deck.write(notes, guide=GUIDE, deck=TOP)


def basic(
    guid: str = "g1",
    front: str = '<div class="ask">Why?</div>',
    back: str = "<p>So.</p>",
    *,
    kind: Kind = Kind.QUESTION,
    place: Place = HERE,
    position: int = 10,
    time: int = TIME,
    **more: Any,
) -> KnownNote:
    """A note of the basic type; `more` goes into it as it is."""
    note = BasicNote(kind=kind, key=(guid,), asks=guid, place=place, front=Html(front), back=Html(back), **more)
    return KnownNote(note=note, guid=Guid(guid), time=time, position=position, deck=place.deck)


def cloze(
    guid: str,
    pieces: Sequence[str | Gap],
    numbers: Sequence[int],
    *,
    kind: Kind = Kind.CLOZE,
    place: Place = HERE,
    position: int = 10,
    time: int = TIME,
) -> KnownNote:
    """A note of the cloze type; plain strings are its HTML."""
    made = tuple(Html(piece) if isinstance(piece, str) else piece for piece in pieces)
    note = ClozeNote(kind=kind, key=(guid,), asks=guid, place=place, pieces=made)
    return KnownNote(note=note, guid=Guid(guid), time=time, position=position, deck=place.deck, numbers=tuple(numbers))


def gap(html: str) -> Gap:
    """A gap that hides this HTML."""
    return Gap(label="", html=Html(html))


def comparison(guid: str, cells: dict[str, str], numbers: Sequence[int], *, position: int = 10) -> KnownNote:
    """A row of a comparison as the notes room makes it: subjects and what is asked of each."""
    pieces: list[str | Gap] = ['<div class="compare"><div class="aspect">Consistency</div>']
    for subject, value in cells.items():
        pieces += [f'<div class="cell"><div class="subject">{subject}</div><div class="value">', gap(value)]
        pieces += ["</div></div>"]
    return cloze(guid, [*pieces, "</div>"], numbers, kind=Kind.COMPARISON, position=position)


def every_kind() -> tuple[KnownNote, ...]:
    """One note of each kind, with media, an extra, a link, a level and both directions among them."""
    rich = Place(
        deck=("Clouds", "Compute"),
        breadcrumb=Html("Clouds › Compute › <em>Scaling</em>"),
        link="https://example.org/clouds?a=1&b=2#compute",
        level="advanced",
        tags=("clouds", "level::advanced"),
    )
    note = '<ol class="footnotes"><li>Only then.</li></ol>'
    shown = f'<p><img alt="a disk" src="{PICTURE.name}"> <audio controls src="{SOUND.name}"></audio></p>'
    return (
        basic("g-question", '<div class="ask">How?</div>', "<p>Thus.</p>", place=rich, extra=Html(note)),
        basic("g-term", '<div class="term">Disk</div>', shown, kind=Kind.TERM, position=20, reversed=True,
              media=(PICTURE, SOUND)),
        basic("g-takeaway", '<div class="ask">🎯 Key Takeaway</div><div class="about">Storage</div>', "<p>Lasts.</p>",
              kind=Kind.TAKEAWAY, position=30),
        basic("g-concept", '<div class="ask">Blocks</div>', f"<ul><li>Fixed {shown}</li></ul>", kind=Kind.CONCEPT,
              position=40, media=(PICTURE, SOUND)),
        comparison("g-comparison", {"Aurora": "strong", "Dynamo": "eventual", "Redis": "none"}, (3, 1, 7), position=50),
        cloze("g-cloze", ["<p>The ", gap("cell"), " has a ", gap("wall"), ".</p>"], (1, 2), position=60),
    )  # fmt: skip


def literal(text: str) -> str:
    """HTML that shows this text, letter by letter."""
    return f"<p>{escape(text, quote=False)}</p>"


def visible(html: str) -> str:
    """The text that HTML shows, styles left out."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.text)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text: list[str] = []
        self.silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # the parser's
        self.silent = tag == "style"

    def handle_endtag(self, tag: str) -> None:  # the parser's
        self.silent = False

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.text.append(data)
