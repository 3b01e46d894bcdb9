from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.integers import (
    RULES,
    UndecidedError,
    decide,
    equivalent,
    implies,
    points_tried,
    solutions,
)
from derive.integers.evaluate import holds, value
from derive.integers.translate import NEGATED
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Statement
from derive.terms.plain import proposition_text
from derive.terms.structure import Definition
from derive.terms.term import (
    MINUS_ONE,
    TWO,
    ZERO,
    Add,
    And,
    Apply,
    Compare,
    Dimension,
    Element,
    Indicator,
    Mul,
    Not,
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
from derive.terms.term import Fixed as FixedIndex
from derive.verdict import Kind, Verdict

K, S, N, O, X = map(Element, ("k", "s", "n", "o", "x"))  # noqa: E741
D = Dimension("d")


def integers(*names, words=("positive",), hypotheses=(), **more):
    conditions = frozenset({"integer", *words})
    variables = {name: Variable(name, (), conditions) for name in names}
    return Declarations(variables=variables, hypotheses=tuple(hypotheses), **more)


def term(value):
    return value if not isinstance(value, int) else number(value)


def rel(left, operator, right):
    return Compare(operator, term(left), term(right))


def both(*parts):
    return And(parts)


def times(*factors):
    return mul(*map(term, factors))


def plus(*terms):
    return add(*map(term, terms))


def minus(left, right):
    return sub(term(left), term(right))


def over(top, bottom):
    return div(term(top), term(bottom))


def floor(inside):
    return apply("floor", inside)


def divisors(inside):
    return apply("divisor_count", inside)


KS = integers("k", "s")
SIGNED = integers("k", "s", "n", words=())
SIZES = integers("n", "k", "s", "o")

C_EXACT = both(rel(plus(over(minus(64, K), S), 1), "=", 6), rel(1, "<=", K), rel(K, "<=", 64))
C_SOLVED = both(rel(K, "=", minus(64, times(5, S))), rel(1, "<=", S), rel(S, "<=", 12))
C_FLOOR = rel(plus(floor(over(minus(64, K), S)), 1), "=", 6)
C_FLOOR_SOLVED = both(rel(minus(64, times(6, S)), "<", K), rel(K, "<=", minus(64, times(5, S))))
D_EXACT = rel(over(minus(67, times(2, K)), S), "=", 5)
D_SOLVED = both(rel(times(2, K), "=", minus(67, times(5, S))), rel(1, "<=", S), rel(S, "<=", 13))
D_FLOOR = rel(floor(over(minus(67, times(2, K)), S)), "=", 5)
E_EXACT = rel(over(minus(66, K), S), "=", 5)
E_SOLVED = both(rel(K, "=", minus(66, times(5, S))), rel(1, "<=", S), rel(S, "<=", 13))
ODD = rel(minus(S, times(2, floor(over(S, 2)))), "=", 1)
OUTPUT = plus(floor(over(minus(N, K), S)), 1)

PROVED = {
    "all solutions with exact division": (equivalent(C_EXACT, C_SOLVED), KS),
    "the same, in the other form of an equivalence": (
        Or((And((C_EXACT, C_SOLVED)), And((Not(C_EXACT), Not(C_SOLVED))))),
        KS,
    ),
    "all solutions with the floor": (equivalent(C_FLOOR, C_FLOOR_SOLVED), KS),
    "dilation 2": (equivalent(D_EXACT, D_SOLVED), KS),
    "dilation 2 with the floor": (
        equivalent(
            D_FLOOR,
            both(
                rel(times(5, S), "<=", minus(67, times(2, K))),
                rel(minus(67, times(2, K)), "<", times(6, S)),
            ),
        ),
        KS,
    ),
    "dilation 1": (equivalent(E_EXACT, E_SOLVED), KS),
    "s is odd in dilation 2": (implies(D_EXACT, ODD), KS),
    "unbounded, by linear arithmetic": (
        implies(rel(K, "=", minus(64, times(5, S))), rel(over(minus(64, K), S), "=", 5)),
        integers("k", "s", words=("nonzero",)),
    ),
    "an output size for all sizes": (
        equivalent(
            rel(OUTPUT, "=", O),
            both(
                rel(times(S, minus(O, 1)), "<=", minus(N, K)),
                rel(minus(N, K), "<", times(S, O)),
            ),
        ),
        SIZES,
    ),
    "floor of halves": (
        rel(plus(floor(over(N, 2)), floor(over(plus(N, 1), 2))), "=", N),
        SIGNED,
    ),
    "ceiling by floor": (
        rel(apply("ceiling", over(N, 2)), "=", floor(over(plus(N, 1), 2))),
        SIGNED,
    ),
    "arithmetic": (
        rel(
            times(6, Pow(plus(minus(32, 5), 1), TWO)),
            "=",
            times(6, 28, 28),
        ),
        KS,
    ),
    "rational arithmetic": (rel(plus(over(26, 2), over(1, 3)), "=", over(40, 3)), KS),
    "parameters, for all dimensions": (
        rel(plus(times(D, plus(K, 1)), D), "=", plus(times(D, K), times(2, D))),
        integers("k", words=()),
    ),
    "a square is never below": (rel(times(N, N), ">=", N), SIGNED),
    "a sum of evens is not odd": (rel(plus(times(2, K), times(4, S)), "!=", 3), SIGNED),
    "a strict inequality of integers": (implies(rel(K, "<", N), rel(plus(K, 1), "<=", N)), SIGNED),
    "a huge range, by bounds": (
        implies(both(rel(1, "<=", K), rel(K, "<=", 10**12)), rel(times(K, K), "!=", 3)),
        SIGNED,
    ),
    "triangular range, by elimination": (
        implies(
            both(
                rel(plus(K, S), "<=", 9),
                rel(minus(K, S), "<=", 3),
                rel(plus(K, S), ">=", -9),
                rel(minus(K, S), ">=", -3),
            ),
            rel(K, "<=", 6),
        ),
        SIGNED,
    ),
    "maximum": (rel(apply("max", N, K), "<=", plus(N, K)), SIZES),
    "absolute value": (rel(apply("abs", N), ">=", N), SIGNED),
    "a definition by cases": (
        rel(Where(rel(N, ">", 0), N, neg(N)), "=", apply("abs", N)),
        SIGNED,
    ),
    "an indicator": (rel(Indicator(rel(N, ">", 0)), "<=", 1), SIGNED),
    "an undefined point is no solution": (
        equivalent(
            rel(over(minus(64, K), S), "=", 5),
            both(rel(K, "=", minus(64, times(5, S))), rel(S, "!=", 0)),
        ),
        SIGNED,
    ),
    "a negative denominator": (
        implies(
            both(rel(-5, "<=", S), rel(S, "<=", -1), rel(over(K, S), "<", -2), rel(K, "<=", 9)),
            rel(K, ">", times(-2, S)),
        ),
        SIGNED,
    ),
    "hypotheses count": (
        rel(K, "<=", 4),
        integers("k", "s", hypotheses=[rel(times(2, K), "=", 8), rel(S, "=", 1)]),
    ),
    "a definition is unfolded": (
        rel(Element("size"), "=", 14),
        integers("k", definitions={"size": Definition("size", (), plus(over(26, 2), 1))}),
    ),
    "primes by their divisors": (
        equivalent(
            both(rel(divisors(S), "=", 2), rel(S, "<=", 10)),
            Or(tuple(rel(S, "=", prime) for prime in (2, 3, 5, 7))),
        ),
        KS,
    ),
}

REFUTED = {
    "s is prime in dilation 2": (
        implies(D_EXACT, rel(divisors(S), "=", 2)),
        KS,
        {"k": "11", "s": "9"},
        "(67 - 2 * k)/s = 5: true (5 = 5)",
        "divisor_count(s) = 2: false (3 = 2)",
    ),
    "upper end too low by one": (
        equivalent(C_EXACT, both(*C_SOLVED.parts[:2], rel(S, "<=", 11))),
        KS,
        {"k": "4", "s": "12"},
        "(64 - k)/s + 1 = 6 and 1 <= k and k <= 64: true",
        "s <= 11: false (12 <= 11)",
    ),
    "lower end too high by one": (
        equivalent(C_EXACT, both(C_SOLVED.parts[0], rel(2, "<=", S), rel(S, "<=", 12))),
        KS,
        {"k": "59", "s": "1"},
        "(64 - k)/s + 1 = 6 and 1 <= k and k <= 64: true",
        "2 <= s: false (2 <= 1)",
    ),
    "floor, not strict": (
        equivalent(
            C_FLOOR,
            both(rel(minus(64, times(6, S)), "<=", K), rel(K, "<=", minus(64, times(5, S)))),
        ),
        KS,
        {"k": "4", "s": "10"},
        "floor((64 - k)/s) + 1 = 6: false (7 = 6)",
        "64 - 6 * s <= k and k <= 64 - 5 * s: true",
    ),
    "floor, strict where it is not": (
        equivalent(
            C_FLOOR,
            both(rel(minus(64, times(6, S)), "<", K), rel(K, "<", minus(64, times(5, S)))),
        ),
        KS,
        {"k": "9", "s": "11"},
        "floor((64 - k)/s) + 1 = 6: true (6 = 6)",
        "k < 64 - 5 * s: false (9 < 9)",
    ),
    "the table of the homework": (
        implies(rel(S, "=", 2), rel(over(minus(66, K), S), "=", 5)),
        integers("k", "s", hypotheses=[rel(K, "=", 55)]),
        {"k": "55", "s": "2"},
        "s = 2: true (2 = 2)",
        "(66 - k)/s = 5: false (11/2 = 5)",
    ),
    "arithmetic": (rel(times(6, 28, 28), "=", times(6, 28, 27)), KS, {}, "4704", "4536"),
    "unbounded": (rel(times(N, N), ">=", times(2, N)), SIGNED, {"n": "1"}, "1", "2"),
    "unbounded below": (rel(apply("abs", N), "=", N), SIGNED, {"n": "-1"}, "1", "-1"),
    "far away": (rel(K, "!=", 3000), KS, {"k": "3000"}, "3000", "3000"),
    "one part of a conjunction": (
        both(rel(K, ">=", 1), rel(K, "<=", 1)),
        KS,
        {"k": "2"},
        "2",
        "1",
    ),
    "the smallest is in a finite branch": (
        both(implies(rel(K, "<=", 3), rel(K, "!=", 2)), rel(K, "<", 5)),
        KS,
        {"k": "2"},
        "k <= 3: true (2 <= 3)",
        "k != 2: false (2 != 2)",
    ),
    "the smallest is in an infinite branch": (
        both(implies(rel(K, "<=", 60), rel(K, "!=", 50)), rel(K, "<", 20)),
        KS,
        {"k": "20"},
        "20",
        "20",
    ),
    "a disjunction": (
        Or((rel(K, "=", 1), rel(K, ">=", 3))),
        KS,
        {"k": "2"},
        "k = 1: false (2 = 1)",
        "k >= 3: false (2 >= 3)",
    ),
    "a negation": (Not(rel(K, "=", 2)), KS, {"k": "2"}, "k = 2: true (2 = 2)", "expected: false"),
    "fails where all is defined, too": (
        rel(over(S, S), "=", S),
        SIGNED,
        {"s": "-1"},
        "1",
        "-1",
    ),
}

UNKNOWN = {
    "a congruence over a huge range": (
        implies(
            both(rel(1, "<=", K), rel(K, "<=", 10**12), rel(1, "<=", N), rel(N, "<=", 10**12)),
            rel(plus(times(K, K), 1), "!=", times(3, N)),
        ),
        SIGNED,
        "integer points are too many to try",
    ),
    "a congruence over all integers": (
        rel(plus(times(K, K), 1), "!=", times(3, N)),
        SIZES,
        "no finite range follows for n, k, linear arithmetic finds no contradiction, "
        "and no counterexample turned up among small values",
    ),
    "not declared": (rel(X, "=", K), KS, "x is not declared an integer"),
    "real": (
        rel(X, "=", X),
        Declarations(variables={"x": Variable("x")}),
        "x is not declared an integer",
    ),
    "a vector": (
        rel(Element("v", (FixedIndex(1, 3),)), "=", 1),
        Declarations(variables={"v": Variable("v", (3,), frozenset({"integer"}))}),
        "v[1] is not a scalar",
    ),
    "one-hot": (
        rel(K, "=", 1),
        integers("k", words=("one-hot",)),
        "k is declared with 'one-hot': not a plain integer",
    ),
    "exponential": (
        rel(apply("exp", K), ">", K),
        KS,
        "exp(k) is beyond the arithmetic of integers",
    ),
    "a variable exponent": (
        rel(Pow(TWO, K), ">", K),
        KS,
        "2^k is beyond the arithmetic of integers",
    ),
    "a relation of indices": (
        SameIndex(FixedIndex(1, 2), FixedIndex(1, 2)),
        KS,
        "1 = 1 is not a relation between integers",
    ),
    "a huge power": (rel(Pow(K, number(10**6)), ">", 0), KS, "a power is too large"),
    "a tower": (
        rel(Pow(Pow(number(10**9), number(600)), number(10**9)), ">", 0),
        KS,
        "a power is too large",
    ),
    "the divisors of a huge number": (
        implies(rel(K, ">=", 10**13), rel(divisors(K), "!=", 3)),
        integers("k", hypotheses=[rel(K, "<=", 10**13 + 5)]),
        "10000000000000 is too large to count its divisors",
    ),
}


def run(claim, declarations):
    return decide(Statement(claim, declarations))


@pytest.mark.parametrize("name", PROVED)
def test_proved(name):
    verdict = run(*PROVED[name])
    assert verdict.kind is Kind.PROVED, verdict
    assert verdict.method == "integer range"
    assert verdict.proof is not None
    assert verdict.proof.cases


@pytest.mark.parametrize("name", REFUTED)
def test_refuted_at_the_smallest_point(name):
    claim, declarations, point, left, right = REFUTED[name]
    verdict = run(claim, declarations)
    assert verdict.kind is Kind.REFUTED, verdict
    shown = verdict.counterexample
    assert (dict(shown.assignment), shown.left, shown.right) == (point, left, right)
    assert shown.dimensions == ()


@pytest.mark.parametrize("name", UNKNOWN)
def test_unknown_says_why(name):
    claim, declarations, reason = UNKNOWN[name]
    verdict = run(claim, declarations)
    assert verdict.kind is Kind.UNKNOWN, verdict
    assert verdict.reason.endswith(reason)


def test_a_deep_statement_is_unknown():
    deep = K
    for _ in range(5000):
        deep = Add((deep,))
    verdict = run(rel(deep, "=", K), KS)
    assert (verdict.kind, verdict.reason) == (Kind.UNKNOWN, "the statement is nested too deeply")


def test_a_dimension_is_a_positive_integer():
    verdict = run(rel(D, ">", 1), Declarations(dimensions=("d",)))
    assert verdict.kind is Kind.REFUTED
    assert verdict.counterexample.dimensions == (("d", 1),)
    assert run(rel(D, ">=", 1), Declarations(dimensions=("d",))).kind is Kind.PROVED


def test_the_bounds_of_the_proof_name_their_inequality():
    verdict = run(*PROVED["all solutions with exact division"])
    first, _, solved = verdict.proof.cases
    assert shown_steps(first) == [
        (
            "case distinction",
            "((64 - k)/s + 1 = 6 and 1 <= k and k <= 64) and "
            "not (k = 64 - 5 * s and 1 <= s and s <= 12)",
            [],
        ),
        ("declared range", "s >= 1", []),
        ("declared range", "k >= 1", []),
        ("clear denominators", "(64 - k)/s + 1 = 6", ["s != 0"]),
        ("upper bound", "s <= 12", ["k + 5 * s = 64", "k >= 1"]),
        (
            "contradiction",
            "((64 - k)/s + 1 = 6 and 1 <= k and k <= 64) and "
            "not (k = 64 - 5 * s and 1 <= s and s <= 12)",
            ["k + 5 * s != 64 or s <= 0 or s >= 13", "k + 5 * s = 64", "s >= 1", "s <= 12"],
        ),
    ]
    assert shown_steps(solved) == [
        ("declared range", "s >= 1", []),
        ("declared range", "k >= 1", []),
        ("clear denominators", "(64 - k)/s + 1 = 6", ["s != 0"]),
        ("upper bound", "k <= 59", ["k + 5 * s = 64", "s >= 1"]),
        ("upper bound", "s <= 12", ["k + 5 * s = 64", "k >= 1"]),
        ("lower bound", "k >= 4", ["k + 5 * s = 64", "s <= 12"]),
        (
            "exhaust range",
            "((64 - k)/s + 1 = 6 and 1 <= k and k <= 64)",
            ["k >= 4", "k <= 59", "s >= 1", "s <= 12"],
        ),
    ]
    assert verdict.reason == "by bounds alone"
    assert points_tried(verdict.proof) == 56 * 12


def shown_steps(case):
    return [
        (
            step.rule,
            proposition_text(step.before.condition),
            [proposition_text(condition) for condition in step.conditions],
        )
        for step in case.steps
    ]


def test_a_finite_range_is_exhausted():
    verdict = run(*PROVED["s is odd in dilation 2"])
    (case,) = verdict.proof.cases
    assert case.steps[-1].rule == "exhaust range"
    assert verdict.reason == f"{points_tried(verdict.proof)} integer points tried"
    assert points_tried(verdict.proof) == 31 * 13


def test_the_proof_of_an_equivalence_lists_its_solutions():
    verdict = run(*PROVED["dilation 2"])
    solved = verdict.proof.cases[-1]
    assert solved.assumptions == (D_EXACT,)
    assert proposition_text(solved.right.condition) == (
        "(k = 1 and s = 13) or (k = 6 and s = 11) or (k = 11 and s = 9) or (k = 16 and s = 7) or "
        "(k = 21 and s = 5) or (k = 26 and s = 3) or (k = 31 and s = 1)"
    )


def test_an_arithmetic_proof_shows_both_values():
    verdict = run(*PROVED["arithmetic"])
    (case,) = verdict.proof.cases
    assert case.left == case.right == number(4704)
    assert [step.rule for step in case.steps] == ["arithmetic", "arithmetic"]


def test_contradictory_hypotheses_are_pointed_out():
    verdict = run(rel(K, "=", 7), integers("k", hypotheses=[rel(K, "<", 1)]))
    assert verdict.kind is Kind.PROVED
    assert verdict.reason == "no integers satisfy the hypotheses, so it says nothing"


def test_hypotheses_about_something_else_are_left_alone():
    about_reals = rel(apply("exp", X), ">", 2)
    assert run(rel(K, ">=", 1), integers("k", hypotheses=[about_reals])).kind is Kind.PROVED


class TestUndefined:
    def test_a_claim_that_needs_a_denominator_is_conditional(self):
        verdict = run(rel(over(S, S), "=", 1), SIGNED)
        assert verdict.kind is Kind.CONDITIONAL
        assert [condition.words for condition in verdict.conditions] == ["s != 0"]
        assert verdict.proof is not None

    def test_a_denominator_proven_nonzero_is_no_condition(self):
        assert run(rel(over(S, S), "=", 1), KS).kind is Kind.PROVED

    def test_divisors_need_a_positive_integer(self):
        verdict = run(rel(divisors(S), ">=", 1), SIGNED)
        assert verdict.kind is Kind.CONDITIONAL
        assert [condition.words for condition in verdict.conditions] == ["s >= 1"]

    def test_divisors_of_a_quotient(self):
        verdict = run(rel(divisors(over(S, 2)), ">=", 1), KS)
        assert verdict.kind is Kind.CONDITIONAL
        assert [condition.words for condition in verdict.conditions] == [
            "s/2 = floor(s/2)",
            "s/2 >= 1",
        ]

    @pytest.mark.parametrize("nothing", [over(1, 0), over(S, minus(S, S)), Undefined()])
    def test_defined_nowhere_is_malformed_or_undecided(self, nothing):
        verdict = run(rel(nothing, "=", 1), KS)
        assert not verdict.holds
        if not isinstance(nothing, Undefined):
            assert verdict.kind is Kind.MALFORMED
            assert verdict.reason.startswith("defined nowhere: ")

    def test_negation_is_classical(self):
        # 1/s = 0 is not true at s = 0, and false elsewhere
        assert run(Not(rel(over(1, S), "=", 0)), SIGNED).kind is Kind.PROVED
        assert run(rel(over(1, S), "!=", 0), SIGNED).kind is Kind.CONDITIONAL

    def test_nothing_follows_from_zero_over_zero(self):
        absurd = implies(rel(over(0, 0), "=", over(0, 0)), rel(0, "=", 1))
        assert run(absurd, KS).kind is Kind.PROVED  # the premise never holds
        assert run(rel(over(0, 0), "=", over(0, 0)), KS).kind is Kind.MALFORMED


class TestSolutions:
    def test_exact_division(self):
        found = solutions(D_EXACT, KS)
        assert [(point["s"], point["k"]) for point in reversed(found)] == [
            (1, 31), (3, 26), (5, 21), (7, 16), (9, 11), (11, 6), (13, 1),
        ]  # fmt: skip

    def test_the_floor_has_more(self):
        found = solutions(C_FLOOR, KS)
        brute = {(k, s) for k, s in product(range(1, 80), range(1, 80)) if (64 - k) // s == 5}
        assert {(point["k"], point["s"]) for point in found} == brute
        assert len(found) == 68

    def test_none(self):
        assert solutions(rel(plus(times(2, K), times(4, S)), "=", 7), KS) == ()

    def test_a_union(self):
        either = Or((rel(K, "=", 5), both(rel(K, ">=", 9), rel(K, "<=", 10))))
        assert [point["k"] for point in solutions(either, integers("k"))] == [5, 9, 10]

    def test_undefined_points_are_no_solutions(self):
        near = both(rel(-2, "<=", S), rel(S, "<=", 2), rel(over(4, S), "<=", 4))
        assert [point["s"] for point in solutions(near, SIGNED)] == [-2, -1, 1, 2]

    @pytest.mark.parametrize(
        ("claim", "message"),
        [
            (rel(K, ">=", S), "solutions of k >= s: no finite range follows for k, s"),
            (
                both(rel(1, "<=", K), rel(K, "<=", 10**9)),
                "solutions of 1 <= k and k <= 1000000000: "
                "1000000000 integer points are too many to try",
            ),
        ],
    )
    def test_no_finite_range(self, claim, message):
        with pytest.raises(UndecidedError) as error:
            solutions(claim, KS)
        assert str(error.value) == message

    def test_not_about_integers(self):
        with pytest.raises(ValueError, match="x is not declared an integer"):
            solutions(rel(X, "=", 1), KS)


# Random claims against brute force, and every step of every proof against its meaning.

BOX = range(-9, 10)
small = st.integers(-6, 6)


@st.composite
def linear_terms(draw):
    a, b, c = draw(small), draw(small), draw(st.integers(-12, 12))
    return plus(times(a, K), times(b, S), c)


@st.composite
def terms(draw):
    base = draw(linear_terms())
    match draw(st.integers(0, 9)):
        case 0:
            return floor(over(base, draw(linear_terms())))
        case 1:
            return over(base, draw(linear_terms()))
        case 2:
            return floor(over(base, draw(st.integers(2, 4))))
        case 3:
            return times(base, draw(linear_terms()))
        case 4:
            return apply("abs", base)
        case 5:
            return divisors(base)
    return base


def propositions(atoms):
    return st.recursive(
        atoms,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(lambda a, b: And((a, b)), inner, inner),
            st.builds(lambda a, b: Or((a, b)), inner, inner),
            st.builds(implies, inner, inner),
            st.builds(equivalent, inner, inner),
        ),
        max_leaves=4,
    )


def relations(sides):
    return st.builds(Compare, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), sides, sides)


def box_hypotheses(low, high):
    return [rel(low, "<=", K), rel(K, "<=", high), rel(low, "<=", S), rel(S, "<=", high)]


def violations(claim, hypotheses, values):
    found = []
    for k, s in product(values, values):
        point = {K: k, S: s}
        if all(holds(h, point) for h in hypotheses) and not holds(claim, point):
            found.append((max(abs(k), abs(s)), (k, s)))
    return sorted(found)


def check(verdict: Verdict, claim, hypotheses, values):
    if verdict.kind in (Kind.PROVED, Kind.CONDITIONAL):
        extra = [condition.proposition for condition in verdict.conditions]
        assert violations(claim, [*hypotheses, *extra], values) == []
        assert_steps_are_true(verdict.proof)
    elif verdict.kind is Kind.REFUTED:
        shown = dict(verdict.counterexample.assignment)
        k, s = int(shown.get("k", 0)), int(shown.get("s", 0))
        if max(abs(k), abs(s)) <= max(values):
            assert any(point == (k, s) for _, point in violations(claim, hypotheses, values))


def assert_steps_are_true(proof):
    """Every step holds by itself under its conditions, at any point."""
    steps = dict.fromkeys(step for case in proof.cases for step in case.steps)
    assert all(step.rule in RULES for step in steps)
    for k, s in product((-7, -1, 0, 1, 2, 5), repeat=2):
        point = {K: k, S: s}
        for step in steps:
            if all(holds(condition, point) for condition in step.conditions):
                assert value(step.before, point) == value(step.after, point), (step, point)


@settings(deadline=None, max_examples=30)
@given(propositions(relations(linear_terms())))
def test_linear_claims_in_a_box_are_all_decided(claim):
    hypotheses = box_hypotheses(-4, 5)
    verdict = run(claim, integers("k", "s", words=(), hypotheses=hypotheses))
    found = violations(claim, hypotheses, range(-4, 6))
    if found:
        assert verdict.kind is Kind.REFUTED
        shown = dict(verdict.counterexample.assignment)
        expected = {"k": str(found[0][1][0]), "s": str(found[0][1][1])}
        assert shown == {name: expected[name] for name in shown}
    else:
        assert verdict.kind is Kind.PROVED
        assert_steps_are_true(verdict.proof)


@settings(deadline=None, max_examples=30)
@given(propositions(relations(linear_terms())))
def test_linear_claims_without_bounds(claim):
    check(run(claim, integers("k", "s", words=())), claim, [], BOX)


@settings(deadline=None, max_examples=30)
@given(propositions(relations(terms())))
def test_claims_with_floors_quotients_and_products(claim):
    check(run(claim, integers("k", "s", words=())), claim, [], BOX)


@settings(deadline=None, max_examples=25)
@given(propositions(relations(terms())))
def test_the_same_in_a_box(claim):
    hypotheses = box_hypotheses(-5, 5)
    verdict = run(claim, integers("k", "s", words=(), hypotheses=hypotheses))
    assert verdict.kind is not Kind.UNKNOWN
    check(verdict, claim, hypotheses, range(-5, 6))


@settings(deadline=None, max_examples=25)
@given(relations(terms()), st.integers(-5, 0), st.integers(1, 5))
def test_solutions_are_all_of_them(condition, low, high):
    box = box_hypotheses(low, high)
    found = solutions(condition, integers("k", "s", words=(), hypotheses=box))
    values = range(low, high + 1)
    brute = [(k, s) for k, s in product(values, values) if holds(condition, {K: k, S: s})]
    names = found[0].keys() if found else ()
    assert [tuple(point.values()) for point in found] == (
        brute
        if len(names) == 2
        else sorted({(k,) if "k" in names else (s,) for k, s in brute})
        if len(names) == 1
        else [()] * bool(brute)
    )


@pytest.mark.parametrize("name", PROVED)
def test_every_step_of_the_proofs_is_true(name):
    claim, declarations = PROVED[name]
    verdict = run(claim, declarations)
    used = [K, S, N, O, D]
    words = {n: v.conditions for n, v in declarations.variables.items()}
    for values in product((-7, -1, 0, 1, 2, 5, 9), repeat=2):
        point = dict(zip(used, (*values, *values, *values), strict=False))
        for case in verdict.proof.cases:
            for step in case.steps:
                if step.rule == "declared range":
                    limited = step.before.condition.left
                    assert isinstance(limited, Dimension) or "positive" in words[limited.name]
                elif all(holds(condition, point) for condition in step.conditions):
                    assert value(step.before, point) == value(step.after, point), step


@pytest.mark.parametrize("name", PROVED)
def test_no_step_rests_on_what_was_not_derived(name):
    claim, declarations = PROVED[name]
    for case in run(claim, declarations).proof.cases:
        if isinstance(case.left, Indicator):
            follow(case)


def follow(case):
    """Keep a list of what is known; every step may use that and adds to it."""
    known = set().union(*(stated(assumption) for assumption in case.assumptions))
    for step in case.steps:
        match step.rule:
            case "case distinction" | "write out":
                assert step.after.condition.parts[: len(step.before.condition.parts)] == (
                    step.before.condition.parts
                )
                known |= stated(step.after.condition)
            case "collect terms" if step.after == ZERO:
                assert step.before == case.left
            case "collect terms" | "clear denominators":
                if step.before.condition in known:
                    known |= stated(step.after.condition)
            case "only case left":
                assert {step.before.condition, *step.conditions} <= known, step
                known |= stated(step.after.condition)
            case "declared range" | "floor" | "divisor count":
                known.add(step.before.condition)
            case _:
                assert set(step.conditions) <= known, step
                known |= stated(step.before.condition)
    assert step.before == case.left
    assert step.after == case.right


def stated(proposition, positive=True):
    """What an assumption says outright."""
    match proposition:
        case Not(inner):
            return stated(inner, not positive)
        case And(parts) if positive:
            return {proposition}.union(*(stated(part) for part in parts))
        case Or(parts) if not positive:
            return set().union(*(stated(part, False) for part in parts))
        case Compare(operator, left, right) if not positive:
            return {Compare(NEGATED[operator], left, right)}
    return {proposition} if positive else set()


def test_fractions_are_exact():
    third = number(Fraction(1, 3))
    assert run(rel(times(3, third), "=", 1), KS).kind is Kind.PROVED
    assert run(rel(third, "=", number(Fraction(3333333333333333, 10**16))), KS).kind is Kind.REFUTED


def test_functions_keep_their_domain():
    # the square root is no rational function: not decided, and no crash
    assert run(rel(Apply("sqrt", (K,)), ">", 0), KS).kind is Kind.UNKNOWN
    assert run(rel(Mul((K, Pow(K, MINUS_ONE))), "=", 1), KS).kind is Kind.PROVED
