"""``derive show``."""

import pytest

from derive.cli import main
from derive.commands import show
from derive.commands.show import _MOST_SHOWN


def shown(name: str, capsys: pytest.CaptureFixture[str], *options: str) -> str:
    assert main(["show", name, *options]) == 0
    return capsys.readouterr().out


def test_a_claim_that_holds_shows_its_proof(capsys: pytest.CaptureFixture[str]) -> None:
    told = shown("relu_by_cases", capsys)
    assert told.startswith(
        "1a  relu_by_cases\n"
        "             The rectifier is x from 0 on and 0 below.\n"
        "claim        \\max\\{0, x\\} = \\begin{cases} x & x \\geq 0 \\\\ 0 & x < 0 "
        "\\end{cases}\n"
    )
    assert "verdict      proved, by normal form\n" in told
    assert "case 1: x > 0\n" in told
    assert "[definition of relu]" in told
    assert "both sides come to x\n" in told
    assert "cross-check  relu: 9 points, 6 seeds, also at |x| = 800, zeros, ties; " in told
    assert "SymPy        finds no difference" in told


def test_a_refuted_claim_shows_its_point_and_its_correction(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = shown("difference_of_logs_as_quotient_of_logs", capsys)
    assert (
        "as read      log(1 + exp(x)) - log(1 + exp(-x)) = log(1 + exp(x))/log(1 + exp(-x))\n"
    ) in told
    assert (
        "verdict      refuted, by exact counterexample\n"
        "             at x = 0 the left side is 0, the right side is 1\n"
    ) in told
    assert "right is     difference_of_logs_as_log_of_quotient (proved)\n" in told
    assert "note         a difference of logarithms is the logarithm of a quotient" in told


def test_conditions_and_shapes_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    told = shown("relu_derivative", capsys)
    assert "verdict      conditional, by normal form\n             if x != 0\n" in told
    told = shown("hidden_layer_with_transposed_weights", capsys)
    assert "verdict      ill-typed, by shapes\n" in told
    assert "index q runs over 1..d, but axis 1 of W1 (d_h x d) has length d_h\n" in told


def test_long_formulas_of_a_proof_are_cut_unless_all_is_asked_for(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cut, full = shown("strided_solutions", capsys), shown("strided_solutions", capsys, "--full")
    assert "... (--full shows the rest)" in cut
    assert "(--full" not in full
    assert len(cut) < len(full)
    assert _MOST_SHOWN == 400


def test_a_claim_that_surprises_ends_with_1(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    import identities
    from derive.commands import selection
    from derive.verdict import Kind

    wrong = replace(identities.find("relu_by_cases"), expected=Kind.REFUTED)
    monkeypatch.setattr(selection, "one", lambda name: wrong)
    assert show.SUMMARY
    assert main(["show", "relu_by_cases"]) == 1
    assert "problem      Expected refuted, found proved.\n" in capsys.readouterr().out


def test_an_unknown_name_offers_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "sigmoid_derivate"]) == 2
    assert capsys.readouterr().err.startswith(
        "derive show: no claim is called 'sigmoid_derivate'; did you mean sigmoid_derivative"
    )
