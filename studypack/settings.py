"""What a project sets once for all its builds: `[tool.studypack]` of its pyproject.toml, or studypack.toml.

The nearest of those files counts, from the current folder upwards, as for ruff and other tools; in one folder,
studypack.toml comes first. A pyproject.toml without such a table is none of ours. Paths are relative to the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any

from studypack.diagnostics import StudypackError
from studypack.pack import Output

MATRIX_FITS = ("a3", "split", "tiny")
"""The values of `frontmatter.MATRIX_FITS`, written out so that nothing heavy is imported."""

FLIPS = ("long", "short")
"""The values of `writers.papercards.duplex.Flip`, likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is set, None where nothing is: each stands for the option of `studypack build` that is called like it.

    `guides` are what is built where no guide is named: files, or folders of them.
    """

    guides: tuple[Path, ...] | None = None
    out: Path | None = None
    only: tuple[str, ...] | None = None
    sheets: int | None = None
    matrix_fit: str | None = None
    duplex: str | None = None
    jobs: int | None = None
    on: str | None = None
    quiet: bool | None = None
    verbose: bool | None = None
    cache: bool | None = None

    def over(self, other: Settings) -> Settings:
        """These settings, and the other's where these are silent."""
        chosen = {
            field.name: getattr(other, field.name) if getattr(self, field.name) is None else getattr(self, field.name)
            for field in fields(self)
        }
        return Settings(**chosen)


def nearest(folder: Path) -> Settings:
    """What is set for work in a folder (as a rule `Path()`, the current one).

    Raises StudypackError, with the file and the line, where a setting cannot be understood.
    """
    for place in _upwards(folder):
        for name, table in (("studypack.toml", ()), ("pyproject.toml", ("tool", "studypack"))):
            found = _read(place / name, table)
            if found is not None:
                return _Reader(place / name, *found).settings()
    return Settings()


def _upwards(folder: Path) -> Iterator[Path]:
    """The folder and those above it, called as somebody in the folder would call them."""
    yield folder
    for depth in range(1, len(folder.absolute().parts)):
        yield folder.joinpath(*[".."] * depth)


_OURS = re.compile(rb"""^\s*\[?\s*["']?tool["']?\s*(?:\.\s*["']?studypack|\]|=)""", re.MULTILINE)
"""What every pyproject.toml with a table of ours holds: others need not be read as TOML."""


def _read(file: Path, table: tuple[str, ...]) -> tuple[str, Mapping[str, Any]] | None:
    """The text of a settings file, and the table of it that is ours; None where there is none."""
    try:
        data = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as error:
        raise StudypackError(f"{file}: the settings cannot be read: {error.strerror or error}.") from error
    if table and not _OURS.search(data):
        return None
    import tomllib

    try:
        text = data.decode("utf-8-sig")
        found: Any = tomllib.loads(text)
    except ValueError as error:  # of the encoding, or of TOML
        raise StudypackError(f"{file}: this is not TOML: {error}.") from error
    for name in table:
        found = found.get(name) if isinstance(found, dict) else None
    if found is not None and not isinstance(found, dict):
        raise StudypackError(f"{file}: {'.'.join(table)} is no table; write [{'.'.join(table)}], and the keys below.")
    return None if found is None else (text, found)


class _Reader:
    """Makes settings of a table."""

    def __init__(self, file: Path, text: str, table: Mapping[str, Any]) -> None:
        self.file, self.text, self.table = file, text, table

    def settings(self) -> Settings:
        """What is set, with all that is wrong told at once."""
        found: dict[str, Any] = {}
        wrong: list[str] = []
        for key, value in self.table.items():
            try:
                found[key.replace("-", "_")] = _KEYS.get(key, _unknown(key))(value, self.file.parent)
            except _WrongError as error:
                wrong.append(f"{self.file}:{self._line(key)} {key}: {error}")
        if wrong:
            raise StudypackError("\n".join(wrong))
        return Settings(**found)

    def _line(self, key: str) -> str:
        """`12:`, the line at which a key is set; nothing where it is written in another way than most do."""
        header = re.search(r"^\s*\[\s*tool\s*\.\s*studypack\s*\]", self.text, re.MULTILINE)
        at = re.compile(rf"""^[ \t]*["']?{re.escape(key)}["']?[ \t]*=""", re.MULTILINE)
        found = at.search(self.text, header.end() if header else 0)
        return f"{self.text.count(chr(10), 0, found.start()) + 1}:" if found else ""


class _WrongError(Exception):
    """A setting that cannot be understood: what is wrong, and what to write."""


def _unknown(key: str) -> Callable[[object, Path], Any]:
    def unknown(_value: object, _folder: Path) -> Any:
        raise _WrongError(f"there is no such setting; {_meant(key)}")

    return unknown


def _meant(key: str) -> str:
    from difflib import get_close_matches

    if key in {"frozen", "refresh-all", "watch", "json"}:
        return f"say --{key} where you want it, for it is nothing for every build"
    if key == "tool":
        return "in a file of studypack's own the keys stand at the top, without [tool.studypack]"
    near = get_close_matches(key.replace("_", "-").lower(), _KEYS, n=1)
    return f"did you mean {near[0]!r}?" if near else f"there are {', '.join(_KEYS)}"


# --- kinds of values ---------------------------------------------------------------------------------------------


def _paths(value: object, folder: Path) -> tuple[Path, ...]:
    return tuple(folder / text for text in _texts(value, "a path, or a list of paths"))


def _path(value: object, folder: Path) -> Path:
    return folder / _text(value, "a path")


def _outputs(value: object, _folder: Path) -> tuple[str, ...]:
    return tuple(_choice(*Output)(text, _folder) for text in _texts(value, "an output, or a list of outputs"))


def _address(value: object, _folder: Path) -> str:
    return _text(value, "an address, such as 'dask://HOST:PORT'")


def _yes_or_no(value: object, _folder: Path) -> bool:
    if not isinstance(value, bool):
        raise _WrongError(f"{value!r} will not do; write true or false")
    return value


def _number(most: int) -> Callable[[object, Path], int]:
    def number(value: object, _folder: Path) -> int:
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= most:
            raise _WrongError(f"{value!r} will not do; write a whole number from 1 to {most}, without quotes")
        return value

    return number


def _choice(*choices: str) -> Callable[[object, Path], str]:
    def choice(value: object, _folder: Path) -> str:
        if value not in choices:
            raise _WrongError(f"{value!r} will not do; write one of {', '.join(map(repr, map(str, choices)))}")
        return str(value)

    return choice


def _text(value: object, what: str) -> str:
    if not isinstance(value, str) or not value:
        raise _WrongError(f"{value!r} will not do; write {what}")
    return value


def _texts(value: object, what: str) -> list[str]:
    several = value if isinstance(value, list) else [value]
    if not several:
        raise _WrongError(f"the list is empty; write {what}")
    return [_text(one, what) for one in several]


_KEYS: Mapping[str, Callable[[object, Path], Any]] = MappingProxyType(
    {
        "guides": _paths,
        "out": _path,
        "only": _outputs,
        "sheets": _number(99),
        "matrix-fit": _choice(*MATRIX_FITS),
        "duplex": _choice(*FLIPS),
        "jobs": _number(999),
        "on": _address,
        "quiet": _yes_or_no,
        "verbose": _yes_or_no,
        "cache": _yes_or_no,
    }
)
