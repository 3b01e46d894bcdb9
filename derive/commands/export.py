"""``derive export --coq``: what is proved, as Coq files with complete proofs.

Exit codes: 0 everything that is proved was written (and with ``--run`` accepted); 1 Coq did not
accept a file; 2 usage, no Coq, or a file that can't be read or written; 3 nothing was rejected, but
something that was asked for is not proved or has no translation.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derive.coq.acceptance import Exportable
    from derive.coq.answer import Answer
    from derive.coq.coqc import Coqc
    from derive.limits import Limits

SUMMARY = "write what is proved as Coq files with complete proofs"

_EPILOG = """\
Without arguments all claims of the catalogue that hold are exported.  A FILE is a document; of it,
the steps that hold.  Every file needs DeriveLemmas.v, which is written beside them:

  coqc DeriveLemmas.v && coqc softmax_derivative.v

With --run, what Coq accepts is remembered in DIR/accepted.json: only what is new or has changed is
compiled the next time.

exit codes:
  0  everything was written (--run: and accepted by Coq, without axioms beyond those of its reals)
  1  Coq did not accept a file (that says the proof has a gap, not that its statement is false)
  2  usage, no Coq for --run, or a file that can't be read or written
  3  something that was asked for is not proved, or has no translation
"""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its arguments."""
    from derive.commands.limits import add_limits

    parser = subparsers.add_parser(
        "export",
        help=SUMMARY,
        description=f"{SUMMARY[0].upper()}{SUMMARY[1:]}.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("words", nargs="*", metavar="PART|NAME|FILE", help="default: all claims")
    parser.add_argument(
        "--coq", action="store_true", required=True, help="for the Coq proof assistant"
    )
    parser.add_argument(
        "-o", "--output", metavar="DIR", type=Path, default=Path("coq"), help="default: coq"
    )
    parser.add_argument(
        "--declare", metavar="FILE", help="declarations from a file of their own, as for check"
    )
    parser.add_argument(
        "--run", action="store_true", dest="run_coq", help="run coqc on every file, check axioms"
    )
    add_coq_limit(parser)
    add_limits(parser)
    parser.set_defaults(run=run)


def add_coq_limit(parser: argparse.ArgumentParser) -> None:
    """Add the option of the commands that run coqc."""
    parser.add_argument(
        "--coq-time-limit",
        metavar="SECONDS",
        type=_seconds,
        default=60.0,
        help="end coqc on a file after so long (default: 60)",
    )


def coq_limits(arguments: argparse.Namespace) -> "Limits":
    """What coqc may take on one file."""
    from derive.coq.coqc import DEFAULT_LIMITS

    return replace(DEFAULT_LIMITS, seconds=arguments.coq_time_limit)


def run(arguments: argparse.Namespace) -> int:
    """Judge, write, perhaps run Coq; say so for each claim; return the exit code."""
    from derive.commands.garbage import seldom_collected
    from derive.commands.selection import SelectionError, refuse
    from derive.coq.coqc import CoqError, find_coqc
    from derive.document import DocumentError

    try:
        coqc = find_coqc() if arguments.run_coq else None
        with seldom_collected():
            items, missing = _items(arguments)
            return _export(arguments, items, missing, coqc)
    except (SelectionError, DocumentError, CoqError) as error:
        return refuse("export", error)
    except OSError as error:
        where = error.filename or arguments.output
        return refuse("export", f"{where} can't be written: {error.strerror}")


def _export(
    arguments: argparse.Namespace,
    items: "tuple[Exportable, ...]",
    missing: list[str],
    coqc: "Coqc | None",
) -> int:
    from derive.commands.limits import limits_of
    from derive.commands.progress import CountLine
    from derive.coq.acceptance import accepted_files, exported, write_files
    from derive.coq.answer import Accepted, NotExported
    from derive.coq.theorem import CoqFile

    made = exported(items, limits_of(arguments))
    write_files(made, arguments.output)
    answers: dict[str, Answer] = {}
    if coqc is not None:
        counted = CountLine(sys.stderr, "coqc")
        try:
            answers = accepted_files(
                made,
                coqc,
                limits=coq_limits(arguments),
                progress=counted,
                folder=arguments.output,
            )
        finally:
            counted.close()
    for name, file in made.items():
        print(f"{name}: {_told(file, answers.get(name))}")
    for line in missing:
        print(line)
    written = sum(isinstance(file, CoqFile) for file in made.values())
    print(f"{written} of {len(made) + len(missing)} exported to {arguments.output}", end="")
    if coqc is not None:
        accepted = sum(isinstance(answer, Accepted) for answer in answers.values())
        print(f", {accepted} accepted by coqc {coqc.version}", end="")
        print("\n" if accepted == written else f", {written - accepted} not\n", end="")
        if accepted < written:
            return 1
    else:
        print()
    unwritten = any(isinstance(file, NotExported) for file in made.values())
    return 3 if missing or unwritten else 0


def _told(file: object, answer: "Answer | None") -> str:
    from derive.coq.answer import Accepted, NotExported, Rejected

    match file, answer:
        case NotExported(reason), _:
            return f"not exportable: {reason}"
        case _, Accepted(seconds=seconds):
            return f"exported, accepted by Coq ({seconds:.1f} s)"
        case _, Rejected(reason):
            return f"exported, not accepted by Coq: {reason}"
    return "exported"


def _items(arguments: argparse.Namespace) -> "tuple[tuple[Exportable, ...], list[str]]":
    """What is exported of the words, and a line for each claim asked for that does not hold."""
    from derive.commands.limits import limits_of
    from derive.commands.selection import SelectionError

    documents = [word for word in arguments.words if _is_document(word)]
    names = [word for word in arguments.words if not _is_document(word)]
    if arguments.declare and not documents:
        raise SelectionError("--declare goes with a document")
    limits = limits_of(arguments)
    items: list[Exportable] = []
    missing: list[str] = []
    if names or not documents:
        found, unproved = _claims(names, limits)
        items += found
        missing += unproved if names else []
    stems: set[str] = set()
    for document in documents:
        stem = _stem(document, stems)
        stems.add(stem)
        items += _steps(document, stem, arguments.declare, limits)
    return tuple(items), missing


def _stem(path: str, taken: set[str]) -> str:
    """The beginning of a document's names; of ``a/sheet.md`` and ``b/sheet.md`` each its own."""
    from derive.coq_claims import stem_of

    stem, number = stem_of(path), 2
    while stem in taken:
        stem = f"{stem_of(path)}_{number}"
        number += 1
    return stem


def _is_document(word: str) -> bool:
    from derive.document.load import SUFFIXES

    return Path(word).suffix.lower() in SUFFIXES


def _claims(names: list[str], limits: "Limits") -> "tuple[tuple[Exportable, ...], list[str]]":
    from derive.commands.selection import selected
    from derive.coq_claims import exportable_claims
    from derive.judge import SEED
    from derive.verify import verdicts_on

    claims = selected(names)
    verdicts = verdicts_on(claims, seed=SEED, limits=limits)
    unproved = [
        f"{claim.name}: not exportable: it is {verdicts[claim.name].kind}"
        for claim in claims
        if not verdicts[claim.name].holds
    ]
    return exportable_claims((claim, verdicts[claim.name]) for claim in claims), unproved


def _steps(path: str, stem: str, declare: str | None, limits: "Limits") -> "tuple[Exportable, ...]":
    from derive.check import check_document
    from derive.commands.declarations import read_declarations, with_declarations
    from derive.coq_claims import exportable_steps
    from derive.document import load

    document = with_declarations(load(path), read_declarations(declare))
    return exportable_steps(check_document(document, limits=limits), stem)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is no time limit; write seconds, at most 3600")
    return seconds
