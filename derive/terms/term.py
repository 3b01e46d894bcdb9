"""Typed terms: every term is a real scalar under some free indices.

A vector is a scalar with one free index, a matrix one with two; ``A B`` is a sum over a
bound index.  Free indices carry a name and a dimension.  Bound indices are nameless
(de Bruijn: ``Bound(0)`` belongs to the nearest binder), so two sums that differ in the
letter alone are the same term, and no substitution can capture an index.

Nodes are immutable and remember their hash.  They know nothing of LaTeX or SymPy.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from operator import attrgetter
from typing import Literal, TypeAlias

#: The length of an index range: a declared letter, or a number.
Dim: TypeAlias = int | str

#: The order and equality relations between scalars.
Operator: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">="]

#: The relation that holds where this one does not.
NEGATED: Mapping[Operator, Operator] = {
    "=": "!=",
    "!=": "=",
    "<": ">=",
    "<=": ">",
    ">": "<=",
    ">=": "<",
}


@dataclass(frozen=True, slots=True)
class Free:
    """A named index that runs over ``1..dim``; a statement holds for each of its values."""

    name: str
    dim: Dim


@dataclass(frozen=True, slots=True)
class Bound:
    """The index of the binder ``depth`` levels up (0 is the nearest one)."""

    depth: int


@dataclass(frozen=True, slots=True)
class Fixed:
    """The constant index ``value`` (1-based) of a range of length ``dim``."""

    value: int
    dim: Dim


Index: TypeAlias = Free | Bound | Fixed


class Node:
    """Base of terms and propositions: compared by structure, hashed once."""

    __slots__ = ("_free", "_hash", "_key", "_loose", "_names", "_size")

    _hash: int
    _free: tuple[Free, ...]
    _key: str
    _loose: int
    _names: frozenset[str]
    _size: int

    def __hash__(self) -> int:
        try:
            return self._hash
        except AttributeError:
            value = hash((type(self).__name__, _content(type(self))(self)))
            object.__setattr__(self, "_hash", value)
            return value

    def _fields(self) -> Iterable[object]:
        return (getattr(self, name) for name in type(self).__slots__)


def _content(cls: type[Node]) -> Callable[[Node], object]:
    """All fields of a node of this class at once; nothing for a class without fields."""
    known = _CONTENT.get(cls)
    if known is None:
        names = tuple(cls.__slots__)
        known = _CONTENT[cls] = attrgetter(*names) if names else lambda _node: None
    return known


_CONTENT: dict[type[Node], Callable[[Node], object]] = {}


class Term(Node):
    """A real scalar under free indices."""

    __slots__ = ()


class Proposition(Node):
    """Something true or false at a point: a condition, a hypothesis, a guard."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Number(Term):
    """An exact rational number."""

    value: Fraction
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Dimension(Term):
    """The length of an index range, as a number (``n`` in ``2 n + 1``)."""

    dim: Dim
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Position(Term):
    """The value of an index, as a number from 1 to its dimension."""

    index: Index
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Element(Term):
    """A component of a variable: ``W[k, j]``; a scalar variable has no indices."""

    name: str
    indices: tuple[Index, ...] = ()
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Add(Term):
    """The sum of finitely many terms, in the written order."""

    terms: tuple[Term, ...]
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Mul(Term):
    """The product of finitely many factors, in the written order."""

    factors: tuple[Term, ...]
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Pow(Term):
    """``base ** exponent``: an integer exponent, or a positive base, or 0 to a positive power."""

    base: Term
    exponent: Term
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Apply(Term):
    """A known scalar function (see ``functions.FUNCTIONS``) at its arguments."""

    function: str
    arguments: tuple[Term, ...]
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Argument:
    """A tensor handed to an unknown function: ``body`` under ``len(dims)`` new binders.

    The last dimension belongs to ``Bound(0)``.
    """

    dims: tuple[Dim, ...]
    body: Term


@dataclass(frozen=True, slots=True)
class Call(Term):
    """Component ``outputs`` of an unknown smooth function, or of a partial derivative of it.

    ``partials`` lists the derivatives taken, in order: the argument's place and the indices of
    the component of that argument.  Partial derivatives commute, so they are kept sorted.
    """

    name: str
    outputs: tuple[Index, ...]
    arguments: tuple[Argument, ...]
    partials: tuple[tuple[int, tuple[Index, ...]], ...] = ()
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Delta(Term):
    """Kronecker's delta: 1 where the two indices are equal, else 0."""

    left: Index
    right: Index
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Indicator(Term):
    """1 where the proposition holds, else 0."""

    condition: Proposition
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Where(Term):
    """``then`` where the condition holds, else ``otherwise``; the other branch is not looked at."""

    condition: Proposition
    then: Term
    otherwise: Term
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Undefined(Term):
    """No value: what a definition by cases gives where no case applies."""

    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Sum(Term):
    """The sum of ``body`` over a bound index from 1 to ``dim``."""

    dim: Dim
    body: Term
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Product(Term):
    """The product of ``body`` over a bound index from 1 to ``dim``."""

    dim: Dim
    body: Term
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Derivative(Term):
    """The partial derivative of ``body`` by one component of a variable.

    Names in ``body`` that stand for definitions which contain the variable unfold; nothing
    else does (the definition graph decides what is held constant).
    """

    body: Term
    variable: Element
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class InverseEntry(Term):
    """Entry (``row``, ``column``) of the inverse of the named square matrix."""

    matrix: str
    row: Index
    column: Index
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Determinant(Term):
    """The determinant of the named square matrix."""

    matrix: str
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Compare(Proposition):
    """An order or equality relation between two scalars."""

    operator: Operator
    left: Term
    right: Term
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class SameIndex(Proposition):
    """Two indices of one range are equal."""

    left: Index
    right: Index
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Not(Proposition):
    """The proposition does not hold."""

    inner: Proposition
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class And(Proposition):
    """All parts hold."""

    parts: tuple[Proposition, ...]
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class Or(Proposition):
    """At least one part holds."""

    parts: tuple[Proposition, ...]
    __hash__ = Node.__hash__


@dataclass(frozen=True, slots=True)
class ForAll(Proposition):
    """The proposition holds for every value of a bound index from 1 to ``dim``."""

    dim: Dim
    body: Proposition
    __hash__ = Node.__hash__


def number(value: int | Fraction) -> Number:
    """The term for an exact number."""
    return Number(Fraction(value))


ZERO = number(0)
ONE = number(1)
TWO = number(2)
MINUS_ONE = number(-1)


def add(*terms: Term) -> Term:
    """The sum of the terms; a single one stands for itself, none for 0."""
    if len(terms) == 1:
        return terms[0]
    return Add(terms) if terms else ZERO


def mul(*factors: Term) -> Term:
    """The product of the factors; a single one stands for itself, none for 1."""
    if len(factors) == 1:
        return factors[0]
    return Mul(factors) if factors else ONE


def neg(term: Term) -> Term:
    """``-term``."""
    if isinstance(term, Number):
        return Number(-term.value)
    return Mul((MINUS_ONE, term))


def sub(left: Term, right: Term) -> Term:
    """``left - right``."""
    return Add((left, neg(right)))


def div(numerator: Term, denominator: Term) -> Term:
    """``numerator / denominator``."""
    return Mul((numerator, Pow(denominator, MINUS_ONE)))


def apply(function: str, *arguments: Term) -> Term:
    """A known scalar function at its arguments."""
    return Apply(function, arguments)
