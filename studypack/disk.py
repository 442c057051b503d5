"""Files written whole or not at all, many of them as one: the only room that changes what is on a disk."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from studypack.diagnostics import StudypackError


def make_folder(folder: Path, otherwise: str = "") -> None:
    """Make a folder and prove that it takes files, before minutes of work are spent.

    Raises StudypackError where it does not, and says what to do `otherwise`.
    """
    trial = folder / f".studypack-{os.getpid()}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            trial.touch()
        finally:  # also where a signal comes in between
            trial.unlink(missing_ok=True)
    except OSError as error:
        reason = "it is a file" if folder.is_file() else error.strerror or error
        raise StudypackError(f"Cannot write into {folder}: {reason}. {otherwise}".rstrip()) from error


def write_all(files: Mapping[Path, bytes]) -> None:
    """Replace files by new ones, in order, all or none as far as a disk allows.

    Each is written whole beside its place before the first old one is replaced. A file that would not change is left
    alone, so that its folder may be read-only. Raises StudypackError where that cannot be done; then no draft stays.
    """
    drafts: dict[Path, Path] = {}
    try:
        for target, data in files.items():
            if data != _old(target):
                drafts[target] = target.with_name(f".{target.name}.{os.getpid()}.tmp")
                _draft(target, drafts[target], data)
        _replace(drafts)
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def write_new(files: Mapping[Path, bytes]) -> None:
    """Write files that are not there yet, their folders too, all or none.

    Raises StudypackError where one is there already, or cannot be written; nothing that was there is changed.
    """
    done: list[Path] = []
    try:
        for target, data in files.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as file:
                done.append(target)
                file.write(data)
    except OSError as error:
        for target in done:
            target.unlink(missing_ok=True)
        if isinstance(error, FileExistsError) and Path(error.filename) in files:
            raise StudypackError(f"{error.filename} is already there, and stays as it is.") from error
        raise StudypackError(f"Cannot write {error.filename or target}: {error.strerror or error}.") from error


def append_line(target: Path, line: str) -> bool:
    """Add a line at the end of a person's own file, unless it is there; whether it was added.

    The file is not replaced: it may be a link to where they keep it. Raises StudypackError where it cannot be written.
    """
    try:
        old = target.read_bytes() if target.exists() else b""
        if line.encode() in old.splitlines():
            return False
        with target.open("ab") as file:
            file.write((b"" if not old or old.endswith(b"\n") else b"\n") + line.encode() + b"\n")
    except OSError as error:
        reason = error.strerror or error
        raise StudypackError(f"Cannot write {target}: {reason}. Add this line to it yourself:\n  {line}") from error
    return True


def remove(target: Path) -> bool:
    """Remove a file; whether there was one. Raises StudypackError where it cannot be removed."""
    try:
        target.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StudypackError(f"Cannot remove {target}: {error.strerror or error}.") from error
    return True


def _old(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:  # not there; or something that cannot be replaced either, and then that is told
        return None


def _draft(target: Path, draft: Path, data: bytes) -> None:
    """Write a draft; what fails is told of its target, which a person knows; a full disk's error names no file."""
    try:
        draft.write_bytes(data)
    except OSError as error:
        raise StudypackError(f"Cannot write {target}: {error.strerror or error}.") from error


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
