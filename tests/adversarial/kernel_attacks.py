"""Statements that are nearly true, handed to the kernel with the barest certificate that there is.

A term is grown that need not have a value everywhere, and one or two rules that people believe in
(``sqrt(x^2) = x``, ``x / x = 1``, ``sum_k f g = sum_k f sum_k g``) make another of it, under random
facts.  The certificate claims nothing but the sides themselves, in one case or in cases by a sign
or by two indices.  What the kernel accepts is then looked at, at fixed and at random places: zeros,
ties, ranges of length 1, negative bases.  A side without a value, or another value, is a hole.
"""

import argparse
import signal
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import combinations, islice
from pathlib import Path
from random import Random

if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from beliefs import believed
from generators import Choose, Scope, chooser, places
from independent_check import Seen, survey
from mutants import fits
from mutation_run import Mutant, bases, sample
from wild_terms import DECLARATIONS, OPERATORS, SCOPES, N, Wild, X, Y

from derive import kernel
from derive.certificate import Data, node_data, statement_data
from derive.terms.obligation import Obligation
from derive.terms.plain import proposition_text, term_text
from derive.terms.structure import free_indices, subterms, tree_size
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    ZERO,
    Apply,
    Call,
    Compare,
    Derivative,
    Element,
    Free,
    Indicator,
    Node,
    Not,
    Number,
    Operator,
    Pow,
    Proposition,
    SameIndex,
    Term,
    Where,
    add,
    mul,
    number,
    sub,
)

#: The nodes that both sides of a statement may have together.
LARGEST = 50
WHOLE = tuple(number(e) for e in range(-4, 5) if e)


# ---- attempts -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Attempt:
    """A statement, its conditions, the cases of the certificate, and what it was made by."""

    statement: Obligation
    conditions: tuple[Proposition, ...]
    cases: tuple[tuple[Proposition, ...], ...]
    kind: str

    def __str__(self) -> str:
        given = [*self.statement.declarations.hypotheses, *self.conditions]
        cases = [" and ".join(map(proposition_text, case)) for case in self.cases if case]
        left, right = term_text(self.statement.left), term_text(self.statement.right)
        return (
            f"{left} {self.statement.operator} {right}"
            + (f"   given {'; '.join(map(proposition_text, given))}" if given else "")
            + (f"   cases {' | '.join(cases)}" if cases else "")
        )


def _facts(grow: Wild, scope: Scope, terms: Sequence[Term]) -> Iterator[Proposition]:
    parts = [
        place.part
        for term in terms
        for place in places(term, scope)
        if set(free_indices(place.part)) <= set(scope) and not isinstance(place.part, Number)
    ]
    for _ in range(grow.choose((0, 0, 1, 1, 2, 3))):
        fitting = [index for index in scope if index.dim == N]
        kind = grow.choose(("part", "part", "name", "tie", "same", "wild"))
        if kind == "same" and len(fitting) > 1:
            same = SameIndex(fitting[0], fitting[1])
            yield grow.choose((same, Not(same)))
        elif kind == "wild":
            yield grow.proposition(2, scope)
        else:
            tied = grow.choose((sub(X, Y), mul(X, Y), sub(X, ONE), add(X, Y, MINUS_ONE)))
            names = (X, Y, Element("u", (scope[0],)) if scope and scope[0].dim == N else X)
            what = {"part": grow.choose(parts or [X]), "tie": tied}.get(kind, grow.choose(names))
            yield Compare(grow.choose(OPERATORS), what, ZERO)


def _by_sign(term: Term) -> tuple[tuple[Proposition, ...], ...]:
    operators: tuple[Operator, ...] = (">", "<", "=")
    return tuple((Compare(operator, term, ZERO),) for operator in operators)


def _cases(grow: Wild, scope: Scope, terms: Sequence[Term]) -> tuple[tuple[Proposition, ...], ...]:
    fitting = [index for index in scope if index.dim == N]
    kind = grow.choose(("none",) * 4 + ("sign", "sign", "indices", "indices", "two signs", "gap"))
    if kind == "none":
        return ((),)
    if kind == "indices" and len(fitting) > 1:
        same = SameIndex(fitting[0], fitting[1])
        return ((same,), (Not(same),))
    parts = [
        place.part
        for term in terms
        for place in places(term, scope)
        if set(free_indices(place.part)) <= set(scope) and not isinstance(place.part, Number)
    ]
    what = grow.choose((X, grow.choose(parts or [X]), grow.choose(parts or [X])))
    signs = _by_sign(what)
    if kind == "gap":
        return grow.choose((signs[:2], signs[::2], signs[:1]))
    if kind == "two signs":
        other = grow.choose((Y, grow.choose(parts or [Y])))
        return tuple((*one, *two) for one in signs for two in _by_sign(other))
    return signs


def attempts(seed: int) -> Iterator[Attempt]:
    """Without end: statements that are nearly true, with certificates."""
    rng = Random(seed)
    choose: Choose = chooser(rng)
    grow = Wild(choose)
    while True:
        scope = choose(SCOPES)
        start = choose(("term",) * 5 + ("kink", "selection"))
        if start == "term":
            left = grow.term(choose((1, 1, 1, 2, 2)), scope)
        else:
            left = grow.kink(scope) if start == "kink" else grow.selection(scope)
        right, kinds = left, list[str]()
        for _ in range(choose((0, 1, 1, 1, 2, 2))):
            changed = believed(right, scope, grow)
            if changed is not None:
                kinds.append(changed[0])
                right = changed[1]
        if rng.random() < 0.05:
            right = grow.term(2, scope)
            kinds = ["unrelated"]
        if tree_size(left) + tree_size(right) > LARGEST:
            continue
        operator: Operator = choose(("=",) * 8 + ("<=", ">", "!="))
        facts = tuple(_facts(grow, scope, (left, right)))
        hypotheses = facts if rng.random() < 0.5 else ()
        declared = replace(DECLARATIONS, hypotheses=hypotheses)
        yield Attempt(
            Obligation(operator, left, right, declared),
            () if hypotheses else facts,
            _cases(grow, scope, (left, right)),
            " ".join(kinds) or "itself",
        )


def bare_certificate(attempt: Attempt) -> tuple[Data, Data]:
    """The statement as data, and a certificate that claims nothing but its sides."""
    statement = statement_data(attempt.statement, attempt.conditions)
    cases = [
        {
            "assumptions": [node_data(assumed) for assumed in case],
            "steps": [],
            "left": statement["left"],
            "right": statement["right"],
        }
        for case in attempt.cases
    ]
    seal = kernel.seal(statement, cases)
    return statement, {"version": kernel.VERSION, "cases": cases, "seal": seal}


def accepted(attempt: Attempt) -> bool:
    """Whether the kernel accepts the statement with the bare certificate."""
    try:
        kernel.check(*bare_certificate(attempt))
    except kernel.Doubt:
        return False
    return True


@dataclass(frozen=True)
class Against:
    """What an independent look says against a statement that was accepted."""

    seen: Seen
    text: str


def spoken_against(attempt: Attempt, rng: Random, places: int = 14) -> Against | None:
    """The first look that speaks against the statement under its conditions, if there is one.

    Two readings of the evaluator are narrower than the kernel's, and a side that has no value by
    them alone is passed over: a derivative where branches, roots or roundings come to one value
    all around, and a power with an exponent that a fact makes an integer.
    """
    statement = attempt.statement
    _, against, place = survey(statement, rng, conditions=attempt.conditions, places=places)
    if against is None or place is None:
        return None
    if against.seen is not Seen.DIFFERS and _is_read_narrowly(statement):
        return None
    components = {f"{n}{list(k) if k else ''}": str(v) for (n, k), v in place.components.items()}
    indices = {index.name: value for index, value in against.indices.items()}
    text = f"{against.seen.value}: {against.left} and {against.right} at {components}, {indices}"
    return Against(against.seen, text)


def _is_read_narrowly(statement: Obligation) -> bool:
    nodes = [node for side in (statement.left, statement.right) for node in subterms(side)]
    bodies = [part for n in nodes if isinstance(n, Derivative) for part in subterms(n.body)]
    return any(_varies(n) for n in nodes) or any(
        isinstance(part, Where | Indicator | Call)
        or (isinstance(part, Apply) and part.function in ("sqrt", "floor", "ceiling"))
        or (isinstance(part, Pow) and part.exponent not in WHOLE)
        for part in bodies
    )


def _varies(node: Node) -> bool:
    return isinstance(node, Pow) and any(isinstance(e, Element) for e in subterms(node.exponent))


# ---- mutants of what is true --------------------------------------------------------------------


def mutant_attempts(mutants: Sequence[Mutant], seed: int) -> Iterator[Attempt]:
    """The statements about numbers, each in one case, in cases by a sign, and by two indices."""
    rng = Random(seed)
    for mutant in mutants:
        statement = mutant.statement
        if not isinstance(statement, Obligation) or not fits(statement):
            continue
        nodes = [n for side in (statement.left, statement.right) for n in subterms(side)]
        free = dict.fromkeys((*free_indices(statement.left), *free_indices(statement.right)))
        components = dict.fromkeys(
            n for n in nodes
            if isinstance(n, Element) and all(isinstance(i, Free) for i in n.indices)
        )  # fmt: skip
        cases: list[tuple[tuple[Proposition, ...], ...]] = [((),)]
        if components:
            cases.append(_by_sign(rng.choice(list(components))))
        for first, second in combinations(free, 2):
            if first.dim == second.dim:
                same = SameIndex(first, second)
                cases.append(((same,), (Not(same),)))
        for each in cases:
            yield Attempt(statement, (), each, f"{mutant.base} [{mutant.kind}]")


# ---- the long run -------------------------------------------------------------------------------


class _OutOfTimeError(Exception):
    pass


@contextmanager
def _seconds(limit: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise _OutOfTimeError

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def run(tried: Iterator[Attempt], seed: int, places: int = 14, limit: float = 10) -> Counter[str]:
    """Hands every attempt to the kernel, prints each hole, and counts."""
    counts: Counter[str] = Counter()
    rng = Random(seed)
    for attempt in tried:
        counts["statements"] += 1
        try:
            with _seconds(limit):
                if not accepted(attempt):
                    continue
            counts["accepted"] += 1
            counts["accepted, the sides differ in form"] += (
                attempt.statement.left != attempt.statement.right
            )
            with _seconds(2 * limit):
                against = spoken_against(attempt, rng, places)
        except _OutOfTimeError:
            counts["out of time"] += 1
            continue
        if against is not None:
            counts[f"HOLES, {against.seen.value}"] += 1
            print(f"HOLE {attempt}\n    {against.text}", flush=True)
    return counts


def main() -> int:
    """``--count 20000 --seed 1`` for nearly true statements, ``--mutants 5000`` for mutants."""
    arguments = argparse.ArgumentParser(description=main.__doc__)
    arguments.add_argument("--count", type=int, default=20_000)
    arguments.add_argument("--mutants", type=int, default=0)
    arguments.add_argument("--seed", type=int, default=1)
    asked = arguments.parse_args()
    counts = run(islice(attempts(asked.seed), asked.count), asked.seed)
    print(f"nearly true, seed {asked.seed}: {dict(counts)}")
    holes = sum(n for name, n in counts.items() if name.startswith("HOLES"))
    if asked.mutants:
        changed = sample(bases(asked.seed), asked.mutants, asked.seed)
        counts = run(mutant_attempts(changed, asked.seed), asked.seed)
        print(f"mutants, seed {asked.seed}: {dict(counts)}")
        holes += sum(n for name, n in counts.items() if name.startswith("HOLES"))
    return int(holes > 0)


if __name__ == "__main__":
    sys.exit(main())
