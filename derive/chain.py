"""Chains as written to obligations: what defines, what is a claim, what each step has to show.

A chain ``a = b = c`` gives a step for each relation, judged between neighbours, and a conclusion
``a = c``.  The first relation may define a name that has no meaning yet; then it is no claim.
"""

from dataclasses import dataclass, replace

from derive.elaborate.conditions import OPERATORS
from derive.elaborate.elaborator import Elaborator, Layout, error_at
from derive.elaborate.indices import is_last
from derive.elaborate.problems import (
    ElaborationError,
    IllTypedError,
    MalformedError,
    NotCoveredError,
)
from derive.elaborate.scope import (
    ARRAY_FUNCTIONS,
    KNOWN_FUNCTIONS,
    REDEFINABLE,
    FunctionDefinition,
    Scope,
)
from derive.elaborate.value import Value, same_shape
from derive.elaborate.words import NO_NUMBERS, is_letter
from derive.reader import surface
from derive.reader.names import spelling
from derive.reader.problems import Span
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Obligation
from derive.terms.structure import Definition, element_names, free_indices, unfold
from derive.terms.term import Compare, Dimension, Free, Index, Operator, Position, Proposition

__all__ = [
    "OPERATORS",
    "Elaborated",
    "Taken",
    "declarations_for",
    "definition_taken",
    "elaborate_sides",
    "known_function",
    "name_defined",
    "obligation",
    "too_deep",
    "undeclared_function",
]

#: Letters for the axes of vectors and matrices in proofs and counterexamples.
_AXIS_LETTERS = ("i", "j", "k", "l", "p", "q", "r", "s", "t", "u", "v", "w")


@dataclass(frozen=True, slots=True)
class Elaborated:
    """One side after elaboration: its value, or why it has none."""

    node: surface.Side
    value: Value | None
    error: ElaborationError | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A definition that a relation makes: the scope after it, its name, and what was noticed."""

    scope: Scope
    name: str
    warnings: tuple[str, ...] = ()


def elaborate_sides(
    sides: tuple[surface.Side, ...], elaborator: Elaborator
) -> tuple[Elaborated, ...]:
    """All sides of a chain under one elaborator; one bad side never hides the others."""
    found = []
    for side in sides:
        if isinstance(side, surface.Unread):
            error = MalformedError(side.problem.found, side.problem.span)
            found.append(Elaborated(side, None, error))
            continue
        try:
            found.append(Elaborated(side, elaborator.value(side)))
        except ElaborationError as error:
            found.append(Elaborated(side, None, error))
        except RecursionError:
            found.append(Elaborated(side, None, too_deep(side.span)))
    return tuple(_finished(side, elaborator) for side in found)


def too_deep(span: Span) -> ElaborationError:
    """What is nested deeper than terms can be walked is not judged."""
    return NotCoveredError("this is nested too deeply", span)


def _finished(side: Elaborated, elaborator: Elaborator) -> Elaborated:
    if side.value is None:
        return side
    try:
        return replace(side, value=elaborator.finish(side.value))
    except ElaborationError as error:
        return Elaborated(side.node, None, error_at(error, side.node.span))
    except RecursionError:
        return Elaborated(side.node, None, too_deep(side.node.span))


def obligation(
    left: Value,
    right: Value,
    operator: Operator,
    declarations: Declarations,
    span: Span,
) -> Obligation:
    """The statement that two values are in a relation, axis by axis.

    Raises ``IllTypedError`` with both shapes where they can't be compared, and
    ``MalformedError`` where the range of an index stayed open.
    """
    if operator != "=" and not (left.axes and right.axes):
        left, right = _spread(left, right), _spread(right, left)
    if not same_shape(left, right):
        raise IllTypedError(
            f"the left side is a {left.shape_words}, the right side a {right.shape_words}",
            span,
            left.shape_words,
            right.shape_words,
        )
    indices = dict.fromkeys((*free_indices(left.term), *free_indices(right.term)))
    for index in indices:
        if isinstance(index.dim, str) and index.dim.startswith("?"):
            raise MalformedError(f"the range of the index {index.name} is not known", span)
    last = tuple(
        Compare("=", Position(index), Dimension(index.dim)) for index in indices if is_last(index)
    )
    if last:
        declarations = replace(declarations, hypotheses=(*declarations.hypotheses, *last))
    taken = {index.name for index in indices}
    letters = (letter for letter in _AXIS_LETTERS if letter not in taken)
    axes: list[Index] = [Free(next(letters), axis.dim) for axis in left.axes]
    return Obligation(operator, left.at(*axes), right.at(*axes), declarations)


def _spread(value: Value, other: Value) -> Value:
    """A scalar beside a tensor in an inequality: it is compared with every entry."""
    return value if value.axes else replace(other, term=value.term)


def declarations_for(
    scope: Scope, elaborator: Elaborator, extra: tuple[Proposition, ...] = ()
) -> Declarations:
    """What a statement of this chain may rest on: scope, context, auxiliary definitions."""
    declared = scope.declarations
    gathered = (*declared.hypotheses, *extra, *elaborator.hypotheses)
    hypotheses = tuple(map(elaborator.finish_proposition, gathered))
    auxiliary = {definition.name: definition for definition in elaborator.definitions}
    return replace(
        declared,
        hypotheses=hypotheses,
        definitions={**declared.definitions, **auxiliary},
    )


# ---- definitions ------------------------------------------------------------------------------


def definition_taken(
    left: surface.Side, right: surface.Side, relation: str, scope: Scope, layout: Layout
) -> Taken | None:
    """The definition that ``left = right`` makes, if its left side has no meaning yet.

    Raises ``ElaborationError`` where the right side has no meaning or not the declared shape.
    """
    if relation not in ("=", ":=") or isinstance(left, surface.Unread):
        return None
    if isinstance(right, surface.Unread):
        return None
    match left:
        case surface.Name(spelling=name):
            if isinstance(right, surface.Group) and right.open == "\\{":
                return _set(name, right, scope)
            if _nameless(name, scope, relation) and not _mentions(right, name):
                return _announced(_name(name, (), right, scope, layout), scope)
        case surface.Script(base=surface.Name(spelling=name), subscript=sub, superscript=None):
            letters = _letters(sub)
            if any(scope.has_meaning(letter) or not is_letter(letter) for letter in letters):
                return None
            if letters and _nameless(name, scope, relation) and not _mentions(right, name):
                return _announced(_name(name, letters, right, scope, layout), scope)
        case surface.Apply() | surface.Script(base=surface.Apply(), superscript=None):
            application = left.base if isinstance(left, surface.Script) else left
            assert isinstance(application, surface.Apply)
            outputs = _letters(left.subscript) if isinstance(left, surface.Script) else ()
            if _is_nameless_function(application, scope, relation):
                return _announced(_function(application, outputs, right, scope, layout), scope)
    return None


def known_function(left: surface.Side, scope: Scope) -> str | None:
    """The name of a known function that ``left`` would define if it were unknown: ``relu(t)``."""
    application = left.base if isinstance(left, surface.Script) else left
    name = name_defined(left)
    if not isinstance(application, surface.Apply) or not _parameters(application.argument):
        return None
    return name if name in REDEFINABLE and not scope.has_meaning(name) else None


def name_defined(left: surface.Side) -> str | None:
    """The name that an equation with this left side would define."""
    match left:
        case surface.Name(spelling=name) | surface.Script(base=surface.Name(spelling=name)):
            return name
        case (
            surface.Apply(function=surface.Name(spelling=name))
            | surface.Script(base=surface.Apply(function=surface.Name(spelling=name)))
        ):
            return name
    return None


def undeclared_function(left: surface.Side, scope: Scope) -> str | None:
    """The name ``f`` where a left side is ``f(x)`` and f has no meaning yet."""
    node = left.base if isinstance(left, surface.Script) else left
    if not isinstance(node, surface.Juxtaposition) or len(node.items) != 2 or node.operators[0]:
        return None
    name, argument = node.items
    if not isinstance(name, surface.Name) or not _nameless(name.spelling, scope, "="):
        return None
    if name.spelling in scope.variables or name.spelling in scope.dimensions:
        return None
    bracket = isinstance(argument, surface.Group) and argument.open == "("
    return name.spelling if bracket and _parameters(argument) else None


def _nameless(name: str, scope: Scope, relation: str) -> bool:
    """Whether a name has no meaning yet.

    A known function has one, unless the document declares the name as its own; ``:=`` says that
    it is meant to have another.
    """
    if name in REDEFINABLE and relation != ":=" and not scope.has_meaning(name):
        return False
    return not (
        name in scope.definitions
        or name in scope.dimensions
        or name in scope.function_definitions
        or name in scope.sets_counted
        or name in scope.indices
        or name in ("e", "\\pi", "\\mathbf{1}", "\\mathbf{I}")
        or name in NO_NUMBERS
        or name in ARRAY_FUNCTIONS
        or (name in KNOWN_FUNCTIONS and name not in REDEFINABLE)
    )


def _mentions(node: surface.Node, name: str) -> bool:
    return any(isinstance(n, surface.Name) and n.spelling == name for n in surface.walk(node))


def _letters(node: surface.Node | None) -> tuple[str, ...]:
    if node is None:
        return ()
    while isinstance(node, surface.Group):
        node = node.body
    items: tuple[surface.Node, ...] = (node,)
    if isinstance(node, surface.Sequence) or (
        isinstance(node, surface.Juxtaposition) and not any(node.operators)
    ):
        items = node.items
    names = tuple(item.spelling for item in items if isinstance(item, surface.Name))
    return names if len(names) == len(items) == len(set(names)) else ()


def _name(
    name: str, letters: tuple[str, ...], right: surface.Node, scope: Scope, layout: Layout
) -> Taken | None:
    declared = scope.variables.get(name)
    if letters and declared is not None and len(declared.shape) != len(letters):
        return None
    elaborator = Elaborator(scope, layout)
    if declared is not None:
        for letter, dim in zip(letters, declared.shape, strict=False):
            elaborator.expect_range(letter, dim, right.span)
    value = _body(elaborator, right)
    axes = value.axes
    extra = [i.name for i in free_indices(value.term) if i not in axes and i.name not in letters]
    if letters:
        if extra:
            raise MalformedError(
                f"the index {extra[0]} stands on the right side alone, without a sum", right.span
            )
        if value.axes:
            raise IllTypedError(
                f"a component is defined by a {value.shape_words}",
                right.span,
                "scalar",
                value.shape_words,
            )
        known = {index.name: index for index in free_indices(value.term)}
        axes = tuple(
            known.get(letter) or elaborator.free_index_known(letter, right.span)
            for letter in letters
        )
    dims = tuple(axis.dim for axis in axes)
    if declared is not None and declared.shape != dims:
        wanted = Value(value.term, tuple(Free("", dim) for dim in declared.shape))
        raise IllTypedError(
            f"{name} is declared as a {wanted.shape_words}, the right side is a "
            f"{value.shape_words}",
            right.span,
            wanted.shape_words,
            value.shape_words,
        )
    if name in element_names(unfold(value.term, scope.definitions)):
        return None
    if extra and declared is not None:
        raise MalformedError(
            f"the index {extra[0]} stands on the right side alone, without a sum", right.span
        )
    if extra:
        # The index belongs to the formula, not to the name: it is read where the name stands.
        inlined = FunctionDefinition(name, (), value, "")
        return Taken(scope.with_function(inlined), name, _depends(name, extra))
    if declared is None:
        variables = {**scope.variables, name: Variable(name, dims)}
        scope = replace(scope, variables=variables, inferred=scope.inferred | {name})
    definition = Definition(name, axes, value.term)
    return Taken(scope.with_definition(definition), name)


def _body(elaborator: Elaborator, right: surface.Node) -> Value:
    """The right side of a definition; what it only gathers on the way can't be part of one."""
    value = elaborator.finish(elaborator.value(right))
    if elaborator.definitions or elaborator.hypotheses:
        raise NotCoveredError(
            "a definition by a derivative at another point, or under a condition, is not judged",
            right.span,
        )
    return value


def _depends(name: str, letters: list[str]) -> tuple[str, ...]:
    return tuple(
        f"{name} depends on the index {letter}, which its left side does not show"
        for letter in dict.fromkeys(letters)
        if is_letter(letter)
    )


def _set(name: str, right: surface.Group, scope: Scope) -> Taken | None:
    items = right.body.items if isinstance(right.body, surface.Sequence) else (right.body,)
    members = tuple(spelling(item) or "" for item in items)
    if all(member in scope.variables for member in members):
        return Taken(replace(scope, sets={**scope.sets, name: members}), name)
    return None


def _parameters(argument: surface.Node) -> tuple[str, ...]:
    body = argument
    while isinstance(body, surface.Group):
        body = body.body
    items = body.items if isinstance(body, surface.Sequence) else (body,)
    names = []
    for item in items:
        component = (
            isinstance(item, surface.Script)
            and item.superscript is None
            and not item.primes
            and bool(_letters(item.subscript))
        )
        base = item.base if isinstance(item, surface.Script) and component else item
        if not isinstance(base, surface.Name):
            return ()
        names.append(base.spelling)
    return tuple(names)


def _is_nameless_function(left: surface.Apply, scope: Scope, relation: str) -> bool:
    return (
        isinstance(left.function, surface.Name)
        and left.delimited
        and _nameless(left.function.spelling, scope, relation)
    )


def _announced(taken: Taken | None, scope: Scope) -> Taken | None:
    """The definition, with a warning where it gives a known function another meaning."""
    if taken is None or taken.name not in REDEFINABLE or scope.has_meaning(taken.name):
        return taken
    words = f"from here on {taken.name} means this, not the function that is known by that name"
    return replace(taken, warnings=(*taken.warnings, words))


def _function(
    left: surface.Apply,
    outputs: tuple[str, ...],
    right: surface.Node,
    scope: Scope,
    layout: Layout,
) -> Taken | None:
    assert isinstance(left.function, surface.Name)
    name = left.function.spelling
    parameters = _parameters(left.argument)
    if not parameters or len(set(parameters)) < len(parameters):
        return None
    if _mentions(right, name):
        return None
    declared = scope.functions.get(name)
    shapes = [scope.shape(parameter) for parameter in parameters]
    if declared is not None and len(declared.arguments) == len(parameters):
        shapes = list(declared.arguments)
    variables = {**scope.variables}
    for parameter, shape in zip(parameters, shapes, strict=True):
        known = variables.get(parameter)
        if known is None or known.shape != shape:
            variables[parameter] = Variable(parameter, shape)
    hidden = {k: v for k, v in scope.definitions.items() if k not in parameters}
    elaborator = Elaborator(replace(scope, variables=variables, definitions=hidden), layout)
    value = _body(elaborator, right)
    if outputs:
        if value.axes:
            raise IllTypedError(
                f"a component is defined by a {value.shape_words}",
                right.span,
                "scalar",
                value.shape_words,
            )
        axes = tuple(elaborator.free_index_known(letter, right.span) for letter in outputs)
        value = Value(value.term, axes)
    if declared is not None and declared.value != value.dims:
        wanted = " x ".join(map(str, declared.value)) or "scalar"
        raise IllTypedError(
            f"{name} is declared with values of shape {wanted}, "
            f"the right side is a {value.shape_words}",
            right.span,
            wanted,
            value.shape_words,
        )
    made = FunctionDefinition(
        name,
        tuple(Variable(p, s) for p, s in zip(parameters, shapes, strict=True)),
        value,
        "",
    )
    shown = {n.spelling for n in surface.walk(left) if isinstance(n, surface.Name)}
    extra = [
        index.name
        for index in free_indices(value.term)
        if index not in value.axes and index.name not in shown
    ]
    return Taken(scope.with_function(made), name, _depends(name, extra))
