"""Sizes and parameter counts of a convolutional network (questions 3 a and 3 b).

A convolution with kernel k, stride s, padding p and dilation d maps an input of length i to
``floor((i + 2 p - d (k - 1) - 1) / s) + 1`` along each axis (Dumoulin and Visin, 2016).
"""

from collections.abc import Mapping

import numpy as np
from sympy import Expr, floor

from derive.claim import Array, Claim, Quantity, Reading, Written
from derive.numeric import convolutional_network as network
from derive.verdict import Kind
from identities.notation import bound, dimension, equal, plus, ratio, sum_over, times

GUIDE = "Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016)"
SIZE = r"\text{output} = \left\lfloor\frac{i - k + 2p}{s}\right\rfloor + 1"
NETWORK = (
    r"\text{input } 1 \times 32 \times 32;\; \text{6 kernels } 5 \times 5;\; "
    r"\text{pooling } 2 \times 2 \text{, stride } 2;\; \text{16 kernels } 5 \times 5"
)

c_in = dimension("c_in")
c_out = dimension("c_out")
k_h = dimension("k_h")
k_w = dimension("k_w")


def output_length(length: int, kernel: int, padding: int = 0, stride: int = 1) -> Expr:
    """``floor((length - kernel + 2 padding) / stride) + 1``, kept as written."""
    return plus(floor(ratio(plus(length, -kernel, times(2, padding)), stride), evaluate=False), 1)


def weights(outputs: int, inputs: int, kernel: int) -> Expr:
    """``outputs (kernel kernel inputs)``, kept as written."""
    return times(outputs, times(kernel, kernel, inputs))


def weights_and_biases(outputs: int, inputs: int, kernel: int) -> Expr:
    """``outputs (kernel kernel inputs + 1)``, kept as written."""
    return times(outputs, plus(times(kernel, kernel, inputs), 1))


def _units(layer: str) -> Quantity:
    """The number of units of a layer, read off the arrays of a forward pass."""

    def quantity(_: Mapping[str, Array]) -> int:
        image = np.zeros((1, 1, 32, 32))
        activations = network.forward(network.random_parameters(), image)
        return int(np.prod(network.layer_shapes(activations)[layer]))

    return quantity


def _parameters(layer: str, *, biases: bool) -> Quantity:
    return lambda _: network.parameter_counts(network.random_parameters(biases=biases))[layer]


def _parameters_of_size(given: Mapping[str, Array]) -> int:
    """The parameters of one convolution with as many channels and as large a kernel as given."""
    c_in, c_out, k_h, k_w = (int(given[name]) for name in ("c_in", "c_out", "k_h", "k_w"))
    layer = network.Parameters(
        weight1=np.zeros((c_out, c_in, k_h, k_w)),
        bias1=np.zeros(c_out),
        weight2=np.zeros((1, c_out, k_h, k_w)),
        bias2=None,
    )
    return network.parameter_counts(layer)["convolution1"]


# 3 a

first_convolution_size = Claim(
    name="first_convolution_size",
    title="The first convolution gives 6 x 28 x 28 units.",
    part="3a",
    identity=equal(times(6, plus(32, -5, 1), plus(32, -5, 1)), times(6, 28, 28)),
    latex=r"6 \times (32 - 5 + 1) \times (32 - 5 + 1) = 6 \times 28 \times 28",
    definitions_latex=(NETWORK,),
    quantity=_units("convolution1"),
    quantity_name="number of units after the first convolution",
    source=GUIDE,
    written=(Written(r"6 \times (32 - 5 + 1) \times (32 - 5 + 1)", r"6 \times 28 \times 28"),),
)

pooling_size = Claim(
    name="pooling_size",
    title="The pooling layer gives 6 x 14 x 14 units.",
    part="3a",
    identity=equal(
        times(
            6,
            plus(ratio(plus(28, -2, times(2, 0)), 2), 1),
            plus(ratio(plus(28, -2, times(2, 0)), 2), 1),
        ),
        times(6, 14, 14),
    ),
    latex=(
        r"6 \times \left(\frac{28 - 2 + 2(0)}{2} + 1\right) \times "
        r"\left(\frac{28 - 2 + 2(0)}{2} + 1\right) = 6 \times 14 \times 14"
    ),
    definitions_latex=(NETWORK,),
    quantity=_units("pooling"),
    quantity_name="number of units after the pooling",
    source=GUIDE,
    written=(
        Written(
            (
                r"6 \times \left(\frac{28 - 2 + 2(0)}{2} + 1 \right) \times \left(\frac{28 - 2 + "
                r"2(0)}{2} + 1 \right)"
            ),
            r"6 \times 14 \times 14",
        ),
    ),
)

second_convolution_size = Claim(
    name="second_convolution_size",
    title="The second convolution gives 16 x 10 x 10 units.",
    part="3a",
    identity=equal(times(16, plus(14, -5, 1), plus(14, -5, 1)), times(16, 10, 10)),
    latex=r"16 \times (14 - 5 + 1) \times (14 - 5 + 1) = 16 \times 10 \times 10",
    definitions_latex=(NETWORK,),
    quantity=_units("convolution2"),
    quantity_name="number of units after the second convolution",
    source=GUIDE,
    written=(Written(r"16 \times (14 - 5 + 1) \times (14 - 5 + 1)", r"16 \times 10 \times 10"),),
)

network_size_with_floors = Claim(
    name="network_size_with_floors",
    title="The floors of the size formula change nothing: every division is exact here.",
    part="3a",
    identity=equal(
        times(output_length(32, 5), output_length(28, 2, stride=2), output_length(14, 5)),
        times(28, 14, 10),
    ),
    latex=(
        r"\left(\left\lfloor\tfrac{32 - 5}{1}\right\rfloor + 1\right) "
        r"\left(\left\lfloor\tfrac{28 - 2}{2}\right\rfloor + 1\right) "
        r"\left(\left\lfloor\tfrac{14 - 5}{1}\right\rfloor + 1\right) = 28 \cdot 14 \cdot 10"
    ),
    definitions_latex=(NETWORK, SIZE),
    source=GUIDE,
)

# 3 b

convolution_parameter_count = Claim(
    name="convolution_parameter_count",
    title="A convolution has one weight per tap and channel pair, and one bias per output channel.",
    part="3b",
    identity=equal(
        plus(
            sum_over(
                1,
                (bound("a"), c_out),
                (bound("b"), c_in),
                (bound("s"), k_h),
                (bound("t"), k_w),
            ),
            sum_over(1, (bound("a"), c_out)),
        ),
        times(c_out, plus(times(k_h, k_w, c_in), 1)),
    ),
    latex=r"n_\theta = c_{\text{out}} (k_h k_w c_{\text{in}} + 1)",
    definitions_latex=(
        r"\text{weights in } \mathbb{R}^{c_{\text{out}} \times c_{\text{in}} \times k_h \times "
        r"k_w},\; \text{biases in } \mathbb{R}^{c_{\text{out}}}",
    ),
    quantity=_parameters_of_size,
    quantity_name="number of entries in the layer's arrays",
    source=GUIDE,
)

first_convolution_parameters_as_written = Claim(
    name="first_convolution_parameters_as_written",
    title="The first convolution has 150 parameters.",
    part="3b",
    identity=equal(weights_and_biases(6, 1, 5), 150),
    latex=r"n_{\text{first layer}} = 6 (5 \times 5 \times 1) = 150",
    definitions_latex=(NETWORK,),
    readings=(Reading("no bias", equal(weights(6, 1, 5), 150)),),
    expected=Kind.CONDITIONAL,
    expected_conditions=("no bias",),
    corrected_by="first_convolution_parameters",
    quantity=_parameters("convolution1", biases=False),
    quantity_name="number of weights in the first convolution's array",
    note="the six biases are left out; with them there are 156",
    source="elementary",
)

first_convolution_weights = Claim(
    name="first_convolution_weights",
    title="The first convolution has 150 weights.",
    part="3b",
    identity=equal(weights(6, 1, 5), 150),
    latex=r"6 (5 \times 5 \times 1) = 150",
    definitions_latex=(NETWORK, r"\text{no biases}"),
    quantity=_parameters("convolution1", biases=False),
    quantity_name="number of weights in the first convolution's array",
    source="elementary",
    written=(Written(r"6(5 \times 5 \times 1)", r"150"),),
)

first_convolution_parameters = Claim(
    name="first_convolution_parameters",
    title="With its biases the first convolution has 156 parameters.",
    part="3b",
    identity=equal(weights_and_biases(6, 1, 5), 156),
    latex=r"6 (5 \times 5 \times 1 + 1) = 156",
    definitions_latex=(NETWORK,),
    quantity=_parameters("convolution1", biases=True),
    quantity_name="number of parameters in the first convolution's arrays",
    source="LeCun, Bottou, Bengio, Haffner, Gradient-Based Learning (1998), section II B, layer C1",
)

second_convolution_parameters_as_written = Claim(
    name="second_convolution_parameters_as_written",
    title="The second convolution has 2400 parameters.",
    part="3b",
    identity=equal(weights_and_biases(16, 6, 5), 2400),
    latex=r"n_{\text{last layer}} = 16 (5 \times 5 \times 6) = 2400",
    definitions_latex=(NETWORK,),
    readings=(Reading("no bias", equal(weights(16, 6, 5), 2400)),),
    expected=Kind.CONDITIONAL,
    expected_conditions=("no bias",),
    corrected_by="second_convolution_parameters",
    quantity=_parameters("convolution2", biases=False),
    quantity_name="number of weights in the second convolution's array",
    note="the sixteen biases are left out; with them there are 2416",
    source="elementary",
)

second_convolution_weights = Claim(
    name="second_convolution_weights",
    title="The second convolution has 2400 weights.",
    part="3b",
    identity=equal(weights(16, 6, 5), 2400),
    latex=r"16 (5 \times 5 \times 6) = 2400",
    definitions_latex=(NETWORK, r"\text{no biases}"),
    quantity=_parameters("convolution2", biases=False),
    quantity_name="number of weights in the second convolution's array",
    source="elementary",
    written=(Written(r"16(5 \times 5 \times 6)", r"2400"),),
)

second_convolution_parameters = Claim(
    name="second_convolution_parameters",
    title="With its biases the second convolution has 2416 parameters.",
    part="3b",
    identity=equal(weights_and_biases(16, 6, 5), 2416),
    latex=r"16 (5 \times 5 \times 6 + 1) = 2416",
    definitions_latex=(NETWORK,),
    quantity=_parameters("convolution2", biases=True),
    quantity_name="number of parameters in the second convolution's arrays",
    source="elementary",
)

network_parameter_count = Claim(
    name="network_parameter_count",
    title="The network has 2572 parameters: input and pooling add none.",
    part="3b",
    identity=equal(plus(0, weights_and_biases(6, 1, 5), 0, weights_and_biases(16, 6, 5)), 2572),
    latex=r"0 + 6 (5 \times 5 \times 1 + 1) + 0 + 16 (5 \times 5 \times 6 + 1) = 2572",
    definitions_latex=(NETWORK,),
    quantity=lambda _: sum(network.parameter_counts(network.random_parameters()).values()),
    quantity_name="number of parameters in all arrays of the network",
    source="elementary",
)
