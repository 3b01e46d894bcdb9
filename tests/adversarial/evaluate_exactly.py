"""The numbers that expressions stand for: exact as long as they are rational, arb balls after that.

Everything is strict: a part without a value leaves the whole without one, but for the branch of a
case distinction that is not taken.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from math import isqrt

from flint import arb, ctx, fmpq
from written_out import Expression, Key, NoValueError, TooLargeError

Value = Fraction | arb
Components = Mapping[tuple[str, Key], Fraction]

#: Precisions in bits at which a question is asked until it is decided.
PRECISIONS = (192, 768)

#: What the balls of two values may differ by at most to count as equal.
RADIUS = Fraction(1, 10**25)

ZERO, ONE = Fraction(0), Fraction(1)


class UndecidedError(ArithmeticError):
    """The precision does not tell."""


@dataclass(frozen=True)
class Place:
    """Where a statement is looked at: dimensions, components, and concrete functions.

    ``functions`` maps a name to a function of a writer, the output's indices and the components of
    its arguments, which gives the expression.
    """

    dims: Mapping[str, int]
    components: Components
    functions: Mapping[str, Callable[..., Expression]] = field(default_factory=dict)


@contextmanager
def precision(bits: int) -> Iterator[None]:
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


class Reader:
    """The numbers that expressions stand for at one point, at the precision of the moment."""

    def __init__(self, components: Components) -> None:
        self.components = components
        self._values: dict[int, Value | bool] = {}
        self._failed: dict[int, NoValueError] = {}

    def value(self, node: Expression) -> Value:
        """The number.  Raises NoValueError, UndecidedError."""
        known = self._values.get(id(node))
        if known is None:
            if id(node) in self._failed:
                raise self._failed[id(node)]
            try:
                known = self._values[id(node)] = self._value(node)
            except NoValueError as error:
                self._failed[id(node)] = error
                raise
        return known

    def truth(self, node: Expression) -> bool:
        """Whether the proposition holds.  Raises NoValueError, UndecidedError."""
        match node[0]:
            case "truth":
                return node[1]
            case "not":
                return not self.truth(node[1])
            case "and" | "or":
                truths = [self.truth(part) for part in node[1:]]  # each must have one
                return all(truths) if node[0] == "and" else any(truths)
        operator, left, right = node[1:]
        order = compare(self.value(left), self.value(right))
        return _ORDERS[operator](order)

    def _value(self, node: Expression) -> Value:
        operation, arguments = node[0], node[1:]
        match operation:
            case "number":
                return node[1]
            case "component":
                return self.components[node[1], node[2]]
            case "undefined":
                raise NoValueError("no case applies")
            case "add":
                return _total([self.value(part) for part in arguments])
            case "mul":
                return _joint([self.value(part) for part in arguments])
            case "where":
                return self.value(node[2] if self.truth(node[1]) else node[3])
            case "given":
                self.value(node[1])
                return self.value(node[2])
            case "edge":
                if _sign(self.value(node[1])) == 0 and _sign(self.value(node[2])) != 0:
                    raise NoValueError("a derivative where a case ends")
                return ZERO
            case "between integers":
                if _floor(self.value(node[1])) == self.value(node[1]):
                    raise NoValueError("a jump")
                return ZERO
            case "whole power":
                return _whole_power(self.value(node[1]), node[2])
            case "integer power":
                base, exponent = self.value(node[1]), self.value(node[2])
                if not isinstance(exponent, Fraction) or exponent.denominator != 1:
                    raise UndecidedError("an exponent that is no exact integer")
                return _whole_power(base, int(exponent))
            case "power":
                return _power(self.value(node[1]), self.value(node[2]))
        return FUNCTIONS[operation](*[self.value(part) for part in arguments])


def ball(value: Value) -> arb:
    if isinstance(value, arb):
        return value
    return arb(fmpq(value.numerator, value.denominator))


def _total(parts: list[Value]) -> Value:
    exact = sum([p for p in parts if isinstance(p, Fraction)], ZERO)
    balls = [p for p in parts if not isinstance(p, Fraction)]
    if not balls:
        return exact
    total = ball(exact)
    for part in balls:
        total = total + part
    return total


def _joint(parts: list[Value]) -> Value:
    exact = ONE
    for part in parts:
        if isinstance(part, Fraction):
            exact *= part
    balls = [p for p in parts if not isinstance(p, Fraction)]
    if not balls or not exact:
        return exact
    total = ball(exact)
    for part in balls:
        total = total * part
    return total


def _sign(value: Value) -> int:
    if isinstance(value, Fraction):
        return (value > 0) - (value < 0)
    if value > 0:
        return 1
    if value < 0:
        return -1
    raise UndecidedError("a sign")


def compare(left: Value, right: Value) -> int:
    """1, 0 or -1 as left is larger, equal or smaller.  Raises UndecidedError."""
    if isinstance(left, Fraction) and isinstance(right, Fraction):
        return (left > right) - (left < right)
    return _sign(ball(left) - ball(right))


_ORDERS: Mapping[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "!=": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}


def _whole_power(base: Value, exponent: int) -> Value:
    if abs(exponent) > 2000:
        raise TooLargeError("a power")
    if exponent >= 0:
        return base**exponent
    if _sign(base) == 0:
        raise NoValueError("division by 0")
    return (ONE if isinstance(base, Fraction) else arb(1)) / base ** (-exponent)


def _power(base: Value, exponent: Value) -> Value:
    if _sign(base) < 0:
        raise NoValueError("a real power of a negative number")
    if _sign(base) == 0:
        if _sign(exponent) <= 0:
            raise NoValueError("0 to a power that is not positive")
        return ZERO
    if isinstance(base, Fraction) and isinstance(exponent, Fraction):
        if exponent.denominator == 1:
            return _whole_power(base, int(exponent))
        if exponent.denominator == 2:
            roots = isqrt(base.numerator), isqrt(base.denominator)
            if roots[0] ** 2 == base.numerator and roots[1] ** 2 == base.denominator:
                return _whole_power(Fraction(*roots), exponent.numerator)
            return ball(base).sqrt() ** exponent.numerator
    return (ball(exponent) * ball(base).log()).exp()


def _log(x: Value) -> Value:
    if _sign(x) <= 0:
        raise NoValueError("the logarithm of a number that is not positive")
    return ZERO if x == 1 and isinstance(x, Fraction) else ball(x).log()


def _floor(x: Value) -> Fraction:
    if isinstance(x, Fraction):
        return Fraction(x.numerator // x.denominator)
    whole = x.floor().unique_fmpz()
    if whole is None:
        raise UndecidedError("a floor")
    return Fraction(int(whole))


def _step(x: Value) -> Fraction:
    if _sign(x) == 0:
        raise NoValueError("a step at its jump")
    return Fraction(int(_sign(x) > 0))


def _flat(x: Value) -> Fraction:
    _step(x)
    return ZERO


def _divisors(x: Value) -> Fraction:
    if not isinstance(x, Fraction) or x.denominator != 1 or x < 1:
        raise NoValueError("divisors of what is no positive integer")
    return Fraction(sum(x.numerator % d == 0 for d in range(1, x.numerator + 1)))


def _at_zero(value: int, function: Callable[[arb], arb]) -> Callable[[Value], Value]:
    """An entire function; exact at 0."""
    return lambda x: Fraction(value) if isinstance(x, Fraction) and not x else function(ball(x))


FUNCTIONS: Mapping[str, Callable[..., Value]] = {
    "exp": _at_zero(1, arb.exp),
    "log": _log,
    "sin": _at_zero(0, arb.sin),
    "cos": _at_zero(1, arb.cos),
    "tan": _at_zero(0, arb.tan),
    "atan": _at_zero(0, arb.atan),
    "erf": _at_zero(0, arb.erf),
    "sinh": _at_zero(0, arb.sinh),
    "cosh": _at_zero(1, arb.cosh),
    "tanh": _at_zero(0, arb.tanh),
    "pi": lambda: arb.pi(),
    "sigmoid": lambda x: (
        Fraction(1, 2) if isinstance(x, Fraction) and not x else (1 + (-ball(x)).exp()) ** -1
    ),
    "softplus": lambda x: (1 + ball(x).exp()).log(),
    "sqrt": lambda x: _power(x, Fraction(1, 2)),
    "relu": lambda x: x if _sign(x) > 0 else ZERO,
    "abs": lambda x: x if _sign(x) >= 0 else -x,
    "sign": lambda x: Fraction(_sign(x)),
    "max": lambda x, y: x if compare(x, y) >= 0 else y,
    "min": lambda x, y: x if compare(x, y) <= 0 else y,
    "floor": _floor,
    "ceiling": lambda x: -_floor(-x),
    "step": _step,
    "flat": _flat,
    "divisor_count": _divisors,
}
