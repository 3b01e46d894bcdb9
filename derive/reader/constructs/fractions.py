r"""Fractions, and derivatives written as fractions.

A fraction is a derivative when numerator and denominator both begin with `\partial`, or both with
a `d` that an operand follows in the denominator. With an empty numerator it is an operator: a
group right behind it is its whole operand, else the product up to the next `+`, `-` or relation.
"""

from derive.reader.messages import unexpected
from derive.reader.pratt import PRODUCT, SUM, Construct, Parser
from derive.reader.problems import Span
from derive.reader.surface import (
    Derivative,
    Fraction,
    Juxtaposition,
    Node,
    Script,
    Variable,
)
from derive.reader.tokens import Token

_STARTS = frozenset({"number", "letter", "command", "open", "lbrace", "begin", "text"})


def fraction(parser: Parser, token: Token) -> Node:
    r"""Read `\frac{a}{b}`."""
    derivative = _derivative(parser, token)
    if derivative is not None:
        return derivative
    numerator = parser.argument(token)
    denominator = parser.argument(token)
    return Fraction(parser.span_from(token.start), numerator, denominator)


def _derivative(parser: Parser, token: Token) -> Node | None:
    upper = _braces(parser, parser.position)
    lower = _braces(parser, upper[1] + 1) if upper is not None else None
    if upper is None or lower is None:
        return None
    above = _symbol(parser, upper[0], upper[1])
    below = _symbol(parser, lower[0], lower[1])
    if above is None or below is None or above[0] != below[0]:
        return None
    symbol, first = above
    if below[1] >= lower[1]:
        return None
    if symbol == "d" and not (
        _plausible(parser, first, upper[1], _STARTS | {"sup"})
        and _plausible(parser, below[1], lower[1], _STARTS - {"open"})
    ):
        return None
    end = parser.end
    parser.end = lower[1]
    variables = _variables(parser, lower[0], symbol)
    parser.position, parser.end = first, upper[1]
    order = parser.script_argument(parser.take()) if _at(parser, "sup") else None
    operand = parser.expression() if parser.position < upper[1] else None
    if parser.position < upper[1]:
        raise unexpected(parser.tokens[parser.position])
    parser.end = end
    parser.position = lower[1] + 1
    applied = operand is None
    if operand is None:
        operand = _following(parser, token)
    split = tuple(_with_order(variable, order) for variable in variables)
    span = parser.span_from(token.start)
    return Derivative(span, symbol, operand, split, order, applied and operand is not None)


def _braces(parser: Parser, index: int) -> tuple[int, int] | None:
    """Return the range inside the braces at an index, None when there are none."""
    if index >= parser.end or parser.tokens[index].kind != "lbrace":
        return None
    closing = parser.match[index]
    return (index + 1, closing) if closing > 0 else None


def _symbol(parser: Parser, index: int, end: int) -> tuple[str, int] | None:
    r"""Return the derivative sign at an index and the index behind it."""
    if index >= end:
        return None
    token = parser.tokens[index]
    if token.text == "\\partial":
        return "\\partial", index + 1
    if token.kind == "letter" and token.text == "d":
        return "d", index + 1
    roman = parser.tokens[index : index + 4]
    if [part.text for part in roman] == ["\\mathrm", "{", "d", "}"] and index + 4 <= end:
        return "d", index + 4
    return None


def _plausible(parser: Parser, index: int, end: int, starts: frozenset[str]) -> bool:
    """Tell whether a `d` before this index can be a differential.

    Not in `d_h`, `d + 1`, `d (x + 1)` below, or a sum.
    """
    if index < end and parser.tokens[index].kind not in starts:
        return False
    while index < end:
        if parser.tokens[index].kind in ("additive", "comma", "relation"):
            return False
        index = max(parser.match[index], index) + 1
    return True


def _at(parser: Parser, kind: str) -> bool:
    token = parser.peek()
    return token is not None and token.kind == kind


def _variables(parser: Parser, start: int, symbol: str) -> list[Node]:
    parser.position = start
    variables: list[Node] = []
    while parser.position < parser.end:
        sign = _symbol(parser, parser.position, parser.end)
        if sign is None or sign[0] != symbol:
            raise unexpected(parser.tokens[parser.position])
        parser.position = sign[1]
        variables.append(parser.expression(PRODUCT))
    return variables


def _with_order(node: Node, order: Node | None) -> Variable:
    r"""Split `x^2` of `\frac{\partial^2 f}{\partial x^2}` into variable and order."""
    if order is not None and isinstance(node, Script) and node.superscript == order:
        if node.subscript is None and not node.primes:
            return Variable(node.span, node.base, order)
        base = Script(node.span, node.base, node.subscript, None, node.primes)
        return Variable(node.span, base, order)
    return Variable(node.span, node, None)


def _following(parser: Parser, token: Token) -> Node | None:
    following = parser.peek()
    if following is None or following.kind not in _STARTS:
        return None
    if following.kind == "open":
        operand = parser.expression(PRODUCT)
        after = parser.peek()
        if after is not None and after.kind in _STARTS:
            _say(parser, token, operand, "the group behind it only")
        return operand
    operand = parser.expression(SUM)
    if isinstance(operand, Juxtaposition):
        _say(parser, token, operand, "the whole product behind it")
    return operand


def _say(parser: Parser, token: Token, operand: Node, reach: str) -> None:
    parser.warn(
        "scope-of-operator",
        Span(token.start, operand.span.end),
        f"the derivative is read as applied to {reach}",
        "put its operand in parentheses",
    )


CONSTRUCTS: dict[str, Construct] = dict.fromkeys(
    ("\\frac", "\\dfrac", "\\tfrac", "\\cfrac", "\\nicefrac", "\\sfrac"), fraction
)
