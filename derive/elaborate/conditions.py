"""Conditions as propositions: comparisons of scalars or of indices; indicators and cases."""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from derive.elaborate.problems import MalformedError, NotCoveredError
from derive.elaborate.value import Value
from derive.elaborate.words import construct_words, is_letter, ungrouped
from derive.reader import surface
from derive.reader.problems import Span
from derive.terms.term import (
    And,
    Compare,
    Indicator,
    Not,
    Operator,
    Or,
    Proposition,
    SameIndex,
    Term,
    Undefined,
    Where,
)

if TYPE_CHECKING:
    from derive.elaborate.elaborator import Elaborator

#: The relations between scalars, by their canonical symbols.
OPERATORS: Mapping[str, Operator] = {
    "=": "=",
    ":=": "=",
    "\\equiv": "=",
    "\\ne": "!=",
    "<": "<",
    "\\le": "<=",
    ">": ">",
    "\\ge": ">=",
}

_OTHERWISE = re.compile(r"\W*(otherwise|else|elsewhere|default|in all other cases)\W*", re.I)
_IF = re.compile(r"\W*(if|when|for|where|and)?\W*", re.I)


def indicator_value(elaborator: "Elaborator", node: surface.Indicator) -> Value:
    """1 where the condition holds, else 0; an argument only repeats the variable."""
    if node.argument is not None:
        argument = ungrouped(node.argument, ("{", "("))
        named = {n.spelling for n in surface.walk(node.condition) if isinstance(n, surface.Name)}
        if not (isinstance(argument, surface.Name) and argument.spelling in named):
            raise NotCoveredError("an indicator at another argument is not judged", node.span)
    return Value(Indicator(proposition(elaborator, node.condition)))


def cases_value(elaborator: "Elaborator", node: surface.Cases) -> Value:
    """The first case whose condition holds; no value where none does."""
    term: Term = Undefined()
    for place, row in reversed(list(enumerate(node.rows))):
        value = elaborator.scalar(row.value)
        condition = _without_words(row.condition, row.value.span)
        if condition is not None:
            term = Where(proposition(elaborator, condition), value, term)
        elif place == len(node.rows) - 1:
            term = value
        else:
            raise MalformedError("a case without its condition before the last one", row.span)
    return Value(term)


def _without_words(condition: surface.Node | None, span: Span) -> surface.Node | None:
    """The condition of a case without ``if``; None for ``otherwise`` and for no condition."""
    if condition is None or isinstance(condition, surface.Empty):
        return None
    if isinstance(condition, surface.Text):
        if _OTHERWISE.fullmatch(condition.text):
            return None
        raise NotCoveredError(f"the condition '{condition.text}' is not judged", condition.span)
    if isinstance(condition, surface.Juxtaposition):
        words = [item for item in condition.items if isinstance(item, surface.Text)]
        rest = tuple(item for item in condition.items if not isinstance(item, surface.Text))
        if len(rest) == 1 and all(_IF.fullmatch(word.text) for word in words):
            return rest[0]
        if words:
            raise NotCoveredError(f"the condition '{words[0].text} ...' is not judged", span)
    return condition


def proposition(elaborator: "Elaborator", node: surface.Node) -> Proposition:
    """The typed meaning of a condition."""
    node = ungrouped(node, ("(", "\\{", "{", "["))
    if isinstance(node, surface.Logical):
        inner = tuple(proposition(elaborator, item) for item in node.items)
        if all(operator == "\\land" for operator in node.operators):
            return And(inner)
        if all(operator == "\\lor" for operator in node.operators):
            return Or(inner)
        raise NotCoveredError("mixed 'and' and 'or' need brackets to be judged", node.span)
    if isinstance(node, surface.Sequence):
        return And(tuple(proposition(elaborator, item) for item in node.items))
    if not isinstance(node, surface.Relation):
        raise NotCoveredError(
            f"a condition that is {construct_words(node)} is not judged", node.span
        )
    parts = [
        _comparison(elaborator, node.sides[place], relation, node.sides[place + 1], node.span)
        for place, relation in enumerate(node.relations)
    ]
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _comparison(
    elaborator: "Elaborator", left: surface.Node, relation: str, right: surface.Node, span: Span
) -> Proposition:
    if relation not in OPERATORS:
        raise NotCoveredError(f"the relation {relation} in a condition is not judged", span)
    operator = OPERATORS[relation]
    if operator in ("=", "!="):
        pair = _letters(elaborator, left, right)
        if pair is not None:
            same = SameIndex(*elaborator.indices.same_range(*pair, span))
            return same if operator == "=" else Not(same)
    return Compare(operator, elaborator.scalar(left), elaborator.scalar(right))


def _letters(
    elaborator: "Elaborator", left: surface.Node, right: surface.Node
) -> tuple[str, str] | None:
    """Both letters, where indices are compared; ``finish`` takes it back if none is an index."""
    if not (isinstance(left, surface.Name) and isinstance(right, surface.Name)):
        return None
    pair = (left.spelling, right.spelling)
    indices, scope = elaborator.indices, elaborator.scope
    if any(name in indices.shifts for name in pair):
        return None
    free = [name for name in pair if name not in indices.bound]
    if any(scope.is_number(name) or not is_letter(name) for name in free):
        return None
    if len(free) < 2:
        return pair
    if any(scope.has_meaning(name) and name not in indices.ranges for name in pair):
        return None
    return pair
