"""The kernel for claims about integers: it re-decides them by ranges alone.

A claim that holds for all integers is split into boxes, each a range of every variable, until the
claim holds on the whole box or a hypothesis fails on it.  What a relation comes to on a box is
found by interval arithmetic over exact rationals, with ends that may be infinite.  A point where
the hypotheses hold and the claim fails, or a box that can't be decided, ends in ``Doubt``.  Only
``derive.kernel`` is used, for the arithmetic of the terms.

Source of the arithmetic: Moore, Kearfott and Cloud, Introduction to Interval Analysis, ch. 2.
"""

from fractions import Fraction
from typing import Any

from derive.kernel import (
    POSITIVE,
    SIGNS_OF,
    Case,
    Doubt,
    Given,
    Monomial,
    Node,
    Value,
    check_seal,
    node_from,
    plus,
    split,
)

#: The most boxes that are looked at.
MOST_BOXES = 20_000

#: An end that is None is infinite.
Range = tuple[Fraction | None, Fraction | None]
Box = dict[Node, Range]


def check_integers(statement: Any, certificate: Any) -> int:
    """The number of boxes that a claim about integers was decided on; raises ``Doubt``.

    ``statement``: proposition, variables (name to shape and words), definitions, hypotheses,
    conditions, as ``derive.certificate`` writes them.  Of the certificate, the seal is checked; its
    steps are for people, the claim is decided anew.
    """
    try:
        check_seal(statement, certificate)
        return _check(statement)
    except (TypeError, ValueError, LookupError, AttributeError, ArithmeticError) as error:
        raise Doubt(f"not of the form of a statement: {error}") from error
    except RecursionError:
        raise Doubt("a term is nested too deeply") from None


def _check(statement: Any) -> int:
    given = Given(statement)
    claim = given.unfolded(node_from(statement["proposition"]))
    hypotheses = [given.unfolded(fact) for fact in given.facts]
    boxes = [_declared_box(given, [claim, *hypotheses])]
    case = Case(given, (), set(), {})
    seen = 0
    while boxes:
        box = boxes.pop()
        seen += 1
        if seen > MOST_BOXES:
            raise Doubt("the ranges are too large to be looked at")
        premises = [_holds(case, fact, box) for fact in hypotheses]
        holds = _holds(case, claim, box)
        if False in premises or holds is True:
            continue
        halves = _halves(box)
        if not halves:
            raise Doubt("the claim is not seen to hold at a point")
        boxes.extend(halves)
    return seen


def _declared_box(given: Given, propositions: list[Node]) -> Box:
    box: Box = {}
    for term in (part for node in propositions for part in _subterms(node)):
        if term[0] == "dimension" and isinstance(term[1], str):
            box[term] = (Fraction(1), None)
        elif term[0] == "element":
            if len(term) > 2 or not given.has(term[1], "integer"):
                raise Doubt(f"{term[1]} is no integer variable")
            least = 1 if given.has(term[1], "positive") else 0
            below = given.has(term[1], "positive", "nonnegative")
            box[term] = (Fraction(least) if below else None, None)
    return box


def _subterms(node: Any) -> list[Node]:
    if not isinstance(node, tuple):
        return []
    return [node, *(part for inner in node for part in _subterms(inner))]


def _halves(box: Box) -> list[Box]:
    """The box cut in two along its widest range; nothing for a point."""
    widest = max(box, key=lambda term: _width(box[term]), default=None)
    if widest is None or box[widest][0] == box[widest][1]:
        return []
    low, high = box[widest]
    if low is None:
        middle = Fraction(-1) if high is None or high >= 0 else 2 * high - 1
    elif high is None:
        middle = max(2 * low, Fraction(8))
    else:
        middle = Fraction((low + high) // 2)
    return [{**box, widest: (low, middle)}, {**box, widest: (middle + 1, high)}]


def _width(ends: Range) -> tuple[int, Fraction]:
    """How wide a range is: of infinite ones, those whose finite end is nearer to 0."""
    low, high = ends
    if low is None or high is None:
        return 1, -max(abs(low or high or Fraction(0)), Fraction(0))
    return 0, high - low


def _holds(case: Case, proposition: Node, box: Box) -> bool | None:
    """Whether a proposition holds on the whole box, or nowhere on it; None where that is open."""
    match proposition:
        case ("compare", operator, left, right):
            low, high = _range(case, _difference(case, left, right), box)
            signs = frozenset(
                sign
                for sign, possible in (
                    (-1, low is None or low < 0),
                    (0, (low is None or low <= 0) and (high is None or high >= 0)),
                    (1, high is None or high > 0),
                )
                if possible
            )
            if signs <= SIGNS_OF[operator]:
                return True
            return None if signs & SIGNS_OF[operator] else False
        case ("not", inner):
            holds = _holds(case, inner, box)
            return None if holds is None else not holds
        case ("and" | "or" as word, *parts):
            deciding, open_parts = word == "or", 0
            for part in parts:
                holds = _holds(case, part, box)
                if holds is deciding:
                    return deciding
                open_parts += holds is None
            return None if open_parts else not deciding
    raise Doubt(f"no rule for {proposition[0]!r} between integers")


def _difference(case: Case, left: Node, right: Node) -> Value:
    """The difference of two terms, times the positive atoms that it is divided by."""
    key = (("difference", left, right), False, False)
    if key not in case.values:
        case.values[key] = _without_divisors(case, plus(case.value(left), case.value(right), -1))
    return case.values[key]


def _without_divisors(case: Case, value: Value) -> Value:
    value, divisor = case.cleared(value)
    if any(case.sign_of(number) != POSITIVE for number, _ in divisor):
        raise Doubt("the sign of a denominator is not known")
    powers: dict[int, Fraction] = {}
    for number, e in (pair for monomial in value for pair in monomial):
        if e < 0:
            if case.sign_of(number) != POSITIVE:
                raise Doubt("the sign of a denominator is not known")
            powers[number] = max(powers.get(number, Fraction(0)), -e)
    return case.times(value, {tuple(sorted(powers.items())): Fraction(1)})


def _range(case: Case, value: Value, box: Box) -> Range:
    """Ends between which a value lies on the box."""
    if not value:
        return Fraction(0), Fraction(0)
    content, common, rest = split(value)
    total: Range = (Fraction(0), Fraction(0))
    for monomial, c in rest.items():
        total = _sum(total, _product((c, c), _range_of_powers(case, monomial, box)))
    scaled = _product((content, content), total)
    return _product(scaled, _range_of_powers(case, common, box)) if common else scaled


def _range_of_powers(case: Case, monomial: Monomial, box: Box) -> Range:
    result: Range = (Fraction(1), Fraction(1))
    for number, e in monomial:
        atom = case.atoms[number]
        if atom.term in box:
            ends = box[atom.term]
        elif atom.kind == ("floor",):
            low, high = _range(case, atom.parts[0], box)
            ends = (None if low is None else Fraction(low // 1),
                    None if high is None else Fraction(high // 1))  # fmt: skip
        elif atom.kind == ("poly",):
            ends = _range(case, atom.parts[0], box)
        else:
            raise Doubt(f"no range of {atom.term[0]!r}")
        if e.denominator != 1:
            raise Doubt("a root between integers")
        if e < 0:
            low, high = ends
            if low is None or low <= 0:
                raise Doubt("a denominator that may be 0 or below")
            ends = (Fraction(0) if high is None else 1 / high, 1 / low)
        for _ in range(abs(int(e))):
            result = _product(result, ends)
    return result


def _sum(a: Range, b: Range) -> Range:
    low = None if a[0] is None or b[0] is None else a[0] + b[0]
    return low, None if a[1] is None or b[1] is None else a[1] + b[1]


def _product(a: Range, b: Range) -> Range:
    """All products; 0 times an infinite end is 0, as no value is infinite."""
    low = _least(a, b)
    opposite = _least((None if a[1] is None else -a[1], None if a[0] is None else -a[0]), b)
    return low, None if opposite is None else -opposite


def _least(a: Range, b: Range) -> Fraction | None:
    ends = []
    for i in (0, 1):
        for j in (0, 1):
            x, y = a[i], b[j]
            if x is not None and y is not None:
                ends.append(x * y)
                continue
            sign = (_sign(x, i)) * (_sign(y, j))
            if sign < 0:
                return None
            if sign == 0:
                ends.append(Fraction(0))
    return min(ends, default=Fraction(0))


def _sign(end: Fraction | None, upper: int) -> int:
    if end is None:
        return 1 if upper else -1
    return (end > 0) - (end < 0)
