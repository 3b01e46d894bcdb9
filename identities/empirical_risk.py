"""Parameter count, empirical risk, regularised objective, gradient step (questions 2 e and 2 f).

The classifier is a function of all its parameters here; the batch has N examples.
"""

from collections.abc import Mapping

from sympy import Expr, Integer

from derive.claim import Array, Claim, Reading, Written
from derive.numeric import multilayer_perceptron as mlp
from derive.verdict import Kind
from identities.network import (
    LOSS,
    RISK,
    SHAPES_HIDDEN,
    SHAPES_OUTPUT,
    W1,
    W2,
    O_a,
    X,
    Y,
    b1,
    b2,
    batch_mean,
    c,
    cross_entropy,
    decay,
    entries_of,
    eta,
    hidden_activation,
    hidden_preactivation,
    i,
    j,
    masked,
    network_output,
    row,
    sent_back,
    sum_of_squares,
    weighted_output_error,
    y,
)
from identities.network_values import loss, parameters, stepped
from identities.notation import (
    Entries,
    bound,
    d,
    d_h,
    equal,
    exponential_sum,
    log,
    m,
    partial,
    plus,
    sum_over,
    times,
    total,
)

#: Hidden unit j sits at its kink for no example.
OFF_KINK = ("b1[j] + sum_l W1[j,l] * X[k,l] != 0 for all k",)

k = bound("k")

PENALTY = r"\Omega(\theta) = \|\mathbf{W}^{(1)}\|_F^2 + \|\mathbf{W}^{(2)}\|_F^2"
OBJECTIVE = r"\hat{R}_\lambda = \hat{R} + \lambda \Omega(\theta)"
TEXTBOOK = "Goodfellow, Bengio, Courville, Deep Learning (2016), section 7.1"


def ones(*lengths: Expr) -> Expr:
    """The number of entries of an array, as a sum of ones."""
    return sum_over(1, *zip((bound("a"), bound("b")), lengths, strict=False))


def output_of(p: Expr) -> Entries:
    """The scores of example p."""
    return network_output(row(X, p))


def hidden_of(p: Expr) -> Entries:
    """The hidden layer of example p, before the activation."""
    return hidden_preactivation(row(X, p))


def error_of(p: Expr) -> Entries:
    """The gradient of the loss of example p by its scores."""
    return weighted_output_error(output_of(p), row(Y, p))


def hidden_error_of(p: Expr) -> Entries:
    """The gradient of the loss of example p by its hidden layer before the activation."""
    return masked(sent_back(error_of(p)), hidden_of(p))


def loss_of(p: Expr) -> Expr:
    """The loss of example p."""
    return cross_entropy(output_of(p), row(Y, p))


def step(variable: Expr, direction: Expr) -> Expr:
    """``variable - eta direction``."""
    return variable - eta * direction


RISK_OF_NETWORK = batch_mean(loss_of)
REGULARISED = RISK_OF_NETWORK + decay * sum_of_squares()
RISK_WITH_FIRST_TARGET = batch_mean(lambda p: cross_entropy(output_of(p), row(Y, Integer(1))))


def _parameter_count(given: Mapping[str, Array]) -> int:
    sizes = mlp.Dimensions(*(int(given[name]) for name in ("d", "d_h", "m")))
    return mlp.parameter_count(mlp.random_parameters(sizes, seed=0))


def _objective(given: Mapping[str, Array]) -> Array:
    theta = parameters(given)
    return mlp.regularised_objective(theta, given["X"], given["Y"], float(given["lambda"]))


# 2 e

parameter_count = Claim(
    name="parameter_count",
    title="The network has d_h (d + 1) + m (d_h + 1) scalar parameters.",
    part="2e",
    identity=equal(
        ones(d_h, d) + ones(d_h) + ones(m, d_h) + ones(m), d_h * (d + 1) + m * (d_h + 1)
    ),
    latex=r"n_\theta = d_h (d + 1) + m (d_h + 1)",
    definitions_latex=(SHAPES_HIDDEN, SHAPES_OUTPUT),
    quantity=_parameter_count,
    quantity_name="number of entries in the network's arrays",
    source="elementary",
    written=(Written(r"n_\theta", r"d_h \times (d + 1) + m \times (d_h + 1)"),),
)

empirical_risk_by_log_sum_exp = Claim(
    name="empirical_risk_by_log_sum_exp",
    title="The empirical risk is the mean over examples, each with its own target.",
    part="2e",
    identity=equal(
        batch_mean(lambda p: cross_entropy(row(O_a, p), row(Y, p))),
        batch_mean(
            lambda p: (
                total(row(Y, p), bound("r"), m) * log(exponential_sum(row(O_a, p), m))
                - total(lambda a: Y[p, a] * O_a[p, a], k, m)
            )
        ),
    ),
    latex=(
        r"\frac{1}{N} \sum_{p=1}^N L(\mathbf{o}^{a(p)}, \mathbf{y}^{(p)}) = \frac{1}{N} "
        r"\sum_{p=1}^N \left(\left(\sum_k y_k^{(p)}\right) \ln \sum_i e^{o_i^{a(p)}} "
        r"- \sum_k y_k^{(p)} o_k^{a(p)}\right)"
    ),
    definitions_latex=(LOSS,),
    quantity=loss,
    quantity_name="mean cross-entropy of the network",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), equation 8.3",
)

empirical_risk_with_one_target = Claim(
    name="empirical_risk_with_one_target",
    title="Equation (12): the target y carries no superscript, so all examples share one.",
    part="2e",
    identity=equal(
        batch_mean(lambda p: cross_entropy(row(O_a, p), row(Y, p))),
        batch_mean(lambda p: cross_entropy(row(O_a, p), entries_of(y))),
    ),
    latex=r"\hat{R} = \frac{1}{N} \sum_{p=1}^N L(f_\theta(\mathbf{x}^{(p)}), \mathbf{y})",
    definitions_latex=(RISK, LOSS),
    expected=Kind.REFUTED,
    corrected_by="empirical_risk_by_log_sum_exp",
    quantity=loss,
    quantity_name="mean cross-entropy of the network",
    note="the superscript of y is missing: y^(i), the target of the example x^(i)",
    source="elementary",
    written=(Written(r"\hat{R}", r"\frac{1}{n} \sum_{i=1}^n L(f_\theta(\mathbf{x}^{(i)}), y)"),),
)

regularised_objective_as_mean = Claim(
    name="regularised_objective_as_mean",
    title="The penalty may be counted once, or in full with every example under the mean.",
    part="2e",
    identity=equal(REGULARISED, batch_mean(lambda p: loss_of(p) + decay * sum_of_squares())),
    latex=(
        r"\hat{R} + \lambda \Omega(\theta) = \frac{1}{N} \sum_{p=1}^N "
        r"\left(L(f_\theta(\mathbf{x}^{(p)}), \mathbf{y}^{(p)}) + \lambda \Omega(\theta)\right)"
    ),
    definitions_latex=(RISK, PENALTY),
    quantity=_objective,
    quantity_name="regularised objective of the network",
    source=TEXTBOOK,
)

# 2 f

gradient_step_is_linear = Claim(
    name="gradient_step_is_linear",
    title="In the step the gradient of the penalty stands with the factor -eta lambda.",
    part="2f",
    identity=equal(
        step(W2[c, j], partial(REGULARISED, W2[c, j])),
        W2[c, j]
        - eta * partial(RISK_OF_NETWORK, W2[c, j])
        - eta * decay * partial(sum_of_squares(), W2[c, j]),
    ),
    latex=(
        r"\theta - \eta \frac{\partial \hat{R}_\lambda}{\partial \theta} = "
        r"\theta - \eta \frac{\partial \hat{R}}{\partial \theta} "
        r"- \eta \lambda \frac{\partial \Omega}{\partial \theta} "
        r"\quad (\theta = W_{kj}^{(2)})"
    ),
    definitions_latex=(RISK, PENALTY, OBJECTIVE),
    source=TEXTBOOK,
)

gradient_step_with_penalty_added = Claim(
    name="gradient_step_with_penalty_added",
    title="The penalty enters the step as + eta times its gradient.",
    part="2f",
    identity=equal(
        step(W2[c, j], partial(REGULARISED, W2[c, j])),
        W2[c, j]
        - eta * partial(RISK_OF_NETWORK, W2[c, j])
        + eta * partial(sum_of_squares(), W2[c, j]),
    ),
    latex=(
        r"\theta - \eta \frac{\partial \hat{R}_\lambda}{\partial \theta} = "
        r"\theta - \eta \frac{\partial \hat{R}}{\partial \theta} "
        r"+ \eta \frac{\partial \Omega}{\partial \theta} \quad (\theta = W_{kj}^{(2)})"
    ),
    definitions_latex=(RISK, PENALTY, OBJECTIVE),
    expected=Kind.REFUTED,
    corrected_by="gradient_step_is_linear",
    note="wrong sign, and lambda is missing: this step would make the weights grow",
    source="elementary",
)

gradient_step_without_penalty = Claim(
    name="gradient_step_without_penalty",
    title="Step (14) to (15): the regularised objective is replaced by the empirical risk.",
    part="2f",
    identity=equal(
        step(W2[c, j], partial(REGULARISED, W2[c, j])),
        step(W2[c, j], partial(RISK_OF_NETWORK, W2[c, j])),
    ),
    latex=(
        r"\theta - \eta \frac{\partial \hat{R}_\lambda}{\partial \theta} = \theta - \eta "
        r"\frac{\partial}{\partial \theta} \left(\frac{1}{N} \sum_{p=1}^N "
        r"L(f_\theta(\mathbf{x}^{(p)}), \mathbf{y}^{(p)})\right) \quad (\theta = W_{kj}^{(2)})"
    ),
    definitions_latex=(RISK, PENALTY, OBJECTIVE),
    readings=(
        Reading(
            "no regulariser",
            equal(
                step(
                    W2[c, j],
                    partial(plus(RISK_OF_NETWORK, times(0, sum_of_squares())), W2[c, j]),
                ),
                step(W2[c, j], partial(RISK_OF_NETWORK, W2[c, j])),
            ),
        ),
    ),
    expected=Kind.CONDITIONAL,
    expected_conditions=("no regulariser",),
    corrected_by="gradient_step_is_linear",
    note="right only for lambda = 0",
    source="elementary",
    written=(
        Written(
            r"\theta - \eta \frac{\partial \hat{R}_\lambda}{\partial \theta}",
            (
                r"\theta - \eta \frac{\partial}{\partial \theta} \left(\frac{1}{n} \sum_{i=1}^n "
                r"L(f_\theta(\mathbf{x}^{(i)}), y^{(1)}) \right)"
            ),
        ),
    ),
)

gradient_step_with_first_target = Claim(
    name="gradient_step_with_first_target",
    title="Equation (15): every example is compared with the target of the first one.",
    part="2f",
    identity=equal(
        step(W2[c, j], partial(RISK_OF_NETWORK, W2[c, j])),
        step(W2[c, j], partial(RISK_WITH_FIRST_TARGET, W2[c, j])),
    ),
    latex=(
        r"\theta - \eta \frac{\partial \hat{R}}{\partial \theta} = \theta - \eta "
        r"\frac{\partial}{\partial \theta} \left(\frac{1}{N} \sum_{p=1}^N "
        r"L(f_\theta(\mathbf{x}^{(p)}), \mathbf{y}^{(1)})\right) \quad (\theta = W_{kj}^{(2)})"
    ),
    definitions_latex=(RISK,),
    expected=Kind.REFUTED,
    corrected_by="gradient_step_output_weights",
    note="a slip of the index, y^(1) for y^(i)",
    source="elementary",
    written=(
        Written(
            r"\theta - \eta \frac{\partial \hat{R}_\lambda}{\partial \theta}",
            (
                r"\theta - \eta \frac{\partial}{\partial \theta} \left(\frac{1}{n} \sum_{i=1}^n "
                r"L(f_\theta(\mathbf{x}^{(i)}), y^{(1)}) \right)"
            ),
        ),
    ),
)

gradient_step_output_weights = Claim(
    name="gradient_step_output_weights",
    title="One step for an output weight, in closed form, with weight decay.",
    part="2f",
    identity=equal(
        step(W2[c, j], partial(REGULARISED, W2[c, j])),
        step(
            W2[c, j],
            batch_mean(lambda p: error_of(p)(c) * hidden_activation(hidden_of(p))(j))
            + 2 * decay * W2[c, j],
        ),
    ),
    latex=(
        r"W_{kj}^{(2)} - \eta \frac{\partial \hat{R}_\lambda}{\partial W_{kj}^{(2)}} = "
        r"W_{kj}^{(2)} - \eta \left(\frac{1}{N} \sum_{p=1}^N g_k^{(p)} h_j^{s(p)} "
        r"+ 2 \lambda W_{kj}^{(2)}\right)"
    ),
    definitions_latex=(
        RISK,
        PENALTY,
        OBJECTIVE,
        r"\mathbf{g}^{(p)} = \partial L^{(p)} / \partial \mathbf{o}^{a(p)}",
    ),
    quantity=stepped("W2"),
    quantity_name="gradient-descent step of the network: W2",
    source=TEXTBOOK,
)

gradient_step_output_bias = Claim(
    name="gradient_step_output_bias",
    title="One step for an output bias; biases are not penalised.",
    part="2f",
    identity=equal(
        step(b2[c], partial(REGULARISED, b2[c])),
        step(b2[c], batch_mean(lambda p: error_of(p)(c))),
    ),
    latex=(
        r"b_k^{(2)} - \eta \frac{\partial \hat{R}_\lambda}{\partial b_k^{(2)}} = "
        r"b_k^{(2)} - \frac{\eta}{N} \sum_{p=1}^N g_k^{(p)}"
    ),
    definitions_latex=(
        RISK,
        PENALTY,
        OBJECTIVE,
        r"\mathbf{g}^{(p)} = \partial L^{(p)} / \partial \mathbf{o}^{a(p)}",
    ),
    quantity=stepped("b2"),
    quantity_name="gradient-descent step of the network: b2",
    source=TEXTBOOK,
)

gradient_step_hidden_weights = Claim(
    name="gradient_step_hidden_weights",
    title="One step for a hidden weight, in closed form, with weight decay.",
    part="2f",
    identity=equal(
        step(W1[j, i], partial(REGULARISED, W1[j, i])),
        step(
            W1[j, i],
            batch_mean(lambda p: hidden_error_of(p)(j) * X[p, i]) + 2 * decay * W1[j, i],
        ),
    ),
    latex=(
        r"W_{ji}^{(1)} - \eta \frac{\partial \hat{R}_\lambda}{\partial W_{ji}^{(1)}} = "
        r"W_{ji}^{(1)} - \eta \left(\frac{1}{N} \sum_{p=1}^N "
        r"\frac{\partial L^{(p)}}{\partial h_j^{a(p)}} x_i^{(p)} "
        r"+ 2 \lambda W_{ji}^{(1)}\right)"
    ),
    definitions_latex=(RISK, PENALTY, OBJECTIVE),
    expected=Kind.CONDITIONAL,
    expected_conditions=OFF_KINK,
    quantity=stepped("W1"),
    quantity_name="gradient-descent step of the network: W1",
    note="where no hidden unit sits at its kink",
    source=TEXTBOOK,
)

gradient_step_hidden_bias = Claim(
    name="gradient_step_hidden_bias",
    title="One step for a hidden bias; biases are not penalised.",
    part="2f",
    identity=equal(
        step(b1[j], partial(REGULARISED, b1[j])),
        step(b1[j], batch_mean(lambda p: hidden_error_of(p)(j))),
    ),
    latex=(
        r"b_j^{(1)} - \eta \frac{\partial \hat{R}_\lambda}{\partial b_j^{(1)}} = "
        r"b_j^{(1)} - \frac{\eta}{N} \sum_{p=1}^N \frac{\partial L^{(p)}}{\partial h_j^{a(p)}}"
    ),
    definitions_latex=(RISK, PENALTY, OBJECTIVE),
    expected=Kind.CONDITIONAL,
    expected_conditions=OFF_KINK,
    quantity=stepped("b1"),
    quantity_name="gradient-descent step of the network: b1",
    note="where no hidden unit sits at its kink",
    source=TEXTBOOK,
)
