r"""Declarations as text to declarations as data; what they mean is decided elsewhere.

One entry is `names : type, condition, condition`. Entries stand on lines of their own, or apart by
two spaces or a semicolon. Types:

    dimension                       n, m, d_h : dimension
    R, R^n, R^{n x m}, Z, N, ...    x : R^n, one-hot
    T -> T, T x T -> T              \sigma : R -> R
    index n, index 1..n             i, j : index n
    layout : numerator|denominator
    ' : transpose
    given : i \ne k, c > 0

Conditions are relations (`0 < p`, `p < 1`), kept as surface trees, or words from `WORDS`.
A `#` at the beginning of a line or after a blank begins a comment.
"""

import re
from dataclasses import dataclass, replace

from derive.reader.chains import Chain, moved_chain, read_display
from derive.reader.names import NO_NAMES, DeclaredNames, Names, spelling
from derive.reader.problems import Problem, Span
from derive.reader.surface import Name, Node, Script, Sequence, Unread, moved

FIELDS = {
    "R": "R",
    "\\R": "R",
    "\\mathbb{R}": "R",
    "ℝ": "R",
    "Z": "Z",
    "\\Z": "Z",
    "\\mathbb{Z}": "Z",
    "N": "N",
    "\\N": "N",
    "\\mathbb{N}": "N",
    "Q": "Q",
    "\\mathbb{Q}": "Q",
    "C": "C",
    "\\mathbb{C}": "C",
}

# A condition in words: spelling -> canonical word.
WORDS = {
    "invertible": "invertible",
    "nonsingular": "invertible",
    "symmetric": "symmetric",
    "positive definite": "positive definite",
    "positive semidefinite": "positive semidefinite",
    "orthogonal": "orthogonal",
    "diagonal": "diagonal",
    "one-hot": "one-hot",
    "onehot": "one-hot",
    "sums to 1": "sums to 1",
    "sum to 1": "sums to 1",
    "integer": "integer",
    "positive": "positive",
    "non-negative": "non-negative",
    "nonnegative": "non-negative",
    "nonzero": "nonzero",
    "non-zero": "nonzero",
    "unit": "unit",
    "constant": "constant",
    "elementwise": "elementwise",
    "differentiable": "differentiable",
    "distribution": "distribution",
    "full rank": "full rank",
}
LAYOUTS = ("numerator", "denominator")


@dataclass(frozen=True, slots=True)
class DeclaredName:
    """A name as declared: its canonical spelling, the one that keeps a bold font, its place."""

    spelling: str
    bold: str
    span: Span


@dataclass(frozen=True, slots=True)
class Shape:
    """A field and dimensions: `R`, `R^n`, `R^{n x m}`; a dimension is a surface tree."""

    field: str
    dimensions: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Word:
    """A condition in words, canonical (`one-hot`)."""

    word: str
    span: Span


Condition = Word | Chain


@dataclass(frozen=True, slots=True)
class DimensionEntry:
    """`n, m : dimension`."""

    names: tuple[DeclaredName, ...]
    conditions: tuple[Condition, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class ValueEntry:
    """`x : R^n, one-hot`."""

    names: tuple[DeclaredName, ...]
    shape: Shape
    conditions: tuple[Condition, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class FunctionEntry:
    r"""`\sigma : R -> R`; several arguments are apart by a cross."""

    names: tuple[DeclaredName, ...]
    domain: tuple[Shape, ...]
    codomain: Shape
    conditions: tuple[Condition, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """`i, j : index n`; the range begins at `lower` (None: 1) and ends at `upper`."""

    names: tuple[DeclaredName, ...]
    lower: Node | None
    upper: Node
    span: Span


@dataclass(frozen=True, slots=True)
class LayoutEntry:
    """`layout : numerator`."""

    layout: str
    span: Span


@dataclass(frozen=True, slots=True)
class TransposeEntry:
    """`' : transpose`: a prime on a vector or matrix transposes."""

    span: Span


@dataclass(frozen=True, slots=True)
class GivenEntry:
    r"""`given : i \ne k, c > 0`: context that the text states in words only."""

    conditions: tuple[Condition, ...]
    span: Span


Entry = (
    DimensionEntry
    | ValueEntry
    | FunctionEntry
    | IndexEntry
    | LayoutEntry
    | TransposeEntry
    | GivenEntry
)


class _Rejected(Exception):  # noqa: N818 - caught in this module, never shown
    def __init__(
        self, kind: str, span: Span, found: str, expected: str = "", help: str = ""
    ) -> None:
        super().__init__(found)
        self.problem = Problem(kind, span, found, expected, help)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the text with its offset."""

    text: str
    start: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.start + len(self.text))

    def cut(self, start: int, end: int) -> "_Piece":
        """Return a part, blanks at both ends left out."""
        part = self.text[start:end]
        lead = len(part) - len(part.lstrip())
        return _Piece(part.strip(), self.start + start + lead)


_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")
_GAP = re.compile(r"\s{2,}|\t+")
_SEMICOLON = re.compile(";")
_COLON = re.compile(r"(?<!\\):(?!=)")
_MEMBER = re.compile(r"\s(?:\\in|in|∈)\s")
_ARROW = re.compile(r"->|→|\\(?:to|rightarrow|longrightarrow)(?![A-Za-z])")
_CROSS = re.compile(r"\\times(?![A-Za-z])|×|(?<=\s)[xX](?=\s)|(?<=[0-9}])x(?=[0-9\\])")
_RANGE = re.compile(r"\.\.+|\\(?:l?dots)(?![A-Za-z])")
_POWER = re.compile(r"\s*\^\s*")


def parse_declarations(
    text: str, earlier: DeclaredNames = NO_NAMES
) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """Read a block of declarations; spans count in `text`.

    An entry that can't be read gives a problem and is left out; the others are kept.  Conditions
    are read with the names that stand before them, here or in `earlier` blocks.
    """
    entries: list[Entry] = []
    problems: list[Problem] = []
    for piece in _pieces(text):
        try:
            entries.append(_entry(piece, earlier.then(declared_names(tuple(entries)))))
        except _Rejected as error:
            problems.append(error.problem)
    return tuple(entries), tuple(problems)


def declared_names(entries: tuple[Entry, ...]) -> DeclaredNames:
    """Return the names of some entries as the reader asks for them.

    A bold name is the plain letter, unless both are among the entries.
    """
    plain: set[str] = set()
    for entry in entries:
        for name in _names_of(entry):
            if name.bold == name.spelling:
                plain.add(name.spelling)
    names: set[str] = set()
    functions: set[str] = set()
    for entry in entries:
        chosen = {n.bold if n.spelling in plain else n.spelling for n in _names_of(entry)}
        (functions if isinstance(entry, FunctionEntry) else names).update(chosen)
    return DeclaredNames(frozenset(names), frozenset(functions))


def _names_of(entry: Entry) -> tuple[DeclaredName, ...]:
    return () if isinstance(entry, LayoutEntry | TransposeEntry | GivenEntry) else entry.names


# Cutting


def _pieces(text: str) -> list[_Piece]:
    """Cut a block into entries: at line ends, semicolons, and wide gaps before an entry."""
    pieces: list[_Piece] = []
    offset = 0
    for line in text.splitlines(keepends=True):
        body = _COMMENT.sub("", line.rstrip("\r\n"))
        for part in _split(_Piece(body, offset), _SEMICOLON):
            if part.text:
                pieces += _entries(part)
        offset += len(line)
    return pieces


def _entries(piece: _Piece) -> list[_Piece]:
    """Cut at the wide gaps behind which an entry begins: names, then a colon."""
    text = piece.text
    gaps = [*_GAP.finditer(text)]
    starts = [0]
    for number, gap in enumerate(gaps):
        end = gaps[number + 1].start() if number + 1 < len(gaps) else len(text)
        part, rest = text[gap.end() : end], text[end:].lstrip()
        before = text[starts[-1] : gap.start()].rstrip()
        begins = _colon(part) is not None or rest.startswith(":")
        if begins and _colon(before) is not None:
            starts.append(gap.end())
    return [
        piece.cut(start, end) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)
    ]


def _colon(text: str) -> re.Match[str] | None:
    """Find the colon (or the word "in") behind the names."""
    return _COLON.search(text) or _MEMBER.search(text)


def _split(piece: _Piece, pattern: re.Pattern[str]) -> list[_Piece]:
    """Cut at matches of a pattern that stand outside of all brackets."""
    parts = []
    start = depth = seen = 0
    for match in pattern.finditer(piece.text):
        between = piece.text[seen : match.start()]
        depth += sum(map(between.count, "{([")) - sum(map(between.count, "})]"))
        seen = match.start()
        if depth == 0:
            parts.append(piece.cut(start, match.start()))
            start = match.end()
    parts.append(piece.cut(start, len(piece.text)))
    return parts


_COMMA = re.compile(",")


# Entries


def _entry(piece: _Piece, known: DeclaredNames) -> Entry:
    colon = _colon(piece.text)
    if colon is None:
        raise _Rejected(
            "broken-declaration",
            piece.span,
            f'"{_short(piece.text)}" without a colon',
            "names : type",
            "write for example x : R^n",
        )
    head = piece.cut(0, colon.start())
    tail = _split(piece.cut(colon.end(), len(piece.text)), _COMMA)
    kind, rest = tail[0], tail[1:]
    if head.text == "layout":
        return _layout(kind, piece)
    if head.text == "given":
        return GivenEntry(_conditions(tail, known), piece.span)
    if head.text == "'":
        if kind.text != "transpose":
            raise _Rejected(
                "broken-declaration", kind.span, f'"{_short(kind.text)}"', "' : transpose"
            )
        return TransposeEntry(piece.span)
    names = tuple(_name(part) for part in _split(head, _COMMA))
    if kind.text in ("dimension", "dim", "dimensions"):
        return DimensionEntry(names, _conditions(rest, known), piece.span)
    if re.match(r"index(?:\s|$)", kind.text):
        return _index(names, kind.cut(5, len(kind.text)), piece)
    sides = _split(kind, _ARROW)
    if len(sides) == 1 and len(_split(kind, _RANGE)) == 2:
        return _index(names, kind, piece)
    if len(sides) == 1:
        value = ValueEntry(names, _shape(kind), (), piece.span)
        conditions = _conditions(rest, known.then(declared_names((value,))))
        return replace(value, conditions=conditions)
    if len(sides) > 2:
        raise _Rejected(
            "broken-declaration", kind.span, "more than one arrow", "domain -> codomain"
        )
    domain = tuple(_shape(part) for part in _split(sides[0], _CROSS))
    return FunctionEntry(names, domain, _shape(sides[1]), _conditions(rest, known), piece.span)


def _layout(kind: _Piece, piece: _Piece) -> Entry:
    word = kind.text.removesuffix("layout").strip()
    if word not in LAYOUTS:
        raise _Rejected(
            "unknown-layout",
            kind.span,
            f'the layout "{_short(kind.text)}"',
            "numerator or denominator",
            "numerator: the rows of a Jacobian are outputs",
        )
    return LayoutEntry(word, piece.span)


def _index(names: tuple[DeclaredName, ...], kind: _Piece, piece: _Piece) -> Entry:
    ends = _split(kind, _RANGE)
    if not kind.text or len(ends) > 2 or not all(end.text for end in ends):
        raise _Rejected(
            "broken-declaration", piece.span, "an index without a range", "index n, or index 0..n"
        )
    upper = _node(ends[-1], NO_NAMES)
    lower = _node(ends[0], NO_NAMES) if len(ends) == 2 else None
    return IndexEntry(names, lower, upper, piece.span)


def _name(piece: _Piece) -> DeclaredName:
    node = _node(piece, NO_NAMES) if piece.text else None
    text = spelling(node) if node is not None else None
    if not isinstance(node, Name | Script) or not text:
        word = re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", piece.text)
        if word is not None:
            return DeclaredName(piece.text, piece.text, piece.span)
        raise _Rejected(
            "broken-declaration",
            piece.span,
            f'"{_short(piece.text)}", which is no name' if piece.text else "a missing name",
            "a name such as x, \\sigma, h^a, W^{(1)}, \\hat{y}",
        )
    base: Node = node
    while isinstance(base, Script):
        base = base.base
    bold = text
    emphatic = isinstance(base, Name) and base.font in ("bold", "arrow")
    if isinstance(base, Name) and emphatic and not base.spelling.startswith("\\mathbf{"):
        bold = f"\\mathbf{{{base.spelling}}}{text[len(base.spelling) :]}"
    return DeclaredName(text, bold, piece.span)


def _shape(piece: _Piece) -> Shape:
    parts = _POWER.split(piece.text, maxsplit=1)
    field = FIELDS.get(parts[0].strip())
    if field is None:
        raise _Rejected(
            "unknown-type",
            piece.span,
            f'the type "{_short(piece.text)}"' if piece.text else "a missing type",
            "dimension, R, R^n, R^{n x m}, Z, N, index n, or a function R^n -> R",
        )
    if len(parts) == 1:
        return Shape(field, (), piece.span)
    exponent = parts[1]
    start = len(piece.text) - len(exponent)
    end = len(piece.text)
    if exponent.startswith("{") and exponent.endswith("}"):
        start, end = start + 1, end - 1
    inner = piece.cut(start, end)
    dimensions = tuple(_node(part, NO_NAMES) for part in _split(inner, _CROSS))
    return Shape(field, dimensions, piece.span)


def _conditions(pieces: list[_Piece], names: Names) -> tuple[Condition, ...]:
    return tuple(_condition(piece, names) for piece in pieces if piece.text)


def _condition(piece: _Piece, names: Names) -> Condition:
    word = WORDS.get(" ".join(piece.text.lower().split()))
    if word is not None:
        return Word(word, piece.span)
    reading = read_display(piece.text, names)
    chain = reading.chains[0] if len(reading.chains) == 1 else None
    if chain is None or reading.problems or not chain.relations or chain.continues:
        raise _Rejected(
            "unknown-condition",
            piece.span,
            f'the condition "{_short(piece.text)}"',
            "a relation such as c > 0, or one of: " + ", ".join(dict.fromkeys(WORDS.values())),
        )
    return moved_chain(chain, piece.start)


def _node(piece: _Piece, names: Names) -> Node:
    """Read one formula in a declaration."""
    reading = read_display(piece.text, names)
    sides = reading.chains[0].sides if reading.chains else ()
    if reading.problems or len(sides) != 1 or isinstance(sides[0], Unread | Sequence):
        raise _Rejected(
            "broken-declaration",
            piece.span,
            f'"{_short(piece.text)}", which can\'t be read' if piece.text else "nothing",
            "a name or a dimension",
        )
    return moved(sides[0], piece.start)


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."
