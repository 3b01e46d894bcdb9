"""Certificates on the command line: ``--audit``, ``--certificates``, ``derive audit``.

A file of certificates is JSON, schema ``derive.certificates/1``: ``schema``, and ``certificates``,
a list of ``name``, ``statement`` and ``proof`` as ``derive.kernel`` reads them.
"""

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from derive.certificate import Certificate, audit

SCHEMA_NAME = "derive.certificates/1"
SUMMARY = "re-check the proofs in a file of certificates with the kernel alone"

#: The largest file that is read, in bytes.
_MOST_BYTES = 256 * 2**20

_EPILOG = """\
exit codes:
  0  the kernel follows every proof
  1  it doubts one of them
  2  usage, or a file that can't be read
"""


def add_audit(parser: argparse.ArgumentParser) -> None:
    """Add the options of the commands that make proofs."""
    parser.add_argument(
        "--audit", action="store_true", help="let the kernel re-check every proof, and say how many"
    )
    parser.add_argument(
        "--certificates",
        metavar="FILE",
        type=Path,
        help="write every proof, with its statement, as JSON (implies --audit)",
    )


def audit_asked(arguments: argparse.Namespace) -> bool:
    """Whether proofs are to be re-checked."""
    return bool(arguments.audit or arguments.certificates is not None)


def write_certificates(path: Path, certificates: Mapping[str, Certificate]) -> None:
    """Write certificates under their names; raises OSError."""
    data = {
        "schema": SCHEMA_NAME,
        "certificates": [
            {"name": name, "statement": certificate.statement, "proof": certificate.proof}
            for name, certificate in certificates.items()
        ],
    }
    path.write_text(json.dumps(data) + "\n", encoding="utf-8")


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command ``audit``."""
    parser = subparsers.add_parser(
        "audit",
        help=SUMMARY,
        description=f"{SUMMARY[0].upper()}{SUMMARY[1:]}.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="made by verify or check with --certificates")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Re-check the certificates in order; one line for each that is doubted, then how many."""
    from derive.commands.selection import refuse

    try:
        certificates = _read(arguments.file)
    except (OSError, ValueError) as error:
        return refuse("audit", f"{arguments.file} can't be read: {_words(error)}")
    followed = steps = 0
    for name, certificate in certificates:
        found = audit(certificate)
        followed += found.accepted
        steps += found.checked
        if not found.accepted:
            print(f"{name}: the kernel does not follow the proof: {found.doubt}")
    print(f"the kernel re-checked {followed} of {len(certificates)} proofs ({steps:,} steps)")
    return 0 if followed == len(certificates) else 1


def _read(path: str) -> list[tuple[str, Certificate]]:
    with open(path, "rb") as stream:
        data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        raise ValueError(f"it is longer than {_MOST_BYTES:,} bytes")
    try:
        found: Any = json.loads(data)
        if found["schema"] != SCHEMA_NAME:
            raise ValueError(f"its schema is {found['schema']!r}, not {SCHEMA_NAME!r}")
        return [
            (_printable(entry["name"]), Certificate(entry["statement"], entry["proof"]))
            for entry in found["certificates"]
        ]
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError("it is no file of certificates") from error


def _printable(name: object) -> str:
    return "".join(c if c.isprintable() else "?" for c in str(name))


def _words(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return error.strerror or "it is no file"
    if isinstance(error, json.JSONDecodeError | UnicodeDecodeError):
        return "it is not JSON"
    return str(error)
