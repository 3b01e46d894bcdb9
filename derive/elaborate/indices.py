"""Index letters of one chain: which are bound, over what they run, and what a subscript names.

The range of a letter may become known late (``?i`` until then); once known it is one range for the
whole chain.  Bound letters get names that no document can write, so nothing captures them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from derive.elaborate.problems import IllTypedError, MalformedError, NotCoveredError
from derive.elaborate.scope import Scope
from derive.elaborate.words import construct_words, is_letter
from derive.reader import surface
from derive.reader.problems import Span
from derive.terms.term import Dim, Fixed, Free, Index


@dataclass
class IndexTable:
    """The index letters of a chain: ``bound`` by sums, ``used`` under them, ranges known so far."""

    scope: Scope
    bound: dict[str, Free] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    ranges: dict[str, Dim] = field(default_factory=dict)
    shifts: dict[str, int] = field(default_factory=dict)
    _pending: dict[str, Dim] = field(default_factory=dict)
    _serial: int = 0

    def __post_init__(self) -> None:
        self.ranges = dict(self.scope.indices)

    def serial(self) -> int:
        """A number that was not used in this chain before."""
        self._serial += 1
        return self._serial

    def open_bound(self, letter: str, dim: Dim | None) -> Free:
        """Bind a letter anew; its range may still be open."""
        serial = self.serial()
        free = Free(f"{letter}.{serial}", dim if dim is not None else f"?{serial}")
        self.bound[letter] = free
        self.used.discard(letter)
        self.shifts.pop(letter, None)
        return free

    def known_dim(self, index: Free) -> Dim | None:
        """The range of an index, if it is known by now."""
        dim: Dim | None = index.dim
        while isinstance(dim, str) and dim.startswith("?"):
            dim = self._pending.get(dim)
        return dim

    def free(self, letter: str) -> Free:
        """The free index of that letter in this chain; its range may still be open."""
        known = self.ranges.get(letter)
        return Free(letter, known if known is not None else f"?{letter}")

    def known(self, letter: str, span: Span) -> Free:
        """The free index of that letter, whose range has to be known by now."""
        dim = self.known_dim(self.free(letter))
        if dim is None:
            raise MalformedError(f"the range of the index {letter} is not known", span)
        return Free(letter, dim)

    def fit(self, index: Free, dim: Dim, letter: str, span: Span) -> Free:
        """The index on an axis of length ``dim``: fixes an open range, compares a known one."""
        known = self.known_dim(index)
        if known is None:
            pending = index.dim
            while isinstance(pending, str) and pending in self._pending:
                pending = self._pending[pending]
            assert isinstance(pending, str)
            self._pending[pending] = dim
            if letter in self.bound:
                return index
            self.ranges[letter] = dim
            return Free(index.name, dim)
        if known != dim:
            raise IllTypedError(
                f"the index {letter} runs over 1..{known}, but the axis has length {dim}",
                span,
                str(known),
                str(dim),
            )
        return index

    def same_range(self, left: str, right: str, span: Span) -> tuple[Index, Index]:
        """Two letters that are compared: they run over one range, also while it is open."""
        pair = []
        for letter in (left, right):
            self.used.add(letter)
            pair.append(self.bound.get(letter) or self.free(letter))
        first, second = (self.known_dim(index) for index in pair)
        if first is None and second is not None:
            pair[0] = self.fit(pair[0], second, left, span)
        elif second is None and first is not None:
            pair[1] = self.fit(pair[1], first, right, span)
        elif first != second:
            raise IllTypedError(
                f"the indices {left} and {right} run over different ranges",
                span,
                str(first),
                str(second),
            )
        elif first is None and left != right:
            root = self._root(pair[0])
            if root != self._root(pair[1]):
                self._pending[self._root(pair[1])] = root
        return pair[0], pair[1]

    def _root(self, index: Free) -> str:
        dim: Dim = index.dim
        while isinstance(dim, str) and dim in self._pending:
            dim = self._pending[dim]
        return str(dim)

    def resolution(self, indices: tuple[Free, ...]) -> Mapping[Free, Index]:
        """The indices whose range became known after they were written."""
        change: dict[Free, Index] = {}
        for index in indices:
            dim = self.known_dim(index)
            if dim is not None and dim != index.dim:
                change[index] = Free(index.name, dim)
        return change

    def named_by(self, node: surface.Node, dim: Dim) -> Index:
        """The index that a subscript names, for an axis of length ``dim``."""
        while isinstance(node, surface.Group) and node.open == "{":
            node = node.body
        if isinstance(node, surface.Number) and node.text.isdigit() and len(node.text) < 10:
            return fixed(int(node.text), dim, node.span)
        if not isinstance(node, surface.Name):
            raise NotCoveredError(
                f"an index that is {construct_words(node)} is not judged", node.span
            )
        letter = node.spelling
        if letter in self.bound:
            self.used.add(letter)
            if letter in self.shifts:
                raise NotCoveredError(
                    "an index whose range does not start at 1 is not judged", node.span
                )
            return self.fit(self.bound[letter], dim, letter, node.span)
        if letter in self.scope.dimensions and letter not in self.ranges:
            if letter == dim:
                return last_of(dim)
            raise IllTypedError(
                f"the index {letter} is a dimension, the axis has length {dim}",
                node.span,
                letter,
                str(dim),
            )
        if letter in self.scope.variables:
            raise MalformedError(f"{letter} is a variable and stands as an index", node.span)
        if not is_letter(letter):
            raise MalformedError(
                f"{letter} is no index; a name with this label has to be declared", node.span
            )
        return self.fit(self.free(letter), dim, letter, node.span)


def fixed(place: int, dim: Dim, span: Span) -> Fixed:
    """The constant index ``place`` on an axis of length ``dim``."""
    if place < 1 or (isinstance(dim, int) and place > dim):
        raise IllTypedError(
            f"the index {place} lies outside 1..{dim}", span, str(place), f"1..{dim}"
        )
    return Fixed(place, dim)


def last_of(dim: Dim) -> Free:
    """The last place of an axis of symbolic length; ``chain`` says so to provers."""
    return Free(f"last of {dim}", dim)


def is_last(index: Index) -> bool:
    """Whether an index is the last place of its axis."""
    if isinstance(index, Free):
        return index.name == f"last of {index.dim}"
    return isinstance(index, Fixed) and index.value == index.dim
