"""What became of a guide: the value that a person, a program and the next build read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from studypack.diagnostics import Diagnostic
from studypack.pack import Output

if TYPE_CHECKING:  # a guide that is up to date needs none of it
    from studypack.identity import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A file that was written: its size in bytes; its pages and its type size in points if it is paper."""

    output: Output
    path: Path
    size: int
    pages: int | None = None
    type: float | None = None


def _none() -> Mapping[str, int]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of one guide.

    `path` is the guide as the user named it. `removed` are outputs of an earlier build that this guide no longer has.
    `troubles` are outputs that the surroundings did not allow, each with what to do. `plan` says what became of each
    note since the last build, and is empty where no deck was made. `notes` and `cards` count by kind
    what is in the deck, and are empty where no deck was made. `asked` are the files that the guide refers to, each with
    the digest of what was found. `fresh` says that nothing had changed since the last
    build, so that nothing was made: all is as that one left it. `ok` is false where there are errors: in the guide, and
    then nothing was written; or on the way to some PDF, and then that is not in `made` and its last good one stays.
    """

    path: str
    diagnostics: tuple[Diagnostic, ...] = ()
    made: tuple[Made, ...] = ()
    removed: tuple[Path, ...] = ()
    troubles: tuple[str, ...] = ()
    plan: tuple[Change, ...] = ()
    notes: Mapping[str, int] = field(default_factory=_none)
    cards: Mapping[str, int] = field(default_factory=_none)
    asked: Mapping[str, str] = field(default_factory=dict)
    fresh: bool = False
    ok: bool

    def as_json(self) -> dict[str, Any]:
        """What the next build says again if nothing changes; the plan is not part of it, for it holds only once."""
        return {
            "path": self.path,
            "diagnostics": [found.as_json() for found in self.diagnostics],
            "made": [[one.output, str(one.path), one.size, one.pages, one.type] for one in self.made],
            "notes": dict(self.notes),
            "cards": dict(self.cards),
        }

    @classmethod
    def again(cls, said: Mapping[str, Any], asked: Mapping[str, str]) -> Report:
        """The report of a build that found everything, what was asked for too, as the one that said this left it."""
        made = (
            Made(output=Output(output), path=Path(path), size=size, pages=pages, type=type_)
            for output, path, size, pages, type_ in said["made"]
        )
        return cls(
            path=said["path"],
            diagnostics=tuple(map(Diagnostic.from_json, said["diagnostics"])),
            made=tuple(made),
            notes=said["notes"],
            cards=said["cards"],
            asked=asked,
            fresh=True,
            ok=True,
        )
