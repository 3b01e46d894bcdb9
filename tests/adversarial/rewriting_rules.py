"""Rules that keep the value of a term.

A rule gets a part without loose indices, the decisions of a ``Grower`` and the indices in scope.
Roots, logarithms and quotients are split only over parts that are evidently positive, so both
sides have a value at the same points.
"""

from derive.terms.structure import (
    element_names,
    free_indices,
    open_binder,
    substitute_indices,
    sum_over,
)
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    Add,
    Apply,
    Compare,
    Delta,
    Derivative,
    Dimension,
    Element,
    Free,
    Indicator,
    Mul,
    Not,
    Number,
    Pow,
    Product,
    SameIndex,
    Sum,
    Term,
    Where,
    add,
    apply,
    div,
    mul,
    neg,
    number,
    sub,
)
from tests.adversarial.generators import HALF, POSITIVE, Grower, M, N, Rewrite, Scope, X, Y


def is_positive(term: Term) -> bool:
    """Whether a term is evidently positive at every point."""
    match term:
        case Number(value):
            return value > 0
        case Dimension():
            return True
        case Element(name):
            return name in POSITIVE
        case Apply("exp", _):
            return True
        case Apply("sqrt", (inner,)):
            return is_positive(inner)
        case Add(terms):
            return all(map(is_positive, terms)) or (
                is_positive(terms[0]) and all(map(_is_square, terms[1:]))
            )
        case Mul(factors):
            return all(map(is_positive, factors))
        case Pow(base, _):
            return is_positive(base)
        case Sum(_, body) | Product(_, body):
            return is_positive(body)
    return False


def _is_square(term: Term) -> bool:
    return is_positive(term) or (isinstance(term, Pow) and term.exponent == TWO)


# ---- rules that keep the value -----------------------------------------------------------------


def _permuted(term: Term, grow: Grower, scope: Scope) -> Term | None:
    if not isinstance(term, Add | Mul):
        return None
    inside = list(term.terms if isinstance(term, Add) else term.factors)
    at = grow.choose(range(len(inside)))
    return type(term)((*inside[at:], *inside[:at][::-1]))


def _regrouped(term: Term, grow: Grower, scope: Scope) -> Term | None:
    match term:
        case Add((first, second, *rest)):
            return add(first, add(second, *rest))
        case Mul((first, second, *rest)):
            return mul(mul(first, second), *rest)
    return None


def _distributed(term: Term, grow: Grower, scope: Scope) -> Term | None:
    if isinstance(term, Mul):
        for at, factor in enumerate(term.factors):
            if isinstance(factor, Add):
                others = (*term.factors[:at], *term.factors[at + 1 :])
                return Add(tuple(Mul((*others, part)) for part in factor.terms))
    return None


def _quotient_split(term: Term, grow: Grower, scope: Scope) -> Term | None:
    match term:
        case Mul((Add(terms), Pow(_, Number(e)) as below)) if e == -1:
            return Add(tuple(Mul((part, below)) for part in terms))
    return None


def _delta_introduced(term: Term, grow: Grower, scope: Scope) -> Term | None:
    own = free_indices(term)
    if not own:
        return None
    index = grow.choose(own)
    bound = Free("delta'", index.dim)
    moved = substitute_indices(term, {index: bound})
    return sum_over(bound, mul(Delta(index, bound), moved))


def _delta_contracted(term: Term, grow: Grower, scope: Scope) -> Term | None:
    if not isinstance(term, Sum):
        return None
    bound = Free("delta'", term.dim)
    body = open_binder(term.body, bound)
    factors = body.factors if isinstance(body, Mul) else (body,)
    for at, factor in enumerate(factors):
        match factor:
            case Delta(left, right) if (left == bound) != (right == bound):
                other = right if left == bound else left
                rest = mul(*factors[:at], *factors[at + 1 :])
                return substitute_indices(rest, {bound: other})
    return None


def _delta_moves_an_index(term: Term, grow: Grower, scope: Scope) -> Term | None:
    match term:
        case Mul((Delta(Free() as left, Free() as right) as delta, *rest)) if rest:
            return mul(delta, substitute_indices(mul(*rest), {left: right}))
    return None


def _sums_exchanged(term: Term, grow: Grower, scope: Scope) -> Term | None:
    if not (isinstance(term, Sum) and isinstance(term.body, Sum)):
        return None
    outer, inner = Free("outer'", term.dim), Free("inner'", term.body.dim)
    opened = open_binder(term.body, outer)
    assert isinstance(opened, Sum)
    return sum_over(inner, sum_over(outer, open_binder(opened.body, inner)))


def _sum_of_a_sum(term: Term, grow: Grower, scope: Scope) -> Term | None:
    if isinstance(term, Sum) and isinstance(term.body, Add):
        return Add(tuple(Sum(term.dim, part) for part in term.body.terms))
    return None


def _factor_out_of_a_sum(term: Term, grow: Grower, scope: Scope) -> Term | None:
    if not (isinstance(term, Sum) and isinstance(term.body, Mul)):
        return None
    bound = Free("bound'", term.dim)
    body = open_binder(term.body, bound)
    outside = [part for part in body.factors if bound not in free_indices(part)]
    inside = [part for part in body.factors if bound in free_indices(part)]
    return mul(*outside, sum_over(bound, mul(*inside))) if outside else None


def _factor_into_a_sum(term: Term, grow: Grower, scope: Scope) -> Term | None:
    match term:
        case Mul((factor, Sum(dim, body))):
            bound = Free("bound'", dim)
            return sum_over(bound, mul(open_binder(body, bound), factor))
    return None


def _sum_of_a_constant(term: Term, grow: Grower, scope: Scope) -> Term | None:
    if not isinstance(term, Sum):
        return None
    bound = Free("bound'", term.dim)
    body = open_binder(term.body, bound)
    return None if bound in free_indices(body) else mul(Dimension(term.dim), body)


def _mean_of_a_constant(term: Term, grow: Grower, scope: Scope) -> Term | None:
    dim = grow.choose((N, M))
    return div(sum_over(Free("bound'", dim), term), Dimension(dim))


def _sum_split_at_an_index(term: Term, grow: Grower, scope: Scope) -> Term | None:
    fitting = [index for index in scope if isinstance(term, Sum) and index.dim == term.dim]
    if not isinstance(term, Sum) or not fitting:
        return None
    chosen, bound = grow.choose(fitting), Free("bound'", term.dim)
    rest = sum_over(bound, mul(sub(ONE, Delta(chosen, bound)), open_binder(term.body, bound)))
    return add(open_binder(term.body, chosen), rest)


def _product_of_exponentials(term: Term, grow: Grower, scope: Scope) -> Term | None:
    match term:
        case Product(dim, Apply("exp", (inner,))):
            return apply("exp", Sum(dim, inner))
        case Product(dim, Mul(factors)):
            return Mul(tuple(Product(dim, factor) for factor in factors))
        case Apply("log", (Product(dim, body) as whole,)) if is_positive(whole):
            return Sum(dim, apply("log", body))
    return None


def _exponential_law(term: Term, grow: Grower, scope: Scope) -> Term | None:
    match term:
        case Apply("exp", (Add(terms),)):
            return Mul(tuple(apply("exp", part) for part in terms))
        case Apply("exp", (Mul((Number(value), *rest)),)) if value.denominator == 1 and rest:
            return Pow(apply("exp", mul(*rest)), number(value))
        case Apply("exp", (Sum(dim, body),)):
            return Product(dim, apply("exp", body))
        case Apply("exp", (inner,)):
            return Pow(apply("exp", neg(inner)), MINUS_ONE)
        case Mul((Apply("exp", (left,)), Apply("exp", (right,)), *rest)):
            return mul(apply("exp", add(left, right)), *rest)
    return None


def _logarithm_law(term: Term, grow: Grower, scope: Scope) -> Term | None:
    match term:
        case Apply("log", (Mul(factors),)) if all(map(is_positive, factors)):
            return Add(tuple(apply("log", factor) for factor in factors))
        case Apply("log", (Pow(base, exponent),)) if is_positive(base):
            return mul(exponent, apply("log", base))
        case Apply("log", (Apply("exp", (inner,)),)):
            return inner
        case Apply("log", (inner,)) if is_positive(inner):
            return neg(apply("log", Pow(inner, MINUS_ONE)))
    return None


def _through_the_logarithm(term: Term, grow: Grower, scope: Scope) -> Term | None:
    return apply("exp", apply("log", term)) if is_positive(term) else apply("log", _exp(term))


def _exp(term: Term) -> Term:
    return apply("exp", term)


def _roots(term: Term, grow: Grower, scope: Scope) -> Term | None:
    match term:
        case Apply("sqrt", (Mul(factors),)) if all(map(is_positive, factors)):
            return Mul(tuple(apply("sqrt", factor) for factor in factors))
        case Apply("sqrt", (inner,)) if is_positive(inner):
            return div(inner, term)
        case Apply("abs", (inner,)):
            return apply("sqrt", Pow(inner, TWO))
    return mul(apply("sqrt", term), apply("sqrt", term)) if is_positive(term) else None


def _activation(term: Term, grow: Grower, scope: Scope) -> Term | None:
    match term:
        case Apply("tanh", (t,)):
            half_turn = sub(mul(TWO, apply("sigmoid", mul(TWO, t))), ONE)
            quotient = div(sub(_exp(t), _exp(neg(t))), add(_exp(t), _exp(neg(t))))
            return grow.choose((half_turn, quotient, neg(apply("tanh", neg(t)))))
        case Apply("sigmoid", (t,)):
            return grow.choose(
                (
                    div(ONE, add(ONE, _exp(neg(t)))),
                    div(_exp(t), add(ONE, _exp(t))),
                    sub(ONE, apply("sigmoid", neg(t))),
                )
            )
        case Apply("softplus", (t,)):
            return grow.choose((apply("log", add(ONE, _exp(t))), add(t, apply("softplus", neg(t)))))
    return None


def _kinked_function(term: Term, grow: Grower, scope: Scope) -> Term | None:
    match term:
        case Apply("relu", (t,)):
            return grow.choose(
                (
                    mul(HALF, add(t, apply("abs", t))),
                    mul(t, Indicator(Compare(">", t, ZERO))),
                    add(t, apply("relu", neg(t))),
                    apply("max", t, ZERO),
                )
            )
        case Apply("abs", (t,)):
            return grow.choose(
                (
                    add(apply("relu", t), apply("relu", neg(t))),
                    mul(t, apply("sign", t)),
                    apply("max", t, neg(t)),
                    Where(Compare(">=", t, ZERO), t, neg(t)),
                )
            )
        case Apply("max", (s, t)):
            return grow.choose(
                (
                    mul(HALF, add(s, t, apply("abs", sub(s, t)))),
                    sub(add(s, t), apply("min", s, t)),
                    apply("max", t, s),
                    Where(Compare(">", s, t), s, t),
                )
            )
        case Apply("min", (s, t)):
            return neg(apply("max", neg(s), neg(t)))
    return None


def _complement(term: Term, grow: Grower, scope: Scope) -> Term | None:
    condition = grow.condition(1, scope)
    holds, fails = Indicator(condition), Indicator(Not(condition))
    return add(mul(holds, term), mul(fails, term))


def _both_branches(term: Term, grow: Grower, scope: Scope) -> Term | None:
    match term:
        case Where(condition, then, otherwise):
            return add(
                mul(Indicator(condition), then), mul(sub(ONE, Indicator(condition)), otherwise)
            )
    return Where(grow.condition(1, scope), term, term)


def _indicator_facts(term: Term, grow: Grower, scope: Scope) -> Term | None:
    match term:
        case Indicator(Compare(operator, left, right)):
            other = {">": "<", "<": ">", ">=": "<=", "<=": ">=", "!=": "!="}[operator]
            return grow.choose(
                (Pow(term, TWO), Indicator(Compare(other, neg(left), neg(right))))  # type: ignore[arg-type]
            )
        case Indicator(SameIndex(left, right)):
            return Delta(left, right)
        case Delta(left, right):
            return grow.choose((Delta(right, left), Pow(term, TWO)))
    return None


def _derivative_rule(term: Term, grow: Grower, scope: Scope) -> Term | None:
    if not isinstance(term, Derivative):
        return None
    body, by = term.body, term.variable

    def d(inner: Term) -> Term:
        return Derivative(inner, by)

    match body:
        case Add(terms):
            return Add(tuple(map(d, terms)))
        case Mul((first, *rest)) if rest:
            return add(mul(d(first), mul(*rest)), mul(first, d(mul(*rest))))
        case Pow(base, Number(e)):
            return mul(number(e), Pow(base, number(e - 1)), d(base))
        case Apply("exp", (u,)):
            return mul(body, d(u))
        case Apply("log", (u,)):
            return div(d(u), u)
        case Apply("tanh", (u,)):
            return mul(sub(ONE, Pow(body, TWO)), d(u))
        case Apply("sigmoid", (u,)):
            return mul(body, sub(ONE, body), d(u))
        case Apply("softplus", (u,)):
            return mul(apply("sigmoid", u), d(u))
        case Apply("sqrt", (u,)):
            return div(d(u), mul(TWO, body))
        case Apply("sin", (u,)):
            return mul(apply("cos", u), d(u))
        case Apply("cos", (u,)):
            return neg(mul(apply("sin", u), d(u)))
        case Apply("atan", (u,)):
            return div(d(u), add(ONE, Pow(u, TWO)))
        case Sum(dim, inner):
            bound = Free("moved'", dim)
            return sum_over(bound, d(open_binder(inner, bound)))
        case Element(name, indices) if name == by.name:
            deltas = [Delta(s, t) for s, t in zip(indices, by.indices, strict=True)]
            return None if name == "S" else mul(*deltas)
    return ZERO if by.name not in element_names(body) else None


def _derivative_introduced(term: Term, grow: Grower, scope: Scope) -> Term | None:
    free = [letter for letter in (X, Y) if letter.name not in element_names(term)]
    return Derivative(mul(free[0], term), free[0]) if free else None


def _declared_fact(term: Term, grow: Grower, scope: Scope) -> Term | None:
    match term:
        case Element("S", (row, column)):
            return Element("S", (column, row))
        case Element("t", (_,)):
            return grow.choose((Pow(term, TWO), mul(term, _total("t"))))
        case Mul((Element("t", (s,)) as first, Element("t", (t,)))):
            return mul(Delta(s, t), first)
    return None


def _total(name: str) -> Term:
    bound = Free("all'", N)
    return sum_over(bound, Element(name, (bound,)))


def _added_and_taken_away(term: Term, grow: Grower, scope: Scope) -> Term | None:
    other = grow.term(1, scope)
    return sub(add(term, other), other)


def _multiplied_and_divided(term: Term, grow: Grower, scope: Scope) -> Term | None:
    other = grow.positive(1, scope)
    return div(mul(other, term), other)


def _circle(term: Term, grow: Grower, scope: Scope) -> Term | None:
    angle = grow.leaf(scope)
    return mul(term, add(Pow(apply("sin", angle), TWO), Pow(apply("cos", angle), TWO)))


def _power_unfolded(term: Term, grow: Grower, scope: Scope) -> Term | None:
    match term:
        case Pow(base, Number(value)) if value in (2, 3):
            return mul(*(base for _ in range(int(value))))
        case Pow(Mul(factors), Number(value)) if value.denominator == 1:
            return Mul(tuple(Pow(factor, number(value)) for factor in factors))
    return None


RULES: dict[str, Rewrite] = {
    "permuted": _permuted,
    "regrouped": _regrouped,
    "distributed": _distributed,
    "quotient split": _quotient_split,
    "delta introduced": _delta_introduced,
    "delta contracted": _delta_contracted,
    "delta moves an index": _delta_moves_an_index,
    "sums exchanged": _sums_exchanged,
    "sum of a sum": _sum_of_a_sum,
    "factor out of a sum": _factor_out_of_a_sum,
    "factor into a sum": _factor_into_a_sum,
    "sum of a constant": _sum_of_a_constant,
    "mean of a constant": _mean_of_a_constant,
    "sum split at an index": _sum_split_at_an_index,
    "product of exponentials": _product_of_exponentials,
    "exponential law": _exponential_law,
    "logarithm law": _logarithm_law,
    "through the logarithm": _through_the_logarithm,
    "roots": _roots,
    "activation": _activation,
    "kinked function": _kinked_function,
    "complement": _complement,
    "both branches": _both_branches,
    "indicator facts": _indicator_facts,
    "derivative rule": _derivative_rule,
    "derivative introduced": _derivative_introduced,
    "declared fact": _declared_fact,
    "added and taken away": _added_and_taken_away,
    "multiplied and divided": _multiplied_and_divided,
    "circle": _circle,
    "power unfolded": _power_unfolded,
}
