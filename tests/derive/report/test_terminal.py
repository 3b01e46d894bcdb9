import dataclasses

import pytest

from derive.report.model import PartSection, Report
from derive.report.terminal import claim_details, details, summary, table, terminal_report


def lines_of(report: Report, name: str) -> list[str]:
    return claim_details(next(e for e in report.entries if e.name == name), width=100)


def test_the_table_has_a_line_for_each_claim(report: Report) -> None:
    head, rule, *rows = table(report, width=120).splitlines()
    assert head.split() == ["part", "claim", "verdict", "method", "ms", "error"]
    assert set(rule) == {"-", " "}
    assert len(rows) == 11
    assert rows[3].split() == [
        *("1i", "softmax_ignores_scaling", "refuted", "(!)", "exact", "counterexample"),
        *("3.2", "3e-01", "(!)"),
    ]


@pytest.mark.parametrize("width", [72, 80, 100, 200])
def test_the_table_keeps_to_the_width(report: Report, width: int) -> None:
    assert max(map(len, table(report, width).splitlines())) <= width


def test_details_of_what_is_not_simply_proved(report: Report) -> None:
    assert lines_of(report, "relu_derivative") == [
        "relu_derivative: conditional",
        "  if x != 0",
        "  if no value at the kink is taken",
    ]
    assert lines_of(report, "softplus_difference_as_quotient") == [
        "softplus_difference_as_quotient: refuted",
        "  at x = 0 the left side is 0, the right side is 1",
        "  right is softplus_difference (proved)",
    ]
    assert lines_of(report, "softmax_ignores_scaling")[-1] == (
        "  Not as expected: proved was expected."
    )
    assert lines_of(report, "erf_is_odd") == [
        "erf_is_odd: unknown",
        "  no rule for erf; 400 points agree",
        "  left over: erf(-x) + erf(x)",
    ]
    assert "sigmoid_derivative" not in details(report)


def test_the_summary(report: Report) -> None:
    assert summary(report).splitlines() == [
        "11 claims: 5 proved, 1 conditional, 2 refuted, 1 ill-typed, 1 malformed, 1 unknown",
        "1 verdict differs from what was expected.",
        "5 claims were compared with a NumPy network; 1 failed.",
    ]


def test_no_colours_unless_asked_for(report: Report) -> None:
    assert "\x1b" not in terminal_report(report)
    assert "\x1b[32mproved" in terminal_report(report, colour=True)


def test_text_cannot_move_the_cursor(report: Report) -> None:
    entry = next(iter(report.entries))
    hostile = dataclasses.replace(entry, name="x\x1b[2J\r\ny", problems=("a\x1b]0;b\x07",))
    changed = dataclasses.replace(report, parts=(PartSection("1a", "t", (hostile,)),))
    shown = terminal_report(changed)
    assert all(c.isprintable() or c == "\n" for c in shown)
    assert "A]0;b." in shown
