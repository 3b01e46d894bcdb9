r"""Fonts and accents: `\mathbf{x}`, `\mathbb{R}`, `\hat{y}`; most fonts mean nothing."""

from derive.reader import symbols
from derive.reader.constructs.atoms import differential
from derive.reader.constructs.functions import named
from derive.reader.names import spelling
from derive.reader.pratt import Construct, Parser
from derive.reader.surface import Accent, Name, Node, Number
from derive.reader.tokens import Token


def neutral(parser: Parser, token: Token) -> Node:
    r"""Read a letter or word in a font that carries no meaning (bold, roman, arrow)."""
    font = symbols.NEUTRAL_FONTS[token.text]
    word = _plain_word(parser)
    if word is None:
        node = parser.argument(token)
        if isinstance(node, Name) and not node.font:
            return _fonted(parser, token, node.spelling, font)
        if isinstance(node, Number) and font != "roman":
            return Name(parser.span_from(token.start), f"\\mathbf{{{node.text}}}", font)
        return node
    if len(word) > 1 and font in ("bold", "arrow"):
        known = parser.names.is_name(word) or parser.names.is_function(word)
        if not known and word not in symbols.FUNCTIONS:
            return parser.table["lbrace"](parser, parser.take())
    _skip_group(parser)
    if word.isdecimal():
        if font == "roman":
            return Number(parser.span_from(token.start), word)
        return Name(parser.span_from(token.start), f"\\mathbf{{{word}}}", font)
    return _fonted(parser, token, word, font)


def _fonted(parser: Parser, token: Token, word: str, font: str) -> Node:
    span = parser.span_from(token.start)
    if font == "roman" and word == "d":
        following = parser.peek()
        if following is not None and following.kind in ("letter", "command"):
            return differential(parser, Token("letter", "d", *span))
    if font in ("bold", "arrow") and parser.names.is_name(f"\\mathbf{{{word}}}"):
        return Name(span, f"\\mathbf{{{word}}}", "bold")
    return named(parser, Name(span, word, font)) if len(word) > 1 else Name(span, word, font)


def meaningful(parser: Parser, token: Token) -> Node:
    r"""Read a letter in a font that is part of its name: `\mathbb{R}`, `\mathcal{L}`."""
    font = symbols.MEANINGFUL_FONTS[token.text]
    word = _plain_word(parser)
    if word is not None:
        _skip_group(parser)
        return Name(parser.span_from(token.start), f"{font}{{{word}}}", font[1:])
    node = parser.argument(token)
    text = spelling(node)
    if text is None:
        return node
    return Name(parser.span_from(token.start), f"{font}{{{text}}}", font[1:])


def _plain_word(parser: Parser) -> str | None:
    """Return the letters or digits in the braces that follow, None for anything else."""
    index = parser.position
    tokens = parser.tokens
    if index >= parser.end or tokens[index].kind != "lbrace":
        return None
    closing = parser.match[index]
    inside = tokens[index + 1 : closing] if closing > 0 else []
    kinds = {token.kind for token in inside}
    if kinds == {"letter"} or kinds == {"number"} or kinds == {"letter", "number"}:
        return "".join(token.text for token in inside)
    return None


def _skip_group(parser: Parser) -> None:
    parser.position = parser.match[parser.position] + 1


def accent(parser: Parser, token: Token) -> Node:
    r"""Read `\hat{y}`: over one name a name of its own, over anything else an `Accent`."""
    mark = symbols.ACCENTS[token.text]
    base = parser.argument(token)
    span = parser.span_from(token.start)
    text = spelling(base)
    whole = f"{mark}{{{text}}}"
    naming = mark in symbols.NAMING_ACCENTS and isinstance(base, Name)
    if text and (naming or parser.names.is_name(whole)):
        font = base.font if isinstance(base, Name) else ""
        return Name(span, whole, font)
    return Accent(span, mark, base)


CONSTRUCTS: dict[str, Construct] = {
    **dict.fromkeys(symbols.NEUTRAL_FONTS, neutral),
    **dict.fromkeys(symbols.MEANINGFUL_FONTS, meaningful),
    **dict.fromkeys(symbols.ACCENTS, accent),
}
