"""The derivative that the lemmas of ``DeriveLemmas.v`` give: a case for each, not simplified."""

from derive.coq.lowering import minus
from derive.coq.printing import NotExportableError
from derive.terms.structure import bind, element_names, open_binder
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    Add,
    Apply,
    Delta,
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
    number,
)


def derivative(term: Term, x: Element, depth: int = 0) -> Term:
    """The derivative of a lowered term by ``x``, in the form that ``solve_derive`` finds.

    Raises NotExportableError for a node that no lemma is about.
    """
    if x.name not in element_names(term):
        return ZERO
    match term:
        case Element(_, indices):
            deltas = [Delta(a, b) for a, b in zip(indices, x.indices, strict=True)]
            return _right_nested(deltas)
        case Add((left, right)):
            return add(derivative(left, x, depth), derivative(right, x, depth))
        case Mul((first, second)):
            inner = derivative(second, x, depth)
            if first == MINUS_ONE:
                return minus(inner)
            return add(mul(derivative(first, x, depth), second), mul(first, inner))
        case Pow(base, Number(value)):
            inner = derivative(base, x, depth)
            if value == -1:
                return mul(minus(Pow(Pow(base, TWO), MINUS_ONE)), inner)
            return mul(mul(Number(value), _lower_power(base, int(value) - 1)), inner)
        case Apply(function, (argument,)):
            return mul(_outer(function, argument), derivative(argument, x, depth))
        case Sum(dim, body):
            index = Free(f"\0{depth}'", dim)
            inner = derivative(open_binder(body, index), x, depth + 1)
            return Sum(dim, bind(inner, index))
    raise NotExportableError(f"the derivative of a term of the kind {type(term).__name__}")


def _lower_power(base: Term, exponent: int) -> Term:
    return ONE if exponent == 0 else Pow(base, number(exponent))


def _right_nested(deltas: list[Delta]) -> Term:
    if not deltas:
        return ONE
    total: Term = deltas[-1]
    for delta in reversed(deltas[:-1]):
        total = mul(delta, total)
    return total


def _outer(function: str, u: Term) -> Term:
    positive = apply("positive_indicator", u)
    match function:
        case "exp":
            return apply("exp", u)
        case "log":
            return Pow(u, MINUS_ONE)
        case "sin":
            return apply("cos", u)
        case "cos":
            return minus(apply("sin", u))
        case "atan":
            return Pow(add(ONE, Pow(u, TWO)), MINUS_ONE)
        case "sqrt":
            return Pow(mul(TWO, apply("sqrt", u)), MINUS_ONE)
        case "relu":
            return positive
        case "positive_indicator":
            return ZERO
        case "abs":
            return add(positive, minus(apply("positive_indicator", minus(u))))
    raise NotExportableError(f"the derivative of {function}")
