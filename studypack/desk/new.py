"""A guide to start from, and the workflow that has GitHub check and build guides: where they go, what is in them."""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from studypack import __version__, pipeline
from studypack.diagnostics import StudypackError
from studypack.making import is_backup

TEMPLATES = Path(__file__).with_name("templates")
"""The files to start from; `{title}` and the like in them are filled in."""

SOURCE = "source"
"""The folder for guides, where there is one."""

WORKFLOW = Path(".github", "workflows", "studypack.yml")
"""Where GitHub looks for workflows, from the top of a repository."""

PICTURE = "studypack-example.svg"
"""The picture that a new guide shows, beside it; several guides share it."""

_LONGEST = 120  # bytes of a name, for the names of outputs are longer and systems allow 255
_FORMULA = "$$\n\\bar{x} = \\frac{1}{n} \\sum_{i=1}^{n} x_i\n$$"
_NO_FORMULA = "Formulas such as `$x^2$` are drawn on paper once `pip install 'studypack[math]'` was run."
_PLAIN_YAML = re.compile(r"[^\W\d_][\w .,()–—’-]*")
_NULL = re.compile(r"null", re.IGNORECASE)
_NO_NAME = re.compile(r'[\x00-\x1f\x7f<>:"|?*\\]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)  # on Windows, with any ending
_HIDDEN_IN_TITLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A guide that is to be started: its file, its title, and all files that are written for it."""

    guide: Path
    title: str
    files: Mapping[Path, bytes]


def start(name: str, title: str | None = None) -> Start:
    """The guide that a name asks for: a path, or a title whose guide goes into source/ or this folder.

    Raises StudypackError where such a guide could not be built, or another is in its way.
    """
    if _HIDDEN_IN_TITLE.search(name + (title or "")):
        raise StudypackError("The name holds characters that no text has; type it anew.")
    guide = path_of(name)
    _check_name(guide)
    _check_place(guide)
    title = " ".join((title or (title_of(guide.stem) if _is_path(name) else name)).split())
    picture = guide.with_name(PICTURE)
    files = {guide: _guide(title)}
    if not picture.exists():
        files[picture] = (TEMPLATES / "picture.svg").read_bytes()
    return Start(guide=guide, title=title, files=files)


def path_of(name: str) -> Path:
    """The file that a name stands for."""
    if _is_path(name):
        path = Path(name)
        return path if path.suffix.lower() == ".md" else path.with_name(f"{path.name}.md")
    folder = Path(SOURCE) if Path(SOURCE).is_dir() else Path()
    return folder / f"{slug(name)}.md"


def slug(title: str) -> str:
    """A file's name for a title: its letters and digits in lower case, of any script, with hyphens between.

    Raises StudypackError where nothing is left.
    """
    words = re.findall(r"[^\W_]+", re.sub(r"['’]", "", unicodedata.normalize("NFC", title).casefold()))
    found = ""
    for word in words:
        longer = f"{found}-{word}" if found else word
        if len(longer.encode()) > _LONGEST:
            break
        found = longer
    if not found:
        raise StudypackError(f"{title!r} gives no name for a file; name one: studypack new my-guide.md --title …")
    return found


def title_of(stem: str) -> str:
    """A title for a file's name: `organic-chemistry` is about `Organic chemistry`."""
    words = " ".join(re.split(r"[\s_-]+", stem)).strip()
    return words[:1].upper() + words[1:] or stem


def workflow(guide: Path | None, usual: Sequence[Path] = ()) -> Mapping[Path, bytes]:
    """The workflow for the folder of a guide, at the top of its repository.

    Without a guide it is for the folder that is set as the `usual` one, or else for the guides here. Raises
    StudypackError where there are none.
    """
    folder = guide.parent if guide else _folder_of_guides(usual)
    top = _top(folder)
    inside = folder.resolve().relative_to(top).as_posix()
    # Paths are told as short as they are; only a repository that starts further up needs a whole one.
    root = Path() if top == Path.cwd().resolve() else top
    text = _filled("workflow.yml", folder=_yaml(inside), version=__version__)
    return {root / WORKFLOW: text}


# --- names -------------------------------------------------------------------------------------------------------


def _is_path(name: str) -> bool:
    """Whether a name is a path. `TCP/IP` is a title, unless there is a folder TCP."""
    path = Path(name)
    return path.suffix.lower() == ".md" or (bool(set(name) & {"/", os.sep}) and path.parent.is_dir())


def _check_name(guide: Path) -> None:
    stem = guide.stem
    why = ""
    if is_backup(stem):
        why = f"Anki takes {stem}.apkg for a backup, and would replace the whole collection by it"
    elif stem.startswith(".") or stem.upper() == "README":
        why = "a build of the folder leaves such files out"
    elif _NO_NAME.search(guide.name) or _DEVICE.fullmatch(stem) or stem != stem.strip():
        why = "not every system can have a file of that name"
    elif len(stem.encode()) > _LONGEST:
        why = "its name is too long"
    if why:
        raise StudypackError(f"A guide cannot be called {guide.name}: {why}. Choose another name.")


def _check_place(guide: Path) -> None:
    """Refuse a place that a guide has, or had: a lock left behind would give its cards to the new guide."""
    lock = pipeline.lock_path(guide)
    if guide.exists() or guide.is_symlink():
        raise StudypackError(f"{guide} is already there, and stays as it is. Choose another name.")
    if lock.exists():
        raise StudypackError(
            f"{lock} is the lock of a guide that was there before: a new one would take over its cards. "
            "Restore that guide, or delete the lock, or choose another name."
        )
    same = [other for other in guide.parent.glob("*") if other.name.casefold() == guide.name.casefold()]
    if same:
        raise StudypackError(f"{same[0]} would have the same outputs as {guide}. Choose another name.")


# --- what is written ---------------------------------------------------------------------------------------------


def _guide(title: str) -> bytes:
    """The guide; without what draws formulas it has none, for its first build shall be without a warning."""
    formula = _FORMULA if find_spec("ziamath") else _NO_FORMULA
    return _filled("guide.md", title=_yaml(title), picture=PICTURE, formula=formula)


def _filled(template: str, **values: str) -> bytes:
    """A template with its `{name}`s replaced, each once: what stands in a value is left as it is."""
    text = (TEMPLATES / template).read_text(encoding="utf-8")
    names = "|".join(values)
    return re.sub(rf"(?<!\$)\{{({names})\}}", lambda found: values[found[1]], text).encode()


def _yaml(text: str) -> str:
    """A text as a value of YAML: plain if it can be; JSON's quotes are YAML's (yaml.org/spec/1.2.2, 1.3)."""
    plain = _PLAIN_YAML.fullmatch(text) and not _NULL.fullmatch(text)
    return text if plain else json.dumps(text, ensure_ascii=False)


def _folder_of_guides(usual: Sequence[Path]) -> Path:
    """The folder that a workflow is for. It knows one; where several are set, the person goes into one of them."""
    for folder in (*(usual if len(usual) == 1 else ()), Path(SOURCE), Path()):
        if folder.is_dir() and pipeline.find_guides(folder):
            return folder
    if len(usual) > 1:
        raise StudypackError(
            "A workflow is for one folder, and the settings name several: run this in one of them, "
            "then add the others to the workflow."
        )
    raise StudypackError("There is no guide here or in source/. Start one along with it: studypack new NAME --workflow")


def _top(folder: Path) -> Path:
    """The top of the repository that a folder is in; without one, this folder, if it is around that."""
    place, here = folder.resolve(), Path.cwd().resolve()
    for above in (place, *place.parents):
        if (above / ".git").exists():
            return above
    return here if place.is_relative_to(here) else place
