"""What Coq accepted is remembered for exactly the text that it accepted."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from derive.coq import memory
from derive.coq.answer import Accepted
from derive.coq.coqc import Coqc
from derive.coq.memory import FILE_NAME, memory_of
from derive.coq.theorem import CoqFile

COQC = Coqc("/bin/coqc", "8.16.1")
FILE = CoqFile("a", "Theorem a : True.\nProof. exact I. Qed.\n")
ANSWER = Accepted("8.16.1", ("Classical_Prop.classic",), 1.5)


def test_an_acceptance_is_recalled(tmp_path: Path) -> None:
    memory_of(tmp_path).keep(COQC, [(FILE, ANSWER)])
    assert memory_of(tmp_path).recall(COQC, FILE) == ANSWER


def test_other_names_are_kept(tmp_path: Path) -> None:
    other = CoqFile("b", FILE.text)
    memory_of(tmp_path).keep(COQC, [(FILE, ANSWER)])
    memory_of(tmp_path).keep(COQC, [(other, ANSWER)])
    assert memory_of(tmp_path).recall(COQC, FILE) == ANSWER
    assert memory_of(tmp_path).recall(COQC, other) == ANSWER


def test_whatever_changes_is_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory_of(tmp_path).keep(COQC, [(FILE, ANSWER)])
    found = memory_of(tmp_path)
    assert found.recall(COQC, replace(FILE, text=FILE.text + " ")) is None
    assert found.recall(COQC, replace(FILE, name="b")) is None
    assert found.recall(replace(COQC, version="8.17.0"), FILE) is None
    monkeypatch.setattr(memory, "library_text", lambda: "other lemmas")
    assert found.recall(COQC, FILE) is None


@pytest.mark.parametrize(
    "content",
    ["", "[", "[]", "{}", '{"schema": "x"}', '{"schema": "derive.coq/1", "accepted": [1]}'],
)
def test_another_file_is_no_memory(content: str, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text(content, encoding="utf-8")
    assert memory_of(tmp_path).entries == {}


def test_an_acceptance_with_another_axiom_is_not_believed(tmp_path: Path) -> None:
    memory_of(tmp_path).keep(COQC, [(FILE, ANSWER)])
    path = tmp_path / FILE_NAME
    data = json.loads(path.read_text(encoding="utf-8"))
    data["accepted"]["a"]["axioms"] = ["a.evil"]
    path.write_text(json.dumps(data), encoding="utf-8")
    assert memory_of(tmp_path).recall(COQC, FILE) is None
