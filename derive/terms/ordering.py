"""A total order on terms by their structure alone: canonical forms sort by it."""

from derive.terms.term import Argument, Bound, Fixed, Free, Index, Node, Number


def key(node: Node) -> str:
    """A text that is equal for equal nodes only; it depends on nothing but the structure."""
    try:
        return node._key
    except AttributeError:
        pass
    if isinstance(node, Number):
        text = f"{node.value}"
    else:
        name = type(node).__name__
        text = f"{name}({','.join(_field_key(value) for value in node._fields())})"
    object.__setattr__(node, "_key", text)
    return text


def index_key(index: Index) -> str:
    """The part of ``key`` for one index: fixed ones first, then named ones, then bound ones."""
    match index:
        case Fixed(value, dim):
            return f"#{value}:{dim}"
        case Free(name, dim):
            return f"${name}:{dim}"
        case Bound(depth):
            return f"@{depth}"


def _field_key(value: object) -> str:
    if isinstance(value, Node):
        return key(value)
    if isinstance(value, Free | Bound | Fixed):
        return index_key(value)
    if isinstance(value, tuple):
        return f"[{','.join(_field_key(item) for item in value)}]"
    if isinstance(value, Argument):
        return f"<{value.dims}:{key(value.body)}>"
    return repr(value)
