"""Names of a document as Coq identifiers, its text as Coq comments: nothing of it is ever code."""

import re

#: Words of Coq's grammar, and the globals that printed statements use: no variable hides them.
RESERVED = frozenset(
    [
        "as",
        "at",
        "cofix",
        "else",
        "end",
        "exists",
        "exists2",
        "fix",
        "for",
        "forall",
        "fun",
        "if",
        "IF",
        "in",
        "let",
        "match",
        "mod",
        "Prop",
        "return",
        "Set",
        "SProp",
        "then",
        "Type",
        "using",
        "where",
        "with",
        "by",
        "R",
        "nat",
        "Z",
        "O",
        "S",
        "C",
        "I",
        "le",
        "lt",
        "INR",
        "IZR",
        "exp",
        "ln",
        "sin",
        "cos",
        "atan",
        "PI",
        "sqrt",
        "Rabs",
        "Rmax",
        "Rmin",
        "Rpower",
        "is_derive",
        "sumR",
        "delta",
        "positive_indicator",
        "relu",
        "sigmoid",
        "softplus",
        "sign_of",
        "floor",
        "update",
        "update2",
        "update3",
        "sinh",
        "cosh",
        "tanh",
        "eq",
        "not",
        "and",
        "or",
        "ex",
        "pow",
        "Rplus",
        "Rmult",
        "Ropp",
        "Rinv",
        "Rminus",
        "Rdiv",
        "Derive",
    ]
)

#: Names that proof scripts use for hypotheses, facts, equations and bound indices.
_SCRIPT = re.compile(r"[EFGHIKSZ]\d+|[BIND]_.*|c_H\d+|B_H\d+|t|(sumR|fact|show|solve|ln|exp)_.*")

_GREEK = {"\\" + name: name for name in ("sigma", "lambda", "eta", "theta", "alpha", "beta")}


def comment_text(text: str) -> str:
    """Text from outside for the inside of a comment: it neither ends one nor opens a string.

    Characters beyond ASCII and control characters are written as ``\\u{...}``.
    """
    plain = "".join(
        c if " " <= c <= "~" or c == "\n" else f"\\u{{{ord(c):x}}}" for c in text
    ).replace('"', "''")
    while "(*" in plain or "*)" in plain:
        plain = plain.replace("(*", "( *").replace("*)", "* )")
    return plain


class Identifiers:
    """Coq identifiers for dimensions, variables and indices, each name its own."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()

    def of(self, kind: str, name: str) -> str:
        """The identifier of a name; names of different kinds never share one."""
        known = self._given.get((kind, name))
        if known is None:
            known = self._given[kind, name] = self.fresh(name)
        return known

    def give(self, kind: str, name: str, like: str) -> str:
        """Give a name an identifier like another text."""
        made = self._given[kind, name] = self.fresh(like)
        return made

    def given(self, kind: str, name: str) -> str | None:
        """The identifier that a name has already."""
        return self._given.get((kind, name))

    def fresh(self, name: str) -> str:
        """An identifier like the name that nothing else has."""
        base = plain_identifier(name)
        if _is_kept(base):
            base = f"v_{base}"
        made, number = base, 2
        while made in self._taken or _is_kept(made):
            stem = f"v_{base}" if _is_kept(f"{base}_{number}") else base
            made = f"{stem}_{number}"
            number += 1
        self._taken.add(made)
        return made


def _is_kept(name: str) -> bool:
    """Whether the name is a word of Coq's, or of the scripts."""
    return name in RESERVED or _SCRIPT.fullmatch(name) is not None


def plain_identifier(name: str) -> str:
    """Letters, digits and underscores of a name, beginning with a letter."""
    for written, plain in _GREEK.items():
        name = name.replace(written, plain)
    letters = re.sub(r"[^A-Za-z0-9]+", "_", name.replace("'", "_prime")).strip("_")
    return letters if letters[:1].isalpha() else f"v_{letters}".rstrip("_")
