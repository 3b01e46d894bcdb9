r"""Where the sides of a display are: cutting at the top level, without parsing.

Two passes over the significant tokens. The first settles rows: which `\\` begin a statement and
which merely end a line, which `&` separate two equations and which align. The second cuts.
"""

from dataclasses import dataclass, field

from derive.reader import symbols
from derive.reader.delimiters import Groomed, without
from derive.reader.pratt import is_prose
from derive.reader.tokens import Token

_OPERATORS = frozenset({"relation", "additive", "multiplicative"})
_BOUNDARIES = frozenset({"row", "connective"})


@dataclass(slots=True)
class Draft:
    """A chain as ranges of tokens; `relations` and `words` are indices of tokens."""

    connector: str
    sides: list[tuple[int, int]] = field(default_factory=list)
    relations: list[int] = field(default_factory=list)
    words: list[int] = field(default_factory=list)
    continues: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """The cut display: tokens without row breaks that mean nothing, chains, equation numbers."""

    groomed: Groomed
    drafts: tuple[Draft, ...]
    numbers: tuple[str, ...]


def outline(groomed: Groomed) -> Outline:
    """Cut a display into chains and sides."""
    groomed = _settle_rows(_unwrap(groomed))
    cutter = _Cutter(groomed)
    cutter.run()
    return Outline(groomed, tuple(cutter.drafts), tuple(cutter.numbers))


def _top_level(groomed: Groomed, start: int = 0) -> list[int]:
    """Return the indices of the tokens outside of all delimiters, openers included."""
    indices = []
    index = start
    while index < len(groomed.tokens):
        indices.append(index)
        index = max(groomed.match[index], index) + 1
    return indices


def _unwrap(groomed: Groomed) -> Groomed:
    """Drop `\\begin{aligned}` and the like at the top level, and their `\\end`."""
    while True:
        dropped: set[int] = set()
        for index in _top_level(groomed):
            token = groomed.tokens[index]
            if token.kind == "begin" and token.text.removesuffix("*") in symbols.ALIGNMENTS:
                partner = groomed.match[index]
                if partner > 0:
                    dropped |= {index, partner}
        if not dropped:
            return groomed
        groomed = without(groomed, dropped)


def _settle_rows(groomed: Groomed) -> Groomed:
    tokens = groomed.tokens
    top = _top_level(groomed)
    if not any(tokens[index].kind in ("amp", "row") for index in top):
        return groomed
    related = _relation_ahead(groomed, top, frozenset({"row"}))
    dropped: set[int] = set()
    aligned = 0
    seen = False
    for place, index in enumerate(top):
        token = tokens[index]
        before = tokens[top[place - 1]].kind if place else "row"
        following = _next_significant(tokens, top, place)
        after = tokens[following].kind if following is not None else ""
        if token.kind == "relation":
            seen = True
        elif token.kind == "amp":
            aligned += 1
            splits = (
                aligned % 2 == 0
                and seen
                and before not in _OPERATORS
                and after not in ("", "relation", "text")
                and related[place]
            )
            if splits:
                tokens[index] = Token("row", "&", token.start, token.end)
                seen = False
            else:
                dropped.add(index)
        elif token.kind == "row":
            if _continues(before, after, tokens, top, place, related):
                dropped.add(index)
            else:
                seen = False
            aligned = 0
    return without(groomed, dropped)


def _continues(
    before: str,
    after: str,
    tokens: list[Token],
    top: list[int],
    place: int,
    related: list[bool],
) -> bool:
    """Tell whether the row after this break goes on with the statement before it."""
    if after in ("", "relation", "row") or before in _OPERATORS or before == "row":
        return True
    if after in ("additive", "multiplicative"):
        indented = place + 1 < len(top) and tokens[top[place + 1]].kind == "amp"
        return indented or not related[place]
    return False


def _next_significant(tokens: list[Token], top: list[int], place: int) -> int | None:
    place += 1
    while place < len(top) and tokens[top[place]].kind == "amp":
        place += 1
    return top[place] if place < len(top) else None


def _relation_ahead(groomed: Groomed, top: list[int], stops: frozenset[str]) -> list[bool]:
    """For each place, tell whether a relation comes behind it before one of the stops."""
    ahead = [False] * len(top)
    found = False
    for place in range(len(top) - 1, -1, -1):
        ahead[place] = found
        kind = groomed.tokens[top[place]].kind
        if kind in stops:
            found = False
        elif kind == "relation":
            found = True
    return ahead


class _Cutter:
    """The second pass: chains and sides from settled rows."""

    def __init__(self, groomed: Groomed) -> None:
        self.groomed = groomed
        self.tokens = groomed.tokens
        self.top = _top_level(groomed)
        self.drafts: list[Draft] = []
        self.numbers: list[str] = []
        self.draft = Draft("")
        self.start = 0

    def run(self) -> None:
        """Cut the whole display."""
        stops = _BOUNDARIES | {"comma", "text"}
        related = _relation_ahead(self.groomed, self.top, stops)
        self.begin(0)
        for place, index in enumerate(self.top):
            if index < self.start:
                continue
            token = self.tokens[index]
            if token.kind == "relation" and not self.trailing(index):
                self.cut_side(index)
                self.draft.relations.append(index)
                self.start = index + 1
            elif token.kind in _BOUNDARIES:
                self.cut_chain(index, token.text if token.kind == "connective" else _row(token))
            elif token.kind == "comma":
                if self.separates(index, related[place]):
                    self.cut_chain(index, ",")
            elif token.kind == "text":
                if self.is_aside(index):
                    self.cut_words(index)
            elif self.statement_begins(place, index, related):
                self.cut_chain(index, "quad")
                self.start = index
        self.cut_chain(len(self.tokens), "")

    def begin(self, start: int) -> None:
        """Begin a chain; an enumerator such as `d)` or `(a)` before a wide space is skipped."""
        self.start = start
        tokens, wide = self.tokens, self.groomed.wide
        for offset in (0, 1):
            first = start + offset
            if offset and (first > len(tokens) - 1 or tokens[start].text != "("):
                break
            if first + 2 in wide and first + 1 < len(tokens):
                label, closing = tokens[first], tokens[first + 1]
                if label.kind in ("letter", "number") and closing.text == ")":
                    self.start = first + 2
                    return

    def trailing(self, index: int) -> bool:
        """Tell whether this is a colon at the end of the display."""
        return self.tokens[index].text == ":" and index + 1 == len(self.tokens)

    def separates(self, index: int, related: bool) -> bool:
        """Tell whether a comma stands between two statements."""
        if not self.draft.relations or index <= self.start:
            return False
        wide = index in self.groomed.wide or index + 1 in self.groomed.wide
        following = self.tokens[index + 1].kind if index + 1 < len(self.tokens) else ""
        return related or (wide and following != "") or following == "text"

    def statement_begins(self, place: int, index: int, related: list[bool]) -> bool:
        """Tell whether a wide space ends a statement and the next one begins here."""
        if index not in self.groomed.wide or index <= self.start or not self.draft.relations:
            return False
        return self.tokens[index].kind not in _OPERATORS and related[place]

    def is_aside(self, index: int) -> bool:
        """Tell whether words stand between formulas, and are not an operand in one."""
        token = self.tokens[index]
        previous = self.tokens[index - 1].kind if index > self.start else ""
        if previous in ("sub", "sup"):
            return False
        if is_prose(token.text):
            return True
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        opens = previous == "" or previous in _OPERATORS
        if following is None:
            return not opens
        joined = following.kind in _OPERATORS | {"open", "sub", "sup", "prime", "row", "comma"}
        single = len(token.text.split()) == 1
        if joined and opens:
            return False
        return not (single and (joined or opens) and token.text.strip() in symbols.FUNCTIONS) and (
            not single or token.text != token.text.strip() or not joined
        )

    def cut_side(self, end: int) -> None:
        """End a side; a missing first one makes the chain a continuation."""
        start, end = self.trimmed(self.start, end)
        first = not self.draft.relations
        if start >= end and first:
            self.draft.continues = True
            return
        self.draft.sides.append((start, end))

    def trimmed(self, start: int, end: int) -> tuple[int, int]:
        """Strip punctuation at both ends."""
        tokens = self.tokens
        while end > start and _is_punctuation(tokens[end - 1]):
            end -= 1
        while end > start and tokens[start].kind == "comma":
            start += 1
        return start, end

    def cut_chain(self, end: int, connector: str) -> None:
        """End a chain before the token at `end` and begin the next one behind it."""
        stop = self.without_number(end)
        start, stop = self.trimmed(self.start, stop)
        if self.draft.relations or start < stop:
            self.draft.sides.append((start, stop))
            self.drafts.append(self.draft)
            self.draft = Draft(connector)
        elif self.draft.words and end == len(self.tokens):
            self.drafts.append(self.draft)
        elif connector and (self.drafts or connector not in ("row", "&", ",", "quad")):
            self.draft.connector = connector
        self.begin(min(end + 1, len(self.tokens)))

    def cut_words(self, index: int) -> None:
        """Put words aside: they stand before the chain that follows."""
        if self.draft.relations or self.start < index:
            self.cut_chain(index, "text")
        self.draft.words.append(index)
        self.start = index + 1

    def without_number(self, end: int) -> int:
        """Take an equation number such as `(12)` off the end of a chain."""
        opening = self.groomed.match[end - 1] if end > self.start else -1
        if opening < self.start or self.tokens[opening].text != "(":
            return end
        inside = self.tokens[opening + 1 : end - 1]
        alone = opening == self.start and not self.draft.relations
        numeric = [token for token in inside if token.kind == "number"]
        plain = len(inside) <= 3 and all(
            token.kind in ("number", "letter") or token.text == "." for token in inside
        )
        whole = alone and end == len(self.tokens) and len(inside) == len(numeric) == 1
        if plain and inside and (whole or (opening in self.groomed.wide and not alone)):
            self.numbers.append("".join(token.text for token in inside))
            return opening
        return end


def _is_punctuation(token: Token) -> bool:
    """Tell whether this can end a sentence: `,` `;` `.` `:`."""
    return token.kind == "comma" or (token.kind in ("char", "relation") and token.text in ".:")


def _row(token: Token) -> str:
    return "&" if token.text == "&" else "row"
