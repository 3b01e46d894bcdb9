import pytest

from derive.report.formula import broken_lines, row, width
from derive.report.latex_formula import latex_formula
from derive.report.latex_math import read_formula


def lines(source: str, limit: float) -> list[str]:
    return [latex_formula(line) for line in broken_lines(read_formula(source), limit)]


@pytest.mark.parametrize(
    ("source", "limit", "expected"),
    [
        ("a + b = c + d", 100, ["a+b=c+d"]),
        ("a + b = c + d", 6, ["a+b", "=c+d"]),
        ("aaaa + bbbb + cccc", 8, ["aaaa+bbbb", "+cccc"]),
        ("aaaaaaaa + b (c - d)", 8, ["aaaaaaaa", "+b(c-d)"]),
        ("aaaa (bbbb + cccc)", 8, ["aaaa(bbbb", "+cccc)"]),
        (r"x = -\frac{aaaaaaaa+bbbbbbbb}{c}", 5, ["x", r"=-\frac{aaaaaaaa+bbbbbbbb}{c}"]),
        (r"\left(aaaaaaaa + bbbbbbbb\right)", 5, [r"\left(aaaaaaaa+bbbbbbbb\right)"]),
    ],
)
def test_lines_break_before_relations_then_signs(
    source: str, limit: float, expected: list[str]
) -> None:
    assert lines(source, limit) == expected


def test_breaking_loses_nothing() -> None:
    box = read_formula("a + b (c - d) = e + f (g + h) - i")
    for limit in range(3, 40):
        assert row(broken_lines(box, limit)) == box


def test_width_is_near_what_tex_measures() -> None:
    measured = {
        r"\sigma(\mathbf{x}_1)(1 - \sigma(\mathbf{x}_1))": 7.35,
        r"S(\mathbf{x})_i \mathbf{1}_{i=j} - S(\mathbf{x})_i S(\mathbf{x})_j": 10.26,
        r"e^{x_i}\sum_{k=1}^n x_k": 4.06,
        r"\left(\frac{\partial \mathbf{y}}{\partial \mathbf{x}} \right)^\top": 3.55,
        "abcdefgh": 4.06,
    }
    for source, em in measured.items():
        assert width(read_formula(source)) == pytest.approx(em, rel=0.15)
