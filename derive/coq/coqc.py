"""Running coqc: every file under limits, every accepted theorem asked for its axioms."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from derive.coq.answer import Accepted, Rejected
from derive.coq.theorem import LIBRARY, CoqFile, library_text
from derive.limits import Limits

#: The axioms of Coq's own library of real numbers (8.11 to 8.20), and no other.  The last, excluded
#: middle, is what its continuity theorems rest on, and so the very definition of ``ln``.
ALLOWED_AXIOMS = frozenset(
    {
        "ClassicalDedekindReals.sig_forall_dec",
        "ClassicalDedekindReals.sig_not_dec",
        "FunctionalExtensionality.functional_extensionality_dep",
        "Classical_Prop.classic",
    }
)

#: What one file may take.
DEFAULT_LIMITS = Limits(seconds=60.0, megabytes=4096)

_AUDIT = "DeriveAudit"

#: No theorem has the name of a module that the audit knows by it: an axiom of the file
#: ``Classical_Prop.v`` would look like the one of Coq's library.
_TAKEN = frozenset({LIBRARY, _AUDIT, *(name.partition(".")[0] for name in ALLOWED_AXIOMS)})
_OPTIONS = ("-q", "-w", "none")
_MOST_MESSAGE = 600
_POLL = 0.01


#: Told while files are compiled: how many are done, of how many.
Progress = Callable[[int, int], None]


class CoqError(Exception):
    """Coq can't be used here; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Coqc:
    """A coqc on this machine."""

    path: str
    version: str


def find_coqc() -> Coqc:
    """The coqc of the PATH.  Raises CoqError where there is none."""
    path = shutil.which("coqc")
    if path is None:
        raise CoqError("coqc is not installed (Debian: apt-get install coq libcoq-coquelicot)")
    try:
        said = subprocess.run(
            [path, "--print-version"], capture_output=True, text=True, timeout=60, check=True
        ).stdout
    except (OSError, subprocess.SubprocessError):
        raise CoqError(f"{path} does not tell its version") from None
    return Coqc(path, said.split()[0] if said.split() else "unknown")


def judge_files(
    coqc: Coqc,
    files: Sequence[CoqFile],
    *,
    limits: Limits = DEFAULT_LIMITS,
    processes: int = 2,
    progress: Progress | None = None,
) -> dict[str, Accepted | Rejected]:
    """What Coq says of each file, by name.

    ``progress`` is told how many files are done, of how many.  Everything is compiled in a folder
    of its own that is gone afterwards.  Raises CoqError where the library of lemmas does not
    compile (Coquelicot is missing, or Coq is another version).
    """
    with tempfile.TemporaryDirectory(prefix="derive-coq-") as folder:
        place = Path(folder)
        (place / f"{LIBRARY}.v").write_text(library_text(), encoding="utf-8")
        (built,) = _compiled(coqc, place, [LIBRARY], limits, 1, None)
        if built.problem:
            raise CoqError(
                f"the lemmas of derive don't compile with coqc {coqc.version} "
                f"(is libcoq-coquelicot installed?): {built.problem}"
            )
        names = [file.name for file in files]
        found: dict[str, Accepted | Rejected] = {
            name: Rejected(f"{name} is the name of a module") for name in names if name in _TAKEN
        }
        names = [name for name in names if name not in found]
        for file in files:
            if file.name in names:
                (place / f"{file.name}.v").write_text(file.text, encoding="utf-8")
        runs = {run.name: run for run in _compiled(coqc, place, names, limits, processes, progress)}
        good = [name for name in names if not runs[name].problem]
        axioms = _axioms(coqc, place, good, limits)
        for name in names:
            if runs[name].problem:
                found[name] = Rejected(runs[name].problem)
                continue
            rests_on = axioms[name]
            if isinstance(rests_on, str):
                found[name] = Rejected(rests_on)
            elif set(rests_on) - ALLOWED_AXIOMS:
                more = ", ".join(sorted(set(rests_on) - ALLOWED_AXIOMS))
                found[name] = Rejected(f"it rests on {more}")
            else:
                found[name] = Accepted(coqc.version, rests_on, runs[name].seconds)
        return found


def _axioms(
    coqc: Coqc, place: Path, names: Sequence[str], limits: Limits
) -> Mapping[str, tuple[str, ...] | str]:
    """The axioms of each theorem, or why they can't be told.

    All are asked at once, which takes little more than one; where that gives anything beyond the
    allowed ones, each half is asked alone.
    """
    if not names:
        return {}
    together = _asked(coqc, place, names, limits)
    if len(names) == 1 or (not isinstance(together, str) and set(together) <= ALLOWED_AXIOMS):
        return dict.fromkeys(names, together)
    middle = len(names) // 2
    first, second = names[:middle], names[middle:]
    return {**_axioms(coqc, place, first, limits), **_axioms(coqc, place, second, limits)}


def _asked(coqc: Coqc, place: Path, names: Sequence[str], limits: Limits) -> tuple[str, ...] | str:
    text = "".join(f"Require {name}.\n" for name in names)
    used = "".join(f"  let _ := @{name}.{name} in\n" for name in names)
    text += f"Definition audited : True :=\n{used}  I.\nPrint Assumptions audited.\n"
    (place / f"{_AUDIT}.v").write_text(text, encoding="utf-8")
    (run,) = _compiled(coqc, place, [_AUDIT], limits, 1, None)
    return run.problem or assumed(run.output)


def assumed(output: str) -> tuple[str, ...] | str:
    """The names of the axioms in the output of ``Print Assumptions``; words where it is another."""
    lines = output.strip().splitlines()
    if lines == ["Closed under the global context"]:
        return ()
    if not lines or lines[0] != "Axioms:":
        return "Print Assumptions gave no list of axioms"
    names = []
    for line in lines[1:]:
        if line[:1].isspace():
            continue
        match = re.fullmatch(r"([A-Za-z_][\w.']*)(\s*:.*)?", line)
        if match is None:
            return f"Print Assumptions gave a line that is no axiom: {line[:80]}"
        names.append(match.group(1))
    return tuple(names)


# ---- processes ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Run:
    """One file compiled: its output, or in ``problem`` why there is none."""

    name: str
    output: str
    problem: str
    seconds: float


def _compiled(
    coqc: Coqc,
    place: Path,
    names: Sequence[str],
    limits: Limits,
    processes: int,
    progress: Progress | None,
) -> list[_Run]:
    """Compile files side by side; whatever happens, nothing is left running."""
    waiting = list(reversed(names))
    running: list[_Process] = []
    done: list[_Run] = []
    try:
        while waiting or running:
            while waiting and len(running) < max(1, processes):
                running.append(_Process(coqc, place, waiting.pop(), limits))
            for process in tuple(running):
                run = process.finished()
                if run is not None:
                    running.remove(process)
                    done.append(run)
                    if progress is not None:
                        progress(len(done), len(names))
            time.sleep(_POLL)
    finally:
        for process in running:
            process.kill()
    return done


class _Process:
    """One coqc, in a process group of its own."""

    def __init__(self, coqc: Coqc, place: Path, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 - closed in ``_end``
        self.start = time.monotonic()
        self.process = subprocess.Popen(
            [coqc.path, *_OPTIONS, f"{name}.v"],
            cwd=place,
            stdin=subprocess.DEVNULL,
            stdout=self.said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        _limit_memory(self.process.pid, limits)

    def finished(self) -> _Run | None:
        """What came out, once it has ended or its time is over."""
        seconds = time.monotonic() - self.start
        code = self.process.poll()
        if code is None:
            if seconds < self.limits.seconds:
                return None
            self.kill()
            return _Run(self.name, "", f"coqc took more than {self.limits.seconds:g} s", seconds)
        self.said.seek(0)
        output = self.said.read(2**20).decode("utf-8", "replace")
        self.said.close()
        return _Run(self.name, output, "" if code == 0 else _problem(output, code), seconds)

    def kill(self) -> None:
        """End it with all that it has started."""
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        else:
            self.process.kill()
        self.process.wait()
        self.said.close()


def _limit_memory(pid: int, limits: Limits) -> None:
    if sys.platform == "linux":
        import resource

        size = limits.megabytes * 2**20
        with suppress(OSError, ValueError):  # it has ended already, or a lower limit holds
            resource.prlimit(pid, resource.RLIMIT_AS, (size, size))


def _problem(output: str, code: int) -> str:
    """Why coqc failed, in one line."""
    place = ""
    for line in output.splitlines():
        found = re.match(r'File "\./?[^"]*", line (\d+), ', line)
        if found:
            place = f"line {found.group(1)}: "
    _, _, said = output.rpartition("Error:")
    words = " ".join((said or output).split())
    if not words:
        return f"coqc ended with code {code}"
    return f"{place}{words}"[:_MOST_MESSAGE].rstrip(".")
