"""Claims of the catalogue and steps of documents as what is exported to Coq."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import sympy

from derive.checking.results import Checked
from derive.claim import Claim
from derive.coq.acceptance import Exportable, accepted_files, exported, write_files
from derive.coq.answer import Answer
from derive.coq.coqc import Coqc, Progress
from derive.coq.identifiers import Identifiers
from derive.limits import Limits
from derive.sympy_terms import OperationCount, obligation_from_sympy
from derive.terms.obligation import Obligation, Statement
from derive.terms.plain import proposition_text
from derive.terms.term import Compare, Proposition
from derive.verdict import Verdict

#: Only the numbers would be left of such a claim.
_COUNTED = "it counts operations of a formula, which Coq would not see"


def exportable_claims(judged: Iterable[tuple[Claim, Verdict]]) -> tuple[Exportable, ...]:
    """What is exported of the claims that hold, each under its own name, in their order."""
    names = Identifiers()
    found = []
    for claim, verdict in judged:
        if not verdict.holds:
            continue
        statement = obligation_from_sympy(
            _identity(claim, verdict), conditions=claim.conditions, hypotheses=claim.hypotheses
        )
        comment = (
            f"{claim.name}, part {claim.part}: {claim.title}",
            f"LaTeX: {claim.latex}",
            *_words(statement, verdict),
        )
        name = names.fresh(claim.name)
        beyond = _COUNTED if _identity(claim, verdict).has(OperationCount) else ""
        found.append(Exportable(name, statement, _propositions(verdict), comment, beyond))
    return tuple(found)


def claims_in_coq(
    judged: Sequence[tuple[Claim, Verdict]],
    coqc: Coqc,
    folder: Path,
    *,
    limits: Limits,
    coq_limits: Limits,
    progress: Progress | None = None,
) -> dict[str, Answer]:
    """What Coq says of each claim that holds, by the claim's name; the files stay in the folder.

    ``limits`` are those for writing one proof, ``coq_limits`` those of coqc on it.  Raises
    CoqError where Coq can't be used, OSError where the folder can't be written.
    """
    held = [(claim, verdict) for claim, verdict in judged if verdict.holds]
    items = exportable_claims(held)
    made = exported(items, limits)
    write_files(made, folder)
    answers = accepted_files(made, coqc, limits=coq_limits, progress=progress, folder=folder)
    return {claim.name: answers[item.name] for (claim, _), item in zip(held, items, strict=True)}


def exportable_steps(checked: Checked, stem: str) -> tuple[Exportable, ...]:
    """What is exported of a document's steps that were proved: ``stem_line_39``, in their order.

    Definitions, assumptions and the values of an example are no theorems.
    """
    names = Identifiers()
    found = []
    for step in checked.steps:
        if step.statement is None or not step.verdict.holds or step.defines:
            continue
        if step.verdict.proof is None or step.verdict.method == "example":
            continue
        written = f"{step.left_latex} {step.relation} {step.right_latex}"
        comment = (
            f"{step.place.file}, line {step.place.line}, column {step.place.column}",
            f"LaTeX: {' '.join(written.split())}",
            *_words(step.statement, step.verdict),
        )
        name = names.fresh(f"{stem}_line_{step.place.line}")
        found.append(Exportable(name, step.statement, _propositions(step.verdict), comment))
    return tuple(found)


def stem_of(path: str) -> str:
    """The beginning of the names for steps of a document: its file name in small letters."""
    last = re.split(r"[/\\]", path)[-1].rsplit(".", 1)[0].lower()
    plain = re.sub(r"[^a-z0-9]+", "_", last).strip("_")
    return plain if plain[:1].isalpha() else f"document_{plain}".rstrip("_")


def _identity(claim: Claim, verdict: Verdict) -> sympy.Basic:
    """The identity that the verdict is about: that of a reading whose words are a condition."""
    words = {c.words for c in verdict.conditions if c.proposition is None}
    for reading in claim.readings:
        if reading.words in words:
            return reading.identity
    return claim.identity


def _propositions(verdict: Verdict) -> tuple[Proposition, ...]:
    return tuple(c.proposition for c in verdict.conditions if c.proposition is not None)


def _words(statement: Obligation | Statement, verdict: Verdict) -> Sequence[str]:
    if isinstance(statement, Statement):
        proposition = statement.proposition
    else:
        proposition = Compare(statement.operator, statement.left, statement.right)
    lines = [f"as read: {proposition_text(proposition)}"]
    if verdict.conditions:
        lines.append(f"under: {'; '.join(c.words for c in verdict.conditions)}")
    return lines
