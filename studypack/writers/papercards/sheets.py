"""Cards to print on both sides and cut apart: a page of questions, a page of their answers behind it, and so on.

The type is as large as fits, found by measuring, not by trying: every side is laid out once in a column as wide as a
card, at a small and at a large size, and what lies between follows from both. Then the pages are laid out, and each
side is looked up on them: whatever stands out of its own cell is set smaller.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from math import log

from studypack.diagnostics import Diagnostic
from studypack.model import Guide, Note
from studypack.writers.paper.blocks import templates
from studypack.writers.paper.contents import is_rtl_language
from studypack.writers.paper.page import OURS, Page, Paper, Picture, Place
from studypack.writers.paper.pdf import Layout, lay_out, write_layout
from studypack.writers.paper.sizes import MM, sheet
from studypack.writers.paper.style import css
from studypack.writers.paper.whereabouts import Spot, spots
from studypack.writers.papercards.duplex import Flip, Grid, Rect, behind, cut_marks, grids, printable
from studypack.writers.papercards.sides import Card, Side, cards

STEPS = (15.0, 14.0, 13.0, 12.0, 11.0, 10.0, 9.2, 8.5, 8.0, 7.5, 7.0, 6.6, 6.2, 5.8, 5.4, 5.0)
"""The sizes of type there are, in points: few, so that cards look alike."""

COMFORTABLE = 7.5
"""Text that would be smaller than this, in points, goes on a larger card."""

SMALLEST = 6.6
"""Nothing is set smaller than this, in points, but on a card that is a whole sheet."""

FLOOR = 5.0
"""The smallest type on a card that is a whole sheet, in points; what does not fit then is an error."""

PAD = 4.2 * MM
"""What stays blank inside a card's edge, in points: room for a cut that is not quite straight."""

_SLIP = 1.5  # pt by which content may stand into that border: a line's own height is more than its letters'
_MOST_ASKED, _MOST_SHORT, _MOST = 15.0, 14.0, 12.0  # pt, the largest type of a question, a short text, any other
_SHORT = 90  # letters
_PICTURE = 0.72  # of a card's height, at the largest type
_UNCERTAIN = 1.015
_MIDDLE = 0.47
_ENDLESS = 10**8  # pt; nothing that is measured may run over a page
_CODE, _TELLING = 0.86, 0.62  # code's type, of the type around it: as a rule, and at least
_LETTER, _AROUND = 0.6, 23.0  # a letter of code, in em; what stands beside code on a card, in points
_GROWS = 1.5  # how the height of a text grows with its size: by the square, or in step where no line breaks
_TRIES = 6


@dataclass(frozen=True, slots=True)
class _Set:
    """A side set in type of a size: how high its head, its text and its foot then are, in points.

    `width` is that of the widest thing in it, against the card's.
    """

    size: float
    head: float
    text: float
    foot: float
    width: float = 1.0

    def at(self, size: float, grows: float) -> _Set:
        """The same in another size, where the height of the text grows with that power of it."""
        scale = size / self.size
        return replace(self, size=size, text=self.text * scale**grows, width=self.width * scale)

    def fits(self, room: float) -> bool:
        """Whether it is no higher than that, in points, and no wider than the card."""
        return self.width <= 1.0 and self.head + self.text + self.foot <= room


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    """A card, the kind of sheet it goes on, and how its two sides are set."""

    card: Card
    grid: Grid
    front: _Set
    back: _Set


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A side as it is printed: in its place on a page, or, to be measured, in a column of a width (then no place).

    `size` and `code` are the type of text and of code in points; `above` is the blank between its head and its text.
    """

    id: str
    kind: str
    card: Card
    side: Side
    back: bool
    size: float
    code: float
    width: float
    place: Rect | None = None
    above: float = 0.0
    opens: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leaf:
    """One page: fronts with cut marks behind them, or backs."""

    number: int
    kind: str
    marks: str
    sides: tuple[_Shown, ...]


def write(guide: Guide, notes: Sequence[Note], *, flip: Flip) -> Paper | None:
    """The PDF of all cards of these notes, or None when there are none.

    Odd pages hold fronts, the page after each its backs, placed for a printer that turns the sheet about `flip`. A card
    that does not fit even on a whole sheet at FLOOR is SP504, and the paper has no data and no pages.
    Raises StudypackError when the system libraries are missing.
    """
    found, pictures = cards(guide, notes)
    if not found:
        return None
    press = _Press(guide, pictures, flip, len(found))
    fits, left = press.fit(found)
    out: Mapping[str, float] = {}
    for _ in range(_TRIES):
        if left:
            return _refused(guide, left)
        layout = press.lay_out(fits)
        out = press.outside(fits, layout)
        if not out:
            return write_layout(layout)
        fits, left = press.smaller(fits, out)
    return _refused(guide, [card for card in found if {_id(card, back) for back in (False, True)} & {*out}])


class _Press:
    """Measures, places and prints the cards of one guide."""

    def __init__(self, guide: Guide, pictures: Mapping[str, Picture], flip: Flip, count: int) -> None:
        self._guide, self._pictures, self._flip, self._count = guide, pictures, flip, count
        self._rtl = is_rtl_language(guide.lang)
        self._sheet = sheet(guide.paper)
        self._area = printable(self._sheet, guide.margins)
        self._grids = grids(self._area)

    # --- how large

    def fit(self, found: Sequence[Card], grids: Sequence[Grid] = ()) -> tuple[list[_Fit], list[Card]]:
        """Each card on the smallest cell that takes it in comfortable type; and those that no cell takes."""
        fits: list[_Fit] = []
        left = list(found)
        for grid in grids or self._grids:
            if left:
                tried = [(card, self._fitted(card, grid, sets)) for card, sets in self._measured(left, grid)]
                fits += [fit for _, fit in tried if fit]
                left = [card for card, fit in tried if not fit]
        return fits, left

    def smaller(self, fits: Sequence[_Fit], out: Mapping[str, float]) -> tuple[list[_Fit], list[Card]]:
        """The same, what stood out smaller or on a larger cell, by the height its text really has; and what is left."""
        made: list[_Fit] = []
        left: list[Card] = []
        for fit in fits:
            shrunk = self._shrunk(fit, out)
            larger = self._grids[self._grids.index(fit.grid) + 1 :]
            if min(shrunk.front.size, shrunk.back.size) >= (SMALLEST if larger else FLOOR):
                made.append(shrunk)
            elif larger:
                more, none = self.fit([fit.card], larger)
                made, left = made + more, left + none
            else:
                left.append(fit.card)
        return sorted(made, key=lambda fit: (self._grids.index(fit.grid), fit.card.number)), left

    def _shrunk(self, fit: _Fit, out: Mapping[str, float]) -> _Fit:
        room = fit.grid.cell(self._area).inset(PAD).height
        front, back = _id(fit.card, back=False), _id(fit.card, back=True)
        new_front = _next(fit.front, out[front], room) if front in out else fit.front
        new_back = _next(fit.back, out[back], room) if back in out else fit.back
        if fit.card.alike:
            size = min(new_front.size, new_back.size)
            new_front, new_back = new_front.at(size, _GROWS), new_back.at(size, _GROWS)
        return replace(fit, front=new_front, back=new_back)

    def _is_whole(self, grid: Grid) -> bool:
        return grid == self._grids[-1]

    def _fitted(self, card: Card, grid: Grid, sets: Sequence[tuple[_Set, _Set]]) -> _Fit | None:
        """A card in a cell of the grid, None where a side does not fit even in the smaller type that was measured."""
        room = grid.cell(self._area).inset(PAD).height
        front, back = (_largest(low, high, room) for low, high in sets)
        if front is None or back is None:
            return None
        if card.alike:
            size = min(front.size, back.size)
            front, back = (_between(low, high, size) for low, high in sets)
        return _Fit(card=card, grid=grid, front=front, back=back)

    def _measured(self, found: Sequence[Card], grid: Grid) -> Iterator[tuple[Card, list[tuple[_Set, _Set]]]]:
        """For each card, both sides set in the smallest type that is good enough for the grid and in the largest."""
        width = grid.cell(self._area).inset(PAD).width
        largest = {
            card: [_tried(card, back, grid, _most(card, back, width), width) for back in (False, True)]
            for card in found
        }
        high = self._measure([shown for both in largest.values() for shown in both], grid)
        # Most cards are short, and fit as they are: only the others are set in small type too.
        least = FLOOR if self._is_whole(grid) else COMFORTABLE
        room = grid.cell(self._area).inset(PAD).height
        smallest = {
            card: [_tried(card, shown.back, grid, min(least, shown.size), width) for shown in both]
            for card, both in largest.items()
            if not _all_fit([high[shown.id] for shown in both], room)
        }
        low = self._measure([shown for both in smallest.values() for shown in both], grid)
        for card, both in largest.items():
            small = smallest.get(card)
            yield (
                card,
                [(low[small[n].id] if small else high[shown.id], high[shown.id]) for n, shown in enumerate(both)],
            )

    def _measure(self, tried: Sequence[_Shown], grid: Grid) -> Mapping[str, _Set]:
        """How high each side is, from one layout of all of them in a column."""
        if not tried:
            return {}
        page = self._page("column", tried, (), f"@page {{ size: {self._sheet.width * 2:.2f}pt {_ENDLESS}pt }}", [grid])
        found = spots(lay_out(page).document, [name for shown in tried for name in (shown.id, f"{shown.id}-text")])
        sets = {}
        for shown in tried:
            (card,), (text,) = found[shown.id], found[f"{shown.id}-text"]
            head, foot = text.box[1] - card.box[1], card.box[3] - text.box[3]
            over = max(0.0, card.box[0] - _SLIP - text.content[0], text.content[2] - card.box[2] - _SLIP)
            sets[shown.id] = _Set(shown.size, head, text.box[3] - text.box[1], foot, 1.0 + over / shown.width)
        return sets

    # --- where

    def lay_out(self, fits: Sequence[_Fit]) -> Layout:
        """All pages."""
        leaves = tuple(self._leaves(fits))
        own = f"@page {{ size: {self._sheet.width:.2f}pt {self._sheet.height:.2f}pt }}"
        return lay_out(self._page("pages", (), leaves, own, [fit.grid for fit in fits]))

    def outside(self, fits: Sequence[_Fit], layout: Layout) -> Mapping[str, float]:
        """The sides that are not wholly in their own cell or run into their foot, with the height of their text."""
        shown = [(leaf.number, shown) for leaf in self._leaves(fits) for shown in leaf.sides]
        found = spots(layout.document, [f"{each.id}{part}" for _, each in shown for part in ("", "-text", "-foot")])
        texts = {each.id: found[f"{each.id}-text"] for page, each in shown if not _is_inside(each, page, found)}
        return {id: sum(spot.content[3] - spot.content[1] for spot in parts) for id, parts in texts.items()}

    def _leaves(self, fits: Sequence[_Fit]) -> Iterator[_Leaf]:
        """Fronts and backs by turns; cards in the guide's order, one kind of sheet after another."""
        opened: set[str] = set()
        number = 0
        for grid, group in groupby(fits, key=lambda fit: fit.grid):
            same = list(group)
            cells = [cell.inset(PAD) for cell in grid.cells(self._area, self._rtl)]
            for first in range(0, len(same), grid.count):
                batch = list(zip(same[first : first + grid.count], cells, strict=False))
                fronts = []
                for fit, cell in batch:
                    fronts.append(_placed(fit, cell, back=False, opens=fit.card.topic not in opened))
                    opened.add(fit.card.topic)
                kind = _kind(grid)
                yield _Leaf(number=number, kind=kind, marks=_marks(grid), sides=tuple(fronts))
                backs = tuple(_placed(fit, behind(cell, self._sheet, self._flip), back=True) for fit, cell in batch)
                yield _Leaf(number=number + 1, kind=kind, marks="", sides=backs)
                number += 2

    # --- HTML

    def _page(
        self, kind: str, column: Sequence[_Shown], leaves: Sequence[_Leaf], own: str, used: Sequence[Grid]
    ) -> Page:
        guide = self._guide
        title = guide.title.plain or guide.name
        html = (
            templates()
            .get_template("papercards.html")
            .render(
                guide=guide,
                title=title,
                rtl=self._rtl,
                kind=kind,
                column=column,
                leaves=leaves,
                sheet=self._sheet,
                count=self._count,
            )
        )
        cuts = {_marks(grid): cut_marks(self._sheet, self._area, grid) for grid in used}
        drawings = {name: Picture(mime="image/svg+xml", data=data, own=True) for name, data in cuts.items()}
        shown = [shown for leaf in leaves for shown in leaf.sides]
        return Page(
            html=html,
            css=css(guide, "papercards", own + self._table_rule() + "".join(self._picture_rules(used))),
            path=guide.path,
            pictures={**self._pictures, **drawings},
            places={each.id: Place(span=each.card.span, text=each.side.text) for each in shown},
        )

    def _table_rule(self) -> str:
        """On the largest card, words of a table are broken if they must be; elsewhere it is set smaller instead."""
        return f" .{_kind(self._grids[-1])} :is(td, th) {{ overflow-wrap: anywhere }}"

    def _picture_rules(self, used: Sequence[Grid]) -> Iterator[str]:
        """How high a picture may be: it shrinks with the text, so that both fit."""
        for grid in dict.fromkeys(used):
            height = grid.cell(self._area).inset(PAD).height * _PICTURE / _MOST
            yield f" .{_kind(grid)} .picture {{ max-height: {height:.2f}em }}"


def _shown(card: Card, back: bool, grid: Grid, size: float, width: float, id: str = "") -> _Shown:
    side = card.back if back else card.front
    return _Shown(
        id=id or _id(card, back),
        kind=_kind(grid),
        card=card,
        side=side,
        back=back,
        size=size,
        code=_code(side, size, width),
        width=width,
    )


def _tried(card: Card, back: bool, grid: Grid, size: float, width: float) -> _Shown:
    """A side to be measured in a size: one of several, each under its own name."""
    return _shown(card, back, grid, size, width, id=f"{_id(card, back)}-{size}")


def _placed(fit: _Fit, place: Rect, *, back: bool, opens: bool = False) -> _Shown:
    """A side in its place, its text a little above the middle of the room that is left for it."""
    set_ = fit.back if back else fit.front
    above = max(0.0, (place.height - set_.head - set_.text - set_.foot) * _MIDDLE)
    shown = _shown(fit.card, back, fit.grid, set_.size, place.width)
    return replace(shown, place=place, above=above, opens=opens)


def _is_inside(shown: _Shown, page: int, found: Mapping[str, Sequence[Spot]]) -> bool:
    """Whether a side stands once, on its page, wholly in its place, and its text above its foot."""
    whole, text, foot = (found[f"{shown.id}{part}"] for part in ("", "-text", "-foot"))
    if not (len(whole) == len(text) == len(foot) == 1 and whole[0].page == page and shown.place):
        return False
    return shown.place.inset(-_SLIP).holds(*whole[0].content) and text[0].content[3] <= foot[0].box[1] + _SLIP


def _all_fit(sets: Sequence[_Set], room: float) -> bool:
    """Whether both sides fit as they are, in one of the sizes that there are."""
    return all(each.size in STEPS and each.fits(room) for each in sets)


def _largest(low: _Set, high: _Set, room: float) -> _Set | None:
    """The largest step between two sizes at which a side is no higher than the room."""
    tried = (_between(low, high, size) for size in STEPS if low.size <= size <= high.size)
    return next((each for each in tried if each.fits(room)), None)


def _between(low: _Set, high: _Set, size: float) -> _Set:
    """A side in a size between two that were measured. Such a height is not quite certain, so a little is added."""
    if size in (low.size, high.size):
        return low if size == low.size else high
    grows = log(max(high.text, 1) / max(low.text, 1)) / log(high.size / low.size)
    made = low.at(size, grows)
    return replace(made, text=made.text * _UNCERTAIN, width=high.width * size / high.size)


def _kind(grid: Grid) -> str:
    """The class of what stands in a grid's cells."""
    return f"of-{grid.columns}-{grid.rows}"


def _marks(grid: Grid) -> str:
    """The address of the drawing of a grid's cut marks."""
    return f"marks:{grid.columns}-{grid.rows}"


def _id(card: Card, back: bool) -> str:
    return f"{OURS}{card.number}-{'back' if back else 'front'}"


def _most(card: Card, back: bool, width: float) -> float:
    """The largest type that a side may have, in points."""
    side = card.back if back else card.front
    if card.alike:
        most = _MOST
    elif side.centred and not back:
        most = _MOST_ASKED
    else:
        most = _MOST_SHORT if side.centred and len(side.text) <= _SHORT else _MOST
    return min(most, max(COMFORTABLE, _code(side, most, width) / _TELLING)) if side.code else most


def _code(side: Side, size: float, width: float) -> float:
    """The type of code in a side, in points: smaller than the text where its lines could not stand as written."""
    whole = (width - _AROUND) / (_LETTER * max(side.code, 1))
    return min(_CODE * size, max(whole, _CODE * min(size, SMALLEST)))


def _next(set_: _Set, text: float, room: float) -> _Set:
    """The next smaller size at which a text that turned out to be so high fits; 0 if there is none."""
    real = replace(set_, text=max(set_.text, text))
    tried = (real.at(size, _GROWS) for size in STEPS if size < set_.size)
    return next((each for each in tried if each.fits(room)), real.at(0.0, _GROWS))


def _refused(guide: Guide, left: Sequence[Card]) -> Paper:
    """No paper, and for each card that no sheet takes where it stands in the guide."""
    return Paper(
        b"",
        0,
        tuple(
            Diagnostic(
                code="SP504",
                path=guide.path,
                span=card.span,
                message=f"this card does not fit on a whole sheet even at {FLOOR:g} pt: {card.front.text[:50].strip()}",
                hint="divide it by headings, or keep it off paper with {: .no-print }",
            )
            for card in left
        ),
    )
