r"""A display as chains of relations: which sides there are, and what joins them.

The display is cut at its top level before anything is parsed, so that one unreadable side never
hides the rest: at relations, at arrows such as `\Rightarrow`, at row breaks that begin a new
statement, at commas and wide spaces between statements, and at prose.
"""

from dataclasses import dataclass, replace

from derive.reader.constructs import TABLE
from derive.reader.delimiters import Groomed, groom
from derive.reader.macros import NO_MACROS, Macros, definitions, expand
from derive.reader.names import NO_NAMES, Names
from derive.reader.outline import Outline, outline
from derive.reader.pratt import Parser
from derive.reader.problems import Problem, ReadFailure, Span
from derive.reader.surface import Node, Side, Text, Unread, moved, moved_span
from derive.reader.tokens import tokenize


@dataclass(frozen=True, slots=True)
class Relator:
    r"""A relation between two sides: its canonical symbol (`=`, `\le`, `:=`, ...) and place."""

    symbol: str
    span: Span


@dataclass(frozen=True, slots=True)
class Chain:
    r"""`side relation side relation side ...`.

    A chain that `continues` begins with a relation and lacks its first side, which is the last one
    of the chain before (in the display before, if it is the first): it has as many sides as
    relations. `connector` says how it is joined to the chain before: empty for the first, `row`,
    `&`, `,`, `quad`, `text`, or an arrow (`\Rightarrow`, `\Leftarrow`, `\iff`, `\land`, `\lor`).
    `words` is prose that stands before it ("So", "for").
    """

    sides: tuple[Side, ...]
    relations: tuple[Relator, ...]
    continues: bool
    connector: str
    words: tuple[Text, ...]
    span: Span

    def sexpr(self) -> str:
        """Return the compact form of sides and relations."""
        parts = [f'"{word.text}"' for word in self.words]
        sides = [side.sexpr() for side in self.sides]
        if not self.continues and sides:
            parts.append(sides.pop(0))
        for relation, side in zip(self.relations, sides, strict=True):
            parts += [relation.symbol, side]
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one display says; `tag` is its equation number, if it has one."""

    chains: tuple[Chain, ...]
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    tag: str | None

    def sexpr(self) -> str:
        """Return the compact form of all chains, each with its connector."""
        parts = []
        for chain in self.chains:
            lead = f"{{{chain.connector}}} " if chain.connector else ""
            parts.append(lead + chain.sexpr())
        return " ".join(parts)


def read_display(
    latex: str, names: Names = NO_NAMES, macros: Macros = NO_MACROS, position: int | None = None
) -> Reading:
    """Read one display (or inline formula).

    `names` is asked which spellings are one name and which names are functions. `position` is
    where the LaTeX begins in the document, so that each use of a macro sees the definition in
    force (None: the last ones, and those in the LaTeX itself). Never raises: whatever can't be
    read is an `Unread` side with its `Problem`.
    """
    if position is None:
        local, _ = definitions(latex)
        macros = macros.extended(local)
    tokens, problems = tokenize(latex)
    tokens, more = expand(tokens, macros, position)
    groomed = groom(tokens)
    problems = [*problems, *more, *groomed.problems]
    plan = outline(groomed)
    groomed = plan.groomed
    warnings: list[Problem] = []
    chains = _parse(plan, groomed, names, warnings)
    told = tuple(problems)
    if told:
        chains = _broken_off(chains, told[0])
    for chain in chains:
        problems.extend(
            side.problem
            for side in chain.sides
            if isinstance(side, Unread) and side.problem not in told
        )
    tags = (*groomed.tags, *plan.numbers)
    return Reading(tuple(chains), tuple(problems), tuple(warnings), tags[0] if tags else None)


def _parse(plan: Outline, groomed: Groomed, names: Names, warnings: list[Problem]) -> list[Chain]:
    parser = Parser(groomed.tokens, groomed.match, names, TABLE, warnings)
    chains = []
    for draft in plan.drafts:
        sides = [_side(parser, start, end) for start, end in draft.sides]
        relations = [groomed.tokens[index] for index in draft.relations]
        relators = tuple(Relator(token.text, token.span) for token in relations)
        words = tuple(
            Text(token.span, " ".join(token.text.split()))
            for token in (groomed.tokens[index] for index in draft.words)
        )
        spans = [part.span for part in (*sides, *relators, *words)]
        span = Span(min(s.start for s in spans), max(s.end for s in spans))
        chains.append(Chain(tuple(sides), relators, draft.continues, draft.connector, words, span))
    return chains


def _side(parser: Parser, start: int, end: int) -> Side:
    tokens = parser.tokens
    if start >= end:
        relation = tokens[start - 1] if start else tokens[start]
        problem = Problem(
            "missing-operand",
            relation.span,
            f"{relation.text} with nothing after it",
            f"a side after {relation.text}",
        )
        return Unread(relation.span, problem)
    try:
        return parser.read(start, end)
    except ReadFailure as error:
        place = Span(tokens[start].start, max(tokens[end - 1].end, tokens[start].end))
        return Unread(place, error.problem)


def _broken_off(chains: list[Chain], problem: Problem) -> list[Chain]:
    """Mark the side at which reading broke off as unread."""
    unread = Unread(problem.span, problem)
    if not chains:
        return [Chain((unread,), (), False, "", (), problem.span)]
    last = chains[-1]
    if not last.sides:
        return chains
    place = Unread(last.sides[-1].span, problem)
    return [*chains[:-1], replace(last, sides=(*last.sides[:-1], place))]


def moved_chain(chain: Chain, distance: int) -> Chain:
    """Return the same chain with every span moved by so much."""
    return Chain(
        tuple(
            moved(side, distance) if isinstance(side, Node) else _moved_unread(side, distance)
            for side in chain.sides
        ),
        tuple(Relator(r.symbol, moved_span(r.span, distance)) for r in chain.relations),
        chain.continues,
        chain.connector,
        tuple(Text(moved_span(word.span, distance), word.text) for word in chain.words),
        moved_span(chain.span, distance),
    )


def _moved_unread(side: Unread, distance: int) -> Unread:
    problem = replace(side.problem, span=moved_span(side.problem.span, distance))
    return Unread(moved_span(side.span, distance), problem)
