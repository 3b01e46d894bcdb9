r"""`\input` and `\include` of files below the document's own folder, and of no others."""

import os
import re
from pathlib import Path

from derive.document.model import Diagnostic, diagnostic_at
from derive.document.sources import SourceFile, SourceMap, Stitch
from derive.reader.problems import Problem, Span

MAX_DEPTH, MAX_INPUTS = 16, 1_000
#: The most characters of a file's name, and of one in a message.
_LONGEST_NAME, _LONGEST_SHOWN = 4_096, 80

_INPUT = re.compile(
    r"""(?P<skip>%[^\n]*|\\%|\\begin\{verbatim\}.*?\\end\{verbatim\})
    |\\(?:input|include|subfile)\s*(?:\{(?P<braced>[^{}\n]*)\}|[ ](?P<bare>[^\s{}%\\]+))""",
    re.VERBOSE | re.DOTALL,
)


def stitched(
    file: SourceFile, folder: Path | None, limit: int
) -> tuple[str, SourceMap, tuple[Diagnostic, ...]]:
    r"""Replace each `\input` by the file, in the whole text; what is refused is told and stays.

    `folder` is the only place files are taken from, links resolved; `limit` bounds the length of
    the whole text.
    """
    stitching = _Stitching(folder, limit)
    stitching.shown_root = os.path.dirname(file.path)
    stitching.take(file, () if folder is None else (stitching.real(file),))
    source = SourceMap.of(stitching.files, stitching.stitches or [Stitch(0, 0, 0)])
    return "".join(stitching.pieces), source, tuple(stitching.notes)


class _Stitching:
    def __init__(self, folder: Path | None, limit: int) -> None:
        self.root = None if folder is None else Path(os.path.realpath(folder))
        self.limit = limit
        self.shown_root = ""
        self.files: list[SourceFile] = []
        self.pieces: list[str] = []
        self.stitches: list[Stitch] = []
        self.notes: list[Diagnostic] = []
        self.length = 0
        self.asked = 0

    def take(self, file: SourceFile, above: tuple[str, ...]) -> None:
        """Append a file and, in their places, those that it takes in."""
        number = len(self.files)
        self.files.append(file)
        position = 0
        for match in _INPUT.finditer(file.text):
            if match.group("skip") is not None:
                continue
            name = (match.group("braced") or match.group("bare") or "").strip()
            self.asked += 1
            if self.asked > MAX_INPUTS:
                self.too_many(file, match)
                break
            found = self.find(name, above)
            if isinstance(found, tuple):
                kind, words, help_ = found
                problem = Problem(kind, Span(*match.span()), words, "", help_)
                self.notes.append(diagnostic_at(problem, SourceMap.whole(file), 0))
                continue
            self.append(file.text[position : match.start()], number, position)
            position = match.end()
            self.take(found, (*above, self.real(found)))
        self.append(file.text[position:], number, position)

    def too_many(self, file: SourceFile, match: re.Match[str]) -> None:
        """Tell, once, that no more files are taken in."""
        if self.asked == MAX_INPUTS + 1:
            words = f"more than {MAX_INPUTS:,} files are taken in"
            help_ = "check fewer files; from here on none is taken in"
            problem = Problem("too-many-inputs", Span(*match.span()), words, "", help_)
            self.notes.append(diagnostic_at(problem, SourceMap.whole(file), 0))

    def real(self, file: SourceFile) -> str:
        """Return where a file that was taken in really is."""
        inside = os.path.relpath(file.path, self.shown_root or ".")
        return os.path.join(self.root or "", inside)

    def append(self, text: str, number: int, origin: int) -> None:
        self.stitches.append(Stitch(self.length, number, origin))
        self.pieces.append(text)
        self.length += len(text)

    def find(self, name: str, above: tuple[str, ...]) -> SourceFile | tuple[str, str, str]:
        """Return the file of an `\\input`, or kind, words and help of what is wrong with it."""
        short = name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}..."
        shown = f"\\input{{{short}}}"
        if self.root is None:
            return (
                "input-refused",
                f"{shown} in a text that has no folder",
                "give the file itself",
            )
        outside = (
            "input-outside-folder",
            f"{shown} leads out of the document's folder",
            "only files below the folder of the document are read",
        )
        if not name or len(name) > _LONGEST_NAME or "\0" in name or name.startswith(("~", "|")):
            return ("input-missing", f"{shown} names no file", "name a file in the folder")
        target = Path(os.path.realpath(self.root / name))
        if not os.path.isfile(target) and target.suffix != ".tex":
            target = Path(os.path.realpath(self.root / f"{name}.tex"))
        if not target.is_relative_to(self.root):
            return outside
        if not os.path.isfile(target):  # False too for a name that is too long
            return ("input-missing", f"{shown}: there is no such file", "check the name")
        if os.fspath(target) in above or len(above) >= MAX_DEPTH:
            return ("recursive-input", f"{shown} takes in itself", "take out the circle")
        if self.length + target.stat().st_size > self.limit:
            return ("input-too-large", f"{shown} makes the text too long", "check fewer files")
        try:
            text = target.read_bytes().decode("utf-8", errors="replace")
        except OSError as error:
            return ("input-missing", f"{shown} can't be read: {error.strerror}", "check the file")
        path = os.path.join(self.shown_root, os.path.relpath(target, start=self.root))
        return SourceFile.of(path, text)
