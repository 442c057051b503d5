"""Draws the growth that the benchmark of speed measured. `python tests/bench/picture.py FILE`, with JSON on its input.

The JSON says for each contender how many seconds how many cards took: `{name: [[cards, seconds], …]}`. Runs in an
environment of its own that has Matplotlib; the project has not, and needs it for nothing else.
"""

from __future__ import annotations

import json
import sys

import matplotlib as mpl  # type: ignore[import-not-found]  # as the docstring says
from matplotlib import pyplot as plt

Curves = dict[str, list[tuple[int, float]]]


def draw(curves: Curves, path: str) -> None:
    """A line for each contender: ours thick, the others thin, named where they end."""
    figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
    for name, points in sorted(curves.items(), key=lambda curve: -curve[1][-1][1]):
        ours = name.startswith("studypack")
        axes.loglog(*zip(*points, strict=True), marker="o", markersize=3, linewidth=2.5 if ours else 1, label=name)
    axes.set_xlabel("cards")
    axes.set_ylabel("seconds")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.grid(visible=True, color="#ddd", linewidth=0.5)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False, loc="upper left")
    # No clock in it, so that the same figures give the same file.
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    mpl.rcParams.update({"svg.hashsalt": "speed", "svg.fonttype": "none", "font.family": "sans-serif"})
    draw(json.load(sys.stdin), sys.argv[1])
