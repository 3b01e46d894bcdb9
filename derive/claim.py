"""A claim: one statement of the catalogue, with everything that is needed to judge and show it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
import sympy
from numpy.typing import NDArray

from derive.verdict import Kind, Verdict

Array: TypeAlias = NDArray[np.float64]

#: Arrays for the variables of a claim, by name, to the number that a network computes itself.
Quantity: TypeAlias = Callable[[Mapping[str, Array]], Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """Another way to read the claim, under a convention that the text does not state."""

    words: str
    identity: sympy.Basic


@dataclass(frozen=True, slots=True)
class Written:
    """Two sides of one chain of the source, in LaTeX exactly as they stand there."""

    left: str
    right: str


@dataclass(frozen=True)
class Claim:
    """One statement, encoded as a SymPy identity.

    ``identity`` is an unevaluated relation (``Eq(..., evaluate=False)``), or a proposition about
    integers.  Shapes stand in it: ``IndexedBase("W", shape=(m, d))`` for arrays, a real ``Symbol``
    for a scalar, ``Idx("i", (1, m))`` for a free index, ``Sum(..., (k, 1, n))`` for bound ones.

    ``conditions`` gives condition words by name (``{"y": ("one-hot",)}``); ``hypotheses`` are
    propositions that the text states (``Ne(i, j)``).  ``readings`` are tried, in order, where the
    identity itself does not hold: the first that is proved makes the verdict conditional on its
    words.  ``quantity`` maps arrays for the variables to what a NumPy network computes for the
    left side; its axes are the free indices in the order of their first place on the left.

    ``expected`` and ``expected_conditions`` say which verdict a person who checked the claim by
    hand expects; the engine never sees them.  ``corrected_by`` names the claim that says what is
    right.  ``written`` says where the source states the claim: one pair of sides for the identity,
    or one for each relation of a proposition; corrections and statements of ours have none.
    """

    name: str
    title: str
    part: str
    identity: sympy.Basic
    latex: str
    expected: Kind = Kind.PROVED
    expected_conditions: tuple[str, ...] = ()
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hypotheses: tuple[sympy.Basic, ...] = ()
    readings: tuple[Reading, ...] = ()
    definitions_latex: tuple[str, ...] = ()
    quantity: Quantity | None = None
    quantity_name: str = ""
    corrected_by: str = ""
    note: str = ""
    source: str = ""
    written: tuple[Written, ...] = ()

    def __repr__(self) -> str:
        return f"Claim({self.name}: {self.title})"

    def verify(self, *, seed: int | None = None) -> Verdict:
        """The verdict of the engine on this claim; ``expected`` plays no part in it.

        The refuter's points are drawn from ``seed``; without one, from the same as always.
        """
        from derive.judge import SEED
        from derive.judge_sympy import judge_claim

        return judge_claim(self, seed=SEED if seed is None else seed)

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex}$"
