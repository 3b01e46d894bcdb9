import dataclasses
import datetime
import shutil
import sys
import time
from pathlib import Path

import pytest

from derive.report import pdf
from derive.report.model import Report
from derive.report.pdf import PdfError, write_latex, write_pdf

needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")


def test_typst_makes_the_same_bytes_from_the_same_report(report: Report, tmp_path: Path) -> None:
    first = write_pdf(report, tmp_path, engine="typst")
    content = first.path.read_bytes()
    assert (first.engine, first.path) == ("typst", tmp_path / "homework3.pdf")
    assert content.startswith(b"%PDF")
    assert b"D:20250131" in content
    assert write_pdf(report, tmp_path, engine="typst").path.read_bytes() == content


@needs_tex
def test_pdflatex_makes_the_same_bytes_without_a_complaint(report: Report, tmp_path: Path) -> None:
    first = write_pdf(report, tmp_path, engine="pdflatex")
    content = first.path.read_bytes()
    assert content.startswith(b"%PDF")
    assert first.log_excerpt == ""
    assert write_pdf(report, tmp_path, engine="pdflatex").path.read_bytes() == content


def test_only_the_date_changes_with_the_date(report: Report, tmp_path: Path) -> None:
    later = dataclasses.replace(report, date=datetime.date(2025, 2, 1))
    one = write_latex(report, tmp_path, "one").read_text()
    two = write_latex(later, tmp_path, "two").read_text()
    assert one != two
    assert one.replace("2025{-}01{-}31", "2025{-}02{-}01") == two


def test_typst_where_there_is_no_tex(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf.shutil, "which", lambda _name: None)
    result = write_pdf(report, tmp_path)
    assert result.engine == "typst"
    assert result.log_excerpt == (
        "pdflatex: it is not installed; install TeX Live, or use the engine typst"
    )
    with pytest.raises(PdfError, match="pdflatex: it is not installed"):
        write_pdf(report, tmp_path, engine="pdflatex")


def test_tex_that_hangs_is_killed(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf.shutil, "which", lambda _name: sys.executable)
    slow = [sys.executable, "-c", "import time; time.sleep(600)"]
    run = pdf._run
    monkeypatch.setattr(pdf, "_run", lambda _command, *rest: run(slow, *rest))
    started = time.monotonic()
    with pytest.raises(PdfError, match="it took too long and was stopped"):
        write_pdf(report, tmp_path, engine="pdflatex", time_limit=0.2)
    assert time.monotonic() - started < 60


def test_an_unknown_engine_is_named(report: Report, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no engine is named 'word'; there are pdflatex, typst"):
        write_pdf(report, tmp_path, engine="word")


@needs_tex
def test_an_error_of_tex_is_told(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "latex_report", lambda _report: r"\documentclass{article}\foo")
    with pytest.raises(PdfError, match="Undefined control sequence"):
        write_pdf(report, tmp_path, engine="pdflatex")


@needs_tex
def test_tex_reads_no_file_outside_of_its_folder(
    report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret.tex"
    secret.write_text("secret")
    source = rf"\documentclass{{article}}\begin{{document}}\input{{{secret}}}\end{{document}}"
    monkeypatch.setattr(pdf, "latex_report", lambda _report: source)
    with pytest.raises(PdfError):
        write_pdf(report, tmp_path, engine="pdflatex")
