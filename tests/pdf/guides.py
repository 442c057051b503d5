"""Guides built by hand, with every kind of block, as the parser would give them."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Sequence
from typing import Any

from PIL import Image

from studypack.media import Media
from studypack.model import (
    Block,
    Callout,
    Definitions,
    Footnote,
    Guide,
    Html,
    Item,
    Listing,
    Prose,
    Quote,
    Row,
    Section,
    Table,
    Term,
    Text,
)
from studypack.span import Span


def line(number: int) -> Span:
    """A whole line of a guide."""
    return Span(number, 1, number, 2)


def plain(source: str) -> str:
    """HTML without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", source)).split())


def text(source: str) -> Text:
    """A run of inline HTML."""
    return Text(html=Html(source), plain=plain(source))


def para(source: str, at: int = 1, classes: frozenset[str] = frozenset()) -> Prose:
    """A paragraph."""
    return Prose(html=Html(f"<p>{source}</p>"), plain=plain(source), span=line(at), classes=classes)


def raw(source: str, at: int = 1) -> Prose:
    """A block of HTML as it is."""
    return Prose(html=Html(source), plain=plain(source), span=line(at))


def item(source: str, *more: Block, at: int = 1) -> Item:
    """An entry of a tight list."""
    return Item(blocks=(Prose(html=Html(source), plain=plain(source), tight=True, span=line(at)), *more), span=line(at))


def bullets(*items: Item, ordered: bool = False, start: int = 1) -> Listing:
    """A list."""
    return Listing(items=items, ordered=ordered, start=start, span=line(1))


def table(
    id: str, header: Sequence[str], rows: Sequence[Sequence[str]], classes: Sequence[str] = (), at: int = 1
) -> Table:
    """A table."""
    return Table(
        id=id,
        header=tuple(map(text, header)),
        rows=tuple(Row(cells=tuple(map(text, row)), span=line(at + 2 + number)) for number, row in enumerate(rows)),
        align=tuple("" for _ in header),
        classes=frozenset(classes),
        span=line(at),
    )


def section(
    heading: str,
    *blocks: Block,
    depth: int = 3,
    sections: Sequence[Section] = (),
    level: str | None = None,
    classes: Sequence[str] = (),
    disclosure: bool = False,
    at: int = 1,
) -> Section:
    """A heading and what stands under it."""
    anchor = re.sub(r"[^\w-]+", "-", plain(heading).lower()).strip("-")
    return Section(
        heading=text(heading),
        anchor=anchor,
        depth=depth,
        blocks=blocks,
        sections=tuple(sections),
        level=level,
        classes=frozenset(classes),
        disclosure=disclosure,
        span=line(at),
    )


def guide(*topics: Section, title: str = "A guide", intro: Sequence[Block] = (), **more: object) -> Guide:
    """A guide of these topics."""
    return Guide(
        name="sample",
        path="guides/sample.md",
        title=text(title),
        deck=title,
        intro=tuple(intro),
        topics=topics,
        **more,  # type: ignore[arg-type]
    )


def picture(name: str, width: int, height: int) -> Media:
    """A PNG of one colour."""
    data = io.BytesIO()
    Image.new("RGB", (width, height), "#3366aa").save(data, "PNG")
    return Media(
        name=name,
        reference=f"img/{name}",
        kind="image",
        mime="image/png",
        data=data.getvalue(),
        width=width,
        height=height,
    )


def svg(name: str, body: str) -> Media:
    """An SVG picture."""
    data = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="90" height="90">{body}</svg>'.encode()
    return Media(name=name, reference=f"img/{name}", kind="image", mime="image/svg+xml", data=data)


CODE = (
    '<div class="highlight"><pre><span></span><code><span class="k">def</span> <span class="nf">twice</span>'
    '(x):  <span class="c1"># a comment that runs on and on, far beyond what any column of a cheat sheet can hold'
    '</span>\n    <span class="k">return</span> x * <span class="mi">2</span>\n</code></pre></div>'
)


def rich() -> Guide:
    """A guide that has every kind of block."""
    storage = section(
        "Storage &amp; friends",
        para(
            'Blocks, files and objects; see <a href="#compute">Compute</a>.'
            '<sup class="footnote" data-footnote="a">a</sup>',
            20,
        ),
        bullets(
            item("<strong>Block</strong> — a disk over the network", at=21),
            item("<strong>Object</strong> — a key and its bytes", bullets(item("nested entry", at=23)), at=22),
        ),
        Definitions(
            terms=(
                Term(name=text("Latency"), meaning=(para("time until the first byte", 31),), span=line(30)),
                Term(
                    name=text("Throughput"),
                    meaning=(para("bytes a second", 33), para("measured over minutes", 34)),
                    span=line(32),
                ),
            ),
            span=line(30),
        ),
        table(
            "t1",
            ["Aspect", "Block", "Object"],
            [["Shared", "❌ one host", "✅ everyone"], ["Price", "high", "low"], ["Encrypted", "Yes", "No"]],
            at=40,
        ),
        depth=2,
        level="beginner",
        at=19,
        sections=[
            section(
                "How it works",
                Callout(kind="tip", title=text("🎯 Key takeaway"), blocks=(para("Boxed advice.", 51),), span=line(50)),
                Quote(blocks=(para("Quoted wisdom.", 52),), span=line(52)),
                raw(CODE, 53),
                sections=[section("Deeper still", para("At depth four.", 56), depth=4, at=55)],
                at=49,
            ),
            section("Unprinted", para("SECRET-SECTION", 58), classes=["no-print"], at=57),
        ],
    )
    compute = section(
        "Compute",
        para("SECRET-BLOCK", 61, classes=frozenset(["no-print"])),
        para('A picture <img src="blue.png" alt="a blue field"> in a line, 🦊 and → and <code>code</code>.', 62),
        bullets(item("fifth", at=63), item("sixth", at=64), ordered=True, start=5),
        depth=2,
        level="advanced",
        at=60,
    )
    questions = section(
        "Interview Questions",
        bullets(
            Item(blocks=(section("Why so?", para("Because.", 72), at=71),), span=line(71)),
            ordered=True,
        ),
        section("More details", para("Hidden until opened.", 74), disclosure=True, at=73),
        depth=2,
        at=70,
        sections=[section("What is a disk?", para("A spinning answer.", 76), at=75)],
    )
    return guide(
        storage,
        compute,
        questions,
        title="Clouds ☁ &amp; disks",
        intro=[para("An introduction before the first topic.", 17)],
        subtitle="All of it",
        description="What to know of storage.",
        author="Ada Byron",
        tags=("cloud", "storage"),
        footnotes=(Footnote(name="a", number=1, blocks=(para("A note at the foot.", 80),), span=line(80)),),
        media=(picture("blue.png", 60, 30),),
    )


def many_tables(count: int = 7, rows: int = 6, columns: int = 4, **more: Any) -> Guide:
    """A guide of comparison tables, in all the places where tables can stand."""
    made = [
        table(
            f"t{number}",
            ["Aspect", *(f"Subject {number}.{column}" for column in range(1, columns))],
            [
                [
                    f"row {number}.{row}",
                    *(f"cell {number}.{row}.{column} ✅ some words" for column in range(1, columns)),
                ]
                for row in range(rows)
            ],
            at=100 * (number + 1),
        )
        for number in range(count)
    ]
    places: list[Block] = [
        made[0],
        bullets(item("in a list item", made[1])),
        Quote(blocks=(made[2],), span=line(3)),
        Callout(kind="note", title=text("Note"), blocks=(made[3],), span=line(4)),
        section("Is a table an answer?", made[4], depth=4, at=5),
    ]
    return guide(
        section("First", *places, depth=2, at=6),
        section("Second", depth=2, at=7, sections=[section("Below", *made[5:], at=8)]),
        title="Many tables",
        **more,
    )
