"""Spellings: what is a letter, a transpose sign, a name of something that is not judged."""

import re
from collections.abc import Mapping

from derive.reader import surface

#: Superscripts that transpose.
TRANSPOSES = frozenset({"T", "\\top", "\\intercal", "\\mathsf{T}", "\\mathrm{T}"})

#: Symbols that are no number, and what they are called.
NO_NUMBERS: Mapping[str, str] = {
    "*": "a star",
    "\\top": "a transpose sign",
    "\\intercal": "a transpose sign",
    "\\prime": "a prime",
    "\\circ": "a circle",
    "\\infty": "infinity",
    "\\emptyset": "the empty set",
    "\\dagger": "a dagger",
}

#: Names of the vector of ones and of the identity matrix, unless declared otherwise.
ONES = frozenset({"\\mathbf{1}", "\\mathbb{1}"})
IDENTITY = frozenset({"\\mathbf{I}", "I"})

_LETTER = re.compile(r"[A-Za-z]'*|\\[A-Za-z]+")
_CONSTRUCTS: Mapping[type[surface.Node], str] = {
    surface.Addition: "an addition",
    surface.Apply: "an application",
    surface.Accent: "an accent",
    surface.Evaluated: "an evaluation at a point",
    surface.Indicator: "an indicator",
    surface.Conditional: "a conditional bar",
    surface.Dots: "a row of dots",
    surface.Text: "text",
    surface.Empty: "an empty group",
    surface.Sequence: "a list",
    surface.BigOperator: "a sum or another operator over a range",
}


def is_letter(spelling: str) -> bool:
    """Whether a spelling is one letter, so that it can be an index."""
    return bool(_LETTER.fullmatch(spelling))


def construct_words(node: surface.Node) -> str:
    """What kind of construct a node is, with its article."""
    return _CONSTRUCTS.get(type(node), f"a {type(node).__name__.lower()}")


def ungrouped(node: surface.Node, opening: tuple[str, ...] = ("{",)) -> surface.Node:
    """The node without the invisible groups around it (or others, if told)."""
    while isinstance(node, surface.Group) and node.open in opening:
        node = node.body
    return node
