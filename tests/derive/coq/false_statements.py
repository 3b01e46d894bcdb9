"""Exports false statements as if they were proved; Coq must accept none of them.

    python tests/derive/coq/false_statements.py [MOST]

The refuted claims of the catalogue, and of the first MOST (default: 40) proved equations a mutant
each: the right side plus 1, times 2, or negated (for 0: 1).  Needs coqc; two minutes on two cores.
Last run: 66 exported (one has no translation), none accepted.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

from derive.coq.acceptance import Exportable, accepted_files, exported
from derive.coq.answer import Accepted, NotExported
from derive.coq.coqc import find_coqc
from derive.sympy_terms import obligation_from_sympy
from derive.terms.obligation import Obligation
from derive.terms.term import ONE, TWO, ZERO, Term, add, mul, neg
from derive.verdict import Kind
from identities import ALL

MUTATIONS: tuple[Callable[[Term], Term], ...] = (
    lambda side: add(side, ONE),
    lambda side: mul(TWO, side),
    neg,
)


def false_statements(most: int) -> Iterator[Exportable]:
    """Refuted claims, then mutants of true ones."""
    mutants = 0
    for claim in ALL:
        refuted = claim.expected is Kind.REFUTED
        if not refuted and (claim.expected is not Kind.PROVED or claim.readings):
            continue
        statement = obligation_from_sympy(
            claim.identity, conditions=claim.conditions, hypotheses=claim.hypotheses
        )
        if refuted:
            yield Exportable(claim.name, statement)
        elif isinstance(statement, Obligation) and statement.operator == "=" and mutants < most:
            mutation = MUTATIONS[mutants % len(MUTATIONS)]
            right = ONE if statement.right == ZERO else mutation(statement.right)
            mutants += 1
            yield Exportable(f"mutant_{claim.name}", replace(statement, right=right))


def main(most: int) -> int:
    """Ask Coq; the number of false statements that it accepted."""
    answers = accepted_files(exported(list(false_statements(most))), find_coqc())
    for name, answer in answers.items():
        print(f"{name}: {answer.words}")
    accepted = sum(isinstance(answer, Accepted) for answer in answers.values())
    written = sum(not isinstance(answer, NotExported) for answer in answers.values())
    print(f"{accepted} of {written} false statements accepted")
    return accepted


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 40) > 0)
