"""Deciding propositions about integers: by bounds, exhaustion and linear arithmetic."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from derive.integers.branches import Branch, bound, is_small, point_count, split
from derive.integers.contract import contract
from derive.integers.counterexample import counterexample
from derive.integers.evaluate import BeyondReachError, certain, holds
from derive.integers.formula import every
from derive.integers.polynomial import TooLargeError
from derive.integers.problem import Prepared, Problem, prepare, problem
from derive.integers.proof import closed_case, exhausted_case, points_tried
from derive.integers.search import (
    Budget,
    OutOfBudgetError,
    Values,
    all_points,
    clip,
    improve,
)
from derive.integers.shape import equivalence_sides, implication_sides
from derive.integers.translate import OutOfLanguageError
from derive.terms.declarations import Declarations
from derive.terms.obligation import Statement
from derive.terms.plain import proposition_text, term_text
from derive.terms.structure import subterms
from derive.terms.term import (
    ONE,
    ZERO,
    And,
    Apply,
    Compare,
    Not,
    Number,
    Pow,
    Proposition,
    Term,
    apply,
    number,
)
from derive.verdict import Case, Condition, Kind, Proof, Step, Verdict

METHOD = "integer range"

#: Boxes that a search may look at; fewer where the number of points gives little hope.
SEARCH_BUDGET = 20_000
SMALL_BUDGET = 2_000
HASTY_BUDGET = 300
#: Before anything is split, a counterexample is looked for within this absolute value.
NEAR = 8
#: Where a range is not finite, a counterexample is looked for within these absolute values.
RADII = (16, 256, 4096)
#: An equivalence lists its solutions in the proof up to this number.
MOST_SOLUTIONS = 200


class UndecidedError(ValueError):
    """The solutions can't be listed: the range is not proven finite, or it is too large."""


def decide(statement: Statement) -> Verdict:
    """Whether the proposition holds for all admissible integers, exactly over their whole range.

    ``proved`` carries the branches of "the hypotheses hold and the claim does not" with the
    bounds that close them or make them finite, and then the exhaustion of the finite range; the
    proof of an equivalence also lists its solutions.  ``refuted`` carries the point with the
    smallest largest absolute value, then the lexicographically first in the order of
    declaration.  ``unknown`` says what was tried.

    A relation with an undefined side (a division by zero, the divisors of what is no positive
    integer) is false, Not is classical (see ``evaluate``).  A claim that fails only where
    something is undefined is ``conditional`` on its being defined, and ``malformed`` if that is
    so nowhere.
    """
    try:
        stated = problem(statement.proposition, statement.declarations)
        return _decide_defined(stated)
    except (OutOfLanguageError, TooLargeError, BeyondReachError) as error:
        return Verdict(Kind.UNKNOWN, METHOD, reason=str(error))
    except RecursionError:
        return Verdict(Kind.UNKNOWN, METHOD, reason="the statement is nested too deeply")


def solutions(proposition: Proposition, declarations: Declarations) -> tuple[dict[str, int], ...]:
    """All integer solutions of the proposition, in lexicographic order of the variables.

    The variables stand in the order of their declaration.  Raises UndecidedError where no finite
    range can be proven or it holds too many points, and ValueError (OutOfLanguageError) for what
    is no proposition about declared integers.
    """
    prepared = prepare(problem(proposition, declarations))
    branches = _solution_branches(prepared, prepared.problem.claim)
    points = sorted({point for _, found in branches for point in found})
    names = [term_text(variable) for variable in prepared.problem.variables]
    return tuple(dict(zip(names, point, strict=True)) for point in points)


def _decide_defined(stated: Problem) -> Verdict:
    """The verdict; a refutation that rests on something undefined is looked at again."""
    verdict, values = _decide(stated)
    if values is None:
        return verdict
    point = stated.point(values)
    if certain(stated.claim, point) is False and all(
        certain(hypothesis, point) for hypothesis in stated.hypotheses
    ):
        return verdict
    needed = _definedness(stated)
    strengthened = stated.with_hypotheses(needed)
    again, _ = _decide(strengthened)
    if again.kind is not Kind.PROVED:
        return again
    if not prepare(strengthened).consistent:
        words = " and ".join(map(proposition_text, needed))
        return Verdict(Kind.MALFORMED, METHOD, reason=f"defined nowhere: {words} never holds here")
    conditions = tuple(Condition(proposition_text(p), p) for p in needed)
    return Verdict(
        Kind.CONDITIONAL, METHOD, reason=again.reason, conditions=conditions, proof=again.proof
    )


def _definedness(stated: Problem) -> list[Proposition]:
    """What must hold for everything in the statement to be defined, beyond the hypotheses."""
    found: dict[Proposition, None] = {}
    for statement in (*stated.hypotheses, stated.claim):
        for part in subterms(statement):
            match part:
                case Pow(base, Number(exponent)) if exponent < 0:
                    found[Compare("!=", base, ZERO)] = None
                case Apply("divisor_count", (argument,)):
                    found[Compare(">=", argument, ONE)] = None
                    found[Compare("=", argument, apply("floor", argument))] = None
    prepared = prepare(stated)
    return [
        condition
        for condition in reversed(found)  # inner parts first
        if contract(prepared.state(prepared.translation.formula(condition, holds=False)))
    ]


def _decide(stated: Problem) -> tuple[Verdict, Values | None]:
    """The verdict in the logic of partial terms, with the point that refutes."""
    prepared = prepare(stated)
    same = _same_normal_form(prepared)
    if same is not None:
        return Verdict(Kind.PROVED, METHOD, proof=Proof((same,))), None
    size = len(stated.variables)
    generators = prepared.translation.generators
    starts = [bound(branch, size) for branch in _failures(prepared)]
    found = _Found(_point_near_zero(prepared, starts), [])
    cases: list[Case] = []
    waiting: list[Branch] = []
    if found.point is None:
        for branch in (part for start in starts for part in split(start, size, generators)):
            if branch.closed:
                cases.append(closed_case(branch, generators))
            else:
                waiting.append(branch)
        found = _search_branches(prepared, waiting)
    if found.point is not None:
        shown = counterexample(stated.claim, stated.variables, found.point)
        return Verdict(Kind.REFUTED, METHOD, counterexample=shown), found.point
    if found.left_open:
        branch, why = found.left_open[0]
        reason = f"{branch.words}: {why}"
        return Verdict(Kind.UNKNOWN, METHOD, reason=reason, residual=branch.indicator), None
    cases += [exhausted_case(branch, generators, range(size)) for branch in waiting]
    proof = Proof((*cases, *_solution_cases(prepared)))
    tried = points_tried(Proof(tuple(cases)))
    reason = f"{tried} integer points tried" if tried else "by bounds alone"
    if not prepared.consistent:
        reason = "no integers satisfy the hypotheses, so it says nothing"
    return Verdict(Kind.PROVED, METHOD, reason=reason, proof=proof), None


def _same_normal_form(prepared: Prepared) -> Case | None:
    """The proof of an equation of two polynomials that are the same."""
    claim = prepared.problem.claim
    if not isinstance(claim, Compare) or claim.operator != "=":
        return None
    left = prepared.translation.normal_form(claim.left)
    right = prepared.translation.normal_form(claim.right)
    if left is None or left != right:
        return None
    rule = "arithmetic" if isinstance(left, Number) else "collect terms"
    sides = (claim.left, claim.right)
    steps = tuple(Step(rule, side, left) for side in sides if side != left)
    return Case((), steps, left, left)


def _failures(prepared: Prepared) -> Iterator[Branch]:
    """The branches in which the hypotheses hold and the claim does not."""
    claim = prepared.problem.claim
    for words, kept, failed in _ways_to_fail(claim):
        formula = every(
            *(prepared.translation.formula(part) for part in kept),
            prepared.translation.formula(failed, holds=False),
        )
        assumptions = (*prepared.problem.hypotheses, *kept, Not(failed))
        yield Branch(words, assumptions, prepared.state(formula))


def _ways_to_fail(
    claim: Proposition,
) -> Iterator[tuple[str, tuple[Proposition, ...], Proposition]]:
    """For each way: its name, what holds, and what does not."""
    sides = equivalence_sides(claim)
    if sides is not None:
        left, right = sides
        yield "the left side holds, the right side does not", (left,), right
        yield "the right side holds, the left side does not", (right,), left
        return
    if isinstance(claim, And):
        for part in claim.parts:
            yield from _ways_to_fail(part)
        return
    implication = implication_sides(claim)
    if implication is not None:
        premise, conclusion = implication
        words = f"{proposition_text(premise)}, but {proposition_text(Not(conclusion))}"
        yield words, (premise,), conclusion
        return
    yield proposition_text(Not(claim)), (), claim


@dataclass(slots=True)
class _Found:
    """The smallest point in which the claim fails, and the branches not searched to the end."""

    point: Values | None
    left_open: list[tuple[Branch, str]]


def _point_near_zero(prepared: Prepared, branches: list[Branch]) -> Values | None:
    """The smallest point in which the claim fails, if one is found before any splitting."""
    variables = range(len(prepared.problem.variables))
    remaining = [branch for branch in branches if not branch.closed]
    if all(is_small(branch.state, len(variables)) for branch in remaining):
        return None
    boxes = [branch.state.copy() for branch in remaining]
    for box in boxes:
        clip(box, variables, NEAR)
    best: list[Values] = []
    for boxes_allowed in (HASTY_BUDGET, SMALL_BUDGET):  # again in earnest, once it is refuted
        for box in boxes:
            with suppress(OutOfBudgetError):
                improve(best, box, variables, _failure_test(prepared), Budget(boxes_allowed))
        if not best:
            return None
    return best[0]


def _failure_test(prepared: Prepared) -> Callable[[Values], bool]:
    stated = prepared.problem
    return lambda values: (
        stated.admissible(values) and not holds(stated.claim, stated.point(values))
    )


def _search_branches(prepared: Prepared, branches: list[Branch]) -> _Found:
    """The smallest point of all branches: the small ones whole, others in growing boxes."""
    variables = range(len(prepared.problem.variables))
    test = _failure_test(prepared)
    likely, unlikely = Budget(SEARCH_BUDGET), Budget(SMALL_BUDGET)
    best: list[Values] = []
    waiting = list(branches)
    given_up: list[tuple[Branch, str]] = []
    for radius in (*RADII, None):
        unfinished: list[Branch] = []
        for branch in waiting:
            small = is_small(branch.state, len(variables))
            box = branch.state.copy()
            if radius is not None and not small:
                clip(box, variables, radius)
            elif point_count(box, len(variables)) is None:
                given_up.append((branch, _why_open(prepared, branch)))
                continue
            try:
                improve(best, box, variables, test, likely if small else unlikely)
            except OutOfBudgetError:
                given_up.append((branch, _why_open(prepared, branch)))
                continue
            if box.ranges != branch.state.ranges:
                unfinished.append(branch)
        if best:
            for branch in unfinished:  # smaller ones may be left beyond the radius
                with suppress(OutOfBudgetError):
                    improve(best, branch.state, variables, test, unlikely)
            return _Found(best[0], [])
        waiting = unfinished
    return _Found(None, given_up)


def _why_open(prepared: Prepared, branch: Branch) -> str:
    count = point_count(branch.state, len(prepared.problem.variables))
    if count is not None:
        return f"the range is finite, but its {count} integer points are too many to try"
    return (
        f"{_unbounded(prepared, branch)}, linear arithmetic finds no contradiction, "
        f"and no counterexample turned up among small values"
    )


def _unbounded(prepared: Prepared, branch: Branch) -> str:
    names = [
        term_text(term)
        for term, known in zip(prepared.problem.variables, branch.state.ranges, strict=False)
        if None in known
    ]
    return f"no finite range follows for {', '.join(names)}"


def _solution_branches(
    prepared: Prepared, proposition: Proposition
) -> Iterator[tuple[Branch, list[Values]]]:
    """Where the hypotheses and the proposition hold: branches with all points in each."""
    stated = prepared.problem
    variables = range(len(stated.variables))
    start = Branch(
        f"solutions of {proposition_text(proposition)}",
        (*stated.hypotheses, proposition),
        prepared.state(prepared.translation.formula(proposition)),
    )

    def solves(values: Values) -> bool:
        return stated.admissible(values) and holds(proposition, stated.point(values))

    for branch in split(
        bound(start, len(variables)), len(variables), prepared.translation.generators
    ):
        if branch.closed:
            yield branch, []
            continue
        count = point_count(branch.state, len(variables))
        if count is None:
            raise UndecidedError(f"{branch.words}: {_unbounded(prepared, branch)}")
        small = is_small(branch.state, len(variables))
        budget = Budget(SEARCH_BUDGET if small else SMALL_BUDGET)
        try:
            yield branch, sorted(all_points(branch.state, variables, solves, budget))
        except OutOfBudgetError:
            reason = f"{branch.words}: {count} integer points are too many to try"
            raise UndecidedError(reason) from None


def _solution_cases(prepared: Prepared) -> Iterator[Case]:
    """The solutions of a proven equivalence, where they can be listed."""
    sides = equivalence_sides(prepared.problem.claim)
    if sides is None:
        return
    try:
        found = list(_solution_branches(prepared, sides[0]))
    except (UndecidedError, BeyondReachError):
        return
    if sum(len(points) for _, points in found) > MOST_SOLUTIONS:
        return
    variables = prepared.problem.variables
    generators = prepared.translation.generators
    for branch, points in found:
        if points:
            shown = [_equal(variables, point) for point in points]
            yield exhausted_case(branch, generators, range(len(variables)), shown)


def _equal(variables: Sequence[Term], point: Values) -> Proposition:
    pairs = zip(variables, point, strict=True)
    return And(tuple(Compare("=", variable, number(value)) for variable, value in pairs))
