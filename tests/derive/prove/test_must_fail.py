"""Statements that are false, or without a value somewhere: none may be ``proved`` as it stands.

The first table has conditional ones with the exact conditions, in words; the second those that
must stay ``unknown``.
"""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from derive.prove.prover import prove
from derive.terms.declarations import Declarations, FunctionType, Variable
from derive.terms.obligation import Obligation
from derive.terms.structure import Definition, product_over, sum_over
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    And,
    Argument,
    Bound,
    Call,
    Compare,
    Delta,
    Derivative,
    Determinant,
    Dimension,
    Element,
    Fixed,
    ForAll,
    Free,
    Index,
    Indicator,
    InverseEntry,
    Node,
    Not,
    Number,
    Operator,
    Or,
    Position,
    Pow,
    Proposition,
    SameIndex,
    Term,
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

HALF = number(Fraction(1, 2))


def el(name: str, *indices: Index) -> Element:
    return Element(name, indices)


def fn(function: str, *arguments: Term) -> Term:
    return apply(function, *arguments)


def power(base: Term, exponent: int | Fraction) -> Term:
    return Pow(base, number(exponent))


def root(base: Term) -> Term:
    return Pow(base, HALF)


def cmp(left: Term, operator: Operator, right: Term = ZERO) -> Compare:
    return Compare(operator, left, right)


def one(left: Term, operator: Operator, right: Term = ZERO) -> Indicator:
    return Indicator(cmp(left, operator, right))


def d(body: Term, *variables: Element) -> Term:
    for variable in variables:
        body = Derivative(body, variable)
    return body


x, y, z, a, b, c = (el(name) for name in "xyzabc")
i, j, k, l, p, q = (Free(name, "n") for name in "ijklpq")  # noqa: E741
r = Free("r", "m")
xi, xj, xk, xl = (el("x", index) for index in (i, j, k, l))
yi, yj, yk = (el("y", index) for index in (i, j, k))
n, m = Dimension("n"), Dimension("m")
two, three = TWO, number(3)


def var(name: str, shape: tuple[str | int, ...] = (), *words: str) -> dict[str, Variable]:
    return {name: Variable(name, shape, frozenset(words))}


def words(node: Node) -> str:
    """A condition or a term in short, with the first bound index called ``a``, then ``b``."""
    return _words(node, 0)


def _index(index: Index, depth: int) -> str:
    match index:
        case Bound(level):
            return "abcdefgh"[depth - 1 - level]
        case Fixed(value):
            return str(value)
        case Free(name):
            return name


def _words(node: Node, depth: int) -> str:
    def inside(part: Node, more: int = 0) -> str:
        return _words(part, depth + more)

    match node:
        case Number(value):
            return str(value)
        case Dimension(dim):
            return str(dim)
        case Element(name, ()):
            return name
        case Element(name, indices):
            return f"{name}[{','.join(_index(index, depth) for index in indices)}]"
        case Determinant(matrix):
            return f"det {matrix}"
        case Delta(left, right):
            return f"delta({_index(left, depth)},{_index(right, depth)})"
        case Compare(operator, left, right):
            return f"{inside(left)} {operator} {inside(right)}"
        case SameIndex(left, right):
            return f"{_index(left, depth)} = {_index(right, depth)}"
        case Not(inner):
            return f"not {inside(inner)}"
        case Or(parts):
            return " or ".join(inside(part) for part in parts)
        case And(parts):
            return " and ".join(inside(part) for part in parts)
        case ForAll(_, body):
            return f"all {'abcdefgh'[depth]}: {inside(body, 1)}"
        case _:
            return _algebra(node, depth)


def _algebra(node: Node, depth: int) -> str:
    def inside(part: Node, more: int = 0) -> str:
        return _words(part, depth + more)

    name = type(node).__name__
    if name == "Add":
        return "(" + " + ".join(inside(t) for t in node.terms) + ")"  # type: ignore[attr-defined]
    if name == "Mul":
        return " ".join(inside(t) for t in node.factors)  # type: ignore[attr-defined]
    if name == "Pow":
        return f"{inside(node.base)}^{inside(node.exponent)}"  # type: ignore[attr-defined]
    if name == "Apply":
        arguments = ", ".join(inside(t) for t in node.arguments)  # type: ignore[attr-defined]
        return f"{node.function}({arguments})"  # type: ignore[attr-defined]
    if name == "Sum":
        return f"sum_{'abcdefgh'[depth]} {inside(node.body, 1)}"  # type: ignore[attr-defined]
    if name == "Indicator":
        return f"[{inside(node.condition)}]"  # type: ignore[attr-defined]
    raise AssertionError(name)


Case = tuple[str, Term, Operator, Term, Declarations, tuple[str, ...]]


def case(
    title: str,
    left: Term,
    right: Term,
    *conditions: str,
    operator: Operator = "=",
    given: tuple[Proposition, ...] = (),
    variables: Mapping[str, Variable] | None = None,
    definitions: tuple[Definition, ...] = (),
    functions: Mapping[str, FunctionType] | None = None,
) -> Case:
    declarations = Declarations(
        dimensions=("n", "m"),
        variables=variables or {},
        functions=functions or {},
        definitions={definition.name: definition for definition in definitions},
        hypotheses=given,
    )
    return title, left, operator, right, declarations, conditions


INVERTIBLE = var("A", ("n", "n"), "invertible")
SQUARE = var("A", ("n", "n"))
ENTRY = el("A", i, j)
H_OF_X = Definition("h", (), power(x, 2))
ONE_HOT = var("y", ("n",), "one-hot")

# ---- true under conditions only: the exact conditions --------------------------------------------

CONDITIONAL: tuple[Case, ...] = (
    case("x / x", div(x, x), ONE, "x != 0"),
    case("0 / x", div(ZERO, x), ZERO, "x != 0"),
    case("0 * (1 / x)", mul(ZERO, power(x, -1)), ZERO, "x != 0"),
    case("1/x - 1/x", sub(power(x, -1), power(x, -1)), ZERO, "x != 0"),
    case("1/x = 1/x", power(x, -1), power(x, -1), "x != 0"),
    case("x^2 / x", div(power(x, 2), x), x, "x != 0"),
    case(
        "(x^2 - 1)/(x - 1)", div(sub(power(x, 2), ONE), sub(x, ONE)), add(x, ONE), "(1 + -1 x) != 0"
    ),
    case("(1/x)^-1", power(power(x, -1), -1), x, "x != 0"),
    case("1/(x y)", power(mul(x, y), -1), mul(power(x, -1), power(y, -1)), "x != 0", "y != 0"),
    case("0 * log x", mul(ZERO, fn("log", x)), ZERO, "x > 0"),
    case("log x - log x", sub(fn("log", x), fn("log", x)), ZERO, "x > 0"),
    case("exp(log x)", fn("exp", fn("log", x)), x, "x > 0"),
    case("exp(2 log x)", fn("exp", mul(TWO, fn("log", x))), power(x, 2), "x > 0"),
    case(
        "exp(log x) exp(-log x)",
        mul(fn("exp", fn("log", x)), fn("exp", neg(fn("log", x)))),
        ONE,
        "x > 0",
    ),
    case("log(1/x)", fn("log", power(x, -1)), neg(fn("log", x)), "x > 0"),
    case("log(x^3)", fn("log", power(x, 3)), mul(three, fn("log", x)), "x > 0"),
    case("log(x^2) = 2 log x", fn("log", power(x, 2)), mul(TWO, fn("log", x)), "x > 0"),
    case(
        "log(x^4) = 2 log(x^2)", fn("log", power(x, 4)), mul(TWO, fn("log", power(x, 2))), "x != 0"
    ),
    case("log(x e^y)", fn("log", mul(x, fn("exp", y))), add(y, fn("log", x)), "x > 0"),
    case(
        "log(x y) = log x + log y",
        fn("log", mul(x, y)),
        add(fn("log", x), fn("log", y)),
        "x > 0",
        "y > 0",
    ),
    case(
        "log(x) - log(y) = log(x/y)",
        sub(fn("log", x), fn("log", y)),
        fn("log", div(x, y)),
        "x > 0",
        "y > 0",
    ),
    case("sqrt(x)^2", power(root(x), 2), x, "x >= 0"),
    case("sqrt(x) sqrt(x)", mul(root(x), fn("sqrt", x)), x, "x >= 0"),
    case("x / sqrt(x)", div(x, root(x)), root(x), "x > 0"),
    case("sqrt(x)/sqrt(x)", div(root(x), root(x)), ONE, "x > 0"),
    case("sqrt(x^2)/x", div(root(power(x, 2)), x), fn("sign", x), "x != 0"),
    case("cube root of x^3", Pow(power(x, 3), number(Fraction(1, 3))), x, "x^3 >= 0"),
    case("x^y x^-y", mul(Pow(x, y), Pow(x, neg(y))), ONE, "x > 0"),
    case("x^(y+1)", Pow(x, add(y, ONE)), mul(x, Pow(x, y)), "x > 0"),
    case("x^n / x^n", div(Pow(x, n), Pow(x, n)), ONE, "x > 0"),
    case("tan x cos x", mul(fn("tan", x), fn("cos", x)), fn("sin", x), "cos(x) != 0"),
    case("|x|/x", div(fn("abs", x), x), fn("sign", x), "x != 0"),
    case("x/|x|", div(x, fn("abs", x)), fn("sign", x), "x != 0"),
    case(
        "relu(1/x) - relu(-1/x)",
        sub(fn("relu", power(x, -1)), fn("relu", neg(power(x, -1)))),
        power(x, -1),
        "x != 0",
    ),
    case(
        "relu(log x) - relu(-log x)",
        sub(fn("relu", fn("log", x)), fn("relu", neg(fn("log", x)))),
        fn("log", x),
        "x > 0",
    ),
    case(
        "[1/x > 0] + [1/x < 0]", add(one(power(x, -1), ">"), one(power(x, -1), "<")), ONE, "x != 0"
    ),
    case(
        "[log x > 0] + [log x <= 0]",
        add(one(fn("log", x), ">"), one(fn("log", x), "<=")),
        ONE,
        "x > 0",
    ),
    case(
        "f(1/x) - f(1/x)",
        sub(
            Call("f", (), (Argument((), power(x, -1)),)),
            Call("f", (), (Argument((), power(x, -1)),)),
        ),
        ZERO,
        "x != 0",
    ),
    case(
        "f(1/x_k) for a vector",
        Call("f", (), (Argument(("n",), power(el("x", Bound(0)), -1)),)),
        Call("f", (), (Argument(("n",), power(el("x", Bound(0)), -1)),)),
        "all a: x[a] != 0",
    ),
    # derivatives: what has no value has no derivative, kinks have none
    case("d log x = 1/x", d(fn("log", x), x), power(x, -1), "x > 0"),
    case("d log y / dx = 0", d(fn("log", y), x), ZERO, "y > 0"),
    case("d (x + 1/y) / dx", d(add(x, power(y, -1)), x), ONE, "y != 0"),
    case("d (0 log x) / dx", d(mul(ZERO, fn("log", x)), x), ZERO, "x > 0"),
    case("d (1/y) / dx", d(power(y, -1), x), ZERO, "y != 0"),
    case("d (1/x)", d(power(x, -1), x), neg(power(x, -2)), "x != 0"),
    case("d (x/x)", d(div(x, x), x), ZERO, "x != 0"),
    case("d (sqrt(x)^2)", d(power(root(x), 2), x), ONE, "x > 0"),
    case("d sqrt x", d(fn("sqrt", x), x), div(HALF, root(x)), "x > 0"),
    case(
        "d x^(3/2)", d(power(x, Fraction(3, 2)), x), mul(number(Fraction(3, 2)), root(x)), "x > 0"
    ),
    case("d x^y / dx", d(Pow(x, y), x), mul(y, Pow(x, sub(y, ONE))), "x > 0"),
    case("d x^y / dy", d(Pow(x, y), y), mul(Pow(x, y), fn("log", x)), "x > 0"),
    case("d log|x|", d(fn("log", fn("abs", x)), x), power(x, -1), "x != 0"),
    case("d log(1/x)", d(fn("log", power(x, -1)), x), neg(power(x, -1)), "x > 0"),
    case("d log(x^2)", d(fn("log", power(x, 2)), x), div(TWO, x), "x != 0"),
    case("d log(-x)", d(fn("log", neg(x)), x), power(x, -1), "-1 x > 0"),
    case("d tan x", d(fn("tan", x), x), add(ONE, power(fn("tan", x), 2)), "cos(x) != 0"),
    case("d relu", d(fn("relu", x), x), one(x, ">"), "x != 0"),
    case("d relu with >=", d(fn("relu", x), x), one(x, ">="), "x != 0"),
    case("d |x|", d(fn("abs", x), x), fn("sign", x), "x != 0"),
    case("d sign", d(fn("sign", x), x), ZERO, "x != 0"),
    case("d [x > 0]", d(one(x, ">"), x), ZERO, "x != 0"),
    case("d [x = 0]", d(one(x, "="), x), ZERO, "x != 0"),
    case("d max(x, y)", d(fn("max", x, y), x), one(x, ">", y), "(x + -1 y) != 0"),
    case("d min(x, y)", d(fn("min", x, y), x), one(x, "<", y), "(x + -1 y) != 0"),
    case("second derivative of relu", d(fn("relu", x), x, x), ZERO, "x != 0"),
    case("second derivative of |x|", d(fn("abs", x), x, x), ZERO, "x != 0"),
    case("relu'(u_j) by u_i", d(fn("relu", xj), xi), mul(Delta(i, j), one(xj, ">")), "x[j] != 0"),
    case("sum of relus by u_i", d(sum_over(k, fn("relu", xk)), xi), one(xi, ">"), "x[i] != 0"),
    case("sum of |.| by u_i", d(sum_over(k, fn("abs", xk)), xi), fn("sign", xi), "x[i] != 0"),
    case(
        "d by cases",
        d(Where(cmp(x, ">"), x, neg(x)), x),
        Where(cmp(x, ">"), ONE, MINUS_ONE),
        "x != 0",
    ),
    case(
        "norm",
        d(root(sum_over(k, power(xk, 2))), xi),
        div(xi, root(sum_over(k, power(xk, 2)))),
        "sum_a x[a]^2 > 0",
    ),
    case("0 * relu'", mul(ZERO, d(fn("relu", x), x)), ZERO, "x != 0"),
    case("d of no value", d(Where(cmp(x, ">"), x, Undefined()), x), one(x, ">"), "x > 0"),
    case(
        "by a name without a value",
        d(three, el("g")),
        ZERO,
        "x != 0",
        definitions=(Definition("g", (), power(x, -1)),),
    ),
    # sums: conditions for every index
    case(
        "sum of 1/x_k", sum_over(k, power(xk, -1)), sum_over(l, power(xl, -1)), "all a: x[a] != 0"
    ),
    case("sum of x_k/x_k", sum_over(k, div(xk, xk)), n, "all a: x[a] != 0"),
    case(
        "sum of log",
        sum_over(k, fn("log", power(xk, 2))),
        sum_over(k, mul(TWO, fn("log", xk))),
        "all a: x[a] > 0",
    ),
    case(
        "log of a product",
        fn("log", product_over(k, xk)),
        sum_over(k, fn("log", xk)),
        "all a: x[a] > 0",
    ),
    case("x_i / sum x", sum_over(i, div(xi, sum_over(k, xk))), ONE, "sum_a x[a] != 0"),
    case("sum of 0 * 1/x_k", sum_over(k, mul(ZERO, power(xk, -1))), ZERO, "all a: x[a] != 0"),
    case(
        "delta / x_k",
        sum_over(k, mul(Delta(k, j), power(xk, -1))),
        power(xj, -1),
        "all a: x[a] != 0",
    ),
    case(
        "nested",
        sum_over(i, sum_over(j, power(el("W", i, j), -1))),
        sum_over(j, sum_over(i, power(el("W", i, j), -1))),
        "all a: all b: W[a,b] != 0",
        "all a: all b: W[b,a] != 0",
    ),
    case(
        "one condition of all, one of one",
        add(sum_over(k, div(xk, xk)), fn("exp", fn("log", xi))),
        add(n, xi),
        "all a: x[a] != 0",
        "x[i] > 0",
    ),
    # definitions by cases without an else
    case(
        "no value at 0",
        Where(cmp(x, ">"), x, Where(cmp(x, "<"), neg(x), Undefined())),
        fn("abs", x),
        "x != 0",
    ),
    case("no value below", Where(cmp(x, ">"), x, Undefined()), x, "x > 0"),
    case(
        "a branch with 1/x",
        Where(cmp(x, ">="), power(x, -1), ZERO),
        mul(one(x, ">"), power(x, -1)),
        "x != 0",
    ),
    # constant indices need a range that is long enough
    case("x[2]", el("x", Fixed(2, "n")), el("x", Fixed(2, "n")), "n >= 2"),
    case(
        "x[3] and x[2]",
        mul(el("x", Fixed(3, "n")), el("x", Fixed(2, "n"))),
        mul(el("x", Fixed(2, "n")), el("x", Fixed(3, "n"))),
        "n >= 3",
    ),
    case("0 * x[2]", mul(ZERO, el("x", Fixed(2, "n"))), ZERO, "n >= 2"),
    case("d x[2] / d x[1]", d(el("x", Fixed(2, "n")), el("x", Fixed(1, "n"))), ZERO, "n >= 2"),
    case("d x[1] / d x[2]", d(el("x", Fixed(1, "n")), el("x", Fixed(2, "n"))), ZERO, "n >= 2"),
    # matrices
    case(
        "A A^-1 without a word",
        sum_over(k, mul(el("A", i, k), InverseEntry("A", k, j))),
        Delta(i, j),
        "det A != 0",
        variables=SQUARE,
    ),
    case(
        "d det",
        d(Determinant("A"), ENTRY),
        mul(Determinant("A"), InverseEntry("A", j, i)),
        "det A != 0",
        variables=SQUARE,
    ),
    # one-hot: conditions speak of the vector
    case(
        "log y_i for a one-hot y",
        sub(fn("log", yi), fn("log", yi)),
        ZERO,
        "y[i] > 0",
        variables=ONE_HOT,
    ),
    case("1/y_i for a one-hot y", mul(yi, power(yi, -1)), yi, "y[i] != 0", variables=ONE_HOT),
    case(
        "log of the chosen one",
        sum_over(k, mul(yk, fn("log", el("s", k)))),
        fn("log", sum_over(k, mul(yk, el("s", k)))),
        "all a: s[a] > 0",
        variables=ONE_HOT,
    ),
    # hypotheses
    case(
        "x y > 0 says nothing of x",
        fn("log", mul(x, y)),
        add(fn("log", x), fn("log", y)),
        "x > 0",
        "y > 0",
        given=(cmp(mul(x, y), ">"),),
    ),
    case("x >= 0 is not x > 0", fn("exp", fn("log", x)), x, "x > 0", given=(cmp(x, ">="),)),
    case(
        "a root at the border",
        d(power(x, Fraction(3, 2)), x),
        mul(number(Fraction(3, 2)), root(x)),
        "x > 0",
        given=(cmp(x, ">="),),
    ),
    case(
        "a definition without a value",
        mul(ZERO, el("g")),
        ZERO,
        "x != 0",
        definitions=(Definition("g", (), power(x, -1)),),
    ),
    case(
        "the derivative of a defined partial one",
        d(add(y, el("g")), y),
        ONE,
        "x != 0",
        definitions=(Definition("g", (), power(x, -1)),),
    ),
)

# ---- never to be proved --------------------------------------------------------------------------

A_kk = el("A", k, k)
ORTHOGONAL = var("Q", ("n", "n"), "orthogonal")
SIGNED = Where(cmp(xi, ">"), xi, Where(cmp(xi, "<"), neg(xi), Undefined()))
MIXED = add(mul(xk, xj), xj, neg(xk))
SOFTMAX_I = div(fn("exp", xi), sum_over(k, fn("exp", xk)))
H = el("h")
L_OF_H = Definition("L", (), power(H, 3))

UNKNOWN: tuple[Case, ...] = (
    # slips of algebra
    case("square of a sum", power(add(x, y), 2), add(power(x, 2), power(y, 2))),
    case(
        "sum of fractions",
        add(power(x, -1), power(y, -1)),
        power(add(x, y), -1),
        variables=var("x", (), "positive") | var("y", (), "positive"),
    ),
    case("root of a sum", root(add(power(x, 2), power(y, 2))), add(x, y)),
    case("root of a square", root(power(x, 2)), x),
    case("minus the root", root(power(x, 2)), neg(x)),
    case("cube root of -8", Pow(number(-8), number(Fraction(1, 3))), number(-2)),
    case("root of -1", root(MINUS_ONE), root(MINUS_ONE)),
    case(
        "fourth root of x^2",
        Pow(power(x, 2), number(Fraction(1, 4))),
        root(x),
        variables=var("x", (), "nonzero"),
    ),
    case("(x^2)^(3/2) = x^3", Pow(power(x, 2), number(Fraction(3, 2))), power(x, 3)),
    case("0/0", div(ZERO, ZERO), ZERO),
    case("1/0 = 1/0", power(ZERO, -1), power(ZERO, -1)),
    case("0 * (1/0)", mul(ZERO, power(ZERO, -1)), ZERO),
    case("1/(x - x)", power(sub(x, x), -1), power(sub(x, x), -1)),
    case("0^-1/2", Pow(ZERO, number(Fraction(-1, 2))), ZERO),
    case("x = 0", x, ZERO),
    case("x = y", x, y),
    case("1 = 2", ONE, two),
    case("x = x + 0 * 1/0", x, add(x, mul(ZERO, power(ZERO, -1)))),
    case("(-x)^2 = -x^2", power(neg(x), 2), neg(power(x, 2))),
    case("x^2 x^3 = x^6", mul(power(x, 2), power(x, 3)), power(x, 6)),
    case("(x^2)^3 = x^5", power(power(x, 2), 3), power(x, 5)),
    case("x^-2 = -x^2", power(x, -2), neg(power(x, 2))),
    case("2^x 3^x = 5^x", mul(Pow(two, x), Pow(three, x)), Pow(number(5), x)),
    case("2^(x+1) = 2^x + 2", Pow(two, add(x, ONE)), add(Pow(two, x), two)),
    case("sqrt 2 + sqrt 3 = sqrt 5", add(root(two), root(three)), root(number(5))),
    case("sqrt 2 = 7/5", root(two), number(Fraction(7, 5))),
    case("pi = 22/7", fn("pi"), number(Fraction(22, 7))),
    # exp and log
    case(
        "log of a sum",
        fn("log", add(x, y)),
        add(fn("log", x), fn("log", y)),
        variables=var("x", (), "positive") | var("y", (), "positive"),
    ),
    case(
        "log of a quotient",
        fn("log", div(x, y)),
        div(fn("log", x), fn("log", y)),
        variables=var("x", (), "positive") | var("y", (), "positive"),
    ),
    case(
        "log of a product",
        fn("log", mul(x, y)),
        mul(fn("log", x), fn("log", y)),
        variables=var("x", (), "positive") | var("y", (), "positive"),
    ),
    case("log(-x^2)", fn("log", neg(power(x, 2))), fn("log", power(x, 2))),
    case("log(-x^2) = itself", fn("log", neg(power(x, 2))), fn("log", neg(power(x, 2)))),
    case("log(-e^x)", fn("log", neg(fn("exp", x))), x),
    case("log 0", fn("log", ZERO), fn("log", ZERO)),
    case("log(-1) = log(-1)", fn("log", MINUS_ONE), fn("log", MINUS_ONE)),
    case(
        "log(-2) = log(-1) + log 2",
        fn("log", number(-2)),
        add(fn("log", MINUS_ONE), fn("log", two)),
    ),
    case("2 log(-1) = log 1", mul(two, fn("log", MINUS_ONE)), ZERO),
    case("exp(log x) = x^2", fn("exp", fn("log", x)), power(x, 2)),
    case("exp of a product", fn("exp", mul(x, y)), mul(fn("exp", x), fn("exp", y))),
    case("exp of a sum", fn("exp", add(x, y)), add(fn("exp", x), fn("exp", y))),
    case("exp(-x) = -exp(x)", fn("exp", neg(x)), neg(fn("exp", x))),
    case("exp(x)^2 = exp(x^2)", power(fn("exp", x), 2), fn("exp", power(x, 2))),
    case(
        "log(x)^2 = 2 log x",
        power(fn("log", x), 2),
        mul(two, fn("log", x)),
        variables=var("x", (), "positive"),
    ),
    case(
        "log(1 + x) = log x + 1",
        fn("log", add(ONE, x)),
        add(ONE, fn("log", x)),
        variables=var("x", (), "positive"),
    ),
    case("sin^2 - cos^2 = 1", sub(power(fn("sin", x), 2), power(fn("cos", x), 2)), ONE),
    case("sigmoid is odd", fn("sigmoid", neg(x)), neg(fn("sigmoid", x))),
    case("tanh by sigmoid without 2", fn("tanh", x), sub(fn("sigmoid", x), ONE)),
    case("softplus is even", fn("softplus", x), fn("softplus", neg(x))),
    # signs, kinks, indicators
    case("|x| = x", fn("abs", x), x),
    case("|x + y| = |x| + |y|", fn("abs", add(x, y)), add(fn("abs", x), fn("abs", y))),
    case("relu is additive", fn("relu", add(x, y)), add(fn("relu", x), fn("relu", y))),
    case("relu(x) + relu(-x) = x", add(fn("relu", x), fn("relu", neg(x))), x),
    case("relu = x [x > 1]", fn("relu", x), mul(x, one(x, ">", ONE))),
    case("relu(-x) = -relu(x)", fn("relu", neg(x)), neg(fn("relu", x))),
    case("relu(2 x) = relu(x)", fn("relu", mul(two, x)), fn("relu", x)),
    case("relu(-2 x) = -2 relu(x)", fn("relu", mul(number(-2), x)), mul(number(-2), fn("relu", x))),
    case("relu(y x) = y relu(x)", fn("relu", mul(y, x)), mul(y, fn("relu", x))),
    case("relu^2 = x relu(-x)", power(fn("relu", x), 2), mul(x, fn("relu", neg(x)))),
    case("sign^2 = 1", power(fn("sign", x), 2), ONE),
    case("[x > 0] + [x < 0] = 1", add(one(x, ">"), one(x, "<")), ONE),
    case("[x > 0] = [x >= 0]", one(x, ">"), one(x, ">=")),
    case("[x >= 0] [x <= 0] = 0", mul(one(x, ">="), one(x, "<=")), ZERO),
    case("[x > 0] [y > 0] = [x y > 0]", mul(one(x, ">"), one(y, ">")), one(mul(x, y), ">")),
    case("[x > y] = [x > 0]", one(x, ">", y), one(x, ">")),
    case("[x^2 > 0] = 1", one(power(x, 2), ">"), ONE),
    case("[x > 0] = [x^3 > 1]", one(x, ">"), one(power(x, 3), ">", ONE)),
    case("max(x, y) = x", fn("max", x, y), x),
    case("max + min = 2 max", add(fn("max", x, y), fn("min", x, y)), mul(two, fn("max", x, y))),
    case("x^[x > 0] = 1", Pow(two, one(x, ">")), ONE),
    case("floor(x) = x", fn("floor", x), x),
    case("floor(x + y)", fn("floor", add(x, y)), add(fn("floor", x), fn("floor", y))),
    case("floor(2 x) = 2 floor(x)", fn("floor", mul(two, x)), mul(two, fn("floor", x))),
    case("ceiling = floor + 1", fn("ceiling", x), add(fn("floor", x), ONE)),
    case("divisors of a real number", fn("divisor_count", x), fn("divisor_count", x)),
    # sums and indices
    case("product of sums", mul(sum_over(k, xk), sum_over(k, yk)), sum_over(k, mul(xk, yk))),
    case("square of a sum over k", power(sum_over(k, xk), 2), sum_over(k, power(xk, 2))),
    case("exp of a sum over k", fn("exp", sum_over(k, xk)), sum_over(k, fn("exp", xk))),
    case("log-sum-exp", fn("log", sum_over(k, fn("exp", xk))), sum_over(k, xk)),
    case("|sum| = sum of |.|", fn("abs", sum_over(k, xk)), sum_over(k, fn("abs", xk))),
    case("relu of a sum", fn("relu", sum_over(k, xk)), sum_over(k, fn("relu", xk))),
    case("sum of 1 = 1", sum_over(k, ONE), ONE),
    case("sum of 1 = n - 1", sum_over(k, ONE), sub(n, ONE)),
    case("n = m", n, m),
    case("sum over n = sum over m", sum_over(k, x), sum_over(r, x)),
    case("x_i = x_j", xi, xj),
    case("delta without its index", sum_over(k, mul(Delta(k, j), xk)), xi),
    case("delta = 1", Delta(i, j), ONE),
    case("delta = 0", Delta(i, j), ZERO),
    case("delta delta", mul(Delta(i, j), Delta(j, k)), Delta(i, k)),
    case("sum of deltas = n", sum_over(k, Delta(k, j)), n),
    case("delta in a denominator", sum_over(k, power(add(ONE, Delta(k, j)), -1)), n),
    case("1 / (2 - delta)", sum_over(k, power(sub(two, Delta(k, j)), -1)), add(mul(HALF, n), ONE)),
    case("exp(delta)", sum_over(k, fn("exp", Delta(k, j))), add(n, fn("exp", ONE))),
    case("x^delta", Pow(two, Delta(i, j)), two),
    case("a root under a delta", sum_over(k, mul(Delta(k, j), root(MIXED))), xj),
    case("trace = sum of all", sum_over(k, el("W", k, k)), sum_over(i, sum_over(j, el("W", i, j)))),
    case("W = W^T", el("W", i, j), el("W", j, i)),
    case(
        "commuting matrices",
        sum_over(k, mul(el("A", i, k), el("B", k, j))),
        sum_over(k, mul(el("B", i, k), el("A", k, j))),
    ),
    case(
        "(A B)^T = A^T B^T",
        sum_over(k, mul(el("A", j, k), el("B", k, i))),
        sum_over(k, mul(el("A", k, i), el("B", j, k))),
    ),
    case(
        "tr(A B) = tr A tr B",
        sum_over(i, sum_over(k, mul(el("A", i, k), el("B", k, i)))),
        mul(sum_over(i, el("A", i, i)), sum_over(k, el("B", k, k))),
    ),
    case(
        "tr(A B C) = tr(A C B)",
        sum_over(i, sum_over(j, sum_over(k, mul(el("A", i, j), el("B", j, k), el("C", k, i))))),
        sum_over(i, sum_over(j, sum_over(k, mul(el("A", i, j), el("C", j, k), el("B", k, i))))),
    ),
    case(
        "symmetric product",
        sum_over(k, mul(el("A", i, k), el("B", k, j))),
        sum_over(k, mul(el("A", j, k), el("B", k, i))),
        variables=var("A", ("n", "n"), "symmetric") | var("B", ("n", "n"), "symmetric"),
    ),
    case("shadowed index", sum_over(k, mul(xk, sum_over(k, yk))), sum_over(k, mul(xk, yk))),
    case("free index k, bound index k", mul(xk, sum_over(k, yk)), sum_over(k, mul(xk, yk))),
    case(
        "free index l, bound index l",
        sum_over(l, mul(el("x", l), yk)),
        mul(el("x", l), sum_over(k, yk)),
    ),
    case("product over k of a constant", product_over(k, x), x),
    case(
        "product over k of a sum",
        product_over(k, add(xk, yk)),
        add(product_over(k, xk), product_over(k, yk)),
    ),
    case("x_1 = x_2", el("x", Fixed(1, "n")), el("x", Fixed(2, "n"))),
    case("x[5] of R^3", el("x", Fixed(5, 3)), el("x", Fixed(5, 3))),
    case("x[0]", el("x", Fixed(0, "n")), el("x", Fixed(0, "n"))),
    case("position", Position(i), Position(j)),
    case("sum of positions", sum_over(k, Position(k)), power(n, 2)),
    # condition words that must not say more than they do
    case(
        "sums to 1 along a row",
        sum_over(j, el("P", i, j)),
        ONE,
        variables=var("P", ("n", "n"), "sums to 1"),
    ),
    case(
        "squares of what sums to 1",
        sum_over(k, power(el("s", k), 2)),
        ONE,
        variables=var("s", ("n",), "sums to 1"),
    ),
    case("one-hot entry = 1", yi, ONE, variables=ONE_HOT),
    case("one-hot times n", sum_over(k, mul(n, yk)), ONE, variables=ONE_HOT),
    case(
        "two one-hot vectors",
        sum_over(k, mul(yk, el("t", k))),
        ONE,
        variables=ONE_HOT | var("t", ("n",), "one-hot"),
    ),
    case(
        "one-hot matrix entry squared",
        power(el("Y", i, j), 2),
        ONE,
        variables=var("Y", ("n", "n"), "one-hot"),
    ),
    case(
        "diagonal of an orthogonal matrix",
        sum_over(k, power(el("Q", k, k), 2)),
        ONE,
        variables=ORTHOGONAL,
    ),
    case(
        "Q_kk Q_kj",
        sum_over(k, mul(el("Q", k, k), el("Q", k, j))),
        Delta(k, j),
        variables=ORTHOGONAL,
    ),
    case("Q Q", sum_over(k, mul(el("Q", i, k), el("Q", k, j))), Delta(i, j), variables=ORTHOGONAL),
    case(
        "A_kk A^-1_kj",
        sum_over(k, mul(A_kk, InverseEntry("A", k, j))),
        Delta(k, j),
        variables=INVERTIBLE,
    ),
    case(
        "A A^-1 with a swapped index",
        sum_over(k, mul(el("A", k, i), InverseEntry("A", k, j))),
        Delta(i, j),
        variables=INVERTIBLE,
    ),
    case("entries of an inverse", InverseEntry("A", i, j), power(ENTRY, -1), variables=INVERTIBLE),
    case(
        "A^-1 A^-1",
        sum_over(k, mul(InverseEntry("A", i, k), InverseEntry("A", k, j))),
        Delta(i, j),
        variables=INVERTIBLE,
    ),
    case(
        "positive definite entries",
        fn("abs", ENTRY),
        ENTRY,
        variables=var("A", ("n", "n"), "positive definite"),
    ),
    case("nonzero is not positive", fn("abs", x), x, variables=var("x", (), "nonzero")),
    case("nonnegative is not positive", fn("sign", x), ONE, variables=var("x", (), "nonnegative")),
    case("integer says nothing of signs", fn("abs", x), x, variables=var("x", (), "integer")),
    case(
        "a matrix that is not square",
        sum_over(r, mul(el("R", i, r), el("R", j, r))),
        Delta(i, j),
        variables=var("R", ("n", "m"), "orthogonal"),
    ),
    # hypotheses that must not say more than they do
    case("x / y > 0", root(power(x, 2)), x, given=(cmp(div(x, y), ">"),)),
    case("x y > 0", fn("abs", x), x, given=(cmp(mul(x, y), ">"),)),
    case("x^2 > 0", fn("abs", x), x, given=(cmp(power(x, 2), ">"),)),
    case("x > -1", fn("abs", x), x, given=(cmp(x, ">", MINUS_ONE),)),
    case("x >= 0", fn("sign", x), ONE, given=(cmp(x, ">="),)),
    case("x > 0 or y > 0", fn("abs", x), x, given=(Or((cmp(x, ">"), cmp(y, ">"))),)),
    case("x_k > 0 for one k", sum_over(i, fn("abs", xi)), sum_over(i, xi), given=(cmp(xk, ">"),)),
    case("x_j > 0, said of x_i", fn("abs", xi), xi, given=(cmp(xj, ">"),)),
    case(
        "i != k for one k", sum_over(l, mul(Delta(i, l), xl)), ZERO, given=(Not(SameIndex(i, k)),)
    ),
    case("i != j, said of i and k", Delta(i, k), ZERO, given=(Not(SameIndex(i, j)),)),
    case("i = j, said of i and k", Delta(i, k), ONE, given=(SameIndex(i, j),)),
    case(
        "y_i = 2 x_i for one i",
        sum_over(k, yk),
        mul(two, sum_over(k, xk)),
        given=(cmp(yi, "=", mul(two, xi)),),
    ),
    case("a circular equation", x, ZERO, given=(cmp(x, "=", fn("exp", x)),)),
    case("1/x > 0, then x = 1", x, ONE, given=(cmp(power(x, -1), ">"),)),
    case("the sign of a sum", fn("abs", x), x, given=(cmp(add(x, y), ">"),)),
    case(
        "all x_k != 0",
        sum_over(k, fn("abs", xk)),
        sum_over(k, xk),
        given=(ForAll("n", cmp(el("x", Bound(0)), "!=")),),
    ),
    case(
        "all of another range",
        sum_over(r, fn("abs", el("w", r))),
        sum_over(r, el("w", r)),
        given=(ForAll("n", cmp(el("x", Bound(0)), ">")),),
    ),
    case("a hypothesis without a value", x, y, given=(cmp(power(ZERO, -1), ">"),)),
    # derivatives
    case("d x^2 = x", d(power(x, 2), x), x),
    case("product rule without the second term", d(mul(x, fn("exp", x)), x), mul(x, fn("exp", x))),
    case("chain rule without the factor", d(fn("exp", mul(two, x)), x), fn("exp", mul(two, x))),
    case(
        "quotient rule with a plus",
        d(div(x, add(ONE, power(x, 2))), x),
        div(add(ONE, mul(three, power(x, 2))), power(add(ONE, power(x, 2)), 2)),
    ),
    case("d by y instead of x", d(mul(x, y), y), y),
    case("d x_i / d x_j = 1", d(xi, xj), ONE),
    case("d x_i / d x_i + d x_j / d x_i = 1", add(d(xi, xi), d(xj, xi)), ONE),
    case("d of the square norm", d(sum_over(k, power(xk, 2)), xi), xi),
    case(
        "d of the quadratic form",
        d(sum_over(k, sum_over(l, mul(xk, el("W", k, l), xl))), xi),
        mul(two, sum_over(l, mul(el("W", i, l), xl))),
    ),
    case("d sigmoid", d(fn("sigmoid", x), x), mul(fn("sigmoid", x), add(ONE, fn("sigmoid", x)))),
    case(
        "softmax Jacobian without delta",
        d(SOFTMAX_I, xj),
        neg(mul(SOFTMAX_I, div(fn("exp", xj), sum_over(k, fn("exp", xk))))),
    ),
    case(
        "softmax, only the diagonal",
        d(SOFTMAX_I, xj),
        mul(Delta(i, j), SOFTMAX_I, sub(ONE, SOFTMAX_I)),
    ),
    case(
        "softmax under scaling",
        SOFTMAX_I,
        div(fn("exp", mul(two, xi)), sum_over(k, fn("exp", mul(two, xk)))),
    ),
    case("transposed Jacobian", d(sum_over(k, mul(el("W", i, k), xk)), xj), el("W", j, i)),
    case(
        "d of x^T W y by W",
        d(sum_over(k, sum_over(l, mul(xk, el("W", k, l), yk))), el("W", i, j)),
        mul(xi, yj),
    ),
    case("d relu at 0 is 1/2", d(fn("relu", x), x), add(mul(HALF, one(x, "=")), one(x, "<"))),
    case(
        "d log(1 + x^2)", d(fn("log", add(ONE, power(x, 2))), x), power(add(ONE, power(x, 2)), -1)
    ),
    case(
        "second derivative of x^3 at x = 1", d(power(x, 3), x, x), ZERO, given=(cmp(x, "=", ONE),)
    ),
    case("first derivative of x^2 at x = 1", d(power(x, 2), x), ZERO, given=(cmp(x, "=", ONE),)),
    case(
        "the case x = 0 is a point", d(power(x, 2), x, x), mul(two, add(one(x, ">"), one(x, "<")))
    ),
    case(
        "the case x = 0 in |x|",
        mul(add(one(x, ">"), one(x, "<")), d(power(x, 3), x, x)),
        mul(number(5), x),
    ),
    case("through a definition", d(el("h"), x), ZERO, definitions=(H_OF_X,)),
    case("a definition held constant", d(mul(H, x), x), H, definitions=(H_OF_X,)),
    case(
        "a variable that is defined",
        d(el("L"), H),
        mul(number(6), power(x, 5)),
        definitions=(H_OF_X, L_OF_H),
    ),
    case("first by h, then by x", d(el("L"), H, x), ZERO, definitions=(H_OF_X, L_OF_H)),
    case(
        "a defined derivative",
        d(el("g"), x),
        ZERO,
        definitions=(H_OF_X, Definition("g", (), d(power(H, 2), H))),
    ),
    case(
        "second derivative by a defined name", d(el("L"), H, H), ZERO, definitions=(H_OF_X, L_OF_H)
    ),
    case(
        "inverse of a defined matrix",
        d(InverseEntry("A", i, j), x),
        ZERO,
        variables=INVERTIBLE,
        definitions=(Definition("A", (i, j), mul(x, Delta(i, j))),),
    ),
    case(
        "determinant of a defined matrix",
        d(Determinant("A"), x),
        ZERO,
        variables=INVERTIBLE,
        definitions=(Definition("A", (i, j), mul(x, Delta(i, j))),),
    ),
    case(
        "a free index of a definition",
        sum_over(i, mul(el("L"), yi)),
        sum_over(i, mul(xi, yi)),
        definitions=(Definition("L", (), xk),),
    ),
    case(
        "a definition of itself",
        el("g"),
        ONE,
        definitions=(Definition("g", (), add(el("g"), ONE)),),
    ),
    case("by a one-hot vector", d(yi, yj), Delta(i, j), variables=ONE_HOT),
    case("by what sums to 1", d(sum_over(k, yk), yj), ONE, variables=var("y", ("n",), "sums to 1")),
    case(
        "by a symmetric matrix", d(ENTRY, ENTRY), ONE, variables=var("A", ("n", "n"), "symmetric")
    ),
    case(
        "determinant by a symmetric matrix",
        d(Determinant("A"), ENTRY),
        mul(Determinant("A"), InverseEntry("A", j, i)),
        variables=var("A", ("n", "n"), "symmetric", "invertible"),
    ),
    case(
        "inverse by a symmetric matrix",
        d(InverseEntry("A", i, j), el("A", k, l)),
        neg(mul(InverseEntry("A", i, k), InverseEntry("A", l, j))),
        variables=var("A", ("n", "n"), "symmetric", "invertible"),
    ),
    case("by an orthogonal matrix", d(el("Q", i, j), el("Q", i, j)), ONE, variables=ORTHOGONAL),
    case("by an integer", d(power(x, 2), x), mul(two, x), variables=var("x", (), "integer")),
    case(
        "d of A^-1 without the minus",
        d(InverseEntry("A", i, j), el("A", k, l)),
        mul(InverseEntry("A", i, k), InverseEntry("A", l, j)),
        variables=INVERTIBLE,
    ),
    case(
        "Jacobi with a swapped index",
        d(Determinant("A"), ENTRY),
        mul(Determinant("A"), InverseEntry("A", i, j)),
        variables=INVERTIBLE,
    ),
    case("d floor", d(fn("floor", x), x), ZERO),
    case(
        "a log in a branch that is not taken",
        fn("exp", x),
        ZERO,
        operator="<",
        given=(cmp(x, "=", Where(cmp(y, "<"), ZERO, fn("log", y))), cmp(y, "<")),
    ),
    case(
        "a log in a branch of a definition",
        fn("exp", x),
        ZERO,
        operator="<",
        given=(cmp(x, "=", el("h")), cmp(y, "<")),
        definitions=(Definition("h", (), Where(cmp(z, ">"), ZERO, fn("log", y))),),
    ),
    case("a tied variable", d(fn("exp", y), x), ZERO, given=(cmp(add(x, y), "=", ONE),)),
    case(
        "tied components", d(mul(xi, xi), xi), mul(two, xi), given=(cmp(sum_over(k, xk), "=", ONE),)
    ),
    # unknown functions
    case(
        "f(x + y)",
        Call("f", (), (Argument((), add(x, y)),)),
        add(Call("f", (), (Argument((), x),)), Call("f", (), (Argument((), y),))),
    ),
    case("f(x) = f(y)", Call("f", (), (Argument((), x),)), Call("f", (), (Argument((), y),))),
    case("f = g", Call("f", (), (Argument((), x),)), Call("g", (), (Argument((), x),))),
    case(
        "f(x, y) = f(y, x)",
        Call("f", (), (Argument((), x), Argument((), y))),
        Call("f", (), (Argument((), y), Argument((), x))),
    ),
    case(
        "chain rule without the inner factor",
        d(Call("f", (), (Argument((), power(x, 2)),)), x),
        Call("f", (), (Argument((), power(x, 2)),), ((0, ()),)),
    ),
    case(
        "both slots",
        d(Call("f", (), (Argument((), x), Argument((), x))), x),
        Call("f", (), (Argument((), x), Argument((), x)), ((0, ()),)),
    ),
    # cases
    case("guards under a sum", power(sum_over(i, SIGNED), 2), power(sum_over(i, xi), 2)),
    case("a sum in no case", sum_over(i, SIGNED), sum_over(i, xi)),
    case("nothing but no value", Undefined(), Undefined()),
    case("a case without a value", Where(cmp(x, ">"), x, Undefined()), neg(x)),
    case("by cases on indices", Where(SameIndex(i, j), xi, ZERO), xi),
    # orders
    case("x^2 > 0", power(x, 2), ZERO, operator=">"),
    case("x > x", x, x, operator=">"),
    case("x >= y", x, y, operator=">="),
    case("exp x > 1", fn("exp", x), ONE, operator=">"),
    case("|x| > 0", fn("abs", x), ZERO, operator=">"),
    case("x != y", x, y, operator="!="),
    case("x != x", x, x, operator="!="),
    case("log x > 0", fn("log", x), ZERO, operator=">", variables=var("x", (), "positive")),
    case("n > 1", n, ONE, operator=">"),
    case("n >= m", n, m, operator=">="),
    case("relu > 0", fn("relu", x), ZERO, operator=">"),
    case("x^2 - x + 1/4 > 0", add(power(x, 2), neg(x), number(Fraction(1, 4))), ZERO, operator=">"),
    case("x^2 - 3 x + 2 > 0", add(power(x, 2), mul(number(-3), x), two), ZERO, operator=">"),
    case("x + 1/x >= 2", add(x, power(x, -1)), two, operator=">="),
    # limits: unknown, never a hang
    case("2^(10^9 + 1/2)", Pow(two, number(Fraction(2 * 10**9 + 1, 2))), ONE),
    case("exp(10^9 log 2)", fn("exp", mul(number(10**9), fn("log", two))), ONE),
    case("a tower", power(power(power(number(10), 9999), 9999), 9999), ONE),
    case("a long fraction", add(power(add(x, ONE), -9000), ONE), ONE),
    case("a high degree", power(sub(power(x, 9999), ONE), -1), power(sub(power(x, 9999), ONE), -1)),
    case("a fine root", power(add(Pow(x, number(Fraction(1, 10**6 + 3))), x), -1), ONE),
    case("a large power of a sum", power(add(x, y, z, a, b, c), 40), ONE),
    case("a number too long to write", number(10**20000), number(10**20000 + 1)),
)


def _conditions(entry: Case) -> tuple[str, tuple[str, ...]]:
    _, left, operator, right, declarations, _ = entry
    attempt = prove(Obligation(operator, left, right, declarations))
    return attempt.outcome, tuple(words(c) for c in attempt.conditions)


@pytest.mark.parametrize("entry", CONDITIONAL, ids=lambda entry: entry[0])
def test_needs_its_conditions(entry: Case) -> None:
    assert _conditions(entry) == ("proved", entry[5])


@pytest.mark.parametrize("entry", UNKNOWN, ids=lambda entry: entry[0])
def test_is_not_proved(entry: Case) -> None:
    assert _conditions(entry) == ("unknown", ())


def test_the_corpus_is_large() -> None:
    assert len(CONDITIONAL) + len(UNKNOWN) >= 280


REASONS = {
    "guards under a sum": "a guard under a sum is not decided",
    "nothing but no value": "the statement has no value: no case applies",
    "1/0 = 1/0": "the statement has no value: a denominator is zero for all values",
    "log(-x^2)": "the statement has no value: the logarithm of a negative number",
    "x[5] of R^3": "the statement has no value: index 5 of a range of length 3",
    "divisors of a real number": "the number of divisors is a matter of integers",
    "a tied variable": "a derivative by x, which a stated equation ties to others",
    "by a symmetric matrix": (
        "a derivative by A, whose components are not independent (symmetric)"
    ),
    "by an integer": "a derivative by x, which takes integer values only",
    "second derivative by a defined name": "a second derivative by h, which is defined",
    "inverse of a defined matrix": "a derivative through the inverse or determinant of A",
    "d floor": "no rule for the derivative of floor",
    "a definition of itself": "a size limit was reached: the term is nested too deeply",
    "2^(10^9 + 1/2)": "a size limit was reached: a number to the power 1000000000",
    "exp(10^9 log 2)": "a size limit was reached: a number to the power 1000000000",
    "a tower": "a size limit was reached: a number of 39996 bits",
    "a long fraction": "a size limit was reached: a sum to the power 9000",
    "a high degree": "a size limit was reached: a polynomial of degree 9999",
    "a fine root": "a size limit was reached: a polynomial of degree 1000002",
    "a large power of a sum": "a size limit was reached: a product of 1287 by 1287 monomials",
    "a number too long to write": "a size limit was reached: a number with too many digits",
}


@pytest.mark.parametrize("title", REASONS)
def test_says_why(title: str) -> None:
    (entry,) = (entry for entry in UNKNOWN if entry[0] == title)
    _, left, operator, right, declarations, _ = entry
    assert prove(Obligation(operator, left, right, declarations)).reason == REASONS[title]
