"""What was found in a document, as data: places, steps, definitions taken."""

from dataclasses import dataclass

from derive.document.model import Diagnostic
from derive.elaborate.elaborator import Layout
from derive.elaborate.scope import Scope
from derive.reader import surface
from derive.terms.obligation import Obligation
from derive.terms.term import Proposition
from derive.verdict import Kind, Verdict


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: 1-based lines and columns, the end exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Step:
    """One relation of a chain, judged against its neighbour.

    ``statement`` is the typed obligation (None where there is none: ill-typed, malformed, or a
    definition).  ``conclusion`` stands on the last step of a chain of several relations.
    ``focus`` is where a caret belongs: the part without a meaning, else the right side.
    """

    chain: int
    index: int
    place: Place
    source_line: str
    left_latex: str
    relation: str
    right_latex: str
    verdict: Verdict
    milliseconds: float
    statement: Obligation | None = None
    conclusion: Verdict | None = None
    conclusion_latex: tuple[str, str] | None = None
    defines: str = ""
    warnings: tuple[str, ...] = ()
    first_wrong: bool = False
    inline: bool = False
    left_node: surface.Side | None = None
    right_node: surface.Side | None = None
    scope: Scope | None = None
    layout: Layout = "numerator"
    context: tuple[Proposition, ...] = ()
    focus: Place | None = None


@dataclass(frozen=True, slots=True)
class DefinitionTaken:
    """A definition that the document makes: the name, and the LaTeX that makes it."""

    name: str
    latex: str
    place: Place


@dataclass(frozen=True, slots=True)
class Checked:
    """Everything that was found in one document."""

    path: str
    steps: tuple[Step, ...]
    definitions: tuple[DefinitionTaken, ...]
    declarations: tuple[tuple[str, Place], ...]
    diagnostics: tuple[Diagnostic, ...]

    def count(self, kind: Kind) -> int:
        """How many steps have the verdict."""
        return sum(step.verdict.kind is kind for step in self.steps)
