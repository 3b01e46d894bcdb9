"""SymPy identities at fixed dimensions and a point: sums written out, variables numbers.

This is SymPy's own view of a claim: it differentiates, and mpmath gives the numbers.  Nothing of
the typed terms or of the prover is used, so that it can serve as a second opinion.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any, TypeAlias

import mpmath
import sympy
from sympy.concrete.products import Product as SympyProduct
from sympy.core.relational import Relational
from sympy.tensor.indexed import Idx, Indexed, IndexedBase

from derive.sympy_terms import OperationCount, Tensor, distinct_nodes

#: A component of a variable: its name and its 1-based indices.
Place: TypeAlias = tuple[str, tuple[int, ...]]

#: The number at a component; the symbol is that of a scalar, with its assumptions.
Point: TypeAlias = Callable[[Place, sympy.Symbol | None], mpmath.mpf]


class NoValueError(ArithmeticError):
    """An expression has no value at a point."""


def dimension_symbols(*expressions: sympy.Basic) -> tuple[sympy.Symbol, ...]:
    """The symbols that are lengths of ranges, by name."""
    found: set[sympy.Symbol] = set()
    for node in distinct_nodes(*expressions):
        if isinstance(node, sympy.Sum | SympyProduct):
            for limit in node.limits:
                found |= limit[2].free_symbols
        elif isinstance(node, Idx) and node.upper is not None:
            found |= node.upper.free_symbols
        elif isinstance(node, IndexedBase):
            for length in node.shape or ():
                found |= length.free_symbols
    return tuple(sorted(found, key=lambda symbol: symbol.name))


def variables(
    *expressions: sympy.Basic,
) -> tuple[dict[str, tuple[sympy.Basic, ...]], dict[str, sympy.Symbol]]:
    """The arrays with their shapes, and the scalars that are no dimensions, by name."""
    shapes: dict[str, tuple[sympy.Basic, ...]] = {}
    symbols: dict[str, sympy.Symbol] = {}
    other = {symbol.name for symbol in dimension_symbols(*expressions)}
    for node in distinct_nodes(*expressions):
        if isinstance(node, IndexedBase):
            shapes[node.name] = tuple(node.shape or ())
        elif isinstance(node, Idx):
            other.add(node.name)
        elif isinstance(node, sympy.Sum | SympyProduct):
            other |= {limit[0].name for limit in node.limits}
        elif isinstance(node, sympy.Symbol):
            symbols[node.name] = node
    for name in (*other, *shapes):
        symbols.pop(name, None)
    return dict(sorted(shapes.items())), dict(sorted(symbols.items()))


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
        pairs = zip(right.args[1:], left.args[1:], strict=True)
        rename = {ours: theirs for ours, theirs in pairs if ours != theirs}
        left, right = left.args[0], right.args[0].xreplace(rename) if rename else right.args[0]
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


def numbers_at(
    expressions: tuple[sympy.Basic, ...],
    dims: Mapping[sympy.Symbol, int],
    at: Mapping[str, int],
    point: Point,
) -> tuple[Any, ...]:
    """The values of the expressions (truth values, of propositions) at one point.

    Raises NoValueError, or what mpmath raises, where one has none.
    """
    writer = _Explicit(dims, point)
    return tuple(writer.value(expression, at) for expression in expressions)


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
    """Evaluates expressions; what depends on a variable of differentiation stays symbolic."""

    def __init__(self, dims: Mapping[sympy.Symbol, int], point: Point) -> None:
        self.dims = dims
        self.point = point
        #: Variables of the derivatives around, each with the symbol that stands for it there.
        self.varied: dict[Place, sympy.Symbol] = {}

    def value(self, e: Any, at: Mapping[str, int]) -> Any:
        """A number, or an expression in the varied symbols."""
        if isinstance(e, sympy.Symbol):
            return self._symbol(e, at)
        if isinstance(e, Idx):
            return at[e.name]
        if isinstance(e, Indexed):
            return self._component(self._place(e, at), None)
        if isinstance(e, sympy.Sum | SympyProduct):
            return self._over_limits(e, at)
        if isinstance(e, sympy.KroneckerDelta):
            return int(self.value(e.args[0], at) == self.value(e.args[1], at))
        if isinstance(e, sympy.Derivative):
            return self._derivative(e, at)
        if isinstance(e, sympy.Piecewise):
            return self._cases(e, at)
        return _apply(e, [self.value(argument, at) for argument in e.args])

    def _place(self, e: Any, at: Mapping[str, int]) -> Place:
        if isinstance(e, sympy.Symbol):
            return e.name, ()
        return e.base.name, tuple(int(self.value(index, at)) for index in e.indices)

    def _symbol(self, e: sympy.Symbol, at: Mapping[str, int]) -> Any:
        if e in self.dims:
            return self.dims[e]
        if e.name in at:
            return at[e.name]
        return self._component((e.name, ()), e)

    def _component(self, place: Place, symbol: sympy.Symbol | None) -> Any:
        varied = self.varied.get(place)
        return self.point(place, symbol) if varied is None else varied

    def _derivative(self, e: sympy.Derivative, at: Mapping[str, int]) -> Any:
        ((variable, order),) = e.variable_count
        place = self._place(variable, at)
        outside = self.varied.get(place)
        inside = sympy.Symbol(f"t{len(self.varied)}", real=True)
        self.varied[place] = inside
        body = self.value(e.expr, at)
        if outside is None:
            del self.varied[place]
        else:
            self.varied[place] = outside
        if not isinstance(body, sympy.Basic):
            return 0
        value = self._component(place, variable if isinstance(variable, sympy.Symbol) else None)
        return _substituted(sympy.diff(body, inside, int(order)), inside, value)

    def _over_limits(self, e: Any, at: Mapping[str, int]) -> Any:
        letters = [limit[0].name for limit in e.limits]
        ranges = [range(1, _length(limit[2], self.dims) + 1) for limit in e.limits]
        parts = [
            self.value(e.function, {**at, **dict(zip(letters, values, strict=True))})
            for values in product(*ranges)
        ]
        return _added(parts) if isinstance(e, sympy.Sum) else _multiplied(parts)

    def _cases(self, e: sympy.Piecewise, at: Mapping[str, int]) -> Any:
        pieces = []
        for branch, condition in e.args:
            holds = self.value(condition, at)
            if holds is not False:
                pieces.append((_symbolic(self.value(branch, at)), holds))
            if holds is True:
                break
        if not pieces:
            raise NoValueError("no case applies")
        branch, holds = pieces[0]
        return _numeric(branch) if holds is True else sympy.Piecewise(*pieces)


def _substituted(e: Any, symbol: sympy.Symbol, value: Any) -> Any:
    """A derivative with its variable replaced by a number, or by the symbol of another one."""
    if e is symbol:
        return value
    if isinstance(e, sympy.Piecewise):
        for branch, condition in e.args:
            if _substituted(condition, symbol, value) is True:
                return _substituted(branch, symbol, value)
        raise NoValueError("no case applies")
    arguments = []
    for argument in e.args:
        arguments.append(_substituted(argument, symbol, value))
        if arguments[-1] == 0 and isinstance(e, sympy.Mul):
            return 0  # SymPy writes the derivative of a power as (... + 0 log(base)) base^n
    return _apply(e, arguments)


def _apply(e: Any, arguments: list[Any]) -> Any:
    """The node ``e`` with other arguments: a number or a truth value where all of them are."""
    if not e.args:
        return _numeric(e)
    if any(isinstance(argument, sympy.Basic) for argument in arguments):
        return e.func(*map(_symbolic, arguments))
    rule = _NUMBERS.get(e.func)
    if rule is None:
        raise NoValueError(f"no number is known for {e.func.__name__}")
    return rule(*arguments)


def _added(parts: list[Any]) -> Any:
    numbers = [part for part in parts if not isinstance(part, sympy.Basic)]
    symbolic = [part for part in parts if isinstance(part, sympy.Basic)]
    total = sum(numbers)
    return sympy.Add(*symbolic, _symbolic(total)) if symbolic else total


def _multiplied(parts: list[Any]) -> Any:
    numbers = [part for part in parts if not isinstance(part, sympy.Basic)]
    symbolic = [part for part in parts if isinstance(part, sympy.Basic)]
    total = math.prod(numbers)
    return sympy.Mul(*symbolic, _symbolic(total)) if symbolic else total


def _symbolic(value: Any) -> sympy.Basic:
    if isinstance(value, mpmath.mpf):
        return sympy.Float(value, mpmath.mp.dps)
    return sympy.sympify(value)  # a number or a SymPy object of ours, never a text


def _numeric(e: Any) -> Any:
    if e is sympy.true or e is sympy.false:
        return bool(e)
    if isinstance(e, sympy.Integer):
        return int(e)
    if isinstance(e, sympy.Rational):
        return mpmath.mpf(e.p) / e.q
    if isinstance(e, sympy.Float):
        return mpmath.mpf(e._mpf_)
    if e is sympy.E:
        return +mpmath.e
    if e is sympy.pi:
        return +mpmath.pi
    raise NoValueError(f"{e} is no number")


def _power(base: Any, exponent: Any) -> Any:
    if isinstance(exponent, int) and exponent >= 0:
        return base**exponent
    return mpmath.mpf(base) ** exponent


def _off_zero(value: Callable[[Any], Any]) -> Callable[..., Any]:
    """A function that jumps at 0, where it is given no value here."""

    def function(x: Any, *_: Any) -> Any:
        if x == 0:
            raise NoValueError("at a jump")
        return value(x)

    return function


#: The number that a SymPy node stands for, from those of its arguments.
_NUMBERS: Mapping[Any, Callable[..., Any]] = {
    sympy.Add: lambda *parts: sum(parts),
    sympy.Mul: lambda *parts: math.prod(parts),
    sympy.Pow: _power,
    sympy.exp: mpmath.exp,
    sympy.log: mpmath.log,
    sympy.sin: mpmath.sin,
    sympy.cos: mpmath.cos,
    sympy.tan: mpmath.tan,
    sympy.atan: mpmath.atan,
    sympy.sinh: mpmath.sinh,
    sympy.cosh: mpmath.cosh,
    sympy.tanh: mpmath.tanh,
    sympy.erf: mpmath.erf,
    sympy.Abs: abs,
    sympy.sign: lambda x: (x > 0) - (x < 0),
    sympy.floor: mpmath.floor,
    sympy.ceiling: mpmath.ceil,
    sympy.Max: max,
    sympy.Min: min,
    sympy.Heaviside: _off_zero(lambda x: int(x > 0)),
    sympy.DiracDelta: _off_zero(lambda x: 0),
    sympy.UnevaluatedExpr: lambda x: x,
    sympy.Eq: lambda a, b: bool(a == b),
    sympy.Ne: lambda a, b: bool(a != b),
    sympy.Lt: lambda a, b: bool(a < b),
    sympy.Le: lambda a, b: bool(a <= b),
    sympy.Gt: lambda a, b: bool(a > b),
    sympy.Ge: lambda a, b: bool(a >= b),
    sympy.And: lambda *parts: all(parts),
    sympy.Or: lambda *parts: any(parts),
    sympy.Not: lambda part: not part,
}
