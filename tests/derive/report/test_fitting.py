import pytest

from derive.report.document import Code, Formula, Math, Text, Verbatim
from derive.report.fitting import component_box, displayed, inline, rich, value_box
from derive.report.latex_formula import latex_formula


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("-3/4", "-3/4"),
        ("12", "12"),
        ("-1.5e-7", r"-1.5\cdot10^{-7}"),
        ("1e-300", "10^{-300}"),
        ("1.313 +/- 1e-15", r"1.313\pm10^{-15}"),
        ("log(2)", r"\text{log(2)}"),
        (r"\input{x}", r"\text{\textbackslash{}input\{x\}}"),
    ],
)
def test_exact_values(text: str, latex: str) -> None:
    assert latex_formula(value_box(text)) == latex


@pytest.mark.parametrize(
    ("name", "latex"),
    [("x", "x"), ("W^{(1)}[1,2]", "W_{1,2}^{(1)}"), ("x[3]", "x_{3}"), ("o_a[1]", "o_{a,1}")],
)
def test_components(name: str, latex: str) -> None:
    assert latex_formula(component_box(name)) == latex


def test_rich_text() -> None:
    assert rich("costs $5") == (Text("costs $5"),)
    assert isinstance(rich("where $x > 0$ holds")[1], Math)
    assert rich(r"where $\foo$ holds")[1] == Code(r"\foo")


def test_a_wide_formula_is_broken_then_shrunk_then_shown_as_text() -> None:
    summand = "aaaaaaaaaa"
    assert displayed(" + ".join([summand] * 3)) == displayed("+".join([summand] * 3))
    broken = displayed(" + ".join([summand] * 12))
    assert isinstance(broken, Formula)
    assert (len(broken.lines) > 1, broken.scale) == (True, 1.0)
    small = displayed("a" * 65)
    assert isinstance(small, Formula)
    assert small.scale < 1
    assert displayed("a" * 90) == Verbatim("a" * 90)
    assert displayed("a" * 900) == Verbatim("a" * 700 + " ... (900 characters)")


def test_what_is_not_allowed_is_shown_as_written() -> None:
    assert displayed(r"\input{x}") == Verbatim(r"\input{x}")
    assert inline(r"\input{x}") == (Code(r"\input{x}"),)


def test_two_dollar_signs_with_nothing_between_are_text() -> None:
    """As a formula they would begin a display, in which LaTeX reads what follows as formulas."""
    assert rich("a $$ b") == (Text("a "), Text("$$"), Text(" b"))
    assert rich("a $ $ b") == (Text("a "), Text("$ $"), Text(" b"))
