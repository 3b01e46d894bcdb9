from fractions import Fraction

import pytest
from flint import arb, fmpq

from derive.refute.evaluate import Point, evaluate, precision
from derive.refute.functions import VALUES
from derive.refute.ring import (
    Dual,
    ExhaustedError,
    UndecidedError,
    UndefinedError,
    Value,
    ball,
    exact,
    slope,
)
from derive.terms.declarations import Declarations
from derive.terms.functions import FUNCTIONS, unfold_function
from derive.terms.term import Element

NOWHERE = Point({}, {})
UNFOLDING = sorted(name for name, entry in FUNCTIONS.items() if entry.unfold)
SAMPLES = [Fraction(n, 4) for n in (-9, -4, -1, 0, 1, 4, 7)]


def flat(value: Value) -> Dual:
    return Dual(1, value, {(): 0})


def moving(value: Value) -> Dual:
    return Dual(1, value, {(): 1})


def test_every_known_function_has_a_value() -> None:
    assert VALUES.keys() == FUNCTIONS.keys()


@pytest.mark.parametrize("name", UNFOLDING)
def test_values_agree_with_the_unfolding(name: str) -> None:
    arity = FUNCTIONS[name].arity
    arguments = tuple(Element(f"x{k}") for k in range(arity))
    unfolded = unfold_function(name, arguments)
    assert unfolded is not None
    for number in SAMPLES:
        numbers = [number, Fraction(1, 3)][:arity]
        point = Point({}, {f"x{k}": {(): value} for k, value in enumerate(numbers)})
        try:
            expected = evaluate(unfolded, point, Declarations())
        except UndefinedError:
            with pytest.raises(UndefinedError):
                VALUES[name](*map(exact, numbers))
            continue
        assert ball(VALUES[name](*map(exact, numbers))).overlaps(ball(expected))


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - {"max", "min", "pi", "divisor_count"}))
def test_derivatives_agree_with_differences(name: str) -> None:
    at, step = fmpq(3, 7), fmpq(1, 10**12)
    function = VALUES[name]
    with precision(200):
        difference = (ball(function(at + step)) - ball(function(at - step))) / (2 * step)
        assert abs(ball(slope(function(moving(at)), 1, ())) - difference) < 1e-20


@pytest.mark.parametrize(
    ("name", "argument", "expected"),
    [
        ("exp", 0, 1),
        ("sin", 0, 0),
        ("cos", 0, 1),
        ("atan", 0, 0),
        ("erf", 0, 0),
        ("tanh", 0, 0),
        ("sinh", 0, 0),
        ("cosh", 0, 1),
        ("tan", 0, 0),
        ("sigmoid", 0, fmpq(1, 2)),
        ("step", fmpq(1, 2), 1),
        ("step", -3, 0),
        ("flat", fmpq(-1, 2), 0),
        ("divisor_count", 12, 6),
        ("divisor_count", 7, 2),
        ("floor", fmpq(-1, 2), -1),
        ("floor", 3, 3),
        ("ceiling", fmpq(-1, 2), 0),
        ("relu", fmpq(-1, 2), 0),
        ("relu", 0, 0),
        ("abs", fmpq(-1, 2), fmpq(1, 2)),
        ("sign", 0, 0),
    ],
)
def test_exact_values(name: str, argument: Value, expected: Value) -> None:
    value = VALUES[name](argument)
    assert not isinstance(value, arb)
    assert value == expected


def test_the_circle_constant() -> None:
    assert ball(VALUES["pi"]()).overlaps(4 * arb(1).atan())
    assert VALUES["pi"]() is VALUES["pi"]()


@pytest.mark.parametrize(
    ("name", "argument"),
    [
        ("step", 0),
        ("flat", 0),
        ("divisor_count", 0),
        ("divisor_count", fmpq(1, 2)),
        ("divisor_count", moving(3)),
    ],
)
def test_no_value(name: str, argument: Value) -> None:
    with pytest.raises(UndefinedError):
        VALUES[name](argument)


def test_large_numbers_are_not_factored() -> None:
    with pytest.raises(ExhaustedError):
        VALUES["divisor_count"](2**100 + 1)


def test_larger_and_smaller() -> None:
    assert (VALUES["max"](1, fmpq(1, 2)), VALUES["min"](1, fmpq(1, 2))) == (1, fmpq(1, 2))
    assert (VALUES["max"](2, 2), VALUES["min"](2, 2)) == (2, 2)


class TestKinks:
    @pytest.mark.parametrize("name", ["relu", "abs"])
    def test_undefined_at_the_kink_unless_flat(self, name: str) -> None:
        with pytest.raises(UndefinedError, match="kink"):
            VALUES[name](moving(0))
        assert slope(VALUES[name](flat(0)), 1, ()) == 0

    @pytest.mark.parametrize("name", ["max", "min"])
    def test_undefined_at_a_tie(self, name: str) -> None:
        with pytest.raises(UndefinedError, match="kink"):
            VALUES[name](moving(2), 2)
        assert slope(VALUES[name](flat(2), 2), 1, ()) == 0

    def test_no_second_derivative_at_a_kink(self) -> None:
        with pytest.raises(UndefinedError):
            VALUES["relu"](Dual(2, flat(0), {(): 0}))

    @pytest.mark.parametrize(("name", "at"), [("sign", 0), ("floor", 2), ("ceiling", -1)])
    def test_a_jump_is_undefined_even_where_flat(self, name: str, at: int) -> None:
        with pytest.raises(UndefinedError):
            VALUES[name](flat(at))
        assert VALUES[name](at) == at

    def test_off_the_kink(self) -> None:
        assert slope(VALUES["relu"](moving(2)), 1, ()) == 1
        assert slope(VALUES["relu"](moving(-2)), 1, ()) == 0
        assert slope(VALUES["abs"](moving(-2)), 1, ()) == -1
        assert slope(VALUES["floor"](moving(fmpq(1, 2))), 1, ()) == 0
        assert slope(VALUES["sign"](moving(-3)), 1, ()) == 0

    @pytest.mark.parametrize("name", ["relu", "abs", "sign", "floor"])
    def test_a_ball_across_the_branch_is_undecided(self, name: str) -> None:
        with pytest.raises(UndecidedError):
            VALUES[name](arb(0, 0.01))
