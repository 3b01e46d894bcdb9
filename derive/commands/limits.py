"""The options ``--time-limit`` and ``--memory-limit``, the same for every command that judges."""

import argparse

from derive.limits import Limits

_DEFAULT = Limits()
_MOST_SECONDS, _LEAST_MEGABYTES = 86_400.0, 16


def add_limits(parser: argparse.ArgumentParser) -> None:
    """Add the options to the parser of a command."""
    parser.add_argument(
        "--time-limit",
        metavar="SECONDS",
        type=_seconds,
        default=_DEFAULT.seconds,
        help=f"end the judging of a statement after so long (default: {_DEFAULT.seconds:g})",
    )
    parser.add_argument(
        "--memory-limit",
        metavar="MB",
        type=_megabytes,
        default=_DEFAULT.megabytes,
        help=f"end it where it needs more memory (default: {_DEFAULT.megabytes})",
    )


def limits_of(arguments: argparse.Namespace) -> Limits:
    """The limits that a person has chosen."""
    return Limits(arguments.time_limit, arguments.memory_limit)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _MOST_SECONDS:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time limit; write seconds, more than 0 and at most {_MOST_SECONDS:g}"
        )
    return seconds


def _megabytes(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) < _LEAST_MEGABYTES:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no memory limit; write whole megabytes, at least {_LEAST_MEGABYTES}"
        )
    return int(text)
