"""The preview as one page that asks for nothing: cards, style, pictures, and the PDFs where they are small."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from studypack import disk
from studypack.desk.preview.content import Content, as_json, read
from studypack.desk.preview.faces import faces, sets_formulas, style
from studypack.desk.preview.papers import Sheets, lay_out, new_printers
from studypack.diagnostics import StudypackError

MAX_PAPER = 8 * 2**20
"""The largest PDF that goes into the page, in bytes; a larger one is better sent beside it."""

CSP = (
    "default-src 'none'; script-src 'sha256-{script}'; style-src 'unsafe-inline'; img-src data:; media-src data:;"
    " frame-src blob:; object-src blob:; base-uri 'none'; form-action 'none'"
)


def export(path: Path, cache: Path | None, target: Path) -> int:
    """Writes the page of a guide, whole or not at all; its size in bytes.

    Raises StudypackError where the guide cannot be read or the page cannot be written.
    """
    content = read(path, int(time.time()), cache)
    if content.stale:
        told = "\n".join(one.text() for one in content.diagnostics)
        raise StudypackError(f"{path} cannot be shown.\n{told}")
    with new_printers() as printers:
        sheets = lay_out(path, cache, printers)
    data = page(content, sheets).encode()
    disk.write_all({target: data})
    return len(data)


def page(content: Content, sheets: Sheets) -> str:
    """The page, with all that it shows in it."""
    script = _file("page.js")
    data = {
        "number": 0,
        **as_json(content, sheets.diagnostics),
        "path": Path(content.path).name,  # the folders above it are nobody's business
        "sheets": sheets.as_json(),
        "style": style(),
        "formulas": sets_formulas(),
        "faces": {card.id: faces(content, card) for card in content.cards.values()},
        "media": {name: _url(one.mime, one.data) for name, one in content.media.items()},
        "pdf": dict(_papers(sheets)),
    }
    held = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    policy = CSP.format(script=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode())
    text = _file("page.html")
    for mark, filling in (
        ('<link rel="stylesheet" href="page.css">', f"<style>{_file('page.css')}</style>"),
        ('<script src="page.js" defer></script>', f'<meta http-equiv="Content-Security-Policy" content="{policy}">'),
        ("</body>", f'<script type="application/json" id="data">{held}</script>\n<script>{script}</script>\n</body>'),
    ):
        assert text.count(mark) == 1
        text = text.replace(mark, filling)
    return text


def _papers(sheets: Sheets) -> Iterator[tuple[str, str]]:
    for one in sheets.made:
        if one.data is not None and len(one.data) <= MAX_PAPER:
            yield one.output.value, _url("application/pdf", one.data)


def _file(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


def _url(mime: str, data: bytes) -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"
