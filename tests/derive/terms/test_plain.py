import re
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.report.latex_terms import latex_proposition, latex_step, latex_term
from derive.terms.plain import proposition_text, step_text, term_text
from derive.terms.structure import sum_over
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    Add,
    And,
    Argument,
    Bound,
    Call,
    Compare,
    Delta,
    Derivative,
    Determinant,
    Dimension,
    Element,
    Fixed,
    ForAll,
    Free,
    Indicator,
    InverseEntry,
    Mul,
    Not,
    Or,
    Position,
    Pow,
    Product,
    Proposition,
    SameIndex,
    Sum,
    Term,
    Undefined,
    Where,
    add,
    apply,
    div,
    mul,
    neg,
    number,
    sub,
)
from derive.verdict import Step

i, j, k = Free("i", "n"), Free("j", "n"), Free("k", "n")
X, A, B = Element("x"), Element("a"), Element("b")


def x(index: Free | Bound) -> Term:
    return Element("x", (index,))


def exp(term: Term) -> Term:
    return apply("exp", term)


Z = sum_over(k, exp(x(k)))

#: A term, as plain text, as LaTeX.
TERMS: list[tuple[Term, str, str]] = [
    (
        div(exp(x(i)), Z),
        "exp(x[i])/(sum_k exp(x[k]))",
        r"\frac{e^{x_{i}}}{\sum_{k=1}^{n}e^{x_{k}}}",
    ),
    (sub(X, sub(A, B)), "x - (a - b)", "x-(a-b)"),
    (neg(add(A, B)), "-(a + b)", "-(a+b)"),
    (neg(neg(X)), "x", "x"),
    (mul(TWO, neg(X)), "-2 * x", "-2x"),
    (mul(A, add(X, ONE)), "a * (x + 1)", r"a\,(x+1)"),
    (mul(X, number(3)), "x * 3", r"x\cdot3"),
    (number(Fraction(-1, 2)), "-1/2", r"-\frac{1}{2}"),
    (mul(number(Fraction(1, 2)), add(X, ONE)), "(x + 1)/2", r"\frac{x+1}{2}"),
    (div(A, mul(X, B)), "a/(x * b)", r"\frac{a}{xb}"),
    (Pow(X, number(-2)), "1/x^2", r"\frac{1}{x^{2}}"),
    (Pow(X, number(Fraction(-1, 2))), "1/sqrt(x)", r"\frac{1}{\sqrt{x}}"),
    (Pow(X, Pow(TWO, MINUS_ONE)), "sqrt(x)", r"\sqrt{x}"),
    (Pow(add(X, ONE), TWO), "(x + 1)^2", r"\left(x+1\right)^{2}"),
    (Pow(neg(X), TWO), "(-x)^2", r"\left(-x\right)^{2}"),
    (Pow(Pow(X, TWO), A), "(x^2)^a", r"\left(x^{2}\right)^{a}"),
    (Pow(X, sub(A, ONE)), "x^(a - 1)", "x^{a-1}"),
    (Pow(exp(X), A), "exp(x)^a", r"\left(e^{x}\right)^{a}"),
    (Pow(Element("h^a", (i,)), TWO), "h^a[i]^2", r"\left(h_{i}^{a}\right)^{2}"),
    (mul(Z, X), "(sum_k exp(x[k])) * x", r"\left(\sum_{k=1}^{n}e^{x_{k}}\right)x"),
    (sum_over(k, add(x(k), ONE)), "sum_k (x[k] + 1)", r"\sum_{k=1}^{n}(x_{k}+1)"),
    (add(Z, ONE), "sum_k exp(x[k]) + 1", r"\sum_{k=1}^{n}e^{x_{k}}+1"),
    (
        Sum("n", Sum("m", Element("W", (Bound(1), Bound(0))))),
        "sum_k sum_j W[k,j]",
        r"\sum_{k=1}^{n}\sum_{j=1}^{m}W_{kj}",
    ),
    (mul(x(k), Sum("n", x(Bound(0)))), "x[k] * sum_j x[j]", r"x_{k}\sum_{j=1}^{n}x_{j}"),
    (Product("n", x(Bound(0))), "prod_k x[k]", r"\prod_{k=1}^{n}x_{k}"),
    (
        Derivative(Element("L"), Element("h^s", (j,))),
        "d/dh^s[j] L",
        r"\frac{\partial L}{\partial h_{j}^{s}}",
    ),
    (
        mul(Derivative(add(X, ONE), X), A),
        "(d/dx (x + 1)) * a",
        r"\left(\frac{\partial}{\partial x}\,(x+1)\right)a",
    ),
    (Delta(i, Fixed(12, "n")), "delta[i,12]", r"\delta_{i,12}"),
    (Indicator(Compare(">", X, ZERO)), "[x > 0]", r"\mathbf{1}[x>0]"),
    (
        Where(Compare(">", X, ZERO), X, Undefined()),
        "(if x > 0 then x else undefined)",
        r"\begin{cases}{}x & \text{if }x>0\end{cases}",
    ),
    (apply("sigmoid", X), "sigmoid(x)", r"\sigma(x)"),
    (apply("max", ZERO, X), "max(0, x)", r"\max(0,x)"),
    (apply("abs", div(X, TWO)), "abs(x/2)", r"\left|\frac{x}{2}\right|"),
    (apply("exp", sum_over(k, x(k))), "exp(sum_k x[k])", r"\exp\left(\sum_{k=1}^{n}x_{k}\right)"),
    (Element("W^{(1)}", (j, i)), "W^{(1)}[j,i]", "W_{ji}^{(1)}"),
    (Element("W2", (j, Fixed(3, 5))), "W2[j,3]", "W_{2,j,3}"),
    (Element("theta"), "theta", r"\theta"),
    (Element("o_a", (Free("class of y", "m"),)), "o_a[class of y]", r"o_{a,\text{class of y}}"),
    (Element(r"\input{x}"), r"\input{x}", r"\text{\textbackslash{}input\{x\}}"),
    (Call("f", (i,), (Argument(("n",), x(Bound(0))),)), "f[i](x)", "f_{i}(x)"),
    (
        Call("f", (i,), (Argument(("n",), x(Bound(0))),), ((0, (j,)),)),
        "(d1[j] f[i](x))",
        r"\frac{\partial f_{i}}{\partial x_{j}}(x)",
    ),
    (InverseEntry("A", i, j), "inverse(A)[i,j]", r"\left(A^{-1}\right)_{ij}"),
    (Determinant("A"), "det(A)", r"\det A"),
    (add(Dimension("n"), neg(Position(i))), "n - i", "n-i"),
    (Add((ZERO, ZERO)), "0 + 0", "0+0"),
    (Mul((ONE, ONE)), "1", "1"),
]

PROPOSITIONS: list[tuple[Proposition, str, str]] = [
    (Not(SameIndex(i, j)), "i != j", r"i\ne j"),
    (Not(Compare("<", X, ONE)), "x >= 1", r"x\ge1"),
    (
        And((Compare(">", X, ZERO), Or((SameIndex(i, j), Compare("<=", X, ONE))))),
        "x > 0 and (i = j or x <= 1)",
        r"x>0\text{ and }(i=j\text{ or }x\le1)",
    ),
    (
        ForAll("n", Compare("!=", x(Bound(0)), ZERO)),
        "x[k] != 0 for all k",
        r"x_{k}\ne0\text{ for all }k\le n",
    ),
    (Not(And((SameIndex(i, j),))), "not (i = j)", r"\neg(i=j)"),
    (Or(()), "false", r"\text{false}"),
]


@pytest.mark.parametrize(("term", "plain", "latex"), TERMS)
def test_terms(term: Term, plain: str, latex: str) -> None:
    assert term_text(term) == plain
    assert latex_term(term) == latex


@pytest.mark.parametrize(("proposition", "plain", "latex"), PROPOSITIONS)
def test_propositions(proposition: Proposition, plain: str, latex: str) -> None:
    assert proposition_text(proposition) == plain
    assert latex_proposition(proposition) == latex


def test_an_index_bound_outside_gets_one_letter_in_the_whole_step() -> None:
    step = Step("chain rule", mul(x(Bound(0)), Z), x(Bound(0)), (Compare("!=", x(Bound(0)), ZERO),))
    assert step_text(step.before, step.after, step.conditions) == (
        "x[k] * sum_j exp(x[j])",
        "x[k]",
        ("x[k] != 0",),
    )
    assert latex_step(step) == r"x_{k}\sum_{j=1}^{n}e^{x_{j}} = x_{k}"


def test_notation_replaces_the_name_alone() -> None:
    assert latex_term(Element("h_a", (j,)), {"h_a": "h^a"}) == "h_{j}^{a}"


def _value(term: Term, at: dict[str, Fraction]) -> Fraction:
    match term:
        case Element(name):
            return at[name]
        case Add(terms):
            return sum((_value(t, at) for t in terms), Fraction(0))
        case Mul(factors):
            product = Fraction(1)
            for factor in factors:
                product *= _value(factor, at)
            return product
        case Pow(base, exponent):
            return _value(base, at) ** int(_value(exponent, at))
    assert hasattr(term, "value")
    return Fraction(term.value)


SCALARS = st.recursive(
    st.sampled_from([X, A, number(2), number(-3), number(Fraction(1, 2)), number(Fraction(-2, 3))]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(Add),
        st.tuples(inner, inner).map(Mul),
        st.builds(Pow, inner, st.sampled_from([TWO, MINUS_ONE, number(-2), number(3)])),
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=100)
@given(SCALARS)
def test_plain_text_means_the_same_number(term: Term) -> None:
    at = {"x": Fraction(7, 3), "a": Fraction(5, 2)}
    try:
        expected = _value(term, at)
    except ZeroDivisionError:
        return
    assert _read(term_text(term), at) == expected


def _read(text: str, at: dict[str, Fraction]) -> Fraction:
    """The value of a plain text of sums, products and powers: the grammar that it promises."""
    tokens = re.findall(r"\d+|[a-z]+|\S", text)

    def atom() -> Fraction:
        token = tokens.pop(0)
        if token == "(":
            inner = addition()
            assert tokens.pop(0) == ")"
            return inner
        return at[token] if token in at else Fraction(int(token))

    def power() -> Fraction:
        base = atom()
        if tokens[:1] == ["^"]:
            tokens.pop(0)
            return Fraction(base ** int(atom()))
        return base

    def product() -> Fraction:
        value = power()
        while tokens[:1] in (["*"], ["/"]):
            operator = tokens.pop(0)
            other = power()
            value = value * other if operator == "*" else value / other
        return value

    def addition() -> Fraction:
        negative = tokens[:1] == ["-"]
        if negative:
            tokens.pop(0)
        value = -product() if negative else product()
        while tokens[:1] in (["+"], ["-"]):
            value = value + product() if tokens.pop(0) == "+" else value - product()
        return value

    result = addition()
    assert not tokens
    return result
