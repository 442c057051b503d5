"""From guide files to outputs on disk: the one place that wires the stages, and the only one that writes.

Each output of a guide is rendered whole before the first byte is written, and written beside its place before the
first old file is replaced. So an error, a full disk or a Ctrl-C leaves the last good build as it was.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from studypack import disk
from studypack.diagnostics import Diagnostic, StudypackError, has_errors, in_order
from studypack.model import BasicNote, Guide, Kind, KnownNote, Note
from studypack.source import Source
from studypack.span import START
from studypack.writers.papercards.duplex import Flip

if TYPE_CHECKING:  # what makes an output is imported only when one is made
    from studypack.identity import Change, Decision
    from studypack.lock import Lock
    from studypack.printing import Coming, Printers
    from studypack.writers.paper.page import Missing


class Output(StrEnum):
    """What can be made of a guide, in the order in which it is made."""

    DECK = "deck"
    CHEATSHEET = "cheatsheet"
    MATRIX = "matrix"
    CARDS = "cards"


USUAL = frozenset(Output) - {Output.CARDS}
"""What is made where nothing is asked for: cards on paper are for those who say so."""

ENDINGS: Mapping[Output, str] = MappingProxyType(
    {
        Output.DECK: ".apkg",
        Output.CHEATSHEET: "-cheatsheet.pdf",
        Output.MATRIX: "-matrix.pdf",
        Output.CARDS: "-cards.pdf",
    }
)
"""What follows the guide's name in the name of an output."""

_RESTORE = re.compile(r"collection|backup-.*", re.IGNORECASE)
"""Names that Anki takes for a backup, which replaces the learner's whole collection (`backup-….apkg`)."""


def _none() -> Mapping[Kind, int]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What to build, checked when a build starts.

    `out` is the folder of the outputs, made if it is not there. `now` is the time of this build, in seconds since
    1970, or None for the clock's. `frozen` forbids any change of a lock. `refresh` gives every note a new time.
    `sheets` and `matrix_fit` overrule what guides say of their paper. `duplex` is the edge about which a printer turns
    the sheets of the cards.
    """

    guides: tuple[Path, ...]
    out: Path
    only: frozenset[Output] = USUAL
    now: int | None = None
    frozen: bool = False
    refresh: bool = False
    sheets: int | None = None
    matrix_fit: str | None = None
    duplex: Flip = Flip.LONG


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file that was written: its size in bytes; its pages and its type size in points if it is paper."""

    output: Output
    path: Path
    size: int
    pages: int | None = None
    type: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of one guide.

    `path` is the guide as the user named it. `removed` are outputs of an earlier build that this guide no longer has.
    `troubles` are outputs that the surroundings did not allow, each with what to do. `plan` says what became of each
    note since the last build, and is empty where no deck was made. `notes` and `cards` count by kind
    what is in the deck, and are empty where no deck was made. `ok` is false where there are errors: in the guide, and
    then nothing was written; or on the way to some PDF, and then that is not in `made` and its last good one stays.
    """

    path: str
    diagnostics: tuple[Diagnostic, ...] = ()
    made: tuple[Made, ...] = ()
    removed: tuple[Path, ...] = ()
    troubles: tuple[StudypackError, ...] = ()
    plan: tuple[Change, ...] = ()
    notes: Mapping[Kind, int] = field(default_factory=_none)
    cards: Mapping[Kind, int] = field(default_factory=_none)
    ok: bool


def build(
    config: Config,
    progress: Callable[[str], None] = lambda _step: None,
    announce: Callable[[str, tuple[Change, ...]], None] = lambda _path, _plan: None,
) -> Iterator[Report]:
    """Build the guides one after another, a report each, in order; `progress` hears of each step as it begins.

    `announce` hears of each guide's plan before anything of it is written.

    There are `len(steps(config))` steps a guide, fewer where a guide has errors. Raises StudypackError where the whole
    run makes no sense (two guides for one output, no way to write into the folder) or a file cannot be replaced.
    """
    _check_names(config.guides)
    disk.make_folder(config.out)
    with _printers(config) as printers:
        for path in config.guides:
            yield _build_guide(path, config, printers, progress, announce)


def steps(config: Config) -> tuple[str, ...]:
    """The steps that building one guide takes, as `progress` names them."""
    return ("reading", *(output.value for output in Output if output in config.only))


def find_guides(folder: Path) -> tuple[Path, ...]:
    """The guides of a folder, by name: each `*.md` directly in it but a README and hidden files."""
    found = (path for path in folder.glob("*.md") if not path.name.startswith(".") and path.stem.upper() != "README")
    return tuple(sorted(found))


def build_time(environment: Mapping[str, str]) -> int | None:
    """The time of this build as `SOURCE_DATE_EPOCH` sets it (reproducible-builds.org), seconds since 1970, or None.

    Raises StudypackError if it is no such time, or lies ahead: Anki would ignore every later edit until then.
    """
    text = environment.get("SOURCE_DATE_EPOCH", "").strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise StudypackError(f"SOURCE_DATE_EPOCH is {text!r}, not a number of seconds since 1970; correct or unset it.")
    if int(text) > time.time():
        raise StudypackError(f"SOURCE_DATE_EPOCH ({text}) lies in the future; correct it, or the computer's clock.")
    return int(text)


# --- one guide ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Product:
    """An output in memory; `data` is None where the guide has nothing to make it of."""

    output: Output
    data: bytes | None
    pages: int | None = None
    type: float | None = None
    decision: Decision | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    missing: tuple[Missing, ...] = ()
    formulas: tuple[str, ...] = ()


def _build_guide(
    path: Path,
    config: Config,
    printers: Printers | None,
    progress: Callable[[str], None],
    announce: Callable[[str, tuple[Change, ...]], None],
) -> Report:
    progress("reading")
    guide, source, diagnostics = _read(path, config.only)
    if guide is None or source is None or has_errors(diagnostics):
        return Report(path=str(path), diagnostics=diagnostics, ok=False)
    guide = _overruled(guide, config)
    products, troubles = _render(guide, source, config, printers, progress)
    diagnostics = in_order(chain(diagnostics, _found(source, products)))
    failed = [product.output for product in products if has_errors(product.diagnostics)]
    if Output.DECK in failed:
        return Report(path=str(path), diagnostics=diagnostics, troubles=troubles, ok=False)
    # A page that cannot hold what it should leaves the last good PDF where it is, and takes nothing else away.
    products = tuple(product for product in products if product.output not in failed)
    decision = next((product.decision for product in products if product.decision), None)
    announce(str(path), decision.plan if decision else ())
    made, removed = _write(guide.name, products, config.out, lock_path(source.file) if decision else None)
    known = decision.known if decision else ()
    return Report(
        path=str(path),
        diagnostics=diagnostics,
        made=made,
        removed=removed,
        troubles=troubles,
        plan=decision.plan if decision else (),
        notes=_count((each.note.kind, 1) for each in known),
        cards=_count((each.note.kind, _cards(each)) for each in known),
        ok=not failed,
    )


def _read(path: Path, only: frozenset[Output]) -> tuple[Guide | None, Source | None, tuple[Diagnostic, ...]]:
    """The guide in a file, and all that is to be said of it before anything is rendered."""
    from studypack import parse, source

    named = tuple(_check_deck_file(path)) if Output.DECK in only else ()
    text, found = source.read(path)
    if text is None:
        return None, None, in_order((*named, *found))
    guide, more = parse.guide(text)
    return guide, text, in_order((*named, *found, *more))


def _overruled(guide: Guide, config: Config) -> Guide:
    """The guide, printed as the command line wants it."""
    return replace(guide, sheets=config.sheets or guide.sheets, matrix_fit=config.matrix_fit or guide.matrix_fit)


def lock_path(guide: Path) -> Path:
    """The lock file of a guide: beside it, and named like it."""
    return guide.with_suffix(".lock")


def read_lock(guide: Path) -> Lock | None:
    """What is remembered of a guide; None if it was never built. Raises StudypackError where that cannot be read."""
    from studypack import lock

    path = lock_path(guide)
    try:
        return lock.load(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise StudypackError(f"{path}: the lock cannot be read ({error}). Restore it from your last commit.") from error


def _cards(known: KnownNote) -> int:
    """How many cards Anki makes of a note: one a direction, or one a cloze number."""
    return 1 + known.note.reversed if isinstance(known.note, BasicNote) else len(set(known.numbers))


def _count(counts: Iterable[tuple[Kind, int]]) -> Mapping[Kind, int]:
    """The sum for each kind that there is, in the order of the kinds."""
    sums = Counter[Kind]()
    for kind, count in counts:
        sums[kind] += count
    return MappingProxyType({kind: sums[kind] for kind in Kind if sums[kind]})


# --- rendering ---------------------------------------------------------------------------------------------------


def _printers(config: Config) -> Printers | AbstractContextManager[None]:
    """What lays out pages; None where only decks are wanted."""
    if not (papers := len(config.only - {Output.DECK})):
        return nullcontext()
    from studypack.printing import Printers

    return Printers(papers)


def _render(
    guide: Guide,
    source: Source,
    config: Config,
    printers: Printers | None,
    progress: Callable[[str], None],
) -> tuple[tuple[_Product, ...], tuple[StudypackError, ...]]:
    """The outputs wanted, and why some could not be made: what is missing for paper does not take the deck away."""
    papers = _papers(guide, source, config, printers) if printers else {}
    products: list[_Product] = []
    troubles: list[StudypackError] = []
    for output in (output for output in Output if output in config.only):
        progress(output.value)
        try:
            if output is Output.DECK:
                products.append(_deck(guide, source, config))
            else:
                products.append(_paper(output, papers[output], guide))
        except StudypackError as trouble:
            # Sheet and matrix miss the same library; once said is enough.
            if str(trouble) not in map(str, troubles):
                troubles.append(trouble)
    return tuple(products), tuple(troubles)


def _papers(guide: Guide, source: Source, config: Config, printers: Printers) -> Mapping[Output, Coming]:
    """The PDFs wanted, being laid out from now on."""
    printers.begin(source, guide)
    papers: dict[Output, Coming] = {}
    if Output.CHEATSHEET in config.only:
        papers[Output.CHEATSHEET] = printers.cheatsheet(guide)
    if Output.MATRIX in config.only:
        papers[Output.MATRIX] = printers.matrix(guide)
    if Output.CARDS in config.only:
        papers[Output.CARDS] = _cards_to_print(guide, config, printers)
    return papers


def _cards_to_print(guide: Guide, config: Config, printers: Printers) -> Coming:
    from studypack import notes
    from studypack.writers.papercards import sides

    made, found = notes.make(sides.without_unprinted(guide))
    coming = printers.cards(guide, made, config.duplex)
    # The deck says the same of the same notes.
    return coming if Output.DECK in config.only else replace(coming, found=found)


def _paper(output: Output, coming: Coming, guide: Guide) -> _Product:
    """A PDF, once it is laid out."""
    paper = coming.wait()
    if paper is None:
        nothing = (_nothing_to_compare(guide),) if output is Output.MATRIX else ()
        return _Product(output=output, data=None, diagnostics=(*coming.found, *nothing))
    return _Product(
        output=output,
        data=paper.data or None,  # nothing where even the smallest type would not fit
        pages=paper.pages,
        type=paper.size,
        diagnostics=(*coming.found, *paper.diagnostics),
        missing=paper.missing,
        formulas=paper.formulas,
    )


def _found(source: Source, products: Iterable[_Product]) -> Iterator[Diagnostic]:
    """What rendering found; what two PDFs lack is said once."""
    missing = [each for product in products for each in product.missing]
    undrawn = dict.fromkeys(tex for product in products for tex in product.formulas)
    if missing or undrawn:
        from studypack import unprintable

        yield from unprintable.characters(source, missing)
        if undrawn:
            yield from unprintable.formulas(source, undrawn)
    for product in products:
        yield from product.diagnostics


def _deck(guide: Guide, source: Source, config: Config) -> _Product:
    from studypack import notes
    from studypack.writers import deck

    made, diagnostics = notes.make(guide)
    if has_errors(diagnostics):
        return _Product(output=Output.DECK, data=None, diagnostics=diagnostics)
    before = read_lock(source.file)
    decision = decide_at(guide.name, made, before, config.now, config.refresh)
    if config.frozen and decision.lock != before:
        diagnostics = (*diagnostics, _would_change(guide.path))
    if not made:
        return _Product(output=Output.DECK, data=None, decision=decision, diagnostics=diagnostics)
    top = "::".join(decision.lock.topics[""])  # where its cards were born, whatever it is titled today
    data = deck.write(decision.known, guide=decision.lock.guide, deck=top, description=guide.description or "")
    return _Product(output=Output.DECK, data=data, decision=decision, diagnostics=diagnostics)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a build would do to the notes of a guide, with nothing written.

    `before` is the lock as it is, None if there is none; `decision` is None where the guide has errors.
    """

    guide: Guide | None
    diagnostics: tuple[Diagnostic, ...]
    before: Lock | None
    decision: Decision | None


def preview(path: Path, now: int | None = None) -> Preview:
    """The plan for a guide. Raises StudypackError if its lock cannot be read."""
    from studypack import notes

    guide, source, found = _read(path, frozenset({Output.DECK}))
    if guide is None or source is None:
        return Preview(guide=None, diagnostics=found, before=None, decision=None)
    made, more = notes.make(guide)
    before = read_lock(path)
    decision = decide_at(guide.name, made, before, now)
    return Preview(guide=guide, diagnostics=in_order((*found, *more)), before=before, decision=decision)


def write_lock(guide: Path, lock: Lock) -> None:
    """Writes the lock of a guide, whole or not at all. Raises StudypackError where its folder takes no files."""
    from studypack import lock as locks

    disk.write_all({lock_path(guide): locks.dump(lock).encode()})


def decide_at(name: str, notes: Sequence[Note], lock: Lock | None, now: int | None, refresh: bool = False) -> Decision:
    """The identity of a guide's notes as of a moment, in seconds since 1970; the clock's if None."""
    from studypack import identity

    moment = int(time.time()) if now is None else now
    return identity.decide(name, notes, lock, moment, today(moment), refresh)


def today(moment: int | None = None) -> str:
    """The day of a moment, in seconds since 1970, or of now: ISO 8601, in UTC."""
    return datetime.fromtimestamp(time.time() if moment is None else moment, tz=UTC).date().isoformat()


def _would_change(path: str) -> Diagnostic:
    return Diagnostic(
        code="SP405",
        path=path,
        span=START,
        message="the lock would change, and --frozen forbids it",
        hint="build without --frozen and commit the lock with the guide",
    )


def _nothing_to_compare(guide: Guide) -> Diagnostic:
    return Diagnostic(
        code="SP503",
        path=guide.path,
        span=START,
        message="the guide has no comparison table, so there is no matrix",
        hint="write a table of three columns or more, or mark a section {: .comparison }",
    )


# --- checks before the work --------------------------------------------------------------------------------------


def _check_names(guides: Sequence[Path]) -> None:
    """Two guides of one name would overwrite each other; upper and lower case are one on many disks."""
    seen: dict[str, Path] = {}
    for path in guides:
        other = seen.setdefault(path.stem.casefold(), path)
        if other is not path:
            raise StudypackError(
                f"{other} and {path} would write the same files; rename one, or build them one by one with -o."
            )


def _check_deck_file(path: Path) -> Iterator[Diagnostic]:
    """Refuse names that Anki takes for a backup: importing such a file replaces the whole collection."""
    if _RESTORE.fullmatch(path.stem):
        yield Diagnostic(
            code="SP107",
            path=str(path),
            span=START,
            message=f"Anki takes {path.stem}.apkg for a backup and would replace the learner's whole collection by it",
            hint="rename the guide's file",
        )


# --- writing -----------------------------------------------------------------------------------------------------


def _write(
    name: str, products: Sequence[_Product], out: Path, lock: Path | None
) -> tuple[tuple[Made, ...], tuple[Path, ...]]:
    """Replace the outputs of a guide; returns what was made and what removed.

    The lock is replaced last: it speaks of the deck that is there by then.
    """
    targets = {out / (name + ENDINGS[product.output]): product for product in products}
    files = {target: product.data for target, product in targets.items() if product.data is not None}
    if lock is not None:
        files[lock] = _lock_text(products).encode()
    disk.write_all(files)
    removed = tuple(target for target, product in targets.items() if product.data is None and disk.remove(target))
    made = (
        Made(output=product.output, path=target, size=len(product.data), pages=product.pages, type=product.type)
        for target, product in targets.items()
        if product.data is not None
    )
    return tuple(made), removed


def _lock_text(products: Sequence[_Product]) -> str:
    from studypack import lock

    return "".join(lock.dump(product.decision.lock) for product in products if product.decision)
