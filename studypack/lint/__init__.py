"""What is weak in a guide, beyond what stops its reading: how good its cards are, and what looks like a slip.

Each rule is a pure function from the guide, as it was read, to findings. Why each holds, and by whom it was found, is
on the page of codes (`studypack/codes.md`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from studypack import parse
from studypack.diagnostics import Diagnostic
from studypack.lint import answers, fronts, structure
from studypack.lint.reading import Reading
from studypack.lint.switches import Switches
from studypack.lint.text import mangled_encoding
from studypack.lint.text import repaired as repair
from studypack.model import Guide, Note
from studypack.source import Source

RULES: tuple[Callable[[Reading], Iterator[Diagnostic]], ...] = (
    answers.too_long,
    answers.yes_or_no,
    fronts.ambiguous,
    answers.many_items,
    fronts.nearly_the_same,
    answers.repeats_the_question,
    answers.says_nothing,
    structure.picture_without_text,
    structure.sentences_in_cells,
    structure.lonely_level,
)
"""The rules that judge a guide and its notes. What is mangled is found in the text alone: see `lint.text`."""


def of_text(source: Source) -> tuple[Diagnostic, ...]:
    """What is weak in the text, whatever stands in it; also where the guide has errors."""
    return tuple(mangled_encoding(source))


def of_guide(source: Source, guide: Guide, notes: Sequence[Note]) -> tuple[Diagnostic, ...]:
    """What is weak in a guide and in the notes that it makes."""
    reading = Reading(source=source, guide=guide, notes=tuple(notes))
    return tuple(found for rule in RULES for found in rule(reading))


def wanted(source: Source, guide: Guide | None, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Findings without those that the author switched off; and what is wrong with how that was written."""
    switches = Switches(source, guide)
    return (*(each for each in found if not switches.silence(each)), *switches.faults)


def repaired(text: str, source: Source) -> tuple[str, int]:
    """The text of a guide with what is mangled put right, but where that is switched off; in how many places."""
    switches = Switches(source, parse.guide(source)[0])
    return repair(text, lambda line: not switches.off("SP609", line))
