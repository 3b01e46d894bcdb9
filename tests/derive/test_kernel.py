"""The kernel against forged certificates: false or undefined statements that it must doubt.

Every certificate here is sealed as the engine would seal it, and states nothing but the sides
themselves, so that what the kernel says rests on its own arithmetic alone.
"""

from typing import Any

import pytest

from derive import kernel

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
    empty: Statement = {"variables": {}, "definitions": {}, "hypotheses": [], "conditions": []}
    return {"operator": operator, "left": left, "right": right, **empty, **more}


def accepts(statement: Statement, cases: tuple[list[Data], ...] = ([],)) -> bool:
    """Whether the kernel accepts the barest certificate with these cases."""
    made = [
        {"assumptions": a, "steps": [], "left": statement["left"], "right": statement["right"]}
        for a in cases
    ]
    seal = kernel.seal(statement, made)
    try:
        kernel.check(statement, {"version": kernel.VERSION, "cases": made, "seal": seal})
    except kernel.Doubt:
        return False
    return True


x, y, z, h = el("x"), el("y"), el("z"), el("h")
i, j = free("i"), free("j")
MATRIX = {"A": [["n", "n"], []], "g": [["n"], []], "h": [["n"], []], "v": [["n"], []]}
TRACE = total(el("A", bound(0), bound(0)))
SUM_G, SUM_H = total(el("g", bound(0))), total(el("h", bound(0)))
SOFTMAX = mul(call("exp", el("x", i)), power(total(call("exp", el("x", bound(0)))), -1))

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
            mul(call("exp", el("x", bound(0))), power(total(call("exp", el("x", bound(0)))), -1))
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
                total(total(mul(el("g", bound(2)), el("h", bound(1)), el("A", bound(0), bound(1)))))
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
        ["call", "f", ["indices"], ["arguments", ["argument", ["dims"], x]], ["partials"]],
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
        x, y, conditions=[is_("=", mul(add(x, num(1)), power(add(x, num(1)), -1)), num(1))]
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
    "derivative by an integer": state(slope(x, x), num(1), variables={"x": [[], ["integer"]]}),
}

RECIPROCAL = power(x, -1)


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
def test_cases_that_leave_something_out_are_doubted(cases: tuple[list[Data], ...]) -> None:
    true_everywhere = state(x, x)
    assert accepts(true_everywhere)
    assert not accepts(true_everywhere, cases)


def test_cases_that_cover_everything_are_accepted() -> None:
    absolute = state(call("abs", x), power(power(x, 2), "1/2"))
    assert accepts(absolute, tuple([is_(operator, x)] for operator in (">", "<", "=")))
    assert accepts(state(x, x), ([["same", i, j]], [["not", ["same", i, j]]]))


def test_a_bound_index_can_not_be_named_in_a_case() -> None:
    named = tuple([is_(operator, el("v", free("#1")))] for operator in (">", "<", "="))
    statement = state(call("abs", total(el("v", bound(0)))), total(call("abs", el("v", bound(0)))))
    assert not accepts(statement, named)


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
