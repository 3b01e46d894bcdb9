"""Typed terms and propositions as Coq text over the reals.

Arrays are functions of 1-based natural numbers, sums are ``sumR n (fun k => ...)``, a derivative
is never printed here (``statement`` says what it is).  Division by 0 and logarithms of negative
numbers have values in Coq; the statement says beside the equation that none of these occurs.
"""

from collections.abc import Mapping
from fractions import Fraction

from derive.coq.identifiers import Identifiers
from derive.terms.structure import open_binder
from derive.terms.term import (
    MINUS_ONE,
    Add,
    And,
    Apply,
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
    Where,
)


class NotExportableError(Exception):
    """The statement or its proof has a part that is not written in Coq; the message says which."""


#: Known functions by their names in Coq or in ``DeriveLemmas.v``.
FUNCTIONS: Mapping[str, str] = {
    "exp": "exp",
    "log": "ln",
    "sin": "sin",
    "cos": "cos",
    "atan": "atan",
    "sqrt": "sqrt",
    "pi": "PI",
    "floor": "floor",
    "relu": "relu",
    "abs": "Rabs",
    "sign": "sign_of",
    "sigmoid": "sigmoid",
    "softplus": "softplus",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
    "max": "Rmax",
    "min": "Rmin",
    "positive_indicator": "positive_indicator",
}

_SUM, _PRODUCT, _SIGN, _POWER, _ARGUMENT = 50, 40, 35, 30, 10

_LETTERS = "kljipqrsuvw"

_RELATIONS = {"=": "=", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


class Printer:
    """Prints terms with the identifiers of one theorem.

    ``replaced`` says how components of a variable are printed under a derivative: by the text of
    the array in which one component varies.
    """

    def __init__(self, identifiers: Identifiers) -> None:
        self.identifiers = identifiers
        self.replaced: dict[str, str] = {}
        self._depth = 0

    # ---- terms -------------------------------------------------------------------------------

    def term(self, term: Term, most: int = 100) -> str:
        """The text of a term, in parentheses where its level is above ``most``."""
        level, text = self._term(term)
        return text if level <= most else f"({text})"

    def _term(self, term: Term) -> tuple[int, str]:
        match term:
            case Number(value):
                return self._number(value)
            case Dimension(dim):
                return _ARGUMENT, f"INR {self.dim(dim)}"
            case Position(index):
                return _ARGUMENT, f"INR {self.index(index)}"
            case Element(name, indices):
                return self._element(name, indices)
            case Add(terms):
                return _SUM, self._sum(terms)
            case Mul(factors):
                return self._product(factors)
            case Pow(base, exponent):
                return self._power(base, exponent)
            case Apply(function, arguments):
                return self._function(function, arguments)
            case Delta(left, right):
                return _ARGUMENT, f"delta {self.index(left)} {self.index(right)}"
            case Sum(dim, body):
                index = self._enter(dim)
                inside = self.term(open_binder(body, index))
                self._depth -= 1
                return _ARGUMENT, f"sumR {self.dim(dim)} (fun {self.index(index)} => {inside})"
            case Product():
                raise NotExportableError("a product over an index")
            case Call(name):
                raise NotExportableError(f"the unknown function {name}")
            case InverseEntry(matrix):
                raise NotExportableError(f"the inverse of {matrix}")
            case Determinant(matrix):
                raise NotExportableError(f"the determinant of {matrix}")
            case Derivative():
                raise NotExportableError("a derivative inside a derivative")
            case Indicator() | Where():
                raise NotExportableError("a case distinction of this kind")
        raise NotExportableError(f"a term of the kind {type(term).__name__}")

    def _number(self, value: Fraction) -> tuple[int, str]:
        size = abs(value)
        text = str(size.numerator)
        level = 0
        if size.denominator != 1:
            level, text = _PRODUCT, f"{text} / {size.denominator}"
        if value >= 0:
            return level, text
        return _SIGN, f"- {text}" if level == 0 else f"- ({text})"

    def _element(self, name: str, indices: tuple[Index, ...]) -> tuple[int, str]:
        text = self.replaced.get(name) or self.identifiers.of("variable", name)
        if not indices:
            return 0, text
        return _ARGUMENT, " ".join((text, *map(self.index, indices)))

    def _sum(self, terms: tuple[Term, ...]) -> str:
        text = self.term(terms[0], _SUM)
        for term in terms[1:]:
            match term:
                case Mul((Number(value), *rest)) if value == -1 and rest:
                    text += f" - {self.term(_product_of(rest), _PRODUCT - 1)}"
                case _:
                    text += f" + {self.term(term, _PRODUCT)}"
        return text

    def _product(self, factors: tuple[Term, ...]) -> tuple[int, str]:
        if factors[0] == MINUS_ONE and len(factors) > 1:
            return _SIGN, f"- {self.term(_product_of(factors[1:]), _SIGN)}"
        text = self.term(factors[0], _PRODUCT)
        for factor in factors[1:]:
            match factor:
                case Pow(base, Number(value)) if value == -1:
                    text += f" / {self.term(base, _PRODUCT - 1)}"
                case Pow(base, Number(value)) if value < 0 and value.denominator == 1:
                    text += f" / {self.term(Pow(base, Number(-value)), _PRODUCT - 1)}"
                case _:
                    text += f" * {self.term(factor, _PRODUCT - 1)}"
        return _PRODUCT, text

    def _power(self, base: Term, exponent: Term) -> tuple[int, str]:
        match exponent:
            case Number(value) if value.denominator == 1:
                if value == -1:
                    return _SIGN, f"/ {self.term(base, _SIGN)}"
                if value < 0:
                    return _SIGN, f"/ {self.term(base, _POWER - 1)} ^ {-value}"
                return _POWER, f"{self.term(base, _POWER - 1)} ^ {value}"
            case Number(value) if value == Fraction(1, 2):
                return _ARGUMENT, f"sqrt {self.term(base, _ARGUMENT - 1)}"
        arguments = (self.term(part, _ARGUMENT - 1) for part in (base, exponent))
        return _ARGUMENT, f"Rpower {' '.join(arguments)}"

    def _function(self, function: str, arguments: tuple[Term, ...]) -> tuple[int, str]:
        name = FUNCTIONS.get(function)
        if name is None:
            raise NotExportableError(f"the function {function}")
        if not arguments:
            return 0, name
        return _ARGUMENT, " ".join((name, *(self.term(a, _ARGUMENT - 1) for a in arguments)))

    # ---- indices -----------------------------------------------------------------------------

    def dim(self, dim: Dim) -> str:
        """The length of a range."""
        return str(dim) if isinstance(dim, int) else self.identifiers.of("dimension", dim)

    def index(self, index: Index) -> str:
        """An index as a natural number."""
        if isinstance(index, Free):
            made = self.identifiers.given("index", index.name)
            if made is None and index.name.startswith("\0"):
                return self.identifiers.give("index", index.name, _LETTERS[0])
            return made or self.identifiers.of("index", index.name)
        if isinstance(index, Fixed):
            if not isinstance(index.dim, int) and index.value > 1:
                raise NotExportableError(f"the index {index.value} of a range of any length")
            return f"{index.value}%nat"
        raise NotExportableError("an index without a binder")

    def _enter(self, dim: Dim) -> Free:
        """The index of one more binder: a letter for each depth, which nothing else has."""
        index = Free(f"\0{self._depth}", dim)
        if self.identifiers.given("index", index.name) is None:
            letter = _LETTERS[self._depth] if self._depth < len(_LETTERS) else "q"
            self.identifiers.give("index", index.name, letter)
        self._depth += 1
        return index

    # ---- propositions ------------------------------------------------------------------------

    def range(self, index: Free) -> str:
        """``1 <= k <= n``."""
        return f"(1 <= {self.index(index)} <= {self.dim(index.dim)})%nat"

    def quantified(self, indices: tuple[Free, ...], text: str) -> str:
        """The text for all values of the indices."""
        for index in reversed(indices):
            text = f"forall {self.index(index)} : nat, {self.range(index)} -> {text}"
        return text

    def proposition(self, proposition: Proposition) -> str:
        """The text of a proposition, in parentheses where it is no relation."""
        match proposition:
            case Compare(operator, left, right):
                return f"{self.term(left, _SUM)} {_RELATIONS[operator]} {self.term(right, _SUM)}"
            case SameIndex(left, right):
                return f"{self.index(left)} = {self.index(right)}"
            case Not(SameIndex(left, right)):
                return f"{self.index(left)} <> {self.index(right)}"
            case Not(inner):
                return f"~ ({self.proposition(inner)})"
            case And(parts):
                return " /\\ ".join(f"({self.proposition(part)})" for part in parts)
            case Or(parts):
                return " \\/ ".join(f"({self.proposition(part)})" for part in parts)
            case ForAll(dim, body):
                index = self._enter(dim)
                text = self.quantified((index,), self.proposition(open_binder(body, index)))
                self._depth -= 1
                return text
        raise NotExportableError(f"a condition of the kind {type(proposition).__name__}")


def _product_of(factors: "list[Term] | tuple[Term, ...]") -> Term:
    return factors[0] if len(factors) == 1 else Mul(tuple(factors))
