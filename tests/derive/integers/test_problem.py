import pytest

from derive.integers.problem import prepare, problem
from derive.integers.translate import OutOfLanguageError
from derive.terms.declarations import Declarations, Variable
from derive.terms.structure import Definition
from derive.terms.term import (
    ONE,
    TWO,
    ZERO,
    Compare,
    Dimension,
    Element,
    add,
    apply,
    number,
)

K, S, N = map(Element, "ksn")
D = Dimension("d")


def integer(name, *words):
    return Variable(name, (), frozenset({"integer", *words}))


def declarations(*variables, **more):
    return Declarations(variables={v.name: v for v in variables}, **more)


def test_ranges_by_condition_words():
    stated = problem(
        Compare("=", add(N, S, K, D, Dimension(3)), ONE),
        declarations(
            integer("k"), integer("s", "positive"), integer("n", "nonnegative"), dimensions=("d",)
        ),
    )
    assert stated.variables == (D, K, S, N)
    assert stated.ranges == ((1, None), (None, None), (1, None), (0, None))


def test_nonzero_is_a_hypothesis():
    stated = problem(Compare("=", K, ONE), declarations(integer("k", "nonzero")))
    assert stated.hypotheses == (Compare("!=", K, ZERO),)
    assert not stated.admissible((0,))
    assert stated.admissible((1,))


def test_only_hypotheses_that_concern_the_claim():
    linked, onward = Compare("<", K, S), Compare("<", S, N)
    ground, foreign = Compare("=", ONE, ONE), Compare(">", apply("exp", Element("x")), ZERO)
    stated = problem(
        Compare("=", K, ONE),
        declarations(
            integer("k"),
            integer("s"),
            integer("n"),
            Variable("x"),
            hypotheses=(onward, foreign, linked, ground),
        ),
    )
    assert stated.hypotheses == (onward, linked, ground)
    assert stated.variables == (K, S, N)


def test_definitions_unfold():
    definition = Definition("size", (), add(K, ONE))
    stated = problem(
        Compare("=", Element("size"), TWO),
        declarations(integer("k"), definitions={"size": definition}),
    )
    assert stated.claim == Compare("=", add(K, ONE), TWO)


@pytest.mark.parametrize(
    ("variable", "message"),
    [
        (Variable("k"), "k is not declared an integer"),
        (Variable("k", (), frozenset({"positive"})), "k is not declared an integer"),
        (integer("k", "sums to 1"), "k is declared with 'sums to 1': not a plain integer"),
        (Variable("k", (3,), frozenset({"integer"})), "k is declared with a shape: not a plain"),
    ],
)
def test_what_is_no_integer(variable, message):
    with pytest.raises(OutOfLanguageError, match=message):
        problem(Compare("=", K, ONE), declarations(variable))


def test_hypotheses_tighten_the_ranges_used_for_signs():
    stated = problem(
        Compare("=", K, ONE),
        declarations(integer("k"), hypotheses=(Compare(">=", K, number(3)),)),
    )
    prepared = prepare(stated)
    assert prepared.consistent
    assert prepared.translation.ranges == [(3, None)]
    state = prepared.state(prepared.translation.formula(Compare("<", K, number(9))))
    assert state.ranges == [(None, None)]  # the proof derives them anew
    assert len(state.literals) == 2


def test_contradictory_hypotheses():
    stated = problem(
        Compare("=", K, ONE),
        declarations(integer("k", "positive"), hypotheses=(Compare("<", K, ONE),)),
    )
    assert not prepare(stated).consistent


def test_further_hypotheses():
    stated = problem(Compare("=", K, ONE), declarations(integer("k")))
    assert stated.with_hypotheses([Compare("=", K, ONE)]).hypotheses == (Compare("=", K, ONE),)
