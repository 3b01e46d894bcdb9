"""What is declared: variables with shapes and conditions, definitions, hypotheses, layout."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeAlias

from derive.terms.structure import Definition
from derive.terms.term import Dim, Proposition

Layout: TypeAlias = Literal["numerator", "denominator"]

#: The words that may follow a type, and what they say.
CONDITION_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "positive": "every component is > 0",
        "nonnegative": "every component is >= 0",
        "nonzero": "no component is 0",
        "integer": "every component is an integer",
        "one-hot": "one component is 1, the others are 0",
        "sums to 1": "the components add up to 1",
        "symmetric": "A[i, j] = A[j, i]",
        "invertible": "the inverse exists",
        "positive definite": "symmetric, with x^T A x > 0 for x != 0",
        "orthogonal": "A^T A = A A^T = identity",
    }
)


@dataclass(frozen=True, slots=True)
class Variable:
    """A declared name: its shape (empty for a scalar) and condition words."""

    name: str
    shape: tuple[Dim, ...] = ()
    conditions: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        unknown = sorted(self.conditions - CONDITION_WORDS.keys())
        if unknown:
            known = ", ".join(CONDITION_WORDS)
            raise ValueError(
                f"condition '{unknown[0]}' of '{self.name}' is not known; known are: {known}"
            )


@dataclass(frozen=True, slots=True)
class FunctionType:
    """An unknown function: shapes of its arguments and of its value."""

    name: str
    arguments: tuple[tuple[Dim, ...], ...]
    value: tuple[Dim, ...] = ()


@dataclass(frozen=True)
class Declarations:
    """Everything a term may rest on, gathered from the text or from a claim.

    ``hypotheses`` are stated in the text and so are context, not conditions of a verdict.
    A scalar that nothing declares is real.
    """

    dimensions: tuple[str, ...] = ()
    variables: Mapping[str, Variable] = field(default_factory=dict)
    functions: Mapping[str, FunctionType] = field(default_factory=dict)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    hypotheses: tuple[Proposition, ...] = ()
    layout: Layout | None = None

    def shape(self, name: str) -> tuple[Dim, ...]:
        """The declared shape; an undeclared name is a real scalar."""
        variable = self.variables.get(name)
        return variable.shape if variable else ()

    def has(self, name: str, condition: str) -> bool:
        """Whether the condition word was declared for the name."""
        variable = self.variables.get(name)
        return variable is not None and condition in variable.conditions
