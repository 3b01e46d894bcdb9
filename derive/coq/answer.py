"""What Coq said of a statement: it accepted the proof, or not, or there was none to ask about."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Accepted:
    """Coq accepted the theorem.

    ``axioms`` are those of all theorems that were asked together; they are among the allowed ones.
    """

    version: str
    axioms: tuple[str, ...]
    seconds: float

    @property
    def words(self) -> str:
        """One sentence for the report."""
        return f"Coq accepted this claim (coqc {self.version})."


@dataclass(frozen=True, slots=True)
class Rejected:
    """Coq did not accept the file, or the theorem rests on more than it may; why."""

    reason: str

    @property
    def words(self) -> str:
        """One sentence for the report."""
        return f"Coq did not accept the exported proof: {self.reason}."


@dataclass(frozen=True, slots=True)
class NotExported:
    """There is no file for the claim; why."""

    reason: str

    @property
    def words(self) -> str:
        """One sentence for the report."""
        return f"Not exported to Coq: {self.reason}."


Answer: TypeAlias = Accepted | Rejected | NotExported
