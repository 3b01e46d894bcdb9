"""True identities, written in SymPy: proved without conditions, for symbolic dimensions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest
import sympy
from sympy import (
    Abs,
    Derivative,
    Eq,
    Expr,
    Idx,
    IndexedBase,
    KroneckerDelta,
    Max,
    Min,
    Ne,
    Piecewise,
    Product,
    Rational,
    Sum,
    Symbol,
    ceiling,
    cos,
    cosh,
    erf,
    exp,
    floor,
    log,
    sign,
    sin,
    sinh,
    sqrt,
    symbols,
    tanh,
)
from sympy.core.relational import Relational

from derive.prove.prover import prove
from derive.sympy_terms import obligation_from_sympy
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Obligation
from derive.terms.structure import Definition, sum_over
from derive.terms.term import (
    Argument,
    Bound,
    Call,
    Delta,
    Determinant,
    Element,
    Free,
    Index,
    InverseEntry,
    Pow,
    Term,
    add,
    mul,
    neg,
    number,
)
from derive.terms.term import Derivative as TermDerivative

n, m = symbols("n m", integer=True, positive=True)
x, y, z = symbols("x y z", real=True)
c, s = symbols("c s", positive=True)
nonzero = Symbol("t", real=True, nonzero=True)
i, j, k = (Idx(letter, (1, n)) for letter in "ijk")
r = Idx("r", (1, m))
a, b, e = symbols("a b e")  # letters of bound indices
u, v, w = (IndexedBase(name, shape=(n,)) for name in "uvw")
g = IndexedBase("g", shape=(m,))
A, B, C = (IndexedBase(name, shape=(n, n)) for name in "ABC")
W = IndexedBase("W", shape=(m, n))
q, M = IndexedBase("q", shape=(3,)), IndexedBase("M", shape=(2, 2))
half = Rational(1, 2)


def eq(left: Expr, right: Expr | int) -> Relational:
    return Eq(left, right, evaluate=False)


def d(body: Expr, *variables: Expr) -> Expr:
    return Derivative(body, *variables)


def total(body: Expr, *letters: Symbol, dim: Symbol = n) -> Expr:
    return Sum(body, *((letter, 1, dim) for letter in letters))


def sigmoid(t: Expr) -> Expr:
    return 1 / (1 + exp(-t))


def softplus(t: Expr) -> Expr:
    return log(1 + exp(t))


def relu(t: Expr) -> Expr:
    return Max(0, t)


def step(t: Expr) -> Expr:
    return Piecewise((1, t > 0), (0, True))


def delta(p: Expr, q: Expr) -> Expr:
    return KroneckerDelta(p, q)


Z = total(exp(u[a]), a)
S_i = exp(u[i]) / Z
S_j = exp(u[j]) / Z
loss = -total(v[b] * log(exp(u[b]) / Z), b)
square_norm = total(u[a] ** 2, a)
mean = total(u[a], a) / n
residual = total(W[b, a] * u[a], a) - g[b]
least_squares = Sum((Sum(W[b, a] * u[a], (a, 1, n)) - g[b]) ** 2, (b, 1, m))
quadratic = total(u[a] * A[a, b] * u[b], a, b)


@dataclass(frozen=True)
class Identity:
    """A relation with condition words and hypotheses."""

    relation: sympy.Basic
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hypotheses: tuple[sympy.Basic, ...] = ()


def given(relation: sympy.Basic, *hypotheses: sympy.Basic, **words: str) -> Identity:
    return Identity(relation, {name: (word,) for name, word in words.items()}, hypotheses)


IDENTITIES: dict[str, Identity | sympy.Basic] = {
    # scalars
    "binomial square": eq((x + y) ** 2, x**2 + 2 * x * y + y**2),
    "binomial cube": eq((x + y) ** 3, x**3 + 3 * x**2 * y + 3 * x * y**2 + y**3),
    "difference of squares": eq((x - y) * (x + y), x**2 - y**2),
    "a fraction over 1 + x^2": eq((x**4 - 1) / (x**2 + 1), x**2 - 1),
    "partial fractions": eq(1 / (1 + x**2) + x**2 / (1 + x**2), 1),
    "nested fractions": eq(1 / (1 + 1 / c), c / (c + 1)),
    "exp of a sum": eq(exp(x + y), exp(x) * exp(y)),
    "exp of a difference": eq(exp(x - y), exp(x) / exp(y)),
    "exp of a multiple": eq(exp(3 * x), exp(x) ** 3),
    "exp of a half": eq(exp(x / 2) ** 2, exp(x)),
    "exp(log)": eq(exp(log(c)), c),
    "exp(2 log)": eq(exp(2 * log(c) + x), c**2 * exp(x)),
    "log(exp)": eq(log(exp(x) * exp(-2 * y)), x - 2 * y),
    "log of a product": eq(log(c * s), log(c) + log(s)),
    "log of a quotient": eq(log(c / s), log(c) - log(s)),
    "log of a power": eq(log(c**3 * sqrt(s)), 3 * log(c) + log(s) / 2),
    "log of factors": eq(log(c**2 + 2 * c + 1), 2 * log(1 + c)),
    "log 12": eq(log(12), 2 * log(2) + log(3)),
    "real powers": eq(c ** (x + y), c**x * c**y),
    "powers of powers": eq((c**x) ** y, c ** (x * y)),
    "a power of a product": eq((c * s) ** x, c**x * s**x),
    "a square root": eq(sqrt(c) * sqrt(c), c),
    "root of a product": eq(sqrt(c * s), sqrt(c) * sqrt(s)),
    "root of a square": eq(sqrt(x**2), Abs(x)),
    "root of a sum squared": eq(sqrt((1 + x**2) ** 2), 1 + x**2),
    "root 8": eq(sqrt(8), 2 * sqrt(2)),
    "1/root": eq(1 / sqrt(2), sqrt(2) / 2),
    "conjugate": eq((sqrt(c) - sqrt(s)) * (sqrt(c) + sqrt(s)), c - s),
    "hyperbolic pythagoras": eq(cosh(x) ** 2 - sinh(x) ** 2, 1),
    "double argument of sinh": eq(sinh(2 * x), 2 * sinh(x) * cosh(x)),
    "addition of cosh": eq(cosh(x + y), cosh(x) * cosh(y) + sinh(x) * sinh(y)),
    "tanh as a quotient": eq(tanh(x) * cosh(x), sinh(x)),
    "sigmoid by tanh": eq(sigmoid(x), (1 + tanh(x / 2)) / 2),
    "sigmoid symmetry": eq(sigmoid(-x), 1 - sigmoid(x)),
    "sigmoid quotient": eq(sigmoid(x) / sigmoid(-x), exp(x)),
    "log sigmoid": eq(log(sigmoid(x)), -softplus(-x)),
    "softplus difference": eq(softplus(x) - softplus(-x), x),
    "logit": eq(log(sigmoid(x) / (1 - sigmoid(x))), x),
    "tanh is odd": eq(tanh(-x), -tanh(x)),
    "silu": eq(x * sigmoid(x), x - x * sigmoid(-x)),
    "sin^2 + cos^2": eq(sin(x + y) ** 2 + cos(x + y) ** 2, 1),
    "tan^2": given(eq(cos(x) ** 4 - sin(x) ** 4, 1 - 2 * sin(x) ** 2)),
    "sin is odd": eq(sympy.sin(y - x, evaluate=False), -sin(x - y)),
    "cos is even": eq(sympy.cos(-x, evaluate=False), cos(x)),
    "erf is odd": eq(erf(x - y), -erf(y - x)),
    "x^0": eq(x**0 + Sum(0 * x, (a, 1, n)), 1),
    # indicators and kinks
    "relu(x y) - relu(-x y)": eq(relu(x * y) - relu(-x * y), x * y),
    "|x y| = |x| |y|": eq(sqrt((x * y) ** 2), Abs(x) * Abs(y)),
    "|x|^2": eq(Abs(x) ** 2, x**2),
    "|x y|": eq(Abs(x) * Abs(y), Abs(sympy.Mul(x, y))),
    "|-x|": eq(Abs(x - y), Abs(y - x)),
    "|x| sign x": eq(Abs(x) * sign(x), x),
    "sign cubed": eq(sign(x) ** 3, sign(x)),
    "relu(x) - relu(-x)": eq(relu(x) - relu(-x), x),
    "relu(x) + relu(-x)": eq(relu(x) + relu(-x), Abs(x)),
    "relu relu": eq(Max(0, Max(0, x) + Max(0, y)), Max(0, x) + Max(0, y)),
    "relu(c x)": eq(relu(c * x), c * relu(x)),
    "relu squared": eq(relu(x) ** 2, x * relu(x)),
    "relu by |x|": eq(relu(x), (x + Abs(x)) / 2),
    "max + min": eq(Max(x, y) + Min(x, y), x + y),
    "max min": eq(Max(x, y) * Min(x, y), x * y),
    "max - min": eq(Max(x, y) - Min(x, y), Abs(x - y)),
    "max by cases": eq(Max(x, y), Piecewise((x, x > y), (y, True))),
    "relu by cases": eq(relu(x), Piecewise((x, x >= 0), (0, True))),
    "cases that meet": eq(Piecewise((x**2, x > 0), (-x * x, True)), x * Abs(x)),
    "trichotomy": eq(step(x) + step(-x) + Piecewise((1, Eq(x, 0)), (0, True)), 1),
    "ceiling": eq(ceiling(x), -floor(-x)),
    "floor of a number": eq(floor(sympy.UnevaluatedExpr(Rational(-7, 2))), -4),
    "a positive step": eq(step(1 + exp(x)), 1),
    # derivatives of scalars
    "d sigmoid": eq(d(sigmoid(x), x), sigmoid(x) * (1 - sigmoid(x))),
    "d tanh": eq(d(tanh(x), x), 1 - tanh(x) ** 2),
    "d softplus": eq(d(softplus(x), x), sigmoid(x)),
    "d log sigmoid": eq(d(log(sigmoid(x)), x), sigmoid(-x)),
    "d silu": eq(d(x * sigmoid(x), x), sigmoid(x) * (1 + x * sigmoid(-x))),
    "d x^3": eq(d(x**3, x), 3 * x**2),
    "d product": eq(d(x * exp(x), x), (1 + x) * exp(x)),
    "d quotient": eq(d(x / (1 + x**2), x), (1 - x**2) / (1 + x**2) ** 2),
    "d exp(x^2)": eq(d(exp(x**2), x), 2 * x * exp(x**2)),
    "d sin cos": eq(d(sin(x) * cos(x), x), cos(x) ** 2 - sin(x) ** 2),
    "d erf": eq(d(erf(x), x), 2 / sqrt(sympy.pi) * exp(-(x**2))),
    "d atan": eq(d(sympy.atan(x), x), 1 / (1 + x**2)),
    "d log(1 + x^2)": eq(d(log(1 + x**2), x), 2 * x / (1 + x**2)),
    "d c^x": eq(d(c**x, x), c**x * log(c)),
    "d x^y for x > 0": eq(d(c**y, c), y * c ** (y - 1)),
    "d log c": eq(d(log(c), c), 1 / c),
    "d sqrt c": eq(d(sqrt(c), c), 1 / (2 * sqrt(c))),
    "d |x| off 0": eq(d(Abs(nonzero), nonzero), sign(nonzero)),
    "d relu off 0": eq(d(relu(nonzero), nonzero), step(nonzero)),
    "d relu squared": eq(d(relu(nonzero) ** 2, nonzero), 2 * relu(nonzero)),
    "second derivative": eq(d(exp(2 * x), x, x), 4 * exp(2 * x)),
    "third derivative": eq(d(x**5, x, x, x), 60 * x**2),
    "mixed derivatives": eq(d(exp(x * y), x, y), d(exp(x * y), y, x)),
    "second derivative of softplus": eq(d(softplus(x), (x, 2)), sigmoid(x) * sigmoid(-x)),
    "constant": eq(d(y**2, x), 0),
    "gaussian": eq(d(exp(-(x**2) / 2), x), -x * exp(-(x**2) / 2)),
    "logistic loss": eq(d(log(1 + exp(-x * y)), x), -y * sigmoid(-x * y)),
    # sums
    "renamed index": eq(total(u[a], a), total(u[b], b)),
    "sum of a sum": eq(total(u[a] + v[a], a), total(u[a], a) + total(v[a], a)),
    "constant factor": eq(total(x * u[a], a), x * total(u[a], a)),
    "sum of a constant": eq(total(x, a), n * x),
    "sum of 1": eq(total(1, a), n),
    "swapped sums": eq(Sum(W[b, a], (a, 1, n), (b, 1, m)), Sum(W[b, a], (b, 1, m), (a, 1, n))),
    "product of sums": eq(total(u[a], a) * total(v[a], a), total(u[a] * v[b], a, b)),
    "square of a sum": eq(total(u[a], a) ** 2, total(u[a] * u[b], a, b)),
    "lagrange": eq(
        total((u[a] * v[b] - u[b] * v[a]) ** 2, a, b),
        2 * square_norm * total(v[a] ** 2, a) - 2 * total(u[a] * v[a], a) ** 2,
    ),
    "contraction": eq(total(delta(a, i) * u[a], a), u[i]),
    "two deltas": eq(total(delta(a, i) * delta(a, j), a), delta(i, j)),
    "delta squared": eq(delta(i, j) ** 2, delta(i, j)),
    "delta swaps letters": eq(delta(i, j) * u[i], delta(i, j) * u[j]),
    "delta in an exponential": eq(
        total(exp(delta(a, i)), a), n - 1 + exp(sympy.UnevaluatedExpr(1))
    ),
    "delta in a denominator": eq(total(1 / (1 + delta(a, i)), a), n - half),
    "different indices": given(eq(total(delta(a, i) * delta(a, j), a), 0), Ne(i, j)),
    "equal indices": given(eq(u[i] * v[j], u[j] * v[i]), Eq(i, j, evaluate=False)),
    "variance": eq(total((u[a] - mean) ** 2, a) / n, square_norm / n - mean**2),
    "centred": eq(total(u[a] - mean, a), 0),
    "parallelogram": eq(
        total((u[a] + v[a]) ** 2, a) + total((u[a] - v[a]) ** 2, a),
        2 * square_norm + 2 * total(v[a] ** 2, a),
    ),
    "polarisation": eq(
        total((u[a] + v[a]) ** 2 - (u[a] - v[a]) ** 2, a), 4 * total(u[a] * v[a], a)
    ),
    "product to sum of logs": given(
        eq(log(Product(u[a], (a, 1, n))), total(log(u[a]), a)), u="positive"
    ),
    "exp of a sum as a product": eq(exp(total(u[a], a)), Product(exp(u[a]), (a, 1, n))),
    "relu under a sum": eq(total(relu(u[a]) - relu(-u[a]), a), total(u[a], a)),
    "|.| under a sum": eq(total(Abs(u[a]) ** 2, a), square_norm),
    "max under a sum": eq(
        total(Max(u[a], v[a]) + Min(u[a], v[a]), a), total(u[a], a) + total(v[a], a)
    ),
    "cases on indices": eq(Piecewise((u[i], Eq(i, j)), (0, True)), delta(i, j) * u[j]),
    "a range of length 3": eq(total(q[a], a, dim=3), q[1] + q[2] + q[3]),
    "a 2 x 2 determinant": eq(
        total(total(delta(e, 1) * (M[1, 1] * M[2, 2] - M[1, 2] * M[2, 1]), a, dim=2), e, dim=2),
        2 * (M[1, 1] * M[2, 2] - M[1, 2] * M[2, 1]),
    ),
    # matrices
    "associative": eq(
        total(A[i, a] * total(B[a, b] * u[b], b), a), total(total(A[i, a] * B[a, b], a) * u[b], b)
    ),
    "trace of a product": eq(total(A[a, b] * B[b, a], a, b), total(B[a, b] * A[b, a], a, b)),
    "cyclic trace": eq(
        total(A[a, b] * B[b, e] * C[e, a], a, b, e), total(C[a, b] * A[b, e] * B[e, a], a, b, e)
    ),
    "transpose of a product": eq(total(A[j, a] * B[a, i], a), total(B[a, i] * A[j, a], a)),
    "symmetric": given(eq(total(A[i, a] * u[a], a), total(A[a, i] * u[a], a)), A="symmetric"),
    "quadratic form of a symmetric matrix": given(
        eq(d(quadratic, u[i]), 2 * total(A[i, a] * u[a], a)), A="symmetric"
    ),
    "quadratic form": eq(d(quadratic, u[i]), total((A[i, a] + A[a, i]) * u[a], a)),
    "orthogonal": given(eq(total(total(A[b, a] * u[a], a) ** 2, b), square_norm), A="orthogonal"),
    "one-hot sum": given(eq(total(u[a], a), 1), u="one-hot"),
    "one-hot square": given(eq(u[i] ** 2, u[i]), u="one-hot"),
    "one-hot norm": given(eq(square_norm, 1), u="one-hot"),
    "one-hot product": given(
        eq(total(u[a] * v[a], a) ** 2, total(u[a] * v[a] ** 2, a)), u="one-hot"
    ),
    "sums to 1": given(eq(total(u[a] * x + v[a], a), x + total(v[a], a)), u="sums to 1"),
    # gradients
    "gradient of a linear form": eq(d(total(u[a] * v[a], a), u[i]), v[i]),
    "Jacobian of a linear map": eq(d(total(W[r, a] * u[a], a), u[i]), W[r, i]),
    "by a matrix": eq(
        d(total(W[r, a] * u[a], a), W[Idx("q", (1, m)), i]), delta(r, Idx("q", (1, m))) * u[i]
    ),
    "gradient of the square norm": eq(d(square_norm, u[i]), 2 * u[i]),
    "gradient of the cube": eq(d(square_norm**2, u[i]), 4 * square_norm * u[i]),
    "least squares": eq(d(least_squares, u[i]), 2 * Sum(W[b, i] * residual, (b, 1, m))),
    "hessian of least squares": eq(
        d(least_squares, u[i], u[j]), 2 * Sum(W[b, i] * W[b, j], (b, 1, m))
    ),
    "hessian of the square norm": eq(d(square_norm, u[i], u[j]), 2 * delta(i, j)),
    "log-sum-exp": eq(d(log(Z), u[i]), S_i),
    "hessian of log-sum-exp": eq(d(log(Z), u[i], u[j]), delta(i, j) * S_i - S_i * S_j),
    "softmax Jacobian": eq(d(S_i, u[j]), S_i * (delta(i, j) - S_j)),
    "softmax Jacobian off the diagonal": given(eq(d(S_i, u[j]), -S_i * S_j), Ne(i, j)),
    "softmax sums to 1": eq(total(exp(u[b]) / Z, b), 1),
    "softmax translation": eq(exp(u[i] + x) / total(exp(u[a] + x), a), S_i),
    "softmax derivative sums to 0": eq(total(d(exp(u[b]) / Z, u[j]), b), 0),
    "cross-entropy": eq(loss, total(v[a], a) * log(Z) - total(v[a] * u[a], a)),
    "cross-entropy gradient": eq(d(loss, u[i]), total(v[a], a) * S_i - v[i]),
    "cross-entropy gradient, one-hot": given(eq(d(loss, u[i]), S_i - v[i]), v="one-hot"),
    "cross-entropy gradient, a distribution": given(eq(d(loss, u[i]), S_i - v[i]), v="sums to 1"),
    "gradient of the norm": given(eq(d(sqrt(square_norm + c), u[i]), u[i] / sqrt(square_norm + c))),
    "entropy": given(
        eq(total(w[a] * log(w[a] / v[a]), a), total(w[a] * log(w[a]) - w[a] * log(v[a]), a)),
        w="positive",
        v="positive",
    ),
    "weight decay": eq(d(c / 2 * Sum(W[b, a] ** 2, (a, 1, n), (b, 1, m)), W[r, i]), c * W[r, i]),
    "chain through a layer": eq(
        d(total(tanh(Sum(A[b, a] * u[a], (a, 1, n))), b), u[i]),
        total((1 - tanh(Sum(A[b, a] * u[a], (a, 1, n))) ** 2) * A[b, i], b),
    ),
    # hypotheses
    "x > 0 as a hypothesis": given(eq(sqrt(x**2), x), x > 0),
    "all positive": given(eq(log(x * y), log(x) + log(y)), x > 0, y > 0),
    "an equation": given(eq(x**2 + y, 2), Eq(x, 1), Eq(y, 1)),
    "x > y": given(eq(Max(x, y), x), x > y),
    "the sum as a hypothesis": given(eq(total(x * u[a], a), x), Eq(total(u[a], a), 1)),
    # orders
    "exp is positive": sympy.Gt(exp(x), 0, evaluate=False),
    "a square": sympy.Gt(x**2 + 1, 0, evaluate=False),
    "no real root": sympy.Gt(x**2 - x + 1, 0, evaluate=False),
    "softmax is positive": sympy.Gt(S_i, 0),
    "1-norm": sympy.Ge(total(Abs(u[a]), a), 0, evaluate=False),
    "mean of squares": sympy.Ge(x**2 + y**2, 2 * x * y, evaluate=False),
    "x + 1/x": given(sympy.Ge(x + 1 / x, 2, evaluate=False), x > 0),
    "triangle inequality": sympy.Le(Abs(x + y), Abs(x) + Abs(y), evaluate=False),
    "square norm": sympy.Ge(square_norm, 0),
    "n >= 1": sympy.Ge(total(1, a) + n, 2),
    "sigmoid < 1": sympy.Lt(sigmoid(x), 1, evaluate=False),
    "relu >= 0": sympy.Ge(Abs(x) + exp(x), 0, evaluate=False),
}


def _obligation(identity: Identity | sympy.Basic) -> Obligation:
    if not isinstance(identity, Identity):
        identity = Identity(identity)
    made = obligation_from_sympy(
        identity.relation, conditions=identity.conditions, hypotheses=identity.hypotheses
    )
    assert isinstance(made, Obligation)
    return made


@pytest.mark.parametrize("name", IDENTITIES)
def test_is_proved_without_conditions(name: str) -> None:
    attempt = prove(_obligation(IDENTITIES[name]))
    assert (attempt.outcome, attempt.conditions) == ("proved", ()), attempt.reason


# ---- what SymPy can't write: matrices as wholes, definitions, unknown functions ------------------

I, J, K, L = (Free(letter, "n") for letter in "ijkl")  # noqa: E741
INVERTIBLE = {"A": Variable("A", ("n", "n"), frozenset({"invertible"}))}
X, H, LOSS = Element("x"), Element("h"), Element("L")


def el(name: str, *indices: Index) -> Element:
    return Element(name, indices)


def inv(row: Free, column: Free) -> InverseEntry:
    return InverseEntry("A", row, column)


def f(argument: Term, *partials: int) -> Call:
    return Call("f", (), (Argument((), argument),), tuple((0, ()) for _ in partials))


def square(term: Term) -> Term:
    return Pow(term, number(2))


VECTOR = Call("f", (), (Argument(("n",), el("u", Bound(0))),))
SQUARED = {"h": Definition("h", (), square(X)), "L": Definition("L", (), Pow(H, number(3)))}
LAYER = {
    "h": Definition("h", (I,), sum_over(K, mul(el("W", I, K), el("x", K)))),
    "L": Definition("L", (), sum_over(I, square(el("h", I)))),
}

TERMS: dict[str, tuple[Term, Term, Declarations]] = {
    "A A^-1": (
        sum_over(K, mul(el("A", I, K), inv(K, J))),
        Delta(I, J),
        Declarations(variables=INVERTIBLE),
    ),
    "A^-1 A x": (
        sum_over(K, mul(inv(I, K), sum_over(L, mul(el("A", K, L), el("x", L))))),
        el("x", I),
        Declarations(variables=INVERTIBLE),
    ),
    "derivative of an inverse": (
        TermDerivative(inv(I, J), el("A", K, L)),
        neg(mul(inv(I, K), inv(L, J))),
        Declarations(variables=INVERTIBLE),
    ),
    "derivative of log det": (
        TermDerivative(mul(Determinant("A"), Determinant("A")), el("A", I, J)),
        mul(number(2), square(Determinant("A")), inv(J, I)),
        Declarations(variables=INVERTIBLE),
    ),
    "derivative of the trace of A^-1 A": (
        TermDerivative(sum_over(I, sum_over(K, mul(inv(I, K), el("A", K, I)))), el("A", J, L)),
        number(0),
        Declarations(variables=INVERTIBLE),
    ),
    "through a definition": (
        TermDerivative(LOSS, X),
        mul(number(6), Pow(X, number(5))),
        Declarations(definitions=SQUARED),
    ),
    "by a defined name": (
        TermDerivative(LOSS, H),
        mul(number(3), Pow(X, number(4))),
        Declarations(definitions=SQUARED),
    ),
    "by a defined name, then by its variable": (
        TermDerivative(TermDerivative(LOSS, H), X),
        mul(number(12), Pow(X, number(3))),
        Declarations(definitions=SQUARED),
    ),
    "by a layer": (
        TermDerivative(LOSS, el("h", J)),
        mul(number(2), el("h", J)),
        Declarations(definitions=LAYER),
    ),
    "through a layer": (
        TermDerivative(LOSS, el("W", J, K)),
        mul(number(2), el("h", J), el("x", K)),
        Declarations(definitions=LAYER),
    ),
    "a linear definition": (
        TermDerivative(el("h", I), el("x", J)),
        el("W", I, J),
        Declarations(definitions=LAYER),
    ),
    "chain rule": (
        TermDerivative(f(square(X)), X),
        mul(number(2), X, f(square(X), 0)),
        Declarations(),
    ),
    "second derivative of f": (
        TermDerivative(TermDerivative(f(mul(number(2), X)), X), X),
        mul(number(4), f(mul(number(2), X), 0, 0)),
        Declarations(),
    ),
    "gradient of f": (
        TermDerivative(VECTOR, el("u", I)),
        Call("f", (), VECTOR.arguments, ((0, (I,)),)),
        Declarations(),
    ),
    "partial derivatives commute": (
        TermDerivative(TermDerivative(VECTOR, el("u", I)), el("u", J)),
        TermDerivative(TermDerivative(VECTOR, el("u", J)), el("u", I)),
        Declarations(),
    ),
    "equal arguments": (
        f(square(add(X, H))),
        f(add(square(H), mul(X, X), mul(H, X, number(2)))),
        Declarations(),
    ),
}


@pytest.mark.parametrize("name", TERMS)
def test_terms_are_proved_without_conditions(name: str) -> None:
    left, right, declarations = TERMS[name]
    attempt = prove(Obligation("=", left, right, declarations))
    assert (attempt.outcome, attempt.conditions) == ("proved", ()), attempt.reason


def test_the_tables_are_large() -> None:
    assert len(IDENTITIES) + len(TERMS) >= 190
