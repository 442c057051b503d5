"""Guides whose making goes wrong: a module that Python loads at its start makes them so, by their names."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

MODULE = '''
import os, signal, time
from pathlib import Path
from studypack import making

PLACE = Path(os.environ["TROUBLE"])
MAKE = making.make

class OddError(Exception):
    """It cannot be unpickled."""
    def __init__(self, one, other):
        super().__init__(f"{one} {other}")

def make(order, *rest):
    name = Path(order.path).stem
    (PLACE / f"{name}.begun").write_text(str(os.getpid()))
    if "bug" in name:
        raise RuntimeError("a slip of ours")
    if "odd" in name:
        raise OddError("a slip", "of ours")
    if "killed" in name or ("once" in name and not (PLACE / name).exists()):
        (PLACE / name).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if "stuck" in name:
        time.sleep(600)
    while "after" in name and not (PLACE / f"{name.split('-')[-1]}.done").exists():
        time.sleep(0.01)
    pack = MAKE(order, *rest)
    (PLACE / f"{name}.done").touch()
    return pack

making.make = make
'''


def trouble(folder: Path) -> dict[str, str]:
    """An environment in which some guides go wrong; files in the folder say how far each of them came.

    `…bug` raises an exception, `…odd` one that cannot travel, `…killed` ends its process, `…once` does so once,
    `…stuck` is never done, and `…after-x` is done after x.
    """
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(MODULE, encoding="utf-8")
    return {"PYTHONPATH": str(folder), "TROUBLE": str(folder)}


def until(condition: Callable[[], object], seconds: float = 100) -> None:
    """Wait for something that is sure to come, on a machine however slow."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it does not come"
        time.sleep(0.02)
