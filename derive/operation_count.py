"""How many scalar operations it takes to evaluate a formula as it is written, for all its indices.

The cost model (after Golub and Van Loan, Matrix Computations, 2013, section 1.1, with every
operation counted).  An operation is an addition, subtraction, multiplication, division, comparison
or function call.  Each distinct subterm is evaluated once for every value of its own free indices
and then remembered; subterms are the same if they are written the same, with the same indices
(``S_i g_i`` for the row index and ``S_j g_j`` under a sum are different ones).

- a sum of m terms costs m - 1 operations for each value of its indices, a subtracted term
  (factor -1) no more than an added one; if all are subtracted, there is one negation more;
- a product of m factors costs m - 1, and a factor 1/b counts as a division;
- an integer power k >= 2 costs k - 1 multiplications, any other power is a function call;
- a sum (product) over n of a body costs n - 1 additions (multiplications) for each value of the
  outer indices;
- variables, numbers and Kronecker deltas cost nothing.

A delta that is a factor restricts the loop: where it is 0 the product is known to be 0 and
nothing is evaluated, so ``sum_j delta_ij f_j`` counts as ``f_i``, and ``delta_ij f_i`` as ``f_i``
for each i.  In a sum of terms, a term counts only where its deltas are 1: ``delta_ij a_i - b_ij``
takes one operation at each i, j, ``delta_ij a_i + b_ij`` one for each i.  A sum of terms with
different deltas is a full array for everything that uses it.
"""

from collections.abc import Iterable
from itertools import combinations
from typing import TypeAlias

from derive.integers.formula import polynomial_term
from derive.integers.polynomial import (
    Polynomial,
    combine,
    constant,
    generator,
    multiply,
    power,
)
from derive.terms.structure import bind, free_indices, open_binder, substitute_indices
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    Add,
    And,
    Apply,
    Compare,
    Delta,
    Dim,
    Dimension,
    Element,
    Fixed,
    Free,
    Index,
    Indicator,
    Mul,
    Not,
    Number,
    Or,
    Position,
    Pow,
    Product,
    Proposition,
    SameIndex,
    Sum,
    Term,
    mul,
    number,
)

#: The two indices of a Kronecker delta.
Pair: TypeAlias = tuple[Index, Index]

#: Terms with different deltas in one sum, beyond which counting their places takes too long.
MOST_SPARSE_TERMS = 10


def operation_count(term: Term, axes: tuple[Free, ...]) -> Term:
    """The number of scalar operations for all values of the axes: a polynomial in dimensions.

    Raises ValueError for a free index that is none of the axes, and for a term that is not
    evaluated by scalar operations (a derivative, an unknown function, an inverse, a definition
    by cases).
    """
    stray = [index.name for index in free_indices(term) if index not in axes]
    if stray:
        raise ValueError(
            f"the index {stray[0]} is no axis of the count; there are: "
            + (", ".join(axis.name for axis in axes) or "none")
        )
    counter = _Counter()
    counter.visit(term)
    return polynomial_term(counter.total, counter.generators)


def degree(count: Term, dim: Dim) -> int:
    """The degree of a count in one dimension: d means O(n^d) with the others fixed.

    Raises ValueError if the term is not a polynomial in dimensions.
    """
    dims: list[Term] = []
    exponents = [
        exponent
        for monomial in _polynomial(count, dims)
        for place, exponent in monomial
        if dims[place] == Dimension(dim)
    ]
    return max(exponents, default=0)


class _Counter:
    """The operations so far, and the subterms that have been evaluated."""

    def __init__(self) -> None:
        self.total: Polynomial = {}
        self.generators: list[Term] = []
        self._seen: set[Term] = set()
        self._binders = 0

    def visit(self, term: Term) -> None:
        """Count what it takes to evaluate the term for all values of its free indices."""
        if term in self._seen:
            return
        self._seen.add(term)
        deltas, rest = self._without_deltas(term)
        if deltas or rest != term:
            restricted = _restricted(rest, deltas)
            if restricted is not None:
                self.visit(restricted)
        else:
            self._operations(term)

    def _operations(self, term: Term) -> None:
        match term:
            case Number() | Dimension() | Element() | Position() | Delta():
                pass
            case Add(terms):
                self._sum_of_terms(term, terms)
            case Mul(factors):
                below = [f for f in factors if _is_reciprocal(f)]
                for factor in factors:
                    self.visit(_inverted(factor) if factor in below else factor)
                divisions_only = len(below) == len(factors)
                self._spend(len(factors) if divisions_only else len(factors) - 1, term)
            case Pow(base, Number(exponent)) if exponent.denominator == 1:
                if exponent < 0:
                    self.visit(_inverted(term))
                    self._spend(1, term)
                else:
                    self.visit(base)
                    self._spend(max(int(exponent) - 1, 0), term)
            case Pow(base, exponent):
                self.visit(base)
                self.visit(exponent)
                self._spend(1, term)
            case Apply(_, arguments):
                for argument in arguments:
                    self.visit(argument)
                self._spend(1 if arguments else 0, term)
            case Sum(dim, body) | Product(dim, body):
                self.visit(open_binder(body, self._fresh(dim)))
                joins = combine([(1, self._length(dim)), (-1, constant(1))])
                self._add(multiply(joins, self._points(free_indices(term), ())))
            case Indicator(condition):
                self._spend(self._comparisons(condition), term)
            case _:
                raise ValueError(
                    f"{type(term).__name__} is not evaluated by scalar operations; "
                    "write it out before counting"
                )

    def _sum_of_terms(self, whole: Term, terms: tuple[Term, ...]) -> None:
        """Each term counts where its deltas are 1, less one where some term is not subtracted."""
        indices = free_indices(whole)
        added: list[tuple[Pair, ...]] = []
        for term in terms:
            magnitude = _subtracted(term)
            self.visit(magnitude or term)
            support = tuple(self._without_deltas(term)[0])
            self._add(self._points(indices, support))
            if magnitude is None:
                added.append(support)
        if () in added:
            added = [()]
        if len(added) > MOST_SPARSE_TERMS:
            raise ValueError("too many terms with different Kronecker deltas in one sum")
        for size in range(1, len(added) + 1):  # inclusion and exclusion
            for chosen in combinations(added, size):
                together = tuple(pair for support in chosen for pair in support)
                self._add(combine([((-1) ** size, self._points(indices, together))]))

    def _without_deltas(self, term: Term) -> tuple[list[Pair], Term]:
        """The deltas without which the term is 0, and what it is where these are 1."""
        match term:
            case Delta(left, right):
                return ([] if left == right else [(left, right)]), ONE
            case Mul(factors):
                parts = [self._without_deltas(factor) for factor in factors]
                deltas = [pair for pairs, _ in parts for pair in pairs]
                if not deltas:
                    return [], term
                kept = [
                    rest
                    for factor, (_, rest) in zip(factors, parts, strict=True)
                    if not isinstance(factor, Delta)
                ]
                return deltas, mul(*kept)
            case Pow(base, Number(exponent)) if exponent.denominator == 1 and exponent > 0:
                deltas, rest = self._without_deltas(base)
                return deltas, Pow(rest, number(exponent))
            case Sum(dim, body):
                return self._sum_without_deltas(dim, body)
            case Add(terms):
                parts = [self._without_deltas(part) for part in terms]
                if parts and parts[0][0] and all(set(p) == set(parts[0][0]) for p, _ in parts):
                    return parts[0][0], Add(tuple(rest for _, rest in parts))
        return [], term

    def _sum_without_deltas(self, dim: Dim, body: Term) -> tuple[list[Pair], Term]:
        index = self._fresh(dim)
        deltas, rest = self._without_deltas(open_binder(body, index))
        for place, pair in enumerate(deltas):
            if index in pair:
                value = pair[1] if pair[0] == index else pair[0]
                others = [
                    (value if a == index else a, value if b == index else b)
                    for a, b in deltas[:place] + deltas[place + 1 :]
                ]
                remaining = [(a, b) for a, b in others if a != b]
                return remaining, substitute_indices(rest, {index: value})
        return deltas, Sum(dim, bind(rest, index))

    def _comparisons(self, condition: Proposition) -> int:
        match condition:
            case Compare(_, left, right):
                self.visit(left)
                self.visit(right)
                return 1
            case Not(inner):
                return self._comparisons(inner)
            case And(parts) | Or(parts):
                return sum(map(self._comparisons, parts))
            case SameIndex():
                return 0
        raise ValueError(f"{type(condition).__name__} is not evaluated by scalar operations")

    def _points(self, indices: tuple[Free, ...], equal: tuple[Pair, ...]) -> Polynomial:
        """The number of values of the indices that satisfy the equations between them."""
        groups: list[set[Index]] = [{index} for index in indices]
        for pair in equal:
            joined = {*pair}.union(*(group for group in groups if not group.isdisjoint(pair)))
            groups = [group for group in groups if group.isdisjoint(pair)] + [joined]
        result = constant(1)
        for group in groups:
            fixed = {index for index in group if isinstance(index, Fixed)}
            if len(fixed) > 1:
                return {}
            if not fixed:
                index = next(i for i in indices if i in group)
                result = multiply(result, self._length(index.dim))
        return result

    def _spend(self, operations: int, term: Term) -> None:
        self._add(combine([(operations, self._points(free_indices(term), ()))]))

    def _add(self, operations: Polynomial) -> None:
        self.total = combine([(1, self.total), (1, operations)])

    def _length(self, dim: Dim) -> Polynomial:
        if isinstance(dim, int):
            return constant(dim)
        return _dimension(Dimension(dim), self.generators)

    def _fresh(self, dim: Dim) -> Free:
        self._binders += 1
        return Free(f"bound {self._binders}", dim)


def _restricted(term: Term, deltas: list[Pair]) -> Term | None:
    """The term where the deltas are 1, with one index for each group of equal ones.

    None if they are never all 1, as two of the indices are different numbers.
    """
    while deltas:
        (left, right), *deltas = deltas
        if left == right:
            continue
        old, new = (left, right) if isinstance(left, Free) else (right, left)
        if not isinstance(old, Free):
            return None
        term = substitute_indices(term, {old: new})
        deltas = [(new if a == old else a, new if b == old else b) for a, b in deltas]
    return term


def _is_reciprocal(factor: Term) -> bool:
    match factor:
        case Pow(_, Number(exponent)):
            return exponent < 0 and exponent.denominator == 1
    return False


def _inverted(reciprocal: Term) -> Term:
    """``b ** k`` for ``b ** -k``."""
    if not isinstance(reciprocal, Pow) or not isinstance(reciprocal.exponent, Number):
        raise TypeError("not a power with a number as exponent")
    exponent = -reciprocal.exponent.value
    return reciprocal.base if exponent == 1 else Pow(reciprocal.base, number(exponent))


def _subtracted(term: Term) -> Term | None:
    """``t`` for a term ``-1 * t``, None for any other."""
    match term:
        case Mul((first, *rest)) if first == MINUS_ONE and rest:
            return mul(*rest)
    return None


def _dimension(dim: Dimension, generators: list[Term]) -> Polynomial:
    if dim not in generators:
        generators.append(dim)
    return generator(generators.index(dim))


def _polynomial(term: Term, dims: list[Term]) -> Polynomial:
    match term:
        case Number(value) if value.denominator == 1:
            return constant(value.numerator)
        case Dimension(dim):
            return constant(dim) if isinstance(dim, int) else _dimension(term, dims)
        case Add(terms):
            return combine((1, _polynomial(part, dims)) for part in terms)
        case Mul(factors):
            return _product(_polynomial(factor, dims) for factor in factors)
        case Pow(base, Number(exponent)) if exponent.denominator == 1 and exponent >= 0:
            return power(_polynomial(base, dims), int(exponent))
    raise ValueError(f"{type(term).__name__} in a count: not a polynomial in dimensions")


def _product(factors: Iterable[Polynomial]) -> Polynomial:
    result = constant(1)
    for factor in factors:
        result = multiply(result, factor)
    return result
