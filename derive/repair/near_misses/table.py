"""The table of near misses, nearest first; a new kind of edit is one entry here.

The order is the order of trial: what a person most likely meant comes first.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from derive.repair.near_misses import arithmetic, derivatives, functions, indices, matrices, names
from derive.repair.setting import Change, Setting
from derive.verdict import Kind

_SHAPES = frozenset({Kind.ILL_TYPED, Kind.MALFORMED})
_FALSE = frozenset({Kind.REFUTED})
_ANY = _SHAPES | _FALSE


@dataclass(frozen=True, slots=True)
class NearMiss:
    """One kind of edit: for which verdicts it is tried, and how its changes are found.

    ``defines``: it may repair a definition, where no value says which edit is meant, only shapes.
    ``keeps_names``: it changes numbers and signs only, so the same variables have to stand on both
    sides.  ``anywhere``: it may cure a place without meaning from elsewhere on that side.
    """

    name: str
    verdicts: frozenset[Kind]
    changes: Callable[[Setting], Iterator[Change]]
    defines: bool = False
    keeps_names: bool = False
    anywhere: bool = False


NEAR_MISSES: tuple[NearMiss, ...] = (
    NearMiss("quotient inside the function", _FALSE, functions.merged_quotients),
    NearMiss("difference of logarithms", _FALSE, functions.quotients_as_differences),
    NearMiss("rule applied", _FALSE, functions.rules_applied_right),
    NearMiss("product of exponentials", _FALSE, functions.sums_as_products),
    NearMiss("sum of logarithms", _FALSE, functions.products_as_sums),
    NearMiss("factor before a logarithm", _FALSE, functions.powers_of_logarithms),
    NearMiss("quotient of exponentials", _FALSE, functions.quotients_of_exponentials),
    NearMiss("mixed term of a square", _FALSE, functions.mixed_terms),
    NearMiss("summand with its index", _ANY, indices.summands_without_index, defines=True),
    NearMiss("sign of the quotient rule", _FALSE, derivatives.quotient_signs),
    NearMiss(
        "upper limit",
        _SHAPES,
        indices.changed_ranges,
        defines=True,
        anywhere=True,
    ),
    NearMiss("index downstairs", _ANY, indices.labels_for_indices, defines=True),
    NearMiss("swapped indices", _ANY, indices.swapped_indices),
    NearMiss("no transpose", _ANY, matrices.removed_transposes, defines=True),
    NearMiss("transpose", _ANY, matrices.added_transposes, defines=True),
    NearMiss("index on a vector", _SHAPES, indices.missing_indices, defines=True),
    NearMiss("identity matrix", _SHAPES, matrices.identity_for_ones),
    NearMiss("vector after a Jacobian", _SHAPES, matrices.missing_vectors),
    NearMiss("order of factors", _ANY, matrices.swapped_factors, defines=True),
    NearMiss("sum in the chain rule", _SHAPES, indices.sums_over_chain_rule),
    NearMiss("diagonal matrix", _SHAPES, matrices.diagonal_matrices),
    NearMiss("Kronecker delta", _FALSE, indices.missing_deltas),
    NearMiss("chain factor", _FALSE, derivatives.chain_factors),
    NearMiss("term of the product rule", _FALSE, derivatives.further_product_terms),
    NearMiss("symmetric part", _FALSE, matrices.symmetric_parts),
    NearMiss("result", _FALSE, arithmetic.wrong_results, keeps_names=True),
    NearMiss("sign", _FALSE, arithmetic.flipped_signs, keeps_names=True),
    NearMiss("constant factor", _FALSE, arithmetic.constant_factors, keeps_names=True),
    NearMiss("another index", _ANY, indices.renamed_indices),
    NearMiss("range", _FALSE, indices.changed_ranges),
    NearMiss("digit for a letter", _FALSE, arithmetic.digits_for_letters),
    NearMiss("exponent", _FALSE, arithmetic.changed_powers, keeps_names=True),
    NearMiss("relative", _FALSE, functions.relatives),
    NearMiss("another variable", _ANY, names.other_variables),
    NearMiss("term too much", _FALSE, arithmetic.superfluous_terms),
    NearMiss("digit", _FALSE, arithmetic.changed_digits, keeps_names=True),
    NearMiss("parentheses", _FALSE, arithmetic.misplaced_parentheses, keeps_names=True),
    NearMiss("fraction upside down", _FALSE, arithmetic.inverted_factors, keeps_names=True),
    NearMiss("dimension", _FALSE, arithmetic.shifted_dimensions, keeps_names=True),
    NearMiss("one more or less", _FALSE, arithmetic.missing_ones),
    NearMiss("further factor", _FALSE, arithmetic.further_factors),
    NearMiss("factor too much", _ANY, arithmetic.dropped_factors),
    NearMiss("factor of a neighbour", _FALSE, arithmetic.missing_denominators),
    NearMiss("power inside the sum", _FALSE, functions.powers_into_arguments),
    NearMiss("summands divided", _FALSE, functions.divided_summands),
    NearMiss("missing factor", _SHAPES, matrices.appended_factors),
    NearMiss("whole vector", _SHAPES, indices.removed_indices),
)
