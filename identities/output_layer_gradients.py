"""Gradients of the output layer's weights and biases (questions 2 h and 2 i).

The loss is a function of W2 and b2 here, at a given hidden layer h_s.
"""

from sympy import Expr, Integer, KroneckerDelta

from derive.claim import Claim, Written
from derive.sympy_terms import Tensor
from derive.verdict import Kind
from identities.network import (
    LOSS,
    ONE_HOT,
    OUTPUT,
    RISK,
    SHAPES_OUTPUT,
    W2,
    H_s,
    Y,
    b2,
    batch_mean,
    batch_sum,
    c,
    c2,
    cross_entropy,
    entries_of,
    h_s,
    j,
    output_error,
    output_preactivation,
    row,
    weighted_output_error,
    y,
)
from identities.network_values import gradient_of, output_jacobian
from identities.notation import Entries, N, bound, equal, m, partial, plus, times, total

SCORES = output_preactivation(entries_of(h_s))
TARGET = entries_of(y)
LOSS_OF_SCORES = cross_entropy(SCORES, TARGET)
ERROR = output_error(SCORES, TARGET)
WEIGHTED_ERROR = weighted_output_error(SCORES, TARGET)
#: The one product that equations (31) to (35) keep of the sum over the hidden units.
ONE_PRODUCT = plus(times(W2[c, j], h_s[j]), b2[c])
a = bound("a")

CHAIN = "Goodfellow, Bengio, Courville, Deep Learning (2016), equation 6.46"
TEXTBOOK = "Bishop, Pattern Recognition and Machine Learning (2006), equation 5.67"


def batch_scores(p: Expr) -> Entries:
    """The scores of example p, as entries."""
    return output_preactivation(row(H_s, p))


def batch_error(p: Expr) -> Entries:
    """The gradient of the loss of example p by its scores, as entries."""
    return weighted_output_error(batch_scores(p), row(Y, p))


BATCH_RISK = batch_mean(lambda p: cross_entropy(batch_scores(p), row(Y, p)))

# 2 h

output_weight_chain_rule = Claim(
    name="output_weight_chain_rule",
    title="Equation (29): the gradient of an output weight is a sum over all scores.",
    part="2h",
    identity=equal(
        partial(LOSS_OF_SCORES, W2[c, j]),
        total(lambda i: WEIGHTED_ERROR(i) * partial(SCORES(i), W2[c, j]), a, m),
    ),
    latex=(
        r"\frac{\partial L}{\partial W_{kj}^{(2)}} = \sum_{i=1}^m "
        r"\frac{\partial L}{\partial o_i^a} \frac{\partial o_i^a}{\partial W_{kj}^{(2)}}"
    ),
    definitions_latex=(LOSS, OUTPUT, r"\partial L / \partial o_i^a = (\sum_k y_k) o_i^s - y_i"),
    source=CHAIN,
    written=(
        Written(
            r"\frac{\partial L}{\partial W_{kj}^{(2)}}",
            (
                r"\sum_{i=1}^m \frac{\partial L}{\partial o_i^a} \frac{\partial o_i^a}{\partial "
                r"W_{kj}^{(2)}}"
            ),
        ),
    ),
)

output_bias_chain_rule = Claim(
    name="output_bias_chain_rule",
    title="Equation (30): the gradient of an output bias is a sum over all scores.",
    part="2h",
    identity=equal(
        partial(LOSS_OF_SCORES, b2[c]),
        total(lambda i: WEIGHTED_ERROR(i) * partial(SCORES(i), b2[c]), a, m),
    ),
    latex=(
        r"\frac{\partial L}{\partial b_k^{(2)}} = \sum_{i=1}^m "
        r"\frac{\partial L}{\partial o_i^a} \frac{\partial o_i^a}{\partial b_k^{(2)}}"
    ),
    definitions_latex=(LOSS, OUTPUT, r"\partial L / \partial o_i^a = (\sum_k y_k) o_i^s - y_i"),
    source=CHAIN,
    written=(
        Written(
            r"\frac{\partial L}{\partial b_k^{(2)}}",
            (
                r"\sum_{i=1}^m \frac{\partial L}{\partial o_i^a} \frac{\partial o_i^a}{\partial "
                r"b_k^{(2)}}"
            ),
        ),
    ),
)

score_by_weight_as_one_product = Claim(
    name="score_by_weight_as_one_product",
    title="Equation (31): any score o_i may be replaced by W_kj h_j + b_k under the derivative.",
    part="2h",
    identity=equal(partial(SCORES(c2), W2[c, j]), partial(ONE_PRODUCT, W2[c, j])),
    latex=(
        r"\frac{\partial o_i^a}{\partial W_{kj}^{(2)}} = "
        r"\frac{\partial}{\partial W_{kj}^{(2)}} \left(W_{kj}^{(2)} h_j^s + b_k^{(2)}\right)"
    ),
    definitions_latex=(OUTPUT,),
    expected=Kind.REFUTED,
    corrected_by="score_by_weight",
    quantity=output_jacobian("W2"),
    quantity_name="Jacobian of the scores by W2, by complex step",
    note="right only for i = k: the other scores do not depend on row k",
    source="elementary",
    written=(
        Written(
            r"\frac{\partial o_i^a}{\partial W_{kj}^{(2)}}",
            r"\frac{\partial}{\partial W_{kj}^{(2)}} (W_{kj}^{(2)} h_j^s + b_k^{(2)})",
        ),
    ),
)

one_product_by_weight = Claim(
    name="one_product_by_weight",
    title="Step (31) to (33): the derivative of W_kj h_j + b_k by W_kj is h_j.",
    part="2h",
    identity=equal(partial(ONE_PRODUCT, W2[c, j]), h_s[j]),
    latex=(
        r"\frac{\partial}{\partial W_{kj}^{(2)}} \left(W_{kj}^{(2)} h_j^s + b_k^{(2)}\right) "
        r"= h_j^s"
    ),
    source="elementary",
    written=(
        Written(
            r"\frac{\partial}{\partial W_{kj}^{(2)}} (W_{kj}^{(2)} h_j^s + b_k^{(2)})",
            r"h_j^s",
        ),
    ),
)

score_by_weight_without_delta = Claim(
    name="score_by_weight_without_delta",
    title="Equations (31) to (33): the derivative of o_i by W_kj is h_j.",
    part="2h",
    identity=equal(partial(SCORES(c2), W2[c, j]), h_s[j]),
    latex=r"\frac{\partial o_i^a}{\partial W_{kj}^{(2)}} = h_j^s",
    definitions_latex=(OUTPUT,),
    expected=Kind.REFUTED,
    corrected_by="score_by_weight",
    quantity=output_jacobian("W2"),
    quantity_name="Jacobian of the scores by W2, by complex step",
    note="a Kronecker delta is missing: the derivative is 0 for i other than k",
    source="elementary",
    written=(Written(r"\frac{\partial o_i^a}{\partial W_{kj}^{(2)}}", r"h_j^s"),),
)

score_by_own_weight = Claim(
    name="score_by_own_weight",
    title="For i = k the derivative of the score by its weight is h_j.",
    part="2h",
    identity=equal(partial(SCORES(c), W2[c, j]), h_s[j]),
    latex=r"\frac{\partial o_k^a}{\partial W_{kj}^{(2)}} = h_j^s",
    definitions_latex=(OUTPUT,),
    quantity=lambda given: output_jacobian("W2")(given).diagonal(axis1=0, axis2=1).T,
    quantity_name="Jacobian of the scores by W2, by complex step",
    source="elementary",
)

score_by_weight = Claim(
    name="score_by_weight",
    title="The derivative of o_i by W_kj is h_j where i = k, else 0.",
    part="2h",
    identity=equal(partial(SCORES(c2), W2[c, j]), KroneckerDelta(c2, c) * h_s[j]),
    latex=r"\frac{\partial o_i^a}{\partial W_{kj}^{(2)}} = \delta_{ik} h_j^s",
    definitions_latex=(OUTPUT,),
    quantity=output_jacobian("W2"),
    quantity_name="Jacobian of the scores by W2, by complex step",
    source="elementary",
)

score_by_bias_without_delta = Claim(
    name="score_by_bias_without_delta",
    title="Equations (34) and (35): the derivative of o_i by b_k is 1.",
    part="2h",
    identity=equal(partial(SCORES(c2), b2[c]), 1),
    latex=r"\frac{\partial o_i^a}{\partial b_k^{(2)}} = 1",
    definitions_latex=(OUTPUT,),
    expected=Kind.REFUTED,
    corrected_by="score_by_bias",
    quantity=output_jacobian("b2"),
    quantity_name="Jacobian of the scores by b2, by complex step",
    note="a Kronecker delta is missing: the derivative is 0 for i other than k",
    source="elementary",
    written=(Written(r"\frac{\partial o_i^a}{\partial b_k^{(2)}}", r"1"),),
)

one_product_by_bias = Claim(
    name="one_product_by_bias",
    title="Step (34) to (35): the derivative of W_kj h_j + b_k by b_k is 1.",
    part="2h",
    identity=equal(partial(ONE_PRODUCT, b2[c]), 1),
    latex=(r"\frac{\partial}{\partial b_k^{(2)}} \left(W_{kj}^{(2)} h_j^s + b_k^{(2)}\right) = 1"),
    source="elementary",
    written=(
        Written(
            r"\frac{\partial}{\partial b_k^{(2)}} (W_{kj}^{(2)} \mathbf{h}_j^s + b_k^{(2)})",
            r"1",
        ),
    ),
)

score_by_bias = Claim(
    name="score_by_bias",
    title="The derivative of o_i by b_k is 1 where i = k, else 0.",
    part="2h",
    identity=equal(partial(SCORES(c2), b2[c]), KroneckerDelta(c2, c)),
    latex=r"\frac{\partial o_i^a}{\partial b_k^{(2)}} = \delta_{ik}",
    definitions_latex=(OUTPUT,),
    quantity=output_jacobian("b2"),
    quantity_name="Jacobian of the scores by b2, by complex step",
    source="elementary",
)

output_weight_gradient = Claim(
    name="output_weight_gradient",
    title="The gradient of an output weight is the error of its class times its hidden unit.",
    part="2h",
    identity=equal(partial(LOSS_OF_SCORES, W2[c, j]), ERROR(c) * h_s[j]),
    latex=r"\frac{\partial L}{\partial W_{kj}^{(2)}} = (o_k^s - y_k) \, h_j^s",
    definitions_latex=(LOSS, OUTPUT, ONE_HOT),
    conditions={"y": ("one-hot",)},
    quantity=gradient_of("W2"),
    quantity_name="backward pass: gradient of W2",
    source=TEXTBOOK,
)

output_bias_gradient = Claim(
    name="output_bias_gradient",
    title="The gradient of an output bias is the error of its class.",
    part="2h",
    identity=equal(partial(LOSS_OF_SCORES, b2[c]), ERROR(c)),
    latex=r"\frac{\partial L}{\partial b_k^{(2)}} = o_k^s - y_k",
    definitions_latex=(LOSS, OUTPUT, ONE_HOT),
    conditions={"y": ("one-hot",)},
    quantity=gradient_of("b2"),
    quantity_name="backward pass: gradient of b2",
    source=TEXTBOOK,
)

batch_output_weight_gradient = Claim(
    name="batch_output_weight_gradient",
    title="For the batch mean the gradient of an output weight is the mean over the examples.",
    part="2h",
    identity=equal(
        partial(BATCH_RISK, W2[c, j]), batch_mean(lambda p: batch_error(p)(c) * H_s[p, j])
    ),
    latex=(
        r"\frac{\partial \hat{R}}{\partial W_{kj}^{(2)}} = \frac{1}{N} \sum_{p=1}^N "
        r"\left(\left(\sum_i y_i^{(p)}\right) o_k^{s(p)} - y_k^{(p)}\right) h_j^{s(p)}"
    ),
    definitions_latex=(RISK, LOSS, OUTPUT),
    quantity=gradient_of("W2"),
    quantity_name="backward pass: gradient of W2 for a batch",
    source=TEXTBOOK,
)

batch_output_bias_gradient = Claim(
    name="batch_output_bias_gradient",
    title="For the batch mean the gradient of an output bias is the mean error of its class.",
    part="2h",
    identity=equal(partial(BATCH_RISK, b2[c]), batch_mean(lambda p: batch_error(p)(c))),
    latex=(
        r"\frac{\partial \hat{R}}{\partial b_k^{(2)}} = \frac{1}{N} \sum_{p=1}^N "
        r"\left(\left(\sum_i y_i^{(p)}\right) o_k^{s(p)} - y_k^{(p)}\right)"
    ),
    definitions_latex=(RISK, LOSS, OUTPUT),
    quantity=gradient_of("b2"),
    quantity_name="backward pass: gradient of b2 for a batch",
    source=TEXTBOOK,
)

# 2 i

scores_by_weights_as_row = Claim(
    name="scores_by_weights_as_row",
    title="Equation (38): the derivative of the scores by the weight matrix is the row h^T.",
    part="2i",
    identity=equal(Tensor(partial(SCORES(c2), W2[c, j]), c2, c, j), Tensor(h_s[j], j)),
    latex=r"\frac{\partial \mathbf{o}^a}{\partial \mathbf{W}^{(2)}} = \mathbf{h}^{s\top}",
    definitions_latex=(OUTPUT, SHAPES_OUTPUT),
    expected=Kind.ILL_TYPED,
    corrected_by="scores_by_weights",
    quantity=output_jacobian("W2"),
    quantity_name="Jacobian of the scores by W2, by complex step",
    note="a vector by a matrix has three axes, m x m x d_h; h^T is only its part with i = k",
    source="elementary",
    written=(
        Written(r"\frac{\partial \mathbf{o}^a}{\partial \mathbf{W}^{(2)}}", r"\mathbf{h}^{sT}"),
    ),
)

scores_by_weights = Claim(
    name="scores_by_weights",
    title="The derivative of the scores by the weight matrix has three axes.",
    part="2i",
    identity=equal(
        Tensor(partial(SCORES(c2), W2[c, j]), c2, c, j),
        Tensor(KroneckerDelta(c2, c) * h_s[j], c2, c, j),
    ),
    latex=(
        r"\left(\frac{\partial \mathbf{o}^a}{\partial \mathbf{W}^{(2)}}\right)_{ikj} = "
        r"\delta_{ik} h_j^s"
    ),
    definitions_latex=(OUTPUT, SHAPES_OUTPUT),
    quantity=output_jacobian("W2"),
    quantity_name="Jacobian of the scores by W2, by complex step",
    source="elementary",
)

output_weight_gradient_matrix = Claim(
    name="output_weight_gradient_matrix",
    title="The gradient of W2 is the outer product of the error and the hidden layer.",
    part="2i",
    identity=equal(
        Tensor(partial(LOSS_OF_SCORES, W2[c, j]), c, j), Tensor(ERROR(c) * h_s[j], c, j)
    ),
    latex=(
        r"\frac{\partial L}{\partial \mathbf{W}^{(2)}} = "
        r"(\mathbf{o}^s - \mathbf{y}) \, \mathbf{h}^{s\top}"
    ),
    definitions_latex=(LOSS, OUTPUT, ONE_HOT),
    conditions={"y": ("one-hot",)},
    quantity=gradient_of("W2"),
    quantity_name="backward pass: gradient of W2",
    source=TEXTBOOK,
)

scores_by_bias_as_ones = Claim(
    name="scores_by_bias_as_ones",
    title="Equation (41): the derivative of the scores by the bias is the vector of ones.",
    part="2i",
    identity=equal(Tensor(partial(SCORES(c2), b2[c]), c2, c), Tensor(Integer(1), c)),
    latex=r"\frac{\partial \mathbf{o}^a}{\partial \mathbf{b}^{(2)}} = \mathbf{1}",
    definitions_latex=(OUTPUT, r"\mathbf{1} \in \mathbb{R}^m"),
    expected=Kind.ILL_TYPED,
    corrected_by="scores_by_bias_is_identity",
    quantity=output_jacobian("b2"),
    quantity_name="Jacobian of the scores by b2, by complex step",
    note="a vector by a vector is a matrix: the identity matrix, not the vector of ones",
    source="elementary",
    written=(Written(r"\frac{\partial \mathbf{o}^a}{\partial \mathbf{b}^{(2)}}", r"\mathbf{1}"),),
)

scores_by_bias_is_identity = Claim(
    name="scores_by_bias_is_identity",
    title="The Jacobian of the scores by the bias is the identity matrix.",
    part="2i",
    identity=equal(Tensor(partial(SCORES(c2), b2[c]), c2, c), Tensor(KroneckerDelta(c2, c), c2, c)),
    latex=r"\frac{\partial \mathbf{o}^a}{\partial \mathbf{b}^{(2)}} = \mathbf{I}_m",
    definitions_latex=(OUTPUT,),
    quantity=output_jacobian("b2"),
    quantity_name="Jacobian of the scores by b2, by complex step",
    source="elementary",
)

output_bias_gradient_vector = Claim(
    name="output_bias_gradient_vector",
    title="The gradient of b2 is the gradient of the scores.",
    part="2i",
    identity=equal(Tensor(partial(LOSS_OF_SCORES, b2[c]), c), Tensor(ERROR(c), c)),
    latex=r"\frac{\partial L}{\partial \mathbf{b}^{(2)}} = \mathbf{o}^s - \mathbf{y}",
    definitions_latex=(LOSS, OUTPUT, ONE_HOT),
    conditions={"y": ("one-hot",)},
    quantity=gradient_of("b2"),
    quantity_name="backward pass: gradient of b2",
    source=TEXTBOOK,
)

batch_output_weight_gradient_matrix = Claim(
    name="batch_output_weight_gradient_matrix",
    title="For the batch mean the gradient of W2 is one matrix product, G^T H / N.",
    part="2i",
    identity=equal(
        Tensor(partial(BATCH_RISK, W2[c, j]), c, j),
        Tensor(batch_sum(lambda p: batch_error(p)(c) / N * H_s[p, j]), c, j),
    ),
    latex=(
        r"\frac{\partial \hat{R}}{\partial \mathbf{W}^{(2)}} = "
        r"\mathbf{G}^\top \mathbf{H}^s"
    ),
    definitions_latex=(
        RISK,
        r"\mathbf{G} \in \mathbb{R}^{N \times m},\; \mathbf{G}_{p} = \frac{1}{N} "
        r"\partial L^{(p)} / \partial \mathbf{o}^{a(p)}",
    ),
    quantity=gradient_of("W2"),
    quantity_name="backward pass: gradient of W2 for a batch",
    source=TEXTBOOK,
)
