"""`studypack preview`: a guide's cards in the browser, as Anki will show them."""

from __future__ import annotations

import os
from pathlib import Path

import click

from studypack.cli.run import guides_of, told


@click.command(short_help="Show cards in the browser as Anki will.")
@click.argument("guide", required=False, type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(1, 65535), help="Serve the page there.  [default: a free port]")
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
@click.option("--export", type=click.Path(path_type=Path, dir_okay=False), help="Write one page to send to somebody.")
def preview(guide: Path | None, *, port: int | None, no_open: bool, export: Path | None) -> None:
    """Show each card of GUIDE as Anki will, beside its lines, with the plan and both PDFs; again on every save.

    GUIDE may be left out where source/ holds just one. The page is for this computer only; nothing is written, and
    nothing is asked of any other. Ctrl-C ends it.

    With --export FILE.html, one page that needs no server is written instead.
    """
    from studypack import cache
    from studypack.terminal import say, size

    with told():
        path = _only(guide)
        folder = cache.default_folder(os.environ)
        if export is not None:
            from studypack.desk.preview import export as exporting

            written = exporting.export(path, folder, export)
            say(f"{export}  {size(written)}")
            return
        from studypack.desk.preview import server

        def ready(address: str) -> None:
            say(f"{click.style(str(path), bold=True)}\n  {address}  (Ctrl-C ends it)")
            if not no_open:
                click.launch(address)

        try:
            server.serve(path, folder, port, ready)
        except KeyboardInterrupt:
            say("")  # the shell's next line does not begin behind ^C


def _only(guide: Path | None) -> Path:
    """The guide that is meant: one, for a page shows one."""
    if guide is not None and not guide.exists():
        raise click.UsageError(f"There is no guide {guide}.")
    found = guides_of((guide,) if guide else ())
    if len(found) > 1:
        listed = "".join(f"\n  studypack preview {path}" for path in found)
        raise click.UsageError(f"There are several guides; name one:{listed}")
    return found[0]
