"""``derive verify`` on a few claims; ``tests/identities/test_verdicts`` judges the whole."""

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from derive.cli import main
from derive.commands.verify import _today
from derive.report.verify_schema import SCHEMA_NAME
from identities import find

ROOT = Path(__file__).parents[3]

#: Claims that the text of the homework does not state: reading it takes a while.
QUICK = ["relu_slope_right_of_kink", "softmax_scaled_by_zero_is_uniform"]


def test_quick_claims_are_quick() -> None:
    assert not any(find(name).written for name in QUICK)


def test_the_table_and_what_was_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["verify", "difference_of_logs_as_log_of_quotient", "--output", str(tmp_path)])
    told = capsys.readouterr()
    assert code == 0
    lines = told.out.splitlines()
    assert lines[0].split() == ["part", "claim", "verdict", "method", "ms", "error"]
    assert lines[2].split()[:5] == [
        "1e",
        "difference_of_logs_as_log_of_quotient",
        "proved",
        "normal",
        "form",
    ]
    assert "Every verdict is the expected one." in lines
    written = [line for line in lines if line.startswith("written: ")]
    assert written[0] == f"written: {tmp_path / 'homework3-selection.tex'}"
    assert written[1].startswith(f"written: {tmp_path / 'homework3-selection.pdf'} (by ")
    assert (tmp_path / "homework3-selection.pdf").read_bytes().startswith(b"%PDF-")
    assert told.err == "[1/1] 1e\n"


def test_json_stands_alone_on_standard_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--json", "--no-pdf", "--date", "2026-02-03", "--seed", "7"]
    assert main(["verify", *QUICK, *arguments, "--output", str(tmp_path)]) == 0
    told = capsys.readouterr()
    values = json.loads(told.out)
    assert values["schema"] == SCHEMA_NAME
    assert (values["seed"], values["date"]) == (7, "2026-02-03")
    assert [claim["name"] for claim in values["claims"]] == QUICK
    assert told.err.endswith(f"written: {tmp_path / 'homework3-selection.tex'}\n")
    assert [path.name for path in tmp_path.iterdir()] == ["homework3-selection.tex"]


def test_a_verdict_that_is_not_expected_ends_with_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    import identities
    from derive.commands import selection
    from derive.verdict import Kind

    wrong = replace(identities.find(QUICK[0]), expected=Kind.REFUTED)
    monkeypatch.setattr(selection, "selected", lambda words: (wrong,))
    assert main(["verify", "--no-pdf", "--output", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert "proved (!)" in told.out
    assert "1 verdict differs from what was expected." in told.out
    assert told.err.endswith("relu_slope_right_of_kink: expected refuted, found proved\n")
    assert (tmp_path / "homework3.tex").exists()


def test_an_unknown_claim_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "relu_by_case"]) == 2
    assert capsys.readouterr().err.startswith(
        "derive verify: no claim is called 'relu_by_case'; did you mean relu_by_cases"
    )


def test_a_folder_that_can_not_be_written_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "reports").write_text("a file stands in the way")
    assert main(["verify", QUICK[0], "--no-pdf", "--output", str(tmp_path / "reports")]) == 2
    assert capsys.readouterr().err == (
        f"derive verify: {tmp_path / 'reports'} can't be written: File exists\n"
    )
    (tmp_path / "reports2" / "homework3-selection.tex").mkdir(parents=True)
    assert main(["verify", QUICK[1], "--no-pdf", "--output", str(tmp_path / "reports2")]) == 2
    assert "can't be written: Is a directory\n" in capsys.readouterr().out


def test_the_date_may_be_fixed_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "0")
    assert _today() == datetime.date(1970, 1, 1)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "soon")
    assert main(["verify", QUICK[0]]) == 2
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert _today() >= datetime.date(2026, 1, 1)


def test_hash_seeds_and_a_second_run_change_no_byte(tmp_path: Path) -> None:
    names = ["cross_entropy_gradient", "softmax_jacobian_is_symmetric", "scores_by_weights"]
    assert not any(find(name).written for name in names)
    written = []
    for hash_seed in ("1", "2"):
        folder = tmp_path / hash_seed
        command = ["verify", *names, "--no-pdf", "--date", "2026-01-31", "--output", str(folder)]
        subprocess.run(
            [sys.executable, "-m", "derive", *command],
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            timeout=120,
            check=True,
        )
        written.append((folder / "homework3-selection.tex").read_bytes())
    assert written[0] == written[1]
