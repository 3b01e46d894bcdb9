"""Verdicts and what they must carry: the one result type that feeds every output format."""

from dataclasses import dataclass
from enum import StrEnum

from derive.terms.term import Proposition, Term


class Kind(StrEnum):
    """The six verdicts; none is ever merged with another."""

    PROVED = "proved"
    CONDITIONAL = "conditional"
    REFUTED = "refuted"
    ILL_TYPED = "ill-typed"
    MALFORMED = "malformed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Condition:
    """A side condition of a verdict that the text does not state.

    ``words`` is what a person reads ("x != 0", "no bias"); ``proposition`` is the same as a
    typed statement where there is one (a choice of layout has none).
    """

    words: str
    proposition: Proposition | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One rule application: ``before = after`` by the named rule, under its conditions."""

    rule: str
    before: Term
    after: Term
    conditions: tuple[Proposition, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One case of a proof: what it assumes, the steps in order, both normal forms."""

    assumptions: tuple[Proposition, ...]
    steps: tuple[Step, ...]
    left: Term
    right: Term


@dataclass(frozen=True, slots=True)
class Proof:
    """A proof as data: the cases, which together cover everything."""

    cases: tuple[Case, ...]

    @property
    def rules(self) -> tuple[str, ...]:
        """The names of the rules used, each once, in the order of first use."""
        return tuple(dict.fromkeys(step.rule for case in self.cases for step in case.steps))


@dataclass(frozen=True, slots=True)
class Counterexample:
    """An exact admissible point at which the two sides differ, certified by disjoint balls.

    ``assignment`` maps names (``x``, ``W[1,2]``, ``n``) to exact values in words; the values of
    the sides are exact rationals or enclosures such as ``1.313 +/- 1e-15``.
    """

    dimensions: tuple[tuple[str, int], ...]
    assignment: tuple[tuple[str, str], ...]
    left: str
    right: str
    bits: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict with everything it must carry (design: one type for all outputs).

    proved: ``proof``; conditional: ``proof`` and ``conditions``; refuted: ``counterexample``;
    ill-typed and malformed: ``reason`` (and ``shapes``); unknown: ``reason`` (what was tried)
    and ``residual`` (the normal form of what is left).  ``withdrawn`` marks a ``proved`` that the
    refuter contradicted: a bug of ours, which makes the run fail.
    """

    kind: Kind
    method: str
    reason: str = ""
    conditions: tuple[Condition, ...] = ()
    proof: Proof | None = None
    counterexample: Counterexample | None = None
    shapes: tuple[str, str] | None = None
    residual: Term | None = None
    withdrawn: bool = False

    def __repr__(self) -> str:
        point = self.counterexample
        told = [f"if {condition.words}" for condition in self.conditions]
        if point is not None:
            told.append(f"left side {point.left}, right side {point.right}")
        elif self.reason:
            told.append(self.reason)
        return "; ".join((f"Verdict({self.kind} by {self.method}", *told)) + ")"

    @property
    def holds(self) -> bool:
        """Whether the statement was proved, perhaps under conditions."""
        return self.kind in (Kind.PROVED, Kind.CONDITIONAL)
