"""The premises of a theorem can hold, all at once: what they imply is not said of nothing.

Every kind of premise stands in one statement here; Coq checks that values fulfil them.
"""

import shutil

import pytest

from derive.coq.answer import Accepted
from derive.coq.coqc import find_coqc, judge_files
from derive.coq.statement import Statement, statement_of
from derive.coq.theorem import LIBRARY, CoqFile
from derive.terms.declarations import Declarations, Variable
from derive.terms.obligation import Obligation
from derive.terms.structure import Definition, bind, sum_over
from derive.terms.term import (
    ONE,
    TWO,
    ZERO,
    Compare,
    Derivative,
    Element,
    Fixed,
    ForAll,
    Free,
    Not,
    Pow,
    SameIndex,
    add,
    mul,
)

ROW, SAME, OTHER, ANY = (Free(letter, "n") for letter in "ijlu")

#: A word of each declaration, and a value with which it is true for n = 2.
WORDS = {
    "a": ("positive", ("n",), "fun _ => 1"),
    "b": ("nonnegative", ("n",), "fun _ => 0"),
    "c": ("nonzero", (), "-1"),
    "p": ("sums to 1", ("n",), "fun _ => / 2"),
    "y": ("one-hot", ("n",), "fun k => delta k 2"),
    "s": ("symmetric", ("n", "n"), "fun i j => delta i j"),
}

#: Values of everything else; ``h`` is defined as the square of ``a``.
VALUES = {
    "n": "2%nat",
    "h": "fun _ => 1",
    "i": "1%nat",
    "j": "1%nat",
    "l": "2%nat",
    **{name: value for name, (_, _, value) in WORDS.items()},
}


def every_kind() -> Statement:
    variables = {
        name: Variable(name, shape, frozenset({word})) for name, (word, shape, _) in WORDS.items()
    }
    square = Definition("h", (ANY,), Pow(Element("a", (ANY,)), TWO))
    everywhere = ForAll("n", bind(Compare("!=", Element("h", (ANY,)), ZERO), ANY))
    given = Declarations(
        variables=variables,
        definitions={"h": square},
        hypotheses=(SameIndex(ROW, SAME), Not(SameIndex(ROW, OTHER)), everywhere),
    )
    one = mul(*(Element(n, (ROW,) * len(shape)) for n, (_, shape, _) in WORDS.items()))
    other = add(*(Element("b", (index,)) for index in (SAME, OTHER)))
    slope = Derivative(sum_over(ANY, Element("h", (ANY,))), Element("h", (ROW,)))
    condition = Compare("<", Element("c"), Element("a", (Fixed(1, "n"),)))
    return statement_of(Obligation("=", add(one, other, slope), ONE, given), [condition])


@pytest.mark.skipif(shutil.which("coqc") is None, reason="Coq (coqc) is not installed")
def test_all_premises_can_hold_at_once() -> None:
    statement = every_kind()
    assert len(statement.premises) == 1 + 3 + len(WORDS) + 1 + 3 + 1
    binders = " ".join(f"({name} : {kind})" for name, kind in statement.binders)
    premises = " /\\ ".join(f"({premise.text})" for premise in statement.premises)
    text = f"""\
From Coq Require Import Reals Lra Lia.
Require Import {LIBRARY}.
Open Scope R_scope.
Theorem fulfilled : exists {binders}, {premises}.
Proof.
  {" ".join(f"exists ({VALUES[name]})." for name, _ in statement.binders)}
  repeat match goal with |- _ /\\ _ => split end.
  all: first [ lia | lra | intros; lra | simpl; lra | intros; apply delta_sym | exists 2%nat ].
  split; [lia | reflexivity].
Qed.
"""
    answer = judge_files(find_coqc(), [CoqFile("fulfilled", text)])["fulfilled"]
    assert isinstance(answer, Accepted), answer
