"""``derive check FILE...``: judge every step of documents as they stand.

Exit codes: 0 nothing is wrong; 1 something is refuted, ill-typed or malformed, or a proof was
withdrawn; 2 usage, or a file that can't be read; 3 nothing is wrong, but something stayed unknown
or unread (``--allow-unknown`` makes that 0); 130 interrupted.
"""

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from derive.check import check_document
from derive.commands.certificates import add_audit, audit_asked, write_certificates
from derive.commands.declarations import (
    DeclarationsFile,
    read_declarations,
    with_declarations,
)
from derive.commands.limits import add_limits, limits_of
from derive.document import Document, DocumentError, load, parse_bytes
from derive.document.load import MAX_BYTES, SUFFIXES
from derive.limits import Limits
from derive.report.check_json import file_to_json, json_lines
from derive.report.check_model import FileReport, exit_code, file_report, worst
from derive.report.check_schema import SCHEMA_NAME
from derive.report.check_text import Style, file_text, hint_text

SUMMARY = "judge every step of documents (.md, .tex, .ipynb) as they stand"

#: Columns where the output is no terminal.
_WIDTH = 100

_EPILOG = """\
exit codes:
  0  nothing is wrong
  1  something is refuted, ill-typed or malformed
  2  usage, or a file that can't be read (the others are judged all the same)
  3  nothing is wrong, but something is unknown or unread, or the kernel (--audit) does not follow
     a proof (--allow-unknown makes that 0)
"""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is put over every document, whether proofs are re-checked, and the limits."""

    declared: DeclarationsFile | None
    audited: bool
    limits: Limits


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser(
        "check",
        help=SUMMARY,
        description=f"{SUMMARY[0].upper()}{SUMMARY[1:]}.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="a document, a folder, or - for standard input"
    )
    parser.add_argument(
        "--declare", metavar="FILE", help="declarations from a file of their own (design: scope)"
    )
    parser.add_argument(
        "--format", choices=("text", "json", "jsonl"), default="text", help="default: text"
    )
    parser.add_argument("--all", action="store_true", help="list the steps that hold too")
    parser.add_argument(
        "--hint",
        action="store_true",
        help="only the place and kind of the first error, without what would be right",
    )
    parser.add_argument(
        "--allow-unknown", action="store_true", help="exit 0 where nothing is wrong but unknown"
    )
    parser.add_argument("--output", metavar="FILE", help="write there instead of standard output")
    add_audit(parser)
    add_limits(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Judge the files in order, write as they are done; return the exit code."""
    if arguments.hint and (arguments.format != "text" or arguments.all):
        return _refused("--hint goes with the plain text alone, not with --format or --all")
    try:
        declarations = read_declarations(arguments.declare)
    except DocumentError as error:
        return _refused(str(error))
    try:
        with _output(arguments.output) as output:
            return _run(arguments, declarations, output)
    except BrokenPipeError:
        raise  # ``derive.cli`` ends every command in the same way
    except OSError as error:
        return _refused(f"{arguments.output or 'the output'} can't be written: {error.strerror}")


def _run(arguments: argparse.Namespace, declared: DeclarationsFile | None, output: TextIO) -> int:
    codes = []
    certificates = {}
    asked = _Asked(declared, audit_asked(arguments), limits_of(arguments))
    with _writer(arguments, output) as write:
        for file in _reports(arguments.files, asked):
            for step in file.audits or ():
                certificates[step.name] = step.certificate
            if file.error:
                _tell(file.error)
            write(file)
            codes.append(exit_code(file, allow_unknown=arguments.allow_unknown))
    if arguments.certificates is not None:
        try:
            write_certificates(arguments.certificates, certificates)
        except OSError as error:
            return _refused(f"{arguments.certificates} can't be written: {error.strerror}")
    return worst(codes)


# ---- what comes in ------------------------------------------------------------------------------


def _reports(names: Sequence[str], asked: _Asked) -> Iterator[FileReport]:
    """A report on each document, in order; what is taken in by another of a folder is not alone."""
    for name in names:
        taken_in: set[str] = set()
        found = _below(name) if name != "-" and os.path.isdir(name) else (name,)
        if not found:
            yield FileReport(name, error=f"{name} holds no document ({', '.join(SUFFIXES)})")
        loaded = [_loaded(path) for path in found]
        for document in loaded:
            if isinstance(document, Document):
                taken_in.update(
                    os.path.realpath(file.path)
                    for file in document.source.files
                    if file.path != document.path
                )
        for path, document in zip(found, loaded, strict=True):
            if os.path.realpath(path) in taken_in:
                continue
            if isinstance(document, Document):
                yield _judged(document, asked)
            else:
                yield FileReport(path, error=document)


def _below(folder: str) -> tuple[str, ...]:
    """The documents below a folder, by path; hidden files and links are passed over."""
    found: list[str] = []
    for place, subfolders, files in os.walk(folder):
        subfolders[:] = [name for name in subfolders if not name.startswith(".")]
        found += [
            os.path.join(place, name)
            for name in files
            if Path(name).suffix.lower() in SUFFIXES
            and not name.startswith(".")
            and not os.path.islink(os.path.join(place, name))
        ]
    return tuple(sorted(found, key=lambda path: Path(path).parts))


def _loaded(path: str) -> Document | str:
    """A document, or why there is none, in one line."""
    try:
        if path == "-":
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
            if len(data) > MAX_BYTES:
                return f"standard input is longer than {MAX_BYTES:,} bytes"
            return parse_bytes(data)
        return load(path)
    except DocumentError as error:
        return str(error)
    except Exception as error:  # one document never takes the others down
        return _fault(path, error)


def _judged(document: Document, asked: _Asked) -> FileReport:
    declared, limits = asked.declared, asked.limits
    try:
        document = with_declarations(document, declared)
        outside = (file for block in document.blocks for file in block.source.files)
        sources = {file.path: file for file in (*outside, *document.source.files)}
        checked = check_document(document, limits=limits)
        return file_report(checked, sources, audited=asked.audited, limits=limits)
    except Exception as error:  # one document never takes the others down
        return FileReport(document.path, error=_fault(document.path, error))


def _fault(path: str, error: Exception) -> str:
    return f"{path} can't be judged: a fault of derive ({type(error).__name__}); please report it"


# ---- what goes out ------------------------------------------------------------------------------


@contextmanager
def _output(path: str | None) -> Iterator[TextIO]:
    if path is None:
        for stream in (sys.stdout, sys.stderr):
            # Names and formulas may hold what the terminal's encoding lacks.
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")
        yield sys.stdout
        sys.stdout.flush()
        return
    with open(path, "w", encoding="utf-8", errors="backslashreplace") as stream:
        yield stream


@contextmanager
def _writer(arguments: argparse.Namespace, output: TextIO) -> Iterator[Any]:
    """A function that writes the report on one file; what belongs around them all is written."""
    terminal = output.isatty()
    width = shutil.get_terminal_size().columns if terminal else _WIDTH
    style = Style(width, terminal and "NO_COLOR" not in os.environ, arguments.all)
    first = True
    start = time.perf_counter()

    def write(file: FileReport) -> None:
        nonlocal first
        if arguments.format == "json":
            output.write("\n" if first else ",\n")
            output.write(json.dumps(file_to_json(file)))
        elif arguments.format == "jsonl":
            output.writelines(f"{json.dumps(line)}\n" for line in json_lines(file))
        elif arguments.hint:
            output.write(hint_text(file, style))
        else:
            output.write(file_text(file, style))
        output.flush()
        first = False

    if arguments.format == "json":
        output.write(f'{{"schema": {json.dumps(SCHEMA_NAME)}, "files": [')
    yield write
    if arguments.format == "json":
        output.write("\n]}\n")
    elif terminal and arguments.format == "text" and not arguments.hint:
        output.write(f"{time.perf_counter() - start:.1f} s\n")


def _tell(message: str) -> None:
    line = "".join(c if c.isprintable() else "?" for c in message)
    print(f"derive check: {line}", file=sys.stderr)


def _refused(message: str) -> int:
    _tell(message)
    return 2
