"""Reading a guide: its text, its lines as saved, its front matter."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from pathlib import Path

from studypack.diagnostics import Diagnostic
from studypack.folder import FileFault, Folder
from studypack.media import Media, read_media
from studypack.span import START, Span
from studypack.stylesheet import Stylesheet, read_stylesheet

_LINE_END = re.compile(r"\r\n|\n|\r")
_LONE_BYTE = re.compile(r"[\ud800-\udfff]")  # what Python makes of a byte in a path that is not UTF-8 (PEP 383)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FENCE = re.compile(r"(?:---|\+\+\+)[ \t]*$")
_FENCE_END = {"-": re.compile(r"(?:---|\.\.\.)[ \t]*$"), "+": re.compile(r"\+\+\+[ \t]*$")}
_KEY_LIKE = re.compile(r"[A-Za-z_][\w-]*[ \t]*(?::(?:\s|$)|=)")

MAX_GUIDE_BYTES = 64 * 2**20
"""The largest guide taken, in bytes: some hundred thousand cards. A larger file is not a guide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A guide's text as saved.

    `path` is the file as the user named it, `name` its stem, `folder` the files beside it.
    `lines` are the lines without their ends; line 1 is `lines[0]`. `front` is what stands between the front matter's
    fences: YAML, or TOML where they are `+++`. It starts on line 2; the guide's Markdown starts on line `body`
    (one-based).
    """

    path: str
    name: str
    lines: tuple[str, ...]
    front: str
    body: int
    folder: Folder = field(compare=False, repr=False)

    def slice(self, span: Span) -> str:
        """The text that a span covers, its lines joined by a newline."""
        rows = list(self.lines[span.line - 1 : span.end_line])
        if not rows:
            return ""
        rows[-1] = rows[-1][: span.end_column - 1]
        rows[0] = rows[0][span.column - 1 :]
        return "\n".join(rows)

    def media(self, reference: str) -> Media | FileFault:
        """The picture or sound that the guide refers to, or why it cannot be used."""
        return read_media(self.folder, reference)

    def stylesheet(self, reference: str) -> Stylesheet | FileFault:
        """The style sheet that the guide refers to, or why it cannot be used."""
        return read_stylesheet(self.folder, reference)


def read_bytes(path: Path) -> tuple[bytes | None, tuple[Diagnostic, ...]]:
    """What is in the file of a guide, or the diagnostic that says why nothing is."""
    try:
        if path.stat().st_size > MAX_GUIDE_BYTES:
            return None, (_fault(path, "SP101", f"the file is larger than {MAX_GUIDE_BYTES >> 20} MB", "split it"),)
        return path.read_bytes(), ()
    except OSError as error:
        hint = "a guide is one Markdown file" if path.is_dir() else "check the path and the permissions"
        return None, (_fault(path, "SP101", f"the file cannot be read: {error.strerror or error}", hint),)


def read(path: Path) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """The guide in a file, or the diagnostics that say why there is none."""
    data, faults = read_bytes(path)
    return (None, faults) if data is None else from_bytes(data, path)


def from_bytes(data: bytes, path: Path, folder: Folder | None = None) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """The guide in the bytes of the file at `path`; the files beside it are in `folder`, or on this disk."""
    if _LONE_BYTE.search(path.stem):
        return None, (_fault(path, "SP107", "the file's name is not UTF-8", "rename the guide's file"),)
    try:
        text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        return None, (_not_utf8(data, path, error),)
    diagnostics: list[Diagnostic] = []
    lines = _LINE_END.split(text)
    for number, line in enumerate(lines):
        if found := _CONTROL.search(line):
            # Python-Markdown marks its own placeholders with control characters, and XML 1.0 forbids them.
            lines[number] = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", line)
            span = Span(number + 1, found.start() + 1, number + 1, found.end() + 1)
            message = f"a control character, U+{ord(found[0]):04X}; shown as \N{REPLACEMENT CHARACTER}"
            diagnostics.append(Diagnostic(code="SP108", path=str(path), span=span, message=message, hint="delete it"))
    front, body, unclosed = _split_front_matter(lines)
    if unclosed:
        diagnostics.append(
            Diagnostic(
                code="SP103",
                path=str(path),
                span=START,
                message="the front matter is not closed",
                hint=f"end it with a line that holds only {lines[0].strip()}",
            )
        )
    source = Source(
        path=str(path),
        name=path.stem,
        lines=tuple(lines),
        front=front,
        body=body,
        folder=folder or Folder(path.parent),
    )
    return source, tuple(diagnostics)


def _split_front_matter(lines: list[str]) -> tuple[str, int, bool]:
    """The YAML or TOML, the one-based line where the Markdown starts, and whether the closing fence is missing."""
    if not lines or not _FENCE.match(lines[0]) or _is_rule(lines):
        return "", 1, False
    end = _FENCE_END[lines[0][0]]
    for number, line in enumerate(lines[1:], start=1):
        if end.match(line):
            return "\n".join(lines[1:number]), number + 2, False
    # `---` on the first line may also be a rule; only what looks like a key was meant as front matter.
    return "", 1, len(lines) > 1 and bool(_KEY_LIKE.match(lines[1]))


def _is_rule(lines: list[str]) -> bool:
    """Whether the first line is only drawn: a blank line is below it, as below no front matter, and then no key."""
    if len(lines) == 1 or lines[1].strip():
        return False
    first = next((line for line in lines[1:] if line.strip()), "")
    return not (_KEY_LIKE.match(first) or _FENCE_END[lines[0][0]].match(first))


def _not_utf8(data: bytes, path: Path, error: UnicodeDecodeError) -> Diagnostic:
    data = data.removeprefix(codecs.BOM_UTF8)
    before = data[: error.start].decode("utf-8", "replace")
    rows = _LINE_END.split(before)
    line, column = len(rows), len(rows[-1]) + 1
    return Diagnostic(
        code="SP102",
        path=str(path),
        span=Span(line, column, line, column + 1),
        message=f"the file is not UTF-8: byte 0x{data[error.start]:02X} cannot be read",
        hint="save it as UTF-8 in your editor" if _is_text(data) else "a guide is Markdown text, and this is not",
    )


def _is_text(data: bytes) -> bool:
    """Whether it is text in some encoding: only UTF-16 has bytes of zero, and editors begin that with a mark."""
    return b"\0" not in data or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _fault(path: Path, code: str, message: str, hint: str) -> Diagnostic:
    return Diagnostic(code=code, path=str(path), span=START, message=message, hint=hint)
