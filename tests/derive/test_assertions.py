"""``assert_proved`` in somebody's test: what passes, and what a person reads where it fails."""

import pytest
import sympy
from sympy import Derivative, Eq, Gt, Idx, IndexedBase, Ne, Sum, exp, log

import derive
from derive import Kind, assert_proved
from derive.sympy_terms import Tensor
from identities import (
    cancellation_of_scale_in_quotient_of_logs,
    first_convolution_parameters_as_written,
    relu_derivative,
    sigmoid_derivative,
    softmax_invariant_under_scaling,
)

x, c = sympy.symbols("x c", real=True)
n = sympy.Symbol("n", integer=True, positive=True)
v = IndexedBase("v", shape=(n,), real=True)
y = IndexedBase("y", shape=(n,), real=True)
k = sympy.Symbol("k", integer=True)
i, j = Idx("i", (1, n)), Idx("j", (1, n))


def eq(left: sympy.Expr | int, right: sympy.Expr | int) -> sympy.Basic:
    return Eq(left, right, evaluate=False)


def message(statement: object, **options: object) -> str:
    with pytest.raises(AssertionError) as raised:
        assert_proved(statement, **options)  # type: ignore[arg-type]
    return str(raised.value)


def test_what_is_proved_passes_and_gives_its_verdict() -> None:
    verdict = assert_proved(sigmoid_derivative)
    assert verdict.kind is Kind.PROVED
    assert verdict.proof is not None
    assert assert_proved(eq(Derivative(exp(2 * x), x), 2 * exp(2 * x))).kind is Kind.PROVED
    assert repr(verdict) == "Verdict(proved by normal form)"


def test_a_conditional_statement_fails_and_says_what_to_write() -> None:
    assert message(relu_derivative) == (
        "relu_derivative is not proved: conditional\n"
        "  it holds if x != 0\n"
        "  pass what your text states in given=..., or allow the conditions: allow=('x != 0',)"
    )
    assert message(cancellation_of_scale_in_quotient_of_logs).splitlines()[1:] == [
        "  it holds if c != 0",
        "  it holds if log(sum_k exp(x[k])) != 0",
        "  pass what your text states in given=..., or allow the conditions: "
        "allow=('c != 0', 'log(sum_k exp(x[k])) != 0')",
    ]


def test_conditions_are_given_as_propositions() -> None:
    assert assert_proved(relu_derivative, given=(Ne(x, 0),)).kind is Kind.PROVED
    assert assert_proved(relu_derivative, given=(Gt(x, 0),)).kind is Kind.PROVED
    assert assert_proved(eq(log(x**2), 2 * log(x)), given=(x > 0,)).kind is Kind.PROVED
    assert assert_proved(eq(c * x / c, x), given=Ne(c, 0)).kind is Kind.PROVED
    assert assert_proved(eq(v[i], v[j]), given=(eq(i, j),)).kind is Kind.PROVED


def test_conditions_are_given_as_words_about_a_variable() -> None:
    total = eq(Sum(y[k], (k, 1, n)), 1)
    assert assert_proved(total, conditions={"y": ("one-hot",)}).kind is Kind.PROVED
    assert assert_proved(total, conditions={"y": ("sums to 1",)}).kind is Kind.PROVED
    positive = {"x": ("positive",)}
    assert assert_proved(relu_derivative, conditions=positive).kind is Kind.PROVED
    assert message(total).startswith("Eq(Sum(y[k], (k, 1, n)), 1) is not proved: refuted\n  at ")


def test_conditions_are_allowed_by_name() -> None:
    assert assert_proved(relu_derivative, allow=("x != 0",)).kind is Kind.CONDITIONAL
    assert assert_proved(relu_derivative, allow="x != 0").kind is Kind.CONDITIONAL
    assert assert_proved(first_convolution_parameters_as_written, allow=("no bias",))
    both = ("c != 0", "log(sum_k exp(x[k])) != 0")
    assert assert_proved(cancellation_of_scale_in_quotient_of_logs, allow=both)
    assert "it holds if c != 0" not in message(
        cancellation_of_scale_in_quotient_of_logs, allow=("c != 0",)
    )
    assert message(relu_derivative, allow=("x > 0",)).endswith("allow=('x != 0',)")


def test_a_refuted_claim_shows_the_point_and_what_is_right() -> None:
    assert message(softmax_invariant_under_scaling) == (
        "softmax_invariant_under_scaling is not proved: refuted\n"
        "  at n = 2, c = 0, x[1] = 1, x[2] = 0, i = 1 the left side is 1/2, "
        "the right side is 0.7310586 +/- 3e-8\n"
        "  right is softmax_under_scaling"
    )


def test_shapes_and_meanings_are_told() -> None:
    skew = eq(Tensor(v[i], i), Tensor(v[i] * v[j], i, j))
    assert message(skew).splitlines()[1:] == ["  the left side has shape n, the right side n x n"]
    assert message(eq(sympy.besselj(0, x), x)).splitlines() == [
        "Eq(besselj(0, x), x) is not proved: malformed",
        "  besselj has no meaning as a typed term: besselj(0, x)",
    ]


def test_what_is_unknown_shows_what_is_left() -> None:
    first, tried, left = message(Gt(sympy.sin(x) + 2, 0, evaluate=False)).splitlines()
    assert first == "sin(x) + 2 > 0 is not proved: unknown"
    assert "no counterexample at" in tried
    assert left == "  left over: 2 + sin(x)"


@pytest.mark.parametrize("statement", [Eq(x, x), Eq(1, 2), True, sympy.Eq(x + 1, x + 1)])
def test_a_statement_that_sympy_evaluated_is_refused(statement: object) -> None:
    with pytest.raises(TypeError, match=r"is already (True|False): SymPy evaluated it; write Eq\("):
        assert_proved(statement)  # type: ignore[arg-type]


def test_a_hypothesis_that_is_true_for_sympy_is_no_hypothesis() -> None:
    p = sympy.Symbol("p", positive=True)
    assert assert_proved(eq(p / p, 1), given=(p > 0,)).kind is Kind.PROVED


def test_the_package_offers_its_names_and_no_others() -> None:
    assert set(derive.__all__) <= set(dir(derive))
    for name in derive.__all__:
        assert getattr(derive, name) is not None
    with pytest.raises(AttributeError, match="module 'derive' has no attribute 'prove_it'"):
        derive.prove_it  # noqa: B018
