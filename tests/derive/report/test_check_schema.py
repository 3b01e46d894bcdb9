"""The JSON of `derive check` against its schema, on documents with every kind of verdict."""

import json
from pathlib import Path
from typing import Any

import pytest

from derive.check import check_document
from derive.document import load, parse
from derive.report.check_json import json_lines, report_to_json
from derive.report.check_model import FileReport, file_report
from derive.report.check_schema import CHECK_SCHEMA, LINE_SCHEMA, SCHEMA_NAME

DOCUMENTS = Path(__file__).parents[2] / "documents"
NAMES = ("right.md", "wrong.md", "wrong.tex", "wrong.ipynb", "undecided.md", "unread.md")
TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "array": list,
    "object": dict,
    "null": type(None),
}


def complaints(value: Any, schema: dict[str, Any], place: str = "$") -> list[str]:
    """What of the value the schema does not allow, for the keywords that it uses."""
    if "anyOf" in schema:
        found = [complaints(value, option, place) for option in schema["anyOf"]]
        return [] if [] in found else min(found, key=len)
    if "const" in schema and value != schema["const"]:
        return [f"{place}: not {schema['const']}"]
    if "enum" in schema and value not in schema["enum"]:
        return [f"{place}: {value!r} is not in the list"]
    if "type" in schema and not isinstance(value, TYPES[schema["type"]]):
        return [f"{place}: {value!r} is no {schema['type']}"]
    if "minimum" in schema and value < schema["minimum"]:
        return [f"{place}: {value} is too small"]
    told: list[str] = []
    if isinstance(value, dict):
        told += [f"{place}: no {name}" for name in schema.get("required", ()) if name not in value]
        for name, inner in value.items():
            rule = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
            told += complaints(inner, rule, f"{place}.{name}") if rule else [f"{place}.{name}: new"]
    if isinstance(value, list):
        for place_, inner in enumerate(value):
            told += complaints(inner, schema["items"], f"{place}[{place_}]")
    return told


def reports() -> tuple[FileReport, ...]:
    documents = [load(DOCUMENTS / name) for name in NAMES]
    documents.append(parse("<!-- derive\nx : R^3\n-->\n$x_k = x_k + 1$ and $|t|' = 1$"))
    made = [
        file_report(check_document(document), {f.path: f for f in document.source.files})
        for document in documents
    ]
    return (*made, FileReport("missing.md", error="missing.md does not exist"))


@pytest.fixture(scope="module")
def files() -> tuple[FileReport, ...]:
    return reports()


def test_the_json_fits_its_schema(files: tuple[FileReport, ...]) -> None:
    value = json.loads(json.dumps(report_to_json(files)))
    assert complaints(value, CHECK_SCHEMA) == []
    assert value["schema"] == SCHEMA_NAME == "derive.check/1"


def test_every_line_fits_its_schema(files: tuple[FileReport, ...]) -> None:
    for file in files:
        lines = json.loads(json.dumps(json_lines(file)))
        assert [complaints(line, LINE_SCHEMA) for line in lines] == [[]] * len(lines)


@pytest.mark.parametrize(
    ("field", "value"),
    [("verdict", "true"), ("line", 0), ("left", None), ("conditions", [1]), ("ms", "fast")],
)
def test_the_schema_refuses_what_does_not_fit(
    field: str, value: object, files: tuple[FileReport, ...]
) -> None:
    report = report_to_json(files[1:2])
    report["files"][0]["steps"][0][field] = value
    assert complaints(report, CHECK_SCHEMA)
    del report["files"][0]["steps"][0][field]
    assert complaints(report, CHECK_SCHEMA)


def test_counts_and_steps_agree(files: tuple[FileReport, ...]) -> None:
    for file in report_to_json(files)["files"]:
        total = sum(file["counts"].values()) + sum(file["stipulated"].values())
        assert total == file["relations"] == len(file["steps"])


def test_the_conclusion_stands_on_the_last_step(files: tuple[FileReport, ...]) -> None:
    steps = report_to_json(files[1:2])["files"][0]["steps"]
    assert [step["conclusion"] and step["conclusion"]["verdict"] for step in steps] == [
        None,
        None,
        "proved",
        None,
    ]
    assert [(step["chain"], step["step"]) for step in steps] == [(0, 0), (0, 1), (0, 2), (1, 0)]
    assert [step["first_wrong"] for step in steps] == [True, False, False, False]
