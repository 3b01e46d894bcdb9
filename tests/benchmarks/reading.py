"""How long reading takes: per side, and how it grows with the document and with the formula.

Run as `python tests/benchmarks/reading.py FILE [DECLARATIONS]`; processor time, best of several.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from derive.document import parse
from derive.reader.chains import read_display
from derive.reader.declarations import declared_names, parse_declarations
from derive.reader.names import NO_NAMES, Names


def best(run: Callable[[], object], repeats: int = 5) -> float:
    """Return the least processor time of a few runs, in seconds."""
    times = []
    for _ in range(repeats):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times)


def read_all(text: str, names: Names) -> int:
    """Read a whole Markdown document; return its number of sides."""
    document = parse(text, kind="md")
    sides = 0
    for display in document.displays:
        reading = read_display(display.latex, names, document.macros, display.start)
        sides += sum(len(chain.sides) for chain in reading.chains)
    return sides


def main() -> None:
    """Print the figures."""
    text = Path(sys.argv[1]).read_text()
    names: Names = NO_NAMES
    if len(sys.argv) > 2:
        names = declared_names(parse_declarations(Path(sys.argv[2]).read_text())[0])
    per_side: list[float] = []
    for display in parse(text, kind="md").displays:
        sides = sum(len(chain.sides) for chain in read_display(display.latex, names).chains)
        seconds = best(lambda latex=display.latex: read_display(latex, names))
        per_side += [seconds / sides] * sides if sides else []
    print(f"sides {len(per_side)}, median {median(per_side) * 1e3:.3f} ms a side")
    once = best(lambda: read_all(text, names))
    hundred = best(lambda: read_all(text * 100, names), 1)
    print(f"document {once * 1e3:.1f} ms, 100 copies {hundred / once:.1f} times as long")
    for terms in (1_000, 10_000):
        latex = " + ".join([r"\frac{x_i^2}{2}"] * terms)
        print(f"a sum of {terms:,} terms: {best(lambda s=latex: read_display(s), 3) * 1e3:.1f} ms")


if __name__ == "__main__":
    main()
