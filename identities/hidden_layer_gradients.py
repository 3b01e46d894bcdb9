"""Gradients of the hidden layer, after and before its activation (questions 2 j to 2 m).

The loss is a function of h_s (2 j, 2 k) or of h_a (2 l, 2 m); it goes no further back.
"""

from collections.abc import Mapping

import numpy as np
from sympy import Expr, KroneckerDelta, Piecewise

from derive.claim import Array, Claim, Reading, Written
from derive.numeric.activations import relu as network_relu
from derive.numeric.finite_difference import complex_step_jacobian
from derive.sympy_terms import Tensor
from derive.verdict import Kind
from identities.network import (
    LOSS,
    ONE_HOT,
    OUTPUT,
    RELU,
    RISK,
    SHAPES_OUTPUT,
    W2,
    H_a,
    H_s,
    Y,
    b2,
    batch_mean,
    c,
    c2,
    cross_entropy,
    e,
    entries_of,
    h_a,
    h_s,
    hidden_activation,
    j,
    j2,
    masked,
    output_error,
    output_preactivation,
    row,
    sent_back,
    weighted_output_error,
    y,
)
from identities.network_values import gradient_of, output_jacobian
from identities.notation import (
    Entries,
    N,
    bound,
    d_h,
    different,
    equal,
    indicator,
    m,
    partial,
    plus,
    relu,
    times,
    total,
)

TARGET = entries_of(y)
SCORES = output_preactivation(entries_of(h_s))
LOSS_OF_HIDDEN = cross_entropy(SCORES, TARGET)
ERROR = output_error(SCORES, TARGET)

PREACTIVATION = entries_of(h_a)
SCORES_OF_PREACTIVATION = output_preactivation(hidden_activation(PREACTIVATION))
LOSS_OF_PREACTIVATION = cross_entropy(SCORES_OF_PREACTIVATION, TARGET)
HIDDEN_ERROR = sent_back(output_error(SCORES_OF_PREACTIVATION, TARGET))

#: Hidden unit j does not sit at its kink.
OFF_KINK = ("h_a[j] != 0",)

a = bound("a")

BACKPROPAGATION = "Bishop, Pattern Recognition and Machine Learning (2006), equation 5.56"
CHAIN = "Goodfellow, Bengio, Courville, Deep Learning (2016), equation 6.46"


def batch_scores(p: Expr) -> Entries:
    """The scores of example p, from the hidden layer after the activation."""
    return output_preactivation(row(H_s, p))


def batch_scores_of_preactivation(p: Expr) -> Entries:
    """The scores of example p, from the hidden layer before the activation."""
    return output_preactivation(hidden_activation(row(H_a, p)))


def _activation_jacobian(given: Mapping[str, Array]) -> Array:
    return complex_step_jacobian(network_relu, given["h_a"])


# 2 j

hidden_chain_rule = Claim(
    name="hidden_chain_rule",
    title="Equation (42): the gradient of a hidden unit is a sum over all scores.",
    part="2j",
    identity=equal(
        partial(LOSS_OF_HIDDEN, h_s[j]),
        total(
            lambda k: weighted_output_error(SCORES, TARGET)(k) * partial(SCORES(k), h_s[j]),
            a,
            m,
        ),
    ),
    latex=(
        r"\frac{\partial L}{\partial h_j^s} = \sum_{k=1}^m "
        r"\frac{\partial L}{\partial o_k^a} \frac{\partial o_k^a}{\partial h_j^s}"
    ),
    definitions_latex=(LOSS, OUTPUT, r"\partial L / \partial o_k^a = (\sum_i y_i) o_k^s - y_k"),
    source=CHAIN,
    written=(
        Written(
            r"\frac{\partial L}{\partial h_j^s}",
            (
                r"\sum_{k=1}^m \frac{\partial L}{\partial \mathbf{o}_k^a} \frac{\partial "
                r"\mathbf{o}_k^a}{\partial h_j^s}"
            ),
        ),
    ),
)

score_by_hidden_unit_with_whole_bias = Claim(
    name="score_by_hidden_unit_with_whole_bias",
    title="Equation (43): the derivative of o_k is that of W_kj h_j plus the whole vector b.",
    part="2j",
    identity=equal(
        Tensor(partial(SCORES(c), h_s[j]), c, j),
        Tensor(partial(plus(times(W2[c, j], h_s[j]), b2[c2]), h_s[j]), c, j, c2),
    ),
    latex=(
        r"\frac{\partial o_k^a}{\partial h_j^s} = \frac{\partial}{\partial h_j^s} "
        r"\left(W_{kj}^{(2)} h_j^s + \mathbf{b}^{(2)}\right)"
    ),
    definitions_latex=(OUTPUT, SHAPES_OUTPUT),
    expected=Kind.ILL_TYPED,
    corrected_by="score_by_hidden_unit_as_one_product",
    quantity=output_jacobian("h_s"),
    quantity_name="Jacobian of the scores by h_s, by complex step",
    note="a slip: the bias lacks its index k, so a vector is added to a number",
    source="elementary",
    written=(
        Written(
            r"\frac{\partial \mathbf{o}_k^a}{\partial h_j^s}",
            r"\frac{\partial}{\partial h_j^s} (W_{kj}^{(2)} h_j^s + b^{(2)})",
        ),
    ),
)

score_by_hidden_unit_as_one_product = Claim(
    name="score_by_hidden_unit_as_one_product",
    title="With its index, (43) holds: the other products do not depend on h_j.",
    part="2j",
    identity=equal(
        partial(SCORES(c), h_s[j]),
        partial(plus(times(W2[c, j], h_s[j]), b2[c]), h_s[j]),
    ),
    latex=(
        r"\frac{\partial o_k^a}{\partial h_j^s} = \frac{\partial}{\partial h_j^s} "
        r"\left(W_{kj}^{(2)} h_j^s + b_k^{(2)}\right)"
    ),
    definitions_latex=(OUTPUT,),
    quantity=output_jacobian("h_s"),
    quantity_name="Jacobian of the scores by h_s, by complex step",
    source="elementary",
)

score_by_hidden_unit = Claim(
    name="score_by_hidden_unit",
    title="Equation (44): the derivative of the score o_k by the hidden unit j is W_kj.",
    part="2j",
    identity=equal(partial(SCORES(c), h_s[j]), W2[c, j]),
    latex=r"\frac{\partial o_k^a}{\partial h_j^s} = W_{kj}^{(2)}",
    definitions_latex=(OUTPUT,),
    quantity=output_jacobian("h_s"),
    quantity_name="Jacobian of the scores by h_s, by complex step",
    source="elementary",
    written=(Written(r"\frac{\partial \mathbf{o}_k^a}{\partial h_j^s}", r"W_{kj}^{(2)}"),),
)

hidden_unit_gradient = Claim(
    name="hidden_unit_gradient",
    title="The gradient of a hidden unit is the error sent back through its column of W2.",
    part="2j",
    identity=equal(partial(LOSS_OF_HIDDEN, h_s[j]), sent_back(ERROR)(j)),
    latex=(r"\frac{\partial L}{\partial h_j^s} = \sum_{k=1}^m (o_k^s - y_k) W_{kj}^{(2)}"),
    definitions_latex=(LOSS, OUTPUT, ONE_HOT),
    conditions={"y": ("one-hot",)},
    quantity=gradient_of("h_s"),
    quantity_name="backward pass: gradient of h_s",
    source=BACKPROPAGATION,
)

batch_hidden_unit_gradient = Claim(
    name="batch_hidden_unit_gradient",
    title="For the batch mean the gradient of a hidden unit carries the factor 1/N.",
    part="2j",
    identity=equal(
        partial(batch_mean(lambda p: cross_entropy(batch_scores(p), row(Y, p))), H_s[e, j]),
        sent_back(weighted_output_error(batch_scores(e), row(Y, e)))(j) / N,
    ),
    latex=(
        r"\frac{\partial \hat{R}}{\partial h_j^{s(p)}} = \frac{1}{N} \sum_{k=1}^m "
        r"\left(\left(\sum_i y_i^{(p)}\right) o_k^{s(p)} - y_k^{(p)}\right) W_{kj}^{(2)}"
    ),
    definitions_latex=(RISK, LOSS, OUTPUT),
    quantity=gradient_of("h_s"),
    quantity_name="backward pass: gradient of h_s for a batch",
    source=BACKPROPAGATION,
)

# 2 k

scores_by_hidden_layer_transposed = Claim(
    name="scores_by_hidden_layer_transposed",
    title="Equation (47): the derivative of the scores by the hidden layer is W2^T.",
    part="2k",
    identity=equal(Tensor(partial(SCORES(c), h_s[j]), c, j), Tensor(W2[c, j], j, c)),
    latex=r"\frac{\partial \mathbf{o}^a}{\partial \mathbf{h}^s} = \mathbf{W}^{(2)\top}",
    definitions_latex=(OUTPUT, SHAPES_OUTPUT),
    readings=(
        Reading(
            "denominator layout",
            equal(Tensor(partial(SCORES(c), h_s[j]), j, c), Tensor(W2[c, j], j, c)),
        ),
    ),
    expected=Kind.CONDITIONAL,
    expected_conditions=("denominator layout",),
    corrected_by="scores_by_hidden_layer",
    note="with rows for outputs the Jacobian is m x d_h, that is W2 itself",
    source="elementary",
    written=(
        Written(r"\frac{\partial \mathbf{o}^a}{\partial \mathbf{h}^s}", r"\mathbf{W}^{(2)T}"),
    ),
)

scores_by_hidden_layer = Claim(
    name="scores_by_hidden_layer",
    title="The Jacobian of the scores by the hidden layer is W2, with rows for outputs.",
    part="2k",
    identity=equal(Tensor(partial(SCORES(c), h_s[j]), c, j), Tensor(W2[c, j], c, j)),
    latex=r"\frac{\partial \mathbf{o}^a}{\partial \mathbf{h}^s} = \mathbf{W}^{(2)}",
    definitions_latex=(OUTPUT, SHAPES_OUTPUT),
    quantity=output_jacobian("h_s"),
    quantity_name="Jacobian of the scores by h_s, by complex step",
    source="elementary",
)

hidden_gradient_in_written_order = Claim(
    name="hidden_gradient_in_written_order",
    title="Equations (45) and (47): the gradient of h_s is the product dL/do_a times W2^T.",
    part="2k",
    identity=equal(
        Tensor(partial(LOSS_OF_HIDDEN, h_s[j]), j),
        Tensor(total(lambda k: ERROR(k) * W2[j, k], a, m), j),
    ),
    latex=(
        r"\frac{\partial L}{\partial \mathbf{h}^s} = "
        r"\frac{\partial L}{\partial \mathbf{o}^a} \mathbf{W}^{(2)\top}"
    ),
    definitions_latex=(LOSS, OUTPUT, SHAPES_OUTPUT, ONE_HOT),
    conditions={"y": ("one-hot",)},
    expected=Kind.ILL_TYPED,
    corrected_by="hidden_gradient_vector",
    quantity=gradient_of("h_s"),
    quantity_name="backward pass: gradient of h_s",
    note=(
        "a row of m numbers can't multiply a d_h x m matrix: with W2^T the factors stand in the "
        "other order"
    ),
    source="elementary",
)

hidden_gradient_vector = Claim(
    name="hidden_gradient_vector",
    title="The gradient of h_s is W2^T times the gradient of the scores.",
    part="2k",
    identity=equal(Tensor(partial(LOSS_OF_HIDDEN, h_s[j]), j), Tensor(sent_back(ERROR)(j), j)),
    latex=(
        r"\frac{\partial L}{\partial \mathbf{h}^s} = "
        r"\mathbf{W}^{(2)\top} (\mathbf{o}^s - \mathbf{y})"
    ),
    definitions_latex=(LOSS, OUTPUT, ONE_HOT),
    conditions={"y": ("one-hot",)},
    quantity=gradient_of("h_s"),
    quantity_name="backward pass: gradient of h_s",
    source=BACKPROPAGATION,
)

# 2 l

hidden_unit_chain_rule = Claim(
    name="hidden_unit_chain_rule",
    title="Equation (48): a hidden unit passes its gradient back times its own slope.",
    part="2l",
    identity=equal(
        partial(LOSS_OF_PREACTIVATION, h_a[j]),
        HIDDEN_ERROR(j) * partial(relu(h_a[j]), h_a[j]),
    ),
    latex=(
        r"\frac{\partial L}{\partial h_j^a} = "
        r"\frac{\partial L}{\partial h_j^s} \frac{\partial h_j^s}{\partial h_j^a}"
    ),
    definitions_latex=(LOSS, OUTPUT, RELU, ONE_HOT),
    conditions={"y": ("one-hot",)},
    expected=Kind.CONDITIONAL,
    expected_conditions=OFF_KINK,
    note="at the kink h_j^a = 0 neither side exists",
    source=CHAIN,
    written=(
        Written(
            r"\frac{\partial L}{\partial h_j^a}",
            r"\frac{\partial L}{\partial h_j^s} \frac{\partial h_j^s}{\partial h_j^a}",
        ),
    ),
)

hidden_unit_slope = Claim(
    name="hidden_unit_slope",
    title="Equation (49): off the kink the slope of the rectifier is 0 or 1.",
    part="2l",
    identity=equal(
        partial(relu(h_a[j]), h_a[j]),
        Piecewise((0, h_a[j] < 0), (1, h_a[j] > 0), evaluate=False),
    ),
    latex=(
        r"\frac{\partial h_j^s}{\partial h_j^a} = \begin{cases} 0 & \text{if } h_j^a < 0 \\ "
        r"1 & \text{if } h_j^a > 0 \end{cases}"
    ),
    definitions_latex=(RELU, r"h_j^a \neq 0"),
    hypotheses=(different(h_a[j], 0),),
    quantity=lambda given: np.diagonal(_activation_jacobian(given)),
    quantity_name="complex step through relu",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.3.1",
    written=(
        Written(
            r"\frac{\partial h_j^s}{\partial h_j^a}",
            r"\begin{cases} 0 & \text{if } h_j^a < 0 \\ 1 & \text{if } h_j^a > 0 \end{cases}",
        ),
    ),
)

hidden_preactivation_gradient = Claim(
    name="hidden_preactivation_gradient",
    title="The gradient before the activation is the one after it, where the unit is active.",
    part="2l",
    identity=equal(partial(LOSS_OF_PREACTIVATION, h_a[j]), masked(HIDDEN_ERROR, PREACTIVATION)(j)),
    latex=(
        r"\frac{\partial L}{\partial h_j^a} = \left(\sum_{k=1}^m (o_k^s - y_k) "
        r"W_{kj}^{(2)}\right) \mathbb{1}_{h_j^a > 0}"
    ),
    definitions_latex=(LOSS, OUTPUT, RELU, ONE_HOT),
    conditions={"y": ("one-hot",)},
    expected=Kind.CONDITIONAL,
    expected_conditions=OFF_KINK,
    quantity=gradient_of("h_a"),
    quantity_name="backward pass: gradient of h_a",
    note="at the kink h_j^a = 0 no derivative exists",
    source=BACKPROPAGATION,
)

batch_hidden_preactivation_gradient = Claim(
    name="batch_hidden_preactivation_gradient",
    title="The same for the batch mean, with the factor 1/N.",
    part="2l",
    identity=equal(
        partial(
            batch_mean(lambda p: cross_entropy(batch_scores_of_preactivation(p), row(Y, p))),
            H_a[e, j],
        ),
        masked(
            sent_back(weighted_output_error(batch_scores_of_preactivation(e), row(Y, e))),
            row(H_a, e),
        )(j)
        / N,
    ),
    latex=(
        r"\frac{\partial \hat{R}}{\partial h_j^{a(p)}} = "
        r"\frac{\partial \hat{R}}{\partial h_j^{s(p)}} \mathbb{1}_{h_j^{a(p)} > 0}"
    ),
    definitions_latex=(RISK, LOSS, OUTPUT, RELU),
    expected=Kind.CONDITIONAL,
    expected_conditions=("H_a[e,j] != 0",),
    quantity=gradient_of("h_a"),
    quantity_name="backward pass: gradient of h_a for a batch",
    note="where no hidden unit sits at its kink",
    source=BACKPROPAGATION,
)

# 2 m

activation_jacobian_as_mask = Claim(
    name="activation_jacobian_as_mask",
    title="Equation (51): the derivative of the activation is the vector of indicators.",
    part="2m",
    identity=equal(
        Tensor(partial(relu(h_a[j]), h_a[j2]), j, j2),
        Tensor(indicator(h_a[j] > 0), j),
    ),
    latex=(r"\frac{\partial \mathbf{h}^s}{\partial \mathbf{h}^a} = \mathbf{I}_{\{h_j^a > 0\}}"),
    definitions_latex=(RELU, r"\mathbf{I} \in \mathbb{R}^{d_h}"),
    expected=Kind.ILL_TYPED,
    corrected_by="activation_jacobian_is_diagonal_mask",
    quantity=_activation_jacobian,
    quantity_name="Jacobian of relu by complex step",
    note="a vector by a vector is a matrix: the mask is the diagonal of it",
    source="elementary",
    written=(
        Written(
            r"\frac{\partial \mathbf{h}^s}{\partial \mathbf{h}^a}",
            r"\mathbf{I}_{\{h_j^a > 0\}}",
        ),
    ),
)

activation_jacobian_is_diagonal_mask = Claim(
    name="activation_jacobian_is_diagonal_mask",
    title="The Jacobian of the activation is diagonal, with the indicators on the diagonal.",
    part="2m",
    identity=equal(
        Tensor(partial(relu(h_a[j]), h_a[j2]), j, j2),
        Tensor(KroneckerDelta(j, j2) * indicator(h_a[j] > 0), j, j2),
    ),
    latex=(
        r"\frac{\partial \mathbf{h}^s}{\partial \mathbf{h}^a} = "
        r"\operatorname{diag}\left(\mathbb{1}_{h_j^a > 0}\right)"
    ),
    definitions_latex=(RELU,),
    expected=Kind.CONDITIONAL,
    expected_conditions=OFF_KINK,
    quantity=_activation_jacobian,
    quantity_name="Jacobian of relu by complex step",
    note="where no hidden unit sits at its kink",
    source="elementary",
)

hidden_preactivation_gradient_vector = Claim(
    name="hidden_preactivation_gradient_vector",
    title="The gradient of h_a is that of h_s, multiplied entry by entry with the mask.",
    part="2m",
    identity=equal(
        Tensor(partial(LOSS_OF_PREACTIVATION, h_a[j]), j),
        Tensor(masked(HIDDEN_ERROR, PREACTIVATION)(j), j),
    ),
    latex=(
        r"\frac{\partial L}{\partial \mathbf{h}^a} = "
        r"\left(\mathbf{W}^{(2)\top} (\mathbf{o}^s - \mathbf{y})\right) \odot "
        r"\mathbb{1}_{\mathbf{h}^a > 0}"
    ),
    definitions_latex=(LOSS, OUTPUT, RELU, ONE_HOT),
    conditions={"y": ("one-hot",)},
    expected=Kind.CONDITIONAL,
    expected_conditions=OFF_KINK,
    quantity=gradient_of("h_a"),
    quantity_name="backward pass: gradient of h_a",
    note="where no hidden unit sits at its kink",
    source=BACKPROPAGATION,
)

hidden_preactivation_gradient_by_mask = Claim(
    name="hidden_preactivation_gradient_by_mask",
    title="Equation (50) with (51) as a matrix: the gradient of h_s times the diagonal mask.",
    part="2m",
    identity=equal(
        Tensor(partial(LOSS_OF_PREACTIVATION, h_a[j]), j),
        Tensor(
            total(lambda t: HIDDEN_ERROR(t) * partial(relu(h_a[t]), h_a[j]), a, d_h),
            j,
        ),
    ),
    latex=(
        r"\frac{\partial L}{\partial \mathbf{h}^a} = "
        r"\left(\frac{\partial \mathbf{h}^s}{\partial \mathbf{h}^a}\right)^\top "
        r"\frac{\partial L}{\partial \mathbf{h}^s}"
    ),
    definitions_latex=(LOSS, OUTPUT, RELU, ONE_HOT),
    conditions={"y": ("one-hot",)},
    expected=Kind.CONDITIONAL,
    expected_conditions=OFF_KINK,
    note="at a kink neither side exists",
    source=CHAIN,
    written=(
        Written(
            r"\frac{\partial L}{\partial \mathbf{h}^a}",
            (
                r"\frac{\partial L}{\partial \mathbf{h}^s} \frac{\partial \mathbf{h}^s}{\partial "
                r"\mathbf{h}^a}"
            ),
        ),
    ),
)
