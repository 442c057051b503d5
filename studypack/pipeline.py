"""From guide files to outputs on disk: reads, has packs made, writes them. What is up to date is left alone.

Each output of a guide is rendered whole before the first byte is written, and written beside its place before the
first old file is replaced. So an error, a full disk or a Ctrl-C leaves the last good build as it was.
"""

from __future__ import annotations

import os
import re
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from studypack import disk, record
from studypack.cache import Cache
from studypack.diagnostics import Diagnostic, StudypackError, in_order
from studypack.pack import Order, Output, Pack, Wishes
from studypack.record import Record, Records
from studypack.report import Made, Report

if TYPE_CHECKING:  # a guide that is up to date needs none of these
    from concurrent.futures import Future

    from studypack.crew import Crew
    from studypack.folder import File, FileFault
    from studypack.identity import Change, Decision
    from studypack.lock import Lock
    from studypack.model import Guide

ENDINGS: Mapping[Output, str] = MappingProxyType(
    {
        Output.DECK: ".apkg",
        Output.CHEATSHEET: "-cheatsheet.pdf",
        Output.MATRIX: "-matrix.pdf",
        Output.CARDS: "-cards.pdf",
    }
)
"""What follows the guide's name in the name of an output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What to build, checked when a build starts.

    `out` is the folder of the outputs, made if it is not there. `jobs` is how many processes may work at a time, `on`
    the address of a cluster that works instead. `cache` is the folder of the cache, None to do without.
    """

    guides: tuple[Path, ...]
    out: Path
    wishes: Wishes = field(default_factory=Wishes)
    jobs: int = 1
    on: str | None = None
    cache: Path | None = None


def build(
    config: Config,
    progress: Callable[[str], None] = lambda _step: None,
    announce: Callable[[str, tuple[Change, ...]], None] = lambda _path, _plan: None,
    team: Crew | None = None,
) -> Iterator[Report]:
    """Build the guides, a report each, in their order; `progress` hears of each step as it begins.

    `announce` hears of each guide's plan before anything of it is written. `team` makes the packs, if there is one
    already; else one is hired.

    Where this process does it all, there are `len(steps(config))` steps a guide, fewer where a guide has errors; where
    others help, the guide that is waited for is the only one.
    Raises StudypackError where the whole run makes no sense (two guides for one output, no way to write into the
    folder) or a file cannot be replaced.
    """
    check_names(config.guides)
    disk.make_folder(config.out, otherwise="Choose another folder with -o.")
    builder = _Builder(config, announce)
    fresh = {path: builder.fresh(path) for path in config.guides}
    stale = [path for path, report in fresh.items() if report is None]
    if not stale:
        yield from (report for report in fresh.values() if report)
        return
    from studypack import crew

    hired = crew.hired(len(stale), config.jobs, config.on, _papers(config.wishes), progress)
    with nullcontext(team) if team else hired as makers:
        coming = builder.given(stale, makers)
        for path, report in fresh.items():
            if report is None and makers.ahead:  # several are being made by others, who tell no steps
                progress(str(path))
            yield report or builder.finish(*next(coming))


def up_to_date(config: Config) -> tuple[Report, ...]:
    """The last build's reports of those guides with which another would find nothing to do."""
    builder = _Builder(config, lambda _path, _plan: None)
    return tuple(report for path in config.guides if (report := builder.fresh(path)))


def steps(config: Config) -> tuple[str, ...]:
    """The steps that building one guide takes, as `progress` names them."""
    return ("reading", *(output.value for output in Output if output in config.wishes.only))


def find_guides(folder: Path) -> tuple[Path, ...]:
    """The guides of a folder, by name: each `*.md` directly in it but a README and hidden files."""
    found = (path for path in folder.glob("*.md") if not path.name.startswith(".") and path.stem.upper() != "README")
    return tuple(sorted(found))


def build_time(environment: Mapping[str, str]) -> int:
    """The time of this build, in seconds since 1970: `SOURCE_DATE_EPOCH` (reproducible-builds.org), or the clock's.

    Raises StudypackError if it is no such time, or lies ahead: Anki would ignore every later edit until then.
    """
    text = environment.get("SOURCE_DATE_EPOCH", "").strip()
    now = int(time.time())
    if not text:
        return now
    if not re.fullmatch(r"[0-9]{1,12}", text):
        raise StudypackError(f"SOURCE_DATE_EPOCH is {text!r}, not a number of seconds since 1970; correct or unset it.")
    if int(text) > now:
        raise StudypackError(f"SOURCE_DATE_EPOCH ({text}) lies in the future; correct it, or the computer's clock.")
    return int(text)


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


# --- one guide ---------------------------------------------------------------------------------------------------


class _Builder:
    """Builds the guides of one run."""

    def __init__(self, config: Config, announce: Callable[[str, tuple[Change, ...]], None]) -> None:
        self.config, self.announce = config, announce
        self.records = Records(Cache(config.cache), config.out, config.wishes)

    def fresh(self, path: Path) -> Report | None:
        """The last build's report, if another would find nothing to do."""
        known = None if self.config.wishes.refresh else self.records.of(path)
        if known is None:
            return None
        try:
            made_of = self.records.made_of(path.read_bytes(), _lock_bytes(path))
            return Report.again(known.said, known.files) if record.holds(known, made_of, path.parent) else None
        except OSError:  # what cannot be read is told by the build
            return None

    def given(self, stale: Sequence[Path], team: Crew) -> Iterator[tuple[Path, Order | None, Future[Pack]]]:
        """The guides that are to be made, in order, each with the pack that is coming; not all of them at once."""
        waiting: deque[tuple[Path, Order | None, Future[Pack]]] = deque()
        for path in stale:
            waiting.append(self._order(path, team))
            if len(waiting) > team.ahead:
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()

    def _order(self, path: Path, team: Crew) -> tuple[Path, Order | None, Future[Pack]]:
        from studypack import source
        from studypack.crew import done

        text, faults = source.read_bytes(path)
        if text is None:
            return path, None, done(lambda: Pack(name=path.stem, diagnostics=in_order(faults), ok=False))
        lock, lock_fault = _lock_text(path)
        order = Order(
            path=str(path),
            text=text,
            lock=lock,
            lock_fault=lock_fault,
            wishes=self.config.wishes,
            root=None if team.far else path.parent.absolute(),
            files=self._files(path) if team.far else {},
            cache=None if team.far else self.config.cache,
            printers=team.printers,
        )
        return path, order, team.submit(order)

    def _files(self, path: Path) -> Mapping[str, File | FileFault]:
        """What the guide referred to when it was last built; what else it needs now is sent when it is missed."""
        from studypack.folder import read_files

        known = self.records.of(path)
        return read_files(path.parent, known.files) if known else {}

    def finish(self, path: Path, order: Order | None, coming: Future[Pack]) -> Report:
        """Write a pack as soon as it is there, and say what became of its guide."""
        from studypack.crew import pack_of

        pack = pack_of(str(path), coming)
        made, removed = self._write(path, pack) if pack.products or pack.lock else ((), ())
        report = Report(
            path=str(path),
            diagnostics=pack.diagnostics,
            made=made,
            removed=removed,
            troubles=pack.troubles,
            plan=pack.plan,
            notes=pack.notes,
            cards=pack.cards,
            asked=pack.asked,
            ok=pack.ok,
        )
        if order and report.ok and not report.troubles:
            self._remember(path, order, pack, report)
        return report

    def _write(self, path: Path, pack: Pack) -> tuple[tuple[Made, ...], tuple[Path, ...]]:
        """Replace the outputs of a guide; returns what was made and what removed.

        The lock is replaced last: it speaks of the deck that is there by then.
        """
        self.announce(str(path), pack.plan)
        targets = {self._target(pack, product.output): product for product in pack.products}
        files = {target: product.data for target, product in targets.items() if product.data is not None}
        if pack.lock is not None:
            files[lock_path(path)] = pack.lock.encode()
        disk.write_all(files)
        removed = tuple(target for target, product in targets.items() if product.data is None and disk.remove(target))
        made = (
            Made(output=product.output, path=target, size=len(product.data), pages=product.pages, type=product.type)
            for target, product in targets.items()
            if product.data is not None
        )
        return tuple(made), removed

    def _target(self, pack: Pack, output: Output) -> Path:
        return self.config.out / (pack.name + ENDINGS[output])

    def _remember(self, path: Path, order: Order, pack: Pack, report: Report) -> None:
        made = {self._target(pack, product.output): product.data for product in pack.products}
        self.records.keep(
            path,
            Record(
                made_of=self.records.made_of(order.text, pack.lock.encode() if pack.lock else None),
                files=pack.asked,
                left=record.left_by(made),
                said=report.as_json(),
            ),
        )


def _papers(wishes: Wishes) -> int:
    """How many PDFs a guide is made into."""
    return len(wishes.only - {Output.DECK})


# --- locks -------------------------------------------------------------------------------------------------------


def lock_path(guide: Path) -> Path:
    """The lock file of a guide: beside it, and named like it."""
    return guide.with_suffix(".lock")


def read_lock(guide: Path) -> Lock | None:
    """What is remembered of a guide; None if it was never built. Raises StudypackError where that cannot be read."""
    from studypack import lock

    text, fault = _lock_text(guide)
    if fault:
        raise StudypackError(fault)
    return None if text is None else lock.load(text, str(lock_path(guide)))


def write_lock(guide: Path, lock: Lock) -> None:
    """Writes the lock of a guide, whole or not at all. Raises StudypackError where its folder takes no files."""
    from studypack import lock as locks

    disk.write_all({lock_path(guide): locks.dump(lock).encode()})


def _lock_text(guide: Path) -> tuple[str | None, str | None]:
    """What stands in the lock of a guide, and why it cannot be read."""
    try:
        data = _lock_bytes(guide)
        return (None if data is None else data.decode("utf-8")), None
    except OSError as error:
        return None, f"{lock_path(guide)}: the lock cannot be read: {error.strerror or error}. Check its permissions."
    except UnicodeDecodeError:
        return None, f"{lock_path(guide)}: the lock cannot be read: it is not UTF-8. Restore it from your last commit."


def _lock_bytes(guide: Path) -> bytes | None:
    try:
        return lock_path(guide).read_bytes()
    except FileNotFoundError:
        return None


def today() -> str:
    """The day that it is: ISO 8601, in UTC."""
    from studypack.making import day

    return day(int(time.time()))


# --- what a build would do ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a build would do to the notes of a guide, with nothing written.

    `before` is the lock as it is, None if there is none; `decision` is None where the guide has errors.
    """

    guide: Guide | None
    diagnostics: tuple[Diagnostic, ...]
    before: Lock | None
    decision: Decision | None


def preview(path: Path, now: int) -> Preview:
    """The plan for a guide, as of a moment in seconds since 1970. Raises StudypackError if its lock cannot be read."""
    from studypack import making, notes, source
    from studypack.folder import Folder

    text, faults = source.read_bytes(path)
    if text is None:
        return Preview(guide=None, diagnostics=in_order(faults), before=None, decision=None)
    reading = making.read(str(path), text, Folder(path.parent), deck=True, cache=Cache(None))
    guide, found = reading.guide, reading.found
    if guide is None:
        return Preview(guide=None, diagnostics=in_order(found), before=None, decision=None)
    made, more = notes.make(guide)
    before = read_lock(path)
    decision = making.decide(guide.name, made, before, now)
    return Preview(guide=guide, diagnostics=in_order((*found, *more)), before=before, decision=decision)


# --- checks before the work --------------------------------------------------------------------------------------


def check_names(guides: Sequence[Path]) -> None:
    """Raises StudypackError where two guides would overwrite each other.

    Upper and lower case are one on many disks.
    """
    seen: dict[str, Path] = {}
    for path in guides:
        other = seen.setdefault(path.stem.casefold(), path)
        if other is not path:
            raise StudypackError(
                f"{other} and {path} would write the same files; rename one, or build them one by one with -o."
            )
