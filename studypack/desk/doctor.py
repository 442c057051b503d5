"""What this machine has of what studypack needs, and what to do where something is missing.

Each examination is a function that gives findings. Nothing heavy is imported and nothing is built: it answers within
a second, also where much is broken.
"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from studypack import __version__
from studypack.desk import installed

if TYPE_CHECKING:
    from studypack.desk.anki_here import Answer


class State(StrEnum):
    """What is to be said of a thing: only what is `missing` is needed, and makes a doctor's visit end badly."""

    OK = "ok"
    MISSING = "missing"
    WEAK = "weak"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A thing, its state, what was found of it, and what to do (empty where there is nothing to be done)."""

    topic: str
    name: str
    state: State
    found: str
    advice: str = ""

    def as_json(self) -> dict[str, str]:
        """All of it, for programs."""
        return {name: str(getattr(self, name)) for name in ("topic", "name", "state", "found", "advice")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """Where to look: the environment's variables, and where AnkiConnect answers."""

    environment: Mapping[str, str]
    anki_connect: tuple[str, int]


Examination = Callable[[Surroundings], Iterable[Finding]]

EXTRAS: Mapping[str, str] = MappingProxyType(
    {
        "math": "formulas on paper",
        "diagrams": "Mermaid and DOT as pictures",
        "cjk": "Chinese, Japanese and Korean on paper",
        "cluster": "building on several machines",
        "preview": "cards in the browser",
    }
)
"""What each extra is for."""


def examine(surroundings: Surroundings) -> tuple[Finding, ...]:
    """Everything that was found, in the order in which a person reads it."""
    return tuple(finding for topic, look in EXAMINATIONS for finding in _safely(topic, look, surroundings))


def _safely(topic: str, look: Examination, surroundings: Surroundings) -> tuple[Finding, ...]:
    """The findings of an examination; of one that fails, that it failed: here anything may be broken."""
    try:
        return tuple(look(surroundings))
    except Exception as error:  # noqa: BLE001  # a doctor has to speak of whatever it is, and go on
        said = f"could not be examined: {type(error).__name__}: {error}"
        advice = f"Install studypack anew: {installed.pip('--force-reinstall studypack')}"
        return (Finding(topic=topic, name=topic, state=State.MISSING, found=said, advice=advice),)


# --- Python and its packages -------------------------------------------------------------------------------------


def look_at_python(_surroundings: Surroundings) -> Iterator[Finding]:
    """Python, studypack, and the libraries that it cannot do without."""
    topic = "Programs"
    version = platform.python_version()
    oldest = installed.oldest_python()
    new_enough = sys.version_info[: len(oldest)] >= oldest
    yield Finding(
        topic=topic,
        name="Python",
        state=State.OK if new_enough else State.MISSING,
        found=f"{version}  {sys.executable}",
        advice="" if new_enough else f"Install Python {'.'.join(map(str, oldest))} or newer from python.org.",
    )
    yield Finding(topic=topic, name="studypack", state=State.OK, found=f"{__version__}  {Path(__file__).parents[1]}")
    yield _libraries(topic)


def _libraries(topic: str) -> Finding:
    needed = installed.needed("")
    faults = [each.fault for each in needed if each.fault]
    return Finding(
        topic=topic,
        name="libraries",
        state=State.MISSING if faults else State.OK,
        found="; ".join(faults) or f"all {len(needed)}",
        advice=f"Install what is missing: {installed.pip('--upgrade studypack')}" if faults else "",
    )


def look_at_extras(_surroundings: Surroundings) -> Iterator[Finding]:
    """What can be installed along with studypack, and what it is for."""
    for extra in installed.extras():
        purpose = EXTRAS.get(extra, "")
        packages = installed.needed(extra)
        faults = [each.fault for each in packages if each.fault]
        there = ", ".join(each.text for each in packages)
        yield Finding(
            topic="Extras",
            name=extra,
            state=State.ABSENT if faults else State.OK,
            found=f"{purpose}: {'; '.join(faults) or there}" if purpose else "; ".join(faults) or there,
            advice=f"If you want that: {installed.pip(f'studypack[{extra}]')}" if faults else "",
        )


# --- paper -------------------------------------------------------------------------------------------------------


def look_at_paper(_surroundings: Surroundings) -> Iterator[Finding]:
    """The native libraries that lay out pages, and the fonts that came with studypack."""
    from studypack.diagnostics import StudypackError
    from studypack.writers.paper import native

    try:
        native.require()
    except StudypackError as error:
        said, _, advice = str(error).partition(". ")
        yield Finding(topic="Paper", name="Pango", state=State.MISSING, found=said, advice=advice)
    else:
        yield Finding(topic="Paper", name="Pango", state=State.OK, found=native.pango_version())
    yield _fonts()


def _fonts() -> Finding:
    from studypack.writers.paper import fonts

    absent = [file.name for file in fonts.files() if not file.is_file()]
    shown = ", ".join(absent[:3]) + (" …" if len(absent) > 3 else "")
    return Finding(
        topic="Paper",
        name="fonts",
        state=State.MISSING if absent else State.OK,
        found=f"without {shown} in {fonts.FOLDER}" if absent else f"for {len(fonts.SCRIPTS)} scripts",
        advice=f"Install studypack anew: {installed.pip('--force-reinstall studypack')}" if absent else "",
    )


# --- the cache ---------------------------------------------------------------------------------------------------


def look_at_cache(surroundings: Surroundings) -> Iterator[Finding]:
    """The folder of the cache. Without one all works, but nothing is remembered."""
    from studypack import cache

    folder = cache.default_folder(surroundings.environment)
    size, fault = _size(folder), _write_fault(folder)
    found = f"{folder}  {size}" if not fault else f"{folder} cannot be written: {fault}"
    advice = "Make it writable, or name another: STUDYPACK_CACHE_DIR=FOLDER. Until then builds take longer."
    state = State.WEAK if fault else State.OK
    yield Finding(topic="Cache", name="folder", state=state, found=found, advice=advice if fault else "")


def _size(folder: Path) -> str:
    from studypack.cache import MOST
    from studypack.terminal import size

    files = [file.stat().st_size for file in folder.glob("cache-*.sqlite*")] if folder.is_dir() else []
    return f"{size(sum(files))} of {size(MOST)} at most" if files else "made at the first build"


def _write_fault(folder: Path) -> str:
    """Why nothing can be written there; empty if it can. Nothing stays behind."""
    import tempfile

    place = next((above for above in (folder, *folder.parents) if above.exists()), folder)
    try:
        if place == folder:
            with tempfile.TemporaryFile(dir=folder):
                return ""
    except OSError as error:
        return error.strerror or str(error)
    if not place.is_dir():
        return f"{place} is no folder"
    return "" if os.access(place, os.W_OK) else f"no right to write into {place}"


# --- Anki --------------------------------------------------------------------------------------------------------


def look_at_anki(surroundings: Surroundings) -> Iterator[Finding]:
    """Anki on this computer, whether it runs, and the add-on by which `studypack push` reaches it."""
    from studypack.desk import anki_here

    place, running = anki_here.place(surroundings.environment), anki_here.is_running()
    answer = anki_here.ask(*surroundings.anki_connect, surroundings.environment.get("ANKICONNECT_KEY", ""))
    yield _anki(place, running or answer.version is not None or answer.wants_key)
    yield _anki_connect(answer, bool(running), anki_here.has_add_on(surroundings.environment))


def _anki(place: str, running: bool) -> Finding:
    if not place and not running:
        advice = "Decks are built without it. To learn from them here: https://apps.ankiweb.net"
        return Finding(topic="Anki", name="Anki", state=State.ABSENT, found="not found", advice=advice)
    found = f"{place or 'runs'}{', running' if running and place else '' if running else ', not running'}"
    return Finding(topic="Anki", name="Anki", state=State.OK, found=found)


def _anki_connect(answer: Answer, running: bool, add_on: bool) -> Finding:
    from studypack.desk.anki_here import ADD_ON, OLDEST

    state, found, advice = State.ABSENT, answer.fault, ""
    if answer.version is not None and answer.version >= OLDEST:
        state, found = State.OK, f"version {answer.version}, at {answer.address}"
    elif answer.version is not None:
        found = f"version {answer.version}, at {answer.address}"
        advice = f"Update it in Anki (Tools › Add-ons): version {OLDEST} is needed to push."
    elif answer.wants_key:
        advice = "To push, set ANKICONNECT_KEY to what its settings in Anki have as “apiKey”; unset it if that is null."
    elif answer.is_other:
        advice = "Close that program, or give AnkiConnect another port in its settings, and name it: --anki URL"
    elif answer.is_busy:
        advice = "Look at Anki's window: close what is open in it, or wait for what it does. Then try again."
    elif add_on and not running:
        found, advice = "installed; it answers while Anki runs", "Start Anki before you push."
    elif add_on:
        advice = (
            "Restart Anki, and look whether Tools › Add-ons shows it as enabled."
            " If its settings there have another “webBindPort”, name that: --anki URL"
        )
    else:
        advice = f"To push from here into Anki: Tools › Add-ons › Get Add-ons, code {ADD_ON}, then restart Anki."
    return Finding(topic="Anki", name="AnkiConnect", state=state, found=found, advice=advice)


EXAMINATIONS: tuple[tuple[str, Examination], ...] = (
    ("Programs", look_at_python),
    ("Paper", look_at_paper),
    ("Extras", look_at_extras),
    ("Cache", look_at_cache),
    ("Anki", look_at_anki),
)
"""What is looked at, in this order."""
