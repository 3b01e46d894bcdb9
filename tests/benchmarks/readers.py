"""Two readers on every side of the displayed chains of a document: ours, and latex2sympy2.

Run as `python tests/benchmarks/readers.py FILE [DECLARATIONS]`.  A side counts as ours when it has
a typed value.  Where that value is a plain number, latex2sympy2 agrees with it (after the known
differences) or not; of vectors, matrices and components it knows no shapes and no ranges, so that
what it reads there can't be the same.  Milliseconds are processor time, the median of all sides.
"""

import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from statistics import median

from derive.chain import Elaborated
from derive.check import check_document
from derive.document import load, outside_blocks
from derive.reader import surface
from derive.reader.chains import read_display
from derive.second_reader import second_reading
from derive.terms.declarations import Declarations
from derive.terms.structure import free_indices
from derive.written import WrittenChain
from identities.homework import functions_for_second_reader


@dataclass(frozen=True)
class Row:
    """One side: what each reader made of it, and how long it took."""

    latex: str
    ours: str
    our_ms: float
    theirs: str
    their_ms: float


def main() -> None:
    """Print the table, then the sides that latex2sympy2 reads as something else."""
    rows = [row for chain in chains() for row in compared(chain)]
    for reader, words, times in (
        ("derive", [row.ours for row in rows], [row.our_ms for row in rows]),
        ("latex2sympy2", [row.theirs for row in rows], [row.their_ms for row in rows]),
    ):
        counts = ", ".join(f"{word} {count}" for word, count in sorted(Counter(words).items()))
        print(f"{reader:12}  {len(rows)} sides: {counts}; {median(times):.2f} ms a side")
    for row in rows:
        if row.theirs == "another number":
            print(f"  another number: {row.latex}")


def chains() -> list[WrittenChain]:
    """The chains of the document's displays, judged; formulas in running text are left out."""
    document = load(sys.argv[1])
    if len(sys.argv) > 2:
        told = Path(sys.argv[2]).read_text(encoding="utf-8")
        blocks, _ = outside_blocks(told, sys.argv[2], document)
        document = replace(document, blocks=(*document.blocks, *blocks))
    steps = [step for step in check_document(document).steps if not step.inline]
    return [WrittenChain(tuple(group)) for _, group in groupby(steps, key=lambda s: s.chain)]


def compared(chain: WrittenChain) -> list[Row]:
    """One row for each side of the chain."""
    sides, declarations = chain.typed
    names = chain.scope.names
    rows = []
    for latex, side in zip(chain.sides, sides, strict=True):
        _, our_ms = timed(lambda text=latex: read_display(text, names))
        theirs, their_ms = timed(
            lambda text=latex, read=side: other_reading(text, read, declarations)
        )
        rows.append(Row(latex, our_reading(side), our_ms, theirs, their_ms))
    return rows


def our_reading(side: Elaborated) -> str:
    """What became of a side here."""
    if isinstance(side.node, surface.Unread):
        return "refused"
    return "read, typed" if side.value is not None else "read, without a type"


def other_reading(latex: str, side: Elaborated, declarations: Declarations) -> str:
    """What became of a side there."""
    value = side.value
    if value is not None and not value.axes and not free_indices(value.term):
        functions = functions_for_second_reader()
        outcome = second_reading(latex, value.term, declarations, functions).outcome
        words = {"agrees": "the same number", "differs": "another number", "refused": "refused"}
        return words[outcome]
    from latex2sympy2_extended import latex2sympy

    try:
        latex2sympy(latex)
    except Exception:  # its parser raises bare exceptions
        return "refused"
    return "read, without indices and shapes"


def timed(run: Callable[[], object]) -> tuple[str, float]:
    """What it gives, and its milliseconds of processor time."""
    start = time.process_time()
    found = run()
    return str(found), (time.process_time() - start) * 1e3


if __name__ == "__main__":
    main()
