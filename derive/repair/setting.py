"""What a near miss may look at: the two sides, the scope, the letters in use."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from derive.elaborate.elaborator import Elaborator, Layout
from derive.elaborate.problems import ElaborationError
from derive.elaborate.scope import Scope
from derive.reader import surface
from derive.reader.surface import Node
from derive.repair.edits import Edit, Written, inner
from derive.terms.term import Dim


@dataclass(frozen=True, slots=True)
class Change:
    """A near miss: edits of one side, one plain sentence, and the fallacy's code if it has one."""

    edits: tuple[Edit, ...]
    explanation: str
    code: str = ""


@dataclass(frozen=True)
class Setting:
    """One side that may be changed (``side``), the ``other`` one, and what is in force there."""

    side: Written
    other: Written
    scope: Scope
    layout: Layout
    is_left: bool
    letters: Mapping[str, Dim]
    free: tuple[str, ...]
    _shapes: dict[tuple[int, int, str], tuple[Dim, ...] | None] = field(
        default_factory=dict, compare=False
    )

    def shape(self, node: Node) -> tuple[Dim, ...] | None:
        """The dimensions of a part of ``side``; None where it has no meaning of its own."""
        key = (node.span.start, node.span.end, type(node).__name__)
        if key not in self._shapes:
            self._shapes[key] = shape_of(node, self.scope, self.layout)
        return self._shapes[key]

    def names(self) -> tuple[str, ...]:
        """The spellings of all names in the step, those of this side first, each once."""
        both = (*self.side.nodes(), *self.other.nodes())
        return tuple(dict.fromkeys(n.spelling for n in both if isinstance(n, surface.Name)))

    def has_derivative(self) -> bool:
        """Whether a derivative is written in the step."""
        both = (*self.side.nodes(), *self.other.nodes())
        return any(isinstance(n, surface.Derivative | surface.Nabla) for n in both)


def shape_of(node: Node, scope: Scope, layout: Layout) -> tuple[Dim, ...] | None:
    """The dimensions of a tree in a scope, or None."""
    try:
        return Elaborator(scope, layout).value(node).dims
    except (ElaborationError, RecursionError):
        return None


def subscripts(node: Node) -> Iterator[tuple[surface.Script, tuple[Node, ...]]]:
    """Every part with a subscript, and the indices that it lists."""
    for part in surface.walk(node):
        if isinstance(part, surface.Script) and part.subscript is not None:
            below = inner(part.subscript)
            if isinstance(below, surface.Sequence) or (
                isinstance(below, surface.Juxtaposition) and not any(below.operators)
            ):
                yield part, below.items
            else:
                yield part, (below,)


def index_names(node: Node) -> Iterator[surface.Name]:
    """Every letter that stands as an index, in the order written."""
    for _, items in subscripts(node):
        for item in items:
            if isinstance(item, surface.Name):
                yield item


def bound_letters(node: Node) -> Iterator[str]:
    """The letters that sums and products bind."""
    for part in surface.walk(node):
        if isinstance(part, surface.BigOperator):
            letter = bound_letter(part)
            if letter is not None:
                yield letter


def bound_letter(operator: surface.BigOperator) -> str | None:
    r"""The letter of ``\sum_i``, ``\sum_{i=1}^n``, ``\sum_{i \ne k}``."""
    lower = inner(operator.lower) if operator.lower is not None else None
    if isinstance(lower, surface.Relation):
        lower = lower.sides[0]
    return lower.spelling if isinstance(lower, surface.Name) else None


def letters_in_use(sides: tuple[Node, ...], scope: Scope, layout: Layout) -> dict[str, Dim]:
    """The letters that stand as indices, and the dimension that each runs over, where known."""
    found: dict[str, Dim] = {}
    for side in sides:
        for script, items in subscripts(side):
            if not any(isinstance(item, surface.Name) for item in items):
                continue
            dims = shape_of(script.base, scope, layout)
            for item, dim in zip(items, dims or (), strict=False):
                if isinstance(item, surface.Name) and item.spelling not in scope.variables:
                    found.setdefault(item.spelling, dim)
    return found
