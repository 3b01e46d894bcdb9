"""The known scalar functions on the ring of ``ring.py``: one entry a function.

Values and derivatives are written here anew, not taken from the unfoldings that the provers use,
so that a slip in one place shows as a disagreement.  At a kink (relu, abs, max, min) a derivative
is undefined unless the argument is flat there; at a jump (sign, floor) it is always.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from flint import arb, fmpq, fmpz

from derive.refute.ring import (
    Dual,
    ExhaustedError,
    UndecidedError,
    UndefinedError,
    Value,
    ball_at,
    difference,
    logarithm,
    primal,
    reciprocal,
    sign,
    square_root,
    to_fraction,
)

_HALF = fmpq(1, 2)

#: Larger numbers are not factored.
_LARGEST_FACTORED = 2**64


def exponential(x: Value) -> Value:
    """``e^x``, exact at 0."""
    if isinstance(x, Dual):
        value = exponential(x.value)
        return x.scaled(value, value)
    if isinstance(x, arb):
        return x.exp()
    return 1 if x == 0 else ball_at(arb.exp, x)


def sine(x: Value) -> Value:
    """The sine, exact at 0."""
    if isinstance(x, Dual):
        return x.scaled(sine(x.value), cosine(x.value))
    if isinstance(x, arb):
        return x.sin()
    return 0 if x == 0 else ball_at(arb.sin, x)


def cosine(x: Value) -> Value:
    """The cosine, exact at 0."""
    if isinstance(x, Dual):
        return x.scaled(cosine(x.value), -sine(x.value))
    if isinstance(x, arb):
        return x.cos()
    return 1 if x == 0 else ball_at(arb.cos, x)


def arctangent(x: Value) -> Value:
    """The inverse tangent, exact at 0."""
    if isinstance(x, Dual):
        v = x.value
        return x.scaled(arctangent(v), reciprocal(v * v + 1))
    if isinstance(x, arb):
        return x.atan()
    return 0 if x == 0 else ball_at(arb.atan, x)


def error_function(x: Value) -> Value:
    """``erf(x)``, exact at 0; its derivative is 2/sqrt(pi) e^(-x^2)."""
    if isinstance(x, Dual):
        v = x.value
        density = exponential(-(v * v)) * (2 / arb.pi().sqrt())
        return x.scaled(error_function(v), density)
    if isinstance(x, arb):
        return x.erf()
    return 0 if x == 0 else ball_at(arb.erf, x)


def floor(x: Value) -> Value:
    """The greatest integer not above x; constant between integers, a jump at each."""
    number = primal(x)
    if isinstance(number, arb):
        whole = number.floor().unique_fmpz()
        if whole is None:
            raise UndecidedError
        integer = int(whole)
    else:
        integer = number if isinstance(number, int) else int(number.floor())
    if isinstance(x, Dual) and number == integer:
        raise UndefinedError("floor jumps at an integer")
    return integer


def relu(x: Value) -> Value:
    """max(0, x)."""
    side = sign(x)
    if side > 0:
        return x
    return 0 if side < 0 else _at_kink(x)


def absolute_value(x: Value) -> Value:
    """|x|."""
    side = sign(x)
    if side == 0:
        return _at_kink(x)
    return x if side > 0 else -x


def sign_function(x: Value) -> Value:
    """1, 0 or -1; a jump at 0."""
    side = sign(x)
    if side == 0 and isinstance(x, Dual):
        raise UndefinedError("sign jumps at 0")
    return side


def maximum(x: Value, y: Value) -> Value:
    """The larger one; a kink where both are equal."""
    side = sign(difference(x, y))
    return y + _at_kink(x - y) if side == 0 else (x if side > 0 else y)


def minimum(x: Value, y: Value) -> Value:
    """The smaller one; a kink where both are equal."""
    side = sign(difference(x, y))
    return y - _at_kink(x - y) if side == 0 else (y if side > 0 else x)


def sigmoid(x: Value) -> Value:
    """1/(1 + e^-x)."""
    return reciprocal(exponential(-x) + 1)


def softplus(x: Value) -> Value:
    """log(1 + e^x)."""
    return logarithm(exponential(x) + 1)


def hyperbolic_tangent(x: Value) -> Value:
    """1 - 2/(1 + e^2x)."""
    return 1 - reciprocal(exponential(x * 2) + 1) * 2


def hyperbolic_sine(x: Value) -> Value:
    """(e^x - 1/e^x)/2."""
    e = exponential(x)
    return (e - reciprocal(e)) * _HALF


def hyperbolic_cosine(x: Value) -> Value:
    """(e^x + 1/e^x)/2."""
    e = exponential(x)
    return (e + reciprocal(e)) * _HALF


def tangent(x: Value) -> Value:
    """sin x / cos x."""
    return sine(x) * reciprocal(cosine(x))


def ceiling(x: Value) -> Value:
    """The least integer not below x."""
    return -floor(-x)


def circle_constant() -> Value:
    """The number pi, one and the same ball at each precision."""
    return ball_at(_pi_times, 1)


def _pi_times(x: arb) -> arb:
    return x * arb.pi()


def step(x: Value) -> Value:
    """The derivative of relu: 1 or 0, undefined at 0."""
    side = sign(x)
    if side == 0:
        raise UndefinedError("the derivative of relu at its kink")
    return 1 if side > 0 else 0


def flat(x: Value) -> Value:
    """The derivative of a step: 0, undefined at 0."""
    if sign(x) == 0:
        raise UndefinedError("the derivative of a step at its jump")
    return 0


def divisor_count(x: Value) -> Value:
    """The number of positive divisors of a positive integer; it has no derivative."""
    number = to_fraction(x)
    if number is None or number.denominator != 1 or number < 1:
        if isinstance(x, arb):
            raise UndecidedError
        raise UndefinedError("divisors of what is not a positive integer, or varied")
    if number > _LARGEST_FACTORED:
        raise ExhaustedError
    return int(fmpz(number.numerator).divisor_sigma(0))


def _at_kink(zero: Value) -> Value:
    """relu or |.| of an argument that is exactly 0 here.

    Both are Lipschitz, so an argument with slope 0 gives the derivative 0.  For second
    derivatives that does not follow, and none is given.
    """
    if not isinstance(zero, Dual):
        return 0
    if isinstance(zero.value, Dual) or any(not s == 0 for s in zero.slopes.values()):
        raise UndefinedError("a derivative at a kink")
    return zero.scaled(0, 0)


#: How each known function is computed; a defined function without an entry is unfolded.
VALUES: Mapping[str, Callable[..., Value]] = MappingProxyType(
    {
        "exp": exponential,
        "log": logarithm,
        "sin": sine,
        "cos": cosine,
        "atan": arctangent,
        "erf": error_function,
        "pi": circle_constant,
        "floor": floor,
        "step": step,
        "flat": flat,
        "divisor_count": divisor_count,
        "ceiling": ceiling,
        "sqrt": square_root,
        "tan": tangent,
        "sinh": hyperbolic_sine,
        "cosh": hyperbolic_cosine,
        "tanh": hyperbolic_tangent,
        "sigmoid": sigmoid,
        "softplus": softplus,
        "relu": relu,
        "abs": absolute_value,
        "sign": sign_function,
        "max": maximum,
        "min": minimum,
    }
)
