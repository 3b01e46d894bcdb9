"""What is handed to provers and refuters: one typed statement and what it may rest on."""

from dataclasses import dataclass

from derive.terms.declarations import Declarations
from derive.terms.structure import substitute_indices
from derive.terms.term import Dim, Free, Operator, Proposition, Term


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a relation: a term with its free indices in the order of its axes.

    A matrix has two axes (row, column); a scalar none.  The transpose is the same term with the
    axes exchanged, so two sides are compared axis by axis, never by the letters of indices.
    """

    axes: tuple[Free, ...]
    term: Term

    @property
    def shape(self) -> tuple[Dim, ...]:
        """The dimensions of the axes."""
        return tuple(axis.dim for axis in self.axes)


@dataclass(frozen=True, slots=True)
class Obligation:
    """``left operator right`` for all values of the free indices, variables and dimensions >= 1.

    Both terms are under the same free indices.  Free indices that are no axes of the sides
    (``i`` in an entrywise claim) are quantified in the same way.
    """

    operator: Operator
    left: Term
    right: Term
    declarations: Declarations


@dataclass(frozen=True, slots=True)
class Statement:
    """A proposition that is claimed for all admissible values, such as a claim about integers."""

    proposition: Proposition
    declarations: Declarations


def align(operator: Operator, left: Side, right: Side, declarations: Declarations) -> Obligation:
    """The obligation for two sides of one shape: the right axes take the names of the left.

    Raises ValueError if the shapes differ; callers report that as ill-typed beforehand.
    """
    if left.shape != right.shape:
        raise ValueError(f"shapes differ: {left.shape} and {right.shape}")
    renaming = dict(zip(right.axes, left.axes, strict=True))
    return Obligation(operator, left.term, substitute_indices(right.term, renaming), declarations)
