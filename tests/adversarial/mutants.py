"""Statements that differ from a given one by one small change, as a person makes by mistake.

``KINDS`` are the kinds of change: at one node (``local_changes``), or of the whole statement.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from local_changes import INTEGER, LOCAL, SIDES, Local, Surroundings

from derive.terms.obligation import Obligation, Statement
from derive.terms.structure import free_indices, map_parts, parts, subterms
from derive.terms.term import (
    Call,
    Compare,
    Delta,
    Derivative,
    Dim,
    Dimension,
    Element,
    ForAll,
    Node,
    Not,
    Product,
    Proposition,
    SameIndex,
    Sum,
)

# ---- operators on statements --------------------------------------------------------------------


def _hypothesis_dropped(statement: Obligation) -> Iterator[Obligation]:
    declared = statement.declarations
    for place, hypothesis in enumerate(declared.hypotheses):
        rest = declared.hypotheses[:place] + declared.hypotheses[place + 1 :]
        yield replace(statement, declarations=replace(declared, hypotheses=rest))
        if isinstance(hypothesis, Compare):
            for operator in SIDES[hypothesis.operator]:
                weaker = Compare(operator, hypothesis.left, hypothesis.right)  # type: ignore[arg-type]
                hypotheses = (*rest, weaker)
                yield replace(statement, declarations=replace(declared, hypotheses=hypotheses))
        if isinstance(hypothesis, Not):
            hypotheses = (*rest, hypothesis.inner)
            yield replace(statement, declarations=replace(declared, hypotheses=hypotheses))


#: A condition word, and what is left when it is remembered wrongly.
_WEAKER_WORDS: Mapping[str, tuple[frozenset[str], ...]] = {
    "positive": (frozenset(), frozenset({"nonnegative"}), frozenset({"nonzero"})),
    "nonnegative": (frozenset(),),
    "nonzero": (frozenset(),),
    "one-hot": (frozenset(), frozenset({"sums to 1"})),
    "sums to 1": (frozenset(),),
    "symmetric": (frozenset(),),
    "invertible": (frozenset(),),
    "positive definite": (frozenset({"symmetric"}), frozenset({"invertible"})),
    "orthogonal": (frozenset(), frozenset({"invertible"})),
}


def _word_dropped(statement: Obligation) -> Iterator[Obligation]:
    declared = statement.declarations
    for name, variable in declared.variables.items():
        for word in sorted(variable.conditions):
            for instead in _WEAKER_WORDS.get(word, ()):
                words = variable.conditions - {word} | instead
                if word == "positive":  # nonnegative and nonzero stand beside it
                    words = variable.conditions - {word, "nonnegative", "nonzero"} | instead
                variables = {**declared.variables, name: replace(variable, conditions=words)}
                yield replace(statement, declarations=replace(declared, variables=variables))


def _relation(statement: Obligation) -> Iterator[Obligation]:
    for operator in {"=": ("<", "!="), "<=": ("<", ">="), ">=": (">", "<="), "<": (">",)}.get(
        statement.operator, ("<",)
    ):
        yield replace(statement, operator=operator)  # type: ignore[arg-type]


#: The kinds of change to a whole statement.
WHOLE: Mapping[str, Callable[[Obligation], Iterator[Obligation]]] = {
    "hypothesis dropped": _hypothesis_dropped,
    "condition word dropped": _word_dropped,
    "wrong relation": _relation,
}

KINDS: tuple[str, ...] = (*LOCAL, *WHOLE)


# ---- all mutants of a statement -----------------------------------------------------------------


def mutants(statement: Obligation, kind: str) -> Iterator[Obligation]:
    """Every statement that one change of the kind makes of this one, at every place of it."""
    if kind in WHOLE:
        yield from WHOLE[kind](statement)
        return
    around = surroundings(statement)
    for place, side in enumerate((statement.left, statement.right)):
        for changed in changed_nodes(side, LOCAL[kind], around):
            new = {("left", "right")[place]: changed}
            yield replace(statement, **new)  # type: ignore[arg-type]


def surroundings(statement: Obligation) -> Surroundings:
    """The free indices, variables and dimension letters of the statement."""
    sides = (statement.left, statement.right)
    declared = statement.declarations
    names: dict[str, tuple[Dim, ...]] = {}
    letters: dict[Dim, None] = {}
    for side in sides:
        for node in subterms(side):
            match node:
                case Element(name) | Derivative(_, Element(name)):
                    definition = declared.definitions.get(name)
                    names[name] = (
                        tuple(index.dim for index in definition.indices)
                        if definition
                        else declared.shape(name)
                    )
                case Sum(dim) | Product(dim) | Dimension(dim):
                    letters[dim] = None
    free = tuple(dict.fromkeys(index for side in sides for index in free_indices(side)))
    letters.update((index.dim, None) for index in free)
    return Surroundings((), free, declared, names, tuple(d for d in letters if isinstance(d, str)))


def changed_nodes(node: Node, operator: Local, around: Surroundings) -> Iterator[Node]:
    """The node with the operator applied to it, or to one of its parts."""
    for new in operator(node, around):
        if new != node:
            yield new
    for place, part in enumerate(parts(node)):
        inside = replace(around, binders=(*_binders_over(node, place), *around.binders))
        for changed in changed_nodes(part, operator, inside):
            yield _with_part(node, place, changed)


def _binders_over(node: Node, place: int) -> tuple[Dim, ...]:
    match node:
        case Sum(dim) | Product(dim) | ForAll(dim):
            return (dim,)
        case Call():
            return tuple(reversed(node.arguments[place].dims))
    return ()


def _with_part(node: Node, place: int, new: Node) -> Node:
    count = iter(range(len(parts(node))))
    return map_parts(node, lambda part, _: new if next(count) == place else part, lambda i: i)


def fits(statement: Obligation) -> bool:
    """Whether every index runs over the range that its place asks for."""
    around = surroundings(statement)
    return all(_fits(side, around) for side in (statement.left, statement.right))


def _fits(node: Node, around: Surroundings) -> bool:
    match node:
        case Element(name, indices) | Derivative(_, Element(name, indices)):
            if tuple(map(around.dim, indices)) != around.names[name]:
                return False
        case Delta(left, right) | SameIndex(left, right):
            if around.dim(left) != around.dim(right):
                return False
    return all(
        _fits(part, replace(around, binders=(*_binders_over(node, place), *around.binders)))
        for place, part in enumerate(parts(node))
    )


def integer_mutants(statement: Statement, kind: str) -> Iterator[Statement]:
    """Every proposition about integers that one change makes of this one."""
    declared = statement.declarations
    names = {name: variable.shape for name, variable in declared.variables.items()}
    around = Surroundings((), (), declared, names, ())
    for changed in changed_nodes(statement.proposition, INTEGER[kind], around):
        assert isinstance(changed, Proposition)
        yield replace(statement, proposition=changed)
