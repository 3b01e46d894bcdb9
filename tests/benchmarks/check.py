"""What judging a whole document costs, in cold processes: processor time and memory.

Run as `python tests/benchmarks/check.py FILE [DECLARATIONS]`; the best of several runs counts, and
for comparison how long the imports alone take.  Aim for the homework: 2 s and 200 MB.
"""

import os
import sys
import tempfile
from pathlib import Path

REPEATS = 5


def cold(*arguments: str) -> tuple[float, float]:
    """Processor seconds and the most memory in MB of a new interpreter."""
    child = os.posix_spawn(sys.executable, [sys.executable, *arguments], os.environ)
    _, _, usage = os.wait4(child, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def best(*arguments: str) -> tuple[float, float]:
    """The least time of several runs, and the most memory."""
    runs = [cold(*arguments) for _ in range(REPEATS)]
    return min(seconds for seconds, _ in runs), max(memory for _, memory in runs)


def main() -> None:
    """Print the figures."""
    document, *declarations = sys.argv[1:]
    options = ["--declare", declarations[0]] if declarations else []
    seconds, memory = best("-c", "import derive.commands.check")
    print(f"imports alone    {seconds:6.2f} s  {memory:4.0f} MB")
    with tempfile.TemporaryDirectory() as folder:
        for form in ("text", "json"):
            output = str(Path(folder, form))
            words = ("-m", "derive", "check", document, *options, "--format", form)
            seconds, memory = best(*words, "--output", output)
            print(f"check, {form:<9} {seconds:6.2f} s  {memory:4.0f} MB")


if __name__ == "__main__":
    main()
