"""All that is wrong or weak in a guide, found without building anything; and what can be repaired of it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from studypack import disk, lint, making, notes, source
from studypack.cache import Cache
from studypack.diagnostics import Diagnostic, in_order
from studypack.folder import Folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A guide that was checked.

    `lines` are its lines, as findings count them; empty where it cannot be read. `judged` says that its cards were
    looked at: errors in the guide leave none. `fixed` counts the places that were put right before.
    """

    path: str
    lines: tuple[str, ...] = ()
    found: tuple[Diagnostic, ...] = ()
    judged: bool = False
    fixed: int = 0


def check(path: Path) -> Checked:
    """What is wrong or weak in the guide at a path."""
    text, faults = source.read_bytes(path)
    return Checked(path=str(path), found=in_order(faults)) if text is None else check_text(path, text)


def check_text(path: Path, text: bytes) -> Checked:
    """What is wrong or weak in a guide, read from bytes; the files that it refers to are beside `path`."""
    reading = making.read(str(path), text, Folder(path.parent), deck=True, cache=Cache(None))
    if reading.source is None:
        return Checked(path=str(path), found=in_order(reading.found))
    found = [*reading.found, *lint.of_text(reading.source)]
    if reading.guide is not None:
        made, more = notes.make(reading.guide)
        found += [*more, *lint.of_guide(reading.source, reading.guide, made)]
    return Checked(
        path=str(path),
        lines=reading.source.lines,
        found=in_order(lint.wanted(reading.source, reading.guide, found)),
        judged=reading.guide is not None,
    )


def fix(path: Path) -> int:
    """Puts right what is mangled in a guide, in its file; in how many places.

    Lines on which the author switched that rule off stay. Raises StudypackError where the file cannot be replaced.
    """
    data, _ = source.read_bytes(path)
    if data is None:
        return 0
    guide, _ = source.from_bytes(data, path)
    if guide is None:
        return 0
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    text, count = lint.repaired(data.removeprefix(mark).decode("utf-8"), guide)
    if count:
        disk.write_all({path: mark + text.encode()})
    return count
