"""No false mutant of a true statement is proved, and every refuted one is false.

500 mutants, the same at every run; ``long_run.py`` beside this file judges as many as asked for,
and ``long_run.txt`` holds what it found.
"""

from collections import Counter
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest
from evaluate_exactly import Reader
from independent_check import Seen, recheck, survey
from integer_check import integers_against
from mutants import INTEGER, KINDS, fits, integer_mutants, mutants
from mutation_run import Base, Outcome, bases, catalogue, generated, outcome, sample
from true_identities import DECLARATIONS, MAKERS
from written_out import Writer

from derive.refute.refuter import refute
from derive.terms.declarations import Declarations
from derive.terms.obligation import Obligation, Statement
from derive.terms.structure import sum_over
from derive.terms.term import (
    ONE,
    TWO,
    ZERO,
    Compare,
    Delta,
    Derivative,
    Dimension,
    Element,
    Free,
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

SEED, COUNT = 20211115, 500


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return [outcome(mutant, SEED, places=3) for mutant in sample(bases(SEED), COUNT, SEED)]


def test_no_verdict_is_wrong(outcomes: list[Outcome]) -> None:
    assert len(outcomes) == COUNT
    wrong = [
        f"{found.mutant}\n{found.answer}: {found.problem}" for found in outcomes if found.problem
    ]
    assert not wrong, "\n".join(wrong)


def test_all_kinds_take_part(outcomes: list[Outcome]) -> None:
    counts = Counter(found.mutant.kind for found in outcomes)
    assert set(counts) == {*KINDS, *(f"integers: {kind}" for kind in INTEGER)}
    assert min(counts[kind] for kind in KINDS) >= COUNT // (len(KINDS) + 1)


def test_most_mutants_are_refuted(outcomes: list[Outcome]) -> None:
    """Unknown is no failure, but a rare answer; a false mutant that is not refuted even rarer."""
    answers = Counter(found.answer.split(",")[0] for found in outcomes)
    assert answers["refuted"] > 0.7 * COUNT
    assert answers["unknown"] < 0.03 * COUNT
    false = [found for found in outcomes if found.answer == "unknown, is false"]
    assert len(false) <= 1, false


# ---- the true statements ------------------------------------------------------------------------


def test_generated_identities_are_true() -> None:
    rng = Random(1)
    for base in generated(SEED, 120):
        assert isinstance(base.statement, Obligation)
        assert fits(base.statement)
        _, against, _ = survey(base.statement, rng, places=2)
        assert against is None, (base, against)
        assert refute(base.statement, budget=4).counterexample is None


def test_the_catalogue_takes_part() -> None:
    names = {base.name for base in catalogue()}
    assert len(names) > 160
    steps = {base.name for base in bases(SEED) if base.name.startswith("homework3.md")}
    assert len(steps) > 60


# ---- the independent look -----------------------------------------------------------------------

HERE, J, K = Free("i", "n"), Free("j", "n"), Free("k", "n")
X = Element("t")


def x(index: Free) -> Element:
    return Element("x", (index,))


#: Statements, and whether they hold at every place at which both sides have a value.
STATEMENTS: list[tuple[Term, Term, bool]] = [
    (Derivative(Pow(X, TWO), X), mul(TWO, X), True),
    (Derivative(Pow(X, TWO), X), X, False),
    (Derivative(apply("tanh", X), X), sub(ONE, Pow(apply("tanh", X), TWO)), True),
    (Derivative(apply("erf", X), X), apply("exp", neg(Pow(X, TWO))), False),
    (Derivative(sum_over(K, apply("exp", x(K))), x(HERE)), apply("exp", x(HERE)), True),
    (Derivative(sum_over(K, apply("exp", x(K))), x(HERE)), sum_over(K, apply("exp", x(K))), False),
    (sum_over(K, mul(Delta(K, HERE), x(K))), x(HERE), True),
    (sum_over(K, ONE), Dimension("n"), True),
    (sum_over(K, ONE), sub(Dimension("n"), ONE), False),
    (apply("sigmoid", X), div(ONE, add(ONE, apply("exp", neg(X)))), True),
    (apply("softplus", X), apply("log", add(ONE, apply("exp", X))), True),
    (apply("sinh", X), mul(Number(Fraction(1, 2)), apply("exp", X)), False),
    (apply("atan", apply("tan", X)), X, False),
    (add(apply("floor", X), ONE), apply("ceiling", X), False),
    (apply("relu", X), mul(X, apply("step", X)), True),
    (Derivative(Derivative(Pow(X, Number(Fraction(3))), X), X), mul(Number(Fraction(6)), X), True),
    (Derivative(apply("max", X, Element("s")), X), apply("step", sub(X, Element("s"))), True),
]


@pytest.mark.parametrize(("left", "right", "true"), STATEMENTS)
def test_what_places_say(left: Term, right: Term, true: bool) -> None:
    statement = Obligation("=", left, right, DECLARATIONS)
    seen, _, _ = survey(statement, Random(2), places=20)
    assert seen[Seen.AGREES] > 0 or not true
    assert bool(seen[Seen.DIFFERS]) is not true


def test_a_side_without_a_value_speaks_against_a_proof() -> None:
    statement = Obligation("=", div(X, X), ONE, DECLARATIONS)
    seen, against, place = survey(statement, Random(3), places=80)
    assert not seen[Seen.DIFFERS]
    assert seen[Seen.ONE_SIDE_UNDEFINED]
    assert place is not None
    assert place.components["t", ()] == 0
    seen, against, _ = survey(statement, Random(3), places=80, conditions=[Compare("!=", X, ZERO)])
    assert against is None
    assert seen[Seen.EXCLUDED]


def test_a_counterexample_is_looked_at_again() -> None:
    statement = Obligation("=", Pow(X, TWO), X, DECLARATIONS)
    found = refute(statement).counterexample
    assert found is not None
    assert recheck(statement, found) == ""
    assert "agrees" in recheck(replace(statement, right=Pow(X, TWO)), found)
    assert "is said to be" in recheck(statement, replace(found, left="17"))
    positive = Declarations(hypotheses=(Compare("<", X, Number(Fraction(-1000))),))
    assert "not admissible" in recheck(replace(statement, declarations=positive), found)


def test_equal_parts_are_written_once() -> None:
    writer = Writer(DECLARATIONS, {"n": 3, "m": 2})
    total = sum_over(K, apply("exp", x(K)))
    first = writer.write(mul(total, total), {})
    assert first[1] is first[2]
    components = {("x", (k,)): Fraction(0) for k in (1, 2, 3)}
    assert Reader(components).value(first) == 9


# ---- the mutants --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_mutants_differ_from_their_base(kind: str) -> None:
    found = 0
    for base in bases(SEED):
        if isinstance(base.statement, Obligation):
            for mutant in mutants(base.statement, kind):
                assert mutant != base.statement
                found += 1
                if found % 10 == 0:
                    break
        if found > 60:
            break
    assert found > 20


@pytest.mark.parametrize("kind", INTEGER)
def test_mutants_about_integers(kind: str) -> None:
    statements = [base.statement for base in bases(SEED) if isinstance(base.statement, Statement)]
    made = [(m, s) for s in statements for m in integer_mutants(s, kind)]
    assert made
    assert all(mutant.proposition != base.proposition for mutant, base in made)
    if kind == "coefficient":
        assert any(integers_against(mutant, largest=20) for mutant, _ in made[:5])


def test_what_does_not_fit_is_seen() -> None:
    w = Element("W", (Free("p", "m"), HERE))
    statement = Obligation("=", w, w, DECLARATIONS)
    assert fits(statement)
    turned = list(mutants(statement, "transpose"))
    assert len(turned) == 2
    assert not any(map(fits, turned))


def test_every_maker_is_seeded() -> None:
    for make in MAKERS:
        assert make(Random(5)) == make(Random(5))
    first = [base.statement for base in generated(7, 8)]
    assert first == [base.statement for base in generated(7, 8)]
    assert isinstance(next(generated(7, 1)), Base)
