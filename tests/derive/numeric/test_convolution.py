import re
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.numeric.convolution import (
    average_pool2d,
    average_pool2d_backward,
    conv2d,
    conv2d_backward,
    max_pool2d,
    max_pool2d_backward,
    output_size,
)
from derive.numeric.finite_difference import (
    central_difference_gradient,
    complex_step_gradient,
    relative_error,
)

METHODS = [(complex_step_gradient, 1e-13), (central_difference_gradient, 1e-8)]

# (n, c_in, height, width), (c_out, k_h, k_w), stride, padding, dilation; leftovers on purpose
GEOMETRIES = [
    ((2, 3, 5, 6), (4, 2, 3), 1, 0, 1),
    ((2, 3, 6, 7), (1, 3, 2), (2, 3), (1, 2), 1),
    ((1, 2, 7, 8), (3, 2, 3), (3, 2), (0, 1), (3, 2)),
    ((3, 1, 4, 5), (2, 1, 1), 2, 1, 4),
    ((1, 1, 1, 1), (1, 1, 1), 1, 0, 1),
    ((2, 2, 5, 3), (3, 5, 3), (4, 5), 0, 1),
    ((1, 2, 3, 4), (2, 3, 4), 1, (2, 3), 2),
]
POOLS = [
    # shape, kernel, stride, padding, dilation
    ((2, 3, 4, 6), 2, None, 0, 1),
    ((1, 2, 7, 5), (3, 2), None, 0, 1),
    ((2, 1, 5, 6), 3, 1, 1, 1),
    ((1, 3, 7, 8), (2, 3), (1, 2), (1, 0), (3, 2)),
    ((3, 2, 1, 1), 1, None, 0, 1),
    ((2, 3, 5, 4), (2, 3), (3, 1), 1, 1),
]
POOLINGS = [(max_pool2d, max_pool2d_backward), (average_pool2d, average_pool2d_backward)]


def pair(value):
    return value if isinstance(value, tuple) else (value, value)


def naive_convolution(x, weight, bias, stride, padding, dilation):
    """One multiplication at a time; the size by trying where the last window still fits."""
    (sh, sw), (ph, pw), (dh, dw) = pair(stride), pair(padding), pair(dilation)
    n, c_in, height, width = x.shape
    c_out, _, kh, kw = weight.shape

    def starts(size, p, k, s, d):
        return [start for start in range(-p, size + p, s) if start + d * (k - 1) < size + p]

    rows, columns = starts(height, ph, kh, sh, dh), starts(width, pw, kw, sw, dw)
    out = np.zeros((n, c_out, len(rows), len(columns)))
    for b, o, (p, top), (q, left) in product(
        range(n), range(c_out), enumerate(rows), enumerate(columns)
    ):
        out[b, o, p, q] = bias[o]
        for c, i, j in product(range(c_in), range(kh), range(kw)):
            row, column = top + dh * i, left + dw * j
            if 0 <= row < height and 0 <= column < width:
                out[b, o, p, q] += weight[o, c, i, j] * x[b, c, row, column]
    return out


def naive_pooling(x, kernel, stride, padding, dilation, reduce):
    """reduce(entries inside the image, number of entries of the window) for every window."""
    (kh, kw), (ph, pw), (dh, dw) = pair(kernel), pair(padding), pair(dilation)
    sh, sw = pair(kernel if stride is None else stride)
    n, channels, height, width = x.shape
    out = [
        [
            [
                reduce(
                    [
                        x[b, c, top + dh * i, left + dw * j]
                        for i, j in product(range(kh), range(kw))
                        if 0 <= top + dh * i < height and 0 <= left + dw * j < width
                    ],
                    kh * kw,
                )
                for left in range(-pw, width + pw - dw * (kw - 1), sw)
            ]
            for top in range(-ph, height + ph - dh * (kh - 1), sh)
        ]
        for b, c in product(range(n), range(channels))
    ]
    array = np.array(out)
    return array.reshape(n, channels, *array.shape[1:])


def convolution_problem(shape, kernels, seed=0):
    generator = np.random.default_rng(seed)
    c_out, k_h, k_w = kernels
    weight = generator.standard_normal((c_out, shape[1], k_h, k_w))
    return generator.standard_normal(shape), weight, generator.standard_normal(c_out)


@pytest.mark.parametrize(("shape", "kernels", "stride", "padding", "dilation"), GEOMETRIES)
def test_convolution_equals_the_nested_loops(shape, kernels, stride, padding, dilation):
    x, weight, bias = convolution_problem(shape, kernels)
    arguments = {"stride": stride, "padding": padding, "dilation": dilation}
    expected = naive_convolution(x, weight, bias, **arguments)
    assert relative_error(conv2d(x, weight, bias, **arguments), expected) < 1e-13
    without_bias = naive_convolution(x, weight, np.zeros_like(bias), **arguments)
    assert relative_error(conv2d(x, weight, **arguments), without_bias) < 1e-13


def test_convolution_by_hand():
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    weight = np.array([1.0, 10.0, 100.0, 1000.0]).reshape(1, 1, 2, 2)
    out = conv2d(x, weight, [0.5])
    assert (out == [[[[4310.5, 5421.5], [7643.5, 8754.5]]]]).all()


@st.composite
def geometries(draw):
    """Size of the image, kernel, stride, padding, dilation, each (rows, columns), that fit."""

    def pairs(low, high):
        return draw(st.tuples(st.integers(low, high), st.integers(low, high)))

    kernel, stride, padding, dilation = pairs(1, 3), pairs(1, 4), pairs(0, 3), pairs(1, 3)
    spare = pairs(0, 4)
    size = tuple(
        max(1, dilation[a] * (kernel[a] - 1) + 1 - 2 * padding[a]) + spare[a] for a in (0, 1)
    )
    return size, kernel, stride, padding, dilation


@settings(deadline=None, max_examples=60)
@given(geometries(), st.integers(1, 3), st.integers(1, 3), st.integers(0, 10**6))
def test_any_geometry_by_nested_loops_output_size_and_complex_step(geometry, c_in, c_out, seed):
    size, kernel, stride, padding, dilation = geometry
    arguments = {"stride": stride, "padding": padding, "dilation": dilation}
    x, weight, bias = convolution_problem((2, c_in, *size), (c_out, *kernel), seed)
    out = conv2d(x, weight, bias, **arguments)
    assert relative_error(out, naive_convolution(x, weight, bias, **arguments)) < 1e-13
    assert out.shape[2:] == tuple(
        output_size(*axis) for axis in zip(size, kernel, stride, padding, dilation, strict=True)
    )

    generator = np.random.default_rng(seed + 1)
    probe = generator.standard_normal(out.shape)
    dx, dweight, dbias = (generator.standard_normal(v.shape) for v in (x, weight, bias))
    gradients = conv2d_backward(probe, x, weight, **arguments)
    along = (
        (gradients.x * dx).sum()
        + (gradients.weight * dweight).sum()
        + (gradients.bias * dbias).sum()
    )
    expected = complex_step_gradient(
        lambda t: (
            probe * conv2d(x + t * dx, weight + t * dweight, bias + t * dbias, **arguments)
        ).sum(),
        0.0,
    )
    assert along == pytest.approx(expected, rel=1e-11, abs=1e-11)


@settings(deadline=None, max_examples=60)
@given(geometries(), st.sampled_from(["max", "average"]), st.booleans(), st.integers(0, 10**6))
def test_gradient_of_pooling_in_any_geometry(geometry, kind, ties, seed):
    size, kernel, stride, padding, dilation = geometry
    pool, backward = POOLINGS[kind == "average"]
    arguments = {"stride": stride, "padding": (0, 0), "dilation": dilation}
    size = tuple(size[a] + 2 * padding[a] for a in (0, 1))
    generator = np.random.default_rng(seed)
    x = (
        generator.integers(-1, 2, (2, 3, *size))
        if ties
        else generator.standard_normal((2, 3, *size))
    )
    out = pool(x, kernel, **arguments)
    probe, direction = generator.standard_normal(out.shape), generator.standard_normal(x.shape)
    along = (backward(probe, x, kernel, **arguments) * direction).sum()
    expected = complex_step_gradient(
        lambda t: (probe * pool(x + t * direction, kernel, **arguments)).sum(), 0.0
    )
    assert along == pytest.approx(expected, rel=1e-11, abs=1e-11)


@pytest.mark.parametrize(("method", "tolerance"), METHODS)
@pytest.mark.parametrize(("shape", "kernels", "stride", "padding", "dilation"), GEOMETRIES)
def test_every_gradient_of_the_convolution(
    method, tolerance, shape, kernels, stride, padding, dilation
):
    arguments = {"stride": stride, "padding": padding, "dilation": dilation}
    x, weight, bias = convolution_problem(shape, kernels)
    out = conv2d(x, weight, bias, **arguments)
    probe = np.random.default_rng(100).standard_normal(out.shape)
    gradients = conv2d_backward(probe, x, weight, **arguments)
    scalars = {
        "x": (lambda v: (probe * conv2d(v, weight, bias, **arguments)).sum(), x),
        "weight": (lambda v: (probe * conv2d(x, v, bias, **arguments)).sum(), weight),
        "bias": (lambda v: (probe * conv2d(x, weight, v, **arguments)).sum(), bias),
    }
    for name, (function, point) in scalars.items():
        error = relative_error(getattr(gradients, name), method(function, point))
        assert error < tolerance, f"{name}: {error}"


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.floats(-9, 9), st.floats(-9, 9))
def test_backward_is_linear_in_the_output_gradient(seed, a, b):
    generator = np.random.default_rng(seed)
    x, weight, _ = convolution_problem((2, 3, 6, 7), (4, 3, 2), seed)

    def check(backward, shape):
        g, h = generator.standard_normal((2, *shape))
        whole, left, right = backward(a * g + b * h), backward(g), backward(h)
        for one, first, second in zip(whole, left, right, strict=True):
            assert relative_error(one, a * first + b * second, floor=1.0) < 1e-11

    def convolution(gradient):
        found = conv2d_backward(gradient, x, weight, stride=(2, 3), padding=(1, 2))
        return found.x, found.weight, found.bias

    check(convolution, conv2d(x, weight, stride=(2, 3), padding=(1, 2)).shape)
    check(lambda g: [max_pool2d_backward(g, x, 2, stride=1)], (2, 3, 5, 6))
    check(lambda g: [average_pool2d_backward(g, x, 2, stride=1)], (2, 3, 5, 6))


@pytest.mark.parametrize(("shape", "kernel", "stride", "padding", "dilation"), POOLS)
def test_pooling_equals_the_nested_loops(shape, kernel, stride, padding, dilation):
    x = np.random.default_rng(4).standard_normal(shape) - 3.0  # below the padding's zeros
    arguments = {"stride": stride, "padding": padding, "dilation": dilation}
    largest = naive_pooling(x, kernel, reduce=lambda entries, _: max(entries), **arguments)
    mean = naive_pooling(x, kernel, reduce=lambda entries, k: sum(entries) / k, **arguments)
    assert max_pool2d(x, kernel, **arguments).shape == largest.shape
    assert (max_pool2d(x, kernel, **arguments) == largest).all()
    assert relative_error(average_pool2d(x, kernel, **arguments), mean) < 1e-14


@pytest.mark.parametrize(("method", "tolerance"), METHODS)
@pytest.mark.parametrize(("pool", "backward"), POOLINGS)
@pytest.mark.parametrize(("shape", "kernel", "stride", "padding", "dilation"), POOLS)
def test_gradient_of_pooling(
    method, tolerance, pool, backward, shape, kernel, stride, padding, dilation
):
    arguments = {"stride": stride, "padding": padding, "dilation": dilation}
    x = np.random.default_rng(1).standard_normal(shape)
    out = pool(x, kernel, **arguments)
    probe = np.random.default_rng(100).standard_normal(out.shape)
    expected = method(lambda v: (probe * pool(v, kernel, **arguments)).sum(), x)
    assert relative_error(backward(probe, x, kernel, **arguments), expected) < tolerance


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ([[1, 1], [1, 1]], [[7, 0], [0, 0]]),
        ([[0, 1], [1, 1]], [[0, 7], [0, 0]]),
        ([[0, 0], [1, 1]], [[0, 0], [7, 0]]),
        ([[0, 1], [1, 0]], [[0, 7], [0, 0]]),
        ([[0, 0], [0, 1]], [[0, 0], [0, 7]]),
        ([[-800, -800], [-800, -801]], [[7, 0], [0, 0]]),
        ([[0.0, -0.0], [0.0, -0.0]], [[7, 0], [0, 0]]),
    ],
)
def test_on_a_tie_the_first_of_the_largest_gets_the_whole_gradient(window, expected):
    x = np.array([[window]], dtype=float)
    found = max_pool2d_backward(np.full((1, 1, 1, 1), 7.0), x, 2)
    assert (found == [[expected]]).all()
    by_complex_step = complex_step_gradient(lambda v: 7.0 * max_pool2d(v, 2).sum(), x)
    assert relative_error(found, by_complex_step) < 1e-15


def test_overlapping_windows_add_their_gradients():
    x = np.array([[[[0.0, 5.0, 0.0]]]])
    gradient = np.array([[[[2.0, 3.0]]]])
    assert (max_pool2d_backward(gradient, x, (1, 2), stride=1) == [[[[0, 5, 0]]]]).all()
    assert (average_pool2d_backward(gradient, x, (1, 2), stride=1) == [[[[1, 2.5, 1.5]]]]).all()


def test_entries_that_no_window_reads_get_no_gradient():
    x = np.random.default_rng(0).standard_normal((1, 1, 5, 5))
    for _, backward in POOLINGS:
        found = backward(np.ones((1, 1, 2, 2)), x, 2)
        assert (found[..., 4, :] == 0).all()
        assert (found[..., :, 4] == 0).all()
    assert (
        conv2d_backward(np.ones((1, 1, 2, 2)), x, np.ones((1, 1, 2, 2)), stride=2).x[..., 4, :] == 0
    ).all()


@pytest.mark.parametrize("scale", [800.0, 0.0])
def test_large_and_zero_images(scale):
    x, weight, bias = convolution_problem((2, 3, 5, 6), (4, 2, 3))
    image = scale * np.sign(x)
    arguments = {"stride": 2, "padding": 1, "dilation": 1}
    out = conv2d(image, weight, bias, **arguments)
    assert relative_error(out, naive_convolution(image, weight, bias, **arguments)) < 1e-13
    probe = np.ones(out.shape)
    expected = complex_step_gradient(
        lambda v: (probe * conv2d(image, v, bias, **arguments)).sum(), weight
    )
    assert (
        relative_error(conv2d_backward(probe, image, weight, **arguments).weight, expected) < 1e-13
    )


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((32, 5), 28),
        ((28, 2, 2), 14),
        ((14, 5), 10),
        ((64, 44, 4), 6),
        ((64, 26, 3, 1, 2), 6),
        ((64, 26, 5, 1, 2), 4),
        ((64, 41, 5, 1, 1), 6),
        ((5, 2, 2), 2),
        ((5, 5), 1),
        ((1, 1, 9), 1),
        ((1, 3, 1, 1), 1),
        ((np.int64(7), np.int64(3), 2), 3),
    ],
)
def test_output_size(arguments, expected):
    assert output_size(*arguments) == expected


IMAGE, KERNELS = np.ones((2, 3, 5, 6)), np.ones((4, 3, 2, 3))
REFUSED = [
    (
        lambda: conv2d(np.ones((2, 4, 5, 6)), KERNELS),
        "x has shape (2, 4, 5, 6), expected (n, c_in, height, width) with c_in = 3 as in weight",
    ),
    (
        lambda: conv2d(np.ones((3, 5, 6)), KERNELS),
        "x has shape (3, 5, 6), expected (n, c_in, height, width): 4 axes, not 3; "
        "for one example write x[np.newaxis]",
    ),
    (
        lambda: conv2d(IMAGE, KERNELS, np.ones(3)),
        "bias has shape (3,), expected (c_out,) with c_out = 4 as in weight",
    ),
    (
        lambda: conv2d(IMAGE, np.ones((4, 3, 2))),
        "weight has shape (4, 3, 2), expected (c_out, c_in, k_h, k_w): 4 axes, not 3",
    ),
    (
        lambda: conv2d(IMAGE, KERNELS, dilation=3),
        "a kernel of 3 with dilation 3 spans 7, more than the input of 6 with padding 0 has (6); "
        "expected a smaller kernel or dilation, or more padding",
    ),
    (
        lambda: conv2d_backward(np.ones((2, 4, 4, 5)), IMAGE, KERNELS),
        "output_gradient has shape (2, 4, 4, 5), expected (2, 4, 4, 4), the output's shape",
    ),
    (
        lambda: max_pool2d_backward(np.ones((2, 3, 2, 2)), IMAGE, 2),
        "output_gradient has shape (2, 3, 2, 2), expected (2, 3, 2, 3), the output's shape",
    ),
    (
        lambda: average_pool2d_backward(np.ones((1, 3, 2, 3)), IMAGE, 2),
        "output_gradient has shape (1, 3, 2, 3), expected (2, 3, 2, 3), the output's shape",
    ),
    (
        lambda: max_pool2d(IMAGE, 1, padding=1),
        "padding is (1, 1): a max pooling window of kernel (1, 1) with dilation (1, 1) "
        "reads nothing but padding; expected less padding",
    ),
    (
        lambda: max_pool2d(np.ones((1, 1, 1, 5)), (2, 1), padding=(2, 0), dilation=(3, 1)),
        "padding is (2, 0): a max pooling window of kernel (2, 1) with dilation (3, 1) "
        "reads nothing but padding; expected less padding",
    ),
    (
        lambda: max_pool2d(np.ones((5, 6)), 2),
        "x has shape (5, 6), expected (n, c, height, width): "
        "4 axes, not 2; for one example write x[np.newaxis]",
    ),
    (lambda: conv2d(IMAGE, KERNELS, stride=0), "stride is 0, expected an integer >= 1"),
    (lambda: conv2d(IMAGE, KERNELS, padding=(0, -1)), "padding is -1, expected an integer >= 0"),
    (lambda: conv2d(IMAGE, KERNELS, dilation=1.5), "dilation is 1.5, expected an integer >= 1"),
    (
        lambda: conv2d(IMAGE, KERNELS, stride=(1, 2, 3)),
        "stride is (1, 2, 3), expected an integer or a pair (rows, columns)",
    ),
    (lambda: output_size(0, 1), "input size is 0, expected an integer >= 1"),
    (lambda: output_size(5, 0), "kernel is 0, expected an integer >= 1"),
    (lambda: output_size(5, True), "kernel is True, expected an integer >= 1"),
    (
        lambda: output_size(5, 8, padding=1),
        "a kernel of 8 with dilation 1 spans 8, more than the input of 5 with padding 1 has (7); "
        "expected a smaller kernel or dilation, or more padding",
    ),
]


@pytest.mark.parametrize(("call", "message"), REFUSED)
def test_refused(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()
