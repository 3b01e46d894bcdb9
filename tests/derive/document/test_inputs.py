r"""`\input`: taken in from below the folder, refused from anywhere else."""

from pathlib import Path

import pytest

from derive.document import load, parse


def test_places_lead_into_the_file_taken_in(tmp_path: Path) -> None:
    (tmp_path / "main.tex").write_text("$a$\n\\input{parts/one}\n$c$\n")
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "one.tex").write_text("one\n $b$\n")
    document = load(tmp_path / "main.tex")
    places = [document.place(display.start) for display in document.displays]
    assert [(Path(p.file).relative_to(tmp_path).as_posix(), p.line, p.column) for p in places] == [
        ("main.tex", 1, 2),
        ("parts/one.tex", 2, 3),
        ("main.tex", 3, 2),
    ]
    assert document.diagnostics == ()


REFUSED = [
    (r"\input{../secret}", "input-outside-folder", r"\input{../secret} leads out of the document's "
     "folder"),
    (r"\input{/etc/passwd}", "input-outside-folder", r"\input{/etc/passwd} leads out of the "
     "document's folder"),
    (r"\include{link}", "input-outside-folder", r"\input{link} leads out of the document's folder"),
    (r"\input{nothing}", "input-missing", r"\input{nothing}: there is no such file"),
    (r"\input{main}", "recursive-input", r"\input{main} takes in itself"),
    (r"\input{loop}", "recursive-input", r"\input{loop} takes in itself"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "kind", "message"), REFUSED)
def test_refuses(tmp_path: Path, command: str, kind: str, message: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (tmp_path / "secret.tex").write_text("$secret$")
    (folder / "link.tex").symlink_to(tmp_path / "secret.tex")
    (folder / "loop.tex").write_text(r"\input{loop}")
    (folder / "main.tex").write_text(f"$a$\n {command}\n$b$")
    document = load(folder / "main.tex")
    (diagnostic,) = document.diagnostics
    assert (diagnostic.kind, diagnostic.message) == (kind, message)
    assert diagnostic.line in (1, 2)
    assert [d.latex for d in document.displays] == ["a", "b"]


def test_without_a_folder_it_is_refused() -> None:
    (diagnostic,) = parse(r"\input{a}", kind="tex").diagnostics
    assert diagnostic.message == r"\input{a} in a text that has no folder"


def test_comments_take_nothing_in(tmp_path: Path) -> None:
    (tmp_path / "main.tex").write_text("% \\input{nothing}\n$a$")
    assert load(tmp_path / "main.tex").diagnostics == ()


def test_names_that_no_system_takes_are_missing_files(tmp_path: Path) -> None:
    for name in ("a" * 300, "a" * 5_000, "a/" * 1_000):
        (tmp_path / "main.tex").write_text(f"\\input{{{name}}}\n$a$")
        document = load(tmp_path / "main.tex")
        (diagnostic,) = document.diagnostics
        assert diagnostic.kind == "input-missing"
        assert len(diagnostic.message) < 200
        assert [display.latex for display in document.displays] == ["a"]


def test_only_so_many_files_are_taken_in(tmp_path: Path) -> None:
    (tmp_path / "main.tex").write_text("\\input{part}" * 1_010 + "\n$a$")
    (tmp_path / "part.tex").write_text("$b$\n")
    document = load(tmp_path / "main.tex")
    (diagnostic,) = document.diagnostics
    assert diagnostic.kind == "too-many-inputs"
    assert diagnostic.message == "more than 1,000 files are taken in"
    assert len(document.displays) == 1_001
