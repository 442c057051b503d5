"""Pictures and sounds: found, checked, named by their content; or why not."""

from __future__ import annotations

import base64
import io
import re
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from studypack.folder import MAX_BYTES, FileFault, Folder
from studypack.media import MAX_PIXELS, Media, is_sound, read_media

CUT = "the kind of a file on disk is read from its name up to the first # or ?"
RED, BLUE = (255, 0, 0), (0, 0, 255)


def picture(colour: tuple[int, int, int] = RED, kind: str = "PNG", size: tuple[int, int] = (3, 2)) -> bytes:
    """The bytes of a small picture."""
    stream = io.BytesIO()
    Image.new("RGB", size, colour).save(stream, kind)
    return stream.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG whose head names a size in pixels, with next to no data behind it (PNG specification, chapter 11)."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(width + 1))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )


def media_of(folder: Path, reference: str) -> Media:
    """The media that a reference names."""
    media = read_media(Folder(folder), reference)
    assert isinstance(media, Media), media
    return media


def fault_of(folder: Path, reference: str) -> str:
    """The code that tells why a reference names nothing usable."""
    fault = read_media(Folder(folder), reference)
    assert isinstance(fault, FileFault), fault
    assert fault.message
    assert fault.hint
    return fault.code


def svg_of(folder: Path, inside: str) -> str:
    """What becomes of an SVG with this inside."""
    text = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{inside}</svg>'
    (folder / "a.svg").write_text(text, encoding="utf-8")
    return media_of(folder, "a.svg").data.decode()


# --- what is taken ---


@pytest.mark.parametrize(
    ("extension", "kind", "mime"),
    [
        ("png", "PNG", "image/png"),
        ("jpg", "JPEG", "image/jpeg"),
        ("JPEG", "JPEG", "image/jpeg"),
        ("gif", "GIF", "image/gif"),
        ("webp", "WEBP", "image/webp"),
        ("bmp", "BMP", "image/bmp"),
    ],
)
def test_pictures_are_read_with_their_size(tmp_path: Path, extension: str, kind: str, mime: str) -> None:
    """Each kind of picture that Anki shows, its bytes as they are, its size in pixels."""
    data = picture(kind=kind)
    (tmp_path / f"a.{extension}").write_bytes(data)
    media = media_of(tmp_path, f"a.{extension}")
    assert (media.kind, media.mime, media.data, media.width, media.height) == ("image", mime, data, 3, 2)
    assert media.reference == f"a.{extension}"


@pytest.mark.parametrize(("extension", "mime"), [("mp3", "audio/mpeg"), ("ogg", "audio/ogg"), ("wav", "audio/wav")])
def test_sounds_are_taken_as_they_are(tmp_path: Path, extension: str, mime: str) -> None:
    """A sound is not decoded."""
    (tmp_path / f"a.{extension}").write_bytes(b"sound")
    media = media_of(tmp_path, f"a.{extension}")
    assert (media.kind, media.mime, media.data) == ("sound", mime, b"sound")


@pytest.mark.parametrize(("name", "sound"), [("a.mp3", True), ("a.MP3?x#y", True), ("a.png", False)])
def test_what_names_a_sound(name: str, sound: bool) -> None:
    """A path names a sound by its ending, whatever its case, query or fragment."""
    assert is_sound(name) is sound


@pytest.mark.parametrize("name", ["plain.png", "Süß & Größe.png", "日本.png", "a b (1).png", "x" * 200 + ".png"])
def test_names_are_ascii_and_hold_a_hash(tmp_path: Path, name: str) -> None:
    """Whatever the file is called, its name in a deck is short, ASCII and without blanks."""
    (tmp_path / name).write_bytes(picture())
    assert re.fullmatch(r"[a-z0-9-]+-[0-9a-f]{12}\.png", media_of(tmp_path, name).name)
    assert len(media_of(tmp_path, name).name) < 100


def test_other_bytes_have_another_name(tmp_path: Path) -> None:
    """Another picture never hides behind an old name, and the same one keeps its own."""
    names = []
    for colour in (RED, BLUE, RED):
        (tmp_path / "a.png").write_bytes(picture(colour))
        names.append(media_of(tmp_path, "a.png").name)
    assert names[0] == names[2] != names[1]


@pytest.mark.parametrize("reference", ["img/a b.png", "./img/a b.png", "img/a%20b.png", "img/a b.png?raw=true#x"])
def test_references_are_spelled_in_many_ways(tmp_path: Path, reference: str) -> None:
    """Relative paths with `./`, `%20`, a query or a fragment find their file."""
    (tmp_path / "img").mkdir()
    (tmp_path / "img" / "a b.png").write_bytes(picture())
    assert media_of(tmp_path, reference).kind == "image"


@pytest.mark.parametrize(
    "name",
    [
        "50%20.png",
        pytest.param("a#b.png"),
        pytest.param("why?.png"),
    ],
)
def test_a_file_whose_name_looks_encoded_is_found(tmp_path: Path, name: str) -> None:
    """A name that is literally so comes first."""
    (tmp_path / name).write_bytes(picture())
    assert media_of(tmp_path, name).data == picture()


def test_a_picture_inside_the_text(tmp_path: Path) -> None:
    """A `data:` picture becomes a file of the deck."""
    data = picture()
    media = media_of(tmp_path, f"data:image/png;base64,{base64.b64encode(data).decode()}")
    assert (media.data, media.mime, media.width) == (data, "image/png", 3)
    assert media.name.endswith(".png")


# --- what is not ---


@pytest.mark.parametrize("reference", ["none.png", "none/a.png", "", "A.PNG/", "x" * 5000 + ".png", "a\0.png"])
def test_a_missing_file(tmp_path: Path, reference: str) -> None:
    """A file that is not there is an error, however odd its name."""
    assert fault_of(tmp_path, reference) == "SP301"


@pytest.mark.parametrize(
    "reference", ["../secret.png", "%2e%2e/secret.png", "img/../../secret.png", "/etc/passwd", "file:///etc/passwd"]
)
def test_nothing_outside_the_guide_s_folder(tmp_path: Path, reference: str) -> None:
    """A guide from a stranger reaches no other file, however the path is spelled."""
    (tmp_path / "secret.png").write_bytes(picture())
    folder = tmp_path / "guides"
    folder.mkdir()
    assert fault_of(folder, reference) == "SP302"


def test_a_link_out_of_the_folder_is_outside(tmp_path: Path) -> None:
    """Links are followed before it is asked where a file lies."""
    (tmp_path / "secret.png").write_bytes(picture())
    folder = tmp_path / "guides"
    folder.mkdir()
    (folder / "a.png").symlink_to(tmp_path / "secret.png")
    assert isinstance(read_media(Folder(folder), "a.png"), FileFault)


def test_a_loop_of_links_is_missing(tmp_path: Path) -> None:
    """Links that lead to each other are no file."""
    (tmp_path / "a.png").symlink_to(tmp_path / "b.png")
    (tmp_path / "b.png").symlink_to(tmp_path / "a.png")
    assert fault_of(tmp_path, "a.png") == "SP301"


@pytest.mark.parametrize(
    "reference", ["https://example.org/a.png", "HTTP://example.org/a.png", "//example.org/a.png", "ftp://x/a.png"]
)
def test_remote_pictures_are_left_out(tmp_path: Path, reference: str) -> None:
    """Nothing is ever fetched."""
    assert fault_of(tmp_path, reference) == "SP305"


@pytest.mark.parametrize("name", ["a.txt", "a.pdf", "a.tiff", "a.html", "readme"])
def test_kinds_that_anki_cannot_show(tmp_path: Path, name: str) -> None:
    """Another kind of file is an error that lists the kinds."""
    (tmp_path / name).write_bytes(b"x")
    assert fault_of(tmp_path, name) == "SP306"


@pytest.mark.parametrize("data", [b"", b"not a picture", picture()[:-30], b"<html></html>"])
def test_a_picture_that_does_not_decode(tmp_path: Path, data: bytes) -> None:
    """Empty, cut or other bytes under a picture's name."""
    (tmp_path / "a.png").write_bytes(data)
    assert fault_of(tmp_path, "a.png") == "SP303"


def test_an_empty_sound(tmp_path: Path) -> None:
    """A sound of no bytes plays nothing."""
    (tmp_path / "a.mp3").write_bytes(b"")
    assert fault_of(tmp_path, "a.mp3") == "SP303"


def test_too_many_bytes(tmp_path: Path) -> None:
    """A file over the limit is not read."""
    with (tmp_path / "a.mp3").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert fault_of(tmp_path, "a.mp3") == "SP304"


def test_too_many_pixels(tmp_path: Path) -> None:
    """A small file that unpacks to a huge picture is refused by its head."""
    side = int(MAX_PIXELS**0.5) + 10
    (tmp_path / "a.png").write_bytes(png_that_claims(side, side))
    assert fault_of(tmp_path, "a.png") == "SP304"


@pytest.mark.parametrize(
    "reference", ["data:image/png;base64,", "data:image/png;base64,AAAA", "data:image/tiff;base64,AAAA"]
)
def test_a_broken_picture_inside_the_text(tmp_path: Path, reference: str) -> None:
    """A `data:` picture that cannot be read is an error."""
    assert fault_of(tmp_path, reference) == "SP303"


def test_other_data_is_no_picture(tmp_path: Path) -> None:
    """A `data:` page is left out."""
    assert fault_of(tmp_path, "data:text/html;base64,PGI+") == "SP305"


# --- SVG ---


def test_a_harmless_svg_stays_byte_for_byte(tmp_path: Path) -> None:
    """Nothing is rewritten without need."""
    assert svg_of(tmp_path, '<path d="M0 0"/><use href="#a"/>').endswith('<path d="M0 0"/><use href="#a"/></svg>')


@pytest.mark.parametrize(
    ("inside", "gone"),
    [
        ('<rect onclick="alert(1)" width="7"/>', "alert"),
        ('<image href="https://example.org/x.png" width="7"/>', "example.org"),
        ('<use xlink:href="other.svg#a" width="7"/>', "other.svg"),
        ('<rect fill="url(https://example.org/x)" width="7"/>', "example.org"),
        ('<style>@import url("https://example.org/x.css");</style><rect width="7"/>', "example.org"),
    ],
)
def test_an_svg_is_made_harmless(tmp_path: Path, inside: str, gone: str) -> None:
    """Handlers and outside addresses go, the rest stays."""
    data = svg_of(tmp_path, inside)
    assert gone not in data
    assert 'width="7"' in data


@pytest.mark.parametrize(
    "text",
    [
        "<svg",
        "<html/>",
        "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><foreignObject>1</foreignObject></svg>",
        "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg'>&a;</svg>",
        "<svg xmlns='http://www.w3.org/2000/svg'><g id='a'><use href='#a'/></g></svg>",
    ],
)
def test_an_svg_that_is_not_taken(tmp_path: Path, text: str) -> None:
    """Broken, running, self-copying or another kind of XML."""
    (tmp_path / "a.svg").write_text(text, encoding="utf-8")
    assert fault_of(tmp_path, "a.svg") == "SP303"
