"""Judging a document: scopes, context, chains, steps and conclusions, in the order of the text.

Definitions are taken as they come; every other relation is judged as it stands.  A chain is read
under one layout of derivatives: the declared one, or numerator layout; if only another makes its
lines true, the verdicts of those lines are conditional on it.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial

from derive.answering import Silence, guarded
from derive.chain import definition_taken, name_defined, too_deep, undeclared_function
from derive.checking.chains import ChainToJudge
from derive.checking.context import Context, Hypothesis, is_announced, relation_of
from derive.checking.examples import Given, is_example, with_example
from derive.checking.judging import Example, NotJudged, judged_chains, judged_examples
from derive.checking.membership import declared_by_membership, error_verdict
from derive.checking.places import Link, place_of
from derive.checking.results import Checked, DefinitionTaken, Place, Step
from derive.checking.scopes import Scopes
from derive.document.model import Diagnostic, Display, Document
from derive.elaborate.elaborator import Layout
from derive.elaborate.problems import ElaborationError
from derive.elaborate.scope import Scope
from derive.elaborate.words import is_letter
from derive.judge import SEED
from derive.limits import Limits
from derive.reader import surface
from derive.reader.chains import Chain, Reading, Relator, read_display
from derive.reader.names import DeclaredNames
from derive.reader.problems import Problem
from derive.terms.term import Number
from derive.unanswered import unanswered
from derive.verdict import Kind, Verdict

__all__ = ["Checked", "DefinitionTaken", "Place", "Step", "check_document", "error_verdict"]

#: Arrows that make the relation before them a premise of the one after.
_IMPLIES = frozenset({"\\Rightarrow", "\\implies", "\\Longrightarrow"})

#: How far apart, in characters, the values of one example may stand.
_EXAMPLE_GAP = 40


def check_document(
    document: Document, *, seed: int = SEED, limits: Limits | None = None
) -> Checked:
    """Judge every relation of the document.

    Under ``limits`` the statements are judged by processes that are killed where they overstep
    them; such a statement is unknown.  Without any, everything is done in this process.
    """
    return _Checker(document, seed, limits).run()


@dataclass
class _Pending:
    """A chain that is being gathered: it may go on in the next display."""

    parts: list[tuple[Display, Chain]]
    premise: bool = False
    implied: tuple[Hypothesis, ...] = ()
    conditions: list[Hypothesis] = field(default_factory=list)


class _Checker:
    def __init__(self, document: Document, seed: int, limits: Limits | None) -> None:
        self.document = document
        self.seed = seed
        self.limits = limits
        self.scopes = Scopes(document)
        self.context = Context(document)
        self.chains: list[ChainToJudge | NotJudged] = []
        self.steps = 0
        self.definitions: list[DefinitionTaken] = []
        self.diagnostics: list[Diagnostic] = [*document.diagnostics]
        #: The chains of the last formula: an example that follows is for their equations.
        self.equations: list[int] = []
        self.equations_of: Display | None = None
        self.given: list[Given] = []
        self.examples: list[tuple[tuple[Given, ...], Example]] = []
        self._readings: dict[tuple[int, DeclaredNames], Reading] = {}

    # ---- the document, display by display ---------------------------------------------------

    def run(self) -> Checked:
        pending: _Pending | None = None
        for display in self.document.displays:
            if pending is not None and not self._continues(display):
                self._condition_behind(pending, display)
                self._finish(pending)
                pending = None
            self.scopes.enter(display.start)
            self.context.before(display, self.scopes.scope)
            pending = self._display(display, pending)
        self._finish(pending)
        self._finish_example()
        return Checked(
            self.document.path,
            self._judged(),
            tuple(self.definitions),
            tuple(self.scopes.declarations),
            (*self.diagnostics, *self.scopes.diagnostics),
        )

    def _judged(self) -> tuple[Step, ...]:
        """The steps of all chains; what the text means is known, and stays in this process."""
        by_chain = judged_chains(self.document, self.chains, self.seed, self.limits)
        steps = [step for chain in by_chain for step in chain]
        examples = [example for _, example in self.examples]
        verdicts = judged_examples(examples, by_chain, self.seed, self.limits)
        for (given, _), verdict in zip(self.examples, verdicts, strict=True):
            with_example(steps, given, verdict)
        return tuple(steps)

    def _display(self, display: Display, pending: _Pending | None) -> _Pending | None:
        reading = self._read(display)
        for problem in (*reading.problems, *reading.warnings):
            self.diagnostics.append(self.document.diagnostic(problem, display.start))
        chains = reading.chains
        for place, chain in enumerate(chains):
            relation = relation_of(chain)
            condition = is_announced(chain) or (
                place and pending is not None and self._compares_indices(chain, pending)
            )
            if condition and pending is not None and relation is not None and not chain.continues:
                pending.conditions.append(Hypothesis(relation))
                continue
            if chain.continues and pending is not None:
                pending.parts.append((display, chain))
            else:
                self._finish(pending)
                pending = _Pending([(display, chain)])
                if place and chain.connector in _IMPLIES:
                    said = relation_of(chains[place - 1])
                    pending.implied = (Hypothesis(said),) if said is not None else ()
            following = chains[place + 1 : place + 2]
            pending.premise = bool(following) and following[0].connector in _IMPLIES
        return pending

    def _condition_behind(self, pending: _Pending, following: Display) -> None:
        """``$$ ... $$ for $x > 0$``: the condition belongs to the display before it."""
        display = pending.parts[-1][0]
        if self.context.behind(display, following):
            for chain in self._read(following).chains:
                relation = relation_of(chain)
                if relation is not None and "=" not in relation.relations:
                    pending.conditions.append(Hypothesis(relation))

    def _compares_indices(self, chain: Chain, before: _Pending) -> bool:
        r"""``, \quad i \ne j`` beside an equation: between letters that nothing declares; ``i = j``
        too where both are indices in the equation."""
        letters = [side.spelling for side in chain.sides if isinstance(side, surface.Name)]
        if len(letters) != len(chain.sides) or not all(map(is_letter, letters)):
            return False
        if any(self.scopes.scope.has_meaning(letter) for letter in letters):
            return False
        symbols = [relation.symbol for relation in chain.relations]
        if symbols == ["="]:
            return set(letters) <= _subscripts(before)
        return symbols == ["\\ne"]

    def _read(self, display: Display) -> Reading:
        """Read a display; an undeclared ``f`` that an equation ``f(x) = ...`` defines is known."""
        names = self.scopes.names()
        key = (display.start, names)
        if key in self._readings:
            return self._readings[key]
        reading = read_display(display.latex, names, self.document.macros, display.start)
        functions = frozenset(
            found
            for chain in reading.chains
            for side in chain.sides
            if any(relation.symbol in ("=", ":=") for relation in chain.relations)
            for found in [undeclared_function(side, self.scopes.scope)]
            if found is not None
        )
        if functions:
            larger = DeclaredNames(names.names, names.functions | functions)
            reading = read_display(display.latex, larger, self.document.macros, display.start)
        self._readings = {key: reading}  # only the last one is ever asked for again
        return reading

    def _continues(self, display: Display) -> bool:
        """Whether a display goes on with the chain before: it begins with a relation."""
        if display.kind == "inline":
            return False
        chains = self._read(display).chains
        return bool(chains) and chains[0].continues

    # ---- chains -----------------------------------------------------------------------------

    def _finish(self, pending: _Pending | None) -> None:
        """Make a chain that is complete ready to be judged."""
        if pending is None:
            return
        display, first = pending.parts[0]
        links: list[Link] = []
        relations: list[Relator] = []
        for shown, chain in pending.parts:
            links.extend(Link(side, shown) for side in chain.sides)
            relations.extend(chain.relations)
        if first.continues:
            links.insert(0, Link(surface.Unread(first.span, _no_left_side(first)), display))
        taken = len(pending.parts) == 1 and self.context.takes(display, first, self.scopes.scope)
        if relations and not taken:
            made: ChainToJudge | Silence | NotJudged
            made = guarded(partial(self._chain, pending, links, relations))
            if isinstance(made, Silence):  # one chain never takes the others down
                made = NotJudged(len(self.chains), links, relations, unanswered(made))
            self.chains.append(made)
            self.steps += len(relations)
        if display.kind == "display":
            self.context.used()

    def _chain(
        self, pending: _Pending, links: list[Link], relations: list[Relator]
    ) -> ChainToJudge:
        display = links[0].display
        example = self._example(links, relations)
        if example is None:
            self._finish_example()
        given: dict[int, Verdict] = {}
        defines: dict[int, str] = {}
        failed: dict[int, ElaborationError] = {}
        noticed: tuple[str, ...] = ()
        if example is not None:
            given[0] = Verdict(Kind.PROVED, "example, not checked")
            self.given.append(example)
        elif pending.premise:
            given = dict.fromkeys(range(len(relations)), Verdict(Kind.PROVED, "assumption"))
        elif not pending.implied:
            defines, failed, noticed, given = self._definitions(links, relations)
        if example is None:
            self._note_equations(display)
        return ChainToJudge(
            len(self.chains),
            links,
            relations,
            self.scopes.scope,
            (*self.context.hypotheses(), *pending.implied, *pending.conditions),
            defines,
            failed,
            given,
            noticed,
        )

    # ---- definitions ------------------------------------------------------------------------

    def _definitions(
        self, links: list[Link], relations: list[Relator]
    ) -> tuple[dict[int, str], dict[int, ElaborationError], tuple[str, ...], dict[int, Verdict]]:
        """Names that relations of the chain define, and definitions that have no meaning.

        The first relation may define any name; a later one only a function at variables, as in
        ``y = f(x) = S(x)``, where the last one comes first.
        """
        defines: dict[int, str] = {}
        failed: dict[int, ElaborationError] = {}
        given: dict[int, Verdict] = {}
        noticed: tuple[str, ...] = ()
        for place in reversed(range(len(relations))):
            left, right = links[place], links[place + 1]
            symbol = relations[place].symbol
            if place and not isinstance(left.node, surface.Apply):
                continue
            if symbol == "\\in":
                declared = declared_by_membership(left.node, right.node, self.scopes.scope)
                if declared is not None:
                    self.scopes.scope = declared
                    given[place] = Verdict(Kind.PROVED, "declaration")
                continue
            if self._two_new_letters(left, right):
                words = (
                    "nothing says what these two letters are: write 'when $i = j$' for a "
                    "condition, or declare one of them"
                )
                given[place] = Verdict(Kind.UNKNOWN, "reading", reason=words)
                continue
            try:
                taken = definition_taken(
                    left.node, right.node, symbol, self.scopes.scope, self._layout()
                )
            except (ElaborationError, RecursionError) as error:
                deep = too_deep(right.node.span)
                failed[place] = error if isinstance(error, ElaborationError) else deep
                self._break(left, right)
                continue
            if taken is not None:
                self.scopes.scope = taken.scope
                defines[place] = taken.name
                noticed = (*noticed, *taken.warnings)
                latex = f"{left.latex} {symbol} {right.latex}"
                where = place_of(self.document, left, right)
                self.definitions.append(DefinitionTaken(taken.name, latex, where))
        return defines, failed, noticed, given

    def _break(self, left: Link, right: Link) -> None:
        """The definition of a name has no meaning: nothing older takes its place."""
        name = name_defined(left.node)
        if name is not None:
            line = place_of(self.document, left, right).line
            why = f"the definition of {name} in line {line} has no meaning"
            self.scopes.scope = self.scopes.scope.with_broken(name, why)

    def _two_new_letters(self, left: Link, right: Link) -> bool:
        r"""``$i = j$`` in running text, where neither letter has a meaning."""
        scope: Scope = self.scopes.scope
        return left.display.kind == "inline" and all(
            isinstance(link.node, surface.Name)
            and is_letter(link.node.spelling)
            and link.node.spelling not in ("e", "\\pi")
            and not scope.has_meaning(link.node.spelling)
            for link in (left, right)
        )

    def _layout(self) -> Layout:
        return self.scopes.scope.layout or "numerator"

    # ---- examples ---------------------------------------------------------------------------

    def _example(self, links: list[Link], relations: list[Relator]) -> Given | None:
        """``$s = 4$`` in running text gives a declared letter a value for once."""
        if len(relations) != 1 or links[0].display.kind != "inline":
            return None
        left, right = links[0].node, links[1].node
        scope = self.scopes.scope
        declared = isinstance(left, surface.Name) and left.spelling in scope.variables
        if not is_example(left, right, relations[0].symbol, declared):
            return None
        assert isinstance(left, surface.Name)
        assert isinstance(right, surface.Number)
        if left.spelling in scope.definitions or scope.shape(left.spelling):
            return None
        if self.given and links[0].display.start > self.given[-1].end + _EXAMPLE_GAP:
            self._finish_example()
        value = Number(Fraction(right.text))
        return Given(self.steps, left.spelling, value, links[1].display.end)

    def _finish_example(self) -> None:
        if self.given:
            values = {one.name: one.value for one in self.given}
            self.examples.append((tuple(self.given), Example(values, tuple(self.equations))))
            self.given = []

    def _note_equations(self, display: Display) -> None:
        """Remember the chains of the last formula: an example may follow."""
        if display is not self.equations_of:
            self.equations, self.equations_of = [], display
        self.equations.append(len(self.chains))


def _subscripts(pending: _Pending) -> set[str]:
    """The letters that stand as indices in a chain."""
    return {
        name.spelling
        for _, chain in pending.parts
        for side in chain.sides
        if not isinstance(side, surface.Unread)
        for node in surface.walk(side)
        if isinstance(node, surface.Script) and node.subscript is not None
        for name in surface.walk(node.subscript)
        if isinstance(name, surface.Name)
    }


def _no_left_side(chain: Chain) -> Problem:
    return Problem(
        "missing-left-side",
        chain.span,
        "a relation with nothing before it",
        "a chain that it continues, or a left side",
    )
