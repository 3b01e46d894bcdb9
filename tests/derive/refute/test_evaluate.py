"""Values of every kind of term, derivatives by perturbation, and what has no value."""

from collections.abc import Mapping
from fractions import Fraction

import pytest
from flint import arb, fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.refute.evaluate import Point, evaluate
from derive.refute.instances import Instance
from derive.refute.ring import (
    ExhaustedError,
    UndecidedError,
    UndefinedError,
    Value,
    ball,
    exact,
    to_fraction,
)
from derive.terms.declarations import Declarations, FunctionType, Variable
from derive.terms.structure import Definition, product_over, sum_over
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    Add,
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
    Indicator,
    InverseEntry,
    Mul,
    Not,
    Operator,
    Or,
    Position,
    Pow,
    Product,
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

X, Y = Element("x"), Element("y")
P, Q, K = Free("i", "n"), Free("j", "n"), Free("k", "n")
HALF = number(Fraction(1, 2))
VECTOR = Declarations(
    variables={"v": Variable("v", ("n",)), "A": Variable("A", ("n", "n"))},
)


def v(index: Free) -> Element:
    return Element("v", (index,))


def entries(*numbers: int | Fraction) -> dict[tuple[int, ...], Fraction]:
    return {(k + 1,): Fraction(value) for k, value in enumerate(numbers)}


def matrix(*rows: tuple[int, ...]) -> dict[tuple[int, ...], Fraction]:
    return {
        (i + 1, j + 1): Fraction(value) for i, row in enumerate(rows) for j, value in enumerate(row)
    }


def at(
    node: Term | Proposition,
    declarations: Declarations | None = None,
    indices: Mapping[Free, int] | None = None,
    bits: int = 128,
    **scalars: int | Fraction,
) -> Value:
    """The value at scalars, at v = (2, 3, 5), and at a fixed 3 x 3 matrix A."""
    values: dict[str, Mapping[tuple[int, ...], Fraction]] = {
        name: {(): Fraction(value)} for name, value in scalars.items()
    }
    values["v"] = entries(2, 3, 5)
    values["A"] = matrix((2, 1, 0), (0, 1, 3), (1, 0, 1))
    point = Point({"n": 3, "m": 2}, values, {"f": Instance("f", 3), "g": Instance("g", 4)})
    return evaluate(node, point, declarations or VECTOR, indices, bits)


EXACT: list[tuple[Term | Proposition, Value]] = [
    (number(Fraction(2, 3)), fmpq(2, 3)),
    (Dimension("n"), 3),
    (Dimension(7), 7),
    (Add((ONE, TWO, TWO)), 5),
    (Mul((TWO, TWO, TWO)), 8),
    (sub(TWO, HALF), fmpq(3, 2)),
    (div(ONE, number(3)), fmpq(1, 3)),
    (Pow(number(4), HALF), 2),
    (Pow(number(4), Pow(TWO, MINUS_ONE)), 2),
    (Pow(ZERO, ZERO), 1),
    (Pow(number(-2), Dimension("n")), -8),
    (Pow(Dimension("n"), sub(Dimension("m"), Dimension("n"))), fmpq(1, 3)),
    (sum_over(K, v(K)), 10),
    (sum_over(K, mul(v(K), Position(K))), 2 + 6 + 15),
    (product_over(K, v(K)), 30),
    (Sum(4, Position(Bound(0))), 10),
    (Product(4, Position(Bound(0))), 24),
    (Sum("n", Sum("n", Delta(Bound(0), Bound(1)))), 3),
    (Sum("n", Sum("m", Mul((Position(Bound(0)), Position(Bound(1)))))), 18),
    (Element("v", (Fixed(2, "n"),)), 3),
    (Indicator(Compare(">=", ONE, ONE)), 1),
    (Where(Compare(">", ONE, TWO), Undefined(), TWO), 2),
    (Where(Compare("<", ONE, TWO), TWO, Pow(ZERO, MINUS_ONE)), 2),
    (Determinant("A"), 5),
    (ForAll("n", Compare(">", Element("v", (Bound(0),)), ONE)), 1),
    (ForAll("n", Compare(">", Element("v", (Bound(0),)), TWO)), 0),
    (And((Compare("=", ONE, ONE), Not(Compare("=", ONE, TWO)))), 1),
    (Or((Compare("=", ONE, TWO), Compare("!=", ONE, ONE))), 0),
    (apply("exp", sub(ONE, ONE)), 1),
    (sub(apply("log", TWO), apply("log", TWO)), 0),
    (div(apply("exp", ONE), apply("exp", ONE)), 1),
    (apply("relu", sub(apply("log", TWO), apply("log", TWO))), 0),
]


@pytest.mark.parametrize(("node", "expected"), EXACT)
def test_exact_values(node: Term, expected: Value) -> None:
    value = at(node)
    assert not isinstance(value, arb)
    assert value == expected


UNDEFINED: list[Term] = [
    Pow(ZERO, MINUS_ONE),
    div(ZERO, ZERO),
    mul(ZERO, Pow(ZERO, MINUS_ONE)),
    apply("log", ZERO),
    apply("log", MINUS_ONE),
    apply("sqrt", MINUS_ONE),
    Pow(MINUS_ONE, number(Fraction(1, 3))),
    Pow(ZERO, X),
    Pow(MINUS_ONE, Y),
    Undefined(),
    Where(Compare(">", TWO, ONE), Undefined(), ONE),
    Derivative(apply("relu", X), X),
    Derivative(apply("abs", X), X),
    Derivative(apply("sqrt", X), X),
    Derivative(apply("sqrt", Pow(X, TWO)), X),
    Derivative(Indicator(Compare(">", X, ZERO)), X),
    Derivative(Indicator(Compare(">", Pow(X, TWO), ZERO)), X),
    Derivative(Where(Compare(">=", X, ZERO), X, ZERO), X),
    Derivative(Where(Not(Compare("=", X, ZERO)), X, ZERO), X),
    Derivative(Where(And((Compare(">=", X, ZERO), Compare(">", Y, ZERO))), X, ZERO), X),
    Derivative(apply("max", X, ZERO), X),
    Derivative(apply("floor", Y), Y),
    Derivative(Pow(X, number(Fraction(3, 2))), X),
]


@pytest.mark.parametrize("node", UNDEFINED)
def test_no_value(node: Term) -> None:
    with pytest.raises(UndefinedError):
        at(node, x=0, y=2)


DEFINED_THOUGH_NEAR: list[tuple[Term, int]] = [
    # a kink in another variable, a flat kink, a condition that is settled elsewhere
    (Derivative(add(apply("relu", X), apply("relu", Y)), Y), 1),
    (Derivative(apply("relu", Pow(X, TWO)), X), 0),
    (Derivative(apply("sqrt", mul(ZERO, X)), X), 0),
    (Derivative(Where(And((Compare(">=", X, ZERO), Compare(">", Y, TWO))), X, ZERO), X), 0),
    (Derivative(Where(Compare(">=", X, ZERO), X, ZERO), Y), 0),
    (Derivative(mul(Indicator(Compare(">=", X, ZERO)), Y), Y), 1),
]


@pytest.mark.parametrize(("node", "expected"), DEFINED_THOUGH_NEAR)
def test_derivatives_that_exist(node: Term, expected: int) -> None:
    assert at(node, x=0, y=2) == expected


def test_a_kink_in_another_component_does_no_harm() -> None:
    zero_first = Point({"n": 2}, {"v": entries(0, 3)})
    total = Derivative(sum_over(K, apply("relu", v(K))), v(P))
    assert evaluate(total, zero_first, VECTOR, {P: 2}) == 1
    with pytest.raises(UndefinedError):
        evaluate(total, zero_first, VECTOR, {P: 1})


def test_numbers_do_not_grow_without_end() -> None:
    squares = [Definition("a0", (), X)]
    for k in range(1, 18):
        last = Element(f"a{k - 1}")
        squares.append(Definition(f"a{k}", (), mul(last, last)))
    declarations = Declarations(definitions={square.name: square for square in squares})
    assert at(Element("a10"), declarations, x=2) == 2**1024
    assert isinstance(at(Element("a17"), declarations, x=2), arb)


def test_undecided_without_enough_precision() -> None:
    tiny = Pow(number(10), number(-60))
    node = Indicator(Compare(">", add(apply("sin", apply("exp", ONE)), tiny), apply("sin", X)))
    close = Fraction(271828182845904523536028747135266249775724709369995, 10**50)
    with pytest.raises(UndecidedError):
        at(node, x=close, bits=128)
    assert at(node, x=close, bits=256) in (0, 1)


def test_too_many_steps() -> None:
    with pytest.raises(ExhaustedError):
        at(Sum(10**9, Position(Bound(0))))


class TestDerivatives:
    def test_by_one_component(self) -> None:
        square = sum_over(K, Pow(v(K), TWO))
        assert [at(Derivative(square, v(P)), indices={P: k}) for k in (1, 2, 3)] == [4, 6, 10]

    def test_no_index_is_captured(self) -> None:
        node = sum_over(K, Derivative(sum_over(Q, mul(v(Q), v(Q))), v(K)))
        assert at(node) == 2 * (2 + 3 + 5)

    def test_second_derivatives(self) -> None:
        cube = sum_over(K, mul(v(K), v(K), v(Q)))
        hessian = Derivative(Derivative(cube, v(P)), v(K))
        values = {(1, 2, 1): 6, (1, 1, 1): 12, (2, 3, 1): 0, (2, 1, 1): 6, (2, 2, 1): 4}
        for (i, k, j), expected in values.items():
            assert at(hessian, indices={P: i, K: k, Q: j}) == expected

    def test_mixed_derivatives_commute(self) -> None:
        node = mul(apply("exp", mul(X, Y)), apply("sin", X))
        first = at(Derivative(Derivative(node, X), Y), x=1, y=2)
        second = at(Derivative(Derivative(node, Y), X), x=1, y=2)
        assert ball(first).overlaps(ball(second))
        assert (ball(first) - ball(second)).rad() < 1e-30

    def test_inverse_and_determinant(self) -> None:
        """Jacobi: d det A / d A_ij = det A (A^-1)_ji; d A^-1 = -A^-1 dA A^-1."""
        p, q = Free("p", "n"), Free("q", "n")
        entry = Element("A", (P, Q))
        jacobi = mul(Determinant("A"), InverseEntry("A", Q, P))
        inverse = Derivative(InverseEntry("A", p, q), entry)
        expected = neg(mul(InverseEntry("A", p, P), InverseEntry("A", Q, q)))
        for i in (1, 2, 3):
            for j in (1, 2, 3):
                where = {P: i, Q: j, p: 2, q: 3}
                assert at(Derivative(Determinant("A"), entry), indices=where) == at(
                    jacobi, indices=where
                )
                assert at(inverse, indices=where) == at(expected, indices=where)

    def test_the_determinant_of_a_singular_matrix_is_differentiable(self) -> None:
        singular = Point({"n": 2}, {"A": matrix((1, 2), (2, 4))})
        node = Derivative(Determinant("A"), Element("A", (P, Q)))
        assert evaluate(node, singular, VECTOR, {P: 1, Q: 2}) == -2
        with pytest.raises(UndefinedError):
            evaluate(InverseEntry("A", P, Q), singular, VECTOR, {P: 1, Q: 2})

    @settings(deadline=None, max_examples=30)
    @given(
        st.lists(st.tuples(st.integers(-3, 3), st.integers(0, 3), st.integers(0, 3)), max_size=5),
        st.fractions(-3, 3, max_denominator=4),
        st.fractions(-3, 3, max_denominator=4),
    )
    def test_polynomials(
        self, monomials: list[tuple[int, int, int]], x: Fraction, y: Fraction
    ) -> None:
        terms = [mul(number(c), Pow(X, number(a)), Pow(Y, number(b))) for c, a, b in monomials]
        by_x = sum((c * a * x ** max(a - 1, 0) * y**b for c, a, b in monomials), Fraction(0))
        by_xy = sum(
            (c * a * b * x ** max(a - 1, 0) * y ** max(b - 1, 0) for c, a, b in monomials),
            Fraction(0),
        )
        polynomial = add(*terms)
        assert at(Derivative(polynomial, X), x=x, y=y) == exact(by_x)
        assert at(Derivative(Derivative(polynomial, X), Y), x=x, y=y) == exact(by_xy)


class TestDefinitions:
    """h := 3 w; u := 5 w; L := h^2 + w + u, so dL/dh holds w and u constant."""

    h = Definition("h", (), mul(number(3), Element("w")))
    u = Definition("u", (), mul(number(5), Element("w")))
    loss = Definition("L", (), add(Pow(Element("h"), TWO), Element("w"), Element("u")))
    declarations = Declarations(definitions={d.name: d for d in (h, u, loss)})

    def test_the_value_unfolds_to_the_end(self) -> None:
        assert at(Element("L"), self.declarations, w=2) == 36 + 2 + 10

    def test_unfolds_until_the_variable_and_no_further(self) -> None:
        assert at(Derivative(Element("L"), Element("h")), self.declarations, w=2) == 12

    def test_through_all_definitions(self) -> None:
        node = Derivative(Element("L"), Element("w"))
        assert at(node, self.declarations, w=2) == 2 * 9 * 2 + 1 + 5

    def test_by_itself(self) -> None:
        assert at(Derivative(Element("L"), Element("L")), self.declarations, w=2) == 1

    def test_what_does_not_contain_the_variable(self) -> None:
        assert at(Derivative(Element("u"), Element("h")), self.declarations, w=2) == 0

    def test_a_derivative_of_a_derivative(self) -> None:
        inner = Derivative(Element("L"), Element("h"))
        assert at(Derivative(inner, Element("w")), self.declarations, w=2) == 6

    def test_the_order_that_terms_leave_open_has_no_value(self) -> None:
        inner = Derivative(Element("L"), Element("w"))
        with pytest.raises(UndefinedError, match="inside a derivative"):
            at(Derivative(inner, Element("h")), self.declarations, w=2)

    def test_components(self) -> None:
        """a_i := sum_k A_ik v_k; s := sum_i a_i^2."""
        a = Definition("a", (P,), sum_over(K, mul(Element("A", (P, K)), v(K))))
        s = Definition("s", (), sum_over(P, Pow(Element("a", (P,)), TWO)))
        declarations = Declarations(variables=VECTOR.variables, definitions={"a": a, "s": s})
        by_a = Derivative(Element("s"), Element("a", (P,)))
        by_v = Derivative(Element("s"), v(Q))
        chain = sum_over(P, mul(by_a, Derivative(Element("a", (P,)), v(Q))))
        assert at(by_a, declarations, {P: 2}) == 2 * (3 + 15)
        for j in (1, 2, 3):
            assert at(by_v, declarations, {Q: j}) == at(chain, declarations, {Q: j})


class TestUnknownFunctions:
    declarations = Declarations(functions={"f": FunctionType("f", ((),))})

    @staticmethod
    def f(argument: Term, *partials: int) -> Call:
        return Call("f", (), (Argument((), argument),), tuple((slot, ()) for slot in partials))

    def test_the_value_is_the_polynomial(self) -> None:
        coefficient = Instance("f", 3).monomials((), ((0, ()),))[0][0]
        assert at(self.f(TWO), self.declarations) == 4 * coefficient + 2

    def test_partials_are_derivatives(self) -> None:
        node = self.f(Pow(X, TWO))
        chain = mul(TWO, X, self.f(Pow(X, TWO), 0))
        assert at(Derivative(node, X), self.declarations, x=3) == at(chain, self.declarations, x=3)
        second = Derivative(Derivative(self.f(X), X), X)
        assert at(second, self.declarations, x=3) == at(self.f(X, 0, 0), self.declarations, x=3)

    def test_a_partial_by_a_component(self) -> None:
        vector = Argument(("n",), Element("v", (Bound(0),)))
        call = Call("g", (P,), (vector,))
        partial = Call("g", (P,), (vector,), ((0, (Q,)),))
        for i in (1, 2):
            for j in (1, 2, 3):
                where = {P: i, Q: j}
                assert at(Derivative(call, v(Q)), indices=where) == at(partial, indices=where)

    def test_the_last_dimension_is_the_nearest_binder(self) -> None:
        whole = Argument(("n", "n"), Element("A", (Bound(1), Bound(0))))
        turned = Argument(("n", "n"), Element("A", (Bound(0), Bound(1))))
        assert at(Call("g", (), (whole,))) != at(Call("g", (), (turned,)))


class TestPropositions:
    @pytest.mark.parametrize(
        ("operator", "truths"),
        [
            ("=", (0, 1, 0)),
            ("!=", (1, 0, 1)),
            ("<", (1, 0, 0)),
            ("<=", (1, 1, 0)),
            (">", (0, 0, 1)),
            (">=", (0, 1, 1)),
        ],
    )
    def test_relations(self, operator: Operator, truths: tuple[int, int, int]) -> None:
        node = Compare(operator, X, TWO)
        assert tuple(at(node, x=x) for x in (1, 2, 3)) == truths

    def test_indices(self) -> None:
        assert at(SameIndex(P, Q), indices={P: 2, Q: 2}) == 1
        assert at(Not(SameIndex(P, Q)), indices={P: 2, Q: 2}) == 0

    def test_a_part_without_truth_leaves_the_whole_without(self) -> None:
        senseless = Compare(">", apply("log", MINUS_ONE), ZERO)
        for parts in ((senseless, Compare("=", ONE, TWO)), (Compare("=", ONE, TWO), senseless)):
            with pytest.raises(UndefinedError):
                at(And(parts))


class TestPrecision:
    NODES = (
        apply("exp", X),
        apply("tanh", add(X, Y)),
        Derivative(apply("softplus", mul(X, Y)), X),
        apply("erf", div(X, add(ONE, Pow(Y, TWO)))),
        Pow(add(ONE, Pow(X, TWO)), number(Fraction(2, 7))),
    )

    @settings(deadline=None, max_examples=40)
    @given(
        st.sampled_from(NODES),
        st.fractions(-5, 5, max_denominator=9),
        st.fractions(-5, 5, max_denominator=9),
    )
    def test_more_bits_stay_inside_of_fewer(self, node: Term, x: Fraction, y: Fraction) -> None:
        low, high = (ball(at(node, bits=bits, x=x, y=y)) for bits in (53, 400))
        assert low.contains(high)
        assert high.rad() <= low.rad()

    def test_exact_numbers_do_not_depend_on_it(self) -> None:
        third = at(div(X, Y), bits=53, x=1, y=3)
        assert to_fraction(third) == Fraction(1, 3)


class TestIncompletePoints:
    @pytest.mark.parametrize(
        ("node", "message"),
        [
            (Element("z"), "the point gives no value for 'z'"),
            (Element("v", (Fixed(4, "n"),)), r"the point gives no value for 'v\[4\]'"),
            (Dimension("q"), "the point gives no value for the dimension 'q'"),
        ],
    )
    def test_what_is_missing_is_named(self, node: Term, message: str) -> None:
        with pytest.raises(ValueError, match=message):
            at(node)
