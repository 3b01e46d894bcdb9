"""Every rule of differentiation is true by itself, and refuses what it can't say."""

from fractions import Fraction

import pytest

from derive.prove.derivative_rules import NoRuleError, derivative_rule, unused_name
from derive.terms.declarations import Declarations, Variable
from derive.terms.term import (
    ONE,
    ZERO,
    And,
    Argument,
    Bound,
    Call,
    Compare,
    Delta,
    Derivative,
    Element,
    ForAll,
    Free,
    Indicator,
    Not,
    Pow,
    Proposition,
    Term,
    Undefined,
    Where,
    add,
    apply,
    mul,
    neg,
    number,
    sub,
)

x, y = Element("x"), Element("y")
i, j = Free("i", "n"), Free("j", "n")
HALF = number(Fraction(1, 2))
POSITIVE = Compare(">", x, ZERO)
NOTHING = Declarations()


def after(body: Term, declarations: Declarations = NOTHING, by: Element = x) -> Term:
    return derivative_rule(body, by, declarations)[1]


def test_no_value_has_no_derivative() -> None:
    assert after(Undefined()) == Undefined()
    made = after(Where(POSITIVE, x, Undefined()))
    assert Where(POSITIVE, Derivative(x, x), Undefined()) in made.terms  # type: ignore[attr-defined]


def test_kinks_keep_their_mark() -> None:
    assert after(apply("relu", x)) == mul(apply("step", x), Derivative(x, x))
    assert after(apply("sign", x)) == mul(apply("flat", x), Derivative(x, x))
    assert after(Indicator(POSITIVE)).factors[0].function == "flat"  # type: ignore[attr-defined]


def test_components_give_deltas() -> None:
    entry = Element("W", (i, j))
    other = Element("W", (Free("p", "n"), Free("q", "n")))
    expected = mul(Delta(i, Free("p", "n")), Delta(j, Free("q", "n")))
    assert after(entry, by=other) == expected
    assert after(x) == ONE


def test_new_indices_avoid_the_free_ones() -> None:
    assert unused_name(x) == "k"
    assert unused_name(Element("W", (Free("k", "n"), Free("l", "m")))) == "p"


WORDS = ("symmetric", "positive definite", "orthogonal", "one-hot", "sums to 1", "integer")


@pytest.mark.parametrize("word", WORDS)
def test_components_that_do_not_move_freely_are_refused(word: str) -> None:
    declared = Declarations(variables={"x": Variable("x", (), frozenset({word}))})
    with pytest.raises(NoRuleError, match="a derivative by x, wh"):
        after(mul(x, y), declared)
    assert after(y, declared) == ZERO


STATED: tuple[tuple[Proposition, bool], ...] = (
    (Compare("=", add(x, y), ONE), True),
    (ForAll("n", Compare("=", x, y)), True),
    (Compare(">", add(x, y), ONE), False),
    (Compare("=", x, number(2)), False),
    (Compare("=", Element("a"), Element("b")), False),
    (And((Compare("=", x, Element("z")), Compare("=", Element("z"), y))), True),
    (Compare("<=", sub(x, y), ZERO), True),
    (Not(Compare("!=", x, y)), True),
    (Not(Compare("=", x, y)), False),
    (Compare(">", Indicator(Compare("=", x, y)), ZERO), True),
    (Compare(">", apply("abs", sub(x, y)), ZERO), False),
    (Compare("=", Pow(x, number(2)), x), False),
    (Compare(">", Pow(neg(Pow(sub(x, y), number(2))), HALF), number(-1)), True),
    (Compare(">", Pow(neg(apply("abs", sub(x, y))), Element("a")), number(-1)), True),
    (Compare(">", Pow(add(Pow(x, number(2)), Pow(y, number(2))), HALF), ZERO), False),
)


def test_ties_pass_from_one_equation_to_the_next() -> None:
    z = Element("z")
    stated = (Compare("=", x, y), Compare("=", y, z))
    with pytest.raises(NoRuleError, match="which a stated equation ties to others"):
        after(z, Declarations(hypotheses=stated))
    after(z, Declarations(hypotheses=stated[:1]))


def test_a_function_of_a_vector_ties_its_components() -> None:
    u = Element("u", (i,))
    whole = Call("f", (), (Argument(("n",), Element("u", (Bound(0),))),))
    stated = Declarations(hypotheses=(Compare("<=", whole, ZERO),))
    with pytest.raises(NoRuleError, match="which a stated equation ties to others"):
        after(u, stated, Element("u", (j,)))
    stated = Declarations(hypotheses=(Compare("<=", Call("f", (), (Argument((), x),)), ZERO),))
    assert after(x, stated) == ONE


@pytest.mark.parametrize(("hypothesis", "refused"), STATED)
def test_a_stated_equation_ties_variables(hypothesis: Proposition, refused: bool) -> None:
    declared = Declarations(hypotheses=(hypothesis,))
    for body in (y, mul(x, y)):
        if refused:
            with pytest.raises(NoRuleError, match="which a stated equation ties to others"):
                after(body, declared)
        else:
            after(body, declared)
