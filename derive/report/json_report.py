"""The report as JSON values, schema ``derive.verify/1`` (see ``verify_schema``).

The top level holds ``schema``, ``title``, ``source``, ``seed``, ``date`` (ISO), ``engines`` (name
to version), ``summary`` (``counts`` by verdict, ``as_expected``, ``unexpected``,
``cross_checks_failed``: names of claims; ``audit``: how many proofs the kernel followed; ``coq``:
what Coq said of the exported ones), ``wrong_in_source`` and ``claims``.

A claim holds ``name``, ``title``, ``part``, ``latex``, ``definitions``, ``assumptions``,
``verdict``, ``expected``, ``as_expected``, ``milliseconds``, ``corrected``, ``cross_check``,
``second_opinion``, ``rechecked`` (sentences), ``coq`` (``answer``: ``accepted``, ``rejected`` or
``not exported``; ``reason``), ``source``, ``note`` and ``derivation``.  A verdict
holds ``kind``, ``method``, ``reason``, ``conditions``, ``counterexample``, ``shapes``,
``left_over``, ``withdrawn`` and ``proof``; what there is none of is ``null``.  Formulas of the
engine are plain text as
``derive.terms.plain`` writes it, formulas of documents are LaTeX as it was written.  An error
that is not finite is ``null``.
"""

import math
from typing import Any, TypeAlias

from derive.coq.answer import Accepted, Answer, NotExported
from derive.report.model import (
    AuditFigures,
    ClaimEntry,
    CoqFigures,
    Corrected,
    CrossCheckFigures,
    Report,
    WrittenStep,
    WrongInSource,
)
from derive.report.terminal import condition_text
from derive.report.verify_schema import SCHEMA_NAME
from derive.terms.plain import proposition_text, step_text, term_text
from derive.verdict import Case, Counterexample, Proof, Step, Verdict

Json: TypeAlias = dict[str, Any]


def report_to_json(report: Report, *, steps: bool = False) -> Json:
    """Return the report as values for ``json.dumps``.

    With ``steps`` every proof holds its steps with both formulas; without, the rules by name and
    the number of steps (the formulas of long proofs are large).
    """
    return {
        "schema": SCHEMA_NAME,
        "title": report.title,
        "source": report.source,
        "seed": report.seed,
        "date": report.date.isoformat(),
        "engines": dict(report.engines),
        "summary": {
            "counts": {str(kind): number for kind, number in report.counts},
            "as_expected": not report.surprises,
            "unexpected": [entry.name for entry in report.surprises],
            "cross_checks_failed": [entry.name for entry in report.failed_cross_checks],
            "audit": _audit_figures(report.audit) if report.audit else None,
            "coq": _coq_figures(report.coq_figures) if report.coq_figures else None,
        },
        "wrong_in_source": [_wrong(row) for row in report.wrong_in_source],
        "claims": [claim_to_json(entry, steps=steps) for entry in report.entries],
    }


def claim_to_json(entry: ClaimEntry, *, steps: bool = False) -> Json:
    """Return one claim as values for ``json.dumps``."""
    return {
        "name": entry.name,
        "title": entry.title,
        "part": entry.part,
        "latex": entry.claim_latex,
        "definitions": list(entry.definitions_latex),
        "assumptions": list(entry.assumptions),
        "verdict": verdict_to_json(entry.verdict, steps=steps),
        "expected": str(entry.expected),
        "as_expected": entry.as_expected,
        "milliseconds": round(entry.milliseconds, 3),
        "corrected": _corrected(entry.corrected, steps) if entry.corrected else None,
        "cross_check": _cross_check(entry.cross_check) if entry.cross_check else None,
        "second_opinion": entry.second_opinion,
        "rechecked": list(entry.rechecked),
        "coq": _coq(entry.coq) if entry.coq else None,
        "source": entry.source,
        "note": entry.note,
        "derivation": [_written_step(step, steps) for step in entry.derivation],
    }


def verdict_to_json(verdict: Verdict, *, steps: bool = False) -> Json:
    """Return one verdict, with everything it carries, as values for ``json.dumps``."""
    return {
        "kind": str(verdict.kind),
        "method": verdict.method,
        "reason": verdict.reason,
        "conditions": [
            {
                "words": condition_text(verdict, place),
                "formula": proposition_text(c.proposition) if c.proposition else None,
            }
            for place, c in enumerate(verdict.conditions)
        ],
        "counterexample": _point(verdict.counterexample) if verdict.counterexample else None,
        "shapes": list(verdict.shapes) if verdict.shapes else None,
        "left_over": term_text(verdict.residual) if verdict.residual is not None else None,
        "withdrawn": verdict.withdrawn,
        "proof": _proof(verdict.proof, steps) if verdict.proof else None,
    }


def _proof(proof: Proof, steps: bool) -> Json:
    return {"rules": list(proof.rules), "cases": [_case(case, steps) for case in proof.cases]}


def _case(case: Case, steps: bool) -> Json:
    found: Json = {
        "assumptions": [proposition_text(assumption) for assumption in case.assumptions],
        "step_count": len(case.steps),
    }
    if steps:
        found["steps"] = [_step(step) for step in case.steps]
        found["left"], found["right"] = term_text(case.left), term_text(case.right)
    return found


def _step(step: Step) -> Json:
    before, after, conditions = step_text(step.before, step.after, step.conditions)
    return {"rule": step.rule, "before": before, "after": after, "conditions": list(conditions)}


def _point(point: Counterexample) -> Json:
    return {
        "dimensions": dict(point.dimensions),
        "assignment": dict(point.assignment),
        "left": point.left,
        "right": point.right,
        "bits": point.bits,
    }


def _corrected(corrected: Corrected, steps: bool) -> Json:
    verdict = verdict_to_json(corrected.verdict, steps=steps)
    return {"name": corrected.name, "latex": corrected.latex, "verdict": verdict}


def _cross_check(figures: CrossCheckFigures) -> Json:
    error = figures.largest_relative_error
    return {
        "quantity": figures.quantity,
        "points": figures.points,
        "seeds": figures.seeds,
        "dimensions": dict(figures.dimensions),
        "largest_relative_error": error if math.isfinite(error) else None,
        "tolerance": figures.tolerance,
        "passed": figures.passed,
        "hostile": list(figures.hostile),
    }


def _coq(answer: Answer) -> Json:
    if isinstance(answer, Accepted):
        return {"answer": "accepted", "reason": ""}
    kind = "not exported" if isinstance(answer, NotExported) else "rejected"
    return {"answer": kind, "reason": answer.reason}


def _audit_figures(figures: AuditFigures) -> Json:
    return {"proofs": figures.proofs, "followed": figures.followed, "steps": figures.steps}


def _coq_figures(figures: CoqFigures) -> Json:
    return {
        "version": figures.version,
        "exported": figures.exported,
        "accepted": figures.accepted,
        "not_exported": figures.without,
        "axioms": list(figures.axioms),
    }


def _written_step(step: WrittenStep, steps: bool) -> Json:
    return {
        "place": step.place,
        "left": step.left_latex,
        "relation": step.relation,
        "right": step.right_latex,
        "verdict": verdict_to_json(step.verdict, steps=steps),
        "fallacy": step.fallacy,
        "repair": step.repair_latex,
    }


def _wrong(row: WrongInSource) -> Json:
    return {
        "place": row.place,
        "kind": str(row.kind),
        "written": row.written_latex,
        "right": row.right_latex,
        "reason": row.reason,
        "claim": row.claim,
    }
