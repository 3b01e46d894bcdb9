"""Documents from files, folders, and text."""

import os
import stat
from pathlib import Path

from derive.document.inputs import stitched
from derive.document.markdown import scan_markdown
from derive.document.model import Diagnostic, Document, diagnostic_at
from derive.document.notebook import markdown_cells
from derive.document.scan import document_of
from derive.document.sources import SourceFile, SourceMap
from derive.document.tex import scan_tex
from derive.reader.problems import Problem, Span

SUFFIXES = {".md": "md", ".markdown": "md", ".tex": "tex", ".ltx": "tex", ".ipynb": "ipynb"}
MAX_BYTES = 64 * 2**20


class DocumentError(Exception):
    """A file or folder that can't be read at all; the message says why in plain words."""


def load(path: str | Path) -> Document:
    """Read one file; its kind is told by its suffix (Markdown, if unknown).

    Raises `DocumentError` when it does not exist, is no regular file, or is too large.
    """
    place = Path(path)
    kind = SUFFIXES.get(place.suffix.lower(), "md")
    return parse_bytes(_contents(place), os.fspath(path), kind, place.parent)


def load_folder(path: str | Path) -> tuple[Document, ...]:
    r"""Read all documents below a folder, in the order of their paths.

    Hidden files and links are passed over, and so are `.tex` files that another one takes in by
    `\input`. Raises `DocumentError` when there is no such folder.
    """
    root = Path(path)
    if not root.is_dir():
        raise DocumentError(f"{path} is not a folder")
    found: list[Path] = []
    for folder, subfolders, files in os.walk(root):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        found += [
            Path(folder, name)
            for name in files
            if Path(name).suffix.lower() in SUFFIXES
            and not name.startswith(".")
            and not Path(folder, name).is_symlink()
        ]
    documents = [load(file) for file in sorted(found)]
    parts = {
        os.path.realpath(file.path)
        for document in documents
        for file in document.source.files
        if file.path != document.path
    }
    return tuple(d for d in documents if os.path.realpath(d.path) not in parts)


def parse_bytes(
    data: bytes, path: str = "<stdin>", kind: str = "", folder: Path | None = None
) -> Document:
    """Read a document from bytes: UTF-8, or UTF-16 with its mark; anything else is told."""
    text, problems = decoded(data)
    return parse(text, path, kind, folder, problems)


def parse(
    text: str,
    path: str = "<stdin>",
    kind: str = "",
    folder: Path | None = None,
    problems: tuple[Problem, ...] = (),
) -> Document:
    r"""Read a document from its text; `kind` is `md`, `tex`, `ipynb`, or empty to guess.

    `folder` is where `\input` looks; without one it is refused.
    """
    kind = kind or guess_kind(text)
    file = SourceFile.of(path, text)
    told = [diagnostic_at(problem, SourceMap.whole(file), 0) for problem in problems]
    if kind == "ipynb":
        cells, source, more = markdown_cells(file)
        told += [diagnostic_at(problem, SourceMap.whole(file), 0) for problem in more]
        return document_of(path, cells, source, scan_markdown(cells), tuple(told))
    if kind == "tex":
        whole, source, notes = stitched(file, folder, MAX_BYTES)
        return document_of(path, whole, source, scan_tex(whole), (*told, *notes))
    source = SourceMap.whole(file)
    return document_of(path, text, source, scan_markdown(text), tuple(told))


def guess_kind(text: str) -> str:
    """Guess the kind of a text that has no file name."""
    head = text[:100_000]
    if head.lstrip().startswith("{") and '"cells"' in text:
        return "ipynb"
    if "\\documentclass" in head or "\\begin{document}" in head or "\\section{" in head:
        return "tex"
    return "md"


def decoded(data: bytes) -> tuple[str, tuple[Problem, ...]]:
    """Decode bytes; what is not UTF-8 becomes U+FFFD, and the first such place is told."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), ()
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        place = len(data[: error.start].decode("utf-8", errors="replace"))
        byte = data[error.start]
        problem = Problem(
            "wrong-encoding",
            Span(place, place + 1),
            f"the byte 0x{byte:02X}, which is not UTF-8",
            "text in UTF-8",
            "save the file as UTF-8; what can be read is read",
        )
        return data.decode("utf-8", errors="replace"), (problem,)


def _contents(path: Path) -> bytes:
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise DocumentError(f"{path} is a folder, not a file")
        if not stat.S_ISREG(status.st_mode):
            raise DocumentError(f"{path} is not a regular file")
        if status.st_size > MAX_BYTES:
            raise DocumentError(
                f"{path} has {status.st_size:,} bytes; at most {MAX_BYTES:,} are read"
            )
        return path.read_bytes()
    except FileNotFoundError:
        raise DocumentError(f"{path} does not exist") from None
    except PermissionError:
        raise DocumentError(f"{path} may not be read (permission denied)") from None
    except OSError as error:
        raise DocumentError(f"{path} can't be read: {error.strerror}") from None
    except ValueError:
        raise DocumentError("a path with a NUL character can't be read") from None


__all__ = ["Diagnostic", "DocumentError", "decoded", "load", "load_folder", "parse", "parse_bytes"]
