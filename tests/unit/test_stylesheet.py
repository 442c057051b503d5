"""An author's style sheet: what is kept, what is left out, and what the author is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from studypack import parse, source
from studypack.model import Guide
from studypack.stylesheet import MAX_BYTES, harmless
from tests.unit.reading import told


def test_rules_that_only_look_are_kept() -> None:
    """Colours, type, borders, media queries, and boxes in the margin of a page."""
    css = """
    h2, .callout > p:first-child { color: #123; border-top: 2pt solid var(--ink) !important }
    @media print { p { hyphens: none } }
    @page { background: #fff; @top-left { color: red } }
    """
    found = harmless(css)
    assert found.left_out == ()
    for kept in ("color:#123", "2pt solid var(--ink) !important", "@media print", "hyphens:none", "@top-left"):
        assert kept in found.css


@pytest.mark.parametrize(
    ("css", "what"),
    [
        ("@import 'other.css';", "@import"),
        ("@font-face { font-family: x; src: url(x.ttf) }", "@font-face"),
        ("p { background: url(file:///etc/passwd) }", "background: url(file:///etc/passwd)"),
        ("p { background: url('x.png') }", 'background: url("x.png")'),
        ("p { background: image-set('x.png' 1x) }", 'background: image-set("x.png" 1x)'),
        ("p { font-size: 1e7px }", "font-size: 1e7px"),
        ("p { width: calc(1px + 99999pt) }", "width: calc(1px + 99999pt)"),
        ("p { position: absolute }", "position: absolute"),
        ("p { float: left }", "float: left"),
        ("p { -weasy-anchor: x }", "-weasy-anchor: x"),
        ("body { columns: 9 }", "columns: 9"),
        ("@page { size: 9pt 9pt }", "size: 9pt 9pt"),
        ("p { color }", "what stands here cannot be read"),
    ],
)
def test_what_loads_moves_or_explodes_is_left_out_and_said(css: str, what: str) -> None:
    """Each with its line and column; the rules around it stay."""
    found = harmless(f"b {{ color: red }}\n{css}\ni {{ color: blue }}")
    ((span, said),) = found.left_out
    assert said.startswith(what)
    assert span.line == 2
    assert "b { color:red }" in found.css
    assert "i { color:blue }" in found.css
    assert what not in found.css


def _guide(folder: Path, theme: str, css: bytes | None = b"p { color: red }") -> tuple[Guide | None, list[str]]:
    if css is not None:
        (folder / "mine.css").write_bytes(css)
    path = folder / "guide.md"
    path.write_text(f"---\ntheme: {theme}\n---\n# T\n\ntext\n", encoding="utf-8")
    text, _ = source.read(path)
    assert text is not None
    guide, _ = parse.guide(text)
    said = told(path.read_text(encoding="utf-8"), path)
    return guide, [f"{found.code}@{found.span.line}" for found in said if found.code != "SP404"]


@pytest.mark.parametrize(
    ("theme", "name", "css"),
    [
        ("sepia", "sepia", ""),
        ("mine.css", "plain", "p { color:red }"),
        ("[Sepia, mine.css]", "sepia", "p { color:red }"),
    ],
)
def test_a_guide_has_a_theme_and_rules_on_top(tmp_path: Path, theme: str, name: str, css: str) -> None:
    """A built-in theme, a style sheet beside the guide, or both."""
    guide, said = _guide(tmp_path, theme)
    assert guide is not None
    assert (guide.theme, guide.css, said) == (name, css, [])


@pytest.mark.parametrize(
    ("theme", "css", "code"),
    [
        ("other.css", b"", "SP301"),
        ("../mine.css", b"", "SP302"),
        ("mine.css", b"\xff\xfe", "SP303"),
        ("mine.css", b" " * (MAX_BYTES + 1), "SP304"),
        ("mine.css", b"p { float: left }", "SP505"),
        ("neon", b"", "SP105"),
    ],
)
def test_what_is_wrong_with_a_theme_is_said_at_its_line(tmp_path: Path, theme: str, css: bytes, code: str) -> None:
    """In the front matter, where it is named."""
    _, said = _guide(tmp_path, theme, css)
    assert said == [f"{code}@2"]
