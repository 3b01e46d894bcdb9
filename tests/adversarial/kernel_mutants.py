"""Mutation of the kernel's own source: ``--count 300 --seed 1 --module kernel``, on request.

One place of the kernel is changed, as ``source_mutants.py`` changes the prover, with the changes
first that could let a false statement pass (a condition, a refusal or a call dropped).  The tests
of the kernel and of certificates are run on that.  What no test notices is listed;
``kernel_survivors.txt`` beside this file explains those that are left.
"""

import argparse
import os
import sys
import time
from itertools import chain
from pathlib import Path
from random import Random

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT)]

from source_mutants import (  # noqa: E402
    Runner,
    SourceMutant,
    changed_tree,
    source_mutants,
    source_tree,
)

from derive import certificate, integer_kernel, kernel  # noqa: E402
from derive.judge_sympy import certificate_of_claim, judge_readings  # noqa: E402

MODULES = {"kernel": kernel, "integer_kernel": integer_kernel}

#: Changes that loosen what is checked come first.
FIRST = ("condition dropped", "refusal dropped", "call dropped", "branch")

#: Seconds within which a proof counts as checked in no time.
QUICK = 0.03

#: Too slow to be run for every mutant: the forged certificates, and all proofs.
LEFT_OUT = ("altered", "forged", "catalogue")


class KernelRunner(Runner):
    """Runs the tests of the kernel on every mutant, stopped at the first failure."""

    def prepare(self) -> None:
        """Some proofs of the catalogue that are checked in no time: they have to be accepted."""
        from identities import ALL

        self.proofs: list[certificate.Certificate] = []
        for claim in ALL[::5]:
            verdict, identity = judge_readings(claim)
            proof = certificate_of_claim(claim, verdict, identity)
            started = time.process_time()
            accepted = proof is not None and certificate.audit(proof).accepted
            if proof is not None and accepted and time.process_time() - started < QUICK:
                self.proofs.append(proof)

    def first_failure(self, mutant: SourceMutant | None, items: list[pytest.Item]) -> str:
        """The first test that fails on the mutant; empty if all pass."""
        from _pytest.runner import runtestprotocol

        for stem, module in MODULES.items():
            changed = mutant is not None and mutant.module == stem
            tree = changed_tree(mutant) if mutant and changed else source_tree(stem)
            exec(compile(tree, str(module.__file__), "exec"), module.__dict__)
        vars(certificate)["check_integers"] = integer_kernel.check_integers
        for item in items:
            if any(word in item.name for word in LEFT_OUT):
                continue
            if any(report.failed for report in runtestprotocol(item, nextitem=None, log=False)):
                return item.name
        doubts = (certificate.audit(proof).doubt for proof in self.proofs)
        return next((f"a proof: {doubt}" for doubt in doubts if doubt), "")


def chosen_mutants(
    count: int, seed: int, modules: list[str], kinds: list[str]
) -> list[SourceMutant]:
    """Those that loosen the kernel in random order, then the others."""
    pool = [m for name in modules for m in source_mutants(name) if not kinds or m.kind in kinds]
    random = Random(seed)
    groups = [[m for m in pool if (m.kind in FIRST) is first] for first in (True, False)]
    return list(chain.from_iterable(random.sample(group, len(group)) for group in groups))[:count]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=300)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--module", choices=MODULES, action="append")
    arguments.add_argument("--kind", action="append", help="only changes of this kind")
    arguments.add_argument("--listed", type=Path, help="only the changes listed in this file")
    asked = arguments.parse_args()
    count = sys.maxsize if asked.listed else asked.count
    chosen = chosen_mutants(count, asked.seed, asked.module or [*MODULES], asked.kind or [])
    if asked.listed:
        listed = asked.listed.read_text(encoding="utf-8").splitlines()
        chosen = [mutant for mutant in chosen if str(mutant) in listed]
    runner = KernelRunner(chosen)
    os.chdir(ROOT)
    tests = ["tests/derive/test_kernel.py", "tests/derive/test_certificate.py"]
    pytest.main([*tests, "-q", "-p", "no:cacheprovider", "--capture=no"], plugins=[runner])
    print(f"{len(chosen)} tried, {runner.killed} killed; survivors:")
    for mutant in runner.survivors:
        print(f"  {mutant}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
