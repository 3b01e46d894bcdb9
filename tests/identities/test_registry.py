"""The catalogue is found, ordered and checked without naming any module."""

import importlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest
import sympy

import identities
from derive.claim import Claim
from identities import registry
from identities.registry import PARTS, CatalogueError, gather, nearest, topic_modules

x = sympy.Symbol("x", real=True)


def a_claim(name: str, part: str = "1a") -> Claim:
    return Claim(name, "A title.", part, sympy.Eq(x, x, evaluate=False), "x = x")


def a_module(name: str, **variables: object) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(variables)
    return module


def test_there_are_thirty_four_parts_in_order() -> None:
    assert len(PARTS) == 34
    assert (PARTS[0], PARTS[12], PARTS[13], PARTS[28], PARTS[29]) == ("1a", "1m", "2a", "2p", "3a")


def test_claims_come_by_part_then_module_then_line() -> None:
    first = a_module("topics.a", late=a_claim("late", "3a"), early=a_claim("early", "1b"))
    second = a_module("topics.b", other=a_claim("other", "1b"), start=a_claim("start", "1a"))
    assert [c.name for c in gather((first, second))] == ["start", "early", "other", "late"]


def test_a_claim_that_another_module_imports_counts_once() -> None:
    shared = a_claim("shared")
    modules = (a_module("topics.a", shared=shared), a_module("topics.b", shared=shared))
    assert gather(modules) == (shared,)


def test_other_variables_are_left_alone() -> None:
    assert gather((a_module("topics.a", symbol=x, number=1),)) == ()


@pytest.mark.parametrize(
    ("modules", "message"),
    [
        (
            (
                a_module("topics.a", twice=a_claim("twice")),
                a_module("topics.b", twice=replace(a_claim("twice"), title="Another.")),
            ),
            "topics.b: the name 'twice' is taken already by topics.a; "
            "names are permanent, so choose another for the new claim",
        ),
        (
            (a_module("topics.a", one_name=a_claim("another_name")),),
            "topics.a: the claim 'another_name' stands in the variable 'one_name'; "
            "give both the same name",
        ),
        (
            (a_module("topics.a", Softmax=a_claim("Softmax")),),
            "topics.a: the claim name 'Softmax' is not of the form small_words_and_digits; "
            "rename it",
        ),
        (
            (a_module("topics.a", stray=a_claim("stray", "4a")),),
            "topics.a: the claim 'stray' has part '4a'; parts run from 1a to 3e",
        ),
        (
            (a_module("topics.norms"), a_module("topics.a", norms=a_claim("norms"))),
            "topics.a: the name 'norms' is taken already by the module topics.norms; "
            "names are permanent, so choose another for the new claim",
        ),
    ],
)
def test_a_wrong_declaration_is_named(modules: tuple[ModuleType, ...], message: str) -> None:
    with pytest.raises(CatalogueError) as raised:
        gather(modules)
    assert str(raised.value) == message


def test_a_new_module_is_found_and_sympy_evaluates_nothing_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "some_topics"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "ratios.py").write_text(
        "import sympy\n"
        "from derive.claim import Claim\n"
        "x = sympy.Symbol('x', real=True)\n"
        "unit = Claim('unit', 'A title.', '1a', sympy.Eq(x / x, 1), 'x / x = 1')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    (found,) = gather(topic_modules("some_topics", [str(package)]))
    assert found.name == "unit"
    assert found.identity.lhs != 1
    assert x / x == 1


def test_nearest_names_come_best_first() -> None:
    assert nearest("sigmoid_derivativ", ("relu", "sigmoid_derivative"))[0] == "sigmoid_derivative"
    assert nearest("zzz", ("relu", "sigmoid_derivative")) == ()


def test_a_claim_is_imported_by_its_name() -> None:
    from identities import sigmoid_derivative

    assert isinstance(sigmoid_derivative, Claim)
    assert sigmoid_derivative is identities.find("sigmoid_derivative")
    assert "sigmoid_derivative" in dir(identities)


def test_an_unknown_name_offers_the_nearest() -> None:
    with pytest.raises(AttributeError, match="no claim 'sigmoid_derivate'; did you mean sigmoid"):
        identities.sigmoid_derivate  # noqa: B018
    with pytest.raises(KeyError, match="no claim is called 'zzzz'"):
        identities.find("zzzz")


def test_claims_are_selected_by_question_part_and_name() -> None:
    assert identities.claims() == identities.ALL
    assert {c.part for c in identities.claims(["1b", "3"])} == {"1b", "3a", "3b", "3c", "3d", "3e"}
    one = identities.claims(["softmax_derivative", "softmax_derivative"])
    assert [c.name for c in one] == ["softmax_derivative"]
    for word in ("4", "", "softmax_derivativ"):
        with pytest.raises(KeyError):
            identities.claims([word])


def test_topic_modules_work_from_a_fresh_process() -> None:
    program = "from identities.softmax import softmax_derivative as s; print(repr(s))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(registry.__file__).parents[1],
    )
    assert done.stdout.startswith("Claim(softmax_derivative: Both cases at once")
