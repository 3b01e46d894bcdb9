"""Run time of a compiled term: memo tables, and the scopes that perturb variables.

A ``Routine`` is a compiled term with parameters (its indices).  A ``Scope`` maps variables and
routines to tables of values that are filled on demand.  The root scope holds the point; a child
scope perturbs one variable (all its components at once, or a single one), and shares every table
with its parent that can't depend on that variable.  So a gradient by W leaves all that does not
contain W alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from derive.refute.instances import Instance
from derive.refute.ring import Dual, ExhaustedError, Key, UndefinedError, Value
from derive.terms.term import Dim

Code: TypeAlias = Callable[[list[int], "Scope"], Value]


@dataclass(eq=False, slots=True)
class Routine:
    """A compiled term: ``code`` over a frame of index values, some of which are parameters.

    ``names`` are all variables and definitions that it contains, directly or through others.
    """

    template: list[int]
    slots: tuple[int, ...]
    names: frozenset[str]
    code: Code


class Fuel:
    """The number of values that may still be computed."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, amount: int) -> None:
        """Raises ExhaustedError when nothing is left."""
        self.left -= amount
        if self.left < 0:
            raise ExhaustedError


class Table(dict[Key, Value]):
    """The values of a routine by its parameters, computed on demand."""

    __slots__ = ("fuel", "routine", "scope")

    def __init__(self, routine: Routine, scope: "Scope") -> None:
        self.routine = routine
        self.scope = scope
        self.fuel = scope.fuel

    def __missing__(self, key: Key) -> Value:
        fuel = self.fuel
        fuel.left -= 1
        if fuel.left < 0:
            raise ExhaustedError
        routine = self.routine
        frame = routine.template.copy()
        slots = routine.slots
        if len(slots) == 1:
            frame[slots[0]] = key[0]
        elif slots:
            for slot, index in zip(slots, key, strict=True):
                frame[slot] = index
        value = self[key] = routine.code(frame, self.scope)
        return value


class PerturbedTable(dict[Key, Value]):
    """The components of the variable that a scope perturbs: all of them, or the one given."""

    __slots__ = ("base", "only", "tag")

    def __init__(self, base: dict[Key, Value], tag: int, only: Key | None) -> None:
        self.base = base
        self.tag = tag
        self.only = only

    def __missing__(self, key: Key) -> Value:
        value = self.base[key]
        if self.only is None or key == self.only:
            value = Dual(self.tag, value, {key: 1})
        self[key] = value
        return value


class Scope(dict["Routine | str", dict[Key, Value]]):
    """Tables of all variables and routines under a stack of perturbations."""

    __slots__ = (
        "children",
        "components",
        "definitions",
        "dims",
        "fuel",
        "instances",
        "kinks",
        "only",
        "parent",
        "tag",
        "variable",
    )

    def __init__(
        self,
        definitions: Mapping[str, Routine],
        dims: Mapping[Dim, int],
        components: Mapping[str, dict[Key, Value]],
        instances: Mapping[str, Instance],
        fuel: Fuel,
    ) -> None:
        """The root scope of a point; ``components`` are exact numbers."""
        self.definitions = definitions
        self.dims = dims
        self.components = components
        self.instances = instances
        self.fuel = fuel
        self.parent: Scope | None = None
        self.variable = ""
        self.only: Key | None = None
        self.tag = 0
        self.kinks: set[tuple[Routine, Key]] = set()
        self.children: dict[tuple[str, Key | None], Scope] = {}

    def child(self, variable: str, only: Key | None = None) -> "Scope":
        """The scope in which the components of a variable are perturbed, or only one of them.

        Raises UndefinedError inside a derivative by a name whose definition contains the
        variable: whether that name unfolds there is not settled by the terms.
        """
        found = self.children.get((variable, only))
        if found is None:
            outer: Scope | None = self
            while outer is not None:
                definition = self.definitions.get(outer.variable)
                if definition and variable in definition.names and variable != outer.variable:
                    raise UndefinedError("a derivative inside a derivative by what contains it")
                outer = outer.parent
            found = Scope(self.definitions, self.dims, self.components, self.instances, self.fuel)
            found.parent = self
            found.variable = variable
            found.only = only
            found.tag = self.tag + 1
            self.children[variable, only] = found
        return found

    def __missing__(self, key: "Routine | str") -> dict[Key, Value]:
        table = self._routine(key) if isinstance(key, Routine) else self._variable(key)
        self[key] = table
        return table

    def _routine(self, routine: Routine) -> dict[Key, Value]:
        if self.parent is not None and self.variable not in routine.names:
            return self.parent[routine]
        return Table(routine, self)

    def _variable(self, name: str) -> dict[Key, Value]:
        parent = self.parent
        if parent is not None and name == self.variable:
            return PerturbedTable(parent[name], self.tag, self.only)
        definition = self.definitions.get(name)
        if parent is not None and (definition is None or self.variable not in definition.names):
            return parent[name]
        if definition is not None:
            return Table(definition, self)
        try:
            return self.components[name]
        except KeyError:
            raise ValueError(f"the point gives no value for '{name}'") from None
