"""Proofs by cases: of signs, of indices, of classes; what is stated excludes some of them.

Every proof is re-checked by the kernel, so that no case is left out without a reason.
"""

from itertools import permutations

import pytest

from derive.check import check_document
from derive.checking.auditing import audited_steps
from derive.document import parse
from derive.verdict import Kind, Verdict


def judged(declared: str, latex: str) -> Verdict:
    checked = check_document(parse(f"<!-- derive\n{declared}\n-->\n$${latex}$$\n"))
    (step,) = checked.steps
    if step.verdict.holds:
        assert [audited.audit.accepted for audited in audited_steps(checked.steps, None)] == [True]
    return step.verdict


SIGNS = [
    ("p : R, p >= 0", r"\mathbf{1}[p \ne 0] = \mathbf{1}[p > 0]"),
    ("p : R, p >= 0", r"\mathbf{1}[p = 0] = 1 - \mathbf{1}[p > 0]"),
    ("p : R, p >= 0", r"\mathbf{1}[p < 0] = 0"),
    ("p : R, p >= 0", r"\mathbf{1}[-p < 0] = \mathbf{1}[p \ne 0]"),
    ("p : R, p <= 0", r"\mathbf{1}[p \ne 0] = \mathbf{1}[p < 0]"),
    ("p : R, p \\ne 0", r"\mathbf{1}[p > 0] = 1 - \mathbf{1}[p < 0]"),
    ("p : R", r"\mathbf{1}[p^2 \ne 0] = \mathbf{1}[p^2 > 0]"),
    ("p, q : R, p >= 0", r"\mathbf{1}[p q > 0] = \mathbf{1}[p > 0] \mathbf{1}[q > 0]"),
    ("p : R, p >= 0", "|p| = p"),
    ("p : R, p <= 0", "|p| = -p"),
    ("p : R, p >= 0", r"\max(p, 0) = p"),
    ("p : R, p \\ne 0", r"\operatorname{sign}(p)^2 = 1"),
]

FALSE_SIGNS = [
    ("p : R, p >= 0", r"\mathbf{1}[p = 0] = 0"),
    ("p : R, p >= 0", r"\mathbf{1}[p > 0] = 1"),
    ("p : R", r"\mathbf{1}[p \ne 0] = \mathbf{1}[p > 0]"),
    ("p : R", "|p| = p"),
    ("p : R", r"\operatorname{sign}(p)^2 = 1"),
    ("p : R, p \\ne 0", r"\mathbf{1}[p \ge 0] = \mathbf{1}[p < 0]"),
    ("p : R, p <= 0", "|p| = p"),
]


@pytest.mark.parametrize(("declared", "latex"), SIGNS)
def test_a_stated_sign_leaves_out_cases(declared: str, latex: str) -> None:
    verdict = judged(declared, latex)
    assert (verdict.kind, verdict.conditions) == (Kind.PROVED, ())


@pytest.mark.parametrize(("declared", "latex"), FALSE_SIGNS)
def test_a_case_that_may_be_is_not_left_out(declared: str, latex: str) -> None:
    assert judged(declared, latex).kind is Kind.REFUTED


@pytest.mark.parametrize("letter", ["a", "k", "t", "z"])
def test_the_sign_that_decides_most_is_split_first(letter: str) -> None:
    """Whatever the letters are: with another one first, the cases would be too many."""
    above, below = rf"\mathbf{{1}}[{letter} > 0]", rf"\mathbf{{1}}[{letter} < 0]"
    left = rf"{above} |b|^2 |c|^2 + {below} |s|^2 |u|^2"
    right = rf"{above} b^2 c^2 + {below} s^2 u^2"
    assert judged(f"{letter}, b, c, s, u : R", f"{left} = {right}").kind is Kind.PROVED


ONE_HOT = "n : dimension\ny, z : R^n, one-hot\nx : R^n"

CLASSES = [
    r"y_i y_j = y_i \mathbf{1}[i = j]",
    r"\sum_i y_i x_i y_k = x_k y_k",
    "x_i y_i y_j = x_j y_i y_j",
    r"y_i z_i = y_i \sum_j y_j z_j",
    r"x_1 y_1 = y_1 \sum_i y_i x_i",
    r"\sum_i y_i z_i = \left(\sum_i y_i z_i\right)^2",
]

FALSE_CLASSES = ["y_i y_j = y_j", "y_i z_i = y_i", r"x_1 = \sum_i y_i x_i", "x_i y_j = x_j y_j"]


@pytest.mark.parametrize("latex", CLASSES)
def test_an_index_may_be_the_class(latex: str) -> None:
    assert judged(ONE_HOT, latex).kind is Kind.PROVED


@pytest.mark.parametrize("latex", FALSE_CLASSES)
def test_an_index_need_not_be_the_class(latex: str) -> None:
    assert judged(ONE_HOT, latex).kind is Kind.REFUTED


@pytest.mark.parametrize("letters", list(permutations("ijk")))
def test_which_index_stands_for_the_class_does_not_matter(letters: tuple[str, ...]) -> None:
    i, j, k = letters
    latex = f"x_{i} y_{i} y_{j} y_{k} = x_{k} y_{i} y_{j} y_{k}"
    assert judged(ONE_HOT, latex).kind is Kind.PROVED


# ---- 0 to the power 0 -----------------------------------------------------------------------

#: An integer power of 0 is 1 at the exponent 0; a real one has no value there.
POWERS = [
    ("", "t^0 = 1", "proved", ""),
    ("", "0^0 = 1", "proved", ""),
    ("", "0^0 = 0", "refuted", ""),
    ("n : dimension", "t^{n - n} = 1", "proved", ""),
    ("n : dimension", "0^{n - 1} = 0", "refuted", ""),
    ("m : R, integer", "t^{m - m} = 1", "proved", ""),
    ("", "t^{2^2 - 4} = 1", "proved", ""),
    ("", "t^{s - s} = 1", "conditional", "t > 0"),
    ("", "t^{s - s + 2} = t^2", "conditional", "t >= 0"),
    ("", "t^{s - s - 1} = 1/t", "conditional", "t > 0"),
    ("p : R, p >= 0", "p^{s - s} = 1", "conditional", "p > 0"),
    ("p : R, p > 0", "p^{s - s} = 1", "proved", ""),
    ("", "0^{s - s} = 1", "unknown", ""),
    ("", "0^{s - s} = 0", "unknown", ""),
    ("", "0^t = 0", "unknown", ""),
]


@pytest.mark.parametrize(("declared", "latex", "kind", "condition"), POWERS)
def test_a_power_has_a_value_where_the_refuter_finds_one(
    declared: str, latex: str, kind: str, condition: str
) -> None:
    verdict = judged(declared, latex)
    assert str(verdict.kind) == kind
    assert [c.words for c in verdict.conditions] == ([condition] if condition else [])
