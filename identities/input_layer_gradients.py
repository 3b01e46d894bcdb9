"""Gradients of the hidden layer's weights and biases and of the input (questions 2 n to 2 p).

The loss is a function of all parameters and of the input: the whole network is written out.
"""

from sympy import Expr, Integer, KroneckerDelta

from derive.claim import Claim, Written
from derive.sympy_terms import Tensor
from derive.verdict import Kind
from identities.network import (
    HIDDEN,
    LOSS,
    ONE_HOT,
    OUTPUT,
    RELU,
    RISK,
    SHAPES_HIDDEN,
    W1,
    X,
    Y,
    b1,
    batch_mean,
    cross_entropy,
    e,
    entries_of,
    hidden_preactivation,
    i,
    j,
    j2,
    masked,
    network_output,
    output_error,
    row,
    sent_back,
    weighted_output_error,
    x,
    y,
)
from identities.network_values import gradient_of, hidden_jacobian
from identities.notation import (
    Entries,
    N,
    array,
    bound,
    d,
    d_h,
    equal,
    partial,
    plus,
    times,
    total,
)

INPUT = entries_of(x)
TARGET = entries_of(y)
HIDDEN_UNITS = hidden_preactivation(INPUT)
LOSS_OF_NETWORK = cross_entropy(network_output(INPUT), TARGET)
#: Entries of the gradient by h_a, in closed form off the kinks.
HIDDEN_ERROR = masked(sent_back(output_error(network_output(INPUT), TARGET)), HIDDEN_UNITS)
#: The one product that equations (53) to (58) keep of the sum over the inputs.
ONE_PRODUCT = plus(times(W1[j, i], x[i]), b1[j])

#: Hidden unit j does not sit at its kink; for no example of the batch; no unit at all does.
OFF_KINK = ("b1[j] + sum_k W1[j,k] * x[k] != 0",)
BATCH_OFF_KINK = ("b1[j] + sum_l W1[j,l] * X[k,l] != 0 for all k",)
ALL_UNITS_OFF_KINK = ("b1[k] + sum_j W1[k,j] * x[j] != 0 for all k",)

a = bound("a")
q = bound("q")

NETWORK = (LOSS, OUTPUT, RELU, HIDDEN, ONE_HOT)
HIDDEN_GRADIENT = (
    r"\frac{\partial L}{\partial \mathbf{h}^a} = "
    r"\left(\mathbf{W}^{(2)\top} (\mathbf{o}^s - \mathbf{y})\right) \odot "
    r"\mathbb{1}_{\mathbf{h}^a > 0}"
)
KINK = "where no hidden unit sits at its kink"
CHAIN = "Goodfellow, Bengio, Courville, Deep Learning (2016), equation 6.46"
BACKPROPAGATION = "Bishop, Pattern Recognition and Machine Learning (2006), section 5.3.1"


def batch_hidden_error(p: Expr) -> Entries:
    """Entries of the gradient of the loss of example p by its hidden layer."""
    error = weighted_output_error(network_output(row(X, p)), row(Y, p))
    return masked(sent_back(error), hidden_preactivation(row(X, p)))


BATCH_RISK = batch_mean(lambda p: cross_entropy(network_output(row(X, p)), row(Y, p)))

# 2 n

hidden_weight_chain_rule = Claim(
    name="hidden_weight_chain_rule",
    title="Equation (52): the gradient of a hidden weight is a sum over all hidden units.",
    part="2n",
    identity=equal(
        partial(LOSS_OF_NETWORK, W1[j, i]),
        total(lambda k: HIDDEN_ERROR(k) * partial(HIDDEN_UNITS(k), W1[j, i]), a, d_h),
    ),
    latex=(
        r"\frac{\partial L}{\partial W_{ji}^{(1)}} = \sum_{k=1}^{d_h} "
        r"\frac{\partial L}{\partial h_k^a} \frac{\partial h_k^a}{\partial W_{ji}^{(1)}}"
    ),
    definitions_latex=(*NETWORK, HIDDEN_GRADIENT),
    conditions={"y": ("one-hot",)},
    expected=Kind.CONDITIONAL,
    expected_conditions=OFF_KINK,
    note=KINK,
    source=CHAIN,
    written=(
        Written(
            r"\frac{\partial L}{\partial W_{ji}^{(1)}}",
            (
                r"\sum_{k=1}^{d_h} \frac{\partial L}{\partial h_k^a} \frac{\partial "
                r"h_k^a}{\partial W_{ji}^{(1)}}"
            ),
        ),
    ),
)

hidden_bias_chain_rule = Claim(
    name="hidden_bias_chain_rule",
    title="Equation (56): the gradient of a hidden bias is a sum over all hidden units.",
    part="2n",
    identity=equal(
        partial(LOSS_OF_NETWORK, b1[j]),
        total(lambda k: HIDDEN_ERROR(k) * partial(HIDDEN_UNITS(k), b1[j]), a, d_h),
    ),
    latex=(
        r"\frac{\partial L}{\partial b_j^{(1)}} = \sum_{k=1}^{d_h} "
        r"\frac{\partial L}{\partial h_k^a} \frac{\partial h_k^a}{\partial b_j^{(1)}}"
    ),
    definitions_latex=(*NETWORK, HIDDEN_GRADIENT),
    conditions={"y": ("one-hot",)},
    expected=Kind.CONDITIONAL,
    expected_conditions=OFF_KINK,
    note=KINK,
    source=CHAIN,
    written=(
        Written(
            r"\frac{\partial L}{\partial b_j^{(1)}}",
            (
                r"\sum_{k=1}^{d_h} \frac{\partial L}{\partial h_k^a} \frac{\partial "
                r"h_k^a}{\partial b_j^{(1)}}"
            ),
        ),
    ),
)

hidden_unit_by_weight_as_one_product = Claim(
    name="hidden_unit_by_weight_as_one_product",
    title="Equation (53): any h_k may be replaced by W_ji x_i + b_j under the derivative.",
    part="2n",
    identity=equal(partial(HIDDEN_UNITS(j2), W1[j, i]), partial(ONE_PRODUCT, W1[j, i])),
    latex=(
        r"\frac{\partial h_k^a}{\partial W_{ji}^{(1)}} = "
        r"\frac{\partial}{\partial W_{ji}^{(1)}} \left(W_{ji}^{(1)} x_i + b_j^{(1)}\right)"
    ),
    definitions_latex=(HIDDEN,),
    expected=Kind.REFUTED,
    corrected_by="hidden_unit_by_weight",
    quantity=hidden_jacobian("W1"),
    quantity_name="Jacobian of h_a by W1, by complex step",
    note="right only for k = j: the other units do not depend on row j",
    source="elementary",
    written=(
        Written(
            r"\frac{\partial h_k^a}{\partial W_{ji}^{(1)}}",
            r"\frac{\partial}{\partial W_{ji}^{(1)}} (W_{ji}^{(1)} x_i + b_j^{(1)})",
        ),
    ),
)

hidden_unit_by_weight_without_delta = Claim(
    name="hidden_unit_by_weight_without_delta",
    title="Equations (53) to (55): the derivative of h_k by W_ji is x_i.",
    part="2n",
    identity=equal(partial(HIDDEN_UNITS(j2), W1[j, i]), x[i]),
    latex=r"\frac{\partial h_k^a}{\partial W_{ji}^{(1)}} = x_i",
    definitions_latex=(HIDDEN,),
    expected=Kind.REFUTED,
    corrected_by="hidden_unit_by_weight",
    quantity=hidden_jacobian("W1"),
    quantity_name="Jacobian of h_a by W1, by complex step",
    note="a Kronecker delta is missing: the derivative is 0 for k other than j",
    source="elementary",
    written=(Written(r"\frac{\partial h_k^a}{\partial W_{ji}^{(1)}}", r"x_i"),),
)

hidden_unit_by_weight = Claim(
    name="hidden_unit_by_weight",
    title="The derivative of h_k by W_ji is x_i where k = j, else 0.",
    part="2n",
    identity=equal(partial(HIDDEN_UNITS(j2), W1[j, i]), KroneckerDelta(j2, j) * x[i]),
    latex=r"\frac{\partial h_k^a}{\partial W_{ji}^{(1)}} = \delta_{kj} x_i",
    definitions_latex=(HIDDEN,),
    quantity=hidden_jacobian("W1"),
    quantity_name="Jacobian of h_a by W1, by complex step",
    source="elementary",
)

one_hidden_product_by_weight = Claim(
    name="one_hidden_product_by_weight",
    title="Step (53) to (55): the derivative of W_ji x_i + b_j by W_ji is x_i.",
    part="2n",
    identity=equal(partial(ONE_PRODUCT, W1[j, i]), x[i]),
    latex=(
        r"\frac{\partial}{\partial W_{ji}^{(1)}} \left(W_{ji}^{(1)} x_i + b_j^{(1)}\right) = x_i"
    ),
    source="elementary",
    written=(
        Written(r"\frac{\partial}{\partial W_{ji}^{(1)}} (W_{ji}^{(1)} x_i + b_j^{(1)})", r"x_i"),
    ),
)

hidden_unit_by_bias_without_delta = Claim(
    name="hidden_unit_by_bias_without_delta",
    title="Equations (57) and (58): the derivative of h_k by b_j is 1.",
    part="2n",
    identity=equal(partial(HIDDEN_UNITS(j2), b1[j]), 1),
    latex=r"\frac{\partial h_k^a}{\partial b_j^{(1)}} = 1",
    definitions_latex=(HIDDEN,),
    expected=Kind.REFUTED,
    corrected_by="hidden_unit_by_bias",
    quantity=hidden_jacobian("b1"),
    quantity_name="Jacobian of h_a by b1, by complex step",
    note="a Kronecker delta is missing: the derivative is 0 for k other than j",
    source="elementary",
    written=(Written(r"\frac{\partial h_k^a}{\partial b_j^{(1)}}", r"1"),),
)

hidden_unit_by_bias = Claim(
    name="hidden_unit_by_bias",
    title="The derivative of h_k by b_j is 1 where k = j, else 0.",
    part="2n",
    identity=equal(partial(HIDDEN_UNITS(j2), b1[j]), KroneckerDelta(j2, j)),
    latex=r"\frac{\partial h_k^a}{\partial b_j^{(1)}} = \delta_{kj}",
    definitions_latex=(HIDDEN,),
    quantity=hidden_jacobian("b1"),
    quantity_name="Jacobian of h_a by b1, by complex step",
    source="elementary",
)

hidden_weight_gradient = Claim(
    name="hidden_weight_gradient",
    title="The gradient of a hidden weight is the gradient of its unit times its input.",
    part="2n",
    identity=equal(partial(LOSS_OF_NETWORK, W1[j, i]), HIDDEN_ERROR(j) * x[i]),
    latex=(
        r"\frac{\partial L}{\partial W_{ji}^{(1)}} = "
        r"\frac{\partial L}{\partial h_j^a} \, x_i"
    ),
    definitions_latex=(*NETWORK, HIDDEN_GRADIENT),
    conditions={"y": ("one-hot",)},
    expected=Kind.CONDITIONAL,
    expected_conditions=OFF_KINK,
    quantity=gradient_of("W1"),
    quantity_name="backward pass: gradient of W1",
    note=KINK,
    source=BACKPROPAGATION,
)

hidden_bias_gradient = Claim(
    name="hidden_bias_gradient",
    title="The gradient of a hidden bias is the gradient of its unit.",
    part="2n",
    identity=equal(partial(LOSS_OF_NETWORK, b1[j]), HIDDEN_ERROR(j)),
    latex=(r"\frac{\partial L}{\partial b_j^{(1)}} = \frac{\partial L}{\partial h_j^a}"),
    definitions_latex=(*NETWORK, HIDDEN_GRADIENT),
    conditions={"y": ("one-hot",)},
    expected=Kind.CONDITIONAL,
    expected_conditions=OFF_KINK,
    quantity=gradient_of("b1"),
    quantity_name="backward pass: gradient of b1",
    note=KINK,
    source=BACKPROPAGATION,
)

batch_hidden_weight_gradient = Claim(
    name="batch_hidden_weight_gradient",
    title="For the batch mean the gradient of a hidden weight is the mean over the examples.",
    part="2n",
    identity=equal(
        partial(BATCH_RISK, W1[j, i]), batch_mean(lambda p: batch_hidden_error(p)(j) * X[p, i])
    ),
    latex=(
        r"\frac{\partial \hat{R}}{\partial W_{ji}^{(1)}} = \frac{1}{N} \sum_{p=1}^N "
        r"\frac{\partial L^{(p)}}{\partial h_j^{a(p)}} \, x_i^{(p)}"
    ),
    definitions_latex=(RISK, LOSS, OUTPUT, RELU, HIDDEN),
    expected=Kind.CONDITIONAL,
    expected_conditions=BATCH_OFF_KINK,
    quantity=gradient_of("W1"),
    quantity_name="backward pass: gradient of W1 for a batch",
    note=KINK,
    source=BACKPROPAGATION,
)

batch_hidden_bias_gradient = Claim(
    name="batch_hidden_bias_gradient",
    title="For the batch mean the gradient of a hidden bias is the mean over the examples.",
    part="2n",
    identity=equal(partial(BATCH_RISK, b1[j]), batch_mean(lambda p: batch_hidden_error(p)(j))),
    latex=(
        r"\frac{\partial \hat{R}}{\partial b_j^{(1)}} = \frac{1}{N} \sum_{p=1}^N "
        r"\frac{\partial L^{(p)}}{\partial h_j^{a(p)}}"
    ),
    definitions_latex=(RISK, LOSS, OUTPUT, RELU, HIDDEN),
    expected=Kind.CONDITIONAL,
    expected_conditions=BATCH_OFF_KINK,
    quantity=gradient_of("b1"),
    quantity_name="backward pass: gradient of b1 for a batch",
    note=KINK,
    source=BACKPROPAGATION,
)

# 2 o

hidden_layer_with_input_as_row = Claim(
    name="hidden_layer_with_input_as_row",
    title="Equation (60): the hidden layer before the activation is W x^T + b.",
    part="2o",
    identity=equal(
        Tensor(HIDDEN_UNITS(j), j),
        Tensor(
            plus(
                total(lambda s: times(W1[j, s], array("x_row", Integer(1), d)[s, i]), q, d), b1[j]
            ),
            j,
            i,
        ),
    ),
    latex=r"\mathbf{h}^a = \mathbf{W}^{(1)} \mathbf{x}^\top + \mathbf{b}^{(1)}",
    definitions_latex=(
        SHAPES_HIDDEN,
        r"\mathbf{x} \in \mathbb{R}^d,\; \mathbf{x}^\top \in \mathbb{R}^{1 \times d}",
    ),
    expected=Kind.ILL_TYPED,
    corrected_by="hidden_layer_rowwise",
    note="a d_h x d matrix can't multiply the row x^T; the column x is meant",
    source="elementary",
)

hidden_layer_by_weights_as_row = Claim(
    name="hidden_layer_by_weights_as_row",
    title="Equation (61): the derivative of h_a by the weight matrix is the row x^T.",
    part="2o",
    identity=equal(Tensor(partial(HIDDEN_UNITS(j2), W1[j, i]), j2, j, i), Tensor(x[i], i)),
    latex=r"\frac{\partial \mathbf{h}^a}{\partial \mathbf{W}^{(1)}} = \mathbf{x}^\top",
    definitions_latex=(HIDDEN, SHAPES_HIDDEN),
    expected=Kind.ILL_TYPED,
    corrected_by="hidden_layer_by_weights",
    quantity=hidden_jacobian("W1"),
    quantity_name="Jacobian of h_a by W1, by complex step",
    note="a vector by a matrix has three axes, d_h x d_h x d; x^T is only its part with k = j",
    source="elementary",
    written=(Written(r"\frac{\partial \mathbf{h}^a}{\partial \mathbf{W}^{(1)}}", r"\mathbf{x}^T"),),
)

hidden_layer_by_weights = Claim(
    name="hidden_layer_by_weights",
    title="The derivative of h_a by the weight matrix has three axes.",
    part="2o",
    identity=equal(
        Tensor(partial(HIDDEN_UNITS(j2), W1[j, i]), j2, j, i),
        Tensor(KroneckerDelta(j2, j) * x[i], j2, j, i),
    ),
    latex=(
        r"\left(\frac{\partial \mathbf{h}^a}{\partial \mathbf{W}^{(1)}}\right)_{kji} = "
        r"\delta_{kj} x_i"
    ),
    definitions_latex=(HIDDEN, SHAPES_HIDDEN),
    quantity=hidden_jacobian("W1"),
    quantity_name="Jacobian of h_a by W1, by complex step",
    source="elementary",
)

hidden_weight_gradient_matrix = Claim(
    name="hidden_weight_gradient_matrix",
    title="The gradient of W1 is the outer product of the gradient of h_a and the input.",
    part="2o",
    identity=equal(
        Tensor(partial(LOSS_OF_NETWORK, W1[j, i]), j, i), Tensor(HIDDEN_ERROR(j) * x[i], j, i)
    ),
    latex=(
        r"\frac{\partial L}{\partial \mathbf{W}^{(1)}} = "
        r"\frac{\partial L}{\partial \mathbf{h}^a} \, \mathbf{x}^\top"
    ),
    definitions_latex=(*NETWORK, HIDDEN_GRADIENT),
    conditions={"y": ("one-hot",)},
    expected=Kind.CONDITIONAL,
    expected_conditions=OFF_KINK,
    quantity=gradient_of("W1"),
    quantity_name="backward pass: gradient of W1",
    note=KINK,
    source=BACKPROPAGATION,
)

hidden_layer_by_bias_as_ones = Claim(
    name="hidden_layer_by_bias_as_ones",
    title="Equation (64): the derivative of h_a by the bias is the vector of ones.",
    part="2o",
    identity=equal(Tensor(partial(HIDDEN_UNITS(j2), b1[j]), j2, j), Tensor(Integer(1), j)),
    latex=r"\frac{\partial \mathbf{h}^a}{\partial \mathbf{b}^{(1)}} = \mathbf{1}",
    definitions_latex=(HIDDEN, r"\mathbf{1} \in \mathbb{R}^{d_h}"),
    expected=Kind.ILL_TYPED,
    corrected_by="hidden_layer_by_bias_is_identity",
    quantity=hidden_jacobian("b1"),
    quantity_name="Jacobian of h_a by b1, by complex step",
    note="a vector by a vector is a matrix: the identity matrix, not the vector of ones",
    source="elementary",
    written=(Written(r"\frac{\partial \mathbf{h}^a}{\partial \mathbf{b}^{(1)}}", r"\mathbf{1}"),),
)

hidden_layer_by_bias_is_identity = Claim(
    name="hidden_layer_by_bias_is_identity",
    title="The Jacobian of h_a by the bias is the identity matrix.",
    part="2o",
    identity=equal(
        Tensor(partial(HIDDEN_UNITS(j2), b1[j]), j2, j), Tensor(KroneckerDelta(j2, j), j2, j)
    ),
    latex=r"\frac{\partial \mathbf{h}^a}{\partial \mathbf{b}^{(1)}} = \mathbf{I}_{d_h}",
    definitions_latex=(HIDDEN,),
    quantity=hidden_jacobian("b1"),
    quantity_name="Jacobian of h_a by b1, by complex step",
    source="elementary",
)

hidden_bias_gradient_vector = Claim(
    name="hidden_bias_gradient_vector",
    title="The gradient of b1 is the gradient of h_a.",
    part="2o",
    identity=equal(Tensor(partial(LOSS_OF_NETWORK, b1[j]), j), Tensor(HIDDEN_ERROR(j), j)),
    latex=(
        r"\frac{\partial L}{\partial \mathbf{b}^{(1)}} = "
        r"\frac{\partial L}{\partial \mathbf{h}^a}"
    ),
    definitions_latex=(*NETWORK, HIDDEN_GRADIENT),
    conditions={"y": ("one-hot",)},
    expected=Kind.CONDITIONAL,
    expected_conditions=OFF_KINK,
    quantity=gradient_of("b1"),
    quantity_name="backward pass: gradient of b1",
    note=KINK,
    source=BACKPROPAGATION,
)

# 2 p

hidden_unit_by_input = Claim(
    name="hidden_unit_by_input",
    title="The derivative of h_j by the input x_k is W_jk.",
    part="2p",
    identity=equal(partial(HIDDEN_UNITS(j), x[i]), W1[j, i]),
    latex=r"\frac{\partial h_j^a}{\partial x_k} = W_{jk}^{(1)}",
    definitions_latex=(HIDDEN,),
    quantity=hidden_jacobian("x"),
    quantity_name="Jacobian of h_a by x, by complex step",
    source="elementary",
    written=(
        Written(r"\frac{\partial \mathbf{h}_j^a}{\partial \mathbf{x}_k}", r"\mathbf{w}_{jk}^{(1)}"),
    ),
)

input_chain_rule = Claim(
    name="input_chain_rule",
    title="The gradient of an input is a sum over all hidden units.",
    part="2p",
    identity=equal(
        partial(LOSS_OF_NETWORK, x[i]),
        total(lambda k: HIDDEN_ERROR(k) * partial(HIDDEN_UNITS(k), x[i]), a, d_h),
    ),
    latex=(
        r"\frac{\partial L}{\partial x_k} = \sum_{j=1}^{d_h} "
        r"\frac{\partial L}{\partial h_j^a} \frac{\partial h_j^a}{\partial x_k}"
    ),
    definitions_latex=(*NETWORK, HIDDEN_GRADIENT),
    conditions={"y": ("one-hot",)},
    expected=Kind.CONDITIONAL,
    expected_conditions=ALL_UNITS_OFF_KINK,
    note=KINK,
    source=CHAIN,
    written=(
        Written(
            r"\frac{\partial L}{\partial \mathbf{x}_k}",
            (
                r"\sum_j \frac{\partial L}{\partial \mathbf{h}_j^a} \frac{\partial "
                r"\mathbf{h}_j^a}{\partial \mathbf{x}_k}"
            ),
        ),
    ),
)

input_gradient = Claim(
    name="input_gradient",
    title="The gradient of the input is W1^T times the gradient of h_a.",
    part="2p",
    identity=equal(
        partial(LOSS_OF_NETWORK, x[i]),
        total(lambda k: HIDDEN_ERROR(k) * W1[k, i], a, d_h),
    ),
    latex=(
        r"\frac{\partial L}{\partial x_k} = \sum_{j=1}^{d_h} "
        r"\frac{\partial L}{\partial h_j^a} W_{jk}^{(1)}"
    ),
    definitions_latex=(*NETWORK, HIDDEN_GRADIENT),
    conditions={"y": ("one-hot",)},
    expected=Kind.CONDITIONAL,
    expected_conditions=ALL_UNITS_OFF_KINK,
    quantity=gradient_of("x"),
    quantity_name="backward pass: gradient of x",
    note=KINK,
    source=BACKPROPAGATION,
    written=(
        Written(
            r"\frac{\partial L}{\partial \mathbf{x}_k}",
            r"\sum_j \frac{\partial L}{\partial \mathbf{h}_j^a} \mathbf{w}_{jk}^{(1)}",
        ),
    ),
)

batch_input_gradient = Claim(
    name="batch_input_gradient",
    title="For the batch mean the gradient of one example's input carries the factor 1/N.",
    part="2p",
    identity=equal(
        partial(BATCH_RISK, X[e, i]),
        total(lambda k: batch_hidden_error(e)(k) * W1[k, i], a, d_h) / N,
    ),
    latex=(
        r"\frac{\partial \hat{R}}{\partial x_k^{(p)}} = \frac{1}{N} \sum_{j=1}^{d_h} "
        r"\frac{\partial L^{(p)}}{\partial h_j^{a(p)}} W_{jk}^{(1)}"
    ),
    definitions_latex=(RISK, LOSS, OUTPUT, RELU, HIDDEN),
    expected=Kind.CONDITIONAL,
    expected_conditions=("b1[k] + sum_j W1[k,j] * X[e,j] != 0 for all k",),
    quantity=gradient_of("x"),
    quantity_name="backward pass: gradient of x for a batch",
    note=KINK,
    source=BACKPROPAGATION,
)
