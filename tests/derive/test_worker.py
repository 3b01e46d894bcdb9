"""Every question gets an answer, whatever the process does; limits hold; no process is left."""

import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import flint
import pytest

from derive.answering import Mark, Silence
from derive.judge import judge
from derive.limits import Limits
from derive.terms.declarations import Declarations
from derive.terms.obligation import Obligation
from derive.terms.term import ONE, TWO, Element, Pow, add, mul, number
from derive.worker import Workers, answers, default_processes

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="elsewhere the process starts anew, which takes seconds"
)

SHORT, SMALL = Limits(seconds=0.3, megabytes=200), Limits(seconds=20, megabytes=200)


def answer(question: str, mark: Mark) -> object:
    match question:
        case "hang":
            while True:
                pass
        case "hang in C":
            return str(7**7**9)
        case "hang in flint":
            return flint.fmpz((10**45 + 9) * (10**46 + 121) * (10**47 + 133)).factor()
        case "grow":
            return "x" * 10**11
        case "grow in pieces":
            held = []
            while True:
                held.append(bytearray(10**6))
        case "grow in flint":
            return flint.fmpz(1) << 8 * 10**9
        case "die":
            os._exit(3)
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "raise":
            raise ValueError("no such thing")
        case "nest":
            found: object = ()
            for _ in range(100_000):
                found = (found,)
            return found
        case "recurse":
            return answer_forever(1)
        case "three parts":
            for _ in range(3):
                time.sleep(0.6)
                mark()
            return "DONE"
        case "hang in the third part":
            mark()
            mark()
            while True:
                pass
    return question.upper()


def _upper(question: str, _mark: Mark) -> str:
    return question.upper()


def obligation_of(name: str) -> Obligation:
    x = Element(name)
    square = add(Pow(x, TWO), ONE)
    other = add(Pow(add(x, ONE), TWO), mul(number(-2), x))
    return Obligation("=", square, other, Declarations())


def answer_forever(number: int) -> int:
    return answer_forever(number + 1) + 1


@pytest.mark.parametrize("limits", [Limits(), None])
def test_answers_come_in_the_order_of_the_questions(limits: Limits | None) -> None:
    questions = [f"q{number}" for number in range(100)]
    assert answers(answer, questions, limits) == [question.upper() for question in questions]


@pytest.mark.parametrize(
    ("question", "silence"),
    [
        ("hang", Silence("it took more than 0.3 s", "time", 1)),
        ("hang in C", Silence("it took more than 0.3 s", "time", 1)),
        ("hang in flint", Silence("it took more than 0.3 s", "time", 1)),
        ("grow", Silence("it needed more than 200 MB of memory", "memory", 1)),
        ("grow in pieces", Silence("it needed more than 200 MB of memory", "memory", 1)),
        ("grow in flint", Silence("it needed more than 200 MB of memory", "memory", 1)),
        ("die", Silence("its process ended with code 3", "end", 1)),
        ("crash", Silence("its process ended with signal 11", "end", 1)),
        ("raise", Silence("ValueError: no such thing", "fault", 1)),
        ("nest", Silence("its answer is nested too deeply", "depth", 1)),
        ("recurse", Silence("it is too large or too deeply nested to judge", "depth", 1)),
        ("hang in the third part", Silence("it took more than 0.3 s", "time", 3)),
    ],
)
def test_a_question_without_an_answer_does_not_harm_the_others(
    question: str, silence: Silence
) -> None:
    limits = SHORT if silence.cause == "time" else SMALL
    assert answers(answer, ["a", question, "b", "c"], limits) == ["A", silence, "B", "C"]


def test_each_part_has_the_limits_for_itself() -> None:
    assert answers(answer, ["three parts"], Limits(seconds=1.5)) == ["DONE"]


def test_a_question_may_have_limits_of_its_own() -> None:
    with Workers(answer, SHORT) as workers:
        workers.ask("hang", Limits(seconds=0.1))
        workers.ask("grow in pieces", Limits(seconds=10, megabytes=50))
        workers.ask("a")
        assert workers.answers() == [
            Silence("it took more than 0.1 s", "time", 1),
            Silence("it needed more than 50 MB of memory", "memory", 1),
            "A",
        ]


def test_questions_may_follow_from_answers() -> None:
    with Workers(answer, SMALL, processes=2) as workers:
        workers.ask("a")
        found = []
        for number, told in workers.finished():
            found.append(told)
            if number < 5:
                workers.ask(f"b{number}")
        assert found == ["A", "B0", "B1", "B2", "B3", "B4"]


def test_no_more_processes_than_are_allowed_or_needed() -> None:
    with Workers(lambda _question, _mark: os.getpid(), SMALL, processes=2) as workers:
        for _ in range(20):
            workers.ask("")
        assert len(set(workers.answers())) <= 2
    with Workers(lambda _question, _mark: os.getpid(), SMALL) as workers:
        workers.ask("")
        assert len(workers._processes) == 1
    assert 1 <= default_processes() <= 4


def test_nothing_asked_nothing_answered() -> None:
    assert answers(answer, [], SHORT) == []
    with Workers(answer, SHORT) as workers:
        assert workers.answers() == []


def test_what_a_process_prints_is_not_seen(capfd: pytest.CaptureFixture[str]) -> None:
    def chatty(_question: str, _mark: Mark) -> str:
        os.write(1, b"out")
        os.write(2, b"error")
        return "done"

    assert answers(chatty, ["a"], SMALL) == ["done"]
    assert capfd.readouterr() == ("", "")


def test_terms_and_verdicts_mean_the_same_in_a_process_that_starts_anew() -> None:
    """Hashes of strings differ from process to process: what remembers one must not send it."""
    obligation = obligation_of("x")
    hash(obligation.left)
    sent = pickle.dumps((obligation, {obligation.left: "left"}))
    program = (
        "import sys, pickle\n"
        "from derive.terms.term import Element, Pow, number, add\n"
        "statement, table = pickle.loads(sys.stdin.buffer.read())\n"
        "made = add(Pow(Element('x'), number(2)), number(1))\n"
        "assert made == statement.left and hash(made) == hash(statement.left)\n"
        "assert table[made] == 'left'\n"
        "from derive.judge import judge\n"
        "sys.stdout.buffer.write(pickle.dumps(judge(statement)))\n"
    )
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=sent,
            capture_output=True,
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert pickle.loads(done.stdout) == judge(obligation)


def test_a_process_may_start_anew() -> None:
    with Workers(_upper, Limits(), processes=1, method="spawn") as workers:
        workers.ask("a")
        workers.ask("b")
        assert workers.answers() == ["A", "B"]


# ---- nothing is left ------------------------------------------------------------------------

PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
import derive.checking.chains as chains
import derive.report.check_model as check_model
import derive.verify as verify
from derive.cli import main

def hang(*given, **named):
    {how}

{where} = hang
sys.exit(main([*sys.argv[2:], "--time-limit", "60"]))
"""


def children(pid: int) -> list[int]:
    path = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(word) for word in path.read_text().split()] if path.exists() else []


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def until(condition: Callable[[], bool]) -> bool:
    for _ in range(600):
        if condition():
            return True
        time.sleep(0.05)
    return False


#: What hangs and how, in which command.
ENDED = {
    "a statement": ("chains.judge", "while True: pass", "check"),
    "a statement in C": ("chains.judge", "str(7**7**9)", "check"),
    "a search for a repair": ("check_model.repair_step", "while True: pass", "check"),
    "a claim": ("verify.judge_readings", "while True: pass", "verify"),
}
SIGNALS = {
    signal.SIGINT: (130, b"derive: interrupted\n"),
    signal.SIGTERM: (143, b""),
    signal.SIGKILL: (-9, b""),
}


@pytest.mark.parametrize(
    ("ended", "number"),
    [
        *(("a statement", number) for number in SIGNALS),
        ("a statement in C", signal.SIGKILL),
        ("a search for a repair", signal.SIGINT),
        ("a claim", signal.SIGINT),
    ],
)
def test_no_process_outlives_a_command_that_is_ended(
    ended: str, number: signal.Signals, tmp_path: Path
) -> None:
    where, how, command = ENDED[ended]
    code, told = SIGNALS[number]
    document = tmp_path / "long.md"
    document.write_text("\n\n".join(f"$$x + {n} = {n} + 2 x$$" for n in range(20)))
    arguments = [str(document)] if command == "check" else ["1e"]
    program = PROGRAM.replace("{how}", how).replace("{where}", where)
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(ROOT), command, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        cwd=tmp_path,
    )
    assert until(lambda: len(children(process.pid)) >= min(2, default_processes()))
    if where != "chains.judge":
        time.sleep(0.2)  # children of the judging may be ending
        assert until(lambda: len(children(process.pid)) >= 1)
    started = children(process.pid)
    if number is signal.SIGINT:
        os.killpg(process.pid, number)  # as a terminal does
    else:
        process.send_signal(number)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == code
    assert errors.endswith(told)
    assert b"Traceback" not in errors
    assert until(lambda: not any(map(alive, started)))


def test_a_process_whose_pipe_is_closed_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the kernel does not end it with its parent, and beside another that still runs."""
    monkeypatch.setattr("derive.answering.end_with_parent", lambda _parent: None)
    with Workers(answer, Limits(), processes=2) as workers:
        for question in ("a", "b"):
            workers.ask(question)
        workers.answers()
        first, second = workers._processes
        first.connection.close()
        assert until(lambda: not first.process.is_alive())
        assert second.process.is_alive()


def test_processor_time_is_bounded_where_nobody_is_left_to_end_a_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("derive.limits._SPARE_SECONDS", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    with Workers(answer, Limits(seconds=0.1), processes=1) as workers:
        workers.ask("hang")
        (process,) = workers._processes
        assert until(lambda: not process.process.is_alive())
        assert process.process.exitcode == -signal.SIGXCPU
        assert workers.answers()[0].cause == "time"


def test_processes_that_nobody_ends_are_ended_at_the_exit() -> None:
    program = (
        "import sys\n"
        "from derive.limits import Limits\n"
        "from derive.worker import Workers\n"
        "def hang(question, mark):\n"
        "    while True: pass\n"
        "Workers(hang, Limits(60)).ask('')\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=30)
