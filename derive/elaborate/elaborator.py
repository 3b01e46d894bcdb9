"""Surface trees to typed values: one function a node type, in the module for its purpose.

An ``Elaborator`` serves one chain: the letters of its free indices get one range each, whichever
side fixes it.  Nothing is guessed: an undeclared name is a real scalar only where it stands alone;
with an index, or before parentheses, it is an error that lists what is declared.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeGuard, TypeVar, cast

from derive.elaborate import arithmetic, conditions, derivatives, functions, names, scripts, sums
from derive.elaborate.derivatives import Layout
from derive.elaborate.indices import IndexTable
from derive.elaborate.matrices import matrix_value
from derive.elaborate.problems import ElaborationError, IllTypedError, MalformedError
from derive.elaborate.scope import Scope
from derive.elaborate.value import Value
from derive.reader import surface
from derive.reader.problems import Span
from derive.terms.structure import (
    Definition,
    element_names,
    free_indices,
    map_parts,
    substitute_indices,
    subterms,
)
from derive.terms.term import (
    Compare,
    Derivative,
    Dim,
    Element,
    Free,
    Index,
    Node,
    Position,
    Proposition,
    SameIndex,
    Term,
)

__all__ = ["Elaborator", "Layout", "Warned"]

N = TypeVar("N", bound=Node)


@dataclass(frozen=True, slots=True)
class Warned:
    """Something read on the author's behalf, in words, with its place."""

    message: str
    span: Span


@dataclass
class Elaborator:
    """Gives surface trees of one chain a typed meaning in one scope and layout.

    ``warnings`` and ``hypotheses`` gather what was noticed; ``definitions`` are auxiliary names
    made on the way (the point at which ``f'`` is taken).
    """

    scope: Scope
    layout: Layout = "numerator"
    warnings: list[Warned] = field(default_factory=list)
    hypotheses: list[Proposition] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.indices = IndexTable(self.scope)

    def value(self, node: surface.Node) -> Value:
        """The typed meaning of a surface tree; ``finish`` it when the whole chain was read."""
        return _VALUES.get(type(node), derivatives.not_judged)(self, node)

    def scalar(self, node: surface.Node) -> Term:
        """The typed meaning of a tree that has to be a scalar."""
        found = self.value(node)
        if found.axes:
            raise IllTypedError(
                f"a scalar is needed here, found a {found.shape_words}",
                node.span,
                found.shape_words,
                "scalar",
            )
        return found.term

    def proposition(self, node: surface.Node) -> Proposition:
        """The typed meaning of a condition: a comparison of scalars or of indices."""
        return conditions.proposition(self, node)

    def has_meaning(self, name: str) -> bool:
        """Whether a name is bound, declared or defined here."""
        return name in self.indices.bound or self.scope.has_meaning(name)

    def warn(self, message: str, span: Span) -> None:
        """Note something that was read on the author's behalf, once."""
        noted = Warned(message, span)
        if noted not in self.warnings:
            self.warnings.append(noted)

    def point(self, name: str, argument: Value, span: Span) -> Value:
        """A new name for an argument of ``name``, by which derivatives can be taken."""
        made = f"argument {self.indices.serial()} of {name}"
        definition, value = functions.point_definition(made, argument, span)
        self.definitions.append(definition)
        return value

    # ---- free indices, and what is known when the whole chain has been read -----------------

    def expect_range(self, name: str, dim: Dim, span: Span) -> None:
        """Fix the range of a free index beforehand."""
        self.indices.fit(self.indices.free(name), dim, name, span)

    def free_index_known(self, name: str, span: Span) -> Free:
        """The free index of that letter, whose range has to be known by now."""
        return self.indices.known(name, span)

    def finish(self, value: Value) -> Value:
        """Put what other sides fixed into a value: ranges, and which letters are indices."""
        return Value(self.finish_term(value.term), value.axes, value.row)

    def finish_term(self, term: Term) -> Term:
        """``finish`` for a bare term."""
        return self._finished(term)

    def finish_proposition(self, proposition: Proposition) -> Proposition:
        """``finish`` for a hypothesis."""
        return self._finished(proposition)

    def _finished(self, node: N) -> N:
        node = substitute_indices(node, self.indices.resolution(free_indices(node)))
        if any(_is_open(index) for index in free_indices(node)):
            node = _compared_as_scalars(node)
        letters = frozenset(
            name
            for name in element_names(node)
            if name in self.indices.ranges and not self.scope.has_meaning(name)
        )
        return self._as_positions(node, letters) if letters else node

    def _as_positions(self, node: N, letters: frozenset[str]) -> N:
        """A letter that is an index in this chain is one also where it stands as a number."""
        for part in subterms(node):
            if isinstance(part, Derivative) and part.variable.name in letters:
                name = part.variable.name
                raise MalformedError(f"{name} is an index and is differentiated by", Span(0, 0))

        def descend(part: Node, _binders: int) -> Node:
            if isinstance(part, Element) and part.name in letters and not part.indices:
                return Position(Free(part.name, self.indices.ranges[part.name]))
            return map_parts(part, descend, lambda index: index)

        return cast(N, descend(node, 0))


def _is_open(index: Index) -> TypeGuard[Free]:
    return isinstance(index, Free) and isinstance(index.dim, str) and index.dim.startswith("?")


def _compared_as_scalars(node: N) -> N:
    """``x = y`` for letters that turned out to be no indices anywhere: a comparison of numbers."""

    def descend(part: Node, _binders: int) -> Node:
        if isinstance(part, SameIndex):
            left, right = part.left, part.right
            if _is_open(left) and _is_open(right):
                return Compare("=", Element(left.name), Element(right.name))
        return map_parts(part, descend, lambda index: index)

    return cast(N, descend(node, 0))


_Meaning = Callable[["Elaborator", surface.Node], Value]

#: The construct a node type is, and the one function that gives it its meaning.
_VALUES: Mapping[type[surface.Node], _Meaning] = cast(
    Mapping[type[surface.Node], _Meaning],
    {
        surface.Number: names.number_value,
        surface.Name: names.name_value,
        surface.Script: scripts.script_value,
        surface.Group: arithmetic.group_value,
        surface.Addition: arithmetic.addition_value,
        surface.Juxtaposition: arithmetic.juxtaposition_value,
        surface.Fraction: arithmetic.fraction_value,
        surface.Root: arithmetic.root_value,
        surface.Factorial: arithmetic.factorial_value,
        surface.Binomial: arithmetic.binomial_value,
        surface.Apply: functions.apply_value,
        surface.BigOperator: sums.big_operator_value,
        surface.Derivative: derivatives.derivative_value,
        surface.Nabla: derivatives.nabla_value,
        surface.Evaluated: derivatives.evaluated_value,
        surface.Indicator: conditions.indicator_value,
        surface.Cases: conditions.cases_value,
        surface.Matrix: matrix_value,
        surface.Annotated: lambda elaborator, node: elaborator.value(node.body),
    },
)


def error_at(error: ElaborationError, span: Span) -> ElaborationError:
    """The error, at the span if it has none of its own (it arose when the chain was finished)."""
    if error.span.end > error.span.start:
        return error
    error.span = span
    return error
