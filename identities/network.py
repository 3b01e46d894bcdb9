"""The two-layer classifier of question 2 as SymPy expressions.

    h_a = W1 x + b1     h_s = relu(h_a)     o_a = W2 h_s + b2     L = -sum_k y_k log softmax(o_a)_k

A variable that stands alone (``h_s``, ``o_a``) is free: the loss as a function of it goes no
further back.  Capital letters hold a batch of N examples, one per row.
"""

from collections.abc import Callable

from sympy import Expr

from identities.notation import (
    Entries,
    N,
    array,
    bound,
    d,
    d_h,
    index,
    indicator,
    log,
    m,
    real,
    relu,
    softmax_entry,
    total,
)

x = array("x", d)
W1 = array("W1", d_h, d)
b1 = array("b1", d_h)
h_a = array("h_a", d_h)
h_s = array("h_s", d_h)
W2 = array("W2", m, d_h)
b2 = array("b2", m)
o_a = array("o_a", m)
y = array("y", m)

X = array("X", N, d)
H_a = array("H_a", N, d_h)
H_s = array("H_s", N, d_h)
O_a = array("O_a", N, m)
Y = array("Y", N, m)

eta = real("eta")
decay = real("lambda")

#: Free indices: inputs, hidden units (two), classes (two), examples.
i = index("i", d)
j = index("j", d_h)
j2 = index("j2", d_h)
c = index("c", m)
c2 = index("c2", m)
e = index("e", N)

HIDDEN = r"\mathbf{h}^a = \mathbf{W}^{(1)} \mathbf{x} + \mathbf{b}^{(1)}"
RELU = r"\mathbf{h}^s = \max(0, \mathbf{h}^a)"
OUTPUT = r"\mathbf{o}^a = \mathbf{W}^{(2)} \mathbf{h}^s + \mathbf{b}^{(2)}"
SOFTMAX = r"\mathbf{o}^s = S(\mathbf{o}^a)"
LOSS = r"L(\mathbf{o}^a, \mathbf{y}) = -\sum_{k=1}^m y_k \ln S(\mathbf{o}^a)_k"
ONE_HOT = r"\mathbf{y} \text{ one-hot}"
RISK = r"\hat{R} = \frac{1}{N} \sum_{p=1}^N L(\mathbf{o}^{a(p)}, \mathbf{y}^{(p)})"
SHAPES_HIDDEN = (
    r"\mathbf{W}^{(1)} \in \mathbb{R}^{d_h \times d},\; \mathbf{b}^{(1)} \in \mathbb{R}^{d_h}"
)
SHAPES_OUTPUT = (
    r"\mathbf{W}^{(2)} \in \mathbb{R}^{m \times d_h},\; \mathbf{b}^{(2)} \in \mathbb{R}^m"
)


def entries_of(vector: object) -> Entries:
    """The entries of a vector variable, as a function of the index."""
    return lambda a: vector[a]  # type: ignore[index]


def row(matrix: object, example: Expr) -> Entries:
    """The entries of one row of a matrix variable."""
    return lambda a: matrix[example, a]  # type: ignore[index]


def hidden_preactivation(inputs: Entries) -> Entries:
    """Entries of ``W1 x + b1``."""
    return lambda a: total(lambda q: W1[a, q] * inputs(q), bound("q"), d) + b1[a]


def hidden_activation(preactivation: Entries) -> Entries:
    """Entries of ``relu(h_a)``."""
    return lambda a: relu(preactivation(a))


def output_preactivation(hidden: Entries) -> Entries:
    """Entries of ``W2 h_s + b2``."""
    return lambda a: total(lambda t: W2[a, t] * hidden(t), bound("t"), d_h) + b2[a]


def network_output(inputs: Entries) -> Entries:
    """Entries of o_a as a function of the inputs and all parameters."""
    return output_preactivation(hidden_activation(hidden_preactivation(inputs)))


def output_probability(output: Entries) -> Entries:
    """Entries of ``softmax(o_a)``."""
    return lambda a: softmax_entry(output, a, m)


def cross_entropy(output: Entries, target: Entries) -> Expr:
    """``-sum_k y_k log softmax(o_a)_k``."""
    return -total(lambda k: target(k) * log(softmax_entry(output, k, m)), bound("k"), m)


def output_error(output: Entries, target: Entries) -> Entries:
    """Entries of ``softmax(o_a) - y``: the gradient by o_a when y sums to 1."""
    return lambda a: softmax_entry(output, a, m) - target(a)


def weighted_output_error(output: Entries, target: Entries) -> Entries:
    """Entries of ``(sum_r y_r) softmax(o_a) - y``: the gradient by o_a for every y."""
    weight = total(target, bound("r"), m)
    return lambda a: weight * softmax_entry(output, a, m) - target(a)


def sent_back(error: Entries) -> Entries:
    """Entries of ``W2^T error``: the gradient by h_s."""
    return lambda a: total(lambda k: error(k) * W2[k, a], bound("k"), m)


def masked(gradient: Entries, preactivation: Entries) -> Entries:
    """Entries of ``gradient * 1{h_a > 0}``: the gradient by h_a, off the kink."""
    return lambda a: gradient(a) * indicator(preactivation(a) > 0)


def batch_mean(of_example: Callable[[Expr], Expr]) -> Expr:
    """``(1/N) sum_p of_example(p)``."""
    return batch_sum(of_example) / N


def batch_sum(of_example: Callable[[Expr], Expr]) -> Expr:
    """``sum_p of_example(p)`` over the examples of a batch."""
    return total(of_example, bound("p"), N)


def sum_of_squares() -> Expr:
    """Omega(theta): the squares of all entries of W1 and W2."""
    first = total(lambda t: total(lambda q: W1[t, q] ** 2, bound("q"), d), bound("t"), d_h)
    second = total(lambda k: total(lambda t: W2[k, t] ** 2, bound("t"), d_h), bound("k"), m)
    return first + second
