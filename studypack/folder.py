"""The folder of a guide: the files beside it that it may refer to, on this disk or sent along from another.

Part of reading a guide. Nothing outside the folder is ever read, and nothing is fetched.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 20 * 2**20
"""The largest file taken, in bytes. AnkiWeb refuses media files over 100 MB and phones choke long before."""

SMALLER = "make it smaller; a picture 1,600 pixels wide is sharp on every screen and on paper"
"""What to do about a file that is too large."""

_PLAIN_PATH = re.compile(r"[^?#]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file beside a guide: its name, without folders, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFault:
    """Why a file cannot be used: the code of a diagnostic, its message and its hint."""

    code: str
    message: str
    hint: str


_NOT_SENT = FileFault(code="SP301", message="the file was not sent along", hint="")


class Folder:
    """The files beside a guide, each read once.

    `root` is where they are, None where no disk of the guide's is in reach; `sent` are those that came along, by the
    reference. `asked` grows by every reference that was looked up, with what was found.
    """

    def __init__(self, root: Path | None, sent: Mapping[str, File | FileFault] | None = None) -> None:
        self.asked: dict[str, File | FileFault] = {}
        self._root, self._sent = root, sent or {}

    def file(self, reference: str) -> File | FileFault:
        """The file that the guide refers to, inside the folder once links are followed; or why there is none."""
        if reference not in self.asked:
            self.asked[reference] = self._sent.get(reference) or self._read(reference)
        return self.asked[reference]

    @property
    def lacking(self) -> tuple[str, ...]:
        """What was asked for, and neither came along nor could be looked up here."""
        return tuple(reference for reference, found in self.asked.items() if found is _NOT_SENT)

    def _read(self, reference: str) -> File | FileFault:
        return _NOT_SENT if self._root is None else read_file(self._root, reference)


def read_files(root: Path, references: Iterable[str]) -> Mapping[str, File | FileFault]:
    """What a guide in the folder `root` refers to, by the reference."""
    return {reference: read_file(root, reference) for reference in references}


def read_file(folder: Path, reference: str) -> File | FileFault:
    """The file that a guide in `folder` refers to, or why there is none."""
    path = _found(folder, reference)
    if isinstance(path, FileFault):
        return path
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
            return FileFault(
                code="SP304",
                message=f"{short(reference)} is too large: {status.st_size >> 20} MB, {MAX_BYTES >> 20} MB at most",
                hint=SMALLER,
            )
        return File(name=path.name, data=path.read_bytes())
    except OSError as error:
        return FileFault(
            code="SP301", message=f"{short(reference)} cannot be read: {error.strerror}", hint="check its permissions"
        )


def short(reference: str) -> str:
    """A reference for a message."""
    return reference if len(reference) <= 80 else f"{reference[:60]}…{reference[-15:]}"


def _found(folder: Path, reference: str) -> Path | FileFault:
    from urllib.parse import unquote_to_bytes

    root = folder.resolve()
    literal = _PLAIN_PATH.match(reference)[0]  # type: ignore[index]  # it matches anything
    decoded = os.fsdecode(unquote_to_bytes(literal))
    for text in dict.fromkeys((reference, literal, decoded)):
        if "\0" in text:
            continue
        try:
            path = (root / text).resolve()
            if path.is_relative_to(root) and path.is_file():
                return path
        except (OSError, RuntimeError):  # a name too long for the disk, a loop of links: not there
            continue
    if not Path(os.path.normpath(root / decoded.replace("\0", ""))).is_relative_to(root):
        return outside(reference)
    return FileFault(
        code="SP301",
        message=f"there is no file {short(reference)}",
        hint="check the spelling, also of upper and lower case; paths are relative to the guide",
    )


def outside(reference: str) -> FileFault:
    """That a file is none of the guide's."""
    return FileFault(
        code="SP302",
        message=f"{short(reference)} lies outside the guide's folder",
        hint="copy the file into the folder of the guide (or below it) and refer to it there",
    )
