"""Processes that answer questions, each within its limits, and are killed where they overstep.

A hang or an explosion in C code (flint, SymPy's integers) ends by no signal handler and no
exception: only a process can be ended (design: soundness rule 7).  Every question gets an answer:
its own, or a ``Silence`` that says why there is none.  This is the one place where work is done
under limits; no answer depends on time unless one is reached.

No process outlives this one.  They are killed when the asking ends, by an exception too; one that
finds its pipe closed ends; on Linux the kernel ends them with their parent; elsewhere, one that is
busy then has a bound on its processor time.
"""

import atexit
import contextlib
import multiprocessing
import os
import pickle
import signal
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from multiprocessing import connection as pipes
from types import TracebackType
from typing import Any, Generic, Literal, Self, TypeVar

from derive.answering import INTERRUPTS, Mark, Silence, guarded, serve
from derive.limits import Limits

Question = TypeVar("Question")
Answer = TypeVar("Answer")

#: More processes gain little on one document.
MOST_PROCESSES = 4
#: Seconds in which a process has to take up its first question.
START_LIMIT = 60.0
#: What C libraries print before they abort for want of memory.
_OUT_OF_MEMORY = (b"memory", b"alloc")


class Workers(Generic[Question, Answer]):
    """Up to ``processes`` processes that answer questions by ``answer``; leave it by ``with``.

    On Linux a process is a copy of this one, so that ``answer`` may be anything; elsewhere it
    starts anew, and ``answer`` is pickled.  Questions and answers are pickled in any case.
    """

    def __init__(
        self,
        answer: Callable[[Question, Mark], Answer],
        limits: Limits,
        *,
        processes: int | None = None,
        method: Literal["fork", "spawn"] | None = None,
    ) -> None:
        self._answer = answer
        self._limits = limits
        self._most = default_processes() if processes is None else processes
        self._method = method or ("fork" if sys.platform == "linux" else "spawn")
        self._asked: list[tuple[Question, Limits]] = []
        self._waiting: deque[int] = deque()
        self._processes: list[_Process] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Kill all processes; questions that are open stay so."""
        while self._processes:
            self._processes.pop().end()

    def ask(self, question: Question, limits: Limits | None = None) -> int:
        """Put a question at the end of the queue, perhaps under limits of its own; its number."""
        self._asked.append((question, limits or self._limits))
        self._waiting.append(len(self._asked) - 1)
        self._hand_out()
        return len(self._asked) - 1

    def finished(self) -> Iterator[tuple[int, Answer | Silence]]:
        """Numbers and answers as they come, until all are there; more may be asked meanwhile."""
        while True:
            self._hand_out()
            busy = [process for process in self._processes if process.number is not None]
            if not busy:
                return
            soonest = max(0.0, min(process.left for process in busy))
            ready = pipes.wait([process.connection for process in busy], soonest)
            for process in busy:
                found = process.received() if process.connection in ready else None
                found = found or process.overdue()
                if found is None:
                    continue
                number = process.number
                assert number is not None
                process.number = None
                if process.spent:
                    self._processes.remove(process)
                    process.end()
                self._hand_out()
                yield number, found[0]

    def answers(self) -> list[Answer | Silence]:
        """All answers in the order of the questions."""
        found = dict(self.finished())
        return [found[number] for number in sorted(found)]

    def _hand_out(self) -> None:
        """Give waiting questions to idle processes, and to new ones while there may be more."""
        while self._waiting:
            process = next((p for p in self._processes if p.number is None), None)
            if process is None:
                if len(self._processes) >= self._most:
                    return
                with _interrupts_held():  # one between start and entry would lose the process
                    process = _Process(self._answer, self._method)
                    self._processes.append(process)
            number = self._waiting.popleft()
            process.take(number, *self._asked[number])


def answers(
    answer: Callable[[Question, Mark], Answer],
    questions: Sequence[Question],
    limits: Limits | None,
) -> list[Answer | Silence]:
    """The answers in order: by processes under the limits; in this one where there are none."""
    if not questions:
        return []
    if limits is None:
        return [guarded(partial(answer, question, _no_mark)) for question in questions]
    with Workers(answer, limits) as workers:
        for question in questions:
            workers.ask(question)
        return workers.answers()


def default_processes() -> int:
    """How many processes work at once: one for each processor that is ours, up to a few."""
    try:
        ours = len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        ours = os.cpu_count() or 1
    return min(ours, MOST_PROCESSES)


def _no_mark() -> None:
    """Nothing is limited in this process."""


class _Process:
    """One process, and the question that it is at."""

    def __init__(self, answer: Callable[[Any, Mark], Any], method: str) -> None:
        context: Any = multiprocessing.get_context(method)
        self.connection, theirs = context.Pipe()
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 - closed in ``end``
        forked = method == "fork"
        inherited = (*(p.connection for p in _RUNNING), self.connection) if forked else ()
        said = self.said.fileno() if forked else None
        self.process = context.Process(
            target=serve, args=(theirs, inherited, said, os.getpid(), answer)
        )
        self.process.start()
        theirs.close()
        _RUNNING.append(self)
        #: The number of its question; None while it is idle.
        self.number: int | None = None
        #: Whether it is of no further use.
        self.spent = False
        self._limits = Limits()
        self._parts = 0
        self._deadline = 0.0

    def take(self, number: int, question: object, limits: Limits) -> None:
        """Send it a question."""
        self.number, self._limits, self._parts = number, limits, 0
        self._deadline = time.monotonic() + START_LIMIT
        with contextlib.suppress(OSError):  # that a process is gone is seen on receiving
            self.connection.send((question, limits))

    @property
    def left(self) -> float:
        """Seconds up to the deadline."""
        return self._deadline - time.monotonic()

    def received(self) -> tuple[Any] | None:
        """The answer if it has come; each mark puts the deadline off."""
        try:
            while self.connection.poll():
                message = self.connection.recv()
                if not isinstance(message, float):
                    self.spent = message.last
                    return (self._counted(pickle.loads(message.pickled)),)
                self._parts += 1
                self._deadline = message + self._limits.seconds
        except (EOFError, OSError):
            return (self._gone(),)
        return None

    def overdue(self) -> tuple[Silence] | None:
        """Why there is no answer, once the deadline is over."""
        if self.left > 0:
            return None
        self.spent = True
        if not self._parts:
            return (Silence("its process did not start", "end"),)
        return (Silence(self._limits.too_long, "time", self._parts),)

    def _counted(self, found: Any) -> Any:
        return replace(found, parts=self._parts) if isinstance(found, Silence) else found

    def _gone(self) -> Silence:
        """Why the process has ended by itself."""
        self.spent = True
        self.process.join()
        code = self.process.exitcode or 0
        if code == -getattr(signal, "SIGXCPU", 0):
            return Silence(self._limits.too_long, "time", self._parts)
        self.said.seek(0)
        words = self.said.read(2**16).lower()
        if code == -signal.SIGABRT and any(word in words for word in _OUT_OF_MEMORY):
            return Silence(self._limits.too_large, "memory", self._parts)
        how = f"signal {-code}" if code < 0 else f"code {code}"
        return Silence(f"its process ended with {how}", "end", self._parts)

    def end(self) -> None:
        """Kill it, whatever it does."""
        if self in _RUNNING:
            _RUNNING.remove(self)
        self.process.kill()
        self.process.join()
        self.process.close()
        self.connection.close()
        self.said.close()


#: The processes that this one has started and not yet ended (in a forked one: those of its parent,
#: whose ends of the pipes it has closed).
_RUNNING: list[_Process] = []


@atexit.register
def _end_all() -> None:
    """Leave nothing running where ``with`` was forgotten: at its exit Python would wait for it."""
    while _RUNNING:
        _RUNNING[-1].end()


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Interrupts wait until the end of the block; a process that starts in it holds them too."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
