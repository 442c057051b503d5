"""Watching guides: what an edit touches is built again, the deck at once, the paper after it.

Decks are made here, in a fraction of a second, for what they need is loaded and unchanged topics are remembered. Paper
is laid out in another process, which stays ready; an edit of the guide that it works on ends it, and another begins.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from studypack import making, pipeline
from studypack.child import Children
from studypack.crew import Crew
from studypack.desk.edits import Edit, Edits, Scope
from studypack.diagnostics import Diagnostic, StudypackError
from studypack.pack import Order, Output, Pack
from studypack.pipeline import Config
from studypack.report import Report

FEW = 4
"""As many decks are made here, one after the other, sooner than other processes would be ready for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A guide was built, or one half of its outputs: how long after the edit, in seconds; and what was edited.

    Its report leaves out what was said with the other half already.
    """

    report: Report
    seconds: float
    edit: Edit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """A guide was deleted, or named otherwise. What was made of it stays, and so does its lock, if that is `locked`."""

    guide: Path
    locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """The surroundings allowed no build; the next edit tries again."""

    message: str


News = Built | Gone | Trouble


def watch(
    config: Config,
    scope: Scope,
    clock: Callable[[], int],
    tell: Callable[[News], None],
    alive: Callable[[], None] = lambda: None,
) -> None:
    """Build the guides of a scope as `config` says (but for its guides), and again with each edit, until interrupted.

    `clock` gives the time of a build, in seconds since 1970; `tell` hears what happens. `alive` is called at least
    twice a second while nothing does: it may raise what ends the program.
    Raises StudypackError where the system allows no watching.
    """
    with Edits(scope, alive) as edits, _Desk(config, edits, clock, tell) as desk:
        desk.begin()
        while True:
            desk.take(edits.wait())
            desk.print()


class _Abandoned(Exception):
    """What is being laid out is out of date."""


class _Desk:
    """Where the guides of a scope are built."""

    def __init__(self, config: Config, edits: Edits, clock: Callable[[], int], tell: Callable[[News], None]) -> None:
        self.config, self.edits, self.clock, self.tell = config, edits, clock, tell
        self.papers = config.wishes.only - {Output.DECK}
        self.unprinted: dict[Path, Edit] = {}
        self.said: dict[Path, frozenset[Diagnostic]] = {}
        self.since = time.monotonic()
        self.press = _Press(min(len(self.papers), config.jobs))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.press.close()

    def begin(self) -> None:
        """Build what is not up to date; the deck of a single guide is there before its paper, as after an edit."""
        guides = self.edits.guides
        with self._telling():
            pipeline.check_names(guides)
            known = {Path(one.path): one for one in pipeline.up_to_date(self._config(guides, self.config.wishes.only))}
            stale = [guide for guide in guides if guide not in known]
            for report in known.values():
                self._built(report)
            if len(stale) > 1:
                self._build(self._config(stale, self.config.wishes.only))
            else:
                self.take(Edit(guide=guide, text=True) for guide in stale)
        self._get_ready()
        self.print()

    def take(self, edits: Iterable[Edit]) -> None:
        """Make the decks of what was edited; its paper is to be printed."""
        self.since = time.monotonic()
        edits = tuple(self._wanted(edits))
        for edit in edits:
            self.said.pop(edit.guide, None)
            self.unprinted.pop(edit.guide, None)
            if edit.gone:
                self.tell(Gone(guide=edit.guide, locked=pipeline.lock_path(edit.guide).exists()))
        there = {edit.guide: edit for edit in edits if not edit.gone}
        # What was edited last is what its author waits for.
        self.unprinted = {guide: edit for guide, edit in there.items() if edit.paper and self.papers} | self.unprinted
        if there and Output.DECK in self.config.wishes.only:
            with self._telling():
                config = self._config(there, frozenset({Output.DECK}))
                self._build(replace(config, jobs=1) if len(there) <= FEW else config, there)

    def print(self) -> None:
        """Lay out what is to be printed, one guide after the other."""
        while self.unprinted:
            guide, edit = next(iter(self.unprinted.items()))
            team = Crew(submit=self._lay_out, ahead=0, printers=self.press.printers)
            try:
                with self._telling():
                    self._build(self._config([guide], self.papers), {guide: edit}, team)
                self.unprinted.pop(guide, None)
            except _Abandoned:
                continue

    # --- building ---

    def _build(self, config: Config, edits: dict[Path, Edit] | None = None, team: Crew | None = None) -> None:
        for report in pipeline.build(config, team=team):
            self._built(report, (edits or {}).get(Path(report.path)))

    def _built(self, report: Report, edit: Edit | None = None) -> None:
        guide = Path(report.path)
        self.edits.built(guide, report.asked)
        if not report.ok:
            self.unprinted.pop(guide, None)
        said = self.said.get(guide, frozenset())
        self.said[guide] = said.union(report.diagnostics)
        new = tuple(found for found in report.diagnostics if found not in said)
        self.tell(Built(report=replace(report, diagnostics=new), seconds=time.monotonic() - self.since, edit=edit))

    def _config(self, guides: Iterable[Path], only: frozenset[Output]) -> Config:
        wishes = replace(self.config.wishes, only=only, now=self.clock())
        return replace(self.config, guides=tuple(guides), wishes=wishes)

    def _wanted(self, edits: Iterable[Edit]) -> Iterator[Edit]:
        """The edits that call for a build; those of a guide are told that would overwrite another's outputs."""
        for edit in edits:
            if edit.paper or Output.DECK in self.config.wishes.only:
                with self._telling():
                    if not edit.gone:
                        others = [guide for guide in self.edits.guides if guide != edit.guide]
                        pipeline.check_names([*others, edit.guide])
                    yield edit

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """What the surroundings do not allow is told, and the watching goes on."""
        try:
            yield
        except StudypackError as error:
            self.tell(Trouble(message=str(error)))

    # --- paper ---

    def _lay_out(self, order: Order) -> Future[Pack]:
        """The pack of paper, laid out elsewhere; edits are taken meanwhile. One of its guide raises _Abandoned."""
        coming = self.press.submit(order)
        coming.add_done_callback(lambda _: self.edits.wake())
        while not coming.done():
            edits = self.edits.wait()
            began, stale = self.since, any(edit.guide == Path(order.path) and edit.paper for edit in edits)
            if stale:
                self.press.stop()
            self.take(edits)
            if stale:
                raise _Abandoned
            self.since = began
        return coming

    def _get_ready(self) -> None:
        if self.papers:
            self.press.get_ready()


class _Press:
    """A process that lays out paper, with its `printers`; started when first needed, and again after it was stopped."""

    def __init__(self, printers: int) -> None:
        self.printers = printers
        self._children: Children | None = None

    def get_ready(self) -> None:
        """Have it load all that it needs."""
        self._started().submit(making.get_ready, self.printers)

    def submit(self, order: Order) -> Future[Pack]:
        """The pack to come."""
        return self._started().submit(making.make_alone, order)

    def stop(self) -> None:
        """Leave what is being laid out, at once; another process gets ready."""
        self.close()
        self.get_ready()

    def close(self) -> None:
        """End it."""
        if self._children:
            self._children.close()
            self._children = None

    def _started(self) -> Children:
        if self._children is None:
            self._children = Children(1)
        return self._children
