"""What a proposition about integers becomes: literals over polynomials, joined by All and Some.

A literal says ``p = 0``, ``p <= 0`` or ``p != 0`` of a polynomial with integer coefficients in
generators that take integer values.  Negation is gone: it has been pushed to the literals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal as Choice
from typing import TypeAlias

from derive.integers.polynomial import (
    Monomial,
    Polynomial,
    constant_value,
    content,
    order,
)
from derive.terms.term import (
    And,
    Compare,
    Number,
    Operator,
    Or,
    Pow,
    Proposition,
    Term,
    add,
    mul,
    number,
)

Relation: TypeAlias = Choice["=", "<=", "!="]


@dataclass(frozen=True)
class Literal:
    """``polynomial relation 0``, and where it comes from.

    ``shown`` is the same as a proposition about terms; ``source`` is the proposition it was made
    from by ``rule``, under ``conditions``; a law (of floor, ...) has no source, it holds anyway.
    """

    terms: tuple[tuple[Monomial, int], ...]
    relation: Relation
    shown: Proposition
    source: Proposition | None
    rule: str
    conditions: tuple[Proposition, ...] = ()

    @cached_property
    def generators(self) -> tuple[int, ...]:
        """The generators that occur, each once."""
        return tuple(dict.fromkeys(name for monomial, _ in self.terms for name, _ in monomial))

    @cached_property
    def handles(self) -> tuple["Handle", ...]:
        """Every power of a generator that occurs, with what it is multiplied by."""
        found: dict[tuple[int, int], list[tuple[int, Monomial, int]]] = {}
        for place, (monomial, coefficient) in enumerate(self.terms):
            for position, (name, exponent) in enumerate(monomial):
                rest = monomial[:position] + monomial[position + 1 :]
                found.setdefault((name, exponent), []).append((coefficient, rest, place))
        return tuple(
            Handle(
                name,
                exponent,
                tuple((coefficient, rest) for coefficient, rest, _ in entries),
                frozenset(place for _, _, place in entries),
            )
            for (name, exponent), entries in found.items()
        )


@dataclass(frozen=True, slots=True)
class Handle:
    """A power of a generator in a polynomial: its cofactor, and the terms that contain it."""

    generator: int
    exponent: int
    cofactor: tuple[tuple[int, Monomial], ...]
    members: frozenset[int]


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds; ``All(())`` is true."""

    parts: tuple["Formula", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Some part holds; ``Some(())`` is false."""

    parts: tuple["Formula", ...]


Formula: TypeAlias = Literal | All | Some

TRUE = All(())
FALSE = Some(())


def every(*parts: Formula) -> Formula:
    """The conjunction, flattened."""
    flat: dict[Formula, None] = {}
    for part in parts:
        if part == FALSE:
            return FALSE
        flat.update(dict.fromkeys(part.parts if isinstance(part, All) else (part,)))
    return next(iter(flat)) if len(flat) == 1 else All(tuple(flat))


def some(*parts: Formula) -> Formula:
    """The disjunction, flattened."""
    flat: dict[Formula, None] = {}
    for part in parts:
        if part == TRUE:
            return TRUE
        flat.update(dict.fromkeys(part.parts if isinstance(part, Some) else (part,)))
    return next(iter(flat)) if len(flat) == 1 else Some(tuple(flat))


def as_proposition(formula: Formula) -> Proposition:
    """The formula as a proposition about terms."""
    match formula:
        case All(parts):
            return And(tuple(map(as_proposition, parts)))
        case Some(parts):
            return Or(tuple(map(as_proposition, parts)))
    return formula.shown


def literal(
    polynomial: Polynomial,
    relation: Relation,
    generators: Sequence[Term],
    source: Proposition | None,
    rule: str,
    conditions: tuple[Proposition, ...] = (),
) -> Formula:
    """The literal in lowest terms, or TRUE or FALSE where it is decided by arithmetic alone.

    All monomials are integers, so ``sum c_i m_i <= b`` may be divided by the greatest common
    divisor of the ``c_i`` with ``b`` rounded down, and an equation needs that divisor to divide
    ``b``.
    """
    fixed = constant_value(polynomial)
    if fixed is not None:
        true = {"=": fixed == 0, "<=": fixed <= 0, "!=": fixed != 0}[relation]
        return TRUE if true else FALSE
    divisor = content(polynomial, with_constant=False)
    free = polynomial.get((), 0)
    if relation != "<=" and free % divisor:
        return FALSE if relation == "=" else TRUE
    reduced = {m: c // divisor for m, c in polynomial.items() if m}
    bound = -(-free // divisor)  # sum <= -free / divisor, rounded down
    if bound:
        reduced[()] = bound
    ordered = tuple(order(reduced))
    if relation != "<=" and ordered[0][1] < 0:
        ordered = tuple((monomial, -c) for monomial, c in ordered)
    shown = relation_of(dict(ordered), relation, generators)
    return Literal(ordered, relation, shown, source, rule, conditions)


def relation_of(polynomial: Polynomial, relation: Relation, generators: Sequence[Term]) -> Compare:
    """``polynomial relation 0`` for a reader: the constant to the right, the first sign positive.

    An equation ``x - 3 = 0`` is shown as ``x = 3``, ``-x + 3 <= 0`` as ``x >= 3``.
    """
    terms = order(polynomial)
    moving = [(monomial, c) for monomial, c in terms if monomial]
    right = -polynomial.get((), 0)
    operator: Operator = relation
    if moving and moving[0][1] < 0:
        moving = [(monomial, -c) for monomial, c in moving]
        right = -right
        operator = ">=" if relation == "<=" else relation
    return Compare(operator, polynomial_term(dict(moving), generators), number(right))


def polynomial_term(polynomial: Polynomial, generators: Sequence[Term], divisor: int = 1) -> Term:
    """The polynomial over an integer, as a term."""
    return add(*(_monomial_term(m, Fraction(c, divisor), generators) for m, c in order(polynomial)))


def _monomial_term(monomial: Monomial, coefficient: Fraction, generators: Sequence[Term]) -> Term:
    factors: list[Term] = []
    for name, exponent in monomial:
        base = generators[name]
        factors.append(base if exponent == 1 else Pow(base, number(exponent)))
    if coefficient != 1 or not factors:
        factors.insert(0, Number(coefficient))
    return mul(*factors)
