"""Terms and propositions as one line of plain text, for the terminal and JSON.

Components stand in square brackets (``x[k]``), sums name their index (``sum_k exp(x[k])``),
Kronecker's delta is ``delta[i,j]``, an indicator ``[x > 0]``.  Brackets follow the usual order
of operations; a sum or a derivative that is not the last factor stands in brackets.
"""

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


def term_text(term: Term) -> str:
    """Return a term as one line of text."""
    return _term(term, scope_of(term))[0]


def proposition_text(proposition: Proposition) -> str:
    """Return a proposition as one line of text."""
    return _proposition(proposition, scope_of(proposition))


def step_text(
    before: Term, after: Term, conditions: tuple[Proposition, ...] = ()
) -> tuple[str, str, tuple[str, ...]]:
    """Return both sides of a step and its conditions, with the same letters in all of them."""
    scope = scope_of(before, after, *conditions)
    given = tuple(_proposition(condition, scope) for condition in conditions)
    return _term(before, scope)[0], _term(after, scope)[0], given


def _at(term: Term, scope: Scope, least: int) -> str:
    text, strength = _term(term, scope)
    return text if strength >= least else f"({text})"


def _indices(indices: tuple[Index, ...], scope: Scope) -> str:
    return f"[{','.join(map(scope.name, indices))}]" if indices else ""


def _term(term: Term, scope: Scope) -> tuple[str, int]:
    """The text, and how strongly its outermost operation binds."""
    match term:
        case Number(value) if value >= 0 and value.denominator == 1:
            return str(value), _ATOM
        case Number() | Mul():
            return _product(quotient(term), scope)
        case Pow(exponent=exponent) if not is_half(exponent):
            arranged = quotient(term)
            return _product(arranged, scope) if arranged.below else _power(term, scope)
        case Pow(base):
            return f"sqrt({_term(base, scope)[0]})", _ATOM
        case Add(terms):
            return _addition(terms, scope)
        case Dimension(dim):
            return str(dim), _ATOM
        case Position(index):
            return scope.name(index), _ATOM
        case Element(name, indices):
            return name + _indices(indices, scope), _ATOM
        case Apply(function, arguments):
            return f"{function}({', '.join(_term(a, scope)[0] for a in arguments)})", _ATOM
        case Sum(_, body):
            inner = scope.enter()
            return f"sum_{inner.letters[0]} {_at(body, inner, _PREFIX)}", _PREFIX
        case Product(_, body):
            inner = scope.enter()
            return f"prod_{inner.letters[0]} {_at(body, inner, _PREFIX)}", _PREFIX
        case Delta(left, right):
            return f"delta{_indices((left, right), scope)}", _ATOM
        case Indicator(condition):
            return f"[{_proposition(condition, scope)}]", _ATOM
        case Where(condition, then, otherwise):
            branches = (_proposition(condition, scope), _term(then, scope)[0])
            rest = _term(otherwise, scope)[0]
            return f"(if {branches[0]} then {branches[1]} else {rest})", _ATOM
        case Derivative(body, variable):
            return f"d/d{_term(variable, scope)[0]} {_at(body, scope, _POW)}", _PREFIX
        case Call():
            return _call(term, scope), _ATOM
        case InverseEntry(matrix, row, column):
            return f"inverse({matrix}){_indices((row, column), scope)}", _ATOM
        case Determinant(matrix):
            return f"det({matrix})", _ATOM
        case Undefined():
            return "undefined", _ATOM
    raise TypeError(f"not a term: {type(term).__name__}")


def _product(arranged: Quotient, scope: Scope) -> tuple[str, int]:
    *first, last = arranged.above or (ONE,)
    above = [_at(factor, scope, _MUL) for factor in first]
    above.append(_at(last, scope, _MUL if arranged.below else _PREFIX))
    text = " * ".join(above)
    strength = _MUL if first else _term(last, scope)[1]
    if arranged.below:
        below = " * ".join(_at(factor, scope, _POW) for factor in arranged.below)
        text += f"/({below})" if len(arranged.below) > 1 else f"/{below}"
        strength = _MUL
    return (f"-{text}", _ADD) if arranged.negative else (text, strength)


def _power(power: Pow, scope: Scope) -> tuple[str, int]:
    return f"{_at(power.base, scope, _ATOM)}^{_at(power.exponent, scope, _ATOM)}", _POW


def _addition(terms: tuple[Term, ...], scope: Scope) -> tuple[str, int]:
    text = ""
    for place, term in enumerate(terms):
        part, strength = _term(term, scope)
        negative = isinstance(term, Number | Mul) and part.startswith("-")
        if strength == _ADD and not negative:
            part = f"({part})"
        if place == 0:
            text = part
        elif negative:
            text += f" - {part[1:]}"
        else:
            text += f" + {part}"
    return text, _ADD


def _call(call: Call, scope: Scope) -> str:
    slots = "".join(f"d{slot + 1}{_indices(indices, scope)} " for slot, indices in call.partials)
    arguments = ", ".join(_argument(argument, scope) for argument in call.arguments)
    text = f"{call.name}{_indices(call.outputs, scope)}({arguments})"
    return f"({slots}{text})" if slots else text


def _argument(argument: Argument, scope: Scope) -> str:
    bound = tuple(Bound(depth) for depth in reversed(range(len(argument.dims))))
    if isinstance(argument.body, Element) and argument.body.indices == bound:
        return argument.body.name
    for _ in argument.dims:
        scope = scope.enter()
    text = _term(argument.body, scope)[0]
    letters = scope.letters[: len(argument.dims)][::-1]
    return f"({text} over {','.join(letters)})" if letters else text


def _proposition(proposition: Node, scope: Scope) -> str:
    match proposition:
        case Compare(operator, left, right):
            return f"{_term(left, scope)[0]} {operator} {_term(right, scope)[0]}"
        case SameIndex(left, right):
            return f"{scope.name(left)} = {scope.name(right)}"
        case Not(SameIndex(left, right)):
            return f"{scope.name(left)} != {scope.name(right)}"
        case Not(Compare(operator, left, right)):
            return _proposition(Compare(NEGATED[operator], left, right), scope)
        case Not(inner):
            return f"not ({_proposition(inner, scope)})"
        case And(parts) | Or(parts):
            word = "and" if isinstance(proposition, And) else "or"
            return f" {word} ".join(_grouped(part, scope) for part in parts) or (
                "true" if word == "and" else "false"
            )
        case ForAll(_, body):
            inner_scope = scope.enter()
            return f"{_grouped(body, inner_scope)} for all {inner_scope.letters[0]}"
    raise TypeError(f"not a proposition: {type(proposition).__name__}")


def _grouped(proposition: Proposition, scope: Scope) -> str:
    text = _proposition(proposition, scope)
    return f"({text})" if isinstance(proposition, And | Or | ForAll) else text
