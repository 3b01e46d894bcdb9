from fractions import Fraction
from functools import reduce

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.integers.evaluate import value
from derive.operation_count import degree, operation_count
from derive.terms.plain import term_text
from derive.terms.structure import (
    free_indices,
    open_binder,
    product_over,
    substitute_indices,
    sum_over,
)
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    Add,
    Apply,
    Compare,
    Delta,
    Derivative,
    Dimension,
    Element,
    Fixed,
    Free,
    Indicator,
    Mul,
    Not,
    Number,
    Or,
    Pow,
    Product,
    SameIndex,
    Sum,
    Where,
    add,
    apply,
    div,
    mul,
    neg,
    number,
    sub,
)

I, J, K = (Free(name, "n") for name in "ijk")  # noqa: E741
A, B = Free("a", "m"), Free("b", "d")
N, M, D = Dimension("n"), Dimension("m"), Dimension("d")


def x(index):
    return Element("x", (index,))


def s(index):
    return Element("s", (index,))


def g(index):
    return Element("g", (index,))


def w(row, column):
    return Element("w", (row, column))


SIGMOID = mul(s(I), sub(ONE, s(I)), g(I))
SIGMOID_BY_DELTA = sum_over(J, mul(Delta(I, J), s(J), sub(ONE, s(J)), g(J)))
DENSE = sum_over(J, mul(w(I, J), g(J)))
FACTORED = sub(mul(s(I), g(I)), mul(s(I), sum_over(J, mul(s(J), g(J)))))
UNFACTORED = sub(mul(s(I), g(I)), sum_over(J, mul(mul(s(I), s(J)), g(J))))
JACOBIAN = sub(mul(Delta(I, J), s(I)), mul(s(I), s(J)))
BY_JACOBIAN = sum_over(J, mul(JACOBIAN, g(J)))

COUNTS = {
    "sigmoid, factored": (SIGMOID, (I,), "3 * n", 1),
    "sigmoid, diagonal matrix": (SIGMOID_BY_DELTA, (I,), "3 * n", 1),
    "a full matrix times a vector": (DENSE, (I,), "2 * n^2 - n", 2),
    "softmax, factored": (FACTORED, (I,), "5 * n - 1", 1),
    "softmax, unfactored": (UNFACTORED, (I,), "3 * n^2 + n", 2),
    "softmax Jacobian": (JACOBIAN, (I, J), "2 * n^2", 2),
    "softmax, Jacobian first": (BY_JACOBIAN, (I,), "4 * n^2 - n", 2),
    "softmax itself": (
        div(apply("exp", x(I)), sum_over(J, apply("exp", x(J)))),
        (I,),
        "4 * n - 1",
        1,
    ),
    "a component": (x(I), (I,), "0", 0),
    "an affine layer": (
        add(sum_over(B, mul(w(A, B), x(B))), Element("b", (A,))),
        (A,),
        "2 * m * d",
        1,
    ),
    "a matrix product": (sum_over(J, mul(w(I, J), w(J, K))), (I, K), "2 * n^3 - n^2", 3),
    "broadcasting costs nothing": (mul(x(I), s(I)), (I, J), "n", 1),
    "a subterm is evaluated once": (
        mul(apply("exp", x(I)), sub(ONE, apply("exp", x(I)))),
        (I,),
        "3 * n",
        1,
    ),
    "an inner sum is evaluated once": (
        sum_over(I, mul(x(I), sum_over(J, s(J)))),
        (),
        "3 * n - 2",
        1,
    ),
    "diag(s)": (mul(Delta(I, J), s(I), s(J)), (I, J), "n", 1),
    "diag(s) added to a matrix": (add(mul(Delta(I, J), s(I)), w(I, J)), (I, J), "n", 1),
    "a matrix subtracted from diag(s)": (sub(mul(Delta(I, J), s(I)), w(I, J)), (I, J), "n^2", 2),
    "diag(s) subtracted from a matrix": (sub(w(I, J), mul(Delta(I, J), s(I))), (I, J), "n", 1),
    "two diagonals": (
        add(mul(Delta(I, J), s(I)), mul(Delta(I, J), x(I))),
        (I, J),
        "n",
        1,
    ),
    "a double sum over a delta": (
        sum_over(I, sum_over(J, mul(Delta(I, J), x(I), g(J)))),
        (),
        "2 * n - 1",
        1,
    ),
    "a delta under two sums": (
        sum_over(J, mul(w(I, J), sum_over(K, mul(Delta(J, K), g(K))))),
        (I,),
        "2 * n^2 - n",
        2,
    ),
    "a delta of equal indices is no factor": (
        mul(Delta(I, J), add(mul(Delta(J, I), x(I)), s(I))),
        (I, J),
        "n",
        1,
    ),
    "the diagonal uses what is known": (
        add(mul(Delta(I, J), apply("exp", x(I))), apply("exp", x(I))),
        (I, J),
        "2 * n",
        1,
    ),
    "the diagonal of a product that is needed in full": (
        add(mul(Delta(I, J), mul(x(I), s(J))), mul(x(I), s(J))),
        (I, J),
        "n^2 + n",
        2,
    ),
    "two diagonals of one product": (
        sum_over(
            K,
            add(
                apply("exp", mul(Delta(I, K), mul(x(I), s(J), g(K)))),
                apply("exp", mul(Delta(J, K), mul(x(I), s(J), g(K)))),
            ),
        ),
        (I, J),
        "4 * n^3 + 3 * n^2 - 2 * n",
        3,
    ),
    "a chosen component": (sum_over(J, mul(Delta(J, Fixed(1, "n")), x(J), x(J))), (), "1", 0),
    "different components": (mul(Delta(Fixed(1, 3), Fixed(2, 3)), x(I), s(I)), (I,), "0", 0),
    "the number of a delta": (sum_over(J, apply("exp", Delta(I, J))), (I,), "2 * n^2 - n", 2),
    "one division": (div(x(I), s(I)), (I,), "n", 1),
    "a reciprocal": (Pow(x(I), MINUS_ONE), (I,), "n", 1),
    "two reciprocals": (mul(Pow(x(I), MINUS_ONE), Pow(s(I), MINUS_ONE)), (I,), "2 * n", 1),
    "a square": (Pow(x(I), TWO), (I,), "n", 1),
    "a fifth power": (Pow(x(I), number(5)), (I,), "4 * n", 1),
    "over a square": (div(ONE, Pow(x(I), TWO)), (I,), "2 * n", 1),
    "divided by a square": (mul(x(I), Pow(s(I), number(-2))), (I,), "2 * n", 1),
    "a root is a call": (Pow(x(I), Number(Fraction(1, 2))), (I,), "n", 1),
    "a power is a call": (Pow(x(I), s(I)), (I,), "n", 1),
    "a negation": (neg(x(I)), (I,), "n", 1),
    "a difference": (sub(x(I), s(I)), (I,), "n", 1),
    "two subtracted": (add(neg(x(I)), neg(s(I))), (I,), "2 * n", 1),
    "the first subtracted": (add(neg(x(I)), s(I)), (I,), "n", 1),
    "an indicator": (mul(Indicator(Compare(">", x(I), ZERO)), g(I)), (I,), "2 * n", 1),
    "an indicator of indices": (mul(Indicator(SameIndex(I, J)), w(I, J)), (I, J), "n^2", 2),
    "an indicator of two": (
        Indicator(Or((Compare(">", x(I), ONE), Not(Compare("<", x(I), ZERO))))),
        (I,),
        "2 * n",
        1,
    ),
    "a product over an index": (product_over(J, x(J)), (), "n - 1", 1),
    "a number of examples": (sum_over(Free("e", 5), Element("l", (Free("e", 5),))), (), "4", 0),
    "no arguments": (apply("pi"), (), "0", 0),
}


@pytest.mark.parametrize("name", COUNTS)
def test_counts(name):
    term, axes, text, expected = COUNTS[name]
    count = operation_count(term, axes)
    assert term_text(count) == text
    assert degree(count, "n" if "n" in text or text.isdigit() else "m") == expected


def test_degrees_by_dimension():
    count = operation_count(COUNTS["an affine layer"][0], (A,))
    assert (degree(count, "m"), degree(count, "d"), degree(count, "n")) == (1, 1, 0)


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (sub(N, N), 0),
        (mul(add(N, ONE), sub(N, ONE)), 2),
        (Pow(add(N, M), number(3)), 3),
        (sub(mul(N, add(N, ONE)), mul(N, N)), 1),
        (Dimension(4), 0),
    ],
)
def test_degree_of_any_polynomial(count, expected):
    assert degree(count, "n") == expected


@pytest.mark.parametrize("count", [x(I), apply("log", N), div(ONE, N), Number(Fraction(1, 2))])
def test_degree_of_no_polynomial(count):
    with pytest.raises(ValueError, match="not a polynomial in dimensions"):
        degree(count, "n")


@pytest.mark.parametrize(
    ("term", "axes", "message"),
    [
        (w(I, J), (I,), "the index j is no axis of the count; there are: i"),
        (Derivative(x(I), x(I)), (I,), "Derivative is not evaluated by scalar operations"),
        (
            Where(Compare(">", x(I), ZERO), x(I), ZERO),
            (I,),
            "Where is not evaluated by scalar operations; write it out before counting",
        ),
        (
            add(*(mul(Delta(Free(f"p{i}", "n"), Free(f"q{i}", "n")), x(I)) for i in range(11))),
            (I, *(Free(f"{p}{i}", "n") for p in "pq" for i in range(11))),
            "too many terms with different Kronecker deltas in one sum",
        ),
    ],
)
def test_what_can_not_be_counted(term, axes, message):
    with pytest.raises(ValueError, match=message):
        operation_count(term, axes)


# Counting for real: numbers that count the operations done with them.


class Counting:
    """A number that counts the operations done with it."""

    done = 0

    def __init__(self, number_):
        self.number = Fraction(number_)

    def _count(self, other, operation):
        Counting.done += 1
        other = other.number if isinstance(other, Counting) else other
        return Counting(operation(self.number, other))

    def __add__(self, other):
        return self._count(other, lambda a, b: a + b)

    def __sub__(self, other):
        return self._count(other, lambda a, b: a - b)

    def __rsub__(self, other):
        return self._count(other, lambda a, b: b - a)

    def __mul__(self, other):
        return self._count(other, lambda a, b: a * b)

    def __truediv__(self, other):
        return self._count(other, lambda a, b: a / b if b else b)

    def __neg__(self):
        Counting.done += 1
        return Counting(-self.number)


def total(numbers):
    """The sum of at least one number, without adding to 0."""
    return reduce(lambda a, b: a + b, numbers)


def vector(n, start):
    return [Counting(start + 3 * i) for i in range(n)]


def softmax_factored(s_, g_):
    weighted = total([a * b for a, b in zip(s_, g_, strict=True)])
    return [a * b - a * weighted for a, b in zip(s_, g_, strict=True)]


def softmax_unfactored(s_, g_):
    return [
        a * b - total([(a * other) * upstream for other, upstream in zip(s_, g_, strict=True)])
        for a, b in zip(s_, g_, strict=True)
    ]


def softmax_by_jacobian(s_, g_):
    n = len(s_)
    jacobian = [
        [s_[i] - s_[i] * s_[j] if i == j else -(s_[i] * s_[j]) for j in range(n)] for i in range(n)
    ]
    return [total([jacobian[i][j] * g_[j] for j in range(n)]) for i in range(n)]


def sigmoid_factored(s_, g_):
    return [a * (1 - a) * b for a, b in zip(s_, g_, strict=True)]


def at(count, **sizes):
    return value(count, {Dimension(name): size for name, size in sizes.items()})


@pytest.mark.parametrize("n", [1, 2, 3, 4])
@pytest.mark.parametrize(
    ("program", "term"),
    [
        (softmax_factored, FACTORED),
        (softmax_unfactored, UNFACTORED),
        (softmax_by_jacobian, BY_JACOBIAN),
        (sigmoid_factored, SIGMOID),
        (sigmoid_factored, SIGMOID_BY_DELTA),
    ],
)
def test_programs_written_by_hand_do_as_many(program, term, n):
    Counting.done = 0
    program(vector(n, 2), vector(n, 5))
    assert Counting.done == at(operation_count(term, (I,)), n=n)


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_both_orders_give_the_same_gradient(n):
    s_, g_ = vector(n, 2), vector(n, 5)
    results = [
        [entry.number for entry in program(s_, g_)]
        for program in (softmax_factored, softmax_unfactored, softmax_by_jacobian)
    ]
    assert results[0] == results[1] == results[2]


class Zero:
    """What a product with a delta that is 0 is known to be."""


KNOWN_ZERO, KNOWN_ONE = Zero(), Zero()


class Evaluator:
    """Evaluates a term for all values of its axes, each subterm once for each index value."""

    def __init__(self, sizes):
        self.sizes = sizes
        self.memory = {}
        self.opened = {}

    def all_values(self, term, axes):
        for place in self.places(axes):
            self.at(term, dict(zip(axes, place, strict=True)))

    def places(self, axes):
        places = [()]
        for axis in axes:
            places = [(*p, v) for p in places for v in range(1, self.sizes[axis.dim] + 1)]
        return places

    def at(self, term, where):
        key = term, tuple(where[index] for index in free_indices(term))
        if key not in self.memory:
            self.memory[key] = self.evaluate(term, where)
        return self.memory[key]

    def evaluate(self, term, where):
        match term:
            case Number(exact):
                return Counting(exact)
            case Element(name, indices):
                return Counting(1 + sum(map(ord, name)) + sum(where[i] for i in indices))
            case Delta(left, right):
                return KNOWN_ONE if where[left] == where[right] else KNOWN_ZERO
            case Add(terms):
                return self.added(terms, where)
            case Mul(factors):
                return self.multiplied(factors, where)
            case Pow(base, Number(exponent)) if exponent < 0:
                return self.evaluate(ONE, where) / self.at(inverse(base, exponent), where)
            case Pow(base, Number(exponent)):
                return reduce(lambda a, b: a * b, [self.at(base, where)] * int(exponent))
            case Apply(_, (argument,)):
                return self.at(argument, where)._count(0, lambda a, _: a + 1)
            case Sum(dim, body) | Product(dim, body):
                index = self.opened.setdefault(term, Free(f"index {len(self.opened)}", dim))
                body = open_binder(body, index)
                chosen = chosen_index(body, index) if isinstance(term, Sum) else None
                if chosen is not None:
                    value_, rest = chosen
                    return self.at(substitute_indices(rest, {index: value_}), where)
                places = range(1, self.sizes[dim] + 1)
                numbers = [self.at(body, {**where, index: place}) for place in places]
                numbers = [n for n in numbers if n is not KNOWN_ZERO]
                join = (lambda a, b: a + b) if isinstance(term, Sum) else (lambda a, b: a * b)
                return reduce(join, numbers) if numbers else KNOWN_ZERO
        raise AssertionError(term)

    def added(self, terms, where):
        present = []
        for term in terms:
            negative = isinstance(term, Mul) and term.factors[0] == MINUS_ONE
            number_ = self.at(mul(*term.factors[1:]) if negative else term, where)
            if number_ is not KNOWN_ZERO:
                present.append((negative, number_))
        present.sort(key=lambda item: item[0])  # what is added comes first
        (negative, result), *others = present
        result = -result if negative else result
        for negative, number_ in others:
            result = result - number_ if negative else result + number_
        return result

    def multiplied(self, factors, where):
        deltas = [self.at(f, where) for f in factors if isinstance(f, Delta)]
        if KNOWN_ZERO in deltas:
            return KNOWN_ZERO
        above, below = [], []
        for factor in factors:
            match factor:
                case Delta():
                    pass
                case Pow(base, Number(exponent)) if exponent < 0:
                    below.append(self.at(inverse(base, exponent), where))
                case _:
                    above.append(self.at(factor, where))
        if KNOWN_ZERO in above:
            return KNOWN_ZERO
        result = reduce(lambda a, b: a * b, above) if above else Counting(1)
        for number_ in below:
            result = result / number_
        return result


def chosen_index(body, index):
    """The index at which a delta leaves the only term of a sum, and that term."""
    for place, factor in enumerate(body.factors if isinstance(body, Mul) else ()):
        if isinstance(factor, Delta) and index in (factor.left, factor.right):
            other = factor.right if factor.left == index else factor.left
            return other, mul(*body.factors[:place], *body.factors[place + 1 :])
    return None


def inverse(base, exponent):
    return base if exponent == -1 else Pow(base, number(-exponent))


leaves = st.sampled_from(
    [x(I), s(I), x(J), g(J), w(I, J), w(J, I), Element("u", (A,)), Element("v", (A, I)), TWO]
)


def combined(inner):
    return st.one_of(
        st.builds(add, inner, inner),
        st.builds(sub, inner, inner),
        st.builds(lambda a, b: add(neg(a), neg(b)), inner, inner),
        st.builds(mul, inner, inner, inner),
        st.builds(div, inner, inner),
        st.builds(lambda t: div(ONE, Pow(t, number(3))), inner),
        st.builds(lambda t: Pow(t, TWO), inner),
        st.builds(lambda t: apply("exp", t), inner),
        st.builds(lambda t: sum_over(J, t), inner),
        st.builds(lambda t: sum_over(A, t), inner),
        st.builds(lambda t: product_over(J, t), inner),
    )


@settings(deadline=None, max_examples=80)
@given(st.recursive(leaves, combined, max_leaves=7), st.integers(1, 4), st.integers(1, 3))
def test_random_terms_take_as_many_operations(term, n, m):
    axes = (I, J, A)
    count = operation_count(term, axes)
    Counting.done = 0
    # free indices that are axes are looped over; the others stay out of the memory's keys
    Evaluator({"n": n, "m": m}).all_values(term, free_indices(term))
    assert Counting.done == at(count, n=n, m=m)


@settings(deadline=None, max_examples=40)
@given(st.recursive(leaves, combined, max_leaves=4), st.integers(1, 4))
def test_a_sum_over_a_delta_counts_as_its_only_term(body, n):
    chosen = sum_over(J, mul(Delta(K, J), body))
    Counting.done = 0
    Evaluator({"n": n, "m": 2}).all_values(chosen, free_indices(chosen))
    assert Counting.done == at(operation_count(chosen, (I, K, A)), n=n, m=2)


def test_the_same_count_for_another_letter():
    renamed = sub(mul(s(K), g(K)), mul(s(K), sum_over(I, mul(s(I), g(I)))))
    assert operation_count(renamed, (K,)) == operation_count(FACTORED, (I,))
