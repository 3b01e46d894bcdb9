r"""From raw tokens to significant ones, with every delimiter paired.

Blanks, sizes and labels are dropped; `\left`, `\right` and `\big` disappear into `open` and `close`
tokens; relations, operators and bars get kinds of their own; `\text{...}` becomes one token. All
of it in one pass, linear in the number of tokens.

Kinds that come out: number, letter, command, open, close, lbrace, rbrace, sup, sub, prime, amp,
row, relation, connective, additive, multiplicative, comma, bar, text, begin, end, char, control.
"""

import re
from dataclasses import dataclass, field

from derive.reader import symbols
from derive.reader.macros import Arguments
from derive.reader.messages import too_deep
from derive.reader.problems import Problem, ReadFailure, Span, failure
from derive.reader.tokens import Token

MAX_NESTING = 60


@dataclass(frozen=True, slots=True)
class Groomed:
    """Significant tokens; `match[i]` is the partner of a delimiter at i, -1 for none.

    `wide` holds the indices of tokens behind a `\\quad`; `tags` the contents of `\\tag`.
    """

    tokens: list[Token]
    match: list[int]
    wide: frozenset[int]
    tags: tuple[str, ...]
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class _Level:
    """One open delimiter (or the top) and the bars that stand directly inside it.

    It is ``free`` where it opens in the place of an operand, as no argument and no script.
    """

    kind: str
    index: int
    free: bool = False
    saved: bool | None = None
    bars: list[tuple[int, str]] = field(default_factory=list)
    pending: dict[str, int] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)


_SIMPLE = {"lbrace", "rbrace", "sup", "sub", "amp", "prime", "number", "letter", "control"}
_NO_OPERAND_AFTER = frozenset(
    {"open", "lbrace", "relation", "connective", "additive", "multiplicative", "comma"}
    | {"amp", "row", "begin", "bar"}
)
_GOVERNING = (
    frozenset(symbols.FUNCTION_COMMANDS)
    | frozenset(symbols.BIG_OPERATORS)
    | {"\\nabla", "\\partial", "\\forall", "\\exists", "\\neg", "\\lnot"}
)
_LENGTH = re.compile(r"-?[0-9.]+\s*(?:pt|em|ex|cm|mm|in|mu|pc|\\baselineskip)")


def groom(tokens: list[Token]) -> Groomed:
    """Drop what means nothing, classify the rest, pair the delimiters."""
    pass_ = _Grooming()
    try:
        pass_.feed(tokens, 0)
    except ReadFailure as error:
        pass_.problems.append(error.problem)
    groomed = Groomed(
        pass_.out, pass_.match, frozenset(pass_.wide), tuple(pass_.tags), tuple(pass_.problems)
    )
    return without(groomed, pass_.dropped)


def without(groomed: Groomed, dropped: set[int]) -> Groomed:
    """Return the same tokens without those at the given indices."""
    if not dropped:
        return groomed
    moved: list[int] = []
    count = 0
    for index in range(len(groomed.tokens)):
        moved.append(count)
        count += index not in dropped
    moved.append(count)
    kept = [index for index in range(len(groomed.tokens)) if index not in dropped]
    match = [groomed.match[index] for index in kept]
    return Groomed(
        [groomed.tokens[index] for index in kept],
        [-1 if partner < 0 or partner in dropped else moved[partner] for partner in match],
        frozenset(moved[index] for index in groomed.wide),
        groomed.tags,
        groomed.problems,
    )


class _Grooming:
    def __init__(self) -> None:
        self.out: list[Token] = []
        self.match: list[int] = []
        self.wide: set[int] = set()
        self.tags: list[str] = []
        self.problems: list[Problem] = []
        self.dropped: set[int] = set()
        self.levels = [_Level("top", -1)]
        self.operand = False
        self.script: bool | None = None

    # Feeding

    def feed(self, tokens: list[Token], nesting: int) -> None:
        """Take all tokens of a list."""
        if nesting > MAX_NESTING:
            raise too_deep(tokens[0].span if tokens else Span(0, 0), MAX_NESTING)
        cursor = Arguments(tokens, 0)
        count = len(tokens)
        while cursor.index < count:
            token = tokens[cursor.index]
            cursor.index += 1
            kind, text = token.kind, token.text
            if kind == "space" or text in symbols.INVISIBLE:
                continue
            if kind == "letter" or kind == "number":
                self.emit(token)
            elif kind in _SIMPLE:
                self.structure(token, cursor)
            elif kind == "char":
                self.character(token, cursor, nesting)
            else:
                self.command(token, cursor, nesting)

    def structure(self, token: Token, cursor: Arguments) -> None:
        kind = token.kind
        if kind == "lbrace":
            self.push("brace", token)
        elif kind == "rbrace" and self.is_blank(cursor.skip_blanks()):
            self.forget()
        elif kind == "rbrace":
            self.pop("brace", token)
        else:
            self.emit(token)

    def is_blank(self, following: Token | None) -> bool:
        r"""Tell whether the brace that closes here is all of a group `{}` that only spaces:
        it stands for an operand, and nothing is attached to it."""
        level = self.levels[-1]
        empty = level.kind == "brace" and level.index == len(self.out) - 1
        scripted = following is not None and following.kind in ("sub", "sup", "prime")
        return empty and level.free and not scripted

    def forget(self) -> None:
        """Take the group that was opened last away; it is empty."""
        self.levels.pop()
        self.out.pop()
        self.match.pop()
        self.wide.discard(len(self.out) + 1)

    def character(self, token: Token, cursor: Arguments, nesting: int) -> None:
        text = token.text
        following = cursor.tokens[cursor.index] if cursor.index < len(cursor.tokens) else None
        if following is not None and following.start == token.end:
            double = symbols.DOUBLE_RELATIONS.get((text, following.text))
            if double is not None:
                cursor.index += 1
                self.emit(Token("relation", double, token.start, following.end))
                return
            if text == "|" and following.text == "|" and self.double_bar():
                cursor.index += 1
                self.bar(Token("char", "\\|", token.start, following.end), following)
                return
        if text in symbols.UNICODE:
            plain = symbols.UNICODE[text]
            kind = "command" if plain[0] == "\\" else "prime" if plain == "'" else "char"
            self.feed([Token(kind, plain, token.start, token.end)], nesting + 1)
        else:
            self.classify(token, cursor)

    def classify(self, token: Token, cursor: Arguments) -> None:
        """Emit a character or command by the table that it is in."""
        text, start, end = token.text, token.start, token.end
        if text in symbols.RELATIONS:
            self.emit(Token("relation", symbols.RELATIONS[text], start, end))
        elif text in symbols.ADDITIVE:
            self.emit(Token("additive", symbols.ADDITIVE[text], start, end))
        elif text in symbols.MULTIPLICATIVE:
            self.emit(Token("multiplicative", symbols.MULTIPLICATIVE[text], start, end))
        elif text in symbols.OPEN_DELIMITERS:
            self.push("soft", Token("open", symbols.OPEN_DELIMITERS[text], start, end))
        elif text in symbols.CLOSE_DELIMITERS:
            self.close(Token("close", symbols.CLOSE_DELIMITERS[text], start, end))
        elif text in symbols.BARS:
            self.bar(Token("char", symbols.BARS[text], start, end), cursor.skip_blanks())
        elif text in (",", ";"):
            self.emit(Token("comma", text, start, end))
        elif text in symbols.CONNECTIVES:
            self.emit(Token("connective", symbols.CONNECTIVES[text], start, end))
        else:
            self.emit(token)

    def command(self, token: Token, cursor: Arguments, nesting: int) -> None:
        text = token.text
        special = _COMMANDS.get(text)
        if special is not None:
            special(self, token, cursor, nesting)
        elif text in symbols.TEXT_COMMANDS:
            words = "".join(" " if t.kind == "space" else t.text for t in cursor.argument(token))
            words = words.replace("$", "").replace("~", " ").replace("\\_", "_")
            end = cursor.tokens[cursor.index - 1].end
            if words.strip():
                self.emit(Token("text", words, token.start, max(end, token.end)))
        elif text in symbols.VANISHING:
            for _ in range(symbols.VANISHING[text]):
                cursor.argument(token)
        elif text in symbols.WIDE_SPACES:
            self.wide.add(len(self.out))
        else:
            self.classify(token, cursor)

    # Emitting and pairing

    def emit(self, token: Token) -> None:
        """Append a token and keep track of whether an operand ends here."""
        kind = token.kind
        if (kind == "amp" or kind == "row") and self.levels[-1].kind in ("soft", "left"):
            self.levels[-1].rows.append(len(self.out))
        self.out.append(token)
        self.match.append(-1)
        if kind in ("sub", "sup"):
            self.script = self.operand
            return
        if self.script is not None:
            if kind == "lbrace":
                self.levels[-1].saved = self.script
                self.operand = False
            else:
                self.operand = self.script
            self.script = None
        elif kind in _NO_OPERAND_AFTER:
            self.operand = False
        else:
            self.operand = not (kind == "command" and token.text in _GOVERNING)

    def push(self, kind: str, token: Token) -> None:
        """Open a level."""
        free = not self.operand and self.script is None
        self.levels.append(_Level(kind, len(self.out), free))
        self.emit(token)

    def pop(self, kind: str, token: Token) -> None:
        """Close a level of this kind; levels above it stay unmatched."""
        depth = len(self.levels) - 1
        hard = {"left": ("brace", "env"), "brace": ("env",), "env": ("brace",)}[kind]
        while depth > 0 and self.levels[depth].kind != kind:
            if self.levels[depth].kind in hard:
                depth = 0
                break
            depth -= 1
        if depth == 0:
            self.emit(token)
            return
        level = self.levels[depth]
        del self.levels[depth:]
        self.emit(token)
        self.match[-1] = level.index
        self.match[level.index] = len(self.out) - 1
        self.dropped.update(level.rows)
        if level.saved is not None:
            self.operand = level.saved

    def close(self, token: Token) -> None:
        """Close a soft delimiter."""
        level = self.levels[-1]
        if level.kind != "soft":
            self.emit(token)
            return
        self.levels.pop()
        self.emit(token)
        self.match[-1] = level.index
        self.match[level.index] = len(self.out) - 1
        # A row break inside parentheses is only the end of a line.
        self.dropped.update(level.rows)

    def double_bar(self) -> bool:
        """Tell whether two bars next to each other are one norm sign."""
        bars = self.levels[-1].bars
        return not (bars and bars[-1][1] == "|" and self.operand)

    def bar(self, token: Token, following: Token | None) -> None:
        """Decide whether a bar opens, closes, or stands between (conditional, evaluation)."""
        level = self.levels[-1]
        text = token.text
        # A norm sign never evaluates, so what stands below it belongs to a norm that ends.
        evaluation = text == "|" and following is not None and following.kind == "sub"
        if not self.operand:
            level.bars.append((len(self.out), text))
            self.emit(Token("open", text, token.start, token.end))
            return
        if level.bars and level.bars[-1][1] == text:
            opener = level.bars.pop()[0]
            self.close_bar(opener, token)
            return
        pending = level.pending.pop(text, None)
        if pending is not None and not evaluation:
            old = self.out[pending]
            self.out[pending] = Token("open", text, old.start, old.end)
            self.close_bar(pending, token)
            return
        if not evaluation:
            level.pending[text] = len(self.out)
        self.emit(Token("bar", text, token.start, token.end))

    def close_bar(self, opener: int, token: Token) -> None:
        self.emit(Token("close", token.text, token.start, token.end))
        self.match[-1] = opener
        self.match[opener] = len(self.out) - 1

    # Commands with a grammar of their own

    def left(self, token: Token, cursor: Arguments, nesting: int) -> None:
        delimiter, end = _delimiter(token, cursor)
        self.push("left", Token("open", delimiter, token.start, end))

    def right(self, token: Token, cursor: Arguments, nesting: int) -> None:
        delimiter, end = _delimiter(token, cursor)
        self.pop("left", Token("close", delimiter, token.start, end))

    def middle(self, token: Token, cursor: Arguments, nesting: int) -> None:
        _, end = _delimiter(token, cursor)
        self.emit(Token("bar", "|", token.start, end))

    def row(self, token: Token, cursor: Arguments, nesting: int) -> None:
        start = cursor.index
        length = cursor.optional()
        if length is not None and not _LENGTH.match("".join(t.text for t in length)):
            cursor.index = start
        self.emit(Token("row", "\\\\", token.start, token.end))

    def begin(self, token: Token, cursor: Arguments, nesting: int) -> None:
        name = _joined(cursor.argument(token))
        base = name.removesuffix("*")
        if base in ("array", "alignat", "alignedat", "subarray"):
            cursor.optional()
            cursor.argument(token)
        elif base in ("aligned", "gathered"):
            cursor.optional()
        self.push("env", Token("begin", name, token.start, cursor.tokens[cursor.index - 1].end))

    def end(self, token: Token, cursor: Arguments, nesting: int) -> None:
        name = _joined(cursor.argument(token))
        self.pop("env", Token("end", name, token.start, cursor.tokens[cursor.index - 1].end))

    def tag(self, token: Token, cursor: Arguments, nesting: int) -> None:
        star = cursor.skip_blanks()
        if star is not None and star.text == "*":
            cursor.index += 1
        self.tags.append(_joined(cursor.argument(token)))

    def arg(self, token: Token, cursor: Arguments, nesting: int) -> None:
        while (following := cursor.skip_blanks()) and following.text in symbols.INVISIBLE:
            cursor.index += 1
        if following is not None and following.text in ("\\min", "\\max"):
            cursor.index += 1
            self.emit(Token("command", f"\\arg{following.text[1:]}", token.start, following.end))
        else:
            self.emit(token)

    def operator_name(self, token: Token, cursor: Arguments, nesting: int) -> None:
        star = cursor.skip_blanks()
        if star is not None and star.text == "*":
            cursor.index += 1
        self.emit(Token("command", "\\operatorname", token.start, token.end))

    def negation(self, token: Token, cursor: Arguments, nesting: int) -> None:
        following = cursor.skip_blanks()
        symbol = symbols.RELATIONS.get(following.text) if following is not None else None
        if following is None or symbol is None:
            self.emit(token)
            return
        cursor.index += 1
        symbol = symbols.NEGATED.get(symbol, f"\\not{symbol}")
        self.emit(Token("relation", symbol, token.start, following.end))

    def stacked(self, token: Token, cursor: Arguments, nesting: int) -> None:
        r"""Read `\overset{a}{b}`, `\underset{a}{b}`, `\stackrel{a}{b}`: b counts."""
        mark = cursor.argument(token)
        base = [t for t in cursor.argument(token) if t.kind != "space"]
        end = cursor.tokens[cursor.index - 1].end
        if len(base) == 1 and base[0].text in symbols.RELATIONS:
            defining = "def" in _joined(mark) or "\\triangle" in _joined(mark)
            symbol = ":=" if defining else symbols.RELATIONS[base[0].text]
            self.emit(Token("relation", symbol, token.start, max(end, token.end)))
            return
        self.feed(base, nesting + 1)
        if token.text == "\\underset":
            place = token.span
            opening, closing = Token("lbrace", "{", *place), Token("rbrace", "}", *place)
            self.feed([Token("sub", "_", *place), opening, *mark, closing], nesting + 1)

    def sub_command(self, token: Token, cursor: Arguments, nesting: int) -> None:
        self.emit(Token("sub" if token.text == "\\sb" else "sup", token.text, *token.span))

    def conditional(self, token: Token, cursor: Arguments, nesting: int) -> None:
        self.emit(Token("bar", "|", *token.span))

    def definition(self, token: Token, cursor: Arguments, nesting: int) -> None:
        raise failure(
            "broken-definition",
            token.span,
            f"{token.text} that can't be read",
            "a definition such as \\newcommand{\\grad}[1]{\\nabla #1}",
            "only plain parameters #1, #2, ... are supported",
        )


def _joined(tokens: list[Token]) -> str:
    return "".join(token.text for token in tokens if token.kind != "space")


def _delimiter(token: Token, cursor: Arguments) -> tuple[str, int]:
    following = cursor.skip_blanks()
    if following is not None:
        text = following.text
        table = symbols.OPEN_DELIMITERS | symbols.CLOSE_DELIMITERS | symbols.BARS
        angle = {"<": "\\langle", ">": "\\rangle", ".": ".", "/": "/"}
        delimiter = table.get(text) or angle.get(text)
        if delimiter is not None:
            cursor.index += 1
            return delimiter, max(following.end, token.end)
    found = f"{token.text}{following.text}" if following is not None else token.text
    raise failure(
        "missing-delimiter",
        token.span,
        f"{found} without a delimiter",
        f"one of ( ) [ ] \\{{ \\}} | . after {token.text}",
        f"write {token.text}. for no delimiter",
    )


_COMMANDS = {
    "\\left": _Grooming.left,
    "\\right": _Grooming.right,
    "\\middle": _Grooming.middle,
    "\\\\": _Grooming.row,
    "\\cr": _Grooming.row,
    "\\newline": _Grooming.row,
    "\\begin": _Grooming.begin,
    "\\end": _Grooming.end,
    "\\tag": _Grooming.tag,
    "\\arg": _Grooming.arg,
    "\\operatorname": _Grooming.operator_name,
    "\\operatorname*": _Grooming.operator_name,
    "\\not": _Grooming.negation,
    "\\overset": _Grooming.stacked,
    "\\underset": _Grooming.stacked,
    "\\stackrel": _Grooming.stacked,
    "\\sp": _Grooming.sub_command,
    "\\sb": _Grooming.sub_command,
    "\\mid": _Grooming.conditional,
    "\\def": _Grooming.definition,
    "\\newcommand": _Grooming.definition,
}
