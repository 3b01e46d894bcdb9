"""Which part of the scripts belongs to a declared name.

`W_k^{(2)T}` with `W^{(2)}` declared is the name `W^{(2)}` with subscript k and superscript T. The
longest declared spelling wins; a label upstairs goes before a label downstairs.
"""

from derive.reader.names import Names, scripted, spelling
from derive.reader.problems import Span
from derive.reader.surface import (
    Group,
    Indicator,
    Juxtaposition,
    Logical,
    Name,
    Node,
    Number,
    Relation,
    Script,
    Sequence,
)

_INDICATOR_HEADS = frozenset(
    {"\\mathbf{1}", "\\mathbb{1}", "\\mathbb{I}", "\\mathrm{1}", "\\mathbf{I}", "I", "\\chi", "1"}
)


def attach(
    base: Node,
    subscript: Node | None,
    superscript: Node | None,
    primes: int,
    span: Span,
    names: Names,
) -> Node:
    """Put scripts on a base: a declared name takes its labels, the rest becomes a `Script`."""
    condition = indicator_condition(base, subscript)
    if condition is not None and not primes:
        node: Node = Indicator(span, condition, None)
        return node if superscript is None else Script(span, node, None, superscript, 0)
    if isinstance(base, Name):
        absorbed = _absorb(base, subscript, superscript, primes, span, names)
        if absorbed is not None:
            return absorbed
    return Script(span, base, subscript, superscript, primes)


def is_indicator_head(node: Node) -> bool:
    """Tell whether this can be the sign of an indicator function."""
    return isinstance(node, Name | Number) and spelling(node) in _INDICATOR_HEADS


def indicator_condition(head: Node, content: Node | None) -> Node | None:
    r"""Return the condition of an indicator whose head and script (or group) are these.

    A head such as `\mathbf{1}`, `\mathbb{1}`, `I` is an indicator only if a relation follows.
    """
    if content is None or not is_indicator_head(head):
        return None
    inner = content.body if isinstance(content, Group) else content
    if isinstance(inner, Sequence):
        related = any(isinstance(item, Relation) for item in inner.items)
        return inner if related else None
    return inner if isinstance(inner, Relation | Logical) else None


def _absorb(
    base: Name,
    subscript: Node | None,
    superscript: Node | None,
    primes: int,
    span: Span,
    names: Names,
) -> Node | None:
    below = spelling(subscript) if subscript is not None else ""
    heads = _heads(superscript)
    for root in _roots(base):
        for marks in (primes, 0) if primes else (0,):
            for above, rest in heads:
                for low in (below, "") if below else ("",):
                    if low is None or not (above or low or marks):
                        continue
                    whole = scripted(root, low, above, marks)
                    if not (names.is_name(whole) or names.is_function(whole)):
                        continue
                    left = None if low else subscript
                    name = Name(span, whole, base.font)
                    if left is None and rest is None and marks == primes:
                        return name
                    return Script(span, name, left, rest, primes - marks)
    return None


def _roots(base: Name) -> tuple[str, ...]:
    """Return the spellings to try: with its bold font first, where it has one, then without."""
    if base.font == "bold" and not base.spelling.startswith("\\mathbf{"):
        return (f"\\mathbf{{{base.spelling}}}", base.spelling)
    return (base.spelling,)


def _heads(superscript: Node | None) -> list[tuple[str, Node | None]]:
    """Split a superscript into a possible label and what is left, longest label first."""
    if superscript is None:
        return [("", None)]
    heads: list[tuple[str, Node | None]] = []
    whole = spelling(superscript)
    if whole:
        heads.append((whole, None))
    if isinstance(superscript, Juxtaposition):
        items, operators = superscript.items, superscript.operators
        for count in range(len(items) - 1, 0, -1):
            if operators[count - 1]:
                continue
            head = spelling(_part(items[:count], operators[: count - 1]))
            if head:
                heads.append((head, _part(items[count:], operators[count:])))
    heads.append(("", superscript))
    return heads


def _part(items: tuple[Node, ...], operators: tuple[str, ...]) -> Node:
    if len(items) == 1:
        return items[0]
    return Juxtaposition(Span(items[0].span.start, items[-1].span.end), items, operators)


def function_spelling(node: Node) -> str | None:
    """Return the name of a function under its scripts: `f` for `f'`, `S^2`, `f_\\theta`."""
    if isinstance(node, Script):
        node = node.base
    return node.spelling if isinstance(node, Name) else None
