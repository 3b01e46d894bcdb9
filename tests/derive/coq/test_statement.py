"""What the theorem says: every binder, every premise, where it is defined, the derivative."""

from fractions import Fraction

import pytest

from derive.coq.printing import NotExportableError
from derive.coq.statement import statement_of
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Obligation
from derive.terms.structure import Definition, bind, sum_over
from derive.terms.term import (
    ONE,
    TWO,
    ZERO,
    Compare,
    Delta,
    Derivative,
    Element,
    Fixed,
    ForAll,
    Free,
    Not,
    Number,
    Pow,
    Proposition,
    SameIndex,
    Term,
    Undefined,
    Where,
    apply,
    div,
    mul,
    neg,
)

X = Element("x")
ROW, COLUMN, BOUND = Free("i", "n"), Free("j", "n"), Free("k", "n")


def x(index: Free | Fixed) -> Element:
    return Element("x", (index,))


def said(
    left: Term,
    right: Term,
    *conditions: Proposition,
    operator: str = "=",
    declarations: Declarations | None = None,
) -> str:
    """The text of the theorem, on one line."""
    given = Declarations() if declarations is None else declarations
    obligation = Obligation(operator, left, right, given)  # type: ignore[arg-type]
    return " ".join(statement_of(obligation, conditions).text.split())


def test_a_derivative_is_by_one_component_with_all_others_free() -> None:
    total = sum_over(BOUND, Pow(x(BOUND), TWO))
    assert said(Derivative(total, x(ROW)), mul(TWO, x(ROW))) == (
        "forall (n : nat) (x : nat -> R) (i : nat), (1 <= n)%nat -> (1 <= i <= n)%nat -> "
        "is_derive (fun t : R => sumR n (fun k => update x i t k ^ 2)) (x i) (2 * x i)"
    )


def test_a_derivative_on_the_right_side_is_turned() -> None:
    slope = Derivative(apply("exp", X), X)
    assert said(apply("exp", X), slope) == said(slope, apply("exp", X))


def test_a_relation_is_turned_with_its_sides() -> None:
    assert said(X, Derivative(apply("exp", X), X), operator="<") == (
        "forall (x : R), exists (value : R), (is_derive (fun t : R => exp t) x value) /\\ value > x"
    )


def test_where_both_sides_are_defined_is_said() -> None:
    assert said(apply("log", div(ONE, X)), div(X, X)) == (
        "forall (x : R), ((0 < 1 / x) /\\ (x <> 0)) /\\ (ln (1 / x) = x / x)"
    )


def test_a_root_as_it_is_read_is_one_and_has_a_value_at_0() -> None:
    half = div(ONE, TWO)
    assert said(Pow(Pow(X, half), TWO), X, Compare(">=", Pow(X, half), ZERO)) == (
        "forall (x : R), (sqrt x >= 0) -> (0 <= x) /\\ (sqrt x ^ 2 = x)"
    )
    assert "/ sqrt x" in said(Pow(X, neg(half)), X)
    power = Pow(X, div(Number(Fraction(3)), TWO))
    assert said(power, Pow(X, half)).endswith("(Rpower x (3 / 2) = Rpower x (1 / 2))")


def test_a_root_under_a_derivative_is_of_a_positive_number() -> None:
    assert "(0 <= x) /\\ (sqrt x = x)" in said(apply("sqrt", X), X)
    assert "(0 < x) /\\" in said(Derivative(apply("sqrt", X), X), X)


def test_conditions_and_hypotheses_are_premises() -> None:
    given = Declarations(hypotheses=(Not(SameIndex(ROW, COLUMN)),))
    assert said(Delta(ROW, COLUMN), ZERO, declarations=given) == (
        "forall (n : nat) (i : nat) (j : nat), (1 <= n)%nat -> (1 <= i <= n)%nat -> "
        "(1 <= j <= n)%nat -> (i <> j) -> delta i j = 0"
    )
    everywhere = ForAll("n", bind(Compare("!=", x(BOUND), ZERO), BOUND))
    assert "-> (forall k : nat, (1 <= k <= n)%nat -> x k <> 0) -> x i = x i" in said(
        x(ROW), x(ROW), everywhere
    )


def test_words_of_declarations_are_premises() -> None:
    given = Declarations(
        variables={
            "p": Variable("p", ("n",), frozenset({"positive", "sums to 1"})),
            "y": Variable("y", ("n",), frozenset({"one-hot"})),
            "c": Variable("c", (), frozenset({"nonzero"})),
        }
    )
    total = mul(Element("p", (ROW,)), Element("y", (ROW,)), Element("c"))
    found = said(total, total, declarations=given)
    assert "(c <> 0) -> (forall k : nat, (1 <= k <= n)%nat -> p k > 0) -> " in found
    assert "(sumR n (fun k => p k) = 1) ->" in found
    assert (
        "(exists c_hot : nat, (1 <= c_hot <= n)%nat /\\ forall k : nat, (1 <= k <= n)%nat -> "
        "y k = delta k c_hot) ->"
    ) in found


def test_no_letter_of_a_one_hot_premise_is_one_of_the_claim() -> None:
    place = Free("i", "k")
    given = Declarations(variables={"y": Variable("y", ("k",), frozenset({"one-hot"}))})
    y = Element("y", (place,))
    found = said(mul(Element("c_hot"), y), mul(y, Element("c_hot")), declarations=given)
    assert (
        "(exists c_hot_2 : nat, (1 <= c_hot_2 <= k)%nat /\\ forall k_2 : nat, "
        "(1 <= k_2 <= k)%nat -> y k_2 = delta k_2 c_hot_2) ->"
    ) in found


@pytest.mark.parametrize(
    ("word", "shape"),
    [("positive", ("n",)), ("one-hot", ("n",)), ("sums to 1", ("n",)), ("symmetric", ("n", "n"))],
)
def test_a_range_that_only_a_premise_speaks_of_is_bound(word: str, shape: tuple[str, ...]) -> None:
    given = Declarations(variables={"a": Variable("a", shape, frozenset({word}))})
    first = Element("a", (Fixed(1, "n"),) * len(shape))
    assert said(first, first, declarations=given).startswith("forall (n : nat) (a : nat -> ")


def test_the_base_of_a_zeroth_power_is_defined() -> None:
    inverse = Pow(div(ONE, x(BOUND)), ZERO)
    assert "(forall k_2 : nat, (1 <= k_2 <= n)%nat -> x k_2 <> 0) /\\ (sumR n " in said(
        sum_over(BOUND, inverse), ONE
    )


def test_several_derivatives_are_quantities_that_exist() -> None:
    body = apply("exp", x(BOUND))
    total = sum_over(BOUND, Derivative(body, x(ROW)))
    assert said(total, apply("exp", x(ROW))) == (
        "forall (n : nat) (x : nat -> R) (i : nat), (1 <= n)%nat -> (1 <= i <= n)%nat -> "
        "exists (value : nat -> R), (forall k_2 : nat, (1 <= k_2 <= n)%nat -> "
        "is_derive (fun t : R => exp (update x i t k_2)) (x i) (value k_2)) /\\ "
        "sumR n (fun k => value k) = exp (x i)"
    )


def test_the_variable_of_a_derivative_keeps_its_definition_as_a_premise() -> None:
    hidden = Definition("h", (ROW,), apply("log", x(ROW)))
    given = Declarations(definitions={"h": hidden})
    h = Element("h", (COLUMN,))
    slope = Derivative(sum_over(ROW, Pow(Element("h", (ROW,)), TWO)), h)
    assert said(slope, mul(TWO, apply("log", x(COLUMN))), declarations=given) == (
        "forall (n : nat) (h : nat -> R) (x : nat -> R) (j : nat), (1 <= n)%nat -> "
        "(1 <= j <= n)%nat -> (forall k : nat, (1 <= k <= n)%nat -> h k = ln (x k)) -> "
        "((0 < x j) /\\ (forall k_2 : nat, (1 <= k_2 <= n)%nat -> 0 < x k_2)) /\\ "
        "(is_derive (fun t : R => sumR n (fun k => update h j t k ^ 2)) (h j) (2 * ln (x j)))"
    )


def test_other_definitions_are_unfolded() -> None:
    given = Declarations(definitions={"h": Definition("h", (), apply("exp", X))})
    assert said(Derivative(Element("h"), X), Element("h"), declarations=given) == (
        "forall (x : R), is_derive (fun t : R => exp t) x (exp x)"
    )


def test_no_value_is_any_value_a_new_one_at_each_place() -> None:
    case = Where(Compare(">", X, ZERO), ONE, Undefined())
    found = said(case, case)
    assert found.startswith("forall (undefined1 : R) (undefined2 : R) (x : R), ")
    assert found.count("undefined1") == found.count("undefined2") == 2


def test_a_letter_for_two_ranges_becomes_two_letters() -> None:
    other = Element("y", (Free("i", "m"),))
    assert said(mul(x(ROW), other), mul(other, x(ROW))).endswith(
        "x i * y i_prime = y i_prime * x i"
    )


def test_no_identifier_hides_what_the_statement_speaks_of() -> None:
    assert said(apply("exp", Element("exp")), ONE) == "forall (v_exp : R), exp v_exp = 1"


@pytest.mark.parametrize(
    ("term", "words"),
    [
        (Derivative(Derivative(X, X), X), "a derivative inside a derivative"),
        (mul(X, Element("x", (ROW,))), "x with two numbers of indices"),
        (
            Derivative(Element("a", (ROW,) * 4), Element("a", (ROW,) * 4)),
            "an array of more than three axes",
        ),
    ],
)
def test_what_has_no_statement_is_told(term: Term, words: str) -> None:
    with pytest.raises(NotExportableError, match=words):
        said(term, ONE)
