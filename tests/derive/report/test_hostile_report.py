"""Every string of a report hostile at once: both typesetters show it as text, and do nothing."""

import dataclasses
import json
import shutil
import subprocess
from enum import Enum
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from derive.report.json_report import report_to_json
from derive.report.latex import latex_report
from derive.report.model import Report
from derive.report.pdf import write_pdf
from derive.report.terminal import terminal_report
from derive.terms.term import Node

needs_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="no pdflatex")
needs_text = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="no pdftotext")

#: Texts as a document may hold them; the last word of each is looked for in the PDF.
HOSTILE = (
    r"\input{/etc/passwd}",
    r"\immediate\write18{touch written}",
    r"^^5cinput{/etc/hostname}",
    r"\catcode`\@=0 @input{x}",
    r"\end{document}\bye",
    r"}}}$$\csname input\endcsname{x}",
    '#read("/etc/passwd")',
    '"; #import "/etc/passwd": x',
    "<script>alert(1)</script>",
    "100% & # _ ~ ^ { } $",
    "a\x1b[2Jb\x07c\r\nd‮e\x00",
)


def _hostile(value: Any, words: Any) -> Any:
    """The same data with every text replaced; terms, kinds and keys of layout stay."""
    if isinstance(value, Node | Enum) or value is None:
        return value
    if isinstance(value, str):
        return next(words)
    if isinstance(value, tuple):
        return tuple(_hostile(part, words) for part in value)
    if dataclasses.is_dataclass(value):
        changed = {
            field.name: _hostile(getattr(value, field.name), words)
            for field in dataclasses.fields(value)
            if field.name != "plots" and field.init
        }
        return dataclasses.replace(value, **changed)  # type: ignore[type-var]
    return value


def _endlessly() -> Any:
    """The texts in turn, each with a number of its own: names are keys."""
    for number in count():
        yield f"{HOSTILE[number % len(HOSTILE)]} {number}"


@pytest.fixture
def hostile(report: Report) -> Report:
    return _hostile(report, _endlessly())  # type: ignore[no-any-return]


def _text(path: Path) -> str:
    done = subprocess.run(["pdftotext", "-raw", path, "-"], capture_output=True, check=True)
    return "".join(done.stdout.decode(errors="replace").split())


@needs_text
@pytest.mark.parametrize("engine", [pytest.param("pdflatex", marks=needs_tex), "typst"])
def test_hostile_text_appears_as_text(engine: str, hostile: Report, tmp_path: Path) -> None:
    made = write_pdf(hostile, tmp_path, engine=engine)
    text = _text(made.path)
    for shown in (
        r"\input{/etc/passwd}",
        r"\write18{touchwritten}",
        r"^^5cinput{/etc/hostname}",
        r"\catcode",
        r"\end{document}",
        '#read("/etc/passwd")',
        "#import",
        "<script>alert(1)</script>",
    ):
        assert _plain(shown) in _plain(text), shown
    assert "root:" not in text
    assert [path.name for path in tmp_path.iterdir()] == [made.path.name]


def _plain(text: str) -> str:
    """Without what typography changes: quotes and hyphens."""
    return "".join(c for c in text if c.isascii() and c not in "\"'`-")


def test_the_latex_is_ascii_without_live_commands_of_a_text(hostile: Report) -> None:
    source = latex_report(hostile)
    assert source.isascii()
    for command in (r"\input", r"\write", r"\immediate", r"\catcode`", r"\csname", "^^5c"):
        assert command not in source.replace(r"\textbackslash{}", "").partition(
            r"\begin{document}"
        )[2].replace(r"\char92{}", "")
    assert source.count(r"\end{document}") == 1


def test_the_terminal_and_json_hold_no_control_characters(hostile: Report) -> None:
    shown = terminal_report(hostile, 100)
    assert all(c.isprintable() or c == "\n" for c in shown)
    data = json.dumps(report_to_json(hostile))
    assert data.isascii()
    assert data.isprintable()
    assert json.loads(data)
