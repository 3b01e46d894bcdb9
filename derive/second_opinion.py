"""What SymPy says of a claim, on its own: its sums, its derivatives, its numbers.

The claim is written out at small pairwise different dimensions, SymPy differentiates it, and both
sides are evaluated to 30 digits at seeded random rational points.  The answer never decides a
verdict; where it contradicts one, the run fails.  SymPy may hang or grow, so the answers are
made in worker processes that are killed at a time limit.
"""

import multiprocessing
import random
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import mpmath
import sympy
from sympy.core.relational import Relational

from derive.sympy_instances import Instance, can_instantiate, dimension_symbols, instances

#: Seconds after which a worker is killed and SymPy has no opinion.
TIME_LIMIT = 20.0
#: Bytes of address space that a worker may use.
MEMORY_LIMIT = 4 * 2**30
DIGITS = 30
POINTS = 3
#: How many values of the free indices are looked at.
MOST_INSTANCES = 6

Answer = Literal["holds", "fails", "none"]


@dataclass(frozen=True, slots=True)
class Opinion:
    """SymPy's answer, on how many evaluated entries it rests, and why there is none."""

    answer: Answer
    entries: int = 0
    failing: int = 0
    reason: str = ""

    @property
    def words(self) -> str:
        """One line for the report."""
        if self.answer == "none":
            return f"no opinion ({self.reason})"
        if self.answer == "holds":
            return f"agrees to {DIGITS} digits at {self.entries} entries"
        return f"differs at {self.failing} of {self.entries} entries"


def opinion(identity: sympy.Basic, conditions: Mapping[str, tuple[str, ...]], seed: int) -> Opinion:
    """SymPy's own view of the identity at random points; call it through ``opinions``."""
    if not can_instantiate(identity):
        return Opinion("none", reason="no relation between numbers")
    assert isinstance(identity, Relational)
    dims = {symbol: 2 + place for place, symbol in enumerate(dimension_symbols(identity))}
    draw = random.Random(seed)
    entries = failing = 0
    with mpmath.workdps(DIGITS + 10):
        taken = 0
        for instance in instances(identity, dims, hypotheses):
            if instance.hypothesis is sympy.false:
                continue
            if taken == MOST_INSTANCES:
                break
            taken += 1
            if instance.left.has(sympy.zoo, sympy.nan) or instance.right.has(sympy.zoo, sympy.nan):
                return Opinion("none", reason="SymPy finds no value")
            names = tuple(instance.symbols)
            both = sympy.lambdify(
                names, (instance.hypothesis, instance.left, instance.right), modules="mpmath"
            )
            for _ in range(POINTS):
                holds = _holds_at(both, instance, conditions, identity.rel_op, draw)
                if holds is not None:
                    entries += 1
                    failing += not holds
    if not entries:
        return Opinion("none", reason="no point at which both sides have a value")
    return Opinion("fails" if failing else "holds", entries, failing)


def _holds_at(
    both: Any,
    instance: Instance,
    conditions: Mapping[str, tuple[str, ...]],
    relation: str,
    draw: random.Random,
) -> bool | None:
    values = [_value(place, conditions, symbol, draw) for symbol, place in instance.symbols.items()]
    try:
        given, *sides = both(*values)
        if not given:
            return None
        left, right = (mpmath.mpmathify(v) for v in sides)
    except (ZeroDivisionError, ValueError, TypeError, ArithmeticError):
        return None
    if not all(mpmath.isfinite(v) and abs(mpmath.im(v)) == 0 for v in (left, right)):
        return None
    left, right = mpmath.re(left), mpmath.re(right)
    close = abs(left - right) <= mpmath.mpf(10) ** (-DIGITS) * (1 + abs(left))
    return bool(
        {
            "==": close,
            "!=": not close,
            "<": left < right and not close,
            "<=": left < right or close,
            ">": left > right and not close,
            ">=": left > right or close,
        }[relation]
    )


def _value(
    place: tuple[str, tuple[int, ...]],
    conditions: Mapping[str, tuple[str, ...]],
    symbol: sympy.Symbol,
    draw: random.Random,
) -> mpmath.mpf:
    name, indices = place
    words = conditions.get(name, ())
    if "one-hot" in words:
        return mpmath.mpf(int(indices == (1,)))
    if "sums to 1" in words:
        return mpmath.mpf(1) if indices == (1,) else mpmath.mpf(0)
    value = Fraction(draw.randint(1, 40), draw.randint(7, 19))
    positive = symbol.is_positive or symbol.is_nonnegative or "positive" in words
    if symbol.is_integer:
        value = Fraction(draw.randint(1, 9))
    if not positive and draw.random() < 0.5:
        value = -value
    return mpmath.mpf(value.numerator) / value.denominator


#: An identity with its condition words and hypotheses.
Question = tuple[sympy.Basic, Mapping[str, tuple[str, ...]], tuple[sympy.Basic, ...]]


class Opinions:
    """Questions to SymPy, answered one by one in a worker process while others work."""

    def __init__(self, questions: list[Question], seed: int) -> None:
        from pebble import CONSTS, ProcessPool

        CONSTS.term_timeout = 0.1
        methods = multiprocessing.get_all_start_methods()
        context = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
        self._pool = ProcessPool(max_workers=1, context=context, initializer=_limit_memory)
        self._futures = [
            self._pool.schedule(
                opinion, args=(identity, dict(conditions), seed), timeout=TIME_LIMIT
            )
            for identity, conditions in questions
        ]

    def answers(self) -> list[Opinion]:
        """All answers, in order of the questions; waits for them and ends the worker."""
        found = []
        for future in self._futures:
            try:
                found.append(future.result())
            except TimeoutError:
                found.append(Opinion("none", reason=f"no answer within {TIME_LIMIT:.0f} s"))
            except MemoryError:
                found.append(Opinion("none", reason="out of memory"))
            except Exception as error:  # SymPy raises all kinds; it has no opinion then
                found.append(Opinion("none", reason=f"SymPy raised {type(error).__name__}"))
        self._pool.stop()
        self._pool.join()
        return found


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
