"""The affine layers of the classifier and their shapes (questions 2 a and 2 b)."""

from derive.claim import Claim, Written
from derive.numeric.activations import relu as network_relu
from derive.sympy_terms import Tensor
from derive.verdict import Kind
from identities.network import (
    RELU,
    SHAPES_HIDDEN,
    SHAPES_OUTPUT,
    W1,
    W2,
    b1,
    b2,
    c,
    entries_of,
    h_a,
    h_s,
    hidden_preactivation,
    j,
    output_preactivation,
    x,
)
from identities.network_values import hidden_layer, output_layer
from identities.notation import bound, d, d_h, equal, indicator, plus, relu, times, total

q = bound("q")
t = bound("t")

hidden_layer_rowwise = Claim(
    name="hidden_layer_rowwise",
    title="Entry j of W x + b is row j of W times x, plus b_j, and there are d_h of them.",
    part="2a",
    identity=equal(
        Tensor(hidden_preactivation(entries_of(x))(j), j),
        Tensor(plus(b1[j], total(lambda a: times(x[a], W1[j, a]), q, d)), j),
    ),
    latex=(
        r"\mathbf{h}^a = \mathbf{W}^{(1)} \mathbf{x} + \mathbf{b}^{(1)}, \quad "
        r"h_j^a = b_j^{(1)} + \sum_{i=1}^d x_i W_{ji}^{(1)}, \quad "
        r"\mathbf{b}^{(1)} \in \mathbb{R}^{d_h}"
    ),
    definitions_latex=(SHAPES_HIDDEN,),
    quantity=lambda given: hidden_layer(given["W1"], given["b1"], given["x"]),
    quantity_name="forward pass: hidden layer before the activation",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.1",
    written=(Written(r"\mathbf{h}_j^a", r"\mathbf{W}_j^{(1)T} \cdot \mathbf{x} + b_j^{(1)}"),),
)

hidden_layer_with_transposed_weights = Claim(
    name="hidden_layer_with_transposed_weights",
    title="Equation (1): the hidden layer before the activation is W^T x + b.",
    part="2a",
    identity=equal(
        Tensor(hidden_preactivation(entries_of(x))(j), j),
        Tensor(plus(total(lambda a: times(W1[a, j], x[a]), q, d), b1[j]), j),
    ),
    latex=r"\mathbf{h}^a = \mathbf{W}^{(1)\top} \mathbf{x} + \mathbf{b}^{(1)}",
    definitions_latex=(SHAPES_HIDDEN, r"\mathbf{x} \in \mathbb{R}^d"),
    expected=Kind.ILL_TYPED,
    corrected_by="hidden_layer_rowwise",
    quantity=lambda given: hidden_layer(given["W1"], given["b1"], given["x"]),
    quantity_name="forward pass: hidden layer before the activation",
    note="W is d_h x d, so its transpose is d x d_h and can't multiply x in R^d: W x is meant",
    source="elementary",
    written=(Written(r"\mathbf{h}^a", r"\mathbf{W}^{(1)T} \cdot \mathbf{x} + \mathbf{b}^{(1)}"),),
)

hidden_activation_by_cases = Claim(
    name="hidden_activation_by_cases",
    title="Equation (3): the rectifier lets positive entries pass and replaces the others by 0.",
    part="2a",
    identity=equal(relu(h_a[j]), times(h_a[j], indicator(h_a[j] > 0))),
    latex=r"h_j^s = \max(0, h_j^a) = h_j^a \, \mathbb{1}_{h_j^a > 0}",
    definitions_latex=(RELU,),
    quantity=lambda given: network_relu(given["h_a"]),
    quantity_name="forward pass: relu",
    source="elementary",
)

output_layer_rowwise = Claim(
    name="output_layer_rowwise",
    title="Entry k of W h + b is row k of W times h, plus b_k, and there are m of them.",
    part="2b",
    identity=equal(
        Tensor(output_preactivation(entries_of(h_s))(c), c),
        Tensor(plus(b2[c], total(lambda a: times(h_s[a], W2[c, a]), t, d_h)), c),
    ),
    latex=(
        r"\mathbf{o}^a = \mathbf{W}^{(2)} \mathbf{h}^s + \mathbf{b}^{(2)}, \quad "
        r"o_k^a = b_k^{(2)} + \sum_{j=1}^{d_h} h_j^s W_{kj}^{(2)}"
    ),
    definitions_latex=(SHAPES_OUTPUT,),
    quantity=lambda given: output_layer(given["W2"], given["b2"], given["h_s"]),
    quantity_name="forward pass: output layer before the softmax",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.1",
    written=(Written(r"\mathbf{o}_k^a", r"\mathbf{W}_k^{(2)T} \cdot \mathbf{h}^s + b_k^{(2)}"),),
)

output_layer_with_transposed_weights = Claim(
    name="output_layer_with_transposed_weights",
    title="Equation (4): the output layer before the softmax is W^T h + b.",
    part="2b",
    identity=equal(
        Tensor(output_preactivation(entries_of(h_s))(c), c),
        Tensor(plus(total(lambda a: times(W2[a, c], h_s[a]), t, d_h), b2[c]), c),
    ),
    latex=r"\mathbf{o}^a = \mathbf{W}^{(2)\top} \mathbf{h}^s + \mathbf{b}^{(2)}",
    definitions_latex=(SHAPES_OUTPUT, r"\mathbf{h}^s \in \mathbb{R}^{d_h}"),
    expected=Kind.ILL_TYPED,
    corrected_by="output_layer_rowwise",
    quantity=lambda given: output_layer(given["W2"], given["b2"], given["h_s"]),
    quantity_name="forward pass: output layer before the softmax",
    note="W is m x d_h, so its transpose is d_h x m and can't multiply h in R^(d_h)",
    source="elementary",
    written=(Written(r"\mathbf{o}^a", r"\mathbf{W}^{(2)T} \cdot \mathbf{h}^s + \mathbf{b}^{(2)}"),),
)
