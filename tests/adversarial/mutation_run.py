"""Mutants of everything that is proved, each judged by the engine and checked independently."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random

import sympy
from independent_check import Seen, recheck, survey
from integer_check import integers_against, recheck_integers
from mutants import INTEGER, KINDS, fits, integer_mutants, mutants
from true_identities import true_identities

from derive.check import check_document
from derive.document import load, outside_blocks
from derive.judge import judge
from derive.judge_sympy import judge_sympy
from derive.sympy_export import NoSympyFormError, obligation_to_sympy
from derive.sympy_terms import ShapeError, UnsupportedError, obligation_from_sympy
from derive.terms.obligation import Obligation, Statement
from derive.terms.plain import proposition_text, term_text
from derive.terms.structure import loose_binders, parts
from derive.terms.term import Term
from derive.verdict import Kind, Verdict
from identities import ALL

ROOT = Path(__file__).parents[2]

#: Generated identities that mutants are made of.
GENERATED = 240


@dataclass(frozen=True)
class Base:
    """A true statement, and where it comes from."""

    name: str
    statement: Obligation | Statement


@dataclass(frozen=True)
class Mutant:
    """A statement that differs from a true one in one place."""

    base: str
    kind: str
    statement: Obligation | Statement

    def __str__(self) -> str:
        return f"{self.base} [{self.kind}]: {statement_text(self.statement)}"


@dataclass(frozen=True)
class Outcome:
    """What the engine says of a mutant, and what is wrong with that (nothing, if empty)."""

    mutant: Mutant
    answer: str
    problem: str = ""


def statement_text(statement: Obligation | Statement) -> str:
    """The statement on one line, with what it rests on."""
    declared = statement.declarations
    if isinstance(statement, Statement):
        said = proposition_text(statement.proposition)
    else:
        said = f"{term_text(statement.left)} {statement.operator} {term_text(statement.right)}"
    given = [proposition_text(h) for h in declared.hypotheses]
    given += [
        f"{v.name} {', '.join(sorted(v.conditions))}"
        for v in declared.variables.values()
        if v.conditions
    ]
    return said + (f"   given {'; '.join(given)}" if given else "")


# ---- true statements ----------------------------------------------------------------------------


def catalogue() -> Iterator[Base]:
    """The claims that a person expects to hold, and the readings under which others do."""
    for claim in ALL:
        if claim.expected not in (Kind.PROVED, Kind.CONDITIONAL):
            continue
        for identity in (claim.identity, *(reading.identity for reading in claim.readings)):
            try:
                statement = obligation_from_sympy(
                    identity, conditions=claim.conditions, hypotheses=claim.hypotheses
                )
            except (ShapeError, UnsupportedError):
                continue  # only a reading of it has a meaning
            yield Base(claim.name, statement)


def derivation_steps() -> Iterator[Base]:
    """The steps of the homework's text that are proved from their normal forms."""
    document = load(str(ROOT / "identities" / "homework3.md"))
    told = (ROOT / "identities" / "homework3.declarations").read_text(encoding="utf-8")
    blocks, _ = outside_blocks(told, "homework3.declarations", document)
    checked = check_document(replace(document, blocks=(*document.blocks, *blocks)))
    for step in checked.steps:
        verdict = step.verdict
        if step.statement is not None and verdict.holds and verdict.method == "normal form":
            yield Base(
                f"homework3.md:{step.place.line} step {step.chain}.{step.index}", step.statement
            )


def generated(seed: int, count: int = GENERATED) -> Iterator[Base]:
    """Identities that are true by the way they are made."""
    made = true_identities(seed)
    for number in range(count):
        yield Base(f"generated {seed}.{number}", next(made))


@cache
def bases(seed: int, count: int = GENERATED) -> tuple[Base, ...]:
    """All true statements, each once."""
    found: dict[object, Base] = {}
    for base in (*catalogue(), *derivation_steps(), *generated(seed, count)):
        statement = base.statement
        key: object = (
            (statement.left, statement.right, statement.operator, statement.declarations.hypotheses)
            if isinstance(statement, Obligation)
            else statement.proposition
        )
        found.setdefault(key, base)
    return tuple(found.values())


# ---- mutants ------------------------------------------------------------------------------------


def sample(statements: Sequence[Base], count: int, seed: int) -> list[Mutant]:
    """``count`` different mutants: the kinds take turns, and so do the statements in each.

    All kinds of change to statements about integers together count as one.
    """
    rng = Random(seed)

    def queue(kind: str) -> Iterator[Mutant]:
        order = list(statements)
        rng.shuffle(order)
        return _in_turn([_of_kind(base, kind, rng.random()) for base in order])

    about_integers = _in_turn([queue(f"integers: {kind}") for kind in INTEGER])
    return list(islice(_in_turn([*map(queue, KINDS), about_integers]), count))


def _of_kind(base: Base, kind: str, seed: float) -> Iterator[Mutant]:
    """The mutants of one statement by one kind of change, in random order."""
    statement = base.statement
    if isinstance(statement, Statement):
        local = kind.removeprefix("integers: ")
        made = list(integer_mutants(statement, local)) if local != kind else []
    else:
        made = list(mutants(statement, kind)) if kind in KINDS else []
    Random(seed).shuffle(made)
    for changed in made:
        yield Mutant(base.name, kind, changed)


def _in_turn(groups: Iterable[Iterator[Mutant]]) -> Iterator[Mutant]:
    waiting = list(groups)
    while waiting:
        left = []
        for group in waiting:
            found = next(group, None)
            if found is not None:
                yield found
                left.append(group)
        waiting = left


# ---- judging ------------------------------------------------------------------------------------


def outcome(mutant: Mutant, seed: int, places: int = 6) -> Outcome:
    """The verdict on the mutant, and what an independent look says against it."""
    statement = mutant.statement
    rng = Random(f"{seed} {mutant.kind} {mutant.base}")
    if isinstance(statement, Statement):
        verdict = judge(statement)
        return Outcome(mutant, str(verdict.kind), _integers_problem(statement, verdict))
    if not fits(statement):
        return _outcome_by_shapes(mutant)
    verdict = judge(statement)
    if verdict.withdrawn:
        return Outcome(mutant, "withdrawn", verdict.reason)
    if verdict.kind is Kind.REFUTED:
        assert verdict.counterexample is not None
        return Outcome(mutant, "refuted", recheck(statement, verdict.counterexample))
    conditions = tuple(c.proposition for c in verdict.conditions if c.proposition is not None)
    seen, against, place = survey(statement, rng, conditions=conditions, places=places)
    if verdict.holds:
        for sizes in ((1, 2, 3), (2, 3, 4), (4, 5, 6)):  # perhaps it speaks of few ranges only
            if not seen[Seen.AGREES] and against is None:
                seen, against, place = survey(
                    statement, rng, conditions=conditions, places=5 * places, sizes=sizes
                )
        return Outcome(mutant, str(verdict.kind), _problem(verdict, seen, against, place))
    return Outcome(mutant, f"{verdict.kind}, {_tendency(seen)}")


def _problem(verdict: Verdict, seen: Counter[Seen], against: object, place: object) -> str:
    if against is not None:
        return f"{verdict.kind}, but {against} at {place}"
    if not seen[Seen.AGREES]:
        return f"{verdict.kind}, but no place was found where it says something: {dict(seen)}"
    return ""


def _tendency(seen: Counter[Seen]) -> str:
    """What an independent look makes of a statement on which the engine has no verdict."""
    if seen[Seen.DIFFERS]:
        return "is false"
    if seen[Seen.ONE_SIDE_UNDEFINED] or (seen[Seen.UNDEFINED] and not seen[Seen.AGREES]):
        return "has no value somewhere"
    return "seems true" if seen[Seen.AGREES] else "not seen through"


def _outcome_by_shapes(mutant: Mutant) -> Outcome:
    """What does not fit is read from SymPy, where shapes are checked."""
    statement = mutant.statement
    assert isinstance(statement, Obligation)
    part = _misfit(statement)
    try:
        with sympy.evaluate(False):
            identity = obligation_to_sympy(replace(statement, left=part, right=part))
    except NoSympyFormError:
        return Outcome(mutant, "ill-typed, not expressible")
    words = {n: tuple(v.conditions) for n, v in statement.declarations.variables.items()}
    verdict = judge_sympy(identity, conditions={n: w for n, w in words.items() if w})
    wrong = verdict.kind not in (Kind.ILL_TYPED, Kind.MALFORMED)
    return Outcome(
        mutant, str(verdict.kind), "indices of other ranges are accepted" if wrong else ""
    )


def _misfit(statement: Obligation) -> Term:
    """A smallest closed part of a side that does not fit."""

    def wrong(term: Term) -> bool:
        return not fits(replace(statement, left=term, right=term))

    part = statement.left if wrong(statement.left) else statement.right
    while True:
        inner = [
            node
            for node in parts(part)
            if isinstance(node, Term) and not loose_binders(node) and wrong(node)
        ]
        if not inner:
            return part
        part = inner[0]


def _integers_problem(statement: Statement, verdict: Verdict) -> str:
    if verdict.kind is Kind.REFUTED:
        assert verdict.counterexample is not None
        return recheck_integers(statement, verdict.counterexample)
    if verdict.holds:
        conditions = tuple(c.proposition for c in verdict.conditions if c.proposition is not None)
        return integers_against(statement, conditions)
    return ""


# ---- the table ----------------------------------------------------------------------------------

COLUMNS = (
    "refuted",
    "proved",
    "conditional",
    "ill-typed",
    "malformed",
    "unknown, is false",
    "unknown, seems true",
    "unknown, other",
    "wrong",
)


def column(found: Outcome) -> str:
    """The column of the table that an outcome counts in."""
    if found.problem:
        return "wrong"
    if found.answer in COLUMNS:
        return found.answer
    return "ill-typed" if found.answer.startswith("ill-typed") else "unknown, other"


def table(counts: Mapping[str, Counter[str]]) -> str:
    """Kinds of mutation by what was said of them."""
    rows = [["kind", "mutants", *COLUMNS]]
    for kind in sorted(counts):
        row = counts[kind]
        rows.append([kind, str(row.total()), *(str(row[c] or ".") for c in COLUMNS)])
    total = sum(counts.values(), Counter())
    rows.append(["all", str(total.total()), *(str(total[c] or ".") for c in COLUMNS)])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(w) if i == 0 else cell.rjust(w)
            for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
