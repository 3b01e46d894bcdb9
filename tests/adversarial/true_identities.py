"""True typed identities from a seed: by rewriting, and by differentiation along known rules.

Each is true by the way it is made, so nothing of the engine is needed to know it.
"""

from collections.abc import Callable, Iterator
from fractions import Fraction
from random import Random

from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Obligation
from derive.terms.structure import free_indices, substitute_indices, sum_over
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
    Number,
    Pow,
    Term,
    add,
    apply,
    div,
    mul,
    neg,
    sub,
)

HERE, J = Free("i", "n"), Free("j", "n")
P, Q = Free("p", "m"), Free("q", "m")
K, L = Free("k", "n"), Free("l", "n")
X, A = "x", "a"

#: The variables of all generated identities; ``t`` and ``s`` are scalars, ``c`` a positive one.
DECLARATIONS = Declarations(
    dimensions=("n", "m"),
    variables={
        "x": Variable("x", ("n",)),
        "a": Variable("a", ("n",)),
        "b": Variable("b", ("m",)),
        "A": Variable("A", ("n", "n")),
        "W": Variable("W", ("m", "n")),
        "t": Variable("t"),
        "s": Variable("s"),
        "c": Variable("c", (), frozenset({"positive"})),
    },
)


def _x(index: Free) -> Element:
    return Element("x", (index,))


def _a(index: Free) -> Element:
    return Element("a", (index,))


def _quarter(rng: Random) -> Number:
    return Number(Fraction(rng.choice((-3, -2, -1, 1, 2, 3)), rng.choice((1, 1, 2))))


# ---- derivatives --------------------------------------------------------------------------------

#: A scalar and its derivative by x[i], both written down by hand.
Pair = tuple[Term, Term]


def _matrix(row: Free, column: Free) -> Element:
    return Element("A", (row, column))


def _weights(row: Free, column: Free) -> Element:
    return Element("W", (row, column))


def _base_pairs() -> tuple[Pair, ...]:
    total = sum_over(K, apply("exp", _x(K)))
    form = sum_over(K, sum_over(L, mul(_x(K), _matrix(K, L), _x(L))))
    image = sum_over(L, mul(_weights(P, L), _x(L)))
    return (
        (sum_over(K, mul(_a(K), _x(K))), _a(HERE)),
        (sum_over(K, Pow(_x(K), TWO)), mul(TWO, _x(HERE))),
        (total, apply("exp", _x(HERE))),
        (apply("log", total), div(apply("exp", _x(HERE)), total)),
        (form, sum_over(K, mul(add(_matrix(HERE, K), _matrix(K, HERE)), _x(K)))),
        (image, _weights(P, HERE)),
        (sum_over(P, mul(Element("b", (P,)), Pow(image, TWO))),
         mul(TWO, sum_over(P, mul(Element("b", (P,)), image, _weights(P, HERE))))),
        (_x(J), Delta(J, HERE)),
        (sum_over(K, apply("tanh", _x(K))), sub(ONE, Pow(apply("tanh", _x(HERE)), TWO))),
        (sum_over(K, apply("softplus", mul(_a(K), _x(K)))),
         mul(_a(HERE), apply("sigmoid", mul(_a(HERE), _x(HERE))))),
        (sum_over(K, mul(apply("sin", _x(K)), _a(K))), mul(apply("cos", _x(HERE)), _a(HERE))),
        (sum_over(K, sum_over(L, apply("exp", mul(_a(K), _x(L))))),
         sum_over(K, mul(_a(K), apply("exp", mul(_a(K), _x(HERE)))))),
        (apply("log", sum_over(K, add(ONE, Pow(_x(K), TWO)))),
         div(mul(TWO, _x(HERE)), sum_over(K, add(ONE, Pow(_x(K), TWO))))),
        (sum_over(K, Pow(sub(_x(K), _a(K)), TWO)), mul(TWO, sub(_x(HERE), _a(HERE)))),
        (Element("t"), ZERO),
        (Number(Fraction(3, 2)), ZERO),
    )  # fmt: skip


def _joined(rng: Random, first: Pair, second: Pair) -> Pair:
    (u, du), (v, dv) = first, second
    how = rng.randrange(8)
    if how == 0:
        return add(u, v), add(du, dv)
    if how == 1:
        return mul(u, v), add(mul(du, v), mul(u, dv))
    if how == 2:
        scale = _quarter(rng)
        return add(mul(scale, u), v), add(mul(scale, du), dv)
    if how == 3:
        return apply("tanh", u), mul(sub(ONE, Pow(apply("tanh", u), TWO)), du)
    if how == 4:
        return apply("exp", neg(u)), neg(mul(apply("exp", neg(u)), du))
    if how == 5:
        positive = add(ONE, Pow(v, TWO))
        return div(u, positive), div(sub(mul(du, positive), mul(TWO, u, v, dv)), Pow(positive, TWO))
    if how == 6:
        return Pow(u, Number(Fraction(3))), mul(Number(Fraction(3)), Pow(u, TWO), du)
    return apply("atan", u), div(du, add(ONE, Pow(u, TWO)))


def derivative_identity(rng: Random) -> Obligation:
    """``d f / d x[i]`` and the derivative that the rules of calculus give."""
    pairs = _base_pairs()
    made = rng.choice(pairs)
    for _ in range(rng.choice((0, 1, 1, 2))):
        made = _joined(rng, made, rng.choice(pairs))
    return Obligation("=", Derivative(made[0], _x(HERE)), made[1], DECLARATIONS)


# ---- rewriting ----------------------------------------------------------------------------------


def _atom(rng: Random) -> Term:
    return rng.choice(
        (_x(HERE), _a(HERE), _x(J), Element("t"), Element("s"), _matrix(HERE, J), Element("c"))
    )


def _random_term(rng: Random, depth: int) -> Term:
    if depth == 0:
        return _atom(rng) if rng.random() < 0.8 else _quarter(rng)
    how = rng.randrange(9)
    one = _random_term(rng, depth - 1)
    if how == 0:
        return add(one, _random_term(rng, depth - 1))
    if how in (1, 2):
        return mul(one, _random_term(rng, depth - 1))
    if how == 3:
        return apply(rng.choice(("exp", "tanh", "sigmoid", "softplus", "sin", "relu", "abs")), one)
    if how == 4:
        inner = rng.choice(
            (_x(K), mul(_a(K), _x(K)), mul(_matrix(HERE, K), _x(K)), apply("exp", _x(K)))
        )
        return sum_over(K, mul(inner, one)) if rng.random() < 0.5 else sum_over(K, inner)
    if how == 5:
        return Pow(one, Number(Fraction(rng.choice((2, 2, 3)))))
    if how == 6:
        return neg(one)
    if how == 7:
        return Indicator(Compare(rng.choice((">", "<", ">=", "<=")), one, ZERO))
    return div(one, add(ONE, Pow(_atom(rng), TWO)))


def _shuffled(rng: Random, terms: tuple[Term, ...]) -> tuple[Term, ...]:
    order = list(terms)
    rng.shuffle(order)
    return tuple(order)


def _rewritten(rng: Random, term: Term) -> Term:
    """An equal term, by one law at its top, and by laws inside."""
    match term:
        case Add(terms):
            return add(*(_rewritten(rng, t) for t in _shuffled(rng, terms)))
        case Mul((first, Add(terms), *rest)) if rng.random() < 0.6:
            return add(*(mul(first, t, *rest) for t in terms))
        case Mul(factors):
            return mul(*(_rewritten(rng, t) for t in _shuffled(rng, factors)))
        case Apply("exp", (Add((first, *others)),)):
            return mul(apply("exp", first), apply("exp", add(*others)))
        case Apply("tanh", (u,)):
            e = apply("exp", mul(TWO, u))
            return div(sub(e, ONE), add(e, ONE))
        case Apply("sigmoid", (u,)):
            return sub(ONE, apply("sigmoid", neg(u)))
        case Apply("softplus", (u,)):
            return add(u, apply("softplus", neg(u)))
        case Apply("sin", (u,)):
            return neg(apply("sin", neg(u)))
        case Apply("relu", (u,)):
            return rng.choice(
                (add(u, apply("relu", neg(u))),
                 mul(Number(Fraction(1, 2)), add(u, apply("abs", u))),
                 mul(u, Indicator(Compare(">=", u, ZERO))))
            )  # fmt: skip
        case Apply("abs", (u,)):
            return rng.choice(
                (add(apply("relu", u), apply("relu", neg(u))), mul(u, apply("sign", u)),
                 apply("sqrt", Pow(u, TWO)))
            )  # fmt: skip
        case Pow(Add((first, second)), Number(value)) if value == 2:
            return add(Pow(first, TWO), mul(TWO, first, second), Pow(second, TWO))
        case Pow(base, Number(value)) if value == 3:
            return mul(base, base, _rewritten(rng, base))
        case Indicator(Compare(">", left, right)):
            return sub(ONE, Indicator(Compare("<=", left, right)))
        case Indicator(Compare("<", left, right)):
            return Indicator(Compare(">", right, left))
    return term


def rewriting_identity(rng: Random) -> Obligation:
    """A random term and the same one after some laws of algebra."""
    term = _random_term(rng, rng.choice((2, 3, 3)))
    other = term
    for _ in range(3):
        other = _rewritten(rng, other)
        if rng.random() < 0.3:
            nothing = sub(sum_over(L, mul(Delta(HERE, L), _x(L))), _x(HERE))
            other = add(other, nothing)
        if rng.random() < 0.2:
            total = sum_over(K, apply("exp", _x(K)))
            other = mul(other, sum_over(L, div(apply("exp", _x(L)), total)))
        if rng.random() < 0.2:
            other = sub(add(other, Dimension("n")), sum_over(L, ONE))
        if rng.random() < 0.15:
            other = mul(other, apply("exp", apply("log", div(Element("c"), Element("c")))))
    return Obligation("=", term, other, DECLARATIONS)


# ---- sums and deltas ----------------------------------------------------------------------------


def _sum_laws(rng: Random) -> tuple[tuple[Term, Term], ...]:
    f = rng.choice((_x(K), apply("exp", _x(K)), mul(_a(K), _x(K)), Pow(_x(K), TWO)))
    g = rng.choice((_a(L), _matrix(L, L), apply("tanh", _x(L)), mul(_x(L), Element("t"))))

    def moved(term: Term, old: Free, new: Free) -> Term:
        return substitute_indices(term, {old: new})

    n = Dimension("n")
    mean = div(sum_over(K, f), n)
    return (
        (mul(sum_over(K, f), sum_over(L, g)), sum_over(L, sum_over(K, mul(f, g)))),
        (sum_over(K, mul(f, Delta(K, HERE))), moved(f, K, HERE)),
        (sum_over(K, sum_over(L, mul(f, g, Delta(K, L)))), sum_over(L, mul(moved(f, K, L), g))),
        (sum_over(K, sub(f, mean)), ZERO),
        (sum_over(K, Pow(sub(f, mean), TWO)),
         sub(sum_over(K, Pow(f, TWO)), mul(n, Pow(mean, TWO)))),
        (sum_over(K, add(f, moved(g, L, K))), add(sum_over(L, g), sum_over(K, f))),
        (sum_over(K, sum_over(L, sub(mul(_x(K), _a(L)), mul(_x(L), _a(K))))), ZERO),
        (sum_over(K, mul(f, sub(ONE, Delta(K, HERE)))), sub(sum_over(K, f), moved(f, K, HERE))),
        (sum_over(K, sum_over(L, Pow(sub(_x(K), _x(L)), TWO))),
         sub(mul(TWO, n, sum_over(K, Pow(_x(K), TWO))), mul(TWO, Pow(sum_over(K, _x(K)), TWO)))),
        (apply("log", sum_over(K, apply("exp", add(_x(K), Element("t"))))),
         add(Element("t"), apply("log", sum_over(K, apply("exp", _x(K)))))),
        (apply("exp", sum_over(K, apply("log", add(ONE, apply("exp", _x(K)))))),
         apply("exp", sum_over(L, apply("softplus", _x(L))))),
        (sum_over(P, mul(Element("b", (P,)), sum_over(K, mul(_weights(P, K), _x(K))))),
         sum_over(K, mul(_x(K), sum_over(Q, mul(Element("b", (Q,)), _weights(Q, K)))))),
    )  # fmt: skip


def sum_identity(rng: Random) -> Obligation:
    """A law of sums, deltas and means, under a common factor or within a function."""
    left, right = rng.choice(_sum_laws(rng))
    outer = rng.randrange(4)
    if outer == 1:
        factor = rng.choice((_x(HERE), Element("t"), apply("exp", _a(J)), _matrix(HERE, J)))
        left, right = mul(factor, left), mul(right, factor)
    elif outer == 2:
        left, right = apply("tanh", left), apply("tanh", right)
    elif outer == 3:
        left, right = right, left
    return Obligation("=", left, right, DECLARATIONS)


# ---- under conditions ---------------------------------------------------------------------------


def conditional_identity(rng: Random) -> Obligation:
    """A law that needs what is declared or supposed: signs, matrices, distributions."""
    x, y = Element("x"), Element("y")
    b = Element("b", (K,))
    laws: tuple[tuple[Term, Term, dict[str, Variable], tuple[Compare, ...]], ...] = (
        (apply("log", mul(x, y)), add(apply("log", x), apply("log", y)),
         {"x": Variable("x", (), frozenset({"positive"})),
          "y": Variable("y", (), frozenset({"positive"}))}, ()),
        (apply("sqrt", Pow(x, TWO)), x, {"x": Variable("x", (), frozenset({"nonnegative"}))}, ()),
        (apply("abs", mul(x, y)), neg(mul(x, y)), {},
         (Compare(">", x, ZERO), Compare("<=", y, ZERO))),
        (div(sub(Pow(x, TWO), Pow(y, TWO)), sub(x, y)), add(x, y), {}, (Compare("!=", x, y),)),
        (Derivative(apply("relu", x), x), ONE, {}, (Compare(">", x, ZERO),)),
        (Derivative(apply("abs", x), x), MINUS_ONE, {}, (Compare("<", x, ZERO),)),
        (sum_over(K, sum_over(L, mul(b, Element("b", (L,))))), ONE,
         {"b": Variable("b", ("n",), frozenset({"sums to 1"}))}, ()),
        (sum_over(K, Pow(b, TWO)), ONE, {"b": Variable("b", ("n",), frozenset({"one-hot"}))}, ()),
        (sum_over(K, mul(b, apply("exp", mul(b, x)))), apply("exp", x),
         {"b": Variable("b", ("n",), frozenset({"one-hot"}))}, ()),
        (sum_over(K, mul(_matrix(HERE, K), _x(K))), sum_over(K, mul(_matrix(K, HERE), _x(K))),
         {"A": Variable("A", ("n", "n"), frozenset({"symmetric"})),
          "x": Variable("x", ("n",))}, ()),
        (sum_over(K, mul(_matrix(HERE, K), _matrix(J, K))), Delta(HERE, J),
         {"A": Variable("A", ("n", "n"), frozenset({"orthogonal"}))}, ()),
        (Derivative(Pow(x, y), x), mul(y, Pow(x, sub(y, ONE))),
         {"x": Variable("x", (), frozenset({"positive"}))}, ()),
        (apply("relu", sub(x, y)), sub(x, y), {}, (Compare(">=", x, y),)),
        (add(x, y), ONE, {}, (Compare("=", y, sub(ONE, x)),)),
        (apply("log", apply("exp", mul(x, y))), mul(y, x), {}, ()),
        (apply("max", x, y), y, {}, (Compare("<", x, y),)),
        (apply("sign", x), ONE, {}, (Compare(">", mul(x, Pow(y, TWO)), ZERO),)),
        (Pow(mul(x, y), Number(Fraction(1, 2))),
         mul(Pow(x, Number(Fraction(1, 2))), Pow(y, Number(Fraction(1, 2)))),
         {"x": Variable("x", (), frozenset({"positive"})),
          "y": Variable("y", (), frozenset({"nonnegative"}))}, ()),
    )  # fmt: skip
    left, right, variables, hypotheses = rng.choice(laws)
    extra = _atom_of(rng, {"x", "y"} - set(variables), left)
    if extra is not None:
        left, right = mul(extra, left), mul(extra, right)
    declared = Declarations(("n",), variables, hypotheses=hypotheses)
    return Obligation("=", left, right, declared)


def _atom_of(rng: Random, scalars: set[str], term: Term) -> Term | None:
    """A factor, in half of all cases: a function of a scalar that is real."""
    if rng.random() < 0.5 or any(index.name == "k" for index in free_indices(term)):
        return None
    return apply(rng.choice(("exp", "tanh", "cos")), Element(rng.choice(("u", "v"))))


MAKERS: tuple[Callable[[Random], Obligation], ...] = (
    derivative_identity,
    rewriting_identity,
    sum_identity,
    conditional_identity,
)


def true_identities(seed: int) -> Iterator[Obligation]:
    """True identities without end, the same for the same seed."""
    rng = Random(seed)
    while True:
        for make in MAKERS:
            yield make(rng)
