"""``derive verify``: judge the claims of the catalogue, write the report."""

import argparse
import datetime
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derive.claim import Claim
    from derive.coq.coqc import Coqc
    from derive.report.model import Report
    from derive.verify import Outcome

SUMMARY = "judge every claim of the catalogue and write the report"

#: The name of the report's files; a selection of claims does not overwrite the whole.
STEM, SELECTION_STEM = "homework3", "homework3-selection"

_WIDTH = 120

_EPILOG = """\
A PART is a question (2) or a lettered part (1k); without any, all claims are judged.

written:
  DIR/homework3.tex   always
  DIR/coq/*.v         with --coq: a theorem with its proof for each claim that holds
  DIR/homework3.pdf   by pdflatex if it is installed, otherwise by typst; not with --no-pdf
  (homework3-selection instead of homework3 for a selection of claims)

exit codes:
  0  every verdict is the expected one, and nothing contradicts it
  1  a verdict differs from what is expected, or the refuter, SymPy, a network, the
     text of the homework or (--audit) the kernel contradicts one, or Coq (--coq) does
     not accept an exported proof
  2  usage, no Coq for --coq, or a report that can't be written
"""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its arguments."""
    from derive.commands.certificates import add_audit
    from derive.commands.export import add_coq_limit
    from derive.commands.limits import add_limits

    parser = subparsers.add_parser(
        "verify",
        help=SUMMARY,
        description=(
            "Prove or refute the claims of the catalogue, check them against NumPy networks and "
            "SymPy, compare with the verdicts that are expected, and write the report."
        ),
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "words", nargs="*", metavar="PART|NAME", help="a question, a part or a claim's name"
    )
    parser.add_argument(
        "--json", action="store_true", help="print JSON instead of the table (derive.verify/1)"
    )
    parser.add_argument("--no-pdf", action="store_true", help="write the LaTeX, but no PDF")
    parser.add_argument(
        "--output", metavar="DIR", type=Path, default=Path("reports"), help="default: reports"
    )
    parser.add_argument(
        "--seed", metavar="N", type=_seed, help="seed of all random points (a fixed one if absent)"
    )
    parser.add_argument(
        "--date",
        metavar="YYYY-MM-DD",
        type=_date,
        help="the date of the report; without it SOURCE_DATE_EPOCH, then today",
    )
    add_audit(parser)
    parser.add_argument(
        "--coq",
        action="store_true",
        help="export every proof to Coq, have coqc check it, and say how many it accepted",
    )
    add_coq_limit(parser)
    add_limits(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Verify, print, write; the exit code says whether all is as expected."""
    from derive.commands.garbage import seldom_collected
    from derive.commands.selection import SelectionError, refuse, selected
    from derive.coq.coqc import CoqError, find_coqc

    try:
        coqc = find_coqc() if arguments.coq else None
        claims = selected(arguments.words)
        date = arguments.date or _today()
        arguments.output.mkdir(parents=True, exist_ok=True)
    except (SelectionError, CoqError, argparse.ArgumentTypeError) as error:
        return refuse("verify", error)
    except OSError as error:
        return refuse("verify", f"{arguments.output} can't be written: {error.strerror}")
    with seldom_collected():
        try:
            return _verify(arguments, claims, date, coqc)
        except CoqError as error:
            return refuse("verify", error)


def _verify(
    arguments: argparse.Namespace,
    claims: tuple["Claim", ...],
    date: datetime.date,
    coqc: "Coqc | None",
) -> int:
    import identities
    from derive.commands.certificates import audit_asked, write_certificates
    from derive.commands.limits import limits_of
    from derive.commands.progress import ProgressLine
    from derive.judge import SEED
    from derive.report.terminal import details, summary, table
    from derive.verify import verify_claims
    from derive.verify_report import report_of, text_words
    from identities.notation import LATEX_NAMES

    seed = SEED if arguments.seed is None else arguments.seed
    limits = limits_of(arguments)
    line = ProgressLine(sys.stderr)
    try:
        outcomes = verify_claims(
            claims, seed=seed, progress=line, audited=audit_asked(arguments), limits=limits
        )
    finally:
        line.close()
    if coqc is not None:
        try:
            outcomes = _with_coq(arguments, outcomes, coqc)
        except OSError as error:
            where = error.filename or arguments.output
            print(f"derive verify: {where} can't be written: {error.strerror}", file=sys.stderr)
            return 2
    report = report_of(
        outcomes,
        seed=seed,
        date=date,
        titles=identities.PART_TITLES,
        notation=LATEX_NAMES,
        catalogue={claim.name: claim for claim in identities.ALL},
        limits=limits,
    )
    if arguments.json:
        import json

        from derive.report.json_report import report_to_json

        print(json.dumps(report_to_json(report), indent=2))
    else:
        width, colour = _style()
        for section in (table(report, width, colour), details(report, width, colour)):
            if section:
                print(section, end="\n\n")
        told = (summary(report), text_words(outcomes))
        print(*filter(None, told), sep="\n")
    stem = SELECTION_STEM if arguments.words else STEM
    if arguments.certificates is not None:
        found = {o.claim.name: o.certificate for o in outcomes if o.certificate is not None}
        try:
            write_certificates(arguments.certificates, found)
        except OSError as error:
            print(
                f"derive verify: {arguments.certificates} can't be written: {error.strerror}",
                file=sys.stderr,
            )
            return 2
    written, complete = _written(report, arguments.output, stem, pdf=not arguments.no_pdf)
    failed = [outcome for outcome in outcomes if outcome.problems]
    stream = sys.stderr if arguments.json else sys.stdout
    for words in written:
        print(words, file=stream)
    for outcome in failed:
        print(f"{outcome.claim.name}: {'; '.join(outcome.problems)}", file=sys.stderr)
    return 1 if failed else 0 if complete else 2


def _with_coq(
    arguments: argparse.Namespace, outcomes: list["Outcome"], coqc: "Coqc"
) -> list["Outcome"]:
    """The outcomes with what Coq says of each exported proof; the files stay beside the report."""
    from derive.commands.export import coq_limits
    from derive.commands.limits import limits_of
    from derive.commands.progress import CountLine
    from derive.coq_claims import claims_in_coq

    line = CountLine(sys.stderr, "coqc")
    try:
        answers = claims_in_coq(
            [(outcome.claim, outcome.verdict) for outcome in outcomes],
            coqc,
            arguments.output / "coq",
            limits=limits_of(arguments),
            coq_limits=coq_limits(arguments),
            progress=line,
        )
    finally:
        line.close()
    return [replace(outcome, coq=answers.get(outcome.claim.name)) for outcome in outcomes]


def _written(report: "Report", directory: Path, stem: str, *, pdf: bool) -> tuple[list[str], bool]:
    """Write the report; what was written and where, one line each, and whether that was all."""
    from derive.report.pdf import PdfError, write_latex, write_pdf

    lines = []
    try:
        lines.append(f"written: {write_latex(report, directory, stem)}")
        if pdf:
            made = write_pdf(report, directory, stem=stem)
            lines.append(f"written: {made.path} (by {made.engine}, {made.seconds:.1f} s)")
    except PdfError as error:
        return [*lines, f"no PDF: {error}"], False
    except OSError as error:
        return [*lines, f"{error.filename or directory} can't be written: {error.strerror}"], False
    return lines, True


def _style() -> tuple[int, bool]:
    """The width of the output, and whether it may have colours."""
    import shutil

    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else _WIDTH
    return width, terminal and "NO_COLOR" not in os.environ


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no seed; write a whole number from 0 on")
    return int(text)


def _date(text: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no date; write YYYY-MM-DD") from None


def _today() -> datetime.date:
    """The date of SOURCE_DATE_EPOCH if that is set, otherwise of today (UTC)."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch is None:
        return datetime.datetime.now(datetime.UTC).date()
    try:
        return datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date()
    except (ValueError, OverflowError, OSError):
        raise argparse.ArgumentTypeError(
            f"SOURCE_DATE_EPOCH is {epoch!r}; it has to be seconds since 1970"
        ) from None
