"""``derive declare FILE``: propose a declarations block for a document that has none."""

import argparse
import sys
from pathlib import Path

SUMMARY = "propose declarations for a document, from how its letters are used"

_EPILOG = """\
Each line ends with the place that made it so; "# open:" lines are questions that only the author
can answer.  Edit the block, then judge the document with it:
  derive declare notes.md --output notes.declarations
  derive check notes.md --declare notes.declarations

exit codes:
  0  done
  2  usage, or a file that can't be read
"""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser(
        "declare",
        help=SUMMARY,
        description=f"{SUMMARY[0].upper()}{SUMMARY[1:]}.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", metavar="FILE", help="a document (.md, .tex, .ipynb)")
    parser.add_argument("--output", metavar="FILE", help="write the block there, not to stdout")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print or write the proposed block."""
    from derive.document import DocumentError, load
    from derive.propose import propose

    try:
        document = load(arguments.file)
    except DocumentError as error:
        return _refused(str(error))
    block = propose(document).render()
    if arguments.output is None:
        print(block, end="")
        return 0
    try:
        Path(arguments.output).write_text(block, encoding="utf-8")
    except OSError as error:
        return _refused(f"{arguments.output} can't be written: {error.strerror}")
    return 0


def _refused(message: str) -> int:
    print(f"derive declare: {message}", file=sys.stderr)
    return 2
