"""Judging one chain: definitions taken, each step against its neighbour, the conclusion."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from derive.answering import Mark
from derive.chain import (
    OPERATORS,
    Elaborated,
    declarations_for,
    elaborate_sides,
    known_function,
    obligation,
)
from derive.checking.context import Hypothesis, negated
from derive.checking.layouts import better, is_fine, layouts, matters, under_condition
from derive.checking.membership import error_verdict, membership_verdict
from derive.checking.places import Link, part_place, source_line, step_place
from derive.checking.results import Place, Step
from derive.document.model import Document
from derive.elaborate.elaborator import Elaborator, Layout
from derive.elaborate.problems import ElaborationError
from derive.elaborate.scope import Scope
from derive.judge import judge
from derive.reader import surface
from derive.reader.chains import Relator
from derive.terms.declarations import Declarations
from derive.terms.obligation import Obligation
from derive.terms.structure import element_names, parts, subterms
from derive.terms.term import Add, Derivative, Mul, Node, Operator, Proposition, Term
from derive.verdict import Kind, Verdict

#: Longer sums and products are not judged, nor derivatives of a higher order.
MOST_TERMS = 2_500
MOST_ORDER = 6


@dataclass(frozen=True, slots=True)
class ChainToJudge:
    """A chain with all that was decided about it before judging.

    ``defines`` and ``failed`` say of relations that they define a name, or would, but have no
    meaning; ``given`` are verdicts that need no judging (assumptions, examples).
    """

    number: int
    links: list[Link]
    relations: list[Relator]
    scope: Scope
    hypotheses: tuple[Hypothesis, ...] = ()
    defines: Mapping[int, str] = field(default_factory=dict)
    failed: Mapping[int, ElaborationError] = field(default_factory=dict)
    given: Mapping[int, Verdict] = field(default_factory=dict)
    noticed: tuple[str, ...] = ()


@dataclass
class ChainJudge:
    """Judges chains of one document; equal statements are judged once."""

    document: Document
    seed: int
    _verdicts: dict[object, Verdict] = field(default_factory=dict)
    _mark: Mark = lambda: None
    _ended: Mapping[int, Verdict] = field(default_factory=dict)
    _number: int = 0

    def steps(self, chain: ChainToJudge, mark: Mark, ended: Mapping[int, Verdict]) -> list[Step]:
        """The steps under the one layout that serves the chain best.

        ``mark`` is called before each statement is judged; ``ended`` are the verdicts on those
        statements, counted from 1, that were ended by a limit before and are not tried again.
        """
        self._mark, self._ended, self._number = mark, ended, 0
        plain: list[Step] = []
        best: list[Step] = []
        for layout in layouts(chain.scope):
            steps = self._under(chain, layout)
            if not plain:
                plain = best = steps
                if not matters(steps):
                    break
            elif better(steps, best):
                best = under_condition(steps, plain, layout)
        wrong = next((k for k, step in enumerate(best) if not is_fine(step.verdict)), None)
        if wrong is not None:
            best[wrong] = replace(best[wrong], first_wrong=True)
        for k, step in enumerate(best):
            name = known_function(chain.links[k].node, chain.scope)
            if name and step.relation == "=" and step.verdict.kind is Kind.REFUTED:
                words = f"{name} is a known function; write := to give the name another meaning"
                best[k] = replace(step, warnings=(*step.warnings, words))
        if chain.noticed:
            best[0] = replace(best[0], warnings=(*best[0].warnings, *chain.noticed))
        return best

    def _under(self, chain: ChainToJudge, layout: Layout) -> list[Step]:
        links, scope = chain.links, chain.scope
        elaborator = Elaborator(scope, layout)
        sides = elaborate_sides(tuple(link.node for link in links), elaborator)
        context, missed = _context(chain.hypotheses, elaborator)
        declarations = declarations_for(scope, elaborator, context)
        steps: list[Step] = []
        for index, relator in enumerate(chain.relations):
            start = time.perf_counter()
            left, right = sides[index], sides[index + 1]
            verdict, statement = self._relation(chain, index, left, right, declarations, missed)
            place = step_place(self.document, links, index)
            steps.append(
                Step(
                    chain=chain.number,
                    index=index,
                    place=place,
                    source_line=source_line(self.document, place),
                    left_latex=links[index].latex,
                    relation=relator.symbol,
                    right_latex=links[index + 1].latex,
                    verdict=verdict,
                    milliseconds=(time.perf_counter() - start) * 1e3,
                    statement=statement,
                    defines=chain.defines.get(index, ""),
                    warnings=_warnings(elaborator, links, index),
                    inline=links[index + 1].display.kind == "inline",
                    left_node=links[index].node,
                    right_node=links[index + 1].node,
                    scope=scope,
                    layout=layout,
                    context=context,
                    focus=self._focus(chain, index, left, right),
                )
            )
        first = 1 if 0 in chain.defines else 0
        operator = _conclusion(chain.relations[first:])
        if len(chain.relations) > 1 and operator is not None:
            ends = (links[first], links[-1])
            verdict, _ = self._compare(
                sides[first], sides[-1], operator, ends[1], declarations, scope, missed
            )
            shown = (ends[0].latex, ends[1].latex)
            steps[-1] = replace(steps[-1], conclusion=verdict, conclusion_latex=shown)
        return steps

    def _focus(self, chain: ChainToJudge, index: int, left: Elaborated, right: Elaborated) -> Place:
        """The part that has no meaning; the right side where all have one."""
        ends = chain.links[index + 1], chain.links[index]
        errors = chain.failed.get(index), right.error, left.error
        for link, error in zip((ends[0], *ends), errors, strict=True):
            if error is not None:
                return part_place(self.document, link, error.span)
        return part_place(self.document, ends[0], ends[0].node.span)

    def _relation(
        self,
        chain: ChainToJudge,
        index: int,
        left: Elaborated,
        right: Elaborated,
        declarations: Declarations,
        missed: str,
    ) -> tuple[Verdict, Obligation | None]:
        if index in chain.defines:
            return Verdict(Kind.PROVED, "definition"), None
        if index in chain.failed:
            return error_verdict(chain.failed[index]), None
        symbol = chain.relations[index].symbol
        operator, link = OPERATORS.get(symbol), chain.links[index + 1]
        given = chain.given.get(index)
        if given is not None and given.method in ("declaration", "reading"):
            return given, None
        if given is not None:
            statement = None
            if operator is not None and left.value is not None and right.value is not None:
                try:
                    statement = obligation(
                        left.value, right.value, operator, declarations, link.node.span
                    )
                except ElaborationError as error:
                    return error_verdict(error), None
            for side in (right, left):
                if side.error is not None:
                    return error_verdict(side.error), None
            return given, statement
        if symbol == "\\in":
            return membership_verdict(left, right, chain.scope), None
        if operator is None:
            for side in (right, left):
                if side.error is not None:
                    return error_verdict(side.error), None
            words = f"the relation {symbol} is read but not judged"
            return Verdict(Kind.UNKNOWN, "reading", reason=words), None
        return self._compare(left, right, operator, link, declarations, chain.scope, missed)

    def _compare(
        self,
        left: Elaborated,
        right: Elaborated,
        operator: Operator,
        link: Link,
        declarations: Declarations,
        scope: Scope,
        missed: str,
    ) -> tuple[Verdict, Obligation | None]:
        for side in (right, left):
            if side.error is not None:
                return error_verdict(side.error), None
        assert left.value is not None
        assert right.value is not None
        try:
            statement = obligation(left.value, right.value, operator, declarations, link.node.span)
        except ElaborationError as error:
            return error_verdict(error), None
        verdict = self._judged(statement, scope)
        if verdict.kind is Kind.REFUTED and missed:
            verdict = Verdict(Kind.UNKNOWN, verdict.method, reason=missed)
        return verdict, statement

    def _judged(self, statement: Obligation, scope: Scope) -> Verdict:
        try:
            widest = max(_widest(statement.left), _widest(statement.right))
            if widest > MOST_TERMS:
                words = f"{widest} terms or factors in a row are more than is judged"
                return Verdict(Kind.UNKNOWN, "size", reason=words)
            order = max(_order(statement.left), _order(statement.right))
            if order > MOST_ORDER:
                words = f"a derivative of order {order} is more than is judged"
                return Verdict(Kind.UNKNOWN, "size", reason=words)
            self._number += 1
            self._mark()
            if self._number in self._ended:
                return self._ended[self._number]
            key = _key(statement)
            if key not in self._verdicts:
                self._verdicts[key] = judge(statement, seed=self.seed)
            return _resting(self._verdicts[key], statement, scope)
        except (ValueError, ArithmeticError, LookupError, RecursionError) as error:
            # A statement that nobody foresaw must not take the rest of the document with it.
            words = str(error) or type(error).__name__
            return Verdict(Kind.UNKNOWN, "normal form and search", reason=f"broken off: {words}")


def _order(node: Node) -> int:
    """How deep derivatives are nested."""
    inner = max((_order(part) for part in parts(node)), default=0)
    return inner + isinstance(node, Derivative)


def _widest(term: Term) -> int:
    """The most terms or factors that stand in a row."""
    rows = (p for p in subterms(term) if isinstance(p, Add | Mul))
    return max((len(p.terms if isinstance(p, Add) else p.factors) for p in rows), default=0)


def _context(
    hypotheses: tuple[Hypothesis, ...], elaborator: Elaborator
) -> tuple[tuple[Proposition, ...], str]:
    """The hypotheses as propositions, and what keeps one of them from having a meaning."""
    found, missed = [], ""
    for hypothesis in hypotheses:
        said = hypothesis.said
        try:
            if isinstance(said, surface.Node):
                said = elaborator.proposition(said)
            said = elaborator.finish_proposition(said)
        except ElaborationError as error:
            missed = f"the context in the text is not understood: {error.message}"
            continue
        found.append(negated(said) if hypothesis.negated else said)
    return tuple(found), missed


def _conclusion(relators: list[Relator]) -> Operator | None:
    """What follows for first and last by transitivity; None where nothing does."""
    operators = {OPERATORS.get(relator.symbol) for relator in relators}
    if None in operators:
        return None
    strict: tuple[Operator, Operator]
    for strict in (("<", "<="), (">", ">=")):
        if operators <= {"=", *strict}:
            return next((op for op in (*strict, "=") if op in operators), None)
    return None


def _resting(verdict: Verdict, statement: Obligation, scope: Scope) -> Verdict:
    """A verdict that rests on a name whose definition has no meaning is none.

    Proved without derivatives it holds for every value of the name, whatever defines it.
    """
    if not scope.broken or verdict.kind not in (Kind.PROVED, Kind.CONDITIONAL, Kind.REFUTED):
        return verdict
    names = _names_in(statement) & scope.broken.keys()
    differentiated = any(
        isinstance(term, Derivative)
        for side in (statement.left, statement.right)
        for term in subterms(side)
    )
    if not names or (verdict.holds and not differentiated):
        return verdict
    return Verdict(Kind.UNKNOWN, verdict.method, reason=scope.broken[min(names)])


def _names_in(statement: Obligation) -> frozenset[str]:
    """All names that a statement rests on, through definitions too."""
    found: set[str] = set()
    stack = [*element_names(statement.left), *element_names(statement.right)]
    for hypothesis in statement.declarations.hypotheses:
        stack.extend(element_names(hypothesis))
    while stack:
        name = stack.pop()
        if name in found:
            continue
        found.add(name)
        definition = statement.declarations.definitions.get(name)
        if definition is not None:
            stack.extend(element_names(definition.body))
    return frozenset(found)


def _key(statement: Obligation) -> object:
    """Equal for statements with one verdict: the same terms, resting on the same meanings."""
    declared = statement.declarations
    meanings = tuple(
        (name, declared.variables.get(name), declared.definitions.get(name))
        for name in sorted(_names_in(statement))
    )
    return (
        statement.operator,
        statement.left,
        statement.right,
        declared.hypotheses,
        meanings,
        tuple(sorted(declared.functions.items())) if declared.functions else (),
        declared.dimensions,
        tuple(v for v in declared.variables.values() if "one-hot" in v.conditions),
    )


def _warnings(elaborator: Elaborator, links: list[Link], index: int) -> tuple[str, ...]:
    """What was noticed on the right side, and for the first step on the left one."""
    spans = [links[index + 1].node.span] + ([links[0].node.span] if index == 0 else [])
    found = (
        warned.message
        for warned in elaborator.warnings
        if any(span.start <= warned.span.start < span.end for span in spans)
    )
    return tuple(dict.fromkeys(found))
