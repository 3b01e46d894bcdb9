"""The proof script of a statement, made from its structure: no claim is known by its name.

The script introduces everything, splits on equal indices where deltas ask for it, proves where
the statement is defined, differentiates by the lemmas of ``DeriveLemmas.v``, ends with an equation
of polynomials over atoms (``normalise``).  Coq checks all of it; nothing here is trusted.
"""

from collections.abc import Mapping
from dataclasses import replace

from derive.coq.printing import NotExportableError
from derive.coq.prover import Case, Prover
from derive.coq.statement import (
    Statement,
)
from derive.terms.ordering import key
from derive.terms.structure import subterms
from derive.terms.term import (
    ZERO,
    Compare,
    Element,
    Fixed,
    Free,
    Index,
    Not,
    Operator,
    SameIndex,
    Term,
)

#: More cases of indices and of signs within one another than this are not written out.
MOST_SPLITS = 6


def proof_of(statement: Statement) -> list[str]:
    """The lines between ``Proof.`` and ``Qed.``.

    Raises NotExportableError for what no rule is about.
    """
    lines = []
    if statement.names:
        lines.append(f"intros {' '.join(statement.names)}.")
    lines += _first_places(statement)
    case = Case()
    for premise in statement.premises:
        if premise.one_hot is not None:
            number = premise.name
            lines.append(f"destruct {number} as [c_{number} [B_{number} {number}]].")
        if isinstance(premise.proposition, SameIndex):
            left, right = premise.proposition.left, premise.proposition.right
            case, line = _joined(statement, case, left, right, premise.name)
            lines.append(line)
    for premise in statement.premises:
        match premise.proposition:
            case Not(SameIndex(left, right)):
                pair = frozenset((case.index(left), case.index(right)))
                case = replace(case, different=case.different | {pair})
    return lines + _cases(statement, case, MOST_SPLITS)


def _first_places(statement: Statement) -> list[str]:
    """Of each range of which the statement names the first member: that it has one."""
    terms = [statement.left, statement.right]
    terms += [term for q in statement.quantities for term in (q.body, q.variable)]
    found = {
        index.dim
        for term in terms
        for node in subterms(term)
        for element in (node, getattr(node, "variable", None))
        if isinstance(element, Element)
        for index in element.indices
        if isinstance(index, Fixed) and isinstance(index.dim, str)
    }
    names = [statement.printer.dim(dim) for dim in sorted(found)]
    return [f"assert ((1 <= 1 <= {n})%nat) as I_first_{n} by lia." for n in names]


def _joined(
    statement: Statement, case: Case, left: Index, right: Index, name: str
) -> tuple[Case, str]:
    left, right = case.index(left), case.index(right)
    if left == right:
        return case, f"clear {name}."
    old, new = (right, left) if isinstance(right, Free) else (left, right)
    if not isinstance(old, Free):
        raise NotExportableError("an equation between two numbers as indices")
    return (
        replace(case, same=(*case.same, (old, new))),
        f"subst {statement.printer.index(old)}.",
    )


def _cases(statement: Statement, case: Case, splits: int) -> list[str]:
    """The proof, split into cases until no delta of two open indices is left."""
    # The first pass finds the open deltas and the denominators in exponents.
    first = Prover(statement, case, {})
    first.run()
    pairs = sorted(first.normaliser.open_deltas, key=repr)
    signs = sorted(first.normaliser.open_signs, key=key)
    if not pairs and not first.balanced and signs:
        if splits == 0:
            raise NotExportableError("cases of the signs of too many terms")
        return _cases_of_sign(statement, case, signs[0], splits, first.normaliser.signs)
    if not pairs:
        second = Prover(statement, case, dict(first.normaliser.units))
        second.run()
        return second.normaliser.lines
    if splits == 0:
        raise NotExportableError("deltas of too many pairs of indices")
    left, right = pairs[0]
    a, b = statement.printer.index(left), statement.printer.index(right)
    number = MOST_SPLITS - splits
    same, line = _joined(statement, case, left, right, "")
    other = replace(case, different=case.different | {frozenset((left, right))})
    return [
        f"destruct (Nat.eq_dec {a} {b}) as [I{number} | I{number}].",
        "{ " + line,
        *(f"  {inner}" for inner in _cases(statement, same, splits - 1)),
        "}",
        "{",
        *(f"  {inner}" for inner in _cases(statement, other, splits - 1)),
        "}",
    ]


#: What is impossible beside a sign.
_EXCLUDED: Mapping[Operator, frozenset[Operator]] = {
    "<": frozenset((">", ">=")),
    "=": frozenset((">", "<", "!=")),
    ">": frozenset(("<", "<=")),
}


def _cases_of_sign(
    statement: Statement,
    case: Case,
    term: Term,
    splits: int,
    known: Mapping[Term, set[Operator]],
) -> list[str]:
    """The proof, split by whether a term is negative, 0 or positive."""
    name = f"S{MOST_SPLITS - splits}"
    text = statement.printer.term(term, 9)
    lines = [f"destruct (Rtotal_order {text} 0) as [{name} | [{name} | {name}]]."]
    operators: tuple[Operator, ...] = ("<", "=", ">")
    for operator in operators:
        if known.get(term, set()) & _EXCLUDED[operator]:
            lines.append("{ solve_absurd. }")
            continue
        fact = (name, Compare(operator, term, ZERO))
        inner = _cases(statement, replace(case, signs=(*case.signs, fact)), splits - 1)
        lines += ["{", *(f"  {line}" for line in inner), "}"]
    return lines
