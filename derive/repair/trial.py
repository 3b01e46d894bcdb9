"""Trying a repaired statement: read it again, give it a meaning, screen it by numbers, judge it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from derive.chain import (
    declarations_for,
    definition_taken,
    elaborate_sides,
    obligation,
)
from derive.elaborate.conditions import OPERATORS
from derive.elaborate.elaborator import Elaborator
from derive.elaborate.problems import ElaborationError, MalformedError
from derive.elaborate.scope import Scope
from derive.reader import surface
from derive.reader.chains import read_display
from derive.reader.problems import Span
from derive.reader.surface import Node
from derive.repair.edits import Written
from derive.repair.screen import Screen
from derive.terms.declarations import Variable
from derive.terms.obligation import Obligation
from derive.terms.structure import free_indices
from derive.verdict import Kind, Verdict

if TYPE_CHECKING:
    from derive.check import Step

Judge = Callable[[Obligation], Verdict]

#: So much LaTeX costs as much as one more statement.
_LENGTH = 400

#: Statements that are put to the judge for one step: what survives the screening is rarely false.
MOST_PROOFS = 4

#: The names of the identity matrix: where nothing declares it, it takes the size that fits.
_IDENTITY = ("\\mathbf{I}", "I")


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one repaired statement.

    ``verdict`` is set where it holds; ``error`` where it has no meaning; neither where it is
    false or not proved.  ``broken`` counts the sides without a meaning; ``on_left`` says whether
    the error is that of the left side.
    """

    left: Written | None = None
    right: Written | None = None
    verdict: Verdict | None = None
    error: ElaborationError | None = None
    broken: int = 0
    on_left: bool = False


class Bench:
    """A failing step, set up for trying other sides in its place; counts what that costs."""

    def __init__(self, step: "Step", judge: Judge, budget: int) -> None:
        assert step.scope is not None
        assert isinstance(step.left_node, Node)
        assert isinstance(step.right_node, Node)
        self.scope = step.scope
        self.layout = step.layout
        self.context = step.context
        self.judge = judge
        self.fuel = budget
        self.proofs = MOST_PROOFS
        self.names = self.scope.names
        self.screen = Screen()
        self.ranges = tuple(
            index
            for index in (
                dict.fromkeys(
                    (*free_indices(step.statement.left), *free_indices(step.statement.right))
                )
                if step.statement is not None
                else ()
            )
            if any(
                isinstance(part, surface.Name) and part.spelling == index.name
                for side in (step.left_node, step.right_node)
                for part in surface.walk(side)
            )
        )
        self.defining = step.statement is None and self._defines(step)

    def _defines(self, step: "Step") -> bool:
        """Whether the step is a definition that failed."""
        assert step.left_node is not None
        assert step.right_node is not None
        try:
            definition_taken(
                step.left_node, step.right_node, step.relation, self.scope, self.layout
            )
        except ElaborationError:
            return True
        return False

    def read(self, latex: str) -> Written | None:
        """One side read again; None if it is not one formula."""
        self.fuel -= len(latex) // _LENGTH
        reading = read_display(latex, self.names)
        if reading.problems or len(reading.chains) != 1:
            return None
        (chain,) = reading.chains
        if chain.relations or chain.words or len(chain.sides) != 1:
            return None
        (side,) = chain.sides
        return Written(latex, side) if isinstance(side, Node) else None

    def attempt(self, left: Written, relation: str, right: Written) -> Tried:
        """Judge ``left relation right`` where the step stands."""
        self.fuel -= 1 + (len(left.latex) + len(right.latex)) // _LENGTH
        operator = OPERATORS.get(relation)
        if operator is None:
            return Tried(left, right)
        if self.defining:
            return self._definition(left, relation, right)
        statement = self.statement(left.node, relation, right.node)
        if isinstance(statement, Tried):
            return replace(statement, left=left, right=right)
        verdict = self.verdict(statement)
        return Tried(left, right, verdict)

    def _definition(self, left: Written, relation: str, right: Written) -> Tried:
        try:
            taken = definition_taken(left.node, right.node, relation, self.scope, self.layout)
            if taken is not None:
                _nothing_open(taken.scope, taken.name, left.node, right.node)
        except ElaborationError as error:
            return Tried(left, right, error=error, broken=1)
        return Tried(left, right, Verdict(Kind.PROVED, "definition") if taken else None)

    def statement(self, left: Node, relation: str, right: Node) -> Obligation | Tried:
        """The typed statement, or why there is none."""
        scope = self.scope
        elaborator = self._elaborator(scope)
        sides = elaborate_sides((left, right), elaborator)
        for node, known in ((left, sides[1].value), (right, sides[0].value)):
            if known is not None and len(known.dims) == 2 and _new_identity(node, scope):
                names = {name: Variable(name, known.dims) for name in _IDENTITY}
                scope = replace(scope, variables={**scope.variables, **names})
                elaborator = self._elaborator(scope)
                sides = elaborate_sides((left, right), elaborator)
        errors = [side.error for side in sides if side.error is not None]
        if errors:
            on_left = sides[0].error is not None
            return Tried(error=errors[0], broken=len(errors), on_left=on_left)
        first, second = sides[0].value, sides[1].value
        assert first is not None
        assert second is not None
        try:
            declarations = declarations_for(scope, elaborator, self.context)
            return obligation(first, second, OPERATORS[relation], declarations, right.span)
        except ElaborationError as error:
            return Tried(error=error, broken=0)

    def _elaborator(self, scope: Scope) -> Elaborator:
        elaborator = Elaborator(scope, self.layout)
        for index in self.ranges:
            elaborator.expect_range(index.name, index.dim, Span(0, 0))
        return elaborator

    def verdict(self, statement: Obligation) -> Verdict | None:
        """The verdict if the statement holds, None otherwise; numbers first, proofs are dear."""
        if self.proofs <= 0 or not self.screen.passes(statement):
            return None
        self.proofs -= 1
        verdict = self.judge(statement)
        return verdict if verdict.holds else None


def _new_identity(node: Node, scope: Scope) -> bool:
    """Whether a side has an identity matrix that nothing declares."""
    return not any(len(scope.shape(name)) == 2 for name in _IDENTITY) and any(
        isinstance(part, surface.Name) and part.spelling in _IDENTITY for part in surface.walk(node)
    )


def _nothing_open(scope: Scope, name: str, left: Node, right: Node) -> None:
    """Raise MalformedError where a definition leaves an index open that its left side lacks."""
    if name in scope.definitions:
        made = scope.definitions[name]
        allowed, term = {index.name for index in made.indices}, made.body
    elif name in scope.function_definitions:
        body = scope.function_definitions[name].body
        allowed, term = {axis.name for axis in body.axes}, body.term
    else:
        return
    allowed |= {part.spelling for part in surface.walk(left) if isinstance(part, surface.Name)}
    for index in free_indices(term):
        if index.name not in allowed:
            raise MalformedError(f"the index {index.name} stands on the right only", right.span)
