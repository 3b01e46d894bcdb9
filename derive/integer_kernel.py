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
    Exponent,
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
MOST_BOXES = 5_000

#: An end that is None is infinite.
End = int | Fraction | None
Range = tuple[End, End]
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
    case = Case(given)
    box = _declared_box(given, [claim, *hypotheses])
    claim, *hypotheses = (_prepared(case, fact) for fact in (claim, *hypotheses))
    boxes = [(box, hypotheses)]
    seen = 0
    while boxes:
        box, premises = boxes.pop()
        seen += 1
        if seen > MOST_BOXES:
            raise Doubt("the ranges are too large to be looked at")
        holds = _holds(case, claim, box)
        if holds is True:
            continue
        found = [(_holds(case, fact, box), fact) for fact in premises]
        if any(premise is False for premise, _ in found):
            continue
        halves = _halves(box)
        if not halves or (holds is False and all(premise for premise, _ in found)):
            raise Doubt("the claim is not seen to hold everywhere")
        # What holds on the whole box holds on its halves.
        left = [fact for premise, fact in found if premise is None]
        boxes.extend((half, left) for half in halves)
    return seen


def _declared_box(given: Given, propositions: list[Node]) -> Box:
    box: Box = {}
    for term in (part for node in propositions for part in _subterms(node)):
        if term[0] == "dimension" and isinstance(term[1], str):
            box[term] = (1, None)
        elif term[0] == "element":
            if len(term) > 2 or not given.has(term[1], "integer"):
                raise Doubt(f"{term[1]} is no integer variable")
            least = 1 if given.has(term[1], "positive") else 0
            below = given.has(term[1], "positive", "nonnegative")
            box[term] = (least if below else None, None)
    return box


def _subterms(node: Any) -> list[Node]:
    if not isinstance(node, tuple):
        return []
    return [node, *(part for inner in node for part in _subterms(inner))]


def _halves(box: Box) -> list[Box]:
    """The box cut in two along its widest range; nothing for a point."""
    widest = max(box, key=lambda term: _width(box[term]), default=None)
    if widest is None:
        return []
    low, high = box[widest]
    if low is not None and low == high:
        return []
    if low is None:
        middle = -1 if high is None or high >= 0 else 2 * high - 1
    elif high is None:
        middle = max(2 * low, 8)
    else:
        middle = (low + high) // 2
    return [{**box, widest: (low, middle)}, {**box, widest: (middle + 1, high)}]


def _width(ends: Range) -> tuple[int, int | Fraction]:
    """How wide a range is: of infinite ones, those whose finite end is nearer to 0."""
    low, high = ends
    if low is None or high is None:
        end = high if low is None else low
        return 1, -max(end or 0, -(end or 0))
    return 0, high - low


def _holds(case: Case, proposition: Node, box: Box) -> bool | None:
    """Whether a proposition holds on the whole box, or nowhere on it; None where that is open."""
    match proposition:
        case ("compare", operator, difference):
            low, high = _range_of_split(case, difference, box) if difference else (0, 0)
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
    raise Doubt("no rule for {} between integers", proposition)


def _prepared(case: Case, proposition: Node) -> Node:
    """The proposition with the two sides of every comparison replaced by their difference.

    The difference is taken times the positive atoms that it is divided by, and split.
    """
    match proposition:
        case ("compare", operator, left, right):
            difference = plus(case.value(left), case.value(right), -1)
            value = _without_divisors(case, difference)
            return ("compare", operator, split(value) if value else ())
        case ("not" | "and" | "or" as word, *parts):
            return (word, *(_prepared(case, part) for part in parts))
    raise Doubt("no rule for {} between integers", proposition)


def _without_divisors(case: Case, value: Value) -> Value:
    value, divisor = case.cleared(value)
    if any(case.sign_of(number) != POSITIVE for number, _ in divisor):
        raise Doubt("the sign of a denominator is not known")
    powers: dict[int, Exponent] = {}
    for number, e in (pair for monomial in value for pair in monomial):
        if e < 0:
            if case.sign_of(number) != POSITIVE:
                raise Doubt("the sign of a denominator is not known")
            powers[number] = max(powers.get(number, 0), -e)
    return case.times(value, {tuple(sorted(powers.items())): Fraction(1)})


def _range(case: Case, value: Value, box: Box) -> Range:
    """Ends between which a value lies on the box."""
    return _range_of_split(case, split(value), box) if value else (0, 0)


def _range_of_split(case: Case, parts: tuple[Fraction, Monomial, Value], box: Box) -> Range:
    content, common, rest = parts
    total: Range = (0, 0)
    for monomial, c in rest.items():
        total = _sum(total, _scaled(_range_of_powers(case, monomial, box), int(c)))
    scaled = _scaled(total, content if content.denominator != 1 else int(content))
    return _product(scaled, _range_of_powers(case, common, box)) if common else scaled


def _range_of_powers(case: Case, monomial: Monomial, box: Box) -> Range:
    result: Range | None = None
    for number, e in monomial:
        atom = case.atoms[number]
        if atom.term in box:
            ends = box[atom.term]
        elif atom.kind == "floor":
            low, high = _range(case, atom.parts[0], box)
            ends = (None if low is None else low // 1, None if high is None else high // 1)
        elif atom.kind == "poly":
            ends = _range(case, atom.parts[0], box)
        else:
            raise Doubt("no range of {}", atom.term)
        if e.denominator != 1:
            raise Doubt("a root between integers")
        if e < 0:
            low, high = ends
            if low is None or low <= 0:
                raise Doubt("a denominator that may be 0 or below")
            ends = (0 if high is None else Fraction(1) / high, Fraction(1) / low)
        for _ in range(abs(int(e))):
            result = ends if result is None else _product(result, ends)
    return (1, 1) if result is None else result


def _scaled(ends: Range, c: int | Fraction) -> Range:
    low, high = (None if end is None else c * end for end in ends)
    return (low, high) if c > 0 else (high, low)


def _sum(a: Range, b: Range) -> Range:
    low = None if a[0] is None or b[0] is None else a[0] + b[0]
    return low, None if a[1] is None or b[1] is None else a[1] + b[1]


def _product(a: Range, b: Range) -> Range:
    """All products; 0 times an infinite end is 0, as no value is infinite."""
    low = _least(a, b)
    opposite = _least((None if a[1] is None else -a[1], None if a[0] is None else -a[0]), b)
    return low, None if opposite is None else -opposite


def _least(a: Range, b: Range) -> End:
    ends: list[int | Fraction] = []
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            if x is not None and y is not None:
                ends.append(x * y)
            elif _sign(x, i) * _sign(y, j) < 0:
                return None
            elif _sign(x, i) * _sign(y, j) == 0:
                ends.append(0)
    return min(ends, default=0)


def _sign(end: End, upper: int) -> int:
    if end is None:
        return 1 if upper else -1
    return (end > 0) - (end < 0)
