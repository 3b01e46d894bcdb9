from fractions import Fraction

import pytest

from derive.integers.words import proposition_text, term_text
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    And,
    Bound,
    Compare,
    Dimension,
    Element,
    Fixed,
    Free,
    Indicator,
    Not,
    Number,
    Or,
    Pow,
    SameIndex,
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

K, S = Element("k"), Element("s")
HALF = Number(Fraction(1, 2))


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (div(sub(number(64), mul(TWO, K)), S), "(64 - 2 k)/s"),
        (add(neg(K), S), "-k + s"),
        (sub(K, add(S, ONE)), "k - (s + 1)"),
        (add(K, mul(number(-3), S)), "k - 3 s"),
        (add(K, number(-3)), "k - 3"),
        (mul(number(6), number(28)), "6 * 28"),
        (mul(K, number(2)), "k * 2"),
        (mul(number(-2), K), "-2 k"),
        (mul(K, neg(S)), "k (-s)"),
        (mul(K, add(S, ONE)), "k (s + 1)"),
        (Pow(add(K, ONE), TWO), "(k + 1)^2"),
        (Pow(neg(K), TWO), "(-k)^2"),
        (Pow(K, MINUS_ONE), "1/k"),
        (Pow(K, number(-2)), "1/k^2"),
        (mul(K, Pow(S, MINUS_ONE), Pow(TWO, MINUS_ONE)), "k/(s 2)"),
        (Pow(TWO, K), "2^k"),
        (Pow(K, HALF), "k^(1/2)"),
        (mul(HALF, K), "(1/2) k"),
        (apply("floor", div(K, S)), "floor(k/s)"),
        (apply("max", K, S), "max(k, s)"),
        (Dimension("n"), "n"),
        (Element("x", (Free("i", "n"), Free("j", "n"))), "x[i,j]"),
        (Element("x", (Fixed(2, "n"),)), "x[2]"),
        (Element("x", (Bound(0),)), "x[_0]"),
        (Indicator(Compare(">", K, S)), "[k > s]"),
        (Where(Compare(">", K, S), K, S), "(k if k > s else s)"),
        (add(), "0"),
        (Undefined(), "Undefined"),
    ],
)
def test_terms(term, text):
    assert term_text(term) == text


EQUAL = Compare("=", K, S)


@pytest.mark.parametrize(
    ("proposition", "text"),
    [
        (Compare("<=", ONE, K), "1 <= k"),
        (Not(EQUAL), "not (k = s)"),
        (And((EQUAL, Or((EQUAL, EQUAL)))), "k = s and (k = s or k = s)"),
        (Or((And((EQUAL, EQUAL)), EQUAL)), "(k = s and k = s) or k = s"),
        (And((Or((EQUAL, EQUAL)),)), "k = s or k = s"),
        (And(()), "true"),
        (Or(()), "false"),
        (SameIndex(Free("i", 2), Free("j", 2)), "SameIndex"),
    ],
)
def test_propositions(proposition, text):
    assert proposition_text(proposition) == text
