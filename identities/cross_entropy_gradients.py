"""The gradient of the cross-entropy by the scores before the softmax (question 2 g)."""

from collections.abc import Mapping

import numpy as np
from sympy import KroneckerDelta

from derive.claim import Array, Claim, Written
from derive.numeric.activations import log_softmax
from derive.numeric.finite_difference import complex_step_jacobian
from derive.sympy_terms import Tensor
from derive.verdict import Kind
from identities.cross_entropy import OUTPUT, TARGET, negative_log_probability, others, probability
from identities.network import (
    LOSS,
    ONE_HOT,
    RISK,
    SOFTMAX,
    O_a,
    Y,
    batch_mean,
    c,
    c2,
    cross_entropy,
    e,
    o_a,
    output_error,
    row,
    weighted_output_error,
)
from identities.network_values import gradient_of
from identities.notation import (
    N,
    bound,
    different,
    equal,
    exponential,
    log,
    m,
    minus,
    partial,
    plus,
    ratio,
    total,
)

k = bound("k")

CLASS_LOSS = r"L_c = -\ln S(\mathbf{o}^a)_c \text{: the loss when } c \text{ is the correct class}"
TEXTBOOK = "Bishop, Pattern Recognition and Machine Learning (2006), equation 4.109"

#: ``sum_(i != c) exp(o_i) + exp(o_c)``
SPLIT_SUM = plus(total(lambda a: others(exponential(o_a[a]), a), k, m), exponential(o_a[c]))


def _gradients_of_class_losses(given: Mapping[str, Array]) -> Array:
    """Row c: the gradient of the loss when c is the correct class."""
    return complex_step_jacobian(lambda z: -log_softmax(z), given["o_a"])


def _correct_class(given: Mapping[str, Array]) -> Array:
    return np.diagonal(_gradients_of_class_losses(given))


split_sum_derivative_correct_class = Claim(
    name="split_sum_derivative_correct_class",
    title="Step (23) to (24): the derivative by the score of the correct class.",
    part="2g",
    identity=equal(
        partial(-o_a[c] + log(SPLIT_SUM), o_a[c]),
        plus(-1, ratio(exponential(o_a[c]), SPLIT_SUM)),
    ),
    latex=(
        r"\frac{\partial}{\partial o_c^a} \left(-o_c^a + "
        r"\ln\left(\sum_{i \neq c} e^{o_i^a} + e^{o_c^a}\right)\right) = "
        r"-1 + \frac{e^{o_c^a}}{\sum_{i \neq c} e^{o_i^a} + e^{o_c^a}}"
    ),
    quantity=_correct_class,
    quantity_name="gradient of the class losses by complex step",
    source="elementary",
    written=(
        Written(
            r"\frac{\partial L}{\partial \mathbf{o}_k^a}",
            (
                r"-1 + \frac{e^{\mathbf{o}_k^a}}{\sum_{i \neq k}^m e^{\mathbf{o}_i^a} + "
                r"e^{\mathbf{o}_k^a}}"
            ),
        ),
    ),
)

split_sum_rejoined_with_shadowed_index = Claim(
    name="split_sum_rejoined_with_shadowed_index",
    title="Step (24) to (25): the sum is joined again, over an index that is called c, too.",
    part="2g",
    identity=equal(
        plus(-1, ratio(exponential(o_a[c]), SPLIT_SUM)),
        minus(ratio(exponential(o_a[c]), total(lambda a: exponential(o_a[a]), bound("c"), m)), 1),
    ),
    latex=(
        r"-1 + \frac{e^{o_c^a}}{\sum_{i \neq c} e^{o_i^a} + e^{o_c^a}} = "
        r"\frac{e^{o_c^a}}{\sum_{c=1}^m e^{o_c^a}} - 1"
    ),
    quantity=_correct_class,
    quantity_name="gradient of the class losses by complex step",
    note="two different indices have one name; the inner one belongs to the sum, so it is right",
    source="elementary",
    written=(
        Written(
            (
                r"-1 + \frac{e^{\mathbf{o}_k^a}}{\sum_{i \neq k}^m e^{\mathbf{o}_i^a} + "
                r"e^{\mathbf{o}_k^a}}"
            ),
            r"\frac{e^{\mathbf{o}_k^a}}{\sum_{k=1}^m e^{\mathbf{o}_k^a}} - 1",
        ),
    ),
)

cross_entropy_gradient_correct_class = Claim(
    name="cross_entropy_gradient_correct_class",
    title="Equation (26): the gradient for the correct class is its probability minus 1.",
    part="2g",
    identity=equal(partial(negative_log_probability(c), o_a[c]), probability(c) - 1),
    latex=r"\frac{\partial L_c}{\partial o_c^a} = o_c^s - 1",
    definitions_latex=(CLASS_LOSS, SOFTMAX),
    quantity=_correct_class,
    quantity_name="gradient of the class losses by complex step",
    source=TEXTBOOK,
    written=(Written(r"\frac{\partial L}{\partial \mathbf{o}_k^a}", r"\mathbf{o}_k^s - 1"),),
)

split_sum_derivative_other_class = Claim(
    name="split_sum_derivative_other_class",
    title="Equation (27): the derivative by the score of an incorrect class i.",
    part="2g",
    identity=equal(
        partial(-o_a[c] + log(SPLIT_SUM), o_a[c2]), ratio(exponential(o_a[c2]), SPLIT_SUM)
    ),
    latex=(
        r"\frac{\partial L_c}{\partial o_i^a} = "
        r"\frac{e^{o_i^a}}{\sum_{l \neq c} e^{o_l^a} + e^{o_c^a}} \quad (i \neq c)"
    ),
    definitions_latex=(CLASS_LOSS,),
    hypotheses=(different(c2, c),),
    quantity=_gradients_of_class_losses,
    quantity_name="gradient of the class losses by complex step",
    source="elementary",
    written=(
        Written(
            r"\frac{\partial L}{\partial \mathbf{o}_i^a}",
            (
                r"\frac{e^{\mathbf{o}_i^a}}{\sum_{i \neq k}^m e^{\mathbf{o}_i^a} + "
                r"e^{\mathbf{o}_k^a}}"
            ),
        ),
    ),
)

cross_entropy_gradient_other_class = Claim(
    name="cross_entropy_gradient_other_class",
    title="Equation (28): the gradient for an incorrect class is its probability.",
    part="2g",
    identity=equal(partial(negative_log_probability(c), o_a[c2]), minus(probability(c2), 0)),
    latex=r"\frac{\partial L_c}{\partial o_i^a} = o_i^s - 0 \quad (i \neq c)",
    definitions_latex=(CLASS_LOSS, SOFTMAX),
    hypotheses=(different(c2, c),),
    quantity=_gradients_of_class_losses,
    quantity_name="gradient of the class losses by complex step",
    source=TEXTBOOK,
    written=(Written(r"\frac{\partial L}{\partial \mathbf{o}_i^a}", r"\mathbf{o}_i^s - 0"),),
)

cross_entropy_gradient_by_cases = Claim(
    name="cross_entropy_gradient_by_cases",
    title="Both cases at once, with an indicator of the correct class.",
    part="2g",
    identity=equal(
        partial(negative_log_probability(c), o_a[c2]),
        probability(c2) - KroneckerDelta(c2, c),
    ),
    latex=r"\frac{\partial L_c}{\partial o_i^a} = o_i^s - \mathbb{1}_{i=c}",
    definitions_latex=(CLASS_LOSS, SOFTMAX),
    quantity=_gradients_of_class_losses,
    quantity_name="gradient of the class losses by complex step",
    source=TEXTBOOK,
)

cross_entropy_gradient = Claim(
    name="cross_entropy_gradient",
    title="The gradient of the loss by the scores is o_s - onehot(y).",
    part="2g",
    identity=equal(
        Tensor(partial(cross_entropy(OUTPUT, TARGET), o_a[c]), c),
        Tensor(output_error(OUTPUT, TARGET)(c), c),
    ),
    latex=r"\frac{\partial L}{\partial \mathbf{o}^a} = \mathbf{o}^s - \operatorname{onehot}(y)",
    definitions_latex=(LOSS, SOFTMAX, ONE_HOT),
    conditions={"y": ("one-hot",)},
    quantity=gradient_of("o_a"),
    quantity_name="backward pass: gradient of the scores",
    source=TEXTBOOK,
)

cross_entropy_gradient_normalised_target = Claim(
    name="cross_entropy_gradient_normalised_target",
    title="The same for every target that sums to 1, such as smoothed labels.",
    part="2g",
    identity=equal(partial(cross_entropy(OUTPUT, TARGET), o_a[c]), output_error(OUTPUT, TARGET)(c)),
    latex=r"\frac{\partial L}{\partial o_i^a} = o_i^s - y_i",
    definitions_latex=(LOSS, SOFTMAX, r"\sum_k y_k = 1"),
    conditions={"y": ("sums to 1",)},
    quantity=gradient_of("o_a"),
    quantity_name="backward pass: gradient of the scores",
    source=TEXTBOOK,
)

cross_entropy_gradient_any_target = Claim(
    name="cross_entropy_gradient_any_target",
    title="For a target that need not sum to 1, the probabilities carry the factor sum of y.",
    part="2g",
    identity=equal(
        partial(cross_entropy(OUTPUT, TARGET), o_a[c]),
        weighted_output_error(OUTPUT, TARGET)(c),
    ),
    latex=r"\frac{\partial L}{\partial o_i^a} = \left(\sum_k y_k\right) o_i^s - y_i",
    definitions_latex=(LOSS, SOFTMAX, r"\mathbf{y} \in \mathbb{R}^m"),
    quantity=gradient_of("o_a"),
    quantity_name="backward pass: gradient of the scores",
    source="elementary",
)

cross_entropy_gradient_without_normalisation = Claim(
    name="cross_entropy_gradient_without_normalisation",
    title="The gradient is o_s - y for every vector y.",
    part="2g",
    identity=equal(partial(cross_entropy(OUTPUT, TARGET), o_a[c]), output_error(OUTPUT, TARGET)(c)),
    latex=r"\frac{\partial L}{\partial o_i^a} = o_i^s - y_i",
    definitions_latex=(LOSS, SOFTMAX, r"\mathbf{y} \in \mathbb{R}^m"),
    expected=Kind.REFUTED,
    corrected_by="cross_entropy_gradient_any_target",
    quantity=gradient_of("o_a"),
    quantity_name="backward pass: gradient of the scores",
    note="that y sums to 1 is a hypothesis, which one-hot targets satisfy",
    source="elementary",
)

batch_output_gradient = Claim(
    name="batch_output_gradient",
    title="The gradient of the batch mean by the scores of one example carries the factor 1/N.",
    part="2g",
    identity=equal(
        partial(batch_mean(lambda p: cross_entropy(row(O_a, p), row(Y, p))), O_a[e, c]),
        weighted_output_error(row(O_a, e), row(Y, e))(c) / N,
    ),
    latex=(
        r"\frac{\partial \hat{R}}{\partial o_i^{a(p)}} = \frac{1}{N} "
        r"\left(\left(\sum_k y_k^{(p)}\right) o_i^{s(p)} - y_i^{(p)}\right)"
    ),
    definitions_latex=(RISK, LOSS),
    quantity=gradient_of("o_a"),
    quantity_name="backward pass: gradient of the scores of a batch",
    source="elementary",
)
