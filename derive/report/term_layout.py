"""Terms and propositions laid out as formula boxes, the way a person would write them.

Bound indices get letters that clash with nothing, products are fractions where they have negative
powers, ``exp`` is a power of e, negative terms are subtracted.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from derive.report.formula import (
    Box,
    Fenced,
    Fraction,
    Grid,
    Letter,
    Numeral,
    OperatorName,
    Root,
    Row,
    Script,
    Sign,
    Space,
    Styled,
    Symbol,
    Words,
    is_tall,
    parenthesised,
    row,
)
from derive.report.latex_math import read_or_none
from derive.report.symbols import SYMBOLS
from derive.terms.arrangement import Quotient, Scope, is_half, quotient, scope_of
from derive.terms.term import (
    NEGATED,
    ONE,
    Add,
    And,
    Apply,
    Argument,
    Bound,
    Call,
    Compare,
    Delta,
    Derivative,
    Determinant,
    Dim,
    Dimension,
    Element,
    ForAll,
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
    Proposition,
    SameIndex,
    Sum,
    Term,
    Undefined,
    Where,
)

_ADD, _PREFIX, _MUL, _POW, _ATOM = range(5)

_RELATIONS: Mapping[str, Box] = {
    "=": Sign("="),
    "!=": Symbol("ne"),
    "<": Sign("<"),
    "<=": Symbol("le"),
    ">": Sign(">"),
    ">=": Symbol("ge"),
}

#: Functions printed as delimiters around their argument.
_FENCED = {"abs": ("|", "|"), "floor": ("lfloor", "rfloor"), "ceiling": ("lceil", "rceil")}

#: Functions with a name of their own in mathematics.
_FUNCTION_NAMES: Mapping[str, Box] = {
    "log": OperatorName("ln"),
    "sigmoid": Symbol("sigma"),
    "atan": OperatorName("arctan"),
    **{name: OperatorName(name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp")},
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A box and how strongly its outermost operation binds."""

    box: Box
    strength: int


def name_box(name: str, notation: Mapping[str, str] | None = None) -> Box:
    """The box of a declared name such as ``W^{(1)}``, ``d_h``, ``theta`` or ``x2``."""
    spelled = (notation or {}).get(name, name)
    if re.fullmatch(r"[A-Za-z]+[0-9]*", spelled):
        letters = spelled.rstrip("0123456789")
        base: Box = OperatorName(letters)
        if len(letters) == 1:
            base = Letter(letters)
        elif letters in SYMBOLS:
            base = Symbol(letters)
        return Script(base, Numeral(spelled[len(letters) :])) if spelled != letters else base
    if " " in spelled and "\\" not in spelled:
        return Words(spelled)
    stem, _, script = spelled.partition("_")
    if re.fullmatch(r"[A-Za-z]+", stem) and re.fullmatch(r"[A-Za-z0-9]+", script):
        below = Numeral(script) if script.isdigit() else name_box(script)
        return Script(name_box(stem), below)
    box = read_or_none(spelled)
    return Words(name) if box is None else box


@dataclass(frozen=True, slots=True)
class TermLayout:
    """Lays out terms; ``notation`` gives the LaTeX of names that are printed in another way."""

    notation: Mapping[str, str] = field(default_factory=dict)

    def term(self, term: Term) -> Box:
        """The box of one term."""
        return self._term(term, scope_of(term)).box

    def proposition(self, proposition: Proposition) -> Box:
        """The box of one proposition."""
        return self._proposition(proposition, scope_of(proposition))

    def step(
        self, before: Term, after: Term, conditions: tuple[Proposition, ...] = ()
    ) -> tuple[Box, Box, tuple[Box, ...]]:
        """Both sides of a step and its conditions, with the same letters in all of them."""
        scope = scope_of(before, after, *conditions)
        given = tuple(self._proposition(condition, scope) for condition in conditions)
        return self._term(before, scope).box, self._term(after, scope).box, given

    def _term(self, term: Term, scope: Scope) -> Placed:
        match term:
            case Number(value) if value >= 0 and value.denominator == 1:
                return Placed(Numeral(str(value)), _ATOM)
            case Number() | Mul():
                return self._product(quotient(term), scope)
            case Pow(base, exponent) if is_half(exponent):
                return Placed(Root(self._term(base, scope).box), _ATOM)
            case Pow():
                arranged = quotient(term)
                if arranged.below:
                    return self._product(arranged, scope)
                return self._power(term, scope)
            case Add(terms):
                return self._addition(terms, scope)
            case Dimension(dim):
                return Placed(self._dim(dim), _ATOM)
            case Position(index):
                return Placed(self._index(index, scope), _ATOM)
            case Element(name, indices):
                return self._element(name, indices, scope)
            case Apply(function, arguments):
                return self._application(function, arguments, scope)
            case Sum(dim, body):
                return self._big("sum", dim, body, scope)
            case Product(dim, body):
                return self._big("prod", dim, body, scope)
            case Delta(left, right):
                below = self._indices((left, right), scope)
                return Placed(Script(Symbol("delta"), below), _POW)
            case Indicator(condition):
                inside = parenthesised(self._proposition(condition, scope), "[", "]")
                return Placed(row((Styled("mathbf", Numeral("1")), inside)), _ATOM)
            case Where():
                return Placed(self._cases(term, scope), _ATOM)
            case Undefined():
                return Placed(Words("undefined"), _ATOM)
            case Derivative(body, variable):
                return self._derivative(body, variable, scope)
            case Call():
                return Placed(self._call(term, scope), _ATOM)
            case InverseEntry(matrix, line, column):
                power = Script(self._name(matrix), None, row((Sign("-"), Numeral("1"))))
                entry = self._indices((line, column), scope)
                return Placed(Script(_closed(parenthesised(power)), entry), _POW)
            case Determinant(matrix):
                return Placed(row((OperatorName("det"), self._name(matrix))), _MUL)
        raise TypeError(f"not a term: {type(term).__name__}")

    def _at(self, term: Term, scope: Scope, least: int) -> Box:
        placed = self._term(term, scope)
        return placed.box if placed.strength >= least else parenthesised(placed.box)

    def _name(self, name: str) -> Box:
        return name_box(name, self.notation)

    def _dim(self, dim: Dim) -> Box:
        return Numeral(str(dim)) if isinstance(dim, int) else self._name(dim)

    def _index(self, index: Index, scope: Scope) -> Box:
        name = scope.name(index)
        return Numeral(name) if name.isdigit() else name_box(name)

    def _indices(self, indices: tuple[Index, ...], scope: Scope) -> Box:
        return _listed(self._index(index, scope) for index in indices)

    def _element(self, name: str, indices: tuple[Index, ...], scope: Scope) -> Placed:
        base = self._name(name)
        if not indices:
            return Placed(base, _POW if isinstance(base, Script) and base.above else _ATOM)
        below = self._indices(indices, scope)
        if isinstance(base, Script):
            if base.below is not None:
                below = row((base.below, Sign(","), below))
            strength = _POW if base.above else _ATOM
            return Placed(Script(base.base, below, base.above), strength)
        return Placed(Script(base, below), _ATOM)

    def _product(self, arranged: Quotient, scope: Scope) -> Placed:
        above = self._factors(arranged.above, scope, alone=bool(arranged.below))
        box, strength = above.box, above.strength
        if arranged.below:
            box = Fraction(box, self._factors(arranged.below, scope, alone=True).box)
            strength = _MUL
        if arranged.negative:
            operand = box if strength >= _PREFIX else parenthesised(box)
            return Placed(row((Sign("-"), operand)), _ADD)
        return Placed(box, strength)

    def _factors(self, factors: tuple[Term, ...], scope: Scope, alone: bool) -> Placed:
        """The factors in a row; ``alone`` (in a fraction) a single one needs no brackets."""
        if len(factors) < 2:
            placed = self._term(factors[0] if factors else ONE, scope)
            return Placed(placed.box, _MUL) if alone else placed
        boxes: list[Box] = []
        for place, factor in enumerate(factors):
            last = place == len(factors) - 1
            box = self._at(factor, scope, _PREFIX if last else _MUL)
            boxes.extend(_joint(boxes[-1], box) if boxes else ())
            boxes.append(box)
        return Placed(row(boxes), _PREFIX if _is_prefix(factors[-1]) else _MUL)

    def _power(self, power: Pow, scope: Scope) -> Placed:
        base = self._term(power.base, scope)
        exponent = _on_one_line(self._term(power.exponent, scope).box)
        box = base.box
        if isinstance(box, Script) and base.strength == _ATOM and box.above is None:
            return Placed(Script(box.base, box.below, exponent), _POW)
        bare = base.strength == _ATOM and not isinstance(box, Fraction)
        return Placed(Script(_closed(box if bare else parenthesised(box)), None, exponent), _POW)

    def _addition(self, terms: tuple[Term, ...], scope: Scope) -> Placed:
        boxes: list[Box] = []
        for place, term in enumerate(terms):
            if isinstance(term, Number | Mul) and quotient(term).negative:
                # The box starts with its minus sign, which serves as the operator.
                boxes.append(self._term(term, scope).box)
            else:
                box = self._at(term, scope, _PREFIX)
                boxes += [box] if place == 0 else [Sign("+"), box]
        return Placed(row(boxes), _ADD)

    def _application(self, function: str, arguments: tuple[Term, ...], scope: Scope) -> Placed:
        boxes = [self._term(argument, scope).box for argument in arguments]
        if function == "exp" and not _is_bulky(arguments[0]):
            return Placed(Script(Letter("e"), None, _on_one_line(boxes[0])), _POW)
        if function == "sqrt":
            return Placed(Root(boxes[0]), _ATOM)
        if function in _FENCED:
            opening, closing = _FENCED[function]
            return Placed(Fenced(opening, boxes[0], closing), _ATOM)
        name = _FUNCTION_NAMES.get(function) or OperatorName(function)
        return Placed(row((name, parenthesised(_listed(boxes, always=True)))), _ATOM)

    def _big(self, symbol: str, dim: Dim, body: Term, scope: Scope) -> Placed:
        inner = scope.enter()
        index = self._index(Bound(0), inner)
        below = row((index, Sign("="), Numeral("1")))
        box = Script(Symbol(symbol), below, self._dim(dim))
        return Placed(row((box, self._at(body, inner, _PREFIX))), _PREFIX)

    def _cases(self, where: Where, scope: Scope) -> Box:
        rows: list[tuple[Box, ...]] = []
        current: Term = where
        while isinstance(current, Where):
            condition = self._proposition(current.condition, scope)
            rows.append((self._term(current.then, scope).box, row((Words("if "), condition))))
            current = current.otherwise
        if not isinstance(current, Undefined):
            rows.append((self._term(current, scope).box, Words("otherwise")))
        return Grid("cases", tuple(rows))

    def _derivative(self, body: Term, variable: Element, scope: Scope) -> Placed:
        bottom = row((Symbol("partial"), self._term(variable, scope).box))
        if isinstance(body, Element):
            top = row((Symbol("partial"), self._term(body, scope).box))
            return Placed(Fraction(top, bottom), _MUL)
        operator = Fraction(Symbol("partial"), bottom)
        return Placed(row((operator, Space(","), self._at(body, scope, _MUL))), _PREFIX)

    def _call(self, call: Call, scope: Scope) -> Box:
        name = self._name(call.name)
        if call.outputs:
            name = Script(name, self._indices(call.outputs, scope))
        arguments = _listed((self._argument(a, scope) for a in call.arguments), always=True)
        if not call.partials:
            return row((name, parenthesised(arguments)))
        bottom: list[Box] = []
        for slot, indices in call.partials:
            argument = self._argument(call.arguments[slot], scope)
            if not isinstance(argument, Letter | Symbol):
                argument = Script(Letter("u"), Numeral(str(slot + 1)))
            placed = _with_indices(argument, self._indices(indices, scope) if indices else None)
            bottom += [Symbol("partial"), placed]
        order = len(call.partials)
        partial: Box = Symbol("partial")
        if order > 1:
            partial = Script(partial, None, Numeral(str(order)))
        return row((Fraction(row((partial, name)), row(bottom)), parenthesised(arguments)))

    def _argument(self, argument: Argument, scope: Scope) -> Box:
        bound = tuple(Bound(depth) for depth in reversed(range(len(argument.dims))))
        if isinstance(argument.body, Element) and argument.body.indices == bound:
            return self._name(argument.body.name)
        for _ in argument.dims:
            scope = scope.enter()
        box = self._term(argument.body, scope).box
        if not bound:
            return box
        return Script(_closed(parenthesised(box)), self._indices(bound, scope))

    def _proposition(self, proposition: Node, scope: Scope) -> Box:
        match proposition:
            case Compare(operator, left, right):
                relation = _RELATIONS[operator]
                return row((self._term(left, scope).box, relation, self._term(right, scope).box))
            case SameIndex(left, right):
                return self._same(left, right, Sign("="), scope)
            case Not(SameIndex(left, right)):
                return self._same(left, right, Symbol("ne"), scope)
            case Not(Compare(operator, left, right)):
                return self._proposition(Compare(NEGATED[operator], left, right), scope)
            case Not(inner):
                return row((Symbol("neg"), parenthesised(self._proposition(inner, scope))))
            case And(()) | Or(()):
                return Words("true" if isinstance(proposition, And) else "false")
            case And(parts) | Or(parts):
                word = Words(" and " if isinstance(proposition, And) else " or ")
                boxes: list[Box] = []
                for part in parts:
                    boxes += [*([word] if boxes else []), self._grouped(part, scope)]
                return row(boxes)
            case ForAll(dim, body):
                inside = scope.enter()
                index = self._index(Bound(0), inside)
                range_ = row((index, Symbol("le"), self._dim(dim)))
                return row((self._grouped(body, inside), Words(" for all "), range_))
        raise TypeError(f"not a proposition: {type(proposition).__name__}")

    def _grouped(self, proposition: Proposition, scope: Scope) -> Box:
        box = self._proposition(proposition, scope)
        return parenthesised(box) if isinstance(proposition, And | Or | ForAll) else box

    def _same(self, left: Index, right: Index, relation: Box, scope: Scope) -> Box:
        return row((self._index(left, scope), relation, self._index(right, scope)))


def _listed(boxes: Iterable[Box], always: bool = False) -> Box:
    """Indices side by side; with commas where one is not a single letter, or ``always``."""
    found = tuple(boxes)
    commas = always or not all(isinstance(box, Letter) for box in found)
    items: list[Box] = []
    for box in found:
        items += [*([Sign(",")] if commas and items else []), box]
    return row(items)


def _with_indices(base: Box, below: Box | None) -> Box:
    if below is None:
        return base
    if isinstance(base, Script) and base.below is not None:
        return Script(base.base, _listed((base.below, below), always=True), base.above)
    return Script(base, below)


def _on_one_line(box: Box) -> Box:
    """The box with small fractions written with a slash, for an exponent."""
    if isinstance(box, Row):
        return row(map(_on_one_line, box.items))
    if isinstance(box, Fraction) and all(_is_small(part) for part in (box.top, box.bottom)):
        return row((box.top, Sign("/"), box.bottom))
    return box


def _is_small(box: Box) -> bool:
    return isinstance(box, Letter | Numeral | Symbol | Script) and not is_tall(box)


def _closed(box: Box) -> Box:
    """The box as the base of a script: a plain bracket pair becomes one that is a unit."""
    items = getattr(box, "items", ())
    if items and items[0] == Sign("(") and items[-1] == Sign(")"):
        return Fenced("(", row(items[1:-1]), ")")
    return box


def _is_prefix(term: Term) -> bool:
    return isinstance(term, Sum | Product | Derivative)


def _is_bulky(term: Term) -> bool:
    """Whether an exponent would be too tall to read as an exponent."""
    match term:
        case Sum() | Product() | Where() | Derivative():
            return True
        case Add(parts) | Mul(parts):
            return any(map(_is_bulky, parts))
        case _:
            return False


def _joint(left: Box, right: Box) -> tuple[Box, ...]:
    """What stands between two factors: a dot before a number, a thin space before a bracket."""
    if isinstance(right, Numeral):
        return (Symbol("cdot"),)
    starts = right.items[0] if hasattr(right, "items") and right.items else right
    if isinstance(starts, Numeral):
        return (Symbol("cdot"),)
    if isinstance(starts, Sign | Fenced) and not isinstance(left, Fenced):
        closed = hasattr(left, "items") and left.items and left.items[-1] == Sign(")")
        return () if closed else (Space(","),)
    if isinstance(starts, OperatorName) or isinstance(left, OperatorName):
        return (Space(","),)
    return ()
