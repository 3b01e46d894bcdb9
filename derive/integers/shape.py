"""Implication and equivalence, written with And, Or and Not: building and recognising them."""

from derive.terms.term import And, Not, Or, Proposition


def implies(premise: Proposition, conclusion: Proposition) -> Proposition:
    """``premise => conclusion``, as ``not premise or conclusion``."""
    return Or((Not(premise), conclusion))


def equivalent(left: Proposition, right: Proposition) -> Proposition:
    """``left <=> right``, as an implication in each direction."""
    return And((implies(left, right), implies(right, left)))


def implication_sides(proposition: Proposition) -> tuple[Proposition, Proposition] | None:
    """Premise and conclusion of an implication, None for anything else."""
    match proposition:
        case Or((Not(premise), conclusion)) | Or((conclusion, Not(premise))):
            return premise, conclusion
    return None


def equivalence_sides(proposition: Proposition) -> tuple[Proposition, Proposition] | None:
    """Both sides of an equivalence in either usual form, None for anything else.

    The forms are ``(not A or B) and (not B or A)`` and ``(A and B) or (not A and not B)``.
    """
    match proposition:
        case Or((And((left, right)), And((Not(first), Not(second))))) if {left, right} == {
            first,
            second,
        }:
            return left, right
        case And((Or((a, b)), Or((c, d)))):
            for premise, conclusion in ((a, b), (b, a)):
                if not isinstance(premise, Not):
                    continue
                left, converse = premise.inner, {c, d}
                if converse == {Not(conclusion), left}:
                    return left, conclusion
    return None
