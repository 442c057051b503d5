"""Diagrams as text, and as the pictures they become."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import pytest

from studypack import diagrams
from studypack.folder import FileFault
from studypack.media import Media
from studypack.model import Prose
from tests.unit.reading import guide_of, told

FLOW = "flowchart LR\n  A[Client] -->|SYN| B{Server up?}\n  B --> C{{Yes}}\n"
GRAPH = 'digraph { label="Two hosts"; a -> b [label="ping"]; }'

AGAIN = """
import hashlib
from studypack import diagrams
from tests.unit.test_diagrams import FLOW, GRAPH
for language, text in (("mermaid", FLOW), ("dot", GRAPH)):
    print(hashlib.sha256(diagrams.draw(language, text).data).hexdigest())
"""


def picture(language: str, text: str) -> Media:
    """A diagram that can be drawn."""
    found = diagrams.draw(language, text)
    assert isinstance(found, Media), found
    return found


def fault(language: str, text: str) -> FileFault:
    """Why a diagram cannot be drawn."""
    found = diagrams.draw(language, text)
    assert isinstance(found, FileFault)
    return found


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("mermaid", FLOW, {"Client", "SYN", "Server up?", "Yes"}),
        ("dot", GRAPH, {"Two hosts", "a", "b", "ping"}),
        ("graphviz", "graph { ä -- 日本 }", {"ä", "日本"}),
    ],
)
def test_a_diagram_is_an_svg_with_its_words(language: str, text: str, words: set[str]) -> None:
    """The words are text, in the fonts of the page; nothing that no reader sees is in it; the size is known."""
    found = picture(language, text)
    root = ElementTree.fromstring(found.data)  # noqa: S314  # it was drawn just now
    texts = ["".join(element.itertext()) for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert words <= set(texts)
    assert "IBM Plex Sans Condensed" in root.get("font-family", "")
    assert (found.width, found.height) == (int(root.get("width", "")), int(root.get("height", "")))
    for trace in (b"<title", b"class=", b"data-", b"<!--", b"DOCTYPE", b"var(", b"Noto Sans"):
        assert trace not in found.data
    assert found.name == f"diagram-{hashlib.sha256(found.data).hexdigest()[:12]}.svg"


def test_the_same_text_gives_the_same_bytes_in_another_process() -> None:
    """Another hash seed changes nothing."""
    run = subprocess.run(
        [sys.executable, "-c", AGAIN],
        cwd=Path(__file__).parents[2],
        env={"PYTHONHASHSEED": "4711", "PATH": ""},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.stderr == ""
    expected = [picture(*each).data for each in (("mermaid", FLOW), ("dot", GRAPH))]
    assert run.stdout.split() == [hashlib.sha256(data).hexdigest() for data in expected]


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("mermaid", "flowchart LR\n A -->|x B\n", "at the end: Expecting"),
        ("mermaid", 'pie\n  "a" : x\n', "line 2, column "),
        ("mermaid", "tower of cards", "No diagram type detected"),
        ("mermaid", "flowchart LR\n" + "A-->B\n" * 10_000, "60,013 characters, 50,000 at most"),
        ("dot", "digraph { a -> ", "syntax error in line 1"),
        ("dot", "// nothing", "there is no graph in it"),
    ],
)
def test_a_diagram_that_cannot_be_drawn_says_why(language: str, text: str, said: str) -> None:
    """The engine's own words, on one line."""
    found = fault(language, text)
    assert found.code == "SP308"
    assert said in found.message
    assert "\n" not in found.message


def test_a_diagram_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph that would be laid out for minutes costs no more than the limit."""
    monkeypatch.setattr(diagrams, "LIMIT", 0.5)
    edges = "\n".join(f"n{a * 37 % 701} -> n{a * a % 599};" for a in range(2_500))
    start = time.monotonic()
    assert "it is not done after" in fault("dot", f"digraph {{ {edges} }}").message
    assert time.monotonic() - start < 5


def test_a_diagram_opens_no_file_and_keeps_no_address(tmp_path: Path) -> None:
    """Pictures that a graph names are not looked at, links and scripts are gone."""
    secret = tmp_path / "secret.png"
    secret.write_bytes((Path(__file__).parents[1] / "guides" / "outside.png").read_bytes())
    text = f'digraph {{ a [image="{secret}", URL="javascript:alert(1)"]; b [href="http://127.0.0.1:9/"]; a -> b }}'
    found = picture("dot", text).data
    for trace in (b"secret", b"<image", b"javascript", b"127.0.0.1"):
        assert trace not in found
    clicked = picture("mermaid", 'flowchart LR\n A --> B\n click A "http://127.0.0.1:9/"\n').data
    assert b"127.0.0.1" not in clicked


def test_a_diagram_is_described_by_its_title_and_source() -> None:
    """Who cannot see it hears its title first, then its lines; a very long one is cut."""
    assert diagrams.describe(GRAPH).startswith("Diagram: digraph {")
    assert diagrams.describe('pie title Pets\n  title Pets\n  "Dogs" : 3\n').startswith("Diagram: Pets. pie title")
    assert diagrams.describe('graph {\n  label="A ring";\n  a -- b;\n}').startswith("Diagram: A ring. graph {")
    assert diagrams.describe(FLOW) == ("Diagram: flowchart LR; A[Client] -->|SYN| B{Server up?}; B --> C{{Yes}}")
    assert len(diagrams.describe("flowchart LR\n" + "A-->B\n" * 1_000)) == 1_000


def test_a_fence_becomes_a_picture_with_its_source_as_plain_text() -> None:
    """The block shows the picture; its plain text stays the source, so that a note is recognised by it."""
    guide = guide_of(f"## A\n\n```mermaid\n{FLOW}```\n\n## B\n\n```text\ndigraph {{}}\n```\n")
    (block,) = guide.topics[0].blocks
    assert isinstance(block, Prose)
    (media,) = guide.media
    assert block.html.startswith(f'<p><img class="diagram" src="{media.name}" alt="Diagram: flowchart LR; A[Client]')
    assert block.plain.strip() == FLOW.strip()
    (other,) = guide.topics[1].blocks
    assert isinstance(other, Prose)
    assert "<pre>" in other.html


def test_faulty_diagrams_are_told_at_their_fences() -> None:
    """Each has its own warning where its fence begins, in a quotation too, and stays code."""
    text = "# G\n\n## A\n\n```mermaid\nnonsense\n```\n\n> ```dot\n> graph {\n> ```\n"
    found = [(each.code, each.span.line, each.span.column) for each in told(text)]
    assert found == [("SP308", 5, 1), ("SP308", 9, 3)]
    assert "<pre>" in repr(guide_of(text))


def test_what_is_not_installed_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra the fences stay code, and one warning at the first of them says what to install."""
    monkeypatch.setitem(sys.modules, "mermaid_render", None)
    text = '# G\n\n## A\n\ntext\n\n```mermaid\nflowchart LR\nA-->B\n```\n\n```mermaid\npie\n"a" : 1\n```\n'
    (found,) = told(text)
    assert found.text() == (
        "/nowhere/guide.md:7:1: warning SP307: the diagram is shown as its code: what draws diagrams is not installed\n"
        "  hint: install it: pip install 'studypack[diagrams]'"
    )
    assert guide_of(text).media == ()


def test_a_program_that_is_not_installed_is_said_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine for DOT is a program; it is looked for where Python's packages are."""
    monkeypatch.setattr(sys, "path", [])
    assert fault("dot", GRAPH).code == "SP307"
