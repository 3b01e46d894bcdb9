"""What people believe of terms: rules that are true, true in part, or false, one table ``BELIEFS``.

A belief looks at a term, which may have no value, and yields what it might be rewritten to.
"""

from collections.abc import Callable, Iterator

from generators import Scope, places
from wild_terms import HALF, N, Wild, X, Y

from derive.terms.structure import (
    free_indices,
    open_binder,
    product_over,
    substitute_indices,
    subterms,
    sum_over,
)
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    Add,
    And,
    Apply,
    Argument,
    Call,
    Compare,
    Delta,
    Derivative,
    Dimension,
    Element,
    Fixed,
    Free,
    Indicator,
    InverseEntry,
    Mul,
    Not,
    Number,
    Or,
    Position,
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

Belief = Callable[[Term, Wild, Scope], Iterator[Term]]


def _positive(a: Term) -> Term:
    return Indicator(Compare(">", a, ZERO))


def _of_numbers(term: Term, grow: Wild, scope: Scope) -> Iterator[Term]:
    """Cancelling, powers, roots."""
    other = grow.term(1, scope)
    yield mul(term, other, Pow(other, MINUS_ONE))
    yield add(term, other, neg(other))
    yield mul(term, Pow(other, ZERO))
    yield add(term, mul(ZERO, other))
    yield Pow(Pow(term, TWO), HALF)
    yield Pow(Pow(term, HALF), TWO)
    yield apply("exp", apply("log", term))
    yield apply("log", apply("exp", term))
    yield Pow(Pow(term, MINUS_ONE), MINUS_ONE)
    yield mul(term, add(Pow(apply("sin", other), TWO), Pow(apply("cos", other), TWO)))
    match term:
        case Pow(Pow(a, Number(p)), Number(q)):
            yield Pow(a, number(p * q))
        case Pow(Mul(factors), e):
            yield Mul(tuple(Pow(a, e) for a in factors))
        case Pow(Apply("abs", (a,)), e):
            yield Pow(a, e)
        case Pow(a, Number(e)):
            yield mul(a, Pow(a, number(e - 1)))
            yield apply("exp", mul(number(e), apply("log", a)))
            yield Pow(neg(a), number(e))
        case Pow(a, e):
            yield apply("exp", mul(e, apply("log", a)))
            yield mul(a, Pow(a, sub(e, ONE)))
        case Mul((a, b, *rest)):
            yield apply("exp", add(apply("log", mul(a, *rest)), apply("log", b)))
            yield mul(Pow(a, HALF), Pow(mul(a, b, b, *rest), HALF))
            if a == b:
                yield mul(Pow(a, TWO), *rest)
        case Add((a, b)):
            yield b
            yield mul(sub(Pow(a, TWO), Pow(b, TWO)), Pow(sub(a, b), MINUS_ONE))
            yield mul(a, add(ONE, div(b, a)))


def _of_functions(term: Term, grow: Wild, scope: Scope) -> Iterator[Term]:
    match term:
        case Apply("log", (Mul((a, *rest)),)):
            yield add(apply("log", a), apply("log", mul(*rest)))
        case Apply("log", (Pow(a, e),)):
            yield mul(e, apply("log", a))
            yield mul(e, apply("log", apply("abs", a)))
        case Apply("log", (a,)):
            yield mul(HALF, apply("log", Pow(a, TWO)))
            yield neg(apply("log", Pow(a, MINUS_ONE)))
        case Apply("sqrt", (Mul((a, *rest)),)):
            yield mul(apply("sqrt", a), apply("sqrt", mul(*rest)))
        case Apply("sqrt", (Pow(a, Number(e)),)):
            yield Pow(a, number(e / 2))
        case Apply("exp", (Add(terms),)):
            yield Mul(tuple(apply("exp", a) for a in terms))
        case Apply("exp", (Mul((a, *rest)),)):
            yield Pow(apply("exp", a), mul(*rest))
        case Apply("abs", (a,)):
            yield from (a, neg(a), apply("max", a, neg(a)), mul(a, apply("sign", a)))
            yield Pow(Pow(a, TWO), HALF)
            yield div(Pow(a, TWO), a)
        case Apply("sign", (a,)):
            yield from (div(a, apply("abs", a)), sub(mul(TWO, _positive(a)), ONE))
            yield sub(ONE, mul(TWO, _positive(neg(a))))
        case Apply("relu", (a,)):
            yield from (mul(a, _positive(a)), mul(HALF, add(a, apply("abs", a))))
            yield add(a, apply("relu", neg(a)))
            yield mul(a, Indicator(Compare(">=", a, ZERO)))
        case Apply("max" | "min", (a, b)):
            yield from (a, apply(term.function, b, a))
            yield mul(HALF, add(a, b, apply("abs", sub(a, b))))
            yield Where(Compare(">", a, b), a, b)
        case Apply("tan", (a,)):
            yield div(apply("sin", a), apply("cos", a))
        case Apply("floor", (a,)):
            yield neg(apply("ceiling", neg(a)))
            yield a
            if isinstance(a, Add):
                yield add(apply("floor", a.terms[0]), *a.terms[1:])
        case Apply(function, (a,)) if function in ("sin", "cos", "tanh", "atan", "sigmoid"):
            yield neg(apply(function, neg(a)))
            yield apply(function, neg(a))
        case Call(name, outputs, (Argument((), a),), partials):
            for new in _of_functions(a, grow, scope):
                yield Call(name, outputs, (Argument((), new),), partials)


def _of_conditions(term: Term, grow: Wild, scope: Scope) -> Iterator[Term]:
    match term:
        case Indicator(Compare(operator, a, b)):
            yield sub(ONE, Indicator(Compare({">": "<=", ">=": "<", "<": ">=", "<=": ">", "=": "!=",
                                              "!=": "="}[operator], a, b)))  # type: ignore[arg-type]  # fmt: skip
            for weaker in {">": (">=", "!="), ">=": (">",), "<": ("<=",), "<=": ("<", "=")}.get(
                operator, (">",)
            ):
                yield Indicator(Compare(weaker, a, b))  # type: ignore[arg-type]
            yield Pow(term, HALF)
            if isinstance(a, Mul) and b == ZERO:
                yield Mul(tuple(Indicator(Compare(operator, f, ZERO)) for f in a.factors))
        case Indicator(SameIndex(a, b)):
            yield Delta(a, b)
        case Indicator(And(parts)):
            yield Mul(tuple(map(Indicator, parts)))
        case Indicator(Or(parts)):
            yield Add(tuple(map(Indicator, parts)))
        case Where(condition, a, b):
            yield from (a, b)
            yield add(mul(Indicator(condition), a), mul(sub(ONE, Indicator(condition)), b))
            yield Where(Not(condition), b, a)
        case Delta(a, b):
            yield from (
                ZERO,
                ONE,
                Pow(term, MINUS_ONE),
                mul(term, term),
                Indicator(SameIndex(a, b)),
            )


def _of_sums(term: Term, grow: Wild, scope: Scope) -> Iterator[Term]:
    own = free_indices(term)
    if own:
        index = grow.choose(own)
        k = Free("k'", index.dim)
        yield sum_over(k, mul(Delta(index, k), substitute_indices(term, {index: k})))
        yield mul(Delta(index, index), term)
        same = [i for i in scope if i.dim == index.dim]
        yield substitute_indices(term, {index: grow.choose(same)}) if same else term
        if same:
            other = grow.choose(same)
            yield add(term, mul(Delta(index, other),
                                sub(substitute_indices(term, {index: other}), term)))  # fmt: skip
    match term:
        case Sum(dim, body):
            k = Free("k'", dim)
            f = open_binder(body, k)
            for index in scope:
                if index.dim == dim:
                    at = substitute_indices(f, {k: index})
                    yield at
                    yield mul(Dimension(dim), at)
                    yield add(at, sum_over(k, mul(sub(ONE, Delta(k, index)), f)))
            first = substitute_indices(f, {k: Fixed(1, dim)})
            yield first
            yield add(first, sum_over(k, mul(Indicator(Compare(">", Position(k), ONE)), f)))
            if isinstance(f, Mul):
                yield Mul(tuple(sum_over(k, part) for part in f.factors))
                yield (
                    mul(f.factors[0], sum_over(k, mul(*f.factors[1:])))
                    if k not in free_indices(f.factors[0])
                    else term
                )
            if isinstance(f, Add):
                yield Add(tuple(sum_over(k, part) for part in f.terms))
            if isinstance(f, Sum):
                m = Free("l'", f.dim)
                inner = open_binder(f.body, m)
                yield sum_over(m, sum_over(k, inner))
                if m.dim == k.dim:
                    yield sum_over(k, substitute_indices(inner, {m: k}))
                    yield sum_over(m, sum_over(k, substitute_indices(inner, {k: m, m: k})))
            if isinstance(f, Pow):
                yield Pow(sum_over(k, f.base), f.exponent)
            if isinstance(f, Apply) and len(f.arguments) == 1:
                yield Apply(f.function, (sum_over(k, f.arguments[0]),))
        case Pow(Sum(dim, body), Number(e)) if e == 2:
            k, m = Free("k'", dim), Free("l'", dim)
            yield sum_over(k, Pow(open_binder(body, k), TWO))
            yield sum_over(k, sum_over(m, mul(open_binder(body, k), open_binder(body, m))))
        case Product(dim, body):
            k = Free("k'", dim)
            f = open_binder(body, k)
            yield apply("exp", sum_over(k, apply("log", f)))
            yield Pow(f, Dimension(dim)) if k not in free_indices(f) else term
            if isinstance(f, Mul):
                yield Mul(tuple(product_over(k, part) for part in f.factors))
            if isinstance(f, Pow):
                yield Pow(product_over(k, f.base), f.exponent)
        case Mul((Sum(dim, body) as first, *rest)) if rest:
            k = Free("k'", dim)
            yield sum_over(k, mul(open_binder(body, k), *rest))
            yield mul(first, first)
        case Number(value) if value == 1:
            k = Free("k'", N)
            yield sum_over(k, Element("t", (k,)))
            yield sum_over(k, Element("c", (k,)))
            yield sum_over(k, Element("v", (k,)))


def _of_matrices(term: Term, grow: Wild, scope: Scope) -> Iterator[Term]:
    match term:
        case Element(name, (a, b)):
            yield Element(name, (b, a)) if a.dim == b.dim else term  # type: ignore[union-attr]
        case Element("t", (a,)):
            yield from (mul(term, term), ONE)
        case Element(name, (a,)):
            k = Free("k'", N)
            for matrix in ("B", "Q", "A"):
                yield (
                    sum_over(k, mul(InverseEntry(matrix, a, k), Element(name, (k,)), ONE))
                    if name in ("u", "v")
                    else term
                )
        case Delta(Free() as a, Free() as b) if a.dim == N == b.dim:
            k = Free("k'", N)
            for name in ("A", "B", "C", "Q", "S"):
                yield sum_over(k, mul(Element(name, (a, k)), InverseEntry(name, k, b)))
                yield sum_over(k, mul(Element(name, (k, a)), InverseEntry(name, k, b)))
                yield sum_over(
                    k, mul(InverseEntry(name, k, b), Element(name, (a, k)), Pow(X, ZERO))
                )
            for name in ("A", "Q", "S"):
                yield sum_over(k, mul(Element(name, (a, k)), Element(name, (b, k))))
                yield sum_over(k, mul(Element(name, (k, a)), Element(name, (k, b))))
                yield sum_over(k, mul(Element(name, (a, k)), Element(name, (k, b))))
            yield mul(Element("t", (a,)), Element("t", (b,)))
        case InverseEntry(name, a, b):
            yield InverseEntry(name, b, a)
            yield Element(name, (b, a))


def _of_derivatives(term: Term, grow: Wild, scope: Scope) -> Iterator[Term]:
    match term:
        case Derivative(body, by):
            yield ZERO
            yield Derivative(add(body, Pow(grow.choose((X, Y, Element("h"))), TWO)), by)
            match body:
                case Mul((a, *rest)):
                    b = mul(*rest)
                    yield add(mul(Derivative(a, by), b), mul(a, Derivative(b, by)))
                    yield mul(a, Derivative(b, by))
                case Add(terms):
                    yield Add(tuple(Derivative(a, by) for a in terms))
                case Apply("relu", (a,)):
                    yield mul(_positive(a), Derivative(a, by))
                case Apply("abs", (a,)):
                    yield mul(apply("sign", a), Derivative(a, by))
                    yield mul(div(a, apply("abs", a)), Derivative(a, by))
                case Apply("exp", (a,)):
                    yield mul(body, Derivative(a, by))
                case Apply("log", (a,)):
                    yield div(Derivative(a, by), a)
                case Apply("sqrt", (a,)):
                    yield div(Derivative(a, by), mul(TWO, body))
                case Pow(a, Number(e)):
                    yield mul(number(e), Pow(a, number(e - 1)), Derivative(a, by))
                case Pow(a, e):
                    yield mul(e, Pow(a, sub(e, ONE)), Derivative(a, by))
                case Sum(dim, inner):
                    k = Free("k'", dim)
                    yield sum_over(k, Derivative(open_binder(inner, k), by))
                case Where(condition, a, b):
                    yield Where(condition, Derivative(a, by), Derivative(b, by))
                case Apply("max" | "min", (a, b)):
                    yield Where(Compare(">", a, b), Derivative(a, by), Derivative(b, by))
                case Apply("sign" | "floor", _) | Indicator():
                    yield ZERO
                case Derivative(inner, other):
                    yield Derivative(Derivative(inner, by), other)
                case Element(name) if name == by.name and body.indices != by.indices:
                    yield mul(*map(Delta, body.indices, by.indices))
        case _:
            fitting = [n for n in ("x", "y") if any(e == Element(n) for e in subterms(term))]
            if fitting:
                by = Element(grow.choose(fitting))
                yield Derivative(mul(term, Element("z")), Element("z"))
                yield sub(Derivative(mul(by, term), by), mul(by, Derivative(term, by)))


BELIEFS: dict[str, Belief] = {
    "numbers": _of_numbers,
    "functions": _of_functions,
    "conditions": _of_conditions,
    "sums": _of_sums,
    "matrices": _of_matrices,
    "derivatives": _of_derivatives,
}


def believed(term: Term, scope: Scope, grow: Wild) -> tuple[str, Term] | None:
    """Another term, by one of the beliefs at one of the places of this one."""
    found = []
    for place in places(term, scope):
        for name, belief in BELIEFS.items():
            found += [(name, place, new) for new in belief(place.part, grow, place.scope)
                      if new != place.part]  # fmt: skip
    if not found:
        return None
    kind = grow.choose(sorted({name for name, _, _ in found}))
    _, place, new = grow.choose([each for each in found if each[0] == kind])
    return kind, place.put(new)
