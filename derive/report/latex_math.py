"""The LaTeX mathematics of documents, read into formula boxes by an allow-list.

This is about layout alone: what a formula looks like, never what it means.  A command or a
character that no table lists makes the whole formula unreadable here, and the printers then show
its source as text.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from derive.report.formula import (
    EMPTY,
    Box,
    Brace,
    Fenced,
    Fraction,
    Grid,
    Letter,
    Numeral,
    OperatorName,
    Root,
    Row,
    Script,
    Sign,
    Space,
    Styled,
    Symbol,
    Words,
    row,
)
from derive.report.symbols import (
    ACCENTS,
    ALPHABET_ALIASES,
    ALPHABETS,
    COMMANDS,
    DELIMITERS,
    MATRICES,
    OPERATORS,
    SIGNS,
    SPACES,
    SYMBOLS,
)

#: Longer formulas, and deeper ones, are shown as text.
MAX_LENGTH = 8000
MAX_DEPTH = 40

_TOKEN = re.compile(
    r"(?P<blank>[ \t\r\n]+|%[^\n]*(?:\n|\Z))"
    r"|(?P<command>\\(?:[A-Za-z]+\*?|[^A-Za-z]))"
    r"|(?P<digits>[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<other>.)",
    re.DOTALL,
)
_TEXT = frozenset({"text", "textrm", "textit", "textbf", "mbox", "textnormal"})
_FRACTIONS = frozenset({"frac", "dfrac", "tfrac"})
_SIZES = frozenset(
    f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
)
_IGNORED = frozenset(
    {
        "displaystyle",
        "textstyle",
        "scriptstyle",
        "limits",
        "nolimits",
        "nonumber",
        "notag",
        "relax",
        "!",
    }
)
_GREEK_LETTERS = frozenset("αβγδεζηθικλμνξπρστυφχψω")
_ALIGNED = frozenset({"aligned", "align", "align*", "split", "gathered", "gather", "gather*"})
_EXTREMA = {"argmin": "arg min", "argmax": "arg max"}
_NEGATED = {"=": "ne", "in": "notin"}
_CHARACTER_COMMANDS = {**COMMANDS, "·": "cdot", "−": "-"}


class NotCovered(ValueError):  # noqa: N818 - it says what happened, and is handled, not shown
    """The formula uses something that the allow-list does not have."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int


def read_formula(source: str) -> Box:
    """Return the boxes of a formula written in LaTeX, without dollar signs.

    Raises NotCovered for anything outside the allow-list, unbalanced groups, and formulas over
    the limits of length and depth.
    """
    if len(source) > MAX_LENGTH:
        raise NotCovered(f"a formula of {len(source)} characters")
    return _Parser(source).whole()


@lru_cache(maxsize=4096)
def read_or_none(source: str) -> Box | None:
    """Return the boxes of a formula, None where ``read_formula`` cannot read it."""
    try:
        return read_formula(source)
    except NotCovered:
        return None


class _Parser:
    """A recursive-descent reader over the tokens of one formula."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.tokens = [
            _Token(match.lastgroup or "", match.group(), match.start())
            for match in _TOKEN.finditer(source)
            if match.lastgroup != "blank"
        ]
        self.place = 0
        self.depth = 0

    def whole(self) -> Box:
        rows = self.cells(frozenset())
        if self.place < len(self.tokens):
            raise NotCovered(f"'{self.tokens[self.place].text}' without its beginning")
        if len(rows) == 1 and len(rows[0]) == 1:
            return rows[0][0]
        return Grid("aligned", rows)

    def peek(self) -> str:
        return self.tokens[self.place].text if self.place < len(self.tokens) else ""

    def take(self) -> _Token:
        if self.place >= len(self.tokens):
            raise NotCovered("the formula ends too early")
        self.place += 1
        return self.tokens[self.place - 1]

    def expect(self, text: str) -> _Token:
        token = self.take()
        if token.text != text:
            raise NotCovered(f"'{token.text}' where '{text}' was expected")
        return token

    def sequence(self, stops: frozenset[str]) -> Box:
        """Boxes up to (not including) one of the stops, a cell's end, or the end."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise NotCovered("groups too deep")
        items: list[Box] = []
        ends = stops | {"&", r"\\", "}", r"\right", r"\end", ""}
        while self.peek() not in ends:
            item = self.scripted()
            if item is not None:
                items.append(item)
        self.depth -= 1
        return row(items)

    def scripted(self) -> Box | None:
        if self.peek() in {"^", "_", "'"}:
            base: Box | None = EMPTY
        else:
            base = self.atom()
        below: Box | None = None
        above: list[Box] = []
        raised = False
        while self.peek() in {"^", "_", "'", r"\limits", r"\nolimits"}:
            mark = self.take().text
            if mark == "_":
                if below is not None:
                    raise NotCovered("two subscripts")
                below = self.argument()
            elif mark == "^":
                if raised:
                    raise NotCovered("two superscripts")
                raised = True
                above.append(self.argument())
            elif mark == "'":
                above.append(Symbol("prime"))
        if below is None and not above:
            return base
        return Script(EMPTY if base is None else base, below, row(above) if above else None)

    def argument(self) -> Box:
        """The argument of a command: a group, or one atom (of a number its first digit)."""
        token = self.take()
        if token.kind == "digits" and len(token.text) > 1:
            rest = _Token("digits", token.text[1:].lstrip("."), token.start + 1)
            self.tokens[self.place - 1 : self.place] = [
                _Token("digits", token.text[0], token.start),
                rest,
            ]
            return Numeral(token.text[0])
        self.place -= 1
        box = self.atom()
        if box is None:
            raise NotCovered(f"'{token.text}' as an argument")
        return box

    def group(self) -> Box:
        self.expect("{")
        body = self.sequence(frozenset())
        self.expect("}")
        return body

    def raw_group(self) -> str:
        """The source between braces, as it stands, without any command in it."""
        start = self.expect("{").start + 1
        depth = 1
        while depth:
            token = self.take()
            depth += (token.text == "{") - (token.text == "}")
        text = self.source[start : self.tokens[self.place - 1].start]
        text = re.sub(r"\\[,;: ]|~|\s+", " ", text)
        if re.search(r"[\\${}]", text):
            raise NotCovered("a command inside text")
        return text

    def atom(self) -> Box | None:
        token = self.take()
        text = token.text
        if token.kind == "command":
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise NotCovered("commands too deep")
            box = self.command(text[1:])
            self.depth -= 1
            return box
        if token.kind == "digits":
            return Numeral(text)
        if text == "{":
            self.place -= 1
            return self.group()
        if text == "~":
            return Space(" ")
        if text == ":" and self.peek() == "=":
            self.take()
            return Sign(":=")
        if text in SIGNS:
            return Sign(text)
        if text.isascii() and text.isalpha():
            return Letter(text)
        if text in _CHARACTER_COMMANDS:
            name = _CHARACTER_COMMANDS[text]
            return Sign(name) if name in SIGNS else Symbol(name)
        raise NotCovered(f"the character '{text}'")

    def command(self, name: str) -> Box | None:
        if name in SYMBOLS:
            return Symbol(name)
        if name in SPACES and name != "!":
            return Space(name)
        if name in _IGNORED:
            return None
        if "\\" + name in SIGNS:
            return Sign("\\" + name)
        if name in DELIMITERS:
            return _plain_delimiter(name)
        if name in OPERATORS:
            return OperatorName(name, OPERATORS[name])
        style = ALPHABET_ALIASES.get(name, name)
        if style in ALPHABETS or style in ACCENTS:
            return _styled(style, self.argument())
        if name in _EXTREMA:
            return OperatorName(_EXTREMA[name], limits=True)
        structure = _STRUCTURES.get(name)
        if structure:
            return structure(self)
        if name in _FRACTIONS:
            top = self.argument()
            return Fraction(top, self.argument())
        if name in _TEXT:
            words = self.raw_group()
            # One word is a name (\text{diag}) and stands close to its argument.
            return OperatorName(words) if words.isalpha() else Words(words)
        if name in _SIZES:
            return _plain_delimiter(self.delimiter())
        raise NotCovered(f"the command '\\{name}'")

    def delimiter(self) -> str:
        token = self.take()
        if token.text == ".":
            return ""
        name = {r"\|": "Vert", r"\{": "{", r"\}": "}"}.get(token.text)
        name = name or token.text.removeprefix("\\")
        if name not in DELIMITERS or (name in "{}" and token.text in "{}"):
            raise NotCovered(f"'{token.text}' as a delimiter")
        return name

    def fence(self) -> Box:
        opening = self.delimiter()
        body = self.sequence(frozenset({r"\right"}))
        self.expect(r"\right")
        return Fenced(opening, body, self.delimiter())

    def root(self) -> Box:
        degree = None
        if self.peek() == "[":
            self.take()
            degree = self.sequence(frozenset({"]"}))
            self.expect("]")
        return Root(self.argument(), degree)

    def operator_name(self) -> Box:
        return OperatorName(self.raw_group())

    def operator_name_with_limits(self) -> Box:
        return OperatorName(self.raw_group(), limits=True)

    def negation(self) -> Box:
        name = self.take().text.removeprefix("\\")
        if name not in _NEGATED:
            raise NotCovered(f"the negation of '{name}'")
        return Symbol(_NEGATED[name])

    def under_brace(self) -> Box:
        body = self.argument()
        return Brace(body, self._label("_"), over=False)

    def over_brace(self) -> Box:
        body = self.argument()
        return Brace(body, self._label("^"), over=True)

    def _label(self, mark: str) -> Box | None:
        if self.peek() != mark:
            return None
        self.take()
        return self.argument()

    def environment(self) -> Box:
        name = self.raw_group()
        if name == "array":
            if re.search(r"[^lcr| ]", self.raw_group()):
                raise NotCovered("an array with such columns")
            rows = self.cells(frozenset())
            box: Box = Grid("matrix", rows)
        elif name in MATRICES:
            opening, closing = MATRICES[name]
            box = Grid("matrix", self.cells(frozenset()), opening, closing)
        elif name == "cases":
            box = Grid("cases", self.cells(frozenset()))
        elif name in _ALIGNED:
            box = Grid("aligned", self.cells(frozenset()))
        else:
            raise NotCovered(f"the environment '{name}'")
        self.expect(r"\end")
        if self.raw_group() != name:
            raise NotCovered(f"the environment '{name}' without its end")
        return box

    def cells(self, stops: frozenset[str]) -> tuple[tuple[Box, ...], ...]:
        rows: list[list[Box]] = [[self.sequence(stops)]]
        while self.peek() in {"&", r"\\"}:
            if self.take().text == "&":
                rows[-1].append(self.sequence(stops))
            else:
                rows.append([self.sequence(stops)])
        if len(rows) > 1 and rows[-1] == [EMPTY]:
            rows.pop()
        return tuple(map(tuple, rows))


_STRUCTURES = {
    "left": _Parser.fence,
    "sqrt": _Parser.root,
    "operatorname": _Parser.operator_name,
    "operatorname*": _Parser.operator_name_with_limits,
    "not": _Parser.negation,
    "underbrace": _Parser.under_brace,
    "overbrace": _Parser.over_brace,
    "begin": _Parser.environment,
}


def _plain_delimiter(name: str) -> Box:
    character = DELIMITERS.get(name, "")
    spelled = {"‖": r"\|", "{": r"\{", "}": r"\}"}.get(character, character)
    if spelled in SIGNS:
        return Sign(spelled)
    raise NotCovered(f"the delimiter '{name}' on its own")


def _styled(style: str, body: Box) -> Box:
    # No blackboard digits in the fonts that every TeX has: the indicator is a bold 1.
    if style == "mathbb" and isinstance(body, Numeral):
        return Styled("mathbf", body)
    capital = isinstance(body, Letter) and body.text.isupper()
    if style in {"mathbb", "mathcal"} and not capital:
        raise NotCovered(f"'\\{style}' of anything but one capital letter")
    if style == "mathrm" and isinstance(body, Row):
        letters = "".join(item.text for item in body.items if isinstance(item, Letter))
        if len(letters) == len(body.items):
            return OperatorName(letters)
    return Styled(style, body)
