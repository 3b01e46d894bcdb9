"""The command line: ``derive COMMAND ...``, the same as ``python -m derive COMMAND ...``.

A command is one module of ``derive.commands`` and one entry in ``COMMANDS``.  The module has
``register(subparsers)``, which adds its parser and sets ``run``: a function from the parsed
arguments to the exit code.  Only the module of the command that is called is imported.
"""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from types import FrameType, MappingProxyType

from derive import __version__

_DESCRIPTION = "A derivation checker for the mathematics of machine learning."

_EPILOG = """\
examples:
  derive verify                       the whole catalogue, with report and PDF in reports/
  derive verify 1k softmax_jacobian_eq_diag_sub_outer
  derive show difference_of_logs_as_quotient_of_logs
  derive check notes.md --declare notes.declarations

"derive COMMAND --help" tells what a command takes and what its exit codes mean.
"""


@dataclass(frozen=True, slots=True)
class Command:
    """A command: the module that runs it, and what it does in one line."""

    module: str
    summary: str


#: All commands, in the order of the help.
COMMANDS: Mapping[str, Command] = MappingProxyType(
    {
        "verify": Command(
            "derive.commands.verify", "judge every claim of the catalogue and write the report"
        ),
        "check": Command(
            "derive.commands.check", "judge every step of documents (.md, .tex, .ipynb)"
        ),
        "declare": Command(
            "derive.commands.declare", "propose declarations for a document that has none"
        ),
        "audit": Command(
            "derive.commands.certificates", "re-check the proofs in a file with the kernel alone"
        ),
        "export": Command("derive.commands.export", "write what is proved as Coq files"),
        "list": Command("derive.commands.list_claims", "list the claims of the catalogue"),
        "show": Command("derive.commands.show", "show one claim with its verdict and its proof"),
    }
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code.  Wrong usage raises SystemExit with code 2."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    called = next((word for word in given if not word.startswith("-")), None)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # the terminal's encoding may lack a character
            stream.reconfigure(errors="backslashreplace")
    try:
        with _ended_in_order():
            parsed = parser(called).parse_args(given)
            code = int(parsed.run(parsed))
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("derive: interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever read has seen enough; the interpreter must not complain when it closes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Let SIGTERM end the command like an error does, so that nothing that it started is left."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what a signal does
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def parser(called: str | None = None) -> argparse.ArgumentParser:
    """The parser of all commands, with the arguments of the one that is called."""
    top = argparse.ArgumentParser(
        prog="derive",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"derive {__version__}")
    subparsers = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, command in COMMANDS.items():
        if name == called:
            import_module(command.module).register(subparsers)
        else:
            subparsers.add_parser(name, help=command.summary)
    return top
