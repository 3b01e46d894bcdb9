"""Every question gets an answer, whatever the process does."""

import os
import time

import pytest

from derive.worker import Silence, Worker

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="elsewhere the process starts anew, which takes seconds"
)


def answer(question: str) -> str:
    match question:
        case "hang":
            while True:
                pass
        case "hang in C":
            return str(7**7**9)
        case "grow":
            return "x" * 10**11
        case "die":
            os._exit(3)
        case "raise":
            raise ValueError("no such thing")
    return question.upper()


def test_answers_come_in_the_order_of_the_questions() -> None:
    worker: Worker[str, str] = Worker(answer)
    questions = [f"q{number}" for number in range(100)]
    for question in questions:
        worker.ask(question)
    assert worker.answers() == [question.upper() for question in questions]


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("hang", "it took more than 0.3 s"),
        ("hang in C", "it took more than 0.3 s"),
        ("grow", "the memory was not enough"),
        ("die", "the process ended"),
        ("raise", "ValueError: no such thing"),
    ],
)
def test_a_question_without_an_answer_does_not_harm_the_others(question: str, reason: str) -> None:
    worker: Worker[str, str] = Worker(answer, time_limit=0.3)
    for asked in ("a", question, "b", "c"):
        worker.ask(asked)
    assert worker.answers(time_limit=15) == ["A", Silence(reason), "B", "C"]


def test_waiting_has_an_end() -> None:
    worker: Worker[str, str] = Worker(answer, time_limit=60)
    worker.ask("a")
    time.sleep(0.1)
    worker.ask("hang")
    worker.ask("b")
    silence = Silence("no time was left for it")
    assert worker.answers(time_limit=0.3) == ["A", silence, silence]


def test_nothing_asked_nothing_answered() -> None:
    worker: Worker[str, str] = Worker(answer)
    assert worker.answers() == []
