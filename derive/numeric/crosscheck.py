"""Claims against networks: the closed form of a claim, lambdified, beside the network's number.

Arrays are drawn with seeded generators on pairwise different dimensions; a border of NaN in front
of every axis makes SymPy's 1-based indices safe (an index of 0 can't go unnoticed).  Hostile
inputs (|x| = 800, ties, zeros, one class, a batch of one) are evaluated with mpmath, whose
exponents don't overflow, so that the network's stable formulas are judged by exact ones.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import mpmath
import numpy as np
import sympy
from sympy.core.relational import Relational
from sympy.tensor.indexed import Idx, Indexed, IndexedBase

from derive.claim import Array, Claim
from derive.sympy_instances import dimension_symbols, free_axes, instances
from derive.sympy_terms import Tensor

#: Largest error, relative to 1 + |value|, that counts as agreement.
TOLERANCE = 1e-9
SEEDS = 8
#: Digits for hostile inputs.
DIGITS = 60


@dataclass(frozen=True, slots=True)
class CrossCheck:
    """What the comparison gave; errors are relative to 1 + |value|."""

    points: int
    seeds: int
    dimensions: tuple[tuple[str, int], ...]
    largest_error: float
    hostile: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether the claim and the network agree everywhere."""
        return self.largest_error <= TOLERANCE


Side = Callable[[Mapping[str, Any], Mapping[str, int]], Any]


def cross_check(claim: Claim, *, seed: int, off_kink: bool) -> CrossCheck | None:
    """Compare the right side of a claim with its network quantity; None if it names none.

    ``off_kink`` leaves out zeros and ties, where a claim proved off its kinks says nothing.
    """
    if claim.quantity is None or not isinstance(claim.identity, Relational):
        return None
    dims = dimension_symbols(claim.identity)
    plain, exact = _sides(claim.identity, "numpy"), _sides(claim.identity, "mpmath")
    largest, points = 0.0, 0
    sizes = {s: 2 + place for place, s in enumerate(dims)}
    for number in range(SEEDS):
        rng = np.random.default_rng([seed, number])
        turned = {s: 2 + (place + number) % max(len(dims), 1) for place, s in enumerate(dims)}
        values = _draw(claim, turned, rng, "random")
        error, count = _compare(claim, plain, values, turned)
        largest, points = max(largest, error), points + count
    hostile = []
    for name, shape in _HOSTILE.items():
        if off_kink and name in ("zeros", "ties"):
            continue
        changed = {s: shape.get(s.name, size) for s, size in sizes.items()}
        if shape and changed == sizes:
            continue
        rng = np.random.default_rng([seed, 99])
        values = _draw(claim, changed, rng, name)
        with mpmath.workdps(DIGITS):
            error, count = _compare(claim, exact, values, changed)
        largest, points = max(largest, error), points + count
        hostile.append(name)
    named = tuple((s.name, size) for s, size in sizes.items())
    return CrossCheck(points, SEEDS, named, largest, tuple(hostile))


_HOSTILE: Mapping[str, Mapping[str, int]] = {
    "|x| = 800": {},
    "zeros": {},
    "ties": {},
    "one class": {"m": 1},
    "batch of one": {"N": 1},
}


def _draw(
    claim: Claim, dims: Mapping[sympy.Symbol, int], rng: np.random.Generator, kind: str
) -> dict[str, Array]:
    values: dict[str, Array] = {}
    for base in sorted(claim.identity.atoms(IndexedBase), key=str):
        shape = tuple(int(length.subs(dims)) for length in base.shape)
        name = str(base.label)
        values[name] = _array(claim.conditions.get(name, ()), shape, rng, kind)
    for symbol in sorted(claim.identity.atoms(sympy.Symbol), key=str):
        if symbol in dims or symbol.name in values or _is_index(claim.identity, symbol):
            continue
        words = claim.conditions.get(symbol.name, ())
        value = _array(words, (), rng, "random" if symbol.is_positive else kind)
        if symbol.is_integer:
            value = np.asarray(float(rng.integers(1, 9)))
        values[symbol.name] = np.abs(value) if symbol.is_nonnegative else value
    return values


def _is_index(identity: sympy.Basic, symbol: sympy.Symbol) -> bool:
    letters = {
        str(getattr(limit[0], "label", limit[0]))
        for s in identity.atoms(sympy.Sum)
        for limit in s.limits
    }
    letters |= {str(index.label) for index in identity.atoms(Idx)}
    return symbol.name in letters


def _array(
    words: tuple[str, ...], shape: tuple[int, ...], rng: np.random.Generator, kind: str
) -> Array:
    if "one-hot" in words:
        return np.eye(shape[-1])[rng.integers(shape[-1], size=shape[:-1])]
    if "sums to 1" in words:
        value = rng.uniform(0.1, 1, shape)
        return np.asarray(value / value.sum(axis=-1, keepdims=True))
    if kind == "zeros":
        return np.zeros(shape)
    if kind == "ties":
        return np.full(shape, 0.7)
    value = np.asarray(rng.normal(size=shape))
    if kind == "|x| = 800":
        value = np.asarray(np.where(value < 0, -800.0, 800.0) + value)
    return np.abs(value) if {"positive", "nonnegative"} & set(words) else value


def _compare(
    claim: Claim,
    side: Side,
    values: dict[str, Array],
    dims: Mapping[sympy.Symbol, int],
) -> tuple[float, int]:
    assert claim.quantity is not None
    with np.errstate(all="ignore"):
        network = np.asarray(claim.quantity(values), dtype=float)
        closed = np.asarray(side(values, {s.name: size for s, size in dims.items()}))
    if network.shape != closed.shape:
        raise ValueError(
            f"claim {claim.name}: its quantity has shape {network.shape}, "
            f"the claim's entries {closed.shape}"
        )
    if not network.size:
        return 0.0, 0
    errors = [
        abs(float(a - mpmath.mpf(float(b)))) / (1 + abs(float(b)))
        for a, b in zip(closed.ravel().tolist(), network.ravel().tolist(), strict=True)
    ]
    return max(errors), len(errors)


def _sides(identity: Relational, modules: str) -> Side:
    """The right side as a function of arrays; its own derivatives are taken by SymPy."""
    if identity.rhs.has(sympy.Derivative):
        return _by_instances(identity, modules)
    axes = free_axes(identity.lhs)
    right = identity.rhs
    if isinstance(right, Tensor):
        right = right.args[0].xreplace(dict(zip(right.args[1:], axes, strict=True)))
    known = {str(axis.label) for axis in axes}
    axes += tuple(axis for axis in free_axes(right) if str(axis.label) not in known)
    dims = dimension_symbols(identity)
    rename: dict[Any, Any] = {
        axis: sympy.Symbol(f"i{place}", integer=True) for place, axis in enumerate(axes)
    }
    arguments: dict[str, str] = {}
    for place, base in enumerate(sorted(identity.atoms(IndexedBase), key=str)):
        arguments[str(base.label)] = f"a{place}"
        rename[base] = IndexedBase(f"a{place}", shape=base.shape)
    for place, symbol in enumerate(sorted(right.atoms(sympy.Symbol), key=str)):
        if symbol in dims or symbol.name in arguments or _is_index(identity, symbol):
            continue
        arguments[symbol.name] = f"s{place}"
        rename[symbol] = sympy.Symbol(f"s{place}", **symbol.assumptions0)
    for place, symbol in enumerate(dims):
        rename[symbol] = sympy.Symbol(f"n{place}", **symbol.assumptions0)
    parameters = [
        *(rename[axis] for axis in axes),
        *(rename[symbol] for symbol in dims),
        *(sympy.Symbol(name) for name in arguments.values()),
    ]
    function = sympy.lambdify(
        parameters, _renamed(right, rename), modules=[{"KroneckerDelta": _same}, modules]
    )

    def evaluate(values: Mapping[str, Any], sizes: Mapping[str, int]) -> Any:
        lengths = [int(axis.upper.subs({s: sizes[s.name] for s in dims})) for axis in axes]
        given = [_bordered(values[name], modules) for name in arguments]
        result = np.empty(tuple(lengths), dtype=object)
        for place in product(*(range(1, length + 1) for length in lengths)):
            entry = function(*place, *(sizes[s.name] for s in dims), *given)
            result[tuple(p - 1 for p in place)] = entry
        return result

    return evaluate


def _renamed(e: Any, rename: Mapping[Any, Any]) -> Any:
    if e in rename:
        return rename[e]
    if isinstance(e, Indexed):
        return Indexed(rename[e.base], *(_renamed(index, rename) for index in e.indices))
    if not e.args:
        return e
    return e.func(*(_renamed(argument, rename) for argument in e.args))


def _same(left: int, right: int) -> int:
    return int(left == right)


def _bordered(value: Any, modules: str) -> Any:
    array = np.asarray(value, dtype=float)
    if modules == "numpy":
        if not array.ndim:
            return float(array)
        return np.pad(array, [(1, 0)] * array.ndim, constant_values=np.nan)
    if not array.ndim:
        return mpmath.mpf(float(array))
    exact = np.empty(tuple(n + 1 for n in array.shape), dtype=object)
    for place in np.ndindex(*array.shape):
        exact[tuple(p + 1 for p in place)] = mpmath.mpf(float(array[place]))
    return exact


def _by_instances(identity: Relational, modules: str) -> Side:
    cache: dict[tuple[tuple[str, int], ...], list[Any]] = {}

    def evaluate(values: Mapping[str, Any], sizes: Mapping[str, int]) -> Any:
        key = tuple(sorted(sizes.items()))
        if key not in cache:
            dims = {s: sizes[s.name] for s in dimension_symbols(identity)}
            cache[key] = [
                (
                    instance,
                    sympy.lambdify(tuple(instance.symbols), instance.right, modules=modules),
                )
                for instance in instances(identity, dims)
            ]
        axes = [name for name, _ in cache[key][0][0].indices] if cache[key] else []
        shape = tuple(max(dict(inst.indices)[axis] for inst, _ in cache[key]) for axis in axes)
        result = np.empty(shape, dtype=object)
        for instance, function in cache[key]:
            given = [
                _number(np.asarray(values[name])[tuple(i - 1 for i in place)], modules)
                for name, place in instance.symbols.values()
            ]
            result[tuple(i - 1 for _, i in instance.indices)] = function(*given)
        return result

    return evaluate


def _number(value: Any, modules: str) -> Any:
    return float(value) if modules == "numpy" else mpmath.mpf(float(value))
