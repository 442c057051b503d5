"""Guides of things that hardly fit on paper."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from hypothesis import strategies as st
from PIL import Image

_SIDES = (1, 40, 700, 3000)


@dataclass(slots=True, kw_only=True)
class Hard:
    """A guide as a file; `long` are the words that must be on paper letter by letter, wherever they were broken."""

    text: str
    long: set[str] = field(default_factory=set)


@cache
def picture(width: int, height: int) -> str:
    """A picture of so many pixels, as an address that needs no file."""
    file = io.BytesIO()
    Image.new("L", (width, height), 200).save(file, "PNG")
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


class _Pen:
    """Writes what hardly fits; every word is known."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.made = Hard(text="")
        self._count = 0

    def number(self, least: int, most: int) -> int:
        """A number by chance."""
        return self.draw(st.integers(least, most))

    def pick(self, *choices: str) -> str:
        """One of them."""
        return self.draw(st.sampled_from(choices))

    def _either(self, one: Callable[[], str], other: Callable[[], str]) -> str:
        return one() if self.draw(st.booleans()) else other()

    def word(self) -> str:
        """A fresh word."""
        self._count += 1
        return f"w{self._count:04d}x"

    def words(self, most: int) -> str:
        """Some fresh words."""
        return " ".join(self.word() for _ in range(self.number(1, most)))

    def long(self, most: int = 400) -> str:
        """A fresh word that is much too long, of letters or with signs where no line may end."""
        word = self.word() + self.pick("a", "mw", "il", "a_b", "w.w", "élan") * self.number(10, most // 4)
        self.made.long.add(word)
        return word

    def cell(self) -> str:
        """A cell of a table: mostly short, at times none or too long."""
        kinds: dict[str, Callable[[], str]] = {
            "none": lambda: "",
            "one": self.word,
            "some": lambda: self.words(8),
            "long": lambda: self.long(100),
        }
        return kinds[self.pick("none", "one", "one", "one", "some", "long")]()

    def table(self, columns: int = 14, rows: int = 12) -> str:
        """A table, perhaps of many columns and rows."""
        width = self.number(3, columns)
        lines = [[self.word() for _ in range(width)], ["---"] * width]
        lines += [[self.word(), *(self.cell() for _ in range(width - 1))] for _ in range(self.number(1, rows))]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def code(self) -> str:
        """Code with a line that is too long."""
        lines = [
            self.word(),
            "    " * self.number(0, 30) + self._either(self.long, lambda: self.words(60)),
            "\t" + self.word(),
        ]
        return "\n".join([f"```{self.pick('', 'python', 'text')}", *lines, "```"])

    def image(self) -> str:
        """A picture, perhaps huge, alone or in a line."""
        width, height = self.draw(st.sampled_from(_SIDES)), self.draw(st.sampled_from(_SIDES))
        return self.pick("{}", "a {} b", "[{}](https://example.org)").format(f"![seen]({picture(width, height)})")

    def deep(self) -> str:
        """Lists, quotations or both in one another."""
        depth = self.number(1, 12)
        forms = [self.pick("- ", "1. ", "> ") for _ in range(depth)]
        lines, prefix = [], ""
        for form in forms:
            lines.append(f"{prefix}{form}{self.word()}")
            prefix += "> " if form == "> " else " " * len(form)
            lines.append(prefix.rstrip())
        inner = self._either(lambda: self.long(60), lambda: self.table(5, 3))
        return "\n".join([*lines, *(f"{prefix}{line}" for line in inner.split("\n"))])

    def html(self) -> str:
        """A raw table of long words and cells over several columns and rows."""
        cells = "".join(
            f'<td colspan="{self.number(1, 3)}" rowspan="{self.number(1, 3)}">{self.long(80)}</td>' for _ in range(3)
        )
        return f"<table><tr>{cells}</tr><tr><td>{self.word()}</td></tr></table>"

    def block(self) -> str:
        """A block that hardly fits."""
        kinds: dict[str, Callable[[], str]] = {
            "long": self.long,
            "table": self.table,
            "code": self.code,
            "image": self.image,
            "deep": self.deep,
            "html": self.html,
            "term": lambda: f"- **{self.long(120)}** — {self.long(200)} {self.words(5)}",
            "heading": lambda: f"### {self.long(120)} {self.words(4)}",
            "callout": lambda: f"> [!TIP] {self.long(100)}\n> {self.long()}\n>\n> " + self.code().replace("\n", "\n> "),
            "marked": lambda: (
                f"**{self.long()}** `{self.long()}` [{self.long()}](https://example.org) ~~{self.long()}~~"
            ),
            "plain": lambda: self.words(300),
        }
        return kinds[self.pick(*kinds)]()


@st.composite
def hard(draw: st.DrawFn, tables: bool = False) -> Hard:
    """A guide of things that hardly fit; of comparisons only, if `tables`."""
    pen = _Pen(draw)
    front = f"---\npaper: {pen.pick('A4', 'A4', 'Letter landscape', 'A5', 'A3')}\n---\n"
    parts = [front, f"# {pen.words(3)}"]
    for _ in range(pen.number(2, 4)):
        parts.append(f"## {pen.words(3)}")
        parts += [pen.table() if tables else pen.block() for _ in range(pen.number(1, 3))]
    pen.made.text = "\n\n".join(parts)
    return pen.made
