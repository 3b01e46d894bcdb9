"""Proved statements as Coq files, and what Coq says of them: the one way in for commands."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from derive.coq.coqc import (
    DEFAULT_LIMITS,
    Answer,
    Coqc,
    NotExported,
    Progress,
    judge_files,
)
from derive.coq.printing import NotExportableError
from derive.coq.theorem import CoqFile, coq_file
from derive.limits import Limits
from derive.terms.obligation import Obligation, Statement
from derive.terms.term import Proposition


@dataclass(frozen=True, slots=True)
class Exportable:
    """A proved statement: a name (a Coq identifier), the conditions of its verdict, a comment."""

    name: str
    statement: Obligation | Statement
    conditions: tuple[Proposition, ...] = ()
    comment: tuple[str, ...] = ()


def exported(items: Iterable[Exportable]) -> dict[str, CoqFile | NotExported]:
    """The Coq file of each statement by its name, or why there is none."""
    found: dict[str, CoqFile | NotExported] = {}
    for item in items:
        try:
            found[item.name] = coq_file(item.name, item.statement, item.conditions, item.comment)
        except NotExportableError as error:
            found[item.name] = NotExported(str(error))
    return found


def accepted_files(
    made: Mapping[str, CoqFile | NotExported],
    coqc: Coqc,
    *,
    limits: Limits = DEFAULT_LIMITS,
    processes: int = 2,
    progress: Progress | None = None,
) -> dict[str, Answer]:
    """What Coq says of each of the files, by name, in their order.  Raises CoqError (see coqc)."""
    files = [file for file in made.values() if isinstance(file, CoqFile)]
    judged = judge_files(coqc, files, limits=limits, processes=processes, progress=progress)
    answers: dict[str, Answer] = {}
    for name, file in made.items():
        answers[name] = file if isinstance(file, NotExported) else judged[name]
    return answers


def accepted_claims(
    items: Sequence[Exportable],
    coqc: Coqc,
    *,
    limits: Limits = DEFAULT_LIMITS,
    processes: int = 2,
    progress: Progress | None = None,
) -> dict[str, Answer]:
    """What Coq says of each statement, by name, in their order.  Raises CoqError (see coqc)."""
    return accepted_files(
        exported(items), coqc, limits=limits, processes=processes, progress=progress
    )
