"""SymPy identities at fixed dimensions: every sum written out, every component a symbol.

This is SymPy's own view of a claim (its sums, its ``diff``); nothing of the typed terms or of the
prover is used, so that it can serve as a second opinion and for numbers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

import sympy
from sympy.concrete.products import Product as SympyProduct
from sympy.core.relational import Relational
from sympy.tensor.indexed import Idx, Indexed, IndexedBase

from derive.sympy_terms import OperationCount, Tensor


@dataclass(frozen=True)
class Instance:
    """Both sides of a relation at fixed dimensions and fixed values of the free indices.

    ``symbols`` maps the generated symbols to (name, 1-based indices) of what they stand for.
    """

    left: sympy.Expr
    right: sympy.Expr
    hypothesis: sympy.Basic
    indices: tuple[tuple[str, int], ...]
    symbols: Mapping[sympy.Symbol, tuple[str, tuple[int, ...]]]


def dimension_symbols(identity: sympy.Basic) -> tuple[sympy.Symbol, ...]:
    """The symbols that are lengths of ranges, by name."""
    found: set[sympy.Symbol] = set()
    for node in sympy.preorder_traversal(identity):
        if isinstance(node, sympy.Sum | SympyProduct):
            for limit in node.limits:
                found |= limit[2].free_symbols
        elif isinstance(node, Idx) and node.upper is not None:
            found |= node.upper.free_symbols
        elif isinstance(node, IndexedBase):
            for length in node.shape or ():
                found |= length.free_symbols
    return tuple(sorted(found, key=str))


def free_axes(side: sympy.Basic) -> tuple[Idx, ...]:
    """The free indices of one side: the axes of a Tensor, or each ``Idx`` where it comes first."""
    if isinstance(side, Tensor):
        return tuple(side.args[1:])
    found: dict[str, Idx] = {}
    for node in sympy.preorder_traversal(side):
        if isinstance(node, Idx) and node.upper is not None:
            found.setdefault(str(node.label), node)
    return tuple(found.values())


def can_instantiate(identity: sympy.Basic) -> bool:
    """Whether the identity is a relation between numbers that can be written out."""
    return isinstance(identity, Relational) and not identity.has(OperationCount)


def instances(
    identity: Relational,
    dims: Mapping[sympy.Symbol, int],
    hypotheses: tuple[sympy.Basic, ...] = (),
) -> Iterator[Instance]:
    """The identity for all values of its free indices, at the given dimensions."""
    left, right = identity.lhs, identity.rhs
    axes = list(free_axes(left))
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        rename = dict(zip(right.args[1:], left.args[1:], strict=True))
        left, right = left.args[0], right.args[0].xreplace(rename)
    seen = {str(axis.label) for axis in axes}
    axes += [axis for axis in free_axes(right) if str(axis.label) not in seen]
    ranges = [range(1, int(axis.upper.subs(dims)) + 1) for axis in axes]
    names = [str(axis.label) for axis in axes]
    for values in product(*ranges):
        writer = _Explicit(dims)
        at = dict(zip(names, values, strict=True))
        yield Instance(
            writer.expression(left, at),
            writer.expression(right, at),
            sympy.And(*(writer.expression(h, at) for h in hypotheses)),
            tuple(at.items()),
            {symbol: place for place, symbol in writer.symbols.items()},
        )


class _Explicit:
    """Rewrites an expression with all indices as numbers; new symbols have generated names."""

    def __init__(self, dims: Mapping[sympy.Symbol, int]) -> None:
        self.dims = {symbol: sympy.Integer(value) for symbol, value in dims.items()}
        self.symbols: dict[tuple[str, tuple[int, ...]], sympy.Symbol] = {}

    def symbol(self, name: str, place: tuple[int, ...], assumptions: dict[str, Any]) -> Any:
        known = self.symbols.get((name, place))
        if known is None:
            known = sympy.Symbol(f"v{len(self.symbols)}", **assumptions)
            self.symbols[(name, place)] = known
        return known

    def expression(self, e: Any, at: Mapping[str, int]) -> Any:
        if isinstance(e, sympy.Symbol):
            return self._symbol(e, at)
        if isinstance(e, Idx):
            return sympy.Integer(at[str(e.label)])
        if isinstance(e, Indexed):
            place = tuple(int(self.expression(index, at)) for index in e.indices)
            return self.symbol(str(e.base.label), place, {"real": True})
        if isinstance(e, sympy.Sum | SympyProduct):
            return self._over_limits(e, at)
        if isinstance(e, sympy.KroneckerDelta):
            same = self.expression(e.args[0], at) == self.expression(e.args[1], at)
            return sympy.Integer(int(same))
        if isinstance(e, sympy.Derivative):
            result = self.expression(e.expr, at)
            for variable, order in e.variable_count:
                result = sympy.diff(result, self.expression(variable, at), int(order))
            return result
        if not e.args:
            return e
        return e.func(*(self.expression(argument, at) for argument in e.args))

    def _symbol(self, e: sympy.Symbol, at: Mapping[str, int]) -> Any:
        if e in self.dims:
            return self.dims[e]
        if e.name in at:
            return sympy.Integer(at[e.name])
        return self.symbol(e.name, (), dict(e.assumptions0))

    def _over_limits(self, e: Any, at: Mapping[str, int]) -> Any:
        letters = [str(getattr(limit[0], "label", limit[0])) for limit in e.limits]
        ranges = [range(1, int(limit[2].subs(self.dims)) + 1) for limit in e.limits]
        parts = [
            self.expression(e.function, {**at, **dict(zip(letters, values, strict=True))})
            for values in product(*ranges)
        ]
        return sympy.Add(*parts) if isinstance(e, sympy.Sum) else sympy.Mul(*parts)
