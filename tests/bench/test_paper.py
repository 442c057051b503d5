"""The benchmark of paper still runs; what it measures with so few pages is not looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.paper import QUICK, guide_of, lines, long_guide, many_tables


@pytest.mark.long
def test_every_line_is_measured(tmp_path: Path) -> None:
    """Each line of the table has its figures, on few pages and in one round."""
    found = list(lines(QUICK, tmp_path))
    assert len(found) == 5 + len(QUICK.curve)
    for line in found:
        number = float(line.result.split()[0])
        # A few pages fit into the memory that importing took anyway.
        assert number > 0 or line.what == "memory a page", line


def test_its_guides_are_what_they_say() -> None:
    """The long guide grows with its pages and is the same each time; the guide of tables has as many as asked."""
    assert long_guide(4) == long_guide(4)
    assert 3.5 < len(long_guide(8)) / len(long_guide(2)) < 4.5
    assert [len(topic.blocks) for topic in guide_of(many_tables(3)).topics] == [1, 1, 1]
