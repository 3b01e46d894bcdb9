"""What a repair is."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from derive.verdict import Kind, Verdict

#: What is put right: one side, the relation with both sides, or an earlier definition.
Place: TypeAlias = Literal["left", "right", "both", "definition"]

#: The verdicts that ask for a repair and a name.
FAILING = frozenset({Kind.REFUTED, Kind.ILL_TYPED, Kind.MALFORMED})


@dataclass(frozen=True, slots=True)
class Repair:
    """The nearest statement that holds, in the author's own spelling.

    ``latex`` is the repaired side; the whole relation for ``both``; the repaired definition, under
    which the step holds as written, for ``definition``.  ``verdict`` belongs to the repaired step.
    ``explanation`` is one plain sentence; ``code`` names the fallacy (empty if it has no name).
    """

    latex: str
    side: Place
    verdict: Verdict
    explanation: str
    code: str = ""
