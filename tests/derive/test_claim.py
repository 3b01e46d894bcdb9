"""A claim shows itself and verifies itself."""

import sympy

from derive import Claim, Kind
from identities import relu_derivative, sigmoid_derivative, softmax_sums_to_one

x = sympy.Symbol("x", real=True)


def test_it_prints_in_one_line_and_as_a_formula() -> None:
    assert repr(softmax_sums_to_one) == (
        "Claim(softmax_sums_to_one: The softmax outputs add up to 1.)"
    )
    assert softmax_sums_to_one._repr_latex_() == r"$\displaystyle \sum_{k=1}^m o_k^s = 1$"


def test_it_verifies_itself_without_looking_at_what_is_expected() -> None:
    assert sigmoid_derivative.verify().kind is Kind.PROVED
    verdict = relu_derivative.verify()
    assert (verdict.kind, verdict.conditions[0].words) == (Kind.CONDITIONAL, "x != 0")
    wrong = sympy.Eq(sympy.exp(-x), -sympy.exp(x), evaluate=False)
    own = Claim("exp_is_odd", "A title.", "1a", wrong, "e^{-x} = -e^x", expected=Kind.PROVED)
    assert own.verify().kind is Kind.REFUTED


def test_a_seed_changes_points_and_no_verdict() -> None:
    assert {sigmoid_derivative.verify(seed=seed).kind for seed in range(3)} == {Kind.PROVED}
