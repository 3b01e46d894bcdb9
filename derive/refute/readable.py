"""Which numbers a person likes to read in a counterexample: 0, 1, -1, 2, -2, 1/2, ..."""

from fractions import Fraction


def reading_cost(number: Fraction) -> tuple[int, int, bool]:
    """Small for what reads easily: 0 first, then by |numerator| + denominator, positive first."""
    if number == 0:
        return (0, 0, False)
    return (abs(number.numerator) + number.denominator, number.denominator, number < 0)


def _readable_numbers(largest: int) -> tuple[Fraction, ...]:
    numbers = {
        Fraction(sign * numerator, denominator)
        for sign in (1, -1)
        for numerator in range(largest)
        for denominator in range(1, largest - numerator + 1)
    }
    return tuple(sorted(numbers, key=reading_cost))


#: All rationals with |numerator| + denominator <= 7, the easiest to read first.
READABLE = _readable_numbers(7)
