"""From typed terms back to SymPy: for display, and for people who go on in SymPy.

The result is unevaluated where SymPy lets it be.  Names are kept as they are: symbols are built
from them as objects, and no text is ever parsed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy
from sympy.concrete.products import Product as SympyProduct
from sympy.tensor.indexed import Idx, IndexedBase

from derive.terms.declarations import Declarations
from derive.terms.functions import unfold_function
from derive.terms.obligation import Obligation
from derive.terms.structure import open_binder
from derive.terms.term import (
    Add,
    And,
    Apply,
    Compare,
    Delta,
    Derivative,
    Dim,
    Dimension,
    Element,
    Fixed,
    Free,
    Index,
    Indicator,
    Mul,
    Not,
    Number,
    Or,
    Position,
    Pow,
    Product,
    Proposition,
    SameIndex,
    Sum,
    Term,
    Undefined,
    Where,
)


class NoSympyFormError(Exception):
    """The term has no counterpart in SymPy; the message names it."""


_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "exp": sympy.exp,
    "log": sympy.log,
    "sin": sympy.sin,
    "cos": sympy.cos,
    "tan": sympy.tan,
    "atan": sympy.atan,
    "sinh": sympy.sinh,
    "cosh": sympy.cosh,
    "tanh": sympy.tanh,
    "erf": sympy.erf,
    "abs": sympy.Abs,
    "sign": sympy.sign,
    "floor": sympy.floor,
    "ceiling": sympy.ceiling,
    "sqrt": sympy.sqrt,
    "max": sympy.Max,
    "min": sympy.Min,
    "relu": lambda x: sympy.Max(0, x),
    "pi": lambda: sympy.pi,
}

_RELATIONS: Mapping[str, Callable[..., Any]] = {
    "=": sympy.Eq,
    "!=": sympy.Ne,
    "<": sympy.Lt,
    "<=": sympy.Le,
    ">": sympy.Gt,
    ">=": sympy.Ge,
}

_WORDS = {
    "positive": "positive",
    "nonnegative": "nonnegative",
    "nonzero": "nonzero",
    "integer": "integer",
}


def obligation_to_sympy(obligation: Obligation) -> sympy.Basic:
    """The relation as a SymPy object; the inverse of ``obligation_from_sympy``.

    Raises ``NoSympyFormError`` for terms that SymPy has no form for.
    """
    writer = _Writer(obligation.declarations)
    left, right = writer.term(obligation.left), writer.term(obligation.right)
    return _RELATIONS[obligation.operator](left, right, evaluate=False)


def term_to_sympy(term: Term, declarations: Declarations | None = None) -> Any:
    """The term as a SymPy expression over ``Indexed``, ``Sum``, ``KroneckerDelta``, ..."""
    return _Writer(declarations or Declarations()).term(term)


@dataclass
class _Writer:
    declarations: Declarations
    opened: int = field(default=0)

    def term(self, term: Term) -> Any:
        match term:
            case Number(value):
                return sympy.Rational(value.numerator, value.denominator)
            case Dimension(dim):
                return self._dim(dim)
            case Position(index):
                return self._index(index)
            case Element(name, ()):
                return self._scalar(name)
            case Element(name, indices):
                shape = tuple(self._dim(dim) for dim in self.declarations.shape(name))
                base = IndexedBase(sympy.Symbol(name), shape=shape or None)
                return base[tuple(self._index(index) for index in indices)]
            case Add(terms):
                return sympy.Add(*map(self.term, terms), evaluate=False)
            case Mul(factors):
                return sympy.Mul(*map(self.term, factors), evaluate=False)
            case Pow(base, exponent):
                return sympy.Pow(self.term(base), self.term(exponent), evaluate=False)
            case Apply(function, arguments):
                return self._apply(function, arguments)
            case Sum(dim, body):
                return self._over(sympy.Sum, dim, body)
            case Product(dim, body):
                return self._over(SympyProduct, dim, body)
            case Delta(left, right):
                return sympy.KroneckerDelta(self._index(left), self._index(right))
            case Indicator(condition):
                return sympy.Piecewise((1, self.proposition(condition)), (0, True))
            case Where(condition, then, Undefined()):
                return sympy.Piecewise((self.term(then), self.proposition(condition)))
            case Where(condition, then, otherwise):
                return sympy.Piecewise(
                    (self.term(then), self.proposition(condition)), (self.term(otherwise), True)
                )
            case Derivative(body, variable):
                return sympy.Derivative(self.term(body), self.term(variable))
        raise NoSympyFormError(f"{type(term).__name__} has no form in SymPy")

    def proposition(self, proposition: Proposition) -> Any:
        match proposition:
            case Compare(operator, left, right):
                return _RELATIONS[operator](self.term(left), self.term(right))
            case SameIndex(left, right):
                return sympy.Eq(self._index(left), self._index(right))
            case Not(inner):
                return sympy.Not(self.proposition(inner))
            case And(parts):
                return sympy.And(*map(self.proposition, parts))
            case Or(parts):
                return sympy.Or(*map(self.proposition, parts))
        raise NoSympyFormError(f"{type(proposition).__name__} has no form in SymPy")

    def _apply(self, function: str, arguments: tuple[Term, ...]) -> Any:
        made = _FUNCTIONS.get(function)
        if made is not None:
            return made(*map(self.term, arguments))
        meaning = unfold_function(function, arguments)
        if meaning is None:
            raise NoSympyFormError(f"the function {function} has no form in SymPy")
        return self.term(meaning)

    def _over(self, kind: Any, dim: Dim, body: Term) -> Any:
        self.opened += 1
        letter = Free(f"k{self.opened}", dim)
        inner = self.term(open_binder(body, letter))
        symbol = sympy.Symbol(letter.name, integer=True)
        return kind(inner.xreplace({self._index(letter): symbol}), (symbol, 1, self._dim(dim)))

    def _dim(self, dim: Dim) -> Any:
        if isinstance(dim, int):
            return sympy.Integer(dim)
        return sympy.Symbol(dim, integer=True, positive=True)

    def _scalar(self, name: str) -> Any:
        variable = self.declarations.variables.get(name)
        words = variable.conditions if variable is not None else frozenset()
        given = {fact: True for word, fact in _WORDS.items() if word in words}
        return sympy.Symbol(name, real=True, **given)

    def _index(self, index: Index) -> Any:
        if isinstance(index, Fixed):
            return sympy.Integer(index.value)
        if isinstance(index, Free):
            label = sympy.Symbol(index.name, integer=True)
            return Idx(label, (1, self._dim(index.dim)))
        raise NoSympyFormError("a bound index outside of its sum")
