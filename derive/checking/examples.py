"""Values that running text gives "for example", checked against the equations just before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from derive.checking.results import Step
from derive.elaborate.names import MOST_DIGITS
from derive.elaborate.substitute import substitute_name
from derive.elaborate.value import Value
from derive.judge import judge
from derive.reader import surface
from derive.terms.obligation import Obligation
from derive.terms.structure import element_names, free_indices, unfold
from derive.terms.term import Number
from derive.verdict import Counterexample, Kind, Verdict


@dataclass(frozen=True, slots=True)
class Equation:
    """A relation between declared scalars, with definitions unfolded, and the letters in it."""

    statement: Obligation
    letters: frozenset[str]


def equation_of(statement: Obligation) -> Equation | None:
    """The statement as an equation for scalars; None where it is about arrays or numbers alone."""
    definitions = statement.declarations.definitions
    left, right = unfold(statement.left, definitions), unfold(statement.right, definitions)
    letters = element_names(left) | element_names(right)
    arrays = any(statement.declarations.shape(letter) for letter in letters)
    if arrays or not letters or free_indices(left) or free_indices(right):
        return None
    return Equation(replace(statement, left=left, right=right), letters)


def example_verdict(
    values: Mapping[str, Number], equations: tuple[Equation, ...], seed: int
) -> Verdict:
    """The last equation in exactly these letters, at these values; or nothing to check against."""
    for equation in reversed(equations):
        if equation.letters != values.keys():
            continue
        left, right = equation.statement.left, equation.statement.right
        for name, value in sorted(values.items()):
            left = substitute_name(left, name, Value(value))
            right = substitute_name(right, name, Value(value))
        found = judge(replace(equation.statement, left=left, right=right), seed=seed)
        if found.kind is Kind.PROVED:
            return replace(found, method="example")
        if found.kind is Kind.REFUTED and found.counterexample is not None:
            point = found.counterexample
            assignment = tuple((name, str(value.value)) for name, value in sorted(values.items()))
            shown = Counterexample((), assignment, point.left, point.right, point.bits)
            words = "the equation before does not hold at this example"
            return replace(found, method="example", reason=words, counterexample=shown)
        return replace(found, method="example")
    return Verdict(Kind.PROVED, "example, not checked")


@dataclass(frozen=True, slots=True)
class Given:
    """The value that one step of an example gives."""

    step: int
    name: str
    value: Number
    end: int


def with_example(steps: list[Step], given: Sequence[Given], verdict: Verdict) -> None:
    """Put the verdict on an example into its steps."""
    for one in given:
        wrong = not verdict.holds and verdict.kind is not Kind.UNKNOWN
        steps[one.step] = replace(steps[one.step], verdict=verdict, first_wrong=wrong)


def is_example(left: surface.Side, right: surface.Side, symbol: str, declared: bool) -> bool:
    """``s = 4`` gives a declared letter a value for once."""
    named = symbol == "=" and isinstance(left, surface.Name) and declared
    return named and isinstance(right, surface.Number) and len(right.text) <= MOST_DIGITS
