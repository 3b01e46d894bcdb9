"""The catalogue: one module per topic, one declarative `Claim` per claim.

A new claim is one new assignment in one module; everything else finds it: ``ALL``,
``claims()``, ``find(name)`` and ``from identities import sigmoid_derivative``.
"""

from collections.abc import Iterable

from derive.claim import Claim
from identities.registry import (
    PART_TITLES,
    PARTS,
    CatalogueError,
    gather,
    nearest,
    topic_modules,
)

#: Every claim, by part and then in the order of declaration.
ALL: tuple[Claim, ...] = gather(topic_modules(__name__, __path__))

_BY_NAME = {claim.name: claim for claim in ALL}

__all__ = ["ALL", "PARTS", "PART_TITLES", "CatalogueError", "claims", "find"]


def claims(selection: Iterable[str] = ()) -> tuple[Claim, ...]:
    """The claims of the given parts or names, in catalogue order; all of them without any.

    A part may be a whole question (``"2"``) or a lettered one (``"2g"``).  Raises ``KeyError``
    for a word that is neither, with the nearest names.
    """
    wanted = tuple(dict.fromkeys(selection))
    for word in wanted:
        if word not in _BY_NAME and not any(part.startswith(word) and word for part in PARTS):
            find(word)
    if not wanted:
        return ALL
    return tuple(
        claim
        for claim in ALL
        if any(claim.name == word or (word and claim.part.startswith(word)) for word in wanted)
    )


def find(name: str) -> Claim:
    """The claim of that name; raises ``KeyError`` with the nearest names if there is none."""
    if name in _BY_NAME:
        return _BY_NAME[name]
    alike = ", ".join(nearest(name, _BY_NAME))
    raise KeyError(f"no claim is called {name!r}" + (f"; did you mean {alike}?" if alike else ""))


def __getattr__(name: str) -> Claim:
    try:
        return _BY_NAME[name]
    except KeyError:
        alike = ", ".join(nearest(name, _BY_NAME))
        hint = f"; did you mean {alike}?" if alike else ""
        raise AttributeError(f"module 'identities' has no claim {name!r}{hint}") from None


def __dir__() -> list[str]:
    return sorted({*globals(), *_BY_NAME})
