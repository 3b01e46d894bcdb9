"""Ranges of integers and of polynomials over them; None is an end that is not known."""

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from derive.integers.polynomial import Monomial

Range: TypeAlias = tuple[int | None, int | None]


def product_range(left: Range, right: Range) -> Range:
    """Where a product lies; 0 times an unknown end is 0, as the end is never infinite itself."""
    a, b = left
    c, d = right
    if a is not None and b is not None and c is not None and d is not None:
        if a >= 0 and c >= 0:
            return a * c, b * d
        ends = (a * c, a * d, b * c, b * d)
        return min(ends), max(ends)
    return _lowest(left, right), _opposite(_lowest((_opposite(b), _opposite(a)), right))


def _opposite(end: int | None) -> int | None:
    return None if end is None else -end


def _lowest(left: Range, right: Range) -> int | None:
    """The least product, where some end is not known."""
    (a, b), (c, d) = left, right
    ends: list[int] = []
    for x, lower_x in ((a, True), (b, False)):
        for y, lower_y in ((c, True), (d, False)):
            if x is not None and y is not None:
                ends.append(x * y)
                continue
            sign = _end_sign(x, lower_x) * _end_sign(y, lower_y)
            if sign < 0:
                return None
            if sign == 0:
                ends.append(0)
    return min(ends, default=0)


def _end_sign(end: int | None, lower: bool) -> int:
    if end is None:
        return -1 if lower else 1
    return (end > 0) - (end < 0)


def power_range(base: Range, exponent: int) -> Range:
    """Where an integer power with an exponent >= 1 lies."""
    low, high = base
    if exponent == 1:
        return base
    if exponent % 2:
        return (
            None if low is None else low**exponent,
            None if high is None else high**exponent,
        )
    if low is not None and low >= 0:
        return low**exponent, None if high is None else high**exponent
    if high is not None and high <= 0:
        return high**exponent, None if low is None else low**exponent
    if low is None or high is None:
        return 0, None
    return 0, max(-low, high) ** exponent


def monomial_range(monomial: Monomial, coefficient: int, ranges: Sequence[Range]) -> Range:
    """Where one term of a polynomial lies."""
    if len(monomial) == 1 and monomial[0][1] == 1:  # most are linear
        low, high = ranges[monomial[0][0]]
        first = None if low is None else coefficient * low
        last = None if high is None else coefficient * high
        return (first, last) if coefficient > 0 else (last, first)
    result: Range = (coefficient, coefficient)
    for name, exponent in monomial:
        result = product_range(result, power_range(ranges[name], exponent))
    return result


def polynomial_range(terms: Iterable[tuple[Monomial, int]], ranges: Sequence[Range]) -> Range:
    """Bounds for a polynomial, term by term: it lies between them, not always tightly."""
    low: int | None = 0
    high: int | None = 0
    for monomial, coefficient in terms:
        first, last = monomial_range(monomial, coefficient, ranges)
        low = None if low is None or first is None else low + first
        high = None if high is None or last is None else high + last
    return low, high


def root_floor(number: int, exponent: int) -> int:
    """The largest integer whose power is at most ``number``; for an even power number >= 0."""
    if exponent == 1:
        return number
    if number < 0:
        return -root_ceiling(-number, exponent)
    low, high = 0, 1 << (number.bit_length() // exponent + 1)
    while high - low > 1:
        middle = (low + high) // 2
        if middle**exponent <= number:
            low = middle
        else:
            high = middle
    return low


def root_ceiling(number: int, exponent: int) -> int:
    """The smallest integer (from 0, for an even power) whose power is at least ``number``."""
    if exponent == 1:
        return number
    if number <= 0:
        return -root_floor(-number, exponent)
    root = root_floor(number, exponent)
    return root if root**exponent == number else root + 1
