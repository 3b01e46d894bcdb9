"""LaTeX mathematics as tokens, each with its span; one regular expression, linear in the text."""

import re
from typing import NamedTuple

from derive.reader.problems import Problem, Span

# A formula longer than this is refused: nobody wrote it by hand, and memory is bounded by it.
MAX_CHARACTERS = 200_000

_TOKEN = re.compile(
    r"""(?P<space>\s+|%[^\n]*(?:\n|$))
    |(?P<command>\\(?:[A-Za-z@]+|.|\n))
    |(?P<number>[0-9]+(?:\{,\}[0-9]{3})*(?:\.[0-9]+)?|\.[0-9]+)
    |(?P<letter>[A-Za-z])
    |(?P<lbrace>\{)|(?P<rbrace>\})|(?P<sup>\^)|(?P<sub>_)|(?P<amp>&)|(?P<prime>'+)
    |(?P<parameter>\#[1-9])
    |(?P<char>[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd])
    |(?P<control>.)""",
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A token: its kind (see the table in this module), its text, and where it stands."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def span(self) -> Span:
        """The place of the token."""
        return Span(self.start, self.end)


def tokenize(text: str) -> tuple[list[Token], list[Problem]]:
    """Split LaTeX into tokens, blanks and comments included as kind `space`.

    Kinds: space, command, number, letter, lbrace, rbrace, sup, sub, amp, prime, parameter, char,
    control. Every character is in exactly one token. Characters that can't be part of a formula
    (NUL, other control characters, the replacement character of a wrong encoding) become `control`
    tokens, an error where a side contains them. A text above `MAX_CHARACTERS` gives no
    tokens and one problem.
    """
    if len(text) > MAX_CHARACTERS:
        return [], [too_long(text)]
    tokens: list[Token] = []
    add = tokens.append
    for match in _TOKEN.finditer(text):
        add(Token(match.lastgroup or "", match[0], *match.span()))
    return tokens, []


def too_long(text: str) -> Problem:
    """Say that a formula is beyond the limit."""
    return Problem(
        "formula-too-long",
        Span(0, min(len(text), 80)),
        f"this formula has {len(text):,} characters",
        f"at most {MAX_CHARACTERS:,}",
        "split it into several displays",
    )


def control_character(token: Token) -> Problem:
    """Say which character can't be part of a formula."""
    code = ord(token.text[0])
    if code == 0xFFFD:
        return Problem(
            "wrong-encoding",
            token.span,
            "bytes that are not UTF-8 inside a formula",
            "text in UTF-8",
            "save the file as UTF-8",
        )
    return Problem(
        "control-character",
        token.span,
        f"the control character U+{code:04X} inside a formula",
        "printable text",
        "delete it",
    )
