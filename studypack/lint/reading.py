"""What the rules look at: a guide, its notes, their text as a learner reads it."""

from __future__ import annotations

import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from studypack.diagnostics import Diagnostic
from studypack.lint import tongues
from studypack.lint.tongues import Tongue
from studypack.model import BasicNote, Block, Callout, Definitions, Guide, Kind, Listing, Note, Quote, Section
from studypack.source import Source
from studypack.span import Span

_CODE = re.compile(r"<pre\b.*?</pre>", re.S)
_TEX = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]", re.S)
_BLOCK = re.compile(r"</?(?:p|div|li|ul|ol|dl|dt|dd|t[rdh]|table|h\d|blockquote|br|pre)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")
_SHOWS = re.compile(r"<(?:img|audio|video|pre|svg)\b|\\\(|\\\[")
_WIDE = "぀-ヿ㐀-鿿"


def _marks() -> str:
    """The marks that belong to the letter before them, and the joiners of Indian scripts; no word character is one."""
    blocks = chain(range(0x300, 0x1E00), range(0x20D0, 0x2100), range(0xA66F, 0xAC00), range(0xFE20, 0xFE30))
    return "".join(chr(code) for code in blocks if unicodedata.category(chr(code)).startswith("M")) + "\u200c\u200d"


_MARKS = _marks()
_LETTERS = rf"[^\W{_WIDE}][{_MARKS}]*"
_WORD = re.compile(rf"[{_WIDE}]|(?:{_LETTERS})+(?:['’-](?:{_LETTERS})+)*")
_TOKEN = re.compile(rf"(?:\w[{_MARKS}]*)+|[^\w\s]")
_PUNCTUATION = frozenset("""."',;:?!“”‘’«»„()[]…–—-¿¡؟，。？！、「」।॥""")


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A guide as it was read, and the notes made of it."""

    source: Source
    guide: Guide
    notes: tuple[Note, ...]

    @property
    def basic(self) -> Iterator[BasicNote]:
        """The notes that have a front and a back."""
        return (note for note in self.notes if isinstance(note, BasicNote))

    @cached_property
    def tongue(self) -> Tongue:
        """The words of the guide's language."""
        return tongues.of(self.guide.lang, (token for note in self.basic for token in tokens(note.asks)))

    def content(self, text: str) -> tuple[str, ...]:
        """The tokens that tell what a text is about."""
        return tuple(token for token in tokens(text) if token.lower() not in self.tongue.little)

    @cached_property
    def titles(self) -> frozenset[tuple[str, ...]]:
        """What an answer may send the learner to: all that is asked, and all headings above it, as tokens."""
        notes = tuple(self.basic)
        above = {part for note in notes for part in note.place.breadcrumb.split(" › ")}
        return frozenset(tokens(html.unescape(title)) for title in (*above, *(note.asks for note in notes)))

    def names_sides(self, note: BasicNote) -> bool:
        """Whether a question names two things to choose from. Its first word, such as Polish `czy`, is between none."""
        return not self.tongue.sides.isdisjoint(tokens(note.asks)[1:])

    def place(self, note: Note) -> Span:
        """Where a note is told of: a concept at its heading, which is what the card asks; others where they stand."""
        if note.kind is not Kind.CONCEPT:
            return note.span
        lines = self.headings
        index = bisect_right([span.line for span in lines], note.span.line) - 1
        return lines[index] if index >= 0 else note.span

    @cached_property
    def headings(self) -> Sequence[Span]:
        """The places of all headings, in order."""
        spans = (block.span for block in blocks_of(self.guide) if isinstance(block, Section))
        return sorted(spans, key=lambda span: span.line)

    def finding(self, code: str, span: Span, message: str, hint: str) -> Diagnostic:
        """A finding at the first line of a span: what is weak about a section shows at its heading."""
        end = len(self.source.lines[span.line - 1]) + 1
        if span.end_line > span.line:
            span = Span(span.line, span.column, span.line, max(end, span.column + 1))
        return Diagnostic(code=code, path=self.source.path, span=span, message=message, hint=hint)

    def locate(self, pattern: re.Pattern[str], within: Span, skip: int = 0) -> Span:
        """Where a pattern first matches in the lines of a span, after `skip` matches; the span where it does not."""
        for number in range(within.line, within.end_line + 1):
            for found in pattern.finditer(self.source.lines[number - 1]):
                if not skip:
                    return Span(number, found.start() + 1, number, found.end() + 1)
                skip -= 1
        return within


def words(markup: str) -> str:
    """The text of HTML without code and formulas, white space folded."""
    text = _TEX.sub(" ", _CODE.sub(" ", markup))
    return " ".join(html.unescape(_TAG.sub("", _BLOCK.sub(" ", text))).split())


def length(text: str) -> int:
    """How many words a text has; two characters of Chinese or Japanese are about one."""
    found: list[str] = _WORD.findall(text)
    wide = sum(1 for word in found if len(word) == 1 and "぀" <= word <= "鿿")
    return len(found) - wide + (wide + 1) // 2


def shows(markup: str) -> bool:
    """Whether there is something in HTML that is no text: a picture, a sound, code, a formula."""
    return bool(_SHOWS.search(markup))


def tokens(text: str) -> tuple[str, ...]:
    """Words and signs of a text, compared without case; a single letter keeps its own: `C` and `c` are two things."""
    found = (token if len(token) == 1 else token.casefold() for token in _TOKEN.findall(text))
    return tuple(token for token in found if token not in _PUNCTUATION)


def blocks_of(guide: Guide) -> Iterator[Block]:
    """Every block of a guide, sections included, in its order; footnotes last."""
    yield from _below(guide.intro)
    yield from _below(guide.topics)
    for note in guide.footnotes:
        yield from _below(note.blocks)


def _below(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        match block:
            case Section():
                yield from _below((*block.blocks, *block.sections))
            case Listing():
                for item in block.items:
                    yield from _below(item.blocks)
            case Definitions():
                for term in block.terms:
                    yield from _below(term.meaning)
            case Callout() | Quote():
                yield from _below(block.blocks)
            case _:
                pass


def shortened(text: str, most: int = 60) -> str:
    """A text to be named in a message, cut where it is long."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
