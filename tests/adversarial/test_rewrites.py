"""A term and the same term rewritten by valid rules: never refuted, mostly proved.

``DERIVE_ADVERSARIAL=N`` runs every property on N examples with a random seed instead of the few
fixed ones of the normal suite; a failing example is printed with the blob that reproduces it.
"""

import os
from collections import Counter
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from derive.check import check_document
from derive.document import parse
from derive.judge import judge
from derive.prove.prover import prove
from derive.report.latex_terms import latex_term
from derive.terms.obligation import Obligation
from derive.terms.plain import term_text
from derive.terms.structure import element_names, free_indices, subterms
from derive.terms.term import Delta, Derivative, Element, Free, SameIndex, Term
from derive.verdict import Kind, Verdict
from tests.adversarial.false_rules import FALSE_RULES
from tests.adversarial.generators import (
    DECLARATIONS,
    SCOPES,
    Grower,
    Rewrite,
    Scope,
    chooser,
    rewritten,
    typed_terms,
)
from tests.adversarial.rewriting_rules import RULES
from tests.derive.prove.test_soundness import disagreement

_EXAMPLES = int(os.environ.get("DERIVE_ADVERSARIAL", "0"))
adversarial = settings(
    deadline=None,
    max_examples=_EXAMPLES or 30,
    derandomize=not _EXAMPLES,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

#: The declarations of the generator, as a document says them.
DECLARED = """<!-- derive
n, m : dimension
x, y : R    p, r : R, positive
u, v : R^n    w : R^m    q : R^n, positive
A : R^{n x n}    W : R^{m x n}    S : R^{n x n}, symmetric    t : R^n, one-hot
-->

"""


def judged(left: Term, right: Term) -> Verdict:
    return judge(Obligation("=", left, right, DECLARATIONS))


def grown(seed: int, depth: int = 3) -> tuple[Term, Scope, Grower]:
    """A term for a seed, without Hypothesis."""
    rng = Random(seed)
    grow = Grower(chooser(rng))
    scope = rng.choice(SCOPES)
    return grow.term(rng.randint(1, depth), scope), scope, grow


def said(left: Term, right: Term, verdict: Verdict) -> str:
    return f"{term_text(left)}  =  {term_text(right)}: {verdict}"


@given(typed_terms(), st.data())
@adversarial
def test_a_valid_rule_is_never_refuted(drawn: tuple[Term, Scope], data: st.DataObject) -> None:
    term, scope = drawn
    grow = Grower(lambda options: data.draw(st.sampled_from(list(options))))
    found = rewritten(term, scope, grow, RULES)
    if found is not None:
        verdict = judged(term, found[1])
        assert verdict.kind is not Kind.REFUTED, f"{found[0]}: {said(term, found[1], verdict)}"
        assert not verdict.withdrawn, f"{found[0]}: {said(term, found[1], verdict)}"


@given(st.integers(0, 10**9))
@adversarial
def test_several_valid_rules_are_never_refuted(seed: int) -> None:
    term, scope, grow = grown(seed)
    other, names = term, []
    for _ in range(3):
        found = rewritten(other, scope, grow, RULES)
        if found is not None:
            names.append(found[0])
            other = found[1]
    verdict = judged(term, other)
    assert verdict.kind is not Kind.REFUTED, f"{names}: {said(term, other, verdict)}"
    assert not verdict.withdrawn, f"{names}: {said(term, other, verdict)}"


def applied(rule: Rewrite, seeds: range, wanted: int, depth: int = 4) -> list[tuple[Term, Term]]:
    """Terms and what one rule makes of them, for the first seeds at which it applies."""
    found = []
    for seed in seeds:
        term, scope, grow = grown(seed, depth)
        change = rewritten(term, scope, grow, {"": rule})
        if change is not None:
            found.append((term, change[1]))
        if len(found) == wanted:
            break
    return found


#: Rules of which the prover leaves some cases open, with how many of the six below.
LEFT_OPEN = {"kinked function": 1}


@pytest.mark.parametrize("name", RULES)
def test_every_rule_is_proved(name: str) -> None:
    pairs = applied(RULES[name], range(1500), 5)
    assert len(pairs) >= 3, "the generator makes no terms for this rule"
    kinds = Counter(judged(left, right).kind for left, right in pairs)
    proved = kinds[Kind.PROVED] + kinds[Kind.CONDITIONAL]
    assert proved >= len(pairs) - LEFT_OPEN.get(name, 0), kinds


@pytest.mark.parametrize("name", FALSE_RULES)
def test_a_false_rule_is_caught(name: str) -> None:
    pairs = applied(FALSE_RULES[name], range(2500), 6)
    assert len(pairs) >= 3, "the generator makes no terms for this rule"
    kinds: Counter[Kind] = Counter()
    for left, right in pairs:
        obligation = Obligation("=", left, right, DECLARATIONS)
        verdict = judge(obligation)
        kinds[verdict.kind] += 1
        if verdict.holds:  # then this instance must be true by luck, as where a factor is 0
            point = disagreement(obligation, prove(obligation), Random(1), 6)
            assert point is None, f"{said(left, right, verdict)} fails: {point}"
    assert kinds[Kind.REFUTED] >= len(pairs) // 2, kinds


# ---- through LaTeX -----------------------------------------------------------------------------


def layouts(latex: str) -> tuple[str, ...]:
    r"""The same formula as people write it: as printed, with bare brackets, with spaces."""
    plain = latex.replace(r"\begin{cases}{}", r"\begin{cases}").replace(
        r"\sigma", r"\operatorname{sigmoid}"
    )
    bare = plain.replace(r"\left(", "(").replace(r"\right)", ")")
    return plain, bare, plain.replace("+", r" \; + \, ").replace(r"\frac", r"\dfrac")


def indices_are_known(term: Term) -> bool:
    """Whether every index that a delta or a comparison names stands at a component too."""
    held = {index for part in subterms(term) if isinstance(part, Element) for index in part.indices}
    named = {
        index
        for part in subterms(term)
        if isinstance(part, Delta | SameIndex)
        for index in (part.left, part.right)
    }
    named |= {
        index
        for part in subterms(term)
        if isinstance(part, Derivative)
        for index in part.variable.indices
    }
    return {index for index in named if isinstance(index, Free)} <= held


@given(st.integers(0, 10**9))
@adversarial
def test_a_printed_term_is_read_back_as_the_same(seed: int) -> None:
    term, _, _ = grown(seed)
    if not element_names(term) or not indices_are_known(term):
        return
    first = None
    for latex in layouts(latex_term(term)):
        steps = check_document(parse(f"{DECLARED}$${latex} = {latex} + 1$$\n", "term.md")).steps
        statement = steps[0].statement
        assert statement is not None, f"{latex}: {steps[0].verdict}"
        read = statement.left
        assert first is None or read == first, latex
        first = read
    assert first is not None
    assert set(free_indices(first)) == set(free_indices(term))
    verdict = judged(term, first)
    assert first == term or verdict.holds, said(term, first, verdict)
