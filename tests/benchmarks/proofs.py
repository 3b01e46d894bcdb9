"""Proofs against ``simplify``, and the cost of ``derive verify``.

    python tests/benchmarks/proofs.py [--limit SECONDS] [--quick]

Per claim: our proof (warm, one core; the statement is given as a typed term) beside
``sympy.simplify(left - right) == 0`` with a time limit, on the claims that SymPy can express:
scalar equations as they stand, array equations written out at small fixed dimensions (for SymPy
a finite instance, for us every dimension).  Times are user CPU seconds, since other work on the
machine disturbs these least.  Then start-up: ``derive verify --no-pdf`` against importing SymPy,
NumPy and FLINT, and peak memory.

The figures to reach: all proofs below 0.5 s; at least 10 times faster than simplify in total; no
claim that simplify proves and we don't; ``verify --no-pdf`` below 3 times the imports; 200 MB.
"""

import argparse
import math
import multiprocessing
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

import sympy  # noqa: E402
from sympy.tensor.indexed import Idx, Indexed  # noqa: E402

import identities  # noqa: E402
from derive.claim import Claim  # noqa: E402
from derive.prove.prover import prove  # noqa: E402
from derive.sympy_instances import (  # noqa: E402
    aligned_sides,
    can_instantiate,
    dimension_symbols,
    index_values,
)
from derive.sympy_terms import (  # noqa: E402
    ShapeError,
    UnsupportedError,
    obligation_from_sympy,
)
from derive.terms.obligation import Obligation  # noqa: E402

#: Sizes of the dimensions in the instances that simplify gets: the smallest that differ.
SIZES = (2, 3, 2, 2)
#: Runs of which the fastest counts.
RUNS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One claim: our time and outcome, simplify's; None where it can't express the claim."""

    name: str
    ours: float
    proved: bool
    theirs: float | None
    simplified: str


def main() -> int:
    """Print the tables; exit code 1 where a figure is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--limit", type=float, default=10.0, help="seconds per claim for simplify")
    parser.add_argument("--quick", action="store_true", help="leave simplify out")
    arguments = parser.parse_args()
    rows = list(_rows(arguments.limit, quick=arguments.quick))
    missed = _totals(rows, quick=arguments.quick)
    missed += _start_up()
    print(f"\nmissed: {', '.join(missed)}" if missed else "\nall figures reached")
    return 1 if missed else 0


# ---- proofs -------------------------------------------------------------------------------------


def _rows(limit: float, *, quick: bool) -> Any:
    print(f"{'claim':52} {'ours':>9} {'simplify':>10}  simplify says")
    for claim in identities.ALL:
        statement = _statement(claim)
        if statement is None:
            continue
        ours, proved = _ours(statement)
        theirs, words = (None, "") if quick else _theirs(claim, limit)
        row = Row(claim.name, ours, proved, theirs, words)
        shown = "" if theirs is None else f"{theirs * 1e3:8.1f} ms"
        mark = "proved" if proved else "open"
        print(f"{row.name[:52]:52} {ours * 1e3:6.2f} ms {shown:>11}  {words or '-'} (ours: {mark})")
        yield row


def _statement(claim: Claim) -> Obligation | None:
    try:
        found = obligation_from_sympy(
            claim.identity, conditions=claim.conditions, hypotheses=claim.hypotheses
        )
    except (ShapeError, UnsupportedError):
        return None
    return found if isinstance(found, Obligation) else None


def _ours(statement: Obligation) -> tuple[float, bool]:
    best = float("inf")
    for _ in range(RUNS):
        start = time.process_time()
        attempt = prove(statement)
        best = min(best, time.process_time() - start)
    return best, attempt.outcome == "proved"


def _theirs(claim: Claim, limit: float) -> tuple[float | None, str]:
    """What simplify makes of the claim in a process of its own, killed at the limit."""
    if not can_instantiate(claim.identity) or claim.identity.rel_op != "==":
        return None, ""
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_simplify, args=(claim, sender, limit), daemon=True)
    process.start()
    sender.close()
    try:
        if not receiver.poll(limit * 4):  # user time is limited inside; this ends what hangs in C
            return limit, "no answer in time"
        return receiver.recv()
    except EOFError:
        return limit, "no answer in time"
    finally:
        process.kill()
        process.join()


def _simplify(claim: Claim, sender: Any, limit: float) -> None:
    spent = int(time.process_time()) + math.ceil(limit)
    resource.setrlimit(resource.RLIMIT_CPU, (spent, spent))
    try:
        differences = list(_differences(claim))
    except (NotImplementedError, TypeError, ValueError) as error:
        sender.send((None, f"can't be written out: {type(error).__name__}"))
        return
    start = time.process_time()
    try:
        zero = all(sympy.simplify(difference) == 0 for difference in differences)
    except Exception as error:
        sender.send((time.process_time() - start, f"raises {type(error).__name__}"))
        return
    sender.send((time.process_time() - start, "0" if zero else "not 0"))


def _differences(claim: Claim) -> Any:
    """``left - right`` at small dimensions for all values of the free indices."""
    left, right, axes = aligned_sides(claim.identity)
    symbols = dimension_symbols(claim.identity, *claim.hypotheses)
    dims = {symbol: SIZES[place % len(SIZES)] for place, symbol in enumerate(symbols)}
    for at in index_values(axes, dims):
        write = _Writer(dims, at, claim)
        if all(write(hypothesis) != sympy.false for hypothesis in claim.hypotheses):
            yield write(left) - write(right)


class _Writer:
    """An expression with sums written out and one symbol for each component."""

    def __init__(self, dims: Any, at: dict[str, int], claim: Claim) -> None:
        self.dims, self.at, self.claim = dims, at, claim

    def __call__(self, e: Any) -> Any:
        if e in self.dims:
            return sympy.Integer(self.dims[e])
        if isinstance(e, Idx | sympy.Symbol) and e.name in self.at:
            return sympy.Integer(self.at[e.name])
        if isinstance(e, Indexed):
            return self._component(e.base.name, tuple(self(index) for index in e.indices))
        if isinstance(e, sympy.Sum | sympy.Product):
            names = [limit[0].name for limit in e.limits]
            ranges = [range(1, int(self(limit[2])) + 1) for limit in e.limits]
            outer = self.at
            parts = []
            for values in product(*ranges):
                self.at = {**outer, **dict(zip(names, values, strict=True))}
                parts.append(self(e.function))
            self.at = outer
            return sympy.Add(*parts) if isinstance(e, sympy.Sum) else sympy.Mul(*parts)
        if isinstance(e, sympy.Derivative):
            return sympy.diff(self(e.expr), *((self(v), n) for v, n in e.variable_count))
        return e.func(*map(self, e.args)) if e.args else e

    def _component(self, name: str, place: tuple[Any, ...]) -> Any:
        if "one-hot" in self.claim.conditions.get(name, ()):
            return sympy.Integer(int(set(place) == {1}))
        positive = "positive" in self.claim.conditions.get(name, ()) or None
        label = "_".join((name, *map(str, place)))
        return sympy.Symbol(label, real=True, positive=positive)


def _totals(rows: list[Row], *, quick: bool) -> list[str]:
    missed = []
    ours = sum(row.ours for row in rows)
    proved = sum(row.proved for row in rows)
    print(f"\nour proofs of {len(rows)} statements: {ours:.3f} s ({proved} proved)")
    if ours > 0.5:
        missed.append(f"proofs take {ours:.2f} s, not 0.5 s")
    if quick:
        return missed
    both = [row for row in rows if row.theirs is not None]
    mine = sum(row.ours for row in both)
    theirs = sum(row.theirs or 0 for row in both)
    zero = sum(row.simplified == "0" for row in both)
    print(
        f"on the {len(both)} that SymPy can express: ours {mine:.3f} s, "
        f"simplify {theirs:.1f} s ({theirs / mine:.0f} x), it finds 0 for {zero}"
    )
    if theirs < 10 * mine:
        missed.append(f"simplify is only {theirs / mine:.1f} times slower")
    lost = [row.name for row in both if row.simplified == "0" and not row.proved]
    for name in lost:
        print(f"simplify proves what we don't: {name}")
    missed += [f"simplify proves {name}" for name in lost]
    return missed


# ---- the whole run ------------------------------------------------------------------------------


def _start_up() -> list[str]:
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYTHONPYCACHEPREFIX": f"{folder}/cache",
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        imports = ["-c", "import sympy, numpy, flint"]
        verify = ["-m", "derive", "verify", "--no-pdf", "--output", folder]
        timed: dict[str, tuple[float, float, float]] = {}
        for name, command in (("imports", imports), ("verify --no-pdf", verify)):
            runs = [_run([sys.executable, *command], environment) for _ in range(RUNS + 1)][1:]
            timed[name] = min(runs)
            wall, user, memory = timed[name]
            print(f"{name:16} {wall:6.2f} s, user {user:6.2f} s, peak memory {memory:5.0f} MB")
    ratio = timed["verify --no-pdf"][0] / timed["imports"][0]
    print(f"verify --no-pdf takes {ratio:.1f} times the imports")
    if ratio > 3:
        missed.append(f"verify takes {ratio:.1f} times the imports, not 3")
    if timed["verify --no-pdf"][2] > 200:
        missed.append("peak memory above 200 MB")
    return missed


def _run(command: list[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Wall seconds, user seconds and peak megabytes of a command (of its largest process)."""
    program = (
        "import resource, subprocess, sys, time\n"
        "start = time.perf_counter()\n"
        "subprocess.run(sys.argv[1:], check=True, stdout=-3, stderr=-3)\n"
        "wall = time.perf_counter() - start\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(wall, used.ru_utime, used.ru_maxrss / 1024)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, *command],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    wall, user, memory = map(float, told.stdout.split())
    return wall, user, memory


if __name__ == "__main__":
    sys.exit(main())
