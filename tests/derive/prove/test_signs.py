"""Signs are given on proof only: their algebra against numbers, proven signs at exact points."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import product
from math import log
from random import Random

import pytest
from flint import fmpq

from derive.prove.forms import NeverDefinedError
from derive.prove.laurent import TooLargeError, refuel
from derive.prove.normal_form import Normalizer
from derive.prove.prover import prove
from derive.prove.signs import (
    _sharper,
    form_sign,
    monomial_sign,
    power_sign,
    sign_implies,
    sign_of_product,
    sign_of_sum,
)
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Obligation
from derive.terms.term import (
    ONE,
    TWO,
    ZERO,
    Compare,
    Dimension,
    Element,
    Indicator,
    Not,
    Number,
    Operator,
    Pow,
    Proposition,
    Term,
    add,
    apply,
    div,
    mul,
    neg,
    number,
    sub,
)

SIGNS = ("+", "-", "+0", "-0", "0", "x")
OPERATORS: tuple[Operator, ...] = ("=", "!=", "<", "<=", ">", ">=")

#: Numbers that stand for all of a sign: of every size, so that sums have every sign they can have.
NUMBERS = (-3, -2, -1, 0, 1, 2, 3)


def fits(value: float, sign: str) -> bool:
    """Whether a number has the sign."""
    return {
        "+": value > 0,
        "-": value < 0,
        "+0": value >= 0,
        "-0": value <= 0,
        "0": value == 0,
        "x": value != 0,
        "": True,
    }[sign]


def sharpest(values: Iterator[float]) -> set[str]:
    """All signs that every one of the numbers has, and no sharper sign has too."""
    numbers = list(values)
    all_of = {sign for sign in SIGNS if all(fits(value, sign) for value in numbers)}
    if "0" in all_of:
        return {"0"}
    return all_of & {"+", "-"} or all_of or {""}


def numbers(sign: str) -> list[int]:
    return [value for value in NUMBERS if fits(value, sign)]


@pytest.mark.parametrize(("left", "right"), list(product(SIGNS, SIGNS)))
def test_products_and_sums(left: str, right: str) -> None:
    pairs = list(product(numbers(left), numbers(right)))
    assert sign_of_product(left, right) in sharpest(a * b for a, b in pairs) | (
        # a factor that may have either sign says nothing beside one that may be 0
        {""} if "x" in (left, right) else set()
    )
    assert all(fits(a * b, sign_of_product(left, right)) for a, b in pairs)
    summed = sign_of_sum(left, right)
    assert all(fits(a + b, summed) for a, b in pairs)
    assert summed in sharpest(a + b for a, b in pairs) | ({""} if "x" in (left, right) else set())


@pytest.mark.parametrize("sign", SIGNS)
def test_what_is_not_known_gives_nothing(sign: str) -> None:
    assert sign_of_product(sign, "") == ("0" if sign == "0" else "")
    assert sign_of_sum("", sign) == ""


@pytest.mark.parametrize(("sign", "exponent"), list(product(SIGNS, (-3, -2, -1, 1, 2, 3))))
def test_powers(sign: str, exponent: int) -> None:
    defined = [value for value in numbers(sign) if value or exponent > 0]
    assert all(fits(Fraction(value) ** exponent, power_sign(sign, exponent)) for value in defined)
    if sign in ("+", "-") or (exponent > 0 and sign != "0"):
        found = sharpest(float(Fraction(v) ** exponent) for v in defined)
        assert power_sign(sign, exponent) in found


@pytest.mark.parametrize("sign", ["+", "+0", "x", "", "0"])
@pytest.mark.parametrize("exponent", [Fraction(1, 2), Fraction(-1, 3), Fraction(3, 2)])
def test_roots(sign: str, exponent: Fraction) -> None:
    """A root exists of what is not negative, and is not negative itself."""
    assert power_sign(sign, exponent) == ("+" if sign == "+" else "+0")


@pytest.mark.parametrize(("sign", "operator"), list(product((*SIGNS, ""), OPERATORS)))
def test_what_a_sign_says_of_a_relation(sign: str, operator: Operator) -> None:
    truths = {
        {"=": v == 0, "!=": v != 0, "<": v < 0, "<=": v <= 0, ">": v > 0, ">=": v >= 0}[operator]
        for v in (NUMBERS if not sign else numbers(sign))
    }
    assert sign_implies(sign, operator) == (truths.pop() if len(truths) == 1 else None)


@pytest.mark.parametrize(("sign", "fact"), list(product((*SIGNS, ""), (*SIGNS, ""))))
def test_two_signs_of_one_value(sign: str, fact: str) -> None:
    both = [value for value in NUMBERS if fits(value, sign) and fits(value, fact)]
    if not both:
        return  # they contradict each other
    joint = _sharper(sign, fact)
    assert all(fits(value, joint) for value in both)
    assert not sign or joint
    if {sign, fact} in ({"+0", "x"}, {"-0", "x"}):
        assert joint in ("+", "-")


# ---- proven signs at points ---------------------------------------------------------------------

Point = dict[str, Fraction]
Known = tuple[Term, Callable[[Point], Fraction]]

x, y, z = (Element(name) for name in "xyz")
DECLARED = Declarations(
    variables={
        "z": Variable("z", (), frozenset({"positive"})),
        "w": Variable("w", (), frozenset({"nonzero"})),
        "u": Variable("u", (), frozenset({"nonnegative"})),
    }
)

ATOMS: tuple[Known, ...] = (
    (x, lambda p: p["x"]),
    (y, lambda p: p["y"]),
    (z, lambda p: p["z"]),
    (Element("w"), lambda p: p["w"]),
    (Element("u"), lambda p: p["u"]),
    (Dimension("n"), lambda p: p["n"]),
    (Indicator(Compare(">", x, ZERO)), lambda p: Fraction(p["x"] > 0)),
    (Indicator(Compare("<=", sub(x, y), ZERO)), lambda p: Fraction(p["x"] <= p["y"])),
    (apply("sign", y), lambda p: Fraction((p["y"] > 0) - (p["y"] < 0))),
    (apply("abs", x), lambda p: abs(p["x"])),
    (apply("relu", sub(y, ONE)), lambda p: max(Fraction(0), p["y"] - 1)),
    (apply("relu", mul(x, Element("w"))), lambda p: max(Fraction(0), p["x"] * p["w"])),
)


SIGNED = (*ATOMS[2:], (mul(x, x), lambda p: p["x"] ** 2), (neg(z), lambda p: -p["z"]))


def random_known(rng: Random, depth: int) -> Known:
    """A term, and how to compute it."""
    if depth == 0:
        if rng.random() < 0.15:
            value = Fraction(rng.choice((-2, -1, 1, 2, 3)), rng.choice((1, 1, 2)))
            return Number(value), lambda p: value
        return rng.choice(ATOMS if rng.random() < 0.3 else SIGNED)
    (s, f), (t, g) = random_known(rng, depth - 1), random_known(rng, rng.randrange(depth))
    how = rng.randrange(8)
    if how < 2:
        return add(s, t), lambda p: f(p) + g(p)
    if how == 2:
        return sub(s, t), lambda p: f(p) - g(p)
    if how in (3, 4):
        return mul(s, t), lambda p: f(p) * g(p)
    if how == 5:
        return add(Pow(s, TWO), t), lambda p: f(p) ** 2 + g(p)
    if how == 6:
        return neg(s), lambda p: -f(p)
    scale = rng.choice((1, 2, 3))
    return add(mul(number(scale), s, t), ONE), lambda p: scale * f(p) * g(p) + 1


def points(rng: Random, count: int) -> Iterator[Point]:
    """Exact points that satisfy what is declared, with zeros and ties among them."""
    for _ in range(count):
        at = {name: Fraction(rng.randint(-4, 4), rng.choice((1, 1, 2))) for name in "xy"}
        if rng.random() < 0.2:
            at["y"] = at["x"]
        at["z"] = Fraction(rng.randint(1, 5), rng.choice((1, 3)))
        at["w"] = rng.choice((-1, 1)) * Fraction(rng.randint(1, 4), 2)
        at["u"] = Fraction(rng.randint(0, 3))
        at["n"] = Fraction(rng.choice((1, 1, 2, 3, 5)))
        yield at


HOLDS: dict[Operator, Callable[[Fraction], bool]] = {
    "=": lambda v: v == 0,
    "!=": lambda v: v != 0,
    "<": lambda v: v < 0,
    "<=": lambda v: v <= 0,
    ">": lambda v: v > 0,
    ">=": lambda v: v >= 0,
}


@pytest.mark.parametrize("seed", range(30))
def test_a_proven_sign_is_the_sign_at_points(seed: int) -> None:
    """Signs of random forms, with random facts that hold at the points looked at."""
    rng = Random(seed)
    samples = list(points(Random(1000 + seed), 60))
    given = 0
    for _ in range(50):
        facts: list[Proposition] = []
        computed = []
        for _ in range(rng.choice((0, 1, 1, 2))):
            fact, value = random_known(rng, 1)
            operator = rng.choice(OPERATORS)
            stated: Proposition = Compare(operator, fact, ZERO)
            if rng.random() < 0.3:
                stated, operator = Not(stated), _opposite(operator)
            facts.append(stated)
            computed.append((operator, value))
        term, value = random_known(rng, rng.choice((1, 2, 2, 3)))
        if facts and rng.random() < 0.5:  # something near a fact
            base, other = random_known(rng, 1)
            fact_value = computed[0][1]
            first = facts[0].inner if isinstance(facts[0], Not) else facts[0]
            assert isinstance(first, Compare)
            scale = rng.choice((-2, -1, 1, 2))
            term = add(mul(number(scale), first.left), mul(base, base))
            value = _near(scale, fact_value, other)
        admissible = [p for p in samples if all(HOLDS[o](f(p)) for o, f in computed)]
        if not admissible:
            continue
        refuel()
        try:
            nf = Normalizer(DECLARED, tuple(facts))
            sign = form_sign(nf, nf.form(term))
        except (NeverDefinedError, TooLargeError):
            continue
        given += bool(sign)
        for point in admissible:
            assert fits(value(point), sign), (term, sign, facts, point)
    assert given >= 4


def _near(
    scale: int, fact: Callable[[Point], Fraction], other: Callable[[Point], Fraction]
) -> Callable[[Point], Fraction]:
    return lambda p: scale * fact(p) + other(p) ** 2


def _opposite(operator: Operator) -> Operator:
    opposite: dict[Operator, Operator] = {
        "=": "!=",
        "!=": "=",
        "<": ">=",
        ">=": "<",
        ">": "<=",
        "<=": ">",
    }
    return opposite[operator]


@pytest.mark.parametrize("operator", OPERATORS)
@pytest.mark.parametrize("denied", [False, True])
def test_a_fact_says_what_it_says(operator: Operator, denied: bool) -> None:
    """``x op 0`` gives exactly the relations that follow from it; so does ``not (x op 0)``."""
    fact: Proposition = Not(Compare(operator, x, ZERO)) if denied else Compare(operator, x, ZERO)
    allowed = [v for v in NUMBERS if HOLDS[operator](Fraction(v)) is not denied]
    for asked in OPERATORS:
        claim = Obligation(asked, x, ZERO, Declarations(hypotheses=(fact,)))
        follows = all(HOLDS[asked](Fraction(v)) for v in allowed)
        assert prove(claim).outcome == ("proved" if follows else "unknown"), asked


# ---- indicators of signs ------------------------------------------------------------------------

#: Arguments of comparisons with 0, with their values; the sign of some factors is known.
ARGUMENTS: tuple[Known, ...] = (
    (x, lambda p: p["x"]),
    (neg(x), lambda p: -p["x"]),
    (mul(z, x), lambda p: p["z"] * p["x"]),
    (mul(number(-2), x, z), lambda p: -2 * p["x"] * p["z"]),
    (div(x, neg(z)), lambda p: -p["x"] / p["z"]),
    (mul(x, y), lambda p: p["x"] * p["y"]),
    (mul(number(-1), x, y), lambda p: -p["x"] * p["y"]),
    (div(x, Element("w")), lambda p: p["x"] / p["w"]),
    (mul(neg(apply("exp", y)), x), lambda p: -p["x"]),
    (sub(x, y), lambda p: p["x"] - p["y"]),
    (mul(sub(neg(z), ONE), x), lambda p: -p["x"]),
)


@pytest.mark.parametrize(("argument", "value"), ARGUMENTS)
def test_indicators_of_one_argument(argument: Term, value: Callable[[Point], Fraction]) -> None:
    """``[p op 0]`` is, whatever the operator, a combination of ``[p > 0]`` and ``[p < 0]``."""
    above, below = (Indicator(Compare(op, argument, ZERO)) for op in (">", "<"))  # type: ignore[arg-type]
    combinations: dict[Operator, Term] = {
        ">=": sub(ONE, below),
        "<=": sub(ONE, above),
        "!=": add(above, below),
        "=": sub(sub(ONE, above), below),
    }
    for operator, right in combinations.items():
        left = Indicator(Compare(operator, argument, ZERO))
        assert prove(Obligation("=", left, right, DECLARED)).outcome == "proved"
        flipped: Operator = {">=": "<=", "<=": ">="}.get(operator, operator)  # type: ignore[assignment]
        mirrored = Indicator(Compare(flipped, neg(argument), ZERO))
        assert prove(Obligation("=", left, mirrored, DECLARED)).outcome == "proved"


@pytest.mark.parametrize(("first", "second"), list(product(range(len(ARGUMENTS)), repeat=2)))
def test_indicators_agree_only_where_they_do(first: int, second: int) -> None:
    """Two indicators are proved equal only if they are at many points; those of sign x always."""
    (left, f), (right, g) = ARGUMENTS[first], ARGUMENTS[second]
    samples = list(points(Random(5), 200))
    for one, other in ((">", ">"), (">", "<"), (">=", "<="), ("<=", ">=")):
        claim = Obligation(
            "=",
            Indicator(Compare(one, left, ZERO)),  # type: ignore[arg-type]
            Indicator(Compare(other, right, ZERO)),  # type: ignore[arg-type]
            DECLARED,
        )
        agree = all(HOLDS[one](f(p)) == HOLDS[other](g(p)) for p in samples)  # type: ignore[index]
        attempt = prove(claim)
        assert attempt.outcome == "unknown" or (agree and not attempt.conditions), (one, other)
        if agree and {first, second} <= {0, 1, 2, 3, 4, 8, 10}:
            assert attempt.outcome == "proved"


# ---- logarithms ---------------------------------------------------------------------------------

#: Logarithms of positive numbers and their multiples: the sign of the sum is that of its value.
LOGARITHMS = tuple(
    product((-3, -1, Fraction(1, 2), Fraction(3, 2), 2), (2, 3, 5), (-2, -1, 1), (2, 3, 7), (0, 1))
)


@pytest.mark.parametrize(("a", "p", "b", "q", "c"), LOGARITHMS)
def test_signs_of_logarithms(a: Fraction, p: int, b: int, q: int, c: int) -> None:
    """``a log p + b log q + c`` for numbers."""
    term = add(
        mul(number(a), apply("log", number(p))), mul(number(b), apply("log", number(q))), number(c)
    )
    refuel()
    nf = Normalizer(Declarations())
    sign = form_sign(nf, nf.form(term))
    value = a * log(p) + b * log(q) + c
    assert fits(0 if abs(value) < 1e-12 else value, sign)


@pytest.mark.parametrize("scale", [1, -1, 2, Fraction(1, 2), Fraction(-3, 2), 9])
def test_the_sign_of_softplus_and_its_multiples(scale: Fraction) -> None:
    softplus = mul(number(scale), apply("softplus", x))
    refuel()
    nf = Normalizer(Declarations())
    assert form_sign(nf, nf.form(softplus)) == ("+" if scale > 0 else "-")
    relu = sub(softplus, mul(number(scale), apply("relu", x)))
    for operator in OPERATORS:
        claim = Obligation(operator, relu, ZERO, Declarations())
        true = operator in ((">", ">=", "!=") if scale > 0 else ("<", "<=", "!="))
        assert prove(claim).outcome == "unknown" or true


def test_a_monomial_with_a_factor_of_unknown_sign() -> None:
    refuel()
    nf = Normalizer(DECLARED)
    one, other = nf.kernel_id(x), nf.kernel_id(z)
    assert monomial_sign(nf, ((other, 1),), fmpq(-2)) == "-"
    assert monomial_sign(nf, ((one, 1), (other, 1)), fmpq(1)) == ""
    assert monomial_sign(nf, ((one, 2), (other, 1)), fmpq(-1)) == "-0"
