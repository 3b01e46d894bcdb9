"""Environments inside a formula: matrices, arrays, cases, aligned systems."""

from derive.reader import symbols
from derive.reader.messages import unexpected
from derive.reader.pratt import CONDITIONAL, Construct, Parser, is_prose
from derive.reader.problems import Span, failure
from derive.reader.surface import Case, Cases, Empty, Matrix, Node, Text
from derive.reader.tokens import Token


def environment(parser: Parser, opening: Token) -> Node:
    r"""Read `\begin{...}` to its `\end`."""
    name = opening.text.removesuffix("*")
    if name in symbols.CASES:
        rows = _rows(parser, opening)
        return cases_of(parser.span_from(opening.start), Matrix(opening.span, name, tuple(rows)))
    if name in symbols.MATRICES or name in symbols.ALIGNMENTS:
        cells = tuple(_rows(parser, opening))
        return Matrix(parser.span_from(opening.start), name, cells)
    raise failure(
        "unknown-environment",
        opening.span,
        f"the environment {opening.text}",
        "a matrix, array, cases or aligned environment",
    )


def _rows(parser: Parser, opening: Token) -> list[tuple[Node | None, ...]]:
    """Read the cells row by row; an empty last row (a trailing row break) is dropped."""
    in_cases = opening.text.removesuffix("*") in symbols.CASES
    rows: list[tuple[Node | None, ...]] = []
    row: list[Node | None] = []
    while True:
        row.append(_cell(parser, in_cases))
        token = parser.peek()
        if token is None:
            raise failure(
                "unbalanced-environment",
                opening.span,
                f"\\begin{{{opening.text}}} that is never ended",
                f"\\end{{{opening.text}}}",
                "add the missing \\end",
            )
        if token.kind not in ("amp", "row", "end"):
            if in_cases and token.kind == "text":
                continue
            raise unexpected(token)
        parser.position += 1
        if token.kind == "amp":
            continue
        if token.kind == "row" or row != [None] or not rows:
            rows.append(tuple(row))
        row = []
        if token.kind == "end":
            if token.text != opening.text:
                raise failure(
                    "unbalanced-environment",
                    token.span,
                    f"\\end{{{token.text}}} after \\begin{{{opening.text}}}",
                    f"\\end{{{opening.text}}}",
                )
            return rows


def _cell(parser: Parser, in_cases: bool) -> Node | None:
    if in_cases:
        _skip_prose(parser)
    token = parser.peek()
    if token is None or token.kind in ("amp", "row", "end"):
        return None
    if token.kind == "relation":
        return parser.relation(Empty(Span(token.start, token.start)))
    return parser.expression(CONDITIONAL if in_cases else 0)


def _skip_prose(parser: Parser) -> None:
    """Skip "if", "for" before a condition; words with nothing behind them stay."""
    token = parser.peek()
    if token is None or token.kind != "text" or not is_prose(token.text):
        return
    index = parser.position + 1
    following = parser.tokens[index].kind if index < parser.end else "end"
    if following not in ("amp", "row", "end"):
        parser.position = index


def cases_of(span: Span, rows: Matrix) -> Cases:
    """Read rows of a value and a condition each as cases."""
    return Cases(span, tuple(_case(rows.span, row) for row in rows.rows))


def _case(place: Span, row: tuple[Node | None, ...]) -> Case:
    cells = [cell for cell in row if cell is not None]
    if not cells or len(cells) > 2:
        raise failure(
            "broken-case",
            cells[0].span if cells else place,
            f"a row of cases with {len(cells)} parts",
            "a value and a condition",
        )
    if isinstance(cells[0], Text):
        raise failure("broken-case", cells[0].span, "a row of cases without a value", "a value")
    span = Span(cells[0].span.start, cells[-1].span.end)
    return Case(span, cells[0], cells[1] if len(cells) == 2 else None)


CONSTRUCTS: dict[str, Construct] = {"begin": environment}
