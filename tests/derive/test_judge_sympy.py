"""Verdicts on SymPy relations and on readings of claims."""

import pytest
import sympy

from derive.claim import Claim, Reading
from derive.judge_sympy import judge_claim, judge_readings, judge_sympy
from derive.verdict import Kind

x = sympy.Symbol("x", real=True)


def eq(left: sympy.Expr | int, right: sympy.Expr | int) -> sympy.Basic:
    return sympy.Eq(left, right, evaluate=False)


RIGHT = eq(sympy.sinh(x) + sympy.cosh(x), sympy.exp(x))
WRONG = eq(sympy.sinh(x) + sympy.cosh(x), sympy.exp(-x))
CONDITIONAL = eq(x / x, 1)


def a_claim(identity: sympy.Basic, *readings: Reading) -> Claim:
    return Claim("a_claim", "A title.", "1a", identity, "", readings=readings)


def test_the_first_reading_that_holds_makes_the_verdict_conditional() -> None:
    other, conditional = Reading("upside down", WRONG), Reading("divided", sympy.S(1) / x * x)
    claim = a_claim(WRONG, other, Reading("the other sign", RIGHT), conditional)
    verdict, identity = judge_readings(claim)
    assert identity is RIGHT
    assert verdict.kind is Kind.CONDITIONAL
    assert [condition.words for condition in verdict.conditions] == ["the other sign"]
    assert verdict.reason.startswith("as it stands it is refuted: the left side is ")
    assert judge_claim(claim) == verdict


def test_conditions_of_the_reading_stay() -> None:
    with sympy.evaluate(False):
        identity = sympy.Eq(sympy.Mul(x, sympy.Pow(x, -1)), 1)
    verdict = judge_claim(a_claim(WRONG, Reading("a quotient", identity)))
    assert [condition.words for condition in verdict.conditions] == ["a quotient", "x != 0"]


def test_a_claim_that_holds_as_it_stands_needs_no_reading() -> None:
    verdict, identity = judge_readings(a_claim(RIGHT, Reading("the other sign", WRONG)))
    assert (verdict.kind, identity) == (Kind.PROVED, RIGHT)


def test_a_claim_without_a_reading_that_holds_keeps_its_verdict() -> None:
    verdict, identity = judge_readings(a_claim(WRONG, Reading("as it is", WRONG)))
    assert (verdict.kind, identity) == (Kind.REFUTED, WRONG)


def test_words_for_an_unknown_variable_are_refused() -> None:
    verdict = judge_sympy(RIGHT, conditions={"z": ("positive",)})
    assert verdict.kind is Kind.MALFORMED
    assert verdict.reason == "a condition is given for z, which does not occur; there are: x"


@pytest.mark.parametrize(("statement", "kind"), [(x > x - 1, Kind.PROVED), (x < x - 1, None)])
def test_relations_other_than_equations(statement: sympy.Basic, kind: Kind | None) -> None:
    if kind is None:
        assert statement is sympy.false
    else:
        relation = sympy.Gt(x, x - 1, evaluate=False)
        assert judge_sympy(relation).kind is kind
