"""Delimiters and TeX braces, roots, binomials, braces with a note."""

from derive.reader import symbols
from derive.reader.constructs.matrices import cases_of
from derive.reader.messages import unexpected
from derive.reader.pratt import Construct, Parser
from derive.reader.problems import Span, failure
from derive.reader.surface import (
    Addition,
    Annotated,
    Binomial,
    Conditional,
    Empty,
    Evaluated,
    Group,
    Juxtaposition,
    Logical,
    Matrix,
    Name,
    Node,
    Relation,
    Root,
    Sequence,
)
from derive.reader.tokens import Token

_COMPOUND = (Addition, Juxtaposition, Relation, Sequence, Conditional, Logical)
# A half-open interval may close with the other bracket.
_INTERCHANGEABLE = frozenset({"(", ")", "[", "]"})


def group(parser: Parser, opening: Token) -> Node:
    r"""Read between delimiters; `\left. f \right|_{x = a}` is an evaluation."""
    body = _inside(parser)
    closing = parser.take_if("close")
    if closing is None:
        token = parser.peek()
        if token is not None and token.kind not in ("rbrace", "amp", "row", "end", "relation"):
            raise unexpected(token)
        raise failure(
            "unbalanced-delimiter",
            opening.span,
            f"{opening.text} that is never closed",
            symbols.CLOSED_BY.get(opening.text, "\\right"),
            "add the missing delimiter or delete this one",
        )
    _check_pair(parser, opening, closing)
    span = parser.span_from(opening.start)
    if opening.text == "." and closing.text in ("|", ".", ")", "]"):
        lower, upper, _ = parser.scripts()
        return Evaluated(parser.span_from(opening.start), body, lower, upper)
    if (opening.text, closing.text) == ("\\{", ".") and isinstance(body, Matrix):
        return cases_of(span, body)
    return Group(span, opening.text, body, closing.text)


def _inside(parser: Parser) -> Node:
    token = parser.peek()
    if token is not None and token.kind == "close":
        return Empty(Span(token.start, token.start))
    index = parser.position + 1
    following = parser.tokens[index] if index < parser.end else None
    lone = following is not None and following.kind == "close"
    if token is not None and lone and token.kind in ("multiplicative", "additive"):
        # f(\cdot): the operator is a placeholder.
        parser.position += 1
        return Name(token.span, token.text)
    return parser.expression()


def _check_pair(parser: Parser, opening: Token, closing: Token) -> None:
    explicit = "." in (opening.text, closing.text)
    if explicit or symbols.CLOSED_BY.get(opening.text) == closing.text:
        return
    if {opening.text, closing.text} <= _INTERCHANGEABLE:
        return
    raise failure(
        "unbalanced-delimiter",
        closing.span,
        f"{opening.text} closed by {closing.text}",
        symbols.CLOSED_BY.get(opening.text, "a closing delimiter"),
        "use a pair of delimiters that belong together",
    )


def tex_group(parser: Parser, opening: Token) -> Node:
    """Read TeX braces: transparent around one thing, a `Group` with `{` around several."""
    body = parser.braced(opening)
    if isinstance(body, _COMPOUND):
        return Group(parser.span_from(opening.start), "{", body, "}")
    return body


def root(parser: Parser, token: Token) -> Node:
    r"""Read `\sqrt{x}` and `\sqrt[n]{x}`."""
    degree: Node | None = None
    opening = parser.peek()
    if opening is not None and opening.kind == "open" and opening.text == "[":
        parser.position += 1
        degree = parser.expression()
        if parser.take_if("close", "]") is None:
            raise failure(
                "unbalanced-delimiter",
                opening.span,
                "[ that is never closed",
                "]",
                "add the missing delimiter or delete this one",
            )
    radicand = parser.argument(token)
    return Root(parser.span_from(token.start), radicand, degree)


def binomial(parser: Parser, token: Token) -> Node:
    r"""Read `\binom{n}{k}`."""
    upper = parser.argument(token)
    lower = parser.argument(token)
    return Binomial(parser.span_from(token.start), upper, lower)


def annotated(parser: Parser, token: Token) -> Node:
    r"""Read `\underbrace{body}_{note}` and `\overbrace{body}^{note}`."""
    body = parser.argument(token)
    lower, upper, _ = parser.scripts()
    return Annotated(parser.span_from(token.start), body, lower if lower is not None else upper)


def cancelled(parser: Parser, token: Token) -> Node:
    r"""Read `\cancel{x}` and the like: what is under the stroke."""
    return parser.argument(token)


CONSTRUCTS: dict[str, Construct] = {
    "open": group,
    "lbrace": tex_group,
    "\\sqrt": root,
    "\\binom": binomial,
    "\\dbinom": binomial,
    "\\tbinom": binomial,
    "\\underbrace": annotated,
    "\\overbrace": annotated,
    "\\boxed": cancelled,
    "\\cancel": cancelled,
    "\\mathop": cancelled,
}
