"""Products of a Jacobian's transpose with an upstream gradient, and their cost (question 1 m).

``g`` is the gradient of the loss by the layer's output y; the layer hands back the gradient by
its input x.  Operations are additions, subtractions and multiplications of scalars, counted for
all n entries of the result in the order in which the formula stands; what does not depend on the
free index is evaluated once.
"""

from collections.abc import Mapping

from sympy import Expr, KroneckerDelta

from derive.claim import Array, Claim, Written
from derive.numeric.activations import sigmoid as network_sigmoid
from derive.numeric.activations import softmax
from derive.numeric.finite_difference import complex_step_jacobian
from derive.sympy_terms import OperationCount, Tensor
from derive.verdict import Kind
from identities.notation import (
    array,
    at_most,
    bound,
    equal,
    index,
    minus,
    n,
    partial,
    real,
    sigmoid,
    softmax_entry,
    times,
    total,
)

x = array("x", n)
g = array("g", n)
s = array("s", n)
J = array("J", n, n)
dot = real("dot")
i = index("i", n)
j = index("j", n)
p = bound("p")
q = bound("q")

SIGMOID = r"y_i = \sigma(x_i) = \frac{1}{1 + e^{-x_i}}"
SOFTMAX = r"y_i = S(\mathbf{x})_i = \frac{e^{x_i}}{\sum_k e^{x_k}}"
UPSTREAM = r"\mathbf{g} = \nabla_{\mathbf{y}} L \in \mathbb{R}^n"
VALUES = r"\mathbf{s} \in \mathbb{R}^n \text{: the layer's outputs, known from the forward pass}"
TEXTBOOK = "Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.5.2"


def S(i: Expr) -> Expr:  # noqa: N802
    """Entry i of the softmax of x."""
    return softmax_entry(lambda a: x[a], i, n)


def factored(values: Expr, upstream: Expr, inner_product: Expr) -> Expr:
    """``s_i g_i - s_i (s^T g)``: the inner product first."""
    return minus(times(values, upstream), times(values, inner_product))


def _sigmoid_jacobian(given: Mapping[str, Array]) -> Array:
    return complex_step_jacobian(network_sigmoid, given["x"])


def _sigmoid_product(given: Mapping[str, Array]) -> Array:
    product: Array = _sigmoid_jacobian(given).T @ given["g"]
    return product


def _softmax_product(given: Mapping[str, Array]) -> Array:
    product: Array = complex_step_jacobian(softmax, given["x"]).T @ given["g"]
    return product


sigmoid_jacobian_is_diagonal = Claim(
    name="sigmoid_jacobian_is_diagonal",
    title="The Jacobian of the entrywise sigmoid is diagonal.",
    part="1m",
    identity=equal(
        Tensor(partial(sigmoid(x[i]), x[j]), i, j),
        Tensor(KroneckerDelta(i, j) * sigmoid(x[i]) * (1 - sigmoid(x[i])), i, j),
    ),
    latex=(
        r"\frac{\partial \mathbf{y}}{\partial \mathbf{x}} = "
        r"\operatorname{diag}\left(\sigma(x_i) (1 - \sigma(x_i))\right)"
    ),
    definitions_latex=(SIGMOID,),
    quantity=_sigmoid_jacobian,
    quantity_name="Jacobian of the sigmoid by complex step",
    source="elementary",
    written=(
        Written(
            r"\left(\frac{\partial \mathbf{y}}{\partial \mathbf{x}} \right)",
            (
                r"\begin{bmatrix} \sigma(\mathbf{x}_1)(1 - \sigma(\mathbf{x}_1)) & & \\ & \ddots "
                r"& \\ & & \sigma(\mathbf{x}_n)(1 - \sigma(\mathbf{x}_n)) \end{bmatrix}"
            ),
        ),
    ),
)

sigmoid_vector_jacobian_product = Claim(
    name="sigmoid_vector_jacobian_product",
    title="The sigmoid's vector-Jacobian product is an entrywise product.",
    part="1m",
    identity=equal(
        total(lambda a: partial(sigmoid(x[a]), x[j]) * g[a], q, n),
        sigmoid(x[j]) * (1 - sigmoid(x[j])) * g[j],
    ),
    latex=(
        r"\left(\left(\frac{\partial \mathbf{y}}{\partial \mathbf{x}}\right)^\top "
        r"\mathbf{g}\right)_j = \sigma(x_j) (1 - \sigma(x_j)) \, g_j"
    ),
    definitions_latex=(SIGMOID, UPSTREAM),
    quantity=_sigmoid_product,
    quantity_name="transposed Jacobian by complex step, times g",
    source=TEXTBOOK,
    written=(
        Written(
            (
                r"\left(\frac{\partial \mathbf{y}}{\partial \mathbf{x}} \right)^\top "
                r"\nabla_{\mathbf{y}} L"
            ),
            (
                r"\begin{bmatrix} \sigma(\mathbf{x}_1)(1 - \sigma(\mathbf{x}_1)) "
                r"(\nabla_{\mathbf{y}} L)_1 \\ \sigma(\mathbf{x}_2)(1 - \sigma(\mathbf{x}_2)) "
                r"(\nabla_{\mathbf{y}} L)_2 \\ \vdots \\ \sigma(\mathbf{x}_n)(1 - "
                r"\sigma(\mathbf{x}_n)) (\nabla_{\mathbf{y}} L)_n \end{bmatrix}"
            ),
        ),
    ),
)

sigmoid_gradient_equals_its_jacobian = Claim(
    name="sigmoid_gradient_equals_its_jacobian",
    title="Step: the vector-Jacobian product equals the Jacobian matrix itself.",
    part="1m",
    identity=equal(
        Tensor(total(lambda a: partial(sigmoid(x[a]), x[j]) * g[a], q, n), j),
        Tensor(partial(sigmoid(x[i]), x[j]), i, j),
    ),
    latex=(
        r"\left(\frac{\partial \mathbf{y}}{\partial \mathbf{x}}\right)^\top "
        r"\nabla_{\mathbf{y}} L = \begin{bmatrix} \frac{\partial y_1}{\partial x_1} & \dots & "
        r"\frac{\partial y_1}{\partial x_n} \\ \vdots & \ddots & \vdots \\ "
        r"\frac{\partial y_n}{\partial x_1} & \dots & \frac{\partial y_n}{\partial x_n} "
        r"\end{bmatrix}"
    ),
    definitions_latex=(SIGMOID, UPSTREAM),
    expected=Kind.ILL_TYPED,
    corrected_by="sigmoid_vector_jacobian_product",
    quantity=_sigmoid_product,
    quantity_name="transposed Jacobian by complex step, times g",
    note="the left side is a vector, the right side a matrix: the factor g was dropped",
    source="elementary",
    written=(
        Written(
            (
                r"\left(\frac{\partial \mathbf{y}}{\partial \mathbf{x}} \right)^\top "
                r"\nabla_{\mathbf{y}} L"
            ),
            (
                r"\begin{bmatrix} \frac{\partial y_1}{\partial x_1} & \dots & \frac{\partial "
                r"y_1}{\partial x_n} \\ \vdots & \ddots & \vdots \\ \frac{\partial y_n}{\partial "
                r"x_1} & \dots & \frac{\partial y_n}{\partial x_n} \end{bmatrix}"
            ),
        ),
    ),
)

sigmoid_vector_jacobian_product_cost = Claim(
    name="sigmoid_vector_jacobian_product_cost",
    title="The entrywise order s (1 - s) g of the sigmoid's product takes 3 n operations.",
    part="1m",
    identity=equal(OperationCount(times(s[i], minus(1, s[i]), g[i]), i), 3 * n),
    latex=r"\operatorname{ops}\left(s_i (1 - s_i) g_i,\; i = 1 \dots n\right) = 3 n",
    definitions_latex=(VALUES, UPSTREAM),
    source="elementary",
)

full_jacobian_product_cost = Claim(
    name="full_jacobian_product_cost",
    title="Multiplying by a full n x n Jacobian takes 2 n^2 - n operations.",
    part="1m",
    identity=equal(OperationCount(total(lambda a: times(J[a, i], g[a]), q, n), i), 2 * n**2 - n),
    latex=(
        r"\operatorname{ops}\left(\textstyle\sum_{a=1}^n J_{ai} g_a,\; i = 1 \dots n\right) "
        r"= 2 n^2 - n"
    ),
    definitions_latex=(r"J \in \mathbb{R}^{n \times n}", UPSTREAM),
    note="what both layers would cost without their structure",
    source="Golub and Van Loan, Matrix Computations (2013), section 1.1",
)

softmax_vector_jacobian_product_factored = Claim(
    name="softmax_vector_jacobian_product_factored",
    title="The softmax's vector-Jacobian product, with the inner product S^T g taken first.",
    part="1m",
    identity=equal(
        total(lambda a: partial(S(a), x[j]) * g[a], q, n),
        S(j) * g[j] - S(j) * total(lambda b: S(b) * g[b], p, n),
    ),
    latex=(
        r"\left(\left(\frac{\partial \mathbf{y}}{\partial \mathbf{x}}\right)^\top "
        r"\mathbf{g}\right)_j = S_j g_j - S_j \left(\mathbf{S}^\top \mathbf{g}\right)"
    ),
    definitions_latex=(SOFTMAX, UPSTREAM),
    quantity=_softmax_product,
    quantity_name="transposed Jacobian by complex step, times g",
    source=TEXTBOOK,
    written=(
        Written(
            r"\left(\frac{\partial y}{\partial x} \right)^\top \nabla_y L",
            r"\text{diag}(S(x)) \nabla_y L - S(x) \left(S(x)^\top \nabla_y L \right)",
        ),
    ),
)

softmax_vector_jacobian_product_unfactored = Claim(
    name="softmax_vector_jacobian_product_unfactored",
    title="The same product, with the matrix S S^T multiplied by g.",
    part="1m",
    identity=equal(
        total(lambda a: partial(S(a), x[j]) * g[a], q, n),
        S(j) * g[j] - total(lambda b: S(j) * S(b) * g[b], p, n),
    ),
    latex=(
        r"\left(\left(\frac{\partial \mathbf{y}}{\partial \mathbf{x}}\right)^\top "
        r"\mathbf{g}\right)_j = S_j g_j - \sum_{b=1}^n S_j S_b g_b"
    ),
    definitions_latex=(SOFTMAX, UPSTREAM),
    quantity=_softmax_product,
    quantity_name="transposed Jacobian by complex step, times g",
    source=TEXTBOOK,
    written=(
        Written(
            r"\left(\frac{\partial y}{\partial x} \right)^\top \nabla_y L",
            r"\text{diag}(S(x)) \nabla_y L - S(x)S(x)^\top \nabla_y L",
        ),
    ),
)

softmax_vector_jacobian_product_orders_agree = Claim(
    name="softmax_vector_jacobian_product_orders_agree",
    title="Both orders of evaluation give the same vector, for any vector s.",
    part="1m",
    identity=equal(
        s[i] * g[i] - total(lambda b: s[i] * s[b] * g[b], q, n),
        factored(s[i], g[i], total(lambda b: s[b] * g[b], q, n)),
    ),
    latex=(r"s_i g_i - \sum_{b=1}^n s_i s_b g_b = s_i g_i - s_i \sum_{b=1}^n s_b g_b"),
    definitions_latex=(VALUES, UPSTREAM),
    source="elementary",
    written=(
        Written(
            r"\text{diag}(S(x)) \nabla_y L - S(x)S(x)^\top \nabla_y L",
            r"\text{diag}(S(x)) \nabla_y L - S(x) \left(S(x)^\top \nabla_y L \right)",
        ),
    ),
)

softmax_factored_order_cost = Claim(
    name="softmax_factored_order_cost",
    title="The factored order s * g - s (s^T g) takes 5 n - 1 operations.",
    part="1m",
    identity=equal(
        OperationCount(factored(s[i], g[i], total(lambda b: times(s[b], g[b]), q, n)), i),
        5 * n - 1,
    ),
    latex=(
        r"\operatorname{ops}\left(s_i g_i - s_i \left(\textstyle\sum_b s_b g_b\right),\; "
        r"i = 1 \dots n\right) = 5 n - 1"
    ),
    definitions_latex=(VALUES, UPSTREAM),
    note="n products s g, 2n - 1 for the inner product, n products with it, n subtractions",
    source="elementary",
)

softmax_factored_order_is_linear = Claim(
    name="softmax_factored_order_is_linear",
    title="In the factored order the softmax's product takes at most 5 n operations.",
    part="1m",
    identity=at_most(
        OperationCount(factored(s[i], g[i], total(lambda b: times(s[b], g[b]), q, n)), i), 5 * n
    ),
    latex=(
        r"\operatorname{ops}\left(s_i g_i - s_i \left(\textstyle\sum_b s_b g_b\right),\; "
        r"i = 1 \dots n\right) \leq 5 n"
    ),
    definitions_latex=(VALUES, UPSTREAM),
    source="elementary",
)

softmax_unfactored_order_cost = Claim(
    name="softmax_unfactored_order_cost",
    title="The unfactored order s * g - (s s^T) g takes 3 n^2 + n operations.",
    part="1m",
    identity=equal(
        OperationCount(minus(times(s[i], g[i]), total(lambda b: times(s[i], s[b], g[b]), q, n)), i),
        3 * n**2 + n,
    ),
    latex=(
        r"\operatorname{ops}\left(s_i g_i - \textstyle\sum_b s_i s_b g_b,\; "
        r"i = 1 \dots n\right) = 3 n^2 + n"
    ),
    definitions_latex=(VALUES, UPSTREAM),
    note="for every i: one product, 2n products and n - 1 additions in the sum, one subtraction",
    source="elementary",
)

softmax_unfactored_order_is_linear = Claim(
    name="softmax_unfactored_order_is_linear",
    title="In the unfactored order, too, the softmax's product takes at most 5 n operations.",
    part="1m",
    identity=at_most(
        OperationCount(minus(times(s[i], g[i]), total(lambda b: times(s[i], s[b], g[b]), q, n)), i),
        5 * n,
    ),
    latex=(
        r"\operatorname{ops}\left(s_i g_i - \textstyle\sum_b s_i s_b g_b,\; "
        r"i = 1 \dots n\right) \leq 5 n"
    ),
    definitions_latex=(VALUES, UPSTREAM),
    expected=Kind.REFUTED,
    corrected_by="softmax_factored_order_is_linear",
    note="already n = 2 takes 14 operations: the brackets around S^T g are what makes it linear",
    source="elementary",
)

entrywise_product_cost = Claim(
    name="entrywise_product_cost",
    title="The part diag(S) g takes n operations when the zeros of the matrix are left out.",
    part="1m",
    identity=equal(OperationCount(times(s[i], g[i]), i), n),
    latex=r"\operatorname{ops}(s_i g_i,\; i = 1 \dots n) = n",
    definitions_latex=(VALUES, UPSTREAM),
    source="elementary",
)

inner_product_cost = Claim(
    name="inner_product_cost",
    title="The part S^T g takes 2 n - 1 operations.",
    part="1m",
    identity=equal(OperationCount(total(lambda b: times(s[b], g[b]), q, n)), 2 * n - 1),
    latex=r"\operatorname{ops}\left(\textstyle\sum_{b=1}^n s_b g_b\right) = 2 n - 1",
    definitions_latex=(VALUES, UPSTREAM),
    source="Golub and Van Loan, Matrix Computations (2013), section 1.1",
)

scaling_cost = Claim(
    name="scaling_cost",
    title="The part S (S^T g) takes n operations more, the inner product being a known number.",
    part="1m",
    identity=equal(OperationCount(times(s[i], dot), i), n),
    latex=r"\operatorname{ops}(s_i \, c,\; i = 1 \dots n) = n",
    definitions_latex=(VALUES, r"c = \mathbf{s}^\top \mathbf{g} \text{, known}"),
    source="elementary",
)
