"""Pictures and sounds of a guide: read, checked, named by their content.

Part of reading a guide. Pillow is imported when the first picture is read, not before.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass, replace
from urllib.parse import unquote_to_bytes
from xml.etree.ElementTree import Element

from studypack.folder import SMALLER, FileFault, Folder, outside, short

MAX_PIXELS = 40_000_000
"""The largest picture taken, in pixels: WeasyPrint needs about 8 bytes a pixel (a 13,000 x 13,000 one took 1.35 GB)."""

MAX_SVG_ELEMENTS = 50_000
"""The largest SVG taken, in parts drawn, copies by `<use>` counted: some seconds of WeasyPrint's time."""

_IMAGES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "svg": "image/svg+xml",
}
_SOUNDS = {
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "mp4": "video/mp4",
    "webm": "video/webm",
}
_PLAIN_PATH = re.compile(r"[^?#]*")
_REMOTE = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//|[a-z][a-z0-9+.-]+:", re.I)
_DATA = re.compile(r"data:(image/[a-z+.-]+);base64,(.*)", re.I | re.S)
_UNSAFE_SVG = re.compile(rb"<!ENTITY|<!DOCTYPE[^>]*\[|<\?xml-stylesheet|<(?:\w+:)?(?:script|foreignObject)[\s>]", re.I)
_OUTSIDE_CSS = re.compile(r"@import[^;]*;?|url\(\s*[\"']?(?!\s*[\"']?(?:#|data:))[^)]*\)", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A picture or sound of a guide, ready to travel.

    `name` is ASCII and holds a hash of the bytes, so another picture never hides behind an old name.
    `reference` is the path as the author wrote it. `kind` is "image" or "sound". `width` and `height` are pixels,
    if known.
    """

    name: str
    reference: str
    kind: str
    mime: str
    data: bytes
    width: int | None = None
    height: int | None = None

    @property
    def pixels(self) -> int:
        """How many pixels it has, as far as is known."""
        return (self.width or 0) * (self.height or 0)


def is_sound(reference: str) -> bool:
    """Whether a path names a sound (or a film, which Anki plays the same way)."""
    return _extension(reference) in _SOUNDS


def is_media(reference: str) -> bool:
    """Whether a path names a picture, a sound or a film."""
    return _extension(reference) in _IMAGES or is_sound(reference)


def read_media(folder: Folder, reference: str) -> Media | FileFault:
    """The picture or sound that a guide refers to, or why it cannot be used. Nothing is ever fetched."""
    if data := _DATA.match(reference):
        return _inline(reference, data[1].lower(), data[2])
    if reference.lower().startswith("file:"):
        return outside(reference)
    if _REMOTE.match(reference):
        return FileFault(
            code="SP305",
            message=f"{short(reference)} is not a file beside the guide; it is left out",
            hint="save the picture in the guide's folder and refer to it by its relative path",
        )
    file = folder.file(reference)
    if isinstance(file, FileFault):
        return file
    stem, _, extension = file.name.rpartition(".")
    if not stem or extension.lower() not in {*_IMAGES, *_SOUNDS}:
        return FileFault(
            code="SP306",
            message=f"{short(reference)}: files of this kind cannot be shown on a card",
            hint=f"use one of {', '.join(sorted({*_IMAGES, *_SOUNDS}))}",
        )
    return _checked(reference, stem, extension.lower(), file.data)


def drawing(stem: str, data: bytes, size: tuple[int, int]) -> Media | FileFault:
    """An SVG that was drawn here from an author's text, checked like any other; `size` in pixels."""
    picture = _checked(stem, stem, "svg", data)
    return replace(picture, width=size[0], height=size[1]) if isinstance(picture, Media) else picture


def _inline(reference: str, mime: str, text: str) -> Media | FileFault:
    extension = next((ext for ext, known in _IMAGES.items() if known == mime), "")
    try:
        data = base64.b64decode(unquote_to_bytes(text), validate=False)
    except (binascii.Error, ValueError):
        data = b""
    if not extension or not data:
        return FileFault(code="SP303", message="a picture inside the text cannot be read", hint="save it as a file")
    return _checked(reference, "inline", extension, data)


def _checked(reference: str, stem: str, extension: str, data: bytes) -> Media | FileFault:
    if extension in _SOUNDS:
        if not data:
            return _corrupt(reference, "it is empty")
        return _named(reference, stem, extension, "sound", data, None)
    if extension == "svg":
        harmless = _harmless_svg(data)
        if isinstance(harmless, str):
            return _corrupt(reference, harmless)
        return _named(reference, stem, extension, "image", harmless, None)
    size = _pixel_size(data)
    if isinstance(size, str):
        return _corrupt(reference, size)
    if size[0] * size[1] > MAX_PIXELS:
        return FileFault(
            code="SP304",
            message=f"{short(reference)} has too many pixels: {size[0]} x {size[1]}, {MAX_PIXELS:,} at most",
            hint=SMALLER,
        )
    return _named(reference, stem, extension, "image", data, size)


def _named(reference: str, stem: str, extension: str, kind: str, data: bytes, size: tuple[int, int] | None) -> Media:
    digest = hashlib.sha256(data).hexdigest()[:12]
    words = re.sub(r"[^a-z0-9]+", "-", stem.lower().encode("ascii", "ignore").decode()).strip("-")[:40]
    width, height = size or (None, None)
    return Media(
        name=f"{words or 'media'}-{digest}.{extension}",
        reference=reference,
        kind=kind,
        mime={**_IMAGES, **_SOUNDS}[extension],
        data=data,
        width=width,
        height=height,
    )


def _pixel_size(data: bytes) -> tuple[int, int] | str:
    """Width and height in pixels of a picture that decodes to its end, or what is wrong with it."""
    import io

    from PIL import Image, ImageFile, UnidentifiedImageError

    # WeasyPrint switches this on for the whole process; half a picture must be found all the same.
    truncated, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    limit, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None
    try:
        with Image.open(io.BytesIO(data)) as image:
            size: tuple[int, int] = image.size
            if size[0] * size[1] <= MAX_PIXELS:
                image.draft("L", (64, 64))
                image.load()
            return size
    except UnidentifiedImageError:
        return "it is not a picture"
    except (OSError, SyntaxError, ValueError, EOFError) as error:  # what Pillow raises for broken files
        return str(error)
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS = truncated, limit


def _harmless_svg(data: bytes) -> bytes | str:
    """An SVG without event handlers and outside requests, or what is wrong with it.

    None of those act in an `<img>`, but they have no business in a picture that travels to strangers. WeasyPrint
    expands entities and nested `<use>` without bound, so entities are refused and copies counted.
    """
    from xml.etree import ElementTree

    if found := _UNSAFE_SVG.search(data.replace(b"\0", b"")):  # also when it is UTF-16
        return f"it holds {found[0].decode('ascii', 'replace').strip()}…, which is not taken"
    try:
        root = ElementTree.fromstring(data)  # noqa: S314  # entities were refused above
    except ElementTree.ParseError as error:
        return f"it is not well-formed: {error}"
    if root.tag.rpartition("}")[2] != "svg":
        return "it is not an SVG picture"
    if fault := _too_many_copies(root):
        return fault
    if not _strip_requests(root):
        return data
    ElementTree.register_namespace("", "http://www.w3.org/2000/svg")
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))


def _strip_requests(root: Element) -> bool:
    """Takes event handlers and outside addresses out of an SVG; whether there were any."""
    found = False
    for element in root.iter():
        for name, value in list(element.items()):
            outside = name.rpartition("}")[2] == "href" and not value.startswith(("#", "data:"))
            if outside or name.lower().startswith("on"):
                del element.attrib[name]
                found = True
            elif _OUTSIDE_CSS.search(value):
                element.set(name, _OUTSIDE_CSS.sub("", value))
                found = True
        if element.tag.endswith("style") and element.text and _OUTSIDE_CSS.search(element.text):
            element.text = _OUTSIDE_CSS.sub("", element.text)
            found = True
    return found


def _svg_target(element: Element) -> str:
    return next((value for name, value in element.items() if name.rpartition("}")[2] == "href"), "")


def _too_many_copies(root: Element) -> str | None:
    """Whether `<use>` copies parts of an SVG without end, or so often that it would be drawn for hours."""
    by_id = {f"#{name}": element for element in root.iter() if (name := element.get("id"))}
    sizes: dict[Element, int] = {}

    def size(element: Element, above: tuple[Element, ...]) -> int:
        if element in above:
            return MAX_SVG_ELEMENTS + 1
        if element not in sizes:
            inside = sum(size(child, (*above, element)) for child in element)
            copied = by_id.get(_svg_target(element)) if element.tag.endswith("}use") else None
            sizes[element] = 1 + inside + (size(copied, (*above, element)) if copied is not None else 0)
        return sizes[element]

    try:
        drawn = size(root, ())
    except RecursionError:
        return "its parts are nested too deep"
    return f"it draws more than {MAX_SVG_ELEMENTS:,} parts" if drawn > MAX_SVG_ELEMENTS else None


def _corrupt(reference: str, why: str) -> FileFault:
    return FileFault(
        code="SP303", message=f"{short(reference)} cannot be used: {why}", hint="open it in a viewer and save it anew"
    )


def _extension(name: str) -> str:
    return _PLAIN_PATH.match(name)[0].rpartition(".")[2].lower()  # type: ignore[index]  # it matches anything
