"""A flow of pages made to fit on so many sheets of paper, at the largest type.

How much paper text takes grows about with the square of its size. So a layout at one size foretells the next, and a
few layouts are enough: each is tried between the largest size known to fit and the smallest known not to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil, sqrt

from studypack.diagnostics import Diagnostic
from studypack.model import Guide
from studypack.span import START
from studypack.writers.paper.grid import LARGEST, SMALLEST, USUAL
from studypack.writers.paper.page import Paper
from studypack.writers.paper.pdf import Layout, write_layout

_CLOSE = 1.012  # sizes nearer to one another than this look the same
_ENOUGH = 0.985  # a last page so full cannot be made fuller
_REST = 0.15  # of a page, its upper margin included: a last page that holds less is hardly worth a page
_LAYOUTS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    size: float
    layout: Layout


def write(guide: Guide, sheets: int, lay_out: Callable[[float], Layout]) -> Paper:
    """The guide on so many sheets, printed on both sides, as large as fits; on more where even 6.6 pt is too large.

    `lay_out` gives the pages for a type size in points. Raises what that raises.
    """
    room = 2 * sheets
    best: _Trial | None = None
    too_large = LARGEST * _CLOSE
    size = USUAL
    for _ in range(_LAYOUTS):
        trial = _Trial(size=size, layout=lay_out(size))
        if trial.layout.pages <= room:
            best = trial
        elif size <= SMALLEST:
            return _too_much(guide, sheets, trial)
        else:
            too_large = size
        if best and (too_large / best.size <= _CLOSE or best.layout.filled >= room * _ENOUGH):
            break
        size = _next(trial, room, best.size if best else SMALLEST, too_large)
    if best is None:  # sizes ran out above the smallest
        best = _Trial(size=SMALLEST, layout=lay_out(SMALLEST))
        if best.layout.pages > room:
            return _too_much(guide, sheets, best)
    best = _without_rest(best, lay_out)
    return write_layout(best.layout, size=best.size)


def _without_rest(best: _Trial, lay_out: Callable[[float], Layout]) -> _Trial:
    """In the largest type there is, the paper ends anywhere: a few lines alone on a page go onto the one before."""
    full = best.layout.pages - 1
    if best.size < LARGEST or not 0 < best.layout.filled - full < _REST:
        return best
    size = round(best.size * sqrt(full * 0.99 / best.layout.filled), 2)
    trial = _Trial(size=size, layout=lay_out(size)) if size > USUAL else best
    return trial if trial.layout.pages <= full else best


def _next(trial: _Trial, room: int, least: float, too_large: float) -> float:
    """The size at which the paper should just be full, kept between what fits and what does not."""
    foretold = trial.size * sqrt(room * 0.99 / trial.layout.filled)
    low, high = least * 1.004, min(too_large / 1.004, LARGEST)
    if not low <= foretold <= high:
        foretold = min(max(foretold, low), high) if least == SMALLEST or too_large > LARGEST else sqrt(low * high)
    return max(SMALLEST, round(foretold, 2))


def _too_much(guide: Guide, sheets: int, trial: _Trial) -> Paper:
    """The guide at the smallest size, on as many sheets as that takes, and what would help."""
    paper = write_layout(trial.layout, size=trial.size)
    needed = ceil(trial.layout.pages / 2)
    size = trial.size * sqrt(2 * sheets / trial.layout.filled)
    diagnostic = Diagnostic(
        code="SP506",
        path=guide.path,
        span=START,
        message=(
            f"the cheat sheet does not fit on {_sheets(sheets)}: that would take about {size:.1f} pt type; "
            f"at {SMALLEST:g} pt, the smallest that reads well, it takes {_sheets(needed)}"
        ),
        hint=f"set `sheets: {needed}`, a larger paper or narrower margins, or leave parts out with {{: .no-print }}",
    )
    return replace(paper, diagnostics=(*paper.diagnostics, diagnostic))


def _sheets(count: int) -> str:
    return "1 sheet" if count == 1 else f"{count} sheets"
