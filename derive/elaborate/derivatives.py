"""Derivatives as quotients, gradients and Hessians, and values at a point.

Jacobian rows are outputs (numerator layout) unless another layout is asked for; the gradient of a
scalar has the shape of its variable.
"""

from typing import TYPE_CHECKING, Literal, TypeAlias

from derive.elaborate import value as values
from derive.elaborate.names import bare_function
from derive.elaborate.problems import MalformedError, NotCoveredError
from derive.elaborate.substitute import UnderDerivativeError, substitute_name
from derive.elaborate.value import Value, fresh_axis
from derive.elaborate.words import construct_words, ungrouped
from derive.reader import surface
from derive.reader.names import spelling
from derive.terms.structure import element_names, substitute_indices, unfold
from derive.terms.term import Derivative, Element, Free, Index

if TYPE_CHECKING:
    from derive.elaborate.elaborator import Elaborator

#: How derivatives of arrays are laid out: Jacobian rows are outputs; or the transpose; or rows
#: are outputs and the gradient of a scalar is a row.
Layout: TypeAlias = Literal["numerator", "denominator", "gradient rows"]

#: Derivatives of a higher order are not judged.
HIGHEST_ORDER = 9


def derivative_value(elaborator: "Elaborator", node: surface.Derivative) -> Value:
    r"""``\frac{\partial L}{\partial x}``, also of higher order and by several variables."""
    if node.operand is None:
        raise NotCoveredError("an operator without its operand is not judged", node.span)
    by = [(_variable(elaborator, v.variable), _order(v.order)) for v in node.variables]
    total = sum(order for _, order in by)
    if _order(node.order) != total:
        raise MalformedError(
            f"a derivative of order {_order(node.order)} by {total} "
            f"{'variable' if total == 1 else 'variables'}",
            node.span,
        )
    names = {v.term.name for v, _ in by if isinstance(v.term, Element)}
    if len(names) > 1 and sum(bool(variable.axes) for variable, _ in by) > 1:
        raise NotCoveredError("a mixed derivative by several arrays is not judged", node.span)
    first = by[0][0].term
    result = _operand(elaborator, node.operand, first.name if isinstance(first, Element) else None)
    for variable, order in reversed(by):
        for _ in range(order):
            result = laid_out(result, variable, elaborator.layout)
    return result


def _order(node: surface.Node | None) -> int:
    if node is None:
        return 1
    word = spelling(ungrouped(node))
    if word is None or not word.isdigit() or not 1 <= int(word) <= HIGHEST_ORDER:
        raise NotCoveredError("this order of differentiation is not judged", node.span)
    return int(word)


def _operand(elaborator: "Elaborator", node: surface.Node, wrt: str | None) -> Value:
    node = ungrouped(node, ("{", "("))
    if isinstance(node, surface.Name):
        name, scope = node.spelling, elaborator.scope
        if name in scope.functions and name not in scope.function_definitions:
            return bare_function(elaborator, name, node.span, wrt)
        if not elaborator.has_meaning(name) and name != wrt and name not in ("e", "\\pi"):
            why = scope.broken.get(name) or (
                f"{name} is differentiated but never introduced; "
                f"declared here: {scope.declared_words()}"
            )
            raise MalformedError(why, node.span)
    return elaborator.value(node)


def _variable(elaborator: "Elaborator", node: surface.Node) -> Value:
    """The variable of a derivative, under the axes that stay open."""
    value = elaborator.value(node)
    if not isinstance(value.term, Element):
        raise MalformedError("a derivative by something that is no variable", node.span)
    return value


def laid_out(operand: Value, variable: Value, layout: Layout) -> Value:
    """The derivative of ``operand`` by ``variable``, its axes in the order of the layout."""
    operand = values.renewed(operand)
    change: dict[Free, Index] = {axis: fresh_axis(axis.dim) for axis in variable.axes}
    new_axes = tuple(axis for axis in change.values() if isinstance(axis, Free))
    element = substitute_indices(variable.term, change)
    assert isinstance(element, Element)
    term = Derivative(operand.term, element)
    if variable.row:  # by a transposed vector: always the Jacobian with outputs as rows
        return Value(term, (*operand.axes, *new_axes), row=not operand.axes)
    if not operand.axes:
        if layout == "gradient rows":
            return Value(term, new_axes[::-1], row=len(new_axes) == 1)
        return Value(term, new_axes)
    if not new_axes:
        return Value(term, operand.axes, row=layout == "denominator")
    if layout == "denominator":
        return Value(term, (*new_axes, *operand.axes))
    return Value(term, (*operand.axes, *new_axes))


def nabla_value(elaborator: "Elaborator", node: surface.Nabla) -> Value:
    r"""``\nabla_x f``, in the shape of x; ``\nabla_x^2 f``, the Hessian."""
    order = 1
    if node.superscript is not None:
        if spelling(ungrouped(node.superscript)) != "2":
            raise NotCoveredError("this power of nabla is not judged", node.span)
        order = 2
        elaborator.warn("nabla squared is read as the Hessian", node.span)
    if node.operand is None:
        raise NotCoveredError("a nabla without its operand is not judged", node.span)
    if node.subscript is None:
        raise NotCoveredError(
            "a nabla that does not say by which variable is not judged: write \\nabla_x f",
            node.span,
        )
    variable = _variable(elaborator, node.subscript)
    assert isinstance(variable.term, Element)
    operand = _operand(elaborator, node.operand, variable.term.name)
    if operand.axes or (order == 2 and len(variable.axes) > 1):
        raise NotCoveredError(
            "the gradient of an array is laid out in several ways: write a partial derivative",
            node.span,
        )
    for _ in range(order):
        operand = laid_out(operand, variable, "numerator")
    return operand


def evaluated_value(elaborator: "Elaborator", node: surface.Evaluated) -> Value:
    r"""``f |_{x = a}``: definitions unfold, then the variable takes the value."""
    lower = ungrouped(node.lower) if node.lower is not None else None
    if node.upper is not None or not isinstance(lower, surface.Relation):
        raise NotCoveredError("these limits of evaluation are not judged", node.span)
    if lower.relations != ("=",) or not isinstance(lower.sides[0], surface.Name):
        raise NotCoveredError("this point of evaluation is not judged", node.span)
    body, definitions = elaborator.value(node.body), elaborator.scope.definitions
    variable = _variable(elaborator, lower.sides[0])
    at = elaborator.value(lower.sides[1])
    assert isinstance(variable.term, Element)
    name = variable.term.name
    if at.dims != variable.dims or at.row != variable.row:
        raise NotCoveredError(
            f"a {variable.shape_words} at a {at.shape_words} is not judged", node.span
        )
    if name in definitions:
        raise NotCoveredError(f"{name} is defined, so it can't take another value", node.span)
    everything = {**definitions, **{d.name: d for d in elaborator.definitions}}
    term = unfold(body.term, everything)
    left_over = element_names(term) & set(everything)
    if left_over:
        raise NotCoveredError(
            f"an evaluation beside a derivative by {min(left_over)} is not judged", node.span
        )
    try:
        return Value(substitute_name(term, name, at), body.axes, body.row)
    except UnderDerivativeError:
        point = elaborator.point(name, at, node.span)
        replaced = substitute_name(term, name, point, under_derivatives=True)
        return Value(replaced, body.axes, body.row)


def not_judged(elaborator: "Elaborator", node: surface.Node) -> Value:
    """What is read but has no meaning here yet."""
    raise NotCoveredError(f"{construct_words(node)} is read but not judged", node.span)
