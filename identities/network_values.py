"""What the NumPy network computes, for the arrays of a claim: the cross-check of question 2.

The arrays come by the name of their variable.  Where a claim starts in the middle of the network
(it has ``h_s`` but no ``W1``), what lies before it is left at zero: the backward pass reads
nothing from there.  Small names are one example, capital ones a batch.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from derive.claim import Array, Quantity
from derive.numeric import multilayer_perceptron as mlp
from derive.numeric.activations import relu, softmax
from derive.numeric.finite_difference import complex_step_jacobian

_Arrays = Mapping[str, Array]

_EXAMPLE_NAMES = ("x", "h_a", "h_s", "o_a", "y")


def parameters(given: _Arrays) -> mlp.Parameters:
    """The parameters of the network; those that the claim does not have are zero."""
    W2 = given.get("W2")
    if W2 is None:
        classes = _batch(given, "o_a", "O_a").shape[1]
        W2 = np.zeros((classes, 1))
    W1 = given.get("W1", np.zeros((W2.shape[1], 1)))
    return mlp.Parameters(
        W1=W1,
        b1=given.get("b1", np.zeros(W1.shape[0])),
        W2=W2,
        b2=given.get("b2", np.zeros(W2.shape[0])),
    )


def activations(given: _Arrays) -> mlp.Activations:
    """The forward pass from the first variable that the claim has, as a batch."""
    theta = parameters(given)
    if "x" in given or "X" in given:
        return mlp.forward(theta, _batch(given, "x", "X"))
    if "h_a" in given or "H_a" in given:
        h_a = _batch(given, "h_a", "H_a")
        return _from_hidden(theta, h_a, relu(h_a))
    if "h_s" in given or "H_s" in given:
        h_s = _batch(given, "h_s", "H_s")
        return _from_hidden(theta, np.zeros(h_s.shape), h_s)
    o_a = _batch(given, "o_a", "O_a")
    units = np.zeros((o_a.shape[0], 1))
    return mlp.Activations(x=units, h_a=units, h_s=units, o_a=o_a, o_s=softmax(o_a))


def gradients(given: _Arrays) -> mlp.Gradients:
    """The backward pass: without a batch axis for one example."""
    found = mlp.backward(parameters(given), activations(given), _batch(given, "y", "Y"))
    if not any(name in given for name in _EXAMPLE_NAMES):
        return found
    return replace(found, **{name: getattr(found, name)[0] for name in ("o_a", "h_s", "h_a", "x")})


def gradient_of(variable: str) -> Quantity:
    """The quantity "gradient of the loss (of the batch mean) by ``variable``"."""

    def quantity(given: _Arrays) -> Array:
        gradient: Array = getattr(gradients(given), variable)
        return gradient

    return quantity


def loss(given: _Arrays) -> Array:
    """The loss of one example, or the mean over a batch."""
    return mlp.mean_cross_entropy(activations(given).o_a, _batch(given, "y", "Y"))


def hidden_layer(W1: Array, b1: Array, x: Array) -> Array:
    """h_a for one example, by the forward pass's formula; takes complex arrays."""
    h_a: Array = (x[np.newaxis] @ W1.T + b1)[0]
    return h_a


def output_layer(W2: Array, b2: Array, h_s: Array) -> Array:
    """o_a for one example, by the forward pass's formula; takes complex arrays."""
    o_a: Array = (h_s[np.newaxis] @ W2.T + b2)[0]
    return o_a


def output_jacobian(variable: str) -> Quantity:
    """The Jacobian of o_a by W2, b2 or h_s, outputs first, by complex step."""
    return lambda given: complex_step_jacobian(
        lambda z: output_layer(
            **{name: z if name == variable else given[name] for name in ("W2", "b2", "h_s")}
        ),
        given[variable],
    )


def hidden_jacobian(variable: str) -> Quantity:
    """The Jacobian of h_a by W1, b1 or x, outputs first, by complex step."""
    return lambda given: complex_step_jacobian(
        lambda z: hidden_layer(
            **{name: z if name == variable else given[name] for name in ("W1", "b1", "x")}
        ),
        given[variable],
    )


def stepped(variable: str) -> Quantity:
    """A parameter after one step of gradient descent on the regularised objective."""

    def quantity(given: _Arrays) -> Array:
        theta = parameters(given)
        gradient = mlp.regularised_gradients(theta, given["X"], given["Y"], float(given["lambda"]))
        after: Array = getattr(
            mlp.gradient_descent_step(theta, gradient, float(given["eta"])), variable
        )
        return after

    return quantity


def _from_hidden(theta: mlp.Parameters, h_a: Array, h_s: Array) -> mlp.Activations:
    o_a = h_s @ theta.W2.T + theta.b2
    x = np.zeros((h_s.shape[0], theta.W1.shape[1]))
    return mlp.Activations(x=x, h_a=h_a, h_s=h_s, o_a=o_a, o_s=softmax(o_a))


def _batch(given: _Arrays, example: str, batch: str) -> Array:
    return given[batch] if batch in given else given[example][np.newaxis]
