"""`studypack check`: what is wrong or weak in guides, for a person, a program or GitHub."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studypack.cli.run import GUIDE_ERRORS, go_on, guides_of, told

if TYPE_CHECKING:
    from studypack.desk.check import Checked
    from studypack.diagnostics import Diagnostic

FORMATS = ("text", "json", "github")

_WIDTH = 120
"""Columns of a line where nobody looks at a terminal: in a pipe, a file, continuous integration."""


def _explain(context: click.Context, _option: click.Parameter, code: str | None) -> None:
    if code is None or context.resilient_parsing:
        return
    from studypack.desk.codes import explanation
    from studypack.terminal import say

    found = explanation(code)
    if found is None:
        raise click.BadParameter(f"There is no code {code!r}; codes are such as SP601.")
    say(_in_colour(found))
    context.exit()


@click.command(short_help="Show what is wrong or weak in guides.")
@click.argument("guides", nargs=-1, metavar="[GUIDE]...", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "style",
    type=click.Choice(FORMATS),
    help="For a person, a program, or as annotations of a workflow on GitHub.  [default: text]",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--fix", is_flag=True, help="Put mangled encoding right (â€” for —), in the guides themselves.")
@click.option("--strict", is_flag=True, help="Exit with 1 for warnings too.")
@click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors and warnings.")
@click.option(
    "--explain", metavar="CODE", is_eager=True, expose_value=False, callback=_explain, help="Say all about a code."
)
def check(guides: tuple[Path, ...], style: str | None, *, as_json: bool, fix: bool, strict: bool, quiet: bool) -> None:
    """Show all that is wrong or weak in each GUIDE (a Markdown file, or a folder of them; by default, source/).

    Nothing is built. Beside mistakes, it names cards that are hard to learn; --explain says why. What you do not want
    to hear, switch off: `ignore: [SP601]` in the front matter, or a comment `<!-- studypack: ignore SP601 -->` above a
    block or behind a line.

    Exit code: 0 no errors (with --strict: no warnings either); 1 there are; 2 wrong usage.
    """
    from studypack.desk import check as desk
    from studypack.terminal import say

    if as_json and style not in (None, "json"):
        raise click.UsageError(f"--json and --format {style} cannot both be.")
    style = "json" if as_json else style or "text"
    with told() as outcome:
        done: list[Checked] = []
        for path in guides_of(guides):
            go_on()
            fixed = desk.fix(path) if fix else 0
            checked = desk.check(path)
            done.append(checked)
            if fixed and not quiet:
                say(f"{path}: {_many(fixed, 'mangled place')} put right", err=style != "text")
            if any(found.severity == "error" or strict for found in checked.found):
                outcome.worst(GUIDE_ERRORS)
            if style != "json" and checked.found:
                say("\n".join(_text(checked) if style == "text" else map(_github, checked.found)))
        if style == "json":
            say(_json(done))
        elif style == "text" and not quiet:
            say(_summary(done))


# --- for a person ------------------------------------------------------------------------------------------------


def _text(checked: Checked) -> Iterator[str]:
    for found in checked.found:
        yield from _one(found, checked.lines)
        yield ""


def _one(found: Diagnostic, lines: Sequence[str]) -> Iterator[str]:
    """A finding: where and what, the line it is about, what to do."""
    from studypack.desk.excerpt import excerpt

    colour = {"error": "red", "warning": "yellow"}[found.severity]
    place = click.style(f"{found.path}:{found.span.line}:{found.span.column}:", bold=True)
    yield f"{place} {click.style(f'{found.severity} {found.code}:', fg=colour, bold=True)} {found.message}"
    number = str(found.span.line)
    margin = " " * len(number)
    shown = excerpt(lines, found.span, _columns() - len(number) - 4)
    if shown:
        bar = click.style("|", fg="blue", bold=True)
        yield f" {margin} {bar}"
        yield f" {click.style(number, fg='blue', bold=True)} {bar} {shown.text}"
        yield f" {margin} {bar} {' ' * shown.before}{click.style('^' * shown.wide, fg=colour, bold=True)}"
    if found.hint:
        yield f" {margin} {click.style('= hint:', fg='cyan', bold=True)} {found.hint}"


def _columns() -> int:
    return max(40, shutil.get_terminal_size().columns) if sys.stdout.isatty() else _WIDTH


def _summary(done: Sequence[Checked]) -> str:
    errors = sum(found.severity == "error" for checked in done for found in checked.found)
    warnings = sum(found.severity == "warning" for checked in done for found in checked.found)
    checked = _many(len(done), "guide")
    unjudged = [each.path for each in done if not each.judged]
    left = f"\nNot judged until the errors are gone: the cards of {', '.join(unjudged)}." if unjudged else ""
    if not errors and not warnings:
        return f"{click.style('All well', fg='green', bold=True)}: {checked} checked."
    counts = [_many(number, noun) for number, noun in ((errors, "error"), (warnings, "warning")) if number]
    codes = (found.code for each in done for found in each.found)
    return f"{' and '.join(counts)} in {checked}. More about one: studypack check --explain {next(codes)}{left}"


def _many(count: int, noun: str) -> str:
    from studypack.terminal import many

    return many(count, noun)


def _in_colour(explanation: str) -> str:
    """A section of the page of codes: its heading stands out, the rest is Markdown, its paragraphs as wide as here."""
    heading, *paragraphs = explanation.split("\n\n")
    return "\n\n".join((click.style(heading.removeprefix("## "), bold=True), *map(_filled, paragraphs)))


def _filled(paragraph: str) -> str:
    import textwrap

    if paragraph.startswith("    "):  # an example, whose columns are its meaning
        return paragraph
    return textwrap.fill(paragraph, _columns(), break_long_words=False, break_on_hyphens=False)


# --- for programs ------------------------------------------------------------------------------------------------


def _json(done: Sequence[Checked]) -> str:
    import json

    rows = [_row(found) for checked in done for found in checked.found]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def _row(found: Diagnostic) -> dict[str, object]:
    """A finding; lines and columns count from one, columns in characters, the end is exclusive."""
    from studypack.diagnostics import RULES

    span = found.span
    return {
        "path": found.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "severity": found.severity.value,
        "code": found.code,
        "title": RULES[found.code].title,
        "message": found.message,
        "hint": found.hint,
        "fixable": found.code == "SP609",
    }


def _github(found: Diagnostic) -> str:
    """A finding as a workflow command (docs.github.com, “Workflow commands for GitHub Actions”)."""
    span = found.span
    path = os.path.relpath(found.path) if Path(found.path).is_absolute() else found.path
    places = {"file": path.replace(os.sep, "/"), "line": str(span.line)}
    if span.end_line == span.line:  # columns are for a single line only
        places |= {"col": str(span.column), "endColumn": str(max(span.column, span.end_column - 1))}
    places |= {"endLine": str(span.end_line), "title": f"studypack {found.code}"}
    said = ",".join(f"{key}={_escaped(value, '%,:')}" for key, value in places.items())
    text = f"{found.message}\nhint: {found.hint}" if found.hint else found.message
    return f"::{found.severity} {said}::{_escaped(text, '%')}"


def _escaped(text: str, signs: str) -> str:
    return re.sub(rf"[\r\n{signs}]", lambda sign: f"%{ord(sign[0]):02X}", text)
