"""The kernel against forged certificates: false or undefined statements that it must doubt.

Every certificate here is sealed as the engine would seal it, and states nothing but the sides
themselves, so that what the kernel says rests on its own arithmetic alone.
"""

from typing import Any

import pytest

from derive import integer_kernel, kernel

Data = Any
Statement = dict[str, Any]


def num(value: object) -> Data:
    """A number."""
    return ["number", str(value)]


def el(name: str, *indices: Data) -> Data:
    """A component of a variable."""
    return ["element", name, *indices]


def free(name: str, dim: object = "n") -> Data:
    """A free index."""
    return ["free", name, dim]


def fixed(place: int, dim: object = "n") -> Data:
    """A constant index."""
    return ["fixed", place, dim]


def bound(depth: int) -> Data:
    """A bound index."""
    return ["bound", depth]


def add(*terms: Data) -> Data:
    """A sum of terms."""
    return ["add", *terms]


def mul(*factors: Data) -> Data:
    """A product of factors."""
    return ["mul", *factors]


def neg(term: Data) -> Data:
    """The negative of a term."""
    return mul(num(-1), term)


def power(base: Data, exponent: object) -> Data:
    """A power with a constant exponent."""
    return ["pow", base, num(exponent)]


def call(function: str, *arguments: Data) -> Data:
    """A known function."""
    return ["apply", function, *arguments]


def total(body: Data, dim: object = "n") -> Data:
    """The sum over an index."""
    return ["sum", dim, body]


def slope(body: Data, variable: Data) -> Data:
    """A derivative."""
    return ["derivative", body, variable]


def is_(operator: str, left: Data, right: Data = None) -> Data:
    """A comparison, with 0 if nothing else is given."""
    return ["compare", operator, left, num(0) if right is None else right]


def state(left: Data, right: Data, operator: str = "=", **more: Any) -> Statement:
    """A statement under nothing but what is given."""
    empty: Statement = {
        "variables": {},
        "definitions": {},
        "hypotheses": [],
        "conditions": [],
    }
    return {"operator": operator, "left": left, "right": right, **empty, **more}


def accepts(statement: Statement, cases: tuple[list[Data], ...] = ([],)) -> bool:
    """Whether the kernel accepts the barest certificate with these cases."""
    made = [
        {
            "assumptions": a,
            "steps": [],
            "left": statement["left"],
            "right": statement["right"],
        }
        for a in cases
    ]
    seal = kernel.seal(statement, made)
    try:
        kernel.check(statement, {"version": kernel.VERSION, "cases": made, "seal": seal})
    except kernel.Doubt:
        return False
    return True


def entry(*indices: Data) -> Data:
    """An entry of the matrix A."""
    return el("A", *indices)


def inverse(*indices: Data, name: str = "A") -> Data:
    """An entry of the inverse of a matrix."""
    return ["inverse", name, *indices]


def unknown(name: str, *arguments: tuple[tuple[object, ...], Data]) -> Data:
    """An unknown function; an argument has the ranges of its indices, and a body."""
    listed = [["argument", ["dims", *dims], body] for dims, body in arguments]
    return ["call", name, ["indices"], ["arguments", *listed], ["partials"]]


def matrix(*words: str, shape: tuple[object, ...] = ("n", "n")) -> Data:
    """The declaration of a matrix A."""
    return {"A": [[*shape], [*words]]}


x, y, z, h = el("x"), el("y"), el("z"), el("h")
v, DETERMINANT = el("v"), ["determinant", "A"]
five = [free("i", 5), free("j", 5)]
i, j = free("i"), free("j")
VECTORS = {"v": [["n"], []]}
MATRIX = {"A": [["n", "n"], []], "g": [["n"], []], "h": [["n"], []], "v": [["n"], []]}
TRACE = total(el("A", bound(0), bound(0)))
SUM_G, SUM_H = total(el("g", bound(0))), total(el("h", bound(0)))
SOFTMAX = mul(call("exp", el("x", i)), power(total(call("exp", el("x", bound(0)))), -1))

JUMP = mul(num(0), call("log", add(["indicator", is_(">=", z)], h)))

ROOT_OR_0 = ["where", is_(">", y), power(y, "1/2"), num(0)]
LOG_OR_0 = ["where", is_("<", y), num(0), call("log", y)]
NORM = power(add(power(x, 2), power(y, 2)), "1/2")

TRUE = {
    "square": state(power(add(x, y), 2), add(power(x, 2), mul(num(2), x, y), power(y, 2))),
    "cancelled under a condition": state(
        mul(power(x, 2), power(x, -1)), x, conditions=[is_("!=", x)]
    ),
    "sigmoid": state(
        slope(call("sigmoid", x), x),
        mul(call("sigmoid", x), add(num(1), neg(call("sigmoid", x)))),
    ),
    "softmax sums to 1": state(
        total(
            mul(
                call("exp", el("x", bound(0))),
                power(total(call("exp", el("x", bound(0)))), -1),
            )
        ),
        num(1),
    ),
    "softmax jacobian": state(
        slope(SOFTMAX, el("x", j)),
        mul(
            SOFTMAX,
            add(
                ["delta", i, j],
                neg(
                    mul(
                        call("exp", el("x", j)),
                        power(total(call("exp", el("x", bound(0)))), -1),
                    )
                ),
            ),
        ),
    ),
    "root": state(power(num(3), "-1/2"), mul(num("1/3"), power(num(3), "1/2"))),
    "an odd function": state(call("sin", neg(x)), neg(call("sin", x))),
    "an even function": state(call("cos", add(y, neg(x))), call("cos", add(x, neg(y)))),
    "arcus tangens": state(slope(call("atan", x), x), power(add(num(1), power(x, 2)), -1)),
    "a kink where it is not": state(
        slope(total(call("relu", el("v", bound(0)))), el("v", i)),
        num(1),
        variables=VECTORS,
        conditions=[is_(">", el("v", i))],
    ),
    "a product of matrices": state(
        total(mul(entry(i, bound(0)), inverse(bound(0), j))),
        ["delta", i, j],
        variables=matrix("invertible"),
    ),
    "determinant": state(
        slope(DETERMINANT, entry(i, j)),
        mul(DETERMINANT, inverse(j, i)),
        variables=matrix("invertible"),
    ),
    "inner derivative": state(slope(slope(mul(h, v), v), h), num(1), definitions={"h": [[], x]}),
    "chain rule": state(
        slope(unknown("f", (("n",), mul(x, el("g", bound(0))))), x),
        total(
            mul(
                el("g", bound(0)),
                [
                    *unknown("f", (("n",), mul(x, el("g", bound(0)))))[:-1],
                    ["partials", ["partial", 0, bound(0)]],
                ],
            )
        ),
    ),
    "a product of exponentials": state(
        ["product", "n", call("exp", el("v", bound(0)))],
        call("exp", total(el("v", bound(0)))),
        variables=VECTORS,
    ),
    "by an equation": state(
        power(x, 2),
        add(power(y, 2), mul(num(2), y), num(1)),
        conditions=[is_("=", x, add(y, num(1)))],
    ),
    "a symmetric matrix": state(entry(i, j), entry(j, i), variables=matrix("symmetric")),
    "the place of a constant index": state(["position", fixed(1)], num(1)),
    "an integer power that comes to 0": state(
        ["pow", z, add(x, neg(x))], num(1), variables={"x": [[], ["integer"]]}
    ),
    "a real power that comes to 2": state(
        ["pow", z, add(x, neg(x), num(2))], power(z, 2), conditions=[is_(">=", z)]
    ),
    "a definition": state(h, x, definitions={"h": [[], x]}),
    "the class of a one-hot vector, in a hypothesis": state(
        el("y", i),
        num(1),
        variables={"y": [["n"], ["one-hot"]]},
        hypotheses=[["same", i, free("class of y")]],
    ),
    "a root of a product": state(
        power(mul(x, y), "1/2"),
        mul(power(x, "1/2"), power(y, "1/2")),
        variables={"x": [[], ["positive"]], "y": [[], ["nonnegative"]]},
    ),
    "a range has an element": state(["dimension", "n"], num(1), ">="),
    "a range of one element": state(["delta", free("i", 1), free("j", 1)], num(1)),
    "a range of five elements": state(total(num(1), 5), num(5)),
    "an exponent of numbers alone": state(["pow", x, mul(num(2), num("1/2"))], x),
    "an exponent that is a reciprocal": state(["pow", x, power(num("1/2"), -1)], power(x, 2)),
    "a case that is decided": state(
        ["where", is_(">", x), x, ["undefined"]], x, conditions=[is_(">", x)]
    ),
    "what holds at all places": state(
        mul(el("v", i), power(el("v", i), -1)),
        num(1),
        hypotheses=[["forall", "n", is_(">", el("v", bound(0)))]],
    ),
    "a positive factor": state(
        ["indicator", is_(">", mul(call("exp", x), y))], ["indicator", is_(">", y)]
    ),
    "sums in either order": state(
        total(total(mul(el("g", bound(1)), el("h", bound(0)), entry(bound(0), bound(1))))),
        total(total(mul(el("g", bound(0)), el("h", bound(1)), entry(bound(1), bound(0))))),
    ),
    "split of log": state(call("log", num(2018)), add(call("log", num(2)), call("log", num(1009)))),
}

FALSE = {
    "reciprocal without a condition": state(mul(x, power(x, -1)), num(1)),
    "determinant of a definition": state(
        slope(["determinant", "M"], x),
        num(0),
        definitions={"M": [[i, j], mul(x, ["delta", i, j])]},
    ),
    "kink passed over by a definition": state(
        slope(mul(add(h, neg(x)), call("sign", h)), h),
        call("sign", x),
        definitions={"h": [[], x]},
    ),
    "kink passed over by a fact": state(
        slope(mul(x, call("sign", x)), x), num(0), conditions=[is_("=", x)]
    ),
    "capture between sums": state(
        add(
            total(total(mul(el("g", bound(1)), el("A", bound(0), bound(0))))),
            total(
                total(
                    total(
                        mul(
                            el("g", bound(2)),
                            el("h", bound(1)),
                            el("A", bound(0), bound(1)),
                        )
                    )
                )
            ),
        ),
        add(mul(SUM_G, TRACE), mul(SUM_G, SUM_H, TRACE)),
        variables=MATRIX,
    ),
    "capture in merged sums": state(
        add(
            mul(SUM_H, TRACE),
            neg(total(total(mul(el("h", bound(1)), el("A", bound(0), bound(1)))))),
        ),
        num(0),
        variables=MATRIX,
    ),
    "rounded": state(
        power(num(3), "-1/2"),
        mul(num("6004799503160661/18014398509481984"), power(num(3), "1/2")),
    ),
    "a prime lost": state(call("log", num(2018)), call("log", num(2))),
    "0 divides all": state(z, num(0), conditions=[is_("=", x)]),
    "a factor that may be 0": state(y, neg(z), conditions=[is_("=", add(mul(x, y), mul(x, z)))]),
    "unfolded under a derivative": state(
        el("g"), num(0), definitions={"h": [[], x], "g": [[], slope(power(h, 2), h)]}
    ),
    "derivative within, by a definition": state(
        slope(slope(power(h, 2), h), x), num(0), definitions={"h": [[], x]}
    ),
    "index beyond the range": state(
        total(["indicator", ["same", bound(0), ["fixed", 5, "n"]]]), num(1)
    ),
    "calls with fewer arguments": state(
        [
            "call",
            "f",
            ["indices"],
            ["arguments", ["argument", ["dims"], x]],
            ["partials"],
        ],
        [
            "call",
            "f",
            ["indices"],
            ["arguments", ["argument", ["dims"], x], ["argument", ["dims"], y]],
            ["partials"],
        ],
    ),
    "a step has no value at 0": state(mul(num(0), call("step", x)), num(0)),
    "the class of a one-hot vector": state(
        el("y", free("class of y")), num(1), variables={"y": [["n"], ["one-hot"]]}
    ),
    "no elements": state(total(num(1), 0), num(0)),
    "loose index": state(["delta", bound(0), bound(0)], num(1)),
    "float": state(["number", 0.1], num("3602879701896397/36028797018963968")),
    "equation without a content": state(
        x,
        y,
        conditions=[is_("=", mul(add(x, num(1)), power(add(x, num(1)), -1)), num(1))],
    ),
    "root of a square": state(power(power(x, 2), "1/2"), x),
    "log of a square": state(call("log", power(x, 2)), mul(num(2), call("log", x))),
    "exp of a log": state(call("exp", call("log", x)), x),
    "abs differentiable": state(slope(call("abs", x), x), call("sign", x)),
    "delta": state(["delta", i, j], num(0)),
    "range": state(total(num(1)), num(1)),
    "wrong way": state(power(x, 2), num(0), "<="),
    "not strict": state(power(x, 2), num(0), ">"),
    "sign of sigma": state(slope(call("sigmoid", x), x), call("sigmoid", x)),
    "0 to the 0 by a fact": state(power(x, -1), num(0), conditions=[is_("=", x)]),
    "derivative of what is tied": state(slope(x, y), num(0), hypotheses=[is_("=", add(x, neg(y)))]),
    "odd functions are not 0": state(call("sin", x), num(0)),
    "nor is arcus tangens": state(call("atan", x), num(0)),
    "a definition in an inner derivative": state(
        slope(slope(mul(h, v), v), h), num(0), definitions={"h": [[], x]}
    ),
    "the same within a definition": state(
        slope(el("g"), h),
        num(0),
        definitions={"h": [[], x], "g": [[], slope(mul(h, v), v)]},
    ),
    "derivative by an inverse": state(
        slope(entry(i, j), inverse(free("k"), free("l"))),
        mul(["delta", i, free("k")], ["delta", j, free("l")]),
        variables=matrix("invertible"),
    ),
    "derivative by a sum": state(slope(el("y", i), total(el("y", bound(0)))), num(0)),
    "one-hot over another range": state(
        total(el("y", bound(0)), 5), num(1), variables={"y": [["n"], ["one-hot"]]}
    ),
    "inverse over another range": state(
        total(mul(entry(five[0], bound(0)), inverse(bound(0), five[1])), 5),
        ["delta", *five],
        variables=matrix("invertible"),
    ),
    "no component": state(el("x", fixed(3, 5)), el("x", fixed(3, 5)), variables={"x": [[2], []]}),
    "a vector without its index": state(x, x, variables={"x": [[2], []]}),
    "a definition at one place": state(
        el("M", fixed(2)),
        x,
        definitions={"M": [[fixed(1)], x]},
        conditions=[is_(">=", ["dimension", "n"], num(2))],
    ),
    "a definition with one index twice": state(
        el("M", fixed(1, 2), fixed(2, 2)),
        num(2),
        definitions={"M": [[free("i", 2), free("i", 2)], ["position", free("i", 2)]]},
    ),
    "tied by a definition": state(
        slope(y, x), num(0), definitions={"h": [[], x]}, hypotheses=[is_("=", h, y)]
    ),
    "tied by two equations": state(
        slope(z, x), num(0), hypotheses=[is_("=", x, y), is_("=", y, z)]
    ),
    "tied from both sides": state(
        slope(y, x), num(0), hypotheses=[is_("<=", x, y), is_(">=", x, y)]
    ),
    "tied by a negation": state(slope(y, x), num(0), hypotheses=[["not", is_("!=", x, y)]]),
    "tied by a square": state(
        slope(y, x), num(0), hypotheses=[is_("<=", power(add(x, neg(y)), 2))]
    ),
    "tied by a jump": state(
        slope(y, x), num(0), hypotheses=[is_(">", ["indicator", is_("=", x, y)])]
    ),
    "tied by a sign": state(
        slope(y, x),
        num(0),
        hypotheses=[is_(">", call("sign", neg(power(add(x, neg(y)), 2))), num(-1))],
    ),
    "tied by a condition": state(slope(y, x), num(0), conditions=[is_("=", x, y)]),
    "tied by a determinant": state(
        slope(entry(fixed(1), fixed(1)), entry(i, j)),
        mul(["delta", fixed(1), i], ["delta", fixed(1), j]),
        variables=matrix(),
        hypotheses=[is_("=", DETERMINANT, num(1))],
    ),
    "arguments of other ranges": state(
        unknown("f", (("n",), x), ((), y)), unknown("f", ((), x), (("n",), y))
    ),
    "a word about a definition": state(
        inverse(i, j, name="M"),
        inverse(i, j, name="M"),
        variables={"M": [["n", "n"], ["invertible"]]},
        definitions={"M": [[i, j], num(0)]},
    ),
    "determinant that is 0": state(
        slope(DETERMINANT, entry(i, j)),
        num(0),
        variables=matrix(),
        conditions=[is_("=", DETERMINANT)],
    ),
    "an output beyond its range": state(
        ["call", "f", ["indices", fixed(5)], ["arguments"], ["partials"]],
        ["call", "f", ["indices", fixed(5)], ["arguments"], ["partials"]],
    ),
    "a partial derivative by no component": state(
        [*unknown("f", ((), x))[:-1], ["partials", ["partial", 0, i]]],
        [*unknown("f", ((), x))[:-1], ["partials", ["partial", 0, i]]],
    ),
    "logs of factors of no sign": state(
        call(
            "exp",
            mul(
                num("1/2"),
                add(
                    call("log", mul(x, y)),
                    call("log", mul(y, z)),
                    neg(call("log", mul(x, z))),
                ),
            ),
        ),
        y,
        conditions=[is_(">", mul(x, y)), is_(">", mul(y, z)), is_(">", mul(x, z))],
    ),
    "a square that may be 0": state(
        mul(x, power(x, -1)), num(1), conditions=[is_(">=", power(x, 2))]
    ),
    "the sign of a square": state(call("abs", x), x, conditions=[is_(">", power(x, 2))]),
    "a sum in a denominator": state(
        total(power(total(entry(bound(1), bound(0))), -1)),
        ["dimension", "n"],
        variables=matrix("positive"),
    ),
    "a real power that comes to 0": state(
        ["pow", z, add(x, neg(x))], num(1), variables={"x": [[], []]}
    ),
    "a real power below 0": state(["pow", z, add(x, neg(x), num(2))], power(z, 2)),
    "a square of a root": state(power(power(x, "1/2"), 2), x),
    "all places of another range": state(
        ["position", free("j", "m")],
        num(5),
        "<=",
        hypotheses=[["forall", "n", is_("<=", ["position", bound(0)], num(5))]],
    ),
    "a matrix that is one-hot": state(
        total(entry(bound(0), j)), num(1), variables=matrix("one-hot")
    ),
    "a place before the first": state(el("v", fixed(0)), el("v", fixed(0))),
    "half a place": state(el("v", ["fixed", 1.5, "n"]), el("v", ["fixed", 1.5, "n"])),
    "a number of another form": state(["number", "1e3"], num(1000)),
    "a jump passed over by a second derivative": state(
        add(*(slope(slope(JUMP, y), moved) for moved in (x, z))),
        num(0),
        conditions=[is_("=", z), is_("=", h, num("-1/2"))],
    ),
    "the slope of a norm at 0": state(mul(slope(NORM, x), NORM), x),
    "a delta of two ranges": state(["delta", free("i", 1), free("j", "m")], num(1)),
    "a log lost": state(call("log", mul(x, y)), num(0), conditions=[is_(">", mul(x, y))]),
    "two large primes": state(call("log", num(1009)), call("log", num(1013))),
    "a derivative in a definition": state(
        el("g"),
        mul(num(2), y),
        definitions={"h": [[], y], "g": [[], slope(mul(h, y), h)]},
    ),
    "a matrix transposed times its inverse": state(
        total(mul(entry(bound(0), i), inverse(bound(0), j))),
        ["delta", i, j],
        variables=matrix("invertible"),
    ),
    "determinant of no square": state(DETERMINANT, DETERMINANT, variables=matrix(shape=("n", "m"))),
    "inverse of no square": state(
        inverse(i, free("j", "m")),
        inverse(i, free("j", "m")),
        variables=matrix("invertible", shape=("n", "m")),
    ),
    "an index of another range under a derivative": state(
        slope(total(mul(x, el("g", bound(0))), "m"), x),
        total(["position", bound(0)], "m"),
        definitions={"g": [[i], ["position", i]]},
    ),
    "a real power is no whole power": state(["pow", z, x], num(1), conditions=[is_("=", x)]),
    "too large a power": state(power(num(2), 10**9), power(num(2), 10**9)),
    "a jump passed over around a point": state(
        slope(mul(num(0), call("log", ["indicator", is_(">=", x)])), x),
        num(0),
        conditions=[is_("=", x)],
    ),
    "a kink of the component itself": state(
        slope(total(call("relu", el("v", bound(0)))), el("v", i)),
        ["indicator", is_(">", el("v", i))],
        variables=VECTORS,
    ),
    "a boundary passed over": state(
        slope(call("abs", x), x), num(1), variables={"x": [[], ["nonnegative"]]}
    ),
    "a case of where": state(
        slope(["where", is_("=", x), num(1), num(0)], x),
        num(0),
        conditions=[is_("=", x)],
    ),
    "no value anywhere": state(["where", is_(">", x), x, ["undefined"]], x),
    "kinks seen from two derivatives": state(
        slope(slope(call("relu", mul(x, y)), x), y), ["indicator", is_(">", mul(x, y))]
    ),
    "derivative by an integer": state(slope(x, x), num(1), variables={"x": [[], ["integer"]]}),
    "tied by a function of a vector": state(
        slope(el("v", i), el("v", j)),
        ["delta", i, j],
        variables=VECTORS,
        hypotheses=[is_("=", unknown("f", (("n",), el("v", bound(0)))))],
    ),
    "tied by where a root has a value": state(
        slope(y, x),
        num(0),
        hypotheses=[is_(">", power(neg(power(add(x, neg(y)), 2)), "1/2"), num(-1))],
    ),
    "the root of a product that is 0": state(
        power(mul(x, y), "1/2"),
        num(0),
        ">",
        variables={"x": [[], ["nonnegative"]]},
        conditions=[is_("<", y), is_(">=", mul(x, y))],
    ),
    "a root in a branch that is not taken": state(
        x, num(7), conditions=[is_("=", x, ROOT_OR_0), is_("<", y)]
    ),
    "a reciprocal in a branch that is not taken": state(
        x,
        num(7),
        conditions=[is_("=", x, ["where", is_("!=", y), power(y, -1), num(0)]), is_("=", y)],
    ),
    "exp of a log in a branch that is not taken": state(
        call("exp", x), num(0), "<", conditions=[is_("=", x, LOG_OR_0), is_("<", y)]
    ),
    "an element of an element": state(slope(["element", x], x), num(1)),
}

RECIPROCAL = power(x, -1)


def test_a_case_is_not_left_out_because_of_a_branch_that_is_not_taken() -> None:
    """``exp(0) < 0`` holds nowhere, but the case of z > 0 is there."""
    other = ["where", is_(">", z), num(0), call("log", y)]
    cases = [is_(">", z), is_("<", call("exp", other))], [is_("<", z)], [is_("=", z)]
    statement = state(["indicator", is_(">", z)], num(0), conditions=[is_("<", y)])
    assert not accepts(statement, cases)


@pytest.mark.parametrize("name", TRUE)
def test_true_statements_are_accepted(name: str) -> None:
    assert accepts(TRUE[name])


@pytest.mark.parametrize("name", FALSE)
def test_false_statements_are_doubted(name: str) -> None:
    assert not accepts(FALSE[name])


@pytest.mark.parametrize(
    "cases",
    [
        ([is_(">", x)], [is_("<", x)]),
        ([is_(">", x)], [is_("=", x)]),
        ([["same", i, j]],),
        ([is_(">", RECIPROCAL)], [is_("<", RECIPROCAL)]),
        ([is_(">=", x)], [is_("<", x)]),
        (),
    ],
)
def test_cases_that_leave_something_out_are_doubted(
    cases: tuple[list[Data], ...],
) -> None:
    true_everywhere = state(x, x)
    assert accepts(true_everywhere)
    assert not accepts(true_everywhere, cases)


def test_cases_that_cover_everything_are_accepted() -> None:
    absolute = state(call("abs", x), power(power(x, 2), "1/2"))
    assert accepts(absolute, tuple([is_(operator, x)] for operator in (">", "<", "=")))
    assert accepts(state(x, x), ([["same", i, j]], [["not", ["same", j, i]]]))
    assert accepts(state(x, x, conditions=[is_(">", x)]), ([is_(">", x)],))


def test_a_case_where_a_determinant_is_0_is_looked_at() -> None:
    slopes = mul(DETERMINANT, inverse(j, i))
    statement = state(
        slope(DETERMINANT, entry(i, j)),
        ["where", is_("=", DETERMINANT), num(0), slopes],
        variables=matrix(),
    )
    assert not accepts(statement, tuple([is_(operator, DETERMINANT)] for operator in "><="))


def follows(rule: str, before: Data, after: Data, *conditions: Data) -> bool:
    """Whether the kernel accepts a step in the proof of something true."""
    statement = state(x, x, conditions=[*conditions], variables={"v": [["n"], []]})
    step = {"rule": rule, "before": before, "after": after}
    case = {"assumptions": [], "steps": [step], "left": x, "right": x}
    seal = kernel.seal(statement, [case])
    try:
        kernel.check(statement, {"version": kernel.VERSION, "cases": [case], "seal": seal})
    except kernel.Doubt:
        return False
    return True


LOG, ROOT = "log of a product of positive factors", "root of positive factors"


@pytest.mark.parametrize(
    ("rule", "before", "after", "conditions"),
    [
        (
            LOG,
            call("log", mul(num(2), call("exp", x))),
            add(x, call("log", num(2))),
            [],
        ),
        # An equation of a step holds where both of its sides have a value.
        (LOG, call("log", mul(x, y)), add(call("log", x), call("log", y)), []),
        (LOG, call("log", power(x, 2)), mul(num(2), call("log", x)), []),
        (ROOT, power(power(x, 2), "1/2"), call("abs", x), []),
        ("chain rule for exp", slope(call("exp", x), x), call("exp", x), []),
        (
            "derivative of max(0, u) off its kink",
            call("step", x),
            num(1),
            [is_(">", x)],
        ),
        ("chain rule for relu", slope(call("relu", x), x), call("step", x), []),
        (
            "chain rule for abs",
            slope(call("abs", x), x),
            add(mul(num(2), call("step", x)), num(-1)),
            [],
        ),
    ],
)
def test_true_steps_are_accepted(
    rule: str, before: Data, after: Data, conditions: list[Data]
) -> None:
    assert follows(rule, before, after, *conditions)


@pytest.mark.parametrize(
    ("rule", "before", "after", "conditions"),
    [
        (LOG, call("log", num(-2)), call("log", num(2)), []),
        (ROOT, power(num(0), -1), num(0), []),
        (ROOT, power(num(-4), "1/2"), num(2), []),
        (ROOT, power(power(x, 2), "1/2"), x, []),
        (ROOT, power(mul(x, y), "1/2"), mul(power(x, "1/2"), power(y, "1/2")), []),
        ("chain rule for exp", slope(call("exp", x), x), x, []),
        ("product rule", slope(call("exp", x), x), call("exp", x), []),
        ("derivative of max(0, u) off its kink", call("step", x), num(1), []),
        ("chain rule for abs", slope(call("abs", x), x), call("step", x), []),
        ("no rule", x, x, []),
    ],
)
def test_false_steps_and_other_rules_are_doubted(
    rule: str, before: Data, after: Data, conditions: list[Data]
) -> None:
    assert not follows(rule, before, after, *conditions)


def test_a_bound_index_can_not_be_named_in_a_case() -> None:
    named = tuple([is_(operator, el("v", free("#1")))] for operator in "><=")
    count = total(["indicator", is_("!=", el("v", bound(0)))])
    some = ["indicator", is_(">", total(power(el("v", bound(0)), 2)))]
    assert not accepts(state(count, mul(["dimension", "n"], some)), named)


@pytest.mark.parametrize("damage", ["version", "seal", "cases", "rule", "before", "left"])
def test_each_field_of_a_certificate_counts(damage: str) -> None:
    statement = TRUE["sigmoid"]
    step = {"rule": "chain rule for exp", "before": slope(call("exp", x), x)}
    step["after"] = mul(call("exp", x), slope(x, x))
    case = {"assumptions": [], "steps": [step]}
    case |= {"left": statement["left"], "right": statement["right"]}
    certificate: Statement = {"version": kernel.VERSION, "cases": [case]}
    certificate["seal"] = kernel.seal(statement, [case])
    assert kernel.check(statement, certificate) == 1
    if damage == "version":
        certificate["version"] = kernel.VERSION + 1
    elif damage == "seal":
        certificate["seal"] = "0" * 64
    elif damage == "cases":
        certificate["cases"] = []
    elif damage == "rule":
        step["rule"] = "product rule"
    elif damage == "before":
        step["before"] = slope(call("sin", x), x)
    else:
        case["left"] = x
    if damage not in ("version", "seal"):
        certificate["seal"] = kernel.seal(statement, certificate["cases"])
    with pytest.raises(kernel.Doubt):
        kernel.check(statement, certificate)


@pytest.mark.parametrize("rubbish", [None, 1, [], {}, "x", {"version": 1}, [[[]]]])
def test_rubbish_is_doubted(rubbish: object) -> None:
    with pytest.raises(kernel.Doubt):
        kernel.check(TRUE["square"], rubbish)
    with pytest.raises(kernel.Doubt):
        kernel.check(rubbish, {"version": 1, "cases": [], "seal": ""})


# ---- claims about integers ----------------------------------------------------------------------

k, m = el("k"), el("m")
COUNTS = {name: [[], ["integer", "positive"]] for name in "km"}
INTEGERS = {name: [[], ["integer"]] for name in "km"}


def claim(proposition: Data, **more: Any) -> Statement:
    """A claim about all positive integers k and m, unless other variables are given."""
    empty: Statement = {"definitions": {}, "hypotheses": [], "conditions": []}
    return {"proposition": proposition, "variables": COUNTS, **empty, **more}


def decided(statement: Statement) -> bool:
    """Whether the kernel finds that a claim about integers holds."""
    seal = kernel.seal(statement, [])
    try:
        integer_kernel.check_integers(
            statement, {"version": kernel.VERSION, "cases": [], "seal": seal}
        )
    except kernel.Doubt:
        return False
    return True


def rounded(term: Data) -> Data:
    """The floor of a term."""
    return call("floor", term)


SQUARE = power(k, 2)
BETWEEN = [is_(">", k, num(2)), is_("<", k, num(5))]
BELOW = [is_("<=", k, num(9)), is_(">=", k, num(-9))]

HOLDS = {
    "positive": claim(is_(">=", k, num(1))),
    "difference": claim(is_(">", add(k, m), m)),
    "product": claim(is_(">=", mul(k, m), num(1))),
    "between": claim(["or", is_("=", k, num(3)), is_("=", k, num(4))], hypotheses=BETWEEN),
    "not": claim(["not", is_("<", k, num(1))]),
    "and": claim(["and", is_(">=", k, num(1)), is_(">=", m, num(1))]),
    "floor": claim(is_("<=", rounded(mul(k, num("1/2"))), num(4)), hypotheses=BELOW),
    "floor below 0": claim(
        is_("=", rounded(mul(num("1/2"), k)), num(-1)),
        variables=INTEGERS,
        hypotheses=[is_("=", k, num(-1))],
    ),
    "quotient": claim(is_(">", power(k, -1))),
    "floor of a quotient": claim(is_("=", rounded(power(add(k, m), -1)))),
    "dimension": claim(is_(">=", ["dimension", "n"], num(1))),
    "square": claim(is_(">=", SQUARE), variables=INTEGERS, hypotheses=BELOW),
    "by a definition": claim(is_("=", el("s"), num(2)), definitions={"s": [[], num(2)]}),
    "negative": claim(
        is_("<", mul(k, m)),
        variables={"k": INTEGERS["k"], "m": COUNTS["m"]},
        hypotheses=[is_("<", k)],
    ),
}

FAILS = {
    "at 1": claim(is_(">=", k, num(2))),
    "far away": claim(is_("<=", k, num(1000))),
    "negative": claim(is_(">=", k, num(-1000)), variables=INTEGERS),
    "at 0": claim(is_("!=", k), variables=INTEGERS),
    "difference": claim(is_(">", k, m)),
    "not": claim(["not", is_(">", k, num(5))]),
    "and": claim(["and", is_(">=", k, num(1)), is_(">=", m, num(2))]),
    "or": claim(["or", is_(">=", k, num(2)), is_(">=", m, num(2))]),
    "one missing": claim(
        ["or", is_("=", k, num(3)), is_("=", k, num(5))],
        hypotheses=[is_(">", k, num(2)), is_("<", k, num(6))],
    ),
    "floor": claim(is_("=", mul(num(2), rounded(mul(num("1/2"), k))), k)),
    "floor below 0": claim(
        is_("=", rounded(mul(num("1/2"), k))),
        variables=INTEGERS,
        hypotheses=[is_("=", k, num(-1))],
    ),
    "quotient": claim(is_("=", power(k, -1), num(1))),
    "floor of a quotient": claim(is_(">=", rounded(power(add(k, m), -1)), num(2))),
    "quotient that may be 0": claim(is_("=", mul(k, power(k, -1)), num(1)), variables=INTEGERS),
    "sign of a denominator": claim(
        is_(">", power(k, -1)), variables=INTEGERS, hypotheses=[is_("!=", k)]
    ),
    "sign of a nonzero denominator": claim(
        is_(">", power(k, -1)), variables={"k": [[], ["integer", "nonzero"]]}
    ),
    "product": claim(is_(">", mul(k, m)), variables=INTEGERS, hypotheses=[is_("<", k)]),
    "square": claim(is_(">", SQUARE), variables=INTEGERS, hypotheses=BELOW),
    "real": claim(is_(">=", mul(num(2), x), num(1)), variables={"x": [[], ["positive"]]}),
    "dimension": claim(is_(">=", ["dimension", "n"], num(2))),
    "a hypothesis elsewhere": claim(is_(">=", k, num(2)), hypotheses=[is_(">=", m, num(2))]),
    "root": claim(is_("<=", power(k, "1/2"), num(9)), hypotheses=[is_("<=", k, num(100))]),
    "nonnegative": claim(is_(">=", k, num(1)), variables={"k": [[], ["integer", "nonnegative"]]}),
}


@pytest.mark.parametrize("name", HOLDS)
def test_true_claims_about_integers_are_accepted(name: str) -> None:
    assert decided(HOLDS[name])


@pytest.mark.parametrize("name", FAILS)
def test_false_claims_about_integers_are_doubted(name: str) -> None:
    assert not decided(FAILS[name])


def test_a_claim_about_integers_is_bound_to_its_certificate() -> None:
    forged = {"version": kernel.VERSION, "cases": [], "seal": "0" * 64}
    with pytest.raises(kernel.Doubt, match="the certificate was changed"):
        integer_kernel.check_integers(HOLDS["positive"], forged)


@pytest.mark.parametrize("rubbish", [None, {}, {"proposition": 1}, claim(["nonsense"]), claim([])])
def test_rubbish_about_integers_is_doubted(rubbish: object) -> None:
    seal = kernel.seal(rubbish, [])
    with pytest.raises(kernel.Doubt):
        integer_kernel.check_integers(
            rubbish, {"version": kernel.VERSION, "cases": [], "seal": seal}
        )
