"""Blocks → HTML for a card: the same blocks, put back together."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import assert_never

from studypack.model import (
    Block,
    Callout,
    Definitions,
    Footnote,
    Html,
    Item,
    Listing,
    Prose,
    Quote,
    Section,
    Table,
    Text,
)


def blocks_html(blocks: Iterable[Block]) -> Html:
    """Blocks one after the other."""
    return Html("".join(_block(block) for block in blocks))


def item_html(item: Item) -> Html:
    """What is inside a list item."""
    return Html("".join(block.html if isinstance(block, Prose) else _block(block) for block in item.blocks))


def footnotes_html(footnotes: Iterable[Footnote]) -> Html:
    """Footnotes under the numbers that they have in the guide."""
    rows = "".join(f'<li value="{note.number}">{blocks_html(note.blocks)}</li>' for note in footnotes)
    return Html(f'<ol class="footnotes">{rows}</ol>' if rows else "")


def _block(block: Block) -> str:
    match block:
        case Prose():
            return f"<p>{block.html}</p>" if block.tight else block.html
        case Listing():
            return _listing(block)
        case Definitions():
            rows = (f"<dt>{term.name.html}</dt><dd>{blocks_html(term.meaning)}</dd>" for term in block.terms)
            return f"<dl>{''.join(rows)}</dl>"
        case Table():
            return _table(block)
        case Callout():
            title = f'<p class="title">{block.title.html}</p>'
            kind = html.escape(block.kind)
            return f'<div class="callout {kind}">{title}{blocks_html(block.blocks)}</div>'
        case Quote():
            return f"<blockquote>{blocks_html(block.blocks)}</blockquote>"
        case Section():
            return _section(block)
        case _:
            assert_never(block)


def _listing(block: Listing) -> str:
    tag = "ol" if block.ordered else "ul"
    start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
    return f"<{tag}{start}>{''.join(f'<li>{item_html(item)}</li>' for item in block.items)}</{tag}>"


def _table(block: Table) -> str:
    head = _cells("th", block.header, block.align)
    rows = "".join(f"<tr>{_cells('td', row.cells, block.align)}</tr>" for row in block.rows)
    return f'<div class="table"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _cells(tag: str, cells: Iterable[Text], align: tuple[str, ...]) -> str:
    return "".join(
        f'<{tag} style="text-align:{side}">{cell.html}</{tag}>' if side else f"<{tag}>{cell.html}</{tag}>"
        for cell, side in zip(cells, align, strict=True)
    )


def _section(section: Section) -> str:
    depth = min(max(section.depth, 3), 6)
    below = "".join(_section(sub) for sub in section.sections)
    return f"<h{depth}>{section.heading.html}</h{depth}>{blocks_html(section.blocks)}{below}"
