"""What is fuzzed: the reader, the elaborator, the whole of a check.  Any exception is a find.

Each target takes the bytes of one input.  The errors that the parts report as data (problems,
diagnostics, verdicts) are no finds; what they catch only so that one chain never takes the others
down is, and is raised here.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from unittest.mock import patch

from derive.check import Checked, check_document
from derive.document import Document, parse
from derive.propose import propose
from derive.reader import surface
from derive.reader.chains import read_display
from derive.reader.declarations import declared_names, parse_declarations
from derive.reader.macros import Macros, definitions
from derive.report.check_json import file_to_json
from derive.report.check_model import file_report
from derive.report.check_text import Style, file_text
from derive.terms.obligation import Obligation, Statement
from derive.verdict import Kind, Verdict

#: Longer inputs are cut.
MOST_CHARACTERS = 2_000

#: What the formulas of an input may rest on; an input with a block of its own stands alone.
DECLARATIONS = r"""<!-- derive
n, m, d, d_h, K : dimension
x, z, u, v : R^n     y : R^m, one-hot     b : R^m     p : R^m, positive, sums to 1
a, c, t, \alpha, \beta : R     s : R, s > 0     k : index 1..m
A, B : R^{n x n}     Q : R^{n x n}, invertible, symmetric     W : R^{m x n}
b^{(1)} : R^{d_h}     W^{(1)} : R^{d_h x d}     h^a, h^s : R^{d_h}
\sigma : R -> R     S : R^n -> R^n     f, g : R^n -> R
-->
"""

_NAMES = declared_names(parse_declarations(DECLARATIONS.partition("\n")[2].rpartition("-->")[0])[0])


def read(data: bytes) -> None:
    """Documents of the three kinds, declarations, macros and a display from one text."""
    text = _text(data)
    macros, _ = definitions(text)
    reading = read_display(text, _NAMES, Macros.of(macros))
    for chain in reading.chains:
        for side in chain.sides:
            if not isinstance(side, surface.Unread):
                for node in surface.walk(side):
                    assert 0 <= node.span.start <= node.span.end <= len(text), node
    parse_declarations(text)
    for kind in ("md", "tex", "ipynb"):
        document = parse(text, kind=kind)
        for display in document.displays:
            document.place(display.start)


def elaborate(data: bytes) -> None:
    """Scopes, definitions and typed statements of a small document; nothing is judged."""
    with patch("derive.checking.chains.judge", _undecided):
        _sound(check_document(_document(data)))
    propose(_document(data))


def check(data: bytes) -> None:
    """The whole of ``derive check`` for a small document: verdicts, repairs, text and JSON."""
    document = _document(data)
    checked = check_document(document)
    _sound(checked)
    report = file_report(checked, {file.path: file for file in document.source.files})
    for explained in report.steps:
        assert not explained.trouble, explained.trouble
    file_text(report, Style(80, True, True))
    file_to_json(report)


#: All targets by name.
TARGETS: Mapping[str, Callable[[bytes], None]] = MappingProxyType(
    {"read": read, "elaborate": elaborate, "check": check}
)


def _text(data: bytes) -> str:
    return data.decode("utf-8", errors="replace")[:MOST_CHARACTERS]


def _document(data: bytes) -> Document:
    text = _text(data)
    if "derive" in text:
        return parse(text, kind="tex" if "% derive" in text else "md")
    return parse(f"{DECLARATIONS}\n{text}\n", kind="md")


def _sound(checked: Checked) -> None:
    """A fault of ours that ``check`` catches is a find; a limit of Python is none."""
    for step in checked.steps:
        for verdict in (step.verdict, step.conclusion):
            assert verdict is None or verdict.method != "fault", verdict
            assert verdict is None or not verdict.withdrawn, verdict


def _undecided(_statement: Obligation | Statement, *, seed: int) -> Verdict:
    return Verdict(Kind.UNKNOWN, "not asked", reason=f"not judged under seed {seed}")
