"""What terms become: a Laurent polynomial over kernels, divided by irreducible polynomials."""

from dataclasses import dataclass

from derive.prove import laurent
from derive.prove.laurent import Poly
from derive.terms.term import Proposition


class NeverDefinedError(Exception):
    """A denominator is zero, or a logarithm has a non-positive argument, for all values."""


class NeedsCaseError(Exception):
    """The term can't be normalised before it is known whether the proposition holds."""

    def __init__(self, proposition: Proposition) -> None:
        super().__init__("a case has to be decided first")
        self.proposition = proposition


@dataclass(frozen=True, slots=True)
class Form:
    """``numerator / product of irreducible polynomials``; ``denominator`` maps their ids to powers.

    The numerator holds kernels with any exponent, and irreducible polynomials only with a
    fractional exponent between 0 and 1.
    """

    numerator: Poly
    denominator: tuple[tuple[int, int], ...] = ()

    def __hash__(self) -> int:
        return hash((frozenset(self.numerator.items()), self.denominator))


ZERO_FORM = Form({})
ONE_FORM = Form(laurent.constant(1))
