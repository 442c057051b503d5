"""Short names for long values: the same for equal values, in every process and on every machine."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from studypack import __version__

_SIZE = 20
"""Bytes of a digest: two values of a library of 2^64 share one with a chance of 2^-32."""


class _Hash(Protocol):
    def update(self, data: bytes, /) -> None: ...


def of_bytes(*parts: bytes) -> str:
    """The digest of byte strings, one after the other; where one ends counts."""
    seen = hashlib.sha256()
    for part in parts:
        seen.update(b"%d:" % len(part))
        seen.update(part)
    return seen.hexdigest()[: 2 * _SIZE]


def of_value(value: object, *, places: bool = False) -> str:
    """The digest of a value of the model: frozen dataclasses, tuples, mappings, sets, texts and numbers.

    What does not count in equality does not count here, unless `places` are wanted: then spans and paths do.
    Raises TypeError for anything else.
    """
    seen = hashlib.sha256()
    _feed(seen, value, places)
    return seen.hexdigest()[: 2 * _SIZE]


def _feed(seen: _Hash, value: object, places: bool) -> None:
    match value:
        case Enum():
            _feed(seen, value.value, places)
        case str():
            _text(seen, b"s", value.encode("utf-8", "surrogatepass"))
        case bytes():
            _text(seen, b"b", value)
        case None | bool() | int() | float():
            _text(seen, b"n", repr(value).encode())
        case tuple() | list():
            _several(seen, b"t", value, places)
        case frozenset():
            _several(seen, b"f", sorted(value), places)
        case Mapping():
            _several(seen, b"m", [part for item in value.items() for part in item], places)
        case _ if is_dataclass(value):
            kind: Any = type(value)
            _several(seen, kind.__name__.encode(), [getattr(value, name) for name in _names(kind, places)], places)
        case _:
            raise TypeError(f"{type(value).__name__} is no value of the model")


def _text(seen: _Hash, kind: bytes, data: bytes) -> None:
    seen.update(b"%b%d:" % (kind, len(data)))
    seen.update(data)


def _several(seen: _Hash, kind: bytes, values: Iterable[object], places: bool) -> None:
    seen.update(kind + b"(")
    for value in values:
        _feed(seen, value, places)
    seen.update(b")")


@cache
def _names(kind: Any, places: bool) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind) if field.compare or places)


@cache
def edition() -> str:
    """What makes packs here: the digest of studypack's own files, of the packages installed beside it, of Python.

    Two places of the same edition make the same bytes. It takes about two milliseconds.
    """
    here = Path(__file__).parent
    stamps: list[str] = []
    for folder, _, files in os.walk(here):
        for name in files:
            if not name.endswith(".pyc"):
                status = os.stat(f"{folder}/{name}")  # noqa: PTH116  # thrice as fast as Path
                stamps.append(f"{folder[len(str(here)) :]}/{name} {status.st_size} {status.st_mtime_ns}")
    return of_bytes(*(text.encode() for text in (*versions(), *sorted(stamps))))


def versions() -> tuple[str, ...]:
    """Studypack, Python, and every package installed beside it, each with its version."""
    folders = {folder for entry in sys.path if entry and (folder := Path(entry)).is_dir()}
    packages = {path.stem.lower() for folder in folders for path in folder.glob("*.dist-info")}
    return (f"studypack {__version__}", f"python {sys.version}", *sorted(packages))


@cache
def release() -> str:
    """What another machine must have as well to make the same bytes: the versions of all that has a hand in them."""
    import sqlite3
    import zlib

    python = f"python {sys.version_info.major}.{sys.version_info.minor}"
    found = [
        f"studypack {__version__}",
        python,
        f"sqlite {sqlite3.sqlite_version}",
        f"zlib {zlib.ZLIB_RUNTIME_VERSION}",
    ]
    packages = _installed("studypack", {}, r"extra == .(math|diagrams|cjk)\b")
    return ", ".join(
        [*found, *(f"{name} {number}" for name, number in sorted(packages.items()) if name != "studypack")]
    )


def _installed(package: str, found: dict[str, str], extras: str = "") -> dict[str, str]:
    """The versions of a package and of all that it requires, as far as that is installed; `extras` are wanted ones."""
    import re
    from importlib.metadata import PackageNotFoundError, distribution

    name = package.lower().replace("_", "-")
    if name in found:
        return found
    try:
        installed = distribution(package)
    except PackageNotFoundError:
        return found
    found[name] = installed.version
    for requirement in installed.requires or ():
        if "extra ==" not in requirement or (extras and re.search(extras, requirement)):
            _installed(re.match(r"[\w.-]+", requirement)[0], found)  # type: ignore[index]  # a requirement begins so
    return found
