"""Sums over an index: contract deltas, pull out constant factors, name what is left canonically.

The sum of a monomial splits into connected parts: factors that share no bound index with the rest
come out.  A part that stays is a kernel: nested sums over its indices, with the bound indices in
the order that makes its structural key least, so that equal sums are equal kernels.
"""

from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations, product
from typing import TYPE_CHECKING

from flint import fmpq

from derive.prove import laurent
from derive.prove.forms import ONE_FORM, ZERO_FORM, Form
from derive.prove.laurent import Exponent, Monomial, Poly, TooLargeError
from derive.terms.ordering import index_key, key
from derive.terms.structure import bind, free_indices, map_parts, open_binder, subterms
from derive.terms.term import (
    ONE,
    ZERO,
    Delta,
    Dimension,
    Element,
    Free,
    Index,
    InverseEntry,
    Mul,
    Node,
    Number,
    Position,
    Pow,
    Sum,
    Term,
    add,
)

if TYPE_CHECKING:
    from derive.prove.normal_form import Normalizer

#: The most orders of bound indices that are compared for one kernel.
MAX_ORDERS = 720


def sum_form(nf: "Normalizer", index: Free, body: Form) -> Form:
    """The form of the sum of ``body`` over ``index``."""
    contracted = ZERO_FORM
    while (found := _delta_with(nf, body, index)) is not None:
        delta, other = found
        before = nf.term(body)
        body, extra = _split_delta(nf, body, delta, index, other)
        contracted = nf.add(contracted, extra)
        nf.step(
            "contract a delta under a sum",
            Sum(index.dim, bind(before, index)),
            _with_rest(nf, index, body, extra),
        )
    total = ZERO_FORM
    for monomial, coefficient in body.numerator.items():
        summed = _sum_monomial(nf, index, monomial, body.denominator)
        total = nf.add(total, nf.scale(summed, coefficient))
    if body.numerator:
        nf.step(
            "linearity of the sum; pull out constant factors",
            Sum(index.dim, bind(nf.term(body), index)),
            total,
        )
    return nf.add(contracted, total)


def _with_rest(nf: "Normalizer", index: Free, body: Form, extra: Form) -> Term:
    if not body.numerator:
        return nf.term(extra)
    rest = Sum(index.dim, bind(nf.term(body), index))
    return add(rest, nf.term(extra)) if extra.numerator else rest


def _delta_with(nf: "Normalizer", body: Form, index: Free) -> tuple[Delta, Index] | None:
    used = laurent.generators(body.numerator) | {i for i, _ in body.denominator}
    for identifier in sorted(used):
        kernel = nf.kernels[identifier]
        if index not in free_indices(kernel):
            continue
        for part in subterms(kernel):
            if isinstance(part, Delta):
                if part.left == index and not _is_bound(part.right):
                    return part, part.right
                if part.right == index and not _is_bound(part.left):
                    return part, part.left
    return None


def _is_bound(index: Index) -> bool:
    return not hasattr(index, "dim")


def _split_delta(
    nf: "Normalizer", body: Form, delta: Delta, index: Free, other: Index
) -> tuple[Form, Form]:
    """What is still to be summed, and the single term that the delta picks out.

    ``sum_k F(delta_kj, k) = sum_k F(0, k) + F(1, j) - F(0, j)``.
    """
    identifier = nf.ids.get(delta, -1)
    inside = {i for i, _ in body.denominator} | laurent.generators(body.numerator)
    deep = any(
        i != identifier and any(part == delta for part in subterms(nf.kernels[i])) for i in inside
    )
    if not deep:
        with_delta: Poly = {}
        without: Poly = {}
        for monomial, coefficient in body.numerator.items():
            if any(i == identifier for i, _ in monomial):
                rest = tuple((i, e) for i, e in monomial if i != identifier)
                with_delta[rest] = coefficient
            else:
                without[monomial] = coefficient
        picked = nf.with_index(Form(with_delta, body.denominator), index, other)
        return nf.add(Form(without, body.denominator), ZERO_FORM), picked
    nf.silent += 1
    try:
        off = nf.form(_replace(nf.term(body), delta, ZERO))
        on = nf.form(_replace(nf.term(body), delta, ONE))
    finally:
        nf.silent -= 1
    picked = nf.add(nf.with_index(on, index, other), nf.with_index(off, index, other), -1)
    return off, picked


def _replace(term: Term, old: Term, new: Term) -> Term:
    def descend(node: Node, _binders: int) -> Node:
        return new if node == old else map_parts(node, descend, lambda index: index)

    changed = descend(term, 0)
    assert isinstance(changed, Term)
    return changed


def _sum_monomial(
    nf: "Normalizer", index: Free, monomial: Monomial, denominator: tuple[tuple[int, int], ...]
) -> Form:
    constant: dict[int, Exponent] = {}
    dependent: dict[int, Exponent] = {}
    for identifier, exponent in (*monomial, *((i, -e) for i, e in denominator)):
        kernel = nf.kernels[identifier]
        place = dependent if index in free_indices(kernel) else constant
        place[identifier] = laurent.as_exponent(Fraction(place.get(identifier, 0) + exponent))
    outside = nf.from_factors(fmpq(1), constant.items())
    if not dependent:
        return nf.multiply(outside, nf.form(Dimension(index.dim)))
    indices, factors = _flatten(nf, [index], dependent)
    known = _known_sum(nf, indices, factors)
    if known is not None:
        return nf.multiply(outside, known)
    result = outside
    for part_indices, part in _connected(nf, indices, factors):
        if part_indices:
            kernel = canonical_sum(nf, part_indices, part)
            result = nf.multiply(result, nf.kernel_form(kernel))
        else:
            result = nf.multiply(result, nf.from_factors(fmpq(1), part))
    return result


def _flatten(
    nf: "Normalizer", indices: list[Free], factors: dict[int, Exponent]
) -> tuple[list[Free], list[tuple[int, Exponent]]]:
    """Open sums that occur to a positive whole power: one kernel with more bound indices."""
    flat: dict[int, Exponent] = {}
    opened = list(indices)

    def merge(identifier: int, exponent: Exponent) -> None:
        flat[identifier] = laurent.as_exponent(Fraction(flat.get(identifier, 0) + exponent))

    for identifier, exponent in factors.items():
        kernel = nf.kernels[identifier]
        if not (isinstance(kernel, Sum) and isinstance(exponent, int) and 0 < exponent <= 4):
            merge(identifier, exponent)
            continue
        for _ in range(exponent):
            copy = _opened_sum(nf, kernel, opened)
            if copy is None:
                merge(identifier, 1)
                continue
            new, parts = copy
            opened.extend(new)
            for inner, power in parts:
                merge(inner, power)
    return opened, sorted((i, e) for i, e in flat.items() if e)


def _opened_sum(
    nf: "Normalizer", kernel: Sum, taken: list[Free]
) -> tuple[list[Free], list[tuple[int, Exponent]]] | None:
    """A sum kernel as new indices and the factors under them; None if it is no monomial."""
    body: Term = kernel
    new: list[Free] = []
    while isinstance(body, Sum):
        fresh = nf.fresh(body.dim, body, *map(Position, (*taken, *new)))
        body = open_binder(body.body, fresh)
        new.append(fresh)
    nf.silent += 1
    nf.open_indices.extend(new)
    try:
        form = nf.form(body)
    finally:
        del nf.open_indices[len(nf.open_indices) - len(new) :]
        nf.silent -= 1
    if len(form.numerator) != 1 or set(form.numerator.values()) != {fmpq(1)}:
        return None
    (monomial,) = form.numerator
    return new, [*monomial, *((i, -e) for i, e in form.denominator)]


def _connected(
    nf: "Normalizer", indices: list[Free], factors: list[tuple[int, Exponent]]
) -> Iterator[tuple[list[Free], list[tuple[int, Exponent]]]]:
    """Parts of a product that share no summation index with each other."""
    group = {index: index for index in indices}

    def root(index: Free) -> Free:
        while group[index] != index:
            index = group[index]
        return index

    bound = set(indices)
    used = {i: [x for x in free_indices(nf.kernels[i]) if x in bound] for i, _ in factors}
    for shared in used.values():
        for other in shared[1:]:
            group[root(other)] = root(shared[0])
    alone = [(i, e) for i, e in factors if not used[i]]
    if alone:
        yield [], alone
    for representative in indices:
        if root(representative) != representative:
            continue
        members = [index for index in indices if root(index) == representative]
        part = [(i, e) for i, e in factors if used[i] and root(used[i][0]) == representative]
        yield members, part


def canonical_sum(
    nf: "Normalizer", indices: list[Free], factors: list[tuple[int, Exponent]]
) -> Term:
    """The sum kernel with its bound indices in the order that makes the structural key least."""
    if not factors:
        raise AssertionError("a sum over nothing")
    by_dim: dict[str, list[Free]] = {}
    for index in indices:
        by_dim.setdefault(str(index.dim), []).append(index)
    groups = [by_dim[dim] for dim in sorted(by_dim)]
    count = 1
    for group in groups:
        for size in range(2, len(group) + 1):
            count *= size
    if count > MAX_ORDERS:
        raise TooLargeError(f"a sum over {len(indices)} indices")
    candidates = []
    for order in product(*(permutations(group) for group in groups)):
        flat = [index for group in order for index in group]
        candidates.append(_closed(nf, flat, factors))
    return min(candidates, key=key)


def _closed(nf: "Normalizer", order: list[Free], factors: list[tuple[int, Exponent]]) -> Term:
    made = []
    for identifier, exponent in factors:
        kernel: Term = nf.kernels[identifier]
        for index in order:
            kernel = bind(kernel, index)
        kernel = _symmetric_order(nf, kernel)
        made.append(kernel if exponent == 1 else Pow(kernel, Number(Fraction(exponent))))
    made.sort(key=key)
    body: Term = made[0] if len(made) == 1 else Mul(tuple(made))
    for index in reversed(order):
        body = Sum(index.dim, body)
    return body


def _symmetric_order(nf: "Normalizer", kernel: Term) -> Term:
    if isinstance(kernel, Element) and len(kernel.indices) == 2:
        declarations = nf.declarations
        if declarations.has(kernel.name, "symmetric") or declarations.has(
            kernel.name, "positive definite"
        ):
            return Element(kernel.name, tuple(sorted(kernel.indices, key=index_key)))
    return kernel


def _known_sum(
    nf: "Normalizer", indices: list[Free], factors: list[tuple[int, Exponent]]
) -> Form | None:
    """Sums that a declared condition decides: sums to 1, inverse and orthogonal pairs."""
    if len(indices) == 1 and len(factors) == 1 and factors[0][1] == 1:
        kernel = nf.kernels[factors[0][0]]
        if (
            isinstance(kernel, Element)
            and len(kernel.indices) == 1
            and nf.declarations.has(kernel.name, "sums to 1")
        ):
            nf.step(
                f"{kernel.name} sums to 1",
                Sum(indices[0].dim, bind(kernel, indices[0])),
                ONE_FORM,
            )
            return ONE_FORM
    for index in indices:
        holders = [(i, e) for i, e in factors if index in free_indices(nf.kernels[i])]
        if len(holders) == 2 and all(e == 1 for _, e in holders):
            delta = _inverse_pair(nf, index, *(nf.kernels[i] for i, _ in holders))
        elif len(holders) == 1 and holders[0][1] == 2:
            kernel = nf.kernels[holders[0][0]]
            delta = _inverse_pair(nf, index, kernel, kernel)
        else:
            continue
        if delta is not None and index not in (delta.left, delta.right):
            pair = Mul(tuple(nf.kernels[i] for i, e in holders for _ in range(int(e))))
            nf.step("a matrix times its inverse", Sum(index.dim, bind(pair, index)), delta)
            rest = nf.multiply(
                nf.form(delta),
                nf.from_factors(fmpq(1), [f for f in factors if f not in holders]),
            )
            for other in indices:
                if other != index:
                    rest = sum_form(nf, other, rest)
            return rest
    return None


def _inverse_pair(nf: "Normalizer", index: Free, left: Term, right: Term) -> Delta | None:
    """The delta that ``sum_index left right`` is, for a matrix and its inverse (or transpose)."""
    if isinstance(left, InverseEntry):
        left, right = right, left
    if not isinstance(left, Element) or len(left.indices) != 2:
        return None
    if isinstance(right, InverseEntry) and right.matrix == left.name:
        symmetric = nf.declarations.has(left.name, "symmetric") or nf.declarations.has(
            left.name, "positive definite"
        )
        for a, b in (left.indices, left.indices[::-1]) if symmetric else (left.indices,):
            if b == index == right.row:
                return Delta(a, right.column)
            if a == index == right.column:
                return Delta(right.row, b)
        return None
    if (
        isinstance(right, Element)
        and right.name == left.name
        and nf.declarations.has(left.name, "orthogonal")
        and len(set(nf.declarations.shape(left.name))) == 1
    ):
        for place in (0, 1):
            if left.indices[place] == index == right.indices[place]:
                return Delta(left.indices[1 - place], right.indices[1 - place])
    return None
