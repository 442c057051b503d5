"""The matrix: every comparison table of the guide on exactly one page, at the largest type that fits."""

from studypack.writers.matrix.choice import write
from studypack.writers.matrix.comparisons import needed

__all__ = ["needed", "write"]
