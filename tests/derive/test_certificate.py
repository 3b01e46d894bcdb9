"""Certificates: what is written, what is bound to what, and what the kernel says of them."""

import json
from fractions import Fraction

import pytest

from derive.certificate import Certificate, audit, certificate_of, node_data
from derive.judge import judge
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Obligation, Statement
from derive.terms.structure import sum_over
from derive.terms.term import (
    ONE,
    Compare,
    Delta,
    Derivative,
    Element,
    Free,
    Number,
    add,
    apply,
    div,
    mul,
    number,
    sub,
)
from derive.verdict import Kind

X = Element("x")
SLOPE = Derivative(apply("sigmoid", X), X)
SIGMOID = Obligation(
    "=", SLOPE, mul(apply("sigmoid", X), sub(ONE, apply("sigmoid", X))), Declarations()
)
QUOTIENT = Obligation("=", div(mul(X, X), X), X, Declarations())


def _certificate(statement: Obligation | Statement) -> Certificate:
    return certificate_of(statement, judge(statement))


@pytest.mark.parametrize("statement", [SIGMOID, QUOTIENT])
def test_the_kernel_accepts_what_the_engine_proved(statement: Obligation) -> None:
    found = audit(_certificate(statement))
    assert found.accepted
    assert found.doubt == ""


def test_the_condition_of_a_verdict_is_part_of_the_statement() -> None:
    certificate = _certificate(QUOTIENT)
    (condition,) = certificate.statement["conditions"]
    assert condition == ["compare", "!=", ["element", "x"], ["number", "0"]]
    # Without it the left side has no value at 0.
    bare = certificate_of(QUOTIENT, judge(QUOTIENT))
    bare.statement["conditions"] = []
    assert audit(bare).doubt == "the certificate was changed, or belongs to another statement"


def test_a_certificate_is_bound_to_its_statement() -> None:
    proof = _certificate(SIGMOID).proof
    assert not audit(Certificate(_certificate(QUOTIENT).statement, proof)).accepted


def test_certificates_survive_json() -> None:
    certificate = _certificate(SIGMOID)
    assert json.loads(json.dumps(certificate.proof)) == certificate.proof
    assert json.loads(json.dumps(certificate.statement)) == certificate.statement


@pytest.mark.parametrize(
    ("statement", "proof"),
    [(None, None), ([], {}), ({}, {}), ({"proposition": 1}, {"version": 1}), ("", "x")],
)
def test_rubbish_is_doubted_and_raises_nothing(statement: object, proof: object) -> None:
    assert not audit(Certificate(statement, proof)).accepted


def test_what_was_refuted_has_no_certificate() -> None:
    wrong = Obligation("=", SLOPE, apply("sigmoid", X), Declarations())
    verdict = judge(wrong)
    assert verdict.kind is Kind.REFUTED
    with pytest.raises(ValueError, match="a verdict 'refuted' has no certificate"):
        certificate_of(wrong, verdict)


def test_the_data_of_a_sum_names_no_bound_index() -> None:
    i, j = Free("i", "n"), Free("j", "n")
    term = sum_over(i, add(mul(Delta(i, j), Element("x", (i,))), Number(Fraction(1, 2))))
    assert node_data(term) == [
        "sum",
        "n",
        [
            "add",
            ["mul", ["delta", ["bound", 0], ["free", "j", "n"]], ["element", "x", ["bound", 0]]],
            ["number", "1/2"],
        ],
    ]


def test_claims_about_integers_are_decided_anew() -> None:
    k = Declarations(variables={"k": Variable("k", (), frozenset({"integer", "positive"}))})
    claim = Statement(Compare(">=", Element("k"), number(1)), k)
    assert audit(_certificate(claim)).accepted
