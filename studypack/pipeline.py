"""From guide files to outputs on disk: the one place that wires the stages, and the only one that writes.

Each output of a guide is rendered whole before the first byte is written, and written beside its place before the
first old file is replaced. So an error, a full disk or a Ctrl-C leaves the last good build as it was.
"""

from __future__ import annotations

import os
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

from studypack.diagnostics import Diagnostic, StudypackError, has_errors, in_order
from studypack.model import BasicNote, Guide, Kind, KnownNote, Note
from studypack.source import Source
from studypack.span import START
from studypack.writers.papercards.duplex import Flip

if TYPE_CHECKING:  # what makes an output is imported only when one is made
    from concurrent.futures import Future

    from studypack.child import Children, Limits
    from studypack.identity import Change, Decision
    from studypack.lock import Lock
    from studypack.writers.paper.page import Missing, Paper


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

TIME, MEMORY = 120.0, 3 * 2**29
"""What laying out even an empty page may take: seconds by the clock, and bytes of address space."""

_TOO_MUCH = (
    "Look for a table, a list or a picture beyond all measure there; what else was asked for is made all the same."
)
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
    what is in the deck, and are empty where no deck was made. `ok` is false where the guide has errors: then nothing
    was written.
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
    _check_folder(config.out)
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
    printers: Children | None,
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
    if has_errors(diagnostics):
        return Report(path=str(path), diagnostics=diagnostics, troubles=troubles, ok=False)
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
        ok=True,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Coming:
    """A PDF that is being laid out; what is to be said anyhow, and what if there is nothing to print."""

    paper: Future[Paper] | Future[Paper | None]
    found: tuple[Diagnostic, ...] = ()
    if_none: tuple[Diagnostic, ...] = ()


def _printers(config: Config) -> Children | AbstractContextManager[None]:
    """Processes that lay out pages, one a PDF of a guide; None where only decks are wanted.

    They begin by loading what they need, while the first guide is read.
    """
    papers = len(config.only - {Output.DECK})
    if not papers:
        return nullcontext()
    from studypack.child import Children
    from studypack.writers.paper import pdf

    printers = Children(min(papers, os.cpu_count() or 1), _limits(0, 0))
    for _ in range(papers):
        printers.submit(pdf.load)
    return printers


def _limits(characters: int, pixels: int) -> Limits:
    """What the PDFs of a guide may take, by its length and its pictures.

    A page holds about 5,000 characters and takes 0.3 seconds and 4 MB (measured on two cores of 2024); a picture
    8 bytes a pixel. The limits are many times that: they are for what would never end.
    """
    from studypack.child import Limits

    return Limits(
        seconds=TIME + characters // 500,
        memory=MEMORY + characters * 8 * 1024 + pixels * 16,
    )


def _render(
    guide: Guide,
    source: Source,
    config: Config,
    printers: Children | None,
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


def _papers(guide: Guide, source: Source, config: Config, printers: Children) -> Mapping[Output, _Coming]:
    """The PDFs wanted, being laid out elsewhere from now on."""
    from studypack.writers import cheatsheet, matrix

    papers: dict[Output, _Coming] = {}
    printers.limit(_limits(sum(map(len, source.lines)), sum(media.pixels for media in guide.media)))
    if Output.CHEATSHEET in config.only:
        papers[Output.CHEATSHEET] = _Coming(paper=printers.submit(cheatsheet.write, guide))
    if Output.MATRIX in config.only:
        nothing = (_nothing_to_compare(guide),)
        papers[Output.MATRIX] = _Coming(paper=printers.submit(matrix.write, guide), if_none=nothing)
    if Output.CARDS in config.only:
        papers[Output.CARDS] = _cards_to_print(guide, config, printers)
    return papers


def _cards_to_print(guide: Guide, config: Config, printers: Children) -> _Coming:
    from studypack import notes
    from studypack.writers.papercards import sheets, sides

    made, found = notes.make(sides.without_unprinted(guide))
    if Output.DECK in config.only:
        found = ()  # the deck says the same of the same notes
    paper = printers.submit(sheets.write, guide, made, flip=config.duplex)
    return _Coming(paper=paper, found=found)


def _paper(output: Output, coming: _Coming, guide: Guide) -> _Product:
    """A PDF, once it is laid out."""
    from studypack.child import LimitError

    try:
        paper = coming.paper.result()
    except LimitError as error:
        raise StudypackError(f"{guide.path}: no {output.value}: {error}. {_TOO_MUCH}") from error
    if paper is None:
        return _Product(output=output, data=None, diagnostics=(*coming.found, *coming.if_none))
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

    target = lock_path(guide)
    draft = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        draft.write_bytes(locks.dump(lock).encode())
        draft.replace(target)
    except OSError as error:
        raise StudypackError(f"Cannot write {target}: {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)


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


def _check_folder(out: Path) -> None:
    """Make the folder and prove that it takes files, before minutes of work are spent."""
    trial = out / f".studypack-{os.getpid()}.tmp"
    try:
        out.mkdir(parents=True, exist_ok=True)
        try:
            trial.touch()
        finally:  # also where a signal comes in between
            trial.unlink(missing_ok=True)
    except OSError as error:
        reason = error.strerror or error
        raise StudypackError(f"Cannot write into {out}: {reason}. Choose another folder with -o.") from error


# --- writing -----------------------------------------------------------------------------------------------------


def _write(
    name: str, products: Sequence[_Product], out: Path, lock: Path | None
) -> tuple[tuple[Made, ...], tuple[Path, ...]]:
    """Replace the outputs of a guide, all or none as far as a disk allows; returns what was made and what removed.

    The lock is replaced last: it speaks of the deck that is there by then.
    """
    targets = {out / (name + ENDINGS[product.output]): product for product in products}
    drafts: dict[Path, Path] = {}
    try:
        for target, product in targets.items():
            if product.data is not None:
                drafts[target] = target.with_name(f".{target.name}.{os.getpid()}.tmp")
                drafts[target].write_bytes(product.data)
        if lock is not None and (text := _lock_text(products)) != _old_text(lock):
            drafts[lock] = lock.with_name(f".{lock.name}.{os.getpid()}.tmp")
            drafts[lock].write_bytes(text.encode())
        _replace(drafts)
        removed = tuple(target for target, product in targets.items() if product.data is None and _remove(target))
    except OSError as error:
        raise StudypackError(f"Cannot write {error.filename or out}: {error.strerror or error}.") from error
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)
    made = (
        Made(output=product.output, path=target, size=len(product.data), pages=product.pages, type=product.type)
        for target, product in targets.items()
        if product.data is not None
    )
    return tuple(made), removed


def _lock_text(products: Sequence[_Product]) -> str:
    from studypack import lock

    return "".join(lock.dump(product.decision.lock) for product in products if product.decision)


def _old_text(path: Path) -> str | None:
    """The text of a file as it is; an unchanged lock is not written again, so that its folder may be read-only."""
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return None


def _replace(drafts: Mapping[Path, Path]) -> None:
    """Put each draft in its place; a system can replace one file at a time, so a failure between two is told."""
    done: list[str] = []
    for target, draft in drafts.items():
        try:
            draft.replace(target)
        except OSError as error:
            mixed = f" Already new: {', '.join(done)}; the others are from the last build." if done else ""
            raise StudypackError(
                f"Cannot replace {target}: {error.strerror or error}. Close programs that have it open.{mixed}"
            ) from error
        done.append(target.name)


def _remove(target: Path) -> bool:
    """Remove what an earlier build made and the guide no longer has, for it would mislead; whether there was one."""
    try:
        target.unlink()
    except FileNotFoundError:
        return False
    return True
