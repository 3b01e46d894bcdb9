"""``derive list``."""

import pytest

from derive.cli import main
from identities import ALL


def test_it_lists_every_claim_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(ALL)
    assert [line.split()[:3] for line in lines] == [
        [claim.part, claim.name, str(claim.expected)] for claim in ALL
    ]


def test_it_takes_parts_and_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "1f", "softmax_sums_to_one"]) == 0
    assert capsys.readouterr().out == (
        "1f  sign_by_indicators   proved  "
        "The sign is the indicator of x > 0 minus the indicator of x < 0.\n"
        "2c  softmax_sums_to_one  proved  The softmax outputs add up to 1.\n"
    )


def test_an_unknown_word_offers_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "softmax_derivativ"]) == 2
    assert capsys.readouterr().err.startswith(
        "derive list: no claim is called 'softmax_derivativ'; did you mean softmax_derivative"
    )
    assert main(["list", "4z"]) == 2
    assert capsys.readouterr().err == (
        "derive list: no claim is called '4z'; parts run from 1a to 3e, "
        '"derive list" lists the names\n'
    )
