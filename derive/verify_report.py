"""From the outcomes of ``verify`` to the report that all formats are made of."""

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from itertools import groupby

import sympy

from derive import __version__
from derive.claim import Claim
from derive.limits import Limits
from derive.numeric.crosscheck import TOLERANCE
from derive.report.latex_terms import latex_proposition
from derive.report.model import (
    AuditFigures,
    ClaimEntry,
    Corrected,
    CrossCheckFigures,
    PartSection,
    Report,
    WrittenStep,
    WrongInSource,
)
from derive.sympy_instances import variables
from derive.sympy_terms import UnsupportedError, proposition_from_sympy
from derive.verdict import Verdict
from derive.verify import DEFAULT_LIMITS, Outcome, verdicts_on
from derive.verify_figures import FIGURES

TITLE = "Homework 3: every claim, judged"
SOURCE = "homework3.md"

#: What computes the report: the name to print, and the distribution that it comes from.
_ENGINES = (("SymPy", "sympy"), ("NumPy", "numpy"), ("python-flint", "python-flint"))

#: A letter, perhaps with a digit, and its indices and exponents, in running text.
_FORMULA = re.compile(r"(?<![\w\\])([A-Za-z]\d?)((?:[_^][A-Za-z0-9]+)*)(?![\w{(^])")
_TRANSPOSE = r"\top"
_SCRIPT = re.compile(r"([_^])([A-Za-z0-9]+)")

#: Words of conditions that need more than "is" in front.
_CONDITION_VERBS = {"sums to 1": "sums to 1"}


def report_of(
    outcomes: Sequence[Outcome],
    *,
    seed: int,
    date: datetime.date,
    titles: Mapping[str, str],
    notation: Mapping[str, str],
    catalogue: Mapping[str, Claim],
    limits: Limits = DEFAULT_LIMITS,
) -> Report:
    """The report on these outcomes, in their order.

    ``titles`` gives the titles of the parts, ``notation`` the LaTeX of names, ``catalogue`` all
    claims by name: one that corrects another is judged here if it is not among the outcomes.
    """
    verdicts = {outcome.claim.name: outcome.verdict for outcome in outcomes}
    right = dict.fromkeys(outcome.claim.corrected_by for outcome in outcomes)
    missing = [catalogue[name] for name in right if name and name not in verdicts]
    verdicts |= verdicts_on(missing, seed=seed, limits=limits)
    first = {outcome.claim.part: outcome.claim.name for outcome in reversed(outcomes)}
    entries = [
        replace(entry, derivation=_derivation(outcome) if first[entry.part] == entry.name else ())
        for outcome in outcomes
        for entry in (_entry(outcome, catalogue, verdicts, notation),)
    ]
    parts = tuple(
        PartSection(part, titles.get(part, ""), tuple(group))
        for part, group in groupby(entries, key=lambda entry: entry.part)
    )
    return Report(
        TITLE,
        SOURCE,
        seed,
        (("derive", __version__), *((name, _version(package)) for name, package in _ENGINES)),
        date,
        parts,
        tuple(_wrong(entry) for entry in entries if entry.corrected),
        tuple(notation.items()),
        _audit_figures(outcomes),
    )


def _entry(
    outcome: Outcome,
    catalogue: Mapping[str, Claim],
    verdicts: Mapping[str, Verdict],
    notation: Mapping[str, str],
) -> ClaimEntry:
    claim = outcome.claim
    right = catalogue.get(claim.corrected_by)
    figure = FIGURES.get(claim.name)
    return ClaimEntry(
        name=claim.name,
        title=_typeset(claim.title.rstrip("."), notation),
        part=claim.part,
        claim_latex=claim.latex,
        verdict=outcome.verdict,
        expected=claim.expected,
        as_expected=outcome.as_expected,
        problems=outcome.problems,
        milliseconds=outcome.milliseconds,
        definitions_latex=claim.definitions_latex,
        assumptions=_assumptions(claim, notation),
        note=_typeset(_sentence(claim.note), notation),
        corrected=Corrected(right.name, right.latex, verdicts[right.name]) if right else None,
        cross_check=_figures(outcome, notation),
        second_opinion=_second_opinion(outcome),
        rechecked=_rechecked(outcome),
        coq=outcome.coq,
        source="" if claim.source == "elementary" else claim.source,
        plots=() if figure is None else (figure(),),
    )


def text_words(outcomes: Sequence[Outcome]) -> str:
    """How the text compares with the encodings, in one line; empty if it states no claim."""
    stated = [outcome for outcome in outcomes if outcome.claim.written]
    if not stated:
        return ""
    found = [outcome.text.agreements.get(outcome.claim.name) for outcome in stated]
    kinds: list[str] = [agreement.outcome for agreement in found if agreement is not None]
    counted = (
        ("agrees", "claim agrees with its encoding", "claims agree with their encoding"),
        ("differs", "differs", "differ"),
        ("not comparable", "has no typed meaning as written", "have no typed meaning as written"),
        ("missing", "was not found", "were not found"),
    )
    kinds += ["missing"] * (len(found) - len(kinds))
    words = [
        f"{kinds.count(kind)} {one if kinds.count(kind) == 1 else several}"
        for kind, one, several in counted
        if kind == "agrees" or kind in kinds
    ]
    return f"read from the text: {', '.join(words)}"


def _audit_figures(outcomes: Sequence[Outcome]) -> AuditFigures | None:
    audits = [outcome.audit for outcome in outcomes if outcome.audit is not None]
    if not audits:
        return None
    followed = [audit for audit in audits if audit.accepted]
    return AuditFigures(len(audits), len(followed), sum(audit.checked for audit in followed))


def _rechecked(outcome: Outcome) -> tuple[str, ...]:
    found = []
    if outcome.audit is not None:
        followed, doubt = outcome.audit.accepted, outcome.audit.doubt
        found.append(
            "The kernel followed the whole proof."
            if followed
            else f"The kernel did not follow the proof: {doubt}."
        )
    if outcome.coq is not None:
        found.append(outcome.coq.words)
    return tuple(found)


def _second_opinion(outcome: Outcome) -> str:
    sympy_words = f"{outcome.opinion.words}." if outcome.opinion else ""
    return " ".join(filter(None, (sympy_words, outcome.text.words(outcome.claim))))


def _derivation(outcome: Outcome) -> tuple[WrittenStep, ...]:
    """The judged steps of the claim's whole part, as the text has them."""
    steps = outcome.text.steps.get(outcome.claim.part, ())
    return tuple(
        WrittenStep(s.place, s.left_latex, s.relation, s.right_latex, s.verdict) for s in steps
    )


def _figures(outcome: Outcome, notation: Mapping[str, str]) -> CrossCheckFigures | None:
    found = outcome.cross_check
    if found is None:
        return None
    return CrossCheckFigures(
        _typeset(outcome.claim.quantity_name, notation),
        found.points,
        found.seeds,
        found.dimensions,
        found.largest_error,
        TOLERANCE,
        outcome.cross_check_passed,
        found.hostile,
    )


def _wrong(entry: ClaimEntry) -> WrongInSource:
    assert entry.corrected is not None
    return WrongInSource(
        entry.part,
        entry.verdict.kind,
        entry.claim_latex,
        entry.corrected.latex,
        entry.note.rstrip("."),
        entry.name,
    )


def _assumptions(claim: Claim, notation: Mapping[str, str]) -> tuple[str, ...]:
    """Where the variables lie, their condition words, and the hypotheses, as rich text.

    What the claim's own definitions say already is left out.
    """
    said = "; ".join(map(_bare, _single_declarations(claim.definitions_latex)))
    shapes, scalars = variables(claim.identity, *claim.hypotheses)
    found = [f"{notation.get(n, n)} \\in {_space(shape)}" for n, shape in shapes.items() if shape]
    found += [f"{_letter(name, notation)} {_range(symbol)}" for name, symbol in scalars.items()]
    for hypothesis in claim.hypotheses:
        try:
            proposition = proposition_from_sympy(hypothesis)
        except UnsupportedError:
            continue
        found.append(latex_proposition(proposition, notation))
    words = [
        f"${_letter(name, notation)}$ {_CONDITION_VERBS.get(word, f'is {word}')}"
        for name, given in claim.conditions.items()
        for word in given
        if _bare(word) not in said
    ]
    return (*(f"${latex}$" for latex in found if _bare(latex) not in said), *words)


def _single_declarations(definitions: tuple[str, ...]) -> Iterator[str]:
    r"""The definitions, with ``a, b \in S`` as ``a \in S`` and ``b \in S``."""
    for definition in definitions:
        names, declares, space = definition.partition(r" \in ")
        if declares and "," in names:
            yield from (rf"{name} \in {space}" for name in names.split(","))
        yield definition


def _bare(latex: str) -> str:
    """LaTeX without what does not change its meaning, for comparison."""
    for dropped in (r"\mathbf", r"\,", r"\;", "{", "}", " "):
        latex = latex.replace(dropped, "")
    return latex.replace(r"\neq", r"\ne")


def _letter(name: str, notation: Mapping[str, str]) -> str:
    return notation.get(name, rf"\{name}" if name in ("eta", "lambda") else name)


def _space(shape: tuple[sympy.Basic, ...]) -> str:
    return r"\mathbb{R}^{" + r" \times ".join(map(str, shape)) + "}"


def _range(symbol: sympy.Symbol) -> str:
    if symbol.is_integer:
        return r"\in \{1, 2, 3, \dots\}" if symbol.is_positive else r"\in \mathbb{Z}"
    if symbol.is_positive:
        return "> 0"
    return r"\geq 0" if symbol.is_nonnegative else r"\in \mathbb{R}"


def _typeset(words: str, notation: Mapping[str, str]) -> str:
    """Plain text with what is evidently a formula between dollars: ``S_ij``, ``e^x``, ``o_a``."""

    def formula(match: re.Match[str]) -> str:
        found, base, scripts = match.group(0, 1, 2)
        if found in notation:
            return f"${notation[found]}$"
        if not scripts:
            return found
        letters = _SCRIPT.findall(scripts)
        if base == "e" and [mark for mark, _ in letters] == ["^", "_"]:  # e^x_i has x_i upstairs
            return f"$e^{{{letters[0][1]}_{{{letters[1][1]}}}}}$"
        base = f"{{{notation[base]}}}" if base in notation else base
        marks = (f"{mark}{{{_TRANSPOSE if text == 'T' else text}}}" for mark, text in letters)
        return f"${base}{''.join(marks)}$"

    return "".join(
        part if place % 2 else _FORMULA.sub(formula, part)
        for place, part in enumerate(re.split(r"(\$[^$]*\$)", words))
    )


def _sentence(words: str) -> str:
    """A note as a sentence: it starts with a capital, unless with a formula, and ends."""
    first = words.split(" ", 1)[0]
    if first == "a" or (first.isalpha() and len(first) > 1):
        words = words[0].upper() + words[1:]
    return f"{words}." if words and words[-1] not in ".!?" else words


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "of unknown version"
