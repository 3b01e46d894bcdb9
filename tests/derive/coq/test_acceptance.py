"""Export to Coq: complete proofs, escaped comments, and what Coq says of true and false ones."""

import shutil

import pytest

from derive.coq.acceptance import Exportable, accepted_claims, exported
from derive.coq.coqc import Accepted, Rejected, assumed, find_coqc
from derive.coq.theorem import CoqFile
from derive.terms.declarations import Declarations
from derive.terms.obligation import Obligation
from derive.terms.term import ONE, Derivative, Element, Term, add, apply, mul, sub

X = Element("x")
SIGMOID = apply("sigmoid", X)


def _slope_is(right: Term) -> Obligation:
    return Obligation("=", Derivative(SIGMOID, X), right, Declarations())


TRUE = _slope_is(mul(SIGMOID, sub(ONE, SIGMOID)))
FALSE = _slope_is(mul(SIGMOID, add(ONE, SIGMOID)))

needs_coq = pytest.mark.skipif(shutil.which("coqc") is None, reason="coqc is not installed")


def _file(item: Exportable) -> str:
    file = exported([item])[item.name]
    assert isinstance(file, CoqFile)
    return file.text


def test_the_proof_is_complete_and_adds_no_axiom() -> None:
    text = _file(Exportable("slope", TRUE))
    assert "Theorem slope :" in text
    assert "is_derive (fun t : R => / (1 + exp (- t))) x" in text
    assert text.rstrip().endswith("Qed.")
    assert not any(word in text for word in ("Admitted", "Axiom", "Parameter", "admit"))


def test_a_comment_can_not_end_itself() -> None:
    text = _file(Exportable("slope", TRUE, comment=('*) Axiom a : False. (* "',)))
    before = text[: text.index("From Coq")]
    assert before.count("(*") == before.count("*)") == 1
    assert '"' not in before


def test_a_proof_that_rests_on_an_axiom_of_its_own_is_told() -> None:
    found = assumed("Axioms:\nmine : False\n")
    assert "mine" in found


@needs_coq
def test_coq_accepts_what_is_true_and_rejects_what_is_false() -> None:
    items = [Exportable("true_slope", TRUE), Exportable("false_slope", FALSE)]
    answers = accepted_claims(items, find_coqc())
    assert isinstance(answers["true_slope"], Accepted)
    assert isinstance(answers["false_slope"], Rejected)
