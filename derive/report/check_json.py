"""The findings of ``derive check`` as JSON values, schema ``derive.check/1`` (``check_schema``).

Columns and lines count from 1, ends are exclusive, chains and steps count from 0.  Formulas of
documents are LaTeX as it was written; conditions and what is left of an undecided step are plain
text as ``derive.terms.plain`` writes it.  What there is none of is ``null``.
"""

from typing import Any, TypeAlias

from derive.check import DefinitionTaken, Place, Step
from derive.checking.auditing import AuditedStep
from derive.document.model import Diagnostic
from derive.report.check_model import Explained, FileReport
from derive.report.check_schema import SCHEMA_NAME
from derive.report.check_text import residual_text
from derive.verdict import Counterexample, Kind, Verdict

Json: TypeAlias = dict[str, Any]


def report_to_json(files: tuple[FileReport, ...]) -> Json:
    """Everything about all files, for ``json.dumps``."""
    return {"schema": SCHEMA_NAME, "files": [file_to_json(file) for file in files]}


def file_to_json(file: FileReport) -> Json:
    """Everything about one file: the summary with ``steps``."""
    return {**summary_to_json(file), "steps": [step_to_json(step) for step in file.steps]}


def json_lines(file: FileReport) -> list[Json]:
    """One value for each step, then the summary; ``type`` tells them apart."""
    steps = [{"type": "step", **step_to_json(step)} for step in file.steps]
    return [*steps, {"type": "summary", "schema": SCHEMA_NAME, **summary_to_json(file)}]


def summary_to_json(file: FileReport) -> Json:
    """One file without its steps: counts, definitions, declarations, diagnostics."""
    return {
        "file": file.path,
        "error": file.error or None,
        "relations": len(file.steps),
        "counts": file.counts,
        "stipulated": file.stipulations,
        "unread": len(file.unread),
        "definitions": [_definition(taken) for taken in file.definitions],
        "declarations": [{"text": text, **_place(place)} for text, place in file.declarations],
        "diagnostics": [_diagnostic(diagnostic) for diagnostic in file.diagnostics],
        "audit": None if file.audits is None else _audit(file.audits),
    }


def step_to_json(explained: Explained) -> Json:
    """One step: place, sides as written, verdict and everything that the verdict carries."""
    step = explained.step
    repair, fallacy = explained.repair, explained.fallacy
    caret = _place(explained.caret)
    del caret["file"]
    return {
        **_place(step.place),
        "caret": caret,
        "chain": step.chain,
        "step": step.index,
        "left": step.left_latex,
        "relation": step.relation,
        "right": step.right_latex,
        "defines": step.defines or None,
        **_verdict(step.verdict),
        "first_wrong": step.first_wrong,
        "conclusion": _conclusion(step),
        "code": explained.label[1] or None,
        "fallacy": {"code": fallacy.code, "name": fallacy.name} if fallacy else None,
        "repair": {
            "latex": repair.latex,
            "side": repair.side,
            "explanation": repair.explanation,
            "verdict": str(repair.verdict.kind),
            "conditions": _conditions(repair.verdict),
        }
        if repair
        else None,
        "warnings": [*step.warnings, *filter(None, [explained.trouble])],
        "ms": round(step.milliseconds, 3),
    }


def _verdict(verdict: Verdict) -> Json:
    undecided = verdict.kind is Kind.UNKNOWN and verdict.residual is not None
    return {
        "verdict": str(verdict.kind),
        "method": verdict.method,
        "reason": verdict.reason,
        "conditions": _conditions(verdict),
        "counterexample": _point(verdict.counterexample) if verdict.counterexample else None,
        "shapes": list(verdict.shapes) if verdict.shapes else None,
        "left_over": residual_text(verdict.residual) if undecided and verdict.residual else None,
        "withdrawn": verdict.withdrawn,
    }


def _conclusion(step: Step) -> Json | None:
    if step.conclusion is None or step.conclusion_latex is None:
        return None
    left, right = step.conclusion_latex
    return {"left": left, "right": right, **_verdict(step.conclusion)}


def _conditions(verdict: Verdict) -> list[str]:
    return [condition.words for condition in verdict.conditions]


def _point(point: Counterexample) -> Json:
    return {
        "dimensions": dict(point.dimensions),
        "assignment": dict(point.assignment),
        "left": point.left,
        "right": point.right,
    }


def _place(place: Place) -> Json:
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end_line": place.end_line,
        "end_column": place.end_column,
    }


def _audit(audits: tuple[AuditedStep, ...]) -> Json:
    followed = [step for step in audits if step.audit.accepted]
    return {
        "proofs": len(audits),
        "rechecked": len(followed),
        "steps": sum(step.audit.checked for step in followed),
        "doubts": [
            {**_place(step.place), "doubt": step.audit.doubt}
            for step in audits
            if not step.audit.accepted
        ],
    }


def _definition(taken: DefinitionTaken) -> Json:
    return {"name": taken.name, "latex": taken.latex, **_place(taken.place)}


def _diagnostic(diagnostic: Diagnostic) -> Json:
    d = diagnostic
    return {
        **_place(Place(d.file, d.line, d.column, d.end_line, d.end_column)),
        "kind": d.kind,
        "severity": d.severity,
        "found": d.found,
        "expected": d.expected or None,
        "help": d.help or None,
    }
