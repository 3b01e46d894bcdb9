from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive.refute.admissible import CHECKS, admit, places, satisfies
from derive.terms.declarations import CONDITION_WORDS

MATRIX_WORDS = ("symmetric", "invertible", "positive definite", "orthogonal")
ENTRY_WORDS = ("positive", "nonnegative", "nonzero", "integer", "sums to 1", "one-hot")

numbers = st.fractions(min_value=-5, max_value=5, max_denominator=4)


def test_every_condition_word_is_checked() -> None:
    assert CHECKS.keys() == CONDITION_WORDS.keys()


def test_places() -> None:
    assert places(()) == ((),)
    assert places((2, 2)) == ((1, 1), (1, 2), (2, 1), (2, 2))


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(ENTRY_WORDS), st.lists(numbers, min_size=1, max_size=4))
def test_vectors(word: str, raw: list[Fraction]) -> None:
    entries = admit(raw, (len(raw),), frozenset({word}))
    assert entries is not None
    assert satisfies(entries, frozenset({word}))


@settings(deadline=None, max_examples=30)
@given(
    st.sampled_from(
        [(word,) for word in MATRIX_WORDS] + [*combinations(MATRIX_WORDS, 2), MATRIX_WORDS]
    ),
    st.integers(1, 4),
    st.data(),
)
def test_matrices(words: tuple[str, ...], size: int, data: st.DataObject) -> None:
    raw = data.draw(st.lists(numbers, min_size=size * size, max_size=size * size))
    entries = admit(raw, (size, size), frozenset(words))
    assert entries is not None
    assert satisfies(entries, frozenset(words))


def test_probabilities() -> None:
    entries = admit([Fraction(1), Fraction(3)], (2,), frozenset({"positive", "sums to 1"}))
    assert entries == {(1,): Fraction(1, 4), (2,): Fraction(3, 4)}


def test_different_one_hot_vectors_come_up() -> None:
    found = {
        tuple((admit([Fraction(k), Fraction(0)], (2,), frozenset({"one-hot"})) or {}).values())
        for k in range(3)
    }
    assert found == {(0, 1), (1, 0)}


def test_orthogonal_matrices_are_not_all_diagonal() -> None:
    entries = admit([Fraction(k) for k in (1, 2, 3, 1)], (2, 2), frozenset({"orthogonal"}))
    assert entries is not None
    assert entries[1, 2] != 0


@pytest.mark.parametrize(
    ("words", "shape"),
    [
        ({"one-hot", "positive"}, (2,)),
        ({"invertible"}, (2, 3)),
        ({"symmetric"}, (2,)),
        ({"invertible"}, (12, 12)),
    ],
)
def test_what_cannot_be_built(words: set[str], shape: tuple[int, ...]) -> None:
    raw = [Fraction(1)] * len(places(shape))
    assert admit(raw, shape, frozenset(words)) is None


MUST_FAIL = [
    ("positive", {(): 0}),
    ("nonnegative", {(): -1}),
    ("nonzero", {(1,): 1, (2,): 0}),
    ("integer", {(): Fraction(1, 2)}),
    ("one-hot", {(1,): 1, (2,): 1}),
    ("one-hot", {(1,): Fraction(1, 2), (2,): Fraction(1, 2)}),
    ("sums to 1", {(1,): 1, (2,): 1}),
    ("symmetric", {(1, 1): 0, (1, 2): 1, (2, 1): 2, (2, 2): 0}),
    ("invertible", {(1, 1): 1, (1, 2): 2, (2, 1): 2, (2, 2): 4}),
    ("positive definite", {(1, 1): 1, (1, 2): 2, (2, 1): 2, (2, 2): 1}),
    ("positive definite", {(1, 1): 2, (1, 2): 1, (2, 1): 0, (2, 2): 2}),
    ("orthogonal", {(1, 1): 1, (1, 2): 1, (2, 1): 0, (2, 2): 1}),
]


@pytest.mark.parametrize(("word", "entries"), MUST_FAIL)
def test_what_does_not_satisfy(word: str, entries: dict[tuple[int, ...], Fraction]) -> None:
    assert not satisfies({k: Fraction(e) for k, e in entries.items()}, frozenset({word}))
