"""``derive export --coq`` and ``derive verify --coq`` as a person calls them.

A program that stands for coqc answers here; what Coq itself says is tested in ``tests/derive/coq``,
and of all files in continuous integration.
"""

import io
import json
import shutil
import stat
from pathlib import Path

import pytest

from derive.cli import main
from derive.commands.progress import CountLine

DOCUMENT = r"""
$$ \frac{d}{dx} e^{2x} = 2 e^{2x} $$

$$ e^x = 1 + x $$

$$ g = 3 x $$

$$ 6 = \frac{64 - k}{s} + 1 \Rightarrow \frac{64 - k}{s} = 5 $$

such as $s = 4, k = 44$
"""

#: Accepts every file, but for those whose name contains "wrong".
STAND_IN = """\
#!/bin/sh
for last; do :; done
case "$last" in
  --print-version) echo '8.16.1 4.14.0' ;;
  DeriveAudit.v) printf 'Axioms:\\nClassical_Prop.classic : forall P : Prop, P \\\\/ ~ P\\n' ;;
  *wrong*.v) printf 'Error: No applicable tactic.\\n'; exit 1 ;;
  *) echo "$last" >> "$ASKED" ;;
esac
"""

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A coqc on the PATH; the names of the files that it has compiled stand in this file."""
    folder, asked = tmp_path / "bin", tmp_path / "asked"
    folder.mkdir()
    program = folder / "coqc"
    program.write_text(STAND_IN, encoding="utf-8")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    monkeypatch.setenv("ASKED", str(asked))
    asked.write_text("", encoding="utf-8")
    return asked


@pytest.fixture
def without_coq(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)


def test_claims_are_written_beside_their_library(tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "coq"
    assert main(["export", "--coq", "1f", "sigmoid_derivative", "-o", str(out)]) == 0
    told = capsys.readouterr().out
    assert "sigmoid_derivative: exported\n" in told
    assert told.endswith(f"2 of 2 exported to {out}\n")
    names = sorted(path.name for path in out.iterdir())
    assert names == ["DeriveLemmas.v", "sigmoid_derivative.v", "sign_by_indicators.v"]
    text = (out / "sigmoid_derivative.v").read_text(encoding="utf-8")
    assert "Theorem sigmoid_derivative :" in text
    assert "(* sigmoid_derivative, part 1b: " in text


def test_two_documents_of_one_name_are_both_written(tmp_path: Path, capsys: Captured) -> None:
    out, documents = tmp_path / "coq", []
    for folder, text in (("a", "$$1 + 1 = 2$$"), ("b", "$$2 + 2 = 4$$")):
        documents.append(tmp_path / folder / "sheet.md")
        documents[-1].parent.mkdir()
        documents[-1].write_text(text, encoding="utf-8")
    assert main(["export", "--coq", *map(str, documents), "-o", str(out)]) == 0
    assert capsys.readouterr().out.endswith(f"2 of 2 exported to {out}\n")
    first, second = (out / f"sheet{n}_line_1.v" for n in ("", "_2"))
    assert "1 + 1 = 2" in first.read_text(encoding="utf-8")
    assert "2 + 2 = 4" in second.read_text(encoding="utf-8")


def test_a_claim_that_does_not_hold_is_told(tmp_path: Path, capsys: Captured) -> None:
    assert main(["export", "--coq", "six_equals_five", "-o", str(tmp_path)]) == 3
    told = capsys.readouterr().out
    assert "six_equals_five: not exportable: it is refuted\n" in told
    assert told.endswith(f"0 of 1 exported to {tmp_path}\n")


def test_of_a_document_the_steps_that_were_proved(tmp_path: Path, capsys: Captured) -> None:
    document, out = tmp_path / "My notes.md", tmp_path / "coq"
    document.write_text(DOCUMENT, encoding="utf-8")
    assert main(["export", "--coq", str(document), "-o", str(out)]) == 0
    told = capsys.readouterr().out
    assert told == (
        f"my_notes_line_2: exported\nmy_notes_line_8: exported\n2 of 2 exported to {out}\n"
    )
    assert "LaTeX: \\frac{d}{dx} e^{2x} = 2 e^{2x}" in (
        (out / "my_notes_line_2.v").read_text(encoding="utf-8")
    )


def test_coq_is_run_and_remembered(tmp_path: Path, asked: Path, capsys: Captured) -> None:
    out = tmp_path / "coq"
    command = ["export", "--coq", "1f", "-o", str(out), "--run"]
    assert main(command) == 0
    told = capsys.readouterr().out
    assert "sign_by_indicators: exported, accepted by Coq (" in told
    assert told.endswith(f"1 of 1 exported to {out}, 1 accepted by coqc 8.16.1\n")
    compiled = asked.read_text(encoding="utf-8")
    assert compiled == "DeriveLemmas.v\nsign_by_indicators.v\n"
    assert main(command) == 0
    assert asked.read_text(encoding="utf-8") == compiled


def test_what_coq_does_not_accept_is_told(tmp_path: Path, asked: Path, capsys: Captured) -> None:
    document = tmp_path / "wrong.md"
    document.write_text(DOCUMENT, encoding="utf-8")
    out = tmp_path / "coq"
    assert main(["export", "--coq", str(document), "-o", str(out), "--run"]) == 1
    told = capsys.readouterr().out
    assert "wrong_line_2: exported, not accepted by Coq: No applicable tactic\n" in told
    assert told.endswith(", 0 accepted by coqc 8.16.1, 2 not\n")


def test_declarations_go_with_a_document(tmp_path: Path, capsys: Captured) -> None:
    given = tmp_path / "given"
    given.write_text("x : R, x > 0\n", encoding="utf-8")
    document, out = tmp_path / "a.tex", tmp_path / "coq"
    document.write_text(r"$$ \ln x^2 = 2 \ln x $$", encoding="utf-8")
    options = ["--declare", str(given), "-o", str(out)]
    assert main(["export", "--coq", str(document), *options]) == 0
    assert "(x > 0) ->" in (out / "a_line_1.v").read_text(encoding="utf-8")
    assert main(["export", "--coq", "1f", *options]) == 2
    assert "derive export: --declare goes with a document" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["export", "--coq", "no_such_claim"], "no_such_claim"),
        (["export", "--coq", "nowhere.md"], "nowhere.md"),
    ],
)
def test_wrong_usage_ends_with_2(arguments: list[str], words: str, capsys: Captured) -> None:
    assert main(arguments) == 2
    assert words in capsys.readouterr().err


def test_a_folder_that_can_not_be_written_ends_with_2(tmp_path: Path, capsys: Captured) -> None:
    taken = tmp_path / "taken"
    taken.write_text("", encoding="utf-8")
    assert main(["export", "--coq", "1f", "-o", str(taken)]) == 2
    assert f"derive export: {taken} can't be written: " in capsys.readouterr().err


@pytest.mark.parametrize("seconds", ["0", "-1", "x", "nan", "4000"])
def test_a_time_limit_is_a_number_of_seconds(seconds: str, capsys: Captured) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["export", "--coq", "1f", f"--coq-time-limit={seconds}"])
    assert "is no time limit; write seconds, at most 3600" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [["export", "--coq", "1f", "--run"], ["verify", "1f", "--coq", "--no-pdf"]]
)
def test_without_coq_it_is_said_in_plain_words(
    command: list[str], tmp_path: Path, without_coq: None, capsys: Captured
) -> None:
    assert main([*command, "--output", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert f"derive {command[0]}: coqc is not installed (Debian: apt-get install coq" in said
    assert list(tmp_path.iterdir()) == []


def test_verify_says_what_coq_accepted(tmp_path: Path, asked: Path, capsys: Captured) -> None:
    command = ["verify", "1f", "six_equals_five", "--coq", "--no-pdf", "--json"]
    assert main([*command, "--output", str(tmp_path)]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["summary"]["coq"] == {
        "version": "8.16.1",
        "exported": 1,
        "accepted": 1,
        "not_exported": 0,
        "axioms": ["Classical_Prop.classic"],
    }
    found = {claim["name"]: claim["coq"] for claim in data["claims"]}
    assert found["sign_by_indicators"] == {"answer": "accepted", "reason": ""}
    assert found["six_equals_five"] is None
    report = (tmp_path / "homework3-selection.tex").read_text(encoding="utf-8")
    assert "Coq accepted 1 of 1 exported proof (coqc 8.16.1). They rest on no axioms" in report
    assert "but those of Coq{'}s own real numbers: classic." in report
    assert report.count("Coq accepted this claim (coqc 8.16.1).") == 1
    assert (tmp_path / "coq" / "sign_by_indicators.v").is_file()


def test_verify_fails_where_coq_does_not_accept(
    tmp_path: Path, asked: Path, capsys: Captured
) -> None:
    program = asked.parent / "bin" / "coqc"
    program.write_text(STAND_IN.replace("wrong", "sign"), encoding="utf-8")
    assert main(["verify", "1f", "--coq", "--no-pdf", "--output", str(tmp_path)]) == 1
    captured = capsys.readouterr()
    assert "\nCoq accepted 0 of 1 exported proof.\n" in captured.out
    assert (
        "sign_by_indicators: Coq does not accept the exported proof: No applicable tactic\n"
    ) in captured.err


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_count_is_rewritten_on_a_terminal_and_absent_from_a_log() -> None:
    terminal, log = Terminal(), io.StringIO()
    for stream in (terminal, log):
        line = CountLine(stream, "coqc")
        line(1, 2)
        line.close()
    assert terminal.getvalue() == "\r\x1b[Kcoqc [1/2]\r\x1b[K"
    assert log.getvalue() == ""
