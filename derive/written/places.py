"""Where a source states a claim: the chain of its part that has both sides, and their values."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from itertools import groupby

from derive.chain import Elaborated, declarations_for, elaborate_sides
from derive.check import Checked, Step
from derive.claim import Written
from derive.document.model import Document
from derive.elaborate.elaborator import Elaborator, Layout
from derive.elaborate.scope import Scope
from derive.reader.surface import Side
from derive.terms.declarations import Declarations


class UnknownPlaceError(Exception):
    """The source does not state the pair of sides in that part; the message says what it has."""


@dataclass(frozen=True)
class WrittenChain:
    """One judged chain of the source: its sides as LaTeX, with their typed values on demand."""

    steps: tuple[Step, ...]

    @property
    def line(self) -> int:
        """The line where the chain begins."""
        return self.steps[0].place.line

    @property
    def sides(self) -> tuple[str, ...]:
        """The LaTeX of all sides, in order."""
        return (self.steps[0].left_latex, *(step.right_latex for step in self.steps))

    @property
    def scope(self) -> Scope:
        """What the names of the chain mean."""
        return self.steps[0].scope or Scope()

    @property
    def layout(self) -> Layout:
        """The layout of derivatives under which the chain was judged."""
        return self.steps[0].layout

    @cached_property
    def typed(self) -> tuple[tuple[Elaborated, ...], Declarations]:
        """All sides with their typed values or errors, and what they rest on."""
        elaborator = Elaborator(self.scope, self.layout)
        nodes = (self.steps[0].left_node, *(step.right_node for step in self.steps))
        sides = elaborate_sides(tuple(_read(node) for node in nodes), elaborator)
        return sides, declarations_for(self.scope, elaborator, self.steps[0].context)

    def pair(self, written: Written) -> tuple[int, int] | None:
        """The places of the two sides in the chain, the left one first; None if it lacks one."""
        sides = self.sides
        if written.left not in sides:
            return None
        left = sides.index(written.left)
        if written.right not in sides[left + 1 :]:
            return None
        return left, sides.index(written.right, left + 1)


@dataclass(frozen=True, slots=True)
class WrittenDocument:
    """The judged chains of a source, by part: the title of the section that they stand in."""

    path: str
    parts: Mapping[str, tuple[WrittenChain, ...]]

    @classmethod
    def of(cls, document: Document, checked: Checked) -> "WrittenDocument":
        """Sort the chains of a judged document by the sections of the document."""
        starts = [(document.place(s.start).line, s.title) for s in document.sections]
        parts: dict[str, list[WrittenChain]] = {}
        for _, steps in groupby(checked.steps, key=lambda step: step.chain):
            chain = WrittenChain(tuple(steps))
            titles = [title for line, title in starts if line <= chain.line]
            parts.setdefault(titles[-1] if titles else "", []).append(chain)
        return cls(checked.path, {part: tuple(chains) for part, chains in parts.items()})

    def find(self, part: str, written: Written) -> tuple[WrittenChain, int, int]:
        """The first chain of the part with both sides, and their places in it.

        Raises ``UnknownPlaceError`` where no chain of the part has them in this order.
        """
        chains = self.parts.get(part, ())
        for chain in chains:
            found = chain.pair(written)
            if found is not None:
                return chain, *found
        raise UnknownPlaceError(self._why(part, chains, written))

    def _why(self, part: str, chains: tuple[WrittenChain, ...], written: Written) -> str:
        if not chains:
            known = ", ".join(title for title in self.parts if title)
            return f"{self.path} has no part {part!r}; its parts are: {known}"
        sides = tuple(dict.fromkeys(side for chain in chains for side in chain.sides))
        for side in (written.left, written.right):
            if side not in sides:
                near = get_close_matches(side, sides, n=1, cutoff=0.0)
                return (
                    f"{self.path}, part {part}: no chain has the side {side}; the nearest is "
                    f"{near[0]}: copy the side from the document as it stands"
                )
        return (
            f"{self.path}, part {part}: no chain has {written.left} and, to the right of it, "
            f"{written.right}"
        )


def _read(node: Side | None) -> Side:
    assert node is not None  # every step of a judged chain keeps what was read
    return node
