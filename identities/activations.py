"""Scalar activation functions: relu, sigmoid, tanh, softplus and sign (question 1, a to f)."""

import numpy as np
from sympy import Rational, sign, tanh

from derive.claim import Claim, Written
from derive.numeric import activations as network
from derive.numeric.finite_difference import complex_step_gradient
from derive.verdict import Kind
from identities.notation import (
    equal,
    exponential,
    indicator,
    log,
    minus,
    partial,
    plus,
    ratio,
    real,
    relu,
    sigmoid,
    softplus,
    tanh_by_exponentials,
    times,
)

x = real("x")
h = real("h")

RELU = r"g(x) = \max\{0, x\}"
SIGMOID = r"\sigma(x) = \frac{1}{1 + e^{-x}}"
SOFTPLUS = r"\operatorname{softplus}(x) = \ln(1 + e^x)"
ONE_PLUS = 1 + exponential(x)
ONE_PLUS_INVERSE = 1 + exponential(-x)

relu_derivative = Claim(
    name="relu_derivative",
    title="The derivative of the rectifier is the indicator of the positive half-line.",
    part="1a",
    identity=equal(partial(relu(x), x), indicator(x > 0)),
    latex=r"\frac{d}{dx} \max\{0, x\} = \mathbb{1}_{x > 0}",
    definitions_latex=(RELU,),
    expected=Kind.CONDITIONAL,
    expected_conditions=("x != 0",),
    quantity=lambda given: complex_step_gradient(network.relu, given["x"]),
    quantity_name="complex step through relu",
    note="no derivative exists at the kink x = 0, where the right side says 0",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.3.1",
    written=(Written(r"g'(x)", r"\mathbb{1}_{x>0}"),),
)

relu_by_cases = Claim(
    name="relu_by_cases",
    title="The rectifier is x from 0 on and 0 below.",
    part="1a",
    identity=equal(relu(x), times(x, indicator(x >= 0))),
    latex=r"\max\{0, x\} = \begin{cases} x & x \geq 0 \\ 0 & x < 0 \end{cases}",
    quantity=lambda given: network.relu(given["x"]),
    quantity_name="relu",
    source="elementary",
    written=(Written(r"\max\{0, x\}", r"\begin{cases} x & x \geq 0 \\ 0 & x < 0 \end{cases}"),),
)

relu_slope_right_of_kink = Claim(
    name="relu_slope_right_of_kink",
    title="From the right, the difference quotient of the rectifier at 0 is 1.",
    part="1a",
    identity=equal(ratio(minus(relu(plus(0, h)), relu(plus(0, 0))), h), 1),
    latex=r"\frac{g(0 + h) - g(0)}{h} = 1 \quad (h > 0)",
    definitions_latex=(RELU,),
    hypotheses=(h > 0,),
    note="with the slope 0 from the left: no derivative exists at 0",
    source="elementary",
)

relu_slope_left_of_kink = Claim(
    name="relu_slope_left_of_kink",
    title="From the left, the difference quotient of the rectifier at 0 is 0.",
    part="1a",
    identity=equal(ratio(minus(relu(plus(0, h)), relu(plus(0, 0))), h), 0),
    latex=r"\frac{g(0 + h) - g(0)}{h} = 0 \quad (h < 0)",
    definitions_latex=(RELU,),
    hypotheses=(h < 0,),
    note="with the slope 1 from the right: no derivative exists at 0",
    source="elementary",
)

sigmoid_derivative = Claim(
    name="sigmoid_derivative",
    title="The derivative of the logistic sigmoid is the sigmoid times one minus the sigmoid.",
    part="1b",
    identity=equal(partial(sigmoid(x), x), sigmoid(x) * (1 - sigmoid(x))),
    latex=r"\frac{d \sigma(x)}{dx} = \sigma(x) \, (1 - \sigma(x))",
    definitions_latex=(SIGMOID,),
    quantity=lambda given: complex_step_gradient(network.sigmoid, given["x"]),
    quantity_name="complex step through the sigmoid",
    source="Bishop, Pattern Recognition and Machine Learning (2006), equation 4.88",
    written=(Written(r"\frac{d\sigma(x)}{dx}", r"\sigma(x) \cdot (1 - \sigma(x))"),),
)

sigmoid_derivative_as_quotient = Claim(
    name="sigmoid_derivative_as_quotient",
    title="The quotient rule gives the derivative of the sigmoid as a product of two fractions.",
    part="1b",
    identity=equal(
        partial(sigmoid(x), x), times(sigmoid(x), ratio(exponential(-x), ONE_PLUS_INVERSE))
    ),
    latex=(
        r"\frac{d \sigma(x)}{dx} = \left(\frac{1}{1 + e^{-x}}\right)"
        r"\left(\frac{e^{-x}}{1 + e^{-x}}\right)"
    ),
    definitions_latex=(SIGMOID,),
    quantity=lambda given: complex_step_gradient(network.sigmoid, given["x"]),
    quantity_name="complex step through the sigmoid",
    source="elementary",
    written=(
        Written(
            r"\frac{d\sigma(x)}{dx}",
            r"\left(\frac{1}{1 + \exp(-x)} \right) \left(\frac{\exp(-x)}{1 + \exp(-x)} \right)",
        ),
    ),
)

sigmoid_by_positive_exponential = Claim(
    name="sigmoid_by_positive_exponential",
    title="The sigmoid is e^x over e^x + 1.",
    part="1c",
    identity=equal(sigmoid(x), exponential(x) / (exponential(x) + 1)),
    latex=r"\frac{1}{1 + e^{-x}} = \frac{e^x}{e^x + 1}",
    definitions_latex=(SIGMOID,),
    quantity=lambda given: network.sigmoid(given["x"]),
    quantity_name="sigmoid",
    source="elementary",
    written=(Written(r"\frac{1}{1 + \exp(-x)}", r"\frac{e^x}{e^x + 1}"),),
)

sigmoid_by_tanh = Claim(
    name="sigmoid_by_tanh",
    title="The sigmoid is a hyperbolic tangent, shifted and scaled.",
    part="1c",
    identity=equal(sigmoid(x), Rational(1, 2) * (tanh(x / 2) + 1)),
    latex=r"\sigma(x) = \frac{1}{2}\left(\tanh\left(\tfrac{1}{2} x\right) + 1\right)",
    definitions_latex=(SIGMOID, r"\tanh(x) = \frac{e^x - e^{-x}}{e^x + e^{-x}}"),
    quantity=lambda given: network.sigmoid(given["x"]),
    quantity_name="sigmoid",
    source="Bishop, Pattern Recognition and Machine Learning (2006), exercise 3.1",
    written=(
        Written(r"\sigma(x)", r"\frac{1}{2} \left(\tanh\left(\frac{1}{2}x\right) + 1 \right)"),
    ),
)

tanh_plus_one = Claim(
    name="tanh_plus_one",
    title="One plus the hyperbolic tangent of x/2 is 2 e^x over e^x + 1.",
    part="1c",
    identity=equal(tanh_by_exponentials(x / 2) + 1, 2 * exponential(x) / (exponential(x) + 1)),
    latex=r"\tanh\left(\tfrac{1}{2} x\right) + 1 = \frac{2 e^x}{e^x + 1}",
    definitions_latex=(r"\tanh(x) = \frac{e^x - e^{-x}}{e^x + e^{-x}}",),
    quantity=lambda given: network.tanh(given["x"] / 2) + 1,
    quantity_name="tanh(x/2) + 1",
    source="elementary",
    written=(Written(r"\tanh\left(\frac{1}{2}x\right) + 1", r"\frac{2e^x}{e^x + 1}"),),
)

log_sigmoid_by_softplus = Claim(
    name="log_sigmoid_by_softplus",
    title="The logarithm of the sigmoid is minus the softplus of minus x.",
    part="1d",
    identity=equal(log(sigmoid(x)), -softplus(-x)),
    latex=r"\ln \sigma(x) = -\operatorname{softplus}(-x)",
    definitions_latex=(SIGMOID, SOFTPLUS),
    quantity=lambda given: network.log_sigmoid(given["x"]),
    quantity_name="log sigmoid in stable form",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), equation 3.36",
    written=(Written(r"\ln \sigma(x)", r"-\text{softplus}(-x)"),),
)

softplus_difference = Claim(
    name="softplus_difference",
    title="The softplus of x minus the softplus of -x is x.",
    part="1e",
    identity=equal(softplus(x) - softplus(-x), x),
    latex=r"\operatorname{softplus}(x) - \operatorname{softplus}(-x) = x",
    definitions_latex=(SOFTPLUS,),
    quantity=lambda given: network.softplus(given["x"]) - network.softplus(-given["x"]),
    quantity_name="softplus(x) - softplus(-x)",
    source="Goodfellow, Bengio, Courville, Deep Learning (2016), equation 3.41",
    written=(Written(r"\text{softplus}(x) - \text{softplus}(-x)", r"x"),),
)

difference_of_logs_as_quotient_of_logs = Claim(
    name="difference_of_logs_as_quotient_of_logs",
    title="Step: the difference of the two logarithms is the quotient of the logarithms.",
    part="1e",
    identity=equal(log(ONE_PLUS) - log(ONE_PLUS_INVERSE), log(ONE_PLUS) / log(ONE_PLUS_INVERSE)),
    latex=r"\ln(1 + e^x) - \ln(1 + e^{-x}) = \frac{\ln(1 + e^x)}{\ln(1 + e^{-x})}",
    expected=Kind.REFUTED,
    corrected_by="difference_of_logs_as_log_of_quotient",
    quantity=lambda given: network.softplus(given["x"]) - network.softplus(-given["x"]),
    quantity_name="softplus(x) - softplus(-x)",
    note=(
        "a difference of logarithms is the logarithm of a quotient, not a quotient of logarithms: "
        "at x = 0 the left side is 0 and the right side is 1"
    ),
    source="elementary",
    written=(Written(r"\ln(1 + e^x) - \ln(1 + e^{-x})", r"\frac{\ln(1 + e^x)}{\ln(1 + e^{-x})}"),),
)

difference_of_logs_as_log_of_quotient = Claim(
    name="difference_of_logs_as_log_of_quotient",
    title="The difference of the two logarithms is the logarithm of the quotient.",
    part="1e",
    identity=equal(log(ONE_PLUS) - log(ONE_PLUS_INVERSE), log(ONE_PLUS / ONE_PLUS_INVERSE)),
    latex=r"\ln(1 + e^x) - \ln(1 + e^{-x}) = \ln \frac{1 + e^x}{1 + e^{-x}}",
    quantity=lambda given: network.softplus(given["x"]) - network.softplus(-given["x"]),
    quantity_name="softplus(x) - softplus(-x)",
    source="elementary",
)

factored_exponential_in_quotient_of_logs = Claim(
    name="factored_exponential_in_quotient_of_logs",
    title="Step: e^x may be taken out of 1 + e^x in the numerator of the quotient of logarithms.",
    part="1e",
    identity=equal(
        log(ONE_PLUS) / log(ONE_PLUS_INVERSE),
        log(exponential(x) * ONE_PLUS_INVERSE) / log(ONE_PLUS_INVERSE),
    ),
    latex=(
        r"\frac{\ln(1 + e^x)}{\ln(1 + e^{-x})} = "
        r"\frac{\ln\left(e^x (1 + e^{-x})\right)}{\ln(1 + e^{-x})}"
    ),
    note="right in itself, but the wrong step before it makes it useless",
    source="elementary",
    written=(
        Written(
            r"\frac{\ln(1 + e^x)}{\ln(1 + e^{-x})}",
            r"\frac{\ln e^x (1 + e^{-x})}{\ln(1 + e^{-x})}",
        ),
    ),
)

cancellation_inside_quotient_of_logs = Claim(
    name="cancellation_inside_quotient_of_logs",
    title="Step: the common factor of the arguments cancels in a quotient of logarithms.",
    part="1e",
    identity=equal(
        log(exponential(x) * ONE_PLUS_INVERSE) / log(ONE_PLUS_INVERSE), log(exponential(x))
    ),
    latex=r"\frac{\ln\left(e^x (1 + e^{-x})\right)}{\ln(1 + e^{-x})} = \ln e^x",
    expected=Kind.REFUTED,
    corrected_by="cancellation_inside_log_of_quotient",
    note=(
        "factors cancel in a quotient inside one logarithm, not between two logarithms: "
        "at x = 0 the left side is 1 and the right side is 0"
    ),
    source="elementary",
    written=(Written(r"\frac{\ln e^x (1 + e^{-x})}{\ln(1 + e^{-x})}", r"\ln e^x"),),
)

cancellation_inside_log_of_quotient = Claim(
    name="cancellation_inside_log_of_quotient",
    title="The common factor cancels inside the logarithm of the quotient, which leaves x.",
    part="1e",
    identity=equal(log(ratio(exponential(x) * ONE_PLUS_INVERSE, ONE_PLUS_INVERSE)), x),
    latex=r"\ln \frac{e^x (1 + e^{-x})}{1 + e^{-x}} = x",
    quantity=lambda given: network.softplus(given["x"]) - network.softplus(-given["x"]),
    quantity_name="softplus(x) - softplus(-x)",
    source="elementary",
)

log_inverts_exponential = Claim(
    name="log_inverts_exponential",
    title="Step: the logarithm of e^x is x.",
    part="1e",
    identity=equal(log(exponential(x)), x),
    latex=r"\ln e^x = x",
    source="elementary",
    written=(Written(r"\ln e^x", r"x"),),
)

sign_by_indicators = Claim(
    name="sign_by_indicators",
    title="The sign is the indicator of x > 0 minus the indicator of x < 0.",
    part="1f",
    identity=equal(sign(x), indicator(x > 0) - indicator(x < 0)),
    latex=r"\operatorname{sign}(x) = \mathbb{1}_{x > 0} - \mathbb{1}_{x < 0}",
    definitions_latex=(
        r"\operatorname{sign}(x) = 1 \text{ for } x > 0,\; 0 \text{ for } x = 0,\;"
        r" -1 \text{ for } x < 0",
    ),
    quantity=lambda given: np.sign(given["x"]),
    quantity_name="sign",
    source="elementary",
    written=(Written(r"\text{sign}(x)", r"\mathbf{1}_{x>0}(x) - \mathbf{1}_{x<0}(x)"),),
)
