"""Judging a document: scopes, context, chains, steps and conclusions, in the order of the text.

Definitions are taken as they come; every other relation is judged as it stands.  A chain is read
under one layout of derivatives: the declared one, or numerator layout; if only another makes its
lines true, the verdicts of that chain are conditional on it.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from derive.chain import (
    OPERATORS,
    Elaborated,
    declarations_for,
    definition_taken,
    elaborate_sides,
    obligation,
    undeclared_function,
)
from derive.document.model import Diagnostic, Display, Document
from derive.elaborate.declare import scope_with
from derive.elaborate.elaborator import Elaborator, Layout
from derive.elaborate.problems import ElaborationError, IllTypedError, MalformedError
from derive.elaborate.scope import Scope
from derive.judge import SEED, judge
from derive.reader import surface
from derive.reader.chains import Chain, Reading, Relator, read_display
from derive.reader.declarations import Entry, declared_names, parse_declarations
from derive.reader.names import DeclaredNames, spelling
from derive.reader.problems import Problem, Span
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Obligation
from derive.terms.structure import subterms
from derive.terms.term import Compare, Derivative, Free, Not, Proposition, SameIndex
from derive.verdict import Condition, Kind, Verdict

#: Arrows that make the relation before them a premise of the one after.
_IMPLIES = frozenset({"\\Rightarrow", "\\implies", "\\Longrightarrow"})

#: Words before a formula that make it context of what follows.
_CONTEXT = re.compile(
    r"\b(when|for|if|where|while|assume|assuming|suppose|given|with|case|let)\s*$", re.IGNORECASE
)
_OTHERWISE = re.compile(r"\b(otherwise|else)\b", re.IGNORECASE)

#: How far behind a formula, in characters, "where $b \\in R^m$" still explains it.
LOOK_AHEAD = 600

#: How much of a source line is kept for display.
MOST_SHOWN = 2_000

#: "the correct class k": what a target picks out, in words.
_CLASS = re.compile(r"\b(?P<wrong>in)?correct class\s+\$?\\?(?P<letter>[A-Za-z])\b")

_LAYOUTS: tuple[Layout, ...] = ("numerator", "denominator", "gradient rows")
_LAYOUT_WORDS = {
    "numerator": "numerator layout",
    "denominator": "denominator layout",
    "gradient rows": "numerator layout with gradients as rows",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: 1-based lines and columns, the end exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Step:
    """One relation of a chain, judged against its neighbour.

    ``statement`` is the typed obligation (None where there is none: ill-typed, malformed, or a
    definition).  ``conclusion`` stands on the last step of a chain of several relations.
    ``focus`` is where a caret belongs: the part without a meaning, else the right side.
    """

    chain: int
    index: int
    place: Place
    source_line: str
    left_latex: str
    relation: str
    right_latex: str
    verdict: Verdict
    milliseconds: float
    statement: Obligation | None = None
    conclusion: Verdict | None = None
    conclusion_latex: tuple[str, str] | None = None
    defines: str = ""
    warnings: tuple[str, ...] = ()
    first_wrong: bool = False
    inline: bool = False
    left_node: surface.Side | None = None
    right_node: surface.Side | None = None
    scope: Scope | None = None
    layout: Layout = "numerator"
    context: tuple[Proposition, ...] = ()
    focus: Place | None = None


@dataclass(frozen=True, slots=True)
class DefinitionTaken:
    """A definition that the document makes: the name, and the LaTeX that makes it."""

    name: str
    latex: str
    place: Place


@dataclass(frozen=True, slots=True)
class Checked:
    """Everything that was found in one document."""

    path: str
    steps: tuple[Step, ...]
    definitions: tuple[DefinitionTaken, ...]
    declarations: tuple[tuple[str, Place], ...]
    diagnostics: tuple[Diagnostic, ...]

    def count(self, kind: Kind) -> int:
        """How many steps have the verdict."""
        return sum(step.verdict.kind is kind for step in self.steps)


@dataclass
class _Link:
    """One side or relation of a chain that may run over several displays."""

    node: surface.Side
    display: Display


def check_document(document: Document, *, seed: int = SEED) -> Checked:
    """Judge every relation of the document."""
    return _Checker(document, seed).run()


class _Checker:
    def __init__(self, document: Document, seed: int) -> None:
        self.document = document
        self.seed = seed
        self.steps: list[Step] = []
        self.definitions: list[DefinitionTaken] = []
        self.declarations: list[tuple[str, Place]] = []
        self.diagnostics: list[Diagnostic] = list(document.diagnostics)
        self.scope = Scope()
        self.bold_names = DeclaredNames()
        self.in_force: tuple[int, ...] = ()
        self.chains = 0
        self.context: list[Proposition] = []
        self.last_context: list[Proposition] = []
        self.context_ends = 0
        self.blocks: dict[int, tuple[Entry, ...]] = {}
        self.correct_class: Free | None = None
        self.before = ""
        self.premise = False
        self.implied: tuple[Proposition, ...] = ()
        self.from_prose: set[str] = set()
        self.prose_shapes: list[tuple[int, str, tuple[int | str, ...]]] = []

    def run(self) -> Checked:
        self._read_blocks()
        self._read_prose_shapes()
        pending: list[tuple[Display, Chain]] = []
        for display in self.document.displays:
            if pending and not self._continues(display):
                self._judge_pending(pending)
                pending = []
            self._enter(display.start)
            self._prose_before(display)
            reading = self._read(display)
            self._report(reading, display)
            for place, chain in enumerate(reading.chains):
                if not (chain.continues and pending):
                    self._judge_pending(pending)
                    pending = []
                    self.premise = False
                self.implied = ()
                if place and chain.connector in _IMPLIES:
                    self.implied = self._propositions(reading.chains[place - 1])
                following = reading.chains[place + 1 :]
                self.premise = bool(following) and following[0].connector in _IMPLIES
                pending.append((display, chain))
        self._judge_pending(pending)
        return Checked(
            self.document.path,
            tuple(self.steps),
            tuple(self.definitions),
            tuple(self.declarations),
            tuple(self.diagnostics),
        )

    # ---- declarations ---------------------------------------------------------------------

    def _read_blocks(self) -> None:
        for number, block in enumerate(self.document.blocks):
            entries, problems = parse_declarations(block.text)
            self.blocks[number] = entries
            self.diagnostics.extend(block.diagnostic(problem) for problem in problems)
            for entry in entries:
                start, end = block.place(entry.span.start), block.place(entry.span.end)
                text = block.text[entry.span.start : entry.span.end].strip()
                place = Place(start.file, start.line, start.column, end.line, end.column)
                self.declarations.append((text, place))

    def _read_prose_shapes(self) -> None:
        r"""Names that running text declares: ``$b \in \mathbb{R}^m$``."""
        for display in self.document.displays:
            if display.kind != "inline" or "\\in" not in display.latex:
                continue
            reading = read_display(display.latex, self._names(), self.document.macros)
            for chain in reading.chains:
                relations = [relation.symbol for relation in chain.relations]
                if relations == ["\\in"] and isinstance(chain.sides[0], surface.Name):
                    shape = _stated_shape(chain.sides[1])
                    if shape is not None:
                        name = chain.sides[0].spelling
                        self.prose_shapes.append((display.start, name, shape))

    def _with_prose_shapes(self, offset: int) -> None:
        """Give names without a declaration the shape that the nearest prose states."""
        chosen: dict[str, tuple[int, tuple[int | str, ...]]] = {}
        for start, name, shape in self.prose_shapes:
            distance = abs(start - offset)
            if start > offset + LOOK_AHEAD:
                continue
            if name not in chosen or distance < chosen[name][0]:
                chosen[name] = (distance, shape)
        variables = dict(self.scope.variables)
        for name, (_, shape) in chosen.items():
            if name in self.from_prose or not self.scope.has_meaning(name):
                self.from_prose.add(name)
                variables[name] = Variable(name, shape)
        self.scope = replace(self.scope, variables=variables)

    def _enter(self, offset: int) -> None:
        self._enter_blocks(offset)
        if self.prose_shapes:
            self._with_prose_shapes(offset)

    def _enter_blocks(self, offset: int) -> None:
        """Bring the blocks in force at an offset into the scope."""
        blocks = self.document.blocks
        force = tuple(
            number
            for number, block in enumerate(blocks)
            if block.holds_from <= offset < max(block.holds_until, block.holds_from + 1)
        )
        if force == self.in_force:
            return
        new = [number for number in force if number not in self.in_force]
        ended = any(number not in force for number in self.in_force)
        if ended:
            kept = self.scope
            self.scope = Scope()
            for number in force:
                self._declare(number, report=number in new)
            changed = set(force) ^ set(self.in_force)
            self._keep_definitions(kept, self._declared_in(changed))
        else:
            for number in new:
                self._declare(number, report=True)
        self.in_force = force

    def _declare(self, number: int, *, report: bool) -> None:
        self.scope, problems = scope_with(self.scope, self.blocks[number])
        if report:
            block = self.document.blocks[number]
            self.diagnostics.extend(block.diagnostic(problem) for problem in problems)

    def _keep_definitions(self, old: Scope, touched: frozenset[str]) -> None:
        """What the text defined outlives a section, unless its name was declared in one that
        ended, or is declared anew."""
        self.scope = replace(
            self.scope,
            function_definitions={
                name: definition
                for name, definition in old.function_definitions.items()
                if not self.scope.has_meaning(name)
            },
            definitions={
                name: definition
                for name, definition in old.definitions.items()
                if name not in touched
            },
            sets={name: members for name, members in old.sets.items() if name not in touched},
        )

    def _declared_in(self, numbers: set[int]) -> frozenset[str]:
        entries = tuple(entry for number in sorted(numbers) for entry in self.blocks[number])
        declared = declared_names(entries)
        return declared.names | declared.functions

    def _names(self) -> DeclaredNames:
        entries = tuple(entry for number in self.in_force for entry in self.blocks[number])
        declared = declared_names(entries)
        ours = self.scope.names
        return DeclaredNames(declared.names | ours.names, declared.functions | ours.functions)

    # ---- reading --------------------------------------------------------------------------

    def _read(self, display: Display) -> Reading:
        """Read a display; an undeclared ``f`` that an equation ``f(x) = ...`` defines is known."""
        names = self._names()
        reading = read_display(display.latex, names, self.document.macros, display.start)
        functions = frozenset(
            found
            for chain in reading.chains
            for side in chain.sides
            if any(relation.symbol in ("=", ":=") for relation in chain.relations)
            for found in [undeclared_function(side, self.scope)]
            if found is not None
        )
        if not functions:
            return reading
        larger = DeclaredNames(names.names, names.functions | functions)
        return read_display(display.latex, larger, self.document.macros, display.start)

    def _continues(self, display: Display) -> bool:
        """Whether a display goes on with the chain before: it begins with a relation."""
        if display.kind == "inline":
            return False
        reading = read_display(display.latex, self._names(), self.document.macros, display.start)
        return bool(reading.chains) and reading.chains[0].continues

    def _report(self, reading: Reading, display: Display) -> None:
        for problem in (*reading.problems, *reading.warnings):
            self.diagnostics.append(self.document.diagnostic(problem, display.start))

    # ---- context --------------------------------------------------------------------------

    def _prose_before(self, display: Display) -> None:
        text = self.document.text[self.context_ends : display.start]
        if _OTHERWISE.search(text) and self.last_context:
            self.context = [_negated(p) for p in self.last_context]
        for match in _CLASS.finditer(text):
            self._class_context(match)
        self.before = text
        self.context_ends = display.end

    def _class_context(self, match: re.Match[str]) -> None:
        """``the correct class k``: the one-hot target has its 1 there; an incorrect one differs."""
        index = Free(match["letter"], f"?{match['letter']}")
        if not match["wrong"]:
            self.correct_class = index
            self.context = [
                SameIndex(Free(f"class of {name}", variable.shape[0]), index)
                for name, variable in sorted(self.scope.variables.items())
                if "one-hot" in variable.conditions and len(variable.shape) == 1
            ]
        elif self.correct_class is not None:
            self.context = [Not(SameIndex(index, self.correct_class))]

    def _is_context(self, display: Display, chain: Chain) -> bool:
        """``when $i = j$``: words announce it, it is a plain condition, and it defines nothing."""
        return (
            display.kind == "inline"
            and bool(chain.relations)
            and bool(_CONTEXT.search(self.before.rstrip("$ \n\\(")))
            and all(relation.symbol in OPERATORS for relation in chain.relations)
            and (chain.relations[0].symbol != "=" or all(_is_plain(side) for side in chain.sides))
        )

    def _take_context(self, chain: Chain) -> None:
        found = self._propositions(chain)
        if found:
            self.context = list(found)
            self.last_context = list(found)

    def _propositions(self, chain: Chain) -> tuple[Proposition, ...]:
        """What a chain says, as something to rest on; nothing where it has no meaning."""
        elaborator = Elaborator(self.scope)
        sides = tuple(s for s in chain.sides if not isinstance(s, surface.Unread))
        symbols = tuple(relation.symbol for relation in chain.relations)
        if len(sides) != len(symbols) + 1:
            return ()
        try:
            return (elaborator.proposition(surface.Relation(chain.span, sides, symbols)),)
        except ElaborationError:
            return ()

    # ---- chains ---------------------------------------------------------------------------

    def _judge_pending(self, pending: list[tuple[Display, Chain]]) -> None:
        if not pending:
            return
        display, first = pending[0]
        if self._is_context(display, first):
            self._take_context(first)
            return
        links: list[_Link] = []
        relations: list[tuple[Relator, Display]] = []
        for shown, chain in pending:
            links.extend(_Link(side, shown) for side in chain.sides)
            relations.extend((relation, shown) for relation in chain.relations)
        if first.continues:
            links.insert(0, _Link(surface.Unread(first.span, _no_left_side(first)), display))
        if relations:
            context = (*self.context, *self.implied)
            try:
                steps = self._judge_chain(links, relations, context)
            except Exception as error:  # one chain never takes the others down
                steps = self._not_judged(links, relations, fault_verdict(error))
            self.steps.extend(steps)
            self.chains += 1
        if display.kind == "display":
            self.context = []

    def _judge_chain(
        self,
        links: list[_Link],
        relations: list[tuple[Relator, Display]],
        context: tuple[Proposition, ...],
    ) -> list[Step]:
        defines, failed = self._take_definitions(links, relations)
        best: list[Step] = []
        for layout in self._layouts():
            steps = self._judge_under(links, relations, context, layout, defines, failed)
            if not best or _score(steps) > _score(best):
                best = steps
            if layout == "numerator" and (all(_fine(s) for s in steps) or not _laid_out(steps)):
                break
        wrong = next((place for place, s in enumerate(best) if not _fine(s)), None)
        if wrong is not None:
            best[wrong] = replace(best[wrong], first_wrong=True)
        return best

    def _not_judged(
        self, links: list[_Link], relations: list[tuple[Relator, Display]], verdict: Verdict
    ) -> list[Step]:
        """The steps of a chain on which a limit or a fault of ours ended all work."""
        steps = []
        for index, (relation, shown) in enumerate(relations):
            place = self._step_place(links, index, relation, shown)
            sides = _latex(links[index]), relation.symbol, _latex(links[index + 1])
            steps.append(Step(self.chains, index, place, self._line(place), *sides, verdict, 0.0))
        return steps

    def _take_definitions(
        self, links: list[_Link], relations: list[tuple[Relator, Display]]
    ) -> tuple[dict[int, str], dict[int, ElaborationError]]:
        """Names that relations of the chain define, and definitions that have no meaning.

        The first relation may define any name; a later one only a function at variables, as in
        ``y = f(x) = S(x)``, where the last one comes first.
        """
        defines: dict[int, str] = {}
        failed: dict[int, ElaborationError] = {}
        for place in reversed(range(len(relations))):
            left, right = links[place], links[place + 1]
            symbol = relations[place][0].symbol
            if place and not isinstance(left.node, surface.Apply):
                continue
            if self._is_example(left, right, symbol):
                continue
            try:
                taken = definition_taken(left.node, right.node, symbol, self.scope, self._layout())
            except ElaborationError as error:
                failed[place] = error
                continue
            if taken is not None:
                self.scope = taken.scope
                defines[place] = taken.name
                self._note_definition(taken.name, left, right, symbol)
        return defines, failed

    def _is_example(self, left: _Link, right: _Link, symbol: str) -> bool:
        """``$s = 4$`` in running text gives a declared letter a value for once."""
        return (
            left.display.kind == "inline"
            and symbol == "="
            and isinstance(left.node, surface.Name)
            and left.node.spelling in self.scope.variables
            and isinstance(right.node, surface.Number)
        )

    def _layout(self) -> Layout:
        return self.scope.layout or "numerator"

    def _layouts(self) -> Iterator[Layout]:
        if self.scope.layout is not None:
            yield self.scope.layout
            return
        yield from _LAYOUTS

    def _note_definition(self, name: str, left: _Link, right: _Link, symbol: str) -> None:
        latex = f"{_latex(left)} {symbol} {_latex(right)}"
        self.definitions.append(DefinitionTaken(name, latex, self._place(left, right)))

    def _judge_under(
        self,
        links: list[_Link],
        relations: list[tuple[Relator, Display]],
        context: tuple[Proposition, ...],
        layout: Layout,
        defines: dict[int, str],
        failed: dict[int, ElaborationError],
    ) -> list[Step]:
        elaborator = Elaborator(self.scope, layout)
        sides = elaborate_sides(tuple(link.node for link in links), elaborator)
        declarations = declarations_for(self.scope, elaborator, context)
        steps: list[Step] = []
        for index, (relation, shown) in enumerate(relations):
            left, right = sides[index], sides[index + 1]
            start = time.perf_counter()
            statement: Obligation | None = None
            if index in defines:
                verdict = Verdict(Kind.PROVED, "definition")
            elif index in failed:
                verdict = error_verdict(failed[index])
            elif self._is_example(links[index], links[index + 1], relation.symbol):
                verdict = Verdict(Kind.PROVED, "example")
            elif self.premise:
                verdict = Verdict(Kind.PROVED, "assumption")
            elif relation.symbol == "\\in":
                verdict = self._membership(left, right)
            else:
                verdict, statement = self._judge_step(
                    left, right, relation, links[index + 1], declarations
                )
            verdict = self._under_layout(verdict, layout)
            place = self._step_place(links, index, relation, shown)
            steps.append(
                Step(
                    chain=self.chains,
                    index=index,
                    place=place,
                    source_line=self._line(place),
                    left_latex=_latex(links[index]),
                    relation=relation.symbol,
                    right_latex=_latex(links[index + 1]),
                    verdict=verdict,
                    milliseconds=(time.perf_counter() - start) * 1e3,
                    statement=statement,
                    defines=defines.get(index, ""),
                    warnings=_warnings_at(elaborator, links[index + 1], index == 0, links[0]),
                    inline=shown.kind == "inline",
                    left_node=links[index].node,
                    right_node=links[index + 1].node,
                    scope=self.scope,
                    layout=layout,
                    context=context,
                    focus=self._focus(links, sides, index, failed.get(index)),
                )
            )
        if len(relations) > 1:
            if 0 in defines:
                sides, links = sides[1:], links[1:]
            steps[-1] = self._with_conclusion(steps[-1], sides, relations, links, declarations)
        return steps

    def _under_layout(self, verdict: Verdict, layout: Layout) -> Verdict:
        if layout == "numerator" or self.scope.layout is not None:
            return verdict
        if not verdict.holds or verdict.method == "definition":
            return verdict
        condition = Condition(_LAYOUT_WORDS[layout])
        return replace(verdict, kind=Kind.CONDITIONAL, conditions=(condition, *verdict.conditions))

    def _judge_step(
        self,
        left: Elaborated,
        right: Elaborated,
        relation: Relator,
        link: _Link,
        declarations: Declarations,
    ) -> tuple[Verdict, Obligation | None]:
        for side in (right, left):
            if side.error is not None:
                return error_verdict(side.error), None
        operator = OPERATORS.get(relation.symbol)
        if operator is None:
            words = f"the relation {relation.symbol} is read but not judged"
            return Verdict(Kind.UNKNOWN, "reading", reason=words), None
        assert left.value is not None
        assert right.value is not None
        try:
            statement = obligation(left.value, right.value, operator, declarations, link.node.span)
        except ElaborationError as error:
            return error_verdict(error), None
        try:
            return judge(statement, seed=self.seed), statement
        except Exception as error:  # one statement never takes the others down
            return fault_verdict(error), statement

    def _with_conclusion(
        self,
        last: Step,
        sides: tuple[Elaborated, ...],
        relations: list[tuple[Relator, Display]],
        links: list[_Link],
        declarations: Declarations,
    ) -> Step:
        symbols = {relation.symbol for relation, _ in relations}
        if symbols - {"=", ":=", "\\equiv"}:
            return last
        relator = relations[-1][0]
        verdict, _ = self._judge_step(sides[0], sides[-1], relator, links[-1], declarations)
        verdict = self._under_layout(verdict, last.layout)
        return replace(
            last, conclusion=verdict, conclusion_latex=(_latex(links[0]), _latex(links[-1]))
        )

    def _membership(self, left: Elaborated, right: Elaborated) -> Verdict:
        """``b \\in R^n``: the declared shape against the stated one."""
        stated = _stated_shape(right.node)
        if stated is None:
            return Verdict(Kind.UNKNOWN, "reading", reason="this set is read but not judged")
        unknown = [
            dim for dim in stated if isinstance(dim, str) and dim not in self.scope.dimensions
        ]
        if unknown:
            words = f"the dimension {unknown[0]} is never introduced"
            return Verdict(Kind.MALFORMED, "shapes", reason=words)
        name = spelling(left.node) if isinstance(left.node, surface.Name) else None
        if name is not None and not self.scope.has_meaning(name):
            variable = Variable(name, stated)
            self.scope = replace(self.scope, variables={**self.scope.variables, name: variable})
            return Verdict(Kind.PROVED, "declaration")
        if left.error is not None:
            return error_verdict(left.error)
        assert left.value is not None
        if stated == left.value.dims:
            return Verdict(Kind.PROVED, "shapes")
        shown = " x ".join(map(str, stated)) or "scalar"
        return Verdict(
            Kind.ILL_TYPED,
            "shapes",
            reason=f"it is a {left.value.shape_words}, the text says {shown}",
            shapes=(left.value.shape_words, shown),
        )

    # ---- places ---------------------------------------------------------------------------

    def _place(self, left: _Link, right: _Link) -> Place:
        start = self.document.place(left.display.start + left.node.span.start)
        end = self.document.place(right.display.start + right.node.span.end)
        return Place(start.file, start.line, start.column, end.line, end.column)

    def _step_place(
        self, links: list[_Link], index: int, relation: Relator, shown: Display
    ) -> Place:
        """The place of the right side: what the author wrote anew in this step."""
        right = links[index + 1]
        if index == 0 and links[0].display is right.display:
            return self._place(links[0], right)
        start = self.document.place(shown.start + relation.span.start)
        del start
        return self._place(right, right)

    def _focus(
        self,
        links: list[_Link],
        sides: tuple[Elaborated, ...],
        index: int,
        failed: ElaborationError | None,
    ) -> Place:
        """The part that has no meaning; the right side where all have one."""
        right, left = links[index + 1], links[index]
        errors = ((failed, right), (sides[index + 1].error, right), (sides[index].error, left))
        for error, link in errors:
            if error is not None:
                start = self.document.place(link.display.start + error.span.start)
                end = self.document.place(link.display.start + error.span.end)
                return Place(start.file, start.line, start.column, end.line, end.column)
        return self._place(right, right)

    def _line(self, place: Place) -> str:
        for file in self.document.source.files:
            if file.path == place.file and place.line <= len(file.line_starts):
                return file.window(file.line_starts[place.line - 1], MOST_SHOWN)
        return ""


def error_verdict(error: ElaborationError) -> Verdict:
    """The verdict on a statement that has no typed meaning."""
    if isinstance(error, IllTypedError):
        return Verdict(
            Kind.ILL_TYPED, "shapes", reason=error.message, shapes=(error.left, error.right)
        )
    if isinstance(error, MalformedError):
        return Verdict(Kind.MALFORMED, "reading", reason=error.message)
    return Verdict(Kind.UNKNOWN, "reading", reason=error.message)


def fault_verdict(error: Exception) -> Verdict:
    """The verdict where a limit of Python, or a fault of ours, ended the work: unknown."""
    if isinstance(error, RecursionError | MemoryError | OverflowError):
        words = "it is too large or too deeply nested to judge"
        return Verdict(Kind.UNKNOWN, "limit", reason=words)
    words = f"a fault of derive ({type(error).__name__}: {error}); please report it"
    return Verdict(Kind.UNKNOWN, "fault", reason=words)


def _fine(step: Step) -> bool:
    return step.verdict.kind in (Kind.PROVED, Kind.CONDITIONAL, Kind.UNKNOWN)


def _score(steps: list[Step]) -> int:
    return sum(step.verdict.holds for step in steps)


def _laid_out(steps: list[Step]) -> bool:
    """Whether another layout of derivatives could change anything."""
    for step in steps:
        for node in (step.left_node, step.right_node):
            if node is None or isinstance(node, surface.Unread):
                continue
            if any(isinstance(n, surface.Derivative | surface.Nabla) for n in surface.walk(node)):
                return True
        if step.statement is not None and any(
            isinstance(t, Derivative) for t in subterms(step.statement.left)
        ):
            return True
    return False


def _is_plain(side: surface.Side) -> bool:
    """A name, a number, or a component: what conditions in running text compare."""
    if isinstance(side, surface.Script):
        return isinstance(side.base, surface.Name)
    return isinstance(side, surface.Name | surface.Number)


def _negated(proposition: Proposition) -> Proposition:
    match proposition:
        case Not(inner):
            return inner
        case Compare("=", left, right):
            return Compare("!=", left, right)
        case SameIndex():
            return Not(proposition)
    return Not(proposition)


def _latex(link: _Link) -> str:
    span: Span = link.node.span
    return link.display.latex[span.start : span.end].strip()


def _warnings_at(elaborator: Elaborator, right: _Link, first: bool, left: _Link) -> tuple[str, ...]:
    spans = [right.node.span] + ([left.node.span] if first else [])
    found = (
        warned.message
        for warned in elaborator.warnings
        if any(span.start <= warned.span.start < span.end for span in spans)
    )
    return tuple(dict.fromkeys(found))


def _stated_shape(node: surface.Side) -> tuple[int | str, ...] | None:
    if not isinstance(node, surface.Script) or spelling(node.base) not in ("\\mathbb{R}", "\\R"):
        return () if isinstance(node, surface.Name) and node.spelling == "\\mathbb{R}" else None
    power: surface.Node | None = node.superscript
    while isinstance(power, surface.Group):
        power = power.body
    items = power.items if isinstance(power, surface.Juxtaposition) else (power,)
    dims: list[int | str] = []
    for item in items:
        word = spelling(item) if item is not None else None
        if word is None:
            return None
        dims.append(int(word) if word.isdigit() else word)
    return tuple(dims)


def _no_left_side(chain: Chain) -> Problem:
    return Problem(
        "missing-left-side",
        chain.span,
        "a relation with nothing before it",
        "a chain that it continues, or a left side",
    )
