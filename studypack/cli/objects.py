"""What programs read (`--json`): names that stay, whatever is printed for people."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studypack.diagnostics import Diagnostic
    from studypack.lock import Entry
    from studypack.report import Report


def written(value: object, *, line: bool = False) -> str:
    """A value as JSON, for people's eyes too; or on one line."""
    return json.dumps(value, ensure_ascii=False, indent=None if line else 2)


def of_diagnostic(found: Diagnostic) -> dict[str, Any]:
    """A finding: lines and columns count from one, the end is exclusive."""
    return {
        "code": found.code,
        "severity": found.severity.value,
        "path": found.path,
        "line": found.span.line,
        "column": found.span.column,
        "end_line": found.span.end_line,
        "end_column": found.span.end_column,
        "message": found.message,
        "hint": found.hint or None,
    }


def of_diagnostics(found: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """Findings, in their order."""
    return [of_diagnostic(each) for each in found]


def of_report(report: Report) -> dict[str, Any]:
    """What became of a guide; `plan` as `studypack diff --json` has it, without the notes that did not change."""
    return {
        "path": report.path,
        "ok": report.ok and not report.troubles,
        "up_to_date": report.fresh,
        "outputs": [
            {
                "output": made.output.value,
                "path": str(made.path),
                "bytes": made.size,
                "pages": made.pages,
                "pt": made.type,
            }
            for made in report.made
        ],
        "removed": [str(path) for path in report.removed],
        "notes": dict(report.notes),
        "cards": dict(report.cards),
        "plan": _plan(report),
        "diagnostics": of_diagnostics(report.diagnostics),
        "troubles": list(report.troubles),
    }


def _plan(report: Report) -> list[dict[str, object]]:
    if not report.plan:  # nor is what it takes imported
        return []
    from studypack import plan

    return plan.as_json(change for change in report.plan if change.fate.value != "unchanged")


def of_entry(entry: Entry) -> dict[str, Any]:
    """A note of a lock."""
    return {"guid": entry.guid, "kind": str(entry.kind), "asks": entry.asks or None, "retired": entry.retired}
