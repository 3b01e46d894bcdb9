"""One process that answers questions while others work, and is killed when one takes too long.

SymPy may hang in C code, where no signal is handled, and may fill the memory; only a process of
its own can be ended (design: soundness rule 7).  Questions are answered in the order in which they
are asked, and every one gets an answer: its own, or a ``Silence`` that says why there is none.
"""

import contextlib
import multiprocessing
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")

#: Seconds for one question, and for all that are left when the asking is over.
TIME_LIMIT, TIME_LIMIT_LEFT = 3.0, 60.0
#: Bytes of address space of the process.
MEMORY_LIMIT = 2 * 2**30
#: Questions sent ahead: the pipe never fills up, the process never waits.
_AHEAD = 16


@dataclass(frozen=True, slots=True)
class Silence:
    """Why there is no answer, as the end of a sentence."""

    reason: str


class Worker(Generic[Question, Answer]):
    """Answers questions by ``answer`` in a process of its own; close it by ``answers``.

    On Linux the process is a copy of this one, so that ``answer`` may be anything; elsewhere it
    starts anew, and ``answer`` is pickled.
    """

    def __init__(
        self,
        answer: Callable[[Question], Answer],
        *,
        time_limit: float = TIME_LIMIT,
        memory_limit: int = MEMORY_LIMIT,
    ) -> None:
        self._answer = answer
        self._time_limit = time_limit
        self._memory_limit = memory_limit
        self._questions: list[Question] = []
        self._answers: list[Answer | Silence] = []
        self._sent = 0
        #: When the process took up the question that it is at (its clock is ours).
        self._started: float | None = None
        self._start()

    def ask(self, question: Question) -> None:
        """Put a question at the end of the queue; returns at once."""
        self._questions.append(question)
        self._pump(0.0)

    def answers(self, time_limit: float = TIME_LIMIT_LEFT) -> list[Answer | Silence]:
        """All answers in the order of the questions; waits for them, then ends the process."""
        deadline = time.monotonic() + time_limit
        try:
            while len(self._answers) < len(self._questions):
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                self._pump(min(left, 0.1))
        finally:
            self._kill()
        missing = len(self._questions) - len(self._answers)
        return [*self._answers, *[Silence("no time was left for it")] * missing]

    def _start(self) -> None:
        method = "fork" if sys.platform == "linux" else "spawn"
        context = multiprocessing.get_context(method)
        self._connection, theirs = context.Pipe()
        ours = self._connection if method == "fork" else None
        arguments = (theirs, ours, self._answer, self._memory_limit)
        process = context.Process(target=_serve, args=arguments, daemon=True)  # type: ignore[attr-defined]
        process.start()
        theirs.close()
        self._process = process
        self._sent = len(self._answers)
        self._started = None

    def _kill(self) -> None:
        self._process.kill()
        self._process.join()
        self._connection.close()

    def _pump(self, wait: float) -> None:
        """Send what may be sent, take what has come, and end a process that takes too long."""
        try:
            while self._sent < min(len(self._questions), len(self._answers) + _AHEAD):
                self._connection.send(self._questions[self._sent])
                self._sent += 1
            while self._connection.poll(wait):
                wait = 0.0
                message = self._connection.recv()
                if isinstance(message, float):
                    self._started = message
                else:
                    self._answers.append(message[0])
                    self._started = None
        except (EOFError, OSError):
            self._give_up("the process ended")
        if self._started is not None and time.monotonic() - self._started > self._time_limit:
            self._give_up(f"it took more than {self._time_limit:g} s")

    def _give_up(self, reason: str) -> None:
        """Leave the present question without an answer; a new process takes up the next one."""
        self._kill()
        if len(self._answers) < len(self._questions):
            self._answers.append(Silence(reason))
        self._start()


def _serve(
    theirs: Connection,
    ours: Connection | None,
    answer: Callable[[Any], Any],
    memory_limit: int,
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory(memory_limit)
    if ours is not None:
        ours.close()
    with contextlib.suppress(EOFError, OSError):  # the other side is gone
        while True:
            question = theirs.recv()
            theirs.send(time.monotonic())
            theirs.send((_answered(answer, question),))


def _answered(answer: Callable[[Any], Any], question: Any) -> Any:
    try:
        return answer(question)
    except MemoryError:
        return Silence("the memory was not enough")
    except Exception as error:  # SymPy raises errors of all kinds
        return Silence(f"{type(error).__name__}: {error}")


def _limit_memory(limit: int) -> None:
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
