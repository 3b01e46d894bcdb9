r"""Numbers, letters, letter-like commands, ellipses, words in `\text`."""

from derive.reader import symbols
from derive.reader.constructs.functions import named
from derive.reader.pratt import PRODUCT, SEQUENCE, Construct, Parser, is_prose
from derive.reader.surface import Differential, Dots, Name, Node, Number, Quantifier, Text
from derive.reader.tokens import Token


def number(parser: Parser, token: Token) -> Node:
    """Read a number; a comma in braces groups digits."""
    return Number(token.span, token.text.replace("{,}", ""))


def letter(parser: Parser, token: Token) -> Node:
    """Read a letter, a declared name of several letters, or a differential such as `dx`."""
    index = parser.position - 1
    tokens = parser.tokens
    first = index == 0 or not _glued(tokens[index - 1], token)
    end = index + 1
    if first:
        while end < parser.end and _glued(tokens[end - 1], tokens[end]):
            end += 1
    if end - index > 1:
        word = "".join(part.text for part in tokens[index:end])
        declared = parser.names.is_name(word) or parser.names.is_function(word)
        opens = end < parser.end and tokens[end].kind == "open" and tokens[end].text == "("
        if declared or (opens and word in symbols.FUNCTIONS):
            parser.position = end
            return named(parser, Name(parser.span_from(token.start), word))
    if token.text == "d" and first and not parser.names.is_name("d"):
        following = parser.peek()
        if (
            following is not None
            and following.start == token.end
            and (end - index == 2 or (following.kind == "command" and _is_letter(following)))
        ):
            return differential(parser, token)
    return Name(token.span, token.text)


def _glued(left: Token, right: Token) -> bool:
    return left.kind == right.kind == "letter" and left.end == right.start


def _is_letter(token: Token) -> bool:
    text = token.text
    return text in symbols.LETTER_COMMANDS or text in symbols.NEUTRAL_FONTS


def differential(parser: Parser, token: Token) -> Node:
    r"""Read `dX` or `\partial x` outside of a fraction; the sign has been taken."""
    following = parser.peek()
    if following is None or following.kind not in ("letter", "command", "lbrace"):
        return Name(token.span, token.text)
    operand = parser.expression(PRODUCT)
    return Differential(parser.span_from(token.start), token.text, operand)


def letter_command(parser: Parser, token: Token) -> Node:
    r"""Read `\sigma`, `\ell`, `\top`."""
    return Name(token.span, token.text)


def dots(parser: Parser, token: Token) -> Node:
    r"""Read `\dots`, `\vdots`, `\ddots`."""
    return Dots(token.span, symbols.DOTS[token.text])


def words(parser: Parser, token: Token) -> Node:
    r"""Read `\text{...}` as a name or function where it is one, else as words."""
    text = " ".join(token.text.split())
    if is_prose(text) and not parser.names.is_name(text):
        return Text(token.span, text)
    return named(parser, Name(token.span, text, "text"))


def quantifier(parser: Parser, token: Token) -> Node:
    r"""Read `\forall i`, `\exists x`, `\neg p`."""
    body = parser.expression(SEQUENCE)
    return Quantifier(parser.span_from(token.start), token.text, body)


def prime(parser: Parser, token: Token) -> Node:
    """Read a prime that stands alone in a superscript."""
    return Name(token.span, "\\prime")


CONSTRUCTS: dict[str, Construct] = {
    "number": number,
    "letter": letter,
    "text": words,
    "prime": prime,
    "\\prime": prime,
    "\\partial": differential,
    "\\forall": quantifier,
    "\\exists": quantifier,
    "\\neg": quantifier,
    "\\lnot": quantifier,
    **dict.fromkeys(symbols.LETTER_COMMANDS, letter_command),
    **dict.fromkeys(symbols.DOTS, dots),
}
