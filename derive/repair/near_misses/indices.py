"""Near misses in indices, deltas, sums and their ranges."""

from collections.abc import Iterator

from derive.reader import surface
from derive.reader.names import scripted
from derive.repair.edits import (
    Edit,
    after,
    inner,
    multiplied,
    replaced,
    terms,
    top_script,
    with_subscript,
)
from derive.repair.setting import Change, Setting, bound_letter, index_names, subscripts


def missing_deltas(setting: Setting) -> Iterator[Change]:
    r"""A factor ``\delta_{ik}``, on the side or on one term, or as a term of its own."""
    side = setting.side
    here = {name.spelling for name in index_names(side.node)}
    pairs = [
        (i, k)
        for place, i in enumerate(setting.free)
        for k in setting.free[place + 1 :]
        if setting.letters.get(i) == setting.letters.get(k) is not None
    ]
    pairs.sort(key=lambda pair: pair[0] in here and pair[1] in here)
    for i, k in pairs:
        delta = f"\\delta_{{{i}{k}}}" if len(i) == len(k) == 1 else f"\\delta_{{{i},{k}}}"
        what = "the derivative" if setting.has_derivative() else "the side"
        words = f"missing {delta}: {what} is 0 for {i} != {k}"
        yield Change(multiplied(side, side.node, delta), words, "DRV204")
        if isinstance(side.node, surface.Addition) and len(side.node.terms) > 1:
            for term in terms(side.node):
                words = f"missing {delta}: the term {side.text(term)} is there for {i} = {k} only"
                yield Change(multiplied(side, term, delta), words, "DRV204")
        for node in side.nodes():
            if isinstance(node, surface.Number) and node.text == "1" and node is not side.node:
                words = f"{delta} instead of 1: it is 0 for {i} != {k}"
                yield Change((replaced(node, delta),), words, "DRV204")
        for sign in ("-", "+"):
            words = f"missing {sign} {delta}: for {i} = {k} there is one term more"
            yield Change((after(side.node, f" {sign} {delta}"),), words, "DRV204")


def summands_without_index(setting: Setting) -> Iterator[Change]:
    r"""``\sum_i e^{o_k}`` with ``\sum_i e^{o_i}``: all places first, then one at a time."""
    side = setting.side
    for node in side.nodes():
        if not isinstance(node, surface.BigOperator):
            continue
        letter = bound_letter(node)
        body = list(surface.walk(node.body))
        if letter is None or any(
            isinstance(part, surface.Name) and part.spelling == letter for part in body
        ):
            continue
        others: dict[str, list[surface.Name]] = {}
        for name in index_names(node.body):
            others.setdefault(name.spelling, []).append(name)
        for other, places in others.items():
            words = f"the summand lacks the index {letter} of its sum: it has {other} instead"
            yield Change(tuple(replaced(name, letter) for name in places), words, "DRV401")
            if len(places) > 1:
                for name in places:
                    yield Change((replaced(name, letter),), words, "DRV401")


def renamed_indices(setting: Setting) -> Iterator[Change]:
    """An index with another letter in use that runs over the same range."""
    side = setting.side
    found = list(index_names(side.node))
    letters = dict.fromkeys((*setting.free, *setting.letters))
    for script, items in subscripts(side.node):
        dims = setting.shape(script.base) or ()
        for place, name in enumerate(items):
            if not isinstance(name, surface.Name):
                continue
            dim = dims[place] if place < len(dims) else setting.letters.get(name.spelling)
            for letter in letters:
                if letter != name.spelling and setting.letters.get(letter) in (None, dim):
                    words = f"the index {letter} instead of {name.spelling}"
                    yield Change((replaced(name, letter),), words, "DRV403")
    for old in dict.fromkeys(name.spelling for name in found):
        places = [name for name in found if name.spelling == old]
        if len(places) > 1:
            for letter in letters:
                if letter != old and _same_range(setting, letter, old):
                    words = f"the index {letter} instead of {old}"
                    yield Change(tuple(replaced(n, letter) for n in places), words, "DRV403")


def _same_range(setting: Setting, first: str, second: str) -> bool:
    a, b = setting.letters.get(first), setting.letters.get(second)
    return a is None or b is None or a == b


def swapped_indices(setting: Setting) -> Iterator[Change]:
    """``W_{ji}`` with ``W_{ij}``."""
    for _, items in subscripts(setting.side.node):
        if len(items) == 2 and items[0] != items[1]:
            first, second = items
            words = "the two indices are swapped"
            texts = [setting.side.text(item) for item in (second, first)]
            edits = (replaced(first, texts[0]), replaced(second, texts[1]))
            yield Change(edits, words, "DRV403")


def missing_indices(setting: Setting) -> Iterator[Change]:
    """A vector that should be one of its components: ``b`` with ``b_k``."""
    side, scope = setting.side, setting.scope
    indexed = {script.base.span for script, _ in subscripts(side.node)}
    letters = dict.fromkeys((*setting.free, *setting.letters))
    for node in side.nodes():
        if node.span in indexed and isinstance(node, surface.Name):
            continue
        if isinstance(node, surface.Name):
            shape = scope.shape(node.spelling)
        elif isinstance(node, surface.Apply) and node is side.node:
            shape = (None,) if setting.is_left else ()  # type: ignore[assignment]
        else:
            continue
        if len(shape) != 1:
            continue
        for letter in letters:
            dim = setting.letters.get(letter)
            if dim is None or shape[0] is None or dim == shape[0]:
                text = with_subscript(side.text(node), letter)
                words = f"the index {letter} is missing: a component is meant, not the whole vector"
                yield Change((replaced(node, text),), words, "DRV404")


def removed_indices(setting: Setting) -> Iterator[Change]:
    """A component where the whole vector is meant."""
    side = setting.side
    for script, items in subscripts(side.node):
        assert script.subscript is not None
        if not all(isinstance(item, surface.Name) for item in items):
            continue
        start = side.latex.rfind("_", 0, script.subscript.span.start)
        end = script.subscript.span.end
        if side.latex[end : end + 1] == "}" and side.latex[start + 1] == "{":
            end += 1
        words = f"the whole of {side.latex[script.span.start : start]} is meant, not a component"
        yield Change((Edit(start, end, ""),), words, "DRV404")


def changed_ranges(setting: Setting) -> Iterator[Change]:
    r"""The upper limit of a sum, and ``\sum_i`` with ``\sum_{i \ne k}`` and back."""
    side, scope = setting.side, setting.scope
    for node in side.nodes():
        if not isinstance(node, surface.BigOperator):
            continue
        if node.upper is not None:
            upper = inner(node.upper)
            shown = side.text(upper)
            known = isinstance(upper, surface.Name) and upper.spelling in scope.dimensions
            order = sorted(scope.dimensions, key=lambda d: (d.lower() != shown.lower(), d))
            for dim in order:
                if dim == shown:
                    continue
                words = f"the upper limit {dim} instead of {shown}"
                code = "DRV405"
                if not known:
                    words, code = f"{shown} is never introduced; {dim} is meant", "DRV501"
                yield Change((replaced(upper, dim),), words, code)
        lower = inner(node.lower) if node.lower is not None else None
        letter = bound_letter(node)
        if isinstance(lower, surface.Relation) and lower.relations == ("\\ne",) and letter:
            words = f"the sum runs over all {letter}"
            yield Change((replaced(lower, letter),), words, "DRV405")
        elif isinstance(lower, surface.Name) and letter:
            for other in setting.free:
                if other != letter and _same_range(setting, letter, other):
                    words = f"the sum leaves out {letter} = {other}"
                    text = f"{letter} \\ne {other}"
                    if node.lower is lower and side.latex[lower.span.start - 1] != "{":
                        text = f"{{{text}}}"
                    yield Change((replaced(lower, text),), words, "DRV405")


def labels_for_indices(setting: Setting) -> Iterator[Change]:
    """``o_k^i`` with ``o_i^a``: an index upstairs, where the label of a declared name belongs."""
    side, scope = setting.side, setting.scope
    for node in side.nodes():
        if not isinstance(node, surface.Script) or node.superscript is None:
            continue
        base, upper = node.base, inner(node.superscript)
        if not isinstance(base, surface.Name) or not isinstance(upper, surface.Name):
            continue
        if base.spelling in scope.variables or base.spelling in scope.definitions:
            continue
        text = side.text(node)
        places = (top_script(text, "_"), top_script(text, "^"))
        stem = text[: min(place for place in places if place is not None)]
        for name in _labelled(setting, base.spelling):
            label = name[len(base.spelling) + 1 :]
            shown = with_subscript(f"{stem}^{label}", upper.spelling)
            words = f"{upper.spelling} is an index and belongs downstairs, the label is {label}"
            yield Change((replaced(node, shown),), words, "DRV503")


def _labelled(setting: Setting, base: str) -> list[str]:
    """The declared names with that base and a label, those of the step first."""
    known = {*setting.scope.variables, *setting.scope.definitions}
    names = [name for name in known if name.startswith(scripted(base, "", "x")[:-1])]
    used = setting.names()
    return sorted(names, key=lambda name: (name not in used, name))


def sums_over_chain_rule(setting: Setting) -> Iterator[Change]:
    """The chain rule between arrays, written with the sum that it is."""
    side = setting.side
    for node in side.nodes():
        if not isinstance(node, surface.Juxtaposition) or len(node.items) != 2:
            continue
        first, second = node.items
        if not (isinstance(first, surface.Derivative) and isinstance(second, surface.Derivative)):
            continue
        if len(first.variables) != 1 or second.operand is None or first.applied or second.applied:
            continue
        middle = first.variables[0].variable
        if middle != second.operand or not isinstance(middle, surface.Name):
            continue
        letter = _new_letter(setting)
        texts = [with_subscript(side.text(part), letter) for part in (middle, second.operand)]
        edits = (
            Edit(node.span.start, node.span.start, f"\\sum_{letter} "),
            replaced(middle, texts[0]),
            replaced(second.operand, texts[1]),
        )
        words = f"the chain rule sums over the components {texts[0]}"
        yield Change(edits, words, "DRV303")


def _new_letter(setting: Setting) -> str:
    names = set(setting.names()) | set(setting.scope.variables) | setting.scope.dimensions
    return next(letter for letter in "ijklpqrstuvwabcefgh" if letter not in names)
