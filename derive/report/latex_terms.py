"""Terms, propositions and steps printed as LaTeX mathematics, without dollar signs."""

from collections.abc import Mapping

from derive.report.latex_formula import latex_formula
from derive.report.term_layout import TermLayout
from derive.terms.term import Proposition, Term
from derive.verdict import Step


def latex_term(term: Term, notation: Mapping[str, str] | None = None) -> str:
    """Return a term as LaTeX; ``notation`` gives the LaTeX of names printed in another way."""
    return latex_formula(TermLayout(notation or {}).term(term))


def latex_proposition(proposition: Proposition, notation: Mapping[str, str] | None = None) -> str:
    """Return a proposition as LaTeX."""
    return latex_formula(TermLayout(notation or {}).proposition(proposition))


def latex_step(step: Step, notation: Mapping[str, str] | None = None) -> str:
    """Return ``before = after`` as LaTeX, with the same index letters on both sides."""
    before, after, _ = TermLayout(notation or {}).step(step.before, step.after)
    return f"{latex_formula(before)} = {latex_formula(after)}"
