"""Terms at exact points: exact rationals as long as they stay exact, certified balls after that."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from fractions import Fraction

from flint import ctx

from derive.refute.instances import Instance
from derive.refute.program import Program
from derive.refute.ring import Key, Value, exact
from derive.refute.scope import Fuel, Scope
from derive.terms.declarations import Declarations
from derive.terms.term import Dim, Free, Proposition, Term

#: Precisions in bits, in order.  128 is tried first: it costs a tenth more than 53, and what
#: overlaps there may be called equal for a test, so true identities are evaluated only once.
PRECISIONS = (128, 256, 512, 1024, 2048)

#: How many values one evaluation of a point may compute.
FUEL = 200_000


@dataclass(frozen=True)
class Point:
    """Dimension values, exact values of all components of the variables, concrete functions."""

    dimensions: Mapping[str, int]
    values: Mapping[str, Mapping[Key, Fraction]]
    instances: Mapping[str, Instance] = field(default_factory=dict)


class _Sizes(dict[Dim, int]):
    """Dimension values; a number is its own value."""

    def __missing__(self, dim: Dim) -> int:
        if isinstance(dim, int):
            return dim
        raise ValueError(f"the point gives no value for the dimension '{dim}'")


class _Components(dict[Key, Value]):
    """The given components of a variable."""

    __slots__ = ("name",)

    def __init__(self, name: str, components: Mapping[Key, Value]) -> None:
        super().__init__(components)
        self.name = name

    def __missing__(self, key: Key) -> Value:
        place = ",".join(map(str, key))
        raise ValueError(f"the point gives no value for '{self.name}[{place}]'")


def sizes(point: Point) -> Mapping[Dim, int]:
    """The length of every dimension at the point."""
    return _Sizes(point.dimensions)


def root_scope(program: Program, point: Point, fuel: Fuel) -> Scope:
    """Where the program's routines take their values at the point.

    Balls in it have the precision at which they were computed: use one scope per precision.
    """
    components = {
        name: _Components(name, {key: exact(value) for key, value in entries.items()})
        for name, entries in point.values.items()
    }
    return Scope(program.definitions, sizes(point), components, point.instances, fuel)


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Ball arithmetic at this precision inside the block."""
    before = ctx.prec
    ctx.prec = bits
    try:
        yield
    finally:
        ctx.prec = before


def evaluate(
    node: Term | Proposition,
    point: Point,
    declarations: Declarations,
    indices: Mapping[Free, int] | None = None,
    bits: int = PRECISIONS[0],
) -> Value:
    """The value at a point under these values of the free indices; 1 or 0 for a proposition.

    Raises UndefinedError where there is none, UndecidedError where the precision does not
    suffice, ExhaustedError where it takes too long, ValueError where the point is incomplete.
    """
    program = Program(declarations)
    routine, parameters = program.routine(node)
    given = indices or {}
    with precision(bits):
        scope = root_scope(program, point, Fuel(FUEL))
        return scope[routine][tuple(given[index] for index in parameters)]
