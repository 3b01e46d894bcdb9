"""Mutation of the refuter's own source: ``--count 100 --seed 1 --module ring``, on request.

One place of the package ``derive.refute`` is changed, as ``source_mutants.py`` changes the prover,
in the modules that decide truth (values, balls, admissible points, conditions), with the changes
first that could let a point pass that is none (a condition, a refusal or a call dropped).  The
tests of the refuter are run on that.  What no test notices is listed; ``refuter_survivors.txt``
beside this file explains those that are left.

Every mutant lives in a forked process that imports the package with the change, as its tables and
closures hold functions, and runs the tests until the first failure.
"""

import argparse
import os
import resource
import sys
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from itertools import chain
from pathlib import Path
from random import Random
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(Path(__file__).parent), str(ROOT)]

from source_mutants import Runner, SourceMutant, changed_tree, source_mutants  # noqa: E402

#: The modules that decide what is true at a point, then those that only look for points.
DECIDING = (
    "ring",
    "problem",
    "evaluate",
    "conditions",
    "admissible",
    "functions",
    "instances",
    "program",
    "scope",
    "frame",
    "matrices",
    "enclosure",
    "refuter",
)
LOOKING = ("repair", "minimise", "points", "descent", "bounds", "readable")

#: Changes that loosen what is checked come first.
FIRST = ("condition dropped", "refusal dropped", "call dropped", "branch")

#: Seconds of processor time for all tests of one mutant; without a change they take 8.
TIME = 20

#: What every fork finds imported; nothing of the package itself.
READY = ("sympy", "flint", "hypothesis", "derive.terms.obligation", "derive.verdict")


class _Changed(MetaPathFinder, Loader):
    """Imports the module of the mutant with its change."""

    def __init__(self, mutant: SourceMutant) -> None:
        self.mutant = mutant
        self.name = "derive." + mutant.module.replace("/", ".")
        self.loaded = False

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        if fullname != self.name:
            return None
        place = ROOT / "derive" / f"{self.mutant.module}.py"
        return spec_from_file_location(fullname, place, loader=self)

    def exec_module(self, module: ModuleType) -> None:
        self.loaded = True
        tree = changed_tree(self.mutant)
        exec(compile(tree, f"{self.mutant.module}.py", "exec"), module.__dict__)


class _FirstFailure:
    """A pytest plugin that keeps the name of the first failure."""

    name = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.name = self.name or report.nodeid.split("/")[-1]

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.name = self.name or f"{report.nodeid.split('/')[-1]} is not collected"


def near_tests(module: str) -> list[str]:
    """The tests that are most likely to notice a change of the module; they come first."""
    names = dict.fromkeys((module.rpartition("/")[2], "evaluate", "problem", "functions"))
    paths = [f"tests/derive/refute/test_{name}.py" for name in names]
    return [path for path in paths if (ROOT / path).exists()]


class RefuterRunner(Runner):
    """Runs the tests of the refuter on every mutant, stopped at the first failure."""

    all_tests: tuple[str, ...] = ("tests/derive/refute",)

    def prepare(self) -> None:
        """What every fork finds ready."""
        for name in READY:
            import_module(name)
        early = [name for name in sys.modules if name.startswith("derive.refute")]
        if early:
            raise RuntimeError(f"imported before the change: {early}")

    def first_failure(self, mutant: SourceMutant | None, items: list[pytest.Item]) -> str:
        """The first test that fails on the mutant; empty if all pass."""
        from hypothesis import Phase, settings

        resource.setrlimit(resource.RLIMIT_CPU, (TIME, TIME))
        settings.register_profile(
            "mutants", database=None, derandomize=True, phases=[Phase.explicit, Phase.generate]
        )
        settings.load_profile("mutants")
        changed = _Changed(mutant) if mutant else None
        if changed:
            sys.meta_path.insert(0, changed)
        failure = _FirstFailure()
        tests = [*(near_tests(mutant.module) if mutant else ()), *self.all_tests]
        code = pytest.main([*tests, "-q", "-x", "-p", "no:cacheprovider"], plugins=[failure])
        if changed and not changed.loaded:
            return "the changed module was not imported"
        return failure.name or (f"pytest says {code}" if code else "")

    def run(self) -> None:
        """Try them all, after a run without any change, which has to pass."""
        self.prepare()
        passes, why = self._survives(None, [])
        if not passes:
            raise RuntimeError(f"the tests fail without any change: {why}")
        for number, mutant in enumerate(self.chosen, 1):
            survives, why = self._survives(mutant, [])
            if survives:
                self.survivors.append(mutant)
            else:
                self.killed += 1
            said = "SURVIVES" if survives else f"killed by {why}"
            print(f"{number}/{len(self.chosen)} line {mutant.line}: {mutant}: {said}", flush=True)


def chosen_mutants(
    count: int, seed: int, modules: list[str], kinds: list[str]
) -> list[SourceMutant]:
    """Those that loosen the refuter in random order, then the others."""
    pool = [
        mutant
        for name in modules
        for mutant in source_mutants(f"refute/{name}")
        if not kinds or mutant.kind in kinds
    ]
    random = Random(seed)
    groups = [[m for m in pool if (m.kind in FIRST) is first] for first in (True, False)]
    return list(chain.from_iterable(random.sample(group, len(group)) for group in groups))[:count]


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--count", type=int, default=100)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--module", choices=DECIDING + LOOKING, action="append")
    arguments.add_argument("--kind", action="append", help="only changes of this kind")
    arguments.add_argument("--listed", type=Path, help="only the changes listed in this file")
    asked = arguments.parse_args()
    count = sys.maxsize if asked.listed else asked.count
    modules = asked.module or [*DECIDING, *(LOOKING if asked.listed else ())]
    chosen = chosen_mutants(count, asked.seed, modules, asked.kind or [])
    if asked.listed:
        listed = asked.listed.read_text(encoding="utf-8").splitlines()
        chosen = [mutant for mutant in chosen if str(mutant) in listed]
    runner = RefuterRunner(chosen)
    os.chdir(ROOT)
    runner.run()
    print(f"{len(chosen)} tried, {runner.killed} killed; survivors:")
    for mutant in runner.survivors:
        print(f"  {mutant}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
