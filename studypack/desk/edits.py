"""What an author saves: which guides a change on the disk touches, told by what is in the files, never by their times.

Folders are watched, never whole trees: a guide may lie in somebody's home. Only what a guide is made of counts, so
that a build's own outputs, drafts and locks call for no other build.
"""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote

from studypack import fingerprint, pipeline, record
from studypack.diagnostics import StudypackError
from studypack.folder import read_file

if TYPE_CHECKING:
    from collections.abc import Generator

STEP, MOST = 30, 400
"""Saves that follow each other within so many milliseconds are one batch, which is told after `MOST` at the latest."""

GRACE = 0.3
"""Seconds that a guide may be away: some editors delete it, and write it anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The guides that are watched: those that are `named`, and whatever is in the `folders`."""

    named: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()

    @classmethod
    def of(cls, paths: Iterable[Path]) -> Self:
        """What paths mean that a user gave."""
        paths = tuple(paths)
        folders = tuple(path for path in paths if path.is_dir())
        return cls(named=tuple(path for path in paths if path not in folders), folders=folders)

    def guides(self) -> tuple[Path, ...]:
        """The guides that there are now, each once; one that is named is there also while its file is not."""
        inside = (path for folder in self.folders for path in pipeline.find_guides(folder))
        return tuple(dict.fromkeys((*self.named, *inside)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a guide was made of when it was last looked at: digests, None for what is not there."""

    text: str | None
    lock: str | None
    files: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What changed of a guide: its own `text`, its `lock`, the `files` that it refers to; or it is `gone`."""

    guide: Path
    text: bool = False
    lock: bool = False
    files: tuple[str, ...] = ()
    gone: bool = False

    @property
    def paper(self) -> bool:
        """Whether it may change what is printed; the lock has to do with the deck alone."""
        return self.text or self.gone or bool(self.files)


def look(guide: Path, references: Iterable[str]) -> Seen:
    """A guide as it is now, with the files that these references lead to."""
    return Seen(
        text=_digest(guide),
        lock=_digest(pipeline.lock_path(guide)),
        files={reference: record.digest(read_file(guide.parent, reference)) for reference in references},
    )


def _digest(path: Path) -> str | None:
    try:
        return fingerprint.of_bytes(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:  # it is there, but cannot be read; that is told by the build
        return f"errno {error.errno}"


class Edits:
    """The edits of the guides in a scope, batch by batch; to be used in `with`.

    `alive` is called at least twice a second while nothing happens: it may raise what ends the program.
    """

    def __init__(self, scope: Scope, alive: Callable[[], None] = lambda: None) -> None:
        self.scope, self._alive = scope, alive
        self._seen: dict[Path, Seen] = {guide: look(guide, ()) for guide in scope.guides()}
        self._around: dict[Path, frozenset[Path]] = {}
        self._watcher: _Watcher | None = None
        self._batches: queue.SimpleQueue[frozenset[Path] | None] = queue.SimpleQueue()

    def __enter__(self) -> Self:
        self._follow()
        return self

    def __exit__(self, *_: object) -> None:
        if self._watcher:
            self._watcher.close()

    @property
    def guides(self) -> tuple[Path, ...]:
        """The guides that are known."""
        return tuple(self._seen)

    def wake(self) -> None:
        """Have `wait` return, from another thread, though nothing was edited."""
        self._batches.put(None)

    def built(self, guide: Path, asked: Mapping[str, str]) -> None:
        """A guide was built: its lock is as that left it, and these are the files that it refers to, as they were."""
        if guide in self._seen:
            lock = _digest(pipeline.lock_path(guide))
            # Of a guide that could not be read nobody knows what it refers to: the same as before, for all we know.
            self._seen[guide] = replace(self._seen[guide], lock=lock, files=dict(asked) or self._seen[guide].files)

    def wait(self) -> tuple[Edit, ...]:
        """What was edited, once something is; nothing where what changed is none of the guides', or on `wake`.

        Raises StudypackError where the system watches no more folders.
        """
        while not self._follow():
            with suppress(queue.Empty):
                batch = self._batches.get(timeout=0.5)
                return () if batch is None else self._edits(batch)
            self._alive()
        return self._edits(None)  # what happened while the watcher was exchanged

    def _edits(self, batch: frozenset[Path] | None) -> tuple[Edit, ...]:
        """What a batch of changed paths edits; None for whatever may have changed."""
        found = tuple(self._compare(batch))
        if any(edit.gone for edit, _ in found):
            time.sleep(GRACE)
            found = tuple(self._compare(None))
        for edit, now in found:
            self._seen[edit.guide] = now
            if edit.gone and edit.guide not in self.scope.named:
                del self._seen[edit.guide]
        return tuple(edit for edit, _ in found)

    def _compare(self, batch: frozenset[Path] | None) -> Iterator[tuple[Edit, Seen]]:
        """The edits, each with how its guide is now; nothing is remembered of them yet."""
        there = self.scope.guides()
        for guide in dict.fromkeys((*self._seen, *there)):
            before = self._seen.get(guide)
            if before is None:
                yield Edit(guide=guide, text=True), look(guide, ())
            elif batch is None or batch & self._around.get(guide, frozenset()) or guide not in there:
                now = look(guide, before.files)
                if edit := _difference(guide, before, now):
                    yield edit, now

    # --- folders ---

    def _follow(self) -> bool:
        """Watch the folders that matter now; whether they are others than before."""
        self._around = {guide: frozenset(_around(guide, seen.files)) for guide, seen in self._seen.items()}
        parents = {place.parent for guide in self._seen for place in _places(guide, self._seen[guide].files)}
        wanted = {_existing(folder) for folder in (*parents, *map(_absolute, self.scope.folders))}
        if self._watcher and self._watcher.holds(wanted):
            return False
        begun = _Watcher(wanted, self._batches.put)
        if self._watcher:
            self._watcher.close()
        self._watcher = begun
        return True


def _difference(guide: Path, before: Seen, now: Seen) -> Edit | None:
    if now.text is None:
        return Edit(guide=guide, gone=True) if before.text is not None else None
    if now == before:
        return None
    files = tuple(name for name, digest in now.files.items() if before.files[name] != digest)
    return Edit(guide=guide, text=now.text != before.text, lock=now.lock != before.lock, files=files)


def _places(guide: Path, references: Iterable[str]) -> Iterator[Path]:
    """Where a guide's files are, by the name that it has and by the one that links lead to."""
    files = (guide.parent / text for reference in references for text in (reference, unquote(reference)))
    for path in (guide, pipeline.lock_path(guide), *files):
        with suppress(OSError, ValueError, RuntimeError):  # no name for a file, a loop of links: nothing to watch
            yield from (_absolute(path), path.resolve())


def _around(guide: Path, references: Iterable[str]) -> Iterator[Path]:
    """The paths whose change may touch a guide: its files, and the folders that they are in."""
    for place in _places(guide, references):
        yield place
        yield from place.parents


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100  # `Path.absolute` keeps `..`


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next((place for place in (folder, *folder.parents) if place.is_dir()), Path(folder.anchor))


class _Watcher:
    """Tells of each batch of paths that change in some folders, from a thread of its own.

    It watches from the moment on that it is made. Raises StudypackError where the system does not allow that.
    """

    def __init__(self, folders: Iterable[Path], tell: Callable[[frozenset[Path]], None]) -> None:
        self._folders = _identities(folders)
        self._tell = tell
        self._lost = False
        self._stop = threading.Event()
        self._changes = self._begun()
        self._thread = threading.Thread(target=self._listen, name="watcher", daemon=True)
        self._thread.start()

    def holds(self, folders: Iterable[Path]) -> bool:
        """Whether it watches these folders, and they are still the ones that they were."""
        return not self._lost and self._thread.is_alive() and _identities(folders) == self._folders

    def close(self) -> None:
        """Watch no more."""
        self._stop.set()
        self._thread.join()

    def _begun(self) -> Generator[set[tuple[object, str]], None, None]:
        from watchfiles import watch

        changes = watch(
            *sorted(folder for folder, *_ in self._folders),
            watch_filter=None,
            debounce=MOST,
            step=STEP,
            stop_event=self._stop,
            rust_timeout=STEP,
            yield_on_timeout=True,
            recursive=False,
        )
        try:
            self._hand_on(next(changes))  # it begins to watch only when it is first asked
        except OSError as error:
            raise StudypackError(
                f"Cannot watch for edits: {error}. Close programs that watch many folders, or set"
                " WATCHFILES_FORCE_POLLING=1 to have the files looked at again and again."
            ) from error
        return changes  # type: ignore[return-value]  # of a kind of change we do not ask for

    def _listen(self) -> None:
        for found in self._changes:
            self._hand_on(found)

    def _hand_on(self, found: Iterable[tuple[object, str]]) -> None:
        if paths := frozenset(Path(path) for _, path in found):
            # Something befell a folder itself. If it was deleted, one of its name will have to be watched anew.
            self._lost = self._lost or any(folder in paths for folder, *_ in self._folders)
            self._tell(paths)


def _identities(folders: Iterable[Path]) -> frozenset[tuple[Path, int, int]]:
    """Folders as the disk knows them: one that was deleted and made again is another."""
    found = set()
    for folder in folders:
        with suppress(OSError):
            status = folder.stat()
            found.add((folder, status.st_dev, status.st_ino))
    return frozenset(found)
