r"""``b \in \mathbb{R}^n``: shapes that the text states, checked or declared."""

from dataclasses import replace

from derive.chain import Elaborated
from derive.elaborate.problems import IllTypedError, MalformedError
from derive.elaborate.scope import Scope
from derive.elaborate.words import ungrouped
from derive.reader import surface
from derive.reader.names import spelling
from derive.terms.declarations import Variable
from derive.terms.term import Dim
from derive.verdict import Kind, Verdict

_REALS = ("\\mathbb{R}", "\\R")


def stated_shape(node: surface.Side) -> tuple[Dim, ...] | None:
    r"""The shape that ``\mathbb{R}^{m \times n}`` states; None for any other set."""
    if isinstance(node, surface.Name) and node.spelling in _REALS:
        return ()
    if not isinstance(node, surface.Script) or spelling(node.base) not in _REALS:
        return None
    if node.superscript is None or node.subscript is not None:
        return None
    power = ungrouped(node.superscript)
    product = isinstance(power, surface.Juxtaposition)
    if isinstance(power, surface.Juxtaposition) and set(power.operators) - {"\\times"}:
        return None
    items = power.items if product and isinstance(power, surface.Juxtaposition) else (power,)
    dims: list[Dim] = []
    for item in items:
        word = spelling(item)
        if word is None or len(word) > 100:
            return None
        dims.append(int(word) if word.isdigit() else word)
    return tuple(dims)


def declared_by_membership(left: surface.Side, right: surface.Side, scope: Scope) -> Scope | None:
    """The scope in which the statement declares a name that had no meaning; None if it had."""
    shape = stated_shape(right)
    if shape is None or not isinstance(left, surface.Name) or scope.has_meaning(left.spelling):
        return None
    if any(isinstance(dim, str) and dim not in scope.dimensions for dim in shape):
        return None
    name = left.spelling
    return replace(scope, variables={**scope.variables, name: Variable(name, shape)})


def membership_verdict(left: Elaborated, right: Elaborated, scope: Scope) -> Verdict:
    """The shape of a value against the stated one."""
    stated = stated_shape(right.node)
    if stated is None:
        return Verdict(Kind.UNKNOWN, "reading", reason="this set is read but not judged")
    unknown = [dim for dim in stated if isinstance(dim, str) and dim not in scope.dimensions]
    if unknown:
        words = f"the dimension {unknown[0]} is never introduced"
        return Verdict(Kind.MALFORMED, "shapes", reason=words)
    if left.error is not None:
        return error_verdict(left.error)
    assert left.value is not None
    found = left.value.dims
    column = (*found, 1) if len(found) == 1 and not left.value.row else found
    if stated in (found, column) and not (left.value.row and len(stated) == 1):
        return Verdict(Kind.PROVED, "shapes")
    if left.value.row and stated == (1, *found):
        return Verdict(Kind.PROVED, "shapes")
    shown = " x ".join(map(str, stated)) or "scalar"
    return Verdict(
        Kind.ILL_TYPED,
        "shapes",
        reason=f"it is a {left.value.shape_words}, the text says {shown}",
        shapes=(left.value.shape_words, shown),
    )


def error_verdict(error: Exception) -> Verdict:
    """The verdict on a statement that has no typed meaning."""
    words = getattr(error, "message", str(error))
    if isinstance(error, IllTypedError):
        return Verdict(Kind.ILL_TYPED, "shapes", reason=words, shapes=(error.left, error.right))
    if isinstance(error, MalformedError):
        return Verdict(Kind.MALFORMED, "reading", reason=words)
    return Verdict(Kind.UNKNOWN, "reading", reason=words)
