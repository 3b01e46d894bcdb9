"""The softmax function: scaling, translation, Jacobian, normalisation (questions 1 i-l and 2 c)."""

from collections.abc import Mapping

import numpy as np
from sympy import Expr, KroneckerDelta

from derive.claim import Array, Claim, Written
from derive.numeric.activations import log_softmax, logsumexp, softmax
from derive.numeric.finite_difference import complex_step_jacobian
from derive.sympy_terms import Tensor
from derive.verdict import Kind
from identities.notation import (
    above,
    array,
    bound,
    different,
    equal,
    exponential,
    exponential_sum,
    index,
    log,
    m,
    n,
    partial,
    power,
    ratio,
    real,
    softmax_entry,
    times,
    total,
)

x = array("x", n)
c = real("c")
i = index("i", n)
j = index("j", n)
o_a = array("o_a", m)
k = index("k", m)
l = bound("l")  # noqa: E741
q = bound("q")

SOFTMAX = r"S(\mathbf{x})_i = \frac{e^{x_i}}{\sum_{j=1}^n e^{x_j}}"
OUTPUT = r"o_k^s = \frac{e^{o_k^a}}{\sum_{i=1}^m e^{o_i^a}}"
BAYES = "Bishop, Pattern Recognition and Machine Learning (2006)"


def S(i: Expr) -> Expr:  # noqa: N802
    """Entry i of the softmax of x."""
    return softmax_entry(lambda a: x[a], i, n)


def scaled(i: Expr) -> Expr:
    """Entry i of the softmax of c x."""
    return softmax_entry(lambda a: c * x[a], i, n)


def translated(i: Expr) -> Expr:
    """Entry i of the softmax of x + c."""
    return softmax_entry(lambda a: x[a] + c, i, n)


def o_s(k: Expr) -> Expr:
    """Entry k of the softmax of o_a."""
    return softmax_entry(lambda a: o_a[a], k, m)


def exponential_power(i: Expr) -> Expr:
    """``(e^(x_i))^c`` kept as written."""
    return power(exponential(x[i]), c)


def _scaled_softmax(given: Mapping[str, Array]) -> Array:
    return softmax(given["c"] * given["x"])


def _log_scaled_softmax(given: Mapping[str, Array]) -> Array:
    return log_softmax(given["c"] * given["x"])


def _jacobian(given: Mapping[str, Array]) -> Array:
    return complex_step_jacobian(softmax, given["x"])


# 1 i: scaling

scaled_softmax_by_powers = Claim(
    name="scaled_softmax_by_powers",
    title="Step: scaling the arguments raises every exponential to the power c.",
    part="1i",
    identity=equal(scaled(i), ratio(exponential_power(i), total(exponential_power, l, n))),
    latex=r"S(c\mathbf{x})_i = \frac{(e^{x_i})^c}{\sum_j (e^{x_j})^c}",
    definitions_latex=(SOFTMAX,),
    quantity=_scaled_softmax,
    quantity_name="softmax(c x)",
    source="elementary",
    written=(Written(r"S(\mathbf{c}\mathbf{x})_i", r"\frac{(e^{x_i})^c}{\sum_j (e^{x_j})^c}"),),
)

log_of_quotient_as_quotient_of_logs = Claim(
    name="log_of_quotient_as_quotient_of_logs",
    title="Step: the logarithm of the scaled softmax is c ln(e^x_i) over c ln(sum of e^x_j).",
    part="1i",
    identity=equal(
        log(ratio(exponential_power(i), total(exponential_power, l, n))),
        ratio(times(c, log(exponential(x[i]))), times(c, log(exponential_sum(lambda a: x[a], n)))),
    ),
    latex=(
        r"\ln\left(\frac{(e^{x_i})^c}{\sum_j (e^{x_j})^c}\right) = "
        r"\frac{c \ln(e^{x_i})}{c \ln \sum_j e^{x_j}}"
    ),
    definitions_latex=(r"c \in \mathbb{R}",),
    expected=Kind.REFUTED,
    corrected_by="log_of_scaled_softmax",
    quantity=_log_scaled_softmax,
    quantity_name="log softmax(c x)",
    note=(
        "the logarithm of a quotient is a difference, not a quotient of logarithms, and the power "
        "c of a sum's terms is no power of the sum"
    ),
    source="elementary",
    written=(
        Written(
            r"\ln\left(\frac{(e^{x_i})^c}{\sum_j (e^{x_j})^c}\right)",
            r"\frac{c \ln(e^{x_i})}{c \ln \sum_j (e^{x_j})}",
        ),
    ),
)

log_of_scaled_softmax = Claim(
    name="log_of_scaled_softmax",
    title="The logarithm of the scaled softmax is c x_i minus a log-sum-exp.",
    part="1i",
    identity=equal(log(scaled(i)), c * x[i] - log(exponential_sum(lambda a: c * x[a], n))),
    latex=r"\ln S(c\mathbf{x})_i = c x_i - \ln \sum_j e^{c x_j}",
    definitions_latex=(SOFTMAX, r"c \in \mathbb{R}"),
    quantity=_log_scaled_softmax,
    quantity_name="log softmax(c x)",
    source="elementary",
)

cancellation_of_scale_in_quotient_of_logs = Claim(
    name="cancellation_of_scale_in_quotient_of_logs",
    title="Step: the factor c cancels in the quotient of logarithms.",
    part="1i",
    identity=equal(
        ratio(times(c, log(exponential(x[i]))), times(c, log(exponential_sum(lambda a: x[a], n)))),
        ratio(log(exponential(x[i])), log(exponential_sum(lambda a: x[a], n))),
    ),
    latex=(
        r"\frac{c \ln(e^{x_i})}{c \ln \sum_j e^{x_j}} = \frac{\ln(e^{x_i})}{\ln \sum_j e^{x_j}}"
    ),
    definitions_latex=(r"c \in \mathbb{R}",),
    expected=Kind.CONDITIONAL,
    expected_conditions=("c != 0", "log(sum_k exp(x[k])) != 0"),
    quantity=lambda given: given["x"] / logsumexp(given["x"]),
    quantity_name="x_i / logsumexp(x)",
    note="right in itself for c other than 0, after a wrong step",
    source="elementary",
    written=(
        Written(
            r"\frac{c \ln(e^{x_i})}{c \ln \sum_j (e^{x_j})}",
            r"\frac{\ln(e^{x_i})}{\ln \sum_j (e^{x_j})}",
        ),
    ),
)

quotient_of_logs_as_log_of_softmax = Claim(
    name="quotient_of_logs_as_log_of_softmax",
    title="Step: the quotient of the logarithms is the logarithm of the softmax.",
    part="1i",
    identity=equal(
        ratio(log(exponential(x[i])), log(exponential_sum(lambda a: x[a], n))), log(S(i))
    ),
    latex=r"\frac{\ln(e^{x_i})}{\ln \sum_j e^{x_j}} = \ln \frac{e^{x_i}}{\sum_j e^{x_j}}",
    definitions_latex=(SOFTMAX,),
    expected=Kind.REFUTED,
    corrected_by="log_of_softmax",
    quantity=lambda given: given["x"] / logsumexp(given["x"]),
    quantity_name="x_i / logsumexp(x)",
    note="a quotient of logarithms is not the logarithm of the quotient",
    source="elementary",
)

log_of_softmax = Claim(
    name="log_of_softmax",
    title="The logarithm of the softmax is x_i minus the log-sum-exp of x.",
    part="1i",
    identity=equal(log(S(i)), x[i] - log(exponential_sum(lambda a: x[a], n))),
    latex=r"\ln S(\mathbf{x})_i = x_i - \ln \sum_j e^{x_j}",
    definitions_latex=(SOFTMAX,),
    quantity=lambda given: log_softmax(given["x"]),
    quantity_name="log softmax in stable form",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), equation 6.30",
)

softmax_invariant_under_scaling = Claim(
    name="softmax_invariant_under_scaling",
    title="The softmax does not change when its argument is scaled.",
    part="1i",
    identity=equal(scaled(i), S(i)),
    latex=r"S(c\mathbf{x})_i = \frac{e^{x_i}}{\sum_j e^{x_j}}",
    definitions_latex=(SOFTMAX, r"c \in \mathbb{R}"),
    expected=Kind.REFUTED,
    corrected_by="softmax_under_scaling",
    quantity=_scaled_softmax,
    quantity_name="softmax(c x)",
    note="scaling sharpens or flattens the softmax (an inverse temperature); only shifts cancel",
    source="elementary",
    written=(Written(r"S(\mathbf{c}\mathbf{x})_i", r"\frac{e^{x_i}}{\sum_j e^{x_j}}"),),
)

softmax_under_scaling = Claim(
    name="softmax_under_scaling",
    title="Scaling raises the entries of the softmax to the power c and normalises them again.",
    part="1i",
    identity=equal(scaled(i), power(S(i), c) / total(lambda a: power(S(a), c), q, n)),
    latex=r"S(c\mathbf{x})_i = \frac{S(\mathbf{x})_i^c}{\sum_j S(\mathbf{x})_j^c}",
    definitions_latex=(SOFTMAX, r"c \in \mathbb{R}"),
    quantity=_scaled_softmax,
    quantity_name="softmax(c x)",
    source="Hinton, Vinyals, Dean, Distilling the Knowledge in a Neural Network (2015), section 2",
)

softmax_scaled_by_zero_is_uniform = Claim(
    name="softmax_scaled_by_zero_is_uniform",
    title="Scaling by 0 makes the softmax uniform, whatever x is.",
    part="1i",
    identity=equal(softmax_entry(lambda a: times(0, x[a]), i, n), 1 / n),
    latex=r"S(0 \cdot \mathbf{x})_i = \frac{1}{n}",
    definitions_latex=(SOFTMAX,),
    quantity=lambda given: softmax(0 * given["x"]),
    quantity_name="softmax(0 x)",
    source="elementary",
)

# 1 j: translation

translated_softmax_by_products = Claim(
    name="translated_softmax_by_products",
    title="Step: adding c to every argument multiplies every exponential by e^c.",
    part="1j",
    identity=equal(
        translated(i),
        ratio(
            times(exponential(c), exponential(x[i])),
            total(lambda a: times(exponential(c), exponential(x[a])), l, n),
        ),
    ),
    latex=r"S(\mathbf{x} + c)_i = \frac{e^c e^{x_i}}{\sum_j e^c e^{x_j}}",
    definitions_latex=(SOFTMAX, r"c \in \mathbb{R}"),
    quantity=lambda given: softmax(given["x"] + given["c"]),
    quantity_name="softmax(x + c)",
    source="elementary",
    written=(Written(r"S(\mathbf{x} + \mathbf{c})_i", r"\frac{e^c e^{x_i}}{\sum_j e^c e^{x_j}}"),),
)

common_factor_of_exponential_sum = Claim(
    name="common_factor_of_exponential_sum",
    title="Step: the factor e^c comes out of the sum.",
    part="1j",
    identity=equal(
        ratio(
            times(exponential(c), exponential(x[i])),
            total(lambda a: times(exponential(c), exponential(x[a])), l, n),
        ),
        ratio(
            times(exponential(c), exponential(x[i])),
            times(exponential(c), exponential_sum(lambda a: x[a], n)),
        ),
    ),
    latex=(r"\frac{e^c e^{x_i}}{\sum_j e^c e^{x_j}} = \frac{e^c e^{x_i}}{e^c \sum_j e^{x_j}}"),
    quantity=lambda given: softmax(given["x"] + given["c"]),
    quantity_name="softmax(x + c)",
    source="elementary",
    written=(
        Written(
            r"\frac{e^c e^{x_i}}{\sum_j e^c e^{x_j}}",
            r"\frac{e^c e^{x_i}}{e^c \sum_j e^{x_j}}",
        ),
    ),
)

softmax_invariant_under_translation = Claim(
    name="softmax_invariant_under_translation",
    title="The softmax does not change when the same number is added to all its arguments.",
    part="1j",
    identity=equal(translated(i), S(i)),
    latex=r"S(\mathbf{x} + c)_i = S(\mathbf{x})_i",
    definitions_latex=(SOFTMAX, r"c \in \mathbb{R}"),
    quantity=lambda given: softmax(given["x"] + given["c"]),
    quantity_name="softmax(x + c)",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), equation 6.32",
    written=(Written(r"S(\mathbf{x} + \mathbf{c})_i", r"\frac{e^{x_i}}{\sum_j e^{x_j}}"),),
)

# 1 k: partial derivatives

softmax_derivative_by_quotient_rule = Claim(
    name="softmax_derivative_by_quotient_rule",
    title="Step, i = j: the quotient rule for the softmax.",
    part="1k",
    identity=equal(
        partial(S(i), x[i]),
        ratio(
            exponential(x[i]) * exponential_sum(lambda a: x[a], n)
            - exponential(x[i]) * exponential(x[i]),
            power(exponential_sum(lambda a: x[a], n), 2),
        ),
    ),
    latex=(
        r"\frac{\partial S(\mathbf{x})_i}{\partial x_i} = "
        r"\frac{e^{x_i} \sum_k e^{x_k} - e^{x_i} e^{x_i}}{\left(\sum_k e^{x_k}\right)^2}"
    ),
    definitions_latex=(SOFTMAX,),
    quantity=lambda given: np.diagonal(_jacobian(given)),
    quantity_name="diagonal of the Jacobian by complex step",
    source="elementary",
    written=(
        Written(
            r"\frac{\partial S(\mathbf{x})_i}{\partial \mathbf{x}_j}",
            r"\frac{e^{x_i} \sum_k e^{x_k} - e^{x_i} e^{x_i}}{(\sum_k e^{x_k})^2}",
        ),
    ),
)

softmax_derivative_same_index = Claim(
    name="softmax_derivative_same_index",
    title="For i = j the partial derivative of the softmax is S_i - S_i^2.",
    part="1k",
    identity=equal(partial(S(i), x[i]), S(i) - S(i) ** 2),
    latex=(r"\frac{\partial S(\mathbf{x})_i}{\partial x_i} = S(\mathbf{x})_i - S(\mathbf{x})_i^2"),
    definitions_latex=(SOFTMAX,),
    quantity=lambda given: np.diagonal(_jacobian(given)),
    quantity_name="diagonal of the Jacobian by complex step",
    source=f"{BAYES}, equation 4.106",
    written=(
        Written(
            r"\frac{\partial S(\mathbf{x})_i}{\partial \mathbf{x}_j}",
            r"S(\mathbf{x})_i - S^2(\mathbf{x})_i",
        ),
    ),
)

softmax_derivative_equal_indices = Claim(
    name="softmax_derivative_equal_indices",
    title="When i = j the partial derivative of S_i by x_j is S_i - S_i S_j.",
    part="1k",
    identity=equal(partial(S(i), x[j]), S(i) - S(i) * S(j)),
    latex=(
        r"\frac{\partial S(\mathbf{x})_i}{\partial x_j} = "
        r"S(\mathbf{x})_i - S(\mathbf{x})_i S(\mathbf{x})_j \quad (i = j)"
    ),
    definitions_latex=(SOFTMAX,),
    hypotheses=(equal(i, j),),
    quantity=_jacobian,
    quantity_name="Jacobian of the softmax by complex step",
    source=f"{BAYES}, equation 4.106",
    written=(
        Written(
            r"\frac{\partial S(\mathbf{x})_i}{\partial \mathbf{x}_j}",
            r"S(\mathbf{x})_i - S(\mathbf{x})_i S(\mathbf{x})_j",
        ),
    ),
)

softmax_derivative_other_index = Claim(
    name="softmax_derivative_other_index",
    title="When i is not j the partial derivative of S_i by x_j is -S_i S_j.",
    part="1k",
    identity=equal(partial(S(i), x[j]), -S(i) * S(j)),
    latex=(
        r"\frac{\partial S(\mathbf{x})_i}{\partial x_j} = "
        r"-S(\mathbf{x})_i S(\mathbf{x})_j \quad (i \neq j)"
    ),
    definitions_latex=(SOFTMAX,),
    hypotheses=(different(i, j),),
    quantity=_jacobian,
    quantity_name="Jacobian of the softmax by complex step",
    source=f"{BAYES}, equation 4.106",
    written=(
        Written(
            r"\frac{\partial S(\mathbf{x})_i}{\partial \mathbf{x}_j}",
            r"-S(\mathbf{x})_i S(\mathbf{x})_j",
        ),
    ),
)

softmax_derivative = Claim(
    name="softmax_derivative",
    title="Both cases at once: the partial derivative of S_i by x_j.",
    part="1k",
    identity=equal(partial(S(i), x[j]), S(i) * KroneckerDelta(i, j) - S(i) * S(j)),
    latex=(
        r"\frac{\partial S(\mathbf{x})_i}{\partial x_j} = "
        r"S(\mathbf{x})_i \mathbf{1}_{i=j} - S(\mathbf{x})_i S(\mathbf{x})_j"
    ),
    definitions_latex=(SOFTMAX,),
    quantity=_jacobian,
    quantity_name="Jacobian of the softmax by complex step",
    source=f"{BAYES}, equation 4.106",
    written=(
        Written(
            r"\frac{\partial S(\mathbf{x})_i}{\partial \mathbf{x}_j}",
            r"S(\mathbf{x})_i \mathbf{1}_{i=j} - S(\mathbf{x})_i S(\mathbf{x})_j",
        ),
    ),
)

# 1 l: Jacobian

softmax_jacobian_eq_diag_sub_outer = Claim(
    name="softmax_jacobian_eq_diag_sub_outer",
    title="The Jacobian of the softmax is diag(S) - S S^T.",
    part="1l",
    identity=equal(
        Tensor(partial(S(i), x[j]), i, j),
        Tensor(KroneckerDelta(i, j) * S(i) - S(i) * S(j), i, j),
    ),
    latex=(
        r"\frac{\partial S(\mathbf{x})}{\partial \mathbf{x}} = "
        r"\operatorname{diag}(S(\mathbf{x})) - S(\mathbf{x}) S(\mathbf{x})^\top"
    ),
    definitions_latex=(SOFTMAX, r"\operatorname{diag}(\mathbf{v})_{ij} = v_i \delta_{ij}"),
    quantity=_jacobian,
    quantity_name="Jacobian of the softmax by complex step",
    source=f"{BAYES}, equation 4.106",
    written=(
        Written(
            r"\frac{\partial S(\mathbf{x})}{\partial \mathbf{x}}",
            r"\text{diag}(S(\mathbf{x})) - S(\mathbf{x})S(\mathbf{x})^\top",
        ),
    ),
)

softmax_jacobian_is_symmetric = Claim(
    name="softmax_jacobian_is_symmetric",
    title="The Jacobian of the softmax equals its transpose.",
    part="1l",
    identity=equal(Tensor(partial(S(i), x[j]), i, j), Tensor(partial(S(i), x[j]), j, i)),
    latex=(
        r"\frac{\partial S(\mathbf{x})}{\partial \mathbf{x}} = "
        r"\left(\frac{\partial S(\mathbf{x})}{\partial \mathbf{x}}\right)^\top"
    ),
    definitions_latex=(SOFTMAX,),
    quantity=_jacobian,
    quantity_name="Jacobian of the softmax by complex step",
    source="elementary",
)

# 2 c: the output layer

softmax_denominator_normalises = Claim(
    name="softmax_denominator_normalises",
    title="Each softmax output times the sum over all classes i is its own exponential.",
    part="2c",
    identity=equal(times(o_s(k), total(lambda a: exponential(o_a[a]), q, m)), exponential(o_a[k])),
    latex=r"o_k^s \cdot \sum_{i=1}^m e^{o_i^a} = e^{o_k^a}",
    definitions_latex=(OUTPUT,),
    source=f"{BAYES}, equation 4.62",
)

softmax_output_with_constant_summand = Claim(
    name="softmax_output_with_constant_summand",
    title="The softmax output with a summand that does not depend on the index of the sum (6).",
    part="2c",
    identity=equal(o_s(k), exponential(o_a[k]) / total(lambda _: exponential(o_a[k]), q, m)),
    latex=r"o_k^s = \frac{e^{o_k^a}}{\sum_{i=1}^m e^{o_k^a}}",
    definitions_latex=(r"\mathbf{o}^s = S(\mathbf{o}^a)",),
    expected=Kind.REFUTED,
    corrected_by="softmax_denominator_normalises",
    quantity=lambda given: softmax(given["o_a"]),
    quantity_name="softmax(o_a)",
    note="the summand lacks its index i: as written the right side is 1/m for every class",
    source="elementary",
    written=(
        Written(r"\mathbf{o}_k^s", r"\frac{e^{\mathbf{o}_k^a}}{\sum_{i=1}^m e^{\mathbf{o}_k^a}}"),
    ),
)

constant_summand_gives_uniform_output = Claim(
    name="constant_summand_gives_uniform_output",
    title="Taken literally, the right side of (6) is 1/m.",
    part="2c",
    identity=equal(exponential(o_a[k]) / total(lambda _: exponential(o_a[k]), q, m), 1 / m),
    latex=r"\frac{e^{o_k^a}}{\sum_{i=1}^m e^{o_k^a}} = \frac{1}{m}",
    quantity=lambda given: np.full(given["o_a"].shape, 1 / given["o_a"].size),
    quantity_name="1 / number of classes",
    source="elementary",
)

sum_of_one_softmax_output = Claim(
    name="sum_of_one_softmax_output",
    title="The sum over i of the output of the one class k is 1 (7 to 9, left side).",
    part="2c",
    identity=equal(total(lambda _: o_s(k), q, m), 1),
    latex=r"\sum_{i=1}^m o_k^s = 1",
    definitions_latex=(OUTPUT,),
    expected=Kind.REFUTED,
    corrected_by="softmax_sums_to_one",
    quantity=lambda given: given["o_a"].size * softmax(given["o_a"]),
    quantity_name="m softmax(o_a)",
    note="the index of the sum is i, that of the summand is k: as written the left side is m o_k",
    source="elementary",
    written=(Written(r"\sum_{i=1}^m \mathbf{o}_k^s", r"1"),),
)

sum_of_constant_quotients = Claim(
    name="sum_of_constant_quotients",
    title="Step (7) to (9): the sum of the literal quotients is 1.",
    part="2c",
    identity=equal(
        total(lambda _: exponential(o_a[k]) / total(lambda _: exponential(o_a[k]), l, m), q, m),
        1,
    ),
    latex=r"\sum_{i=1}^m \frac{e^{o_k^a}}{\sum_{i=1}^m e^{o_k^a}} = 1",
    note="right by luck: m equal terms 1/m; the same step with the index i is the one meant",
    source="elementary",
    written=(
        Written(r"\sum_{i=1}^m \frac{e^{\mathbf{o}_k^a}}{\sum_{i=1}^m e^{\mathbf{o}_k^a}}", r"1"),
    ),
)

softmax_sums_to_one = Claim(
    name="softmax_sums_to_one",
    title="The softmax outputs add up to 1.",
    part="2c",
    identity=equal(total(o_s, q, m), 1),
    latex=r"\sum_{k=1}^m o_k^s = 1",
    definitions_latex=(OUTPUT,),
    quantity=lambda given: softmax(given["o_a"]).sum(),
    quantity_name="sum of softmax(o_a)",
    source=f"{BAYES}, section 4.2",
)

softmax_is_positive = Claim(
    name="softmax_is_positive",
    title="Every softmax output is positive.",
    part="2c",
    identity=above(o_s(k), 0),
    latex=r"o_k^s > 0",
    definitions_latex=(OUTPUT,),
    note="over the real numbers; in floating point an entry far below the largest underflows to 0",
    source="elementary",
)
