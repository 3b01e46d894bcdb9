"""What is in force at one place of a document: declarations, definitions, context, layout."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias, TypeVar

from derive.elaborate.value import Value
from derive.reader.names import DeclaredNames, spelling
from derive.reader.surface import Node, Number
from derive.terms.declarations import Declarations, FunctionType, Layout, Variable
from derive.terms.structure import Definition, element_names
from derive.terms.term import Dim, Dimension, Proposition, Term, add, mul

T = TypeVar("T")

#: Functions that every document may use, by spelling, and what they are called in terms.
KNOWN_FUNCTIONS: Mapping[str, str] = {
    "exp": "exp",
    "log": "log",
    "ln": "log",
    "sin": "sin",
    "cos": "cos",
    "tan": "tan",
    "arctan": "atan",
    "sinh": "sinh",
    "cosh": "cosh",
    "tanh": "tanh",
    "erf": "erf",
    "relu": "relu",
    "ReLU": "relu",
    "sign": "sign",
    "sgn": "sign",
    "abs": "abs",
    "sqrt": "sqrt",
    "max": "max",
    "min": "min",
    "sigmoid": "sigmoid",
    "softplus": "softplus",
}

#: Known functions that a document may define for itself: its definition then counts.
REDEFINABLE = frozenset({"sigmoid", "softplus", "relu", "ReLU", "softmax", "logsumexp"})

#: Functions of a vector that a document may use or define for itself.
VECTOR_FUNCTIONS = frozenset({"softmax", "logsumexp"})

#: Functions of whole arrays.
ARRAY_FUNCTIONS = frozenset({"diag", "tr", "trace", "det", "argmax", "argmin"})


@dataclass(frozen=True, slots=True)
class FunctionDefinition:
    """A function that the document defines: parameters (as values over names) and its body.

    A parameter is a variable name with a shape; ``body`` mentions it as a component of that
    name.  ``origin`` is the LaTeX that defined it.
    """

    name: str
    parameters: tuple[Variable, ...]
    body: Value
    origin: str


#: Names with their shapes, sorted.
Shapes: TypeAlias = tuple[tuple[str, tuple[Dim, ...]], ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Everything in force, immutable; definitions extend it.

    ``broken`` says of names why their definition has no meaning (here); ``inferred`` are names
    that are declared by their definition alone; ``resting_on`` are the shapes that names in the
    body of a definition had when it was taken.
    """

    dimensions: frozenset[str] = frozenset()
    variables: Mapping[str, Variable] = field(default_factory=dict)
    functions: Mapping[str, FunctionType] = field(default_factory=dict)
    indices: Mapping[str, Dim] = field(default_factory=dict)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    function_definitions: Mapping[str, FunctionDefinition] = field(default_factory=dict)
    sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)
    inferred: frozenset[str] = frozenset()
    resting_on: Mapping[str, Shapes] = field(default_factory=dict)
    hypotheses: tuple[Proposition, ...] = ()
    layout: Layout | None = None
    prime_transposes: bool = False

    @property
    def names(self) -> DeclaredNames:
        """What the reader asks: which spellings are names, and which are functions."""
        return DeclaredNames(
            frozenset(self.variables)
            | frozenset(self.definitions)
            | self.dimensions
            | frozenset(self.sets_counted),
            frozenset(self.functions)
            | frozenset(self.function_definitions)
            | frozenset(KNOWN_FUNCTIONS)
            | VECTOR_FUNCTIONS
            | ARRAY_FUNCTIONS,
        )

    @property
    def declarations(self) -> Declarations:
        """The same for provers and refuters."""
        return Declarations(
            tuple(sorted(self.dimensions)),
            dict(self.variables),
            dict(self.functions),
            dict(self.definitions),
            self.hypotheses,
            self.layout,
        )

    def has_meaning(self, name: str) -> bool:
        """Whether a name is declared or defined in any way."""
        return (
            name in self.variables
            or name in self.definitions
            or name in self.dimensions
            or name in self.function_definitions
            or name in self.functions
        )

    def is_number(self, name: str) -> bool:
        """Whether a name is declared as a scalar or a dimension."""
        if name in self.dimensions:
            return True
        return (name in self.variables or name in self.definitions) and not self.shape(name)

    def shape(self, name: str) -> tuple[Dim, ...]:
        """The shape of a name: of its declaration, else of its definition; a scalar otherwise."""
        if name in self.variables:
            return self.variables[name].shape
        definition = self.definitions.get(name)
        return tuple(index.dim for index in definition.indices) if definition else ()

    @property
    def sets_counted(self) -> Mapping[str, Term]:
        """For each set of variables S that was defined: ``n_S``, the number of their components."""
        counts = {}
        for name, members in self.sets.items():
            sizes = [mul(*map(Dimension, self.shape(member))) for member in members]
            counts[f"n_{name}"] = add(*sizes)
        return counts

    def declared_words(self) -> str:
        """What is declared, for messages: one line."""
        shown = []
        for name in sorted(self.variables):
            shape = self.variables[name].shape
            power = f"^{{{' x '.join(map(str, shape))}}}" if shape else ""
            shown.append(f"{name} : R{power}")
        functions = sorted({*self.functions, *self.function_definitions})
        shown += [f"{name} (function)" for name in functions]
        shown += [f"{name} (dimension)" for name in sorted(self.dimensions)]
        return ", ".join(shown) if shown else "nothing"

    def with_definition(self, definition: Definition) -> "Scope":
        """The scope in which a name is defined."""
        name = definition.name
        return replace(
            self,
            definitions={**self.definitions, name: definition},
            broken=_less(self.broken, name),
            resting_on={**self.resting_on, name: self._shapes_in(definition.body, ())},
        )

    def with_function(self, definition: FunctionDefinition) -> "Scope":
        """The scope in which a function is defined."""
        name = definition.name
        own = tuple(parameter.name for parameter in definition.parameters)
        return replace(
            self,
            function_definitions={**self.function_definitions, name: definition},
            broken=_less(self.broken, name),
            resting_on={**self.resting_on, name: self._shapes_in(definition.body.term, own)},
        )

    def with_broken(self, name: str, why: str) -> "Scope":
        """The scope in which the definition of a name has no meaning; an older one is gone."""
        inferred = name in self.inferred
        return replace(
            self,
            broken={**self.broken, name: why},
            definitions=_less(self.definitions, name),
            function_definitions=_less(self.function_definitions, name),
            variables=_less(self.variables, name) if inferred else self.variables,
            inferred=self.inferred - {name},
        )

    def without_stale_definitions(self) -> "Scope":
        """Definitions go that rest on a name which has another shape by now."""
        scope = self
        changed = True
        while changed:  # what rests on a definition that went may go too
            changed = False
            for name in (*scope.definitions, *scope.function_definitions):
                for other, shape in scope.resting_on.get(name, ()):
                    if scope.shape(other) == shape and (other in scope.broken) <= (
                        other in scope.variables
                    ):
                        continue
                    why = f"{name} is defined with {other}, which has another meaning here"
                    scope = scope.with_broken(name, f"{why}: define {name} anew")
                    changed = True
                    break
        return scope

    def _shapes_in(self, body: Term, own: tuple[str, ...]) -> Shapes:
        names = sorted(element_names(body) - set(own))
        return tuple((name, self.shape(name)) for name in names)

    def with_hypotheses(self, hypotheses: tuple[Proposition, ...]) -> "Scope":
        """The scope with more context."""
        return replace(self, hypotheses=(*self.hypotheses, *hypotheses))


def _less(mapping: Mapping[str, T], name: str) -> Mapping[str, T]:
    return {key: value for key, value in mapping.items() if key != name}


#: Digits of the longest range that is written as a number.
LONGEST_RANGE = 9


def dimension_of(node: Node, scope: Scope) -> Dim | None:
    """The dimension that a surface node names: a declared letter or a number; None otherwise."""
    if isinstance(node, Number) and node.text.isdigit() and len(node.text) <= LONGEST_RANGE:
        return int(node.text)
    word = spelling(node)
    return word if word in scope.dimensions else None
