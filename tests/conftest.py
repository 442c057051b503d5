"""How generated inputs are tried, in all tests."""

from __future__ import annotations

import os

from hypothesis import settings

# A slow machine is no failure. On a server a run must give the same verdict twice, so inputs are not drawn by chance.
settings.register_profile("here", deadline=None)
settings.register_profile("server", deadline=None, derandomize=True, database=None)
settings.load_profile("server" if os.environ.get("CI") else "here")
