"""Plain text for terms and propositions about integers, as the reasons of verdicts show them."""

from derive.terms.term import (
    Add,
    And,
    Apply,
    Bound,
    Compare,
    Dimension,
    Element,
    Fixed,
    Free,
    Index,
    Indicator,
    Mul,
    Not,
    Number,
    Or,
    Pow,
    Proposition,
    Term,
    Where,
    mul,
)

#: How tightly a text binds: a sum least.
_SUM, _PRODUCT, _POWER, _ATOM = range(4)


def term_text(term: Term, level: int = _SUM) -> str:
    """The term in plain text, in parentheses where it binds less tightly than ``level``."""
    text, own = _written(term)
    return f"({text})" if own < level else text


def proposition_text(proposition: Proposition) -> str:
    """The proposition in plain text."""
    match proposition:
        case Compare(operator, left, right):
            return f"{term_text(left)} {operator} {term_text(right)}"
        case Not(inner):
            return f"not ({proposition_text(inner)})"
        case And(parts):
            return _joined(" and ", parts) or "true"
        case Or(parts):
            return _joined(" or ", parts) or "false"
    return type(proposition).__name__


def _joined(word: str, parts: tuple[Proposition, ...]) -> str:
    texts = []
    for part in parts:
        compound = isinstance(part, And | Or) and len(part.parts) > 1 and len(parts) > 1
        text = proposition_text(part)
        texts.append(f"({text})" if compound else text)
    return word.join(texts)


def _written(term: Term) -> tuple[str, int]:
    match term:
        case Number(value):
            whole = value >= 0 and value.denominator == 1
            return str(value), _ATOM if whole else _SUM if value < 0 else _PRODUCT
        case Element(name, indices):
            places = ",".join(map(_index_text, indices))
            return f"{name}[{places}]" if indices else name, _ATOM
        case Dimension(dim):
            return str(dim), _ATOM
        case Add(terms):
            return _sum_text(terms), _SUM
        case Mul(factors):
            magnitude = _negated(term)
            if magnitude is not None:
                return f"-{term_text(magnitude, _PRODUCT)}", _SUM
            return _product_text(factors), _PRODUCT
        case Pow(base, Number(exponent)) if exponent < 0:
            return _product_text((term,)), _PRODUCT
        case Pow(base, exponent):
            return f"{term_text(base, _ATOM)}^{term_text(exponent, _ATOM)}", _POWER
        case Apply(function, arguments):
            return f"{function}({', '.join(map(term_text, arguments))})", _ATOM
        case Indicator(condition):
            return f"[{proposition_text(condition)}]", _ATOM
        case Where(condition, then, otherwise):
            cases = f"{term_text(then)} if {proposition_text(condition)}"
            return f"({cases} else {term_text(otherwise)})", _ATOM
    return type(term).__name__, _ATOM


def _index_text(index: Index) -> str:
    match index:
        case Free(name, _):
            return name
        case Fixed(value, _):
            return str(value)
        case Bound(depth):
            return f"_{depth}"


def _negated(term: Term) -> Term | None:
    """``t`` where the term is written ``-t``, else None."""
    match term:
        case Number(value) if value < 0:
            return Number(-value)
        case Mul((Number(value), *rest)) if value < 0 and rest:
            return mul(*([Number(-value)] if value != -1 else []), *rest)
    return None


def _sum_text(terms: tuple[Term, ...]) -> str:
    text = ""
    for term in terms:
        magnitude = _negated(term)
        sign = "+" if magnitude is None else "-"
        part = term_text(magnitude or term, _PRODUCT)
        text += f" {sign} {part}" if text else part if magnitude is None else f"-{part}"
    return text or "0"


def _product_text(factors: tuple[Term, ...]) -> str:
    above: list[str] = []
    below: list[str] = []
    for factor in factors:
        match factor:
            case Pow(base, Number(exponent)) if exponent == -1:
                below.append(term_text(base, _ATOM))
            case Pow(base, Number(exponent)) if exponent < 0:
                below.append(term_text(Pow(base, Number(-exponent)), _POWER))
            case _:
                above.append(term_text(factor, _POWER))
    text = above[0] if above else "1"
    for part in above[1:]:
        text += f" * {part}" if part[0].isdigit() else f" {part}"
    if len(below) > 1:
        return f"{text}/({' '.join(below)})"
    return f"{text}/{below[0]}" if below else text
