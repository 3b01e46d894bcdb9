"""The command line as somebody types it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import derive
from derive import cli

ROOT = Path(__file__).parents[2]


def python(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == 0
    told = capsys.readouterr().out
    for name, command in cli.COMMANDS.items():
        assert f"    {name}" in told
        assert command.summary in " ".join(told.split())


def test_help_and_version_import_nothing_heavy() -> None:
    program = (
        "import sys; from derive.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "except SystemExit: pass\n"
        "print(sorted({'sympy', 'numpy', 'flint', 'typst', 'identities'} & sys.modules.keys()))"
    )
    for words in (["--help"], ["--version"], ["verify", "--help"], ["show", "--help"]):
        told = python("-c", program, *words)
        assert told.stdout.endswith("[]\n"), told.stdout + told.stderr


def test_version() -> None:
    told = python("-m", "derive", "--version")
    assert (told.returncode, told.stdout) == (0, f"derive {derive.__version__}\n")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["verfy"], "invalid choice: 'verfy'"),
        (["verify", "--pages"], "unrecognized arguments: --pages"),
        (["verify", "--seed", "-1"], "'-1' is no seed; write a whole number from 0 on"),
        (["verify", "--seed", "x"], "'x' is no seed; write a whole number from 0 on"),
        (["verify", "--date", "tomorrow"], "'tomorrow' is no date; write YYYY-MM-DD"),
        (["show"], "the following arguments are required: NAME"),
    ],
)
def test_wrong_usage_ends_with_2(
    words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


def test_summaries_are_those_of_the_modules() -> None:
    import importlib

    for name, command in cli.COMMANDS.items():
        module = importlib.import_module(command.module)
        if hasattr(module, "SUMMARY") and name in ("verify", "list", "show"):
            assert command.summary == module.SUMMARY
        parsed = cli.parser(name)
        assert name in parsed.format_help()


def test_an_interrupted_run_ends_with_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from derive.commands import list_claims

    def interrupt(_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(list_claims, "run", interrupt)
    assert cli.main(["list"]) == 130
    assert capsys.readouterr().err == "derive: interrupted\n"


def test_an_interrupt_while_modules_are_loaded_ends_in_the_same_way(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "import_module", interrupt)
    assert cli.main(["list"]) == 130
    assert capsys.readouterr().err == "derive: interrupted\n"


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    told = subprocess.run(
        [sys.executable, "-m", "derive", "list"],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        timeout=120,
        check=False,
    )
    os.close(writing)
    assert (told.returncode, told.stderr) == (1, "")
