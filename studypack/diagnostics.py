"""What is wrong or weak in a guide, as values; and how they read in a terminal.

An author's mistakes are diagnostics, all collected. What is wrong with the surroundings (a missing library, a full
disk) is a `StudypackError`. Our own faults are tracebacks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from enum import StrEnum
from typing import Any

from studypack.span import Span


class Severity(StrEnum):
    """An error stops the build of its guide; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A kind of finding: its code never changes its meaning."""

    code: str
    severity: Severity
    title: str


def _rules(*rows: tuple[str, Severity, str]) -> dict[str, Rule]:
    return {code: Rule(code=code, severity=severity, title=title) for code, severity, title in rows}


_E, _W = Severity.ERROR, Severity.WARNING

RULES = _rules(
    # SP1xx: the file and its front matter
    ("SP101", _E, "the file cannot be read"),
    ("SP102", _E, "the file is not UTF-8"),
    ("SP103", _E, "the front matter is not YAML"),
    ("SP104", _W, "unknown key in the front matter"),
    ("SP105", _E, "a value in the front matter is not of its kind"),
    ("SP106", _E, "the guide is empty"),
    ("SP107", _E, "the guide's name cannot name a deck"),
    ("SP108", _W, "control characters in the text"),
    ("SP109", _W, "a key in the front matter is given twice"),
    ("SP110", _W, "a rule that cannot be switched off"),
    # SP2xx: structure
    ("SP201", _E, "a code fence is not closed"),
    ("SP202", _W, "a heading without text"),
    ("SP203", _W, "an unknown class"),
    ("SP204", _W, "a table row has too few or too many cells"),
    ("SP205", _W, "a link inside the guide leads nowhere"),
    ("SP206", _E, "two headings have the same #id"),
    ("SP207", _W, "blocks nested too deep"),
    ("SP208", _W, "a footnote is not defined, or not used"),
    ("SP209", _W, "an attribute list that cannot be read"),
    ("SP210", _W, "raw HTML was made harmless"),
    ("SP211", _W, "raw HTML is not closed"),
    # SP3xx: pictures and sounds
    ("SP301", _E, "a picture or sound is missing"),
    ("SP302", _E, "a picture or sound outside the guide's folder"),
    ("SP303", _E, "a picture that cannot be read"),
    ("SP304", _E, "a picture or sound is too large"),
    ("SP305", _W, "a remote picture is left out"),
    ("SP306", _E, "a kind of file that Anki cannot show"),
    ("SP307", _W, "diagrams need an extra that is not installed"),
    ("SP308", _W, "a diagram that cannot be drawn"),
    # SP4xx: cards
    ("SP401", _W, "two cards ask the same"),
    ("SP402", _W, "a question without an answer"),
    ("SP403", _W, "text that looks like Anki's own syntax"),
    ("SP404", _W, "the guide makes no cards"),
    ("SP405", _E, "the lock would change"),
    # SP5xx: paper
    ("SP501", _W, "a character that no font can draw"),
    ("SP502", _W, "the matrix is too small to read well"),
    ("SP503", _W, "the guide has no comparison table, so there is no matrix"),
    ("SP504", _E, "something did not fit on the page"),
    ("SP505", _W, "a rule of the author's style sheet is left out"),
    ("SP506", _W, "the cheat sheet does not fit on so many sheets"),
    ("SP508", _W, "a formula that is printed as its TeX"),
    # SP6xx: what `check` advises: cards that are hard to learn, and what looks like a slip
    ("SP601", _W, "an answer too long for one card"),
    ("SP602", _W, "a question that yes or no answers"),
    ("SP603", _W, "a front that is not clear on its own"),
    ("SP604", _W, "a list of many items asked at once"),
    ("SP605", _W, "two cards with nearly the same front"),
    ("SP606", _W, "an answer that only repeats the question"),
    ("SP607", _W, "an answer that says nothing"),
    ("SP608", _W, "a picture without alternative text"),
    ("SP609", _W, "mangled encoding"),
    ("SP610", _W, "a comparison whose cells are sentences"),
    ("SP611", _W, "a level that nothing else has"),
)
"""Every finding there is, by code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding: what, where, and what to do about it.

    `path` is the guide as the user named it; `message` one sentence; `hint` what to do, or empty.
    """

    code: str
    path: str
    span: Span
    message: str
    hint: str = ""

    @property
    def severity(self) -> Severity:
        """Whether it stops the build."""
        return RULES[self.code].severity

    def text(self) -> str:
        """`guide.md:42:1: error SP103: …`, and the hint on a line of its own."""
        head = f"{self.path}:{self.span.line}:{self.span.column}: {self.severity} {self.code}: {self.message}"
        return f"{head}\n  hint: {self.hint}" if self.hint else head

    def as_json(self) -> list[object]:
        """All of it in a row that JSON can hold, for `from_json`."""
        return [self.code, self.path, [*astuple(self.span)], self.message, self.hint]

    @classmethod
    def from_json(cls, row: list[Any]) -> Diagnostic:
        """What `as_json` wrote."""
        code, path, span, message, hint = row
        return cls(code=code, path=path, span=Span(*span), message=message, hint=hint)


def why_not_ignored(code: str) -> tuple[str, str] | None:
    """Why an author cannot switch off a rule, and what to do instead; None where that can be done."""
    rule = RULES.get(code.upper())
    if rule is None:
        return f"there is no rule {code!r} to switch off", "codes are shown with each finding, such as SP601"
    if rule.severity is Severity.ERROR:
        return f"{rule.code} is an error and cannot be switched off", "correct what it is about"
    return None


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them stops the build."""
    return any(d.severity is Severity.ERROR for d in diagnostics)


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By file, then by place; the same order on every run."""
    return tuple(sorted(diagnostics, key=lambda d: (d.path, d.span, d.code, d.message)))


class StudypackError(Exception):
    """Something outside the guide is wrong; the message says what, and what to do about it."""
