"""A hand-made report with every kind of verdict, long formulas and hostile text."""

import datetime
import math

import pytest

from derive.report.model import (
    ClaimEntry,
    Corrected,
    CrossCheckFigures,
    PartSection,
    Report,
    WrittenStep,
    WrongInSource,
)
from derive.report.plots import relu_kink_plot, softmax_scaling_plot, step_size_plot
from derive.terms.structure import sum_over
from derive.terms.term import (
    MINUS_ONE,
    TWO,
    ZERO,
    Compare,
    Delta,
    Derivative,
    Element,
    Free,
    Mul,
    Not,
    Pow,
    SameIndex,
    Term,
    add,
    apply,
    div,
    mul,
    neg,
    number,
    sub,
)
from derive.verdict import Case, Condition, Counterexample, Kind, Proof, Step, Verdict

HOSTILE = r'\input{/etc/passwd} #read("/etc/passwd") $x^{$ & % _ ~ ^ <b> ‮ 中'

ROW, COLUMN, BOUND = Free("i", "n"), Free("j", "n"), Free("k", "n")
X = Element("x")


def x(index: Free) -> Term:
    return Element("x", (index,))


def exp(term: Term) -> Term:
    return apply("exp", term)


Z = sum_over(BOUND, exp(x(BOUND)))
S_ROW, S_COLUMN = div(exp(x(ROW)), Z), div(exp(x(COLUMN)), Z)


def _softmax_proof() -> Proof:
    square = Pow(Z, number(-2))
    derivative = Derivative(S_ROW, Element("x", (COLUMN,)))
    split = sub(
        mul(Derivative(exp(x(ROW)), Element("x", (COLUMN,))), Pow(Z, MINUS_ONE)),
        mul(exp(x(ROW)), Derivative(Z, Element("x", (COLUMN,))), square),
    )
    inner = Derivative(exp(x(ROW)), Element("x", (COLUMN,)))
    summed = Derivative(Z, Element("x", (COLUMN,)))
    normal = sub(
        mul(Delta(ROW, COLUMN), exp(x(ROW)), Pow(Z, MINUS_ONE)),
        mul(exp(add(x(ROW), x(COLUMN))), square),
    )
    steps = (
        Step("quotient rule", derivative, split, (Compare("!=", Z, ZERO),)),
        Step("chain rule", inner, mul(exp(x(ROW)), Derivative(x(ROW), Element("x", (COLUMN,))))),
        Step(
            "derivative of a component",
            Derivative(x(ROW), Element("x", (COLUMN,))),
            Delta(ROW, COLUMN),
        ),
        Step(
            "derivative of a sum", summed, sum_over(BOUND, mul(exp(x(BOUND)), Delta(BOUND, COLUMN)))
        ),
        Step(
            "contraction of a delta",
            sum_over(BOUND, mul(exp(x(BOUND)), Delta(BOUND, COLUMN))),
            exp(x(COLUMN)),
        ),
        Step(
            "product of exponentials", mul(exp(x(ROW)), exp(x(COLUMN))), exp(add(x(ROW), x(COLUMN)))
        ),
    )
    equal = sub(mul(exp(x(ROW)), Pow(Z, MINUS_ONE)), mul(exp(mul(TWO, x(ROW))), square))
    different = neg(mul(exp(add(x(ROW), x(COLUMN))), square))
    return Proof(
        (
            Case((SameIndex(ROW, COLUMN),), steps, equal, equal),
            Case((Not(SameIndex(ROW, COLUMN)),), steps[:3], different, different),
            Case((), (), normal, normal),
        )
    )


def _long_proof() -> Proof:
    wide = add(*(mul(number(c), Pow(X, number(c)), Element("alpha")) for c in range(2, 10)))
    steps = [Step("expand_product", Pow(add(X, number(c)), TWO), wide) for c in range(1, 30)]
    steps += [Step("collect-terms", wide, mul(X, wide)) for _ in range(8)]
    huge = add(*(Pow(X, number(c)) for c in range(300)))
    steps.append(Step("expand_product", huge, ZERO))
    return Proof((Case((), tuple(steps), ZERO, ZERO),))


def _figures(error: float = 3.1e-16, passed: bool = True) -> CrossCheckFigures:
    return CrossCheckFigures(
        "MultilayerPerceptron.softmax",
        1200,
        20,
        (("n", 5), ("m", 3)),
        error,
        1e-9,
        passed,
        ("|x| = 800", "ties", "a batch of one"),
    )


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value))


def _plots() -> tuple[ClaimEntry, ...]:
    grid = [n / 10 for n in range(-30, 31)]
    slopes = [math.nan if value == 0 else float(value > 0) for value in grid]
    scores, scales = (0.0, 1.0, 2.0), [n / 10 for n in range(51)]
    weights = [[math.exp(c * s) for s in scores] for c in scales]
    shares = [[w / sum(row) for w in row] for row in weights]
    steps = [10.0 ** (-n / 4) for n in range(64)]
    errors = {
        "forward difference": [h + 1e-16 / h for h in steps],
        "central difference": [h * h + 1e-16 / h for h in steps],
        "complex step": [max(h * h, 1e-16) for h in steps],
    }
    proved = Verdict(Kind.PROVED, "normal form", proof=Proof((Case((), (), ZERO, ZERO),)))
    return (
        ClaimEntry(
            "relu_derivative",
            "Derivative of the rectifier",
            "1a",
            r"g'(x) = \mathbb{1}_{x>0}",
            Verdict(
                Kind.CONDITIONAL,
                "normal form",
                conditions=(
                    Condition("x != 0", Compare("!=", X, ZERO)),
                    Condition("no value at the kink is taken"),
                ),
                proof=Proof((Case((), (), ZERO, ZERO),)),
            ),
            expected=Kind.CONDITIONAL,
            milliseconds=0.31,
            definitions_latex=(r"g(x) = \begin{cases} x & x \geq 0 \\ 0 & x < 0 \end{cases}",),
            assumptions=("$x$ is real",),
            note="A library gives 0, 1/2 or 1 at the kink; none of them is the derivative.",
            cross_check=_figures(0.0),
            plots=(relu_kink_plot(grid, [max(0, v) for v in grid], slopes),),
        ),
        ClaimEntry(
            "softmax_scaling_limit",
            "Softmax under scaling, in pictures",
            "1i",
            r"S(c\,\mathbf{x})_i = \frac{e^{c x_i}}{\sum_{j=1}^n e^{c x_j}}",
            proved,
            plots=(
                softmax_scaling_plot(scores, scales, shares),
                step_size_plot(steps, errors),
            ),
        ),
    )


def sample_report() -> Report:
    relu, pictures = _plots()
    softplus_point = Counterexample((), (("x", "0"),), "0", "1", 53)
    sigmoid = ClaimEntry(
        "sigmoid_derivative",
        r"Derivative of the sigmoid $\sigma$",
        "1b",
        r"\frac{d\sigma(x)}{dx} = \sigma(x) \cdot (1 - \sigma(x))",
        Verdict(Kind.PROVED, "normal form", proof=_long_proof()),
        milliseconds=12.4,
        second_opinion="SymPy agrees (0.8 s).",
        source="homework3, 1 (b)",
    )
    softplus = ClaimEntry(
        "softplus_difference_as_quotient",
        "A difference of logarithms as a quotient",
        "1e",
        r"\ln(1 + e^x) - \ln(1 + e^{-x}) = \frac{\ln(1 + e^x)}{\ln(1 + e^{-x})}",
        Verdict(Kind.REFUTED, "exact counterexample", counterexample=softplus_point),
        expected=Kind.REFUTED,
        milliseconds=1.9,
        corrected=Corrected(
            "softplus_difference",
            r"\operatorname{softplus}(x) - \operatorname{softplus}(-x) = x",
            Verdict(Kind.PROVED, "normal form"),
        ),
        cross_check=_figures(0.71),
        derivation=(
            WrittenStep(
                "39:129",
                r"\ln(1 + e^x) - \ln(1 + e^{-x})",
                "=",
                r"\frac{\ln(1 + e^x)}{\ln(1 + e^{-x})}",
                Verdict(Kind.REFUTED, "exact counterexample", counterexample=softplus_point),
                "a difference of logarithms is the logarithm of a quotient",
                r"\ln\frac{1 + e^x}{1 + e^{-x}}",
            ),
            WrittenStep("42:9", r"\ln e^x", "=", "x", Verdict(Kind.PROVED, "normal form"), "", ""),
        ),
    )
    enclosure = Counterexample(
        (("n", 2),),
        (("x[1]", "-1/2"), ("x[2]", "0"), ("c", "2")),
        "0.2689414213699951 +/- 3e-17",
        "0.3775406687981454 +/- 3e-17",
        106,
    )
    scaling = ClaimEntry(
        "softmax_ignores_scaling",
        "Softmax does not change under scaling",
        "1i",
        r"S(c \mathbf{x})_i = \frac{e^{x_i}}{\sum_j e^{x_j}}",
        Verdict(Kind.REFUTED, "exact counterexample", counterexample=enclosure),
        expected=Kind.PROVED,
        as_expected=False,
        milliseconds=3.2,
        cross_check=_figures(0.29, passed=False),
    )
    jacobian = ClaimEntry(
        "softmax_jacobian",
        "Jacobian of softmax, entry by entry",
        "1k",
        r"\frac{\partial S(\mathbf{x})_i}{\partial \mathbf{x}_j}"
        r" = S(\mathbf{x})_i \mathbf{1}_{i=j} - S(\mathbf{x})_i S(\mathbf{x})_j",
        Verdict(Kind.PROVED, "normal form, 3 cases", proof=_softmax_proof()),
        milliseconds=0.72,
        definitions_latex=(r"S(\mathbf{x})_i = \frac{e^{x_i}}{\sum_j e^{x_j}}",),
        cross_check=_figures(),
        second_opinion="not asked: the dimension is symbolic",
    )
    affine = ClaimEntry(
        "hidden_layer_as_written",
        "The hidden layer with a transposed weight matrix",
        "2a",
        r"\mathbf{h}^a = \mathbf{W}^{(1)T} \cdot \mathbf{x} + \mathbf{b}^{(1)}",
        Verdict(
            Kind.ILL_TYPED,
            "shapes",
            reason=r"$\mathbf{W}^{(1)T} \mathbf{x}$ multiplies a $d \times d_h$ matrix by a "
            r"vector of length $d$",
            shapes=("d_h", "none"),
        ),
        expected=Kind.ILL_TYPED,
        corrected=Corrected(
            "hidden_layer",
            r"\mathbf{h}^a = \mathbf{W}^{(1)} \mathbf{x} + \mathbf{b}^{(1)}",
            Verdict(Kind.CONDITIONAL, "shapes", conditions=(Condition("layout numerator"),)),
        ),
    )
    loss = ClaimEntry(
        "cross_entropy_as_written",
        "Cross-entropy with an index that nothing binds",
        "2d",
        r"L(\mathbf{o}^a, y) = - \sum_{k=1}^M y_k \log \left("
        r"\frac{e^{\mathbf{o}_k^a}}{\sum_{i=1}^m e^{\mathbf{o}_k^i}} \right)",
        Verdict(Kind.MALFORMED, "", reason="the name o^i is never introduced; M is no dimension"),
        expected=Kind.MALFORMED,
    )
    residual = sub(apply("erf", Mul((MINUS_ONE, X))), neg(apply("erf", X)))
    open_claim = ClaimEntry(
        "erf_is_odd",
        HOSTILE,
        "2g",
        r"\operatorname{erf}(-x) \weird = -\operatorname{erf}(x)",
        Verdict(
            Kind.UNKNOWN,
            "normal form and search",
            reason="no rule for erf; 400 points agree",
            residual=residual,
        ),
        note=HOSTILE,
        source=HOSTILE,
        milliseconds=180.6,
        assumptions=(HOSTILE,),
    )
    wide = ClaimEntry(
        "vector_jacobian_product_written_out",
        "Vector-Jacobian product of the sigmoid, written out",
        "1m",
        r"\begin{aligned} \nabla_{\mathbf{x}} L &= \left(\frac{\partial \mathbf{y}}{\partial "
        r"\mathbf{x}} \right)^\top \nabla_{\mathbf{y}} L = \begin{bmatrix} \sigma(\mathbf{x}_1)"
        r"(1 - \sigma(\mathbf{x}_1)) & & \\ & \ddots & \\ & & \sigma(\mathbf{x}_n)(1 - \sigma("
        r"\mathbf{x}_n)) \end{bmatrix} \begin{bmatrix} (\nabla_{\mathbf{y}} L)_1 \\ \vdots \\ "
        r"(\nabla_{\mathbf{y}} L)_n \end{bmatrix} \\ &= \begin{bmatrix} \sigma(\mathbf{x}_1)(1 - "
        r"\sigma(\mathbf{x}_1)) (\nabla_{\mathbf{y}} L)_1 \\ \vdots \\ \sigma(\mathbf{x}_n)(1 - "
        r"\sigma(\mathbf{x}_n)) (\nabla_{\mathbf{y}} L)_n \end{bmatrix} \end{aligned}",
        Verdict(Kind.PROVED, "normal form", proof=Proof((Case((), (), ZERO, ZERO),))),
        milliseconds=0.9,
        cross_check=_figures(2.2e-16),
    )
    sizes = ClaimEntry(
        "convolution_kernel_table",
        "All integer solutions $(k, s)$",
        "3c",
        r"\left\lfloor \frac{64 - k}{s} \right\rfloor + 1 = 6 \iff 5 s \le 64 - k < 6 s",
        Verdict(Kind.PROVED, "integers, whole range", proof=None),
        milliseconds=0.2,
    )
    return Report(
        "Homework 3, checked",
        "homework3.md",
        20211115,
        (("derive", "0.1.0"), ("SymPy", "1.14.0"), ("NumPy", "2.3.4"), ("FLINT", "3.3.1")),
        datetime.date(2025, 1, 31),
        (
            PartSection("1a", "Derivative of the rectifier", (relu,)),
            PartSection("1b", r"Derivative of the sigmoid $\sigma$", (sigmoid,)),
            PartSection("1e", "Softplus", (softplus,)),
            PartSection("1i", "Softmax under scaling", (scaling, pictures)),
            PartSection("1k", "Partial derivatives of softmax", (jacobian,)),
            PartSection("1m", "Vector-Jacobian products", (wide,)),
            PartSection("2a", "First affine layer", (affine,)),
            PartSection("2d", "Cross-entropy", (loss,)),
            PartSection("2g", HOSTILE, (open_claim,)),
            PartSection("3c", "Sizes after a convolution", (sizes,)),
        ),
        (
            WrongInSource(
                "1e, line 39",
                Kind.REFUTED,
                r"\ln(1 + e^x) - \ln(1 + e^{-x}) = \frac{\ln(1 + e^x)}{\ln(1 + e^{-x})}",
                r"\ln(1 + e^x) - \ln(1 + e^{-x}) = \ln\frac{1 + e^x}{1 + e^{-x}} = x",
                "A difference of logarithms is the logarithm of a quotient.",
                "softplus_difference_as_quotient",
            ),
            WrongInSource(
                "2a, (1)",
                Kind.ILL_TYPED,
                r"\mathbf{W}^{(1)T} \cdot \mathbf{x}",
                r"\mathbf{W}^{(1)} \mathbf{x}",
                "The matrix is declared $d_h \\times d$.",
                "hidden_layer_as_written",
            ),
            WrongInSource("3c", Kind.REFUTED, "k = 54", "k = 53 \\weird", HOSTILE),
        ),
        (("alpha", r"\alpha"),),
    )


@pytest.fixture(scope="session")
def report() -> Report:
    return sample_report()
