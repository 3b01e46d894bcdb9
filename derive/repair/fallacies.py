r"""The named mistakes: one table, one entry each, with stable codes.

Codes are grouped: 1xx functions that are treated as linear, 2xx calculus, 3xx matrices, 4xx
indices, 5xx names, 6xx arithmetic and writing.  A code never changes its meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Fallacy:
    """A mistake with a name: stable ``code``, ``name``, one sentence, a one-line example."""

    code: str
    name: str
    explanation: str
    example: str


_ALL = (
    Fallacy(
        "DRV101",
        "quotient of logarithms",
        "a difference of logarithms is the logarithm of a quotient, not a quotient of logarithms",
        r"\ln a - \ln b = \frac{\ln a}{\ln b}",
    ),
    Fallacy(
        "DRV102",
        "logarithm of a quotient",
        "the logarithm of a quotient is a difference of logarithms, not their quotient",
        r"\ln\frac{a}{b} = \frac{\ln a}{\ln b}",
    ),
    Fallacy(
        "DRV103",
        "cancelling inside a function",
        "a function does not cancel in a quotient: f(a)/f(b) is not a/b",
        r"\frac{\ln(a b)}{\ln b} = \ln a",
    ),
    Fallacy(
        "DRV104",
        "exponential of a sum",
        "the exponential of a sum is the product of the exponentials, not their sum",
        r"e^{a + b} = e^a + e^b",
    ),
    Fallacy(
        "DRV105",
        "square of a sum",
        "the square of a sum has a mixed term: (a + b)^2 = a^2 + 2ab + b^2",
        r"(a + b)^2 = a^2 + b^2",
    ),
    Fallacy(
        "DRV106",
        "root of a sum",
        "a root does not go through a sum: it only goes through products of non-negative factors",
        r"\sqrt{a^2 + b^2} = a + b",
    ),
    Fallacy(
        "DRV107",
        "logarithm of a sum",
        "the logarithm of a product is the sum of the logarithms; a sum inside stays as it is",
        r"\ln(a + b) = \ln a + \ln b",
    ),
    Fallacy(
        "DRV108",
        "reciprocal of a sum",
        "the reciprocal of a sum is not the sum of the reciprocals",
        r"\frac{1}{a + b} = \frac{1}{a} + \frac{1}{b}",
    ),
    Fallacy(
        "DRV109",
        "cancelling in a sum",
        "only a factor of the whole numerator cancels, not one summand of it",
        r"\frac{a + b}{a} = b",
    ),
    Fallacy(
        "DRV110",
        "power of a logarithm",
        "the power inside a logarithm becomes a factor before it, not its power",
        r"\ln(a^2) = (\ln a)^2",
    ),
    Fallacy(
        "DRV201",
        "dropped chain factor",
        "the derivative of the inner function is missing",
        r"\frac{d}{dx} \sin(2x) = \cos(2x)",
    ),
    Fallacy(
        "DRV202",
        "product rule without the second term",
        "the derivative of a product has one term for every factor",
        r"\frac{d}{dx} (x e^x) = e^x",
    ),
    Fallacy(
        "DRV203",
        "sign in the quotient rule",
        "the quotient rule subtracts: (u/v)' = (u'v - uv') / v^2",
        r"\frac{d}{dx} \frac{u}{v} = \frac{u' v + u v'}{v^2}",
    ),
    Fallacy(
        "DRV204",
        "missing Kronecker delta",
        "the derivative of one component by another is 0 unless the two are the same",
        r"\frac{\partial x_i}{\partial x_k} = 1",
    ),
    Fallacy(
        "DRV205",
        "constant not multiplied through a sum",
        "a constant that is added n times is n times the constant",
        r"\sum_{i=1}^n c = c",
    ),
    Fallacy(
        "DRV206",
        "derivative of another function",
        "a function and its derivative were mixed up with those of a relative",
        r"\frac{d}{dx} \sin x = \sin x",
    ),
    Fallacy(
        "DRV301",
        "transposed matrix",
        "a transpose is missing or too much",
        r"A^\top x = A x",
    ),
    Fallacy(
        "DRV302",
        "order of factors",
        "matrices do not commute: the factors stand in the wrong order",
        r"A B = B A",
    ),
    Fallacy(
        "DRV303",
        "gradient and Jacobian mixed up",
        "gradients are columns, Jacobian rows are outputs: the chain rule needs one layout",
        r"\nabla_x L = \frac{\partial y}{\partial x} \nabla_y L",
    ),
    Fallacy(
        "DRV304",
        "matrix without its vector",
        "a matrix stands where the matrix times the gradient is meant",
        r"J^\top \nabla_y L = J^\top",
    ),
    Fallacy(
        "DRV305",
        "ones for the identity",
        "the derivative of a vector by itself is the identity matrix, not a vector of ones",
        r"\frac{\partial x}{\partial x} = \mathbf{1}",
    ),
    Fallacy(
        "DRV306",
        "indicator for a diagonal matrix",
        "the Jacobian of an elementwise function is a diagonal matrix, not one of its entries",
        r"\frac{\partial \mathrm{relu}(x)}{\partial x} = \mathbf{1}_{x_i > 0}",
    ),
    Fallacy(
        "DRV307",
        "factor missing or too much",
        "the two sides do not have the same factors, so their shapes differ",
        r"A x = A",
    ),
    Fallacy(
        "DRV308",
        "matrix taken for symmetric",
        "only for a symmetric matrix are the matrix and its transpose the same",
        r"\frac{\partial}{\partial x} x^\top A x = 2 A x",
    ),
    Fallacy(
        "DRV401",
        "summand without its index",
        "the summand does not contain the index of its sum, so the sum only counts",
        r"\sum_{i=1}^n x_k",
    ),
    Fallacy(
        "DRV402",
        "shadowed index",
        "one letter is bound twice: the inner sum hides the outer one",
        r"\sum_i x_i \sum_i y_i = \sum_i x_i y_i",
    ),
    Fallacy(
        "DRV403",
        "wrong index",
        "another index is meant",
        r"\frac{\partial}{\partial x_i} \sum_k x_k^2 = 2 x_k",
    ),
    Fallacy(
        "DRV404",
        "missing index",
        "a vector stands where one of its components is meant",
        r"y_i = x_i + b",
    ),
    Fallacy(
        "DRV405",
        "wrong range of a sum",
        "the sum runs over another range than meant",
        r"\sum_{i=1}^n x_i = \sum_{i=1}^m x_i",
    ),
    Fallacy(
        "DRV501",
        "undeclared object",
        "a name is used that nothing introduces",
        r"\sum_{k=1}^M y_k",
    ),
    Fallacy(
        "DRV502",
        "wrong variable",
        "another variable of the same shape is meant",
        r"\frac{d}{dx} x^2 = 2 y",
    ),
    Fallacy(
        "DRV503",
        "index in the place of a label",
        "an index stands upstairs, where the label of a name belongs",
        r"\sum_i e^{o_k^i}",
    ),
    Fallacy(
        "DRV504",
        "digit for a letter",
        "a digit stands where only a letter makes sense",
        r"\frac{a}{s} = \frac{a}{5}",
    ),
    Fallacy("DRV601", "sign error", "a sign is wrong", r"-(a - b) = -a - b"),
    Fallacy("DRV602", "factor error", "a constant factor is wrong", r"\frac{d}{dx} x^2 = x"),
    Fallacy("DRV603", "power error", "an exponent is wrong", r"x x^2 = x^2"),
    Fallacy(
        "DRV604",
        "equals sign for therefore",
        "an equation is transformed with '=' between its two forms: they are equivalent, not equal",
        r"x + 1 = 6 = x = 5",
    ),
    Fallacy("DRV605", "wrong digit", "a digit is wrong", r"6 \times 25 = 160"),
    Fallacy("DRV606", "term missing or too much", "a term is missing or too much", r"a + 1 = a"),
    Fallacy("DRV607", "wrong relation", "the relation points the other way", r"x^2 \le 0"),
)

#: All fallacies by code.
FALLACIES: Mapping[str, Fallacy] = MappingProxyType({fallacy.code: fallacy for fallacy in _ALL})
