"""Whatever is proved holds at points: checked by an evaluator that shares nothing with the prover.

Terms are random, so are the rewritings (true, true under conditions, and false) that make the
other side.  ``proved`` is allowed only if, at every point tried that satisfies the declarations
and the recorded conditions, both sides have a value and the values agree.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp, mpf

from derive.prove.derivative_rules import NoRuleError
from derive.prove.forms import NeedsCaseError, NeverDefinedError
from derive.prove.laurent import TooLargeError
from derive.prove.normal_form import Normalizer
from derive.prove.prover import Attempt, prove
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Obligation
from derive.terms.structure import (
    Definition,
    bind,
    free_indices,
    loose_binders,
    map_parts,
    open_binder,
    product_over,
    subterms,
    sum_over,
)
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
    Dimension,
    Element,
    Fixed,
    ForAll,
    Free,
    Index,
    Indicator,
    Mul,
    Node,
    Not,
    Number,
    Or,
    Position,
    Pow,
    Product,
    Proposition,
    SameIndex,
    Sum,
    Term,
    Undefined,
    Where,
    add,
    apply,
    div,
    mul,
    neg,
    number,
    sub,
)

# ---- an evaluator of its own --------------------------------------------------------------------

DIGITS = 60
STEP = mpf(10) ** -20
EQUAL = mpf(10) ** -36
HALF = Pow(TWO, MINUS_ONE)


class NoValueError(Exception):
    """The term has no value at the point."""


class TooBigError(Exception):
    """The numbers of this point are of no use."""


Key = tuple[int, ...]
Values = dict[str, dict[Key, mpf | None]]


@dataclass
class Evaluator:
    """Terms at one point: values of variables and lengths of dimensions.

    A derivative is a central difference; where the two one-sided ones differ there is none.
    """

    declarations: Declarations
    lengths: Mapping[str, int]
    values: Values
    held: Values = field(default_factory=dict)

    def length(self, dim: int | str) -> int:
        return dim if isinstance(dim, int) else self.lengths[dim]

    def place(self, index: Index, at: Mapping[Free, int], binders: tuple[int, ...]) -> int:
        match index:
            case Bound(depth):
                return binders[depth]
            case Fixed(value, dim):
                if value > self.length(dim):
                    raise NoValueError
                return value
            case Free():
                return at[index]

    def component(self, name: str, key: Key) -> mpf:
        if name in self.held:
            value = self.held[name][key]
            if value is None:
                raise NoValueError
            return value
        definition = self.declarations.definitions.get(name)
        if definition is None:
            return self.values[name][key]
        return self.at(definition.body, dict(zip(definition.indices, key, strict=True)), ())

    def at(self, term: Term, at: Mapping[Free, int], binders: tuple[int, ...]) -> mpf:
        match term:
            case Number(value):
                return mpf(value.numerator) / value.denominator
            case Dimension(dim):
                return mpf(self.length(dim))
            case Position(index):
                return mpf(self.place(index, at, binders))
            case Element(name, indices):
                return self.component(name, tuple(self.place(i, at, binders) for i in indices))
            case Add(terms):
                return sum((self.at(t, at, binders) for t in terms), mpf(0))
            case Mul(factors):
                result = mpf(1)
                for factor in factors:
                    result = result * self.at(factor, at, binders)
                return result
            case Pow(base, exponent):
                return _power(self.at(base, at, binders), self.at(exponent, at, binders))
            case Apply(function, arguments):
                return _FUNCTIONS[function](*(self.at(a, at, binders) for a in arguments))
            case Sum(dim, body):
                rows = range(1, self.length(dim) + 1)
                return sum((self.at(body, at, (k, *binders)) for k in rows), mpf(0))
            case Product(dim, body):
                result = mpf(1)
                for k in range(1, self.length(dim) + 1):
                    result = result * self.at(body, at, (k, *binders))
                return result
            case Delta(left, right):
                return mpf(self.place(left, at, binders) == self.place(right, at, binders))
            case Indicator(condition):
                return mpf(self.holds(condition, at, binders))
            case Where(condition, then, otherwise):
                chosen = then if self.holds(condition, at, binders) else otherwise
                return self.at(chosen, at, binders)
            case Derivative(body, variable):
                return self.slope(body, variable, at, binders)
            case Undefined():
                raise NoValueError
        raise AssertionError(type(term))

    def slope(
        self, body: Term, variable: Element, at: Mapping[Free, int], binders: tuple[int, ...]
    ) -> mpf:
        key = tuple(self.place(i, at, binders) for i in variable.indices)
        name = variable.name
        definition = self.declarations.definitions.get(name)
        shape = (
            tuple(index.dim for index in definition.indices)
            if definition
            else self.declarations.shape(name)
        )
        keys = product(*(range(1, self.length(dim) + 1) for dim in shape))
        here: dict[Key, mpf | None] = {}
        for other in keys:
            try:
                here[other] = self.component(name, other)
            except NoValueError:
                here[other] = None
        if here[key] is None:
            raise NoValueError
        found = []
        for shift in (-STEP, mpf(0), STEP):
            held = {**self.held, name: {**here, key: here[key] + shift}}
            moved = Evaluator(self.declarations, self.lengths, self.values, held)
            found.append(moved.at(body, at, binders))
        before, after = (found[1] - found[0]) / STEP, (found[2] - found[1]) / STEP
        if abs(before - after) > mpf(10) ** -8 * (1 + abs(before) + abs(after)):
            raise NoValueError
        return (before + after) / 2

    def holds(
        self, proposition: Proposition, at: Mapping[Free, int], binders: tuple[int, ...]
    ) -> bool:
        match proposition:
            case Compare(operator, left, right):
                a, b = self.at(left, at, binders), self.at(right, at, binders)
                difference = a - b
                if abs(difference) <= EQUAL * (1 + abs(a) + abs(b)):
                    difference = mpf(0)
                return {
                    "=": difference == 0,
                    "!=": difference != 0,
                    "<": difference < 0,
                    "<=": difference <= 0,
                    ">": difference > 0,
                    ">=": difference >= 0,
                }[operator]
            case SameIndex(left, right):
                return self.place(left, at, binders) == self.place(right, at, binders)
            case Not(inner):
                return not self.holds(inner, at, binders)
            case And(inside):
                return all(self.holds(p, at, binders) for p in inside)
            case Or(inside):
                return any(self.holds(p, at, binders) for p in inside)
            case ForAll(dim, body):
                rows = range(1, self.length(dim) + 1)
                return all(self.holds(body, at, (k, *binders)) for k in rows)
        raise AssertionError(type(proposition))


def _power(base: mpf, exponent: mpf) -> mpf:
    if abs(exponent) > 10**4 or (base and abs(mp.log(abs(base))) * abs(exponent) > 10**5):
        raise TooBigError
    whole = int(mp.nint(exponent))
    if abs(exponent - whole) < EQUAL:
        if base == 0 and whole < 0:
            raise NoValueError
        return base**whole
    if base == 0 and exponent > 0:
        return mpf(0)
    if abs(base) < EQUAL:
        raise TooBigError
    if base <= 0:
        raise NoValueError
    return base**exponent


def _exp(x: mpf) -> mpf:
    if abs(x) > 10**5:
        raise TooBigError
    return mp.exp(x)


def _log(x: mpf) -> mpf:
    if 0 < abs(x) <= EQUAL:
        raise TooBigError  # rounding hides the sign
    if x <= 0:
        raise NoValueError
    return mp.log(x)


def _off_zero(value: Callable[[mpf], mpf]) -> Callable[[mpf], mpf]:
    def at(x: mpf) -> mpf:
        if abs(x) < EQUAL:
            raise NoValueError
        return value(x)

    return at


def _sign(x: mpf) -> mpf:
    return mpf(0) if abs(x) < EQUAL else mpf(1 if x > 0 else -1)


_FUNCTIONS: dict[str, Callable[..., mpf]] = {
    "exp": _exp,
    "log": _log,
    "sin": mp.sin,
    "cos": mp.cos,
    "tan": mp.tan,
    "atan": mp.atan,
    "erf": mp.erf,
    "pi": lambda: +mp.pi,
    "floor": mp.floor,
    "step": _off_zero(lambda x: mpf(x > 0)),
    "flat": _off_zero(lambda x: mpf(0)),
    "sqrt": lambda x: _power(x, mpf(1) / 2),
    "sinh": lambda x: (_exp(x) - _exp(-x)) / 2,
    "cosh": lambda x: (_exp(x) + _exp(-x)) / 2,
    "tanh": lambda x: 1 - 2 / (_exp(2 * x) + 1),
    "sigmoid": lambda x: 1 / (1 + _exp(-x)),
    "softplus": lambda x: _log(1 + _exp(x)),
    "relu": lambda x: max(x, mpf(0)),
    "abs": abs,
    "sign": _sign,
    "max": max,
    "min": min,
}


# ---- points -------------------------------------------------------------------------------------

_SPECIAL = (0, 0, 1, -1, 2, -2, Fraction(1, 2), Fraction(-1, 2), 3, Fraction(-7, 3))


def _number(rng: Random) -> mpf:
    if rng.random() < 0.6:
        value = Fraction(rng.choice(_SPECIAL))
    else:
        value = Fraction(rng.randint(-40, 40), rng.randint(1, 17))
    return mpf(value.numerator) / value.denominator


def random_point(declarations: Declarations, rng: Random) -> Evaluator:
    """Values that satisfy the condition words of every variable."""
    lengths = {dim: rng.randint(1, 3) for dim in declarations.dimensions}
    values: Values = {}
    for name, variable in declarations.variables.items():
        shape = [d if isinstance(d, int) else lengths[d] for d in variable.shape]
        keys = list(product(*(range(1, size + 1) for size in shape)))
        cells = {key: _number(rng) for key in keys}
        words = variable.conditions
        if "nonnegative" in words or "positive" in words:
            cells = {key: abs(value) for key, value in cells.items()}
        if "nonzero" in words or "positive" in words:
            cells = {key: value or mpf(1) / 3 for key, value in cells.items()}
        if "one-hot" in words:
            hot = rng.choice(keys)
            cells = {key: mpf(key == hot) for key in keys}
        if "sums to 1" in words:
            last = keys[-1]
            cells[last] = 1 - sum((v for key, v in cells.items() if key != last), mpf(0))
        if "symmetric" in words:
            cells = {key: cells[min(key, key[::-1])] for key in keys}
        values[name] = cells
    return Evaluator(declarations, lengths, values)


def _index_values(indices: tuple[Free, ...], point: Evaluator) -> Iterator[dict[Free, int]]:
    ranges = (range(1, point.length(index.dim) + 1) for index in indices)
    for chosen in product(*ranges):
        yield dict(zip(indices, chosen, strict=True))


def disagreement(
    obligation: Obligation, attempt: Attempt, rng: Random, points: int = 8
) -> str | None:
    """A point at which what was proved fails, in words; None if there is none among those tried."""
    given_ = (*obligation.declarations.hypotheses, *attempt.conditions)
    indices: dict[Free, None] = {}
    for node in (obligation.left, obligation.right, *given_):
        indices.update(dict.fromkeys(free_indices(node)))
    with mp.workdps(DIGITS):
        for _ in range(points):
            point = random_point(obligation.declarations, rng)
            for at in _index_values(tuple(indices), point):
                try:
                    if not all(point.holds(p, at, ()) for p in given_):
                        continue
                except (NoValueError, TooBigError):
                    continue
                found = _compare(obligation, point, at)
                if found is not None:
                    where = f"{dict(point.lengths)} {point.values} {at}"
                    return f"{found} at {where}"
    return None


def _compare(obligation: Obligation, point: Evaluator, at: Mapping[Free, int]) -> str | None:
    try:
        left = point.at(obligation.left, at, ())
        right = point.at(obligation.right, at, ())
    except NoValueError:
        return "a side has no value"
    except TooBigError:
        return None
    close = abs(left - right) <= mpf(10) ** -14 * (1 + abs(left) + abs(right))
    differ = left - right
    good = {
        "=": close,
        "!=": differ != 0,
        "<=": close or differ < 0,
        ">=": close or differ > 0,
        "<": differ < 0,
        ">": differ > 0,
    }[obligation.operator]
    return None if good else f"{mp.nstr(left, 8)} {obligation.operator} {mp.nstr(right, 8)} fails"


# ---- random terms -------------------------------------------------------------------------------

N, M = "n", "m"


def _variable(name: str, shape: tuple[str, ...], *words: str) -> tuple[str, Variable]:
    return name, Variable(name, shape, frozenset(words))


DECLARATIONS = Declarations(
    dimensions=(N, M),
    variables=dict(
        [
            _variable("x", ()),
            _variable("y", ()),
            _variable("c", (), "positive"),
            _variable("r", (), "nonnegative"),
            _variable("z", (), "nonzero"),
            _variable("u", (N,)),
            _variable("v", (N,)),
            _variable("w", (M,)),
            _variable("A", (N, M)),
            _variable("S", (N, N), "symmetric"),
            _variable("t", (N,), "one-hot"),
            _variable("p", (N,), "sums to 1"),
        ]
    ),
)

#: Names that definitions may take, with their shapes.
_DEFINED: dict[str, tuple[str, ...]] = {"h": (), "g": (N,)}

_FREE_TO_MOVE = ("x", "y", "c", "z", "u", "v", "w", "A")
_ONE_ARGUMENT = (
    *("exp", "exp", "log", "sin", "sqrt", "sinh", "tanh", "sigmoid", "softplus"),
    *("relu", "relu", "abs", "abs", "sign"),
)


@dataclass
class Generator:
    """Random typed terms under the indices in scope."""

    rng: Random
    defined: tuple[str, ...] = ()

    def index(self, scope: tuple[Free, ...], dim: str) -> Index | None:
        fitting: list[Index] = [index for index in scope if index.dim == dim]
        if self.rng.random() < 0.06:
            fitting.append(Fixed(self.rng.choice((1, 1, 2)), dim))
        return self.rng.choice(fitting) if fitting else None

    def element(self, scope: tuple[Free, ...], names: tuple[str, ...]) -> Element | None:
        name = self.rng.choice(names)
        shape = _DEFINED.get(name) or DECLARATIONS.shape(name)
        indices = [self.index(scope, str(dim)) for dim in shape]
        found = tuple(i for i in indices if i is not None)
        return Element(name, found) if len(found) == len(indices) else None

    def leaf(self, scope: tuple[Free, ...]) -> Term:
        roll = self.rng.random()
        if roll < 0.2:
            return number(Fraction(self.rng.choice((0, 1, 1, 2, -1, -2, 3, Fraction(1, 2)))))
        if roll < 0.25:
            return Dimension(self.rng.choice((N, M)))
        if roll < 0.35:
            dim = self.rng.choice((N, M))
            left, right = self.index(scope, dim), self.index(scope, dim)
            if left is not None and right is not None:
                return Delta(left, right)
        names = (*DECLARATIONS.variables, *(2 * self.defined))
        return self.element(scope, names) or Element("x")

    def condition(self, depth: int, scope: tuple[Free, ...]) -> Proposition:
        if self.rng.random() < 0.2:
            left, right = self.index(scope, N), self.index(scope, N)
            if left is not None and right is not None:
                return SameIndex(left, right)
        operator = self.rng.choice((">", "<", ">=", "<=", "=", "!="))
        right_side = ZERO if self.rng.random() < 0.6 else self.term(depth - 1, scope)
        return Compare(operator, self.term(depth - 1, scope), right_side)  # type: ignore[arg-type]

    def new_index(self, scope: tuple[Free, ...]) -> Free:
        taken = {index.name for index in scope}
        letters = [letter for letter in "klpqijrs" if letter not in taken]
        return Free(self.rng.choice(letters[:3]), self.rng.choice((N, N, M)))

    def term(self, depth: int, scope: tuple[Free, ...]) -> Term:
        rng = self.rng
        if depth <= 0 or rng.random() < 0.12:
            return self.leaf(scope)

        def part(extra: tuple[Free, ...] = ()) -> Term:
            return self.term(depth - 1, (*scope, *extra))

        roll = rng.random()
        if roll < 0.2:
            return Add(tuple(part() for _ in range(rng.choice((2, 2, 3)))))
        if roll < 0.4:
            return Mul(tuple(part() for _ in range(rng.choice((2, 2, 3)))))
        if roll < 0.48:
            return div(part(), part())
        if roll < 0.56:
            exponent = rng.choice(
                (2, 2, 3, -1, -2, Fraction(1, 2), Fraction(3, 2), Fraction(-1, 2))
            )
            return Pow(part(), number(Fraction(exponent)))
        if roll < 0.7:
            return apply(rng.choice(_ONE_ARGUMENT), part())
        if roll < 0.73:
            return apply(rng.choice(("max", "min")), part(), part())
        if roll < 0.85:
            index = self.new_index(scope)
            return sum_over(index, part((index,)))
        if roll < 0.87:
            index = self.new_index(scope)
            return product_over(index, part((index,)))
        if roll < 0.9:
            return Indicator(self.condition(depth, scope))
        if roll < 0.93:
            otherwise = Undefined() if rng.random() < 0.2 else part()
            return Where(self.condition(depth, scope), part(), otherwise)
        variable = self.element(scope, (*_FREE_TO_MOVE, *(3 * self.defined))) or Element("x")
        return Derivative(part(), variable)


# ---- rewritings: some true, some true under conditions, some false ------------------------------


def _double_sum_swapped(term: Term) -> Term | None:
    if not (isinstance(term, Sum) and isinstance(term.body, Sum)):
        return None
    outer, inner = Free("outer'", term.dim), Free("inner'", term.body.dim)
    body = open_binder(open_binder(term.body, outer).body, inner)
    return sum_over(inner, sum_over(outer, body))


def _split_sum(term: Term) -> Term | None:
    if isinstance(term, Sum) and isinstance(term.body, Add):
        return Add(tuple(Sum(term.dim, part) for part in term.body.terms))
    return None


def _product_rule(term: Term) -> Term | None:
    if not isinstance(term, Derivative):
        return None
    body, x = term.body, term.variable
    match body:
        case Mul((first, *rest)) if rest:
            other = mul(*rest)
            return add(mul(Derivative(first, x), other), mul(first, Derivative(other, x)))
        case Add(terms):
            return Add(tuple(Derivative(t, x) for t in terms))
        case Apply("exp", (u,)):
            return mul(body, Derivative(u, x))
        case Apply("log", (u,)):
            return div(Derivative(u, x), u)
        case Apply("relu", (u,)):
            return mul(Indicator(Compare(">", u, ZERO)), Derivative(u, x))
        case Apply("abs", (u,)):
            return mul(apply("sign", u), Derivative(u, x))
        case Apply("sqrt", (u,)):
            return div(Derivative(u, x), mul(TWO, body))
        case Apply("sigmoid", (u,)):
            return mul(body, sub(ONE, body), Derivative(u, x))
        case Apply("sign" | "step", (u,)):
            return mul(ZERO, Derivative(u, x))
        case Pow(u, Number(e)):
            return mul(number(e), Pow(u, number(e - 1)), Derivative(u, x))
        case Element(name, indices) if name == x.name:
            return mul(*(Delta(a, b) for a, b in zip(indices, x.indices, strict=True)))
        case Where(condition, then, otherwise):
            return Where(condition, Derivative(then, x), Derivative(otherwise, x))
        case Indicator():
            return ZERO
        case Sum(dim, inner):
            index = Free("d'", dim)
            return sum_over(index, Derivative(open_binder(inner, index), x))
        case _:
            return ZERO


def _functions(term: Term, rng: Random) -> Term | None:
    match term:
        case Apply("exp", (Add(terms),)):
            return Mul(tuple(apply("exp", t) for t in terms))
        case Apply("exp", (Apply("log", (u,)),)) | Apply("log", (Apply("exp", (u,)),)):
            return u
        case Apply("log", (Mul(factors),)):
            return Add(tuple(apply("log", f) for f in factors))
        case Apply("log", (Pow(u, e),)):
            return mul(e, apply("log", u))
        case Apply("sqrt", (Pow(u, Number(e)),)) if e == 2:
            return rng.choice((u, apply("abs", u)))
        case Apply("sqrt", (Mul(factors),)):
            return Mul(tuple(apply("sqrt", f) for f in factors))
        case Pow(Pow(u, Number(a)), Number(b)):
            return Pow(u, number(a * b))
        case Pow(Mul(factors), e):
            return Mul(tuple(Pow(f, e) for f in factors))
        case Pow(u, Number(e)) if e == 2:
            return mul(u, u)
        case Apply("relu", (u,)):
            return rng.choice(
                (
                    mul(u, Indicator(Compare(">=", u, ZERO))),
                    mul(HALF, add(u, apply("abs", u))),
                    apply("max", ZERO, u),
                    add(u, apply("relu", neg(u))),
                    u,
                )
            )
        case Apply("abs", (u,)):
            return rng.choice(
                (
                    Pow(Pow(u, TWO), HALF),
                    add(apply("relu", u), apply("relu", neg(u))),
                    mul(u, apply("sign", u)),
                    div(Pow(u, TWO), apply("abs", u)),
                    u,
                )
            )
        case Apply("sign", (u,)):
            return rng.choice((div(u, apply("abs", u)), div(apply("abs", u), u)))
        case Apply("sigmoid", (u,)):
            return sub(ONE, apply("sigmoid", neg(u)))
        case Apply("tanh", (u,)):
            return sub(mul(TWO, apply("sigmoid", mul(TWO, u))), ONE)
        case Apply("softplus", (u,)):
            return add(u, apply("softplus", neg(u)))
        case Apply("max", (a, b)):
            return Where(Compare(">", a, b), a, b)
        case Apply("min", (a, b)):
            return sub(add(a, b), apply("max", a, b))
        case Indicator(Compare(">", a, b)):
            return rng.choice(
                (
                    sub(ONE, Indicator(Compare("<=", a, b))),
                    Indicator(Compare("<", b, a)),
                    Indicator(Compare(">", sub(a, b), ZERO)),
                    Indicator(Compare(">=", a, b)),
                    Indicator(Compare(">", div(a, b), ONE)),
                )
            )
        case Indicator(Compare(">=" | "<=" | "<" | "=" | "!=" as operator, a, b)):
            mirrored = {">=": "<=", "<=": ">=", "<": ">", "=": "=", "!=": "!="}
            return Indicator(Compare(mirrored[operator], b, a))  # type: ignore[arg-type]
        case Where(condition, a, b):
            chosen = Indicator(condition)
            return add(mul(chosen, a), mul(sub(ONE, chosen), b))
    return None


def rewritten(term: Term, rng: Random, generator: Generator) -> Term | None:
    """The term by one rule at its root; None where the rule does not apply."""
    roll = rng.random()
    if roll < 0.5:
        found = _functions(term, rng) or _product_rule(term)
        if found is not None:
            return found
    if roll < 0.6:
        return _double_sum_swapped(term) or _split_sum(term)
    if roll < 0.75 and isinstance(term, Add | Mul):
        inside = list(term.terms if isinstance(term, Add) else term.factors)
        rng.shuffle(inside)
        return type(term)(tuple(inside))
    if roll < 0.85 and isinstance(term, Mul):
        for place, factor in enumerate(term.factors):
            if isinstance(factor, Add):
                rest = (*term.factors[:place], *term.factors[place + 1 :])
                return Add(tuple(Mul((*rest, t)) for t in factor.terms))
    other = generator.term(1, ())
    return rng.choice(
        (
            add(term, sub(other, other)),
            mul(term, div(other, other)),
            add(term, mul(ZERO, other)),
            apply("log", apply("exp", term)),
            apply("exp", apply("log", term)),
            Pow(apply("sqrt", term), TWO),
            apply("sqrt", Pow(term, TWO)),
            Pow(Pow(term, MINUS_ONE), MINUS_ONE),
            sub(apply("relu", term), apply("relu", neg(term))),
            mul(apply("sign", term), apply("abs", term)),
            mul(term, Pow(other, ZERO)),
            Where(Compare(">", other, ZERO), term, term),
        )
    )


def mutated(term: Term, rng: Random) -> Term | None:
    """The term with one small change at its root; None where none applies."""
    match term:
        case Number(value):
            return number(rng.choice((value + 1, -value, value * 2)))
        case Element(name, indices) if name not in _DEFINED:
            shape = DECLARATIONS.shape(name)
            like = [v for v, d in DECLARATIONS.variables.items() if d.shape == shape and v != name]
            return Element(rng.choice(like), indices) if like else None
        case Dimension(dim):
            return Dimension(M if dim == N else N)
        case Add(terms) if len(terms) > 1:
            return Add(terms[1:])
        case Mul(factors) if len(factors) > 1:
            return Mul(factors[1:]) if rng.random() < 0.5 else neg(term)
        case Pow(base, Number(e)):
            return Pow(base, number(e + rng.choice((1, -1))))
        case Apply(function, (u,)):
            others = ("exp", "log", "relu", "abs", "sigmoid", "tanh", "sqrt", "sin")
            return apply(rng.choice([f for f in others if f != function]), u)
        case Delta():
            return ONE
        case Sum(_, body) if loose_binders(body) == 0:
            return body
        case Indicator(Compare(operator, a, b)):
            other = {">": ">=", ">=": ">", "<": "<=", "<=": "<", "=": "!=", "!=": "="}[operator]
            return Indicator(Compare(other, a, b))  # type: ignore[arg-type]
        case Where(condition, a, b):
            return Where(condition, b, a)
    return None


def _size(node: Node) -> int:
    return sum(1 for _ in subterms(node))


def changed_somewhere(term: Term, change: Callable[[Term], Term | None], rng: Random) -> Term:
    """The term after one change at a random place; the same term if no place allows one."""
    for _ in range(8):
        target = rng.randrange(_size(term))
        counter = -1
        hit = False

        def descend(node: Node, _binders: int, target: int = target) -> Node:
            nonlocal counter, hit
            counter += 1
            if counter == target and isinstance(node, Term):
                new = change(node)
                if new is not None:
                    hit = True
                    return new
            return map_parts(node, descend, lambda index: index)

        result = descend(term, 0)
        if hit:
            assert isinstance(result, Term)
            return result
    return term


def random_obligation(seed: int, depth: int = 3, changes: int = 2) -> Obligation:
    """A random term against itself after some rewritings and perhaps a mutation."""
    rng = Random(seed)
    definitions = _random_definitions(rng) if rng.random() < 0.25 else {}
    generator = Generator(rng, tuple(definitions))
    scope = rng.choice(((), (Free("i", N),), (Free("i", N), Free("j", N)), (Free("k", N),)))
    left = generator.term(rng.randint(1, depth), scope)
    right = left
    for _ in range(rng.randint(0, changes)):
        right = changed_somewhere(right, lambda t: rewritten(t, rng, generator), rng)
    if rng.random() < 0.3:
        right = changed_somewhere(right, lambda t: mutated(t, rng), rng)
    stated: tuple[Proposition, ...] = ()
    if rng.random() < 0.35:
        about = (*scope, Free("q", N)) if rng.random() < 0.3 else scope
        stated = tuple(generator.condition(2, about) for _ in range(rng.choice((1, 1, 2))))
        if rng.random() < 0.3:
            index = Free("all'", N)
            stated = (*stated, ForAll(N, bind(generator.condition(2, (*scope, index)), index)))
    declarations = replace(DECLARATIONS, hypotheses=stated, definitions=definitions)
    if rng.random() < 0.2:
        operator = rng.choice(("<", "<=", ">", ">=", "!="))
        other = ZERO if rng.random() < 0.7 else generator.term(1, scope)
        return Obligation(operator, left, other, declarations)  # type: ignore[arg-type]
    return Obligation("=", left, right, declarations)


def _random_definitions(rng: Random) -> dict[str, Definition]:
    """``h`` over the variables, then ``g[i]`` over those and h."""
    i = Free("i", N)
    h = Definition("h", (), Generator(rng).term(2, ()))
    g = Definition("g", (i,), Generator(rng, ("h",)).term(2, (i,)))
    return {"h": h, "g": g}


# ---- the tests ----------------------------------------------------------------------------------


@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=100, derandomize=True)
def test_what_is_proved_holds_at_points(seed: int) -> None:
    obligation = random_obligation(seed)
    attempt = prove(obligation)
    if attempt.outcome == "proved":
        assert disagreement(obligation, attempt, Random(seed), 4) is None


@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=60, derandomize=True)
def test_mutants_are_proved_only_where_they_hold(seed: int) -> None:
    rng = Random(seed)
    obligation = random_obligation(seed, 3, 1)
    mutant = changed_somewhere(obligation.left, lambda t: mutated(t, rng), rng)
    changed = replace(obligation, right=mutant)
    attempt = prove(changed)
    if attempt.outcome == "proved":
        assert disagreement(changed, attempt, rng, 4) is None


@given(st.integers(0, 10**9))
@settings(deadline=None, max_examples=60, derandomize=True)
def test_the_normal_form_depends_on_neither_order_nor_names(seed: int) -> None:
    rng = Random(seed)
    obligation = random_obligation(seed, 3, 0)
    renamed = _with_other_letters(obligation.left, rng)
    shuffled = _with_other_order(renamed, rng)
    forms = []
    for term in (obligation.left, shuffled):
        nf = Normalizer(obligation.declarations, reserved=free_indices(term))
        try:
            forms.append(nf.term(nf.form(term)))
        except (NoRuleError, NeedsCaseError, NeverDefinedError, TooLargeError) as stopped:
            forms.append(type(stopped))
    assert forms[0] == forms[1]


def _with_other_order(term: Node, rng: Random) -> Node:
    def descend(node: Node, _binders: int) -> Node:
        node = map_parts(node, descend, lambda index: index)
        if isinstance(node, Add | Mul):
            inside = list(node.terms if isinstance(node, Add) else node.factors)
            rng.shuffle(inside)
            return type(node)(tuple(inside))
        if isinstance(node, Delta) and rng.random() < 0.5:
            return Delta(node.right, node.left)
        return node

    return descend(term, 0)


def _with_other_letters(term: Term, rng: Random) -> Term:
    """Open and close every binder again, under another letter."""

    def descend(node: Node, _binders: int) -> Node:
        if isinstance(node, Sum | Product):
            index = Free(f"{rng.choice('klpqxyz')}{rng.randrange(100)}", node.dim)
            over = sum_over if isinstance(node, Sum) else product_over
            body = open_binder(node.body, index)
            return over(index, descend(body, 0))  # type: ignore[arg-type]
        return map_parts(node, descend, lambda index: index)

    made = descend(term, 0)
    assert isinstance(made, Term)
    return made


def test_the_evaluator_sees_kinks_and_gaps() -> None:
    x = Element("x")
    with mp.workdps(DIGITS):
        at_zero = Evaluator(DECLARATIONS, {N: 1, M: 1}, {"x": {(): mpf(0)}})
        for partial in (
            Derivative(apply("relu", x), x),
            div(x, x),
            apply("log", x),
            Derivative(apply("sqrt", x), x),
            Where(Compare(">", x, ZERO), x, Undefined()),
        ):
            with pytest.raises(NoValueError):
                at_zero.at(partial, {}, ())
        assert at_zero.at(Derivative(apply("exp", x), x), {}, ()) == pytest.approx(1)
