"""Notices when what a guide is made of is saved, by whatever way an editor saves."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from watchfiles import watch

Stamps = Mapping[Path, tuple[int, int, int] | None]
"""For each file its time, size and number on the disk, or None where it is not there."""

_ROUND = 200
"""Milliseconds after which files are looked at though no event came: some network disks send none, and nor does a save
that comes while folders are not watched, as right after another."""

_BATCH = 60
"""Milliseconds within which several events are one save."""


def stamps(files: Iterable[Path]) -> Stamps:
    """What tells whether files were written since."""
    return {file: _stamp(file) for file in files}


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def follow(seen: Callable[[], Stamps], changed: Callable[[], None], stop: threading.Event) -> None:
    """Calls `changed` each time that files are no longer as they were when they were `seen`, until `stop`.

    Folders are watched, for editors that save by renaming a new file over the old one; what a folder says is only a
    reason to look. So outputs, drafts and other guides beside this one start nothing.
    """
    while not stop.is_set():
        known = seen()
        if _other(known, stop):
            changed()


def _other(known: Stamps, stop: threading.Event) -> bool:
    """Waits until the files are others, or until the end; whether they are."""
    folders = {file.parent for file in known if file.parent.is_dir()}
    if not folders:
        stop.wait(_ROUND / 1_000)
        return stamps(known) != known
    try:
        for _ in watch(
            *folders,
            recursive=False,
            watch_filter=None,
            debounce=_BATCH,
            step=_BATCH // 2,
            stop_event=stop,
            rust_timeout=_ROUND,
            yield_on_timeout=True,
            raise_interrupt=False,
            force_polling=bool(os.environ.get("WATCHFILES_FORCE_POLLING")) or None,
        ):
            if stamps(known) != known:
                return True
            if any(not folder.is_dir() for folder in folders):
                return False  # it may come back as another folder, which nobody watches
    except FileNotFoundError:  # a folder went away in between
        return stamps(known) != known
    return False
