"""A guide's element tree in; the guide as values, and everything wrong with it, out.

Never raises on what an author wrote.
"""

from __future__ import annotations

from studypack.parse.guide import Hidden
from studypack.parse.guide import read_guide as guide

__all__ = ["Hidden", "guide"]
