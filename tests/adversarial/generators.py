"""Random typed terms and their places, for Hypothesis and for plain seeds.

A ``Grower`` makes every decision by one function ``choose``: under Hypothesis that is a draw, so
that failures shrink; with ``random.Random`` the same code gives a term for a seed.  Terms are
under free indices alone: whoever looks inside a sum opens it with a fresh index first.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import Protocol, TypeVar

from hypothesis import strategies as st

from derive.terms.declarations import Declarations, Variable
from derive.terms.structure import (
    open_binder,
    product_over,
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
    Operator,
    Pow,
    Product,
    Proposition,
    SameIndex,
    Sum,
    Term,
    Where,
    add,
    apply,
    div,
    mul,
    number,
)

T = TypeVar("T")


class Choose(Protocol):
    """A decision: one of the options."""

    def __call__(self, options: Sequence[T], /) -> T:
        """Return the chosen option."""


Scope = tuple[Free, ...]

N, M = "n", "m"
HALF = Pow(TWO, MINUS_ONE)
X, Y = Element("x"), Element("y")

#: Names with shapes and condition words.
_VARIABLES: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("x", (), ()),
    ("y", (), ()),
    ("p", (), ("positive",)),
    ("r", (), ("positive",)),
    ("u", (N,), ()),
    ("v", (N,), ()),
    ("w", (M,), ()),
    ("q", (N,), ("positive",)),
    ("A", (N, N), ()),
    ("W", (M, N), ()),
    ("S", (N, N), ("symmetric",)),
    ("t", (N,), ("one-hot",)),
)
DECLARATIONS = Declarations(
    dimensions=(N, M),
    variables={name: Variable(name, shape, frozenset(words)) for name, shape, words in _VARIABLES},
)
SCOPES: tuple[Scope, ...] = (
    (),
    (Free("i", N),),
    (Free("i", N), Free("j", N)),
    (Free("a", M),),
    (Free("i", N), Free("a", M)),
)
POSITIVE = ("p", "r", "q")
_COMPARISONS: tuple[Operator, ...] = (">", ">=", "<", "<=", "!=")
_SMOOTH = ("exp", "tanh", "sigmoid", "softplus", "sin", "cos", "atan")
_KINKED = ("relu", "abs", "sign")


def chooser(rng: Random) -> Choose:
    """Decisions from a seeded generator."""
    return rng.choice


@dataclass(frozen=True)
class Grower:
    """Random terms that have a value everywhere: only positive terms are divided by or logged."""

    choose: Choose

    def element(self, scope: Scope, names: Sequence[str] = ()) -> Element:
        """A component of a variable whose indices are in scope; a scalar where none fits."""
        fitting = [
            (name, shape)
            for name, shape, _ in _VARIABLES
            if (not names or name in names) and all(any(i.dim == d for i in scope) for d in shape)
        ]
        name, shape = self.choose(fitting)
        return Element(
            name, tuple(self.choose([i for i in scope if i.dim == dim]) for dim in shape)
        )

    def positive(self, depth: int, scope: Scope) -> Term:
        """A term that is evidently positive."""
        if depth <= 0:
            return self.choose(
                (
                    self.element(scope, POSITIVE),
                    number(Fraction(self.choose(("2", "3", "1/2")))),
                    Dimension(N),
                )
            )
        index = self.fresh(scope)
        kind = self.choose(("exp", "add", "mul", "sum", "power", "square"))
        match kind:
            case "exp":
                return apply("exp", self.term(depth - 1, scope))
            case "add":
                return add(self.positive(depth - 1, scope), self.positive(depth - 1, scope))
            case "mul":
                return mul(self.positive(depth - 1, scope), self.positive(depth - 1, scope))
            case "sum":
                return sum_over(index, self.positive(depth - 1, (*scope, index)))
            case "power":
                return Pow(self.positive(depth - 1, scope), number(self.choose((2, -1, -2))))
            case _:
                return add(ONE, Pow(self.term(depth - 1, scope), TWO))

    def leaf(self, scope: Scope) -> Term:
        """A number, a component, a Kronecker delta or a dimension."""
        kind = self.choose(("element", "element", "element", "number", "delta", "dimension"))
        if kind == "number":
            return number(Fraction(self.choose(("0", "1", "2", "-1", "3", "1/2"))))
        if kind == "dimension":
            return Dimension(self.choose((N, M)))
        if kind == "delta":
            dim = self.choose((N, M))
            fitting = [index for index in scope if index.dim == dim]
            if len(fitting) > 1:
                return Delta(self.choose(fitting), self.choose(fitting))
        return self.element(scope)

    def condition(self, depth: int, scope: Scope) -> Proposition:
        """A comparison of terms, or of indices."""
        fitting = [index for index in scope if index.dim == N]
        if len(fitting) > 1 and self.choose((True, False)):
            return SameIndex(fitting[0], fitting[1])
        operator = self.choose(_COMPARISONS)
        return Compare(operator, self.term(depth - 1, scope), ZERO)

    def fresh(self, scope: Scope) -> Free:
        """An index for a new sum."""
        taken = {index.name for index in scope}
        letter = next(name for name in _LETTERS if name not in taken)
        return Free(letter, self.choose((N, N, M)))

    def term(self, depth: int, scope: Scope) -> Term:
        """A term of at most this depth under the indices in scope."""
        if depth <= 0:
            return self.leaf(scope)
        kind = self.choose(_KINDS)
        match kind:
            case "leaf":
                return self.leaf(scope)
            case "add":
                return Add(tuple(self.term(depth - 1, scope) for _ in range(self.choose((2, 3)))))
            case "mul":
                return Mul(tuple(self.term(depth - 1, scope) for _ in range(self.choose((2, 3)))))
            case "quotient":
                return div(self.term(depth - 1, scope), self.positive(depth - 1, scope))
            case "power":
                return Pow(self.term(depth - 1, scope), number(self.choose((2, 3))))
            case "log":
                return apply("log", self.positive(depth - 1, scope))
            case "sqrt":
                return apply("sqrt", self.positive(depth - 1, scope))
            case "smooth":
                return apply(self.choose(_SMOOTH), self.term(depth - 1, scope))
            case "kinked":
                return apply(self.choose(_KINKED), self.term(depth - 1, scope))
            case "max":
                inside = (self.term(depth - 1, scope), self.term(depth - 1, scope))
                return apply(self.choose(("max", "min")), *inside)
            case "sum":
                index = self.fresh(scope)
                return sum_over(index, self.term(depth - 1, (*scope, index)))
            case "contraction":
                index = self.fresh(scope)
                inner = (*scope, index)
                return sum_over(index, mul(self.element(inner), self.element(inner)))
            case "selected":
                index = self.fresh(scope)
                fitting = [other for other in scope if other.dim == index.dim]
                if len(fitting) > 1 and self.choose((True, False)):
                    delta = Delta(self.choose(fitting), self.choose(fitting))
                    return mul(delta, self.term(depth - 1, scope))
                if not fitting:
                    return self.element(scope)
                delta = Delta(self.choose(fitting), index)
                return sum_over(index, mul(delta, self.term(depth - 1, (*scope, index))))
            case "product":
                index = self.fresh(scope)
                return product_over(index, self.positive(depth - 1, (*scope, index)))
            case "indicator":
                return Indicator(self.condition(depth, scope))
            case "where":
                parts = (self.term(depth - 1, scope), self.term(depth - 1, scope))
                return Where(self.condition(depth, scope), *parts)
            case _:
                return Derivative(self.term(depth - 1, scope), self.element(scope, _MOVING))


_LETTERS = ("k", "l", "s", "b", "c", "d", "e", "f", "g", "h")
_MOVING = ("x", "y", "u", "v", "A")
_KINDS = (
    *("leaf", "add", "add", "mul", "mul", "quotient", "power", "log", "sqrt", "smooth", "smooth"),
    *("kinked", "max", "sum", "sum", "contraction", "contraction", "product", "selected"),
    *("selected", "indicator"),
    *("where", "derivative"),
)


@st.composite
def typed_terms(draw: st.DrawFn, depth: int = 3) -> tuple[Term, Scope]:
    """A term and the free indices that it may use."""

    def choose(options: Sequence[T], /) -> T:
        return draw(st.sampled_from(list(options)))

    scope = choose(SCOPES)
    return Grower(choose).term(depth, scope), scope


# ---- places inside a term ----------------------------------------------------------------------


@dataclass(frozen=True)
class Place:
    """A part of a term with no loose index, the indices in scope, and how to put another there."""

    part: Term
    scope: Scope
    put: Callable[[Term], Term]


def places(term: Term, scope: Scope) -> Iterator[Place]:
    """Every part of a term, outermost first."""
    yield from _places(term, scope, lambda new: new)


def _places(term: Term, scope: Scope, put: Callable[[Term], Term]) -> Iterator[Place]:
    yield Place(term, scope, put)
    match term:
        case Add(inside) | Mul(inside) | Apply(_, inside):
            for at, part in enumerate(inside):

                def replaced(new: Term, at: int = at) -> Term:
                    others = (*inside[:at], new, *inside[at + 1 :])
                    if isinstance(term, Apply):
                        return put(Apply(term.function, others))
                    return put(type(term)(others))

                yield from _places(part, scope, replaced)
        case Pow(base, exponent):
            yield from _places(base, scope, lambda new: put(Pow(new, exponent)))
        case Sum(dim, body) | Product(dim, body):
            over = sum_over if isinstance(term, Sum) else product_over
            index = Free(f"{dim}{len(scope)}'", dim)
            inner = open_binder(body, index)
            yield from _places(inner, (*scope, index), lambda new: put(over(index, new)))
        case Derivative(body, variable):
            yield from _places(body, scope, lambda new: put(Derivative(new, variable)))
        case Where(condition, then, otherwise):
            yield from _places(then, scope, lambda new: put(Where(condition, new, otherwise)))
            yield from _places(otherwise, scope, lambda new: put(Where(condition, then, new)))
        case Indicator(Compare(operator, left, right)):
            yield from _places(
                left, scope, lambda new: put(Indicator(Compare(operator, new, right)))
            )


#: From a part, decisions and the indices in scope to another part, or None where it says nothing.
Rewrite = Callable[[Term, Grower, Scope], Term | None]


def rewritten(
    term: Term, scope: Scope, grow: Grower, rules: Mapping[str, Rewrite]
) -> tuple[str, Term] | None:
    """The term after one rule at one of the places that allow it, with the rule's name."""
    found = []
    for place in places(term, scope):
        for name, rule in rules.items():
            new = rule(place.part, grow, place.scope)
            if new is not None and new != place.part:
                found.append((name, place, new))
    if not found:
        return None
    names = list(dict.fromkeys(name for name, _, _ in found))
    chosen = grow.choose(names)
    _, place, new = grow.choose([each for each in found if each[0] == chosen])
    return chosen, place.put(new)
