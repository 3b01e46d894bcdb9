"""Rules that look valid and are not: each has to be refuted on generated terms."""

from collections.abc import Callable

from derive.terms.structure import element_names, free_indices, open_binder
from derive.terms.term import (
    ONE,
    Add,
    Apply,
    Delta,
    Derivative,
    Element,
    Free,
    Mul,
    Number,
    Pow,
    Sum,
    Term,
    add,
    apply,
    mul,
    neg,
    number,
)
from tests.adversarial.generators import Rewrite


def _false(pattern: Callable[[Term], Term | None]) -> Rewrite:
    return lambda term, grow, scope: pattern(term)


def _exp_of_a_sum(term: Term) -> Term | None:
    match term:
        case Apply("exp", (Add(terms),)):
            return Add(tuple(apply("exp", part) for part in terms))
    return None


def _log_of_a_product(term: Term) -> Term | None:
    match term:
        case Apply("log", (Mul(factors),)):
            return Mul(tuple(apply("log", factor) for factor in factors))
    return None


def _sum_of_a_product(term: Term) -> Term | None:
    if isinstance(term, Sum) and isinstance(term.body, Mul):
        return Mul(tuple(Sum(term.dim, factor) for factor in term.body.factors))
    return None


def _derivative_of_a_product(term: Term) -> Term | None:
    match term:
        case Derivative(Mul(factors), by) if any(by.name in element_names(f) for f in factors):
            return Mul(tuple(Derivative(factor, by) for factor in factors))
    return None


def _inner_derivative_forgotten(term: Term) -> Term | None:
    match term:
        case Derivative(Apply("exp", (inner,)) as body, by) if inner != by:
            return body
        case Derivative(Pow(base, Number(e)), _):
            return mul(number(e), Pow(base, number(e - 1)))
    return None


def _diagonal_kept(term: Term) -> Term | None:
    return add(term, _at_first_free(term)) if isinstance(term, Sum) else None


def _at_first_free(term: Sum) -> Term:
    fitting = [index for index in free_indices(term) if index.dim == term.dim]
    return open_binder(term.body, fitting[0]) if fitting else ONE


def _root_of_a_square(term: Term) -> Term | None:
    match term:
        case Apply("abs", (inner,)):
            return inner
        case Apply("relu", (inner,)):
            return neg(apply("relu", neg(inner)))
    return None


def _transposed(term: Term) -> Term | None:
    match term:
        case Element("A", (row, column)) if row != column:
            return Element("A", (column, row))
    return None


def _delta_dropped(term: Term) -> Term | None:
    return ONE if isinstance(term, Delta) and term.left != term.right else None


def _sign_flipped(term: Term) -> Term | None:
    match term:
        case Apply("tanh" | "sin" as function, (inner,)):
            return apply(function, neg(inner))
        case Apply("sigmoid", (inner,)):
            return apply("sigmoid", neg(inner))
    return None


def _sum_of_one_summand(term: Term) -> Term | None:
    if not isinstance(term, Sum):
        return None
    bound = Free("bound'", term.dim)
    body = open_binder(term.body, bound)
    return body if bound not in free_indices(body) else None


FALSE_RULES: dict[str, Rewrite] = {
    "exp of a sum": _false(_exp_of_a_sum),
    "log of a product": _false(_log_of_a_product),
    "sum of a product": _false(_sum_of_a_product),
    "derivative of a product": _false(_derivative_of_a_product),
    "inner derivative forgotten": _false(_inner_derivative_forgotten),
    "diagonal kept": _false(_diagonal_kept),
    "root of a square": _false(_root_of_a_square),
    "transposed": _false(_transposed),
    "delta dropped": _false(_delta_dropped),
    "sign flipped": _false(_sign_flipped),
    "sum of one summand": _false(_sum_of_one_summand),
}
