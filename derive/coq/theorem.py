"""One Coq file for one statement: a comment in words, the theorem, its complete proof."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files

from derive.coq.identifiers import comment_text
from derive.coq.integers import integer_theorem
from derive.coq.printing import NotExportableError
from derive.coq.proof import proof_of
from derive.coq.statement import statement_of
from derive.terms.obligation import Obligation, Statement
from derive.terms.term import Proposition

#: The module that every exported file needs: definitions, lemmas and tactics.
LIBRARY = "DeriveLemmas"

_HEADER = f"""\
From Coq Require Import Reals Lra Lia.
From Coquelicot Require Import Coquelicot.
Require Import {LIBRARY}.
Open Scope R_scope.
"""


@dataclass(frozen=True, slots=True)
class CoqFile:
    """A file ``name.v`` that proves the theorem ``name``."""

    name: str
    text: str


def library_text() -> str:
    """The text of the module that every exported file needs."""
    return files("derive.coq").joinpath(f"{LIBRARY}.v").read_text(encoding="utf-8")


def coq_file(
    name: str,
    statement: Obligation | Statement,
    conditions: Iterable[Proposition] = (),
    comment: Sequence[str] = (),
) -> CoqFile:
    """The file for a statement that was proved under conditions.

    ``name`` is a Coq identifier; the lines of ``comment`` may hold anything.  Raises
    NotExportableError for a statement that has no translation or no script.
    """
    try:
        if isinstance(statement, Statement):
            text, proof = integer_theorem(statement)
        else:
            stated = statement_of(statement, conditions)
            text, proof = stated.text, proof_of(stated)
    except RecursionError:
        raise NotExportableError("a term nested too deeply") from None
    lines = [f"(* {comment_text(line)} *)" for line in comment]
    lines += ["", _HEADER] if comment else [_HEADER]
    lines += [f"Theorem {name} :", f"  {text}.", "Proof."]
    lines += [f"  {line}" for line in proof]
    lines += ["Qed.", ""]
    return CoqFile(name, "\n".join(lines))
