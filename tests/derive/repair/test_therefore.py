"""Equals signs that mean "therefore"."""

from collections.abc import Callable

import pytest

from derive.check import Checked
from derive.repair import Repair, repair_step

CHAINS = [
    (
        r"\frac{66 - 2(k - 1)}{s} + 1 = 6 = \frac{68 - 2k}{s} = 5",
        1,
        r"\frac{66 - 2(k - 1)}{s} + 1 = 6 \Rightarrow \frac{68 - 2k}{s} = 5",
    ),
    (
        r"6 = \frac{64 - k}{s} + 1 = 5",
        1,
        r"6 = \frac{64 - k}{s} + 1 \Rightarrow \frac{64 - k}{s} = 5",
    ),
]


def _repair(checked: Checked, index: int) -> Repair | None:
    return repair_step(checked.steps[index], chain=checked.steps)


@pytest.mark.parametrize(("latex", "index", "reading"), CHAINS)
def test_reads(document: Callable[..., Checked], latex: str, index: int, reading: str) -> None:
    found = _repair(document("stride", latex), index)
    assert found is not None
    assert (found.side, found.latex, found.code) == ("both", reading, "DRV604")
    assert found.explanation == (
        "'=' stands for 'therefore': the second equation follows from the first, it is not equal"
    )


OTHERS = [
    # a relation that holds between two false ones: nothing is transformed
    (r"k + 7 = k + 6 = 6 + k = k + 5", 2),
    # the second equation does not follow
    (r"\frac{66 - 2(k - 1)}{s} + 1 = 6 = \frac{68 - 2k}{s} = 4", 1),
    # the first relation holds: a false step of a true chain is no conclusion from it
    (r"(k + 1)^2 = k^2 + 2k + 1 = k^2 + 2k = k^2 + 2k", 1),
]


@pytest.mark.parametrize(("latex", "index"), OTHERS)
def test_does_not_read(document: Callable[..., Checked], latex: str, index: int) -> None:
    found = _repair(document("stride", latex), index)
    assert found is None or found.code != "DRV604"


def test_a_single_relation_is_no_chain(document: Callable[..., Checked]) -> None:
    assert _repair(document("stride", r"\frac{64 - k}{s} + 1 = 6"), 0) is None
