"""How a term is arranged for reading: signs, fractions, the letters of bound indices.

Layout as a formula and as plain text both rest on these decisions.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from derive.terms.structure import free_indices, map_parts, subterms
from derive.terms.term import (
    MINUS_ONE,
    Bound,
    Call,
    Derivative,
    Determinant,
    Dimension,
    Element,
    Free,
    Index,
    InverseEntry,
    Mul,
    Node,
    Number,
    Pow,
    Product,
    Sum,
    Term,
    number,
)

#: Letters for bound indices, the nicest first.
_LETTERS = ("k", "j", "l", "i", "p", "q", "r", "s", "t", "u", "v", "a", "b", "c")


@dataclass(frozen=True, slots=True)
class Quotient:
    """A product as it is written: a sign, the factors above and those below the fraction rule."""

    negative: bool
    above: tuple[Term, ...]
    below: tuple[Term, ...]


def quotient(term: Term) -> Quotient:
    """Arrange a product: one sign in front, negative powers below the rule, no factors 1."""
    negative = False
    above: list[Term] = []
    below: list[Term] = []
    for factor in _factors(term):
        match factor:
            case Number(value):
                negative ^= value < 0
                if abs(value.numerator) != 1:
                    above.append(number(abs(value.numerator)))
                if value.denominator != 1:
                    below.append(number(value.denominator))
            case Pow(base, Number(exponent)) if exponent < 0:
                below.append(base if exponent == -1 else Pow(base, number(-exponent)))
            case Pow(base, Pow(Number() as inner, Number(exponent))) if (
                exponent == -1 and inner.value < 0
            ):
                below.append(Pow(base, Pow(number(-inner.value), MINUS_ONE)))
            case _:
                above.append(factor)
    return Quotient(negative, tuple(above), tuple(below))


def _factors(term: Term) -> Iterable[Term]:
    if not isinstance(term, Mul):
        return (term,)
    return (inner for factor in term.factors for inner in _factors(factor))


def is_half(term: Term) -> bool:
    """Whether the term is written 1/2, as a number or as a power of 2."""
    match term:
        case Number(value):
            return value == Fraction(1, 2)
        case Pow(Number(base), Number(exponent)):
            return base == 2 and exponent == -1
        case _:
            return False


def used_names(*nodes: Node) -> frozenset[str]:
    """All names that occur in the nodes, so that no bound index takes one of them."""
    names: set[str] = set()
    for node in nodes:
        names.update(index.name for index in free_indices(node))
        for part in subterms(node):
            match part:
                case Element(name) | Call(name):
                    names.add(name)
                case Derivative(variable=variable):
                    names.add(variable.name)
                case InverseEntry(matrix) | Determinant(matrix):
                    names.add(matrix)
                case Dimension(dim) | Sum(dim) | Product(dim):
                    names.add(str(dim))
    return frozenset(names)


@dataclass(frozen=True, slots=True)
class Scope:
    """The letters of the enclosing binders, nearest first, and the names that are taken."""

    taken: frozenset[str]
    letters: tuple[str, ...] = ()

    def enter(self) -> "Scope":
        """The scope inside one more binder, with the nicest letter that is free."""
        used = self.taken.union(self.letters)
        fresh = next((letter for letter in _LETTERS if letter not in used), None)
        if fresh is None:
            fresh = next(f"k_{n}" for n in range(1, len(used) + 2) if f"k_{n}" not in used)
        return Scope(self.taken, (fresh, *self.letters))

    def name(self, index: Index) -> str:
        """The letter or number of an index."""
        match index:
            case Free(name):
                return name
            case Bound(depth):
                return self.letters[depth]
            case _:
                return str(index.value)


def scope_of(*nodes: Node) -> Scope:
    """The scope to print these nodes in together: indices bound outside of them get letters."""
    scope = Scope(used_names(*nodes))
    for _ in range(max(map(loose_binders, nodes), default=0)):
        scope = scope.enter()
    return Scope(scope.taken, tuple(reversed(scope.letters)))


def loose_binders(node: Node) -> int:
    """How many binders around the node its bound indices ask for."""
    deepest = 0

    def descend(current: Node, depth: int) -> None:
        def index(found: Index) -> Index:
            nonlocal deepest
            if isinstance(found, Bound):
                deepest = max(deepest, found.depth - depth + 1)
            return found

        def part(inner: Node, binders: int) -> Node:
            descend(inner, depth + binders)
            return inner

        map_parts(current, part, index)

    descend(node, 0)
    return deepest
