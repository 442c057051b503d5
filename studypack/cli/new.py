"""`studypack new`: a guide to start from."""

from __future__ import annotations

import click

from studypack.cli.run import settled, told


@click.command(short_help="Start a guide.")
@click.argument("name", required=False)
@click.option("--title", help="The guide's title, where NAME is not it.")
@click.option("--workflow", is_flag=True, help="Write a workflow too, with which GitHub checks and builds the guides.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def new(name: str | None, *, title: str | None, workflow: bool, as_json: bool) -> None:
    """Start a guide that shows all that a guide can hold; it builds as it is.

    NAME is a file (notes/chemistry.md) or a title ("Organic chemistry"), whose guide goes into the folder source/ if
    there is one. Nothing that is there already is overwritten.

    `studypack new --workflow` writes the workflow alone, for the guides that are there.
    """
    if name is None and not workflow:
        raise click.UsageError('Name the guide: studypack new "Organic chemistry"')
    if name is None and title is not None:
        raise click.UsageError("--title is the title of a new guide; name its file too.")
    if name is not None and not name.strip():
        raise click.UsageError("The name is empty.")
    with told():
        from studypack import disk
        from studypack.desk import new as desk

        started = desk.start(name, title) if name is not None else None
        files = dict(started.files) if started else {}
        flow = desk.workflow(started.guide if started else None, settled().guides or ()) if workflow else {}
        disk.write_new({**files, **flow})
        written = [str(path) for path in (*files, *flow)]
        if as_json:
            guide = {"guide": str(started.guide), "title": started.title} if started else {}
            _print_json({**guide, "files": written})
        else:
            _print(written, str(started.guide) if started else None)


def _print(written: list[str], guide: str | None) -> None:
    """The files, and what to do next."""
    from shlex import quote

    from studypack.terminal import say

    for path in written:
        say(f"wrote {click.style(path, bold=True)}")
    if guide:
        say(f"\nEdit it, then: studypack build {quote(guide)}")
    else:
        say("\nCommit it with the guides and their locks; GitHub does the rest.")


def _print_json(value: object) -> None:
    import json

    from studypack.terminal import say

    say(json.dumps(value, ensure_ascii=False, indent=2))
