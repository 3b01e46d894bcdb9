"""What every claim of the catalogue satisfies; generated from the registry."""

import itertools
import keyword
import re

import numpy as np
import pytest
import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanFunction
from sympy.tensor.indexed import Idx, IndexedBase

import identities
from derive.claim import Array, Claim
from derive.sympy_instances import free_axes
from derive.sympy_terms import Tensor
from derive.terms.declarations import CONDITION_WORDS
from derive.verdict import Kind
from identities import ALL, PARTS

BY_NAME = {claim.name: claim for claim in ALL}
HOLDS = (Kind.PROVED, Kind.CONDITIONAL)
FAILS = (Kind.REFUTED, Kind.ILL_TYPED, Kind.MALFORMED)
SIZES = {"n": 3, "m": 4, "d": 2, "d_h": 5, "N": 3, "M": 6, "c_in": 2, "c_out": 3}
SIZES |= {"k_h": 4, "k_w": 1}

each_claim = pytest.mark.parametrize("claim", ALL, ids=[claim.name for claim in ALL])


def expressions(claim: Claim) -> tuple[sympy.Basic, ...]:
    readings = (reading.identity for reading in claim.readings)
    return (claim.identity, *readings, *claim.hypotheses)


def size(length: sympy.Basic) -> int:
    return int(length) if length.is_Integer else SIZES[length.name]


def arrays(claim: Claim, seed: int) -> dict[str, Array]:
    """Arrays for the variables and numbers for the scalars and dimensions of a claim."""
    random = np.random.default_rng(seed)
    found: dict[str, Array] = {name: np.array(float(value)) for name, value in SIZES.items()}
    nodes = sympy.preorder_traversal(sympy.Tuple(*expressions(claim)))
    shapes: dict[str, tuple[int, ...]] = {}
    for node in nodes:
        if isinstance(node, IndexedBase) and node.shape:
            shapes[str(node.label)] = tuple(size(length) for length in node.shape)
        elif isinstance(node, sympy.Symbol) and node.name not in SIZES:
            shapes.setdefault(node.name, ())
    for name in sorted(shapes):
        value = np.asarray(random.uniform(0.2, 2.0, shapes[name]))
        if "one-hot" in claim.conditions.get(name, ()):
            value = np.eye(value.size)[0]
        found[name] = value
    return found


def axes(claim: Claim) -> tuple[int, ...]:
    """Lengths of the free indices in the order of their first place, the left side before."""
    left, right = claim.identity.args
    found = {str(axis.label): axis for axis in (*free_axes(left), *free_axes(right))}
    if isinstance(left, Tensor):
        found = {str(axis.label): axis for axis in free_axes(left)}
    return tuple(size(axis.upper) for axis in found.values())


def test_every_part_is_covered_and_in_order() -> None:
    parts = [claim.part for claim in ALL]
    assert set(parts) == set(PARTS)
    assert parts == sorted(parts)


def test_names_are_unique() -> None:
    assert len(BY_NAME) == len(ALL)


@each_claim
def test_name_is_a_short_readable_identifier(claim: Claim) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", claim.name)
    assert len(claim.name) <= 60
    assert not keyword.iskeyword(claim.name)
    assert getattr(identities, claim.name) is claim


@each_claim
def test_identity_is_an_unevaluated_statement(claim: Claim) -> None:
    identity = claim.identity
    assert isinstance(identity, Relational | BooleanFunction)
    assert identity.args[0] != identity.args[1], "both sides are the same expression"


@each_claim
def test_texts_are_there(claim: Claim) -> None:
    assert claim.title.endswith(".")
    assert "\n" not in claim.title + claim.note + claim.source
    assert claim.source
    assert claim.latex.strip()
    assert all(line.strip() for line in claim.definitions_latex)
    for text in (claim.latex, *claim.definitions_latex):
        assert text.count("{") == text.count("}")
        assert text.count(r"\left") - text.count(r"\leftarrow") == text.count(r"\right")
        assert text.count(r"\begin") == text.count(r"\end")
        assert "$" not in text


@each_claim
def test_expectation_says_what_is_right(claim: Claim) -> None:
    assert claim.expected is not Kind.UNKNOWN
    if claim.expected in FAILS:
        assert claim.note, "a failing claim says why it is wrong"
        assert claim.corrected_by, "a failing claim names the right statement"
    if claim.corrected_by:
        assert BY_NAME[claim.corrected_by].expected in HOLDS
        assert not BY_NAME[claim.corrected_by].corrected_by
        assert claim.expected is not Kind.PROVED
    if claim.readings:
        assert claim.expected is Kind.CONDITIONAL
        assert set(claim.expected_conditions) <= {reading.words for reading in claim.readings}
    assert bool(claim.expected_conditions) == (claim.expected is Kind.CONDITIONAL)


@each_claim
def test_conditions_are_known_words_about_variables(claim: Claim) -> None:
    names = {symbol.name for symbol in claim.identity.atoms(sympy.Symbol)}
    for name, words in claim.conditions.items():
        assert name in names
        assert set(words) <= CONDITION_WORDS.keys()


@each_claim
def test_quantity_has_the_axes_of_the_claim(claim: Claim) -> None:
    assert bool(claim.quantity) == bool(claim.quantity_name)
    if claim.quantity is None:
        return
    for seed in range(2):
        value = np.asarray(claim.quantity(arrays(claim, seed)))
        assert value.shape == axes(claim)
        assert np.isfinite(value).all()


@each_claim
def test_free_and_bound_letters_have_ranges(claim: Claim) -> None:
    for expression in expressions(claim):
        for node in sympy.preorder_traversal(expression):
            if isinstance(node, Idx):
                assert node.lower == 1
                assert node.upper is not None
            elif isinstance(node, sympy.Sum):
                assert all(limit[1] == 1 for limit in node.limits)


def test_no_sum_uses_the_letter_of_a_sum_around_it() -> None:
    def check(node: sympy.Basic, letters: frozenset[str]) -> None:
        if isinstance(node, sympy.Sum):
            own = [str(limit[0]) for limit in node.limits]
            assert not letters.intersection(own), node
            letters = letters | frozenset(own)
        for part in node.args:
            check(part, letters)

    for expression in itertools.chain.from_iterable(map(expressions, ALL)):
        check(expression, frozenset())


def test_representation_is_one_readable_line() -> None:
    claim = identities.find("softmax_sums_to_one")
    assert repr(claim) == "Claim(softmax_sums_to_one: The softmax outputs add up to 1.)"
    assert claim._repr_latex_() == r"$\displaystyle \sum_{k=1}^m o_k^s = 1$"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("difference_of_logs_as_quotient_of_logs", Kind.REFUTED),
        ("softmax_invariant_under_scaling", Kind.REFUTED),
        ("hidden_layer_with_transposed_weights", Kind.ILL_TYPED),
        ("cross_entropy_with_class_index_upstairs", Kind.MALFORMED),
        ("score_by_weight_without_delta", Kind.REFUTED),
        ("scores_by_hidden_layer_transposed", Kind.CONDITIONAL),
        ("strided_table_stride_1_as_written", Kind.REFUTED),
        ("dilated_strides_are_prime", Kind.REFUTED),
    ],
)
def test_what_is_wrong_in_the_source_is_expected_to_fail(name: str, kind: Kind) -> None:
    assert identities.find(name).expected is kind
