r"""Known functions, with and without parentheses, and `\nabla`."""

from derive.reader import symbols
from derive.reader.constructs.bigoperators import governed
from derive.reader.pratt import PRODUCT, SUM, Construct, Parser
from derive.reader.problems import Span
from derive.reader.scripts import attach
from derive.reader.surface import (
    Apply,
    BigOperator,
    Fraction,
    Group,
    Juxtaposition,
    Nabla,
    Name,
    Node,
    Number,
    Root,
    Script,
)
from derive.reader.tokens import Token

_STARTS = frozenset({"number", "letter", "command", "open", "lbrace", "begin", "text"})
# What an argument without parentheses stops before.
_STOPPING = frozenset(symbols.FUNCTION_COMMANDS) | frozenset(symbols.BIG_OPERATORS) | {"\\nabla"}


def named(parser: Parser, name: Name) -> Node:
    """Go on from a name of one or more letters: a function, an operator, or just the name."""
    word = name.spelling
    if word in symbols.OPERATOR_WORDS:
        return governed(parser, word, name.span)
    if word in symbols.FUNCTIONS:
        return function(parser, name, name.font == "text")
    return name


def command(parser: Parser, token: Token) -> Node:
    r"""Read `\exp`, `\log`, `\max` and what it is applied to."""
    return function(parser, Name(token.span, symbols.FUNCTION_COMMANDS[token.text]), False)


def function(parser: Parser, name: Name, spelled_as_text: bool) -> Node:
    """Read scripts and argument of a known function."""
    start = name.span.start
    subscript, superscript, primes = parser.scripts()
    if name.spelling in symbols.EXTREMA and subscript is not None:
        return governed(parser, name.spelling, name.span, subscript, superscript)
    head: Node = name
    if subscript is not None or superscript is not None or primes:
        span = parser.span_from(start)
        head = attach(name, subscript, superscript, primes, span, parser.names)
    token = parser.peek()
    if token is None or token.kind not in _STARTS:
        return head
    if token.kind == "open":
        parser.position += 1
        argument = parser.table["open"](parser, token)
        return Apply(parser.span_from(start), head, argument, True)
    if name.spelling not in symbols.PREFIX_FUNCTIONS or spelled_as_text:
        return head
    argument = _reach(parser, name)
    return Apply(parser.span_from(start), head, argument, False)


def _reach(parser: Parser, name: Name) -> Node:
    """Read what a function without parentheses is applied to: up to the next operator."""
    items = [parser.expression(PRODUCT)]
    while (token := parser.peek()) is not None and token.kind in _STARTS:
        if token.kind == "text" or (token.kind == "command" and token.text in _STOPPING):
            break
        items.append(parser.expression(PRODUCT))
    span = Span(items[0].span.start, items[-1].span.end)
    if len(items) > 1:
        argument: Node = Juxtaposition(span, tuple(items), ("",) * (len(items) - 1))
        if not (len(items) == 2 and isinstance(items[0], Number)):
            parser.warn(
                "scope-of-function",
                span,
                f"{name.spelling} without parentheses is read as applied to all {len(items)} "
                "factors up to the next operator",
                "put the argument in parentheses",
            )
    else:
        argument = items[0]
    token = parser.peek()
    if token is not None and token.kind == "multiplicative":
        parser.warn(
            "scope-of-function",
            span,
            f"{name.spelling} without parentheses is read as ending before {token.text}",
            "put the argument in parentheses",
        )
    return argument


def nabla(parser: Parser, token: Token) -> Node:
    r"""Read `\nabla_x f`: a name, group or application, else the whole product that follows."""
    subscript, superscript, _ = parser.scripts()
    following = parser.peek()
    operand: Node | None = None
    if following is not None and following.kind in _STARTS:
        operand = parser.expression(PRODUCT)
        if _wants_product(operand):
            operand = parser.continued(operand, SUM)
        else:
            _warn_narrow(parser, "\\nabla", operand)
    return Nabla(parser.span_from(token.start), subscript, superscript, operand)


def _wants_product(node: Node) -> bool:
    if isinstance(node, Script):
        return node.superscript is not None and not isinstance(node.base, Group | Apply)
    return isinstance(node, Number | Fraction | Root)


def _warn_narrow(parser: Parser, symbol: str, operand: Node) -> None:
    token = parser.peek()
    narrow = not isinstance(operand, Group | Apply | BigOperator)
    if narrow and token is not None and token.kind in _STARTS:
        parser.warn(
            "scope-of-operator",
            operand.span,
            f"{symbol} is read as applied to the next factor only",
            "put its operand in parentheses",
        )


CONSTRUCTS: dict[str, Construct] = {
    "\\nabla": nabla,
    **dict.fromkeys(symbols.FUNCTION_COMMANDS, command),
}
