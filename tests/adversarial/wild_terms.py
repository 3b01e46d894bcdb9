"""Random typed terms that may have no value, over variables of every declared kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from generators import Grower, Scope

from derive.terms.declarations import Declarations, Variable
from derive.terms.structure import Definition, product_over, sum_over
from derive.terms.term import (
    ONE,
    TWO,
    ZERO,
    And,
    Argument,
    Call,
    Compare,
    Delta,
    Derivative,
    Determinant,
    Dimension,
    Element,
    Fixed,
    Free,
    Indicator,
    InverseEntry,
    Not,
    Operator,
    Or,
    Position,
    Pow,
    Proposition,
    SameIndex,
    Term,
    Undefined,
    Where,
    add,
    apply,
    div,
    mul,
    number,
)

N, M = "n", "m"
ROW, COLUMN, OTHER = Free("i", N), Free("j", N), Free("a", M)
HALF = number(Fraction(1, 2))
X, Y, P = Element("x"), Element("y"), Element("p")

#: Names with shapes and condition words; ``h`` and ``g`` are defined.
_VARIABLES = (
    ("x", (), ()), ("y", (), ()), ("z", (), ()), ("p", (), ("positive",)),
    ("s", (), ("nonnegative",)), ("e", (), ("nonzero",)), ("u", (N,), ()), ("v", (N,), ()),
    ("w", (M,), ()), ("q", (N,), ("positive",)), ("c", (N,), ("sums to 1",)),
    ("t", (N,), ("one-hot",)), ("A", (N, N), ()), ("W", (M, N), ()), ("S", (N, N), ("symmetric",)),
    ("B", (N, N), ("invertible",)), ("Q", (N, N), ("orthogonal",)),
    ("C", (N, N), ("positive definite",)),
)  # fmt: skip
_SHAPES = {name: shape for name, shape, _ in _VARIABLES}
DECLARATIONS = Declarations(
    dimensions=(N, M),
    variables={name: Variable(name, shape, frozenset(words)) for name, shape, words in _VARIABLES},
    definitions={
        "h": Definition("h", (), mul(X, Y)),
        "g": Definition("g", (ROW,), mul(Element("u", (ROW,)), X)),
        "k": Definition("k", (), sum_over(ROW, Pow(Element("u", (ROW,)), TWO))),
    },
)
SCOPES: tuple[Scope, ...] = ((), (), (), (ROW,), (ROW, COLUMN), (ROW, COLUMN), (ROW, OTHER))
_EXPONENTS = tuple(
    map(Fraction, ("-1", "-1", "-2", "1/2", "1/2", "-1/2", "2", "3", "3/2", "1/3", "0"))
)
OPERATORS: tuple[Operator, ...] = (">", ">=", "<", "<=", "=", "!=")
_FUNCTIONS = ("exp", "log", "log", "sqrt", "sqrt", "abs", "abs", "sign", "relu", "relu", "sin",
              "cos", "tanh", "sigmoid", "softplus", "atan", "floor", "ceiling", "tan",
              "cosh")  # fmt: skip
_KINDS = ("leaf", "leaf", "add", "add", "mul", "mul", "quotient", "power", "power", "apply",
          "apply", "apply", "max", "sum", "sum", "selected", "product", "indicator", "where",
          "derivative", "derivative", "inverse", "real power", "call")  # fmt: skip


@dataclass(frozen=True)
class Wild(Grower):
    """Random terms that may have no value: anything is divided by, logged and rooted."""

    def element(self, scope: Scope, names: Sequence[str] = ()) -> Element:
        fitting = [
            (name, shape)
            for name, shape in _SHAPES.items()
            if (not names or name in names) and all(any(i.dim == d for i in scope) for d in shape)
        ]
        if not names:
            fitting += [("h", ())] + [("g", (N,))] * any(i.dim == N for i in scope)
            most = max(len(shape) for _, shape in fitting)
            fitting = [f for f in fitting if len(f[1]) >= min(most, self.choose((0, 1, 2)))]
        name, shape = self.choose(fitting)
        return Element(name, tuple(self.choose([i for i in scope if i.dim == d]) for d in shape))

    def leaf(self, scope: Scope) -> Term:
        kind = self.choose(("element",) * 6 + ("number", "delta", "dimension", "position", "fixed"))
        fitting = [index for index in scope if index.dim == N]
        if kind == "number":
            return number(Fraction(self.choose(("0", "1", "2", "-1", "-3", "1/2", "8/9"))))
        if kind == "dimension":
            return Dimension(N)
        if kind == "delta" and len(fitting) > 1:
            return Delta(self.choose(fitting), self.choose(fitting))
        if kind == "position" and fitting:
            return Position(self.choose(fitting))
        if kind == "fixed":
            return Element("u", (Fixed(self.choose((1, 1, 2)), N),))
        return self.element(scope)

    def proposition(self, depth: int, scope: Scope) -> Proposition:
        """A comparison, two indices that agree, or some of these joined."""
        fitting = [index for index in scope if index.dim == N]
        kind = self.choose(("compare",) * 5 + ("same", "same", "not", "and", "or"))
        if kind == "same" and len(fitting) > 1:
            return SameIndex(fitting[0], fitting[1])
        if kind == "not":
            return Not(self.proposition(depth, scope))
        if kind in ("and", "or"):
            both = (self.proposition(depth, scope), self.proposition(depth, scope))
            return And(both) if kind == "and" else Or(both)
        other = self.choose((ZERO, ZERO, ONE, X))
        return Compare(self.choose(OPERATORS), self.term(depth - 1, scope), other)

    def term(self, depth: int, scope: Scope) -> Term:
        if depth <= 0:
            return self.leaf(scope)

        def inner() -> Term:
            return self.term(depth - 1, scope)

        match self.choose(_KINDS):
            case "leaf":
                return self.leaf(scope)
            case "add":
                return add(inner(), inner())
            case "mul":
                return mul(inner(), inner())
            case "quotient":
                return div(inner(), inner())
            case "power":
                return Pow(inner(), number(self.choose(_EXPONENTS)))
            case "real power":
                return Pow(inner(), self.choose((X, Y, Dimension(N))))
            case "apply":
                return apply(self.choose(_FUNCTIONS), inner())
            case "max":
                return apply(self.choose(("max", "min")), inner(), inner())
            case "sum":
                index = self.fresh(scope)
                return sum_over(index, self.term(depth - 1, (*scope, index)))
            case "product":
                index = self.fresh(scope)
                return product_over(index, self.term(depth - 1, (*scope, index)))
            case "selected":
                index = self.fresh(scope)
                same = [other for other in scope if other.dim == index.dim]
                if not same:
                    return self.leaf(scope)
                delta = Delta(self.choose(same), index)
                return sum_over(index, mul(delta, self.term(depth - 1, (*scope, index))))
            case "indicator":
                return Indicator(self.proposition(depth - 1, scope))
            case "where":
                condition = self.proposition(depth - 1, scope)
                last = Undefined() if self.choose(range(6)) == 0 else inner()
                return Where(condition, inner(), last)
            case "inverse":
                same = [other for other in scope if other.dim == N]
                name = self.choose(("B", "A", "C", "Q"))
                if not same:
                    return Determinant(name)
                return InverseEntry(name, self.choose(same), self.choose(same))
            case "call":
                return Call("f", (), (Argument((), inner()),))
        by = self.choose((X, Y, Element("h"), self.element(scope, ("x", "u", "v", "A", "B"))))
        return Derivative(inner(), by)

    def kink(self, scope: Scope) -> Term:
        """The slope of something with a kink."""
        names = ("x", "u", "A") if scope else ("x",)
        by = self.element(scope, names)
        other = self.choose((self.leaf(scope), self.term(1, scope)))
        inside = self.choose((by, add(by, other), mul(by, other), Pow(by, number(2))))
        if self.choose((True, False)):
            return Derivative(apply(self.choose(("max", "min")), inside, self.leaf(scope)), by)
        return Derivative(apply(self.choose(("relu", "abs", "sign")), inside), by)

    def selection(self, scope: Scope) -> Term:
        """Something that depends on whether two indices agree."""
        if len(scope) < 2 or scope[0].dim != scope[1].dim:
            return self.term(2, scope)
        return mul(Delta(scope[0], scope[1]), self.term(1, scope))
