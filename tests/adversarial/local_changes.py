"""Small changes at one node of a statement that a person makes by mistake: one table, ``LOCAL``.

An operator looks at one node in its place and yields what it might be mistaken for.  Nothing here
knows whether the change keeps the statement true.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from derive.terms.declarations import Declarations
from derive.terms.functions import FUNCTIONS
from derive.terms.obligation import Obligation
from derive.terms.structure import open_binder
from derive.terms.term import (
    MINUS_ONE,
    ONE,
    TWO,
    ZERO,
    Add,
    And,
    Apply,
    Bound,
    Compare,
    Delta,
    Derivative,
    Dim,
    Dimension,
    Element,
    Fixed,
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
    Where,
    add,
    apply,
    mul,
    neg,
    sub,
)


@dataclass(frozen=True)
class Surroundings:
    """What an operator may use: binders around (nearest first), and what the statement has."""

    binders: tuple[Dim, ...]
    free: tuple[Free, ...]
    declarations: Declarations
    names: Mapping[str, tuple[Dim, ...]]
    letters: tuple[Dim, ...]

    def dim(self, index: Index) -> Dim:
        return self.binders[index.depth] if isinstance(index, Bound) else index.dim

    def others(self, index: Index) -> Iterator[Index]:
        """Other indices in sight that run over the same range."""
        wanted = self.dim(index)
        for depth, dim in enumerate(self.binders):
            if dim == wanted and Bound(depth) != index:
                yield Bound(depth)
        for free in self.free:
            if free.dim == wanted and free != index:
                yield free


Local = Callable[[Node, Surroundings], Iterator[Node]]
Whole = Callable[[Obligation], Iterator[Obligation]]


# ---- operators at one node ----------------------------------------------------------------------


def _sign(node: Node, around: Surroundings) -> Iterator[Node]:
    match node:
        case Add(terms):
            for place, term in enumerate(terms):
                yield Add((*terms[:place], neg(term), *terms[place + 1 :]))
        case Apply("exp", (argument,)):
            yield Apply("exp", (neg(argument),))
        case Mul() | Element() | Apply() | Sum() | Delta():
            yield neg(node)  # type: ignore[arg-type]


def _swapped_index(node: Node, around: Surroundings) -> Iterator[Node]:
    match node:
        case Element(name, (i, j)) if i != j and around.dim(i) == around.dim(j):
            yield Element(name, (j, i))
        case InverseEntry(matrix, row, column):
            yield InverseEntry(matrix, column, row)
        case Derivative(body, Element(name, (i, j))) if around.dim(i) == around.dim(j):
            yield Derivative(body, Element(name, (j, i)))


def _renamed_index(node: Node, around: Surroundings) -> Iterator[Node]:
    match node:
        case Element(name, indices):
            for new in _each_renamed(indices, around):
                yield Element(name, new)
        case Delta(left, right):
            for pair in _each_renamed((left, right), around):
                yield Delta(*pair)
        case Position(index):
            for other in around.others(index):
                yield Position(other)
        case Derivative(body, Element(name, indices)):
            for new in _each_renamed(indices, around):
                yield Derivative(body, Element(name, new))
        case SameIndex(left, right):
            for pair in _each_renamed((left, right), around):
                yield SameIndex(*pair)


def _each_renamed(indices: tuple[Index, ...], around: Surroundings) -> Iterator[tuple[Index, ...]]:
    for place, index in enumerate(indices):
        for other in around.others(index):
            yield (*indices[:place], other, *indices[place + 1 :])


def _missing_delta(node: Node, around: Surroundings) -> Iterator[Node]:
    match node:
        case Delta():
            yield ONE
            yield sub(ONE, node)
        case Element(_, indices) if around.binders:
            for index in indices:
                for other in around.others(index):
                    if index == Bound(0) and isinstance(other, Free):
                        yield mul(Delta(index, other), node)


def _transpose(node: Node, around: Surroundings) -> Iterator[Node]:
    """Rows for columns, whatever their lengths: what does not fit is found by shapes."""
    match node:
        case Element(name, (i, j)) if around.dim(i) != around.dim(j):
            yield Element(name, (j, i))


def _factor(node: Node, around: Surroundings) -> Iterator[Node]:
    if isinstance(node, Mul):
        for place, factor in enumerate(node.factors):
            rest = node.factors[:place], node.factors[place + 1 :]
            yield mul(*rest[0], *rest[1])
            if factor != MINUS_ONE:
                yield Mul((*node.factors, factor))
    if isinstance(node, Element | Sum) and not around.binders:
        yield mul(node, node)


def _inverted_factor(node: Node, around: Surroundings) -> Iterator[Node]:
    if isinstance(node, Mul):
        for place, factor in enumerate(node.factors):
            if isinstance(factor, Pow) and factor.exponent == MINUS_ONE:
                new: Term = factor.base
            elif isinstance(factor, Number):
                continue
            else:
                new = Pow(factor, MINUS_ONE)
            yield Mul((*node.factors[:place], new, *node.factors[place + 1 :]))


def _power(node: Node, around: Surroundings) -> Iterator[Node]:
    match node:
        case Pow(base, Number(value) as exponent):
            for other in (value + 1, value - 1, -value, value / 2):
                yield Pow(base, Number(other))
            yield base
            if exponent == TWO:
                yield apply("abs", base)
        case Element():
            yield Pow(node, TWO)
        case Pow(base, exponent):
            yield Pow(base, add(exponent, ONE))
            yield Pow(exponent, base)


def _coefficient(node: Node, around: Surroundings) -> Iterator[Node]:
    match node:
        case Number(value):
            for other in (value + 1, value - 1, 2 * value, -value, value / 2):
                yield Number(other)
        case Sum() | Apply() | Element():
            yield mul(TWO, node)
            yield mul(Number(Fraction(1, 2)), node)


def _variable(node: Node, around: Surroundings) -> Iterator[Node]:
    match node:
        case Element(name, indices):
            shape = around.names[name]
            for other, its_shape in around.names.items():
                if other != name and its_shape == shape:
                    yield Element(other, indices)
        case Derivative(body, Element(name, indices)):
            shape = around.names[name]
            for other, its_shape in around.names.items():
                if other != name and its_shape == shape:
                    yield Derivative(body, Element(other, indices))


def _sum_range(node: Node, around: Surroundings) -> Iterator[Node]:
    if isinstance(node, Sum):
        here = Bound(0)
        last = Compare("<", Position(here), Dimension(node.dim))
        first = Compare(">", Position(here), ONE)
        yield Sum(node.dim, mul(Indicator(last), node.body))
        yield Sum(node.dim, mul(Indicator(first), node.body))
        inside = replace(around, binders=(node.dim, *around.binders))
        for other in inside.others(here):
            yield Sum(node.dim, mul(sub(ONE, Delta(here, other)), node.body))
        yield open_binder(node.body, Fixed(1, node.dim))


def _dropped_sum(node: Node, around: Surroundings) -> Iterator[Node]:
    """The index of the sum is taken for another one that is in sight."""
    match node:
        case Sum(dim, body):
            inside = replace(around, binders=(dim, *around.binders))
            for other in inside.others(Bound(0)):
                if isinstance(other, Free):
                    yield open_binder(body, other)
        case Product(dim, body):
            yield Sum(dim, body)


def _dropped_summand(node: Node, around: Surroundings) -> Iterator[Node]:
    if isinstance(node, Add):
        for place in range(len(node.terms)):
            yield add(*node.terms[:place], *node.terms[place + 1 :])


def _dimension(node: Node, around: Surroundings) -> Iterator[Node]:
    match node:
        case Dimension(dim):
            yield sub(node, ONE)
            yield add(node, ONE)
            for other in around.letters:
                if other != dim:
                    yield Dimension(other)
        case Number(value) if value == 1:
            for other in around.letters:
                yield Dimension(other)


def _scope(node: Node, around: Surroundings) -> Iterator[Node]:
    """exp, log and sums that reach too far, or not far enough."""
    match node:
        case Apply("exp" | "log" | "tanh" | "relu" as function, (Add(terms),)):
            yield add(*(apply(function, term) for term in terms))
            yield add(apply(function, terms[0]), *terms[1:])
            yield mul(*(apply(function, term) for term in terms))
        case Apply(function, (Mul(factors),)):
            yield mul(apply(function, factors[0]), *factors[1:])
            yield mul(*factors[:-1], apply(function, factors[-1]))
            yield mul(*(apply(function, factor) for factor in factors))
        case Apply(function, (Sum(dim, body),)):
            yield Sum(dim, apply(function, body))
        case Apply(function, (Pow(base, exponent),)):
            yield Pow(apply(function, base), exponent)
        case Sum(dim, Apply(function, (argument,))):
            yield apply(function, Sum(dim, argument))
        case Sum(dim, Mul(factors)):
            yield mul(*(Sum(dim, factor) for factor in factors))
        case Sum(dim, Pow(base, exponent)) if not isinstance(exponent, Element):
            yield Pow(Sum(dim, base), exponent)
        case Pow(Sum(dim, body), Number() as exponent):
            yield Sum(dim, Pow(body, exponent))
        case Pow(Add(terms), Number() as exponent):
            yield add(*(Pow(term, exponent) for term in terms))
        case Mul((*others, Apply("log" as function, (argument,)))) if others:
            yield apply(function, mul(*others, argument))
        case Add((Apply("log", (first,)), Apply("log", (second,)), *rest)):
            yield add(apply("log", add(first, second)), *rest)


SIDES: Mapping[str, tuple[str, ...]] = {
    ">": (">=", "<", "<=", "!="),
    "<": ("<=", ">", ">=", "!="),
    ">=": (">", "<="),
    "<=": ("<", ">="),
    "=": ("!=", "<="),
    "!=": ("=", ">"),
}


def _kink(node: Node, around: Surroundings) -> Iterator[Node]:
    match node:
        case Compare(operator, left, right):
            for other in SIDES[operator]:
                yield Compare(other, left, right)  # type: ignore[arg-type]
            yield Compare(operator, add(left, ONE), right)
        case Where(condition, then, otherwise):
            yield Where(condition, otherwise, then)
            yield then
            yield otherwise
            yield add(then, otherwise)
        case Indicator(condition):
            yield Indicator(Not(condition))
            yield ONE
        case Apply("relu", (argument,)):
            yield argument
            yield apply("abs", argument)
            yield apply("relu", neg(argument))
            yield Indicator(Compare(">", argument, ZERO))
            yield Indicator(Compare(">=", argument, ZERO))
        case Apply("abs", (argument,)):
            yield argument
            yield apply("relu", argument)
        case Apply("sign", (argument,)):
            yield Indicator(Compare(">", argument, ZERO))
            yield sub(mul(TWO, Indicator(Compare(">", argument, ZERO))), ONE)
        case Apply("max", arguments):
            yield apply("min", *arguments)
            yield arguments[0]
        case Apply("floor", (argument,)):
            yield argument
            yield apply("ceiling", argument)


_CONFUSED: Mapping[str, tuple[str, ...]] = {
    "exp": ("cosh", "softplus"),
    "log": ("exp", "atan"),
    "sin": ("cos",),
    "cos": ("sin", "cosh"),
    "sinh": ("cosh", "sin"),
    "cosh": ("sinh", "cos"),
    "tanh": ("sigmoid", "tan"),
    "sigmoid": ("tanh", "softplus"),
    "softplus": ("relu", "sigmoid"),
    "atan": ("tan",),
    "erf": ("tanh",),
    "relu": ("softplus",),
}


def _function(node: Node, around: Surroundings) -> Iterator[Node]:
    if isinstance(node, Apply):
        for other in _CONFUSED.get(node.function, ()):
            if FUNCTIONS[other].arity == len(node.arguments):
                yield Apply(other, node.arguments)
        if len(node.arguments) == 1:
            yield node.arguments[0]


def _derivative(node: Node, around: Surroundings) -> Iterator[Node]:
    """A derivative forgotten, taken twice, or not taken of one factor."""
    match node:
        case Derivative(Mul(factors), variable) if len(factors) > 1:
            yield node.body
            yield mul(*(Derivative(factor, variable) for factor in factors))
            yield mul(Derivative(factors[0], variable), *factors[1:])
        case Derivative(Apply(function, (argument,)), variable):
            yield apply(function, Derivative(argument, variable))
            yield Derivative(argument, variable)
        case Derivative(body, variable):
            yield body
            yield Derivative(node, variable)


def _logic(node: Node, around: Surroundings) -> Iterator[Node]:
    match node:
        case And(parts_) if len(parts_) > 1:
            yield Or(parts_)
            for place in range(len(parts_)):
                yield And((*parts_[:place], *parts_[place + 1 :]))
        case Or(parts_) if len(parts_) > 1:
            yield And(parts_)
            for place in range(len(parts_)):
                yield Or((*parts_[:place], *parts_[place + 1 :]))
        case Not(inner):
            yield inner


#: The kinds of change at one node.
LOCAL: Mapping[str, Local] = {
    "sign": _sign,
    "index swapped": _swapped_index,
    "index renamed": _renamed_index,
    "delta missing or too many": _missing_delta,
    "transpose": _transpose,
    "factor": _factor,
    "factor inverted": _inverted_factor,
    "power": _power,
    "coefficient": _coefficient,
    "wrong variable": _variable,
    "sum range": _sum_range,
    "sum dropped": _dropped_sum,
    "summand dropped": _dropped_summand,
    "n for n - 1": _dimension,
    "scope of exp, log, sum, power": _scope,
    "kink side": _kink,
    "wrong function": _function,
    "derivative": _derivative,
}


def _digit(node: Node, around: Surroundings) -> Iterator[Node]:
    match node:
        case Number(value):
            yield Number(value + 1)
            yield Number(value - 1)
            if value:
                yield Number(-value)


#: The kinds of change to a statement about integers.
INTEGER: Mapping[str, Local] = {
    "coefficient": _digit,
    "kink side": _kink,
    "logic": _logic,
    "summand dropped": _dropped_summand,
    "factor": _factor,
    "wrong variable": _variable,
}
