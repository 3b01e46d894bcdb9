"""Propositions at run time: relations between values, and how their truths combine."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TypeAlias

from derive.refute.ring import BoundaryError, Dual, UndefinedError, difference, sign
from derive.refute.scope import Code, Scope

Test: TypeAlias = Callable[[list[int], Scope], bool]

#: Whether a sign of ``left - right`` makes the relation true.
HOLDS: Mapping[str, frozenset[int]] = MappingProxyType(
    {
        "=": frozenset({0}),
        "!=": frozenset({-1, 1}),
        "<": frozenset({-1}),
        "<=": frozenset({-1, 0}),
        ">": frozenset({1}),
        ">=": frozenset({0, 1}),
    }
)


def as_number(test: Test) -> Code:
    """1 where the test holds, else 0."""
    return lambda ix, scope: 1 if test(ix, scope) else 0


def comparison(operator: str, left: Code, right: Code) -> Test:
    """The relation; where a perturbed difference is 0, its truth is about to change."""
    signs = HOLDS[operator]

    def test(ix: list[int], scope: Scope) -> bool:
        try:
            gap = difference(left(ix, scope), right(ix, scope))
        except BoundaryError as error:  # further inside, so this relation has no truth at all
            raise UndefinedError(*error.args) from error
        side = sign(gap)
        if side == 0 and isinstance(gap, Dual):
            raise BoundaryError("a condition changes here")
        return side in signs

    return test


def junction(tests: Sequence[Test], deciding: bool) -> Test:
    """All of the tests (``deciding`` is False), or any of them (True).

    A part that decides outweighs one that is on its boundary; a part without a truth leaves the
    whole without one.
    """

    def test(ix: list[int], scope: Scope) -> bool:
        boundary: BoundaryError | None = None
        decided = False
        for part in tests:
            try:
                decided |= part(ix, scope) is deciding
            except BoundaryError as error:
                boundary = error
        if decided:
            return deciding
        if boundary is not None:
            raise boundary
        return not deciding

    return test
