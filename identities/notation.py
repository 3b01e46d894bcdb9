"""Symbols and small functions that the claims share: the notation of the catalogue.

Every function builds an unevaluated SymPy expression.  Bound letters are chosen so that no sum
inside another one uses the same letter: ``l`` for the sum inside a softmax, ``k`` over classes,
``t`` over hidden units, ``q`` over inputs, ``p`` over examples.  Free indices carry a range.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeAlias

import sympy
from sympy import Expr, Idx, IndexedBase, Symbol
from sympy.core.relational import Relational

#: A vector given by its entries: an index to the entry there.
Entries: TypeAlias = Callable[[Expr], Expr]


#: The LaTeX of names that are not printed as they are spelled.
LATEX_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "W1": r"W^{(1)}",
        "b1": r"b^{(1)}",
        "W2": r"W^{(2)}",
        "b2": r"b^{(2)}",
        "h_a": r"h^a",
        "h_s": r"h^s",
        "o_a": r"o^a",
        "o_s": r"o^s",
        "H_a": r"H^a",
        "H_s": r"H^s",
        "O_a": r"O^a",
    }
)


def dimension(name: str) -> Symbol:
    """The length of an index range: a positive integer."""
    return Symbol(name, integer=True, positive=True)


def real(name: str) -> Symbol:
    """A real scalar."""
    return Symbol(name, real=True)


def array(name: str, *shape: Expr) -> IndexedBase:
    """A real array with the given symbolic shape; without one, a name that is not introduced."""
    return IndexedBase(name, shape=shape or None, real=True)


def index(name: str, length: Expr) -> Idx:
    """A free index that runs from 1 to ``length``."""
    return Idx(name, (1, length))


def bound(name: str) -> Symbol:
    """The letter of a sum."""
    return Symbol(name, integer=True)


def equal(left: Expr | int, right: Expr | int) -> Relational:
    """``left = right``, kept as written."""
    return sympy.Eq(left, right, evaluate=False)


def different(left: Expr | int, right: Expr | int) -> Relational:
    """``left != right``, kept as written."""
    return sympy.Ne(left, right, evaluate=False)


def at_most(left: Expr | int, right: Expr | int) -> Relational:
    """``left <= right``, kept as written."""
    return sympy.Le(left, right, evaluate=False)


def above(left: Expr | int, right: Expr | int) -> Relational:
    """``left > right``, kept as written."""
    return sympy.Gt(left, right, evaluate=False)


def plus(*terms: Expr | int) -> Expr:
    """A sum kept as written."""
    return sympy.Add(*map(sympy.S, terms), evaluate=False)


def minus(left: Expr | int, right: Expr | int) -> Expr:
    """``left - right`` kept as written."""
    return plus(left, times(-1, right))


def times(*factors: Expr | int) -> Expr:
    """A product kept as written."""
    return sympy.Mul(*map(sympy.S, factors), evaluate=False)


def ratio(numerator: Expr | int, denominator: Expr | int) -> Expr:
    """``numerator / denominator`` kept as written: nothing cancels."""
    return times(numerator, sympy.Pow(sympy.S(denominator), -1, evaluate=False))


def power(base: Expr, exponent: Expr | int) -> Expr:
    """``base ** exponent`` kept as written."""
    return sympy.Pow(base, sympy.S(exponent), evaluate=False)


def total(entries: Entries, letter: Symbol, length: Expr) -> Expr:
    """The sum of the entries 1 to ``length``, under the given bound letter."""
    return sum_over(entries(letter), (letter, length))


def sum_over(body: Expr | int, *ranges: tuple[Symbol, Expr]) -> Expr:
    """The sum of ``body`` where every given letter runs from 1 to its length.

    Built from its parts: ``Sum(...)`` would fold a ``Piecewise`` in the body and multiply it by 1.
    """
    limits = (sympy.Tuple(letter, 1, length) for letter, length in ranges)
    made: Expr = sympy.Basic.__new__(sympy.Sum, sympy.S(body), *limits)
    made.is_commutative = True
    return made


def partial(expression: Expr, variable: Expr) -> Expr:
    """The partial derivative by a scalar or a component, as a ``Derivative``.

    Built from its parts: ``Derivative(...)`` would make it 0 where SymPy sees no dependence.
    """
    made: Expr = sympy.Basic.__new__(
        sympy.Derivative, expression, sympy.Tuple(variable, sympy.Integer(1))
    )
    return made


def indicator(condition: Relational) -> Expr:
    """1 where the condition holds, else 0."""
    return sympy.Piecewise((1, condition), (0, True), evaluate=False)


def exponential(x: Expr) -> Expr:
    """``e^x``, kept as written (SymPy would shorten the exponential of a logarithm)."""
    return sympy.exp(x, evaluate=False)


def log(x: Expr) -> Expr:
    """The natural logarithm, kept as written (SymPy would shorten ``log(exp(x))``)."""
    return sympy.log(x, evaluate=False)


def relu(x: Expr) -> Expr:
    """``max(0, x)``."""
    return sympy.Max(0, x, evaluate=False)


def sigmoid(x: Expr) -> Expr:
    """``1 / (1 + exp(-x))``."""
    return 1 / (1 + exponential(-x))


def softplus(x: Expr) -> Expr:
    """``log(1 + exp(x))``."""
    return log(1 + exponential(x))


def tanh_by_exponentials(x: Expr) -> Expr:
    """``(exp(x) - exp(-x)) / (exp(x) + exp(-x))``."""
    return (exponential(x) - exponential(-x)) / (exponential(x) + exponential(-x))


def exponential_sum(x: Entries, length: Expr) -> Expr:
    """``sum_l exp(x_l)``."""
    return total(lambda l: exponential(x(l)), bound("l"), length)  # noqa: E741


def softmax_entry(x: Entries, i: Expr, length: Expr) -> Expr:
    """Entry ``i`` of the softmax: ``exp(x_i) / sum_l exp(x_l)``."""
    return exponential(x(i)) / exponential_sum(x, length)


n = dimension("n")
m = dimension("m")
d = dimension("d")
d_h = dimension("d_h")
N = dimension("N")
