"""The table of fallacies: stable codes, readable entries, and every code in use is in it."""

import re
from pathlib import Path

import pytest

import derive.repair
from derive.reader.chains import read_display
from derive.repair import FALLACIES, Fallacy

_USED = re.compile(r'"(DRV\d+)"')


def test_codes_are_the_keys_and_well_formed() -> None:
    for code, fallacy in FALLACIES.items():
        assert code == fallacy.code
        assert re.fullmatch(r"DRV[1-6]\d\d", code)


def test_no_two_have_one_name() -> None:
    names = [fallacy.name for fallacy in FALLACIES.values()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("fallacy", FALLACIES.values(), ids=lambda f: f.code)
def test_reads_well(fallacy: Fallacy) -> None:
    assert fallacy.name[0].islower()
    assert fallacy.explanation[0].islower()
    assert not fallacy.explanation.endswith(".")
    assert "\n" not in fallacy.example
    reading = read_display(fallacy.example)
    assert not reading.problems


def test_every_code_in_the_sources_is_in_the_table() -> None:
    folder = Path(derive.repair.__file__).parent
    used = {
        code
        for source in folder.rglob("*.py")
        if source.name != "fallacies.py"
        for code in _USED.findall(source.read_text(encoding="utf-8"))
    }
    assert used == set(FALLACIES)
