"""How the names of a catalogue and of its source correspond; terms of one in names of the other.

A catalogue is encoded in SymPy under its own names (``W1``), and says some things more generally
than the source (any target, any upstream gradient).  Every difference stands in one table here,
by name; nothing else is changed before the two are compared.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import sympy

from derive.elaborate.elaborator import Elaborator
from derive.elaborate.problems import ElaborationError
from derive.elaborate.substitute import UnderDerivativeError, rename_name, substitute_name
from derive.elaborate.value import Value
from derive.reader import surface
from derive.reader.chains import read_display
from derive.sympy_terms import Tensor, sides_from_sympy
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Side
from derive.terms.structure import Definition, element_names
from derive.terms.term import Element, Node, Proposition, Term
from derive.written.places import WrittenChain


@dataclass(frozen=True, slots=True)
class Instance:
    """What a name stands for in the source, where the catalogue says more or something else."""

    words: str
    value: Tensor


@dataclass(frozen=True, slots=True)
class Correspondence:
    """The table of names and of the known differences between a catalogue and its source.

    ``names`` gives the source's LaTeX for a catalogue name, which may be a whole expression;
    ``names_in`` does so for one part.  ``meant`` gives definitions that replace the source's own,
    by the source's name, in catalogue notation: where the catalogue judges that definition, but
    what follows means another.  ``instances`` are put in for variables of the encoding that the
    source's statement does not have.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    names_in: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    meant: Mapping[str, Instance] = field(default_factory=dict)
    instances: Mapping[str, Instance] = field(default_factory=dict)

    def latex(self, name: str, part: str) -> str | None:
        """The source's LaTeX for a catalogue name in that part; None if it is the same name."""
        return self.names_in.get(part, {}).get(name, self.names.get(name))


N = TypeVar("N", bound=Node)


class CorrespondenceError(Exception):
    """A name of the catalogue that can't be said in the source's terms; the message says why."""


@dataclass(frozen=True, slots=True)
class Translator:
    """Puts terms of the catalogue into the names of one chain of the source."""

    table: Correspondence
    part: str
    chain: WrittenChain

    def term(self, term: Term) -> Term:
        """The term in the source's names."""
        for name in sorted(element_names(term)):
            value = self.value(name)
            if value is not None:
                term = _put_in(term, name, value)
        return term

    def proposition(self, proposition: Proposition) -> Proposition:
        """The hypothesis in the source's names."""
        for name in sorted(element_names(proposition)):
            value = self.value(name)
            if value is not None:
                proposition = _put_in(proposition, name, value)
        return proposition

    def name(self, name: str) -> str:
        """The source's name of a variable of the catalogue; its own, if it is an expression."""
        value = self.value(name)
        return value.term.name if value is not None and isinstance(value.term, Element) else name

    def value(self, name: str) -> Value | None:
        """What the source writes for a catalogue name, typed in the chain's scope."""
        latex = self.table.latex(name, self.part)
        if latex is None:
            return None
        reading = read_display(latex, self.chain.scope.names)
        side = reading.chains[0].sides[0]
        if isinstance(side, surface.Unread):
            raise CorrespondenceError(f"{name} is written {latex}: {side.problem.found}")
        elaborator = Elaborator(self.chain.scope, self.chain.layout)
        try:
            return elaborator.finish(elaborator.value(side))
        except ElaborationError as error:
            raise CorrespondenceError(f"{name} is written {latex}: {error.message}") from None

    def definition(self, name: str, meant: Instance) -> Definition:
        """A definition that the catalogue means, under the source's names."""
        side = instance_side(meant)
        return Definition(name, side.axes, self.term(side.term))

    def variables(self, *terms: Term) -> frozenset[str]:
        """The source's names of the catalogue's variables in the terms."""
        names = frozenset[str]().union(*map(element_names, terms))
        return frozenset(self.name(name) for name in names if self._is_variable(name))

    def _is_variable(self, name: str) -> bool:
        value = self.value(name)
        return value is None or isinstance(value.term, Element)

    def instantiated(self, term: Term, name: str) -> Term:
        """The term with the table's instance in the place of a variable."""
        side = instance_side(self.table.instances[name])
        return substitute_name(term, name, Value(self.term(side.term), side.axes))

    def declarations(
        self, read: Declarations, encoded: Declarations, kept: frozenset[str], used: frozenset[str]
    ) -> Declarations:
        """What both readings rest on.

        Definitions of names that the encoding keeps as variables are dropped; the definitions that
        are meant replace the source's, where its statement uses the name.
        """
        variables = dict(read.variables)
        for variable in encoded.variables.values():
            name = self.name(variable.name)
            words = variable.conditions
            known = variables.get(name)
            if known is not None:
                variables[name] = replace(known, conditions=known.conditions | words)
            elif name not in read.dimensions:
                variables[name] = Variable(name, variable.shape, words)
        definitions = {n: d for n, d in read.definitions.items() if n not in kept}
        for name, meant in self.table.meant.items():
            if name in used and name in definitions:
                definitions[name] = self.definition(name, meant)
        return replace(
            read,
            dimensions=tuple(dict.fromkeys((*read.dimensions, *encoded.dimensions))),
            variables=variables,
            definitions=definitions,
            hypotheses=(*read.hypotheses, *map(self.proposition, encoded.hypotheses)),
        )


def instance_side(instance: Instance) -> Side:
    """The typed term of an instance, under its axes."""
    sides = sides_from_sympy(sympy.Eq(instance.value, instance.value, evaluate=False))
    assert sides is not None
    return sides.left


def _put_in(node: N, name: str, value: Value) -> N:
    if isinstance(value.term, Element) and value.term.indices == value.axes:
        return rename_name(node, name, value.term.name)
    try:
        return substitute_name(node, name, value)
    except UnderDerivativeError:
        raise CorrespondenceError(
            f"the catalogue differentiates by {name}, which is no variable in the source"
        ) from None
