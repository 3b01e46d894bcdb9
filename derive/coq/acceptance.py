"""Proved statements as Coq files, and what Coq says of them: the one way in for commands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from derive.answering import Mark, Silence
from derive.coq.answer import Accepted, Answer, NotExported
from derive.coq.coqc import DEFAULT_LIMITS, Coqc, Progress, judge_files
from derive.coq.memory import Memory, memory_of
from derive.coq.printing import NotExportableError
from derive.coq.theorem import LIBRARY, CoqFile, coq_file, library_text
from derive.limits import Limits
from derive.terms.obligation import Obligation, Statement
from derive.terms.term import Proposition
from derive.worker import answers


@dataclass(frozen=True, slots=True)
class Exportable:
    """A proved statement: a name (a Coq identifier), the conditions of its verdict, a comment.

    ``beyond_coq`` says why a theorem would not say what the statement means; empty if it would.
    """

    name: str
    statement: Obligation | Statement
    conditions: tuple[Proposition, ...] = ()
    comment: tuple[str, ...] = ()
    beyond_coq: str = ""


def exported(
    items: Sequence[Exportable], limits: Limits | None = None
) -> dict[str, CoqFile | NotExported]:
    """The Coq file of each statement by its name, or why there is none.

    Each proof is written within the limits, in a process of its own; without limits in this one.
    """
    found = answers(_written, items, limits)
    return {
        item.name: NotExported(file.reason) if isinstance(file, Silence) else file
        for item, file in zip(items, found, strict=True)
    }


def _written(item: Exportable, _mark: Mark) -> CoqFile | NotExported:
    if item.beyond_coq:
        return NotExported(item.beyond_coq)
    try:
        return coq_file(item.name, item.statement, item.conditions, item.comment)
    except NotExportableError as error:
        return NotExported(str(error))


def write_files(made: Mapping[str, CoqFile | NotExported], folder: Path) -> None:
    """Write the files, and the library that they need, into a folder.  Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{LIBRARY}.v").write_text(library_text(), encoding="utf-8")
    for file in made.values():
        if isinstance(file, CoqFile):
            (folder / f"{file.name}.v").write_text(file.text, encoding="utf-8")


def accepted_files(
    made: Mapping[str, CoqFile | NotExported],
    coqc: Coqc,
    *,
    limits: Limits = DEFAULT_LIMITS,
    processes: int = 2,
    progress: Progress | None = None,
    folder: Path | None = None,
) -> dict[str, Answer]:
    """What Coq says of each of the files, by name, in their order.

    What it has accepted before is remembered in the ``folder``.  Raises CoqError (see coqc), and
    OSError where the folder can't be written.
    """
    files = [file for file in made.values() if isinstance(file, CoqFile)]
    memory = Memory(Path(), {}) if folder is None else memory_of(folder)
    found: dict[str, Answer] = {}
    for file in files:
        before = memory.recall(coqc, file)
        if before is not None:
            found[file.name] = before
    new = [file for file in files if file.name not in found]
    if new:
        found |= judge_files(coqc, new, limits=limits, processes=processes, progress=progress)
    if folder is not None:
        pairs = ((file, found[file.name]) for file in files)
        memory.keep(coqc, [(f, a) for f, a in pairs if isinstance(a, Accepted)])
    return {
        name: file if isinstance(file, NotExported) else found[name] for name, file in made.items()
    }
