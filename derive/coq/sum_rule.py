"""The rule for sums: linear, factors without the index in front, deltas contracted.

What stands under a sum is brought to a polynomial; each of its monomials becomes one piece, and
the sum is the sum of the pieces by the lemmas on ``sumR``.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from derive.coq import polynomials
from derive.coq.polynomials import (
    Monomial,
    Poly,
    folded,
    monomial_term,
    sorted_terms,
    to_term,
)
from derive.coq.tactics import joined, right_nested
from derive.terms.ordering import index_key, key
from derive.terms.structure import bind, free_indices, open_binder, substitute_indices
from derive.terms.term import ONE, Add, Delta, Dimension, Fixed, Free, Index, Mul, Sum, Term

if TYPE_CHECKING:
    from derive.coq.normalise import Normaliser


@dataclass(frozen=True, slots=True)
class Piece:
    """One summand under the sum: ``outer * value``, its texts, the lemma that proves it."""

    outer: Poly
    value: Poly
    before: Term
    inside: str
    outside: str
    leaf: str
    turn: str = ""


def sum_rule(nf: "Normaliser", dim: int | str, body: Term) -> tuple[Poly, list[str]]:
    """The polynomial of a sum over 1..dim, and the lines that prove it."""
    if dim in nf.written_out:
        return _written_out(nf, dim, body)
    index = nf.open(dim)
    try:
        opened = open_binder(body, index)
        value = nf.poly(opened)
        groups = _grouped(value, index)
        rewriting = nf.rewrites(opened)
        pieces = [_piece(nf, index, inner, outer) for inner, outer in groups]
        letter, bound = nf.printer.index(index), nf.range_name(index)
    finally:
        nf.close()
    length = nf.printer.dim(dim)
    if not pieces:
        return {}, [
            f"transitivity (sumR {length} (fun _ => 0)); [|apply sumR_zero].",
            f"apply sumR_ext; intros {letter} {bound}. {rewriting} solve_field.",
        ]
    result: Poly = {}
    for piece in pieces:
        result = polynomials.add(result, polynomials.multiply(piece.outer, piece.value))
    # The order of what stands together under a sum is that of the normal form.
    again = " ".join(piece.turn for piece in pieces if piece.turn)
    inside = right_nested([piece.inside for piece in pieces], "+")
    outside = right_nested([piece.outside for piece in pieces], "+")
    values = [piece.before for piece in pieces]
    proof = [
        f"transitivity (sumR {length} (fun {letter} => {inside})).",
        f"{{ apply sumR_ext; intros {letter} {bound}. {again} {rewriting} solve_field. }}",
        f"transitivity ({outside}).",
        f"{{ {joined('sumR_plus', [piece.leaf for piece in pieces])}. }}",
        f"{nf.rewrites(*values)} solve_field.",
    ]
    return result, proof


def _written_out(nf: "Normaliser", dim: int | str, body: Term) -> tuple[Poly, list[str]]:
    """A sum over a few numbers, some of which are spoken of one by one: its summands."""
    summands = [open_binder(body, Fixed(place, dim)) for place in range(1, int(dim) + 1)]
    total = folded(Add, summands)
    return nf.poly(total), [
        f"transitivity ({nf.printer.term(total, 60)}).",
        "{ cbv beta iota delta [sumR]. ring. }",
        nf.by_algebra(total),
    ]


def _piece(nf: "Normaliser", index: Free, inner: Monomial, outer: Poly) -> Piece:
    """One summand: ``outer`` does not contain the index, every factor of ``inner`` does."""
    factor = to_term(outer)
    for base, exponent in inner:
        if isinstance(base, Delta) and exponent > 0:
            other = base.right if base.left == index else base.left
            rest = polynomials.multiply_monomials(inner, ((base, -1),))
            return _contracted(nf, index, other, rest, outer)
    for base, exponent in inner:
        if isinstance(base, Sum) and exponent == 1 and str(base.dim) < str(index.dim):
            rest = polynomials.multiply_monomials(inner, ((base, -1),))
            return _exchanged(nf, index, base, rest, outer)
    term = monomial_term(inner)
    text = f"{nf.printer.term(factor, 39)} * {nf.printer.term(term, 39)}"
    total = Sum(index.dim, bind(term, index))
    if term == ONE:
        before: Term = Dimension(index.dim)
        leaf = "apply sumR_scale; apply sumR_one"
    else:
        before = total
        leaf = "apply sumR_scale; reflexivity"
    value = nf.equation_value(before)
    outside = f"{nf.printer.term(factor, 39)} * {nf.printer.term(before, 39)}"
    return Piece(outer, value, before, text, outside, leaf)


def _exchanged(nf: "Normaliser", index: Free, other: Sum, rest: Monomial, outer: Poly) -> Piece:
    """Double sums are written with the outer range first by its name."""
    factor, term = to_term(outer), monomial_term(rest)
    inside = nf.open(other.dim)
    body = open_binder(other.body, inside)
    inner = Sum(index.dim, bind(Mul((term, body)), index))
    total = Sum(other.dim, bind(inner, inside))
    letters = f"{nf.printer.index(index)} {nf.printer.index(inside)}"
    first = f"(fun {nf.printer.index(index)} => {nf.printer.term(term)})"
    second = f"(fun {letters} => {nf.printer.term(body)})"
    nf.close()
    with nf.outside(index):
        value = nf.poly(total)
    text = (
        f"{nf.printer.term(factor, 39)} * "
        f"({nf.printer.term(term, 39)} * {nf.printer.term(other, 39)})"
    )
    outside = f"{nf.printer.term(factor, 39)} * {nf.printer.term(total, 39)}"
    leaf = f"apply sumR_scale; apply (sumR_exchange_scaled _ _ {first} {second})"
    return Piece(outer, value, total, text, outside, leaf)


def _contracted(nf: "Normaliser", index: Free, other: Index, rest: Monomial, outer: Poly) -> Piece:
    factor, term = to_term(outer), monomial_term(rest)
    at = substitute_indices(term, {index: other})
    with nf.outside(index):
        value = nf.poly(at)
    delta = Delta(index, other)
    first, second = sorted((index, other), key=index_key)
    turn = ""
    if (first, second) != (index, other):
        turn = f"try rewrite (delta_sym {nf.printer.index(index)} {nf.printer.index(other)})."
    text = (
        f"{nf.printer.term(factor, 39)} * "
        f"({nf.printer.term(delta, 39)} * {nf.printer.term(term, 39)})"
    )
    outside = f"{nf.printer.term(factor, 39)} * {nf.printer.term(at, 39)}"
    leaf = (
        f"apply sumR_scale; apply (sumR_delta _ _ "
        f"(fun {nf.printer.index(index)} => {nf.printer.term(term)})); first [assumption | lia]"
    )
    return Piece(outer, value, at, text, outside, leaf, turn)


def _grouped(value: Poly, index: Free) -> list[tuple[Monomial, Poly]]:
    """The polynomial by what contains the index: ``sum of outer * inner``."""
    groups: dict[Monomial, dict[Monomial, Fraction]] = {}
    for monomial, coefficient in sorted_terms(value):
        inner = tuple(f for f in monomial if index in free_indices(f[0]))
        outer = tuple(f for f in monomial if index not in free_indices(f[0]))
        groups.setdefault(inner, {})[outer] = coefficient
    return sorted(groups.items(), key=lambda item: tuple((key(b), e) for b, e in item[0]))
