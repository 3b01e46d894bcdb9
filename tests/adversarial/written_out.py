"""Typed terms written out at fixed dimensions, and derivatives of what is written out.

Sums, products, deltas, inverses and determinants become a finite expression in the components of
the variables.  A derivative is taken of that expression, symbolically and component by component
(the refuter runs dual numbers, the prover works on indices).
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from itertools import permutations, product

from derive.terms.declarations import Declarations
from derive.terms.structure import free_indices, loose_binders
from derive.terms.term import (
    Add,
    And,
    Apply,
    Bound,
    Call,
    Compare,
    Delta,
    Derivative,
    Determinant,
    Dim,
    Dimension,
    Element,
    Fixed,
    ForAll,
    Free,
    Index,
    Indicator,
    InverseEntry,
    Mul,
    Node,
    Not,
    Number,
    Or,
    Position,
    Pow,
    Product,
    SameIndex,
    Sum,
    Term,
    Undefined,
    Where,
)

Key = tuple[int, ...]
Expression = tuple  # (operation, part, ...)

ZERO, ONE = Fraction(0), Fraction(1)


class NoValueError(ArithmeticError):
    """The term has no value at the point."""


class TooLargeError(ArithmeticError):
    """Written out, the term is larger than is looked at."""


class Writer:
    """Writes terms out at fixed dimensions; equal parts become one and the same object."""

    LARGEST = 400_000

    def __init__(
        self,
        declarations: Declarations,
        dims: Mapping[str, int],
        functions: Mapping[str, Callable[..., Expression]] | None = None,
    ) -> None:
        self.declarations = declarations
        self.dims = dims
        self.functions = functions or {}
        self._nodes: dict[tuple[object, ...], Expression] = {}
        self._written: dict[object, Expression] = {}
        self._derived: dict[tuple[int, int], Expression] = {}

    def length(self, dim: Dim) -> int:
        return dim if isinstance(dim, int) else self.dims[dim]

    def make(self, *parts: object) -> Expression:
        key = tuple([id(part) if isinstance(part, _Node) else part for part in parts])
        node = self._nodes.get(key)
        if node is None:
            node = self._nodes[key] = _Node(parts)
            if len(self._nodes) > self.LARGEST:
                raise TooLargeError("written out, it is too large")
        return node

    def number(self, value: int | Fraction) -> Expression:
        return self.make("number", Fraction(value))

    def write(
        self,
        node: Node,
        at: Mapping[Free, int],
        bound: Key = (),
        held: frozenset[str] = frozenset(),
    ) -> Expression:
        """The expression under these index values (``bound``: the nearest binder first)."""
        key = (
            node,
            bound[: loose_binders(node)],
            tuple([at[index] for index in free_indices(node)]),
            held,
        )
        found = self._written.get(key)
        if found is None:
            found = self._written[key] = self._write(node, at, bound, held)
        return found

    def _write(
        self, node: Node, at: Mapping[Free, int], bound: Key, held: frozenset[str]
    ) -> Expression:
        def inner(part: Node) -> Expression:
            return self.write(part, at, bound, held)

        def value(index: Index) -> int:
            match index:
                case Bound(depth):
                    return bound[depth]
                case Fixed(constant, dim):
                    if not 1 <= constant <= self.length(dim):
                        raise NoValueError(f"the range has no place {constant}")
                    return constant
            return at[index]

        match node:
            case Number(number):
                return self.number(number)
            case Dimension(dim):
                return self.number(self.length(dim))
            case Position(index):
                return self.number(value(index))
            case Delta(left, right):
                return self.number(int(value(left) == value(right)))
            case Undefined():
                return self.make("undefined")
            case Element(name, indices):
                return self._component(name, tuple([value(i) for i in indices]), held)
            case Add(terms):
                return self.make("add", *map(inner, terms))
            case Mul(factors):
                return self.make("mul", *map(inner, factors))
            case Pow(base, exponent):
                return self._power(inner(base), exponent, inner(exponent))
            case Apply(function, arguments):
                return self.make(function, *map(inner, arguments))
            case Sum(dim, body) | Product(dim, body):
                operation = "add" if isinstance(node, Sum) else "mul"
                values = range(1, self.length(dim) + 1)
                return self.make(
                    operation, *[self.write(body, at, (v, *bound), held) for v in values]
                )
            case Indicator(condition):
                return self.make("where", inner(condition), self.number(1), self.number(0))
            case Where(condition, then, otherwise):
                return self.make("where", inner(condition), inner(then), inner(otherwise))
            case Derivative(body, variable):
                place = tuple([value(i) for i in variable.indices])
                return self._derivative(body, variable.name, place, at, bound, held)
            case Determinant(matrix):
                return self._determinant(self._rows(matrix, held))
            case InverseEntry(matrix, row, column):
                return self._inverse(self._rows(matrix, held), value(row), value(column))
            case Call():
                return self._call(node, at, bound, held, value)
            case Compare(operator, left, right):
                return self.make("compare", operator, inner(left), inner(right))
            case SameIndex(left, right):
                return self.make("truth", value(left) == value(right))
            case Not(part):
                return self.make("not", inner(part))
            case And(parts):
                return self.make("and", *map(inner, parts))
            case Or(parts):
                return self.make("or", *map(inner, parts))
            case ForAll(dim, body):
                values = range(1, self.length(dim) + 1)
                return self.make("and", *[self.write(body, at, (v, *bound), held) for v in values])
        raise TypeError(f"no meaning for {type(node).__name__}")

    def _component(self, name: str, key: Key, held: frozenset[str]) -> Expression:
        definition = self.declarations.definitions.get(name)
        shape = (
            tuple(index.dim for index in definition.indices)
            if definition
            else self.declarations.shape(name)
        )
        if len(key) != len(shape):
            raise TypeError(f"{name} has {len(shape)} axes, not {len(key)}")
        if any(k > self.length(dim) for k, dim in zip(key, shape, strict=True)):
            raise TypeError(f"{name} has no component {key}")
        if definition is None or name in held:
            return self.make("component", name, key)
        at = dict(zip(definition.indices, key, strict=True))
        return self.write(definition.body, at, (), held)

    def _power(self, base: Expression, exponent: Term, written: Expression) -> Expression:
        number = _constant(written)
        if number is not None and number.denominator == 1:
            return self.make("whole power", base, int(number))
        if number is None and self._is_integer(exponent):
            return self.make("integer power", base, written)
        return self.make("power", base, written)

    def _is_integer(self, term: Term) -> bool:
        """Whether the form of the term says that it is an integer."""
        match term:
            case Number(value):
                return value.denominator == 1
            case Dimension() | Position() | Delta() | Indicator() | Apply("sign"):
                return True
            case Apply("floor" | "ceiling" | "step" | "flat" | "divisor_count"):
                return True
            case Element(name):
                return self.declarations.has(name, "integer")
            case Add(parts) | Mul(parts):
                return all(map(self._is_integer, parts))
            case Sum(_, body) | Product(_, body):
                return self._is_integer(body)
        return False

    def _derivative(
        self,
        body: Term,
        name: str,
        place: Key,
        at: Mapping[Free, int],
        bound: Key,
        held: frozenset[str],
    ) -> Expression:
        written = self.write(body, at, bound, held | {name})
        variable = self.make("component", name, place)
        slope = self.make(
            "given", written, self.make("given", variable, self.diff(written, variable))
        )
        if name in self.declarations.definitions and name not in held:
            slope = self._put_in(slope, name, held)
        return slope

    def _put_in(self, expression: Expression, name: str, held: frozenset[str]) -> Expression:
        """The expression with the components of a defined name replaced by their meaning."""
        known: dict[int, Expression] = {}

        def put(node: Expression) -> Expression:
            if id(node) not in known:
                if node[0] == "component":
                    new = self._component(name, node[2], held) if node[1] == name else node
                else:
                    new = self.make(*[put(p) if isinstance(p, _Node) else p for p in node])
                known[id(node)] = new
            return known[id(node)]

        return put(expression)

    def _rows(self, matrix: str, held: frozenset[str]) -> list[list[Expression]]:
        definition = self.declarations.definitions.get(matrix)
        rows, columns = (
            (index.dim for index in definition.indices)
            if definition
            else self.declarations.shape(matrix)
        )
        height, width = self.length(rows), self.length(columns)
        if height != width:
            raise NoValueError(f"{matrix} is not square")
        sizes = range(1, height + 1)
        return [[self._component(matrix, (i, j), held) for j in sizes] for i in sizes]

    def _determinant(self, rows: list[list[Expression]]) -> Expression:
        """Leibniz' sum over permutations."""
        size = len(rows)
        if size > 5:
            raise TooLargeError("a determinant")
        terms = []
        for order in permutations(range(size)):
            swaps = sum(order[a] > order[b] for a in range(size) for b in range(a + 1, size))
            terms.append(
                self.make(
                    "mul", self.number((-1) ** swaps), *[rows[i][order[i]] for i in range(size)]
                )
            )
        return self.make("add", *terms)

    def _inverse(self, rows: list[list[Expression]], row: int, column: int) -> Expression:
        """Cramer's rule."""
        minor = [
            [entry for j, entry in enumerate(line, 1) if j != row]
            for i, line in enumerate(rows, 1)
            if i != column
        ]
        sign = self.number((-1) ** (row + column))
        whole = self._determinant(rows)
        return self.make("mul", sign, self._determinant(minor), self.make("whole power", whole, -1))

    def _call(
        self,
        node: Call,
        at: Mapping[Free, int],
        bound: Key,
        held: frozenset[str],
        value: Callable[[Index], int],
    ) -> Expression:
        """A concrete function at its arguments; partial derivatives of it by its own variables."""
        inside, outside = {}, {}
        for slot, argument in enumerate(node.arguments):
            for key in product(*[range(1, self.length(dim) + 1) for dim in argument.dims]):
                inside[slot, key] = self.make("component", f"argument {slot}", key)
                outside[f"argument {slot}", key] = self.write(
                    argument.body, at, (*reversed(key), *bound), held
                )
        outputs = tuple([value(i) for i in node.outputs])
        result = self.functions[node.name](self, outputs, inside)
        for slot, indices in node.partials:
            place = self.make("component", f"argument {slot}", tuple([value(i) for i in indices]))
            result = self.diff(result, place)
        known: dict[int, Expression] = {}

        def put(part: Expression) -> Expression:
            if id(part) not in known:
                if part[0] == "component":
                    known[id(part)] = outside[part[1], part[2]]
                else:
                    known[id(part)] = self.make(
                        *[put(p) if isinstance(p, _Node) else p for p in part]
                    )
            return known[id(part)]

        result = put(result)
        for argument in outside.values():
            result = self.make("given", argument, result)
        return result

    # ---- derivatives of expressions ---------------------------------------------------------

    def diff(self, node: Expression, x: Expression) -> Expression:
        """The derivative of the expression by one component."""
        key = (id(node), id(x))
        found = self._derived.get(key)
        if found is None:
            found = self._derived[key] = self._diff(node, x)
        return found

    def _diff(self, node: Expression, x: Expression) -> Expression:
        make, number = self.make, self.number
        operation, arguments = node[0], node[1:]
        if operation == "component":
            return number(int(node is x))
        if operation in ("number", "pi"):
            return number(0)
        if operation == "undefined":
            return node
        if operation == "add":
            slopes = [self.diff(part, x) for part in arguments]
            slopes = [slope for slope in slopes if not _is_zero(slope)]
            return make("add", *slopes) if slopes else number(0)
        if operation == "mul":
            summands = []
            for place, part in enumerate(arguments):
                slope = self.diff(part, x)
                if not _is_zero(slope):
                    others = [*arguments[:place], slope, *arguments[place + 1 :]]
                    summands.append(make("mul", *others))
            return make("add", *summands) if summands else number(0)
        if operation == "given":
            return make("given", arguments[0], self.diff(arguments[1], x))
        if operation == "where":
            condition, then, otherwise = arguments
            branches = make("where", condition, self.diff(then, x), self.diff(otherwise, x))
            for edge in self._edges(condition, x):
                branches = make("given", edge, branches)
            return branches
        slopes = [self.diff(a, x) if isinstance(a, _Node) else number(0) for a in arguments]
        if all(map(_is_zero, slopes)):
            return number(0)
        u, du = arguments[0], slopes[0]
        if operation == "whole power":
            exponent = arguments[1]
            return make("mul", number(exponent), make("whole power", u, exponent - 1), du)
        if operation in ("power", "integer power"):
            v, dv = arguments[1], slopes[1]
            over = make("mul", v, du, make("whole power", u, -1))
            if _is_zero(dv):
                within = make("given", make("log", u), over) if operation == "power" else over
                return make("mul", node, within)
            logarithm = make("log", u)
            return make("mul", node, make("add", make("mul", dv, logarithm), over))
        if operation in ("max", "min"):
            v, dv = arguments[1], slopes[1]
            edge = make("edge", _minus(self, u, v), _minus(self, du, dv))
            order = ">" if operation == "max" else "<"
            return make("given", edge, make("where", make("compare", order, u, v), du, dv))
        if operation in ("relu", "abs", "sign", "step", "flat", "floor", "ceiling"):
            below = {"abs": make("mul", number(-1), du)}.get(operation, number(0))
            above = du if operation in ("relu", "abs") else number(0)
            if operation in ("floor", "ceiling"):
                return make("given", make("between integers", u), number(0))
            edge = make("edge", u, du)
            positive = make("compare", ">", u, number(0))
            return make("given", edge, make("where", positive, above, below))
        return make("mul", _OUTER_SLOPES[operation](self, u, node), du)

    def _edges(self, condition: Expression, x: Expression) -> Iterator[Expression]:
        """The places at which a condition may change, while x moves."""
        if condition[0] == "compare":
            difference = _minus(self, condition[2], condition[3])
            slope = self.diff(difference, x)
            if not _is_zero(slope):
                yield self.make("edge", difference, slope)
        for part in condition[1:]:
            if isinstance(part, _Node) and condition[0] in ("not", "and", "or"):
                yield from self._edges(part, x)


class _Node(tuple):
    """An expression; equal ones of one writer are the same object."""

    __slots__ = ()


def _constant(node: Expression) -> Fraction | None:
    """The number that an expression of numbers alone stands for."""
    if node[0] == "number":
        return node[1]
    if node[0] in ("add", "mul", "whole power"):
        parts = [_constant(p) if isinstance(p, _Node) else Fraction(p) for p in node[1:]]
        if any(part is None for part in parts):
            return None
        if node[0] == "whole power":
            return parts[0] ** int(parts[1]) if parts[0] or parts[1] > 0 else None
        total = ZERO if node[0] == "add" else ONE
        for part in parts:
            total = total + part if node[0] == "add" else total * part
        return total
    return None


def _is_zero(node: Expression) -> bool:
    return node[0] == "number" and node[1] == 0


def _minus(writer: Writer, left: Expression, right: Expression) -> Expression:
    return writer.make("add", left, writer.make("mul", writer.number(-1), right))


def _one_minus_square(w: Writer, u: Expression, f: Expression) -> Expression:
    return _minus(w, w.number(1), w.make("whole power", f, 2))


#: The outer derivatives of smooth functions, from their argument and their value.
_OUTER_SLOPES: Mapping[str, Callable[[Writer, Expression, Expression], Expression]] = {
    "exp": lambda w, u, f: f,
    "log": lambda w, u, f: w.make("whole power", u, -1),
    "sin": lambda w, u, f: w.make("cos", u),
    "cos": lambda w, u, f: w.make("mul", w.number(-1), w.make("sin", u)),
    "tan": lambda w, u, f: w.make("add", w.number(1), w.make("whole power", f, 2)),
    "atan": lambda w, u, f: w.make(
        "whole power", w.make("add", w.number(1), w.make("whole power", u, 2)), -1
    ),
    "erf": lambda w, u, f: w.make(
        "mul",
        w.number(2),
        w.make("power", w.make("pi"), w.number(Fraction(-1, 2))),
        w.make("exp", w.make("mul", w.number(-1), u, u)),
    ),
    "sinh": lambda w, u, f: w.make("cosh", u),
    "cosh": lambda w, u, f: w.make("sinh", u),
    "tanh": _one_minus_square,
    "sigmoid": lambda w, u, f: w.make("mul", f, _minus(w, w.number(1), f)),
    "softplus": lambda w, u, f: w.make("sigmoid", u),
    "sqrt": lambda w, u, f: w.make("mul", w.number(Fraction(1, 2)), w.make("whole power", f, -1)),
}
