from derive.integers import RULES, decide, points_tried
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Statement
from derive.terms.term import (
    ONE,
    TWO,
    ZERO,
    And,
    Compare,
    Element,
    Indicator,
    Not,
    Or,
    add,
    apply,
    div,
    mul,
    number,
    sub,
)

K, S = Element("k"), Element("s")
POSITIVE = Declarations(
    variables={n: Variable(n, (), frozenset({"integer", "positive"})) for n in "ks"}
)


def proof_of(claim):
    verdict = decide(Statement(claim, POSITIVE))
    assert verdict.proof is not None
    return verdict.proof


def rules(claim):
    return [[step.rule for step in case.steps] for case in proof_of(claim).cases]


def test_a_decided_relation():
    claim = And((Compare("!=", add(mul(TWO, K), mul(number(4), S)), number(3)),))
    assert rules(claim) == [["collect terms"]]
    (case,) = proof_of(claim).cases
    assert case.left == Indicator(And((Not(claim.parts[0]),)))
    assert case.right == ZERO


def test_conditions_of_a_denominator_and_of_a_floor():
    ratio = div(sub(number(64), K), S)
    claim = Or((Compare("<", K, number(1)), Compare("<=", apply("floor", ratio), number(63))))
    (case,) = proof_of(claim).cases
    positive = Compare(">", S, ZERO)
    floors = [step for step in case.steps if step.rule == "floor"]
    assert floors
    assert all(step.conditions == (positive,) for step in floors)


def test_linear_steps_name_their_parents():
    claim = Or((Compare(">=", K, S), Compare("<=", add(K, ONE), S)))
    (case,) = proof_of(claim).cases
    assert [step.rule for step in case.steps][-2:] == ["use equation", "contradiction"] or [
        step.rule for step in case.steps
    ][-2:] == ["add inequalities", "contradiction"]
    assert case.steps[-2].before == Indicator(Compare("<=", ZERO, number(-1)))
    assert case.steps[-1].conditions == (Compare("<=", ZERO, number(-1)),)


def test_case_distinctions_stand_first():
    claim = Or((Compare("=", K, S), Compare("<", K, S), Compare(">", K, S)))
    for case in proof_of(claim).cases:
        assert case.steps[-1].rule in ("contradiction", "collect terms")
        assert {step.rule for step in case.steps} <= RULES.keys()


def test_points_are_counted_by_their_ranges():
    odd = Compare("!=", apply("divisor_count", K), number(4))
    claim = Or((Compare(">", K, number(5)), odd))
    proof = proof_of(claim)
    assert points_tried(proof) == 2  # 4 and 5: a number has no more divisors than its value
    assert proof.cases[0].steps[-1].conditions == (
        Compare(">=", K, number(4)),
        Compare("<=", K, number(5)),
    )
