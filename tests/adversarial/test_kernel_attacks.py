"""The kernel accepts no statement that is nearly true, and no false mutant of a true one.

A fixed sample of what ``kernel_attacks.py`` beside this file runs at length (``kernel_attacks.txt``
holds what it found).  The same sample is tried on weakened kernels, and has to catch each.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from random import Random
from typing import Any

import pytest
from kernel_attacks import Attempt, accepted, attempts, mutant_attempts, spoken_against
from mutation_run import catalogue, generated, sample

from derive import kernel

SEED, COUNT, MUTANTS = 10, 320, 40


@pytest.fixture(scope="module")
def nearly_true() -> list[Attempt]:
    return list(islice(attempts(SEED), COUNT))


@pytest.fixture(scope="module")
def taken(nearly_true: list[Attempt]) -> list[Attempt]:
    """Those that the kernel accepts."""
    return [attempt for attempt in nearly_true if accepted(attempt)]


@pytest.fixture(scope="module")
def mutated() -> list[Attempt]:
    true = [*catalogue(), *generated(SEED, MUTANTS)]
    return list(mutant_attempts(sample(true, MUTANTS, SEED), SEED))


def holes(accepted_ones: Iterable[Attempt]) -> Iterator[str]:
    rng = Random(SEED)
    for attempt in accepted_ones:
        against = spoken_against(attempt, rng, places=4)
        if against is not None:
            yield f"{attempt}\n{against.text}"


def test_nothing_nearly_true_is_accepted(taken: list[Attempt]) -> None:
    assert list(holes(taken)) == []


def test_some_statements_are_accepted(taken: list[Attempt]) -> None:
    """Or the sample would say nothing."""
    assert len(taken) > COUNT // 6


def test_no_false_mutant_is_accepted(mutated: list[Attempt]) -> None:
    assert len(mutated) > MUTANTS
    assert list(holes(filter(accepted, mutated))) == []


def _no_need(case: Any, value: Any, operator: str) -> None:
    """Every value stands in every relation to 0."""


def _unsigned(signs: Any, exponent: Any) -> Any:
    return kernel.POSITIVE


WEAKENED: dict[str, tuple[Any, str, Any]] = {
    "no side condition is asked for": (kernel.Case, "need", _no_need),
    "every power is positive": (kernel, "of_power", _unsigned),
    "no deltas": (kernel.Case, "delta", lambda *_: {(): 1}),
    "no kinks": (kernel.Case, "_no_kink", lambda *_: None),
}


@pytest.mark.parametrize("name", WEAKENED)
def test_a_weakened_kernel_is_caught(
    name: str, nearly_true: list[Attempt], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, function, weak = WEAKENED[name]
    monkeypatch.setattr(owner, function, weak)
    assert any(holes(filter(accepted, nearly_true)))
