from derive.report.document import (
    Badge,
    Block,
    Code,
    Formula,
    Heading,
    Link,
    Math,
    Paragraph,
    Runs,
    Steps,
    Table,
    Text,
)
from derive.report.latex_formula import latex_formula
from derive.report.model import Report
from derive.report.narrative import blocks, verdict_details
from derive.report.term_layout import TermLayout
from derive.verdict import Condition, Counterexample, Kind, Verdict


def said(runs: Runs) -> str:
    words = []
    for run in runs:
        match run:
            case Text(text) | Code(text):
                words.append(text)
            case Math(box):
                words.append(f"${latex_formula(box)}$")
            case Badge(kind):
                words.append(f"<{kind}>")
            case Link(_, inner):
                words.append(said(inner))
    return "".join(words)


def entry_blocks(report: Report, name: str) -> list[Block]:
    """The blocks of one claim, without its heading."""
    found = list(blocks(report))
    start = next(
        n for n, b in enumerate(found) if isinstance(b, Paragraph) and b.runs[:1] == (Code(name),)
    )
    rest = found[start:]
    end = next((n for n, b in enumerate(rest) if isinstance(b, Heading)), len(rest))
    return rest[:end]


def facts(report: Report, name: str) -> dict[str, str]:
    paragraphs = (b for b in entry_blocks(report, name) if isinstance(b, Paragraph))
    return {p.label: said(p.runs) for p in paragraphs if p.label}


def test_the_summary_counts_every_kind(report: Report) -> None:
    found = {b.label: said(b.runs) for b in blocks(report) if isinstance(b, Paragraph)}
    assert found["Verdicts"] == (
        "11 claims: 5 <proved>, 1 <conditional>, 2 <refuted>, 1 <ill-typed>, 1 <malformed>, "
        "1 <unknown>."
    )
    assert found["Expected"] == (
        "1 verdict differs from what was expected. softmax_ignores_scaling."
    )


def test_every_row_of_the_table_leads_to_a_heading(report: Report) -> None:
    parts, table = (b for b in blocks(report) if isinstance(b, Table))
    assert [said(cell) for cell in parts.rows[0]] == [
        "1a",
        "Derivative of the rectifier",
        "1 <conditional>",
    ]
    links = [cell[0].anchor for row in table.rows for cell in row if isinstance(cell[0], Link)]
    anchors = [b.anchor for b in blocks(report) if isinstance(b, Heading) and b.anchor]
    assert links == anchors
    assert len(set(anchors)) == 11


def test_what_each_verdict_carries(report: Report) -> None:
    assert facts(report, "relu_derivative")["Verdict"] == (
        r"<conditional>: proved, if $x\ne0$, and no value at the kink is taken."
        "\u2002normal form"
    )
    assert facts(report, "softplus_difference_as_quotient")["Verdict"].startswith(
        "<refuted>: at $x=0$ the left side is $0$, the right side is $1$ "
        "(disjoint balls at 53 bits)."
    )
    assert facts(report, "softmax_ignores_scaling")["Verdict"].endswith(
        "exact counterexample\u2002Not as expected: proved was expected."
    )
    assert (
        "the left side has shape d_h, the right side none."
        in facts(report, "hidden_layer_as_written")["Verdict"]
    )
    assert facts(report, "cross_entropy_as_written")["Verdict"] == (
        "<malformed>: the name o^i is never introduced; M is no dimension."
    )
    assert facts(report, "erf_is_odd")["Verdict"].startswith(
        "<unknown>: no rule for erf; 400 points agree."
    )


def test_a_corrected_claim_has_its_own_verdict_and_conditions(report: Report) -> None:
    assert facts(report, "softplus_difference_as_quotient")["Right is"] == (
        "<proved> as softplus_difference"
    )
    assert facts(report, "hidden_layer_as_written")["Right is"] == (
        "<conditional> as hidden_layer, if layout numerator"
    )


def test_the_cross_check_says_what_was_tried(report: Report) -> None:
    assert facts(report, "softmax_jacobian")["Cross-check"] == (
        r"MultilayerPerceptron.softmax: 1,200 points over 20 seeds, $n=5$, $m=3$; also at "
        r"|x| = 800, ties, a batch of one. Largest relative error $3\cdot10^{-16}$, tolerance "
        r"$10^{-9}$: agrees with the verdict."
    )


def test_a_long_proof_is_abridged_and_says_so(report: Report) -> None:
    (steps,) = (b for b in entry_blocks(report, "sigmoid_derivative") if isinstance(b, Steps))
    assert [row.number for row in steps.rows] == ["1", "2", "3", "4", "5", "⋯", "37", "38"]
    assert said(steps.rows[5].remark) == (
        "31 steps not shown, by expand product (24×), collect terms (7×)"
    )
    assert steps.rows[7].rule == "expand product"
    assert said(steps.rows[7].remark) == "formula too long to be shown"


def test_a_proof_names_rules_in_order_with_formulas_and_conditions(report: Report) -> None:
    found = entry_blocks(report, "softmax_jacobian")
    first = next(b for b in found if isinstance(b, Steps)).rows
    assert [row.rule for row in first] == [
        "quotient rule",
        "chain rule",
        "derivative of a component",
        "derivative of a sum",
        "contraction of a delta",
        "product of exponentials",
    ]
    assert isinstance(first[2].formula, Formula)
    shown = latex_formula(first[2].formula.lines[0])
    assert shown == r"\frac{\partial x_{i}}{\partial x_{j}}=\delta_{ij}"
    assert said(first[0].remark) == r"given $\sum_{k=1}^{n}e^{x_{k}}\ne0$"
    paragraphs = [said(b.runs) for b in found if isinstance(b, Paragraph) and b.label == ""]
    assert "Case $i=j$. 6 steps." in paragraphs
    assert r"Case $i\ne j$. 3 steps." in paragraphs


def test_a_written_derivation_is_judged_step_by_step(report: Report) -> None:
    found = entry_blocks(report, "softplus_difference_as_quotient")
    (steps,) = (b for b in found if isinstance(b, Steps))
    assert said(steps.rows[0].remark) == (
        "<refuted>: a difference of logarithms is the logarithm of a quotient. Right would be "
        r"$\ln\frac{1+e^{x}}{1+e^{-x}}$"
    )
    assert steps.rows[0].rule == "39:129"


def test_a_withdrawn_proof_shows_the_point_against_it() -> None:
    point = Counterexample((), (("x", "1"),), "0", "1")
    verdict = Verdict(Kind.UNKNOWN, "", "withdrawn", counterexample=point, withdrawn=True)
    assert said(verdict_details(verdict, TermLayout())) == (
        "withdrawn; at $x=1$ the left side is $0$, the right side is $1$."
    )


def test_several_conditions_are_all_said() -> None:
    verdict = Verdict(Kind.CONDITIONAL, "", conditions=(Condition("$c > 0$"), Condition("no bias")))
    assert said(verdict_details(verdict, TermLayout())) == "proved, if $c>0$, and no bias."
