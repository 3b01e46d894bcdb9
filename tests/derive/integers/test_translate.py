from itertools import product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.integers.evaluate import holds, value
from derive.integers.formula import All, Literal, Some
from derive.integers.polynomial import TooLargeError
from derive.integers.translate import OutOfLanguageError, Translation
from derive.terms.plain import term_text
from derive.terms.term import (
    ONE,
    TWO,
    ZERO,
    And,
    Compare,
    Element,
    ForAll,
    Indicator,
    Not,
    Or,
    Pow,
    Undefined,
    Where,
    add,
    apply,
    div,
    mul,
    number,
    sub,
)

K, S = Element("k"), Element("s")
FREE = (None, None)


def translation(ranges=(FREE, FREE)):
    return Translation(list(zip((K, S), ranges, strict=True)))


def true_at(formula, values):
    """The formula for the values of all generators."""
    match formula:
        case All(parts):
            return all(true_at(part, values) for part in parts)
        case Some(parts):
            return any(true_at(part, values) for part in parts)
        case Literal():
            total = sum(
                c * prod(values[name] ** exponent for name, exponent in monomial)
                for monomial, c in formula.terms
            )
            return {"=": total == 0, "<=": total <= 0, "!=": total != 0}[formula.relation]
    raise AssertionError(formula)


small = st.integers(-4, 4)
linear = st.builds(
    lambda a, b, c: add(mul(number(a), K), mul(number(b), S), number(c)), small, small, small
)


def grown(inner):
    return st.one_of(
        st.builds(div, inner, inner),
        st.builds(lambda t: apply("floor", t), inner),
        st.builds(mul, inner, inner),
        st.builds(sub, inner, inner),
        st.builds(lambda t: Pow(t, TWO), inner),
        st.builds(lambda t: Pow(t, number(-2)), inner),
        st.builds(lambda t: Pow(t, ZERO), inner),
        st.builds(lambda t: apply("divisor_count", t), inner),
        st.builds(lambda t: apply("abs", t), inner),
        st.builds(
            lambda a, b: Where(Compare(">", a, b), a, div(ONE, b)),
            inner,
            inner,
        ),
        st.just(Undefined()),
    )


terms = st.recursive(linear, grown, max_leaves=4)
relations = st.builds(Compare, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), terms, terms)
claims = st.recursive(
    relations,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(lambda a, b: And((a, b)), inner, inner),
        st.builds(lambda a, b: Or((a, b)), inner, inner),
    ),
    max_leaves=3,
)


@settings(deadline=None, max_examples=60)
@given(claims, st.sampled_from([FREE, (1, None), (None, -1)]))
def test_the_formula_says_the_same_at_every_point(claim, second):
    translated = translation((FREE, second))
    try:
        yes, no = translated.formula(claim), translated.formula(claim, holds=False)
    except (TooLargeError, OutOfLanguageError):
        return
    for k, s in product((-3, -1, 0, 1, 2), repeat=2):
        if (second[0] or -9) <= s <= (second[1] or 9):
            point = {K: k, S: s}
            values = [value(term, point) for term in translated.generators]
            known = [0 if v is None else v for v in values]  # what is undefined may be anything
            truth = holds(claim, point)
            if truth:
                assert true_at(yes, known)
            else:
                assert true_at(no, known)
            if None not in values:
                assert true_at(yes, known) is truth
                assert true_at(no, known) is not truth


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (div(add(mul(TWO, K), number(4)), number(6)), "k/3 + 2/3"),
        (mul(add(K, S), sub(K, S)), "k^2 - s^2"),
        (apply("floor", add(K, number(3))), "k + 3"),
        (apply("floor", div(number(7), TWO)), "3"),
        (div(number(-7), number(-2)), "7/2"),
        (div(K, S), None),
        (apply("floor", div(K, TWO)), None),
        (Indicator(Compare(">", K, S)), None),
        (apply("divisor_count", K), None),
    ],
)
def test_normal_form(term, expected):
    normal = translation().normal_form(term)
    assert (normal and term_text(normal)) == expected


def test_equal_floors_share_a_generator():
    translated = translation()
    first = apply("floor", div(sub(number(64), K), S))
    second = apply("floor", mul(Pow(S, number(-1)), add(number(64), mul(number(-1), K))))
    translated.formula(Compare("=", first, second))
    assert [term_text(g) for g in translated.generators[2:]] == ["floor((64 - k)/s)"]


@pytest.mark.parametrize(
    ("proposition", "message"),
    [
        (Compare("=", Element("x"), ONE), "x is not declared an integer"),
        (Compare("=", apply("log", K), ONE), r"log\(k\) is beyond the arithmetic of integers"),
        (Compare("=", Pow(K, K), ONE), r"k\^k is beyond the arithmetic of integers"),
        (ForAll(3, Compare("=", K, ONE)), "k = 1 for all j is not a relation between integers"),
        (
            Compare("=", add(*(apply("abs", add(K, number(c))) for c in range(5))), ONE),
            "more than 8 definitions by cases in one relation",
        ),
    ],
)
def test_out_of_language(proposition, message):
    with pytest.raises(OutOfLanguageError, match=message):
        translation().formula(proposition)
