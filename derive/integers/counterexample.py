"""A point at which a claim about integers fails, with the values that show it."""

from collections.abc import Sequence

from derive.integers.evaluate import Point, holds, value
from derive.integers.shape import equivalence_sides, implication_sides
from derive.terms.plain import proposition_text
from derive.terms.term import (
    And,
    Compare,
    Dimension,
    Element,
    Not,
    Or,
    Proposition,
    Term,
)
from derive.verdict import Counterexample


def counterexample(
    claim: Proposition, variables: Sequence[Term], values: Sequence[int]
) -> Counterexample:
    """The point, and the values of both sides of the relation that fails there.

    For an equivalence or an implication the sides are propositions, shown as true or false with
    the values of their relations.
    """
    point = dict(zip(variables, values, strict=True))
    left, right = _sides(claim, point)
    return Counterexample(
        tuple((str(t.dim), point[t]) for t in variables if isinstance(t, Dimension)),
        tuple((t.name, str(point[t])) for t in variables if isinstance(t, Element)),
        left,
        right,
    )


def _sides(claim: Proposition, point: Point) -> tuple[str, str]:
    sides = equivalence_sides(claim) or implication_sides(claim)
    if sides is not None:
        return _described(sides[0], point), _described(sides[1], point)
    match claim:
        case Compare(_, left, right):
            return _value_text(left, point), _value_text(right, point)
        case And(parts):
            return _sides(next(part for part in parts if not holds(part, point)), point)
        case Or((first, *rest)) if rest:
            others = rest[0] if len(rest) == 1 else Or(tuple(rest))
            return _described(first, point), _described(others, point)
        case Not(inner):
            return _described(inner, point), "expected: false"
    return _described(claim, point), "expected: true"


def _value_text(term: Term, point: Point) -> str:
    exact = value(term, point)
    return "undefined" if exact is None else str(exact)


def _described(proposition: Proposition, point: Point) -> str:
    """``s <= 12: false (13 <= 12)``; of a conjunction that is false, its first false part."""
    truth = holds(proposition, point)
    if isinstance(proposition, And) and not truth:
        return _described(next(p for p in proposition.parts if not holds(p, point)), point)
    text = f"{proposition_text(proposition)}: {'true' if truth else 'false'}"
    if isinstance(proposition, Compare):
        left, right = _value_text(proposition.left, point), _value_text(proposition.right, point)
        text += f" ({left} {proposition.operator} {right})"
    return text
