"""The packages that studypack asks for, and which of them are here: read from what pip left, nothing is imported."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, metadata, version
from shlex import quote

_REQUIREMENT = re.compile(r"(?P<name>[\w.-]+)(?:\[[^]]*\])?\s*(?:>=\s*(?P<least>[\d.]+))?")
_EXTRA = re.compile(r"extra\s*==\s*['\"]([\w-]+)['\"]")
_NOT_FOR_AUTHORS = frozenset({"test"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package that is asked for: the oldest version that will do, and the one that is here (empty: none)."""

    name: str
    least: str
    here: str

    @property
    def fault(self) -> str:
        """What is wrong with it; empty if nothing is."""
        if not self.here:
            return f"no {self.name}"
        old = self.least and _numbers(self.here) < _numbers(self.least)
        return f"{self.name} {self.here}, older than {self.least}" if old else ""

    @property
    def text(self) -> str:
        """Its name and version."""
        return f"{self.name} {self.here}"


def needed(extra: str) -> tuple[Package, ...]:
    """The packages that an extra asks for; those that are always needed, for an empty one."""
    found = []
    for requirement in _requirements():
        named = _EXTRA.search(requirement)
        match = _REQUIREMENT.match(requirement)
        if match and (named[1] if named else "") == extra:
            found.append(Package(name=match["name"], least=match["least"] or "", here=_version(match["name"])))
    return tuple(found)


def extras() -> tuple[str, ...]:
    """The extras that authors may want."""
    named = metadata("studypack").get_all("Provides-Extra") or []
    return tuple(extra for extra in named if extra not in _NOT_FOR_AUTHORS)


def oldest_python() -> tuple[int, ...]:
    """The oldest Python that studypack runs on."""
    return _numbers(metadata("studypack")["Requires-Python"])


def pip(arguments: str) -> str:
    """The command that installs packages for this Python, and not for another."""
    words = " ".join(quote(word) for word in arguments.split())
    return f"{quote(sys.executable)} -m pip install {words}"


@cache
def _requirements() -> tuple[str, ...]:
    return tuple(metadata("studypack").get_all("Requires-Dist") or ())


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def _numbers(text: str) -> tuple[int, ...]:
    """The numbers that a version starts with; zeros at the end say nothing."""
    numbers = [int(number) for number in re.findall(r"\d+", text.partition("+")[0])]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)
