"""Propositions about integers, decided exactly over their whole range.

``decide`` gives a verdict, ``solutions`` lists a solution set; ``implies`` and ``equivalent``
write the two connectives in the form that proofs and counterexamples recognise.
"""

from derive.integers.decision import METHOD, UndecidedError, decide, solutions
from derive.integers.proof import RULES, points_tried
from derive.integers.shape import equivalent, implies

__all__ = [
    "METHOD",
    "RULES",
    "UndecidedError",
    "decide",
    "equivalent",
    "implies",
    "points_tried",
    "solutions",
]
