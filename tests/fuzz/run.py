"""Coverage-guided fuzzing on request: ``python tests/fuzz/run.py TARGET [libFuzzer options]``.

Needs ``pip install .[fuzz]``.  The targets are ``read``, ``elaborate`` and ``check``.  Without a
folder among the options, inputs start from ``tests/fuzz/corpus`` and finds go to the present
folder.  Inputs that take more than 2 s are finds too (``slow-unit-*``); 30 s end the run.

    mkdir -p found && python tests/fuzz/run.py read found tests/fuzz/corpus -max_total_time=900
"""

import sys
from pathlib import Path

import atheris

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent)]

with atheris.instrument_imports(include=["derive"]):
    import targets


def main() -> None:
    """Fuzz the target that is named."""
    if len(sys.argv) < 2 or sys.argv[1] not in targets.TARGETS:
        sys.exit(f"usage: run.py {{{','.join(targets.TARGETS)}}} [libFuzzer options]")
    target = targets.TARGETS[sys.argv[1]]
    options = sys.argv[2:]
    if not any(not option.startswith("-") for option in options):
        options.append(str(HERE / "corpus"))
    limits = ["-timeout=30", "-report_slow_units=2", f"-dict={HERE / 'latex.dict'}"]
    atheris.Setup([sys.argv[0], *limits, *options], target)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
