"""Coverage-guided fuzzing on request: ``python tests/fuzz/run.py TARGET [libFuzzer options]``.

Needs ``pip install .[fuzz]``.  The targets are ``read``, ``elaborate`` and ``check``.  Without a
folder among the options, inputs start from ``tests/fuzz/corpus``, and new ones go to
``grown/TARGET`` below the present folder.

    python tests/fuzz/run.py read -max_total_time=900

A find doesn't end the run.  It is told on standard error and kept in ``finds/TARGET`` below the
present folder, up to three inputs for each place in the sources: an exception of any kind, and an
input that takes more than 2 s of processor time.  An input that takes 60 s ends the run.  What the
runs so far have found is in ``summary.txt``.
"""

import hashlib
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import atheris

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

with atheris.instrument_imports(include=["derive"]):
    import targets

#: Seconds of processor time from which an input counts as slow.
SLOW = 2.0
#: Inputs kept for one place.
MOST_INPUTS = 3


def collecting(target: Callable[[bytes], None], folder: Path) -> Callable[[bytes], None]:
    """The target that writes its finds into the folder and goes on."""
    seen: Counter[str] = Counter()

    def keep(place: str, told: str, data: bytes) -> None:
        seen[place] += 1
        if seen[place] <= MOST_INPUTS:
            digest = hashlib.sha1(data).hexdigest()[:12]
            (folder / f"{place}-{digest}").write_bytes(data)
            print(f"FIND {place} {digest} {told}", file=sys.stderr, flush=True)

    def run(data: bytes) -> None:
        began = time.process_time()
        try:
            target(data)
        except Exception as error:  # every one is a find
            keep(_place(error), " ".join(str(error).split())[:300], data)
        taken = time.process_time() - began
        if taken > SLOW:
            keep(f"slow-{taken:.0f}", f"{taken:.1f} s", data)

    return run


def _place(error: Exception) -> str:
    """The kind of the first cause and the innermost line of ``derive`` that it came through."""
    while error.__cause__ is not None and isinstance(error.__cause__, Exception):
        error = error.__cause__
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/derive/" in frame.filename] or list(frames)
    return f"{type(error).__name__}-{Path(ours[-1].filename).stem}-{ours[-1].lineno}"


def main() -> None:
    """Fuzz the target that is named."""
    if len(sys.argv) < 2 or sys.argv[1] not in targets.TARGETS:
        sys.exit(f"usage: run.py {{{','.join(targets.TARGETS)}}} [libFuzzer options]")
    name, options = sys.argv[1], sys.argv[2:]
    finds, grown = Path("finds") / name, Path("grown") / name
    finds.mkdir(parents=True, exist_ok=True)
    if not any(not option.startswith("-") for option in options):
        grown.mkdir(parents=True, exist_ok=True)
        options += [str(grown), str(HERE / "corpus")]
    limits = ["-timeout=60", f"-dict={HERE / 'latex.dict'}"]
    target = collecting(targets.TARGETS[name], finds)
    atheris.Setup([sys.argv[0], *limits, *options], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
