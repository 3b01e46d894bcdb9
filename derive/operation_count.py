"""How many scalar operations it takes to evaluate a formula as it is written, for all its indices.

The cost model (after Golub and Van Loan, Matrix Computations, 2013, section 1.1, with every
operation counted).  An operation is an addition, subtraction, multiplication, division, comparison
or function call.  Each distinct subterm is evaluated once for every value of its own free indices
for which it is needed, and then remembered; subterms are the same if they are written the same,
with the same indices (``S_i g_i`` for the row index and ``S_j g_j`` under a sum are different).

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
from functools import reduce
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

#: Groups of equal indices: the values for which a term is evaluated.
Support: TypeAlias = frozenset[frozenset[Index]]
ALL: Support = frozenset()

#: Different supports of one term, beyond which counting their union takes too long.
MOST_SUPPORTS = 10


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
    counter.visit(term, ALL)
    total = counter.total()
    return polynomial_term(total, counter.generators)


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
    """Which subterms are evaluated, and for which values of their indices."""

    def __init__(self) -> None:
        self.generators: list[Term] = []
        self._supports: dict[Term, list[Support]] = {}
        self._opened: dict[Term, Term] = {}
        self._binders = 0

    def visit(self, term: Term, support: Support) -> None:
        """Note that the term is evaluated wherever the support holds, and so are its parts."""
        deltas, rest = self._without_deltas(term)
        for pair in deltas:
            support = _joined(support, pair)
        if any(sum(isinstance(index, Fixed) for index in group) > 1 for group in support):
            return  # two different numbers are never the same index
        if rest != term:
            self.visit(rest, support)
            return
        support = _projected(support, free_indices(term))
        known = self._supports.setdefault(term, [])
        if any(all(any(g <= h for h in support) for g in other) for other in known):
            return
        known.append(support)
        for part in self._operands(term):
            self.visit(part, support)

    def total(self) -> Polynomial:
        """All operations together."""
        counts = [
            (1, self._operations(term, supports)) for term, supports in self._supports.items()
        ]
        return combine(counts)

    def _operands(self, term: Term) -> tuple[Term, ...]:
        """The subterms that are evaluated for the term."""
        match term:
            case Number() | Dimension() | Element() | Position() | Delta():
                return ()
            case Add(terms):
                return tuple(_subtracted(part) or part for part in terms)
            case Mul(factors):
                return tuple(_inverted(f) if _is_reciprocal(f) else f for f in factors)
            case Pow(base, Number(exponent)) if exponent.denominator == 1:
                return (_inverted(term) if exponent < 0 else base,)
            case Pow(base, exponent):
                return base, exponent
            case Apply(_, arguments):
                return arguments
            case Sum(dim, body) | Product(dim, body):
                if term not in self._opened:
                    self._opened[term] = open_binder(body, self._fresh(dim))
                return (self._opened[term],)
            case Indicator(condition):
                return tuple(side for c in _comparisons(condition) for side in (c.left, c.right))
        raise ValueError(
            f"{type(term).__name__} is not evaluated by scalar operations; "
            "write it out before counting"
        )

    def _operations(self, term: Term, supports: list[Support]) -> Polynomial:
        """The operations of the term itself, its operands being known."""
        places = self._places(free_indices(term), supports)
        match term:
            case Add(terms):
                return self._additions(term, terms, supports)
            case Mul(factors):
                divisions_only = all(map(_is_reciprocal, factors))
                each = len(factors) - (0 if divisions_only else 1)
            case Pow(_, Number(exponent)) if exponent.denominator == 1 and exponent >= 0:
                each = max(int(exponent) - 1, 0)
            case Pow():
                each = 1
            case Apply(_, arguments):
                each = 1 if arguments else 0
            case Sum(dim, _) | Product(dim, _):
                return multiply(combine([(1, self._length(dim)), (-1, constant(1))]), places)
            case Indicator(condition):
                each = len(_comparisons(condition))
            case _:
                each = 0
        return combine([(each, places)])

    def _additions(
        self, whole: Term, terms: tuple[Term, ...], supports: list[Support]
    ) -> Polynomial:
        """Each term counts where its deltas are 1, less one where some term is not subtracted."""
        indices = free_indices(whole)
        counts: list[tuple[int, Polynomial]] = []
        added: list[Support] = []
        for term in terms:
            deltas, _ = self._without_deltas(term)
            present = [reduce(_joined, deltas, support) for support in supports]
            counts.append((1, self._places(indices, present)))
            if _subtracted(term) is None:
                added += present
        return combine([*counts, (-1, self._places(indices, added))])

    def _without_deltas(self, term: Term) -> tuple[list[Pair], Term]:
        """The deltas without which the term is 0, and what it is where these are 1."""
        match term:
            case Delta(left, right):
                return ([] if left == right else [(left, right)]), ONE
            case Mul(factors):
                parts = [self._without_deltas(factor) for factor in factors]
                deltas = [pair for pairs, _ in parts for pair in pairs]
                if not deltas and not any(isinstance(factor, Delta) for factor in factors):
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

    def _places(self, indices: tuple[Free, ...], supports: list[Support]) -> Polynomial:
        """How many values of the indices lie in some support, by inclusion and exclusion."""
        distinct = list(dict.fromkeys(supports))
        if frozenset() in distinct:
            distinct = [frozenset()]
        if len(distinct) > MOST_SUPPORTS:
            raise ValueError("too many terms with different Kronecker deltas in one sum")
        counts: list[tuple[int, Polynomial]] = []
        for size in range(1, len(distinct) + 1):
            for chosen in combinations(distinct, size):
                together = reduce(_joined, (group for support in chosen for group in support), ALL)
                counts.append(((-1) ** (size + 1), self._points(indices, together)))
        return combine(counts)

    def _points(self, indices: tuple[Free, ...], support: Support) -> Polynomial:
        """The number of values of the indices that satisfy the equations between them."""
        result = constant(1)
        counted: set[Index] = set()
        for index in indices:
            group = next((g for g in support if index in g), frozenset((index,)))
            fixed = sum(isinstance(other, Fixed) for other in group)
            if fixed > 1:
                return {}
            if not fixed and index not in counted:
                result = multiply(result, self._length(index.dim))
            counted |= group
        return result

    def _length(self, dim: Dim) -> Polynomial:
        if isinstance(dim, int):
            return constant(dim)
        return _dimension(Dimension(dim), self.generators)

    def _fresh(self, dim: Dim) -> Free:
        self._binders += 1
        return Free(f"bound {self._binders}", dim)


def _joined(support: Support, equal: Iterable[Index]) -> Support:
    """The support where these indices are equal, too."""
    joined = frozenset(equal)
    if len(joined) < 2:
        return support
    touching = [group for group in support if not group.isdisjoint(joined)]
    return (support - frozenset(touching)) | {joined.union(*touching)}


def _projected(support: Support, indices: tuple[Free, ...]) -> Support:
    """What the support says of these indices alone."""
    kept = (
        frozenset(index for index in group if isinstance(index, Fixed) or index in indices)
        for group in support
    )
    return frozenset(
        group for group in kept if len(group) > 1 and any(isinstance(i, Free) for i in group)
    )


def _comparisons(condition: Proposition) -> list[Compare]:
    match condition:
        case Compare():
            return [condition]
        case Not(inner):
            return _comparisons(inner)
        case And(parts) | Or(parts):
            return [comparison for part in parts for comparison in _comparisons(part)]
        case SameIndex():
            return []
    raise ValueError(f"{type(condition).__name__} is not evaluated by scalar operations")


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
