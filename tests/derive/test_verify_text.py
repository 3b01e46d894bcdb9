"""The homework as text in a run of ``verify``: agreements, differences, judged steps."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from derive.claim import Claim, Written
from derive.judge import SEED
from derive.limits import Limits
from derive.verdict import Kind
from derive.verify import Outcome, verify_claims
from derive.verify_report import text_words
from derive.verify_text import TextFindings, read_text, text_findings
from derive.written import Agreement, WrittenDocument
from identities import find
from identities import notation as nt
from identities.homework import read_homework

SAME = find("log_sigmoid_by_softplus")
OTHER = replace(SAME, identity=nt.equal(SAME.identity.args[0], nt.softplus(-nt.real("x"))))
NOWHERE = replace(SAME, name="nowhere", written=(Written(r"\ln x", r"\ln y"),))
MEANINGLESS = find("cross_entropy_weight_in_log_split")
OURS = find("log_of_softmax")


@pytest.fixture(scope="module")
def homework() -> WrittenDocument:
    return read_homework()


def outcomes(claims: Sequence[Claim], text: TextFindings) -> list[Outcome]:
    verdict = SAME.verify()
    return [Outcome(claim, verdict, 1.0, text=text) for claim in claims]


def test_a_claim_that_agrees_makes_no_problem(homework: WrittenDocument) -> None:
    found = read_text([SAME, OURS], homework)
    assert (found.problem(SAME), found.problem(OURS)) == ("", "")
    assert found.words(SAME) == "Line 35 of the text agrees with this encoding."
    assert found.words(OURS) == ""


def test_a_claim_that_is_encoded_otherwise_is_a_problem(homework: WrittenDocument) -> None:
    found = read_text([OTHER], homework)
    assert found.problem(OTHER) == (
        "line 35 of the text reads otherwise than its encoding: the prover finds no renaming of "
        "indices under which both sides are the same (read: log(1/(1 + exp(-x))) = "
        "-softplus(-x); encoded: log(1/(1 + exp(-x))) = log(1 + exp(-x)))"
    )
    assert found.words(OTHER) == "Line 35 of the text differs from this encoding."


def test_a_place_that_does_not_exist_is_a_problem(homework: WrittenDocument) -> None:
    found = read_text([NOWHERE], homework)
    assert found.problem(NOWHERE).startswith(
        r"homework3.md, part 1d: no chain has the side \ln x; the nearest is "
    )


def test_a_comparison_that_oversteps_its_limits_is_a_problem(
    homework: WrittenDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    def compared(claim: Claim, *_: object) -> Agreement:
        while claim.name == SAME.name:
            pass
        return Agreement("agrees", 1)

    monkeypatch.setattr("derive.verify_text.compare", compared)
    found = read_text([SAME, MEANINGLESS], homework, Limits(seconds=0.2))
    assert found.problem(SAME) == (
        "the comparison with the text was broken off: it took more than 0.2 s"
    )
    assert found.words(MEANINGLESS) == "Line 1 of the text agrees with this encoding."


def test_a_statement_without_a_meaning_says_so(homework: WrittenDocument) -> None:
    found = read_text([MEANINGLESS], homework)
    assert found.problem(MEANINGLESS) == ""
    assert found.words(MEANINGLESS) == (
        "Line 208 of the text can't be compared: as read it is malformed (the upper limit M is "
        "never introduced as a dimension; dimensions: d, d_h, m, n), as encoded it has a typed "
        "meaning."
    )


def test_the_line_of_the_run(homework: WrittenDocument) -> None:
    claims = [SAME, NOWHERE, MEANINGLESS, OURS]
    assert text_words(outcomes(claims, read_text(claims, homework))) == (
        "read from the text: 1 claim agrees with its encoding, "
        "1 has no typed meaning as written, 1 was not found"
    )
    assert text_words(outcomes([OTHER], read_text([OTHER], homework))) == (
        "read from the text: 0 claims agree with their encoding, 1 differs"
    )
    assert text_words(outcomes([OURS], TextFindings())) == ""


def test_the_steps_of_the_part_come_along(homework: WrittenDocument) -> None:
    steps = read_text([find("softplus_difference")], homework).steps
    assert list(steps) == ["1e"]
    assert [step.verdict.kind for step in steps["1e"]] == [
        Kind.PROVED,
        Kind.REFUTED,
        Kind.PROVED,
        Kind.REFUTED,
        Kind.PROVED,
    ]
    assert steps["1e"][1].verdict.reason == "at x = 0 the left side is 0, the right side is 1"
    assert steps["1e"][4].left_latex == r"\ln e^x"
    assert steps["1e"][4].place.startswith("39:")
    assert all(step.verdict.proof is None for step in steps["1e"])


def test_limits_that_hold_change_nothing(homework: WrittenDocument) -> None:
    claims = [SAME, OTHER, NOWHERE, MEANINGLESS, OURS]
    assert read_text(claims, homework, Limits()) == read_text(claims, homework)


def test_a_run_reads_the_text() -> None:
    (outcome,) = verify_claims([OTHER])
    assert any(problem.startswith("line 35 of the text") for problem in outcome.problems)


def test_nothing_is_read_where_the_text_states_nothing() -> None:
    assert text_findings([OURS], SEED, Limits()) == TextFindings()
