"""A statement about integers made ready: its variables with their ranges, hypotheses, claim."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from derive.integers.contract import State, contract
from derive.integers.evaluate import Point, holds
from derive.integers.formula import Formula, every
from derive.integers.interval import Range
from derive.integers.search import Values
from derive.integers.translate import OutOfLanguageError, Translation
from derive.terms.declarations import Declarations
from derive.terms.plain import term_text
from derive.terms.structure import subterms, unfold
from derive.terms.term import (
    ZERO,
    Compare,
    Dimension,
    Element,
    Proposition,
    Term,
)

#: What the condition words say of an integer: the smallest value.
_LEAST: Mapping[str, int] = {"positive": 1, "nonnegative": 0}
_KNOWN_WORDS = frozenset({"integer", "nonzero", *_LEAST})


@dataclass(frozen=True)
class Problem:
    """``hypotheses => claim`` for all integer values of the variables within their ranges."""

    variables: tuple[Term, ...]
    ranges: tuple[Range, ...]
    hypotheses: tuple[Proposition, ...]
    claim: Proposition

    def point(self, values: Values) -> Point:
        """The values by variable."""
        return dict(zip(self.variables, values, strict=True))

    def admissible(self, values: Values) -> bool:
        """Whether the hypotheses hold at the point."""
        point = self.point(values)
        return all(holds(hypothesis, point) for hypothesis in self.hypotheses)

    def with_hypotheses(self, more: Sequence[Proposition]) -> "Problem":
        """The same under further hypotheses."""
        return replace(self, hypotheses=(*self.hypotheses, *more))


def problem(claim: Proposition, declarations: Declarations) -> Problem:
    """The problem for a claim: definitions unfolded, the hypotheses that concern it.

    A hypothesis concerns the claim if it shares a variable with it, directly or through other
    hypotheses; one without variables always does.  Symbolic dimensions are integers >= 1.
    Raises OutOfLanguageError where a variable is not a scalar that is declared an integer.
    """
    claim = unfold(claim, declarations.definitions)
    stated = [unfold(h, declarations.definitions) for h in declarations.hypotheses]
    reached = dict.fromkeys(_variables(claim))
    concerned: list[Proposition] = []
    grown = True
    while grown:
        grown = False
        for hypothesis in stated:
            names = _variables(hypothesis)
            if hypothesis not in concerned and (not names or any(n in reached for n in names)):
                concerned.append(hypothesis)
                reached.update(dict.fromkeys(names))
                grown = True
    variables = _in_declared_order(reached, declarations)
    nonzero = [
        Compare("!=", variable, ZERO)
        for variable in variables
        if isinstance(variable, Element) and declarations.has(variable.name, "nonzero")
    ]
    hypotheses = [hypothesis for hypothesis in stated if hypothesis in concerned]
    ranges = tuple(_declared_range(variable, declarations) for variable in variables)
    return Problem(variables, ranges, (*nonzero, *hypotheses), claim)


@dataclass(frozen=True)
class Prepared:
    """A problem in translation: ``hypotheses`` as a formula, ranges as these tighten them."""

    problem: Problem
    translation: Translation
    hypotheses: Formula
    consistent: bool

    def state(self, formula: Formula) -> State:
        """Where the hypotheses and the formula hold, from the declared ranges on."""
        others = len(self.translation.ranges) - len(self.problem.ranges)
        state = State([*self.problem.ranges, *[(None, None)] * others], trail=[])
        state.assume(every(self.hypotheses, formula))
        return state


def prepare(stated: Problem) -> Prepared:
    """Translate the hypotheses; what they say of ranges helps to translate everything else."""
    translation = Translation(list(zip(stated.variables, stated.ranges, strict=True)))
    hypotheses = every(*(translation.formula(h) for h in stated.hypotheses))
    state = State(list(translation.ranges))
    state.assume(hypotheses)
    consistent = contract(state)
    if consistent:
        translation.ranges[:] = state.ranges
    return Prepared(stated, translation, hypotheses, consistent)


def _variables(proposition: Proposition) -> list[Term]:
    return [
        part
        for part in subterms(proposition)
        if isinstance(part, Element) or (isinstance(part, Dimension) and isinstance(part.dim, str))
    ]


def _in_declared_order(found: Mapping[Term, None], declarations: Declarations) -> tuple[Term, ...]:
    declared: list[Term] = [Dimension(name) for name in declarations.dimensions]
    declared += [Element(name) for name in declarations.variables]
    first = [term for term in declared if term in found]
    return (*first, *(term for term in found if term not in first))


def _declared_range(variable: Term, declarations: Declarations) -> Range:
    if isinstance(variable, Dimension):
        return 1, None
    if not isinstance(variable, Element) or variable.indices:
        raise OutOfLanguageError(f"{term_text(variable)} is not a scalar")
    declared = declarations.variables.get(variable.name)
    if declared is None or "integer" not in declared.conditions:
        raise OutOfLanguageError(f"{variable.name} is not declared an integer")
    strange = sorted(declared.conditions - _KNOWN_WORDS)
    if strange or declared.shape:
        what = f"'{strange[0]}'" if strange else "a shape"
        raise OutOfLanguageError(f"{variable.name} is declared with {what}: not a plain integer")
    least = [_LEAST[word] for word in sorted(declared.conditions) if word in _LEAST]
    return max(least, default=None), None
