"""Concrete functions in the place of unknown ones: small polynomials, several to choose from.

An identity for every smooth f fails if it fails for one polynomial, so a counterexample names
the polynomial that it used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from derive.refute.ring import Value, integer_power

#: A component of an argument: the argument's place and the component's indices.
Place = tuple[int, tuple[int, ...]]

#: One monomial: its coefficient, and the powers of components.
Monomial = tuple[int, tuple[tuple[Place, int], ...]]

_COEFFICIENTS = (1, -1, 2, 3, -2)
_LETTERS = "uvwz"


@dataclass(frozen=True, slots=True)
class Instance:
    """A choice of polynomials for one unknown function: one of ``VARIANTS``, counted from 0.

    0: the sum of squares; 1: linear; 2: positive; 3: quadratic with products; 4: cubic.
    """

    name: str
    variant: int

    def monomials(
        self, outputs: tuple[int, ...], places: tuple[Place, ...]
    ) -> tuple[Monomial, ...]:
        """The polynomial of one component of the function, in the components of its arguments."""
        return _monomials(self.name, self.variant, outputs, places)

    def value(self, outputs: tuple[int, ...], arguments: Mapping[Place, Value]) -> Value:
        """The component of the function at these arguments."""
        total: Value = 0
        for coefficient, powers in self.monomials(outputs, tuple(arguments)):
            term: Value = coefficient
            for place, power in powers:
                term = integer_power(arguments[place], power) * term
            total = total + term
        return total

    def words(self, outputs: tuple[int, ...], places: tuple[Place, ...]) -> tuple[str, str]:
        """The component and its polynomial as a person writes them: ``f(u)``, ``u^2 + 1``."""
        letters = ", ".join(_letter(slot) for slot in dict.fromkeys(p[0] for p in places))
        component = f"[{','.join(map(str, outputs))}]" if outputs else ""
        return f"{self.name}({letters}){component}", _polynomial(self.monomials(outputs, places))


#: How many polynomials there are for a function.
VARIANTS = 5


@cache
def _monomials(
    name: str, variant: int, outputs: tuple[int, ...], places: tuple[Place, ...]
) -> tuple[Monomial, ...]:
    start = sum(map(ord, name)) + sum(7 * k + i for k, i in enumerate(outputs))
    varied = [_COEFFICIENTS[(start + 3 * p) % 5] for p in range(len(places))]
    squares: list[Monomial] = [(1, ((place, 2),)) for place in places]
    if variant == 0:
        return tuple(squares)
    if variant == 1:
        return tuple((c, ((place, 1),)) for c, place in zip(varied, places, strict=True))
    if variant == 2:
        return ((1, ()), *squares)
    if variant == 3:
        products: list[Monomial] = [(1, ((a, 1), (b, 1))) for a, b in pairwise(places)]
        weighted: list[Monomial] = [
            (c, ((place, 2),)) for c, place in zip(varied, places, strict=True)
        ]
        return (*weighted, *products, *((1, ((place, 1),)) for place in places[:1]))
    cubes: list[Monomial] = [(1, ((place, 3),)) for place in places]
    return (*cubes, *((c, ((place, 1),)) for c, place in zip(varied, places, strict=True)))


def _letter(slot: int) -> str:
    return _LETTERS[slot] if slot < len(_LETTERS) else f"u{slot + 1}"


def _polynomial(monomials: Sequence[Monomial]) -> str:
    text = ""
    for coefficient, powers in monomials:
        factors = []
        for (slot, indices), power in powers:
            component = f"[{','.join(map(str, indices))}]" if indices else ""
            factors.append(_letter(slot) + component + (f"^{power}" if power > 1 else ""))
        size = abs(coefficient)
        if size != 1 or not factors:
            factors.insert(0, str(size))
        joint = (" - " if coefficient < 0 else " + ") if text else ("-" if coefficient < 0 else "")
        text += joint + " ".join(factors)
    return text or "0"
