"""SymPy identities at fixed dimensions: every sum written out, every variable replaced.

This is SymPy's own view of a claim (its sums, its ``diff``, its numbers); nothing of the typed
terms or of the prover is used, so that it can serve as a second opinion.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

import sympy
from sympy.concrete.products import Product as SympyProduct
from sympy.core.relational import Relational
from sympy.tensor.indexed import Idx, Indexed, IndexedBase

from derive.sympy_terms import OperationCount, Tensor, distinct_nodes

#: A component of a variable: its name and its 1-based indices.
Place: TypeAlias = tuple[str, tuple[int, ...]]

#: What stands for a component; the symbol is that of a scalar, with its assumptions.
Point: TypeAlias = Callable[[Place, sympy.Symbol | None], sympy.Expr]


@dataclass(frozen=True)
class Instance:
    """Both sides of a relation at fixed dimensions, free indices and values of the variables."""

    left: sympy.Expr
    right: sympy.Expr
    hypothesis: sympy.Basic


def dimension_symbols(identity: sympy.Basic) -> tuple[sympy.Symbol, ...]:
    """The symbols that are lengths of ranges, by name."""
    found: set[sympy.Symbol] = set()
    for node in distinct_nodes(identity):
        if isinstance(node, sympy.Sum | SympyProduct):
            for limit in node.limits:
                found |= limit[2].free_symbols
        elif isinstance(node, Idx) and node.upper is not None:
            found |= node.upper.free_symbols
        elif isinstance(node, IndexedBase):
            for length in node.shape or ():
                found |= length.free_symbols
    return tuple(sorted(found, key=lambda symbol: symbol.name))


def free_axes(side: sympy.Basic) -> tuple[Idx, ...]:
    """The free indices of one side: the axes of a Tensor, or each ``Idx`` where it comes first."""
    if isinstance(side, Tensor):
        return tuple(side.args[1:])
    found: dict[str, Idx] = {}
    for node in distinct_nodes(side):
        if isinstance(node, Idx) and node.upper is not None:
            found.setdefault(node.name, node)
    return tuple(found.values())


def aligned_sides(identity: Relational) -> tuple[sympy.Expr, sympy.Expr, tuple[Idx, ...]]:
    """Both sides without ``Tensor``, and the free indices: those of the left side come first.

    The axes of a Tensor on the right take the names of those on the left.
    """
    left, right = identity.lhs, identity.rhs
    axes = list(free_axes(left))
    if isinstance(left, Tensor) and isinstance(right, Tensor):
        rename = dict(zip(right.args[1:], left.args[1:], strict=True))
        left, right = left.args[0], right.args[0].xreplace(rename)
    known = {axis.name for axis in axes}
    axes += [axis for axis in free_axes(right) if axis.name not in known]
    return left, right, tuple(axes)


def can_instantiate(identity: sympy.Basic) -> bool:
    """Whether the identity is a relation between numbers (or arrays of one rank) to write out."""
    if not isinstance(identity, Relational) or identity.has(OperationCount):
        return False
    left, right = identity.lhs, identity.rhs
    ranks = [len(side.args) if isinstance(side, Tensor) else 0 for side in (left, right)]
    return ranks[0] == ranks[1]


def index_values(
    axes: tuple[Idx, ...], dims: Mapping[sympy.Symbol, int]
) -> Iterator[dict[str, int]]:
    """All values of the free indices at the given dimensions, in counting order."""
    names = [axis.name for axis in axes]
    ranges = [range(1, _length(axis.upper, dims) + 1) for axis in axes]
    for values in product(*ranges):
        yield dict(zip(names, values, strict=True))


def written_out(
    expressions: tuple[sympy.Basic, ...],
    dims: Mapping[sympy.Symbol, int],
    at: Mapping[str, int],
    point: Point,
) -> tuple[Any, ...]:
    """The expressions at these dimensions, values of the free indices, and point."""
    writer = _Explicit(dims, point)
    return tuple(writer.expression(expression, at) for expression in expressions)


def size_written_out(expression: sympy.Basic, dims: Mapping[sympy.Symbol, int]) -> int:
    """How many nodes the expression has, at most, once its sums are written out."""
    repeats = 1
    if isinstance(expression, sympy.Sum | SympyProduct):
        for limit in expression.limits:
            repeats *= _length(limit[2], dims)
        return repeats * size_written_out(expression.function, dims)
    if isinstance(expression, sympy.Derivative):
        return 2 * size_written_out(expression.expr, dims)
    if isinstance(expression, Indexed | Idx):
        return 1
    return 1 + sum(size_written_out(argument, dims) for argument in expression.args)


def _length(length: sympy.Basic, dims: Mapping[sympy.Symbol, int]) -> int:
    return dims[length] if length in dims else int(length)


class _Explicit:
    """Rewrites an expression with all indices as numbers and all variables by the point."""

    def __init__(self, dims: Mapping[sympy.Symbol, int], point: Point) -> None:
        self.dims = dims
        self.point = point
        #: Variables of the derivatives around, each with the symbol that stands for it there.
        self.varied: dict[Place, sympy.Symbol] = {}

    def expression(self, e: Any, at: Mapping[str, int]) -> Any:
        if isinstance(e, sympy.Symbol):
            return self._symbol(e, at)
        if isinstance(e, Idx):
            return sympy.Integer(at[e.name])
        if isinstance(e, Indexed):
            return self._value(self._place(e, at), None)
        if isinstance(e, sympy.Sum | SympyProduct):
            return self._over_limits(e, at)
        if isinstance(e, sympy.KroneckerDelta):
            same = self.expression(e.args[0], at) == self.expression(e.args[1], at)
            return sympy.Integer(int(same))
        if isinstance(e, sympy.Derivative):
            return self._derivative(e, at)
        if not e.args:
            return e
        return e.func(*(self.expression(argument, at) for argument in e.args))

    def _place(self, e: Any, at: Mapping[str, int]) -> Place:
        if isinstance(e, sympy.Symbol):
            return e.name, ()
        return e.base.name, tuple(int(self.expression(index, at)) for index in e.indices)

    def _symbol(self, e: sympy.Symbol, at: Mapping[str, int]) -> Any:
        if e in self.dims:
            return sympy.Integer(self.dims[e])
        if e.name in at:
            return sympy.Integer(at[e.name])
        return self._value((e.name, ()), e)

    def _value(self, place: Place, symbol: sympy.Symbol | None) -> Any:
        varied = self.varied.get(place)
        return self.point(place, symbol) if varied is None else varied

    def _derivative(self, e: sympy.Derivative, at: Mapping[str, int]) -> Any:
        expression = e.expr
        ((variable, order),) = e.variable_count
        place = self._place(variable, at)
        outside = self.varied.get(place)
        inside = sympy.Symbol(f"t{len(self.varied)}", real=True)
        self.varied[place] = inside
        body = self.expression(expression, at)
        if outside is None:
            del self.varied[place]
        else:
            self.varied[place] = outside
        value = self._value(place, variable if isinstance(variable, sympy.Symbol) else None)
        return sympy.diff(body, inside, int(order)).xreplace({inside: value})

    def _over_limits(self, e: Any, at: Mapping[str, int]) -> Any:
        letters = [limit[0].name for limit in e.limits]
        ranges = [range(1, _length(limit[2], self.dims) + 1) for limit in e.limits]
        parts = [
            self.expression(e.function, {**at, **dict(zip(letters, values, strict=True))})
            for values in product(*ranges)
        ]
        return sympy.Add(*parts) if isinstance(e, sympy.Sum) else sympy.Mul(*parts)
