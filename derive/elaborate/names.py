"""Numbers and names: variables, definitions, dimensions, indices as numbers, bare functions."""

from fractions import Fraction
from typing import TYPE_CHECKING

from derive.elaborate import value as values
from derive.elaborate.functions import unknown_call
from derive.elaborate.problems import MalformedError, NotCoveredError
from derive.elaborate.scope import KNOWN_FUNCTIONS, VECTOR_FUNCTIONS
from derive.elaborate.value import Value
from derive.elaborate.words import IDENTITY, NO_NUMBERS, ONES
from derive.reader import surface
from derive.reader.problems import Span
from derive.terms.structure import element_names
from derive.terms.term import (
    ONE,
    Apply,
    Delta,
    Dim,
    Dimension,
    Element,
    Number,
    Position,
    Term,
    add,
    apply,
    number,
)

if TYPE_CHECKING:
    from derive.elaborate.elaborator import Elaborator


#: Longer numbers are not judged.
MOST_DIGITS = 1_000


def number_value(elaborator: "Elaborator", node: surface.Number) -> Value:
    """An exact rational number."""
    if len(node.text) > MOST_DIGITS:
        raise NotCoveredError(f"a number of {len(node.text)} digits is not judged", node.span)
    return Value(Number(Fraction(node.text)))


def name_value(elaborator: "Elaborator", node: surface.Name) -> Value:
    """What a name stands for where it stands alone."""
    name, scope, indices = node.spelling, elaborator.scope, elaborator.indices
    if name in indices.bound:
        indices.used.add(name)
        position: Term = Position(indices.bound[name])
        shift = indices.shifts.get(name, 0)
        return Value(add(position, number(shift)) if shift else position)
    if name in scope.broken and name not in scope.variables:
        raise MalformedError(scope.broken[name], node.span)
    if name in scope.variables or name in scope.definitions:
        return variable_value(elaborator, name)
    if name in scope.dimensions:
        return Value(Dimension(name))
    if name in scope.sets_counted:
        return Value(scope.sets_counted[name])
    if name in scope.function_definitions:
        return _bare_definition(elaborator, name, node.span)
    if name in scope.functions:
        return bare_function(elaborator, name, node.span)
    if name in scope.indices:
        return Value(Position(indices.free(name)))
    return _undeclared(elaborator, node)


def _undeclared(elaborator: "Elaborator", node: surface.Name) -> Value:
    name = node.spelling
    if name in KNOWN_FUNCTIONS or name in VECTOR_FUNCTIONS:
        raise MalformedError(f"the function {name} stands without an argument", node.span)
    if name == "e":
        return Value(apply("exp", ONE))
    if name == "\\pi":
        return Value(Apply("pi", ()))
    if name in ONES or name == "\\mathbf{I}":
        raise MalformedError(
            f"the size of {name} is not known here; declare it, as in {name} : R^n", node.span
        )
    if name in NO_NUMBERS:
        raise MalformedError(f"{NO_NUMBERS[name]} stands where a number is needed", node.span)
    if name.startswith("\\mathbb"):
        raise NotCoveredError(f"{name} is read but not judged", node.span)
    if node.font == "bold":
        raise MalformedError(
            f"{name} is bold, so it is an array, but is never introduced: declare it, as in "
            f"{name} : R^n; declared here: {elaborator.scope.declared_words()}",
            node.span,
        )
    return Value(Element(name))


def variable_value(elaborator: "Elaborator", name: str) -> Value:
    """A declared or defined name under all its axes."""
    scope = elaborator.scope
    shape = scope.shape(name)
    if name in ONES and name not in scope.definitions:
        return values.tensor(shape, lambda *_: ONE)
    square = len(shape) == 2 and shape[0] == shape[1]
    if name in IDENTITY and square and name not in scope.definitions:
        return values.tensor(shape, Delta)
    return values.tensor(shape, lambda *indices: Element(name, indices))


def identity_matrix(dim: Dim) -> Value:
    """The identity matrix of a size."""
    return values.tensor((dim, dim), Delta)


def ones(dim: Dim) -> Value:
    """The vector of ones of a length."""
    return values.tensor((dim,), lambda _: ONE)


def _bare_definition(elaborator: "Elaborator", name: str, span: Span) -> Value:
    """A defined function without its argument: at the variables that its definition names."""
    definition = elaborator.scope.function_definitions[name]
    for parameter in definition.parameters:
        shape = elaborator.scope.shape(parameter.name)
        declared = parameter.name in elaborator.scope.variables
        if shape != parameter.shape or not (declared or not parameter.shape):
            raise MalformedError(
                f"the function {name} stands without an argument, and {parameter.name}, which "
                "defines it, has another meaning here",
                span,
            )
    return definition.body


def bare_function(elaborator: "Elaborator", name: str, span: Span, wrt: str | None = None) -> Value:
    """An unknown function without its argument, where only one argument can be meant.

    That is the defined name of the right shape that all others of that shape lead to; where
    nothing of that shape is defined, the only variable of the shape (or ``wrt``, the variable of
    the derivative, if it is the only one).  The choice is a warning.
    """
    scope = elaborator.scope
    declared = scope.functions[name]
    if len(declared.arguments) == 1:
        (shape,) = declared.arguments
        defined = [
            d for d in scope.definitions if scope.shape(d) == shape and d not in scope.broken
        ]
        candidates = defined or [v for v in scope.variables if scope.shape(v) == shape]
        if not candidates and wrt is not None and scope.shape(wrt) == shape:
            candidates = [wrt]
        last = _last_of_all(elaborator, candidates)
        if last is not None:
            elaborator.warn(f"{name} is read as {name}({last})", span)
            return unknown_call(elaborator, name, [variable_value(elaborator, last)], span)
        if len(candidates) > 1:
            shown = " or ".join(f"{name}({candidate})" for candidate in candidates[:4])
            raise MalformedError(
                f"the function {name} stands without an argument and may be {shown}: write it out",
                span,
            )
    raise MalformedError(f"the function {name} stands without an argument", span)


def _last_of_all(elaborator: "Elaborator", candidates: list[str]) -> str | None:
    """The candidate that depends on all the others; None if there is none."""
    for candidate in candidates:
        if all(
            other == candidate or _rests_on(elaborator, candidate, other) for other in candidates
        ):
            return candidate
    return None


def _rests_on(elaborator: "Elaborator", name: str, other: str) -> bool:
    definitions = elaborator.scope.definitions
    seen, stack = set(), [name]
    while stack:
        current = stack.pop()
        if current in seen or current not in definitions:
            continue
        seen.add(current)
        mentioned = element_names(definitions[current].body)
        if other in mentioned:
            return True
        stack.extend(sorted(mentioned))
    return False
