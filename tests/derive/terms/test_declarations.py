"""Condition words are a closed list, and an undeclared name is a real scalar."""

import pytest

from derive.terms.declarations import CONDITION_WORDS, Declarations, Variable


def test_an_unknown_condition_word_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        ValueError, match="condition 'psd' of 'A' is not known; known are: "
    ) as info:
        Variable("A", ("n", "n"), frozenset({"symmetric", "psd"}))
    for word in CONDITION_WORDS:
        assert word in str(info.value)


def test_shape_and_conditions() -> None:
    made = Declarations(variables={"W": Variable("W", ("m", "n"), frozenset({"positive"}))})
    assert made.shape("W") == ("m", "n")
    assert made.has("W", "positive")
    assert not made.has("W", "symmetric")
    assert made.shape("nobody said") == ()
    assert not made.has("nobody said", "positive")
