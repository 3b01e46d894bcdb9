"""Near misses in names: another variable, an undeclared object."""

from collections.abc import Iterator

from derive.elaborate.scope import KNOWN_FUNCTIONS, Scope
from derive.reader import surface
from derive.repair.edits import Edit, Written, top_script
from derive.repair.setting import Change, Setting, bound_letters, index_names

#: Other names tried for one name.
_MOST = 5


def other_variables(setting: Setting) -> Iterator[Change]:
    """A variable with another of the same shape."""
    side, scope = setting.side, setting.scope
    skipped = {name.span for name in index_names(side.node)}
    bound = set(bound_letters(side.node))
    for node in side.nodes():
        if not isinstance(node, surface.Name) or node.span in skipped or node.spelling in bound:
            continue
        if node.spelling in scope.dimensions or node.spelling in KNOWN_FUNCTIONS:
            continue
        for other in _others(node.spelling, setting)[:_MOST]:
            edit = renamed(side, node, other)
            if edit is not None:
                known = _is_known(node.spelling, scope) or not _is_known(other, scope)
                words = f"{other} instead of {node.spelling}"
                if not known:
                    words = f"{node.spelling} is never introduced; {other} is meant"
                yield Change((edit,), words, "DRV502" if known else "DRV501")


def _is_known(name: str, scope: Scope) -> bool:
    return (
        name in scope.variables
        or name in scope.definitions
        or name in scope.functions
        or name in scope.function_definitions
    )


def _others(name: str, setting: Setting) -> list[str]:
    """Names of the same kind: the same letter in another case first, then those of the step."""
    scope = setting.scope
    functions = {*scope.functions, *scope.function_definitions}
    variables = {*scope.variables, *scope.definitions}
    used = setting.names()
    if name in functions:
        pool = functions
    elif name in variables:
        pool = {other for other in variables if scope.shape(other) == scope.shape(name)}
        if not scope.shape(name):
            pool |= {other for other in used if _is_free_scalar(other, setting)}
    elif _is_free_scalar(name, setting):
        pool = {other for other in used if _is_free_scalar(other, setting)}
        pool |= functions if name in _called(setting) else set()
        pool |= {other for other in variables if _split(other)[0].lower() == name.lower()}
    else:
        return []
    pool = pool - {name}
    return sorted(pool, key=lambda other: (other.lower() != name.lower(), other not in used, other))


def _is_free_scalar(name: str, setting: Setting) -> bool:
    scope = setting.scope
    plain = len(name) == 1 or (name[0] == "\\" and name[1:].isalpha())
    return (
        plain
        and not _is_known(name, scope)
        and name not in scope.dimensions
        and name not in KNOWN_FUNCTIONS
        and name not in setting.letters
        and name not in ("e", "T", "\\top", "\\pi", "\\delta")
    )


def _called(setting: Setting) -> set[str]:
    """Names that stand before parentheses."""
    return {
        item.spelling
        for node in setting.side.nodes()
        if isinstance(node, surface.Juxtaposition)
        for item, following in zip(node.items, node.items[1:], strict=False)
        if isinstance(item, surface.Name)
        and isinstance(following, surface.Group)
        and following.open == "("
    }


def renamed(side: Written, node: surface.Name, other: str) -> Edit | None:
    r"""The edit that writes another name: only what differs changes (``\mathbf{w}_{ji}^{(1)}``)."""
    old_base, old_label = _split(node.spelling)
    new_base, new_label = _split(other)
    text = side.text(node)
    scripts = [place for place in (top_script(text, "_"), top_script(text, "^")) if place]
    stem = text[: min(scripts)] if scripts else text
    if old_label == new_label and old_base in stem:
        at = stem.rindex(old_base)
        start = node.span.start + at
        return Edit(start, start + len(old_base), new_base)
    if old_base == new_base and old_label and new_label and old_label in text:
        at = text.index(old_label)
        start = node.span.start + at
        return Edit(start, start + len(old_label), new_label)
    if not scripts or text == node.spelling:
        return Edit(node.span.start, node.span.end, other)
    return None


def _split(name: str) -> tuple[str, str]:
    """The letter of a name, and its label with its mark."""
    places = [place for place in (top_script(name, "_"), top_script(name, "^")) if place]
    return (name[: min(places)], name[min(places) :]) if places else (name, "")
