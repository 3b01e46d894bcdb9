"""What is handed to provers and refuters: one typed statement and what it may rest on."""

from dataclasses import dataclass

from derive.terms.declarations import Declarations
from derive.terms.structure import free_indices, substitute_indices
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

    A free index that is no axis of its own side keeps apart from an axis of the same letter on
    the other side.  Raises ValueError if the shapes differ; callers report that as ill-typed
    beforehand.
    """
    if left.shape != right.shape:
        raise ValueError(f"shapes differ: {left.shape} and {right.shape}")
    outside = {
        index.name
        for side in (left, right)
        for index in free_indices(side.term)
        if index not in side.axes
    }
    axes: list[Free] = []
    for axis in left.axes:
        name = axis.name
        while name in outside or any(name == made.name for made in axes):
            name += "'"
        axes.append(Free(name, axis.dim))
    left_term, right_term = (
        substitute_indices(side.term, dict(zip(side.axes, axes, strict=True)))
        for side in (left, right)
    )
    return Obligation(operator, left_term, right_term, declarations)
