"""Gradients of norms (question 1, g and h)."""

import numpy as np
from sympy import Abs, Expr, sign

from derive.claim import Claim, Written
from derive.numeric.arrays import Array
from derive.numeric.finite_difference import complex_step_gradient
from derive.sympy_terms import Tensor
from derive.verdict import Kind
from identities.notation import array, bound, equal, index, n, partial, power, total

x = array("x", n)
i = index("i", n)

SQUARED_NORM = r"\|\mathbf{x}\|_2^2 = \sum_{k=1}^n x_k^2"
ABSOLUTE_NORM = r"\|\mathbf{x}\|_1 = \sum_{k=1}^n |x_k|"


def squared_norm(letter: str) -> Expr:
    """``sum_k x_k^2``, with the bound letter given."""
    return total(lambda k: power(x[k], 2), bound(letter), n)


def absolute_norm(letter: str) -> Expr:
    """``sum_k |x_k|``, with the bound letter given."""
    return total(lambda k: Abs(x[k]), bound(letter), n)


def _sum_of_squares(z: Array) -> Array:
    return np.asarray((z**2).sum())


def _sum_of_magnitudes(z: Array) -> Array:
    return np.asarray(np.where(z.real < 0, -z, z).sum())


squared_norm_partial_derivative = Claim(
    name="squared_norm_partial_derivative",
    title="The partial derivative of the squared 2-norm by x_i is 2 x_i.",
    part="1g",
    identity=equal(partial(squared_norm("k"), x[i]), 2 * x[i]),
    latex=r"\frac{\partial \|\mathbf{x}\|_2^2}{\partial x_i} = 2 x_i",
    definitions_latex=(SQUARED_NORM,),
    quantity=lambda given: complex_step_gradient(_sum_of_squares, given["x"]),
    quantity_name="complex step through the sum of squares",
    source="Petersen and Pedersen, The Matrix Cookbook (2012), equation 131",
    written=(Written(r"\frac{\partial \|\mathbf{x}\|_2^2}{\partial \mathbf{x}_i}", r"2x_i"),),
)

squared_norm_partial_derivative_with_shadowed_index = Claim(
    name="squared_norm_partial_derivative_with_shadowed_index",
    title="The same with the letter i used twice: the sum has its own i, so it is still right.",
    part="1g",
    identity=equal(partial(squared_norm("i"), x[i]), 2 * x[i]),
    latex=r"\frac{\partial \sum_i x_i^2}{\partial x_i} = 2 x_i",
    quantity=lambda given: complex_step_gradient(_sum_of_squares, given["x"]),
    quantity_name="complex step through the sum of squares",
    note="two different indices are called i; the inner one belongs to the sum",
    source="elementary",
    written=(Written(r"\frac{\partial \sum_i \mathbf{x}_i^2}{\partial \mathbf{x}_i}", r"2x_i"),),
)

squared_norm_gradient = Claim(
    name="squared_norm_gradient",
    title="The gradient of the squared 2-norm is 2 x, in the shape of x.",
    part="1g",
    identity=equal(Tensor(partial(squared_norm("k"), x[i]), i), Tensor(2 * x[i], i)),
    latex=r"\frac{\partial \|\mathbf{x}\|_2^2}{\partial \mathbf{x}} = 2 \mathbf{x}",
    definitions_latex=(SQUARED_NORM,),
    quantity=lambda given: complex_step_gradient(_sum_of_squares, given["x"]),
    quantity_name="complex step through the sum of squares",
    source="Petersen and Pedersen, The Matrix Cookbook (2012), equation 131",
    written=(Written(r"\frac{\partial \|\mathbf{x}\|_2^2}{\partial \mathbf{x}}", r"2\mathbf{x}"),),
)

absolute_norm_partial_derivative = Claim(
    name="absolute_norm_partial_derivative",
    title="The partial derivative of the 1-norm by x_i is the sign of x_i.",
    part="1h",
    identity=equal(partial(absolute_norm("k"), x[i]), sign(x[i])),
    latex=r"\frac{\partial \|\mathbf{x}\|_1}{\partial x_i} = \operatorname{sign}(x_i)",
    definitions_latex=(ABSOLUTE_NORM,),
    expected=Kind.CONDITIONAL,
    expected_conditions=("x[i] != 0",),
    quantity=lambda given: complex_step_gradient(_sum_of_magnitudes, given["x"]),
    quantity_name="complex step through the sum of magnitudes",
    note="where a component is 0 the norm has a kink; sign(0) = 0 is one of its subgradients",
    source="Rockafellar, Convex Analysis (1970), section 23",
    written=(
        Written(r"\frac{\partial \|\mathbf{x}\|_1}{\partial \mathbf{x}_i}", r"\text{sign}(x_i)"),
    ),
)

absolute_norm_gradient = Claim(
    name="absolute_norm_gradient",
    title="The gradient of the 1-norm is the vector of signs.",
    part="1h",
    identity=equal(Tensor(partial(absolute_norm("k"), x[i]), i), Tensor(sign(x[i]), i)),
    latex=r"\frac{\partial \|\mathbf{x}\|_1}{\partial \mathbf{x}} = "
    r"\begin{bmatrix} \operatorname{sign}(x_1) \\ \vdots \\ \operatorname{sign}(x_n) "
    r"\end{bmatrix}",
    definitions_latex=(ABSOLUTE_NORM,),
    expected=Kind.CONDITIONAL,
    expected_conditions=("x[i] != 0",),
    quantity=lambda given: complex_step_gradient(_sum_of_magnitudes, given["x"]),
    quantity_name="complex step through the sum of magnitudes",
    note="where a component is 0 the norm has a kink",
    source="Rockafellar, Convex Analysis (1970), section 23",
    written=(
        Written(
            r"\frac{\partial \|\mathbf{x}\|_1}{\partial \mathbf{x}}",
            (
                r"\begin{bmatrix} \text{sign}(x_1) \\ \text{sign}(x_2) \\ \vdots \\ "
                r"\text{sign}(x_n) \end{bmatrix}"
            ),
        ),
    ),
)
