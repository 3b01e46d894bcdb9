"""Frames: where the indices of a compiled term are kept at run time."""

from collections.abc import Iterator, Mapping
from itertools import product
from typing import NamedTuple, TypeAlias

from derive.refute.scope import Code, Routine
from derive.terms.term import Bound, Dim, Fixed, Free, Index


class Binder(NamedTuple):
    """An enclosing binder: its slot in the frame (None: outside of the routine), its dimension."""

    slot: int | None
    dim: Dim


Binders: TypeAlias = tuple[Binder, ...]


class Frame:
    """The frame of a routine that is being compiled."""

    def __init__(self) -> None:
        self.template: list[int] = []
        self.parameters: dict[Free | Bound, int] = {}
        self.constants: dict[int, int] = {}
        self.names: set[str] = set()

    def new_slot(self, value: int = 0) -> int:
        """Room for one more index."""
        self.template.append(value)
        return len(self.template) - 1

    def slot(self, index: Index, binders: Binders) -> int:
        """The slot that holds the value of an index."""
        if isinstance(index, Fixed):
            if index.value not in self.constants:
                self.constants[index.value] = self.new_slot(index.value)
            return self.constants[index.value]
        if isinstance(index, Bound):
            slot = binders[index.depth].slot
            if slot is not None:
                return slot
            own = sum(binder.slot is not None for binder in binders)
            index = Bound(index.depth - own)
        if index not in self.parameters:
            self.parameters[index] = self.new_slot()
        return self.parameters[index]


def index_values(dims: tuple[Dim, ...], sizes: Mapping[Dim, int]) -> Iterator[tuple[int, ...]]:
    """All values of indices of these dimensions, the last one fastest."""
    return product(*[range(1, sizes[dim] + 1) for dim in dims])


def finish(frame: Frame, code: Code) -> tuple[Routine, tuple[Free | Bound, ...]]:
    """The routine of a frame, and its parameters in the order in which it takes them."""
    slots = tuple(frame.parameters.values())
    routine = Routine(frame.template, slots, frozenset(frame.names), code)
    return routine, tuple(frame.parameters)


def look_up(key: Routine | str, slots: list[int]) -> Code:
    """Read the table of a routine or variable at the indices in these slots."""
    if not slots:
        return lambda ix, scope: scope[key][()]
    if len(slots) == 1:
        (only,) = slots
        return lambda ix, scope: scope[key][(ix[only],)]
    if len(slots) == 2:
        row, column = slots
        return lambda ix, scope: scope[key][ix[row], ix[column]]
    return lambda ix, scope: scope[key][tuple([ix[slot] for slot in slots])]


def dim_of(index: Index, binders: Binders) -> Dim:
    """The dimension of an index under these binders."""
    return binders[index.depth].dim if isinstance(index, Bound) else index.dim
