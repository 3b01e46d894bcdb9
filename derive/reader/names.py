"""What the reader asks of the declarations: is this spelling one name, is it a function?

The canonical spelling of a name strips fonts that carry no meaning (bold, roman, arrow), writes a
script of one character without braces and every other one with them, and leaves out blanks:
`h^a`, `W^{(1)}`, `d_h`, `\\hat{y}`, `x_{in}`. Where both scripts belong to a name, the subscript
comes first.
"""

from dataclasses import dataclass
from typing import Protocol

from derive.reader.surface import (
    Addition,
    Empty,
    Group,
    Juxtaposition,
    Name,
    Node,
    Number,
    Script,
    Sequence,
    Text,
)


class Names(Protocol):
    """The declarations in force where a formula stands, as far as reading needs them."""

    def is_name(self, spelling: str) -> bool:
        """Tell whether this canonical spelling is declared as one name."""

    def is_function(self, spelling: str) -> bool:
        """Tell whether this canonical spelling is a function (declared, or defined before)."""


@dataclass(frozen=True, slots=True)
class DeclaredNames:
    """A plain `Names`: the spellings of all names, and of those that are functions."""

    names: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()

    def is_name(self, spelling: str) -> bool:
        """Tell whether this canonical spelling is declared as one name."""
        return spelling in self.names or spelling in self.functions

    def is_function(self, spelling: str) -> bool:
        """Tell whether this canonical spelling is declared as a function."""
        return spelling in self.functions

    def then(self, later: "DeclaredNames") -> "DeclaredNames":
        """These names and later ones; what a later one is counts."""
        return DeclaredNames(
            self.names - later.functions | later.names,
            self.functions - later.names | later.functions,
        )


NO_NAMES = DeclaredNames()


def scripted(base: str, subscript: str = "", superscript: str = "", primes: int = 0) -> str:
    """Return the canonical spelling of a base with scripts; empty scripts are left out."""
    below = f"_{_braced(subscript)}" if subscript else ""
    above = f"^{_braced(superscript)}" if superscript else ""
    return base + "'" * primes + below + above


def _braced(script: str) -> str:
    single = len(script) == 1 or (script[0] == "\\" and script[1:].isalpha())
    return script if single else f"{{{script}}}"


def spelling(node: Node) -> str | None:
    """Return the canonical spelling of a node that can be (part of) a name, None for others."""
    match node:
        case Name(spelling=text) | Number(text=text) | Text(text=text):
            return text
        case Script(base=base, subscript=subscript, superscript=superscript, primes=primes):
            parts = [spelling(part) if part else "" for part in (base, subscript, superscript)]
            if parts[0] is None or parts[1] is None or parts[2] is None:
                return None
            return scripted(parts[0], parts[1], parts[2], primes)
        case Group(open=opening, body=body, close=closing):
            inner = spelling(body)
            return None if inner is None else f"{opening}{inner}{closing}"
        case Juxtaposition(items=items, operators=joints):
            return _joined(items, ("", *joints))
        case Addition(terms=terms, signs=signs):
            return _joined(terms, signs)
        case Sequence(items=items, separators=separators):
            return _joined(items, ("", *separators))
        case Empty():
            return ""
        case _:
            return None


def _joined(nodes: tuple[Node, ...], joints: tuple[str, ...]) -> str | None:
    text = ""
    for joint, node in zip(joints, nodes, strict=True):
        part = spelling(node)
        if part is None:
            return None
        # A command must not run into a letter: \lambda x, not \lambdax.
        gap = " " if _ends_in_command(text + joint) and part[:1].isalpha() else ""
        text += joint + gap + part
    return text


def _ends_in_command(text: str) -> bool:
    tail = text.rpartition("\\")
    return bool(tail[1]) and tail[2].isalpha()
