"""Splitting what would refute a claim into branches, each closed, finite or left open."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import prod

from derive.integers.contract import LinearStep, Row, State, contract
from derive.integers.formula import Formula, Literal, Some, as_proposition, literal
from derive.integers.linear import consequences
from derive.integers.polynomial import Polynomial, combine, constant, degree
from derive.integers.polynomial import generator as variable
from derive.terms.plain import proposition_text
from derive.terms.term import And, Indicator, Or, Proposition, Term
from derive.verdict import Step

#: A range with at most so many points counts as small enough to try them all.
MOST_POINTS = 10**6
#: Branches opened by splitting disjunctions; beyond, a branch stays as it is.
MOST_BRANCHES = 40


@dataclass(frozen=True, slots=True)
class Branch:
    """Assumptions with the formula state that they led to.

    ``end`` is the linear contradiction that closed it, if one did; otherwise ``state.conflict``
    says why it is closed, and without a conflict it is not.  ``distinctions`` are the splits that
    led here: ``[parent] = [parent and (first part or second part ...)]``.
    """

    words: str
    assumptions: tuple[Proposition, ...]
    state: State
    end: Row | None = None
    distinctions: tuple[Step, ...] = ()

    @property
    def indicator(self) -> Indicator:
        """1 where all assumptions hold, else 0."""
        return Indicator(And(self.assumptions))

    @property
    def closed(self) -> bool:
        """Whether no integers are left."""
        return self.end is not None or self.state.conflict is not None


def point_count(state: State, variables: int) -> int | None:
    """The number of points in the ranges of the first ``variables`` generators, if finite."""
    spans = []
    for low, high in state.ranges[:variables]:
        if low is None or high is None:
            return None
        spans.append(high - low + 1)
    return prod(spans)


def is_small(state: State, variables: int) -> bool:
    """Whether all points can be tried."""
    count = point_count(state, variables)
    return count is not None and count <= MOST_POINTS


def bound(branch: Branch, variables: int) -> Branch:
    """Bounds from single literals, and where these leave much, from linear arithmetic."""
    state = branch.state
    if not contract(state) or is_small(state, variables):
        return branch
    unbounded = [name for name in range(variables) if None in state.ranges[name]]
    found = consequences(state, unbounded)
    if isinstance(found, Row):
        return replace(branch, end=found)
    for limit, row in found:
        low, high = state.ranges[limit.generator]
        if limit.upper and (high is None or limit.value < high):
            high = limit.value
        elif not limit.upper and (low is None or limit.value > low):
            low = limit.value
        else:
            continue
        state.ranges[limit.generator] = (low, high)
        if state.trail is not None:
            state.trail.append(LinearStep(limit, row))
    contract(state)
    return branch


def split(bounded: Branch, variables: int, generators: list[Term]) -> list[Branch]:
    """A bounded branch, or what it splits into: together the same points, each bounded.

    What is neither closed nor small is split into the parts of a disjunction, the two signs of a
    difference, and the signs of a variable, up to a number of branches.
    """
    done: list[Branch] = []
    waiting = [bounded]
    while waiting:
        current = waiting.pop()
        parts: list[Branch] = []
        finished = current.closed or is_small(current.state, variables)
        if not finished and len(done) + len(waiting) < MOST_BRANCHES:
            parts = _split(current, variables, generators)
        if parts:
            waiting.extend(bound(part, variables) for part in reversed(parts))
        else:
            done.append(current)
    return done


def _split(branch: Branch, variables: int, generators: list[Term]) -> list[Branch]:
    """One branch for each part of a disjunction, sign of a difference, or sign of a variable.

    What was assumed last is split first: it comes from the claim, not from the hypotheses.
    """
    state = branch.state
    if state.choices:
        *others, choice = state.choices
        return _children(branch, choice.parts, state.literals, others)
    for difference in reversed(state.literals):
        if difference.relation == "!=":
            kept = [known for known in state.literals if known is not difference]
            parts = _signs(dict(difference.terms), 1, generators)
            return _children(branch, parts, kept, [])
    for known in state.literals:
        for monomial, _ in known.terms:
            for name, _ in monomial:
                if degree(monomial) > 1 and name < variables and state.ranges[name] == (None, None):
                    parts = _signs(variable(name), 0, generators)
                    return _children(branch, parts, state.literals, [])
    return []


def _signs(polynomial: Polynomial, gap: int, generators: list[Term]) -> tuple[Formula, ...]:
    """``p <= -1`` and ``p >= gap``, each as an assumption of its own."""
    below = combine([(1, polynomial), (1, constant(1))])
    above = combine([(-1, polynomial), (gap, constant(1))])
    sides = []
    for side in (below, above):
        assumed = literal(side, "<=", generators, None, "assumption")
        if isinstance(assumed, Literal):
            assumed = replace(assumed, source=assumed.shown)
        sides.append(assumed)
    return tuple(sides)


def _children(
    branch: Branch, parts: Sequence[Formula], literals: list[Literal], choices: list[Some]
) -> list[Branch]:
    """The branch under each part, which together cover it."""
    propositions = [as_proposition(part) for part in parts]
    covered = Indicator(And((*branch.assumptions, Or(tuple(propositions)))))
    distinction = Step("case distinction", branch.indicator, covered)
    children = []
    for part, proposition in zip(parts, propositions, strict=True):
        state = branch.state.copy(traced=True)
        state.literals, state.choices = list(literals), list(choices)
        state.assume(part)
        children.append(
            Branch(
                f"{branch.words}; {proposition_text(proposition)}",
                (*branch.assumptions, proposition),
                state,
                distinctions=(*branch.distinctions, distinction),
            )
        )
    return children
