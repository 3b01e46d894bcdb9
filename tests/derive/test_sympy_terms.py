"""SymPy objects as typed terms: what they mean, and the words of every refusal."""

from fractions import Fraction

import pytest
import sympy
from sympy import (
    Derivative,
    Eq,
    Idx,
    IndexedBase,
    KroneckerDelta,
    Max,
    Min,
    Ne,
    Piecewise,
    Rational,
    Sum,
    Symbol,
    symbols,
)

from derive.sympy_terms import (
    ShapeError,
    Tensor,
    UnsupportedError,
    obligation_from_sympy,
    proposition_from_sympy,
    shape_words,
)
from derive.terms import term as t
from derive.terms.obligation import Obligation, Statement
from derive.terms.structure import sum_over

n, m = symbols("n m", integer=True, positive=True)
x, y = symbols("x y", real=True)
k, l = symbols("k l")  # noqa: E741
i, j = Idx("i", (1, n)), Idx("j", (1, n))
r = Idx("r", (1, m))
u, v = IndexedBase("u", shape=(n,)), IndexedBase("v", shape=(n,))
W = IndexedBase("W", shape=(m, n))

I, J, R = t.Free("i", "n"), t.Free("j", "n"), t.Free("r", "m")  # noqa: E741
X, Y = t.Element("x"), t.Element("y")
K = t.Free("k", "n")


def made(left: sympy.Basic, right: sympy.Basic | int = 0) -> Obligation:
    obligation = obligation_from_sympy(Eq(left, right, evaluate=False))
    assert isinstance(obligation, Obligation)
    return obligation


def left(expression: sympy.Basic) -> t.Term:
    return made(expression, x).left


def el(name: str, *indices: t.Index) -> t.Element:
    return t.Element(name, indices)


MEANINGS: dict[str, tuple[sympy.Basic, t.Term]] = {
    "a number": (Rational(-3, 2), t.number(Fraction(-3, 2))),
    "a scalar": (y, Y),
    "a dimension": (n * Sum(u[k], (k, 1, n)), t.Mul((t.Dimension("n"), sum_over(K, el("u", K))))),
    "e": (sympy.E, t.apply("exp", t.ONE)),
    "pi": (sympy.pi, t.apply("pi")),
    "a component": (W[r, i], el("W", R, I)),
    "a constant index": (u[2], el("u", t.Fixed(2, "n"))),
    "a sum": (Sum(u[k], (k, 1, n)), sum_over(K, el("u", K))),
    "a product": (sympy.Product(u[k], (k, 1, n)), t.Product("n", el("u", t.Bound(0)))),
    "a sum over an Idx with a range": (Sum(u[i], (i, 1, n)), sum_over(I, el("u", I))),
    "a sum over an Idx alone": (Sum(u[i], i), sum_over(I, el("u", I))),
    "a sum over an Idx without": (Sum(u[Idx("k")], (Idx("k"), 1, n)), sum_over(K, el("u", K))),
    "two letters": (
        Sum(W[l, k], (k, 1, n), (l, 1, m)),
        t.Sum("m", t.Sum("n", el("W", t.Bound(1), t.Bound(0)))),
    ),
    "the inner letter wins": (
        Sum(u[k] * Sum(v[k], (k, 1, n)), (k, 1, n)),
        t.Sum("n", t.Mul((el("u", t.Bound(0)), t.Sum("n", el("v", t.Bound(0)))))),
    ),
    "a delta": (KroneckerDelta(i, j), t.Delta(I, J)),
    "a delta with a number": (KroneckerDelta(i, 1), t.Delta(t.Fixed(1, "n"), I)),
    "a derivative": (Derivative(x**2, x), t.Derivative(t.Pow(X, t.TWO), X)),
    "derivatives in order": (
        Derivative(x * y, x, (y, 2)),
        t.Derivative(t.Derivative(t.Derivative(t.Mul((X, Y)), X), Y), Y),
    ),
    "max(0, x)": (Max(0, y), t.apply("relu", Y)),
    "max": (Max(x, y), t.apply("max", X, Y)),
    "min": (Min(x, y), t.apply("min", X, Y)),
    "max of three": (Max(x, y, 2), t.apply("max", t.apply("max", t.TWO, X), Y)),
    "cases": (
        Piecewise((x, x > 0), (y, True)),
        t.Where(t.Compare(">", X, t.ZERO), X, Y),
    ),
    "cases without an else": (
        Piecewise((x, x > 0), (y, x < 0)),
        t.Where(
            t.Compare(">", X, t.ZERO),
            X,
            t.Where(t.Compare("<", X, t.ZERO), Y, t.Undefined()),
        ),
    ),
    "cases on indices": (
        Piecewise((x, Eq(i, j)), (y, True)),
        t.Where(t.SameIndex(I, J), X, Y),
    ),
    "kept unevaluated": (sympy.Mul(x, 1 / x, evaluate=False), t.Mul((t.Pow(X, t.MINUS_ONE), X))),
}


@pytest.mark.parametrize("name", MEANINGS)
def test_meaning(name: str) -> None:
    expression, expected = MEANINGS[name]
    found = left(expression)
    if name in ("kept unevaluated", "a delta with a number"):
        assert set(map(str, _flat(found))) == set(map(str, _flat(expected)))
    else:
        assert found == expected


def _flat(term: t.Term) -> tuple[object, ...]:
    return term.factors if isinstance(term, t.Mul) else (term.left, term.right)  # type: ignore


Shape = type[ShapeError]
REFUSALS: dict[str, tuple[sympy.Basic, type[Exception], str]] = {
    "index of another range": (
        u[r],
        ShapeError,
        "index r runs over 1..m, but axis 1 of u (n) has length n",
    ),
    "second axis": (
        W[r, r],
        ShapeError,
        "index r runs over 1..m, but axis 2 of W (m x n) has length n",
    ),
    "a bound index of another range": (
        Sum(u[k], (k, 1, m)),
        ShapeError,
        "index k runs over 1..m, but axis 1 of u (n) has length n",
    ),
    "outside of a numeric range": (
        IndexedBase("p", shape=(3,))[4],
        ShapeError,
        "the index 4 is outside of its range 1..3",
    ),
    "index 0": (u[0], ShapeError, "the index 0 is outside of its range 1..n"),
    "an array without indices": (
        Symbol("u") * u[i],
        ShapeError,
        "u is an array (n) and stands without indices",
    ),
    "no index": (
        u[x],
        UnsupportedError,
        "x is no index: use Idx('x', (1, n)) or a bound letter of a Sum",
    ),
    "shifted index": (
        u[i + 1],
        UnsupportedError,
        "i + 1 is no index: use Idx('i + 1', (1, n)) or a bound letter of a Sum",
    ),
    "an index without a range": (
        u[Idx("q")],
        UnsupportedError,
        "the index q has no range; write (1, n) after it",
    ),
    "an index as a number": (
        i * u[j],
        UnsupportedError,
        "the index i is used as a number",
    ),
    "a bound letter as a number": (
        Sum(k * u[k], (k, 1, n)),
        UnsupportedError,
        "the index k is used as a number",
    ),
    "a delta of two ranges": (
        KroneckerDelta(i, r),
        ShapeError,
        "the indices i and r are compared, but run over 1..n and 1..m",
    ),
    "a range from 0": (
        Sum(u[k], (k, 0, n)),
        UnsupportedError,
        "a range has to start at 1, found 0: Sum(u[k], (k, 0, n))",
    ),
    "a range up to n + 1": (
        Sum(x, (k, 1, n + 1)),
        UnsupportedError,
        "n + 1 is no dimension: a symbol or a number is",
    ),
    "an empty range": (
        Sum(x, (k, 1, 0)),
        UnsupportedError,
        "a range of length 0; the shortest has length 1",
    ),
    "an array without a shape": (
        IndexedBase("q")[i],
        UnsupportedError,
        "the array q has no shape; write IndexedBase('q', shape=(n, ...))",
    ),
    "two arrays of one name": (
        u[i] + IndexedBase("u", shape=(m,))[r],
        UnsupportedError,
        "two different arrays are named u",
    ),
    "two symbols of one name": (
        sympy.Abs(x) - Symbol("x", positive=True),
        UnsupportedError,
        "two different symbols are named x; give them one set of assumptions, or two names",
    ),
    "a derivative by a number of indices": (
        Derivative(Sum(x, (k, 1, n)), n),
        UnsupportedError,
        "a derivative by n, which is no variable",
    ),
    "a derivative of symbolic order": (
        Derivative(x**2, (x, n)),
        UnsupportedError,
        "a derivative of order n: the order is a number up to 12",
    ),
    "a derivative of a high order": (
        Derivative(sympy.exp(x), (x, 10**9)),
        UnsupportedError,
        "a derivative of order 1000000000: the order is a number up to 12",
    ),
    "a floating number": (
        x + sympy.Float(0.5),
        UnsupportedError,
        "Float has no meaning as a typed term: 0.500000000000000",
    ),
    "an infinity": (sympy.oo + x, UnsupportedError, "Infinity has no meaning as a typed term: oo"),
    "a complex number": (
        sympy.I * x,
        UnsupportedError,
        "ImaginaryUnit has no meaning as a typed term: I",
    ),
    "not a number": (sympy.nan, UnsupportedError, "NaN has no meaning as a typed term: nan"),
    "an unknown function": (
        sympy.Function("f")(x),
        UnsupportedError,
        "f has no meaning as a typed term: f(x)",
    ),
    "an integral": (
        sympy.Integral(x, x),
        UnsupportedError,
        "Integral has no meaning as a typed term: Integral(x, x)",
    ),
    "a matrix symbol": (
        sympy.MatrixSymbol("M", 2, 2)[0, 0] * x,
        UnsupportedError,
        "MatrixElement has no meaning as a typed term: M[0, 0]",
    ),
    "indices by order": (
        Piecewise((x, sympy.Lt(i, j)), (y, True)),
        UnsupportedError,
        "indices are compared by their order: i < j",
    ),
    "one index for two axes": (
        Tensor(u[i], i, i),
        UnsupportedError,
        "one index stands for two axes: Tensor(u[i], i, i)",
    ),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_refusal(name: str) -> None:
    expression, kind, message = REFUSALS[name]
    with pytest.raises(kind) as info:
        made(expression, x)
    assert type(info.value) is kind
    assert str(info.value) == message


def test_sides_of_different_shapes() -> None:
    with pytest.raises(ShapeError) as info:
        made(Tensor(W[r, i], r, i), Tensor(W[r, i], i, r))
    assert str(info.value) == "the left side has shape m x n, the right side n x m"
    assert (info.value.left, info.value.right) == ("m x n", "n x m")
    with pytest.raises(ShapeError, match="the left side has shape n, the right side scalar"):
        made(Tensor(u[i], i), x)
    two = sympy.Expr.__new__(sympy.Indexed, u, i, j)  # SymPy itself refuses to build it
    with pytest.raises(ShapeError) as info:
        left(two)
    assert str(info.value) == "u has 1 axes (n) and is given 2 indices"


def test_axes_meet_by_place() -> None:
    obligation = made(Tensor(u[i] * v[j], i, j), Tensor(u[j] * v[i], i, j))
    assert obligation.left != obligation.right
    transposed = made(Tensor(u[i] * v[j], i, j), Tensor(u[j] * v[i], j, i))
    assert set(transposed.left.factors) == set(transposed.right.factors)  # type: ignore[attr-defined]


def test_assumptions_become_condition_words() -> None:
    positive, nonzero = Symbol("p", positive=True), Symbol("q", real=True, nonzero=True)
    array = IndexedBase(Symbol("w", nonnegative=True), shape=(n,))
    declared = made(positive * nonzero * array[i], x).declarations
    assert declared.variables["p"].conditions == {"positive", "nonnegative", "nonzero"}
    assert declared.variables["q"].conditions == {"nonzero"}
    assert declared.variables["w"].conditions == {"nonnegative"}
    assert declared.variables["x"].conditions == frozenset()
    assert declared.dimensions == ("n",)


def test_negative_symbols_become_hypotheses() -> None:
    below, not_above = Symbol("p", negative=True), Symbol("q", nonpositive=True)
    declared = made(below * not_above, x).declarations
    assert declared.hypotheses == (
        t.Compare("<", el("p"), t.ZERO),
        t.Compare("<=", el("q"), t.ZERO),
    )


def test_the_letter_of_an_index_lends_no_assumption_to_a_scalar() -> None:
    scalar = Symbol("i", real=True)
    declared = made(scalar * u[i], x).declarations
    assert declared.variables["i"].conditions == frozenset()


def test_conditions_and_hypotheses() -> None:
    obligation = obligation_from_sympy(
        Eq(u[i], u[j], evaluate=False), conditions={"u": ("one-hot",)}, hypotheses=(Ne(i, j), x > 0)
    )
    assert isinstance(obligation, Obligation)
    assert obligation.declarations.has("u", "one-hot")
    assert obligation.declarations.hypotheses == (
        t.Not(t.SameIndex(I, J)),
        t.Compare(">", X, t.ZERO),
    )
    with pytest.raises(UnsupportedError) as info:
        obligation_from_sympy(Eq(u[i], y, evaluate=False), conditions={"w": ("one-hot",)})
    assert "a condition is given for w, which does not occur; there are: u, " in str(info.value)


def test_integer_claims_are_statements_and_claims_about_indices_are_not() -> None:
    a = Symbol("a", integer=True)
    assert isinstance(obligation_from_sympy(Eq(a + 1, 2, evaluate=False)), Statement)
    assert isinstance(obligation_from_sympy(sympy.Implies(a > 1, a > 0)), Statement)
    delta = Eq(KroneckerDelta(i, j) ** 2, KroneckerDelta(i, j), evaluate=False)
    assert isinstance(obligation_from_sympy(delta), Obligation)


PROPOSITIONS: dict[str, tuple[sympy.Basic, t.Proposition]] = {
    "and": (
        sympy.And(x > 0, y > 0),
        t.And((t.Compare(">", X, t.ZERO), t.Compare(">", Y, t.ZERO))),
    ),
    "or": (
        sympy.Or(x > 0, y > 0),
        t.Or((t.Compare(">", X, t.ZERO), t.Compare(">", Y, t.ZERO))),
    ),
    "true": (sympy.true, t.Compare("=", t.ZERO, t.ZERO)),
    "false": (sympy.false, t.Compare("!=", t.ZERO, t.ZERO)),
    "implies": (
        sympy.Implies(x > 0, y > 0, evaluate=False),
        t.Or((t.Not(t.Compare(">", X, t.ZERO)), t.Compare(">", Y, t.ZERO))),
    ),
}


@pytest.mark.parametrize("name", PROPOSITIONS)
def test_propositions(name: str) -> None:
    written, expected = PROPOSITIONS[name]
    assert proposition_from_sympy(written) == expected


def test_a_term_is_no_proposition() -> None:
    with pytest.raises(UnsupportedError, match="Symbol has no meaning as a proposition: b"):
        proposition_from_sympy(Symbol("b"))


def test_shape_words() -> None:
    assert [shape_words(shape) for shape in ((), ("n",), ("m", "n"), (3, "n"))] == [
        "scalar",
        "n",
        "m x n",
        "3 x n",
    ]


def test_a_tensor_prints() -> None:
    array = Tensor(u[i] * v[j], i, j)
    assert str(array) == repr(array) == "Tensor(u[i]*v[j], i, j)"
    assert sympy.latex(array) == sympy.latex(u[i] * v[j])
    with pytest.raises(UnsupportedError, match=r"Tensor has no meaning as a typed term: Tensor\("):
        made(x * Tensor(u[i], i), x)
