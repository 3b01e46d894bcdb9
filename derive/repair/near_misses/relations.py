"""Near misses of the relation between the sides."""

from collections.abc import Iterator, Mapping

_OTHERS: Mapping[str, tuple[str, ...]] = {
    "<": ("\\le", ">", "\\ge"),
    ">": ("\\ge", "<", "\\le"),
    "\\le": ("\\ge",),
    "\\ge": ("\\le",),
}


def other_relations(relation: str) -> Iterator[tuple[str, str]]:
    """The relations that may have been meant, the weaker form first."""
    for other in _OTHERS.get(relation, ()):
        yield other, f"the relation is {other}, not {relation}"
