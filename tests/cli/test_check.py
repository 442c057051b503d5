"""`studypack check` as a person, a program and a workflow run it."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from studypack.desk.codes import PAGE, explanation
from studypack.desk.excerpt import columns, excerpt
from studypack.diagnostics import RULES
from studypack.span import Span
from tests.cli.project import BROKEN, GUIDE, SCRIPT, Project

ROOT = Path(__file__).resolve().parents[2]
GUIDES = ROOT / "tests" / "guides"
WEAK = GUIDE + "\n### Is it so?\n\nNo.\n"
MANGLED = GUIDE.replace("not oxidised", "not oxidised â€” cafÃ©")


def test_a_good_guide(project: Project) -> None:
    """Exit 0, one line; nothing at all with --quiet; nothing is written."""
    done = project.run("check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "All well: 1 guide checked.\n", "")
    assert project.run("check", "-q").stdout == ""
    assert [file.name for file in project.guide.parent.iterdir()] == ["tea.md"]
    assert not (project.folder / "build").exists()


def test_warnings_leave_the_exit_code(project: Project) -> None:
    """A warning shows its line underlined, and exits with 0; with 1 under --strict."""
    project.guide.write_text(WEAK, encoding="utf-8")
    done = project.run("check", "source/tea.md")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "source/tea.md:24:1: warning SP602: the answer is yes or no: 'No.'; half of all guesses are right\n"
        "    |\n 24 | ### Is it so?\n    | ^^^^^^^^^^^^^\n    = hint: ask why, how, when or what follows from it\n\n"
    )
    assert done.stdout.endswith("2 warnings in 1 guide. More about one: studypack check --explain SP602\n")
    assert project.run("check", "--strict").returncode == 1


def test_errors_exit_with_1(project: Project) -> None:
    """An error ends with 1; what could not be judged is said."""
    project.guide.write_text(BROKEN, encoding="utf-8")
    done = project.run("check")
    assert done.returncode == 1
    assert "error SP103" in done.stdout
    assert "Not judged until the errors are gone: the cards of source/tea.md." in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [("--explain", "SP999"), ("--format", "xml"), ("--json", "--format", "github"), ("empty/",), ("--explain",)],
)
def test_wrong_usage_exits_with_2(project: Project, arguments: tuple[str, ...]) -> None:
    """A code or format that does not exist, two formats, a folder without guides."""
    (project.folder / "empty").mkdir()
    done = project.run("check", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Error:" in done.stderr


def test_a_guide_that_is_not_there(project: Project) -> None:
    """It is told as any other error, and the others are checked all the same."""
    done = project.run("check", "nowhere.md", "source/tea.md")
    assert done.returncode == 1
    assert "nowhere.md:1:1: error SP101" in done.stdout
    assert "1 error in 2 guides." in done.stdout


def test_json_is_for_programs(project: Project) -> None:
    """A list of findings with all there is to know; an empty one where all is well."""
    assert json.loads(project.run("check", "--json").stdout) == []
    project.guide.write_text(WEAK, encoding="utf-8")
    done = project.run("check", "--format", "json")
    first = json.loads(done.stdout)[0]
    assert first == {
        "path": "source/tea.md",
        "line": 24,
        "column": 1,
        "end_line": 24,
        "end_column": 14,
        "severity": "warning",
        "code": "SP602",
        "title": "a question that yes or no answers",
        "message": "the answer is yes or no: 'No.'; half of all guesses are right",
        "hint": "ask why, how, when or what follows from it",
        "fixable": False,
    }


def test_annotations_for_github(project: Project) -> None:
    """Workflow commands, their special signs escaped; a guide named by its whole path is told relative to here."""
    guide = project.folder / "source" / "a,b.md"
    guide.write_text("# T\n\n## A: 5 % {: .odd }\n\ntext\n", encoding="utf-8")
    assert project.run("check", str(guide), "--format", "github").stdout.startswith(
        "::warning file=source/a%2Cb.md,line=3,col=14,endColumn=17,endLine=3,title=studypack SP203::"
        "unknown class .odd%0Ahint: known are .comparison,"
    )


def test_fix_puts_mangled_text_right(project: Project) -> None:
    """In the file, its byte order mark and line ends kept; a second run has nothing to do."""
    data = b"\xef\xbb\xbf" + MANGLED.replace("\n", "\r\n").encode()
    project.guide.write_bytes(data)
    assert "SP609" in project.run("check").stdout
    assert project.guide.read_bytes() == data
    done = project.run("check", "--fix")
    assert done.stdout == "source/tea.md: 2 mangled places put right\nAll well: 1 guide checked.\n"
    assert project.guide.read_bytes() == data.replace("â€”".encode(), "—".encode()).replace(
        "cafÃ©".encode(), "café".encode()
    )
    assert project.run("check", "--fix").stdout == "All well: 1 guide checked.\n"


def test_fix_leaves_what_it_is_told_to_leave(project: Project) -> None:
    """Where SP609 is switched off nothing is repaired; nor is a file touched that is not UTF-8."""
    project.guide.write_text(MANGLED.replace("---\n\n# Tea", "ignore: SP609\n---\n\n# Tea"), encoding="utf-8")
    before = project.guide.stat()
    assert project.run("check", "--fix").stdout == "All well: 1 guide checked.\n"
    assert project.guide.stat().st_mtime_ns == before.st_mtime_ns
    project.guide.write_bytes(b"caf\xe9 \xc3\xa2\xe2\x82\xac\xe2\x80\x9d\n")
    assert project.run("check", "--fix").returncode == 1
    assert project.guide.read_bytes().startswith(b"caf\xe9")


@pytest.mark.skipif(
    os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_fix_where_nothing_may_be_written(project: Project) -> None:
    """Exit 2 and a sentence; the guide stays."""
    project.guide.write_text(MANGLED, encoding="utf-8")
    project.guide.parent.chmod(0o500)
    try:
        done = project.run("check", "--fix")
    finally:
        project.guide.parent.chmod(0o700)
    assert done.returncode == 2
    assert done.stderr.startswith("error: Cannot write")


@pytest.mark.parametrize("code", ["SP601", "sp601", "601"])
def test_a_code_is_explained(project: Project, code: str) -> None:
    """The section of the page, its heading first; its paragraphs fill the lines, its examples keep their columns."""
    done = project.run("check", "--explain", code)
    assert done.returncode == 0
    assert done.stdout.startswith("SP601: ")
    assert "SP602" not in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 120
    assert "    (half a page)                    →    Sugar and oxygen.\n" in done.stdout


def test_the_page_of_codes_is_complete() -> None:
    """Each rule has its section, in order, with its severity and more than a sentence's worth; no other has."""
    page = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+): .*$", page, re.MULTILINE) == list(RULES)
    for code, rule in RULES.items():
        section = explanation(code) or ""
        assert section.startswith(f"## {code}: {rule.title}\n\n{rule.severity.title()}"), code
        assert len(section.split()) > 15, code


def test_each_advice_names_its_source() -> None:
    """SP6xx cite who found it, and the page says where to read it."""
    assert [code for code in RULES if code >= "SP600" and "\nSource: " not in (explanation(code) or "")] == []
    page = PAGE.read_text(encoding="utf-8")
    assert "https://www.supermemo.com/en/blog/twenty-rules-of-formulating-knowledge" in page
    assert "https://andymatuschak.org/prompts/" in page


@pytest.mark.parametrize(
    ("guide", "most"),
    [
        ("source/reinvent-2024.md", 0),
        *((f"tests/guides/{name}.md", 0) for name in ("chemistry", "hebrew", "japanese", "networks")),
        *((f"tests/guides/{name}.md", 1) for name in ("arabic-course", "faq-list", "python-interview", "scripts")),
        ("tests/guides/every-construct.md", 2),
    ],
)
def test_good_guides_are_left_in_peace(guide: str, most: int) -> None:
    """At most so many warnings on ordinary guides, and no error."""
    from studypack.desk.check import check

    checked = check(ROOT / guide)
    assert checked.judged
    assert len(checked.found) <= most, [found.text() for found in checked.found]


def test_what_is_switched_off_is_not_said_by_a_build_either(project: Project) -> None:
    """A warning that both know of; with the cache warm too, and when nothing changed."""
    comment = "<!-- studypack: ignore SP205 -->\n"
    text = GUIDE + "\n{}See [there](#nowhere).\n"
    project.guide.write_text(text.format(""), encoding="utf-8")
    assert "SP205" in project.run("build", "--only", "deck").stderr
    project.guide.write_text(text.format(comment), encoding="utf-8")
    for _ in range(2):
        assert project.run("build", "--only", "deck").stderr == ""
    assert project.run("check").stdout == "All well: 1 guide checked.\n"


# --- what is underlined ---


def test_wide_letters_and_tabs_are_underlined_in_place() -> None:
    """Two columns for a Chinese character, none for a mark on a letter, four for a tab."""
    found = excerpt(["\t日本é́x語"], Span(1, 6, 1, 7), 80)
    assert found is not None
    assert (found.text, found.before, found.wide) == ("    日本é́x語", 9, 1)


@pytest.mark.parametrize(("start", "end"), [(1, 5), (200, 210), (395, 401), (100, 300), (401, 401)])
def test_a_long_line_is_cut_around_what_is_meant(start: int, end: int) -> None:
    """Within the width, and the underlined text is the text meant, or the start of it."""
    line = "".join(chr(0x61 + number % 26) for number in range(400))
    found = excerpt([line], Span(1, start, 1, end), 60)
    assert found is not None
    assert columns(found.text) <= 60
    assert found.before + found.wide <= 61
    marked = found.text[found.before : found.before + found.wide].rstrip("…")
    assert line[start - 1 : end - 1].startswith(marked)


def test_nothing_is_shown_of_an_empty_line() -> None:
    """Nor of one that is not there."""
    assert excerpt([" "], Span(1, 1, 1, 1), 60) is None
    assert excerpt([], Span(1, 1, 1, 1), 60) is None


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_colours_on_a_terminal(project: Project) -> None:
    """The severity is yellow, the line number blue; a pipe and NO_COLOR get none."""
    project.guide.write_text(WEAK, encoding="utf-8")
    assert "\x1b[33m\x1b[1mwarning SP602:" in on_terminal(project, {})
    assert "\x1b[" not in on_terminal(project, {"NO_COLOR": "1"})
    assert "\x1b[" not in project.run("check").stdout


def on_terminal(project: Project, environment: dict[str, str]) -> str:
    """What `studypack check` prints on a terminal."""
    ours, theirs = pty.openpty()
    command = [str(SCRIPT), "check"]
    with subprocess.Popen(
        command, cwd=project.folder, env={**project.environment, **environment}, stdout=theirs
    ) as done:
        os.close(theirs)
        text = b""
        try:
            while piece := os.read(ours, 65536):
                text += piece
        except OSError:  # Linux's way to say that the other side is closed
            pass
        done.wait(60)
    os.close(ours)
    return text.decode()
