"""A process that answers questions: the side of ``derive.worker`` that may hang or explode."""

import contextlib
import faulthandler
import gc
import os
import pickle
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Literal, TypeAlias, TypeVar

from derive.limits import Limits, address_space, allow, end_with_parent

Answer = TypeVar("Answer")

#: Called by an answering function where a new part of its work begins: the limits are those of a
#: part, and ``Silence.parts`` tells how many had begun.
Mark: TypeAlias = Callable[[], None]

#: time, memory: a limit; depth: nested too deeply for Python; end: the process ended by itself;
#: fault: an exception.
Cause: TypeAlias = Literal["time", "memory", "depth", "end", "fault"]

#: The largest answer, in bytes.
MOST_BYTES = 64 * 2**20

#: What ends a command from outside; held back while a process is started.
INTERRUPTS = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Silence:
    """Why there is no answer, as a sentence; ``parts`` had begun when it broke off."""

    reason: str
    cause: Cause = "fault"
    parts: int = 0


@dataclass(frozen=True, slots=True)
class Answered:
    """What is sent back: the answer, pickled, and whether the process ends after it."""

    pickled: bytes
    last: bool


def guarded(work: Callable[[], Answer]) -> Answer | Silence:
    """What the work gives, or which exception ended it."""
    try:
        return work()
    except MemoryError:
        return Silence("the memory was not enough", "memory")
    except (RecursionError, OverflowError):
        return Silence("it is too large or too deeply nested to judge", "depth")
    except Exception as error:  # a fault in one question never takes the others down
        return Silence(f"{type(error).__name__}: {error}")


def serve(
    connection: Connection,
    inherited: tuple[Connection, ...],
    said: int | None,
    parent: int,
    answer: Callable[[Any, Mark], Any],
) -> None:
    """Answer questions until the other side of the pipe is closed.

    ``inherited`` are connections of the parent that a fork has copied: while one is open here,
    another process would not see that the parent is gone.  ``said`` is a file for what C
    libraries print before they abort.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent gets it too, and ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for other in inherited:
        other.close()
    faulthandler.disable()  # how a process crashes is told by its answer, not by its stacks
    if said is not None:
        os.dup2(said, 1)
        os.dup2(said, 2)
    end_with_parent(parent)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, INTERRUPTS)
    gc.freeze()  # what came from the parent stays shared with it
    held = address_space()
    with contextlib.suppress(EOFError, OSError):  # the other side is gone
        while True:
            question, limits = connection.recv()
            reply = _reply(answer, question, limits, _mark(connection, limits), held)
            connection.send(reply)
            if reply.last:
                return


def _mark(connection: Connection, limits: Limits) -> Mark:
    def mark() -> None:
        allow(limits)
        connection.send(time.monotonic())

    return mark


def _reply(
    answer: Callable[[Any, Mark], Any], question: Any, limits: Limits, mark: Mark, held: int
) -> Answered:
    """The answer ready to be sent; after want of memory the process is spent."""
    mark()
    found = guarded(lambda: answer(question, mark))
    if isinstance(found, Silence) and found.cause == "memory":
        found = Silence(limits.too_large, "memory")
    try:
        pickled = pickle.dumps(found, pickle.HIGHEST_PROTOCOL)
    except MemoryError:
        found = Silence(limits.too_large, "memory")
    except RecursionError:
        found = Silence("its answer is nested too deeply", "depth")
    except Exception as error:  # what can't be pickled raises errors of many kinds
        found = Silence(f"its answer can't be sent ({type(error).__name__}: {error})")
    else:
        if len(pickled) <= MOST_BYTES:
            grown = address_space() - held > limits.megabytes * 2**20
            spent = isinstance(found, Silence) and found.cause == "memory"
            return Answered(pickled, grown or spent)
        found = Silence(f"its answer is larger than {MOST_BYTES:,} bytes", "memory")
    return Answered(pickle.dumps(found), found.cause == "memory")
