"""The PDF of a report: by pdflatex where it is installed, otherwise by Typst inside this process.

The same report gives the same bytes: every date inside the file is made from ``Report.date``.
"""

import contextlib
import datetime
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from derive.report.latex import latex_report
from derive.report.model import Report
from derive.report.typst import typst_report

#: Seconds that all runs of TeX together may take.
TIME_LIMIT = 90.0

_RUNS_AT_MOST = 4
_EXCERPT_LINES = 12


class PdfError(RuntimeError):
    """No PDF could be made; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class PdfResult:
    """Where the PDF is, which engine made it in how many seconds, and what its log complains of."""

    path: Path
    engine: str
    seconds: float
    log_excerpt: str = ""


def write_latex(report: Report, directory: Path, stem: str = "homework3") -> Path:
    """Write the LaTeX source to ``directory/stem.tex`` and return its path."""
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"{stem}.tex"
    path.write_text(latex_report(report), encoding="ascii", newline="\n")
    return path


def write_pdf(
    report: Report,
    directory: Path,
    *,
    stem: str = "homework3",
    engine: str | None = None,
    time_limit: float = TIME_LIMIT,
) -> PdfResult:
    """Write ``directory/stem.pdf`` by the first engine that works, or by the one named.

    Raises PdfError where the engine named, or every engine, fails; ValueError for an engine that
    does not exist.
    """
    if engine is not None and engine not in ENGINES:
        raise ValueError(f"no engine is named '{engine}'; there are {', '.join(ENGINES)}")
    failures: list[str] = []
    for name in ENGINES if engine is None else (engine,):
        started = time.perf_counter()
        try:
            content, complaints = ENGINES[name](report, time_limit)
        except PdfError as error:
            failures.append(f"{name}: {error}")
            continue
        directory.mkdir(parents=True, exist_ok=True)
        path = directory / f"{stem}.pdf"
        path.write_bytes(content)
        excerpt = "\n".join(filter(None, (*failures, complaints)))
        return PdfResult(path, name, time.perf_counter() - started, excerpt)
    raise PdfError("\n".join(failures))


def _by_pdflatex(report: Report, time_limit: float) -> tuple[bytes, str]:
    """The PDF and the complaints of the log; runs until the references stand still."""
    program = shutil.which("pdflatex")
    if program is None:
        raise PdfError("it is not installed; install TeX Live, or use the engine typst")
    deadline = time.monotonic() + time_limit
    command = [program, "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error"]
    with tempfile.TemporaryDirectory(prefix="derive-pdf-") as name:
        folder = Path(name)
        write_latex(report, folder, "report")
        log = ""
        for run in range(_RUNS_AT_MOST):
            code = _run([*command, "report.tex"], folder, _environment(report), deadline)
            log = _log(folder / "report.log")
            if code != 0:
                raise PdfError(f"it stopped with an error:\n{_complaints(log, ('!', 'l.'))}")
            if run > 0 and "Rerun to get" not in log and "Rerun LaTeX" not in log:
                break
        return (folder / "report.pdf").read_bytes(), _complaints(log, ("Overfull", "LaTeX Warn"))


def _environment(report: Report) -> dict[str, str]:
    """Dates from the report; TeX may neither read nor write outside of its folder."""
    dates = {"SOURCE_DATE_EPOCH": str(_epoch(report)), "FORCE_SOURCE_DATE": "1"}
    return {**os.environ, **dates, "openin_any": "p", "openout_any": "p", "max_print_line": "200"}


def _epoch(report: Report) -> int:
    midnight = datetime.datetime.combine(report.date, datetime.time(), datetime.UTC)
    return int(midnight.timestamp())


def _run(command: list[str], folder: Path, environment: dict[str, str], deadline: float) -> int:
    """Run a command in a session of its own, which is killed as a whole at the deadline."""
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        return process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise PdfError("it took too long and was stopped; give it a longer time limit") from None
    finally:
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                if hasattr(os, "killpg"):
                    os.killpg(process.pid, signal.SIGKILL)
                else:
                    process.kill()
            process.wait()


def _log(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _complaints(log: str, starts: tuple[str, ...]) -> str:
    lines = [line for line in log.splitlines() if line.startswith(starts)]
    return "\n".join(lines[:_EXCERPT_LINES])


def _by_typst(report: Report, _time_limit: float) -> tuple[bytes, str]:
    """The PDF, made in memory: an empty folder is all that Typst could read."""
    try:
        import typst
    except ImportError:
        raise PdfError("it is not installed; run: pip install typst") from None
    with tempfile.TemporaryDirectory(prefix="derive-pdf-") as folder:
        source = typst_report(report).encode()
        try:
            compiler = typst.Compiler(
                source,
                root=folder,
                package_path=folder,
                package_cache_path=folder,
                ignore_system_fonts=True,
            )
            content = compiler.compile(format="pdf", timestamp=_epoch(report), pdf_tags=False)
        except typst.TypstError as error:
            raise PdfError(f"it stopped with an error:\n{error}") from None
    if not isinstance(content, bytes):
        raise PdfError("it returned no single file")
    return content, ""


#: The engines by name, in the order in which they are tried.
ENGINES: Mapping[str, Callable[[Report, float], tuple[bytes, str]]] = MappingProxyType(
    {"pdflatex": _by_pdflatex, "typst": _by_typst}
)
