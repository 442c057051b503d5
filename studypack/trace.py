"""What a note is recognised by when it was edited."""

from __future__ import annotations

import re
from dataclasses import dataclass

from studypack.model import Kind

Section = tuple[str, ...]
"""The headings above a note, normalised."""

_ORDINAL = re.compile(r"#\d+$")
_LABEL = re.compile(r"^.*?: ", re.M)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """What a note is recognised by.

    `key` is its kind, the headings above it and its question, normalised; `asks` and `says` its question and answer as
    plain text, a comparison's as lines `subject: cell`; `text` a hash of both in full.
    """

    kind: Kind
    key: tuple[str, ...]
    asks: str
    says: str
    text: str
    pin: str | None = None
    retired: bool = False

    @property
    def family(self) -> str:
        """Notes of different families are never the same: Anki refuses to turn one note type into another."""
        return self.kind.value if self.kind in (Kind.COMPARISON, Kind.CLOZE) else "basic"

    @property
    def base(self) -> tuple[str, ...]:
        """The key without the number that tells equal questions apart."""
        return without_number(self.key)

    @property
    def section(self) -> Section:
        """The headings above it."""
        return self.base[1:-1]

    @property
    def told(self) -> str:
        """What tells it from others of its question: the answer, of a cloze the sentence."""
        return self.asks if self.kind is Kind.CLOZE else self.answer

    @property
    def around(self) -> str:
        """What a sentence says around its marks; of other notes the question."""
        if self.kind is not Kind.CLOZE:
            return self.asks
        text = self.asks
        for mark in sorted(self.says.split("\n"), key=len, reverse=True):
            whole = re.sub(rf"(?<!\w){re.escape(mark)}(?!\w)", " ", text, count=1)
            text = whole if whole != text else text.replace(mark, " ", 1)
        return text

    @property
    def answer(self) -> str:
        """What it says; of a comparison the cells without their subjects, which are another's cells' subjects too."""
        return _LABEL.sub("", self.says) if self.kind is Kind.COMPARISON else self.says


def without_number(key: tuple[str, ...]) -> tuple[str, ...]:
    """A key without the number that tells equal questions apart: kind, headings, question."""
    return key[:-1] if key[-1].startswith("#") and _ORDINAL.match(key[-1]) else key
