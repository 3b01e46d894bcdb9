"""Terms as polynomials over atoms: what each kind of node becomes; signs that are evident."""

import pytest

from derive.coq.identifiers import Identifiers
from derive.coq.lowering import lowered
from derive.coq.normalise import Normaliser
from derive.coq.polynomials import to_term
from derive.coq.printing import NotExportableError, Printer
from derive.terms.plain import term_text
from derive.terms.structure import sum_over
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    Add,
    Apply,
    Delta,
    Dimension,
    Element,
    Fixed,
    Free,
    Mul,
    Pow,
    Product,
    Sum,
    Term,
    add,
    apply,
    div,
    mul,
    number,
    sub,
)

X, Y = Element("x"), Element("y")
ROW, COLUMN, BOUND = Free("i", "n"), Free("j", "n"), Free("k", "n")


def v(index: Free | Fixed) -> Element:
    return Element("v", (index,))


def normaliser() -> Normaliser:
    identifiers = Identifiers()
    for kind, name in (("dimension", "n"), ("variable", "x"), ("variable", "y"), ("variable", "v")):
        identifiers.of(kind, name)
    for index in (ROW, COLUMN):
        identifiers.of("index", index.name)
    return Normaliser(Printer(identifiers))


def normal(term: Term, nf: Normaliser | None = None) -> str:
    used = normaliser() if nf is None else nf
    return term_text(to_term(used.poly(lowered(term))))


def exp(term: Term) -> Term:
    return apply("exp", term)


def log(term: Term) -> Term:
    return apply("log", term)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        (sub(mul(add(X, Y), add(X, Y)), mul(TWO, X, Y)), "x^2 + y^2"),
        (div(ONE, add(X, X)), "1/(2 * x)"),
        (exp(add(X, Y)), "exp(x) * exp(y)"),
        (exp(mul(number(-2), X)), "1/exp(x)^2"),
        (exp(ZERO), "1"),
        (exp(log(exp(X))), "exp(x)"),
        (log(mul(exp(X), exp(Y))), "x + y"),
        (log(div(ONE, exp(X))), "-x"),
        (log(number(12)), "2 * log(2) + log(3)"),
        (apply("tanh", ZERO), "0"),
        (apply("relu", number(-3)), "0"),
        (apply("floor", div(number(7), TWO)), "3"),
        (sum_over(BOUND, ONE), "n"),
        (sum_over(BOUND, mul(X, v(BOUND))), "x * sum_k v[k]"),
        (sum_over(BOUND, mul(Delta(BOUND, COLUMN), v(BOUND))), "v[j]"),
        (sum_over(BOUND, sub(v(BOUND), v(BOUND))), "0"),
        (sum_over(BOUND, add(v(BOUND), ONE)), "n + sum_k v[k]"),
        (Delta(ROW, ROW), "1"),
        (Delta(COLUMN, ROW), "delta[i,j]"),
        (Delta(Fixed(1, 3), Fixed(2, 3)), "0"),
    ],
)
def test_each_node_becomes_a_polynomial(term: Term, text: str) -> None:
    assert normal(term) == text


def test_a_sum_over_named_members_is_written_out() -> None:
    nf = normaliser()
    nf.written_out = frozenset({2})
    index = Free("k", 2)
    assert normal(sum_over(index, v(index)), nf) == "v[1] + v[2]"


def test_every_equation_has_its_proof() -> None:
    nf = normaliser()
    nf.poly(lowered(sum_over(BOUND, mul(exp(add(v(BOUND), X)), Delta(BOUND, ROW)))))
    script = "\n".join(nf.lines)
    assert script.count("assert (E") == script.count("\n}") > 0
    assert "admit" not in script


def test_open_deltas_and_signs_are_told_for_the_case_distinctions() -> None:
    nf = normaliser()
    nf.poly(lowered(mul(Delta(ROW, COLUMN), apply("relu", X))))
    assert nf.open_deltas == {(ROW, COLUMN)}
    assert nf.open_signs == {X}


SQUARE = Pow(X, TWO)


@pytest.mark.parametrize(
    ("term", "positive"),
    [
        (ONE, True),
        (ZERO, False),
        (X, False),
        (SQUARE, False),
        (Pow(X, number(4)), False),
        (Apply("exp", (X,)), True),
        (Dimension("n"), True),
        (Add((ONE, SQUARE)), True),
        (Add((SQUARE, ONE)), True),
        (Add((SQUARE, SQUARE)), False),
        (Add((ONE, X)), False),
        (Add((ONE, Mul((MINUS_ONE, SQUARE)))), False),
        (Add((ONE, Sum("n", Mul((TWO, SQUARE))))), True),
        (Sum("n", SQUARE), False),
        (Sum("n", Apply("exp", (X,))), True),
        (Pow(Apply("exp", (X,)), MINUS_ONE), True),
    ],
)
def test_only_what_is_evidently_positive_is_taken_for_it(term: Term, positive: bool) -> None:
    assert normaliser().is_positive(term) is positive


@pytest.mark.parametrize(
    ("term", "words"),
    [
        (log(ZERO), "the logarithm of 0"),
        (div(ONE, sub(X, X)), "a division by 0"),
        (Product("n", X), "a proof about a term of the kind Product"),
    ],
)
def test_what_no_rule_is_about_is_told(term: Term, words: str) -> None:
    with pytest.raises(NotExportableError, match=words):
        normal(term)
