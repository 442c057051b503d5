"""How generated inputs are tried, in all tests; and a cache for them alone."""

from __future__ import annotations

import atexit
import os
import tempfile

from hypothesis import settings

# A slow machine is no failure. On a server a run must give the same verdict twice, so inputs are not drawn by chance.
settings.register_profile("here", deadline=None)
settings.register_profile("server", deadline=None, derandomize=True, database=None)
settings.load_profile("server" if os.environ.get("CI") else "here")

# What people have built on this machine is no business of the tests, nor the other way round.
_CACHE = tempfile.TemporaryDirectory(prefix="studypack-tests-")
atexit.register(_CACHE.cleanup)
os.environ["STUDYPACK_CACHE_DIR"] = _CACHE.name
