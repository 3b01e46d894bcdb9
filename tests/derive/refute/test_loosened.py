"""What a loosened check of the refuter would get wrong: rows for changes that no test noticed.

``tests/adversarial/refuter_mutants.py`` found the changes; each row fails on one of them.
"""

from fractions import Fraction

import pytest
from flint import arb, fmpq

from derive.refute.admissible import admit, places, satisfies
from derive.refute.evaluate import Point, evaluate
from derive.refute.functions import VALUES
from derive.refute.problem import PointKind, Problem
from derive.refute.refuter import refute
from derive.refute.ring import (
    EXACT_BITS,
    Dual,
    UndecidedError,
    UndefinedError,
    compact,
    exact,
    primal,
    quotient,
    real_power,
    slope,
)
from derive.refute.scope import Fuel
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Obligation
from derive.terms.structure import Definition, sum_over
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    Add,
    Delta,
    Derivative,
    Determinant,
    Element,
    Fixed,
    Free,
    InverseEntry,
    Mul,
    Pow,
    Term,
    apply,
    mul,
    number,
)

X, Y = Element("x"), Element("y")
K = Free("k", "n")
WIDE = Declarations(variables={"A": Variable("A", ("n", "m"))})


class TestDerivativesByBothOfAPower:
    """d/dx d/dy x^y = x^(y-1) (y log x + 1), in either order, at x = 2, y = 3."""

    def test_terms(self) -> None:
        point = Point({}, {"x": {(): Fraction(2)}, "y": {(): Fraction(3)}})
        for first, second in ((X, Y), (Y, X)):
            node = Derivative(Derivative(Pow(X, Y), first), second)
            value = evaluate(node, point, Declarations())
            assert isinstance(value, arb)
            assert value.overlaps(12 * arb(2).log() + 4)
            assert value.rad() < 1e-30

    @pytest.mark.parametrize(("of_base", "of_exponent"), [(1, 2), (2, 1)])
    def test_numbers(self, of_base: int, of_exponent: int) -> None:
        value = real_power(Dual(of_base, 2, {(): 1}), Dual(of_exponent, 3, {(): 1}))
        mixed = slope(slope(value, 2, ()), 1, ())
        assert isinstance(mixed, arb)
        assert mixed.overlaps(12 * arb(2).log() + 4)


class TestPerturbationsOfOthers:
    """d/dy (y d/dx y^2) = 0: what y perturbs is no derivative by x."""

    @pytest.mark.parametrize(("inner", "outer"), [(X, Y), (Y, X)])
    def test_terms(self, inner: Element, outer: Element) -> None:
        point = Point({}, {"x": {(): Fraction(2)}, "y": {(): Fraction(3)}})
        node = Derivative(mul(outer, Derivative(Pow(outer, TWO), inner)), outer)
        assert evaluate(node, point, Declarations()) == 0

    def test_numbers(self) -> None:
        assert slope(Dual(1, 2, {(): 5}), 2, ()) == 0


def test_a_second_derivative_of_a_large_number_is_kept() -> None:
    large = Dual(1, 2 ** (EXACT_BITS + 1), {(): 3})
    rounded = compact(Dual(2, large, {(): Dual(1, 5, {(): 7})}))
    assert isinstance(primal(rounded), arb)
    assert slope(slope(rounded, 2, ()), 1, ()) == 7


class TestMatricesThatAreNotSquare:
    @pytest.mark.parametrize("word", ["symmetric", "invertible", "positive definite", "orthogonal"])
    @pytest.mark.parametrize(("height", "width"), [(1, 2), (2, 1)])
    def test_no_word_about_matrices_holds(self, word: str, height: int, width: int) -> None:
        entries = dict.fromkeys(places((height, width)), Fraction(1))
        assert not satisfies(entries, frozenset({word}))

    @pytest.mark.parametrize("word", ["symmetric", "invertible", "positive definite", "orthogonal"])
    def test_nor_for_a_vector(self, word: str) -> None:
        assert not satisfies({(1,): Fraction(1)}, frozenset({word}))

    @pytest.mark.parametrize(("height", "width"), [(1, 2), (2, 1)])
    @pytest.mark.parametrize(
        "node", [Determinant("A"), InverseEntry("A", Fixed(1, "n"), Fixed(1, "n"))]
    )
    def test_neither_determinant_nor_inverse(self, node: Term, height: int, width: int) -> None:
        entries = dict.fromkeys(places((height, width)), Fraction(1))
        with pytest.raises(UndefinedError, match="not square"):
            evaluate(node, Point({"n": height, "m": width}, {"A": entries}), WIDE)


class TestDivisors:
    def test_a_fraction_above_1_has_none(self) -> None:
        with pytest.raises(UndefinedError):
            VALUES["divisor_count"](fmpq(3, 2))

    def test_nor_a_negative_number(self) -> None:
        with pytest.raises(UndefinedError):
            VALUES["divisor_count"](-6)

    def test_a_ball_is_undecided(self) -> None:
        with pytest.raises(UndecidedError):
            VALUES["divisor_count"](arb(2).sqrt() * arb(2).sqrt())


class TestQuotients:
    def test_what_is_not_finite_cancels_nothing(self) -> None:
        infinite = arb("inf")
        assert quotient(infinite, infinite).is_nan()  # type: ignore[union-attr]

    @pytest.mark.parametrize("left", [arb(1), arb(2).sqrt(), arb(0, 0.001)])
    def test_a_divisor_around_zero_is_undecided(self, left: arb) -> None:
        with pytest.raises(UndecidedError):
            quotient(left, arb(0, 0.001))

    def test_nor_does_a_ball_around_zero_cancel(self) -> None:
        around = arb(0, 0.001)
        with pytest.raises(UndecidedError):
            quotient(around, around)

    def test_of_a_perturbed_number_by_a_ball(self) -> None:
        assert slope(quotient(Dual(1, 2, {(): 1}), arb(4)), 1, ()) == fmpq(1, 4)

    def test_other_balls_do_not_cancel(self) -> None:
        ratio = quotient(arb(2).sqrt(), arb(3).sqrt())
        assert isinstance(ratio, arb)
        assert ratio < 0.9


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (Mul((TWO, Pow(X, TWO))), 18),
        (Mul((Y, Pow(X, number(3)))), 135),
        (Mul((Y, Pow(X, MINUS_ONE))), Fraction(5, 3)),
        (Add((X, Mul((TWO, Y)))), 13),
        (Add((X, Mul((MINUS_ONE, Y)))), -2),
        (Mul((TWO, X)), 6),
    ],
)
def test_two_factors_and_two_terms(node: Term, expected: int | Fraction) -> None:
    """Only a power of -1 divides, and only a factor -1 subtracts."""
    point = Point({}, {"x": {(): Fraction(3)}, "y": {(): Fraction(5)}})
    assert evaluate(node, point, Declarations()) == exact(expected)


def test_zeros_that_shall_sum_to_1() -> None:
    words = frozenset({"nonnegative", "sums to 1"})
    entries = admit([Fraction(0), Fraction(0)], (2,), words)
    assert entries is not None
    assert satisfies(entries, words)


def test_an_integer_exponent_that_is_varied() -> None:
    declarations = Declarations(variables={"k": Variable("k", (), frozenset({"integer"}))})
    k = Element("k")
    point = Point({}, {"x": {(): Fraction(2)}, "k": {(): Fraction(3)}})
    with pytest.raises(UndefinedError):
        evaluate(Derivative(Pow(X, k), k), point, declarations)
    assert evaluate(Derivative(Pow(X, k), X), point, declarations) == 12


def test_a_jump_is_undefined_for_what_a_jump_is_applied_to() -> None:
    point = Point({}, {"x": {(): Fraction(2)}})
    for name in ("floor", "ceiling"):
        with pytest.raises(UndefinedError):
            evaluate(Derivative(apply(name, X), X), point, Declarations())


def test_a_fixed_index_of_a_definition_is_in_range() -> None:
    """sum_k delta(k, 3) is 1; where the dimension is 2 there is no third place, and no value."""
    third = Definition("a", (), sum_over(K, Delta(K, Fixed(3, "n"))))
    over = Definition("b", (), Element("a"))
    declarations = Declarations(definitions={"a": third, "b": over})
    for name in ("a", "b"):
        obligation = Obligation("=", Element(name), ONE, declarations)
        for length, kind in ((2, PointKind.UNDEFINED), (3, PointKind.AGREES)):
            outcome = Problem(obligation, ()).judge(Point({"n": length}, {}), Fuel(100))
            assert outcome.kind is kind
        assert refute(obligation).counterexample is None
