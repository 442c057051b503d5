"""An order in, a pack out: the one place that wires the stages. Nothing is written; any process can do it."""

from __future__ import annotations

import gc
import pickle
import re
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from studypack import fingerprint, parse, record
from studypack.cache import Cache
from studypack.diagnostics import Diagnostic, StudypackError, has_errors, in_order
from studypack.folder import Folder
from studypack.model import BasicNote, Guide, Kind, KnownNote, Note
from studypack.pack import Order, Output, Pack, Product
from studypack.remembered import Remembered
from studypack.source import Source, from_bytes
from studypack.span import START

if TYPE_CHECKING:  # what makes an output is imported only when one is made
    from studypack.identity import Decision
    from studypack.lock import Lock
    from studypack.printing import Coming, Printers
    from studypack.writers.paper.page import Missing


def make(order: Order, printers: Printers | None, progress: Callable[[str], None] = lambda _step: None) -> Pack:
    """The pack of a guide; `printers` lay out its PDFs, if it wants any; `progress` hears of each step as it begins."""
    with _without_collector():
        return _Maker(order, printers, progress).pack()


def make_alone(order: Order) -> Pack:
    """The pack of a guide, made in a process that makes one after another, and keeps its printers for the next."""
    papers = order.wishes.only - {Output.DECK}
    with _ALONE:
        return make(order, _printers(order.printers) if papers else None)


_ALONE = threading.Lock()
"""A cluster's process may have several threads; its printers lay out one guide at a time, within that one's limits."""


def get_ready(printers: int) -> None:
    """Load, in a process that will make packs alone, what lays out so many PDFs at a time."""
    _printers(printers)


def make_far(release: str, order: bytes) -> Pack:
    """The pack of a pickled order, made on another machine, which must be of the same `release` as who ordered it.

    Raises StudypackError where it is not; so what stands in an order may change from release to release.
    """
    here = fingerprint.release()
    if release != here:
        raise StudypackError(f"{OTHER_RELEASE}\n  here: {release}\n  there: {here}")
    return make_alone(pickle.loads(order))  # noqa: S301  # a cluster runs whatever its users send


def printers_for(count: int) -> Printers:
    """Printers that lay out so many PDFs at a time; to be used in `with`."""
    from studypack.printing import Printers

    return Printers(count)


@cache
def _printers(count: int) -> Printers:
    """Those of this process, which end with it."""
    return printers_for(count).__enter__()


OTHER_RELEASE = (
    "a machine of the cluster has other versions of what makes packs, so its packs would differ. Install the same"
    " there (requirements.lock)."
)
"""What is said where it is so."""


@contextmanager
def _without_collector() -> Iterator[None]:
    """Without the collector of cyclic garbage: a guide makes next to none, and looking for it takes a tenth of all."""
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A guide as it was read: None where it cannot be; its source, and all that is to be said of it so far.

    `known` are the notes of topics that were not read, for they are `remembered`: they are blank in the guide.
    """

    guide: Guide | None = None
    source: Source | None = None
    found: tuple[Diagnostic, ...] = ()
    known: tuple[Note, ...] = ()
    remembered: Remembered | None = None

    def rest(self, guide: Guide) -> Guide:
        """The guide without the topics whose notes are known."""
        return self.remembered.rest(guide) if self.remembered and self.known else guide


def read(path: str, text: bytes, folder: Folder, *, deck: bool, cache: Cache, whole: bool = True) -> Reading:
    """A guide, before anything is made of it. `deck` says that a deck will be; `whole` that its topics are needed."""
    named = tuple(_check_deck_file(path)) if deck else ()
    source, faults = from_bytes(text, Path(path), folder)
    said = (*named, *faults)
    if source is None:
        return Reading(found=said)
    remembered = Remembered(source, cache) if deck else None
    if remembered and not whole and (found := _read_rest(source, remembered)):
        return replace(found, found=(*said, *found.found))
    guide, more = parse.guide(source)
    return Reading(guide=guide, source=source, found=(*said, *more), remembered=remembered)


def _read_rest(source: Source, remembered: Remembered) -> Reading | None:
    """What is not remembered of a guide; None where that is no longer right, or something is wrong in the rest."""
    guide, found = parse.guide(remembered.source, remembered.hidden)
    if guide is None or any(diagnostic.code == "SP205" for diagnostic in found):
        return None  # a link that leads nowhere may lead into what is blank
    known = remembered.notes(guide)
    return Reading(guide=guide, source=source, found=found, known=known, remembered=remembered) if known else None


class _Maker:
    """Makes one pack."""

    def __init__(self, order: Order, printers: Printers | None, progress: Callable[[str], None]) -> None:
        self.order, self.wishes = order, order.wishes
        self.printers, self.progress = printers, progress
        self.folder = Folder(order.root, order.files)
        self.cache = Cache(order.cache)
        self.name = Path(order.path).stem
        self.troubles: list[str] = []

    def pack(self) -> Pack:
        """The pack, or what is needed for it."""
        self.progress("reading")
        reading = self._read()
        if self.folder.lacking:
            return Pack(name=self.name, lacking=self.folder.lacking)
        if reading.guide is None or reading.source is None or has_errors(reading.found):
            return Pack(name=self.name, diagnostics=in_order(reading.found), asked=self._asked(), ok=False)
        guide, source, found = self._as_wished(reading.guide), reading.source, reading.found
        papers = self._papers(guide, self.printers) if self.printers else {}
        noted = self._noted(guide, reading) if Output.DECK in self.wishes.only else ((), ())
        unwanted = self._switched_off(source, guide)
        # What stands in a guide takes more memory than all the rest, and is in the notes by now, or with the printers.
        guide = replace(guide, intro=(), topics=(), footnotes=(), media=())
        source = source if papers else replace(source, lines=())
        del reading
        rendered = tuple(self._render(guide, papers, *noted))
        found = in_order(each for each in chain(found, _found(source, rendered)) if not unwanted(each))
        failed = [one.output for one in rendered if has_errors(one.diagnostics)]
        if Output.DECK in failed:
            troubles = tuple(self.troubles)
            return Pack(name=self.name, diagnostics=found, troubles=troubles, asked=self._asked(), ok=False)
        return self._pack(found, [one for one in rendered if one.output not in failed], ok=not failed)

    def _read(self) -> Reading:
        deck, whole = Output.DECK in self.wishes.only, self.wishes.only != {Output.DECK}
        return read(self.order.path, self.order.text, self.folder, deck=deck, cache=self.cache, whole=whole)

    def _switched_off(self, source: Source, guide: Guide) -> Callable[[Diagnostic], bool]:
        """Whether the author does not want to hear of a finding; most guides switch nothing off, and that is quick."""
        if b"ignore" not in self.order.text:
            return lambda _found: False
        from studypack.lint.switches import Switches

        return Switches(source, guide).silence

    def _as_wished(self, guide: Guide) -> Guide:
        """The guide, printed as the command line wants it, or else itself, or else its project."""
        wishes = self.wishes
        sheets = wishes.sheets or guide.sheets or wishes.usual_sheets
        fit = wishes.matrix_fit or guide.matrix_fit or wishes.usual_matrix_fit
        return replace(guide, sheets=sheets, matrix_fit=fit)

    def _pack(self, diagnostics: tuple[Diagnostic, ...], rendered: Sequence[_Rendered], ok: bool) -> Pack:
        """What was made. A page that cannot hold what it should takes nothing else away."""
        decision = next((one.decision for one in rendered if one.decision), None)
        known = decision.known if decision else ()
        return Pack(
            name=self.name,
            diagnostics=diagnostics,
            products=tuple(one.product for one in rendered),
            lock=_lock_text(decision) if decision else None,
            troubles=tuple(self.troubles),
            plan=decision.plan if decision else (),
            notes=_count((each.note.kind, 1) for each in known),
            cards=_count((each.note.kind, _cards(each)) for each in known),
            asked=self._asked(),
            ok=ok,
        )

    def _asked(self) -> Mapping[str, str]:
        return {reference: record.digest(found) for reference, found in self.folder.asked.items()}

    # --- rendering ---

    def _noted(self, guide: Guide, reading: Reading) -> tuple[tuple[Note, ...], tuple[Diagnostic, ...]]:
        """The notes of the guide, and what is weak about them."""
        from studypack import notes

        made, found = notes.make(reading.rest(guide), reading.known)
        if reading.remembered is not None:
            reading.remembered.keep(guide, made, (*reading.found, *found))
        return made, found

    def _render(
        self,
        guide: Guide,
        papers: Mapping[Output, Coming],
        notes: tuple[Note, ...],
        found: tuple[Diagnostic, ...],
    ) -> Iterator[_Rendered]:
        """The outputs wanted; why one could not be made does not take the others away.

        Of the guide only what stands above its text is needed.
        """
        for output in (output for output in Output if output in self.wishes.only):
            self.progress(output.value)
            try:
                if output is Output.DECK:
                    yield self._deck(guide, notes, found)
                else:
                    yield _paper(output, papers[output], guide)
            except StudypackError as trouble:
                # Sheet and matrix miss the same library; once said is enough.
                if str(trouble) not in self.troubles:
                    self.troubles.append(str(trouble))

    def _papers(self, guide: Guide, printers: Printers) -> Mapping[Output, Coming]:
        """The PDFs wanted, being laid out from now on."""
        printers.begin(len(self.order.text), guide, self.cache)
        papers: dict[Output, Coming] = {}
        if Output.CHEATSHEET in self.wishes.only:
            papers[Output.CHEATSHEET] = printers.cheatsheet(guide)
        if Output.MATRIX in self.wishes.only:
            papers[Output.MATRIX] = printers.matrix(guide)
        if Output.CARDS in self.wishes.only:
            papers[Output.CARDS] = self._cards_to_print(guide, printers)
        return papers

    def _cards_to_print(self, guide: Guide, printers: Printers) -> Coming:
        from studypack import notes
        from studypack.writers.papercards import sides
        from studypack.writers.papercards.duplex import Flip

        made, found = notes.make(sides.without_unprinted(guide))
        coming = printers.cards(guide, made, Flip(self.wishes.duplex))
        # The deck says the same of the same notes.
        return coming if Output.DECK in self.wishes.only else replace(coming, found=found)

    def _deck(self, guide: Guide, notes: tuple[Note, ...], diagnostics: tuple[Diagnostic, ...]) -> _Rendered:
        from studypack import lock
        from studypack.writers import deck

        if has_errors(diagnostics):
            return _Rendered(product=Product(output=Output.DECK, data=None), diagnostics=diagnostics)
        if self.order.lock_fault:
            raise StudypackError(self.order.lock_fault)
        text, lock_file = self.order.lock, str(Path(self.order.path).with_suffix(".lock"))
        before = None if text is None else lock.load(text, lock_file)
        decision = decide(guide.name, notes, before, self.wishes.now, self.wishes.refresh)
        if self.wishes.frozen and decision.lock != before:
            diagnostics = (*diagnostics, _would_change(guide.path))
        data = None
        if notes:
            top = "::".join(decision.lock.topics[""])  # where its cards were born, whatever it is titled today
            data = deck.write(decision.known, guide=decision.lock.guide, deck=top, description=guide.description or "")
        product = Product(output=Output.DECK, data=data)
        return _Rendered(product=product, decision=decision, diagnostics=diagnostics)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rendered:
    """An output, and what was found on the way to it."""

    product: Product
    decision: Decision | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    missing: tuple[Missing, ...] = ()
    formulas: tuple[str, ...] = ()

    @property
    def output(self) -> Output:
        """Which one."""
        return self.product.output


def _paper(output: Output, coming: Coming, guide: Guide) -> _Rendered:
    """A PDF, once it is laid out."""
    paper = coming.wait()
    if paper is None:
        nothing = (_nothing_to_compare(guide),) if output is Output.MATRIX else ()
        return _Rendered(product=Product(output=output, data=None), diagnostics=(*coming.found, *nothing))
    data = paper.data or None  # nothing where even the smallest type would not fit
    return _Rendered(
        product=Product(output=output, data=data, pages=paper.pages, type=paper.size),
        diagnostics=(*coming.found, *paper.diagnostics),
        missing=paper.missing,
        formulas=paper.formulas,
    )


def _found(source: Source, rendered: Iterable[_Rendered]) -> Iterator[Diagnostic]:
    """What rendering found; what two PDFs lack is said once."""
    missing = [each for one in rendered for each in one.missing]
    undrawn = dict.fromkeys(tex for one in rendered for tex in one.formulas)
    if missing or undrawn:
        from studypack import unprintable

        yield from unprintable.characters(source, missing)
        if undrawn:
            yield from unprintable.formulas(source, undrawn)
    for one in rendered:
        yield from one.diagnostics


# --- identity ----------------------------------------------------------------------------------------------------


def decide(name: str, notes: Sequence[Note], lock: Lock | None, now: int, refresh: bool = False) -> Decision:
    """The identity of a guide's notes as of a moment, in seconds since 1970."""
    from studypack import identity

    return identity.decide(name, notes, lock, now, day(now), refresh)


def day(moment: int) -> str:
    """The day of a moment, in seconds since 1970: ISO 8601, in UTC."""
    return datetime.fromtimestamp(moment, tz=UTC).date().isoformat()


def _lock_text(decision: Decision) -> str:
    from studypack import lock

    return lock.dump(decision.lock)


def _cards(known: KnownNote) -> int:
    """How many cards Anki makes of a note: one a direction, or one a cloze number."""
    return 1 + known.note.reversed if isinstance(known.note, BasicNote) else len(set(known.numbers))


def _count(counts: Iterable[tuple[Kind, int]]) -> Mapping[str, int]:
    """The sum for each kind that there is, in the order of the kinds."""
    sums = Counter[Kind]()
    for kind, count in counts:
        sums[kind] += count
    return MappingProxyType({kind.value: sums[kind] for kind in Kind if sums[kind]})


# --- what is said of a guide as a whole --------------------------------------------------------------------------

_RESTORE = re.compile(r"collection|backup-.*", re.IGNORECASE)
"""Names that Anki takes for a backup, which replaces the learner's whole collection (`backup-….apkg`)."""


def is_backup(name: str) -> bool:
    """Whether Anki would take the pack of a guide of this name for a backup of a whole collection."""
    return _RESTORE.fullmatch(name) is not None


def _check_deck_file(path: str) -> Iterator[Diagnostic]:
    """Refuse names that Anki takes for a backup: importing such a file replaces the whole collection."""
    name = Path(path).stem
    if is_backup(name):
        message = f"Anki takes {name}.apkg for a backup and would replace the learner's whole collection by it"
        yield _of_all("SP107", path, message, "rename the guide's file")


def _would_change(path: str) -> Diagnostic:
    hint = "build without --frozen and commit the lock with the guide"
    return _of_all("SP405", path, "the lock would change, and --frozen forbids it", hint)


def _nothing_to_compare(guide: Guide) -> Diagnostic:
    hint = "write a table of three columns or more, or mark a section {: .comparison }"
    return _of_all("SP503", guide.path, "the guide has no comparison table, so there is no matrix", hint)


def _of_all(code: str, path: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code=code, path=path, span=START, message=message, hint=hint)
