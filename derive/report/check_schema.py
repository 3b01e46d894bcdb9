"""The JSON Schema of ``derive check --format json`` and of each line of ``--format jsonl``.

The name changes when a field goes or changes its meaning; new fields do not change it, so a
reader must accept fields that it does not know.
"""

from typing import Any

from derive.report.check_model import STIPULATIONS
from derive.verdict import Kind

SCHEMA_NAME = "derive.check/1"

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT = {"type": "string"}
_FLAG = {"type": "boolean"}
_COUNT = {"type": "integer", "minimum": 0}
_ORDINAL = {"type": "integer", "minimum": 1}
_KIND = {"enum": [str(kind) for kind in Kind]}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _map(values: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": values}


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields)}


_RANGE = {"line": _ORDINAL, "column": _ORDINAL, "end_line": _ORDINAL, "end_column": _ORDINAL}
_PLACE = {"file": _TEXT, **_RANGE}

_COUNTEREXAMPLE = _object(
    {"dimensions": _map(_COUNT), "assignment": _map(_TEXT), "left": _TEXT, "right": _TEXT}
)
_VERDICT = {
    "verdict": _KIND,
    "method": _TEXT,
    "reason": _TEXT,
    "conditions": _list(_TEXT),
    "counterexample": _or_null(_COUNTEREXAMPLE),
    "shapes": _or_null({**_list(_TEXT), "minItems": 2, "maxItems": 2}),
    "left_over": _or_null(_TEXT),
    "withdrawn": _FLAG,
}
_CODE = {"type": "string", "pattern": "^DRV[0-9]{3}$"}
_REPAIR = _object(
    {
        "latex": _TEXT,
        "side": {"enum": ["left", "right", "both", "definition"]},
        "explanation": _TEXT,
        "verdict": _KIND,
        "conditions": _list(_TEXT),
    }
)
_STEP = {
    **_PLACE,
    "caret": _object(_RANGE),
    "chain": _COUNT,
    "step": _COUNT,
    "left": _TEXT,
    "relation": _TEXT,
    "right": _TEXT,
    "defines": _or_null(_TEXT),
    **_VERDICT,
    "first_wrong": _FLAG,
    "conclusion": _or_null(_object({"left": _TEXT, "right": _TEXT, **_VERDICT})),
    "code": _or_null(_CODE),
    "fallacy": _or_null(_object({"code": _CODE, "name": _TEXT})),
    "repair": _or_null(_REPAIR),
    "warnings": _list(_TEXT),
    "ms": {"type": "number", "minimum": 0},
}
_DIAGNOSTIC = {
    **_PLACE,
    "kind": _TEXT,
    "severity": {"enum": ["error", "warning"]},
    "found": _TEXT,
    "expected": _or_null(_TEXT),
    "help": _or_null(_TEXT),
}
_SUMMARY = {
    "file": _TEXT,
    "error": _or_null(_TEXT),
    "relations": _COUNT,
    "counts": _object({str(kind): _COUNT for kind in Kind}),
    "stipulated": _object(dict.fromkeys(STIPULATIONS.values(), _COUNT)),
    "unread": _COUNT,
    "definitions": _list(_object({"name": _TEXT, "latex": _TEXT, **_PLACE})),
    "declarations": _list(_object({"text": _TEXT, **_PLACE})),
    "diagnostics": _list(_object(_DIAGNOSTIC)),
    "audit": _or_null(
        _object(
            {
                "proofs": _COUNT,
                "rechecked": _COUNT,
                "steps": _COUNT,
                "doubts": _list(_object({**_PLACE, "doubt": _TEXT})),
            }
        )
    ),
}

#: The whole of ``--format json``.
CHECK_SCHEMA: dict[str, Any] = {
    "$schema": _DIALECT,
    "title": SCHEMA_NAME,
    **_object(
        {
            "schema": {"const": SCHEMA_NAME},
            "files": _list(_object({**_SUMMARY, "steps": _list(_object(_STEP))})),
        }
    ),
}

#: One line of ``--format jsonl``: a step, or the summary after the steps of a file.
LINE_SCHEMA: dict[str, Any] = {
    "$schema": _DIALECT,
    "title": f"{SCHEMA_NAME} line",
    "anyOf": [
        _object({"type": {"const": "step"}, **_STEP}),
        _object({"type": {"const": "summary"}, "schema": {"const": SCHEMA_NAME}, **_SUMMARY}),
    ],
}
