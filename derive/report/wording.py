"""Numbers and verdicts in words, the same in every format."""

import math

from derive.report.model import ClaimEntry, CrossCheckFigures, Report
from derive.verdict import Kind


def milliseconds(value: float) -> str:
    """A time in milliseconds with two significant digits or whole."""
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 0.95 else f"{value:.2f}"


def relative_error(figures: CrossCheckFigures | None) -> str:
    """The largest relative error of a cross-check as rich text; a dash without one."""
    if figures is None:
        return "–"
    value = figures.largest_relative_error
    if not math.isfinite(value):
        return "infinite" if math.isinf(value) else "no number"
    return scientific(value)


def plain_error(figures: CrossCheckFigures | None) -> str:
    """The largest relative error of a cross-check for a terminal (``2e-16``), ``-`` without one."""
    if figures is None:
        return "-"
    value = figures.largest_relative_error
    return f"{value:.0e}" if math.isfinite(value) and value else f"{value:g}"


def scientific(value: float) -> str:
    """A finite number with one significant digit as rich text, such as ``$2 \\cdot 10^{-16}$``."""
    if value == 0 or 0.001 <= abs(value) < 1000:
        return f"{value:.1g}" if abs(value) < 1 else f"{value:.0f}"
    digits, _, exponent = f"{value:.0e}".partition("e")
    power = f"10^{{{int(exponent)}}}"
    return f"${power}$" if digits == "1" else f"${digits} \\cdot {power}$"


def counted(number: int, word: str, plural: str = "") -> str:
    """``1 point``, ``2 points``."""
    return f"{number:,} {word if number == 1 else plural or word + 's'}"


def assigned(pairs: tuple[tuple[str, int], ...]) -> str:
    """Rich text such as ``$n = 3$, $m = 4$``."""
    return ", ".join(f"${name} = {value}$" for name, value in pairs)


def count_words(report: Report) -> str:
    """How many claims there are and how many of each verdict, zeros left out."""
    kinds = ", ".join(f"{number} {kind}" for kind, number in report.counts if number)
    total = sum(number for _, number in report.counts)
    return f"{counted(total, 'claim')}: {kinds}" if kinds else "no claims"


def expectation_words(report: Report) -> str:
    """Whether every verdict is the expected one."""
    surprises = len(report.surprises)
    if not surprises:
        return "Every verdict is the expected one."
    verb = "differs" if surprises == 1 else "differ"
    return f"{counted(surprises, 'verdict')} {verb} from what was expected."


def cross_check_words(report: Report) -> str:
    """How many claims were compared with the networks, and whether all comparisons passed."""
    checked = sum(entry.cross_check is not None for entry in report.entries)
    failed = len(report.failed_cross_checks)
    compared = f"{counted(checked, 'claim was', 'claims were')} compared with a NumPy network"
    if not checked:
        return "No claim was compared with a NumPy network."
    return f"{compared}; {failed} failed." if failed else f"{compared}; all comparisons passed."


def audit_words(report: Report) -> str:
    """How many of the proofs the kernel followed; empty where it was not asked."""
    figures = report.audit
    if figures is None:
        return ""
    followed = f"{figures.followed} of {counted(figures.proofs, 'proof')}"
    return f"The kernel re-checked {followed} ({counted(figures.steps, 'step')})."


def coq_words(report: Report) -> str:
    """How many of the exported proofs Coq accepted; empty where it was not asked."""
    figures = report.coq_figures
    if figures is None:
        return ""
    words = f"Coq accepted {figures.accepted} of {counted(figures.exported, 'exported proof')}"
    if figures.version:
        words += f" (coqc {figures.version})"
    if figures.without:
        claims = counted(figures.without, "claim that holds is", "claims that hold are")
        words += f"; {claims} not exported"
    return f"{words}."


def axiom_words(report: Report) -> str:
    """On which axioms the accepted proofs rest; empty where none was accepted."""
    figures = report.coq_figures
    if figures is None or not figures.accepted:
        return ""
    if not figures.axioms:
        return "They rest on no axiom."
    names = [axiom.rpartition(".")[2] for axiom in figures.axioms]
    return f"They rest on no axioms but those of Coq's own real numbers: {', '.join(names)}."


def figures_words(figures: CrossCheckFigures) -> str:
    """The figures of one cross-check as rich text."""
    sizes = f", {assigned(figures.dimensions)}" if figures.dimensions else ""
    hostile = f"; also at {', '.join(figures.hostile)}" if figures.hostile else ""
    outcome = "agrees with the verdict" if figures.passed else "contradicts the verdict"
    return (
        f"{counted(figures.points, 'point')} over {counted(figures.seeds, 'seed')}"
        f"{sizes}{hostile}. "
        f"Largest relative error {relative_error(figures)}, "
        f"tolerance {scientific(figures.tolerance)}: {outcome}."
    )


def surprise_words(entry: ClaimEntry) -> str:
    """What to say of a claim that makes the run fail; empty for the others."""
    if entry.problems:
        return ". ".join(text[:1].upper() + text[1:].rstrip(".") for text in entry.problems) + "."
    words = [] if entry.as_expected else [f"Not as expected: {entry.expected} was expected."]
    if entry.verdict.withdrawn:
        words.append("Withdrawn: numbers contradict the proof, which is an error of the engine.")
    return " ".join(words)


#: What each verdict means, in one sentence.
MEANINGS: dict[Kind, str] = {
    Kind.PROVED: "holds for all values of the variables and all dimensions",
    Kind.CONDITIONAL: "proved, under conditions that the text does not state",
    Kind.REFUTED: "false at an admissible point",
    Kind.ILL_TYPED: "the two sides cannot be compared",
    Kind.MALFORMED: "no meaning can be given to it",
    Kind.UNKNOWN: "neither proved nor refuted",
}
