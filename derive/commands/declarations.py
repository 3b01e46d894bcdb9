"""Declarations from a file of their own (``--declare``), put over documents."""

from dataclasses import dataclass, replace

from derive.document import Document, DocumentError, outside_blocks
from derive.document.load import decoded

#: The most bytes of a declarations file.
_MOST_DECLARED = 2**20


@dataclass(frozen=True, slots=True)
class DeclarationsFile:
    """A file of declarations that is put over every document."""

    path: str
    text: str


def read_declarations(path: str | None) -> DeclarationsFile | None:
    """The file of declarations, None without a path.  Raises DocumentError."""
    if path is None:
        return None
    try:
        with open(path, "rb") as stream:
            data = stream.read(_MOST_DECLARED + 1)
    except OSError as error:
        raise DocumentError(f"{path} can't be read: {error.strerror}") from None
    except ValueError:
        raise DocumentError("a path with a NUL character can't be read") from None
    if len(data) > _MOST_DECLARED:
        raise DocumentError(f"{path} is longer than {_MOST_DECLARED:,} bytes")
    text, problems = decoded(data)
    if problems:
        raise DocumentError(f"{path}: {problems[0].message}")
    return DeclarationsFile(path, text)


def with_declarations(document: Document, declared: DeclarationsFile | None) -> Document:
    """The document with the declarations of the file over its own."""
    if declared is None:
        return document
    blocks, told = outside_blocks(declared.text, declared.path, document)
    return replace(
        document,
        blocks=(*document.blocks, *blocks),
        diagnostics=(*document.diagnostics, *told),
    )
