"""What a piece of work may take, and how the system is told to hold a process to it."""

import os
import sys
import time
from dataclasses import dataclass

#: Processor time is bounded only for a process that nobody is left to end, so with room to spare.
_SPARE_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """What one part of one answer may take.

    ``seconds`` are those of the clock; ``megabytes`` count beyond what the process holds when the
    part begins, and are held on Linux only.
    """

    seconds: float = 20.0
    megabytes: int = 1024

    @property
    def too_long(self) -> str:
        """What is said of work that took longer."""
        return f"it took more than {self.seconds:g} s"

    @property
    def too_large(self) -> str:
        """What is said of work that needed more memory."""
        return f"it needed more than {self.megabytes:,} MB of memory"


def address_space() -> int:
    """The bytes of address space of this process; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def allow(limits: Limits) -> None:
    """Let this process grow by the memory of the limits from now on, and work for their time.

    The system refuses memory beyond that; it ends a process that overstays, which happens only
    where the parent is gone and can't.
    """
    if sys.platform == "win32":
        return
    import resource

    held = address_space()
    if held:
        _lower(resource.RLIMIT_AS, held + limits.megabytes * 2**20)
    seconds = limits.seconds * (os.cpu_count() or 1) + _SPARE_SECONDS
    _lower(resource.RLIMIT_CPU, int(time.process_time() + seconds) + 1)


def _lower(kind: int, value: int) -> None:
    """Set the limit that counts; the one up to which it may be set again stays."""
    if sys.platform != "win32":
        import resource

        _, highest = resource.getrlimit(kind)
        if highest != resource.RLIM_INFINITY:
            value = min(value, highest)
        resource.setrlimit(kind, (value, highest))


def end_with_parent(parent: int) -> None:
    """Have the kernel end this process with its parent (Linux), and leave no memory image."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes
        import signal

        set_death_signal = 1
        ctypes.CDLL(None).prctl(set_death_signal, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)
