"""Diagrams written as text, drawn as pictures: the one door to the engines of the extra `diagrams`.

Mermaid is drawn by mermaid-render, a library with a JavaScript engine inside; DOT by graphviz-pure, a program. Neither
opens a browser, a file or a connection, and both give the same bytes for the same text. They stop after LIMIT.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any
from xml.etree import ElementTree

from studypack.folder import FileFault
from studypack.media import Media, drawing

LANGUAGES: Mapping[str, str] = MappingProxyType({"mermaid": "mermaid", "dot": "dot", "graphviz": "dot"})
"""What a fence may be called, and the language it is then in."""

LIMIT = 10.0
"""Seconds that one diagram may take; mermaid-render sets itself the same."""

_LONGEST = 50_000  # characters; mermaid-render takes no more, and nobody reads a larger picture
_ALT = 1_000  # characters
_SVG = "{http://www.w3.org/2000/svg}"
# Ours on paper; on a card whatever the device has. Boxes were made for Noto Sans or Arial, which are no narrower.
_FONTS = "'IBM Plex Sans Condensed', 'Studypack Sans', Arial, Helvetica, sans-serif"
_STYLE = (
    *("-Gbgcolor=transparent", "-Gfontname=Arial", "-Gfontsize=13"),
    *("-Nfontname=Arial", "-Nfontsize=12", "-Ncolor=#4472C4", "-Nfontcolor=#172D4A"),
    *("-Efontname=Arial", "-Efontsize=11", "-Ecolor=#3B434D", "-Efontcolor=#3B434D"),
)
_TITLES = re.compile(r"^\s*(?:title:?|accTitle:)\s+(\S.*?)\s*$|\blabel\s*=\s*\"([^\"\n]+)\"\s*;?\s*$", re.M)


class _FaultyError(ValueError):
    """What is wrong with a diagram, in the engine's words."""


def draw(language: str, text: str) -> Media | FileFault:
    """The picture of a diagram in a language of LANGUAGES, or why there is none.

    SP307 says that the engine is not installed, SP308 that the engine cannot draw this.
    """
    if len(text) > _LONGEST:
        return _fault(f"it has {len(text):,} characters, {_LONGEST:,} at most")
    try:
        svg = _mermaid(text) if LANGUAGES[language] == "mermaid" else _dot(text)
    except ImportError:
        message = "the diagram is shown as its code: what draws diagrams is not installed"
        return FileFault(code="SP307", message=message, hint="install it: pip install 'studypack[diagrams]'")
    except _FaultyError as error:
        return _fault(str(error))
    picture = drawing("diagram", *_tidied(svg))
    return _fault(picture.message) if isinstance(picture, FileFault) else picture


def describe(text: str) -> str:
    """A diagram in words, for who cannot see it: its title if it has one, and its source on one line."""
    found = _TITLES.search(text)
    title = f"{found[1] or found[2]}. " if found else ""
    lines = (line.strip().rstrip(";") for line in text.splitlines())
    words = f"Diagram: {title}" + "; ".join(line for line in lines if line.strip("-{}"))
    return words if len(words) <= _ALT else words[: _ALT - 1].rstrip() + "…"


def _fault(why: str) -> FileFault:
    message = f"the diagram cannot be drawn and is shown as its code: {' '.join(why.split())[:300]}"
    return FileFault(code="SP308", message=message, hint="correct it; lines are counted inside the fence")


# --- the engines -------------------------------------------------------------------------------------------------


def _mermaid(text: str) -> str:
    import mermaid_render

    try:
        return bytes(mermaid_render.convert(text, format="svg", theme="redux-color")).decode()
    # Its own errors are ValueErrors, but what an author writes can be anything, and so can what it stumbles over.
    except Exception as error:
        raise _FaultyError(_in_words(error, len(text.splitlines()))) from error


def _in_words(error: Exception, lines: int) -> str:
    """`syntax at 5:1: Parse error on line 5: …` as a person would say it; the end counts as the last of the `lines`."""
    found = re.match(r"[\w-]+ at (\d+):(\d+): (.*)", str(error), re.DOTALL)
    if found is None:
        return str(error) or type(error).__name__
    line, column = int(found[1]), int(found[2])
    place = "at the end: " if line > lines else f"line {line}, column {column}: " if line else ""
    return place + re.sub(r"Parse error on line .*?(?=Expecting|$)", "", found[3], flags=re.DOTALL)


def _dot(text: str) -> str:
    command = [str(_program()), "-Tsvg", *_STYLE]
    try:
        done = subprocess.run(
            command, input=text.encode(), capture_output=True, timeout=LIMIT, env=_environment(), check=False
        )
    except subprocess.TimeoutExpired as error:
        raise _FaultyError(f"it is not done after {LIMIT:.0f} seconds") from error
    if done.returncode or not done.stdout.strip():
        said = done.stderr.decode("utf-8", "replace").strip().removeprefix("Error: <stdin>: ")
        raise _FaultyError(said or "there is no graph in it")
    return done.stdout.decode()


def _environment() -> dict[str, str]:
    """As on a web server (graphviz.org, “SERVER_NAME”): it then opens no file that a diagram names."""
    needed = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}  # by any program on Windows
    return {**needed, "SERVER_NAME": "studypack"}


def _program() -> Path:
    """The program that graphviz-pure installed, wherever. Raises ImportError if it is not installed."""
    from importlib.metadata import files

    for file in files("graphviz-pure") or ():
        if file.name in ("graphviz-pure", "graphviz-pure.exe"):
            return Path(str(file.locate()))
    raise ModuleNotFoundError("graphviz-pure")


# --- the picture -------------------------------------------------------------------------------------------------


def _tidied(svg: str) -> tuple[bytes, tuple[int, int]]:
    """A drawing without what a reader never sees, in our fonts; and its size in pixels."""
    root = ElementTree.fromstring(svg)  # noqa: S314  # the engines write it; it is checked again as a picture
    width, height = (_pixels(root.get(side, "")) for side in ("width", "height"))
    root.attrib.update({"width": str(width), "height": str(height), "font-family": _FONTS})
    if "style" in root.attrib:  # mermaid-render's: variables that it resolved, and the type
        del root.attrib["style"]
        root.set("font-size", "16")
    _strip(root)
    for text in root.iter(f"{_SVG}text"):
        _join_lines(text)
    ElementTree.register_namespace("", _SVG.strip("{}"))
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True), (width, height)


def _strip(root: ElementTree.Element) -> None:
    for element in list(root.iter()):
        for name in [name for name in element.attrib if name.startswith("data-") or name == "class"]:
            del element.attrib[name]
        if element.get("font-family") in ("Arial", "Noto Sans"):
            del element.attrib["font-family"]
        for title in element.findall(f"{_SVG}title"):
            element.remove(title)


def _join_lines(text: ElementTree.Element) -> None:
    """Puts the words of a line into one element, where bold and plain words follow one another.

    To SVG that is the same; WeasyPrint 70 would centre each of them on the same spot.
    """
    words = list(text)
    if all("x" in word.attrib for word in words):
        return
    line = text
    for word in words:
        if "x" in word.attrib:
            place: dict[str, str] = {
                name: word.attrib.pop(name) for name in ("x", "y", "dx", "dy") if name in word.attrib
            }
            line = ElementTree.SubElement(text, f"{_SVG}tspan", place)
        text.remove(word)
        line.append(word)


def _pixels(length: str) -> int:
    """A length of an SVG in CSS pixels, rounded up."""
    found: Any = re.match(r"([\d.]+)(pt)?", length)
    return max(1, -(-round(float(found[1]) * 1000) * (4 if found[2] else 3) // 3000)) if found else 1
