"""Words for what can't stand where it stands; one place, so that the same fault reads the same."""

from derive.reader.problems import ReadFailure, Span, failure
from derive.reader.tokens import Token, control_character


def too_deep(place: Span, limit: int) -> ReadFailure:
    """Say that a formula is nested beyond the limit."""
    return failure(
        "too-deep",
        place,
        f"something nested more than {limit} levels deep",
        help="give the inner parts names of their own",
    )


def unexpected(token: Token) -> ReadFailure:
    """Build the failure for a token that can't stand where it stands."""
    kind, text = token.kind, token.text
    if kind == "rbrace":
        return failure(
            "unbalanced-brace", token.span, "} without a {", "", "delete it or add the missing {"
        )
    if kind == "close":
        return failure(
            "unbalanced-delimiter",
            token.span,
            f"{text} without an opening delimiter",
            "",
            "delete it or add the opening one",
        )
    if kind == "end":
        return failure(
            "unbalanced-environment", token.span, f"\\end{{{text}}} without \\begin{{{text}}}"
        )
    if kind in ("multiplicative", "relation", "additive"):
        return failure(
            "missing-operand",
            token.span,
            f"{text} with nothing before it",
            f"an operand before {text}",
        )
    if kind in ("sub", "sup"):
        return failure(
            "missing-operand", token.span, f"{text} with nothing before it", "a base for the script"
        )
    if kind == "amp":
        return failure(
            "unexpected-token", token.span, "& outside of an environment", "", "delete it"
        )
    if kind == "comma":
        return failure(
            "missing-operand", token.span, f"{text} with nothing before it", "an item before it"
        )
    if kind == "control":
        return ReadFailure(control_character(token))
    words = {"row": "a row break \\\\", "bar": "| that neither opens nor closes"}
    return failure("unexpected-token", token.span, words.get(kind, text), "a name, number or group")


def double_script(token: Token, what: str) -> ReadFailure:
    """Say that a base has two scripts of a kind."""
    return failure(
        f"double-{what}",
        token.span,
        f"a second {what}",
        f"one {what}",
        f"put both into one pair of braces: {token.text}{{... ...}}",
    )
