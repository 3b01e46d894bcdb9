"""Names with scripts: entries, rows, powers, transposes, inverses, norms."""

from typing import TYPE_CHECKING

from derive.elaborate import value as values
from derive.elaborate.names import identity_matrix, ones
from derive.elaborate.problems import IllTypedError, MalformedError, NotCoveredError
from derive.elaborate.scope import dimension_of
from derive.elaborate.value import Value, fresh_axis
from derive.elaborate.words import IDENTITY, NO_NUMBERS, ONES, TRANSPOSES, ungrouped
from derive.reader import surface
from derive.reader.names import spelling
from derive.reader.problems import Span
from derive.terms.term import (
    MINUS_ONE,
    TWO,
    Delta,
    Element,
    InverseEntry,
    Not,
    Pow,
    SameIndex,
    Term,
    apply,
)

if TYPE_CHECKING:
    from derive.elaborate.elaborator import Elaborator


def script_value(elaborator: "Elaborator", node: surface.Script) -> Value:
    r"""``x_i``, ``A_{ij}``, ``x^2``, ``A^\top``, ``A^{-1}``, ``e^x``, ``\|x\|_2^2``, ``I_n``."""
    base = node.base
    if isinstance(base, surface.Group) and base.open == base.close == "\\|":
        return _norm(elaborator, base, node)
    if isinstance(base, surface.Name):
        known = _known_symbol(elaborator, base.spelling, node)
        if known is not None:
            return known
    if node.primes:
        return _primed(elaborator, node)
    result = elaborator.value(base)
    if _raised_first(result, node):
        assert node.superscript is not None
        assert node.subscript is not None
        result = _raised(elaborator, result, node.superscript, node)
        return _indexed(elaborator, result, node.subscript, node)
    if node.subscript is not None:
        result = _indexed(elaborator, result, node.subscript, node)
    if node.superscript is not None:
        result = _raised(elaborator, result, node.superscript, node)
    return result


def _raised_first(base: Value, node: surface.Script) -> bool:
    r"""Whether a matrix is transposed or inverted before its entry is taken: ``A^\top_{ij}``.

    Raises ``MalformedError`` for ``A^2_{ij}``, which may be either.
    """
    below, above = node.subscript, node.superscript
    if below is None or above is None or len(base.axes) < 2:
        return False
    word = spelling(ungrouped(above))
    first = above.span.start < below.span.start
    if first and word is not None and word.isdigit():
        shown = spelling(node.base) or "A"
        raise MalformedError(
            f"this may be an entry of {shown}^{word} or a power of an entry of {shown}: "
            "write brackets",
            node.span,
        )
    return first and (word in TRANSPOSES or word in ("-1", "-T", "-\\top"))


def _known_symbol(elaborator: "Elaborator", name: str, node: surface.Script) -> Value | None:
    """``e^x``, ``I_n``, Kronecker's ``\\delta_{ij}``; an index needs a declared name."""
    if elaborator.has_meaning(name):
        return None
    if name == "e" and node.subscript is None and node.superscript is not None:
        exponent = elaborator.value(node.superscript)
        if len(exponent.axes) > 1:
            raise NotCoveredError("the exponential of a matrix is not judged", node.span)
        return values.mapped(exponent, lambda t: apply("exp", t))
    if node.subscript is None:
        return None
    dim = dimension_of(ungrouped(node.subscript), elaborator.scope)
    if dim is not None and (name in IDENTITY or name in ONES):
        sized = identity_matrix(dim) if name in IDENTITY else ones(dim)
        return (
            sized
            if node.superscript is None
            else _raised(elaborator, sized, node.superscript, node)
        )
    letters = index_items(node.subscript, 2)
    if name == "\\delta" and len(letters) == 2 and node.superscript is None:
        first, second = letters
        if isinstance(first, surface.Name) and isinstance(second, surface.Name):
            indices = elaborator.indices
            return Value(Delta(*indices.same_range(first.spelling, second.spelling, node.span)))
    raise MalformedError(
        f"{name} has an index but is never introduced; "
        f"declared here: {elaborator.scope.declared_words()}",
        node.base.span,
    )


def _primed(elaborator: "Elaborator", node: surface.Script) -> Value:
    if elaborator.scope.prime_transposes and node.primes == 1:
        result = values.transposed(elaborator.value(node.base), node.span)
        if node.subscript is not None:
            result = _indexed(elaborator, result, node.subscript, node)
        if node.superscript is not None:
            result = _raised(elaborator, result, node.superscript, node)
        return result
    raise MalformedError(
        "a prime without an argument: write f'(x), or declare ' : transpose", node.span
    )


def _indexed(
    elaborator: "Elaborator", base: Value, subscript: surface.Node, node: surface.Script
) -> Value:
    subscript = ungrouped(subscript)
    if isinstance(subscript, surface.Relation) and len(base.axes) == 2:
        return _entries_under(elaborator, base, subscript)
    items = index_items(subscript, len(base.axes))
    count = f"{len(items)} {'index' if len(items) == 1 else 'indices'}"
    if len(items) > len(base.axes):
        raise IllTypedError(f"{count} on a {base.shape_words}", node.span, base.shape_words, count)
    if len(items) < len(base.axes):
        shown = spelling(node.base) or "the array"
        place = spelling(subscript) or "..."
        elaborator.warn(f"{shown} with the one index {place} is read as its row {place}", node.span)
    indices = [
        elaborator.indices.named_by(item, axis.dim)
        for item, axis in zip(items, base.axes, strict=False)
    ]
    renewed = tuple(fresh_axis(axis.dim) for axis in base.axes[len(indices) :])
    return Value(base.at(*indices, *renewed), renewed)


def _entries_under(elaborator: "Elaborator", base: Value, relation: surface.Relation) -> Value:
    r"""``(A)_{i \ne j}``: the entry (i, j), under the hypothesis of the subscript."""
    if len(relation.sides) != 2 or relation.relations[0] not in ("=", "\\ne"):
        raise NotCoveredError("entries under this relation are not judged", relation.span)
    first, second = (
        elaborator.indices.named_by(side, axis.dim)
        for side, axis in zip(relation.sides, base.axes, strict=True)
    )
    same = SameIndex(first, second)
    elaborator.hypotheses.append(same if relation.relations[0] == "=" else Not(same))
    return Value(base.at(first, second))


def _raised(
    elaborator: "Elaborator", base: Value, superscript: surface.Node, node: surface.Script
) -> Value:
    superscript = ungrouped(superscript)
    word = spelling(superscript)
    if isinstance(superscript, surface.Group) and superscript.open in ("(", "[", "\\langle"):
        raise MalformedError(
            f"{spelling(node) or 'this'} has a label in brackets, and is never introduced; "
            f"declared here: {elaborator.scope.declared_words()}",
            node.span,
        )
    if word in TRANSPOSES and not base.axes and node.subscript is not None:
        elaborator.warn("an entry is transposed, which changes nothing", node.span)
    if word in TRANSPOSES and (base.axes or not elaborator.scope.is_number(word)):
        return values.transposed(base, node.span)
    if word in ("-1", "-T", "-\\top") and len(base.axes) == 2:
        inverse = _inverse(elaborator, base, node)
        return inverse if word == "-1" else values.transposed(inverse, node.span)
    if len(base.axes) == 2 and word is not None and word.isdigit() and 1 <= int(word) <= 9:
        result = base
        for _ in range(int(word) - 1):
            result = values.multiply(result, base, "", node.span)
        return result
    if word is not None and word in NO_NUMBERS:
        shown = f"{spelling(node) or 'this'} is never introduced: {NO_NUMBERS[word]} is no power"
        raise MalformedError(shown, node.span)
    exponent = elaborator.scalar(superscript)
    if base.axes:
        raise IllTypedError(
            f"a power of a {base.shape_words}", node.span, base.shape_words, "scalar"
        )
    return Value(Pow(base.term, exponent))


def _inverse(elaborator: "Elaborator", base: Value, node: surface.Script) -> Value:
    if base.dims[0] != base.dims[1]:
        raise IllTypedError(
            f"the inverse of a {base.shape_words}", node.span, base.shape_words, "square matrix"
        )
    term = base.term
    if isinstance(term, Element) and term.name not in elaborator.scope.definitions:
        flipped = term.indices == base.axes[::-1]
        if term.indices == base.axes or flipped:
            rows, columns = base.axes[::-1] if flipped else base.axes
            return Value(InverseEntry(term.name, rows, columns), base.axes)
    raise NotCoveredError("the inverse of an expression is read but not judged", node.span)


def _norm(elaborator: "Elaborator", group: surface.Group, node: surface.Script) -> Value:
    inner = elaborator.value(group.body)
    kind = spelling(ungrouped(node.subscript)) if node.subscript is not None else None
    power = spelling(ungrouped(node.superscript)) if node.superscript is not None else None
    if kind is None or kind in ("2", "F"):
        if len(inner.axes) == 2 and kind != "F":
            raise NotCoveredError("the spectral norm of a matrix is not judged", node.span)
        if len(inner.axes) == 1 and kind == "F":
            elaborator.warn("the Frobenius norm of a vector is its 2-norm", node.span)
        if power == "2":
            return Value(values.squared_norm(inner))
        norm: Term = Pow(values.squared_norm(inner), Pow(TWO, MINUS_ONE))
    elif kind == "1" and len(inner.axes) <= 1:
        norm = values.summed(inner, lambda entry: apply("abs", entry))
    elif kind.isdigit() and int(kind) >= 3 and len(inner.axes) == 1:
        exponent = elaborator.scalar(ungrouped(node.subscript or node))
        total = values.summed(inner, lambda entry: Pow(apply("abs", entry), exponent))
        if power == kind:
            return Value(total)
        norm = Pow(total, Pow(exponent, MINUS_ONE))
    else:
        raise NotCoveredError(f"the norm with subscript {kind} is not judged", node.span)
    if node.superscript is not None:
        return Value(Pow(norm, elaborator.scalar(node.superscript)))
    return Value(norm)


def index_items(subscript: surface.Node, axes: int) -> list[surface.Node]:
    """The indices that a subscript lists: ``ij``, ``i,j``, ``12`` on a matrix."""
    node = ungrouped(subscript)
    if isinstance(node, surface.Sequence):
        return list(node.items)
    if isinstance(node, surface.Juxtaposition) and not any(node.operators):
        return list(node.items)
    if isinstance(node, surface.Number) and axes == 2 and len(node.text) == 2:
        start = node.span.start
        return [
            surface.Number(Span(start + k, start + k + 1), digit)
            for k, digit in enumerate(node.text)
        ]
    return [node]
