r"""Statements at the edge of their domain: what may be said of each, and what must be said.

A row is a formula, the verdicts that are right or leave it open, and a part of what the verdict
has to say: of the conditions where it is conditional, of the reason otherwise.  ``proved`` stands
only where the formula holds for all values and all dimensions >= 1; a formula that has no value
anywhere is never proved and never refuted.
"""

from collections.abc import Mapping

import pytest

from derive.check import check_document
from derive.checking.results import Step
from derive.document import parse
from derive.verdict import Kind

DECLARED = """n, m : dimension
x, y : R^n    A : R^{n x n}    W : R^{m x n}    w : R^m
a, b, c, s, t : R    p : R, p > 0    z : R^n, one-hot    q : R^n, positive
f : R -> R"""

#: Other declarations, by the name that a row gives.
OTHERS: Mapping[str, str] = {
    "": DECLARED,
    "one component": "x, y : R^1    A, B : R^{1 x 1}",
    "two components": "x, y : R^2    A, B : R^{2 x 2}",
    "square by accident": "n, m : dimension\nW : R^{3 x 3}    x, y : R^3    V : R^{3 x n}",
    "symmetric": "n : dimension\nA : R^{n x n}, symmetric    x, y : R^n",
    "normalised": "n : dimension\nx : R^n    y : R^n, sums to 1",
    "integer": "k : R, integer    t : R",
}

#: Formula, allowed verdicts, what must be said, declarations.
Row = tuple[str, str] | tuple[str, str, str] | tuple[str, str, str, str]

ROWS: tuple[Row, ...] = (
    # functions with a meaning are no names to define
    (r"\operatorname{tr}(A) = 7", "refuted"),
    (r"\operatorname{tr}(A) = \sum_i A_{ii}", "proved"),
    (r"\det(A) = 7", "refuted unknown"),
    (r"\operatorname{diag}(x) = A", "refuted unknown"),
    # n = 1, short ranges, empty sums
    (r"\sum_{i=1}^n x_i = x_1", "refuted"),
    (r"\sum_{i=1}^n 1 = 1", "refuted"),
    (r"\sum_{i=1}^n 1 = n", "proved"),
    (r"\prod_{i=1}^{n} 1 = 1", "proved"),
    (r"\sum_i x_i = x_1", "proved", "", "one component"),
    (r"\frac{e^{x_1}}{\sum_k e^{x_k}} = 1", "proved", "", "one component"),
    (r"\frac{e^{x_1}}{\sum_k e^{x_k}} = 1", "refuted", "", "two components"),
    (r"\operatorname{tr}(A) = A_{11}", "proved", "", "one component"),
    (r"\det(A) = A_{11}", "proved unknown", "", "one component"),
    (r"\det(A) = A_{11} A_{22} - A_{12} A_{21}", "proved unknown", "", "two components"),
    (r"\det(A) = A_{11} A_{22} + A_{12} A_{21}", "refuted unknown", "", "two components"),
    (r"A B = B A", "proved unknown", "", "one component"),
    (r"A B = B A", "refuted", "", "two components"),
    (r"x^\top y = x_1 y_1", "proved", "", "one component"),
    (r"\frac{1}{n} \sum_i x_i = x_1", "refuted"),
    (r"\frac{n}{n} = 1", "proved"),
    (r"\frac{n - 1}{n - 1} = 1", "conditional", "n != 0"),
    (
        r"\frac{1}{n-1} \sum_i (x_i - \frac{1}{n} \sum_j x_j)^2"
        r" = \frac{n}{n-1} \cdot \frac{1}{n} \sum_i (x_i - \frac{1}{n} \sum_j x_j)^2",
        "conditional",
        "n != 0",
    ),
    (r"\frac{1}{n} \sum_i (x_i - \frac{1}{n} \sum_j x_j)^2 = 0", "refuted"),
    (r"\sum_i (x_i - \sum_j x_j)^2 = 0", "proved", "", "one component"),
    (r"\frac{1}{1 - 1} \sum_i x_i = 0", "unknown", "no value", "one component"),
    (r"\sum_{i=1}^{0} i = 0", "unknown proved", "empty range"),
    (r"\sum_{i=3}^{1} i = -2", "unknown", "empty range"),
    (r"\prod_{i=1}^{0} i = 1", "unknown proved", "empty range"),
    (r"\sum_{i=1}^{3} i = 6", "proved"),
    (r"\sum_{i=1}^{3} \frac{1}{i - 2} = 0", "unknown", "no value"),
    (r"\prod_{i=1}^{3} (i - 2) = 0", "proved"),
    (r"\sum_{i=0}^{2} t^i = 1 + t + t^2", "proved"),
    (r"\sum_{i=1}^{n-1} x_i = \sum_{i=1}^n x_i - x_n", "unknown proved", "not judged"),
    (r"n^2 \ge n", "proved unknown"),
    (r"n > 1", "refuted"),
    # fixed indices
    (r"x_3 = x_3", "conditional", "n >= 3"),
    (r"x_3 = x_3", "ill-typed", "outside 1..2", "two components"),
    (r"x_2 = x_1", "ill-typed", "outside 1..1", "one component"),
    (r"x_0 = 0", "ill-typed", "outside 1..n"),
    (r"x_1 = x_2", "refuted"),
    (r"x_1 + x_2 = x_2 + x_1", "conditional", "n >= 2"),
    (r"x_{n+1} = 0", "unknown malformed"),
    (r"\frac{\partial}{\partial x_1} x_2 = 0", "conditional", "n >= 2"),
    (r"A_{11} A_{22} = \operatorname{tr}(A)", "refuted"),
    # powers of zero, and zero in general
    (r"t^0 = 1", "proved"),
    (r"0^0 = 1", "proved"),
    (r"0^t = 0", "unknown"),
    (r"0^{-p} = 0", "unknown", "no value"),
    (r"0^{-1} = 0", "unknown", "no value"),
    (r"t^{a} t^{-a} = 1", "conditional", "t > 0"),
    (r"t^{2} t^{-2} = 1", "conditional", "t != 0"),
    (r"\frac{0}{t} = 0", "conditional", "t != 0"),
    (r"\frac{0}{0} = 1", "unknown", "no value"),
    (r"\frac{0}{0} = \frac{0}{0}", "unknown", "no value"),
    (r"\frac{1}{0} = 0", "unknown", "no value"),
    (r"\frac{t}{0} = \frac{t}{0}", "unknown", "no value"),
    (r"1^{1/0} = 1", "unknown", "no value"),
    (r"0 \cdot \ln t = 0", "conditional", "t > 0"),
    (r"t + 0 \cdot \frac{1}{t} = t", "conditional", "t != 0"),
    (r"t \ln t = 0", "refuted"),
    (r"\frac{1}{\infty} = 0", "malformed", "infinity"),
    (r"e^{1000} = \infty", "malformed", "infinity"),
    # poles and cancelling
    (r"\frac{t^2}{t} = t", "conditional", "t != 0"),
    (r"\frac{a - b}{a - b} = 1", "conditional", "a - b != 0"),
    (r"\frac{a^2 - b^2}{a - b} = a + b", "conditional", "a - b != 0"),
    (r"\frac{1}{1/t} = t", "conditional", "t != 0"),
    (r"\frac{a}{b} \cdot \frac{b}{a} = 1", "conditional", "a != 0"),
    (r"\frac{a}{b} = \frac{c}{t}", "refuted"),
    (r"\frac{1}{t} < \frac{1}{t} + 1", "conditional", "t != 0"),
    (r"\frac{1}{t} > 0", "refuted"),
    (r"\frac{1}{p} > 0", "proved"),
    (r"\frac{\sum_i x_i}{\sum_i x_i} = 1", "conditional", "!= 0"),
    (r"\frac{\sum_i q_i}{\sum_i q_i} = 1", "proved"),
    (r"\frac{x^\top x}{x^\top x} = 1", "conditional", "!= 0"),
    (r"\frac{1}{x_i - x_j} = -\frac{1}{x_j - x_i}", "conditional", "!= 0"),
    (r"\frac{x_i - x_j}{x_i - x_j} = 1", "conditional unknown", "!= 0"),
    (r"\frac{1}{1 - z_i} = 1", "unknown conditional"),
    (r"\frac{e^t + 1}{e^t + 1} = 1", "proved"),
    (r"\frac{e^t - 1}{e^t - 1} = 1", "conditional", "!= 0"),
    (r"e^{1/t} e^{-1/t} = 1", "conditional", "t != 0"),
    (r"\tan t = \frac{\sin t}{\cos t}", "conditional", "cos(t) != 0"),
    (r"\tan(t) \cos(t) = \sin t", "conditional", "cos(t) != 0"),
    (r"\frac{1}{\cos^2 t} - \tan^2 t = 1", "conditional", "cos(t) != 0"),
    (r"\frac{d}{dt} \tan t = 1 + \tan^2 t", "conditional", "cos(t) != 0"),
    (r"\tan(\pi / 2) = 0", "unknown"),
    (r"\tanh(t)^{-1} \tanh(t) = 1", "conditional", "!= 0"),
    # roots and real powers
    (r"\sqrt{t^2} = t", "refuted"),
    (r"\sqrt{t^2} = |t|", "proved"),
    (r"\sqrt{t}^2 = t", "conditional", "t >= 0"),
    (r"\sqrt{t^4} = t^2", "proved"),
    (r"\sqrt{t^6} = t^3", "refuted"),
    (r"\sqrt{t^2 s} = t \sqrt{s}", "refuted"),
    (r"\sqrt{t} \sqrt{s} = \sqrt{t s}", "conditional", "t >= 0"),
    (r"\sqrt{t s} = \sqrt{t} \sqrt{s}", "conditional", "s >= 0"),
    (r"(t^{1/3})^3 = t", "conditional", "t >= 0"),
    (r"(t^3)^{1/3} = t", "conditional", ">= 0"),
    (r"(-8)^{1/3} = -2", "unknown", "no value"),
    (r"\sqrt{-1} = \sqrt{-1}", "unknown", "no value"),
    (r"\sqrt{-1}^2 = -1", "unknown", "no value"),
    (r"((-1)^2)^{1/2} = -1", "refuted"),
    (r"t^{2/4} = t^{1/2}", "conditional", "t >= 0"),
    (r"(a b)^t = a^t b^t", "conditional", "> 0"),
    (r"(t^2)^a = t^{2 a}", "conditional", "t > 0"),
    (r"(p^a)^b = p^{a b}", "proved"),
    (r"(-1)^{n} = 1", "refuted"),
    (r"(-1)^{2 n} = 1", "unknown proved"),
    # logarithms and exponentials
    (r"\ln e^t = t", "proved"),
    (r"e^{\ln t} = t", "conditional", "t > 0"),
    (r"\ln(t^2) = 2 \ln t", "conditional", "t > 0"),
    (r"\ln(t^2) = 2 \ln |t|", "conditional unknown"),
    (r"\ln(a b) = \ln a + \ln b", "conditional", "a > 0; b > 0"),
    (r"\ln \frac{a}{b} = \ln a - \ln b", "conditional", "b > 0"),
    (r"\ln(a + b) = \ln a + \ln b", "refuted"),
    (r"\ln(1/t) = -\ln t", "conditional", "t > 0"),
    (r"\ln(-1) = 0", "unknown", "no value"),
    (r"\ln 0 = 0", "unknown", "no value"),
    (r"\ln(-t) = -\ln t", "unknown refuted", "no value"),
    (r"\ln t - \ln t = 0", "conditional", "t > 0"),
    (r"\ln(-t) - \ln(-t) = 0", "conditional", "-t > 0"),
    (r"\ln \prod_i q_i = \sum_i \ln q_i", "proved"),
    (r"\ln \prod_i x_i = \sum_i \ln x_i", "conditional", "> 0 for all"),
    (r"e^{a + b} = e^a + e^b", "refuted"),
    (r"e^{a b} = e^a e^b", "refuted"),
    (r"e^t > 0", "proved"),
    (r"\ln 1 = 0", "proved"),
    # kinks, ties, jumps
    (r"\frac{d}{dt} |t| = \operatorname{sign}(t)", "conditional", "t != 0"),
    (r"\frac{d}{dt} |t| = 1", "refuted"),
    (r"\frac{d}{dt} \max(0, t) = \mathbf{1}[t > 0]", "conditional", "t != 0"),
    (r"\frac{d}{dt} \max(0, t) = \mathbf{1}[t \ge 0]", "conditional", "t != 0"),
    (r"\frac{d}{dt} \max(0, t) = \frac{1}{2}", "refuted"),
    (r"\left. \frac{d}{dt} |t| \right|_{t=0} = 0", "unknown", "no value"),
    (r"\left. \frac{d}{dt} \max(t, 0) \right|_{t=0} = \frac{1}{2}", "unknown", "no value"),
    (r"\left. \frac{d}{dt} t^2 \right|_{t=0} = 0", "proved"),
    (r"\left. \frac{d}{dt} \sqrt{t} \right|_{t=0} = 0", "unknown", "no value"),
    (r"\frac{d}{dt} \operatorname{relu}(t)^2 = 2 \operatorname{relu}(t)", "proved conditional"),
    (r"\frac{d}{dt} \operatorname{sign}(t) = 0", "conditional", "t != 0"),
    (r"\frac{d}{dt} \mathbf{1}[t > 0] = 0", "conditional", "t != 0"),
    (r"\frac{d}{dt} \mathbf{1}[t = 0] = 0", "conditional", "t != 0"),
    (r"\frac{d}{dt} \max(t, t) = 1", "proved"),
    (r"\frac{d}{dt} \lfloor t \rfloor = 0", "unknown conditional"),
    (r"\frac{d}{dt} \frac{t}{t} = 0", "conditional", "t != 0"),
    (r"\frac{d}{dt} (\ln t - \ln t) = 0", "conditional", "t > 0"),
    (r"\frac{d}{dt} \sqrt{t} = \frac{1}{2 \sqrt{t}}", "conditional", "t > 0"),
    (r"\frac{d}{dt} t^{1/3} = \frac{1}{3} t^{-2/3}", "conditional", "t"),
    (r"\frac{d}{dt} \ln |t| = \frac{1}{t}", "conditional", "t != 0"),
    (r"\frac{\partial}{\partial a} \max(a, b) = \mathbf{1}[a > b]", "conditional", "a - b != 0"),
    (r"\frac{\partial}{\partial x_i} \max(x_i, x_j) = \mathbf{1}[x_i > x_j]", "refuted"),
    (r"\frac{\partial}{\partial x_i} \|x\| = \frac{x_i}{\|x\|}", "conditional", "> 0"),
    (r"\operatorname{sign}(0) = 0", "proved"),
    (r"\operatorname{sign}(t)^2 = 1", "refuted"),
    (r"\operatorname{sign}(t) = \frac{t}{|t|}", "conditional", "t != 0"),
    (r"\operatorname{sign}(t) |t| = t", "proved"),
    (r"\max(t, t) = t", "proved"),
    (r"\max(a, b) = \max(b, a)", "proved"),
    (r"\max(a, b) + \min(a, b) = a + b", "proved"),
    (r"\max(-a, -b) = -\max(a, b)", "refuted"),
    (r"\max(c a, c b) = c \max(a, b)", "refuted"),
    (r"\max(2 a, 2 b) = 2 \max(a, b)", "proved"),
    (r"\max(a, -a) = |a|", "proved"),
    (r"\arg\max_i x_i = 1", "unknown malformed"),
    (r"\frac{\partial}{\partial x_j} \max_i x_i = 1", "unknown malformed"),
    (r"\mathbf{1}[t > 0] + \mathbf{1}[t < 0] = 1", "refuted"),
    (r"\mathbf{1}[t > 0] + \mathbf{1}[t \le 0] = 1", "proved"),
    (r"\mathbf{1}[t \ge 0] = \mathbf{1}[t > 0]", "refuted"),
    (r"\lceil t \rceil = \lfloor t \rfloor + 1", "refuted"),
    (r"|a + b| = |a| + |b|", "refuted"),
    (r"|a + b| \le |a| + |b|", "proved unknown"),
    (r"\arctan(\tan t) = t", "refuted"),
    # variables that do not occur, dependent components
    (r"\frac{d}{dt} c = 0", "proved"),
    (r"\frac{\partial}{\partial b} f(t) = 0", "proved"),
    (r"\frac{d}{dt} f(t) = 0", "refuted"),
    (r"\frac{\partial}{\partial x_i} x_j = 0", "refuted"),
    (r"\frac{\partial x_i}{\partial x_j} = \delta_{ij}", "proved"),
    (r"\frac{\partial}{\partial A_{ij}} A_{ji} = 0", "refuted"),
    (r"\frac{\partial}{\partial A_{ij}} A_{ij} = 1", "unknown", "not independent", "symmetric"),
    (r"\frac{\partial}{\partial z_i} \sum_j z_j = 1", "unknown", "not independent"),
    # equal indices, shadowed indices, sums that are not closed
    (r"\sum_i \delta_{ii} x_i = \sum_i x_i", "proved"),
    (r"\delta_{ij} x_i = \delta_{ij} x_j", "proved"),
    (r"\delta_{ij} x_i = x_j", "refuted"),
    (r"\delta_{ij} (x_i + x_j) = 2 \delta_{ij} x_i", "proved"),
    (r"\delta_{ij} (x_i + x_j) = x_i + x_j", "refuted"),
    (r"\delta (x_i + x_j) = 0", "malformed", "application or a product"),
    (r"\frac{1}{\delta_{ij}} x_i = x_i", "unknown conditional"),
    (r"x_i = x_j", "refuted"),
    (r"A_{ii} = A_{ij}", "refuted"),
    (r"A_{ij} = A_{ji}", "refuted"),
    (r"A_{ij} = A_{ji}", "proved", "", "symmetric"),
    (r"z_i z_j = 0", "refuted"),
    (r"z_i z_j = \delta_{ij} z_i", "proved unknown"),
    (r"\sum_i (\sum_i x_i) y_i = \sum_i x_i \sum_j y_j", "proved refuted"),
    (r"\sum_i (\sum_i x_i) y_i = (\sum_i x_i) (\sum_i y_i)", "proved", "shadows"),
    (r"\sum_i (\sum_i x_i) y_i = \sum_i x_i y_i", "refuted", "shadows"),
    (r"\sum_i \sum_i x_i = \sum_i x_i", "malformed", "no range"),
    (r"x_i \sum_i x_i = \sum_i x_i^2", "refuted"),
    (r"\sum_{i=1}^{3} \sum_{i=1}^{2} i = 9", "proved", "shadows"),
    (r"(A x)_i = \sum_i A_{ii} x_i", "refuted"),
    # y that is not one-hot
    (r"\sum_i z_i = 1", "proved"),
    (r"\sum_i y_i = 1", "refuted"),
    (r"\sum_i y_i = 1", "proved", "", "normalised"),
    (r"y_i^2 = y_i", "refuted", "", "normalised"),
    (r"z_i^2 = z_i", "proved"),
    (
        r"\frac{\partial}{\partial x_j} (-\sum_i y_i \ln \frac{e^{x_i}}{\sum_k e^{x_k}})"
        r" = \frac{e^{x_j}}{\sum_k e^{x_k}} - y_j",
        "refuted",
    ),
    (
        r"\frac{\partial}{\partial x_j} (-\sum_i y_i \ln \frac{e^{x_i}}{\sum_k e^{x_k}})"
        r" = \frac{e^{x_j}}{\sum_k e^{x_k}} - y_j",
        "proved",
        "",
        "normalised",
    ),
    (
        r"\frac{\partial}{\partial x_j} (-\sum_i z_i \ln \frac{e^{x_i}}{\sum_k e^{x_k}})"
        r" = \frac{e^{x_j}}{\sum_k e^{x_k}} - z_j",
        "proved",
    ),
    # shapes that agree by accident
    (r"W^\top = W", "ill-typed", "n x m"),
    (r"W^\top = W", "refuted", "", "square by accident"),
    (r"W x = x", "ill-typed", "vector m"),
    (r"W x = x", "refuted", "", "square by accident"),
    (r"W W^\top = W^\top W", "ill-typed"),
    (r"W W^\top = W^\top W", "refuted", "", "square by accident"),
    (r"V^\top V = V V^\top", "ill-typed", "", "square by accident"),
    (r"x y^\top = y x^\top", "refuted"),
    (r"x y^\top = x^\top y", "ill-typed"),
    (r"x^\top y = y^\top x", "proved"),
    (r"x^\top A y = y^\top A x", "refuted"),
    (r"x^\top A y = y^\top A x", "proved", "", "symmetric"),
    (r"A^{-1} A = A A^{-1}", "conditional", "det(A) != 0"),
    # signs, huge numbers, decimals
    (r"--t = t", "proved"),
    (r"-(-(-t)) = -t", "proved"),
    (r"-t^2 = (-t)^2", "refuted"),
    (r"-2^2 = 4", "refuted"),
    (r"2^{3^2} = 512", "proved"),
    (r"2^{3^2} = 64", "refuted"),
    (r"a / b c = \frac{a c}{b}", "conditional", "b != 0"),
    (r"t^{100} t^{100} = t^{200}", "proved"),
    (r"t^{1000000} = t", "refuted unknown"),
    (r"2^{10000} = 1", "refuted unknown"),
    (r"10^{-400} = 0", "refuted"),
    (r"10^{20} + 1 = 10^{20}", "refuted"),
    (r"0.1 + 0.2 = 0.3", "proved"),
    (r"\frac{1}{3} = 0.333333", "refuted"),
    (r"\pi = 3.14159265358979", "refuted"),
    (r"e^{\pi \sqrt{163}} = 262537412640768744", "refuted"),
    (r"t^2 > 0", "refuted"),
    (r"t^2 \ge 0", "proved"),
    (r"t < t", "refuted"),
    (r"t \le t", "proved"),
    (r"\sin(\pi k) = 0", "unknown proved", "", "integer"),
)


def judged(latex: str, declared: str) -> Step:
    """The only step of a document that holds the formula."""
    document = parse(f"<!-- derive\n{OTHERS[declared]}\n-->\n\n$${latex}$$\n", "edge.md")
    (step,) = check_document(document).steps
    return step


def words_of(step: Step) -> str:
    """Everything that the step says: conditions, or the reason, and warnings."""
    conditions = "; ".join(condition.words for condition in step.verdict.conditions)
    return " | ".join((conditions or step.verdict.reason, *step.warnings))


def _parts(row: Row) -> tuple[str, str, str, str]:
    latex, allowed, *rest = row
    said, declared = (*rest, "", "")[:2]
    return latex, allowed, said, declared


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " @ ".join((row[0], *row[3:])))
def test_an_edge(row: Row) -> None:
    latex, allowed, said, declared = _parts(row)
    step = judged(latex, declared)
    verdict = step.verdict
    assert verdict.kind in allowed.split(), verdict
    assert not verdict.withdrawn
    if verdict.kind is not Kind.PROVED or "shadows" in said:
        assert said in words_of(step), verdict
    if verdict.kind is Kind.REFUTED:
        assert verdict.counterexample is not None


def test_there_are_many_edges() -> None:
    assert len(set(ROWS)) == len(ROWS)
    assert len(ROWS) >= 80


def test_what_has_no_value_is_neither_proved_nor_refuted() -> None:
    for row in ROWS:
        _, allowed, said, _ = _parts(row)
        if said == "no value":
            assert not {"proved", "conditional"} & set(allowed.split()), row
