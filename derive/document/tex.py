r"""Formulas, headings, macros and declaration blocks of a LaTeX text.

Comments and verbatim text are left out; formulas count between `\begin{document}` and
`\end{document}` where there is one; macro definitions count everywhere.
"""

import re

from derive.document.markdown import ENVIRONMENTS
from derive.document.model import Display
from derive.document.scan import Closers, Findings, Heading, Paragraphs, unclosed
from derive.reader.macros import take_definition
from derive.reader.problems import Problem, ReadFailure, Span
from derive.reader.tokens import tokenize

_VERBATIM = "verbatim|Verbatim|lstlisting|minted|comment|alltt"
_LEVELS = {
    "part": 1,
    "chapter": 2,
    "section": 3,
    "subsection": 4,
    "subsubsection": 5,
    "paragraph": 6,
}
_INTERESTING = re.compile(
    rf"""(?P<comment>%[^\n]*)
    |(?P<verbatim>\\begin\{{(?P<code>(?:{_VERBATIM})\*?)\}})
    |(?P<verb>\\verb\*?(?P<mark>[^A-Za-z\s*]))
    |(?P<environment>\\begin\{{(?P<name>(?:{ENVIRONMENTS})\*?)\}})
    |(?P<heading>\\(?P<level>{"|".join(_LEVELS)})\*?\s*(?:\[[^\]\n]*\]\s*)?\{{)
    |(?P<definition>\\(?:newcommand|renewcommand|providecommand|DeclareRobustCommand
        |DeclareMathOperator|g?def|edef|let)(?![A-Za-z]))
    |(?P<opening>\\begin\{{document\}})
    |(?P<closing>\\end\{{document\}})
    |(?P<bracket>\\\[)|(?P<parenthesis>\\\()
    |(?P<escape>\\[^A-Za-z])
    |(?P<double>\$\$)|(?P<single>\$)""",
    re.VERBOSE,
)
_DERIVE = re.compile(r"[ \t]*%[ \t]*derive:")
_SINGLE_CLOSE = re.compile(r"(?<!\\)\$")
_DOUBLE_CLOSE = re.compile(r"(?<!\\)\$\$")
_BRACKET_CLOSE = re.compile(r"(?<!\\)\\\]")
_PARENTHESIS_CLOSE = re.compile(r"(?<!\\)\\\)")
# A definition is sought in windows of growing size: most are short, none is endless.
_WINDOWS = (400, 4_000, 40_000)


def scan_tex(text: str) -> Findings:
    """Find formulas, headings, macros and declaration blocks; linear in the text."""
    scanner = _Scanner(text)
    scanner.run()
    return scanner.findings


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.findings = Findings()
        self.paragraphs = Paragraphs(text)
        self.closers = Closers(text)
        self.position = 0
        self.opened = 0
        self.body = 0
        self.patience = 10
        self.ended = False

    def run(self) -> None:
        """Go through the text once."""
        while not self.ended:
            match = _INTERESTING.search(self.text, self.position)
            if match is None:
                break
            self.opened, self.position = match.span()
            _HANDLERS[_kind(match)](self, match)
        if self.body:
            kept = [display for display in self.findings.displays if display.start >= self.body]
            self.findings.displays = kept

    def exclude(self, start: int, end: int) -> None:
        """Skip something that is no prose."""
        self.findings.excluded.append((start, end))
        self.position = max(self.position, end)

    def add(self, kind: str, start: int, end: int, after: int, environment: str = "") -> None:
        """Take the text between two offsets as a formula and go on after it."""
        latex = self.text[start:end]
        if latex.strip():
            chosen = Display("inline", latex, start, end, environment)
            if kind == "display":
                chosen = Display("display", latex, start, end, environment)
            self.findings.displays.append(chosen)
        self.findings.excluded.append((self.opened, after))
        self.position = after

    def comment(self, match: re.Match[str]) -> None:
        line = self.text.rfind("\n", 0, match.start()) + 1
        if _DERIVE.match(self.text, line) is None:
            self.exclude(match.start(), match.end())
            return
        # A run of such lines is one block; the marks become blanks, so that offsets stay.
        pieces: list[str] = []
        start = line
        while (mark := _DERIVE.match(self.text, line)) is not None:
            end = self.text.find("\n", line)
            end = len(self.text) if end < 0 else end + 1
            pieces.append(" " * (mark.end() - line) + self.text[mark.end() : end])
            line = end
        self.findings.blocks.append((start, "".join(pieces)))
        self.exclude(start, line)

    def verbatim(self, match: re.Match[str]) -> None:
        found = self.text.find(f"\\end{{{match.group('code')}}}", match.end())
        self.exclude(match.start(), len(self.text) if found < 0 else found)

    def verb(self, match: re.Match[str]) -> None:
        line = self.text.find("\n", match.end())
        found = self.text.find(match.group("mark"), match.end(), line if line >= 0 else None)
        if found >= 0:
            self.exclude(match.start(), found + 1)

    def environment(self, match: re.Match[str]) -> None:
        name = match.group("name")
        if name.rstrip("*") == "subequations":
            return
        closing = re.compile(re.escape(f"\\end{{{name}}}"))
        found = self.closers.find(closing, match.end(), len(self.text))
        if found is None:
            self.findings.problems.append(
                unclosed("unclosed-display", match.start(), match.group(), f"\\end{{{name}}}")
            )
            return
        start = match.end()
        if name.startswith("alignat") and self.text[start : start + 1] == "{":
            start = self.text.find("}", start) + 1
        kind = "inline" if name == "math" else "display"
        self.add(kind, start, found.start(), found.end(), name)

    def heading(self, match: re.Match[str]) -> None:
        depth, end = 1, match.end()
        limit = min(len(self.text), end + 1000)
        while end < limit and depth:
            depth += {"{": 1, "}": -1}.get(self.text[end], 0)
            end += 1
        title = " ".join(self.text[match.end() : end - 1].split())
        level = _LEVELS[match.group("level")]
        self.findings.headings.append(Heading(level, title, match.start()))

    def definition(self, match: re.Match[str]) -> None:
        failure: Problem | None = None
        for window in _WINDOWS if self.patience else _WINDOWS[:1]:
            tokens, _ = tokenize(self.text[match.start() : match.start() + window])
            try:
                taken = take_definition(tokens, 0)
            except ReadFailure as error:
                failure = error.problem
                continue
            if taken is not None:
                macro, index = taken
                end = match.start() + tokens[index - 1].end
                if macro is not None:
                    self.findings.macros.append(macro.moved(match.start()))
                self.exclude(match.start(), end)
            return
        if failure is not None:
            self.patience = max(0, self.patience - 1)
            span = Span(match.start(), match.end())
            self.findings.problems.append(
                Problem(failure.kind, span, failure.found, failure.expected, failure.help)
            )

    def opening(self, match: re.Match[str]) -> None:
        self.body = match.end()
        self.exclude(0, match.end())

    def closing(self, match: re.Match[str]) -> None:
        self.exclude(match.start(), len(self.text))
        self.ended = True

    def bracket(self, match: re.Match[str]) -> None:
        self.delimited(match, _BRACKET_CLOSE, "display", "\\]")

    def parenthesis(self, match: re.Match[str]) -> None:
        self.delimited(match, _PARENTHESIS_CLOSE, "inline", "\\)")

    def escape(self, match: re.Match[str]) -> None:
        """Pass over an escaped character."""

    def double(self, match: re.Match[str]) -> None:
        self.delimited(match, _DOUBLE_CLOSE, "display", "$$")

    def single(self, match: re.Match[str]) -> None:
        end = self.paragraphs.end(match.start())
        first = found = self.closers.find(_SINGLE_CLOSE, match.end(), end)
        for _ in range(4):
            if found is None or self.text.count("{", match.end(), found.start()) <= (
                self.text.count("}", match.end(), found.start())
            ):
                break
            found = _SINGLE_CLOSE.search(self.text, found.end(), min(end, found.end() + 1000))
        found = found or first
        if found is None:
            self.findings.problems.append(unclosed("unclosed-formula", match.start(), "$", "$"))
            return
        self.add("inline", match.end(), found.start(), found.end())

    def delimited(
        self, match: re.Match[str], closing: re.Pattern[str], kind: str, delimiter: str
    ) -> None:
        # TeX allows no blank line in a formula.
        end = self.paragraphs.end(match.end())
        found = self.closers.find(closing, match.end(), end)
        if found is None:
            self.findings.problems.append(
                unclosed("unclosed-display", match.start(), match.group(), delimiter)
            )
            return
        self.add(kind, match.end(), found.start(), found.end())


def _kind(match: re.Match[str]) -> str:
    for kind in _HANDLERS:
        if match.group(kind) is not None:
            return kind
    return "escape"


_HANDLERS = {
    "comment": _Scanner.comment,
    "verbatim": _Scanner.verbatim,
    "verb": _Scanner.verb,
    "environment": _Scanner.environment,
    "heading": _Scanner.heading,
    "definition": _Scanner.definition,
    "opening": _Scanner.opening,
    "closing": _Scanner.closing,
    "bracket": _Scanner.bracket,
    "parenthesis": _Scanner.parenthesis,
    "escape": _Scanner.escape,
    "double": _Scanner.double,
    "single": _Scanner.single,
}
