"""The cross-entropy loss as written: its indices and its logarithms (questions 2 d and 2 g).

``c`` is a free class index: the class of the example where the text says "the correct class".
"""

from collections.abc import Mapping

import numpy as np
from sympy import Expr, KroneckerDelta, S

from derive.claim import Array, Claim, Written
from derive.numeric.activations import log_softmax
from derive.numeric.multilayer_perceptron import cross_entropy as network_cross_entropy
from derive.verdict import Kind
from identities.network import LOSS, ONE_HOT, SOFTMAX, c, cross_entropy, entries_of, o_a, y
from identities.notation import (
    array,
    bound,
    dimension,
    equal,
    exponential,
    exponential_sum,
    log,
    m,
    minus,
    plus,
    softmax_entry,
    times,
    total,
)

M = dimension("M")
k = bound("k")
l = bound("l")  # noqa: E741
q = bound("q")

OUTPUT = entries_of(o_a)
TARGET = entries_of(y)
POSITIVE_TARGET = r"y_k > 0 \text{ for all } k \text{, so that } \ln y_k \text{ exists}"
TEXTBOOK = "Goodfellow, Bengio, Courville, Deep Learning (2016), section 6.2.2.3"


def probability(a: Expr) -> Expr:
    """Entry a of softmax(o_a)."""
    return softmax_entry(OUTPUT, a, m)


def negative_log_probability(a: Expr) -> Expr:
    """``-log softmax(o_a)_a``."""
    return -log(probability(a))


def others(entries: Expr, a: Expr) -> Expr:
    """The entry where the class is not c, else 0."""
    return (1 - KroneckerDelta(a, c)) * entries


def _loss(given: Mapping[str, Array]) -> Array:
    loss: Array = network_cross_entropy(given["o_a"][None], given["y"][None])[0]
    return loss


def _loss_of_each_class(given: Mapping[str, Array]) -> Array:
    return -log_softmax(given["o_a"])


# 2 d

cross_entropy_of_class = Claim(
    name="cross_entropy_of_class",
    title="For a one-hot target the loss is minus the log-probability of the correct class.",
    part="2d",
    identity=equal(
        -total(lambda a: KroneckerDelta(a, c) * log(probability(a)), k, m),
        negative_log_probability(c),
    ),
    latex=(r"-\sum_{k=1}^m \mathbb{1}_{k=c} \ln S(\mathbf{o}^a)_k = -\ln S(\mathbf{o}^a)_c"),
    definitions_latex=(LOSS, r"y_k = \mathbb{1}_{k=c}"),
    quantity=_loss_of_each_class,
    quantity_name="-log softmax(o_a) in stable form",
    source=TEXTBOOK,
)

cross_entropy_by_log_sum_exp = Claim(
    name="cross_entropy_by_log_sum_exp",
    title="The loss by a log-sum-exp, for every target y.",
    part="2d",
    identity=equal(
        cross_entropy(OUTPUT, TARGET),
        total(TARGET, q, m) * log(exponential_sum(OUTPUT, m))
        - total(lambda a: y[a] * o_a[a], k, m),
    ),
    latex=(
        r"L(\mathbf{o}^a, \mathbf{y}) = \left(\sum_k y_k\right) \ln \sum_i e^{o_i^a} "
        r"- \sum_k y_k o_k^a"
    ),
    definitions_latex=(LOSS,),
    quantity=_loss,
    quantity_name="cross-entropy of the network",
    source=TEXTBOOK,
)

cross_entropy_of_one_hot_target = Claim(
    name="cross_entropy_of_one_hot_target",
    title="For a one-hot target the factor of the log-sum-exp is 1.",
    part="2d",
    identity=equal(
        cross_entropy(OUTPUT, TARGET),
        log(exponential_sum(OUTPUT, m)) - total(lambda a: y[a] * o_a[a], k, m),
    ),
    latex=(r"L(\mathbf{o}^a, \mathbf{y}) = \ln \sum_i e^{o_i^a} - \sum_k y_k o_k^a"),
    definitions_latex=(LOSS, ONE_HOT),
    conditions={"y": ("one-hot",)},
    quantity=_loss,
    quantity_name="cross-entropy of the network",
    source=TEXTBOOK,
)

cross_entropy_with_other_class_count = Claim(
    name="cross_entropy_with_other_class_count",
    title="Equation (10): the outer sum runs to M, though y and the scores have m entries.",
    part="2d",
    identity=equal(
        cross_entropy(OUTPUT, TARGET),
        -total(lambda a: y[a] * log(probability(a)), k, M),
    ),
    latex=(
        r"L(\mathbf{o}^a, \mathbf{y}) = -\sum_{k=1}^M y_k \ln "
        r"\frac{e^{o_k^a}}{\sum_{i=1}^m e^{o_i^a}}"
    ),
    definitions_latex=(LOSS, r"\mathbf{o}^a, \mathbf{y} \in \mathbb{R}^m"),
    expected=Kind.ILL_TYPED,
    corrected_by="cross_entropy_by_log_sum_exp",
    quantity=_loss,
    quantity_name="cross-entropy of the network",
    note="M is never introduced as the number of classes: m is meant",
    source="elementary",
    written=(
        Written(
            r"L(\mathbf{o}^a, y)",
            (
                r"- \sum_{k=1}^M y_k \log \left(\frac{e^{\mathbf{o}_k^a}}{\sum_{i=1}^m "
                r"e^{\mathbf{o}_k^i}} \right)"
            ),
        ),
    ),
)

cross_entropy_with_class_index_upstairs = Claim(
    name="cross_entropy_with_class_index_upstairs",
    title="Equation (10): the summand of the denominator is the exponential of o_k^i.",
    part="2d",
    identity=equal(
        cross_entropy(OUTPUT, TARGET),
        -total(
            lambda a: (
                y[a]
                * log(exponential(o_a[a]) / total(lambda b: exponential(array("o")[a, b]), l, m))
            ),
            k,
            m,
        ),
    ),
    latex=(
        r"L(\mathbf{o}^a, \mathbf{y}) = -\sum_{k=1}^m y_k \ln "
        r"\frac{e^{o_k^a}}{\sum_{i=1}^m e^{o_k^i}}"
    ),
    definitions_latex=(LOSS,),
    expected=Kind.MALFORMED,
    corrected_by="cross_entropy_by_log_sum_exp",
    quantity=_loss,
    quantity_name="cross-entropy of the network",
    note="an array o with two indices is never introduced: the index slipped upstairs, o_i^a",
    source="elementary",
    written=(
        Written(
            r"L(\mathbf{o}^a, y)",
            (
                r"- \sum_{k=1}^M y_k \log \left(\frac{e^{\mathbf{o}_k^a}}{\sum_{i=1}^m "
                r"e^{\mathbf{o}_k^i}} \right)"
            ),
        ),
    ),
)

# 2 g: re-arranging the loss

cross_entropy_weight_moved_into_log = Claim(
    name="cross_entropy_weight_moved_into_log",
    title="Step (16) to (17): the weight y_k moves out of the product with the logarithm.",
    part="2g",
    identity=equal(
        cross_entropy(OUTPUT, TARGET),
        minus(total(TARGET, q, m), times(log(y[c]), probability(c))),
    ),
    latex=(r"-\sum_k y_k \ln S(\mathbf{o}^a)_k = \sum_k y_k - \ln y_c \cdot S(\mathbf{o}^a)_c"),
    definitions_latex=(SOFTMAX, POSITIVE_TARGET),
    conditions={"y": ("positive",)},
    expected=Kind.REFUTED,
    corrected_by="cross_entropy_of_class",
    quantity=lambda given: np.full(given["y"].shape, _loss(given)),
    quantity_name="cross-entropy of the network",
    note=(
        "the logarithm was moved from the probability to its weight; for a one-hot y the right "
        "side has ln 0 in all places but one"
    ),
    source="elementary",
    written=(
        Written(
            (
                r"- \sum_{k=1}^M y_k \log \left(\frac{e^{\mathbf{o}_k^a}}{\sum_{i=1}^m "
                r"e^{\mathbf{o}_i^a}} \right)"
            ),
            (
                r"\sum_{k=1}^M y_k - \log y_k * \left(\frac{e^{\mathbf{o}_k^a}}{\sum_{i=1}^m "
                r"e^{\mathbf{o}_i^a}} \right)"
            ),
        ),
    ),
)

cross_entropy_weight_in_log_split = Claim(
    name="cross_entropy_weight_in_log_split",
    title="Step (17) to (18): the sum is split into the correct class and the others.",
    part="2g",
    identity=equal(
        minus(total(TARGET, q, m), times(log(y[c]), probability(c))),
        minus(
            times(-1, log(y[c]), probability(c)),
            total(lambda a: others(y[a] * log(y[a]) * probability(c), a), k, m),
        ),
    ),
    latex=(
        r"\sum_k y_k - \ln y_c \cdot S(\mathbf{o}^a)_c = -\ln y_c \cdot S(\mathbf{o}^a)_c "
        r"- \sum_{j \neq c} y_j \ln y_j \cdot S(\mathbf{o}^a)_c"
    ),
    definitions_latex=(SOFTMAX, POSITIVE_TARGET),
    conditions={"y": ("positive",)},
    expected=Kind.REFUTED,
    corrected_by="cross_entropy_split_at_class",
    note="the sum of y_k becomes a sum of y_j ln y_j times one probability, out of nothing",
    source="elementary",
    written=(
        Written(
            (
                r"\sum_{k=1}^M y_k - \log y_k * \left(\frac{e^{\mathbf{o}_k^a}}{\sum_{i=1}^m "
                r"e^{\mathbf{o}_i^a}} \right)"
            ),
            (
                r"-\log y_k * \left(\frac{e^{\mathbf{o}_k^a}}{\sum_{i=1}^m e^{\mathbf{o}_i^a}} "
                r"\right) - \sum_{j \neq y}^{M-1} y_j \log y_j * "
                r"\left(\frac{e^{\mathbf{o}_k^a}}{\sum_{i=1}^m e^{\mathbf{o}_i^a}} \right)"
            ),
        ),
    ),
)

cross_entropy_split_at_class = Claim(
    name="cross_entropy_split_at_class",
    title="The loss is the correct class's term plus those of the other classes.",
    part="2g",
    identity=equal(
        cross_entropy(OUTPUT, TARGET),
        plus(
            times(y[c], negative_log_probability(c)),
            total(lambda a: others(y[a] * negative_log_probability(a), a), k, m),
        ),
    ),
    latex=(
        r"L(\mathbf{o}^a, \mathbf{y}) = -y_c \ln S(\mathbf{o}^a)_c "
        r"- \sum_{j \neq c} y_j \ln S(\mathbf{o}^a)_j"
    ),
    definitions_latex=(LOSS,),
    quantity=lambda given: np.full(given["y"].shape, _loss(given)),
    quantity_name="cross-entropy of the network",
    source="elementary",
)

target_inserted_into_moved_log = Claim(
    name="target_inserted_into_moved_log",
    title="Step (18) to (20): with y_c = 1 and zeros elsewhere, -ln(y_c) S_c is -ln S_c.",
    part="2g",
    identity=equal(times(-1, log(S.One), probability(c)), negative_log_probability(c)),
    latex=r"-\ln 1 \cdot S(\mathbf{o}^a)_c = -\ln S(\mathbf{o}^a)_c",
    definitions_latex=(SOFTMAX,),
    expected=Kind.REFUTED,
    corrected_by="cross_entropy_of_class",
    quantity=lambda given: 0.0 * given["o_a"],
    quantity_name="0 for every class",
    note="ln 1 = 0 makes the left side 0: line (20) is right, but it does not follow from (18)",
    source="elementary",
)

negative_log_softmax_as_difference = Claim(
    name="negative_log_softmax_as_difference",
    title="Step (20) to (21): the logarithm of the quotient is a difference of logarithms.",
    part="2g",
    identity=equal(
        negative_log_probability(c), -log(exponential(o_a[c])) + log(exponential_sum(OUTPUT, m))
    ),
    latex=(r"-\ln \frac{e^{o_c^a}}{\sum_i e^{o_i^a}} = -\ln e^{o_c^a} + \ln \sum_i e^{o_i^a}"),
    quantity=_loss_of_each_class,
    quantity_name="-log softmax(o_a) in stable form",
    source="elementary",
    written=(
        Written(
            r"-\log \left(\frac{e^{\mathbf{o}_k^a}}{\sum_{i=1}^m e^{\mathbf{o}_i^a}} \right)",
            r"-\log(e^{\mathbf{o}_k^a}) + \log\left(\sum_{i=1}^m e^{\mathbf{o}_i^a}\right)",
        ),
    ),
)

negative_log_softmax_by_log_sum_exp = Claim(
    name="negative_log_softmax_by_log_sum_exp",
    title="Equation (22): minus the log-probability is the log-sum-exp minus the score.",
    part="2g",
    identity=equal(negative_log_probability(c), -o_a[c] + log(exponential_sum(OUTPUT, m))),
    latex=r"-\ln S(\mathbf{o}^a)_c = -o_c^a + \ln \sum_i e^{o_i^a}",
    definitions_latex=(SOFTMAX,),
    quantity=_loss_of_each_class,
    quantity_name="-log softmax(o_a) in stable form",
    source=TEXTBOOK,
    written=(
        Written(
            r"-\log \left(\frac{e^{\mathbf{o}_k^a}}{\sum_{i=1}^m e^{\mathbf{o}_i^a}} \right)",
            r"-\mathbf{o}_k^a + \log\left(\sum_{i=1}^m e^{\mathbf{o}_i^a}\right)",
        ),
    ),
)

exponential_sum_split_at_class = Claim(
    name="exponential_sum_split_at_class",
    title="Step (22) to (23): the correct class is taken out of the sum.",
    part="2g",
    identity=equal(
        -o_a[c] + log(exponential_sum(OUTPUT, m)),
        -o_a[c]
        + log(plus(total(lambda a: others(exponential(o_a[a]), a), k, m), exponential(o_a[c]))),
    ),
    latex=(
        r"-o_c^a + \ln \sum_i e^{o_i^a} = "
        r"-o_c^a + \ln\left(\sum_{i \neq c} e^{o_i^a} + e^{o_c^a}\right)"
    ),
    quantity=_loss_of_each_class,
    quantity_name="-log softmax(o_a) in stable form",
    source="elementary",
    written=(
        Written(
            r"-\mathbf{o}_k^a + \log\left(\sum_{i=1}^m e^{\mathbf{o}_i^a}\right)",
            (
                r"-\mathbf{o}_k^a + \log\left(\sum_{i \neq k}^m e^{\mathbf{o}_i^a} + "
                r"e^{\mathbf{o}_k^a}\right)"
            ),
        ),
    ),
)
