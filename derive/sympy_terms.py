"""From SymPy identities to typed terms.

Shapes and ranges are read off the SymPy objects themselves: ``IndexedBase.shape`` for arrays,
``Idx("i", (1, n))`` for free indices, the limits of ``Sum`` for bound ones.  A symbol that is the
length of some range is a dimension; every other one is a real scalar.  Nothing is evaluated, and
no text is ever parsed: only objects are read.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

import sympy
from sympy.concrete.products import Product as SympyProduct
from sympy.core.relational import Relational
from sympy.functions.combinatorial.numbers import divisor_sigma
from sympy.tensor.indexed import Idx, Indexed, IndexedBase

from derive.operation_count import operation_count
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Obligation, Side, Statement, align
from derive.terms.structure import product_over, sum_over
from derive.terms.term import (
    Add,
    And,
    Compare,
    Delta,
    Derivative,
    Dim,
    Dimension,
    Element,
    Fixed,
    Free,
    Index,
    Mul,
    Not,
    Number,
    Operator,
    Or,
    Pow,
    Proposition,
    SameIndex,
    Term,
    Undefined,
    Where,
    apply,
)


class Tensor(sympy.Expr):  # type: ignore[misc]
    """``Tensor(entry, i, j, ...)``: an array whose axes are the free indices, in that order.

    Use it where the order of the axes is part of the claim (a Jacobian against a transpose);
    sides without it are compared entry by entry, by the names of their free indices.
    """

    def __new__(cls, entry: sympy.Expr, *axes: Idx) -> "Tensor":
        """Build the array; ``axes`` are ``Idx`` with their range."""
        made: Tensor = sympy.Expr.__new__(cls, entry, *axes)
        return made

    def _sympystr(self, printer: Any) -> str:
        # SymPy's printers take the class name for their own, quite different Tensor.
        return f"Tensor({', '.join(printer._print(a) for a in self.args)})"

    def _latex(self, printer: Any) -> str:
        return str(printer._print(self.args[0]))


class OperationCount(sympy.Expr):  # type: ignore[misc]
    """``OperationCount(entry, i, ...)``: scalar operations to evaluate ``entry`` for all indices.

    The order of evaluation is the tree as it stands (see ``derive.operation_count``).
    """

    def __new__(cls, entry: sympy.Expr, *axes: Idx) -> "OperationCount":
        """Build the count; ``axes`` are ``Idx`` with their range."""
        made: OperationCount = sympy.Expr.__new__(cls, entry, *axes)
        return made


class ShapeError(Exception):
    """Two shapes that can't meet; ``left`` and ``right`` say which."""

    def __init__(self, message: str, left: str, right: str) -> None:
        super().__init__(message)
        self.left = left
        self.right = right


class UnsupportedError(Exception):
    """A SymPy object that has no meaning as a typed term; the message names it."""


_RELATIONS: Mapping[str, Operator] = {
    "==": "=",
    "!=": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}

_FUNCTIONS: Mapping[Any, str] = {
    sympy.exp: "exp",
    sympy.log: "log",
    sympy.sin: "sin",
    sympy.cos: "cos",
    sympy.tan: "tan",
    sympy.atan: "atan",
    sympy.sinh: "sinh",
    sympy.cosh: "cosh",
    sympy.tanh: "tanh",
    sympy.erf: "erf",
    sympy.Abs: "abs",
    sympy.sign: "sign",
    sympy.floor: "floor",
    sympy.ceiling: "ceiling",
}

#: The highest order of a derivative that is written out.
_HIGHEST_DERIVATIVE = 12

_ASSUMPTION_WORDS = (
    ("is_positive", "positive"),
    ("is_nonnegative", "nonnegative"),
    ("is_nonzero", "nonzero"),
    ("is_integer", "integer"),
)


def obligation_from_sympy(
    identity: sympy.Basic,
    *,
    conditions: Mapping[str, tuple[str, ...]] | None = None,
    hypotheses: tuple[sympy.Basic, ...] = (),
) -> Obligation | Statement:
    """The typed statement that a SymPy relation or proposition makes.

    Raises ``ShapeError`` where indices of different ranges meet or the sides have different
    shapes, and ``UnsupportedError`` for objects without a meaning here.
    """
    sides = sides_from_sympy(identity, conditions=conditions, hypotheses=hypotheses)
    if sides is None:
        importer = _Importer.for_expressions((identity, *hypotheses))
        context = tuple(importer.proposition(h, {}) for h in hypotheses)
        declarations = importer.declarations(conditions or {}, context)
        return Statement(importer.proposition(identity, {}), declarations)
    if sides.left.shape != sides.right.shape:
        raise ShapeError(
            f"the left side has shape {shape_words(sides.left.shape)}, "
            f"the right side {shape_words(sides.right.shape)}",
            shape_words(sides.left.shape),
            shape_words(sides.right.shape),
        )
    return align(sides.operator, sides.left, sides.right, sides.declarations)


@dataclass(frozen=True, slots=True)
class Sides:
    """A relation before its axes are aligned: both sides may still differ in shape."""

    operator: Operator
    left: Side
    right: Side
    declarations: Declarations


def sides_from_sympy(
    identity: sympy.Basic,
    *,
    conditions: Mapping[str, tuple[str, ...]] | None = None,
    hypotheses: tuple[sympy.Basic, ...] = (),
) -> Sides | None:
    """The two sides of a relation; None for a proposition about integers.

    Raises ``ShapeError`` and ``UnsupportedError`` as ``obligation_from_sympy`` does.
    """
    importer = _Importer.for_expressions((identity, *hypotheses))
    context = tuple(importer.proposition(h, {}) for h in hypotheses)
    sides = _sides(identity, importer)
    if sides is None:
        return None
    return Sides(*sides, importer.declarations(conditions or {}, context))


def proposition_from_sympy(proposition: sympy.Basic) -> Proposition:
    """A SymPy relation or Boolean as a typed proposition."""
    return _Importer.for_expressions((proposition,)).proposition(proposition, {})


def shape_words(shape: tuple[Dim, ...]) -> str:
    """``n x m`` for a matrix, ``n`` for a vector, ``scalar``."""
    return " x ".join(map(str, shape)) if shape else "scalar"


def _sides(identity: sympy.Basic, importer: "_Importer") -> tuple[Operator, Side, Side] | None:
    if not isinstance(identity, Relational) or _is_integer_claim(identity):
        return None
    operator = _RELATIONS[identity.rel_op]
    return operator, importer.side(identity.lhs), importer.side(identity.rhs)


def _is_integer_claim(identity: Relational) -> bool:
    symbols = []
    for node in distinct_nodes(identity):
        if isinstance(node, OperationCount | sympy.Sum | SympyProduct | Indexed | Idx):
            return False
        if isinstance(node, sympy.Symbol):
            symbols.append(node)
    return bool(symbols) and all(symbol.is_integer for symbol in symbols)


def distinct_nodes(*expressions: sympy.Basic) -> Iterator[sympy.Basic]:
    """Every node of the expressions once, however often it occurs; parents come first."""
    seen: set[sympy.Basic] = set()
    stack = list(reversed(expressions))
    while stack:
        node = stack.pop()
        if node not in seen:
            seen.add(node)
            yield node
            stack.extend(reversed(node.args))


#: Bound letters, by name; a letter that is an ``Idx`` with a range also by itself.
Letters: TypeAlias = Mapping[Any, Free]


@dataclass(frozen=True)
class _Importer:
    dimensions: frozenset[sympy.Symbol]
    shapes: Mapping[str, tuple[Dim, ...]]
    scalars: Mapping[str, frozenset[str]]
    arrays: Mapping[str, frozenset[str]]
    below: tuple[Proposition, ...]

    @classmethod
    def for_expressions(cls, expressions: tuple[sympy.Basic, ...]) -> "_Importer":
        dimensions: set[sympy.Symbol] = set()
        bases: dict[str, IndexedBase] = {}
        symbols: list[sympy.Symbol] = []
        letters: set[sympy.Basic] = set()
        for node in distinct_nodes(*expressions):
            if isinstance(node, sympy.Sum | SympyProduct):
                for limit in node.limits:
                    dimensions |= limit[2].free_symbols
                    letters.add(limit[0])
            elif isinstance(node, Idx):
                letters.add(node.label)
                if node.upper is not None:
                    dimensions |= node.upper.free_symbols
            elif isinstance(node, IndexedBase):
                if bases.setdefault(node.name, node) != node:
                    raise UnsupportedError(f"two different arrays are named {node.name}")
                for length in node.shape or ():
                    dimensions |= length.free_symbols
            elif isinstance(node, sympy.Symbol):
                symbols.append(node)
        named: dict[str, sympy.Symbol] = {}
        for symbol in sorted(symbols, key=lambda symbol: (symbol in letters, symbol.name)):
            if symbol in dimensions or symbol.name in bases:
                continue
            if named.setdefault(symbol.name, symbol) != symbol and symbol not in letters:
                raise UnsupportedError(
                    f"two different symbols are named {symbol.name}; give them one set of "
                    "assumptions, or two names"
                )
        scalars = {name: _assumed(symbol) for name, symbol in named.items()}
        below = tuple(
            Compare("<" if symbol.is_negative else "<=", Element(name), Number(Fraction(0)))
            for name, symbol in named.items()
            if symbol.is_extended_nonpositive and not symbol.is_zero
        )
        shapes = {}
        for name in sorted(bases):
            base = bases[name]
            if base.shape is None:
                raise UnsupportedError(
                    f"the array {name} has no shape; write IndexedBase({name!r}, shape=(n, ...))"
                )
            shapes[name] = tuple(_dim(length) for length in base.shape)
        arrays = {name: _assumed(base.label) for name, base in bases.items()}
        return cls(frozenset(dimensions), shapes, scalars, arrays, below)

    def declarations(
        self, conditions: Mapping[str, tuple[str, ...]], hypotheses: tuple[Proposition, ...]
    ) -> Declarations:
        unknown = sorted(set(conditions) - set(self.shapes) - set(self.scalars))
        if unknown:
            known = ", ".join((*self.shapes, *sorted(self.scalars)))
            raise UnsupportedError(
                f"a condition is given for {unknown[0]}, which does not occur; there are: {known}"
            )
        variables = {
            name: Variable(name, shape, self.arrays[name] | frozenset(conditions.get(name, ())))
            for name, shape in self.shapes.items()
        }
        for name, words in self.scalars.items():
            variables[name] = Variable(name, (), words | frozenset(conditions.get(name, ())))
        return Declarations(
            dimensions=tuple(sorted(s.name for s in self.dimensions)),
            variables=variables,
            hypotheses=(*self.below, *hypotheses),
        )

    def side(self, expression: sympy.Basic) -> Side:
        if isinstance(expression, Tensor):
            axes = tuple(_free(axis) for axis in expression.args[1:])
            if len(set(axes)) < len(axes):
                raise UnsupportedError(f"one index stands for two axes: {expression}")
            return Side(axes, self.term(expression.args[0], {}))
        return Side((), self.term(expression, {}))

    def term(self, e: sympy.Basic, bound: Letters) -> Term:
        if isinstance(e, sympy.Rational):
            return Number(Fraction(int(e.p), int(e.q)))
        if isinstance(e, sympy.Symbol):
            return self._symbol(e, bound)
        if isinstance(e, Idx):
            raise UnsupportedError(f"the index {e} is used as a number")
        if e is sympy.E:
            return apply("exp", Number(Fraction(1)))
        if e is sympy.pi:
            return apply("pi")
        if isinstance(e, sympy.Add):
            return Add(tuple(self.term(a, bound) for a in e.args))
        if isinstance(e, sympy.Mul):
            return Mul(tuple(self.term(a, bound) for a in e.args))
        if isinstance(e, sympy.Pow):
            return Pow(self.term(e.base, bound), self.term(e.exp, bound))
        if isinstance(e, Indexed):
            return self._element(e, bound)
        if isinstance(e, sympy.Sum):
            return self._over_limits(e, bound, sum_over)
        if isinstance(e, SympyProduct):
            return self._over_limits(e, bound, product_over)
        if isinstance(e, sympy.KroneckerDelta):
            return self._delta(e, bound)
        if isinstance(e, sympy.Derivative):
            return self._derivative(e, bound)
        if isinstance(e, sympy.Piecewise):
            return self._cases(e, bound)
        if isinstance(e, sympy.Max | sympy.Min):
            return self._extremum(e, bound)
        if isinstance(e, sympy.UnevaluatedExpr):
            return self.term(e.args[0], bound)
        if isinstance(e, OperationCount):
            axes = tuple(_free(axis) for axis in e.args[1:])
            try:
                return operation_count(self.term(e.args[0], bound), axes)
            except ValueError as error:
                raise UnsupportedError(str(error)) from None
        if isinstance(e, divisor_sigma):
            if len(e.args) > 1 and e.args[1] == 0:
                return apply("divisor_count", self.term(e.args[0], bound))
        elif type(e) in _FUNCTIONS:
            return apply(_FUNCTIONS[type(e)], *(self.term(a, bound) for a in e.args))
        elif e.func in _FUNCTIONS:
            return apply(_FUNCTIONS[e.func], *(self.term(a, bound) for a in e.args))
        raise UnsupportedError(f"{type(e).__name__} has no meaning as a typed term: {e}")

    def proposition(self, p: sympy.Basic, bound: Letters) -> Proposition:
        if isinstance(p, Relational):
            return self._relation(p, bound)
        if isinstance(p, sympy.And):
            return And(tuple(self.proposition(a, bound) for a in _ordered(p)))
        if isinstance(p, sympy.Or):
            return Or(tuple(self.proposition(a, bound) for a in _ordered(p)))
        if isinstance(p, sympy.Not):
            return Not(self.proposition(p.args[0], bound))
        if isinstance(p, sympy.Implies):
            premise, conclusion = (self.proposition(a, bound) for a in p.args)
            return Or((Not(premise), conclusion))
        if isinstance(p, sympy.Equivalent):
            if len(p.args) != 2:
                raise UnsupportedError("Equivalent takes two propositions here")
            left, right = (self.proposition(a, bound) for a in _ordered(p))
            return And((Or((Not(left), right)), Or((Not(right), left))))
        if p is sympy.true:
            return Compare("=", Number(Fraction(0)), Number(Fraction(0)))
        if p is sympy.false:
            return Compare("!=", Number(Fraction(0)), Number(Fraction(0)))
        raise UnsupportedError(f"{type(p).__name__} has no meaning as a proposition: {p}")

    def _symbol(self, symbol: sympy.Symbol, bound: Letters) -> Term:
        if symbol.name in bound:
            raise UnsupportedError(f"the index {symbol} is used as a number")
        if symbol in self.dimensions:
            return Dimension(symbol.name)
        if symbol.name in self.shapes:
            shape = shape_words(self.shapes[symbol.name])
            raise ShapeError(
                f"{symbol} is an array ({shape}) and stands without indices", shape, "scalar"
            )
        return Element(symbol.name)

    def _element(self, e: Indexed, bound: Letters) -> Element:
        name = e.base.name
        shape = self.shapes[name]
        if len(shape) != len(e.indices):
            raise ShapeError(
                f"{name} has {len(shape)} axes ({shape_words(shape)}) "
                f"and is given {len(e.indices)} indices",
                shape_words(shape),
                f"{len(e.indices)} indices",
            )
        indices = []
        for axis, (written, dim) in enumerate(zip(e.indices, shape, strict=True), start=1):
            index = self._index(written, bound, dim)
            if not isinstance(index, Fixed) and _dim_of(index) != dim:
                raise ShapeError(
                    f"index {written} runs over 1..{_dim_of(index)}, "
                    f"but axis {axis} of {name} ({shape_words(shape)}) has length {dim}",
                    str(_dim_of(index)),
                    str(dim),
                )
            indices.append(index)
        return Element(name, tuple(indices))

    def _index(self, e: sympy.Basic, bound: Letters, dim: Dim | None) -> Index:
        if isinstance(e, Idx):
            letter = e.name if e.upper is None else e
            return bound[letter] if letter in bound else _free(e)
        if isinstance(e, sympy.Symbol) and e.name in bound:
            return bound[e.name]
        if isinstance(e, sympy.Integer) and dim is not None:
            if e < 1 or (isinstance(dim, int) and e > dim):
                raise ShapeError(
                    f"the index {e} is outside of its range 1..{dim}", str(e), f"1..{dim}"
                )
            return Fixed(int(e), dim)
        raise UnsupportedError(
            f"{e} is no index: use Idx({str(e)!r}, (1, n)) or a bound letter of a Sum"
        )

    def _over_limits(self, e: Any, bound: Letters, over: Callable[[Free, Term], Term]) -> Term:
        inner = dict(bound)
        indices = []
        for letter, lower, upper in reversed(e.limits):
            if lower != 1:
                raise UnsupportedError(f"a range has to start at 1, found {lower}: {e}")
            name = str(letter.label if isinstance(letter, Idx) else letter)
            index = Free(f"{name}.{len(inner)}", _dim(upper))
            inner[name] = inner[letter] = index
            indices.append(index)
        body = self.term(e.function, inner)
        for index in reversed(indices):
            body = over(index, body)
        return body

    def _delta(self, e: sympy.KroneckerDelta, bound: Letters) -> Delta:
        left, right = self._same_range(e.args[0], e.args[1], bound)
        return Delta(left, right)

    def _same_range(self, a: sympy.Basic, b: sympy.Basic, bound: Letters) -> tuple[Index, Index]:
        if isinstance(a, sympy.Integer):
            right, left = self._same_range(b, a, bound)
            return left, right
        left = self._index(a, bound, None)
        right = self._index(b, bound, _dim_of(left))
        if _dim_of(left) != _dim_of(right):
            raise ShapeError(
                f"the indices {a} and {b} are compared, but run over "
                f"1..{_dim_of(left)} and 1..{_dim_of(right)}",
                str(_dim_of(left)),
                str(_dim_of(right)),
            )
        return left, right

    def _derivative(self, e: sympy.Derivative, bound: Letters) -> Term:
        term = self.term(e.expr, bound)
        for variable, order in e.variable_count:
            wrt = self.term(variable, bound)
            if not isinstance(wrt, Element):
                raise UnsupportedError(f"a derivative by {variable}, which is no variable")
            if not isinstance(order, sympy.Integer) or order > _HIGHEST_DERIVATIVE:
                raise UnsupportedError(
                    f"a derivative of order {order}: the order is a number up to "
                    f"{_HIGHEST_DERIVATIVE}"
                )
            for _ in range(int(order)):
                term = Derivative(term, wrt)
        return term

    def _cases(self, e: sympy.Piecewise, bound: Letters) -> Term:
        term: Term = Undefined()
        for value, condition in reversed(e.args):
            branch = self.term(value, bound)
            if condition is sympy.true:
                term = branch
            else:
                term = Where(self.proposition(condition, bound), branch, term)
        return term

    def _extremum(self, e: sympy.Basic, bound: Letters) -> Term:
        name = "max" if isinstance(e, sympy.Max) else "min"
        arguments = sorted(e.args, key=sympy.default_sort_key)
        if name == "max" and len(arguments) == 2 and arguments[0] == 0:
            return apply("relu", self.term(arguments[1], bound))
        term = self.term(arguments[0], bound)
        for other in arguments[1:]:
            term = apply(name, term, self.term(other, bound))
        return term

    def _relation(self, p: Relational, bound: Letters) -> Proposition:
        if isinstance(p.lhs, Idx) or isinstance(p.rhs, Idx):
            same = SameIndex(*self._same_range(p.lhs, p.rhs, bound))
            if p.rel_op == "==":
                return same
            if p.rel_op == "!=":
                return Not(same)
            raise UnsupportedError(f"indices are compared by their order: {p}")
        return Compare(_RELATIONS[p.rel_op], self.term(p.lhs, bound), self.term(p.rhs, bound))


def _ordered(p: sympy.Basic) -> list[sympy.Basic]:
    """Arguments in SymPy's canonical order: its Booleans keep them in a set."""
    return sorted(p.args, key=sympy.default_sort_key)


def _assumed(symbol: sympy.Basic) -> frozenset[str]:
    """What SymPy assumes of a symbol, as condition words."""
    return frozenset(word for attribute, word in _ASSUMPTION_WORDS if getattr(symbol, attribute))


def _dim(length: sympy.Basic) -> Dim:
    if isinstance(length, sympy.Integer):
        if length < 1:
            raise UnsupportedError(f"a range of length {length}; the shortest has length 1")
        return int(length)
    if isinstance(length, sympy.Symbol):
        return str(length.name)
    raise UnsupportedError(f"{length} is no dimension: a symbol or a number is")


def _dim_of(index: Index) -> Dim:
    assert isinstance(index, Free | Fixed)
    return index.dim


def _free(index: Idx) -> Free:
    if index.upper is None:
        raise UnsupportedError(f"the index {index.label} has no range; write (1, n) after it")
    return Free(str(index.label), _dim(index.upper))
