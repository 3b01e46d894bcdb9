"""The report model: everything a report shows, as immutable data, before any layout.

Strings named ``..._latex`` hold LaTeX mathematics without dollar signs, as the source or the
catalogue wrote it.  All other strings are plain text in which ``$...$`` may hold LaTeX
mathematics.  Both are data: the printers read mathematics by an allow-list, escape everything
else, and show what they cannot read as it was written.
"""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from derive.coq.answer import Accepted, Answer, NotExported
from derive.verdict import Kind, Verdict


@dataclass(frozen=True, slots=True)
class CrossCheckFigures:
    """What the comparison of a claim with a NumPy network gave.

    ``quantity`` names the network's number; ``points`` counts the inputs tried, over ``seeds``
    random seeds, with the array sizes of ``dimensions``; ``hostile`` says in words which hostile
    inputs were among them ("|x| = 800", "ties").  ``passed`` says that the error stayed below the
    tolerance where the claim holds, or above it where the claim was refuted.
    """

    quantity: str
    points: int
    seeds: int
    dimensions: tuple[tuple[str, int], ...]
    largest_relative_error: float
    tolerance: float
    passed: bool
    hostile: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Corrected:
    """The statement that is right where the claim is not: its name, LaTeX and own verdict."""

    name: str
    latex: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class WrittenStep:
    """One step of the derivation as the source wrote it, judged against its neighbour.

    ``place`` is ``line:column``; ``fallacy`` names the mistake where it has a name;
    ``repair_latex`` is the nearest statement that was proved, empty if none was.
    """

    place: str
    left_latex: str
    relation: str
    right_latex: str
    verdict: Verdict
    fallacy: str = ""
    repair_latex: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One curve of a plot: its name in the legend and its points from left to right."""

    name: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: its label, range, tick positions with their labels, and whether it is log10."""

    label: str
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    logarithmic: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """A line plot as numbers; ``plots`` builds them, the printers draw them."""

    title: str
    x: Axis
    y: Axis
    series: tuple[Series, ...]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class ClaimEntry:
    """One claim with its verdict and everything that was found about it.

    ``expected`` is what a person who checked by hand expects; ``problems`` says in one sentence
    each why this claim makes the run fail (empty where ``as_expected`` says it all); ``method``
    and ``milliseconds`` say how the verdict was reached; ``second_opinion`` is the word of
    another system ("SymPy agrees"), empty if it was not asked; ``rechecked`` says in a sentence
    each which other programs followed the proof, ``coq`` what Coq said of the exported one;
    ``derivation`` is the source's own, judged step by step.
    """

    name: str
    title: str
    part: str
    claim_latex: str
    verdict: Verdict
    expected: Kind = Kind.PROVED
    as_expected: bool = True
    problems: tuple[str, ...] = ()
    milliseconds: float = 0.0
    definitions_latex: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    note: str = ""
    corrected: Corrected | None = None
    cross_check: CrossCheckFigures | None = None
    second_opinion: str = ""
    rechecked: tuple[str, ...] = ()
    coq: Answer | None = None
    source: str = ""
    derivation: tuple[WrittenStep, ...] = ()
    plots: tuple[Plot, ...] = ()

    @property
    def method(self) -> str:
        """How the verdict was reached, in a few words."""
        return self.verdict.method


@dataclass(frozen=True, slots=True)
class PartSection:
    """One part of the source (``1b``) with its claims."""

    part: str
    title: str
    entries: tuple[ClaimEntry, ...]


@dataclass(frozen=True, slots=True)
class WrongInSource:
    """One thing that is wrong in the source, and the right statement.

    ``claim`` is the name of the entry that shows it, empty if none does; ``place`` is where it
    stands (a part, an equation number, ``line:column``).
    """

    place: str
    kind: Kind
    written_latex: str
    right_latex: str
    reason: str = ""
    claim: str = ""


@dataclass(frozen=True, slots=True)
class CoqFigures:
    """What Coq said of all exported proofs: its version, the axioms that the accepted rest on.

    ``without`` counts the claims that hold and have no translation.
    """

    version: str
    exported: int
    accepted: int
    without: int
    axioms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditFigures:
    """How many proofs there are, how many the kernel followed, and in how many steps."""

    proofs: int
    followed: int
    steps: int


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report.

    ``date`` is the only thing in it that changes from run to run of the same input (apart from
    the milliseconds); all dates inside a PDF are made from it.  ``engines`` lists names and
    versions of what computed it.  ``notation`` maps names of variables in terms to the LaTeX to
    print for them (``("W2", "W^{(2)}")``).  ``audit`` is None where the kernel was not asked.
    """

    title: str
    source: str
    seed: int
    engines: tuple[tuple[str, str], ...]
    date: datetime.date
    parts: tuple[PartSection, ...]
    wrong_in_source: tuple[WrongInSource, ...] = ()
    notation: tuple[tuple[str, str], ...] = ()
    audit: AuditFigures | None = None

    @property
    def entries(self) -> Iterator[ClaimEntry]:
        """All claims, in the order of the parts."""
        return (entry for part in self.parts for entry in part.entries)

    @property
    def counts(self) -> tuple[tuple[Kind, int], ...]:
        """How many claims got each verdict, all six kinds in the fixed order."""
        kinds = [entry.verdict.kind for entry in self.entries]
        return tuple((kind, kinds.count(kind)) for kind in Kind)

    @property
    def surprises(self) -> tuple[ClaimEntry, ...]:
        """The claims whose verdict is not the expected one."""
        return tuple(entry for entry in self.entries if not entry.as_expected)

    @property
    def failed_cross_checks(self) -> tuple[ClaimEntry, ...]:
        """The claims whose cross-check with the networks failed."""
        return tuple(e for e in self.entries if e.cross_check and not e.cross_check.passed)

    @property
    def coq_figures(self) -> CoqFigures | None:
        """What Coq said of the exported proofs; None where it was not asked."""
        answers = [entry.coq for entry in self.entries if entry.coq is not None]
        if not answers:
            return None
        accepted = [answer for answer in answers if isinstance(answer, Accepted)]
        without = sum(isinstance(answer, NotExported) for answer in answers)
        return CoqFigures(
            ", ".join(sorted({answer.version for answer in accepted})),
            len(answers) - without,
            len(accepted),
            without,
            tuple(sorted({axiom for answer in accepted for axiom in answer.axioms})),
        )
