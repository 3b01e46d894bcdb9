"""Values that satisfy the declared condition words: built from raw numbers, then checked exactly.

Entries of a variable are a mapping from 1-based indices to rationals.  ``CHECKS`` says when a
word holds; ``admit`` turns arbitrary numbers into ones for which the words hold, or gives None.
"""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import lru_cache
from itertools import product
from types import MappingProxyType
from typing import TypeAlias

from derive.refute.matrices import determinant
from derive.refute.ring import ExhaustedError, Key, exact, sign

Entries: TypeAlias = Mapping[Key, Fraction]
Matrix: TypeAlias = list[list[Fraction]]

ZERO, ONE = Fraction(0), Fraction(1)


@lru_cache(maxsize=256)
def places(shape: tuple[int, ...]) -> tuple[Key, ...]:
    """The indices of all components, the last one fastest; ``((),)`` for a scalar."""
    return tuple(product(*[range(1, size + 1) for size in shape]))


def satisfies(entries: Entries, words: frozenset[str]) -> bool:
    """Whether all condition words hold for these entries."""
    return all(CHECKS[word](entries) for word in words)


def admit(raw: Sequence[Fraction], shape: tuple[int, ...], words: frozenset[str]) -> Entries | None:
    """Entries near the raw numbers (one for each place, in order) for which the words hold.

    None where the construction does not reach that: two words that it can't combine, a word about
    square matrices for another shape, a determinant that is too large.
    """
    if not words:
        return dict(zip(places(shape), raw, strict=True))
    numbers = [_entry(number, words) for number in raw]
    if "one-hot" in words:
        hot = sum(abs(number.numerator) for number in raw) % len(numbers)
        numbers = [ONE if place == hot else ZERO for place in range(len(numbers))]
    elif "sums to 1" in words:
        numbers = _to_sum_one(numbers, words)
    if words & _MATRIX_WORDS:
        if len(shape) != 2 or shape[0] != shape[1]:
            return None
        size = shape[0]
        rows = [numbers[i * size : (i + 1) * size] for i in range(size)]
        try:
            numbers = [number for row in _matrix(rows, words) for number in row]
        except ExhaustedError:
            return None
    entries = dict(zip(places(shape), numbers, strict=True))
    try:
        return entries if satisfies(entries, words) else None
    except ExhaustedError:
        return None


def _entry(number: Fraction, words: frozenset[str]) -> Fraction:
    if "integer" in words:
        number = Fraction(number.numerator)
    if "positive" in words or "nonnegative" in words:
        number = abs(number)
    if number == 0 and ("positive" in words or "nonzero" in words):
        number = ONE
    return number


def _to_sum_one(numbers: list[Fraction], words: frozenset[str]) -> list[Fraction]:
    total = sum(numbers, ZERO)
    if words & {"positive", "nonnegative"} and total:
        return [number / total for number in numbers]
    return [*numbers[:-1], numbers[-1] + 1 - total]


def _matrix(rows: Matrix, words: frozenset[str]) -> Matrix:
    """A matrix for the words about matrices, from any square one."""
    size = len(rows)
    identity = [[ONE if i == j else ZERO for j in range(size)] for i in range(size)]
    if "orthogonal" in words:
        if "positive definite" in words:
            return identity
        first = _reflection(rows[0], identity)
        if "symmetric" in words or size == 1:
            return first
        return _times(first, _reflection(rows[-1], identity))
    if "positive definite" in words:
        return _plus(_times(_transpose(rows), rows), identity, 1)
    if "symmetric" in words:
        rows = [[rows[min(i, j)][max(i, j)] for j in range(size)] for i in range(size)]
    if "invertible" in words:
        # at most n numbers are eigenvalues of -A, so one of n + 1 multiples of I will do
        shifted = (_plus(rows, identity, shift) for shift in range(size + 1))
        rows = next(matrix for matrix in shifted if _determinant(matrix) != 0)
    return rows


def _reflection(normal: Sequence[Fraction], identity: Matrix) -> Matrix:
    """Householder's ``I - 2 v v^T / v^T v``: rational, symmetric and orthogonal."""
    length = sum((entry * entry for entry in normal), ZERO)
    if length == 0:
        return identity
    return [
        [identity[i][j] - 2 * a * b / length for j, b in enumerate(normal)]
        for i, a in enumerate(normal)
    ]


def _transpose(rows: Matrix) -> Matrix:
    return [list(column) for column in zip(*rows, strict=True)]


def _times(left: Matrix, right: Matrix) -> Matrix:
    columns = _transpose(right)
    return [
        [sum((a * b for a, b in zip(row, column, strict=True)), ZERO) for column in columns]
        for row in left
    ]


def _plus(rows: Matrix, identity: Matrix, multiple: int) -> Matrix:
    return [
        [a + multiple * b for a, b in zip(row, other, strict=True)]
        for row, other in zip(rows, identity, strict=True)
    ]


def _determinant(rows: Matrix) -> int:
    """The sign of the determinant."""
    return sign(determinant([[exact(entry) for entry in row] for row in rows]))


def _square(entries: Entries) -> Matrix | None:
    """The entries as rows, or None if they are not those of a square matrix."""
    if any(len(key) != 2 for key in entries):
        return None
    height = max(key[0] for key in entries)
    width = max(key[1] for key in entries)
    if height != width:
        return None
    return [[entries[i, j] for j in range(1, width + 1)] for i in range(1, height + 1)]


def _is_symmetric(entries: Entries) -> bool:
    rows = _square(entries)
    return rows is not None and rows == _transpose(rows)


def _is_invertible(entries: Entries) -> bool:
    rows = _square(entries)
    return rows is not None and _determinant(rows) != 0


def _is_positive_definite(entries: Entries) -> bool:
    """Sylvester's criterion: symmetric, and all leading principal minors are positive."""
    rows = _square(entries)
    if rows is None or not _is_symmetric(entries):
        return False
    return all(
        _determinant([row[:size] for row in rows[:size]]) > 0 for size in range(1, len(rows) + 1)
    )


def _is_orthogonal(entries: Entries) -> bool:
    rows = _square(entries)
    if rows is None:
        return False
    identity = [[ONE if i == j else ZERO for j in range(len(rows))] for i in range(len(rows))]
    return _times(_transpose(rows), rows) == identity


def _is_one_hot(entries: Entries) -> bool:
    return sorted(entries.values()) == [ZERO] * (len(entries) - 1) + [ONE]


#: When each condition word holds; a test holds this complete.
CHECKS: Mapping[str, Callable[[Entries], bool]] = MappingProxyType(
    {
        "positive": lambda entries: all(entry > 0 for entry in entries.values()),
        "nonnegative": lambda entries: all(entry >= 0 for entry in entries.values()),
        "nonzero": lambda entries: all(entry != 0 for entry in entries.values()),
        "integer": lambda entries: all(entry.denominator == 1 for entry in entries.values()),
        "one-hot": _is_one_hot,
        "sums to 1": lambda entries: sum(entries.values()) == 1,
        "symmetric": _is_symmetric,
        "invertible": _is_invertible,
        "positive definite": _is_positive_definite,
        "orthogonal": _is_orthogonal,
    }
)

_MATRIX_WORDS = frozenset({"symmetric", "invertible", "positive definite", "orthogonal"})
