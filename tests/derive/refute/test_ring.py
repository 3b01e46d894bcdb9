from fractions import Fraction

import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.refute.evaluate import precision
from derive.refute.ring import (
    EXACT_BITS,
    Dual,
    UndecidedError,
    UndefinedError,
    Value,
    ball_at,
    compact,
    difference,
    exact,
    integer_power,
    logarithm,
    primal,
    quotient,
    real_power,
    reciprocal,
    sign,
    slope,
    square_root,
    to_fraction,
)

rationals = st.fractions(min_value=-9, max_value=9, max_denominator=6)


def dual(value: Value, change: Value = 1, tag: int = 1) -> Dual:
    return Dual(tag, value, {(): change})


def spanning_zero() -> arb:
    return arb(0, 0.001)


class TestExactness:
    def test_whole_numbers_are_ints(self) -> None:
        assert exact(Fraction(6, 3)) == 2
        assert isinstance(exact(Fraction(6, 3)), int)
        assert exact(Fraction(1, 3)) == fmpq(1, 3)

    @given(rationals)
    def test_there_and_back(self, number: Fraction) -> None:
        assert to_fraction(exact(number)) == number

    def test_a_ball_is_no_fraction(self) -> None:
        assert to_fraction(arb(2).sqrt()) is None

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (square_root(4), 2),
            (square_root(fmpq(9, 4)), fmpq(3, 2)),
            (square_root(0), 0),
            (real_power(8, fmpq(2, 3)), 4),
            (real_power(fmpq(1, 4), fmpq(-1, 2)), 2),
            (real_power(1, arb(2).sqrt()), 1),
            (real_power(0, fmpq(1, 2)), 0),
            (integer_power(fmpq(2, 3), -2), fmpq(9, 4)),
            (integer_power(0, 0), 1),
            (logarithm(1), 0),
            (reciprocal(-1), -1),
            (reciprocal(4), fmpq(1, 4)),
        ],
    )
    def test_values_that_stay_exact(self, value: Value, expected: Value) -> None:
        assert not isinstance(value, arb)
        assert value == expected

    def test_huge_powers_are_rounded(self) -> None:
        assert isinstance(integer_power(7, 10**9), arb)
        assert isinstance(compact(2 ** (EXACT_BITS + 1)), arb)
        assert compact(2**20) == 2**20
        rounded = compact(dual(2 ** (EXACT_BITS + 1), fmpq(1, 3)))
        assert isinstance(rounded, Dual)
        assert isinstance(rounded.value, arb)


class TestDecisions:
    def test_certain_signs(self) -> None:
        assert [sign(v) for v in (fmpq(-1, 2), 0, 3, arb(2).sqrt(), arb(0))] == [-1, 0, 1, 1, 0]
        assert sign(dual(-2)) == -1

    def test_a_ball_around_zero_is_undecided(self) -> None:
        for decide in (sign, reciprocal, logarithm, square_root):
            with pytest.raises(UndecidedError):
                decide(spanning_zero())

    def test_not_a_number_is_undecided(self) -> None:
        with pytest.raises(UndecidedError):
            sign(arb("nan"))

    @pytest.mark.parametrize(
        "undefined",
        [
            lambda: reciprocal(0),
            lambda: reciprocal(arb(0)),
            lambda: logarithm(0),
            lambda: logarithm(fmpq(-1, 2)),
            lambda: square_root(-1),
            lambda: real_power(-1, fmpq(1, 3)),
            lambda: real_power(0, 0),
            lambda: real_power(0, fmpq(-1, 2)),
            lambda: real_power(dual(0), fmpq(3, 2)),
            lambda: square_root(dual(0, 0)),
            lambda: integer_power(0, -1),
        ],
    )
    def test_no_value(self, undefined: object) -> None:
        with pytest.raises(UndefinedError):
            undefined()  # type: ignore[operator]


class TestOneNumberOneBall:
    def test_the_same_ball_is_the_same_number(self) -> None:
        root = ball_at(arb.sqrt, 2)
        assert ball_at(arb.sqrt, 2) is root
        assert difference(root, root) == 0
        assert isinstance(difference(root, root), int)
        assert quotient(root, root) == 1

    def test_other_balls_are_subtracted(self) -> None:
        gap = difference(arb(2).sqrt(), arb(2).sqrt())
        assert isinstance(gap, arb)
        assert not gap.is_zero()

    def test_each_precision_has_its_own(self) -> None:
        with precision(64):
            low = ball_at(arb.sqrt, 2)
        with precision(256):
            high = ball_at(arb.sqrt, 2)
        assert high.rad() < low.rad()

    def test_what_is_not_finite_cancels_nothing(self) -> None:
        infinite = arb("inf")
        assert difference(infinite, infinite).is_nan()  # type: ignore[union-attr]

    def test_a_quotient_by_zero_is_undefined(self) -> None:
        with pytest.raises(UndefinedError):
            quotient(0, 0)


class TestDuals:
    def test_product_rule(self) -> None:
        product = dual(3, 2) * dual(5, 7)
        assert (primal(product), slope(product, 1, ())) == (15, 3 * 7 + 2 * 5)

    def test_slopes_by_component(self) -> None:
        x, y = Dual(1, 2, {(1,): 1}), Dual(1, 3, {(2,): 1})
        value = x * y * y + x
        assert [slope(value, 1, key) for key in ((1,), (2,), (3,))] == [10, 12, 0]

    def test_another_perturbation_is_a_constant(self) -> None:
        inner = Dual(2, dual(3), {(): 1})
        value = inner * inner * inner
        assert slope(slope(value, 2, ()), 1, ()) == 18

    def test_order_of_nesting_does_not_matter(self) -> None:
        low, high = dual(2), dual(5, 1, tag=2)
        for value in (low * high, high * low):
            assert slope(slope(value, 2, ()), 1, ()) == 1
        for value in (low + high, high + low, low - (-high)):
            assert slope(value, 2, ()) == 1
            assert slope(primal_of(value), 1, ()) == 1

    def test_times_a_constant_zero_is_constant(self) -> None:
        assert not isinstance(dual(3) * 0, Dual)
        assert isinstance(dual(0, 0) * 2, Dual)

    @settings(deadline=None, max_examples=30)
    @given(st.lists(rationals, min_size=1, max_size=5), rationals)
    def test_agrees_with_the_derivative_of_a_polynomial(
        self, coefficients: list[Fraction], at: Fraction
    ) -> None:
        value: Value = 0
        for power, coefficient in enumerate(coefficients):
            value = value + integer_power(dual(exact(at)), power) * exact(coefficient)
        expected = sum(k * c * at ** (k - 1) for k, c in enumerate(coefficients) if k)
        assert slope(value, 1, ()) == exact(Fraction(expected))

    @settings(deadline=None, max_examples=30)
    @given(rationals.filter(bool), st.integers(-4, 4))
    def test_integer_powers(self, base: Fraction, exponent: int) -> None:
        value = integer_power(dual(exact(base)), exponent)
        expected = exponent * base ** (exponent - 1) if exponent else Fraction(0)
        assert slope(value, 1, ()) == exact(Fraction(expected))

    def test_powers_by_base_and_exponent(self) -> None:
        by_base = real_power(dual(4), fmpq(1, 2))
        assert slope(by_base, 1, ()) == fmpq(1, 4)
        by_exponent = real_power(4, dual(fmpq(1, 2)))
        assert slope(by_exponent, 1, ()).overlaps(2 * arb(4).log())  # type: ignore[union-attr]
        both = real_power(dual(2), dual(2))
        assert slope(both, 1, ()).overlaps(4 + 4 * arb(2).log())  # type: ignore[union-attr]

    def test_root_and_log(self) -> None:
        assert slope(square_root(dual(9)), 1, ()) == fmpq(1, 6)
        assert slope(logarithm(dual(5)), 1, ()) == fmpq(1, 5)


def primal_of(value: Value) -> Value:
    assert isinstance(value, Dual)
    return value.value
