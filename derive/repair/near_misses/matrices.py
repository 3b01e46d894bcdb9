"""Near misses between matrices and vectors: transposes, order, missing factors, diagonals."""

import re
from collections.abc import Iterator

from derive.reader import surface
from derive.reader.names import spelling
from derive.reader.surface import Node
from derive.repair.edits import (
    Edit,
    Written,
    after,
    as_factor,
    inner,
    replaced,
    script_end,
    top_script,
)
from derive.repair.setting import Change, Setting

_TRANSPOSES = frozenset({"T", "\\top", "\\intercal", "\\mathsf{T}", "\\mathrm{T}"})


def removed_transposes(setting: Setting) -> Iterator[Change]:
    """A transpose too much; first one at a time, then all."""
    side = setting.side
    found = [
        (node, edit)
        for node in side.nodes()
        if isinstance(node, surface.Script | surface.Apply)
        and (edit := _without_transpose(side, node)) is not None
    ]
    for node, edit in found:
        shown = side.latex[node.span.start : edit.start].rstrip("^{")
        bare = shown + ("}" if shown.count("{") > shown.count("}") else "")
        yield Change((edit,), f"{bare} without the transpose", "DRV301")
    if len(found) > 1:
        words = "without the transposes"
        yield Change(tuple(edit for _, edit in found), words, "DRV301")


def _without_transpose(side: Written, node: Node) -> Edit | None:
    if not isinstance(node, surface.Script) or node.superscript is None:
        return None
    upper = node.superscript
    if spelling(inner(upper)) not in _TRANSPOSES:
        return None
    start, end = upper.span
    lead = re.search(r"\^\s*\{?\s*$", side.latex[:start])
    if lead is None:
        return Edit(start, end, "")
    if side.latex[lead.start() : start].rstrip().endswith("{"):
        end = side.latex.index("}", end) + 1
    return Edit(lead.start(), end, "")


def added_transposes(setting: Setting) -> Iterator[Change]:
    """A transpose missing on a factor, a term or the whole side."""
    side = setting.side
    for node in _parts(side):
        shape = setting.shape(node)
        if shape and len(shape) <= 2:
            text = transposed(setting, node)
            words = f"{side.text(node)} has to be transposed"
            yield Change((replaced(node, text),), words, "DRV301")


def _parts(side: Written) -> Iterator[Node]:
    yield side.node
    for node in side.nodes():
        if isinstance(node, surface.Juxtaposition):
            yield from node.items
        elif isinstance(node, surface.Addition) and len(node.terms) > 1:
            yield from node.terms


def transposed(setting: Setting, node: Node) -> str:
    """The transpose of a part, in the spelling of the step."""
    side = setting.side
    text = side.text(node)
    both = setting.side.latex + setting.other.latex
    mark = "T" if re.search(r"(\^|\^\{[^{}]*)T", both) and "\\top" not in both else "\\top"
    if isinstance(node, surface.Name | surface.Script):
        place = top_script(text, "^")
        if place is None:
            return f"{text}^{mark}"
        end = script_end(text, place)
        label = text[place + 1 : end].strip().removeprefix("{").removesuffix("}")
        if label in _TRANSPOSES:
            return text[:place] + text[end:]
        return f"{text[:place]}^{{{label}{mark}}}{text[end:]}"
    if isinstance(node, surface.Group | surface.Matrix):
        return f"{text}^{mark}"
    if isinstance(node, surface.Apply) and node.delimited:
        return f"{text}^{mark}"
    return f"\\left({text}\\right)^{mark}"


def swapped_factors(setting: Setting) -> Iterator[Change]:
    """Two neighbours of a matrix product in the other order, also with a transpose."""
    side = setting.side
    for node in side.nodes():
        if not isinstance(node, surface.Juxtaposition):
            continue
        for place, (first, second) in enumerate(zip(node.items, node.items[1:], strict=False)):
            a, b = setting.shape(first), setting.shape(second)
            if not a or not b or node.operators[place] == "/":
                continue
            words = f"the order of {side.text(first)} and {side.text(second)} is wrong"
            edits = (replaced(first, side.text(second)), replaced(second, side.text(first)))
            yield Change(edits, words, "DRV302")
            turned = (replaced(first, transposed(setting, second)), edits[1])
            code = "DRV303" if setting.has_derivative() else "DRV302"
            words = f"{side.text(second)} comes first, and transposed"
            yield Change(turned, words, code)
            turned = (edits[0], replaced(second, transposed(setting, first)))
            yield Change(turned, f"{side.text(first)} comes last, and transposed", code)


def missing_vectors(setting: Setting) -> Iterator[Change]:
    r"""A matrix without the vector that it is meant for, such as ``\nabla_y L``."""
    side, other = setting.side, setting.other
    if len(setting.shape(side.node) or ()) != 2:
        return
    mirror = Setting(
        other, side, setting.scope, setting.layout, not setting.is_left, setting.letters, ()
    )
    found: dict[str, None] = {}
    for node in other.nodes():
        plain = isinstance(node, surface.Nabla | surface.Name | surface.Derivative | surface.Matrix)
        if plain and len(mirror.shape(node) or ()) == 1:
            found.setdefault(other.text(node))
    factor = as_factor(side, side.node)
    for text in found:
        words = f"the vector {text} is missing: the matrix alone has another shape"
        yield Change((replaced(side.node, f"{factor} {text}"),), words, "DRV304")
    for node in other.nodes():
        nabla = _entries_of_nabla(other, node)
        if nabla:
            words = f"the vector {nabla} is missing: the matrix alone has another shape"
            yield Change((replaced(side.node, f"{factor} {nabla}"),), words, "DRV304")


def _entries_of_nabla(other: Written, node: Node) -> str | None:
    """The gradient whose components are written, as in ``(\\nabla_y L)_1``."""
    if isinstance(node, surface.Script) and isinstance(inner(node.base), surface.Nabla):
        return other.text(inner(node.base))
    return None


def identity_for_ones(setting: Setting) -> Iterator[Change]:
    r"""``\mathbf{1}`` with ``\mathbf{I}``."""
    for node in setting.side.nodes():
        if isinstance(node, surface.Name) and node.spelling in ("\\mathbf{1}", "\\mathbb{1}"):
            words = "the derivative of a vector by itself is the identity matrix, not ones"
            yield Change((replaced(node, "\\mathbf{I}"),), words, "DRV305")
    whole = setting.side.node
    if isinstance(whole, surface.Number) and whole.text == "1":
        words = "the derivative of a vector by itself is the identity matrix, not the number 1"
        yield Change((replaced(whole, "\\mathbf{I}"),), words, "DRV305")


def diagonal_matrices(setting: Setting) -> Iterator[Change]:
    r"""A vector or one entry where ``\operatorname{diag}`` of the vector is meant."""
    side = setting.side
    whole = side.node
    spelt = "\\text{diag}" if "\\text{diag}" in side.latex + setting.other.latex else None
    diag = spelt or "\\operatorname{diag}"
    words = "the Jacobian of an elementwise function is a diagonal matrix"
    if not setting.has_derivative():
        words = "a diagonal matrix is meant, not its diagonal"
    for node in _parts(side):
        if len(setting.shape(node) or ()) == 1:
            bare = _without_transpose(side, node)
            shown = side.text(node) if bare is None else side.latex[node.span.start : bare.start]
            text = f"{diag}({shown})"
            yield Change((replaced(node, text),), words, "DRV306")
    entry = _indicator_text(setting, whole)
    if entry is None:
        return
    text, letter = entry
    dim = setting.letters.get(letter)
    vector = re.sub(rf"_(\{{{letter}\}}|{letter})(?![A-Za-z])", "", text)
    yield Change((replaced(whole, f"{diag}({vector})"),), words, "DRV306")
    if isinstance(dim, str):
        first, last = (
            re.sub(rf"_(\{{{letter}\}}|{letter})(?![A-Za-z])", f"_{{{at}}}", text)
            for at in ("1", dim)
        )
        first = first.replace("_{1}", "_1")
        matrix = f"\\begin{{bmatrix}} {first} & & \\\\ & \\ddots & \\\\ & & {last} \\end{{bmatrix}}"
        yield Change((replaced(whole, matrix),), words, "DRV306")


def _indicator_text(setting: Setting, node: Node) -> tuple[str, str] | None:
    """A condition on one component as an indicator, and the letter of the component."""
    side = setting.side
    letters = [letter for letter in setting.free if setting.letters.get(letter) is not None]
    condition: Node | None = None
    if isinstance(node, surface.Indicator):
        condition = inner(node.condition)
    elif isinstance(node, surface.Script) and node.subscript is not None:
        below = node.subscript
        while isinstance(below, surface.Group):
            below = below.body
        condition = below
    if not isinstance(condition, surface.Relation):
        return None
    used = [
        letter
        for letter in letters
        if any(
            isinstance(n, surface.Name) and n.spelling == letter for n in surface.walk(condition)
        )
    ]
    if len(used) != 1:
        return None
    return f"\\mathbf{{1}}_{{{side.text(condition)}}}", used[0]


def symmetric_parts(setting: Setting) -> Iterator[Change]:
    r"""``2 B x`` with ``(B + B^\top) x``: the two are the same for a symmetric matrix only."""
    side = setting.side
    for node in side.nodes():
        if not isinstance(node, surface.Juxtaposition):
            continue
        for first, second in zip(node.items, node.items[1:], strict=False):
            two = isinstance(first, surface.Number) and first.text == "2"
            if two and len(setting.shape(second) or ()) == 2:
                text = f"({side.text(second)} + {transposed(setting, second)})"
                words = f"{side.text(second)} is not declared symmetric"
                yield Change((Edit(first.span.start, second.span.end, text),), words, "DRV308")


def appended_factors(setting: Setting) -> Iterator[Change]:
    """A vector or matrix of the other side that is missing at an end of this one."""
    side, other = setting.side, setting.other
    names = dict.fromkeys(
        other.text(node)
        for node in other.nodes()
        if isinstance(node, surface.Name | surface.Script) and _is_array(setting, node)
    )
    for text in tuple(names)[:4]:
        words = f"the factor {text} is missing"
        yield Change((after(side.node, f" {text}"),), words, "DRV307")
        yield Change(
            (Edit(side.node.span.start, side.node.span.start, f"{text} "),), words, "DRV307"
        )


def _is_array(setting: Setting, node: Node) -> bool:
    return bool(setting.shape(node))
