"""Proving that a claim as read from its source is the claim as encoded in SymPy.

Left as read equals left as encoded, and right as read equals right as encoded, both decided by
the prover, under one table of names and one renaming of the free indices for both sides.  Where
one reading has no typed meaning, the other may have none either, for the same kind of reason.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, permutations
from typing import Literal

import sympy
from sympy.core.relational import Relational

from derive.chain import obligation
from derive.check import error_verdict
from derive.claim import Claim, Written
from derive.elaborate.problems import ElaborationError
from derive.prove.prover import prove
from derive.sympy_terms import (
    ShapeError,
    Sides,
    UnsupportedError,
    obligation_from_sympy,
    sides_from_sympy,
)
from derive.terms.declarations import Declarations
from derive.terms.obligation import Obligation, Side, Statement
from derive.terms.plain import proposition_text, term_text
from derive.terms.structure import element_names, free_indices, substitute_indices
from derive.terms.term import Compare, Free, Index, Term
from derive.verdict import Kind
from derive.written.correspondence import Correspondence, CorrespondenceError, Translator
from derive.written.places import WrittenChain, WrittenDocument

Outcome = Literal["agrees", "differs", "not comparable"]

#: Renamings of free indices that are tried before the two readings count as different.
MOST_RENAMINGS = 24


@dataclass(frozen=True, slots=True)
class Agreement:
    """Whether what is read and what is encoded mean the same.

    ``line`` is where the source states it.  ``read`` and ``encoded`` are the two sides as plain
    text, where both have a typed meaning.  ``accounted`` names the known differences that were
    put right beforehand, ``conditions`` says where the two sides are defined.
    """

    outcome: Outcome
    line: int
    reason: str = ""
    read: tuple[str, str] | None = None
    encoded: tuple[str, str] | None = None
    conditions: tuple[str, ...] = ()
    accounted: tuple[str, ...] = ()


def compare(claim: Claim, document: WrittenDocument, table: Correspondence) -> Agreement:
    """Compare the claim's identity with what its source states.

    For a proposition every pair of sides has to agree with one of its relations.  Raises
    ``UnknownPlaceError`` where the source does not have the sides, ``ValueError`` for a claim
    that the source does not state.
    """
    if not claim.written:
        raise ValueError(f"{claim.name} says nothing of where it is written")
    relations = _relations(claim.identity)
    found = []
    for written in claim.written:
        tried = [_compared(claim, relation, written, document, table) for relation in relations]
        found.append(next((a for a in tried if a.outcome == "agrees"), tried[0]))
    worst = next((a for a in found if a.outcome == "differs"), None)
    return worst or next((a for a in found if a.outcome != "agrees"), found[0])


def _relations(identity: sympy.Basic) -> tuple[sympy.Basic, ...]:
    if isinstance(identity, Relational):
        return (identity,)
    found = (node for node in sympy.preorder_traversal(identity) if isinstance(node, Relational))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Reading:
    """The two sides of one reading under free indices, or the kind of reason why there are none."""

    sides: Sides | None
    kind: Kind | None = None
    reason: str = ""


def _compared(
    claim: Claim,
    relation: sympy.Basic,
    written: Written,
    document: WrittenDocument,
    table: Correspondence,
) -> Agreement:
    chain, first, second = document.find(claim.part, written)
    read = _as_read(chain, first, second)
    encoded = _as_encoded(claim, relation)
    if read.sides is None or encoded.sides is None:
        return _without_meaning(chain.line, read, encoded)
    try:
        return _proved(chain, read.sides, encoded.sides, Translator(table, claim.part, chain))
    except CorrespondenceError as error:
        return Agreement("not comparable", chain.line, str(error))


def _without_meaning(line: int, read: _Reading, encoded: _Reading) -> Agreement:
    if read.kind == encoded.kind:
        words = f"both are {read.kind}: as read, {read.reason}; as encoded, {encoded.reason}"
        return Agreement("agrees", line, words)
    said = [
        f"{how} it {f'is {found.kind} ({found.reason})' if found.kind else 'has a typed meaning'}"
        for how, found in (("as read", read), ("as encoded", encoded))
    ]
    return Agreement("not comparable", line, ", ".join(said))


def _as_read(chain: WrittenChain, first: int, second: int) -> _Reading:
    sides, declarations = chain.typed
    left, right = sides[first], sides[second]
    try:
        for side in (right, left):
            if side.error is not None:
                raise side.error
        assert left.value is not None
        assert right.value is not None
        obligation(left.value, right.value, "=", declarations, right.node.span)
    except ElaborationError as error:
        verdict = error_verdict(error)
        return _Reading(None, verdict.kind, verdict.reason)
    return _Reading(
        Sides(
            "=",
            Side(left.value.axes, left.value.term),
            Side(right.value.axes, right.value.term),
            declarations,
        )
    )


def _as_encoded(claim: Claim, relation: sympy.Basic) -> _Reading:
    try:
        given = claim.conditions if relation is claim.identity else {}
        sides = sides_from_sympy(relation, conditions=given, hypotheses=claim.hypotheses)
        if sides is None:
            statement = obligation_from_sympy(relation, conditions=given)
            assert isinstance(statement, Statement)
            equation = statement.proposition
            assert isinstance(equation, Compare)
            left, right = Side((), equation.left), Side((), equation.right)
            sides = Sides(equation.operator, left, right, statement.declarations)
        elif sides.left.shape != sides.right.shape:
            obligation_from_sympy(relation, conditions=given, hypotheses=claim.hypotheses)
    except ShapeError as error:
        return _Reading(None, Kind.ILL_TYPED, str(error))
    except UnsupportedError as error:
        return _Reading(None, Kind.MALFORMED, str(error))
    return _Reading(sides)


# ---- both have a meaning ------------------------------------------------------------------------


def _proved(chain: WrittenChain, read: Sides, encoded: Sides, translator: Translator) -> Agreement:
    axes = tuple(Free(f"axis {n + 1}", dim) for n, dim in enumerate(read.left.shape))
    ours = [_under(side, axes) for side in (read.left, read.right)]
    if encoded.left.axes and read.left.axes and encoded.left.shape != read.left.shape:
        return Agreement(
            "differs",
            chain.line,
            f"as read it has the shape {_words(read.left)}, as encoded {_words(encoded.left)}",
        )
    fixed = axes if read.left.axes and encoded.left.axes else encoded.left.axes
    theirs = [
        translator.term(_under(side, fixed) if side.axes else side.term)
        for side in (encoded.left, encoded.right)
    ]
    kept = translator.variables(encoded.left.term, encoded.right.term)
    used = frozenset().union(*map(element_names, ours))
    declarations = translator.declarations(read.declarations, encoded.declarations, kept, used)
    accounted = [meant.words for name, meant in translator.table.meant.items() if name in used]
    instances = {
        name: instance
        for name, instance in translator.table.instances.items()
        if name in kept - used
    }
    accounted += [instance.words for instance in instances.values()]
    taken = fixed if fixed == axes else ()
    for renaming in _renamings(theirs, ours, taken):
        renamed = [substitute_indices(term, renaming) for term in theirs]
        for name in instances:
            renamed = [translator.instantiated(term, name) for term in renamed]
        conditions = _both_proved(ours, renamed, declarations)
        if conditions is not None:
            return Agreement(
                "agrees",
                chain.line,
                read=_texts(ours),
                encoded=_texts(theirs),
                conditions=conditions,
                accounted=tuple(accounted),
            )
    return Agreement(
        "differs",
        chain.line,
        "the prover finds no renaming of indices under which both sides are the same",
        _texts(ours),
        _texts(theirs),
        accounted=tuple(accounted),
    )


def _both_proved(
    ours: list[Term], theirs: list[Term], declarations: Declarations
) -> tuple[str, ...] | None:
    """The conditions under which both pairs are equal, if the prover shows it."""
    conditions: dict[str, None] = {}
    for read, encoded in zip(ours, theirs, strict=True):
        attempt = prove(Obligation("=", read, encoded, declarations))
        if attempt.outcome != "proved":
            return None
        conditions |= dict.fromkeys(map(proposition_text, attempt.conditions))
    return tuple(conditions)


def _renamings(
    theirs: list[Term], ours: list[Term], taken: tuple[Free, ...]
) -> Iterator[dict[Free, Index]]:
    """One-to-one renamings of the encoding's free indices, the one by equal names first."""
    ends = [index for index in _indices(theirs) if index not in taken]
    goals = [index for index in _indices(ours) if index not in taken]
    goals.sort(key=lambda index: index not in ends)
    spare = [Free(f"{index.name}'", index.dim) for index in ends]

    def choices() -> Iterator[dict[Free, Index]]:
        for chosen in permutations([*goals, *spare], len(ends)):
            pairs = list(zip(ends, chosen, strict=True))
            if all(end.dim == goal.dim for end, goal in pairs):
                yield dict(pairs)

    def stays(renaming: dict[Free, Index]) -> int:
        """How many keep their name, and how many find no counterpart."""
        spares = sum(goal in spare for goal in renaming.values())
        return 10 * spares - sum(end == goal for end, goal in renaming.items())

    return islice(sorted(islice(choices(), 500), key=stays), MOST_RENAMINGS)


def _indices(terms: list[Term]) -> list[Free]:
    return list(dict.fromkeys(index for term in terms for index in free_indices(term)))


def _under(side: Side, axes: tuple[Free, ...]) -> Term:
    if not side.axes:
        return side.term
    return substitute_indices(side.term, dict(zip(side.axes, axes, strict=True)))


def _texts(terms: list[Term]) -> tuple[str, str]:
    return term_text(terms[0]), term_text(terms[1])


def _words(side: Side) -> str:
    return " x ".join(map(str, side.shape))
