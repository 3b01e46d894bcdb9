"""The report of a few claims: what it holds, and that the same input gives the same bytes."""

import datetime
from collections.abc import Sequence
from dataclasses import replace

import pytest

import identities
from derive.report.json_report import report_to_json
from derive.report.latex import latex_report
from derive.report.model import Report
from derive.report.pdf import write_pdf
from derive.verdict import Kind
from derive.verify import Outcome, verify_claims
from derive.verify_report import _sentence, _typeset, report_of
from identities.notation import LATEX_NAMES

NAMES = (
    "relu_derivative",
    "difference_of_logs_as_quotient_of_logs",
    "softmax_derivative_other_index",
    "hidden_weight_gradient",
    "strided_solutions",
    "cross_entropy_of_one_hot_target",
    "hidden_layer_with_transposed_weights",
)
DATE = datetime.date(2026, 1, 31)


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    """Without the text of the homework, whose reading takes a while."""
    return verify_claims([replace(identities.find(name), written=()) for name in NAMES])


def made(outcomes: Sequence[Outcome]) -> Report:
    return report_of(
        outcomes,
        seed=1,
        date=DATE,
        titles=identities.PART_TITLES,
        notation=LATEX_NAMES,
        catalogue={claim.name: claim for claim in identities.ALL},
    )


@pytest.fixture(scope="module")
def report(outcomes: list[Outcome]) -> Report:
    return made(outcomes)


def test_parts_have_their_titles(report: Report) -> None:
    assert [(p.part, p.title) for p in report.parts][:2] == [
        ("1a", "Derivative of the rectifier"),
        ("1e", "A difference of softplus functions"),
    ]
    assert [entry.name for entry in report.entries] == list(NAMES)


def test_a_correction_that_was_not_asked_for_is_judged_all_the_same(report: Report) -> None:
    entry = next(e for e in report.entries if e.corrected)
    assert entry.corrected is not None
    assert entry.corrected.name == "difference_of_logs_as_log_of_quotient"
    assert entry.corrected.verdict.kind is Kind.PROVED


def test_what_is_wrong_is_gathered(report: Report) -> None:
    first, second = report.wrong_in_source
    assert (first.place, first.kind, first.claim) == (
        "1e",
        Kind.REFUTED,
        "difference_of_logs_as_quotient_of_logs",
    )
    assert first.reason.startswith("A difference of logarithms is the logarithm of a quotient")
    assert second.kind is Kind.ILL_TYPED


def test_assumptions_are_spaces_words_and_hypotheses_not_said_already(report: Report) -> None:
    assumed = {entry.name: entry.assumptions for entry in report.entries}
    assert assumed["relu_derivative"] == (r"$x \in \mathbb{R}$",)
    assert assumed["softmax_derivative_other_index"] == (
        r"$x \in \mathbb{R}^{n}$",
        r"$i\ne j$",
    )
    assert assumed["strided_solutions"] == ()
    claim = identities.find("cross_entropy_of_one_hot_target")
    said = (*assumed[claim.name], *claim.definitions_latex)
    assert sum("one-hot" in words for words in said) == 1


def test_figures_stand_with_their_claims(report: Report) -> None:
    plots = {entry.name: len(entry.plots) for entry in report.entries}
    assert {name for name, count in plots.items() if count} == {
        "relu_derivative",
        "hidden_weight_gradient",
    }


def test_the_same_input_gives_the_same_bytes(
    outcomes: list[Outcome], tmp_path_factory: pytest.TempPathFactory
) -> None:
    slower = [replace(outcome, milliseconds=1e4 + outcome.milliseconds) for outcome in outcomes]
    first, second = made(outcomes), made(slower)
    assert latex_report(first) == latex_report(second)
    pdfs = [
        write_pdf(each, tmp_path_factory.mktemp("pdf"), engine="typst").path.read_bytes()
        for each in (first, second)
    ]
    assert pdfs[0] == pdfs[1]
    assert pdfs[0].startswith(b"%PDF-")
    again = [outcome.claim for outcome in outcomes]
    assert latex_report(made(verify_claims(again))) == latex_report(first)


def test_times_stay_in_the_json(report: Report) -> None:
    values = report_to_json(report)
    times = [claim["milliseconds"] for claim in values["claims"]]
    assert min(times) >= 0 < max(times)


def test_text_is_typeset_where_it_is_evidently_a_formula() -> None:
    assert _typeset("The derivative of o_i by W_kj is h_j.", LATEX_NAMES) == (
        "The derivative of $o_{i}$ by $W_{kj}$ is $h_{j}$."
    )
    assert _typeset("e^x_i over $e^x_j$", {}) == "$e^{x_{i}}$ over $e^x_j$"
    assert _typeset("W2^T times h_s; S S^T", LATEX_NAMES) == (
        r"${W^{(2)}}^{\top}$ times $h^s$; S $S^{\top}$"
    )
    assert _typeset("b1 of R^(d_h)", LATEX_NAMES) == "$b^{(1)}$ of R^($d_{h}$)"
    for plain in ("softmax(x)", "2 x n", "a snake_case_name", "line 12"):
        assert _typeset(plain, LATEX_NAMES) == plain


def test_a_note_is_a_sentence() -> None:
    assert _sentence("a slip of the index") == "A slip of the index."
    assert _sentence("the bias") == "The bias."
    assert _sentence("k = 59") == "k = 59."
    assert _sentence("why?") == "why?"
    assert _sentence("") == ""
