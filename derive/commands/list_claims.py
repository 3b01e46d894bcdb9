"""``derive list``: the claims of the catalogue."""

import argparse

SUMMARY = "list the claims of the catalogue"

_EPILOG = """\
exit codes:
  0  done
  2  usage: a word that is neither a part nor a claim
"""


def register(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command and its arguments."""
    parser = subparsers.add_parser(
        "list",
        help=SUMMARY,
        description=(
            "List the claims of the catalogue: part, name, the verdict that is expected, title."
        ),
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "words", nargs="*", metavar="PART", help="a question (2), a part (1k) or a claim's name"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Print one line a claim."""
    from derive.commands.selection import SelectionError, refuse, selected

    try:
        claims = selected(arguments.words)
    except SelectionError as error:
        return refuse("list", error)
    names = max(len(claim.name) for claim in claims)
    kinds = max(len(claim.expected) for claim in claims)
    for claim in claims:
        print(f"{claim.part}  {claim.name:{names}}  {claim.expected:{kinds}}  {claim.title}")
    return 0
