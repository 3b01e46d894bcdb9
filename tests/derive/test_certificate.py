"""Certificates: what is written, what is bound to what, and what the kernel says of them."""

import json
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from derive import kernel
from derive.certificate import (
    Audit,
    Certificate,
    Data,
    audit,
    certificate_data,
    certificate_of,
    node_data,
    node_of,
    statement_data,
)
from derive.claim import Claim
from derive.integers import decide
from derive.judge import judge
from derive.prove.prover import prove
from derive.refute.refuter import refute
from derive.sympy_terms import ShapeError, UnsupportedError, obligation_from_sympy
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Obligation, Statement
from derive.terms.structure import Definition, sum_over
from derive.terms.term import (
    ONE,
    Compare,
    Delta,
    Derivative,
    Element,
    Free,
    Number,
    Term,
    add,
    apply,
    div,
    mul,
    number,
    sub,
)
from derive.verdict import Kind
from identities import ALL

X = Element("x")
SLOPE = Derivative(apply("sigmoid", X), X)
SIGMOID = Obligation(
    "=", SLOPE, mul(apply("sigmoid", X), sub(ONE, apply("sigmoid", X))), Declarations()
)
QUOTIENT = Obligation("=", div(mul(X, X), X), X, Declarations())


def _certificate(statement: Obligation | Statement) -> Certificate:
    return certificate_of(statement, judge(statement))


@pytest.mark.parametrize("statement", [SIGMOID, QUOTIENT])
def test_the_kernel_accepts_what_the_engine_proved(statement: Obligation) -> None:
    found = audit(_certificate(statement))
    assert found.accepted
    assert found.doubt == ""


def test_the_condition_of_a_verdict_is_part_of_the_statement() -> None:
    certificate = _certificate(QUOTIENT)
    (condition,) = certificate.statement["conditions"]
    assert condition == ["compare", "!=", ["element", "x"], ["number", "0"]]
    # Without it the left side has no value at 0.
    bare = certificate_of(QUOTIENT, judge(QUOTIENT))
    bare.statement["conditions"] = []
    assert audit(bare).doubt == "the certificate was changed, or belongs to another statement"


def test_a_certificate_is_bound_to_its_statement() -> None:
    proof = _certificate(SIGMOID).proof
    assert not audit(Certificate(_certificate(QUOTIENT).statement, proof)).accepted


def test_certificates_survive_json() -> None:
    certificate = _certificate(SIGMOID)
    assert json.loads(json.dumps(certificate.proof)) == certificate.proof
    assert json.loads(json.dumps(certificate.statement)) == certificate.statement


@pytest.mark.parametrize(
    ("statement", "proof"),
    [(None, None), ([], {}), ({}, {}), ({"proposition": 1}, {"version": 1}), ("", "x")],
)
def test_rubbish_is_doubted_and_raises_nothing(statement: object, proof: object) -> None:
    assert not audit(Certificate(statement, proof)).accepted


def test_what_was_refuted_has_no_certificate() -> None:
    wrong = Obligation("=", SLOPE, apply("sigmoid", X), Declarations())
    verdict = judge(wrong)
    assert verdict.kind is Kind.REFUTED
    with pytest.raises(ValueError, match="a verdict 'refuted' has no certificate"):
        certificate_of(wrong, verdict)


def test_the_data_of_a_sum_names_no_bound_index() -> None:
    i, j = Free("i", "n"), Free("j", "n")
    term = sum_over(i, add(mul(Delta(i, j), Element("x", (i,))), Number(Fraction(1, 2))))
    assert node_data(term) == [
        "sum",
        "n",
        [
            "add",
            ["mul", ["delta", ["bound", 0], ["free", "j", "n"]], ["element", "x", ["bound", 0]]],
            ["number", "1/2"],
        ],
    ]


def test_claims_about_integers_are_decided_anew() -> None:
    k = Declarations(variables={"k": Variable("k", (), frozenset({"integer", "positive"}))})
    claim = Statement(Compare(">=", Element("k"), number(1)), k)
    assert audit(_certificate(claim)).accepted


# ---- every proof, and how a doubt reads ---------------------------------------------------------


def _proof(claim: Claim) -> Certificate:
    """The certificate of the first reading of the claim that is proved, not attacked."""
    for identity in (claim.identity, *(reading.identity for reading in claim.readings)):
        try:
            statement = obligation_from_sympy(
                identity, conditions=claim.conditions, hypotheses=claim.hypotheses
            )
        except (ShapeError, UnsupportedError):
            continue
        if isinstance(statement, Statement):
            return certificate_of(statement, decide(statement))
        found = prove(statement)
        if found.outcome == "proved":
            data = statement_data(statement, found.conditions)
            return Certificate(data, certificate_data(data, found.proof))
    raise AssertionError(f"{claim.name} is not proved")


PROVED = [claim for claim in ALL if claim.expected in (Kind.PROVED, Kind.CONDITIONAL)]


def test_every_proof_of_the_catalogue_is_accepted() -> None:
    certificates = {claim.name: _proof(claim) for claim in PROVED}
    doubts = {name: audit(c).doubt for name, c in certificates.items()}
    assert {name: doubt for name, doubt in doubts.items() if doubt} == {}
    assert len(doubts) > 160


def _told(statement: Obligation, proved: Obligation | None = None, **changes: Any) -> str:
    """What is said if the proof of a statement, with changes of its first case, is taken."""
    certificate = _certificate(proved or statement)
    case = certificate.proof["cases"][0]
    for field, new in changes.items():
        case[field] = new
    if proved is not None:
        case["left"], case["right"] = node_data(statement.left), node_data(statement.right)
        case["steps"] = []
    data = statement_data(statement)
    cases = certificate.proof["cases"]
    seal = kernel.seal(data, cases)
    forged = {"version": kernel.VERSION, "cases": cases, "seal": seal}
    return audit(Certificate(data, forged)).doubt


def _step(rule: str, before: Term, after: Term) -> list[Data]:
    return [{"rule": rule, "before": node_data(before), "after": node_data(after)}]


V_I, V_J = (Element("v", (Free(letter, "n"),)) for letter in "ij")
V = Declarations(variables={"v": Variable("v", ("n",))})


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (
            _told(Obligation("=", SLOPE, apply("sigmoid", X), Declarations()), SIGMOID),
            "case 1 of 1, nothing shows that left - right, which is -exp(x)^2/(1 + exp(x))^2, = 0",
        ),
        (
            _told(Obligation("=", div(mul(X, X), X), X, Declarations()), SIGMOID),
            "case 1 of 1, nothing shows that x != 0",
        ),
        (
            _told(SIGMOID, left=node_data(X)),
            "case 1 of 1, the left side comes to "
            "-exp(x)^2/(1 + exp(x))^2 + exp(x)/(1 + exp(x)), not to x as stated",
        ),
        (
            _told(SIGMOID, steps=_step("product rule", SLOPE, X)),
            "case 1 of 1, step 1, 'product rule': d/dx sigmoid(x) can't be rewritten by this rule",
        ),
        (
            _told(SIGMOID, steps=_step("definition of sigmoid", SLOPE, X)),
            "case 1 of 1, step 1, 'definition of sigmoid': d/dx sigmoid(x) and x are not equal",
        ),
        (
            _told(SIGMOID, assumptions=[node_data(Compare(">", X, number(0)))]),
            "the cases leave something out",
        ),
        (
            _told(
                Obligation("=", Derivative(apply("abs", V_I), V_J), X, V),
                SIGMOID,
            ),
            "case 1 of 1, nothing shows that v[i] != 0",
        ),
        (
            _told(Obligation("=", Element("v", (*V_I.indices, *V_J.indices)), X, V), SIGMOID),
            "case 1 of 1, v with indices of other ranges than its own",
        ),
    ],
)
def test_a_doubt_is_told_in_plain_words(told: str, words: str) -> None:
    assert told == words


def test_what_is_no_term_is_shown_as_it_is() -> None:
    statement = statement_data(SIGMOID)
    statement["left"] = ["nonsense", 1]
    cases = _certificate(SIGMOID).proof["cases"]
    proof = {"version": kernel.VERSION, "cases": cases, "seal": kernel.seal(statement, cases)}
    doubt = audit(Certificate(statement, proof)).doubt
    assert doubt == "case 1 of 1, no value of ('nonsense', 1): a case is needed"


def test_data_is_read_back_as_it_was_written() -> None:
    for statement in (SIGMOID, QUOTIENT):
        assert node_of(node_data(statement.left)) == statement.left
        assert node_of(node_data(statement.right)) == statement.right


# ---- forged certificates ------------------------------------------------------------------------


#: With conditions, cases, hypotheses, definitions, words, deltas, kinks and ranges.
SAMPLE = (
    "relu_derivative",
    "sign_by_indicators",
    "absolute_norm_partial_derivative",
    "softplus_difference",
    "softmax_derivative",
    "softmax_is_positive",
    "cross_entropy_gradient_by_cases",
    "cross_entropy_gradient_normalised_target",
    "output_weight_gradient",
    "hidden_chain_rule",
    "score_by_bias",
)


@cache
def _written(name: str) -> str:
    found = _proof(next(claim for claim in ALL if claim.name == name))
    return json.dumps([found.statement, found.proof])


def _places(data: Data, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where something stands in plain data."""
    if path:
        yield path
    if isinstance(data, list | dict):
        for key in range(len(data)) if isinstance(data, list) else data:
            yield from _places(data[key], (*path, key))


def _in(data: Data, path: tuple[Any, ...]) -> Data:
    for key in path:
        data = data[key]
    return data


def _damaged(data: Data, draw: st.DataObject, within: str) -> Data:
    """The statement and proof with one place changed: in a case, the statement, or the proof."""
    data = json.loads(json.dumps(data))
    places = sorted(_places(data), key=str)
    if within == "statement":
        places = [place for place in places if place[0] == 0 and len(place) > 1]
    elif within == "case":
        places = [place for place in places if place[:2] == (1, "cases") and len(place) > 2]
    else:
        places = [place for place in places if len(place) > 1]
    place = draw.draw(st.sampled_from(places))
    parent, key = _in(data, place[:-1]), place[-1]
    found = parent[key]
    alike = [p for p in places if type(_in(data, p)) is type(found)]
    match draw.draw(st.sampled_from(("replaced", "deleted", "exchanged", "changed"))):
        case "deleted":
            del parent[key]
        case "exchanged":
            siblings = range(len(parent)) if isinstance(parent, list) else sorted(parent)
            other = draw.draw(st.sampled_from(list(siblings)))
            parent[key], parent[other] = parent[other], parent[key]
        case "changed" if isinstance(found, int):
            parent[key] = found + draw.draw(st.sampled_from((-1, 1)))
        case "changed" if isinstance(found, str):
            changed = {"0": "1", "1": "-1", "-1": "1", "=": "<", ">": ">=", "add": "mul"}
            parent[key] = changed.get(found, found + "1")
        case _:
            new = _in(data, draw.draw(st.sampled_from(alike)))
            parent[key] = json.loads(json.dumps(new))
    return data


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(SAMPLE), st.data())
def test_a_certificate_that_was_altered_is_doubted(name: str, draw: st.DataObject) -> None:
    statement, proof = _damaged(json.loads(_written(name)), draw, "any")
    same = [statement, proof] == json.loads(_written(name))
    assert audit(Certificate(statement, proof)).accepted == same


def _declarations(statement: Data) -> Declarations:
    """What a statement in plain data declares."""
    return Declarations(
        variables={
            name: Variable(name, tuple(shape), frozenset(words))
            for name, (shape, words) in statement["variables"].items()
        },
        definitions={
            name: Definition(name, tuple(map(node_of, indices)), node_of(body))
            for name, (indices, body) in statement["definitions"].items()
        },
        hypotheses=tuple(map(node_of, statement["hypotheses"])),
    )


def _is_refuted(statement: Data, operator: Any, sides: Data, assumed: Data) -> bool:
    """Whether the refuter finds a point where an equation of plain data fails."""
    try:
        declared = _declarations(statement)
        left, right = map(node_of, sides)
        conditions = tuple(map(node_of, (*statement["conditions"], *assumed)))
        found = refute(
            Obligation(operator, left, right, declared), conditions=conditions, seed=1, budget=12
        )
    except (ValueError, TypeError, LookupError, AttributeError):  # it says nothing
        return False
    return found.counterexample is not None


def _resealed(statement: Data, proof: Data) -> Audit:
    proof["seal"] = kernel.seal(statement, proof["cases"])
    return audit(Certificate(statement, proof))


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(SAMPLE), st.data())
def test_a_forged_statement_that_is_false_is_doubted(name: str, draw: st.DataObject) -> None:
    statement, proof = _damaged(json.loads(_written(name)), draw, "statement")
    if _resealed(statement, proof).accepted:
        sides = statement["left"], statement["right"]
        assert not _is_refuted(statement, statement["operator"], sides, [])


@settings(deadline=None, max_examples=100)
@given(st.sampled_from(SAMPLE), st.data())
def test_a_forged_step_is_doubted_or_true(name: str, draw: st.DataObject) -> None:
    before, after = (
        json.loads(_written(name))[1],
        _damaged(json.loads(_written(name)), draw, "case"),
    )
    statement, proof = after
    if not _resealed(statement, proof).accepted:
        return
    steps = [step for case in before["cases"] for step in case["steps"]]
    for case in proof["cases"]:
        for step in case["steps"]:
            # Words of proofs alone have no value for the refuter.
            if step not in steps and not {"step", "flat"} & {*_strings(step)}:
                sides = step["before"], step["after"]
                assert not _is_refuted(statement, "=", sides, case["assumptions"])


def _strings(data: Data) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, list | dict):
        for part in data.values() if isinstance(data, dict) else data:
            yield from _strings(part)
