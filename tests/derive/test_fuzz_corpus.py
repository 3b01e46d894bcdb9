"""The corpus of ``tests/fuzz``, replayed: no target raises on any input that fuzzing has found."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

FUZZ = Path(__file__).parents[1] / "fuzz"
CORPUS = sorted((FUZZ / "corpus").iterdir())


@pytest.fixture(scope="module")
def targets() -> ModuleType:
    spec = importlib.util.spec_from_file_location("fuzz_targets", FUZZ / "targets.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_corpus_is_small() -> None:
    assert 50 <= len(CORPUS) < 150
    assert sum(path.stat().st_size for path in CORPUS) <= 100_000


@pytest.mark.parametrize("name", ["read", "elaborate"])
def test_the_corpus_is_read_and_elaborated(targets: ModuleType, name: str) -> None:
    for path in CORPUS:
        targets.TARGETS[name](path.read_bytes())


def test_the_corpus_is_checked(targets: ModuleType) -> None:
    for path in CORPUS[::6]:
        targets.check(path.read_bytes())


def test_a_fault_is_a_find(targets: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise KeyError("x")

    for place in ("derive.checking.chains.elaborate_sides", "derive.check.definition_taken"):
        with monkeypatch.context() as patched:
            patched.setattr(place, broken)
            with pytest.raises(AssertionError, match="a fault of derive"):
                targets.elaborate(b"$$x + x = 2 x$$")
    with monkeypatch.context() as patched:
        patched.setattr(targets, "read_display", broken)
        with pytest.raises(KeyError):
            targets.read(b"$x$")


def test_the_dictionary_is_in_the_form_that_libfuzzer_reads() -> None:
    for line in (FUZZ / "latex.dict").read_text().splitlines():
        assert line.startswith("#") or (line[0] == line[-1] == '"' and len(line) > 2)
    assert "atheris" not in sys.modules


#: What may stand in a row without braces around it.
REPEATED = (
    "{}",
    "!",
    "'",
    "x'",
    "x_",
    "x^",
    "f(",
    "f(x)",
    "|x| ",
    r"x \mid ",
    "|_{x} ",
    "- ",
    "x, ",
)


@pytest.mark.parametrize("word", REPEATED)
def test_what_is_repeated_is_answered(targets: ModuleType, word: str) -> None:
    text = f"$$x {word * (1_800 // len(word))} x = x$$".encode()
    targets.read(text)
    targets.elaborate(text)
