"""``derive show NAME``: one claim with everything that is found about it."""

import argparse
import shutil
import sys
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from derive.claim import Claim
    from derive.limits import Limits
    from derive.report.model import ClaimEntry, CrossCheckFigures
    from derive.verdict import Case, Verdict
    from derive.verify import Outcome

SUMMARY = "show one claim with its verdict and its proof"

_EPILOG = """\
exit codes:
  0  the verdict is the expected one, and nothing contradicts it
  1  it is not
  2  usage: no claim has that name
"""

#: Columns of the labels, and of the text where the output is no terminal.
_MARGIN, _WIDTH = 13, 100
#: Characters of one line of a proof, unless all are asked for.
_MOST_SHOWN = 400


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its arguments."""
    from derive.commands.limits import add_limits

    parser = subparsers.add_parser(
        "show",
        help=SUMMARY,
        description=(
            "Judge one claim of the catalogue and show it: what it says, its definitions, the "
            "verdict with what it carries, the proof step by step, the correction."
        ),
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", metavar="NAME", help='the name of a claim ("derive list" has them)')
    parser.add_argument(
        "--full", action="store_true", help="print long formulas of the proof to their end"
    )
    add_limits(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Judge the claim and print it."""
    from derive.commands.limits import limits_of
    from derive.commands.selection import SelectionError, one, refuse
    from derive.verify import verify_claims

    try:
        claim = one(arguments.name)
    except SelectionError as error:
        return refuse("show", error)
    limits = limits_of(arguments)
    (outcome,) = verify_claims([claim], read_text=False, limits=limits)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _WIDTH
    most = sys.maxsize if arguments.full else _MOST_SHOWN
    for label, text in _shown(claim, _entry(outcome, limits), most):
        print(_labelled(label, text, width))
    return 1 if outcome.problems else 0


def _entry(outcome: "Outcome", limits: "Limits") -> "ClaimEntry":
    import datetime

    import identities
    from derive.judge import SEED
    from derive.verify_report import report_of
    from identities.notation import LATEX_NAMES

    report = report_of(
        [outcome],
        seed=SEED,
        date=datetime.date.min,
        titles=identities.PART_TITLES,
        notation=LATEX_NAMES,
        catalogue={claim.name: claim for claim in identities.ALL},
        limits=limits,
    )
    (entry,) = report.entries
    return entry


def _shown(claim: "Claim", entry: "ClaimEntry", most: int) -> Iterator[tuple[str, str]]:
    """Labels and texts, from top to bottom; lines of the proof have at most so many characters."""
    from derive.report.fitting import without_dollars
    from derive.report.terminal import verdict_lines
    from derive.report.wording import surprise_words

    yield f"{claim.part}  {claim.name}", ""
    yield "", claim.title
    yield "claim", claim.latex
    yield "as read", _as_read(claim)
    for words in claim.definitions_latex:
        yield "where", words
    for words in entry.assumptions:
        yield "assumed", without_dollars(words)
    yield "verdict", f"{entry.verdict.kind}, by {entry.verdict.method or 'reading'}"
    for words in verdict_lines(entry.verdict):
        yield "", words
    if surprise_words(entry):
        yield "problem", surprise_words(entry)
    if entry.verdict.proof is not None:
        for label, text in _proof(entry.verdict):
            yield label, text if len(text) <= most else f"{text[:most]} ... (--full shows the rest)"
    if entry.cross_check is not None:
        yield "cross-check", _cross_check(entry.cross_check)
    if entry.second_opinion:
        yield "SymPy", entry.second_opinion.removeprefix("SymPy ")
    if entry.corrected is not None:
        yield "right is", f"{entry.corrected.name} ({entry.corrected.verdict.kind})"
        yield "", entry.corrected.latex
    if claim.note:
        yield "note", claim.note
    if claim.source:
        yield "source", claim.source


def _cross_check(figures: "CrossCheckFigures") -> str:
    from derive.report.wording import counted, plain_error

    compared = f"{counted(figures.points, 'point')}, {counted(figures.seeds, 'seed')}"
    sizes = "".join(f", {name} = {size}" for name, size in figures.dimensions)
    hostile = f", also at {', '.join(figures.hostile)}" if figures.hostile else ""
    outcome = "as the verdict says" if figures.passed else "against the verdict"
    return (
        f"{figures.quantity}: {compared}{sizes}{hostile}; largest relative error "
        f"{plain_error(figures)}, tolerance {figures.tolerance:.0e}: {outcome}"
    )


def _as_read(claim: "Claim") -> str:
    """The statement as the engine takes it; SymPy's own text where it can't be taken."""
    from derive.sympy_terms import ShapeError, UnsupportedError, obligation_from_sympy
    from derive.terms.obligation import Statement
    from derive.terms.plain import proposition_text
    from derive.terms.term import Compare

    try:
        statement = obligation_from_sympy(
            claim.identity, conditions=claim.conditions, hypotheses=claim.hypotheses
        )
    except (ShapeError, UnsupportedError):
        return str(claim.identity)
    if isinstance(statement, Statement):
        return proposition_text(statement.proposition)
    return proposition_text(Compare(statement.operator, statement.left, statement.right))


def _proof(verdict: "Verdict") -> Iterator[tuple[str, str]]:
    from derive.terms.plain import proposition_text

    assert verdict.proof is not None
    cases = verdict.proof.cases
    for number, case in enumerate(cases, 1):
        assumed = " and ".join(map(proposition_text, case.assumptions))
        if len(cases) > 1 or assumed:
            yield "proof" if number == 1 else "", f"case {number}: {assumed or 'otherwise'}"
        elif not case.steps:
            yield "proof", "both sides have the same normal form"
        yield from _case(case, "proof" if len(cases) == 1 and not assumed else "")


def _case(case: "Case", label: str) -> Iterator[tuple[str, str]]:
    from derive.terms.plain import step_text, term_text

    for number, step in enumerate(case.steps, 1):
        before, after, conditions = step_text(step.before, step.after, step.conditions)
        given = f", given {' and '.join(conditions)}" if conditions else ""
        yield label if number == 1 else "", f"{number}. {before} = {after}  [{step.rule}{given}]"
    left, right = term_text(case.left), term_text(case.right)
    come = f"both sides come to {left}" if left == right else f"left: {left}; right: {right}"
    yield "", come


def _labelled(label: str, text: str, width: int) -> str:
    from derive.report.terminal import printable

    if not text:
        return label
    lines = textwrap.wrap(printable(text), max(width - _MARGIN, 30), break_long_words=False)
    first = f"{label:{_MARGIN - 1}} " if label else " " * _MARGIN
    return "\n".join((first + lines[0], *(" " * _MARGIN + line for line in lines[1:])))
