"""The verdict where a limit or a fault ended the judging: unknown, with the reason in words."""

from collections.abc import Mapping
from types import MappingProxyType

from derive.answering import Cause, Silence
from derive.verdict import Kind, Verdict

#: The method that a verdict names, by what ended the work.
METHODS: Mapping[Cause, str] = MappingProxyType(
    {
        "time": "time limit",
        "memory": "memory limit",
        "depth": "limit",
        "end": "fault",
        "fault": "fault",
    }
)


def unanswered(silence: Silence) -> Verdict:
    """``unknown (time)`` and ``unknown (memory)`` for the limits that a person may change."""
    match silence.cause:
        case "time" | "memory":
            words = f"unknown ({silence.cause}): {silence.reason}"
        case "depth":
            words = silence.reason
        case _:
            words = f"a fault of derive ({silence.reason}); please report it"
    return Verdict(Kind.UNKNOWN, METHODS[silence.cause], reason=words)
