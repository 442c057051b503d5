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

OURS = {"studypack, cold": "-", "studypack, one card edited": "--", "studypack, nothing changed": ":"}
"""How our lines are drawn, all in one colour."""


def draw(curves: Curves, path: str) -> None:
    """A line for each contender, ours thick, the others thin; named in the order in which they end."""
    figure, axes = plt.subplots(figsize=(9, 5), layout="constrained")
    for name, points in sorted(curves.items(), key=lambda curve: -curve[1][-1][1]):
        style = {"color": "#c2410c", "linewidth": 2.5, "linestyle": OURS[name]} if name in OURS else {"linewidth": 1}
        axes.loglog(*zip(*points, strict=True), marker="o", markersize=3, label=name, **style)
    axes.set_xlabel("cards")
    axes.set_ylabel("seconds")
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.yaxis.set_major_formatter("{x:g}")
    axes.grid(visible=True, color="#ddd", linewidth=0.5)
    axes.spines[["top", "right"]].set_visible(False)
    figure.legend(frameon=False, loc="outside right upper")
    # No clock in it, so that the same figures give the same file.
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "speed", "svg.fonttype": "none", "font.family": "sans-serif"})
    # None of them like ours.
    mpl.rcParams["axes.prop_cycle"] = mpl.cycler(
        color=["#111", "#1f77b4", "#2ca02c", "#9467bd", "#888", "#17becf", "#bcbd22"]
    )
    draw(json.load(sys.stdin), sys.argv[1])
