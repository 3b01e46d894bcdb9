r"""Macro definitions and their bounded expansion.

`\newcommand`, `\renewcommand`, `\providecommand`, `\DeclareRobustCommand` (with arguments and one
default), `\def` with plain parameters, `\let`, and `\DeclareMathOperator` are understood. Tokens
that come out of a body carry the span of the whole use (name and arguments); the tokens of an
argument keep their own.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from derive.reader.problems import Problem, ReadFailure, Span, failure
from derive.reader.tokens import Token, tokenize

MAX_TOKENS = 250_000
MAX_DEPTH = 50

_DEFINERS = {
    "\\newcommand": False,
    "\\renewcommand": False,
    "\\providecommand": False,
    "\\DeclareRobustCommand": False,
    "\\DeclareMathOperator": True,
}
_DEFINING = frozenset(_DEFINERS) | {"\\def", "\\gdef", "\\edef", "\\let"}


@dataclass(frozen=True, slots=True)
class Macro:
    r"""A definition: `parameters` arguments, the first optional when `default` is not None.

    `start` and `end` are the span of the definition in the text it stands in; it holds from `end`.
    """

    name: str
    parameters: int
    default: tuple[Token, ...] | None
    body: tuple[Token, ...]
    start: int
    end: int

    def moved(self, distance: int) -> "Macro":
        """Return the same definition, standing so much further on in the text."""
        return replace(self, start=self.start + distance, end=self.end + distance)


@dataclass(frozen=True, slots=True)
class Macros:
    """All definitions of a document by name, each list in the order of the text."""

    by_name: Mapping[str, tuple[Macro, ...]] = field(default_factory=dict)

    @staticmethod
    def of(definitions: Iterable[Macro]) -> "Macros":
        """Collect definitions, given in the order of the text."""
        table: dict[str, list[Macro]] = {}
        for macro in definitions:
            table.setdefault(macro.name, []).append(macro)
        return Macros({name: tuple(macros) for name, macros in table.items()})

    def extended(self, definitions: Iterable[Macro]) -> "Macros":
        """Return this collection with later definitions added."""
        added = tuple(definitions)
        if not added:
            return self
        return Macros.of([macro for macros in self.by_name.values() for macro in macros] + [*added])

    def find(self, name: str, position: int | None = None) -> Macro | None:
        """Return the definition in force at a position of the text (None: the last one)."""
        known = self.by_name.get(name)
        if not known:
            return None
        if position is None:
            return known[-1]
        index = bisect_right(known, position, key=lambda macro: macro.end)
        return known[index - 1] if index else None


NO_MACROS = Macros()


class Arguments:
    """Reads TeX arguments from a list of tokens."""

    def __init__(self, tokens: list[Token], index: int) -> None:
        self.tokens = tokens
        self.index = index

    def skip_blanks(self) -> Token | None:
        """Move to the next token that is no blank and return it without taking it."""
        while self.index < len(self.tokens):
            token = self.tokens[self.index]
            if token.kind != "space":
                return token
            self.index += 1
        return None

    def argument(self, owner: Token) -> list[Token]:
        """Take one argument: the inside of a pair of braces, or one token."""
        token = self.skip_blanks()
        if token is None or token.kind == "rbrace":
            raise failure(
                "missing-argument",
                owner.span,
                f"{owner.text} with too few arguments",
                "an argument in braces",
                f"write {owner.text}{{...}}",
            )
        if token.kind != "lbrace":
            self.index += 1
            return [token]
        first = self.index + 1
        depth = 0
        for index in range(self.index, len(self.tokens)):
            kind = self.tokens[index].kind
            if kind == "lbrace":
                depth += 1
            elif kind == "rbrace":
                depth -= 1
                if depth == 0:
                    self.index = index + 1
                    return self.tokens[first:index]
        raise failure(
            "unbalanced-brace",
            token.span,
            "{ that is never closed",
            "}",
            "add the missing } or delete the {",
        )

    def optional(self) -> list[Token] | None:
        """Take a `[...]` if one stands here."""
        start = self.index
        token = self.skip_blanks()
        if token is None or token.text != "[":
            self.index = start
            return None
        for index in range(self.index + 1, len(self.tokens)):
            if self.tokens[index].text == "]":
                inside = self.tokens[self.index + 1 : index]
                self.index = index + 1
                return inside
        self.index = start
        return None


def take_definition(tokens: list[Token], index: int) -> tuple[Macro | None, int] | None:
    """Read a definition that begins at `index`.

    Returns None when none begins there, else the macro (None when its form is not supported:
    delimited parameters) and the index behind it. Raises `ReadFailure` when it is broken off.
    """
    head = tokens[index]
    if head.kind != "command":
        return None
    cursor = Arguments(tokens, index + 1)
    if head.text in _DEFINERS:
        return _take_newcommand(head, cursor, _DEFINERS[head.text])
    if head.text in ("\\def", "\\gdef", "\\edef"):
        return _take_def(head, cursor)
    if head.text == "\\let":
        return _take_let(head, cursor)
    return None


def _take_newcommand(head: Token, cursor: Arguments, operator: bool) -> tuple[Macro | None, int]:
    star = cursor.skip_blanks()
    starred = star is not None and star.text == "*"
    if starred:
        cursor.index += 1
    name = _name(cursor.argument(head), head)
    count = cursor.optional()
    default = cursor.optional()
    body = cursor.argument(head)
    digits = "".join(token.text for token in count or [])
    parameters = int(digits) if digits.isdecimal() and len(digits) == 1 else 0
    if operator:
        command = "\\operatorname*" if starred else "\\operatorname"
        span = head.span
        body = [
            Token("command", command, *span),
            Token("lbrace", "{", *span),
            *body,
            Token("rbrace", "}", *span),
        ]
    end = cursor.tokens[cursor.index - 1].end
    kept = None if default is None else tuple(default)
    return Macro(name, parameters, kept, tuple(body), head.start, end), cursor.index


def _take_def(head: Token, cursor: Arguments) -> tuple[Macro | None, int]:
    token = cursor.skip_blanks()
    if token is None or token.kind != "command":
        return None, cursor.index
    name = token.text
    cursor.index += 1
    parameters = 0
    plain = True
    while (token := cursor.skip_blanks()) is not None and token.kind != "lbrace":
        plain = plain and token.kind == "parameter" and int(token.text[1]) == parameters + 1
        parameters += 1
        cursor.index += 1
    body = cursor.argument(head)
    if not plain:
        return None, cursor.index
    end = cursor.tokens[cursor.index - 1].end
    return Macro(name, parameters, None, tuple(body), head.start, end), cursor.index


def _take_let(head: Token, cursor: Arguments) -> tuple[Macro | None, int]:
    name = _name(cursor.argument(head), head)
    token = cursor.skip_blanks()
    if token is not None and token.text == "=":
        cursor.index += 1
    body = cursor.argument(head)
    end = cursor.tokens[cursor.index - 1].end
    return Macro(name, 0, None, tuple(body), head.start, end), cursor.index


def _name(tokens: list[Token], head: Token) -> str:
    commands = [token.text for token in tokens if token.kind == "command"]
    if len(commands) != 1:
        raise failure(
            "broken-definition",
            head.span,
            f"{head.text} without the name of a command",
            "a name such as \\grad",
        )
    return commands[0]


def definitions(text: str, start: int = 0) -> tuple[list[Macro], list[Problem]]:
    """Read all macro definitions in a piece of LaTeX; spans are offset by `start`."""
    found: list[Macro] = []
    problems: list[Problem] = []
    if not any(word in text for word in _DEFINING):
        return found, problems
    tokens, _ = tokenize(text)
    index = 0
    while index < len(tokens):
        try:
            taken = take_definition(tokens, index)
        except ReadFailure as error:
            old = error.problem
            span = Span(old.span.start + start, old.span.end + start)
            problems.append(Problem(old.kind, span, old.found, old.expected, old.help))
            taken = None
        if taken is None:
            index += 1
            continue
        macro, index = taken
        if macro is not None:
            found.append(macro.moved(start))
    return found, problems


def expand(
    tokens: list[Token], macros: Macros, position: int | None = None
) -> tuple[list[Token], list[Problem]]:
    """Expand every use of a macro, and drop the definitions themselves.

    `position` is where the text begins in the document: a use sees the last definition before it.
    A recursive macro, a broken use, or more than `MAX_TOKENS` tokens of output end the expansion
    with a problem; what was expanded before it is returned.
    """
    texts = {token.text for token in tokens}
    if texts.isdisjoint(macros.by_name) and texts.isdisjoint(_DEFINING):
        return tokens, []
    expansion = _Expansion(macros, position)
    try:
        expansion.run(tokens, (), None)
    except ReadFailure as error:
        return expansion.output, [error.problem]
    return expansion.output, []


class _Expansion:
    def __init__(self, macros: Macros, position: int | None) -> None:
        self.macros = macros
        self.position = position
        self.output: list[Token] = []
        self.steps = 0

    def run(self, tokens: list[Token], active: tuple[str, ...], use: Span | None) -> None:
        """Append the expansion of the tokens; `use` replaces the spans inside a body."""
        if len(active) > MAX_DEPTH:
            raise failure(
                "macro-too-deep",
                use or Span(0, 0),
                f"macros that call each other more than {MAX_DEPTH} deep",
                help="simplify the definitions",
            )
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.kind == "command":
                taken = take_definition(tokens, index) if use is None else None
                if taken is not None:
                    index = taken[1]
                    continue
                macro = self._find(token)
                if macro is not None:
                    index = self._apply(macro, tokens, index, active, use)
                    continue
            self._emit(token, use)
            index += 1

    def _find(self, token: Token) -> Macro | None:
        where = None if self.position is None else self.position + token.start
        return self.macros.find(token.text, where)

    def _emit(self, token: Token, use: Span | None) -> None:
        self.steps += 1
        if self.steps > MAX_TOKENS:
            raise failure(
                "macro-too-large",
                use or token.span,
                f"macros that expand to more than {MAX_TOKENS:,} tokens",
                help="shorten the macro or write the formula out",
            )
        self.output.append(token)

    def _apply(
        self,
        macro: Macro,
        tokens: list[Token],
        index: int,
        active: tuple[str, ...],
        use: Span | None,
    ) -> int:
        head = tokens[index]
        if macro.name in active:
            raise failure(
                "recursive-macro",
                use or head.span,
                f"the macro {macro.name} is defined by itself",
                help="define it by other commands only",
            )
        cursor = Arguments(tokens, index + 1)
        arguments: list[list[Token]] = []
        for number in range(macro.parameters):
            given = cursor.optional() if number == 0 and macro.default is not None else None
            if number == 0 and macro.default is not None:
                given = list(macro.default) if given is None else given
            else:
                given = cursor.argument(head)
            arguments.append(self._expanded(given, active, use))
        place = use or Span(head.start, max(tokens[cursor.index - 1].end, head.end))
        body: list[Token] = []
        for token in macro.body:
            if token.kind == "parameter":
                number = int(token.text[1])
                if number <= len(arguments):
                    body.extend(arguments[number - 1])
            else:
                body.append(Token(token.kind, token.text, *place))
            self.steps += 1
            if len(body) > MAX_TOKENS or self.steps > MAX_TOKENS:
                self._emit_too_large(place)
        self.run(body, (*active, macro.name), place)
        return cursor.index

    def _emit_too_large(self, place: Span) -> None:
        self.steps = MAX_TOKENS
        self._emit(Token("space", " ", *place), place)

    def _expanded(
        self, tokens: list[Token], active: tuple[str, ...], use: Span | None
    ) -> list[Token]:
        if not any(t.kind == "command" and t.text in self.macros.by_name for t in tokens):
            return tokens
        if len(active) > MAX_DEPTH:
            self.run(tokens, active, use)
        kept, self.output = self.output, []
        try:
            self.run(tokens, (*active, ""), use)
            return self.output
        finally:
            self.output = kept
