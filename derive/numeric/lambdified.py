"""SymPy expressions over indices as functions of arrays: ``lambdify`` with a printer of our own.

One compiled function serves many points at once: values carry a leading axis of points and,
where they depend on a free index, a second one of entries.  The same function takes floats,
complex numbers and mpmath numbers (in object arrays), whose exponents don't overflow.  A
``Derivative`` is a complex step through its body, exact to rounding.

Every name in the compiled code is generated here; no name of a symbol becomes code.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import add, mul
from typing import Any

import mpmath
import numpy as np
import sympy
from sympy.printing.numpy import NumPyPrinter
from sympy.tensor.indexed import Idx, Indexed

#: The complex step; its square is far below the rounding of 60 digits.
STEP = 2.0**-300

Function = Callable[..., Any]

_OBJECTS = np.dtype(object)


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a variable at all points: axis 0 counts the points, the others the indices.

    Indices are 1-based numbers, or arrays of them, one for each entry.  ``moved`` is the place
    that a derivative moves by the complex step.
    """

    array: Any
    moved: tuple[Any, ...] | None = None

    def __getitem__(self, indices: Any) -> Any:
        places = indices if isinstance(indices, tuple) else (indices,)
        found = self.array[(slice(None), *(place - 1 for place in places))]
        value = found if found.ndim == 2 else found[:, np.newaxis]
        if self.moved is None:
            return value
        same = reduce(np.logical_and, map(np.equal, places, self.moved))
        return value + _step(value) * same

    @property
    def scalar(self) -> Any:
        """The value of a scalar variable, with an axis of one entry."""
        value = self.array[:, np.newaxis]
        return value if self.moved is None else value + _step(value)

    def moved_at(self, *indices: Any) -> "Values":
        """The same variable with the component at these indices moved by the complex step."""
        return Values(self.array, indices)


def _step(value: Any) -> Any:
    return mpmath.mpc(0, STEP) if value.dtype == _OBJECTS else 1j * STEP


def compiled(
    expressions: tuple[sympy.Basic, ...],
    variables: tuple[str, ...],
    dimensions: tuple[sympy.Symbol, ...],
    axes: tuple[Idx, ...],
) -> Function:
    """The expressions as one function of values, sizes and indices, in the orders given here.

    It takes a ``Values`` for each variable, a number for each dimension, and for each axis an
    array of 1-based indices, one for each entry; it returns a list.  Raises ValueError for an
    expression that can't be compiled.
    """
    names = {name: f"v{place}" for place, name in enumerate(variables)}
    names |= {symbol.name: f"n{place}" for place, symbol in enumerate(dimensions)}
    names |= {axis.name: f"i{place}" for place, axis in enumerate(axes)}
    printer = _Printer(names, set(variables) - _array_names(expressions))
    # Generated names; lambdify takes them as they are.
    arguments = list(names.values())
    function: Function = sympy.lambdify(
        arguments,
        list(expressions),
        modules=[_NAMESPACE],
        printer=printer,
        docstring_limit=0,  # the docstring would print the expressions once more
    )
    return function


def _array_names(expressions: tuple[sympy.Basic, ...]) -> set[str]:
    return {base.name for expression in expressions for base in expression.atoms(sympy.IndexedBase)}


class _Printer(NumPyPrinter):  # type: ignore[misc]
    """Prints an expression with generated names, sums as calls, derivatives as complex steps."""

    def __init__(self, names: Mapping[str, str], scalars: set[str]) -> None:
        super().__init__({"fully_qualified_modules": False, "inline": True})
        self.names = dict(names)
        self.scalars = scalars
        self.letters = 0

    # The printer's own sums and products are sorted, which takes most of the time.
    def _print_Add(self, e: Any, order: Any = None) -> str:
        return f"({' + '.join(map(self._print, e.args))})"

    def _print_Mul(self, e: Any) -> str:
        return f"({'*'.join(map(self._print, e.args))})"

    def _print_Symbol(self, e: Any) -> str:
        name = self.names.get(e.name)
        if name is None:
            raise ValueError(f"nothing is given for {e.name}")
        return f"{name}.scalar" if e.name in self.scalars else name

    def _print_Idx(self, e: Any) -> str:
        return self.names[e.name]

    def _print_Indexed(self, e: Any) -> str:
        indices = ", ".join(self._print(index) for index in e.indices)
        return f"{self.names[e.base.name]}[{indices}]"

    def _print_Sum(self, e: Any) -> str:
        return self._over_limits(e, "total")

    def _print_Product(self, e: Any) -> str:
        return self._over_limits(e, "product")

    def _over_limits(self, e: Any, function: str) -> str:
        outer = dict(self.names)
        lengths = []
        letters = []
        for limit in e.limits:
            lengths.append(self._print(limit[2]))
            letters.append(f"k{self.letters}")
            self.letters += 1
        self.names |= {limit[0].name: name for limit, name in zip(e.limits, letters, strict=True)}
        scalars, self.scalars = self.scalars, self.scalars - {limit[0].name for limit in e.limits}
        body = self._print(e.function)
        self.names, self.scalars = outer, scalars
        return f"{function}(lambda {', '.join(letters)}: {body}, {', '.join(lengths)})"

    def _print_Derivative(self, e: Any) -> str:
        ((variable, order),) = e.variable_count
        if order != 1 or e.expr.has(sympy.Derivative):
            raise ValueError("a derivative of a derivative is not compiled")
        if isinstance(variable, Indexed):
            name = self.names[variable.base.name]
            indices = "".join(f", {self._print(index)}" for index in variable.indices)
        else:
            name, indices = self.names[variable.name], ""
        return f"slope(lambda {name}: {self._print(e.expr)}, {name}{indices})"

    def _print_KroneckerDelta(self, e: Any) -> str:
        return f"same({self._print(e.args[0])}, {self._print(e.args[1])})"

    def _print_Max(self, e: Any) -> str:
        return f"largest({', '.join(map(self._print, e.args))})"

    def _print_Min(self, e: Any) -> str:
        return f"smallest({', '.join(map(self._print, e.args))})"

    def _print_Piecewise(self, e: Any) -> str:
        branches = (f"lambda: {self._print(branch)}" for branch, _ in e.args)
        conditions = (self._print(condition) for _, condition in e.args)
        return "cases({})".format(
            ", ".join(f"({c}, {b})" for c, b in zip(conditions, branches, strict=True))
        )

    def _print_Relational(self, e: Any) -> str:
        relation = _RELATIONS[e.rel_op]
        return f"{relation}({self._print(e.lhs)}, {self._print(e.rhs)})"

    def _print_Rational(self, e: Any) -> str:
        return f"ratio({e.p}, {e.q})"

    def _print_Exp1(self, e: Any) -> str:
        return "exp(1)"

    def _print_Half(self, e: Any) -> str:
        return "0.5"

    def _print_Pow(self, e: Any, rational: bool = False) -> str:
        if e.exp == -1:
            return f"(1/({self._print(e.base)}))"
        if isinstance(e.exp, sympy.Integer):
            return f"({self._print(e.base)})**({int(e.exp)})"
        return f"power({self._print(e.base)}, {self._print(e.exp)})"

    def _print(self, expr: Any, **options: Any) -> str:
        """Functions by our table only: what SymPy would print for others is not there to call."""
        if isinstance(expr, sympy.Function) and not isinstance(
            expr, sympy.Piecewise | sympy.KroneckerDelta
        ):
            return self._print_Function(expr)
        printed: str = super()._print(expr, **options)
        return printed

    def _print_Function(self, e: Any) -> str:
        name = type(e).__name__
        if e.func not in _FUNCTIONS:
            raise ValueError(f"the function {name} is not compiled")
        return f"{name}({', '.join(map(self._print, e.args))})"


#: Printed by their names, which are in the namespace.
_FUNCTIONS = frozenset(
    {
        sympy.exp,
        sympy.log,
        sympy.sin,
        sympy.cos,
        sympy.tan,
        sympy.atan,
        sympy.sinh,
        sympy.cosh,
        sympy.tanh,
        sympy.floor,
        sympy.ceiling,
        sympy.sign,
        sympy.Abs,
    }
)

_RELATIONS = {
    "==": "equal",
    "!=": "not_equal",
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
}


# ---- what the compiled code calls ------------------------------------------------------------


def _total(body: Function, *lengths: int) -> Any:
    return reduce(add, (body(*(n + 1 for n in place)) for place in np.ndindex(*lengths)))


def _product(body: Function, *lengths: int) -> Any:
    return reduce(mul, (body(*(n + 1 for n in place)) for place in np.ndindex(*lengths)))


def _slope(body: Function, variable: Values, *indices: Any) -> Any:
    return _imaginary(body(variable.moved_at(*indices))) / STEP


def _same(left: Any, right: Any) -> Any:
    return np.equal(left, right) * 1


def _cases(*branches: tuple[Any, Function]) -> Any:
    """The first branch whose condition holds, entry by entry; NaN where none does."""
    result: Any = np.nan
    for condition, branch in reversed(branches):
        if condition is True:
            result = branch()
        elif condition is not False:
            result = np.where(condition, branch(), result)
    return result


def _ratio(numerator: int, denominator: int) -> float:
    return numerator / denominator


def _power(base: Any, exponent: Any) -> Any:
    return np.power(base, exponent)


def _polymorphic(plain: Function, exact: Function) -> Function:
    on_objects = np.frompyfunc(exact, 1, 1)

    def function(x: Any) -> Any:
        return on_objects(x) if getattr(x, "dtype", None) == _OBJECTS else plain(x)

    return function


def _by_real_part(choose: Function) -> Function:
    """A function of two numbers that takes the one whose real part the comparison chooses."""

    def function(*values: Any) -> Any:
        return reduce(lambda a, b: np.where(choose(_real(a), _real(b)), a, b), values)

    return function


def _relation(compare: Function) -> Function:
    return lambda left, right: compare(_real(left), _real(right)).astype(bool)


_real = _polymorphic(np.real, lambda z: z.real)
_imaginary = _polymorphic(np.imag, lambda z: z.imag if isinstance(z, mpmath.mpc) else 0)


def _sign(x: Any) -> Any:
    real = _real(x)
    return np.greater(real, 0) * 1 - np.less(real, 0) * 1


_NAMESPACE: dict[str, Any] = {
    "total": _total,
    "product": _product,
    "slope": _slope,
    "same": _same,
    "cases": _cases,
    "ratio": _ratio,
    "power": _power,
    "largest": _by_real_part(np.greater_equal),
    "smallest": _by_real_part(np.less_equal),
    "exp": _polymorphic(np.exp, mpmath.exp),
    "log": _polymorphic(np.log, mpmath.log),
    "sin": _polymorphic(np.sin, mpmath.sin),
    "cos": _polymorphic(np.cos, mpmath.cos),
    "tan": _polymorphic(np.tan, mpmath.tan),
    "atan": _polymorphic(np.arctan, mpmath.atan),
    "sinh": _polymorphic(np.sinh, mpmath.sinh),
    "cosh": _polymorphic(np.cosh, mpmath.cosh),
    "tanh": _polymorphic(np.tanh, mpmath.tanh),
    "floor": _polymorphic(np.floor, mpmath.floor),
    "ceiling": _polymorphic(np.ceil, mpmath.ceil),
    "sign": _sign,
    "Abs": lambda x: np.where(np.less(_real(x), 0), -x, x),
    "equal": _relation(np.equal),
    "not_equal": _relation(np.not_equal),
    "less": _relation(np.less),
    "less_equal": _relation(np.less_equal),
    "greater": _relation(np.greater),
    "greater_equal": _relation(np.greater_equal),
    "logical_and": np.logical_and,
    "logical_or": np.logical_or,
    "logical_not": np.logical_not,
}
