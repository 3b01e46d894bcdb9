"""The network's numbers for claims that start in the middle of it."""

import numpy as np
import pytest

from derive.claim import Array
from derive.numeric import multilayer_perceptron as mlp
from identities.network_values import (
    gradients,
    hidden_jacobian,
    loss,
    output_jacobian,
    stepped,
)

THETA = mlp.random_parameters(mlp.Dimensions(d=2, d_h=3, m=4), seed=1)
PARAMETERS = {"W1": THETA.W1, "b1": THETA.b1, "W2": THETA.W2, "b2": THETA.b2}
BATCH = np.random.default_rng(2).standard_normal((5, 2))
TARGETS = np.random.default_rng(3).standard_normal((5, 4))
FORWARD = mlp.forward(THETA, BATCH)
BACKWARD = mlp.backward(THETA, FORWARD, TARGETS)
OUTER = {"W2": THETA.W2, "b2": THETA.b2}


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (PARAMETERS | {"X": BATCH}, ("o_a", "W2", "b2", "h_s", "h_a", "W1", "b1", "x")),
        (OUTER | {"H_a": FORWARD.h_a}, ("o_a", "W2", "b2", "h_s", "h_a")),
        (OUTER | {"H_s": FORWARD.h_s}, ("o_a", "W2", "b2", "h_s")),
        ({"O_a": FORWARD.o_a}, ("o_a",)),
    ],
)
def test_every_start_gives_the_same_gradients(
    given: dict[str, Array], names: tuple[str, ...]
) -> None:
    found = gradients(given | {"Y": TARGETS})
    for name in names:
        np.testing.assert_allclose(getattr(found, name), getattr(BACKWARD, name), rtol=1e-12)
    np.testing.assert_allclose(
        loss(given | {"Y": TARGETS}), mlp.mean_cross_entropy(FORWARD.o_a, TARGETS), rtol=1e-12
    )


def test_one_example_has_no_batch_axis() -> None:
    found = gradients(PARAMETERS | {"x": BATCH[0], "y": TARGETS[0]})
    expected = mlp.backward_example(THETA, BATCH[0], TARGETS[0])
    for name in ("o_a", "W2", "b2", "h_s", "h_a", "W1", "b1", "x"):
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), rtol=1e-12)


def test_jacobians_have_rows_for_outputs() -> None:
    given = PARAMETERS | {"x": BATCH[0], "h_s": FORWARD.h_s[0]}
    assert output_jacobian("W2")(given).shape == (4, 4, 3)
    assert hidden_jacobian("W1")(given).shape == (3, 3, 2)
    np.testing.assert_allclose(output_jacobian("h_s")(given), THETA.W2, rtol=1e-12)
    np.testing.assert_allclose(hidden_jacobian("x")(given), THETA.W1, rtol=1e-12)
    np.testing.assert_allclose(hidden_jacobian("b1")(given), np.eye(3), rtol=1e-12)


def test_a_step_shrinks_the_weights_but_not_the_biases() -> None:
    rates = {"eta": np.array(0.5), "lambda": np.array(0.25)}
    given = PARAMETERS | {"X": BATCH, "Y": TARGETS} | rates
    np.testing.assert_allclose(
        stepped("W1")(given), THETA.W1 - 0.5 * (BACKWARD.W1 + 2 * 0.25 * THETA.W1), rtol=1e-12
    )
    np.testing.assert_allclose(stepped("b2")(given), THETA.b2 - 0.5 * BACKWARD.b2, rtol=1e-12)
