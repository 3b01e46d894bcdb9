"""Linear arithmetic over integers: elimination of variables, for ranges that are not finite.

Every monomial counts as a variable of its own.  Equations are used up by substitution, then
inequalities are added in pairs so that a variable cancels (Fourier and Motzkin); every row is
divided by the greatest common divisor of its coefficients and the bound rounded to an integer
(Gomory's cut).  Products of a row with a nonnegative ``x - low`` are added where they bring no
new monomial, which is what equations between products such as ``s q`` need.

What is derived is a consequence; that nothing is derived says nothing.
"""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from derive.integers.contract import Limit, Row, State
from derive.integers.formula import Literal
from derive.integers.interval import monomial_range
from derive.integers.polynomial import (
    Monomial,
    Polynomial,
    TooLargeError,
    combine,
    constant,
    content,
    degree,
    generator,
    multiply,
)

#: Elimination stops where there are more rows.
MOST_ROWS = 200
#: The rule of a row that only repeats its parent.
GIVEN = "given"

Parent: TypeAlias = Row | Literal | Limit


class _ContradictionError(Exception):
    def __init__(self, row: Row) -> None:
        super().__init__("contradiction")
        self.row = row


class _TooManyRowsError(Exception):
    pass


def consequences(state: State, names: Sequence[int]) -> Row | tuple[tuple[Limit, Row], ...]:
    """A row that says ``1 <= 0`` or ``1 = 0``, else new limits of the named generators.

    Both carry their derivation; without names, or where too many rows arise, there may be none.
    """
    found: list[tuple[Limit, Row]] = []
    try:
        rows = _rows(state)
        _eliminate(rows, None)
        for name in names:
            found += _limits(_eliminate(rows, ((name, 1),)), name)
    except _ContradictionError as reached:
        return reached.row
    except (_TooManyRowsError, TooLargeError):
        pass
    return tuple(found)


def _limits(rows: Iterable[Row], name: int) -> list[tuple[Limit, Row]]:
    best: dict[bool, tuple[Limit, Row]] = {}
    for row in rows:
        polynomial = dict(row.polynomial)
        coefficient = polynomial.get(((name, 1),), 0)
        if not coefficient:
            continue
        upper = coefficient > 0  # in lowest terms: the coefficient is 1 or -1
        value = polynomial.get((), 0) * (-1 if upper else 1)
        known = best.get(upper)
        if known is None or (value < known[0].value if upper else value > known[0].value):
            best[upper] = (Limit(name, upper, value), row)
    return list(best.values())


def _row(polynomial: Polynomial, equation: bool, rule: str, *parents: Parent) -> Row | None:
    """The row in lowest terms, None if it says nothing; raises _ContradictionError if it fails."""
    divisor = content(polynomial, with_constant=False)
    free = polynomial.get((), 0)
    if divisor == 0 or (equation and free % divisor):
        if free > 0 or (equation and free):
            raise _ContradictionError(Row(tuple(polynomial.items()), equation, rule, parents))
        return None
    reduced = {m: c // divisor for m, c in polynomial.items() if m}
    bound = -(-free // divisor)
    if bound:
        reduced[()] = bound
    return Row(tuple(sorted(reduced.items())), equation, rule, parents)


def _rows(state: State) -> list[Row]:
    rows: list[Row | None] = []
    monomials: dict[Monomial, None] = {}
    for literal in state.literals:
        if literal.relation != "!=":
            monomials.update((monomial, None) for monomial, _ in literal.terms)
            rows.append(_row(dict(literal.terms), literal.relation == "=", GIVEN, literal))
    names = dict.fromkeys(name for monomial in monomials for name, _ in monomial)
    for literal in state.literals:
        if literal.relation != "!=":
            rows += _products(literal, names, monomials, state)
    for monomial in monomials | dict.fromkeys(((name, 1),) for name in names):
        if degree(monomial) == 2:
            rows += _limit_products(monomial, state)
        if monomial:
            rows += _monomial_limits(monomial, state)
    return _distinct(row for row in rows if row is not None)


def _products(
    literal: Literal, names: Iterable[int], monomials: Iterable[Monomial], state: State
) -> list[Row | None]:
    rows: list[Row | None] = []
    polynomial = dict(literal.terms)
    for name in names:
        factors: list[tuple[Polynomial, tuple[Limit, ...]]] = [(generator(name), ())]
        if literal.relation != "=":
            factors = [(_slack(limit), (limit,)) for limit in state.limits([name])]
        for factor, limits in factors:
            product = multiply(polynomial, factor)
            if all(not monomial or monomial in monomials for monomial in product):
                rows.append(_row(product, literal.relation == "=", "multiply", literal, *limits))
    return rows


def _limit_products(monomial: Monomial, state: State) -> list[Row | None]:
    """``(x - a) (y - b) >= 0`` for limits on the same side, ``<= 0`` for opposite ones."""
    names = [name for name, exponent in monomial for _ in range(exponent)]
    rows: list[Row | None] = []
    for first in state.limits(names[:1]):
        for second in state.limits(names[1:]):
            product = multiply(_slack(first), _slack(second))
            rows.append(_row(combine([(-1, product)]), False, "multiply", first, second))
    return rows


def _slack(limit: Limit) -> Polynomial:
    """What the limit makes nonnegative: ``x - low`` or ``high - x``."""
    sign = -1 if limit.upper else 1
    return combine([(sign, generator(limit.generator)), (-sign * limit.value, constant(1))])


def _monomial_limits(monomial: Monomial, state: State) -> list[Row | None]:
    """The range of a product (or of a generator alone) from the ranges of its factors."""
    low, high = monomial_range(monomial, 1, state.ranges)
    limits = state.limits([name for name, _ in monomial])
    rule = GIVEN if degree(monomial) == 1 else "range of product"
    rows: list[Row | None] = []
    if low is not None:
        below = combine([(-1, {monomial: 1}), (low, constant(1))])
        rows.append(_row(below, False, rule, *limits))
    if high is not None:
        above = combine([(1, {monomial: 1}), (-high, constant(1))])
        rows.append(_row(above, False, rule, *limits))
    return rows


def _distinct(rows: Iterable[Row]) -> list[Row]:
    """Of inequalities that differ in the bound alone, the sharpest."""
    best: dict[tuple[bool, tuple[tuple[Monomial, int], ...]], Row] = {}
    for row in rows:
        key = row.equation, tuple(item for item in row.polynomial if item[0])
        known = best.get(key)
        if known is None or dict(row.polynomial).get((), 0) > dict(known.polynomial).get((), 0):
            best[key] = row
    return list(best.values())


def _eliminate(rows: list[Row], kept: Monomial | None) -> list[Row]:
    """Rows in the kept monomial alone."""
    rows = _use_equations(rows, kept)
    while True:
        rows = _distinct(rows)
        signs: dict[Monomial, list[int]] = {}
        for row in rows:
            for monomial, coefficient in row.polynomial:
                if monomial and monomial != kept:
                    signs.setdefault(monomial, [0, 0])[coefficient > 0] += 1
        if not signs:
            return rows
        chosen = min(
            signs, key=lambda monomial: (signs[monomial][0] * signs[monomial][1], monomial)
        )
        if len(rows) + signs[chosen][0] * signs[chosen][1] > MOST_ROWS:
            raise _TooManyRowsError
        rows = _cancel(rows, chosen)


def _use_equations(rows: list[Row], kept: Monomial | None) -> list[Row]:
    while True:
        usable = [
            (abs(c), monomial, row)
            for row in rows
            if row.equation
            for monomial, c in row.polynomial
            if monomial and monomial != kept
        ]
        if not usable:
            break
        _, monomial, equation = min(usable, key=lambda item: item[:2])
        pivot = dict(equation.polynomial)[monomial]
        changed: list[Row | None] = []
        for row in rows:
            coefficient = dict(row.polynomial).get(monomial, 0)
            if row is equation:
                continue
            if not coefficient:
                changed.append(row)
                continue
            factor = -coefficient if pivot > 0 else coefficient
            total = combine(
                [(abs(pivot), dict(row.polynomial)), (factor, dict(equation.polynomial))]
            )
            changed.append(_row(total, row.equation, "use equation", row, equation))
        rows = [row for row in changed if row is not None]
    halves: list[Row] = []
    for row in rows:
        if row.equation:
            halves.append(Row(row.polynomial, False, GIVEN, (row,)))
            opposite = tuple((monomial, -c) for monomial, c in row.polynomial)
            halves.append(Row(opposite, False, GIVEN, (row,)))
        else:
            halves.append(row)
    return halves


def _cancel(rows: list[Row], monomial: Monomial) -> list[Row]:
    """All rows without the monomial, and all sums of two in which it cancels."""
    positive: list[tuple[int, Row]] = []
    negative: list[tuple[int, Row]] = []
    result: list[Row | None] = []
    for row in rows:
        coefficient = dict(row.polynomial).get(monomial, 0)
        if not coefficient:
            result.append(row)
        else:
            (positive if coefficient > 0 else negative).append((abs(coefficient), row))
    for a, upper in positive:
        for b, lower in negative:
            total = combine([(b, dict(upper.polynomial)), (a, dict(lower.polynomial))])
            result.append(_row(total, False, "add inequalities", upper, lower))
    return [row for row in result if row is not None]
