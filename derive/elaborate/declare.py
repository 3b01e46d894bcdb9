"""Declarations as data to a scope: dimensions, shapes, conditions, functions, indices, layout."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from derive.elaborate.elaborator import Elaborator
from derive.elaborate.problems import ElaborationError
from derive.elaborate.scope import Scope, dimension_of
from derive.reader.declarations import (
    Condition,
    DimensionEntry,
    Entry,
    FunctionEntry,
    GivenEntry,
    IndexEntry,
    LayoutEntry,
    Shape,
    TransposeEntry,
    ValueEntry,
    Word,
)
from derive.reader.names import spelling
from derive.reader.problems import Problem, Span
from derive.reader.surface import Node, Relation, Unread
from derive.terms.declarations import CONDITION_WORDS, FunctionType, Variable
from derive.terms.term import Dim

T = TypeVar("T")

#: Words of declarations that are spelt otherwise among the conditions of variables.
_WORDS: Mapping[str, str] = {"non-negative": "nonnegative", "distribution": "sums to 1"}


def scope_with(scope: Scope, entries: tuple[Entry, ...]) -> tuple[Scope, tuple[Problem, ...]]:
    """The scope in which the entries hold too; a later one says anew what a letter means."""
    problems: list[Problem] = []
    for entry in entries:
        try:
            scope = _with_entry(scope, entry, problems)
        except ElaborationError as error:
            problems.append(Problem("broken-declaration", error.span, error.message))
    return scope.without_stale_definitions(), tuple(problems)


def _with_entry(scope: Scope, entry: Entry, problems: list[Problem]) -> Scope:
    match entry:
        case DimensionEntry(names=names):
            spelt = frozenset(name.spelling for name in names)
            scope = _without(scope, spelt)
            return replace(scope, dimensions=scope.dimensions | spelt)
        case ValueEntry(names=names, shape=shape, conditions=conditions):
            spelt = frozenset(name.spelling for name in names)
            dims = _dims(scope, shape, problems)
            words = _words(conditions, problems)
            if shape.field in ("Z", "N"):
                words |= {"integer"}
            scope = _without(scope, spelt)
            variables = {**scope.variables}
            for name in sorted(spelt):
                variables[name] = Variable(name, dims, words)
            return _with_relations(replace(scope, variables=variables), conditions)
        case FunctionEntry(names=names, domain=domain, codomain=codomain):
            spelt = frozenset(name.spelling for name in names)
            arguments = tuple(_dims(scope, shape, problems) for shape in domain)
            value = _dims(scope, codomain, problems)
            scope = _without(scope, spelt)
            functions = {**scope.functions}
            for name in sorted(spelt):
                functions[name] = FunctionType(name, arguments, value)
            return replace(scope, functions=functions)
        case IndexEntry(names=names, upper=upper):
            dim = _dim(scope, upper, problems)
            scope = _without(scope, frozenset(name.spelling for name in names))
            indices = {**scope.indices, **{name.spelling: dim for name in names}}
            return replace(scope, indices=indices)
        case GivenEntry(conditions=conditions):
            return _with_relations(scope, conditions)
        case LayoutEntry(layout=layout):
            return replace(scope, layout="denominator" if layout == "denominator" else "numerator")
        case TransposeEntry():
            return replace(scope, prime_transposes=True)


def _without(scope: Scope, names: frozenset[str]) -> Scope:
    """Forget what the names meant before."""

    def kept(mapping: Mapping[str, T]) -> dict[str, T]:
        return {name: value for name, value in mapping.items() if name not in names}

    return replace(
        scope,
        dimensions=scope.dimensions - names,
        variables=kept(scope.variables),
        functions=kept(scope.functions),
        indices=kept(scope.indices),
        definitions=kept(scope.definitions),
        function_definitions=kept(scope.function_definitions),
        sets=kept(scope.sets),
        broken=kept(scope.broken),
        inferred=scope.inferred - names,
    )


def _dims(scope: Scope, shape: Shape, problems: list[Problem]) -> tuple[Dim, ...]:
    return tuple(_dim(scope, node, problems) for node in shape.dimensions)


def _dim(scope: Scope, node: Node, problems: list[Problem]) -> Dim:
    found = dimension_of(node, scope)
    if found is not None:
        return found
    word = spelling(node) or "?"
    known = ", ".join(sorted(scope.dimensions)) or "none"
    problems.append(
        Problem(
            "unknown-dimension",
            node.span,
            f"the dimension {word}",
            f"a number or a declared dimension ({known})",
            f"add {word} : dimension before this line",
        )
    )
    return word


def _words(conditions: tuple[Condition, ...], problems: list[Problem]) -> frozenset[str]:
    words = set()
    for condition in conditions:
        if isinstance(condition, Word):
            word = _WORDS.get(condition.word, condition.word)
            if word in CONDITION_WORDS:
                words.add(word)
            else:
                problems.append(
                    Problem(
                        "unused-condition",
                        condition.span,
                        f"the condition {condition.word}, which is not used",
                        "one of: " + ", ".join(CONDITION_WORDS),
                    )
                )
    return frozenset(words)


def _with_relations(scope: Scope, conditions: tuple[Condition, ...]) -> Scope:
    hypotheses = []
    for condition in conditions:
        if isinstance(condition, Word):
            continue
        sides = tuple(s for s in condition.sides if not isinstance(s, Unread))
        symbols = tuple(relation.symbol for relation in condition.relations)
        span = Span(condition.span.start, condition.span.end)
        elaborator = Elaborator(scope)
        proposition = elaborator.proposition(Relation(span, sides, symbols))
        hypotheses.append(elaborator.finish_proposition(proposition))
    return scope.with_hypotheses(tuple(hypotheses))
