"""Export to Coq: complete proofs, escaped comments, and what Coq says of true and false ones."""

import shutil
from pathlib import Path

import pytest

from derive.coq import acceptance
from derive.coq.acceptance import Exportable, accepted_files, exported, write_files
from derive.coq.answer import Accepted, NotExported, Rejected
from derive.coq.coqc import Coqc, find_coqc
from derive.coq.theorem import CoqFile
from derive.limits import Limits
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Obligation
from derive.terms.structure import sum_over
from derive.terms.term import (
    ONE,
    TWO,
    ZERO,
    Argument,
    Call,
    Delta,
    Derivative,
    Element,
    Fixed,
    Free,
    Pow,
    Term,
    add,
    apply,
    div,
    mul,
    neg,
    sub,
)

X = Element("x")
SIGMOID = apply("sigmoid", X)
ROW, COLUMN, BOUND = Free("i", "n"), Free("j", "n"), Free("k", "n")


def _exp(index: Free) -> Term:
    return apply("exp", Element("x", (index,)))


Z = sum_over(BOUND, _exp(BOUND))
S_ROW, S_COLUMN = div(_exp(ROW), Z), div(_exp(COLUMN), Z)


def equation(left: Term, right: Term) -> Obligation:
    return Obligation("=", left, right, Declarations())


def slope(right: Term) -> Obligation:
    return equation(Derivative(SIGMOID, X), right)


def jacobian(right: Term) -> Obligation:
    return equation(Derivative(S_ROW, Element("x", (COLUMN,))), right)


def log(term: Term) -> Term:
    return apply("log", term)


ROOT = apply("sqrt", add(ONE, mul(X, X)))


#: The square of a root is its radicand, at 0 too; of a range of any length the first member.
FIRST = Element("w", (Fixed(1, "n"),))
LENGTHS = Declarations(
    variables={
        "r": Variable("r", (), frozenset({"nonnegative"})),
        "w": Variable("w", ("n",), frozenset({"positive"})),
    }
)
SQUARED_ROOT = Pow(Pow(Element("r"), div(ONE, TWO)), TWO)

#: What Coq has to accept, and beside it statements that are nearly so.
TRUE = {
    "slope": slope(mul(SIGMOID, sub(ONE, SIGMOID))),
    "jacobian": jacobian(mul(S_ROW, sub(Delta(ROW, COLUMN), S_COLUMN))),
    "root": equation(Derivative(ROOT, X), div(X, ROOT)),
    "squared_root": Obligation("=", SQUARED_ROOT, Element("r"), LENGTHS),
    "first_member": Obligation(">", FIRST, ZERO, LENGTHS),
}
FALSE = {
    "wrong_sign": slope(mul(SIGMOID, add(ONE, SIGMOID))),
    "missing_delta": jacobian(neg(mul(S_ROW, S_COLUMN))),
    "undefined_at_zero": equation(div(X, X), ONE),
    "log_of_a_square": equation(log(mul(X, X)), mul(TWO, log(X))),
    "another_member": equation(Element("y", (Fixed(1, 2),)), Element("y", (Fixed(2, 2),))),
}

needs_coq = pytest.mark.skipif(shutil.which("coqc") is None, reason="Coq (coqc) is not installed")


def _file(item: Exportable) -> str:
    file = exported([item])[item.name]
    assert isinstance(file, CoqFile)
    return file.text


def test_the_proof_is_complete_and_adds_no_axiom() -> None:
    text = _file(Exportable("slope", TRUE["slope"]))
    assert "Theorem slope :" in text
    assert "is_derive (fun t : R => sigmoid t) x (sigmoid x * (1 - sigmoid x))" in text
    assert text.rstrip().endswith("Qed.")
    assert not any(word in text for word in ("Admitted", "Axiom", "Parameter", "admit"))


def test_a_comment_can_not_end_itself() -> None:
    text = _file(Exportable("slope", TRUE["slope"], comment=('*) Axiom a : False. (* "',)))
    before = text[: text.index("From Coq")]
    assert before.count("(*") == before.count("*)") == 1
    assert '"' not in before


def test_what_has_no_translation_is_told() -> None:
    value = Call("f", (), (Argument((), X),))
    item = Exportable("unknown", equation(value, value))
    assert exported([item]) == {"unknown": NotExported("the unknown function f")}


def test_a_proof_is_written_within_limits() -> None:
    item = Exportable("slope", TRUE["slope"])
    assert exported([item], Limits(20.0, 1024)) == exported([item])


def test_the_files_stand_beside_their_library(tmp_path: Path) -> None:
    write_files(exported([Exportable("slope", TRUE["slope"])]), tmp_path / "new")
    names = sorted(path.name for path in (tmp_path / "new").iterdir())
    assert names == ["DeriveLemmas.v", "slope.v"]


def test_only_what_is_new_is_compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def judged(_coqc: Coqc, files: list[CoqFile], **_other: object) -> dict[str, object]:
        asked.extend(file.name for file in files)
        return {
            file.name: Rejected("no") if file.name == "wrong_sign" else Accepted("8.16.1", (), 1.0)
            for file in files
        }

    monkeypatch.setattr(acceptance, "judge_files", judged)
    items = [Exportable("slope", TRUE["slope"]), Exportable("wrong_sign", FALSE["wrong_sign"])]
    coqc = Coqc("coqc", "8.16.1")
    first = accepted_files(exported(items), coqc, folder=tmp_path)
    assert asked == ["slope", "wrong_sign"]
    assert accepted_files(exported(items), coqc, folder=tmp_path) == first
    assert asked == ["slope", "wrong_sign", "wrong_sign"]  # a rejection is not remembered


@needs_coq
def test_coq_accepts_what_is_true_and_rejects_what_is_false() -> None:
    items = [Exportable(name, obligation) for name, obligation in (TRUE | FALSE).items()]
    made = exported(items)
    answers = accepted_files(made, find_coqc())
    assert {name for name, answer in answers.items() if isinstance(answer, Accepted)} == set(TRUE)
    assert not {n for n, answer in answers.items() if isinstance(answer, NotExported)}
