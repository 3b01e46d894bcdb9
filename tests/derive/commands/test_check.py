"""`derive check` from the command line: output, exit codes, hostile documents."""

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from derive.cli import main

DOCUMENTS = Path(__file__).parents[2] / "documents"
RIGHT = "\n\n$$(x + 1)^2 = x^2 + 2 x + 1$$\n"


def check(*arguments: object) -> int:
    return main(["check", *map(str, arguments)])


def steps(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    (file,) = json.loads(capsys.readouterr().out)["files"]
    return file["steps"]


# ---- what a person sees ---------------------------------------------------------------------


def test_a_wrong_chain_is_shown_like_a_compiler_error(capsys: pytest.CaptureFixture[str]) -> None:
    path = DOCUMENTS / "wrong.md"
    assert check(path) == 1
    assert capsys.readouterr().out.replace(str(path), "wrong.md").splitlines() == [
        "wrong.md:2:35  refuted  quotient-of-logarithms [DRV101]",
        r"   | \ln(1 + e^x) - \ln(1 + e^{-x}) &= \frac{\ln(1 + e^x)}{\ln(1 + e^{-x})} \\",
        "   |                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "   = at x = 0 the left side is 0, the right side is 1",
        "   = a difference of logarithms is the logarithm of a quotient, not a quotient of "
        "logarithms",
        r"   = did you mean \ln\frac{1 + e^x}{1 + e^{-x}} ?  (proved)",
        r"   = the conclusion of this chain, \ln(1 + e^x) - \ln(1 + e^{-x}) = x, is proved all the "
        "same",
        "   = this is the first wrong line of its chain",
        "wrong.md:4:4  refuted  cancelling-in-a-sum [DRV109]",
        "   | &= x",
        "   |    ^",
        "   = at x = 0 the left side is 1 +/- 1e-38, the right side is 0",
        "   = every summand of the numerator is divided",
        r"   = did you mean \frac{x}{\ln(1 + e^{-x})} + 1 ?  (proved)",
        "wrong.md:7:17  conditional  holds if x != 0",
        "wrong.md: 4 relations read: 1 proved, 1 conditional, 2 refuted",
    ]


def test_nothing_to_tell_gives_the_summary_alone(capsys: pytest.CaptureFixture[str]) -> None:
    path = DOCUMENTS / "right.md"
    assert check(path) == 0
    assert capsys.readouterr().out == (
        f"{path}: 3 relations read: 2 proved; 1 definition taken: \\sigma\n"
    )


def test_all_lists_what_holds(capsys: pytest.CaptureFixture[str]) -> None:
    path = DOCUMENTS / "right.md"
    assert check(path, "--all") == 0
    first, *_ = capsys.readouterr().out.splitlines()
    assert first == f"{path}:3:15  proved  \\sigma(x) = \\frac{{1}}{{1 + e^{{-x}}}} (definition)"


def test_a_hint_does_not_tell_the_solution(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(DOCUMENTS / "wrong.md", "--hint") == 1
    told = capsys.readouterr().out
    assert ":2:35  refuted" in told
    assert "compare it with what stands before it" in told
    assert "x = 0" not in told
    assert "did you mean" not in told
    assert ":4:4" not in told


def test_a_hint_where_nothing_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    path = DOCUMENTS / "right.md"
    assert check(path, "--hint") == 0
    assert capsys.readouterr().out == f"{path}: nothing wrong found\n"


def test_shapes_that_do_not_fit(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(DOCUMENTS / "wrong.tex") == 1
    told = capsys.readouterr().out
    assert "wrong.tex:6:16  ill-typed" in told
    assert "   |   (A x)^\\top = A^\\top x^\\top\n   |                ^^^^^^^^^^^^^\n" in told


def test_unread_things_are_told_and_hide_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(DOCUMENTS / "unread.md") == 3
    told = capsys.readouterr().out
    assert ":3:24  unread  unclosed-display" in told
    assert "2 relations read: 2 proved, 1 unread" in told


# ---- what comes in --------------------------------------------------------------------------


def test_a_notebook_has_places_in_its_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert check(DOCUMENTS / "wrong.ipynb", "--format", "json") == 1
    (step,) = steps(capsys)
    assert (step["line"], step["caret"]["column"]) == (9, 20)
    assert step["fallacy"] == {"code": "DRV105", "name": "square of a sum"}
    assert step["repair"]["verdict"] == "proved"


def test_declarations_from_a_file_of_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    declared = DOCUMENTS / "outside.declarations"
    assert check(DOCUMENTS / "outside.md", "--declare", declared, "--format", "json") == 0
    (file,) = json.loads(capsys.readouterr().out)["files"]
    assert [d["text"] for d in file["declarations"]] == ["n : dimension", "v : R^n"]
    assert file["declarations"][1]["line"] == 2
    assert [step["verdict"] for step in file["steps"]] == ["proved"]


def test_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"$$x = x + 1$$")))
    assert check("-") == 1
    assert capsys.readouterr().out.startswith("<stdin>:1:7  refuted")


def test_a_folder_is_read_in_order_and_parts_are_read_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "b.tex").write_text("$x + 0 = x$ \\input{sub/part}")
    (tmp_path / "sub" / "part.tex").write_text("$1 + 1 = 2$")
    (tmp_path / "a.md").write_text("$x + x = 2 x$")
    (tmp_path / "sub" / "c.markdown").write_text("no formula")
    (tmp_path / "z.txt").write_text("$1 = 2$")
    assert check(tmp_path) == 0
    found = [line.split(":")[0] for line in capsys.readouterr().out.splitlines()]
    assert found == [str(tmp_path / n) for n in ("a.md", "b.tex", "sub/c.markdown")]


def test_one_bad_file_of_a_folder_leaves_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.ipynb").write_text("no JSON")
    (tmp_path / "b.md").write_text("$x = x + 1$")
    assert check(tmp_path) == 2
    told = capsys.readouterr().out
    assert "invalid-notebook" in told
    assert "b.md:1:6  refuted" in told


def test_an_empty_folder_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(tmp_path) == 2
    assert capsys.readouterr().err == (
        f"derive check: {tmp_path} holds no document (.md, .markdown, .tex, .ltx, .ipynb)\n"
    )


def test_a_missing_file_is_one_line_and_the_others_are_judged(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert check("missing.md", DOCUMENTS / "right.md") == 2
    captured = capsys.readouterr()
    assert captured.err == "derive check: missing.md does not exist\n"
    assert "2 proved" in captured.out


@pytest.mark.parametrize("name", ["missing.declarations", "nul\0name"])
def test_declarations_that_cannot_be_read(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(DOCUMENTS / "right.md", "--declare", name) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1


def test_a_path_cannot_move_the_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    assert check("no\x1b[2Jsuch\nfile.md") == 2
    assert capsys.readouterr().err == "derive check: no?[2Jsuch?file.md does not exist\n"


# ---- what goes out --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "options", "code"),
    [
        ("right.md", (), 0),
        ("wrong.md", (), 1),
        ("wrong.tex", (), 1),
        ("wrong.ipynb", (), 1),
        ("undecided.md", (), 3),
        ("undecided.md", ("--allow-unknown",), 0),
        ("unread.md", (), 3),
        ("unread.md", ("--allow-unknown",), 0),
        ("wrong.md", ("--allow-unknown",), 1),
    ],
)
def test_exit_codes(name: str, options: tuple[str, ...], code: int) -> None:
    assert check(DOCUMENTS / name, *options, "--format", "jsonl") == code


def test_lines_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    check(DOCUMENTS / "right.md", "missing.md", "--format", "jsonl")
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["type"] for line in lines] == ["step", "step", "step", "summary", "summary"]
    assert lines[3]["definitions"][0]["name"] == "\\sigma"
    assert lines[4]["error"] == "missing.md does not exist"


def test_output_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "found.json"
    assert check(DOCUMENTS / "right.md", "--format", "json", "--output", written) == 0
    assert capsys.readouterr().out == ""
    assert len(json.loads(written.read_text())["files"]) == 1


def test_output_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert check(DOCUMENTS / "right.md", "--output", tmp_path) == 2
    assert "can't be written: Is a directory" in capsys.readouterr().err


@pytest.mark.parametrize("options", [("--format", "json"), ("--all",)])
def test_a_hint_is_plain_text(options: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert check(DOCUMENTS / "right.md", "--hint", *options) == 2
    assert "--hint goes with the plain text alone" in capsys.readouterr().err


def test_wrong_usage_exits_with_2() -> None:
    with pytest.raises(SystemExit) as left:
        check()
    assert left.value.code == 2


def test_interrupting_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("derive.commands.check.check_document", interrupt)
    assert check(DOCUMENTS / "right.md") == 130
    assert capsys.readouterr() == ("", "derive: interrupted\n")


def test_a_fault_of_ours_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("broken")

    monkeypatch.setattr("derive.commands.check.check_document", fail)
    assert check(DOCUMENTS / "right.md") == 2
    assert capsys.readouterr().err.endswith(
        "right.md can't be judged: a fault of derive (AssertionError); please report it\n"
    )


def test_only_what_is_needed_is_imported() -> None:
    code = (
        "import sys, derive.commands.check\n"
        "print(sorted({'sympy', 'numpy', 'typst', 'matplotlib', 'asyncio'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# ---- hostile documents ----------------------------------------------------------------------

#: Formula -> verdicts of its steps (none where no relation could be read).
HOSTILE = {
    "unbalanced braces": (r"\frac{1}{x = 3", {"malformed"}),
    "10,000 parentheses": ("(" * 10_000 + "x" + ")" * 10_000 + " = x", {"malformed"}),
    "a 10 MB line": ("x + " * 2_500_000 + "x = 3", set()),
    "a NUL byte": ("a = \0 + b", {"malformed"}),
    "a tower of powers": ("9^{9^{9^9}} = 1", {"unknown"}),
    "a long range": (r"\sum_{i=1}^{10^{12}} i = 3", {"unknown"}),
    "a long range of digits": (r"\sum_{i=1}^{1000000000000} i = 3", {"unknown"}),
    "2,000 equal terms": (" + ".join(["x"] * 2_000) + " = 2000 x", {"unknown", "proved"}),
    "2,000 terms": (
        " + ".join(f"e^{{{k} x}}" for k in range(2_000)) + " = 0",
        {"unknown", "refuted"},
    ),
    "100,000 digits": ("9" * 100_000 + " = 1", {"unknown", "refuted"}),
    "exponentials in exponents": ("e^{" * 90 + "x" + "}" * 90 + " = x", {"unknown", "refuted"}),
    "a chain of 300": (" = ".join(["x"] * 300), {"proved"}),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_formulas_leave_the_rest_judged(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    formula, allowed = HOSTILE[name]
    path = tmp_path / "hostile.md"
    path.write_text(f"$${formula}$${RIGHT}")
    assert check(path, "--format", "json") in (0, 1, 3)
    *hostile, last = steps(capsys)
    assert last["verdict"] == "proved"
    assert {step["verdict"] for step in hostile} <= allowed
    assert bool(hostile) == bool(allowed)


def test_hostile_formulas_as_text_stay_small(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "hostile.md"
    for name in ("10,000 parentheses", "a NUL byte", "100,000 digits", "a chain of 300"):
        formula, _ = HOSTILE[name]
        path.write_text(f"$${formula}$${RIGHT}")
        assert check(path) in (0, 1, 3)
        told = capsys.readouterr().out
        assert len(told) < 10_000
        assert all(character.isprintable() or character == "\n" for character in told)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("recursive.tex", ["recursive-macro"]),
        ("climbing.tex", ["input-outside-folder", "input-outside-folder"]),
    ],
)
def test_hostile_files(name: str, kinds: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert check(DOCUMENTS / "hostile" / name, "--format", "json") in (1, 3)
    (file,) = json.loads(capsys.readouterr().out)["files"]
    assert [d["kind"] for d in file["diagnostics"]] == kinds
    assert file["steps"][-1]["verdict"] == "proved"
    assert "requires-python" not in json.dumps(file)


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16-le"])
def test_a_wrong_encoding_is_told(
    encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "encoded.md"
    path.write_bytes(f"caf\xe9 \xff{RIGHT}".encode(encoding))
    assert check(path, "--format", "json") == 2
    (file,) = json.loads(capsys.readouterr().out)["files"]
    assert file["diagnostics"][0]["kind"] == "wrong-encoding"
    if encoding != "utf-16-le":
        assert [step["verdict"] for step in file["steps"]] == ["proved"]


def test_lone_surrogates_of_a_notebook_can_be_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "surrogate.ipynb"
    cell = '{"cell_type": "markdown", "source": ["\\ud800 $x \\ud800 = 1$"]}'
    path.write_text(f'{{"cells": [{cell}]}}')
    for form in ("text", "json", "jsonl"):
        assert check(path, "--format", form) in (1, 3)
        capsys.readouterr().out.encode()
