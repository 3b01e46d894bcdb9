"""The known scalar functions: their meaning, one entry a function.

An entry says how many arguments a function takes and, where it is defined by others, what it
unfolds to.  What unfolds needs no rule of its own in the prover; what does not is a kernel
there (``exp``, ``log``, ``sin``, ``cos``, ``erf``, ``abs``, ...).
"""

from collections.abc import Callable
from dataclasses import dataclass

from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    Compare,
    Indicator,
    Pow,
    Term,
    add,
    apply,
    div,
    mul,
    neg,
    sub,
)


@dataclass(frozen=True, slots=True)
class Function:
    """A scalar function: number of arguments, and its unfolding where it has one."""

    arity: int
    meaning: str
    unfold: Callable[..., Term] | None = None


def _exp(x: Term) -> Term:
    return apply("exp", x)


def _one_plus(x: Term) -> Term:
    return add(ONE, x)


def _half(x: Term) -> Term:
    return mul(Pow(TWO, MINUS_ONE), x)


def _indicator(operator: str, x: Term) -> Term:
    return Indicator(Compare(operator, x, ZERO))  # type: ignore[arg-type]


FUNCTIONS: dict[str, Function] = {
    "exp": Function(1, "e^x"),
    "log": Function(1, "natural logarithm, x > 0"),
    "sin": Function(1, "sine"),
    "cos": Function(1, "cosine"),
    "atan": Function(1, "inverse tangent"),
    "erf": Function(1, "error function"),
    "pi": Function(0, "the circle's constant"),
    "floor": Function(1, "greatest integer not above x"),
    "step": Function(1, "derivative of max(0, x): 1 for x > 0, 0 for x < 0, undefined at 0"),
    "flat": Function(1, "derivative of a step: 0 for x != 0, undefined at 0"),
    "divisor_count": Function(
        1, "number of positive divisors of a positive integer (s is prime where it is 2)"
    ),
    "ceiling": Function(1, "least integer not below x", lambda x: neg(apply("floor", neg(x)))),
    "sqrt": Function(1, "square root, x >= 0", lambda x: Pow(x, Pow(TWO, MINUS_ONE))),
    "tan": Function(1, "tangent", lambda x: div(apply("sin", x), apply("cos", x))),
    "sinh": Function(1, "(e^x - e^-x)/2", lambda x: _half(sub(_exp(x), _exp(neg(x))))),
    "cosh": Function(1, "(e^x + e^-x)/2", lambda x: _half(add(_exp(x), _exp(neg(x))))),
    "tanh": Function(
        1,
        "(e^x - e^-x)/(e^x + e^-x)",
        lambda x: div(sub(_exp(x), _exp(neg(x))), add(_exp(x), _exp(neg(x)))),
    ),
    "sigmoid": Function(1, "1/(1 + e^-x)", lambda x: Pow(_one_plus(_exp(neg(x))), MINUS_ONE)),
    "softplus": Function(1, "log(1 + e^x)", lambda x: apply("log", _one_plus(_exp(x)))),
    "relu": Function(1, "max(0, x)", lambda x: mul(x, _indicator(">", x))),
    "abs": Function(1, "|x|", lambda x: mul(x, sub(_indicator(">", x), _indicator("<", x)))),
    "sign": Function(
        1,
        "1 for x > 0, 0 for x = 0, -1 for x < 0",
        lambda x: sub(_indicator(">", x), _indicator("<", x)),
    ),
    "max": Function(2, "the larger one", lambda x, y: add(y, apply("relu", sub(x, y)))),
    "min": Function(2, "the smaller one", lambda x, y: sub(x, apply("relu", sub(x, y)))),
}


def unfold_function(function: str, arguments: tuple[Term, ...]) -> Term | None:
    """What a defined function at these arguments stands for; None for a kernel."""
    entry = FUNCTIONS[function]
    return entry.unfold(*arguments) if entry.unfold else None
