"""Printed terms mean what they say: a reader of Coq's grammar of its own gives them the same value.

The reader below knows Coq's levels (application, ``^``, prefix ``-`` and ``/``, ``*`` and ``/``,
``+`` and ``-``) and nothing of the printer; the values of terms are computed apart, too.
"""

import math
import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.coq.identifiers import Identifiers
from derive.coq.lowering import lowered, without_cases
from derive.coq.printing import NotExportableError, Printer
from derive.terms.structure import open_binder, sum_over
from derive.terms.term import (
    Add,
    And,
    Apply,
    Bound,
    Compare,
    Delta,
    Dimension,
    Element,
    Fixed,
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
    number,
)

X, ROW, COLUMN = Element("x"), Free("i", "n"), Free("j", "n")
SIZES: Mapping[int | str, int] = {"n": 3, 2: 2}
POINT: Mapping[tuple[str, tuple[int, ...]], float] = {
    ("x", ()): 0.7,
    ("v", (1,)): 0.4,
    ("v", (2,)): -1.3,
    ("v", (3,)): 2.1,
}
PLACES = {"i": 2, "j": 3}

# ---- values of terms, apart from everything that is tested ---------------------------------------

FUNCTIONS: Mapping[str, Callable[..., float]] = {
    "exp": math.exp,
    "log": math.log,
    "sin": math.sin,
    "cos": math.cos,
    "tanh": math.tanh,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "atan": math.atan,
    "abs": abs,
    "relu": lambda a: max(a, 0.0),
    "sigmoid": lambda a: 1 / (1 + math.exp(-a)),
    "softplus": lambda a: math.log(1 + math.exp(a)),
    "sign": lambda a: (a > 0) - (a < 0),
    "positive_indicator": lambda a: float(a > 0),
    "max": max,
    "min": min,
    "floor": math.floor,
    "sqrt": math.sqrt,
}
COMPARE: Mapping[str, Callable[[float, float], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def place(index: object, bound: tuple[int, ...]) -> int:
    match index:
        case Free(name):
            return PLACES[name]
        case Fixed(value):
            return value
        case Bound(depth):
            return bound[depth]
    raise AssertionError(index)


def value(term: Term, bound: tuple[int, ...] = ()) -> float:
    match term:
        case Number(fraction):
            return float(fraction)
        case Dimension(dim):
            return SIZES[dim]
        case Element(name, indices):
            return POINT[name, tuple(place(i, bound) for i in indices)]
        case Add(terms):
            return sum(value(t, bound) for t in terms)
        case Mul(factors):
            return math.prod(value(f, bound) for f in factors)
        case Pow(base, exponent):
            return math.pow(value(base, bound), value(exponent, bound))
        case Apply(function, arguments):
            return FUNCTIONS[function](*(value(a, bound) for a in arguments))
        case Delta(left, right):
            return float(place(left, bound) == place(right, bound))
        case Sum(dim, body):
            return sum(value(body, (k, *bound)) for k in range(1, SIZES[dim] + 1))
        case Indicator(condition):
            return float(holds(condition, bound))
        case Where(condition, then, otherwise):
            return value(then if holds(condition, bound) else otherwise, bound)
    raise AssertionError(term)


def holds(condition: object, bound: tuple[int, ...]) -> bool:
    match condition:
        case Compare(operator, left, right):
            return COMPARE[operator](value(left, bound), value(right, bound))
        case SameIndex(left, right):
            return place(left, bound) == place(right, bound)
        case Not(inner):
            return not holds(inner, bound)
    raise AssertionError(condition)


# ---- a reader of Coq's terms ---------------------------------------------------------------------

GLOBALS: Mapping[str, Any] = {
    **{name: f for name, f in FUNCTIONS.items() if name not in ("log", "abs", "max", "min")},
    "ln": math.log,
    "Rabs": abs,
    "Rmax": lambda a: lambda b: max(a, b),
    "Rmin": lambda a: lambda b: min(a, b),
    "sign_of": FUNCTIONS["sign"],
    "INR": float,
    "Rpower": lambda a: lambda b: math.exp(b * math.log(a)),
    "sumR": lambda n: lambda f: sum(f(k) for k in range(1, n + 1)),
    "delta": lambda a: lambda b: float(a == b),
    "n": 3,
    "i": 2,
    "j": 3,
    "x": POINT["x", ()],
    "v": lambda k: POINT["v", (k,)],
}


class Reader:
    def __init__(self, text: str) -> None:
        self.tokens = [*re.findall(r"\d+%nat|[A-Za-z]\w*|\d+|=>|[-+*/^()]", text), "end"]
        self.names: dict[str, Any] = dict(GLOBALS)

    def take(self, *wanted: str) -> str | None:
        return self.tokens.pop(0) if self.tokens[0] in wanted else None

    def sum(self) -> Any:
        total = self.product()
        while sign := self.take("+", "-"):
            other = self.product()
            total = total + other if sign == "+" else total - other
        return total

    def product(self) -> Any:
        total = self.signed()
        while sign := self.take("*", "/"):
            other = self.signed()
            total = total * other if sign == "*" else total / other
        return total

    def signed(self) -> Any:
        if self.take("-"):
            return -self.signed()
        if self.take("/"):
            return 1 / self.signed()
        base = self.application()
        return base ** self.application() if self.take("^") else base

    def application(self) -> Any:
        found = self.atom()
        while self.tokens[0] != "end" and re.match(r"\w|\(", self.tokens[0]):
            found = found(self.atom())
        return found

    def atom(self) -> Any:
        token = self.tokens.pop(0)
        if token == "(":
            found = self.function() if self.take("fun") else self.sum()
            assert self.take(")")
            return found
        if token[0].isdigit():
            return int(token.removesuffix("%nat"))
        return self.names[token]

    def function(self) -> Any:
        name, _ = self.tokens.pop(0), self.tokens.pop(0)
        depth, length = 0, 0
        while depth >= 0:  # the body goes to the parenthesis that closes the function
            depth += {"(": 1, ")": -1}.get(self.tokens[length], 0)
            length += 1
        body, self.tokens = self.tokens[: length - 1], self.tokens[length - 1 :]
        names = dict(self.names)

        def call(argument: int) -> Any:
            inside = Reader("")
            inside.tokens, inside.names = [*body, "end"], {**names, name: argument}
            return inside.whole()

        return call

    def whole(self) -> Any:
        found = self.sum()
        assert self.tokens == ["end"]
        return found


def read(text: str) -> float:
    return float(Reader(text).whole())


# ---- terms ---------------------------------------------------------------------------------------

INDICES: st.SearchStrategy[Free | Fixed] = st.sampled_from([ROW, COLUMN, Fixed(1, "n")])
HALF = Number(Fraction(1, 2))
LEAVES = st.one_of(
    st.sampled_from([X, Dimension("n")]),
    st.fractions(-3, 3, max_denominator=4).map(Number),
    INDICES.map(lambda i: Element("v", (i,))),
    st.builds(Delta, INDICES, INDICES),
)
SMOOTH = st.sampled_from(["tanh", "sigmoid", "softplus", "sin", "cos", "atan", "relu", "abs"])


def _larger(terms: st.SearchStrategy[Term]) -> st.SearchStrategy[Term]:
    several = st.lists(terms, min_size=2, max_size=3).map(tuple)
    small = terms.map(lambda t: Apply("tanh", (t,)))
    positive = terms.map(lambda t: Apply("sigmoid", (t,)))
    relation = st.builds(Compare, st.sampled_from(list(COMPARE)), terms, terms)
    condition = st.one_of(relation, relation.map(Not), st.builds(SameIndex, INDICES, INDICES))
    return st.one_of(
        several.map(Add),
        several.map(Mul),
        st.builds(Pow, small, st.sampled_from([1, 2, 3]).map(number)),
        st.builds(Pow, positive, st.sampled_from([-2, -1]).map(number)),
        st.builds(lambda b: Pow(b, HALF), positive),
        st.builds(Pow, positive, small),
        st.builds(lambda f, t: Apply(f, (t,)), SMOOTH, terms),
        st.builds(lambda f, a, b: Apply(f, (a, b)), st.sampled_from(["max", "min"]), terms, terms),
        positive.map(lambda t: Apply("log", (t,))),
        terms.map(lambda t: sum_over(ROW, t)),
        condition.map(Indicator),
        st.builds(Where, condition, terms, terms),
    )


TERMS: st.SearchStrategy[Term] = st.recursive(LEAVES, _larger, max_leaves=7)


def _printer() -> Printer:
    identifiers = Identifiers()
    for kind, name in (("dimension", "n"), ("variable", "x"), ("variable", "v")):
        identifiers.of(kind, name)
    for name in ("i", "j"):
        identifiers.of("index", name)
    return Printer(identifiers)


@settings(deadline=None, max_examples=100)
@given(TERMS)
def test_the_text_has_the_value_of_the_term(term: Term) -> None:
    try:
        expected = value(term)
    except OverflowError:
        return
    plain = without_cases(term)
    for shown in (plain, lowered(plain)):
        found = read(_printer().term(shown))
        assert math.isclose(found, expected, rel_tol=1e-6, abs_tol=1e-6), _printer().term(shown)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (Mul((number(-1), X)), "- x"),
        (Pow(Mul((number(-1), X)), number(2)), "(- x) ^ 2"),
        (Mul((number(-1), Pow(X, number(2)))), "- x ^ 2"),
        (Mul((X, Pow(Add((X, number(1))), number(-1)))), "x / (x + 1)"),
        (Add((X, Mul((number(-1), Add((X, number(1))))))), "x - (x + 1)"),
        (Pow(X, number(-2)), "/ x ^ 2"),
        (Apply("log", (Apply("exp", (X,)),)), "ln (exp x)"),
        (sum_over(ROW, Element("v", (ROW,))), "sumR n (fun k => v k)"),
        (Element("v", (Fixed(1, "n"),)), "v 1%nat"),
        (Element("v", (Fixed(2, 3),)), "v 2%nat"),
    ],
)
def test_terms_are_written_as_a_person_would(term: Term, text: str) -> None:
    assert _printer().term(term) == text


def test_bound_indices_never_share_a_letter() -> None:
    inner = sum_over(COLUMN, Mul((Element("v", (ROW,)), Element("v", (COLUMN,)))))
    assert _printer().term(sum_over(ROW, inner)) == (
        "sumR n (fun k => sumR n (fun l => v k * v l))"
    )
    body = open_binder(sum_over(ROW, Element("v", (ROW,))).body, Free("k", "n"))
    printer = Printer(Identifiers())
    assert printer.term(Mul((body, sum_over(ROW, Element("v", (ROW,)))))) == (
        "v k * sumR n (fun k_2 => v k_2)"
    )


@pytest.mark.parametrize(
    ("term", "words"),
    [
        (Apply("gamma", (X,)), "the function gamma"),
        (Product("n", X), "a product over an index"),
        (Element("v", (Fixed(2, "n"),)), "the index 2 of a range of any length"),
        (Indicator(And((Compare("<", X, X), Compare(">", X, X)))), "a case distinction"),
    ],
)
def test_what_can_not_be_written_is_told(term: Term, words: str) -> None:
    with pytest.raises(NotExportableError, match=words):
        _printer().term(term)
