"""The JSON Schema of ``derive verify --json``.

The name changes when a field goes or changes its meaning; new fields do not change it, so a
reader must accept fields that it does not know.
"""

from typing import Any

from derive.verdict import Kind

SCHEMA_NAME = "derive.verify/1"

_TEXT = {"type": "string"}
_FLAG = {"type": "boolean"}
_COUNT = {"type": "integer", "minimum": 0}
_NUMBER = {"type": "number"}
_KIND = {"enum": [str(kind) for kind in Kind]}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _map(values: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": values}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _object(fields: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    properties = {**fields, **(optional or {})}
    return {"type": "object", "properties": properties, "required": list(fields)}


_STEP = _object({"rule": _TEXT, "before": _TEXT, "after": _TEXT, "conditions": _list(_TEXT)})
_CASE = _object(
    {"assumptions": _list(_TEXT), "step_count": _COUNT},
    {"steps": _list(_STEP), "left": _TEXT, "right": _TEXT},
)
_COUNTEREXAMPLE = _object(
    {
        "dimensions": _map(_COUNT),
        "assignment": _map(_TEXT),
        "left": _TEXT,
        "right": _TEXT,
        "bits": _COUNT,
    }
)
_VERDICT = _object(
    {
        "kind": _KIND,
        "method": _TEXT,
        "reason": _TEXT,
        "conditions": _list(_object({"words": _TEXT, "formula": _or_null(_TEXT)})),
        "counterexample": _or_null(_COUNTEREXAMPLE),
        "shapes": _or_null(_list(_TEXT)),
        "left_over": _or_null(_TEXT),
        "withdrawn": _FLAG,
        "proof": _or_null(_object({"rules": _list(_TEXT), "cases": _list(_CASE)})),
    }
)
_CROSS_CHECK = _object(
    {
        "quantity": _TEXT,
        "points": _COUNT,
        "seeds": _COUNT,
        "dimensions": _map(_COUNT),
        "largest_relative_error": _or_null(_NUMBER),
        "tolerance": _NUMBER,
        "passed": _FLAG,
        "hostile": _list(_TEXT),
    }
)
_WRITTEN_STEP = _object(
    {
        "place": _TEXT,
        "left": _TEXT,
        "relation": _TEXT,
        "right": _TEXT,
        "verdict": _VERDICT,
        "fallacy": _TEXT,
        "repair": _TEXT,
    }
)
_COQ_ANSWER = _object(
    {"answer": {"enum": ["accepted", "rejected", "not exported"]}, "reason": _TEXT}
)
_COQ_FIGURES = _object(
    {
        "version": _TEXT,
        "exported": _COUNT,
        "accepted": _COUNT,
        "not_exported": _COUNT,
        "axioms": _list(_TEXT),
    }
)
_AUDIT_FIGURES = _object({"proofs": _COUNT, "followed": _COUNT, "steps": _COUNT})
_CLAIM = _object(
    {
        "name": _TEXT,
        "title": _TEXT,
        "part": _TEXT,
        "latex": _TEXT,
        "definitions": _list(_TEXT),
        "assumptions": _list(_TEXT),
        "verdict": _VERDICT,
        "expected": _KIND,
        "as_expected": _FLAG,
        "milliseconds": _NUMBER,
        "corrected": _or_null(_object({"name": _TEXT, "latex": _TEXT, "verdict": _VERDICT})),
        "cross_check": _or_null(_CROSS_CHECK),
        "second_opinion": _TEXT,
        "rechecked": _list(_TEXT),
        "coq": _or_null(_COQ_ANSWER),
        "source": _TEXT,
        "note": _TEXT,
        "derivation": _list(_WRITTEN_STEP),
    }
)
_SUMMARY = _object(
    {
        "counts": _object({str(kind): _COUNT for kind in Kind}),
        "as_expected": _FLAG,
        "unexpected": _list(_TEXT),
        "cross_checks_failed": _list(_TEXT),
        "audit": _or_null(_AUDIT_FIGURES),
        "coq": _or_null(_COQ_FIGURES),
    }
)
_WRONG = _object(
    {
        "place": _TEXT,
        "kind": _KIND,
        "written": _TEXT,
        "right": _TEXT,
        "reason": _TEXT,
        "claim": _TEXT,
    }
)

#: The schema of the whole output (JSON Schema 2020-12).
VERIFY_SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": SCHEMA_NAME,
    **_object(
        {
            "schema": {"const": SCHEMA_NAME},
            "title": _TEXT,
            "source": _TEXT,
            "seed": {"type": "integer"},
            "date": _TEXT,
            "engines": _map(_TEXT),
            "summary": _SUMMARY,
            "wrong_in_source": _list(_WRONG),
            "claims": _list(_CLAIM),
        }
    ),
}
