"""The fonts there are: which files, which scripts they draw, and which extra brings more.

Paper sees these and never the machine's own, so the same guide gives the same bytes everywhere.
"""

from __future__ import annotations

import atexit
import tempfile
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape

from studypack.writers.paper.page import THEME

FOLDER = THEME / "fonts"
"""The fonts that come with every installation, with their licences, and `fonts.conf`, which names that folder only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """Fonts that are installed on request: `pip install studypack[NAME]`.

    `packages` hold one font file each; `scripts` are what they draw, by ISO 15924 code.
    """

    name: str
    packages: tuple[str, ...]
    scripts: frozenset[str]

    @property
    def folders(self) -> tuple[Path, ...]:
        """Where its fonts are; empty unless the whole extra is installed."""
        places = [spec.origin for package in self.packages if (spec := find_spec(package)) and spec.origin]
        return tuple(Path(place).parent for place in places) if len(places) == len(self.packages) else ()


EXTRAS = (
    # The Japanese cut holds all of Unicode's ideographs, kana, bopomofo and Hangul, and by `locl` the Chinese and
    # Korean forms of each, which HarfBuzz takes from the guide's `lang`.
    Extra(
        name="cjk",
        packages=("noto_cjk_sans_jp_regular", "noto_cjk_sans_jp_bold"),
        scripts=frozenset(("Bopo", "Hang", "Hani", "Hira", "Kana")),
    ),
)

_NOTO = {
    "Arab": "Arabic",
    "Armn": "Armenian",
    "Beng": "Bengali",
    "Deva": "Devanagari",
    "Ethi": "Ethiopic",
    "Geor": "Georgian",
    "Gujr": "Gujarati",
    "Guru": "Gurmukhi",
    "Hebr": "Hebrew",
    "Khmr": "Khmer",
    "Knda": "Kannada",
    "Laoo": "Lao",
    "Mlym": "Malayalam",
    "Mymr": "Myanmar",
    "Orya": "Oriya",
    "Sinh": "Sinhala",
    "Taml": "Tamil",
    "Telu": "Telugu",
    "Thai": "Thai",
}
_FAMILIES = {
    "Cyrl": "StudypackSans",
    "Grek": "StudypackSans",
    **{code: f"NotoSans{name}" for code, name in _NOTO.items()},
}

SCRIPTS = frozenset(("Latn", *_FAMILIES))
"""The scripts that every installation can print, by ISO 15924 code."""


def files() -> tuple[Path, ...]:
    """The files that every script needs, and the one that tells fontconfig of them, whether they are there or not."""
    families = sorted({"IBMPlexSansCondensed", *_FAMILIES.values()})
    faces = [f"{family}-{weight}.ttf" for family in families for weight in ("Regular", "Bold")]
    return tuple(FOLDER / name for name in ("fonts.conf", "NotoEmoji-Regular.ttf", "DejaVuSans.ttf", *faces))


def fallbacks(character: str, *, bold: bool) -> tuple[str, ...]:
    """The files in FOLDER that print a character which the text's own face has not, the likeliest first."""
    weight = "Bold" if bold else "Regular"
    family = _FAMILIES.get(script(character))
    own = (f"{family}-{weight}.ttf",) if family else ()
    return (*own, "NotoEmoji-Regular.ttf", "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf")


def script(character: str) -> str:
    """The ISO 15924 code of a character's script; one that several share is taken for the first of them.

    `Zyyy` is common to all scripts, such as digits and symbols; `Zzzz` is unknown to Unicode or private.
    """
    from fontTools.unicodedata import script as own
    from fontTools.unicodedata import script_extension

    # Full-width forms, letters too, are for use among ideographs.
    if unicodedata.east_asian_width(character) == "F":
        return "Hani"
    code = str(own(character))
    if code not in ("Zyyy", "Zinh"):
        return code
    shared = sorted(script_extension(character) - {"Zyyy", "Zinh"})
    return "Hani" if "Hani" in shared else shared[0] if shared else "Zyyy"


def script_name(code: str) -> str:
    """What people call a script, such as `Han` for `Hani`."""
    from fontTools.unicodedata import script_name as name

    return str(name(code, default=code))


def lacking(code: str) -> str:
    """The extra that would print a script, if it is not installed; else an empty string."""
    return next((extra.name for extra in EXTRAS if code in extra.scripts and not extra.folders), "")


@cache
def config() -> Path:
    """The file that tells fontconfig where our fonts are, and nothing of the machine's.

    With extras installed it is a temporary file, gone when the process ends; fontconfig reads it anew for every page.
    Their 32 MB cost 2 ms a page (fontconfig looks only at what a face covers), so they are always in it.
    """
    more = [folder for extra in EXTRAS for folder in extra.folders]
    if not more:
        return FOLDER / "fonts.conf"
    entries = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in (FOLDER, *more))
    text = (FOLDER / "fonts.conf").read_text("utf-8").replace('<dir prefix="relative">.</dir>', entries)
    with tempfile.NamedTemporaryFile("w", suffix=".conf", prefix="studypack-", encoding="utf-8", delete=False) as file:
        file.write(text)
    path = Path(file.name)
    atexit.register(path.unlink, missing_ok=True)
    return path
