"""``assert_proved``: one line in anybody's test that fails unless a formula is proved."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import sympy
from sympy.logic.boolalg import BooleanAtom

from derive.claim import Claim
from derive.judge import SEED
from derive.judge_sympy import judge_claim, judge_sympy
from derive.verdict import Kind, Verdict


def assert_proved(
    statement: Claim | sympy.Basic,
    *,
    given: Iterable[sympy.Basic] = (),
    conditions: Mapping[str, tuple[str, ...]] | None = None,
    allow: Iterable[str] = (),
    seed: int = SEED,
) -> Verdict:
    """The verdict on a claim or a SymPy relation, if it is proved; AssertionError if it is not.

    ``given`` are propositions that may be used (``given=(Ne(x, 0),)``), ``conditions`` are words
    about variables by their names (``conditions={"y": ("one-hot",)}``; the words are those of
    ``derive.terms.declarations.CONDITION_WORDS``).  A statement that holds under conditions which
    are not among them fails too, unless each is allowed in the words of the verdict
    (``allow=("x != 0",)``).

    Raises TypeError where SymPy evaluated the statement before anybody saw it: ``Eq(a, b)`` is
    ``True`` for equal sides; write ``Eq(a, b, evaluate=False)``.
    """
    __tracebackhide__ = True  # pytest shows the test, not this function
    if isinstance(statement, bool | BooleanAtom):
        raise TypeError(
            f"the statement is already {statement}: SymPy evaluated it; "
            "write Eq(left, right, evaluate=False)"
        )
    if isinstance(given, sympy.Basic):
        given = (given,)
    hypotheses = tuple(fact for fact in given if fact is not sympy.true)
    permitted = (allow,) if isinstance(allow, str) else tuple(allow)
    if isinstance(statement, Claim):
        named = statement.name
        claim = replace(
            statement,
            hypotheses=(*statement.hypotheses, *hypotheses),
            conditions=_joined(statement.conditions, conditions or {}),
        )
        verdict = judge_claim(claim, seed=seed)
    else:
        named = str(statement)
        verdict = judge_sympy(statement, conditions=conditions, hypotheses=hypotheses, seed=seed)
    open_conditions = [c.words for c in verdict.conditions if c.words not in permitted]
    if verdict.kind is Kind.PROVED or (verdict.kind is Kind.CONDITIONAL and not open_conditions):
        return verdict
    right = statement.corrected_by if isinstance(statement, Claim) else ""
    raise AssertionError(_failure(named, verdict, open_conditions, right))


def _joined(
    first: Mapping[str, tuple[str, ...]], second: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(dict.fromkeys((*first.get(name, ()), *second.get(name, ()))))
        for name in {**first, **second}
    }


def _failure(named: str, verdict: Verdict, open_conditions: list[str], right: str) -> str:
    from derive.report.terminal import verdict_lines

    lines = [f"{named} is not proved: {verdict.kind}"]
    if verdict.kind is Kind.CONDITIONAL:
        lines += [f"it holds if {words}" for words in open_conditions]
        quoted = "".join(f"{words!r}, " for words in open_conditions)
        lines.append(
            "pass what your text states in given=..., or allow the conditions: "
            f"allow=({quoted.rstrip() if len(open_conditions) == 1 else quoted[:-2]})"
        )
    else:
        lines += verdict_lines(verdict)
    if right:
        lines.append(f"right is {right}")
    return "\n  ".join(lines)
