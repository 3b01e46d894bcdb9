"""Edits of a formula as text, so that a repair keeps the author's spelling."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from derive.reader import surface
from derive.reader.surface import Node, moved


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """``latex[start:end]`` becomes ``text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Written:
    """One side as written: its LaTeX, and its tree with spans that count from its beginning."""

    latex: str
    node: Node

    def text(self, node: Node) -> str:
        """The LaTeX of a part."""
        return self.latex[node.span.start : node.span.end]

    @cached_property
    def _nodes(self) -> tuple[Node, ...]:
        return tuple(surface.walk(self.node))

    def nodes(self) -> tuple[Node, ...]:
        """All parts, parents first."""
        return self._nodes


def written(latex: str, node: Node) -> Written:
    """A side whose tree counts from somewhere in its display."""
    return Written(latex, moved(node, -node.span.start))


def edited(latex: str, edits: Iterable[Edit]) -> str:
    """The text after all edits (in any order, not overlapping); commands stay apart from letters.

    Raises ValueError for edits that overlap.
    """
    pieces: list[str] = []
    place = 0
    for edit in sorted(edits):
        if edit.start < place:
            raise ValueError("edits overlap")
        pieces += [latex[place : edit.start], edit.text]
        place = edit.end
    pieces.append(latex[place:])
    text = ""
    for piece in pieces:
        gap = " " if re.search(r"\\[A-Za-z]+$", text) and piece[:1].isalpha() else ""
        text += gap + piece
    return re.sub(r"  +", " ", text).strip()


def replaced(node: Node, text: str) -> Edit:
    """The edit that puts a text in the place of a part."""
    return Edit(node.span.start, node.span.end, text)


def before(node: Node, text: str) -> Edit:
    """The edit that puts a text before a part."""
    return Edit(node.span.start, node.span.start, text)


def after(node: Node, text: str) -> Edit:
    """The edit that puts a text after a part."""
    return Edit(node.span.end, node.span.end, text)


def bracketed(text: str) -> str:
    """The text in parentheses that fit its height."""
    tall = any(command in text for command in ("\\frac", "\\sum", "\\prod", "\\begin", "\\dfrac"))
    return f"\\left({text}\\right)" if tall else f"({text})"


def as_factor(side: Written, node: Node) -> str:
    """The text of a part as it stands in a product."""
    text = side.text(node)
    loose = isinstance(node, surface.Addition | surface.BigOperator) or (
        isinstance(node, surface.Apply) and not node.delimited
    )
    return bracketed(text) if loose else text


def multiplied(side: Written, node: Node, factor: str) -> tuple[Edit, ...]:
    """The edits that put a factor before a part."""
    if isinstance(node, surface.Number) and node.text == "1":
        return (replaced(node, factor),)
    text = side.text(node)
    if isinstance(node, surface.Addition):
        return (replaced(node, f"{factor} {bracketed(text)}"),)
    dot = " \\cdot " if text[:1].isdigit() else " "
    return (before(node, factor if factor == "-" else factor + dot),)


def inner(node: Node) -> Node:
    """What stands inside parentheses or braces."""
    while isinstance(node, surface.Group) and node.open in ("(", "[", "{", "."):
        node = node.body
    return node


def terms(node: Node) -> tuple[Node, ...]:
    """The summands of a part, or the part alone."""
    return node.terms if isinstance(node, surface.Addition) else (node,)


def top_script(text: str, mark: str) -> int | None:
    r"""Where the script ``_`` or ``^`` stands outside all braces: 1 in ``W^{(2)}``."""
    depth = 0
    for place, letter in enumerate(text):
        if letter in "{}":
            depth += 1 if letter == "{" else -1
        elif letter == mark and depth == 0 and (place == 0 or text[place - 1] != "\\"):
            return place
    return None


def script_end(text: str, place: int) -> int:
    """Where the script that begins at ``place`` (its ``_`` or ``^``) ends."""
    rest = text[place + 1 :]
    command = re.match(r"\s*\\[A-Za-z]+", rest)
    if command:
        return place + 1 + command.end()
    start = place + 1 + (len(rest) - len(rest.lstrip()))
    if start >= len(text) or text[start] != "{":
        return start + 1
    depth = 0
    for position in range(start, len(text)):
        depth += (text[position] == "{") - (text[position] == "}")
        if depth == 0:
            return position + 1
    return len(text)


def with_subscript(text: str, index: str) -> str:
    r"""A name with an index: ``b^{(2)}`` becomes ``b_k^{(2)}``."""
    shown = index if len(index) == 1 else f"{{{index}}}"
    place = top_script(text, "^")
    if place is None:
        return f"{text}_{shown}"
    return f"{text[:place]}_{shown}{text[place:]}"
