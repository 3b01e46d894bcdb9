"""True statements are never refuted; false ones are, at the point that reads best."""

from fractions import Fraction

import pytest

from derive.refute.refuter import Search, refute
from derive.terms.declarations import Declarations, FunctionType, Variable
from derive.terms.obligation import Obligation
from derive.terms.structure import Definition, product_over, sum_over
from derive.terms.term import (
    ONE,
    TWO,
    ZERO,
    Add,
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
    Indicator,
    InverseEntry,
    Mul,
    Not,
    Operator,
    Position,
    Pow,
    Proposition,
    SameIndex,
    Sum,
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
from derive.verdict import Counterexample

X, Y, C = Element("x"), Element("y"), Element("c")
P, Q, K, L = (Free(letter, "n") for letter in "ijkl")
A, B, M = Free("a", "d"), Free("b", "h"), Free("c", "m")
HALF = number(Fraction(1, 2))
SCALARS = Declarations()


def variables(**words: str) -> Declarations:
    """Vectors v, y; matrices A (n x n); words apart by commas."""
    shapes = {"A": ("n", "n"), "c": (), "x": (), "p": ()}
    return Declarations(
        variables={
            name: Variable(
                name,
                shapes.get(name, ("n",)),
                frozenset(word.strip() for word in given.split(",") if word.strip()),
            )
            for name, given in words.items()
        }
    )


VECTOR = variables(v="")
MATRIX = variables(A="invertible")


def v(index: Free) -> Term:
    return Element("v", (index,))


def entry(row: Free, column: Free) -> Element:
    return Element("A", (row, column))


def softmax(index: Free, scale: Term = ONE, shift: Term = ZERO) -> Term:
    def e(at: Free) -> Term:
        return apply("exp", add(mul(scale, v(at)), shift))

    return div(e(index), sum_over(L, e(L)))


def f(argument: Term, *partials: int) -> Term:
    return Call("f", (), (Argument((), argument),), tuple((slot, ()) for slot in partials))


def network() -> Declarations:
    """Two layers with relu, softmax and cross-entropy, for a y of any sum."""
    x, w1, w2 = Element("x", (A,)), Element("W1", (B, A)), Element("W2", (M, B))
    other = Free("c'", "m")
    layers = (
        Definition("ha", (B,), add(sum_over(A, mul(w1, x)), Element("b1", (B,)))),
        Definition("hs", (B,), apply("relu", Element("ha", (B,)))),
        Definition("oa", (M,), add(sum_over(B, mul(w2, Element("hs", (B,)))), Element("b2", (M,)))),
        Definition(
            "os",
            (M,),
            div(
                apply("exp", Element("oa", (M,))),
                sum_over(other, apply("exp", Element("oa", (other,)))),
            ),
        ),
        Definition(
            "L",
            (),
            neg(sum_over(M, mul(Element("y", (M,)), apply("log", Element("os", (M,)))))),
        ),
    )
    shapes = {
        "x": ("d",),
        "W1": ("h", "d"),
        "b1": ("h",),
        "W2": ("m", "h"),
        "b2": ("m",),
        "y": ("m",),
    }
    return Declarations(
        variables={name: Variable(name, shape) for name, shape in shapes.items()},
        definitions={layer.name: layer for layer in layers},
    )


NETWORK = network()
LOSS = Element("L")
W1, W2 = Element("W1", (B, A)), Element("W2", (M, B))
ERROR = sub(
    mul(sum_over(M, Element("y", (M,))), Element("os", (M,))),
    Element("y", (M,)),
)
BACK = sum_over(M, mul(W2, ERROR))
ACTIVE = Indicator(Compare(">", Element("ha", (B,)), ZERO))

Case = tuple[str, Term, Operator, Term, Declarations]

TRUE: list[Case] = [
    (
        "sigmoid'",
        Derivative(apply("sigmoid", X), X),
        "=",
        mul(apply("sigmoid", X), sub(ONE, apply("sigmoid", X))),
        SCALARS,
    ),
    ("relu' off the kink", Derivative(apply("relu", X), X), "=", apply("step", X), SCALARS),
    (
        "relu' is undefined at its kink",
        Derivative(apply("relu", X), X),
        "=",
        Indicator(Compare(">=", X, ZERO)),
        SCALARS,
    ),
    (
        "max by cases",
        Derivative(Where(Compare(">=", X, ZERO), X, ZERO), X),
        "=",
        Indicator(Compare(">", X, ZERO)),
        SCALARS,
    ),
    (
        "softplus difference",
        sub(apply("softplus", X), apply("softplus", neg(X))),
        "=",
        X,
        SCALARS,
    ),
    ("x/x where it has a value", div(X, X), "=", ONE, SCALARS),
    ("log x^2 for x > 0", apply("log", Pow(X, TWO)), "=", mul(TWO, apply("log", X)), SCALARS),
    ("no value at all", Undefined(), "=", ONE, SCALARS),
    ("e^x >= 1 + x", apply("exp", X), ">=", add(ONE, X), SCALARS),
    ("e^x > x", apply("exp", X), ">", X, SCALARS),
    ("a number", add(ONE, ONE), "=", TWO, SCALARS),
    ("euler", apply("sin", apply("pi")), "<=", number(Fraction(1, 10**30)), SCALARS),
    (
        "softmax Jacobian",
        Derivative(softmax(P), v(Q)),  # type: ignore[arg-type]
        "=",
        sub(mul(softmax(P), Delta(P, Q)), mul(softmax(P), softmax(Q))),
        VECTOR,
    ),
    ("softmax of a shift", softmax(P, shift=C), "=", softmax(P), VECTOR),
    ("softmax sums to 1", sum_over(P, softmax(P)), "=", ONE, VECTOR),
    (
        "1-norm",
        Derivative(sum_over(K, apply("abs", v(K))), v(P)),  # type: ignore[arg-type]
        "=",
        apply("sign", v(P)),
        VECTOR,
    ),
    (
        "product of exponentials",
        product_over(K, apply("exp", v(K))),
        "=",
        apply("exp", sum_over(K, v(K))),
        VECTOR,
    ),
    (
        "sum of positions",
        sum_over(K, Position(K)),
        "=",
        mul(HALF, Dimension("n"), add(Dimension("n"), ONE)),
        VECTOR,
    ),
    (
        "a positive one",
        apply("log", mul(C, v(P))),
        "=",
        add(apply("log", C), apply("log", v(P))),
        variables(c="positive", v="positive"),
    ),
    ("one-hot squares", Pow(v(P), TWO), "=", v(P), variables(v="one-hot")),
    ("a distribution", sum_over(K, mul(C, v(K))), "=", C, variables(v="sums to 1")),
    ("an integer", apply("floor", C), "=", C, variables(c="integer")),
    (
        "inverse",
        sum_over(K, mul(entry(P, K), InverseEntry("A", K, Q))),
        "=",
        Delta(P, Q),
        MATRIX,
    ),
    (
        "inverse of a symmetric one",
        InverseEntry("A", P, Q),
        "=",
        InverseEntry("A", Q, P),
        variables(A="symmetric, invertible"),
    ),
    (
        "orthogonal",
        InverseEntry("A", P, Q),
        "=",
        entry(Q, P),
        variables(A="orthogonal"),
    ),
    (
        "positive definite",
        sum_over(P, sum_over(Q, mul(v(P), entry(P, Q), v(Q)))),
        ">=",
        ZERO,
        variables(A="positive definite", v=""),
    ),
    (
        "Jacobi",
        Derivative(Determinant("A"), entry(P, Q)),
        "=",
        mul(Determinant("A"), InverseEntry("A", Q, P)),
        MATRIX,
    ),
    (
        "chain rule for an unknown function",
        Derivative(f(Pow(X, TWO)), X),
        "=",
        mul(TWO, X, f(Pow(X, TWO), 0)),
        SCALARS,
    ),
    ("loss by W2", Derivative(LOSS, W2), "=", mul(ERROR, Element("hs", (B,))), NETWORK),
    ("loss by W1", Derivative(LOSS, W1), "=", mul(ACTIVE, BACK, Element("x", (A,))), NETWORK),
    ("loss by h^s holds W1", Derivative(LOSS, Element("hs", (B,))), "=", BACK, NETWORK),
]


@pytest.mark.parametrize("case", TRUE, ids=lambda case: case[0])
@pytest.mark.parametrize("seed", [0, 7])
def test_what_is_true_is_never_refuted(case: Case, seed: int) -> None:
    _, left, operator, right, declarations = case
    search = refute(Obligation(operator, left, right, declarations), seed=seed, budget=40)
    assert search.counterexample is None
    assert search.seed == seed
    assert search.tried == search.agreeing + search.undefined + search.undecided
    assert search.tried > 0
    if case[0] != "no value at all":
        assert search.agreeing > 0


def mutant(name: str) -> Term:
    """Wrong right sides of the gradients above: a factor dropped, an index exchanged."""
    return {
        "no delta": neg(mul(softmax(P), softmax(Q))),
        "wrong index": sub(mul(softmax(P), Delta(P, Q)), mul(softmax(P), softmax(P))),
        "wrong sign": add(mul(softmax(P), Delta(P, Q)), mul(softmax(P), softmax(Q))),
        "no activation": mul(BACK, Element("x", (A,))),
        "y need not sum to 1": mul(
            sub(Element("os", (M,)), Element("y", (M,))), Element("hs", (B,))
        ),
        "no error": Element("hs", (B,)),
    }[name]


JACOBIAN = Derivative(softmax(P), v(Q))  # type: ignore[arg-type]

FALSE: list[tuple[str, Term, Operator, Term, Declarations, str, tuple[str, str]]] = [
    (
        "difference of logs as quotient",
        sub(apply("softplus", X), apply("softplus", neg(X))),
        "=",
        div(apply("softplus", X), apply("softplus", neg(X))),
        SCALARS,
        "x=0",
        ("0", "1"),
    ),
    ("relu' is not 1", Derivative(apply("relu", X), X), "=", ONE, SCALARS, "x=-1", ("0", "1")),
    ("root of a square", apply("sqrt", Pow(X, TWO)), "=", X, SCALARS, "x=-1", ("1", "-1")),
    ("a norm may be 0", apply("sqrt", Pow(X, TWO)), ">", ZERO, SCALARS, "x=0", ("0", "0")),
    ("x != 1", X, "!=", ONE, SCALARS, "x=1", ("1", "1")),
    ("x <= 2", X, "<=", TWO, SCALARS, "x=3", ("3", "2")),
    (
        "floor",
        apply("floor", mul(TWO, X)),
        "=",
        mul(TWO, apply("floor", X)),
        SCALARS,
        "x=1/2",
        ("1", "0"),
    ),
    (
        "log of a quotient",
        apply("log", div(X, Y)),
        "=",
        div(apply("log", X), apply("log", Y)),
        SCALARS,
        "x=1 y=2",
        ("-0.6931472 +/- 2e-8", "0"),
    ),
    (
        "relu is not additive",
        apply("relu", add(X, Y)),
        "=",
        add(apply("relu", X), apply("relu", Y)),
        SCALARS,
        "x=1 y=-1",
        ("0", "1"),
    ),
    ("far out", Indicator(Compare(">", X, number(100))), "=", ZERO, SCALARS, "x=500", ("1", "0")),
    (
        "a number that is nearly whole",
        apply("exp", mul(apply("pi"), apply("sqrt", number(163)))),
        "=",
        number(262537412640768744),
        SCALARS,
        "",
        ("262537412640768743.9999999999993 +/- 5e-14", "262537412640768744"),
    ),
    (
        "half the gradient of the norm",
        Derivative(sum_over(K, Pow(v(K), TWO)), v(P)),  # type: ignore[arg-type]
        "=",
        v(P),
        VECTOR,
        "n=1 v[1]=1 i=1",
        ("2", "1"),
    ),
    (
        "softmax of a multiple",
        softmax(P, scale=C),
        "=",
        softmax(P),
        VECTOR,
        "n=2 c=0 v[1]=1 v[2]=0 i=1",
        ("1/2", "0.7310586 +/- 3e-8"),
    ),
    (
        "softmax: no delta",
        JACOBIAN,
        "=",
        mutant("no delta"),
        VECTOR,
        "n=1 v[1]=0 i=1 j=1",
        ("0", "-1"),
    ),
    (
        "softmax: wrong index",
        JACOBIAN,
        "=",
        mutant("wrong index"),
        VECTOR,
        "n=2 v[1]=1 v[2]=0 i=1 j=2",
        ("-0.1966119 +/- 4e-8", "-0.5344466 +/- 5e-8"),
    ),
    (
        "softmax: wrong sign",
        JACOBIAN,
        "=",
        mutant("wrong sign"),
        VECTOR,
        "n=1 v[1]=0 i=1 j=1",
        ("0", "2"),
    ),
    (
        "true for n = 1 only",
        sum_over(K, v(K)),
        "=",
        v(P),
        VECTOR,
        "n=2 v[1]=1 v[2]=0 i=2",
        ("1", "0"),
    ),
    ("n = 4", Pow(Dimension("n"), TWO), "<", number(16), VECTOR, "n=4", ("16", "16")),
    (
        "a transposed matrix",
        entry(P, Q),
        "=",
        entry(Q, P),
        variables(A=""),
        "n=2 A[1,1]=0 A[1,2]=0 A[2,1]=1 A[2,2]=0 i=1 j=2",
        ("0", "1"),
    ),
    (
        "a transposed inverse",
        InverseEntry("A", P, Q),
        "=",
        InverseEntry("A", Q, P),
        MATRIX,
        "n=2 A[1,1]=0 A[1,2]=1 A[2,1]=-1 A[2,2]=0 i=1 j=2",
        ("-1", "1"),
    ),
    (
        "one-hot is not 1/n",
        mul(Dimension("n"), v(P)),
        "=",
        ONE,
        variables(v="one-hot"),
        "n=2 v[1]=1 v[2]=0 i=1",
        ("2", "1"),
    ),
    (
        "a distribution is not uniform",
        mul(Dimension("n"), v(P)),
        "=",
        ONE,
        variables(v="sums to 1, positive"),
        "n=2 v[1]=1/3 v[2]=2/3 i=1",
        ("2/3", "1"),
    ),
    ("positive but not > 1", C, ">", ONE, variables(c="positive"), "c=1", ("1", "1")),
    (
        "f is linear",
        f(add(X, Y)),
        "=",
        add(f(X), f(Y)),
        SCALARS,
        "x=0 y=0 f(u)=1 + u^2",
        ("1", "2"),
    ),
    (
        "inner derivative forgotten",
        Derivative(f(Pow(X, TWO)), X),
        "=",
        f(Pow(X, TWO), 0),
        SCALARS,
        "x=0 f(u)=2 u",
        ("0", "2"),
    ),
    (
        "two components that have a number",
        Element("v", (Fixed(5, "n"),)),
        "=",
        Element("v", (Fixed(4, "n"),)),
        VECTOR,
        "n=5 v[1]=0 v[2]=0 v[3]=0 v[4]=0 v[5]=1",
        ("1", "0"),
    ),
    (
        "all components that have a number",
        add(*(Element("v", (Fixed(k, "n"),)) for k in range(1, 6))),
        "=",
        sum_over(P, v(P)),
        VECTOR,
        "n=6 v[1]=0 v[2]=0 v[3]=0 v[4]=0 v[5]=0 v[6]=1",
        ("0", "1"),
    ),
    (
        "loss by W1: no activation",
        Derivative(LOSS, W1),
        "=",
        mutant("no activation"),
        NETWORK,
        "h=1 d=1 m=2 W1[1,1]=1 y[1]=0 y[2]=1 W2[1,1]=1 W2[2,1]=0 x[1]=-1 "
        "b1[1]=0 b2[1]=0 b2[2]=0 a=1 b=1",
        ("0", "-1/2"),
    ),
    (
        "loss by W2: y need not sum to 1",
        Derivative(LOSS, W2),
        "=",
        mutant("y need not sum to 1"),
        NETWORK,
        "",
        ("0", "1"),
    ),
    (
        "loss by W2: no error",
        Derivative(LOSS, W2),
        "=",
        mutant("no error"),
        NETWORK,
        "",
        ("0", "1"),
    ),
]


def words(point: Counterexample) -> str:
    pairs = [(name, str(length)) for name, length in point.dimensions]
    return " ".join(f"{name}={value}" for name, value in (*pairs, *point.assignment))


@pytest.mark.parametrize("case", FALSE, ids=lambda case: case[0])
def test_what_is_false_is_refuted_at_the_most_readable_point(
    case: tuple[str, Term, Operator, Term, Declarations, str, tuple[str, str]],
) -> None:
    _, left, operator, right, declarations, point, values = case
    search = refute(Obligation(operator, left, right, declarations))
    found = search.counterexample
    assert found is not None
    assert search.tried == 1 + search.agreeing + search.undefined + search.undecided
    assert (words(found), found.left, found.right) == (point or words(found), *values)
    assert (found.bits == 0) == ("+/-" not in found.left + found.right)


class TestHypotheses:
    """What is stated is context: points satisfy it, and are drawn so that they do."""

    @staticmethod
    def search(
        left: Term,
        operator: Operator,
        right: Term,
        *hypotheses: Proposition,
        words: str = "",
        conditions: tuple[Proposition, ...] = (),
    ) -> Search:
        declared = variables(v=words)
        declarations = Declarations(variables=declared.variables, hypotheses=hypotheses)
        obligation = Obligation(operator, left, right, declarations)
        return refute(obligation, conditions=conditions, budget=40)

    def test_bounds(self) -> None:
        inside = (Compare("<", ZERO, X), Compare("<", X, ONE))
        true = self.search(Pow(X, TWO), "<", X, *inside)
        assert true.counterexample is None
        assert true.agreeing >= 40
        false = self.search(X, "<", HALF, *inside).counterexample
        assert false is not None
        assert (words(false), false.left, false.right) == ("x=1/2", "1/2", "1/2")

    def test_equations(self) -> None:
        sums_to_one = Compare("=", sum_over(K, v(K)), ONE)
        true = self.search(sum_over(K, mul(C, v(K))), "=", C, sums_to_one)
        assert true.counterexample is None
        assert true.agreeing == 40
        false = self.search(sum_over(K, Pow(v(K), TWO)), "=", ONE, sums_to_one).counterexample
        assert false is not None
        assert (words(false), false.left) == ("n=2 v[1]=-1 v[2]=2", "5")

    def test_indices(self) -> None:
        apart = Not(SameIndex(P, Q))
        assert self.search(Delta(P, Q), "=", ZERO, apart).counterexample is None
        found = self.search(Delta(P, Q), "=", ZERO).counterexample
        assert found is not None
        assert words(found) == "n=1 i=1 j=1"

    def test_the_correct_class(self) -> None:
        """For a one-hot y with y_k = 1: sum_i y_i x_i = x_k, and y_j = 0 for another j."""
        correct = Compare("=", v(K), ONE)
        total = sum_over(P, mul(v(P), Position(P)))
        assert self.search(total, "=", Position(K), correct, words="one-hot").agreeing == 40
        other = Not(SameIndex(Q, K))
        search = self.search(v(Q), "=", ZERO, correct, other, words="one-hot")
        assert search.counterexample is None
        assert search.agreeing > 0
        assert self.search(v(Q), "=", ZERO, correct, words="one-hot").counterexample is not None

    def test_for_all(self) -> None:
        every = ForAll("n", Compare(">", Element("v", (Bound(0),)), ZERO))
        assert self.search(v(P), ">", ZERO, every).counterexample is None
        nonzero = ForAll("n", Compare("!=", Element("v", (Bound(0),)), ZERO))
        search = self.search(div(v(P), v(P)), "=", ONE, nonzero)
        assert (search.agreeing, search.undefined) == (40, 0)

    def test_dimensions(self) -> None:
        assert self.search(Dimension("n"), ">", TWO, Compare(">", Dimension("n"), TWO)).agreeing
        none = self.search(Dimension("n"), ">", TWO, Compare(">", Dimension("n"), number(9)))
        assert none.tried == 0

    def test_conditions_of_a_verdict(self) -> None:
        positive = (Compare(">", C, ZERO),)
        root = apply("sqrt", Pow(C, TWO))
        assert self.search(root, "=", C, conditions=positive).counterexample is None
        assert self.search(root, "=", C).counterexample is not None

    def test_what_holds_nowhere_leaves_no_points(self) -> None:
        search = self.search(ONE, "=", TWO, Compare("<", Pow(C, TWO), ZERO))
        assert search == Search(None, 0, 0, 0, 0, 0)

    def test_a_function_with_a_declared_shape(self) -> None:
        declarations = Declarations(
            variables=VECTOR.variables,
            functions={"S": FunctionType("S", (("n",),), ("n",))},
        )
        vector = Argument(("n",), Element("v", (Bound(0),)))
        left, right = (Call("S", (index,), (vector,)) for index in (P, Q))
        found = refute(Obligation("=", left, right, declarations)).counterexample
        assert found is not None
        assert words(found) == (
            "n=2 v[1]=0 v[2]=1 i=1 j=2 S(u)[1]=-2 u[1] + 2 u[2] S(u)[2]=u[1] + 3 u[2]"
        )


class TestHardInequalities:
    def test_a_small_region(self) -> None:
        """x log x >= -0.367 fails only within 0.03 of 1/e."""
        left = mul(X, apply("log", X))
        bound = number(Fraction(-367, 1000))
        found = refute(Obligation(">=", left, bound, SCALARS)).counterexample
        assert found is not None
        assert (words(found), found.left, found.right) == (
            "x=3/8",
            "-0.367811 +/- 4e-8",
            "-367/1000",
        )

    def test_beside_it_nothing_is_refuted(self) -> None:
        left = mul(X, apply("log", X))
        bound = number(Fraction(-368, 1000))
        assert refute(Obligation(">=", left, bound, SCALARS)).counterexample is None


class TestLimits:
    """Hostile terms end soon, without an exception and without a verdict that is not certain."""

    @staticmethod
    def chain(length: int) -> Declarations:
        squares = [Definition("a0", (), X)]
        for k in range(1, length):
            last = Element(f"a{k - 1}")
            squares.append(Definition(f"a{k}", (), mul(last, last)))
        return Declarations(definitions={square.name: square for square in squares})

    @pytest.mark.parametrize(
        ("left", "right", "refuted"),
        [
            (Sum(10**9, Pow(Position(Bound(0)), number(-1))), ZERO, False),
            (apply("relu", sub(apply("log", apply("exp", X)), X)), ZERO, False),
            (Pow(Pow(Pow(number(7), number(999)), number(999)), number(999)), ZERO, True),
            (apply("exp", apply("exp", apply("exp", apply("exp", ONE)))), ZERO, True),
            (apply("sin", Pow(number(10), number(3000))), number(3), True),
        ],
    )
    def test_large_values(self, left: Term, right: Term, refuted: bool) -> None:
        search = refute(Obligation("=", left, right, SCALARS))
        assert (search.counterexample is not None) is refuted

    def test_squares_of_squares(self) -> None:
        declarations = self.chain(60)
        node = Derivative(Element("a59"), X)
        found = refute(Obligation("=", node, ZERO, declarations)).counterexample
        assert found is not None
        assert (words(found), found.left) == ("x=1", str(2**59))

    def test_deep_terms(self) -> None:
        deep: Term = X
        for _ in range(5000):
            deep = Add((deep, ONE))
        assert refute(Obligation("=", deep, X, SCALARS)) == Search(None, 0, 0, 0, 0, 0)

    def test_large_variables(self) -> None:
        side = 10**5
        declarations = Declarations(variables={"W": Variable("W", (side, side))})
        left = Element("W", (Fixed(1, side), Fixed(1, side)))
        assert refute(Obligation("=", left, ZERO, declarations)).undecided == 1

    def test_many_index_values(self) -> None:
        wide = [Free(letter, 50) for letter in "pqrs"]
        left = Mul((Delta(*wide[:2]), Delta(*wide[2:])))
        search = refute(Obligation("=", left, left, SCALARS))
        assert (search.tried, search.agreeing) == (1, 1)

    def test_no_more_points_than_the_budget(self) -> None:
        for budget in (1, 12):
            search = refute(Obligation("=", X, X, SCALARS), budget=budget)
            assert (search.tried, search.agreeing) == (budget, budget)


def test_the_same_arguments_give_the_same_search() -> None:
    for _, left, operator, right, declarations, _, _ in FALSE[:14]:
        obligation = Obligation(operator, left, right, declarations)
        assert refute(obligation, seed=3) == refute(obligation, seed=3)


def test_terms_that_do_not_fit_are_an_error() -> None:
    with pytest.raises(ValueError, match="'v' has 1 indices, here it is given 0"):
        refute(Obligation("=", Element("v"), ONE, VECTOR))
