"""The system libraries that WeasyPrint needs, looked for before it is imported.

Its own import prints a banner to standard output and raises a bare OSError when one is missing.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import sys
from collections.abc import Iterable

from studypack.diagnostics import StudypackError

LIBRARIES: tuple[tuple[str, ...], ...] = (
    ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0-0.dll", "libgobject-2.0-0", "gobject-2.0"),
    ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll", "libpango-1.0-0", "pango-1.0"),
    ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll", "libharfbuzz-0", "harfbuzz"),
    ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll", "libfontconfig-1", "fontconfig"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll", "libpangoft2-1.0-0", "pangoft2-1.0"),
    (
        "libharfbuzz-subset.so.0",
        "libharfbuzz-subset.0.dylib",
        "libharfbuzz-subset-0.dll",
        "libharfbuzz-subset-0",
        "harfbuzz-subset",
    ),
)
"""Each library by the names WeasyPrint 70 tries (its text/ffi.py), the commonest first.

It could do without harfbuzz-subset, but cuts fonts down by other means then: slower, with a warning, and with a time
in the font, so that no two builds are the same bytes.
"""

OLDEST_PANGO = 14400
"""Pango 1.44, the oldest that WeasyPrint 70 supports, as `pango_version()` counts."""

_HOW = {
    "linux": (
        "Install Pango: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 (Debian, Ubuntu), "
        "dnf install pango (Fedora), apk add pango (Alpine), pacman -S pango (Arch)."
    ),
    "darwin": "Install Pango: brew install pango.",
    "win32": "Install Pango: winget install MSYS2.MSYS2, then pacman -S mingw-w64-ucrt-x86_64-pango in its shell.",
}


def missing(libraries: Iterable[tuple[str, ...]] = LIBRARIES) -> tuple[str, ...]:
    """The libraries that cannot be loaded, each by its first name."""
    return tuple(names[0] for names in libraries if _load(names) is None)


def require() -> None:
    """Make sure that PDFs can be made here.

    Raises StudypackError naming what is missing and how to install it.
    """
    if absent := missing():
        raise StudypackError(f"PDFs need system libraries that are missing: {', '.join(absent)}. {how_to_install()}")
    if _pango() < OLDEST_PANGO:
        raise StudypackError(f"PDFs need Pango 1.44 or newer; this is {pango_version()}. {how_to_install()}")


def pango_version() -> str:
    """The version of Pango that is here, such as `1.52.1`."""
    version = _pango()
    return f"{version // 10000}.{version // 100 % 100}.{version % 100}"


def _pango() -> int:
    """Pango's version as it counts itself; 0 where there is none."""
    pango = _load(LIBRARIES[1])
    return int(pango.pango_version()) if pango else 0


def how_to_install(platform: str = sys.platform) -> str:
    """What to type on this platform."""
    return _HOW.get(platform, _HOW["linux"])


def _load(names: tuple[str, ...]) -> ctypes.CDLL | None:
    for name in names:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    # Only macOS and Windows gain from a search; on Linux it would start ldconfig and a compiler for each name.
    if sys.platform != "linux":
        for name in names:
            if found := ctypes.util.find_library(name):
                return ctypes.CDLL(found)
    return None
