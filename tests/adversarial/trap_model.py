"""What an entry of the tables of traps is, and how SymPy's answer is evaluated at its point."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import sympy as sp

#: The version of SymPy whose answers are recorded.
RECORDED = "1.14.0"

#: The answer has another value than the question at an admissible point.
WRONG = "wrong value"
#: The answer holds where the question has a value, and says one (or loses one) elsewhere.
DROPS = "drops a condition"
#: A decision or a value exists, and SymPy gives an error instead.
CRASH = "crash"

#: A value at a point: a number, a truth value, or None where there is none.
Value = Fraction | float | complex | bool | None


@dataclass(frozen=True)
class Trap:
    """One trap: a call of SymPy, its answer, and a point at which that is false.

    ``truth`` is the right value at ``point``, computed without SymPy; ``says`` evaluates SymPy's
    answer there.  ``claim`` states the answer in LaTeX under ``declared``; ``allowed`` are the
    verdicts of derive that are right, or leave it open; ``condition`` is part of what a
    conditional verdict has to name.  ``source`` is an issue of SymPy's public tracker.
    """

    name: str
    kind: str
    call: Callable[[], Any]
    answer: str
    point: Mapping[Any, Any]
    truth: Value
    claim: str
    allowed: str
    condition: str = ""
    declared: str = ""
    source: str = ""
    says: Callable[[Any], Value] | None = field(default=None)

    def said(self, answer: Any) -> Value:
        """The value of SymPy's answer at the point."""
        return self.says(answer) if self.says else evaluated(answer, self.point)

    def is_wrong(self, said: Value) -> bool:
        """Whether this is another value than is right."""
        if said is None or self.truth is None:
            return said is not self.truth
        if isinstance(said, bool) or isinstance(self.truth, bool):
            return said is not self.truth
        return abs(complex(said) - complex(self.truth)) > 1e-9


def evaluated(answer: Any, point: Mapping[Any, Any]) -> Value:
    """A scalar answer at a point: symbols first, then finite sums, then components."""
    components = {s: number for s, number in point.items() if isinstance(s, sp.Indexed)}
    symbols = {s: number for s, number in point.items() if s not in components}
    found = sp.sympify(answer).subs(symbols).doit().xreplace(components).doit()
    if found in (sp.true, sp.false):
        return bool(found)
    if found.has(sp.nan, sp.zoo, sp.oo, -sp.oo):
        return None
    if found.is_Rational:
        return Fraction(int(found.p), int(found.q))
    number = complex(found)
    return number if abs(number.imag) > 1e-12 else number.real


def corner(answer: Any) -> Value:
    """The first entry of a derivative of which SymPy says that it is 0."""
    zero = answer == 0 or isinstance(answer, sp.ZeroMatrix)
    return Fraction(0) if zero else math.nan


def has_solution(**wanted: int) -> Callable[[Any], Value]:
    """Whether a list of solutions, after substitution of the other letters, has the number ``x``.

    ``x`` is the solution asked for; every other name stands for a real symbol.
    """
    number = sp.Integer(wanted.pop("x"))
    others = {sp.Symbol(name, real=True): of for name, of in wanted.items()}

    def asked(answer: Any) -> Value:
        found = [sp.sympify(solution).subs(others) for solution in answer]
        return any(sp.sympify(each - number).is_zero is True for each in found)

    return asked


def is_accepted(answer: Any) -> Value:
    """Whether SymPy built an object at all (``True``: it did)."""
    return answer is not None
