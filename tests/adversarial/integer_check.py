"""Statements about integers, tried at every point of a box: plain enumeration, exact numbers.

A relation with an undefined side is false and Not is classical, as the verdicts on such statements
define it.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product

from derive.terms.obligation import Statement
from derive.terms.structure import subterms
from derive.terms.term import (
    Add,
    And,
    Apply,
    Compare,
    Element,
    Mul,
    Node,
    Not,
    Number,
    Or,
    Pow,
    Proposition,
    Term,
)
from derive.verdict import Counterexample

#: The largest absolute value tried for each of several variables; a single one goes further.
LARGEST = 75

Point = dict[str, int]
Exact = int | Fraction


class _NoValueError(ArithmeticError):
    pass


def value(term: Term) -> Callable[[Point], Exact]:
    """The term as a function of a point."""
    match term:
        case Number(number):
            constant = int(number) if number.denominator == 1 else number
            return lambda at: constant
        case Element(name):
            return lambda at: at[name]
        case Add(terms):
            summands = [value(t) for t in terms]
            return lambda at: sum([f(at) for f in summands])
        case Mul(factors):
            inner = [value(t) for t in factors]

            def product_of(at: Point) -> Exact:
                total: Exact = 1
                for factor in inner:
                    total *= factor(at)
                return total

            return product_of
        case Pow(base, Number(exponent)) if exponent.denominator == 1:
            inside, power = value(base), int(exponent)

            def raised(at: Point) -> Exact:
                number = inside(at)
                if power >= 0:
                    return number**power
                if not number:
                    raise _NoValueError
                return Fraction(1, number) ** -power

            return raised
        case Apply("floor" | "ceiling" as function, (argument,)):
            inside = value(argument)
            if function == "floor":
                return lambda at: inside(at).__floor__()
            return lambda at: inside(at).__ceil__()
        case Apply("abs", (argument,)):
            inside = value(argument)
            return lambda at: abs(inside(at))
        case Apply("divisor_count", (argument,)):
            inside = value(argument)

            def divisors(at: Point) -> int:
                number = inside(at)
                if number.denominator != 1 or number < 1:
                    raise _NoValueError
                return sum(int(number) % d == 0 for d in range(1, int(number) + 1))

            return divisors
    raise TypeError(f"{type(term).__name__} in a statement about integers")


_ORDERS: dict[str, Callable[[Exact, Exact], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def truth(proposition: Proposition) -> Callable[[Point], bool]:
    """The proposition as a function of a point."""
    match proposition:
        case Compare(operator, left, right):
            first, second, order = value(left), value(right), _ORDERS[operator]

            def compared(at: Point) -> bool:
                try:
                    return order(first(at), second(at))
                except _NoValueError:
                    return False

            return compared
        case Not(inner):
            holds = truth(inner)
            return lambda at: not holds(at)
        case And(parts):
            all_of = [truth(part) for part in parts]
            return lambda at: all(part(at) for part in all_of)
        case Or(parts):
            any_of = [truth(part) for part in parts]
            return lambda at: any(part(at) for part in any_of)
    raise TypeError(f"{type(proposition).__name__} in a statement about integers")


def _names(*nodes: Node) -> list[str]:
    return sorted({n.name for node in nodes for n in subterms(node) if isinstance(n, Element)})


def _fits_words(statement: Statement, at: Point) -> bool:
    for name, number in at.items():
        words = statement.declarations.variables[name].conditions
        if (
            ("positive" in words and number <= 0)
            or ("nonnegative" in words and number < 0)
            or ("nonzero" in words and number == 0)
        ):
            return False
    return True


def integers_against(
    statement: Statement, conditions: Sequence[Proposition] = (), largest: int = LARGEST
) -> str:
    """A point of the box at which the statement fails; empty if there is none."""
    names = _names(statement.proposition, *statement.declarations.hypotheses, *conditions)
    holds, asked = truth(statement.proposition), [truth(c) for c in conditions]
    hypotheses = [truth(h) for h in statement.declarations.hypotheses]
    said = False
    if len(names) == 1:
        largest *= 4
    ranges = []
    for name in names:
        words = statement.declarations.variables[name].conditions
        below = -largest if not words & {"positive", "nonnegative"} else 0
        ranges.append(range(below, largest + 1))
    for numbers in product(*ranges):
        at = dict(zip(names, numbers, strict=True))
        if not _fits_words(statement, at):
            continue
        if not all(given(at) for given in (*hypotheses, *asked)):
            continue
        said = True
        if not holds(at):
            return f"it fails at {at}"
    return "" if said else "no point of the box is admissible"


def recheck_integers(statement: Statement, found: Counterexample) -> str:
    """Why a counterexample is none; empty where it is one."""
    at = {name: int(words) for name, words in found.assignment}
    hypotheses = statement.declarations.hypotheses
    if not _fits_words(statement, at) or not all(truth(h)(at) for h in hypotheses):
        return f"{at} is not admissible"
    return "it holds there" if truth(statement.proposition)(at) else ""
