"""Sums, products, integrals, limits, extrema over a set: an operator and all that it governs."""

from derive.reader import symbols
from derive.reader.pratt import SUM, Construct, Parser
from derive.reader.problems import Span, failure
from derive.reader.surface import BigOperator, Node, Sequence
from derive.reader.tokens import Token

_ENDS = frozenset(
    {"close", "rbrace", "relation", "comma", "amp", "row", "end", "connective", "multiplicative"}
    | {"bar", "char"}
)


def big_operator(parser: Parser, token: Token) -> Node:
    r"""Read `\sum_{i=1}^n body`; the body reaches to the next `+`, `-` or relation."""
    return governed(parser, symbols.BIG_OPERATORS[token.text], token.span)


def governed(
    parser: Parser,
    operator: str,
    place: Span,
    lower: Node | None = None,
    upper: Node | None = None,
) -> Node:
    """Read limits (unless given) and body of an operator whose sign has been taken."""
    if lower is None and upper is None:
        lower, upper, _ = parser.scripts()
    token = parser.peek()
    if token is None or token.kind in _ENDS:
        raise failure(
            "missing-operand",
            place,
            f"{operator} with nothing after it",
            f"a body for the {operator}",
        )
    body = parser.expression(SUM)
    return BigOperator(parser.span_from(place.start), operator, lower, upper, body)


def substack(parser: Parser, token: Token) -> Node:
    r"""Read `\substack{i < j \\ j \ne k}` as a sequence of conditions."""
    opening = parser.take_if("lbrace")
    if opening is None:
        return parser.argument(token)
    items = [parser.expression()]
    while parser.take_if("row") is not None:
        items.append(parser.expression())
    parser.expect_rbrace(opening)
    span = parser.span_from(token.start)
    if len(items) == 1:
        return items[0]
    return Sequence(span, tuple(items), (",",) * (len(items) - 1))


CONSTRUCTS: dict[str, Construct] = {
    "\\substack": substack,
    **dict.fromkeys(symbols.BIG_OPERATORS, big_operator),
}
