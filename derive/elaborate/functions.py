"""Applications: functions that the document defines, unknown ones, and those everybody knows."""

from typing import TYPE_CHECKING

from derive.elaborate import value as values
from derive.elaborate.problems import IllTypedError, MalformedError, NotCoveredError
from derive.elaborate.scope import (
    ARRAY_FUNCTIONS,
    KNOWN_FUNCTIONS,
    VECTOR_FUNCTIONS,
    FunctionDefinition,
)
from derive.elaborate.substitute import UnderDerivativeError, rename_name, substitute_name
from derive.elaborate.value import Value, fresh_axis
from derive.elaborate.words import TRANSPOSES, ungrouped
from derive.reader import surface
from derive.reader.names import spelling
from derive.reader.problems import Span
from derive.terms.structure import (
    Definition,
    bind,
    free_indices,
    substitute_indices,
    sum_over,
    tree_size,
)
from derive.terms.term import (
    ONE,
    Argument,
    Call,
    Derivative,
    Determinant,
    Element,
    Pow,
    apply,
    div,
    number,
)

if TYPE_CHECKING:
    from derive.elaborate.elaborator import Elaborator


def apply_value(elaborator: "Elaborator", node: surface.Apply) -> Value:
    """A function at its arguments, with what is written on its name: power, prime, base, index."""
    function, power, primes, subscript = _function_parts(node.function)
    if function is None:
        raise NotCoveredError("this function is read but not judged", node.function.span)
    arguments = _arguments(elaborator, node.argument)
    if primes:
        result = _derivative_at(elaborator, function, arguments, primes, node)
    else:
        result = apply_function(elaborator, function, arguments, node.span)
    if subscript is not None:
        result = _with_subscript(elaborator, function, subscript, result, node)
    if power is not None:
        result = _to_power(elaborator, power, result, node)
    return result


def _function_parts(
    node: surface.Node,
) -> tuple[str | None, surface.Node | None, int, surface.Node | None]:
    """Name, power, primes and subscript of the function in an application."""
    if isinstance(node, surface.Name):
        return node.spelling, None, 0, None
    if isinstance(node, surface.Script) and isinstance(node.base, surface.Name):
        return node.base.spelling, node.superscript, node.primes, node.subscript
    return None, None, 0, None


def _arguments(elaborator: "Elaborator", node: surface.Node) -> list[Value]:
    body = ungrouped(node, ("(", "[", "{", "\\{"))
    items = body.items if isinstance(body, surface.Sequence) else (body,)
    return [elaborator.value(item) for item in items]


def _with_subscript(
    elaborator: "Elaborator",
    function: str,
    subscript: surface.Node,
    result: Value,
    node: surface.Apply,
) -> Value:
    """``\\log_2 x``, and ``S_i(x)`` for the component ``S(x)_i``."""
    if function in ("log", "ln"):
        base = elaborator.scalar(subscript)
        return values.mapped(result, lambda t: div(t, apply("log", base)))
    if len(result.axes) == 1:
        return Value(result.at(elaborator.indices.named_by(subscript, result.axes[0].dim)))
    raise NotCoveredError("a function with a subscript is not judged", node.span)


def _to_power(
    elaborator: "Elaborator", power: surface.Node, result: Value, node: surface.Apply
) -> Value:
    word = spelling(ungrouped(power))
    if word in TRANSPOSES:
        return values.transposed(result, node.span)
    if word == "-1":
        raise NotCoveredError("an inverse function is not judged", node.span)
    if isinstance(ungrouped(power), surface.Group):
        raise NotCoveredError("a function with a label in brackets is not judged", node.span)
    exponent = elaborator.scalar(power)
    if result.axes:
        elaborator.warn("a power of a vector is taken entry by entry", node.span)
    return values.mapped(result, lambda t: Pow(t, exponent))


def apply_function(
    elaborator: "Elaborator", name: str, arguments: list[Value], span: Span
) -> Value:
    """A function at its arguments: defined by the document, unknown, or known to everyone."""
    scope = elaborator.scope
    if name in scope.function_definitions:
        return _defined_function(elaborator, scope.function_definitions[name], arguments, span)
    if name in scope.functions:
        return unknown_call(elaborator, name, arguments, span)
    if name in scope.broken:
        raise MalformedError(scope.broken[name], span)
    if name in ARRAY_FUNCTIONS:
        return _array_function(elaborator, name, arguments, span)
    if name in VECTOR_FUNCTIONS:
        return _vector_function(name, arguments, span)
    known = KNOWN_FUNCTIONS.get(name)
    if known is None:
        raise MalformedError(
            f"the function {name} is never introduced; declared here: {scope.declared_words()}",
            span,
        )
    if known in ("max", "min"):
        return _extremum(known, arguments, span)
    if len(arguments) != 1:
        raise MalformedError(f"{name} takes one argument, found {len(arguments)}", span)
    (argument,) = arguments
    if len(argument.axes) == 2 and known in ("exp", "log", "sqrt"):
        raise NotCoveredError(
            f"{name} of a matrix may be meant entry by entry or not; it is not judged", span
        )
    return values.mapped(argument, lambda t: apply(known, t))


def _extremum(name: str, arguments: list[Value], span: Span) -> Value:
    if len(arguments) < 2:
        raise NotCoveredError(f"{name} of one argument is read but not judged", span)
    result = arguments[0]
    for other in arguments[1:]:
        big = result if result.axes else other
        if result.axes and other.axes and not values.same_shape(result, other):
            raise IllTypedError(
                f"{name} of different shapes", span, result.shape_words, other.shape_words
            )
        left = result.at(*big.axes) if result.axes else result.term
        right = other.at(*big.axes) if other.axes else other.term
        relu = name == "max" and left == number(0)
        term = apply("relu", right) if relu else apply(name, left, right)
        result = Value(term, big.axes, big.row)
    return result


def _array_function(
    elaborator: "Elaborator", name: str, arguments: list[Value], span: Span
) -> Value:
    if len(arguments) == 1:
        (argument,) = arguments
        if name == "diag":
            return values.diagonal(argument, span)
        if name in ("tr", "trace"):
            return values.trace(argument, span)
        term = argument.term
        if name == "det" and len(argument.axes) == 2:
            if argument.dims[0] != argument.dims[1]:
                raise IllTypedError(
                    f"the determinant of a {argument.shape_words}",
                    span,
                    argument.shape_words,
                    "square matrix",
                )
            defined = elaborator.scope.definitions
            named = isinstance(term, Element) and set(term.indices) == set(argument.axes)
            if named and isinstance(term, Element) and term.name not in defined:
                return Value(Determinant(term.name))
    raise NotCoveredError(f"{name} is read but not judged here", span)


def _vector_function(name: str, arguments: list[Value], span: Span) -> Value:
    """``softmax`` and ``logsumexp`` of one vector."""
    if len(arguments) != 1 or len(arguments[0].axes) != 1:
        found = ", ".join(argument.shape_words for argument in arguments)
        raise IllTypedError(f"{name} takes one vector, found {found}", span, found, "vector")
    (argument,) = arguments
    other = fresh_axis(argument.axes[0].dim)
    total = sum_over(other, apply("exp", argument.at(other)))
    if name == "logsumexp":
        return Value(apply("log", total))
    return values.mapped(argument, lambda t: div(apply("exp", t), total))


#: A function of the document is not put in where the result has more parts than this.
MOST_PARTS = 20_000


def _defined_function(
    elaborator: "Elaborator", definition: FunctionDefinition, arguments: list[Value], span: Span
) -> Value:
    """The body of a definition at the arguments; a scalar function also of every entry."""
    parameters, body, name = definition.parameters, definition.body, definition.name
    if len(parameters) != len(arguments):
        raise MalformedError(
            f"{name} takes {len(parameters)} arguments, found {len(arguments)}", span
        )
    lifted: Value | None = None
    given = []
    for parameter, argument in zip(parameters, arguments, strict=True):
        if not parameter.shape and argument.axes and lifted is None and not body.axes:
            lifted = argument
            argument = Value(argument.term)
        elif parameter.shape != argument.dims:
            wanted = Value(ONE, tuple(map(fresh_axis, parameter.shape))).shape_words
            raise IllTypedError(
                f"{name} takes a {wanted} here, found a {argument.shape_words}",
                span,
                argument.shape_words,
                " x ".join(map(str, parameter.shape)) or "scalar",
            )
        given.append(argument)
    term = body.term
    # All at once: first to names that no document can write, then to the arguments.
    for place, parameter in enumerate(parameters):
        term = rename_name(term, parameter.name, f"_p{place}")
    for place, argument in enumerate(given):
        try:
            term = substitute_name(term, f"_p{place}", argument)
        except UnderDerivativeError:
            alias = elaborator.point(name, argument, span)
            term = substitute_name(term, f"_p{place}", alias, under_derivatives=True)
    if tree_size(term) > MOST_PARTS:
        raise NotCoveredError(f"{name} written out has more than {MOST_PARTS} parts", span)
    if lifted is not None:
        return Value(term, lifted.axes, lifted.row)
    return Value(term, body.axes, body.row)


def unknown_call(elaborator: "Elaborator", name: str, arguments: list[Value], span: Span) -> Value:
    """An unknown function at arguments of its declared shapes, or a scalar one of every entry."""
    declared = elaborator.scope.functions[name]
    shapes = tuple(argument.dims for argument in arguments)
    if shapes != declared.arguments:
        if declared.arguments == ((),) and not declared.value and len(arguments) == 1:
            inner = arguments[0]
            call = Call(name, (), (Argument((), inner.term),))
            return Value(call, inner.axes, inner.row)
        wanted = ", ".join(" x ".join(map(str, s)) or "scalar" for s in declared.arguments)
        found = ", ".join(argument.shape_words for argument in arguments)
        raise IllTypedError(f"{name} takes {wanted}, found {found}", span, found, wanted)
    made = []
    for argument in arguments:
        body = argument.term
        for axis in argument.axes:
            body = bind(body, axis)
        made.append(Argument(argument.dims, body))
    return values.tensor(declared.value, lambda *outputs: Call(name, outputs, tuple(made)))


def _derivative_at(
    elaborator: "Elaborator", name: str, arguments: list[Value], primes: int, node: surface.Apply
) -> Value:
    """``f'(g)``: the derivative by a new name, which stands for ``g``."""
    if len(arguments) != 1:
        raise NotCoveredError("a prime on a function of several arguments", node.span)
    (argument,) = arguments
    if isinstance(argument.term, Element) and not argument.axes:
        point = argument.term
    else:
        made = elaborator.point(name, Value(argument.term), node.span).term
        assert isinstance(made, Element)
        point = made
    result = apply_function(elaborator, name, [Value(point)], node.span)
    if result.axes:
        raise NotCoveredError("a prime on a function with vector values", node.span)
    term = result.term
    for _ in range(primes):
        term = Derivative(term, point)
    return Value(term, argument.axes, argument.row)


def point_definition(name: str, argument: Value, span: Span) -> tuple[Definition, Value]:
    """A name for the value of an argument, so that derivatives can be taken by it."""
    others = tuple(i for i in free_indices(argument.term) if i not in argument.axes)
    if argument.axes and others:
        raise NotCoveredError(
            "a function that is defined by a derivative is not judged at such points", span
        )
    indices = argument.axes or others
    definition = Definition(name, indices, argument.term)
    axes = tuple(fresh_axis(axis.dim) for axis in argument.axes)
    element: Element = Element(name, indices)
    if axes:
        element = substitute_indices(element, dict(zip(indices, axes, strict=True)))
    return definition, Value(element, axes, argument.row)
