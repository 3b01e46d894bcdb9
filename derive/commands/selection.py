"""Claims by the words of a command line: parts (``2``, ``1k``) and names."""

import sys
from collections.abc import Sequence

from derive.claim import Claim


class SelectionError(ValueError):
    """A word that is neither a part nor a claim; the message offers the nearest."""


def selected(words: Sequence[str]) -> tuple[Claim, ...]:
    """The claims of the given parts and names, all of them without any.

    Raises SelectionError for a word that is neither.
    """
    import identities

    try:
        return identities.claims(words)
    except KeyError as error:
        raise SelectionError(_advice(str(error.args[0]))) from None


def one(name: str) -> Claim:
    """The claim of that name.  Raises SelectionError if there is none."""
    import identities

    try:
        return identities.find(name)
    except KeyError as error:
        raise SelectionError(_advice(str(error.args[0]))) from None


def refuse(command: str, problem: Exception | str) -> int:
    """Say what is wrong with the arguments; returns the exit code for that, 2."""
    print(f"derive {command}: {problem}", file=sys.stderr)
    return 2


def _advice(problem: str) -> str:
    from identities import PARTS

    if "did you mean" in problem:
        return problem
    return f'{problem}; parts run from {PARTS[0]} to {PARTS[-1]}, "derive list" lists the names'
