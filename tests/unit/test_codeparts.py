"""Where a line of code may end besides its blanks."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studypack.writers.paper.codeparts import MOST, End, parts


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("customers.id = order_lines.order_id", ["customers.id = order_lines.order_id"]),
        ('log.Printf("readAllConfigurations")', ["log.Printf(", '"readAllConfigurations")']),
        ("f(readConfigurationFromFilesAndMore)", ["f(", "readConfiguration", "FromFiles", "AndMore)"]),
        ("SOME_NAME_THAT_GOES_ON_AND_ON", ["SOME_NAME_", "THAT_GOES_", "ON_AND_", "ON"]),
        ("arn:aws:dynamodb:eu-central-1:table", ["arn:aws:dynamodb:eu-", "central-1:table"]),
        ("=" * 30, ["=" * 12, "=" * 12, "=" * 6]),
        ("", [""]),
    ],
)
def test_code_is_parted_behind_punctuation_and_before_words(code: str, found: list[str]) -> None:
    """Names of usual length stay whole, and no line begins with a comma or a closing bracket for want of one letter."""
    assert parts(code, End())[0] == found


def test_a_part_may_end_with_an_element() -> None:
    """Code that goes on in the next element of its line is parted as if it were one: an empty first part says so."""
    _, end = parts("time.parseConfiguration(", End())
    assert parts("moment", end)[0] == ["", "moment"]
    assert parts("))", end)[0] == ["))"]


@given(st.lists(st.text(alphabet="aB_1.(,)\"' =", max_size=80), max_size=4))
def test_nothing_is_lost_and_nothing_stays_too_long(elements: list[str]) -> None:
    """The parts are the code, and none of them holds more letters without a blank than a column takes."""
    end, lines = End(), [""]
    for code in elements:
        (first, *more), end = parts(code, end)
        lines[-1] += first
        lines += more
    assert "".join(lines) == "".join(elements)
    assert all(len(stretch) <= MOST for line in lines for stretch in re.split(r"\s", line))
