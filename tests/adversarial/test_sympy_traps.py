"""Where SymPy is wrong on the installed version, derive is right or leaves it open."""

from collections import Counter
from functools import cache
from typing import Any

import pytest
import sympy

from derive.check import check_document
from derive.document import parse
from derive.verdict import Verdict
from tests.adversarial.sympy_traps import TRAPS
from tests.adversarial.trap_model import CRASH, DROPS, RECORDED, WRONG, Trap

BY_NAME = {trap.name: trap for trap in TRAPS}

recorded_version = pytest.mark.skipif(
    sympy.__version__ != RECORDED,
    reason=f"SymPy's answers are recorded for {RECORDED}, installed is {sympy.__version__}",
)


def verdict_of(trap: Trap) -> Verdict:
    """derive's verdict on the claim; after an implication, on the consequence."""
    block = f"<!-- derive\n{trap.declared}\n-->\n\n" if trap.declared else ""
    steps = check_document(parse(f"{block}$${trap.claim}$$\n", "trap.md")).steps
    return steps[-1].verdict


@cache
def answer_of(name: str) -> Any:
    """What SymPy says; for a crash the name of the error."""
    try:
        return BY_NAME[name].call()
    except Exception as error:  # any error of SymPy's is an answer here
        return type(error).__name__


def test_the_tables_hold_forty_wrong_answers() -> None:
    kinds = Counter(trap.kind for trap in TRAPS)
    assert len(BY_NAME) == len(TRAPS)
    assert kinds[WRONG] + kinds[DROPS] >= 40
    assert kinds[WRONG] >= 40


@recorded_version
@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.filterwarnings("ignore::sympy.utilities.exceptions.SymPyDeprecationWarning")
def test_what_sympy_answers_today(name: str) -> None:
    found = str(answer_of(name))
    assert found == BY_NAME[name].answer, (
        f"SymPy {sympy.__version__} now answers {found}: move the entry"
    )


@recorded_version
@pytest.mark.parametrize("name", [trap.name for trap in TRAPS if trap.kind != CRASH])
def test_the_answer_is_false_at_the_point(name: str) -> None:
    trap = BY_NAME[name]
    said = trap.said(answer_of(name))
    assert trap.is_wrong(said), f"SymPy's {said} is right at {trap.point}"


@pytest.mark.parametrize("name", BY_NAME)
def test_derive_is_right_or_leaves_it_open(name: str) -> None:
    trap = BY_NAME[name]
    verdict = verdict_of(trap)
    assert verdict.kind in trap.allowed.split(), verdict
    assert not verdict.withdrawn
    if verdict.kind == "conditional" and trap.condition:
        words = " and ".join(condition.words for condition in verdict.conditions)
        assert trap.condition in words


def test_only_questions_that_sympy_fails_to_decide_may_be_proved() -> None:
    proved = {trap.name for trap in TRAPS if "proved" in trap.allowed.split()}
    wrong = {name for name in proved if BY_NAME[name].kind != CRASH}
    assert wrong == {"a quadratic equation"}
