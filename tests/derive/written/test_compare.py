"""Two encodings, one meaning: every claim against the text, and encodings that are not the text."""

from dataclasses import replace

import pytest
import sympy
from sympy import KroneckerDelta

from derive.claim import Claim, Written
from derive.sympy_terms import Tensor
from derive.written import WrittenDocument, compare
from identities import ALL, find
from identities import notation as nt
from identities.homework import correspondence
from identities.network import W2, b2, c, c2, h_s, j, output_preactivation

STATED = tuple(claim for claim in ALL if claim.written)

#: Statements that mean nothing as they stand, so that their encoding has to put them right first.
NOT_COMPARABLE = {
    "cross_entropy_with_other_class_count": "the upper limit M is never introduced",
    "empirical_risk_with_one_target": "the definition of L in line 174 has no meaning",
    "gradient_step_without_penalty": "the definition of L in line 174 has no meaning",
    "gradient_step_with_first_target": "the definition of L in line 174 has no meaning",
    "cross_entropy_weight_moved_into_log": "the upper limit M is never introduced",
    "cross_entropy_weight_in_log_split": "the upper limit M is never introduced",
}


@pytest.mark.parametrize("claim", STATED, ids=lambda claim: claim.name)
def test_a_claim_reads_as_it_is_encoded(claim: Claim, homework: WrittenDocument) -> None:
    found = compare(claim, homework, correspondence())
    if claim.name in NOT_COMPARABLE:
        assert found.outcome == "not comparable"
        assert NOT_COMPARABLE[claim.name] in found.reason
    else:
        assert found.outcome == "agrees", (found.reason, found.read, found.encoded)


def test_most_statements_of_the_homework_are_compared() -> None:
    assert len(STATED) == 98
    assert set(NOT_COMPARABLE) <= {claim.name for claim in STATED}


def changed(name: str, left: sympy.Expr | None, right: sympy.Expr | None) -> Claim:
    claim = find(name)
    assert isinstance(claim.identity, sympy.Eq)
    sides = left or claim.identity.lhs, right or claim.identity.rhs
    return replace(claim, identity=nt.equal(*sides))


x = nt.real("x")
i, k = nt.index("i", nt.n), nt.index("j", nt.n)
v = nt.array("x", nt.n)
SCORES = output_preactivation(lambda a: h_s[a])


def softmax(a: sympy.Expr) -> sympy.Expr:
    return nt.softmax_entry(lambda b: v[b], a, nt.n)


#: Encodings with one thing changed; each of them is another statement than the text's.
MUTANTS = {
    "a sign": changed("log_sigmoid_by_softplus", None, nt.softplus(-x)),
    "a sign on the left": changed("softplus_difference", nt.softplus(x) + nt.softplus(-x), None),
    "a factor": changed("squared_norm_partial_derivative", None, 3 * v[i]),
    "a right conclusion, but not the one written": changed(
        "difference_of_logs_as_quotient_of_logs", None, x
    ),
    "a derivative taken already, by another variable": changed(
        "softmax_derivative_other_index", None, -(softmax(i) ** 2)
    ),
    "the other index": changed("score_by_hidden_unit", None, W2[c2, j]),
    "a missing delta put in": changed(
        "score_by_weight_without_delta", None, KroneckerDelta(c2, c) * h_s[j]
    ),
    "another variable": changed("score_by_weight_without_delta", None, W2[c, j]),
    "a bias more": changed("output_layer_rowwise", None, Tensor(SCORES(c) + b2[c], c)),
    "a sum over one entry less": changed(
        "sum_of_one_softmax_output",
        nt.softmax_entry(lambda a: nt.array("o_a", nt.m)[a], c, nt.m),
        None,
    ),
    "a number": changed("first_convolution_size", None, nt.times(6, 28, 29)),
    "a condition at the kink": changed("relu_derivative", None, nt.indicator(x < 0)),
}


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS)
def test_another_encoding_is_found(mutant: Claim, homework: WrittenDocument) -> None:
    found = compare(mutant, homework, correspondence())
    assert found.outcome == "differs"
    assert found.read != found.encoded


def test_a_difference_shows_both_readings(homework: WrittenDocument) -> None:
    found = compare(MUTANTS["a sign"], homework, correspondence())
    assert found.line == 35
    assert found.read == ("log(1/(1 + exp(-x)))", "-softplus(-x)")
    assert found.encoded == ("log(1/(1 + exp(-x)))", "log(1 + exp(-x))")


def test_an_encoding_of_another_shape_is_found(homework: WrittenDocument) -> None:
    transposed = find("softmax_jacobian_eq_diag_sub_outer")
    row = replace(
        transposed,
        identity=nt.equal(Tensor(softmax(i), i), Tensor(softmax(i), i)),
    )
    found = compare(row, homework, correspondence())
    assert (found.outcome, found.reason) == (
        "differs",
        "as read it has the shape n x n, as encoded n",
    )


def test_an_ill_typed_statement_needs_an_ill_typed_encoding(homework: WrittenDocument) -> None:
    repaired = replace(
        find("hidden_layer_with_transposed_weights"), identity=find("hidden_layer_rowwise").identity
    )
    found = compare(repaired, homework, correspondence())
    assert found.outcome == "not comparable"
    assert found.reason == (
        "as read it is ill-typed (a d x d_h times a vector d has no meaning: the inner dimensions "
        "have to agree), as encoded it has a typed meaning"
    )


def test_what_was_put_right_is_named(homework: WrittenDocument) -> None:
    found = compare(find("output_bias_chain_rule"), homework, correspondence())
    assert found.accounted == ("the target is one-hot at the class $k$",)
    found = compare(find("sum_of_one_softmax_output"), homework, correspondence())
    assert found.accounted == (
        "$o^s$ is the softmax of $o^a$, not what equation (6) says as it stands",
    )


def test_conditions_of_a_comparison_are_named(homework: WrittenDocument) -> None:
    assert compare(find("relu_derivative"), homework, correspondence()).conditions == ("x != 0",)


def test_every_pair_of_a_proposition_has_to_agree(homework: WrittenDocument) -> None:
    claim = find("strided_size_equation")
    assert compare(claim, homework, correspondence()).outcome == "agrees"
    wrong = replace(claim, written=(claim.written[0], Written("s", "4")))
    assert compare(wrong, homework, correspondence()).outcome == "differs"


def test_a_claim_of_ours_has_nothing_to_compare(homework: WrittenDocument) -> None:
    with pytest.raises(ValueError, match=r"^log_of_softmax says nothing of where it is written$"):
        compare(find("log_of_softmax"), homework, correspondence())
