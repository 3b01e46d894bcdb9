from fractions import Fraction

import pytest
from flint import arb, fmpq

from derive.refute.evaluate import Point, precision
from derive.refute.problem import PointKind, Problem, holds
from derive.refute.ring import UndecidedError, Value
from derive.refute.scope import Fuel
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Obligation
from derive.terms.term import (
    ONE,
    TWO,
    ZERO,
    Compare,
    Delta,
    Element,
    Free,
    Not,
    Operator,
    Proposition,
    SameIndex,
    Term,
    add,
    apply,
    div,
    number,
    sub,
)

X = Element("x")
P, Q = Free("i", "n"), Free("j", "n")
VECTOR = Declarations(variables={"v": Variable("v", ("n",))})


def judged(
    left: Term,
    right: Term,
    operator: Operator = "=",
    *,
    x: int | Fraction = 0,
    conditions: tuple[Proposition, ...] = (),
) -> PointKind:
    values = {"x": {(): Fraction(x)}, "v": {(1,): Fraction(2), (2,): Fraction(-3)}}
    problem = Problem(Obligation(operator, left, right, VECTOR), conditions)
    return problem.judge(Point({"n": 2}, values), Fuel(10_000)).kind


class TestOnePoint:
    def test_kinds(self) -> None:
        assert judged(X, ONE, x=1) is PointKind.AGREES
        assert judged(X, ONE, x=2) is PointKind.FAILS
        assert judged(div(X, X), ONE) is PointKind.UNDEFINED
        assert judged(X, ONE, conditions=(Compare(">", X, ZERO),)) is PointKind.EXCLUDED
        tie = apply("relu", sub(apply("log", apply("exp", X)), X))
        assert judged(tie, ZERO, x=1) is PointKind.UNDECIDED

    def test_a_side_without_value_is_never_a_counterexample(self) -> None:
        assert judged(apply("log", X), ONE, x=-1) is PointKind.UNDEFINED
        assert judged(ONE, div(ONE, X)) is PointKind.UNDEFINED

    def test_a_condition_without_value_excludes(self) -> None:
        conditions = (Compare(">", apply("log", X), ZERO),)
        assert judged(X, ONE, x=-1, conditions=conditions) is PointKind.EXCLUDED

    def test_a_near_miss_is_seen_with_more_bits(self) -> None:
        tiny = number(Fraction(1, 10**60))
        shifted = add(apply("exp", ONE), tiny)
        problem = Problem(Obligation("=", apply("exp", ONE), shifted, VECTOR), ())
        assert problem.judge(Point({}, {}), Fuel(100), (128,)).kind is PointKind.AGREES
        assert problem.judge(Point({}, {}), Fuel(100), (256,)).kind is PointKind.FAILS

    @pytest.mark.parametrize("operator", ["<", "<=", ">", ">=", "!="])
    def test_order_relations(self, operator: Operator) -> None:
        truth = {"<": 1 < 2, "<=": True, ">": False, ">=": False, "!=": True}[operator]
        expected = PointKind.AGREES if truth else PointKind.FAILS
        assert judged(apply("exp", ZERO), TWO, operator) is expected


class TestIndices:
    def test_a_failure_at_one_index_value_is_a_failure(self) -> None:
        left = Element("v", (P,))
        problem = Problem(Obligation(">", left, ZERO, VECTOR), ())
        values = {"v": {(1,): Fraction(2), (2,): Fraction(-3)}}
        outcome = problem.judge(Point({"n": 2}, values), Fuel(100))
        assert outcome.failure is not None
        assert outcome.failure.indices == (2,)
        assert (outcome.failure.left, outcome.failure.right) == (-3, 0)

    def test_hypotheses_choose_index_values(self) -> None:
        different = (Not(SameIndex(P, Q)),)
        assert judged(Delta(P, Q), ZERO) is PointKind.FAILS
        assert judged(Delta(P, Q), ZERO, conditions=different) is PointKind.AGREES

    def test_indices_of_conditions_count_too(self) -> None:
        positive = (Compare(">", Element("v", (P,)), ZERO),)
        assert judged(ONE, ONE, conditions=positive) is PointKind.AGREES

    def test_many_index_values_are_spread(self) -> None:
        wide = Free("k", 12), Free("l", 12)
        problem = Problem(Obligation("=", Delta(*wide), ZERO, Declarations()), ())
        for turn in range(3):
            cases = problem._index_values(Point({}, {}), 10, turn)
            assert len(cases) <= 12
            assert len({case[0] for case in cases}) > 6
            assert len({case[1] for case in cases}) > 6
        assert len(problem._index_values(Point({}, {}), 144, 0)) == 144


class TestSlack:
    def test_is_negative_where_the_relation_fails(self) -> None:
        for operator, expected in ((">", 3.0), (">=", 3.0), ("<", -3.0), ("<=", -3.0)):
            obligation = Obligation(operator, X, TWO, VECTOR)  # type: ignore[arg-type]
            point = Point({}, {"x": {(): Fraction(5)}})
            assert Problem(obligation, ()).slack(point, Fuel(100)) == expected

    def test_there_is_none_without_values(self) -> None:
        problem = Problem(Obligation(">", apply("log", X), TWO, VECTOR), ())
        assert problem.slack(Point({}, {"x": {(): Fraction(-1)}}), Fuel(100)) is None


class TestHolds:
    @pytest.mark.parametrize(
        ("left", "right"), [(0, fmpq(1, 10**80)), (arb(1).exp(), 2), (arb(1), fmpq(1, 2))]
    )
    def test_unequal(self, left: Value, right: Value) -> None:
        assert not holds("=", left, right, 128)
        assert holds("!=", left, right, 128)

    def test_small_balls_that_overlap_pass_for_equal(self) -> None:
        with precision(128):
            near = arb(2).sqrt() * arb(3).sqrt(), arb(6).sqrt()
            assert holds("=", *near, 128)
            assert holds("<=", *near, 128)
            for operator in ("<", "!=", ">"):
                with pytest.raises(UndecidedError):
                    holds(operator, *near, 128)  # type: ignore[arg-type]

    def test_large_balls_decide_nothing(self) -> None:
        with pytest.raises(UndecidedError):
            holds("=", arb(0, 1), 0, 128)
        with pytest.raises(UndecidedError):
            holds("=", arb("nan"), 0, 128)
