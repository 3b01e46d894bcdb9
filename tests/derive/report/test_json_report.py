import dataclasses
import json
import math
from typing import Any

import pytest

from derive.report.json_report import report_to_json
from derive.report.model import Report
from derive.report.verify_schema import VERIFY_SCHEMA

TYPES = {"string": str, "boolean": bool, "array": list, "object": dict, "null": type(None)}


def complaints(value: Any, schema: dict[str, Any], place: str = "$") -> list[str]:
    """What of the value the schema does not allow (the keywords that our schemas use)."""
    if "anyOf" in schema:
        found = [complaints(value, option, place) for option in schema["anyOf"]]
        return [] if [] in found else found[0]
    if "const" in schema and value != schema["const"]:
        return [f"{place}: not {schema['const']!r}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{place}: {value!r} is none of {schema['enum']}"]
    kind = schema.get("type")
    if kind in {"number", "integer"}:
        fits = isinstance(value, int if kind == "integer" else int | float)
        fits = fits and not isinstance(value, bool) and value >= schema.get("minimum", -math.inf)
        return [] if fits else [f"{place}: {value!r} is no {kind}"]
    if kind and not isinstance(value, TYPES[kind]):
        return [f"{place}: {value!r} is no {kind}"]
    found_in: list[str] = []
    if isinstance(value, dict):
        found_in += [
            f"{place}: {n} is missing" for n in schema.get("required", ()) if n not in value
        ]
        known = schema.get("properties", {})
        for name, inner in value.items():
            rule = known.get(name, schema.get("additionalProperties"))
            if rule is None:
                found_in.append(f"{place}.{name} is not in the schema")
            else:
                found_in += complaints(inner, rule, f"{place}.{name}")
    if isinstance(value, list):
        for number, inner in enumerate(value):
            found_in += complaints(inner, schema["items"], f"{place}[{number}]")
    return found_in


@pytest.mark.parametrize("steps", [False, True])
def test_the_output_keeps_to_the_schema(report: Report, steps: bool) -> None:
    values = json.loads(json.dumps(report_to_json(report, steps=steps), allow_nan=False))
    assert complaints(values, VERIFY_SCHEMA) == []


def test_the_check_finds_what_is_wrong(report: Report) -> None:
    values = report_to_json(report)
    del values["seed"]
    values["claims"][0]["verdict"]["kind"] = "maybe"
    values["claims"][1]["more"] = 1
    assert complaints(values, VERIFY_SCHEMA) == [
        "$: seed is missing",
        "$.claims[0].verdict.kind: 'maybe' is none of "
        "['proved', 'conditional', 'refuted', 'ill-typed', 'malformed', 'unknown']",
        "$.claims[1].more is not in the schema",
    ]


def test_what_it_says(report: Report) -> None:
    values = report_to_json(report)
    assert values["schema"] == "derive.verify/1"
    assert values["summary"]["unexpected"] == ["softmax_ignores_scaling"]
    assert values["summary"]["cross_checks_failed"] == ["softmax_ignores_scaling"]
    claims = {claim["name"]: claim for claim in values["claims"]}
    assert claims["relu_derivative"]["verdict"]["conditions"] == [
        {"words": "x != 0", "formula": "x != 0"},
        {"words": "no value at the kink is taken", "formula": None},
    ]
    point = claims["softmax_ignores_scaling"]["verdict"]["counterexample"]
    assert point["assignment"] == {"x[1]": "-1/2", "x[2]": "0", "c": "2"}
    proof = claims["softmax_jacobian"]["verdict"]["proof"]
    assert proof["rules"][:2] == ["quotient rule", "chain rule"]
    assert proof["cases"][0] == {"assumptions": ["i = j"], "step_count": 6}


def test_steps_on_request(report: Report) -> None:
    claims = report_to_json(report, steps=True)["claims"]
    proof = next(c for c in claims if c["name"] == "softmax_jacobian")["verdict"]["proof"]
    assert proof["cases"][0]["steps"][2] == {
        "rule": "derivative of a component",
        "before": "d/dx[j] x[i]",
        "after": "delta[i,j]",
        "conditions": [],
    }


def test_an_infinite_error_is_null(report: Report) -> None:
    entry = next(e for e in report.entries if e.cross_check)
    assert entry.cross_check
    broken = dataclasses.replace(entry.cross_check, largest_relative_error=math.inf)
    part = dataclasses.replace(
        report.parts[0], entries=(dataclasses.replace(entry, cross_check=broken),)
    )
    values = report_to_json(dataclasses.replace(report, parts=(part,)))
    assert values["claims"][0]["cross_check"]["largest_relative_error"] is None
    json.dumps(values, allow_nan=False)
