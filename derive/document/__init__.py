"""Documents: where the formulas, headings and declarations of a file are.

`load` reads a file (`.md`, `.tex`, `.ipynb`), `load_folder` a folder, `parse` a text. The scanners
are our own: a CommonMark library gives blocks but neither dollar formulas nor their columns, and
what is needed of CommonMark (fences, code spans, indented code, comments, headings) is little.
"""

from derive.document.blocks import outside_blocks
from derive.document.load import DocumentError, load, load_folder, parse, parse_bytes
from derive.document.model import Block, Diagnostic, Display, Document, Prose, Section
from derive.document.sources import Place, SourceFile, SourceMap

__all__ = [
    "Block",
    "Diagnostic",
    "Display",
    "Document",
    "DocumentError",
    "Place",
    "Prose",
    "Section",
    "SourceFile",
    "SourceMap",
    "load",
    "load_folder",
    "outside_blocks",
    "parse",
    "parse_bytes",
]
