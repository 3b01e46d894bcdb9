"""The whole exercise sheet: the verdict on each of its relations, from two spellings of its prose.

The committed transcription keeps every formula on its line, with other words between them.  Where
the sheet itself lies beside the repository, it has to get the same verdicts.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from derive.check import Checked, check_document
from derive.document import load, outside_blocks
from derive.verdict import Kind

ROOT = Path(__file__).parents[2]
DOCUMENTS = ROOT / "tests" / "documents"
SHEETS = [ROOT / "identities" / "homework3.md", ROOT.parent / "shared" / "homework3.md"]


def judged(path: Path) -> Checked:
    document = load(str(path))
    told = (ROOT / "identities" / "homework3.declarations").read_text(encoding="utf-8")
    blocks, diagnostics = outside_blocks(told, "homework3.declarations", document)
    assert not diagnostics
    return check_document(replace(document, blocks=(*document.blocks, *blocks)))


def expected() -> list[str]:
    text = (DOCUMENTS / "homework3.verdicts").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]


@pytest.mark.parametrize("path", SHEETS, ids=["transcription", "sheet"])
def test_every_relation_has_its_verdict(path: Path) -> None:
    if not path.exists():
        pytest.skip("the sheet is not beside the repository")
    found = []
    checked = judged(path)
    for step in checked.steps:
        kind, method = str(step.verdict.kind), step.verdict.method
        if method == "example, not checked":
            kind += " as example"
        elif step.verdict.kind is Kind.PROVED and method in (
            "definition",
            "assumption",
            "example",
            "declaration",
            "shapes",
        ):
            kind += f" by {method}"
        mark = " !" if step.first_wrong else ""
        conclusion = step.conclusion.kind if step.conclusion else "-"
        found.append(f"{step.place.line}\t{step.chain}.{step.index}\t{kind}{mark}\t{conclusion}")
    assert found == expected()
    assert [d for d in checked.diagnostics if d.severity != "warning"] == []
    assert not any(step.verdict.withdrawn for step in checked.steps)
