r"""Formulas, headings and declaration blocks of a Markdown text.

As CommonMark has it: fenced and indented code, code spans, HTML comments and backslash escapes hide
what is in them; ATX and setext headings make sections. Formulas are `$...$` (no blank after the
first dollar or before the last, no digit behind it, within a paragraph), `$$...$$`, `\(...\)`,
`\[...\]`, bare display environments, and fences that are marked `math`.
"""

import re
from bisect import bisect_left, bisect_right

from derive.document.model import Display
from derive.document.scan import Closers, Findings, Heading, Paragraphs, unclosed
from derive.reader.macros import definitions

ENVIRONMENTS = (
    "equation|align|gather|multline|eqnarray|displaymath|flalign|alignat|math|subequations|dmath"
)

_INTERESTING = re.compile(
    rf"""(?P<fence>^[ \t>]*(?:```+|~~~+))
    |(?P<atx>^[ ]{{0,3}}\#{{1,6}}(?=[ \t\r\n]))
    |(?P<setext>^[ ]{{0,3}}(?:=+|-+)[ \t]*\r?$)
    |(?P<ticks>`+)
    |(?P<comment><!--)
    |(?P<environment>\\begin\{{(?P<name>(?:{ENVIRONMENTS})\*?)\}})
    |(?P<bracket>\\\[)|(?P<parenthesis>\\\()
    |(?P<escape>\\[^A-Za-z])
    |(?P<double>\$\$)|(?P<single>\$)""",
    re.VERBOSE | re.MULTILINE,
)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(?:.*\r?\n)*?(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)")
_INLINE_CLOSE = re.compile(r"(?<![\s\\$])(?<!\\\\\\)\$(?![0-9$])")
_DOUBLE_CLOSE = re.compile(r"(?<!\\)\$\$")
_BRACKET_CLOSE = re.compile(r"\\\]")
_PARENTHESIS_CLOSE = re.compile(r"\\\)")
_COMMENT_CLOSE = re.compile(r"-->")
_TICKS = re.compile(r"`+")
_TICK_DOLLAR = re.compile(r"`\$")
_DERIVE = re.compile(r"<!--\s*derive(?=\s)")
_QUOTE = re.compile(r"^[ ]{0,3}(?:>[ ]?)+", re.MULTILINE)
_LIST_ITEM = re.compile(r"[ ]{0,3}(?:[-*+]|[0-9]{1,9}[.)])(?:[ \t]|$)")
_LINE = re.compile(r"[^\n]*\n?")


def scan_markdown(text: str) -> Findings:
    """Find formulas, headings and declaration blocks; linear in the length of the text."""
    scanner = _Scanner(text)
    scanner.run()
    for display in scanner.findings.displays:
        macros, problems = definitions(display.latex, display.start)
        scanner.findings.macros.extend(macros)
        scanner.findings.problems.extend(problems)
    return scanner.findings


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.findings = Findings()
        self.paragraphs = Paragraphs(text)
        self.closers = Closers(text)
        self.tick_runs: dict[int, list[int]] = {}
        for run in _TICKS.finditer(text):
            self.tick_runs.setdefault(len(run.group()), []).append(run.start())
        self.position = 0
        self.opened = 0

    def run(self) -> None:
        """Go through the text once."""
        text = self.text
        front = _FRONT_MATTER.match(text)
        if front is not None:
            self.exclude(0, front.end())
        code = _indented_code(text)
        starts = [start for start, _ in code]
        while (match := _INTERESTING.search(text, self.position)) is not None:
            index = bisect_right(starts, match.start()) - 1
            if index >= 0 and match.start() < code[index][1]:
                self.exclude(code[index][0], code[index][1])
                continue
            self.opened, self.position = match.span()
            _HANDLERS[match.lastgroup or ""](self, match)

    def exclude(self, start: int, end: int) -> None:
        """Skip something that is no prose."""
        self.findings.excluded.append((start, end))
        self.position = max(self.position, end)

    def add(self, kind: str, start: int, end: int, after: int, environment: str = "") -> None:
        """Take the text between two offsets as a formula and go on after it."""
        latex = self.text[start:end]
        if "\n" in latex and ">" in latex and self._quoted(start):
            latex = _QUOTE.sub(lambda quote: " " * len(quote.group()), latex)
        if latex.strip():
            chosen = Display("inline", latex, start, end, environment)
            if kind == "display":
                chosen = Display("display", latex, start, end, environment)
            self.findings.displays.append(chosen)
        self.findings.excluded.append((self.opened, after))
        self.position = after

    def _quoted(self, offset: int) -> bool:
        line = self.text.rfind("\n", 0, offset) + 1
        return self.text[line : line + 4].lstrip(" ").startswith(">")

    # One handler per kind of thing

    def fence(self, match: re.Match[str]) -> None:
        marks = match.group().lstrip(" \t>")
        closing = re.compile(
            rf"^[ \t>]*{re.escape(marks[0])}{{{len(marks)},}}[ \t]*\r?$", re.MULTILINE
        )
        line_end = self.text.find("\n", match.end())
        line_end = len(self.text) if line_end < 0 else line_end + 1
        info = self.text[match.end() : line_end].strip()
        if "`" in info and marks[0] == "`":
            self.ticks(match)
            return
        found = self.closers.find(closing, line_end, len(self.text))
        end = found.start() if found else len(self.text)
        after = found.end() if found else len(self.text)
        if info == "math":
            self.add("display", line_end, end, after)
        else:
            self.exclude(match.start(), after)

    def atx(self, match: re.Match[str]) -> None:
        end = self.text.find("\n", match.end())
        end = len(self.text) if end < 0 else end
        title = re.sub(r"[ \t]#+$", "", self.text[match.end() : end].strip()).strip()
        level = match.group().count("#")
        self.findings.headings.append(Heading(level, title, match.start()))

    def setext(self, match: re.Match[str]) -> None:
        line = self.text.rfind("\n", 0, max(match.start() - 1, 0)) + 1
        title = self.text[line : match.start()].strip()
        above = self.findings.displays[-1].end if self.findings.displays else 0
        if title and above <= line and not title.startswith(("#", "|", ">", "-", "<")):
            level = 1 if "=" in match.group() else 2
            self.findings.headings.append(Heading(level, title, line))

    def ticks(self, match: re.Match[str]) -> None:
        count = match.group().count("`")
        end = self.paragraphs.end(match.start())
        runs = self.tick_runs.get(count, [])
        index = bisect_left(runs, match.end())
        if index < len(runs) and runs[index] < end:
            self.exclude(match.start(), runs[index] + count)

    def comment(self, match: re.Match[str]) -> None:
        found = self.closers.find(_COMMENT_CLOSE, match.end(), len(self.text))
        derive = _DERIVE.match(self.text, match.start())
        if found is None:
            if derive is not None:
                self.findings.problems.append(
                    unclosed("unclosed-comment", match.start(), "<!--", "-->")
                )
            return
        if derive is not None:
            content = self.text[derive.end() : found.start()]
            self.findings.blocks.append((derive.end(), content))
        self.exclude(match.start(), found.end())

    def environment(self, match: re.Match[str]) -> None:
        name = match.group("name")
        closing = re.compile(re.escape(f"\\end{{{name}}}"))
        found = self.closers.find(closing, match.end(), len(self.text))
        if found is None:
            opening = match.group()
            self.findings.problems.append(
                unclosed("unclosed-display", match.start(), opening, f"\\end{{{name}}}")
            )
            return
        self.add("display", match.end(), found.start(), found.end(), name)

    def bracket(self, match: re.Match[str]) -> None:
        self.delimited(match, _BRACKET_CLOSE, "display")

    def parenthesis(self, match: re.Match[str]) -> None:
        self.delimited(match, _PARENTHESIS_CLOSE, "inline")

    def delimited(self, match: re.Match[str], closing: re.Pattern[str], kind: str) -> None:
        end = self.paragraphs.end(match.start())
        found = self.closers.find(closing, match.end(), end)
        # In CommonMark alone these are escaped brackets; a pair makes them a formula.
        if found is not None:
            self.add(kind, match.end(), found.start(), found.end())

    def escape(self, match: re.Match[str]) -> None:
        """Pass over an escaped character."""

    def double(self, match: re.Match[str]) -> None:
        start = match.end()
        found = self.closers.find(_DOUBLE_CLOSE, start, len(self.text))
        if found is not None and found.start() > self.paragraphs.end(start):
            alone = self.text[start:].partition("\n")[0] if found.start() - start < 10**6 else "x"
            line = self.text.rfind("\n", 0, found.start()) + 1
            if alone.strip() or self.text[line : found.start()].strip(" \t>"):
                found = None
        if found is None:
            self.findings.problems.append(unclosed("unclosed-display", match.start(), "$$", "$$"))
            return
        self.add("display", start, found.start(), found.end())

    def single(self, match: re.Match[str]) -> None:
        start = match.end()
        following = self.text[start : start + 1]
        end = self.paragraphs.end(match.start())
        if following == "`":
            found = self.closers.find(_TICK_DOLLAR, start + 1, end)
            if found is not None:
                self.add("inline", start + 1, found.start(), found.end())
                return
        if not following or following.isspace():
            return
        first = found = self.closers.find(_INLINE_CLOSE, start, end)
        for _ in range(4):
            # A dollar inside the braces of \text{...} does not close.
            if found is None or _balanced(self.text, start, found.start()):
                break
            found = _INLINE_CLOSE.search(self.text, found.end(), min(end, found.end() + 1000))
        found = found or first
        if found is not None:
            self.add("inline", start, found.start(), found.end())


_HANDLERS = {
    "fence": _Scanner.fence,
    "atx": _Scanner.atx,
    "setext": _Scanner.setext,
    "ticks": _Scanner.ticks,
    "comment": _Scanner.comment,
    "environment": _Scanner.environment,
    "bracket": _Scanner.bracket,
    "parenthesis": _Scanner.parenthesis,
    "escape": _Scanner.escape,
    "double": _Scanner.double,
    "single": _Scanner.single,
}


def _balanced(text: str, start: int, end: int) -> bool:
    return text.count("{", start, end) <= text.count("}", start, end)


def _indented_code(text: str) -> list[tuple[int, int]]:
    """Return the ranges of indented code: after a blank line, and not below a list item."""
    if "\n    " not in text and "\n\t" not in text and text[:1] not in (" ", "\t"):
        return []
    ranges: list[tuple[int, int]] = []
    blank, in_list, in_code = True, False, False
    for match in _LINE.finditer(text):
        line = match.group()
        if not line.strip():
            blank = True
            continue
        indented = line.startswith(("    ", "\t"))
        if indented and not in_list and (blank or in_code):
            start = ranges.pop()[0] if in_code and ranges else match.start()
            ranges.append((start, match.end()))
            in_code = True
        else:
            in_code = False
            if not indented:
                continued = in_list and (not blank or line.startswith("  "))
                in_list = _LIST_ITEM.match(line) is not None or continued
        blank = False
    return ranges
