"""Which scope holds where: blocks of declarations, sections, shapes that prose states."""

from dataclasses import replace

from derive.checking.membership import stated_shape
from derive.checking.results import Place
from derive.document.model import Diagnostic, Document
from derive.elaborate.declare import scope_with
from derive.elaborate.scope import Scope
from derive.reader import surface
from derive.reader.chains import read_display
from derive.reader.declarations import Entry, declared_names, parse_declarations
from derive.reader.names import DeclaredNames
from derive.terms.declarations import Variable
from derive.terms.term import Dim

#: How far behind a formula, in characters, "where $b \\in R^m$" still explains it.
LOOK_AHEAD = 600


class Scopes:
    """The scope at the current place of a document; definitions replace ``scope``."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.scope = Scope()
        self.in_force: tuple[int, ...] = ()
        self.declarations: list[tuple[str, Place]] = []
        self.diagnostics: list[Diagnostic] = []
        self._entries: list[tuple[Entry, ...]] = []
        self._declared: dict[tuple[int, ...], DeclaredNames] = {}
        self._from_prose: set[str] = set()
        self._read_blocks()
        self._prose_shapes = self._shapes_in_prose()

    def _read_blocks(self) -> None:
        for block in self.document.blocks:
            earlier = self._declared_in(range(len(self._entries)))
            entries, problems = parse_declarations(block.text, earlier)
            self._entries.append(entries)
            self.diagnostics.extend(block.diagnostic(problem) for problem in problems)
            for entry in entries:
                start, end = block.place(entry.span.start), block.place(entry.span.end)
                text = block.text[entry.span.start : entry.span.end].strip()
                place = Place(start.file, start.line, start.column, end.line, end.column)
                self.declarations.append((text, place))

    def _shapes_in_prose(self) -> list[tuple[int, int, str, tuple[Dim, ...]]]:
        r"""Names that running text declares, ``$b \in \mathbb{R}^m$``: from, until, name, shape."""
        everything = self._declared_in(range(len(self._entries)))
        found = []
        for display in self.document.displays:
            if display.kind != "inline" or "\\in" not in display.latex:
                continue
            reading = read_display(display.latex, everything, self.document.macros)
            for chain in reading.chains:
                relations = [relation.symbol for relation in chain.relations]
                if relations == ["\\in"] and isinstance(chain.sides[0], surface.Name):
                    shape = stated_shape(chain.sides[1])
                    if shape is not None:
                        until = self.document.section_at(display.start).end
                        found.append((display.start, until, chain.sides[0].spelling, shape))
        return found

    def enter(self, offset: int) -> None:
        """Bring into force what holds at an offset of the text."""
        self._enter_blocks(offset)
        if self._prose_shapes:
            self._with_prose_shapes(offset)

    def _with_prose_shapes(self, offset: int) -> None:
        """Give names without a declaration the shape that the nearest prose states."""
        chosen: dict[str, tuple[int, tuple[Dim, ...]]] = {}
        for start, until, name, shape in self._prose_shapes:
            distance = abs(start - offset)
            if start > offset + LOOK_AHEAD or offset >= until:
                continue
            if name not in chosen or distance < chosen[name][0]:
                chosen[name] = (distance, shape)
        declared = self._declared_in(self.in_force)
        self._from_prose -= declared.names | declared.functions
        variables = dict(self.scope.variables)
        for name in sorted(self._from_prose - chosen.keys()):
            variables.pop(name, None)
        for name, (_, shape) in chosen.items():
            if name in self._from_prose or not self.scope.has_meaning(name):
                self._from_prose.add(name)
                variables[name] = Variable(name, shape)
        if variables != self.scope.variables:
            self.scope = replace(self.scope, variables=variables).without_stale_definitions()

    def _enter_blocks(self, offset: int) -> None:
        force = tuple(
            number
            for number, block in enumerate(self.document.blocks)
            if block.holds_from <= offset < max(block.holds_until, block.holds_from + 1)
        )
        if force == self.in_force:
            return
        new = [number for number in force if number not in self.in_force]
        if any(number not in force for number in self.in_force):
            kept, self.scope = self.scope, Scope()
            for number in force:
                self._declare(number, report=number in new)
            changed = tuple(sorted(set(force) ^ set(self.in_force)))
            self._keep_definitions(kept, self._declared_in(changed), self._declared_in(tuple(new)))
        else:
            for number in new:
                self._declare(number, report=True)
        self.in_force = force

    def _declare(self, number: int, *, report: bool) -> None:
        self.scope, problems = scope_with(self.scope, self._entries[number])
        if report:
            block = self.document.blocks[number]
            self.diagnostics.extend(block.diagnostic(problem) for problem in problems)

    def _keep_definitions(self, old: Scope, touched: DeclaredNames, anew: DeclaredNames) -> None:
        """What the text defined outlives a section, unless its name was declared in one that
        ended, or is declared anew; a function carries its own shapes, so it outlives both unless it
        is declared anew."""
        changed = touched.names | touched.functions
        kept = replace(
            self.scope,
            function_definitions={
                name: definition
                for name, definition in old.function_definitions.items()
                if name not in anew.names | anew.functions
            },
            definitions={n: d for n, d in old.definitions.items() if n not in changed},
            sets={n: members for n, members in old.sets.items() if n not in changed},
            broken={n: why for n, why in old.broken.items() if n not in changed},
            resting_on=old.resting_on,
        )
        inferred = {
            name: old.variables[name]
            for name in sorted(old.inferred)
            if name in kept.definitions and name not in kept.variables
        }
        self.scope = replace(
            kept,
            variables={**kept.variables, **inferred},
            inferred=frozenset(inferred),
        ).without_stale_definitions()

    def _declared_in(self, numbers: "tuple[int, ...] | range") -> DeclaredNames:
        key = tuple(numbers)
        if key not in self._declared:
            entries = tuple(entry for number in key for entry in self._entries[number])
            self._declared[key] = declared_names(entries)
        return self._declared[key]

    def names(self) -> DeclaredNames:
        """What the reader may ask here: names and functions, declared and defined."""
        declared, ours = self._declared_in(self.in_force), self.scope.names
        return DeclaredNames(declared.names | ours.names, declared.functions | ours.functions)
