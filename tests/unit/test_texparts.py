"""Where a line may end in a formula."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studypack.writers.paper.texparts import at_relations, at_signs


@pytest.mark.parametrize(
    ("tex", "parts"),
    [
        ("a = b", ["a ", "= b"]),
        (r"a \le b \quad c", [r"a ", r"\le b ", r"\quad c"]),
        (r"a \quad\Rightarrow\quad b", [r"a ", r"\quad\Rightarrow\quad b"]),
        ("x_{i=1} = 3", ["x_{i=1} ", "= 3"]),
        ("P(A = 1) > 0", ["P(A = 1) ", "> 0"]),
        (r"\left[ x = 3 \right) = 5", [r"\left[ x = 3 \right) ", "= 5"]),
        (r"x \not= 3", [r"x \not= 3"]),
        (r"\begin{aligned} a &= b \end{aligned}", [r"\begin{aligned} a &= b \end{aligned}"]),
        (r"\begin{matrix} a = b \end{matrix} = c", [r"\begin{matrix} a = b \end{matrix} ", "= c"]),
        (r"x = \{a \mid a > 0\}", ["x ", r"= \{a \mid a > 0\}"]),
    ],
)
def test_a_formula_is_cut_before_relations(tex: str, parts: list[str]) -> None:
    """Before each relation and wide blank, but not in brackets, scripts or matrices, nor between two of them."""
    assert list(at_relations(tex)) == parts


@pytest.mark.parametrize(
    ("tex", "parts"),
    [
        ("a + b - c", ["a ", "+ b ", "- c"]),
        ("= -b + c", ["= -b ", "+ c"]),
        (r"\frac{a + b}{2} \pm c", [r"\frac{a + b}{2} ", r"\pm c"]),
        ("x^-", ["x^-"]),
    ],
)
def test_a_formula_is_cut_before_signs(tex: str, parts: list[str]) -> None:
    """Before plus and minus between two things, but not where they are the sign of what follows."""
    assert list(at_signs(tex)) == parts


@given(st.text(alphabet=r"ab=+-()[]{}\^_ &<", max_size=30))
def test_nothing_is_lost_in_between(tex: str) -> None:
    """The parts of any text are the text."""
    assert "".join(at_relations(tex)) == "".join(at_signs(tex)) == tex
