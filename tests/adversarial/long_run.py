"""Thousands of mutants, judged and checked independently: ``--count 10000 --seed 20211115``.

Prints a table of the kinds of mutation by what became of them, every wrong verdict in full, and
with ``--unknown`` the mutants on which the engine has no verdict.  Exit code 1 on a wrong verdict.
"""

import argparse
import sys
import traceback
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2])]

from mutation_run import bases, column, outcome, sample, table  # noqa: E402


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=10_000)
    arguments.add_argument("--seed", type=int, default=20211115)
    arguments.add_argument("--generated", type=int, default=240, help="generated identities")
    arguments.add_argument("--unknown", action="store_true", help="list what is unknown")
    asked = arguments.parse_args()
    counts: dict[str, Counter[str]] = {}
    wrong = 0
    for mutant in sample(bases(asked.seed, asked.generated), asked.count, asked.seed):
        try:
            found = outcome(mutant, asked.seed, places=10)
        except Exception:
            print(f"FAULT {mutant}\n{traceback.format_exc()}", flush=True)
            wrong += 1
            continue
        counts.setdefault(mutant.kind, Counter())[column(found)] += 1
        if found.problem:
            wrong += 1
            print(f"WRONG {mutant}\n    {found.answer}: {found.problem}", flush=True)
        elif asked.unknown and found.answer.startswith("unknown"):
            print(f"{found.answer}: {mutant}", flush=True)
    print(table(counts))
    print(f"{wrong} wrong verdicts")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
