"""Anki on this computer: where it is, whether it runs, and whether its add-on AnkiConnect answers."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ADD_ON = "2055492159"
"""AnkiConnect's number on AnkiWeb, which is also the name of its folder (ankiweb.net/shared/info/2055492159)."""

OLDEST = 6
"""The version of AnkiConnect's interface that is spoken here; it is 6 since 2017."""

_SYSTEM = platform.system()
_PATIENCE = 0.4  # seconds; a program on this machine answers in a few milliseconds, if no dialog holds it up


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back from AnkiConnect's address: its version, or a fault.

    `is_other` if that is another program, `is_busy` if something listens there and says nothing, `wants_key` if it
    wants an API key, or another one, or none.
    """

    address: str
    version: int | None = None
    fault: str = ""
    is_other: bool = False
    is_busy: bool = False
    wants_key: bool = False


def ask(host: str, port: int, key: str = "") -> Answer:
    """Ask AnkiConnect for its version, which needs nobody's permission, but its API key where it has one.

    No proxy is asked, for Anki is on this machine.
    """
    from http.client import HTTPConnection, HTTPException

    address = f"{host}:{port}"
    question = {"action": "version", "version": OLDEST, **({"key": key} if key else {})}
    connection = HTTPConnection(host, port, timeout=_PATIENCE)
    try:
        connection.request("POST", "/", json.dumps(question))
        said = connection.getresponse().read(10_000)
    except TimeoutError:
        fault = f"no answer at {address} in time; is Anki busy, or does it show a dialog?"
        return Answer(address=address, fault=fault, is_busy=True)
    except ConnectionRefusedError:
        return Answer(address=address, fault=f"nothing answers at {address}")
    except (OSError, HTTPException) as error:
        return Answer(address=address, fault=f"no answer at {address} ({type(error).__name__})", is_other=True)
    finally:
        connection.close()
    return _understood(address, said, key)


def _understood(address: str, said: bytes, key: str) -> Answer:
    """An answer of AnkiConnect's: `{"result": 6, "error": null}`, or the bare number that it gave before version 5."""
    try:
        answer = json.loads(said)
    except ValueError:
        answer = None
    if isinstance(answer, dict) and {"result", "error"} <= answer.keys():
        if isinstance(answer["result"], int):
            return Answer(address=address, version=answer["result"])
        if "api key" in str(answer["error"]):
            fault = f"{'does not take this' if key else 'wants an'} API key at {address}"
            return Answer(address=address, fault=fault, wants_key=True)
        return _other(address)
    return Answer(address=address, version=answer) if type(answer) is int else _other(address)


def _other(address: str) -> Answer:
    return Answer(address=address, fault=f"another program than AnkiConnect answers at {address}", is_other=True)


def place(environment: Mapping[str, str]) -> str:
    """Where Anki is installed; empty if it is in none of the places where its installers put it."""
    on_path = shutil.which("anki", path=environment.get("PATH"))
    return on_path or next((str(place) for place in _places(environment) if place.exists()), "")


def _places(environment: Mapping[str, str]) -> Iterator[Path]:
    home = Path(environment.get("HOME") or Path.home())
    if _SYSTEM == "Darwin":
        yield from (Path("/Applications/Anki.app"), home / "Applications" / "Anki.app")
    elif _SYSTEM == "Windows":
        for name in ("LOCALAPPDATA", "ProgramFiles", "ProgramFiles(x86)"):
            if folder := environment.get(name):
                yield from (Path(folder, "Programs", "Anki", "anki.exe"), Path(folder, "Anki", "anki.exe"))
    else:
        yield from (Path(folder, "anki") for folder in ("/usr/local/bin", "/usr/bin", "/opt/anki", "/snap/bin"))
        yield from (base / "flatpak/app/net.ankiweb.Anki" for base in (home / ".local/share", Path("/var/lib")))


def has_add_on(environment: Mapping[str, str]) -> bool:
    """Whether AnkiConnect lies among Anki's add-ons: those of the usual data folder, or that of `ANKI_BASE`."""
    home = Path(environment.get("HOME") or Path.home())
    if named := environment.get("ANKI_BASE"):
        base = Path(named)
    elif _SYSTEM == "Darwin":
        base = home / "Library/Application Support/Anki2"
    elif _SYSTEM == "Windows":
        base = Path(environment.get("APPDATA", home), "Anki2")
    else:
        base = Path(environment.get("XDG_DATA_HOME") or home / ".local/share", "Anki2")
    flatpak = home / ".var/app/net.ankiweb.Anki/data/Anki2"
    return any((folder / "addons21" / ADD_ON).is_dir() for folder in (base, flatpak))


def is_running() -> bool | None:
    """Whether a program called Anki runs on this machine; None where that cannot be found out."""
    lines = _processes()
    return None if lines is None else _any_is_anki(lines)


def _any_is_anki(lines: list[str]) -> bool | None:
    """Windows names programs and not what they run: Anki's launcher has it run by a Python without a window."""
    if any(map(_ANKI.match, lines)):
        return True
    return None if any(line.startswith('"pythonw.exe"') for line in lines) else False


def _processes() -> list[str] | None:
    """The command lines of running programs, on Windows their names in quotation marks; None if the system won't tell.

    On Linux the system itself is asked, for small ones have no program that would.
    """
    if _SYSTEM == "Linux":
        return [line for process in Path("/proc").glob("[0-9]*") if (line := _line(process))]
    command = ["tasklist", "/fo", "csv", "/nh"] if _SYSTEM == "Windows" else ["ps", "-A", "-o", "args="]
    import subprocess

    try:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=2, check=False)
    except (OSError, subprocess.SubprocessError):
        return None
    return None if done.returncode else done.stdout.splitlines()


def _line(process: Path) -> str:
    try:
        return os.fsdecode((process / "cmdline").read_bytes()).replace("\0", " ")
    except OSError:  # it ended meanwhile
        return ""


_ANKI = re.compile(
    r"""
      /.*/Anki\.app/Contents/                                          # macOS
    | "anki(-console)?\.exe"                                           # Windows
    | (\S*/)?(python[\d.]*\s+(-[^m]\S*\s+)*)?(\S*/)?anki(\s|$)          # a program, or a script of Python's
    | (\S*/)?python[\d.]*\s+-m\s+aqt(\s|$)
    | (.*/)?python[\d.]*\s+-c\s+import\s+aqt,                             # started by its launcher
    """,
    re.VERBOSE,
)
"""A line of the list of processes that is Anki's."""
