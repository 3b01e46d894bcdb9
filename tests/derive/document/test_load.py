"""Files, folders, encodings, kinds."""

from pathlib import Path

import pytest

from derive.document import DocumentError, load, load_folder, parse, parse_bytes
from derive.document.load import guess_kind


def test_load_tells_the_kind_by_the_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.tex").write_text("% $a$\n$b$")
    (tmp_path / "a.md").write_text("% $a$")
    assert [d.latex for d in load(tmp_path / "a.tex").displays] == ["b"]
    assert [d.latex for d in load(tmp_path / "a.md").displays] == ["a"]


def test_a_folder_is_read_in_order_without_hidden_files_and_parts(tmp_path: Path) -> None:
    for name in ["b.md", "a.md", ".hidden.md", "sub/c.tex", "sub/part.tex", "x.txt"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(r"\input{part}" if name == "sub/c.tex" else "$x$")
    documents = load_folder(tmp_path)
    names = [Path(document.path).relative_to(tmp_path).as_posix() for document in documents]
    assert names == ["a.md", "b.md", "sub/c.tex"]


def test_unreadable(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"nothing\.md does not exist$"):
        load(tmp_path / "nothing.md")
    with pytest.raises(DocumentError, match=r"is a folder, not a file$"):
        load(tmp_path)
    with pytest.raises(DocumentError, match=r"is not a folder$"):
        load_folder(tmp_path / "nothing")
    with pytest.raises(DocumentError, match="NUL"):
        load("a\0b.md")


def test_wrong_encoding_is_told_and_the_rest_is_read() -> None:
    document = parse_bytes("a\ncaf\xe9 $x = y$".encode("latin-1"))
    (diagnostic,) = document.diagnostics
    assert diagnostic.message == "the byte 0xE9, which is not UTF-8; expected text in UTF-8"
    assert (diagnostic.line, diagnostic.column) == (2, 4)
    assert [d.latex for d in document.displays] == ["x = y"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encodings_with_a_mark(encoding: str) -> None:
    document = parse_bytes("$\u03b1$".encode(encoding))
    assert [d.latex for d in document.displays] == ["\u03b1"]
    assert document.diagnostics == ()


def test_guess_kind() -> None:
    assert guess_kind(r"\documentclass{article}") == "tex"
    assert guess_kind('{"cells": []}') == "ipynb"
    assert guess_kind("# Notes") == "md"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_like(newline: str) -> None:
    document = parse(f"a{newline}{newline}b $x$", kind="md")
    assert document.place(document.displays[0].start) == ("<stdin>", 3, 4)


def test_a_hostile_text_gives_a_document() -> None:
    for text in ["$" * 999, "`" * 999, "\0$a$", "$$\n" * 99, "\\begin{align}" * 99, "<!--" * 99]:
        for kind in ("md", "tex"):
            parse(text, kind=kind)
