"""Limits on the command line: what oversteps them is unknown, and the rest is judged."""

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

import derive.checking.chains as chains
import derive.report.check_model as check_model
from derive.checking.results import Step
from derive.cli import main
from derive.terms.obligation import Obligation
from derive.terms.plain import term_text
from derive.verdict import Verdict

DOCUMENT = r"""
$$(x + 1)^2 = x^2 + 2 x + 1 = \pi + 77 = \pi + 76 + 1$$

$$x + x = 2 x$$
"""

LIMITS = ("--time-limit", "0.5", "--memory-limit", "300")


def hang() -> None:
    while True:
        pass


def hang_in_c() -> None:
    str(7**7**9)


def grow() -> None:
    bytearray(10**12)


def grow_in_pieces() -> None:
    held = []
    while True:
        held.append(bytearray(10**8))


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def leave() -> None:
    os._exit(3)


def judging_77(monkeypatch: pytest.MonkeyPatch, work: Callable[[], None]) -> None:
    """Let the judging of a statement about 77 do this work first."""
    judged = chains.judge

    def judge(statement: Obligation, *, seed: int) -> Verdict:
        if any("77" in term_text(side) for side in (statement.left, statement.right)):
            work()
        return judged(statement, seed=seed)

    monkeypatch.setattr(chains, "judge", judge)


def verdicts(capsys: pytest.CaptureFixture[str]) -> list[str]:
    (file,) = json.loads(capsys.readouterr().out)["files"]
    return [step["verdict"] for step in file["steps"]]


@pytest.mark.parametrize(
    ("work", "reason"),
    [
        (hang, "unknown (time): it took more than 0.5 s"),
        (hang_in_c, "unknown (time): it took more than 0.5 s"),
        (grow, "unknown (memory): it needed more than 300 MB of memory"),
        (grow_in_pieces, "unknown (memory): it needed more than 300 MB of memory"),
        (crash, "a fault of derive (its process ended with signal 11); please report it"),
        (leave, "a fault of derive (its process ended with code 3); please report it"),
    ],
)
def test_a_step_that_oversteps_is_unknown_and_the_rest_is_judged(
    work: Callable[[], None],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    judging_77(monkeypatch, work)
    path = tmp_path / "notes.md"
    path.write_text(DOCUMENT)
    assert main(["check", str(path), *LIMITS, "--format", "json"]) == 1
    (file,) = json.loads(capsys.readouterr().out)["files"]
    found = [(step["verdict"], step["reason"]) for step in file["steps"]]
    assert found[:3] == [("proved", ""), ("unknown", reason), ("unknown", reason)]
    assert found[3][0] == "proved"
    assert file["steps"][2]["conclusion"]["verdict"] == "refuted"
    assert main(["check", str(path), *LIMITS, "--all"]) == 1
    told = capsys.readouterr().out
    assert ":2:31  unknown  not-decided [DRV004]" in told
    assert f"   = {reason}\n" in told


def test_a_document_under_limits_is_judged_like_one_without(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing depends on the number of processes or on the limits unless one is reached."""
    from derive.check import check_document
    from derive.document import load
    from derive.report.check_text import Style, file_text

    for name in ("wrong.md", "right.md", "undecided.md", "wrong.tex", "wrong.ipynb"):
        path = Path(__file__).parents[2] / "documents" / name
        main(["check", str(path), "--all"])
        document = load(path)
        sources = {file.path: file for file in document.source.files}
        alone = check_model.file_report(check_document(document), sources)
        assert capsys.readouterr().out == file_text(alone, Style(100, False, True))


def test_giving_a_side_its_meaning_is_limited_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    elaborated = chains.elaborate_sides

    def elaborate(sides: tuple, elaborator: object) -> tuple:
        if len(sides) > 2:
            hang()
        return elaborated(sides, elaborator)

    monkeypatch.setattr(chains, "elaborate_sides", elaborate)
    path = tmp_path / "notes.md"
    path.write_text(DOCUMENT)
    assert main(["check", str(path), *LIMITS, "--format", "json"]) == 3
    assert verdicts(capsys) == ["unknown", "unknown", "unknown", "proved"]


def test_a_search_for_a_repair_is_limited_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    searched = check_model.repair_step

    def search(step: Step, **rest: object) -> object:
        if step.chain == 0:
            hang()
        return searched(step, **rest)

    monkeypatch.setattr(check_model, "repair_step", search)
    path = tmp_path / "notes.md"
    path.write_text("$$(x + 1)^2 = x^2 + 2 x - 1$$\n\n$$(x + 1)^2 = x^2 + 2 x - 1$$\n")
    assert main(["check", str(path), *LIMITS]) == 1
    told = capsys.readouterr().out
    assert told.count("refuted  ") == 2
    assert told.count("   = the search for a repair was ended: it took more than 0.5 s\n") == 1
    assert told.count("did you mean x^2 + 2 x + 1 ?  (proved)") == 1


@pytest.mark.parametrize("command", ["check", "verify", "show"])
def test_the_limits_are_in_the_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "end the judging of a statement after so long (default: 20)" in told
    assert "end it where it needs more memory (default: 1024)" in told


@pytest.mark.parametrize(
    ("option", "value", "words"),
    [
        ("--time-limit", "0", "'0' is no time limit; write seconds, more than 0 and at most 86400"),
        ("--time-limit", "nan", "'nan' is no time limit"),
        ("--time-limit", "inf", "'inf' is no time limit"),
        ("--time-limit", "soon", "'soon' is no time limit"),
        (
            "--memory-limit",
            "8",
            "'8' is no memory limit; write whole megabytes, at least 16",
        ),
        ("--memory-limit", "1.5", "'1.5' is no memory limit"),
        ("--memory-limit", "9" * 5000, "is no memory limit"),
    ],
)
def test_limits_that_make_no_sense_are_refused(
    option: str, value: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["check", "x.md", option, value])
    assert left.value.code == 2
    assert words in capsys.readouterr().err


def test_show_judges_under_limits(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("derive.verify.judge_readings", lambda *_, **__: hang())
    assert main(["show", "softplus_difference", "--time-limit", "0.3"]) == 1
    told = capsys.readouterr().out
    assert "unknown (time): it took more than 0.3 s" in told
    assert "Expected proved, found unknown" in told
