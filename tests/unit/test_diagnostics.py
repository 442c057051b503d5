"""Findings as values: how they read, sort and count."""

from __future__ import annotations

import re
from dataclasses import FrozenInstanceError

import pytest

from studypack.diagnostics import RULES, Diagnostic, Severity, has_errors, in_order
from studypack.span import START, Span


def finding(code: str, line: int = 1, column: int = 1, path: str = "guide.md", message: str = "so") -> Diagnostic:
    """A finding at a place."""
    return Diagnostic(code=code, path=path, span=Span(line, column, line, column + 1), message=message)


def test_text_names_file_line_column_severity_and_code() -> None:
    """A finding reads as editors and CI understand it."""
    assert finding("SP103", 42).text() == "guide.md:42:1: error SP103: so"
    assert finding("SP203", 3, 9).text() == "guide.md:3:9: warning SP203: so"


def test_hint_stands_on_a_line_of_its_own() -> None:
    """What to do about it follows below."""
    found = Diagnostic(code="SP103", path="a.md", span=START, message="bad", hint="fix it")
    assert found.text() == "a.md:1:1: error SP103: bad\n  hint: fix it"


def test_every_code_has_its_form_and_title() -> None:
    """Codes are SP and three digits; each is listed under itself and says what it means."""
    assert all(re.fullmatch(r"SP[1-6]\d\d", code) and rule.code == code and rule.title for code, rule in RULES.items())
    assert len({rule.title for rule in RULES.values()}) == len(RULES)


def test_severity_is_the_rule_s() -> None:
    """A finding is as severe as its rule."""
    assert finding("SP101").severity is Severity.ERROR
    assert finding("SP104").severity is Severity.WARNING


def test_only_errors_stop_a_build() -> None:
    """Warnings alone stop nothing; one error does."""
    assert not has_errors([])
    assert not has_errors([finding("SP104"), finding("SP203")])
    assert has_errors([finding("SP104"), finding("SP301")])


def test_order_is_by_file_then_place() -> None:
    """Findings come by file, line and column, in the same order whatever order they were found in."""
    rows = [finding("SP203", 2, 5), finding("SP104", 10), finding("SP203", 2, 1), finding("SP301", 1, 1, "a.md")]
    expected = [("a.md", 1, 1), ("guide.md", 2, 1), ("guide.md", 2, 5), ("guide.md", 10, 1)]
    for given in (rows, rows[::-1]):
        assert [(each.path, each.span.line, each.span.column) for each in in_order(given)] == expected


def test_a_finding_cannot_change() -> None:
    """A finding is a frozen value."""
    with pytest.raises(FrozenInstanceError):
        finding("SP101").message = "other"  # type: ignore[misc]
