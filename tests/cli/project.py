"""A folder with a guide, and the installed command to run in it."""

from __future__ import annotations

import os
import subprocess
import sysconfig
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(sysconfig.get_path("scripts")) / ("studypack.exe" if os.name == "nt" else "studypack")

GUIDE = """\
---
title: Tea
deck: Kitchen::Tea
---

# Tea

## Kinds

- **Green** — not oxidised
- **Black** — fully oxidised

## Brewing

| Aspect | Green | Black |
| --- | --- | --- |
| Heat | 80 °C | 95 °C |
| Time | 2 min | 4 min |

### Why does tea turn bitter?

Too hot, or too long ✅.
"""
"""A small guide: two terms, two rows of a comparison (four cards), a question."""

PLAIN = "# Tea\n\n## Kinds\n\n- **Green** — not oxidised\n\n## Brewing\n\nPour water on it.\n"
"""A guide without a table."""

BROKEN = GUIDE.replace("deck: Kitchen::Tea", "deck: [Kitchen")
"""The guide with a mistake that stops its build: front matter that is not YAML."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A folder with a guide in source/, and the command run there."""

    folder: Path

    @property
    def guide(self) -> Path:
        """The guide."""
        return self.folder / "source" / "tea.md"

    @property
    def environment(self) -> dict[str, str]:
        """The tests' own environment, but for what would change the output."""
        mine = {"SOURCE_DATE_EPOCH", "NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING", "PYTHONUTF8"}
        kept = {name: value for name, value in os.environ.items() if name not in mine}
        return {**kept, "STUDYPACK_CACHE_DIR": str(self.cache)}

    @property
    def cache(self) -> Path:
        """A cache of its own, so that nothing comes from another test."""
        return self.folder.with_name(f"{self.folder.name}-cache")

    def run(self, *arguments: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """`studypack ARGUMENTS`, as a person in this folder would run it, into pipes."""
        return subprocess.run(
            [str(SCRIPT), *arguments],
            cwd=self.folder,
            env={**self.environment, "PYTHONUTF8": "1", **(env or {})},
            capture_output=True,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            timeout=120,
        )

    def outputs(self, folder: str = "build") -> dict[str, bytes]:
        """What stands in an output folder, hidden files too."""
        place = self.folder / folder
        return {file.name: file.read_bytes() for file in sorted(place.iterdir())} if place.is_dir() else {}
