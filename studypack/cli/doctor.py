"""`studypack doctor`: what of all that studypack needs is on this machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from studypack.cli.run import CLEAN, USAGE

if TYPE_CHECKING:
    from studypack.desk.doctor import Finding

_COLOURS = {"ok": "green", "missing": "red", "weak": "yellow", "absent": "yellow"}
_ANKI_CONNECT = "http://127.0.0.1:8765"


class _Address(click.ParamType[tuple[str, int]]):
    """Where a program of this network listens, as in http://127.0.0.1:8765: a host and a port."""

    name = "URL"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        """The host and the port."""
        host, colon, port = str(value).removeprefix("http://").rstrip("/").rpartition(":")
        if not (colon and host and port.isascii() and port.isdigit() and int(port) < 65536):
            self.fail(f"{value!r} is no address such as {_ANKI_CONNECT}", param, ctx)
        return host, int(port)


@click.command(short_help="See whether all that studypack needs is there.")
@click.option(
    "--anki",
    "anki_connect",
    type=_Address(),
    envvar="ANKICONNECT_URL",
    default=_ANKI_CONNECT,
    show_default=True,
    help="Where AnkiConnect listens; also $ANKICONNECT_URL.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def doctor(*, anki_connect: tuple[str, int], as_json: bool) -> None:
    """See what of all that studypack needs or can use is there, and what to do where it is not.

    Exit code: 0 all that is needed is there; 2 something that is needed is missing.
    """
    from studypack.desk.doctor import State, Surroundings, examine

    findings = examine(Surroundings(environment=os.environ, anki_connect=anki_connect))
    missing = sum(finding.state is State.MISSING for finding in findings)
    if as_json:
        _print_json(findings, ok=not missing)
    else:
        _print(findings, missing)
    raise SystemExit(USAGE if missing else CLEAN)


def _print(findings: tuple[Finding, ...], missing: int) -> None:
    """A block a topic; a line a thing, and below it what to do."""
    from studypack.terminal import many, say

    width = max(len(finding.name) for finding in findings)
    topic = ""
    for finding in findings:
        if finding.topic != topic:
            topic = finding.topic
            say(click.style(topic, bold=True))
        state = click.style(f"{finding.state:<7}", fg=_COLOURS[finding.state], bold=finding.state == "missing")
        say(f"  {state}  {finding.name:<{width}}  {finding.found}")
        if finding.advice:
            say(f"  {'':<7}  {'':<{width}}  {click.style(finding.advice, dim=finding.state == 'absent')}")
    if missing:
        say(
            click.style(
                f"\n{many(missing, 'thing')} that studypack needs {'is' if missing == 1 else 'are'} missing.", bold=True
            )
        )
    else:
        say("\nAll that studypack needs is here.")


def _print_json(findings: tuple[Finding, ...], *, ok: bool) -> None:
    import json

    from studypack.terminal import say

    value = {"ok": ok, "findings": [finding.as_json() for finding in findings]}
    say(json.dumps(value, ensure_ascii=False, indent=2))
